package plain

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
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

// A must that goes with several measures was told to end on the day on which one of these turns, or a part of the readers has
// another line on it.
func TestAMustWithSeveralMeasuresDoesNotEndWithOneOfThem(t *testing.T) {
	slip := &guidancev1.Action{Verb: "post", Object: "the slip", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-17")}
	for name, turns := range map[string]*guidancev1.Position{
		"for all": {Measure: "feed", Stance: supports, ValidFrom: "2026-12-14"}, "for managers": {Measure: "feed", Stance: caution, ValidFrom: "2026-12-14", Audiences: []guidancev1.Audience{managers}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newSmall()
			w.says("2026-11-10", []*guidancev1.Position{{Measure: "hub", Stance: refuse}, {Measure: "feed", Stance: refuse}}, slip)
			w.says("2026-11-11", []*guidancev1.Position{turns}).Amends = []string{"tri/0"}
			w.mustSay(t, "", []string{"by 17 December 2026: post the slip"}, "post the slip (ends")
			w.mustSay(t, "feed", []string{"post the slip (ends on 14 December 2026"})
		})
	}
}

// A correction of what managers are asked, from a day ahead, was told to end that for partners and salaried GPs, who never were.
func TestACorrectionOfWhatManagersAreAskedEndsNothingForOthers(t *testing.T) {
	audit := func(day string) *guidancev1.Action {
		return &guidancev1.Action{Verb: "return", Object: "the audit", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy(day), Actors: []guidancev1.Audience{managers}}
	}
	w := newSmall()
	w.says("2026-11-10", []*guidancev1.Position{{Measure: "hub", Stance: caution}}, audit("2026-12-17"))
	w.says("2026-11-11", []*guidancev1.Position{{Measure: "hub", Stance: caution, ValidFrom: "2026-12-07", Audiences: []guidancev1.Audience{managers}}}, audit("2026-12-14")).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"by 17 December 2026: return the audit (practice managers, from 7 December 2026 on by 14 December 2026"}, "ends on 7 December 2026 for", "by tri/1 of", "no more of GP partners")
}

// While temporary advice held, no page said what answers when it is over, nor what that asks.
func TestATemporaryLineSaysWhatAnswersOnceItIsOver(t *testing.T) {
	form := &guidancev1.Action{Verb: "send", Object: "the refusal", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-21")}
	w := newSmall()
	w.says("2026-11-10", []*guidancev1.Position{{Measure: "hub", Stance: refuse}}, form)
	w.says("2026-11-11", []*guidancev1.Position{{Measure: "hub", Stance: caution, ValidUntil: "2026-12-18"}}).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"tri/1 is valid until 18 December 2026; from then on tri/0 answers"})
	reminder := newSmall() // of whichever letter: a reminder answers, and the first asks
	reminder.says("2026-11-10", []*guidancev1.Position{{Measure: "hub", Stance: refuse}}, form)
	reminder.says("2026-11-11", []*guidancev1.Position{{Measure: "hub", Stance: refuse}})
	reminder.says("2026-11-12", []*guidancev1.Position{{Measure: "hub", Stance: caution, ValidUntil: "2026-12-18"}}).Amends = []string{"tri/0", "tri/1"}
	reminder.mustSay(t, "hub", []string{"from then on tri/1 answers (refuse, with what it asks: “send the refusal, by 21 December 2026”)"})
	const then = "tri/1 is valid until 18 December 2026; from then on tri/0 answers (refuse, with what it asks: “send the refusal, by 21 December 2026”)"
	w.mustSay(t, "hub", []string{then})
	w.mustSay(t, "", []string{strings.Replace(then, "18 December", "18 Dec", 1)})
}

