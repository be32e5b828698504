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
	if want := "It still stands in part. It asks no more: send, by 7 December 2021: essex/2 asks it, by 9 December 2021."; words != want || standsOf(standings[0]) != "; not asked 0" {
		t.Errorf("%q, %s, want %q", words, standsOf(standings[0]), want)
	}
}

// A correction outlived what it corrects, and one that another had taken the place of stood whole: its page, verify, search
// and lists said that it still stands, and views that it asks something.
func TestACorrectionEndsWithTheLetterThatItCorrects(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", against), asksFor("send", "2021-12-07", ofPlan, onMeasure("engage")), asksFor("keep", "2021-12-07", ofPlan, onMeasure("list")))
	corrects := func(id, issued, day string, of ...string) Entry {
		return say(id, issued, onBehalfOf("north"), asksFor("send", day, ofPlan, onMeasure("engage")), amends(of...))
	}
	first := corrects("essex/2", "2021-10-05", "2021-12-09", "essex/1")
	second := corrects("essex/3", "2021-10-06", "2021-12-10", "essex/2")
	beside := corrects("essex/2", "2021-10-05", "2021-12-09", "essex/1")
	asksFor("ring", "2021-12-09", ofPlan)(&beside)
	for name, c := range map[string]struct {
		of    Entry
		later []Entry
		want  string // how it stands on 10 October
	}{
		"nothing ends it":                     {first, nil, "It still stands."},
		"replaced":                            {first, []Entry{say("essex/4", "2021-10-07", on("north", "engage", refuse), replaces("essex/1"))}, "It no longer counts, for it only corrects essex/1: replaced by essex/4 from 7 October 2021."},
		"replaced later":                      {first, []Entry{say("essex/4", "2021-10-07", on("north", "engage", refuse), replaces("essex/1"), validSince("2021-10-20"))}, "It still stands. It asks “send, by 9 December 2021” no more from 20 October 2021 on, by essex/4."},
		"withdrawn":                           {first, []Entry{withdraw("essex/4", "essex/1", "2021-10-07")}, "It no longer counts, for it only corrects essex/1: withdrawn by essex/4 from 7 October 2021."},
		"amended there":                       {first, []Entry{say("essex/4", "2021-10-07", on("north", "engage", support), amends("essex/1"))}, "It no longer counts, for it only corrects essex/1: amended by essex/4 from 7 October 2021."},
		"amended elsewhere":                   {first, []Entry{say("essex/4", "2021-10-07", on("north", "list", support), amends("essex/1"))}, "It still stands."},
		"corrected":                           {first, []Entry{second}, "It no longer counts: amended by essex/3 from 6 October 2021. essex/3 (6 October 2021) corrects it and takes no position: read that too."},
		"corrected beside it":                 {first, []Entry{corrects("essex/3", "2021-10-06", "2021-12-10", "essex/1")}, "It no longer counts: amended by essex/3 from 6 October 2021."},
		"the correction of one":               {second, []Entry{first}, "It still stands."},
		"of a correction, and it is replaced": {second, []Entry{first, say("essex/4", "2021-10-07", on("north", "engage", refuse), replaces("essex/1"))}, "It no longer counts, for it only corrects essex/1: replaced by essex/4 from 7 October 2021."},
		"of a correction that is withdrawn":   {second, []Entry{first, withdraw("essex/4", "essex/2", "2021-10-07")}, "It no longer counts, for it only corrects essex/2: withdrawn by essex/4 from 7 October 2021."},
		"it asks something else too":          {beside, []Entry{withdraw("essex/4", "essex/1", "2021-10-07")}, "It still stands in part. It asks no more: send, by 9 December 2021."},
		"what it amends had ended":            {first, []Entry{withdraw("essex/4", "essex/1", "2021-10-03")}, "It still stands."},
	} {
		p := Prepare(t.Context(), append([]Entry{letter, c.of}, c.later...), register())
		end := p.EndOf(c.of, "2021-10-10", theMatter)
		got := end.Words
		if words := p.InPart(c.of, end.Committees, "2021-10-10", theMatter, func(*v1.AreaId) []string { return nil }); words != "" {
			got = words + end.Besides
		}
		if got != c.want || end.Current != strings.HasPrefix(c.want, "It still stands") {
			t.Errorf("%s: %t %q, want %q", name, end.Current, got, c.want)
		}
		asked := asksOn(resolve(asked("north engage 2021-10-10"), append([]Entry{letter, c.of}, c.later...), register())[0])
		notAsked := strings.Contains(standsOf(end.Committees[0]), "not asked 0")
		if strings.Contains(asked, c.of.ID) == notAsked && name != "what it amends had ended" {
			t.Errorf("%s: a view asks %q, and the letter says %q", name, asked, standsOf(end.Committees[0]))
		}
	}
	expired := say("essex/1", "2021-10-01", on("north", "engage", refuse, until("2021-10-08")), asksFor("send", "2021-12-07", ofPlan, onMeasure("engage")))
	if end := Prepare(t.Context(), []Entry{expired, first}, register()).EndOf(first, "2021-10-10", theMatter); end.Current || !strings.HasPrefix(end.Words, "It no longer counts, for it only corrects essex/1: ") {
		t.Errorf("expired: %+v", end)
	}
	if end := Prepare(t.Context(), []Entry{letter, first, second}, register()).EndOf(letter, "2021-10-10", theMatter); strings.Contains(end.Words, "essex/2") {
		t.Errorf("the letter leads to a correction that another has taken the place of: %q", end.Words)
	}
}

