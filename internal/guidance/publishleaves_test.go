package guidance

import (
	"fmt"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// atTheUnion is Essex, about to publish for Union, which North and South were merged into.
func atTheUnion(standing ...Entry) PublishContext {
	known := essexToday(standing...)
	book := unionBook()
	book.mandates = append(book.mandates, tenure{office: "essex", committee: "union", from: "2021-10-10"})
	known.Register, known.Committees = book, committees("north", "south", "union")
	for _, c := range known.Committees[:2] {
		c.ValidUntil = "2021-10-09"
	}
	return known
}

// preview is what is shown of a letter, or of its withdrawal, before it is published.
func preview(t *testing.T, m any, known PublishContext) string {
	t.Helper()
	var shown Preview
	var err error
	switch m := m.(type) {
	case *v1.Advisory:
		_, shown, err = CheckPublish(t.Context(), m, known)
	case *v1.Withdrawal:
		_, shown, err = CheckWithdraw(t.Context(), m, known)
	}
	if err != nil {
		t.Fatal(err)
	}
	words := consequences(shown)
	for _, w := range shown.Warnings {
		words = append(words, WarningWords(w))
	}
	return strings.Join(words, "\n")
}

// Of two LMCs that had merged, each had another group under one id: the new one could speak to neither, for its words were
// refused with that id, and with any other because that id had them.
func TestAMergedLMCSpeaksToAGroupWhoseIDItsPredecessorsHadForTwo(t *testing.T) {
	group := func(id, words string) func(*v1.Position) {
		return func(p *v1.Position) { p.Scope = &v1.Scope{Id: id, Words: words} }
	}
	const one, under = "practices with one partner", "practices under 5000 patients"
	souths := say("essex/2", "2021-10-01", on("south", "engage", support, group("small", under)))
	known := atTheUnion(say("essex/1", "2021-10-01", on("north", "engage", refuse, group("small", one))), souths)
	position := func(id, words string) *v1.Position { return on("union", "engage", caution, group(id, words)) }
	runRefusals(t, []refusal{
		{"by the id that is two things", draft(position("small", one), amends("essex/1")), known, []string{
			"positions[0].scope.words: says of small “practices with one partner”, and essex/2 “practices under 5000 patients”: use its words, or give another group another id",
		}},
		{"by an id of its own, which ends the old one", draft(position("onepartner", one), replaces("essex/1")), known, nil},
		{"by an id of its own, beside the old one", draft(position("onepartner", one), amends("essex/1")), known, nil},
		{"of the other", draft(position("under", under), replaces("essex/2")), known, nil},
		{"by the old id, when the other ends", draft(position("small", one), replaces("essex/1", "essex/2")), known, nil},
		{"by another id, when the other ends", draft(position("onepartner", one), replaces("essex/2"), amends("essex/1")), known, []string{
			"positions[0].scope.id: is onepartner for “practices with one partner”, and small stands for the same already: use that id, or readers are told two things of one group",
		}},
	})
	const goesOn = "essex/1 says refuse for practices with one partner under the id small, and goes on beside this, which has another: write “replaces: [essex/1]” if it is to end."
	for letter, want := range map[*v1.Advisory]bool{
		draft(position("onepartner", one), amends("essex/1")): true, draft(position("onepartner", one), replaces("essex/1")): false, draft(position("under", under), amends("essex/2")): false,
	} {
		if got := preview(t, letter, known); strings.Contains(got, goesOn) != want || strings.Contains(got, "small (practices with one partner)") || strings.Contains(got, "will have") {
			t.Errorf("%v: %s", letter.GetPositions()[0].GetScope(), got)
		}
	}
}

func TestASuccessorIsToldWhatItsLetterDoesToItsPredecessors(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse), on("north south", "engage", support, scopedTo("hub")))
	// An amendment by a successor was said to amend nothing.
	got := preview(t, draft(on("union", "engage", against, scopedTo("hub")), amends("essex/1")), atTheUnion(joint))
	if strings.Contains(got, "stands as it is") || !strings.Contains(got, "essex/1") {
		t.Errorf("an amendment: %s", got)
	}
	// A group was said to be left without a line by what brings back its predecessors'.
	own := say("essex/2", "2021-10-12", on("union", "engage", against, scopedTo("hub")), amends("essex/1"))
	got = preview(t, &v1.Withdrawal{Advisory: "essex/2", Restores: []string{"essex/1"}, Reason: "x", Visibility: public}, atTheUnion(joint, own))
	if strings.Contains(got, "no line") {
		t.Errorf("a withdrawal that restores: %s", got)
	}
	// Committees that were over were said to be left without a line, and those who are were not.
	wide := say("essex/1", "2021-10-01", on("north south", "engage", refuse, func(p *v1.Position) {
		p.Audiences = []v1.Audience{practices, v1.Audience_AUDIENCE_PCNS}
	}))
	got = preview(t, draft(on("union", "engage", against), replaces("essex/1")), atTheUnion(wide))
	if strings.Contains(got, "north LMC") || strings.Contains(got, "south LMC") || !strings.Contains(got, "no line on engage") || !strings.Contains(got, "primary care networks") {
		t.Errorf("a replacement: %s", got)
	}
}

