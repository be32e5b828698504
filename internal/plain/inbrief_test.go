package plain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// long are reasons for which a page of five matters has no room.
var long = "Unsafe." + strings.Repeat(" Ring.", 150)

// once fails unless some words stand once in each matter of a page in brief of five, and others nowhere.
func (w *small) once(t *testing.T, wanted []string, unwanted ...string) {
	t.Helper()
	page := practiceText(w.ownPage(t, 5), 100)
	for _, matter := range mattersOf(page) {
		for _, want := range wanted {
			if n := strings.Count(matter, want); n != 1 {
				t.Errorf("%q stands %d times on\n%s", want, n, page)
			}
		}
		for _, not := range unwanted {
			if strings.Contains(matter, not) {
				t.Errorf("%q is on\n%s", not, page)
			}
		}
		if t.Failed() {
			return
		}
	}
	if n := strings.Count(page, "\n"); n > practiceLines {
		t.Errorf("%d lines:\n%s", n, page)
	}
}

// A committee without a line on the whole matter had the titles of its measures on the page, and then again, with "…"
// for what it says on them.
func TestInBriefAMeasureIsNamedOnceWithItsLine(t *testing.T) {
	w := newSmall()
	w.in.Matter.Measures[0].Title, w.in.Matter.Measures[1].Title = "Tirzepatide prescribing scheme", "Weekly appointment data return"
	w.isNational("2026-11-01", &guidancev1.Position{Measure: "feed", Stance: refuse})
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: caution, Rationale: long}})
	w.once(t, []string{
		"(plan", ": Tri LMC, on “Tirzepatide prescribing scheme”: urges caution [tri/1].",
		"GPC England, on “Weekly appointment data return”: refuse [gpc-england/0].",
		"Your LMC speaks on none of the measures that GPC England speaks on: ring before you act on them.",
	}, "whole matter")
}

// What is asked by a day stood twice, cut short both times; its strength and whom it is asked of had no room.
func TestInBriefWhatIsAskedByADayIsToldOnceWithHowStronglyAndOfWhom(t *testing.T) {
	w := newSmall()
	emis := w.groups[0]
	ask := func(verb, by string, strength guidancev1.ActionStrength, with *guidancev1.Action) *guidancev1.Action {
		with.Verb, with.Strength, with.Object = verb, strength, "the return that the ICB has announced it will want"
		if by != "" {
			with.Due = dueBy(by)
		}
		return with
	}
	const must, may, asked = guidancev1.ActionStrength_ACTION_STRENGTH_MUST, guidancev1.ActionStrength_ACTION_STRENGTH_MAY, guidancev1.ActionStrength_ACTION_STRENGTH_ASKED
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse, Rationale: long}, {Stance: caution, Scope: emis}},
		ask("refuse", "2026-12-04", must, &guidancev1.Action{Scope: emis.Id, Condition: "if the ICB asks for it"}),
		ask("minute", "2026-12-11", may, &guidancev1.Action{}), ask("record", "2026-12-15", asked, &guidancev1.Action{}), ask("keep", "", asked, &guidancev1.Action{}))
	w.once(t, []string{
		"By when: by 4 Dec 2026: refuse the return ", "(a must, practices on EMIS, if the ICB asks for it)", "by 11 Dec 2026: minute the return ", "(if you like)",
		"by 15 Dec 2026: record the return ", "Your LMC asks: keep the return ",
	}, "If the ICB asks", "leaves open", "insists")
}

// What is asked of others by a day, and what was due by a day that has passed, is nobody's date: it stands with what is asked.
func TestInBriefWhatHasADayOfOthersIsStillAsked(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse, Rationale: long}},
		&guidancev1.Action{Verb: "publish", Object: "the figures", Due: dueBy("2026-12-04"), Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS}, Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED})
	w.once(t, []string{"Your LMC asks, of commissioners: publish the figures, by 4 December 2026", "By when: no date for practices"})
}

