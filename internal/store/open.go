package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/ledger"
)

// Defaults.
const (
	// DefaultMinFree is how many bytes stay free on the disk.
	DefaultMinFree = 256 << 20
	// lockTimeout is how long Open waits for another process to let go of the file.
	lockTimeout = time.Second
	lockPause   = 20 * time.Millisecond
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
	// Damaged is damage of the file that is known: it is mended before anything else. Default: none.
	Damaged *CorruptError
	// AsFound opens damaged data as they are, for somebody who looks: else they are mended first.
	AsFound bool
	// Essential are the logs without which no peer could be found to fetch lost entries from: data
	// that lost entries of one are not mended.
	Essential []ledger.LogID
	// Free says how many bytes are free on the disk that has path. Default: statfs.
	Free func(path string) (int64, error)
	// OpenFile opens the data file. Default: os.OpenFile.
	OpenFile func(path string, flag int, mode os.FileMode) (*os.File, error)
	// Logger gets how far bringing an older file up to date is. Default: slog.Default.
	Logger *slog.Logger
	// readOnly is why nothing is written; nil: nothing is against it.
	readOnly error
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
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Free == nil {
		o.Free = durable.FreeBytes
	}
	if o.OnCommitError == nil {
		o.OnCommitError = func(err error) {
			slog.Error("stopping: a commit failed and may still be visible", "error", err)
			os.Exit(exitCommit)
		}
	}
	return o
}

