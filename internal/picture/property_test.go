package picture

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The country of the properties: areas within one another, one that lies in two, one that
// took the place of another before the day asked about, and practices that lie in them.
// What every count should be is found practice by practice, from domain.md 5 and 4.9
// alone: each practice is asked what its committees say to it, and is counted once.
var tree = map[string][]string{ // an area and those it lies directly within
	"region:x": nil, "icb:A": {"region:x"}, "icb:B": {"region:x"}, "icb:N": {"region:x"},
	"sub-icb:A1": {"icb:A"}, "sub-icb:A2": {"icb:A"}, "sub-icb:B1": {"icb:B"}, "sub-icb:AB": {"icb:A", "icb:B"}, "sub-icb:N1": {"icb:N"},
	"lmc:l1": {"sub-icb:A1"}, "lmc:l2": {"sub-icb:B1"}, "lmc:l3": {"sub-icb:A1"},
}

var places = []string{"region:x", "icb:A", "icb:B", "icb:N", "sub-icb:A1", "sub-icb:A2", "sub-icb:B1", "sub-icb:AB", "sub-icb:N1"}

// icb:O was recoded to icb:N, one to one, after 24 October.
const (
	recodedFrom = "icb:O"
	recodedOn   = "2021-10-25"
)

// around says whether an area is another or lies around it.
func around(outer, inner string) bool {
	return outer == inner || slices.ContainsFunc(tree[inner], func(next string) bool { return around(outer, next) })
}

// practice lies in one or two areas. Whoever lies in two of which no area has both
// is listed, by code, by all of its areas; of the others, every second.
type practice struct {
	code   string
	in     []string
	listed bool
}

func (p practice) isIn(area string) bool {
	return slices.ContainsFunc(p.in, func(at string) bool { return around(area, at) })
}

// fairly draws one of a list, each as often: SampledFrom draws the first far too often.
func fairly[T any](list ...T) *rapid.Generator[T] {
	return rapid.Custom(func(t *rapid.T) T {
		n := 0
		for range 6 {
			n *= 2
			if rapid.Bool().Draw(t, "bit") {
				n++
			}
		}
		return list[n%len(list)]
	})
}

// country is a drawn world with its practices.
type country struct {
	*world
	practices []practice
	covers    map[string][]string // committee -> areas
}

// anyCountry draws a world; with share, some practices lie in two areas; with gaps,
// some areas have no numbers.
func anyCountry(t *rapid.T, share, gaps bool) *country {
	c := &country{world: newWorld(), covers: map[string][]string{}}
	for i := range fairly(0, 3, 6, 9, 12, 15).Draw(t, "practices") {
		c.practices = append(c.practices, anyPractice(t, i, share))
	}
	for _, area := range places {
		n := c.countIn(area)
		if gaps && fairly(0, 1, 2, 3).Draw(t, "gap") == 0 {
			n = -1
		}
		a := c.area(area, n, n*100, tree[area]...)
		a.PracticeCodes = c.listedBy(area)
		if area == "icb:N" {
			a.ValidFrom = recodedOn
			old := c.area(recodedFrom, n, n*100, tree[area]...)
			old.ValidUntil, old.Successors, old.PracticeCodes = "2021-10-24", []*v1.AreaId{areaID("icb:N")}, a.PracticeCodes
		}
		if area == "sub-icb:N1" {
			a.Within = append(a.Within, areaID(recodedFrom))
		}
	}
	for i := range fairly(1, 2, 3, 4, 5).Draw(t, "committees") {
		id := fmt.Sprint("c", i)
		c.covers[id] = rapid.SliceOfNDistinct(fairly(places...), 1, 3, rapid.ID).Draw(t, "covers")
		c.committee(id, id, lmc, fmt.Sprint("o", fairly(0, 1, 2).Draw(t, "office")), c.covers[id]...)
		c.datedAreas(id)
		c.in.Committees[len(c.in.Committees)-1].NotJoined = fairly(0, 1, 2).Draw(t, "not joined") == 0
	}
	for range fairly(0, 2, 4, 6, 8, 10).Draw(t, "entries") {
		c.anyEntry(t)
	}
	return c
}

// datedAreas gives a committee that covers icb:N what that was before.
func (c *country) datedAreas(id string) {
	known := c.in.Committees[len(c.in.Committees)-1].Committee
	for _, tenure := range known.GetAreas() {
		if proto.Equal(tenure.GetArea(), areaID("icb:N")) {
			tenure.ValidFrom = recodedOn
			known.Areas = append(known.Areas, &v1.AreaTenure{Area: areaID(recodedFrom), ValidUntil: "2021-10-24"})
			return
		}
	}
}

func anyPractice(t *rapid.T, i int, share bool) practice {
	alone := slices.DeleteFunc(slices.Clone(places), func(area string) bool { return area == "sub-icb:AB" })
	p := practice{code: fmt.Sprintf("F%05d", i), in: []string{fairly(alone...).Draw(t, "in")}, listed: i%2 == 0}
	if !share || fairly(0, 1, 2).Draw(t, "shared") > 0 {
		return p
	}
	p.listed = true
	second := fairly(places...).Draw(t, "also in")
	switch {
	case second == "sub-icb:AB": // it lies in two by itself, and need not be listed
		p.in, p.listed = []string{second}, i%2 == 0
	case !around(second, p.in[0]) && !around(p.in[0], second):
		p.in = append(p.in, second)
	}
	return p
}

func (c *country) countIn(area string) int64 {
	n := int64(0)
	for _, p := range c.practices {
		n += number01(p.isIn(area))
	}
	return n
}

// listedBy are the codes an area lists.
func (c *country) listedBy(area string) []string {
	var codes []string
	for _, p := range c.practices {
		if p.listed && p.isIn(area) {
			codes = append(codes, p.code)
		}
	}
	return codes
}

