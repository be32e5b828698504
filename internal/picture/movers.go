package picture

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Movers are the changes by which a committee came to another line, or to or from none.
func Movers(changes []*answersv1.Change) []*answersv1.Change {
	return slices.DeleteFunc(slices.Clone(changes), func(c *answersv1.Change) bool {
		switch c.GetKind() {
		case answersv1.ChangeKind_CHANGE_KIND_NEW, answersv1.ChangeKind_CHANGE_KIND_ENDED, answersv1.ChangeKind_CHANGE_KIND_MOVED:
			return false
		}
		return true
	})
}

var moversHeader = []string{
	"matter", "measure", "committee", "committee name", "area", "change", "before", "after", "direction", "letter", "issued earliest", "issued latest",
	"relation before", "relation after", "national by then", "national letter", "order not known", "from day", "to day", "complete", "words", "notices",
}

// MoversCSV returns who moved as a comma-separated file with a heading, a row each that can
// stand alone; harmless in a spreadsheet, as CSV is.
func MoversCSV(changes *answersv1.GetChangesResponse) ([]byte, error) {
	rows := [][]string{moversHeader}
	for _, c := range Movers(changes.GetChanges()) {
		area, said := "", ""
		if id := c.GetAfter().GetArea(); id != nil {
			area = notation.AreaOf(id).String()
		} else if id := c.GetBefore().GetArea(); id != nil {
			area = notation.AreaOf(id).String()
		}
		if c.GetNationalByThen() != nil {
			said = guidance.StanceNoun(c.GetNationalByThen().GetPosition().GetStance())
		}
		var order []string
		for _, s := range c.GetOrderNotKnown() {
			order = append(order, s.GetAdvisory())
		}
		rows = append(rows, []string{
			c.GetMatter(), c.GetMeasure(), c.GetCommittee(), c.GetCommitteeName(), area,
			strings.ToLower(short(c.GetKind(), "CHANGE_KIND_")), phrase(c.GetBefore()), phrase(c.GetAfter()), guidance.DirectionWords(c.GetDirection()),
			c.GetEntry(), c.GetIssued().GetEarliest(), c.GetIssued().GetLatest(),
			guidance.RelationWords(c.GetBefore().GetRelation()), guidance.RelationWords(c.GetAfter().GetRelation()),
			said, c.GetNationalByThen().GetAdvisory(), strings.Join(order, " "),
			changes.GetFromDay(), changes.GetToDay(), strconv.FormatBool(changes.GetCompleteness().GetComplete()),
			strings.TrimSpace(changes.GetWords()), strings.Join(changes.GetNotices(), " "),
		})
	}
	return written(rows)
}
