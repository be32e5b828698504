package store

import (
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

func (w *writer) ingest(v *ledger.Verified) error {
	st, err := w.state(v.Log())
	if err != nil {
		return err
	}
	r, err := unheld(st, v)
	if err != nil {
		return err
	}
	if err := w.put(st, r); err != nil {
		return err
	}
	return w.reach(st, v.Target())
}

// unheld is the part of a verified run that is not stored yet, after checking that it
// extends what is.
func unheld(st *logState, v *ledger.Verified) (run, error) {
	have, from := st.tree.Size(), v.From()
	if from > have {
		return run{}, fmt.Errorf("%s from %d: %w: stored up to %d", v.Log(), from, ledger.ErrGap, have)
	}
	skip := have - from
	if skip >= uint64(len(v.Entries())) {
		return run{}, nil
	}
	r := run{v.Entries()[skip:], v.Headers()[skip:], v.LeafHashes()[skip:], nil}
	tree := st.tree
	for _, leaf := range r.leaves {
		tree.Append(leaf)
	}
	if tree != v.Tree() {
		return run{}, &ForkError{Held: st.held, Other: v.Target()}
	}
	if b, whole := v.Blocks(); whole && skip == 0 && len(b.Bodies) <= blockEntries {
		r.blocks = &b
	}
	return r, nil
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

// blockOf is the block and visibility a late body belongs to.
type blockOf struct {
	block      uint64
	visibility byte
}

func (w *writer) putBodies(log ledger.LogID, bodies []*ledgerv1.SaltedBody) error {
	st, err := w.state(log)
	if err != nil {
		return err
	}
	late := map[blockOf][]*ledgerv1.SaltedBody{}
	var arrived []uint64
	for i, b := range bodies {
		if i > 0 && b.GetIndex() == bodies[i-1].GetIndex() {
			return fmt.Errorf("%w: the body of %s is there twice", ErrInvalid, log.Entry(b.GetIndex()))
		}
		at, fresh, err := w.openLate(st, b)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		late[at] = append(late[at], b)
		if b.GetIndex() < st.held.Size {
			arrived = append(arrived, b.GetIndex())
		}
	}
	if err := w.storeLate(st, late); err != nil {
		return err
	}
	return w.feedLate(log, arrived)
}

// openLate checks a late body against the header stored and indexes it. fresh is false
// when it is here already.
func (w *writer) openLate(st *logState, b *ledgerv1.SaltedBody) (at blockOf, fresh bool, err error) {
	index := b.GetIndex()
	if index >= st.tree.Size() {
		return at, false, fmt.Errorf("%w: %s", ErrNotFound, st.log.Entry(index))
	}
	have, h, err := readEntry(w.tx, st.log, index)
	if err != nil || have.Salt != nil {
		return at, false, err
	}
	if err := ledger.CheckBody(h, b.GetSalt(), b.GetBody()); err != nil {
		return at, false, fmt.Errorf("%s: %w", st.log.Entry(index), err)
	}
	change, err := replaceIndex(w.tx, st.log, h, b.GetBody())
	if index < st.held.Size {
		st.counts.add(change)
	} else {
		st.partial.add(change)
	}
	return blockOf{index / blockEntries, class(h.GetVisibility())}, true, err
}

func (w *writer) storeLate(st *logState, late map[blockOf][]*ledgerv1.SaltedBody) error {
	for at, bodies := range late {
		w.wrote = true
		store := w.addToTail
		if st.tree.Size() >= (at.block+1)*blockEntries {
			store = func(log ledger.LogID, bodies []*ledgerv1.SaltedBody) error {
				return addBodies(w.tx, log, at.block, at.visibility, bodies)
			}
		}
		if err := store(st.log, bodies); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) addToTail(log ledger.LogID, bodies []*ledgerv1.SaltedBody) error {
	for _, b := range bodies {
		e, _, err := readHeader(w.tx, log, b.GetIndex())
		if err != nil {
			return err
		}
		e.Salt, e.Body = b.GetSalt(), b.GetBody()
		if err := putTail(w.tx, log, b.GetIndex(), e); err != nil {
			return err
		}
	}
	return nil
}

// feedLate gives late bodies one feed row for each run without a gap. Bodies that
// came before their header is held arrive with it.
func (w *writer) feedLate(log ledger.LogID, indexes []uint64) error {
	for len(indexes) > 0 {
		n := 1
		for n < len(indexes) && indexes[n] == indexes[0]+uint64(n) {
			n++
		}
		if err := w.appendFeed(FeedBodies, log, indexes[0], indexes[0]+uint64(n)); err != nil {
			return err
		}
		indexes = indexes[n:]
	}
	return nil
}