// Where nobody had said anything on a matter the page said so once for each.
func TestInBriefNothingFromAnybodyIsOneSentence(t *testing.T) {
	r := fullPage(5, 3, 60, "North Essex LMC")
	silent := func(name string) *answersv1.Line {
		return &answersv1.Line{CommitteeName: name, State: answersv1.LineState_LINE_STATE_NO_LINE, NoLine: &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_SILENT}}
	}
	for _, v := range r.Matters[:4] {
		v.Matter.Measures, v.Committees, v.National = nil, []*answersv1.CommitteeView{{Headline: silent("North Essex LMC"), Own: true}}, &answersv1.CommitteeView{Headline: silent("GPC England")}
	}
	text := OneLine(practiceText(r, 100))
	if strings.Count(text, "North Essex LMC and GPC England: nothing published here on this.") != 4 || strings.Count(text, "nothing published here") != 4 {
		t.Error(text)
	}
}

// A line that holds from a later day stood behind conditions, cut in its day: "From 15 December …".
func TestInBriefWhatHoldsFromADayAheadIsToldBeforeReasons(t *testing.T) {
	w := newSmall()
	on := func(text string) []*guidancev1.Condition {
		return []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: text + strings.Repeat(" again", 60)}}
	}
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution, Rationale: long, Conditions: on("GPC England has met NHS England")}})
	w.says("2026-11-20", []*guidancev1.Position{{Stance: refuse, Provisional: true, ValidFrom: "2026-12-15", Conditions: on("it is withdrawn")}})
	w.once(t, []string{"Tri LMC urges caution, on conditions (2 Nov 2026, tri/0). ", "From 15 Dec 2026: refuse, for now, on conditions [tri/1]. "})
}

// A day was cut wherever the room ended.
func TestADayIsNeverCutInTwo(t *testing.T) {
	const words = "reply to the ICB, with its line from 15 December 2026 on, before by 12:00 on 4 Jan 2027 comes (a Saturday)"
	days := regexp.MustCompile(`15 December 2026|12:00 on 4 Jan 2027`)
	for room := 10; room < 120; room++ {
		cut := strings.TrimSuffix(cutWords(words, room), " …")
		for _, at := range days.FindAllStringIndex(words, -1) {
			if len(cut) > at[0] && len(cut) < at[1] {
				t.Errorf("%q in %d characters", cut, room)
			}
		}
		if regexp.MustCompile(`(line from|by|12:00 on|before)$`).MatchString(cut) {
			t.Errorf("%q ends in what a day follows", cut)
		}
	}
	if cut := cutWords(words, 60); utf8.RuneCountInString(cut) > 60 || !strings.Contains(cut, "15 December 2026") {
		t.Error(cut)
	}
}

// That a letter was logged late stood before that a line declines what others claim to be contractual, which had no room.
func TestInBriefTheContractIsLookedAtBeforeWhatWasLoggedLate(t *testing.T) {
	w := newSmall()
	contractual := stated(guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL)
	w.in.Matter.Measures[0].ClaimedEffects, w.in.Matter.Measures[1].ClaimedEffects = stated(guidancev1.ContractEffect_CONTRACT_EFFECT_GUIDANCE_ONLY), contractual
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution, Rationale: long}, {Measure: "feed", Stance: refuse, ContractEffects: stated(guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL)}})
	r := w.ownPage(t, 5)
	for _, v := range r.Matters {
		late := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_LOGGED_LATE, Entry: "tri/0"}
		ends := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDS_LATER, Entry: "tri/0", From: "2026-12-15"}
		for _, line := range append(v.Committees[0].Measures, v.Committees[0].Headline) {
			line.Warnings = append([]*answersv1.Warning{late, ends}, line.Warnings...)
		}
	}
	for _, matter := range mattersOf(practiceText(r, 100)) {
		wants(t, matter, "“The feed”: not in the contract (your LMC), contractual (NHS England claims): ask your LMC before you decline", "Look twice: tri/0 ends on 15 Dec 2026")
		if hub := strings.Index(matter, "“The hub”: "); hub >= 0 && hub < strings.Index(matter, "“The feed”: not in") {
			t.Error(matter)
		}
	}
}

