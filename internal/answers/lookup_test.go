package answers

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// practiceList is a release of practices as one record.
func practiceList(t testing.TB, day string, practices ...*guidancev1.Practice) *ledgerv1.RegisterRecord {
	t.Helper()
	list, err := register.PackPractices(&ledgerv1.PracticeList{Source: "nhs", Release: "NHS organisation data, " + day, Day: day}, practices)
	if err != nil || len(list) != 1 {
		t.Fatal(err, len(list))
	}
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: list[0]}}
}

// inAreas is a GP practice, with the areas it lies in as "sub-icb:06Q".
func inAreas(code, name, postcode string, areas ...string) *guidancev1.Practice {
	p := &guidancev1.Practice{Code: code, Name: name, Postcode: postcode, Nation: "england", Kind: guidancev1.PracticeKind_PRACTICE_KIND_GP_PRACTICE}
	for _, area := range areas {
		scheme, of, _ := strings.Cut(area, ":")
		p.LiesIn = append(p.LiesIn, &guidancev1.PracticeMembership{Area: &guidancev1.AreaId{Scheme: scheme, Code: of}})
	}
	return p
}

// country has an LMC of an area, two that overlap in lists of practices, an area of which only parts are known,
// one of Wales, and practices of every kind.
func country(t *testing.T) *world {
	w := newWorld(t)
	area := func(id, name string, within ...string) *ledgerv1.RegisterRecord {
		scheme, of, _ := strings.Cut(id, ":")
		a := &guidancev1.Area{Id: &guidancev1.AreaId{Scheme: scheme, Code: of}, Name: name}
		for _, outer := range within {
			scheme, of, _ := strings.Cut(outer, ":")
			a.Within = append(a.Within, &guidancev1.AreaId{Scheme: scheme, Code: of})
		}
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: a}}
	}
	covering := func(id, name, nation, area string) *ledgerv1.RegisterRecord {
		scheme, of, _ := strings.Cut(area, ":")
		return committeeOf(&guidancev1.Committee{Id: id, Name: name, Kind: lmc, Nation: nation, Areas: []*guidancev1.AreaTenure{{Area: &guidancev1.AreaId{Scheme: scheme, Code: of}}}})
	}
	closed := inAreas("F81002", "Old Chelmer Surgery", "CM1 3AB", "sub-icb:06Q")
	closed.ValidUntil = "2021-06-30"
	gone := inAreas("F81003", "Lone Surgery", "CM9 9ZZ", "sub-icb:06Q")
	gone.ValidUntil = "2021-06-30"
	chelmer := inAreas("F81001", "The Chelmer Surgery", "CM1 2AB", "sub-icb:06Q")
	chelmer.TookOverFrom, chelmer.Branches = []string{"F81002"}, []*guidancev1.PracticeBranch{{Code: "F81001001", Name: "Boreham Branch", Postcode: "CM3 3AA"}}
	hospice := inAreas("Y00001", "St Anne's", "CM1 1AA", "sub-icb:06Q")
	hospice.Kind, hospice.OtherKind = guidancev1.PracticeKind_PRACTICE_KIND_OTHER, "hospice"
	welsh := inAreas("W91001", "Bron Surgery", "LL1 1AA", "lhb:7A1")
	welsh.Nation = "wales"
	border := inAreas("H81002", "Border Surgery", "SM1 1AA", "sub-icb:36L")
	soon := inAreas("F81009", "New Surgery", "CM1 4AB", "sub-icb:06Q")
	soon.ValidFrom = "2022-04-01"
	w.record(
		area("icb:QH8", "Mid and South Essex"), area("icb:QWE", "South West London"), area("sub-icb:06Q", "Mid Essex", "icb:QH8"), area("sub-icb:99E", "Basildon and Brentwood", "icb:QH8"),
		area("sub-icb:36L", "South West London", "icb:QWE"), area("lmc:croydon", "Croydon's practices", "sub-icb:36L"), area("lmc:merton", "Merton's practices", "sub-icb:36L"), area("lhb:7A1", "Betsi Cadwaladr"),
		covering("mid-essex", "Mid Essex LMC", "england", "sub-icb:06Q"), covering("south-essex", "South Essex LMC", "england", "sub-icb:99E"),
		covering("croydon", "Croydon LMC", "england", "lmc:croydon"), covering("merton", "Merton LMC", "england", "lmc:merton"),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "mid-essex", Office: "essex"}}},
		practiceList(t, "2021-10-31", chelmer, closed, gone, hospice, welsh, border, soon, inAreas("H81001", "Both Surgery", "CR0 1AA", "sub-icb:36L", "lmc:croydon", "lmc:merton")),
	)
	return w
}

