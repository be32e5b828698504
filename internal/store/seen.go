package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// SeenHead is the newest validly signed head known of a log, held or not.
type SeenHead struct {
	ledger.Checkpoint
	// BehindSince is when this node first knew of more than it holds; zero when it
	// holds everything it has seen.
	BehindSince time.Time
}

// seenHead is the head of a log beyond what is held of it: there is none once it is
// held. Heads seen are kept in memory and written with whatever is written next, or at
// Close: a commit of its own would cost as much as receiving the entries, and peers
// say again what a crash forgets.
type seenHead struct {
	SeenHead
	dirty bool // not written yet
}

// See takes note of a head whose signature was checked, held or not, and wakes whoever
// waits when it is news. A head within what is verified and stored here, but beyond
// what is held, is held from now on: its source may have a smaller head than the
// source those entries came from. Errors: *ForkError, ErrInvalid, ErrTooMany,
// ErrDiskFull, ErrFatal.
func (s *Store) See(cp ledger.Checkpoint) error {
	err := func() error {
		if cp.Log.Federation != s.opts.Federation || len(cp.Note) == 0 {
			return fmt.Errorf("%w: want one of %s", ErrInvalid, s.opts.Federation)
		}
		if held, ok := s.Held(cp.Log); ok && held.Size == cp.Size && held.Root == cp.Root {
			return s.noteSeen(cp)
		}
		reachable := false
		err := s.view(func(r *reading) error {
			st, err := loadState(r.tx, cp.Log)
			if err != nil || cp.Size > st.tree.Size() {
				return err
			}
			reachable = cp.Size > st.held.Size
			return agrees(r.tx, st, cp)
		})
		if err != nil {
			return err
		}
		if !reachable {
			return s.noteSeen(cp)
		}
		return s.update(0, func(w *writer) error {
			st, err := w.state(cp.Log)
			if err != nil {
				return err
			}
			return w.reach(st, cp)
		})
	}()
	if err != nil {
		return fmt.Errorf("seeing a head of %s: %w", cp.Log, err)
	}
	return nil
}

// noteSeen keeps a head in memory when it is newer than the one known.
func (s *Store) noteSeen(cp ledger.Checkpoint) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusal != nil {
		return s.refusal
	}
	have, ahead := s.seen[cp.Log]
	if ahead && have.Size == cp.Size && have.Root != cp.Root {
		return &ForkError{Held: have.Checkpoint, Other: cp}
	}
	if cp.Size <= max(have.Size, s.heads[cp.Log].head.Size) {
		return nil
	}
	if !ahead && len(s.seen) >= LogLimit {
		return fmt.Errorf("%w: heads of %d logs are kept, %s would be one more", ErrTooMany, LogLimit, cp.Log)
	}
	s.seen[cp.Log] = seenHead{SeenHead{cp, s.since(have)}, true}
	s.wake()
	return nil
}

// since is when this node first knew of more of a log than it holds.
func (s *Store) since(have seenHead) time.Time {
	if !have.BehindSince.IsZero() {
		return have.BehindSince
	}
	return fromMillis(s.opts.Now().UnixMilli())
}

// Seen returns the newest head known of every log, by log name.
func (s *Store) Seen() []SeenHead {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.seenList()
}

func (s *Store) seenList() []SeenHead {
	heads := make([]SeenHead, 0, len(s.heads)+len(s.seen))
	for log, r := range s.heads {
		if _, ahead := s.seen[log]; !ahead {
			heads = append(heads, SeenHead{Checkpoint: r.head})
		}
	}
	for _, h := range s.seen {
		heads = append(heads, h.SeenHead)
	}
	slices.SortFunc(heads, func(a, b SeenHead) int { return a.Log.Compare(b.Log) })
	return heads
}

// saveSeen brings the heads seen up to date: those kept in memory until now and those
// seen on the way are written, those now held are removed. w.seen is what is left.
func (w *writer) saveSeen() error {
	known := w.s.seenCopy()
	for log, have := range known {
		if w.seen[log].Size <= have.Size {
			w.seen[log] = have
		}
	}
	for log, h := range w.seen {
		held := w.s.size(log) // as this transaction leaves it
		if st, ok := w.states[log]; ok {
			held = st.held.Size
		}
		if held >= h.Size {
			delete(w.seen, log)
			if _, ahead := known[log]; !ahead {
				continue
			}
			if err := tableSeen.del(w.tx, logKey(log)); err != nil {
				return err
			}
			continue
		}
		if have, ok := known[log]; ok && have.Size == h.Size && !have.dirty {
			continue
		}
		h.BehindSince = w.s.since(known[log])
		if err := tableSeen.put(w.tx, logKey(log), number(uint64(h.BehindSince.UnixMilli())), h.Note); err != nil {
			return err
		}
		w.seen[log] = seenHead{h.SeenHead, false}
	}
	return nil
}

func (s *Store) seenCopy() map[ledger.LogID]seenHead {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.seen)
}

func (s *Store) loadSeen(tx *txn) error {
	return tableSeen.scan(tx, nil, nil, func(key, value []byte) error {
		cp, since, err := openSeen(value)
		if err != nil || !bytes.Equal(key, logKey(cp.Log)) {
			return tableSeen.damaged(key)
		}
		s.seen[cp.Log] = seenHead{SeenHead{cp, since}, false}
		return nil
	})
}

func openSeen(value []byte) (cp ledger.Checkpoint, since time.Time, err error) {
	if len(value) < 8 {
		return cp, since, ErrCorrupt
	}
	cp, err = ledger.PeekCheckpoint(value[8:])
	return cp, fromMillis(int64(binary.BigEndian.Uint64(value))), err
}
