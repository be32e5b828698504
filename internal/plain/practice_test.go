package plain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/durationpb"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

var forPractices = []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}

// fullView is what a practice's page has of one matter: a letter with everything in it, words of about so
// many each, on so many measures, for some committees; and a national committee that says as much.
func fullView(number, measures, words int, committees ...string) *answersv1.CombinedView {
	text := func(about string) string {
		return strings.TrimSpace(about + strings.Repeat(" word", words))
	}
	gpc := &guidancev1.Body{Id: "gpc-england", Name: "GPC England"}
	v := &answersv1.CombinedView{
		AsOf: "2021-10-28", Audience: guidancev1.Audience_AUDIENCE_PRACTICES, Notices: []string{"A demonstration."},
		Matter: &guidancev1.Matter{
			Name: fmt.Sprintf("gpc-england/plan-%d", number), Title: text("The plan"), Proposer: &guidancev1.Body{Id: "nhs-england", Name: "NHS England"},
			Opened: &guidancev1.DayRange{Earliest: "2021-10-14", Latest: "2021-10-14"},
		},
	}
	for i := range measures {
		v.Matter.Measures = append(v.Matter.Measures, &guidancev1.Measure{
			Id: fmt.Sprint("measure-", i), Title: text(fmt.Sprint("Measure ", i)), Proposer: gpc, AddressedTo: forPractices,
			ClaimedEffects: []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}},
			Claims:         []*guidancev1.Claim{{Claimant: &guidancev1.Body{Name: "The ICB"}, Words: text("It must be done")}},
			Deadlines:      []*guidancev1.Deadline{{Title: text("Plans handed in"), Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-30"}}}},
		})
	}
	position := func(stance guidancev1.Stance, measure string) *guidancev1.Position {
		return &guidancev1.Position{
			Matter: v.Matter.Name, Measure: measure, Stance: stance, Audiences: forPractices, Rationale: text("The reason"), Basis: guidancev1.Basis_BASIS_BALLOT,
			ContractEffects: []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH, ValidUntil: "2021-10-31"}, {Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-11-01"}},
			Conditions:      []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: text("talks succeed")}},
			Claims:          []*guidancev1.Claim{{Claimant: &guidancev1.Body{Id: "kent-icb", Name: "Kent ICB"}, Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL, Words: text("It is implied")}},
			Consequences:    []*guidancev1.StatedConsequence{{Topic: guidancev1.ConsequenceTopic_CONSEQUENCE_TOPIC_MONEY, Words: text("nothing is paid")}},
		}
	}
	line := func(id, entry, measure string) *answersv1.Line {
		stance := guidancev1.Stance_STANCE_REFUSE
		if measure != "" {
			stance = guidancev1.Stance_STANCE_SUPPORT
		}
		p := position(stance, measure)
		return &answersv1.Line{
			Committee: id, CommitteeName: id, State: answersv1.LineState_LINE_STATE_STATED, Measure: measure, Audience: v.Audience,
			Effects: p.ContractEffects, Obligation: answersv1.Obligation_OBLIGATION_MAY,
			Obligations: guidance.ObligationsOverTime(p.ContractEffects, nil),
			Warnings:    []*answersv1.Warning{{Code: answersv1.WarningCode_WARNING_CODE_SUPPORTS_BREACH, Words: text("It supports a breach")}},
			Current:     &answersv1.Statement{Advisory: entry, Title: text("Our advice"), Issued: &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}, Position: p},
			Actions: []*guidancev1.Action{
				{Verb: "check", Object: text("the figures"), Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Condition: "if you are targeted", Due: &guidancev1.Due{When: &guidancev1.Due_Rule{Rule: "at once"}}},
				{Verb: "ring", Object: text("the office"), Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, Condition: "if somebody rings"},
				{
					Verb: "send", Object: text("the reply"), Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-05"}},
					Template: "Dear colleague\n\n# Not a heading of ours\n<b>We</b> decline.", TemplateFor: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS},
				},
			},
		}
	}
	of := func(id, entry string, own bool) *answersv1.CommitteeView {
		c := &answersv1.CommitteeView{Headline: line(id, entry, ""), Own: own, Contact: &guidancev1.Contact{Name: "Office of " + id, Telephone: "01245 000000", Email: "office@lmc.example"}}
		for i, m := range v.Matter.Measures {
			if own && i%2 == 1 {
				continue // on which it says nothing
			}
			c.Measures = append(c.Measures, line(id, entry, m.Id))
		}
		return c
	}
	for i, id := range committees {
		v.Committees = append(v.Committees, of(id, fmt.Sprintf("essex/%d", i), true))
	}
	v.National = of("GPC England", "gpc-england/9", false)
	return v
}

