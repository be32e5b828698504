package picture

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// lists records practices, and how many patients each has, as of a day.
func (w *world) lists(day string, patients uint32, practices ...*v1.Practice) {
	list, err := register.PackPractices(&ledgerv1.PracticeList{Source: "nhs", Release: "practices, " + day, Day: day}, practices)
	if err != nil {
		panic(err)
	}
	at := map[string]uint32{}
	for _, p := range practices {
		at[p.Code] = patients
	}
	sizes, err := register.PackPatients(&ledgerv1.PatientList{Release: "patients, " + day, Day: day}, at)
	if err != nil {
		panic(err)
	}
	for _, part := range list {
		w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: part}})
	}
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Patients{Patients: sizes}})
}

// gp is a GP practice that lies in areas, each until and from a day; empty: always.
func gp(code string, liesIn ...*v1.PracticeMembership) *v1.Practice {
	return &v1.Practice{Code: code, Name: "Practice " + code, Nation: "england", Kind: v1.PracticeKind_PRACTICE_KIND_GP_PRACTICE, LiesIn: liesIn}
}

func lying(area, from, until string) *v1.PracticeMembership {
	return &v1.PracticeMembership{Area: areaID(area), ValidFrom: from, ValidUntil: until}
}

// absorbedArea was merged into sub-icb:A2, which goes on.
const absorbedArea = "sub-icb:A9"

// lists are areas of LMCs' lists: nobody may be in one on a day, which is then none and known.
var lists = []string{"lmc:l1", "lmc:l2", "lmc:l3"}

