package plain

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What stands on a page, with whose it is.

// isReported is what the Gazette says that the committee said.
func (w *small) isReported(day string, p *guidancev1.Position) {
	p.Matter, p.Committees, p.Audiences, p.Provenance = w.in.Matter.GetName(), []string{"tri"}, []guidancev1.Audience{practices}, guidancev1.Provenance_PROVENANCE_REPORTED
	n := len(w.in.Entries)
	w.in.Entries = append(w.in.Entries, guidance.Entry{
		ID: fmt.Sprint("bma/", n), Office: "bma", Index: uint64(n), Feed: uint64(n + 1), Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		Report: &guidancev1.ReportedPosition{Office: "bma", Issued: &guidancev1.DayRange{Earliest: day, Latest: day}, Position: p, Source: &guidancev1.Reference{Publisher: "The Gazette"}, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC},
	})
}

func (w *small) mustSay(t *testing.T, measure string, wanted []string, unwanted ...string) {
	t.Helper()
	page := viewPage(w.view(t, measure, ""))
	got := OneLine(page)
	for _, want := range wanted {
		if !strings.Contains(got, want) {
			t.Errorf("on %q: no %q in\n%s", measure, want, page)
		}
	}
	for _, not := range unwanted {
		if strings.Contains(got, not) {
			t.Errorf("on %q: %q in\n%s", measure, not, page)
		}
	}
}

func stated(effect guidancev1.ContractEffect) []*guidancev1.DatedEffect {
	return []*guidancev1.DatedEffect{{Effect: effect}}
}

// Where every part of an area has a line of its own, what the first of them says of the contract, why,
// and what to look at twice in it, was told to all.
func TestWhatTheHeadOfThePartsSaysIsToldOfThatPart(t *testing.T) {
	w := newSmall()
	effects := []guidancev1.ContractEffect{guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL, guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL, guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL}
	for i, code := range codes {
		w.says(fmt.Sprint("2026-11-0", i+1), []*guidancev1.Position{{
			Measure: "hub", Stance: []guidancev1.Stance{refuse, caution, caution}[i], Area: inArea(code), Rationale: []string{"the data are poor", "it is not paid for", "it is not paid for"}[i], ContractEffects: stated(effects[i]),
			Consequences: []*guidancev1.StatedConsequence{{Topic: guidancev1.ConsequenceTopic_CONSEQUENCE_TOPIC_MONEY, Words: []string{"none is lost", "it is late", "it is late"}[i]}},
		}})
	}
	w.mustSay(t, "hub", []string{
		"Why In Area AA (icb:AA): the data are poor In Area BB (icb:BB) and in Area CC (icb:CC): it is not paid for",
		"By contract Tri LMC, in Area AA (icb:AA): contractual. Tri LMC, in Area BB (icb:BB) and in Area CC (icb:CC): not in the contract.",
		"It says In Area AA (icb:AA): For money: none is lost In Area BB (icb:BB) and in Area CC (icb:CC): For money: it is late",
		"Look twice In Area AA (icb:AA): It says “refuse”, and reads the contract so",
	})
}

// What others report of a committee read as its own word.
func TestWhatIsOnlyReportedSaysSoAndByWhom(t *testing.T) {
	w := newSmall()
	w.isReported("2026-11-02", &guidancev1.Position{Measure: "hub", Stance: refuse, Rationale: "the data are poor", ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL)})
	w.mustSay(t, "", []string{
		"Lines of its own for practices on 0 of 3 measures, and what else it has said, or is reported to have said, on 1 more:",
		"The hub (hub): reported by The Gazette, not by itself: refuse",
	}, "Says: contractual")
	w.mustSay(t, "hub", []string{
		"Why As reported by The Gazette: the data are poor", "By contract Tri LMC: as reported by The Gazette: contractual.", "Letter reported by The Gazette, 2 November 2026", "Look twice It is reported by The Gazette to say “refuse”, and to read the contract so that this is contractual",
	})
	if v := w.view(t, "", ""); v.GetCommittees()[0].GetOwnMeasureLines() != 0 {
		t.Errorf("%d lines of its own, and it has said nothing", v.GetCommittees()[0].GetOwnMeasureLines())
	}
	part := newSmall()
	p := &guidancev1.Position{Measure: "hub", Stance: refuse}
	part.isReported("2026-11-02", p)
	p.Audiences = []guidancev1.Audience{partners}
	part.mustSay(t, "hub", []string{"To GP partners: reported by The Gazette: refuse (bma/0)."})
}

