package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"slices"

	"go.etcd.io/bbolt"
)

// bbolt takes three things on trust that would make it answer wrongly, never, or for the last time:
// of its two meta pages it takes the newest that is whole, which is an older state when the newest
// is not; a branch that leads back to a page above it is followed for ever; and a page that its
// list of free ones has is written over. All are looked at when a file is opened, in bbolt's own
// format (go.etcd.io/bbolt, internal/common/page.go and meta.go, version 2), by reading its branch
// pages, about one in eighty. So of a leaf that has several pages only the first is known to be in
// use.
const (
	pageHead    = 16 // id(8) flags(2) count(2) overflow(4)
	elementSize = 16 // of a branch: pos(4) ksize(4) pgid(8); of a leaf: flags(4) pos(4) ksize(4) vsize(4)

	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagMeta     = 0x04
	flagFree     = 0x10
	bucketLeaf   = 0x01
	metaChecked  = 56 // bytes of a meta that its checksum covers
	metaRoot     = 16
	metaFree     = 32
	metaEnd      = 40
	noFreeList   = 1<<64 - 1
	bucketHeader = 16
)

const firstPages = "of its two first pages one is not whole: what was written last may be missing"

var order = binary.NativeEndian

// checkPages returns ErrCorrupt for a file whose pages lead bbolt astray.
func checkPages(db *bbolt.DB, file io.ReaderAt) error {
	p := pages{file: file, size: db.Info().PageSize, used: map[uint64]bool{}}
	meta, whole := p.newest()
	if whole < 2 {
		return &CorruptError{What: firstPages}
	}
	// The tables, and then what each of them leads to.
	var tables []uint64
	err := p.tree(order.Uint64(meta[metaRoot:]), func(leaf []byte) error {
		for i := range int(order.Uint16(leaf[10:])) {
			at := pageHead + i*elementSize
			if at+elementSize > len(leaf) {
				return p.astray(order.Uint64(leaf))
			}
			value := at + int(order.Uint32(leaf[at+4:])) + int(order.Uint32(leaf[at+8:]))
			if order.Uint32(leaf[at:])&bucketLeaf == 0 {
				continue
			}
			if value < 0 || value+bucketHeader > len(leaf) {
				return p.astray(order.Uint64(leaf))
			}
			if table := order.Uint64(leaf[value:]); table != 0 { // else it lies here whole
				tables = append(tables, table)
			}
		}
		return nil
	})
	for _, table := range tables {
		err = errors.Join(err, p.tree(table, nil))
	}
	for _, id := range p.leaves {
		if p.used[id] {
			err = errors.Join(err, p.astray(id))
		}
		p.used[id] = true
	}
	if err != nil {
		return err
	}
	return p.free(meta)
}

// free sees that the list of free pages has none that is in use: bbolt would write over it.
func (p *pages) free(meta []byte) error {
	list, end := order.Uint64(meta[metaFree:]), order.Uint64(meta[metaEnd:])
	if list == noFreeList {
		return nil
	}
	page, err := p.read(list)
	if err != nil {
		return err
	}
	if order.Uint16(page[8:]) != flagFree {
		return p.astray(list)
	}
	if more := int(order.Uint32(page[12:])); more > 0 {
		page = make([]byte, min(1+more, 1<<14)*p.size)
		if _, err := p.file.ReadAt(page, int64(list)*int64(p.size)); err != nil {
			return p.astray(list)
		}
	}
	n, at := int(order.Uint16(page[10:])), pageHead
	if n == 0xFFFF { // more than that: the first of them says how many
		n, at = int(order.Uint64(page[at:])), at+8
	}
	if n < 0 || at+8*n > len(page) {
		return p.astray(list)
	}
	last := uint64(1)
	for i := range n {
		id := order.Uint64(page[at+8*i:])
		if id <= last || id >= end || id == list || p.used[id] {
			return &CorruptError{What: fmt.Sprintf("page %d is in use and in the list of free pages, or that is out of order", id)}
		}
		last = id
	}
	return nil
}

type pages struct {
	file   io.ReaderAt
	size   int
	used   map[uint64]bool // pages that something leads to
	leaves []uint64
}

// newest is the newest whole one of the two first pages, without its head, and how many are whole.
func (p *pages) newest() (found []byte, whole int) {
	newest := uint64(0)
	for id := range uint64(2) {
		page, err := p.read(id)
		if err != nil || order.Uint16(page[8:]) != flagMeta {
			continue
		}
		meta := page[pageHead:]
		sum := fnv.New64a()
		_, _ = sum.Write(meta[:metaChecked])
		if order.Uint64(meta[metaChecked:]) != sum.Sum64() {
			continue
		}
		whole++
		if txid := order.Uint64(meta[48:]); txid >= newest {
			newest, found = txid, meta
		}
	}
	return found, whole
}

func (p *pages) astray(id uint64) error {
	return &CorruptError{What: fmt.Sprintf("page %d leads astray", id)}
}

func (p *pages) read(id uint64) ([]byte, error) {
	page := make([]byte, p.size)
	if _, err := p.file.ReadAt(page, int64(id)*int64(p.size)); err != nil || order.Uint64(page) != id {
		return nil, &CorruptError{What: fmt.Sprintf("page %d cannot be read", id)}
	}
	return page, nil
}

