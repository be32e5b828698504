package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
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
	metaMagic    = 0xED0CDAED
	metaPageSize = 8
	metaRoot     = 16
	metaFree     = 32
	metaEnd      = 40
	metaWritten  = 48
	noFreeList   = 1<<64 - 1
	bucketHeader = 16
)

const firstPages = "of its two first pages one is not whole: what was written last may be missing"

var order = binary.NativeEndian

// checkPages returns ErrCorrupt for a file whose pages lead bbolt astray.
func checkPages(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	p := inFile(file)
	p.used = make([]bool, info.Size()/int64(p.size))
	meta, whole := p.newest()
	if whole < 2 {
		return &CorruptError{What: firstPages}
	}
	// The tables, and then what each of them leads to.
	var tables []uint64
	err = p.levels(order.Uint64(meta[metaRoot:]), func(leaf []byte) error {
		_, err := (&walker{visit: func(flags uint32, _, bucket []byte) bool {
			if flags&bucketLeaf != 0 && len(bucket) >= bucketHeader && order.Uint64(bucket) != 0 { // else it lies here whole
				tables = append(tables, order.Uint64(bucket))
			}
			return true
		}}).leaf(leaf, nil)
		return err
	})
	for _, table := range tables {
		err = errors.Join(err, p.levels(table, nil))
	}
	for _, id := range p.leaves {
		if err == nil {
			err = p.use(id)
		}
	}
	if err != nil {
		return err
	}
	_, err = p.free(meta)
	return err
}

// free are the free pages, and sees that the list of them has none that is in use: bbolt would write over it.
func (p *pages) free(meta []byte) (ids []uint64, err error) {
	list, end := order.Uint64(meta[metaFree:]), order.Uint64(meta[metaEnd:])
	if list == noFreeList {
		return nil, nil
	}
	page, err := p.read(list)
	if err != nil {
		return nil, err
	}
	if order.Uint16(page[8:]) != flagFree {
		return nil, p.astray(list)
	}
	if page, err = p.whole(list, page); err != nil {
		return nil, err
	}
	n, at := int(order.Uint16(page[10:])), pageHead
	if n == 0xFFFF { // more than that: the first of them says how many
		n, at = int(order.Uint64(page[at:])), at+8
	}
	if n < 0 || at+8*n > len(page) {
		return nil, p.astray(list)
	}
	last := uint64(1)
	for i := range n {
		id := order.Uint64(page[at+8*i:])
		if id <= last || id >= end || id == list || id < uint64(len(p.used)) && p.used[id] {
			return nil, &CorruptError{What: fmt.Sprintf("page %d is in use and in the list of free pages, or that is out of order", id)}
		}
		last, ids = id, append(ids, id)
	}
	return ids, nil
}

// pages are those of a file, or of what bbolt has mapped of it.
type pages struct {
	at     func(offset int64, n int) ([]byte, bool)
	size   int
	used   []bool // pages that something leads to
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
		if txid := order.Uint64(meta[metaWritten:]); txid >= newest {
			newest, found = txid, meta
		}
	}
	return found, whole
}

// use notes that something leads to a page, which nothing may have done before.
func (p *pages) use(id uint64) error {
	if id >= uint64(len(p.used)) || p.used[id] {
		return p.astray(id)
	}
	p.used[id] = true
	return nil
}

func (p *pages) astray(id uint64) error {
	return &CorruptError{What: fmt.Sprintf("page %d leads astray", id)}
}

func (p *pages) read(id uint64) ([]byte, error) {
	page, ok := p.at(int64(id)*int64(p.size), p.size)
	if !ok || order.Uint64(page) != id {
		return nil, &CorruptError{What: fmt.Sprintf("page %d cannot be read", id)}
	}
	return page, nil
}

// whole is a page with those that belong to it.
func (p *pages) whole(id uint64, page []byte) ([]byte, error) {
	more := int(order.Uint32(page[12:]))
	if more == 0 {
		return page, nil
	}
	all, ok := []byte(nil), false
	if more < 1<<16 { // 256 MiB
		all, ok = p.at(int64(id)*int64(p.size), (1+more)*p.size)
	}
	if !ok {
		return nil, p.astray(id)
	}
	return all, nil
}

// levels walks the branches of a tree, level by level, and its leaves if somebody wants to see
// them: all leaves lie at one depth.
func (p *pages) levels(root uint64, leaf func([]byte) error) error {
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
			if order.Uint16(page[8:]) != flagBranch || n == 0 || pageHead+n*elementSize > p.size {
				return p.astray(id)
			}
			if err := p.use(id); err != nil {
				return err
			}
			for i := range n {
				below = append(below, order.Uint64(page[pageHead+i*elementSize+8:]))
			}
		}
		level = below
	}
	return nil
}

// hasPages: behind its first two pages a file has one of bbolt's, which says where it lies.
func hasPages(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	p := inFile(file)
	for id := uint64(2); ; id++ {
		page, ok := p.at(int64(id)*int64(p.size), p.size)
		if !ok {
			return false
		}
		if flags := order.Uint16(page[8:]); order.Uint64(page) == id && (flags == flagBranch || flags == flagLeaf) {
			return true
		}
	}
}
