package plain

import (
	"fmt"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
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
		kind := guidance.VoteKindWords(v.GetKind())
		if v.GetHeld() != nil {
			kind += ", " + guidance.RangeWords(v.GetHeld())
		}
		p.Hang("  ", v.GetId()+" ("+notation.Joined(", ", kind, v.GetNation())+"): “"+v.GetQuestion()+"”")
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

// Votes writes votes by the question that was put, everybody who was asked it below, the earliest first:
// figures as they were published. known is as for View.
func (p *Page) Votes(list *answersv1.ListVotesResponse, known string) {
	if list.GetMatter() != nil {
		p.matterHead(list.GetMatter())
	}
	p.Para(0, notation.Joined(", ", "Votes as of "+guidance.DayWords(list.GetAsOf()), known)+". Figures stand as they were published. A vote is no line, and is counted with none.")
	if list.GetWords() != "" {
		p.Gap()
		p.Para(0, list.GetWords())
	}
	if len(list.GetVotes()) == 0 {
		p.Gap()
		if LacksEntries(list.GetCompleteness()) {
			p.Line("none is known here")
		} else {
			p.Line("none: no letter that stands tells of one")
		}
	}
	asked, on, question := int32(0), "", ""
	for _, told := range list.GetVotes() {
		if told.GetQuestion() != asked {
			p.Gap()
			if head := voteHead(list, told); head != on {
				p.Para(0, head)
				on = head
			}
			asked, question = told.GetQuestion(), ""
		}
		if put := told.GetVote().GetQuestion(); guidance.SameWords(put) != question {
			question = guidance.SameWords(put)
			p.Hang("  ", "“"+strings.TrimSpace(put)+"”")
		}
		p.vote(list.GetNames(), told)
	}
	if n := list.GetMoreLetters(); n > 0 {
		p.Gap()
		p.Para(0, fmt.Sprintf("%s of offices with many were not looked at: name a MATTER, or a --committee.", notation.Counted(int64(n), "older letter with votes", "older letters with votes")))
	}
	if list.GetNextPageToken() != "" {
		p.Gap()
		p.Para(0, "There are more: name a MATTER, a --committee or a --kind.")
	}
	p.Footer(list.GetCompleteness(), list.GetNotices())
}

// voteHead is what a question was on: by the first of those who were asked it whose position says so.
func voteHead(list *answersv1.ListVotesResponse, told *answersv1.ToldVote) string {
	for _, other := range list.GetVotes() {
		if other.GetQuestion() == told.GetQuestion() && len(told.GetMeasures()) == 0 {
			told = other
		}
	}
	var on []string
	for _, of := range told.GetMeasures() {
		on = append(on, measureName(list.GetNames(), of.GetMatter(), of.GetMeasure()))
	}
	if len(on) == 0 && list.GetMatter() != nil {
		on = append(on, "the whole matter")
	}
	if list.GetMatter() != nil {
		return "On " + notation.List(on)
	}
	var matters []string
	for _, matter := range told.GetMatters() {
		matters = append(matters, matterName(list.GetNames(), matter))
	}
	if len(on) == 0 {
		return "On " + notation.List(matters)
	}
	return "On " + notation.List(on) + ", of " + notation.List(matters)
}

// vote writes one vote below its question.
func (p *Page) vote(names *answersv1.Names, told *answersv1.ToldVote) {
	v := told.GetVote()
	who := CommitteeNames(names, told.GetCommittees())
	if who == "" {
		who = "Somebody who is not named"
	}
	held := "held on a day that is not told"
	if v.GetHeld() != nil {
		held = guidance.RangeWords(v.GetHeld())
	}
	p.Item(4, who+": "+notation.Joined(", ", guidance.VoteKindWords(v.GetKind())+" of "+v.GetVoters(), held))
	if len(told.GetReportedBy()) > 0 {
		p.Item(6, "reported: passed on by "+CommitteeNames(names, told.GetReportedBy())+", and no vote of theirs")
	}
	p.Item(6, notation.Joined("; ", append(guidance.VoteResults(v), guidance.VoteAnswered(v))...))
	letter := "by " + told.GetEntry() + ", " + guidance.RangeWords(told.GetIssued())
	if also := told.GetAlsoIn(); len(also) > 0 {
		letter += ", and " + notation.List(also)
	}
	if ref := v.GetReference(); ref != nil {
		letter += "; from " + referenceWords(ref)
	}
	p.Item(6, letter)
	for _, position := range told.GetPositions() {
		measure := func(matter, id string) string { return measureName(names, matter, id) }
		p.Item(6, "rests on it: "+CommitteeNames(names, position.GetCommittees())+", "+picture.VotePositionWords(told, position, measure))
	}
	switch {
	case !told.GetStands():
		p.Item(6, "does not stand: "+told.GetStanding())
	case told.GetStanding() != "":
		p.Item(6, told.GetStanding())
	}
}
