package picture

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const (
	byCommittee = answersv1.Unit_UNIT_COMMITTEES
	byOffice    = answersv1.Unit_UNIT_OFFICES
	byPractice  = answersv1.Unit_UNIT_PRACTICES
	byPatient   = answersv1.Unit_UNIT_PATIENTS
)

var units = []answersv1.Unit{byCommittee, byOffice, byPractice, byPatient}

// pictureText is a national picture for people.
func pictureText(p *answersv1.NationalPicture) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s by %s, as of %s\n", p.GetMatter().GetTitle(), UnitWords(p.GetUnit(), 2), p.GetAsOf())
	for _, t := range p.GetTables() {
		fmt.Fprintf(&b, "%s (proposed by %s, for %s)\n", t.GetTitle(), t.GetProposer().GetName(), short(t.GetAudience(), "AUDIENCE_"))
		fmt.Fprintf(&b, "  national line: %s\n", phrase(t.GetNational()))
		for _, c := range t.GetColumns() {
			fmt.Fprintf(&b, "  %9d %s: %s\n", c.GetCount(), c.GetWords(), strings.Join(c.GetMembers(), " "))
		}
		fmt.Fprintf(&b, "  %s\n", t.GetDenominatorWords())
		for _, r := range t.GetRelations() {
			fmt.Fprintf(&b, "  %9d %s: %s\n", r.GetCount(), strings.ToLower(short(r.GetRelation(), "RELATION_")), strings.Join(r.GetCommittees(), " "))
		}
		for _, line := range t.GetOtherBodies() {
			fmt.Fprintf(&b, "  other guidance: %s: %s\n", line.GetCommitteeName(), phrase(line))
		}
	}
	return b.String()
}

// columns are the columns of the whole-matter table: "3 refuse: a b".
func columns(in Input, unit answersv1.Unit) []string {
	var all []string
	for _, c := range nationalPicture(in, unit, "").GetTables()[0].GetColumns() {
		all = append(all, fmt.Sprintf("%d %s: %s", c.GetCount(), c.GetWords(), strings.Join(c.GetMembers(), " ")))
	}
	return all
}

func wantColumns(t *testing.T, w *world, unit answersv1.Unit, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, columns(w.input(), unit)); diff != "" {
		t.Errorf("by %s (-want +got):\n%s", UnitWords(unit, 2), diff)
	}
}

func wantDenominator(t *testing.T, w *world, unit answersv1.Unit, want string, without ...string) {
	t.Helper()
	table := nationalPicture(w.input(), unit, "").GetTables()[0]
	if table.GetDenominatorWords() != want {
		t.Errorf("by %s: %q\nwant %q", UnitWords(unit, 2), table.GetDenominatorWords(), want)
	}
	if diff := cmp.Diff(without, table.GetWithoutData()); diff != "" {
		t.Errorf("without data (-want +got):\n%s", diff)
	}
}

func TestNationalPictureOfOctober2021(t *testing.T) {
	var b strings.Builder
	for _, unit := range units {
		b.WriteString(pictureText(nationalPicture(october().input(), unit, "england")) + "\n")
	}
	for _, day := range []string{"2021-10-18", "2021-10-20", "2021-11-01"} {
		in := october().input()
		in.AsOf = day
		b.WriteString(pictureText(nationalPicture(in, 0, "")) + "\n")
	}
	golden(t, "national.txt", b.String())
}

func TestNationalPictureOfOneMeasureHasOneTable(t *testing.T) {
	in := october().input()
	in.Measure = "engage"
	tables := nationalPicture(in, 0, "").GetTables()
	if len(tables) != 1 || tables[0].GetMeasure() != "engage" || tables[0].GetTitle() != "Take part in meetings" {
		t.Errorf("%v", tables)
	}
}

func TestEveryMeasureIsCountedForWhomItIsAddressedToUnlessAsked(t *testing.T) {
	in := october().input()
	if got := nationalPicture(in, 0, "").GetTables()[3]; got.GetAudience() != v1.Audience_AUDIENCE_PCNS || got.GetProposer().GetId() != "gpc-england" {
		t.Errorf("%s, %s", got.GetAudience(), got.GetProposer())
	}
	in.Audience = v1.Audience_AUDIENCE_GP_PARTNERS
	if got := nationalPicture(in, 0, "").GetTables()[3].GetAudience(); got != v1.Audience_AUDIENCE_GP_PARTNERS {
		t.Errorf("%s", got)
	}
}