// Where two reports of what a committee said differ, the page gave it a line of its own, contested, and said
// of neither who reports it.
func TestReportsThatDifferAreNoLineOfItsOwnAndSayWhoReports(t *testing.T) {
	w := newSmall()
	w.isReported("2026-11-02", &guidancev1.Position{Measure: "hub", Stance: refuse})
	w.isReported("2026-11-02", &guidancev1.Position{Measure: "hub", Stance: supports})
	second := &w.in.Entries[len(w.in.Entries)-1]
	second.ID, second.Office, second.Report.Office, second.Report.Source.Publisher = "gpc-england/1", "gpc-england", "gpc-england", "Pulse"
	w.mustSay(t, "", []string{
		"Lines of its own for practices on 0 of 3 measures, and what else it has said, or is reported to have said, on 1 more:",
		"The hub (hub): contested, as reported by The Gazette and Pulse, not by itself: ask your LMC [bma/0, gpc-england/1]",
	})
	w.mustSay(t, "hub", []string{"Tri LMC: reports of it differ for the same day: bma records refuse, reported by The Gazette (bma/0), gpc-england records support, reported by Pulse (gpc-england/1). None of these is counted: ask your LMC."})
}

// A request that goes with a group's line from a later day was marked with the group's id.
func TestWhatIsAskedOfAGroupAheadNamesItByItsWords(t *testing.T) {
	w := newSmall()
	own := &guidancev1.Scope{Id: "vision", Words: "practices on Vision"}
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}})
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: supports, Scope: own, ValidFrom: "2026-12-15"}}, &guidancev1.Action{Verb: "sign", Object: "up", Measure: "hub", Due: dueBy("2026-12-10")})
	w.mustSay(t, "hub", []string{"sign up (practices on Vision, with its line from 15 December 2026 on)"}, "(vision")
}

// A date of a measure stood with its line as if it bound all who read it.
func TestADateWithAMeasuresLineSaysWhomItIsFor(t *testing.T) {
	w := newSmall()
	hub := w.in.Matter.Measures[0]
	hub.Deadlines = []*guidancev1.Deadline{{Title: "Sign-up", Due: dueBy("2026-12-07"), AddressedTo: []guidancev1.Audience{partners}}, {Title: "Claims", Due: dueBy("2026-12-08")}}
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: caution}, {Measure: "hub", Stance: required, Scope: w.groups[0], ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL)}})
	w.mustSay(t, "", []string{"By 7 Dec 2026: Sign-up (NHS England’s date, for GP partners; binds practices on EMIS).", "By 8 Dec 2026: Claims (NHS England’s date, for practices; binds practices on EMIS)."})
}

// A letter that passes on what was turned since on one measure did not say which, on the whole matter.
func TestWhatIsPassedOnAndTurnedOnAMeasureNamesIt(t *testing.T) {
	w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, Entry: "tri/1", Instead: "gpc/1", By: "gpc/2", Stance: refuse, Title: "“The hub” and “The feed”", CommitteeNames: []string{"GPC England"}, Issued: &guidancev1.DayRange{Earliest: theDay, Latest: theDay}}
	if got, want := guidance.WarningWords(w), "tri/1 passes on what GPC England had said on “The hub” and “The feed” (gpc/1); it says now: refuse (gpc/2, 28 November 2026)."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The national picture had nothing of an ending that is known ahead.
func TestAFigureNamesAnEndingThatIsKnownAhead(t *testing.T) {
	line := aLine(answersv1.LineState_LINE_STATE_STATED, refuse)
	line.Warnings = []*answersv1.Warning{{Code: answersv1.WarningCode_WARNING_CODE_ENDS_LATER, Entry: "essex/7", By: "essex/9", From: "2021-12-05"}}
	wants(t, figureOf(line, &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: refuse, Words: "refuse"}), "north-essex (essex/7); ends on 5 December 2021, by essex/9")
}

