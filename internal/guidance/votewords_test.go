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
		if got := numberOfThem(voters); got != "" {
			t.Errorf("%q: %s", voters, got)
		}
	}
	if got := faultsOf(survey("practices in England", "up to two measures")); got != "" {
		t.Error(got)
	}
	if got := faultsOf(survey("practices in England", "the rota, as two practices do")); !strings.Contains(got, "votes[0].options[0].words: “two practices” tells of fewer than 5") {
		t.Error(got)
	}
}

// “Nation: england” was believed beside “our practices”, and beside any place that was not written like one.
func TestAVoteOfAPartOfANationIsNotToldAsTheNations(t *testing.T) {
	for voters, part := range map[string]string{
		"GP practices in Brough": "Brough", "our practices": "our", "practices of Dent & Farle LMC": "Dent & Farle LMC", "local GPs": "local", "our own GP practices": "our own",
		"Rowan LMC practices": "Rowan LMC", "practices in our area": "our area", "Rowan practices": "Rowan", "Rowan GPs": "Rowan", "practices (Rowan)": "Rowan", "GPs we represent": "we represent",
		"practices in the LMC area": "LMC area", "constituent practices": "constituent", "GP practices in England, Rowan excepted": "Rowan", "GP practices of NHS Rowan ICB": "Rowan ICB",
		"practices of NHS Kent and Medway": "Kent", "practices in Great Yarmouth": "Great Yarmouth", "practices in Northern Lincolnshire": "Northern Lincolnshire", "practices in the north west": "north west",
		"practices in march": "march", "practices in England outside London": "outside London", "GP practices in QM1": "QM", "the LMC’s practices": "LMC", "practices of the PCN": "PCN", "practices of the LMCs": "LMCs", "practices of the 7 ICBs": "ICBs",
		"partners of the practice": "practice", "GPs in Rowan, England": "Rowan", "members": "members", "practices in part of England": "part", "most practices in England": "most", "GP practices in England, other than in Rowan": "Rowan", "GP members of the LMC": "members",
	} {
		got := faultsOf(&v1.Vote{Id: "s", Kind: v1.VoteKind_VOTE_KIND_SURVEY, Question: "Will you sign up?", Voters: voters, Nation: "england", Answered: printed("50")})
		if !strings.Contains(got, "votes[0].voters: “"+part+"” may be a part of the nation") || !strings.Contains(got, "say so in plain words (GP practices in England; ") {
			t.Errorf("%q: %q", voters, got)
		}
	}
}

// “GP practices in ENGLAND” was taken for a place. Each of these is said by letters of a nation, and each of what the
// refusal offers has to pass.
func TestAVoteOfAWholeNationIsToldInItsOwnWords(t *testing.T) {
	for _, voters := range strings.Split(`GP practices in England
GP practices in ENGLAND
all GP practices in England
practices
GPs
Every practice in England
England’s GP practices
English GP practices
general practices across the whole of England
GP surgeries in England and Wales
GP partners in England
GP partners and contract holders of England
GP partners in England who are BMA members
GP contractors and partners
GP contractors & partners, BMA members
contractor GPs
salaried GPs and locums, members of the BMA
salaried GPs and locums in England, members of the BMA
members of the British Medical Association who are GPs in England
GPs of all grades who are members of the BMA
BMA GP members in England
GPs on the BMA’s list
general practitioners registered with the BMA
sessional GPs, GP registrars and trainees
one GP per practice in England
practices with a GMS, PMS or APMS contract
practices holding a contract with NHS England
practices that signed in October 2021
practices in England that signed by 4 May 2021
practices with over 10,000 patients
dispensing practices in England
single-handed GPs
GPs with two partners
GP practices in England, dispensing ones excepted
practice managers in England
PCN clinical directors in England
practices of Primary Care Networks in England
LMCs in England
all LMCs
LMC chairs in England
GPs in Northern Ireland
GP practices in Great Britain
doctors working in general practice in the UK
practices that took part in the ballot
practices across all four nations
practices in England signed up to the Network Contract DES
primary care staff in England
doctors on the BMA’s mailing list`, "\n") {
		if got := faultsOf(&v1.Vote{Id: "s", Kind: v1.VoteKind_VOTE_KIND_SURVEY, Question: "Will you sign up?", Voters: voters, Nation: "england", Answered: printed("50")}); got != "" {
			t.Errorf("%q: %s", voters, got)
		}
	}
}

