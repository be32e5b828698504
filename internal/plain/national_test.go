package plain

import (
	"strings"
	"testing"

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
