package guidance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What was found by trying to have readers told something false, or not told something.

func toPartOf(about string, entries ...Entry) string {
	var told []string
	for _, s := range resolve(asked(about), entries, register())[0].GetSaidToPart() {
		told = append(told, s.GetAdvisory())
	}
	return strings.Join(told, " ")
}

func TestAGroupOfPartnersIsToldToWhoeverAsksForPractices(t *testing.T) {
	entries := []Entry{say("essex/1", "2021-10-20", on("north", "engage", support)), say("essex/2", "2021-10-21", on("north", "engage", refuse, partners, scopedTo("started")))}
	if got := toPartOf("north engage 2021-10-26", entries...); got != "essex/2" {
		t.Errorf("in general: %q", got)
	}
	q := asked("north engage 2021-10-26")
	q.Scope = "started"
	line := resolve(q, entries, register())[0]
	if line.GetCurrent().GetAdvisory() != "essex/1" || len(line.GetSaidToPart()) != 1 || line.GetSaidToPart()[0].GetAdvisory() != "essex/2" {
		t.Errorf("for the group: %v", line)
	}
}

func TestPartnersOfPartOfTheAreaAreToldWithoutAPracticesCode(t *testing.T) {
	entries := []Entry{say("essex/1", "2021-10-20", on("north", "engage", refuse)), say("essex/2", "2021-10-21", on("north", "engage", support, partners, in("B")))}
	if got := toPartOf("north engage 2021-10-26", entries...); got != "essex/2" {
		t.Errorf("got %q", got)
	}
}

func TestARelaysOpinionIsNotItsOwn(t *testing.T) {
	passedOn := on("north", "engage", info, relay, func(p *v1.Position) { p.Opinion = v1.Opinion_OPINION_OPPOSES })
	line := resolve(asked("north engage 2021-10-26"), []Entry{say("essex/1", "2021-10-20", on("north", "engage", support)), say("essex/2", "2021-10-21", passedOn)}, register())[0]
	if line.GetOpinion() != v1.Opinion_OPINION_UNSPECIFIED {
		t.Errorf("got %v", line)
	}
	passedOn.RelayOf = &v1.RelaySource{Committee: "kent"}
	if _, _, _, err := checkPublish(draft(passedOn), essexToday()); err == nil || !strings.Contains(err.Error(), "no opinion of your own") {
		t.Errorf("published: %v", err)
	}
}

func TestAnActionOfPatientsIsNotAskedOfPractices(t *testing.T) {
	letter := say("essex/1", "2021-10-20", on("north", "engage", refuse), func(e *Entry) {
		e.Advisory.Actions = []*v1.Action{
			{Verb: "bring", Actors: []v1.Audience{v1.Audience_AUDIENCE_PATIENTS}}, {Verb: "sign", Actors: []v1.Audience{partners}}, {Verb: "check"},
		}
	})
	var verbs []string
	for _, a := range resolve(asked("north engage 2021-10-26"), []Entry{letter}, register())[0].GetActions() {
		verbs = append(verbs, a.GetVerb())
	}
	if !slices.Equal(verbs, []string{"sign", "check"}) {
		t.Errorf("got %v", verbs)
	}
}

