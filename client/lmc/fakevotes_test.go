package main

import (
	"context"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// fakeVotes are a ballot of England, the same question put by an LMC to its members, and what that LMC
// withdrew.
func fakeVotes() []*answersv1.ToldVote {
	count := func(n int32) *guidancev1.Figure {
		return &guidancev1.Figure{Published: &guidancev1.Figure_Count{Count: n}}
	}
	ballot := &guidancev1.Vote{
		Id: "leave", Kind: guidancev1.VoteKind_VOTE_KIND_BALLOT, Question: "Would your practice leave the network scheme?", Voters: "GP practices in England",
		Held: days("2021-11-01", "2021-11-14"), Nation: "england", Asked: count(5144), Answered: count(1798),
		VotesFor:  &guidancev1.Figure{Published: &guidancev1.Figure_Percentage{Percentage: "58"}},
		Reference: &guidancev1.Reference{Title: "=HYPERLINK(1)", Publisher: "The BMJ"},
	}
	own := &guidancev1.Vote{
		Id: "meeting", Kind: guidancev1.VoteKind_VOTE_KIND_COMMITTEE, Question: "would your practice leave the network scheme", Voters: "its members",
		Held: day("2021-11-20"), VotesFor: count(12), VotesAgainst: count(3), Abstained: count(1),
	}
	half := &guidancev1.Vote{
		Id: "half", Kind: guidancev1.VoteKind_VOTE_KIND_THRESHOLD, Question: "Have half of practices lodged a resignation?", Voters: "practices of Cambridgeshire",
		Threshold: "half of practices", Reached: true,
	}
	told := func(v *guidancev1.Vote, entry, office, committee, name string, question int32) *answersv1.ToldVote {
		return &answersv1.ToldVote{
			Vote: v, Entry: entry, Office: office, Title: "On the vote", Issued: day("2021-11-26"), Committees: []string{committee}, CommitteeNames: []string{name},
			Matters: []string{planName}, Stands: true, Question: question, Words: guidance.VoteWords(v),
		}
	}
	all := []*answersv1.ToldVote{
		told(ballot, "gpc-england/12", "gpc-england", "gpc-england", "GPC England", 1),
		told(own, "essex/3", "essex", "north-essex", essexPlace, 1),
		told(ballot, "lincolnshire/4", "lincolnshire", "gpc-england", "GPC England", 1),
		told(half, "cambridgeshire/5", "cambridgeshire", "cambridgeshire", "Cambridgeshire LMC", 2),
	}
	all[0].AlsoIn = []string{"gpc-england/13"}
	all[1].Measures = []*answersv1.MeasureOfVote{{Matter: planName, Measure: "pcn-des-disengage"}}
	all[1].Positions = []*answersv1.VotePosition{{Matter: planName, Measure: "pcn-des-disengage", Committees: []string{"north-essex"}, Stance: guidancev1.Stance_STANCE_SUPPORT, Stands: true}}
	all[2].ReportedBy = []string{"lincolnshire"}
	all[3].Stands, all[3].Standing = false, "It no longer counts: withdrawn by cambridgeshire/6 from 27 November 2021."
	return all
}

// ListVotes answers a page of two at a time.
func (n *fakeNode) ListVotes(_ context.Context, req *answersv1.ListVotesRequest) (*answersv1.ListVotesResponse, error) {
	sel := req.GetSelector()
	list := &answersv1.ListVotesResponse{Measure: sel.GetMeasure(), AsOf: "2021-11-30", KnownAtFeed: 41, Completeness: allHere(), Notices: []string{notice}, Names: allNames()}
	if sel.GetMatter() != "" {
		if err := knownMatter(sel); err != nil {
			return nil, wire.Status(err)
		}
		list.Matter = accessPlan()
	}
	votes := slices.DeleteFunc(fakeVotes(), func(told *answersv1.ToldVote) bool {
		return !told.Stands && !req.GetAll() || len(req.GetKinds()) > 0 && !slices.Contains(req.GetKinds(), told.GetVote().GetKind()) ||
			sel.GetCommittee() != "" && !slices.Contains(told.Committees, sel.GetCommittee())
	})
	from := 0
	if req.GetPageToken() != "" {
		from = 2
	}
	list.Votes = votes[min(from, len(votes)):min(from+2, len(votes))]
	if from+2 < len(votes) {
		list.NextPageToken = "more"
	}
	return list, nil
}
