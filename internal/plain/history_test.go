package plain

import (
	"slices"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// over is where a letter stands of which so many positions have ended for a committee, with all that it asks.
func over(committee string, positions int, endings []*answersv1.Ending) *answersv1.CommitteeStanding {
	st := &answersv1.CommitteeStanding{Committee: committee, Endings: endings, NotAsked: []int32{0, 1, 2}}
	for i := range positions {
		st.Positions = append(st.Positions, &answersv1.PositionStanding{Place: int32(i), Endings: endings})
	}
	return st
}

// historyOf is the list of one letter, on a wide page and one line.
func historyOf(a *guidancev1.Advisory, standings []*answersv1.CommitteeStanding, matter string, committees ...string) string {
	p := New(MostWidth)
	p.Entries(&answersv1.ListEntriesResponse{
		Matter: matter, Committees: committees,
		Entries: []*answersv1.Entry{{Name: "essex/4", Office: "essex", Issued: a.GetIssued(), Standings: standings, Content: &answersv1.Entry_Advisory{Advisory: a}}},
		Names: &answersv1.Names{
			Committees: map[string]string{"north-essex": "North Essex LMC", "south-essex": "South Essex LMC"},
			Matters: map[string]*answersv1.MatterTitles{
				"gpc-england/contract-2026": {Title: "Contract changes", Measures: map[string]string{"m-six": "Weekend opening", "m-eight": "One record system"}},
			},
		},
	}, "")
	return strings.Join(strings.Fields(p.String()), " ")
}

func essexLetter(positions ...*guidancev1.Position) *guidancev1.Advisory {
	for _, pos := range positions {
		pos.Matter = "gpc-england/contract-2026"
		if pos.Committees == nil {
			pos.Committees = []string{"north-essex"}
		}
		if pos.Audiences == nil {
			pos.Audiences = []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}
		}
	}
	return &guidancev1.Advisory{
		Title: "Our advice", Office: "essex", OnBehalfOf: []string{"north-essex", "south-essex"}, Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
		Issued: &guidancev1.DayRange{Earliest: "2026-10-20", Latest: "2026-10-20"}, Positions: positions,
	}
}

func wants(t *testing.T, got string, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
}

func TestHistorySaysForWhichGroupAreaAndReadersALineIs(t *testing.T) {
	group := &guidancev1.Position{Measure: "m-six", Stance: guidancev1.Stance_STANCE_ADVISE_AGAINST, Scope: &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}}
	area := &guidancev1.Position{Measure: "m-eight", Stance: guidancev1.Stance_STANCE_SUPPORT, Area: &guidancev1.AreaId{Scheme: "ccg", Code: "06Q"}}
	readers := &guidancev1.Position{Stance: guidancev1.Stance_STANCE_REQUIRED, Committees: []string{"south-essex"}, Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_GP_PARTNERS}}
	for _, matter := range []string{"", "gpc-england/contract-2026"} {
		wants(t, historyOf(essexLetter(group, area, readers), nil, matter),
			"North Essex LMC: on “Weekend opening” (m-six), for practices on EMIS (emis): Advises against.",
			"Advises against. on “One record system” (m-eight), in ccg:06Q: Supports.",
			"Supports. South Essex LMC: on the whole matter, to GP partners: Says it is required.")
	}
	toPartners := essexLetter(readers)
	toPartners.Audiences = readers.Audiences // a list does not say whom a letter is to
	wants(t, historyOf(toPartners, nil, ""), "on the whole matter, to GP partners: Says it is required.")
	if got := historyOf(essexLetter(&guidancev1.Position{Stance: guidancev1.Stance_STANCE_REFUSE}), nil, ""); !strings.Contains(got, "North Essex LMC: on the whole matter: Advises you to refuse.") {
		t.Errorf("what is to all that the letter is to names its readers: %s", got)
	}
}

func TestALettersPageAndItsHistorySayAlikeWhatALineIsOn(t *testing.T) {
	letter := essexLetter(&guidancev1.Position{
		Measure: "m-six", Stance: guidancev1.Stance_STANCE_SUPPORT, Committees: []string{"south-essex"},
		Scope: &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}, Area: &guidancev1.AreaId{Scheme: "ccg", Code: "06Q"},
	})
	p := New(MostWidth)
	p.Advisory(letter, nil)
	wants(t, strings.Join(strings.Fields(p.String()), " "), "On m-six, only for south-essex, for practices on EMIS (emis), in ccg:06Q: this office supports")
	wants(t, historyOf(letter, nil, letter.Positions[0].Matter), "on “Weekend opening” (m-six), for practices on EMIS (emis), in ccg:06Q: Supports")
}

