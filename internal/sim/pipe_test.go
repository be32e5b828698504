package sim

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

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
	peerHolds uint64 // of this side's own log, when it was dialled
}

func (l *link) connect(w *world) {
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
	w.logf("%s dials %s", l.dialler.office, l.callee.office)
	for _, x := range p.ends {
		x.node.post(replica.Opened{Session: x.id, Peer: replica.Peer{
			Office: x.peer().office, Key: x.peer().tls, Dialled: x.side == 0,
		}})
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
			x.node.post(replica.Writable{Session: x.id, Now: x.node.wall()})
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
	if last {
		x.pipe.w.after(100*time.Millisecond, func() { x.pipe.breakOff(false) })
	}
}

func (x *end) deliver(b []byte) {
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
		to.node.receive(to.id, f)
	})
}

// intake is one fetch under way.
type intake struct {
	node   *node
	end    *end
	fetch  replica.Fetch
	in     *replica.Intake
	answer *replica.Answer
	wanted replica.WantedBodies // bodies asked for
}

// fetch runs one fetch: the request goes out, chunks come back one by one.
func (n *node) fetch(x *end, e replica.Fetch) {
	in := &intake{node: n, end: x, fetch: e}
	n.intakes[e.Fetch] = in
	w := n.w
	if w.chance(w.plan.faults.silent) && !e.Bodies {
		w.after(replica.ReceiveWithin, func() { in.finish(errors.New("nothing came")) })
		return
	}
	w.after(w.between(time.Millisecond, 40*time.Millisecond), in.begin)
}

func (in *intake) live() bool {
	return in.end.alive() && in.end.other().alive() && in.node.intakes[in.fetch.Fetch] == in
}

func (in *intake) begin() {
	if !in.live() {
		in.finish(errors.New("cut"))
		return
	}
	req, err := in.request()
	if err != nil || req == nil {
		in.finish(err)
		return
	}
	if in.answer, err = replica.NewAnswer(in.end.peer().store, req, readable); err != nil {
		in.node.w.fail("%s refuses a request of %s: %v", in.end.peer().office, in.node.office, err)
	}
	in.next()
}

func (in *intake) request() (req *nodev1.FetchRequest, err error) {
	st := in.node.store
	if in.fetch.Bodies {
		req, in.wanted, err = replica.RequestBodies(st)
		return req, err
	}
	if in.in, err = replica.NewIntake(st, in.node.keys, in.fetch.Logs); err != nil {
		return nil, err
	}
	return replica.Request(st, in.fetch.Logs)
}

// next sends a chunk, and after a while the one after it.
func (in *intake) next() {
	w := in.node.w
	if !in.live() {
		in.finish(errors.New("cut"))
		return
	}
	c, err := in.answer.Next()
	if errors.Is(err, io.EOF) {
		in.finish(nil)
		return
	}
	if err != nil {
		w.fail("%s: answering: %v", in.end.peer().office, err)
		return
	}
	w.traffic++
	b, err := proto.Marshal(c)
	if err != nil {
		w.fail("marshalling a chunk: %v", err)
	}
	if w.chance(w.plan.faults.chunkFlip) {
		b[w.rng.IntN(len(b))] ^= 1 << w.rng.IntN(8)
	}
	cut, double := w.chance(w.plan.faults.chunkCut), w.chance(w.plan.faults.chunkDouble)
	w.after(w.between(time.Millisecond, 200*time.Millisecond), func() {
		switch {
		case cut:
			in.finish(errors.New("cut"))
		case !in.live() || !in.take(b) || double && !in.take(b):
		default:
			in.next()
		}
	})
}

// take takes a chunk as it came, and sometimes writes what has verified.
func (in *intake) take(b []byte) bool {
	c := &nodev1.Chunk{}
	err := proto.Unmarshal(b, c)
	switch {
	case err != nil:
		err = fmt.Errorf("%w: %v", ledger.ErrMalformed, err)
	case in.fetch.Bodies:
		err = replica.TakeBodies(in.node.store, c, in.wanted)
	default:
		err = in.in.Take(c)
	}
	if err != nil {
		in.finish(err)
		return false
	}
	in.node.post(replica.Progressed{Fetch: in.fetch.Fetch})
	if in.node.w.plan.mutant == announcesEarly {
		in.announceEarly()
	}
	if in.in != nil && in.node.w.rng.IntN(2) == 0 {
		in.commit()
	}
	return true
}

// announceEarly is the planted bug: what a peer said it holds is taken for held.
func (in *intake) announceEarly() {
	var heads []ledger.Checkpoint
	for _, t := range in.fetch.Logs {
		if h, ok := in.end.peer().store.Held(t.Log); ok {
			heads = append(heads, h)
		}
	}
	in.node.post(replica.Committed{Heads: heads})
}

func (in *intake) commit() {
	moved, held, err := in.in.Commit()
	if err != nil {
		in.node.w.fail("%s: ingesting: %v", in.node.office, err)
		return
	}
	if len(held) > 0 {
		in.node.post(replica.Committed{Heads: held})
	}
	if len(moved) > 0 {
		in.node.w.logf("%s takes in %v", in.node.office, moved)
		in.node.post(replica.Progressed{Fetch: in.fetch.Fetch, Logs: moved})
	}
}

func (in *intake) finish(err error) {
	if !in.end.alive() || in.node.intakes[in.fetch.Fetch] != in {
		return
	}
	if in.in == nil {
		delete(in.node.intakes, in.fetch.Fetch)
		in.node.post(replica.BodiesOutcome(in.fetch.Fetch, err))
		return
	}
	in.commit()
	delete(in.node.intakes, in.fetch.Fetch)
	done := in.in.Outcome(in.fetch.Fetch, err)
	if done.Outcome != replica.Complete {
		in.node.w.logf("%s: fetch from %s: %v: %v", in.node.office, in.end.peer().office, done.Outcome, done.Err)
	}
	in.node.post(done)
}