// listedCountry is a country whose practices are in lists: they move from area to area, open and close, on the
// days on which letters are issued and between them.
func listedCountry(t *rapid.T) *country {
	c := &country{world: newWorld(), covers: map[string][]string{}}
	for _, area := range places {
		a := c.area(area, -1, -1, tree[area]...)
		if area == "icb:N" {
			a.ValidFrom = recodedOn
			old := c.area(recodedFrom, -1, -1, tree[area]...)
			old.ValidUntil, old.Successors = "2021-10-24", []*v1.AreaId{areaID("icb:N")}
		}
		if area == "sub-icb:N1" {
			a.Within = append(a.Within, areaID(recodedFrom))
		}
	}
	for _, list := range lists {
		c.area(list, -1, -1, tree[list]...)
	}
	old := c.area(absorbedArea, -1, -1, "icb:A")
	old.ValidUntil, old.Successors = "2021-10-24", []*v1.AreaId{areaID("sub-icb:A2")}
	leaves := []string{"sub-icb:A1", "sub-icb:A2", "sub-icb:B1", "sub-icb:AB", "sub-icb:N1"}
	var all []*v1.Practice
	for i, leaf := range leaves { // whose practices are in lists, always
		all = append(all, gp(fmt.Sprintf("G%05d", i), lying(leaf, "", "")))
	}
	all = append(all, gp("G00009", lying(absorbedArea, "", "2021-10-24"), lying("sub-icb:A2", "2021-10-25", "")))
	for i := range fairly(1, 3, 6, 9).Draw(t, "practices") {
		p := gp(fmt.Sprintf("F%05d", i))
		from := ""
		for range fairly(1, 2, 2, 3).Draw(t, "places") {
			until := max(fairly("2021-10-20", "2021-10-21", "2021-10-23", "2021-10-24", "2021-10-26", "2021-10-27").Draw(t, "moves after"), from)
			p.LiesIn = append(p.LiesIn, lying(fairly(leaves...).Draw(t, "in"), from, until))
			if from = notation.DayAfter(until); fairly(0, 1, 2, 3).Draw(t, "also") == 0 {
				p.LiesIn = append(p.LiesIn, lying(fairly(leaves...).Draw(t, "also in"), "", ""))
			}
		}
		p.LiesIn[len(p.LiesIn)-1].ValidUntil = ""
		if fairly(0, 1, 2, 3).Draw(t, "absorbed") == 0 {
			p.LiesIn = []*v1.PracticeMembership{lying(absorbedArea, "", "2021-10-24"), lying("sub-icb:A2", "2021-10-25", "")}
		}
		if list := fairly("", "", "lmc:l1", "lmc:l2").Draw(t, "on the list"); list != "" { // as of the day, before it alone, from a day ahead
			days := fairly([2]string{}, [2]string{"", "2021-10-23"}, [2]string{"2021-10-25", ""}, [2]string{"2021-11-01", ""}, [2]string{"2021-10-21", "2021-10-27"}).Draw(t, "its days")
			p.LiesIn = append(p.LiesIn, lying(list, days[0], days[1]))
			if list == "lmc:l1" && days[0] < "2021-10-24" && fairly(0, 1, 2, 3).Draw(t, "is on the list after the merger") > 0 {
				p.LiesIn[len(p.LiesIn)-1].ValidUntil = "2021-10-24"
				p.LiesIn = append(p.LiesIn, lying("lmc:l3", "2021-10-25", ""))
			}
		}
		switch fairly(0, 1, 2, 3, 4, 5, 6, 7).Draw(t, "open") {
		case 0:
			p.ValidFrom = "2021-10-22"
		case 1:
			p.ValidUntil = "2021-10-25"
		}
		all = append(all, p)
	}
	for _, p := range all {
		one := practice{code: p.Code, listed: true}
		for _, m := range p.LiesIn {
			if notation.IsWithin(c.in.AsOf, p.ValidFrom, p.ValidUntil) && notation.IsWithin(c.in.AsOf, m.ValidFrom, m.ValidUntil) {
				one.in = append(one.in, notation.AreaOf(m.Area).String())
			}
		}
		c.practices = append(c.practices, one)
	}
	c.lists("2021-10-28", 100, all...)
	for i := range fairly(1, 2, 3, 4).Draw(t, "committees") {
		id := fmt.Sprint("c", i)
		c.covers[id] = rapid.SliceOfNDistinct(fairly(append(slices.Clip(places), lists...)...), 1, 3, rapid.ID).Draw(t, "covers")
		c.committee(id, id, lmc, fmt.Sprint("o", fairly(0, 1, 2).Draw(t, "office")), c.covers[id]...)
		c.datedAreas(id)
	}
	for range fairly(0, 2, 4, 6, 8).Draw(t, "entries") {
		c.anyEntry(t)
		if a := c.in.Entries[len(c.in.Entries)-1].Advisory; a != nil && fairly(0, 1, 2).Draw(t, "day not known") == 0 {
			a.Issued.Earliest = "2021-10-19" // practices move inside the range
		}
	}
	if rapid.Bool().Draw(t, "merges") { // the first into the last, of whatever that covers or of a list
		first, last := c.in.Committees[1], c.in.Committees[len(c.in.Committees)-1]
		if first.GetId() != last.GetId() {
			first.ValidUntil, last.ValidFrom, last.Predecessors = "2021-10-24", "2021-10-25", []string{first.GetId()}
			if rapid.Bool().Draw(t, "by lists") {
				also := fairly([]string{}, []string{"sub-icb:B1"}, []string{"lmc:l2"}).Draw(t, "and as it did")
				for of, covers := range map[Committee][]string{first: {"lmc:l1"}, last: {"lmc:l3"}} {
					of.Areas, c.covers[of.GetId()] = nil, append(covers, also...)
					for _, area := range c.covers[of.GetId()] {
						of.Areas = append(of.Areas, &v1.AreaTenure{Area: areaID(area)})
					}
				}
				c.says(first.Office, first.GetId(), "2021-10-20", fairly(someStances...).Draw(t, "before it"))
			}
			c.in.Committees = slices.Delete(c.in.Committees, 1, 2)
		}
	}
	return c
}

