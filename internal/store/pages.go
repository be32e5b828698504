package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"

	"go.etcd.io/bbolt"
)

// bbolt takes two things on trust that would make it answer wrongly or never: of its two
// meta pages it takes the newest that is whole, which is an older state when the newest is not;
// and a branch that leads back to a page above it is followed for ever. Both are looked at
// when a file is opened, in bbolt's own format (go.etcd.io/bbolt, internal/common/page.go and
// meta.go, version 2), by reading its branch pages: about one in eighty.
const (
	pageHead    = 16 // id(8) flags(2) count(2) overflow(4)
	elementSize = 16 // of a branch: pos(4) ksize(4) pgid(8); of a leaf: flags(4) pos(4) ksize(4) vsize(4)

	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagMeta     = 0x04
	bucketLeaf   = 0x01
	metaChecked  = 56 // bytes of a meta that its checksum covers
	metaRoot     = 16
	bucketHeader = 16
)

var order = binary.NativeEndian

// checkPages returns ErrCorrupt for a file whose pages lead bbolt astray.
func checkPages(db *bbolt.DB, file io.ReaderAt) error {
	p := pages{file: file, size: db.Info().PageSize, branches: map[uint64]bool{}}
	var root, newest uint64
	for id := range uint64(2) {
		page, err := p.read(id)
		if err != nil {
			return err
		}
		meta := page[pageHead:]
		sum := fnv.New64a()
		_, _ = sum.Write(meta[:metaChecked])
		if order.Uint16(page[8:]) != flagMeta || order.Uint64(meta[metaChecked:]) != sum.Sum64() {
			return &CorruptError{What: fmt.Sprintf("of its two first pages page %d is not whole: what was written last may be missing", id)}
		}
		if txid := order.Uint64(meta[48:]); txid >= newest {
			newest, root = txid, order.Uint64(meta[metaRoot:])
		}
	}
	// The tables, and then what each of them leads to.
	var tables []uint64
	err := p.tree(root, func(leaf []byte) error {
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
		if p.branches[id] {
			err = errors.Join(err, p.astray(id))
		}
	}
	return err
}

type pages struct {
	file     io.ReaderAt
	size     int
	branches map[uint64]bool
	leaves   []uint64
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
			if p.branches[id] || order.Uint16(page[8:]) != flagBranch || n == 0 || pageHead+n*elementSize > p.size {
				return p.astray(id)
			}
			p.branches[id] = true
			for i := range n {
				below = append(below, order.Uint64(page[pageHead+i*elementSize+8:]))
			}
		}
		level = below
	}
	return nil
}