// “Nation: rowan” stood for a nation.
func TestAPartOfANationIsNoNationOfAVote(t *testing.T) {
	for nation, is := range map[string]bool{"england": true, "northern-ireland": true, "uk": true, "rowan": false, "north-west": false} {
		got := faultsOf(&v1.Vote{Id: "s", Kind: v1.VoteKind_VOTE_KIND_SURVEY, Question: "Will you sign up?", Voters: "GP practices", Nation: nation, Answered: printed("50")})
		if is && got != "" || !is && !strings.Contains(got, "votes[0].nation: "+nation+" is no nation") {
			t.Errorf("%s: %q", nation, got)
		}
	}
}

// “Committee” on a vote of practices that were asked one by one told that three of them refused; and so it did once
// their words named an LMC, a board or an officer.
func TestPracticesThatACommitteeAskedAreCountedAsPractices(t *testing.T) {
	sayings := map[bool]string{
		true: `GP practices in South Wold, asked one by one
GPs who came to the open meeting
general practitioners in England
practice X40031
all practices of Rowan LMC
GPs at the LMC open meeting
GPs in Rowan LMC’s area who came
practices in the LMC area
GPs on the LMC list
GP partners, by show of hands at the LMC meeting
practices, asked one by one by the LMC office
practices, asked one by one by the LMC’s officers
practices, asked by members of the committee
GPs and practice managers who attended the LMC AGM
the practices of the committee
each practice, through the board
practices at the conference
member practices of Rowan LMC
members’ practices
practices that are members of the LMC
practices that pay the LMC levy
GPs who are members of the BMA
BMA members who are GPs
members of the committee and all practices
members of the LMC and GPs who came
GPs invited by the executive
GPs on the list of the LMC`,
		false: `members of the committee
its members
members
GPs on the committee
salaried GPs who sit on the LMC
GPs elected to Rowan’s committee
GPs elected to the committee
representatives of practices
representatives of GPs and practices in Wold
representatives from each practice
GP members of the executive
GP members of the LMC
GP and practice manager members
GPs who are members of the LMC
GPs who are LMC members
GPs on the executive committee
salaried GP representatives
GPs’ representatives
practice representatives
LMC representatives
members elected by practices and GPs
voting members of Rowan LMC
conference delegates
delegates, by show of hands
GPs attending as delegates of their LMCs
the GP committee
constituent LMCs
officers of the LMC
all who were there`,
	}
	for practices, all := range sayings {
		for _, voters := range strings.Split(all, "\n") {
			for _, kind := range []v1.VoteKind{v1.VoteKind_VOTE_KIND_COMMITTEE, v1.VoteKind_VOTE_KIND_CONFERENCE} {
				got := faultsOf(&v1.Vote{Id: "c", Kind: kind, Question: "Will you sign up?", Voters: voters, VotesFor: printed("89"), VotesAgainst: counted(3)})
				if strings.Contains(got, "votes[0].votes_against: tells of fewer than 5") != practices || strings.Contains(got, "write so (members of the committee)") != practices || !practices && got != "" {
					t.Errorf("%q: %q", voters, got)
				}
			}
		}
	}
}

// How many had resigned was told as a vote of a committee, of “practices of Rowan LMC”.
func TestResignationsHeldAreToldByNoNumberAsTheVoteOfACommittee(t *testing.T) {
	got := faultsOf(&v1.Vote{Id: "c", Kind: v1.VoteKind_VOTE_KIND_COMMITTEE, Question: "Have you resigned?", Voters: "practices of Rowan LMC", VotesFor: counted(24)})
	if !strings.Contains(got, "how many resignations are held is told by no number") {
		t.Error(got)
	}
}

// “By October 2021” was taken for a number of practices.
func TestAMonthOfAYearCountsNobodyInAThreshold(t *testing.T) {
	if got := faultsOf(&v1.Vote{Id: "t", Kind: v1.VoteKind_VOTE_KIND_THRESHOLD, Question: "Has it come to it?", Voters: "our practices", Threshold: "half of practices by October 2021"}); got != "" {
		t.Error(got)
	}
}
