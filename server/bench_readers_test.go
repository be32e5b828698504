package server

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// aPractice is what some practice asks about one of the matters that practices ask about.
func aPractice(practices []string) *answersv1.GetCombinedViewRequest {
	return &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{
		Matter: corpus.Ordinary(rand.IntN(corpus.AskedMatters)), Practice: practices[rand.IntN(len(practices))],
	}}
}

// BenchmarkPractices is a view as practices ask for it: any of 6,600, about any of twenty
// matters, each time another, against an echo of as many bytes.
func BenchmarkPractices(b *testing.B) {
	eachHeld(b, func(w *benchWorld, practices []string) {
		b := w.b
		client := nodev1.NewGuidanceServiceClient(w.dialNode(w.keeper, nil))
		bytes := rounds{}
		ask := func(ctx context.Context) error {
			_, err := client.GetCombinedView(ctx, aPractice(practices))
			return err
		}
		for range 100 {
			view, err := client.GetCombinedView(b.Context(), aPractice(practices))
			w.must(err)
			bytes.add(float64(proto.Size(view)))
		}
		echo := w.echoed(int(bytes.median()))
		var cpu, floor rounds
		for b.Loop() {
			f, _ := askMany(w, echo)
			floor.add(f)
			c, _ := askMany(w, ask)
			cpu.add(c)
		}
		report(b, map[string]float64{"cpu-µs": cpu.median(), "echo-cpu-µs": floor.median(), "x-echo": cpu.median() / floor.median(), "B": bytes.median()})
	})
}

// BenchmarkCallers is by how much the heap grows at most, garbage included, while 200
// callers at once ask for the views of practices, and how many are answered a second.
func BenchmarkCallers(b *testing.B) {
	const callers, calls = 200, 4000
	eachHeld(b, func(w *benchWorld, practices []string) {
		b := w.b
		client := nodev1.NewGuidanceServiceClient(w.dialNode(w.keeper, nil))
		var peak, qps rounds
		for b.Loop() {
			start := time.Now()
			peak.add(peakHeap(func() {
				var left atomic.Int64
				left.Store(calls)
				var work sync.WaitGroup
				for range callers {
					work.Go(func() {
						for left.Add(-1) >= 0 {
							if _, err := client.GetCombinedView(context.Background(), aPractice(practices)); err != nil {
								b.Error(err)
							}
						}
					})
				}
				work.Wait()
			}))
			qps.add(calls / time.Since(start).Seconds())
		}
		report(b, map[string]float64{"peak-MB": peak.median() / 1e6, "qps": qps.median()})
	})
}

// BenchmarkWatchers is the processor time of one letter that comes while 2,000 practices
// watch the view of one matter: on that matter, until all of them have been told; and on
// another, over a second in which nothing else happens. Sending and the network are left out.
func BenchmarkWatchers(b *testing.B) {
	const watchers = 2000
	eachHeld(b, func(w *benchWorld, _ []string) {
		b := w.b
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var told atomic.Int64
		var watching sync.WaitGroup
		for range watchers {
			watching.Go(func() {
				req := &answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: corpus.Ordinary(0)}}
				_ = guidanceService{n: w.keeper.Node}.WatchView(req, &toldStream{ctx: ctx, told: &told})
			})
		}
		until := func(n int64) {
			for end := time.Now().Add(benchLimit); told.Load() < n; time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					b.Fatalf("%d watchers were told, want %d", told.Load(), n)
				}
			}
		}
		until(watchers)
		var same, other, idle rounds
		for b.Loop() {
			idle.add(cpuOf(func() { time.Sleep(time.Second) }))
			before := told.Load()
			same.add(cpuOf(func() {
				w.says(w.offices[7], corpus.Ordinary(0))
				until(before + watchers)
			}))
			other.add(cpuOf(func() {
				w.says(w.offices[8], corpus.Ordinary(1))
				time.Sleep(time.Second)
			}))
		}
		cancel()
		watching.Wait()
		report(b, map[string]float64{"same-cpu-ms": same.median() / 1e3, "other-cpu-ms": (other.median() - idle.median()) / 1e3, "idle-cpu-ms": idle.median() / 1e3})
	})
}

// toldStream counts what one watcher is sent.
type toldStream struct {
	nodev1.GuidanceService_WatchViewServer
	ctx  context.Context
	told *atomic.Int64
}

func (s *toldStream) Context() context.Context                { return s.ctx }
func (s *toldStream) SetHeader(metadata.MD) error             { return nil }
func (s *toldStream) Send(*answersv1.WatchViewResponse) error { s.told.Add(1); return nil }
