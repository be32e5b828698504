package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/content"
)

// What is found by depends on what is understood: a file of software that understood less
// must not pass for one of this.
func TestTheSchemaVersionRisesWithWhatIsUnderstood(t *testing.T) {
	const of = "12: kinds [ENTRY_KIND_ADVISORY ENTRY_KIND_WITHDRAWAL ENTRY_KIND_MATTER ENTRY_KIND_REPORTED_POSITION ENTRY_KIND_ERASURE ENTRY_KIND_REGISTER], features [1 2 3]"
	if now := fmt.Sprintf("%d: kinds %v, features %v", schemaVersion, content.Kinds(), content.Features()); now != of {
		t.Errorf("this software understands\n%s, it was\n%s: raise schemaVersion and write that here", now, of)
	}
}

func TestSecondOpenerIsToldWhoHasTheFile(t *testing.T) {
	s := newStore(t, "essex")
	start := time.Now()
	_, err := Open(s.Path(), s.opts)
	if !errors.Is(err, ErrLocked) {
		t.Fatalf("second opener: %v, want ErrLocked", err)
	}
	for _, want := range []string{s.Path(), strconv.Itoa(os.Getpid())} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestSecondOpenerIsToldHowToFindTheFirst(t *testing.T) {
	s := newStore(t, "essex")
	if err := os.Remove(pidFile(s.Path())); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(s.Path(), s.opts); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "fuser") {
		t.Errorf("second opener: %v, want ErrLocked and how to look", err)
	}
}

func TestOpenRefusesAnotherNodesFile(t *testing.T) {
	s := newStore(t, "essex")
	path, opts := s.Path(), s.opts
	finish(t, s)
	for _, change := range []func(*Options){
		func(o *Options) { o.Federation = "england" },
		func(o *Options) { o.Office = "surrey-sussex" },
	} {
		other := opts
		other.Guard = ""
		change(&other)
		if _, err := Open(path, other); !errors.Is(err, ErrOtherFederation) {
			t.Errorf("opening as %s of %s: %v, want ErrOtherFederation", other.Office, other.Federation, err)
		}
	}
}

func TestOpenRefusesWhatIsNotASlug(t *testing.T) {
	for _, opts := range []Options{{}, {Federation: "demo"}, {Federation: "demo", Office: "North Essex"}} {
		if _, err := Open(filepath.Join(t.TempDir(), "x.db"), opts); err == nil {
			t.Errorf("opened with %+v", opts)
		}
	}
}

func TestOpenRefusesANewerSchemaByName(t *testing.T) {
	s := newStore(t, "essex")
	rewrite(t, s, func(tx *txn) error {
		return errors.Join(
			tableMeta.put(tx, schemaKey, binary.BigEndian.AppendUint32(nil, schemaVersion+1)),
			tableMeta.put(tx, softwareKey, []byte("v9.8.7")),
		)
	})
	path, opts := s.Path(), s.opts
	_ = s.Close()
	_, err := Open(path, opts)
	if !errors.Is(err, ErrSchema) || !strings.Contains(err.Error(), fmt.Sprintf("its version is %d, ", schemaVersion+1)) || !strings.Contains(err.Error(), "run v9.8.7 or a newer one") {
		t.Errorf("opening a newer file: %v, want ErrSchema naming both, and what opens it", err)
	}
}