// Conditions and reasons of a line on a measure had room before a group's line on another.
func TestInBriefAGroupsLineComesBeforeReasonsAndTheNationalCommittee(t *testing.T) {
	w := newSmall()
	w.isNational("2026-11-01", &guidancev1.Position{Measure: "act", Stance: refuse, Rationale: long})
	signed := &guidancev1.Scope{Id: "signed", Words: "practices that have signed already"}
	onlyIf := func(text string) []*guidancev1.Condition {
		return []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF, Text: text + strings.Repeat(" again", 40)}}
	}
	w.says("2026-11-02", []*guidancev1.Position{
		{Stance: caution, Rationale: long, Conditions: onlyIf("it is agreed")},
		{Measure: "hub", Stance: guidancev1.Stance_STANCE_PRACTICE_DECIDES, Rationale: long, Conditions: onlyIf("you have a trained prescriber")},
		{Measure: "feed", Stance: refuse, Rationale: long},
		{Measure: "feed", Stance: guidancev1.Stance_STANCE_SUPPORT_WITH_CONDITIONS, Scope: signed, Conditions: onlyIf("you have legal advice")},
	})
	w.once(t, []string{"On “The feed”: advises you to refuse. ", "On it, for practices that have signed already: supports on conditions [tri/1]."})
}

// What a committee and a proposer say of the contract in the same words stood twice.
func TestInBriefOneReadingOfTheContractIsToldOnceWithWhose(t *testing.T) {
	w := newSmall()
	same := stated(guidancev1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME)
	w.in.Matter.Measures[0].ClaimedEffects = same
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Rationale: long, ContractEffects: same}})
	w.once(t, []string{"Contract: on “The hub”: a voluntary scheme (your LMC, as NHS England claims)."})
}

// The national committee's line stood as if it held whatever came, where its conditions had no room.
func TestInBriefTheNationalLineSaysThatItHasConditions(t *testing.T) {
	w := newSmall()
	w.isNational("2026-11-01", &guidancev1.Position{Stance: refuse, Conditions: []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: "talks succeed" + strings.Repeat(" again", 40)}}})
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution, Rationale: long}})
	w.once(t, []string{"GPC England: refuse, on conditions (1 Nov 2026, gpc-england/0)."})
}

// "On it" followed what had no room, because it is told of the whole matter: of nothing that stood on the page.
func TestInBriefNothingIsSaidOnItWhereNoMeasureWasNamed(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution, Rationale: long}})
	w.says("2026-11-20", []*guidancev1.Position{
		{Stance: refuse, ValidFrom: "2026-12-15", Rationale: long},
		{Measure: "hub", Stance: guidancev1.Stance_STANCE_ADVISE_AGAINST, ValidFrom: "2026-12-15", Audiences: []guidancev1.Audience{partners}},
	})
	w.once(t, []string{"From 15 Dec 2026: refuse [tri/1].", "On “The hub”, to GP partners, from 15 Dec 2026: advise against [tri/1]."})
}

// Why a committee says something on a measure stood as if all of a practice's committees gave that reason.
func TestInBriefAReasonOnAMeasureIsItsCommittees(t *testing.T) {
	r := fullPage(1, 1, 30, "North Essex LMC", "South Essex LMC")
	r.Matters[0].Committees[1].Measures[0].Current.Position.Rationale = "Ring South Essex first."
	said, _ := briefSaid(r.Matters[0])
	for _, one := range said {
		if strings.Contains(one.words, "Ring South Essex first") && !strings.HasPrefix(one.whole, "South Essex LMC on “") {
			t.Errorf("%q %q", one.whole, one.words)
		}
	}
}

