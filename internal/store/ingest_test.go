package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// bodies are the bodies of entries first..end-1.
func (a *author) bodies(first, end uint64) []*ledgerv1.SaltedBody {
	var bodies []*ledgerv1.SaltedBody
	for i := first; i < end; i++ {
		bodies = append(bodies, &ledgerv1.SaltedBody{Index: i, Salt: a.entries[i].Salt, Body: a.entries[i].Body})
	}
	return bodies
}

func feedLen(s *Store) uint64 { n, _ := s.FeedEnd(); return n }

// Invariant 3: what is not reached is neither held nor announced nor found.
func TestPartialEntriesAreStoredAndNotServed(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(100)
	a.add(kindMatter, public, marshal(&guidancev1.Matter{Name: otherPlan}))
	a.give(t, s, 0, 80, 101)
	if _, ok := s.Held(a.log); ok || s.FrontierRoot() != ledger.FrontierRoot(nil) || feedLen(s) != 0 {
		t.Error("a partial log is held")
	}
	wantCandidates(t, s, accessPlan)
	if ids, err := s.FindBody(a.entries[0].Body); len(ids) > 0 || err != nil {
		t.Errorf("FindBody finds a partial entry: %v, %v", ids, err)
	}
	segs, rest, err := s.Segments([]Range{{a.log, 0, 101}}, everything, 1<<20)
	if err != nil || len(segs)+len(rest) != 0 {
		t.Errorf("serving a partial log: %d runs, %d ranges left, %v", len(segs), len(rest), err)
	}
	seen := s.Seen()
	if len(seen) != 1 || seen[0].Size != 101 || !seen[0].BehindSince.Equal(testNow) {
		t.Errorf("seen is %+v, want a head at 101, behind since %v", seen, testNow)
	}

	again := die(t, s).revive(t, "essex")
	if tree, err := again.Progress(a.log); err != nil || tree.Size() != 80 {
		t.Fatalf("after a crash %d entries are stored, %v; want 80", tree.Size(), err)
	}
	a.give(t, again, 80, 101, 101)
	rows, err := again.Feed(1, 10)
	if err != nil || len(rows) != 1 || rows[0].First != 0 || rows[0].End != 101 {
		t.Errorf("feed is %+v, %v; want one row of everything", rows, err)
	}
	if found, err := again.Candidates(accessPlan); err != nil || len(found) != 100 {
		t.Errorf("%d candidates, %v; want 100", len(found), err)
	}
	if len(again.Seen()) != 1 || !again.Seen()[0].BehindSince.IsZero() {
		t.Errorf("still behind: %+v", again.Seen())
	}
}

func TestHeadWithinWhatIsStoredIsHeldWhenItIsSeen(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	for i := range 100 {
		a.add(kindAdvisory, []guidancev1.Visibility{public, committees}[i%2], advisory(fmt.Sprint("letter ", i), accessPlan))
	}
	a.giveReadable(t, s, 0, 80, 100, onlyPublic)
	if err := s.See(a.head(70)); err != nil {
		t.Fatal(err)
	}
	if s.size(a.log) != 70 {
		t.Fatalf("held to %d, want 70", s.size(a.log))
	}
	c := s.Counts(a.log)
	if c.Held != 70 || c.ByVisibility[public] != 35 || c.Withheld[committees] != 35 || c.NotHeld != 0 {
		t.Errorf("counts are %+v", c)
	}
	segs, _, err := s.Segments([]Range{{a.log, 0, 0}}, everything, 1<<20)
	if err != nil || len(segs) != 2 || segs[0].HeaderBlock == nil || len(segs[1].Headers) != 6 {
		t.Errorf("served %d runs, %v; want a block and six entries", len(segs), err)
	}
	if err := s.See(a.head(60)); err != nil || s.size(a.log) != 70 {
		t.Errorf("an older head: %v, held to %d", err, s.size(a.log))
	}
	if heads, now := s.HeadsSince(0); len(heads) != 1 || heads[0].Size != 70 || now != 1 {
		t.Errorf("held since the beginning: %v, up to %d; want one head of 70, up to 1", heads, now)
	}
	again := die(t, s).revive(t, "essex")
	if heads, now := again.HeadsSince(1); len(heads) > 0 || now != 1 {
		t.Errorf("held since the start: %v, up to %d; want nothing, up to 1", heads, now)
	}
	if err := again.See(a.head(75)); err != nil || again.size(a.log) != 75 {
		t.Errorf("after a crash: %v, held to %d, want 75", err, again.size(a.log))
	}
	if heads, now := again.HeadsSince(1); len(heads) != 1 || heads[0].Size != 75 || now != 2 {
		t.Errorf("held since then: %v, up to %d; want one head of 75, up to 2", heads, now)
	}
}

