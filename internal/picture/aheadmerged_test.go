package picture

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What a group will be told by a letter of an LMC that merged since came to stand beside the line by that merger, and what all will be
// told by one of both was no longer ahead.
func TestALineAheadIsNoNewsAfterAMerger(t *testing.T) {
	const merged = "AREAS by : Union LMC speaks since in place of East LMC and West LMC, by the register: what was said for these stands until it speaks itself."
	for name, mk := range map[string]func() *world{
		"by parts":     func() *world { return merging(byParts(), refuse, caution) },
		"listed":       func() *world { return merging(mergedAreas(), refuse, caution) },
		"ended before": func() *world { return endedBefore("as it was", refuse, caution) },
	} {
		for _, hasLine := range []bool{true, false} {
			for _, committees := range []string{"east", "west", "east west"} {
				for _, toAll := range []bool{true, false} {
					w := mk()
					if !hasLine {
						w.in.Entries = nil
					}
					w.says("east", committees, "2021-10-20", support, from("2021-12-08"), func(a *v1.Advisory) {
						if !toAll {
							forGroup(a)
						}
					})
					onDay := w.onDay(w.in.Committees)
					if diff := cmp.Diff([]string{merged}, told(t, onDay("2021-10-22"), onDay("2021-10-27"), "")); diff != "" {
						t.Errorf("%s, beside a line: %v, by %s, to all: %v (-want +got):\n%s", name, hasLine, committees, toAll, diff)
					}
				}
			}
		}
	}
	w := merging(mergedAreas(), refuse, caution) // and that is why it has none
	w.in.Entries = nil
	w.says("east", "east west", "2021-10-20", support, from("2021-12-08"))
	if got, want := columns(w.onDay(w.in.Committees)("2021-10-27"), byCommittee), []string{"1 no line: not in force yet: union"}; !cmp.Equal(got, want) {
		t.Errorf("it is counted as %q", got)
	}
}