// A withdrawal that brings back a joint letter, and not what had amended it for a part, left the
// part without a line, unsaid.
func TestAPartThatAWithdrawalLeavesWithoutALineIsSaid(t *testing.T) {
	known := essexToday(
		say("essex/1", "2021-10-01", on("north", "", refuse), on("north", "engage", refuse)),
		say("essex/2", "2021-10-05", on("north", "engage", support, in("A")), amends("essex/1")),
		say("essex/3", "2021-10-10", on("north", "", against), replaces("essex/1", "essex/2")),
	)
	got := preview(t, &v1.Withdrawal{Advisory: "essex/3", Restores: []string{"essex/1"}, Reason: "x", Visibility: public}, known)
	if want := "no line on engage"; !strings.Contains(got, want) || !strings.Contains(got, "A") {
		t.Errorf("got %s, want %q", got, want)
	}
}

// Whoever withdrew a letter was told that an older line answers, and not what that asks of practices from then on.
func TestAWithdrawalThatLeavesAnOlderLineSaysWhatThatAsks(t *testing.T) {
	older := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("reply", "2021-12-07", onMeasure("engage")), asksFor("forward", "2021-10-07", onMeasure("engage")))
	got := preview(t, withdraw("essex/3", "essex/2", "2021-11-01").Withdrawal, essexToday(older, say("essex/2", "2021-10-20", on("north", "engage", support))))
	if want := "the older line of essex/1 (refuse, with what it asks: “reply, by 7 December 2021”)"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %q", got, want)
	}
}

