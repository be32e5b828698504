package guidance

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// StandsAsLetter says whether a letter counts for a committee on a day, and nothing has withdrawn or
// replaced it by then, or else why not. What became of its lines makes no difference: what was voted
// does not lapse with what was advised on it.
func (p *Prepared) StandsAsLetter(e Entry, committee, day string) (stands bool, why string) {
	if not := WhyNot(&e, committee, p.reg); not != counts {
		return false, NotCountedWords(not, &e)
	}
	issued, _ := readRange(e.Issued())
	q := newQuery(Question{Matter: &v1.Matter{}, Committee: &v1.Committee{Id: committee}, AsOf: day})
	end, gone := p.end(q, &assertion{entry: &e, position: &v1.Position{}, issued: issued}, nil)
	if !gone {
		return true, ""
	}
	return false, "It no longer counts: " + endingWords(end.told()) + "."
}

// IsVote says whether a vote is one that may be told, whoever logged it: what the check at publishing
// refuses (figures that could tell of somebody) is not repeated from a letter that came all the same.
func IsVote(v *v1.Vote, visibility v1.Visibility) bool {
	var f faults
	f.votes(&v1.Advisory{Votes: []*v1.Vote{v}, Visibility: visibility})
	return len(f.list) == 0
}

// SameWords is a question as it is compared with others: in small letters, blanks evened out, and
// without what ends it.
func SameWords(question string) string { return strings.TrimRight(foldTitle(question), "?!. ") }

// VoteKindWords says what kind of vote: "ballot", "vote of a conference".
func VoteKindWords(k v1.VoteKind) string {
	switch k {
	case v1.VoteKind_VOTE_KIND_BALLOT:
		return "ballot"
	case v1.VoteKind_VOTE_KIND_SURVEY:
		return "survey"
	case v1.VoteKind_VOTE_KIND_RETURN:
		return "return of who takes part"
	case v1.VoteKind_VOTE_KIND_CONFERENCE:
		return "vote of a conference"
	case v1.VoteKind_VOTE_KIND_COMMITTEE:
		return "vote of a committee"
	case v1.VoteKind_VOTE_KIND_THRESHOLD:
		return "threshold"
	}
	return "vote of a kind that is not known here"
}

// VoteResults are what was answered, each as it was published: "84% for", "“neither” 12".
func VoteResults(v *v1.Vote) (results []string) {
	for _, one := range []struct {
		figure *v1.Figure
		words  string
	}{{v.GetVotesFor(), "for"}, {v.GetVotesAgainst(), "against"}, {v.GetAbstained(), "abstained"}} {
		if one.figure != nil {
			results = append(results, FigureWords(one.figure)+" "+one.words)
		}
	}
	for _, o := range v.GetOptions() {
		if words := FigureWords(o.GetFigure()); words != "" {
			results = append(results, "“"+tidy(o.GetWords())+"” "+words)
		}
	}
	if v.GetThreshold() != "" {
		reached := "not reached"
		if v.GetReached() {
			reached = "reached"
		}
		results = append(results, "threshold of "+tidy(v.GetThreshold())+": "+reached)
	}
	return results
}

// VoteAnswered is how many were asked and how many answered, as published: "1,798 answered of 5,144
// asked"; empty: neither was.
func VoteAnswered(v *v1.Vote) string {
	asked, answered := FigureWords(v.GetAsked()), FigureWords(v.GetAnswered())
	switch {
	case asked != "" && answered != "":
		return answered + " answered of " + asked + " asked"
	case answered != "":
		return answered + " answered"
	case asked != "":
		return asked + " asked"
	}
	return ""
}

// questionTold is how many bytes of a question stand beside its figures.
const questionTold = 160

// VoteWords is a vote in a line, as published and nothing worked out: "84% for, of 1,798 that answered:
// “Would your practice …?”".
func VoteWords(v *v1.Vote) string {
	results, of := VoteResults(v), ""
	switch published := v.GetAnswered().GetPublished().(type) {
	case *v1.Figure_Count:
		of = FigureWords(v.GetAnswered()) + " that answered"
	case *v1.Figure_Percentage:
		if of = "those that answered, " + published.Percentage + "%"; v.GetAsked() != nil {
			of += " of " + FigureWords(v.GetAsked()) + " asked"
		}
	default:
		if v.GetAsked() != nil {
			of = FigureWords(v.GetAsked()) + " asked"
		}
	}
	words := strings.Join(results, ", ")
	switch {
	case words == "":
		words = VoteAnswered(v)
	case of != "":
		words += ", of " + of
	case slices.ContainsFunc(figuresOf(v), func(f votingFigure) bool { return f.figure.GetPercentage() != "" }):
		words += ", of those that answered"
	}
	return words + ": “" + notation.Clip(tidy(v.GetQuestion()), questionTold) + "”"
}

// VoteDay is when a vote was held, else when the letter that tells of it was issued.
func VoteDay(v *v1.Vote, issued *v1.DayRange) *v1.DayRange {
	if v.GetHeld() != nil {
		return v.GetHeld()
	}
	return issued
}

// PassesOn says of a vote that a letter tells of whose it is, where that is another's: every position
// that rests on it, or, where none does, every one of the letter, passes on what that other said. whose
// is empty where no committee is named.
func PassesOn(a *v1.Advisory, v *v1.Vote) (whose string, passedOn bool) {
	positions := RestingOn(a, v)
	if len(positions) == 0 {
		positions = a.GetPositions()
	}
	for _, position := range positions {
		if position.GetProvenance() != v1.Provenance_PROVENANCE_RELAY {
			return "", false
		}
		whose = position.GetRelayOf().GetCommittee()
	}
	return whose, len(positions) > 0
}

// RestingOn are the positions of a letter that rest on a vote of it.
func RestingOn(a *v1.Advisory, v *v1.Vote) (resting []*v1.Position) {
	for _, position := range a.GetPositions() {
		if slices.Contains(position.GetVotes(), v.GetId()) {
			resting = append(resting, position)
		}
	}
	return resting
}
