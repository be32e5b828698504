package sim

import (
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/replica"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// link is a pair of which one dials the other.
type link struct {
	dialler, callee *node
	cut             bool
	slow            bool
	up              *pipe
	spoilt          int // frames and chunks that did not arrive as they were sent
}

// redial keeps a link dialled, as a server's loop does: not while the other side's
// session is up, though now and then both dial at once.
func (w *world) redial(l *link) {
	if !slices.Contains(w.links, l) {
		return // of a copy that is gone
	}
	if l.up == nil && !l.cut && l.dialler.up && l.callee.up && (!w.joined(l) || w.chance(0.3)) {
		l.connect(w)
	}
	w.after(w.between(time.Second, 3*time.Second), func() { w.redial(l) })
}

// joined says whether the dialler of a link has a session with a node of that office, whoever
// dialled.
func (w *world) joined(l *link) bool {
	return slices.ContainsFunc(w.links, func(m *link) bool {
		return m.up != nil && (m.dialler == l.dialler && m.callee.office == l.callee.office ||
			m.callee == l.dialler && m.dialler.office == l.callee.office)
	})
}

// pipe is a connection between two nodes: a control stream each way, and fetches
// beside it that overtake it as they like.
type pipe struct {
	w    *world
	link *link
	ends [2]*end

	stamps int // sent, both ways
}

// end is one side of a pipe.
type end struct {
	pipe   *pipe
	node   *node
	id     replica.SessionID
	starts int // of the node, when it was made
	side   int
	open   bool
	waking bool
	free   time.Duration // when the stream has delivered what is in it
	held   []byte        // a frame that the next one overtakes

	since     time.Duration
	greeted   bool   // its Hello is on the way
	peerHolds uint64 // of this side's own log, when it was dialled
}

// connect dials. Whoever dials knows the key that it must find; whoever is dialled looks up whose
// the key is that was shown.
func (l *link) connect(w *world) {
	if !l.callee.transportKey().Equal(transportKey(l.callee.office)) {
		return
	}
	p := &pipe{w: w, link: l}
	l.up = p
	for side, n := range []*node{l.dialler, l.callee} {
		n.last++
		p.ends[side] = &end{pipe: p, node: n, id: n.last, starts: n.starts, side: side, open: true, since: w.now}
		n.ends[n.last] = p.ends[side]
		n.order = append(n.order, n.last)
	}
	for _, x := range p.ends {
		theirs, _ := x.peer().store.Held(x.node.log)
		x.peerHolds = theirs.Size
	}
	w.logf("%s dials %s", l.dialler.name(), l.callee.name())
	for _, x := range p.ends {
		peer := replica.Peer{Key: x.peer().transportKey(), Dialled: x.side == 0}
		if peer.Key.Equal(transportKey(x.peer().office)) {
			peer.Office = x.peer().office
		}
		x.node.post(replica.Opened{Session: x.id, Peer: peer})
	}
}

func (x *end) other() *end { return x.pipe.ends[1-x.side] }
func (x *end) peer() *node { return x.other().node }

// alive says whether this side still has the session: the node may have crashed.
func (x *end) alive() bool { return x.open && x.node.up && x.node.starts == x.starts }

// breakOff ends the pipe. When it is half-open one side learns of it much later, and
// the link is dialled again before that.
func (p *pipe) breakOff(halfOpen bool) {
	if p.link.up == p {
		p.link.up = nil
	}
	first := p.w.rng.IntN(2)
	p.ends[first].drop()
	if halfOpen {
		p.w.after(p.w.between(5*time.Second, 30*time.Second), p.ends[1-first].drop)
		return
	}
	p.ends[1-first].drop()
}

func (x *end) drop() {
	if !x.open {
		return
	}
	alive := x.alive()
	x.open = false
	if !alive {
		return
	}
	for id, in := range x.node.intakes {
		if in.end == x {
			delete(x.node.intakes, id)
		}
	}
	delete(x.node.ends, x.id)
	x.node.order = slices.DeleteFunc(x.node.order, func(id replica.SessionID) bool { return id == x.id })
	x.node.post(replica.Closed{Session: x.id})
}

// wake makes the stream writable a little later; much later when it is slow.
func (x *end) wake() {
	if x.waking {
		return
	}
	x.waking = true
	d := x.pipe.w.between(0, 20*time.Millisecond)
	if x.pipe.link.slow {
		d += x.pipe.w.between(time.Second, 4*time.Second)
	}
	x.pipe.w.after(d, func() {
		x.waking = false
		if x.alive() {
			x.node.post(replica.Writable{Session: x.id, Now: x.node.wall(), InDoubt: x.node.store.Doubt().MayBeOld()})
		}
	})
}

// send puts a frame on the wire, where things happen to it.
func (x *end) send(f *nodev1.Frame, last bool) {
	w := x.pipe.w
	if n := len(f.GetStamps().GetStamps()); n > 0 {
		x.pipe.stamps += n
	} else {
		w.traffic++
	}
	b, err := proto.Marshal(f)
	if err != nil {
		w.fail("marshalling a frame: %v", err)
	}
	odds := w.plan.faults
	drop, double, swap, flip := w.chance(odds.drop), w.chance(odds.double), w.chance(odds.swap), w.chance(odds.flip)
	if w.plan.mutant == hoards && x.node.index == 0 && f.GetStamps() != nil {
		drop = true
	}
	if flip {
		b[w.rng.IntN(len(b))] ^= 1 << w.rng.IntN(8)
	}
	if flip || double || swap {
		x.pipe.link.spoilt++
	}
	x.node.remember(b)
	x.greeted = x.greeted || f.GetHello() != nil
	switch {
	case drop:
	case swap && x.held == nil:
		x.held = b
	default:
		x.deliver(b)
		if double {
			x.deliver(b)
		}
		if x.held != nil {
			x.deliver(x.held)
			x.held = nil
		}
	}
	if f.GetHello() != nil && x.node.lies() { // at once, while others are still being asked
		x.lie(w.plan.lies[w.rng.IntN(len(w.plan.lies))])
	}
	if last {
		x.pipe.w.after(100*time.Millisecond, func() { x.pipe.breakOff(false) })
	}
}

// deliver has a frame arrive, after those before it; then is what follows from that.
func (x *end) deliver(b []byte, then ...func()) {
	w, to := x.pipe.w, x.other()
	x.free = max(x.free, w.now) + w.between(time.Millisecond, 30*time.Millisecond)
	w.after(x.free-w.now, func() {
		if !to.alive() {
			return
		}
		f := &nodev1.Frame{}
		if err := proto.Unmarshal(b, f); err != nil {
			to.node.post(replica.Broken{Session: to.id, Err: fmt.Errorf("not a frame: %v", err)})
			return
		}
		to.node.remember(b)
		if !to.node.lies() || f.GetChallenge() == nil { // a lie has asked for that
			to.node.receive(to.id, f)
		}
		for _, do := range then {
			do()
		}
	})
}
