package guidance

import (
	"slices"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// mustReply is that practices must reply on engage by a day.
func mustReply(day string, parts ...func(*v1.Action)) func(*Entry) {
	must := func(a *v1.Action) { a.Strength = v1.ActionStrength_ACTION_STRENGTH_MUST }
	return asksFor("reply", day, append(parts, must, by(practices), onMeasure("engage"))...)
}

// correction is a letter of essex for north without a line, issued on a day, that asks practices to reply by another.
func correction(issued, day string, amended ...string) *v1.Advisory {
	a := draft(amends(amended...), mustReply(day))
	a.OnBehalfOf, a.Issued, a.Audiences = []string{"north"}, days(issued), []v1.Audience{practices}
	return a
}

// A must that goes on being shown was said to be shown no more, for on a day ahead, on which another line begins, it is past.
func TestWhatIsDueBeforeALineAheadBeginsIsNotLostByIt(t *testing.T) {
	first := say("essex/1", "2021-10-18", on("north", "engage", support), mustReply("2021-12-06"))
	right := say("essex/2", "2021-10-19", onBehalfOf("north"), amends("essex/1"), mustReply("2021-12-07"))
	ahead := say("essex/0", "2021-10-10", on("north", "list", refuse, from("2021-12-20")))
	inPart := draft(on("north", "engage", support, in("A")), amends("essex/2"), mustReply("2021-12-15", func(a *v1.Action) { a.Area = code("A") }))
	if got := previewOf(t, essexToday(ahead, first, right), inPart); strings.Contains(got, "shown it no more") {
		t.Error(got)
	}
}

// A correction that a later one had taken the place of already was told that both days stand: it was asked of nobody.
func TestACorrectionOlderThanAnotherOfTheSameIsToldThatItIsAskedOfNobody(t *testing.T) {
	first := say("essex/1", "2021-10-18", on("north", "engage", support), mustReply("2021-12-06"))
	later := say("essex/2", "2021-10-21", onBehalfOf("north"), amends("essex/1"), mustReply("2021-12-07"))
	const nobody = "“reply, by 15 December 2021” is asked of nobody: essex/2 asks the same in another way, in the same place, and is later than this. If this is what holds, write “amends: [essex/2]” too."
	got := previewOf(t, essexToday(first, later), correction("2021-10-20", "2021-12-15", "essex/1"))
	if !strings.Contains(got, nobody) || strings.Contains(got, "both days stand") || strings.Contains(got, "lmc view names it") {
		t.Error(got)
	}
	both := correction("2021-10-22", "2021-12-15", "essex/1", "essex/2")
	if got := previewOf(t, essexToday(first, later), both); strings.Contains(got, "of nobody") {
		t.Errorf("where it names that too: %s", got)
	}
}

// A newsletter that reminds of what a correction asks was told that this does not go with the line that stands.
func TestAReminderOfACorrectedDayGoesWithTheLine(t *testing.T) {
	first := say("essex/1", "2021-10-18", on("north", "engage", support), mustReply("2021-12-06"))
	right := say("essex/2", "2021-10-19", onBehalfOf("north"), amends("essex/1"), mustReply("2021-12-07"))
	if got := previewOf(t, essexToday(first, right), draft(on("north", "engage", info), mustReply("2021-12-07"))); got != "" {
		t.Error(got)
	}
}

// What is put off to a day behind the last one of its line is asked by nothing from then on, and no preview said so.
func TestACorrectionToADayBehindTheLastOneOfItsLineIsToldThatNothingAsksItThen(t *testing.T) {
	first := say("essex/1", "2021-10-18", on("north", "engage", support, until("2021-12-06")), mustReply("2021-12-06"))
	const silent = "“reply, by 15 December 2021” goes with the line that is valid until 6 December 2021, and from 7 December 2021 no view shows it, though it may be due later: "
	if got := previewOf(t, essexToday(first), correction("2021-10-25", "2021-12-15", "essex/1")); !strings.Contains(got, silent) {
		t.Error(got)
	}
	if got := previewOf(t, essexToday(first), correction("2021-10-25", "2021-12-03", "essex/1")); strings.Contains(got, "no view shows it") {
		t.Errorf("before its last day: %s", got)
	}
}

// A line that ends on a day ahead was told without what is asked with the line that answers then, where a correction asks that.
func TestWhatIsAskedWithTheLineThatAnswersThenIsTheCorrectedDay(t *testing.T) {
	letters := []Entry{
		say("essex/1", "2021-10-18", on("north", "engage", support), mustReply("2021-12-06")),
		say("essex/2", "2021-10-19", onBehalfOf("north"), amends("essex/1"), mustReply("2021-12-07")),
		say("essex/3", "2021-10-20", on("north", "engage", support), amends("essex/2"), mustReply("2021-12-15")),
		withdraw("essex/4", "essex/3", "2021-10-21", effective("2021-11-03")),
	}
	line := resolve(asked("north engage 2021-10-26"), letters, register())[0]
	const want = "essex/3 ends on 3 November 2021, by essex/4; from then on essex/1 answers (support, with what it asks: “reply, by 7 December 2021”)."
	if got := strings.Join(warningTexts(line.GetWarnings()), "\n"); got != want {
		t.Error(got)
	}
}

// Whoever withdrew, after a merger, a letter of before was not told of the must that ends with it, where a correction asked it.
func TestTheEndOfALetterFromBeforeAMergerNamesWhatACorrectionAskedInItsPlace(t *testing.T) {
	first := say("essex/1", "2021-10-18", on("north", "engage", support), mustReply("2021-12-06"))
	right := say("essex/2", "2021-10-19", onBehalfOf("north"), amends("essex/1"), mustReply("2021-12-07"))
	known := essexToday(first, right)
	reg := register()
	reg.merged["both"] = []string{"north", "south"}
	reg.lastDays = map[string]string{"north": "2021-10-24", "south": "2021-10-24"}
	reg.mandates = append(reg.mandates, tenure{office: "essex", committee: "both", from: "2021-10-25"})
	reg.areas["both"] = []tenure{{committee: "A", from: "2021-10-25"}, {committee: "B", from: "2021-10-25"}, {committee: "C", from: "2021-10-25"}}
	known.Register, known.Committees = reg, append(known.Committees, &v1.Committee{Id: "both"})
	_, _, ends, err := checkWithdraw(withdraw("essex/3", "essex/1", known.Today).Withdrawal, known)
	if got := strings.Join(ends, " "); err != nil || !strings.Contains(got, "It asks no more: reply, by 7 December 2021 (in its place, by essex/2).") {
		t.Errorf("%v, %s", err, got)
	}
}

// An undated letter of the office before a handover took the day from the correction of the one after it.
func TestAnUndatedCorrectionOfTheOfficeBeforeTakesNoDayFromTheOneAfter(t *testing.T) {
	known := essexToday(
		say("essex/1", "2021-10-12", on("north", "engage", support), mustReply("2021-12-06")),
		say("kent/1", "2021-10-20", onBehalfOf("north"), amends("essex/1"), mustReply("2021-12-07")))
	known.Register = handoverBook()
	undated := func(latest string) *v1.Advisory {
		a := correction("2021-10-12", "2021-12-15", "essex/1")
		a.Issued.Latest = latest
		return a
	}
	runRefusals(t, []refusal{
		{"of all the month", undated("2021-10-31"), known, []string{"amends[0]: kent/1 (20 October 2021) corrects essex/1 and stands, and essex spoke for north until 14 October 2021: give this no later day than that under issued"}},
		{"within its days", undated("2021-10-14"), known, nil},
	})
}

// A correction by one LMC's own letter, of what a joint letter asks of its practices by name, left both days standing.
func TestALetterForOneCommitteeCorrectsWhatAJointOneAsksOfItsPracticesByName(t *testing.T) {
	ofSouth := func(a *v1.Action) { a.Committees = []string{"south"} }
	joint := say("essex/1", "2021-10-18", onBehalfOf("north", "south"), on("south", "engage", support), mustReply("2021-12-06", ofSouth))
	right := say("essex/2", "2021-10-19", onBehalfOf("south"), amends("essex/1"), mustReply("2021-12-07"))
	if got := asksOn(resolve(asked("south engage 2021-10-26"), []Entry{joint, right}, register())[0]); got != "reply 2021-12-07 essex/2" {
		t.Error(got)
	}
	ofBoth := say("essex/2", "2021-10-19", onBehalfOf("north", "south"), amends("essex/1"), mustReply("2021-12-07"))
	if got := asksOn(resolve(asked("south engage 2021-10-26"), []Entry{joint, ofBoth}, register())[0]); got != "reply 2021-12-06 essex/1" {
		t.Errorf("of both: %s", got)
	}
}

// A letter on a measure that is older than the later line on the whole matter was published without a word: its line and its must
// reached nobody.
func TestALetterOnAMeasureOlderThanTheLineOnTheWholeMatterIsRefused(t *testing.T) {
	backdated := func(stance v1.Stance, parts ...any) *v1.Advisory {
		a := draft(append(parts, on("north", "engage", stance), mustReply("2021-12-06"))...)
		a.Issued = days("2021-10-20")
		return a
	}
	known := essexToday(say("essex/1", "2021-10-21", on("north", "", support)))
	runRefusals(t, []refusal{
		{"another stance", backdated(refuse), known, []string{"positions[0].stance: essex/1 (21 October 2021) says support on the whole matter, is later than this and stands: give this valid_until 2021-10-20, or publish your line of today"}},
		{"the same", backdated(support), known, nil},
		{"beside a line on it", backdated(refuse), essexToday(say("essex/1", "2021-10-21", on("north", "list", support))), nil},
	})
}

// A letter to practices and another kind of reader, that is older than the line which practices have since, was published without a
// word: its must was on no practice's page, for the others are told it.
func TestALetterOlderThanWhatOneKindOfItsReadersIsToldIsRefusedThoughAnotherIsTold(t *testing.T) {
	const lmcs = v1.Audience_AUDIENCE_LMCS
	backdated := func(parts ...any) *v1.Advisory {
		a := draft(on("north", "engage", refuse, parts...), mustReply("2021-12-06"))
		a.Issued = days("2021-10-20")
		return a
	}
	later := func(parts ...any) PublishContext { return essexToday(say("essex/1", "2021-10-21", parts...)) }
	wants := func(which, what string) []string {
		return []string{"positions[0].stance: essex/1 (21 October 2021) says support" + which + ", is later than this and stands for " + what + ", or publish your line of today"}
	}
	const ofPractices = "practices: give this valid_until 2021-10-20 for that alone, in a position of its own (to: [practices])"
	runRefusals(t, []refusal{
		{"practices and networks", backdated(practices, pcns), later(on("north", "", support)), wants(" on the whole matter", ofPractices)},
		{"practices and LMCs", backdated(practices, lmcs), later(on("north", "", support)), wants(" on the whole matter", ofPractices)},
		{"on the same measure", backdated(practices, pcns), later(on("north", "engage", support)), wants("", ofPractices)},
		{"of one LMC of two", func() *v1.Advisory {
			a := draft(on("north south", "engage", refuse, practices, pcns))
			a.Issued = days("2021-10-20")
			return a
		}(), later(on("north", "engage", support)), wants("", "practices of north: give this valid_until 2021-10-20 for that alone, in a position of its own (to: [practices], for: [north])")},
		{"partners and networks", backdated(partners, pcns), later(on("north", "engage", support)), wants("", "GP partners: give this valid_until 2021-10-20 for that alone, in a position of its own (to: [gp-partners])")},
		{"networks and LMCs", backdated(pcns, lmcs), later(on("north", "engage", support, pcns)), wants("", "primary care networks: give this valid_until 2021-10-20 for that alone, in a position of its own (to: [pcns])")},
		{"beside a later line to partners", backdated(practices, pcns), later(on("north", "engage", support, partners)), nil},
		{"beside a later line to networks, in a part", backdated(practices, pcns), later(on("north", "engage", support, pcns, in("A"))), nil},
		{"named beside practices", backdated(practices, partners), later(on("north", "engage", support, partners)), nil},
		{"to others", backdated(practices), later(on("north", "engage", support, pcns)), nil},
	})
}

// What a letter asks of all by one day, and of a group by another, was told to move for both where a correction from a day ahead on
// moves one of them.
func TestACorrectionAheadOfOneOfTwoDaysMovesThatAlone(t *testing.T) {
	ofGroup := func(a *v1.Action) { a.Scope = "g1" }
	both := say("essex/1", "2021-10-18", on("north", "engage", caution), on("north", "engage", caution, scopedTo("g1")), mustReply("2021-12-21"), mustReply("2021-12-16", ofGroup))
	for name, c := range map[string]struct {
		right func(*Entry)
		want  string
	}{
		"of the group": {mustReply("2021-12-10", ofGroup), "essex/1 asks “reply, by 16 December 2021” no more from 5 November 2021 on, but by 10 December 2021 (essex/2)."},
		"later":        {mustReply("2021-12-22", ofGroup), "essex/1 asks “reply, by 16 December 2021” no more from 5 November 2021 on, but by 22 December 2021 (essex/2)."},
		"of all":       {mustReply("2021-12-11"), "essex/1 asks “reply, by 21 December 2021” no more from 5 November 2021 on, but by 11 December 2021 (a Saturday: offices may be shut) (essex/2)."},
	} {
		right := say("essex/2", "2021-10-19", onBehalfOf("north"), amends("essex/1"), validSince("2021-11-05"), c.right)
		line := resolve(asked("north engage 2021-10-26"), []Entry{both, right}, register())[0]
		var got []string
		for _, of := range append([]*answersv1.Line{line}, line.GetGroups()...) {
			got = append(got, warningTexts(warned(answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL, of.GetWarnings()))...)
		}
		if strings.Join(slices.Compact(got), " ") != c.want { // of all, a group is told it too
			t.Errorf("%s: %s", name, strings.Join(got, "\n"))
		}
	}
}

// What a temporary letter stops is asked again beside the letter that followed it, once that is over, and its preview did not say
// so; and of the way out, to name the first letter too, it said that this changes nothing.
func TestWhatATemporaryLetterStoppedIsToldToComeBackBesideTheOneThatFollowsIt(t *testing.T) {
	send := asksFor("send", "2022-01-15", by(practices), onMeasure("engage"))
	first := say("essex/1", "2021-10-10", on("north", "engage", against), send)
	hold := say("essex/2", "2021-10-12", on("north", "engage", caution, until("2021-12-18")), amends("essex/1"), asksFor("hold", "2021-12-18", by(practices), onMeasure("engage")))
	const again = "From 19 December 2021 essex/1 asks “send, by 15 January 2022 (a Saturday: offices may be shut)” again, beside this: what stops it now is over then. If it is to end, write “replaces: [essex/1]”, or “amends: [essex/1]”, too."
	known := essexToday(first, hold)
	if got := previewOf(t, known, draft(on("north", "engage", against), amends("essex/2"))); !strings.Contains(got, again) {
		t.Errorf("for good: %s", got)
	}
	longer := previewOf(t, known, draft(on("north", "engage", against, until("2022-01-08")), amends("essex/2")))
	if !strings.Contains(longer, again) {
		t.Errorf("longer: %s", longer)
	}
	other := say("essex/3", "2021-10-14", on("north", "strike", caution, from("2021-12-22"))) // whose day is none of these
	if got := previewOf(t, essexToday(first, hold, other), draft(on("north", "engage", against), amends("essex/2"))); strings.Count(got, "asks “send") != 1 || !strings.Contains(got, again) {
		t.Errorf("once: %s", got)
	}
	for want, end := range map[string]func(*Entry){
		"ends from 19 December 2021 for north": amends("essex/1", "essex/2"),
		"essex/1 has ended before, by essex/2, and counts again from 19 December 2021 on: by this it does not, where this stands.": replaces("essex/1", "essex/2"),
	} {
		got := previewOf(t, known, draft(on("north", "engage", caution), end))
		if !strings.Contains(got, want) || strings.Contains(got, again) {
			t.Errorf("both, no %q: %s", want, got)
		}
	}
}

// A newsletter that repeated temporary advice for good took for ever, unsaid, what that had stopped until its last day: the line
// that was to answer then, and what it asks.
func TestALineForGoodOverOneThatTemporaryAdviceStopsNamesIt(t *testing.T) {
	known := essexToday(
		say("essex/1", "2021-10-10", on("north", "engage", refuse), mustReply("2021-12-28")), say("essex/2", "2021-10-12", on("north", "engage", decides, until("2021-12-18")), amends("essex/1")),
	)
	for name, a := range map[string]*v1.Advisory{"names nothing": draft(on("north", "engage", decides)), "names the temporary one": draft(on("north", "engage", decides), amends("essex/2"))} {
		const want = "essex/1 (10 October 2021) says refuse on this, and counts again from 19 December 2021 on, when what stops it now is over: write “amends: ["
		if _, _, _, err := checkPublish(a, known); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "or give it valid_until 2021-12-18") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, a := range map[string]*v1.Advisory{"until then": draft(on("north", "engage", decides, until("2021-12-18"))), "ends it": draft(on("north", "engage", decides), amends("essex/2", "essex/1"))} {
		if _, _, _, err := checkPublish(a, known); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	got := previewOf(t, known, draft(on("north", "engage", decides), amends("essex/2", "essex/1")))
	for _, want := range []string{"essex/1 “Letter essex/1” (10 October 2021) ends from 19 December 2021 for north", "From 19 December 2021 it asks no more: reply, by 28 December 2021"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}

// Whoever replaced or withdrew the letter that temporary advice stops was not told what ends of it for good; and a withdrawal
// said of a part of it, which nothing brings back, that it comes back on the day on which another does.
func TestWhatTemporaryAdviceStopsIsToldToEndWithItsLetter(t *testing.T) {
	first := say("essex/1", "2021-10-10", on("north", "engage", refuse), on("north", "strike", refuse), mustReply("2021-12-28", onMeasure("engage")))
	until := say("essex/2", "2021-10-12", on("north", "engage", decides, until("2021-12-18")), amends("essex/1"))
	known := essexToday(first, until)
	withdrawn := func(id string, known PublishContext) string {
		_, warnings, ends, err := checkWithdraw(withdraw("essex/4", id, known.Today).Withdrawal, known)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(append(ends, warningTexts(warnings)...), "\n")
	}
	gone := []string{"From 19 December 2021 north will have no line on engage, where essex/1 gives one", "from 19 December 2021"}
	for name, got := range map[string]string{
		"replaced":  previewOf(t, known, draft(on("north", "strike", refuse), replaces("essex/1"))),
		"withdrawn": withdrawn("essex/1", known),
	} {
		for _, want := range gone {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in %s", name, want, got)
			}
		}
	}
	if got := withdrawn("essex/3", essexToday(first, until, say("essex/3", "2021-10-14", on("north", "strike", decides), amends("essex/1")))); !strings.Contains(got, "essex/3 ended essex/1, which does not come back: name it under restores") {
		t.Errorf("the correction: %s", got)
	}
}

// What a line ahead amends gives way on its day all the same, where that line is called off before: a preview said that the first
// letter goes on asking.
func TestWhatALineAheadAmendsIsToldToGiveWayThoughThatLineIsCalledOff(t *testing.T) {
	first := say("essex/1", "2021-10-17", on("north", "engage", caution), mustReply("2021-12-22"))
	ahead := say("essex/2", "2021-10-18", on("north", "engage", refuse, from("2021-12-10")), amends("essex/1"))
	const still = "essex/1 still gives way in part on 10 December 2021, by essex/2, though this takes the place of that: if it is to stand on, withdraw essex/2 (lmc withdraw essex/2 --restores essex/1) and publish this without naming essex/2."
	for name, end := range map[string]func(*Entry){"amends": amends("essex/2"), "replaces": replaces("essex/2")} {
		if got := previewOf(t, essexToday(first, ahead), draft(on("north", "engage", caution), end)); !strings.Contains(got, still) {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := previewOf(t, essexToday(first, ahead), draft(on("north", "engage", caution), amends("essex/1", "essex/2"))); strings.Contains(got, "still gives way") {
		t.Errorf("both: %s", got)
	}
}

// A first day that is moved later by an amendment leaves the line of before from its old day on until then, and a preview named it for
// a replacement alone; of one by a position it named days on which it never holds.
func TestALineAheadThatIsPutOffIsToldToHoldUntilThen(t *testing.T) {
	paid := say("essex/1", "2021-10-17", on("north", "engage", support))
	stop := say("essex/2", "2021-10-18", on("north", "engage", refuse, from("2021-12-10")), amends("essex/1"))
	later := draft(on("north", "engage", refuse, from("2022-01-08")), amends("essex/2"))
	const holds = "essex/2 holds from 10 December 2021 until this does, on 8 January 2022: withdraw it (lmc withdraw essex/2 --effective 2021-12-10 --restores essex/1) and publish this naming essex/1 in its place, if it is not to hold at all."
	if got := previewOf(t, essexToday(paid, stop), later); !strings.Contains(got, holds) {
		t.Error(got)
	}
	if got := previewOf(t, essexToday(paid, stop), draft(on("north", "engage", refuse, from("2022-01-08")), replaces("essex/2"))); strings.Contains(got, "holds from 10 December 2021 until this does") {
		t.Errorf("ended at once: %s", got)
	}
}

// A temporary line that is made shorter by a replacement leaves days without any line before the first one answers again, and its
// preview was silent.
func TestATemporaryLineMadeShorterIsToldWhenTheFirstAnswersAgain(t *testing.T) {
	first := say("essex/1", "2021-10-10", on("north", "engage", support), mustReply("2022-01-14"))
	pause := say("essex/2", "2021-10-12", on("north", "engage", against, until("2021-12-24")), amends("essex/1"))
	got := previewOf(t, essexToday(first, pause), draft(on("north", "engage", against, until("2021-12-11")), replaces("essex/2")))
	const want = "This is valid until 11 December 2021. From 12 December 2021 nothing answers there. From 25 December 2021 the line of essex/1 (support) answers on engage, with what it asks: “reply, by 14 January 2022”."
	if !strings.Contains(got, want) {
		t.Error(got)
	}
}

// Where an older line answers between a temporary line and the one that this had stopped, the preview told the first alone: a must came
// back on the day behind it.
func TestWhatAnswersAfterTheLineBetweenIsTold(t *testing.T) {
	whole := say("essex/0", "2021-10-09", on("north", "", caution))
	first := say("essex/1", "2021-10-10", on("north", "engage", refuse), mustReply("2022-01-14"))
	pause := say("essex/2", "2021-10-12", on("north", "engage", support, until("2021-12-24")), amends("essex/1"))
	got := previewOf(t, essexToday(whole, first, pause), draft(on("north", "engage", support, until("2021-12-11")), replaces("essex/2")))
	for _, want := range []string{
		"This is valid until 11 December 2021. From 12 December 2021 the line of essex/0 (caution) answers on engage.",
		"This is valid until 11 December 2021. From 25 December 2021 the line of essex/1 (refuse) answers on engage, with what it asks: “reply, by 14 January 2022”.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}

// What goes with two lines of a letter was said to be in no view once one of them is over.
func TestWhatGoesWithTwoLinesIsNotSaidToEndWithOne(t *testing.T) {
	note := asksFor("keep a note", "2021-12-23", by(practices))
	if got := previewOf(t, essexToday(), draft(on("north", "engage", refuse, until("2021-12-18")), on("north", "list", refuse), note)); strings.Contains(got, "no view shows it") {
		t.Error(got)
	}
	if got := previewOf(t, essexToday(), draft(on("north", "engage", refuse, until("2021-12-18")), on("north", "list", refuse, until("2021-12-20")), note)); !strings.Contains(got, "no view shows it") {
		t.Errorf("both over: %s", got)
	}
}

// Whoever followed the hint to name both letters was told that the first goes on asking beside the third what it asks of others alone.
func TestWhatALetterGoesOnAskingOfOthersAloneIsNoNearMiss(t *testing.T) {
	first := say("essex/1", "2021-10-18", on("north", "engage", refuse, practices, pcns), asksFor("reply", "2021-12-08", by(practices, pcns), onMeasure("engage")))
	second := say("essex/2", "2021-10-19", on("north", "engage", caution), amends("essex/1"), asksFor("read", "2021-12-10", by(practices), onMeasure("engage")))
	third := draft(on("north", "engage", decides), amends("essex/1", "essex/2"), asksFor("tell", "2021-12-17", by(practices), onMeasure("engage")))
	if got := previewOf(t, essexToday(first, second), third); strings.Contains(got, "goes on asking “reply") {
		t.Error(got)
	}
}

// A letter was said to stand again of which nothing does: a third one, which the withdrawn one had amended too, had ended it before.
func TestALetterThatAThirdOneEndedIsNotSaidToStandAgain(t *testing.T) {
	first := say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("reply", "2021-12-08", by(practices), onMeasure("engage")))
	second := say("essex/2", "2021-10-19", on("north", "engage", caution, partners), amends("essex/1"))
	third := say("essex/3", "2021-10-20", on("north", "engage", support, partners), amends("essex/1", "essex/2"))
	known := essexToday(first, second, third)
	for restored, want := range map[string]string{"essex/1": "essex/1 has ended before, by essex/2: this changes nothing of it.", "essex/2": ""} {
		w := withdraw("essex/4", "essex/3", known.Today).Withdrawal
		w.Restores = []string{restored}
		_, warns, ends, err := checkWithdraw(w, known)
		got := strings.Join(append(ends, warningTexts(warns)...), "\n")
		if err != nil || want != "" && (!strings.Contains(got, want) || strings.Contains(got, restored+" “Letter "+restored+"” (18 October 2021) stands again")) || want == "" && !strings.Contains(got, "stands again") {
			t.Errorf("%s: %v, %s", restored, err, got)
		}
	}
}
