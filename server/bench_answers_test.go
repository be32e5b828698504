package server

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"flag"
	"fmt"
	"testing"
	"time"

	"google.golang.org/grpc"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// How many letters are held where answers are measured. A federation of 10,000 letters is
// made in some 2 seconds, of 50,000 in 11, of 250,000 in 50, with 4 GB.
var (
	heldFrom = flag.Int("held-from", 10_000, "the fewest letters that benchmarks of answers hold")
	heldTo   = flag.Int("held-to", 50_000, "the most letters that benchmarks of answers hold: 250000 takes a minute more for each")
)

// eachHeld runs a benchmark in whole federations of 10,000, 50,000 and 250,000 letters, those
// of them that the flags let.
func eachHeld(b *testing.B, f func(w *benchWorld, practices []string)) {
	for _, held := range []int{10_000, 50_000, 250_000} {
		if held < *heldFrom || held > *heldTo {
			continue
		}
		b.Run(fmt.Sprintf("held=%d", held), func(b *testing.B) {
			w, practices := england(b, held)
			f(w, practices)
		})
	}
}

// benchMatters are an ordinary matter, which some fifty letters are on, and the one that a
// fifth of all letters are on.
var benchMatters = map[string]string{"ordinary": corpus.Ordinary(0), "skewed": corpus.Matter(0)}

// statements is how many entries are on a matter.
func (w *benchWorld) statements(matter string) (n int) {
	w.b.Helper()
	w.must(w.keeper.store.Snapshot(context.Background(), func(s *store.Snapshot) error {
		rows, err := s.Candidates(matter)
		n = len(rows)
		return err
	}))
	return n
}

// question asks once about a matter.
type question func(ctx context.Context, matter string, of *answersv1.Selector) (proto.Message, error)

func askingBy(cc *grpc.ClientConn) map[string]question {
	guidance, national := nodev1.NewGuidanceServiceClient(cc), nodev1.NewNationalServiceClient(cc)
	return map[string]question{
		"view": func(ctx context.Context, matter string, of *answersv1.Selector) (proto.Message, error) {
			of.Matter = matter
			return guidance.GetCombinedView(ctx, &answersv1.GetCombinedViewRequest{Selector: of})
		},
		"national": func(ctx context.Context, matter string, of *answersv1.Selector) (proto.Message, error) {
			of.Matter = matter
			return national.GetNationalPicture(ctx, &answersv1.GetNationalPictureRequest{Selector: of})
		},
		"movements": func(ctx context.Context, matter string, of *answersv1.Selector) (proto.Message, error) {
			of.Matter = matter
			return national.GetNationalPicture(ctx, &answersv1.GetNationalPictureRequest{Selector: of, Compare: &answersv1.Since{At: &answersv1.Since_Day{Day: "2025-05-25"}}})
		},
	}
}

// BenchmarkAnswers is the combined view and the national picture through gRPC and TLS,
// decoded by the caller, against an echo of as many bytes by a server with the same
// transport, and against that echo read as the answer is: asked again and again (warm), first
// after a newer letter on the matter, as of a day of 2025, as known at half of what is held, and
// first after a restart. Movements are the national picture with what changed since that day.
func BenchmarkAnswers(b *testing.B) {
	eachHeld(b, func(w *benchWorld, _ []string) {
		for _, matter := range []string{"ordinary", "skewed"} {
			for _, what := range []string{"view", "national"} {
				for _, how := range []string{"warm", "newer", "past", "known", "restart"} {
					w.within(matter+"/"+what+"/"+how, func() { benchmarkAnswer(w, benchMatters[matter], what, how) })
				}
			}
			for _, how := range []string{"warm", "newer"} {
				w.within(matter+"/movements/"+how, func() { benchmarkAnswer(w, benchMatters[matter], "movements", how) })
			}
		}
	})
}