func fullPage(matters, measures, words int, committees ...string) *answersv1.GetPracticePageResponse {
	r := &answersv1.GetPracticePageResponse{
		Practice: "F81001", AsOf: "2021-10-28", Words: "Practice F81001 belongs to " + strings.Join(committees, " and ") + ".", Notices: []string{"A demonstration."},
		Completeness: &answersv1.Completeness{Complete: true, Words: "Everything known to have been published is here. All 130 other offices were heard within the last two hours.", Heard: []*answersv1.OfficeHeard{{Office: "essex", Age: durationpb.New(3600e9)}}},
	}
	for _, id := range committees {
		r.Committees = append(r.Committees, &answersv1.PracticeCommittee{
			Committee: &guidancev1.Committee{Id: id, Name: id}, Office: "essex", Contact: &guidancev1.Contact{Name: "Office of " + id, Telephone: "01245 000000", Email: "office@lmc.example", Url: "https://lmc.example/essex"},
		})
	}
	for i := range matters {
		r.Matters = append(r.Matters, fullView(i, measures, words, committees...))
	}
	return r
}

func practiceText(r *answersv1.GetPracticePageResponse, width int) string {
	p := New(width)
	p.Practice(r, "", "")
	return p.String()
}

// roomFor is how many lines a page has: forty, or those that what must be done takes.
func roomFor(r *answersv1.GetPracticePageResponse, width int) int {
	p := New(width)
	p.practice(r, "", "", "", true)
	lines := strings.Count(p.String(), "\n")
	for i, v := range r.GetMatters() {
		lines += briefOf(v, false).needs(ofDuties, i+1, p.width)
	}
	return max(lines, practiceLines*practiceWidth/min(width, practiceWidth))
}

// However much letters say: five matters have room on the page, and each matter is on it.
func TestFiveMattersFitOnFortyLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		committees := []string{"North Essex LMC", "South Essex LMC"}[:rapid.IntRange(1, 2).Draw(t, "committees")]
		r := fullPage(5, rapid.IntRange(0, 20).Draw(t, "measures"), rapid.IntRange(0, 60).Draw(t, "words"), committees...)
		text := practiceText(r, 100)
		if n := strings.Count(text, "\n"); n > roomFor(r, 100) {
			t.Fatalf("it has %d lines:\n%s", n, text)
		}
		for _, line := range strings.Split(text, "\n") {
			if utf8.RuneCountInString(line) > 100 {
				t.Fatalf("a line has %d columns: %s", utf8.RuneCountInString(line), line)
			}
		}
		wholePage(t, text, 5)
		if strings.Contains(strings.ReplaceAll(text, "“…”", ""), "…") && !strings.Contains(text, "has all of it") {
			t.Fatalf("it does not say that it is cut short:\n%s", text)
		}
	})
}

