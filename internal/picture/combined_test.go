package picture

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// viewText is a view as a table for people, one committee a row.
func viewText(v *answersv1.CombinedView) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, as of %s\n", v.GetMatter().GetTitle(), v.GetAsOf())
	groups := []struct {
		name       string
		committees []*answersv1.CommitteeView
	}{{"national", []*answersv1.CommitteeView{v.GetNational()}}, {"LMCs", v.GetCommittees()}, {"other guidance", v.GetOtherBodies()}}
	for _, g := range groups {
		fmt.Fprintf(&b, "%s:\n", g.name)
		for _, c := range g.committees {
			committeeText(&b, c)
		}
	}
	for _, d := range v.GetDeadlines() {
		day, clock := guidance.DueMoment(d.GetDue())
		fmt.Fprintf(&b, "due %s %s: %s\n", day, clock, d.GetTitle())
	}
	fmt.Fprintf(&b, "notices: %q\nwords: %s\ncompleteness: %s\n", v.GetNotices(), v.GetWords(), v.GetCompleteness().GetWords())
	return b.String()
}

func committeeText(b *strings.Builder, c *answersv1.CommitteeView) {
	own := ""
	if c.GetOwn() {
		own = " (yours)"
	}
	h := c.GetHeadline()
	fmt.Fprintf(b, "  %s%s: %s%s; %s; %d of its own on measures\n", h.GetCommitteeName(), own, measureText(h), phrase(h),
		strings.ToLower(short(h.GetRelation(), "RELATION_")), c.GetOwnMeasureLines())
	for _, part := range c.GetParts() {
		fmt.Fprintf(b, "    in %s: %s; %s\n", notation.AreaOf(part.GetArea()).String(), phrase(part), strings.ToLower(short(part.GetRelation(), "RELATION_")))
	}
}

func measureText(line *answersv1.Line) string {
	if line.GetMeasure() == "" {
		return ""
	}
	return "on " + line.GetMeasure() + ": "
}

func headlines(v *answersv1.CombinedView) []string {
	var all []string
	for _, c := range v.GetCommittees() {
		all = append(all, c.GetHeadline().GetCommittee()+": "+measureText(c.GetHeadline())+phrase(c.GetHeadline()))
	}
	return all
}

func TestCombinedViewOfOctober2021(t *testing.T) {
	var b strings.Builder
	for _, day := range []string{"2021-10-13", "2021-10-18", "2021-10-20", "2021-10-28", "2021-11-01"} {
		in := october().input()
		in.AsOf, in.Own = day, []string{"cambridgeshire"}
		b.WriteString(viewText(combined(in)) + "\n")
	}
	golden(t, "combined.txt", b.String())
}

func TestCombinedViewOfOneMeasure(t *testing.T) {
	in := october().input()
	in.Measure, in.Own = "engage", []string{"east-sussex", "west-sussex"}
	golden(t, "combined-engage.txt", viewText(combined(in)))
}

