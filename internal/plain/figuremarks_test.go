package plain

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// figureBy is the page of a picture with one figure, "refuse", of some lines of North Essex LMC, its area or parts of it.
func figureBy(unit answersv1.Unit, lines ...*answersv1.Line) string {
	col := &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: refuse, Count: 5, Words: "refuse", Members: []string{"north-essex"}}
	t := &answersv1.NationalTable{Lines: lines, Columns: []*answersv1.Column{col}, Offices: map[string]string{"north-essex": "essex", "south-essex": "essex"}}
	if unit == answersv1.Unit_UNIT_OFFICES {
		col.Members = []string{"essex"}
	}
	p := New(MostWidth)
	p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: unit, Tables: []*answersv1.NationalTable{t}, Names: &answersv1.Names{
		Committees: map[string]string{"north-essex": "North Essex LMC", "south-essex": "South Essex LMC"}, Offices: map[string]string{"essex": "Essex LMCs"},
	}}, "")
	return OneLine(p.String())
}

func refusesIn(code, letter string) *answersv1.Line {
	line := aLine(answersv1.LineState_LINE_STATE_STATED, refuse)
	if line.Current.Advisory = letter; code != "" {
		line.Area = &guidancev1.AreaId{Scheme: "icb", Code: code}
	}
	return line
}

// What the line of one part carries was said of all of an LMC: "North Essex LMC (essex/7 essex/8); for now; until 18 December".
func TestWhatOnePartsLineCarriesIsNotSaidOfTheWholeLMC(t *testing.T) {
	terms := func(line *answersv1.Line) *answersv1.Line {
		line.Current.Position.Provisional, line.Current.Position.ValidUntil = true, "2021-12-18"
		line.Warnings = []*answersv1.Warning{{Code: answersv1.WarningCode_WARNING_CODE_ENDS_LATER, From: "2021-12-10", By: "essex/9"}}
		return line
	}
	onTerms := func(line *answersv1.Line) *answersv1.Line {
		line.Current.Position.Conditions = []*guidancev1.Condition{{Text: "it is paid"}}
		return line
	}
	ofSouth := refusesIn("", "essex/8")
	ofSouth.Committee, ofSouth.CommitteeName = "south-essex", "South Essex LMC"
	const (
		carries = "for now, until 18 December 2021, ends on 10 December 2021, by essex/9"
		alone   = "for now; until 18 December 2021; ends on 10 December 2021, by essex/9"
	)
	for name, c := range map[string]struct {
		lines            []*answersv1.Line
		byLMC, byOffices string
	}{
		"a part, and the rest":  {[]*answersv1.Line{refusesIn("", "essex/7"), terms(refusesIn("QXX", "essex/8"))}, "in icb:QXX: " + carries, "North Essex LMC in icb:QXX: " + carries},
		"the rest, and a part":  {[]*answersv1.Line{terms(refusesIn("", "essex/7")), refusesIn("QXX", "essex/8")}, "in the rest of its area: " + carries, "North Essex LMC in the rest of its area: " + carries},
		"two parts of three":    {[]*answersv1.Line{terms(refusesIn("QXX", "essex/7")), terms(refusesIn("QYY", "essex/8")), refusesIn("QZZ", "essex/8")}, "in icb:QXX and icb:QYY: " + carries, "North Essex LMC in icb:QXX and icb:QYY: " + carries},
		"all parts, and a part": {[]*answersv1.Line{onTerms(refusesIn("QXX", "essex/7")), onTerms(terms(refusesIn("QYY", "essex/8")))}, "on conditions; in icb:QYY: " + carries, "on conditions; North Essex LMC in icb:QYY: " + carries},
		"all of it":             {[]*answersv1.Line{terms(refusesIn("QXX", "essex/7")), terms(refusesIn("QYY", "essex/8"))}, alone, alone},
		"one LMC of an office":  {[]*answersv1.Line{terms(refusesIn("", "essex/7")), ofSouth}, alone, "North Essex LMC: " + carries},
	} {
		letters := " (essex/7 essex/8); "
		for unit, want := range map[answersv1.Unit]string{
			answersv1.Unit_UNIT_PRACTICES: "North Essex LMC" + letters + c.byLMC, answersv1.Unit_UNIT_PATIENTS: "North Essex LMC" + letters + c.byLMC,
			answersv1.Unit_UNIT_COMMITTEES: "North Essex LMC" + letters + c.byLMC, answersv1.Unit_UNIT_OFFICES: "Essex LMCs" + letters + c.byOffices,
		} {
			if name == "one LMC of an office" && unit != answersv1.Unit_UNIT_OFFICES {
				want = "North Essex LMC (essex/7); " + c.byLMC
			}
			if got := figureBy(unit, c.lines...); !strings.HasSuffix(got, want) {
				t.Errorf("%s, by %s: no %q at the end of %s", name, unit, want, got)
			}
		}
	}
}

// A line for a group in part of an area was in figures of practices alone: by committees, offices and ICBs nothing told of it.
func TestALineForAGroupInPartOfAnAreaIsMarkedByCommitteesOfficesAndICBs(t *testing.T) {
	part, group := refusesIn("QXX", "essex/7"), aLine(answersv1.LineState_LINE_STATE_STATED, supports)
	group.Scope = &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}
	part.Groups = []*answersv1.Line{group}
	for _, unit := range []answersv1.Unit{answersv1.Unit_UNIT_COMMITTEES, answersv1.Unit_UNIT_OFFICES, answersv1.Unit_UNIT_PRACTICES, answersv1.Unit_UNIT_PATIENTS} {
		if got := figureBy(unit, refusesIn("", "essex/7"), part); !strings.Contains(got, "in icb:QXX: something else for some groups") {
			t.Errorf("by %s: %s", unit, got)
		}
	}
	rest := refusesIn("", "essex/7")
	rest.Relation, part.Relation = answersv1.Relation_RELATION_ALIGNED, answersv1.Relation_RELATION_ALIGNED
	pic := &answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Tables: []*answersv1.NationalTable{{Lines: []*answersv1.Line{rest, part}}}}
	p := New(MostWidth)
	p.ByArea(picture.ByArea(pic, "icb"), pic)
	wants(t, OneLine(p.String()), "North Essex LMC: refuse (essex/7) why", "North Essex LMC in icb:QXX: refuse (essex/7); something else for some groups why")
}

