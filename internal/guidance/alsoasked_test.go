package guidance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// asksFor is an action of a letter: "send" by a day; empty: by none.
func asksFor(verb, day string, parts ...func(*v1.Action)) func(*Entry) {
	return func(e *Entry) {
		a := &v1.Action{Verb: verb}
		if day != "" {
			a.Due = &v1.Due{When: &v1.Due_Day{Day: day}}
		}
		for _, part := range parts {
			part(a)
		}
		e.Advisory.Actions = append(e.Advisory.Actions, a)
	}
}

// groupOf is the fourth word of a question, the group it is asked for.
func groupOf(s string) func(*Question) {
	words := append(strings.Fields(s), "")
	return func(q *Question) { q.Scope = words[3] }
}

// A duty with its day vanished from the page as soon as the LMC wrote again: a reminder, a
// newsletter, a line of its own beside what it had passed on. What has not ended is still asked.
func TestWhatAnEarlierLetterAsksStandsUntilItEnds(t *testing.T) {
	first := say("essex/1", "2021-10-20", on("north", "engage", refuse), asksFor("send the form", "2021-11-01"))
	toGroup := []Entry{
		say("essex/0", "2021-10-18", on("north", "engage", refuse)), say("essex/1", "2021-10-19", on("north", "engage", info, scopedTo("started")), asksFor("do not return it", "")),
		say("essex/2", "2021-10-25", on("north", "engage", support), replaces("essex/0"), asksFor("return it", "")),
	}
	for _, c := range []struct {
		name, asked, want string
		entries           []Entry
	}{
		{"a reminder", "north engage 2021-10-26", "send the form essex/1", []Entry{first, say("essex/2", "2021-10-25", on("north", "engage", refuse))}},
		{"a weaker word in the same direction", "north engage 2021-10-26", "send the form essex/1", []Entry{first, say("essex/2", "2021-10-25", on("north", "engage", caution))}},
		{"a newsletter before it", "north engage 2021-10-26", "sign essex/0; ring essex/0", []Entry{
			say("essex/0", "2021-10-19", on("north", "engage", info), asksFor("sign", ""), asksFor("ring", "2021-12-01")), say("essex/2", "2021-10-25", on("north", "engage", refuse)),
		}},
		{"a newsletter after it, on the whole", "north engage 2021-10-26", "ring essex/2", []Entry{
			say("essex/1", "2021-10-20", on("north", "engage", refuse)), say("essex/2", "2021-10-25", on("north", "", info), asksFor("ring", "")),
		}},
		{"a newsletter's action on a measure, seen on the whole", "north whole 2021-10-26", "count essex/1", []Entry{
			say("essex/0", "2021-10-19", on("north", "", refuse)), say("essex/1", "2021-10-20", on("north", "", info), asksFor("count", "", func(a *v1.Action) { a.Measure = "engage" })),
		}},
		{"an action on a measure with a line ahead that never answers, seen on the whole", "north whole 2021-10-26", "count essex/0 from 2021-11-01", []Entry{
			say("essex/0", "2021-10-19", on("north", "", refuse, from("2021-11-01")), asksFor("count", "", func(a *v1.Action) { a.Measure = "engage" })), say("essex/1", "2021-10-20", on("north", "", refuse)),
		}},
		{"the same, ended on that measure", "north whole 2021-10-26", "", []Entry{
			say("essex/0", "2021-10-19", on("north", "", support), asksFor("count", "", func(a *v1.Action) { a.Measure = "engage" })), say("essex/1", "2021-10-20", on("north", "", decides)), say("essex/2", "2021-10-21", on("north", "engage", refuse), amends("essex/0")),
		}},
		{"what it passed on, before a line of its own", "north engage 2021-10-26", "", []Entry{
			say("essex/0", "2021-10-19", on("north", "engage", info, relay), asksFor("sign", "")), say("essex/2", "2021-10-25", on("north", "engage", decides)),
		}},
		{"what it passed on, of the same direction", "north engage 2021-10-26", "do not sign essex/0", []Entry{
			say("kent/1", "2021-10-18", on("kent", "engage", refuse)),
			say("essex/0", "2021-10-19", on("north", "engage", info, relayOf("kent", "kent/1")), asksFor("do not sign", "")), say("essex/2", "2021-10-25", on("north", "engage", caution)),
		}},
		{"what it passed on, of another", "north engage 2021-10-26", "", []Entry{
			say("kent/1", "2021-10-18", on("kent", "engage", refuse)),
			say("essex/0", "2021-10-19", on("north", "engage", info, relayOf("kent", "kent/1")), asksFor("do not sign", "")), say("essex/2", "2021-10-25", on("north", "engage", support)),
		}},
		{"passed on, and passed on again the other way", "north engage 2021-10-26", "", []Entry{
			say("kent/1", "2021-10-18", on("kent", "engage", refuse)), say("kent/2", "2021-10-20", on("kent", "engage", support), replaces("kent/1")),
			say("essex/0", "2021-10-19", on("north", "engage", info, relayOf("kent", "kent/1")), asksFor("do not sign", "")), say("essex/2", "2021-10-25", on("north", "engage", info, relayOf("kent", "kent/2"))),
		}},
		{"of one who passes on another's, the same way", "north engage 2021-10-26", "do not sign essex/2", []Entry{
			say("essex/1", "2021-10-17", on("south", "engage", refuse)), say("kent/1", "2021-10-18", on("kent", "engage", info, relayOf("south", "essex/1"))),
			say("essex/2", "2021-10-19", on("north", "engage", info, relayOf("kent", "kent/1")), asksFor("do not sign", "")), say("essex/3", "2021-10-25", on("north", "engage", refuse)),
		}},
		// "Do not return the survey" of a newsletter stood beside "return the survey" after a change of mind.
		{"a newsletter from before the line turned", "north engage 2021-10-26", "", []Entry{
			say("essex/0", "2021-10-18", on("north", "engage", refuse)), say("essex/1", "2021-10-19", on("north", "engage", info), asksFor("do not return it", "")),
			say("essex/2", "2021-10-25", on("north", "engage", support), replaces("essex/0"), asksFor("return it", "")),
		}},
		{"refuse the plan, and leave the fund to practices", "north engage 2021-10-26", "", []Entry{
			say("essex/0", "2021-10-18", on("north", "", refuse), asksFor("decline", "")), say("essex/1", "2021-10-19", on("north", "engage", decides)),
		}},
		// A reminder without the template hid it, and one without the strength weakened a "must".
		{"asked again without the text", "north engage 2021-10-26", "send essex/0", []Entry{
			say("essex/0", "2021-10-18", on("north", "engage", refuse), asksFor("send", "", func(a *v1.Action) { a.Template = "Dear" })), say("essex/1", "2021-10-19", on("north", "engage", refuse), asksFor("send", "")),
		}},
		{"asked again with another text", "north engage 2021-10-26", "", []Entry{
			say("essex/0", "2021-10-18", on("north", "engage", refuse), asksFor("send", "", func(a *v1.Action) { a.Template = "Dear" })), say("essex/1", "2021-10-19", on("north", "engage", refuse), asksFor("send", "", func(a *v1.Action) { a.Template = "Dear all" })),
		}},
		{"asked again less strongly", "north engage 2021-10-26", "send essex/0", []Entry{
			say("essex/0", "2021-10-18", on("north", "engage", refuse), asksFor("send", "", func(a *v1.Action) { a.Strength = v1.ActionStrength_ACTION_STRENGTH_MUST })), say("essex/1", "2021-10-19", on("north", "engage", refuse), asksFor("send", "")),
		}},
		{"asked of all, seen by a group with a line of its own", "north engage 2021-10-26 started", "forward essex/0", []Entry{
			say("essex/0", "2021-10-18", on("north", "engage", info), asksFor("forward", "")), say("essex/1", "2021-10-19", on("north", "engage", support, scopedTo("started"))),
		}},
		{"asked of whoever is in no group, seen by a group", "north engage 2021-10-26 started", "", []Entry{
			say("essex/0", "2021-10-18", on("north", "engage", info), asksFor("forward", "", func(a *v1.Action) { a.Scope = GeneralScope })), say("essex/1", "2021-10-19", on("north", "engage", support, scopedTo("started"))),
		}},
		// A group that is told the general line was asked what was asked before that turned.
		{"a newsletter from before the line turned, seen by a group", "north engage 2021-10-26 started", "", []Entry{
			say("essex/0", "2021-10-18", on("north", "engage", refuse)), say("essex/1", "2021-10-19", on("north", "engage", info), asksFor("do not return it", "")),
			say("essex/2", "2021-10-25", on("north", "engage", support), replaces("essex/0"), asksFor("return it", "")),
		}},
		// A group whose own line stands was asked, until its first day, what a line ahead to all asks, which points the other way.
		{"with a line from a later day that will not answer the group", "north engage 2021-11-28 started", "", []Entry{
			say("essex/1", "2021-11-11", on("north", "engage", support, scopedTo("started"))),
			say("essex/2", "2021-11-20", on("north", "engage", refuse, from("2021-12-01")), asksFor("send back", "2021-12-08")),
		}},
		{"with a line from a later day that points as the group's does", "north engage 2021-11-28 started", "send back essex/2 from 2021-12-01", []Entry{
			say("essex/1", "2021-11-11", on("north", "engage", against, scopedTo("started"))),
			say("essex/2", "2021-11-20", on("north", "engage", refuse, from("2021-12-01")), asksFor("send back", "2021-12-08")),
		}},
		// In general a group was told to be asked what its own view did not ask of it any more.
		{"a newsletter to a group from before the line turned", "north engage 2021-10-26", "", toGroup},
		{"a newsletter to a group from before the line turned, seen by that", "north engage 2021-10-26 started", "", toGroup},
		{"a newsletter to a group, and a line that goes on", "north engage 2021-10-24", "do not return it essex/1", toGroup},
		{"said again in the same words", "north engage 2021-10-26", "", []Entry{first, say("essex/2", "2021-10-25", on("north", "engage", refuse), asksFor("send the form", "2021-11-01"))}},
		{"replaced", "north engage 2021-10-26", "", []Entry{first, say("essex/2", "2021-10-25", on("north", "engage", refuse), replaces("essex/1"))}},
		{"amended", "north engage 2021-10-26", "", []Entry{first, say("essex/2", "2021-10-25", on("north", "engage", caution), amends("essex/1"))}},
		{"withdrawn", "north engage 2021-10-26", "", []Entry{first, say("essex/2", "2021-10-25", on("north", "engage", refuse)), withdraw("essex/3", "essex/1", "2021-10-26")}},
		{"a line the other way, from an office that did not end it", "north engage 2021-10-26", "", []Entry{first, say("essex/2", "2021-10-25", on("north", "engage", support))}},
		{"what was due has passed", "north engage 2021-11-02", "", []Entry{first, say("essex/2", "2021-10-25", on("north", "engage", refuse))}},
		{"to other readers", "north engage 2021-10-26", "", []Entry{say("essex/1", "2021-10-20", on("north", "engage", refuse, pcns), asksFor("send the form", "")), say("essex/2", "2021-10-25", on("north", "engage", refuse))}},
		{"on another measure", "north engage 2021-10-26", "", []Entry{say("essex/1", "2021-10-20", on("north", "strike", refuse), asksFor("strike", "")), say("essex/2", "2021-10-25", on("north", "engage", refuse))}},
		// Notice by 30 November of what holds from 1 December was first shown on 1 December.
		{"with a line from a later day", "north engage 2021-11-28", "give notice essex/1 from 2021-12-01", []Entry{
			say("essex/1", "2021-11-20", on("north", "engage", against, from("2021-12-01")), asksFor("give notice", "2021-11-30")),
		}},
		// What was asked on a measure was told with a line on the whole matter that holds from a later day, and that never
		// answers on that measure.
		{"with a line from a later day that ends there before", "north whole 2021-11-01", "", []Entry{
			say("essex/1", "2021-10-20", on("north", "", against, from("2021-11-05")), asksFor("give notice", "2021-11-30", onMeasure("engage"))),
			say("essex/2", "2021-10-25", on("north", "engage", refuse), validSince("2021-11-05"), amends("essex/1")),
		}},
		{"with a line from a later day that ends on another measure", "north whole 2021-11-01", "give notice essex/1 from 2021-11-05", []Entry{
			say("essex/1", "2021-10-20", on("north", "", against, from("2021-11-05")), asksFor("give notice", "2021-11-30", onMeasure("engage"))),
			say("essex/2", "2021-10-25", on("north", "list", refuse), validSince("2021-11-05"), amends("essex/1")),
		}},
		// A form due the day after was first shown on the day on which its letter's line would have begun, where a newsletter had
		// said the same line since.
		{"with a line from a later day that a newer letter says already", "north engage 2021-11-28", "give notice essex/1 from 2021-12-15", []Entry{
			say("essex/1", "2021-11-20", on("north", "engage", refuse, from("2021-12-15")), asksFor("give notice", "2021-12-16")), say("essex/2", "2021-11-25", on("north", "engage", refuse)),
		}},
		{"with a line from a later day that a newer letter turns", "north engage 2021-11-28", "", []Entry{
			say("essex/1", "2021-11-20", on("north", "engage", refuse, from("2021-12-15")), asksFor("give notice", "2021-12-16")), say("essex/2", "2021-11-25", on("north", "engage", support)),
		}},
		{"with a line from a later day, the other way", "north engage 2021-11-28", "give notice essex/1 from 2021-12-01", []Entry{
			say("essex/0", "2021-11-19", on("north", "engage", support)),
			say("essex/1", "2021-11-20", on("north", "engage", against, from("2021-12-01")), asksFor("give notice", "2021-11-30")),
		}},
		{"with a line that waits", "north engage 2021-11-28", "send it back essex/1 once they ask", []Entry{
			say("essex/1", "2021-11-20", on("north", "engage", refuse, startsWhenever("they ask")), asksFor("send it back", "")),
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, of := range resolve(asked(c.asked, groupOf(c.asked)), c.entries, register())[0].GetAlsoAsked() {
				words := of.GetAction().GetVerb() + " " + of.GetAdvisory()
				if of.GetValidFrom() != "" {
					words += " from " + of.GetValidFrom()
				}
				if of.GetWaitsFor() != "" {
					words += " once " + of.GetWaitsFor()
				}
				got = append(got, words)
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("also asked: %q, want %q", got, c.want)
			}
		})
	}
}

