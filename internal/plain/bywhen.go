package plain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// falling is something that is due on a day.
type falling struct{ day, clock, what string }

func (f falling) words() string { return momentWords(f.day, f.clock) + ": " + f.what }

// byWhen is what the reader has to do and when, soonest first: what the line asks for
// by a day that has not passed, and the deadlines of what the line is on. What is due by
// a rule ("at once") has no day to be put in order by.
func byWhen(v *answersv1.CombinedView, line *answersv1.Line) []string {
	var due []falling
	for _, act := range line.GetActions() {
		if f := fallingOf(act); f.day != "" && f.day >= v.GetAsOf() {
			due = append(due, f)
		}
	}
	for _, d := range deadlinesOf(v.GetMatter(), line.GetMeasure()) {
		if d.GetDay() >= v.GetAsOf() && concerns(d, v.GetAudience()) {
			due = append(due, falling{day: d.GetDay(), clock: d.GetTime(), what: d.GetTitle()})
		}
	}
	slices.SortStableFunc(due, func(a, b falling) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(cmp.Or(a.clock, "24:00"), cmp.Or(b.clock, "24:00")))
	})
	var words []string
	for _, f := range due {
		words = append(words, f.words())
	}
	return words
}

// fallingOf is when an action is due; no day where it does not name one.
func fallingOf(act *guidancev1.Action) falling {
	day, clock, _ := strings.Cut(cmp.Or(act.GetDue().GetDay(), act.GetDue().GetTime()), "T")
	return falling{day: day, clock: clock, what: strings.TrimSpace(act.GetVerb() + " " + act.GetObject())}
}

// deadlinesOf are those of a measure; of the whole matter, those of every measure that
// a line on all of it answers too.
func deadlinesOf(m *guidancev1.Matter, on string) []*guidancev1.Deadline {
	var all []*guidancev1.Deadline
	for _, measure := range m.GetMeasures() {
		if measure.GetId() == on || on == "" && guidance.SharesProposer(m, measure.GetId()) {
			all = append(all, measure.GetDeadlines()...)
		}
	}
	return all
}

// concerns says whether a deadline is for these readers, or some of them, or for all.
func concerns(d *guidancev1.Deadline, reader guidancev1.Audience) bool {
	return len(d.GetAddressedTo()) == 0 || slices.ContainsFunc(d.GetAddressedTo(), func(a guidancev1.Audience) bool {
		return guidance.Contains(a, reader) || guidance.Contains(reader, a)
	})
}
