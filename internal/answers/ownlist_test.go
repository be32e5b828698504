package answers

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/register"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Whoever recorded that the own list of an LMC takes the place of those of the LMCs it was merged from was told that its lines
// went, of which no practice is told otherwise.
func TestAListOfItsOwnAfterAMergerIsShownToChangeNoLine(t *testing.T) {
	list := func(code string) *guidancev1.AreaId {
		return &guidancev1.AreaId{Scheme: register.ListScheme, Code: code}
	}
	merged := func(id, until string, predecessors []string, lists ...string) *ledgerv1.RegisterRecord {
		c := &guidancev1.Committee{Id: id, Name: id, Kind: lmc, Nation: "england", ValidUntil: until, Predecessors: predecessors}
		for _, code := range lists {
			c.Areas = append(c.Areas, &guidancev1.AreaTenure{Area: list(code)})
		}
		if len(predecessors) > 0 {
			c.ValidFrom = "2021-10-21"
		}
		return committeeOf(c)
	}
	for name, kents := range map[string]guidancev1.Stance{"they say the same": refuse, "they differ": support} {
		w := newWorld(t)
		var practices []*guidancev1.Practice
		for code, of := range map[string]string{"F81001": "north-essex", "F81002": "kent"} {
			practices = append(practices, &guidancev1.Practice{
				Code: code, Name: code, Nation: "england", Kind: guidancev1.PracticeKind_PRACTICE_KIND_GP_PRACTICE,
				LiesIn: []*guidancev1.PracticeMembership{{Area: list(of)}, {Area: list("union"), ValidFrom: "2021-10-21"}},
			})
		}
		lists, err := register.PackPractices(&ledgerv1.PracticeList{Source: "nhs", Release: "practices", Day: "2021-10-15"}, practices)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"north-essex", "kent", "union"} {
			w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: list(code), Name: code}}})
		}
		w.record(
			&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: lists[0]}},
			merged("north-essex", "2021-10-20", nil, "north-essex"), merged("kent", "2021-10-20", nil, "kent"),
			merged("union", "", []string{"north-essex", "kent"}, "north-essex", "kent"),
		)
		w.put("essex", public_, advisory("essex", "2021-10-18", refuse, "north-essex"))
		w.put("kent", public_, advisory("kent", "2021-10-19", kents, "kent"))
		if got := strings.Join(w.would(merged("union", "", []string{"north-essex", "kent"}, "union")), "\n"); strings.Contains(got, "plan") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
