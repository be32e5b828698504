package plain

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// byWhen is what the reader has to do and when, soonest first: what the line asks for
// by a day that has not passed, and the deadlines of what the line is on. What is due by a
// rule ("at once") has no day to be put in order by, and stands with what is to be done.
func byWhen(v *answersv1.CombinedView, line *answersv1.Line) []string {
	all := deadlinesOf(v, line)
	for _, act := range asked(line) {
		if day, _ := guidance.DueMoment(act.GetDue()); day != "" && day >= v.GetAsOf() {
			all = append(all, &guidancev1.Deadline{Due: act.GetDue(), Title: guidance.ActionWords(act)})
		}
	}
	slices.SortStableFunc(all, func(a, b *guidancev1.Deadline) int { return guidance.CompareDue(a.GetDue(), b.GetDue()) })
	var words []string
	for _, one := range all {
		words = append(words, guidance.DueWords(one.GetDue())+": "+one.GetTitle())
	}
	return words
}

// asked are the actions of a line, with those of the groups beside it that are theirs alone.
func asked(line *answersv1.Line) []*guidancev1.Action {
	all := slices.Clone(line.GetActions())
	for _, group := range line.GetGroups() {
		for _, act := range group.GetActions() {
			if act.GetScope() == group.GetScope().GetId() {
				all = append(all, act)
			}
		}
	}
	return all
}

// deadlinesOf are the deadlines, by a day that has not passed, of what a line is on (for a line
// on the whole matter, of every measure that it answers too) that are for these readers, for
// some of them, or for all.
func deadlinesOf(v *answersv1.CombinedView, line *answersv1.Line) (all []*guidancev1.Deadline) {
	concerned := func(a guidancev1.Audience) bool {
		return guidance.Contains(a, v.GetAudience()) || guidance.Contains(v.GetAudience(), a)
	}
	for _, measure := range v.GetMatter().GetMeasures() {
		if measure.GetId() != line.GetMeasure() && (line.GetMeasure() != "" || !guidance.SharesProposer(v.GetMatter(), measure.GetId())) {
			continue
		}
		for _, d := range measure.GetDeadlines() {
			day, _ := guidance.DueMoment(d.GetDue())
			if day != "" && day >= v.GetAsOf() && (len(d.GetAddressedTo()) == 0 || slices.ContainsFunc(d.GetAddressedTo(), concerned)) {
				all = append(all, d)
			}
		}
	}
	return all
}
