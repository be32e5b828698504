package plain

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// mattersOf are a page's matters, each in one line.
func mattersOf(page string) (all []string) {
	for _, text := range regexp.MustCompile(`(?m)^[1-5]\. `).Split(page, -1)[1:] {
		all = append(all, OneLine(text))
	}
	return all
}

// At five dense matters a line that held until something was agreed stood as if it held whatever came.
func TestALineOnConditionsSaysSoHoweverDenseThePage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anySmall(t)
		n := 0
		for _, e := range w.in.Entries {
			for _, p := range e.Advisory.Positions {
				p.Rationale = "Unsafe." + strings.Repeat(" Ring.", fairly(0, 60, 150).Draw(t, "words"))
				for range fairly(0, 1, 1, 2).Draw(t, "conditions") {
					n++
					p.Conditions = append(p.Conditions, &guidancev1.Condition{
						Direction: fairly(guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, guidancev1.ConditionDirection_CONDITION_DIRECTION_UNLESS).Draw(t, "direction"),
						Text:      fmt.Sprintf("case %dx comes true", n) + strings.Repeat(" again", fairly(0, 1, 30).Draw(t, "again")),
					})
				}
			}
		}
		r := w.ownPage(t, 5)
		page := practiceText(r, fairly(60, 80, 100).Draw(t, "width"))
		for i, matter := range mattersOf(page) {
			v := r.Matters[i]
			for _, c := range v.GetCommittees() {
				for _, line := range append([]*answersv1.Line{c.GetHeadline()}, c.GetParts()...) {
					if st := line.GetCurrent(); line.GetState() == answersv1.LineState_LINE_STATE_STATED && guidance.OnConditions(st.GetPosition()) &&
						!strings.Contains(matter, "All on conditions.") && !strings.Contains(matter, guidance.ConditionWords(st.GetPosition())) && !strings.Contains(matter, ", on conditions ("+shortDays(guidance.RangeWords(st.GetIssued()), nil)+", "+st.GetAdvisory()) {
						t.Fatalf("%s says neither that it has conditions nor which:\n%s", st.GetAdvisory(), page)
					}
				}
			}
		}
	})
}

// So it was of what others report of it.
func TestWhatIsReportedToBeSaidOnConditionsSaysSoHoweverDenseThePage(t *testing.T) {
	w := newSmall()
	w.isReported("2026-11-02", &guidancev1.Position{Stance: refuse, Rationale: strings.Repeat("Ring. ", 150), Conditions: []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_UNLESS, Text: "it is paid" + strings.Repeat(" again", 60)}}})
	if page := OneLine(practiceText(w.ownPage(t, 5), 100)); strings.Count(page, "Tri LMC is reported to advise refusing, on conditions (2 Nov 2026") != 5 {
		t.Error(page)
	}
}

