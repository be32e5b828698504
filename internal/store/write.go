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
	s          *Store
	tx         *txn
	now        time.Time
	states     map[ledger.LogID]*logState
	newLogs    int                       // how many of them were empty before
	seen       map[ledger.LogID]seenHead // heads noted on the way
	stamps     []heard                   // written by this
	signatures [][32]byte                // written by this
	claimed    map[ledger.LogID]int64    // of the last entry put, ms
	feed       uint64
	digest     [32]byte
	wrote      bool // anything at all: else nothing is committed

	returned uint64 // bodies that were lost and are back
}

// update runs fn in one write transaction and, in this order, commits it, writes the
// guard when an own head moved, and releases to readers what fn did: at any crash
// data file >= guard >= any released head (protocol.md 4; Append says why). An error of
// fn leaves everything as it was. payload is about how many bytes fn will write.
func (s *Store) update(payload int, fn func(*writer) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	if found := s.Damage(); found != nil {
		return fmt.Errorf("%w: nothing is written until that is mended", found)
	}
	if err := s.room(payload); err != nil {
		return err
	}
	var tx *bbolt.Tx
	err := damageAsError(func() (err error) { tx, err = s.db.Begin(true); return err })
	if errors.Is(err, ErrCorrupt) {
		return s.die(err, true)
	}
	if err != nil {
		return fmt.Errorf("beginning to write: %w", err)
	}
	defer func() {
		if r := recover(); r != nil { // a mistake of ours: else no write would begin any more
			_ = tx.Rollback()
			panic(r)
		}
	}()
	w := &writer{
		s: s, now: fromMillis(s.opts.Now().UnixMilli()),
		states: map[ledger.LogID]*logState{},
		seen:   map[ledger.LogID]seenHead{}, claimed: map[ledger.LogID]int64{},
	}
	w.feed, w.digest = s.FeedEnd()
	err = damageAsError(func() (err error) {
		if w.tx, err = s.begun(tx, s.newest.Load()); err != nil {
			return err
		}
		if err := fn(w); err != nil || !w.wrote {
			return err
		}
		for _, log := range slices.SortedFunc(maps.Keys(w.states), ledger.LogID.Compare) {
			if st := w.states[log]; st.tree.Size() > 0 {
				if err := st.save(w.tx); err != nil {
					return err
				}
			}
		}
		if err := errors.Join(w.saveStamps(), w.saveSignatures()); err != nil {
			return err
		}
		if err := w.saveSeen(); err != nil {
			return err
		}
		if err := w.saveRestored(); err != nil {
			return err
		}
		return w.tx.seal()
	})
	if err != nil || !w.wrote {
		if err = errors.Join(err, tx.Rollback()); err != nil {
			s.noteDamage(err)
			return err
		}
		for _, h := range w.seen {
			if err := s.noteSeen(h.Checkpoint); err != nil {
				return err
			}
		}
		return nil
	}

	// The newest own head, if this moves it.
	own := ledger.Checkpoint{Log: s.guardLog()}
	for log, st := range w.states {
		if g := s.guard; log == g.log && st.held.Size < g.Size {
			continue // recovering from a peer that has only a part: the guard never falls
		}
		if log.Office == s.opts.Office && st.held.Size > s.size(log) && log.Epoch >= own.Log.Epoch {
			own = st.held
		}
	}

	s.step("before commit")
	err = damageAsError(func() error { return s.commit(tx) })
	if errors.Is(err, ErrCorrupt) { // a page that is not what bbolt takes it for: nothing is written for good before all are looked at
		if back := damageAsError(tx.Rollback); back == nil {
			s.noteDamage(err)
			return err
		}
	}
	if err != nil {
		return s.die(fmt.Errorf("committing to %s: %w", s.path, err), errors.Is(err, ErrCorrupt))
	}
	s.newest.Store(w.tx.written + 1)
	s.restoredRow = s.restored
	s.step("committed")
	if own.Note != nil {
		g := s.guard.at(own)
		g.Feed = w.feed
		if err := s.writeGuard(g); err != nil {
			return s.die(err, false)
		}
		s.step("guarded")
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	for log, ms := range w.claimed {
		if at := s.heardBy(fromMillis(ms)); at.After(s.spoke[log]) {
			s.spoke[log] = at
		}
	}
	s.logs += w.newLogs
	heads := maps.Clone(s.heads)
	for log, st := range w.states {
		if st.held.Note != nil {
			feed := heads[log].feed
			if st.held.Size > heads[log].head.Size {
				feed = w.feed
			}
			heads[log] = released{st.held, st.counts, feed}
		}
		s.noteStored(st)
	}
	s.heads = heads
	for log, h := range s.seen { // what was saved, beside what was seen since
		if heads[log].head.Size < h.Size && w.seen[log].Size < h.Size {
			w.seen[log] = h
		}
	}
	s.seen = w.seen
	s.returned += w.returned
	s.stampsSaved(w.stamps)
	for _, sum := range w.signatures {
		s.signatures[sum] = true
	}
	if w.feed != s.feed || w.returned > 0 {
		s.feed, s.digest = w.feed, w.digest
		s.wake()
	}
	return nil
}

// die makes the store refuse everything and says so to whoever has to act. It is stuck where bbolt
// has panicked and kept a lock: only a new process can open the file then.
func (s *Store) die(err error, stuck bool) error {
	s.stuck.Store(s.stuck.Load() || stuck)
	err = fmt.Errorf("%w: %w", ErrFatal, err)
	s.mu.Lock()
	s.refusal = err
	s.wake()
	s.mu.Unlock()
	s.opts.OnCommitError(err)
	return err
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