// A committee merged by lists had no line where it was asked about one area, though each of its practices there was told
// what its predecessor said (domain.md 5): where it has none, some practice is told nothing, or came since.
func TestAMergedCommitteeWithoutALineHasPracticesThatAreToldNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := listedCountry(t)
		input := c.input()
		if at := fairly(append([]string{"", ""}, places...)...).Draw(t, "asked of"); at != "" {
			input.Area = areaID(at)
		}
		for _, table := range nationalPicture(input, byCommittee, "").GetTables() {
			for _, column := range table.GetColumns() {
				if column.GetKind() != answersv1.ColumnKind_COLUMN_KIND_NO_LINE {
					continue
				}
				for _, of := range input.Committees {
					if len(of.GetPredecessors()) == 0 || !slices.Contains(column.GetMembers(), of.GetId()) {
						continue
					}
					there := slices.DeleteFunc(slices.Clone(c.covers[of.GetId()]), func(own string) bool {
						return input.Area != nil && !around(notation.AreaOf(input.Area).String(), own)
					})
					if len(there) == 0 || slices.ContainsFunc(there, func(own string) bool { return !slices.Contains(lists, own) }) {
						continue // beside an area there may be a rest
					}
					of.NotJoined = false
					only, came := input, 0
					only.Committees = []Committee{of}
					country := *c
					country.practices = nil
					for _, p := range c.practices {
						isIn := slices.ContainsFunc(there, p.isIn) // the list of another may lie elsewhere than its practice
						then := slices.ContainsFunc(input.Register.PracticeIn(p.code, "2021-10-24"), func(in *v1.AreaId) bool {
							return slices.ContainsFunc(c.covers[of.GetPredecessors()[0]], func(own string) bool { return input.Register.Contains(areaID(own), in, "2021-10-24") })
						})
						if isIn && then {
							country.practices, came = append(country.practices, p), came+1
						}
					}
					told := 0
					for column, n := range country.oneByOne(only, table.GetMeasure()) {
						if column.kind != answersv1.ColumnKind_COLUMN_KIND_NO_LINE {
							told += int(n)
						}
					}
					if came > 0 && told == came {
						t.Fatalf("measure %q in %v: %s is without a line, and all of its %d practices there are told one\n%s", table.GetMeasure(), input.Area, of.GetId(), came, c.told(input))
					}
				}
			}
		}
	})
}

func TestPracticesThatMoveAreCountedAsIfOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkOneByOne(t, listedCountry(t), byPractice, 1) })
}

func TestPatientsOfPracticesThatMoveAreCountedAsIfOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkOneByOne(t, listedCountry(t), byPatient, 100) })
}

// Kent's line of 20 October is on icb:P; on the 25th F81001 moves from there into icb:Q, whose practices Kent
// leaves to decide: a position's area is the practices that were in it on its day of issue (domain.md 4.9).
func moved() *world {
	w := newWorld()
	w.area("icb:P", -1, -1)
	w.area("icb:Q", -1, -1)
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:P", "icb:Q")
	w.lists("2021-10-28", 1000, gp("F81001", lying("icb:P", "", "2021-10-24"), lying("icb:Q", "2021-10-25", "")), gp("F81002", lying("icb:P", "", "")), gp("F81003", lying("icb:Q", "", "")))
	w.says("kent", "kent", "2021-10-20", refuse, in("icb:P"))
	w.says("kent", "kent", "2021-10-19", decides, in("icb:Q"))
	return w
}

func TestAPracticeThatMovedKeepsWhatWasSaidOfItsAreaThen(t *testing.T) {
	wantColumns(t, moved(), byPractice, "2 refuse: kent", "1 practice decides: kent")
	w := moved()
	w.in.AsOf = "2021-10-24"
	wantColumns(t, w, byPractice, "2 refuse: kent", "1 practice decides: kent")
	w.says("kent", "kent", "2021-10-26", support, in("icb:Q"))
	w.in.AsOf = "2021-10-28"
	wantColumns(t, w, byPractice, "1 refuse: kent", "2 support: kent")
}

