package register

import (
	"bytes"
	"compress/flate"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const gpPractice = guidancev1.PracticeKind_PRACTICE_KIND_GP_PRACTICE

// practice is a GP practice that lies in areas: "sub-icb:06Q", or with days
// "sub-icb:06Q 2021-10-01..2021-10-05".
func practice(code string, liesIn ...string) *guidancev1.Practice {
	p := &guidancev1.Practice{Code: code, Name: "Practice " + code, Nation: "england", Kind: gpPractice}
	for _, words := range liesIn {
		area, days, _ := strings.Cut(words, " ")
		from, until, _ := strings.Cut(days, "..")
		p.LiesIn = append(p.LiesIn, &guidancev1.PracticeMembership{Area: areaID(area), ValidFrom: from, ValidUntil: until})
	}
	return p
}

// parts are the records of a release, one for each list of practices given.
func parts(source, day string, some ...[]*guidancev1.Practice) []*ledgerv1.RegisterRecord {
	var all []*ledgerv1.RegisterRecord
	for i, practices := range some {
		list, err := PackPractices(&ledgerv1.PracticeList{Source: source, Release: "practices of " + day, Day: day}, practices)
		if err != nil || len(list) != 1 {
			panic(fmt.Sprint(err, len(list)))
		}
		list[0].Part, list[0].Parts = uint32(i+1), uint32(len(some))
		all = append(all, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: list[0]}})
	}
	return all
}

func listOf(day string, practices ...*guidancev1.Practice) *ledgerv1.RegisterRecord {
	return parts("nhs", day, practices)[0]
}

func patientsOf(day string, of map[string]uint32) *ledgerv1.RegisterRecord {
	l, err := PackPatients(&ledgerv1.PatientList{Release: "patients registered, " + day, Day: day}, of)
	if err != nil {
		panic(err)
	}
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Patients{Patients: l}}
}

func TestAPracticeThatMovesIsInEachAreaOnItsDays(t *testing.T) {
	r := fold(putArea("sub-icb:06Q", "icb:QH8"), putArea("sub-icb:07H", "icb:QH8"), putArea("icb:QH8"), putCommittee("north-essex", covers("sub-icb:06Q", "", "")), putCommittee("west-essex", covers("sub-icb:07H", "", "")),
		listOf("2021-10-31", practice("F81001", "sub-icb:06Q ..2021-10-04", "sub-icb:07H 2021-10-05"), practice("F81002", "sub-icb:06Q")))
	wantProblems(t, r)
	for day, want := range map[string]string{"2021-10-04": "sub-icb:06Q north-essex", "2021-10-05": "sub-icb:07H west-essex", "": "sub-icb:07H west-essex"} {
		if got := strings.Join(append(idNames(r.PracticeIn("f81001 ", day)), committeeIDs(r.CommitteesOfPractice("F81001", day))...), " "); got != want {
			t.Errorf("on %q: %s, want %s", day, got, want)
		}
	}
	if diff := cmp.Diff([]string{"sub-icb:06Q", "sub-icb:07H"}, areaNames(r.AreasListing("F81001"))); diff != "" {
		t.Errorf("ever (-want +got):\n%s", diff)
	}
	for where, want := range map[string]string{
		"sub-icb:06Q 2021-10-04": "F81001 F81002", "sub-icb:06Q 2021-10-05": "F81002", "sub-icb:07H 2021-10-04": "no data", "sub-icb:07H 2021-10-05": "F81001",
		"icb:QH8 2021-10-05": "F81001 F81002", "icb:QH8 2021-10-04": "no data", // what lies in one of its parts is not in any list yet
	} {
		area, day, _ := strings.Cut(where, " ")
		a := r.Area(areaID(area), day)
		got := strings.Join(a.GetPracticeCodes(), " ")
		if a.Practices == nil {
			got = "no data"
		} else if int(a.GetPractices()) != len(a.PracticeCodes) {
			t.Errorf("%s: %d practices, %d codes", where, a.GetPractices(), len(a.PracticeCodes))
		}
		if got != want {
			t.Errorf("%s: %s, want %s", where, got, want)
		}
	}
}