func TestOpenRefusesWhatIsNotOurs(t *testing.T) {
	dir := memDir(t)
	text := filepath.Join(dir, "letter.md")
	if err := os.WriteFile(text, []byte(strings.Repeat("Dear colleagues, ", 2000)), 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other.db")
	db, err := bbolt.Open(other, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{text, other} {
		if _, err := Open(path, testOptions("essex", dir)); !errors.Is(err, ErrNotOurs) {
			t.Errorf("opening %s: %v, want ErrNotOurs", path, err)
		}
	}
}

// "file size too small 4096" said nothing of what to do: a file that was cut short is damaged, and
// the command knows what helps.
func TestAFileCutShortIsDamaged(t *testing.T) {
	s, _ := damagedFixture(t)
	whole, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{4096, 8191, 8192, 20_000} {
		path := filepath.Join(memDir(t), "node.db") // bbolt keeps a lock on one it gave up
		if err := os.WriteFile(path, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, Options{Federation: "demo", Office: "essex", MinFree: -1, AsFound: true}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%d bytes of %d: %v, want ErrCorrupt", size, len(whole), err)
		}
	}
}

func TestAnEmptyFileIsANewOne(t *testing.T) {
	dir := memDir(t)
	path := filepath.Join(dir, "node.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a := newAuthor("essex")
	a.publish(t, openStore(t, path, guarded(t, testOptions("essex", dir))), 1)
}

func TestClosedStoreRefusesEverything(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 1)
	finish(t, s)
	if _, err := s.Entry(a.log.Entry(0)); !errors.Is(err, ErrClosed) {
		t.Errorf("Entry: %v, want ErrClosed", err)
	}
	if err := s.PutDraft(a.drafts(1)...); !errors.Is(err, ErrClosed) {
		t.Errorf("PutDraft: %v, want ErrClosed", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

// rewrite changes rows behind the store's back, as a bug would: what proves them is kept right.
func rewrite(tb tester, s *Store, fn func(*txn) error) {
	tb.Helper()
	err := s.db.Update(func(raw *bbolt.Tx) error {
		tx, err := s.begun(raw, 0)
		if err != nil {
			return err
		}
		return errors.Join(fn(tx), tx.seal())
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// look reads rows as they are committed, behind the store's back too.
func look(tb tester, s *Store, at func(*txn)) {
	tb.Helper()
	err := s.db.View(func(raw *bbolt.Tx) error {
		tx, err := s.begun(raw, 0)
		if err == nil {
			at(tx)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// copyFile copies a file as it is now: what a dead process leaves.
func copyFile(tb tester, from, to string) {
	tb.Helper()
	b, err := os.ReadFile(from)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// A folder that could not be written kept a node from answering.
func TestDataThatCannotBeWrittenIsRead(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 3)
	c := die(t, s)
	before, err := os.ReadFile(c.guard())
	if err != nil {
		t.Fatal(err)
	}
	for _, refusal := range []error{syscall.EROFS, fs.ErrPermission} {
		opts := testOptions("essex", c.dir)
		opts.OpenFile = func(path string, flag int, mode os.FileMode) (*os.File, error) {
			if flag&os.O_RDWR != 0 {
				return nil, &fs.PathError{Op: "open", Path: path, Err: refusal}
			}
			return os.OpenFile(path, flag, mode)
		}
		again := openStore(t, c.path(), opts)
		if e, err := again.Entry(a.log.Entry(2)); err != nil || e.Body == nil {
			t.Errorf("reading: %v", err)
		}
		if _, err := again.Room(); !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), c.path()) {
			t.Errorf("Room: %v, want ErrReadOnly naming the file", err)
		}
		if err := again.PutDraft(a.drafts(1)...); !errors.Is(err, ErrReadOnly) {
			t.Errorf("PutDraft: %v, want ErrReadOnly", err)
		}
		if _, _, err := again.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrReadOnly) {
			t.Errorf("Append: %v, want ErrReadOnly", err)
		}
		if err := again.Confirm(); err != nil {
			t.Errorf("Confirm of what is in no doubt: %v", err)
		}
		if err := again.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if after, err := os.ReadFile(c.guard()); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the guard was written: %v", err)
	}
	opts := testOptions("essex", c.dir)
	opts.OpenFile = func(path string, _ int, _ os.FileMode) (*os.File, error) {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
	}
	if _, err := Open(c.path(), opts); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("what cannot be read either: %v", err)
	}
	opts.OpenFile = func(path string, flag int, mode os.FileMode) (*os.File, error) {
		if flag&os.O_RDWR != 0 {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
		}
		return os.OpenFile(path, flag, mode)
	}
	// It was said that there is no such file, and not why there is none.
	missing := filepath.Join(t.TempDir(), "data.db")
	if _, err := Open(missing, opts); !errors.Is(err, ErrReadOnly) || !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), missing) {
		t.Errorf("what cannot be made: %v", err)
	}
}
