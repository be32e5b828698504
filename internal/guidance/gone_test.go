package guidance

import (
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const salaried = v1.Audience_AUDIENCE_SALARIED_AND_LOCUM_GPS

// A group whose line had lapsed read that nothing here advised it, and beneath that what the general line
// asks; so did part of the readers, whose own line had.
func TestWhereALineLapsedNothingIsAskedThatStandsWithAnother(t *testing.T) {
	breach := effect(&v1.DatedEffect{Effect: wouldBreach, ValidFrom: "2021-12-11"})
	group := say("essex/1", "2021-11-01", on("north", "engage", support), on("north", "engage", support, scopedTo("apms"), until("2021-12-10"), breach), asksFor("welcome it", "2021-12-20", onMeasure("engage")))
	part := say("essex/1", "2021-11-01", on("north", "engage", support), on("north", "engage", support, salaried, until("2021-12-10"), breach), asksFor("welcome it", "2021-12-20", onMeasure("engage")))
	apms := func(q *Question) { q.Scope = "apms" }
	for name, c := range map[string]struct {
		q       Question
		entries []Entry
		want    string
	}{
		"a group, while its line holds":          {asked("north engage 2021-12-10", apms), []Entry{group}, "welcome it essex/1"},
		"a group":                                {asked("north engage 2021-12-11", apms), []Entry{group}, ""},
		"whoever is in none":                     {asked("north engage 2021-12-11"), []Entry{group}, "welcome it essex/1"},
		"a group, by a letter the other way":     {asked("north engage 2021-12-11", apms), []Entry{say("essex/0", "2021-10-30", on("north", "engage", refuse), asksFor("send it back", "")), group}, ""},
		"a group, of what is ahead in general":   {asked("north engage 2021-12-11", apms), []Entry{group, say("essex/2", "2021-11-02", on("north", "engage", support, from("2021-12-15")), asksFor("count", ""))}, ""},
		"a group, of what is ahead for it":       {asked("north engage 2021-12-11", apms), []Entry{group, say("essex/2", "2021-11-02", on("north", "engage", refuse, scopedTo("apms"), from("2021-12-15")), asksFor("count", ""))}, "count essex/2"},
		"a group, of what only informs":          {asked("north engage 2021-12-11", apms), []Entry{group, say("essex/2", "2021-11-02", on("north", "engage", info), asksFor("read it", ""))}, "read it essex/2"},
		"a group, of an older line of its own":   {asked("north engage 2021-12-11", apms), []Entry{say("essex/0", "2021-10-30", on("north", "engage", refuse, scopedTo("apms")), asksFor("send it back", "")), group}, ""},
		"part of the readers, while it holds":    {asked("north engage 2021-12-10", salaried), []Entry{part}, "welcome it essex/1"},
		"part of the readers":                    {asked("north engage 2021-12-11", salaried), []Entry{part}, ""},
		"part of the readers, by name, for all":  {asked("north engage 2021-12-11"), []Entry{say("essex/0", "2021-10-30", on("north", "engage", support), asksFor("sign", "", by(salaried))), say("essex/1", "2021-11-01", on("north", "engage", support, salaried, until("2021-12-10"), breach))}, ""},
		"on the whole matter, where it is asked": {asked("north whole 2021-12-11", apms), []Entry{say("essex/0", "2021-10-30", on("north", "", support), asksFor("welcome it", "", onMeasure("engage"))), group}, ""},
	} {
		if got := toDo(c.q, c.entries); got != c.want {
			t.Errorf("%s: asked %q, want %q", name, got, c.want)
		}
	}
	line := resolve(asked("north engage 2021-12-11", apms), []Entry{group}, register())[0]
	if !strings.Contains(line.GetWords(), "nothing here advises it") {
		t.Error(line.GetWords())
	}
}

func onMeasure(id string) func(*v1.Action) {
	return func(a *v1.Action) { a.Matter, a.Measure = plan, id }
}

// What another letter to managers had amended was still told, as asked of managers, to whoever asked as partners
// or networks, and to practices no more.
func TestWhatIsAskedOfOthersAloneEndsForWhoeverAsks(t *testing.T) {
	joint := say("essex/1", "2021-11-01", on("north", "engage", refuse, practices, pcns), asksFor("send the list", "", by(managers)))
	theirs := say("essex/2", "2021-11-05", on("north", "engage", support, managers), amends("essex/1"))
	for name, c := range map[string]struct {
		q       Question
		entries []Entry
		want    string
	}{
		"before, as practices": {asked("north engage 2021-11-06"), []Entry{joint}, "send the list essex/1"},
		"before, as partners":  {asked("north engage 2021-11-06", partners), []Entry{joint}, "send the list essex/1"},
		"as practices":         {asked("north engage 2021-11-06"), []Entry{joint, theirs}, ""},
		"as managers":          {asked("north engage 2021-11-06", managers), []Entry{joint, theirs}, ""},
		"as partners":          {asked("north engage 2021-11-06", partners), []Entry{joint, theirs}, ""},
		"as networks":          {asked("north engage 2021-11-06", pcns), []Entry{joint, theirs}, ""},
		"of partners too, as networks": {
			asked("north engage 2021-11-06", pcns),
			[]Entry{say("essex/1", "2021-11-01", on("north", "engage", refuse, practices, pcns), asksFor("send the list", "", by(managers, partners))), theirs},
			"send the list essex/1",
		},
		"of practices, as partners": {
			asked("north engage 2021-11-06", partners),
			[]Entry{say("essex/1", "2021-11-01", on("north", "engage", refuse), asksFor("send the list", "", by(practices))), theirs},
			"send the list essex/1",
		},
		"of those to whom the letter takes no line": {
			asked("north engage 2021-11-06", partners),
			[]Entry{say("essex/1", "2021-11-01", on("north", "engage", refuse, partners), asksFor("send the list", "", by(managers))), theirs},
			"send the list essex/1",
		},
	} {
		if got := toDo(c.q, c.entries); got != c.want {
			t.Errorf("%s: asked %q, want %q", name, got, c.want)
		}
	}
}

// Partners whose own letter had been withdrawn, after it had amended the line for all, have no line: the page
// of practices said nothing of it.
func TestPartOfTheReadersThatTheLineForAllDoesNotReachIsTold(t *testing.T) {
	all := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send the refusal", ""))
	theirs := say("essex/2", "2021-10-05", on("north", "engage", caution, partners), amends("essex/1"))
	gone := withdraw("essex/3", "essex/2", "2021-10-10")
	both := say("essex/2", "2021-10-05", on("north", "engage", caution, partners, managers), amends("essex/1"))
	group := say("essex/4", "2021-10-12", on("north", "engage", against, scopedTo("started")))
	none := "To GP partners, north LMC has no line: its advice (essex/2) was withdrawn from 10 October 2021 (essex/3)."
	for name, c := range map[string]struct {
		q       Question
		entries []Entry
		want    string
	}{
		"while it stands":            {asked("north engage 2021-10-09"), []Entry{all, theirs, gone}, "To GP partners: caution (essex/2)."},
		"withdrawn":                  {asked("north engage 2021-10-10"), []Entry{all, theirs, gone}, none},
		"seen in an area":            {asked("north engage 2021-10-10", code("A")), []Entry{all, theirs, gone}, none},
		"of partners and managers":   {asked("north engage 2021-10-10"), []Entry{all, both, gone}, none + " To practice managers, north LMC has no line: its advice (essex/2) was withdrawn from 10 October 2021 (essex/3)."},
		"seen by them":               {asked("north engage 2021-10-10", partners), []Entry{all, theirs, gone}, ""},
		"where nothing answers":      {asked("north engage 2021-10-10"), []Entry{say("essex/2", "2021-10-05", on("north", "engage", caution, partners)), gone}, ""},
		"restored":                   {asked("north engage 2021-10-10"), []Entry{all, theirs, withdraw("essex/3", "essex/2", "2021-10-10", restores("essex/1"))}, ""},
		"an older line answers them": {asked("north engage 2021-10-10"), []Entry{say("essex/0", "2021-09-30", on("north", "engage", support)), all, theirs, gone}, "To GP partners: support (essex/0)."},
		"an older mention answers them, on the whole matter": {asked("north engage 2021-10-10"), []Entry{say("essex/0", "2021-09-30", on("north", "", info)), all, both, gone}, "To GP partners: information only (essex/0, on the whole matter). To practice managers: information only (essex/0, on the whole matter)."},
		"beside a group": {asked("north engage 2021-10-12"), []Entry{all, theirs, gone, group}, none},
	} {
		if got := toldOthers(t, c.q, c.entries, register()); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if got := toDo(asked("north engage 2021-10-10", partners), []Entry{all, theirs, gone}); got != "" {
		t.Errorf("partners are asked %q", got)
	}
}

// Of a group it is the same, where what is asked is asked of all: it was told to the group what had ended for
// managers, and not told what managers of the group were still asked.
func TestWhatIsAskedOfAllByNameIsHeldInAGroupAgainstWhatAnswersThemThere(t *testing.T) {
	started := func(q *Question) { q.Scope = "started" }
	joint := say("essex/1", "2021-11-01", on("north", "engage", refuse), asksFor("send the list", "", by(managers)))
	group := say("essex/2", "2021-11-02", on("north", "engage", against, scopedTo("started")))
	amended := say("essex/3", "2021-11-05", on("north", "engage", caution, managers), amends("essex/1"))
	for name, c := range map[string]struct {
		entries []Entry
		want    string
	}{
		"of the group too":       {[]Entry{joint, group}, "send the list essex/1"},
		"amended for managers":   {[]Entry{joint, group, amended}, ""},
		"managers of it as well": {[]Entry{joint, group, say("essex/4", "2021-11-06", on("north", "engage", caution, managers, scopedTo("started")))}, "send the list essex/1"},
		"managers of it not":     {[]Entry{joint, group, say("essex/4", "2021-11-06", on("north", "engage", support, managers, scopedTo("started")))}, ""},
	} {
		for _, reader := range []v1.Audience{practices, managers} {
			if got := toDo(asked("north engage 2021-11-07", started, reader), c.entries); got != c.want {
				t.Errorf("%s, as %s: asked %q, want %q", name, AudienceWords(reader), got, c.want)
			}
		}
	}
}

// A group whose own line was over, where nothing is said in general, read that nothing was published on it.
func TestAGroupWhoseLineEndedIsToldThatAndByWhatAndSinceWhen(t *testing.T) {
	started := scopedTo("started")
	group := func(q *Question) { q.Scope = "started" }
	own := say("essex/1", "2021-10-01", on("north", "engage", support, started))
	expires := say("essex/1", "2021-10-01", on("north", "engage", support, started, until("2021-10-20")))
	general := say("essex/2", "2021-10-02", on("north", "engage", refuse))
	for name, c := range map[string]struct {
		entries []Entry
		want    string
	}{
		"expired":   {[]Entry{expires}, "For started, north LMC has no line: its advice (essex/1) was valid until 20 October 2021."},
		"withdrawn": {[]Entry{own, withdraw("essex/2", "essex/1", "2021-10-10")}, "For started, north LMC has no line: its advice (essex/1) was withdrawn from 10 October 2021 (essex/2)."},
		"replaced":  {[]Entry{own, say("essex/2", "2021-10-05", on("north", "list", refuse), replaces("essex/1"))}, "For started, north LMC has no line on this: its advice (essex/1) was replaced from 5 October 2021 by essex/2, which does not cover it."},
		// It was said not to cover what it had covered, before it was withdrawn.
		"replaced ahead, by what was withdrawn": {
			[]Entry{own, say("essex/2", "2021-10-05", on("north", "engage", refuse, started), validSince("2021-10-20"), replaces("essex/1")), withdraw("essex/3", "essex/2", "2021-10-06")},
			"For started, north LMC has no line on this: its advice (essex/1) was replaced from 20 October 2021 by essex/2, which has ended itself: what it replaced does not come back by that.",
		},
		"for others":                         {[]Entry{expires, say("essex/2", "2021-10-02", on("north", "engage", refuse, scopedTo("apms")))}, "For started, north LMC has no line: its advice (essex/1) was valid until 20 October 2021."},
		"in general":                         {[]Entry{expires, general}, "north LMC advises you to refuse (2 October 2021)."},
		"in general it ended before":         {[]Entry{expires, general, withdraw("essex/3", "essex/2", "2021-10-10")}, "For started, north LMC has no line: its advice (essex/1) was valid until 20 October 2021."},
		"in general it ended later":          {[]Entry{expires, general, withdraw("essex/3", "essex/2", "2021-10-25")}, "north LMC has no line: its advice (essex/2) was withdrawn from 25 October 2021 (essex/3)."},
		"ahead in general, by what took it":  {[]Entry{own, say("essex/2", "2021-10-05", on("north", "engage", refuse, from("2021-12-01")), replaces("essex/1"))}, "For started, north LMC has no line on this: its advice (essex/1) was replaced from 5 October 2021 by essex/2, and what that says on it is not in force yet. From 1 December 2021: refuse (essex/2)."},
		"a mention in general ended, not it": {[]Entry{expires, say("essex/2", "2021-10-02", on("north", "engage", info)), withdraw("essex/3", "essex/2", "2021-10-25")}, "For started, north LMC has no line: its advice (essex/1) was valid until 20 October 2021."},
	} {
		if got := resolve(asked("north engage 2021-10-26", group), c.entries, register())[0].GetWords(); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}
