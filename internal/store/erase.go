package store

import (
	"cmp"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// An office takes a letter or a report down by an ERASURE entry of its log (protocol.md 2). As soon as that is held,
// the body and salt it names are dropped from where they lie, with all that is derived from them, in the transaction
// that makes it held; the header stays, and proves that there was an entry. They are not wanted again, and not taken
// from whoever still offers them.
//
// What bbolt has freed stays in the file until it is written over: that is done when the file is opened next.

// erasable are the kinds of entries that can be erased. Without a record of the register nobody could tell who speaks
// for whom, without a matter not what was said on it, and without a withdrawal what was withdrawn would stand again.
func erasable(kind ledgerv1.EntryKind) bool {
	return kind == ledgerv1.EntryKind_ENTRY_KIND_ADVISORY || kind == ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION
}

// applyErasures applies those that lie in a log from an index up to another, which is held, and returns which entries
// had not been erased before.
func (w *writer) applyErasures(st *logState, from, end uint64) (erased []uint64, err error) {
	err = eachErasure(w.tx, st.log, from, end, func(target uint64) error {
		is, err := erase(w.tx, st, target)
		if is {
			erased = append(erased, target)
		}
		return err
	})
	if err == nil && len(erased) > 0 {
		err = putMeta(w.tx, erasedKey, true)
	}
	return erased, err
}

// erasedKey is of what is set from an erasure to the next opening.
var erasedKey = []byte("erased")

// scrub writes over the free pages of a file in which something was erased: nothing else has them while it is opened.
func (s *Store) scrub() error {
	if s.readOnly != nil {
		return nil
	}
	var erased *bool
	err := s.view(func(r *reading) (err error) { erased, err = loadMeta[bool](r.tx, erasedKey); return err })
	if err != nil || erased == nil {
		return err
	}
	p := inFile(s.file)
	meta, _ := p.newest()
	free, err := p.free(meta)
	nothing := make([]byte, p.size)
	for _, id := range free {
		if err == nil {
			_, err = s.file.WriteAt(nothing, int64(id)*int64(p.size))
		}
	}
	if err == nil {
		err = s.file.Sync()
	}
	if err == nil {
		err = s.update(0, func(w *writer) error {
			w.wrote = true
			return tableMeta.del(w.tx, erasedKey)
		})
	}
	if err != nil {
		return fmt.Errorf("writing over what was erased: %w", err)
	}
	return nil
}

// feedErased gives each entry erased a row of the feed.
func (w *writer) feedErased(log ledger.LogID, erased []uint64) error {
	for _, index := range erased {
		if err := w.appendFeed(FeedErased, log, index, index+1); err != nil {
			return err
		}
	}
	return nil
}

// eachErasure visits the ERASURE entries of a log from an index up to another, with what each erases.
func eachErasure(tx *txn, log ledger.LogID, from, end uint64, visit func(target uint64) error) error {
	kind := kindKey(ledgerv1.EntryKind_ENTRY_KIND_ERASURE)
	var all []uint64
	err := tableIndex.scan(tx, slices.Concat(kind, logKey(log)), slices.Concat(kind, entryKey(log, from)), func(key, _ []byte) error {
		at, _, ok := cutEntry(log.Federation, key[len(kind):])
		switch {
		case !ok:
			return tableIndex.damaged(key)
		case at.index >= end:
			return ErrEnough
		}
		all = append(all, at.index)
		return nil
	})
	for _, by := range all {
		e, _, readErr := readEntry(tx, log, by)
		if err = cmp.Or(err, readErr); err != nil {
			break
		}
		var erasure ledgerv1.Erasure
		if proto.Unmarshal(e.Body, &erasure) == nil && erasure.GetIndex() < by {
			err = visit(erasure.GetIndex())
		}
	}
	return err
}

// erase drops the body of an entry, if it is of a kind that can be erased and was not before.
func erase(tx *txn, st *logState, index uint64) (bool, error) {
	e, h, err := readEntry(tx, st.log, index)
	if err != nil || !erasable(h.GetKind()) {
		return false, err
	}
	if e.Salt == nil {
		absent, err := tableAbsent.get(tx, absentKey(class(h.GetVisibility()), st.log, index))
		if err != nil || absent == nil { // nil: it was erased
			return false, err
		}
	}
	before, was := derive(st.log, h, e.Body, false)
	after, is := derive(st.log, h, nil, true)
	for _, o := range before {
		if err := o.table.del(tx, o.key); err != nil {
			return false, err
		}
	}
	for _, o := range after {
		if err := o.table.put(tx, o.key, o.value); err != nil {
			return false, err
		}
	}
	st.counts.add(is.minus(was))
	if e.Salt == nil {
		return true, nil
	}
	r, err := runOf(tx, st.log, index)
	switch {
	case err != nil:
		return false, err
	case r.end == 0:
		err = putTail(tx, st.log, index, ledger.Entry{Header: slices.Clone(e.Header)})
	default:
		err = repack(tx, st.log, r.first, class(h.GetVisibility()), func(bodies []*ledgerv1.SaltedBody) []*ledgerv1.SaltedBody {
			return slices.DeleteFunc(bodies, func(b *ledgerv1.SaltedBody) bool { return b.GetIndex() == index })
		})
	}
	return err == nil, err
}

// erasedBy is the first entry of a log that erases another of it whose body is not here.
func erasedBy(tx *txn, log ledger.LogID, h *ledgerv1.EntryHeader) (by uint64, erased bool, err error) {
	absent, err := tableAbsent.get(tx, absentKey(class(h.GetVisibility()), log, h.GetIndex()))
	if err != nil || absent != nil || !erasable(h.GetKind()) {
		return 0, false, err
	}
	ends := endedKey(log, h.GetIndex())
	err = tableIndex.scan(tx, slices.Concat(ends, logKey(log)), nil, func(key, _ []byte) error {
		at, _, ok := cutEntry(log.Federation, key[len(ends):])
		if !ok {
			return tableIndex.damaged(key)
		}
		ending, err := tableRows.get(tx, entryKey(at.log, at.index))
		if err != nil || ending == nil {
			return err
		}
		r := reader{b: ending}
		if ledgerv1.EntryKind(r.uvarint()) == ledgerv1.EntryKind_ENTRY_KIND_ERASURE {
			by, erased = at.index, true
			return ErrEnough
		}
		return nil
	})
	return by, erased, err
}
