package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func TestCallUnderWayWhenTheNodeStopsHasTheDrainTimeAndNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &Node{cfg: Config{Logger: slog.New(slog.DiscardHandler)}, drain: make(chan struct{}), drainTime: drainTimeout}
		began := time.Now()
		n.stopStreams()
		_, err := n.unaryBorder(t.Context(), nil, &grpc.UnaryServerInfo{FullMethod: listMatters}, func(ctx context.Context, _ any) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		if took := time.Since(began); took < drainTimeout/2 || took >= drainTimeout {
			t.Errorf("the call ended %v after the stop, want just before %v", took, drainTimeout)
		}
		if !errors.Is(wire.FromStatus(err), fault.ErrStopping) {
			t.Errorf("the call ended with %v, want that the node is stopping", err)
		}
	})
}

// stopsWithin stops a node and says if that took as long as it may or longer.
func (n *testNode) stopsWithin(limit time.Duration) {
	n.t.Helper()
	began := time.Now()
	if err := n.stop(); err != nil {
		n.t.Error(err)
	}
	if took := time.Since(began); took >= limit {
		n.t.Errorf("stopping took %v", took)
	}
}

func TestHandlerDeafToItsContextHoldsNoStopForLonger(t *testing.T) {
	var deaf atomic.Bool
	entered, release := make(chan struct{}), make(chan struct{})
	n := open(t, Config{Dir: initNode(t, "gpc-england", true, true), unsearched: true, Now: func() time.Time { // which search asks for, too
		if deaf.CompareAndSwap(true, false) {
			close(entered)
			<-release
		}
		return time.Now()
	}})
	n.drainTime = 100 * time.Millisecond
	k := serveOpened(t, n)
	client, answered := nodev1.NewGuidanceServiceClient(k.dial(nil)), make(chan struct{})
	ctx := testContext(t)
	if err := k.Await(ctx, func() bool { return !k.store.LastStamp(k.ownLog()).Time.IsZero() }); err != nil { // which asks for the time, too
		t.Fatal(err)
	}
	deaf.Store(true)
	go func() {
		defer close(answered)
		_, _ = client.GetCombinedView(ctx, &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan"}})
	}()
	<-entered
	k.stopsWithin(drainTimeout / 2)
	close(release)
	<-answered
}

func TestAnOpenReflectionStreamDelaysNoStop(t *testing.T) {
	k := newKeeper(t)
	stream, err := reflectionv1.NewServerReflectionClient(k.dial(nil)).ServerReflectionInfo(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}}); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	k.stopsWithin(drainTimeout / 2)
	if _, err := stream.Recv(); status.Code(err) != codes.Unavailable {
		t.Errorf("the stream ended with %v, want Unavailable", err)
	}
}

func TestStreamWhoseRequestNeverComesDelaysNoStop(t *testing.T) {
	k := newKeeper(t)
	conn := k.dial(nil)
	if _, err := conn.NewStream(testContext(t), &grpc.StreamDesc{ServerStreams: true}, nodev1.GuidanceService_WatchView_FullMethodName); err != nil {
		t.Fatal(err)
	}
	// Streams of one connection begin in their order: this answer means the other is open.
	if _, err := nodev1.NewGuidanceServiceClient(conn).ListMatters(testContext(t), &answersv1.ListMattersRequest{}); err != nil {
		t.Fatal(err)
	}
	k.stopsWithin(drainTimeout / 2)
}

func TestHandshakeNeverFinishedHoldsNoStopForLonger(t *testing.T) {
	n := open(t, Config{Dir: initNode(t, "gpc-england", true, true)})
	n.drainTime = 100 * time.Millisecond
	k := serveOpened(t, n)
	silent, err := net.Dial("tcp", k.address)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	k.guidance().ListMatters(testContext(t), &answersv1.ListMattersRequest{}) // accepted after the silent one
	k.stopsWithin(drainTimeout / 2)
}
