package guidance

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func fromTheEvent(e *v1.DueFromEvent) *v1.Due {
	return &v1.Due{When: &v1.Due_FromEvent{FromEvent: e}}
}

func TestDueIsSaidWithWhereItsDayComesFrom(t *testing.T) {
	days, weeks, months := v1.DueUnit_DUE_UNIT_DAYS, v1.DueUnit_DUE_UNIT_WEEKS, v1.DueUnit_DUE_UNIT_MONTHS
	for _, c := range []struct {
		due             *v1.Due
		day, clock, say string
	}{
		{nil, "", "", ""},
		{&v1.Due{When: &v1.Due_Day{Day: "2021-10-28"}}, "2021-10-28", "", "by 28 October 2021"},
		{&v1.Due{When: &v1.Due_Day{Day: "2021-10-31"}}, "2021-10-31", "", "by 31 October 2021 (a Sunday: offices may be shut)"},
		{&v1.Due{When: &v1.Due_Time{Time: "2021-10-30T12:00"}}, "2021-10-30", "12:00", "by 12:00 on 30 October 2021 (a Saturday: offices may be shut)"},
		{&v1.Due{When: &v1.Due_Rule{Rule: "within 10 working days"}}, "", "", "within 10 working days"},
		{&v1.Due{When: &v1.Due_Day{Day: "2021-10-28"}, Kind: v1.DueKind_DUE_KIND_GIVE_NOTICE}, "2021-10-28", "", "last day to give notice: by 28 October 2021"},
		{fromTheEvent(&v1.DueFromEvent{Words: "the end of the month", Count: 12, Unit: days}), "", "", "within 12 days of the end of the month"},
		{fromTheEvent(&v1.DueFromEvent{Event: "notice", Words: "the notice", EventDay: "2025-10-01", Count: 14, Unit: days}), "2025-10-15", "", "within 14 days of the notice of 1 October 2025: by 15 October 2025, worked out here"},
		{fromTheEvent(&v1.DueFromEvent{Words: "the start", EventDay: "2024-03-29", Count: 1, Unit: months, Before: true}), "2024-02-29", "", "at least 1 month before the start of 29 March 2024: by 29 February 2024, worked out here"},
		{fromTheEvent(&v1.DueFromEvent{Words: "the start", EventDay: "2023-03-31", Count: 1, Unit: months, Before: true}), "2023-02-28", "", "at least 1 month before the start of 31 March 2023: by 28 February 2023, worked out here"},
		{fromTheEvent(&v1.DueFromEvent{Words: "the start", EventDay: "2023-12-31", Count: 2, Unit: months}), "2024-02-29", "", "within 2 months of the start of 31 December 2023: by 29 February 2024, worked out here"},
		{fromTheEvent(&v1.DueFromEvent{Words: "the start", EventDay: "2023-03-31", Count: 2, Unit: weeks}), "2023-04-14", "", "within 2 weeks of the start of 31 March 2023: by 14 April 2023, worked out here"},
		{fromTheEvent(&v1.DueFromEvent{Words: "the meeting", EventDay: "2023-03-31", Unit: days}), "2023-03-31", "", "on the day of the meeting of 31 March 2023: by 31 March 2023, worked out here"},
	} {
		if day, clock := DueMoment(c.due); day != c.day || clock != c.clock || DueWords(c.due) != c.say {
			t.Errorf("got %s %s %q, want %s %s %q", day, clock, DueWords(c.due), c.day, c.clock, c.say)
		}
	}
}

// A matter's event that a letter gave by its title was taken for one of the letter's own, without
// a day.
func TestAnEventByItsTitleIsTheMatters(t *testing.T) {
	m := &v1.Matter{Events: []*v1.Event{{Id: "notice", Title: "The variation notice", Day: "2021-11-01"}, {Id: "start", Title: "the start", Day: "2021-12-01"}}}
	for words, want := range map[string]string{"the variation notice": "2021-11-15", "Variation  Notice": "2021-11-15", "the start": "2021-12-15", "the notice": ""} {
		due := fromTheEvent(&v1.DueFromEvent{Words: words, Count: 14, Unit: v1.DueUnit_DUE_UNIT_DAYS})
		(&publishing{}).fillDue(due, m)
		if day, _ := DueMoment(due); day != want || due.GetFromEvent().GetWords() != words || (due.GetFromEvent().GetEvent() == "") != (want == "") {
			t.Errorf("%s: %v", words, due)
		}
	}
}