func TestAPracticeIsFoundByWhatSomebodyKnowsOfIt(t *testing.T) {
	w := country(t)
	const chelmer = "The Chelmer Surgery (F81001) belongs to Mid Essex LMC."
	for text, want := range map[string]string{
		" f81 001 ":           chelmer,
		"the chelmer surgery": chelmer,
		"f81001001":           "F81001001 is a branch of it. " + chelmer,
		"cm12ab":              chelmer,
		"CM3 3AA":             chelmer, // the branch's
		"St. Anne’s":          "St Anne's (Y00001) is a hospice: LMCs advise GP practices. The GP practices around it are Mid Essex LMC's.",
		"H81001":              "Both Surgery (H81001) belongs to Croydon LMC and Merton LMC. It lies in the areas of both, and what each of them says is for it: ask either which of them it is with.",
		"H81002":              "Border Surgery (H81002) is in South West London, and in which part of it is not in the register. Of parts of it there are: Croydon LMC (--committee croydon) and Merton LMC (--committee merton). Ask one of them whether it is yours, and ask here with it.",
		"F81002":              "Old Chelmer Surgery (F81002) closed on 30 June 2021. It was merged into The Chelmer Surgery (F81001), of Mid Essex LMC: ask with that code.",
		"F81003":              "Lone Surgery (F81003) closed on 30 June 2021. It belonged to Mid Essex LMC, and nothing is recorded in its place: ask them.",
		"F81009":              "New Surgery (F81009) opens on 1 April 2022. It will belong to Mid Essex LMC.",
		"bron":                "Bron Surgery (W91001) is in Betsi Cadwaladr, in Wales: no LMC of that area is in this federation. Ask your own LMC.",
		"Q99999":              "Practice Q99999 is not in this register, so your LMC is not known here. Check the code, or name your committee.",
		"F18001":              "Practice F18001 is not in this register, so your LMC is not known here. Check the code, or name your committee. Did you mean F81001 (The Chelmer Surgery)?",
		"nobody's":            "No practice of this register has a code, name or postcode like “nobody's”. Write its code (one letter and five digits), its postcode, or fewer words of its name; or name your committee.",
		"chelmer":             "2 practices can be meant by “chelmer”. Ask again with the code of yours.",
	} {
		resp, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Text: text})
		if err != nil || resp.Words != want {
			t.Errorf("%q:\n%s, want\n%s (%v)", text, resp.GetWords(), want, err)
		}
	}
	resp, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Text: "surgery"})
	var found []string
	for _, one := range resp.GetFound() {
		found = append(found, one.Code+" "+one.Name+" "+strings.Join(one.CommitteeNames, ", ")+" "+one.Words)
	}
	if err != nil || len(found) != 7 || found[0] != "H81002 Border Surgery  " || found[6] != "F81002 Old Chelmer Surgery  closed on 30 June 2021" {
		t.Errorf("of several: %q (%v)", found, err)
	}
	for at, want := range map[int]bool{register.SearchLimit: true, register.SearchLimit + 1: false} {
		_, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Text: strings.Repeat("é", at)})
		if (err == nil) != want {
			t.Errorf("a text of %d characters: %v", at, err)
		}
	}
	if _, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Text: "a", Practice: "F81001"}); err == nil {
		t.Error("a code and a text at once were taken")
	}
}