func TestWhatIsClosedOrNoGPPracticeIsCountedNowhere(t *testing.T) {
	closed, hospice := practice("F81001", "sub-icb:06Q"), practice("F81002", "sub-icb:06Q")
	closed.ValidFrom, closed.ValidUntil = "2020-01-01", "2021-10-04"
	hospice.Kind, hospice.OtherKind = guidancev1.PracticeKind_PRACTICE_KIND_OTHER, "hospice"
	r := fold(putArea("sub-icb:06Q"), putCommittee("north-essex", covers("sub-icb:06Q", "", "")), listOf("2021-10-31", closed, hospice, practice("F81003", "sub-icb:06Q")))
	for day, want := range map[string]string{"2021-10-04": "F81001 F81003", "2021-10-05": "F81003", "2019-12-31": "F81003"} {
		if got := strings.Join(r.Area(areaID("sub-icb:06Q"), day).GetPracticeCodes(), " "); got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
	if len(r.PracticeIn("F81001", "2021-10-05"))+len(r.PracticeIn("F81002", "2021-10-05"))+len(r.AreasListing("F81002")) > 0 {
		t.Error("a closed practice, or a hospice, lies in an area")
	}
	if last, until := r.LastCommitteesOfPractice("F81001", "2021-11-01"); len(last) != 1 || until != "2021-10-04" {
		t.Errorf("of whom it was: %v until %s", last, until)
	}
}

// An area that no list tells of is what its record says, and one whose record has numbers stays so while
// lists tell only of what is in it.
func TestAreasThatNoListTellsOfAreAsRecorded(t *testing.T) {
	numbered := areaRecord(&guidancev1.Area{Id: areaID("icb:QWE"), Name: "South West London", Practices: proto.Int32(170), Release: "list sizes, 1 May 2022", PracticeCodes: []string{"H81009"}})
	r := fold(numbered, putArea("sub-icb:36L", "icb:QWE"), putArea("lmc:croydon", "sub-icb:36L"), putArea("region:london", "nation:e"),
		listOf("2021-10-31", practice("H81001", "lmc:croydon")))
	if a := r.Area(areaID("icb:QWE"), ""); a.GetPractices() != 170 || a.GetRelease() != "list sizes, 1 May 2022" || len(r.PracticeIn("H81009", "")) != 1 {
		t.Errorf("an area with numbers of its own: %v", a)
	}
	if a := r.Area(areaID("sub-icb:36L"), ""); a.Practices != nil || len(a.PracticeCodes) > 0 {
		t.Errorf("what one LMC lists is taken for all there is: %v", a)
	}
	if a := r.Area(areaID("lmc:croydon"), ""); a.GetPractices() != 1 {
		t.Errorf("the area of a list: %v", a)
	}
}

func TestPatientsComeFromTheNearestList(t *testing.T) {
	r := fold(putArea("sub-icb:06Q"), listOf("2021-10-31", practice("F81001", "sub-icb:06Q"), practice("F81002", "sub-icb:06Q")),
		patientsOf("2021-10-01", map[string]uint32{"F81001": 1000, "F81002": 2000}), patientsOf("2021-11-01", map[string]uint32{"F81001": 1100}))
	wantProblems(t, r)
	for day, want := range map[string]string{
		"2021-10-01": "3000 patients registered, 2021-10-01|practices of 2021-10-31 (30 days after)|0",
		"2021-10-16": "3000 patients registered, 2021-10-01 (15 days before)|practices of 2021-10-31 (15 days after)|0",
		"2021-10-17": "1100 patients registered, 2021-11-01 (15 days after)|practices of 2021-10-31 (14 days after)|1",
		"2021-11-02": "1100 patients registered, 2021-11-01 (the day before)|practices of 2021-10-31 (2 days before)|1",
		"":           "1100 patients registered, 2021-11-01|practices of 2021-10-31|1",
	} {
		a := r.Area(areaID("sub-icb:06Q"), day)
		if got := fmt.Sprintf("%d %s|%s|%d", a.GetPatients(), a.GetPatientsRelease(), a.GetRelease(), r.LacksPatients(areaID("sub-icb:06Q"), day)); got != want {
			t.Errorf("on %q:\n%s, want\n%s", day, got, want)
		}
	}
}

// The patients of a practice that had merged into another since the nearest list were counted nowhere, and those that a
// newer list had under the old code beside the new one were not either: each is registered under one code alone.
func TestPatientsOfAMergedPracticeAreCountedWhereTheyAreRegisteredNow(t *testing.T) {
	mergedOn := func(code, last string, liesIn ...string) *guidancev1.Practice {
		p := practice(code, liesIn...)
		p.ValidUntil = last
		return p
	}
	tookOver := func(p *guidancev1.Practice, from ...string) *guidancev1.Practice {
		p.TookOverFrom = from
		return p
	}
	r := fold(putArea("sub-icb:06Q"), putArea("sub-icb:06T"), putArea("sub-icb:07H"), listOf("2021-12-31",
		tookOver(practice("F81001", "sub-icb:06Q"), "F81002", "F81003"),
		mergedOn("F81002", "2021-10-05", "sub-icb:06T"),
		tookOver(mergedOn("F81003", "2021-10-08", "sub-icb:06Q"), "F81004"),
		mergedOn("F81004", "2021-09-20", "sub-icb:06T"), // before the first list was made, which has it still
		practice("F81005", "sub-icb:06T"),
		tookOver(practice("F81006", "sub-icb:07H"), "F81007"), // a new code, which no list has yet
		mergedOn("F81007", "2021-10-05", "sub-icb:07H"),
		tookOver(practice("F81008", "sub-icb:06Q"), "F81009"), tookOver(practice("F81010", "sub-icb:06T"), "F81009"),
		mergedOn("F81009", "2021-10-05", "sub-icb:06T"), // which of the two has how many of its patients, nobody knows
	),
		patientsOf("2021-10-01", map[string]uint32{"F81001": 1000, "F81002": 200, "F81003": 30, "F81004": 4, "F81005": 5000, "F81007": 70, "F81008": 8, "F81009": 900, "F81010": 1}),
		patientsOf("2021-11-01", map[string]uint32{"F81001": 1234, "F81002": 2, "F81005": 5001, "F81007": 71, "F81008": 8, "F81010": 901}))
	wantProblems(t, r)
	for of, want := range map[string]string{
		"sub-icb:06Q 2021-10-05": "1042 of 3, 0 not known",
		"sub-icb:06Q 2021-10-06": "1242 of 3, 0 not known",
		"sub-icb:06Q 2021-10-09": "1242 of 2, 0 not known",
		"sub-icb:06Q 2021-10-20": "1244 of 2, 0 not known",
		"sub-icb:06T 2021-10-06": "5001 of 2, 0 not known",
		"sub-icb:07H 2021-10-05": "70 of 2, 1 not known",
		"sub-icb:07H 2021-10-06": "70 of 1, 0 not known",
		"sub-icb:07H 2021-10-20": "71 of 1, 0 not known",
	} {
		area, day, _ := strings.Cut(of, " ")
		a := r.Area(areaID(area), day)
		if got := fmt.Sprintf("%d of %d, %d not known", a.GetPatients(), a.GetPractices(), r.LacksPatients(areaID(area), day)); got != want {
			t.Errorf("%s: %s, want %s", of, got, want)
		}
	}
	if n, known := r.PatientsOf("F81001", "2021-10-09"); n != 1234 || !known {
		t.Errorf("of the one practice: %d, %v", n, known)
	}
}

// Practices that releases had merged into one another were all closed, and nothing was said of it.
func TestACircleOfMergedPracticesIsAProblem(t *testing.T) {
	merged := func(code, last string, from ...string) *guidancev1.Practice {
		p := practice(code, "sub-icb:06Q")
		p.ValidUntil, p.TookOverFrom = last, from
		return p
	}
	wantProblems(t, fold(putArea("sub-icb:06Q"), listOf("2021-10-31", merged("F81001", "2021-10-05", "F81002"), merged("F81002", "2021-10-05", "F81001"))),
		"gpc-england/1: practice F81002: was merged from itself, through F81001")
	wantProblems(t, fold(putArea("sub-icb:06Q"),
		listOf("2021-10-31", merged("F81001", "", "F81002"), merged("F81002", "2021-10-05", "F81003"), merged("F81003", "2021-10-05")),
		listOf("2021-11-30", merged("F81003", "2021-10-05", "F81001"), merged("F81001", "2021-10-05", "F81002"))),
		"gpc-england/2: practice F81003: was merged from itself, through F81001")
}

func TestAReleaseCountsWhenItsLastPartIsHereAndNotBefore(t *testing.T) {
	areas := []*ledgerv1.RegisterRecord{putArea("sub-icb:06Q")}
	three := parts("nhs", "2021-10-31", []*guidancev1.Practice{practice("F81001", "sub-icb:06Q")}, []*guidancev1.Practice{practice("F81002", "sub-icb:06Q")}, []*guidancev1.Practice{practice("F81003", "sub-icb:06Q")})
	for n := range three {
		r := fold(slices.Concat(areas, three[:n+1])...)
		if want := map[bool]int{true: 3}[n == 2]; len(r.PracticeCodes()) != want {
			t.Errorf("with %d of 3 parts: %v", n+1, r.PracticeCodes())
		}
		if n < 2 {
			wantProblems(t, r, fmt.Sprintf("gpc-england/%d: practices of \"practices of 2021-10-31\": %d of its 3 parts are here", n+1, n+1))
		} else {
			wantProblems(t, r)
		}
	}
	wantProblems(t, fold(areas[0], three[0], three[2]), "part 3 of 3 does not follow the part before it", "1 of its 3 parts are here")
	wantProblems(t, fold(areas[0], three[1], three[2]), "part 2 of 3 does not follow", "part 3 of 3 does not follow")
	r := fold(areas[0], three[0], three[0], three[1], three[2]) // sent anew from the first on
	wantProblems(t, r, "1 of its 3 parts are here")
	if len(r.PracticeCodes()) != 3 {
		t.Errorf("sent anew: %v", r.PracticeCodes())
	}
}

// Whoever mistypes a practice's code is asked whether they meant one that differs in one character, in two that changed
// places, or by one that is missing or too many; and none that is further away.
func TestAMistypedCodeIsNearTheOneThatWasMeant(t *testing.T) {
	r := fold(putArea("sub-icb:06Q"), listOf("2021-10-31", practice("F81001", "sub-icb:06Q"), practice("F81010", "sub-icb:06Q"), practice("Y02345", "sub-icb:06Q")))
	for typed, want := range map[string]string{
		"F81002": "F81001", "F81000": "F81001 F81010", "f81001": "F81010", "F8101": "F81001 F81010", "F810011": "F81001", "Y03245": "Y02345", "Y05342": "", "Y54320": "", "F18001": "F81001", "F10081": "",
	} {
		if got := strings.Join(r.NearPractices(typed, 5), " "); got != want {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
	if got := r.NearPractices("F81000", 1); len(got) != 1 {
		t.Errorf("one at most: %v", got)
	}
}

// Last year's release was taken after this year's.
func TestAnOlderReleaseIsNotTakenAfterANewerOne(t *testing.T) {
	area := putArea("sub-icb:06Q")
	now, before := practice("F81001", "sub-icb:06Q"), practice("F81001", "sub-icb:06Q")
	now.Name, before.Name = "Now", "Before"
	r := fold(area, listOf("2021-10-31", now), listOf("2020-10-31", before), parts("lmc", "2020-10-01", []*guidancev1.Practice{practice("F81002", "sub-icb:06Q")})[0])
	wantProblems(t, r, `is of 2020-10-31, and "practices of 2021-10-31" of 2021-10-31 is recorded already`)
	if r.Practice("F81001").GetName() != "Now" || r.Practice("F81002") == nil {
		t.Error("the older release was taken, or another source's was not")
	}
	again := practice("F81001", "sub-icb:06Q")
	again.Name = "Put right"
	if r := fold(area, listOf("2021-10-31", now), listOf("2021-10-31", again)); r.Practice("F81001").GetName() != "Put right" || len(r.Problems()) > 0 {
		t.Errorf("recorded anew: %v", r.Problems())
	}
	one := func(n uint32) map[string]uint32 { return map[string]uint32{"F81001": n} }
	r = fold(area, listOf("2021-10-31", now), patientsOf("2021-10-01", one(5)), patientsOf("2020-10-01", one(6)), patientsOf("2021-10-01", one(7)))
	wantProblems(t, r, `it is of 2020-10-01, and "patients registered, 2021-10-01" of 2021-10-01 is recorded already`)
	if got := r.Area(areaID("sub-icb:06Q"), "").GetPatients(); got != 7 {
		t.Errorf("%d patients", got)
	}
}

func TestAReleaseIsLeftOutWholeWhereOnePracticeIsWrong(t *testing.T) {
	wrong := func(change func(*guidancev1.Practice)) *guidancev1.Practice {
		p := practice("F81002", "sub-icb:06Q")
		change(p)
		return p
	}
	for want, p := range map[string]*guidancev1.Practice{
		"is no practice's code":                   wrong(func(p *guidancev1.Practice) { p.Code = "F8100" }),
		"practice F81002: it has no name":         wrong(func(p *guidancev1.Practice) { p.Name = " " }),
		"invisible character":                     wrong(func(p *guidancev1.Practice) { p.Name = "a\u202eb" }),
		"its nation":                              wrong(func(p *guidancev1.Practice) { p.Nation = "England" }),
		"does not say whether it is a GP":         wrong(func(p *guidancev1.Practice) { p.Kind = 0 }),
		"it ends (2020-01-01) before":             wrong(func(p *guidancev1.Practice) { p.ValidFrom, p.ValidUntil = "2021-01-01", "2020-01-01" }),
		"it lies in":                              wrong(func(p *guidancev1.Practice) { p.LiesIn[0].Area.Code = "" }),
		`area sub-icb:06Q: "2021" is not a day`:   wrong(func(p *guidancev1.Practice) { p.LiesIn[0].ValidFrom = "2021" }),
		"it cannot have taken over from":          wrong(func(p *guidancev1.Practice) { p.TookOverFrom = []string{"F81002"} }),
		`"F81003001" is no code of a branch`:      wrong(func(p *guidancev1.Practice) { p.Branches = []*guidancev1.PracticeBranch{{Code: "F81003001"}} }),
		"practice F81001 stands in it twice":      practice("F81001"),
		"practices lie in sub-icb:NEVER, which":   practice("F81002", "sub-icb:NEVER"),
		"its telephone number has 301 characters": wrong(func(p *guidancev1.Practice) { p.Telephone = strings.Repeat("1", NameLimit+1) }),
	} {
		r := fold(putArea("sub-icb:06Q"), listOf("2021-10-31", practice("F81001", "sub-icb:06Q"), p))
		wantProblems(t, r, want)
		if !strings.Contains(want, "NEVER") && len(r.PracticeCodes()) > 0 {
			t.Errorf("%s: half of it was taken", want)
		}
	}
	for _, rows := range [][]byte{{1, 2, 3}, packed(t, []byte{1, 2, 3}), packed(t, make([]byte, UnpackedLimit+1))} {
		bad := listOf("2021-10-31", practice("F81001"))
		bad.GetPractices().Rows = rows
		if r := fold(bad); len(r.Problems()) != 1 || len(r.PracticeCodes()) > 0 {
			t.Errorf("rows that cannot be read: %v", r.Problems())
		}
	}
}

func packed(t testing.TB, rows []byte) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(rows)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLimitsOfListsAtAndOnePast(t *testing.T) {
	area := putArea("sub-icb:06Q")
	some := func(n int, item func(i int) string) []string {
		all := make([]string, n)
		for i := range all {
			all[i] = item(i)
		}
		return all
	}
	with := func(change func(*guidancev1.Practice)) *ledgerv1.RegisterRecord {
		p := practice("F81001", "sub-icb:06Q")
		change(p)
		return listOf("2021-10-31", p)
	}
	list := func(change func(*ledgerv1.PracticeList)) *ledgerv1.RegisterRecord {
		record := listOf("2021-10-31", practice("F81001", "sub-icb:06Q"))
		change(record.GetPractices())
		return record
	}
	noise := func(n int) []byte { // of so many bytes, compressed
		raw := packed(t, nil)
		stored := make([]byte, 0, n)
		for left := n - len(raw); left > 0; { // blocks that are not compressed: five bytes, and what they hold
			size := min(left-5, 65535)
			stored = append(stored, 0, byte(size), byte(size>>8), ^byte(size), ^byte(size>>8))
			stored = append(stored, make([]byte, size)...)
			left -= size + 5
		}
		return append(stored, raw...)
	}
	for name, at := range map[string]func(over int) *ledgerv1.RegisterRecord{
		"memberships": func(over int) *ledgerv1.RegisterRecord {
			return with(func(p *guidancev1.Practice) {
				p.LiesIn = practice("", some(MembershipsLimit+over, func(int) string { return "sub-icb:06Q" })...).LiesIn
			})
		},
		"branches": func(over int) *ledgerv1.RegisterRecord {
			return with(func(p *guidancev1.Practice) {
				for i := range BranchesLimit + over {
					p.Branches = append(p.Branches, &guidancev1.PracticeBranch{Code: fmt.Sprintf("F81001%03d", i)})
				}
			})
		},
		"mergers": func(over int) *ledgerv1.RegisterRecord {
			return with(func(p *guidancev1.Practice) {
				p.TookOverFrom = some(BranchesLimit+over, func(i int) string { return fmt.Sprintf("F9%04d", i) })
			})
		},
		"digests": func(over int) *ledgerv1.RegisterRecord {
			return list(func(l *ledgerv1.PracticeList) {
				for range DigestsLimit + over {
					l.Digests = append(l.Digests, make([]byte, 32))
				}
			})
		},
		"patients": func(over int) *ledgerv1.RegisterRecord {
			return patientsOf("2021-10-01", map[string]uint32{"F81001": PatientsLimit + uint32(over)})
		},
		"practices with patients": func(over int) *ledgerv1.RegisterRecord {
			of := map[string]uint32{}
			for i := range PracticesLimit + over {
				of[fmt.Sprintf("F%05d", i)] = 5
			}
			return patientsOf("2021-10-01", of)
		},
	} {
		if got := fold(area, at(0)).Problems(); len(got) > 0 {
			t.Errorf("%s, at the limit: %v", name, got)
		}
		if got := fold(area, at(1)).Problems(); len(got) == 0 {
			t.Errorf("%s: one past the limit was taken", name)
		}
	}
	for over, want := range map[int]string{0: "cannot be read", 1: "bytes of practices: at most"} {
		wantProblems(t, fold(list(func(l *ledgerv1.PracticeList) { l.Rows = noise(RowsLimit + over) })), want)
	}
	for over, want := range map[int]string{0: "cannot be read", 1: "bytes of practices: at most"} {
		record := patientsOf("2021-10-01", map[string]uint32{"F81001": 5})
		record.GetPatients().Rows = noise(RowsLimit + over)
		wantProblems(t, fold(record), want)
	}
	for over, want := range map[uint32]string{0: "1 of its 8 parts are here", 1: "it has 9 parts: at most 8"} {
		wantProblems(t, fold(list(func(l *ledgerv1.PracticeList) { l.Parts = PartsLimit + over })), want)
	}
	for over := range 2 {
		var all []*ledgerv1.RegisterRecord
		for from := 0; from < PracticesLimit+over; from += 8000 {
			var some []*guidancev1.Practice
			for i := from; i < min(from+8000, PracticesLimit+over); i++ {
				some = append(some, practice(fmt.Sprintf("F%05d", i)))
			}
			all = append(all, listOf("2021-10-31", some...))
		}
		r := fold(all...)
		if tooMany := len(r.Problems()) > 0; tooMany != (over == 1) {
			t.Errorf("%d practices: %v", PracticesLimit+over, r.Problems())
		}
	}
}

func TestAReleaseIsPackedInAsFewPartsAsItNeeds(t *testing.T) {
	var all []*guidancev1.Practice
	for i := range 6600 {
		all = append(all, practice(fmt.Sprintf("F%05d", 6600-i), fmt.Sprintf("sub-icb:%02dQ", i%100)))
	}
	list, err := PackPractices(&ledgerv1.PracticeList{Source: "nhs", Release: "all", Day: "2021-10-31"}, all)
	if err != nil || len(list) > 2 {
		t.Fatalf("%d parts, %v", len(list), err)
	}
	var bodies []*ledgerv1.RegisterRecord
	for i := range 100 {
		bodies = append(bodies, putArea(fmt.Sprintf("sub-icb:%02dQ", i)))
	}
	for _, part := range list {
		bodies = append(bodies, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: part}})
	}
	r := fold(bodies...)
	wantProblems(t, r)
	for _, p := range all {
		if !proto.Equal(p, r.Practice(p.Code)) {
			t.Fatalf("%v was packed, and %v came out", p, r.Practice(p.Code))
		}
	}
}

// Draws a small country whose practices open, close and move, and asks of each area and practice on
// each day what one by one they say.
func TestListsSayWhatTheirPracticesSayOneByOne(t *testing.T) {
	within := map[string][]string{"region:x": nil, "icb:A": {"region:x"}, "icb:B": {"region:x"}, "sub-icb:A1": {"icb:A"}, "sub-icb:A2": {"icb:A"}, "sub-icb:B1": {"icb:B"}, "lmc:kent": {"icb:B"}}
	leaves := []string{"sub-icb:A1", "sub-icb:A2", "sub-icb:B1", "lmc:kent"}
	days := []string{"", "2021-10-02", "2021-10-04", "2021-10-06", "2021-10-08"}
	rapid.Check(t, func(t *rapid.T) {
		var bodies []*ledgerv1.RegisterRecord
		for _, name := range slices.Sorted(maps.Keys(within)) {
			bodies = append(bodies, putArea(name, within[name]...))
		}
		day := func() string { return rapid.SampledFrom(days).Draw(t, "day") }
		known := map[string]*guidancev1.Practice{}
		for range rapid.IntRange(1, 3).Draw(t, "releases") {
			came := map[string]*guidancev1.Practice{}
			for range rapid.IntRange(0, 4).Draw(t, "practices") {
				p := practice(fmt.Sprintf("F8100%d", rapid.IntRange(0, 5).Draw(t, "code")))
				if p.ValidFrom, p.ValidUntil = day(), day(); p.ValidUntil != "" && p.ValidUntil < p.ValidFrom {
					p.ValidUntil = ""
				}
				if rapid.IntRange(0, 5).Draw(t, "kind") == 0 {
					p.Kind = guidancev1.PracticeKind_PRACTICE_KIND_OTHER
				}
				for range rapid.IntRange(0, 3).Draw(t, "areas") {
					m := &guidancev1.PracticeMembership{Area: areaID(rapid.SampledFrom(leaves).Draw(t, "area")), ValidFrom: day(), ValidUntil: day()}
					if m.ValidUntil != "" && m.ValidUntil < m.ValidFrom {
						m.ValidUntil = ""
					}
					p.LiesIn = append(p.LiesIn, m)
				}
				came[p.Code] = p
			}
			maps.Copy(known, came)
			if len(came) > 0 {
				bodies = append(bodies, listOf("2021-10-31", slices.Collect(maps.Values(came))...))
			}
		}
		r := fold(bodies...)
		if len(r.Problems()) > 0 {
			t.Fatal(r.Problems())
		}
		open := func(p *guidancev1.Practice, m *guidancev1.PracticeMembership, day string) bool {
			return p.Kind == gpPractice && notation.IsWithin(day, p.ValidFrom, p.ValidUntil) && notation.IsWithin(day, m.ValidFrom, m.ValidUntil)
		}
		for _, day := range []string{"2021-10-01", "2021-10-02", "2021-10-03", "2021-10-05", "2021-10-09"} {
			var listed func(area string) bool
			inside := func(outer string) (inner []string) {
				for _, name := range slices.Sorted(maps.Keys(within)) {
					if slices.Contains(within[name], outer) {
						inner = append(inner, name)
					}
				}
				return inner
			}
			listed = func(area string) bool {
				for _, p := range known {
					for _, m := range p.LiesIn {
						from := max(m.ValidFrom, p.ValidFrom)
						ever := p.Kind == gpPractice && from <= day && (p.ValidUntil == "" || p.ValidUntil >= from) && (m.ValidUntil == "" || m.ValidUntil >= from)
						if ever && notation.AreaOf(m.Area).String() == area {
							return true
						}
					}
				}
				if area == "lmc:kent" && len(known) > 0 {
					return true // a list that nobody is in has none
				}
				n := 0
				for _, inner := range inside(area) {
					if strings.HasPrefix(inner, "lmc:") {
						continue
					}
					if n++; !listed(inner) {
						return false
					}
				}
				return n > 0
			}
			for area := range within {
				var want []string
				for code, p := range known {
					if slices.ContainsFunc(p.LiesIn, func(m *guidancev1.PracticeMembership) bool {
						return open(p, m, day) && r.Contains(areaID(area), m.Area, day)
					}) {
						want = append(want, code)
					}
				}
				slices.Sort(want)
				got := r.Area(areaID(area), day)
				if (got.Practices != nil) != listed(area) || got.Practices != nil && !slices.Equal(got.PracticeCodes, want) {
					t.Fatalf("%s on %s: %v, want %v (listed: %v)", area, day, got, want, listed(area))
				}
			}
			for code, p := range known {
				var want []string
				for _, m := range p.LiesIn {
					if open(p, m, day) {
						want = append(want, notation.AreaOf(m.Area).String())
					}
				}
				slices.Sort(want)
				if got := idNames(r.PracticeIn(code, day)); !slices.Equal(got, slices.Compact(want)) {
					t.Fatalf("%s on %s lies in %v, want %v", code, day, got, want)
				}
			}
		}
	})
}

func TestNeighboursAreThoseListedElseThoseOfOneICB(t *testing.T) {
	bodies := []*ledgerv1.RegisterRecord{
		putArea("icb:QH8"), putArea("icb:QWE"), putArea("sub-icb:06Q", "icb:QH8"), putArea("sub-icb:99E", "icb:QH8"), putArea("sub-icb:36L", "icb:QWE"), putArea("lmc:croydon"), putArea("lmc:merton"),
		putCommittee("north-essex", covers("sub-icb:06Q", "", "")), putCommittee("south-essex", covers("sub-icb:99E", "", "")),
		putCommittee("croydon", covers("lmc:croydon", "", "")), putCommittee("merton", covers("lmc:merton", "", "")),
		listOf("2021-10-31", practice("H81001", "sub-icb:36L", "lmc:croydon"), practice("H81002", "sub-icb:36L", "lmc:merton")),
	}
	for of, want := range map[string]string{"north-essex": "south-essex", "croydon": "merton", "merton": "croydon"} {
		if got, listed := fold(bodies...).Neighbours(of, "2021-10-28"); strings.Join(committeeIDs(got), " ") != want || listed {
			t.Errorf("beside %s: %v, %v", of, committeeIDs(got), listed)
		}
	}
	kept := putCommittee("north-essex", covers("sub-icb:06Q", "", ""))
	kept.GetCommittee().Neighbours = []string{"croydon"}
	if got, listed := fold(append(bodies, kept)...).Neighbours("north-essex", ""); strings.Join(committeeIDs(got), " ") != "croydon" || !listed {
		t.Errorf("as listed: %v, %v", committeeIDs(got), listed)
	}
	kept.GetCommittee().Neighbours = []string{"nobody"}
	wantProblems(t, fold(append(bodies, kept)...), "committee north-essex: beside nobody, which the register does not have")
}

func TestACommitteeHasSoManyNeighboursAndNoMore(t *testing.T) {
	for over := range 2 {
		var bodies []*ledgerv1.RegisterRecord
		kept := putCommittee("kent")
		for i := range NeighboursLimit + over {
			id := fmt.Sprint("beside-", i)
			bodies = append(bodies, putCommittee(id))
			kept.GetCommittee().Neighbours = append(kept.GetCommittee().Neighbours, id)
		}
		if problems := fold(append(bodies, kept)...).Problems(); len(problems) != over {
			t.Errorf("%d neighbours: %v", NeighboursLimit+over, problems)
		}
	}
}

// Any number of goroutines may ask at once, also for what is worked out at the first asking.
func TestPracticesAreAskedByManyAtOnce(t *testing.T) {
	r := fold(putArea("sub-icb:06Q"), listOf("2021-10-31", practice("F81001", "sub-icb:06Q")), patientsOf("2021-10-01", map[string]uint32{"F81001": 5}))
	with := r.With(nil)
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			of := []*Register{r, with}[i%2]
			if a := of.Area(areaID("sub-icb:06Q"), dayNumber(i)); a.GetPatients() != 5 || len(of.PracticeIn("F81001", "")) != 1 {
				t.Errorf("%v", a)
			}
			if codes, _ := of.FindPractices("practice", 5); len(codes) != 1 {
				t.Errorf("found %v", codes)
			}
		})
	}
	all.Wait()
}

