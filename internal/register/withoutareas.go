package register

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// leftWithoutAreas is that an LMC covers nothing that is there from a day on, where it did by the register before: its practices
// are told that they are in no LMC's area, or are another's.
func leftWithoutAreas(before, after *Register, c *guidancev1.Committee, today string) []string {
	was, id := before.Committee(c.GetId()), c.GetId()
	if c.GetKind() != guidancev1.CommitteeKind_COMMITTEE_KIND_LMC {
		return nil
	}
	days := []string{max(today, c.GetValidFrom())}
	for _, tenure := range slices.Concat(was.GetAreas(), c.GetAreas()) {
		end := after.areas[notation.AreaOf(tenure.GetArea())].record.GetValidUntil()
		for _, day := range []string{tenure.GetValidFrom(), notation.DayAfter(tenure.GetValidUntil()), notation.DayAfter(end)} {
			if day > days[0] {
				days = append(days, day)
			}
		}
	}
	first := ""
	for _, day := range days {
		isThere := notation.IsWithin(day, c.GetValidFrom(), c.GetValidUntil())
		if isThere && len(after.thereOf(c, day)) == 0 && len(before.thereOf(was, day)) > 0 && (first == "" || day < first) {
			first = day
		}
	}
	if first == "" {
		return nil
	}
	flags, gone := "", areasOn(c, first)
	if len(gone) == 0 {
		flags = " --area SCHEME:CODE=" + first + ".."
	} else { // it covers them still, and they are no more
		first = ""
		for _, area := range gone {
			first = max(first, notation.DayAfter(after.areas[notation.AreaOf(area)].record.GetValidUntil()))
		}
	}
	o := after.owned()
	for _, area := range gone {
		in, others, _ := o.inPlace(gap{had: c, area: area, last: notation.DayBefore(first), day: first}, id, first)
		if len(others) > 0 {
			return []string{fmt.Sprintf("%s covers nothing that is there from %s on: it had %s, and %s", id, first, notation.AreaOf(area), o.othersWords(id, id, others, nil, first))}
		}
		for _, later := range in {
			flags += fmt.Sprintf(" --area %s=%s..", notation.AreaOf(later), first)
		}
	}
	return []string{fmt.Sprintf("%s covers nothing from %s on: practices that it had are told that they are in no LMC's area, unless another LMC has them. Record what it covers: lmcnode register committee %s%s, or, where it is no more by then, its last day: lmcnode register committee %s --until %s",
		id, first, id, cmp.Or(flags, " --area SCHEME:CODE="+first+".."), id, notation.DayBefore(first))}
}