// Of a practice that merged into one that has merged since, the one was named that is closed as well; of two that a
// register has merged into one another, each sent to the other.
func TestAPracticeThatMergedIntoOneThatMergedSinceIsToldTheLast(t *testing.T) {
	w := country(t)
	closed := func(code, name, until string, tookOver ...string) *guidancev1.Practice {
		p := inAreas(code, name, "CM1 3AB", "sub-icb:06Q")
		p.ValidUntil, p.TookOverFrom = until, tookOver
		return p
	}
	last := inAreas("F82003", "Third Surgery", "CM1 3AB", "sub-icb:06Q")
	last.TookOverFrom = []string{"F82002"}
	w.record(practiceList(t, "2021-11-30", closed("F82001", "First Surgery", "2019-03-31"), closed("F82002", "Second Surgery", "2020-03-31", "F82001"), last,
		closed("F83001", "One Surgery", "2019-03-31", "F83002"), closed("F83002", "Another Surgery", "2020-03-31", "F83001")))
	for _, c := range []struct{ code, day, want string }{
		{"F82001", "2021-12-01", "First Surgery (F82001) closed on 31 March 2019. It was merged into Second Surgery (F82002), and that into Third Surgery (F82003), of Mid Essex LMC: ask with that code."},
		{"F82001", "2020-03-31", "First Surgery (F82001) closed on 31 March 2019. It was merged into Second Surgery (F82002), of Mid Essex LMC: ask with that code."},
		{"F83001", "2021-12-01", "One Surgery (F83001) closed on 31 March 2019. It was merged into Another Surgery (F83002): ask with that code."},
	} {
		resp, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Practice: c.code, Day: c.day})
		if err != nil || resp.Words != c.want {
			t.Errorf("on %s:\n%s, want\n%s (%v)", c.day, resp.GetWords(), c.want, err)
		}
	}
}

func TestManyPracticesThatCanBeMeantAreBounded(t *testing.T) {
	w := newWorld(t)
	var many []*guidancev1.Practice
	for i := range foundMost + 5 {
		many = append(many, inAreas(fmt.Sprintf("F810%02d", i), "The Surgery", ""))
	}
	w.record(practiceList(t, "2021-10-31", many...))
	resp, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Text: "surgery"})
	if err != nil || len(resp.Found) != foundMost || resp.MoreFound != 5 || !strings.HasPrefix(resp.Words, "25 practices can be meant by “surgery”; these are the first 20.") {
		t.Errorf("%d, %d more, %q (%v)", len(resp.GetFound()), resp.GetMoreFound(), resp.GetWords(), err)
	}
}

func TestWhomToRingAndWhoIsBesideStandWithAPractice(t *testing.T) {
	w := country(t)
	w.record(admissionOf(t, "essex", "Essex LMCs", []byte(strings.Repeat("e", ed25519.PublicKeySize))))
	resp, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Practice: "F81001"})
	if err != nil || len(resp.Neighbours) != 1 || resp.Neighbours[0].Name != "South Essex LMC" || resp.Neighbours[0].Listed || resp.Practice.GetPostcode() != "CM1 2AB" ||
		len(resp.Ring) != 1 || resp.Ring[0].Committee != "mid-essex" || resp.Ring[0].OfficeName != "Essex LMCs" {
		t.Errorf("%v (%v)", resp, err)
	}
	again, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Practice: "F81001"})
	if err != nil || !proto.Equal(resp, again) {
		t.Errorf("asked again: %v, then %v (%v)", resp, again, err)
	}
}

// A national committee that states no nation is England's, and was not among whom to ring.
func TestANationalCommitteeThatStatesNoNationIsRungForEngland(t *testing.T) {
	w := country(t)
	w.record(
		admissionOf(t, "gpc", "GPC England", []byte(strings.Repeat("g", ed25519.PublicKeySize))),
		committeeOf(&guidancev1.Committee{Id: "gpc", Name: "GPC England", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE}),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "gpc", Office: "gpc"}}},
	)
	resp, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Practice: "H81002"})
	if err != nil || len(resp.Ring) != 1 || resp.Ring[0].Committee != "gpc" {
		t.Errorf("to ring are %v (%v)", resp.GetRing(), err)
	}
}

func TestAPracticeInThreeAreasIsToldOfAll(t *testing.T) {
	w := country(t)
	w.record(practiceList(t, "2021-11-30", inAreas("F81021", "Three Surgery", "", "sub-icb:06Q", "lmc:merton", "lmc:croydon")))
	resp, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Practice: "F81021"})
	const want = "Three Surgery (F81021) belongs to Croydon LMC, Merton LMC and Mid Essex LMC. It lies in the areas of all of them, and what each of them says is for it: ask either which of them it is with."
	if err != nil || resp.Words != want {
		t.Errorf("%s, want\n%s (%v)", resp.GetWords(), want, err)
	}
}

