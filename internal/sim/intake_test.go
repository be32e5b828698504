package sim

import (
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

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
	if (w.chance(w.plan.faults.silent) || x.peer().withholds()) && !e.Bodies {
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
		req, in.wanted, err = replica.RequestBodies(st, nil)
		return req, err
	}
	if in.in, err = replica.NewIntake(st, in.node.keys, in.node.verifier.Opened, in.fetch.Logs); err != nil {
		return nil, err
	}
	return in.in.Request(), nil
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
	in.end.peer().alter(c)
	b, err := proto.Marshal(c)
	if err != nil {
		w.fail("marshalling a chunk: %v", err)
	}
	flip, cut, double := w.chance(w.plan.faults.chunkFlip), w.chance(w.plan.faults.chunkCut), w.chance(w.plan.faults.chunkDouble)
	if flip {
		b[w.rng.IntN(len(b))] ^= 1 << w.rng.IntN(8)
	}
	if flip || double {
		in.end.pipe.link.spoilt++
	}
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
	err = in.findings(err)
	done := in.in.Outcome(in.fetch.Fetch, err)
	if done.Outcome != replica.Complete {
		in.node.w.logf("%s: fetch from %s: %v: %v", in.node.office, in.end.peer().office, done.Outcome, done.Err)
	}
	in.node.post(done)
}

// findings tells the node what the fetch has shown of logs. Whether an office has signed two
// histories is found out in one go: what may go wrong on the way is tried by the fetch itself.
func (in *intake) findings(err error) error {
	n, found := in.node, in.in.Findings()
	for _, fork := range found.Forks {
		n.contradicts(fork)
	}
	if found.OwnContradicted != nil {
		n.alarm(replica.Alarm{Code: replica.AlarmOwnHeadContradicted, Office: n.office, Log: found.OwnLog, Words: found.OwnContradicted.Error()})
	}
	if err != nil || !in.end.other().alive() {
		return err
	}
	for _, head := range found.Unproven {
		held, ok := n.store.Held(head.Log)
		if !ok || held.Size == 0 || held.Size > head.Size {
			continue
		}
		check := replica.NewForkCheck(n.keys, held)
		answer, err := replica.NewAnswer(in.end.peer().store, check.Request(), readable)
		for err == nil {
			var c *nodev1.Chunk
			if c, err = answer.Next(); err == nil {
				in.end.peer().alter(c)
				err = check.Take(c)
			}
		}
		if fork, yes := check.Fork(); yes {
			n.contradicts(fork)
		} else if errors.Is(err, ledger.ErrMalformed) || errors.Is(err, ledger.ErrTooLarge) {
			return err
		}
	}
	return nil
}
