package server

import (
	"context"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// BenchmarkSearch is a search at a node that holds 10,000 letters, over gRPC, the ten best of it: words that
// nearly all letters have, one that few have, and one that is mistyped; with how long it takes to make all
// of it searchable, and how large that is.
func BenchmarkSearch(b *testing.B) {
	w := fullWorld(b)
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
		for ask("corpus").GetMaking() != nil {
			time.Sleep(10 * time.Millisecond)
		}
	})
	made := time.Since(began)
	defer func() { stop(); <-done }()
	title := ask("corpus matter").GetHits()[0].GetTitle()
	for name, words := range map[string]string{"many": "corpus matter", "title": title, "mistyped": "corpsu mattre"} {
		w.within(name, func() {
			var took rounds
			for w.b.Loop() {
				start := time.Now()
				if len(ask(words).GetHits()) == 0 {
					w.b.Fatalf("%q finds nothing", words)
				}
				took.add(micros(time.Since(start)) / 1000)
			}
			report(w.b, map[string]float64{"p50-ms": took.median(), "p99-ms": took.at(0.99)})
		})
	}
	var size int64
	w.must(filepath.WalkDir(filepath.Join(w.keeper.cfg.Dir, searchFolder), func(_ string, d fs.DirEntry, err error) error {
		if info, infoErr := d.Info(); err == nil && infoErr == nil && !d.IsDir() {
			size += info.Size()
		}
		return nil
	}))
	b.Logf("made in %v, %.1f s of processor time, %d MB on disk", made.Round(time.Millisecond), cpu/1e6, size>>20)
}
