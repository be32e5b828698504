package store

import (
	"context"
	"encoding/json"
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
	// NewFeed is set when the order and the times of arrival were lost.
	NewFeed bool `json:"newFeed,omitempty"`
	// Forgotten is set when requests answered before may not be recognised, DraftsLost when drafts
	// that were not signed yet may be gone.
	Forgotten  bool `json:"forgotten,omitempty"`
	DraftsLost bool `json:"draftsLost,omitempty"`
}

var mendedKey = []byte("mended")

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
	m := mender{ctx: ctx, found: found, before: s.Mended(), known: s.Seen()}
	m.end.N, m.end.Digest = s.FeedEnd()
	s.mu.RLock()
	m.heard = maps.Clone(s.stamps)
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

// mendAtOpening mends a file that cannot be opened for its damage.
func mendAtOpening(path string, opts Options, found *CorruptError) error {
	m := mender{ctx: context.Background(), found: found, end: FeedRow{N: math.MaxUint64}}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w (%w)", found, err)
	}
	defer file.Close()
	m.from = file
	_ = m.salvage(func(tx *txn) (err error) { m.before, err = loadMended(tx); return err })
	_ = m.proven(func(tx *txn) (err error) { m.end, err = lastFeedRow(tx, opts.Federation); return err })
	if err := m.mend(path, opts); err != nil {
		return fmt.Errorf("%w (%w)", found, err)
	}
	return nil
}

func loadMended(tx *txn) (*Mended, error) {
	b, err := tableMeta.get(tx, mendedKey)
	if err != nil || b == nil {
		return nil, err
	}
	m := &Mended{}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, tableMeta.damaged(mendedKey)
	}
	return m, nil
}

// mender is one mend.
type mender struct {
	ctx    context.Context
	from   *os.File // bbolt frees and follows as its pages say
	left   *txn     // what is left of it
	to     *Store
	found  *CorruptError
	before *Mended
	known  []SeenHead // as far as is remembered
	heard  map[ledger.LogID]heard
	end    FeedRow // of the feed, as far as is remembered or proven

	did Mended
}

// mend makes a whole file of what can be salvaged of a damaged one, and puts it in its place.
func (m *mender) mend(path string, opts Options) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("mending %s: %w", path, err)
		}
	}()
	now := fromMillis(opts.Now().UnixMilli())
	if last := m.before; last != nil && now.Sub(last.At) < MendEvery && !now.Before(last.At) {
		return fmt.Errorf("%w: %s", ErrMendedLately, last.Found)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	free, err := opts.Free(path)
	if err != nil {
		return err
	}
	if need := info.Size() + info.Size()/2 + writeFloor; free-max(opts.MinFree, 0) < need {
		return fmt.Errorf("%w: a whole file beside it needs %d bytes", ErrDiskFull, need)
	}
	making, aside := mendingFile(path), damagedFile(path, now)
	if err := os.RemoveAll(making); err != nil {
		return err
	}
	var failed error
	opts.Guard, opts.MaxSize, opts.MinFree = "", 0, -1 // the guard may know more than the new file, and stays
	opts.OnCommitError = func(err error) { failed = err }
	if m.to, err = Open(making, opts); err != nil {
		return err
	}
	m.to.db.NoSync = true // but once, at the end
	m.did = Mended{At: now, Found: m.found.Error(), Cut: map[string]uint64{}}
	err = m.copy()
	if err == nil {
		err = m.to.update(0, func(w *writer) error {
			b, err := json.Marshal(m.did)
			w.wrote = true
			return errors.Join(err, tableMeta.put(w.tx, mendedKey, b))
		})
	}
	err = errors.Join(err, failed)
	if err == nil {
		err = m.to.db.Sync()
	}
	if err = errors.Join(err, m.to.Close()); err != nil {
		return errors.Join(err, os.RemoveAll(making))
	}
	_ = os.Link(path, aside) // where there are no links it is not kept
	if err := os.Rename(making, path); err != nil {
		return fmt.Errorf("putting the whole file in place: %w", err)
	}
	return durable.SyncFolder(filepath.Dir(path))
}
