package guidance

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// standsOf is what a standing says of each position and action that has ended: "1 by essex/2, 0 in part by
// essex/3; asks no more 0".
func standsOf(st *answersv1.CommitteeStanding) string {
	var words []string
	for _, its := range st.GetPositions() {
		one := strconv.Itoa(int(its.GetPlace()))
		if its.GetCurrent() {
			one += " in part"
		}
		for _, end := range its.GetEndings() {
			one += " by " + end.GetEntry()
		}
		words = append(words, one)
	}
	all := strings.Join(words, ", ")
	for _, place := range st.GetNotAsked() {
		all += "; not asked " + strconv.Itoa(int(place))
	}
	return all
}

// A list hung an ending on the first position of a letter, and what was asked with what had ended went on.
func TestWhereALetterStandsTellsWhichOfItsPositionsEndedAndWhatItAsksNoMore(t *testing.T) {
	asks := func(actions ...*v1.Action) func(*Entry) {
		return func(e *Entry) { e.Advisory.Actions = actions }
	}
	onWhole, onEngage, onList := &v1.Action{Verb: "ring"}, &v1.Action{Verb: "meet", Measure: "engage"}, &v1.Action{Verb: "list", Measure: "list"}
	letter := say("essex/1", "2021-10-01", on("north south", "", caution), on("north south", "engage", refuse), on("north south", "list", against), asks(onWhole, onEngage, onList))
	alone := say("essex/1", "2021-10-01", on("north south", "", caution), asks(onWhole, onEngage))
	ofNorth := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("south", "list", refuse), asks(&v1.Action{Verb: "meet", Measure: "engage"}))
	for _, test := range []struct {
		of           Entry
		by           []Entry
		north, south string
	}{
		{letter, []Entry{say("essex/2", "2021-10-05", on("north", "list", support), amends("essex/1"))}, "2 by essex/2; not asked 2", ""},
		{letter, []Entry{say("essex/2", "2021-10-05", on("north south", "", support), amends("essex/1"))}, "0 by essex/2, 1 by essex/2, 2 by essex/2; not asked 0; not asked 1; not asked 2", "0 by essex/2, 1 by essex/2, 2 by essex/2; not asked 0; not asked 1; not asked 2"},
		{letter, []Entry{say("essex/2", "2021-10-05", on("north", "engage", support, partners), amends("essex/1"))}, "1 in part by essex/2", ""},
		{letter, []Entry{say("essex/2", "2021-10-05", on("south", "", support), replaces("essex/1"))}, "", "0 by essex/2, 1 by essex/2, 2 by essex/2; not asked 0; not asked 1; not asked 2"},
		{alone, []Entry{say("essex/2", "2021-10-05", on("north", "engage", support), amends("essex/1"))}, "0 in part by essex/2; not asked 1", ""},
		{ofNorth, []Entry{say("essex/2", "2021-10-05", on("south", "list", support), amends("essex/1"))}, "", "1 by essex/2; not asked 0"},
		{say("essex/1", "2021-10-01", on("north", "engage", refuse, until("2021-10-20")), on("north", "list", refuse), asks(onEngage, onList)), nil, "0 by ; not asked 0", ""},
		{say("essex/1", "2021-10-01", on("north", "engage", refuse, from("2021-11-20")), on("north", "list", refuse)), []Entry{say("essex/2", "2021-10-05", on("north", "engage", support, from("2021-11-05")), amends("essex/1"))}, "0 by essex/2", ""},
		{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, practices, pcns), asks(&v1.Action{Verb: "meet", Actors: []v1.Audience{pcns}}, &v1.Action{Verb: "ring", Actors: []v1.Audience{practices}}, &v1.Action{Verb: "send"})),
			[]Entry{say("essex/2", "2021-10-05", on("north", "engage", support, pcns), amends("essex/1"))},
			"0 in part by essex/2; not asked 0", "",
		},
		{
			say("essex/1", "2021-10-01", on("north", "engage", refuse), asks(&v1.Action{Verb: "meet", Area: code("A")}, &v1.Action{Verb: "ring", Area: code("B")})),
			[]Entry{say("essex/2", "2021-10-05", on("north", "engage", support, in("A")), amends("essex/1"))},
			"0 in part by essex/2; not asked 0", "",
		},
		{
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")), on("north", "engage", refuse, in("B")), asks(&v1.Action{Verb: "meet", Area: code("A")})),
			[]Entry{say("essex/2", "2021-10-05", on("north", "engage", support, in("A")), amends("essex/1"))},
			"0 by essex/2; not asked 0", "",
		},
		{
			say("essex/1", "2021-10-01", on("north", "engage", support, breachFrom("2021-10-20")), on("north", "list", support, breachFrom("2021-10-27")), asks(onEngage, onList)), nil,
			"0 by ; not asked 0", "",
		},
		{
			say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", refuse, pcns), asks(&v1.Action{Verb: "meet", Actors: []v1.Audience{pcns}}, &v1.Action{Verb: "ring", Actors: []v1.Audience{partners}})),
			[]Entry{say("essex/2", "2021-10-05", on("north", "engage", support, pcns), amends("essex/1"))},
			"1 by essex/2; not asked 0", "",
		},
		{ // of managers, to whom it takes no line, it asks as long as those to others stand
			say("essex/1", "2021-10-01", on("north", "engage", refuse, partners), on("north", "list", against, partners), asks(&v1.Action{Verb: "ring", Actors: []v1.Audience{managers}}, &v1.Action{Verb: "meet", Measure: "list", Actors: []v1.Audience{managers}})),
			[]Entry{say("essex/2", "2021-10-05", on("north", "list", support, partners), amends("essex/1"))},
			"1 by essex/2; not asked 1", "",
		},
	} {
		end := Prepare(t.Context(), append(slices.Clone(test.by), test.of), register()).EndOf(test.of, "2021-10-26", theMatter)
		for i, want := range []string{test.north, test.south} {
			got := ""
			if i < len(end.Committees) {
				got = standsOf(end.Committees[i])
			}
			if got != want {
				t.Errorf("%v, ended by %v: of %d got %q, want %q", test.of.Advisory, test.by, i, got, want)
			}
		}
	}
	// What takes no position ends as a whole, with what it asks.
	correction := say("essex/1", "2021-10-01", asks(&v1.Action{Verb: "ring", Matter: plan}))
	correction.Advisory.OnBehalfOf = []string{"north"}
	end := Prepare(t.Context(), []Entry{correction, withdraw("essex/2", "essex/1", "2021-10-05")}, register()).EndOf(correction, "2021-10-26", theMatter)
	if got := standsOf(end.Committees[0]); got != "; not asked 0" {
		t.Error(got)
	}
}

