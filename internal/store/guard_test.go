package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// corpse is what a process leaves when it dies: the files as they are.
type corpse struct{ dir string }

func (c corpse) path() string  { return filepath.Join(c.dir, "node.db") }
func (c corpse) guard() string { return filepath.Join(c.dir, "guard.json") }

func die(tb tester, s *Store) corpse {
	tb.Helper()
	c := corpse{memDir(tb)}
	copyFile(tb, s.Path(), c.path())
	copyFile(tb, s.opts.Guard, c.guard())
	return c
}

func (c corpse) revive(tb tester, office string) *Store {
	tb.Helper()
	return openStore(tb, c.path(), testOptions(office, c.dir))
}

func guardSize(tb tester, path string) uint64 {
	tb.Helper()
	g, err := readGuard(path)
	if err != nil {
		tb.Fatal(err)
	}
	return g.Size
}

// Invariant 4: at any crash point data file >= guard >= any released head.
func TestAtEveryCrashPointFileIsAtLeastGuardIsAtLeastReleased(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	crashes := map[string]int{}
	s.step = func(at string) {
		crashes[at]++
		released := s.size(a.log)
		c := die(t, s)
		guard := guardSize(t, c.guard())
		again := c.revive(t, "essex")
		stored := again.size(a.log)
		if stored < guard || guard < released {
			t.Errorf("%s: file %d, guard %d, released %d", at, stored, guard, released)
		}
		if _, _, recovering := again.Recovering(); recovering {
			t.Errorf("%s: recovering after a mere crash", at)
		}
		if now := guardSize(t, c.guard()); now != stored {
			t.Errorf("%s: opened again, the guard says %d of %d", at, now, stored)
		}
		repeatDrafts(t, again, a)
	}
	for n := range 4 {
		a.publish(t, s, n+1)
	}
	for _, at := range []string{"before commit", "committed", "guarded"} {
		if crashes[at] == 0 {
			t.Errorf("no crash at %q was tried", at)
		}
	}
}

// repeatDrafts is what a node does after a crash: what was drafted and not signed is
// signed, with the same bytes.
func repeatDrafts(tb tester, s *Store, a *author) {
	tb.Helper()
	drafts, err := s.Drafts()
	if err != nil {
		tb.Fatal(err)
	}
	if len(drafts) == 0 {
		return
	}
	first, size, err := s.Append(a.log, drafts, a.sign)
	if err != nil {
		tb.Fatalf("repeating drafts: %v", err)
	}
	if size-first != uint64(len(drafts)) {
		tb.Errorf("%d drafts made entries %d to %d", len(drafts), first, size)
	}
	for _, d := range drafts {
		if id, content, ok, err := s.Request(d.RequestID); err != nil || !ok || content != d.Content {
			tb.Errorf("request %s after the repeat: %v %v %v", d.RequestID, id, ok, err)
		}
	}
}

func TestOldFileWithItsGuardRecoversFromPeers(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 5)
	old := die(t, s)
	a.publish(t, s, 80)
	copyFile(t, s.opts.Guard, old.guard())

	again := old.revive(t, "essex")
	need, have, yes := again.Recovering()
	if need != 85 || have != 5 || !yes {
		t.Fatalf("Recovering() = %d, %d, %v, want 85, 5, true", need, have, yes)
	}
	_, _, err := again.Append(a.log, a.drafts(1), a.sign)
	if !errors.Is(err, ErrRecovering) || !strings.Contains(err.Error(), "essex/5 to essex/84") {
		t.Errorf("Append while recovering: %v, want ErrRecovering naming the entries", err)
	}
	if err := again.PutDraft(a.drafts(1)...); !errors.Is(err, ErrRecovering) {
		t.Errorf("PutDraft while recovering: %v, want ErrRecovering", err)
	}
	a.give(t, again, 5, 64, 85)
	if _, _, yes := again.Recovering(); !yes {
		t.Error("partial entries ended recovery")
	}
	a.give(t, again, 64, 85, 85)
	if _, _, yes := again.Recovering(); yes {
		t.Error("still recovering with everything back")
	}
	a.publish(t, again, 1)
}

