package picture

import (
	"slices"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Of two LMCs that merged, a practice on both their lists is told and asked what the later letter says. The list of what
// falls due had it asked only of those who were not on the other list.
func TestWhatIsDueAfterAMergerIsAskedOfPracticesOnBothLists(t *testing.T) {
	w := newWorld()
	w.area("lmc:l1", -1, -1)
	w.area("lmc:l2", -1, -1)
	w.lists("2021-10-28", 100, gp("F81001", lying("lmc:l1", "", "")), gp("F81002", lying("lmc:l1", "", ""), lying("lmc:l2", "", "")), gp("F81003", lying("lmc:l2", "", "")))
	w.committee("north", "North LMC", lmc, "north", "lmc:l1")
	w.committee("south", "South LMC", lmc, "south", "lmc:l2")
	w.committee("downs", "Downs LMC", lmc, "downs", "lmc:l1", "lmc:l2")
	asking := func(object, day string) func(*v1.Advisory) {
		return thatAsks(&v1.Action{Verb: "send", Object: object, Matter: plan, Measure: "fund", Actors: practicesAndPCNs[:1], Due: by(day)})
	}
	w.says("north", "north", "2021-10-20", refuse, on("fund"), asking("form A", "2021-12-10"))
	last := w.says("south", "south", "2021-10-21", support, on("fund"), asking("form B", "2021-12-14"))
	n := len(w.in.Committees)
	downs := w.in.Committees[n-1]
	downs.ValidFrom, downs.Predecessors = "2021-10-25", []string{"north", "south"}
	for _, before := range w.in.Committees[n-3 : n-1] {
		before.ValidUntil = "2021-10-24"
	}
	w.in.Committees = slices.Delete(w.in.Committees, n-3, n-1)
	dueAndTextsAre(t, w, []string{
		"send form A, by 10 December 2021 (of practices, in lmc:l1 (lmc:l1), not in lmc:l2 (lmc:l2); by Downs LMC, north/0)",
		"send form B, by 14 December 2021 (of practices, in lmc:l2 (lmc:l2); by Downs LMC, south/0)",
	})
	w.withdraws("south", last, "2021-10-22") // and whoever was on both is told the other
	dueAndTextsAre(t, w, []string{"send form A, by 10 December 2021 (of practices, in lmc:l1 (lmc:l1); by Downs LMC, north/0)"})
}
