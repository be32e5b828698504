package store

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Ingest stores verified runs, of any logs, in one transaction: all or none. What is
// stored already is passed over. Runs of one log must be in order. Entries short of
// the checkpoint they lead to are kept and neither served nor announced until some
// checkpoint is reached (protocol.md 2). The caller decides how much goes into one
// transaction: 4 to 8 MB.
//
// Errors: ledger.ErrGap when a run starts beyond what is stored, *ForkError,
// ErrForked for an own log that is not the one released, ErrTooMany, ErrDiskFull,
// ErrFatal.
func (s *Store) Ingest(vs []ledger.Verified) error {
	payload := 0
	for i := range vs {
		payload += run{entries: vs[i].Entries()}.size()
	}
	err := s.update(payload, func(w *writer) error {
		for i := range vs {
			if err := w.ingest(&vs[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("taking in %d runs: %w", len(vs), err)
	}
	return nil
}

// ingest stores what is not stored yet of a verified run, after checking that it extends
// what is.
func (w *writer) ingest(v *ledger.Verified) error {
	st, err := w.state(v.Log())
	if err != nil {
		return err
	}
	have, from := st.tree.Size(), v.From()
	if from > have {
		return fmt.Errorf("%s from %d: %w: stored up to %d", v.Log(), from, ledger.ErrGap, have)
	}
	if skip := have - from; skip < uint64(len(v.Entries())) {
		r := run{v.Entries()[skip:], v.Headers()[skip:], v.LeafHashes()[skip:], nil}
		tree := st.tree
		for _, leaf := range r.leaves {
			tree.Append(leaf)
		}
		if tree != v.Tree() {
			return &ForkError{Held: st.held, Other: v.Target()}
		}
		if b, whole := v.Blocks(); whole && skip == 0 && len(b.Bodies) <= blockEntries {
			r.blocks = &b
		}
		if err := w.put(st, r); err != nil {
			return err
		}
	}
	return w.reach(st, v.Target())
}

// PutBodies stores bodies that came after their headers, of one log. Each must open
// the commitment of a header stored here. Those that are here already are passed over.
// Errors: ErrNotFound, ledger.ErrBadBody, ErrDiskFull, ErrFatal.
func (s *Store) PutBodies(log ledger.LogID, bodies []*ledgerv1.SaltedBody) error {
	payload := 0
	for _, b := range bodies {
		payload += len(b.GetBody()) + ledger.BlockAim // the block it lies in is packed again
	}
	sorted := slices.SortedFunc(slices.Values(bodies), func(a, b *ledgerv1.SaltedBody) int {
		return cmp.Compare(a.GetIndex(), b.GetIndex())
	})
	err := s.update(payload, func(w *writer) error { return w.putBodies(log, sorted) })
	if err != nil {
		return fmt.Errorf("taking in bodies of %s: %w", log, err)
	}
	return nil
}

// putBodies stores late bodies, by index, and gives each run of them without a gap a feed
// row. Bodies that come before their header is held arrive with it.
func (w *writer) putBodies(log ledger.LogID, bodies []*ledgerv1.SaltedBody) error {
	st, err := w.state(log)
	if err != nil {
		return err
	}
	type frame struct {
		run        uint64 // where it begins
		single     bool   // none
		visibility byte
	}
	late := map[frame][]*ledgerv1.SaltedBody{}
	var arrived []uint64
	erasures := false
	for i, b := range bodies {
		index := b.GetIndex()
		if i > 0 && index == bodies[i-1].GetIndex() {
			return fmt.Errorf("%w: the body of %s is there twice", ErrInvalid, log.Entry(index))
		}
		h, lost, err := w.openLate(st, b)
		if err != nil {
			return err
		}
		if h == nil {
			continue // here already
		}
		r, err := runOf(w.tx, log, index)
		if err != nil {
			return err
		}
		at := frame{r.first, r.end == 0, class(h.GetVisibility())}
		late[at] = append(late[at], b)
		switch {
		case lost:
			w.returned++
		case index < st.held.Size:
			arrived = append(arrived, index)
		}
		if h.GetKind() == ledgerv1.EntryKind_ENTRY_KIND_ERASURE {
			erasures = true
		}
	}
	for at, bodies := range late {
		w.wrote = true
		if at.single {
			err = addToTail(w.tx, log, bodies)
		} else {
			err = addBodies(w.tx, log, at.run, at.visibility, bodies)
		}
		if err != nil {
			return err
		}
	}
	for len(arrived) > 0 {
		n := 1
		for n < len(arrived) && arrived[n] == arrived[0]+uint64(n) {
			n++
		}
		if err := w.appendFeed(FeedBodies, log, arrived[0], arrived[0]+uint64(n)); err != nil {
			return err
		}
		arrived = arrived[n:]
	}
	if !erasures {
		return nil
	}
	erased, err := w.applyErasures(st, bodies[0].GetIndex(), st.held.Size)
	if err != nil {
		return err
	}
	return w.feedErased(log, erased)
}

// openLate checks a late body against the header stored, puts what is derived from it in
// place of what the header alone gave, and returns the header; nil when it is here already, or was erased.
// lost is set when the body was here before.
func (w *writer) openLate(st *logState, b *ledgerv1.SaltedBody) (_ *ledgerv1.EntryHeader, lost bool, err error) {
	index := b.GetIndex()
	if index >= st.tree.Size() {
		return nil, false, fmt.Errorf("%w: %s", ErrNotFound, st.log.Entry(index))
	}
	have, h, err := readEntry(w.tx, st.log, index)
	if err != nil || have.Salt != nil {
		return nil, false, err
	}
	if err := ledger.CheckBody(h, b.GetSalt(), b.GetBody()); err != nil {
		return nil, false, fmt.Errorf("%s: %w", st.log.Entry(index), err)
	}
	before, was := derive(st.log, h, nil, false)
	value, err := tableAbsent.get(w.tx, absentKey(class(h.GetVisibility()), st.log, index))
	if err != nil || value == nil { // nil: it was erased
		return nil, false, err
	}
	lost = bytes.Equal(value, lostBody)
	for _, o := range before {
		if err := o.table.del(w.tx, o.key); err != nil {
			return nil, false, err
		}
	}
	is, err := putIndex(w.tx, st.log, h, b.GetBody())
	if index < st.held.Size {
		st.counts.add(is.minus(was))
	} else {
		st.partial.add(is.minus(was))
	}
	return h, lost, err
}

func addToTail(tx *txn, log ledger.LogID, bodies []*ledgerv1.SaltedBody) error {
	for _, b := range bodies {
		e, _, err := readHeader(tx, log, b.GetIndex())
		if err != nil {
			return err
		}
		e.Salt, e.Body = b.GetSalt(), b.GetBody()
		if err := putTail(tx, log, b.GetIndex(), e); err != nil {
			return err
		}
	}
	return nil
}
