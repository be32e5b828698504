// Package store keeps everything a node holds in one bbolt file: logs, their trees,
// the index over them, the feed of arrivals and the frontier, all of one change in
// one transaction. It is the only package that knows how data lies on disk.
//
// What comes in was verified by package ledger; what goes out is checked against the
// tree, the commitment or a checksum on every read, for bbolt has no checksums. Own
// entries (Append) and others' (Ingest) go through the same private put.
//
// A head is held, served, announced and in the index only once a checkpoint of its
// size is reached (protocol.md 2): entries beyond it are stored and their rows
// written, and every read leaves out what lies at or beyond the held size. A head is
// released, that is visible to any reader, only after its commit and, for an own
// log, after the guard file (protocol.md 4).
//
// The package knows what an entry is about and what it ends, so as to find
// candidates. It does not know what an entry means, who may speak for whom, which
// key is active, or what the answer to any question is: guidance.Resolve has the
// rule.
package store

import (
	"context"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// The limits of what is stored. Bytes of entries have those of package ledger.
const (
	// LogLimit is how many logs a node keeps (protocol.md 3).
	LogLimit = 10_000
	// DraftLimit is how many drafts may wait.
	DraftLimit = 1_000
	// RequestLimit is the longest request id, in bytes.
	RequestLimit = 128
	// MatterLimit is the longest matter name that is indexed, in bytes.
	MatterLimit = 256
	// FoundLimit is how many entries FindBody finds.
	FoundLimit = 64
	// ProblemLimit is how many problems Check reports.
	ProblemLimit = 100
)

// Store is one open data file. It is safe for concurrent use.
type Store struct {
	path string
	opts Options

	appending sync.Mutex // one Append at a time, from reading the size to its release
	writing   sync.Mutex // one write transaction at a time, up to its release (invariant 4)

	db     *bbolt.DB
	lock   *os.File      // nil: none could be had
	file   *os.File      // which bbolt has opened
	stuck  atomic.Bool   // bbolt has panicked with a lock of its own held
	seed   []byte        // of proof.go
	newest atomic.Uint64 // the newest transaction known to be committed
	// Of data that are a backup (restored.go): whether they are, and whether a row of theirs says so.
	// Set at opening, and within writing.
	restored, restoredRow bool
	fresh                 bool   // the file was made at opening
	aside                 *aside // an older file is open as a copy; nil: it is the file itself
	wentBack              bool   // the guard knows of more feed than was here at opening

	times feedTimes // of the feed, as far as they were asked for

	mu         sync.RWMutex              // guards what follows: what readers may see (invariant 3)
	heads      map[ledger.LogID]released // never changed, only replaced: see reading
	logs       int                       // how many are stored, held or partial
	partial    map[ledger.LogID]uint64   // of which more is stored than held: how much
	seen       map[ledger.LogID]seenHead
	stamps     map[ledger.LogID]heard
	renumbered *Renumbered                        // set at opening
	signatures map[[32]byte]bool                  // found good; written yet?
	contrary   map[ledger.LogID]ledger.Checkpoint // heads that contradict what is held
	spoke      map[ledger.LogID]time.Time         // heard by an entry since the start
	feed       uint64
	digest     [32]byte
	root       [32]byte // of heads; stale when rootOf is not feed
	rootOf     uint64
	changed    chan struct{} // closed and replaced at every change
	guard      guard
	readOnly   error         // of every write
	damage     *CorruptError // met since it was opened: nothing is written
	mended     *Mended
	returned   uint64 // lost bodies that came back since it was opened
	refusal    error  // of every use: closed, mended, or a commit failed
	forked     error  // of every Append

	commit func(*bbolt.Tx) error // bbolt's; tests make it fail
	step   func(string)          // tests stop time between two steps
}

// released is what readers may see of a log.
type released struct {
	head   ledger.Checkpoint
	counts tally
	feed   uint64 // up to the newest row then; 0: at opening
}

// Path is where the data file is.
func (s *Store) Path() string { return s.path }

// Federation is the federation's short name.
func (s *Store) Federation() string { return s.opts.Federation }

// Office is the office the node belongs to.
func (s *Store) Office() string { return s.opts.Office }

// wake wakes every waiter. s.mu is held.
func (s *Store) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Changed returns a channel that is closed at the next change of any kind: the feed
// has grown, a head was seen, a stamp kept, damage was met, or the store closed. Take it
// before reading what may change.
func (s *Store) Changed() <-chan struct{} {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.changed
}

// Wait returns when the feed is longer than after, or when a head was seen or a stamp kept
// since it was called. Errors: that of ctx, ErrClosed, ErrFatal.
func (s *Store) Wait(ctx context.Context, after uint64) error {
	s.mu.RLock()
	changed, feed, refusal := s.changed, s.feed, s.refusal
	s.mu.RUnlock()
	if refusal != nil {
		return refusal
	}
	if feed > after {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
		return s.usable()
	}
}

func (s *Store) usable() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.refusal
}

// Held returns the newest checkpoint held of a log.
func (s *Store) Held(log ledger.LogID) (ledger.Checkpoint, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := s.heads[log]
	return r.head, ok
}

// size is how many entries of a log are held.
func (s *Store) size(log ledger.LogID) uint64 {
	cp, _ := s.Held(log)
	return cp.Size
}

// Heads returns the newest checkpoint held of every log, by log name.
func (s *Store) Heads() []ledger.Checkpoint {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.headList()
}

// HeadsSince returns the newest checkpoints held of the logs that have one since a feed number,
// by log name, and the feed number now.
func (s *Store) HeadsSince(feed uint64) (heads []ledger.Checkpoint, now uint64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, r := range s.heads {
		if r.feed > feed {
			heads = append(heads, r.head)
		}
	}
	slices.SortFunc(heads, func(a, b ledger.Checkpoint) int { return a.Log.Compare(b.Log) })
	return heads, s.feed
}

func (s *Store) headList() []ledger.Checkpoint {
	heads := make([]ledger.Checkpoint, 0, len(s.heads))
	for _, r := range s.heads {
		heads = append(heads, r.head)
	}
	slices.SortFunc(heads, func(a, b ledger.Checkpoint) int { return a.Log.Compare(b.Log) })
	return heads
}

// FrontierRoot is the root over Heads (protocol.md 2).
func (s *Store) FrontierRoot() [32]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rootOf != s.feed {
		s.root, s.rootOf = ledger.FrontierRoot(s.headList()), s.feed
	}
	return s.root
}

// Progress is the tree of what is verified and stored of a log: what a ledger.Verifier
// extends. It may lie beyond Held.
func (s *Store) Progress(log ledger.LogID) (ledger.Tree, error) {
	var tree ledger.Tree
	err := s.view(func(r *reading) error {
		st, err := loadState(r.tx, log)
		if err == nil {
			tree = st.tree
		}
		return err
	})
	return tree, err
}

// Counts is how many entries of a log are held, and what is known of their words.
func (s *Store) Counts(log ledger.LogID) Counts {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.heads[log].counts.counts()
}
