package plain

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// figureOf is the page of a table of one line that is counted in one column.
func figureOf(line *answersv1.Line, col *answersv1.Column) string {
	col.Count, col.Members = 1, []string{line.GetCommittee()}
	p := New(MostWidth)
	p.National(&answersv1.NationalPicture{
		Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: answersv1.Unit_UNIT_COMMITTEES,
		Tables: []*answersv1.NationalTable{{Lines: []*answersv1.Line{line}, Columns: []*answersv1.Column{col}}},
	}, "")
	return strings.Join(strings.Fields(p.String()), " ")
}

func TestWhereNoLineIsInGeneralTheTableSaysWhatIsSaidToWhomByWhichLetter(t *testing.T) {
	group := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	group.Scope, group.Current.Advisory = &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}, "essex/8"
	byGroup := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	byGroup.NoLine.Reason, byGroup.Groups = answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS, []*answersv1.Line{group}
	byGroup.Groups = append(byGroup.Groups, aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE))
	byGroup.Groups[1].Scope, byGroup.Groups[1].Current.Advisory = &guidancev1.Scope{Id: "tpp", Words: "practices on TPP"}, "essex/9"
	wants(t, figureOf(byGroup, &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_BY_GROUP, Words: "differs by group, no line in general"}),
		"1, in 2 letters: differs by group, no line in general", "north-essex (essex/8 essex/9)",
		"North Essex LMC: For practices on EMIS: support (essex/8). For practices on TPP: refuse (essex/9).")

	toOthers := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	toOthers.NoLine.Reason = answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS
	toOthers.SaidToOthers = []*answersv1.Statement{{Advisory: "essex/2", Position: &guidancev1.Position{
		Stance: guidancev1.Stance_STANCE_REQUIRED, Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_GP_PARTNERS},
	}}}
	wants(t, figureOf(toOthers, &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_NO_LINE, Reason: toOthers.NoLine.Reason, Words: "no line: said to others only"}),
		"1, in 1 letter: no line: said to others only", "north-essex (essex/2)", "North Essex LMC: To GP partners: required (essex/2).")
}

// A group that is told just what all are was said to be told something else.
func TestAFigureSaysThatSomeAreToldSomethingElseWhereTheyAre(t *testing.T) {
	support := &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: supports, Words: "support"}
	for name, c := range map[string]struct {
		stance  guidancev1.Stance
		terms   func(*guidancev1.Position)
		differs bool
	}{
		"the same":           {supports, func(*guidancev1.Position) {}, false},
		"what they think":    {supports, func(p *guidancev1.Position) { p.Opinion = guidancev1.Opinion_OPINION_WELCOMES }, false},
		"another stance":     {refuse, func(*guidancev1.Position) {}, true},
		"until a day":        {supports, func(p *guidancev1.Position) { p.ValidUntil = "2021-12-01" }, true},
		"on some conditions": {supports, func(p *guidancev1.Position) { p.Conditions = []*guidancev1.Condition{{Text: "it is paid"}} }, true},
	} {
		other := aLine(answersv1.LineState_LINE_STATE_STATED, c.stance)
		other.Opinion = other.Current.Position.Opinion
		c.terms(other.Current.Position)
		toGroup, toPart := aLine(answersv1.LineState_LINE_STATE_STATED, supports), aLine(answersv1.LineState_LINE_STATE_STATED, supports)
		toGroup.Groups, toPart.PartLines, toPart.SaidToPart = []*answersv1.Line{other}, []*answersv1.Line{other}, []*answersv1.Statement{other.Current}
		for what, line := range map[string]*answersv1.Line{toGroups.words: toGroup, toldSome: toPart} {
			if page := figureOf(line, support); strings.Contains(page, what) != c.differs {
				t.Errorf("%s: %s", name, page)
			}
		}
	}
}

func TestAPartOfAnAreaThatDiffersByGroupNamesItsLetters(t *testing.T) {
	line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	part := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	group := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	group.Scope, group.Current.Advisory = &guidancev1.Scope{Id: "emis"}, "essex/8"
	part.Area, part.Groups, part.NoLine.Reason = &guidancev1.AreaId{Scheme: "ccg", Code: "99F"}, []*answersv1.Line{group}, answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS
	p := New(MostWidth)
	p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Tables: []*answersv1.NationalTable{{
		Lines:   []*answersv1.Line{line, part},
		Columns: []*answersv1.Column{{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_SUPPORT, Count: 1, Words: "support", Members: []string{"north-essex"}}},
	}}}, "")
	wants(t, strings.Join(strings.Fields(p.String()), " "), "in ccg:99F: differs by group, no line in general (essex/8)")
}