func TestOnlyLMCsAreCounted(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.committee("rcgp", "RCGP", other, "rcgp")
	w.committee("gwent", "Gwent LMC", lmc, "gwent")
	w.in.Committees[3].Nation = "wales"
	for _, id := range []string{"kent", "rcgp", "gwent", "gpc-england"} {
		w.says(id, id, "2021-10-20", refuse)
	}
	wantColumns(t, w, byCommittee, "1 refuse: kent")
	table := nationalPicture(w.input(), 0, "").GetTables()[0]
	if len(table.GetLines()) != 1 || len(table.GetOtherBodies()) != 1 || table.GetNational().GetCommittee() != "gpc-england" {
		t.Errorf("%v", table)
	}
	if wales := nationalPicture(w.input(), 0, "wales").GetTables()[0]; wales.GetNational() != nil || wales.GetLines()[0].GetCommittee() != "gwent" {
		t.Errorf("%v", wales)
	}
}

func TestWhatTakesNoStanceHasAColumnOfItsOwn(t *testing.T) {
	w := newWorld()
	for _, name := range []string{"Avon", "Berkshire", "Cornwall", "Devon", "Essex", "Fylde", "Gwent", "Hull", "Kent"} {
		w.committee(strings.ToLower(name), name+" LMC", lmc, strings.ToLower(name))
	}
	w.says("avon", "avon", "2021-10-20", refuse)
	w.says("berkshire", "berkshire", "2021-10-20", informs, relaying)
	w.says("cornwall", "cornwall", "2021-10-20", consulting)
	w.reports("gpc-england", "devon", "2021-10-20", refuse)
	w.withdraws("essex", w.says("essex", "essex", "2021-10-20", refuse), "2021-10-22")
	w.says("fylde", "fylde", "2021-10-20", refuse, until("2021-10-25"))
	w.says("gwent", "gwent", "2021-10-21", refuse, on("fund"), replacing(w.says("gwent", "gwent", "2021-10-20", refuse)))
	w.says("hull", "hull", "2021-10-20", informs)
	w.in.Committees[9].Unknown = 2
	wantColumns(t, w, byCommittee,
		"1 refuse: avon", "1 information only: hull", "1 only reported: refuse: devon", "1 only passes on another's line: berkshire", "1 asking its members: cornwall",
		"1 no line: withdrawn: essex", "1 no line: replaced: gwent", "1 no line: expired: fylde", "1 no line: not known here: kent")
	w.in.Committees[9].Unknown = 0
	if got := columns(w.input(), byCommittee); got[8] != "1 nothing published here: kent" {
		t.Errorf("%q", got)
	}
}

func TestAContestedCommitteeIsCountedForNobody(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.committee("one", "One", other, "one") // two offices with the right to report
	w.reports("gpc-england", "kent", "2021-10-20", refuse)
	w.reports("one", "kent", "2021-10-20", support)
	wantColumns(t, w, byCommittee, "1 offices differ (contested): kent")
}

func TestAnOfficeWhoseCommitteesDifferCountsOnceUnderSplit(t *testing.T) {
	w := newWorld()
	for _, id := range []string{"north", "south", "east", "west"} {
		w.committee(id, id, lmc, map[string]string{"north": "essex", "south": "essex", "east": "sussex", "west": "sussex"}[id])
	}
	w.committee("kent", "Kent LMC", lmc, "")
	w.says("essex", "north", "2021-10-20", refuse)
	w.says("sussex", "east west", "2021-10-20", against)
	wantColumns(t, w, byOffice, "1 advise against: sussex", "1 split: essex")
	wantColumns(t, w, byCommittee, "1 refuse: north", "2 advise against: east west", "2 nothing published here: kent south")
	wantDenominator(t, w, byOffice, "Out of 2 offices (this register as of 28 October 2021). No office speaks for: Kent LMC.", "kent")
	w.says("essex", "south", "2021-10-20", refuse)
	wantColumns(t, w, byOffice, "1 refuse: essex", "1 advise against: sussex")
}

func TestAnAreaOfTwoCommitteesIsCountedOnce(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 10, 1000)
	w.area("icb:B", 5, 500)
	w.committee("east", "East LMC", lmc, "sussex", "icb:A")
	w.committee("west", "West LMC", lmc, "sussex", "icb:A", "icb:B")
	w.says("sussex", "east west", "2021-10-20", refuse)
	wantColumns(t, w, byPractice, "15 refuse: east west")
	w.says("sussex", "west", "2021-10-21", caution)
	wantColumns(t, w, byPractice, "5 caution: west", "10 split: east west")
	wantColumns(t, w, byPatient, "500 caution: west", "1000 split: east west")
	wantDenominator(t, w, byPatient, "Out of 1,500 patients registered in these areas (not asked) (list sizes, October 2021).")
}

