package answers

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// While the data are damaged no answer is complete; and who watches is told when words that were
// lost are back, though they are no new arrival.
func TestDamageIsToldInEveryAnswerUntilWhatWasLostIsBack(t *testing.T) {
	w := newWorld(t)
	letter := advisory("kent", "2021-10-25", refuse, "kent")
	letter.Body = "These words will be damaged.\n"
	name := w.put("kent", public_, letter)
	lost := w.lastPut[0]
	view := func() *answersv1.CombinedView {
		t.Helper()
		resp, err := w.GetCombinedView(context.Background(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan"}})
		if err != nil {
			t.Fatal(err)
		}
		return resp.GetView()
	}

	path := w.Store.Path()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	for at := range whole {
		if bytes.HasPrefix(whole[at:], []byte("will be damaged")) {
			if _, err := f.WriteAt([]byte("W"), int64(at)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: name}); !errors.Is(err, store.ErrCorrupt) {
		t.Fatalf("other words than were signed: %v", err)
	}
	if done := view().GetCompleteness(); done.GetComplete() || !done.GetDamaged() || !strings.HasPrefix(done.GetWords(), done.GetWarning()) || !strings.Contains(done.GetWarning(), "damaged") {
		t.Errorf("of a damaged node: %v", done)
	}

	if err := w.Store.Mend(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	w.folds = folds{} // as the node begins anew after a mend
	w.Store, err = store.Open(path, store.Options{Federation: "trial", Office: essexOffice, MinFree: -1, Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	var resets []*answersv1.CombinedView
	err = w.Watch(ctx, Public(), &answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: "plan"}}, anyTurn, func(m *answersv1.WatchViewResponse) error {
		if m.GetReset_() == nil {
			return nil
		}
		resets = append(resets, m.GetReset_().GetView())
		if len(resets) == 2 {
			stop()
			return nil
		}
		return w.Store.PutBodies(ledger.LogID{Federation: "trial", Office: "kent"}, []*ledgerv1.SaltedBody{{Index: 0, Salt: lost.Salt, Body: lost.Body}})
	})
	if len(resets) != 2 {
		t.Fatalf("%d views: %v", len(resets), err)
	}
	of := func(v *answersv1.CombinedView) string {
		for _, c := range v.GetCommittees() {
			if c.GetHeadline().GetCommittee() == "kent" {
				return c.GetHeadline().GetCurrent().GetAdvisory()
			}
		}
		return ""
	}
	if first := resets[0]; of(first) != "" || first.GetCompleteness().GetComplete() || first.GetCompleteness().GetNotHeld()["kent"] != 1 {
		t.Errorf("without the words: %v", first)
	}
	if of(resets[1]) != name {
		t.Errorf("with the words: %v", resets[1])
	}
}

// A log that was lost was told as that of an office which has published nothing.
func TestALogThatWasLostIsNotOneThatNeverWas(t *testing.T) {
	w := newWorld(t)
	w.put("kent", public_, advisory("kent", "2021-10-25", refuse, "kent"))
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(w.Store.Path())
	if err != nil {
		t.Fatal(err)
	}
	header := w.lastPut[0].Header
	if err := os.WriteFile(w.Store.Path(), bytes.ReplaceAll(whole, header, bytes.Repeat([]byte{0x55}, len(header))), 0o600); err != nil {
		t.Fatal(err)
	}
	open := func() {
		t.Helper()
		if w.Store, err = store.Open(w.Store.Path(), store.Options{Federation: "trial", Office: essexOffice, MinFree: -1, Now: func() time.Time { return w.now }}); err != nil {
			t.Fatal(err)
		}
	}
	open()
	if _, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: "kent/0"}); !errors.Is(err, store.ErrCorrupt) {
		t.Fatalf("an entry without its header: %v", err)
	}
	if err := w.Store.Mend(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	open()
	done, err := w.Completeness(context.Background(), Public())
	if err != nil || done.GetComplete() || len(done.GetLost()) != 1 || done.Lost[0] != "kent" || !strings.Contains(done.GetWords(), "has lost entries of") {
		t.Errorf("%v, %v", done, err)
	}
}