// Two thousand letters, none of which ends another, ask a bounded number of things.
func TestWhatManyLettersAskIsBounded(t *testing.T) {
	var all []Entry
	for i := range 2000 {
		all = append(all, say(fmt.Sprint("essex/", i), "2021-10-20", on("north", "", refuse), asksFor(fmt.Sprint("do ", i), "", func(a *v1.Action) { a.Measure = "engage" })))
	}
	began := time.Now()
	if line := resolve(asked("north whole 2021-10-26"), all, register())[0]; len(line.GetAlsoAsked()) != ActionLimit || time.Since(began) > 5*time.Second {
		t.Errorf("on the whole matter %d are asked, in %v", len(line.GetAlsoAsked()), time.Since(began))
	}
	line := resolve(asked("north engage 2021-10-26"), all, register())[0]
	if len(line.GetAlsoAsked()) != ActionLimit || line.GetAlsoAsked()[0].GetAdvisory() != "essex/1998" {
		t.Errorf("%d are asked beside %v, the first by %s", len(line.GetAlsoAsked()), line.GetActions(), line.GetAlsoAsked()[0].GetAdvisory())
	}
}

// An amendment took "send the letter to the ICB" with it, and nobody who published it was told.
func TestAnEndingNamesWhatIsAskedNoMore(t *testing.T) {
	old := say("essex/1", "2021-10-20", on("north", "engage", refuse), on("north", "list", caution), asksFor("send the form", "", func(a *v1.Action) { a.Measure, a.Actors = "engage", []v1.Audience{practices} }), asksFor("check", "", func(a *v1.Action) { a.Measure = "list" }), asksFor("ring", ""))
	for name, c := range map[string]struct {
		letter *v1.Advisory
		want   string
	}{
		"amended on one measure":        {draft(on("north", "engage", against), amends("essex/1")), "It asks no more: send the form; ring, on engage."},
		"amended, and asked again":      {draft(on("north", "engage", against), amends("essex/1"), asksFor("send the form", "", func(a *v1.Action) { a.Measure = "engage" })), "It asks no more: ring, on engage."},
		"amended on all it speaks on":   {draft(on("north", "engage", against), on("north", "list", support), amends("essex/1")), "It asks no more: send the form; check; ring."},
		"replaced":                      {draft(on("north", "engage", against), replaces("essex/1")), "It asks no more: send the form; check; ring."},
		"amended where it asks nothing": {draft(on("north", "strike", against), amends("essex/1")), ""},
	} {
		_, _, ends, err := checkPublish(c.letter, essexToday(old))
		all := strings.Join(ends, "\n")
		if err != nil || c.want == "" && strings.Contains(all, "asks no more") || !strings.Contains(all, c.want) {
			t.Errorf("%s: %v, want %q, got %s", name, err, c.want, all)
		}
	}
	// Of two committees it is told for whom it ends, and another letter that asks the same goes on.
	joint := say("essex/1", "2021-10-20", on("north south", "engage", refuse), asksFor("send the form", "2021-12-04"))
	same := say("essex/2", "2021-10-21", on("north south", "engage", refuse), asksFor("send the form", "2021-12-04"))
	for name, c := range map[string]struct {
		standing []Entry
		want     bool
	}{"alone": {[]Entry{joint}, true}, "asked by another": {[]Entry{joint, same}, false}} {
		_, _, ends, err := checkPublish(draft(on("north", "engage", against), replaces("essex/1"), func(e *Entry) { e.Advisory.Issued = days("2021-10-30") }), essexToday(c.standing...))
		if got := strings.Contains(strings.Join(ends, "\n"), "It asks no more: send the form, by 4 December 2021"); c.want && (err != nil || !got) || !c.want && got {
			t.Errorf("%s: %v, %q", name, err, ends)
		}
	}
	_, _, ends, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", Visibility: public, Reason: "an error"}, essexToday(old))
	if err != nil || !strings.Contains(strings.Join(ends, "\n"), "It asks no more: send the form; check; ring.") {
		t.Errorf("withdrawn: %v, %q", err, ends)
	}
}

