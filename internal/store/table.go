package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// in is the table of a transaction that writes.
func (t table) in(tx *txn) *bbolt.Bucket {
	b := tx.Bucket([]byte(tableNames[t]))
	b.FillPercent = fillPercent
	return b
}

// fillPercent is how full the pages are that one is split into. Rows come in runs, seldom between
// others: with bbolt's own, a half, the file is a fifth longer.
const fillPercent = 1.0

// stored is a value as stored; nil when there is none.
func (t table) stored(tx *txn, key []byte) (framed []byte, err error) {
	if tx.pages == nil {
		return t.in(tx).Get(key), nil
	}
	err = t.eachStored(tx, key, func(found, value []byte) bool {
		if bytes.Equal(found, key) {
			framed = value
		}
		return false
	})
	return framed, err
}

// eachStored visits the rows from a key on, as stored, until visit says false.
func (t table) eachStored(tx *txn, from []byte, visit func(key, framed []byte) bool) error {
	if tx.pages == nil {
		c := t.in(tx).Cursor()
		for key, framed := c.Seek(from); key != nil && visit(key, framed); key, framed = c.Next() {
			continue
		}
		return nil
	}
	tree, err := t.tree(tx)
	if err != nil {
		return err
	}
	return tree.rows(tx.salvaging, from, func(_ uint32, key, framed []byte) bool { return visit(key, framed) })
}

// put writes a value with its checksum. The key must not be changed afterwards.
func (t table) put(tx *txn, key []byte, parts ...[]byte) error {
	if t == tableIndex {
		tx.keys = append(tx.keys, keyChange{key: key})
		return nil
	}
	return t.putRow(tx, key, parts...)
}

func (t table) putRow(tx *txn, key []byte, parts ...[]byte) error {
	framed := t.frame(key, parts...)
	tx.changes(t, key, digest(key, framed))
	return t.in(tx).Put(key, framed)
}

// frame is a value as stored.
func (t table) frame(key []byte, parts ...[]byte) []byte {
	size := crc32.Size
	for _, p := range parts {
		size += len(p)
	}
	value := make([]byte, 0, size)
	for _, p := range parts {
		value = append(value, p...)
	}
	return binary.BigEndian.AppendUint32(value, t.sum(key, value))
}

// get reads a value; nil when there is none, which is proven. It is valid until the
// transaction ends. Of logs the row is proven too: an older one would be as whole.
func (t table) get(tx *txn, key []byte) ([]byte, error) {
	if t == tableIndex {
		found, _, err := (&cursor{table: t, tx: tx}).next(key)
		if err != nil || found == nil || !bytes.Equal(found, key) {
			return nil, err
		}
		return []byte{}, nil
	}
	framed, err := t.stored(tx, key)
	switch {
	case err != nil && tx.salvaging:
		return nil, nil
	case err != nil:
		return nil, err
	case framed != nil && (t != tableLogs || tx.salvaging):
		return t.open(key, framed)
	case tx.salvaging:
		return nil, nil
	}
	c, err := tx.span(t, 0, key)
	if err != nil {
		return nil, err
	}
	at, found := c.find(key)
	switch {
	case found != (framed != nil):
		return nil, t.unproven(key)
	case !found:
		return nil, nil
	}
	return t.open(key, c.rows[at].framed)
}

func (t table) del(tx *txn, key []byte) error {
	if t == tableIndex {
		tx.keys = append(tx.keys, keyChange{key, true})
		return nil
	}
	return t.delRow(tx, key)
}

func (t table) delRow(tx *txn, key []byte) error {
	tx.changes(t, key, 0)
	return t.in(tx).Delete(key)
}

// ErrEnough ends a visit early; it reaches no caller.
var ErrEnough = errors.New("enough")

