package answers

import (
	"context"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// ListVotes answers with a page of the votes that letters tell of.
func (a *Answers) ListVotes(ctx context.Context, reader Reader, req *answersv1.ListVotesRequest) (resp *answersv1.ListVotesResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		page, err := m.page(req, req.GetPageSize(), req.GetPageToken())
		if err != nil {
			return err
		}
		sel := req.GetSelector()
		switch {
		case sel.GetMatter() == "" && (sel.GetMeasure() != "" || sel.GetWholeMatter()):
			return invalid("selector.matter", "a measure without its matter", "name the matter too", "required with measure")
		case sel.GetAudience() != guidancev1.Audience_AUDIENCE_UNSPECIFIED || sel.GetArea()+sel.GetScope() != "":
			return invalid("selector", "a vote is of whoever was asked, wherever they are", "leave audience, area and scope out", "audience, area and scope must be empty")
		case len(req.GetKinds()) > mostKinds:
			return invalid("kinds", fmt.Sprintf("%d kinds are asked for", len(req.GetKinds())), fmt.Sprintf("ask for at most %d, or for all by naming none", mostKinds), "too many")
		}
		if err := m.mayAskByNumber(sel); err != nil {
			return err
		}
		q, err := m.understand(sel, page.Day, page.feed)
		if err != nil {
			return err
		}
		names := m.naming()
		resp = &answersv1.ListVotesResponse{
			Matter: q.matter, Measure: q.measure, AsOf: q.asOf, KnownAtFeed: q.feed, KnownAtTime: q.known, Words: q.words,
			Completeness: m.completeness(q.register, m.speakersFor(q.own)), Names: names.Names,
		}
		if q.nobodys {
			return nil // everybody's votes are no answer to a question about one's own
		}
		votes, notices, err := m.votes(q, req, resp)
		if err != nil {
			return err
		}
		if page.last != "" {
			at := slices.IndexFunc(votes, func(told *answersv1.ToldVote) bool { return placeOfVote(told) == page.last })
			if at < 0 {
				return invalid("page_token", "the vote that this page token goes on after is not here", "ask for the list from its beginning, without a token", "of a vote that is not there")
			}
			votes = votes[at+1:]
		}
		size := 0
		for i, told := range votes {
			if size += proto.Size(told); i == page.size || size+names.size > PageBytes && i > 0 {
				resp.NextPageToken = page.next(placeOfVote(votes[i-1]))
				break
			}
			resp.Votes = append(resp.Votes, told)
			if notice := notices[told.Entry]; notice != "" && !slices.Contains(resp.Notices, notice) {
				resp.Notices = append(resp.Notices, notice)
			}
			if err := names.vote(told); err != nil {
				return err
			}
		}
		return m.ctx.Err()
	})
	return only(resp, err)
}

// placeOfVote is what a page token says of a vote.
func placeOfVote(told *answersv1.ToldVote) string { return told.Entry + " " + told.Vote.GetId() }

func (n *naming) vote(told *answersv1.ToldVote) error {
	n.office(told.GetOffice())
	n.committees(told.GetCommittees()...)
	n.committees(told.GetReportedBy()...)
	for _, matter := range told.GetMatters() {
		if err := n.titles(matter, ""); err != nil {
			return err
		}
	}
	for _, position := range told.GetPositions() {
		n.committees(position.GetCommittees()...)
		if err := n.titles(position.GetMatter(), position.GetMeasure()); err != nil {
			return err
		}
	}
	return nil
}

// votes are the votes asked about, and the notices of the letters that tell of them.
func (m *moment) votes(q *question, req *answersv1.ListVotesRequest, resp *answersv1.ListVotesResponse) (all []*answersv1.ToldVote, notices map[string]string, err error) {
	var whose []string
	for _, c := range q.own {
		whose = append(whose, append([]string{c}, q.register.Predecessors(c)...)...)
	}
	var letters []guidance.Entry
	var prepared *guidance.Prepared
	if q.matter != nil {
		said, err := m.said(q)
		if err != nil {
			return nil, nil, err
		}
		letters, prepared = slices.Clone(said.Voting()), said.Prepared(m.ctx)
	} else if letters, err = m.votingLetters(q, ""); err != nil {
		return nil, nil, err
	}
	letters = slices.DeleteFunc(letters, func(e guidance.Entry) bool { // or others' take the room there is for an office
		isOf := func(c string) bool {
			return slices.Contains(guidance.CommitteesOf(e), c) || slices.ContainsFunc(e.Advisory.GetPositions(), func(p *guidancev1.Position) bool { return p.GetRelayOf().GetCommittee() == c })
		}
		return len(whose) > 0 && !slices.ContainsFunc(whose, isOf)
	})
	letters, more := picture.NewestVoting(letters, q.asOf)
	resp.MoreLetters = int32(more)
	if prepared == nil {
		around, seen, read := []guidance.Entry{}, map[string]bool{}, map[ledger.EntryID]guidance.Entry{}
		for _, e := range letters {
			of, err := m.withEndings(e, q.feed, q.register, read)
			if err != nil {
				return nil, nil, err
			}
			for _, one := range of {
				if !seen[one.ID] {
					around, seen[one.ID] = append(around, one), true
				}
			}
		}
		prepared = guidance.Prepare(m.ctx, around, q.register)
	}
	all = picture.Votes(prepared, letters, picture.VotesAsked{
		Matter: q.matter.GetName(), Measure: q.measure, Whole: q.whole, Committees: whose, Kinds: req.GetKinds(), All: req.GetAll(),
		AsOf: q.asOf, Register: q.register, Matters: m.matterNamed,
	})
	notices = map[string]string{}
	for _, e := range letters {
		notices[e.ID] = e.Advisory.GetNotice()
	}
	return all, notices, m.ctx.Err()
}

// votingLetters are the letters that tell of votes, of one office (empty: of all), as known when a question asks.
func (m *moment) votingLetters(q *question, office string) ([]guidance.Entry, error) {
	ids, err := m.WithVotes()
	if err != nil {
		return nil, err
	}
	rows := make([]store.Row, 0, len(ids))
	for i, id := range ids {
		if i%checkEvery == 0 && m.ctx.Err() != nil {
			return nil, m.ctx.Err()
		}
		if office != "" && id.Office != office {
			continue
		}
		row, err := m.RowOf(id)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	letters, err := m.entries(rows, q.feed, q.register)
	return slices.DeleteFunc(letters, func(e guidance.Entry) bool { return len(e.Advisory.GetVotes()) == 0 }), err
}