func TestIngestRefusesFork(t *testing.T) {
	s, a, fork := newStore(t, "essex"), newAuthor("surrey-sussex"), newAuthor("surrey-sussex")
	a.addMany(5)
	fork.take(a.entries[0])
	fork.add(kindAdvisory, public, advisory("the other branch"))
	for range 5 {
		fork.addMany(1)
	}
	a.give(t, s, 0, 5, 5)
	before := logical(t, s)

	var forked *ForkError
	base := ledger.Tree{}
	base.Append(ledger.LeafHash(a.entries[0].Header))
	v, err := new(ledger.Verifier).Verify(base, fork.segment(1, 7, 7, everything), fork.keys())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ingest([]ledger.Verified{v}); !errors.As(err, &forked) || forked.Other.Size != 7 {
		t.Errorf("Ingest of another branch: %v, want a ForkError", err)
	}
	for _, size := range []uint64{3, 5} {
		if err := s.See(fork.head(size)); !errors.Is(err, ErrFork) {
			t.Errorf("See of another branch at %d: %v, want ErrFork", size, err)
		}
	}
	if err := s.See(a.head(5)); err != nil {
		t.Errorf("See of what is held: %v", err)
	}
	if got := logical(t, s); fmt.Sprint(got) != fmt.Sprint(before) {
		t.Error("something of the other branch was kept")
	}
	// Two heads nobody holds, of one size.
	b, c := newAuthor("gpc-england"), newAuthor("gpc-england")
	b.addMany(2)
	c.add(kindMatter, public, []byte{8})
	c.addMany(1)
	if err := errors.Join(s.See(b.head(2))); err != nil {
		t.Fatal(err)
	}
	if err := s.See(c.head(2)); !errors.Is(err, ErrFork) {
		t.Errorf("See of two heads: %v, want ErrFork", err)
	}
}

func TestIngestRefusesGapAndForeignLogs(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(5)
	var base ledger.Tree
	for i := range 2 {
		base.Append(ledger.LeafHash(a.entries[i].Header))
	}
	v, err := new(ledger.Verifier).Verify(base, a.segment(2, 5, 5, everything), a.keys())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ingest([]ledger.Verified{v}); !errors.Is(err, ledger.ErrGap) {
		t.Errorf("Ingest beyond what is stored: %v, want ErrGap", err)
	}
	a.log.Federation = "england"
	v, err = new(ledger.Verifier).Verify(ledger.Tree{}, a.segment(0, 5, 5, everything), a.keys())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ingest([]ledger.Verified{v}); !errors.Is(err, ErrInvalid) {
		t.Errorf("Ingest of another federation: %v, want ErrInvalid", err)
	}
	if err := s.See(a.head(5)); !errors.Is(err, ErrInvalid) {
		t.Errorf("See of another federation: %v, want ErrInvalid", err)
	}
}