func TestAnAreaWithinAnotherIsTakenOutOfIt(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 10, 0)
	w.area("sub-icb:A1", 4, 0, "icb:A")
	w.committee("all", "All LMC", lmc, "all", "icb:A")
	w.committee("part", "Part LMC", lmc, "part", "sub-icb:A1")
	w.says("all", "all", "2021-10-20", refuse)
	wantColumns(t, w, byPractice, "6 refuse: all", "4 split: all part")
}

func TestTwoCodesForOneAreaAreCountedOnce(t *testing.T) {
	w := newWorld()
	w.area("ccg:06Q", 10, 0, "sub-icb:06Q")
	w.area("sub-icb:06Q", 10, 0, "ccg:06Q")
	w.committee("east", "East LMC", lmc, "east", "ccg:06Q")
	w.committee("west", "West LMC", lmc, "west", "sub-icb:06Q")
	w.says("east", "east", "2021-10-20", refuse)
	wantColumns(t, w, byPractice, "10 split: east west")
}

func TestAPracticeInTwoCommitteesThatDifferIsSplitOnce(t *testing.T) {
	w := newWorld()
	a, b := w.area("icb:A", 10, 1000, "region:x"), w.area("icb:B", 5, 500, "region:x")
	w.area("region:x", 14, 1400)
	a.PracticeCodes, b.PracticeCodes = []string{"F81001", "F81002"}, []string{" f81001", "F81003"}
	w.committee("east", "East LMC", lmc, "east", "icb:A")
	w.committee("west", "West LMC", lmc, "west", "icb:B")
	w.says("east", "east", "2021-10-20", refuse)
	w.says("west", "west", "2021-10-20", caution)
	wantColumns(t, w, byPractice, "9 refuse: east", "4 caution: west", "1 split: east west")
	wantColumns(t, w, byPatient, "1000 refuse: east", "500 caution: west")
	wantDenominator(t, w, byPatient, "Out of 1,500 patients registered in these areas (not asked) (list sizes, October 2021). "+
		"Patients of practices that lie in two of these areas are counted in both: 1 such.")
	w.committee("region", "Region LMC", lmc, "region", "region:x")
	w.says("region", "region", "2021-10-20", refuse)
	wantColumns(t, w, byPractice, "9 refuse: east region", "5 split: east region west")
}

// Areas whose patients are the sum of what a list has for each practice count one that it does not have as none.
func TestAPracticeWithoutPatientsInTwoListedAreasIsCountedInNeither(t *testing.T) {
	w := newWorld()
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &v1.Area{Id: areaID("icb:A"), Name: "A"}}})
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &v1.Area{Id: areaID("icb:B"), Name: "B"}}})
	var practices []*v1.Practice
	for code, areas := range map[string][]string{"F81001": {"icb:A"}, "F81002": {"icb:A", "icb:B"}, "F81003": {"icb:B"}} {
		p := &v1.Practice{Code: code, Name: code, Nation: "england", Kind: v1.PracticeKind_PRACTICE_KIND_GP_PRACTICE}
		for _, area := range areas {
			p.LiesIn = append(p.LiesIn, &v1.PracticeMembership{Area: areaID(area)})
		}
		practices = append(practices, p)
	}
	lists, err := register.PackPractices(&ledgerv1.PracticeList{Source: "nhs", Release: "practices", Day: "2021-10-01"}, practices)
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: list}})
	}
	patients, err := register.PackPatients(&ledgerv1.PatientList{Release: "patients", Day: "2021-10-28"}, map[string]uint32{"F81001": 1000, "F81003": 500})
	if err != nil {
		t.Fatal(err)
	}
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Patients{Patients: patients}})
	w.committee("east", "East LMC", lmc, "east", "icb:A", "icb:B")
	w.says("east", "east", "2021-10-20", refuse)
	wantColumns(t, w, byPatient, "1500 refuse: east")
	wantDenominator(t, w, byPatient, "Out of 1,500 patients registered in these areas (not asked) (patients). Of 1 practice in these areas no patients are listed: it counts as none.")
}

func TestAPositionNarrowerThanTheCommitteesAreaCountsOnlyItsArea(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 10, 1000)
	w.area("sub-icb:A1", 4, 300, "icb:A")
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:A")
	w.says("kent", "kent", "2021-10-20", refuse, in("sub-icb:A1"))
	wantColumns(t, w, byCommittee, "1 no line: said to others only: kent")
	wantColumns(t, w, byPractice, "4 refuse: kent", "6 no line: said to others only: kent")
	wantColumns(t, w, byPatient, "300 refuse: kent", "700 no line: said to others only: kent")
	w.says("kent", "kent", "2021-10-20", caution)
	wantColumns(t, w, byCommittee, "1 caution: kent")
	wantColumns(t, w, byPractice, "4 refuse: kent", "6 caution: kent")
}

