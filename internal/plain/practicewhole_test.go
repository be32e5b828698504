package plain

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// ownPage is a practice's page of so many matters, each as a practice in the first area is answered.
func (w *small) ownPage(t interface{ Fatal(...any) }, matters int) *answersv1.GetPracticePageResponse {
	in := w.in
	in.Practice = practiceIn(0)
	v, err := picture.OwnView(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	r := &answersv1.GetPracticePageResponse{
		Practice: in.Practice, AsOf: theDay, Completeness: &answersv1.Completeness{Complete: true},
		Committees: []*answersv1.PracticeCommittee{{Committee: w.in.Committees[0].Committee, Office: "tri", OfficeName: "Tri LMC"}},
	}
	for i := range matters {
		of := proto.CloneOf(v)
		of.Matter.Name += fmt.Sprint("-", i)
		r.Matters = append(r.Matters, of)
	}
	return r
}

func printed(r *answersv1.GetPracticePageResponse) string {
	return strings.ReplaceAll(OneLine(PracticeMarkdown(r, "")), `\`, "")
}

// mustPrint fails unless a practice's page of one matter, in full and printed, has all of some words.
func (w *small) mustPrint(t *testing.T, wanted ...string) {
	t.Helper()
	r := w.ownPage(t, 1)
	for name, text := range map[string]string{"the page": OneLine(practiceText(r, 100)), "what is printed": printed(r)} {
		for _, want := range wanted {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not on %s: %s", want, name, text)
			}
		}
	}
}

// hides is a refusal on the whole matter, by tri/0, and a letter that amends it.
func hides(positions ...*guidancev1.Position) *small {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse, Rationale: "Unsafe."}})
	w.says("2026-11-03", positions).Amends = []string{"tri/0"}
	return w
}

// A refusal on the whole matter was all that hub hosts, GP partners and whoever is asked had: the page of a practice
// left out what was said on a measure to a group, to part of the readers, from a later day on, and what was asked of
// members.
func TestALineOnTheWholeMatterHidesNoGroupPartOrLineAheadOnAMeasure(t *testing.T) {
	onlyIf := []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF, Text: "the ICB pays the rent"}}
	w := hides(&guidancev1.Position{Measure: "hub", Stance: guidancev1.Stance_STANCE_SUPPORT_WITH_CONDITIONS, Scope: &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}, Conditions: onlyIf, Rationale: "You signed the lease."})
	w.mustPrint(t, "On “The hub”: advises you to refuse, on the whole matter; for practices on EMIS: supports on conditions: to be taken up only if: the ICB pays the rent [tri/1]. For practices on EMIS: You signed the lease.")

	w = hides(&guidancev1.Position{Measure: "feed", Stance: supports, Audiences: []guidancev1.Audience{partners}, Provisional: true, Rationale: "Partners must share."})
	w.mustPrint(t, "On “The feed”: advises you to refuse, on the whole matter; to GP partners: support, for now [tri/1]. To GP partners: Partners must share.")

	w = hides(&guidancev1.Position{Measure: "feed", Stance: supports, ValidFrom: "2027-01-01", Rationale: "Then it is paid."})
	w.mustPrint(t, "On “The feed”: advises you to refuse, on the whole matter; from 1 January 2027: support [tri/1]. From 1 January 2027: Then it is paid.")

	w = hides(&guidancev1.Position{Measure: "feed", Stance: guidancev1.Stance_STANCE_CONSULTING, Opinion: guidancev1.Opinion_OPINION_WELCOMES})
	w.mustPrint(t, "On “The feed”:", "asking its members [tri/1]")

	w = hides(&guidancev1.Position{Measure: "hub", Stance: required, Scope: &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}})
	w.mustPrint(t, "for practices on EMIS: says it is required [tri/1]")
	w.in.Entries[0].Advisory.Positions[0].Rationale += strings.Repeat(" Ring.", 150) // there is no room for it
	for _, width := range []int{60, 80, 100} {
		if text := OneLine(practiceText(w.ownPage(t, 5), width)); strings.Count(text, "On “The hub”, for practices on EMIS: says it is required [tri/1].") != 5 {
			t.Error(text)
		}
	}
}

// Every reason in whole, it said, and had those of lines on the whole matter alone.
func TestWhatIsPrintedHasTheReasonsOfLinesOnMeasures(t *testing.T) {
	w := newSmall()
	w.isNational("2026-11-01", &guidancev1.Position{Measure: "feed", Stance: supports, Rationale: "Solved."})
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: caution, Rationale: "Read the lease."}, {Measure: "feed", Stance: refuse, Reasons: []guidancev1.Reason{guidancev1.Reason_REASON_MONEY}}})
	text := printed(w.ownPage(t, 1))
	for _, want := range []string{"On “The hub”: urges caution [tri/1]. Read the lease.", "On “The feed”: advises you to refuse [tri/1]. Money.", "On “The feed”: support [gpc-england/0]. Solved."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

// An open matter in one line told the line on the whole of it, and not that there are others on its measures.
func TestAMatterInOneLineSaysThatThereAreLinesOnMeasures(t *testing.T) {
	w := hides(&guidancev1.Position{Measure: "feed", Stance: required})
	r := w.ownPage(t, 1)
	r.Others, r.Matters = []*answersv1.MatterInBrief{picture.InBrief(r.Matters[0], "")}, nil
	if text := OneLine(practiceText(r, 100)); !strings.Contains(text, "gpc-england/plan-0: advises you to refuse [tri/0]; lines on 1 measure; The plan") {
		t.Error(text)
	}
}

// Of the must in a matter that is in one line nothing stood in what is printed, and its day was cut short on the page.
func TestAMatterInOneLineSaysFirstByWhenAndThatSomethingIsAMust(t *testing.T) {
	w := newSmall()
	w.says("2026-11-20", []*guidancev1.Position{{Measure: "feed", Stance: required}}, &guidancev1.Action{
		Verb: "register", Object: "on the portal", Measure: "feed", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-15"),
	})
	r := w.ownPage(t, 1)
	r.Practice = "X30003"
	r.Others, r.Matters = []*answersv1.MatterInBrief{picture.InBrief(r.Matters[0], picture.DueDay(r.Matters[0]))}, nil
	r.Others[0].Name = "gpc-england/plan-of-many-words-in-one-name"
	for _, width := range []int{LeastWidth, 60, 80, 100} {
		if text := OneLine(practiceText(r, width)); !strings.Contains(text, r.Others[0].Name+": by 15 Dec 2026; something is a must; ") {
			t.Errorf("%d columns: %s", width, text)
		}
	}
	wants(t, printed(r), "The plan (gpc-england/plan-of-many-words-in-one-name): by 15 December 2026; something is a must. Tri LMC has no line on the whole matter",
		" What is a must: `lmc view gpc-england/plan-of-many-words-in-one-name --practice X30003` ")
	r.Others[0].Insists, r.Others[0].DueDay = false, ""
	if text := practiceText(r, 80) + printed(r); strings.Contains(text, "a must") || strings.Contains(text, "by 15") {
		t.Error(text)
	}
}

// What to look at twice in a line on a measure did not say on which.
func TestWhatToLookAtTwiceNamesItsMeasure(t *testing.T) {
	w := newSmall()
	w.in.Matter.Measures[1].ClaimedEffects = stated(guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL)
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse}})
	w.mustPrint(t, "Look twice: On “The feed”: It says “refuse”, and NHS England claims that this is contractual")
}

// The letter of a line on a measure stood twice behind that of a group.
func TestALetterOnAMeasureStandsWithItsOwnLine(t *testing.T) {
	w := hides(&guidancev1.Position{Measure: "hub", Stance: caution}, &guidancev1.Position{Measure: "hub", Stance: supports, Scope: &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}})
	w.mustPrint(t, "On “The hub”: urges caution [tri/1]; for practices on EMIS: supports [tri/1].")
}

// A report has no title: "Letter: , 20 November 2026".
func TestALetterWithoutATitleIsNamedWithoutOne(t *testing.T) {
	w := newSmall()
	w.says("2026-11-20", []*guidancev1.Position{{Stance: caution}}).Title = ""
	if text := printed(w.ownPage(t, 1)); !strings.Contains(text, "- Letter: 20 November 2026 (tri/0)") {
		t.Error(text)
	}
}

// Whatever a view carries of a practice's own committee and the national one, in force, ahead, to groups and to part
// of the readers, is printed; and each thing that is said on a measure is on the page, or counted there as left out.
func TestEveryLineOfAViewIsPrintedAndOnThePageOrCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anySmall(t)
		w.isNational("2026-11-09", &guidancev1.Position{Measure: fairly("", "hub", "act").Draw(t, "national on"), Stance: fairly(refuse, supports).Draw(t, "national"), Scope: fairly(nil, nil, w.groups[0]).Draw(t, "national for")})
		n := 0
		for _, e := range w.in.Entries {
			for _, p := range e.Advisory.Positions {
				n++
				p.Rationale = fmt.Sprintf("Reason %dx.", n) + strings.Repeat(" Ring.", fairly(0, 0, 60).Draw(t, "words"))
				p.Conditions = []*guidancev1.Condition{{Direction: fairly(guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, guidancev1.ConditionDirection_CONDITION_DIRECTION_UNLESS, guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN).Draw(t, "direction"), Text: fmt.Sprintf("case %dx comes true", n)}}
				p.Consequences = []*guidancev1.StatedConsequence{{Topic: guidancev1.ConsequenceTopic_CONSEQUENCE_TOPIC_MONEY, Words: fmt.Sprintf("it costs %dx", n)}}
				switch fairly(0, 1, 2, 3, 4).Draw(t, "ahead or no line") {
				case 0:
					p.ValidFrom = fairly("2026-12-15", "2027-01-01").Draw(t, "from")
				case 1:
					p.Stance, p.Conditions = fairly(guidancev1.Stance_STANCE_CONSULTING, guidancev1.Stance_STANCE_INFORMATION_ONLY).Draw(t, "no line"), nil
				}
			}
		}
		r := w.ownPage(t, fairly(1, 5).Draw(t, "matters"))
		text, v := printed(&answersv1.GetPracticePageResponse{Matters: r.Matters[:1]}), r.Matters[0]
		has := func(st *answersv1.Statement, as string, why bool) {
			wanted := []string{st.GetAdvisory()}
			for _, c := range st.GetPosition().GetConditions() {
				wanted = append(wanted, c.Text)
			}
			if why {
				wanted = append(wanted, OneLine(st.GetPosition().GetRationale()))
			}
			for _, want := range wanted {
				if st != nil && !strings.Contains(text, want) {
					t.Fatalf("%q of %s is not in %s", want, as, text)
				}
			}
		}
		var whole func(of *answersv1.Line, as string)
		whole = func(of *answersv1.Line, as string) {
			has(of.GetCurrent(), as, true)
			for _, st := range of.GetMentions() {
				has(st, "a mention beside "+as, false)
			}
			for _, st := range slices.Concat(guidance.WouldAnswer(of.GetNotYet()), of.GetWaiting(), guidance.SaidToOthers(of)) {
				has(st, "what stands beside "+as, false)
			}
			for _, sub := range slices.Concat(of.GetGroups(), of.GetPartLines()) {
				whole(sub, "part of "+as)
			}
		}
		for _, c := range append(v.GetCommittees(), v.GetNational()) {
			for _, line := range slices.Concat([]*answersv1.Line{c.GetHeadline()}, c.GetParts(), c.GetMeasures()) {
				whole(line, c.GetHeadline().GetCommitteeName()+" on "+line.GetMeasure())
			}
		}
		page := practiceText(r, fairly(60, 80, 100).Draw(t, "width"))
		for _, matter := range regexp.MustCompile(`(?m)^[1-5]\. `).Split(page, -1)[1:] {
			follows := regexp.MustCompile(`(It|Your LMC) says: `).MatchString(OneLine(matter)) || strings.Contains(text, "It says:") && strings.Contains(OneLine(matter), " more …") // where a day has no room beside it
			if !strings.Contains(OneLine(matter), "To send: none issued.") || strings.Contains(text, "It says:") != follows {
				t.Fatalf("what to send, or what it says follows, is not on %s", page)
			}
			for _, c := range v.GetCommittees() {
				for _, said := range saidOnMeasures(v, c, true, false, true) {
					for _, one := range said.all[1:] {
						if said := OneLine(matter); !strings.Contains(said, shortDays(one.says, nil)) && !strings.Contains(said, one.says) && !regexp.MustCompile(`[0-9]+ more …|On [0-9]+ measures? …`).MatchString(said) {
							t.Fatalf("%q is neither on nor counted: %s", one.words(), page)
						}
					}
				}
			}
		}
	})
}

// Two measures were shortened to the same words, and one of which two things are said stood twice, as if it were two.
func TestInBriefEachMeasureIsToldFromTheOthersAndNamedOnce(t *testing.T) {
	w := newSmall()
	w.in.Matter.Measures[0].Title, w.in.Matter.Measures[1].Title = "Prescribe for adults with ADHD, in Mid Essex", "Prescribe for adults with ADHD, in West Essex"
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse, Rationale: "Unsafe." + strings.Repeat(" Ring.", 150)}}) // there is no room for it
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: caution}, {Measure: "feed", Stance: supports, Audiences: []guidancev1.Audience{partners}}, {Measure: "feed", Stance: required}})
	text := OneLine(practiceText(w.ownPage(t, 5), 100))
	wants(t, text, "On “Prescribe for adults with …” (hub): urges caution [tri/1].", "On “Prescribe for adults with …” (feed): says it is required [tri/1]. On it, to GP partners: support [tri/1].")
}

// Five things that GPC asks were one paragraph of five sentences.
func TestEachThingAskedStandsByItselfOnAPage(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse}}).Actions = []*guidancev1.Action{{Verb: "keep", Object: "a log"}, {Verb: "ring", Object: "the office"}, {Verb: "sign", Object: "nothing"}}
	var rows []string
	for _, b := range PracticeBlocks(w.ownPage(t, 1), "") {
		if b.Kind == Row && (b.Lead == "To do" || b.Lead == "" && len(rows) > 0) {
			rows = append(rows, b.Words)
		} else if len(rows) > 0 {
			break
		}
	}
	if len(rows) != 3 || !strings.Contains(rows[0], "keep a log") || !strings.Contains(rows[1], "ring the office") || !strings.Contains(rows[2], "sign nothing") {
		t.Errorf("%q", rows)
	}
}

// What the practice's own LMC insists on stood below five things that GPC asks.
func TestWhatOnesOwnLMCAsksStandsBeforeWhatTheNationalCommitteeDoes(t *testing.T) {
	w := newSmall()
	w.isNational("2026-11-01", &guidancev1.Position{Stance: refuse})
	w.in.Entries[0].Advisory.Actions = []*guidancev1.Action{{Verb: "keep", Object: "a log"}}
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse}}).Actions = []*guidancev1.Action{{Verb: "ring", Object: "the office", Condition: "if you are approached"}}
	var leads []string
	for _, b := range PracticeBlocks(w.ownPage(t, 1), "") {
		if b.Lead == "To do" || b.Lead == "If you are approached" {
			leads = append(leads, b.Lead)
		}
	}
	if strings.Join(leads, ", ") != "If you are approached, To do" {
		t.Errorf("%q", leads)
	}
}
