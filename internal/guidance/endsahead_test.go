package guidance

import (
	"slices"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A letter that ends before it would hold was called current.
func TestALetterThatEndsBeforeItWouldHoldIsNotCurrent(t *testing.T) {
	ahead := say("essex/1", "2021-10-20", on("north", "engage", refuse, from("2021-12-05")))
	for name, c := range map[string]struct {
		ends Entry
		want string
	}{
		"replaced before":  {say("essex/2", "2021-10-21", on("north", "engage", support), replaces("essex/1"), validSince("2021-12-01")), "It ends before it would hold, from 5 December 2021 on: replaced by essex/2 from 1 December 2021."},
		"withdrawn before": {withdraw("essex/2", "essex/1", "2021-10-21", effective("2021-12-05")), "It ends before it would hold, from 5 December 2021 on: withdrawn by essex/2 from 5 December 2021."},
		"replaced after":   {say("essex/2", "2021-10-21", on("north", "engage", support), replaces("essex/1"), validSince("2021-12-10")), "It still stands, and holds from 5 December 2021 on. On 10 December 2021 it ends, by essex/2."},
		"ended already":    {withdraw("essex/2", "essex/1", "2021-10-21"), "It no longer counts: withdrawn by essex/2 from 21 October 2021."},
	} {
		end := endOf(ahead, []Entry{ahead, c.ends}, register(), "2021-10-26")
		if end.Words != c.want || end.Current != (name == "replaced after") {
			t.Errorf("%s: current %v, %q, want %q", name, end.Current, end.Words, c.want)
		}
	}
}

// Whoever replaces a joint letter that has ended for their committee was told of another's ending.
func TestWhatHasEndedBeforeNamesTheCommitteesOwnEnding(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse))
	norths, souths := say("essex/2", "2021-10-05", on("north", "engage", caution), replaces("essex/1")), say("essex/3", "2021-10-06", on("south", "engage", caution), replaces("essex/1"))
	for name, c := range map[string]struct {
		letter   *v1.Advisory
		standing []Entry
		want     string
	}{
		"replaced, ended for both":       {draft(on("north", "engage", against), replaces("essex/1", "essex/2")), []Entry{joint, norths, souths}, "essex/1 has ended before, by essex/2: this changes nothing of it."},
		"replaced, going on for another": {draft(on("north", "engage", against), replaces("essex/1", "essex/2")), []Entry{joint, norths}, "essex/1 has ended before, by essex/2: this changes nothing of it."},
		"replaced, ended for the other":  {draft(on("north", "engage", against), replaces("essex/1")), []Entry{joint, souths}, ""},
		"amended, ended for both":        {draft(on("north", "engage", against), amends("essex/1", "essex/2")), []Entry{joint, norths, souths}, "essex/1 has ended before, by essex/2: this changes nothing of it."},
	} {
		c.letter.OnBehalfOf = []string{"north"}
		_, warnings, _, err := checkPublish(c.letter, essexToday(c.standing...))
		got := warned(answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE, warnings)
		if err != nil || c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].GetWords() != c.want) {
			t.Errorf("%s: %v, %v, want %q", name, err, got, c.want)
		}
	}
}

