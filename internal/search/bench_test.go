package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tenThousand are letters of some 400 words, of 4,000 that are as common as words are.
func tenThousand() *memory {
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 3, 3999)
	syllables := []string{"ba", "con", "der", "fi", "gal", "hu", "ment", "pra", "re", "sto", "tion", "ven"}
	words := make([]string, 4000)
	for i := range words {
		words[i] = syllables[i%12] + syllables[i/12%12] + syllables[i/144%12] + string(rune('a'+i/1728))
	}
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(words[zipf.Uint64()] + " ")
		}
		return b.String()
	}
	m := newMemory("bench")
	for i := range 10_000 {
		d := letter(fmt.Sprintf("office-%d/%d", i%130, i/130), text(8)+"access plan", text(300)+"winter access fund face to face")
		d.Office, d.Committees, d.On, d.Says, d.More = fmt.Sprintf("office-%d", i%130), []string{fmt.Sprintf("committee-%d", i%130)}, text(20), text(40), text(40)
		m.feed = append(m.feed, d)
	}
	m.feed[777].Text += " zebras"
	return m
}

// BenchmarkTenThousandLetters makes the index of 10,000 letters, and then asks: p50 and p99 of a search
// that finds nearly all, and of one for what one letter has.
func BenchmarkTenThousandLetters(b *testing.B) {
	m, dir := tenThousand(), filepath.Join(b.TempDir(), "search")
	began, ctx := time.Now(), context.Background()
	x := run(b, dir, m)
	for {
		if found, err := x.Find(ctx, Query{Text: "zebras", Limit: 1}); err != nil {
			b.Fatal(err)
		} else if found.Making == nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	made := time.Since(began)
	names := NamesOf(func() (all []Named) {
		for i := range 130 {
			all = append(all, Named{ID: fmt.Sprintf("office-%d", i), Office: true, Names: []string{fmt.Sprintf("Office%d LMC", i)}})
		}
		return all
	}())
	for _, c := range []struct{ name, text string }{{"all", "winter acess fund face to face"}, {"one", "zebras"}, {"mistyped", "zebrsa acess"}} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				found, err := x.Find(ctx, Query{Text: c.text, Names: names, Limit: 10})
				if err != nil || len(found.Hits) == 0 {
					b.Fatal(found, err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
	x.stop()
	size := int64(0)
	for _, path := range files(b, dir) {
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
	}
	began = time.Now()
	if err := x.isSealed(); err != nil {
		b.Fatal(err)
	}
	b.Logf("made in %v, checked to open in %v, %d MB on disk", made.Round(time.Millisecond), time.Since(began).Round(time.Millisecond), size>>20)
}
