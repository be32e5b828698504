package server

import (
	"cmp"
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// BenchmarkSearch is a search over gRPC, the ten best of it, against an echo of as many bytes: words that all letters
// have, a title, and a word of it that is mistyped; with how long it takes to make all of it searchable, and how large
// that is.
func BenchmarkSearch(b *testing.B) {
	eachHeld(b, func(w *benchWorld, _ []string) { benchmarkSearch(w) })
}

func benchmarkSearch(w *benchWorld) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	client := nodev1.NewGuidanceServiceClient(w.dialNode(w.keeper, nil))
	ask := func(words string) *answersv1.SearchResponse {
		resp, err := client.Search(ctx, &answersv1.SearchRequest{Query: words})
		w.must(err)
		return resp
	}
	began := time.Now()
	cpu := cpuOf(func() {
		go func() { defer close(done); w.keeper.search.Run(ctx) }()
		for ask("dear colleagues").GetMaking() != nil {
			time.Sleep(100 * time.Millisecond)
		}
	})
	made := time.Since(began)
	defer func() { stop(); <-done }()
	title := ask("dear colleagues").GetHits()[0].GetTitle()
	longest := slices.MaxFunc(strings.Fields(title), func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	for name, words := range map[string]string{"many": "dear colleagues", "title": title, "mistyped": longest[:2] + longest[3:]} {
		w.within(name, func() {
			echo := w.echoed(proto.Size(ask(words)))
			var took, echoed rounds
			for w.b.Loop() {
				start := time.Now()
				w.must(echo(ctx))
				echoed.add(micros(time.Since(start)) / 1000)
				start = time.Now()
				if len(ask(words).GetHits()) == 0 {
					w.b.Fatalf("%q finds nothing", words)
				}
				took.add(micros(time.Since(start)) / 1000)
			}
			report(w.b, map[string]float64{"p50-ms": took.median(), "p99-ms": took.at(0.99), "x-echo": took.median() / echoed.median()})
		})
	}
	var size int64
	w.must(filepath.WalkDir(filepath.Join(w.keeper.cfg.Dir, searchFolder), func(_ string, d fs.DirEntry, err error) error {
		if info, infoErr := d.Info(); err == nil && infoErr == nil && !d.IsDir() {
			size += info.Size()
		}
		return nil
	}))
	w.b.Logf("made in %v, %.1f s of processor time, %d MB on disk", made.Round(time.Millisecond), cpu/1e6, size>>20)
}
