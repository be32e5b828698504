package plain

import (
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
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

// What is asked of commissioners stood among what networks have to do by when.
func TestByWhenHasWhatIsAskedOfTheReadersOfAView(t *testing.T) {
	const pcns, commissioners = guidancev1.Audience_AUDIENCE_PCNS, guidancev1.Audience_AUDIENCE_COMMISSIONERS
	w := newSmall()
	w.in.Audience = pcns
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Audiences: []guidancev1.Audience{practices, pcns}}},
		&guidancev1.Action{Verb: "stop", Object: "the list", Measure: "hub", Actors: []guidancev1.Audience{commissioners}, Due: dueBy("2026-12-15")},
		&guidancev1.Action{Verb: "tell", Object: "the board", Measure: "hub", Actors: []guidancev1.Audience{pcns}, Due: dueBy("2026-12-16")})
	w.mustSay(t, "hub", []string{"By when by 16 December 2026: tell the board", "your LMC asks: stop the list, by 15 December 2026 (commissioners)"})
}

// A letter to practices and partners, of which a later one to partners ended a must for them, went on telling the page of practices
// that all of the practice have to.
func TestWhoIsAmongOthersWhomALetterNamesIsSaidNotToBeAskedOnceItIsEnded(t *testing.T) {
	for _, some := range []guidancev1.Audience{partners, managers} {
		w := newSmall()
		both := []guidancev1.Audience{practices, some}
		w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Audiences: both}},
			&guidancev1.Action{Verb: "give", Object: "notice", Measure: "hub", Actors: both, Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-24")})
		theirs := w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: caution, Audiences: []guidancev1.Audience{some}}})
		theirs.Amends = []string{"tri/0"}
		not := "not " + guidance.AudienceWords(some)
		w.mustSay(t, "hub", []string{"your LMC insists: give notice, by 24 December 2026 (" + not + ")", "by 24 December 2026: give notice (" + not + ")"})
	}
}

// What managers are asked by a letter of their own stood once more as asked of “practice managers, not practice managers”.
func TestWhatIsAskedOfNobodyWhomItNamesIsNotOnThePage(t *testing.T) {
	w := newSmall()
	logs := func(strength guidancev1.ActionStrength) *guidancev1.Action {
		return &guidancev1.Action{Verb: "log", Object: "each request", Measure: "hub", Actors: []guidancev1.Audience{managers}, Strength: strength, Due: dueBy("2027-01-08")}
	}
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}}, logs(guidancev1.ActionStrength_ACTION_STRENGTH_ASKED))
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: refuse}})
	w.says("2026-11-04", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Audiences: []guidancev1.Audience{managers}}}, logs(guidancev1.ActionStrength_ACTION_STRENGTH_MUST)).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"practice managers: your LMC insists: log each request, by 8 January 2027"}, "not practice managers", "your LMC asks: log")
}
