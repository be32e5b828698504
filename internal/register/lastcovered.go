package register

import (
	"iter"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// LastCovered returns what a committee covered up to a day, each with the last of these days on which it did and that was there,
// in the order recorded: what it covers on the day, and what it did until that was no more, which nobody need have taken over
// yet; where nothing is recorded of the day, what it covered last.
func (r *Register) LastCovered(committee, day string) iter.Seq2[*guidancev1.AreaId, string] {
	day = asked(day)
	tenures := r.committees[committee].record.GetAreas()
	endOf := func(t *guidancev1.AreaTenure) string {
		return r.areas[notation.AreaOf(t.GetArea())].record.GetValidUntil()
	}
	last := "" // the last day on which something was covered
	for _, t := range tenures {
		if until := t.GetValidUntil(); until != "" && until < day {
			last = max(last, until)
		}
	}
	on := r.CommitteeAreas(committee, day)
	if len(on) == 0 && last != "" {
		day, on = last, r.CommitteeAreas(committee, last)
	}
	return func(yield func(*guidancev1.AreaId, string) bool) {
		var told []notation.Area
		for _, t := range tenures {
			key, until, end := notation.AreaOf(t.GetArea()), t.GetValidUntil(), endOf(t)
			isOn := notation.IsWithin(day, t.GetValidFrom(), until) && slices.ContainsFunc(on, func(area *guidancev1.AreaId) bool { return notation.AreaOf(area) == key })
			endedWith := end != "" && until == end && end < day
			if !isOn && !endedWith || slices.Contains(told, key) {
				continue
			}
			told = append(told, key)
			at := day
			if end != "" && end < day {
				at = end
			}
			if !yield(t.GetArea(), at) {
				return
			}
		}
	}
}