// What is asked with one line of a letter was refused beside another, or shown with it.
func TestAnActionIsAskedWithTheLinesItGoesWith(t *testing.T) {
	asks := func(a *v1.Action) func(*Entry) {
		a.Verb = "act"
		if a.Actors == nil {
			a.Actors = []v1.Audience{practices}
		}
		return func(e *Entry) { e.Advisory.Actions = append(e.Advisory.Actions, a) }
	}
	for name, c := range map[string]struct {
		says []any
		with string // the questions it is answered to
	}{
		"south's alone, where the whole matter says otherwise to both": {
			[]any{on("north south", "", refuse), on("south", "engage", support), asks(&v1.Action{Measure: "engage", Committees: []string{"south"}})},
			"south engage",
		},
		"the whole matter's, beside a measure that says otherwise": {
			[]any{on("north south", "", refuse), on("south", "engage", support), asks(&v1.Action{})},
			"north whole, north engage, south whole",
		},
		"the whole matter's, beside two groups that differ on a measure": {
			[]any{on("north", "", refuse), on("north", "engage", support, scopedTo("a")), on("north", "engage", refuse, scopedTo("b")), asks(&v1.Action{})},
			"north whole, north engage, north engage b",
		},
		"whoever's is in no group": {
			[]any{on("north", "engage", refuse), on("north", "engage", support, scopedTo("a")), asks(&v1.Action{Scope: GeneralScope})},
			"north engage",
		},
		"of patients too, who are advised nothing": {
			[]any{on("north", "", refuse), on("north", "engage", support), asks(&v1.Action{Measure: "engage", Actors: []v1.Audience{practices, v1.Audience_AUDIENCE_PATIENTS}})},
			"north engage",
		},
		"in an area within that of its line": {
			[]any{on("north", "", refuse), on("north", "engage", support, in("A")), asks(&v1.Action{Measure: "engage", Area: code("A1")})},
			"",
		},
		"beside a measure of another proposer": {
			[]any{on("north", "", refuse), on("north", "strike", support), asks(&v1.Action{})},
			"north whole, north engage, north strike",
		},
		"a group's": {
			[]any{on("north", "engage", refuse), on("north", "engage", support, scopedTo("a")), asks(&v1.Action{Scope: "a"})},
			"north engage a",
		},
	} {
		letter, _, _, err := checkPublish(draft(c.says...), essexToday())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var with []string
		for _, committee := range []string{"north", "south"} {
			for _, measure := range []string{"whole", "engage", "strike"} {
				for _, group := range []string{"", "a", "b"} {
					q := asked(committee + " " + measure + " 2021-10-26")
					q.Scope = group
					if line := resolve(q, []Entry{{ID: "essex/1", Office: "essex", Index: 1, Feed: 1, Visibility: public, Advisory: letter}}, register())[0]; len(line.GetActions()) > 0 && line.GetScope().GetId() == group {
						with = append(with, strings.TrimSpace(committee+" "+measure+" "+group))
					}
				}
			}
		}
		if got := strings.Join(with, ", "); got != c.with {
			t.Errorf("%s: asked with %s, want %s", name, got, c.with)
		}
	}
	asked := asked("north engage 2021-10-26", func(q *Question) { q.Scope = "a" })
	if line := resolve(asked, []Entry{say("essex/1", "2021-10-25", on("north", "engage", refuse), asks(&v1.Action{Scope: GeneralScope}))}, register())[0]; len(line.GetActions()) != 0 {
		t.Errorf("a group is asked what is asked of no group: %v", line.GetActions())
	}
	listed := goodMatter()
	listed.Name, listed.Measures[0].Scopes = "essex/mine", []*v1.Scope{{Id: GeneralScope, Words: "all"}}
	if _, err := checkMatter(listed, essexToday()); err == nil || !strings.Contains(err.Error(), "general is whoever is in no group") {
		t.Errorf("a matter's group named general: %v", err)
	}
	none := draft(on("north", "engage", support, scopedTo(GeneralScope)))
	if _, _, _, err := checkPublish(none, essexToday()); err == nil || !strings.Contains(err.Error(), "general is whoever is in no group") {
		t.Errorf("a group named general: %v", err)
	}
	alone := draft(on("north", "engage", support, scopedTo("a")), asks(&v1.Action{Scope: GeneralScope}))
	if _, _, _, err := checkPublish(alone, essexToday()); err == nil || !strings.Contains(err.Error(), "no position of this advisory is for the group general") {
		t.Errorf("general where all is for groups: %v", err)
	}
}