// tree walks the branches of a tree, level by level, and its leaves if somebody wants to see
// them: all leaves lie at one depth.
func (p *pages) tree(root uint64, leaf func([]byte) error) error {
	for level := []uint64{root}; len(level) > 0; {
		first, err := p.read(level[0])
		if err != nil {
			return err
		}
		if order.Uint16(first[8:]) == flagLeaf {
			p.leaves = append(p.leaves, level...)
			for _, id := range level {
				if leaf == nil {
					break
				}
				page, err := p.read(id)
				if err == nil {
					err = leaf(page)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}
		var below []uint64
		for _, id := range level {
			page, err := p.read(id)
			if err != nil {
				return err
			}
			n := int(order.Uint16(page[10:]))
			if p.used[id] || order.Uint16(page[8:]) != flagBranch || n == 0 || pageHead+n*elementSize > p.size {
				return p.astray(id)
			}
			p.used[id] = true
			for i := range n {
				below = append(below, order.Uint64(page[pageHead+i*elementSize+8:]))
			}
		}
		level = below
	}
	return nil
}

// rescue copies the rows that can be reached in a file, wherever its pages lead, into another, which
// bbolt can read: for one that it could not open, or would follow without end.
func rescue(file io.ReaderAt, into string) (*bbolt.DB, error) {
	db, err := bbolt.Open(into, 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		return nil, err
	}
	type row struct{ key, value []byte }
	save := func(name string, rows []row) {
		err = errors.Join(err, db.Update(func(tx *bbolt.Tx) error {
			table, err := tx.CreateBucketIfNotExists([]byte(name))
			if err != nil {
				return err
			}
			for _, r := range rows {
				_ = table.Put(r.key, r.value) // what is no key is no row
			}
			return nil
		}))
	}
	p := pages{file: file, size: os.Getpagesize(), used: map[uint64]bool{}}
	found := map[string]bool{}
	meta, _ := p.newest()
	if meta == nil { // nothing says where anything is
		meta = make([]byte, metaChecked)
	}
	p.reach(order.Uint64(meta[metaRoot:]), func(flags uint32, name, bucket []byte) {
		if flags&bucketLeaf == 0 || len(bucket) < bucketHeader || !slices.Contains(tableNames[:], string(name)) || found[string(name)] {
			return
		}
		found[string(name)] = true
		var rows []row
		keep := func(_ uint32, key, value []byte) {
			if rows = append(rows, row{key, value}); len(rows) == 1000 {
				save(string(name), rows)
				rows = nil
			}
		}
		if table := order.Uint64(bucket); table != 0 {
			p.reach(table, keep)
		} else {
			eachElement(bucket[bucketHeader:], keep)
		}
		save(string(name), rows)
	})
	for _, name := range tableNames {
		save(name, nil)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close(), os.Remove(into))
	}
	return db, nil
}

// reach visits the elements of all leaves that a page leads to, each page once.
func (p *pages) reach(root uint64, visit func(flags uint32, key, value []byte)) {
	for todo := []uint64{root}; len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		page, err := p.read(id)
		if err != nil || p.used[id] || id < 2 {
			continue
		}
		p.used[id] = true
		switch order.Uint16(page[8:]) {
		case flagBranch:
			for i := int(order.Uint16(page[10:])) - 1; i >= 0; i-- {
				if at := pageHead + i*elementSize; at+elementSize <= len(page) {
					todo = append(todo, order.Uint64(page[at+8:]))
				}
			}
		case flagLeaf:
			if more := int64(order.Uint32(page[12:])); more > 0 && more < 1<<14 {
				whole := make([]byte, (more+1)*int64(p.size))
				if _, err := p.file.ReadAt(whole, int64(id)*int64(p.size)); err == nil {
					page = whole
				}
			}
			eachElement(page, visit)
		}
	}
}

// eachElement visits the elements of a leaf that lie within it.
func eachElement(leaf []byte, visit func(flags uint32, key, value []byte)) {
	if len(leaf) < pageHead {
		return
	}
	for i := range int(order.Uint16(leaf[10:])) {
		at := pageHead + i*elementSize
		if at+elementSize > len(leaf) {
			return
		}
		key := at + int(order.Uint32(leaf[at+4:]))
		value := key + int(order.Uint32(leaf[at+8:]))
		if end := value + int(order.Uint32(leaf[at+12:])); key <= value && value <= end && end <= len(leaf) {
			visit(order.Uint32(leaf[at:]), leaf[key:value], leaf[value:end])
		}
	}
}

// hasPages: behind its first two pages a file has one of bbolt's, which says where it lies.
func hasPages(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	p := pages{file: file, size: os.Getpagesize()}
	for id := uint64(2); ; id++ {
		page := make([]byte, p.size)
		if _, err := file.ReadAt(page, int64(id)*int64(p.size)); err != nil {
			return false
		}
		if flags := order.Uint16(page[8:]); order.Uint64(page) == id && (flags == flagBranch || flags == flagLeaf) {
			return true
		}
	}
}