var someStances = []v1.Stance{refuse, against, decides, support, refuse, support, consulting, informs}

func (c *country) anyEntry(t *rapid.T) {
	committee := fmt.Sprint("c", rapid.IntRange(0, len(c.covers)-1).Draw(t, "committee"))
	office := fmt.Sprint("o", fairly(0, 1, 2).Draw(t, "by"))
	if fairly(0, 1, 2, 3).Draw(t, "by its own") > 0 {
		for _, known := range c.in.Committees {
			if known.GetId() == committee {
				office = known.Office
			}
		}
	}
	stance := fairly(someStances...).Draw(t, "stance")
	day := fairly("2021-10-20", "2021-10-21", "2021-10-26", "2021-10-29").Draw(t, "day")
	earlier := fmt.Sprint(office, "/", fairly(0, 1, 2, 3).Draw(t, "earlier"))
	measure := on(fairly("", "", "", "engage", "disengage").Draw(t, "measure"))
	scoped := func(*v1.Advisory) {}
	if id := fairly("", "", "", "", "s1", "s2").Draw(t, "scope"); id != "" {
		scoped = func(a *v1.Advisory) { a.Positions[0].Scope = &v1.Scope{Id: id, Words: meantBy(committee, id)} }
	}
	if question := fairly("", "", "", "Shall we?", "Or not?").Draw(t, "votes"); question != "" {
		aMeasure := measure
		measure = func(a *v1.Advisory) {
			aMeasure(a)
			count := func(n int32) *v1.Figure { return &v1.Figure{Published: &v1.Figure_Count{Count: n}} }
			a.Votes = []*v1.Vote{{Id: "v", Kind: v1.VoteKind_VOTE_KIND_COMMITTEE, Question: question, Voters: "its members", VotesFor: count(12), VotesAgainst: count(3)}}
			if question == "Shall we?" {
				a.Positions[0].Votes = []string{"v"}
			}
		}
	}
	switch fairly(0, 1, 2, 3, 4, 5, 6).Draw(t, "what") {
	case 0:
		c.reports(office, committee, day, stance)
	case 1:
		c.withdraws(office, earlier, day)
	case 2:
		c.says(office, committee, day, stance, replacing(earlier), measure)
	case 3, 4:
		c.says(office, committee, day, stance, in(fairly(c.parts(committee)...).Draw(t, "area")), measure, scoped)
	default:
		c.says(office, committee, day, stance, measure, scoped)
	}
}

var groupsMeant = []string{"those who have started", "those who have signed"}

// meantBy are the words of a group: an id is one thing to every second committee, and the other to the rest.
func meantBy(committee, id string) string { return groupsMeant[(committee[1]^id[1])&1] }

// parts are the areas within the committee's, those beside them, and those that are no more.
func (c *country) parts(committee string) []string {
	return append(slices.DeleteFunc(slices.Clone(places), func(area string) bool {
		wider := slices.ContainsFunc(c.covers[committee], func(own string) bool { return own != area && around(area, own) })
		return wider && !c.claims(committee, area)
	}), recodedFrom, absorbedArea)
}

// counted is a column, as the text has them.
type counted struct {
	kind   answersv1.ColumnKind
	stance v1.Stance
	reason answersv1.NoLineReason
}

// columnFor is the column of domain.md 5 that a line counts in. The text leaves open what
// a mention on the whole matter is for a measure: the mention it is.
func columnFor(l *answersv1.Line) counted {
	stance := l.GetCurrent().GetPosition().GetStance()
	switch l.GetState() {
	case answersv1.LineState_LINE_STATE_STATED:
		if l.GetByWholeMatter() {
			return counted{kind: answersv1.ColumnKind_COLUMN_KIND_BY_WHOLE_MATTER, stance: stance}
		}
	case answersv1.LineState_LINE_STATE_REPORTED:
		return counted{kind: answersv1.ColumnKind_COLUMN_KIND_REPORTED, stance: stance}
	case answersv1.LineState_LINE_STATE_CONTESTED:
		return counted{kind: answersv1.ColumnKind_COLUMN_KIND_CONTESTED}
	case answersv1.LineState_LINE_STATE_RELAYED, answersv1.LineState_LINE_STATE_CONSULTING, answersv1.LineState_LINE_STATE_MENTIONED, answersv1.LineState_LINE_STATE_NO_LINE:
		holds := func(group *answersv1.Line) bool { return group.GetState() != answersv1.LineState_LINE_STATE_NO_LINE }
		switch { // domain.md 5, BY_GROUP: scoped lines that hold and no general one; 4.3: a mention is none
		case l.GetMoreGroups() > 0 || slices.ContainsFunc(l.GetGroups(), holds):
			return counted{kind: answersv1.ColumnKind_COLUMN_KIND_BY_GROUP}
		case l.GetState() == answersv1.LineState_LINE_STATE_RELAYED:
			return counted{kind: answersv1.ColumnKind_COLUMN_KIND_RELAYED}
		case l.GetState() == answersv1.LineState_LINE_STATE_CONSULTING:
			return counted{kind: answersv1.ColumnKind_COLUMN_KIND_CONSULTING}
		case l.GetState() == answersv1.LineState_LINE_STATE_MENTIONED:
			return counted{kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, stance: stance}
		}
		return counted{kind: answersv1.ColumnKind_COLUMN_KIND_NO_LINE, reason: l.GetNoLine().GetReason()}
	}
	return counted{kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, stance: stance}
}