// Whoever withdrew an amendment of which a line was ahead was not told that what it amends ends on that day all the same, nor
// how to keep it.
func TestAWithdrawalOfALineAheadSaysThatWhatItAmendsEndsAllTheSame(t *testing.T) {
	older := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", refuse))
	for name, letter := range map[string]Entry{
		"a line of it": say("essex/2", "2021-10-20", on("north", "engage", decides, from("2021-11-10")), amends("essex/1")),
		"all of it":    say("essex/2", "2021-10-20", on("north", "engage", decides), amends("essex/1"), validSince("2021-11-10")),
	} {
		got := preview(t, withdraw("essex/3", "essex/2", "2021-11-01").Withdrawal, essexToday(older, letter))
		if want := "essex/2 ended a part of essex/1, which does not come back: name it under restores if it is to stand again."; !strings.Contains(got, want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Whoever brought a letter back by a withdrawal was not told what that asks again, nor of whom.
func TestAWithdrawalSaysWhatALetterThatItBringsBackAsksAgain(t *testing.T) {
	older := say("essex/1", "2021-10-01", on("north south", "engage", refuse), asksFor("reply", "2021-12-07", by(practices), ofPlan, onMeasure("engage")), asksFor("forward", "2021-10-07", by(practices), ofPlan, onMeasure("engage")))
	for name, c := range map[string]struct {
		newer Entry
		want  string
	}{
		"of all": {say("essex/2", "2021-10-20", on("north south", "engage", decides), replaces("essex/1")), "stands again from 1 November 2021. It asks again: reply, by 7 December 2021."},
		"of one": {
			say("essex/2", "2021-10-20", on("south", "engage", refuse), on("north", "engage", decides), replaces("essex/1"), asksFor("reply", "2021-12-07", by(practices), ofPlan, onMeasure("engage"), func(a *v1.Action) { a.Committees = []string{"south"} })),
			"It asks again: reply, by 7 December 2021, of the practices of north.",
		},
		"of nobody": {say("essex/2", "2021-10-20", on("north south", "engage", refuse), replaces("essex/1"), asksFor("reply", "2021-12-07", by(practices), ofPlan, onMeasure("engage"))), "stands again from 1 November 2021."},
	} {
		w := withdraw("essex/3", "essex/2", "2021-11-01", restores("essex/1")).Withdrawal
		got := preview(t, w, essexToday(older, c.newer))
		if !strings.Contains(got, c.want) || (name == "of nobody") == strings.Contains(got, "asks again") || strings.Contains(got, "forward") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// What had ended by itself since was said to be taken by the amendment.
func TestAnAmendmentIsNotSaidToTakeWhatEndedByItself(t *testing.T) {
	standing := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", caution, func(p *v1.Position) { p.ValidUntil = "2021-10-28" }))
	letter := draft(on("north", "engage", support), amends("essex/1"))
	letter.Issued = days("2021-10-20")
	known := essexToday(standing)
	known.Today = "2021-11-01"
	_, shown, err := CheckPublish(t.Context(), letter, known)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range shown.Consequences {
		if c.GetKind() == answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS && c.GetWhole() {
			t.Errorf("said to end whole: %v", fmt.Sprint(consequences(shown)))
		}
	}
}

// A preview of what leaves a letter's partners without a line said that of the committee.
func TestALineToPartOfTheReadersThatEndsIsSaidToBeTheirs(t *testing.T) {
	for name, c := range map[string]struct {
		letter Entry
		want   string
	}{
		"to partners":                {say("essex/1", "2021-10-20", on("north", "engage", refuse, partners)), "north will have no line on engage for GP partners, where essex/1 gives one"},
		"to partners, with managers": {say("essex/1", "2021-10-20", on("north", "engage", refuse, partners, managers)), "north will have no line on engage for GP partners, practice managers, where essex/1 gives one"},
		"to practices":               {say("essex/1", "2021-10-20", on("north", "engage", refuse)), "north will have no line on engage, where essex/1 gives one"},
		"to practices and networks":  {say("essex/1", "2021-10-20", on("north", "engage", refuse, practices, pcns)), "north will have no line on engage, where essex/1 gives one"},
	} {
		known := essexToday(c.letter)
		_, warnings, _, err := checkWithdraw(withdraw("essex/2", "essex/1", known.Today).Withdrawal, known)
		got := warned(answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE, warnings)
		if err != nil || len(got) != 1 || !strings.Contains(got[0].GetWords(), c.want) {
			t.Errorf("%s: %v, %v, want %q", name, err, got, c.want)
		}
	}
}

// A note to partners in part of the area that ends a letter to practices left them without a line there, and its office was told
// so of partners everywhere alone.
func TestALineThatEndsForPartnersInPartOfTheAreaIsSaidToBeTheirs(t *testing.T) {
	known := essexToday(say("essex/1", "2021-10-20", on("north", "engage", refuse)))
	_, warnings, _, err := checkPublish(draft(on("north", "engage", info, partners, in("A")), amends("essex/1")), known)
	got := warned(answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE, warnings)
	if err != nil || len(got) != 1 || !strings.Contains(got[0].GetWords(), "north will have no line on engage for GP partners in area:A, where essex/1 gives one") {
		t.Errorf("%v, %v", err, got)
	}
}

// Whoever withdrew temporary advice was told what answers next, for good: that was temporary too, and what answers
// behind it, or that nothing does, nobody was told.
func TestAWithdrawalSaysUntilWhenAnOlderLineAnswersAndWhatDoesThen(t *testing.T) {
	general := say("essex/1", "2021-10-01", on("north", "engage", support), asksFor("return the form", "2021-12-14"))
	winter := say("essex/2", "2021-10-04", on("north", "engage", decides, until("2021-11-20")))
	snow := say("essex/3", "2021-10-06", on("north", "engage", refuse, until("2021-11-10")))
	later := say("essex/4", "2021-10-07", on("north", "engage", caution, from("2021-11-15")))
	const next = "until %s north will have the older line of essex/2 (practice decides) on engage, where essex/3 gives one"
	for name, c := range map[string]struct {
		standing []Entry
		want     []string
	}{
		"and an older one": {[]Entry{general, winter, snow}, []string{fmt.Sprintf(next, "20 November 2021"), "From 21 November 2021 the line of essex/1 (support) answers for north on engage, with what it asks: “return the form, by 14 December 2021”."}},
		"and nothing":      {[]Entry{winter, snow}, []string{fmt.Sprintf(next, "20 November 2021")}},
		"and one ahead":    {[]Entry{general, winter, snow, later}, []string{fmt.Sprintf(next, "14 November 2021"), "From 15 November 2021 the line of essex/4 (caution) answers for north on engage."}},
		"that stands on":   {[]Entry{general, snow}, []string{"north will have the older line of essex/1 (support, with what it asks: “return the form, by 14 December 2021”) on engage, where essex/3 gives one"}},
	} {
		got := preview(t, &v1.Withdrawal{Advisory: "essex/3", Reason: "x", Visibility: public}, essexToday(c.standing...))
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: it says\n%s\nand not\n%s", name, got, want)
			}
		}
		if n, m := strings.Count(got, " answers "), strings.Count(got, " until "); n != strings.Count(strings.Join(c.want, ""), " answers ") || m != strings.Count(strings.Join(c.want, ""), "until ") {
			t.Errorf("%s: %d times what answers then, %d times until when\n%s", name, n, m, got)
		}
	}
}

// A withdrawal of a letter that had amended another until a last day was said to leave no line, and the other not to
// come back: that came back, with what it asked, on the day after.
func TestWhatIsLeftSaysFromWhichDayOnAnOlderLineAnswersAgain(t *testing.T) {
	refuses := say("essex/1", "2021-10-01", on("north south", "engage", refuse), asksFor("return the form", "2021-12-14"))
	supports := say("essex/2", "2021-10-05", on("north south", "engage", support, until("2021-12-10")), amends("essex/1"))
	norths := say("essex/3", "2021-10-06", on("north", "engage", decides), amends("essex/2"))
	withdraws := func(entry string, on ...string) *v1.Withdrawal {
		return &v1.Withdrawal{Advisory: entry, OnBehalfOf: on, Reason: "x", Visibility: public}
	}
	const none, again = "From 1 November 2021 until 10 December 2021 %s will have no line on engage, where %s gives one", "From 11 December 2021 the line of essex/1 (refuse) answers for %s on engage, with what it asks: “return the form, by 14 December 2021”."
	for name, c := range map[string]struct {
		publish  any
		standing []Entry
		want     []string
	}{
		"withdrawn": {withdraws("essex/2"), []Entry{refuses, supports}, []string{
			fmt.Sprintf(none, "north, south", "essex/2"), fmt.Sprintf(again, "north, south"), "essex/2 ended essex/1, which does not come back before 11 December 2021: name it under restores if it is to stand again at once.",
		}},
		"withdrawn, and amended for one": {withdraws("essex/2"), []Entry{refuses, supports, norths}, []string{
			fmt.Sprintf(none, "south", "essex/2"), fmt.Sprintf(again, "south"), "essex/2 ended essex/1, which does not come back before 11 December 2021",
		}},
		"what had amended it": {withdraws("essex/3"), []Entry{refuses, supports, norths}, []string{
			fmt.Sprintf(none, "north", "essex/3"), fmt.Sprintf(again, "north"), "essex/3 ended essex/2, which does not come back: name it under restores if it is to stand again.",
		}},
		"it comes back on nothing, and stands for others": {withdraws("essex/5"), []Entry{
			say("essex/4", "2021-10-01", on("north south", "list", refuse, practices, pcns)),
			say("essex/5", "2021-10-05", on("north south", "engage", support, until("2021-12-10")), on("north south", "list", support), amends("essex/4")),
		}, []string{
			"From 1 November 2021 north, south will have no line on engage, where essex/5 gives one", "From 1 November 2021 north, south will have no line on list, where essex/5 gives one",
			"essex/5 ended a part of essex/4, which does not come back: name it under restores if it is to stand again.",
		}},
		"replaced with nothing on it": {draft(on("north south", "list", refuse), replaces("essex/2")), []Entry{refuses, supports}, []string{
			"From 25 October 2021 until 10 December 2021 north, south will have no line on engage, where essex/2 gives one", fmt.Sprintf(again, "north, south"),
		}},
		"replaced with a line from a later day": {draft(on("north south", "engage", refuse, from("2021-11-20")), replaces("essex/1")), []Entry{refuses}, []string{
			"From 25 October 2021 until 19 November 2021 north, south will have no line on engage, where essex/1 gives one",
		}},
	} {
		got := preview(t, c.publish, essexToday(c.standing...))
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: it says\n%s\nand not\n%s", name, got, want)
			}
		}
		if n := strings.Count(got, "answers for"); n != strings.Count(strings.Join(c.want, "\n"), "answers for") {
			t.Errorf("%s: %d times that something answers again\n%s", name, n, got)
		}
	}
}

// After a merger an older line answers in what each predecessor covered, and what it asks was not said.
func TestWhatAnswersAgainAfterAMergerIsToldWithWhatItAsks(t *testing.T) {
	refuses := say("essex/1", "2021-10-01", on("north south", "engage", refuse), asksFor("return the form", "2021-12-14"))
	supports := say("essex/2", "2021-10-05", on("north south", "engage", support, until("2021-12-10")), amends("essex/1"))
	got := preview(t, &v1.Withdrawal{Advisory: "essex/2", Reason: "x", Visibility: public}, atTheUnion(refuses, supports))
	if want := "From 11 December 2021 the line of essex/1 (refuse) answers for union on engage, with what it asks: “return the form, by 14 December 2021”."; !strings.Contains(got, want) {
		t.Errorf("it says\n%s\nand not\n%s", got, want)
	}
}

// Of a withdrawal for one committee it was said that a letter stays ended that was another's alone.
func TestAWithdrawalForOneCommitteeDoesNotTellWhatStaysEndedForAnother(t *testing.T) {
	entries := []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse)), say("essex/2", "2021-10-05", on("north south", "engage", support), replaces("essex/1"))}
	for committee, want := range map[string]bool{"north": true, "south": false} {
		got := preview(t, &v1.Withdrawal{Advisory: "essex/2", OnBehalfOf: []string{committee}, Reason: "x", Visibility: public}, essexToday(entries...))
		if strings.Contains(got, "essex/2 ended essex/1, which does not come back") != want {
			t.Errorf("for %s: %s", committee, got)
		}
	}
}