// A letter of a hundred thousand actions, which no node publishes, took seconds of every answer.
func TestNoMoreOfALetterCountsThanMayBePublished(t *testing.T) {
	letter := say("essex/1", "2021-10-25")
	for range PositionLimit {
		letter.Advisory.Positions = append(letter.Advisory.Positions, on("north", "list", refuse))
	}
	letter.Advisory.Positions = append(letter.Advisory.Positions, on("north", "engage", refuse))
	for range ActionLimit + 1 {
		letter.Advisory.Actions = append(letter.Advisory.Actions, &v1.Action{Verb: "act"})
	}
	if line := resolve(asked("north list 2021-10-26"), []Entry{letter}, register())[0]; len(line.GetActions()) != ActionLimit {
		t.Errorf("%d actions, want %d", len(line.GetActions()), ActionLimit)
	}
	if line := resolve(asked("north engage 2021-10-26"), []Entry{letter}, register())[0]; line.GetCurrent() != nil {
		t.Errorf("the position past the limit answers: %v", line)
	}
}

// A line lists so many groups, and counts the rest; publishing opens no more.
func TestGroupsHaveALimit(t *testing.T) {
	groups := func(n int) (entries []Entry) {
		for i := range n {
			entries = append(entries, say(fmt.Sprintf("essex/%d", i+1), "2021-10-01", on("north", "engage", refuse, scopedTo(fmt.Sprintf("g-%02d", i)))))
		}
		return entries
	}
	for n, more := range map[int]int32{GroupLimit: 0, GroupLimit + 3: 3} {
		line := resolve(asked("north engage 2021-10-26"), groups(n), register())[0]
		if len(line.GetGroups()) != GroupLimit || line.GetMoreGroups() != more {
			t.Errorf("of %d groups %d are listed and %d counted", n, len(line.GetGroups()), line.GetMoreGroups())
		}
	}
	fresh := draft(on("north", "engage", refuse, scopedTo("one-more")))
	if _, _, _, err := checkPublish(fresh, essexToday(groups(GroupLimit-1)...)); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	elsewhere := draft(on("north", "list", refuse, scopedTo("one-more")))
	if _, _, _, err := checkPublish(elsewhere, essexToday(groups(GroupLimit)...)); err != nil {
		t.Errorf("the first group of another measure: %v", err)
	}
	if _, _, _, err := checkPublish(fresh, essexToday(groups(GroupLimit)...)); err == nil || !strings.Contains(err.Error(), "there are 32 groups already") {
		t.Errorf("past the limit: %v", err)
	}
}

