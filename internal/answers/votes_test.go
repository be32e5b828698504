package answers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func countOf(n int32) *guidancev1.Figure {
	return &guidancev1.Figure{Published: &guidancev1.Figure_Count{Count: n}}
}

func shareOf(share string) *guidancev1.Figure {
	return &guidancev1.Figure{Published: &guidancev1.Figure_Percentage{Percentage: share}}
}

// committeeVote is a vote within a committee, of which any figure may be told.
func committeeVote(id, question string, votesFor, against int32) *guidancev1.Vote {
	return &guidancev1.Vote{
		Id: id, Kind: guidancev1.VoteKind_VOTE_KIND_COMMITTEE, Question: question, Voters: "its members", VotesFor: countOf(votesFor), VotesAgainst: countOf(against),
	}
}

// telling is a letter with votes, and its position resting on the first of them where it takes one.
func telling(a *guidancev1.Advisory, votes ...*guidancev1.Vote) *guidancev1.Advisory {
	a.Votes = votes
	for _, position := range a.Positions {
		position.Votes = []string{votes[0].Id}
	}
	return a
}

func (w *world) votes(req *answersv1.ListVotesRequest) *answersv1.ListVotesResponse {
	w.t.Helper()
	list, err := w.ListVotes(context.Background(), Public(), req)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// rowsOf are votes in short: which question, whose, by which letter, and whether it stands.
func rowsOf(list *answersv1.ListVotesResponse) (rows []string) {
	for _, told := range list.GetVotes() {
		row := fmt.Sprintf("%d %s %s by %s", told.GetQuestion(), strings.Join(told.GetCommittees(), "+"), told.GetVote().GetId(), told.GetEntry())
		if len(told.GetAlsoIn()) > 0 {
			row += " also " + strings.Join(told.GetAlsoIn(), " ")
		}
		if len(told.GetReportedBy()) > 0 {
			row += " reported by " + strings.Join(told.GetReportedBy(), "+")
		}
		if !told.GetStands() {
			row += " not: " + told.GetStanding()
		}
		rows = append(rows, row)
	}
	return rows
}

func (w *world) wantVotes(what string, req *answersv1.ListVotesRequest, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, rowsOf(w.votes(req))); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func onPlan() *answersv1.Selector { return &answersv1.Selector{Matter: thePlan} }

// Those who were asked the same, on one measure or in the same words, stand side by side, the earliest
// first; the question that was last put comes first.
func TestVotesStandByTheQuestionThatWasPut(t *testing.T) {
	w := newWorld(t)
	hubs := plan(thePlan, "The plan")
	hubs.Measures = []*guidancev1.Measure{{Id: "hubs", Title: "Hubs", Kind: guidancev1.MeasureKind_MEASURE_KIND_OFFER, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}}}
	w.put("gpc", public_, hubs)
	onHubs := func(a *guidancev1.Advisory) *guidancev1.Advisory {
		a.Positions[0].Measure = "hubs"
		return a
	}
	w.put(essexOffice, public_, telling(advisory(essexOffice, "2021-10-20", refuse, "north-essex"), committeeVote("a", "Shall we refuse?", 12, 3), committeeVote("b", "Shall we meet?", 9, 1)))
	w.put("kent", public_, telling(advisory("kent", "2021-10-25", support, "kent"), committeeVote("c", "shall WE  refuse", 2, 8)))
	w.put("kent", public_, telling(onHubs(advisory("kent", "2021-10-26", support, "kent")), committeeVote("d", "Are hubs welcome?", 8, 2)))
	w.put(essexOffice, public_, telling(onHubs(advisory(essexOffice, "2021-10-22", refuse, "north-essex")), committeeVote("e", "Shall we take hubs up?", 1, 14)))
	all := []string{
		"1 north-essex e by essex/1", "1 kent d by kent/1", // one measure, in other words
		"2 north-essex a by essex/0", "2 kent c by kent/0", // the same words
		"3 north-essex b by essex/0",
	}
	w.wantVotes("on the matter", &answersv1.ListVotesRequest{Selector: onPlan()}, all...)
	w.wantVotes("on any", &answersv1.ListVotesRequest{}, all...)
	w.wantVotes("on a measure", &answersv1.ListVotesRequest{Selector: &answersv1.Selector{Matter: thePlan, Measure: "hubs"}}, all[:2]...)
	w.wantVotes("on the whole matter", &answersv1.ListVotesRequest{Selector: &answersv1.Selector{Matter: thePlan, WholeMatter: true}}, "1 north-essex a by essex/0", "1 kent c by kent/0", "2 north-essex b by essex/0")
	w.wantVotes("of a committee", &answersv1.ListVotesRequest{Selector: &answersv1.Selector{Committee: "kent"}}, "1 kent d by kent/1", "2 kent c by kent/0")
	w.wantVotes("of a kind", &answersv1.ListVotesRequest{Kinds: []guidancev1.VoteKind{guidancev1.VoteKind_VOTE_KIND_BALLOT}})
	w.wantVotes("as of a day", &answersv1.ListVotesRequest{Selector: &answersv1.Selector{Matter: thePlan, AsOf: "2021-10-22"}}, "1 north-essex e by essex/1", "2 north-essex a by essex/0", "3 north-essex b by essex/0")

	list := w.votes(&answersv1.ListVotesRequest{Selector: onPlan()})
	position := list.Votes[2].Positions[0]
	if position.GetStance() != refuse || !position.GetStands() || position.GetMeasure() != "" {
		t.Errorf("what rests on it: %v", position)
	}
	if words := list.Votes[0].GetWords(); words != "1 for, 14 against: “Shall we take hubs up?”" {
		t.Errorf("%q", words)
	}

	// Page by page it is the same.
	var paged []string
	req := &answersv1.ListVotesRequest{Selector: onPlan(), PageSize: 2}
	for {
		page := w.votes(req)
		paged = append(paged, rowsOf(page)...)
		w.put("kent", public_, telling(advisory("kent", "2021-10-28", support, "kent"), committeeVote("late", fmt.Sprint("Late? ", len(paged)), 5, 5))) // moves nothing
		if req.PageToken = page.GetNextPageToken(); req.PageToken == "" {
			break
		}
	}
	if diff := cmp.Diff(all, paged); diff != "" {
		t.Errorf("by pages (-want +got):\n%s", diff)
	}
}

