package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/ledger"
)

// A damaged file is never written to, and not repaired in place: bbolt frees and writes over
// pages as its own, damaged pages say. What can be read of it and proves itself, entries against
// their trees and signed heads, is written into a new file, with all that is derived from it,
// and that takes the place of the old in one rename. The old one stays beside it, as
// FILE.damaged-TIME: it may have what nobody else has.
//
//	entry's words lost    its header stands; they are wanted from peers, and come without a new arrival
//	header lost           of its log nothing is held until peers have given back what follows;
//	                      what is before is kept (protocol.md 2, partial entries)
//	which logs there      nothing is complete until those who would know were heard again
//	were lost
//	feed lost in part,    a new feed: everything arrived at the time of the mend. Its digests differ,
//	or a log cut          so that who watches, and who has a cursor or a page, begins anew
//	requests lost         a repeated request is not recognised
//	drafts lost           they were not signed, or nobody has seen the head
//
// A file that is damaged again within MendEvery is left as it is, and only read: its disk is bad.
// So is one that lost what says who the peers are.

// MendEvery is how often a file is mended at most.
const MendEvery = time.Hour

// Mended is what a mend found and did.
type Mended struct {
	// At is when it was.
	At time.Time `json:"at"`
	// Found is the damage that it was made for.
	Found string `json:"found"`
	// Bodies is how many entries lost their words.
	Bodies int `json:"bodies,omitempty"`
	// Cut are the logs that lost headers, by name, as far as they are known, with how many entries
	// there were.
	Cut map[string]uint64 `json:"cut,omitempty"`
	// Unknown is set while there may have been more logs, or more of one, than anything here says.
	Unknown bool `json:"unknown,omitempty"`
	// NewFeed is set when the order and the times of arrival were lost.
	NewFeed bool `json:"newFeed,omitempty"`
	// Forgotten is set when requests answered before may not be recognised, DraftsLost when drafts
	// that were not signed yet may be gone.
	Forgotten  bool `json:"forgotten,omitempty"`
	DraftsLost bool `json:"draftsLost,omitempty"`
	// Kept is where the damaged file is; empty: the disk has no links, and it was not kept.
	Kept string `json:"kept,omitempty"`
}

var mendedKey = []byte("mended")

// lately: so that it is not mended again. A nil one never was.
func (m *Mended) lately(now time.Time) bool {
	return m != nil && now.Sub(m.At) < MendEvery && !now.Before(m.At)
}

// ErrMendedLately: the file was mended within MendEvery; what is damaged now stays.
var ErrMendedLately = errors.New("the data file was mended within the hour and is damaged again")

// ErrPeersUnknown: to mend the file would lose what says who the peers are.
var ErrPeersUnknown = errors.New("what is damaged cannot be fetched from peers")

// Damage is the first damage that was met since the file was opened or mended; nil if none
// was. While there is any, nothing is written (ErrCorrupt).
func (s *Store) Damage() *CorruptError {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.damage
}

// Mended is what the last mend of this file found; nil if it never was.
func (s *Store) Mended() *Mended {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.mended
}

// LossIsKnown ends that what the last mend lost is not known: all who would know were heard since.
func (s *Store) LossIsKnown() error {
	known := *s.Mended()
	known.Unknown = false
	err := s.update(0, func(w *writer) error {
		w.wrote = true
		return putMeta(w.tx, mendedKey, known)
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mended = &known
	s.wake()
	return nil
}

// Returned is how many bodies that a mend had lost have come back since the store was opened:
// without a new arrival, so that the feed does not tell.
func (s *Store) Returned() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.returned
}

// noteDamage remembers damage that was come upon, and wakes whoever mends.
func (s *Store) noteDamage(err error) {
	var found *CorruptError
	if !errors.As(err, &found) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.damage == nil {
		s.damage = found
		s.wake()
	}
}

// Mend puts a whole file in place of the damaged one. Reading goes on meanwhile; writing waits.
// Afterwards the store refuses everything, as ErrMended: what is kept in memory of the old file is
// worked out from the new one by opening it. Errors: ErrMendedLately, ErrPeersUnknown,
// ErrDiskFull, ErrReadOnly, that of ctx.
func (s *Store) Mend(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	found := s.Damage()
	if err := s.usable(); err != nil || found == nil {
		return err
	}
	if s.readOnly != nil {
		return fmt.Errorf("mending %s: %w", s.path, s.readOnly)
	}
	m := mender{ctx: ctx, found: found, before: s.Mended(), known: s.Seen(), renumbered: s.renumbered, restored: s.restored}
	m.end.N, m.end.Digest = s.FeedEnd()
	s.mu.RLock()
	m.heard, m.contrary = maps.Clone(s.stamps), maps.Clone(s.contrary)
	s.mu.RUnlock()
	file, err := os.Open(s.path)
	if err != nil {
		return fmt.Errorf("mending %s: %w", s.path, err)
	}
	defer file.Close()
	m.from = file
	if err := m.mend(s.path, s.opts); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal = ErrMended
	s.wake()
	return nil
}

// mendAtOpening mends a file that cannot be opened for its damage, and opens it. Where it was mended
// within MendEvery, what is whole of it is read from a file of its own, and nothing is written.
func mendAtOpening(path string, opts Options, found *CorruptError) (*Store, error) {
	m := mender{ctx: context.Background(), found: found, end: FeedRow{N: math.MaxUint64}}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", found, err)
	}
	defer file.Close()
	m.from = file
	_ = m.proven(func(tx *txn) (err error) { m.end, err = lastFeedRow(tx, opts.Federation); return err })
	m.readMeta()
	err = m.mend(path, opts)
	from, why := path, err
	if errors.Is(why, ErrMendedLately) || errors.Is(why, ErrDiskFull) {
		opts := opts
		from, opts.Essential, opts.MinFree = readingFile(path), nil, -1 // nothing is given up for it
		err = m.make(path, from, opts, func() {})
	}
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", found, cmp.Or(why, err))
	}
	s, err := open(from, opts)
	if err == nil && from != path {
		s.path, s.damage, s.mended = path, found, m.before
	}
	return s, err
}

