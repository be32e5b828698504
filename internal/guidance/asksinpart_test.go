package guidance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
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

// A letter that took the place of another's request of networks, and has a line to these too, was said to ask it no more
// “of practices”: the line that it ended was to these.
func TestALetterThatAsksAgainWhatItAmendsIsNotSaidToAskItNoMore(t *testing.T) {
	first := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("tell", "2021-12-09", by(pcns), ofPlan, onMeasure("engage")))
	again := say("essex/2", "2021-10-02", on("north", "engage", refuse, practices, pcns), asksFor("tell", "2021-12-11", by(pcns), ofPlan, onMeasure("engage")), amends("essex/1"))
	p := Prepare(t.Context(), []Entry{first, again}, register())
	standings := p.EndOf(again, "2021-10-10", theMatter).Committees
	if words := p.InPart(again, standings, "2021-10-10", theMatter, func(*v1.AreaId) []string { return nil }); words != "" {
		t.Error(words)
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

// A letter that passed on what another committee says, and asked something with it, was said to stand as a whole once a
// newer line on the whole matter had stopped that: no view and no list of what falls due asked it any more.
func TestALetterWhoseRequestGaveWayToANewerLineIsNotSaidToStandWhole(t *testing.T) {
	gpc := say("kent/1", "2021-09-20", on("kent", "engage", refuse))
	passes := say("essex/1", "2021-10-01", on("north", "engage", info, relayOf("kent", "kent/1")), asksFor("wait", "2021-12-03", by(practices)))
	waits := "It still stands in part. It asks no more: wait, by 3 December 2021"
	for name, c := range map[string]struct {
		letter Entry
		later  []Entry
		want   string
		not    []int32
	}{
		"by the whole matter":          {passes, []Entry{say("essex/2", "2021-10-02", on("north", "", decides))}, waits + ". A later line stands: essex/2.", []int32{0}},
		"on the day it was issued":     {passes, []Entry{say("essex/2", "2021-10-01", on("north", "", decides))}, waits + ". A later line stands: essex/2.", []int32{0}},
		"the line goes with it":        {passes, []Entry{say("essex/2", "2021-10-02", on("north", "", against))}, "", nil},
		"a line asks the same":         {passes, []Entry{say("essex/2", "2021-10-02", on("north", "", decides), asksFor("wait", "2021-12-03", by(practices)))}, "", nil},
		"in an area":                   {passes, []Entry{say("essex/2", "2021-10-02", on("north", "", decides, in("A")))}, waits + ", in area:A. In area:A a later line stands: essex/2.", nil},
		"of partners":                  {say("essex/1", "2021-10-01", on("north", "engage", info, practices, pcns), asksFor("wait", "2021-12-03", by(practices, pcns))), []Entry{say("essex/0", "2021-09-10", on("north", "", refuse, pcns)), say("essex/2", "2021-10-02", on("north", "", decides, pcns))}, waits + ", of primary care networks. Of primary care networks a later line stands: essex/2.", nil},
		"whose it is has turned":       {passes, []Entry{say("essex/0", "2021-09-21", on("north", "", refuse)), say("kent/2", "2021-10-05", on("kent", "engage", support), replaces("kent/1"))}, "", nil},
		"it was never asked":           {passes, []Entry{say("essex/0", "2021-09-21", on("north", "", support))}, "", nil},
		"it was due before":            {say("essex/1", "2021-10-01", on("north", "engage", info, relayOf("kent", "kent/1")), asksFor("wait", "2021-10-03")), []Entry{say("essex/2", "2021-10-04", on("north", "", decides))}, "", nil},
		"what is only said to happen":  {say("essex/1", "2021-10-01", on("north", "engage", info), asksFor("wait", "2021-12-03")), []Entry{say("essex/2", "2021-10-02", on("north", "", support))}, "", nil},
		"it was said beside a refusal": {say("essex/1", "2021-10-01", on("north", "engage", info), asksFor("wait", "2021-12-03")), []Entry{say("essex/0", "2021-09-10", on("north", "", refuse)), say("essex/2", "2021-10-02", on("north", "", support))}, waits + ". A later line stands: essex/2.", []int32{0}},
	} {
		p := Prepare(t.Context(), append([]Entry{gpc, c.letter}, c.later...), register())
		standings := p.EndOf(c.letter, "2021-10-10", theMatter).Committees
		words := p.InPart(c.letter, standings, "2021-10-10", theMatter, func(*v1.AreaId) []string { return nil })
		if words != c.want || !slices.Equal(standings[0].GetNotAsked(), c.not) {
			t.Errorf("%s: %q, not asked %v; want %q, %v", name, words, standings[0].GetNotAsked(), c.want, c.not)
		}
	}
}

// A letter of which something is asked in no view any more is not said to stand whole, and one of which everybody is told
// and asked all that they were is; what it is said to ask no more is asked of nobody.
func TestALetterIsSaidToStandWholeWhereEveryViewStillAsksAllOfIt(t *testing.T) {
	whole, partly := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		letters := append(lettersOf(t), lettersOf(t)...)
		kents := say("kent/1", "2021-09-20", on("kent", "engage", fairly([]v1.Stance{refuse, support}).Draw(t, "kent's")))
		apart := fairly([]int{0, 1, 5}).Draw(t, "days apart")
		for i := range letters {
			fresh := say(fmt.Sprintf("essex/%d", i+1), dayOf(1+apart*i))
			fresh.Advisory.Positions, fresh.Advisory.Actions = letters[i].Advisory.Positions, letters[i].Advisory.Actions
			letters[i] = fresh
			for j, action := range fresh.Advisory.Actions {
				action.Verb = fmt.Sprintf("v%d%d", i+1, j)
			}
			for _, position := range fresh.Advisory.Positions {
				if position.ValidFrom, position.ValidUntil = "", ""; len(position.Committees) > 1 {
					position.Area = nil // of one of them it is told to nobody
				}
				if position.Stance == info && die(2).Draw(t, "passes on") == 0 {
					relayOf("kent", fairly([]string{"", "kent/1"}).Draw(t, "of"))(position)
				}
			}
			if i > 0 && die(3).Draw(t, "amends") == 0 {
				amends(letters[die(i).Draw(t, "which")].ID)(&letters[i])
			}
		}
		const day = "2021-11-26"
		p := Prepare(context.Background(), append(slices.Clone(letters), kents), register())
		for i, e := range letters {
			before := Prepare(context.Background(), append(slices.Clone(letters[:i+1]), kents), register())
			end := p.EndOf(e, day, twoMatters)
			over := p.StandsOver(e, day, twoMatters)
			words := p.InPart(e, end.Committees, day, twoMatters, func(*v1.AreaId) []string { return nil })
			same := true // everybody is told and asked what they were
			for _, st := range end.Committees {
				were, are := map[string]int{}, map[string]int{}
				for _, r := range everyReader() {
					if r.committee != st.Committee {
						continue
					}
					was, is := r.line(before, e.Issued().GetLatest()), r.line(p, day)
					same = same && (was.GetCurrent().GetAdvisory() != e.ID || is.GetCurrent().GetAdvisory() == e.ID)
					for _, action := range e.Advisory.GetActions() {
						asked := func(line *answersv1.Line, of map[string]int) bool {
							asks := r.isAsked(line, action.GetVerb())
							if asks {
								of[action.GetVerb()]++
							}
							return asks
						}
						same = asked(was, were) == asked(is, are) && same
					}
				}
				for place, action := range e.Advisory.GetActions() {
					verb := action.GetVerb()
					if were[verb] > 0 && are[verb] == 0 {
						partly++
						if st.Current && over[st.Committee] == nil && words == "" {
							t.Fatalf("%s is said to stand whole for %s, and no view asks %s\n%s", e.ID, st.Committee, verb, previewed{standing: letters})
						}
					}
					if are[verb] > 0 && slices.Contains(st.NotAsked, int32(place)) {
						t.Fatalf("%s is said to ask %s of nobody for %s, and some view asks it\n%s", e.ID, verb, st.Committee, previewed{standing: letters})
					}
				}
			}
			// A line that never answered, for one of the same day for fewer committees did, stands under that all the same.
			under := slices.ContainsFunc(end.Committees, func(st *answersv1.CommitteeStanding) bool {
				return len(st.GetParts()) > 0 || over[st.GetCommittee()] != nil
			})
			if whole++; same && (strings.Contains(words, "asks no more") || words != "" && !under && end.By == "") {
				t.Fatalf("everybody is told and asked all of %s, of which is said: %q, %q\n%s", e.ID, end.Words, words, previewed{standing: letters})
			}
		}
	})
	if t.Log(whole, partly); partly < whole/50 {
		t.Errorf("of %d letters %d things are asked no more: the worlds test less than they should", whole, partly)
	}
}