// A vote is told while its letter stands, whatever became of the line that rests on it; and with all, when
// it does not stand, with why. One told in two letters is one; one that is passed on is reported.
func TestVotesOfLettersThatDoNotStandAreMarked(t *testing.T) {
	w := newWorld(t)
	vote := committeeVote("v", "Shall we refuse?", 12, 3)
	again := proto.CloneOf(vote)
	again.Id, again.Reference = "other-id", &guidancev1.Reference{Title: "Minutes"}
	first := w.put("kent", public_, telling(advisory("kent", "2021-10-20", refuse, "kent"), vote))
	amends := advisory("kent", "2021-10-22", support, "kent")
	amends.Amends = []string{first}
	w.put("kent", public_, amends)
	w.wantVotes("of an amended letter", &answersv1.ListVotesRequest{Selector: onPlan()}, "1 kent v by kent/0")
	if position := w.votes(&answersv1.ListVotesRequest{Selector: onPlan()}).Votes[0].Positions[0]; position.GetStands() {
		t.Error("the line that was amended is told as one that stands")
	}
	second := w.put("kent", public_, telling(advisory("kent", "2021-10-23", refuse, "kent"), again))
	w.wantVotes("told twice", &answersv1.ListVotesRequest{Selector: onPlan()}, "1 kent v by kent/0 also kent/2")
	w.put("kent", public_, &guidancev1.Withdrawal{Office: "kent", OnBehalfOf: []string{"kent"}, Advisory: first, Effective: "2021-10-25", Issued: &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}, Reason: "wrong", Visibility: public_, Matters: []string{thePlan}})
	w.wantVotes("of the letter that stands", &answersv1.ListVotesRequest{Selector: onPlan()}, "1 kent other-id by kent/2")
	w.wantVotes("the day before", &answersv1.ListVotesRequest{Selector: &answersv1.Selector{Matter: thePlan, AsOf: "2021-10-24"}}, "1 kent v by kent/0 also kent/2")
	w.wantVotes("all", &answersv1.ListVotesRequest{All: true}, "1 kent v by kent/0 not: It no longer counts: withdrawn by kent/3 from 25 October 2021 (“wrong”).", "1 kent other-id by kent/2")
	replaces := advisory("kent", "2021-10-27", support, "kent")
	replaces.Replaces = []string{second}
	w.put("kent", public_, replaces)
	w.wantVotes("none stands", &answersv1.ListVotesRequest{Selector: onPlan()})

	relay := telling(advisory(essexOffice, "2021-10-28", guidancev1.Stance_STANCE_INFORMATION_ONLY, "north-essex"), vote)
	relay.Positions[0].Provenance, relay.Positions[0].RelayOf = guidancev1.Provenance_PROVENANCE_RELAY, &guidancev1.RelaySource{Committee: "kent"}
	w.put(essexOffice, public_, relay)
	w.wantVotes("passed on", &answersv1.ListVotesRequest{Selector: onPlan()}, "1 kent v by essex/0 reported by north-essex")
	w.wantVotes("passed on, of whose it is", &answersv1.ListVotesRequest{Selector: &answersv1.Selector{Committee: "kent"}}, "1 kent v by essex/0 reported by north-essex")
	pic, err := w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: onPlan()})
	if err != nil || len(pic.GetPicture().GetTables()[0].GetVotes()) != 0 {
		t.Errorf("what is passed on stands beside the lines: %v %v", pic.GetPicture().GetTables()[0].GetVotes(), err)
	}

	stranger := telling(advisory("kent", "2021-10-28", refuse, "north-essex"), committeeVote("theirs", "Whose?", 9, 9))
	w.put("kent", public_, stranger)
	w.wantVotes("of who may not speak", &answersv1.ListVotesRequest{Selector: onPlan()}, "1 kent v by essex/0 reported by north-essex")
}

