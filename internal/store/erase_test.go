package store

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// erasure is the body of an entry that takes another down.
func erasure(index uint64) []byte {
	return marshal(&ledgerv1.Erasure{Index: index, Reason: "It named a patient.", Matters: []string{accessPlan}, Committees: []string{"surrey"}, Issued: &guidancev1.DayRange{Earliest: "2021-10-26", Latest: "2021-10-26"}})
}

// wantErased fails unless nothing of the words of an entry is anywhere, and it is known which entry erased it.
func wantErased(t *testing.T, s *Store, log ledger.LogID, index, by uint64) {
	t.Helper()
	got, err := s.Entry(log.Entry(index))
	if err != nil || got.Body != nil || got.Salt != nil || got.Absent.GetReason() != ledgerv1.AbsentReason_ABSENT_REASON_ERASED || got.Absent.GetErasedBy() != by {
		t.Errorf("%s is %v, %v, with %d bytes of words", log.Entry(index), got.Absent, err, len(got.Body))
	}
	segs, _, err := s.Segments([]Range{{log, 0, s.size(log)}}, everything, 1<<22)
	if err != nil {
		t.Error(err)
	}
	for _, seg := range segs {
		for _, frame := range seg.BodyBlocks {
			bodies, err := ledger.UnpackBodies(frame)
			if err != nil {
				t.Error(err)
			}
			seg.Bodies = append(seg.Bodies, bodies...)
		}
		if slices.ContainsFunc(seg.Bodies, func(b *ledgerv1.SaltedBody) bool { return b.GetIndex() == index }) {
			t.Errorf("the words of %s are still given to others", log.Entry(index))
		}
	}
	if late, _, err := s.Bodies([]ledger.EntryID{log.Entry(index)}, everything, 1<<22); err != nil || len(late) > 0 {
		t.Errorf("asked for late, %s is given: %v, %v", log.Entry(index), late, err)
	}
	if wants, err := s.Wants(ledger.EntryID{}, 100); err != nil || slices.Contains(wants, log.Entry(index)) {
		t.Errorf("the words of %s are wanted: %v", log.Entry(index), err)
	}
	if counts := s.Counts(log); counts.NotHeld != 0 {
		t.Errorf("%d are counted as not held", counts.NotHeld)
	}
	checkAll(t, s)
}

func checkAll(t *testing.T, s *Store) {
	t.Helper()
	report, err := s.Check(t.Context())
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		t.Error(err)
	}
}

// letters are an author's log with a letter, others, and an erasure of the first at its end.
func takenDown(others int) *author {
	a := newAuthor("surrey-sussex")
	a.add(kindAdvisory, public, advisory("Mrs Example of 1 Sample Street", accessPlan))
	for i := range others {
		a.add(kindAdvisory, public, advisory(fmt.Sprint("letter ", i), accessPlan))
	}
	a.add(kindErasure, public, erasure(0))
	return a
}

// Where an entry lies, singly, in part of a block or in a whole one, and whatever came with its erasure.
func TestALetterTakenDownIsNowhere(t *testing.T) {
	for _, others := range []int{0, 5, 20, 70} {
		a := takenDown(others)
		by := uint64(len(a.entries)) - 1
		at := newStore(t, "essex") // the letter first, and then what took it down
		a.give(t, at, 0, by, by)
		wantCandidates(t, at, accessPlan, candidates(a, 0, by)...)
		a.give(t, at, by, by+1, by+1)
		wantErased(t, at, a.log, 0, by)
		wantCandidates(t, at, accessPlan, candidates(a, 1, by+1)...)
		rows, err := at.Feed(1, 10)
		if err != nil || len(rows) != 3 || rows[2].Type != FeedErased || rows[2].First != 0 || rows[2].End != 1 {
			t.Errorf("the feed has %v, %v", rows, err)
		}
		both := newStore(t, "kent") // all of it at once
		a.give(t, both, 0, by+1, by+1)
		wantErased(t, both, a.log, 0, by)
		next := newStore(t, "cambridgeshire") // from whoever has applied it
		copyLogs(t, at, next, a, 1<<20)
		wantErased(t, next, a.log, 0, by)
	}
}

func candidates(a *author, from, end uint64) (names []string) {
	for i := from; i < end; i++ {
		names = append(names, a.log.Entry(i).String())
	}
	return names
}

