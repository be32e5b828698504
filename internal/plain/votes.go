package plain

import (
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// votes writes what an advisory tells of votes, every figure as it was published and nothing
// worked out from it.
func (p *Page) votes(list []*guidancev1.Vote) {
	if len(list) == 0 {
		return
	}
	p.Head("Votes:")
	for _, v := range list {
		kind := strings.ToLower(strings.TrimPrefix(v.GetKind().String(), "VOTE_KIND_"))
		if v.GetHeld() != nil {
			kind += ", " + guidance.RangeWords(v.GetHeld())
		}
		p.Hang("  ", v.GetId()+" ("+Joined(", ", kind, v.GetNation())+"): “"+v.GetQuestion()+"”")
		p.Hang("    asked of ", v.GetVoters())
		var figures []string
		for _, one := range []struct {
			words  string
			figure *guidancev1.Figure
		}{
			{"asked", v.GetAsked()}, {"answered", v.GetAnswered()}, {"for", v.GetVotesFor()}, {"against", v.GetVotesAgainst()}, {"abstained", v.GetAbstained()},
		} {
			if one.figure != nil {
				figures = append(figures, one.words+" "+guidance.FigureWords(one.figure))
			}
		}
		for _, o := range v.GetOptions() {
			figures = append(figures, "“"+o.GetWords()+"” "+guidance.FigureWords(o.GetFigure()))
		}
		if v.GetThreshold() != "" || v.GetReached() {
			reached := "not reached"
			if v.GetReached() {
				reached = "reached"
			}
			figures = append(figures, "threshold of "+v.GetThreshold()+": "+reached)
		}
		p.Hang("    ", strings.Join(figures, "; "))
		if ref := v.GetReference(); ref != nil {
			p.Hang("    from ", referenceWords(ref))
		}
	}
}
