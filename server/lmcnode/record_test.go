package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func TestAnAreaIsAddedToThoseOfACommittee(t *testing.T) {
	for _, c := range []struct {
		name, has, add, want string
	}{
		{"the first", "", "icb:A", "icb:A"},
		{"another", "icb:A", "icb:B=2022-07-01..", "icb:A icb:B=2022-07-01.."},
		{"one that is there", "icb:A=2022-07-01..", "icb:A", "icb:A=2022-07-01.."},
		{"an end of the one that stands", "icb:A=2015-01-01..", "icb:A=..2022-06-30", "icb:A=2015-01-01..2022-06-30"},
		{"an end of one without a beginning", "icb:A", "icb:A=..2022-06-30", "icb:A=..2022-06-30"},
		{"an end before its beginning", "icb:A=2020-01-01..", "icb:A=..2019-01-01", "refused:"},
		{"an end of one that has ended", "icb:A=..2022-06-30", "icb:A=..2025-06-30", "refused:"},
		{"again, later", "icb:A=..2022-06-30", "icb:A=2025-01-01..", "icb:A=..2022-06-30 icb:A=2025-01-01.."},
		{"days that overlap take the place", "icb:A=2015-01-01..", "icb:A=2016-01-01..2017-01-01", "icb:A=2016-01-01..2017-01-01"},
		{"another area is left alone", "icb:B", "icb:A=2016-01-01..2017-01-01", "icb:B icb:A=2016-01-01..2017-01-01"},
	} {
		var tenures []*guidancev1.AreaTenure
		for _, s := range strings.Fields(c.has) {
			has, err := parseTenure("--area", s)
			if err != nil {
				t.Fatal(err)
			}
			tenures = append(tenures, has)
		}
		added, err := parseTenure("--area", c.add)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		with, err := withTenure("--area", tenures, added)
		if err != nil {
			with = []*guidancev1.AreaTenure{{Area: &guidancev1.AreaId{Scheme: "refused"}}}
		}
		for _, tenure := range with {
			s := notation.AreaOf(tenure.Area).String()
			if days := period(tenure.ValidFrom, tenure.ValidUntil); days != "" {
				s += "=" + days
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestPracticesCodesComeFromAFileOrAList(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "codes.txt")
	if err := os.WriteFile(file, []byte("f81001\r\nF81002, F81003\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		given, want, err string
	}{
		{file, "F81001 F81002 F81003", ""},
		{"F81001,f81002", "F81001 F81002", ""},
		{"none", "", ""},
		{"F81001,F81001", "", "F81001 stands there twice"},
		{"F8100", "", "there is no file F8100"},
		{",", "", "there is no code in ,"},
		{dir, "", "a folder"},
	} {
		got, err := practiceCodes(c.given)
		if strings.Join(got, " ") != c.want || c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %v, %v", c.given, got, err)
		}
	}
}

func TestAListOfCodesMayBeLongerThanAFilesName(t *testing.T) {
	var codes []string
	for i := range 60 {
		codes = append(codes, fmt.Sprintf("F%05d", 81001+i))
	}
	for _, separator := range []string{",", ", ", " ", "\n"} {
		if got, err := practiceCodes(strings.Join(codes, separator)); len(got) != 60 || err != nil {
			t.Errorf("separated by %q: %v, %v", separator, got, err)
		}
		mistyped := strings.Join(append(codes[:59:59], "F8106"), separator)
		if _, err := practiceCodes(mistyped); err == nil || !strings.Contains(err.Error(), "\"F8106\" is no practice's code") {
			t.Errorf("separated by %q, one mistyped: %v", separator, err)
		}
	}
	file := filepath.Join(t.TempDir(), "practices, Essex.csv")
	if err := os.WriteFile(file, []byte("F81001\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := practiceCodes(file); len(got) != 1 || err != nil {
		t.Errorf("a file with a comma in its name: %v, %v", got, err)
	}
}

// Offices keep their practices as a table, each with its name.
func TestAFileOfPracticesMayHaveTheirNamesBesideTheCodes(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, want, err string }{
		"commas":             {"F81001,The Surgery\nF81002,\"Smith, Jones & Partners\"\n", "F81001 F81002", ""},
		"tabs and a heading": {"\uFEFFCode\tPractice name\r\nF81001\tThe Surgery, 12 High Street\r\nf81002\tOld Mill\r\n", "F81001 F81002", ""},
		"spaces":             {"F81001 Old Mill Practice\nF81002   M62 Health Centre\n", "F81001 F81002", ""},
		"quoted":             {"\"F81001\";\"The Surgery\"\n", "F81001", ""},
		"codes in a line":    {"F81001 F81002 F81003\n", "F81001 F81002 F81003", ""},
		"a mistyped code":    {"F81001,The Surgery\nF8100,Old Mill\n", "", "\"F8100\" is no practice's code"},
		"one among codes":    {"F81001 F8100X\n", "", "\"F8100X\" is no practice's code"},
		"a name alone":       {"F81001,The Surgery\nOld Mill\n", "", "\"OLD\" is no practice's code"},
		"twice":              {"F81001 The Surgery\nF81001 The Surgery, branch\n", "", "stands there twice"},
	} {
		file := filepath.Join(dir, "codes.txt")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := practiceCodes(file)
		if strings.Join(got, " ") != c.want || c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if got, err := practiceCodes("F81001,Surgery"); err == nil {
		t.Errorf("a list that is no file has a name in it: %v", got)
	}
}

func changed(t *testing.T, named committeeFlags, id string, reg *answersv1.GetRegisterResponse) (*guidancev1.Committee, error) {
	change, err := named.read()
	if err != nil {
		t.Fatal(err)
	}
	return named.committee(id, change, reg, false)
}

func TestWhatIsNotNamedOfACommitteeStays(t *testing.T) {
	reg := &answersv1.GetRegisterResponse{Committees: []*guidancev1.Committee{{
		Id: "kent", Name: "Kent LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england", Aliases: []string{"KLMC"}, ValidFrom: "2000-01-01",
	}, {Id: "surrey", Name: "Surrey LMC"}}}
	got, err := changed(t, committeeFlags{until: "2022-03-31", predecessors: []string{"surrey"}}, "kent", reg)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Kent LMC" || got.Aliases[0] != "KLMC" || got.ValidFrom != "2000-01-01" || got.ValidUntil != "2022-03-31" || got.Predecessors[0] != "surrey" {
		t.Errorf("%v", got)
	}
	if got, _ = changed(t, committeeFlags{from: "always", kind: "other-body"}, "kent", reg); got.ValidFrom != "" || got.Kind != guidancev1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY {
		t.Errorf("%v", got)
	}
	if reg.Committees[0].ValidUntil != "" {
		t.Error("the register itself was changed")
	}
	if got, _ = changed(t, committeeFlags{name: "RCGP", kind: "other-body"}, "rcgp", reg); got.Nation != "" {
		t.Error("another body has no nation unless one is named")
	}
}

// A merger as the documentation had it left all practices of the committees merged with nobody.
func TestAMergedCommitteeTakesOverWhatThoseMergedIntoItCovered(t *testing.T) {
	tenure := func(code, from, until string) *guidancev1.AreaTenure {
		return &guidancev1.AreaTenure{Area: &guidancev1.AreaId{Scheme: "icb", Code: code}, ValidFrom: from, ValidUntil: until}
	}
	reg := &answersv1.GetRegisterResponse{
		Areas: []*guidancev1.Area{{Id: tenure("A", "", "").Area}, {Id: tenure("B", "", "").Area}, {Id: tenure("C", "", "").Area}, {Id: tenure("OLD", "", "").Area, ValidUntil: "2029-03-31"}},
		Committees: []*guidancev1.Committee{
			{Id: "kent", Name: "Kent LMC", ValidUntil: "2030-03-31", Areas: []*guidancev1.AreaTenure{tenure("A", "", ""), tenure("B", "2020-01-01", "2030-03-31"), tenure("C", "", "2025-01-01"), tenure("OLD", "", "")}},
			{Id: "surrey", Name: "Surrey LMC", Areas: []*guidancev1.AreaTenure{tenure("B", "", "2031-12-31"), tenure("C", "", "2031-12-31"), tenure("D", "2030-04-01", "")}},
			{Id: "other", Name: "Other LMC", Areas: []*guidancev1.AreaTenure{tenure("E", "", "")}},
			{Id: "has", Name: "Has LMC", Areas: []*guidancev1.AreaTenure{tenure("F", "", "")}},
		},
	}
	isNew := committeeFlags{name: "Kent and Surrey LMC", kind: "lmc", from: "2030-04-01", predecessors: []string{"kent", "surrey"}}
	undated, named := isNew, isNew
	undated.from, undated.predecessors, named.areas = "", []string{"kent"}, []string{"icb:A=2030-04-01.."}
	for name, c := range map[string]struct {
		id    string
		flags committeeFlags
		want  string
	}{
		"from its first day on":                {"kent-surrey", isNew, "icb:A 2030-04-01..; icb:B 2030-04-01..; icb:C 2030-04-01..2031-12-31; icb:D 2030-04-01.."},
		"without one, from their last":         {"kent-surrey", undated, "icb:A 2030-04-01..; icb:B 2030-04-01.."},
		"unless areas are named":               {"kent-surrey", named, "icb:A 2030-04-01.."},
		"unless it has some":                   {"has", committeeFlags{predecessors: []string{"kent"}}, "icb:F .."},
		"unless there is nothing to take over": {"kent-surrey", committeeFlags{name: "Kent and Surrey LMC", kind: "lmc"}, ""},
	} {
		got, err := changed(t, c.flags, c.id, reg)
		if err != nil {
			t.Fatal(err)
		}
		var areas []string
		for _, a := range got.Areas {
			areas = append(areas, notation.AreaOf(a.Area).String()+" "+a.ValidFrom+".."+a.ValidUntil)
		}
		if strings.Join(areas, "; ") != c.want {
			t.Errorf("%s: %v, want %s", name, areas, c.want)
		}
	}
}

// LMCs merged some days before their ICB ended: what one of them was to cover from then on was left to nobody.
func TestAMergedCommitteeTakesOverWhatWasToBeCoveredFromALaterDay(t *testing.T) {
	tenure := func(code, from, until string) *guidancev1.AreaTenure {
		return &guidancev1.AreaTenure{Area: &guidancev1.AreaId{Scheme: "icb", Code: code}, ValidFrom: from, ValidUntil: until}
	}
	reg := &answersv1.GetRegisterResponse{
		Areas: []*guidancev1.Area{{Id: tenure("ICB", "", "").Area, ValidUntil: "2026-11-24"}, {Id: tenure("GONE", "", "").Area, ValidUntil: "2026-11-24"}},
		Committees: []*guidancev1.Committee{
			{Id: "hill", Name: "Hill LMC", Areas: []*guidancev1.AreaTenure{tenure("A", "", "2026-11-30"), tenure("A", "2026-12-15", ""), tenure("GONE", "2026-11-25", "")}},
			{Id: "south", Name: "South LMC", Areas: []*guidancev1.AreaTenure{tenure("ICB", "", ""), tenure("PART", "2026-11-25", ""), tenure("A", "2026-12-01", "2026-12-14")}},
		},
	}
	got, err := changed(t, committeeFlags{name: "Deira LMC", kind: "lmc", from: "2026-11-23", predecessors: []string{"hill", "south"}}, "deira", reg)
	if err != nil {
		t.Fatal(err)
	}
	var areas []string
	for _, a := range got.Areas {
		areas = append(areas, a.Area.Code+" "+a.ValidFrom+".."+a.ValidUntil)
	}
	const want = "A 2026-11-23..2026-11-30; A 2026-12-15..; ICB 2026-11-23..; PART 2026-11-25..; A 2026-12-01..2026-12-14"
	if got := strings.Join(areas, "; "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAnIDThatIsNearOneIsRefusedUnlessItIsNew(t *testing.T) {
	known := names{"kent": {"Kent LMC"}, "north-essex": {"North Essex LMC"}}
	for _, c := range []struct {
		id, name string
		hint     string
	}{
		{"kentt", "Kentt LMC", "did you mean kent? if it is a new one, say --new"},
		{"the-garden", "kent lmc", "did you mean kent? if it is a new one, say --new"},
		{"the-garden", "The  Kent L.M.C.", "did you mean kent? if it is a new one, say --new"}, // was recorded as another Kent LMC, and counted
		{"south-essex", "South Essex LMC", ""},
	} {
		err := known.checkNew("committee", c.id, c.name, false)
		if c.hint == "" && err != nil || c.hint != "" && (err == nil || fault.Hint(err) != c.hint) {
			t.Errorf("%s: %v, %q", c.id, err, fault.Hint(err))
		}
		if err := known.checkNew("committee", c.id, c.name, true); err != nil {
			t.Errorf("%s, said to be new: %v", c.id, err)
		}
	}
	var wrong *usageError
	if err := known.checkNew("committee", "Kent LMC", "", true); !errors.As(err, &wrong) {
		t.Errorf("what is no id: %v", err)
	}
}

func TestTheMandateThatStandsOnADay(t *testing.T) {
	reg := &answersv1.GetRegisterResponse{Mandates: []*ledgerv1.Mandate{
		{Committee: "avon", Office: "avon"}, {Committee: "kent", Office: "kent"}, {Committee: "kent", Office: "wessex", ValidFrom: "2022-01-01"},
	}}
	for day, want := range map[string]string{"2021-12-31": "kent", "2022-01-01": "wessex"} {
		if got := mandateOn(reg, "kent", day).GetOffice(); got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
	if mandateOn(reg, "surrey", "2022-01-01") != nil {
		t.Error("a committee without one has one")
	}
}

// An end on a later day once revived what had ended long before.
func TestNoMandateOrRightThatHasEndedIsRevivedByAnEnd(t *testing.T) {
	reg := &answersv1.GetRegisterResponse{
		Mandates:        []*ledgerv1.Mandate{{Committee: "kent", Office: "kent", ValidUntil: "2022-03-31"}},
		ReportingRights: []*ledgerv1.ReportingRight{{Office: "kent", ValidFrom: "2021-01-01", ValidUntil: "2022-03-31"}},
	}
	for day, stands := range map[string]bool{"2022-03-31": true, "2030-12-31": false} {
		if m, r := mandateOn(reg, "kent", day), rightOn(reg, "kent", day); (m != nil) != stands || (r != nil) != stands {
			t.Errorf("on %s: %v and %v", day, m, r)
		}
	}
}

func TestAnAreaIsNamedSoThatItCanBeTypedAgain(t *testing.T) {
	for s, ok := range map[string]bool{
		"icb:QH8": true, "icb:S9B9J": true, "icb:Q1=..": false, "icb:Q1\nx": false, "icb:" + strings.Repeat("Q", 65): false, "icb:Q 1": false, "icb:Q\u202e1": false, "Q1": false,
	} {
		if _, err := parseArea("the area", s); (err == nil) != ok {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestANumberWithCommasHasThemBeforeEachThree(t *testing.T) {
	for s, want := range map[string]int32{"193": 193, "1,930": 1930, "1,966,316": 1966316, "1,93": -1, "1930,000": -1, ",193": -1, "-1": -1} {
		n, err := number("--practices", s)
		if (err == nil) != (want >= 0) || err == nil && *n != want {
			t.Errorf("%s: %v, %v", s, n, err)
		}
	}
}

func TestNoCommitteeIsAddedByTheIDOfABody(t *testing.T) {
	reg := &answersv1.GetRegisterResponse{Bodies: []*guidancev1.Body{
		{Id: "acme", Name: "Acme"}, {Id: "gpc", Name: "GPC", Kind: guidancev1.BodyKind_BODY_KIND_COMMITTEE},
	}}
	if _, err := changed(t, committeeFlags{name: "Acme", kind: "lmc"}, "acme", reg); !errors.Is(err, fault.ErrInvalid) || fault.Hint(err) == "" {
		t.Errorf("a committee by the id of a body: %v", err)
	}
	if _, err := changed(t, committeeFlags{name: "GPC", kind: "national-committee"}, "gpc", reg); err != nil {
		t.Errorf("the national committee, which is a body too: %v", err)
	}
}

func TestWhatIsSaidOfANewCommitteeIsRefusedOfOneThatExists(t *testing.T) {
	reg := &answersv1.GetRegisterResponse{Committees: []*guidancev1.Committee{{
		Id: "kent", Name: "Kent LMC", Nation: "england", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC,
	}}}
	flags := []string{"--kind", "--nation"}
	for name, c := range map[string]struct {
		a  admission
		ok bool
	}{
		"all three":                      {admission{ofNew: flags, kind: "conference", nation: "scotland", named: map[string]string{"kent": "Garden LMC"}}, false},
		"another name":                   {admission{named: map[string]string{"kent": "Garden LMC"}}, false},
		"as it is, the command run anew": {admission{ofNew: flags, kind: "lmc", nation: "england", named: map[string]string{"kent": "Kent LMC"}}, true},
		"nothing":                        {admission{kind: "conference", nation: "scotland"}, true},
	} {
		if err := c.a.checkKnown(reg, "kent"); (err == nil) != c.ok || !c.ok && !strings.Contains(fault.Hint(err), "lmcnode register committee kent") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
