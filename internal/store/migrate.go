package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/version"
)

// Every file since frozenVersion opens. An older one is copied, the copy brought up to schemaVersion step by
// step, and put in the place of the old one by one rename: killed at any moment, the old file is there as it
// was, and the next opening begins anew. The old one stays beside it as FILE.version-N-TIME, for whoever must
// go back to the software before (docs/operating.md). A newer one is refused, with the software that made it.

// frozenVersion is that of the oldest files that open.
const frozenVersion = 10

const (
	// stepBatch is how many rows a step takes at once.
	stepBatch = 2000
	// progressEvery is how often the log says how far a step is.
	progressEvery = 10 * time.Second
)

// olderError is that of a file of an older version, which has yet to be brought up to this one.
type olderError struct{ version uint32 }

func (e *olderError) Error() string {
	return ErrOlder.Error() + fmt.Sprintf(": its version is %d, and that of this software %d: the node brings it up to date when it starts", e.version, schemaVersion)
}

func (e *olderError) Is(target error) bool { return target == ErrOlder }

// migration is a copy on its way from one version to the next.
type migration struct {
	db         *bbolt.DB
	seed       []byte
	federation string
	states     map[ledger.LogID]*logState // that this transaction changes
	log        *slog.Logger
	does       string
	told       time.Time
}

// migrate puts a file of this version in the place of an older one, by whoever has the lock of its folder. Errors:
// ErrDiskFull, ErrCorrupt, those of the file system.
func migrate(path string, opts Options, from uint32, lock *os.File) error {
	if lock == nil { // what was in the way of it?
		f, err := os.OpenFile(pidFile(path), os.O_RDWR|os.O_CREATE, 0o600)
		if err == nil {
			err = errors.Join(fmt.Errorf("locking %s: %w", pidFile(path), fs.ErrPermission), f.Close())
		}
		return err
	}
	making, aside := migratingFile(path), fmt.Sprintf("%s.version-%d-%s", path, from, fileTime(opts.Now()))
	if err := bringUp(path, making, opts, from); err != nil {
		return err
	}
	old, err := os.Stat(path)
	isKept := false                                                                           // by this
	if kept, gone := os.Stat(aside); err == nil && (gone != nil || !os.SameFile(old, kept)) { // else: cut off before the rename, within the second
		if err = os.Link(path, aside); err != nil { // the disk has no links
			err = duplicate(path, aside)
		}
		isKept = err == nil
	}
	if err == nil {
		err = os.Rename(making, path)
	}
	if err != nil {
		if now, gone := os.Stat(path); isKept && gone == nil && os.SameFile(old, now) { // else each start would keep one more
			err = errors.Join(err, os.Remove(aside))
		}
		return errors.Join(fmt.Errorf("putting the data file of version %d in place: %w", schemaVersion, err), os.Remove(making))
	}
	opts.Logger.Info("the data file is up to date; the old one is kept for whoever must go back, and can be deleted when this version has proven itself", "kept", aside)
	return durable.SyncFolder(filepath.Dir(path))
}

// bringUp makes a file of this version of a copy of an older one.
func bringUp(path, making string, opts Options, from uint32) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("bringing the data file from version %d to %d: %w", from, schemaVersion, err), os.RemoveAll(making))
		}
	}()
	opts.MinFree = -1 // what must stay free is what there is for this
	if err := roomBeside(path, filepath.Dir(making), opts); err != nil {
		return err
	}
	if err := os.RemoveAll(making); err != nil {
		return err
	}
	if err := duplicate(path, making); err != nil {
		return err
	}
	opts.Logger.Info("bringing the data file up to date: the node starts when that is done", "from", from, "to", schemaVersion)
	copied, err := os.Open(making)
	if err != nil {
		return err
	}
	restored := inFile(copied).marked() // on the pages that the next transactions write anew
	if err := copied.Close(); err != nil {
		return err
	}
	db, err := bbolt.Open(making, 0o600, &bbolt.Options{Timeout: lockTimeout, InitialMmapSize: mapSize, NoSync: true})
	if err != nil {
		return err
	}
	m := &migration{db: db, federation: opts.Federation, log: opts.Logger, told: time.Now()}
	err = damageAsError(func() error {
		if err := m.update(func(tx *txn) (err error) {
			m.seed, err = tableMeta.get(tx, seedKey)
			m.seed = bytes.Clone(m.seed)
			return err
		}); err != nil {
			return err
		}
		for v := from; v < schemaVersion; v++ {
			m.does = steps[v-frozenVersion].does
			if err := steps[v-frozenVersion].run(m); err != nil {
				return fmt.Errorf("%s: %w", m.does, err)
			}
		}
		return m.update(func(tx *txn) (err error) {
			if restored {
				err = putMeta(tx, restoredKey, true)
			}
			return errors.Join(err,
				tableMeta.put(tx, schemaKey, binary.BigEndian.AppendUint32(nil, schemaVersion)),
				tableMeta.put(tx, softwareKey, []byte(version.Software())),
			)
		})
	})
	if err == nil {
		err = db.Sync()
	}
	return errors.Join(err, db.Close())
}

