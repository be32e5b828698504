package plain

import (
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Managers whom a letter to salaried GPs asked something were named on no page, and neither was that locums with a line
// ahead are not asked what whoever is in no group is.
func TestAPageNamesAllWhomALetterToSomeAsksAndTheGroupThatItDoesNot(t *testing.T) {
	w := newSmall()
	toSalaried := []guidancev1.Audience{salaried}
	w.says("2026-11-02", []*guidancev1.Position{
		{Measure: "hub", Stance: refuse, Audiences: toSalaried},
		{Measure: "hub", Stance: caution, Audiences: toSalaried, Scope: w.groups[0], ValidFrom: "2026-12-20"},
	},
		&guidancev1.Action{Verb: "send", Object: "the rota", Measure: "hub", Scope: "general", Actors: toSalaried, Due: dueBy("2026-12-09")},
		&guidancev1.Action{Verb: "tell", Object: "your practice", Measure: "hub", Actors: []guidancev1.Audience{salaried, managers}})
	w.mustSay(t, "hub", []string{
		"tell your practice (salaried and locum GPs, practice managers)",
		"by 9 December 2026: salaried and locum GPs: send the rota (not practices on EMIS)",
	})
}