// Of what was asked, and why, a dense page had a word or two: "reply to …", "ring the …", "Why: It is not …".
func TestADensePageTellsWhatIsAskedAndWhyInNoStubs(t *testing.T) {
	w := newSmall()
	m := w.in.Matter
	m.Title = "Five, a proposal with a rather long title that takes room"
	m.Measures[0].Title, m.Measures[1].Title = "Keep online consultation open from 8am to 6.30pm", "Sign the data sharing agreement"
	m.Measures[0].ClaimedEffects = stated(guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL)
	m.Measures[1].ClaimedEffects = stated(guidancev1.ContractEffect_CONTRACT_EFFECT_GUIDANCE_ONLY)
	m.Measures[0].Deadlines = []*guidancev1.Deadline{{Title: "Online consultation open all day", Due: dueBy("2026-12-10"), AddressedTo: []guidancev1.Audience{practices}}}
	w.isNational("2026-11-27", &guidancev1.Position{Stance: refuse, Rationale: "It is unsafe."})
	w.says("2026-11-20", []*guidancev1.Position{{
		Stance: guidancev1.Stance_STANCE_ADVISE_AGAINST, Rationale: "It is not safe in winter.", ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL),
		Claims:       []*guidancev1.Claim{{Claimant: &guidancev1.Body{Id: "kent-icb", Name: "Kent ICB"}, Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL, Words: "It is implied by the scheme you signed."}},
		Consequences: []*guidancev1.StatedConsequence{{Topic: guidancev1.ConsequenceTopic_CONSEQUENCE_TOPIC_MONEY, Words: "no funds pass directly to practices"}},
		Conditions:   []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: "the safety case has been agreed"}},
	}, {Measure: "feed", Stance: caution}},
		&guidancev1.Action{Verb: "check", Object: "the figures you are shown", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Condition: "if you are targeted", Due: dueBy("2026-12-08"), Measure: "hub", Template: "Dear all,", TemplateFor: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS}},
		&guidancev1.Action{Verb: "ring", Object: "the LMC office", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, Condition: "if somebody rings you about it", Due: &guidancev1.Due{When: &guidancev1.Due_Rule{Rule: "at once"}}},
		&guidancev1.Action{Verb: "reply", Object: "to the ICB's survey", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, Due: dueBy("2026-12-01")},
	)
	r := w.ownPage(t, 5)
	r.Others = []*answersv1.MatterInBrief{picture.InBrief(r.Matters[0], ""), picture.InBrief(r.Matters[0], "")}
	page := practiceText(r, 100)
	for _, matter := range mattersOf(page) {
		wants(t, matter, "advises against, on conditions (", "By when: by 1 Dec 2026: reply to the ICB's survey; by 8 Dec 2026: check the figures you are shown (a must, if you are targeted)", "Your LMC asks, if somebody rings you about it: ring the LMC office")
		for _, said := range regexp.MustCompile(`(?:Why|This holds until): ([^.…]*)…`).FindAllStringSubmatch(matter, -1) {
			if said[1] != "" && utf8.RuneCountInString(said[0]) < 30 {
				t.Errorf("%q is a stub", said[0])
			}
		}
	}
	if n := strings.Count(page, "\n"); n > 40+len(r.Others) || t.Failed() {
		t.Errorf("%d lines:\n%s", n, page)
	}
}

// Each thing that is asked has some forty characters before a reason is begun, which has as many or is left out, with
// its mark; and what is done to what stands however much else is said.
func TestWhatIsAskedHasFortyCharactersBeforeAReasonIsBegun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		page := practiceText(fullPage(5, rapid.IntRange(0, 20).Draw(t, "measures"), rapid.IntRange(0, 60).Draw(t, "words"), "North Essex LMC"), 100)
		for _, matter := range mattersOf(page) {
			for _, said := range regexp.MustCompile(`(LMC asks|\(a must\)|somebody rings|Why|This holds until): ([^.…]*)…`).FindAllStringSubmatch(matter, -1) {
				least := 34 // of forty, with what stands before it
				if !strings.Contains(matter, "Why: ") && said[1] != "Why" && said[1] != "This holds until" {
					least = 24
				}
				if said[2] != "" && utf8.RuneCountInString(said[0]) < least {
					t.Fatalf("%q is a stub:\n%s", said[0], page)
				}
			}
		}
	})
}

// Rows in brief consisted of titles with "…" behind them, and sentences ended in half a day: "From 15 December …".
func TestADensePageCutsNoDayAndNamesNoMeasureWithoutItsLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anySmall(t)
		w.isNational("2026-11-09", &guidancev1.Position{Measure: fairly("", "hub", "act").Draw(t, "national on"), Stance: refuse})
		for _, e := range w.in.Entries {
			dated := strings.Repeat("word ", fairly(0, 1, 2, 3, 4, 5, 6, 7).Draw(t, "words")) + "from 15 January 2027 on, or by 12:00 on 4 Mar 2027"
			for _, p := range e.Advisory.Positions {
				p.Rationale = dated + strings.Repeat(" Ring.", fairly(0, 60, 150).Draw(t, "rings"))
				p.Conditions = []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: dated}}
			}
			for _, act := range e.Advisory.Actions {
				act.Object += " " + dated
			}
		}
		page := OneLine(practiceText(w.ownPage(t, 5), fairly(60, 80, 100).Draw(t, "width")))
		if cut := regexp.MustCompile(`.{20}(” …|(from|by|:00 on|:00| 15| 4|15 Jan(uary)?|4 Mar) …)`).FindString(page); cut != "" {
			t.Fatalf("%q is on:\n%s", cut, page)
		}
	})
}
