package replica

import (
	"context"
	"fmt"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/store"
)

// hubOf makes a store with n letters over the logs of 130 offices, the larger offices
// with more of them.
func hubOf(b *testing.B, n int) *store.Store {
	b.Helper()
	const offices = 130
	hub := openStore(b, "hub")
	all := letters(n)
	for i := range offices {
		share := min(len(all), max(1, n/(6*(i+1))))
		if i == offices-1 {
			share = len(all)
		}
		if share == 0 {
			break
		}
		st := openStore(b, fmt.Sprintf("o%d", i))
		fill(b, st, all[:share]...)
		all = all[share:]
		exchange(b, st, hub)
		st.Close()
	}
	return hub
}

// BenchmarkColdJoin is one node taking all that another holds: packed, verified,
// indexed, synced. Without gRPC and TLS, both ends in this process.
func BenchmarkColdJoin(b *testing.B) {
	const n = 10_000
	hub := hubOf(b, n)
	b.ResetTimer()
	for b.Loop() {
		to := openStore(b, "surrey")
		wire := 0
		for _, c := range exchange(b, hub, to) {
			wire += proto.Size(c)
		}
		b.ReportMetric(float64(wire)/float64(n), "wire-B/entry")
		to.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/entry")
}

// BenchmarkPublishToPeer is from the publisher's call to the head held at a peer, over
// streams without a buffer, durable at both.
func BenchmarkPublishToPeer(b *testing.B) {
	dir := testDir(b)
	hub, essex := startNode(b, dir, "keeper"), startNode(b, dir, "essex")
	p := join(essex, hub, nil)
	hub.publish(1, 100)
	time.Sleep(100 * time.Millisecond)
	log := testLog("keeper")
	for b.Loop() {
		hub.publish(1, 3000)
		want, _ := hub.store.Held(log)
		for feed, _ := essex.store.FeedEnd(); ; {
			if h, _ := essex.store.Held(log); h.Size >= want.Size {
				break
			}
			if err := essex.store.Wait(context.Background(), feed); err != nil {
				b.Fatal(err)
			}
			feed, _ = essex.store.FeedEnd()
		}
	}
	p.hangUp()
	essex.close()
	hub.close()
}
