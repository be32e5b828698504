package plain

import (
	"strings"
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

// A must for managers, by a letter to them alone, was on no page of the practice once another letter had a line for partners
// and managers; and so it was for salaried GPs, and where practices have a line besides.
func TestAMustForOneKindOfReaderIsOnThePageWhereALineIsToSeveral(t *testing.T) {
	must := func(to guidancev1.Audience) *guidancev1.Action {
		return &guidancev1.Action{Verb: "send", Object: "the form", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-04"), Actors: []guidancev1.Audience{to}, Template: "The form.", TemplateFor: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS}}
	}
	for _, one := range []guidancev1.Audience{managers, salaried} {
		for _, stance := range []guidancev1.Stance{guidancev1.Stance_STANCE_INFORMATION_ONLY, caution} {
			for _, general := range []bool{false, true} {
				for _, last := range []bool{false, true} { // the line to several is the later letter
					w := newSmall()
					if general {
						w.says("2026-11-01", []*guidancev1.Position{{Measure: "hub", Stance: caution}})
					}
					line := &guidancev1.Position{Measure: "hub", Stance: caution, Audiences: []guidancev1.Audience{partners, one}}
					own := &guidancev1.Position{Measure: "hub", Stance: stance, Audiences: []guidancev1.Audience{one}}
					if last {
						w.says("2026-11-02", []*guidancev1.Position{own}, must(one))
						w.says("2026-11-03", []*guidancev1.Position{line})
					} else {
						w.says("2026-11-02", []*guidancev1.Position{line})
						w.says("2026-11-03", []*guidancev1.Position{own}, must(one))
					}
					who := guidance.AudienceWords(one)
					w.mustSay(t, "hub", []string{who + ": your LMC insists: send the form, by 4 December 2026", "by 4 December 2026: " + who + ": send the form", who + ": the text for “send the form”"})
				}
			}
		}
	}
}

// Partners whose line a later letter ended went on being told it, with its must and its text, beside the new one.
func TestPartnersWhoseLineIsEndedAreNotToldItBesideTheNewOne(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Audiences: []guidancev1.Audience{managers, partners}}},
		&guidancev1.Action{Verb: "write", Object: "to the ICB", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-04")})
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: supports, Audiences: []guidancev1.Audience{partners}}},
		&guidancev1.Action{Verb: "sign", Object: "the agreement", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-11")}).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{
		"To practice managers: refuse (tri/0)", "To GP partners: support (tri/1)",
		"practice managers: your LMC insists: write to the ICB, by 4 December 2026", "by 4 December 2026: practice managers: write to the ICB", "GP partners: your LMC insists: sign the agreement, by 11 December 2026",
	}, "practice managers, GP partners", "GP partners, practice managers")
}

// A must that was ended for partners was told to them again once a newsletter repeated the line to all, and the old day to
// managers who had been given a later one.
func TestWhatIsEndedForPartOfTheReadersStaysEndedUnderANewerLineToAll(t *testing.T) {
	must := func(day string, actors ...guidancev1.Audience) *guidancev1.Action {
		return &guidancev1.Action{Verb: "send", Object: "the form", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy(day), Actors: actors}
	}
	hub := func(to ...guidancev1.Audience) []*guidancev1.Position {
		return []*guidancev1.Position{{Measure: "hub", Stance: caution, Audiences: to, Rationale: "It is not paid for."}}
	}
	w := newSmall()
	w.says("2026-11-10", hub(), must("2026-12-11"))
	w.says("2026-11-13", hub(partners)).Amends = []string{"tri/0"}
	w.says("2026-11-14", hub(), &guidancev1.Action{Verb: "ring", Object: "us", Measure: "hub"})
	w.mustSay(t, "hub", []string{"send the form, by 11 December 2026 (not GP partners) [tri/0]", "by 11 December 2026: send the form (not GP partners)", "your LMC asks: ring us your LMC insists"}, "To GP partners")
	if page := w.pageOf(t, "", "", true); strings.Count(page, "It is not paid for.") != 1 || strings.Contains(page, "To GP partners") {
		t.Error(page)
	}
	w = newSmall() // to partners and managers by line, and not by name alone
	w.says("2026-11-10", hub(partners, managers), must("2026-12-11", partners, managers))
	w.says("2026-11-13", hub(managers), must("2026-12-21", managers)).Amends = []string{"tri/0"}
	w.says("2026-11-14", hub())
	w.mustSay(t, "hub", []string{"by 11 December 2026: send the form (GP partners)", "by 21 December 2026: send the form (practice managers)"}, "(GP partners, practice managers)")
	w = newSmall()
	both := []guidancev1.Audience{partners, managers}
	w.says("2026-11-10", hub(), must("2026-12-11", both...))
	w.says("2026-11-13", hub(managers), must("2026-12-21", managers)).Amends = []string{"tri/0"}
	w.says("2026-11-14", hub())
	w.mustSay(t, "hub", []string{"by 11 December 2026: send the form (GP partners)", "by 21 December 2026: practice managers: send the form"}, "(GP partners, practice managers)")
}