func TestHeadline(t *testing.T) {
	for name, c := range map[string]struct {
		say  func(w *world)
		want string
	}{
		"silent": {func(*world) {}, "kent: nothing published here"},
		"the whole matter before a measure": {func(w *world) {
			w.says("kent", "kent", "2021-10-25", support, on("engage"))
			w.says("kent", "kent", "2021-10-20", refuse)
		}, "kent: refuse (kent/1)"},
		"else a list of the measures": {func(w *world) {
			w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
			w.says("kent", "kent", "2021-10-25", support, on("engage"))
		}, "kent: no line: on measures only"},
		"said to others alone": {func(w *world) {
			w.says("kent", "kent", "2021-10-20", support, on("disengage"), func(a *v1.Advisory) {
				a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_PCNS}
			})
		}, "kent: no line: on other parts only"},
		"a mention of the whole beside a line on a measure": {func(w *world) {
			w.says("kent", "kent", "2021-10-25", informs)
			w.says("kent", "kent", "2021-10-20", caution, on("fund"))
		}, "kent: information only (kent/0)"},
		"a mention of a measure": {func(w *world) {
			w.says("kent", "kent", "2021-10-25", consulting, on("fund"))
		}, "kent: no line: on other parts only"},
		"a withdrawal on a measure": {func(w *world) {
			w.withdraws("kent", w.says("kent", "kent", "2021-10-20", refuse, on("fund")), "2021-10-22")
		}, "kent: no line: on other parts only"},
		"what may already have been issued on a measure": {func(w *world) {
			w.says("kent", "kent", "2021-10-31", refuse, on("fund"), func(a *v1.Advisory) { a.Issued.Earliest = "2021-10-14" })
		}, "kent: no line: written on a day not known"},
		"a report when there is nothing else": {func(w *world) {
			w.reports("gpc-england", "kent", "2021-10-20", refuse)
		}, "kent: only reported by The paper: refuse (gpc-england/0)"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.committee("kent", "Kent LMC", lmc, "kent")
			c.say(w)
			if diff := cmp.Diff([]string{c.want}, headlines(combined(w.input()))); diff != "" {
				t.Errorf("headline (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOwnMeasureLinesCountWhatWasSaidOfAMeasureItself(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.says("kent", "kent", "2021-10-20", refuse)
	w.says("kent", "kent", "2021-10-21", caution, on("engage"))
	w.says("kent", "kent", "2021-10-21", consulting, on("fund"))
	w.says("kent", "kent", "2021-10-21", decides, on("disengage"))
	view := combined(w.input())
	if got := view.GetCommittees()[0].GetOwnMeasureLines(); got != 2 {
		t.Errorf("%d measures with a line of their own, want engage and disengage", got)
	}
	if diff := cmp.Diff([]string{"kent: refuse (kent/0)"}, headlines(view)); diff != "" {
		t.Errorf("headline (-want +got):\n%s", diff)
	}
}

// A committee that never spoke, of which two offices' reports differ, was said to have a line of its own.
func TestReportsThatContestEachOtherAreNoLineOfItsOwn(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.committee("one", "One", other, "one")
	for office, stance := range map[string]v1.Stance{"gpc-england": refuse, "one": support} {
		w.reports(office, "kent", "2021-10-20", stance)
		w.in.Entries[len(w.in.Entries)-1].Report.Position.Measure = "fund"
	}
	view := combined(w.input())
	if diff := cmp.Diff([]string{"kent: no line: on other parts only"}, headlines(view)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := view.GetCommittees()[0].GetOwnMeasureLines(); got != 0 {
		t.Errorf("%d measures with a line of their own, and it has said nothing", got)
	}
	for _, row := range rowsOf(t, nationalPicture(w.input(), 0, "")) {
		if row[1] == "fund" && row[5] == "count" && row[18] != "gpc-england/0 one/0" {
			t.Errorf("a contest rests on %q", row[18])
		}
	}
}

func TestLinesOfAnAreaAreThoseOfTheCommitteesThere(t *testing.T) {
	in := october().input()
	in.Area, in.Measure = areaID("icb:QUE"), "fund"
	var got []string
	for _, line := range linesNow(in) {
		got = append(got, line.GetCommittee()+" "+line.GetMeasure())
	}
	if diff := cmp.Diff([]string{"cambridgeshire fund", "gpc-england fund", "igpm fund"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheReadersOwnCommitteesComeFirstThenByName(t *testing.T) {
	w := newWorld()
	for _, name := range []string{"Wirral", "Avon", "Kent", "Devon"} {
		w.committee(strings.ToLower(name), name+" LMC", lmc, "")
	}
	in := w.input()
	in.Own = []string{"wirral", "kent", "unheard-of"}
	var got []string
	for _, c := range combined(in).GetCommittees() {
		got = append(got, fmt.Sprint(c.GetHeadline().GetCommittee(), c.GetOwn()))
	}
	if diff := cmp.Diff([]string{"kenttrue", "wirraltrue", "avonfalse", "devonfalse"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestTheNationalLineIsThatOfTheReadersNation(t *testing.T) {
	w := newWorld()
	w.committee("gpc-wales", "GPC Wales", national, "gpc-wales")
	w.committee("gwent", "Gwent LMC", lmc, "gwent")
	w.in.Committees[1].Nation, w.in.Committees[2].Nation = "wales", "wales"
	w.says("gpc-england", "gpc-england", "2021-10-20", support)
	w.says("gpc-wales", "gpc-wales", "2021-10-20", against)
	w.says("gwent", "gwent", "2021-10-20", refuse)
	for own, want := range map[string]string{"gwent": "gpc-wales", "": "gpc-england"} {
		in := w.input()
		in.Own = []string{own}
		view := combined(in)
		if got := view.GetNational().GetHeadline().GetCommittee(); got != want {
			t.Errorf("reader of %q: headed by %s", own, got)
		}
		gwent := slices.Concat(view.GetCommittees(), view.GetOtherNations())[0]
		if len(view.GetOtherBodies()) != 1 || gwent.GetHeadline().GetRelation() != answersv1.Relation_RELATION_STRONGER {
			t.Errorf("reader of %q: %s", own, viewText(view))
		}
	}
}

func TestALineOnAMeasureIsComparedWithTheNationalLineOnThatMeasure(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.says("gpc-england", "gpc-england", "2021-10-20", refuse)
	w.says("gpc-england", "gpc-england", "2021-10-20", support, on("disengage"))
	w.says("kent", "kent", "2021-10-20", refuse, on("disengage"))
	in := w.input()
	in.Measure = "disengage"
	if got := combined(in).GetCommittees()[0].GetHeadline().GetRelation(); got != answersv1.Relation_RELATION_DIVERGENT {
		t.Errorf("relation %s", got)
	}
}

func TestWhomToRingIsWhoTheCurrentAdvisoryNames(t *testing.T) {
	desk := &v1.Contact{Name: "Contract desk", Telephone: "01632 960001", Email: "desk@example.org"}
	asking := func(c *v1.Contact) func(*v1.Advisory) { return func(a *v1.Advisory) { a.Contact = c } }
	registered := &v1.Contact{Name: "Kent LMC"}
	for name, c := range map[string]struct {
		say  func(w *world)
		want *v1.Contact
	}{
		"nothing said":         {func(*world) {}, registered},
		"none in the letter":   {func(w *world) { w.says("kent", "kent", "2021-10-20", refuse) }, registered},
		"no way to reach it":   {func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, asking(&v1.Contact{Name: "Dr A"})) }, registered},
		"the letter's":         {func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, asking(desk)) }, desk},
		"what was reported":    {func(w *world) { w.reports("gpc-england", "kent", "2021-10-20", refuse) }, registered},
		"a letter that lapsed": {func(w *world) { w.says("kent", "kent", "2021-10-20", refuse, asking(desk), until("2021-10-21")) }, registered},
		"the later letter's": {func(w *world) {
			w.says("kent", "kent", "2021-10-20", refuse, asking(&v1.Contact{Telephone: "01632 960009"}))
			w.says("kent", "kent", "2021-10-21", refuse, asking(desk))
		}, desk},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.committee("kent", "Kent LMC", lmc, "kent")
			c.say(w)
			if got := combined(w.input()).GetCommittees()[0].GetContact(); !proto.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestPartsOfACommitteeThatDifferAreShown(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 10, 10)
	w.area("sub-icb:A1", 4, 4, "icb:A")
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:A")
	w.says("gpc-england", "gpc-england", "2021-10-20", against)
	w.says("kent", "kent", "2021-10-20", against)
	w.says("kent", "kent", "2021-10-21", refuse, in("sub-icb:A1"))
	view := combined(w.input()).GetCommittees()[0]
	if view.GetHeadline().GetArea() != nil || len(view.GetParts()) != 1 || notation.AreaOf(view.GetParts()[0].GetArea()).String() != "sub-icb:A1" {
		t.Fatalf("headline %v\nparts %v", view.GetHeadline(), view.GetParts())
	}
	if view.GetHeadline().GetRelation() != answersv1.Relation_RELATION_ALIGNED || view.GetParts()[0].GetRelation() != answersv1.Relation_RELATION_STRONGER {
		t.Error("each part stands in its own relation to the national line")
	}
}

func TestAViewOfAnAreaIsOfTheCommitteesThere(t *testing.T) {
	w := october()
	w.says("essex", "south-essex", "2021-10-26", caution, in("sub-icb:06Q"))
	for area, want := range map[string][]string{
		"sub-icb:06Q": {"north-essex: refuse (essex/0)", "south-essex: caution (essex/1)"},
		"region:east": {"cambridgeshire: advise against (cambridgeshire/0)", "north-essex: refuse (essex/0)", "south-essex: refuse (essex/0)"},
		"icb:QUE":     {"cambridgeshire: advise against (cambridgeshire/0)"},
		"icb:GONE":    nil,
	} {
		in := w.input()
		in.Area = areaID(area)
		view := combined(in)
		if diff := cmp.Diff(want, headlines(view)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", area, diff)
		}
		if !strings.Contains(view.GetWords(), "The register names no areas for Kent LMC") {
			t.Errorf("%s: %q does not say who could not be placed", area, view.GetWords())
		}
		if (want == nil) != strings.Contains(view.GetWords(), "No LMC of the register covers") {
			t.Errorf("%s: %q", area, view.GetWords())
		}
	}
}

// An LMC whose areas have all been merged, by a register that is behind, was left out without a word.
func TestAViewOfAMergedAreaHasTheCommitteeOfWhatItWasMergedFrom(t *testing.T) {
	w := newWorld()
	for _, name := range []string{"icb:OLD", "icb:TOO"} {
		old := w.area(name, 10, 1000)
		old.ValidUntil, old.Successors = "2021-10-25", []*v1.AreaId{areaID("icb:NEW")}
	}
	w.area("icb:NEW", 20, 2000)
	w.area("sub-icb:NEW1", 5, 500, "icb:NEW")
	w.area("icb:QKM", 5, 500)
	w.committee("town", "Town LMC", lmc, "town", "icb:OLD")
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:TOO", "icb:QKM")
	w.says("town", "town", "2021-10-20", refuse)
	for _, c := range []struct {
		area, day, words string
		want             []string
	}{
		{"icb:NEW", "2021-10-26", "", []string{"town: refuse (town/0)"}},
		{"sub-icb:NEW1", "2021-10-26", "What the register has Town LMC cover was merged into an area that this is part of: whether they cover it is not known.", nil},
		{"icb:QKM", "2021-10-26", "", []string{"kent: nothing published here"}},
		{"icb:OLD", "2021-10-25", "", []string{"town: refuse (town/0)"}},
	} {
		in := w.input()
		in.Area, in.AsOf = areaID(c.area), c.day
		view := combined(in)
		if diff := cmp.Diff(c.want, headlines(view)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.area, diff)
		}
		if !strings.Contains(view.GetWords(), c.words) || c.words == "" && strings.Contains(view.GetWords(), "not known") {
			t.Errorf("%s: %q", c.area, view.GetWords())
		}
	}
}

func TestTheReadersOwnCommitteeIsShownWhateverTheArea(t *testing.T) {
	in := october().input()
	in.Area, in.Own = areaID("icb:QUE"), []string{"kent"}
	if diff := cmp.Diff([]string{"kent: nothing published here", "cambridgeshire: advise against (cambridgeshire/0)"}, headlines(combined(in))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoticesAreTheMattersFirstAndEachOnce(t *testing.T) {
	w := october()
	w.in.Matter.Notice = "Of the matter."
	for _, notice := range []string{"Zebra.", "Ant.", "Of the matter.", "Ant."} {
		w.says("cambridgeshire", "cambridgeshire", "2021-10-27", informs, func(a *v1.Advisory) { a.Notice = notice })
	}
	want := []string{"Of the matter.", "Ant.", "Demonstration: made up.", "Zebra."}
	if diff := cmp.Diff(want, combined(w.input()).GetNotices()); diff != "" {
		t.Errorf("of the view (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, nationalPicture(w.input(), 0, "").GetNotices()); diff != "" {
		t.Errorf("of the picture (-want +got):\n%s", diff)
	}
}

func TestAnUnknownCommitteeNeverMakesTheViewFail(t *testing.T) {
	view := combined(Input{Register: october().input().Register, Committees: []Committee{{}}})
	if len(view.GetOtherBodies()) != 1 || view.GetCompleteness().GetWords() != "Whether anything is missing is not known." {
		t.Errorf("%v", view)
	}
}

// A page for practices tells what practices were told, also on what is put to PCNs first.
func TestAPageForPracticesAnswersPractices(t *testing.T) {
	w := october()
	measure := &v1.Measure{Id: "pcn-first", Title: "Put to PCNs first", Kind: v1.MeasureKind_MEASURE_KIND_COLLECTIVE_ACTION, AddressedTo: []v1.Audience{v1.Audience_AUDIENCE_PCNS, v1.Audience_AUDIENCE_PRACTICES}}
	w.in.Matter.Measures = append(w.in.Matter.Measures, measure)
	w.says("essex", "north-essex", "2021-10-27", v1.Stance_STANCE_SUPPORT, func(a *v1.Advisory) { a.Positions[0].Measure = measure.Id })
	in := w.input()
	in.Own = []string{"north-essex"}
	view, err := Combined(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range view.Committees[0].Measures {
		if line.Measure == measure.Id && (line.Audience != v1.Audience_AUDIENCE_PRACTICES || line.Current.GetPosition().GetStance() != v1.Stance_STANCE_SUPPORT) {
			t.Errorf("on what is put to PCNs first: %v", line)
		}
	}
	if last := view.Committees[0].Measures[len(view.Committees[0].Measures)-1]; last.Measure != measure.Id {
		t.Errorf("it is not among its measures: %v", last)
	}
}

// A view is of the LMCs of the reader's nation and the matter's: of others only what was said
// stands, and apart.
func TestLMCsOfAnotherNationDoNotStandAmongTheReadersOwn(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.committee("avon", "Avon LMC", lmc, "avon")
	of := func(id, name string, kind v1.CommitteeKind, office, nation string) {
		w.committee(id, name, kind, office)
		w.in.Committees[len(w.in.Committees)-1].Nation = nation
	}
	of("lothian", "Lothian LMC", lmc, "lothian", "scotland")
	of("fife", "Fife LMC", lmc, "fife", "scotland")
	of("gwent", "Gwent LMC", lmc, "gwent", "wales")
	of("gpc-scotland", "GPC Scotland", national, "gpc-scotland", "scotland")
	w.says("fife", "fife", "2021-10-20", refuse)
	w.says("lothian", "lothian", "2021-10-20", refuse, func(a *v1.Advisory) { a.Positions[0].Measure = "fund" })
	scottish := proto.CloneOf(w.in.Matter)
	scottish.Name = "gpc-scotland/plan"
	english := w.in.Matter
	for _, c := range []struct {
		matter                   *v1.Matter
		own                      string
		national, lmcs, elsewise string
	}{
		{english, "", "gpc-england", "avon kent", "fife lothian"},
		{english, "kent", "gpc-england", "kent avon", "fife lothian"},
		{english, "lothian", "gpc-scotland", "lothian avon fife kent", ""},
		{english, "gwent", "", "gwent avon kent", "fife lothian"},
		{scottish, "", "gpc-scotland", "fife lothian", ""},
	} {
		w.in.Matter, w.in.Own = c.matter, nil
		if c.own != "" {
			w.in.Own = []string{c.own}
		}
		view := combined(w.input())
		ids := func(views []*answersv1.CommitteeView) string {
			var all []string
			for _, one := range views {
				all = append(all, one.Headline.Committee)
			}
			return strings.Join(all, " ")
		}
		if got := view.GetNational().GetHeadline().GetCommittee(); got != c.national || ids(view.Committees) != c.lmcs || ids(view.OtherNations) != c.elsewise {
			t.Errorf("%s for %q: national %s, LMCs %s, of other nations %s; want %s, %s, %s", c.matter.Name, c.own, got, ids(view.Committees), ids(view.OtherNations), c.national, c.lmcs, c.elsewise)
		}
	}
}

func TestTheCountOfMeasuresIsTheSameWithAndWithoutACommittee(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.says("kent", "kent", "2021-10-20", refuse, on("engage"))
	w.says("kent", "kent", "2021-10-20", refuse, on("disengage"))
	w.in.Matter = proto.CloneOf(w.in.Matter)
	guidance.MeasureOf(w.in.Matter, "disengage").AddressedTo = []v1.Audience{v1.Audience_AUDIENCE_PCNS, v1.Audience_AUDIENCE_PRACTICES}
	without := combined(w.input()).GetCommittees()[0].GetOwnMeasureLines()
	w.in.Own = []string{"kent"}
	if with := combined(w.input()).GetCommittees()[0].GetOwnMeasureLines(); with != 2 || without != 2 {
		t.Errorf("%d with a committee, %d without", with, without)
	}
}

func TestALetterThatAsksWithoutALineIsNamed(t *testing.T) {
	w := kent()
	asks := func(a *v1.Advisory) {
		a.Positions = nil
		a.Actions = []*v1.Action{{Verb: "send", Object: "the form", Matter: plan}}
	}
	w.says("kent", "kent", "2021-10-20", refuse, asks)
	w.withdraws("kent", w.says("kent", "kent", "2021-10-21", refuse, asks), "2021-10-22")
	const want = "kent/0 (20 October 2021) asks something on this and takes no position: read it with lmc advisory kent/0."
	if got := combined(w.input()).GetWords(); strings.Contains(got, "asks something") {
		t.Errorf("of nobody's own: %q", got)
	}
	w.in.Own = []string{"kent"}
	if got := combined(w.input()).GetWords(); !strings.HasPrefix(got, want) || strings.Contains(got, "kent/1") {
		t.Errorf("got %q", got)
	}
	w.says("kent", "kent", "2021-10-23", refuse, func(a *v1.Advisory) { a.Positions, a.Matters = nil, []string{plan} })
	if got := combined(w.input()).GetWords(); !strings.Contains(got, "kent/3 (23 October 2021) is on this too and takes no position") {
		t.Errorf("a correction is not named: %q", got)
	}
}

// On the page of one measure a letter was named as asking something "on this" that asks it on another.
func TestALetterWithoutALineIsNotNamedOnAMeasureItAsksNothingOn(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse, func(a *v1.Advisory) {
		a.Positions, a.OnBehalfOf = nil, []string{"kent"}
		a.Actions = []*v1.Action{{Verb: "send", Object: "the form", Matter: plan, Measure: "engage"}}
	})
	w.in.Own = []string{"kent"}
	for measure, named := range map[string]bool{"": true, "engage": true, "fund": false} {
		w.in.Measure = measure
		if got := combined(w.input()).GetWords(); strings.Contains(got, "asks something on this") != named {
			t.Errorf("on %q: %q", measure, got)
		}
	}
}

// A correction of a letter that was replaced since was named as if it asked something still.
func TestACorrectionOfALetterThatHasEndedIsNotNamed(t *testing.T) {
	w := kent()
	asks := func(day string) func(*v1.Advisory) {
		return func(a *v1.Advisory) {
			a.Actions = []*v1.Action{{Verb: "send", Matter: plan, Due: &v1.Due{When: &v1.Due_Day{Day: day}}}}
		}
	}
	first := w.says("kent", "kent", "2021-10-20", refuse, asks("2021-12-07"))
	w.says("kent", "kent", "2021-10-21", refuse, asks("2021-12-09"), func(a *v1.Advisory) {
		a.Positions, a.OnBehalfOf, a.Amends = nil, []string{"kent"}, []string{first}
	})
	w.in.Own = []string{"kent"}
	if got := combined(w.input()).GetWords(); !strings.Contains(got, "kent/1 (21 October 2021) asks something on this") {
		t.Errorf("while it stands: %q", got)
	}
	w.says("kent", "kent", "2021-10-22", refuse, func(a *v1.Advisory) { a.Replaces = []string{first} })
	if got := combined(w.input()).GetWords(); strings.Contains(got, "kent/1") {
		t.Errorf("got %q", got)
	}
}

// A letter on behalf of two that asks something of one alone was named to the practices of the other as asking them.
func TestALetterWithoutALineIsNamedToThoseItAsksAlone(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse, func(a *v1.Advisory) {
		a.Positions, a.OnBehalfOf = nil, []string{"kent", "medway"}
		a.Actions = []*v1.Action{{Verb: "send", Object: "the form", Matter: plan, Committees: []string{"medway"}}}
	})
	w.in.Own = []string{"kent"}
	if got := combined(w.input()).GetWords(); strings.Contains(got, "asks something") {
		t.Errorf("got %q", got)
	}
	w.in.Entries[0].Advisory.Actions[0].Committees = []string{"kent"}
	if got := combined(w.input()).GetWords(); !strings.Contains(got, "kent/0 (20 October 2021) asks something on this") {
		t.Errorf("of whom it asks: %q", got)
	}
}

// A letter on behalf of two LMCs with a line of one alone was named nowhere to the practices of the other: "nothing published here".
func TestALetterThatTakesALineOfAnotherAloneIsNamedToAllForWhomItSpeaks(t *testing.T) {
	w := kent()
	w.committee("medway", "Medway LMC", lmc, "kent", "icb:B")
	w.says("kent", "kent", "2021-10-20", refuse, on("fund"), func(a *v1.Advisory) { a.OnBehalfOf = []string{"kent", "medway"} })
	const want = "kent/0 (20 October 2021) is on this too, and takes no position of your LMC's: read it with lmc advisory kent/0."
	for _, c := range []struct {
		own, measure string
		named        bool
	}{{"medway", "", true}, {"medway", "fund", true}, {"medway", "engage", false}, {"kent", "", false}, {"kent", "fund", false}} {
		w.in.Own, w.in.Measure = []string{c.own}, c.measure
		if got := combined(w.input()).GetWords(); strings.Contains(got, want) != c.named {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// A page that shows a letter on a measure left out what it must be shown with.
func TestAViewHasTheNoticesOfAllThatItShows(t *testing.T) {
	w := kent()
	noticed := func(notice string) func(*v1.Advisory) { return func(a *v1.Advisory) { a.Notice = notice } }
	w.says("kent", "kent", "2021-10-19", refuse)
	w.says("kent", "kent", "2021-10-20", support, on("fund"), noticed("Draft."))
	w.says("kent", "kent", "2021-10-20", support, toPartners, noticed("To partners."))
	in := w.input()
	in.Own = []string{"kent"}
	view, err := Combined(t.Context(), in)
	if err != nil || !slices.Contains(view.Notices, "Draft.") || !slices.Contains(view.Notices, "To partners.") {
		t.Errorf("%q, %v", view.GetNotices(), err)
	}
}

// "No advice … is known here" stood above a refusal to the PCNs.
func TestNoAdviceInGeneralIsNotSaidOfWhatOthersWereTold(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse, on("engage"), func(a *v1.Advisory) { a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_PCNS} })
	in := w.input()
	in.Own = []string{"kent"}
	if got := combined(in).GetWords(); !strings.HasSuffix(got, "is known here for practices in general; others were told something, as stands below.") {
		t.Errorf("got %q", got)
	}
}

// A page of a measure said that nothing was known on the matter, of which it was not asked.
func TestAnEmptyPageOfAMeasureNamesTheMeasure(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse, on("disengage"))
	in := w.input()
	in.Measure = "fund"
	if got := combined(in).GetWords(); got != "No advice on “Winter access fund” that holds on 28 October 2021 is known here." {
		t.Errorf("got %q", got)
	}
}

// A page whose headline refuses said nothing of a measure that is contractual, where its LMC has
// never named it.
func TestAHeadlineHidesNoDutyOfAMeasureItNeverNamed(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", refuse)
	in := w.input()
	in.Own = []string{"kent"}
	guidance.MeasureOf(in.Matter, "fund").ClaimedEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}}
	var on []string
	for _, line := range combined(in).GetCommittees()[0].GetMeasures() {
		on = append(on, line.GetMeasure())
		if line.GetMeasure() == "fund" && len(line.GetWarnings()) == 0 {
			t.Errorf("nobody is warned: %v", line)
		}
	}
	if !slices.Equal(on, []string{"fund"}) {
		t.Errorf("told of %v", on)
	}
}

// Of a committee all of whose lines were withdrawn, views said that it had a line on other parts, by a report that its
// own word had overtaken.
func TestACommitteeWithoutAnyLineLeftIsNotSaidToHaveOneOnOtherParts(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	report := w.reports("gpc-england", "kent", "2021-10-15", caution)
	w.in.Entries[len(w.in.Entries)-1].Report.Position.Measure = "fund"
	letter := w.says("kent", "kent", "2021-10-20", refuse, on("fund"))
	headline := func() *answersv1.NoLine { return combined(w.input()).GetCommittees()[0].GetHeadline().GetNoLine() }
	if no := headline(); no.GetReason() != answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY {
		t.Fatalf("while it stands: %v", no)
	}
	w.withdraws("kent", letter, "2021-10-22")
	no := headline()
	if no.GetReason() != answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS || no.GetSince() != "2021-10-22" || !slices.Equal(no.GetLetters(), []string{letter}) {
		t.Errorf("of %s, where %s was reported: %v", letter, report, no)
	}
	words := combined(w.input()).GetCommittees()[0].GetHeadline().GetWords()
	if want := "none of that stands from 22 October 2021"; !strings.Contains(words, want) {
		t.Errorf("no %q in %q", want, words)
	}
	w.says("kent", "kent", "2021-10-24", consulting, on("engage"))
	if no := headline(); no.GetSince() != "" || !slices.Equal(no.GetLetters(), []string{"kent/2"}) {
		t.Errorf("while it asks its members: %v", no)
	}
}

// Whoever asked about an area that is no more was told that no LMC covers it, and not what took over from it.
func TestAnAreaThatIsNoMoreIsToldWithWhatTookOverFromIt(t *testing.T) {
	w := newWorld()
	old := w.area("icb:OLD", 1, 100)
	old.ValidUntil, old.Successors = "2021-10-25", []*v1.AreaId{areaID("icb:NEW")}
	w.area("icb:NEW", 1, 100).ValidFrom = "2021-10-26"
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:NEW")
	in := w.input()
	in.Area = areaID("icb:OLD")
	const want = "By the register there is no icb:OLD (icb:OLD) on 28 October 2021: ask for what took over from it, icb:NEW (icb:NEW)."
	if got := combined(in).GetWords(); !strings.HasPrefix(got, want) {
		t.Errorf("a view: %q", got)
	}
	if got := nationalPicture(in, answersv1.Unit_UNIT_COMMITTEES, "").GetWords(); !strings.HasPrefix(got, want) {
		t.Errorf("the picture: %q", got)
	}
}

// A view of an area of another nation said that no LMC covers it, above the line of the one that does.
func TestAViewOfAnAreaOfAnotherNationSaysWhoCoversIt(t *testing.T) {
	w := newWorld()
	w.area("health-board:7A6", 1, 100)
	w.area("health-board:7A7", 1, 100)
	w.committee("gwent", "Gwent LMC", lmc, "gwent", "health-board:7A6")
	w.in.Committees[1].Nation = "wales"
	words := func(area string) string {
		in := w.input()
		in.Area = areaID(area)
		return combined(in).GetWords()
	}
	for area, want := range map[string]string{
		"health-board:7A6": "health-board:7A6 (health-board:7A6) is covered by Gwent LMC, of another nation: nothing said for it on this is known here.", "health-board:7A7": "No LMC of the register covers health-board:7A7 (health-board:7A7).",
	} {
		if got := words(area); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", area, got)
		}
	}
	w.says("gwent", "gwent", "2021-10-20", refuse)
	if got := words("health-board:7A6"); strings.Contains(got, "No LMC") || strings.Contains(got, "nothing said") {
		t.Errorf("once it has a line: %q", got)
	}
}