// oneByOne counts a table practice by practice: each is asked of the committees that cover
// it, by its code where it is listed, else in the one area it lies in. It is counted once:
// where those who cover it differ, as split.
func (c *country) oneByOne(input Input, measure string) map[counted]int64 {
	want := map[counted]int64{}
	prepared := guidance.Prepare(context.Background(), input.Entries, input.Register)
	for _, p := range c.practices {
		if input.Area != nil && !p.isIn(notation.AreaOf(input.Area).String()) {
			continue
		}
		var columns []counted
		for _, committee := range input.Committees {
			if !slices.ContainsFunc(c.covers[committee.GetId()], p.isIn) {
				continue
			}
			q := guidance.Question{Matter: input.Matter, Measure: measure, Committee: committee.Committee, AsOf: input.AsOf, Practice: p.code}
			for _, id := range []string{"s1", "s2"} { // domain.md 4.10: each is asked by the id under which it says the words
				if strings.EqualFold(meantBy(committee.GetId(), id), input.Scope) {
					q.Scope = id
				}
			}
			if !p.listed {
				q.Practice, q.Area = "", areaID(p.in[0])
			}
			column := columnFor(prepared.Resolve(q)[0])
			if committee.NotJoined && column.reason == answersv1.NoLineReason_NO_LINE_REASON_SILENT {
				column = counted{kind: answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED}
			}
			columns = append(columns, column)
		}
		isNotJoined := func(c counted) bool { return c.kind == answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED }
		isSilent := func(c counted) bool { return c.reason == answersv1.NoLineReason_NO_LINE_REASON_SILENT }
		saysSomething := func(c counted) bool {
			return c.kind != answersv1.ColumnKind_COLUMN_KIND_NO_LINE && !isNotJoined(c)
		}
		if !slices.ContainsFunc(columns, saysSomething) {
			for _, saysLess := range []func(counted) bool{isNotJoined, isSilent} {
				if others := slices.DeleteFunc(slices.Clone(columns), saysLess); len(others) > 0 {
					columns = others
				}
			}
		}
		if len(columns) == 0 {
			continue
		}
		byWhole := func(c counted) bool { return c.kind == answersv1.ColumnKind_COLUMN_KIND_BY_WHOLE_MATTER }
		if !slices.ContainsFunc(columns, func(c counted) bool { return !byWhole(c) }) {
			byWhole = func(counted) bool { return false } // all of them: that stays its own column
		}
		for i := range columns { // domain.md 5, SPLIT: the same stance, for one of them on the measure itself
			if byWhole(columns[i]) {
				columns[i].kind = answersv1.ColumnKind_COLUMN_KIND_STANCE
			}
		}
		if slices.ContainsFunc(columns, func(other counted) bool { return other != columns[0] }) {
			columns[0] = counted{kind: answersv1.ColumnKind_COLUMN_KIND_SPLIT}
		}
		want[columns[0]]++
	}
	return want
}

func (c *country) claims(committee, at string) bool {
	return slices.ContainsFunc(c.covers[committee], func(area string) bool { return around(area, at) })
}

func countsOf(table *answersv1.NationalTable) map[counted]int64 {
	got := map[counted]int64{}
	for _, c := range table.GetColumns() {
		kind := c.GetKind()
		if c.GetStance() == informs && kind == answersv1.ColumnKind_COLUMN_KIND_BY_WHOLE_MATTER {
			kind = answersv1.ColumnKind_COLUMN_KIND_STANCE
		}
		got[counted{kind, c.GetStance(), c.GetReason()}] += int64(c.GetCount())
	}
	return got
}

// told is what was said, to be read where two counts differ.
func (c *country) told(input Input) string {
	var b strings.Builder
	fmt.Fprintf(&b, "as of %s, for %q\ncommittees cover %v\npractices %+v\n", input.AsOf, input.Scope, c.covers, c.practices)
	for _, e := range input.Entries {
		fmt.Fprintf(&b, "%s: %v %v %v\n", e.ID, e.Advisory, e.Withdrawal, e.Report)
	}
	return b.String()
}

func checkOneByOne(t *rapid.T, c *country, unit answersv1.Unit, times int64) {
	input := c.input()
	inTwo := func(p practice) bool { // of which one may lie elsewhere
		return slices.ContainsFunc(p.in, func(at string) bool {
			return slices.ContainsFunc(p.in, func(other string) bool { return !around(at, other) && !around(other, at) })
		})
	}
	if at := fairly(append([]string{"", "", ""}, places...)...).Draw(t, "asked of"); at != "" && !slices.ContainsFunc(c.practices, inTwo) {
		input.Area = areaID(at)
	}
	ofOthersIDs := func(of Committee) bool { // for which no one id can be asked: group_test.go has these
		return slices.ContainsFunc(input.Register.Predecessors(of.GetId()), func(before string) bool { return meantBy(before, "s1") != meantBy(of.GetId(), "s1") })
	}
	if !slices.ContainsFunc(input.Committees, ofOthersIDs) {
		input.Scope = fairly("", "", "", groupsMeant[0], strings.ToUpper(groupsMeant[1])).Draw(t, "group asked for")
	}
	for _, table := range nationalPicture(input, unit, "").GetTables() {
		want := c.oneByOne(input, table.GetMeasure())
		total := int64(0)
		for column := range want {
			want[column] *= times
			total += want[column]
		}
		if diff := cmp.Diff(want, countsOf(table), cmp.AllowUnexported(counted{})); diff != "" {
			t.Fatalf("domain.md 5, measure %q (-one by one +by area):\n%s\n%s", table.GetMeasure(), diff, c.told(input))
		}
		if int64(table.GetDenominator()) != total {
			t.Fatalf("domain.md 5, measure %q: out of %d, one by one there are %d\n%s", table.GetMeasure(), table.GetDenominator(), total, c.told(input))
		}
		if len(table.GetWithoutData()) > 0 {
			t.Fatalf("%q are without data", table.GetWithoutData())
		}
	}
}

func TestPracticesAreCountedAsIfOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkOneByOne(t, anyCountry(t, true, false), byPractice, 1) })
}

func TestPatientsAreCountedAsIfOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkOneByOne(t, anyCountry(t, false, false), byPatient, 100) })
}

// Committees that agree on a practice listed in both their areas count it once and not as
// split; that differ, once as split (domain.md 5).
func TestAPracticeOfTwoCommitteesIsSplitOnlyWhereTheyDiffer(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 2, 0).PracticeCodes = []string{"F81001"}
	w.area("icb:B", 3, 0).PracticeCodes = []string{"F81001"}
	w.committee("east", "East LMC", lmc, "east", "icb:A")
	w.committee("west", "West LMC", lmc, "west", "icb:B")
	w.says("east", "east", "2021-10-20", refuse)
	w.says("west", "west", "2021-10-20", refuse)
	wantColumns(t, w, byPractice, "4 refuse: east west")
}

// A practice that two areas list was split with itself where an LMC that agrees covered one of the two.
func TestAPracticeListedTwiceIsNotSplitWithItself(t *testing.T) {
	for _, covers := range [][]string{{"region:x"}, {"icb:A", "icb:B"}, {"region:x", "icb:B"}} {
		w := newWorld()
		w.area("region:x", 1, 0)
		for _, code := range []string{"icb:A", "icb:B"} {
			w.area(code, 1, 0, "region:x").PracticeCodes = []string{"F00001"}
		}
		w.committee("wide", "Wide LMC", lmc, "wide", covers...)
		w.committee("east", "East LMC", lmc, "east", "icb:A")
		w.says("wide", "wide", "2021-10-20", refuse)
		w.says("east", "east", "2021-10-20", refuse)
		wantColumns(t, w, byPractice, "1 refuse: east wide")
		wantDenominator(t, w, byPractice, "Out of 1 GP practice (list sizes, October 2021).")
		w.says("east", "east", "2021-10-21", support)
		wantColumns(t, w, byPractice, "1 split: east wide")
	}
}

// A practice of a recorded area that lies in two was counted in both.
func TestAPracticeOfAnAreaWithinTwoIsCountedOnce(t *testing.T) {
	overlap := func() *world {
		w := newWorld()
		w.area("icb:R1", 1, 100)
		w.area("county:R2", 1, 100)
		w.area("sub:R5", 1, 100, "icb:R1", "county:R2")
		return w
	}
	two := overlap()
	two.area("sub:R6", -1, -1, "icb:R1", "county:R2") // whose numbers are not known
	two.committee("east", "East LMC", lmc, "east", "icb:R1")
	two.committee("west", "West LMC", lmc, "west", "county:R2")
	two.says("east", "east", "2021-10-20", refuse)
	two.says("west", "west", "2021-10-20", support)
	wantColumns(t, two, byPractice, "1 split: east west")
	wantDenominator(t, two, byPractice, "Out of 1 GP practice (list sizes, October 2021).")
	alike := overlap()
	alike.committee("kent", "Kent LMC", lmc, "kent", "icb:R1", "county:R2")
	alike.says("kent", "kent", "2021-10-20", refuse)
	wantColumns(t, alike, byPractice, "1 refuse: kent")
	wantColumns(t, alike, byPatient, "100 refuse: kent")
	one := overlap()
	one.committee("kent", "Kent LMC", lmc, "kent", "icb:R1", "county:R2")
	one.says("kent", "kent", "2021-10-20", refuse, in("icb:R1"))
	one.says("kent", "kent", "2021-10-21", support, in("county:R2"))
	wantColumns(t, one, byPractice, "1 support: kent")
	wantDenominator(t, one, byPractice, "Out of 1 GP practice (list sizes, October 2021).")
}

// An area that got another code took its practices out of every count: 0 of 0, and readers there were told the line
// for all, which was the opposite.
func TestARecodedAreaIsCountedByWhatWasSaidOfItBefore(t *testing.T) {
	w := newWorld()
	old, now := w.area("icb:QE1", 10, 0), w.area("icb:NEW11", 10, 0)
	old.ValidUntil, old.Successors = "2026-03-31", []*v1.AreaId{areaID("icb:NEW11")}
	now.ValidFrom = "2026-04-01"
	w.area("icb:OTH", 5, 0)
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:QE1", "icb:NEW11", "icb:OTH")
	tenures := w.in.Committees[len(w.in.Committees)-1].GetAreas()
	tenures[0].ValidUntil, tenures[1].ValidFrom = "2026-03-31", "2026-04-01"
	w.says("kent", "kent", "2026-03-20", support)
	w.says("kent", "kent", "2026-03-21", refuse, in("icb:QE1"))
	for _, day := range []string{"2026-03-25", "2026-04-10"} {
		w.in.AsOf = day
		wantColumns(t, w, byPractice, "10 refuse: kent", "5 support: kent")
	}
	w.in.Area = areaID("icb:NEW11")
	wantColumns(t, w, byPractice, "10 refuse: kent")
}

