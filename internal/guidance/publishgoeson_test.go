package guidance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What networks are asked was said to be shown no more where a group of practices is given a line of its own, and what is
// asked by name of others than the letter's readers to be in no view, which is in theirs.
func TestWhatOthersGoOnBeingAskedIsNotSaidToBeShownNoMore(t *testing.T) {
	tell := asksFor("tell", "2021-12-07", by(pcns))
	for name, c := range map[string]struct {
		standing Entry
		letter   *v1.Advisory
		want     bool
	}{
		"of networks, for a group of practices":        {say("essex/1", "2021-10-18", on("north", "engage", refuse, practices, pcns), tell), draft(on("north", "engage", support, scopedTo("g1"))), false},
		"of networks, for the group":                   {say("essex/1", "2021-10-18", on("north", "engage", refuse, practices, pcns), tell), draft(on("north", "engage", support, practices, pcns, scopedTo("g1"))), true},
		"of practices, for the group":                  {say("essex/1", "2021-10-18", on("north", "engage", refuse, practices, pcns), asksFor("tell", "2021-12-07", by(practices))), draft(on("north", "engage", support, scopedTo("g1"))), true},
		"of networks, by what is mentioned to both":    {say("essex/1", "2021-10-18", on("north", "engage", refuse)), draft(on("north", "engage", info, practices, pcns), tell), false},
		"of networks, until the last day of practices": {say("essex/1", "2021-10-18", on("north", "list", refuse)), draft(on("north", "engage", refuse, until("2021-11-30")), on("north", "engage", refuse, pcns), tell), false},
		"of practices, until their last day":           {say("essex/1", "2021-10-18", on("north", "list", refuse)), draft(on("north", "engage", refuse, until("2021-11-30")), on("north", "engage", refuse, pcns), asksFor("tell", "2021-12-07", by(practices))), true},
	} {
		got := warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, warnedOf(c.letter, c.standing))
		if len(got) > 0 != c.want {
			t.Errorf("%s: %v", name, warningTexts(got))
		}
	}
}

// What is said to be shown no more though nothing ends it, somebody of whom it is asked was asked before and is no more.
func TestWhatIsSaidToBeShownNoMoreSomebodyIsAskedNoMore(t *testing.T) {
	previewsOfDraws(t, 3, func(t *rapid.T, of previewed) (told int) {
		for _, w := range warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, of.shown.Warnings) {
			verb, _, _ := strings.Cut(strings.Split(w.GetQuote(), ",")[0], " ")
			if w.GetEntry() == "" {
				continue
			}
			told++
			if !slices.ContainsFunc(append(everyReader(), readersTo(directors, commissioner)...), func(r someReader) bool {
				return slices.ContainsFunc([]string{"2021-11-01", "2021-11-05", "2021-11-10", "2021-11-15"}, func(day string) bool {
					return r.isAsked(r.line(of.before, day), verb) && !r.isAsked(r.line(of.after, day), verb)
				})
			}) {
				t.Fatalf("everybody is still asked what “%s” is said of\n%s", w.GetWords(), of)
			}
		}
		return told
	}, func(t *rapid.T, standing []Entry) {
		for i, e := range standing {
			for j, action := range e.Advisory.GetActions() {
				if die(3).Draw(t, fmt.Sprintf("of others %d %d", i, j)) == 0 {
					action.Actors = fairly([][]v1.Audience{{commissioner}, {directors}, {pcns}, {practices, pcns}}).Draw(t, "of whom")
				}
			}
		}
	})
}

