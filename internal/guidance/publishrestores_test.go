package guidance

import (
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What the preview of a withdrawal says of what that brings back, and for whom.

// That a letter asks again what its correction asked in its place was said of all whom that asked, though it is for a part of the area alone.
func TestAWithdrawalSaysOfWhomARequestThatItBringsBackIsMadeAgain(t *testing.T) {
	book := func(strength v1.ActionStrength) func(*Entry) {
		return asksFor("book", "2021-12-17", by(practices), ofPlan, onMeasure("engage"), func(a *v1.Action) { a.Strength = strength })
	}
	asked, must := book(v1.ActionStrength_ACTION_STRENGTH_ASKED), book(v1.ActionStrength_ACTION_STRENGTH_MUST)
	begun := scopedTo("begun")
	for name, c := range map[string]struct {
		older, newer Entry
		want         string
	}{
		"in a part": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")), asked), say("essex/2", "2021-10-20", on("north", "engage", support), must, amends("essex/1")),
			"book, by 17 December 2021: essex/1 asks it again in area:A, by 17 December 2021.",
		},
		"of a group there": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A"), begun), asked), say("essex/2", "2021-10-20", on("north", "engage", support, begun), must, amends("essex/1")),
			"book, by 17 December 2021: essex/1 asks it again in area:A, by 17 December 2021.",
		},
		"of all": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse), asked), say("essex/2", "2021-10-20", on("north", "engage", support), must, amends("essex/1")),
			"book, by 17 December 2021: essex/1 asks it again, by 17 December 2021.",
		},
	} {
		if got := preview(t, withdraw("essex/3", "essex/2", "2021-11-01", restores("essex/1")).Withdrawal, essexToday(c.older, c.newer)); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q is not in\n%s", name, c.want, got)
		}
	}
}