// A practice whose LMCs advise the same, one on the measure and the other by its line on the whole matter, was counted
// as split, and so was an office of two such; what is only reported is another thing than its own word.
func TestTheSameAdviceByALineOnTheWholeMatterIsNotSplit(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 2, 200, "icb:C").PracticeCodes = []string{"F81001"}
	w.area("icb:B", 3, 300).PracticeCodes = []string{"F81001"}
	w.area("icb:C", 2, 200)
	w.committee("east", "East LMC", lmc, "both", "icb:A")
	w.committee("west", "West LMC", lmc, "both", "icb:B")
	w.says("both", "east", "2021-10-20", refuse, until("2022-03-31"))
	w.says("both", "west", "2021-10-20", refuse, on("engage"))
	onEngage := func(unit answersv1.Unit) *answersv1.NationalTable {
		return nationalPicture(w.input(), unit, "").GetTables()[1]
	}
	column := func(c *answersv1.Column) string {
		return fmt.Sprintf("%d %s: %s", c.GetCount(), c.GetWords(), strings.Join(c.GetMembers(), " "))
	}
	var got []string
	for _, c := range onEngage(byPractice).GetColumns() {
		got = append(got, column(c))
	}
	if diff := cmp.Diff([]string{"3 refuse: east west", "1 refuse, by the line on the whole matter: east"}, got); diff != "" {
		t.Errorf("practices (-want +got):\n%s", diff)
	}
	table := onEngage(byPractice)
	if letters := RestsOn(byPractice, table, table.GetColumns()[0], "east"); !slices.Equal(letters, []string{"both/0"}) {
		t.Errorf("the share of East in what is said on the measure rests on %v", letters)
	}
	table = onEngage(answersv1.Unit_UNIT_OFFICES)
	if got := column(table.GetColumns()[0]); got != "1 refuse: both" || len(table.GetColumns()) != 1 {
		t.Errorf("offices: %q of %d columns", got, len(table.GetColumns()))
	}
	if letters := RestsOn(answersv1.Unit_UNIT_OFFICES, table, table.GetColumns()[0], "both"); !slices.Equal(letters, []string{"both/0", "both/1"}) {
		t.Errorf("the figure of the office rests on %v", letters)
	}
	w.committee("south", "South LMC", lmc, "", "icb:C") // around East's
	w.reports("both", "south", "2021-10-21", refuse)
	if got := column(onEngage(byPractice).GetColumns()[1]); got != "2 split: east south west" {
		t.Errorf("beside what is only reported: %q", got)
	}
}

// Two LMCs of one area, of which one says it of the whole matter alone: its letter is named with the figure.
func TestAnAreaOfTwoLMCsThatAdviseTheSameCitesBoth(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 2, 200)
	w.committee("east", "East LMC", lmc, "east", "icb:A")
	w.committee("west", "West LMC", lmc, "west", "icb:A")
	w.says("east", "east", "2021-10-20", refuse, func(a *v1.Advisory) { a.Positions[0].Provisional = true })
	w.says("west", "west", "2021-10-20", refuse, on("engage"))
	for _, unit := range []answersv1.Unit{byPractice, byPatient} {
		table := nationalPicture(w.input(), unit, "").GetTables()[1]
		c := table.GetColumns()[0]
		if got := columnAdvisories(unit, table, c); len(table.GetColumns()) != 1 || c.GetWords() != "refuse" ||
			!slices.Equal(got, []string{"east/0", "west/0"}) || !slices.Equal(c.GetProvisional(), []string{"east"}) {
			t.Errorf("%d columns, %v, rests on %v", len(table.GetColumns()), c, got)
		}
	}
}

// A practice of an LMC that says nothing and of one that has not joined was counted as split, as if it was told two
// things.
func TestAPracticeOfASilentLMCAndOneNotJoinedIsToldNothing(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 2, 0).PracticeCodes = []string{"F81001"}
	w.area("icb:B", 3, 0).PracticeCodes = []string{"F81001"}
	w.committee("east", "East LMC", lmc, "east", "icb:A")
	w.committee("west", "West LMC", lmc, "west", "icb:B")
	w.in.Committees[len(w.in.Committees)-1].NotJoined = true
	wantColumns(t, w, byPractice, "2 nothing published here: east", "2 not joined yet: west")
}

// So was one of an LMC that never spoke and of another that had said something in another area alone.
func TestAPracticeOfASilentLMCAndOneThatSaidItElsewhereIsToldNothing(t *testing.T) {
	w := newWorld()
	for _, code := range []string{"icb:A", "icb:B"} {
		w.area(code, 1, 0).PracticeCodes = []string{"F81001"}
	}
	w.area("icb:C", 1, 0).PracticeCodes = []string{"F81002"}
	w.committee("east", "East LMC", lmc, "east", "icb:A")
	w.committee("west", "West LMC", lmc, "west", "icb:B", "icb:C")
	w.says("west", "west", "2021-10-20", refuse, in("icb:C"))
	wantColumns(t, w, byPractice, "1 refuse: west", "1 no line: said to others only: west")
}

// merged is a world in which icb:P (three practices) and icb:Q (two) became icb:R, and what
// was said of icb:P before: refuse. Kent covers all.
func merged(parts bool) *world {
	w := newWorld()
	p, q, r := w.area("icb:P", 3, 300), w.area("icb:Q", 2, 200), w.area("icb:R", 5, 500)
	for _, old := range []*v1.Area{p, q} {
		old.ValidUntil, old.Successors = "2021-10-24", []*v1.AreaId{areaID("icb:R")}
	}
	r.ValidFrom = recodedOn
	p.PracticeCodes, q.PracticeCodes = []string{"F81001", "F81002", "F81003"}, []string{"F81004", "F81005"}
	r.PracticeCodes = slices.Concat(p.PracticeCodes, q.PracticeCodes)
	if parts {
		w.area("sub-icb:P1", 3, 300, "icb:P", "icb:R").PracticeCodes = p.PracticeCodes
		w.area("sub-icb:Q1", 2, 200, "icb:Q", "icb:R").PracticeCodes = q.PracticeCodes
	}
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:P", "icb:Q", "icb:R")
	for _, tenure := range w.in.Committees[1].Areas {
		if tenure.ValidUntil = "2021-10-24"; proto.Equal(tenure.GetArea(), areaID("icb:R")) {
			tenure.ValidFrom, tenure.ValidUntil = recodedOn, ""
		}
	}
	w.says("kent", "kent", "2021-10-19", caution)
	w.says("kent", "kent", "2021-10-20", refuse, in("icb:P"))
	return w
}

