package replica

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// stuckConn opens streams that take nothing and give nothing, and that know when they
// are closed in the midst of a Send.
type stuckConn struct{ closed, early atomic.Int32 }

func (c *stuckConn) Invoke(context.Context, string, any, any, ...grpc.CallOption) error {
	return errors.New("no such call")
}

func (c *stuckConn) NewStream(ctx context.Context, _ *grpc.StreamDesc, _ string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	return &stuckStream{conn: c, ctx: ctx}, nil
}

type stuckStream struct {
	conn    *stuckConn
	ctx     context.Context
	sending atomic.Bool
}

func (s *stuckStream) Header() (metadata.MD, error) { return nil, nil }
func (s *stuckStream) Trailer() metadata.MD         { return nil }
func (s *stuckStream) Context() context.Context     { return s.ctx }

func (s *stuckStream) SendMsg(any) error {
	s.sending.Store(true)
	defer s.sending.Store(false)
	<-s.ctx.Done()
	return s.ctx.Err()
}

func (s *stuckStream) RecvMsg(any) error {
	<-s.ctx.Done()
	return s.ctx.Err()
}

func (s *stuckStream) CloseSend() error {
	s.conn.closed.Add(1)
	if s.sending.Load() {
		s.conn.early.Add(1)
	}
	return nil
}

// A session that ends while its first frame is held up hangs up only when the writer
// has let go of the stream: grpc forbids CloseSend beside Send.
func TestHangUpWaitsForTheWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := openStore(t, "essex")
		r := New(Config{Store: st, Key: transportKey("essex"), Keys: testVerifier().Keys, Logger: slog.New(slog.DiscardHandler)})
		conn := &stuckConn{}
		began := time.Now()
		err := r.DialSession(t.Context(), conn, Peer{Office: "kent", Key: transportKey("kent")})
		if !errors.Is(err, ErrProtocol) {
			t.Errorf("got %v, want that no Hello came", err)
		}
		if took := time.Since(began); took > HelloWithin+3*FarewellWithin {
			t.Errorf("it took %v", took)
		}
		r.Close()
		if conn.closed.Load() != 1 || conn.early.Load() != 0 {
			t.Errorf("closed %d times, %d of them beside a Send", conn.closed.Load(), conn.early.Load())
		}
	})
}

// A peer was asked for the words that are missing here when it connected, and never again: those that it got
// only then stayed missing as long as the line was up.
func TestWordsThatAreMissingAreAskedForAgain(t *testing.T) {
	c := coreWith("essex", 1, 9)
	key, root := transportKey("kent"), c.Root()
	node := NodeOf(key)
	c.Step(Opened{1, Peer{Office: "kent", Key: key}})
	c.Step(Writable{Session: 1})
	asked := func(ev Event) (fetches []FetchID) {
		for _, e := range c.Step(ev) {
			if f, ok := e.(Fetch); ok && f.Bodies {
				fetches = append(fetches, f.Fetch)
			}
		}
		return fetches
	}
	first := asked(Received{Session: 1, Frame: helloFrame(func(h *nodev1.Hello) {
		h.Office, h.Node, h.Instance, h.FrontierRoot = "kent", node[:], []byte("instance"), root[:]
	})})
	if len(first) != 1 {
		t.Fatalf("at connecting: %v", first)
	}
	c.Step(Done{Fetch: first[0]})
	if again := asked(Tick{Now: BodiesEvery - TickEvery}); len(again) != 0 {
		t.Errorf("too early: %v", again)
	}
	for n := range time.Duration(3) {
		again := asked(Tick{Now: (n + 1) * BodiesEvery})
		if len(again) != 1 || len(asked(Tick{Now: (n+1)*BodiesEvery + TickEvery})) != 0 {
			t.Fatalf("after %v: %v", (n+1)*BodiesEvery, again)
		}
		c.Step(Done{Fetch: again[0]})
	}
}
