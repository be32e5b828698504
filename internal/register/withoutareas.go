package register

import (
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// leftWithoutAreas is that an LMC covers nothing any more from a day on, where it did by the register before: its practices are
// told that they are in no LMC's area.
func leftWithoutAreas(before *Register, c *guidancev1.Committee, today string) []string {
	was := before.Committee(c.GetId())
	if c.GetKind() != guidancev1.CommitteeKind_COMMITTEE_KIND_LMC {
		return nil
	}
	days := []string{max(today, c.GetValidFrom())}
	for _, tenure := range slices.Concat(was.GetAreas(), c.GetAreas()) {
		for _, day := range []string{tenure.GetValidFrom(), notation.DayAfter(tenure.GetValidUntil())} {
			if day > days[0] {
				days = append(days, day)
			}
		}
	}
	first := ""
	for _, day := range days {
		isThere := notation.IsWithin(day, c.GetValidFrom(), c.GetValidUntil())
		if isThere && len(areasOn(c, day)) == 0 && len(areasOn(was, day)) > 0 && (first == "" || day < first) {
			first = day
		}
	}
	if first == "" {
		return nil
	}
	return []string{fmt.Sprintf("%s covers nothing from %s on: practices that it had are told that they are in no LMC's area, unless another LMC has them. Record what it covers: lmcnode register committee %s --area SCHEME:CODE=%s.., or, where it is no more by then, its last day: lmcnode register committee %s --until %s",
		c.GetId(), first, c.GetId(), first, c.GetId(), notation.DayBefore(first))}
}
