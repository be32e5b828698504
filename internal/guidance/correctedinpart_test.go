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