// Whoever published beside a report was told nothing of it, and so was who needs not be.
func TestOnlyWhoTakesNoLineIsToldThatAReportGoesOn(t *testing.T) {
	report := reported("bma/1", "2021-10-20", on("north", "engage", support))
	for name, c := range map[string]struct {
		letter   *v1.Advisory
		standing []Entry
		want     int
	}{
		"information":              {draft(on("north", "engage", info)), []Entry{report}, 1},
		"asking members":           {draft(on("north", "engage", consulting)), []Entry{report}, 1},
		"passing on":               {draft(on("north", "engage", info, relayOf("kent", ""))), []Entry{report}, 1},
		"a line":                   {draft(on("north", "engage", refuse)), []Entry{report}, 0},
		"on another measure":       {draft(on("north", "list", info)), []Entry{report}, 0},
		"of another committee":     {draft(on("south", "engage", info)), []Entry{report}, 0},
		"beside a line of its own": {draft(on("north", "engage", info)), []Entry{report, say("essex/1", "2021-10-22", on("north", "engage", refuse))}, 0},
		"of one withdrawn":         {draft(on("north", "engage", info)), []Entry{report, withdraw("essex/1", "bma/1", "2021-10-22")}, 0},
		"from a later day":         {draft(on("north", "engage", info, from("2021-12-01"))), []Entry{report}, 1},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday(c.standing...))
		if got := warned(answersv1.WarningCode_WARNING_CODE_REPORT_GOES_ON, warnings); err != nil || len(got) != c.want {
			t.Errorf("%s: %v, %v, want %d", name, err, got, c.want)
		}
	}
}

// Who names a condition is not asked for one.
func TestOnlySupportOnConditionsThatAreNotNamedIsLookedAtTwice(t *testing.T) {
	const onConditions = v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS
	onlyIf := func(p *v1.Position) {
		p.Conditions = []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF, Text: "it is paid for"}}
	}
	for name, c := range map[string]struct {
		letter *v1.Advisory
		want   int
	}{
		"none":      {draft(on("north", "engage", onConditions)), 1},
		"one":       {draft(on("north", "engage", onConditions, onlyIf)), 0},
		"of one":    {draft(on("north", "engage", onConditions, onlyIf), on("north", "list", onConditions)), 1},
		"supported": {draft(on("north", "engage", support)), 0},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday())
		if got := warned(answersv1.WarningCode_WARNING_CODE_CONDITIONS_UNSAID, warnings); err != nil || len(got) != c.want {
			t.Errorf("%s: %v, %v, want %d", name, err, got, c.want)
		}
	}
}

// A letter that has what is passed on of it, to others, for a group, in a part of the area or by a measure, is told of nothing.
func TestOnlyALetterThatHasNothingOfWhatIsPassedOnIsLookedAtTwice(t *testing.T) {
	for name, c := range map[string]struct {
		of    *v1.Position
		relay *v1.Position
		want  int
	}{
		"the same":                  {on("kent", "engage", refuse), on("north", "engage", info), 0},
		"by the whole matter":       {on("kent", "", refuse), on("north", "engage", info), 0},
		"the whole, of a measure":   {on("kent", "engage", refuse), on("north", "", info), 0},
		"to partners":               {on("kent", "engage", refuse, partners), on("north", "engage", info), 0},
		"of a group":                {on("kent", "engage", refuse, scopedTo("g1")), on("north", "engage", info), 0},
		"of an area":                {on("kent", "engage", refuse, in("A1")), on("north", "engage", info), 0},
		"from a later day":          {on("kent", "engage", refuse, from("2021-12-01")), on("north", "engage", info), 0},
		"what is mentioned":         {on("kent", "engage", info), on("north", "engage", info), 0},
		"another measure":           {on("kent", "list", refuse), on("north", "engage", info), 1},
		"another proposer's action": {on("kent", "", refuse), on("north", "strike", info), 1},
	} {
		relayOf("kent", "kent/1")(c.relay)
		_, warnings, _, err := checkPublish(draft(c.relay), essexToday(say("kent/1", "2021-10-20", c.of)))
		if got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_NOTHING, warnings); err != nil || len(got) != c.want {
			t.Errorf("%s: %v, %v, want %d", name, err, got, c.want)
		}
	}
}