// A day that something has to be done by was left out for two things of little weight, because these are more.
func TestInBriefRowsAreJoinedForWhatWeighsMoreNotForWhatIsMore(t *testing.T) {
	words := func(n int) string { return strings.Repeat("w", n-1) + "." }
	of := inBrief{
		line:     label{items: []item{{whole: words(60)}}},
		contract: []label{{items: []item{{whole: words(60)}}}},
		when:     []label{{between: "; ", items: []item{{whole: words(40)}, {whole: "by 18 Dec 2026: reply", weight: ofDays}, {whole: words(200), weight: ofDays}}}},
		rest:     []label{{between: " ", items: []item{{whole: words(30)}, {whole: "Logged late.", weight: ofRest}, {whole: "Ended early.", weight: ofRest}}}},
	}
	if text := strings.Join(strings.Fields(strings.Join(of.inLines(1, 4, 63), " ")), " "); !strings.Contains(text, "by 18 Dec 2026: reply") {
		t.Error(text)
	}
}

// A must behind a may was told as left open to the practice: how strongly a thing is asked was read from words, and
// held against the first thing alone.
func TestInBriefAMustIsNotToldAsLeftOpen(t *testing.T) {
	const must, may, asked = guidancev1.ActionStrength_ACTION_STRENGTH_MUST, guidancev1.ActionStrength_ACTION_STRENGTH_MAY, guidancev1.ActionStrength_ACTION_STRENGTH_ASKED
	ask := func(verb, object string, strength guidancev1.ActionStrength, condition string) *guidancev1.Action {
		return &guidancev1.Action{Verb: verb, Object: object, Strength: strength, Condition: condition}
	}
	const visited = "if the ICB visits"
	for name, c := range map[string]struct {
		actions []*guidancev1.Action
		want    []string
	}{
		"must, may, must": {
			[]*guidancev1.Action{ask("send", "the return", must, ""), ask("tell", "us how long", may, ""), ask("anonymise", "it", must, "")},
			[]string{"Your LMC insists: send the return; anonymise it. Your LMC leaves open to you: tell us how long."},
		},
		"asked, may, asked": {
			[]*guidancev1.Action{ask("send", "the reply", asked, ""), ask("put", "it up", may, ""), ask("tell", "patients", asked, "")},
			[]string{"Your LMC asks: send the reply; tell patients. Your LMC leaves open to you: put it up."},
		},
		"a must on a condition": {
			[]*guidancev1.Action{ask("ring", "us", may, visited), ask("send", "the reply", asked, ""), ask("refuse", "it", must, visited), ask("note", "it", asked, visited)},
			[]string{"Your LMC insists, if the ICB visits: refuse it.", "Your LMC asks: send the reply.", "If the ICB visits: note it; if the ICB visits (if you like): ring us."},
		},
		"for a group": {
			[]*guidancev1.Action{ask("send", "it", may, ""), {Verb: "keep", Object: "it", Strength: must, Actors: []guidancev1.Audience{partners}}},
			[]string{"Your LMC insists: keep it (GP partners). Your LMC leaves open to you: send it."},
		},
	} {
		w := newSmall()
		w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse, Rationale: long}}, c.actions...)
		page := OneLine(practiceText(w.ownPage(t, 5), 100))
		for _, want := range c.want {
			if n := strings.Count(page, want); n != 5 {
				t.Errorf("%s: %q stands %d times on\n%s", name, want, n, practiceText(w.ownPage(t, 5), 100))
			}
		}
	}
}

// The words for a group were cut with the day behind them, so that its line ahead, or one that waits, stood as in force.
func TestInBriefAGroupsLineAheadKeepsItsDay(t *testing.T) {
	w := newSmall()
	rural := &guidancev1.Scope{Id: "rural", Words: "practices in rural areas with one site and no dispensary of their own"}
	once := []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "the fund is paid"}}
	w.says("2026-11-02", []*guidancev1.Position{
		{Measure: "hub", Stance: caution, Rationale: long},
		{Measure: "hub", Stance: supports, Scope: rural},
	})
	w.says("2026-11-20", []*guidancev1.Position{
		{Measure: "hub", Stance: refuse, Scope: rural, ValidFrom: "2026-12-15"},
		{Measure: "feed", Stance: refuse, Scope: &guidancev1.Scope{Id: "far", Words: "practices that are far away from any hospital and its laboratory"}, ValidFrom: "2026-12-16"},
		{Measure: "act", Stance: supports, Scope: &guidancev1.Scope{Id: "paid", Words: "practices whose ICB pays for the work of the return each month"}, Conditions: once},
	})
	w.once(t, []string{
		"for practices in rural areas with one site and no …, from 15 Dec 2026: refuse [tri/1].",
		"far away from any hospital and its …, from 16 Dec 2026: refuse [tri/1].",
		"whose ICB pays for the work of the return …, once the fund is paid: support [tri/1].",
	})
}

