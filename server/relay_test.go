package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// An office has passed GPC's line on, with something to do, and takes a line of its own that points the
// same way. Its preview did not know what GPC says, and said that readers are shown it no more.
func TestAPreviewKnowsWhatTheOfficesRelaysPassOn(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	gpc := k.mustPublish("one", testAdvisory("2021-10-20", refuse, "gpc-england"))
	essex.awaitSame(k)
	relay := testAdvisory("2021-10-22", guidancev1.Stance_STANCE_INFORMATION_ONLY, "north-essex")
	relay.Positions[0].Provenance, relay.Positions[0].RelayOf = guidancev1.Provenance_PROVENANCE_RELAY, &guidancev1.RelaySource{Committee: "gpc-england", Advisory: gpc}
	relay.Actions = []*guidancev1.Action{{Verb: "send", Object: "the letter of GPC", Actors: relay.Audiences}}
	essex.mustPublish("two", relay)
	own := testAdvisory("2021-10-25", refuse, "north-essex")
	own.Title = "Our own line"
	resp, err := essex.publication().PublishAdvisory(testContext(t), &nodev1.PublishAdvisoryRequest{Advisory: own, ValidateOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var codes []answersv1.WarningCode
	for _, w := range resp.Warnings {
		codes = append(codes, w.Code)
	}
	if slices.Contains(codes, answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE) || !slices.Contains(codes, answersv1.WarningCode_WARNING_CODE_GOES_ON_ASKING) {
		t.Errorf("warned of %v", resp.Warnings)
	}
}

// The preview of a relay of an LMC that has merged did not have what the LMC that it was merged into says, by another office.
func TestAPreviewOfARelayKnowsWhatAMergedLMCSaysSince(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	first := essex.mustPublish("one", testAdvisory("2021-10-20", refuse, "north-essex"))
	committee := func(id, from, until string, predecessors ...string) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
			Id: id, Name: id + " LMC", Nation: "england", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, ValidFrom: from, ValidUntil: until, Predecessors: predecessors,
		}}}
	}
	kent := k.join("kent", false, "kent")
	if _, err := k.record("merger", committee("north-essex", "", "2021-10-31"), committee("east", "2021-11-01", "", "north-essex"),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "east", Office: "kent", ValidFrom: "2021-11-01"}}}); err != nil {
		t.Fatal(err)
	}
	kent.awaitSame(k)
	since := testAdvisory("2021-11-02", guidancev1.Stance_STANCE_CAUTION, "east")
	since.Amends = []string{first}
	now := kent.mustPublish("two", since)
	surrey := k.join("surrey", false, "surrey")
	for _, n := range []*testNode{essex, kent, surrey} {
		n.awaitSame(k)
	}
	relay := testAdvisory("2021-11-05", guidancev1.Stance_STANCE_INFORMATION_ONLY, "surrey")
	relay.Positions[0].Provenance, relay.Positions[0].RelayOf = guidancev1.Provenance_PROVENANCE_RELAY, &guidancev1.RelaySource{Committee: "north-essex", Advisory: first}
	resp, err := surrey.publication().PublishAdvisory(testContext(t), &nodev1.PublishAdvisoryRequest{Advisory: relay, ValidateOnly: true})
	if err != nil {
		t.Fatal(wire.FromStatus(err))
	}
	turned := slices.IndexFunc(resp.Warnings, func(w *answersv1.Warning) bool {
		return w.Code == answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST
	})
	if want := "it says now: caution (" + now + ", 2 November 2021), as east LMC."; turned < 0 || !strings.Contains(resp.Warnings[turned].Words, want) {
		t.Errorf("warned of %v, want %q", resp.Warnings, want)
	}
}

// An office that denied the newer of two reports was told that it has no line then: its preview did not have the older
// one, which practices go on being told, for another office holds it.
func TestAPreviewOfADenialKnowsWhatElseIsReported(t *testing.T) {
	k := newKeeper(t)
	if _, err := k.record("right", &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: "gpc-england", ValidFrom: "2021-01-01"}}}); err != nil {
		t.Fatal(err)
	}
	essex := k.join("essex", false, "north-essex")
	var names []string
	for i, stance := range []guidancev1.Stance{refuse, guidancev1.Stance_STANCE_CAUTION} {
		day := fmt.Sprintf("2021-10-2%d", i)
		resp, err := k.publication().ReportPosition(testContext(t), &nodev1.ReportPositionRequest{RequestId: day, Report: &guidancev1.ReportedPosition{
			Position: testAdvisory(day, stance, "north-essex").Positions[0], Source: &guidancev1.Reference{Publisher: "Pulse", Title: "What it said"},
			Issued: &guidancev1.DayRange{Earliest: day, Latest: day}, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		}})
		if err != nil {
			t.Fatal(wire.FromStatus(err))
		}
		names = append(names, resp.GetStanding().GetEntry())
	}
	essex.awaitSame(k)
	resp, err := essex.publication().WithdrawAdvisory(testContext(t), &nodev1.WithdrawAdvisoryRequest{ValidateOnly: true, Withdrawal: &guidancev1.Withdrawal{
		Advisory: names[1], Reason: "not our position", Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
	}})
	if err != nil {
		t.Fatal(wire.FromStatus(err))
	}
	want := "will have the older line of " + names[0] + " (refuse, as Pulse reports) on the whole matter"
	if len(resp.Warnings) != 1 || !strings.Contains(resp.Warnings[0].Words, want) {
		t.Errorf("warned of %v, want %q", resp.Warnings, want)
	}
}