// What partners are told in one part of an area alone was told of the whole LMC.
func TestWhatPartnersAreToldInPartOfAnAreaIsMarkedWithThatPart(t *testing.T) {
	line, part, all := refusesIn("", "essex/7"), refusesIn("QXX", "essex/8"), refusesIn("", "essex/9")
	part.Current.Position.Stance, all.Current.Position.Stance = supports, caution
	part.Current.Position.Area, part.Audience, all.Audience = part.Area, partners, partners
	line.PartLines, line.SaidToPart = []*answersv1.Line{part}, []*answersv1.Statement{part.Current}
	for unit := range answersv1.Unit_name {
		if got := figureBy(answersv1.Unit(unit), line); !strings.HasSuffix(got, "something else to some of these readers in icb:QXX") {
			t.Errorf("by %s: %s", answersv1.Unit(unit), got)
		}
	}
	line.PartLines = append(line.PartLines, all)
	if got := figureBy(answersv1.Unit_UNIT_COMMITTEES, line); !strings.HasSuffix(got, "something else to some of these readers") {
		t.Error(got)
	}
}

// Of offices it was not told what is ahead of their committees' lines, nor what these say to others.
func TestAFigureOfOfficesTellsWhatIsAheadAndSaidToOthers(t *testing.T) {
	north, south := refusesIn("", "essex/7"), refusesIn("", "essex/7")
	north.NotYet = []*answersv1.Statement{{Advisory: "essex/8", ValidFrom: "2021-12-15", Position: &guidancev1.Position{Stance: caution, ValidFrom: "2021-12-15"}}}
	south.Committee, south.CommitteeName = "south-essex", "South Essex LMC"
	south.SaidToOthers = []*answersv1.Statement{{Advisory: "essex/9", Position: &guidancev1.Position{Stance: supports, Audiences: []guidancev1.Audience{partners}}}}
	want := []string{"North Essex LMC: From 15 December 2021: caution (essex/8).", "South Essex LMC: To GP partners: support (essex/9)."}
	wants(t, figureBy(answersv1.Unit_UNIT_OFFICES, north, south), want...)
	north.Current.Position.Stance = caution
	table := &answersv1.NationalTable{Lines: []*answersv1.Line{north, south}, Offices: map[string]string{"north-essex": "essex", "south-essex": "essex"}, Columns: []*answersv1.Column{
		{Kind: answersv1.ColumnKind_COLUMN_KIND_SPLIT, Count: 1, Words: "split", Members: []string{"essex"}},
	}}
	p := New(MostWidth)
	p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: answersv1.Unit_UNIT_OFFICES, Tables: []*answersv1.NationalTable{table}}, "")
	wants(t, OneLine(p.String()), want...)
}

// A line of all of an LMC stood, in a figure of offices that are split, as one of each part of its area: "otherwise in part".
func TestASplitOfficeDoesNotTellALineOfAllOfAnLMCPartByPart(t *testing.T) {
	rest, part := refusesIn("", "essex/8"), refusesIn("QYY", "essex/8")
	north, south := refusesIn("QXX", "essex/7"), refusesIn("QZZ", "essex/7")
	for _, line := range []*answersv1.Line{rest, part} {
		line.Committee, line.Current.Position.Stance = "south-essex", caution
	}
	part.Current.Position.Stance = supports
	table := &answersv1.NationalTable{Lines: []*answersv1.Line{north, south, rest, part}, Offices: map[string]string{"north-essex": "essex", "south-essex": "essex"}, Columns: []*answersv1.Column{
		{Kind: answersv1.ColumnKind_COLUMN_KIND_SPLIT, Count: 1, Words: "split", Members: []string{"essex"}},
	}}
	p := New(MostWidth)
	p.National(&answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Unit: answersv1.Unit_UNIT_OFFICES, Tables: []*answersv1.NationalTable{table}}, "")
	wants(t, OneLine(p.String()), "essex (essex/7 essex/8); north-essex: refuse (essex/7); otherwise in part of its area: south-essex in icb:QYY: support (essex/8)")
}

// Once temporary advice was withdrawn, GPC's table had the line before it as open, and nothing of what it had stopped until its last day.
func TestAFigureTellsWhatAnswersOnceTemporaryAdviceIsOver(t *testing.T) {
	line := refusesIn("", "essex/7")
	line.Warnings = []*answersv1.Warning{{Code: answersv1.WarningCode_WARNING_CODE_COMES_BACK, From: "2021-12-19", Entry: "essex/6", Stance: supports}}
	for _, unit := range []answersv1.Unit{answersv1.Unit_UNIT_COMMITTEES, answersv1.Unit_UNIT_OFFICES, answersv1.Unit_UNIT_PRACTICES} {
		if got := figureBy(unit, line); !strings.Contains(got, "from 19 December 2021 on support (essex/6)") {
			t.Errorf("by %v: %s", unit, got)
		}
	}
}