// A letter whose lines only wait was said to stand, and not that it is not in force.
func TestALetterThatWaitsSaysThatItIsNotInForce(t *testing.T) {
	waits := on("north", "engage", support, startsWhenever("the ICB has signed."))
	for name, c := range map[string]struct {
		letter Entry
		later  []Entry
		want   string
	}{
		"all of it":        {say("essex/1", "2021-10-20", waits), nil, "It still stands. It is not in force until a later letter says that this has come: the ICB has signed."},
		"a part":           {say("essex/1", "2021-10-20", waits, on("north", "list", refuse)), nil, "It still stands. A part of it is not in force until a later letter says that this has come: the ICB has signed."},
		"what is left":     {say("essex/1", "2021-10-20", waits, on("north", "list", refuse)), []Entry{say("essex/2", "2021-10-21", on("north", "list", support), amends("essex/1"))}, "It still stands in part. Of the rest: amended by essex/2 from 21 October 2021. It is not in force until a later letter says that this has come: the ICB has signed."},
		"it has come":      {say("essex/1", "2021-10-20", waits, on("north", "list", refuse)), []Entry{say("essex/2", "2021-10-21", on("north", "engage", support), amends("essex/1"))}, "It still stands in part. Of the rest: amended by essex/2 from 21 October 2021."},
		"ended as a whole": {say("essex/1", "2021-10-20", waits), []Entry{withdraw("essex/2", "essex/1", "2021-10-21")}, "It no longer counts: withdrawn by essex/2 from 21 October 2021."},
	} {
		if end := endOf(c.letter, append(c.later, c.letter), register(), "2021-10-26"); end.Words != c.want {
			t.Errorf("%s: %q, want %q", name, end.Words, c.want)
		}
	}
}

// A letter was said to end by another after it had ended by itself; that a part of it ends ahead, or that it counts
// again when an amendment is over, was not told.
func TestWhatIsAheadOfALetterIsToldFromItsDay(t *testing.T) {
	both := say("essex/1", "2021-10-20", on("north", "engage", refuse), on("north", "list", refuse))
	for name, c := range map[string]struct {
		letter, later Entry
		want          string
	}{
		"over by itself before it is replaced": {
			say("essex/1", "2021-10-20", on("north", "engage", refuse, until("2021-12-05"))),
			say("essex/2", "2021-10-21", on("north", "engage", support), replaces("essex/1"), validSince("2021-12-10")), "It still stands, until 5 December 2021.",
		},
		"over by itself before it is withdrawn": {
			say("essex/1", "2021-10-20", on("north", "engage", refuse, until("2021-12-05"))),
			withdraw("essex/2", "essex/1", "2021-10-21", effective("2021-12-07")), "It still stands, until 5 December 2021.",
		},
		"a part, after another of the same letter": {
			both, say("essex/2", "2021-10-21", on("north", "engage", support), on("north", "list", support, from("2021-12-10")), amends("essex/1")),
			"It still stands in part. Of the rest: amended by essex/2 from 21 October 2021. On 10 December 2021 it ends, by essex/2.",
		},
		"a part, and what another line says besides": {
			both, say("essex/2", "2021-10-21", on("north", "strike", support), on("north", "list", support, from("2021-12-10")), amends("essex/1")),
			"It still stands. On 10 December 2021 it gives way in part, by essex/2.",
		},
		"counts again": {
			say("essex/1", "2021-10-20", on("north", "engage", refuse)),
			say("essex/2", "2021-10-21", on("north", "engage", support, until("2021-10-29")), amends("essex/1")),
			"It no longer counts: amended by essex/2 from 21 October 2021. On 30 October 2021 what essex/2 amended of it counts again, unless another letter ends it.",
		},
		"counts again in part": {
			both, say("essex/2", "2021-10-21", on("north", "engage", support, until("2021-10-29")), amends("essex/1")),
			"It still stands in part. Of the rest: amended by essex/2 from 21 October 2021. On 30 October 2021 what essex/2 amended of it counts again, unless another letter ends it.",
		},
	} {
		if end := endOf(c.letter, []Entry{c.letter, c.later}, register(), "2021-10-26"); end.Words != c.want {
			t.Errorf("%s: %q, want %q", name, end.Words, c.want)
		}
	}
}