// A must that partners were told is not for them, by a letter that takes no line, was told to all.
func TestWhatIsEndedForPartnersByWhatIsOnlyMentionedIsNotAskedOfThem(t *testing.T) {
	w := newSmall()
	w.says("2026-11-10", []*guidancev1.Position{{Measure: "hub", Stance: caution}},
		&guidancev1.Action{Verb: "send", Object: "the form", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-05")})
	w.says("2026-11-11", []*guidancev1.Position{{Measure: "hub", Stance: guidancev1.Stance_STANCE_INFORMATION_ONLY, Audiences: []guidancev1.Audience{partners}}}).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"your LMC insists: send the form, by 5 December 2026 (a Saturday: offices may be shut) (not GP partners)", "send the form (not GP partners)", "Also to GP partners: passes on information"})
}

// A must to two kinds of reader was told of one alone once the other had a line of its own.
func TestAMustToTwoKindsOfReaderIsToldOfBothWhereOneHasAnotherLine(t *testing.T) {
	form := &guidancev1.Action{Verb: "return", Object: "the list", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-18"), Actors: []guidancev1.Audience{partners, salaried}}
	hub := func(stance guidancev1.Stance, to ...guidancev1.Audience) []*guidancev1.Position {
		return []*guidancev1.Position{{Measure: "hub", Stance: stance, Audiences: to}}
	}
	w := newSmall()
	w.says("2026-11-02", hub(caution, partners, salaried), form)
	w.says("2026-11-03", hub(caution))
	w.says("2026-11-04", hub(caution, partners))
	w.mustSay(t, "hub", []string{"your LMC insists: return the list, by 18 December 2026 (GP partners, salaried and locum GPs)", "by 18 December 2026: return the list (GP partners, salaried and locum GPs)"})
	w = newSmall()
	w.says("2026-11-02", hub(caution, salaried))
	w.says("2026-11-03", hub(guidancev1.Stance_STANCE_INFORMATION_ONLY, partners, salaried), form)
	w.mustSay(t, "hub", []string{"return the list, by 18 December 2026 (GP partners, salaried and locum GPs)"})
}

// A must of managers with a line from a day ahead was on no page until that day, once a letter to them and a newsletter had said
// the same line.
func TestWhatManagersAreAskedWithALineAheadIsOnThePageUnderANewerOne(t *testing.T) {
	w := newSmall()
	w.says("2026-11-10", []*guidancev1.Position{{Measure: "hub", Stance: refuse, ValidFrom: "2026-12-14"}},
		&guidancev1.Action{Verb: "stop", Object: "it", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-18"), Actors: []guidancev1.Audience{managers}})
	w.says("2026-11-11", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Audiences: []guidancev1.Audience{managers}}})
	w.mustSay(t, "hub", []string{"by 18 December 2026: practice managers: stop it (with its line from 14 December 2026 on)"})
	w.says("2026-11-12", []*guidancev1.Position{{Measure: "hub", Stance: refuse}})
	w.mustSay(t, "hub", []string{"by 18 December 2026: stop it (practice managers, with its line from 14 December 2026 on)"})
}

// What was ended for partners while its line was still ahead was told to them too until that began: by name, or as all of a practice.
func TestWhatIsEndedForPartnersAheadOfItsLineIsNotAskedOfThem(t *testing.T) {
	hub := func(stance guidancev1.Stance, from string, to ...guidancev1.Audience) []*guidancev1.Position {
		return []*guidancev1.Position{{Measure: "hub", Stance: stance, ValidFrom: from, Audiences: to}}
	}
	stop := func(of ...guidancev1.Audience) *guidancev1.Action {
		return &guidancev1.Action{Verb: "stop", Object: "it", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-18"), Actors: of}
	}
	for name, ends := range map[string][]*guidancev1.Position{
		"by a line from the same day": hub(refuse, "2026-12-14", partners), "by what takes no line": hub(guidancev1.Stance_STANCE_INFORMATION_ONLY, "", partners),
	} {
		t.Run(name, func(t *testing.T) {
			w := newSmall()
			w.says("2026-11-10", hub(refuse, "2026-12-14"), stop())
			w.says("2026-11-11", ends).Amends = []string{"tri/0"}
			w.mustSay(t, "hub", []string{"by 18 December 2026 (not GP partners), with its line from 14 December 2026 on", "stop it (not GP partners, with its line"})
			w = newSmall()
			w.says("2026-11-10", hub(refuse, "2026-12-14"), stop(partners, managers))
			w.says("2026-11-11", ends).Amends = []string{"tri/0"}
			w.mustSay(t, "hub", []string{"by 18 December 2026 (practice managers), with its line from 14 December 2026 on"}, "(GP partners, practice managers)")
		})
	}
}

// A must of managers by a letter that takes no line, the only one to them, left the practice's page the day after its own: on
// theirs it stands, until it is ended.
func TestAMustOfManagersByANoteStandsWhenItsDayHasPassed(t *testing.T) {
	w := newSmall()
	w.says("2026-11-11", []*guidancev1.Position{{Measure: "hub", Stance: guidancev1.Stance_STANCE_INFORMATION_ONLY, Audiences: []guidancev1.Audience{managers}}},
		&guidancev1.Action{Verb: "file", Object: "the list", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-11-27")})
	w.mustSay(t, "hub", []string{"your LMC insists: file the list, by 27 November 2026 (practice managers) [tri/0]; that day has passed"})
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
