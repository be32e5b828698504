package plain

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const commissioners = guidancev1.Audience_AUDIENCE_COMMISSIONERS

// notAddressed has a measure that is addressed to commissioners alone, and a letter to practices on it.
func notAddressed() *small {
	w := newSmall()
	w.in.Matter.Measures[1].AddressedTo = []guidancev1.Audience{commissioners}
	w.says("2026-11-01", []*guidancev1.Position{{Measure: "feed", Stance: refuse, Rationale: "It names and shames."}}, &guidancev1.Action{
		Verb: "sign", Object: "nothing", Measure: "feed", Actors: []guidancev1.Audience{practices}, Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST,
		Due: dueBy("2026-12-15"), Template: "We sign nothing.",
	})
	return w
}

// On a measure that is addressed to commissioners, what a letter said to practices was on no page of theirs.
func TestWhatPracticesAreToldOfAMeasureAddressedToOthersIsOnTheirPage(t *testing.T) {
	w := notAddressed()
	for _, full := range []bool{false, true} {
		got := w.pageOf(t, "", practiceIn(0), full)
		wants(t, got, "The feed (feed): advises you to refuse [tri/0]", "by 15 December 2026: sign nothing", "Insists: sign nothing, by 15 Dec 2026 (text)", "It names and shames.")
		if strings.Contains(got, "no line for these readers") {
			t.Error(got)
		}
		wants(t, w.pageOf(t, "feed", practiceIn(0), full), "advises you to refuse", "insists: sign nothing, by 15 December 2026", "the text for “sign nothing”")
	}
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "feed", Stance: caution, Audiences: []guidancev1.Audience{commissioners}}}, &guidancev1.Action{
		Verb: "publish", Object: "no list", Measure: "feed", Actors: []guidancev1.Audience{commissioners}, Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED,
	})
	for _, full := range []bool{false, true} {
		got := w.pageOf(t, "", practiceIn(0), full)
		wants(t, got, "The feed (feed): advises you to refuse [tri/0]", "The feed (feed): to commissioners, caution [tri/1]", "by 15 December 2026: sign nothing", "publish no list (commissioners)")
		if i, j := strings.Index(got, "refuse [tri/0]"), strings.Index(got, "to commissioners, caution"); i > j {
			t.Errorf("what others are told goes first: %s", got)
		}
	}
	wants(t, w.pageOf(t, "feed", practiceIn(0), false), "advises you to refuse", "Said to others than practices", "to commissioners, caution [tri/1]")
}

// What the national picture has of such a measure is what its addressees are told; what practices are was nowhere in it.
func TestTheTableOfAMeasureAddressedToOthersNamesWhatPracticesAreTold(t *testing.T) {
	w := notAddressed()
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution, Audiences: []guidancev1.Audience{practices, commissioners}}})
	w.in.Own = nil
	pic, err := picture.National(t.Context(), w.in, answersv1.Unit_UNIT_COMMITTEES, "")
	if err != nil {
		t.Fatal(err)
	}
	p := New(MostWidth)
	p.National(pic, "")
	wants(t, strings.Join(strings.Fields(p.String()), " "), "To practices: refuse (tri/0).")
}

// Whoever had to send a text was not told, among the measures of their own LMC, to whom.
func TestATextToSendSaysToWhomAmongTheMeasures(t *testing.T) {
	w := newSmall()
	w.says("2026-11-20", []*guidancev1.Position{{Measure: "feed", Stance: refuse}}, &guidancev1.Action{
		Verb: "send", Object: "the reply", Measure: "feed", Template: "No.", TemplateFor: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS},
	})
	wants(t, OneLine(w.pageOf(t, "", practiceIn(0), false)), "send the reply (text to commissioners)")
}