// Whom something is asked of stood at the end of words that were cut: practices were told to do what others are asked.
func TestInBriefWhomSomethingIsAskedOfIsNeverCut(t *testing.T) {
	w := newSmall()
	const asked, may = guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, guidancev1.ActionStrength_ACTION_STRENGTH_MAY
	ask := func(verb string, strength guidancev1.ActionStrength, who ...guidancev1.Audience) *guidancev1.Action {
		return &guidancev1.Action{Verb: verb, Object: "the list of all those that have not sent the return, with their reasons" + strings.Repeat(" again", 30), Strength: strength, Actors: who}
	}
	paid := &guidancev1.Scope{Id: "paid", Words: "practices whose ICB pays"}
	ofGroup := ask("keep", asked)
	ofGroup.Scope = paid.Id
	w.says("2026-11-02", []*guidancev1.Position{{Stance: refuse, Rationale: long}, {Stance: caution, Scope: paid}},
		ask("publish", asked, guidancev1.Audience_AUDIENCE_COMMISSIONERS), ask("read", may, guidancev1.Audience_AUDIENCE_COMMISSIONERS), ask("print", asked, managers), ofGroup)
	w.once(t, []string{"Your LMC asks, of commissioners: publish the list", "(practice managers)", "(practices whose ICB pays)"}, "Your LMC asks: publish", "to you")
}

// A practice's own days were left out where the national committee's line, and what follows, stood whatever room there was.
func TestInBriefNoOwnDayIsLeftOutForTheNationalLineOrWhatFollows(t *testing.T) {
	for n := 1; n < 16; n++ {
		w := newSmall()
		w.isNational("2026-11-01", &guidancev1.Position{Measure: "act", Stance: refuse, Rationale: long})
		var asks []*guidancev1.Action
		for i := range n {
			asks = append(asks, &guidancev1.Action{Verb: "tell", Object: fmt.Sprintf("us of agreement %d that you have signed", i), Due: dueBy(fmt.Sprintf("2026-12-%02d", 10+i))})
		}
		w.says("2026-11-02", []*guidancev1.Position{
			{Stance: caution, Rationale: long, Consequences: []*guidancev1.StatedConsequence{{Topic: guidancev1.ConsequenceTopic_CONSEQUENCE_TOPIC_MONEY, Words: "a notice may follow"}}},
			{Measure: "hub", Stance: refuse},
			{Measure: "feed", Stance: refuse, Scope: w.groups[0]},
		}, asks...)
		page := practiceText(w.ownPage(t, 5), 100)
		for _, matter := range mattersOf(page) {
			if days := strings.Count(matter, "tell us of agreement"); days < n && (strings.Contains(matter, "GPC England, on") || strings.Contains(matter, "a notice")) {
				t.Fatalf("%d of %d days on\n%s", days, n, page)
			}
		}
	}
}

// What a committee of the practice says follows stood as if the national one said it.
func TestInBriefWhatFollowsIsItsCommittees(t *testing.T) {
	w := newSmall()
	w.isNational("2026-11-01", &guidancev1.Position{Measure: "act", Stance: refuse})
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution, Rationale: long, Consequences: []*guidancev1.StatedConsequence{{Topic: guidancev1.ConsequenceTopic_CONSEQUENCE_TOPIC_MONEY, Words: "a notice may follow"}}}})
	w.once(t, []string{"Your LMC says: for money: a notice may"}, "It says")
}