// A letter's own event of another day was bound to the matter's, and readers were told that it had
// moved; so was the first of two of one title.
func TestAnEventOfAnotherDayIsTheLettersOwn(t *testing.T) {
	notice := func(id, day string) *v1.Event { return &v1.Event{Id: id, Title: "The notice", Day: day} }
	for name, c := range map[string]struct {
		events []*v1.Event
		day    string
		bound  bool
	}{
		"another day": {[]*v1.Event{notice("a", "2022-03-01")}, "2021-10-26", false}, "the same day": {[]*v1.Event{notice("a", "2021-10-26")}, "2021-10-26", true},
		"two of the title": {[]*v1.Event{notice("a", "2021-10-26"), notice("b", "2021-10-27")}, "", false},
	} {
		due := fromTheEvent(&v1.DueFromEvent{Words: "the notice", EventDay: c.day, Count: 14, Unit: v1.DueUnit_DUE_UNIT_DAYS})
		(&publishing{}).fillDue(due, &v1.Matter{Events: c.events})
		if bound := due.GetFromEvent().GetEvent() != ""; bound != c.bound {
			t.Errorf("%s: %v", name, due)
		}
	}
	huge := fromTheEvent(&v1.DueFromEvent{Words: "the notice", EventDay: "2021-10-26", Count: 1 << 30, Unit: v1.DueUnit_DUE_UNIT_MONTHS})
	if day, _ := DueMoment(huge); day != "" {
		t.Errorf("a day is worked out from a count past the limit: %s", day)
	}
}

// "Within 14 days of 1 December 2021" had no day: no calendar had it, and lists had it last.
func TestWhatIsCountedFromADayInWordsIsRefused(t *testing.T) {
	from := func(e *v1.DueFromEvent) *v1.Advisory {
		e.Count, e.Unit = 14, v1.DueUnit_DUE_UNIT_DAYS
		a := draft(on("north", "engage", refuse))
		a.Actions = []*v1.Action{{Verb: "send", Measure: "engage", Due: fromTheEvent(e)}}
		return a
	}
	runRefusals(t, []refusal{
		{"a day", from(&v1.DueFromEvent{Words: "1 December 2021"}), essexToday(), []string{"actions[0].due.from_event: counts from “1 December 2021”, and no list or calendar reads a day in words: give it under event-day"}},
		{"an event with its day", from(&v1.DueFromEvent{Words: "the notice of 1st December"}), essexToday(), []string{"counts from “the notice of 1st December”"}},
		{"with the day apart", from(&v1.DueFromEvent{Words: "the notice", EventDay: "2021-12-01"}), essexToday(), nil},
		{"of no day", from(&v1.DueFromEvent{Words: "the contract letter of May 2021"}), essexToday(), nil},
	})
}

// “Within 5 days of”, whose event was lost as it was pasted, was published as it stood.
func TestATimeInWordsThatIsCountedFromNothingIsRefused(t *testing.T) {
	const of, after = "actions[0].due.rule: ends with “of”, and names nothing that it is counted from: end it with that", "actions[0].due.rule: ends with “after the”"
	var cases []refusal
	for rule, want := range map[string][]string{
		"within 5 days of": {of}, "Within 5 days  of …": {of}, "14 days after the": {after}, "within 5 days of it": nil, "5 days before": {"ends with “days before”"},
		"at once, and not before": nil, "within 5 days": nil, "at once": nil, "before the off": nil,
	} {
		a := draft(on("north", "engage", refuse))
		a.Actions = []*v1.Action{{Verb: "send", Measure: "engage", Due: &v1.Due{When: &v1.Due_Rule{Rule: rule}}}}
		cases = append(cases, refusal{rule, a, essexToday(), want})
	}
	runRefusals(t, cases)
}

// Only words that could have been a day are looked at twice, in a letter and in a matter.
func TestOnlyWordsForADayThatCouldBeToldAreLookedAtTwice(t *testing.T) {
	for rule, want := range map[string]string{
		"by close of play on Friday 3 December": "Where it is the last day, write it alone, or with a time behind it, for example: due: ", "within 14 days of the variation notice": "write so: {days: 14, after: variation}",
		"within 10 working days of 1 December": "", "within 10 working days of the variation notice": "", "at once": "", "within 12 days of month end": "", "10 days before the deadline": "",
	} {
		known, m := essexToday(), goodMatter()
		m.Events = []*v1.Event{{Id: "variation", Title: "The variation notice", Day: "2021-11-20"}}
		known.Matters = func(string) *v1.Matter { return m }
		due := &v1.Due{When: &v1.Due_Rule{Rule: rule}}
		a := draft(on("north", "engage", refuse))
		a.Actions = []*v1.Action{{Verb: "send", Measure: "engage", Due: due}}
		_, warnings, _, err := checkPublish(a, known)
		own := clone(m)
		own.Name, own.Measures[0].Deadlines = "essex/other", []*v1.Deadline{{Title: "Forms", Due: due, AddressedTo: []v1.Audience{practices}}}
		_, ofMatter, errMatter := CheckMatter(t.Context(), own, known)
		for _, told := range [][]*answersv1.Warning{warned(answersv1.WarningCode_WARNING_CODE_DAY_IN_WORDS, warnings), warned(answersv1.WarningCode_WARNING_CODE_DAY_IN_WORDS, ofMatter.Warnings)} {
			if err != nil || errMatter != nil || want == "" && len(told) > 0 || want != "" && (len(told) != 1 || !strings.Contains(told[0].GetWords(), want)) {
				t.Errorf("%q: %v, %v, %v", rule, told, err, errMatter)
			}
		}
	}
}

