package guidance

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What a letter asked by a day stood unmarked on every page and list, though another that was here already ended before
// that what the letter corrected, or gave a group another line.
func TestWhatIsAskedNoMoreBeforeItIsDueSaysSoWhicheverLetterDoesThat(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", "2021-12-07"))
	corrects := say("essex/2", "2021-10-02", amends("essex/1"), asksFor("send", "2021-12-09", func(a *v1.Action) { a.Matter = plan }))
	for name, c := range map[string]struct {
		entries []Entry
		scope   string
		want    string
	}{
		"by nothing":                               {[]Entry{base, corrects}, "", ""},
		"what a correction corrects ends":          {[]Entry{base, corrects, say("essex/3", "2021-10-03", on("north", "engage", caution), amends("essex/1"), validSince("2021-12-08"))}, "", "essex/2 asks “send, by 9 December 2021” no more from 8 December 2021 on, by essex/3."},
		"on the day after it is due":               {[]Entry{base, corrects, say("essex/3", "2021-10-03", on("north", "engage", caution), amends("essex/1"), validSince("2021-12-10"))}, "", ""},
		"its letter is replaced":                   {[]Entry{base, say("essex/3", "2021-10-03", on("north", "engage", caution), replaces("essex/1"), validSince("2021-12-06"))}, "", ""}, // the line itself says that it ends
		"of an older letter beside a newer one":    {[]Entry{base, say("essex/2", "2021-10-02", on("north", "engage", refuse)), withdraw("essex/3", "essex/1", "2021-10-03", effective("2021-12-01"))}, "", "essex/1 asks “send, by 7 December 2021” no more from 1 December 2021 on, by essex/3."},
		"by a newer line that it does not go with": {[]Entry{base, say("essex/3", "2021-10-03", on("north", "engage", support, from("2021-12-01")))}, "", "essex/1 asks “send, by 7 December 2021” no more from 1 December 2021 on, by essex/3."},
		"by one that it goes with":                 {[]Entry{base, say("essex/3", "2021-10-03", on("north", "engage", caution, from("2021-12-01")))}, "", ""},
		"of a group, for all":                      {[]Entry{base, say("essex/3", "2021-10-03", on("north", "engage", support, scopedTo("paid"), from("2021-12-01")))}, "", "essex/1 asks “send, by 7 December 2021” no more of paid from 1 December 2021 on, by essex/3."},
		"of a group, for the group":                {[]Entry{base, say("essex/3", "2021-10-03", on("north", "engage", support, scopedTo("paid"), from("2021-12-01")))}, "paid", "essex/1 asks “send, by 7 December 2021” no more from 1 December 2021 on, by essex/3."},
		"asked again by another day":               {[]Entry{base, say("essex/3", "2021-10-03", on("north", "engage", caution), amends("essex/1"), validSince("2021-12-01"), asksFor("send", "2021-12-20"))}, "", ""},
		"with a letter's own last day":             {[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, until("2021-12-01")), asksFor("send", "2021-12-07"))}, "", ""}, // which stands with it
	} {
		var got []string
		for _, w := range warned(answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL, resolve(asked("north engage 2021-11-20", func(q *Question) { q.Scope = c.scope }), c.entries, register())[0].GetWarnings()) {
			got = append(got, w.GetWords())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Of a letter whose request would be stopped by what is here already, whoever verified it was told “It still stands” and
// no more.
func TestALetterSaysWhatItAsksNoMoreFromADayAheadOn(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", "2021-12-07"))
	corrects := say("essex/2", "2021-10-02", amends("essex/1"), asksFor("send", "2021-12-09", func(a *v1.Action) { a.Matter = plan }), func(e *Entry) { e.Advisory.OnBehalfOf = []string{"north"} })
	toGroup := say("essex/3", "2021-10-03", on("north", "engage", support, scopedTo("paid")), amends("essex/1"), validSince("2021-12-01"))
	turns := say("essex/3", "2021-10-03", on("north", "engage", caution), amends("essex/1"), validSince("2021-12-08"))
	for name, c := range map[string]struct {
		of   Entry
		all  []Entry
		want string
	}{
		"by what it corrects ending": {corrects, []Entry{base, corrects, turns}, "It asks “send, by 9 December 2021” no more from 8 December 2021 on, by essex/3."},
		"of a group":                 {base, []Entry{base, toGroup}, "It asks “send, by 7 December 2021” no more of paid from 1 December 2021 on, by essex/3."},
		"its own end":                {base, []Entry{base, say("essex/3", "2021-10-03", on("north", "engage", caution), amends("essex/1"), validSince("2021-12-01"))}, ""},
		"of some":                    {corrects, []Entry{base, corrects, say("essex/3", "2021-10-03", on("north", "engage", caution, in("A")), amends("essex/1"), validSince("2021-12-08"))}, "no more from 8 December 2021 on, by essex/3, of some of those whom it asks."},
		"by nothing":                 {corrects, []Entry{base, corrects}, ""},
	} {
		words := endOf(c.of, c.all, register(), "2021-11-20").Words
		if c.want == "" && strings.Contains(words, "no more") || !strings.Contains(words, c.want) {
			t.Errorf("%s: %s", name, words)
		}
	}
}

// A correction that takes hold on a later day, to a sooner one, was told to nobody until then; and what corrected had fallen due by the day on
// which another LMC's letter took hold, that was said to end it.
func TestASoonerDayThatIsSignedForLaterOnIsTold(t *testing.T) {
	send := func(day string) func(*Entry) { return asksFor("send", day, by(practices), ofPlan, onMeasure("engage")) }
	joint := say("essex/1", "2021-10-18", onBehalfOf("north", "south"), on("north south", "engage", refuse), send("2022-01-29"))
	sooner := say("essex/2", "2021-10-19", onBehalfOf("north", "south"), amends("essex/1"), validSince("2021-11-10"), send("2021-12-18"))
	norths := say("essex/3", "2021-10-20", onBehalfOf("north"), on("north", "engage", decides), validSince("2022-01-01"), replaces("essex/1"))
	says := func(day string, entries ...Entry) string {
		return strings.Join(warningTexts(warned(answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL, resolve(asked("south engage "+day), entries, register())[0].GetWarnings())), " ")
	}
	ahead := "essex/1 asks “send, by 29 January 2022 (a Saturday: offices may be shut)” no more from 10 November 2021 on, but by 18 December 2021 (a Saturday: offices may be shut) (essex/2)."
	for name, c := range map[string]struct {
		day     string
		entries []Entry
		want    string
	}{
		"alone":                        {"2021-10-25", []Entry{joint, sooner}, ahead},
		"with another LMC's":           {"2021-10-25", []Entry{joint, sooner, norths}, ahead},
		"once it holds":                {"2021-11-12", []Entry{joint, sooner, norths}, ""},
		"another LMC's alone":          {"2021-10-25", []Entry{joint, norths}, ""},
		"of a correction that is over": {"2021-10-25", []Entry{joint, say("essex/2", "2021-10-19", onBehalfOf("north", "south"), amends("essex/1"), send("2022-02-10")), withdraw("essex/3", "essex/2", "2021-10-20", effective("2021-11-07"))}, "essex/2 asks “send, by 10 February 2022” no more from 7 November 2021 on, but by 29 January 2022 (a Saturday: offices may be shut) (essex/1)."},
	} {
		if got := says(c.day, c.entries...); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What corrected a day was gone the day after, with its text, where what it had corrected was told with “that day has passed”.
func TestACorrectedRequestIsToldWhenItsDayHasPassedAsTheFirstWas(t *testing.T) {
	first := say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("send", "2021-10-22", by(practices), ofPlan, onMeasure("engage")))
	second := say("essex/2", "2021-10-19", onBehalfOf("north"), amends("essex/1"), asksFor("send", "2021-10-25", by(practices), ofPlan, onMeasure("engage")))
	for day, want := range map[string]string{"2021-10-25": "send 2021-10-25 essex/2", "2021-10-26": "send 2021-10-25 essex/2"} {
		if got := asksOn(resolve(asked("north engage "+day), []Entry{first, second}, register())[0]); got != want {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
}

// A must that another line asks in the same words, from the day on which the first ends, was told to end on that day.
func TestWhatAnotherLineGoesOnAskingIsNotSaidToEnd(t *testing.T) {
	give := asksFor("give notice", "2021-12-18", by(practices), ofPlan, onMeasure("engage"))
	first := say("essex/1", "2021-10-18", on("north", "engage", refuse), give)
	for name, c := range map[string]struct {
		entries []Entry
		want    string
	}{
		"a replacement that asks it too":       {[]Entry{first, say("essex/2", "2021-10-19", on("north", "engage", against), give, replaces("essex/1"), validSince("2021-12-10"))}, ""},
		"one that does not":                    {[]Entry{first, say("essex/2", "2021-10-19", on("north", "engage", against), replaces("essex/1"), validSince("2021-12-10"))}, "2021-12-10"},
		"one by another day":                   {[]Entry{first, say("essex/2", "2021-10-19", on("north", "engage", against), asksFor("give notice", "2021-12-17", by(practices), ofPlan, onMeasure("engage")), replaces("essex/1"), validSince("2021-12-10"))}, "2021-12-10"},
		"a line of its own, once another ends": {[]Entry{say("essex/1", "2021-10-18", on("north", "", refuse), on("north", "engage", against, until("2021-12-09")), give)}, ""},
		"a last day":                           {[]Entry{say("essex/1", "2021-10-18", on("north", "engage", refuse, until("2021-12-09")), give)}, "2021-12-10"},
	} {
		line := resolve(asked("north engage 2021-10-25"), c.entries, register())[0]
		if len(line.GetActions()) != 1 {
			t.Fatalf("%s: %v", name, line)
		}
		if got := EndsBeforeDue(line, "essex/1", line.GetCurrent().GetPosition().GetValidUntil(), line.GetActions()[0]); got != c.want {
			t.Errorf("%s: ends on %q, want %q", name, got, c.want)
		}
	}
}

// A correction that takes hold on a later day, and postpones what is asked, was told to nobody until then: the first day stood
// without a mark, and the letter's page named the correction and no day.
func TestADayThatIsPostponedLaterOnIsTold(t *testing.T) {
	send := func(day string, more ...func(*v1.Action)) func(*Entry) {
		return asksFor("send", day, append(more, by(practices), ofPlan, onMeasure("engage"))...)
	}
	first := say("essex/1", "2021-10-18", on("north", "engage", refuse), send("2021-12-10"))
	postpones := say("essex/2", "2021-10-19", onBehalfOf("north"), amends("essex/1"), validSince("2021-11-10"), send("2022-01-11"))
	const told = "asks “send, by 10 December 2021” no more from 10 November 2021 on, but "
	for name, c := range map[string]struct {
		day     string
		entries []Entry
		want    string
		mark    string
	}{
		"to a day":              {"2021-10-25", []Entry{first, postpones}, told + "by 11 January 2022 (essex/2)", "from 10 November 2021 on by 11 January 2022"},
		"once it holds":         {"2021-11-10", []Entry{first, postpones}, "", ""},
		"after it would be due": {"2021-10-25", []Entry{say("essex/1", "2021-10-18", on("north", "engage", refuse), send("2021-11-09")), postpones}, "", ""},
		"to no day": {
			"2021-10-25",
			[]Entry{first, say("essex/2", "2021-10-19", onBehalfOf("north"), amends("essex/1"), validSince("2021-11-10"), send("", func(a *v1.Action) { a.Due = nil }))},
			told + "without a day (essex/2)", "from 10 November 2021 on without a day",
		},
		"to a rule in words": {
			"2021-10-25",
			[]Entry{first, say("essex/2", "2021-10-19", onBehalfOf("north"), amends("essex/1"), validSince("2021-11-10"), send("", func(a *v1.Action) { a.Due = &v1.Due{When: &v1.Due_Rule{Rule: "a week after the call"}} }))},
			told + "a week after the call (essex/2)", "from 10 November 2021 on a week after the call",
		},
		"the same of others by a later day": {"2021-10-25", []Entry{first, say("essex/2", "2021-10-19", on("north", "engage", refuse), asksFor("send", "2022-01-11", by(pcns), ofPlan, onMeasure("engage"))), withdraw("essex/3", "essex/1", "2021-10-20", effective("2021-11-10"))}, "", ""},
		"the same by a later day too":       {"2021-10-25", []Entry{first, say("essex/2", "2021-10-19", on("north", "engage", refuse), send("2022-01-11")), withdraw("essex/3", "essex/1", "2021-10-20", effective("2021-11-10"))}, told + "by 11 January 2022 (essex/2)", "from 10 November 2021 on by 11 January 2022"},
	} {
		line := resolve(asked("north engage "+c.day), c.entries, register())[0]
		if got := strings.TrimPrefix(strings.Join(warningTexts(warned(answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL, line.GetWarnings())), " "), "essex/1 "); strings.TrimSuffix(got, ".") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		action := c.entries[0].Advisory.GetActions()[0]
		if got := strings.Join(turnWords(TurnsAhead(line, "essex/1", action)), " "); got != c.mark || EndsBeforeDue(line, "essex/1", "", action) != "" {
			t.Errorf("%s: marked %q, ends %q, want %q", name, got, EndsBeforeDue(line, "essex/1", "", action), c.mark)
		}
		if words := endOf(c.entries[0], c.entries, register(), c.day).Words; c.mark != "" && c.entries[len(c.entries)-1].Withdrawal == nil && !strings.Contains(words, "It "+c.want+".") {
			t.Errorf("%s: the letter's page says %q", name, words)
		}
	}
}

// Of a group that has a line of its own from a day ahead on, and is asked by another day with that, what was asked of all was
// marked to end, or not at all.
func TestADayThatAGroupHasLaterOnIsTold(t *testing.T) {
	send := func(day, scope string) func(*Entry) {
		return asksFor("send", day, by(practices), ofPlan, onMeasure("engage"), func(a *v1.Action) { a.Scope = scope })
	}
	first := say("essex/1", "2021-10-18", on("north", "engage", refuse), send("2021-12-10", ""))
	for name, c := range map[string]struct{ day, scope, by string }{
		"a sooner one": {"2021-11-20", "paid", "by 20 November 2021 (a Saturday: offices may be shut)"},
		"a later one":  {"2022-01-11", "paid", "by 11 January 2022"},
		"later, asked of all whom the letter is to": {"2022-01-11", "", "by 11 January 2022"},
	} {
		groups := say("essex/2", "2021-10-19", on("north", "engage", support, scopedTo("paid")), amends("essex/1"), validSince("2021-11-10"), send(c.day, c.scope))
		line := resolve(asked("north engage 2021-10-25"), []Entry{first, groups}, register())[0]
		got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL, line.GetWarnings()))
		if want := "essex/1 asks “send, by 10 December 2021” no more of paid from 10 November 2021 on, but " + c.by + " (essex/2)."; strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if got, want := strings.Join(turnWords(TurnsAhead(line, "essex/1", first.Advisory.GetActions()[0])), ", "), "from 10 November 2021 on "+c.by+" for paid"; got != want {
			t.Errorf("%s: marked %q, want %q", name, got, want)
		}
	}
}

func turnWords(turns []Turn) (words []string) {
	for _, of := range turns {
		words = append(words, of.Words)
	}
	return words
}
