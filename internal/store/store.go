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
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/lmcfed/lmcfed/internal/durable"
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
	// LinkLimit is how many matters, and how many entries ended, one entry may name.
	// An entry that names more is stored and relayed, and counted as not understood.
	LinkLimit = 128
	// FoundLimit is how many entries FindBody finds.
	FoundLimit = 64
	// ProblemLimit is how many problems Check reports.
	ProblemLimit = 100
)

// Defaults.
const (
	// DefaultMinFree is how many bytes stay free on the disk.
	DefaultMinFree = 256 << 20
	// lockTimeout is how long Open waits for another process to let go of the file.
	lockTimeout = time.Second
	// mapSize is how much of the file is mapped from the start. To map more, bbolt waits
	// for every reader, a backup over a slow line included. Address space is free.
	mapSize = 1 << 30
	// growthStep is how much longer the file becomes when it must: bbolt's own 16 MiB is
	// more than most nodes hold.
	growthStep = 1 << 20
	// exitCommit is the exit status after a commit error (EX_SOFTWARE).
	exitCommit = 70
)

// Options says whose file it is and how it is kept.
type Options struct {
	// Federation is the federation's short name. Required.
	Federation string
	// Office is the office the node belongs to: entries of its logs are own entries.
	// Required.
	Office string
	// Guard is the path of the guard file, in the key folder. Empty: no guard, as for a
	// node that never signs.
	Guard string
	// Now is the wall clock, for arrival times alone. Default time.Now.
	Now func() time.Time
	// MinFree is how many bytes must stay free on the disk. Default DefaultMinFree;
	// negative: none.
	MinFree int64
	// MaxSize is the most bytes the data may take; the file may be longer by one growth
	// step (1 MiB). Zero: no limit.
	MaxSize int64
	// Free says how many bytes are free on the disk that has path. Default: statfs.
	Free func(path string) (int64, error)
	// OnCommitError is called when a commit, or the guard after one, failed: bbolt may
	// have committed, and only opening the file anew can tell. The store refuses
	// everything afterwards. Default: log and exit with status 70.
	OnCommitError func(error)
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.MinFree = cmp.Or(o.MinFree, DefaultMinFree)
	if o.Free == nil {
		o.Free = freeBytes
	}
	if o.OnCommitError == nil {
		o.OnCommitError = func(err error) {
			slog.Error("stopping: a commit failed and may still be visible", "error", err)
			os.Exit(exitCommit)
		}
	}
	return o
}

// Store is one open data file. It is safe for concurrent use.
type Store struct {
	db   *bbolt.DB
	path string
	opts Options

	appending sync.Mutex // one Append at a time, from reading the size to its release
	writing   sync.Mutex // one write transaction at a time, up to its release (invariant 4)

	mu      sync.RWMutex              // guards what follows: what readers may see (invariant 3)
	heads   map[ledger.LogID]released // never changed, only replaced: see reading
	logs    int                       // how many are stored, held or partial
	seen    map[ledger.LogID]seenHead
	feed    uint64
	digest  [32]byte
	root    [32]byte // of heads; stale when rootOf is not feed
	rootOf  uint64
	changed chan struct{} // closed and replaced at every change
	guard   guard
	refusal error // of every use: closed, or a commit failed
	forked  error // of every Append

	commit func(*bbolt.Tx) error // bbolt's; tests make it fail
	step   func(string)          // tests stop time between two steps
}

// released is what readers may see of a log.
type released struct {
	head   ledger.Checkpoint
	counts tally
}

// Open opens or creates the data file at path. Errors: ErrLocked, ErrNotOurs,
// ErrSchema, ErrOtherFederation, ErrCorrupt.
//
// A data file older than its guard opens, and is Recovering; one whose own log
// differs from its guard opens for reading, and is Forked (protocol.md 4).
func Open(path string, opts Options) (*Store, error) {
	opts = opts.withDefaults()
	own := ledger.LogID{Federation: opts.Federation, Office: opts.Office}
	if _, err := ledger.ParseLogID(own.String()); err != nil {
		return nil, fmt.Errorf("opening %s: federation and office: %w", path, err)
	}
	s := &Store{
		path: path, opts: opts,
		heads: map[ledger.LogID]released{}, seen: map[ledger.LogID]seenHead{},
		changed: make(chan struct{}),
		commit:  (*bbolt.Tx).Commit, step: func(string) {},
	}
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	return s, nil
}