// Two lines and one action meet through areas that contain one another, through the whole
// matter where it answers a measure, and where one only urges caution.
func TestAnActionStandsWithLinesOfOneDirectionWhereverTheyMeet(t *testing.T) {
	action := func(a *v1.Action) func(*Entry) {
		a.Verb, a.Actors = "switch on", []v1.Audience{practices}
		return func(e *Entry) { e.Advisory.Actions = []*v1.Action{a} }
	}
	for name, c := range map[string]struct {
		a    *v1.Advisory
		fine bool
	}{
		"areas within":             {draft(on("north", "engage", refuse, in("A1")), on("north", "engage", support, in("A")), action(&v1.Action{Measure: "engage", Area: code("A")})), false},
		"areas apart":              {draft(on("north", "engage", refuse, in("B")), on("north", "engage", support, in("A")), action(&v1.Action{Measure: "engage", Area: code("A")})), true},
		"through the whole matter": {draft(on("north", "", refuse), on("south", "engage", support), action(&v1.Action{})), false},
		"a measure of its own":     {draft(on("north", "", refuse), on("north", "engage", support), action(&v1.Action{})), true},
		"caution":                  {draft(on("north", "engage", caution), on("south", "engage", support), action(&v1.Action{})), false},
	} {
		_, _, _, err := checkPublish(c.a, essexToday())
		if refused := err != nil && strings.Contains(err.Error(), "would stand with"); refused == c.fine {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// After a merger the successor's endings end what its predecessors said, for everybody who
// asks whether that still stands, and publishing lets it.
func TestASuccessorEndsItsPredecessorsLetters(t *testing.T) {
	reg := register()
	reg.merged["kent"] = []string{"north"}
	reg.mandates = []tenure{{office: "essex", committee: "north", until: "2021-10-20"}, {office: "essex", committee: "kent", from: "2021-10-21"}}
	old := say("essex/1", "2021-10-10", on("north", "engage", refuse))
	ends := say("essex/2", "2021-10-25", on("kent", "engage", support), replaces("essex/1"))
	matters := func(string) *v1.Matter { return matter() }
	if end := Prepare(t.Context(), []Entry{old, ends}, reg).EndOf(old, "2021-10-26", matters); end.Current || end.By != "essex/2" {
		t.Errorf("replaced: %+v", end)
	}
	over := Prepare(t.Context(), []Entry{old, say("essex/2", "2021-10-25", on("kent", "engage", support))}, reg).StandsOver(old, "2021-10-26", matters)
	if over["north"] == nil || over["north"].ID != "essex/2" {
		t.Errorf("overtaken: %v", over)
	}
	known := essexToday(old)
	known.Register, known.Committees = reg, committees("kent")
	a := draft(on("kent", "engage", support), replaces("essex/1"))
	a.OnBehalfOf = []string{"kent"}
	if _, _, ended, err := checkPublish(a, known); err != nil || len(ended) != 1 || !strings.Contains(ended[0], "for north") {
		t.Errorf("published: %v, %v", err, ended)
	}
	w, _, ended, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", Visibility: public}, known)
	if err != nil || len(ended) != 1 || !slices.Equal(w.GetOnBehalfOf(), []string{"kent"}) {
		t.Errorf("withdrawn: %v, %v, %v", err, ended, w)
	}
}

func TestALineThatCouldNeverHoldIsRefused(t *testing.T) {
	a := draft(on("north", "engage", refuse, until("2021-11-01")))
	a.ValidFrom = "2021-12-01"
	if _, _, _, err := checkPublish(a, essexToday()); err == nil || !strings.Contains(err.Error(), "it would never hold") {
		t.Errorf("got %v", err)
	}
}

func TestAGroupOfTheMattersWithOtherWordsIsLookedAtTwice(t *testing.T) {
	known := essexToday()
	m := matter()
	m.Measures[0].Scopes = []*v1.Scope{{Id: "started", Words: "patients already started"}}
	known.Matters = func(string) *v1.Matter { return m }
	_, warnings, _, err := checkPublish(draft(on("north", "engage", support, scopedTo("started"))), known)
	told := warned(answersv1.WarningCode_WARNING_CODE_NEW_GROUP, warnings)
	if len(told) != 1 || err != nil || told[0].GetWords() != "The matter says of the group started “patients already started”, and this “started”: use its words, or give another group another id." {
		t.Errorf("%v %v", told, err)
	}
}

// One group under two ids was told to refuse and to take part, each time "for patients already started".
func TestTheSameWordsAreOneGroupWhateverItsId(t *testing.T) {
	group := func(id, words string) func(*v1.Position) {
		return func(p *v1.Position) { p.Scope = &v1.Scope{Id: id, Words: words} }
	}
	before := say("essex/1", "2021-10-10", on("north", "engage", refuse, group("started", "patients already started")))
	both := say("essex/2", "2021-10-11", on("north", "engage", refuse, group("begun", "patients already started")))
	listed := essexToday()
	m := matter()
	m.Measures[0].Scopes = []*v1.Scope{{Id: "started", Words: "patients already started"}}
	listed.Matters = func(string) *v1.Matter { return m }
	runRefusals(t, []refusal{
		{"in one letter", draft(on("north", "engage", refuse, group("a", "patients already started")), on("north", "engage", support, group("b", "Patients already  started."))), essexToday(), []string{
			"positions[1].scope.id: is b for “Patients already  started.”, and another position has a for the same words: give a group one id",
		}},
		{"after a letter", draft(on("north", "engage", support, group("begun", "Patients already started"))), essexToday(before), []string{
			"positions[0].scope.id: is begun for “Patients already started”, and started stands for the same already: use that id, or readers are told two things of one group",
		}},
		{"listed by the matter", draft(on("north", "engage", support, group("begun", "patients already started"))), listed, []string{
			"positions[0].scope.id: is begun for “patients already started”, and started stands for the same already: use that id, or readers are told two things of one group",
		}},
		{"of another committee", draft(on("south", "engage", support, group("begun", "patients already started"))), essexToday(before), nil},
		{"with an id that letters have for it too", draft(on("north", "engage", refuse, group("begun", "patients already started"))), essexToday(before, both), nil},
		{"other words", draft(on("north", "engage", support, group("new", "new patients"))), essexToday(before), nil},
	})
}

// What stands now is a line, and no newsletter that was there before.
func TestWhatStandsNowIsNoNewsletter(t *testing.T) {
	old := say("essex/1", "2021-10-10", on("north", "engage", info))
	gone := say("essex/2", "2021-10-11", on("north", "engage", refuse))
	now := Prepare(t.Context(), []Entry{old, gone, withdraw("essex/3", "essex/2", "2021-10-12")}, register()).StandsNow(gone, "2021-10-26", func(string) *v1.Matter { return matter() })
	if len(now) != 0 {
		t.Errorf("got %v", now)
	}
}

func TestAWithdrawalPromisesNothingWhereTheLetterHasEndedBefore(t *testing.T) {
	joint := say("essex/1", "2021-10-10", on("north south", "engage", refuse))
	north := withdraw("essex/2", "essex/1", "2021-10-12")
	north.Withdrawal.OnBehalfOf = []string{"north"}
	_, _, ended, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", Visibility: public}, essexToday(joint, north))
	if err != nil || len(ended) != 1 || !strings.Contains(ended[0], "for south.") || strings.Contains(ended[0], "north") {
		t.Errorf("%v, %q", err, ended)
	}
}

// Of a letter that several amended for several, each is named, and for whom.
func TestEveryEndingOfALetterIsToldWithWhoseItIs(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse), on("north south", "list", refuse))
	all := []Entry{
		joint, say("essex/2", "2021-10-05", on("south", "engage", support), amends("essex/1")), say("essex/3", "2021-10-06", on("north", "engage", caution), amends("essex/1")),
	}
	end := Prepare(t.Context(), all, register()).EndOf(joint, "2021-10-26", func(string) *v1.Matter { return matter() })
	want := "It still stands in part. Of the rest: amended by essex/3 from 6 October 2021 for north; amended by essex/2 from 5 October 2021 for south."
	if end.Words != want {
		t.Errorf("got %q, want %q", end.Words, want)
	}
}

// What one letter amended another may amend once more: both are named.
func TestEveryAmendmentOfALetterIsNamed(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north", "", refuse))
	all := []Entry{
		letter, say("essex/2", "2021-10-05", on("north", "engage", support), amends("essex/1")), say("essex/3", "2021-10-06", on("north", "list", support), amends("essex/1")),
		say("essex/4", "2021-10-07", on("north", "engage", caution), amends("essex/1")),
	}
	end := Prepare(t.Context(), all, register()).EndOf(letter, "2021-10-26", func(string) *v1.Matter { return matter() })
	want := "It still stands in part. Of the rest: amended by essex/2 from 5 October 2021; amended by essex/3 from 6 October 2021; amended by essex/4 from 7 October 2021."
	if end.Words != want || end.By != "essex/4" {
		t.Errorf("got %q by %s, want %q", end.Words, end.By, want)
	}
}

// Whoever holds a withdrawn letter is told why it was withdrawn.
func TestAWithdrawnLetterSaysWhy(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse))
	withdrawal := withdraw("essex/2", "essex/1", "2021-10-05")
	withdrawal.Withdrawal.Reason = "overtaken by the\nagreement of 3 November "
	end := Prepare(t.Context(), []Entry{letter, withdrawal}, register()).EndOf(letter, "2021-10-26", func(string) *v1.Matter { return matter() })
	want := "It no longer counts: withdrawn by essex/2 from 5 October 2021 (“overtaken by the agreement of 3 November”)."
	if end.Words != want || end.Committees[0].Endings[0].GetReason() != withdrawal.Withdrawal.Reason {
		t.Errorf("got %q, want %q; %v", end.Words, want, end.Committees[0].Endings)
	}
}

