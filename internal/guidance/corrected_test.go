package guidance

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// onBehalfOf is of a letter without positions.
func onBehalfOf(committees ...string) func(*Entry) {
	return func(e *Entry) { e.Advisory.OnBehalfOf = committees }
}

func ofPlan(a *v1.Action) { a.Matter = plan }

// asksOn is what a line asks, each with its letter and its day.
func asksOn(line *answersv1.Line) string {
	var all []string
	for _, a := range line.GetActions() {
		all = append(all, a.GetVerb()+" "+a.GetDue().GetDay()+" "+line.GetCurrent().GetAdvisory())
	}
	for _, also := range line.GetAlsoAsked() {
		all = append(all, also.GetAction().GetVerb()+" "+also.GetAction().GetDue().GetDay()+" "+also.GetAdvisory())
	}
	return strings.Join(all, ", ")
}

// A letter that amended another, and asked only the same by another day, left both days in due lists and calendars: what
// takes no line ended nothing.
func TestACorrectionOfADayByARequestAloneTakesThePlaceOfTheOldDay(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north south", "engage", refuse), asksFor("send", "2021-12-07", ofPlan))
	corrects := func(id, issued, day string, parts ...any) Entry {
		return say(id, issued, append([]any{onBehalfOf("north"), asksFor("send", day, ofPlan), amends("essex/1")}, parts...)...)
	}
	twice := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", "2021-12-07", ofPlan), asksFor("send", "2021-12-14", ofPlan))
	for name, c := range map[string]struct {
		letter Entry
		later  []Entry
		want   string // of 10 October
	}{
		"another day":              {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09")}, "send 2021-12-09 essex/2"},
		"from a later day":         {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09", validSince("2021-10-20"))}, "send 2021-12-07 essex/1"},
		"of another committee":     {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09", onBehalfOf("south"))}, "send 2021-12-07 essex/1"},
		"twice":                    {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09"), corrects("essex/3", "2021-10-06", "2021-12-10")}, "send 2021-12-10 essex/3"},
		"a correction corrected":   {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09"), corrects("essex/3", "2021-10-06", "2021-12-10", amends("essex/2"))}, "send 2021-12-10 essex/3"},
		"withdrawn":                {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09"), withdraw("essex/3", "essex/2", "2021-10-06")}, "send 2021-12-07 essex/1"},
		"of another group":         {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09", func(e *Entry) { e.Advisory.Actions[0].Scope = "a" })}, "send 2021-12-07 essex/1"},
		"which of two is not said": {twice, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09")}, "send 2021-12-07 essex/1, send 2021-12-14 essex/1"},
		"it names no letter":       {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09", amends())}, "send 2021-12-07 essex/1"},
		"the line is another's":    {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09"), say("essex/3", "2021-10-06", on("north", "engage", against))}, "send 2021-12-09 essex/2"},
		"the line has ended":       {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09"), say("essex/3", "2021-10-06", on("north", "engage", refuse), replaces("essex/1"))}, ""},
		"with a line elsewhere":    {letter, []Entry{corrects("essex/2", "2021-10-05", "2021-12-09", on("north", "list", against))}, "send 2021-12-09 essex/2"},
	} {
		entries := append([]Entry{c.letter}, c.later...)
		if got := asksOn(resolve(asked("north engage 2021-10-10"), entries, register())[0]); got != c.want {
			t.Errorf("%s: asks %s, want %s", name, got, c.want)
		}
		if got := asksOn(resolve(asked("south engage 2021-10-10"), entries, register())[0]); len(c.letter.Advisory.Positions[0].Committees) > 1 && name != "of another committee" && name != "the line has ended" && got != "send 2021-12-07 essex/1" {
			t.Errorf("%s: of others it asks %s", name, got)
		}
	}
}

// A list of letters gave the old day, and where the letter stands was said to be all of it.
func TestALetterOfWhichADayWasCorrectedAsksTheOldDayNoMore(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", "2021-12-07", ofPlan), asksFor("keep", "2021-12-07", ofPlan))
	right := say("essex/2", "2021-10-05", onBehalfOf("north"), asksFor("send", "2021-12-09", ofPlan), amends("essex/1"))
	p := Prepare(t.Context(), []Entry{letter, right}, register())
	standings := p.EndOf(letter, "2021-10-10", theMatter).Committees
	if got := standsOf(standings[0]); got != "; not asked 0" || !standings[0].Current {
		t.Errorf("a list says %q", got)
	}
	words := p.InPart(letter, standings, "2021-10-10", theMatter, func(*v1.AreaId) []string { return nil })
	if want := "It still stands in part. It asks no more: send, by 7 December 2021."; words != want || standsOf(standings[0]) != "; not asked 0" {
		t.Errorf("%q, %s, want %q", words, standsOf(standings[0]), want)
	}
}

// The preview of a correction that works was that both days stand, that it amends nothing and that nobody sees it.
func TestThePreviewOfACorrectionByARequestAloneSaysWhatItAsksInPlaceOf(t *testing.T) {
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("reply", "2021-12-07", onMeasure("engage"), by(practices), ofPlan))
	letter := func() *v1.Advisory {
		a := draft(amends("essex/1"), asksFor("reply", "2021-12-09", onMeasure("engage"), by(practices), ofPlan))
		a.OnBehalfOf, a.Audiences = []string{"north"}, []v1.Audience{practices}
		return a
	}
	_, warnings, ends, err := checkPublish(letter(), essexToday(old))
	want := "essex/1 “Letter essex/1” (18 October 2021) stands, but for what this asks in its place for north. It asks no more: reply, by 7 December 2021."
	if err != nil || len(warnings) != 0 || len(ends) != 1 || ends[0] != want {
		t.Errorf("%v, %q, %q, want %q", err, warningTexts(warnings), ends, want)
	}
	ahead := letter()
	ahead.ValidFrom = "2021-11-05"
	if _, _, ends, err = checkPublish(ahead, essexToday(old)); err != nil || len(ends) != 1 || !strings.Contains(ends[0], "in its place for north from 5 November 2021 on. It asks no more: reply, by 7 December 2021") {
		t.Errorf("from a later day: %v, %q", err, ends)
	}
	of := letter()
	of.Actions[0].Actors = []v1.Audience{partners} // of whom alone the other is not asked
	if _, warnings, _, err = checkPublish(of, essexToday(old)); err != nil || !strings.Contains(strings.Join(warningTexts(warnings), " "), "stands as it is") {
		t.Errorf("of others: %q", warningTexts(warnings))
	}
}

// Whoever withdrew a correction, or the letter that was corrected, was not told that the right day went with it, nor that the
// wrong one came back.
func TestThePreviewOfTheEndOfACorrectionNamesTheDayThatGoesAndTheOneThatComesBack(t *testing.T) {
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("reply", "2021-12-07", onMeasure("engage"), by(practices), ofPlan))
	right := say("essex/2", "2021-10-19", onBehalfOf("north"), asksFor("reply", "2021-12-09", onMeasure("engage"), by(practices), ofPlan), amends("essex/1"))
	again := draft(amends("essex/1"), asksFor("reply", "2021-12-10", onMeasure("engage"), by(practices), ofPlan))
	again.OnBehalfOf, again.Audiences = []string{"north"}, []v1.Audience{practices}
	known := essexToday(old, right)
	for name, c := range map[string]struct {
		what any
		want string
	}{
		"the correction is withdrawn": {withdraw("essex/3", "essex/2", known.Today).Withdrawal, "It asks no more: reply, by 9 December 2021: essex/1 asks it again, by 7 December 2021."},
		"the letter is withdrawn":     {withdraw("essex/3", "essex/1", known.Today).Withdrawal, "It asks no more: reply, by 9 December 2021 (in its place, by essex/2)."},
		"it is corrected once more":   {again, "It asks no more: reply, by 9 December 2021 (in its place, by essex/2)."},
	} {
		var ends []string
		var err error
		if w, is := c.what.(*v1.Withdrawal); is {
			_, _, ends, err = checkWithdraw(w, known)
		} else {
			_, _, ends, err = checkPublish(c.what.(*v1.Advisory), known)
		}
		if got := strings.Join(ends, " "); err != nil || !strings.Contains(got, c.want) {
			t.Errorf("%s: %v, %q, want %q", name, err, got, c.want)
		}
	}
}

// With a correction by a request alone every reader of its committees is asked what they were asked without it, but by the new
// day, and every other reader what they were.
func TestACorrectionChangesTheDayForEveryReaderAndNothingElse(t *testing.T) {
	changed := 0
	rapid.Check(t, func(t *rapid.T) {
		letters := lettersOf(t)
		var asks []int // the letters that ask something
		for i, e := range letters {
			for _, action := range e.Advisory.Actions {
				action.Due = &v1.Due{When: &v1.Due_Day{Day: "2021-12-07"}}
			}
			if len(e.Advisory.Actions) > 0 {
				asks = append(asks, i)
			}
		}
		if asks == nil {
			return
		}
		of := letters[fairly(asks).Draw(t, "of")]
		action := clone(fairly(of.Advisory.Actions).Draw(t, "which"))
		action.Due = &v1.Due{When: &v1.Due_Day{Day: "2021-12-09"}}
		committees := fairly([][]string{{"north"}, {"south"}, {"north", "south"}}).Draw(t, "for whom")
		correction := say("essex/9", "2021-11-20", onBehalfOf(committees...), amends(of.ID))
		correction.Advisory.Actions = []*v1.Action{action}
		before, after := Prepare(context.Background(), letters, register()), Prepare(context.Background(), append(slices.Clone(letters), correction), register())
		for _, r := range everyReader() {
			was, is := strings.Split(asksOn(r.line(before, "2021-11-26")), ", "), strings.Split(asksOn(r.line(after, "2021-11-26")), ", ")
			for i, one := range was {
				if strings.HasPrefix(one, action.GetVerb()+" ") && slices.Contains(committees, r.committee) && slices.Contains(CommitteesOf(of), r.committee) {
					was[i] = action.GetVerb() + " 2021-12-09 essex/9"
					changed++
				}
			}
			if slices.Sort(was); !slices.Equal(was, slices.Sorted(slices.Values(is))) {
				t.Fatalf("%+v is asked %v, want %v\n%s%v", r, is, was, previewed{standing: letters}, correction.Advisory)
			}
		}
	})
	if changed < 100 {
		t.Errorf("%d requests were corrected: the worlds test less than they should", changed)
	}
}