// A practice of two LMCs had 41 lines: what may not be left out of one matter was more than its share, and was not taken
// from the others, which had words to spare.
func TestWhatOneMatterNeedsBeyondItsShareIsTakenFromTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		committees := []string{"North Essex LMC", "South Essex LMC"}
		r := fullPage(0, 0, 0, committees...)
		least := 0 // that all of them can have
		for i := range 5 {
			v := fullView(i, rapid.IntRange(0, 5).Draw(t, "measures"), rapid.IntRange(0, 20).Draw(t, "words"), committees...)
			if rapid.Bool().Draw(t, "little") {
				v.National, v.Matter.Measures = nil, nil
				for _, row := range v.GetCommittees() {
					row.Measures = nil
					row.Headline.State, row.Headline.Current, row.Headline.Actions = answersv1.LineState_LINE_STATE_NO_LINE, nil, nil
				}
			}
			r.Matters = append(r.Matters, v)
			brief := briefOf(v, false)
			least += len(brief.inLines(i+1, 1, 100))
		}
		lines := least + rapid.IntRange(0, 5).Draw(t, "more")
		if text := mattersInBrief(r, lines, 100, false); strings.Count(text, "\n") > lines {
			t.Fatalf("it has %d lines in place of %d, and could have %d:\n%s", strings.Count(text, "\n"), lines, least, text)
		}
	})
}

// wholePage fails unless each matter of a page has each thing that a practice acts on.
func wholePage(t interface{ Fatalf(string, ...any) }, text string, matters int) {
	for i, rest := range regexp.MustCompile(`(?m)^[1-5]\. `).Split(text, -1)[1:] {
		matters--
		said := strings.NewReplacer("Kent ICB claims: contractual", "Others claim: contractual (Kent ICB", "For money", "for money", "It says: ", "Your LMC says: ", "Your LMCs say: ", "Your LMC says: ", "GPC England: refuse, on conditions (", "GPC England: refuse (").Replace(strings.Join(strings.Fields(rest), " "))
		for _, want := range []string{
			"advises you to refuse", "The ", "Contract: ", "breach", "31 Oct", "Others claim: contractual (Kent ICB", " send", "f you are targeted", "f somebody rings",
			"By when: by 5 Nov", "To send: ", "essex/0", "Your LMC says: for money: ", "GPC England: refuse (",
		} {
			if !strings.Contains(said, want) {
				t.Fatalf("matter %d has no %q:\n%s", i+1, want, text)
			}
		}
	}
	if matters != 0 {
		t.Fatalf("%d matters are not on it:\n%s", matters, text)
	}
}

// Whatever room there is, of no matter a thing is left out that a practice acts on; what has none is marked.
func TestNothingOfAMatterIsLeftOutForWantOfRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		committees := []string{"North Essex LMC", "South Essex LMC"}[:rapid.IntRange(1, 2).Draw(t, "committees")]
		matters, width := rapid.IntRange(1, 5).Draw(t, "matters"), rapid.IntRange(60, 120).Draw(t, "width")
		r := fullPage(matters, rapid.IntRange(0, 2).Draw(t, "measures"), rapid.IntRange(0, 60).Draw(t, "words"), committees...)
		text := practiceText(r, width)
		wholePage(t, text, matters)
		if n := strings.Count(text, "\n"); n > roomFor(r, width)+1 && (width >= 100 || width >= 80 && len(committees) == 1) { // narrow lines leave more room behind
			t.Fatalf("it has %d lines:\n%s", n, text)
		}
	})
}

// What half a sentence would turn round stands whole, or shorter, never cut: a reading of the contract, and a day.
func TestNoReadingOfTheContractAndNoDayIsCutInTwo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := fullPage(5, rapid.IntRange(0, 3).Draw(t, "measures"), rapid.IntRange(0, 60).Draw(t, "words"), "North Essex LMC")
		text := strings.ReplaceAll(strings.Join(strings.Fields(practiceText(r, rapid.IntRange(60, 120).Draw(t, "width"))), " "), "This holds until", "")
		for _, cut := range regexp.MustCompile(`(breach|until|from|then a|by|by [0-9]+|[0-9]+ Oct|[0-9]+ Nov) ?…`).FindAllString(text, -1) {
			t.Fatalf("%q is cut in two:\n%s", cut, text)
		}
		if strings.Count(text, "no breach to do it until 31 Oct 2021, then a breach (your LMC)") < 5 {
			t.Fatalf("it does not say what the contract says:\n%s", text)
		}
	})
}

