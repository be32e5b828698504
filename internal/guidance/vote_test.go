package guidance

import (
	"fmt"
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func counted(n int32) *v1.Figure {
	return &v1.Figure{Published: &v1.Figure_Count{Count: n}}
}

func printed(share string) *v1.Figure {
	return &v1.Figure{Published: &v1.Figure_Percentage{Percentage: share}}
}

func TestVotesAreToldAsPublishedAndTellOfNobody(t *testing.T) {
	const small = "could be found out"
	for name, c := range map[string]struct {
		change func(*v1.Vote)
		fault  string // empty: it may be published
	}{
		"as it is":                    {func(*v1.Vote) {}, ""},
		"shares of an unknown number": {func(v *v1.Vote) { v.Asked, v.Answered = nil, printed("98.3") }, ""},
		"a share of nothing asked":    {func(v *v1.Vote) { v.Asked = &v1.Figure{Published: &v1.Figure_Percentage{Percentage: "50"}} }, "votes[0].asked"},
		"without a question":          {func(v *v1.Vote) { v.Question = "" }, "votes[0].question"},
		"without a kind":              {func(v *v1.Vote) { v.Kind = 0 }, "kind of vote"},
		"without figures":             {func(v *v1.Vote) { v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = nil, nil, nil, nil }, "has no figures"},
		"of a part of a nation":       {func(v *v1.Vote) { v.Nation = "" }, "may not be told to everybody"},
		"more answered than asked":    {func(v *v1.Vote) { v.Answered = counted(5145) }, "more than the 5144"},
		"101%":                        {func(v *v1.Vote) { v.VotesFor = printed("101") }, "is no percentage"},
		"over 100% in all":            {func(v *v1.Vote) { v.Answered, v.VotesFor, v.VotesAgainst = nil, printed("60"), printed("60") }, "come to 120%, over 100%"},
		"rounded up thrice": {func(v *v1.Vote) {
			v.Answered, v.VotesFor, v.VotesAgainst, v.Abstained = nil, printed("33.5"), printed("33.5"), printed("34.5")
		}, ""},
		"100%":                    {func(v *v1.Vote) { v.Asked, v.Answered, v.VotesAgainst, v.VotesFor = nil, nil, nil, printed("100") }, ""},
		"100.00%":                 {func(v *v1.Vote) { v.Asked, v.Answered, v.VotesAgainst, v.VotesFor = nil, nil, nil, printed("100.00") }, ""},
		"100.01%":                 {func(v *v1.Vote) { v.VotesFor = printed("100.01") }, "is no percentage"},
		"all but five answered":   {func(v *v1.Vote) { v.Answered, v.VotesFor, v.VotesAgainst = counted(5139), nil, nil }, ""},
		"three decimals":          {func(v *v1.Vote) { v.VotesFor = printed("58.123") }, "is no percentage"},
		"a negative count":        {func(v *v1.Vote) { v.VotesFor = counted(-1) }, "is 0 or more"},
		"more votes than answers": {func(v *v1.Vote) { v.VotesFor, v.VotesAgainst = counted(1000), counted(1000) }, "counts 2000 votes of 1798"},
		"several options ticked": {func(v *v1.Vote) {
			v.VotesFor, v.VotesAgainst, v.Options = nil, nil, []*v1.VoteOption{{Words: "limit contacts", Figure: counted(1100)}, {Words: "stop sharing", Figure: printed("50")}, {Words: "close lists", Figure: counted(700)}}
		}, ""},
		"an option ticked more often than there are answers": {func(v *v1.Vote) {
			v.VotesFor, v.VotesAgainst, v.Options = nil, nil, []*v1.VoteOption{{Words: "limit contacts", Figure: counted(1799)}, {Words: "stop sharing", Figure: counted(900)}}
		}, "more than the 1798"},
		"one option or the other, but for four": {func(v *v1.Vote) {
			v.VotesFor, v.VotesAgainst, v.Options = nil, nil, []*v1.VoteOption{{Words: "yes", Figure: counted(894)}, {Words: "no", Figure: counted(900)}}
		}, "leaves 4 who voted otherwise"},
		"a share of a share that comes to three": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = counted(315), printed("98"), printed("99"), printed("1")
		}, small},
		"all of a share but three to five": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = counted(315), printed("98"), counted(305), nil
		}, small},
		"all of a share but eight to ten": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = counted(315), printed("98"), counted(300), nil
		}, ""},
		"more than a share of those asked can be": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = counted(315), printed("98"), counted(303), printed("3")
		}, "counts 311 votes of 310"},
		"a share that can mean four": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = nil, counted(260), nil, printed("2")
		}, small},
		"counts of a share that may leave three": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = counted(315), printed("98"), counted(200), counted(105)
		}, "leaves 3 who voted otherwise"},
		"a share that means six at least": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = nil, counted(400), nil, printed("2")
		}, ""},
		"five against":                 {func(v *v1.Vote) { v.VotesFor, v.VotesAgainst = nil, counted(5) }, ""},
		"four against":                 {func(v *v1.Vote) { v.VotesFor, v.VotesAgainst = nil, counted(4) }, small},
		"four others":                  {func(v *v1.Vote) { v.VotesFor, v.VotesAgainst = counted(1794), nil }, small},
		"five others":                  {func(v *v1.Vote) { v.VotesFor, v.VotesAgainst = counted(1793), nil }, ""},
		"four neither for nor against": {func(v *v1.Vote) { v.VotesFor, v.VotesAgainst = counted(1000), counted(794) }, "leaves 4 who voted otherwise"},
		"four neither, of all who were asked": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = counted(300), nil, counted(200), counted(96)
		}, "leaves 4 who voted otherwise"},
		"five neither, of all who were asked": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = counted(300), nil, counted(200), counted(95)
		}, ""},
		"a share of at most three who answered": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = counted(300), nil, printed("1"), nil
		}, small},
		"all but one of a hundred, of how many": {func(v *v1.Vote) {
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = counted(300), nil, printed("99"), nil
		}, ""},
		"more than were asked":       {func(v *v1.Vote) { v.Answered, v.VotesFor, v.VotesAgainst = nil, counted(5145), nil }, "more than the 5144"},
		"a share that comes to four": {func(v *v1.Vote) { v.VotesFor, v.VotesAgainst = nil, printed("0.2") }, small},
		"all but four answered":      {func(v *v1.Vote) { v.Answered, v.VotesFor, v.VotesAgainst = counted(5140), nil, nil }, small},
		"an option of four": {func(v *v1.Vote) {
			v.VotesFor, v.VotesAgainst, v.Options = nil, nil, []*v1.VoteOption{{Words: "neither", Figure: counted(4)}}
		}, small},
		"24 to 3 in a committee": {func(v *v1.Vote) {
			v.Kind, v.Voters, v.Nation, v.Asked, v.Answered, v.VotesFor, v.VotesAgainst = v1.VoteKind_VOTE_KIND_COMMITTEE, "members of the committee", "", nil, nil, counted(24), counted(3)
		}, ""},
		"unanimous at a conference": {func(v *v1.Vote) {
			v.Kind, v.Voters, v.Answered, v.VotesFor, v.VotesAgainst = v1.VoteKind_VOTE_KIND_CONFERENCE, "representatives", counted(20), counted(20), counted(0)
		}, ""},
		"a threshold with numbers": {func(v *v1.Vote) { v.Kind, v.Threshold = v1.VoteKind_VOTE_KIND_THRESHOLD, "50%" }, "no numbers"},
		"a threshold, reached": {func(v *v1.Vote) {
			*v = v1.Vote{Id: "r", Kind: v1.VoteKind_VOTE_KIND_THRESHOLD, Question: "q", Voters: "practices", Threshold: "50% of practices", Reached: true}
		}, ""},
		// "41 of 43 practices: reached" told that at most two had not, and which they are.
		"a threshold that leaves two": {func(v *v1.Vote) {
			*v = v1.Vote{Id: "r", Kind: v1.VoteKind_VOTE_KIND_THRESHOLD, Question: "q", Voters: "practices", Threshold: "41 of 43 practices", Reached: true}
		}, "votes[0].threshold: by “43” fewer than 5 practices or GPs, or all but so few, could be found out"},
		"a threshold of all but two": {func(v *v1.Vote) {
			*v = v1.Vote{Id: "r", Kind: v1.VoteKind_VOTE_KIND_THRESHOLD, Question: "q", Voters: "practices", Threshold: "all but two practices", Reached: true}
		}, "votes[0].threshold: by “two” fewer than 5"},
		"a threshold of many": {func(v *v1.Vote) {
			*v = v1.Vote{Id: "r", Kind: v1.VoteKind_VOTE_KIND_THRESHOLD, Question: "q", Voters: "practices", Threshold: "30 of our 43 practices", Reached: true}
		}, ""},
		"a threshold without words": {func(v *v1.Vote) {
			*v = v1.Vote{Id: "r", Kind: v1.VoteKind_VOTE_KIND_THRESHOLD, Question: "q", Voters: "practices"}
		}, "votes[0].threshold"},
		"a threshold that is its answer": {func(v *v1.Vote) {
			*v = v1.Vote{Id: "r", Kind: v1.VoteKind_VOTE_KIND_THRESHOLD, Question: "q", Voters: "practices", Threshold: " Not yet\u00a0reached."}
		}, "under reached whether it is, yes or no"},
		"a practice's code as an option": {func(v *v1.Vote) {
			v.VotesFor, v.VotesAgainst, v.Options = nil, nil, []*v1.VoteOption{{Words: "The Surgery, Colchester (f81001)", Figure: counted(30)}}
		}, "votes[0].options[0].words: F81001 is a practice's code"},
		"a code with a blank":   {func(v *v1.Vote) { v.Question = "Did F 81001 take part?" }, "votes[0].question: F81001 is a practice's code"},
		"a code with a hyphen":  {func(v *v1.Vote) { v.Voters = "partners of f-81001" }, "votes[0].voters: F81001 is"},
		"a letter and a number": {func(v *v1.Vote) { v.Question = "Do you choose plan B 2021 times?" }, ""},
		"a practice's name as the voters": {func(v *v1.Vote) {
			*v = v1.Vote{Id: "r", Kind: v1.VoteKind_VOTE_KIND_THRESHOLD, Question: "q", Voters: "high street surgery", Threshold: "half of partners"}
		}, "votes[0].voters: “high street surgery” is a practice"},
		"a practice's name, after the answer": {func(v *v1.Vote) {
			v.VotesFor, v.VotesAgainst, v.Options = nil, nil, []*v1.VoteOption{{Words: "yes: High Street Surgery, ours", Figure: counted(30)}}
		}, "“High Street Surgery” is a practice by the register (F00001)"},
		"the code of a branch":              {func(v *v1.Vote) { v.Voters = "patients of F81001002" }, "votes[0].voters: F81001002 is"},
		"a practice's code in the question": {func(v *v1.Vote) { v.Question = "Did F81001 take part?" }, "votes[0].question: F81001 is"},
		"a threshold of one practice": {func(v *v1.Vote) {
			*v = v1.Vote{Id: "r", Kind: v1.VoteKind_VOTE_KIND_THRESHOLD, Question: "q", Voters: "practices", Threshold: "F81001, too", Reached: true}
		}, "votes[0].threshold: F81001 is"},
		"a practice's code, in a conference": {func(v *v1.Vote) {
			v.Kind, v.Voters, v.Question = v1.VoteKind_VOTE_KIND_CONFERENCE, "representatives", "Shall F81001 be helped?"
		}, ""},
		"numbers that are no code": {func(v *v1.Vote) { v.Question = "Will you sign FP10, F8100 or F810011 by 31 October 2021?" }, ""},
		"a practice's name, in other letters": {func(v *v1.Vote) {
			v.VotesFor, v.VotesAgainst, v.Options = nil, nil, []*v1.VoteOption{{Words: "others", Figure: counted(400)}, {Words: "HIGH STREET surgery", Figure: counted(30)}}
		}, "votes[0].options[1].words: “HIGH STREET surgery” is a practice by the register (F00001)"},
		"a practice's name, and where it is": {func(v *v1.Vote) {
			v.VotesFor, v.VotesAgainst, v.Options = nil, nil, []*v1.VoteOption{{Words: "High Street Surgery (Colchester), yes", Figure: counted(30)}}
		}, "is a practice by the register (F00001)"},
		"what practices have in common": {func(v *v1.Vote) {
			v.VotesFor, v.VotesAgainst, v.Options = nil, nil, []*v1.VoteOption{{Words: "surgeries on a high street", Figure: counted(30)}}
		}, ""},
		"reached what nobody set":    {func(v *v1.Vote) { v.Reached = true }, "belongs to a vote of the kind threshold"},
		"a figure that says nothing": {func(v *v1.Vote) { v.Abstained = &v1.Figure{} }, "write a count or a percentage"},
	} {
		vote := &v1.Vote{
			Id: "ballot", Kind: v1.VoteKind_VOTE_KIND_BALLOT, Question: "Will you take part?", Voters: "GP practices in England", Nation: "england",
			Asked: counted(5144), Answered: counted(1798), VotesFor: printed("58"), VotesAgainst: printed("42"),
		}
		c.change(vote)
		a := draft()
		a.OnBehalfOf, a.Audiences, a.Votes = []string{"north"}, []v1.Audience{practices}, []*v1.Vote{vote}
		known := essexToday()
		known.Register.(*book).names["F00001"] = "High Street Surgery"
		_, _, _, err := checkPublish(a, known)
		if got := fmt.Sprint(err); (err == nil) != (c.fault == "") || !strings.Contains(got, c.fault) {
			t.Errorf("%s: %v, want %q", name, err, c.fault)
		}
	}
}

