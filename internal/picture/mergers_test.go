package picture

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Where the areas that an LMC's lines were of were merged, it left its column, and a comparison named nobody; and so where an LMC
// was merged whose practices the register does not list.
func TestALineThatEndedAsItsAreaWasMergedIsTold(t *testing.T) {
	const (
		endedP = "ENDED by : Kent LMC on the whole matter in icb:P: was refuse (kent/0), now no line: said to others only; said of an area that is no more in icb:P (icb:P): refuse (kent/0, 20 October 2021). The register did that, not a letter."
		merged = "AREAS by : Union LMC speaks since in place of East LMC and West LMC, by the register: what was said for these stands until it speaks itself."
	)
	kent := func(areas ...string) *world {
		w := mergedAreas()
		w.committee("kent", "Kent LMC", lmc, "kent", append(areas, "icb:R")...)
		for _, area := range areas {
			w.says("kent", "kent", "2021-10-20", refuse, in(area))
		}
		return w
	}
	for name, c := range map[string]struct {
		w        *world
		unlisted bool
		was, is  string // who stands where
		want     []string
	}{
		"all of its area": {kent("icb:P"), false, "1 refuse: kent", "1 no line: said to others only: kent", []string{
			"ENDED by : Kent LMC on the whole matter: was refuse (kent/0), now no line: said to others only; said of an area that is no more in icb:P (icb:P): refuse (kent/0, 20 October 2021). The register did that, not a letter.",
		}},
		"each of its areas": {kent("icb:P", "icb:Q"), false, "1 refuse: kent", "1 no line: said to others only: kent", []string{
			"ENDED by : Kent LMC on the whole matter in icb:P: was refuse (kent/0), now no line: said to others only; said of an area that is no more in icb:P (icb:P): refuse (kent/0, 20 October 2021). The register did that, not a letter.",
			"ENDED by : Kent LMC on the whole matter in icb:Q: was refuse (kent/1), now no line: said to others only; said of an area that is no more in icb:Q (icb:Q): refuse (kent/1, 20 October 2021). The register did that, not a letter.",
		}},
		"merged, and its practices are listed": {merging(mergedAreas(), refuse, refuse), false, "2 refuse: east west", "1 refuse: union", []string{merged}},
		"merged, and they are not": {merging(mergedAreas(), refuse, caution), true, "1 refuse: east", "1 no line: said to others only: union", []string{
			"ENDED by : Union LMC on the whole matter in icb:P: was refuse (east/0), now no line: said to others only; said of an area that is no more by East LMC before it was merged: refuse (east/0, 20 October 2021). The register did that, not a letter.",
			"ENDED by : Union LMC on the whole matter in icb:Q: was caution (east/1), now no line: said to others only; said of an area that is no more by West LMC before it was merged: caution (east/1, 20 October 2021). The register did that, not a letter.",
			merged,
		}},
	} {
		if c.unlisted {
			unlisted(c.w)
		}
		onDay := c.w.onDay(c.w.in.Committees)
		before, after := onDay("2021-10-22"), onDay("2021-10-27")
		if was, is := columns(before, byCommittee), columns(after, byCommittee); !slices.Contains(was, c.was) || !slices.Contains(is, c.is) {
			t.Errorf("%s: %q, then %q", name, was, is)
		}
		if diff := cmp.Diff(c.want, told(t, before, after, "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	part := kent("icb:P")
	part.in.Committees[1].Areas = append(part.in.Committees[1].Areas, &v1.AreaTenure{Area: areaID("icb:Q"), ValidUntil: "2021-10-24"})
	onDay := part.onDay(part.in.Committees)
	if got := told(t, onDay("2021-10-22"), onDay("2021-10-27"), ""); !slices.Contains(got, endedP) {
		t.Errorf("one of its areas: %q", got)
	}
}

// merging lets two LMCs merge as their areas do, each with its line on the whole matter.
func merging(w *world, ofEast, ofWest v1.Stance) *world {
	w.committee("east", "East LMC", lmc, "east", "icb:P")
	w.committee("west", "West LMC", lmc, "east", "icb:Q")
	w.committee("union", "Union LMC", lmc, "east", "icb:R")
	c := w.in.Committees[1:]
	c[0].ValidUntil, c[1].ValidUntil, c[2].ValidFrom, c[2].Predecessors = "2021-10-24", "2021-10-24", recodedOn, []string{"east", "west"}
	w.says("east", "east", "2021-10-20", ofEast)
	w.says("east", "west", "2021-10-20", ofWest)
	return w
}

// byParts are areas that merged, of which the register has the practices by their parts alone, and their numbers.
func byParts() *world {
	w := mergedAreas()
	for _, record := range w.records {
		if a := record.Body.GetArea(); a != nil {
			a.PracticeCodes = nil
		}
	}
	w.area("sub-icb:P1", 3, 300, "icb:P", "icb:R").PracticeCodes = []string{"F81001", "F81002", "F81003"}
	w.area("sub-icb:Q1", 2, 200, "icb:Q", "icb:R").PracticeCodes = []string{"F81004", "F81005"}
	return w
}

// Practices that the register lists by parts of the areas that were merged went on being told what was said for these, and the
// LMC was told to have no line, and its lines to have ended.
func TestALineStandsOverAMergerOfAreasWhosePracticesTheirPartsList(t *testing.T) {
	w := merging(byParts(), refuse, refuse)
	onDay := w.onDay(w.in.Committees)
	before, after := onDay("2021-10-22"), onDay("2021-10-27")
	if is := columns(after, byCommittee); !slices.Contains(is, "1 refuse: union") {
		t.Errorf("the table has %q", is)
	}
	want := []string{"AREAS by : Union LMC speaks since in place of East LMC and West LMC, by the register: what was said for these stands until it speaks itself."}
	if diff := cmp.Diff(want, told(t, before, after, "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Counts by practices and patients left out an LMC whose areas had merged, once it spoke itself on a measure, or where one of
// those that merged into it alone had a line: the register has their practices by parts.
func TestPracticesThatPartsOfMergedAreasListAreCounted(t *testing.T) {
	counted := func(w *world, measure string, unit answersv1.Unit) (all []string, without []string) {
		in := w.onDay(w.in.Committees)("2021-10-27")
		in.Measure = measure
		t := nationalPicture(in, unit, "").GetTables()[0]
		for _, c := range t.GetColumns() {
			all = append(all, fmt.Sprint(c.GetCount(), " ", c.GetWords()))
		}
		return all, t.GetWithoutData()
	}
	speaks := merging(byParts(), refuse, support)
	speaks.says("east", "union", "2021-10-26", caution, on("fund"))
	one := merging(byParts(), refuse, support)
	one.in.Entries = one.in.Entries[:1]
	for _, c := range []struct {
		w       *world
		measure string
		unit    answersv1.Unit
		want    []string
	}{
		{speaks, "fund", byPractice, []string{"5 caution"}},
		{speaks, "fund", byPatient, []string{"500 caution"}},
		{speaks, "", byPractice, []string{"3 refuse", "2 support"}},
		{one, "", byPractice, []string{"3 refuse", "2 no line: said to others only"}},
	} {
		got, without := counted(c.w, c.measure, c.unit)
		if diff := cmp.Diff(c.want, got); diff != "" || len(without) > 0 {
			t.Errorf("on %q by %v, without data %q (-want +got):\n%s", c.measure, c.unit, without, diff)
		}
	}
	unnumbered := merging(byParts(), refuse, support) // whether these are all of its practices nobody knows
	for _, record := range unnumbered.records {
		if a := record.Body.GetArea(); a.GetId().GetScheme() == "icb" {
			a.Practices = nil
		}
	}
	unnumbered.says("east", "union", "2021-10-26", decides)
	if _, without := counted(unnumbered, "", byPractice); !slices.Equal(without, []string{"union"}) {
		t.Errorf("unnumbered, without data: %q", without)
	}
}

// What an LMC had said of all of its area, by name, does not hold in one that was merged in it since from several: there an older line
// answers, and the LMC, which is split now, was not named.
func TestALineOfAnAreaAroundThoseThatWereMergedIsToldWhereItEnded(t *testing.T) {
	w := mergedAreas()
	w.area("region:x", -1, -1)
	for _, record := range w.records {
		if a := record.Body.GetArea(); a.GetId().GetScheme() == "icb" {
			a.Within = []*v1.AreaId{areaID("region:x")}
		}
	}
	w.area("icb:S", -1, -1, "region:x")
	w.committee("kent", "Kent LMC", lmc, "kent", "region:x")
	w.says("kent", "kent", "2021-10-19", caution)
	w.says("kent", "kent", "2021-10-20", refuse, in("region:x"))
	onDay := w.onDay(w.in.Committees)
	before, after := onDay("2021-10-22"), onDay("2021-10-27")
	want := []string{"MOVED by : Kent LMC on the whole matter in icb:R: was refuse (kent/1), now caution (kent/0). It moved towards supporting. The register did that, not a letter."}
	if diff := cmp.Diff(want, told(t, before, after, "")); diff != "" {
		t.Errorf("(-want +got):\n%s\n%q, then %q", diff, columns(before, byCommittee), columns(after, byCommittee))
	}
	w.says("kent", "kent", "2021-10-26", support) // and one that ends both, once
	if got := told(t, before, w.onDay(w.in.Committees)("2021-10-27"), ""); len(got) != 1 {
		t.Errorf("a newer letter: %q", got)
	}
}

// mergedAreas is a world in which icb:P and icb:Q, whose practices the register lists, became icb:R on 25 October.
func mergedAreas() *world {
	w := merged(false)
	w.in.Committees, w.in.Entries, w.said = w.in.Committees[:1], nil, map[string]uint64{}
	return w
}

// An LMC was said to cover what it took over from one that merged into it as if that were new to it: where that one had ended
// before the earlier look, or is there still, for somebody speaks for it.
func TestWhatAnLMCTookOverFromOneThatMergedIntoItIsNotNewToIt(t *testing.T) {
	for name, c := range map[string]struct {
		lastDay, since, look, want string
	}{
		"between the looks": {"2021-10-20", "2021-10-21", "2021-10-18", "East LMC speaks since in place of West LMC, by the register: what was said for these stands until it speaks itself. East LMC covers icb:S since, by the register: what it says holds where it covers."},
		"before":            {"2021-10-20", "2021-10-23", "2021-10-22", "East LMC covers icb:S since and took icb:Q over from West LMC, by the register: what it says holds where it covers."},
		"it is there still": {"", "2021-10-23", "2021-10-22", "East LMC covers icb:S since and took icb:Q over from West LMC, by the register: what it says holds where it covers."},
	} {
		w := newWorld()
		for _, area := range []string{"icb:P", "icb:Q", "icb:S"} {
			w.area(area, -1, -1)
		}
		w.committee("east", "East LMC", lmc, "east", "icb:P", "icb:Q", "icb:S")
		w.committee("west", "West LMC", lmc, "east", "icb:Q")
		east, west := w.in.Committees[1], w.in.Committees[2]
		east.Predecessors, west.ValidUntil = []string{"west"}, c.lastDay
		east.Areas[1].ValidFrom, east.Areas[2].ValidFrom, west.Areas[0].ValidUntil = c.since, c.since, "2021-10-22"
		w.says("east", "east", "2021-10-16", refuse)
		onDay := w.onDay(w.in.Committees)
		got := told(t, onDay(c.look), onDay("2021-10-27"), "")
		if !slices.Contains(got, "AREAS by : "+c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	union := mergedAreas() // what is new to one that was made by the merger was not said
	union.area("icb:S", -1, -1)
	union.committee("east", "East LMC", lmc, "east", "icb:P")
	union.committee("union", "Union LMC", lmc, "east", "icb:R", "icb:S")
	c := union.in.Committees[1:]
	c[0].ValidUntil, c[1].ValidFrom, c[1].Predecessors = "2021-10-24", recodedOn, []string{"east"}
	union.says("east", "east", "2021-10-20", refuse)
	onDay := union.onDay(union.in.Committees)
	if got := told(t, onDay("2021-10-22"), onDay("2021-10-27"), ""); !slices.Contains(got, "AREAS by : Union LMC speaks since in place of East LMC, by the register: what was said for these stands until it speaks itself. Union LMC covers icb:S since, by the register: what it says holds where it covers.") {
		t.Errorf("one that was made by it: %q", got)
	}
}

// Whoever asked about the area of an LMC that merged into one which goes on was told as new all that it had said before, to
// networks, to partners and to all.
func TestWhatOneThatMergedHadSaidIsNotNewInItsArea(t *testing.T) {
	const merged = "AREAS by : East LMC speaks since in place of West LMC, by the register: what was said for these stands until it speaks itself."
	for _, byLists := range []bool{false, true} {
		for _, to := range []v1.Audience{v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_PCNS, v1.Audience_AUDIENCE_COMMISSIONERS, v1.Audience_AUDIENCE_GP_PARTNERS} {
			for _, measure := range []string{"", "fund", "disengage"} {
				w, onDay := goesOn(byLists, false)
				w.says("west", "west", "2021-10-16", caution, on(measure), func(a *v1.Advisory) { a.Positions[0].Audiences = []v1.Audience{to} })
				before, after := onDay("2021-10-18"), onDay("2021-10-25")
				for _, area := range []string{"", "icb:Q"} {
					if area != "" {
						before.Area, after.Area = areaID(area), areaID(area)
					}
					if diff := cmp.Diff([]string{merged}, told(t, before, after, "")); diff != "" {
						t.Errorf("%s, on %q, by lists: %v, in %q (-want +got):\n%s", to, measure, byLists, area, diff)
					}
				}
			}
		}
	}
}

// A merged LMC whose own list stands beside those of the LMCs that merged, or took their place, moved once for each of these.
func TestAMergedLMCMovesOnceWhateverListsItHas(t *testing.T) {
	const (
		moved  = "MOVED by east/1: Union LMC on the whole matter: was refuse (east/0), now support (east/1). It moved towards supporting."
		ended  = "ENDED by east/1: Union LMC on the whole matter: was refuse (east/0), now no line: withdrawn (east/1)."
		merged = "AREAS by : Union LMC speaks since in place of East LMC and West LMC, by the register: what was said for these stands until it speaks itself."
	)
	for _, isBeside := range []bool{false, true} {
		for want, then := range map[string]func(w *world){
			moved: func(w *world) { w.says("east", "union", "2021-10-25", support) },
			ended: func(w *world) { w.withdraws("east", "east/0", "2021-10-25") },
		} {
			w, onDay := ownList(isBeside)
			w.says("east", "east west", "2021-10-16", refuse)
			before, during := onDay("2021-10-18"), onDay("2021-10-22")
			then(w)
			after := onDay("2021-10-26")
			if diff := cmp.Diff([]string{want, merged}, told(t, before, after, "")); diff != "" {
				t.Errorf("over the merger, beside: %v (-want +got):\n%s", isBeside, diff)
			}
			if diff := cmp.Diff([]string{want}, told(t, during, after, "")); diff != "" {
				t.Errorf("since, beside: %v (-want +got):\n%s", isBeside, diff)
			}
		}
		w, onDay := ownList(isBeside) // where these had said different things, each is told what became of its own
		w.says("east", "east", "2021-10-16", refuse)
		w.says("east", "west", "2021-10-16", caution)
		before := onDay("2021-10-22")
		w.says("east", "union", "2021-10-25", support)
		if got := told(t, before, onDay("2021-10-26"), ""); len(got) != 2 {
			t.Errorf("two lines, beside: %v: %q", isBeside, got)
		}
	}
}

// Where those that merged had two ids for one group, what stands for it was told as a move, or as new; and so was what the
// LMC said for it under a third.
func TestAMergerIsNoMoveOfAGroupThatHadTwoIDs(t *testing.T) {
	const words = "practices with one partner"
	world := func(goesOn bool) (w *world, committee, merged string) {
		w = newWorld()
		w.area("icb:L", -1, -1)
		w.area("icb:M", -1, -1)
		w.committee("larch", "Larch LMC", lmc, "pike", "icb:L")
		w.committee("maple", "Maple LMC", lmc, "pike", "icb:M")
		larch, maple := w.in.Committees[1], w.in.Committees[2]
		maple.ValidUntil = "2021-10-24"
		if goesOn {
			larch.Predecessors, larch.Areas = []string{"maple"}, append(larch.Areas, &v1.AreaTenure{Area: areaID("icb:M"), ValidFrom: recodedOn})
			return w, "larch", "AREAS by : Larch LMC speaks since in place of Maple LMC, by the register: what was said for these stands until it speaks itself."
		}
		w.committee("conifer", "Conifer LMC", lmc, "pike", "icb:L", "icb:M")
		larch.ValidUntil, w.in.Committees[3].ValidFrom, w.in.Committees[3].Predecessors = "2021-10-24", recodedOn, []string{"larch", "maple"}
		return w, "conifer", "AREAS by : Conifer LMC speaks since in place of Larch LMC and Maple LMC, by the register: what was said for these stands until it speaks itself."
	}
	for _, goesOn := range []bool{false, true} {
		for _, inGeneral := range []bool{false, true} {
			w, committee, merged := world(goesOn)
			if inGeneral {
				w.says("pike", "larch maple", "2021-10-18", caution, on("fund"))
			}
			w.says("pike", "larch", "2021-10-20", refuse, on("fund"), toGroup("single", words))
			w.says("pike", "maple", "2021-10-20", refuse, on("fund"), toGroup("onepartner", "Practices with one partner"))
			onDay := w.onDay(w.in.Committees)
			before := onDay("2021-10-22")
			if diff := cmp.Diff([]string{merged}, told(t, before, onDay("2021-10-27"), "")); diff != "" {
				t.Errorf("goes on: %v, beside a general line: %v (-want +got):\n%s", goesOn, inGeneral, diff)
			}
			for _, id := range []string{"single", "onepartner", "one"} {
				more := *w
				more.in.Entries, more.said = slices.Clone(w.in.Entries), map[string]uint64{"pike": w.said["pike"]}
				letter := more.says("pike", committee, "2021-10-26", support, on("fund"), toGroup(id, words))
				changes, _, err := Changes(t.Context(), before, more.onDay(w.in.Committees)("2021-10-27"), everybody)
				if err != nil || len(changes) != 3 {
					t.Errorf("goes on: %v, under %s: %v, %v", goesOn, id, changes, err)
				}
				for _, c := range changes {
					if isMove(c) && (c.GetKind() != answersv1.ChangeKind_CHANGE_KIND_MOVED || c.GetEntry() != letter || stanceOf(c.GetBefore()) != refuse || stanceOf(c.GetAfter()) != support) {
						t.Errorf("goes on: %v, beside a general line: %v, under %s: %s", goesOn, inGeneral, id, c.GetWords())
					}
				}
			}
		}
	}
	two, _, merged := world(false) // by one id they may mean two groups, which are not one
	two.says("pike", "larch", "2021-10-20", refuse, on("fund"), toGroup("small", words))
	two.says("pike", "maple", "2021-10-20", support, on("fund"), toGroup("small", "practices under 5000 patients"))
	onDay := two.onDay(two.in.Committees)
	if diff := cmp.Diff([]string{merged}, told(t, onDay("2021-10-22"), onDay("2021-10-27"), "")); diff != "" {
		t.Errorf("one id (-want +got):\n%s", diff)
	}
}