// By when a practice had to do something stood on its page and in its calendar unmarked where its LMC had ended that
// before, and a calendar left out that a day is the last to give notice.
func TestWhatEndsBeforeItIsDueSaysSoAndALastDayToGiveNoticeToo(t *testing.T) {
	w := newSmall()
	notice := dueBy("2026-12-08")
	notice.Kind = guidancev1.DueKind_DUE_KIND_GIVE_NOTICE
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}},
		&guidancev1.Action{Verb: "send", Object: "it", Measure: "hub", Due: dueBy("2026-12-09")}, &guidancev1.Action{Verb: "read", Object: "it", Measure: "hub", Due: dueBy("2026-12-06")})
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "feed", Stance: refuse}}, &guidancev1.Action{Verb: "leave", Object: "it", Measure: "feed", Due: notice})
	day := &guidancev1.DayRange{Earliest: "2026-11-20", Latest: "2026-11-20"}
	w.in.Entries = append(w.in.Entries, guidance.Entry{ID: "tri/2", Office: "tri", Index: 2, Feed: 3, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC, Withdrawal: &guidancev1.Withdrawal{
		Office: "tri", Advisory: "tri/0", Effective: "2026-12-07", Issued: day, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
	}})
	var due []string
	for _, one := range DueOf(w.view(t, "", practiceIn(0))) {
		due = append(due, one.Words)
	}
	if got, want := strings.Join(due, "; "), "read it; last day to give notice: by 8 December 2026: leave it; send it (ends on 7 December 2026)"; got != want {
		t.Errorf("due are %s, want %s", got, want)
	}
	w.mustSay(t, "", []string{"by 9 December 2026: send it (ends on 7 December 2026)"}, "read it (ends")
}

// A practice's calendar had the day that was worked out from an event, and neither that it was nor from what, nor
// that the matter has moved the event since.
func TestADayThatWasWorkedOutSaysFromWhatAndThatTheEventHasMoved(t *testing.T) {
	w := newSmall()
	w.in.Matter.Events = []*guidancev1.Event{{Id: "notice", Title: "the variation notice", Day: "2026-12-08"}}
	fromNotice := func(day string) *guidancev1.Due {
		return &guidancev1.Due{When: &guidancev1.Due_FromEvent{FromEvent: &guidancev1.DueFromEvent{Event: "notice", Words: "the variation notice", EventDay: day, Count: 14, Unit: guidancev1.DueUnit_DUE_UNIT_DAYS}}}
	}
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}},
		&guidancev1.Action{Verb: "object", Object: "in writing", Measure: "hub", Due: fromNotice("2026-12-04")}, &guidancev1.Action{Verb: "keep", Object: "it", Measure: "hub", Due: fromNotice("2026-12-08")})
	var due []string
	for _, one := range DueOf(w.view(t, "", practiceIn(0))) {
		due = append(due, one.Day+" "+one.Words)
	}
	want := "2026-12-18 within 14 days of the variation notice of 4 December 2026: by 18 December 2026, worked out here: object in writing (the matter now gives 8 December 2026 for “the variation notice”: ring before you rely on either day)" +
		"; 2026-12-22 within 14 days of the variation notice of 8 December 2026: by 22 December 2026, worked out here: keep it"
	if got := strings.Join(due, "; "); got != want {
		t.Errorf("due are\n%s, want\n%s", got, want)
	}
}

// What is asked with a line that has a last day was told by a day after that, and nothing said that it ends before.
func TestWhatIsAskedWithALineThatExpiresBeforeItIsDueSaysWhenItEnds(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: supports, ValidUntil: "2026-12-05"}},
		&guidancev1.Action{Verb: "close", Object: "it on Sundays", Measure: "hub", Due: dueBy("2026-12-20")}, &guidancev1.Action{Verb: "read", Object: "it", Measure: "hub", Due: dueBy("2026-12-05")})
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "feed", Stance: supports}, {Measure: "feed", Stance: refuse, Scope: w.groups[0]}})
	w.says("2026-11-01", []*guidancev1.Position{{Measure: "feed", Stance: supports, ValidUntil: "2026-12-01"}}, &guidancev1.Action{Verb: "keep", Object: "it", Measure: "feed", Due: dueBy("2026-12-09")})
	w.mustSay(t, "", []string{"close it on Sundays (ends on 6 December 2026)", "keep it (not practices on EMIS, ends on 2 December 2026)"}, "read it (ends")
	var due []string
	for _, one := range DueOf(w.view(t, "", practiceIn(0))) {
		due = append(due, one.Words)
	}
	if got, want := strings.Join(due, "; "), "read it; keep it (not practices on EMIS, ends on 2 December 2026); close it on Sundays (ends on 6 December 2026)"; got != want {
		t.Errorf("due are %s, want %s", got, want)
	}
}