// A line of the national committee that ends on a day ahead stood on the practice's page without it.
func TestANationalLineThatEndsLaterSaysSoOnAPracticesPage(t *testing.T) {
	w := newSmall()
	w.isNational("2026-11-01", &guidancev1.Position{Measure: "act", Stance: refuse})
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution}})
	w.withdraws("2026-11-03", "gpc-england/0")
	last := &w.in.Entries[len(w.in.Entries)-1]
	last.ID, last.Office, last.Withdrawal.Office, last.Withdrawal.OnBehalfOf, last.Withdrawal.Effective = "gpc-england/2", "gpc-england", "gpc-england", []string{"gpc-england"}, "2026-12-06"
	w.mustPrint(t, "6 December 2026")
	w.in.Entries[1].Advisory.Positions[0].Rationale = long
	w.once(t, []string{"GPC England, on “The action”: refuse [gpc-england/0]; gpc-england/0 ends on 6 Dec 2026."})
}

// How the national committee reads the contract on measures was neither told nor counted.
func TestInBriefTheNationalCommitteesReadingsOnMeasuresAreTold(t *testing.T) {
	w := newSmall()
	w.isNational("2026-11-01", &guidancev1.Position{Measure: "act", Stance: refuse, ContractEffects: []*guidancev1.DatedEffect{
		{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH, ValidUntil: "2026-12-31"}, {Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2027-01-01"},
	}})
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution, Rationale: long}})
	_, national := briefSaid(w.ownPage(t, 5).Matters[0])
	if !slices.ContainsFunc(national, func(one item) bool {
		return one.whole == "By its reading, on “The action”: no breach to do it until 31 Dec 2026, then a breach."
	}) {
		t.Error(national)
	}
}

// A letter was told to be not yet in force, where only its line on another measure waits.
func TestInBriefWhatToLookAtTwiceSaysOfWhichMeasure(t *testing.T) {
	w := newSmall()
	once := []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: "half of practices agree"}}
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution, Rationale: long}, {Measure: "feed", Stance: supports, Conditions: once}})
	w.once(t, []string{"on “The feed”, tri/0 is not yet in force"})
}

// A must of practices was only counted ("17 more …"), where a request that is left open, and one of others, had room.
func TestInBriefAMustHasItsPlaceBeforeWhatIsLeftOpen(t *testing.T) {
	due := func(day string, strength guidancev1.ActionStrength) entry {
		return entry{due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: day}}, strength: strength, what: "answer " + day}
	}
	const may, asked, must = guidancev1.ActionStrength_ACTION_STRENGTH_MAY, guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, guidancev1.ActionStrength_ACTION_STRENGTH_MUST
	items := briefDates(&answersv1.CombinedView{AsOf: "2026-12-01"}, []entry{
		due("2026-12-02", asked), due("2026-12-03", may), due("2026-12-04", may), due("2026-12-05", asked), due("2026-12-06", asked), due("2026-12-07", asked), due("2026-12-08", must), due("2026-12-09", must),
	})
	var places []int
	for _, one := range items {
		places = append(places, one.weight)
	}
	if want := []int{stands, ofDays, ofDays, stands, stands, ofDays, ofDuties, ofDuties}; !slices.Equal(places, want) {
		t.Errorf("%v, want %v", places, want)
	}
}

