package picture

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The country of the properties: a tree of areas, and practices that lie in one of
// them or, listed by code, in two. What every count should be is then found practice
// by practice, without plots.
var tree = map[string][]string{ // area -> areas it lies within, nearest first
	"region:x": nil, "icb:A": {"region:x"}, "icb:B": {"region:x"},
	"sub-icb:A1": {"icb:A", "region:x"}, "sub-icb:A2": {"icb:A", "region:x"}, "sub-icb:B1": {"icb:B", "region:x"},
}

var places = []string{"region:x", "icb:A", "icb:B", "sub-icb:A1", "sub-icb:A2", "sub-icb:B1"}

// practice lies in one or two areas.
type practice struct {
	code string
	in   []string
}

func (p practice) isIn(area string) bool {
	return slices.ContainsFunc(p.in, func(at string) bool { return at == area || slices.Contains(tree[at], area) })
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
	for i := range rapid.IntRange(0, 12).Draw(t, "practices") {
		c.practices = append(c.practices, anyPractice(t, i, share))
	}
	for _, area := range places {
		n := c.countIn(area)
		if gaps && rapid.IntRange(0, 3).Draw(t, "gap") == 0 {
			n = -1
		}
		a := c.area(area, n, n*100, tree[area]...)
		a.PracticeCodes = c.sharedIn(area)
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "committees") {
		id := fmt.Sprint("c", i)
		c.covers[id] = rapid.SliceOfNDistinct(rapid.SampledFrom(places), 1, 3, rapid.ID).Draw(t, "covers")
		c.committee(id, id, lmc, fmt.Sprint("o", rapid.IntRange(0, 2).Draw(t, "office")), c.covers[id]...)
	}
	for range rapid.IntRange(0, 8).Draw(t, "entries") {
		c.anyEntry(t)
	}
	return c
}

func anyPractice(t *rapid.T, i int, share bool) practice {
	p := practice{code: fmt.Sprintf("F%05d", i), in: []string{rapid.SampledFrom(places).Draw(t, "in")}}
	second := rapid.SampledFrom(places).Draw(t, "also in")
	if share && second != p.in[0] && !slices.Contains(tree[second], p.in[0]) && !slices.Contains(tree[p.in[0]], second) {
		p.in = append(p.in, second)
	}
	return p
}

func (c *country) countIn(area string) int64 {
	n := int64(0)
	for _, p := range c.practices {
		if p.isIn(area) {
			n++
		}
	}
	return n
}

// sharedIn are the codes an area lists: of practices in two areas, and of some others.
func (c *country) sharedIn(area string) []string {
	var codes []string
	for i, p := range c.practices {
		if p.isIn(area) && (len(p.in) > 1 || i%2 == 0) {
			codes = append(codes, p.code)
		}
	}
	return codes
}

var someStances = []v1.Stance{refuse, against, decides, support, consulting, informs}

func (c *country) anyEntry(t *rapid.T) {
	committee := fmt.Sprint("c", rapid.IntRange(0, len(c.covers)-1).Draw(t, "committee"))
	office := fmt.Sprint("o", rapid.IntRange(0, 2).Draw(t, "by"))
	stance := rapid.SampledFrom(someStances).Draw(t, "stance")
	day := rapid.SampledFrom([]string{"2021-10-20", "2021-10-21", "2021-10-29"}).Draw(t, "day")
	earlier := fmt.Sprint(office, "/", rapid.IntRange(0, 3).Draw(t, "earlier"))
	switch rapid.IntRange(0, 6).Draw(t, "what") {
	case 0:
		c.reports(office, committee, day, stance)
	case 1:
		c.withdraws(office, earlier, day)
	case 2:
		c.says(office, committee, day, stance, replacing(earlier))
	case 3, 4:
		c.says(office, committee, day, stance, in(rapid.SampledFrom(c.parts(committee)).Draw(t, "area")))
	default:
		c.says(office, committee, day, stance, on(rapid.SampledFrom([]string{"", "", "engage", "disengage"}).Draw(t, "measure")))
	}
}

