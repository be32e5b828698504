package guidance

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A letter that took the opposite line in a part of the area, and asked there in the same words, took away from the rest what
// that had been asked, and told it what goes with the opposite line.
func TestTheRestOfAnAreaIsAskedOnWhatAPartOfItIsAskedOtherwise(t *testing.T) {
	send := func(day string) func(*Entry) {
		return asksFor("send", day, by(practices), ofPlan, onMeasure("engage"))
	}
	first := say("essex/1", "2021-10-01", on("north", "engage", refuse), send("2021-12-07"), asksFor("keep", "2021-12-08", by(practices), ofPlan))
	for name, c := range map[string]struct {
		by         *v1.Position
		area, rest func(*Question)
		where      string
	}{
		"of the area":    {on("north", "engage", support, in("A")), func(q *Question) { q.Area = code("A") }, func(q *Question) { q.Area = code("B") }, "in area:A"},
		"the same way":   {on("north", "engage", refuse, in("A")), func(q *Question) { q.Area = code("A") }, func(*Question) {}, "in area:A"},
		"of the readers": {on("north", "engage", support, managers), func(q *Question) { q.Audience = managers }, func(*Question) {}, "of practice managers"},
		"a group":        {on("north", "engage", support, scopedTo("g1")), func(q *Question) { q.Scope = "g1" }, func(*Question) {}, "for g1"},
	} {
		letters := []Entry{first, say("essex/2", "2021-10-05", c.by, send("2021-12-10"), amends("essex/1"))}
		if got := asksOn(resolve(asked("north engage 2021-10-10", c.rest), letters, register())[0]); got != "send 2021-12-07 essex/1, keep 2021-12-08 essex/1" {
			t.Errorf("%s: the rest is asked %s", name, got)
		}
		if got := asksOn(resolve(asked("north engage 2021-10-10", c.area), letters, register())[0]); !strings.HasPrefix(got, "send 2021-12-10 essex/2") || strings.Contains(got, "12-07") {
			t.Errorf("%s: who is told otherwise is asked %s", name, got)
		}
		got := previewOf(t, essexToday(first), draft(c.by, send("2021-12-10"), amends("essex/1")))
		if !strings.Contains(got, "It asks no more: send, by 7 December 2021, "+c.where+"; keep, by 8 December 2021, "+c.where+".") {
			t.Errorf("%s: the preview says %s", name, got)
		}
	}
}

// What is asked on a measure was said to be asked no more but on that measure, where a part of the area alone lost it.
func TestWhatIsAskedOnAMeasureIsSaidToBeAskedNoMoreInThePartThatLosesIt(t *testing.T) {
	first := say("essex/1", "2021-10-01", on("north", "", refuse), asksFor("send", "2021-12-07", by(practices), ofPlan, onMeasure("engage")))
	p := Prepare(t.Context(), []Entry{first, say("essex/2", "2021-10-05", on("north", "", support, in("A")), amends("essex/1"))}, register())
	end := p.EndOf(first, "2021-10-10", theMatter)
	if words := p.InPart(first, end.Committees, "2021-10-10", theMatter, func(*v1.AreaId) []string { return nil }); !strings.HasSuffix(words, "It asks no more: send, by 7 December 2021, in area:A.") {
		t.Error(words)
	}
}

// Who wrote for a part of the area was told that readers are shown something no more, as if all of them were.
func TestWhatIsShownNoMoreInAPartOfTheAreaSaysWhere(t *testing.T) {
	standing := []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse)), say("essex/2", "2021-10-02", on("north", "engage", info), asksFor("send", "2021-12-07", by(practices)))}
	got := warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, warnedOf(draft(on("north", "engage", support, in("A")), amends("essex/1")), standing...))
	if len(got) != 1 || !strings.Contains(got[0].GetWords(), "and readers in area:A are shown it no more") {
		t.Error(warningTexts(got))
	}
}