// Found by TestPracticesAreCountedAsIfOneByOne: the part lay around one area of the
// committee's own and within another, and was counted as neither.
func TestAPositionForAnAreaBetweenTwoOfTheCommitteesOwnCountsItsArea(t *testing.T) {
	w := newWorld()
	w.area("region:x", 7, 0)
	w.area("icb:A", 1, 0, "region:x")
	w.area("sub-icb:A1", 0, 0, "icb:A", "region:x")
	w.committee("kent", "Kent LMC", lmc, "kent", "region:x", "sub-icb:A1")
	w.committee("part", "Part LMC", lmc, "part", "icb:A")
	w.says("kent", "kent", "2021-10-20", against, in("icb:A"))
	wantColumns(t, w, byPractice, "1 split: kent part", "6 no line: said to others only: kent")
}

// Found by TestPracticesAreCountedAsIfOneByOne, whose counter-check was wrong: it let
// what one committee says of a place that is not its own split another's practices.
func TestALetterAboutAPlaceBesideItsOwnChangesNobodyElsesCount(t *testing.T) {
	w := newWorld()
	w.area("region:x", 3, 0)
	w.area("icb:A", 1, 0, "region:x").PracticeCodes = []string{"F00001"}
	w.area("icb:B", 1, 0, "region:x").PracticeCodes = []string{"F00001"} // it lies in both
	w.area("sub-icb:A1", 0, 0, "icb:A", "region:x")
	w.committee("wide", "Wide LMC", lmc, "wide", "region:x")
	w.committee("small", "Small LMC", lmc, "small", "sub-icb:A1")
	w.says("wide", "wide", "2021-10-20", refuse, in("icb:A"))
	before := countsOf(nationalPicture(w.input(), byPractice, "").GetTables()[0])
	if before[counted{kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, stance: refuse}] != 1 {
		t.Fatalf("the practice in icb:A does not count as refusing: %v", before)
	}
	w.says("small", "small", "2021-10-20", refuse, in("icb:B"))
	after := countsOf(nationalPicture(w.input(), byPractice, "").GetTables()[0])
	if diff := cmp.Diff(before, after, cmp.AllowUnexported(counted{})); diff != "" {
		t.Errorf("small's letter about icb:B changed it (-before +after):\n%s", diff)
	}
}

func TestPartsThatLeaveNoRestCountTogetherOrUnderSplit(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 10, 0)
	w.area("icb:B", 5, 0)
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B")
	w.says("gpc-england", "gpc-england", "2021-10-20", refuse)
	w.says("kent", "kent", "2021-10-20", refuse, in("icb:A"))
	w.says("kent", "kent", "2021-10-20", caution, in("icb:B"))
	wantColumns(t, w, byCommittee, "1 split: kent")
	wantColumns(t, w, byPractice, "10 refuse: kent", "5 caution: kent")
	if r := nationalPicture(w.input(), 0, "").GetTables()[0].GetRelations(); len(r) != 1 || r[0].GetRelation() != answersv1.Relation_RELATION_NOT_COMPARABLE {
		t.Errorf("relations %v", r)
	}
	w.says("kent", "kent", "2021-10-21", refuse, in("icb:B"))
	wantColumns(t, w, byCommittee, "1 refuse: kent")
}

func TestACommitteeWithoutNumbersIsWithoutDataAndNeverZero(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 10, 1000)
	w.area("icb:B", -1, 500)
	w.area("icb:Z", 0, 0)
	w.committee("avon", "Avon LMC", lmc, "avon", "icb:A")
	w.committee("bath", "Bath LMC", lmc, "bath", "icb:A", "icb:B")
	w.committee("cornwall", "Cornwall LMC", lmc, "cornwall", "icb:UNRECORDED")
	w.committee("devon", "Devon LMC", lmc, "devon")
	w.committee("zero", "Zero LMC", lmc, "zero", "icb:Z")
	wantColumns(t, w, byPractice, "10 nothing published here: avon bath")
	wantDenominator(t, w, byPractice, "Out of 10 GP practices (list sizes, October 2021). "+
		"It is not known how many practices to count for: Bath LMC (part of its area), Cornwall LMC and Devon LMC.", "bath", "cornwall", "devon")
	wantDenominator(t, w, byPatient, "Out of 1,500 patients registered in these areas (not asked) (list sizes, October 2021). "+
		"It is not known how many patients to count for: Cornwall LMC and Devon LMC.", "cornwall", "devon")
}

func TestWithoutAnyNumbersTheTableSaysSo(t *testing.T) {
	w := newWorld()
	w.committee("devon", "Devon LMC", lmc, "devon")
	wantColumns(t, w, byPractice)
	wantDenominator(t, w, byPractice, "It is not known how many practices to count for: Devon LMC.", "devon")
	wantDenominator(t, newWorld(), byPractice, "There are no GP practices to count.")
}