func TestHistoryOfAnOfficeNamesMattersByTheirTitlesWithWhatToAskForThemBy(t *testing.T) {
	wants(t, historyOf(essexLetter(&guidancev1.Position{Stance: guidancev1.Stance_STANCE_REFUSE}), nil, ""),
		"On “Contract changes” (gpc-england/contract-2026): North Essex LMC: on the whole matter")
}

func TestHistoryShowsWhatALetterAsks(t *testing.T) {
	letter := essexLetter(&guidancev1.Position{Measure: "m-six", Stance: guidancev1.Stance_STANCE_REFUSE})
	letter.Actions = []*guidancev1.Action{
		{Verb: "answer", Object: "the survey on patient lists", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED},
		{Verb: "switch off", Object: "the feed", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Committees: []string{"south-essex"}},
		{Verb: "tell", Object: "patients", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MAY, Matter: "essex/other"},
	}
	all := "It asks: answer the survey on patient lists; ring us. It insists: switch off the feed (South Essex LMC)."
	letter.Actions = append(letter.Actions[:1:1], append([]*guidancev1.Action{{Verb: "ring", Object: "us"}}, letter.Actions[1:]...)...)
	wants(t, historyOf(letter, nil, ""), all, "It leaves open to you: tell patients.")
	got := historyOf(letter, nil, "gpc-england/contract-2026")
	wants(t, got, all)
	if strings.Contains(got, "tell patients") {
		t.Errorf("what is asked on another matter is listed:\n%s", got)
	}
	if got := historyOf(letter, nil, "gpc-england/contract-2026", "north-essex"); strings.Contains(got, "switch off") {
		t.Errorf("what is asked of others is listed:\n%s", got)
	}
	letter.Positions = nil
	wants(t, historyOf(letter, nil, ""), "North Essex LMC, South Essex LMC: “Our advice”, and takes no position.", "It asks: answer the survey")
}

func TestHistorySaysForWhomALetterEnded(t *testing.T) {
	replaced := []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_REPLACED, Entry: "essex/5", Day: "2026-11-12"}}
	amended := []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_AMENDED, Entry: "essex/6", Day: "2026-11-13"}}
	expired := []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_EXPIRED, Day: "2026-12-01"}}
	lapsed := []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_LAPSED, Day: "2026-11-25"}}
	letter := essexLetter(&guidancev1.Position{Stance: guidancev1.Stance_STANCE_REFUSE, Committees: []string{"north-essex", "south-essex"}})
	inPart := &answersv1.CommitteeStanding{Committee: "south-essex", Current: true, Endings: amended, Positions: []*answersv1.PositionStanding{{Current: true, Endings: amended}}}
	for _, test := range []struct {
		north, south *answersv1.CommitteeStanding
		want         string
	}{
		{over("north-essex", 1, replaced), &answersv1.CommitteeStanding{Committee: "south-essex", Current: true}, "(ended by essex/5 for North Essex LMC)"},
		{over("north-essex", 1, replaced), over("south-essex", 1, replaced), "(ended by essex/5)"},
		{over("north-essex", 1, replaced), over("south-essex", 1, amended), "(ended by essex/5 for North Essex LMC; ended by essex/6 for South Essex LMC)"},
		{over("north-essex", 1, replaced), inPart, "(ended by essex/5 for North Essex LMC; ended in part by essex/6 for South Essex LMC)"},
		{over("north-essex", 1, expired), over("south-essex", 1, expired), "(no longer valid from 1 December 2026)"},
		{over("north-essex", 1, lapsed), over("south-essex", 1, lapsed), "(lapsed on 25 November 2026, for doing it would breach the contract from then on)"},
		{over("north-essex", 1, slices.Concat(replaced, amended)), over("south-essex", 1, slices.Concat(replaced, amended)), "(ended by essex/5; ended in part by essex/6)"},
	} {
		wants(t, historyOf(letter, []*answersv1.CommitteeStanding{test.north, test.south}, ""), test.want)
	}
	letter.Replaces, letter.Amends = []string{"essex/1", "essex/2"}, []string{"essex/3"}
	wants(t, historyOf(letter, nil, ""), "(replaces essex/1, essex/2; amends essex/3)")
}