func TestOneBadRunLeavesNothingOfItsNeighbours(t *testing.T) {
	s, a, b := newStore(t, "essex"), newAuthor("surrey-sussex"), newAuthor("cambridgeshire")
	a.addMany(5)
	b.addMany(5)
	var base ledger.Tree
	base.Append(ledger.LeafHash(b.entries[0].Header))
	gap, err := new(ledger.Verifier).Verify(base, b.segment(1, 5, 5, everything), b.keys())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ingest([]ledger.Verified{a.verify(t, s, a.segment(0, 5, 5, everything)), gap}); err == nil {
		t.Fatal("a gap was taken in")
	}
	if len(logical(t, s)) != 0 || feedLen(s) != 0 || len(s.Seen()) != 0 {
		t.Error("half a transaction is there")
	}
}

func TestLateBodyArrivesOnItsOwn(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(70)
	a.add(kindAdvisory, committees, advisory("not for us", accessPlan))
	a.giveReadable(t, s, 0, 71, 71, nothing)
	wantCandidates(t, s, accessPlan)
	wants, err := s.Wants(ledger.EntryID{}, 100)
	if err != nil || len(wants) != 70 {
		t.Fatalf("%d wants, %v; want 70 and none for what is withheld", len(wants), err)
	}
	if few, err := s.Wants(ledger.EntryID{}, 3); err != nil || len(few) != 3 {
		t.Errorf("Wants(3) gives %d, %v", len(few), err)
	} else if rest, err := s.Wants(few[2], 100); err != nil || !slices.Equal(rest, wants[3:]) {
		t.Errorf("behind the third there are %d, %v; want the other 67", len(rest), err)
	}
	if none, err := s.Wants(wants[69], 100); err != nil || len(none) != 0 {
		t.Errorf("behind the last there are %d, %v", len(none), err)
	}
	got, err := s.Entry(a.log.Entry(70))
	if err != nil || got.Absent.GetReason() != ledgerv1.AbsentReason_ABSENT_REASON_WITHHELD || got.Absent.GetVisibility() != committees {
		t.Errorf("entry 70 is absent for %v, %v", got.Absent, err)
	}
	got, err = s.Entry(a.log.Entry(3))
	if err != nil || got.Absent.GetReason() != ledgerv1.AbsentReason_ABSENT_REASON_NOT_HELD || got.Feed != 1 {
		t.Errorf("entry 3 is absent for %v, %v", got.Absent, err)
	}

	// Out of order, in and out of the sealed block, with one already given.
	late := append(a.bodies(65, 67), append(a.bodies(2, 5), a.bodies(9, 10)...)...)
	if err := s.PutBodies(a.log, late); err != nil {
		t.Fatal(err)
	}
	if err := s.PutBodies(a.log, a.bodies(4, 6)); err != nil {
		t.Fatal(err)
	}
	rows, err := s.Feed(2, 10)
	if err != nil {
		t.Fatal(err)
	}
	var runs []string
	for _, r := range rows {
		runs = append(runs, fmt.Sprintf("%d:%d-%d", r.Type, r.First, r.End))
	}
	if fmt.Sprint(runs) != "[2:2-5 2:9-10 2:65-67 2:5-6]" {
		t.Errorf("late bodies arrived as %v", runs)
	}
	found := wantCandidates(t, s, accessPlan, "surrey-sussex/2", "surrey-sussex/3", "surrey-sussex/4", "surrey-sussex/5", "surrey-sussex/9", "surrey-sussex/65", "surrey-sussex/66")
	if len(found) > 0 && (found[0].Feed != 2 || found[3].Feed != 5) {
		t.Errorf("rows arrived at %d and %d, want 2 and 5", found[0].Feed, found[3].Feed)
	}
	if c := s.Counts(a.log); c.NotHeld != 63 || c.Withheld[committees] != 1 {
		t.Errorf("counts are %+v", c)
	}
}