// Who corrected a joint letter for one of its committees read that it asks no more what the other is asked still.
func TestThePreviewOfACorrectionForOneOfTwoSaysOfWhomItAsksNoMore(t *testing.T) {
	old := say("essex/1", "2021-10-18", on("north", "engage", refuse), on("south", "engage", refuse), asksFor("reply", "2021-12-07", onMeasure("engage"), by(practices), ofPlan))
	a := draft(amends("essex/1"), asksFor("reply", "2021-12-09", onMeasure("engage"), by(practices), ofPlan))
	a.OnBehalfOf, a.Audiences = []string{"north"}, []v1.Audience{practices}
	_, _, ends, err := checkPublish(a, essexToday(old))
	if got := strings.Join(ends, " "); err != nil || !strings.HasSuffix(got, "in its place for north. For north it asks no more: reply, by 7 December 2021.") {
		t.Errorf("%v, %s", err, got)
	}
}

// A correction of a day that said on which measure the request is, or said it no more, took the place of nothing, and its
// preview did not say that both days stand.
func TestACorrectionOnAnotherMeasureThanWhatItCorrectsIsToldThatBothDaysStand(t *testing.T) {
	onIt := onMeasure("engage")
	anywhere := func(*v1.Action) {}
	for name, of := range map[string][2]func(*v1.Action){"on a measure": {anywhere, onIt}, "on the matter": {onIt, anywhere}} {
		first := say("essex/1", "2021-10-20", on("north", "engage", refuse), asksFor("send", "2021-12-08", by(practices), ofPlan, of[0]))
		right := draft(asksFor("send", "2021-12-06", by(practices), ofPlan, of[1]), amends("essex/1"))
		right.OnBehalfOf, right.Audiences = []string{"north"}, []v1.Audience{practices}
		if got := previewOf(t, essexToday(first), right); !strings.Contains(got, "essex/1 goes on asking “send, by 8 December 2021”, and this asks it by 6 December 2021: both days stand") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A correction with a line for a part of the area, on one of two measures, moved the day there for that part alone, and for all on the
// other: the part was told one day, and the rest both.
func TestACorrectionOfADayInPartMovesItForThatPartOnEveryMeasure(t *testing.T) {
	send := func(day string) func(*Entry) { return asksFor("send", day, by(practices), ofPlan) }
	first := say("essex/1", "2021-10-20", on("north", "engage", caution), on("north", "list", caution), send("2021-12-07"))
	part := []any{on("north", "engage", caution, in("A")), send("2021-12-21"), amends("essex/1")}
	for _, measure := range []string{"engage", "list"} {
		for area, want := range map[string]string{"A": "send 2021-12-21 essex/2", "B": "send 2021-12-07 essex/1"} {
			q := asked("north "+measure+" 2021-10-25", func(q *Question) { q.Area = code(area) })
			if got := asksOn(resolve(q, []Entry{first, say("essex/2", "2021-10-21", part...)}, register())[0]); got != want {
				t.Errorf("%s in %s: %s, want %s", measure, area, got, want)
			}
		}
	}
	got := previewOf(t, essexToday(first), draft(part...))
	if !strings.Contains(got, "It asks no more: send, by 7 December 2021, in area:A.") || strings.Contains(got, "both days stand") {
		t.Error(got)
	}
	// Of another measure the line says nothing of whom the day is for.
	other := say("essex/2", "2021-10-21", on("north", "strike", caution, in("A")), send("2021-12-21"), amends("essex/1"))
	if got := asksOn(resolve(asked("north engage 2021-10-25", func(q *Question) { q.Area = code("B") }), []Entry{first, other}, register())[0]); got != "send 2021-12-21 essex/2" {
		t.Error(got)
	}
}

// What a letter on no matter asks practices was on no page, and nobody had told its office.
func TestWhatALetterOnNoMatterAsksIsLookedAtTwice(t *testing.T) {
	a := draft(asksFor("send", "2021-12-21", by(practices)))
	a.OnBehalfOf, a.Audiences = []string{"north"}, []v1.Audience{practices}
	if got := previewOf(t, essexToday(), a); !strings.Contains(got, "is on no matter, and so on no practice's page") {
		t.Error(got)
	}
}

// A correction for one of two committees was said to leave both days standing, of which the other is the other committee's alone.
func TestTheDayOfAnotherCommitteesPracticesIsNoSecondDay(t *testing.T) {
	reply := func(of, day string) func(*Entry) {
		return asksFor("reply", day, by(practices), onMeasure("engage"), func(a *v1.Action) { a.Committees = []string{of} })
	}
	first := say("essex/1", "2021-10-20", on("north", "engage", refuse), on("south", "engage", caution), reply("north", "2021-12-09"), reply("south", "2021-12-16"))
	right := draft(reply("north", "2021-12-11"), amends("essex/1"))
	right.OnBehalfOf, right.Audiences = []string{"north", "south"}, []v1.Audience{practices}
	if got := previewOf(t, essexToday(first), right); strings.Contains(got, "both days stand") {
		t.Error(got)
	}
}

// A must of managers alone, or of one area, in a letter that was entered after a newer one to just these was told to nobody, and
// the preview said that the office insists on it.
func TestWhatAnOlderLetterAsksOfThoseToldSomethingNewerIsSaidToBeAskedOfNobody(t *testing.T) {
	dated := func(a *v1.Advisory) *v1.Advisory {
		a.Issued = &v1.DayRange{Earliest: "2021-10-20", Latest: "2021-10-20"}
		return a
	}
	ask := func(more ...func(*v1.Action)) func(*Entry) {
		return asksFor("return it", "2021-12-17", append(more, onMeasure("engage"), ofPlan)...)
	}
	inA := func(act *v1.Action) { act.Area = &v1.AreaId{Scheme: "area", Code: "A"} }
	const nobody = "“return it, by 17 December 2021” does not go with the line of essex/1, which stands: no view shows it."
	for name, c := range map[string]struct {
		newer  Entry
		letter *v1.Advisory
		want   bool
	}{
		"of managers":             {say("essex/1", "2021-10-22", on("north", "engage", caution, managers)), dated(draft(on("north", "engage", support), ask(by(managers)))), true},
		"of an area":              {say("essex/1", "2021-10-22", on("north", "engage", caution, in("A"))), dated(draft(on("north", "engage", support), ask(inA))), true},
		"on a measure":            {say("essex/1", "2021-10-22", on("north", "engage", support)), dated(draft(on("north", "", refuse), ask())), true},
		"of all, and not of some": {say("essex/1", "2021-10-22", on("north", "engage", caution, managers)), dated(draft(on("north", "engage", support), ask())), false},
		"that goes with it":       {say("essex/1", "2021-10-22", on("north", "engage", caution, managers)), dated(draft(on("north", "engage", refuse), ask(by(managers)))), false},
		"newer than that":         {say("essex/1", "2021-10-18", on("north", "engage", caution, managers)), dated(draft(on("north", "engage", support, practices, managers), ask(by(managers)), amends("essex/1"))), false},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday(c.newer))
		got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, warnings))
		if err != nil || len(got) > 0 != c.want || c.want && !strings.Contains(got[0], nobody) {
			t.Errorf("%s: %v, %q", name, err, got)
		}
	}
}

