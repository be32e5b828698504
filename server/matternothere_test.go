package server

import (
	"errors"
	"slices"
	"testing"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// A letter on a matter that has not arrived is taken where its office says so; it is kept by all nodes, and
// answers when the matter arrives.
func TestALineOnAMatterThatIsNotHereYetAnswersOnceThatArrives(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	letter := testAdvisory("2021-10-25", guidancev1.Stance_STANCE_REFUSE, "north-essex")
	letter.Positions[0].Matter = "gpc-england/plan-later"
	if _, err := essex.publish("early", letter); !errors.Is(err, fault.ErrUnknownMatter) {
		t.Fatalf("unasked for, it is answered %v", err)
	}
	resp, err := essex.publication().PublishAdvisory(testContext(t), &nodev1.PublishAdvisoryRequest{RequestId: "early", Advisory: letter, MatterNotHere: true})
	if err != nil {
		t.Fatal(wire.FromStatus(err))
	}
	if !slices.ContainsFunc(resp.Warnings, func(w *answersv1.Warning) bool { return w.Code == answersv1.WarningCode_WARNING_CODE_MATTER_NOT_HERE }) {
		t.Errorf("nobody is told to look twice: %v", resp.Warnings)
	}
	k.awaitSame(essex)
	if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "later", Matter: matterFor("later")}); err != nil {
		t.Fatal(wire.FromStatus(err))
	}
	essex.awaitSame(k)
	for _, n := range []*testNode{k, essex} {
		view, err := n.guidance().GetCombinedView(testContext(t), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan-later", Committee: "north-essex"}})
		if err != nil {
			t.Fatal(wire.FromStatus(err))
		}
		line := view.View.Committees[0].Headline
		if line.GetCurrent().GetAdvisory() != resp.Standing.Entry || line.GetCurrent().GetPosition().GetStance() != guidancev1.Stance_STANCE_REFUSE {
			t.Errorf("%s answers %v", n.Office(), line)
		}
	}
}