// A correction brought back, for partners of a group, what a newer line to them had stopped: it was held against what answered
// on its own day, and not on that of the letter it corrects.
func TestACorrectionBringsNothingBackThatANewerLineStopped(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north", "", refuse, until("2021-11-14")), on("north", "", info, scopedTo("g2")), asksFor("send", "2021-12-07", by(practices), ofPlan))
	turned := say("essex/3", "2021-10-11", on("north", "engage", support, partners, from("2021-11-05")))
	right := say("essex/9", "2021-11-20", onBehalfOf("north"), asksFor("send", "2021-12-09", by(practices), ofPlan), amends("essex/1"))
	for name, letters := range map[string][]Entry{"without": {letter, turned}, "with it": {letter, turned, right}} {
		if got := asksOn(resolve(asked("north engage 2021-11-26", partners, groupOf("north engage 2021-11-26 g2")), letters, register())[0]); got != "" {
			t.Errorf("%s: asked %s", name, got)
		}
	}
}

// Networks went on being shown by the old day what a letter asks of practices by another.
func TestWhatPracticesAreAskedByAnotherDayIsShownToNobodyByTheOldOne(t *testing.T) {
	send := func(day string) func(*Entry) { return asksFor("send", day, by(practices), ofPlan) }
	letter := say("essex/1", "2021-10-01", on("north", "list", refuse, practices, pcns), send("2021-12-07"))
	again := say("essex/2", "2021-10-05", on("north", "list", refuse), send("2021-12-09"), amends("essex/1"))
	for audience, want := range map[v1.Audience]string{practices: "send 2021-12-09 essex/2", managers: "send 2021-12-09 essex/2", pcns: ""} {
		if got := asksOn(resolve(asked("north list 2021-10-10", audience), []Entry{letter, again}, register())[0]); got != want {
			t.Errorf("to %s: %s, want %s", AudienceWords(audience), got, want)
		}
	}
}

// What a letter asks with a line that holds from a later day, or waits for something, took the place of what was asked at
// once: the earlier day was told nobody any more; and what it asks with a line that is over went on in its place.
func TestWhatIsAskedWithALineAheadLeavesTheOldDayUntilThen(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", "2021-11-07", ofPlan))
	for name, c := range map[string]struct {
		line *v1.Position
		want [2]string // of 10 and of 20 October
	}{
		"from a later day": {on("north", "engage", refuse, from("2021-10-15")), [2]string{"send 2021-11-07 essex/1, send 2021-12-09 essex/2", "send 2021-12-09 essex/2"}},
		"it waits":         {on("north", "engage", refuse, startsWhenever("talks fail")), [2]string{"send 2021-11-07 essex/1, send 2021-12-09 essex/2", "send 2021-11-07 essex/1, send 2021-12-09 essex/2"}},
		"until a day":      {on("north", "engage", refuse, until("2021-10-15")), [2]string{"send 2021-12-09 essex/2", "send 2021-11-07 essex/1"}},
	} {
		entries := []Entry{letter, say("essex/2", "2021-10-05", c.line, asksFor("send", "2021-12-09", ofPlan), amends("essex/1"))}
		for i, day := range []string{"2021-10-10", "2021-10-20"} {
			if got := asksOn(resolve(asked("north engage "+day), entries, register())[0]); got != c.want[i] {
				t.Errorf("%s, on %s: asks %s, want %s", name, day, got, c.want[i])
			}
		}
	}
}

// What a letter asks by another day in part of the area was told there by both days, on a measure that it takes no line on
// itself: no row was made for that part.
func TestAPartThatIsAskedByAnotherDayHasARowOnEveryMeasure(t *testing.T) {
	send := func(day string) func(*Entry) { return asksFor("send", day, by(practices), ofPlan) }
	letter := say("essex/1", "2021-10-01", on("north", "", refuse), on("north", "strike", refuse), send("2021-12-07"))
	again := say("essex/2", "2021-10-05", on("north", "", refuse, in("A")), send("2021-12-09"), amends("essex/1"))
	var got []string
	for _, line := range resolve(asked("north strike 2021-10-10"), []Entry{letter, again}, register()) {
		got = append(got, strings.TrimSpace(line.GetArea().GetCode()+" "+asksOn(line)))
	}
	if got := strings.Join(got, "; "); got != "send 2021-12-07 essex/1; A send 2021-12-09 essex/2" {
		t.Error(got)
	}
}