func (s *Store) open() error {
	db, err := openFile(s.path, &bbolt.Options{Timeout: lockTimeout, InitialMmapSize: mapSize})
	if errors.Is(err, berrors.ErrTimeout) {
		return fmt.Errorf("%w: %s: stop that process first", ErrLocked, lockHolder(s.path))
	}
	if errors.Is(err, berrors.ErrInvalid) || errors.Is(err, berrors.ErrVersionMismatch) {
		return fmt.Errorf("%w: %v", ErrNotOurs, err)
	}
	if err != nil {
		return err
	}
	db.AllocSize = growthStep
	s.db = db
	err = damageAsError(func() error { return errors.Join(initialise(db, s.opts), durable.SyncFolder(filepath.Dir(s.path))) })
	if err == nil {
		err = damageAsError(s.load)
	}
	if err == nil {
		err = s.checkGuard()
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	// Only ever a hint to who finds the file locked: a full disk must not keep it shut.
	_ = os.WriteFile(pidFile(s.path), fmt.Appendln(nil, os.Getpid()), 0o600)
	return nil
}

// openFile opens a bbolt file. bbolt panics on some damage.
func openFile(path string, opts *bbolt.Options) (db *bbolt.DB, err error) {
	err = damageAsError(func() error {
		var err error
		db, err = bbolt.Open(path, 0o600, opts)
		return err
	})
	return db, err
}

func pidFile(path string) string { return path + ".pid" }

// lockHolder names who has the file open, as far as can be known.
func lockHolder(path string) string {
	pid, err := os.ReadFile(pidFile(path))
	if err != nil {
		return fmt.Sprintf("another process has it open (see `fuser %s`)", path)
	}
	return fmt.Sprintf("process %s has it open", strings.TrimSpace(string(pid)))
}

// load reads what readers may see.
func (s *Store) load() error {
	return s.db.View(func(tx *bbolt.Tx) error {
		if err := s.loadHeads(tx); err != nil {
			return err
		}
		if err := s.loadSeen(tx); err != nil {
			return err
		}
		row, err := lastFeedRow(tx, s.opts.Federation)
		s.feed, s.digest = row.N, row.Digest
		s.rootOf = s.feed
		s.root = ledger.FrontierRoot(s.headList())
		return err
	})
}

func (s *Store) loadHeads(tx *bbolt.Tx) error {
	return s.eachState(tx, func(st *logState) error {
		s.logs++
		if st.held.Note != nil {
			s.heads[st.log] = released{st.held, st.counts}
		}
		return nil
	})
}

// eachState visits how every log stands, in the order of LOG.
func (s *Store) eachState(tx *bbolt.Tx, visit func(*logState) error) error {
	return tableLogs.scan(tx, nil, nil, func(key, value []byte) error {
		log, rest, ok := cutLog(s.opts.Federation, key)
		if !ok || len(rest) != 0 {
			return tableLogs.damaged(key)
		}
		st, err := decodeState(log, value)
		if err != nil {
			return err
		}
		return visit(st)
	})
}

// Close lets go of the file and wakes every waiter. What was only seen is kept.
func (s *Store) Close() error {
	var flushed error
	if s.usable() == nil {
		flushed = s.flushSeen()
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	if errors.Is(s.refusal, ErrClosed) {
		s.mu.Unlock()
		return nil
	}
	s.refusal = ErrClosed
	s.wake()
	s.mu.Unlock()
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("closing %s: %w", s.path, err)
	}
	_ = os.Remove(pidFile(s.path))
	return flushed
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
// has grown, a head was seen, or the store was closed. Take it before reading what
// may change.
func (s *Store) Changed() <-chan struct{} {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.changed
}

// Wait returns when the feed is longer than after, or when a head was seen since it
// was called. Errors: that of ctx, ErrClosed, ErrFatal.
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

// reading is one read transaction and the heads that were released before it began:
// the file may be ahead of them, never behind.
type reading struct {
	ctx        context.Context // whose end ends every loop over rows
	tx         *bbolt.Tx
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

// begin calls fn within a read transaction for a reading, whose heads were taken before.
func (s *Store) begin(r *reading, fn func() error) error {
	return damageAsError(func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			r.tx = tx
			return fn()
		})
	})
}

// damageAsError turns a panic, or a fault on the mapped file, into ErrCorrupt: bbolt
// follows damaged pages wherever they point.
func damageAsError(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = &CorruptError{What: fmt.Sprintf("a page of it cannot be read: %v", r)}
		}
	}()
	return fn()
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

// Progress is the tree of what is verified and stored of a log: what ledger.Verify
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