// A matter on which nobody has asked, claimed or said anything stands on a page in brief, as on any other.
func TestAMatterOnWhichNothingIsSaidIsOnAPageInBrief(t *testing.T) {
	r := fullPage(5, 3, 60, "North Essex LMC")
	silent := func(name string) *answersv1.Line {
		return &answersv1.Line{CommitteeName: name, State: answersv1.LineState_LINE_STATE_NO_LINE, NoLine: &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_SILENT}}
	}
	for _, v := range r.Matters[:4] {
		v.Matter.Measures, v.Committees, v.National = nil, []*answersv1.CommitteeView{{Headline: silent("North Essex LMC"), Own: true}}, &answersv1.CommitteeView{Headline: silent("GPC England")}
	}
	for _, width := range []int{60, 80, 100} {
		if text := strings.Join(strings.Fields(practiceText(r, width)), " "); strings.Count(text, "North Essex LMC and GPC England: nothing published here on this.") != 4 || strings.Count(text, "To send: none issued.") != 4 {
			t.Errorf("not all of it is on\n%s", text)
		}
	}
}

func TestAShortPageSaysAllOfAMatter(t *testing.T) {
	text := strings.Join(strings.Fields(practiceText(fullPage(1, 0, 0, "North Essex LMC"), 100)), " ")
	for _, want := range []string{
		"Whom to ring: Office of North Essex LMC, 01245 000000", "Its node was heard within the last two hours.",
		"North Essex LMC advises you to refuse (25 October 2021, essex/0). This holds until: talks succeed.", "The reason.",
		"until 31 October 2021", "NHS England claims: not recorded here.", "Look twice: It supports a breach.",
		"If you are targeted: your LMC insists: check the figures, at once.", "If somebody rings: your LMC asks: ring the office.",
		"By when: by 5 November 2021: send the reply; at once: check the figures (if you are targeted).", "To send: the text for “send the reply”, to commissioners",
		"It says: For money: nothing is paid.", "GPC England: refuse (25 October 2021, gpc-england/9).",
		"ring your LMC before you reply", "Each practice decides for itself. This is not legal advice.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on\n%s", want, text)
		}
	}
	if strings.Contains(text, "…") {
		t.Errorf("it is cut short:\n%s", text)
	}
}

func TestWhatIsSaidOfTheContractOnAMeasureIsOnThePage(t *testing.T) {
	text := strings.Join(strings.Fields(practiceText(fullPage(1, 2, 0, "North Essex LMC"), 100)), " ")
	for _, want := range []string{
		"On “Measure 0”: North Essex LMC says: doing it is not a breach of contract until 31 October 2021, from 1 November 2021 doing it would be a breach of contract. GPC England claims: contractual. The ICB claims: It must be done.",
		"On “Measure 0” and “Measure 1”: support, on conditions. GPC England says: doing it is not a breach",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on\n%s", want, text)
		}
	}
}

func TestAPageSaysOfWhatTheNationalCommitteeSaysOneWasToldNothing(t *testing.T) {
	r := fullPage(1, 2, 0, "North Essex LMC")
	if text := strings.Join(strings.Fields(practiceText(r, 100)), " "); !strings.Contains(text, "North Essex LMC does not speak on “Measure 1”: ring before you act on it.") {
		t.Error(text)
	}
	r.Matters[0].Committees[0].Measures = nil
	if text := strings.Join(strings.Fields(practiceText(r, 100)), " "); !strings.Contains(text, "North Essex LMC speaks on none of the measures that GPC England speaks on: ring before you act on them.") {
		t.Error(text)
	}
}

