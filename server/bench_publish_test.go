package server

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// eachSize runs a benchmark in two federations: one letter of each office, and
// everything of the corpus. Every letter is held by the keeper.
func eachSize(b *testing.B, f func(*benchWorld)) {
	for _, entries := range []int{benchOffices, benchEntries} {
		b.Run(fmt.Sprintf("held=%d", entries), func(b *testing.B) {
			w := newWorld(b, entries)
			w.ingestAll()
			f(w)
		})
	}
}

// BenchmarkPublishVisible is a letter published through gRPC at an office's node until
// the keeper's store answers with it. Its floor is two bare bbolt commits one after
// the other, the least that is durable at both ends. -benchtime 1000x gives the
// percentiles of a thousand.
func BenchmarkPublishVisible(b *testing.B) { eachSize(b, benchmarkPublishVisible) }

func benchmarkPublishVisible(w *benchWorld) {
	b := w.b
	n := w.open(w.admit("publisher", "committee-publisher"), listenCounting(w.b))
	w.serve(n)
	w.await(n)
	w.must(n.refold())
	letters := w.letters("publisher", "committee-publisher")
	client := w.officer(n)
	first, second := w.bareCommitter(), w.bareCommitter()
	var visible, answered, floor, cpu rounds
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		if i == len(letters) {
			b.Fatalf("only %d letters to publish: -benchtime %dx", i, i)
		}
		floor.add(micros(first() + second()))
		seen := w.whenVisible("publisher", uint64(i))
		used, start := cpuTime(), time.Now()
		_, err := client.PublishAdvisory(b.Context(), &nodev1.PublishAdvisoryRequest{RequestId: fmt.Sprint("r", i), Advisory: letters[i]})
		w.must(err)
		answered.add(micros(time.Since(start)))
		visible.add(micros((<-seen).Sub(start)))
		cpu.add(micros(cpuTime() - used))
	}
	report(b, map[string]float64{
		"p50-µs": visible.median(), "p99-µs": visible.at(0.99), "answered-p50-µs": answered.median(), "cpu-µs": cpu.median(),
		"floor-p50-µs": floor.median(), "floor-p99-µs": floor.at(0.99), "x-floor-p50": visible.median() / floor.median(),
	})
}

// letters are a thousand letters an office may publish one after the other.
func (w *benchWorld) letters(office, committee string) []*guidancev1.Advisory {
	from := corpus.Generate(2, 1000, 1)[0]
	for _, a := range from.Advisories {
		a.Office, a.OnBehalfOf = office, []string{committee}
		a.Positions[0].Committees = a.OnBehalfOf
		for i := range a.Amends {
			a.Amends[i] = strings.Replace(a.Amends[i], from.ID, office, 1)
		}
	}
	return from.Advisories
}

// officer is the publication service as the office's officer calls it.
func (w *benchWorld) officer(n *benchNode) nodev1.PublicationServiceClient {
	w.b.Helper()
	cc := w.dialNode(n, n.keys.Officer)
	w.b.Cleanup(func() { cc.Close() })
	return nodev1.NewPublicationServiceClient(cc)
}

// whenVisible tells when the keeper's store answers with an entry.
func (w *benchWorld) whenVisible(office string, index uint64) <-chan time.Time {
	seen := make(chan time.Time, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), benchLimit)
		defer cancel()
		err := w.keeper.Await(ctx, func() bool { return w.keeper.HeldSize(office) > index })
		if err == nil {
			_, err = w.keeper.store.Entry(ledger.EntryID{Office: office, Index: index})
		}
		if err != nil {
			w.b.Error(err)
		}
		seen <- time.Now()
	}()
	return seen
}

// BenchmarkAppend is a letter of the node's own, already checked, made durable: sealed,
// kept as a draft, signed, indexed, committed, guarded. Its floor is one bare bbolt
// commit of the same size.
func BenchmarkAppend(b *testing.B) { eachSize(b, benchmarkAppend) }

func benchmarkAppend(w *benchWorld) {
	b := w.b
	n := w.open(w.joined("publisher"), listenCounting(b))
	defer n.Close()
	letters := w.letters("publisher", "committee-publisher")
	write := func(i int) {
		_, err := n.signer.write(writing{
			requestID: fmt.Sprint("r", i), kind: ledgerv1.EntryKind_ENTRY_KIND_ADVISORY,
			visibility: guidancev1.Visibility_VISIBILITY_PUBLIC, messages: []proto.Message{letters[i%len(letters)]},
		})
		w.must(err)
	}
	hangUp := w.talk(n) // a log is begun only in sight of a peer
	w.must(n.signer.permit(b.Context()))
	write(0)
	hangUp()
	bare := w.bareCommitter()
	var own, floor, cpu, floorCPU rounds
	b.ResetTimer()
	for i := 1; b.Loop(); i++ {
		used := cpuTime()
		floor.add(micros(bare()))
		floorCPU.add(micros(cpuTime() - used))
		used = cpuTime()
		start := time.Now()
		write(i)
		own.add(micros(time.Since(start)))
		cpu.add(micros(cpuTime() - used))
	}
	report(b, map[string]float64{
		"p50-µs": own.median(), "p99-µs": own.at(0.99), "floor-p50-µs": floor.median(), "x-floor-p50": own.median() / floor.median(),
		"cpu-µs": cpu.median(), "floor-cpu-µs": floorCPU.median(), "x-floor-cpu": cpu.median() / floorCPU.median(),
	})
}
