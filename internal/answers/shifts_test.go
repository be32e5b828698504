package answers

import (
	"context"
	"slices"
	"testing"

	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func subICB(code string) *guidancev1.AreaId {
	return &guidancev1.AreaId{Scheme: "sub-icb", Code: code}
}

// movesOver is a practice that lies in one sub-ICB location up to 20 October 2021, and in another from then on.
func movesOver(code, from, to string) *guidancev1.Practice {
	return &guidancev1.Practice{
		Code: code, Name: code, Nation: "england", Kind: guidancev1.PracticeKind_PRACTICE_KIND_GP_PRACTICE,
		LiesIn: []*guidancev1.PracticeMembership{{Area: subICB(from), ValidUntil: "2021-10-20"}, {Area: subICB(to), ValidFrom: "2021-10-21"}},
	}
}

// Two pictures that differ only by whose practices they count say so, in practices and in patients, and
// where committees are counted there is nothing to say.
func TestAComparisonTellsOfPracticesThatBecameAnothers(t *testing.T) {
	w := newWorld(t)
	tookOver, merged := movesOver("F81004", "91Q", "91Q"), movesOver("F81005", "06Q", "06Q")
	tookOver.TookOverFrom, merged.ValidUntil = []string{"F81005"}, "2021-10-20"
	lists, err := register.PackPractices(&ledgerv1.PracticeList{Source: "nhs", Release: "practices", Day: "2021-10-15"}, []*guidancev1.Practice{movesOver("F81001", "06Q", "06Q"), movesOver("F81002", "91Q", "06Q"), movesOver("F81003", "91Q", "91Q"), tookOver, merged})
	if err != nil {
		t.Fatal(err)
	}
	patients, err := register.PackPatients(&ledgerv1.PatientList{Release: "patients", Day: "2021-10-15"}, map[string]uint32{"F81001": 9876, "F81002": 4321, "F81003": 100, "F81004": 10, "F81005": 3})
	if err != nil {
		t.Fatal(err)
	}
	lists[0].Part, lists[0].Parts = 1, 1
	w.record(
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: subICB("06Q"), Name: "Mid Essex"}}},
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: subICB("91Q"), Name: "Kent"}}},
		committeeOf(&guidancev1.Committee{Id: "north-essex", Name: "North Essex LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england", Areas: []*guidancev1.AreaTenure{{Area: subICB("06Q")}}}),
		committeeOf(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england", Areas: []*guidancev1.AreaTenure{{Area: subICB("91Q")}}}),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: lists[0]}},
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Patients{Patients: patients}},
	)
	for unit, want := range map[answersv1.Unit][]string{
		answersv1.Unit_UNIT_COMMITTEES: nil,
		answersv1.Unit_UNIT_PRACTICES: {
			"Kent LMC: 3 -> 2 practices, as 1 practice went to North Essex LMC",
			"North Essex LMC: 2 -> 2 practices, as 1 practice came from Kent LMC; 1 practice merged into those of Kent LMC",
		},
		answersv1.Unit_UNIT_PATIENTS: {
			"Kent LMC: 4,431 -> 113 patients by the lists nearest to each day, as 1 practice of North Essex LMC merged into its own; 1 practice went to North Essex LMC",
			"North Essex LMC: 9,879 -> 14,197 patients by the lists nearest to each day, as 1 practice came from Kent LMC; 1 practice merged into those of Kent LMC",
		},
	} {
		resp, err := w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: onPlan(), Unit: unit, Compare: sinceDay("2021-10-20")})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, shift := range resp.GetShifts() {
			got = append(got, shift.GetWords())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: %q, want %q", unit, got, want)
		}
	}
}

// Asked of one area, a comparison told of no practices that became another's: it read "Nobody has moved" under figures that had.
func TestAComparisonOfAnAreaTellsOfItsPracticesThatBecameAnothers(t *testing.T) {
	w := newWorld(t)
	into, merged := movesOver("F81006", "06Q", "06Q"), movesOver("F81005", "91Q", "91Q")
	into.TookOverFrom, merged.ValidUntil = []string{"F81005"}, "2021-10-20"
	practices := []*guidancev1.Practice{movesOver("F81001", "06Q", "06Q"), movesOver("F81002", "91Q", "06Q"), movesOver("F81003", "06T", "06Q"), movesOver("F81004", "91Q", "91Q"), merged, into}
	lists, err := register.PackPractices(&ledgerv1.PracticeList{Source: "nhs", Release: "practices", Day: "2021-10-15"}, practices)
	if err != nil {
		t.Fatal(err)
	}
	lists[0].Part, lists[0].Parts = 1, 1
	for _, code := range []string{"06Q", "06T", "91Q"} {
		w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: subICB(code), Name: code}}})
	}
	w.record(
		committeeOf(&guidancev1.Committee{Id: "north-essex", Name: "North Essex LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england", Areas: []*guidancev1.AreaTenure{{Area: subICB("06Q")}, {Area: subICB("06T")}}}),
		committeeOf(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england", Areas: []*guidancev1.AreaTenure{{Area: subICB("91Q")}}}),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: lists[0]}},
	)
	for code, want := range map[string][]string{
		"06Q": {"North Essex LMC: 2 -> 4 practices, as 1 practice came from Kent LMC; 1 practice of its own came into this area"},
		"06T": {"North Essex LMC: 1 -> 0 practices, as 1 practice of its own went out of this area"},
		"91Q": {"Kent LMC: 3 -> 1 practices, as 1 practice went to North Essex LMC; 1 practice merged into those of North Essex LMC"},
		"":    {"Kent LMC: 3 -> 1 practices, as 1 practice went to North Essex LMC; 1 practice merged into those of North Essex LMC", "North Essex LMC: 3 -> 4 practices, as 1 practice came from Kent LMC"},
	} {
		sel := onPlan()
		sel.Area = code
		resp, err := w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: sel, Unit: answersv1.Unit_UNIT_PRACTICES, Compare: sinceDay("2021-10-20")})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, shift := range resp.GetShifts() {
			got = append(got, shift.GetWords())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