// What is taken to the partners has every field that they act on, and no received words pose as ours.
func TestWhatIsTakenToThePartnersHasEverything(t *testing.T) {
	r := fullPage(1, 1, 40, "North Essex LMC")
	r.Matters[0].Matter.Title = "# The *plan*"
	text := PracticeMarkdown(r, "")
	for _, want := range []string{
		"**A demonstration.**", "# Practice F81001, as of 28 October 2021", `## \# The \*plan\*`, "Whom to ring: Office of North Essex LMC",
		strings.TrimSpace("The reason" + strings.Repeat(" word", 40)), "This holds until: talks succeed word", "**Contract:** North Essex LMC: doing it is not a breach of contract until 31 October 2021",
		"Look twice: It supports a breach", "**If you are targeted:** your LMC insists: check the figures", "**If somebody rings:** your LMC asks: ring the office",
		"**By when:** by 5 November 2021: send the reply", "30 November 2021: Plans handed in", "**It says:** For money: nothing is paid",
		"Letter: Our advice word", "it rests on a ballot", "> Dear colleague\n> \n> # Not a heading of ours\n> \\<b>We\\</b> decline.", "to commissioners (essex/0):**",
		"GPC England: refuse", "Everything known to have been published is here.", "Each practice decides for itself. This is not legal advice.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "# Practice") && !strings.HasPrefix(line, `## \# The`) {
			t.Errorf("a heading that is none: %s", line)
		}
	}
}

func TestOnlyAPracticesOwnDeadlinesAreDue(t *testing.T) {
	v := fullView(0, 1, 0, "North Essex LMC")
	dated := func() []Due { return slices.DeleteFunc(DueOf(v), func(d Due) bool { return d.Day == "" }) }
	all := dated()
	if len(all) != 1 || all[0].Day != "2021-11-05" || !strings.Contains(all[0].Words, "send the reply") || strings.Join(all[0].Letters, "; ") != "Our advice, essex/0" {
		t.Fatalf("due are %v", all)
	}
	line := v.Committees[0].Measures[0] // which by its contract binds from now on
	line.Obligation, line.Obligations = answersv1.Obligation_OBLIGATION_MUST, nil
	if all = dated(); len(all) != 2 || all[1].Day != "2021-11-30" || !strings.Contains(all[1].Words, "Plans handed in") || len(all[1].Letters) != 1 {
		t.Fatalf("due are %v", all)
	}
	ofOthers := func(of *answersv1.CommitteeView) {
		for _, line := range append(of.Measures, of.Headline) {
			line.Actions[2].Actors = []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONER_GPS}
		}
	}
	if ofOthers(v.Committees[0]); !slices.ContainsFunc(dated(), func(d Due) bool { return strings.HasPrefix(d.Words, "GPC England asks: send the reply") }) {
		t.Fatalf("due are %v, without what the national committee asks of practices", dated())
	}
	ofOthers(v.National)
	if all = dated(); len(all) != 1 || strings.Contains(practiceText(&answersv1.GetPracticePageResponse{Matters: []*answersv1.CombinedView{v}}, 100), "By when: by 5 November 2021") {
		t.Fatalf("due are %v, which others are asked", all)
	}
	v.AsOf = "2021-12-01"
	if all = dated(); len(all) != 0 {
		t.Fatalf("due are %v, which have passed", all)
	}
}

