package register

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Whoever corrected a merger was told what nobody covers by it, and not what two LMCs do on the same days.
func TestAMergerThatLeavesAnAreaToTwoIsPointedOut(t *testing.T) {
	records := func(changes ...any) (all []*ledgerv1.RegisterRecord) {
		for _, change := range changes {
			switch change := change.(type) {
			case *guidancev1.Committee:
				change.Kind, change.Nation, change.Name = lmc, "england", strings.ToUpper(change.Id)
				all = append(all, committeeRecord(change), mandate(change.Id, "kent", "", ""))
			case *guidancev1.Area:
				change.Name = change.Id.Code
				all = append(all, areaRecord(change))
			}
		}
		return all
	}
	ended := func(id, until string, areas ...string) *guidancev1.Committee {
		c := &guidancev1.Committee{Id: id, ValidUntil: until}
		for _, area := range areas {
			c.Areas = append(c.Areas, covers(area, "", ""))
		}
		return c
	}
	union := func(from string, predecessors []string, areas ...*guidancev1.AreaTenure) *guidancev1.Committee {
		return &guidancev1.Committee{Id: "union", ValidFrom: from, Predecessors: predecessors, Areas: areas}
	}
	both := []string{"east", "west"}
	p, q := covers("icb:P", "2022-04-01", ""), covers("icb:Q", "2022-04-01", "")
	has := records(ended("east", "2022-03-31", "icb:P", "icb:S"), ended("west", "2022-03-31", "icb:Q"), union("2022-04-01", both, p, q, covers("icb:S", "2022-04-01", "")))
	has = append([]*ledgerv1.RegisterRecord{admit("kent"), putArea("icb:P"), putArea("icb:Q"), putArea("icb:S")}, has...)
	for name, c := range map[string]struct {
		more []*ledgerv1.RegisterRecord
		want []string
	}{
		"as it was":              {records(ended("east", "2022-03-31", "icb:P", "icb:S")), nil},
		"a later last day":       {records(ended("west", "2022-04-30", "icb:Q")), []string{"committee west | west and union both have icb:Q from 2022-04-01 until 2022-04-30: practices there are told the lines of both, and both are counted. Record whose it is: lmcnode register committee west --until 2022-03-31, or lmcnode register committee union --from 2022-05-01"}},
		"and a later first day":  {records(ended("west", "2022-04-30", "icb:Q"), ended("east", "2022-04-30", "icb:P", "icb:S"), union("2022-05-01", both, p, q, covers("icb:S", "", ""))), nil},
		"no last day, two areas": {records(ended("east", "", "icb:P", "icb:S")), []string{"committee east | east and union both have icb:P, icb:S from 2022-04-01: practices there are told the lines of both, and both are counted. Record whose it is: lmcnode register committee east --until 2022-03-31, or lmcnode register committee union --no-area icb:P --no-area icb:S"}},
		"others have it":         {records(&guidancev1.Committee{Id: "coast", ValidFrom: "2022-04-01", Predecessors: []string{"west"}, Areas: []*guidancev1.AreaTenure{q}}), []string{"committee coast | coast and union both have icb:Q from 2022-04-01: practices there are told the lines of both, and both are counted. Record whose it is: lmcnode register committee coast --no-area icb:Q, or lmcnode register committee union --no-area icb:Q"}},
		"others have it for a time": {records(&guidancev1.Committee{Id: "coast", Areas: []*guidancev1.AreaTenure{covers("icb:Q", "2022-01-01", "2022-06-30")}}), []string{
			"committee coast | coast and union both have icb:Q from 2022-04-01 until 2022-06-30: practices there are told the lines of both, and both are counted. Record whose it is: lmcnode register committee coast --area icb:Q=..2022-03-31, or lmcnode register committee union --area icb:Q=2022-07-01..",
			"committee coast | coast and west both have icb:Q from 2022-01-01 until 2022-03-31: practices there are told the lines of both, and both are counted. Record whose it is: lmcnode register committee coast --area icb:Q=2022-04-01..2022-06-30, or lmcnode register committee west --area icb:Q=..2021-12-31",
		}},
		"it was merged from others":   {records(union("2022-04-01", []string{"east"}, p, q), ended("west", "", "icb:Q")), []string{"committee union | union and west both have icb:Q from 2022-04-01: practices there are told the lines of both, and both are counted. Record whose it is: lmcnode register committee union --no-area icb:Q, or lmcnode register committee west --area icb:Q=..2022-03-31"}},
		"shared for as long as known": {records(&guidancev1.Committee{Id: "north", Areas: []*guidancev1.AreaTenure{covers("icb:T", "", "")}}, &guidancev1.Committee{Id: "south", Areas: []*guidancev1.AreaTenure{covers("icb:T", "", "")}}), nil},
	} {
		var got []string
		for _, words := range changesOf(has, c.more) {
			if strings.Contains(words, " both have ") && !slices.Contains(got, words) {
				got = append(got, words)
			}
		}
		if name == "it was merged from others" {
			got = got[:min(len(got), 1)] // and the same of west
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// So were areas that are there beside what takes over from them, with the same practices.
func TestAnAreaThatIsThereBesideWhatTakesOverFromItIsPointedOut(t *testing.T) {
	area := func(id, from, until string, successors ...string) *ledgerv1.RegisterRecord {
		a := &guidancev1.Area{Id: areaID(id), Name: id, ValidFrom: from, ValidUntil: until, PracticeCodes: []string{"F81001"}}
		for _, later := range successors {
			a.Successors = append(a.Successors, areaID(later))
		}
		return areaRecord(a)
	}
	has := []*ledgerv1.RegisterRecord{area("icb:R", "2022-04-01", ""), area("icb:P", "", "2022-03-31", "icb:R")}
	const twice = "icb:P and icb:R, which takes over from it, are both there from 2022-03-01 until 2022-03-31, with the same practices: these are told what is said of both, and whoever covers either is counted. Record which is there: lmcnode register area icb:P --until 2022-02-28, or lmcnode register area icb:R --from 2022-04-01"
	for name, c := range map[string]struct {
		more *ledgerv1.RegisterRecord
		want bool
	}{
		"as it was": {has[1], false}, "from an earlier day": {area("icb:R", "2022-03-01", ""), true}, "until an earlier day": {area("icb:P", "", "2022-02-28", "icb:R"), false},
		"that was there before": {area("icb:R", "", ""), false},
	} {
		got := changesOf(has, []*ledgerv1.RegisterRecord{c.more})
		if slices.ContainsFunc(got, func(words string) bool { return strings.HasSuffix(words, twice) }) != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