// scan visits the rows whose key starts with prefix and is not below from, in order, and
// proves that there are no others. visit ends it early with ErrEnough.
func (t table) scan(tx *txn, prefix, from []byte, visit func(key, value []byte) error) error {
	if len(from) == 0 {
		from = prefix
	}
	if tx.salvaging {
		return t.salvage(tx, prefix, from, visit)
	}
	for c := (cursor{table: t, tx: tx}); ; {
		key, value, err := c.next(from)
		from = nil
		if err == nil && (key == nil || !bytes.HasPrefix(key, prefix)) {
			return nil
		}
		if err == nil {
			err = visit(key, value)
		}
		if errors.Is(err, ErrEnough) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// salvage is scan of what can be found of a damaged table. A row of the tail is visited though it
// does not match its checksum: header and body are each proven by other means (mender.block).
func (t table) salvage(tx *txn, prefix, from []byte, visit func(key, value []byte) error) error {
	var last []byte
	var ended error
	err := t.eachStored(tx, from, func(key, framed []byte) bool {
		value, err := t.open(key, framed)
		if err != nil && t == tableTail && len(framed) > crc32.Size {
			value, err = framed[:len(framed)-crc32.Size], nil
		}
		if err == nil && bytes.Compare(key, prefix) > 0 && !bytes.HasPrefix(key, prefix) {
			return false
		}
		if err == nil && bytes.HasPrefix(key, prefix) && (last == nil || bytes.Compare(last, key) < 0) {
			last, ended = key, visit(key, value)
		}
		return ended == nil
	})
	if ended != nil && !errors.Is(ended, ErrEnough) {
		return ended
	}
	return err
}

// cursor walks through a table in order, proving what it passes.
type cursor struct {
	table table
	tx    *txn
	in    *span
	at    int
	run   [][]byte // of index: keys of the row passed last that are to come
	last  []byte   // and the last of them
}

// next is the first row at or behind a key, or without one the next; no key at the end.
func (c *cursor) next(from []byte) (key, value []byte, err error) {
	if c.table != tableIndex {
		return c.row(from)
	}
	if err := c.tx.packKeys(); err != nil {
		return nil, nil, err
	}
	if from != nil {
		c.run, c.last = nil, nil
	}
	for again := from; len(c.run) == 0; again = nil {
		first, packed, err := c.row(again)
		if err != nil || first == nil {
			return nil, nil, err
		}
		keys, ok := unpackKeyRun(first, packed)
		if !ok || bytes.Compare(c.last, first) >= 0 {
			return nil, nil, c.table.damaged(first)
		}
		at, _ := slices.BinarySearchFunc(keys, from, bytes.Compare)
		if c.run = keys[at:]; len(keys) > 0 {
			c.last = keys[len(keys)-1]
		}
	}
	key, c.run = c.run[0], c.run[1:]
	return key, nil, nil
}

// row is next, of rows as they lie: of index the first is that of the run a key belongs into.
func (c *cursor) row(from []byte) (key, value []byte, err error) {
	if from != nil || c.in == nil {
		if c.in, err = c.tx.span(c.table, 0, from); err != nil {
			return nil, nil, err
		}
		found := false
		if c.at, found = c.in.find(from); c.table == tableIndex && !found && c.at > 0 {
			c.at--
		}
	}
	for c.at >= len(c.in.rows) {
		if c.in.to == nil {
			return nil, nil, nil
		}
		if c.in, err = c.tx.span(c.table, 0, c.in.to); err != nil {
			return nil, nil, err
		}
		c.at = 0
	}
	row := c.in.rows[c.at]
	c.at++
	value, err = c.table.open(row.key, row.framed)
	return row.key, value, err
}

// open checks and takes off the checksum.
func (t table) open(key, framed []byte) ([]byte, error) {
	n := len(framed) - crc32.Size
	if n < 0 || binary.BigEndian.Uint32(framed[n:]) != t.sum(key, framed[:n]) {
		return nil, t.damaged(key)
	}
	return framed[:n:n], nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (t table) sum(key, value []byte) uint32 {
	sum := crc32.Checksum([]byte(tableNames[t]), castagnoli)
	sum = crc32.Update(sum, castagnoli, key)
	return crc32.Update(sum, castagnoli, value)
}

// damaged is ErrCorrupt for a row, with its log and number where the key has them.
func (t table) damaged(key []byte) error {
	if log, index := t.place(key); log.Office != "" {
		return &CorruptError{Log: log, Index: index, Table: t.String(), What: fmt.Sprintf("a row of %s does not match its checksum", t)}
	}
	return &CorruptError{Table: t.String(), What: fmt.Sprintf("row %q of %s does not match its checksum", key, t)}
}

// place is the log and index that a key speaks of, if it does: it may be what is damaged.
func (t table) place(key []byte) (ledger.LogID, uint64) {
	switch t {
	case tableTail, tableHeaders, tableBodies, tableRows, tableLate:
	case tableAbsent:
		key = key[min(1, len(key)):]
	default:
		return ledger.LogID{}, 0
	}
	log, rest, ok := cutLog("", key)
	if !ok || len(rest) < 8 {
		return ledger.LogID{}, 0
	}
	n := binary.BigEndian.Uint64(rest)
	if _, err := ledger.ParseEntryID(log.Entry(n).String()); err != nil {
		return ledger.LogID{}, 0
	}
	return log, n
}