// Each of five matters had a fifth of the page: the musts of one were only counted where others gave reasons.
func TestInBriefNoMustAndNoDutyOfAMatterIsCutForWhatAnotherSays(t *testing.T) {
	const must = guidancev1.ActionStrength_ACTION_STRENGTH_MUST
	busy, quiet := newSmall(), newSmall()
	var asks []*guidancev1.Action
	for i := range 12 {
		asks = append(asks, &guidancev1.Action{Verb: "return", Object: fmt.Sprintf("form %d", i), Strength: must, Due: dueBy(fmt.Sprintf("2026-12-%02d", 10+i))})
		asks = append(asks, &guidancev1.Action{Verb: "keep", Object: fmt.Sprintf("record %d", i), Strength: must})
	}
	contractual := stated(guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL)
	m := busy.in.Matter
	m.Measures[1].ClaimedEffects = contractual
	for i := range 6 {
		m.Measures[1].Deadlines = append(m.Measures[1].Deadlines, &guidancev1.Deadline{Title: fmt.Sprintf("upload %d", i), Due: dueBy(fmt.Sprintf("2026-12-%02d", 1+i)), AddressedTo: []guidancev1.Audience{practices}})
	}
	breach := stated(guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH)
	busy.says("2026-11-02", []*guidancev1.Position{
		{Stance: refuse, Rationale: long},
		{Measure: "hub", Stance: required, Rationale: long},
		{Measure: "feed", Stance: caution, ContractEffects: contractual},
		{Measure: "act", Stance: refuse, ContractEffects: breach, Rationale: long},
	}, asks...)
	quiet.isNational("2026-11-01", &guidancev1.Position{Stance: caution, Rationale: long})
	quiet.says("2026-11-02", []*guidancev1.Position{{Stance: caution, Rationale: long}, {Measure: "feed", Stance: supports, Rationale: long}})
	for _, width := range []int{60, 80, 100} {
		r := quiet.ownPage(t, 5)
		r.Matters[2] = busy.ownPage(t, 1).Matters[0]
		page := practiceText(r, width)
		matter := mattersOf(page)[2]
		wanted := []string{"On “The hub”: says it is required", "On “The feed”: contractual (your LMC, as NHS England claims)", "on “The action”: a breach to do it (your LMC)"}
		for i := range 12 {
			wanted = append(wanted, fmt.Sprintf("return form %d", i), fmt.Sprintf("keep record %d", i))
		}
		for i := range 6 {
			wanted = append(wanted, fmt.Sprintf("upload %d", i))
		}
		for _, want := range wanted {
			if !strings.Contains(matter, want) {
				t.Errorf("%d columns: %q is not on\n%s", width, want, page)
			}
		}
		if !strings.Contains(page, "--print has all of it") {
			t.Errorf("what is cut is not told:\n%s", page)
		}
	}
}

// "send the form, by 20 November 2026 that day has passed": nothing stood between the two.
func TestInBriefAPassedDayIsToldApartFromWhatWasAsked(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: caution, Rationale: long}}, &guidancev1.Action{Verb: "send", Object: "the form", Measure: "hub", Due: dueBy("2026-11-20")})
	w.once(t, []string{"send the form, by 20 November 2026 (that day has passed)"})
}

// A group's duty on one measure was told “on it” behind another measure: the sentence that named its own had no room.
func TestInBriefADutyOfAGroupNamesItsMeasure(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{
		{Measure: "hub", Stance: caution, Rationale: long}, {Measure: "feed", Stance: supports, Rationale: long}, {Measure: "feed", Stance: required, Scope: w.groups[0], Rationale: long},
	})
	w.once(t, []string{"On “The feed”, for practices on EMIS: says it is required"})
}

// A reminder in the same words, of the same day and not as strongly, took "(a must)" away from the page; and so did what is asked in
// the same words on another measure.
func TestInBriefAMustThatIsAskedTooIsAMust(t *testing.T) {
	send := func(measure string, strength guidancev1.ActionStrength) *guidancev1.Action {
		return &guidancev1.Action{Verb: "return", Object: "the form", Measure: measure, Strength: strength, Due: dueBy("2026-12-18")}
	}
	const must, asked = guidancev1.ActionStrength_ACTION_STRENGTH_MUST, guidancev1.ActionStrength_ACTION_STRENGTH_ASKED
	for _, strengths := range [][2]guidancev1.ActionStrength{{must, asked}, {asked, must}} {
		w := newSmall()
		w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Rationale: long}}, send("hub", strengths[0]))
		w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Rationale: long}}, send("hub", strengths[1]))
		w.once(t, []string{"by 18 Dec 2026: return the form (a must)"}, "return the form.", "return the form;")

		w = newSmall()
		w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Rationale: long}, {Measure: "feed", Stance: refuse}}, send("hub", strengths[0]), send("feed", strengths[1]))
		on := map[guidancev1.ActionStrength]string{strengths[0]: "hub", strengths[1]: "feed"}[must]
		w.once(t, []string{"on “" + guidance.MeasureOf(w.in.Matter, on).GetTitle() + "”: return the form (a must)"})
	}
}
