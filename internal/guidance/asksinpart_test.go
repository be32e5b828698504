package guidance

import (
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Whoever looked at a letter that was amended for some read neither in its standing nor beside what it asks that
// these are asked it no more.
func TestALetterThatStandsInPartSaysWhatItAsksNoMoreOfSome(t *testing.T) {
	form := asksFor("send", "2021-12-04", by(practices))
	toPartnersAndManagers := asksFor("send", "2021-12-04", by(v1.Audience_AUDIENCE_GP_PARTNERS, v1.Audience_AUDIENCE_PRACTICE_MANAGERS))
	all := say("essex/1", "2021-10-01", on("north", "engage", refuse), form)
	two := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", against, scopedTo("a")), form)
	onTwo := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", refuse), asksFor("send", "2021-12-04"))
	some := say("essex/1", "2021-10-01", on("north", "engage", refuse), toPartnersAndManagers)
	sends := "It asks no more: send, by 4 December 2021 (a Saturday: offices may be shut)"
	for name, c := range map[string]struct {
		letter Entry
		by     *v1.Position
		want   string
	}{
		"in an area":                  {all, on("north", "engage", support, in("A")), sends + ", in area:A."},
		"of partners":                 {all, on("north", "engage", support, partners), sends + ", of GP partners."},
		"of a group":                  {two, on("north", "engage", support, scopedTo("a")), sends + ", for a."},
		"of partners of a group":      {two, on("north", "engage", support, partners, scopedTo("a")), sends + ", for a, of GP partners."},
		"on a measure":                {onTwo, on("north", "list", support), sends + ", on “The list” (list)."},
		"of one of two":               {some, on("north", "engage", support, partners), sends + ", of GP partners."},
		"on another measure than its": {all, on("north", "list", support), ""},
	} {
		p := Prepare(t.Context(), []Entry{c.letter, say("essex/2", "2021-10-02", c.by, amends("essex/1"))}, register())
		standings := p.EndOf(c.letter, "2021-10-10", theMatter).Committees
		words := p.InPart(c.letter, standings, "2021-10-10", theMatter, func(*v1.AreaId) []string { return nil })
		if c.want == "" && strings.Contains(words, "asks no more") || !strings.Contains(words, c.want) {
			t.Errorf("%s: %s", name, words)
		}
	}
}

// A later line for a group, which ends nothing of a letter for all, stopped what that asks of the group, and
// whoever verified the letter was not told.
func TestALaterLineForAGroupIsSaidToStopWhatALetterForAllAsksOfIt(t *testing.T) {
	all := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", "2021-12-04"))
	for name, c := range map[string]struct {
		later Entry
		want  string
	}{
		"it does not go with it": {
			say("essex/2", "2021-10-02", on("north", "engage", support, scopedTo("a"))),
			"It still stands in part. It asks no more: send, by 4 December 2021 (a Saturday: offices may be shut), for a. For a a later line stands: essex/2.",
		},
		"it goes with it":    {say("essex/2", "2021-10-02", on("north", "engage", refuse, scopedTo("a"))), ""},
		"on another measure": {say("essex/2", "2021-10-02", on("north", "list", support, scopedTo("a"))), ""},
	} {
		p := Prepare(t.Context(), []Entry{all, c.later}, register())
		standings := p.EndOf(all, "2021-10-10", theMatter).Committees
		if words := p.InPart(all, standings, "2021-10-10", theMatter, func(*v1.AreaId) []string { return nil }); words != c.want {
			t.Errorf("%s: %q, want %q", name, words, c.want)
		}
	}
}
