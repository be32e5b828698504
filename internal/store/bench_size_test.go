package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkSize is how long the data file is, over the raw bodies in it, and how long it takes to
// open, when all came from peers.
func BenchmarkSize(b *testing.B) {
	for _, entries := range []int{10_000, 50_000} {
		b.Run(fmt.Sprint("entries=", entries), func(b *testing.B) {
			dir := b.TempDir()
			path := filepath.Join(dir, "node.db")
			open := func() *Store {
				s, err := Open(path, testOptions("surrey-sussex", dir))
				if err != nil {
					b.Fatal(err)
				}
				return s
			}
			s, raw := open(), 0
			authors := corpusAuthors(b, entries, 130)
			for _, a := range authors {
				for _, e := range a.entries {
					raw += len(e.Body)
				}
			}
			stock(b, s, authors)
			finish(b, s)
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				s := open()
				took = append(took, time.Since(start))
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
			slices.Sort(took)
			info, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(info.Size())/float64(raw), "file/raw")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1e3, "open-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}
