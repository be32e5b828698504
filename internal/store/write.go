package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// writer is one write transaction: what it has touched, and what will be released
// once it is durable.
type writer struct {
	s      *Store
	tx     *bbolt.Tx
	now    time.Time
	states map[ledger.LogID]*logState
	seen   map[ledger.LogID]seenHead // heads noted on the way
	own    ledger.Checkpoint         // the own head, when it
	moved  bool
	feed   uint64
	digest [32]byte
	wrote  bool // anything at all: else nothing is committed
	// newLogs is how many of states were empty before.
	newLogs int
}

// update runs fn in one write transaction, commits it, writes the guard when an own
// head moved, and only then releases what fn did to readers (protocol.md 4). An
// error of fn leaves everything as it was. payload is about how many bytes fn will
// write.
func (s *Store) update(payload int, fn func(*writer) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	if err := s.room(payload); err != nil {
		return err
	}
	w, err := s.transact(fn)
	if err != nil {
		return err
	}
	if !w.wrote {
		return s.noteAll(w.seen)
	}
	s.step("committed")
	return s.release(w)
}

// transact runs fn and commits what it wrote, if it wrote anything.
func (s *Store) transact(fn func(*writer) error) (w *writer, err error) {
	tx, err := s.db.Begin(true)
	if err != nil {
		return nil, fmt.Errorf("beginning to write: %w", err)
	}
	w = &writer{
		s: s, tx: tx, now: fromMillis(s.opts.Now().UnixMilli()),
		states: map[ledger.LogID]*logState{},
		seen:   map[ledger.LogID]seenHead{},
	}
	w.feed, w.digest = s.FeedEnd()
	if err = damageAsError(func() error { return w.run(fn) }); err != nil || !w.wrote {
		return w, errors.Join(err, tx.Rollback())
	}
	s.step("before commit")
	w.own, w.moved = w.ownHead()
	if err := damageAsError(func() error { return s.commit(tx) }); err != nil {
		return nil, s.die(fmt.Errorf("committing to %s: %w", s.path, err))
	}
	return w, nil
}

func (w *writer) run(fn func(*writer) error) error {
	if err := fn(w); err != nil {
		return err
	}
	if !w.wrote {
		return nil
	}
	for _, log := range slices.SortedFunc(maps.Keys(w.states), ledger.LogID.Compare) {
		if st := w.states[log]; st.tree.Size() > 0 {
			if err := st.save(w.tx); err != nil {
				return err
			}
		}
	}
	return w.saveSeen()
}

// die makes the store refuse everything and says so to whoever has to act.
func (s *Store) die(err error) error {
	err = fmt.Errorf("%w: %w", ErrFatal, err)
	s.mu.Lock()
	s.refusal = err
	s.wake()
	s.mu.Unlock()
	s.opts.OnCommitError(err)
	return err
}

// release makes what was committed visible: the guard first, when an own head moved.
func (s *Store) release(w *writer) error {
	if w.moved {
		if err := s.writeGuard(w.own); err != nil {
			return s.die(err)
		}
		s.step("guarded")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logs += w.newLogs
	heads := maps.Clone(s.heads)
	for log, st := range w.states {
		if st.held.Note != nil {
			heads[log] = released{st.held, st.counts}
		}
	}
	s.heads = heads
	s.settleSeen(w)
	if w.feed != s.feed {
		s.feed, s.digest = w.feed, w.digest
		s.wake()
	}
	return nil
}

// ownHead is the newest own head, if this transaction moved it.
func (w *writer) ownHead() (ledger.Checkpoint, bool) {
	own := ledger.Checkpoint{Log: w.s.guardLog()}
	for log, st := range w.states {
		if g := w.s.guard; log == g.log && st.held.Size < g.Size {
			continue // recovering from a peer that has only a part: the guard never falls
		}
		if log.Office == w.s.opts.Office && st.held.Size > w.s.size(log) && log.Epoch >= own.Log.Epoch {
			own = st.held
		}
	}
	return own, own.Note != nil
}

// state is how a log stands within this transaction.
func (w *writer) state(log ledger.LogID) (*logState, error) {
	if st, ok := w.states[log]; ok {
		return st, nil
	}
	if log.Federation != w.s.opts.Federation {
		return nil, fmt.Errorf("%w: %s is a log of another federation than %s", ErrInvalid, log, w.s.opts.Federation)
	}
	st, err := loadState(w.tx, log)
	if err != nil {
		return nil, err
	}
	if st.tree.Size() == 0 {
		w.newLogs++
		if w.s.logs+w.newLogs > LogLimit {
			return nil, fmt.Errorf("%w: %d logs are kept, %s would be one more", ErrTooMany, LogLimit, log)
		}
	}
	w.states[log] = st
	return st, nil
}