// A line with a last day of its own was said to count again once the amendment that gave it a later one is over, and a letter to
// give way ahead to a line that had ended, with it, before that day.
func TestWhatIsOverBeforeADayAheadNeitherCountsAgainNorGivesWayOnIt(t *testing.T) {
	dated := say("essex/1", "2021-10-18", on("north", "engage", caution, until("2021-12-18")), on("north", "list", refuse))
	longer := say("essex/2", "2021-10-20", on("north", "engage", caution, until("2022-01-31")), amends("essex/1"))
	const inPart = "It still stands in part. Of the rest: amended by essex/2 from 20 October 2021."
	if end := endOf(dated, []Entry{dated, longer}, register(), "2021-10-26"); end.Words != inPart {
		t.Errorf("with a last day: %q", end.Words)
	}
	both := say("essex/1", "2021-10-18", on("north", "engage", refuse), on("north", "list", refuse))
	ahead := say("essex/2", "2021-10-19", on("north", "list", decides, from("2021-12-04")), amends("essex/1"))
	now := say("essex/3", "2021-10-20", on("north", "list", caution), amends("essex/1", "essex/2"))
	if end := endOf(both, []Entry{both, ahead, now}, register(), "2021-10-26"); end.Words != "It still stands in part. Of the rest: amended by essex/3 from 20 October 2021." {
		t.Errorf("with a line that never holds: %q", end.Words)
	}
	if got := previewOf(t, essexToday(both, ahead), draft(on("north", "list", caution), amends("essex/1", "essex/2"))); strings.Contains(got, "gives way in part") {
		t.Errorf("before it is published: %s", got)
	}
}

// The page of a line that ends by itself before another ends it told that other.
func TestALineThatIsOverByItselfIsNotSaidToBeEndedLater(t *testing.T) {
	letter := say("essex/1", "2021-10-20", on("north", "engage", refuse, until("2021-12-05")))
	for from, want := range map[string]int{"2021-12-05": 1, "2021-12-06": 1, "2021-12-07": 0, "2021-12-10": 0} {
		later := say("essex/2", "2021-10-21", on("north", "engage", support), replaces("essex/1"), validSince(from))
		line := resolve(asked("north engage 2021-10-26"), []Entry{letter, later}, register())[0]
		if got := warned(answersv1.WarningCode_WARNING_CODE_ENDS_LATER, line.GetWarnings()); len(got) != want {
			t.Errorf("replaced from %s: %v", from, got)
		}
	}
}

// The page of a letter that a withdrawal brings back from a day ahead on said that it no longer counts, and nothing of that day.
func TestALetterThatAWithdrawalAheadBringsBackSaysFromWhen(t *testing.T) {
	letter := say("essex/1", "2021-10-20", on("north south", "engage", refuse), on("north south", "list", refuse))
	replacement := say("essex/2", "2021-10-21", on("north south", "engage", support), replaces("essex/1"))
	for name, c := range map[string]struct {
		later Entry
		back  Entry
		want  string
	}{
		"replaced": {
			replacement, withdraw("essex/3", "essex/2", "2021-10-22", effective("2021-11-05"), restores("essex/1")),
			"It no longer counts: replaced by essex/2 from 21 October 2021. On 5 November 2021 it counts again, by essex/3, unless another letter ends it.",
		},
		"replaced, for one": {
			replacement, withdraw("essex/3", "essex/2", "2021-10-22", effective("2021-11-05"), restores("essex/1"), speakingFor("north")),
			"It no longer counts: replaced by essex/2 from 21 October 2021. On 5 November 2021 it counts again for north, by essex/3, unless another letter ends it.",
		},
		"amended": {
			say("essex/2", "2021-10-21", on("north south", "engage", support), on("north south", "list", support, until("2021-12-01")), amends("essex/1")),
			withdraw("essex/3", "essex/2", "2021-10-22", effective("2021-11-05"), restores("essex/1")),
			"It no longer counts: amended by essex/2 from 21 October 2021. On 5 November 2021 what essex/2 amended of it counts again, by essex/3, unless another letter ends it.",
		},
		"amended in part": {
			say("essex/2", "2021-10-21", on("north south", "engage", support), amends("essex/1")), withdraw("essex/3", "essex/2", "2021-10-22", effective("2021-11-05"), restores("essex/1")),
			"It still stands in part. Of the rest: amended by essex/2 from 21 October 2021. On 5 November 2021 what essex/2 amended of it counts again, by essex/3, unless another letter ends it.",
		},
		"not brought back": {
			replacement, withdraw("essex/3", "essex/2", "2021-10-22", effective("2021-11-05")), "It no longer counts: replaced by essex/2 from 21 October 2021.",
		},
	} {
		if end := endOf(letter, []Entry{letter, c.later, c.back}, register(), "2021-10-26"); end.Words != c.want {
			t.Errorf("%s: %q, want %q", name, end.Words, c.want)
		}
		if end := endOf(letter, []Entry{letter, c.later, c.back}, register(), "2021-11-05"); strings.Contains(end.Words, "counts again") {
			t.Errorf("%s, from that day on: %q", name, end.Words)
		}
	}
}