// What publishing refuses is not repeated from a letter that came all the same; what not everybody may read
// is not told to everybody.
func TestVotesThatTellOfSomebodyAreNotRepeated(t *testing.T) {
	w := newWorld(t)
	survey := func(id string, answered, votesFor *guidancev1.Figure) *guidancev1.Vote {
		return &guidancev1.Vote{
			Id: id, Kind: guidancev1.VoteKind_VOTE_KIND_SURVEY, Question: "Will you take part, " + id + "?", Voters: "practices", Nation: "england", Answered: answered, VotesFor: votesFor,
		}
	}
	local := survey("local", countOf(90), countOf(50))
	local.Nation = ""
	w.put("kent", public_, telling(advisory("kent", "2021-10-20", refuse, "kent"), survey("fine", countOf(1798), shareOf("58")), survey("few", countOf(1798), countOf(3)), survey("others", countOf(100), countOf(97)), local, survey("none", nil, nil)))
	w.wantVotes("public", &answersv1.ListVotesRequest{}, "1 kent fine by kent/0")
	w.put("kent", guidancev1.Visibility_VISIBILITY_CONSTITUENTS, telling(advisory("kent", "2021-10-21", refuse, "kent"), local))
	w.wantVotes("to everybody", &answersv1.ListVotesRequest{Selector: onPlan()}, "1 kent fine by kent/0")
	own, err := w.ListVotes(context.Background(), Practice("kent"), &answersv1.ListVotesRequest{Selector: onPlan()})
	if err != nil || !slices.Equal(rowsOf(own), []string{"1 kent local by kent/1", "2 kent fine by kent/0"}) {
		t.Errorf("to their practices: %q %v", rowsOf(own), err)
	}
}

// The votes of a committee stand beside its line, in no figure; of an office that tells of very many the
// newest are told, and how many are not.
func TestVotesStandBesideTheNationalPictureAndAreBounded(t *testing.T) {
	w := newWorld(t)
	without, err := w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: onPlan()})
	if err != nil {
		t.Fatal(err)
	}
	w.put("kent", public_, telling(&guidancev1.Advisory{
		Office: "kent", OnBehalfOf: []string{"kent"}, Title: "Votes alone", Matters: []string{thePlan}, Visibility: public_,
		Issued: &guidancev1.DayRange{Earliest: "2021-10-20", Latest: "2021-10-20"}, Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
	}, committeeVote("alone", "Shall we refuse?", 12, 3)))
	with, err := w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: onPlan()})
	if err != nil {
		t.Fatal(err)
	}
	table, before := with.GetPicture().GetTables()[0], without.GetPicture().GetTables()[0]
	if len(table.GetVotes()) != 1 || table.GetVotes()[0].GetWords() != "12 for, 3 against: “Shall we refuse?”" || table.GetVotes()[0].GetCommittee() != "kent" {
		t.Errorf("%v", table.GetVotes())
	}
	if !slices.EqualFunc(table.GetRelations(), before.GetRelations(), func(a, b *answersv1.RelationCount) bool { return proto.Equal(a, b) }) || table.GetDenominator() != before.GetDenominator() {
		t.Error("a vote changed a figure")
	}
	for i := range picture.VotingLetters + 3 {
		w.put("kent", public_, telling(advisory("kent", "2021-10-21", refuse, "kent"), committeeVote("v", fmt.Sprint("Shall we, ", i, "?"), 7, 7)))
	}
	list := w.votes(&answersv1.ListVotesRequest{Selector: onPlan(), PageSize: MostPage})
	if len(list.Votes) != picture.VotingLetters || list.MoreLetters != 4 {
		t.Errorf("%d votes, %d letters more", len(list.Votes), list.MoreLetters)
	}
	with, err = w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: onPlan()})
	if err != nil {
		t.Fatal(err)
	}
	if table := with.GetPicture().GetTables()[0]; len(table.GetVotes()) != 8 || table.GetMoreVotes() != picture.VotingLetters-8 {
		t.Errorf("%d votes beside the lines, %d more", len(table.GetVotes()), table.GetMoreVotes())
	}
}

func TestVotesAskedWronglyAreRefused(t *testing.T) {
	w := newWorld(t)
	for what, req := range map[string]*answersv1.ListVotesRequest{
		"matter":   {Selector: &answersv1.Selector{Measure: "hubs"}},
		"too many": {Kinds: make([]guidancev1.VoteKind, mostKinds+1)},
		"area":     {Selector: &answersv1.Selector{Matter: thePlan, Area: "06Q"}},
		"page":     {PageToken: "x"},
		"negative": {PageSize: -1},
	} {
		if _, err := w.ListVotes(context.Background(), Public(), req); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := w.ListVotes(context.Background(), Public(), &answersv1.ListVotesRequest{Selector: &answersv1.Selector{Matter: "nothing"}}); !errors.Is(err, fault.ErrUnknownMatter) {
		t.Errorf("%v", err)
	}
}