func TestLateBodyMustOpenItsCommitment(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(3)
	a.giveReadable(t, s, 0, 3, 3, nothing)
	forged := a.bodies(0, 1)
	forged[0].Body = append([]byte{}, forged[0].Body...)
	forged[0].Body[5] ^= 1
	for name, c := range map[string]struct {
		bodies []*ledgerv1.SaltedBody
		want   error
	}{
		"forged":   {forged, ledger.ErrBadBody},
		"twice":    {append(a.bodies(1, 2), a.bodies(1, 2)...), ErrInvalid},
		"too far":  {[]*ledgerv1.SaltedBody{{Index: 3, Salt: a.entries[0].Salt, Body: a.entries[0].Body}}, ErrNotFound},
		"half bad": {append(a.bodies(1, 2), forged...), ledger.ErrBadBody},
	} {
		if err := s.PutBodies(a.log, c.bodies); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if c := s.Counts(a.log); c.NotHeld != 3 {
		t.Errorf("%d bodies are missing, want all 3", c.NotHeld)
	}
}

func TestWaitWakesForEntriesAndForHeads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
		a.addMany(3)
		a.give(t, s, 0, 1, 1)
		if err := s.Wait(t.Context(), 0); err != nil {
			t.Fatalf("Wait behind the feed: %v", err)
		}
		waiting := func(ctx context.Context, do func()) error {
			woken, changed := make(chan error, 1), s.Changed()
			go func() { woken <- s.Wait(ctx, feedLen(s)) }()
			synctest.Wait()
			do()
			synctest.Wait()
			if ctx.Err() == nil {
				<-changed
			}
			return <-woken
		}
		if err := waiting(t.Context(), func() { a.give(t, s, 1, 2, 2) }); err != nil {
			t.Errorf("an entry did not wake: %v", err)
		}
		if err := waiting(t.Context(), func() { _ = s.See(a.head(3)) }); err != nil {
			t.Errorf("a head seen did not wake: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if err := waiting(ctx, cancel); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait with an ended context: %v", err)
		}
		if err := waiting(t.Context(), func() { finish(t, s) }); !errors.Is(err, ErrClosed) {
			t.Errorf("Wait while closing: %v, want ErrClosed", err)
		}
	})
}

func TestSeenHeadsSurviveClosing(t *testing.T) {
	s, a, b := newStore(t, "essex"), newAuthor("surrey-sussex"), newAuthor("cambridgeshire")
	a.addMany(3)
	b.addMany(3)
	a.give(t, s, 0, 2, 2)
	for _, cp := range []ledger.Checkpoint{a.head(3), a.head(1), b.head(2), b.head(3)} {
		if err := s.See(cp); err != nil {
			t.Fatal(err)
		}
	}
	path, opts := s.Path(), s.opts
	finish(t, s)
	opts.Now = func() time.Time { return testNow.AddDate(10, 0, 0) }
	again := openStore(t, path, opts)
	for _, h := range again.Seen() {
		if h.Size != 3 || !h.BehindSince.Equal(testNow) {
			t.Errorf("%s seen at %d, behind since %v", h.Log, h.Size, h.BehindSince)
		}
	}
	if len(again.Seen()) != 2 {
		t.Errorf("%d heads seen, want 2", len(again.Seen()))
	}
	a.give(t, again, 2, 3, 3)
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if seen := openStore(t, path, opts).Seen(); len(seen) != 2 || !seen[1].BehindSince.IsZero() || seen[0].BehindSince.IsZero() {
		t.Errorf("seen is %+v", seen)
	}
}

// A clock that jumps hides nothing and orders nothing (invariant 11).
// What is not held yet, and bodies that come late, are no growth.
func TestALogsGrowthIsWhatWasHeldFromEachFeedNumberOn(t *testing.T) {
	s, a, other := newStore(t, "essex"), newAuthor("surrey-sussex"), newAuthor("kent")
	a.addMany(7)
	other.addMany(1)
	a.give(t, s, 0, 2, 2)
	other.give(t, s, 0, 1, 1)
	a.give(t, s, 2, 5, 5)
	a.give(t, s, 5, 6, 7)
	if err := s.PutBodies(a.log, a.bodies(0, 2)); err != nil {
		t.Fatal(err)
	}
	want := []Growth{{1, 2}, {3, 5}}
	if got, err := s.Growth(a.log, 0); err != nil || !slices.Equal(got, want) {
		t.Errorf("it grew by %v, %v, want %v", got, err, want)
	}
	if got, err := s.Growth(ledger.LogID{Federation: a.log.Federation, Office: "nobody"}, 0); err != nil || len(got) > 0 {
		t.Errorf("what is not here grew by %v, %v", got, err)
	}
}

