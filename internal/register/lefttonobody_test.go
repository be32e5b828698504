package register

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// wolds are two ICBs, of which one LMC has a part and one the whole, and what is recorded of them.
type wolds struct {
	t   *testing.T
	has []*ledgerv1.RegisterRecord
}

func newWolds(t *testing.T) *wolds {
	w := &wolds{t: t, has: []*ledgerv1.RegisterRecord{admit("wold")}}
	w.area("icb:QN1", "")
	w.area("icb:QS1", "")
	for _, part := range [][]string{{"sub-icb:N1A", "icb:QN1", "F81001"}, {"sub-icb:S1A", "icb:QS1", "F81011", "F81012"}, {"sub-icb:S1B", "icb:QS1", "F81013"}} {
		w.area(part[0], "", within(part[1]), codes(part[2:]...))
	}
	w.lmc("hill", "", "", nil, covers("sub-icb:N1A", "", ""))
	w.lmc("south", "", "", nil, covers("icb:QS1", "", ""))
	return w
}

// divided is that the ICBs have become one on 25 November 2026.
func (w *wolds) divided() {
	w.area("icb:QNS", "", func(a *guidancev1.Area) { a.ValidFrom = "2026-11-25" })
	for _, part := range [][]string{{"sub-icb:N1A", "icb:QN1", "F81001"}, {"sub-icb:S1A", "icb:QS1", "F81011", "F81012"}, {"sub-icb:S1B", "icb:QS1", "F81013"}} {
		w.area(part[0], "", within(part[1]), within("icb:QNS"), codes(part[2:]...))
	}
	w.area("icb:QN1", "2026-11-24", follows("icb:QNS"))
	w.area("icb:QS1", "2026-11-24", follows("icb:QNS"))
}

func within(id string) func(*guidancev1.Area) {
	return func(a *guidancev1.Area) { a.Within = append(a.Within, areaID(id)) }
}

func codes(codes ...string) func(*guidancev1.Area) {
	return func(a *guidancev1.Area) { a.PracticeCodes = codes }
}

func follows(id string) func(*guidancev1.Area) {
	return func(a *guidancev1.Area) { a.Successors = append(a.Successors, areaID(id)) }
}

// look records something and returns what is to be looked at twice.
func (w *wolds) look(more *ledgerv1.RegisterRecord) (twice []string) {
	records := append(w.has[:len(w.has):len(w.has)], more)
	for _, c := range Changes(fold(w.has...), fold(records...), []*ledgerv1.RegisterRecord{more}, "2026-11-30") {
		if c.GetKind() == answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE {
			twice = append(twice, c.GetWords())
		}
	}
	w.has = records
	return twice
}

func (w *wolds) area(id, until string, with ...func(*guidancev1.Area)) []string {
	a := &guidancev1.Area{Id: areaID(id), Name: id, ValidUntil: until}
	for _, change := range with {
		change(a)
	}
	return w.look(areaRecord(a))
}

// lmc records an LMC that the office speaks for.
func (w *wolds) lmc(id, from, until string, predecessors []string, areas ...*guidancev1.AreaTenure) []string {
	if !slices.ContainsFunc(w.has, func(r *ledgerv1.RegisterRecord) bool { return r.GetMandate().GetCommittee() == id }) {
		w.has = append(w.has, mandate(id, "wold", "", ""))
	}
	return w.look(committeeRecord(&guidancev1.Committee{Id: id, Name: strings.ToUpper(id), Kind: lmc, Nation: "england", ValidFrom: from, ValidUntil: until, Predecessors: predecessors, Areas: areas}))
}