func TestPartnersAreToldWhatTheirLetterAsksAndStates(t *testing.T) {
	letter := say("essex/2", "2021-10-21", on("north", "engage", required, partners), func(e *Entry) {
		e.Advisory.Positions[0].ContractEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}}
		e.Advisory.Actions = []*v1.Action{{Verb: "sign", Actors: []v1.Audience{partners}}}
	})
	for name, entries := range map[string][]Entry{
		"beside a line": {say("essex/1", "2021-10-20", on("north", "engage", support)), letter},
		"alone":         {letter},
	} {
		parts := resolve(asked("north engage 2021-10-26"), entries, register())[0].GetPartLines()
		if len(parts) != 1 {
			t.Errorf("%s: %v", name, parts)
			continue
		}
		line := parts[0]
		if line.GetAudience() != partners || line.GetCurrent().GetAdvisory() != "essex/2" || len(line.GetActions()) != 1 || line.GetObligation() != answersv1.Obligation_OBLIGATION_MUST {
			t.Errorf("%s: %v", name, line)
		}
	}
}

func TestWhatIsSaidToPartOfTheReadersHasABound(t *testing.T) {
	var entries []Entry
	for i := range GroupLimit + 1 {
		entries = append(entries, say(fmt.Sprintf("essex/%d", i), "2021-10-21", on("north", "engage", refuse, partners, scopedTo(fmt.Sprintf("group-%d", i)))))
	}
	line := resolve(asked("north engage 2021-10-26"), entries, register())[0]
	if len(line.GetPartLines()) != GroupLimit || len(line.GetSaidToOthers()) != GroupLimit+1 {
		t.Errorf("%d lines of parts, %d statements", len(line.GetPartLines()), len(line.GetSaidToOthers()))
	}
}

