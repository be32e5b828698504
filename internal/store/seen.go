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

// heard is the newest stamp of a log, and when its office was heard by it. It is kept in
// memory, like heads seen, and written with whatever is written next, or at Close.
type heard struct {
	ledger.Stamp
	at    time.Time
	dirty bool
}

// Stamp keeps a stamp, whose signatures were checked, as the newest of its log, and wakes
// whoever waits.
func (s *Store) Stamp(st ledger.Stamp) {
	at := s.heardBy(st.Time)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.stamps[st.Log]; !known && len(s.stamps) >= LogLimit {
		return
	}
	s.stamps[st.Log] = heard{st, at, true}
	s.wake()
}

const (
	// StampAhead is how far what an office says the time is may be ahead of this node's clock.
	// Beyond, one of the two is wrong, and it tells nothing.
	StampAhead = 5 * time.Minute
	// StampOldAfter is the age from which what comes was old when it came.
	StampOldAfter = 2 * time.Hour
)

// heardBy is when an office was heard by what comes now and was made at a time by the office's
// clock: now, whatever that clock shows. But what was old when it came, was kept back or had a
// long way, and tells only when the office was there then; and what is ahead of this clock tells
// nothing: zero. As long as the process lives its age counts on by the clock that does not jump.
func (s *Store) heardBy(made time.Time) time.Time {
	now := s.opts.Now()
	switch age := now.Sub(made); {
	case age < -StampAhead:
		return time.Time{}
	case age > StampOldAfter:
		return now.Add(-age)
	}
	return now
}

// Stamps returns the newest stamp of every log, by log name.
func (s *Store) Stamps() []ledger.Stamp {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]ledger.Stamp, 0, len(s.stamps))
	for _, h := range s.stamps {
		all = append(all, h.Stamp)
	}
	slices.SortFunc(all, func(a, b ledger.Stamp) int { return a.Log.Compare(b.Log) })
	return all
}

// LastStamp returns the newest stamp of a log; zero: there is none.
func (s *Store) LastStamp(log ledger.LogID) ledger.Stamp {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.stamps[log].Stamp
}

// heardOf is when the office of each log was last heard: by its newest stamp, or by a newer
// entry that has arrived since the start. s.mu is held.
func (s *Store) heardOf() map[ledger.LogID]time.Time {
	all := maps.Clone(s.spoke)
	for log, h := range s.stamps {
		if h.at.After(all[log]) {
			all[log] = h.at
		}
	}
	return all
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
		if cp.Size > s.stored(cp.Log) { // as nearly all are: nothing need be read
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

// stored is how many entries of a log are verified and stored: at least those held.
func (s *Store) stored(log ledger.LogID) uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return max(s.heads[log].head.Size, s.partial[log])
}

// noteStored notes how much is stored of a log. s.mu is held, or nobody else knows of s.
func (s *Store) noteStored(st *logState) {
	if delete(s.partial, st.log); st.tree.Size() > st.held.Size {
		s.partial[st.log] = st.tree.Size()
	}
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
	heads := s.aheadList()
	for log, r := range s.heads {
		if _, ahead := s.seen[log]; !ahead {
			heads = append(heads, SeenHead{Checkpoint: r.head})
		}
	}
	slices.SortFunc(heads, func(a, b SeenHead) int { return a.Log.Compare(b.Log) })
	return heads
}

// aheadList is the newest head seen of each log that is ahead of what is held. s.mu is held.
func (s *Store) aheadList() (heads []SeenHead) {
	for _, h := range s.seen {
		heads = append(heads, h.SeenHead)
	}
	return heads
}

// saveStamps writes the stamps kept in memory until now; what is not written stays so.
func (w *writer) saveStamps() error {
	for _, h := range w.s.unsavedStamps() {
		if err := tableSeen.put(w.tx, stampKey(h.Log), number(uint64(h.at.UnixMilli())), h.Note); err != nil {
			return err
		}
		w.stamps = append(w.stamps, h)
	}
	return nil
}

// stampsSaved notes that a transaction has written them. s.mu is held.
func (s *Store) stampsSaved(written []heard) {
	for _, h := range written {
		if now := s.stamps[h.Log]; now.Time.Equal(h.Time) {
			now.dirty = false
			s.stamps[h.Log] = now
		}
	}
}

func (s *Store) unsavedStamps() (unsaved []heard) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, h := range s.stamps {
		if h.dirty {
			unsaved = append(unsaved, h)
		}
	}
	slices.SortFunc(unsaved, func(a, b heard) int { return a.Log.Compare(b.Log) })
	return unsaved
}

