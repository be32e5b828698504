package guidance

import (
	"slices"
	"strings"
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
		d := editDistance(clip(name), clip(k))
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

// editDistance is how many bytes must be added, dropped or changed to make y of x.
func editDistance(x, y string) int {
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := diagonal
			if x[i-1] != y[j-1] {
				cost = 1 + min(diagonal, row[j], row[j-1])
			}
			diagonal, row[j] = row[j], cost
		}
	}
	return row[len(y)]
}