// What was asked on a measure stood on the page after the line on the measure had given way, with
// its deadline; and what partners are asked was put to clinical directors who are told the opposite.
func TestWhatIsAskedEndsWithItsLineAndIsOfItsReaders(t *testing.T) {
	asks := func(e *Entry) {
		e.Advisory.Actions = []*v1.Action{{Verb: "sign up", Measure: "engage", Matter: plan, Actors: []v1.Audience{practices}}}
	}
	first := say("essex/1", "2021-10-20", on("north", "", support), on("north", "engage", support), asks)
	second := say("essex/2", "2021-10-22", on("north", "engage", refuse), amends("essex/1"))
	for day, want := range map[string]int{"2021-10-21": 1, "2021-10-23": 0} {
		if line := resolve(asked("north whole "+day), []Entry{first, second}, register())[0]; len(line.GetActions()) != want {
			t.Errorf("on %s: %v", day, line.GetActions())
		}
	}
	directors := v1.Audience_AUDIENCE_PCN_CLINICAL_DIRECTORS
	both := say("essex/3", "2021-10-20", on("north", "", refuse, directors), on("north", "engage", caution, partners), func(e *Entry) {
		e.Advisory.Actions = []*v1.Action{{Verb: "sign", Measure: "engage", Matter: plan, Actors: []v1.Audience{partners}}}
	})
	for _, part := range resolve(asked("north whole 2021-10-21", pcns), []Entry{both}, register())[0].GetPartLines() {
		if part.GetAudience() == directors && len(part.GetActions()) > 0 {
			t.Errorf("directors are asked %v", part.GetActions())
		}
	}
}

