package store

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/durable"
)

func TestBackupRestoresToTheSame(t *testing.T) {
	s, authors := damagedFixture(t)
	var backup bytes.Buffer
	written, err := s.Backup(&backup)
	if err != nil {
		t.Fatal(err)
	}
	if log, size := written.Guard.Log, written.Guard.Size; log != authors[0].log.String() || size != 3 || len(written.Heads) != 2 {
		t.Errorf("manifest is %+v", written)
	}
	dir := memDir(t)
	path := filepath.Join(dir, "restored.db")
	read, err := Restore(path, Options{Federation: "demo", Office: "essex"}, bytes.NewReader(backup.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if read.SHA256 != written.SHA256 || !slices.Equal(read.Heads, written.Heads) {
		t.Errorf("manifest read is %+v, written %+v", read, written)
	}
	again := openStore(t, path, testOptions("essex", dir))
	if again.FrontierRoot() != s.FrontierRoot() {
		t.Error("frontiers differ")
	}
	if _, digest := again.FeedEnd(); digest != s.digest {
		t.Error("feeds differ")
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestRestoredBackupRecoversWhatIsNewer(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 2)
	var backup bytes.Buffer
	if _, err := s.Backup(&backup); err != nil {
		t.Fatal(err)
	}
	a.publish(t, s, 3)
	dir := memDir(t)
	c := corpse{dir}
	copyFile(t, s.opts.Guard, c.guard())
	if _, err := Restore(c.path(), testOptions("essex", dir), &backup); err != nil {
		t.Fatal(err)
	}
	again := c.revive(t, "essex")
	if need, have, yes := again.Recovering(); need != 5 || have != 2 || !yes {
		t.Errorf("Recovering() = %d, %d, %v; want 5, 2, true", need, have, yes)
	}
	a.give(t, again, 2, 5, 5)
	if again.Doubt() != DoubtRestored {
		t.Errorf("everything is back, and Doubt() = %q", again.Doubt())
	}
	if err := again.Confirm(); err != nil {
		t.Fatal(err)
	}
	a.publish(t, again, 1)
}

func TestRestoreRefusesWhatIsNotAWholeBackup(t *testing.T) {
	s, _ := damagedFixture(t)
	var backup bytes.Buffer
	if _, err := s.Backup(&backup); err != nil {
		t.Fatal(err)
	}
	whole := backup.Bytes()
	plain, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	flipped := func(at int) []byte {
		b := bytes.Clone(whole)
		b[(at+len(b))%len(b)] ^= 1
		return b
	}
	manifestAt := len(whole) - trailerSize - 30
	for name, b := range map[string][]byte{
		"nothing":               {},
		"a letter":              []byte("Dear colleagues,\n"),
		"a plain copy":          plain,
		"cut short by a byte":   whole[:len(whole)-1],
		"cut in the data":       whole[:len(whole)/2],
		"a byte too many":       append(bytes.Clone(whole), '\n'),
		"a byte lost in front":  whole[1:],
		"a bit of the data":     flipped(5000),
		"a bit of the manifest": flipped(manifestAt),
		"a bit of the trailer":  flipped(-3),
	} {
		path := filepath.Join(memDir(t), "restored.db")
		if _, err := Restore(path, Options{Federation: "demo", Office: "essex"}, bytes.NewReader(b)); !errors.Is(err, ErrBadBackup) {
			t.Errorf("%s: %v, want ErrBadBackup", name, err)
		}
		if left, _ := filepath.Glob(path + "*"); !slices.Equal(left, []string{pidFile(path)}) { // the lock
			t.Errorf("%s: left behind %v", name, left)
		}
	}
}

func TestRestoreNeverOverwrites(t *testing.T) {
	s, _ := damagedFixture(t)
	var backup bytes.Buffer
	if _, err := s.Backup(&backup); err != nil {
		t.Fatal(err)
	}
	guardIs := func(doubt Doubt) {
		t.Helper()
		if g, err := readGuard(s.opts.Guard); err != nil || g.Doubt != doubt {
			t.Errorf("the guard: %+v, %v; want doubt %q", g, err, doubt)
		}
	}
	if _, err := Restore(s.Path(), s.opts, bytes.NewReader(backup.Bytes())); !errors.Is(err, ErrLocked) {
		t.Errorf("restoring under a node that runs: %v, want ErrLocked", err)
	}
	// Its file out of the way, the restored one was taken for its own by whoever started it again, and
	// the running node went on signing into the other.
	away := s.Path() + ".away"
	if err := os.Rename(s.Path(), away); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(s.Path(), s.opts, bytes.NewReader(backup.Bytes())); !errors.Is(err, ErrLocked) {
		t.Errorf("restoring where a running node's file was: %v, want ErrLocked", err)
	}
	guardIs("")
	if err := os.Rename(away, s.Path()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(s.Path(), s.opts, bytes.NewReader(backup.Bytes())); !errors.Is(err, ErrExists) {
		t.Errorf("restoring over a file: %v, want ErrExists", err)
	}
	guardIs("")
}

// A node whose data file had been moved away went on signing into what nobody would find again.
func TestNothingIsWrittenToAFileThatWasMovedAwayOrReplaced(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 2)
	before, err := os.ReadFile(s.opts.Guard)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string) {
		t.Helper()
		_, _, appended := s.Append(a.log, a.drafts(1), a.sign)
		_, room := s.Room()
		for did, err := range map[string]error{"Append": appended, "PutDraft": s.PutDraft(a.drafts(1)...), "Room": room} {
			if !errors.Is(err, ErrReplaced) || !strings.Contains(err.Error(), s.Path()) {
				t.Errorf("%s: %s: %v, want ErrReplaced naming the file", what, did, err)
			}
		}
		if _, err := s.Entry(a.log.Entry(1)); err != nil {
			t.Errorf("%s: reading: %v", what, err)
		}
	}
	away, free := s.Path()+".away", s.opts.Free
	if err := os.Rename(s.Path(), away); err != nil {
		t.Skip(err) // a system that moves no open file
	}
	refused("moved away")
	s.opts.Free = durable.FreeBytes // which asks of the file that is gone
	refused("moved away, by the real disk")
	s.opts.Free = free
	copyFile(t, away, s.Path())
	refused("replaced")
	if after, err := os.ReadFile(s.opts.Guard); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the guard was written: %v", err)
	}
	if err := os.Rename(away, s.Path()); err != nil {
		t.Fatal(err)
	}
	a.publish(t, s, 1) // it is there again
	line, err := os.ReadFile(s.opts.Guard)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.opts.Guard, before, 0o600); err != nil { // another process's, or an older copy
		t.Fatal(err)
	}
	if _, _, err := s.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrReplaced) || !strings.Contains(err.Error(), s.opts.Guard) {
		t.Errorf("with another guard: %v, want ErrReplaced naming it", err)
	}
	if err := os.Remove(s.opts.Guard); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrReplaced) || !strings.Contains(err.Error(), s.opts.Guard) {
		t.Errorf("with the guard gone: %v, want ErrReplaced naming it", err)
	}
	if err := os.WriteFile(s.opts.Guard, line, 0o600); err != nil {
		t.Fatal(err)
	}
	finish(t, s)
}