// mender is one mend.
type mender struct {
	ctx        context.Context
	from       *os.File // bbolt frees and follows as its pages say
	left       *txn     // what is left of it
	to         *Store
	found      *CorruptError
	before     *Mended
	renumbered *Renumbered
	restored   bool
	known      []SeenHead // as far as is remembered; nil at opening
	metaLost   bool       // before, renumbered and restored may have been others
	heard      map[ledger.LogID]heard
	contrary   map[ledger.LogID]ledger.Checkpoint
	end        FeedRow // of the feed, as far as is remembered or proven

	did Mended
}

// mend puts a whole file of what can be salvaged of a damaged one in its place.
func (m *mender) mend(path string, opts Options) error {
	now := fromMillis(opts.Now().UnixMilli())
	if m.before.lately(now) {
		return fmt.Errorf("mending %s: %w: %s", path, ErrMendedLately, m.found.Error())
	}
	making, aside := mendingFile(path), damagedFile(path, now)
	err := m.make(path, making, opts, func() {
		if os.Link(path, aside) == nil {
			m.did.Kept = aside
		}
	})
	if err != nil && m.did.Kept != "" {
		_ = os.Remove(aside)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(making, path); err != nil {
		return fmt.Errorf("mending %s: putting the whole file in place: %w", path, err)
	}
	return durable.SyncFolder(filepath.Dir(path))
}

// roomBeside is ErrDiskFull where a disk has no room for another file like one.
func roomBeside(path, disk string, opts Options) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	free, err := opts.Free(disk)
	if err != nil {
		return err
	}
	if need := info.Size() + info.Size()/2 + writeFloor + max(opts.MinFree, 0); free < need {
		return fmt.Errorf("%w: a whole file beside it needs %d bytes, of which %d stay free, and %d are free", ErrDiskFull, need, max(opts.MinFree, 0), free)
	}
	return nil
}

// make makes a whole file beside a damaged one; when all is copied, copied is called. What fails
// leaves nothing.
func (m *mender) make(path, making string, opts Options, copied func()) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("mending %s: %w", path, err)
		}
	}()
	if err := roomBeside(path, path, opts); err != nil {
		return err
	}
	if err := os.RemoveAll(making); err != nil {
		return err
	}
	var failed error
	m.did = Mended{At: fromMillis(opts.Now().UnixMilli()), Found: m.found.Error(), Cut: map[string]uint64{}}
	opts.Damaged, opts.Guard, opts.MaxSize, opts.MinFree = nil, "", 0, -1 // the guard may know more than the new file, and stays
	opts.OnCommitError = func(err error) { failed = err }
	if m.to, err = Open(making, opts); err != nil {
		return err
	}
	durable.ChownLike(m.to.file, m.from)
	m.to.restored = m.restored
	m.to.db.NoSync = true // but once, at the end
	if err = m.copy(); err == nil {
		copied()
		err = m.to.update(0, func(w *writer) error {
			w.wrote = true
			if m.did.NewFeed {
				m.renumbered = &Renumbered{At: m.did.At}
			}
			if m.renumbered != nil {
				if err := putMeta(w.tx, renumberedKey, m.renumbered); err != nil {
					return err
				}
			}
			return putMeta(w.tx, mendedKey, m.did)
		})
	}
	err = errors.Join(err, failed)
	if err == nil {
		err = m.to.db.Sync()
	}
	if err = errors.Join(err, m.to.Close()); err != nil {
		return errors.Join(err, os.RemoveAll(making))
	}
	return nil
}
