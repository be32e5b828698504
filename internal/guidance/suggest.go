package guidance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// didYouMean suggests the known names closest to one that is not, or lists a few.
func didYouMean(name string, known []string) string {
	if near := nearest(name, known); len(near) > 0 {
		return ": did you mean " + strings.Join(near, " or ") + "?"
	}
	if len(known) == 0 || len(known) > 16 {
		return ": check its spelling"
	}
	return ": there is " + strings.Join(known, ", ")
}

// UnknownMatter says that no matter of a name is known, and which may be meant: of those given,
// which are all that are known, or the newest.
func UnknownMatter(name string, known []string, newest bool) (problem, remedy string) {
	problem = fmt.Sprintf("matter %q is not known here", clip(name))
	near := nearest(strings.ReplaceAll(strings.ToLower(name), " ", "-"), known)
	switch {
	case len(near) > 0:
		return problem, "did you mean " + strings.Join(near, " or ") + "?"
	case newest:
		return problem, "the newest matters are: " + strings.Join(known, ", ")
	}
	return problem, "the matters are: " + strings.Join(known, ", ")
}

// nearest is at most three known names that differ from name by little, or that hold
// it or are held by it, closest first. Blanks in a known name count as hyphens.
func nearest(name string, known []string) []string {
	type near struct {
		name     string
		distance int
	}
	var found []near
	for _, full := range known {
		k := strings.ReplaceAll(full, " ", "-")
		d := notation.Distance(clip(name), clip(k))
		if d <= 1+len(name)/6 || len(name) >= 4 && strings.Contains(k, name) || len(k) >= 4 && strings.Contains(name, k) {
			found = append(found, near{full, d})
		}
	}
	slices.SortStableFunc(found, func(x, y near) int { return x.distance - y.distance })
	var names []string
	for _, n := range found[:min(3, len(found))] {
		names = append(names, n.name)
	}
	return names
}