func TestARestThatCannotBeKnownIsNotCounted(t *testing.T) {
	for name, c := range map[string]struct {
		part     string
		numbers  int64
		practice []string
	}{
		"a part without a number":             {"sub-icb:A1", -1, nil},
		"a part with more than the whole":     {"sub-icb:A1", 11, []string{"11 refuse: kent"}},
		"an area the register does not have":  {"pcn:U1", 10, []string{"10 no line: said to others only: kent"}},
		"a part that is the whole area twice": {"sub-icb:A1", 10, []string{"10 refuse: kent"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.area("icb:A", 10, 0)
			w.area("sub-icb:A1", c.numbers, 0, "icb:A")
			w.committee("kent", "Kent LMC", lmc, "kent", "icb:A")
			w.says("kent", "kent", "2021-10-20", refuse, in(c.part))
			wantColumns(t, w, byPractice, c.practice...)
			without := len(nationalPicture(w.input(), byPractice, "").GetTables()[0].GetWithoutData())
			if (without == 1) != (c.numbers != 10) {
				t.Errorf("%d committees without data", without)
			}
		})
	}
}

func TestAnAreaAskedAboutIsAllThatIsCounted(t *testing.T) {
	w := october()
	in := w.input()
	in.Area = areaID("sub-icb:06Q")
	if diff := cmp.Diff([]string{"40 refuse: north-essex south-essex"}, columns(in, byPractice)); diff != "" {
		t.Errorf("sub-icb:06Q (-want +got):\n%s", diff)
	}
	in.Area = areaID("region:east")
	if diff := cmp.Diff([]string{"150 refuse: north-essex south-essex", "86 advise against: cambridgeshire"}, columns(in, byPractice)); diff != "" {
		t.Errorf("region:east (-want +got):\n%s", diff)
	}
}

func TestReleasesAreThoseOfTheAreasCounted(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 10, 0).Release = ""
	w.area("icb:B", 5, 0)
	w.area("icb:C", -1, 0).Release = "never used"
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B", "icb:C")
	if diff := cmp.Diff([]string{"list sizes, October 2021", "release not stated"}, nationalPicture(w.input(), byPractice, "").GetTables()[0].GetReleases()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatWasNotCheckedOfAnAreaIsNamedToReadersOfItsFigures(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 10, 0).Note = "Inferred."
	w.area("icb:B", 5, 0)
	w.area("icb:C", -1, 0).Note = "Not counted."
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B", "icb:C")
	wantDenominator(t, w, byPractice, "Out of 15 GP practices (list sizes, October 2021). It is not known how many practices to count for: Kent LMC (part of its area). "+
		"The register notes what was not checked of icb:A.", "kent")
}

func TestRelationsCountCommitteesWhateverTheUnit(t *testing.T) {
	want := nationalPicture(october().input(), byCommittee, "").GetTables()[0].GetRelations()
	for _, unit := range units {
		got := nationalPicture(october().input(), unit, "").GetTables()[0].GetRelations()
		if len(got) != len(want) || !proto.Equal(got[0], want[0]) {
			t.Errorf("by %s: %v", UnitWords(unit, 2), got)
		}
	}
}

func TestWhoHasNotJoinedIsNotCountedAsSilent(t *testing.T) {
	w := october()
	for i := range w.in.Committees {
		w.in.Committees[i].NotJoined = w.in.Committees[i].GetId() == "kent" || w.in.Committees[i].GetId() == "lincolnshire"
	}
	w.area("icb:K", 7, 70)
	w.committee("devon", "Devon LMC", lmc, "devon", "icb:K")
	w.in.Committees[len(w.in.Committees)-1].NotJoined = true
	for unit, want := range map[answersv1.Unit]string{byCommittee: "devon kent", byOffice: "devon", byPractice: "devon"} {
		table := nationalPicture(w.input(), unit, "").Tables[0]
		got := ""
		for _, c := range table.Columns {
			if c.Kind == answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED {
				got = strings.Join(c.Members, " ")
			}
			if c.Reason == answersv1.NoLineReason_NO_LINE_REASON_SILENT {
				t.Errorf("by %s: silent: %v", UnitWords(unit, 2), c.Members)
			}
		}
		if got != want { // Lincolnshire relays: it has joined, whatever is not here
			t.Errorf("by %s: not joined: %q, want %q", UnitWords(unit, 2), got, want)
		}
	}
}