// parts are the areas within the committee's, and those beside them.
func (c *country) parts(committee string) []string {
	return slices.DeleteFunc(slices.Clone(places), func(area string) bool {
		around := slices.ContainsFunc(c.covers[committee], func(own string) bool { return slices.Contains(tree[own], area) })
		return around && !c.claims(committee, area)
	})
}

// oracle counts practice by practice: each is claimed by the committees that cover an
// area it lies in, each with its line for that area, and counted once.
func (c *country) oracle(input Input) map[column]int64 {
	want, known := map[column]int64{}, c.known(input)
	for _, p := range c.practices {
		var columns []column
		for _, committee := range input.Committees {
			for _, at := range p.innermost(known) {
				if c.claims(committee.GetId(), at) {
					columns = append(columns, lineColumn(input, committee, areaID(at)))
				}
			}
		}
		if len(columns) > 0 {
			want[one(columns)]++
		}
	}
	return want
}

// known are the areas a count knows of: those covered, and those with a line of a
// committee they belong to. What a committee says of an area beside its own parts
// nobody's practices.
func (c *country) known(input Input) map[string]bool {
	known := map[string]bool{}
	for _, areas := range c.covers {
		for _, area := range areas {
			known[area] = true
		}
	}
	for _, line := range linesNow(input) {
		if line.GetArea() != nil && c.claims(line.GetCommittee(), notation.AreaOf(line.GetArea()).String()) {
			known[notation.AreaOf(line.GetArea()).String()] = true
		}
	}
	return known
}

// innermost are the areas a practice lies in as far as they are known, without those
// around another.
func (p practice) innermost(known map[string]bool) []string {
	var found []string
	for _, at := range p.in {
		for _, area := range append([]string{at}, tree[at]...) {
			if known[area] {
				found = append(found, area)
				break
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(found), func(area string) bool {
		return slices.ContainsFunc(found, func(inner string) bool { return slices.Contains(tree[inner], area) })
	})
}

func (c *country) claims(committee, at string) bool {
	return slices.ContainsFunc(c.covers[committee], func(area string) bool { return area == at || slices.Contains(tree[at], area) })
}

func lineColumn(input Input, c Committee, at *v1.AreaId) column {
	q := guidance.Question{Matter: input.Matter, Committee: c.Committee, Area: at, AsOf: input.AsOf}
	return columnOf(guidance.Prepare(context.Background(), input.Entries, input.Register).Resolve(q)[0])
}

func one(columns []column) column {
	for _, c := range columns {
		if c != columns[0] {
			return splitColumn
		}
	}
	return columns[0]
}

func counts(table *answersv1.NationalTable) map[column]int64 {
	got := map[column]int64{}
	for _, c := range table.GetColumns() {
		got[column{c.GetKind(), c.GetStance(), c.GetReason()}] += int64(c.GetCount())
	}
	return got
}

func TestPracticesAreCountedAsIfOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCountry(t, true, false)
		input := c.input()
		table := nationalPicture(input, byPractice, "").GetTables()[0]
		if diff := cmp.Diff(c.oracle(input), counts(table), cmp.AllowUnexported(column{})); diff != "" {
			t.Fatalf("(-one by one +by area):\n%s", diff)
		}
		if len(table.GetWithoutData()) > 0 {
			t.Fatalf("%q are without data", table.GetWithoutData())
		}
	})
}

func TestPatientsAreCountedAsIfOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCountry(t, false, false)
		input := c.input()
		want := c.oracle(input)
		for column := range want {
			want[column] *= 100
		}
		if diff := cmp.Diff(want, counts(nationalPicture(input, byPatient, "").GetTables()[0]), cmp.AllowUnexported(column{})); diff != "" {
			t.Fatalf("(-one by one +by area):\n%s", diff)
		}
	})
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
		if changes := Diff(linesNow(before), linesNow(after)); len(changes) > 0 {
			t.Fatalf("a difference without a change: %v", changes[0].Words)
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
