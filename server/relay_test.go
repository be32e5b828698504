package server

import (
	"slices"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
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