// Once a committee's areas had become another's, an amendment in a part of one was dropped from
// what had ended its letter.
func TestAnAmendmentOfAPartIsNamedWhoseverThePartIsNow(t *testing.T) {
	reg := register()
	reg.areas["north"] = []tenure{{committee: "A", until: "2021-10-20"}, {committee: "B"}}
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse))
	all := []Entry{letter, say("essex/2", "2021-10-05", on("north", "engage", support, in("A")), amends("essex/1"))}
	want := "It still stands in part. Of the rest: amended by essex/2 from 5 October 2021."
	for _, day := range []string{"2021-10-20", "2021-10-26"} {
		if end := Prepare(t.Context(), all, reg).EndOf(letter, day, func(string) *v1.Matter { return matter() }); end.Words != want {
			t.Errorf("on %s: %q, want %q", day, end.Words, want)
		}
	}
}

// One office's thousand letters, each in areas it made up, made a line that no answer could carry: what
// stands beside a line has a limit, and the rest is counted and said.
func TestWhatStandsBesideALineHasALimit(t *testing.T) {
	made := func(n int, more ...any) (entries []Entry) {
		for i := range n {
			entries = append(entries, say(fmt.Sprintf("essex/%d", i+1), "2021-10-01", on("north", "engage", refuse, append(more, in(fmt.Sprintf("made-up-%03d", i)))...)))
		}
		return entries
	}
	for n, more := range map[int]int32{StatementLimit: 0, StatementLimit + 1: 1, 3 * StatementLimit: 2 * StatementLimit} {
		line := resolve(asked("north engage 2021-10-26"), made(n), register())[0]
		if len(line.GetUnknownAreas()) != StatementLimit || line.GetMoreStatements() != more {
			t.Errorf("of %d areas that nobody knows %d are listed and %d counted", n, len(line.GetUnknownAreas()), line.GetMoreStatements())
		}
		if said := strings.Contains(line.GetWords(), fmt.Sprintf("And %d more statements beside it", more)); said != (more > 0) {
			t.Errorf("%d more: %s", more, line.GetWords())
		}
	}
	long := because(strings.Repeat("x", 3000))
	line := resolve(asked("north engage 2021-10-26"), made(40, long), register())[0]
	size := 0
	for _, s := range line.GetUnknownAreas() {
		size += proto.Size(s)
	}
	if n := len(line.GetUnknownAreas()); size > StatementsSize || n+int(line.GetMoreStatements()) != 40 || size+proto.Size(line.GetUnknownAreas()[0]) <= StatementsSize {
		t.Errorf("%d long statements of %d bytes in all, and %d more", n, size, line.GetMoreStatements())
	}
}

// Whoever asked for a group read beside its line what others are told in general, who are told otherwise of it.
func TestOfAGroupOthersAreToldWhatHoldsForItWithThem(t *testing.T) {
	entries := []Entry{
		say("essex/1", "2021-10-01", on("north", "engage", refuse, practices, pcns)),
		say("essex/2", "2021-10-05", on("north", "engage", support, practices, pcns, scopedTo("started"))),
		say("essex/3", "2021-10-10", on("north", "engage", caution, practices, scopedTo("started"))),
		say("essex/4", "2021-10-15", on("north", "engage", against, pcns)),
		say("essex/5", "2021-10-20", on("north", "engage", caution, pcns, scopedTo("new"))),
	}
	for _, c := range []struct{ day, scope, current, others string }{
		{"2021-10-04", "started", "essex/1", ""},
		{"2021-10-06", "started", "essex/2", ""},
		{"2021-10-11", "started", "essex/3", "essex/2"},
		{"2021-10-16", "started", "essex/3", "essex/2"},
		{"2021-10-16", "", "essex/1", "essex/4"},
		{"2021-10-16", "unknown", "essex/1", "essex/4"},
		{"2021-10-21", "new", "essex/1", "essex/5"},
		{"2021-10-21", "", "essex/1", "essex/4"},
	} {
		line := resolve(asked("north engage "+c.day, forGroup(c.scope)), entries, register())[0]
		var others []string
		for _, s := range line.GetSaidToOthers() {
			others = append(others, s.GetAdvisory())
		}
		if got := strings.Join(others, " "); line.GetCurrent().GetAdvisory() != c.current || got != c.others {
			t.Errorf("%+v: %s, to others %s", c, line.GetCurrent().GetAdvisory(), got)
		}
	}
}
