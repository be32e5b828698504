package guidance

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What a vote tells alone tells of nobody; what two tell together may. A letter's votes are held against
// each other and against those of the office's own log. Each pair is tried as two votes of one letter, and
// as one of a letter beside one of an earlier letter: both are refused, or neither.
func TestTwoVotesTellOfNobodyTogether(t *testing.T) {
	ballot := func(change func(*v1.Vote)) *v1.Vote {
		v := &v1.Vote{
			Id: "first", Kind: v1.VoteKind_VOTE_KIND_SURVEY, Question: "Will you take part?", Voters: "GP practices in England", Nation: "england",
			Held: days("2021-10-01"), Asked: counted(5144), Answered: counted(1798), VotesFor: counted(1000),
		}
		if change != nil {
			change(v)
		}
		return v
	}
	for name, c := range map[string]struct {
		first, second func(*v1.Vote)
		fault         string
	}{
		"the same again":                 {nil, nil, ""},
		"five more, period minus period": {nil, func(v *v1.Vote) { v.Held, v.VotesFor, v.Answered = days("2021-10-20"), counted(1005), counted(1810) }, ""},
		"four more, period minus period": {nil, func(v *v1.Vote) { v.Held, v.VotesFor, v.Answered = days("2021-10-20"), counted(1004), counted(1810) }, "in votes for"},
		"one fewer, period minus period": {nil, func(v *v1.Vote) { v.Held, v.VotesFor, v.Answered = days("2021-10-20"), counted(999), counted(1810) }, "in votes for"},
		"three more who answered":        {nil, func(v *v1.Vote) { v.Held, v.VotesFor, v.Answered = days("2021-10-20"), counted(1100), counted(1801) }, "in how many answered"},
		"two more who did not answer": {nil, func(v *v1.Vote) {
			v.Held, v.VotesFor, v.Asked, v.Answered = days("2021-10-20"), nil, counted(5246), counted(1898)
		}, "who is not among “how many answered”"},
		"three more who voted otherwise": {nil, func(v *v1.Vote) { v.Held, v.VotesFor, v.Answered = days("2021-10-20"), counted(1100), counted(1901) }, "who is not among “votes for”"},
		"two more who did not vote against": {func(v *v1.Vote) { v.VotesAgainst = counted(500) }, func(v *v1.Vote) {
			v.Held, v.Answered, v.VotesFor, v.VotesAgainst = days("2021-10-20"), counted(1900), nil, counted(600)
		}, "who is not among “votes against”"},
		"two more who voted neither way": {func(v *v1.Vote) { v.VotesAgainst = counted(500) }, func(v *v1.Vote) {
			v.Held, v.Answered, v.VotesFor, v.VotesAgainst = days("2021-10-20"), counted(2000), counted(1100), counted(600)
		}, "who is not among “votes for” or “votes against”"},
		"five more who voted neither way": {func(v *v1.Vote) { v.VotesAgainst = counted(500) }, func(v *v1.Vote) {
			v.Held, v.Answered, v.VotesFor, v.VotesAgainst = days("2021-10-20"), counted(2003), counted(1100), counted(600)
		}, ""},
		"in other words": {nil, func(v *v1.Vote) { v.Held, v.Question, v.VotesFor = days("2021-10-20"), "Will you sign?", counted(1004) }, ""},
		"in the same words, written apart": {nil, func(v *v1.Vote) {
			v.Held, v.Question, v.VotesFor = days("2021-10-20"), "WILL you  take part", counted(1004)
		}, "in votes for"},
		"a part and its whole": {nil, func(v *v1.Vote) {
			v.Voters, v.VotesFor, v.Answered = "GP practices in England but for dispensing ones", counted(997), counted(1700)
		}, "in votes for"},
		"a part and its whole, far apart": {nil, func(v *v1.Vote) {
			v.Voters, v.VotesFor, v.Answered = "dispensing practices in England", counted(200), counted(300)
		}, ""},
		"a count, and a share a little off":  {nil, func(v *v1.Vote) { v.Held, v.VotesFor = days("2021-10-20"), printed("55.8") }, "in votes for"}, // 1,002.4 to 1,004.2
		"a count, and a share perhaps off":   {nil, func(v *v1.Vote) { v.Held, v.VotesFor = days("2021-10-20"), printed("55.9") }, ""},             // 1,004.2 to 1,006.0
		"shares of the one and of the other": {func(v *v1.Vote) { v.VotesFor = printed("55.60") }, func(v *v1.Vote) { v.Held, v.VotesFor = days("2021-10-20"), printed("55.70") }, "in votes for"},
		"round shares":                       {func(v *v1.Vote) { v.VotesFor = printed("55") }, func(v *v1.Vote) { v.Held, v.VotesFor = days("2021-10-20"), printed("56") }, ""},
		"an option of both": {func(v *v1.Vote) {
			v.VotesFor, v.Options = nil, []*v1.VoteOption{{Words: "Later", Figure: counted(100)}}
		}, func(v *v1.Vote) {
			v.VotesFor, v.Options = nil, []*v1.VoteOption{{Words: "later.", Figure: counted(103)}}
		}, "votes for “later.”"},
		"an option and another": {func(v *v1.Vote) {
			v.VotesFor, v.Options = nil, []*v1.VoteOption{{Words: "Later", Figure: counted(100)}}
		}, func(v *v1.Vote) {
			v.VotesFor, v.Options = nil, []*v1.VoteOption{{Words: "never", Figure: counted(103)}}
		}, ""},
		// One vote in two units: 96 beside 96% says that 100 answered, and 4 otherwise.
		"a count beside its share":           {func(v *v1.Vote) { v.Asked, v.Answered, v.VotesFor = nil, nil, counted(96) }, func(v *v1.Vote) { v.Asked, v.Answered, v.VotesFor = nil, nil, printed("96") }, "leaves fewer than 5 others"},
		"a count beside its share, of many":  {func(v *v1.Vote) { v.Asked, v.Answered, v.VotesFor = nil, nil, counted(960) }, func(v *v1.Vote) { v.Asked, v.Answered, v.VotesFor = nil, nil, printed("96") }, ""},
		"a share of a whole told elsewhere":  {func(v *v1.Vote) { v.Asked, v.Answered, v.VotesFor = nil, counted(100), nil }, func(v *v1.Vote) { v.Asked, v.Answered, v.VotesFor = nil, nil, printed("97") }, "leaves fewer than 5 others"},
		"votes that add up over two letters": {func(v *v1.Vote) { v.Answered, v.VotesFor, v.Asked = counted(100), counted(60), nil }, func(v *v1.Vote) { v.Answered, v.VotesFor, v.VotesAgainst, v.Asked = nil, nil, counted(38), nil }, "leaves 2 who voted otherwise"},
		"of other voters they do not add up": {func(v *v1.Vote) { v.Answered, v.VotesFor, v.Asked = counted(100), counted(60), nil }, func(v *v1.Vote) {
			v.Voters, v.Answered, v.VotesFor, v.VotesAgainst, v.Asked = "salaried GPs in England", nil, nil, counted(38), nil
		}, ""},
		"in a conference anything": {func(v *v1.Vote) { v.Kind, v.Voters = v1.VoteKind_VOTE_KIND_CONFERENCE, "representatives" }, func(v *v1.Vote) {
			v.Kind, v.Voters, v.VotesFor = v1.VoteKind_VOTE_KIND_CONFERENCE, "representatives", counted(1001)
		}, ""},
	} {
		first, second := ballot(c.first), ballot(c.second)
		second.Id = "second"
		a := draft()
		a.OnBehalfOf, a.Audiences, a.Issued = []string{"north"}, []v1.Audience{practices}, days("2021-10-26")
		alone := proto.CloneOf(a)
		a.Votes, alone.Votes = []*v1.Vote{first, second}, []*v1.Vote{second}
		_, _, _, together := checkPublish(a, essexToday())
		known := essexToday()
		known.Voted = []Entry{{ID: "essex/1", Office: "essex", Advisory: &v1.Advisory{Office: "essex", Votes: []*v1.Vote{first}}}}
		_, _, _, apart := checkPublish(alone, known)
		for where, err := range map[string]error{"in one letter": together, "in two": apart} {
			if got := fmt.Sprint(err); (err == nil) != (c.fault == "") || !strings.Contains(got, c.fault) {
				t.Errorf("%s, %s: %v, want %q", name, where, err, c.fault)
			}
		}
		if _, _, _, err := checkPublish(alone, essexToday()); err != nil {
			t.Errorf("%s: refused alone: %v", name, err)
		}
	}
}