// A practice's page had "no date for practices" beside "within 10 working days of the notice", and no calendar and no
// list of deadlines said that there is one in words.
func TestADeadlineInWordsStandsUnderByWhen(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse, Rationale: long}},
		&guidancev1.Action{Verb: "write", Object: "to the ICB", Due: &guidancev1.Due{When: &guidancev1.Due_Rule{Rule: "within 10 working days of the notice"}}})
	w.mustSay(t, "", []string{"By when within 10 working days of the notice: write to the ICB"})
	if got := strings.ReplaceAll(printed(w.ownPage(t, 1)), "*", ""); !strings.Contains(got, "By when: within 10 working days of the notice: write to the ICB") {
		t.Errorf("it is not on what is printed: %s", got)
	}
	w.once(t, []string{"By when: within 10 working days of the notice: write to the ICB"}, "no date for practices", "Your LMC asks")
	if due := DueOf(w.view(t, "", practiceIn(0))); len(due) != 1 || due[0].Day != "" || due[0].Words != "within 10 working days of the notice: write to the ICB" {
		t.Errorf("due are %v", due)
	}
}

// A page had "no date for practices (… NHS England's date, for practices)".
func TestWhereOthersHaveSetADateItIsNotSaidThatThereIsNone(t *testing.T) {
	w := newSmall()
	w.in.Matter.Measures[0].Deadlines = []*guidancev1.Deadline{{Title: "Sign-up", Due: dueBy("2026-12-07"), AddressedTo: []guidancev1.Audience{practices}}}
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse, Rationale: long}})
	if got := strings.ReplaceAll(printed(w.ownPage(t, 1)), "*", ""); !strings.Contains(got, "By when: no date of your LMC’s (by 7 December 2026: Sign-up") {
		t.Errorf("printed is %s", got)
	}
	w.once(t, []string{"By when: no date of your LMC’s"}, "no date for practices")
}

// By when practices have to do something had what commissioners alone are asked.
func TestByWhenForPracticesLeavesOutWhatCommissionersAreAsked(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse}},
		&guidancev1.Action{Verb: "stop", Object: "publishing the list", Due: dueBy("2026-12-09"), Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS}},
		&guidancev1.Action{Verb: "send", Object: "it", Due: dueBy("2026-12-10")})
	w.mustSay(t, "", []string{"By when by 10 December 2026: send it", "your LMC asks: stop publishing the list, by 9 December 2026"})
}

// A calendar had what is due sooner from a day ahead on by its old day, with the new one in its title.
func TestWhatIsDueSoonerFromADayAheadOnIsInTheCalendarByTheSoonerDay(t *testing.T) {
	for _, c := range []struct{ then, want string }{{"2026-12-18", "2026-12-18"}, {"2027-01-15", "2026-12-29"}} {
		w := newSmall()
		send := func(by string) *guidancev1.Action {
			return &guidancev1.Action{Verb: "send", Object: "the form", Matter: w.in.Matter.GetName(), Measure: "hub", Actors: []guidancev1.Audience{practices}, Due: dueBy(by)}
		}
		w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}}, send("2026-12-29"))
		right := w.says("2026-11-03", nil, send(c.then))
		right.Amends, right.ValidFrom = []string{"tri/0"}, "2026-12-05"
		due := DueOf(w.view(t, "", practiceIn(0)))
		if len(due) != 1 || due[0].Day != c.want || !strings.Contains(due[0].Words, "from 5 December 2026 on by ") {
			t.Errorf("%+v, want it by %s", due, c.want)
		}
	}
}
