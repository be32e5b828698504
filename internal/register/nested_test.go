package register

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// A keeper who gave an LMC an ICB of which another LMC has a part was told nothing: its practices were told the lines of both.
func TestAnLMCThatIsGivenAnAreaAroundAPartOfAnotherIsPointedOut(t *testing.T) {
	of := func(id, until string, predecessors []string, areas ...*guidancev1.AreaTenure) *ledgerv1.RegisterRecord {
		return committeeRecord(&guidancev1.Committee{Id: id, Name: strings.ToUpper(id), Kind: lmc, Nation: "england", ValidUntil: until, Predecessors: predecessors, Areas: areas})
	}
	part := func(id, from string, codes ...string) *ledgerv1.RegisterRecord {
		return areaRecord(&guidancev1.Area{Id: areaID(id), Name: id, LiesIn: []*guidancev1.AreaTenure{covers("icb:QS1", from, "")}, PracticeCodes: codes})
	}
	always := func(area string) *guidancev1.AreaTenure { return covers(area, "", "") }
	const told = " are told the lines of both, and both are counted. Record whose they are: "
	has := []*ledgerv1.RegisterRecord{
		admit("kent"), putArea("icb:QS1"), putArea("icb:QN1"), part("sub-icb:S1A", "", "F81001", "F81002"), part("sub-icb:S1B", "", "F81003"), part("sub-icb:S1C", "2022-04-01"),
		of("south", "", nil, always("sub-icb:S1A")), of("north", "", nil, always("icb:QN1")),
	}
	for _, id := range []string{"north", "south", "union", "late"} {
		has = append(has, mandate(id, "kent", "", ""))
	}
	for name, c := range map[string]struct {
		more []*ledgerv1.RegisterRecord
		want []string
	}{
		"the area around it": {[]*ledgerv1.RegisterRecord{of("north", "", nil, always("icb:QN1"), always("icb:QS1"))}, []string{
			"committee north | north has icb:QS1, and south has sub-icb:S1A, which lies in it: practices there (F81001, F81002)" + told + "lmcnode register committee north --no-area icb:QS1 --area sub-icb:S1B --area sub-icb:S1C, or lmcnode register committee south --no-area sub-icb:S1A",
		}},
		"from a day": {[]*ledgerv1.RegisterRecord{of("north", "", nil, always("icb:QN1"), covers("icb:QS1", "2022-04-01", ""))}, []string{
			"committee north | north has icb:QS1, and south has sub-icb:S1A, which lies in it, from 2022-04-01: practices there (F81001, F81002)" + told + "lmcnode register committee north --no-area icb:QS1 --area sub-icb:S1B=2022-04-01.. --area sub-icb:S1C=2022-04-01.., or lmcnode register committee south --area sub-icb:S1A=..2022-03-31",
		}},
		"two parts in it": {[]*ledgerv1.RegisterRecord{of("north", "", nil, always("icb:QS1")), of("south", "", nil, always("sub-icb:S1A"), always("sub-icb:S1B"))}, []string{
			"committee north | north has icb:QS1, and south has sub-icb:S1A, sub-icb:S1B, which lie in it: practices there (F81001, F81002, F81003)" + told + "lmcnode register committee north --no-area icb:QS1 --area sub-icb:S1C, or lmcnode register committee south --no-area sub-icb:S1A --no-area sub-icb:S1B",
			"committee south | north has icb:QS1, and south has sub-icb:S1A, sub-icb:S1B, which lie in it: practices there (F81001, F81002, F81003)" + told + "lmcnode register committee south --no-area sub-icb:S1A --no-area sub-icb:S1B, or lmcnode register committee north --no-area icb:QS1 --area sub-icb:S1C",
		}},
		"a part that lies in it from a later day": {[]*ledgerv1.RegisterRecord{of("late", "", nil, always("sub-icb:S1C")), of("south", "", nil, always("icb:QS1"))}, []string{
			"committee late | south has icb:QS1, and late has sub-icb:S1C, which lies in it, from 2022-04-01: practices there" + told + "lmcnode register committee late --area sub-icb:S1C=..2022-03-31, or lmcnode register committee south --area icb:QS1=..2022-03-31 --area sub-icb:S1A=2022-04-01.. --area sub-icb:S1B=2022-04-01..",
			"committee south | south has icb:QS1, and late has sub-icb:S1C, which lies in it, from 2022-04-01: practices there" + told + "lmcnode register committee south --area icb:QS1=..2022-03-31 --area sub-icb:S1A=2022-04-01.. --area sub-icb:S1B=2022-04-01.., or lmcnode register committee late --area sub-icb:S1C=..2022-03-31",
		}},
		"of an area that ends": {[]*ledgerv1.RegisterRecord{areaRecord(&guidancev1.Area{Id: areaID("icb:QS1"), Name: "QS1", ValidUntil: "2022-03-31"}), of("north", "", nil, always("icb:QS1"))}, []string{
			"committee north | north has icb:QS1, and south has sub-icb:S1A, which lies in it, until 2022-03-31: practices there (F81001, F81002)" + told + "lmcnode register committee north --no-area icb:QS1 --area sub-icb:S1B=..2022-03-31, or lmcnode register committee south --area sub-icb:S1A=2022-04-01..",
		}},
		"by where the area lies": {[]*ledgerv1.RegisterRecord{areaRecord(&guidancev1.Area{Id: areaID("sub-icb:S1A"), Name: "S1A", LiesIn: []*guidancev1.AreaTenure{covers("icb:QN1", "2022-04-01", "")}, PracticeCodes: []string{"F81001"}})}, []string{
			"area sub-icb:S1A | north has icb:QN1, and south has sub-icb:S1A, which lies in it, from 2022-04-01: practices there (F81001)" + told + "lmcnode register committee north --area icb:QN1=..2022-03-31, or lmcnode register committee south --area sub-icb:S1A=..2022-03-31",
		}},
		"what it was merged from":      {[]*ledgerv1.RegisterRecord{of("union", "", []string{"south"}, always("icb:QS1"))}, nil},
		"what the other ends before":   {[]*ledgerv1.RegisterRecord{of("north", "", nil, covers("icb:QS1", "2022-04-01", "")), of("south", "2022-03-31", nil, always("sub-icb:S1A"))}, nil},
		"what lies in no area of both": {[]*ledgerv1.RegisterRecord{of("north", "", nil, always("sub-icb:S1B"))}, nil},
		"as it was":                    {[]*ledgerv1.RegisterRecord{of("south", "", nil, always("sub-icb:S1A"))}, nil},
	} {
		var got []string
		for _, words := range changesOf(has, c.more) {
			if strings.Contains(words, "told the lines of both") {
				got = append(got, words)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	given := append(slices.Clone(has), of("north", "", nil, always("icb:QS1"))) // was told when that was recorded
	if got := changesOf(given, []*ledgerv1.RegisterRecord{of("north", "", nil, always("icb:QS1"), always("icb:QN1"))}); slices.ContainsFunc(got, func(words string) bool { return strings.Contains(words, "lines of both") }) {
		t.Errorf("once more: %q", got)
	}
}

// Of areas that are there beside what takes over from them, lists of the areas themselves alone were looked at.
func TestAnAreaBesideItsSuccessorIsPointedOutByWhatItsPartsList(t *testing.T) {
	area := func(id, until string, successors ...*guidancev1.AreaId) *ledgerv1.RegisterRecord {
		return areaRecord(&guidancev1.Area{Id: areaID(id), Name: id, ValidUntil: until, Successors: successors})
	}
	later := areaRecord(&guidancev1.Area{Id: areaID("icb:R"), Name: "R", ValidFrom: "2022-03-01"})
	part := areaRecord(&guidancev1.Area{Id: areaID("sub-icb:P1"), Name: "P1", Within: []*guidancev1.AreaId{areaID("icb:P"), areaID("icb:R")}, PracticeCodes: []string{"F81001"}})
	has := []*ledgerv1.RegisterRecord{area("icb:P", ""), later, part}
	isTold := func(words string) bool {
		return strings.Contains(words, "are both there from 2022-03-01 until 2022-03-31, with the same practices")
	}
	if got := changesOf(has, []*ledgerv1.RegisterRecord{area("icb:P", "2022-03-31", areaID("icb:R"))}); !slices.ContainsFunc(got, isTold) {
		t.Errorf("%q", got)
	}
}