// A correction of what stands with a lasting line was said to be shown no more from the day on which another line of the same
// letter is over.
func TestACorrectionIsNotOverWithALineThatItHasNothingToDoWith(t *testing.T) {
	letter := func(measure string) Entry {
		return say("essex/1", "2021-10-20", on("north", "engage", refuse), on("north", "list", caution, until("2021-12-18")), asksFor("send the list", "2021-12-10", onMeasure(measure), ofPlan, by(practices)))
	}
	for measure, want := range map[string]bool{"engage": false, "list": true} {
		a := draft()
		a.OnBehalfOf, a.Audiences, a.Amends = []string{"north"}, []v1.Audience{practices}, []string{"essex/1"}
		asksFor("send the list", "2021-12-23", onMeasure(measure), ofPlan, by(practices))(&Entry{Advisory: a})
		_, warnings, _, err := checkPublish(a, essexToday(letter(measure)))
		got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, warnings))
		if err != nil || len(got) > 0 != want {
			t.Errorf("on %s: %v, %q", measure, err, got)
		}
	}
}

// What temporary advice for part of the readers, or of the area, stops, a letter to all goes on asking the others, and asks these again
// once that is over: its preview said the first alone.
func TestWhatIsAskedAgainOfPartOfTheReadersIsToldOfThese(t *testing.T) {
	ask := func(more ...func(*v1.Action)) func(*Entry) {
		return asksFor("send", "2022-01-14", append(more, onMeasure("engage"))...)
	}
	temporary := func(parts ...any) Entry {
		return say("essex/2", "2021-10-12", on("north", "engage", caution, append(parts, until("2021-12-18"))...), amends("essex/1"))
	}
	again := func(of string) string {
		return "From 19 December 2021 essex/1 asks “send, by 14 January 2022” again" + of + ", beside this: what stops it now is over then. If it is to end, write “replaces: [essex/1]”, or “amends: [essex/1]”, too."
	}
	for name, c := range map[string]struct {
		asks      func(*Entry)
		temporary Entry
		letter    *v1.Advisory
		want      []string
	}{
		"of partners":           {ask(), temporary(partners), draft(on("north", "engage", against), amends("essex/2")), []string{again(" of GP partners")}},
		"of two kinds":          {ask(), temporary(partners, managers), draft(on("north", "engage", against), amends("essex/2")), []string{again(" of GP partners, practice managers")}},
		"in an area":            {ask(), temporary(in("A")), draft(on("north", "engage", against), amends("essex/2")), []string{again(" in area:A")}},
		"within one":            {ask(), temporary(in("A1")), draft(on("north", "engage", against), amends("essex/2")), []string{again(" in area:A1")}},
		"of partners there":     {ask(), temporary(partners, in("A")), draft(on("north", "engage", against), amends("essex/2")), []string{again(" of GP partners in area:A")}},
		"on the whole matter":   {ask(), temporary(partners), draft(on("north", "", against), amends("essex/2")), []string{again(" of GP partners")}},
		"of all whom it is of":  {ask(by(managers)), temporary(managers), draft(on("north", "engage", against), amends("essex/2")), []string{again("")}},
		"of all":                {ask(), temporary(), draft(on("north", "engage", against), amends("essex/2")), []string{again("")}},
		"to the same alone":     {ask(), temporary(partners), draft(on("north", "engage", against, partners), amends("essex/2")), []string{again("")}},
		"there alone":           {ask(), temporary(in("A")), draft(on("north", "engage", against, in("A")), amends("essex/2")), []string{again("")}},
		"of one kind of two":    {ask(by(managers, partners)), temporary(partners), draft(on("north", "engage", against), amends("essex/2")), []string{again(" of GP partners")}},
		"that it ends":          {ask(), temporary(partners), draft(on("north", "engage", against), amends("essex/1", "essex/2")), nil},
		"of others than these":  {ask(by(managers)), temporary(partners), draft(on("north", "engage", against), amends("essex/2")), nil},
		"over before that line": {ask(), temporary(partners), draft(on("north", "engage", against, until("2021-12-17")), amends("essex/2")), nil},
	} {
		first := say("essex/1", "2021-10-10", on("north", "engage", against), c.asks)
		_, warnings, _, err := checkPublish(c.letter, essexToday(first, c.temporary))
		got := slices.DeleteFunc(warned(answersv1.WarningCode_WARNING_CODE_GOES_ON_ASKING, warnings), func(w *answersv1.Warning) bool { return w.GetFrom() == "" })
		if err != nil || !slices.Equal(warningTexts(got), c.want) {
			t.Errorf("%s: %v, %q, want %q", name, err, warningTexts(got), c.want)
		}
	}
}

