package plain

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func TestWrapLosesNoWordAndKeepsToTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`([a-z]{1,12} ){0,30}`).Draw(t, "s")
		width := rapid.IntRange(12, 40).Draw(t, "width")
		lines := wrap(s, width)
		if got := strings.Fields(strings.Join(lines, " ")); len(got) > 0 && !cmp.Equal(got, strings.Fields(s)) {
			t.Fatalf("words changed: %q", lines)
		}
		for _, l := range lines {
			if utf8.RuneCountInString(l) > width {
				t.Fatalf("%q is wider than %d", l, width)
			}
		}
	})
}

func TestATableKeepsToTheWidthAndLosesNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`([a-z]{1,9} ){0,8}`)
		tab := NewTable("A", "B", "C")
		var words []string
		for range rapid.IntRange(1, 6).Draw(t, "rows") {
			row := []string{"x" + cell.Draw(t, "a"), cell.Draw(t, "b"), cell.Draw(t, "c")}
			tab.Add(row...)
			words = append(words, strings.Fields(strings.Join(row, " "))...)
		}
		p := &Page{width: rapid.IntRange(LeastWidth, MostWidth).Draw(t, "width")}
		p.Table(2, tab)
		for _, l := range strings.Split(p.String(), "\n") {
			if utf8.RuneCountInString(l) > p.width {
				t.Fatalf("%q is wider than %d", l, p.width)
			}
		}
		for _, w := range words {
			if !strings.Contains(p.String(), w) {
				t.Fatalf("%q is lost in\n%s", w, p)
			}
		}
	})
}

func TestATooNarrowTableBecomesBlocks(t *testing.T) {
	tab := NewTable("LMC", "SAYS", "ADVISORY")
	tab.Add("Cambridgeshire LMC", "advises against", strings.Repeat("x", 30))
	p := &Page{width: LeastWidth}
	p.Table(2, tab)
	want := "  Cambridgeshire LMC\n    advises against,\n    " + strings.Repeat("x", 30) + "\n"
	if d := cmp.Diff(want, p.String()); d != "" {
		t.Error(d)
	}
}

// aLine is a line on the whole matter in some state.
func aLine(state answersv1.LineState, stance guidancev1.Stance) *answersv1.Line {
	line := &answersv1.Line{
		Committee: "north-essex", CommitteeName: "North Essex LMC", State: state, Obligation: answersv1.Obligation_OBLIGATION_MAY,
		Current: &answersv1.Statement{
			Advisory: "essex/7", Title: "Our advice", Issued: &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"},
			Position: &guidancev1.Position{Stance: stance, Committees: []string{"north-essex"}},
		},
	}
	if state == answersv1.LineState_LINE_STATE_NO_LINE {
		line.Current, line.NoLine = nil, &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_SILENT}
	}
	return line
}

func aView(lines ...*answersv1.Line) *answersv1.CombinedView {
	v := &answersv1.CombinedView{
		Matter: &guidancev1.Matter{Name: "gpc-england/plan", Title: "The plan"},
		AsOf:   "2021-10-28", Audience: guidancev1.Audience_AUDIENCE_PRACTICES,
		Completeness: &answersv1.Completeness{Complete: true},
	}
	for i, l := range lines {
		v.Committees = append(v.Committees, &answersv1.CommitteeView{Headline: l, Own: i == 0})
	}
	return v
}

// No enum name, of any enum, may reach a page.
func TestPagesSpeakNoWireShapes(t *testing.T) {
	pages := map[string]string{}
	for state := range answersv1.LineState_name {
		for stance := range guidancev1.Stance_name {
			l := aLine(answersv1.LineState(state), guidancev1.Stance(stance))
			p := New(Width)
			p.View(aView(l, l), "", true)
			pages[fmt.Sprintf("state %d, stance %d", state, stance)] = p.String()
		}
	}
	for n := range answersv1.NoLineReason_name {
		pages[fmt.Sprintf("reason %d", n)] = noLineWords(&answersv1.NoLine{Reason: answersv1.NoLineReason(n)})
	}
	for n := range guidancev1.ActionStrength_name {
		pages[fmt.Sprintf("strength %d", n)] = requestWords("this office", &guidancev1.Action{Verb: "ring", Strength: guidancev1.ActionStrength(n)}, guidancev1.Audience_AUDIENCE_UNSPECIFIED)
	}
	for n := range guidancev1.MeasureKind_name {
		p := New(Width)
		p.Matter(&guidancev1.Matter{Measures: []*guidancev1.Measure{{Id: "m", Kind: guidancev1.MeasureKind(n)}}})
		pages[fmt.Sprintf("kind %d", n)] = p.String()
	}
	for name, text := range pages {
		if strings.TrimSpace(text) == "" || strings.Contains(text, "_") {
			t.Errorf("%s prints %q", name, text)
		}
	}
}

