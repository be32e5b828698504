package picture

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// inArea is a look at one area on a day.
func (w *world) inArea(area, day string) Input {
	in := w.input()
	in.AsOf = day
	in.Committees = slices.DeleteFunc(slices.Clone(in.Committees), func(c Committee) bool {
		return c.GetValidFrom() > day || c.GetValidUntil() != "" && c.GetValidUntil() < day
	})
	if area != "" {
		in.Area = areaID(area)
	}
	return in
}

// Of two LMCs that merged, the half that lies outside the area asked about was new there; and the merger was told of areas
// that neither has anything in.
func TestAMergerIsToldInNoAreaOfTheOtherHalf(t *testing.T) {
	w := newWorld()
	for area, icb := range map[string]string{"sub-icb:A1": "icb:QA", "sub-icb:A2": "icb:QA", "sub-icb:C1": "icb:QC", "sub-icb:D1": "icb:QC"} {
		w.area(icb, -1, -1)
		w.area(area, 1, 100, icb).PracticeCodes = []string{"F810" + area[len("sub-icb:"):]}
	}
	w.committee("alston", "Alston LMC", lmc, "hill", "sub-icb:A1")
	w.committee("brigg", "Brigg LMC", lmc, "hill", "sub-icb:A2")
	w.committee("calder", "Calder LMC", lmc, "hill", "sub-icb:C1")
	w.committee("alder", "Alder LMC", lmc, "hill", "sub-icb:A1", "sub-icb:A2")
	of := func(id string) *v1.Committee {
		return w.in.Committees[slices.IndexFunc(w.in.Committees, func(c Committee) bool { return c.GetId() == id })].Committee
	}
	of("alston").ValidUntil, of("brigg").ValidUntil = "2021-10-20", "2021-10-20"
	of("alder").ValidFrom, of("alder").Predecessors = "2021-10-21", []string{"alston", "brigg"}
	of("calder").Areas = append(of("calder").Areas, &v1.AreaTenure{Area: areaID("sub-icb:D1"), ValidFrom: "2021-10-21"})
	w.says("hill", "alston brigg calder", "2021-10-16", refuse)
	w.says("hill", "alston", "2021-10-19", caution)
	const (
		merged = "AREAS by : Alder LMC speaks since in place of Alston LMC and Brigg LMC, by the register: what was said for these stands until it speaks itself."
		covers = "AREAS by : Calder LMC covers sub-icb:D1 since, by the register: what it says holds where it covers."
		moved  = "MOVED by hill/1: Alder LMC on the whole matter: was refuse (hill/0), now caution (hill/1). It moved towards supporting."
		part   = "MOVED by hill/1: Alder LMC on the whole matter in sub-icb:A1: was refuse (hill/0), now caution (hill/1). It moved towards supporting."
		comes  = "NEW by : Calder LMC on the whole matter: now refuse (hill/0). The register did that, not a letter."
	)
	for area, want := range map[string][]string{
		"sub-icb:A1": {moved, merged}, "sub-icb:A2": {merged}, "icb:QA": {part, merged}, "sub-icb:C1": nil, "sub-icb:D1": {comes, covers},
	} {
		if diff := cmp.Diff(want, told(t, w.inArea(area, "2021-10-18"), w.inArea(area, "2021-10-25"), "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", area, diff)
		}
	}
	own := w.inArea("sub-icb:C1", "2021-10-25") // of their own LMC people are told wherever they ask
	own.Own = []string{"alder"}
	if got := told(t, w.inArea("sub-icb:C1", "2021-10-18"), own, ""); !slices.Contains(got, merged) {
		t.Errorf("own: %q", got)
	}
}