// A must that is due while temporary advice stops it was lost unsaid for those whom that is for, and so was what partners, or practices
// in an area, are asked by a letter to these alone, where a newsletter to all does not go with it.
func TestWhatIsDueBeforeItCouldBeAskedAgainIsSaidToBeShownNoMore(t *testing.T) {
	ask := func(more ...func(*v1.Action)) func(*Entry) {
		return asksFor("send", "2021-12-10", append(more, onMeasure("engage"))...)
	}
	letter := func(asks func(*Entry)) Entry {
		return say("essex/1", "2021-10-10", on("north", "engage", against), asks)
	}
	temporary := func(parts ...any) Entry {
		return say("essex/2", "2021-10-12", on("north", "engage", caution, append(parts, until("2021-12-18"))...), amends("essex/1"))
	}
	follows := func(parts ...any) *v1.Advisory {
		return draft(on("north", "engage", against, parts...), amends("essex/2"))
	}
	stopped := func(whom string) []string {
		return []string{"essex/1 asks “send, by 10 December 2021”, which essex/2 stops until 18 December 2021: it is due by then, and " + whom + " are not shown it beside this. Ask it again in this letter, if it is still asked."}
	}
	come := func(parts ...any) []Entry {
		return []Entry{say("essex/1", "2021-10-10", on("north", "engage", refuse)), say("essex/3", "2021-10-20", on("north", "engage", info, parts...), asksFor("come", "2021-12-03"))}
	}
	hidden := func(shown string) []string {
		return []string{"essex/3 asks “come, by 3 December 2021”, which does not go with this, and " + shown + " though nothing ends it: ask it again in this letter, if it is still asked, or end essex/3."}
	}
	turns := func(parts ...any) *v1.Advisory {
		return draft(on("north", "engage", support, parts...), amends("essex/1"))
	}
	for name, c := range map[string]struct {
		standing []Entry
		letter   *v1.Advisory
		want     []string
	}{
		"of all":                   {[]Entry{letter(ask()), temporary()}, follows(), stopped("readers")},
		"of partners":              {[]Entry{letter(ask()), temporary(partners)}, follows(), stopped("GP partners")},
		"in an area":               {[]Entry{letter(ask()), temporary(in("A"))}, follows(), stopped("readers in area:A")},
		"of partners there":        {[]Entry{letter(ask()), temporary(partners, in("A"))}, follows(), stopped("GP partners in area:A")},
		"beside a temporary line":  {[]Entry{letter(ask()), temporary(partners)}, follows(until("2021-12-24")), stopped("GP partners")},
		"beside the whole matter":  {[]Entry{letter(ask()), temporary(partners)}, draft(on("north", "", against), amends("essex/2")), stopped("GP partners")},
		"of others than these":     {[]Entry{letter(ask(by(managers))), temporary(partners)}, follows(), nil},
		"that it asks":             {[]Entry{letter(ask()), temporary(partners)}, draft(on("north", "engage", against), amends("essex/2"), ask()), nil},
		"that it ends":             {[]Entry{letter(ask()), temporary(partners)}, draft(on("north", "engage", against), amends("essex/1", "essex/2")), nil},
		"by what goes on for them": {[]Entry{letter(ask()), temporary(partners)}, draft(on("north", "engage", caution, partners, until("2021-12-18"))), nil},
		"due after that":           {[]Entry{letter(asksFor("send", "2021-12-20", onMeasure("engage"))), temporary(partners)}, follows(), nil},
		"stopped for good":         {[]Entry{letter(ask()), say("essex/2", "2021-10-12", on("north", "engage", caution, partners), amends("essex/1"))}, follows(), nil},
		"that does not go with it": {come(), turns(), hidden("readers are shown it no more")},
		"of partners alone":        {come(partners), turns(), hidden("GP partners are shown it no more")},
		"in an area alone":         {come(in("A")), turns(), hidden("readers in area:A are shown it no more")},
		"of partners, for a time":  {come(partners), turns(until("2021-12-18")), hidden("until 18 December 2021 GP partners are not shown it,")},
		"in an area, for a time":   {come(in("A")), turns(until("2021-12-18")), hidden("until 18 December 2021 readers in area:A are not shown it,")},
		"and again by then":        {come(partners), turns(until("2021-12-02")), nil},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday(c.standing...))
		if got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, warnings)); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %q, want %q", name, err, got, c.want)
		}
	}
}