func TestNewFileWithAnOldGuardRecovers(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 3)
	dir := memDir(t)
	copyFile(t, s.opts.Guard, filepath.Join(dir, "guard.json"))
	lost := corpse{dir}.revive(t, "essex")
	if need, have, yes := lost.Recovering(); need != 3 || have != 0 || !yes {
		t.Errorf("Recovering() = %d, %d, %v, want 3, 0, true", need, have, yes)
	}
	a.give(t, lost, 0, 3, 3)
	if guardSize(t, lost.opts.Guard) != 3 {
		t.Error("the guard moved")
	}
}

func TestGuardNeverFallsWhileRecovering(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 2)
	a.publish(t, s, 1)
	dir := memDir(t)
	copyFile(t, s.opts.Guard, filepath.Join(dir, "guard.json"))
	lost := corpse{dir}.revive(t, "essex")
	a.give(t, lost, 0, 2, 2) // a peer that had not got the last entry
	if need, have, yes := lost.Recovering(); need != 3 || have != 2 || !yes {
		t.Errorf("Recovering() = %d, %d, %v, want 3, 2, true", need, have, yes)
	}
	if guardSize(t, lost.opts.Guard) != 3 {
		t.Error("the guard fell to what a peer had")
	}
	if _, _, err := lost.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrRecovering) {
		t.Errorf("Append: %v, want ErrRecovering", err)
	}
	a.give(t, lost, 2, 3, 3)
	a.publish(t, lost, 1)
}

func TestAnotherOwnLogThanWasReleasedIsNeverTakenIn(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 3)
	dir := memDir(t)
	copyFile(t, s.opts.Guard, filepath.Join(dir, "guard.json"))
	lost := corpse{dir}.revive(t, "essex")

	clone := newAuthor("essex")
	clone.addMany(4)
	v := clone.verify(t, lost, clone.segment(0, 4, 4, everything))
	if err := lost.Ingest([]ledger.Verified{v}); !errors.Is(err, ErrForked) {
		t.Fatalf("Ingest of another history: %v, want ErrForked", err)
	}
	if lost.size(a.log) != 0 {
		t.Error("part of it was kept")
	}
}

func TestFileThatDiffersFromItsGuardIsReadOnly(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 3)
	c := die(t, s)
	rewriteGuard(t, c.guard(), func(g *guard) { g.Root[0] ^= 1; g.Size = 2 })
	again := c.revive(t, "essex")
	if err := again.Forked(); !errors.Is(err, ErrForked) {
		t.Fatalf("Forked() = %v, want ErrForked", err)
	}
	if _, _, err := again.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrForked) {
		t.Errorf("Append: %v, want ErrForked", err)
	}
	if _, err := again.Entry(a.log.Entry(1)); err != nil {
		t.Errorf("reading goes on: %v", err)
	}
	if guardSize(t, c.guard()) != 2 {
		t.Error("the guard was overwritten")
	}
}

