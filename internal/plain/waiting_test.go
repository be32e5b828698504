package plain

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A line that waited was told without what it waits for, and one for a group in part of the area on no
// page but that of a practice there.
func TestWhatIsAheadStandsOnEveryPageOfThoseItIsFor(t *testing.T) {
	waits := &guidancev1.Position{Conditions: []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "the talks fail"}}}
	later := &guidancev1.Position{ValidFrom: "2026-12-05"}
	both := &guidancev1.Position{ValidFrom: "2026-12-05", Conditions: waits.Conditions}
	emis, tpp := newSmall().groups[0], newSmall().groups[1]
	type limits struct {
		area      *guidancev1.AreaId
		group     *guidancev1.Scope
		audiences []guidancev1.Audience
	}
	besides := map[string][]*guidancev1.Position{
		"nothing": nil, "the whole matter": {{Stance: caution}}, "the measure": {{Stance: caution, Measure: "hub"}}, "the area": {{Stance: caution, Measure: "hub", Area: inArea("AA")}},
		"another area": {{Stance: caution, Measure: "hub", Area: inArea("BB")}}, "partners": {{Stance: caution, Measure: "hub", Audiences: []guidancev1.Audience{partners}}},
		"a mention": {{Stance: guidancev1.Stance_STANCE_CONSULTING}}, "what is over": {{Stance: caution, ValidUntil: "2026-11-10"}}, "another group": {{Stance: caution, Measure: "hub", Scope: tpp}},
	}
	for name, ahead := range map[string]*guidancev1.Position{"waits": waits, "later": later, "both": both} {
		for _, of := range []limits{
			{}, {area: inArea("AA")}, {group: emis}, {audiences: []guidancev1.Audience{partners}}, {area: inArea("AA"), group: emis}, {area: inArea("AA"), audiences: []guidancev1.Audience{partners}},
		} {
			for beside, positions := range besides {
				w := newSmall()
				if positions != nil {
					said := proto.CloneOf(positions[0])
					w.says("2026-10-01", []*guidancev1.Position{said})
				}
				pos := proto.CloneOf(ahead)
				pos.Stance, pos.Measure, pos.Area, pos.Scope, pos.Audiences = refuse, "hub", of.area, of.group, of.audiences
				w.says("2026-11-01", []*guidancev1.Position{pos})
				for _, measure := range []string{"", "hub"} {
					for _, practice := range []string{"", practiceIn(0)} {
						got := shortMonths.Replace(w.pageOf(t, measure, practice, false))
						if len(ahead.Conditions) > 0 && !strings.Contains(got, "once the talks fail") || ahead.ValidFrom != "" && !strings.Contains(got, "5 Dec 2026") {
							t.Errorf("%s for %v beside %s, on %q for %q:\n%s", name, of, beside, measure, practice, got)
						}
					}
				}
				elsewhere := w.pageOf(t, "hub", practiceIn(2), false)
				if of.area != nil && beside == "nothing" && strings.Contains(elsewhere, "Not yet in force") {
					t.Errorf("%s for %v is in force of a practice of another area:\n%s", name, of, elsewhere)
				}
			}
		}
	}
}

// A letter whose line waits was said to have nothing on what it replaced, in the sentence that tells that line.
func TestALetterThatReplacesAndWaitsIsNotSaidToHaveNothingOnIt(t *testing.T) {
	for name, c := range map[string]struct {
		position *guidancev1.Position
		ahead    bool
	}{
		"waits":              {&guidancev1.Position{Measure: "hub", Stance: supports, Conditions: []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "the pay is agreed"}}}, true},
		"ahead":              {&guidancev1.Position{Measure: "hub", Stance: supports, ValidFrom: "2026-12-05"}, true},
		"on another measure": {&guidancev1.Position{Measure: "feed", Stance: supports}, false},
		"waits, for a group": {&guidancev1.Position{Measure: "hub", Stance: supports, Scope: &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}, Conditions: []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "the pay is agreed"}}}, false},
	} {
		w := newSmall()
		w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}})
		w.says("2026-11-03", []*guidancev1.Position{c.position}).Replaces = []string{"tri/0"}
		page, short := OneLine(w.pageOf(t, "hub", "", false)), OneLine(w.pageOf(t, "", "", true))
		for _, words := range []string{", and what that says on it is not in force yet.", "no line: replaced, by what is not in force yet"} {
			if got := strings.Contains(page+short, words); got != c.ahead {
				t.Errorf("%s: %q %v in\n%s\n%s", name, words, got, page, short)
			}
		}
		for _, words := range []string{"which does not cover it", "with nothing on this"} {
			if got := strings.Contains(page+short, words); got == c.ahead {
				t.Errorf("%s: %q %v in\n%s\n%s", name, words, got, page, short)
			}
		}
	}
}

// What a letter asked on the whole matter was asked twice: with its line on that, and again with its line on a
// measure of another proposer, which waits.
func TestWhatALetterAsksIsNotAskedAgainWithItsLineThatWaits(t *testing.T) {
	w := newSmall()
	waits := []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "the talks fail"}}
	w.says("2026-11-01", []*guidancev1.Position{{Stance: caution}, {Stance: supports, Measure: "act", Conditions: waits}},
		&guidancev1.Action{Verb: "write", Object: "to the ICB", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2026-12-11"}}},
		&guidancev1.Action{Verb: "tell", Object: "us", Measure: "act", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2026-12-14"}}})
	for practice, full := range map[string]bool{"": true, practiceIn(0): false} {
		got := w.pageOf(t, "", practice, full)
		if strings.Contains(got, "write to the ICB (with a line that waits") || !strings.Contains(got, "by 11 December 2026: write to the ICB") || !strings.Contains(got, "tell us (with a line that waits: the talks fail)") {
			t.Errorf("for %q:\n%s", practice, got)
		}
	}
	var due []string
	for _, one := range DueOf(w.view(t, "", practiceIn(0))) {
		due = append(due, one.Day+" "+one.Words)
	}
	if len(due) != 2 {
		t.Errorf("due: %q", due)
	}
	if got := w.pageOf(t, "act", "", false); !strings.Contains(got, "write to the ICB") || strings.Contains(OneLine(got), "write to the ICB, by 11 December 2026, with a line that waits") || strings.Contains(OneLine(got), "write to the ICB (with a line") {
		t.Errorf("on the measure alone:\n%s", got)
	}
}

// A measure's row in a view tied what a letter asks now, with its line on the whole matter, to its line on that measure,
// which waits; and said of another measure that a group is not asked what the whole matter's row asks of all.
func TestAMeasuresRowDoesNotAskAgainOrOtherwiseWhatTheWholeMatterAsks(t *testing.T) {
	w := newSmall()
	waits := []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "the talks fail"}}
	w.says("2026-11-01", []*guidancev1.Position{{Stance: caution}, {Measure: "hub", Stance: refuse}, {Measure: "hub", Stance: supports, Scope: w.groups[0]}, {Stance: supports, Measure: "act", Conditions: waits}},
		&guidancev1.Action{Verb: "write", Object: "to the ICB", Due: dueBy("2026-12-11")})
	got := OneLine(viewPage(w.view(t, "", "")))
	if strings.Count(got, "write to the ICB") != 2 || !strings.Contains(got, "your LMC asks: write to the ICB, by 11 December 2026") || strings.Contains(got, "write to the ICB, by 11 Dec 2026 (not") {
		t.Errorf("it is asked again, or otherwise: %s", got)
	}
}