// Once temporary advice had ended itself, nothing said that what it had stopped counts again all the same from the day after its last.
func TestWhatEndedTemporaryAdviceStopsIsToldBeforeItComesBack(t *testing.T) {
	form := &guidancev1.Action{Verb: "send", Object: "the refusal", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-21")}
	hub := func(stance guidancev1.Stance, until string) []*guidancev1.Position {
		return []*guidancev1.Position{{Measure: "hub", Stance: stance, ValidUntil: until}}
	}
	w := newSmall()
	w.says("2026-11-10", hub(refuse, ""), form)
	w.says("2026-11-11", hub(caution, "2026-12-18")).Amends = []string{"tri/0"}
	w.says("2026-11-12", hub(refuse, "")).Amends = []string{"tri/1"}
	w.mustSay(t, "hub", []string{"From 19 December 2026 on tri/0 asks again what is stopped until then: “send the refusal, by 21 December 2026”."})
	w = newSmall()
	w.says("2026-11-10", hub(refuse, ""), form)
	w.says("2026-11-11", hub(caution, "2026-12-18")).Amends = []string{"tri/0"}
	gone := &guidancev1.Withdrawal{Office: "tri", OnBehalfOf: []string{"tri"}, Advisory: "tri/1", Effective: "2026-11-13", Issued: &guidancev1.DayRange{Earliest: "2026-11-13", Latest: "2026-11-13"}, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC}
	w.in.Entries = append(w.in.Entries, guidance.Entry{ID: "tri/2", Office: "tri", Index: 2, Feed: 3, Visibility: gone.Visibility, Withdrawal: gone})
	if got := guidance.WarningInBrief(w.view(t, "hub", "").GetCommittees()[0].GetHeadline().GetWarnings()[0]); got != "from 19 December 2026 on tri/0 answers (refuse, with what it asks: “send the refusal, by 21 December 2026”)" {
		t.Errorf("in brief: %s", got)
	}
	w.mustSay(t, "hub", []string{"From 19 December 2026 the line of tri/0 (refuse) answers on hub, with what it asks: “send the refusal, by 21 December 2026”."})
}

// What temporary advice stops, and is due after it is over, stood in no list of what is due by when, and in no calendar.
func TestWhatComesBackStandsByWhenItIsDue(t *testing.T) {
	form := &guidancev1.Action{Verb: "send", Object: "the refusal", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-21")}
	hub := func(stance guidancev1.Stance, from, until string, to ...guidancev1.Audience) []*guidancev1.Position {
		return []*guidancev1.Position{{Measure: "hub", Stance: stance, ValidFrom: from, ValidUntil: until, Audiences: to}}
	}
	w := newSmall()
	w.says("2026-11-10", hub(refuse, "", ""), form)
	w.says("2026-11-11", hub(caution, "", "2026-12-18")).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"by 21 December 2026: send the refusal (again from 19 December 2026 on)"}, "To do")
	w.mustSay(t, "", []string{"by 21 December 2026: send the refusal (again from 19 December 2026 on)"})
	due := DueOf(w.view(t, "", ""))
	if len(due) != 1 || due[0].Day != "2026-12-21" || !strings.Contains(due[0].Words, "send the refusal") || !strings.Contains(due[0].Words, "again from 19 December 2026 on") {
		t.Errorf("the calendar has %v", due)
	}
	w = newSmall()
	w.says("2026-11-10", hub(refuse, "", ""), form)
	w.says("2026-11-11", hub(caution, "", "2026-12-18", partners)).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"by 21 December 2026: send the refusal (not GP partners); GP partners: send the refusal (again from 19 December 2026 on)"})
	w = newSmall() // stopped from a day ahead until a later one
	w.says("2026-11-10", hub(refuse, "", ""), form)
	w.says("2026-11-11", hub(caution, "2026-12-05", "2026-12-18")).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{
		"by 21 December 2026: send the refusal (not from 5 December 2026 to 18 December 2026)",
		"tri/0 gives way here on 5 December 2026, to tri/1; it counts again from 19 December 2026 on.",
	}, "ends on 5 December", "no more from 5 December")
}