// A list that came dropped nothing of what was kept: a view went on saying what the practice was told before it moved.
func TestAListOfPracticesDropsWhatRestsOnIt(t *testing.T) {
	w := country(t)
	ask := func() string {
		resp, err := w.GetCombinedView(context.Background(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan", Practice: "F81001"}})
		if err != nil {
			t.Fatal(err)
		}
		var own []string
		for _, c := range resp.View.Committees {
			if c.Own {
				own = append(own, c.GetHeadline().GetCommittee())
			}
		}
		return strings.Join(own, " ")
	}
	if got := ask() + ask(); got != "mid-essexmid-essex" {
		t.Fatal(got)
	}
	w.record(practiceList(t, "2021-11-30", inAreas("F81001", "The Chelmer Surgery", "CM1 2AB", "sub-icb:99E")))
	if got := ask(); got != "south-essex" {
		t.Errorf("after it moved: %s", got)
	}
}

func TestPracticesAreListedInPages(t *testing.T) {
	w := country(t)
	var codes []string
	req := &answersv1.ListPracticesRequest{PageSize: 3}
	for {
		resp, err := w.ListPractices(context.Background(), Public(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range resp.Practices {
			codes = append(codes, p.Code)
		}
		if req.PageToken == "" && (len(resp.Releases) != 1 || resp.Releases[0].Day != "2021-10-31" || resp.Total != 8) {
			t.Errorf("first page: %v", resp)
		}
		if req.PageToken = resp.NextPageToken; req.PageToken == "" {
			break
		}
	}
	if got := strings.Join(codes, " "); got != "F81001 F81002 F81003 F81009 H81001 H81002 W91001 Y00001" {
		t.Error(got)
	}
}

func TestAListOfPracticesIsShownBeforeItIsRecorded(t *testing.T) {
	w := country(t)
	w.put("essex", public_, advisory("essex", "2021-10-25", refuse, "mid-essex"))
	closed := inAreas("H81002", "Border Surgery", "SM1 1AA", "sub-icb:36L")
	closed.ValidUntil = "2021-10-31"
	both := inAreas("H81001", "Both Surgery", "CR0 1AA", "sub-icb:36L", "lmc:croydon")
	both.TookOverFrom = []string{"H81002"}
	moved := inAreas("F81001", "The Chelmer Health Centre", "CM1 2AB", "sub-icb:99E")
	moved.TookOverFrom = []string{"F81002"}
	opened := inAreas("F81020", "Open Surgery", "CM2 2AB", "sub-icb:06Q")
	opened.ValidFrom = "2021-11-01"
	lost := inAreas("F81021", "Lost Surgery", "CM2 3AB", "sub-icb:06Q", "lmc:merton", "lmc:croydon")
	list, err := register.PackPatients(&ledgerv1.PatientList{Release: "patients registered, 1 November 2021", Day: "2021-11-01"}, map[string]uint32{"F81001": 9000, "F81020": 500})
	if err != nil {
		t.Fatal(err)
	}
	patients := &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Patients{Patients: list}}
	var got []string
	for _, c := range w.changes(practiceList(t, "2021-11-30", closed, both, moved, opened, lost), patients) {
		got = append(got, fmt.Sprintf("%s %s", strings.ToLower(strings.TrimPrefix(c.Kind.String(), "REGISTER_CHANGE_KIND_")), c.Words))
	}
	want := []string{
		"field release: NHS organisation data, 2021-11-30",
		"field patients registered, 1 November 2021: 9,500 at 2 practices",
		"field new: 1, F81021 Lost Surgery",
		"field opened: 1, F81020 Open Surgery, on 2021-11-01",
		"field merged: 1, H81002 Border Surgery into H81001 Both Surgery, on 2021-10-31",
		"field moved: 1, F81001 The Chelmer Health Centre, sub-icb:06Q -> sub-icb:99E",
		"field taken out: 1, H81001 Both Surgery, of lmc:merton",
		"field renamed: 1, F81001 The Chelmer Health Centre, until now The Chelmer Surgery",
		"covered Croydon LMC gains 1: F81021 Lost Surgery",
		"covered Merton LMC gains 1: F81021 Lost Surgery; and loses 1: H81001 Both Surgery",
		"covered Mid Essex LMC gains 2: F81020 Open Surgery; F81021 Lost Surgery; and loses 1: F81001 The Chelmer Health Centre",
		"covered South Essex LMC gains 1: F81001 The Chelmer Health Centre",
	}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("change %d: want\n%s\nof\n%s", i, want[i], strings.Join(got, "\n"))
		}
	}
	rest := strings.Join(got[len(want):], "\n")
	for _, want := range []string{
		"covered South Essex LMC covers on 2021-11-01: no number of practices or patients is recorded -> 1 practice and 9,000 patients, 1 found by code",
		"matter plan, as of 2021-11-01: ",
		"look_twice GP practices in no LMC's area: 1, which are told so: W91001 Bron Surgery.",
		"look_twice GP practices in the areas of several LMCs: 1, which are told what each says: F81021 Lost Surgery (croydon, merton and mid-essex).",
	} {
		if !strings.Contains(rest, want) {
			t.Errorf("want %s\nof\n%s", want, rest)
		}
	}
}

func TestTheFirstListSaysWhatItHasInAFewLines(t *testing.T) {
	w := newWorld(t)
	records := []*ledgerv1.RegisterRecord{areaOf("QH8", 5, 500, "1 May 2021")}
	var many []*guidancev1.Practice
	for i := range 500 {
		many = append(many, inAreas(fmt.Sprintf("F81%03d", i), fmt.Sprint("Surgery ", i), "", "icb:QH8"))
	}
	changes := w.changes(append(records, practiceList(t, "2021-10-31", many...))...)
	found := false
	for _, c := range changes {
		found = found || c.Words == "new: 500, F81000 Surgery 0; F81001 Surgery 1; F81002 Surgery 2; F81003 Surgery 3; F81004 Surgery 4; F81005 Surgery 5; and 494 more"
	}
	if len(changes) > 16 || !found {
		t.Errorf("%d changes: %v", len(changes), changes)
	}
}

// Hospices and hospitals stood among GP practices and before them, and ZZ56 before ZZ5.
func TestGPPracticesAreFoundBeforeWhatIsNoneAndAPostcodesHalfBeforeTheNext(t *testing.T) {
	w := newWorld(t)
	other := func(code, name, postcode string) *guidancev1.Practice {
		p := inAreas(code, name, postcode)
		p.Kind, p.OtherKind = guidancev1.PracticeKind_PRACTICE_KIND_OTHER, "hospice"
		return p
	}
	w.record(practiceList(t, "2021-10-31",
		other("Y00001", "The Green", "ZZ5 1AA"), inAreas("F81001", "Surgery at the Green", "ZZ56 1AA"), inAreas("F81002", "The Greenwood Surgery", "ZZ5 6AA"), inAreas("F81003", "The Green Practice", "ZZ56 2AA"),
	))
	for text, want := range map[string]string{
		"the green": "F81003 F81001 F81002 Y00001",
		"ZZ5":       "F81002 F81001 F81003 Y00001",
		"zz56":      "F81001 F81003 F81002",
	} {
		resp, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Text: text})
		var got []string
		for _, one := range resp.GetFound() {
			got = append(got, one.Code)
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q finds %v, want %s (%v)", text, got, want, err)
		}
	}
}