// openAside opens a copy of an older file that cannot be brought up to date where it is, for the reason given, and
// for reading alone. The copy lies where temporary files do, and goes with the store.
func openAside(path string, opts Options, from uint32, why error) (s *Store, err error) {
	older := fmt.Errorf("%w: %w", &olderError{from}, why)
	original, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := durable.Lock(original); errors.Is(err, os.ErrExist) { // as bbolt would have it
		return nil, errors.Join(lockedBy(path), original.Close())
	} else if err == nil {
		removeCopies(path)
	}
	dir, err := os.MkdirTemp("", copyName(path))
	if err != nil {
		return nil, errors.Join(older, err, original.Close())
	}
	copied := filepath.Join(dir, filepath.Base(path))
	if err = bringUp(path, copied, opts, from); err == nil {
		opts.readOnly = fmt.Errorf("%w: %w", ErrReadOnly, older)
		s, err = open(copied, opts)
	}
	if err != nil {
		return nil, errors.Join(older, err, original.Close(), os.RemoveAll(dir))
	}
	s.path, s.aside = path, &aside{original, dir, from}
	return s, nil
}

// copyName is what the folders of copies of a data file are called by, wherever temporary files are.
func copyName(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	sum := sha256.Sum256([]byte(path))
	return fmt.Sprintf("lmcnode-%x-", sum[:8])
}

// removeCopies removes copies of a data file that processes which were killed had read. Whoever has the file
// open for itself calls it, while it reads no copy: nobody else does.
func removeCopies(path string) {
	all, _ := os.ReadDir(os.TempDir())
	for _, f := range all {
		if strings.HasPrefix(f.Name(), copyName(path)) && f.IsDir() {
			_ = os.RemoveAll(filepath.Join(os.TempDir(), f.Name())) // where it is somebody else's, it stays
		}
	}
}

// aside is the copy that is read in place of an older file.
type aside struct {
	original *os.File // and its lock
	dir      string
	version  uint32
}

func (a *aside) remove() error { return errors.Join(a.original.Close(), os.RemoveAll(a.dir)) }

// IsAside reports whether what is open is a copy of an older file that could not be brought up to date where it is.
func (s *Store) IsAside() bool { return s.aside != nil }

// BringUp brings an older file up to date, of which a copy is read, when that can be done by now. Afterwards the
// store refuses everything, as ErrMended. Errors: ErrLocked, ErrDiskFull, ErrCorrupt, those of the file system.
func (s *Store) BringUp() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.usable(); err != nil || s.aside == nil {
		return err
	}
	if s.lock == nil {
		lock, err := lockFolder(s.path, s.opts)
		if err != nil {
			return err
		}
		s.lock = lock
	}
	if err := migrate(s.path, s.opts, s.aside.version, s.lock); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal = ErrMended
	s.wake()
	return nil
}

// duplicate copies a file, for the user whom it belongs to.
func duplicate(from, to string) error {
	old, err := os.Open(from)
	if err != nil {
		return err
	}
	defer old.Close()
	return durable.CreateFrom(to, 0o600, func(f *os.File) error {
		_, err := io.Copy(f, old)
		durable.ChownLike(f, old)
		return err
	})
}

// update is one transaction of a step. What it reads proves itself.
func (m *migration) update(fn func(*txn) error) error {
	return m.db.Update(func(raw *bbolt.Tx) error {
		tx, err := begun(raw)
		if err != nil {
			return err
		}
		tx.seed, m.states = m.seed, map[ledger.LogID]*logState{}
		if err := fn(tx); err != nil {
			return err
		}
		for _, st := range m.states {
			if err := st.save(tx); err != nil {
				return err
			}
		}
		return tx.seal()
	})
}

// each visits the rows of a table that begin with prefix in order, so many in a transaction, in which visit may write
// to other tables, and keys to the index.
func (m *migration) each(t table, prefix []byte, visit func(tx *txn, key, value []byte) error) error {
	var from []byte
	done, all := 0, 0
	for more := true; more; {
		more = false
		err := m.update(func(tx *txn) error {
			if from == nil {
				all = t.in(tx).Stats().KeyN
			}
			n := 0
			return t.scan(tx, prefix, from, func(key, value []byte) error {
				if n++; n > stepBatch {
					more = true
					return ErrEnough
				}
				from = append(bytes.Clone(key), 0)
				return visit(tx, key, value)
			})
		})
		if err != nil {
			return err
		}
		if done = min(done+stepBatch, all); more && time.Since(m.told) > progressEvery {
			m.told = time.Now()
			m.log.Info("bringing the data file up to date", "step", m.does, "done", done, "of", all)
		}
	}
	return nil
}

// state is that of a log, which the transaction saves.
func (m *migration) state(tx *txn, log ledger.LogID) (*logState, error) {
	if st := m.states[log]; st != nil {
		return st, nil
	}
	st, err := loadState(tx, log)
	if err == nil {
		m.states[log] = st
	}
	return st, err
}
