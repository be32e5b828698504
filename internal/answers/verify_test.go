package answers

import (
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// A head that was seen says how much an office has published, though it is not here.
func TestALetterOfAnOfficeWithEntriesThatAreNotHereIsNotCalledCurrent(t *testing.T) {
	w := newWorld(t)
	norths := advisory("essex", "2021-10-25", refuse, "north-essex")
	w.put("essex", public_, norths)
	kents := advisory("kent", "2021-10-25", refuse, "kent")
	kent := w.put("kent", public_, kents)
	if got := w.verify(kents); !got.Current || got.CurrentNotKnown {
		t.Errorf("with everything here: %v", got)
	}

	cp, err := ledger.SignCheckpoint(ledger.LogID{Federation: "trial", Office: "kent"}, 3, tlog.Hash{3}, w.keys["kent"])
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Store.See(cp); err != nil {
		t.Fatal(err)
	}
	want := "This is kent/0, exactly as kent published it. Whether it is current is not known: of kent, 3 entries are known of and only 1 are held here. As far as is held here: it still stands."
	if got := w.verify(kents); got.Current || !got.CurrentNotKnown || !got.Genuine || got.Words != want {
		t.Errorf("genuine %v, current %v, not known %v: %s", got.Genuine, got.Current, got.CurrentNotKnown, got.Words)
	}
	if got := w.verify(norths); !got.Current || got.CurrentNotKnown {
		t.Errorf("of an office that could not end it: %v", got)
	}
	w.put("kent", public_, withdrawal("kent", kent, "2021-10-26", "kent"))
	if got := w.verify(kents); got.Current || got.CurrentNotKnown || strings.Contains(got.Words, "not known") {
		t.Errorf("ended by what is here: %v", got)
	}
}

func TestALetterIsNotCalledCurrentWhileWordsThatCouldEndItAreNotHere(t *testing.T) {
	w := newWorld(t)
	kents := advisory("kent", "2021-10-25", refuse, "kent")
	kent := w.put("kent", public_, kents)
	arrive := w.putBodiless("kent", withdrawal("kent", kent, "2021-10-26", "kent"))
	if got := w.verify(kents); got.Current || !got.CurrentNotKnown || !strings.Contains(got.Words, "of kent, 1 of the entries held here cannot be read") {
		t.Errorf("before the words came: %v", got)
	}
	if arrive(); w.verify(kents).Current || w.verify(kents).CurrentNotKnown {
		t.Errorf("after: %v", w.verify(kents))
	}
}