func TestTheTableNamesNobodyByAnIDAndSaysNoNameTwice(t *testing.T) {
	names := &answersv1.Names{
		Committees: map[string]string{"north-essex": "North Essex LMC", "borders": "Lothian, Borders and Fife LMC", "kent": "Kent LMC"},
		Offices:    map[string]string{"essex": "Essex LMCs"},
	}
	lines := []*answersv1.Line{}
	for id, letter := range map[string]string{"north-essex": "essex/7", "borders": "borders/1", "kent": "borders/1"} {
		line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
		line.Committee, line.Current.Advisory = id, letter
		lines = append(lines, line)
	}
	col := &answersv1.Column{
		Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_REFUSE, Count: 3, Words: "refuse",
		Members: []string{"borders", "kent", "north-essex"}, OnConditions: []string{"borders", "kent"}, Provisional: []string{"borders", "north-essex"},
	}
	table := &answersv1.NationalTable{
		Lines: lines, Columns: []*answersv1.Column{col}, WithoutData: []string{"kent"},
		Relations: []*answersv1.RelationCount{{Relation: answersv1.Relation_RELATION_ALIGNED, Count: 2, Committees: []string{"borders", "kent"}}},
	}
	p := New(MostWidth)
	p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Tables: []*answersv1.NationalTable{table}, Names: names}, "")
	got := strings.Join(strings.Fields(p.String()), " ")
	wants(t, got, "3, in 2 letters: refuse Lothian, Borders and Fife LMC; Kent LMC (borders/1, on conditions); North Essex LMC (essex/7); "+
		"for now: Lothian, Borders and Fife LMC; North Essex LMC", "no numbers of: Kent LMC", "2 same as the national line: Lothian, Borders and Fife LMC; Kent LMC")
	table.Columns = []*answersv1.Column{{Kind: answersv1.ColumnKind_COLUMN_KIND_SPLIT, Count: 1, Words: "split", Members: []string{"essex"}}}
	p = New(MostWidth)
	p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: answersv1.Unit_UNIT_OFFICES, Tables: []*answersv1.NationalTable{table}, Names: names}, "")
	wants(t, p.String(), "1: split\n      Essex LMCs")
}

func TestWhatOnesOwnLMCAsksNamesItByNoID(t *testing.T) {
	line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	line.Actions = []*guidancev1.Action{{Verb: "ring", Object: "us", Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}, Committees: []string{"north-essex"}}}
	wants(t, viewPage(aView(line)), "  To do        your LMC asks: ring us\n")
}

func TestARelayIsOfSomebodyWithAName(t *testing.T) {
	passes := &guidancev1.Position{
		Stance: guidancev1.Stance_STANCE_INFORMATION_ONLY, Provenance: guidancev1.Provenance_PROVENANCE_RELAY, RelayOf: &guidancev1.RelaySource{Committee: "south-essex"},
	}
	letter := essexLetter(passes)
	wants(t, historyOf(letter, nil, ""), "Passes on what South Essex LMC says.")
	p := New(MostWidth)
	p.Advisory(letter, &answersv1.Names{Offices: map[string]string{"essex": "Essex LMCs"}, Committees: map[string]string{"north-essex": "North Essex LMC", "south-essex": "South Essex LMC"}})
	wants(t, p.String(), "Essex LMCs, for North Essex LMC, South Essex LMC, issued", "passes on what South Essex LMC says", "passes on: South Essex LMC\n")
}

func TestAReportsPageNamesWhoIsReported(t *testing.T) {
	p := New(MostWidth)
	p.Report(&guidancev1.ReportedPosition{
		Office: "gpc-england", Issued: &guidancev1.DayRange{Earliest: "2021-10-14", Latest: "2021-10-20"},
		Position: &guidancev1.Position{Committees: []string{"rcgp"}, Stance: guidancev1.Stance_STANCE_REFUSE, Provenance: guidancev1.Provenance_PROVENANCE_REPORTED},
	}, &answersv1.Names{Offices: map[string]string{"gpc-england": "GPC England"}, Committees: map[string]string{"rcgp": "Royal College of General Practitioners"}})
	wants(t, p.String(), "recorded by GPC England\n", "Royal College of General Practitioners is reported to advise refusing")
}

