package plain

import (
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Of another LMC that was merged from two, each of which had said something else, the line of one stood as that of all.
func TestOfAnotherLMCWhoseAreaIsDividedEachPartIsNamed(t *testing.T) {
	in := func(stance guidancev1.Stance, code, name string) *answersv1.Line {
		line := aLine(answersv1.LineState_LINE_STATE_STATED, stance)
		line.CommitteeName, line.Area, line.AreaName = "Abbey LMC", &guidancev1.AreaId{Scheme: "lmc", Code: code}, name
		return line
	}
	v := aView(aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE))
	v.Committees = append(v.Committees, &answersv1.CommitteeView{
		Headline: in(guidancev1.Stance_STANCE_REFUSE, "ayr", "Ayr LMC"), Parts: []*answersv1.Line{in(guidancev1.Stance_STANCE_SUPPORT, "bray", "Bray LMC")},
	})
	wants(t, OneLine(viewPage(v)), "Abbey LMC in Ayr LMC (lmc:ayr) refuse", "- in Bray LMC (lmc:bray) support")
}
