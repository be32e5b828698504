package replica

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// chanConn is a Conn without any buffer: a frame is sent when the other side takes it,
// and not before. What does not deadlock on it deadlocks nowhere.
type chanConn struct {
	ctx     context.Context // done when the other side has ended the stream
	in, out chan *nodev1.Frame
	peer    *Replica                          // answers fetches
	self    Peer                              // as the peer knows this side
	spoil   func(*nodev1.Chunk) *nodev1.Chunk // what happens to chunks on their way
	mute    bool                              // fetches are never answered
	stall   func() bool                       // while true nothing is taken off the stream
}

func (c *chanConn) Send(f *nodev1.Frame) error {
	select {
	case c.out <- f:
		return nil
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
}

func (c *chanConn) Recv() (*nodev1.Frame, error) {
	for c.stall != nil && c.stall() && c.ctx.Err() == nil {
		time.Sleep(time.Second)
	}
	select {
	case f := <-c.in:
		return f, nil
	case <-c.ctx.Done():
		return nil, io.EOF
	}
}

func (c *chanConn) Fetch(ctx context.Context, req *nodev1.FetchRequest) (ChunkSource, error) {
	src := &chanSource{ctx: ctx, chunks: make(chan *nodev1.Chunk), end: make(chan error, 1)}
	if c.mute {
		return src, nil
	}
	go func() {
		src.end <- c.peer.Answer(ctx, c.self, req, func(chunk *nodev1.Chunk) error {
			if c.spoil != nil {
				chunk = c.spoil(proto.Clone(chunk).(*nodev1.Chunk))
			}
			select {
			case src.chunks <- chunk:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	return src, nil
}

type chanSource struct {
	ctx    context.Context
	chunks chan *nodev1.Chunk
	end    chan error
}

func (s *chanSource) Recv() (*nodev1.Chunk, error) {
	select {
	case c := <-s.chunks:
		return c, nil
	case err := <-s.end:
		if err == nil {
			err = io.EOF
		}
		return nil, err
	case <-s.ctx.Done():
		return nil, context.Cause(s.ctx)
	}
}

// pair is two nodes in conversation.
type pair struct {
	a, b       *chanConn
	errA, errB error
	hangUp     func()
}

// join has two nodes converse until hangUp, or until one of them ends it.
func join(a, b *testNode, change func(*pair)) *pair {
	ctx, cancel := context.WithCancel(context.Background())
	streamA, endA := context.WithCancel(context.Background())
	streamB, endB := context.WithCancel(context.Background())
	ab, ba := make(chan *nodev1.Frame), make(chan *nodev1.Frame)
	peerA, peerB := Peer{Office: a.office, Key: transportKey(a.office)}, Peer{Office: b.office, Key: transportKey(b.office)}
	p := &pair{
		a: &chanConn{ctx: streamA, in: ba, out: ab, peer: b.replica, self: peerA},
		b: &chanConn{ctx: streamB, in: ab, out: ba, peer: a.replica, self: peerB},
	}
	if change != nil {
		change(p)
	}
	peerB.Dialled = true
	var done sync.WaitGroup
	done.Go(func() { p.errA = a.replica.Run(ctx, peerB, p.a); endB() })
	done.Go(func() { p.errB = b.replica.Run(ctx, peerA, p.b); endA() })
	p.hangUp = func() {
		cancel()
		done.Wait()
	}
	return p
}

// inBubble runs a test over nodes in virtual time.
func inBubble(t *testing.T, offices []string, test func(t *testing.T, nodes []*testNode)) {
	dir := testDir(t)
	synctest.Test(t, func(t *testing.T) {
		var nodes []*testNode
		for _, o := range offices {
			n := startNode(t, dir, o)
			if o == "keeper" {
				n.publish(1, 100)
			}
			nodes = append(nodes, n)
		}
		test(t, nodes)
		for _, n := range nodes {
			n.close()
		}
	})
}

// Both publish as fast as they can over streams without any buffer: nobody waits for
// anybody for ever (grpc-go#5393).
func TestBothSidesSpeakingDoNotDeadlock(t *testing.T) {
	inBubble(t, []string{"keeper", "essex"}, func(t *testing.T, n []*testNode) {
		p := join(n[0], n[1], nil)
		for range 50 {
			n[0].publish(1, 100)
			n[1].publish(1, 100)
		}
		time.Sleep(5 * time.Second)
		checkEqual(t, n...)
		p.hangUp()
	})
}

// A peer that takes nothing for an hour is not disconnected, the others notice nothing
// of it, and what it gets then is the newest state.
func TestSlowPeerIsKeptAndOthersGoOn(t *testing.T) {
	inBubble(t, []string{"keeper", "essex", "surrey"}, func(t *testing.T, n []*testNode) {
		hub, essex, surrey := n[0], n[1], n[2]
		from, until := time.Now().Add(time.Second), time.Now().Add(time.Hour)
		slow := join(hub, essex, func(p *pair) {
			p.b.stall = func() bool { return time.Now().After(from) && time.Now().Before(until) }
		})
		quick := join(hub, surrey, nil)
		for range 20 {
			time.Sleep(time.Minute)
			hub.publish(1, 100)
		}
		time.Sleep(time.Second)
		checkEqual(t, hub, surrey)
		if !hub.replica.Connected(transportKey("essex")) {
			t.Error("the slow peer was disconnected")
		}
		time.Sleep(time.Hour)
		checkEqual(t, hub, essex)
		slow.hangUp()
		quick.hangUp()
	})
}

// Kent's chunks are spoilt on their way; the hub's are not. Surrey gets everything, and
// says that Kent's do not verify.
func TestSpoiltChunksAreFetchedElsewhere(t *testing.T) {
	inBubble(t, []string{"keeper", "kent", "surrey"}, func(t *testing.T, n []*testNode) {
		hub, kent, surrey := n[0], n[1], n[2]
		hub.publish(200, 2000)
		first := join(hub, kent, nil)
		time.Sleep(5 * time.Second)
		bad := join(surrey, kent, func(p *pair) {
			p.a.spoil = func(c *nodev1.Chunk) *nodev1.Chunk {
				for _, s := range c.Segments {
					s.Checkpoint[len(s.Checkpoint)-5] ^= 1
				}
				return c
			}
		})
		time.Sleep(20 * time.Second)
		if len(surrey.store.Heads()) != 0 {
			t.Error("spoilt chunks were taken")
		}
		good := join(surrey, hub, nil)
		time.Sleep(5 * time.Second)
		checkEqual(t, hub, kent, surrey)
		for _, p := range []*pair{first, bad, good} {
			p.hangUp()
		}
	})
}

// A source that accepts a request and then says nothing: after three seconds another
// one is asked.
func TestSilentSourceIsLeft(t *testing.T) {
	inBubble(t, []string{"keeper", "kent", "surrey"}, func(t *testing.T, n []*testNode) {
		hub, kent, surrey := n[0], n[1], n[2]
		first := join(hub, kent, nil)
		time.Sleep(time.Second)
		mute := join(surrey, kent, func(p *pair) { p.a.mute = true })
		time.Sleep(100 * time.Millisecond)
		good := join(surrey, hub, nil)
		time.Sleep(StallAfter + 2*TickEvery)
		checkEqual(t, hub, surrey)
		for _, p := range []*pair{first, mute, good} {
			p.hangUp()
		}
	})
}

// Garbage instead of a frame ends the session, says why, and leaves nothing behind.
func TestGarbageEndsTheSession(t *testing.T) {
	inBubble(t, []string{"keeper", "essex"}, func(t *testing.T, n []*testNode) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		c := &chanConn{ctx: ctx, in: make(chan *nodev1.Frame), out: make(chan *nodev1.Frame), mute: true}
		var got []*nodev1.Frame
		go func() {
			c.in <- helloFrame(func(h *nodev1.Hello) { h.Instance = nil })
		}()
		go func() {
			for {
				select {
				case f := <-c.out:
					got = append(got, f)
				case <-ctx.Done():
					return
				}
			}
		}()
		err := n[0].replica.Run(ctx, Peer{Office: "mallory", Key: transportKey("mallory")}, c)
		synctest.Wait()
		if !errors.Is(err, ErrProtocol) || !strings.Contains(err.Error(), "instance in Hello of 0 bytes: want 8") {
			t.Errorf("the session ended with %v, want ErrProtocol naming the instance", err)
		}
		if last := got[len(got)-1].GetRefusal(); last.GetReason() != reasonProtocol {
			t.Errorf("the last frame is %v, want a refusal", got[len(got)-1])
		}
		for _, p := range n[0].replica.Peers() {
			if p.GetConnected() || !strings.Contains(p.GetProblem().GetWords(), "instance in Hello") {
				t.Errorf("status %v: want it to say why the peer is gone", p)
			}
		}
	})
}

// A node that the register does not have is told so in words, and both sides' Run say
// the same.
func TestStrangersAreRefusedInWords(t *testing.T) {
	inBubble(t, []string{"keeper", "essex"}, func(t *testing.T, n []*testNode) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		ab, ba := make(chan *nodev1.Frame), make(chan *nodev1.Frame)
		a := &chanConn{ctx: ctx, in: ba, out: ab, mute: true}
		b := &chanConn{ctx: ctx, in: ab, out: ba, mute: true}
		var here, there error
		var done sync.WaitGroup
		done.Go(func() {
			here = n[0].replica.Run(ctx, Peer{Key: transportKey("essex")}, a)
		})
		done.Go(func() {
			there = n[1].replica.Run(ctx, Peer{Office: "keeper", Key: transportKey("keeper"), Dialled: true}, b)
		})
		done.Wait()
		if !errors.Is(here, ErrNotInRegister) || !errors.Is(there, ErrNotInRegister) {
			t.Errorf("the sessions ended with %v and %v, want ErrNotInRegister", here, there)
		}
		var refused *Refused
		if !errors.As(there, &refused) || !refused.ByPeer || !strings.Contains(refused.Detail, "ask the keeper to admit it") {
			t.Errorf("the stranger learns %v, want the remedy", there)
		}
	})
}

// Two processes with the keys of one office: the second is refused, and both say so.
func TestSecondWriterIsRefusedAndBothAlarm(t *testing.T) {
	dirs := []string{testDir(t), testDir(t), testDir(t)}
	synctest.Test(t, func(t *testing.T) {
		hub, essex := startNode(t, dirs[0], "keeper"), startNode(t, dirs[1], "essex")
		clone := startNode(t, dirs[2], "essex")
		first := join(essex, hub, nil)
		time.Sleep(time.Second)
		second := join(clone, hub, nil)
		time.Sleep(time.Second)
		second.hangUp() // it has ended; this waits for both sides to say so
		if !errors.Is(second.errA, ErrDuplicateInstance) || RetryAfter(second.errA) == 0 {
			t.Errorf("the clone's session ended with %v, want ErrDuplicateInstance", second.errA)
		}
		if !hub.replica.Connected(transportKey("essex")) {
			t.Error("the first session ended too")
		}
		for _, n := range []*testNode{hub, clone} {
			n.mu.Lock()
			if len(n.alarms) == 0 {
				t.Errorf("%s: no alarm", n.office)
			}
			n.mu.Unlock()
		}
		first.hangUp()
		for _, n := range []*testNode{hub, essex, clone} {
			n.close()
		}
	})
}
