package store

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"

	"go.etcd.io/bbolt"
)

// A checksum proves a row that is found. That none is missing, and none is here that was
// replaced or deleted since, the rows of sums prove (decisions/0038):
//
//	sums  table(1) level(1) key   sum(8): of the rows of the level below, from key up to the
//	                              next key of this level
//	      00                      transaction(8), then for each table the sum of its highest level
//
// Level 0 are the rows of the table itself. One key in 32 of a level, by a hash that nobody
// outside can foresee, heads a row on the next; the empty key heads the first of every level,
// always. Rows in between are a span, and the sum is that of their digests, so that a change
// costs one addition on each level, and a span is looked at only where a read leads through it.
//
//	level 2   ""                                                    …
//	level 1   ""              "f"                    "q"            …
//	level 0      a  b  c  d    f  g  h  k  l  m  n    q  r  s  t    …
//
// A row on the way, missing, altered, out of order, or of an older page, makes the sum above
// differ. The highest is in one row with the number of the transaction, which bbolt keeps in
// its own checksummed pages. What is read is thus what was written last, or ErrCorrupt.
const (
	topLevel = 4 // 32^5 rows and more
	// spanBits is how many bits of the hash are zero at every level.
	spanBits = 5
	seedSize = 16
)

var rootKey = []byte{0}

// txn is one transaction, and what it has proven so far.
type txn struct {
	*bbolt.Tx        // nil: a damaged file is read, by a mend
	pages     *pages // of one that only reads
	root      uint64 // of the tree that names the tables
	trees     [tableCount + 1]*tree
	written   uint64 // the transaction it reads, and is written on
	roots     [tableCount]uint64
	// path is the span looked at last on each level of each table.
	path [tableCount][topLevel + 1]*span

	// salvaging: nothing is proven, and what does not match its checksum is passed over.
	salvaging bool

	// Of one that writes:
	seed    []byte
	changed [tableCount]map[string]change // rows put and deleted that sums does not have yet
	keys    []keyChange                   // of index, put and deleted, that lie in no run yet
}

// change is what becomes of a row: its digest before and after; 0 for none.
type change struct{ before, after uint64 }

// begun makes a transaction one that proves what it reads. Error: ErrCorrupt.
func begun(tx *bbolt.Tx) (*txn, error) {
	t := &txn{Tx: tx, written: uint64(tx.ID())}
	if tx.Writable() {
		t.written--
	} else {
		t.pages, t.root = mapped(tx), uint64(tx.Cursor().Bucket().Root())
	}
	return t, t.prove()
}

// prove reads what proves the tables.
func (t *txn) prove() error {
	framed, err := tableSums.stored(t, rootKey)
	if err != nil {
		return err
	}
	root, err := tableSums.open(rootKey, framed)
	if err != nil {
		return err
	}
	if len(root) != 8+8*int(tableCount) || binary.BigEndian.Uint64(root) != t.written {
		return &CorruptError{What: "what proves its tables is not of the newest transaction"}
	}
	for i := range t.roots {
		t.roots[i] = binary.BigEndian.Uint64(root[8+8*i:])
	}
	return nil
}

// start makes the tables of an empty file, in the transaction it returns.
func start(tx *bbolt.Tx) (*txn, error) {
	w := &txn{Tx: tx, seed: make([]byte, seedSize)}
	_, _ = rand.Read(w.seed) // which cannot fail
	for _, name := range tableNames {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return nil, fmt.Errorf("creating %s: %w", name, err)
		}
	}
	for t := range tableCount {
		for level := 1; level <= topLevel; level++ {
			key := sumKey(t, level, nil)
			framed := tableSums.frame(key, number(w.roots[t]))
			if err := tableSums.in(w).Put(key, framed); err != nil {
				return nil, err
			}
			w.roots[t] = digest(nil, framed)
		}
	}
	return w, nil
}