// Who corrected a correction was not told what that ends, and of two letters that both were amended one was said to stand
// as it is, and what it asks to be shown no more.
func TestThePreviewOfACorrectionOfACorrectionSaysWhatItAsksInPlaceOf(t *testing.T) {
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("reply", "2021-12-07", onMeasure("engage"), by(practices), ofPlan))
	right := say("essex/2", "2021-10-19", onBehalfOf("north"), asksFor("reply", "2021-12-09", onMeasure("engage"), by(practices), ofPlan), amends("essex/1"))
	ofBoth := "essex/2 “Letter essex/2” (19 October 2021) no longer counts for north. It asks no more: reply, by 9 December 2021."
	for name, c := range map[string]struct {
		amends []string
		parts  []any
		want   string
	}{
		"of the correction": {[]string{"essex/2"}, nil, ofBoth},
		"of both":           {[]string{"essex/1", "essex/2"}, nil, "essex/1 “Letter essex/1” (18 October 2021) stands, but for what this asks in its place for north.\n" + ofBoth},
	} {
		a := draft(append(c.parts, amends(c.amends...), asksFor("reply", "2021-12-10", onMeasure("engage"), by(practices), ofPlan))...)
		a.OnBehalfOf, a.Audiences = []string{"north"}, []v1.Audience{practices}
		_, warnings, ends, err := checkPublish(a, essexToday(old, right))
		if got := strings.Join(ends, "\n"); err != nil || got != c.want || len(warnings) != 0 {
			t.Errorf("%s: %v, %q, %q, want %q", name, err, got, warningTexts(warnings), c.want)
		}
	}
	line := draft(on("north", "engage", support), amends("essex/1", "essex/2"))
	_, warnings, ends, err := checkPublish(line, essexToday(old, right))
	if got := strings.Join(append(ends, warningTexts(warnings)...), "\n"); err != nil || !strings.Contains(got, ofBoth) || strings.Contains(got, "stands as it is") || strings.Contains(got, "shown it no more") {
		t.Errorf("with a line: %v, %s", err, got)
	}
	again := draft(on("north", "engage", refuse), asksFor("reply", "2021-12-10", onMeasure("engage"), by(practices), ofPlan))
	if _, warnings, _, err := checkPublish(again, essexToday(old, right)); err != nil || !strings.Contains(strings.Join(warningTexts(warnings), " "), "essex/2 goes on asking “reply, by 9 December 2021”") {
		t.Errorf("the same by another day, naming none: %v, %q", err, warningTexts(warnings))
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

// A correction asked partners what its letter asked of them no more, for they have been told otherwise since: what it went
// with was looked for on the day of the correction, when they had been.
func TestACorrectionAsksNobodyWhoWasAskedItNoMore(t *testing.T) {
	old := say("essex/1", "2021-10-01", on("north", "", refuse, until("2021-11-14")), on("north", "", info, scopedTo("started")), asksFor("reply", "2021-12-07", by(practices), ofPlan))
	since := say("essex/3", "2021-10-11", on("north", "engage", support, partners, from("2021-11-05")))
	right := say("essex/9", "2021-11-20", onBehalfOf("north"), asksFor("reply", "2021-12-09", by(practices), ofPlan), amends("essex/1"))
	q := asked("north engage 2021-11-26", partners, groupOf("north engage 2021-11-26 started"))
	if got := told(q, []Entry{old, since}); strings.Contains(got, "reply") {
		t.Fatalf("before it they are told %q", got)
	}
	if got := told(q, []Entry{old, since, right}); strings.Contains(got, "reply") {
		t.Errorf("they are told %q", got)
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

// A correction is said to stand, and to ask what it asks, where some reader is asked it, and nowhere else, whatever is
// published after it.
func TestACorrectionStandsWhereItIsAsked(t *testing.T) {
	over, stand := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		letters := lettersOf(t)
		var asks []Entry
		for _, e := range letters {
			for _, s := range e.Advisory.Positions {
				s.ValidFrom = ""
			}
			if len(e.Advisory.Actions) > 0 {
				asks = append(asks, e)
			}
		}
		if asks == nil {
			return
		}
		of := fairly(asks).Draw(t, "of")
		correction := say("essex/8", "2021-10-20", onBehalfOf("north"), amends(of.ID))
		correction.Advisory.Actions = []*v1.Action{clone(fairly(of.Advisory.Actions).Draw(t, "which"))}
		correction.Advisory.Actions[0].Due = &v1.Due{When: &v1.Due_Day{Day: "2021-12-09"}}
		later := say("essex/9", "2021-10-25")
		later.Advisory = draftOf(t, letters)
		if later.Advisory.ValidFrom = ""; die(3).Draw(t, "corrects again") == 0 {
			again := clone(correction.Advisory.Actions[0])
			again.Due = &v1.Due{When: &v1.Due_Day{Day: "2021-12-10"}} // by the same day it would be asked still
			later.Advisory.Amends, later.Advisory.Actions = append(later.Advisory.Amends, correction.ID), []*v1.Action{again}
		}
		p := Prepare(context.Background(), append(slices.Clone(letters), correction, later), register())
		before := Prepare(context.Background(), append(slices.Clone(letters), correction), register())
		is := func(p *Prepared) bool {
			return slices.ContainsFunc(everyReader(), func(r someReader) bool { return strings.Contains(asksOn(r.line(p, "2021-11-01")), correction.ID) })
		}
		if !is(before) {
			return
		}
		standings := p.EndOf(correction, "2021-11-01", twoMatters).Committees
		p.InPart(correction, standings, "2021-11-01", twoMatters, func(*v1.AreaId) []string { return nil })
		asked, says := is(p), standings[0].Current && len(standings[0].NotAsked) == 0
		if asked != says {
			t.Fatalf("asked of some %t, and said to be %t: %v\n%s%s: %v\n%v", asked, says, standings, previewed{standing: letters}, correction.ID, correction.Advisory, later.Advisory)
		}
		if asked {
			stand++
		} else {
			over++
		}
	})
	if over < 5 || stand < 5 {
		t.Errorf("%d corrections were over and %d stood: the worlds test less than they should", over, stand)
	}
}

// Correcting a group's correction was refused, for neither letter named takes a line for that group; and so was correcting one
// of a part of the area, for the first letter says something else around it. Who wrote the hint lost the letter that was named.
func TestACorrectionForAGroupOrAPartOfTheAreaCanBeCorrected(t *testing.T) {
	group, area := func(a *v1.Action) { a.Scope = "g1" }, func(a *v1.Action) { a.Area = code("A") }
	send := func(day string, of func(*v1.Action)) func(*Entry) {
		return asksFor("send", day, by(practices), ofPlan, onMeasure("engage"), of)
	}
	alone := func(parts ...any) *v1.Advisory {
		a := draft(parts...)
		a.OnBehalfOf, a.Audiences = []string{"north"}, []v1.Audience{practices}
		return a
	}
	ofGroup := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", caution, scopedTo("g1")), send("2021-12-07", group))
	ofArea := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", caution, in("A")), send("2021-12-07", area))
	for name, c := range map[string]struct {
		first  Entry
		of     func(*v1.Action)
		letter *v1.Advisory
	}{
		"of a group":                       {ofGroup, group, alone(send("2021-12-10", group), amends("essex/2"))},
		"of a group, with its line":        {ofGroup, group, draft(on("north", "engage", caution, scopedTo("g1")), send("2021-12-10", group), amends("essex/2"))},
		"of a part of the area":            {ofArea, area, alone(send("2021-12-10", area), amends("essex/2"))},
		"of a part of the area, with that": {ofArea, area, draft(on("north", "engage", caution, in("A")), send("2021-12-10", area), amends("essex/2"))},
	} {
		second := say("essex/2", "2021-10-05", onBehalfOf("north"), send("2021-12-09", c.of), amends("essex/1"))
		got := previewOf(t, essexToday(c.first, second), c.letter)
		if got != "essex/2 “Letter essex/2” (5 October 2021) no longer counts for north. It asks no more: send, by 9 December 2021." {
			t.Errorf("%s: %s", name, got)
		}
	}
	// What is followed word by word is taken.
	inPart := say("essex/2", "2021-10-05", on("north", "engage", support, in("A")), amends("essex/1"))
	letter := draft(on("north", "engage", against), amends("essex/2"))
	_, _, _, err := checkPublish(letter, essexToday(say("essex/1", "2021-10-01", on("north", "engage", refuse)), inPart))
	if err == nil || !strings.Contains(err.Error(), "write “amends: [essex/2, essex/1]”") {
		t.Errorf("the hint leaves out what is named already: %v", err)
	}
	unknown := alone(send("2021-12-10", func(a *v1.Action) { a.Scope = "g7" }), amends("essex/1"))
	if _, _, _, err := checkPublish(unknown, essexToday(ofGroup)); err == nil || !strings.Contains(err.Error(), "is for the group g7") {
		t.Errorf("a group that there is not: %v", err)
	}
}

// Whoever withdrew a correction of a correction was told of the first that it asks again, and that it does not come back.
func TestWhoeverWithdrawsASecondCorrectionIsToldOnceWhatStandsThen(t *testing.T) {
	letter := say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("reply", "2021-12-07", onMeasure("engage"), by(practices), ofPlan))
	corrects := func(id, day string, parts ...any) Entry {
		return say(id, "2021-10-19", append([]any{onBehalfOf("north"), asksFor("reply", day, onMeasure("engage"), by(practices), ofPlan)}, parts...)...)
	}
	first := corrects("essex/2", "2021-12-09", amends("essex/1"))
	again := "It asks no more: reply, by 10 December 2021: essex/2 asks it again, by 9 December 2021."
	for name, c := range map[string]struct {
		second Entry
		want   string
	}{
		"of the first":             {corrects("essex/3", "2021-12-10", amends("essex/2")), again},
		"beside the first":         {corrects("essex/3", "2021-12-10", amends("essex/1")), again},
		"of both":                  {corrects("essex/3", "2021-12-10", amends("essex/1", "essex/2")), again},
		"which replaced the first": {corrects("essex/3", "2021-12-10", amends("essex/1"), replaces("essex/2")), "essex/3 ended essex/2, which does not come back"},
	} {
		got := preview(t, &v1.Withdrawal{Advisory: "essex/3", Visibility: public}, essexToday(letter, first, c.second))
		if !strings.Contains(got, c.want) || c.want == again && strings.Contains(got, "come back") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Partners were told the old day on the page of their practice and the new one on their own: a line of the correction for
// partners of one area, on another measure, was taken for one on what was asked about.
func TestALineOnAnotherMeasureLimitsNoCorrection(t *testing.T) {
	old := say("essex/1", "2021-10-18", on("north", "list", refuse, partners), asksFor("send", "2021-12-20", by(practices), ofPlan))
	right := say("essex/2", "2021-10-19", on("north", "engage", refuse, partners, in("A")), asksFor("send", "2021-12-05", by(practices), ofPlan), amends("essex/1"))
	for name, q := range map[string]Question{
		"of A": asked("north list 2021-11-26", partners, code("A")), "of B": asked("north list 2021-11-26", partners, code("B")),
	} {
		if got := asksOn(resolve(q, []Entry{old, right}, register())[0]); strings.Contains(got, "2021-12-20") || !strings.Contains(got, "2021-12-05") {
			t.Errorf("%s: asked %q", name, got)
		}
	}
}

// Managers were asked by the old words where the correction names partners and managers, for its line is to partners: of
// the two whom it names, one was told so on their practice's page and the other was not.
func TestACorrectionIsOfAllWhomItNames(t *testing.T) {
	both := by(partners, managers)
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("send", "2021-12-20", both, ofPlan))
	right := say("essex/2", "2021-10-19", on("north", "engage", refuse, partners), asksFor("send", "2021-12-05", both, ofPlan), amends("essex/1"))
	for _, who := range []v1.Audience{partners, managers, practices} {
		if got := told(asked("north engage 2021-11-26", who), []Entry{old, right}); strings.Contains(got, "2021-12-20") {
			t.Errorf("%v: %q", who, got)
		}
		if got := asksOn(resolve(asked("north engage 2021-11-26", who), []Entry{old, right}, register())[0]); !strings.Contains(got, "2021-12-05") {
			t.Errorf("%v: asked %q", who, got)
		}
	}
}

// Whoever was asked something already was told it as of a letter that asks the same with a line from a later day: the one
// that asks it now was nowhere to be seen, and said to stand.
func TestWhatIsAskedNowIsNotToldOfALetterThatWillAskIt(t *testing.T) {
	old := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", "2021-12-09", by(practices), ofPlan))
	general := say("essex/2", "2021-10-10", on("north", "engage", refuse))
	ahead := say("essex/3", "2021-10-20", on("north", "engage", refuse, from("2021-11-05")), asksFor("send", "2021-12-09", by(practices), ofPlan))
	if got := asksOn(resolve(asked("north engage 2021-11-01"), []Entry{old, general, ahead}, register())[0]); got != "send 2021-12-09 essex/1" {
		t.Errorf("asked %q", got)
	}
}

// A letter that corrects a day now, and has a line from a later one on something else, was said to end before it has held.
func TestACorrectionWithALineAheadIsNotSaidToEndBeforeItHasHeld(t *testing.T) {
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("reply", "2021-12-07", onMeasure("engage"), by(practices), ofPlan))
	right := say("essex/2", "2021-10-19", on("north", "list", refuse, from("2021-11-05")), asksFor("reply", "2021-12-09", onMeasure("engage"), by(practices), ofPlan), amends("essex/1"))
	want := "essex/2 “Letter essex/2” (19 October 2021) ends as a whole on 5 November 2021 for north. From 5 November 2021 it asks no more: reply, by 9 December 2021: essex/1 asks it again, by 7 December 2021."
	letter := draft(on("north", "list", support), replaces("essex/2"))
	letter.ValidFrom = "2021-11-05"
	if got := previewOf(t, essexToday(old, right), letter); !strings.Contains(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
}

// A request typed again without its apostrophe, to correct its day, was another one: the old day stood, and the new one was
// on no page.
func TestACorrectionTypedWithAnotherCaseOrCommaTakesThePlaceOfTheOldDay(t *testing.T) {
	asks := func(id, issued, what, day string, parts ...any) Entry {
		return say(id, issued, append([]any{asksFor("give", day, ofPlan, func(a *v1.Action) {
			a.Object, a.Actors = what, []v1.Audience{v1.Audience_AUDIENCE_GP_PARTNERS, v1.Audience_AUDIENCE_PRACTICE_MANAGERS}
		})}, parts...)...)
	}
	turned := func(e *Entry) { slices.Reverse(e.Advisory.Actions[0].Actors) }
	for name, c := range map[string]struct {
		was, is string
		parts   []any
		want    string
	}{
		"an apostrophe":              {"three months' notice", "three months notice", nil, "give 2021-12-09 essex/2"},
		"a curved one":               {"three months' notice", "three months’ notice", nil, "give 2021-12-09 essex/2"},
		"case and a full stop":       {"three months' notice", "Three months' notice.", nil, "give 2021-12-09 essex/2"},
		"a hyphen":                   {"your sign up form", "your  sign-up form", nil, "give 2021-12-09 essex/2"},
		"readers in another order":   {"notice", "notice", []any{turned}, "give 2021-12-09 essex/2"},
		"a word more":                {"notice", "notice now", nil, "give 2021-12-07 essex/1"},
		"another word by a hyphen":   {"word that you resign", "word that you re-sign", nil, "give 2021-12-07 essex/1"},
		"another figure by a point":  {"£3.50", "£350", nil, "give 2021-12-07 essex/1"},
		"a figure with its thousand": {"1,798 slips", "1,798 slips,", nil, "give 2021-12-09 essex/2"},
	} {
		letter := asks("essex/1", "2021-10-01", c.was, "2021-12-07", on("north", "engage", refuse))
		later := asks("essex/2", "2021-10-05", c.is, "2021-12-09", append([]any{onBehalfOf("north"), amends("essex/1")}, c.parts...)...)
		line := resolve(asked("north engage 2021-10-10", practices), []Entry{letter, later}, register())[0]
		if got := asksOn(line); got != c.want {
			t.Errorf("%s: asked %s, want %s", name, got, c.want)
		}
	}
}

// Who corrected a day in other words was told to add a position, which would have left both days.
func TestWhoCorrectsADayInOtherWordsIsToldWhatGoesOnBeingAsked(t *testing.T) {
	asks := func(what, day string, who v1.Audience) func(*Entry) {
		return asksFor("give", day, onMeasure("engage"), by(who), ofPlan, func(a *v1.Action) { a.Object = what })
	}
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), asks("three months' notice", "2021-12-07", practices), asks("thanks", "2021-10-20", practices))
	for who, want := range map[v1.Audience]bool{practices: true, partners: true, v1.Audience_AUDIENCE_PATIENTS: false} {
		a := draft(amends("essex/1"), asks("your notice", "2021-12-09", who))
		a.OnBehalfOf, a.Audiences = []string{"north"}, []v1.Audience{practices}
		_, warnings, _, err := checkPublish(a, essexToday(old))
		said := strings.Join(warningTexts(warnings), " ")
		if got := strings.Contains(said, "It goes on asking “give three months' notice, by 7 December 2021” beside this. To ask that by another day"); err != nil || got != want || !strings.Contains(said, "stands as it is") {
			t.Errorf("%s: %v, told %q", AudienceWords(who), err, said)
		}
	}
}