// What a restore that was killed had written stayed for good.
func TestAnUnfinishedRestoreIsRemovedByTheNextStart(t *testing.T) {
	c, a, backup, guard := backedUp(t)
	left := filepath.Join(c.dir, ".node.db.1234")
	if err := os.WriteFile(left, backup[:5000], 0o600); err != nil {
		t.Fatal(err)
	}
	c.restore(t, backup)
	copyFile(t, guard, c.guard())
	unconfirmed(t, c, a, DoubtRestored)
	if _, err := os.Stat(left); err == nil {
		t.Error("it is still there")
	}
}

// Where the file of the lock was a folder there was no lock, and a backup was restored beside a node that
// ran.
func TestALockThatIsNoFileIsRefused(t *testing.T) {
	_, _, backup, _ := backedUp(t)
	c := corpse{memDir(t)}
	if err := os.Mkdir(pidFile(c.path()), 0o700); err != nil {
		t.Fatal(err)
	}
	_, opened := Open(c.path(), testOptions("essex", c.dir))
	_, restored := Restore(c.path(), testOptions("essex", c.dir), bytes.NewReader(backup))
	for did, err := range map[string]error{"opening": opened, "restoring": restored} {
		if !errors.Is(err, durable.ErrNotAFile) || !strings.Contains(err.Error(), pidFile(c.path())) {
			t.Errorf("%s: %v, want ErrNotAFile naming it", did, err)
		}
	}
	if _, err := os.Stat(c.path()); err == nil {
		t.Error("there are data")
	}
}

// A backup of another federation was refused, and the office could not publish all the same: its
// guard had been put in doubt.
func TestABackupOfAnotherNodeLeavesTheGuardAsItIs(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 2)
	var backup bytes.Buffer
	if _, err := s.Backup(&backup); err != nil {
		t.Fatal(err)
	}
	for _, own := range []Options{{Federation: "another", Office: "essex"}, {Federation: "demo", Office: "surrey-sussex"}} {
		path := filepath.Join(memDir(t), "restored.db")
		own.Guard = s.opts.Guard
		if _, err := Restore(path, own, bytes.NewReader(backup.Bytes())); !errors.Is(err, ErrOtherFederation) {
			t.Errorf("into the node of %s in %s: %v, want ErrOtherFederation", own.Office, own.Federation, err)
		}
		if left, _ := filepath.Glob(path + "*"); !slices.Equal(left, []string{pidFile(path)}) {
			t.Errorf("left behind %v", left)
		}
	}
	if g, err := readGuard(s.opts.Guard); err != nil || g.Doubt != "" {
		t.Errorf("the guard: %+v, %v", g, err)
	}
}

func TestBackupGoesOnWhileOthersWrite(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 10)
	slow := &writingWriter{then: func() { a.publish(t, s, 5) }}
	if _, err := s.Backup(slow); err != nil {
		t.Fatal(err)
	}
	dir := memDir(t)
	path := filepath.Join(dir, "restored.db")
	if _, err := Restore(path, Options{Federation: "demo", Office: "essex"}, &slow.Buffer); err != nil {
		t.Fatal(err)
	}
	opts := testOptions("essex", dir)
	opts.Guard = ""
	if n := openStore(t, path, opts).size(a.log); n != 10 {
		t.Errorf("the backup holds %d entries, want the 10 there were when it began", n)
	}
}

// writingWriter has somebody write to the store in the middle of a backup.
type writingWriter struct {
	bytes.Buffer
	then func()
}

func (w *writingWriter) Write(p []byte) (int, error) {
	if w.then != nil {
		then := w.then
		w.then = nil
		then()
	}
	return w.Buffer.Write(p)
}

// A damaged file was backed up as if it were whole.
func TestDamagedDataAreNotBackedUp(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 70)
	rewriteRaw(t, s, tableRows, entryKey(a.log, 9))
	if _, err := s.Backup(io.Discard); !errors.Is(err, ErrCorrupt) || s.Damage() == nil {
		t.Errorf("a backup of damaged data: %v", err)
	}
	s = mended(t, s, s.opts)
	defer func() { finish(t, s) }()
	if _, err := s.Backup(io.Discard); err != nil {
		t.Errorf("after the mend: %v", err)
	}
}