// Its row in the file said "nothing published here", as those of the silent do, and where offices are counted it was
// listed with these.
func TestTheRowOfWhoHasNotJoinedDoesNotSayThatItIsSilent(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.committee("devon", "Devon LMC", lmc, "")
	w.in.Committees[len(w.in.Committees)-1].NotJoined = true
	for _, unit := range units {
		pic := nationalPicture(w.input(), unit, "")
		file, err := CSV(pic)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		cell := func(row []string, name string) string { return row[slices.Index(rows[0], name)] }
		said := map[string]string{}
		for _, row := range rows[1:] {
			if cell(row, "row") == "line" && cell(row, "measure") == "" {
				said[cell(row, "committees or offices")] = cell(row, "heading")
			}
		}
		if diff := cmp.Diff(map[string]string{"kent": "nothing published here", "devon": "not joined yet"}, said); diff != "" {
			t.Errorf("by %s (-want +got):\n%s", UnitWords(unit, 2), diff)
		}
		for _, one := range Silent(pic).GetLines() {
			if one.GetNotJoined() != (one.GetCommittee() == "devon") {
				t.Errorf("by %s: %v", UnitWords(unit, 2), one)
			}
		}
	}
}

func TestFiguresAreMarkedWithConditionsAndForNow(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.committee("devon", "Devon LMC", lmc, "devon")
	w.committee("dorset", "Dorset LMC", lmc, "devon")
	w.says("gpc-england", "gpc-england", "2021-10-20", refuse)
	w.says("kent", "kent", "2021-10-20", refuse, func(a *v1.Advisory) {
		a.Positions[0].Provisional = true
		a.Positions[0].Conditions = []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: "talks succeed"}}
	})
	w.says("devon", "devon dorset", "2021-10-20", refuse, func(a *v1.Advisory) {
		a.Positions[0].Conditions = []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_UNLESS, Text: "it is paid for"}}
	})
	w.says("devon", "dorset", "2021-10-21", refuse)
	for unit, want := range map[answersv1.Unit]string{byCommittee: "[devon kent] [kent]", byOffice: "[devon kent] [kent]"} {
		table := nationalPicture(w.input(), unit, "").Tables[0]
		if got := fmt.Sprint(table.Columns[0].OnConditions, table.Columns[0].Provisional); got != want {
			t.Errorf("by %s: %s, want %s", UnitWords(unit, 2), got, want)
		}
		var relations []string
		for _, r := range table.Relations {
			relations = append(relations, fmt.Sprint(r.Relation, r.Committees))
		}
		if got, want := strings.Join(relations, " "), "RELATION_ALIGNED [dorset] RELATION_ALIGNED_ON_CONDITIONS [devon kent]"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestSharesAreNeverRoundedToNothingOrAll(t *testing.T) {
	for _, c := range []struct {
		n, of int64
		want  string
	}{{0, 0, ""}, {0, 10, "0%"}, {7, 10, "70%"}, {1, 3, "33%"}, {2, 3, "67%"}, {1, 1000, "under 1%"}, {999, 1000, "over 99%"}, {10, 10, "100%"}, {62_000_000, 63_000_000, "98%"}} {
		if got := Share(c.n, c.of); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.n, c.of, got, c.want)
		}
	}
}

func TestTheWholeMatterCanBeAskedForAlone(t *testing.T) {
	in := october().input()
	in.Whole = true
	if pic := nationalPicture(in, 0, ""); len(pic.Tables) != 1 || pic.Tables[0].Measure != "" {
		t.Errorf("%d tables", len(pic.Tables))
	}
	for _, line := range linesNow(in) {
		if line.Measure != "" {
			t.Errorf("a line on %s", line.Measure)
		}
	}
	in.Own = []string{"east-sussex"}
	view, err := Combined(t.Context(), in)
	if err != nil || len(view.Committees[0].Measures) > 0 || view.Committees[0].OwnMeasureLines > 0 {
		t.Errorf("%v %v", view.Committees[0], err)
	}
}

// Figures of a group looked like those of everybody, and a committee of which the register has no
// areas was left out of a share of 100%.
func TestFiguresSayForWhomTheyAre(t *testing.T) {
	w := kent()
	w.committee("nowhere", "Nowhere LMC", lmc, "nowhere")
	w.says("kent", "kent", "2021-10-20", refuse)
	w.says("kent", "kent", "2021-10-20", support, forGroup)
	in := w.input()
	in.Scope = "started"
	pic := nationalPicture(in, byCommittee, "")
	if pic.GetScope().GetId() != "started" || pic.GetScope().GetWords() == "" {
		t.Errorf("the picture is for %v", pic.GetScope())
	}
	cells, err := CSV(pic)
	if err != nil || !strings.Contains(string(cells), "practices, for "+pic.GetScope().GetWords()) {
		t.Errorf("%s, %v", cells, err)
	}
	in.Scope, in.Area = "", &v1.AreaId{Scheme: "icb", Code: "QKS"}
	pic = nationalPicture(in, byCommittee, "")
	if want := "The register names no areas for Nowhere LMC: whether they cover it is not known."; pic.GetWords() != want {
		t.Errorf("of an area: %q", pic.GetWords())
	}
}

