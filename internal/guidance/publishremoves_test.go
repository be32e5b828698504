package guidance

import (
	"context"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Words that go must not leave readers with the opposite.
func TestWhatIsTakenDownHasEndedAndLeavesNothingStandingAgain(t *testing.T) {
	first, second := say("essex/1", "2021-10-01", on("north", "engage", support)), say("essex/2", "2021-10-05", on("north", "engage", refuse), replaces("essex/1"))
	third := say("essex/3", "2021-10-09", on("north", "engage", refuse), replaces("essex/2"))
	both := say("essex/3", "2021-10-09", on("north", "engage", refuse), replaces("essex/1", "essex/2"))
	withdrawn := func(id, of string) Entry {
		e := entry(id)
		e.Withdrawal = &v1.Withdrawal{Office: "essex", OnBehalfOf: []string{"north"}, Advisory: of, Issued: days("2021-10-08"), Effective: "2021-10-08", Reason: "x"}
		return e
	}
	for name, c := range map[string]struct {
		said   []Entry
		of     string
		reason string
		want   string // in the refusal; empty: it may be taken down
	}{
		"it still stands":                 {[]Entry{first, second}, "essex/2", "It named somebody.", "essex/2 still stands"},
		"what it replaced comes back":     {[]Entry{first, second, third}, "essex/2", "It named somebody.", "essex/1, which it ended, would stand again without it"},
		"replaced with what it replaced":  {[]Entry{first, second, both}, "essex/2", "It named somebody.", ""},
		"withdrawn, what it replaced too": {[]Entry{first, second, withdrawn("essex/4", "essex/2"), withdrawn("essex/5", "essex/1")}, "essex/2", "It named somebody.", ""},
		"withdrawn, what it replaced not": {[]Entry{first, second, withdrawn("essex/4", "essex/2")}, "essex/2", "It named somebody.", "essex/1, which it ended, would stand again"},
		"the one that was replaced":       {[]Entry{first, second}, "essex/1", "It named somebody.", ""},
		"without a reason":                {[]Entry{first, second}, "essex/1", "", "reason"},
		"a reason with a patient in it":   {[]Entry{first, second}, "essex/1", "It named 943 476 5919.", "NHS number"},
		"a withdrawal":                    {[]Entry{first, withdrawn("essex/4", "essex/1")}, "essex/4", "It named somebody.", "no letter or report"},
		"another office's":                {[]Entry{say("kent/1", "2021-10-01", on("kent", "engage", support)), withdrawn("essex/4", "kent/1")}, "kent/1", "It named somebody.", "ask that office"},
		"what is not here":                {nil, "essex/9", "It named somebody.", "essex/9 is no letter or report of which the words are here"},
		"a reason of over 500 characters": {[]Entry{first, second}, "essex/1", strings.Repeat("a", TextLimit+1), "reason"},
	} {
		known := PublishContext{Office: "essex", Today: "2021-10-20", Register: register(), Standing: c.said}
		removes, shown, err := CheckTakeDown(context.Background(), &v1.Withdrawal{Reason: c.reason}, c.of, c.reason, known)
		switch {
		case c.want != "":
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
			}
		case err != nil || removes.Of != c.of || len(removes.Matters) != 1 || removes.Matters[0] != plan || len(removes.Committees) != 1 || removes.Issued.GetLatest() != "2021-10-20" ||
			len(shown.Consequences) != 1 || shown.Consequences[0].Kind != answersv1.ConsequenceKind_CONSEQUENCE_KIND_TAKES_DOWN:
			t.Errorf("%s: %v %v, %v", name, removes, shown.Consequences, err)
		}
	}
}