// A branch that closed is in no list; whoever asks by its code is told so, and of its practice.
func TestABranchThatClosedIsToldAsOne(t *testing.T) {
	w := country(t)
	resp, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Text: "f81001002"})
	want := "F81001002 is no open branch of the practice whose code it begins with: a branch that closed, or a mistyped code. The Chelmer Surgery (F81001) belongs to Mid Essex LMC."
	if err != nil || resp.Words != want || len(resp.Committees) != 1 {
		t.Errorf("%q, %v", resp.GetWords(), err)
	}
}

// The look-up of a hospice rang the LMC around it, and its page the keeper; both ring the same now.
func TestAPracticesPageRingsWhomItsLookUpRings(t *testing.T) {
	w := country(t)
	w.record(admissionOf(t, "essex", "Essex LMCs", []byte(strings.Repeat("e", ed25519.PublicKeySize))))
	rung := 0
	for _, code := range []string{"Y00001", "F81001", "F81002", "F81003", "F81009", "H81002", "W91001", "Q99999"} {
		look, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Practice: code})
		if err != nil {
			t.Fatal(err)
		}
		page, err := w.GetPracticePage(context.Background(), Public(), &answersv1.GetPracticePageRequest{Practice: code})
		if err != nil {
			t.Fatal(err)
		}
		rings := map[string]bool{page.GetAsk().GetId(): true}
		for _, c := range page.Committees {
			rings[c.Office] = true
		}
		for _, ring := range look.Ring {
			if rung++; !rings[ring.Office] {
				t.Errorf("%s: the look-up rings %s, and the page %v", code, ring.Office, rings)
			}
		}
	}
	if rung < 2 {
		t.Errorf("%d are rung in all", rung)
	}
}
