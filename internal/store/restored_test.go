package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// backedUp is a backup of a store that goes on, and its guard of that day; the guard is of another
// folder.
func backedUp(t *testing.T) (c corpse, a *author, backup []byte, guard string) {
	t.Helper()
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 2)
	var b bytes.Buffer
	if _, err := s.Backup(&b); err != nil {
		t.Fatal(err)
	}
	guard = filepath.Join(memDir(t), "guard")
	copyFile(t, s.opts.Guard, guard)
	return corpse{memDir(t)}, a, b.Bytes(), guard
}

func (c corpse) restore(t *testing.T, backup []byte) {
	t.Helper()
	if _, err := Restore(c.path(), testOptions("essex", c.dir), bytes.NewReader(backup)); err != nil {
		t.Fatal(err)
	}
}

// A backup was restored before the keys were put back, with the guard of its own day: nothing said
// that it was one, and a number was signed twice.
func TestABackupIsNoticedWhicheverWayItBecomesTheData(t *testing.T) {
	for name, put := range map[string]func(t *testing.T, c corpse, backup []byte, guard string){
		"the guard comes after it": func(t *testing.T, c corpse, backup []byte, guard string) {
			c.restore(t, backup)
			copyFile(t, guard, c.guard())
		},
		"copied by hand": func(t *testing.T, c corpse, backup []byte, guard string) {
			copyFile(t, guard, c.guard())
			if err := os.WriteFile(c.path(), backup, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"opened before the guard comes": func(t *testing.T, c corpse, backup []byte, guard string) {
			c.restore(t, backup)
			finish(t, c.revive(t, "essex"))
			copyFile(t, guard, c.guard())
		},
		"the guard is put back once more": func(t *testing.T, c corpse, backup []byte, guard string) {
			copyFile(t, guard, c.guard())
			c.restore(t, backup)
			finish(t, c.revive(t, "essex"))
			copyFile(t, guard, c.guard())
		},
		"checked before": func(t *testing.T, c corpse, backup []byte, guard string) {
			c.restore(t, backup)
			opts := testOptions("essex", memDir(t))
			opts.AsFound = true
			s, err := Open(c.path(), opts)
			if err != nil {
				t.Fatal(err)
			}
			finish(t, s)
			copyFile(t, guard, c.guard())
		},
		"backed up again": func(t *testing.T, c corpse, backup []byte, guard string) {
			c.restore(t, backup)
			s := c.revive(t, "essex")
			var again bytes.Buffer
			if _, err := s.Backup(&again); err != nil {
				t.Fatal(err)
			}
			finish(t, s)
			if err := os.Remove(c.path()); err != nil {
				t.Fatal(err)
			}
			c.restore(t, again.Bytes())
			copyFile(t, guard, c.guard())
		},
		"mended when it is opened": func(t *testing.T, c corpse, backup []byte, guard string) {
			c.restore(t, backup)
			firstPageLost(t, c.path(), 0)
			copyFile(t, guard, c.guard())
		},
		"mended when it was opened before": func(t *testing.T, c corpse, backup []byte, guard string) {
			c.restore(t, backup)
			finish(t, c.revive(t, "essex"))
			firstPageLost(t, c.path(), 1)
			copyFile(t, guard, c.guard())
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, a, backup, guard := backedUp(t)
			put(t, c, backup, guard)
			unconfirmed(t, c, a, DoubtRestored)
		})
	}
}

// firstPageLost zeroes one of the two first pages.
func firstPageLost(t *testing.T, path string, id int64) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	size := inFile(file).size
	_, err = file.WriteAt(make([]byte, size), id*int64(size))
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}

// What would say whether damaged data are a backup may be what is lost.
func TestDamagedDataThatMayBeABackupAreADoubt(t *testing.T) {
	sound, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, sound, 2)
	c := die(t, sound)
	s, err := Open(c.path(), testOptions("essex", c.dir))
	if err != nil {
		t.Fatal(err)
	}
	rewriteRaw(t, s, tableMeta, seedKey)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := c.revive(t, "essex")
	if again.Mended() == nil || again.Doubt() != DoubtRestored {
		t.Errorf("mended %v, doubt %q", again.Mended(), again.Doubt())
	}
}

// Where confirming finds no room to say so in the data, what is signed next says it.
func TestABackupThatIsConfirmedOnAFullDiskIsForgottenWithTheNextEntry(t *testing.T) {
	c, a, backup, guard := backedUp(t)
	c.restore(t, backup)
	copyFile(t, guard, c.guard())
	s := c.revive(t, "essex")
	free := s.opts.Free
	s.opts.Free = func(string) (int64, error) { return 0, nil }
	if err := s.Confirm(); err != nil || s.Doubt() != "" {
		t.Fatalf("confirming: %v, doubt %q", err, s.Doubt())
	}
	if again := die(t, s).revive(t, "essex"); again.Doubt() != DoubtRestored {
		t.Errorf("opened before anything was written: doubt %q", again.Doubt())
	}
	s.opts.Free = free
	a.publish(t, s, 1)
	if again := die(t, s).revive(t, "essex"); again.Doubt() != "" {
		t.Errorf("opened after an entry: doubt %q", again.Doubt())
	}
}

// The guard of another office was given the doubt, and the right one, put in its place, had none.
func TestABackupIsNotRestoredBesideTheGuardOfAnotherOffice(t *testing.T) {
	c, _, backup, _ := backedUp(t)
	other := newAuthor("kent")
	if err := CreateGuard(c.guard(), other.log, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(c.path(), testOptions("essex", c.dir), bytes.NewReader(backup)); !errors.Is(err, ErrOtherGuard) {
		t.Errorf("restored: %v, want ErrOtherGuard", err)
	}
	if _, err := os.Stat(c.path()); err == nil {
		t.Error("the data are there")
	}
	if g, err := readGuard(c.guard()); err != nil || g.Doubt != "" {
		t.Errorf("the guard: %+v, %v", g, err)
	}
}