func TestAViewIsTheOwnLineFirst(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	other := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	other.CommitteeName = "Croydon LMC"
	var b strings.Builder
	if err := View(&b, aView(own, other), Width); err != nil {
		t.Fatal(err)
	}
	want := `The plan
The whole matter, as of 28 October 2021, for practices.

Your LMC: North Essex LMC
  North Essex LMC advises you to refuse (25 October 2021, essex/7).
  By contract  North Essex LMC: does not say.
  Letter       Our advice, 25 October 2021 (read it: lmc advisory essex/7)

Other LMCs:
  Nothing published here by 1: Croydon LMC.

Everything known to have been published is here.

Each practice decides for itself. This is not legal advice.
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

func viewPage(v *answersv1.CombinedView) string {
	p := New(MostWidth)
	p.View(v, "", false)
	return p.String()
}

func TestTheContractIsSaidOnceOfTheOwnLine(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	own.Effects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_GUIDANCE_ONLY}}
	own.Words = guidance.LineWords(own)
	got := viewPage(aView(own))
	want := "  North Essex LMC advises you to refuse (25 October 2021, essex/7).\n  By contract  North Essex LMC: guidance only.\n"
	if !strings.Contains(got, want) || strings.Count(got, "guidance only") != 1 {
		t.Errorf("got\n%s", got)
	}
}

func TestByWhenIsWhatTheLineAsksAndWhatFallsDueForTheReader(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	due := func(d *guidancev1.Due, verb string) {
		own.Actions = append(own.Actions, &guidancev1.Action{Verb: verb, Object: "it", Due: d})
	}
	due(&guidancev1.Due{When: &guidancev1.Due_Time{Time: "2021-10-29T17:00"}}, "send")
	due(&guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-10-01"}}, "pass over")
	due(&guidancev1.Due{When: &guidancev1.Due_Rule{Rule: "at once"}}, "check")
	due(nil, "read")
	v := aView(own)
	to := func(day, title string, readers ...guidancev1.Audience) *guidancev1.Deadline {
		return &guidancev1.Deadline{Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: day}}, Title: title, AddressedTo: readers}
	}
	v.Matter.Proposer = &guidancev1.Body{Id: "nhs-england"}
	v.Matter.Measures = []*guidancev1.Measure{
		{Id: "list", Deadlines: []*guidancev1.Deadline{
			to("2021-10-28", "lists in", guidancev1.Audience_AUDIENCE_COMMISSIONERS), to("2021-10-27", "gone by"),
			to("2021-11-01", "for all"), to("2021-10-31", "last day", guidancev1.Audience_AUDIENCE_PRACTICES),
		}},
		{Id: "strike", Proposer: &guidancev1.Body{Id: "gpc-england"}, Deadlines: []*guidancev1.Deadline{to("2021-10-30", "of what the line is not on")}},
	}
	v.Matter.Proposer.Name = "NHS England"
	own.Obligation = answersv1.Obligation_OBLIGATION_MUST
	want := "  By when      by 17:00 on 29 October 2021: send it\n               by 31 October 2021 (a Sunday: offices may be shut): last day (NHS England’s date)\n               by 1 November 2021: for all (NHS England’s date)\n               at once: check it\n"
	if got := viewPage(v); !strings.Contains(got, want) {
		t.Errorf("got\n%s", got)
	}
	// What the contract does not require is not due: the proposer's dates are dates of the matter.
	own.Obligation = answersv1.Obligation_OBLIGATION_MAY
	for _, m := range v.Matter.Measures {
		v.Deadlines = append(v.Deadlines, m.Deadlines...)
	}
	want = "  By when      by 17:00 on 29 October 2021: send it\n               at once: check it\n  Letter"
	if got := viewPage(v); !strings.Contains(got, want) || !strings.Contains(got, "Dates of the matter:\n") || !strings.Contains(got, "by 1 November 2021: for all (NHS England’s date)\n") {
		t.Errorf("got\n%s", got)
	}
	if got := viewPage(aView(aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE))); strings.Contains(got, "By when") {
		t.Errorf("nothing is due, got\n%s", got)
	}
}

// What NHS England asks of practices by a day was told as the partners' alone, where their line alone
// says that it is required; and where no line does, without whose day it is.
func TestADateOfTheProposersIsNeverToldAsThePartnersAlone(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_CAUTION)
	own.Measure, own.Audience = "fund", guidancev1.Audience_AUDIENCE_PRACTICES
	v := aView(own)
	v.Measure, v.Audience = "fund", own.Audience
	v.Matter.Proposer = &guidancev1.Body{Id: "nhs-england", Name: "NHS England"}
	v.Matter.Measures = []*guidancev1.Measure{{
		Id: "fund", Title: "Fund", AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
		Deadlines: []*guidancev1.Deadline{{Title: "Bids", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-30"}}}},
	}}
	v.Deadlines = v.Matter.Measures[0].Deadlines
	if got := viewPage(v); !strings.Contains(got, "Dates of the matter:\n  by 30 November 2021: Bids (NHS England’s date, for practices)\n") {
		t.Errorf("no line binds anybody to it:\n%s", got)
	}
	part := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REQUIRED)
	part.Measure, part.Audience = "fund", guidancev1.Audience_AUDIENCE_GP_PARTNERS
	part.Current.Position.Audiences = []guidancev1.Audience{part.Audience}
	own.PartLines = []*answersv1.Line{part}
	if got := viewPage(v); !strings.Contains(got, "Bids (NHS England’s date, for practices; binds GP partners)") || strings.Contains(got, "GP partners: Bids") {
		t.Errorf("the partners' line binds them:\n%s", got)
	}
}

// "By 1 December: decline in writing" was told to practices that another group was asked it of.
func TestByWhenSaysOfWhomAndWhetherItIsAMatterOfChoice(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	day := func(day string) *guidancev1.Due { return &guidancev1.Due{When: &guidancev1.Due_Day{Day: day}} }
	own.Actions = []*guidancev1.Action{
		{Verb: "decline", Object: "it", Area: &guidancev1.AreaId{Scheme: "icb", Code: "QH8"}, Due: day("2021-11-01")},
		{Verb: "give", Object: "notice", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MAY, Condition: "if you run the scheme", Due: day("2021-11-02")},
	}
	emis := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	emis.Scope = &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}
	emis.Actions = []*guidancev1.Action{{Verb: "write", Object: "back", Scope: "emis", Due: day("2021-11-03")}}
	own.Groups = []*answersv1.Line{emis}
	got := viewPage(aView(own))
	for _, want := range []string{
		"by 1 November 2021: decline it (in icb:QH8, not practices on EMIS)\n", "by 2 November 2021: give notice (not practices on EMIS, you may, if you run the scheme)\n", "by 3 November 2021: write back (practices on EMIS)\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q, got\n%s", want, got)
		}
	}
}

// What the contract requires from a later day on was no duty until that day; what a line on part of
// the area asks was asked everywhere.
func TestByWhenLooksAtTheDayItIsDueAndAtThePartOfTheArea(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	own.NoLine = &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY}
	hours := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_PRACTICE_DECIDES)
	hours.Measure, hours.Area, hours.AreaName = "hours", &guidancev1.AreaId{Scheme: "sub-icb", Code: "06Q"}, "Mid Essex"
	hours.Obligation = answersv1.Obligation_OBLIGATION_MAY
	hours.Obligations = []*answersv1.DatedObligation{
		{Obligation: answersv1.Obligation_OBLIGATION_MAY, ValidUntil: "2021-10-31"}, {Obligation: answersv1.Obligation_OBLIGATION_MUST, ValidFrom: "2021-11-01"},
	}
	hours.Actions = []*guidancev1.Action{{Verb: "tell", Object: "us", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-10-30"}}}}
	hours.AlsoAsked = []*answersv1.StandingRequest{{Action: &guidancev1.Action{Verb: "ask", Object: "them", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-03"}}}, Advisory: "essex/3", ValidFrom: "2021-11-02"}}
	v := aView(own)
	v.Committees[0].Measures = []*answersv1.Line{hours}
	v.Matter.Proposer = &guidancev1.Body{Id: "nhs-england", Name: "NHS England"}
	v.Matter.Measures = []*guidancev1.Measure{{Id: "hours", Title: "Hours", Deadlines: []*guidancev1.Deadline{
		{Title: "switch on", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-01"}}}, {Title: "say so", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-10-31"}}},
	}}}
	got := OneLine(viewPage(v))
	for _, want := range []string{
		"By when by 30 October 2021 (a Saturday: offices may be shut): in Mid Essex (sub-icb:06Q): tell us by 1 November 2021: switch on (NHS England’s date; binds in Mid Essex (sub-icb:06Q))",
		"by 3 November 2021: in Mid Essex (sub-icb:06Q): ask them (with its line from 2 November 2021 on)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q, got\n%s", want, viewPage(v))
		}
	}
	if strings.Count(got, "say so") != 1 {
		t.Errorf("what is not required yet is due:\n%s", viewPage(v))
	}
}

// What a group was asked was on no practice's page, where the action did not repeat the group.
func TestWhatAGroupsLineAsksIsToldOfThatGroup(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	own.Actions = []*guidancev1.Action{{Verb: "ring", Object: "us"}}
	group := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	group.Scope = &guidancev1.Scope{Id: "started", Words: "practices that have started"}
	group.Actions = []*guidancev1.Action{own.Actions[0], {Verb: "send", Object: "your claim", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-01"}}}}
	own.Groups = []*answersv1.Line{group}
	got := OneLine(viewPage(aView(own)))
	for _, want := range []string{"To do your LMC asks: ring us your LMC asks: send your claim, by 1 November 2021 (practices that have started) By when by 1 November 2021: send your claim (practices that have started)"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q, got\n%s", want, viewPage(aView(own)))
		}
	}
}

// A reminder without the text, and the letter with it, ask once; the text is there to send.
func TestAReminderIsToldOnceWithTheTextOfTheLetterBefore(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	own.Actions = []*guidancev1.Action{{Verb: "send", Object: "our letter"}}
	own.AlsoAsked = []*answersv1.StandingRequest{{Action: &guidancev1.Action{Verb: "send", Object: "our letter", Template: "Dear"}, Advisory: "essex/5"}}
	got := viewPage(aView(own))
	if strings.Count(got, "send our letter") != 2 || !strings.Contains(got, "the text for “send our letter”") || !strings.Contains(got, "lmc advisory essex/5 numbers them") {
		t.Errorf("got\n%s", got)
	}
}

// What was asked before stays to be done when the LMC writes again, with the letter that asks it.
func TestWhatOtherLettersAskIsToDoToo(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	by := &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-01"}}
	own.AlsoAsked = []*answersv1.StandingRequest{
		{Action: &guidancev1.Action{Verb: "send", Object: "the form", Due: by, Template: "Dear"}, Advisory: "essex/5"},
		{Action: &guidancev1.Action{Verb: "stop", Object: "reports"}, Advisory: "essex/6", ValidFrom: "2021-11-05"},
		{Action: &guidancev1.Action{Verb: "ring", Object: "us"}, Advisory: "essex/4", WaitsFor: "the hospital asks"},
	}
	got := viewPage(aView(own))
	for _, want := range []string{
		"your LMC asks: send the form, by 1 November 2021 [essex/5]\n", "asks: stop reports, with its line from 5 November 2021 on [essex/6]\n",
		"asks: ring us, with a line that waits: the hospital asks [essex/4]\n", "By when      by 1 November 2021: send the form\n", "lmc advisory essex/5 numbers them",
	} {
		if !strings.Contains(OneLine(got), OneLine(want)) {
			t.Errorf("want %q, got\n%s", want, got)
		}
	}
}

func TestAMeasureIsQuotedWithinASentence(t *testing.T) {
	line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_PRACTICE_DECIDES)
	line.Measure, line.Current.Position.Measure = "pcn-des", "pcn-des"
	v := aView(line, line)
	v.Matter.Measures = []*guidancev1.Measure{{Id: "pcn-des", Title: "Leave the network scheme (PCN DES)"}}
	got := viewPage(v)
	for _, want := range []string{
		"  On “Leave the network scheme (PCN DES)”: North Essex LMC leaves it to you", "on “Leave the network scheme (PCN DES)”: practice decides",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s, got\n%s", want, got)
		}
	}
}

func TestALettersPageNamesNobodyByAnID(t *testing.T) {
	p := New(Width)
	p.Advisory(&guidancev1.Advisory{
		Title: "Our advice", Office: "kent", OnBehalfOf: []string{"kent"}, Issued: &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"},
		Positions: []*guidancev1.Position{{Matter: "plan", Committees: []string{"kent"}, Stance: guidancev1.Stance_STANCE_CAUTION}},
	}, nil)
	if want := "  On the whole matter: this office urges caution (25 October 2021).\n"; !strings.Contains(p.String(), want) {
		t.Errorf("got\n%s", p)
	}
}

func TestALetterThatHoldsLaterSaysFromWhen(t *testing.T) {
	letter := func(from string) string {
		p := New(Width)
		p.Advisory(&guidancev1.Advisory{
			Title: "Our advice", Office: "essex", OnBehalfOf: []string{"north-essex"},
			Issued: &guidancev1.DayRange{Earliest: "2021-12-01", Latest: "2021-12-31"}, ValidFrom: from,
		}, nil)
		return p.String()
	}
	if got := letter("2022-01-10"); !strings.Contains(got, "issued December 2021, valid from 10 January 2022\n") {
		t.Errorf("got:\n%s", got)
	}
	for _, from := range []string{"", "2021-12-31"} {
		if got := letter(from); !strings.Contains(got, "issued December 2021\n") {
			t.Errorf("from %q:\n%s", from, got)
		}
	}
}

func TestMeasuresNobodySpokeOnAreListedTogether(t *testing.T) {
	silent := []*answersv1.Line{aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)}
	unknown := []*answersv1.Line{aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)}
	unknown[0].NoLine.Reason = answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN
	var b strings.Builder
	if err := National(&b, &answersv1.NationalPicture{
		Matter: aView().GetMatter(), AsOf: "2021-10-28",
		Tables: []*answersv1.NationalTable{
			{Measure: "first", Title: "The first", Lines: silent},
			{Measure: "second", Title: "The second", Lines: unknown},
			{Measure: "third", Title: "The third", Lines: silent, National: aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)},
		},
	}, Width); err != nil {
		t.Fatal(err)
	}
	head, together, _ := strings.Cut(b.String(), "Nobody has said anything on:")
	if strings.Contains(head, "first") || !strings.Contains(head, "The second") || !strings.Contains(head, "The third") {
		t.Errorf("counted:\n%s", head)
	}
	if strings.TrimSpace(together) != "first" {
		t.Errorf("together:\n%s", together)
	}
}

// A federation whose register has no areas counts no practices; its lines stand all
// the same.
func TestLinesThatCountForNoPracticesAreNotNobodysWord(t *testing.T) {
	stated := []*answersv1.Line{aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)}
	ended := []*answersv1.Line{aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)}
	ended[0].NoLine = &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN, Ended: "essex/1", By: "essex/2"}
	none := "It is not known how many practices to count for: North Essex LMC."
	var b strings.Builder
	if err := National(&b, &answersv1.NationalPicture{
		Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: answersv1.Unit_UNIT_PRACTICES,
		Tables: []*answersv1.NationalTable{
			{Title: "The plan", Lines: stated, DenominatorWords: none},
			{Measure: "first", Title: "The first", Lines: ended, DenominatorWords: none},
		},
	}, Width); err != nil {
		t.Fatal(err)
	}
	for _, not := range []string{"Nobody has said anything on:", "The same as on the whole matter"} {
		if strings.Contains(b.String(), not) {
			t.Errorf("%s\n%s", not, b.String())
		}
	}
	if n := strings.Count(b.String(), none); n != 2 {
		t.Errorf("it says %d times for whom there are no numbers:\n%s", n, b.String())
	}
}

func TestFiguresOfAnotherUnitThanCommitteesNameWhatTheirRelationsCount(t *testing.T) {
	lines := []*answersv1.Line{aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)}
	relations := []*answersv1.RelationCount{{Relation: answersv1.Relation_RELATION_STRONGER, Count: 1, Committees: []string{"north-essex"}}}
	page := func(unit answersv1.Unit, member string) string {
		p := New(Width)
		p.National(&answersv1.NationalPicture{
			Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: unit,
			Tables: []*answersv1.NationalTable{{
				Lines: lines, Relations: relations, DenominatorWords: "Out of 651.", Offices: map[string]string{"north-essex": "essex"},
				Columns: []*answersv1.Column{{
					Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_REFUSE, Count: 5, Words: "refuse", Members: []string{member},
				}},
			}},
		}, "")
		return p.String()
	}
	for unit, member := range map[answersv1.Unit]string{
		answersv1.Unit_UNIT_PRACTICES: "north-essex", answersv1.Unit_UNIT_PATIENTS: "north-essex", answersv1.Unit_UNIT_OFFICES: "essex",
	} {
		want := "    5: refuse\n      " + member + " (essex/7)\n  Out of 651.\n  Of the committees:\n    1 further than the national line: north-essex\n"
		if got := page(unit, member); !strings.Contains(got, want) {
			t.Errorf("%s: got\n%s", unit, got)
		}
	}
	if got := page(answersv1.Unit_UNIT_COMMITTEES, "north-essex"); strings.Contains(got, "Of the committees") {
		t.Errorf("got\n%s", got)
	}
}

func TestAnOfficeIsNamedWithEveryAdvisoryItsCommitteesStandBy(t *testing.T) {
	north := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	south := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	south.Committee, south.Current.Advisory = "south-essex", "essex@1/8"
	reported := aLine(answersv1.LineState_LINE_STATE_REPORTED, guidancev1.Stance_STANCE_SUPPORT)
	reported.Committee, reported.Current.Advisory = "kent", "gpc-england/9"
	table := &answersv1.NationalTable{Lines: []*answersv1.Line{north, south, north, reported}, Offices: map[string]string{"north-essex": "essex", "south-essex": "essex", "kent": "kent"}}
	got := picture.RestsOn(answersv1.Unit_UNIT_OFFICES, table, &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_SPLIT}, "essex")
	if d := cmp.Diff([]string{"essex/7", "essex@1/8"}, got); d != "" {
		t.Error(d)
	}
}

// A measure was listed as "the same as on the whole matter" of which the lines are not in force
// yet, or on which others were told something.
func TestAMeasureWithAnotherReasonOrWordsToOthersIsNotTheSameAsTheWhole(t *testing.T) {
	silent := func(change func(*answersv1.Line)) *answersv1.NationalTable {
		line := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
		line.NoLine = &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_NOT_YET}
		if change != nil {
			change(line)
		}
		return &answersv1.NationalTable{Lines: []*answersv1.Line{line}}
	}
	if !repeats(silent(nil), silent(nil)) {
		t.Fatal("the same is not the same")
	}
	one := []*answersv1.Statement{{Advisory: "essex/7"}}
	for name, change := range map[string]func(*answersv1.Line){
		"another reason": func(l *answersv1.Line) { l.NoLine.Reason = answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS },
		"to come":        func(l *answersv1.Line) { l.NotYet = one },
		"waiting":        func(l *answersv1.Line) { l.Waiting = one },
		"to others":      func(l *answersv1.Line) { l.SaidToOthers = one },
		"mentioned":      func(l *answersv1.Line) { l.Mentions = one },
	} {
		if repeats(silent(change), silent(nil)) {
			t.Errorf("%s: the same", name)
		}
	}
}

func TestMeasuresThatFollowTheWholeMatterAreListedTogether(t *testing.T) {
	column := []*answersv1.Column{{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_REFUSE, Count: 1, Words: "refuse", Members: []string{"north-essex"}}}
	whole := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	own.Current.Position.Measure = "second"
	var b strings.Builder
	if err := National(&b, &answersv1.NationalPicture{
		Matter: aView().GetMatter(), AsOf: "2021-10-28",
		Tables: []*answersv1.NationalTable{
			{Columns: column, Lines: []*answersv1.Line{whole}},
			{Measure: "first", Title: "The first", Columns: column, Lines: []*answersv1.Line{whole}},
			{Measure: "second", Title: "The second", Columns: column, Lines: []*answersv1.Line{own}},
		},
	}, Width); err != nil {
		t.Fatal(err)
	}
	head, together, _ := strings.Cut(b.String(), "The same as on the whole matter")
	if strings.Contains(head, "first") || !strings.Contains(head, "The second") || !strings.Contains(together, "first") {
		t.Errorf("got:\n%s", b.String())
	}
}

func TestWhatIsPrintedIsClean(t *testing.T) {
	v := aView()
	v.Matter.Title = "Pay \x1b[2J now"
	var b strings.Builder
	if err := View(&b, v, Width); err != nil || strings.ContainsFunc(strings.ReplaceAll(b.String(), "\n", ""), notation.Steers) {
		t.Errorf("printed %q (%v)", b.String(), err)
	}
}

func TestMarkdownIsBrokenAnewAndKeepsItsShape(t *testing.T) {
	body := "Dear colleagues, this line was broken by an editor at 72, and goes\non here.\n\n\n## Why\n- the first item, which was broken by an editor behind this long word\n  too\n- the second\n12. twelfth\n\n| a | b |\n|---|---|\n\n```\ncode   stays\n\n  so\n```\nand on.\r\n"
	want := `Dear colleagues, this line was broken by
an editor at 72, and goes on here.

## Why
- the first item, which was broken by an
  editor behind this long word too
- the second
12. twelfth

| a | b |
|---|---|

` + "```\ncode   stays\n\n  so\n```\nand on.\n"
	p := &Page{width: LeastWidth}
	p.Markdown(0, body)
	if d := cmp.Diff(want, p.String()); d != "" {
		t.Error(d)
	}
}

// A reader with five minutes gets twelve measures, each with its line and what is asked by
// when, on a page or two; nothing but reasons gives way.
func TestTwelveMeasuresFitOnSixtyLines(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	v := aView(own)
	me := v.Committees[0]
	for i := range 12 {
		id := fmt.Sprintf("measure-%d", i)
		v.Matter.Measures = append(v.Matter.Measures, &guidancev1.Measure{Id: id, Title: fmt.Sprintf("What is asked under heading number %d", i)})
		line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_ADVISE_AGAINST)
		line.Measure, line.Current.Position.Measure = id, id
		line.Current.Position.Rationale = strings.Repeat("It takes time that practices do not have. ", 3)
		line.Effects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL}}
		line.Actions = []*guidancev1.Action{{Verb: "reply", Object: "to the ICB", Measure: id, Template: "No.", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-01"}}}}
		me.Measures = append(me.Measures, line)
	}
	me.OwnMeasureLines = 12
	for i := range 40 {
		other := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance(1+i%4))
		other.CommitteeName = fmt.Sprintf("LMC %d", i)
		v.Committees = append(v.Committees, &answersv1.CommitteeView{Headline: other})
	}
	p := New(80)
	p.View(v, "", false)
	got := p.String()
	if n := strings.Count(got, "\n"); n > 60 {
		t.Errorf("%d lines\n%s", n, got)
	}
	for i := range 12 {
		if !strings.Contains(got, fmt.Sprintf("(measure-%d): advises against", i)) {
			t.Errorf("no line on measure %d\n%s", i, got)
		}
	}
	for _, line := range strings.Split(got, "\n") {
		if utf8.RuneCountInString(line) > 80 {
			t.Errorf("%q", line)
		}
	}
	if strings.Count(got, "by 1 Nov 2021 ") < 12 {
		t.Errorf("deadlines are left out\n%s", got)
	}
	whole := New(80)
	whole.View(v, "", true)
	if !strings.Contains(whole.String(), "LMC 39") || strings.Count(whole.String(), "It takes time") < 36 {
		t.Errorf("in full\n%s", whole.String())
	}
}

// Twelve measures that each had conditions, a dispute, a deadline of their own and a text took a hundred lines.
func TestTwelveMeasuresWithAllThatOneCanHaveFitOnSixtyLines(t *testing.T) {
	v := aView(aLine(answersv1.LineState_LINE_STATE_NO_LINE, guidancev1.Stance_STANCE_UNSPECIFIED))
	me := v.Committees[0]
	me.Headline.Current = nil
	for i := range 12 {
		id := fmt.Sprintf("m-%d", i)
		v.Matter.Measures = append(v.Matter.Measures, &guidancev1.Measure{
			Id: id, Title: fmt.Sprintf("Measure number %d of the contract changes", i), ClaimedEffects: []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}},
		})
		line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
		line.Measure, line.Current.Position.Measure, line.Current.Advisory = id, id, fmt.Sprintf("north-essex/%d", 1+i%3)
		line.Current.Position.Rationale = "It costs more than it brings, and nobody was asked about it before."
		line.Current.Position.Conditions = []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: "talks have ended with something better"}}
		line.Opinion, line.Effects = guidancev1.Opinion_OPINION_CONCERNED, []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_DISPUTED}}
		line.Warnings = []*answersv1.Warning{{
			Code: answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL, Entry: line.Current.Advisory, Words: "It says “refuse”, and NHS England claims that this is contractual: ask your LMC before you decline.",
		}}
		line.Actions = []*guidancev1.Action{{
			Verb: "reply", Object: fmt.Sprintf("to the ICB on number %d", i), Measure: id, Template: "No.", TemplateFor: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS},
			Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: fmt.Sprintf("2021-11-%02d", 10+i)}},
		}}
		me.Measures = append(me.Measures, line)
	}
	me.OwnMeasureLines = 12
	p := New(80)
	p.View(v, "", false)
	got := p.String()
	if n := strings.Count(got, "\n"); n > 60 {
		t.Errorf("%d lines\n%s", n, got)
	}
	for i := range 12 {
		wants(t, OneLine(got), fmt.Sprintf("(m-%d): advises you to refuse, on conditions [north-essex/%d]", i, 1+i%3), fmt.Sprintf("by %d November 2021", 10+i), fmt.Sprintf("reply to the ICB on number %d", i))
	}
	if strings.Count(OneLine(got), "Ask your LMC before you decline. (text)") < 12 {
		t.Errorf("what is to be looked at twice, or that there is a text, is left out\n%s", got)
	}
	wants(t, OneLine(got), "(text): lmc advisory ENTRY --template N -o FILE. Why, opinion, on what conditions: --full.")
	whole := New(80)
	whole.View(v, "", true)
	if strings.Count(OneLine(whole.String()), "talks have ended with something better") < 12 {
		t.Errorf("in full\n%s", whole.String())
	}
}

// Five LMCs of one office took fifteen lines of a practice's page, and what a letter asks on a
// measure stood there twice.
func TestALongPageSaysWhatIsTheSameOnce(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	ask := &guidancev1.Action{Verb: "reply", Object: "to the ICB", Measure: "m-1"}
	own.Actions = []*guidancev1.Action{ask}
	v := aView(own)
	for i := range 30 {
		line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_ADVISE_AGAINST)
		line.Measure, line.Current.Position.Rationale = fmt.Sprintf("m-%d", i), strings.Repeat("It takes time that practices do not have. ", 5)
		if i == 1 {
			line.Actions = []*guidancev1.Action{ask}
		}
		v.Matter.Measures = append(v.Matter.Measures, &guidancev1.Measure{Id: line.Measure, Title: strings.Repeat("A measure ", 8)})
		v.Committees[0].Measures = append(v.Committees[0].Measures, line)
	}
	for i, letter := range []string{"kent/1", "surrey/2", "surrey/2", "surrey/3"} {
		line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_CAUTION)
		line.CommitteeName, line.Current.Advisory = fmt.Sprintf("LMC %d", i), letter
		v.Committees = append(v.Committees, &answersv1.CommitteeView{Headline: line})
	}
	got := viewPage(v)
	want := "Other LMCs:\n  LMC 0: caution, 25 Oct 2021 [kent/1]\n  LMC 1, LMC 2: caution, 25 Oct 2021 [surrey/2]\n  LMC 3: caution, 25 Oct 2021 [surrey/3]\n"
	if !strings.Contains(got, want) || strings.Count(got, "reply to the ICB") != 1 {
		t.Errorf("got\n%s", got)
	}
}

// What an LMC says in part of its area stood under another's name, and was counted as one more LMC.
func TestALongPageKeepsAPartWithItsLMC(t *testing.T) {
	for name, others := range map[string]int{"dense": 3, "many": 14} {
		v := aView(aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE))
		for i := range 40 {
			line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_ADVISE_AGAINST)
			line.Measure = fmt.Sprintf("m-%d", i)
			v.Matter.Measures = append(v.Matter.Measures, &guidancev1.Measure{Id: line.Measure, Title: "A measure"})
			v.Committees[0].Measures = append(v.Committees[0].Measures, line)
		}
		for i := range others {
			line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
			line.CommitteeName = fmt.Sprintf("LMC %d", i)
			part := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_CAUTION)
			part.Area, part.AreaName, part.Current.Advisory = &guidancev1.AreaId{Scheme: "icb", Code: "AAA"}, "Alpha ICB", "kent/4"
			view := &answersv1.CommitteeView{Headline: line}
			if i == 0 {
				view.Parts = []*answersv1.Line{part}
			}
			v.Committees = append(v.Committees, view)
		}
		got := strings.Join(strings.Fields(viewPage(v)), " ")
		for _, want := range []string{"LMC 0 in Alpha ICB (icb:AAA): caution, 25 Oct 2021 [kent/4]", map[string]string{"dense": "LMC 0, LMC 1, LMC 2: refuse", "many": "SAYS HOW MANY WHO refuse 14 "}[name]} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", name, want, got)
			}
		}
	}
}

// Of what a letter asks on each of two measures, one was left out of a long page.
func TestALongPageHasWhatIsAskedOnEachMeasure(t *testing.T) {
	v := aView(aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE))
	for i := range 40 {
		line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_ADVISE_AGAINST)
		line.Measure = fmt.Sprintf("m-%d", i)
		v.Matter.Measures = append(v.Matter.Measures, &guidancev1.Measure{Id: line.Measure, Title: "Measure " + line.Measure})
		v.Committees[0].Measures = append(v.Committees[0].Measures, line)
		if i < 2 {
			line.Actions = []*guidancev1.Action{{Verb: "reply", Object: "to the ICB", Measure: line.Measure}}
		}
	}
	if got := viewPage(v); strings.Count(got, "Asks: reply to the ICB.") != 2 {
		t.Errorf("got\n%s", got)
	}
	for i, line := range v.Committees[0].Measures { // and of a page that is short of room
		v.Matter.Measures[i].Title = strings.Repeat("A long measure ", 6) + line.Measure
		if i < 2 {
			line.Actions[0].Template = "Text on " + line.Measure
		}
	}
	if got := strings.Join(strings.Fields(viewPage(v)), " "); strings.Count(got, "Asks: reply to the ICB (text).") != 2 {
		t.Errorf("got\n%s", got)
	}
	for i := range v.Matter.Measures {
		v.Matter.Measures[i].Title = fmt.Sprintf("Measure m-%d", i)
	}
	v.Committees[0].Headline.Actions = []*guidancev1.Action{v.Committees[0].Measures[0].Actions[0], v.Committees[0].Measures[1].Actions[0]}
	got := strings.Join(strings.Fields(viewPage(v)), " ")
	if !strings.Contains(got, "on “Measure m-0”: your LMC asks: reply to the ICB on “Measure m-1”: your LMC asks: reply to the ICB") {
		t.Errorf("got\n%s", got)
	}
}

// A page of a committee that has a line for its partners alone said nothing of it at the top, and
// that a letter ended what was said of ten measures ten times.
func TestWhatIsSaidToPartnersAloneIsPointedTo(t *testing.T) {
	gone := func(measure string) *answersv1.Line {
		line := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
		line.Current, line.Measure = nil, measure
		line.NoLine = &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_REPLACED, By: "essex/9", Ended: "essex/7", Since: "2021-10-27"}
		return line
	}
	v := aView(gone(""))
	for _, id := range []string{"a", "b", "c"} {
		v.Matter.Measures = append(v.Matter.Measures, &guidancev1.Measure{Id: id, Title: "Measure " + strings.ToUpper(id)})
		v.Committees[0].Measures = append(v.Committees[0].Measures, gone(id))
	}
	part := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REQUIRED)
	part.Current.Position.Measure, part.Current.Position.Audiences = "b", []guidancev1.Audience{guidancev1.Audience_AUDIENCE_GP_PARTNERS}
	v.Committees[0].Measures[1].PartLines = []*answersv1.Line{part}
	v.Committees[0].Measures[1].SaidToPart = []*answersv1.Statement{part.Current}
	got := strings.Join(strings.Fields(viewPage(v)), " ")
	for _, want := range []string{"which does not cover it. See below on “Measure B”. ", "- Measure B (b): no line: replaced, with nothing on this [essex/9]; to GP partners: required [essex/7]", "- Measure A (a), Measure C (c): no line: replaced, with nothing on this [essex/9]"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// What Word leaves of a letter: no Markdown, and everything on lines of its own.
func TestWhatIsPastedFromAWordProcessorKeepsItsLines(t *testing.T) {
	body := "Dear colleagues\r\n\r\nThree things, each of which is set out in a line that is far longer than any editor would ever break it at:\r\n•\tone\r\n•\ttwo\r\no\ta part of two\r\n▪ a part of that\r\n• three\r\n\r\nThen:\r\n· a dot\r\n– a dash\r\n\r\nWe say this – and we mean it, though not everybody will agree with us\r\n– and will go on.\r\n\r\nYours sincerely\r\nDr A Person\r\nChief Executive\r\n\r\n**Dr B Person**  \r\nDeputy\r\nTown\\\r\nCounty"
	want := `Dear colleagues

Three things, each of which is set out in a line that is far longer than any
editor would ever break it at:
• one
• two
  o a part of two
    ▪ a part of that
• three

Then:
· a dot
  – a dash

We say this – and we mean it, though not everybody will agree with us – and will
go on.

Yours sincerely
Dr A Person
Chief Executive

**Dr B Person**
Deputy
Town
County
`
	p := New(Width)
	p.Markdown(0, body)
	if d := cmp.Diff(want, p.String()); d != "" {
		t.Error(d)
	}
}

func TestListsPastedFromAWordProcessorKeepTheirNesting(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"bullets by depth", "•\tone\no\tpart\n▪\tpiece\n▪\tpiece\no\tpart\n•\ttwo", "• one\n  o part\n    ▪ piece\n    ▪ piece\n  o part\n• two\n"},
		{"one bullet, tabs by depth", "•\tone\n\t•\tpart\n\t\t•\tpiece\n\t•\tpart\n•\ttwo", "• one\n  • part\n    • piece\n  • part\n• two\n"},
		{"non-breaking blanks", "·\u00a0\u00a0\u00a0\u00a0 one\n\u00a0\u00a0\u00a0\u00a0o\u00a0\u00a0 part\n·\u00a0\u00a0\u00a0\u00a0 two", "· one\n  o part\n· two\n"},
		{"numbers and letters", "1.\tone\na)\tpart\ni)\tpiece\nii)\tpiece\nb)\tpart\n2.\ttwo", "1. one\n  a) part\n    i) piece\n    ii) piece\n  b) part\n2. two\n"},
		{"letters in brackets", "(1)\tone\n(a)\tpart\n(b)\tpart\n(2)\ttwo", "(1) one\n  (a) part\n  (b) part\n(2) two\n"},
		{"from g to j", "g)\tone\nh)\ttwo\ni)\tthree\nj)\tfour", "g) one\nh) two\ni) three\nj) four\n"},
		{"bullets under numbers", "1.\tone\n•\tpart\n2.\ttwo\n•\tpart", "1. one\n  • part\n2. two\n  • part\n"},
		{"numbers under bullets", "•\tone\n1.\tpart\n2.\tpart\n•\ttwo", "• one\n  1. part\n  2. part\n• two\n"},
		{"hyphens under bullets", "• one\n- part\n• two", "• one\n  - part\n• two\n"},
		{"hyphens by tabs", "- one\n\t- part\n- two", "- one\n  - part\n- two\n"},
		{"with lines between", "• one\n\no part\n\n• two", "• one\n\n  o part\n\n• two\n"},
		{"Markdown as it stands", "- one\n  - part\n    1. piece\n- two\n\n1. one\n   - part", "- one\n  - part\n    1. piece\n- two\n\n1. one\n   - part\n"},
		{"a list anew", "• one\no part\n\nThen:\n\no one\n▪ part", "• one\n  o part\n\nThen:\n\no one\n  ▪ part\n"},
		{"no list", "We met the commissioners last week and told them that as we have read it\ni. the plan is no part of the contract, whatever anybody may say about it.", "We met the commissioners last week and told them that as we have read it i. the\nplan is no part of the contract, whatever anybody may say about it.\n"},
		{"a short line under a bullet", "• Write to:\n1 High Street\nTown\n• Ring us", "• Write to:\n  1 High Street\n  Town\n• Ring us\n"},
		{"line ends of a word processor", "Dr A Person\vChief Executive\u2028Town", "Dr A Person\nChief Executive\nTown\n"},
		{"short lines with non-breaking blanks", "Yours\u00a0sincerely\n\u00a0\nDr\u00a0A\u00a0Person\nChief\u00a0Executive", "Yours sincerely\n\nDr A Person\nChief Executive\n"},
	} {
		p := New(Width)
		p.Markdown(0, c.body)
		if d := cmp.Diff(c.want, p.String()); d != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, d)
		}
	}
}

// A letter on a measure alone asks on the whole of itself too: its readers are told, once.
func TestWhatALetterOnMeasuresAsksIsShown(t *testing.T) {
	none := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	none.NoLine = &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY, Measures: []string{"list", "fund"}, OfMeasures: 3}
	none.Words = guidance.LineWords(none)
	v := aView(none, none)
	v.Matter.Measures = []*guidancev1.Measure{{Id: "list", Title: "The list"}, {Id: "fund", Title: "The fund"}, {Id: "visit"}}
	for _, id := range none.GetNoLine().GetMeasures() {
		on := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
		on.Measure, on.Current.Position.Measure = id, id
		on.Actions = []*guidancev1.Action{{Verb: "send", Object: "the reply", Template: "Dear", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-10-29"}}}}
		v.Committees[0].Measures = append(v.Committees[0].Measures, on)
	}
	got := viewPage(v)
	if n := strings.Count(got, "send the reply, by 29 Oct 2021 (text)."); n != 1 {
		t.Errorf("it is asked %d times:\n%s", n, got)
	}
	for _, want := range []string{"it has lines on 2 of its 3 measures: “The list”, “The fund”.", "lines on 2 of 3 measures: “The list”, “The fund”"} {
		if !strings.Contains(strings.Join(strings.Fields(got), " "), want) {
			t.Errorf("want %s, got\n%s", want, got)
		}
	}
}

func TestAHeadlineHidesNoDutyOnAMeasure(t *testing.T) {
	whole := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	v := aView(whole)
	v.Matter.Measures = []*guidancev1.Measure{{Id: "list", Title: "The list"}, {Id: "fund", Title: "The fund"}}
	for _, m := range v.Matter.Measures {
		on := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
		on.Measure, on.Current.Position.Measure = m.GetId(), m.GetId()
		v.Committees[0].Measures = append(v.Committees[0].Measures, on)
	}
	if got := viewPage(v); strings.Contains(got, "not the same on every measure") {
		t.Errorf("they are the same:\n%s", got)
	}
	v.Committees[0].Measures[1].Obligation = answersv1.Obligation_OBLIGATION_MUST
	if got := viewPage(v); !strings.Contains(got, "  It is not the same on every measure: see below on “The fund”.\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestOnlyPracticesAreToldThatTheyDecide(t *testing.T) {
	v := aView(aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE))
	const decides = "Each practice decides for itself. This is not legal advice.\n"
	if got := viewPage(v); !strings.HasSuffix(got, decides) {
		t.Errorf("got\n%s", got)
	}
	v.Audience = guidancev1.Audience_AUDIENCE_COMMISSIONERS
	if got := viewPage(v); strings.Contains(got, decides) {
		t.Errorf("got\n%s", got)
	}
}

func TestEveryPageForPracticesEndsWithWhoDecides(t *testing.T) {
	const decides = "\nEach practice decides for itself. This is not legal advice.\n"
	for _, audience := range []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES, guidancev1.Audience_AUDIENCE_GP_PARTNERS, guidancev1.Audience_AUDIENCE_COMMISSIONERS} {
		told := audience != guidancev1.Audience_AUDIENCE_COMMISSIONERS
		line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
		line.Audience = audience
		v := aView(line)
		v.Audience = audience
		var screen strings.Builder
		if err := OneScreen(&screen, v, Width); err != nil {
			t.Fatal(err)
		}
		if got := screen.String(); strings.HasSuffix(got, decides) != told {
			t.Errorf("to %v, on one screen:\n%s", audience, got)
		}
		p := New(Width)
		p.Changes(&answersv1.GetChangesResponse{
			Committees: []string{line.GetCommittee()}, Changes: []*answersv1.Change{{Kind: answersv1.ChangeKind_CHANGE_KIND_NEW, Committee: line.GetCommittee(), After: line}},
		}, "41")
		if got := p.String(); strings.HasSuffix(got, decides+"\nnext time: --since 41\n") != told {
			t.Errorf("to %v, of what changed:\n%s", audience, got)
		}
	}
	p := New(Width)
	p.Changes(&answersv1.GetChangesResponse{Committees: []string{"north-essex"}}, "41")
	if got := p.String(); !strings.Contains(got, decides) {
		t.Errorf("where nothing changed:\n%s", got)
	}
}

// A row for a group names the letter that says it, which may say the opposite of the general
// one; with what it depends on, what it asks by when, and how long it holds.
func TestARowOfAMeasureSaysAllThatIsSaidOnIt(t *testing.T) {
	on := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	on.Measure, on.Current.Position.Measure, on.Current.Position.ValidUntil = "fund", "fund", "2021-11-30"
	on.Current.Position.Conditions = []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: "the money is paid"}}
	on.Effects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-10-01"}}
	group := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	group.Measure, group.Scope, group.Current.Advisory = "fund", &guidancev1.Scope{Id: "signed", Words: "practices that have signed"}, "essex/9"
	group.Current.Position.ValidUntil = "2021-11-15"
	group.Actions = []*guidancev1.Action{{Verb: "reply", Scope: "signed", Measure: "fund", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-10-29"}}}}
	on.Groups = []*answersv1.Line{group}
	on.NotYet = []*answersv1.Statement{{Advisory: "essex/10", ValidFrom: "2021-12-01", Position: &guidancev1.Position{Measure: "fund", Stance: guidancev1.Stance_STANCE_CAUTION}}}
	on.SaidToPart = []*answersv1.Statement{{Advisory: "essex/11", Position: &guidancev1.Position{Measure: "fund", Stance: guidancev1.Stance_STANCE_REQUIRED, Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_GP_PARTNERS}}}}
	for _, whole := range []bool{true, false} {
		on.MayHaveBeenIssued = append(on.MayHaveBeenIssued, &answersv1.Statement{Advisory: "essex/12", Position: &guidancev1.Position{
			Stance: guidancev1.Stance_STANCE_SUPPORT, Measure: map[bool]string{true: "", false: "fund"}[whole], Matter: map[bool]string{true: "whole"}[whole],
		}})
	}
	v := aView(aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE))
	v.Matter.Measures = []*guidancev1.Measure{{Id: "fund", Title: "The fund"}}
	v.Committees[0].Measures, v.Committees[0].OwnMeasureLines = []*answersv1.Line{on}, 1
	got := strings.Join(strings.Fields(viewPage(v)), " ")
	for _, want := range []string{
		"advises you to refuse, until 30 November 2021, on conditions [essex/7]; for practices that have signed: supports, until 15 November 2021 [essex/9]", "This holds until: the money is paid.", "from 1 December 2021: caution [essex/10]", "to GP partners: required [essex/11]", "Says: doing it would be a breach of contract since 1 Oct 2021.", "Asks: reply, by 29 Oct 2021 (practices that have signed).",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "perhaps already: support [essex/12]"); n != 1 {
		t.Errorf("one undated letter is told %d times", n)
	}
}

func TestAPracticeIsToldWhatItsPartnersAreAskedAndWhatFollows(t *testing.T) {
	partners := []guidancev1.Audience{guidancev1.Audience_AUDIENCE_GP_PARTNERS}
	on := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	on.Measure, on.ByWholeMatter = "targets", true
	part := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REQUIRED)
	part.Measure, part.Audience, part.Obligation = "targets", partners[0], answersv1.Obligation_OBLIGATION_MUST
	part.Current = &answersv1.Statement{Advisory: "essex/11", Position: &guidancev1.Position{
		Stance: guidancev1.Stance_STANCE_REQUIRED, Measure: "targets", Audiences: partners,
		Consequences: []*guidancev1.StatedConsequence{{Topic: guidancev1.ConsequenceTopic_CONSEQUENCE_TOPIC_CONTRACT, Words: "a remedial notice may follow"}},
	}}
	part.Effects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}}
	part.Actions = []*guidancev1.Action{{
		Verb: "sign", Object: "the declaration", Actors: partners, Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Measure: "targets",
		Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-30"}},
	}}
	on.SaidToPart, on.PartLines = []*answersv1.Statement{part.Current}, []*answersv1.Line{part}
	v := aView(aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE))
	v.Matter.Measures = []*guidancev1.Measure{{Id: "targets", Title: "The targets"}}
	v.Committees[0].Measures = []*answersv1.Line{on}
	full := New(MostWidth)
	full.View(v, "", true)
	for how, got := range map[string]string{"": viewPage(v), "in full": full.String()} {
		got = strings.Join(strings.Fields(got), " ")
		for _, want := range []string{
			"It is not the same on every measure: see below on “The targets”.", "By when by 30 November 2021: GP partners: sign the declaration",
			"to GP partners: required [essex/11]", "To GP partners: contractual.", "GP partners: it insists: sign the declaration, by 30 Nov 2021.",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
		want := "What follows: --full."
		if how != "" {
			want = "To GP partners: For contract: a remedial notice may follow"
		}
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	v.Measure, v.Committees[0].Headline, v.Committees[0].Measures = "targets", on, nil
	if got := strings.Join(strings.Fields(viewPage(v)), " "); !strings.Contains(got, "To do GP partners: your LMC insists: sign the declaration, by 30 November 2021") ||
		!strings.Contains(got, "It says To GP partners: For contract: a remedial notice may follow") {
		t.Errorf("of the measure:\n%s", got)
	}
}

// What a group's letter gives as its reason, and says of money, was on no page; and where only a
// group or partners have a line, no letter was named.
func TestAPageHasTheReasonsAndTheLetterOfEveryLineOnIt(t *testing.T) {
	none := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	none.NoLine = &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS, OtherGroups: true}
	group := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	group.Scope, group.Current.Advisory, group.Current.Title = &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}, "essex/9", "To those on EMIS"
	group.Current.Position.Rationale = "The link fails."
	group.Current.Position.Consequences = []*guidancev1.StatedConsequence{{Topic: guidancev1.ConsequenceTopic_CONSEQUENCE_TOPIC_MONEY, Words: "the fee is lost"}}
	part := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_CAUTION)
	part.Area, part.AreaName = &guidancev1.AreaId{Scheme: "icb", Code: "AAA"}, "Alpha ICB"
	part.Current.Advisory, part.Current.Title, part.Current.Position.Rationale = "essex/8", "To those in Alpha", "Talks go on there."
	none.Groups = []*answersv1.Line{group}
	v := aView(none)
	v.Committees[0].Parts = []*answersv1.Line{part}
	got := strings.Join(strings.Fields(viewPage(v)), " ")
	for _, want := range []string{
		"Why For practices on EMIS: The link fails. In Alpha ICB (icb:AAA): Talks go on there.", "It says For practices on EMIS: For money: the fee is lost",
		"Letter To those on EMIS, 25 October 2021 (read it: lmc advisory essex/9) To those in Alpha, 25 October 2021 (read it: lmc advisory essex/8)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// One letter was cited after the words of another.
func TestALineNamesItsOwnLetter(t *testing.T) {
	line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	group := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	group.Scope, group.Current.Advisory = &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}, "essex/71"
	line.Groups = []*answersv1.Line{group}
	for _, national := range []bool{false, true} {
		v := aView(line)
		if national {
			v = aView()
			v.National = &answersv1.CommitteeView{Headline: line}
		}
		if got := strings.Join(strings.Fields(viewPage(v)), " "); !strings.Contains(got, "refuse (25 October 2021, essex/7). For practices on EMIS, ") || !strings.Contains(got, " (25 October 2021, essex/71).") {
			t.Errorf("national %v:\n%s", national, got)
		}
	}
}

func TestABreachIsOfDoingItAndSaysWhoReadsItSo(t *testing.T) {
	line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	line.Effects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH}}
	line.Obligation = answersv1.Obligation_OBLIGATION_WOULD_BREACH
	line.Current.Position.Claims = []*guidancev1.Claim{{Claimant: &guidancev1.Body{Name: "NHS Surrey ICB"}, Words: "it is due"}}
	v := aView(line)
	line.Measure, v.Measure = "leave", "leave"
	v.Matter.Measures = []*guidancev1.Measure{{Id: "leave", Title: "Leaving", Proposer: &guidancev1.Body{Name: "GPC England"}, // who says nothing of it
		ClaimedEffects: []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_STATED}}}}
	got := strings.Join(strings.Fields(viewPage(v)), " ")
	for _, want := range []string{
		"North Essex LMC: doing it would be a breach of contract.",
		"What NHS Surrey ICB and North Essex LMC said of the contract leaves a breach or a dispute open: ring your LMC before you reply.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestARowForOthersSaysToWhom(t *testing.T) {
	v := aView(aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE))
	v.Audience = guidancev1.Audience_AUDIENCE_PRACTICES
	v.Matter.Measures = []*guidancev1.Measure{{Id: "list", Title: "The list"}}
	on := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_CAUTION)
	on.Measure, on.Audience = "list", guidancev1.Audience_AUDIENCE_COMMISSIONERS
	v.Committees[0].Measures = []*answersv1.Line{on}
	got := strings.Join(strings.Fields(viewPage(v)), " ")
	for _, want := range []string{"Lines of its own for practices on 0 of 1 measure, and what else it has said on 1 more", "The list (list): to commissioners, caution"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "not the same on every measure") {
		t.Errorf("what commissioners are told is told as another line for practices:\n%s", got)
	}
}

// What an LMC thinks of a measure read as "passes on information (opposes it)".
func TestAnOpinionAloneIsSaidAsOne(t *testing.T) {
	thinks := aLine(answersv1.LineState_LINE_STATE_MENTIONED, guidancev1.Stance_STANCE_INFORMATION_ONLY)
	thinks.Opinion = guidancev1.Opinion_OPINION_OPPOSES
	thinks.Current.Position.Opinion = thinks.Opinion
	if got := stateWords(thinks); got != "opposes it, advises neither way" {
		t.Errorf("alone: %q", got)
	}
	line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	line.Opinion, line.Mentions = thinks.Opinion, []*answersv1.Statement{thinks.Current}
	if got, want := nounWords(line)+besideWords(line, false), "refuse (opposes it); also: opposes it ["+thinks.Current.Advisory+"]"; got != want {
		t.Errorf("beside a line: %q, want %q", got, want)
	}
}

func TestWhatIsAskedInPartOfTheAreaStandsOnThePage(t *testing.T) {
	v := aView(aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE))
	part := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_CAUTION)
	part.Area, part.AreaName = &guidancev1.AreaId{Scheme: "icb", Code: "AAA"}, "Alpha ICB"
	part.Actions = []*guidancev1.Action{{Verb: "record", Object: "each day"}}
	v.Committees[0].Parts = []*answersv1.Line{part}
	if got, want := strings.Join(strings.Fields(viewPage(v)), " "), "To do in Alpha ICB (icb:AAA): your LMC asks: record each day"; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

func TestALineOnPartOfTheAreaIsNotSaidToOtherReaders(t *testing.T) {
	line := aLine(answersv1.LineState_LINE_STATE_NO_LINE, guidancev1.Stance_STANCE_UNSPECIFIED)
	line.Current, line.Practice, line.Audience = nil, "F81003", guidancev1.Audience_AUDIENCE_PRACTICES
	line.NoLine = &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS, OtherAreas: true}
	line.SaidToOthers = []*answersv1.Statement{{Advisory: "essex/8", AreaName: "Alpha ICB", Position: &guidancev1.Position{
		Stance: guidancev1.Stance_STANCE_CAUTION, Area: &guidancev1.AreaId{Scheme: "icb", Code: "AAA"}, Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
	}}}
	if got, want := stateWords(line)+besideWords(line, true), "no line for your area; in Alpha ICB (icb:AAA): caution [essex/8]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnActionReachesOnlyWhereItsLinesAre(t *testing.T) {
	alpha := &guidancev1.AreaId{Scheme: "icb", Code: "AAA"}
	letter := &guidancev1.Advisory{
		Positions: []*guidancev1.Position{{Matter: "gpc/plan", Area: alpha, Stance: guidancev1.Stance_STANCE_CAUTION}},
		Actions:   []*guidancev1.Action{{Verb: "ring", Object: "us"}},
	}
	page := func() string {
		p := New(MostWidth)
		p.Advisory(letter, &answersv1.Names{Areas: map[string]string{"icb:AAA": "Alpha ICB"}})
		return p.String()
	}
	const only = "reaches Alpha ICB (icb:AAA) alone"
	if got := page(); !strings.Contains(got, only) {
		t.Errorf("no %q in\n%s", only, got)
	}
	letter.Amends = []string{"essex/0"} // what it corrects may be asked of all, who are asked this instead
	if got := page(); strings.Contains(got, only) {
		t.Errorf("of a correction:\n%s", got)
	}
	letter.Amends = nil
	letter.Positions = append(letter.Positions, &guidancev1.Position{Matter: "gpc/plan", Measure: "fund", Stance: guidancev1.Stance_STANCE_CAUTION})
	if got := page(); strings.Contains(got, only) {
		t.Errorf("with a line for all of the area:\n%s", got)
	}
}

// What a letter to partners asks of practices was told to partners, and its page promised that practices are asked it.
func TestWhatALetterToPartOfWhomItNamesAsksSaysWhomItReaches(t *testing.T) {
	page := func(actor guidancev1.Audience, to ...guidancev1.Audience) string {
		p := New(MostWidth)
		p.Advisory(&guidancev1.Advisory{
			Positions: []*guidancev1.Position{{Matter: "gpc/plan", Audiences: to, Stance: refuse}},
			Actions:   []*guidancev1.Action{{Verb: "shut", Object: "the door", Actors: []guidancev1.Audience{actor}}},
		}, &answersv1.Names{})
		return p.String()
	}
	const only = "reaches GP partners alone: the lines it stands with are to no others of those it names"
	for want, got := range map[bool][]string{
		true:  {page(practices, partners)},
		false: {page(practices, practices, partners), page(partners, partners), page(managers, partners), page(partners, practices)},
	} {
		for i, got := range got {
			if strings.Contains(got, only) != want {
				t.Errorf("%d: want it said: %t, got\n%s", i, want, got)
			}
		}
	}
}

// A figure cites the letters that are counted in it, and says where a part of an area differs.
func TestAFigureCitesNoLetterThatSaysOtherwise(t *testing.T) {
	north := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	part := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_CAUTION)
	part.Area, part.Current.Advisory = &guidancev1.AreaId{Scheme: "icb", Code: "QXX"}, "essex/8"
	table := func(unit answersv1.Unit, columns ...*answersv1.Column) string {
		p := New(MostWidth)
		p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: unit, Tables: []*answersv1.NationalTable{{Lines: []*answersv1.Line{north, part}, Columns: columns}}}, "")
		return p.String()
	}
	column := func(stance guidancev1.Stance, n int32) *answersv1.Column {
		return &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: stance, Count: n, Words: guidance.StanceNoun(stance), Members: []string{"north-essex"}}
	}
	got := table(answersv1.Unit_UNIT_COMMITTEES, column(guidancev1.Stance_STANCE_SUPPORT, 1))
	if want := "1, in 1 letter: support\n      north-essex (essex/7); otherwise in part of its area: north-essex in icb:QXX: caution (essex/8)\n"; !strings.Contains(got, want) {
		t.Errorf("want %s, got\n%s", want, got)
	}
	part.NotYet = []*answersv1.Statement{{Advisory: "essex/9", ValidFrom: "2021-12-08", Position: &guidancev1.Position{Stance: refuse, ValidFrom: "2021-12-08"}}} // which no figure had
	if got, want := OneLine(table(answersv1.Unit_UNIT_COMMITTEES, column(guidancev1.Stance_STANCE_SUPPORT, 1))), "north-essex in icb:QXX: caution (essex/8, from 8 December 2021: refuse (essex/9))"; !strings.Contains(got, want) {
		t.Errorf("want %s, got\n%s", want, got)
	}
	part.NotYet = nil
	got = table(answersv1.Unit_UNIT_PRACTICES, column(guidancev1.Stance_STANCE_SUPPORT, 20), column(guidancev1.Stance_STANCE_CAUTION, 10))
	for _, want := range []string{"20: support\n      north-essex (essex/7)\n", "10: caution\n      north-essex (essex/8)\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s, got\n%s", want, got)
		}
	}
}

// Of offices nothing was marked but conditions and that a line is for now: that a part of an area differs was in no figure of theirs.
func TestAFigureOfOfficesSaysWhereAPartOfAnAreaDiffers(t *testing.T) {
	north := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	part := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_CAUTION)
	part.Area, part.Current.Advisory = &guidancev1.AreaId{Scheme: "icb", Code: "QXX"}, "essex/8"
	north.Current.Position.ValidUntil = "2021-12-31"
	p := New(MostWidth)
	p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: answersv1.Unit_UNIT_OFFICES, Tables: []*answersv1.NationalTable{{
		Lines: []*answersv1.Line{north, part}, Offices: map[string]string{"north-essex": "essex"},
		Columns: []*answersv1.Column{{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_SUPPORT, Count: 1, Words: "support", Members: []string{"essex"}}},
	}}}, "")
	if got, want := OneLine(p.String()), "essex (essex/7); until 31 December 2021; otherwise in part of its area: north-essex in icb:QXX: caution (essex/8)"; !strings.Contains(got, want) {
		t.Errorf("want %s, got\n%s", want, got)
	}
}

// Of a committee that is counted by what its practices are told of those merged into it, it was not said what that is.
func TestAFigureSaysWhatPracticesAreToldOfThoseMerged(t *testing.T) {
	rest := aLine(answersv1.LineState_LINE_STATE_NO_LINE, guidancev1.Stance_STANCE_UNSPECIFIED)
	said := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT).Current
	said.Advisory, said.Predecessor, said.PredecessorName = "suffolk/0", "suffolk", "Suffolk LMC"
	rest.Current, rest.SaidToOthers = nil, []*answersv1.Statement{said}
	rest.NoLine = &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS}
	column := &answersv1.Column{
		Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_SUPPORT, Count: 1, Words: "support", Members: []string{"north-essex"},
		PracticesRestOn: []*answersv1.PracticesRestOn{{Committee: "north-essex", Advisories: []string{"suffolk/0"}}},
	}
	for unit, want := range map[answersv1.Unit]bool{answersv1.Unit_UNIT_COMMITTEES: true, answersv1.Unit_UNIT_PRACTICES: false} {
		p := New(MostWidth)
		p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: unit, Tables: []*answersv1.NationalTable{{Lines: []*answersv1.Line{rest}, Columns: []*answersv1.Column{column}}}}, "")
		if got := p.String(); !strings.Contains(got, "(suffolk/0)") || strings.Contains(got, "Suffolk LMC before it was merged: support (suffolk/0).") != want {
			t.Errorf("by %v:\n%s", unit, got)
		}
	}
}

// Of a part of an area a figure of committees had neither the last day nor whom it is not for.
func TestAPartOfAnAreaInAFigureHasWhatIsMarkedOfIt(t *testing.T) {
	part := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_CAUTION)
	part.Area, part.Current.Advisory = &guidancev1.AreaId{Scheme: "icb", Code: "QXX"}, "essex/8"
	part.Current.Position.ValidUntil, part.Current.Position.Provisional = "2021-12-10", true
	part.Warnings = []*answersv1.Warning{{Code: answersv1.WarningCode_WARNING_CODE_ENDS_LATER, From: "2021-11-29", By: "essex/9"}}
	part.Groups, part.PartLines = []*answersv1.Line{{}}, []*answersv1.Line{{}}
	lines := []*answersv1.Line{part}
	table := &answersv1.NationalTable{Lines: lines, Columns: []*answersv1.Column{{Kind: answersv1.ColumnKind_COLUMN_KIND_SPLIT, Count: 1, Words: "split", Members: []string{"north-essex"}}}}
	p := New(MostWidth)
	p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Tables: []*answersv1.NationalTable{table}}, "")
	want := "in icb:QXX: caution, for now, until 10 December 2021 (essex/8, ends on 29 November 2021, by essex/9, something else for some groups, something else to some of these readers)"
	if got := OneLine(p.String()); !strings.Contains(got, want) {
		t.Errorf("got\n%s", p)
	}
}

func TestNamesWithCommasAreListedApartBySemicolons(t *testing.T) {
	lines := []*answersv1.Line{aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)}
	for _, name := range []string{"Avon LMC", "Bedfordshire, Hertfordshire LMC", "Croydon LMC"} {
		other := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
		other.CommitteeName = name
		lines = append(lines, other)
	}
	var b strings.Builder
	if err := View(&b, aView(lines...), Width); err != nil {
		t.Fatal(err)
	}
	if want := "Nothing published here by 3: Avon LMC; Bedfordshire, Hertfordshire LMC;\n  Croydon LMC."; !strings.Contains(b.String(), want) {
		t.Errorf("%s\nwant: %s", b.String(), want)
	}
}

// Where all are silent the figures stand all the same: nobody of so many, and who.
func TestAPictureOfANationThatIsSilentHasItsFigures(t *testing.T) {
	silent := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	silent.Committee = "lothian"
	table := func(measure, title string) *answersv1.NationalTable {
		return &answersv1.NationalTable{
			Measure: measure, Title: title, Proposer: &guidancev1.Body{Name: "NHS England"}, Audience: guidancev1.Audience_AUDIENCE_PRACTICES,
			Lines: []*answersv1.Line{silent}, Denominator: 2, DenominatorWords: "Out of 2 committees (this register as of 28 October 2021).",
			Columns: []*answersv1.Column{{Kind: answersv1.ColumnKind_COLUMN_KIND_NO_LINE, Reason: answersv1.NoLineReason_NO_LINE_REASON_SILENT, Words: "nothing published here", Count: 2, Members: []string{"fife", "lothian"}}},
		}
	}
	figures := `
    0 of 2, 0%: have said anything
    2 of 2, 100%: nothing published here
      fife, lothian
  Out of 2 committees (this register as of 28 October 2021).
`
	for name, c := range map[string]struct {
		tables []*answersv1.NationalTable
		want   string
	}{
		"of a matter":  {[]*answersv1.NationalTable{table("", "The plan"), table("first", "The first")}, "\nThe whole matter, proposed by NHS England, for practices" + figures + "\nNobody has said anything on:\n  first\n"},
		"of a measure": {[]*answersv1.NationalTable{table("first", "The first")}, "\nThe first (first), proposed by NHS England, for practices" + figures},
	} {
		var b strings.Builder
		if err := National(&b, &answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: answersv1.Unit_UNIT_COMMITTEES, Tables: c.tables}, Width); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), c.want) {
			t.Errorf("%s:\n%s\nwant:\n%s", name, b.String(), c.want)
		}
	}
}

func TestOnlyTheReadersOwnLMCAdvisesThem(t *testing.T) {
	own := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	refuses := func(name string) *answersv1.Line {
		line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
		line.CommitteeName = name
		line.Words = guidance.LineWords(line)
		return line
	}
	other := refuses("Croydon LMC")
	group := refuses("Croydon LMC")
	group.Scope = &guidancev1.Scope{Id: "new", Words: "new practices"}
	group.Current.Position.Stance = guidancev1.Stance_STANCE_PRACTICE_DECIDES
	other.Groups = []*answersv1.Line{group}
	v := aView(own, other)
	v.National = &answersv1.CommitteeView{Headline: refuses("GPC England")}
	changes := &answersv1.GetChangesResponse{Changes: []*answersv1.Change{{Kind: answersv1.ChangeKind_CHANGE_KIND_MOVED, Committee: "croydon", CommitteeName: "Croydon LMC", Before: own, After: other, NationalByThen: other.Current}}}
	var b strings.Builder
	page := New(Width)
	page.View(v, "", true)
	page.Changes(changes, "")
	b.WriteString(page.String())
	if err := OneScreen(&b, v, Width); err != nil {
		t.Fatal(err)
	}
	unwrapped := strings.Join(strings.Fields(b.String()), " ")
	for _, words := range []string{"advises you", "leaves it to you"} {
		if strings.Contains(unwrapped, words) {
			t.Errorf("%q stands in\n%s", words, b.String())
		}
	}
	for _, words := range []string{"GPC England: refuse (25 October 2021, essex/7)", "For new practices, Croydon LMC: practice decides"} {
		if !strings.Contains(unwrapped, words) {
			t.Errorf("%q is missing in\n%s", words, b.String())
		}
	}
}

func TestABlockSaysWhatEachOfItsCellsIs(t *testing.T) {
	table := NewTable("AREA", "NAME", "DAYS", "WITHIN")
	table.Labels = true
	table.Add("icb:QKS", "Kent and Medway", "2022-07-01..2026-03-31", "-")
	table.Add("icb:S9B9J", "Surrey and Sussex", "", "region:Y59")
	p := New(LeastWidth)
	p.Table(0, table)
	if diff := cmp.Diff(`AREA
icb:QKS
  name: Kent and Medway; days:
  2022-07-01..2026-03-31
icb:S9B9J
  name: Surrey and Sussex; within:
  region:Y59
`, p.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEachOfSeveralWrappedItemsCanBeToldFromTheNext(t *testing.T) {
	p := New(LeastWidth)
	p.Item(2, "other names: one two three four five six seven")
	p.Item(2, "kind: LMC")
	if want := "  other names: one two three four five\n    six seven\n  kind: LMC\n"; p.String() != want {
		t.Errorf("%q, want %q", p.String(), want)
	}
}

func TestALetterWithoutPositionsHasNoEmptyHeading(t *testing.T) {
	p := New(Width)
	p.Advisory(&guidancev1.Advisory{
		Title: "Correction: office hours", Office: "essex", OnBehalfOf: []string{"north-essex"}, Body: "We are not open on Saturday.",
		Issued: &guidancev1.DayRange{Earliest: "2021-10-12", Latest: "2021-10-12"}, Replaces: []string{"essex/3"},
	}, nil)
	if got := p.String(); strings.Contains(got, "What it") || !strings.Contains(got, "Replaces: essex/3\n") {
		t.Errorf("got\n%s", got)
	}
}

// Six matters of one newsletter: each measure is under the title of its own matter, in the
// order in which the letter first names them.
func TestANewsletterOfSixMattersNamesEachByItsTitle(t *testing.T) {
	letter := &guidancev1.Advisory{Title: "Newsletter", Office: "kent", OnBehalfOf: []string{"kent"}, Issued: &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}}
	names := &answersv1.Names{Matters: map[string]*answersv1.MatterTitles{}}
	titles := []string{"Vaccines", "The network scheme", "Data", "Pay", "Premises", "Blood tests"}
	for i, title := range titles {
		name, measure := "gpc-england/matter-"+string(rune('a'+i)), "join"
		if i%2 == 1 {
			measure = "declare"
		}
		names.Matters[name] = &answersv1.MatterTitles{Title: title, Measures: map[string]string{"join": "Joining of " + title, "declare": "Declaring to " + title}}
		letter.Positions = append(letter.Positions, &guidancev1.Position{Matter: name, Measure: measure, Committees: []string{"kent"}, Stance: guidancev1.Stance_STANCE_CAUTION})
	}
	p := New(Width)
	p.Advisory(letter, names)
	rest := p.String()
	for i, title := range titles {
		measure := "“Joining of " + title + "” (join)"
		if i%2 == 1 {
			measure = "“Declaring to " + title + "” (declare)"
		}
		for _, want := range []string{"\nOn “" + title + "” (gpc-england/matter-", "What it says:\n", "On " + measure + ": this office urges caution"} {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Fatalf("no %q behind the matter before, in\n%s", want, p)
			}
			rest = after
		}
	}
}

func TestALettersTextCannotPoseAsThePage(t *testing.T) {
	const forged = "We write.\n\nPublished as essex/99; signed by GPC England.\n\nWhat it ends:\n  essex/1 ends as a whole.\n\n```\nLook twice:\n```\n\n# Signed: nobody\n\nMay be read by: nobody"
	for what, write := range map[string]func(*Page){
		"an advisory": func(p *Page) { p.Advisory(&guidancev1.Advisory{Title: "T", Body: forged}, nil) },
		"a matter":    func(p *Page) { p.Matter(&guidancev1.Matter{Title: "T", Summary: forged}) },
		"a report":    func(p *Page) { p.Report(&guidancev1.ReportedPosition{Summary: forged}, nil) },
	} {
		p := New(LeastWidth)
		write(p)
		for line := range strings.Lines(p.String()) {
			for _, posed := range []string{"Published as", "What it ends", "essex/1", "Look twice", "# Signed", "May be read by: nobody"} {
				if strings.Contains(line, posed) && !strings.HasPrefix(line, "  | ") {
					t.Errorf("%s: %q stands like a line of the page", what, line)
				}
			}
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > LeastWidth {
				t.Errorf("%s: %q is %d wide", what, line, n)
			}
		}
	}
}

// What waits for a condition was said to hold from a later day, and what is said of the whole
// matter stood beside each measure as if said of it.
func TestWhatWaitsSaysForWhatAndOnWhat(t *testing.T) {
	line := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	line.Measure, line.NoLine = "fund", &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_NOT_YET}
	waits := &answersv1.Statement{Advisory: "essex/9", Position: &guidancev1.Position{
		Stance: guidancev1.Stance_STANCE_SUPPORT, Conditions: []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "the money is paid"}},
	}}
	line.Waiting = []*answersv1.Statement{waits}
	if got, want := stateWords(line)+besideWords(line, true), "no line yet: it waits for a condition; waiting: support once the money is paid, on the whole matter [essex/9]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := guidance.LineWords(line); !strings.Contains(got, "Waiting: support once the money is paid (essex/9, on the whole matter).") {
		t.Errorf("got %q", got)
	}
	line.Waiting, line.NotYet = nil, line.Waiting
	if got := stateWords(line); got != "no line yet: it holds from a later day" {
		t.Errorf("got %q", got)
	}
}

// The list of what is due left out what is asked on measures, and a day that had passed did not
// say so; nor did a page with lines on measures alone say that they were logged late.
func TestWhatIsDueOnMeasuresIsAmongWhatIsDue(t *testing.T) {
	v := aView(aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0))
	v.Committees[0].Headline.Current = nil
	due := func(day string) *guidancev1.Due { return &guidancev1.Due{When: &guidancev1.Due_Day{Day: day}} }
	for i, day := range []string{"2021-11-05", "2021-11-05", "2021-10-20"} {
		line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
		line.Measure = fmt.Sprintf("m-%d", i)
		line.Current.Position.Measure = line.Measure
		line.Actions = []*guidancev1.Action{{Verb: "send", Object: fmt.Sprintf("form %d", i), Measure: line.Measure, Due: due(day), Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES, guidancev1.Audience_AUDIENCE_PCNS}}}
		line.Warnings = []*answersv1.Warning{{Code: answersv1.WarningCode_WARNING_CODE_LOGGED_LATE, Words: "Logged late: essex/7 was."}}
		v.Matter.Measures = append(v.Matter.Measures, &guidancev1.Measure{Id: line.Measure, Title: "A measure"})
		v.Committees[0].Measures = append(v.Committees[0].Measures, line)
	}
	v.Audience = guidancev1.Audience_AUDIENCE_PRACTICES
	got := strings.Join(strings.Fields(viewPage(v)), " ")
	for _, want := range []string{"By when by 5 November 2021: send form 0; send form 1", "Asks: send form 2, by 20 Oct 2021; that day has passed.", "Look twice Logged late: essex/7 was."} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "primary care networks") || strings.Count(got, "Logged late") != 1 {
		t.Errorf("got\n%s", got)
	}
}

// A group's and a part's contract, dues, texts and warnings stood on their own pages alone, and
// "does not say" on that of the committee.
func TestWhatAGroupOrAPartHasToDoStandsWithItsCommittee(t *testing.T) {
	contractual := []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}}
	warned := func(words string) []*answersv1.Warning {
		return []*answersv1.Warning{{Code: answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL, Words: words}}
	}
	line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	group := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	group.Scope, group.Effects, group.Warnings = &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}, contractual, warned("Ask before declining, on EMIS.")
	part := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	part.Area, part.AreaName, part.Effects, part.Warnings = &guidancev1.AreaId{Scheme: "icb", Code: "AAA"}, "Alpha ICB", contractual, warned("Ask before declining, there.")
	part.Current.Advisory = "essex/8"
	part.Actions = []*guidancev1.Action{{
		Verb: "reply", Object: "to the ICB", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Template: "We refuse.",
		Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-12-01"}}, TemplateFor: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS},
	}}
	for _, measure := range []string{"", "list"} {
		v := aView(line)
		v.Matter.Measures = []*guidancev1.Measure{{Id: "list", Title: "The list"}}
		line.Groups, v.Committees[0].Parts, v.Measure = []*answersv1.Line{group}, []*answersv1.Line{part}, measure
		for _, one := range []*answersv1.Line{line, group, part} {
			one.Measure = measure
		}
		got := strings.Join(strings.Fields(viewPage(v)), " ")
		for _, want := range []string{
			"For practices on EMIS: contractual.", "In Alpha ICB (icb:AAA): contractual.",
			"Look twice For practices on EMIS: Ask before declining, on EMIS.", "In Alpha ICB (icb:AAA): Ask before declining, there.",
			"To do in Alpha ICB (icb:AAA): ", "by 1 December 2021: in Alpha ICB (icb:AAA): reply to the ICB", "To send in Alpha ICB (icb:AAA): the text for “reply to the ICB”, to commissioners",
			"leaves a breach or a dispute open: ring your LMC before you reply",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("on %q, no %q in\n%s", measure, want, got)
			}
		}
	}
}