func rewriteGuard(tb tester, path string, change func(*guard)) {
	tb.Helper()
	g, err := readGuard(path)
	if err != nil {
		tb.Fatal(err)
	}
	change(&g)
	g.Sum = g.sum()
	b, err := json.Marshal(g)
	if err == nil {
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

func TestAGuardLineTornInWritingLeavesTheOther(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	for range 3 {
		a.publish(t, s, 1)
	}
	c := die(t, s)
	g, err := readGuard(c.guard())
	if err != nil || g.Size != 3 {
		t.Fatalf("guard %+v, %v", g, err)
	}
	for torn := range slotSize {
		b, err := os.ReadFile(c.guard())
		if err != nil {
			t.Fatal(err)
		}
		line := b[g.slot*slotSize : (g.slot+1)*slotSize]
		copy(line[torn:], make([]byte, slotSize)) // what came after was not written
		path := filepath.Join(t.TempDir(), "guard")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		left, err := readGuard(path)
		if err != nil || left.Size < 2 || left.Size > 3 {
			t.Fatalf("torn at %d: %+v, %v", torn, left, err)
		}
	}
	again := c.revive(t, "essex")
	a.publish(t, again, 1)
	if guardSize(t, c.guard()) != 4 {
		t.Error("the guard did not move")
	}
}

// unconfirmed: nothing is signed or drafted, however often the store is opened, until it is
// confirmed; afterwards all is.
func unconfirmed(t *testing.T, c corpse, a *author, want Doubt) {
	t.Helper()
	for range 3 {
		s, err := Open(c.path(), testOptions("essex", c.dir))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Doubt(); got != want {
			t.Errorf("Doubt() = %q, want %q", got, want)
		}
		if _, _, err := s.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrUnconfirmed) {
			t.Errorf("Append: %v, want ErrUnconfirmed", err)
		}
		if err := s.PutDraft(a.drafts(1)...); !errors.Is(err, ErrUnconfirmed) {
			t.Errorf("PutDraft: %v, want ErrUnconfirmed", err)
		}
		finish(t, s)
	}
	s := c.revive(t, "essex")
	if err := s.Confirm(); err != nil {
		t.Fatal(err)
	}
	a.publish(t, s, 1)
	again := die(t, s).revive(t, "essex")
	if again.Doubt() != "" {
		t.Errorf("confirmed, and opened again in doubt: %s", again.Doubt())
	}
	a.publish(t, again, 1)
}

// A node that forgot what was lost with its guard must not sign other entries under numbers
// it has used: the guard of its first start after that must not vouch for it either.
func TestNothingIsSignedUntilConfirmed(t *testing.T) {
	t.Run("missing guard", func(t *testing.T) {
		s, a := newStore(t, "essex"), newAuthor("essex")
		a.publish(t, s, 3)
		c := die(t, s)
		if err := os.Remove(c.guard()); err != nil {
			t.Fatal(err)
		}
		unconfirmed(t, c, a, DoubtMissing)
	})
	t.Run("missing guard and file", func(t *testing.T) {
		unconfirmed(t, corpse{memDir(t)}, newAuthor("essex"), DoubtMissing)
	})
	t.Run("new office", func(t *testing.T) {
		c, a := corpse{memDir(t)}, newAuthor("essex")
		if err := CreateGuard(c.guard(), a.log, DoubtNew); err != nil {
			t.Fatal(err)
		}
		unconfirmed(t, c, a, DoubtNew)
	})
	t.Run("guard from a backup beside a newer file", func(t *testing.T) {
		s, a := newStore(t, "essex"), newAuthor("essex")
		a.publish(t, s, 1)
		old := die(t, s)
		a.publish(t, s, 1)
		a.publish(t, s, 1)
		c := die(t, s)
		copyFile(t, old.guard(), c.guard())
		unconfirmed(t, c, a, DoubtOlder)
	})
	t.Run("restored, its guard from the same day", func(t *testing.T) {
		s, a := newStore(t, "essex"), newAuthor("essex")
		a.publish(t, s, 2)
		c := corpse{memDir(t)}
		copyFile(t, s.opts.Guard, c.guard())
		var b bytes.Buffer
		_, err := s.Backup(&b)
		if err == nil {
			_, err = Restore(c.path(), testOptions("essex", c.dir), &b)
		}
		if err != nil {
			t.Fatal(err)
		}
		unconfirmed(t, c, a, DoubtRestored)
	})
}

// What a crash between the file and the guard leaves is no doubt.
func TestAGuardOneStepBehindIsNoDoubt(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 1)
	before := die(t, s)
	a.publish(t, s, 5)
	c := die(t, s)
	copyFile(t, before.guard(), c.guard())
	a.publish(t, c.revive(t, "essex"), 1)
}