func benchmarkAnswer(w *benchWorld, matter, what, how string) {
	b := w.b
	cc := w.dialNode(w.keeper, nil)
	defer func() { cc.Close() }()
	of := func() *answersv1.Selector {
		switch how {
		case "past":
			return &answersv1.Selector{AsOf: "2025-05-25"}
		case "known":
			end, _ := w.keeper.store.FeedEnd()
			return &answersv1.Selector{KnownAt: &answersv1.Selector_KnownAtFeed{KnownAtFeed: end / 2}}
		}
		return &answersv1.Selector{}
	}
	ask := func(ctx context.Context) error {
		_, err := askingBy(cc)[what](ctx, matter, of())
		return err
	}
	first, err := askingBy(cc)[what](b.Context(), matter, of())
	w.must(err)
	echo := w.echoed(proto.Size(first))
	raw, err := proto.Marshal(first)
	w.must(err)
	var cpu, floor, read rounds
	for b.Loop() {
		f, _ := askMany(w, echo)
		floor.add(f)
		read.add(cpuOf(func() {
			for range viewCalls {
				w.must(proto.Unmarshal(raw, first.ProtoReflect().New().Interface()))
			}
		}) / viewCalls)
		switch how {
		case "warm":
			c, _ := askMany(w, ask)
			cpu.add(c)
			continue
		case "newer":
			w.says(w.offices[7], matter)
		case "restart":
			w.must(cc.Close())
			w.restart()
			cc = w.dialNode(w.keeper, nil)
		}
		_, err := healthv1.NewHealthClient(cc).Check(b.Context(), &healthv1.HealthCheckRequest{})
		w.must(err)
		time.Sleep(settled)
		cpu.add(cpuOf(func() { w.must(ask(b.Context())) }))
	}
	statements := float64(w.statements(matter))
	report(b, map[string]float64{
		"cpu-µs": cpu.median(), "echo-cpu-µs": floor.median(), "x-echo": cpu.median() / floor.median(),
		"read-cpu-µs": read.median(), "x-echo-read": cpu.median() / (floor.median() + read.median()),
		"statements": statements, "µs/statement": cpu.median() / statements, "B": float64(proto.Size(first)),
	})
}

// says has an office write one more letter on a matter, issued today, which ends nothing, and
// gives it to the keeper as a peer would.
func (w *benchWorld) says(o *benchOffice, matter string) {
	w.b.Helper()
	tree, err := w.keeper.store.Progress(o.log)
	w.must(err)
	w.put(o, w.letter(o, tree.Size(), matter))
}

// letter is one of an office, issued today, on a matter.
func (w *benchWorld) letter(o *benchOffice, seed uint64, matter string) *guidancev1.Advisory {
	a := corpus.Generate(seed, 1, 1)[0].Advisories[0]
	today := time.Now().Format(time.DateOnly)
	a.Office, a.OnBehalfOf, a.Issued = o.ID, []string{o.Committee}, &guidancev1.DayRange{Earliest: today, Latest: today}
	a.Positions[0].Committees, a.Positions[0].Matter = a.OnBehalfOf, matter
	return a
}

// put logs a letter, and gives it to the keeper as a peer would.
func (w *benchWorld) put(o *benchOffice, a *guidancev1.Advisory) {
	w.b.Helper()
	w.logs(o, ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, a)
}

// logs is put of whatever an office publishes.
func (w *benchWorld) logs(o *benchOffice, kind ledgerv1.EntryKind, m proto.Message) {
	w.b.Helper()
	tree, err := w.keeper.store.Progress(o.log)
	w.must(err)
	body, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	w.must(err)
	e, err := ledger.Seal(kind, guidancev1.Visibility_VISIBILITY_PUBLIC, tree.Size(), time.Now(), body, rand.Reader)
	w.must(err)
	v, err := new(ledger.Verifier).Verify(tree, w.segment(o, tree, []ledger.Entry{e}), []ed25519.PublicKey{publicKey(o.key)})
	w.must(err)
	w.must(w.keeper.store.Ingest([]ledger.Verified{v}))
}