// A part's refusal on conditions, for now, was counted among the firm ones, and so was what the
// practices of an area that was merged are told.
func TestAFigureOfPracticesIsMarkedByTheLinesItCounts(t *testing.T) {
	onTerms := func(a *v1.Advisory) {
		a.Positions[0].Provisional, a.Positions[0].Conditions = true, []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: "talks"}}
	}
	part := kent()
	part.says("kent", "kent", "2021-10-20", support)
	part.says("kent", "kent", "2021-10-21", refuse, in("icb:A"), onTerms)
	former := merged(false)
	onTerms(former.in.Entries[1].Advisory)
	for name, w := range map[string]*world{"a part": part, "a merged area": former} {
		for _, c := range nationalPicture(w.input(), byPractice, "").GetTables()[0].GetColumns() {
			var want []string
			if c.GetStance() == refuse {
				want = []string{"kent"}
			}
			if !slices.Equal(c.GetOnConditions(), want) || !slices.Equal(c.GetProvisional(), want) {
				t.Errorf("%s, %s: on conditions %q, for now %q", name, c.GetWords(), c.GetOnConditions(), c.GetProvisional())
			}
		}
	}
}

// What was only reported of an LMC was compared with the national line as if it had said so.
func TestARelationSaysOfWhomItIsOnlyReported(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.committee("devon", "Devon LMC", lmc, "devon")
	w.says("gpc-england", "gpc-england", "2021-10-20", refuse)
	w.says("kent", "kent", "2021-10-20", support)
	w.reports("gpc-england", "devon", "2021-10-21", support)
	pic := nationalPicture(w.input(), byCommittee, "")
	relation := pic.GetTables()[0].GetRelations()[0]
	if !slices.Equal(relation.GetCommittees(), []string{"devon", "kent"}) || !slices.Equal(relation.GetReported(), []string{"devon"}) {
		t.Errorf("got %v", relation)
	}
	for _, row := range rowsOf(t, pic) {
		if reported := row[slices.Index(csvHeader, "of them only reported")]; row[5] == "relation" && row[1] == "" && reported != "devon" {
			t.Errorf("%q: reported %q", row[6], reported)
		}
	}
}

// A report of a line on the whole matter was told on a measure as one on the measure itself.
func TestAReportOnTheWholeMatterIsToldApartFromOneOnTheMeasure(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.committee("devon", "Devon LMC", lmc, "devon")
	w.reports("gpc-england", "kent", "2021-10-20", refuse)
	w.reports("gpc-england", "devon", "2021-10-20", refuse)
	w.in.Entries[len(w.in.Entries)-1].Report.Position.Measure = "engage"
	pic := nationalPicture(w.input(), byCommittee, "")
	told := map[string]string{}
	for _, row := range rowsOf(t, pic) {
		if row[1] == "engage" && row[5] == "line" {
			told[row[slices.Index(csvHeader, "name")]] = row[6]
		}
	}
	if words := told["Kent LMC"]; words != "only reported by The paper: refuse, by the line on the whole matter (gpc-england/0)" {
		t.Errorf("the line of Kent: %q of %v", words, told)
	}
	if words := told["Devon LMC"]; words != "only reported by The paper: refuse (gpc-england/1)" {
		t.Errorf("the line of Devon: %q of %v", words, told)
	}
}

