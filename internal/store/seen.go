package store

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// SeenHead is the newest validly signed head known of a log, held or not.
type SeenHead struct {
	ledger.Checkpoint
	// BehindSince is when this node first knew of more than it holds; zero when it
	// holds everything it has seen.
	BehindSince time.Time
}

// seenHead is SeenHead with whether it must be written. Heads seen are kept in memory
// and written with whatever is written next, or at Close: a commit of its own would
// cost as much as receiving the entries, and peers say again what a crash forgets.
type seenHead struct {
	SeenHead
	dirty bool
}

// See takes note of a head whose signature was checked, held or not, and wakes whoever
// waits when it is news. A head within what is verified and stored here, but beyond
// what is held, is held from now on: its source may have a smaller head than the
// source those entries came from. Errors: *ForkError, ErrInvalid, ErrTooMany,
// ErrDiskFull, ErrFatal.
func (s *Store) See(cp ledger.Checkpoint) error {
	if cp.Log.Federation != s.opts.Federation || len(cp.Note) == 0 {
		return fmt.Errorf("seeing a head of %s: %w: want one of %s", cp.Log, ErrInvalid, s.opts.Federation)
	}
	reachable, err := s.reachable(cp)
	if err != nil {
		return fmt.Errorf("seeing a head of %s: %w", cp.Log, err)
	}
	if !reachable {
		return s.noteSeen(cp)
	}
	err = s.update(0, func(w *writer) error {
		st, err := w.state(cp.Log)
		if err != nil {
			return err
		}
		return w.reach(st, cp)
	})
	if err != nil {
		return fmt.Errorf("seeing a head of %s: %w", cp.Log, err)
	}
	return nil
}

// reachable reports whether a head lies beyond what is held and within what is stored.
// One that contradicts what is stored is a *ForkError.
func (s *Store) reachable(cp ledger.Checkpoint) (bool, error) {
	if held, ok := s.Held(cp.Log); ok && held.Size == cp.Size && held.Root == cp.Root {
		return false, nil
	}
	yes := false
	err := s.view(func(r *reading) error {
		st, err := loadState(r.tx, cp.Log)
		if err != nil || cp.Size > st.tree.Size() {
			return err
		}
		yes = cp.Size > st.held.Size
		return (&writer{tx: r.tx}).agrees(st, cp)
	})
	return yes, err
}

// noteSeen keeps a head in memory when it is newer than the one seen.
func (s *Store) noteSeen(cp ledger.Checkpoint) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusal != nil {
		return s.refusal
	}
	have, known := s.seen[cp.Log]
	if known && have.Size == cp.Size && have.Root != cp.Root {
		return fmt.Errorf("seeing a head of %s: %w", cp.Log, &ForkError{Held: have.Checkpoint, Other: cp})
	}
	if known && have.Size >= cp.Size {
		return nil
	}
	if !known && len(s.seen) >= LogLimit {
		return fmt.Errorf("seeing a head of %s: %w: heads of %d logs are kept", cp.Log, ErrTooMany, LogLimit)
	}
	since := s.age(have.BehindSince, s.heads[cp.Log].head.Size, cp.Size)
	s.seen[cp.Log] = seenHead{SeenHead{cp, since}, true}
	s.wake()
	return nil
}

// noteAll keeps the heads a transaction saw that had nothing to write.
func (s *Store) noteAll(heads map[ledger.LogID]ledger.Checkpoint) error {
	for _, cp := range heads {
		if err := s.noteSeen(cp); err != nil {
			return err
		}
	}
	return nil
}

// age is since when a head seen is ahead of what is held: zero when it is not.
func (s *Store) age(since time.Time, held, seen uint64) time.Time {
	if held >= seen {
		return time.Time{}
	}
	if since.IsZero() {
		return fromMillis(s.opts.Now().UnixMilli())
	}
	return since
}

// Seen returns the newest head known of every log, by log name.
func (s *Store) Seen() []SeenHead {
	s.mu.RLock()
	defer s.mu.RUnlock()
	heads := make([]SeenHead, 0, len(s.seen))
	for _, h := range s.seen {
		heads = append(heads, h.SeenHead)
	}
	slices.SortFunc(heads, func(a, b SeenHead) int { return a.Log.Compare(b.Log) })
	return heads
}

// see takes note of a head within a transaction: it is known once that is released.
func (w *writer) see(cp ledger.Checkpoint) {
	if have, ok := w.seen[cp.Log]; !ok || have.Size < cp.Size {
		w.seen[cp.Log] = cp
	}
}

// saveSeen writes the heads that this transaction saw, those whose age it ended, and
// those that were kept in memory until now.
func (w *writer) saveSeen() error {
	for log, known := range w.s.seenCopy() {
		if _, ok := w.seen[log]; !ok || w.seen[log].Size < known.Size {
			if _, touched := w.states[log]; known.dirty || touched || ok {
				w.seen[log] = known.Checkpoint
			}
		}
	}
	for log, cp := range w.seen {
		if err := w.saveSeenHead(log, cp); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) saveSeenHead(log ledger.LogID, cp ledger.Checkpoint) error {
	known, held := w.s.seenOf(log)
	if st, ok := w.states[log]; ok {
		held = st.held.Size
	}
	h := SeenHead{cp, w.s.age(known.BehindSince, held, cp.Size)}
	if !known.dirty && known.Size == cp.Size && known.Note != nil && known.BehindSince.Equal(h.BehindSince) {
		return nil
	}
	w.saved[log] = h
	var since int64
	if !h.BehindSince.IsZero() {
		since = h.BehindSince.UnixMilli()
	}
	return tableSeen.put(w.tx, logKey(log), number(uint64(since)), cp.Note)
}

func (s *Store) seenCopy() map[ledger.LogID]seenHead {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.seen)
}

func (s *Store) seenOf(log ledger.LogID) (seenHead, uint64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.seen[log], s.heads[log].head.Size
}

// settleSeen makes known what a transaction saved, unless something newer was seen
// since. s.mu is held.
func (s *Store) settleSeen(w *writer) {
	for log, h := range w.saved {
		if have, ok := s.seen[log]; !ok || have.Size <= h.Size {
			s.seen[log] = seenHead{h, false}
		}
	}
}

// flushSeen writes heads seen that were kept in memory. They are worth a commit only
// when the store is closed.
func (s *Store) flushSeen() error {
	for _, h := range s.seenCopy() {
		if h.dirty {
			return s.update(0, func(w *writer) error { w.wrote = true; return nil })
		}
	}
	return nil
}

func (s *Store) loadSeen(tx *bbolt.Tx) error {
	return tableSeen.scan(tx, nil, nil, func(key, value []byte) error {
		log, rest, ok := cutLog(s.opts.Federation, key)
		if !ok || len(rest) != 0 || len(value) < 8 {
			return tableSeen.damaged(key)
		}
		cp, err := ledger.PeekCheckpoint(value[8:])
		if err != nil || cp.Log != log {
			return tableSeen.damaged(key)
		}
		h := SeenHead{Checkpoint: cp}
		if since := int64(binary.BigEndian.Uint64(value)); since != 0 {
			h.BehindSince = fromMillis(since)
		}
		s.seen[log] = seenHead{h, false}
		return nil
	})
}
