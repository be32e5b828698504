package guidance

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// previewOf is all that an office is shown before it publishes a letter: what that ends, and warnings.
func previewOf(t *testing.T, known PublishContext, a *v1.Advisory) string {
	t.Helper()
	_, warnings, ends, err := checkPublish(a, known)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(append(ends, warningTexts(warnings)...), "\n")
}

// Who amended a joint letter for one committee was told neither that it stands for the other, nor where
// an amendment for an area, a group or partners ends what was asked there.
func TestAnAmendmentSaysForWhomItEndsWhat(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse), asksFor("send", "2021-12-04"))
	form := asksFor("send", "2021-12-04", by(practices))
	all := say("essex/1", "2021-10-01", on("north", "engage", refuse), form)
	two := say("essex/1", "2021-10-01", on("north", "engage", refuse, scopedTo("a")), on("north", "engage", refuse, scopedTo("b")), form)
	for name, c := range map[string]struct {
		standing Entry
		letter   *v1.Advisory
		want     string
	}{
		"of two committees": {
			joint, draft(on("north", "engage", against), amends("essex/1")),
			"ends for north: nothing of it is left there, for this advisory takes a position on all that it speaks on. For north it asks no more: send, by 4 December 2021 (a Saturday: offices may be shut). It still stands for south.",
		},
		"in an area":            {all, draft(on("north", "engage", support, in("A")), amends("essex/1")), "It asks no more: send, by 4 December 2021 (a Saturday: offices may be shut), in area:A."},
		"of partners":           {all, draft(on("north", "engage", support, partners), amends("essex/1")), "It asks no more: send, by 4 December 2021 (a Saturday: offices may be shut), of GP partners."},
		"of one of two groups":  {two, draft(on("north", "engage", support, scopedTo("a")), amends("essex/1")), "It asks no more: send, by 4 December 2021 (a Saturday: offices may be shut), for a."},
		"and asked again there": {all, draft(on("north", "engage", support, in("A")), amends("essex/1"), form), ""},
		"on another measure":    {all, draft(on("north", "list", support, in("A")), amends("essex/1")), ""},
		"in an area, alike":     {all, draft(on("north", "engage", against, in("A")), amends("essex/1")), "in area:A"},
	} {
		got := previewOf(t, essexToday(c.standing), c.letter)
		if c.want == "" && strings.Contains(got, "asks no more") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Who withdrew a line of one area was told that its committee would have no line at all.
func TestWithdrawingALineOfAnAreaSaysWhere(t *testing.T) {
	_, warnings, _, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", Visibility: public, Reason: "an error"}, essexToday(say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")))))
	if got := strings.Join(warningTexts(warnings), "\n"); err != nil || !strings.Contains(got, "north will have no line on engage in area:A, where essex/1 gives one") {
		t.Errorf("%v %s", err, got)
	}
}

// Who extended a letter after its last day was told that it stands as it is.
func TestExtendingALetterAfterItsLastDaySaysThatItHasEnded(t *testing.T) {
	over := say("essex/1", "2021-10-01", on("north", "engage", refuse, until("2021-10-20")), asksFor("send", "2021-12-06", by(practices)), asksFor("ring", "2021-10-15"))
	extended := draft(on("north", "engage", refuse, until("2021-12-31")), amends("essex/1"))
	if got := previewOf(t, essexToday(over), extended); !strings.Contains(got, "essex/1 has ended before, by its own last day: this changes nothing of it, and what it asked is asked no more (send, by 6 December 2021): ask that again") || strings.Contains(got, "stands as it is") {
		t.Error(got)
	}
	again := draft(on("north", "engage", refuse, until("2021-12-31")), amends("essex/1"), asksFor("send", "2021-12-06"))
	if got := previewOf(t, essexToday(over), again); !strings.Contains(got, "by its own last day: this changes nothing of it.") {
		t.Error(got)
	}
}

// A successor's amendment left its predecessor's letter standing, by what was said of it.
func TestASuccessorsAmendmentEndsThePredecessorsLetter(t *testing.T) {
	old := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", ""))
	book := unionBook()
	book.mandates = append(register().mandates, tenure{office: "essex", committee: "union", from: "2021-10-10"})
	known := atTheUnion(old)
	known.Register = book
	letter := draft(on("union", "engage", support), amends("essex/1"))
	if got := previewOf(t, known, letter); !strings.Contains(got, "ends for north: nothing of it is left there") || !strings.Contains(got, "It asks no more: send.") {
		t.Error(got)
	}
	end := endOf(old, []Entry{old, say("essex/2", "2021-11-01", on("union", "engage", support), amends("essex/1"))}, book, "2021-11-01")
	if want := "It no longer counts: amended by essex/2 from 1 November 2021."; end.Words != want {
		t.Errorf("%q, want %q", end.Words, want)
	}
}