func TestAPracticeIsKnownByItsName(t *testing.T) {
	one := practice("F81001", "sub-icb:06Q")
	one.Name = "ST. JOHN'S SURGERY"
	r := fold(putArea("sub-icb:06Q"), listOf("2021-10-31", one))
	for name, code := range map[string]string{"St John’s  Surgery": "F81001", "st. johns surgery": "F81001", "ST JOHNS SURGERY.": "F81001", "St John's": "", "": "", "-": ""} {
		if got := r.PracticeNamed(name); got != code {
			t.Errorf("%q: %q, want %q", name, got, code)
		}
	}
	if got := fold().PracticeNamed("St Johns Surgery"); got != "" {
		t.Error(got)
	}
}

func dayNumber(i int) string { return notation.MoveDay("2021-10-01", i) }

func FuzzRelease(f *testing.F) {
	f.Add(listOf("2021-10-31", practice("F81001", "sub-icb:06Q")).GetPractices().GetRows())
	f.Fuzz(func(t *testing.T, rows []byte) {
		record := listOf("2021-10-31", practice("F81001"))
		record.GetPractices().Rows = rows
		r := fold(record)
		for _, code := range r.PracticeCodes() {
			if CheckPractice(r.Practice(code)) != nil {
				t.Errorf("%v was taken", r.Practice(code))
			}
		}
		r.Problems()
	})
}