// What was said of an area that was merged is not counted for the whole that took its
// place, and is for its recorded parts (domain.md 4.9).
func TestWhatWasSaidOfAMergedAreaCountsItsParts(t *testing.T) {
	wantColumns(t, merged(true), byPractice, "3 refuse: kent", "2 caution: kent")
	wantColumns(t, merged(true), byPatient, "300 refuse: kent", "200 caution: kent")
}

// And for its practices, as far as they are listed: each is told so, and a count says of
// none what it is not told (domain.md 4.9 and 5).
func TestWhatWasSaidOfAMergedAreaCountsItsPractices(t *testing.T) {
	wantColumns(t, merged(false), byPractice, "3 refuse: kent", "2 caution: kent")
}

// Practices that no list names were counted with the rest, whose line may be another's.
func TestPracticesOfAMergedAreaThatNoListNamesAreNotCounted(t *testing.T) {
	for name, w := range map[string]*world{"said of a part": merged(false), "said by a predecessor": unioned()} {
		for _, record := range w.records {
			a := record.Body.GetArea()
			if a == nil {
				continue
			}
			a.PracticeCodes = slices.DeleteFunc(a.PracticeCodes, func(code string) bool { return code == "F81003" })
		}
		if got := columns(w.input(), byPractice); len(got) != 1 || !strings.HasPrefix(got[0], "2 refuse: ") {
			t.Errorf("%s: %q", name, got)
		}
		if table := nationalPicture(w.input(), byPractice, "").GetTables()[0]; len(table.GetWithoutData()) != 1 {
			t.Errorf("%s: without data %q", name, table.GetWithoutData())
		}
	}
}

// So were those of the second of two that had said it together, for the areas of the first alone were looked at.
func TestPracticesOfTheSecondOfTwoThatMergedThatNoListNamesAreNotCounted(t *testing.T) {
	w := unioned()
	w.in.Entries = nil
	w.says("east", "east west", "2021-10-20", refuse)
	for _, record := range w.records {
		if a := record.Body.GetArea(); a != nil {
			a.PracticeCodes = slices.DeleteFunc(a.PracticeCodes, func(code string) bool { return code == "F81005" })
		}
	}
	if got := columns(w.input(), byPractice); len(got) != 1 || !strings.HasPrefix(got[0], "4 refuse: ") {
		t.Errorf("%q", got)
	}
}

// What was said so to a group or to partners leaves nobody's general line in doubt, and that of a group alone the
// practices that have no other.
func TestPracticesOfAMergedAreaOfWhomSomeWereToldSomethingAreCounted(t *testing.T) {
	unlisted := func(some func(*v1.Advisory)) *world {
		w := merged(false)
		some(w.in.Entries[1].Advisory)
		for _, record := range w.records {
			if a := record.Body.GetArea(); a != nil {
				a.PracticeCodes = slices.DeleteFunc(a.PracticeCodes, func(code string) bool { return code == "F81003" })
			}
		}
		return w
	}
	wantColumns(t, unlisted(forGroup), byPractice, "5 caution: kent")
	wantColumns(t, unlisted(toPartners), byPractice, "5 caution: kent")
	alone := unlisted(forGroup)
	alone.in.Entries = alone.in.Entries[1:]
	wantColumns(t, alone, byPractice, "2 differs by group, no line in general: kent")
}

// How many patients such practices have is not known, so those of the area are not counted
// (domain.md 5).
func TestPatientsAreNotCountedWhereSomePracticesAreToldSomethingElse(t *testing.T) {
	w := merged(false)
	wantColumns(t, w, byPatient)
	wantDenominator(t, w, byPatient, "It is not known how many patients to count for: Kent LMC.", "kent")
	w.says("kent", "kent", "2021-10-26", refuse)
	wantColumns(t, w, byPatient, "500 refuse: kent")
}

// unioned is a world in which East, of icb:P, and West, of icb:Q, merged into Union, of icb:R;
// what East said before is for the practices of icb:P.
func unioned() *world {
	w := merged(false)
	w.in.Committees, w.in.Entries = w.in.Committees[:1], nil
	w.committee("east", "East LMC", lmc, "east", "icb:P")
	w.committee("west", "West LMC", lmc, "east", "icb:Q")
	w.committee("union", "Union LMC", lmc, "east", "icb:R")
	w.in.Committees = slices.Delete(w.in.Committees, 1, 3) // they are no more
	w.in.Committees[1].Predecessors = []string{"east", "west"}
	w.says("east", "east", "2021-10-20", refuse)
	w.says("east", "east", "2021-10-20", caution, on("engage"))
	return w
}

func TestWhatAPredecessorSaidCountsItsPractices(t *testing.T) {
	wantColumns(t, unioned(), byPractice, "3 refuse: union", "2 no line: said to others only: union")
}

// What one LMC said of an area that it shared with another was counted of the other's practices, once the two had
// merged.
func TestWhatAPredecessorSaidOfASharedAreaCountsItsOwnPractices(t *testing.T) {
	for _, byList := range []bool{false, true} {
		w := mergedLists(byList)
		w.says("east", "east", "2021-10-19", caution)
		w.says("west", "west", "2021-10-20", refuse, in("icb:P"))
		wantColumns(t, w, byPractice, "2 refuse: union", "3 caution: union")
	}
}

