package register

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A hand-made register once had a question about a circle of 1,000 areas asked for half a
// minute, past its deadline.
func TestACircleOfAreasIsWalkedOnceRound(t *testing.T) {
	const n = 1000
	asked := 0
	next := func(i int) []int {
		asked++
		return []int{(i + 1) % n, (i + 2) % n, i}
	}
	if got := reach(0, next); len(got) != n || asked != n {
		t.Errorf("of %d, %d were reached, and asked %d times", n, len(got), asked)
	}
	asked = 0
	var keys []int
	for i := range n {
		keys = append(keys, i)
	}
	closed := 0
	circles(keys, next, func(int, int) { closed++ })
	if asked != n || closed == 0 {
		t.Errorf("looking for circles among %d asked %d times, and found %d", n, asked, closed)
	}
}

func TestWhatLiesInACircleOfAreasIsWithinItAndNothingOfTheCircleIs(t *testing.T) {
	bodies := records(putArea("in:1", "circle:7"), putArea("circle:0", "circle:1", "around:1"))
	for i := 1; i < 50; i++ {
		bodies = append(bodies, records(putArea(fmt.Sprint("circle:", i), fmt.Sprint("circle:", (i+1)%50)))...)
	}
	for i := range bodies {
		bodies[i].Entry.Index = uint64(i)
	}
	r := Fold("demo", "gpc-england", nil, bodies)
	if diff := cmp.Diff([]string{"in:1"}, idNames(r.Within(areaID("circle:0"), ""))); diff != "" {
		t.Errorf("within an area of a circle (-want +got):\n%s", diff)
	}
	if got := r.Within(areaID("around:1"), ""); len(got) != 51 {
		t.Errorf("within the area around the circle: %d, want the circle and what is in it", len(got))
	}
}

func TestAnAreaIsTracedBackThroughAllItTookOverFrom(t *testing.T) {
	took := func(name, from, until string, by ...string) *guidancev1.Area {
		a := &guidancev1.Area{Id: areaID(name), Name: name, ValidFrom: from, ValidUntil: until}
		for _, later := range by {
			a.Successors = append(a.Successors, areaID(later))
		}
		return a
	}
	r := fold(
		areaRecord(took("ccg:A", "", "2013-03-31", "ccg:B")), areaRecord(took("ccg:B", "2013-04-01", "2020-03-31", "icb:C")),
		areaRecord(took("icb:C", "2020-04-01", "2022-06-30", "icb:D", "icb:D")), areaRecord(took("icb:D", "2022-07-01", "")),
	)
	for day, want := range map[string]string{"2010-01-01": "ccg:A", "2015-01-01": "ccg:B", "2021-01-01": "icb:C", "2023-01-01": "icb:D"} {
		if got := notation.AreaOf(r.Origin(areaID("icb:D"), day)).String(); got != want {
			t.Errorf("icb:D came from %s of %s, want %s", got, day, want)
		}
	}
}
