package guidance

import (
	"fmt"
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// faultsOf is what the check says of one vote; empty: nothing.
func faultsOf(v *v1.Vote) string {
	var f faults
	f.votes(&v1.Advisory{Votes: []*v1.Vote{v}, Visibility: v1.Visibility_VISIBILITY_PUBLIC})
	if len(f.list) == 0 {
		return ""
	}
	return fmt.Sprint(f.list)
}

// Each of these was published, and told of so few that they could be found out, or left so few.
func TestAThresholdTellsOfFewInNoWords(t *testing.T) {
	threshold := func(words string) *v1.Vote {
		return &v1.Vote{Id: "t", Kind: v1.VoteKind_VOTE_KIND_THRESHOLD, Question: "Has it come to it?", Voters: "our practices", Threshold: words, Reached: true}
	}
	for _, words := range strings.Split(`all but one of our practices
all our practices but two
every practice but one
nobody but two practices
all of our practices
every practice
100% of practices
no practices
one practice
a single practice
a couple of practices
a handful of practices
several practices
3 or more practices
two or more practices
more than two practices
at least three of the 40 practices
no more than 4 practices
fewer than 5 practices
at least 5 practices
41/43 practices
41 out of 43 practices
38 of forty practices
thirty-eight of forty practices
38 out of the 40
95 per cent of the forty practices
95pc of the 40 practices
ninety-eight per cent of our 52 practices
nine out of ten practices
half of the 8 practices
two thirds of six practices
½ of 8 practices
99% of practices
3% of practices
three
３
③
2 GPs
practices: 3
half of practices, and 3 more`, "\n") {
		if got := faultsOf(threshold(words)); !strings.Contains(got, "votes[0].threshold: by “") || !strings.Contains(got, "could be found out: say what is to be reached as a share") {
			t.Errorf("%q: %q", words, got)
		}
	}
	for _, words := range strings.Split(`half of practices
more than half of our practices
two thirds of practices in Essex
two-thirds of practices
three quarters of GPs
75% of practices
75 per cent of practices
95% of practices
more than 50% turnout
50% of those asked answered
a majority
most practices
nearly all of our practices
half of all practices
30 of our 43 practices
at least 6 practices
150 resignations
1,200 practices
half of practices in 2021
half of practices by 4 November 2021
half of single-handed practices`, "\n") {
		if got := faultsOf(threshold(words)); got != "" {
			t.Errorf("%q: %s", words, got)
		}
	}
}

// “The 3 practices in Hill” had answered with 100%.
func TestWhoCouldVoteAndWhatTheyAnsweredIsToldWithoutANumberOfThem(t *testing.T) {
	survey := func(voters, answer string) *v1.Vote {
		return &v1.Vote{
			Id: "s", Kind: v1.VoteKind_VOTE_KIND_SURVEY, Question: "Will you sign up?", Voters: voters, Nation: "england",
			Answered: printed("50"), Options: []*v1.VoteOption{{Words: answer, Figure: printed("35")}},
		}
	}
	for _, voters := range []string{"the 3 practices in England", "forty-three practices in England", "a couple of practices", "practices in England (43, of which 4 did not answer)", "our 43 practices"} {
		if got := faultsOf(survey(voters, "the fund")); !strings.Contains(got, "votes[0].voters") || !strings.Contains(got, "write how many were asked under asked") {
			t.Errorf("%q: %q", voters, got)
		}
	}
	for _, voters := range []string{"GP practices in England", "practices in England that signed by 4 May 2021", "practices of the 7 ICBs", "GPs with two partners", "practices with over 10,000 patients"} {
		if got := faultsOf(survey(voters, "up to two measures")); got != "" {
			t.Errorf("%q: %s", voters, got)
		}
	}
	if got := faultsOf(survey("practices in England", "the rota, as two practices do")); !strings.Contains(got, "votes[0].options[0].words: “two practices” tells of fewer than 5") {
		t.Error(got)
	}
}

// “Nation: england” was believed beside “our practices”.
func TestAVoteOfAPartOfANationIsNotToldAsTheNations(t *testing.T) {
	for voters, part := range map[string]string{
		"GP practices in Brough": "in Brough", "our practices": "our practices", "practices of Dent & Farle LMC": "of Dent", "local GPs": "local GPs", "our own GP practices": "our own GP practices",
		"GP practices in England": "", "GP partners and contract holders of England": "", "practices": "", "practices that signed in October 2021": "", "practices of Primary Care Networks in England": "",
	} {
		got := faultsOf(&v1.Vote{Id: "s", Kind: v1.VoteKind_VOTE_KIND_SURVEY, Question: "Will you sign up?", Voters: voters, Nation: "england", Answered: printed("50")})
		if part == "" && got != "" || part != "" && !strings.Contains(got, "votes[0].voters: “"+part+"” is a part of the nation") {
			t.Errorf("%q: %q", voters, got)
		}
	}
}

// “Committee” on a vote of practices that were asked one by one told that three of them refused.
func TestPracticesThatACommitteeAskedAreCountedAsPractices(t *testing.T) {
	for voters, practices := range map[string]bool{
		"GP practices in South Wold, asked one by one": true, "GPs who came to the open meeting": true, "general practitioners in England": true,
		"members of the committee": false, "GPs on the committee": false, "representatives of practices": false, "GP members of the executive": false, "practice X40031": true, "all who were there": false,
	} {
		got := faultsOf(&v1.Vote{Id: "c", Kind: v1.VoteKind_VOTE_KIND_COMMITTEE, Question: "Will you sign up?", Voters: voters, Nation: "england", VotesFor: counted(24), VotesAgainst: counted(3)})
		if strings.Contains(got, "votes[0].votes_against: tells of fewer than 5") != practices || !practices && got != "" {
			t.Errorf("%q: %q", voters, got)
		}
	}
}