// mergedLists is a world in which East and West, each of a list of practices in icb:P, merged into Union on 25 October:
// of their lists, or of one of its own.
func mergedLists(ofItsOwn bool) *world {
	w := newWorld()
	w.area("icb:P", 5, 500).PracticeCodes = []string{"F81001", "F81002", "F81003", "F81004", "F81005"}
	w.area("lmc:east", 3, 300, "icb:P").PracticeCodes = []string{"F81001", "F81002", "F81003"}
	w.area("lmc:west", 2, 200, "icb:P").PracticeCodes = []string{"F81004", "F81005"}
	w.committee("east", "East LMC", lmc, "east", "lmc:east")
	w.committee("west", "West LMC", lmc, "west", "lmc:west")
	if ofItsOwn {
		w.area("lmc:union", 5, 500, "icb:P").PracticeCodes = []string{"F81001", "F81002", "F81003", "F81004", "F81005"}
		w.committee("union", "Union LMC", lmc, "east", "lmc:union")
	} else {
		w.committee("union", "Union LMC", lmc, "east", "lmc:east", "lmc:west")
	}
	w.in.Committees = slices.Delete(w.in.Committees, 1, 3) // they are no more
	w.in.Committees[1].Predecessors, w.in.Committees[1].ValidFrom = []string{"east", "west"}, "2021-10-25"
	return w
}

// A committee whose list took the place of its predecessors' had no line, where each of its practices is told theirs.
func TestACommitteeOfANewListCountsByWhatItsPracticesAreToldOfItsPredecessors(t *testing.T) {
	for name, c := range map[string]struct {
		said     func(w *world)
		columns  []string
		letters  []string
		relation answersv1.Relation
	}{
		"they differ": {func(w *world) {
			w.says("east", "east", "2021-10-19", caution)
			w.says("west", "west", "2021-10-20", refuse)
		}, []string{"1 split: union"}, []string{"east/0", "west/0"}, answersv1.Relation_RELATION_NOT_COMPARABLE},
		"they agree": {func(w *world) {
			w.says("east", "east", "2021-10-19", refuse)
			w.says("west", "west", "2021-10-20", refuse)
		}, []string{"1 refuse: union"}, []string{"east/0", "west/0"}, answersv1.Relation_RELATION_STRONGER},
		"one says nothing": {func(w *world) { w.says("east", "east", "2021-10-19", refuse) }, []string{"1 no line: said to others only: union"}, []string{"east/0"}, answersv1.Relation_RELATION_NO_LINE},
		"one practice came since": {func(w *world) {
			w.says("east", "east", "2021-10-19", refuse)
			w.says("west", "west", "2021-10-20", refuse)
			for _, record := range w.records {
				if area := record.Body.GetArea(); area.GetName() == "icb:P" || area.GetName() == "lmc:union" {
					area.PracticeCodes, area.Practices = append(area.PracticeCodes, "F81009"), proto.Int32(6)
				}
			}
		}, []string{"1 refuse: union"}, []string{"east/0", "west/0"}, answersv1.Relation_RELATION_STRONGER},
		"it has spoken": {func(w *world) {
			w.says("east", "east", "2021-10-19", caution)
			w.says("west", "west", "2021-10-20", refuse)
			w.says("east", "union", "2021-10-26", caution)
		}, []string{"1 caution: union"}, []string{"east/1"}, answersv1.Relation_RELATION_ALIGNED},
	} {
		w := mergedLists(true)
		w.says("gpc-england", "gpc-england", "2021-10-14", caution)
		c.said(w)
		wantColumns(t, w, byCommittee, c.columns...)
		wantColumns(t, w, byOffice, strings.Replace(c.columns[0], "union", "east", 1))
		table := nationalPicture(w.input(), byCommittee, "").GetTables()[0]
		if got := columnAdvisories(byCommittee, table, table.GetColumns()[0]); !slices.Equal(got, c.letters) {
			t.Errorf("%s: it rests on %v", name, got)
		}
		table = nationalPicture(w.input(), byOffice, "").GetTables()[0]
		if got := columnAdvisories(byOffice, table, table.GetColumns()[0]); !slices.Equal(got, c.letters) {
			t.Errorf("%s: of the office it rests on %v", name, got)
		}
		silent := slices.ContainsFunc(Silent(nationalPicture(w.input(), byCommittee, "")).GetLines(), func(of *answersv1.SilentLine) bool { return of.GetMeasure() == "" })
		if silent != (name == "one says nothing") {
			t.Errorf("%s: it is silent: %v", name, silent)
		}
		if got := table.GetRelations(); len(got) != 1 || got[0].GetRelation() != c.relation {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A figure of practices that are told something else than any line of their committee says named
// no letter.
func TestAFigureOfPracticesToldApartCitesTheirLetters(t *testing.T) {
	for w, letter := range map[*world]string{unioned(): "east/0", merged(false): "kent/1"} {
		table := nationalPicture(w.input(), byPractice, "").GetTables()[0]
		for _, c := range table.GetColumns() {
			if c.GetStance() == refuse && !slices.Equal(columnAdvisories(byPractice, table, c), []string{letter}) {
				t.Errorf("%v rests on %v, want %s", c, columnAdvisories(byPractice, table, c), letter)
			}
		}
	}
}

// The reader's own committee has its line on each measure that it, or one it was merged
// from, spoke on.
func TestMeasuresAPredecessorSpokeOnAreShown(t *testing.T) {
	in := unioned().input()
	in.Own, in.Practice = []string{"union"}, "F81001"
	view := combined(in).GetCommittees()[0]
	if view.GetOwnMeasureLines() != 1 || len(view.GetMeasures()) != 1 || view.GetMeasures()[0].GetCurrent().GetPosition().GetStance() != caution {
		t.Errorf("%d measures with a line: %v", view.GetOwnMeasureLines(), view.GetMeasures())
	}
}

// What a committee says of the whole matter is counted apart for a measure it does not name,
// and what it says to groups alone apart from what it says to all (domain.md 5).
func TestWholeMattersAndGroupsAreCountedApart(t *testing.T) {
	w := newWorld()
	w.committee("avon", "Avon LMC", lmc, "avon")
	w.committee("bath", "Bath LMC", lmc, "bath")
	w.committee("cumbria", "Cumbria LMC", lmc, "cumbria")
	w.says("avon", "avon", "2021-10-20", refuse)
	w.says("bath", "bath", "2021-10-20", refuse, on("engage"))
	w.says("cumbria", "cumbria", "2021-10-21", informs, on("engage")) // a newsletter is no line in general
	w.says("cumbria", "cumbria", "2021-10-20", support, on("engage"), func(a *v1.Advisory) { a.Positions[0].Scope = &v1.Scope{Id: "started", Words: "already started"} })
	want := map[counted]int64{
		{kind: answersv1.ColumnKind_COLUMN_KIND_BY_WHOLE_MATTER, stance: refuse}: 1,
		{kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, stance: refuse}:          1,
		{kind: answersv1.ColumnKind_COLUMN_KIND_BY_GROUP}:                        1,
	}
	if diff := cmp.Diff(want, countsOf(nationalPicture(w.input(), byCommittee, "").GetTables()[1]), cmp.AllowUnexported(counted{})); diff != "" {
		t.Errorf("engage (-want +got):\n%s", diff)
	}
}

func TestColumnsAddUpToTheDenominatorInEveryUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCountry(t, true, true)
		input := c.input()
		for _, unit := range units {
			for _, table := range nationalPicture(input, unit, "").GetTables() {
				checkSums(t, unit, table)
			}
		}
		committees := nationalPicture(input, byCommittee, "").GetTables()[0]
		if committees.GetDenominator() != int32(len(c.covers)) {
			t.Fatalf("%d committees of %d", committees.GetDenominator(), len(c.covers))
		}
	})
}