func (w *wolds) want(name string, got []string, want ...string) {
	w.t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

const (
	noMore  = ", which is no more on 2026-11-25, and practices of it"
	nobodys = ", and from the next day on no LMC has it, or some practices of it: these are told that they are in no LMC's area. Record "
	nextDay = nobodys + "what is in its place: "
	thereIs = nobodys + "which LMC is there then: "
	toldSo  = " are in no LMC's area from then on: they are told so. "
	instead = "Record what is in its place, which is no other LMC's: "
	behind  = ", which lies behind: from then on wold did not speak for "
	since   = " by this register, and what it published for it since counts no more."
)

// south is what South Wold had, and was to have by what the keeper was told to record.
func south() []*guidancev1.AreaTenure {
	return []*guidancev1.AreaTenure{covers("icb:QS1", "", ""), covers("sub-icb:S1A", "2026-11-25", ""), covers("sub-icb:S1B", "2026-11-25", "")}
}

var both = []string{"hill", "south"}

// A merger some days before an ICB ended left five practices to nobody, though the keeper did what was asked of them.
func TestAMergerBeforeAnICBEndsSaysWhoIsLeftToNobodyOnceItHas(t *testing.T) {
	w := newWolds(t)
	w.divided()
	w.want("what was asked", w.lmc("south", "", "", nil, south()...))
	w.lmc("deira", "2026-11-23", "", both, covers("sub-icb:N1A", "2026-11-23", ""), covers("icb:QS1", "2026-11-23", ""))
	w.want("one that was merged ends", w.lmc("hill", "", "2026-11-22", nil, covers("sub-icb:N1A", "", "")), "from 2026-11-23"+behind+"hill"+since)
	w.want("and the other", w.lmc("south", "", "2026-11-22", nil, south()...),
		"deira had icb:QS1"+noMore+toldSo+instead+"lmcnode register committee deira --area sub-icb:S1A=2026-11-25.. --area sub-icb:S1B=2026-11-25..",
		"from 2026-11-23"+behind+"south"+since)
	w.want("what is asked now", w.lmc("deira", "2026-11-23", "", both, covers("sub-icb:N1A", "2026-11-23", ""), covers("icb:QS1", "2026-11-23", ""), covers("sub-icb:S1A", "2026-11-25", ""), covers("sub-icb:S1B", "2026-11-25", "")))
}

// A merger was corrected to an earlier day, and what was to be recorded left practices to nobody some days later; or to a later
// one, and what was to be recorded was so already.
func TestAMergerThatIsCorrectedSaysWhatEndsTheGap(t *testing.T) {
	merged := func(w *wolds, from string, areas ...*guidancev1.AreaTenure) []string {
		if areas == nil {
			areas = []*guidancev1.AreaTenure{covers("sub-icb:N1A", "2026-11-28", ""), covers("sub-icb:S1A", "2026-11-28", ""), covers("sub-icb:S1B", "2026-11-28", "")}
		}
		return w.lmc("wolds", from, "", both, areas...)
	}
	w := newWolds(t)
	w.divided()
	w.lmc("south", "", "", nil, south()...)
	merged(w, "2026-11-28")
	w.lmc("hill", "", "2026-11-27", nil, covers("sub-icb:N1A", "", ""))
	w.lmc("south", "", "2026-11-27", nil, south()...)
	w.want("a later day", merged(w, "2026-12-01"),
		"hill had sub-icb:N1A until 2026-11-27"+thereIs+"lmcnode register committee hill --until 2026-11-30, or lmcnode register committee wolds --from 2026-11-28",
		"south had sub-icb:S1A until 2026-11-27"+thereIs+"lmcnode register committee south --until 2026-11-30, or lmcnode register committee wolds --from 2026-11-28",
		"south had sub-icb:S1B until 2026-11-27"+thereIs+"lmcnode register committee south --until 2026-11-30, or lmcnode register committee wolds --from 2026-11-28")
	merged(w, "2026-11-23")
	w.want("an earlier day", w.lmc("hill", "", "2026-11-22", nil, covers("sub-icb:N1A", "", "")),
		"hill had sub-icb:N1A until 2026-11-22"+nextDay+"lmcnode register committee wolds --area sub-icb:N1A=2026-11-23..", "from 2026-11-23"+behind+"hill"+since)
	w.want("of an ICB that ends after it", w.lmc("south", "", "2026-11-22", nil, south()...),
		"south had icb:QS1 until 2026-11-22"+nextDay+"lmcnode register committee wolds --area icb:QS1=2026-11-23.. --area sub-icb:S1A=2026-11-25.. --area sub-icb:S1B=2026-11-25..", "from 2026-11-23"+behind+"south"+since)
	w.want("half of it recorded", merged(w, "2026-11-23", covers("sub-icb:N1A", "2026-11-23", ""), covers("icb:QS1", "2026-11-23", ""), covers("sub-icb:S1A", "2026-11-28", ""), covers("sub-icb:S1B", "2026-11-28", "")),
		"wolds had icb:QS1"+noMore+toldSo+instead+"lmcnode register committee wolds --area sub-icb:S1A=2026-11-25.. --area sub-icb:S1B=2026-11-25..")
	w.want("all of it", merged(w, "2026-11-23", covers("sub-icb:N1A", "2026-11-23", ""), covers("icb:QS1", "2026-11-23", ""), covers("sub-icb:S1A", "2026-11-25", ""), covers("sub-icb:S1B", "2026-11-25", "")))
}

// Where an LMC was recorded not to have one of its areas, or no more from a day on, nothing said who was left to nobody.
func TestAnAreaThatAnLMCHasNoMoreIsPointedOut(t *testing.T) {
	w := newWolds(t)
	a, b := covers("sub-icb:S1A", "", ""), covers("sub-icb:S1B", "", "")
	w.lmc("south", "", "", nil, a, b)
	w.want("until a day", w.lmc("south", "", "", nil, covers("sub-icb:S1A", "", "2026-12-02"), b),
		"south had sub-icb:S1A until 2026-12-02"+nextDay+"lmcnode register committee south --area sub-icb:S1A=2026-12-03.., or the same of the LMC that has it")
	w.lmc("hill", "", "", nil, covers("sub-icb:N1A", "", ""), covers("sub-icb:S1A", "2026-12-06", ""))
	w.want("another has it some days later", w.lmc("south", "", "", nil, covers("sub-icb:S1A", "", "2026-12-03"), b),
		"south had sub-icb:S1A until 2026-12-03"+nextDay+"lmcnode register committee south --area sub-icb:S1A=2026-12-04..2026-12-05, or the same of the LMC that has it")
	w.lmc("hill", "", "", nil, covers("sub-icb:N1A", "", ""))
	w.want("not at all", w.lmc("south", "", "", nil, b),
		"south is recorded not to have sub-icb:S1A, and from 2026-11-30 on no LMC has it, or some practices of it: these are told that they are in no LMC's area. Record what is in its place: lmcnode register committee south --area sub-icb:S1A=2026-11-30.., or the same of the LMC that has it")
	w.want("the LMC is no more", w.lmc("hill", "", "2026-12-22", nil, covers("sub-icb:N1A", "", "")),
		"hill had sub-icb:N1A until 2026-12-22"+nextDay+"lmcnode register committee ID --area sub-icb:N1A=2026-12-23.., or which LMC it was merged into: lmcnode register committee ID --predecessor hill")
}

// An ICB was absorbed by a neighbour, and the keeper was told to record that as no other LMC's though it was West's; or nothing,
// once its practices had been moved there.
func TestAnICBThatIsAbsorbedByAnotherLMCsSaysWhoseThatIs(t *testing.T) {
	has := func(moved bool) *wolds {
		w := newWolds(t)
		w.area("icb:QX1", "", codes("F81021", "F81022"))
		w.area("icb:QX2", "", codes("F81031"))
		w.lmc("east", "", "", nil, covers("icb:QX1", "", ""))
		w.lmc("west", "", "", nil, covers("icb:QX2", "", ""))
		if moved {
			w.area("icb:QX2", "", codes("F81021", "F81022", "F81031"))
		}
		return w
	}
	options := func(list, more string) string {
		return "icb:QX2, which took over from it, is west's. Where east goes on, record an area with its practices, and that it has that: lmcnode register area SCHEME:CODE --within icb:QX2 --practice-codes " + list +
			", and lmcnode register committee east --area SCHEME:CODE=2026-11-25..; where these LMCs merge: lmcnode register committee ID --kind lmc --name NAME --from 2026-11-25 --predecessor east --predecessor west; where east is no more by then: " + more + "lmcnode register committee east --until 2026-11-24"
	}
	w := has(false)
	w.want("absorbed", w.area("icb:QX1", "2026-11-24", follows("icb:QX2"), codes("F81021", "F81022")),
		"east had icb:QX1"+noMore+toldSo+options("F81021,F81022", "lmcnode register area icb:QX2 --practice-codes LIST, of all that are in it then, and "))
	union := func(until string) []string {
		w.lmc("union", "2026-11-25", "", []string{"east", "west"}, covers("icb:QX2", "2026-11-25", ""))
		return w.lmc("east", "", until, nil, covers("icb:QX1", "", ""))
	}
	w.want("the LMCs merged", union("2026-11-24"), "from 2026-11-25"+behind+"east"+since,
		"east had icb:QX1"+noMore+toldSo+"union has icb:QX2, and F81021, F81022 lie in no area of its: record them there, by the list of all that are in it: lmcnode register area icb:QX2 --practice-codes LIST")
	w = has(true)
	w.want("its practices moved before", w.area("icb:QX1", "2026-11-24", follows("icb:QX2"), codes("F81021", "F81022")),
		"east covers nothing that is there from 2026-11-25 on: it had icb:QX1, and "+options("LIST", ""))
}

// An area ended with nothing in its place, and the command to record had no area in it; and a practice that no part of an ICB
// had was left to nobody once all was recorded that was asked.
func TestPracticesThatNoAreaHasInThePlaceOfOneAreNamed(t *testing.T) {
	w := newWolds(t)
	w.area("sub-icb:M1D", "", codes("F81041"))
	w.lmc("holm", "", "", nil, covers("sub-icb:M1D", "", ""))
	w.want("nothing in its place", w.area("sub-icb:M1D", "2026-11-24", codes("F81041")),
		"sub-icb:M1D ends on 2026-11-24 with practices in it, and nothing is recorded to take over from it: from then on they are counted nowhere by this area. Record its successors when they are known.",
		"holm had sub-icb:M1D"+noMore+toldSo+"No area is recorded that has them in its place. Record one, and that holm has it: lmcnode register area SCHEME:CODE --practice-codes F81041, and lmcnode register committee holm --area SCHEME:CODE=2026-11-25..")
	w = newWolds(t)
	listed := codes("F81011", "F81012", "F81013", "F81016")
	w.area("icb:QS1", "", listed)
	w.divided()
	w.has = w.has[:len(w.has)-1]
	w.want("listed by the ICB alone", w.area("icb:QS1", "2026-11-24", follows("icb:QNS"), listed),
		"south had icb:QS1"+noMore+toldSo+instead+"lmcnode register committee south --area sub-icb:S1A=2026-11-25.. --area sub-icb:S1B=2026-11-25..; F81016 lies in nothing of that: record in which area, by the list of all that are in it: lmcnode register area SCHEME:CODE --practice-codes LIST")
	w.want("the parts recorded", w.lmc("south", "", "", nil, south()...),
		"south had icb:QS1"+noMore+" (F81016)"+toldSo+"icb:QNS, which took over from it, has areas or practices that are hill's. Record an area with the practices that are left, and that south has it: lmcnode register area SCHEME:CODE --within icb:QNS --practice-codes F81016, and lmcnode register committee south --area SCHEME:CODE=2026-11-25..")
}

// A merger was corrected to an earlier day, and nobody was told that nobody spoke for the LMC until its mandate began; and both
// were said to be counted on days on which it covered nothing.
func TestAMergerThatIsCorrectedToAnEarlierDaySaysThatNobodySpeaksYet(t *testing.T) {
	w := newWolds(t)
	w.has = append(w.has, mandate("wolds", "wold", "2026-11-28", ""))
	merged := func(from string) []string {
		return w.lmc("wolds", from, "", []string{"hill"}, covers("sub-icb:N1A", "2026-11-28", ""))
	}
	w.want("at first", merged("2026-11-28"),
		"wolds was merged from hill, which is still there on 2026-11-28: both are counted. Record the last day of hill: lmcnode register committee hill --until 2026-11-27")
	w.lmc("hill", "", "2026-11-27", nil, covers("sub-icb:N1A", "", ""))
	w.want("corrected", merged("2026-11-23"),
		"wolds was merged from hill, which is still there on 2026-11-23; wolds covers nothing on that day, and nobody speaks for it. Record what it covers from then on, and the last day of hill: lmcnode register committee wolds --area sub-icb:N1A=2026-11-23.., and lmcnode register committee hill --until 2026-11-22")
	ended := w.lmc("hill", "", "2026-11-22", nil, covers("sub-icb:N1A", "", ""))
	const nobody = "nobody speaks for wolds from 2026-11-23 until 2026-11-27: what is issued for it on these days does not count. Record who does: lmcnode register mandate wolds --office wold --from 2026-11-23"
	if !slices.Contains(ended, nobody) {
		t.Errorf("as the one that was merged ends: %q", ended)
	}
	w.want("recorded", w.look(mandate("wolds", "wold", "2026-11-23", "")))
}