// A committee whose line for a group and whose line in general had both lapsed was counted as one that differs by group.
func TestWhereEveryGroupsLineLapsedTheCommitteeHasNoLine(t *testing.T) {
	lapses := func(a *v1.Advisory) {
		a.Positions[0].ContractEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-10-25"}}
	}
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.committee("avon", "Avon LMC", lmc, "avon")
	w.committee("devon", "Devon LMC", lmc, "devon")
	w.says("kent", "kent", "2021-10-20", support, on("fund"), lapses)
	w.says("kent", "kent", "2021-10-21", support, on("fund"), forGroup, lapses)
	w.says("avon", "avon", "2021-10-20", support, on("fund"), lapses)
	w.says("avon", "avon", "2021-10-21", refuse, on("fund"), forGroup)
	w.says("devon", "devon", "2021-10-21", support, on("fund"), forGroup, lapses)
	in := w.input()
	in.Measure = "fund"
	table := nationalPicture(in, byCommittee, "").GetTables()[0]
	var got []string
	for _, c := range table.GetColumns() {
		got = append(got, c.GetWords()+": "+strings.Join(c.GetMembers(), " "))
	}
	want := []string{"differs by group, no line in general: avon", "no line: said to others only: devon", "no line: lapsed: it would be a breach: kent"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, row := range rowsOf(t, nationalPicture(in, byCommittee, "")) {
		if row[5] == "count" && strings.Contains(strings.Join(row, " "), "said to others only") && row[18] != "devon/0" {
			t.Errorf("it rests on %q", row[18])
		}
	}
}

// The picture had no vote of an LMC that had merged, whose line rests on it and is counted.
func TestAVoteOfAPredecessorStandsBesideTheLineThatRestsOnIt(t *testing.T) {
	w := mergedLists(false)
	w.says("east", "east", "2021-10-20", refuse, func(a *v1.Advisory) {
		count := func(n int32) *v1.Figure { return &v1.Figure{Published: &v1.Figure_Count{Count: n}} }
		a.Votes = []*v1.Vote{{Id: "v", Kind: v1.VoteKind_VOTE_KIND_COMMITTEE, Question: "Shall we?", Voters: "its members", VotesFor: count(12), VotesAgainst: count(3)}}
		a.Positions[0].Votes = []string{"v"}
	})
	if votes := VotesOf(nationalPicture(w.input(), byCommittee, "").GetTables()[0], "union"); len(votes) != 1 || !strings.Contains(votes[0], "east/0") || !strings.HasPrefix(votes[0], "by East LMC before it was merged, ") {
		t.Errorf("beside the line of Union: %q", votes)
	}
}

// Beside a line stand the votes of its own LMC: what a letter passes on of another's is no vote of whoever passes it on,
// nor, as it is reported, of whom it is passed on.
func TestBesideALineStandNoVotesOfOthers(t *testing.T) {
	w := newWorld()
	for _, name := range []string{"kent", "avon"} {
		w.area("icb:"+name, 5, 500)
		w.committee(name, name+" LMC", lmc, name, "icb:"+name)
	}
	held := func(passedOn string) func(*v1.Advisory) {
		count := func(n int32) *v1.Figure { return &v1.Figure{Published: &v1.Figure_Count{Count: n}} }
		return func(a *v1.Advisory) {
			a.Votes = []*v1.Vote{{Id: "v", Kind: v1.VoteKind_VOTE_KIND_COMMITTEE, Question: "Shall we?", Voters: "its members", VotesFor: count(12), VotesAgainst: count(3)}}
			a.Positions[0].Votes = []string{"v"}
			if passedOn != "" {
				a.Positions[0].Provenance, a.Positions[0].Stance, a.Positions[0].RelayOf = v1.Provenance_PROVENANCE_RELAY, v1.Stance_STANCE_INFORMATION_ONLY, &v1.RelaySource{Committee: passedOn}
			}
		}
	}
	w.says("kent", "kent", "2021-10-20", refuse, held(""))
	w.says("avon", "avon", "2021-10-21", refuse, held("kent"))
	table := nationalPicture(w.input(), byCommittee, "").GetTables()[0]
	for of, want := range map[string]string{"kent": "kent/0", "avon": ""} {
		votes := VotesOf(table, of)
		if len(votes) != min(len(want), 1) || want != "" && !strings.Contains(votes[0], want) {
			t.Errorf("beside the line of %s: %q", of, votes)
		}
	}
}

// Two LMCs that both say what the national committee does, one of them for now, could not be compared once they had merged.
func TestPartsThatAllSayWhatTheNationalLineDoesAreTheSameOnConditions(t *testing.T) {
	for name, c := range map[string]struct {
		other v1.Stance
		want  answersv1.Relation
	}{
		"the same":  {refuse, answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS},
		"otherwise": {support, answersv1.Relation_RELATION_NOT_COMPARABLE},
	} {
		w := newWorld()
		w.area("icb:D", 10, 1000)
		w.area("icb:G", 10, 1000)
		w.committee("don-goole", "Don and Goole LMC", lmc, "moor", "icb:D", "icb:G")
		w.says("gpc-england", "gpc-england", "2021-10-20", refuse)
		w.says("moor", "don-goole", "2021-10-22", refuse, in("icb:D"))
		w.says("moor", "don-goole", "2021-10-22", c.other, in("icb:G"), func(a *v1.Advisory) { a.Positions[0].Provisional = true })
		got := nationalPicture(w.input(), byCommittee, "").GetTables()[0].GetRelations()
		if len(got) != 1 || got[0].GetRelation() != c.want || got[0].GetCount() != 1 {
			t.Errorf("%s: %v", name, got)
		}
	}
}