// The take-down of a correction in a chain brought back the day that it corrected, and that of a letter which ended another
// for one of its committees, or a part of it, that line.
func TestATakeDownBringsBackNoPartOfWhatTheLetterEnded(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", "2021-12-07", ofPlan))
	corrects := func(id, issued, day string, names ...string) Entry {
		return say(id, issued, onBehalfOf("north"), asksFor("send", day, ofPlan), amends(names...))
	}
	middle, last := corrects("essex/2", "2021-10-05", "2021-12-09", "essex/1"), corrects("essex/3", "2021-10-06", "2021-12-11", "essex/2")
	both := say("essex/1", "2021-10-01", on("north south", "engage", refuse))
	forNorth := say("essex/2", "2021-10-05", on("north", "engage", support), replaces("essex/1"))
	two := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", against))
	onOne := say("essex/2", "2021-10-05", on("north", "engage", support), amends("essex/1"))
	ofSome := say("essex/2", "2021-10-05", on("north", "engage", support), amends("essex/1"))
	ofSome.Advisory.Positions[0].Audiences = []v1.Audience{partners}
	day := "essex/1, which it ended, would ask “send, by 7 December 2021” again without it: publish a letter first that amends essex/1 too and says what is asked instead, or one that replaces essex/1"
	part := "essex/1, which it ended in part, would stand there again without it: publish a letter first that amends essex/1 too and says there what holds, or one that replaces essex/1"
	for name, c := range map[string]struct {
		said []Entry
		want string // in the refusal; empty: it may be taken down
	}{
		"a correction that was corrected":      {[]Entry{letter, middle, last}, day},
		"the last one corrects the letter too": {[]Entry{letter, middle, corrects("essex/3", "2021-10-06", "2021-12-11", "essex/1", "essex/2")}, ""},
		"another corrects the letter":          {[]Entry{letter, middle, last, corrects("essex/4", "2021-10-07", "2021-12-11", "essex/1")}, ""},
		"a correction that was withdrawn":      {[]Entry{letter, middle, withdraw("essex/3", "essex/2", "2021-10-06")}, ""}, // the letter asks it again already
		"the letter is over":                   {[]Entry{letter, middle, last, withdraw("essex/4", "essex/1", "2021-10-07")}, ""},
		"for one of its committees":            {[]Entry{both, forNorth, withdraw("essex/3", "essex/2", "2021-10-06")}, "essex/1, which it ended, would stand again without it for north: withdraw that first"},
		"on one of its measures":               {[]Entry{two, onOne, say("essex/3", "2021-10-06", on("north", "engage", caution), replaces("essex/2"))}, part},
		"on one of them, amended anew":         {[]Entry{two, onOne, say("essex/3", "2021-10-06", on("north", "engage", caution), replaces("essex/2"), amends("essex/1"))}, ""},
		"for some of its readers":              {[]Entry{letter, ofSome, say("essex/3", "2021-10-06", on("north", "list", caution), replaces("essex/2"))}, part},
	} {
		known := PublishContext{Office: "essex", Today: "2021-10-20", Register: register(), Matters: essexToday().Matters, Standing: c.said}
		_, _, err := CheckTakeDown(t.Context(), &v1.Withdrawal{Reason: "x"}, "essex/2", "It named somebody.", known)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// Whoever asks where an office has nothing left is told that it was removed, by whom of several the last.
func TestACommitteeWhoseWordsWereRemovedIsNotCalledSilent(t *testing.T) {
	removal := func(id, of, day string) Entry {
		e := entry(id)
		e.Erasure = &Erasure{Of: of, Reason: "It named somebody.", Matters: []string{plan}, Committees: []string{"north"}, Issued: days(day)}
		return e
	}
	p := Prepare(context.Background(), []Entry{removal("essex/4", "essex/1", "2021-10-08"), removal("essex/6", "essex/2", "2021-10-09")}, register())
	no := p.Resolve(asked("north engage 2021-10-20"))[0].GetNoLine()
	if no.GetReason() != answersv1.NoLineReason_NO_LINE_REASON_REMOVED || no.GetEnded() != "essex/2" || no.GetBy() != "essex/6" || no.GetSince() != "2021-10-09" {
		t.Errorf("%v", no)
	}
	other := p.Resolve(asked("kent engage 2021-10-20"))[0].GetNoLine()
	if other.GetReason() != answersv1.NoLineReason_NO_LINE_REASON_SILENT {
		t.Errorf("another committee: %v", other)
	}
}
