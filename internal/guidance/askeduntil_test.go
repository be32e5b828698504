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