// A contradiction is kept for good, wherever the process dies, and a doubt confirmed later
// takes nothing of it away.
func TestAContradictedLogIsNeverSignedAgain(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 2)
	for range 2 {
		if err := errors.Join(s.Contradict(), s.Confirm()); err != nil {
			t.Fatal(err)
		}
	}
	for _, store := range []*Store{s, die(t, s).revive(t, "essex")} {
		if _, _, err := store.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrForked) || !strings.Contains(err.Error(), testNow.Format("2006-01-02")) || strings.Contains(err.Error(), "epoch") {
			t.Errorf("Append: %v, want ErrForked and since when, and no epoch, which nobody can give", err)
		}
		if _, err := store.Entry(a.log.Entry(1)); err != nil {
			t.Errorf("reading: %v", err)
		}
	}
}

func TestAnEpochThatWasReplacedIsNotAppendedTo(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 1)
	healed := newAuthor("essex")
	healed.log.Epoch = 1
	drafts := healed.drafts(1)
	drafts[0].RequestID = "the first of the new epoch"
	if _, _, err := s.Append(healed.log, drafts, healed.sign); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrInvalid) {
		t.Errorf("Append to epoch 0: %v, want ErrInvalid", err)
	}
	again := die(t, s).revive(t, "essex")
	if g := again.guardLog(); g != healed.log {
		t.Errorf("the guard is of %s", g)
	}
	if e, err := again.Entry(healed.log.Entry(0)); err != nil || e.ID.String() != "essex@1/0" {
		t.Errorf("the new epoch's first entry is %v, %v", e.ID, err)
	}
}

func TestUnreadableOrForeignGuardIsRefused(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 3)
	c := die(t, s)
	if err := os.WriteFile(c.guard(), []byte("{\"log\":\"demo/es"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(c.path(), testOptions("essex", c.dir)); err == nil || !strings.Contains(err.Error(), c.guard()) {
		t.Errorf("opening with half a guard: %v, want an error naming it", err)
	}
	copyFile(t, s.opts.Guard, c.guard())
	rewriteGuard(t, c.guard(), func(g *guard) { g.Log = "demo/surrey-sussex/log/0" })
	if _, err := Open(c.path(), testOptions("essex", c.dir)); !errors.Is(err, ErrOtherGuard) {
		t.Errorf("opening with another office's guard: %v, want ErrOtherGuard", err)
	}
}

func TestGuardThatCannotBeWrittenEndsTheProcessBeforeRelease(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	var fatal error
	s.opts.OnCommitError = func(err error) { fatal = err }
	a.publish(t, s, 1)
	s.step = func(at string) {
		if at == "committed" {
			s.opts.Guard = filepath.Join(t.TempDir(), "no", "such", "folder", "guard.json")
		}
	}
	if _, _, err := s.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrFatal) {
		t.Fatalf("Append: %v, want ErrFatal", err)
	}
	if fatal == nil {
		t.Error("OnCommitError was not called")
	}
	if s.size(a.log) != 1 {
		t.Error("an unguarded head was released")
	}
}

// Whoever had restored a backup was told to leave the guard that cannot be read where it is, and no other
// way on.
func TestAGuardThatCannotBeReadMayBeMovedAway(t *testing.T) {
	c, a, backup, _ := backedUp(t)
	if err := os.WriteFile(c.guard(), make([]byte, 2*slotSize), 0o600); err != nil {
		t.Fatal(err)
	}
	_, restored := Restore(c.path(), testOptions("essex", c.dir), bytes.NewReader(backup))
	_, opened := Open(c.path(), testOptions("essex", c.dir))
	for _, err := range []error{restored, opened} {
		if err == nil || !strings.Contains(err.Error(), "move it away: without it nothing is signed until") {
			t.Errorf("got %v", err)
		}
	}
	if err := os.Remove(c.guard()); err != nil {
		t.Fatal(err)
	}
	c.restore(t, backup)
	unconfirmed(t, c, a, DoubtMissing)
}

