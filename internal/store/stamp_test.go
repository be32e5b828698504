package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

func (a *author) stamp(size uint64, at time.Time) ledger.Stamp {
	st, err := ledger.SignStamp(a.head(size), at, a.key)
	if err != nil {
		panic(err)
	}
	return st
}

// wantHeard: when kent was heard; zero: it was not, as far as is known.
func wantHeard(t *testing.T, s *Store, at time.Time) {
	t.Helper()
	err := s.Snapshot(t.Context(), func(snap *Snapshot) error {
		if got, heard := snap.Heard()[newAuthor("kent").log]; heard == at.IsZero() || !got.Equal(at) {
			t.Errorf("heard %+v, want kent at %s", snap.Heard(), at)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAfterARestartTheAgeGoesOnFromBefore(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("kent")
	a.addMany(3)
	s.Stamp(a.stamp(3, testNow))
	path, opts := s.Path(), s.opts
	finish(t, s)
	opts.Now = func() time.Time { return testNow.AddDate(0, 0, 3) }
	again := openStore(t, path, opts)
	wantHeard(t, again, testNow)
	again.Stamp(a.stamp(3, testNow.AddDate(0, 0, 3)))
	wantHeard(t, again, testNow.AddDate(0, 0, 3))
}

// Clocks cannot make an office look alive after the restart: what lies ahead of the clock now is
// no time at which anything was heard.
func TestAfterARestartWithAClockPutBackAnOfficeDoesNotLookAlive(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("kent")
	a.addMany(3)
	made := testNow.AddDate(0, 0, -3)
	path, opts := s.Path(), s.opts
	s.Stamp(a.stamp(3, made.Add(time.Minute))) // this clock is three days fast
	s.Stamp(a.stamp(3, testNow))
	finish(t, s)
	for back, want := range map[time.Duration]time.Time{
		0:                testNow,
		StampAhead:       testNow, // two clocks are never the same
		StampAhead + 1e6: {},
		240 * time.Hour:  {},
	} {
		opts.Now = func() time.Time { return testNow.Add(-back) }
		again := openStore(t, path, opts)
		wantHeard(t, again, want)
		finish(t, again)
	}
}

// What came while the clock was fast is as old as it says, once the clock is right.
func TestAfterARestartWithAClockPutRightTheAgeIsTheStampsOwn(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("kent")
	a.addMany(3)
	path, opts := s.Path(), s.opts
	s.Stamp(a.stamp(3, testNow.Add(-time.Hour)))
	wantHeard(t, s, testNow)
	finish(t, s)
	opts.Now = func() time.Time { return testNow.Add(-30 * time.Minute) }
	wantHeard(t, openStore(t, path, opts), testNow.Add(-time.Hour))
}

// A relay may keep stamps back for days and hand them on one by one: each is as old as it says.
func TestAStampThatWasOldWhenItCameIsAsOldAsItSays(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("kent")
	a.addMany(3)
	for hours := 72; hours > 0; hours -= 24 {
		made := testNow.Add(-time.Duration(hours) * time.Hour)
		s.Stamp(a.stamp(3, made))
		wantHeard(t, s, made)
	}
}

// The age counts from receipt: an office whose clock is slow by less than what counts as old does
// not look as if it had been silent.
func TestAnOfficeWhoseClockIsSlowIsHeardWhenItsStampCame(t *testing.T) {
	for slow, want := range map[time.Duration]time.Time{
		-StampAhead:                 testNow,
		-StampAhead - time.Second:   {},
		time.Hour:                   testNow,
		StampOldAfter:               testNow,
		StampOldAfter + time.Second: testNow.Add(-StampOldAfter - time.Second),
	} {
		s, a := newStore(t, "essex"), newAuthor("kent")
		a.addMany(3)
		s.Stamp(a.stamp(3, testNow.Add(-slow)))
		wantHeard(t, s, want)
	}
}

// An entry that has just come tells that its office is there, though no stamp of it came yet; that
// of an office gone for long tells when that was, and one that claims to be of next week nothing.
func TestAnEntryThatArrivesTellsWhenItsOfficeWasThere(t *testing.T) {
	for now, want := range map[time.Time]time.Time{
		testNow.AddDate(1, 0, 0):      testNow.Add(2 * time.Minute), // its claim
		testNow.Add(time.Hour):        testNow.Add(time.Hour),
		testNow.AddDate(0, 0, -7):     {},
		testNow.Add(-3 * time.Minute): testNow.Add(-3 * time.Minute),
	} {
		s, a := newStore(t, "essex"), newAuthor("kent")
		a.addMany(3) // claimed a minute apart, from testNow on
		s.opts.Now = func() time.Time { return now }
		a.give(t, s, 0, 3, 3)
		wantHeard(t, s, want)
	}
}

// A file that is mended must not make offices look as if they had never been heard, though the
// stamp's own row be lost.
func TestAMendedFileKeepsWhenOfficesWereHeard(t *testing.T) {
	for _, lost := range []bool{false, true} {
		s, a := newStore(t, "essex"), newAuthor("kent")
		a.addMany(70)
		s.Stamp(a.stamp(3, testNow))
		a.give(t, s, 0, 70, 70) // which writes the stamp
		if len(s.unsavedStamps()) != 0 {
			t.Fatal("the stamp is not written: the test shows nothing")
		}
		rewriteRaw(t, s, tableIndex, listKey(matterKey(accessPlan), a.log, "2021-10-25", 7))
		if lost {
			rewriteRaw(t, s, tableSeen, stampKey(a.log))
		}
		if _, err := s.Candidates(accessPlan); !errors.Is(err, ErrCorrupt) {
			t.Fatal(err)
		}
		s.opts.Now = func() time.Time { return testNow.AddDate(0, 0, 3) }
		s = mended(t, s, s.opts)
		wantHeard(t, s, testNow)
		finish(t, s)
	}
}

// A stamp is no reason for a commit, which waits for the disk: it is written with what is
// written next, and at Close.
func TestStampsCommitNothingByThemselves(t *testing.T) {
	s, a, b := newStore(t, "essex"), newAuthor("kent"), newAuthor("cambridgeshire")
	a.addMany(3)
	b.addMany(3)
	commits := 0
	s.commit = func(tx *bbolt.Tx) error { commits++; return tx.Commit() }
	for i := range 100 {
		s.Stamp(a.stamp(3, testNow.Add(time.Duration(i)*time.Second)))
	}
	if c := die(t, s); commits != 0 || len(c.revive(t, "essex").Stamps()) != 0 {
		t.Errorf("%d commits for a hundred stamps", commits)
	}
	b.give(t, s, 0, 3, 3)
	if c := die(t, s); commits != 1 || len(c.revive(t, "essex").Stamps()) != 1 {
		t.Errorf("%d commits for stamps and three entries, want 1 with both", commits)
	}
	if len(s.unsavedStamps()) != 0 {
		t.Error("they would be written again")
	}
}

func TestStampsAreKeptUpToTheLimitOfLogs(t *testing.T) {
	s := newStore(t, "essex")
	st := newAuthor("kent").stamp(0, testNow)
	for i := range LogLimit + 1 {
		st.Log.Office = fmt.Sprintf("o%d", i)
		s.mu.Lock()
		full := len(s.stamps) == LogLimit
		s.mu.Unlock()
		if s.Stamp(st); full != (i == LogLimit) {
			t.Fatalf("full after %d", i)
		}
	}
	if n := len(s.Stamps()); n != LogLimit {
		t.Errorf("%d stamps, want %d", n, LogLimit)
	}
	s.mu.Lock()
	clear(s.stamps) // forged names: they would not be read back
	s.mu.Unlock()
}
