package guidance

import (
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A correction put another text in place of one, a may in place of a must, or a condition to it, and its preview did not say so; nor
// did that of its withdrawal that the old text, the must, or what was asked on no condition came back.
func TestThePreviewOfACorrectionAndOfItsEndSaysWhatIsAskedInAnotherWay(t *testing.T) {
	text := func(text string) func(*v1.Action) { return func(a *v1.Action) { a.Template = text } }
	strength := func(s v1.ActionStrength) func(*v1.Action) { return func(a *v1.Action) { a.Strength = s } }
	const must, may, plainly = v1.ActionStrength_ACTION_STRENGTH_MUST, v1.ActionStrength_ACTION_STRENGTH_MAY, v1.ActionStrength_ACTION_STRENGTH_ASKED
	lease := func(a *v1.Action) { a.Condition = "Only if you hold a lease." }
	reply := func(day string, more []func(*v1.Action)) func(*Entry) {
		return asksFor("reply", day, append([]func(*v1.Action){onMeasure("engage"), by(practices), ofPlan}, more...)...)
	}
	for name, c := range map[string]struct {
		old, right  []func(*v1.Action)
		day         string // of the correction
		says, later string // when it is published, and withdrawn; empty: nothing
	}{
		"another text": {
			[]func(*v1.Action){text("At £12.")},
			[]func(*v1.Action){text("At £21.")},
			"2021-12-07",
			"It asks no more: reply, by 7 December 2021 (with its text): this asks it, with another text.",
			"It asks no more: reply, by 7 December 2021 (with its text): essex/1 asks it again, by 7 December 2021, with another text.",
		},
		"another text and day": {
			[]func(*v1.Action){text("At £12.")},
			[]func(*v1.Action){text("At £21.")},
			"2021-12-09",
			"It asks no more: reply, by 7 December 2021 (with its text): this asks it, with another text.",
			"It asks no more: reply, by 9 December 2021 (with its text): essex/1 asks it again, by 7 December 2021, with another text.",
		},
		"a text": {
			nil,
			[]func(*v1.Action){text("At £21.")},
			"2021-12-07",
			"It asks no more: reply, by 7 December 2021: this asks it, with a text.",
			"It asks no more: reply, by 7 December 2021 (with its text): essex/1 asks it again, by 7 December 2021, without its text.",
		},
		"the same text": {[]func(*v1.Action){text("At £12.")}, []func(*v1.Action){text("At £12.\n")}, "2021-12-07", "", ""},
		"a must left open": {
			[]func(*v1.Action){strength(must)},
			[]func(*v1.Action){strength(may)},
			"2021-12-07",
			"It asks no more: reply, by 7 December 2021: this leaves it open.",
			"It asks no more: reply, by 7 December 2021: essex/1 insists on it again, by 7 December 2021.",
		},
		"a must asked": {
			[]func(*v1.Action){strength(must)},
			[]func(*v1.Action){strength(plainly)},
			"2021-12-07",
			"It asks no more: reply, by 7 December 2021: this asks it, and insists on it no more.",
			"It asks no more: reply, by 7 December 2021: essex/1 insists on it again, by 7 December 2021.",
		},
		"asked, and not left open": {
			[]func(*v1.Action){strength(may)},
			[]func(*v1.Action){strength(plainly)},
			"2021-12-07",
			"It asks no more: reply, by 7 December 2021: this asks it, and leaves it open no more.",
			"It asks no more: reply, by 7 December 2021: essex/1 leaves it open again, by 7 December 2021.",
		},
		"on a condition": {
			nil,
			[]func(*v1.Action){lease},
			"2021-12-07",
			"It asks no more: reply, by 7 December 2021: this asks it, on the condition “Only if you hold a lease”.",
			"It asks no more: reply, by 7 December 2021: essex/1 asks it again, by 7 December 2021, without its condition “Only if you hold a lease”.",
		},
	} {
		old := say("essex/1", "2021-10-18", on("north", "engage", refuse), reply("2021-12-07", c.old))
		alone := draft(reply(c.day, c.right), amends("essex/1"))
		alone.OnBehalfOf, alone.Audiences = []string{"north"}, []v1.Audience{practices}
		for how, a := range map[string]*v1.Advisory{"by a request alone": alone, "with its line": draft(on("north", "engage", refuse), reply(c.day, c.right), amends("essex/1"))} {
			_, _, ends, err := checkPublish(a, essexToday(old))
			if got := strings.Join(ends, " "); err != nil || !strings.Contains(got, c.says) || c.says == "" && strings.Contains(got, "no more") {
				t.Errorf("%s, %s: %v, %q, want %q", name, how, err, got, c.says)
			}
			right := say("essex/2", "2021-10-19", reply(c.day, c.right), amends("essex/1"))
			right.Advisory.Positions, right.Advisory.OnBehalfOf = a.Positions, []string{"north"}
			known := essexToday(old, right)
			w := withdraw("essex/3", "essex/2", known.Today).Withdrawal
			if a != alone {
				w.Restores = []string{"essex/1"}
			}
			_, _, ends, err = checkWithdraw(w, known)
			if got := strings.Join(ends, " "); err != nil || !strings.Contains(got, c.later) || c.later == "" && strings.Contains(got, "no more") {
				t.Errorf("%s, %s, withdrawn: %v, %q, want %q", name, how, err, got, c.later)
			}
		}
	}
}

// A withdrawal was said to ask no more what a reminder goes on asking without the text, or asks and does not insist on: what another
// letter asks in quite the same way was left out.
func TestAWithdrawalSaysWhichLetterGoesOnAskingInAnotherWayWhatItAsks(t *testing.T) {
	must := func(a *v1.Action) { a.Strength = v1.ActionStrength_ACTION_STRENGTH_MUST }
	text := func(a *v1.Action) { a.Template = "No." }
	may := func(a *v1.Action) { a.Strength = v1.ActionStrength_ACTION_STRENGTH_MAY }
	lease := func(a *v1.Action) { a.Condition = "Only if you hold a lease." }
	ask := func(day string, more ...func(*v1.Action)) func(*Entry) {
		return asksFor("reply", day, append([]func(*v1.Action){onMeasure("engage"), by(practices)}, more...)...)
	}
	letter := say("essex/1", "2021-10-18", on("north", "engage", refuse), ask("2021-12-07", must, text))
	const reply = "It asks no more: reply, by 7 December 2021 (with its text)"
	for name, c := range map[string]struct {
		others []Entry
		want   string
	}{
		"a newsletter, without its text": {[]Entry{letter, say("essex/2", "2021-10-19", on("north", "engage", info), ask("2021-12-07", must))}, reply + ": essex/2 goes on asking it, without its text."},
		"a line, not as strongly":        {[]Entry{letter, say("essex/2", "2021-10-19", on("north", "engage", refuse), ask("2021-12-07", text))}, reply + ": essex/2 goes on asking it, and does not insist on it."},
		"left open":                      {[]Entry{letter, say("essex/2", "2021-10-19", on("north", "engage", refuse), ask("2021-12-07", text, may))}, reply + ": essex/2 goes on leaving it open."},
		"another day and a condition":    {[]Entry{letter, say("essex/2", "2021-10-19", on("north", "engage", info), ask("2021-12-09", must, text, lease))}, reply + ": essex/2 goes on asking it, by 9 December 2021, on the condition “Only if you hold a lease”."},
		"an insistent one of two":        {[]Entry{letter, say("essex/2", "2021-10-19", on("north", "engage", info), ask("2021-12-07")), say("essex/3", "2021-10-20", on("north", "engage", info), ask("2021-12-07", must))}, reply + ": essex/3 goes on asking it, without its text."},
		"of partners alone":              {[]Entry{letter, say("essex/2", "2021-10-19", on("north", "engage", info, partners), ask("2021-12-07", must, by(partners)))}, reply + ": essex/2 goes on asking it of GP partners, without its text."},
		"of an older line that turned":   {[]Entry{say("essex/0", "2021-10-17", on("north", "engage", support), ask("2021-12-07", must)), letter}, reply + ": essex/0 asks it, by 7 December 2021, without its text."},
		"in quite the same way":          {[]Entry{letter, say("essex/2", "2021-10-19", on("north", "engage", info), ask("2021-12-07", must, text))}, ""},
		"in other words":                 {[]Entry{letter, say("essex/2", "2021-10-19", on("north", "engage", info), asksFor("answer", "2021-12-07", must, onMeasure("engage"), by(practices)))}, reply + "."},
	} {
		known := essexToday(c.others...)
		got := preview(t, withdraw("essex/9", "essex/1", known.Today).Withdrawal, known)
		if !strings.Contains(got, c.want) || c.want == "" && strings.Contains(got, "asks no more") {
			t.Errorf("%s: %s, want %q", name, got, c.want)
		}
	}
}
