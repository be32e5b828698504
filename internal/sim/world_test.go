package sim

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

const federation = "demo"

// world is a federation in virtual time.
type world struct {
	t       *testing.T
	plan    plan
	rng     *rand.Rand
	now     time.Duration
	seq     uint64
	events  events
	dir     string
	nodes   []*node // one of each office
	copies  []*node // of some of them, running
	links   []*link
	healed  bool
	traffic int // frames and chunks sent
	starts  int // of all nodes
	truth   map[ledger.LogID]*history
	trace   []string
	failed  string
	seen    tally
}

// tally counts what came about in a run, to see that the simulator tries what it says.
type tally struct {
	confirmed     int // doubts that peers ended
	forgotten     int // doubts that the peers then connected would have ended wrongly
	copies        int // that ran
	proved        int // times a node was proved to be one of two
	parted        int // logs of which two histories were signed
	partedByLiars int // of them, by liars on purpose
	untold        int // nodes that heard nothing of it where others had
	wrongKeys     int // starts with a key that the register does not name
	liars         int
	lies          int
	quarantined   int // times that somebody no longer listened to a liar
}

func (t *tally) add(o tally) {
	for _, sum := range []struct {
		to *int
		n  int
	}{
		{&t.confirmed, o.confirmed},
		{&t.forgotten, o.forgotten},
		{&t.copies, o.copies},
		{&t.proved, o.proved},
		{&t.parted, o.parted},
		{&t.partedByLiars, o.partedByLiars},
		{&t.untold, o.untold},
		{&t.wrongKeys, o.wrongKeys},
		{&t.liars, o.liars},
		{&t.lies, o.lies},
		{&t.quarantined, o.quarantined},
	} {
		*sum.to += sum.n
	}
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

func newWorld(t *testing.T, p plan) *world {
	w := &world{
		t: t, plan: p, rng: rand.New(rand.NewPCG(p.seed, 0x1a7c)), dir: tempDir(t),
		truth: map[ledger.LogID]*history{},
	}
	for i := range p.nodes {
		w.nodes = append(w.nodes, newNode(w, i))
	}
	for _, d := range p.dials {
		w.links = append(w.links, &link{dialler: w.nodes[d[0]], callee: w.nodes[d[1]], slow: w.rng.Float64() < p.faults.slow})
	}
	if len(p.lies) > 0 {
		w.seen.liars++
	}
	return w
}

// honest are the nodes that are expected to agree.
func (w *world) honest() []*node {
	if len(w.plan.lies) > 0 {
		return w.nodes[:len(w.nodes)-1]
	}
	return w.nodes
}

// run plays chaos, then heals and waits for agreement. A liar lies on until all others agree.
func (w *world) run() {
	for _, n := range w.nodes {
		n.start()
	}
	for _, l := range w.links {
		w.redial(l)
	}
	w.after(time.Second, w.everySecond)
	w.after(time.Second, w.lieEverySecond)
	w.until(w.plan.chaos)
	w.heal()
	w.awaitAgreement()
	w.checkNobodyIsSilenced()
	for _, n := range w.honest() {
		w.restoreInPeace(n)
	}
	w.checkNobodyIsSilenced()
	w.retireLiar()
	w.awaitQuiet()
	w.checkParted()
	for _, n := range w.honest() {
		w.checkFinal(n)
	}
	for _, n := range w.nodes {
		n.stop()
	}
}

func (w *world) until(end time.Duration) {
	for w.failed == "" && len(w.events) > 0 && w.events[0].at <= end {
		e := heap.Pop(&w.events).(event)
		w.now = e.at
		e.do()
		w.checkPairs()
		w.checkTwins()
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
		if n.lies() {
			continue
		}
		if w.chance(w.plan.faults.crash) {
			n.crash(w.rng.Float64() < w.plan.faults.restore)
		}
		if w.rng.Float64() < 0.1 {
			n.keepBackup()
		}
		if w.chance(w.plan.faults.clocks) {
			n.clock = time.Duration(w.rng.Int64N(int64(20*365*24*time.Hour))) - 10*365*24*time.Hour
		}
		if w.chance(w.plan.faults.clone) {
			w.clone(n)
		}
	}
	for _, c := range w.copies {
		if w.rng.Float64() < 0.2 {
			c.publish(1)
		}
	}
	for _, l := range w.links {
		if w.chance(w.plan.faults.cut) {
			l.cut = !l.cut
			w.logf("link %s-%s cut=%t", l.dialler.name(), l.callee.name(), l.cut)
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
	for len(w.copies) > 0 {
		w.endCopy(w.copies[0])
	}
	for _, n := range w.nodes {
		if w.plan.shift == nil {
			n.clock = 0 // else an office is not heard, as it must be
		}
		n.putKeysBack()
	}
	for _, l := range w.links {
		l.cut, l.slow = false, false
	}
	// Bodies that are missing are asked for at every connect: everybody connects often
	// enough for one to come down the longest chain.
	for i := range w.nodes {
		w.after(time.Duration(i)*20*time.Second, func() {
			for _, l := range w.links {
				if l.up != nil {
					l.up.breakOff(false)
				}
			}
		})
	}
	w.until(w.now + time.Duration(len(w.nodes))*20*time.Second)
}

// restoreInPeace puts a node back to what it has just now, as lmcnode restore does: it may not sign
// until others confirm it. A liar is there first.
func (w *world) restoreInPeace(n *node) {
	if w.failed != "" {
		return
	}
	backup := n.backup()
	n.hangUp()
	n.restore(backup)
	n.start()
	for _, l := range w.links {
		l.cut = (l.dialler == n || l.callee == n) && !l.dialler.lies() && !l.callee.lies()
	}
	w.until(w.now + 10*time.Second)
	for _, l := range w.links {
		l.cut = false
	}
	w.awaitAgreement()
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
	first := w.unparted(w.nodes[0])
	for _, n := range w.honest() {
		if !n.up || w.unparted(n) != first {
			return false
		}
		for _, id := range n.order {
			if o := n.ends[id].peer(); !o.lies() && o.up && o.store.FrontierRoot() == n.store.FrontierRoot() && !n.core.InSync(id) {
				return false
			}
		}
	}
	for _, l := range w.links {
		if !l.dialler.lies() && !l.callee.lies() && !w.joined(l) {
			return false
		}
	}
	return true
}

// unparted is the frontier of a node, but for logs that have two histories: of these there is
// no agreement.
func (w *world) unparted(n *node) string {
	if !n.up {
		return "down"
	}
	s := ""
	for _, h := range n.store.Heads() {
		if !w.truth[h.Log].parted {
			s += fmt.Sprintf(" %s %d %s", h.Log, h.Size, h.Root)
		}
	}
	return s
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
	w.checkHeard()
	if slices.ContainsFunc(w.nodes, func(n *node) bool { return w.truth[n.log].parted }) {
		return // whoever holds one history goes on to be told of the other
	}
	if n := w.traffic - before; n > 0 {
		w.fail("%d frames and chunks in %d quiet hours, stamps not counted", n, hours)
	}
	for p, before := range pipes {
		if n, most := p.stamps-before, 2*(hours+1)*len(w.nodes); n > most { // one more of who has started again
			w.fail("%d stamps between %s and %s in %d quiet hours, at most %d", n, p.ends[0].node.name(), p.ends[1].node.name(), hours, most)
		}
	}
}

func (w *world) describe() string {
	s := ""
	for _, n := range slices.Concat(w.nodes, w.copies) {
		if !n.up {
			s += "\n  " + n.name() + " is down"
			continue
		}
		s += "\n  " + n.name() + ":"
		for _, h := range n.store.Heads() {
			s += fmt.Sprintf(" %s=%d", h.Log.Office, h.Size)
		}
		for _, id := range n.order {
			s += fmt.Sprintf(" [%s in sync %t]", n.ends[id].peer().name(), n.core.InSync(id))
		}
	}
	return s
}

func logOf(office string) ledger.LogID { return ledger.LogID{Federation: federation, Office: office} }

func newRNG(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x91a4)) }
