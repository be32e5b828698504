package plain

import (
	"strings"
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What the national committee asked of practices by a day stood in lists of what falls due, and on no practice's page, in
// no view and in no calendar.
func TestWhatTheNationalCommitteeAsksOfPracticesStandsWhereTheyLookAsItsOwn(t *testing.T) {
	reply := func() *guidancev1.Action {
		return &guidancev1.Action{Verb: "reply", Object: "to the ICB", Measure: "hub", Due: dueBy("2026-12-11"), Template: "Dear ICB, no.", TemplateFor: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS}}
	}
	world := func(own *guidancev1.Position, asks ...*guidancev1.Action) *small {
		w := newSmall()
		w.isNational("2026-11-02", &guidancev1.Position{Measure: "hub", Stance: refuse})
		w.in.Entries[0].Advisory.Actions = []*guidancev1.Action{reply(), {Verb: "tell", Object: "your ICB", Measure: "hub", Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PCNS}}}
		w.in.Entries[0].Advisory.Actions[1].Matter, w.in.Entries[0].Advisory.Actions[0].Matter = w.in.Matter.GetName(), w.in.Matter.GetName()
		passes := own.GetRelayOf() != nil
		w.says("2026-11-03", []*guidancev1.Position{own}, asks...)
		if passes {
			own.Provenance = guidancev1.Provenance_PROVENANCE_RELAY
		}
		return w
	}
	told := "GPC England asks: reply to the ICB"
	w := world(&guidancev1.Position{Measure: "hub", Stance: caution})
	w.mustSay(t, "", []string{told + ", by 11 December 2026", "the text for “reply to the ICB”, to commissioners"}, "your ICB (primary care networks)")
	w.mustSay(t, "hub", []string{told + ", by 11 December 2026"}, "your LMC asks")
	page := w.ownPage(t, 1)
	for _, text := range []string{practiceText(page, 100), printed(page)} {
		wants(t, OneLine(text), "by 11 Dec", told)
		if strings.Contains(text, "Your LMC asks") {
			t.Error(text)
		}
	}
	wants(t, printed(page), "Dear ICB, no.")
	due := func(w *small) (all []string) {
		for _, one := range DueOf(w.view(t, "", practiceIn(0))) {
			all = append(all, one.Words)
		}
		return all
	}
	if got := strings.Join(due(w), "; "); got != told {
		t.Errorf("due: %s", got)
	}
	again := reply()
	if got := strings.Join(due(world(&guidancev1.Position{Measure: "hub", Stance: caution}, again)), "; "); got != "reply to the ICB" {
		t.Errorf("asked by both: %s", got)
	}
	again.Object = "to your ICB with GPC's text"
	relays := &guidancev1.Position{Measure: "hub", Stance: guidancev1.Stance_STANCE_INFORMATION_ONLY, RelayOf: &guidancev1.RelaySource{Committee: "gpc-england"}}
	if got := strings.Join(due(world(relays, again)), "; "); got != "reply to your ICB with GPC's text" {
		t.Errorf("passed on: %s", got)
	}
}