func checkSums(t *rapid.T, unit answersv1.Unit, table *answersv1.NationalTable) {
	sum := int64(0)
	for _, column := range table.GetColumns() {
		if column.GetCount() <= 0 || len(column.GetMembers()) == 0 || column.GetWords() == "" {
			t.Fatalf("by %s: column %v", unit, column)
		}
		sum += int64(column.GetCount())
	}
	if sum != int64(table.GetDenominator()) || table.GetDenominatorWords() == "" {
		t.Fatalf("by %s: columns add up to %d, denominator %d: %s", unit, sum, table.GetDenominator(), table.GetDenominatorWords())
	}
}

// Where numbers are missing, nobody is counted who is not there, and whoever is not
// said to be without data is counted whole.
func TestWhatHasNoNumbersIsListedAndNeverGuessed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCountry(t, false, true)
		table := nationalPicture(c.input(), byPractice, "").GetTables()[0]
		atLeast, atMost := int64(0), int64(0)
		for _, p := range c.practices {
			anybody, withData := false, false
			for committee := range c.covers {
				claims := c.claims(committee, p.in[0])
				anybody = anybody || claims
				withData = withData || claims && !slices.Contains(table.GetWithoutData(), committee)
			}
			atMost += number01(anybody)
			atLeast += number01(withData)
		}
		if n := int64(table.GetDenominator()); n < atLeast || n > atMost {
			t.Fatalf("%d practices counted, want %d to %d: %s", n, atLeast, atMost, table.GetDenominatorWords())
		}
	})
}

func number01(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// plain is an answer without what only this node sees.
func plain(m proto.Message) proto.Message {
	m = proto.Clone(m)
	for _, line := range linesOf(m) {
		for _, s := range statements(line) {
			s.Feed, s.RecordedTime = 0, nil
		}
	}
	return m
}

func linesOf(m proto.Message) []*answersv1.Line {
	var all []*answersv1.Line
	switch m := m.(type) {
	case *answersv1.CombinedView:
		all = viewLines(m)
	case *answersv1.NationalPicture:
		for _, t := range m.GetTables() {
			all = append(append(append(all, t.GetLines()...), t.GetOtherBodies()...), t.GetNational())
		}
	}
	return all
}

func TestTheOrderOfTheInputDoesNotShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := anyCountry(t, true, true).input()
		after := shuffled(before, func(n int, swap func(i, j int)) {
			for i := range n {
				swap(i, rapid.IntRange(i, n-1).Draw(t, "swap"))
			}
		})
		if !proto.Equal(plain(combined(before)), plain(combined(after))) {
			t.Fatal("the combined view depends on the order of the input")
		}
		for _, unit := range units {
			if !proto.Equal(plain(nationalPicture(before, unit, "")), plain(nationalPicture(after, unit, ""))) {
				t.Fatalf("the national picture by %s depends on the order of the input", unit)
			}
		}
		if digestNow(before) != digestNow(after) {
			t.Fatal("the digest depends on the order of the input, or on feed numbers")
		}
		changes, _, err := Changes(context.Background(), before, after, everybody)
		if err != nil || len(changes) > 0 || len(Differing(linesNow(before), linesNow(after))) > 0 {
			t.Fatalf("a difference without a change: %v, %v", changes, err)
		}
	})
}

func TestTheDigestChangesWithAnyStance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCountry(t, false, false)
		committee := fmt.Sprint("c", rapid.IntRange(0, len(c.covers)-1).Draw(t, "speaker"))
		office := ""
		for _, known := range c.in.Committees {
			if known.GetId() == committee {
				office = known.Office
			}
		}
		stance := func(s v1.Stance) [32]byte {
			n := len(c.in.Entries)
			defer func() { c.in.Entries = c.in.Entries[:n]; c.said[office]-- }()
			c.says(office, committee, "2021-10-27", s)
			return digestNow(c.input())
		}
		first, second, again := stance(refuse), stance(support), stance(refuse)
		if first == second {
			t.Fatal("another stance, the same digest")
		}
		if first != again {
			t.Fatal("the same stance, another digest")
		}
	})
}