func TestWhatStandsForSomebodyIsOfferedToBeEnded(t *testing.T) {
	ended := []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_WITHDRAWN, Entry: "essex/5", Day: "2026-11-12"}}
	north, south := &answersv1.CommitteeStanding{Committee: "north-essex", Endings: ended}, &answersv1.CommitteeStanding{Committee: "south-essex", Current: true}
	for want, standings := range map[bool][]*answersv1.CommitteeStanding{true: {north, south}, false: {north}} {
		if got := Stands(&answersv1.Entry{Standings: standings}); got != want {
			t.Errorf("%v: %v", standings, got)
		}
	}
}

// Whoever asks again is not told that nothing has ever been said.
func TestAnEmptyHistorySaysOfWhat(t *testing.T) {
	nobodys := &answersv1.ListEntriesResponse{Words: "There are no records."}
	for want, list := range map[string]*answersv1.ListEntriesResponse{
		"nothing to list\n": {}, "nothing new\n": {Cursor: &answersv1.Cursor{Feed: 4}}, nobodys.Words + "\nnothing to list\n": nobodys,
	} {
		p := New(MostWidth)
		if p.Entries(list, ""); !strings.HasPrefix(p.String(), want) {
			t.Errorf("got\n%s\nwant\n%s", p, want)
		}
	}
}

// Of a letter that ended, only the first of what it says was marked.
func TestHistoryMarksAllThatALetterThatEndedSays(t *testing.T) {
	ended := []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_REPLACED, Entry: "essex/5", Day: "2026-11-12"}}
	letter := essexLetter(&guidancev1.Position{Measure: "m-six", Stance: guidancev1.Stance_STANCE_REFUSE}, &guidancev1.Position{Measure: "m-eight", Stance: guidancev1.Stance_STANCE_CAUTION})
	letter.Actions = []*guidancev1.Action{{Verb: "ring", Object: "us"}}
	standings := []*answersv1.CommitteeStanding{over("north-essex", 2, ended), {Committee: "south-essex", Current: true}}
	matter := letter.Positions[0].Matter
	wants(t, historyOf(letter, standings, matter, "north-essex"), "Advises you to refuse. (ended by essex/5)", "Urges caution. (ended)", "It asks: ring us (ended).")
	wants(t, historyOf(letter, standings, matter), "Urges caution. (ended)", "It asks: ring us (ended for North Essex LMC).")
	letter.Positions = nil
	standings = []*answersv1.CommitteeStanding{over("north-essex", 0, ended), over("south-essex", 0, ended)}
	wants(t, historyOf(letter, standings, ""), "“Our advice”, and takes no position. (ended by essex/5)", "It asks: ring us (ended).")
}

// Whichever position had ended, the first of its letter was marked, and what was asked with it went on.
func TestAHistoryHasALetterThatEndsAnotherThereAsAWholeThoughItsLinesAreOnAnotherMatter(t *testing.T) {
	letter := essexLetter(&guidancev1.Position{Stance: guidancev1.Stance_STANCE_CAUTION})
	letter.Replaces = []string{"essex/0"}
	wants(t, historyOf(letter, nil, "gpc-england/winter-2026", "north-essex"), "essex/4 “Our advice”, and takes no position on this. (replaces essex/0)")
}

