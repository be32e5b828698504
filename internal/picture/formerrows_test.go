package picture

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
)

// A row of an ICB that is no more stood beside those of its own sub-ICBs, and "since merged … Ring your LMC" beside a line that stands
// for all who had been told so, or that rows below tell of.
func TestAnICBThatIsNoMoreHasNoRowBesideItsPartsAndNobodyIsRungForWhatRowsTell(t *testing.T) {
	for name, c := range map[string]struct {
		w    *world
		then func(w *world)
		want []string
	}{
		"each in its part":                 {merging(byParts(), refuse, caution), nil, []string{"sub-icb:P1: refuse", "sub-icb:Q1: caution"}},
		"each in its part, ended before":   {endedBefore("as it was", refuse, caution), nil, []string{"sub-icb:P1: refuse", "sub-icb:P2: refuse", "sub-icb:Q1: caution"}},
		"without parts":                    {merging(mergedAreas(), refuse, caution), nil, []string{"icb:P: refuse", "icb:Q: caution"}},
		"it has said something for all":    {merging(byParts(), refuse, caution), func(w *world) { w.says("east", "union", "2021-10-26", support) }, []string{"support"}},
		"so, without parts":                {merging(mergedAreas(), refuse, caution), func(w *world) { w.says("east", "union", "2021-10-26", support) }, []string{"support"}},
		"it asks its members":              {merging(byParts(), refuse, caution), func(w *world) { w.says("east", "union", "2021-10-26", consulting) }, []string{"asking its members", "sub-icb:P1: refuse", "sub-icb:Q1: caution"}},
		"it asks its members, and no part": {merging(mergedAreas(), refuse, caution), func(w *world) { w.says("east", "union", "2021-10-26", consulting) }, []string{"asking its members", "icb:P: refuse", "icb:Q: caution"}},
		"practices are not in the register": {unlisted(merging(mergedAreas(), refuse, caution)), func(w *world) { w.says("east", "union", "2021-10-26", support) }, []string{
			"support; Said by West LMC of icb:Q (icb:Q), since merged into icb:R (icb:R): caution (east/1). Ring your LMC.; Said by East LMC of icb:P (icb:P), since merged into icb:R (icb:R): refuse (east/0). Ring your LMC.",
		}},
	} {
		if c.then != nil {
			c.then(c.w)
		}
		var got []string
		for _, line := range nationalPicture(c.w.onDay(c.w.in.Committees)("2021-10-27"), byCommittee, "").GetTables()[0].GetLines() {
			words := LineColumn(line)
			if line.GetArea() != nil {
				words = notation.AreaOf(line.GetArea()).String() + ": " + words
			}
			for _, said := range guidance.SaidNowhere(line) {
				words += "; " + said
			}
			got = append(got, words)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// unlisted is a world whose register lists no practices.
func unlisted(w *world) *world {
	for _, record := range w.records {
		if a := record.Body.GetArea(); a != nil {
			a.PracticeCodes = nil
		}
	}
	return w
}
