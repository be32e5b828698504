package guidance

import (
	"slices"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// told is all that a line says in words, and all that it asks, with of whom and from when.
func told(q Question, entries []Entry) string {
	line := resolve(q, entries, register())[0]
	all := []string{line.GetWords()}
	for _, a := range line.GetActions() {
		all = append(all, "Asked: "+a.GetVerb()+".")
	}
	for _, of := range line.GetAlsoAsked() {
		words := "Also asked: " + of.GetAction().GetVerb()
		if who := AudiencesWords(of.GetAction().GetActors()); who != "" {
			words += ", of " + who
		}
		if group := of.GetAction().GetScope(); group != "" {
			words += ", for " + group
		}
		if of.GetValidFrom() != "" {
			words += ", from " + of.GetValidFrom()
		}
		if of.GetWaitsFor() != "" {
			words += ", once " + of.GetWaitsFor()
		}
		all = append(all, words+".")
	}
	for _, part := range line.GetPartLines() {
		for _, a := range part.GetActions() {
			all = append(all, "Part asked: "+a.GetVerb()+".")
		}
	}
	return strings.Join(all, " ")
}

// A line for a group or for partners that holds from a later day, or waits, was nowhere to be seen, and
// neither was what had to be done before that day; what waits was told to others as if it held.
func TestWhatWillHoldForSomeIsToldBeforeItDoes(t *testing.T) {
	group := say("essex/1", "2021-10-01", on("north", "engage", support, scopedTo("started"), from("2021-12-05")), asksFor("connect", "2021-12-04"))
	part := say("essex/1", "2021-10-01", on("north", "engage", support, partners, from("2021-12-05")), asksFor("connect", "2021-12-04"))
	waits := say("essex/1", "2021-10-01", on("north", "engage", support, scopedTo("started"), startsWhenever("it is signed")), asksFor("connect", ""))
	partWaits := say("essex/1", "2021-10-01", on("north", "engage", support, partners, startsWhenever("it is signed")), asksFor("connect", ""))
	areaWaits := say("essex/1", "2021-10-01", on("north", "engage", support, in("A"), startsWhenever("it is signed")), asksFor("connect", ""))
	general := say("essex/2", "2021-10-10", on("north", "engage", refuse), asksFor("disconnect", "2021-12-01"))
	before := say("essex/0", "2021-09-20", on("north", "engage", refuse), asksFor("disconnect", "2021-12-01"))
	started := groupOf("north engage 2021-11-28 started")
	for name, c := range map[string]struct {
		q       Question
		entries []Entry
		want    []string
		not     string
	}{
		"a group, asked in general":                {asked("north engage 2021-11-28"), []Entry{group}, []string{"from 5 December 2021: support (essex/1)", "Also asked: connect, for started, from 2021-12-05."}, ""},
		"a group, asked for it":                    {asked("north engage 2021-11-28", started), []Entry{group}, []string{"nothing on this that is in force yet. From 5 December 2021: support (essex/1).", "Also asked: connect, from 2021-12-05."}, "nothing published"},
		"a group beside a general line":            {asked("north engage 2021-11-28"), []Entry{group, general}, []string{"advises you to refuse", "from 5 December 2021: support (essex/1)", "Asked: disconnect.", "Also asked: connect, for started, from 2021-12-05."}, ""},
		"a group, asked for it, under the general": {asked("north engage 2021-11-28", started), []Entry{group, general}, []string{"advises you to refuse", "From 5 December 2021: support (essex/1).", "Asked: disconnect.", "Also asked: connect, from 2021-12-05."}, ""},
		"both ahead, asked for the group":          {asked("north engage 2021-11-28", started), []Entry{group, say("essex/2", "2021-10-10", on("north", "engage", refuse, from("2021-12-06")))}, []string{"For started, from 5 December 2021: support (essex/1).", "In general, from 6 December 2021: refuse (essex/2)."}, ""},
		"a group, on the day":                      {asked("north engage 2021-12-05"), []Entry{group, general}, []string{"For started, north LMC supports"}, "from 5 December"},
		"a group, when that has been withdrawn":    {asked("north engage 2021-11-28"), []Entry{group, general, withdraw("essex/3", "essex/1", "2021-10-11", effective("2021-12-01"))}, nil, "December"},
		"partners":                                 {asked("north engage 2021-11-28"), []Entry{part}, []string{"To GP partners, from 5 December 2021: support (essex/1)", "Also asked: connect, of GP partners, from 2021-12-05."}, ""},
		"partners, under a general line":           {asked("north engage 2021-11-28"), []Entry{part, before}, []string{"advises you to refuse", "To GP partners, from 5 December 2021: support (essex/1)", "Also asked: connect, of GP partners, from 2021-12-05."}, ""},
		"partners, asked by themselves":            {asked("north engage 2021-11-28", partners), []Entry{part, before}, []string{"advises you to refuse", "From 5 December 2021: support (essex/1)", "Also asked: connect, from 2021-12-05."}, ""},
		"partners, replaced before it holds":       {asked("north engage 2021-11-28"), []Entry{part, before, say("essex/3", "2021-10-11", on("north", "list", refuse), replaces("essex/1"), validSince("2021-12-01"))}, nil, "5 December"},
		"a group that waits":                       {asked("north engage 2021-11-28"), []Entry{waits}, []string{"once it is signed: support (essex/1)", "Also asked: connect, for started, once it is signed."}, ""},
		"a group that waits, asked for it":         {asked("north engage 2021-11-28", started), []Entry{waits}, []string{"in force yet. Waiting: support once it is signed (essex/1)."}, "nothing published"},
		"partners who wait":                        {asked("north engage 2021-11-28"), []Entry{partWaits}, []string{"To GP partners, once it is signed: support (essex/1)", "Also asked: connect, of GP partners, once it is signed."}, ""},
		"partners who wait, under a general line":  {asked("north engage 2021-11-28"), []Entry{partWaits, before}, []string{"To GP partners, once it is signed: support (essex/1)"}, ""},
		"an area that waits":                       {asked("north engage 2021-11-28", code("B")), []Entry{areaWaits}, []string{"once it is signed: support (essex/1)"}, "In A: support"},
	} {
		got := told(c.q, c.entries)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: told %q, without %q", name, got, want)
			}
		}
		if c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: told %q", name, got)
		}
	}
}