func TestAnAreaLiesInAnotherForATime(t *testing.T) {
	frimley := putArea("sub-icb:D4U1Y")
	frimley.GetArea().LiesIn = []*guidancev1.AreaTenure{{Area: areaID("icb:QNQ"), ValidUntil: "2026-03-31"}, {Area: areaID("icb:QRL"), ValidFrom: "2026-04-01"}}
	r := fold(frimley, putArea("icb:QNQ"), putArea("icb:QRL"), listOf("2026-01-31", practice("X10001", "sub-icb:D4U1Y")),
		putCommittee("wessex", covers("icb:QRL", "", "")))
	wantProblems(t, r)
	for day, want := range map[string]string{"2022-07-01": "QNQ", "2026-03-31": "QNQ", "2026-04-01": "QRL", "": "QRL"} {
		for _, icb := range []string{"QNQ", "QRL"} {
			id := areaID("icb:" + icb)
			lies, within := r.Contains(id, areaID("sub-icb:D4U1Y"), day), idNames(r.Within(id, day))
			if is := icb == want; lies != is || len(within) == 1 != is || (r.Area(id, day).GetPractices() == 1) != is {
				t.Errorf("%s on %q: contains it: %t, within it: %v, practices: %d", icb, day, lies, within, r.Area(id, day).GetPractices())
			}
		}
		if got := len(r.CommitteesOfPractice("X10001", day)) == 1; got != (want == "QRL") {
			t.Errorf("on %q the practice is Wessex's: %t", day, got)
		}
	}
	if days := Turns(fold(), r, []Subject{{kind: areaSubject, area: areaID("sub-icb:D4U1Y")}}); !slices.Equal(days, []string{"2026-04-01"}) {
		t.Errorf("turns: %v", days)
	}
	ends := putArea("sub-icb:06Q")
	ends.GetArea().LiesIn = []*guidancev1.AreaTenure{{Area: areaID("icb:QNQ"), ValidFrom: "2026-04-01", ValidUntil: "2026-03-31"}}
	wantProblems(t, fold(ends), "ends (2026-03-31) before it starts")
}
