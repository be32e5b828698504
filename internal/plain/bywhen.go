package plain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// byWhen is what the reader has to do and when, soonest first: what the line asks for
// by a day that has not passed, and the deadlines of what the line is on (for a line on
// the whole matter, of every measure that it answers too) that are for these readers,
// for some of them, or for all. What is due by a rule ("at once") has no day to be put
// in order by. A day without a time is due at its end.
func byWhen(v *answersv1.CombinedView, line *answersv1.Line) []string {
	type item struct{ day, clock, what string }
	var due []item
	for _, act := range line.GetActions() {
		day, clock, _ := strings.Cut(cmp.Or(act.GetDue().GetDay(), act.GetDue().GetTime()), "T")
		if day != "" && day >= v.GetAsOf() {
			due = append(due, item{day, clock, strings.TrimSpace(act.GetVerb() + " " + act.GetObject())})
		}
	}
	concerned := func(a guidancev1.Audience) bool {
		return guidance.Contains(a, v.GetAudience()) || guidance.Contains(v.GetAudience(), a)
	}
	for _, measure := range v.GetMatter().GetMeasures() {
		if measure.GetId() != line.GetMeasure() && (line.GetMeasure() != "" || !guidance.SharesProposer(v.GetMatter(), measure.GetId())) {
			continue
		}
		for _, d := range measure.GetDeadlines() {
			if d.GetDay() >= v.GetAsOf() && (len(d.GetAddressedTo()) == 0 || slices.ContainsFunc(d.GetAddressedTo(), concerned)) {
				due = append(due, item{d.GetDay(), d.GetTime(), d.GetTitle()})
			}
		}
	}
	slices.SortStableFunc(due, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(cmp.Or(a.clock, "24:00"), cmp.Or(b.clock, "24:00")))
	})
	var words []string
	for _, one := range due {
		words = append(words, momentWords(one.day, one.clock)+": "+one.what)
	}
	return words
}