// What a letter to partners asks by a day was gone from the practice's page when a letter to all of a
// practice took the same line, which ends nothing; whoever published that was told of nothing either.
func TestWhatPartnersAreAskedStaysBesideALineToAll(t *testing.T) {
	old := say("essex/1", "2021-10-01", on("north", "engage", refuse, partners), asksFor("give notice", "2021-12-12", func(a *v1.Action) { a.Template = "Dear" }))
	again := say("essex/2", "2021-10-10", on("north", "engage", refuse))
	for name, c := range map[string]struct {
		q       Question
		entries []Entry
		want    bool
	}{
		"seen by practices":          {asked("north engage 2021-11-28"), []Entry{old, again}, true},
		"seen by managers":           {asked("north engage 2021-11-28", managers), []Entry{old, again}, false},
		"the other way":              {asked("north engage 2021-11-28"), []Entry{old, say("essex/2", "2021-10-10", on("north", "engage", support))}, false},
		"when it is due no more":     {asked("north engage 2021-12-13"), []Entry{old, again}, false},
		"when it has been withdrawn": {asked("north engage 2021-11-28"), []Entry{old, again, withdraw("essex/3", "essex/1", "2021-10-11")}, false},
	} {
		if got := told(c.q, c.entries); strings.Contains(got, "Also asked: give notice, of GP partners.") != c.want {
			t.Errorf("%s: told %q", name, got)
		}
	}
	got := warned(answersv1.WarningCode_WARNING_CODE_GOES_ON_ASKING, warnedOf(draft(on("north", "engage", refuse)), old))
	if !slices.ContainsFunc(got, func(w *answersv1.Warning) bool {
		return w.GetEntry() == "essex/1" && strings.Contains(w.GetQuote(), "give notice")
	}) {
		t.Errorf("whoever publishes is told %v", got)
	}
}

