package store

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
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

// BenchmarkMigrate is how long an older file takes to be brought up to date, and the heap of it over that before,
// against copying the file and syncing the copy.
func BenchmarkMigrate(b *testing.B) {
	for _, entries := range []int{10_000, 50_000} {
		b.Run(fmt.Sprint("entries=", entries), func(b *testing.B) {
			dir := b.TempDir()
			path := filepath.Join(dir, "node.db")
			s, err := Open(path, testOptions("surrey-sussex", dir))
			if err != nil {
				b.Fatal(err)
			}
			stock(b, s, corpusAuthors(b, entries, 130))
			path, opts := asVersion10(b, s)
			old := path + ".old"
			if err := os.Rename(path, old); err != nil {
				b.Fatal(err)
			}
			var took, floors []time.Duration
			var heap uint64
			for b.Loop() {
				start := time.Now()
				if err := duplicate(old, path); err != nil {
					b.Fatal(err)
				}
				floors = append(floors, time.Since(start))
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				lock, err := lockFolder(path, opts)
				if err != nil {
					b.Fatal(err)
				}
				start = time.Now()
				if err := migrate(path, opts.withDefaults(), 10, lock); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				_ = lock.Close()
				runtime.ReadMemStats(&after)
				heap = max(heap, after.HeapAlloc-min(before.HeapAlloc, after.HeapAlloc))
				for _, made := range append(keptFiles(b, path), path) {
					if err := os.Remove(made); err != nil {
						b.Fatal(err)
					}
				}
			}
			slices.Sort(took)
			slices.Sort(floors)
			b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms")
			b.ReportMetric(float64(took[len(took)/2])/float64(floors[len(floors)/2]), "x-copy")
			b.ReportMetric(float64(heap)/(1<<20), "MiB-heap")
			b.ReportMetric(0, "ns/op")
		})
	}
}