// begun is begun, of a transaction begun when the newest known was last.
func (s *Store) begun(tx *bbolt.Tx, last uint64) (*txn, error) {
	t, err := begun(tx)
	if err != nil {
		return nil, err
	}
	if t.written < last {
		return nil, &CorruptError{What: "bbolt has lost what was written last"}
	}
	t.seed = s.seed
	return t, nil
}

// digest is what a row as stored adds to a sum: its key, and the checksum it ends in.
func digest(key, framed []byte) uint64 {
	if len(framed) < crc32.Size {
		return 0
	}
	return uint64(crc32.Checksum(key, castagnoli))<<32 | uint64(binary.BigEndian.Uint32(framed[len(framed)-crc32.Size:]))
}

// span is a run of rows of one level, proven to be all there are from a key up to another.
type span struct {
	from, to []byte // to: nil at the end of the table
	rows     []spanRow
}

type spanRow struct{ key, framed []byte }

func (c *span) covers(key []byte) bool {
	return bytes.Compare(c.from, key) <= 0 && (c.to == nil || bytes.Compare(key, c.to) < 0)
}

// find is where a key is among the rows, or would be.
func (c *span) find(key []byte) (int, bool) {
	return slices.BinarySearchFunc(c.rows, key, func(r spanRow, key []byte) int { return bytes.Compare(r.key, key) })
}

// span proves and returns the rows of a level around a key. Error: ErrCorrupt.
func (tx *txn) span(t table, level int, key []byte) (*span, error) {
	if c := tx.path[t][level]; c != nil && c.covers(key) {
		return c, nil
	}
	c, want := &span{from: []byte{}}, tx.roots[t]
	if level < topLevel {
		above, err := tx.span(t, level+1, key)
		if err != nil {
			return nil, err
		}
		at, found := above.find(key)
		if !found {
			at--
		}
		if at < 0 {
			return nil, t.unproven(key) // the empty key is below all
		}
		c.from, c.to = above.rows[at].key, above.to
		if at+1 < len(above.rows) {
			c.to = above.rows[at+1].key
		}
		sum, err := tableSums.open(sumKey(t, level+1, c.from), above.rows[at].framed)
		if err != nil || len(sum) != 8 {
			return nil, t.unproven(c.from)
		}
		want = binary.BigEndian.Uint64(sum)
	}
	if level == 0 {
		for key, d := range tx.changed[t] {
			if c.covers([]byte(key)) {
				want += d.after - d.before
			}
		}
	}
	err := tx.walk(t, level, c.from, c.to, func(key, framed []byte) {
		want -= digest(key, framed)
		c.rows = append(c.rows, spanRow{key, framed})
	})
	if err == nil && want != 0 {
		err = t.unproven(c.from)
	}
	if err != nil {
		return nil, err
	}
	tx.path[t][level] = c
	return c, nil
}

// walk visits the rows of a level from a key up to another, as stored.
func (tx *txn) walk(t table, level int, from, to []byte, visit func(key, framed []byte)) error {
	in, prefix := t, []byte(nil)
	if level > 0 {
		in, prefix = tableSums, sumKey(t, level, nil)
	}
	var last []byte
	twice := false
	err := in.eachStored(tx, append(prefix, from...), func(full, framed []byte) bool {
		if !bytes.HasPrefix(full, prefix) {
			return false
		}
		key := full[len(prefix):]
		if last != nil && bytes.Compare(last, key) >= 0 || bytes.Compare(key, from) < 0 {
			twice = true // a branch page leads somewhere twice
		}
		if twice || to != nil && bytes.Compare(key, to) >= 0 {
			return false
		}
		visit(key, framed)
		last = key
		return true
	})
	if twice {
		err = t.unproven(from)
	}
	return err
}

// unproven is ErrCorrupt for rows that are not those written last.
func (t table) unproven(key []byte) error {
	log, index := t.place(key)
	return &CorruptError{Log: log, Index: index, Table: t.String(), What: fmt.Sprintf("rows of %s are missing or altered", t)}
}

func sumKey(t table, level int, key []byte) []byte {
	return append([]byte{1 + byte(t), byte(level)}, key...)
}