// Open opens or creates the data file at path. Errors: ErrLocked, ErrNotOurs,
// ErrSchema, ErrOtherFederation, ErrOtherGuard, ErrCorrupt.
//
// One of an older version is brought up to this one first (migrate.go). Where that cannot be written a copy of it
// is open, for reading; ErrOlder where it is to be left as it was found, or no copy can be made.
//
// A data file older than its guard opens, and is Recovering; one whose own log
// differs from its guard opens for reading, and is Forked (protocol.md 4). One that
// cannot be written opens for reading: whatever would write is refused (ErrReadOnly).
func Open(path string, opts Options) (*Store, error) {
	opts = opts.withDefaults()
	own := ledger.LogID{Federation: opts.Federation, Office: opts.Office}
	if _, err := ledger.ParseLogID(own.String()); err != nil {
		return nil, fmt.Errorf("opening %s: federation and office: %w", path, err)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil { // of a file that is there: a mend is beside it
		path = real
	}
	lock, err := lockFolder(path, opts)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	var s *Store
	found := opts.Damaged
	if found == nil {
		s, err = open(path, opts)
	}
	if old := (*olderError)(nil); errors.As(err, &old) && !opts.AsFound {
		switch err = migrate(path, opts, old.version, lock); {
		case err == nil:
			s, err = open(path, opts)
		case errors.Is(err, ErrDiskFull), errors.Is(err, syscall.ENOSPC), errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
			s, err = openAside(path, opts, old.version, err)
		}
	}
	if (found != nil || errors.As(err, &found)) && !opts.AsFound {
		if s, err = nil, fmt.Errorf("%w: %w", found, ErrReadOnly); lock != nil {
			s, err = mendAtOpening(path, opts, found)
		}
	}
	if err != nil {
		if lock != nil {
			_ = lock.Close()
		}
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	if lock != nil && !opts.AsFound {
		removeUnfinished(path)
		if s.aside == nil {
			removeCopies(path)
		}
		if err := s.scrub(); err != nil {
			opts.Logger.Warn("words that were removed may still lie in the data file; the next start tries again", "because", err)
		}
	}
	if s.lock = lock; lock != nil { // only ever a hint to who finds it locked
		_ = lock.Truncate(0)
		_, _ = lock.WriteAt(fmt.Appendln(nil, os.Getpid()), 0)
	}
	return s, nil
}

// removeUnfinished removes what restores that were killed had written so far, as durable names it. Whoever
// restores has the lock.
func removeUnfinished(path string) {
	files, _ := os.ReadDir(filepath.Dir(path))
	for _, f := range files {
		if strings.HasPrefix(f.Name(), "."+filepath.Base(path)+".") && f.Type().IsRegular() {
			_ = os.Remove(filepath.Join(filepath.Dir(path), f.Name()))
		}
	}
}

func open(path string, opts Options) (s *Store, err error) {
	s = &Store{
		path: path, opts: opts, readOnly: opts.readOnly,
		heads: map[ledger.LogID]released{}, seen: map[ledger.LogID]seenHead{}, partial: map[ledger.LogID]uint64{}, stamps: map[ledger.LogID]heard{}, spoke: map[ledger.LogID]time.Time{},
		contrary: map[ledger.LogID]ledger.Checkpoint{}, signatures: map[[32]byte]bool{},
		changed: make(chan struct{}),
		commit:  (*bbolt.Tx).Commit, step: func(string) {},
	}
	return s, s.open()
}

func (s *Store) open() (err error) {
	if err := guardIsOwn(s.opts); err != nil { // before any data are made beside it
		return err
	}
	var file *os.File // of the last attempt
	openFile := func(path string, flag int, mode os.FileMode) (*os.File, error) {
		if s.opts.OpenFile != nil {
			file, err = s.opts.OpenFile(path, flag, mode)
		} else {
			file, err = os.OpenFile(path, flag, mode)
		}
		return file, err
	}
	open := func(readOnly bool) error {
		err := damageAsError(func() error {
			s.db, err = bbolt.Open(s.path, 0o600, &bbolt.Options{Timeout: lockTimeout, InitialMmapSize: mapSize, ReadOnly: readOnly, OpenFile: openFile})
			return err
		})
		if errors.Is(err, ErrCorrupt) {
			durable.Unlock(file) // which bbolt has left open and mapped
		}
		return err
	}
	err = open(false)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		cause := fmt.Errorf("%w: %w", ErrReadOnly, err)
		if err = open(true); err == nil {
			s.readOnly = cause
		} else if errors.Is(err, fs.ErrNotExist) { // it was to be made
			err = cause
		}
	}
	if errors.Is(err, berrors.ErrTimeout) {
		return lockedBy(s.path)
	}
	if err != nil && strings.Contains(err.Error(), "file size too small") { // shorter than its own first pages say
		return &CorruptError{What: fmt.Sprintf("it was cut short (%v)", err)}
	}
	if errors.Is(err, berrors.ErrInvalid) && hasPages(s.path) {
		return &CorruptError{What: "of its two first pages none is whole"}
	}
	if errors.Is(err, berrors.ErrInvalid) || errors.Is(err, berrors.ErrVersionMismatch) {
		return fmt.Errorf("%w: %v", ErrNotOurs, err)
	}
	if err != nil {
		return err
	}
	s.db.AllocSize, s.file = growthStep, file
	err = damageAsError(func() error {
		err := checkPages(file)
		if err == nil {
			s.seed, s.fresh, err = initialise(s.db, s.opts)
		}
		if err == nil && s.readOnly == nil {
			err = durable.SyncFolder(filepath.Dir(s.path))
		}
		if err == nil {
			err = s.db.View(func(tx *bbolt.Tx) error {
				proven, err := s.begun(tx, 0)
				if err == nil {
					s.newest.Store(proven.written)
					s.mended, err = loadMeta[Mended](proven, mendedKey)
				}
				if err == nil {
					s.renumbered, err = loadMeta[Renumbered](proven, renumberedKey)
				}
				if err == nil {
					err = s.loadRestored(proven)
				}
				if err == nil {
					err = s.load(proven)
				}
				return err
			})
		}
		return err
	})
	if err == nil {
		err = s.checkGuard()
	}
	if err == nil && s.mended.lately(s.opts.Now()) && !s.opts.AsFound {
		// A disk that damaged the file once may have done so again: what a read has met is forgotten with
		// the process, and what is written to such a file may be lost.
		var report Report
		if report, err = s.Check(context.Background()); err == nil {
			s.noteDamage(report.Err())
		}
	}
	if err == nil {
		s.guardIsWritable()
		err = s.noteRenumbered()
	}
	if err != nil {
		return errors.Join(err, s.db.Close())
	}
	for _, left := range []string{migratingFile(s.path), mendingFile(s.path), readingFile(s.path)} { // of what was cut off, or not allowed
		_ = errors.Join(os.Remove(left), os.Remove(pidFile(left)))
	}
	return nil
}

// migratingFile is the copy of an older file while it is brought up to date (migrate.go). mendingFile is the
// whole file while it is made (mend.go), damagedFile the one it replaced, and readingFile the one that is read
// where none may be replaced.
func migratingFile(path string) string { return path + ".migrating" }

func mendingFile(path string) string { return path + ".mending" }

func readingFile(path string) string { return path + ".reading" }

func damagedFile(path string, at time.Time) string {
	return path + ".damaged-" + fileTime(at)
}

// fileTime is a time in the name of a file.
func fileTime(at time.Time) string { return at.UTC().Format("20060102-150405") }

// load reads what readers may see.
func (s *Store) load(tx *txn) error {
	err := eachState(tx, s.opts.Federation, func(st *logState) error {
		s.logs++
		if st.held.Note != nil {
			s.heads[st.log] = released{st.held, st.counts, 0}
		}
		s.noteStored(st)
		return nil
	})
	if err != nil {
		return err
	}
	if err := errors.Join(s.loadSeen(tx), s.loadSignatures(tx)); err != nil {
		return err
	}
	last, err := lastFeedRow(tx, s.opts.Federation)
	s.feed, s.digest = last.N, last.Digest
	s.root, s.rootOf = ledger.FrontierRoot(s.headList()), s.feed
	return err
}

// Close lets go of the file and wakes every waiter. What was only seen is kept.
func (s *Store) Close() error {
	var flushed error
	if s.usable() == nil && s.Damage() == nil {
		unsaved := len(s.unsavedStamps())+len(s.unsavedSignatures()) > 0
		for _, h := range s.seenCopy() {
			unsaved = unsaved || h.dirty
		}
		if unsaved { // worth a commit of its own only now
			flushed = s.update(0, func(w *writer) error { w.wrote = true; return nil })
			if errors.Is(flushed, ErrDiskFull) || errors.Is(flushed, ErrReadOnly) {
				flushed = nil // peers will show them again
			}
		}
	}
	if s.usable() == nil && s.readOnly == nil && !s.opts.AsFound {
		_ = s.guardFeed() // without it one copy less is noticed
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
	defer func() {
		if s.lock != nil {
			_ = errors.Join(s.lock.Truncate(0), s.lock.Close())
		}
	}()
	if s.stuck.Load() { // bbolt would wait for itself
		durable.Unlock(s.file)
		return flushed
	}
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("closing %s: %w", s.path, err)
	}
	if s.aside != nil {
		return errors.Join(flushed, s.aside.remove())
	}
	return flushed
}