// What a general line thinks, and that it has groups, stood with the figures of parts.
func TestAFigureOfPracticesHasTheOpinionsOfTheLinesItCounts(t *testing.T) {
	line := func(stance guidancev1.Stance, opinion guidancev1.Opinion, area *guidancev1.AreaId) *answersv1.Line {
		one := aLine(answersv1.LineState_LINE_STATE_STATED, stance)
		one.Opinion, one.Area = opinion, area
		return one
	}
	general := line(guidancev1.Stance_STANCE_SUPPORT, guidancev1.Opinion_OPINION_WELCOMES, nil)
	general.Groups = []*answersv1.Line{aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_CAUTION)}
	part := line(guidancev1.Stance_STANCE_REFUSE, guidancev1.Opinion_OPINION_OPPOSES, &guidancev1.AreaId{Scheme: "sub-icb", Code: "SE1"})
	table := &answersv1.NationalTable{Lines: []*answersv1.Line{general, part}, Denominator: 6}
	for _, stance := range []guidancev1.Stance{guidancev1.Stance_STANCE_SUPPORT, guidancev1.Stance_STANCE_REFUSE} {
		table.Columns = append(table.Columns, &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: stance, Count: 3, Words: strings.ToLower(stance.String()), Members: []string{"north-essex"}})
	}
	p := New(MostWidth)
	p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: answersv1.Unit_UNIT_PRACTICES, Tables: []*answersv1.NationalTable{table}}, "")
	wants(t, p.String(), "stance_support\n      north-essex (essex/7); welcomes it; something else for some groups\n", "stance_refuse\n      north-essex (essex/7); opposes it\n")
}

func TestATableSaysWhatIsAheadOfALine(t *testing.T) {
	ahead := []*answersv1.Statement{{Advisory: "essex/9", ValidFrom: "2021-12-01", Position: &guidancev1.Position{Stance: guidancev1.Stance_STANCE_REFUSE, Provisional: true, ValidUntil: "2021-12-31"}}}
	line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_SUPPORT)
	line.NotYet = ahead
	col := &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_SUPPORT, Words: "support"}
	wants(t, figureOf(line, col), "North Essex LMC: From 1 December 2021: refuse, for now, until 31 December 2021 (essex/9).")
	none := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	none.NoLine.Reason, none.NotYet = answersv1.NoLineReason_NO_LINE_REASON_NOT_YET, ahead
	col = &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_NO_LINE, Reason: none.NoLine.Reason, Words: "no line: not yet in force"}
	wants(t, figureOf(none, col), "North Essex LMC: From 1 December 2021: refuse, for now, until 31 December 2021 (essex/9).")
}

// Of a committee all of whose lines were withdrawn, tables and pages said that it had a line on other parts.
func TestACommitteeWhoseLinesWereAllWithdrawnHasNoneOnOtherParts(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}})
	w.withdraws("2026-11-05", "tri/0")
	w.mustSay(t, "", []string{"none of that stands from 5 November 2026"})
	w.in.Own = nil
	w.mustSay(t, "", []string{"no line: what it had on other parts stands no more"}, "no line on this, but on other parts")
	pic, err := picture.National(t.Context(), w.in, answersv1.Unit_UNIT_COMMITTEES, "")
	if err != nil {
		t.Fatal(err)
	}
	p := New(MostWidth)
	p.National(pic, "")
	wants(t, p.String(), "in 1 letter: no line: on other parts only\n      tri (tri/0); none of that stands\n")
}

// A group's line that holds from a day ahead was marked with a figure as something else to some of the readers, and what it
// is stood nowhere.
func TestAFigureTellsAGroupsLineThatHoldsFromADayAhead(t *testing.T) {
	line := aLine(answersv1.LineState_LINE_STATE_STATED, refuse)
	line.Audience = practices
	line.SaidToPart = []*answersv1.Statement{{
		Advisory: "essex/9", ValidFrom: "2021-12-05",
		Position: &guidancev1.Position{Stance: supports, ValidFrom: "2021-12-05", Audiences: []guidancev1.Audience{practices}, Scope: &guidancev1.Scope{Id: "paid", Words: "practices that are paid"}},
	}}
	got := figureOf(line, &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: refuse, Words: "refuse"})
	wants(t, got, "For practices that are paid, from 5 December 2021: support (essex/9)")
	if strings.Contains(got, "something else") {
		t.Error(got)
	}
}

// Whoever passed on what the national committee had said was counted as passing on, below a national line that was by
// then the opposite; only their own views told of it.
func TestAFigureTellsThatWhatIsPassedOnIsSaidNoMore(t *testing.T) {
	const turned = "essex/7 passes on what GPC England had said (gpc/1); it says now: support (gpc/2, 25 October 2021)."
	line := aLine(answersv1.LineState_LINE_STATE_RELAYED, guidancev1.Stance_STANCE_INFORMATION_ONLY)
	line.Warnings = []*answersv1.Warning{
		{Code: answersv1.WarningCode_WARNING_CODE_LOGGED_LATE, Words: "Logged late."},
		{Code: answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, Words: turned},
	}
	got := figureOf(line, &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_RELAYED, Words: "only passes on another's line"})
	wants(t, got, turned)
	if strings.Contains(got, "Logged late") {
		t.Error(got)
	}
	file, err := picture.CSV(&answersv1.NationalPicture{Tables: []*answersv1.NationalTable{{Lines: []*answersv1.Line{line}}}})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, string(file), ",\""+turned+"\"\n")
}