// Of a letter whose only line had lapsed a list marked neither that nor what it asked; and it has not ended: a
// withdrawal of it brings back what was before.
func TestALetterThatLapsedAsAWholeIsMarkedAndHasNotEnded(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north", "engage", support, breachFrom("2021-10-20")), asksFor("log your contacts", ""))
	end := endOf(letter, nil, register(), "2021-10-26")
	if got := standsOf(end.Committees[0]); got != "0 by ; not asked 0" || !end.Current || end.Committees[0].Positions[0].Endings[0].Kind != answersv1.EndingKind_ENDING_KIND_LAPSED {
		t.Errorf("%s: %s", got, end.Words)
	}
	known := essexToday(letter)
	if _, _, _, err := checkWithdraw(withdraw("essex/2", "essex/1", known.Today).Withdrawal, known); err != nil {
		t.Errorf("withdrawn: %v", err)
	}
}

func TestWhereAReportStandsTellsThatItEnded(t *testing.T) {
	heard := reported("pulse/1", "2021-10-01", on("north", "engage", refuse))
	end := Prepare(t.Context(), []Entry{heard, withdraw("essex/2", "pulse/1", "2021-10-05", func(e *Entry) { e.Withdrawal.OnBehalfOf = []string{"north"} })}, register()).EndOf(heard, "2021-10-26", theMatter)
	if got := standsOf(end.Committees[0]); got != "0 by essex/2" {
		t.Error(got)
	}
}

// What a letter is said to ask no more is asked of nobody by it, and a position that is said to be over answers
// nobody.
func TestWhatIsMarkedAsEndedIsToldToNobody(t *testing.T) {
	previewsOfDraws(t, 1000, func(t *rapid.T, of previewed) (marked int) {
		for _, e := range of.standing {
			for _, day := range []string{"2021-11-01", "2021-11-05", "2021-11-10"} {
				for _, st := range of.after.EndOf(e, day, twoMatters).Committees {
					for _, r := range everyReader() {
						if r.committee != st.Committee || len(st.NotAsked)+len(st.Positions) == 0 {
							continue
						}
						line := r.line(of.after, day)
						for _, place := range st.NotAsked {
							action := e.Advisory.GetActions()[place]
							asks := line.GetCurrent().GetAdvisory() == e.ID && slices.ContainsFunc(line.GetActions(), func(a *v1.Action) bool { return a.GetVerb() == action.GetVerb() }) ||
								slices.ContainsFunc(line.GetAlsoAsked(), func(a *answersv1.StandingRequest) bool {
									return a.GetAdvisory() == e.ID && a.GetAction().GetVerb() == action.GetVerb()
								})
							if marked++; asks {
								t.Fatalf("%s: %+v is asked %s by %s, which has %v\n%s", day, r, action.GetVerb(), e.ID, st, of)
							}
						}
						for _, its := range st.Positions {
							if !its.Current && proto.Equal(line.GetCurrent().GetPosition(), e.Advisory.GetPositions()[its.Place]) && line.GetCurrent().GetAdvisory() == e.ID {
								t.Fatalf("%s: %+v is told position %d of %s, which has %v\n%s", day, r, its.Place, e.ID, st, of)
							}
						}
					}
				}
			}
		}
		return marked
	})
}