// A node did not start where its guard could not be written, though nobody wanted to publish.
func TestDataWhoseGuardCannotBeWrittenAreRead(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 3)
	opts := s.opts
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	reads := func(what string) {
		t.Helper()
		s, err := Open(s.Path(), opts)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		defer func() { finish(t, s) }()
		if _, err := s.Entry(a.log.Entry(2)); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := s.Room(); !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), opts.Guard) {
			t.Errorf("%s: it may be written: %v", what, err)
		}
		if err := s.PutDraft(a.drafts(1)...); err == nil {
			t.Errorf("%s: a draft is taken", what)
		}
	}
	guard := opts.Guard
	opts.Guard = filepath.Join(t.TempDir(), "no", "such", "folder", "guard")
	reads("a lost guard")
	if opts.Guard = guard; os.Geteuid() == 0 {
		return // who may write everything
	}
	if err := os.Chmod(guard, 0o400); err != nil {
		t.Fatal(err)
	}
	reads("one that may only be read")
}

func TestFailedCommitStopsEverything(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 1)
	var fatal error
	s.opts.OnCommitError = func(err error) { fatal = err }
	commit := s.commit
	s.commit = failAfter(commit)
	if _, _, err := s.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrFatal) || !errors.Is(fatal, ErrFatal) {
		t.Fatalf("Append: %v, OnCommitError: %v, want ErrFatal from both", err, fatal)
	}
	s.commit = commit
	if _, err := s.Entry(a.log.Entry(0)); !errors.Is(err, ErrFatal) {
		t.Errorf("Entry after a failed commit: %v, want ErrFatal", err)
	}
	if s.size(a.log) != 1 {
		t.Error("the head of a doubtful commit was released")
	}
	// As bbolt may have: the commit is there, and opening anew finds it.
	again := die(t, s).revive(t, "essex")
	if again.size(a.log) != 2 {
		t.Errorf("opened anew it holds %d, want 2", again.size(a.log))
	}
}

// Of a guard whose newer line was damaged, or gone, the older one was believed, and with the data lost
// too a number was signed twice.
func TestADamagedLineOfTheGuardIsADoubt(t *testing.T) {
	for name, hurt := range map[string]func(older, newer []byte) []byte{
		"damaged":   func(older, newer []byte) []byte { newer[20] = '#'; return slices.Concat(older, newer) },
		"cut off":   func(older, _ []byte) []byte { return older },
		"cut short": func(older, newer []byte) []byte { return slices.Concat(older, newer[:slotSize-1]) },
		"of two writers": func(older, newer []byte) []byte { // each wrote its own under the next number
			var g guard
			if err := json.Unmarshal(older, &g); err != nil {
				t.Fatal(err)
			}
			g.Seq++
			other, err := g.line()
			if err != nil {
				t.Fatal(err)
			}
			return slices.Concat(other, newer)
		},
	} {
		s, a := newStore(t, "essex"), newAuthor("essex")
		opts := s.opts
		a.publish(t, s, 8)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		g, err := readGuard(opts.Guard)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(opts.Guard)
		if err != nil {
			t.Fatal(err)
		}
		lines := [][]byte{b[:slotSize], b[slotSize:]}
		if err := os.WriteFile(opts.Guard, hurt(bytes.Clone(lines[1-g.slot]), bytes.Clone(lines[g.slot])), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(s.path); err != nil {
			t.Fatal(err)
		}
		for range 2 { // it stays
			again, err := Open(s.path, opts)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if again.Doubt() != DoubtOlder {
				t.Errorf("%s: doubt %q, want %q", name, again.Doubt(), DoubtOlder)
			}
			finish(t, again)
		}
	}
}