// What a letter asks of whoever is in no group went on being said of a group that another letter opened: neither the preview of
// that nor the page of the first said that it is asked of them no more.
func TestWhoeverOpensAGroupIsToldWhatIsAskedOfItNoMore(t *testing.T) {
	general := func(a *v1.Action) { a.Scope = GeneralScope }
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), on("north", "engage", support, scopedTo("started")), asksFor("reply", "2021-12-07", onMeasure("engage"), by(practices), general))
	opens := draft(on("north", "engage", support, scopedTo("tpp")), amends("essex/1"))
	_, _, ends, err := checkPublish(opens, essexToday(old))
	if want := "It asks no more: reply, by 7 December 2021, for tpp."; err != nil || len(ends) != 1 || !strings.HasSuffix(ends[0], want) {
		t.Errorf("%v, %q, want %q", err, ends, want)
	}
	later := say("essex/2", "2021-10-20", on("north", "engage", support, scopedTo("tpp")), on("north", "engage", refuse, scopedTo("vision")), amends("essex/1"))
	p := Prepare(t.Context(), []Entry{old, later}, register())
	words := p.InPart(old, p.EndOf(old, "2021-10-25", theMatter).Committees, "2021-10-25", theMatter, func(*v1.AreaId) []string { return nil })
	if want := "It asks no more: reply, by 7 December 2021, for tpp and vision."; !strings.Contains(words, want) {
		t.Errorf("%q, want %q", words, want)
	}
}

// A letter to managers that takes no line was called a later line, beside "nothing stands there now".
func TestALetterThatTakesNoLineIsNotCalledOne(t *testing.T) {
	first := say("essex/1", "2021-10-01", on("north", "engage", against), asksFor("book", "2021-12-08", by(practices), onMeasure("engage")))
	aside := say("essex/2", "2021-10-02", on("north", "engage", info, managers), amends("essex/1"))
	p := Prepare(t.Context(), []Entry{first, aside}, register())
	words := p.InPart(first, p.EndOf(first, "2021-10-10", theMatter).Committees, "2021-10-10", theMatter, func(*v1.AreaId) []string { return nil })
	if !strings.HasSuffix(words, "Of practice managers a later letter takes no line: essex/2.") {
		t.Error(words)
	}
}