// And so was the half that has a list of practices elsewhere.
func TestAMergerByListsIsToldInNoAreaOfTheOtherHalf(t *testing.T) {
	w := newWorld()
	w.area("icb:QDA", -1, -1)
	for _, location := range []string{"21A", "21B"} {
		w.area("sub-icb:"+location, -1, -1, "icb:QDA")
	}
	w.area("lmc:ayr", -1, -1, "sub-icb:21A")
	w.area("lmc:bray", -1, -1, "sub-icb:21B")
	w.committee("ayr", "Ayr LMC", lmc, "north", "lmc:ayr")
	w.committee("bray", "Bray LMC", lmc, "north", "lmc:bray")
	w.committee("abbey", "Abbey LMC", lmc, "north", "lmc:ayr", "lmc:bray")
	c := w.in.Committees[1:]
	c[0].ValidUntil, c[1].ValidUntil, c[2].ValidFrom, c[2].Predecessors = "2021-10-20", "2021-10-20", "2021-10-21", []string{"ayr", "bray"}
	w.lists("2021-10-28", 100,
		gp("F81001", lying("sub-icb:21A", "", ""), lying("lmc:ayr", "", "")),
		gp("F81002", lying("sub-icb:21B", "", ""), lying("lmc:bray", "", "")),
	)
	w.says("north", "ayr", "2021-10-16", caution)
	w.says("north", "bray", "2021-10-16", refuse)
	const merged = "AREAS by : Abbey LMC speaks since in place of Ayr LMC and Bray LMC, by the register: what was said for these stands until it speaks itself."
	for _, area := range []string{"", "icb:QDA", "sub-icb:21A", "sub-icb:21B"} {
		if diff := cmp.Diff([]string{merged}, told(t, w.inArea(area, "2021-10-18"), w.inArea(area, "2021-10-25"), "")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", area, diff)
		}
	}
}

// Whom it is not known of, whether they cover an area, was said of the picture, and not of what changed in it.
func TestWhatChangedInAnAreaSaysWhoMayCoverIt(t *testing.T) {
	w := newWorld()
	w.area("sub-icb:A1", 1, 100)
	w.committee("alston", "Alston LMC", lmc, "hill", "sub-icb:A1")
	w.committee("north", "North LMC", lmc, "north")
	w.committee("south", "South LMC", lmc, "south")
	for _, c := range []struct {
		since, want string
	}{
		{"", "The register names no areas for North LMC and South LMC: whether they cover it is not known."},
		{"2021-10-21", "On 18 October 2021: The register names no areas for North LMC: whether they cover it is not known. The register names no areas for North LMC and South LMC: whether they cover it is not known."},
	} {
		w.in.Committees[3].ValidFrom = c.since
		resp := &answersv1.GetChangesResponse{}
		before, after := w.inArea("sub-icb:A1", "2021-10-18"), w.inArea("sub-icb:A1", "2021-10-25")
		before.Measure, after.Measure = "disengage", "disengage"
		if HeadChanges(context.Background(), before, after, resp); resp.GetWords() != c.want || resp.GetAudience() != v1.Audience_AUDIENCE_PCNS {
			t.Errorf("since %q: to %v: %q", c.since, resp.GetAudience(), resp.GetWords())
		}
	}
}

// A letter without a line was told in areas that whoever issued it has nothing in.
func TestALetterWithoutALineIsToldWhereItsCommitteeCovers(t *testing.T) {
	w := newWorld()
	w.area("sub-icb:A1", 1, 100)
	w.area("sub-icb:C1", 1, 100)
	w.committee("alston", "Alston LMC", lmc, "hill", "sub-icb:A1")
	w.committee("calder", "Calder LMC", lmc, "hill", "sub-icb:C1")
	w.hear(guidance.Entry{Office: "hill", Advisory: &v1.Advisory{
		Office: "hill", OnBehalfOf: []string{"alston"}, Title: "Votes", Issued: &v1.DayRange{Earliest: "2021-10-19", Latest: "2021-10-19"}, Matters: []string{plan}, Visibility: v1.Visibility_VISIBILITY_PUBLIC,
	}})
	for area, want := range map[string]int{"": 1, "sub-icb:A1": 1, "sub-icb:C1": 0} {
		if got := told(t, w.inArea(area, "2021-10-18"), w.inArea(area, "2021-10-25"), ""); len(got) != want {
			t.Errorf("%q: %q", area, got)
		}
	}
}
