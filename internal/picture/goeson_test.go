package picture

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// goesOn is a world in which West merged into East on 21 October, which was there before and goes on: by areas, or by lists,
// of which East's has the practices of West's from the 23rd on, beside that or in its place.
func goesOn(byLists, isInPlace bool) (w *world, onDay func(day string) Input) {
	w = newWorld()
	east, west := "icb:P", "icb:Q"
	w.area("icb:P", -1, -1)
	w.area("icb:Q", -1, -1)
	if byLists {
		east, west = "lmc:east", "lmc:west"
		w.area("lmc:east", -1, -1, "icb:P")
		w.area("lmc:west", -1, -1, "icb:Q")
	}
	w.committee("east", "East LMC", lmc, "east", east, west)
	w.committee("west", "West LMC", lmc, "west", west)
	committees := w.in.Committees
	committees[1].Predecessors, committees[1].Areas[1].ValidFrom = []string{"west"}, "2021-10-21"
	if isInPlace {
		committees[1].Areas[1].ValidUntil = "2021-10-22"
	}
	committees[2].ValidUntil = "2021-10-20"
	w.lists("2021-10-28", 100,
		gp("F81001", lying("icb:P", "", ""), lying("lmc:east", "", "")),
		gp("F81002", lying("icb:Q", "", ""), lying("lmc:west", "", ""), lying("lmc:east", "2021-10-23", "")),
	)
	return w, w.onDay(committees)
}

// An LMC that merged into one that goes on had ended, by the register, and what it had said was new of the other.
func TestAMergerIntoAnLMCThatGoesOnIsNoMoveOfWhatStands(t *testing.T) {
	const merged = "AREAS by : East LMC speaks since in place of West LMC, by the register: what was said for these stands until it speaks itself."
	send := func(a *v1.Advisory) {
		a.Actions = []*v1.Action{{Verb: "send", Object: "the reply", Strength: v1.ActionStrength_ACTION_STRENGTH_MUST}}
	}
	for name, c := range map[string]struct {
		first, then func(w *world, west string)
		want        []string // a practice of West's is told the same of its own place
	}{
		"both have lines": {
			first: func(w *world, _ string) {
				w.says("east", "east", "2021-10-16", refuse)
				w.says("west", "west", "2021-10-17", caution, send)
				w.says("west", "west", "2021-10-17", support, on("fund"), forGroup)
			},
			want: []string{merged},
		},
		"the one that goes on has none": {
			first: func(w *world, _ string) { w.says("west", "west", "2021-10-17", caution, send) },
			want:  []string{merged},
		},
		"the other has none": {
			first: func(w *world, _ string) { w.says("east", "east", "2021-10-17", caution) },
			want:  []string{"NEW by : East LMC on the whole matter in WEST: was nothing published here, now caution (east/0). The register did that, not a letter.", merged},
		},
		"it speaks for all": {
			first: func(w *world, _ string) {
				w.says("east", "east", "2021-10-16", refuse)
				w.says("west", "west", "2021-10-17", caution, send)
			},
			then: func(w *world, _ string) { w.says("east", "east", "2021-10-22", support) },
			want: []string{
				"MOVED by east/1: East LMC on the whole matter: was refuse (east/0), now support (east/1). It moved towards supporting.",
				"MOVED by east/1: East LMC on the whole matter in WEST: was caution (west/0), now support (east/1); no longer insists: send the reply. It moved towards supporting.",
				merged,
			},
		},
		"it speaks for them": {
			first: func(w *world, _ string) {
				w.says("east", "east", "2021-10-16", refuse)
				w.says("west", "west", "2021-10-17", caution, send)
			},
			then: func(w *world, west string) { w.says("east", "east", "2021-10-22", support, in(west)) },
			want: []string{"MOVED by east/1: East LMC on the whole matter in WEST: was caution (west/0), now support (east/1); no longer insists: send the reply. It moved towards supporting.", merged},
		},
	} {
		for i := range 3 {
			byLists, isInPlace := i > 0, i > 1
			w, onDay := goesOn(byLists, isInPlace)
			west := map[bool]string{true: "lmc:west", false: "icb:Q"}[byLists]
			c.first(w, west)
			before := onDay("2021-10-19")
			if c.then != nil {
				c.then(w, west)
			}
			after := onDay("2021-10-25")
			var all, own []string
			for _, words := range c.want {
				all = append(all, strings.ReplaceAll(words, "WEST", west))
				if words == merged || strings.Contains(words, "WEST") {
					own = append(own, strings.ReplaceAll(words, " in WEST", ""))
				}
			}
			if diff := cmp.Diff(all, told(t, before, after, "")); diff != "" {
				t.Errorf("%s, by lists: %v, in place: %v (-want +got):\n%s", name, byLists, isInPlace, diff)
			}
			before.Own, before.Practice, after.Own, after.Practice = []string{"west"}, "F81002", []string{"east"}, "F81002"
			if diff := cmp.Diff(own, told(t, before, after, "")); diff != "" {
				t.Errorf("%s, by lists: %v, in place: %v, to a practice (-want +got):\n%s", name, byLists, isInPlace, diff)
			}
			before.Own, before.Practice, after.Practice = []string{"east"}, "F81001", "F81001"
			if got := told(t, before, after, ""); slices.ContainsFunc(got, func(words string) bool { return strings.Contains(words, "west/") }) {
				t.Errorf("%s, by lists: %v, in place: %v, to one that was East's: %q", name, byLists, isInPlace, got)
			}
		}
	}
}
