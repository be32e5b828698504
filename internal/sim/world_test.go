package sim

import (
	"container/heap"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

const federation = "demo"

// plan is what a run is made of. Which faults are on is drawn from the seed, so that
// each seed has few enough of them to leave the others room.
type plan struct {
	seed   uint64
	nodes  int
	chaos  time.Duration
	dials  [][2]int // who dials whom
	faults faults
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
}

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
)

// world is a federation in virtual time.
type world struct {
	t       *testing.T
	plan    plan
	rng     *rand.Rand
	now     time.Duration
	seq     uint64
	events  events
	nodes   []*node
	links   map[[2]int]*link
	healed  bool
	traffic int // frames and chunks sent
	truth   map[ledger.LogID]*history
	trace   []string
	failed  string

	confirmed int // doubts that peers ended
	forgotten int // doubts that the peers then connected would have ended wrongly
}

// history is everything the writer of a log ever signed.
type history struct {
	log     ledger.LogID
	roots   map[uint64][32]byte
	stamps  map[time.Time]bool
	entries []ledger.Entry
}

type event struct {
	at  time.Duration
	seq uint64
	do  func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].seq < e[j].seq
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// after has something happen later.
func (w *world) after(d time.Duration, do func()) {
	w.seq++
	heap.Push(&w.events, event{w.now + d, w.seq, do})
}

// chance draws from the seed. After healing nothing goes wrong any more, and the
// draw is made all the same.
func (w *world) chance(p float64) bool {
	hit := w.rng.Float64() < p
	return hit && !w.healed
}

func (w *world) between(a, b time.Duration) time.Duration {
	return a + time.Duration(w.rng.Int64N(int64(b-a)+1))
}

func (w *world) logf(format string, args ...any) {
	w.trace = append(w.trace, fmt.Sprintf("%9.3fs ", w.now.Seconds())+fmt.Sprintf(format, args...))
}

// fail stops the run with the first thing that is wrong.
func (w *world) fail(format string, args ...any) {
	if w.failed == "" {
		w.failed = fmt.Sprintf("at %s: ", w.now) + fmt.Sprintf(format, args...)
		w.logf("FAILED: %s", w.failed)
	}
}

// link is a pair of which one dials the other.
type link struct {
	dialler, callee *node
	cut             bool
	slow            bool
	up              *pipe
}

func newWorld(t *testing.T, p plan) *world {
	w := &world{
		t: t, plan: p, rng: rand.New(rand.NewPCG(p.seed, 0x1a7c)),
		links: map[[2]int]*link{}, truth: map[ledger.LogID]*history{},
	}
	dir := tempDir(t)
	for i := range p.nodes {
		w.nodes = append(w.nodes, newNode(w, i, dir))
	}
	for _, d := range p.dials {
		w.links[d] = &link{dialler: w.nodes[d[0]], callee: w.nodes[d[1]], slow: w.rng.Float64() < p.faults.slow}
	}
	return w
}

// run plays chaos, then heals and waits for agreement.
func (w *world) run() {
	for _, n := range w.nodes {
		n.start()
	}
	for _, d := range w.plan.dials {
		w.redial(w.links[d])
	}
	w.after(time.Second, w.everySecond)
	w.until(w.plan.chaos)
	w.heal()
	w.awaitAgreement()
	w.awaitQuiet()
	for _, n := range w.nodes {
		w.checkFinal(n)
		n.stop()
	}
}

func (w *world) until(end time.Duration) {
	for w.failed == "" && len(w.events) > 0 && w.events[0].at <= end {
		e := heap.Pop(&w.events).(event)
		w.now = e.at
		e.do()
		w.checkPairs()
	}
	w.now = max(w.now, end)
}

// everySecond publishes and draws the faults that come with time.
func (w *world) everySecond() {
	if w.healed {
		return
	}
	for _, n := range w.nodes {
		if w.rng.Float64() < 0.15 {
			n.publish(1 + w.rng.IntN(3))
		}
		if w.rng.Float64() < 0.01 {
			n.publish(70) // seals a block
		}
		if w.chance(w.plan.faults.crash) {
			n.crash(w.rng.Float64() < w.plan.faults.restore)
		}
		if w.rng.Float64() < 0.1 {
			n.backup()
		}
		if w.chance(w.plan.faults.clocks) {
			n.clock = time.Duration(w.rng.Int64N(int64(20*365*24*time.Hour))) - 10*365*24*time.Hour
		}
	}
	for _, d := range w.plan.dials {
		l := w.links[d]
		if w.chance(w.plan.faults.cut) {
			l.cut = !l.cut
			w.logf("link %s-%s cut=%t", l.dialler.office, l.callee.office, l.cut)
			if l.cut && l.up != nil {
				l.up.breakOff(w.chance(w.plan.faults.halfOpen))
			}
		}
	}
	w.after(time.Second, w.everySecond)
}

