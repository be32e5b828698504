package plain

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Where a letter tells of a claim by whoever proposes what it is on, there stood above it that what they claim is not recorded here.
func TestWhoProposesAndIsToldToClaimSomethingIsNotSaidToClaimNothing(t *testing.T) {
	claim := []*guidancev1.Claim{{Claimant: &guidancev1.Body{Id: "nhs-england", Name: "NHS England"}, Day: "2026-10-20", Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL, Words: "It is implied."}}
	const told, silent = "NHS England claims: contractual (20 October 2026): It is implied.", "not recorded here"
	oneScreen := func(v *answersv1.CombinedView) string {
		var b strings.Builder
		if err := OneScreen(&b, v, MostWidth); err != nil {
			t.Fatal(err)
		}
		return OneLine(b.String())
	}
	for _, measure := range []string{"", "hub"} {
		for name, tells := range map[string]bool{"told": true, "untold": false} {
			w := newSmall()
			says := &guidancev1.Position{Measure: measure, Stance: refuse}
			if tells {
				says.Claims = claim
			}
			w.says("2026-11-02", []*guidancev1.Position{says})
			pages := map[string]string{"its view": OneLine(viewPage(w.view(t, measure, ""))), "its view in full": w.pageOf(t, measure, practiceIn(0), true), "one screen": oneScreen(w.view(t, measure, ""))}
			if measure == "" {
				pages["a practice's page"], pages["that printed"] = OneLine(practiceText(w.ownPage(t, 1), 100)), printed(w.ownPage(t, 1))
			}
			for page, text := range pages {
				if strings.Contains(text, told) != tells || strings.Contains(text, silent) == tells {
					t.Errorf("%s, on %q, %s: %s", name, measure, page, text)
				}
			}
		}
	}
	in := newSmall() // in brief
	in.says("2026-11-02", []*guidancev1.Position{{Stance: refuse, Claims: claim, Rationale: long}})
	in.once(t, []string{"contractual (NHS England)"}, silent)
	// By another of a practice's LMCs, on the same page.
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse, Claims: claim}})
	page := w.ownPage(t, 1)
	own, other := page.GetMatters()[0].GetCommittees()[0], &answersv1.CommitteeView{Own: true, Headline: &answersv1.Line{Committee: "duo", CommitteeName: "Duo LMC"}}
	for _, both := range [][]*answersv1.CommitteeView{{own, other}, {other, own}} {
		page.Matters[0].Committees = both
		if text := printed(page); strings.Count(text, told) != 1 || strings.Contains(text, silent) {
			t.Error(text)
		}
	}
}
