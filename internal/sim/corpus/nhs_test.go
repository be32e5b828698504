package corpus_test

import (
	"reflect"
	"testing"

	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

func TestNHSIsTheSameForTheSameSeedAndAsLargeAsItSays(t *testing.T) {
	all := corpus.NHS(1, 5)
	if !reflect.DeepEqual(all, corpus.NHS(1, 5)) {
		t.Fatal("two of the same seed differ")
	}
	if reflect.DeepEqual(all[0], corpus.NHS(2, 1)[0]) {
		t.Error("two of different seeds are the same")
	}
	was := map[string]ods.Practice{}
	for month, boards := range []int{42, 42, 42, 36, 36} {
		r, err := ods.Read(all[month]...)
		if err != nil {
			t.Fatal(err)
		}
		open, counted, got := 0, 0, map[string]int{}
		opened, closed, regrouped, resized := 0, 0, 0, 0
		for _, p := range r.Practices {
			had := was[p.Code]
			was[p.Code] = p
			switch {
			case p.IsOpen() && !had.IsOpen():
				opened++
			case had.IsOpen() && !p.IsOpen():
				closed++
			case had.Commissioner.Area == p.Commissioner.Area && had.ICB != p.ICB:
				regrouped++
			}
			if had.IsOpen() && p.IsOpen() && had.Patients != p.Patients {
				resized++
			}
			if p.IsOpen() && p.GP {
				open++
			}
			if p.Counted {
				counted++
			}
		}
		for _, a := range r.Areas {
			if a.Closed == "" {
				got[a.ID.Scheme]++
			}
		}
		if month > 0 && (opened != 2 || closed != 14 || len(r.Mergers) != 6*month || (regrouped > 0) != (month == 3) || resized < 5000) {
			t.Errorf("month %d: %d opened, %d closed, %d merged ever, %d in another ICB, %d resized", month, opened, closed, len(r.Mergers), regrouped, resized)
		}
		want := map[string]int{ods.SubICB: corpus.NHSSubICBs, ods.ICB: boards, ods.Region: 7, ods.Board: 7}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("month %d: areas %v, want %v", month, got, want)
		}
		if month == 0 && open != corpus.NHSPractices || counted < 6000 || len(r.Networks) < 1200 {
			t.Errorf("month %d: %d practices open, %d counted, %d PCNs", month, open, counted, len(r.Networks))
		}
	}
}
