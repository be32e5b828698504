package guidance

import (
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The page of a letter whose correction was corrected itself said that it asks something no more, and nothing else: whoever
// checked it took the request to be over.
func TestALetterSaysWhichAsksInItsPlaceWhatItAsksNoMore(t *testing.T) {
	send := func(day string, parts ...func(*v1.Action)) func(*Entry) {
		return asksFor("send", day, append(parts, onMeasure("engage"), by(practices))...)
	}
	must := func(a *v1.Action) { a.Strength = v1.ActionStrength_ACTION_STRENGTH_MUST }
	corrects := func(id, issued, day, of string) Entry {
		return say(id, issued, onBehalfOf("north"), send(day), amends(of))
	}
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse), send("2021-12-07"))
	first, second := corrects("essex/2", "2021-10-05", "2021-12-09", "essex/1"), corrects("essex/3", "2021-10-06", "2021-12-10", "essex/2")
	third := corrects("essex/4", "2021-10-07", "2021-12-13", "essex/3")
	const reads = " corrects it and takes no position: read that too."
	const part, noMore = "It still stands in part. ", "It asks no more: send, by 7 December 2021"
	for name, c := range map[string]struct {
		of    Entry
		later []Entry
		want  string
	}{
		"one correction":         {letter, []Entry{first}, part + noMore + ": essex/2 asks it, by 9 December 2021. essex/2 (5 October 2021)" + reads},
		"a correction of that":   {letter, []Entry{first, second}, part + noMore + ": essex/3 asks it, by 10 December 2021. essex/3 (6 October 2021)" + reads},
		"three one of another":   {letter, []Entry{first, second, third}, part + noMore + ": essex/4 asks it, by 13 December 2021. essex/4 (7 October 2021)" + reads},
		"its day has passed too": {letter, []Entry{first, corrects("essex/3", "2021-10-06", "2021-10-08", "essex/2")}, part + noMore + ": essex/3 asks it, by 8 October 2021. essex/3 (6 October 2021)" + reads},
		"it insists": {
			letter,
			[]Entry{say("essex/2", "2021-10-05", onBehalfOf("north"), send("2021-12-09", must), amends("essex/1"))},
			part + noMore + ": essex/2 insists on it, by 9 December 2021. essex/2 (5 October 2021)" + reads,
		},
		"in part of the area": {
			letter,
			[]Entry{say("essex/2", "2021-10-05", on("north", "engage", refuse, in("A")), send("2021-12-09"), amends("essex/1"))},
			part + "Its line on “Engage” (engage), in area:A, was amended by essex/2 from 5 October 2021; what stands there now is essex/2. " + noMore + ", in area:A: essex/2 asks it, by 9 December 2021.",
		},
		"of some of its readers": {
			letter,
			[]Entry{say("essex/2", "2021-10-05", on("north", "engage", refuse, managers), send("2021-12-09"), amends("essex/1"))},
			part + "Its line on “Engage” (engage), of practice managers, was amended by essex/2 from 5 October 2021; what stands there now is essex/2. " + noMore + ", of practice managers: essex/2 asks it, by 9 December 2021. Of practice managers a later line stands: essex/2.",
		},
		"a correction of which another takes the place in part": {
			say("essex/2", "2021-10-05", onBehalfOf("north"), send("2021-12-09"), asksFor("ring", "2021-12-09", onMeasure("engage")), amends("essex/1")),
			[]Entry{letter, corrects("essex/3", "2021-10-06", "2021-12-10", "essex/2")},
			part + "It asks no more: send, by 9 December 2021: essex/3 asks it, by 10 December 2021. essex/3 (6 October 2021)" + reads,
		},
		"a correction of both": {
			say("essex/2", "2021-10-05", onBehalfOf("north"), send("2021-12-09"), asksFor("ring", "2021-12-09", onMeasure("engage")), amends("essex/1")),
			[]Entry{letter, say("essex/3", "2021-10-06", onBehalfOf("north"), send("2021-12-10"), amends("essex/1", "essex/2"))},
			part + "It asks no more: send, by 9 December 2021: essex/3 asks it, by 10 December 2021. essex/3 (6 October 2021)" + reads,
		},
		"what it corrected is asked again": {
			say("essex/2", "2021-10-05", on("north", "engage", refuse, until("2021-10-08")), on("north", "list", support), send("2021-12-09"), amends("essex/1")),
			[]Entry{letter},
			part + "Its line on “Engage” (engage) was valid until 8 October 2021; what stands there now is essex/1. It asks no more: send, by 9 December 2021: essex/1 asks it again, by 7 December 2021.",
		},
		"ended in part of it, and corrected in the rest": {
			letter,
			[]Entry{first, say("essex/3", "2021-10-06", on("north", "engage", support, in("A")), amends("essex/1"))},
			part + "Its line on “Engage” (engage), in area:A, was amended by essex/3 from 6 October 2021; what stands there now is essex/3. " + noMore + ": essex/2 asks it in area:B, by 9 December 2021. essex/2 (5 October 2021)" + reads,
		},
		"another line answers, with which it does not go": {
			letter,
			[]Entry{first, say("essex/3", "2021-10-06", on("north", "engage", support))},
			"It still stands. essex/2 (5 October 2021)" + reads, // and that a later line stands over it
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pageSays(t, c.of, append([]Entry{c.of}, c.later...), "2021-10-10"); got != c.want {
				t.Errorf("it says:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}

// pageSays is what the page of a letter says of where that stands, but for what stands over it as a whole.
func pageSays(t *testing.T, e Entry, all []Entry, day string) string {
	t.Helper()
	p := Prepare(t.Context(), all, register())
	end := p.EndOf(e, day, theMatter)
	if words := p.InPart(e, end.Committees, day, theMatter, func(*v1.AreaId) []string { return nil }); words != "" {
		return words + end.Besides
	}
	return end.Words
}

// A letter of which a newer one repeats the line was said to have that stand over it, and nobody who checked it learnt that
// another day is asked in the place of its own.
func TestALetterUnderALaterLineSaysWhichAsksInItsPlace(t *testing.T) {
	send := func(day string) func(*Entry) {
		return asksFor("send", day, onMeasure("engage"), by(practices))
	}
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse), send("2021-12-07"))
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse), send("2021-12-07"))
	repeats := say("essex/2", "2021-10-05", on("north", "engage", refuse))
	const asks = "It asks no more: send, by 7 December 2021: essex/3 asks it, by 9 December 2021. "
	const reads = "essex/3 (6 October 2021) corrects it and takes no position: read that too."
	right := func(of string) Entry {
		return say("essex/3", "2021-10-06", onBehalfOf(of), send("2021-12-09"), amends("essex/1"))
	}
	for name, c := range map[string]struct {
		of    Entry
		later []Entry
		want  string
	}{
		"corrected":         {letter, []Entry{repeats, right("north")}, "Nothing has ended it. A later line stands over it: essex/2. " + asks + reads},
		"not corrected":     {letter, []Entry{repeats}, "It still stands."},
		"by a turn":         {letter, []Entry{say("essex/2", "2021-10-07", on("north", "engage", support)), right("north")}, "It still stands. " + reads},
		"of one of several": {joint, []Entry{repeats, right("north")}, "It still stands in part. For north: a later line stands over it: essex/2. " + asks + reads},
		"for the other":     {joint, []Entry{repeats, right("south")}, "It still stands in part. For north: a later line stands over it: essex/2. For south: it asks no more: send, by 7 December 2021: essex/3 asks it, by 9 December 2021. " + reads},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pageSays(t, c.of, append([]Entry{c.of}, c.later...), "2021-10-10"); got != c.want {
				t.Errorf("it says:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}