// While temporary advice stood, a page of an earlier day had what letters ask that were issued since; and what managers alone are asked was
// told as asked again where that stops it for partners, and as ended where they have a line of their own.
func TestWhatComesBackIsOfThoseItIsAskedOfAndOfLettersOfThatDay(t *testing.T) {
	form := func(of ...guidancev1.Audience) *guidancev1.Action {
		return &guidancev1.Action{Verb: "send", Object: "the refusal", Measure: "hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-21"), Actors: of}
	}
	hub := func(stance guidancev1.Stance, from, until string, to ...guidancev1.Audience) []*guidancev1.Position {
		return []*guidancev1.Position{{Measure: "hub", Stance: stance, ValidFrom: from, ValidUntil: until, Audiences: to}}
	}
	w := newSmall()
	w.says("2026-11-10", hub(refuse, "", ""), form())
	w.says("2026-11-11", hub(caution, "", "2026-12-18")).Amends = []string{"tri/0"}
	w.in.AsOf = "2026-11-09"
	w.mustSay(t, "hub", nil, "send", "again from")
	for _, from := range []string{"", "2026-12-07"} {
		w = newSmall()
		w.says("2026-11-10", hub(refuse, "", ""), form(managers))
		w.says("2026-11-11", hub(caution, from, "2026-12-18", partners)).Amends = []string{"tri/0"}
		w.mustSay(t, "hub", []string{"by 21 December 2026: send the refusal (practice managers)"}, "again from 19", "no more")
		if due := DueOf(w.view(t, "", "")); len(due) != 1 {
			t.Errorf("the calendar has %v", due)
		}
	}
	w = newSmall() // two lines of one letter
	w.says("2026-11-10", append(hub(refuse, "", ""), hub(caution, "", "2026-12-18", partners)...))
	partnersLine := w.view(t, "hub", "").GetCommittees()[0].GetHeadline().GetPartLines()[0]
	if got := OneLine(partnersLine.GetWarnings()[0].GetWords()); got != "tri/0 is valid until 18 December 2026; from then on its other line answers (refuse)." {
		t.Error(got)
	}
	w = newSmall() // to partners alone, beneath one to all
	w.says("2026-11-10", hub(refuse, "", "", partners), form())
	w.says("2026-11-11", hub(caution, "", "2026-12-18")).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"tri/1 is valid until 18 December 2026; from then on tri/0 answers for GP partners (refuse, with what it asks: “send the refusal, by 21 December 2026”)."})
}

// Of a letter that temporary advice stops for some until one day and for others until another, each was told both days; and on a past day
// the one that a later letter set.
func TestWhatAnswersOnceTemporaryAdviceIsOverIsToldByTheReadersOwnDay(t *testing.T) {
	hub := func(until string, area *guidancev1.AreaId) []*guidancev1.Position {
		return []*guidancev1.Position{{Measure: "hub", Stance: caution, ValidUntil: until, Area: area}}
	}
	w := newSmall()
	w.says("2026-11-10", []*guidancev1.Position{{Measure: "hub", Stance: refuse}})
	w.says("2026-11-11", hub("2026-12-11", nil)).Amends = []string{"tri/0"}
	w.says("2026-11-20", hub("2026-12-18", inArea("AA"))).Amends = []string{"tri/0", "tri/1"}
	says := func(area int) string {
		var words []string
		for _, line := range w.view(t, "hub", practiceIn(area)).GetCommittees()[0].GetMeasures() {
			for _, w := range line.GetWarnings() {
				words = append(words, w.GetWords())
			}
		}
		for _, w := range w.view(t, "hub", practiceIn(area)).GetCommittees()[0].GetHeadline().GetWarnings() {
			words = append(words, w.GetWords())
		}
		return strings.Join(words, " ")
	}
	if got := says(1); !strings.Contains(got, "tri/1 is valid until 11 December 2026; from then on tri/0 answers") || strings.Contains(got, "19 December") {
		t.Errorf("elsewhere: %s", got)
	}
	if got := says(0); !strings.Contains(got, "tri/2 is valid until 18 December 2026; from then on tri/0 answers") || strings.Contains(got, "12 December") {
		t.Errorf("there: %s", got)
	}
	if w.in.AsOf = "2026-11-15"; strings.Contains(says(0), "19 December") {
		t.Errorf("before that was issued: %s", says(0))
	}
}