// A withdrawal of a letter that counts again in three days was refused without that day.
func TestAWithdrawalOfWhatCountsAgainIsToldFromWhen(t *testing.T) {
	entries := []Entry{say("essex/1", "2021-10-20", on("north", "engage", refuse)), say("essex/2", "2021-10-21", on("north", "engage", support, until("2021-11-05")), amends("essex/1"))}
	known := essexToday(entries...)
	w := withdraw("essex/3", "essex/1", known.Today).Withdrawal
	_, _, _, err := checkWithdraw(w, known)
	if want := "it counts again from 6 November 2021 on: withdraw it from that day on"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %q", err, want)
	}
	w.Effective = "2021-11-06"
	if _, _, _, err := checkWithdraw(w, known); err != nil {
		t.Errorf("from that day on: %v", err)
	}
}

// What an amendment was over for was said to count again from its day, over which another letter's line stood by
// then, and went on to.
func TestWhatCountsAgainUnderALaterLineSaysThatThisStandsOverIt(t *testing.T) {
	letter := say("essex/1", "2021-10-20", on("north", "engage", support))
	amendment := say("essex/2", "2021-10-21", on("north", "engage", refuse, until("2021-10-29")), amends("essex/1"))
	const again = "On 30 October 2021 what essex/2 amended of it counts again"
	for name, c := range map[string]struct {
		later Entry
		want  string
	}{
		"a later line":             {say("essex/3", "2021-10-22", on("north", "engage", against)), again + ", but a later line stands over it: essex/3."},
		"one that is over by then": {say("essex/3", "2021-10-22", on("north", "engage", against, until("2021-10-28"))), again + ", unless another letter ends it."},
		"one in part of the area":  {say("essex/3", "2021-10-22", on("north", "engage", against, in("A"))), again + ", unless another letter ends it."},
		"one that holds from that day": {
			say("essex/3", "2021-10-22", on("north", "engage", against, from("2021-10-30"))), again + ", but a later line stands over it: essex/3.",
		},
	} {
		if end := endOf(letter, []Entry{letter, amendment, c.later}, register(), "2021-10-26"); !strings.Contains(end.Words, c.want) {
			t.Errorf("%s: %q, want %q", name, end.Words, c.want)
		}
	}
}

// Whoever verified a letter of an LMC that was merged since was not told of the end that the new LMC's letter puts to it on a
// day ahead, nor that this corrects it.
func TestWhatIsAheadOfALetterOfOneThatMergedIsTold(t *testing.T) {
	souths := say("essex/1", "2021-10-01", on("south", "engage", refuse))
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse))
	correction := say("kent/1", "2021-10-20", amends("essex/1"), func(e *Entry) { e.Advisory.OnBehalfOf = []string{"union"} })
	for name, c := range map[string]struct {
		letter, later Entry
		want          string
	}{
		"amended":             {souths, say("kent/1", "2021-10-20", on("union", "engage", support, from("2021-12-10")), amends("essex/1")), "It still stands. On 10 December 2021 it ends, by kent/1."},
		"amended in its area": {souths, say("kent/1", "2021-10-20", on("union", "engage", support, in("C"), from("2021-12-10")), amends("essex/1")), "It still stands. On 10 December 2021 it ends, by kent/1."},
		"amended for one":     {joint, say("kent/1", "2021-10-20", on("union", "engage", support, in("C"), from("2021-12-10")), amends("essex/1")), "It still stands. On 10 December 2021 it ends for south, by kent/1."},
		"replaced":            {joint, say("kent/1", "2021-10-20", on("union", "engage", support), replaces("essex/1"), validSince("2021-12-10")), "It still stands. On 10 December 2021 it ends, by kent/1."},
		"corrected":           {souths, correction, "It still stands. kent/1 (20 October 2021) corrects it and takes no position: read that too."},
	} {
		if end := endOf(c.letter, []Entry{c.letter, c.later}, unionBook(), "2021-10-26"); end.Words != c.want {
			t.Errorf("%s: %q, want %q", name, end.Words, c.want)
		}
	}
}

