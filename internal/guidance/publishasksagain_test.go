package guidance

import (
	"slices"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A newsletter's reminder asked again of partners, to whom a letter since had left it, and of managers, of whom another asked it no
// more: they read “leaves it to you” above “insists: send the refusal”, and its preview said nothing.
func TestAReminderThatAsksAgainOfThoseWhoHadBeenExcusedIsLookedAtTwice(t *testing.T) {
	send := func(day string, more ...func(*v1.Action)) func(*Entry) {
		return asksFor("send", day, append([]func(*v1.Action){onMeasure("engage")}, more...)...)
	}
	first := say("essex/1", "2021-10-18", on("north", "engage", refuse), send("2021-12-07", by(practices)))
	ofPartners := say("essex/2", "2021-10-20", on("north", "engage", decides, partners), amends("essex/1"))
	ofManagers := say("essex/3", "2021-10-20", on("north", "engage", refuse, managers), amends("essex/1"))
	inA := say("essex/4", "2021-10-20", on("north", "engage", caution, in("A")), amends("essex/1"))
	newsletter := func(parts ...any) *v1.Advisory { return draft(append(parts, on("north", "engage", info))...) }
	again := func(whom, by, write string) string {
		return "“send, by 7 December 2021” is asked again " + whom + ", for whom " + by + " ended it: " + write + ", if it is meant for the others alone."
	}
	const butPartners, butManagers = "write who: [salaried-and-locum-gps, practice-managers]", "write who: [gp-partners, salaried-and-locum-gps]"
	for name, c := range map[string]struct {
		letter   *v1.Advisory
		standing []Entry
		want     []string
	}{
		"of partners":               {newsletter(send("2021-12-07")), []Entry{first, ofPartners}, []string{again("of GP partners", "essex/2", butPartners)}},
		"of both":                   {newsletter(send("2021-12-07")), []Entry{first, ofPartners, ofManagers}, []string{again("of GP partners", "essex/2", butPartners), again("of practice managers", "essex/3", butManagers)}},
		"by a line":                 {draft(on("north", "engage", refuse), send("2021-12-07")), []Entry{first, ofManagers}, []string{again("of practice managers", "essex/3", butManagers)}},
		"in part of the area":       {newsletter(send("2021-12-07")), []Entry{first, inA}, []string{again("in area:A", "essex/4", "say under who, area or scope of whom it is asked")}},
		"of one LMC's, of two":      {draft(on("north south", "engage", info), send("2021-12-07", by(practices))), []Entry{say("essex/1", "2021-10-18", on("north south", "engage", refuse), send("2021-12-07", by(practices))), ofPartners}, []string{again("of the practices of north, of GP partners", "essex/2", butPartners)}},
		"of others by name":         {newsletter(send("2021-12-07", by(managers))), []Entry{first, ofPartners}, nil},
		"in other words":            {newsletter(asksFor("post", "2021-12-07", onMeasure("engage"))), []Entry{first, ofPartners}, nil},
		"on another measure":        {draft(on("north", "list", info), asksFor("send", "2021-12-07", onMeasure("list"))), []Entry{first, ofPartners}, nil},
		"of nobody who was excused": {newsletter(send("2021-12-07")), []Entry{first}, nil},
		"once more":                 {newsletter(send("2021-12-07")), []Entry{first, ofPartners, say("essex/5", "2021-10-22", on("north", "engage", info), send("2021-12-07"))}, nil},
		"of all, who all were":      {newsletter(send("2021-12-07")), []Entry{first, say("essex/2", "2021-10-20", on("north", "engage", caution), amends("essex/1"))}, nil},
		"by what ends the excuse":   {draft(on("north", "engage", refuse), send("2021-12-07"), replaces("essex/2")), []Entry{first, ofPartners}, nil},
		"once the excuse is over":   {newsletter(send("2021-12-07")), []Entry{first, ofPartners, withdraw("essex/5", "essex/2", "2021-10-22", restores("essex/1"))}, nil},
		"where the excuse asks it":  {newsletter(send("2021-12-07")), []Entry{first, say("essex/2", "2021-10-20", on("north", "engage", refuse, partners), send("2021-12-01"), amends("essex/1"))}, nil},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday(c.standing...))
		if got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_ASKS_AGAIN, warnings)); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %q, want %q", name, err, got, c.want)
		}
	}
}