func (w *world) heal() {
	w.logf("faults stop")
	w.healed = true
	if w.plan.shift == nil {
		for _, n := range w.nodes {
			n.clock = 0 // else an office is not heard, as it must be
		}
	}
	for _, d := range w.plan.dials {
		w.links[d].cut, w.links[d].slow = false, false
	}
	// Bodies that are missing are asked for at every connect: everybody connects often
	// enough for one to come down the longest chain.
	for i := range w.nodes {
		w.after(time.Duration(i)*20*time.Second, func() {
			for _, d := range w.plan.dials {
				if p := w.links[d].up; p != nil {
					p.breakOff(false)
				}
			}
		})
	}
	w.until(w.now + time.Duration(len(w.nodes))*20*time.Second)
}

// redial keeps a link dialled, as a server's loop does: not while the other side's
// session is up, though now and then both dial at once.
func (w *world) redial(l *link) {
	if l.up == nil && !l.cut && l.dialler.up && l.callee.up && (!w.joined(l) || w.chance(0.3)) {
		l.connect(w)
	}
	w.after(w.between(time.Second, 3*time.Second), func() { w.redial(l) })
}

// agreementWithin leaves room for a quarantine to end.
const agreementWithin = 25 * time.Minute

// awaitAgreement is invariant 8: once faults stop, all nodes reach equal roots.
func (w *world) awaitAgreement() {
	deadline := w.now + agreementWithin
	for w.failed == "" && !w.agreed() {
		if w.now >= deadline {
			w.fail("no agreement %s after faults stopped: %s", agreementWithin, w.describe())
			return
		}
		w.until(w.now + time.Second)
	}
	w.logf("agreed")
}

func (w *world) agreed() bool {
	for _, n := range w.nodes {
		if !n.up || n.store.FrontierRoot() != w.nodes[0].store.FrontierRoot() {
			return false
		}
		for id := range n.ends {
			if !n.core.InSync(id) {
				return false
			}
		}
	}
	for _, l := range w.links {
		if !w.joined(l) {
			return false
		}
	}
	return true
}

// awaitQuiet is the other half: with nothing new, nothing is sent but what keeps the streams
// alive, which is not ours, and in each hour one stamp of each office over each session, or one
// each way where two meet on it. Then everybody has heard everybody.
func (w *world) awaitQuiet() {
	w.until(w.now + time.Minute) // what is still under way, and who has been behind for long
	const hours = 2
	before, pipes := w.traffic, map[*pipe]int{}
	for _, l := range w.links {
		if l.up != nil {
			pipes[l.up] = l.up.stamps
		}
	}
	w.until(w.now + hours*time.Hour)
	if n := w.traffic - before; n > 0 {
		w.fail("%d frames and chunks in %d quiet hours, stamps not counted", n, hours)
	}
	for p, before := range pipes {
		if n, most := p.stamps-before, 2*hours*len(w.nodes); n > most {
			w.fail("%d stamps between %s and %s in %d quiet hours, at most %d", n, p.ends[0].node.office, p.ends[1].node.office, hours, most)
		}
	}
	w.checkHeard()
}

// joined says whether the two nodes of a link have a session, whoever dialled.
func (w *world) joined(l *link) bool {
	back := w.links[[2]int{l.callee.index, l.dialler.index}]
	return l.up != nil || back != nil && back.up != nil
}

func (w *world) describe() string {
	s := ""
	for _, n := range w.nodes {
		if !n.up {
			s += "\n  " + n.office + " is down"
			continue
		}
		s += "\n  " + n.office + ":"
		for _, h := range n.store.Heads() {
			s += fmt.Sprintf(" %s=%d", h.Log.Office, h.Size)
		}
		for _, id := range n.order {
			s += fmt.Sprintf(" [%s in sync %t]", n.ends[id].peer().office, n.core.InSync(id))
		}
	}
	return s
}

// keyOf makes the same key for the same name in every run.
func keyOf(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func logOf(office string) ledger.LogID { return ledger.LogID{Federation: federation, Office: office} }

func newRNG(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x91a4)) }