func TestFeedAtFollowsTheClockAndSurvivesItsJumps(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(4)
	at := testNow
	s.opts.Now = func() time.Time { return at }
	for i, minute := range []int{0, 10, 5_000_000, 20} {
		at = testNow.Add(time.Duration(minute) * time.Minute)
		a.give(t, s, uint64(i), uint64(i)+1, uint64(i)+1)
	}
	for minute, want := range map[int]uint64{-1: 0, 0: 1, 9: 1, 10: 2, 19: 2, 20: 4, 30: 4, 6_000_000: 4} {
		got, err := s.FeedAt(testNow.Add(time.Duration(minute) * time.Minute))
		if err != nil || got != want {
			t.Errorf("FeedAt(+%d min) = %d, %v; want %d", minute, got, err, want)
		}
	}
	rows, err := s.Feed(2, 2)
	if err != nil || len(rows) != 2 || rows[0].N != 2 || rows[1].N != 3 {
		t.Errorf("Feed(2, 2) = %+v, %v", rows, err)
	}
	if _, digest := s.FeedEnd(); rows[1].Digest == digest {
		t.Error("two rows have one digest")
	}
}

// One row that says it arrived two years ago made everything before it known on every later day.
func TestAClockThatWasBehindMakesNothingKnownBeforeItCame(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(6)
	at := testNow
	s.opts.Now = func() time.Time { return at }
	for i, minute := range []int{0, 10, 11, -5_000_000, 20, 30} {
		at = testNow.Add(time.Duration(minute) * time.Minute)
		a.give(t, s, uint64(i), uint64(i)+1, uint64(i)+1)
		if i == 2 {
			if got, err := s.FeedAt(at); err != nil || got != 3 { // what is asked for before is added to
				t.Errorf("FeedAt before the jump = %d, %v", got, err)
			}
		}
	}
	for minute, want := range map[int]uint64{-6_000_000: 0, -1: 0, 0: 1, 9: 1, 11: 4, 19: 4, 20: 5, 30: 6} {
		got, err := s.FeedAt(testNow.Add(time.Duration(minute) * time.Minute))
		if err != nil || got != want {
			t.Errorf("FeedAt(%d min) = %d, %v; want %d", minute, got, err, want)
		}
	}
}

func TestLogLimits(t *testing.T) {
	s, a, b := newStore(t, "essex"), newAuthor("surrey-sussex"), newAuthor("cambridgeshire")
	a.addMany(1)
	b.addMany(2)
	s.logs = LogLimit - 1
	a.give(t, s, 0, 1, 1)
	v := b.verify(t, s, b.segment(0, 2, 2, everything))
	err := s.Ingest([]ledger.Verified{v})
	if !errors.Is(err, ErrTooMany) || !strings.Contains(err.Error(), "cambridgeshire") {
		t.Errorf("one log over the limit: %v, want ErrTooMany naming it", err)
	}
	for i := range LogLimit {
		s.seen[ledger.LogID{Federation: "demo", Office: fmt.Sprint("o", i)}] = seenHead{}
	}
	if err := s.See(b.head(1)); !errors.Is(err, ErrTooMany) {
		t.Errorf("one head over the limit: %v, want ErrTooMany", err)
	}
	clear(s.seen)
	if err := s.See(b.head(1)); err != nil {
		t.Errorf("See below the limit: %v", err)
	}
}