// Whoever still offers the words of a letter that was taken down is not listened to.
func TestTheWordsOfALetterTakenDownAreNotTakenBack(t *testing.T) {
	a := takenDown(1)
	s := newStore(t, "essex")
	a.give(t, s, 0, 3, 3)
	late := []*ledgerv1.SaltedBody{{Index: 0, Salt: a.entries[0].Salt, Body: a.entries[0].Body}}
	if err := s.PutBodies(a.log, late); err != nil {
		t.Fatal(err)
	}
	wantErased(t, s, a.log, 0, 2)
	if rows, err := s.Feed(1, 10); err != nil || len(rows) != 2 {
		t.Errorf("the feed has %v, %v", rows, err)
	}
}

// What was taken down before its words ever came, and what the words of the erasure came late for.
func TestALetterIsTakenDownThoughWordsComeLate(t *testing.T) {
	a := takenDown(1)
	s := newStore(t, "essex")
	seg := a.segment(0, 3, 3, nothing)
	if err := s.Ingest([]ledger.Verified{a.verify(t, s, seg)}); err != nil {
		t.Fatal(err)
	}
	body := func(i uint64) *ledgerv1.SaltedBody {
		return &ledgerv1.SaltedBody{Index: i, Salt: a.entries[i].Salt, Body: a.entries[i].Body}
	}
	for _, i := range []uint64{0, 2, 1} {
		if err := s.PutBodies(a.log, []*ledgerv1.SaltedBody{body(i)}); err != nil {
			t.Fatal(err)
		}
	}
	wantErased(t, s, a.log, 0, 2)
	wantCandidates(t, s, accessPlan, candidates(a, 1, 3)...)
}

// What bbolt had freed lay in the file as it was.
func TestWhatWasTakenDownIsOverwrittenAtTheNextStart(t *testing.T) {
	const words = "Mrs Example of 1 Sample Street"
	a := takenDown(2)
	s := newStore(t, "essex")
	a.give(t, s, 0, 3, 3)
	path, opts := s.Path(), s.opts
	lies := func() bool {
		t.Helper()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(b, []byte(words))
	}
	if !lies() {
		t.Fatal("the words of an entry that lies singly are not in the file")
	}
	a.give(t, s, 3, 4, 4)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		var err error
		if s, err = Open(path, opts); err != nil {
			t.Fatal(err)
		}
	}
	defer s.Close()
	if lies() {
		t.Error("the words are in the file yet")
	}
	wantErased(t, s, a.log, 0, 3)
}

// An erasure takes down letters and reports of its own log that come before it, and nothing else.
func TestOnlyLettersAndReportsBeforeItAreErased(t *testing.T) {
	a := newAuthor("surrey-sussex")
	a.add(kindMatter, public, marshal(&guidancev1.Matter{Name: accessPlan, Title: "The plan"}))
	a.add(kindWithdrawal, public, marshal(&guidancev1.Withdrawal{Advisory: "surrey-sussex/9"}))
	a.add(kindReport, public, marshal(&guidancev1.ReportedPosition{Position: &guidancev1.Position{Matter: accessPlan}}))
	for _, index := range []uint64{0, 1, 2, 5, 6, 7, 3} {
		a.add(kindErasure, public, erasure(index))
	}
	s := newStore(t, "essex")
	a.give(t, s, 0, 10, 10)
	for i := range uint64(10) {
		got, err := s.Entry(a.log.Entry(i))
		if erased := got.Absent != nil; err != nil || erased != (i == 2) {
			t.Errorf("entry %d: erased is %v, %v", i, erased, err)
		}
	}
	checkAll(t, s)
}

// What is not held yet takes nothing down: nobody has signed for it.
func TestAnErasureThatIsNotHeldTakesNothingDown(t *testing.T) {
	a := takenDown(1)
	a.add(kindAdvisory, public, advisory("the last", accessPlan))
	s := newStore(t, "essex")
	a.give(t, s, 0, 2, 2)
	a.give(t, s, 2, 3, 4) // up to a head that is further on
	if got, err := s.Entry(a.log.Entry(0)); err != nil || !bytes.Equal(got.Body, a.entries[0].Body) {
		t.Errorf("the letter is %v, %v", got.Absent, err)
	}
	checkAll(t, s)
	if err := s.See(a.head(3)); err != nil {
		t.Fatal(err)
	}
	wantErased(t, s, a.log, 0, 2)
}
