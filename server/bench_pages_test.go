package server

import (
	"context"
	"fmt"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// BenchmarkPages is what is read of single entries, through gRPC and TLS: the newest hundred
// on a matter, the newest hundred of the office that writes most, and its last entry and one
// that has ended long ago. They should cost the same whatever is held; a page is compared with
// an echo of as many bytes.
func BenchmarkPages(b *testing.B) {
	eachHeld(b, func(w *benchWorld, _ []string) {
		largest := w.offices[0]
		client := nodev1.NewGuidanceServiceClient(w.dialNode(w.keeper, nil))
		held := w.keeper.HeldSize(largest.ID)
		list := func(of *answersv1.ListEntriesRequest) func(context.Context) (proto.Message, error) {
			of.PageSize = 100
			return func(ctx context.Context) (proto.Message, error) { return client.ListEntries(ctx, of) }
		}
		entry := func(index uint64) func(context.Context) (proto.Message, error) {
			return func(ctx context.Context) (proto.Message, error) {
				return client.GetEntry(ctx, &answersv1.GetEntryRequest{Name: fmt.Sprintf("%s/%d", largest.ID, index)})
			}
		}
		for _, page := range []struct {
			name string
			ask  func(context.Context) (proto.Message, error)
		}{
			{"history/ordinary", list(&answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: corpus.Ordinary(0)}})},
			{"history/skewed", list(&answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: corpus.Matter(0)}})},
			{"office", list(&answersv1.ListEntriesRequest{Office: largest.ID})},
			{"entry/last", entry(held - 1)},
			{"entry/first", entry(0)},
			{"entry/middle", entry(held / 2)},
		} {
			w.within(page.name, func() { benchmarkPage(w, page.ask) })
		}
	})
}

func benchmarkPage(w *benchWorld, ask func(context.Context) (proto.Message, error)) {
	first, err := ask(context.Background())
	w.must(err)
	echoed := w.echoed(proto.Size(first))
	var cpu, floor rounds
	for w.b.Loop() {
		f, _ := askMany(w, echoed)
		floor.add(f)
		c, _ := askMany(w, func(ctx context.Context) error {
			_, err := ask(ctx)
			return err
		})
		cpu.add(c)
	}
	report(w.b, map[string]float64{"cpu-µs": cpu.median(), "echo-cpu-µs": floor.median(), "x-echo": cpu.median() / floor.median(), "B": float64(proto.Size(first))})
}

// BenchmarkPublishCheck is the check of one more letter on a matter, and what its officer is
// shown, where the office has said much on it already: letters that each amend the one before,
// and letters that each amend the 64 before. It is checked again and again, then after one more
// letter each (newer); first is the first check after a start.
func BenchmarkPublishCheck(b *testing.B) {
	for _, amends := range []int{1, 64} {
		for _, own := range []int{75, 702, 2134, 7219} {
			b.Run(fmt.Sprintf("amends=%d/own=%d", amends, own), func(b *testing.B) { benchmarkPublishCheck(b, own, amends) })
		}
	}
}

func benchmarkPublishCheck(b *testing.B, own, amends int) {
	w := newWorld(b, benchOffices)
	w.ingestAll()
	n := w.open(w.admit("publisher", "committee-publisher"), listenCounting(b))
	w.serve(n)
	w.await(n)
	w.must(n.refold())
	w.must(n.signer.permit(b.Context()))
	from := w.letters("publisher", "committee-publisher")
	letter := func(i int) *guidancev1.Advisory {
		a := proto.CloneOf(from[i%len(from)])
		day := time.Now().AddDate(0, 0, min(0, i-own)).Format(time.DateOnly)
		a.Issued = &guidancev1.DayRange{Earliest: day, Latest: day}
		a.Title = fmt.Sprint(i, " ", a.Title)
		a.Positions[0].Matter, a.Amends = corpus.Matter(0), nil
		for j := max(0, i-amends); j < i; j++ {
			a.Amends = append(a.Amends, fmt.Sprintf("publisher/%d", j))
		}
		return a
	}
	var all []*guidancev1.Advisory
	for i := range own {
		all = append(all, letter(i))
	}
	keeps(w, n, ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, all)
	next := letter(own)
	check := func() {
		_, err := publicationService{n: n.Node}.PublishAdvisory(b.Context(), &nodev1.PublishAdvisoryRequest{RequestId: "next", ValidateOnly: true, Advisory: next})
		w.must(err)
	}
	first := cpuOf(check) // which reads all that was said
	var cpu, newer rounds
	for i := 0; b.Loop(); i++ {
		cpu.add(cpuOf(check))
		keeps(w, n, ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, []*guidancev1.Advisory{letter(own + i)})
		next = letter(own + i + 1)
		newer.add(cpuOf(check))
	}
	report(b, map[string]float64{"cpu-µs": cpu.median(), "newer-cpu-µs": newer.median(), "first-cpu-µs": first})
}