// What answers in part of a letter's area today was not said where the register has that part elsewhere by a day
// ahead on which something else begins.
func TestWhatIsLeftInPartOfAnAreaIsToldByTheAreasOfItsOwnDay(t *testing.T) {
	older := say("essex/1", "2021-09-01", on("north", "engage", caution, in("A")))
	wide := say("essex/2", "2021-10-01", on("north", "engage", refuse, in("EAST")))
	ahead := say("essex/3", "2021-10-02", on("north", "engage", support, in("C"), from("2021-12-10")))
	known := essexToday(older, wide, ahead)
	book := register()
	book.inside["A"] = []tenure{{committee: "EAST", until: "2021-12-01"}}
	known.Register = book
	got := preview(t, &v1.Withdrawal{Advisory: "essex/2", Reason: "x", Visibility: public}, known)
	if want := "essex/1 (caution)"; !strings.Contains(got, want) {
		t.Errorf("it says\n%s\nand not\n%s", got, want)
	}
}

// Whoever withdrew what an LMC that was merged since had said of all its area, which was merged too, was told neither that its
// practices are left without a line, nor what they are asked no more.
func TestWithdrawingALineOfAFormerAreaNamesWhomItLeavesAndWhatEnds(t *testing.T) {
	reg := cInM()
	reg.merged = map[string][]string{"union": {"north", "south"}}
	reg.lastDays = map[string]string{"north": "2021-10-19", "south": "2021-10-19"}
	reg.areas["union"] = []tenure{{committee: "M", from: "2021-10-20"}, {committee: "A", from: "2021-10-20"}, {committee: "B", from: "2021-10-20"}}
	reg.areas["south"] = reg.areas["south"][:1]
	reg.inside["C1"] = []tenure{{committee: "C", until: "2021-10-19"}, {committee: "M", from: "2021-10-20"}}
	reg.lists["C1"] = []string{"F00001"}
	reg.mandates = []tenure{
		{office: "essex", committee: "north", until: "2021-10-19"}, {office: "essex", committee: "south", until: "2021-10-19"}, {office: "essex", committee: "union", from: "2021-10-20"},
	}
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse))
	for name, c := range map[string]struct {
		south Entry
		want  []string
	}{
		"that of one of them": {
			say("essex/2", "2021-10-02", on("south", "engage", support), asksBack("sign"), amends("essex/1")),
			[]string{"union will have no line on engage in area:C", "It asks no more: sign the form"},
		},
		"of an area by name": {
			say("essex/2", "2021-10-02", on("south", "engage", support, in("C")), asksBack("sign"), amends("essex/1")),
			[]string{"union will have no line on engage in area:C", "It asks no more: sign the form"},
		},
		"beside a part of it that others are limited to": {
			say("essex/2", "2021-10-02", on("south", "engage", support), on("south", "engage", support, in("C1"), partners), asksBack("sign"), amends("essex/1")),
			[]string{"union will have no line on engage in area:C,", "It asks no more: sign the form"},
		},
	} {
		known := essexToday(joint, c.south)
		known.Register, known.Committees = reg, committees("union")
		for _, practice := range []string{"F00001", "F00002"} {
			if got := gist(resolve(asked("union engage 2021-11-01", forPractice(practice)), known.Standing, reg)[0]); !strings.HasPrefix(got, "stated essex/2 support") {
				t.Fatalf("%s: %s is told %s", name, practice, got)
			}
		}
		got := preview(t, withdraw("essex/3", "essex/2", known.Today).Withdrawal, known)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: want %q in %s", name, want, got)
			}
		}
	}
}