func TestAnEndingStandsInAHistoryAtWhatEnded(t *testing.T) {
	amended := []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_AMENDED, Entry: "essex/6", Day: "2026-11-13"}}
	both := []string{"north-essex", "south-essex"}
	letter := essexLetter(
		&guidancev1.Position{Stance: guidancev1.Stance_STANCE_CAUTION, Committees: both},
		&guidancev1.Position{Measure: "m-six", Stance: guidancev1.Stance_STANCE_SUPPORT, Committees: both},
		&guidancev1.Position{Measure: "m-eight", Stance: guidancev1.Stance_STANCE_REFUSE, Committees: both})
	letter.Actions = []*guidancev1.Action{{Verb: "answer", Object: "the survey", Measure: "m-six"}, {Verb: "ring", Object: "us", Measure: "m-eight"}}
	of := func(committee string) *answersv1.CommitteeStanding {
		return &answersv1.CommitteeStanding{Committee: committee, Current: true, Endings: amended, Positions: []*answersv1.PositionStanding{{Place: 2, Endings: amended}}, NotAsked: []int32{1}}
	}
	matter := letter.Positions[0].Matter
	got := historyOf(letter, []*answersv1.CommitteeStanding{of("north-essex"), of("south-essex")}, matter)
	wants(t, got, "on the whole matter: Urges caution. on “Weekend opening” (m-six): Supports. on “One record system” (m-eight): Advises you to refuse. (ended by essex/6)",
		"It asks: answer the survey; ring us (ended).")
	got = historyOf(letter, []*answersv1.CommitteeStanding{of("north-essex"), {Committee: "south-essex", Current: true}}, matter)
	wants(t, got, "Urges caution. on", "Supports. on", "(ended by essex/6 for North Essex LMC)", "ring us (ended for North Essex LMC).")
}

// Two lines of one measure, the one until a day and the other from the next, stood in a list as if
// both held.
func TestHistorySaysFromWhenAndUntilWhenALineHolds(t *testing.T) {
	first := &guidancev1.Position{Measure: "m-six", Stance: guidancev1.Stance_STANCE_SUPPORT, ValidUntil: "2026-11-30"}
	then := &guidancev1.Position{Measure: "m-six", Stance: guidancev1.Stance_STANCE_REFUSE, ValidFrom: "2026-12-01", Provisional: true, Opinion: guidancev1.Opinion_OPINION_OPPOSES}
	reached := &guidancev1.Position{Measure: "m-eight", Stance: guidancev1.Stance_STANCE_CAUTION, ValidFrom: "2026-10-01", ValidUntil: "2026-12-31"}
	own := &guidancev1.Position{Stance: guidancev1.Stance_STANCE_CAUTION, ValidFrom: "2026-10-20"}
	wants(t, historyOf(essexLetter(first, then, reached, own), nil, ""),
		"Supports, until 30 November 2026.", "Advises you to refuse, for now, from 1 December 2026; as a policy, it opposes it.",
		"Urges caution, from 1 October 2026 until 31 December 2026.", "on the whole matter: Urges caution.")

	letter := essexLetter(&guidancev1.Position{Stance: guidancev1.Stance_STANCE_REFUSE})
	letter.ValidFrom = "2026-12-01" // of all that it says
	wants(t, historyOf(letter, nil, ""), "Advises you to refuse, from 1 December 2026.")
	letter.ValidFrom = letter.Issued.Latest
	wants(t, historyOf(letter, nil, ""), "Advises you to refuse.")
}

// A letter that stands in part did not say which part.
func TestALettersPageMarksWhatOfItHasEnded(t *testing.T) {
	amended := []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_AMENDED, Entry: "essex/6", Day: "2026-11-13"}}
	letter := essexLetter(&guidancev1.Position{Measure: "m-six", Stance: guidancev1.Stance_STANCE_SUPPORT}, &guidancev1.Position{Measure: "m-eight", Stance: guidancev1.Stance_STANCE_REFUSE})
	letter.Actions = []*guidancev1.Action{{Verb: "answer", Object: "the survey"}, {Verb: "ring", Object: "us"}}
	entry := &answersv1.Entry{Name: "essex/4", Office: "essex", Content: &answersv1.Entry_Advisory{Advisory: letter}, Standings: []*answersv1.CommitteeStanding{
		{Committee: "north-essex", Current: true, Endings: amended, Positions: []*answersv1.PositionStanding{{Place: 1, Endings: amended}}, NotAsked: []int32{1}}, {Committee: "south-essex", Current: true},
	}}
	p := New(MostWidth)
	p.Entry(entry, &answersv1.Names{Committees: map[string]string{"north-essex": "North Essex LMC"}})
	got := strings.Join(strings.Fields(p.String()), " ")
	wants(t, got, "this office advises you to refuse (20 October 2026). ended by essex/6", "ring us ended for North Essex LMC")
	if strings.Count(got, "ended") != 2 {
		t.Errorf("%s", got)
	}
}
