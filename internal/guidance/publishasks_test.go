package guidance

import (
	"slices"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Who amended one of several areas, groups or audiences was told nothing of what is asked no more there.
func TestAmendingOneOfSeveralSaysWhatIsAskedNoMoreThere(t *testing.T) {
	form := asksFor("send", "", by(practices))
	for name, c := range map[string]struct {
		standing Entry
		letter   *v1.Advisory
		want     string
	}{
		"areas":     {say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")), on("north", "engage", refuse, in("B")), form), draft(on("north", "engage", support, in("A")), amends("essex/1")), "send, in area:A"},
		"groups":    {say("essex/1", "2021-10-01", on("north", "engage", refuse, scopedTo("g1")), on("north", "engage", refuse, scopedTo("g2")), form), draft(on("north", "engage", support, scopedTo("g1")), amends("essex/1")), "send, for g1"},
		"audiences": {say("essex/1", "2021-10-01", on("north", "engage", refuse, partners), on("north", "engage", refuse, managers), form), draft(on("north", "engage", support, partners), amends("essex/1")), "send, of GP partners"},
		"measures":  {say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", refuse), form), draft(on("north", "list", support), amends("essex/1")), "send, on list"},
		// What it asked on the whole matter was not told where it goes on being asked on another proposer's measure.
		"the whole matter": {say("essex/1", "2021-10-01", on("north", "", refuse), on("north", "strike", refuse), form), draft(on("north", "", support), amends("essex/1")), "send, on the whole matter"},
		"all but a group":  {say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", refuse, scopedTo("g1")), form), draft(on("north", "engage", support), amends("essex/1")), "send, except for g1"},
		"days ahead": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", refuse), form),
			draft(on("north", "engage", support), on("north", "list", support, from("2021-12-01")), amends("essex/1")), "send, on engage; send, from 1 December 2021, on list",
		},
	} {
		if got := previewOf(t, essexToday(c.standing), c.letter); !strings.Contains(got, "It asks no more: "+c.want+".") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// What another letter asks in the same words, or what is asked there still, was told to be asked no more.
func TestWhatGoesOnBeingAskedIsNotSaidToBeAskedNoMore(t *testing.T) {
	form := asksFor("send", "", by(practices))
	first := say("essex/1", "2021-10-01", on("north", "engage", refuse), form)
	for name, c := range map[string]struct {
		standing []Entry
		letter   *v1.Advisory
	}{
		"by a newsletter": {[]Entry{first, say("essex/2", "2021-10-05", on("north", "engage", info), form)}, draft(on("north", "engage", against, in("A")), amends("essex/1"))},
		"with a line around, the same way": {
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", refuse, in("A")), asksFor("send", "", by(practices)))},
			draft(on("north", "list", support, in("A")), amends("essex/1")),
		},
	} {
		if got := previewOf(t, essexToday(c.standing...), c.letter); strings.Contains(got, "asks no more") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A position for a group that had been told the general line was said to leave that as it is.
func TestAmendingForANewGroupSaysWhatTheGroupIsToldNoMore(t *testing.T) {
	general := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("send", "", by(practices)))
	got := previewOf(t, essexToday(general), draft(on("north", "engage", support, scopedTo("g1")), amends("essex/1")))
	if strings.Contains(got, "stands as it is") || !strings.Contains(got, "ends, for north, where this advisory takes a position; the rest of it stands. It asks no more: send, for g1.") {
		t.Error(got)
	}
	if got := previewOf(t, essexToday(general), draft(on("north", "engage", info, scopedTo("g1")), amends("essex/1"))); !strings.Contains(got, "stands as it is") {
		t.Errorf("a mention: %s", got)
	}
	if got := previewOf(t, essexToday(general), draft(on("north", "engage", support, scopedTo("g1"), until("2021-12-04")), amends("essex/1"))); !strings.Contains(got, "From 5 December 2021 the line of essex/1 (refuse) answers on engage for g1, with what it asks: “send”.") {
		t.Errorf("until a day: %s", got)
	}
}

// What answers again for an area or for partners was told as if it did for all.
func TestWhatComesBackIsSaidOfThoseItComesBackFor(t *testing.T) {
	all := say("essex/1", "2021-10-01", on("north", "engage", refuse))
	for where, position := range map[string]*v1.Position{
		"answers on engage in area:A.":       on("north", "engage", support, in("A"), until("2021-12-04")),
		"answers on engage for GP partners.": on("north", "engage", support, partners, until("2021-12-04")),
		"answers on engage.":                 on("north", "", support, until("2021-12-04")),
	} {
		_, warnings, _, err := checkPublish(draft(position, amends("essex/1")), essexToday(all))
		if got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_COMES_BACK, warnings)); err != nil || len(got) != 1 || !strings.HasSuffix(got[0], where) {
			t.Errorf("%v %q, want %q", err, got, where)
		}
	}
}

// Who withdrew a report was not told who is left without a line, and what answers then.
func TestWithdrawingAReportSaysWhatAnswersThen(t *testing.T) {
	said := reported("bma/2", "2021-10-10", on("kent", "engage", refuse))
	for want, older := range map[string][]Entry{
		"kent will have no line on engage, where bma/2, a report of The BMA, gives one: publish what holds instead":                         nil,
		"kent will have the older line of pulse/1 (support, as The Gazette reports) on engage, where bma/2, a report of The BMA, gives one": {reported("pulse/1", "2021-10-01", on("kent", "engage", support))},
		"From 1 November 2021 kent will have no line on engage for primary care networks, where bma/2, a report of The BMA, gives one":      {reported("pulse/1", "2021-10-10", on("kent", "engage", refuse))},
	} {
		known := essexToday(append(older, said)...)
		known.Office = "bma"
		if strings.Contains(want, "networks") {
			said := reported("bma/2", "2021-10-12", on("kent", "engage", refuse, practices, pcns))
			known = essexToday(append(older, said)...)
			known.Office = "bma"
		}
		_, warnings, _, err := checkWithdraw(&v1.Withdrawal{Advisory: "bma/2", Visibility: public}, known)
		if got := strings.Join(warningTexts(warnings), "\n"); err != nil || !strings.Contains(got, want) {
			t.Errorf("%v %s, want %s", err, got, want)
		}
	}
	spoken := essexToday(said, say("kent/1", "2021-10-12", on("kent", "engage", support)))
	spoken.Office = "bma"
	if _, warnings, _, err := checkWithdraw(&v1.Withdrawal{Advisory: "bma/2", Visibility: public}, spoken); err != nil || len(warnings) > 0 {
		t.Errorf("of whom has spoken itself: %v %v", err, warnings)
	}
}

// A letter from a day ahead was told to end on the day of what ends it before, as if it held until then.
func TestNoDayIsGivenOfWhatNeverHolds(t *testing.T) {
	ahead := say("essex/1", "2021-10-20", on("north", "engage", refuse, from("2021-12-10")), asksFor("send", "", by(practices)))
	two := say("essex/1", "2021-10-20", on("north", "engage", refuse, from("2021-12-10")), on("north", "list", refuse), asksFor("send", "", by(practices)))
	for name, c := range map[string]struct {
		standing Entry
		letter   any
		want     string
	}{
		"replaced":                   {ahead, draft(on("north", "engage", support), replaces("essex/1")), "ends as a whole before it has held, for north. It asks no more: send."},
		"replaced, from a day ahead": {ahead, draft(on("north", "engage", support), replaces("essex/1"), validSince("2021-12-01")), "ends as a whole before it has held, for north. It asks no more: send."},
		"amended":                    {ahead, draft(on("north", "engage", support), amends("essex/1")), "ends before it has held for north: nothing of it is left there"},
		"amended in part":            {two, draft(on("north", "engage", support), amends("essex/1")), "ends before it has held, for north, where this advisory takes a position; the rest of it stands."},
		"amended until it holds":     {ahead, draft(on("north", "engage", support, until("2021-12-20")), amends("essex/1")), "ends from 10 December 2021"},
		"withdrawn":                  {ahead, &v1.Withdrawal{Advisory: "essex/1", Visibility: public}, "ends before it has held, for north. It asks no more: send."},
	} {
		if got := preview(t, c.letter, essexToday(c.standing)); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
	taken := say("essex/2", "2021-10-21", on("north", "engage", against), replaces("essex/1"), validSince("2021-12-05"))
	if got := preview(t, draft(on("north", "engage", support), replaces("essex/1", "essex/2"), validSince("2021-12-21")), essexToday(ahead, taken)); strings.Contains(got, "essex/1 holds from") || !strings.Contains(got, "essex/2 holds from 5 December 2021 until this does, on 21 December 2021") {
		t.Errorf("replaced before its first day already: %s", got)
	}
}

// Of a letter on two matters nobody could tell on which of them what ends.
func TestOfALetterOnTwoMattersItIsSaidOnWhichEachThingIs(t *testing.T) {
	other := func(p *v1.Position) { p.Matter = otherPlan }
	standing := say("essex/1", "2021-10-01", on("north", "", refuse), on("north", "", refuse, other), asksFor("send", "", by(practices), func(a *v1.Action) { a.Matter = otherPlan }))
	known := essexToday(standing)
	known.Matters = twoMatters
	got := previewOf(t, known, draft(on("north", "", support, other), on("north", "list", against), amends("essex/1"), validSince("2021-11-05")))
	for _, want := range []string{
		"essex/1 “Letter essex/1” (1 October 2021), on gpc/other and gpc/plan, ends from 5 November 2021, for north, where this advisory takes a position; the rest of it stands. From 5 November 2021 it asks no more: send, on gpc/other.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("without %q: %s", want, got)
		}
	}
	got = previewOf(t, known, draft(on("north", "", support, other, until("2021-12-04")), amends("essex/1")))
	for _, want := range []string{
		"(1 October 2021), on gpc/other, ends, for north, where this advisory takes a position", "the line of essex/1 (refuse) answers on gpc/other, with",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("without %q: %s", want, got)
		}
	}
	got = preview(t, &v1.Withdrawal{Advisory: "essex/1", Visibility: public}, known)
	for _, want := range []string{"on gpc/plan and gpc/other, no longer counts", "will have no line on gpc/plan, where", "will have no line on gpc/other, where"} {
		if !strings.Contains(got, want) {
			t.Errorf("without %q: %s", want, got)
		}
	}
	if got := preview(t, &v1.Withdrawal{Advisory: "essex/1", Visibility: public}, essexToday(say("essex/1", "2021-10-01", on("north", "", refuse)))); strings.Contains(got, plan) {
		t.Errorf("on one matter: %s", got)
	}
}

// Of two committees of which one has no areas recorded, what is asked in an area of the other was refused
// with "say whose it is".
func TestWhatIsAskedInAnAreaIsOfTheCommitteeWhoseAreaItIs(t *testing.T) {
	late, none := register(), register()
	late.areas["south"] = []tenure{{committee: "C", from: "2021-10-28"}}
	none.areas["south"] = nil
	for name, c := range map[string]struct {
		reg     *book
		area    string
		refused bool
	}{
		"recorded from later on": {late, "A", false}, "not recorded": {none, "A1", false}, "around both": {late, "EAST", true},
	} {
		known := essexToday()
		known.Register = c.reg
		for _, positions := range [][]any{
			{on("north", "engage", refuse), on("south", "engage", support)}, {on("north south", "engage", support), on("north", "engage", refuse, in(c.area))},
		} {
			_, _, _, err := checkPublish(draft(append(positions, asksFor("decline", "", placedIn(c.area)))...), known)
			if refused := err != nil; refused != c.refused {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// What a letter asked in the same words on two measures, or of two matters, was said to be asked no more where it went
// on being asked on one of these.
func TestWhatIsAskedTwiceInTheSameWordsIsToldApartWhereOneEnds(t *testing.T) {
	asks := func(actions ...*v1.Action) func(*Entry) {
		return func(e *Entry) {
			for _, a := range actions {
				a.Verb, a.Actors = "send", []v1.Audience{practices}
				e.Advisory.Actions = append(e.Advisory.Actions, a)
			}
		}
	}
	elsewhere := func(p *v1.Position) { p.Matter = otherPlan }
	for name, c := range map[string]struct {
		standing Entry
		by       any
		shown    string // in the preview
		want     string // by what the letter says of itself then
	}{
		"on two measures": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", refuse), asks(&v1.Action{Measure: "engage"}, &v1.Action{Measure: "list"})),
			on("north", "list", support), "It asks no more: send, on list.", "It asks no more: send, on “The list” (list).",
		},
		"on a measure and on all": {
			say("essex/1", "2021-10-01", on("north", "", refuse), on("north", "list", refuse), asks(&v1.Action{}, &v1.Action{Measure: "list"})),
			on("north", "list", support), "It asks no more: send, on list.", "It asks no more: send, on “The list” (list).",
		},
		"of two matters": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", refuse, elsewhere), asks(&v1.Action{Matter: plan, Measure: "engage"}, &v1.Action{Matter: otherPlan, Measure: "engage"})),
			on("north", "engage", support), "It asks no more: send, on gpc/plan.", "It asks no more: send, on “Engage” (engage) of The plan.",
		},
		"for two groups": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse, scopedTo("g1")), on("north", "engage", refuse, scopedTo("g2")), asks(&v1.Action{Scope: "g1"}, &v1.Action{Scope: "g2"})),
			on("north", "engage", support, scopedTo("g2")), "It asks no more: send, for g2.", "It asks no more: send, for g2.",
		},
	} {
		letter := draft(c.by, amends("essex/1"))
		known := essexToday(c.standing)
		matters := func(name string) *v1.Matter {
			m := twoMatters(name)
			if name == otherPlan {
				m.Title = "The other plan"
			}
			return m
		}
		known.Matters = matters
		if got := preview(t, letter, known); !strings.Contains(got, c.shown) {
			t.Errorf("%s: the preview says %s", name, got)
		}
		later := entry("essex/2")
		later.Advisory = letter
		p := Prepare(t.Context(), []Entry{c.standing, later}, register())
		standings := p.EndOf(c.standing, "2021-11-01", matters).Committees
		words := p.InPart(c.standing, standings, "2021-11-01", matters, func(*v1.AreaId) []string { return nil })
		if !strings.HasSuffix(words, c.want) {
			t.Errorf("%s: it says %s", name, words)
		}
	}
}

// A group's line that answers again was told to answer everybody.
func TestAGroupsLineThatComesBackIsSaidToAnswerThatGroup(t *testing.T) {
	general, group := say("essex/1", "2021-10-01", on("north", "engage", refuse)), say("essex/2", "2021-10-02", on("north", "engage", caution, scopedTo("g1")))
	got := previewOf(t, essexToday(general, group), draft(on("north", "engage", support, scopedTo("g1"), until("2021-12-04")), amends("essex/2")))
	if !strings.Contains(got, "From 5 December 2021 the line of essex/2 (caution) answers on engage for g1.") {
		t.Error(got)
	}
}

// A newsletter's line on the whole matter took away what a letter that passes another's line on asks on a measure,
// and whoever published it was told nothing.
func TestALineOnTheWholeMatterSaysWhatIsAskedOnAMeasureNoMore(t *testing.T) {
	kents := say("kent/1", "2021-10-10", on("kent", "engage", refuse))
	relays := say("essex/1", "2021-10-18", on("north", "engage", info, relayOf("kent", "kent/1")), asksFor("wait", "2021-12-03", onMeasure("engage"), by(practices)))
	for name, c := range map[string]struct {
		letter *v1.Advisory
		want   bool
	}{
		"another way":             {draft(on("north", "", decides)), true},
		"the same way":            {draft(on("north", "", against)), false},
		"on another's measures":   {draft(on("north", "strike", decides)), false},
		"and a line of its own":   {draft(on("north", "", decides), on("north", "engage", refuse)), false},
		"where it is asked again": {draft(on("north", "", decides), asksFor("wait", "2021-12-03", onMeasure("engage"), by(practices))), false},
	} {
		got := warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, warnedOf(c.letter, kents, relays))
		if (len(got) == 1 && got[0].GetEntry() == "essex/1" && got[0].GetMeasure() == "engage") != c.want || len(got) > 1 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Who corrected a day by what is asked alone was told to add a position that only informs, which either ended the
// line or left both days standing; what works was told nowhere.
func TestWhoCorrectsADayByARequestAloneIsToldWhatWorks(t *testing.T) {
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("reply", "2021-12-07", onMeasure("engage")))
	right := asksFor("reply", "2021-12-09", onMeasure("engage"), by(practices))
	alone := draft(amends("essex/1"), right)
	alone.OnBehalfOf, alone.Audiences, alone.Actions[0].Matter = []string{"north"}, []v1.Audience{practices}, plan
	beside := draft(on("north", "engage", info), right)
	want := "essex/1 goes on asking “reply, by 7 December 2021”, and this asks it by 9 December 2021: both days stand, and lists of what falls due give the first alone where this takes no line. To correct the day, "
	const write, sayAgain = "write “amends: [essex/1]” and ", "say again in this letter what essex/1 says on engage, with the same stance, and all that it asks there."
	for name, letter := range map[string]*v1.Advisory{"an action alone": alone, "beside what only informs": beside} {
		want := want + write + sayAgain
		if len(letter.GetAmends()) > 0 { // it has written that
			want = strings.Replace(want, write, "", 1)
		}
		_, warnings, _, err := checkPublish(letter, essexToday(old))
		if err != nil {
			t.Fatal(err)
		}
		texts := warningTexts(warnings)
		if !slices.Contains(texts, want) || strings.Contains(strings.Join(texts, " "), "information-only") {
			t.Errorf("%s: %q", name, texts)
		}
	}
	again := draft(on("north", "engage", refuse), amends("essex/1"), right)
	if texts := strings.Join(warningTexts(warnedOf(again, old)), " "); strings.Contains(texts, "both days stand") {
		t.Errorf("what works: %s", texts)
	}
}

// Whoever asked a group, or whoever is in none, to do by another day what goes on being asked of all was told nothing,
// and these read two days.
func TestBothDaysAreToldWhereOneIsOfAGroupAlone(t *testing.T) {
	ofGroup := func(id string) func(*v1.Action) { return func(a *v1.Action) { a.Scope = id } }
	asks := func(day, group string) func(*Entry) {
		return asksFor("reply", day, onMeasure("engage"), ofPlan, ofGroup(group))
	}
	general, started := on("north", "engage", refuse), on("north", "engage", caution, scopedTo("started"))
	for name, c := range map[string]struct {
		was, is string
		both    bool
	}{
		"all, and who is in no group": {"", GeneralScope, true},
		"all, and a group":            {"", "started", true},
		"who is in no group, and all": {GeneralScope, "", true},
		"a group, and all":            {"started", "", true},
		"a group, and who is in none": {"started", GeneralScope, false},
	} {
		old := say("essex/1", "2021-10-18", onBehalfOf("north"), general, started, asks("2021-12-07", c.was))
		alone := draft(asks("2021-12-09", c.is))
		alone.OnBehalfOf, alone.Audiences, alone.Amends = []string{"north"}, []v1.Audience{practices}, []string{"essex/1"}
		if got := previewOf(t, essexToday(old), alone); strings.Contains(got, "both days stand") != c.both {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// The preview of a letter that replaced another from a later day, or amended it for some of its readers or from a later day,
// and asked the same by another day, said that the old one asks it no more, and that both days stand.
func TestWhatIsAskedNoMoreIsNotSaidToStandBesideTheNewDay(t *testing.T) {
	asks := func(day string) func(*Entry) { return asksFor("reply", day, onMeasure("engage"), ofPlan) }
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), asks("2021-12-07"))
	widely := say("essex/1", "2021-10-18", on("north", "engage", refuse, practices, pcns), asks("2021-12-07"))
	ahead := say("essex/1", "2021-10-18", on("north", "engage", refuse, from("2021-11-10")), asks("2021-12-07"))
	for name, c := range map[string]struct {
		old    Entry
		letter *v1.Advisory
		both   bool
	}{
		"replaced":                       {old, draft(on("north", "engage", refuse), asks("2021-12-09"), replaces("essex/1")), false},
		"replaced from a later day":      {old, draft(on("north", "engage", caution), asks("2021-12-09"), replaces("essex/1"), validSince("2021-11-05")), false},
		"amended from a later day":       {old, draft(on("north", "engage", caution, from("2021-11-05")), asks("2021-12-09"), amends("essex/1")), false},
		"amended for some":               {widely, draft(on("north", "engage", caution), asks("2021-12-09"), amends("essex/1")), false},
		"before it holds":                {ahead, draft(on("north", "engage", caution), asks("2021-12-09"), amends("essex/1")), false},
		"amended elsewhere":              {old, draft(on("north", "list", caution), asks("2021-12-09"), asksFor("reply", "2021-12-10", onMeasure("engage"), ofPlan), amends("essex/1")), true},
		"it names none, and holds later": {old, draft(on("north", "engage", refuse), asks("2021-12-09"), validSince("2021-11-05")), true},
	} {
		_, warnings, ends, err := checkPublish(c.letter, essexToday(c.old))
		texts := strings.Join(append(ends, warningTexts(warnings)...), " ")
		if both := strings.Contains(texts, "essex/1 goes on asking"); err != nil || both != c.both || strings.Contains(texts, "asks no more: reply, by 7 December 2021") == c.both {
			t.Errorf("%s: %v, %s", name, err, texts)
		}
	}
}

// Of what a letter to practices asks of commissioners by name, every preview said that it is asked no more, or that readers
// are shown it no more: every page, view and list went on asking it.
func TestWhatIsAskedOfOthersByNameIsNotSaidToBeAskedNoMoreWhereItIsAskedStill(t *testing.T) {
	ofOthers := asksFor("stop the list", "2021-12-15", by(commissioner), onMeasure("engage"), ofPlan)
	old := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", against), ofOthers, asksFor("send", "2021-12-07", ofPlan))
	for name, c := range map[string]struct {
		letter *v1.Advisory
		want   bool
	}{
		"amended elsewhere":      {draft(on("north", "list", support), amends("essex/1")), false},
		"for a group elsewhere":  {draft(on("north", "strike", support), amends("essex/1"), asksFor("send", "2021-12-09", ofPlan)), false},
		"amended":                {draft(on("north", "engage", support), amends("essex/1")), true},
		"replaced, and so again": {draft(on("north", "engage", refuse), replaces("essex/1"), ofOthers), false},
		"replaced":               {draft(on("north", "engage", refuse), replaces("essex/1")), true},
	} {
		_, warnings, ends, err := checkPublish(c.letter, essexToday(old))
		told := strings.Join(append(ends, warningTexts(warnings)...), "\n")
		if got := strings.Contains(told, "stop the list"); err != nil || got != c.want {
			t.Errorf("%s: %v, %s", name, err, told)
		}
	}
}

// Who issued a letter anew, and typed what it asks with a capital or a full stop more, was told that practices are asked it no
// more.
func TestWhatIsTypedAgainWithAnotherCommaIsAskedStill(t *testing.T) {
	asks := func(what string) func(*Entry) {
		return asksFor("send", "2021-12-07", onMeasure("engage"), ofPlan, func(a *v1.Action) { a.Object = what })
	}
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), asks("the reply below"))
	for what, gone := range map[string]bool{"The reply below.": false, "the replies below": true} {
		_, _, ends, err := checkPublish(draft(on("north", "engage", refuse), asks(what), replaces("essex/1")), essexToday(old))
		if got := strings.Contains(strings.Join(ends, " "), "asks no more"); err != nil || got != gone {
			t.Errorf("%s: %v, %q", what, err, ends)
		}
	}
}
