package sim

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	seeds   = flag.Int("seeds", 16, "how many seeds to run")
	oneSeed = flag.Uint64("seed", 0, "run this seed alone, with its trace")
)

// TestFederationSurvivesFaults runs seeds of chaos and requires that no invariant is
// ever broken, and that all agree in the end.
func TestFederationSurvivesFaults(t *testing.T) {
	var seen tally
	for _, seed := range chosenSeeds() {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			w := newWorld(t, draw(seed))
			w.run()
			w.report()
			seen.add(w.seen)
		})
	}
	t.Logf("%+v", seen)
}

func chosenSeeds() []uint64 {
	if *oneSeed != 0 {
		return []uint64{*oneSeed}
	}
	all := make([]uint64, *seeds)
	for i := range all {
		all[i] = uint64(i + 1)
	}
	return all
}

func (w *world) report() {
	if w.failed != "" {
		w.t.Errorf("seed %d: %s\nagain with: go test ./internal/sim -run %s -seed %d -v", w.plan.seed, w.failed, strings.Split(w.t.Name(), "/")[0], w.plan.seed)
	}
	if *oneSeed != 0 {
		w.t.Log("\n" + strings.Join(w.trace, "\n"))
	}
	for _, n := range w.nodes {
		n.stop()
	}
}

// Two offices behind routers that nobody can dial, and one hub: each gets what the
// other publishes (protocol.md 3).
func TestTwoDialOnlyNodesAndOneHubConverge(t *testing.T) {
	w := newWorld(t, plan{seed: 1, nodes: 3, chaos: 30 * time.Second, dials: [][2]int{{1, 0}, {2, 0}}})
	w.run()
	w.report()
	for _, n := range w.nodes[1:] {
		if n.published == 0 {
			t.Errorf("%s published nothing: the test shows nothing", n.office)
		}
	}
	if took := w.truth[w.nodes[2].log].newest.size; took == 0 {
		t.Error("the second dial-only node has an empty log")
	}
}

// The author is gone for good before the last node ever connects: the node between
// has all of it (store and forward).
func TestStoreAndForwardWithoutTheAuthor(t *testing.T) {
	w := newWorld(t, plan{seed: 2, nodes: 3, dials: [][2]int{{1, 0}, {2, 1}}})
	late := w.links[1]
	late.cut = true
	for _, n := range w.nodes {
		n.start()
	}
	for _, l := range w.links {
		w.redial(l)
	}
	w.nodes[0].publish(80)
	w.until(20 * time.Second)
	w.links[0].cut = true
	w.links[0].up.breakOff(false)
	w.nodes[0].stop()
	late.cut = false
	w.until(40 * time.Second)
	h, _ := w.nodes[2].store.Held(w.nodes[0].log)
	if want := w.truth[w.nodes[0].log].newest.size; h.Size != want {
		t.Errorf("the last node holds %d entries of the first, want %d", h.Size, want)
	}
	w.checkFinal(w.nodes[2])
	w.report()
}

// Invariant 11: the same trace with every clock shifted by up to ten years gives the
// same stores but for the times of arrival that are displayed.
func TestClocksChangeOnlyWhatIsDisplayed(t *testing.T) {
	for seed := range uint64(2) {
		p := draw(100 + seed)
		p.faults.clocks, p.unstamped = 0, true
		plain := contents(t, p)
		const year = 365 * 24 * time.Hour
		p.shift = []time.Duration{10 * year, -10 * year, 3 * year, -1 * year, 7 * year}
		if diff := cmp.Diff(plain, contents(t, p)); diff != "" {
			t.Errorf("seed %d: clocks decide (-right +shifted):\n%s", p.seed, diff)
		}
	}
}

// contents runs a plan and lists what the nodes then hold, in the order it arrived.
func contents(t *testing.T, p plan) []string {
	w := newWorld(t, p)
	var all []string
	w.run()
	for _, n := range w.nodes {
		n.start()
		root := n.store.FrontierRoot()
		all = append(all, fmt.Sprintf("%s root %x", n.office, root))
		all = append(all, feedOf(w, n)...)
		n.stop()
	}
	w.report()
	return all
}

func feedOf(w *world, n *node) []string {
	rows, err := n.store.Feed(1, 1_000_000)
	if err != nil {
		w.fail("%s: feed: %v", n.office, err)
	}
	var all []string
	for _, r := range rows {
		all = append(all, fmt.Sprintf("%s %d: %d %s %d..%d", n.office, r.N, r.Type, r.Log, r.First, r.End))
	}
	return all
}

// Each planted bug must be found within a few seeds, or the simulator is blind. Which
// invariant finds it first is its affair.
func TestSimulatorFindsPlantedBugs(t *testing.T) {
	mutants := []struct {
		name   string
		mutant mutant
		first  uint64 // seed to begin with, to save time
	}{
		{"announces before the commit", announcesEarly, 1},
		{"in sync by size instead of root", countsOnly, 1},
		{"a restored node trusts what it remembers", trustsMemory, 2},
		{"what was restored is gone on from", trustsBackups, 2},
		{"every head is taken as signed", credulous, 9},
		{"nobody moves on from a source that is silent", timeless, 2},
		{"a node stamps that may not sign", stampsInDoubt, 1},
		{"an office sends no stamps", hoards, 1},
		{"a proved duplicate signs on", signsAsDuplicate, 2},
		{"a node that has seen another history of its log signs on", signsContradicted, 5},
		{"whoever says so has proved a duplicate", gullible, 12},
		{"a node signs with any key", anyKey, 6},
		{"forgeries count against nobody", forgiving, 27},
		{"a head by another key is taken for the office's own", timid, 15},
		{"nothing is made of two histories", unmoved, 5},
	}
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			for seed := range uint64(40) {
				p := draw(m.first + seed)
				p.mutant = m.mutant
				w := newWorld(t, p)
				w.run()
				for _, n := range w.nodes {
					n.stop()
				}
				if w.failed != "" {
					t.Logf("found by seed %d: %.200s", p.seed, w.failed)
					return
				}
			}
			t.Error("not found in 40 seeds")
		})
	}
}

// The same seed gives the same run, to the last line.
func TestRunsAreReproducible(t *testing.T) {
	var traces [2][]string
	for i := range traces {
		w := newWorld(t, draw(7))
		w.run()
		w.report()
		traces[i] = w.trace
	}
	if !slices.Equal(traces[0], traces[1]) {
		t.Errorf("the traces differ:\n%s", cmp.Diff(traces[0], traces[1]))
	}
}