// A line of the LMC in the area of one of those that it was merged from was said to end what the other had said, and to
// leave that of the one whose it was.
func TestALineInTheAreaOfOneThatMergedEndsWhatThatOneSaid(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse, practices, pcns))
	souths := say("essex/2", "2021-10-02", on("south", "engage", support), amends("essex/1"))
	later := on("union", "engage", caution, in("C"), from("2021-12-10"))
	for name, c := range map[string]struct {
		standing []Entry
		letter   *v1.Advisory
		want     []string
	}{
		"in the area of one": {[]Entry{joint}, draft(later, amends("essex/1")), []string{"ends from 10 December 2021, for south, where", "It still stands for north"}},
		"where it is another's already": {
			[]Entry{joint, souths}, draft(later, amends("essex/1", "essex/2")), []string{"essex/1 “Letter essex/1” (1 October 2021) stands as it is", "essex/2 “Letter essex/2” (2 October 2021) ends from 10 December 2021 for south: nothing"},
		},
		"everywhere, where it is another's in part": {
			[]Entry{joint, souths}, draft(on("union", "engage", caution, from("2021-12-10")), amends("essex/1", "essex/2")), []string{"ends from 10 December 2021, for north, where", "It still stands for south"},
		},
	} {
		got := preview(t, c.letter, atTheUnion(c.standing...))
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: want %q in %s", name, want, got)
			}
		}
	}
	for name, codes := range map[string][]string{"whose practices are listed": {"F00001"}, "whose practices nobody lists": nil} {
		reg := cInM()
		reg.lists = map[string][]string{"C": codes, "M": codes}
		reg.merged = map[string][]string{"union": {"north", "south"}}
		reg.areas["union"] = []tenure{{committee: "M", from: "2021-10-20"}, {committee: "A", from: "2021-10-20"}}
		reg.areas["south"] = reg.areas["south"][:1]
		reg.mandates = append(reg.mandates, tenure{office: "essex", committee: "union"})
		known := essexToday(joint)
		known.Register, known.Committees = reg, committees("north", "south", "union")
		if got := preview(t, draft(on("union", "engage", caution, in("M")), amends("essex/1")), known); !strings.Contains(got, "for south, where") || !strings.Contains(got, "It still stands for north") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Of a letter that stands on but for what was amended it was said that it ended, and does not come back.
func TestALetterThatWasAmendedInPartIsNotSaidToHaveEnded(t *testing.T) {
	old := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", refuse))
	amending := say("essex/2", "2021-10-10", on("north", "list", support), amends("essex/1"))
	whole := say("essex/2", "2021-10-10", on("north", "list", support), replaces("essex/1"))
	for by, want := range map[*Entry]string{
		&amending: "essex/2 ended a part of essex/1, which does not come back: name it under restores",
		&whole:    "essex/2 ended essex/1, which does not come back: name it under restores",
	} {
		_, warnings, _, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/2", Visibility: public}, essexToday(old, *by))
		if got := strings.Join(warningTexts(warnings), " "); err != nil || !strings.Contains(got, want) {
			t.Errorf("%v, %s, want %s", err, got, want)
		}
	}
}

// Of a letter that was over before it was published, the preview said that nothing is left of what it amends, whose line
// answered, and asked, again; and whoever joined two committees in it was offered a last day for both, where one had spoken since.
func TestWhatALetterWhoseLastDayHasPassedLeavesIsSaid(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse), asksFor("send", "2021-12-06", by(practices)))
	south := say("essex/2", "2021-10-05", on("south", "engage", support), amends("essex/1"))
	old := func(parts ...any) *v1.Advisory {
		a := draft(append(parts, amends("essex/1"))...)
		a.Issued = &v1.DayRange{Earliest: "2021-10-03", Latest: "2021-10-03"}
		return a
	}
	const again = "This is valid until 4 October 2021. From 5 October 2021 the line of essex/1 (refuse) answers for north on engage, with what it asks: “send, by 6 December 2021”."
	for name, c := range map[string]struct {
		letter   *v1.Advisory
		standing []Entry
		want     string
	}{
		"of all": {
			old(on("north south", "engage", caution, until("2021-10-04"))),
			[]Entry{joint},
			"This is valid until 4 October 2021. From 5 October 2021 the line of essex/1 (refuse) answers on engage, with what it asks: “send, by 6 December 2021”.",
		},
		"of one, where the other has spoken since": {old(on("north south", "engage", caution, until("2021-10-04"))), []Entry{joint, south}, again},
		"by a position of its own":                 {old(on("north", "engage", caution), on("south", "engage", caution, until("2021-10-04"))), []Entry{joint, south}, ""},
	} {
		if got := previewOf(t, essexToday(c.standing...), c.letter); !strings.Contains(got, c.want) || c.want == "" && strings.Contains(got, "essex/1 (refuse) answers") {
			t.Errorf("%s: no %q in\n%s", name, c.want, got)
		}
	}
	runRefusals(t, []refusal{{
		"with no last day", old(on("north south", "engage", caution)), essexToday(joint, south),
		[]string{"is later than this and stands for south: give this valid_until 2021-10-04 for that alone, in a position of its own (for: [south])"},
	}})
}
