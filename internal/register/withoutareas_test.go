package register

import (
	"slices"
	"strings"
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Whoever took out the only area of an LMC was not told that it covers nothing then.
func TestAnLMCThatIsLeftWithoutAreasIsPointedOut(t *testing.T) {
	of := func(until string, areas ...*guidancev1.AreaTenure) *ledgerv1.RegisterRecord {
		return committeeRecord(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: lmc, Nation: "england", ValidUntil: until, Areas: areas})
	}
	has := []*ledgerv1.RegisterRecord{admit("kent"), putArea("icb:P"), putArea("icb:Q"), mandate("kent", "kent", "", ""), of("", covers("icb:P", "", ""))}
	for name, c := range map[string]struct {
		before, more *ledgerv1.RegisterRecord
		day          string // empty: nothing is told
	}{
		"taken out":                {has[4], of(""), "2021-11-01"},
		"until a day ahead":        {has[4], of("", covers("icb:P", "", "2022-03-31")), "2022-04-01"},
		"until a day behind":       {has[4], of("", covers("icb:P", "", "2021-03-31")), "2021-11-01"},
		"with a gap":               {has[4], of("", covers("icb:P", "", "2022-03-31"), covers("icb:Q", "2022-05-01", "")), "2022-04-01"},
		"another in its place":     {has[4], of("", covers("icb:P", "", "2022-03-31"), covers("icb:Q", "2022-04-01", "")), ""},
		"and it is no more":        {has[4], of("2022-03-31", covers("icb:P", "", "2022-03-31")), ""},
		"it had none":              {of(""), of(""), ""},
		"it had a gap, and has it": {of("", covers("icb:P", "", "2022-03-31")), of("", covers("icb:P", "", "2022-03-31")), ""},
	} {
		got := changesOf(append(slices.Clone(has), c.before), []*ledgerv1.RegisterRecord{c.more})
		want := "committee kent | kent covers nothing from " + c.day + " on: practices that it had are told that they are in no LMC's area, unless another LMC has them. Record what it covers: lmcnode register committee kent --area SCHEME:CODE=" + c.day + ".., or, where it is no more by then, its last day: lmcnode register committee kent --until "
		is := slices.ContainsFunc(got, func(words string) bool { return strings.HasPrefix(words, want) })
		isAny := slices.ContainsFunc(got, func(words string) bool { return strings.Contains(words, "covers nothing") })
		if is != (c.day != "") || isAny != is {
			t.Errorf("%s: %q", name, got)
		}
	}
}
