package store

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Keys of index have no values, and neighbours differ in a few bytes: a row for each would be, nine
// parts of ten, what it shares with the one before, and what bbolt adds. So they lie in runs. A row is
// a key from which on, and up to the next row, its value has all that there are, each as what it
// shares with the one before, the first with the row's own:
//
//	uvarint shared | uvarint length | the rest of the key
//
// The first row is of firstKeyRun. No row is ever deleted, for a cursor of bbolt goes back over no page
// that it finds empty; a run may be. Where runs begin depends on the order in which keys came; which
// keys there are does not.

// keyRunLimit is how long the value of a run gets before it is split. Each key that comes writes
// one run.
const keyRunLimit = 768

// firstKeyRun is below every key.
var firstKeyRun = []byte{0}

// keyChange is a key that is put or deleted.
type keyChange struct {
	key  []byte
	gone bool
}

// packKeys takes the keys put and deleted into the runs there are.
func (tx *txn) packKeys() error {
	changes := tx.keys
	tx.keys = nil
	slices.SortStableFunc(changes, func(a, b keyChange) int { return bytes.Compare(a.key, b.key) })
	for len(changes) > 0 {
		first, run, next, err := tx.keyRunAround(changes[0].key)
		if err != nil {
			return err
		}
		n := len(changes)
		if next != nil {
			n, _ = slices.BinarySearchFunc(changes, next, func(c keyChange, next []byte) int { return bytes.Compare(c.key, next) })
		}
		for _, keys := range splitKeys(mergeKeys(run, changes[:n])) {
			if first == nil {
				first = keys[0]
			}
			if err := tableIndex.putRow(tx, first, packKeyRun(first, keys)); err != nil {
				return err
			}
			first = nil
		}
		changes = changes[n:]
	}
	return nil
}

// keyRunAround is the run that a key belongs into, from where on, and where the next begins: nil at the
// end.
func (tx *txn) keyRunAround(key []byte) (first []byte, run [][]byte, next []byte, err error) {
	rows := tableIndex.in(tx).Cursor()
	at, _ := rows.Seek(append(bytes.Clone(key), 0))
	next = bytes.Clone(at)
	at, framed := rows.Prev()
	if at == nil && next == nil {
		return firstKeyRun, nil, nil, nil
	}
	if at == nil {
		return nil, nil, nil, tableIndex.unproven(key)
	}
	first = bytes.Clone(at) // which a put would change
	packed, err := tableIndex.open(first, framed)
	if err != nil {
		return nil, nil, nil, err
	}
	run, ok := unpackKeyRun(first, packed)
	if !ok {
		return nil, nil, nil, tableIndex.damaged(first)
	}
	return first, run, next, nil
}

// mergeKeys are the keys of a run after changes, in order, of which the last of a key counts.
func mergeKeys(run [][]byte, changes []keyChange) [][]byte {
	merged := make([][]byte, 0, len(run)+len(changes))
	for i, c := range changes {
		if i+1 < len(changes) && bytes.Equal(changes[i+1].key, c.key) {
			continue
		}
		before, found := slices.BinarySearchFunc(run, c.key, bytes.Compare)
		merged = append(merged, run[:before]...)
		if run = run[before:]; found {
			run = run[1:]
		}
		if !c.gone {
			merged = append(merged, c.key)
		}
	}
	return append(merged, run...)
}

// splitKeys splits keys into runs of about the same length: at least one.
func splitKeys(keys [][]byte) (runs [][][]byte) {
	size := 0
	for i := 1; i < len(keys); i++ {
		size += sizeBehind(keys[i-1], keys[i])
	}
	each := keyRunLimit
	if size > keyRunLimit {
		const aim = keyRunLimit * 9 / 10
		each = size / ((size + aim - 1) / aim)
	}
	start := 0
	size = 0
	for i := 1; i < len(keys); i++ {
		if size += sizeBehind(keys[i-1], keys[i]); size > each {
			runs = append(runs, keys[start:i])
			start, size = i, 0
		}
	}
	return append(runs, keys[start:])
}

func shared(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// sizeBehind is about how long a key is behind another.
func sizeBehind(before, key []byte) int { return 2 + len(key) - shared(before, key) }

// packKeyRun is the value of the row first.
func packKeyRun(first []byte, keys [][]byte) []byte {
	packed, before := make([]byte, 0, keyRunLimit+64), first
	for _, key := range keys {
		n := shared(before, key)
		packed = binary.AppendUvarint(packed, uint64(n))
		packed, before = appendBytes(packed, key[n:]), key
	}
	return packed
}

// unpackKeyRun is the keys of a run, if they are whole and in order. They share one buffer.
func unpackKeyRun(first, packed []byte) ([][]byte, bool) {
	n, size, last := 0, 0, len(first)
	for r := (reader{b: packed}); !r.done(); n++ {
		last = int(min(r.uvarint(), uint64(last)+1)) + len(r.bytes())
		if size += last; r.failed {
			return nil, false
		}
	}
	keys, all, before := make([][]byte, 0, n), make([]byte, 0, size), first
	for r := (reader{b: packed}); !r.done(); {
		n, rest := r.uvarint(), r.bytes()
		if n > uint64(len(before)) {
			return nil, false
		}
		if order := bytes.Compare(rest, before[n:]); order < 0 || order == 0 && len(keys) > 0 {
			return nil, false
		}
		at := len(all)
		all = append(append(all, before[:n]...), rest...)
		before = all[at:len(all):len(all)]
		keys = append(keys, before)
	}
	return keys, true
}