// A refusal from 5 December, replaced from the 1st by a letter that was withdrawn since, was announced
// with its duty, though on the 5th there is no line.
func TestALineThatHasEndedBeforeItHoldsIsNotAnnounced(t *testing.T) {
	ahead := say("essex/1", "2021-11-01", on("north", "engage", refuse, from("2021-12-05")), asksFor("shut", "2021-12-08"))
	instead := say("essex/2", "2021-11-10", on("north", "engage", support), replaces("essex/1"), validSince("2021-12-01"))
	gone := withdraw("essex/3", "essex/2", "2021-11-12")
	for name, c := range map[string]struct {
		entries []Entry
		want    bool
	}{
		"alone":                          {[]Entry{ahead}, true},
		"replaced before, and that gone": {[]Entry{ahead, instead, gone}, false},
		"replaced before":                {[]Entry{ahead, instead}, false},
		"restored":                       {[]Entry{ahead, instead, withdraw("essex/3", "essex/2", "2021-11-12", restores("essex/1"))}, true},
		"withdrawn from a day before":    {[]Entry{ahead, withdraw("essex/2", "essex/1", "2021-11-12", effective("2021-12-01"))}, false},
		"withdrawn from a day after":     {[]Entry{ahead, withdraw("essex/2", "essex/1", "2021-11-12", effective("2021-12-06"))}, true},
	} {
		got := told(asked("north engage 2021-11-28"), c.entries)
		if strings.Contains(got, "From 5 December 2021: refuse") != c.want || strings.Contains(got, "Also asked: shut") != c.want {
			t.Errorf("%s: told %q", name, got)
		}
	}
	for name, c := range map[string]struct {
		entries []Entry
		want    string
	}{
		"replaced before it holds": {[]Entry{ahead, instead, gone}, "It ends before it would hold, from 5 December 2021 on: replaced by essex/2 from 1 December 2021."},
		"amended on that day":      {[]Entry{say("essex/1", "2021-11-01", on("north", "engage", refuse)), say("essex/2", "2021-11-10", on("north", "engage", support), amends("essex/1"), validSince("2021-12-05"))}, "It still stands. On 5 December 2021 it ends, by essex/2."},
		"amended for one committee": {
			[]Entry{say("essex/1", "2021-11-01", on("north south", "engage", refuse)), say("essex/2", "2021-11-10", on("north", "engage", support), amends("essex/1"), validSince("2021-12-05"))},
			"It still stands. On 5 December 2021 it ends for north, by essex/2.",
		},
		"amended on one measure": {
			[]Entry{say("essex/1", "2021-11-01", on("north", "engage", refuse), on("north", "list", refuse)), say("essex/2", "2021-11-10", on("north", "engage", support), amends("essex/1"), validSince("2021-12-05"))},
			"It still stands. On 5 December 2021 it gives way in part, by essex/2.",
		},
		"amended where it says nothing": {[]Entry{say("essex/1", "2021-11-01", on("north", "engage", refuse)), say("essex/2", "2021-11-10", on("north", "list", support), amends("essex/1"), validSince("2021-12-05"))}, "It still stands."},
	} {
		if got := endOf(c.entries[0], c.entries, register(), "2021-11-28").Words; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A group was asked what goes with a line for all that ends before it would hold.
func TestAGroupIsNotAskedWhatGoesWithALineThatNeverHolds(t *testing.T) {
	never := say("essex/2", "2021-10-11", on("north", "engage", refuse, from("2021-11-05")))
	never.Advisory.Actions = []*v1.Action{{Verb: "sign", Matter: plan}}
	entries := []Entry{say("essex/1", "2021-10-06", on("north", "engage", refuse, scopedTo("g1"))), never}
	q := asked("north engage 2021-10-26")
	q.Scope = "g1"
	asks := func() []*answersv1.StandingRequest { return resolve(q, entries, register())[0].GetAlsoAsked() }
	if len(asks()) != 1 {
		t.Fatalf("got %v", asks())
	}
	entries = append(entries, say("essex/3", "2021-10-12", on("north", "engage", refuse), validSince("2021-11-05"), amends("essex/2")))
	if got := asks(); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

// What amends a letter until a day before its line begins hid the announcement of that line.
func TestAnAmendmentThatIsOverBeforeALineBeginsHidesNotThatItWill(t *testing.T) {
	ahead := say("essex/1", "2021-10-01", on("north", "engage", refuse, from("2021-12-01")))
	until := func(day string) func(*v1.Position) { return func(p *v1.Position) { p.ValidUntil = day } }
	for name, c := range map[string]struct {
		amends Entry
		more   []Entry
		want   string
	}{
		"over before":           {say("essex/2", "2021-10-02", on("north", "engage", support, until("2021-11-15")), amends("essex/1")), nil, "essex/1"},
		"over on the day":       {say("essex/2", "2021-10-02", on("north", "engage", support, until("2021-11-30")), amends("essex/1")), nil, "essex/1"},
		"not over by then":      {say("essex/2", "2021-10-02", on("north", "engage", support, until("2021-12-01")), amends("essex/1")), nil, ""},
		"without a last day":    {say("essex/2", "2021-10-02", on("north", "engage", support), amends("essex/1")), nil, ""},
		"and withdrawn besides": {say("essex/2", "2021-10-02", on("north", "engage", support, until("2021-11-15")), amends("essex/1")), []Entry{withdraw("essex/3", "essex/1", "2021-10-05")}, ""},
	} {
		line := resolve(asked("north engage 2021-10-10"), append([]Entry{ahead, c.amends}, c.more...), register())[0]
		got := ""
		for _, s := range line.GetNotYet() {
			got += s.GetAdvisory()
		}
		if got != c.want || line.GetCurrent().GetAdvisory() != "essex/2" || strings.Contains(line.GetWords(), "From 1 December 2021: refuse (essex/1)") != (c.want != "") {
			t.Errorf("%s: ahead %q, want %q: %s", name, got, c.want, line.GetWords())
		}
	}
}

// A letter that will hold from a day ahead, and that something here restores by then, was announced to nobody.
func TestWhatIsRestoredBeforeItsFirstDayIsAnnounced(t *testing.T) {
	ahead := say("essex/1", "2021-10-01", on("north", "engage", refuse), validSince("2021-11-09"))
	replaced := say("essex/2", "2021-10-02", on("north", "list", refuse), replaces("essex/1"))
	again := withdraw("essex/3", "essex/2", "2021-10-03", effective("2021-11-06"), func(e *Entry) { e.Withdrawal.Restores = []string{"essex/1"} })
	line := resolve(asked("north engage 2021-11-01"), []Entry{ahead, replaced, again}, register())[0]
	if got := line.GetNotYet(); len(got) != 1 || got[0].GetAdvisory() != "essex/1" {
		t.Errorf("announced is %v", got)
	}
	if got := resolve(asked("north engage 2021-11-01"), []Entry{ahead, replaced}, register())[0].GetNotYet(); len(got) != 0 {
		t.Errorf("what is not restored is announced: %v", got)
	}
}
