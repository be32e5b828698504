package plain

import (
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A must that ends for partners, or is asked of them by a later day, from a day ahead on was told to all until that day.
func TestAMustThatEndsForPartnersOnADayAheadSaysSo(t *testing.T) {
	form := func(day string, of ...guidancev1.Audience) *guidancev1.Action {
		return &guidancev1.Action{Verb: "send", Object: "the form", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy(day), Actors: of}
	}
	hub := func(from string, to ...guidancev1.Audience) []*guidancev1.Position {
		return []*guidancev1.Position{{Measure: "hub", Stance: refuse, ValidFrom: from, Audiences: to}}
	}
	w := newSmall()
	w.says("2026-11-10", hub(""), form("2026-12-18"))
	w.says("2026-11-11", hub("2026-12-05", partners)).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"by 18 December 2026: send the form (ends on 5 December 2026 for GP partners)"})
	w = newSmall()
	w.says("2026-11-10", hub(""), form("2026-12-18"))
	w.says("2026-11-11", hub("2026-12-05", partners), form("2026-12-22")).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"by 18 December 2026: send the form (from 5 December 2026 on by 22 December 2026 for GP partners)"})
	w = newSmall()
	w.says("2026-11-10", hub("", partners, managers), form("2026-12-18"))
	w.says("2026-11-11", hub("2026-12-05", partners)).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"by 18 December 2026: GP partners and practice managers: send the form (ends on 5 December 2026 for GP partners)"})
}
