package register

import (
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// besideMerged is that one of those that a committee was merged from is still there on its first day: both are counted, unless
// what it covers, and who speaks for it, are recorded from a later day on.
func (r *Register) besideMerged(c *guidancev1.Committee, old, from string) string {
	ends := fmt.Sprintf("lmcnode register committee %s --until %s", old, notation.DayBefore(from))
	if slices.ContainsFunc(r.Committees(from), func(one *guidancev1.Committee) bool { return one.GetId() == c.GetId() }) {
		return fmt.Sprintf("%s was merged from %s, which is still there on %s: both are counted. Record the last day of %s: %s", c.GetId(), old, from, old, ends)
	}
	covers := ""
	for _, t := range c.GetAreas() {
		if t.GetValidFrom() > from && r.isThere(t.GetArea(), from) {
			covers += fmt.Sprintf(" --area %s=%s..%s", notation.AreaOf(t.GetArea()), from, t.GetValidUntil())
		}
	}
	if covers != "" {
		ends = fmt.Sprintf("lmcnode register committee %s%s, and %s", c.GetId(), covers, ends)
	}
	return fmt.Sprintf("%s was merged from %s, which is still there on %s; %s covers nothing on that day, and nobody speaks for it. Record what it covers from then on, and the last day of %s: %s", c.GetId(), old, from, c.GetId(), old, ends)
}

// unspoken is that nobody speaks for a committee that others were merged into on its first days, while somebody did for one of
// these on the day before; empty: somebody does, or nobody is to.
func (r *Register) unspoken(id string) string {
	c := r.Committee(id)
	first := c.GetValidFrom()
	_, isSpokenFor := r.OfficeFor(id, first)
	isOver := func(old string) bool {
		_, was := r.OfficeFor(old, notation.DayBefore(first))
		_, is := r.OfficeFor(old, first)
		return was && !is
	}
	if first == "" || isSpokenFor || !slices.ContainsFunc(c.GetPredecessors(), isOver) {
		return ""
	}
	for _, m := range r.mandates[id] {
		if m.who != "" && m.from > first && (c.GetValidUntil() == "" || m.from <= c.GetValidUntil()) {
			return fmt.Sprintf("nobody speaks for %s %s: what is issued for it on these days does not count. Record who does: lmcnode register mandate %s --office %s --from %s",
				id, notation.PeriodWords(first, notation.DayBefore(m.from)), id, m.who, first)
		}
	}
	return ""
}