// “Within 2 weeks of launch” drew no warning beside the event launch, whose title is longer.
func TestAnEventNamedByItsIdIsLookedAtTwice(t *testing.T) {
	for rule, event := range map[string]string{
		"within 2 weeks of launch": "launch", "14 days after the launch.": "launch", "Before Go-live": "go-live", "10 days from go live": "go-live",
		"at launch pad": "", "within 2 weeks of launching": "", "once we launch": "", "from the launch of another": "", "within 5 working days of launch": "",
	} {
		p := &publishing{}
		p.dayInWords(&v1.Due{When: &v1.Due_Rule{Rule: rule}}, &v1.Matter{Events: []*v1.Event{{Id: "launch", Title: "The launch of the scheme"}, {Id: "go-live", Title: "The day on which it goes live"}}}, "engage")
		if event == "" && len(p.Warnings) > 0 || event != "" && (len(p.Warnings) != 1 || p.Warnings[0].GetTitle() != event) {
			t.Errorf("%q: %v", rule, p.Warnings)
		}
	}
}

// What is signed counts from the day the event had then, and is not moved by the matter.
func TestAnAmendedEventMovesNoSignedDeadline(t *testing.T) {
	due := fromTheEvent(&v1.DueFromEvent{Event: "notice", Count: 14, Unit: v1.DueUnit_DUE_UNIT_DAYS})
	p := &publishing{}
	p.fillDue(due, &v1.Matter{Events: []*v1.Event{{Id: "notice", Title: "the notice", Day: "2021-11-01"}}})
	if day, _ := DueMoment(due); day != "2021-11-15" || due.GetFromEvent().GetWords() != "the notice" {
		t.Fatalf("filled in as %v", due)
	}
	p.fillDue(due, &v1.Matter{Events: []*v1.Event{{Id: "notice", Day: "2021-11-03"}}})
	if day, _ := DueMoment(due); day != "2021-11-15" {
		t.Errorf("moved to %s", day)
	}
}

// An opinion alone is a mention: it says what the committee thinks, and is no line.
func TestAnOpinionIsShownAndNeverCountedAsTheStance(t *testing.T) {
	opposes := func(p *v1.Position) { p.Opinion = v1.Opinion_OPINION_OPPOSES }
	alone := say("essex/1", "2021-10-20", on("north", "engage", info, opposes))
	line := resolve(asked("north engage 2021-10-26"), []Entry{alone}, register())[0]
	if line.GetState() != answersv1.LineState_LINE_STATE_MENTIONED || line.GetOpinion() != v1.Opinion_OPINION_OPPOSES || !strings.Contains(line.GetWords(), "opposes it (20 October 2021) and advises neither way") {
		t.Errorf("alone: %v", line)
	}
	line = resolve(asked("north engage 2021-10-26"), []Entry{alone, say("essex/2", "2021-10-21", on("north", "engage", decides))}, register())[0]
	if line.GetCurrent().GetPosition().GetStance() != decides || line.GetOpinion() != v1.Opinion_OPINION_OPPOSES || !strings.Contains(line.GetWords(), "leaves it to you (21 October 2021). As a policy, it opposes it.") {
		t.Errorf("beside a line: %v", line)
	}
	welcomes := func(p *v1.Position) { p.Opinion = v1.Opinion_OPINION_WELCOMES }
	whole := say("essex/3", "2021-10-21", on("north", "", refuse, opposes), on("north", "engage", info, welcomes))
	for measure, thinks := range map[string]v1.Opinion{"engage": v1.Opinion_OPINION_WELCOMES, "list": v1.Opinion_OPINION_OPPOSES, "whole": v1.Opinion_OPINION_OPPOSES} {
		if line := resolve(asked("north "+measure+" 2021-10-26"), []Entry{alone, whole}, register())[0]; line.GetCurrent().GetPosition().GetStance() != refuse || line.GetOpinion() != thinks {
			t.Errorf("by the whole matter, on %s: %v", measure, line)
		}
	}
	newer := say("essex/4", "2021-10-22", on("north", "", refuse, opposes))
	if line := resolve(asked("north engage 2021-10-26"), []Entry{whole, newer}, register())[0]; line.GetOpinion() != v1.Opinion_OPINION_OPPOSES {
		t.Errorf("a later line on the whole matter: %v", line)
	}
	filled, _, _, err := checkPublish(draft(on("north", "engage", 0, opposes)), essexToday())
	if err != nil || filled.GetPositions()[0].GetStance() != info {
		t.Errorf("published as %v, %v", filled, err)
	}
}
