package plain

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// merged is a small federation whose LMC covers one area more, of which another became a part: ZZ took
// over from YY and XX on 15 November.
func merged() *small {
	w := newSmall()
	id := func(code string) *guidancev1.AreaId { return &guidancev1.AreaId{Scheme: "icb", Code: code} }
	tri := w.in.Committees[0].Committee
	tri.Areas = []*guidancev1.AreaTenure{{Area: id("XX"), ValidUntil: "2026-11-14"}, {Area: id("YY"), ValidUntil: "2026-11-14"}, {Area: id("ZZ"), ValidFrom: "2026-11-15"}}
	var records []register.Record
	add := func(body *ledgerv1.RegisterRecord) {
		one := register.Record{Body: body}
		one.Entry.Office, one.Entry.Index = "gpc-england", uint64(len(records))
		records = append(records, one)
	}
	area := func(a *guidancev1.Area) {
		add(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: a}})
	}
	area(&guidancev1.Area{Id: id("ZZ"), Name: "Area ZZ", ValidFrom: "2026-11-15"})
	area(&guidancev1.Area{Id: id("XX"), Name: "Area XX", ValidUntil: "2026-11-14", Successors: []*guidancev1.AreaId{id("ZZ")}})
	area(&guidancev1.Area{Id: id("YY"), Name: "Area YY", ValidUntil: "2026-11-14", Successors: []*guidancev1.AreaId{id("ZZ")}})
	add(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: tri}})
	add(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "tri", Office: "tri"}}})
	w.in.Register = register.Fold("trial", "gpc-england", nil, records)
	return w
}

// What was said to a group, or to partners, of an area that was merged stood on no page of what took its place.
func TestWhatWasSaidToSomeOfAnAreaThatWasMergedIsOnEveryPage(t *testing.T) {
	w := merged()
	w.says("2026-11-01", []*guidancev1.Position{
		{Measure: "hub", Stance: supports},
		{Measure: "hub", Stance: refuse, Area: inArea("XX"), Scope: w.groups[0]},
		{Measure: "hub", Stance: caution, Area: inArea("XX"), Audiences: []guidancev1.Audience{partners}},
	})
	wants(t, w.pageOf(t, "hub", "", false), "Said for practices on EMIS of Area XX (icb:XX), since merged into Area ZZ (icb:ZZ): refuse (tri/0). Ring your LMC.", "Said to GP partners of Area XX (icb:XX), since merged into Area ZZ (icb:ZZ): caution (tri/0). Ring your LMC.")
	wants(t, w.pageOf(t, "", "", false), "in Area XX (icb:XX), since merged, for practices on EMIS: refuse [tri/0]; to GP partners, in Area XX (icb:XX), since merged: caution [tri/0]")
	own := w.groups[0]
	w.says("2026-11-20", []*guidancev1.Position{{Measure: "hub", Stance: caution, Scope: own}}) // which has a line of its own now
	wants(t, w.pageOf(t, "", "", false), "for practices on EMIS: urges caution", "in Area XX (icb:XX), since merged, for practices on EMIS: refuse [tri/0]")
}

func TestWhatWasSaidOfAnAreaThatWasMergedKeepsItsTermsAndWhatItSaysOfTheContract(t *testing.T) {
	w := merged()
	w.in.Matter.Measures[0].Kind = guidancev1.MeasureKind_MEASURE_KIND_DEMAND
	w.says("2026-11-01", []*guidancev1.Position{{
		Measure: "hub", Stance: supports, Provisional: true, Area: inArea("XX"), ValidUntil: "2026-12-31",
		Conditions:      []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF, Text: "it is paid for"}},
		ContractEffects: []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME}},
	}})
	got := w.pageOf(t, "hub", "", false)
	wants(t, got, "Said of Area XX (icb:XX), since merged into Area ZZ (icb:ZZ): support, for now, until 31 December 2026 (tri/0). To be taken up only if: it is paid for. Ring your LMC.",
		"In Area XX (icb:XX), since merged: a voluntary scheme.")
	if strings.Count(got, "support, for now") != 1 {
		t.Errorf("it is said twice:\n%s", got)
	}
	short := "in Area XX (icb:XX), since merged: support, for now, until 31 December 2026, on conditions [tri/0]"
	wants(t, w.pageOf(t, "", "", false), short, "a voluntary scheme")
	w.in.Own = nil
	wants(t, w.pageOf(t, "hub", "", false), short)
	w.says("2026-11-20", []*guidancev1.Position{{Measure: "hub", Stance: refuse}})
	wants(t, w.pageOf(t, "hub", "", false), "refuse; in Area XX (icb:XX), since merged: support, for now")
}

// What is asked of whoever is in no group was told as asked of all, where the group's line is of an area that was merged.
func TestWhatIsAskedInGeneralOfAnAreaSinceMergedSaysOfWhichGroupItIsNot(t *testing.T) {
	of := &answersv1.Statement{Position: &guidancev1.Position{Scope: &guidancev1.Scope{Id: "started", Words: "patients already started"}}}
	for name, line := range map[string]*answersv1.Line{
		"since merged":        {FormerAreas: []*answersv1.FormerArea{{Statement: of}}},
		"not in the register": {UnknownAreas: []*answersv1.Statement{of}},
	} {
		if got := ofWhichPart(nil, &guidancev1.Action{Scope: guidance.GeneralScope}, guidance.GroupsIn(line)); len(got) != 1 || got[0] != "not patients already started" {
			t.Errorf("%s: %q", name, got)
		}
	}
}