// A letter's line on a measure ended before what it asks was due, and nobody was told that the letter's
// own other line answers from then on; of a letter that asks nothing it was said that what it asks returns.
func TestWhatComesBackAfterALastDayIsTheLettersOwnToo(t *testing.T) {
	known := essexToday()
	own := draft(on("north", "", refuse), on("north", "engage", support, until("2021-12-10")), asksFor("claim", "2021-12-20", func(a *v1.Action) { a.Measure = "engage" }), asksFor("count", "2021-12-08", func(a *v1.Action) { a.Measure = "engage" }))
	got := previewOf(t, known, own)
	for _, want := range []string{
		"From 11 December 2021 another line of this letter (refuse) answers on engage.",
		"“claim, by 20 December 2021” goes with the line that is valid until 10 December 2021, and from 11 December 2021 no view shows it, though it may be due later",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("without %q: %s", want, got)
		}
	}
	if strings.Contains(got, "“count") {
		t.Error(got)
	}
	// Of two committees with lines of their own, only that of one ends: the preview said that no view at all shows it.
	joint := draft(on("north", "engage", against, until("2021-12-10")), on("south", "engage", against), asksFor("claim", "2021-12-20", func(a *v1.Action) { a.Measure = "engage" }))
	if got := previewOf(t, known, joint); !strings.Contains(got, "from 11 December 2021 no view of north shows it, though it may be due later") {
		t.Error(got)
	}
	// What is asked on the whole matter goes on with the line on that.
	whole := draft(on("north", "", against), on("north", "strike", support, until("2021-12-10")), asksFor("record", "2021-12-20"))
	if got := previewOf(t, known, whole); strings.Contains(got, "no view shows it") {
		t.Error(got)
	}
	whole.Positions[0].ValidUntil = "2021-12-15"
	if got := previewOf(t, known, whole); !strings.Contains(got, "“record, by 20 December 2021” goes with the line that is valid until 15 December 2021, and from 16 December") {
		t.Error(got)
	}
	asks := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", "2021-12-20"), asksFor("ring", "2021-12-01"))
	for name, c := range map[string]struct {
		old  Entry
		want string
	}{
		"that asks":              {asks, "the line of essex/1 (refuse) answers on engage, with what it asks: “send, by 20 December 2021”."},
		"that asks nothing then": {say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("ring", "2021-12-01")), "the line of essex/1 (refuse) answers on engage."},
	} {
		letter := draft(on("north", "engage", decides, until("2021-12-10")), amends("essex/1"))
		_, warnings, _, _ := checkPublish(letter, essexToday(c.old))
		if got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_COMES_BACK, warnings)); len(got) != 1 || !strings.Contains(got[0], c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// What goes on being asked in an area, or of partners, beside a new line to all was not said.
func TestWhatGoesOnBeingAskedInPartIsSaid(t *testing.T) {
	for name, old := range map[string]Entry{
		"in an area":  say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")), asksFor("send", "2021-12-06")),
		"of partners": say("essex/1", "2021-10-01", on("north", "engage", refuse, partners), asksFor("send", "2021-12-06")),
		"asked there": say("essex/1", "2021-10-01", on("north", "list", caution), on("north", "engage", refuse, in("A")), asksFor("send", "2021-12-06", placedIn("A"))),
	} {
		got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_GOES_ON_ASKING, warnedOf(draft(on("north", "engage", refuse)), old)))
		if len(got) != 1 || !strings.Contains(got[0], "essex/1 goes on asking “send, by 6 December 2021” beside this") {
			t.Errorf("%s: %v, and all %v", name, got, warningTexts(warnedOf(draft(on("north", "engage", refuse)), old)))
		}
	}
}

// What was asked of commissioners was said to be asked no more of an LMC's practices.
func TestAPreviewSaysOfWhomItAsksNoMoreWhatPracticesWereNeverAsked(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse), on("north south", "engage", refuse, commissioners), asksFor("send", ""), asksFor("publish", "", by(commissioners)))
	letter := draft(on("north", "engage", against), on("north", "engage", against, commissioners), replaces("essex/1"))
	letter.OnBehalfOf = []string{"north"}
	got := previewOf(t, essexToday(joint), letter)
	if want := "For north it asks no more: send; publish (asked of commissioners). It still stands for south."; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
