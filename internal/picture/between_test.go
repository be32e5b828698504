package picture

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// endedBefore are two LMCs whose areas merged on 25 October, and that merged themselves on the 27th; of the days between, the register
// has that they cover what is no more, or nothing, or the parts.
func endedBefore(between string, ofEast, ofWest v1.Stance) *world {
	w := merging(byParts(), ofEast, ofWest)
	for _, record := range w.records {
		if a := record.Body.GetArea(); a.GetId().GetCode() == "P1" {
			a.Practices, a.Patients, a.PracticeCodes = proto.Int32(2), proto.Int32(200), a.PracticeCodes[:2]
		}
	}
	w.area("sub-icb:P2", 1, 100, "icb:P", "icb:R").PracticeCodes = []string{"F81003"}
	c := w.in.Committees[1:]
	c[0].ValidUntil, c[1].ValidUntil, c[2].ValidFrom = "2021-10-26", "2021-10-26", "2021-10-27"
	if between != "as it was" {
		c[0].Areas[0].ValidUntil, c[1].Areas[0].ValidUntil = "2021-10-24", "2021-10-24"
	}
	if between == "the parts" {
		for part, i := range map[string]int{"sub-icb:P1": 0, "sub-icb:P2": 0, "sub-icb:Q1": 1} {
			c[i].Areas = append(c[i].Areas, &v1.AreaTenure{Area: areaID(part), ValidFrom: recodedOn, ValidUntil: "2021-10-26"})
		}
	}
	return w
}

// Where areas had ended some days before the LMCs that covered them merged, and the register has nothing for the days between, their
// practices went on being told what was said, and tables and comparisons said that it had ended, or counted a part as the whole.
func TestALineStandsThatWasSaidOfAreasThatEndedBeforeTheirLMCsMerged(t *testing.T) {
	const merged = "AREAS by : Union LMC speaks since in place of East LMC and West LMC, by the register: what was said for these stands until it speaks itself."
	for _, between := range []string{"as it was", "nothing", "the parts"} {
		for _, c := range []struct {
			west        v1.Stance
			part        bool
			want        []string
			byPractices []string
		}{
			{refuse, false, []string{"1 refuse: union"}, []string{"5 refuse: union"}},
			{caution, false, []string{"1 split: union"}, []string{"3 refuse: union", "2 caution: union"}},
			{0, false, []string{"1 no line: said to others only: union"}, []string{"3 refuse: union", "2 no line: said to others only: union"}},
			{0, true, []string{"1 no line: said to others only: union"}, []string{"2 refuse: union", "3 no line: said to others only: union"}},
		} {
			w := endedBefore(between, refuse, c.west)
			if c.west == 0 {
				w.in.Entries = w.in.Entries[:1]
			}
			if c.part {
				w.in.Entries[0].Advisory.Positions[0].Area = areaID("sub-icb:P1")
			}
			onDay := w.onDay(w.in.Committees)
			after := onDay("2021-10-27")
			if got := columns(after, byCommittee); !slices.Equal(got, c.want) {
				t.Errorf("%s, then %v, of a part %v: %q", between, c.west, c.part, got)
			}
			if got := columns(after, byPractice); !slices.Equal(got, c.byPractices) {
				t.Errorf("%s, then %v, of a part %v, by practices: %q", between, c.west, c.part, got)
			}
			silent := slices.ContainsFunc(Silent(nationalPicture(after, byCommittee, "")).GetLines(), func(of *answersv1.SilentLine) bool { return of.GetMeasure() == "" })
			if silent != (c.west == 0) {
				t.Errorf("%s, then %v, of a part %v: silent: %v", between, c.west, c.part, silent)
			}
			for _, first := range []string{"2021-10-22", "2021-10-25"} {
				if diff := cmp.Diff([]string{merged}, told(t, onDay(first), after, "")); diff != "" {
					t.Errorf("%s, then %v, of a part %v, since %s (-want +got):\n%s", between, c.west, c.part, first, diff)
				}
			}
			if got := told(t, onDay("2021-10-22"), onDay("2021-10-25"), ""); got != nil {
				t.Errorf("%s, then %v, of a part %v, before they merged: %q", between, c.west, c.part, got)
			}
			before, east := onDay("2021-10-22"), onDay("2021-10-27")
			before.Own, before.Practice, east.Own, east.Practice = []string{"east"}, "F81001", []string{"union"}, "F81001"
			if diff := cmp.Diff([]string{merged}, told(t, before, east, "")); diff != "" {
				t.Errorf("%s, then %v, of a part %v, to a practice (-want +got):\n%s", between, c.west, c.part, diff)
			}
		}
	}
}

// Where an LMC that goes on took over an area of which the ICB had ended before, from several, what its practices are told in their
// parts stood beside the line of all as said of an area that is no more.
func TestWhatPartsTellIsNotNewBesideTheLineOfAllAfterAMerger(t *testing.T) {
	for _, recorded := range []bool{true, false} {
		w := newWorld()
		w.area("icb:P", 2, 200).PracticeCodes = []string{"F81001", "F81002"}
		for _, ended := range []*v1.Area{w.area("icb:Q", 3, 300), w.area("icb:V", 1, 100)} {
			ended.ValidUntil, ended.Successors = "2021-10-18", []*v1.AreaId{areaID("icb:R")}
		}
		w.area("icb:R", 4, 400).ValidFrom = "2021-10-19"
		for part, codes := range map[string][]string{"sub-icb:Q1": {"F81003", "F81004"}, "sub-icb:Q2": {"F81005"}} {
			a := w.area(part, int64(len(codes)), int64(100*len(codes)), "icb:R")
			a.LiesIn, a.PracticeCodes = []*v1.AreaTenure{{Area: areaID("icb:Q"), ValidUntil: "2021-10-18"}}, codes
		}
		w.committee("east", "East LMC", lmc, "east", "icb:P", "icb:R")
		w.committee("west", "West LMC", lmc, "west", "icb:Q")
		east, west := w.in.Committees[1], w.in.Committees[2]
		east.Predecessors, east.Areas[1].ValidFrom, west.ValidUntil = []string{"west"}, "2021-10-22", "2021-10-21"
		if !recorded {
			west.Areas[0].ValidUntil = "2021-10-18"
		}
		w.says("east", "east", "2021-10-16", refuse)
		w.says("west", "west", "2021-10-16", caution)
		onDay := w.onDay(w.in.Committees)
		for _, first := range []string{"2021-10-17", "2021-10-20"} {
			want := []string{"AREAS by : East LMC speaks since in place of West LMC, by the register: what was said for these stands until it speaks itself."}
			if diff := cmp.Diff(want, told(t, onDay(first), onDay("2021-10-23"), "")); diff != "" {
				t.Errorf("recorded: %v, since %s (-want +got):\n%s", recorded, first, diff)
			}
		}
		if got := columns(onDay("2021-10-23"), byPractice); !slices.Equal(got, []string{"3 refuse: east", "3 caution: east"}) {
			t.Errorf("recorded: %v: %q", recorded, got)
		}
	}
}