// A vote that was told wrongly can be put right, in a letter that ends the one that told it: it is no second
// vote. What tells of another day is one.
func TestAVoteMayBeCorrected(t *testing.T) {
	vote := &v1.Vote{
		Id: "ballot", Kind: v1.VoteKind_VOTE_KIND_BALLOT, Question: "Will you take part?", Voters: "GP practices in England", Nation: "england",
		Held: days("2021-10-01"), Answered: counted(1798), VotesFor: counted(1000),
	}
	known := essexToday()
	known.Voted = []Entry{{ID: "essex/1", Office: "essex", Advisory: &v1.Advisory{Office: "essex", Votes: []*v1.Vote{vote}}}}
	for name, c := range map[string]struct {
		ends   bool
		change func(*v1.Vote)
		fault  string
	}{
		"by a letter that ends it": {true, func(v *v1.Vote) { v.Answered = counted(1799) }, ""},
		"by one beside it":         {false, func(v *v1.Vote) { v.Answered = counted(1799) }, "the vote ballot of essex/1"},
		"of another day":           {true, func(v *v1.Vote) { v.Answered, v.Held = counted(1799), days("2021-10-02") }, "in how many answered"},
		"in another unit":          {true, func(v *v1.Vote) { v.Answered, v.VotesFor = nil, printed("55.6") }, ""},
	} {
		again := proto.CloneOf(vote)
		c.change(again)
		var f publishing
		f.PublishContext = known
		a := &v1.Advisory{Votes: []*v1.Vote{again}}
		if c.ends {
			a.Replaces = []string{"essex/1"}
		}
		f.votesBefore(a)
		if got := fmt.Sprint(f.err("advisory")); (len(f.list) == 0) != (c.fault == "") || !strings.Contains(got, c.fault) {
			t.Errorf("%s: %s, want %q", name, got, c.fault)
		}
	}
}

