package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/version"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Every file since frozenVersion opens. An older one is copied, the copy brought up to schemaVersion step by
// step, and put in the place of the old one by one rename: killed at any moment, the old file is there as it
// was, and the next opening begins anew. The old one stays beside it as FILE.version-N-TIME, for whoever must
// go back to the software before (docs/operating.md). A newer one is refused, with the software that made it.

// frozenVersion is that of the oldest files that open.
const frozenVersion = 10

// steps are those from frozenVersion on, each from one version to the next. One that was released is never
// changed: what it reads is laid out as it was then, whatever the rest of this package does by now.
var steps = [schemaVersion - frozenVersion]step{
	{"noting which letters have votes", noteVotes},
}

// step brings a file from one version to the next, in transactions of a bounded size.
type step struct {
	does string
	run  func(*migration) error
}

const (
	// stepBatch is how many rows a step takes at once.
	stepBatch = 2000
	// progressEvery is how often the log says how far a step is.
	progressEvery = 10 * time.Second
)

// olderError is that of a file of an older version, which has yet to be brought up to this one.
type olderError struct{ version uint32 }

func (e *olderError) Error() string {
	return ErrOlder.Error() + fmt.Sprintf(": its version is %d, and that of this software %d: the node brings it up to date when it starts, and must be able to write beside it", e.version, schemaVersion)
}

func (e *olderError) Is(target error) bool { return target == ErrOlder }

// migration is a copy on its way from one version to the next.
type migration struct {
	db   *bbolt.DB
	seed []byte
	log  *slog.Logger
	does string
	told time.Time
}

// migrate puts a file of this version in the place of an older one. Errors: ErrDiskFull, ErrCorrupt, those of
// the file system.
func migrate(path string, opts Options, from uint32) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("bringing the data file from version %d to %d: %w", from, schemaVersion, err)
		}
	}()
	if err := roomBeside(path, opts); err != nil {
		return err
	}
	making, aside := migratingFile(path), fmt.Sprintf("%s.version-%d-%s", path, from, fileTime(opts.Now()))
	if err := os.RemoveAll(making); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(making)
		}
	}()
	if err := duplicate(path, making); err != nil {
		return err
	}
	opts.Logger.Info("bringing the data file up to date: the node starts when that is done", "from", from, "to", schemaVersion)
	db, err := bbolt.Open(making, 0o600, &bbolt.Options{Timeout: lockTimeout, InitialMmapSize: mapSize, NoSync: true})
	if err != nil {
		return err
	}
	m := &migration{db: db, log: opts.Logger, told: time.Now()}
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
		return m.update(func(tx *txn) error {
			return errors.Join(
				tableMeta.put(tx, schemaKey, binary.BigEndian.AppendUint32(nil, schemaVersion)),
				tableMeta.put(tx, softwareKey, []byte(version.Software())),
			)
		})
	})
	if err == nil {
		err = db.Sync()
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if os.Link(path, aside) != nil { // a disk without links
		if err := duplicate(path, aside); err != nil {
			return err
		}
	}
	if err := os.Rename(making, path); err != nil {
		return errors.Join(err, os.Remove(aside))
	}
	opts.Logger.Info("the data file is up to date; the old one is kept for whoever must go back, and can be deleted when this version has proven itself", "kept", aside)
	return durable.SyncFolder(filepath.Dir(path))
}

func duplicate(from, to string) error {
	old, err := os.Open(from)
	if err != nil {
		return err
	}
	defer old.Close()
	return durable.CreateFrom(to, 0o600, func(f *os.File) error { _, err := io.Copy(f, old); return err })
}

// update is one transaction of a step. What it reads proves itself.
func (m *migration) update(fn func(*txn) error) error {
	return m.db.Update(func(raw *bbolt.Tx) error {
		tx, err := begun(raw)
		if err != nil {
			return err
		}
		tx.seed = m.seed
		if err := fn(tx); err != nil {
			return err
		}
		return tx.seal()
	})
}

// each visits the rows of a table in order, so many in a transaction, in which visit may write to other tables.
func (m *migration) each(t table, visit func(tx *txn, key, value []byte) error) error {
	var from []byte
	done, all := 0, 0
	for more := true; more; {
		more = false
		err := m.update(func(tx *txn) error {
			if from == nil {
				all = t.in(tx).Stats().KeyN
			}
			n := 0
			return t.scan(tx, nil, from, func(key, value []byte) error {
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

// noteVotes notes under byVotes which letters have votes: version 10 found them by reading every letter.
func noteVotes(m *migration) error {
	return m.each(tableRows, func(tx *txn, key, value []byte) error {
		read := reader{b: value}
		kind := ledgerv1.EntryKind(uint32(read.uvarint()))
		read.uvarint() // visibility
		_, claimed := binary.Varint(read.b)
		var letter guidancev1.Advisory
		switch {
		case kind != ledgerv1.EntryKind_ENTRY_KIND_ADVISORY:
			return nil
		case read.failed || claimed <= 0 || proto.Unmarshal(read.b[claimed:], &letter) != nil:
			return tableRows.damaged(key)
		case len(letter.GetVotes()) == 0:
			return nil
		}
		return tableIndex.put(tx, append([]byte{byVotes}, key...))
	})
}