// A correction that was withdrawn, or replaced by a letter on something else, brought the old day back beside what a third letter asks
// by the new one, and so did a letter that is restored what stands beside it: no preview said so.
func TestThePreviewSaysWhatIsAskedAgainBesideWhatGoesOn(t *testing.T) {
	reply := func(day string) func(*Entry) { return asksFor("reply", day, by(practices), onMeasure("engage")) }
	first := say("essex/1", "2021-10-18", on("north", "engage", caution), reply("2021-12-07"))
	right := say("essex/2", "2021-10-19", onBehalfOf("north"), amends("essex/1"), reply("2021-12-09"))
	third := say("essex/3", "2021-10-20", on("north", "engage", caution), reply("2021-12-09"))
	want := "Asked again then: reply, by 7 December 2021 (essex/1)."
	known := essexToday(first, right, third)
	_, _, ends, err := checkWithdraw(withdraw("essex/4", "essex/2", known.Today).Withdrawal, known)
	if got := strings.Join(ends, " "); err != nil || !strings.HasSuffix(got, want) {
		t.Errorf("withdrawn: %v, %s", err, got)
	}
	if got := previewOf(t, known, draft(on("north", "list", support), replaces("essex/2"))); !strings.Contains(got, want) {
		t.Errorf("replaced: %s", got)
	}
	aside := say("essex/2", "2021-10-19", on("north", "engage", info), asksFor("attend", "2021-12-09", by(practices), onMeasure("engage")))
	turned := say("essex/3", "2021-10-20", on("north", "engage", support), replaces("essex/1"))
	known = essexToday(say("essex/1", "2021-10-18", on("north", "engage", refuse)), aside, turned)
	back := withdraw("essex/4", "essex/3", known.Today).Withdrawal
	back.Restores = []string{"essex/1"}
	_, _, ends, err = checkWithdraw(back, known)
	if got := strings.Join(ends, " "); err != nil || !strings.Contains(got, "Asked again then: attend, by 9 December 2021 (essex/2).") {
		t.Errorf("restored: %v, %s", err, got)
	}
}