// A practice that was in no network is told what was said of the one it comes to, whether that goes on under its code or
// under a new one.
func TestAPracticeThatCameToANetworkIsToldWhatWasSaidOfItBefore(t *testing.T) {
	for name, lists := range map[string][]*v1.Practice{
		"as it goes on":    {gp("F81001", lying("pcn:U10001", "", "")), gp("F81002", lying("pcn:U10001", "2021-10-25", "")), gp("F81003", lying("icb:QJG", "", ""))},
		"under a new code": {gp("F81001", lying("pcn:U10001", "", "2021-10-24"), lying("pcn:U10002", "2021-10-25", "")), gp("F81002", lying("pcn:U10002", "2021-10-25", "")), gp("F81003", lying("icb:QJG", "", ""))},
	} {
		w := newWorld()
		w.area("icb:QJG", -1, -1)
		old := w.area("pcn:U10001", -1, -1, "icb:QJG")
		if name == "under a new code" {
			old.ValidUntil, old.Successors = "2021-10-24", []*v1.AreaId{areaID("pcn:U10002")}
			w.area("pcn:U10002", -1, -1, "icb:QJG").ValidFrom = "2021-10-25"
		}
		w.committee("suffolk", "Suffolk LMC", lmc, "suffolk", "icb:QJG")
		for _, one := range lists[:2] {
			one.LiesIn = append(one.LiesIn, lying("icb:QJG", "", ""))
		}
		w.lists("2021-10-28", 100, lists...)
		w.says("suffolk", "suffolk", "2021-10-20", refuse, in("pcn:U10001"))
		wantColumns(t, w, byPractice, "2 refuse: suffolk", "1 no line: said to others only: suffolk")
		w.in.AsOf = "2021-10-24"
		wantColumns(t, w, byPractice, "1 refuse: suffolk", "2 no line: said to others only: suffolk")
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// How far from the day asked about the numbers are stands with them, of patients their own.
func TestFiguresSayWhichReleaseTheyAreFrom(t *testing.T) {
	w := moved()
	w.in.AsOf = "2021-10-26"
	for unit, want := range map[answersv1.Unit]string{byPractice: "practices, 2021-10-28 (2 days after)", byPatient: "patients, 2021-10-28 (2 days after)"} {
		if got := nationalPicture(w.input(), unit, "").GetTables()[0].GetReleases(); !slices.Equal(got, []string{want}) {
			t.Errorf("%v: %q, want %q", unit, got, want)
		}
	}
}

// A list that nobody is in by the day, as one whose rows begin later, took the whole location that it lies in out of the
// count of the LMC that covers that by a rule, and of all who were told otherwise there.
func TestAListThatNobodyIsInOnTheDayIsCountedAsNone(t *testing.T) {
	for name, days := range map[string][2]string{"it begins later": {"2021-11-01", ""}, "it ended": {"", "2021-10-20"}} {
		w := newWorld()
		w.area("sub-icb:99E", -1, -1)
		w.area("lmc:suffolk", -1, -1, "sub-icb:99E")
		w.committee("south-essex", "South Essex LMC", lmc, "essex", "sub-icb:99E")
		w.committee("suffolk", "Suffolk LMC", lmc, "suffolk", "lmc:suffolk")
		w.lists("2021-10-28", 1000, gp("F81001", lying("sub-icb:99E", "", ""), lying("lmc:suffolk", days[0], days[1])), gp("F81002", lying("sub-icb:99E", "", "")))
		w.says("essex", "south-essex", "2021-10-20", refuse)
		w.says("suffolk", "suffolk", "2021-10-20", support)
		wantColumns(t, w, byPractice, "2 refuse: south-essex")
		wantColumns(t, w, byPatient, "2000 refuse: south-essex")
		wantDenominator(t, w, byPractice, "Out of 2 GP practices (practices, 2021-10-28).")
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// A list that nobody is in any more stood as a part of the location that it lay in: its LMC had a line there, was counted
// there, and had stopped asking where nobody was asked.
func TestAListThatNobodyIsInAnyMoreIsNoPartOfItsLocation(t *testing.T) {
	w := newWorld()
	w.area("icb:QH8", -1, -1)
	w.area("icb:QJG", -1, -1)
	w.area("sub-icb:06Q", -1, -1, "icb:QH8")
	w.area("sub-icb:07K", -1, -1, "icb:QJG")
	w.area("lmc:suffolk", -1, -1, "sub-icb:07K")
	w.area("lmc:suffolk.06Q", -1, -1, "sub-icb:06Q")
	w.committee("north", "North LMC", lmc, "essex", "sub-icb:06Q")
	w.committee("suffolk", "Suffolk LMC", lmc, "suffolk", "lmc:suffolk", "lmc:suffolk.06Q")
	w.lists("2021-10-28", 100,
		gp("F81001", lying("sub-icb:06Q", "", ""), lying("lmc:suffolk.06Q", "2021-10-16", "2021-10-20")),
		gp("F81002", lying("sub-icb:07K", "", ""), lying("lmc:suffolk", "", "")),
	)
	w.says("essex", "north", "2021-10-16", refuse)
	w.says("suffolk", "suffolk", "2021-10-16", support)
	onDay := func(day string) Input {
		in := w.input()
		in.AsOf, in.Area = day, areaID("icb:QH8")
		return in
	}
	if got := columns(onDay("2021-10-18"), byCommittee); len(got) != 2 {
		t.Errorf("while a practice was there: %q", got)
	}
	if got := columns(onDay("2021-10-28"), byCommittee); len(got) != 1 {
		t.Errorf("since: %q", got)
	}
	for _, c := range combined(onDay("2021-10-28")).GetCommittees() {
		if c.GetHeadline().GetCommittee() == "suffolk" {
			t.Errorf("a view of the ICB has %v", c)
		}
	}
	in := w.input()
	for _, line := range ByArea(nationalPicture(in, byCommittee, ""), "icb").GetLines() {
		if line.GetCommittee() == "suffolk" && line.GetArea().GetCode() == "QH8" {
			t.Errorf("by ICB: %v", line)
		}
	}
	was, is := w.input(), w.input()
	was.AsOf, is.AsOf = "2021-10-18", "2021-10-25"
	if got := told(t, was, is, ""); len(got) > 0 {
		t.Errorf("what changed: %q", got)
	}
}

// Of an LMC one of whose areas had ended it was said for ever that how many practices it has there is not known, with all of
// them counted.
func TestAnAreaThatEndedLeavesNobodyToCount(t *testing.T) {
	w := newWorld()
	w.area("sub-icb:99E", -1, -1)
	old := w.area("sub-icb:99F", -1, -1)
	old.ValidUntil, old.Successors = "2021-10-24", []*v1.AreaId{areaID("sub-icb:99E")}
	w.committee("south", "South LMC", lmc, "essex", "sub-icb:99E", "sub-icb:99F")
	w.lists("2021-10-28", 100, gp("F81001", lying("sub-icb:99E", "", "")), gp("F81002", lying("sub-icb:99F", "", "2021-10-24"), lying("sub-icb:99E", "2021-10-25", "")))
	w.says("essex", "south", "2021-10-20", refuse)
	for _, unit := range []answersv1.Unit{byPractice, byPatient} {
		if without := nationalPicture(w.input(), unit, "").GetTables()[0].GetWithoutData(); len(without) > 0 {
			t.Errorf("%s: without data %q", UnitWords(unit, 2), without)
		}
	}
	wantColumns(t, w, byPractice, "2 refuse: south")
}

// absorbed is a world in which sub-icb:99F was merged into sub-icb:99E, which goes on, after South had said something of it.
func absorbed() *world {
	w := newWorld()
	w.area("icb:QH8", -1, -1)
	w.area("sub-icb:99E", -1, -1, "icb:QH8")
	old := w.area("sub-icb:99F", -1, -1, "icb:QH8")
	old.ValidUntil, old.Successors = "2021-10-24", []*v1.AreaId{areaID("sub-icb:99E")}
	w.committee("south", "South LMC", lmc, "essex", "sub-icb:99E", "sub-icb:99F")
	w.lists("2021-10-28", 100, gp("F81001", lying("sub-icb:99E", "", "")), gp("F81002", lying("sub-icb:99F", "", "2021-10-24"), lying("sub-icb:99E", "2021-10-25", "")))
	w.says("essex", "south", "2021-10-20", refuse)
	w.says("essex", "south", "2021-10-20", support, in("sub-icb:99F"))
	return w
}

// What had been said of an area that was merged into one that goes on was told to its practices, counted, and shown nowhere.
func TestWhatWasSaidOfAnAreaThatAnotherAbsorbedIsShown(t *testing.T) {
	w := absorbed()
	wantColumns(t, w, byPractice, "1 refuse: south", "1 support: south")
	wantColumns(t, w, byPatient, "100 refuse: south", "100 support: south")
	for _, area := range []string{"", "sub-icb:99E", "icb:QH8"} {
		in := w.input()
		if area != "" {
			in.Area = areaID(area)
		}
		headline := combined(in).GetCommittees()[0].GetHeadline()
		if of := headline.GetFormerAreas(); stanceOf(headline) != refuse || len(of) != 1 || of[0].GetStatement().GetAdvisory() != "essex/1" {
			t.Errorf("in %q: %v beside %v", area, of, stanceOf(headline))
		}
	}
	for code, want := range map[string]v1.Stance{"F81001": refuse, "F81002": support} {
		in := w.input()
		in.Own, in.Practice = []string{"south"}, code
		if headline := combined(in).GetCommittees()[0].GetHeadline(); stanceOf(headline) != want || len(headline.GetFormerAreas()) > 0 {
			t.Errorf("%s: %v", code, headline)
		}
	}
}

// Lists that were recorded before there were areas around them were missing from whatever was asked about an ICB, without a
// word.
func TestAListThatLiesNowhereIsSaidToBeLeftOut(t *testing.T) {
	w := newWorld()
	w.area("icb:QJG", -1, -1)
	w.area("sub-icb:07K", -1, -1, "icb:QJG")
	w.area("icb:QH8", -1, -1)
	list := w.area("lmc:suffolk", -1, -1)
	w.committee("suffolk", "Suffolk LMC", lmc, "suffolk", "lmc:suffolk")
	w.lists("2021-10-28", 100, gp("F81001", lying("sub-icb:07K", "", ""), lying("lmc:suffolk", "", "")))
	words := func(area string) string {
		in := w.input()
		in.Area = areaID(area)
		return nationalPicture(in, byCommittee, "").GetWords()
	}
	if got := words("icb:QJG"); !strings.Contains(got, "Suffolk LMC lie there and are left out") || !strings.Contains(got, "lmcnode areas import") {
		t.Errorf("%q", got)
	}
	if got := words("icb:QH8"); got != "" {
		t.Errorf("where nobody is: %q", got)
	}
	list.Within = []*v1.AreaId{areaID("sub-icb:07K")}
	if got := words("icb:QJG"); got != "" {
		t.Errorf("once it lies somewhere: %q", got)
	}
}

// What an LMC had said of an ICB that it did not cover itself is told, once it merged, to those of its practices that lay
// in both. One that lay in both by two lists, and in no area within both, was counted with those around it.
func TestAPracticeInBothOfTwoAreasByListsIsCountedByWhatItIsTold(t *testing.T) {
	w := newWorld()
	w.area("region:x", -1, -1)
	w.area("icb:A", -1, -1, "region:x")
	w.area("icb:B", -1, -1, "region:x")
	w.lists("2021-10-28", 100,
		gp("F81001", lying("icb:A", "", ""), lying("icb:B", "", "")),
		gp("F81002", lying("icb:A", "", "")), gp("F81003", lying("icb:B", "", "")))
	w.committee("north", "North LMC", lmc, "north", "icb:A")
	w.committee("downs", "Downs LMC", lmc, "downs", "region:x")
	w.says("north", "north", "2021-10-20", refuse, in("icb:B"))
	north, downs := w.in.Committees[len(w.in.Committees)-2], w.in.Committees[len(w.in.Committees)-1]
	north.ValidUntil, downs.ValidFrom, downs.Predecessors = "2021-10-24", "2021-10-25", []string{"north"}
	w.in.Committees = slices.Delete(w.in.Committees, len(w.in.Committees)-2, len(w.in.Committees)-1)
	wantColumns(t, w, byPractice, "1 refuse: downs", "2 no line: said to others only: downs")
}
