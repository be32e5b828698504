package server

import (
	"context"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// BenchmarkCombinedView is the combined view of 130 committees on one matter through
// gRPC and TLS, folded anew for every call, decoded by the caller. Its floor is an
// echo of as many bytes by another server with the same transport. With held=130 each
// committee has said one thing, with held=10000 the matter has some 4,000 statements.
func BenchmarkCombinedView(b *testing.B) { eachSize(b, benchmarkCombinedView) }

// How one round asks: enough callers to keep the machine busy.
const (
	viewCallers = 16
	viewCalls   = 64
)

func benchmarkCombinedView(w *benchWorld) {
	b := w.b
	cc := w.dialNode(w.keeper, nil)
	defer cc.Close()
	client := nodev1.NewGuidanceServiceClient(cc)
	req := &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: corpus.Matter(0), AsOf: "2025-12-31"}}
	view, err := client.GetCombinedView(b.Context(), req)
	w.must(err)
	if n := len(view.View.Committees); n < benchOffices {
		b.Fatalf("%d committees in the view, want %d", n, benchOffices)
	}
	echo := w.echoed(proto.Size(view))
	var cpu, floor, qps, floorQPS, inside rounds
	for b.Loop() {
		f, fq := askMany(w, echo)
		c, q := askMany(w, func(ctx context.Context) error {
			_, err := client.GetCombinedView(ctx, req)
			return err
		})
		in, _ := askMany(w, func(ctx context.Context) error {
			_, err := guidanceService{n: w.keeper.Node}.GetCombinedView(ctx, req)
			return err
		})
		cpu.add(c)
		qps.add(q)
		floor.add(f)
		floorQPS.add(fq)
		inside.add(in)
	}
	report(b, map[string]float64{
		"cpu-µs": cpu.median(), "echo-cpu-µs": floor.median(), "x-echo-cpu": cpu.median() / floor.median(), "fold-cpu-µs": inside.median(),
		"qps": qps.median(), "echo-qps": floorQPS.median(), "B": float64(proto.Size(view)),
	})
}

// askMany calls f from several callers at once, and returns processor time per call
// and calls a second.
func askMany(w *benchWorld, f func(context.Context) error) (cpu, qps float64) {
	w.b.Helper()
	start := time.Now()
	cpu = cpuOf(func() {
		start = time.Now()
		var work sync.WaitGroup
		for range viewCallers {
			work.Go(func() {
				for range viewCalls / viewCallers {
					if err := f(context.Background()); err != nil {
						w.b.Error(err)
					}
				}
			})
		}
		work.Wait()
	})
	return cpu / viewCalls, viewCalls / time.Since(start).Seconds()
}

// echoed asks a server that answers with size bytes, over the same transport as the
// keeper's.
func (w *benchWorld) echoed(size int) func(context.Context) error {
	w.b.Helper()
	answer := wrapperspb.Bytes(make([]byte, size))
	srv := grpc.NewServer(grpc.Creds(credentials.NewTLS(w.serverTLS())))
	srv.RegisterService(&grpc.ServiceDesc{ServiceName: "bench.Echo", HandlerType: (*any)(nil), Methods: []grpc.MethodDesc{{
		MethodName: "Echo",
		Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			return answer, decode(&wrapperspb.BytesValue{})
		},
	}}}, nil)
	lis := listenCounting(w.b)
	served := make(chan error, 1)
	go func() { served <- srv.Serve(lis) }()
	cc, err := grpc.NewClient("passthrough:///"+lis.Addr().String(), grpc.WithTransportCredentials(credentials.NewTLS(w.clientTLS(nil))))
	w.must(err)
	w.b.Cleanup(func() {
		cc.Close()
		srv.Stop()
		<-served
	})
	return func(ctx context.Context) error {
		return cc.Invoke(ctx, "/bench.Echo/Echo", &wrapperspb.BytesValue{}, &wrapperspb.BytesValue{})
	}
}