// NoteFork keeps the head that contradicts what is held of a log, both validly signed: the log has two
// histories, which whoever asks is told for good. Errors: ErrDiskFull, ErrReadOnly, ErrFatal; it is known
// all the same until the process ends.
func (s *Store) NoteFork(other ledger.Checkpoint) error {
	s.mu.Lock()
	_, known := s.contrary[other.Log]
	if !known {
		s.contrary[other.Log] = other
	}
	s.wake()
	s.mu.Unlock()
	if known {
		return nil
	}
	return s.update(0, func(w *writer) error {
		w.wrote = true
		return tableSeen.put(w.tx, contraryKey(other.Log), number(0), other.Note)
	})
}

// Forks are the heads that contradict what is held, by log name.
func (s *Store) Forks() []ledger.Checkpoint {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.contrary), func(a, b ledger.Checkpoint) int { return a.Log.Compare(b.Log) })
}

// forkedLogs are those known to have two histories, the own one by its guard. s.mu is held.
func (s *Store) forkedLogs() []ledger.LogID {
	logs := slices.Collect(maps.Keys(s.contrary))
	if s.forked != nil || s.guard.Contradicted != "" {
		logs = append(logs, s.guard.log)
	}
	slices.SortFunc(logs, ledger.LogID.Compare)
	return slices.Compact(logs)
}

// stampKey is the key of a stamp, told from that of a head by its last byte: an epoch has four,
// behind the one 0 that ends the office.
func stampKey(log ledger.LogID) []byte { return append(logKey(log), 's') }

// contraryKey is the key of a head that contradicts what is held.
func contraryKey(log ledger.LogID) []byte { return append(logKey(log), 'c') }

// seenKind is 's' of a stamp's key, 'c' of a contrary head's, and 0 of a head's.
func seenKind(key []byte) byte {
	if end := bytes.IndexByte(key, 0); end >= 0 && len(key) == end+6 {
		return key[end+5]
	}
	return 0
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
		if seenKind(key) == 's' {
			return s.loadStamp(key, value)
		}
		cp, since, err := openSeen(value)
		switch {
		case err == nil && bytes.Equal(key, logKey(cp.Log)):
			s.seen[cp.Log] = seenHead{SeenHead{cp, since}, false}
		case err == nil && bytes.Equal(key, contraryKey(cp.Log)):
			s.contrary[cp.Log] = cp
		default:
			return tableSeen.damaged(key)
		}
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

// loadStamp reads a stamp. Where the time it was heard at lies ahead of the clock now, that was
// put back, and the office was heard when its stamp was made; where that lies ahead, too, nobody
// can say how long ago it was, and it was not heard.
func (s *Store) loadStamp(key, value []byte) error {
	st, at, err := openStamp(value)
	if err != nil || !bytes.Equal(key, stampKey(st.Log)) {
		return tableSeen.damaged(key)
	}
	latest := s.opts.Now().Add(StampAhead)
	if at.After(latest) {
		at = st.Time
	}
	if at.After(latest) {
		at = time.Time{}
	}
	s.stamps[st.Log] = heard{Stamp: st, at: at}
	return nil
}

func openStamp(value []byte) (st ledger.Stamp, at time.Time, err error) {
	if len(value) < 8 {
		return st, at, ErrCorrupt
	}
	st, err = ledger.PeekStamp(value[8:])
	return st, fromMillis(int64(binary.BigEndian.Uint64(value))), err
}
