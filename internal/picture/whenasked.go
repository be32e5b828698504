package picture

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// From when on, and until when, something is asked by some rows (rowtells.go).

// someAgain are those whom advice for a while has told otherwise until a day, where some rows ask others now; but not whoever is asked it
// on another measure meanwhile.
func (r *request) someAgain(t *readerRows, when string) (words []string) {
	for _, a := range r.by {
		again := guidance.WhenAskedWords(a.StandingRequest)
		isAskedOn := func(o asked) bool {
			area := a.line.GetArea()
			_, hasOwn := t.tables[o.row.GetMeasure()][notation.AreaOf(area).String()]
			isThere := notation.AreaOf(o.row.GetArea()) == notation.AreaOf(area) || o.row.GetArea() == nil && !hasOwn
			hasOwnLine := func(part *answersv1.Line) bool { return part.GetAudience() == a.line.GetAudience() }
			return o.row.GetMeasure() != a.row.GetMeasure() && o.line == o.row && isThere && guidance.WhenAskedWords(o.StandingRequest) == "" && a.line.GetScope() == nil &&
				guidance.Contains(o.line.GetAudience(), a.line.GetAudience()) && !slices.ContainsFunc(o.line.GetPartLines(), hasOwnLine)
		}
		if a.GetAgainFrom() == "" || again == when || !slices.Contains(t.by, a.row) || slices.ContainsFunc(r.by, isAskedOn) {
			continue
		}
		var who []string
		if a.line.GetAudience() != a.row.GetAudience() {
			who = append(who, guidance.AudienceWords(a.line.GetAudience()))
		}
		if group := guidance.ScopeWords(a.line.GetScope()); group != "" {
			who = append(who, group)
		}
		if a.line.GetArea() != nil {
			who = append(who, "in "+guidance.AreaWords(a.line.GetArea(), a.line.GetAreaName()))
		}
		if who != nil {
			addNew(&words, "but "+strings.Join(append(who, again), " "))
		}
	}
	return words
}

// whenAsked is with which line that does not hold yet some rows ask it, empty where one does with a line that holds;
// and the day on which the lines that ask it end before it is due, empty where one does not.
func (r *request) whenAsked(by []*answersv1.Line) (when, ends string) {
	var whens, days []string
	isOfRest := func(a asked) bool { return slices.Contains(by, a.row) && a.line == a.row && a.row.GetArea() == nil }
	ofRest := slices.ContainsFunc(r.by, isOfRest)
	for _, a := range r.by {
		if !slices.Contains(by, a.row) || ofRest && a.GetAgainFrom() != "" && !isOfRest(a) { // which someAgain tells
			continue
		}
		if words := guidance.WhenAskedWords(a.StandingRequest); !slices.Contains(whens, words) {
			whens = append(whens, words)
		}
		days = append(days, guidance.EndsBeforeDue(a.line, r.letter, a.GetValidUntil(), a.GetAction()))
	}
	if !slices.Contains(whens, "") {
		when = strings.Join(whens, ", or ")
	}
	if !slices.Contains(days, "") {
		ends = slices.Max(days)
	}
	return when, ends
}