// What a line changed to is told before what it was, which is cut; and of which matter, where several changed.
func TestWhatALineChangedToIsOnThePage(t *testing.T) {
	r := fullPage(2, 0, 0, "North Essex LMC")
	said := func(stance guidancev1.Stance, entry string) *answersv1.Line {
		return &answersv1.Line{CommitteeName: "North Essex LMC", State: answersv1.LineState_LINE_STATE_STATED, Current: &answersv1.Statement{Advisory: entry, Position: &guidancev1.Position{
			Stance: stance, Provisional: true, Conditions: []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: "talks succeed"}},
		}}}
	}
	r.Changes = &answersv1.GetChangesResponse{FromDay: "2021-10-20", ToDay: "2021-10-28"}
	for _, matter := range []string{"gpc-england/plan-0", "gpc-england/plan-1"} {
		r.Changes.Changes = append(r.Changes.Changes, &answersv1.Change{
			Kind: answersv1.ChangeKind_CHANGE_KIND_MOVED, Matter: matter, CommitteeName: "North Essex LMC",
			Before: said(guidancev1.Stance_STANCE_CAUTION, "essex/3"), After: said(guidancev1.Stance_STANCE_REFUSE, "essex/7"),
			Words: "North Essex LMC on the whole matter: was caution, now refuse.",
		})
	}
	for _, width := range []int{60, 80, 100} {
		text := practiceText(r, width)
		for _, want := range []string{"North Essex LMC on plan-0: now refuse", "North Essex LMC on plan-1: now refuse"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not on\n%s", want, text)
			}
		}
	}
	for _, want := range []string{"[essex/7], was caution", "**On gpc-england/plan-1:**\n\n- North Essex LMC: now refuse"} {
		if text := PracticeMarkdown(r, ""); !strings.Contains(text, strings.NewReplacer("[", `\[`, "]", `\]`).Replace(want)) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// Where another letter answers, as one that was brought back, what it asks and the other asked no more was not among what changed.
func TestWhatALetterThatIsBroughtBackAsksAgainIsAmongWhatChanged(t *testing.T) {
	r := fullPage(1, 0, 0, "North Essex LMC")
	line := func(entry string, obligation answersv1.Obligation, does string) *answersv1.Line {
		asks := &guidancev1.Action{Verb: does, Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED}
		return &answersv1.Line{
			CommitteeName: "North Essex LMC", State: answersv1.LineState_LINE_STATE_STATED, Obligation: obligation, Actions: []*guidancev1.Action{asks},
			Current: &answersv1.Statement{Advisory: entry, Position: &guidancev1.Position{Stance: guidancev1.Stance_STANCE_REFUSE}},
		}
	}
	was := line("essex/7", answersv1.Obligation_OBLIGATION_MAY, "enrol")
	for name, c := range map[string]struct {
		kind answersv1.ChangeKind
		is   *answersv1.Line
		want string
	}{
		"the line":     {answersv1.ChangeKind_CHANGE_KIND_SAYS_OTHERWISE, line("essex/3", answersv1.Obligation_OBLIGATION_MAY, "reply"), "now refuse [essex/3], was refuse [essex/7]; asks: reply; no longer asks: enrol"},
		"the contract": {answersv1.ChangeKind_CHANGE_KIND_CONTRACT, line("essex/3", answersv1.Obligation_OBLIGATION_MUST, "reply"), "; asks: reply; no longer asks: enrol"},
	} {
		r.Changes = &answersv1.GetChangesResponse{FromDay: "2021-10-20", ToDay: "2021-10-28", Changes: []*answersv1.Change{{
			Kind: c.kind, Matter: r.Matters[0].Matter.GetName(), CommitteeName: "North Essex LMC", Before: was, After: c.is,
		}}}
		if text := strings.ReplaceAll(PracticeMarkdown(r, ""), `\`, ""); !strings.Contains(text, c.want) {
			t.Errorf("%s: %q is not in\n%s", name, c.want, text)
		}
	}
}

// "Still advise against", and that it ends in two weeks was left out, with no mark that anything was.
func TestThatALineEndsAheadIsOnThePageAmongWhatChanged(t *testing.T) {
	r := fullPage(1, 0, 0, "North Essex LMC")
	line := func() *answersv1.Line {
		return &answersv1.Line{CommitteeName: "North Essex LMC", State: answersv1.LineState_LINE_STATE_STATED, Current: &answersv1.Statement{Advisory: "essex/3", Position: &guidancev1.Position{Stance: guidancev1.Stance_STANCE_ADVISE_AGAINST}}}
	}
	ends, measure := line(), "data-return"
	ends.Warnings = []*answersv1.Warning{{Code: answersv1.WarningCode_WARNING_CODE_ENDS_LATER, Entry: "essex/3", By: "essex/9", From: "2021-12-12"}}
	r.Changes = &answersv1.GetChangesResponse{FromDay: "2021-10-20", ToDay: "2021-10-28", Changes: []*answersv1.Change{{
		Kind: answersv1.ChangeKind_CHANGE_KIND_BESIDE, Matter: r.Matters[0].Matter.GetName(), Measure: measure, CommitteeName: "North Essex LMC", Before: line(), After: ends,
	}}}
	for _, width := range []int{60, 80, 100} {
		want := "North Essex LMC on " + measure + ": still advise against [essex/3]; ends on 12 December 2021, by essex/9 "
		if text := strings.Join(strings.Fields(practiceText(r, width)), " "); !strings.Contains(text, want) || strings.Contains(text, "said otherwise") {
			t.Errorf("%d wide: %q is not on\n%s", width, want, text)
		}
	}
}

// What a letter asked and fell due stood among the changes as if its line were new: "GPC England: now refuse".
func TestWhatALetterAskedThatFellDueIsToldAsThatAmongWhatChanged(t *testing.T) {
	r := fullPage(1, 0, 0, "North Essex LMC")
	r.Changes = &answersv1.GetChangesResponse{FromDay: "2021-11-01", ToDay: "2021-11-08", Changes: []*answersv1.Change{{
		Kind: answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE, Matter: "gpc-england/plan-0", CommitteeName: "GPC England", After: r.Matters[0].National.Headline,
		Words: "Fell due: by 5 November 2021: send the reply.",
	}}}
	for name, text := range map[string]string{"the page": practiceText(r, 100), "what is printed": PracticeMarkdown(r, "")} {
		if !strings.Contains(text, " Fell due: by 5 November 2021: send the reply.\n") || strings.Contains(text, "now refuse") {
			t.Errorf("%s has\n%s", name, text)
		}
	}
}

// Who has no LMC, as closed, Welsh and other practices, is told of dates with all their brackets.
func TestADateOfNoLMCsPracticeHasItsBrackets(t *testing.T) {
	r := fullPage(1, 1, 0, "North Essex LMC")
	r.Matters[0].Committees = nil
	if text := strings.Join(strings.Fields(practiceText(r, 100)), " "); !strings.Contains(text, "By when: By 30 November 2021: Plans handed in (GPC England’s date, for practices). ") {
		t.Error(text)
	}
}

// Of a practice with no LMC the list of matters, which has what is said first of each, said nothing of just those on which
// the national committee has a line.
func TestWhatTheNationalCommitteeSaysStandsFirstForAPracticeWithNoLMC(t *testing.T) {
	r := fullPage(1, 1, 0, "North Essex LMC")
	r.Matters[0].Committees, r.Matters[0].Words = nil, "By GPC England, this goes on from another."
	var said []Block
	for _, b := range PracticeBlocks(r, "") {
		if b.Kind == Row {
			said = append(said, b)
		}
	}
	if len(said) == 0 || !strings.HasPrefix(said[0].Words, "GPC England: refuse") || said[0].Lead != "" {
		t.Errorf("%+v", said)
	}
}

// An office of whom the register has a name alone is reached as its letter says.
func TestWhomToRingIsOfALetterWhereTheRegisterHasNoWay(t *testing.T) {
	r := fullPage(1, 0, 0, "North Essex LMC")
	r.Committees[0].Contact = &guidancev1.Contact{Name: "Essex LMCs"}
	r.Matters[0].Committees[0].Headline.Committee = r.Committees[0].Committee.Id
	r.Matters[0].Committees[0].Contact = &guidancev1.Contact{Name: "The Essex LMC office", Telephone: "01632 960000"}
	if text := practiceText(r, 100); !strings.Contains(text, "Whom to ring: The Essex LMC office, 01632 960000.") {
		t.Error(text)
	}
	r.Committees[0].Contact.Email = "office@lmc.example"
	if text := practiceText(r, 100); !strings.Contains(text, "Whom to ring: Essex LMCs, office@lmc.example.") {
		t.Error(text)
	}
}
