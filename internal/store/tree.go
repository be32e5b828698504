package store

import (
	"bytes"
	"fmt"
	"math/bits"
	"os"
	"sort"
	"unsafe"

	"go.etcd.io/bbolt"
)

// A transaction that only reads finds its rows here and not through bbolt, which follows a damaged
// branch in a circle for ever, and takes the process with it. The pages are bbolt's, as it has them
// mapped; a mend reads those of a file. What writes goes through bbolt: a circle that nobody has
// read before ends the process, and is mended when it starts again.

// tree is a table as its pages have it.
type tree struct {
	pages *pages
	root  uint64
	leaf  []byte // of a small table, which lies in the page that names it; nil: it does not
}

// depthLimit is more than a tree ever has levels: bbolt keeps at least two keys in a branch.
const depthLimit = 64

// mapped are the pages of a read transaction, as long as it lasts.
func mapped(tx *bbolt.Tx) *pages {
	info := tx.DB().Info()
	// The field is where bbolt has mapped the file; it says so in a number.
	all := unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&info.Data))), tx.Size())
	return &pages{size: info.PageSize, at: func(offset int64, n int) ([]byte, bool) {
		if offset < 0 || offset+int64(n) > int64(len(all)) {
			return nil, false
		}
		return all[offset : offset+int64(n) : offset+int64(n)], true
	}}
}

// inFile are the pages of a file, as large as its first page says, or the machine's, which is
// bbolt's default.
func inFile(file *os.File) *pages {
	p := &pages{size: os.Getpagesize(), at: func(offset int64, n int) ([]byte, bool) {
		b := make([]byte, n)
		_, err := file.ReadAt(b, offset)
		return b, err == nil
	}}
	if meta, ok := p.at(pageHead, metaRoot); ok && order.Uint32(meta) == metaMagic {
		if size := order.Uint32(meta[metaPageSize:]); size >= 1<<10 && size <= 1<<16 && bits.OnesCount32(size) == 1 {
			p.size = int(size)
		}
	}
	return p
}

// tree is a table, by the root of the tree that names all tables.
func (t table) tree(tx *txn) (*tree, error) {
	if known := tx.trees[t]; known != nil {
		return known, nil
	}
	missing := &CorruptError{What: fmt.Sprintf("table %s is missing", t)}
	var found *tree
	err := (&tree{pages: tx.pages, root: tx.root}).rows(tx.salvaging, []byte(t.String()), func(flags uint32, name, bucket []byte) bool {
		if flags&bucketLeaf != 0 && string(name) == t.String() && len(bucket) >= bucketHeader {
			found = &tree{pages: tx.pages, root: order.Uint64(bucket)}
			if found.root == 0 {
				found.leaf = bucket[bucketHeader:]
			}
		}
		return false
	})
	if err == nil && found == nil {
		err = missing
	}
	if err == nil {
		tx.trees[t] = found
	}
	return found, err
}

// rows visits the rows of a tree from a key on, until visit says false. What is damaged is an
// error, or passed over.
func (t *tree) rows(passOver bool, from []byte, visit func(flags uint32, key, value []byte) bool) error {
	w := walker{pages: t.pages, visit: visit, passOver: passOver}
	if passOver {
		w.seen = map[uint64]bool{}
	}
	if t.leaf != nil {
		_, err := w.leaf(t.leaf, from)
		return err
	}
	_, err := w.page(t.root, 0, from)
	return err
}

type walker struct {
	pages    *pages
	visit    func(flags uint32, key, value []byte) bool
	passOver bool
	seen     map[uint64]bool // each page once, where what is damaged is passed over
}

func (w *walker) page(id uint64, depth int, from []byte) (more bool, err error) {
	defer func() {
		if err != nil && w.passOver {
			more, err = true, nil
		}
	}()
	page, err := w.pages.read(id)
	if err != nil {
		return false, err
	}
	if depth == depthLimit || w.seen[id] {
		return false, w.pages.astray(id)
	}
	if w.passOver {
		w.seen[id] = true
	}
	switch order.Uint16(page[8:]) {
	case flagLeaf:
		if page, err = w.pages.whole(id, page); err != nil {
			return false, err
		}
		return w.leaf(page, from)
	case flagBranch:
		n := int(order.Uint16(page[10:]))
		if pageHead+n*elementSize > len(page) {
			return false, w.pages.astray(id)
		}
		first := sort.Search(n, func(i int) bool { return bytes.Compare(branchKey(page, i), from) > 0 }) - 1
		for i := max(first, 0); i < n; i++ {
			if more, err := w.page(order.Uint64(page[pageHead+i*elementSize+8:]), depth+1, from); !more || err != nil {
				return more, err
			}
		}
		return true, nil
	}
	return false, w.pages.astray(id)
}

// leaf visits the elements of a leaf from a key on.
func (w *walker) leaf(page, from []byte) (more bool, err error) {
	n := 0
	if len(page) >= pageHead {
		n = int(order.Uint16(page[10:]))
	}
	if pageHead+n*elementSize > len(page) {
		return false, &CorruptError{What: "a page has more rows than room"}
	}
	key := func(i int) []byte { _, key, _, _ := element(page, i); return key }
	for i := sort.Search(n, func(i int) bool { return bytes.Compare(key(i), from) >= 0 }); i < n; i++ {
		flags, key, value, ok := element(page, i)
		if !ok && !w.passOver {
			return false, &CorruptError{What: "a row lies beside its page"}
		}
		if ok && !w.visit(flags, key, value) {
			return false, nil
		}
	}
	return true, nil
}

// branchKey is the first key of what a branch's element leads to.
func branchKey(page []byte, i int) []byte {
	at := pageHead + i*elementSize
	from := at + int(order.Uint32(page[at:]))
	to := from + int(order.Uint32(page[at+4:]))
	if from > to || to > len(page) {
		return nil
	}
	return page[from:to]
}

// element is an element of a leaf, if it lies within it.
func element(page []byte, i int) (flags uint32, key, value []byte, ok bool) {
	at := pageHead + i*elementSize
	k := at + int(order.Uint32(page[at+4:]))
	v := k + int(order.Uint32(page[at+8:]))
	end := v + int(order.Uint32(page[at+12:]))
	if k > v || v > end || end > len(page) {
		return 0, nil, nil, false
	}
	return order.Uint32(page[at:]), page[k:v:v], page[v:end:end], true
}
