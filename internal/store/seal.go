package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"maps"
	"math/bits"
	"slices"
)

// How the sums that prove rows (proof.go) are brought up to what a transaction puts and deletes.

// head is how many levels a key heads a span on.
func (tx *txn) head(t table, key []byte) int {
	h := sha256.New()
	h.Write(tx.seed)
	h.Write([]byte{byte(t)})
	h.Write(key)
	return min(topLevel, bits.TrailingZeros64(binary.BigEndian.Uint64(h.Sum(nil)))/spanBits)
}

// changes notes that a row is put or deleted.
func (tx *txn) changes(t table, key []byte, after uint64) {
	if tx.changed[t] == nil {
		tx.changed[t] = map[string]change{}
	}
	c, again := tx.changed[t][string(key)]
	if !again {
		c.before = digest(key, t.in(tx).Get(key))
	}
	c.after = after
	tx.changed[t][string(key)] = c
	if at := tx.path[t][0]; at != nil && at.covers(key) {
		tx.path[t][0] = nil
	}
}

// seal brings sums up to what was put and deleted, before a commit.
func (tx *txn) seal() error {
	err := tx.packKeys()
	root := number(uint64(tx.ID()))
	for t := range tableCount {
		changed := tx.changed[t]
		for level := 1; level <= topLevel && len(changed) > 0 && err == nil; level++ {
			changed, err = tx.sealLevel(t, level, changed)
		}
		for _, c := range changed {
			tx.roots[t] += c.after - c.before
		}
		root = append(root, number(tx.roots[t])...)
		tx.changed[t], tx.path[t] = nil, [topLevel + 1]*span{}
	}
	return errors.Join(err, tableSums.in(tx).Put(rootKey, tableSums.frame(rootKey, root)))
}

// sealLevel takes what changed on the level below into the sums of a level, and returns what
// that changes there. Rows are added to the spans there were, then spans are split where a row
// came that heads one, then those are joined to the one before whose head has gone. No sum is
// ever made of rows as found where rows were before: what was lost stays missed.
func (tx *txn) sealLevel(t table, level int, below map[string]change) (map[string]change, error) {
	in, prefix := tableSums.in(tx), sumKey(t, level, nil)
	full := func(key []byte) []byte { return append(slices.Clone(prefix), key...) }
	sums := in.Cursor()
	// around is the head of the span that a key lies in, or of the one before that, and of the
	// next one: nil at the end.
	around := func(key []byte, before bool) (head, next []byte, err error) {
		at, _ := sums.Seek(append(full(key), 0))
		if bytes.HasPrefix(at, prefix) {
			next = bytes.Clone(at[len(prefix):])
		}
		at, _ = sums.Prev()
		if before && bytes.Equal(at, full(key)) {
			at, _ = sums.Prev()
		}
		if !bytes.HasPrefix(at, prefix) {
			return nil, nil, t.unproven(key)
		}
		return bytes.Clone(at[len(prefix):]), next, nil
	}
	changed := map[string]change{}
	add := func(head []byte, sum uint64) (uint64, error) {
		framed := in.Get(full(head))
		c, again := changed[string(head)]
		if !again {
			c.before = digest(head, framed)
		}
		if framed != nil {
			was, err := tableSums.open(full(head), framed)
			if err != nil || len(was) != 8 {
				return 0, t.unproven(head)
			}
			sum += binary.BigEndian.Uint64(was)
		}
		framed = tableSums.frame(full(head), number(sum))
		c.after = digest(head, framed)
		changed[string(head)] = c
		return sum, in.Put(full(head), framed)
	}

	var came, went [][]byte // heads
	var head, next []byte
	var sum uint64 // what is added to the span of that head
	for _, k := range slices.Sorted(maps.Keys(below)) {
		c, key := below[k], []byte(k)
		if (c.before == 0) != (c.after == 0) && len(key) > 0 && tx.head(t, key) >= level {
			if c.before == 0 {
				came = append(came, key)
			} else {
				went = append(went, key)
			}
		}
		if head == nil || next != nil && bytes.Compare(key, next) >= 0 {
			var err error
			if head != nil {
				_, err = add(head, sum)
			}
			if err == nil {
				head, next, err = around(key, false)
			}
			if err != nil {
				return nil, err
			}
			sum = 0
		}
		sum += c.after - c.before
	}
	if _, err := add(head, sum); err != nil {
		return nil, err
	}
	for _, key := range slices.Backward(came) { // each up to the one that came behind it
		before, next, err := around(key, true)
		var sum uint64
		if err == nil {
			err = tx.walk(t, level-1, key, next, func(key, framed []byte) { sum += digest(key, framed) })
		}
		if err == nil {
			_, err = add(before, -sum)
		}
		if err == nil {
			_, err = add(key, sum)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, key := range slices.Backward(went) {
		before, _, err := around(key, true)
		var sum uint64
		if err == nil {
			sum, err = add(key, 0)
		}
		if err == nil {
			_, err = add(before, sum)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, key := range went { // only now: a cursor goes back over no page it finds empty
		changed[string(key)] = change{before: changed[string(key)].before}
		if err := in.Delete(full(key)); err != nil {
			return nil, err
		}
	}
	maps.DeleteFunc(changed, func(_ string, c change) bool { return c.before == c.after })
	return changed, nil
}
