package picture

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Movers are the changes by which a committee came to another line, or to or from none; those by which it has
// the same, and says something else of the contract; and what the register has it cover since, or in whose place it
// came, by which figures differ though nobody moved.
func Movers(changes []*answersv1.Change) (moved, contract, areas []*answersv1.Change) {
	for _, c := range changes {
		switch {
		case isMove(c):
			moved = append(moved, c)
		case c.GetKind() == answersv1.ChangeKind_CHANGE_KIND_CONTRACT:
			contract = append(contract, c)
		case c.GetKind() == answersv1.ChangeKind_CHANGE_KIND_AREAS && c.GetCommitteeKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC:
			areas = append(areas, c)
		}
	}
	return moved, contract, areas
}

var moversHeader = []string{
	"matter", "measure", "committee", "committee name", "area", "group", "readers", "change", "before", "after", "direction", "letter", "issued earliest", "issued latest",
	"on day", "by register", "by matter", "contract before", "contract after", "relation before", "relation after", "national by then", "national letter", "national ended by", "order not known", "from day", "to day", "complete", "words", "notices", "not heard since",
	"what the register did", "asked of",
}

// MoversCSV returns who moved between two pictures as a comma-separated file with a heading, a row each that can
// stand alone; harmless in a spreadsheet, as CSV is.
func MoversCSV(resp *answersv1.GetNationalPictureResponse) ([]byte, error) {
	changes, rows := resp.GetChanges(), [][]string{moversHeader}
	moved, contract, areas := Movers(changes.GetChanges())
	for _, c := range slices.Concat(moved, contract, areas) {
		area, said, readers, before, after, register := "", "", "", phrase(c.GetBefore()), phrase(c.GetAfter()), ""
		if c.GetKind() == answersv1.ChangeKind_CHANGE_KIND_AREAS {
			before, after, register = "", "", c.GetWords()
		}
		if id := c.GetArea(); id != nil {
			area = notation.AreaOf(id).String()
		}
		if c.GetReaders() != guidancev1.Audience_AUDIENCE_UNSPECIFIED {
			readers = guidance.AudienceWords(c.GetReaders())
		}
		if c.GetNationalByThen() != nil {
			said = guidance.SaidNoun(c.GetNationalByThen())
		}
		var order []string
		for _, s := range c.GetOrderNotKnown() {
			order = append(order, s.GetAdvisory())
		}
		rows = append(rows, []string{
			c.GetMatter(), c.GetMeasure(), c.GetCommittee(), c.GetCommitteeName(), area, guidance.ScopeWords(c.GetScope()), readers,
			strings.ToLower(short(c.GetKind(), "CHANGE_KIND_")), before, after, guidance.DirectionWords(c.GetDirection()),
			c.GetEntry(), c.GetIssued().GetEarliest(), c.GetIssued().GetLatest(),
			c.GetDay(), strconv.FormatBool(c.GetByRegister()), strconv.FormatBool(c.GetByMatter()),
			asItReads(c.GetBefore()), asItReads(c.GetAfter()),
			guidance.RelationWords(c.GetBefore().GetRelation()), guidance.RelationWords(c.GetAfter().GetRelation()),
			said, c.GetNationalByThen().GetAdvisory(), c.GetNationalEndedBy(), strings.Join(order, " "),
			changes.GetFromDay(), changes.GetToDay(), strconv.FormatBool(changes.GetCompleteness().GetComplete()),
			strings.TrimSpace(changes.GetCompleteness().GetWarning() + " " + changes.GetWords()), strings.Join(changes.GetNotices(), " "), notHeardCell(changes.GetCompleteness()), register,
			readersOn(c.GetMeasure(), resp.GetPicture(), resp.GetBefore()),
		})
	}
	return written(rows)
}

// asItReads is what the contract requires as a committee reads it; empty: it has no line.
func asItReads(line *answersv1.Line) string {
	if words := guidance.ObligationWords(line.GetObligation()); words != "" {
		return "As it reads it: " + words
	}
	return ""
}
