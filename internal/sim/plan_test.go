package sim

import "time"

// plan is what a run is made of. Which faults are on is drawn from the seed, so that
// each seed has few enough of them to leave the others room.
type plan struct {
	seed   uint64
	nodes  int
	chaos  time.Duration
	dials  [][2]int // who dials whom
	faults faults
	lies   []lie // of the last node; none: it is honest
	mutant mutant
	// shift moves the clock of each node, for invariant 11.
	shift []time.Duration
	// unstamped: nobody stamps, for what a clock says of a stamp does decide which frames go.
	unstamped bool
}

// faults are the odds of each fault, per frame, chunk or tick.
type faults struct {
	drop, double, swap, flip float64 // of a frame
	chunkCut, chunkFlip      float64 // of a chunk
	chunkDouble              float64
	silent                   float64 // a fetch is never answered
	cut, halfOpen            float64 // per second and link
	crash, restore           float64 // per second and node
	lostGuard                float64 // of a restore
	slow                     float64 // of links: seconds a frame
	clocks                   float64 // per second and node
	wrongKeys                float64 // of a crash: another key lies there at the next start
	clone                    float64 // per second and office that has no copy
}

// spoils says whether what arrives may not be what was sent.
func (f faults) spoils() bool { return f.double+f.swap+f.flip+f.chunkFlip+f.chunkDouble > 0 }

// mutant is a bug planted on purpose, at the seams between core and world, to see
// that the simulator finds it.
type mutant int

const (
	_ mutant = iota // none
	// announcesEarly tells the core of heads before the store has committed.
	announcesEarly
	// countsOnly calls frontiers equal when they are of equal size.
	countsOnly
	// trustsMemory starts a restored node with the heads it had before.
	trustsMemory
	// credulous takes every head as signed.
	credulous
	// trustsBackups goes on from whatever was restored, without its guard.
	trustsBackups
	// timeless never tells the core the time: nobody moves on from a silent source.
	timeless
	// stampsInDoubt lets a node stamp that may not sign.
	stampsInDoubt
	// hoards lets the first office send no stamps, its own or those of others.
	hoards
	// signsAsDuplicate lets a node sign on that was proved to be one of two.
	signsAsDuplicate
	// signsContradicted lets a node sign on that has seen another history of its log.
	signsContradicted
	// gullible takes any refusal as a duplicate for proved.
	gullible
	// anyKey lets a node sign with whatever key lies there.
	anyKey
	// forgiving counts no forgery against whoever sent it.
	forgiving
	// timid takes a head of the own log that another key has signed for one of its own.
	timid
	// unmoved makes nothing of two heads that contradict each other.
	unmoved
)

// draw makes the plan of a seed: a shape of federation, and each fault on or off.
func draw(seed uint64) plan {
	w := world{rng: newRNG(seed)}
	p := plan{seed: seed, chaos: 90 * time.Second}
	shapes := [][][2]int{
		{{1, 0}, {2, 0}},                                         // two dial-only nodes and a hub
		{{1, 0}, {2, 1}, {3, 2}},                                 // a chain: store and forward
		{{1, 0}, {2, 0}, {3, 0}, {1, 2}, {2, 1}, {3, 1}},         // a mesh, some dial each other
		{{1, 0}, {2, 0}, {3, 1}, {3, 2}, {4, 1}, {4, 0}, {0, 4}}, // five
	}
	p.dials = shapes[w.rng.IntN(len(shapes))]
	for _, d := range p.dials {
		p.nodes = max(p.nodes, d[0]+1, d[1]+1)
	}
	on := func(odds float64) float64 {
		if w.rng.IntN(2) == 0 {
			return 0
		}
		return odds
	}
	p.faults = faults{
		drop: on(0.03), double: on(0.03), swap: on(0.03), flip: on(0.02),
		chunkCut: on(0.1), chunkFlip: on(0.05), chunkDouble: on(0.1), silent: on(0.1),
		cut: on(0.03), halfOpen: on(0.5), crash: on(0.02), restore: on(0.5), lostGuard: on(0.5),
		slow: on(0.3), clocks: on(0.02), wrongKeys: on(0.3), clone: on(0.015),
	}
	if w.rng.IntN(2) == 0 { // who is honest is blamed for nothing then
		p.faults.double, p.faults.swap, p.faults.flip, p.faults.chunkFlip, p.faults.chunkDouble = 0, 0, 0, 0, 0
	}
	if w.rng.IntN(2) == 0 {
		p.addLiar(&w)
	}
	return p
}

// addLiar adds an office to the plan whose node lies, in one to four ways, to some or all others.
func (p *plan) addLiar(w *world) {
	liar := p.nodes
	p.nodes++
	for i := range liar {
		if i == 0 || w.rng.IntN(2) == 0 {
			p.dials = append(p.dials, [2]int{liar, i})
		}
		if w.rng.IntN(4) == 0 {
			p.dials = append(p.dials, [2]int{i, liar})
		}
	}
	kinds := [][2]lie{{0, slyKinds}, {slyKinds, lieKinds}, {0, lieKinds}}[w.rng.IntN(3)]
	for range 1 + w.rng.IntN(4) {
		p.lies = append(p.lies, kinds[0]+lie(w.rng.IntN(int(kinds[1]-kinds[0]))))
	}
}