// What an amendment ends from a later day, nothing beside the line and what it asks said to end, as it did of a
// replacement.
func TestALineThatAnAmendmentEndsOnADayAheadSaysSo(t *testing.T) {
	const ends = "essex/1 gives way here on 7 December 2021, to essex/2."
	joint := say("essex/1", "2021-10-20", on("north", "engage", refuse, practices, pcns), on("north", "list", refuse), asksFor("send", "2021-12-10"))
	for name, c := range map[string]struct {
		later []Entry
		q     Question
		want  string
	}{
		"by a letter that is valid from then": {[]Entry{say("essex/2", "2021-10-21", on("north", "engage", support), amends("essex/1"), validSince("2021-12-07"))}, asked("north engage 2021-10-26"), ends},
		"by a line that holds from then":      {[]Entry{say("essex/2", "2021-10-21", on("north", "engage", support, from("2021-12-07")), amends("essex/1"))}, asked("north engage 2021-10-26"), ends},
		"for a group that is told the general line": {
			[]Entry{say("essex/2", "2021-10-21", on("north", "engage", support, from("2021-12-07")), amends("essex/1"))}, asked("north engage 2021-10-26", forGroup("started")), ends,
		},
		"for others":          {[]Entry{say("essex/2", "2021-10-21", on("north", "engage", support, from("2021-12-07")), amends("essex/1"))}, asked("north engage 2021-10-26", pcns), ""},
		"on another measure":  {[]Entry{say("essex/2", "2021-10-21", on("north", "list", support, from("2021-12-07")), amends("essex/1"))}, asked("north engage 2021-10-26"), ""},
		"in part of the area": {[]Entry{say("essex/2", "2021-10-21", on("north", "engage", support, in("A"), from("2021-12-07")), amends("essex/1"))}, asked("north engage 2021-10-26"), ""},
		"in that part": {
			[]Entry{say("essex/2", "2021-10-21", on("north", "engage", support, in("A"), from("2021-12-07")), amends("essex/1"))},
			asked("north engage 2021-10-26", code("A")), ends,
		},
		"withdrawn before": {
			[]Entry{say("essex/2", "2021-10-21", on("north", "engage", support, from("2021-12-07")), amends("essex/1")), withdraw("essex/3", "essex/1", "2021-10-22", effective("2021-12-01"))},
			asked("north engage 2021-10-26"), "essex/1 ends on 1 December 2021, by essex/3.",
		},
	} {
		line := resolve(c.q, append(c.later, joint), register())[0]
		got := ""
		for _, w := range warned(answersv1.WarningCode_WARNING_CODE_ENDS_LATER, line.GetWarnings()) {
			got += w.GetWords()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		day := EndsBeforeDue(line, "essex/1", "", joint.Advisory.GetActions()[0])
		if (day != "") != (c.want != "") {
			t.Errorf("%s: what is due on 10 December ends on %q", name, day)
		}
	}
}

// A letter ahead that is replaced before it holds still ends what it replaces, and whoever replaced it was told that
// the rest of that stands; the hint to withdraw it left what it replaces without a line.
func TestWhatALetterAheadEndsIsToldWhereThatIsItselfReplaced(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", support))
	ahead := say("essex/2", "2021-10-20", on("north", "engage", caution), validSince("2021-12-12"), replaces("essex/1"))
	for name, c := range map[string]struct {
		letter *v1.Advisory
		want   string
		not    string
	}{
		"today, and what it replaces amended": {
			draft(on("north", "engage", support), replaces("essex/2"), amends("essex/1")),
			"essex/1 still ends on 12 December 2021, by essex/2, though this takes the place of that: if it is to stand on, withdraw essex/2 (lmc withdraw essex/2 --restores essex/1) and publish this without naming essex/2.", "",
		},
		"today, with what it replaces": {draft(on("north", "engage", support), replaces("essex/1", "essex/2")), "", "still ends"},
		"put off": {
			draft(on("north", "engage", caution), validSince("2021-12-20"), replaces("essex/2")),
			"withdraw it (lmc withdraw essex/2 --effective 2021-12-12 --restores essex/1) and publish this naming essex/1 in its place, if it is not to hold at all.", "",
		},
	} {
		got := previewOf(t, essexToday(base, ahead), c.letter)
		if name == "today, and what it replaces amended" && !strings.Contains(got, "the rest of it stands. On 12 December 2021 it ends, by essex/2.") {
			t.Errorf("%s: %s", name, got)
		}
		if !strings.Contains(got, c.want) || c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Of a letter that ends on the day from which on another was to replace it, but stands until then, the preview said today that it
// had ended before.
func TestALetterThatWillHaveEndedIsNotSaidToHaveEnded(t *testing.T) {
	letter := say("essex/1", "2021-10-20", on("north", "engage", refuse))
	ends := say("essex/2", "2021-10-21", on("north", "engage", support), replaces("essex/1"), validSince("2021-12-10"))
	draft := draft(on("north", "list", refuse), replaces("essex/1"), validSince("2021-12-10"))
	texts := warningTexts(warnedOf(draft, letter, ends))
	if want := "essex/1 will have ended by 10 December 2021, by essex/2: this changes nothing of it."; !slices.Contains(texts, want) {
		t.Errorf("%q, want %q", texts, want)
	}
}

// What a withdrawal of a later day restores was told to no reader until that day: neither the line, nor what it asks by a day soon after.
func TestWhatAWithdrawalAheadRestoresIsToldWithTheEndOfTheOther(t *testing.T) {
	first := say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("send", "2021-11-12", onMeasure("engage")))
	second := say("essex/2", "2021-10-19", on("north", "engage", against), replaces("essex/1"))
	for want, w := range map[string]Entry{
		"essex/2 ends on 8 November 2021, by essex/3; from then on essex/1 answers (refuse, with what it asks: “send, by 12 November 2021”).": withdraw("essex/3", "essex/2", "2021-11-08", restores("essex/1")),
		"essex/2 ends on 8 November 2021, by essex/3.": withdraw("essex/3", "essex/2", "2021-11-08"),
	} {
		w.Withdrawal.Issued = days("2021-10-20")
		line := resolve(asked("north engage 2021-10-25"), []Entry{first, second, w}, register())[0]
		if got := strings.Join(warningTexts(warned(answersv1.WarningCode_WARNING_CODE_ENDS_LATER, line.GetWarnings())), " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A letter that is entered late, under a day before that of one whose line begins on a day ahead, gives way to that then, with what it
// asks by a later day, and its preview did not say a word of it.
func TestALateLetterSaysUntilWhenItHolds(t *testing.T) {
	late := func(parts ...any) *v1.Advisory {
		a := draft(append(parts, asksFor("send", "2021-12-15", onMeasure("engage")))...)
		a.Issued = days("2021-10-20")
		return a
	}
	ahead := func(stance v1.Stance, parts ...any) Entry {
		return say("essex/1", "2021-10-24", on("north", "engage", stance, append(parts, from("2021-12-10"))...), asksFor("reply", "2021-12-20", onMeasure("engage")))
	}
	holds := func(whom, line, asks string) []string {
		return []string{
			"This holds until 9 December 2021" + whom + ": from 10 December 2021 the line of essex/1 (" + line + ") answers on engage, with what it asks: “reply, by 20 December 2021”." + asks +
				" If that is not what holds then, publish a letter of today that amends essex/1.",
		}
	}
	const send = " This asks no more from then on: “send, by 15 December 2021”."
	for name, c := range map[string]struct {
		standing Entry
		letter   *v1.Advisory
		want     []string
	}{
		"another line":            {ahead(refuse), late(on("north", "engage", support)), holds("", "refuse", send)},
		"one to partners":         {ahead(refuse, partners), late(on("north", "engage", support)), holds(" for GP partners", "refuse", send)},
		"one of an area":          {ahead(refuse, in("A")), late(on("north", "engage", support)), holds(" in area:A", "refuse", send)},
		"one that says the same":  {ahead(refuse), late(on("north", "engage", refuse)), holds("", "refuse", "")},
		"one on a measure":        {ahead(refuse), late(on("north", "", refuse)), holds("", "refuse", "")},
		"once it is over":         {ahead(refuse), late(on("north", "engage", support, until("2021-12-09"))), nil},
		"while it would hold":     {ahead(refuse), late(on("north", "engage", support, until("2021-12-29"))), holds("", "refuse", send)},
		"from a later day itself": {ahead(refuse), late(on("north", "engage", support, from("2021-12-05"))), holds("", "refuse", send)},
		"a letter that is newer":  {ahead(refuse), draft(on("north", "engage", refuse)), nil},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday(c.standing))
		if got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_ENDS_LATER, warnings)); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %q, want %q", name, err, got, c.want)
		}
	}
}

// Who corrected a letter while temporary advice is current was told to end that too, or to give a last day, and not that the letter may
// begin when the advice is over.
func TestACorrectionDuringTemporaryAdviceMayBeginWhenThatIsOver(t *testing.T) {
	known := essexToday(say("essex/1", "2021-10-10", on("north", "engage", refuse)), say("essex/2", "2021-10-12", on("north", "engage", decides, until("2021-12-18")), amends("essex/1")))
	for name, c := range map[string]struct {
		letter *v1.Advisory
		want   string
	}{
		"counts again": {draft(on("north", "engage", decides)), "with valid_from 2021-12-19 where it is to begin only then"},
		"is current":   {draft(on("north", "engage", caution), amends("essex/1")), "or give this valid_from 2021-12-19, the day after its last"},
	} {
		if _, _, _, err := checkPublish(c.letter, known); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, _, err := checkPublish(draft(on("north", "engage", caution, from("2021-12-19")), amends("essex/1")), known); err != nil {
		t.Errorf("from then: %v", err)
	}
}

// A letter that says its text again after another had taken a line of an area, or for partners, was offered only to end that one.
func TestWhoWritesAgainToAllIsToldHowALineForSomeGoesOn(t *testing.T) {
	first := say("essex/1", "2021-10-10", on("north", "engage", refuse))
	for want, own := range map[string]*v1.Position{"area: area:A": on("north", "engage", support, in("A")), "to: [gp-partners]": on("north", "engage", support, partners)} {
		known := essexToday(first, say("essex/2", "2021-10-12", own, amends("essex/1")))
		want = "where it is to go on for whom it is, amend it, and say it again in a position for just them (" + want + ")"
		if _, _, _, err := checkPublish(draft(on("north", "engage", refuse), amends("essex/1")), known); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
		if _, _, _, err := checkPublish(draft(on("north", "engage", refuse), own, amends("essex/1", "essex/2")), known); err != nil {
			t.Errorf("done so: %v", err)
		}
	}
}

// What a letter asks no more from another day than it ends on read "From 14 December 2021 it asks no more: …, from 1 November 2021".
func TestWhatIsAskedNoMoreFromADayOfItsOwnIsToldByItself(t *testing.T) {
	hold := say("essex/1", "2021-10-10", on("north", "engage", refuse), on("north", "list", refuse), asksFor("send", "2021-12-30", onMeasure("engage")), asksFor("post", "2021-12-20", onMeasure("list")))
	got := previewOf(t, essexToday(hold), draft(on("north", "engage", support, from("2021-11-01")), on("north", "list", refuse), replaces("essex/1"), validSince("2021-12-14")))
	const want = "From 14 December 2021 it asks no more: post, by 20 December 2021. It asks no more: send, by 30 December 2021, from 1 November 2021."
	if !strings.Contains(got, want) {
		t.Error(got)
	}
}

// A must that is due before the line it goes with begins was not looked at twice.
func TestWhatIsDueBeforeItsLineBeginsIsLookedAtTwice(t *testing.T) {
	send := asksFor("send", "2021-12-14", onMeasure("engage"))
	const want = "“send, by 14 December 2021” is due before the line that it goes with begins, on 19 December 2021: check both days."
	for name, c := range map[string]struct {
		letter *v1.Advisory
		warns  bool
	}{
		"before":             {draft(on("north", "engage", refuse, from("2021-12-19")), send), true},
		"by the letter":      {draft(on("north", "engage", refuse), validSince("2021-12-19"), send), true},
		"after":              {draft(on("north", "engage", refuse, from("2021-12-12")), send), false},
		"with a line of now": {draft(on("north", "engage", refuse, from("2021-12-19")), on("north", "engage", refuse, partners), send), false},
	} {
		if got := previewOf(t, essexToday(), c.letter); strings.Contains(got, want) != c.warns {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A verb written as letters write their own words stood raw in what a preview says is asked.
func TestAVerbWrittenAsACodeWordIsToldInWords(t *testing.T) {
	for verb, want := range map[string]string{"do-not-sign": "do not sign the lease", "re-sign": "re-sign the lease", "opt-in": "opt-in the lease", "Do not sign": "Do not sign the lease"} {
		if got := ActionWords(&v1.Action{Verb: verb, Object: "the lease"}); got != want {
			t.Errorf("%s: %q, want %q", verb, got, want)
		}
	}
}

// A line until the 18th that another letter, known already, takes the place of on the 12th was headed "until 18 December; from 12 December".
func TestALineIsHeadedWithTheLastDayOnWhichItAnswers(t *testing.T) {
	hold := say("essex/1", "2021-10-20", on("north", "engage", caution, until("2021-12-18")))
	other := say("essex/2", "2021-10-21", on("north", "engage", support), replaces("essex/1"), validSince("2021-12-12"))
	for want, said := range map[string][]Entry{"until 11 December 2021": {hold, other}, "until 18 December 2021": {hold}} {
		line := resolve(asked("north engage 2021-10-26"), said, register())[0]
		if !strings.Contains(line.GetWords(), "urges caution, "+want) {
			t.Errorf("%q, want %q", line.GetWords(), want)
		}
	}
}

// Whoever kept a line in one area that ends for all from a day ahead was told to withdraw the letter that ends it: for everybody.
func TestAPreviewDoesNotAdviseToWithdrawWhatGoesOnElsewhere(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north south", "engage", support))
	later := say("essex/2", "2021-10-05", on("north south", "engage", refuse, from("2021-12-14")), amends("essex/1"))
	both := func(a *v1.Advisory) *v1.Advisory { amends("essex/1", "essex/2")(&Entry{Advisory: a}); return a }
	if got := previewOf(t, essexToday(base, later), both(draft(on("north", "engage", support, in("A"))))); strings.Contains(got, "withdraw") {
		t.Errorf("in an area: %s", got)
	}
	a := draft(on("north", "engage", support))
	a.OnBehalfOf, a.Replaces = []string{"north"}, []string{"essex/2"}
	if got, want := previewOf(t, essexToday(base, later), a), "(lmc withdraw essex/2 --for north --restores essex/1)"; !strings.Contains(got, want) {
		t.Errorf("for one of two: no %q in %s", want, got)
	}
}