// Of 100 who answered in all, 60 in one part and 37 in another leave 3. Each pair differs by enough.
func TestAWholeAndTwoPartsOfItTellOfNobody(t *testing.T) {
	vote := func(voters string, answered int32, change func(*v1.Vote)) *v1.Vote {
		v := &v1.Vote{
			Id: SameWords(voters), Kind: v1.VoteKind_VOTE_KIND_SURVEY, Question: "Will you take part?", Voters: voters, Nation: "england",
			Held: days("2021-10-01"), Answered: counted(answered),
		}
		if change != nil {
			change(v)
		}
		return v
	}
	for name, c := range map[string]struct {
		part  int32
		third func(*v1.Vote)
		fault string
	}{
		"leaves one":                 {39, nil, "leaves fewer than 5 practices or GPs in how many answered"},
		"leaves four":                {36, nil, "leaves fewer than 5"},
		"leaves five":                {35, nil, ""},
		"leaves none":                {40, nil, ""},
		"of another day":             {37, func(v *v1.Vote) { v.Held = days("2021-10-20") }, ""},
		"on another question":        {37, func(v *v1.Vote) { v.Question = "Will you sign?" }, ""},
		"a share, which may be less": {37, func(v *v1.Vote) { v.Answered, v.Asked = printed("18"), counted(200) }, ""}, // 35 to 37
		"a share, which leaves some": {37, func(v *v1.Vote) { v.Answered, v.Asked = printed("18.3"), counted(200) }, "leaves fewer than 5"},
	} {
		votes := []*v1.Vote{vote("all practices", 100, nil), vote("large ones", 60, nil), vote("small ones", c.part, c.third)}
		for _, order := range [][3]int{{0, 1, 2}, {1, 2, 0}, {2, 0, 1}} {
			all := []*v1.Vote{votes[order[0]], votes[order[1]], votes[order[2]]}
			for earlier := range 3 { // so many stand in the log, the rest in the letter
				var f publishing
				f.PublishContext = essexToday()
				f.Voted = []Entry{{ID: "essex/1", Office: "essex", Advisory: &v1.Advisory{Votes: all[:earlier]}}}
				f.votesBefore(&v1.Advisory{Votes: all[earlier:]})
				if got := fmt.Sprint(f.err("advisory")); (len(f.list) == 0) != (c.fault == "") || !strings.Contains(got, c.fault) {
					t.Errorf("%s, %v, %d in the log: %s, want %q", name, order, earlier, got, c.fault)
				}
			}
		}
	}
}
