package picture

import (
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

var votesHeader = []string{
	"question no", "question", "kind", "committees", "names", "reported by", "matter", "measures", "voters", "nation", "held from", "held to",
	"asked", "answered", "for", "against", "abstained", "options", "threshold", "reached", "letter", "issued from", "issued to", "also in",
	"positions that rest on it", "stands", "standing", "as of", "known at", "complete", "completeness", "notices", "not heard since",
}

// VotesCSV is votes as a comma-separated file with a heading, a row each that can stand alone: every
// figure as it was published, "35%" or "1798", in a column of its own; harmless in a spreadsheet, as CSV is.
func VotesCSV(list *answersv1.ListVotesResponse) ([]byte, error) {
	figure := func(words string) string { return strings.ReplaceAll(words, ",", "") } // a number that a spreadsheet reads as one
	rows := [][]string{votesHeader}
	for _, told := range list.GetVotes() {
		v := told.GetVote()
		var measures, options, rests []string
		for _, on := range told.GetMeasures() {
			measures = append(measures, on.GetMatter()+" "+on.GetMeasure())
		}
		for _, o := range v.GetOptions() {
			options = append(options, strings.TrimSpace(o.GetWords()+": "+figure(guidance.FigureWords(o.GetFigure()))))
		}
		for _, position := range told.GetPositions() {
			rests = append(rests, VotePositionWords(told, position, func(_, measure string) string { return measure }))
		}
		reached := ""
		if v.GetThreshold() != "" {
			reached = strconv.FormatBool(v.GetReached())
		}
		rows = append(rows, []string{
			strconv.Itoa(int(told.GetQuestion())), v.GetQuestion(), guidance.VoteKindWords(v.GetKind()),
			strings.Join(told.GetCommittees(), " "), strings.Join(told.GetCommitteeNames(), "; "), strings.Join(told.GetReportedBy(), " "),
			strings.Join(told.GetMatters(), " "), strings.Join(measures, "; "), v.GetVoters(), v.GetNation(), v.GetHeld().GetEarliest(), v.GetHeld().GetLatest(),
			figure(guidance.FigureWords(v.GetAsked())), figure(guidance.FigureWords(v.GetAnswered())), figure(guidance.FigureWords(v.GetVotesFor())), figure(guidance.FigureWords(v.GetVotesAgainst())), figure(guidance.FigureWords(v.GetAbstained())),
			strings.Join(options, "; "), v.GetThreshold(), reached, told.GetEntry(), told.GetIssued().GetEarliest(), told.GetIssued().GetLatest(), strings.Join(told.GetAlsoIn(), " "),
			strings.Join(rests, "; "), strconv.FormatBool(told.GetStands()), told.GetStanding(), list.GetAsOf(), knownCell(list),
			strconv.FormatBool(list.GetCompleteness().GetComplete()), list.GetCompleteness().GetWords(), strings.Join(list.GetNotices(), " "), notHeardCell(list.GetCompleteness()),
		})
	}
	return written(rows)
}

// VotePositionWords is a position that rests on a vote: "refuse on the whole matter (essex/7, 25 October
// 2021)"; measure is how a measure is called.
func VotePositionWords(told *answersv1.ToldVote, position *answersv1.VotePosition, measure func(matter, measure string) string) string {
	on, entry, issued := "the whole matter", told.GetEntry(), told.GetIssued()
	if position.GetMeasure() != "" {
		on = measure(position.GetMatter(), position.GetMeasure())
	}
	if position.GetEntry() != "" {
		entry, issued = position.GetEntry(), position.GetIssued()
	}
	words := guidance.StanceNoun(position.GetStance()) + " on " + on + " (" + entry + ", " + guidance.RangeWords(issued) + ")"
	if !position.GetStands() {
		words += ", which stands no more"
	}
	return words
}
