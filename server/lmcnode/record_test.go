package main

import (
	"errors"
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
		{"again, later", "icb:A=..2022-06-30", "icb:A=2025-01-01..", "icb:A=..2022-06-30 icb:A=2025-01-01.."},
		{"days that overlap take the place", "icb:A=2015-01-01..", "icb:A=2016-01-01..2017-01-01", "icb:A=2016-01-01..2017-01-01"},
		{"another area is left alone", "icb:B", "icb:A=2016-01-01..2017-01-01", "icb:B icb:A=2016-01-01..2017-01-01"},
	} {
		var tenures []*guidancev1.AreaTenure
		for _, s := range strings.Fields(c.has) {
			area, d, err := parseTenure(s)
			if err != nil {
				t.Fatal(err)
			}
			tenures = append(tenures, &guidancev1.AreaTenure{Area: area, ValidFrom: d.from, ValidUntil: d.until})
		}
		area, d, err := parseTenure(c.add)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, tenure := range covering(tenures, area, d) {
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
		{dir, "", "directory"},
	} {
		got, err := practiceCodes(c.given)
		if strings.Join(got, " ") != c.want || c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %v, %v", c.given, got, err)
		}
	}
}

func TestWhatIsNotNamedOfACommitteeStays(t *testing.T) {
	reg := &answersv1.GetRegisterResponse{Committees: []*guidancev1.Committee{{
		Id: "kent", Name: "Kent LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england", Aliases: []string{"KLMC"}, ValidFrom: "2000-01-01",
	}, {Id: "surrey", Name: "Surrey LMC"}}}
	got, err := committeeFlags{until: "2022-03-31", predecessors: []string{"surrey"}}.committee("kent", reg, false)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Kent LMC" || got.Aliases[0] != "KLMC" || got.ValidFrom != "2000-01-01" || got.ValidUntil != "2022-03-31" || got.Predecessors[0] != "surrey" {
		t.Errorf("%v", got)
	}
	if got, _ = (committeeFlags{from: "always", kind: "other-body"}).committee("kent", reg, false); got.ValidFrom != "" || got.Kind != guidancev1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY {
		t.Errorf("%v", got)
	}
	if reg.Committees[0].ValidUntil != "" {
		t.Error("the register itself was changed")
	}
	if got, _ = (committeeFlags{name: "RCGP", kind: "other-body"}).committee("rcgp", reg, false); got.Nation != "" {
		t.Error("another body has no nation unless one is named")
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