// Why a letter was withdrawn stood on the letter's page alone.
func TestWhoeverLosesALineIsToldWhyItWasWithdrawn(t *testing.T) {
	gone := withdraw("essex/2", "essex/1", "2021-10-21")
	gone.Withdrawal.Reason = "The board has not met."
	line := resolve(asked("north engage 2021-10-26"), []Entry{say("essex/1", "2021-10-20", on("north", "engage", refuse)), gone}, register())[0]
	if want := "was withdrawn from 21 October 2021 (essex/2): “The board has not met”."; !strings.Contains(line.GetWords(), want) {
		t.Errorf("got %s", line.GetWords())
	}
}

// A few letters, each as any office may publish it, led the rule from a question back to itself, and the
// process of every node that held them ended: what is asked of partners with a mention that is ahead was
// held against their line of the day of issue, of which nothing was told for what is ahead.
func TestNoQuestionLeadsBackToItself(t *testing.T) {
	ahead := say("essex/1", "2021-10-06", on("north", "engage", info, scopedTo("g1"), from("2021-11-05")))
	ahead.Advisory.Actions = []*v1.Action{{Verb: "sign", Matter: plan, Actors: []v1.Audience{partners}}}
	theirs := say("essex/2", "2021-10-11", on("north", "engage", against, scopedTo("g1")))
	theirs.Advisory.Positions[0].Audiences = []v1.Audience{partners}
	q := asked("north engage 2021-11-05")
	q.Scope = "g1"
	line := resolve(q, []Entry{ahead, theirs}, register())[0]
	if line.GetCurrent().GetAdvisory() != "essex/1" || len(line.GetActions()) != 1 {
		t.Errorf("got %v", line)
	}
}
