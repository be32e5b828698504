package store

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// reading is one read transaction and the heads that were released before it began:
// the file may be ahead of them, never behind.
type reading struct {
	ctx        context.Context // whose end ends every loop over rows
	tx         *txn
	federation string
	heads      map[ledger.LogID]released
	entries    int // entries and rows read so far
}

// size is how many entries of a log are held.
func (r *reading) size(log ledger.LogID) uint64 { return r.heads[log].head.Size }

// view reads in one transaction.
func (s *Store) view(fn func(*reading) error) error {
	s.mu.RLock()
	r := &reading{ctx: context.Background(), federation: s.opts.Federation, heads: s.heads}
	refusal := s.refusal
	s.mu.RUnlock()
	if refusal != nil {
		return refusal
	}
	return s.begin(r, func() error { return fn(r) })
}

// begin calls fn within a read transaction for a reading, whose heads were taken before. What
// damage it meets is remembered.
func (s *Store) begin(r *reading, fn func() error) error {
	last, begun := s.newest.Load(), false
	err := damageAsError(func() error {
		return s.db.View(func(tx *bbolt.Tx) (err error) {
			begun = true
			if r.tx, err = s.begun(tx, last); err != nil {
				return err
			}
			return fn()
		})
	})
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		err = cmp.Or(s.usable(), err)
	}
	if !begun && errors.Is(err, ErrCorrupt) {
		return s.die(err, true)
	}
	s.noteDamage(err)
	return err
}

// Snapshot is the store at one moment: whatever one answer is made of is read through
// one, so that no part of it is newer than another. It is valid until the function it
// was given to returns, and for one goroutine.
type Snapshot struct {
	*reading
	feed       uint64
	digest     [32]byte
	ahead      []SeenHead // of what is held
	heard      map[ledger.LogID]time.Time
	need, have uint64         // own entries released, and here: Recovering
	forks      []ledger.LogID // logs known to have two histories
	doubt      Doubt
	damage     *CorruptError
	mended     *Mended
	renumbered *Renumbered
	returned   uint64
	times      *feedTimes
}

// Snapshot calls fn with the store as it is now. When ctx ends, so does whatever is
// being read, with its error. Errors: that of fn, ErrClosed, ErrCorrupt.
func (s *Store) Snapshot(ctx context.Context, fn func(*Snapshot) error) error {
	s.mu.RLock()
	snap := &Snapshot{
		reading: &reading{ctx: ctx, federation: s.opts.Federation, heads: s.heads},
		feed:    s.feed, digest: s.digest, ahead: s.aheadList(), heard: s.heardOf(),
		need: s.guard.Size, have: s.heads[s.guard.log].head.Size, forks: s.forkedLogs(), doubt: s.guard.Doubt, damage: s.damage, mended: s.mended, renumbered: s.renumbered, returned: s.returned, times: &s.times,
	}
	refusal := s.refusal
	s.mu.RUnlock()
	if refusal != nil {
		return refusal
	}
	return s.begin(snap.reading, func() error { return fn(snap) })
}

// FeedEnd is the number and digest of its newest feed row; zeros before the first.
func (s *Snapshot) FeedEnd() (n uint64, digest [32]byte) { return s.feed, s.digest }

// Held returns the newest checkpoint held of a log.
func (s *Snapshot) Held(log ledger.LogID) (ledger.Checkpoint, bool) {
	r, ok := s.heads[log]
	return r.head, ok
}

// Counts gives how many entries of each log are held, and what is known of their words.
func (s *Snapshot) Counts() iter.Seq2[ledger.LogID, Counts] {
	return func(yield func(ledger.LogID, Counts) bool) {
		for log, r := range s.heads {
			if !yield(log, r.counts.counts()) {
				return
			}
		}
	}
}

// Seen gives the newest head known of every log, in no order.
func (s *Snapshot) Seen() iter.Seq[SeenHead] {
	return func(yield func(SeenHead) bool) {
		ahead := map[ledger.LogID]bool{}
		for _, head := range s.ahead {
			if ahead[head.Log] = true; !yield(head) {
				return
			}
		}
		for log, r := range s.heads {
			if !ahead[log] && !yield(SeenHead{Checkpoint: r.head}) {
				return
			}
		}
	}
}

// Heard is when the office of each log was last heard, by this node's clock: by a stamp or an
// entry, which count from when they came, or, where they were old by then, from when they were
// made.
func (s *Snapshot) Heard() map[ledger.LogID]time.Time { return s.heard }

// Recovering is Store.Recovering, of the snapshot.
func (s *Snapshot) Recovering() (need, have uint64, yes bool) {
	return s.need, s.have, s.have < s.need
}

// Forks are the logs that are known to have two histories.
func (s *Snapshot) Forks() []ledger.LogID { return s.forks }

// Doubt is Store.Doubt, of the snapshot.
func (s *Snapshot) Doubt() Doubt { return s.doubt }

// Renumbered is where numbers of the feed were given twice; nil: nowhere.
func (s *Snapshot) Renumbered() *Renumbered { return s.renumbered }

// Returned is Store.Returned, of the snapshot, which may have more.
func (s *Snapshot) Returned() uint64 { return s.returned }

// Damage is Store.Damage, of the snapshot.
func (s *Snapshot) Damage() *CorruptError { return s.damage }

// Lost are the logs that lost entries in the last mend and are not held again.
func (s *Snapshot) Lost() (lost []ledger.LogID) {
	if s.mended == nil {
		return nil
	}
	for name, size := range s.mended.Cut {
		if log, err := ledger.ParseLogID(name); err == nil && s.size(log) < max(size, 1) {
			lost = append(lost, log)
		}
	}
	slices.SortFunc(lost, ledger.LogID.Compare)
	return lost
}

// LossUnknown: nobody knows yet what else the last mend lost.
func (s *Snapshot) LossUnknown() bool { return s.mended != nil && s.mended.Unknown }

// Cost is how many entries and rows were read so far: what an answer costs grows with it.
func (s *Snapshot) Cost() int { return s.entries }