// How many practices had handed in an undated resignation was told to everybody, as a return of who takes part: of those
// only whether a threshold is reached.
func TestHowManyResignationsAreHeldIsToldByNoNumber(t *testing.T) {
	for name, c := range map[string]struct {
		vote    *v1.Vote
		refused bool
	}{
		"a return of them":              {&v1.Vote{Kind: v1.VoteKind_VOTE_KIND_RETURN, Question: "Have you lodged an undated resignation?", Voters: "practices"}, true},
		"of those who resigned":         {&v1.Vote{Kind: v1.VoteKind_VOTE_KIND_RETURN, Question: "Who takes part?", Voters: "practices that have resigned"}, true},
		"a survey of them":              {&v1.Vote{Kind: v1.VoteKind_VOTE_KIND_SURVEY, Question: "Have you lodged an undated resignation?", Voters: "practices"}, true},
		"another return":                {&v1.Vote{Kind: v1.VoteKind_VOTE_KIND_RETURN, Question: "Do you take part?", Voters: "practices"}, false},
		"a ballot on whether one would": {&v1.Vote{Kind: v1.VoteKind_VOTE_KIND_BALLOT, Question: "Would you lodge an undated resignation?", Voters: "practices"}, false},
	} {
		c.vote.Id, c.vote.Nation, c.vote.Asked, c.vote.Answered = "v", "england", counted(6200), counted(4100)
		a := draft()
		a.Votes = []*v1.Vote{c.vote}
		_, _, _, err := checkPublish(a, essexToday())
		if got := err != nil && strings.Contains(err.Error(), "kind: threshold"); got != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPositionRestsOnVotesOfItsLetterAlone(t *testing.T) {
	a := draft(on("north", "engage", refuse, func(p *v1.Position) { p.Votes = []string{"ballot"} }))
	if _, _, _, err := checkPublish(a, essexToday()); err == nil || !strings.Contains(err.Error(), "no vote of this advisory has the id ballot") {
		t.Errorf("%v", err)
	}
}

// A vote that was published with nothing but how many took part is told by that.
func TestAVoteWithoutResultsIsToldByWhoAnswered(t *testing.T) {
	for want, v := range map[string]*v1.Vote{
		"1,798 answered of 5,144 asked: “Shall we?”":  {Asked: counted(5144), Answered: counted(1798)},
		"35% answered: “Shall we?”":                   {Answered: printed("35")},
		"5,144 asked: “Shall we?”":                    {Asked: counted(5144)},
		"12 for, of 1,798 that answered: “Shall we?”": {Answered: counted(1798), VotesFor: counted(12)},
	} {
		if v.Question = "Shall we?"; VoteWords(v) != want {
			t.Errorf("%q, want %q", VoteWords(v), want)
		}
	}
}
