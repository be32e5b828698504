// Package corpus makes advisories to measure with: many, of the size and texture of
// real letters, the same ones for the same seed on every machine.
//
// It knows how large letters are, how words are distributed in them, how offices
// share them, and nothing of logs, stores or networks: whoever measures seals and
// sends them. The words mean nothing.
package corpus

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What the letters are like. Of the five letters the project started from, zstd
// leaves 0.46 to 0.52 of one alone and 0.38 of all joined; of these, about 0.5 alone
// and 0.36 of 256 KB joined.
const (
	vocabulary  = 6000
	phrases     = 300
	matters     = 12
	paragraphs  = 6
	minimumText = 1800 // bytes
	maximumText = 4200
)

// Office is one office and what it publishes, oldest first: entry i of its log is
// Advisories[i] when nothing else comes before.
type Office struct {
	// ID is its slug ("office-001"), Committee that of the one committee it speaks for.
	ID, Committee string
	// Advisories are what it publishes.
	Advisories []*guidancev1.Advisory
}

// Matter is the full resource name of the i-th of the matters the advisories are
// about; the first is the one most are about, and every office has a line on it.
func Matter(i int) string {
	return fmt.Sprintf("gpc-england/corpus-%02d", i%matters)
}

// Matters are the matters, in order, ready to be published by their office.
func Matters() []*guidancev1.Matter {
	all := make([]*guidancev1.Matter, matters)
	for i := range all {
		all[i] = &guidancev1.Matter{
			Name:       Matter(i),
			Title:      fmt.Sprintf("Corpus matter %d", i),
			Proposer:   &guidancev1.Body{Name: "NHS England", Kind: guidancev1.BodyKind_BODY_KIND_NHS_BODY},
			Opened:     day(0),
			Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		}
	}
	return all
}

// Generate makes n advisories of about 3 KB over the offices: the first writes about
// a fifth of them, the last next to none but at least one, while there are enough.
func Generate(seed uint64, n, offices int) []Office {
	g := newGenerator(seed)
	all := make([]Office, offices)
	for i := range all {
		all[i] = Office{ID: fmt.Sprintf("office-%03d", i), Committee: fmt.Sprintf("committee-%03d", i)}
	}
	for i, count := range shares(n, offices) {
		g.fill(&all[i], count)
	}
	return all
}

// shares splits n over the offices by Zipf's law, at least one each.
func shares(n, offices int) []int {
	var sum float64
	for i := range offices {
		sum += 1 / float64(i+1)
	}
	counts, left := make([]int, offices), n
	for i := offices - 1; i > 0; i-- {
		counts[i] = min(left, max(1, int(math.Round(float64(n)/float64(i+1)/sum))))
		left -= counts[i]
	}
	if offices > 0 {
		counts[0] = left
	}
	return counts
}

// generator makes text.
type generator struct {
	random  *rand.Rand
	words   []string
	phrases []string
	zipf    *rand.Zipf
}

func newGenerator(seed uint64) *generator {
	g := &generator{random: rand.New(rand.NewPCG(seed, 1))}
	known := map[string]bool{}
	for len(g.words) < vocabulary {
		if w := g.word(); !known[w] {
			known[w] = true
			g.words = append(g.words, w)
		}
	}
	g.zipf = rand.NewZipf(g.random, 1.07, 22, vocabulary-1)
	for range phrases {
		g.phrases = append(g.phrases, g.sentence(8+g.random.IntN(14)))
	}
	return g
}

// word is a word of two to four syllables.
func (g *generator) word() string {
	const starts, vowels, ends = "bcdfghlmnprstvw", "aeiou", "lmnrst"
	var b strings.Builder
	for range 1 + g.random.IntN(4) {
		b.WriteByte(starts[g.random.IntN(len(starts))])
		b.WriteByte(vowels[g.random.IntN(len(vowels))])
		if g.random.IntN(3) == 0 {
			b.WriteByte(ends[g.random.IntN(len(ends))])
		}
	}
	return b.String()
}

func (g *generator) sentence(words int) string {
	parts := make([]string, words)
	for i := range parts {
		parts[i] = g.words[g.zipf.Uint64()]
	}
	parts[0] = strings.ToUpper(parts[0][:1]) + parts[0][1:]
	return strings.Join(parts, " ") + "."
}

// text is paragraphs of sentences, some of them stock phrases.
func (g *generator) text() string {
	size := minimumText + g.random.IntN(maximumText-minimumText)
	var b strings.Builder
	b.WriteString("Dear colleagues,\n\n")
	for n := 1; b.Len() < size; n++ {
		if g.random.IntN(20) == 0 {
			b.WriteString(g.phrases[g.random.IntN(phrases)])
		} else {
			b.WriteString(g.sentence(6 + g.random.IntN(16)))
		}
		b.WriteString([]string{" ", " ", " ", "\n\n"}[min(3, n%paragraphs)])
	}
	return strings.TrimSpace(b.String()) + "\n"
}

// fill gives an office its advisories. A later one on the same matter amends the one
// before, so that all of them can be published.
func (g *generator) fill(o *Office, count int) {
	last := map[string]int{}
	for i := range count {
		matter := Matter(min(int(g.random.ExpFloat64()*2), matters-1))
		if i == 0 {
			matter = Matter(0)
		}
		a := g.advisory(o, matter, i)
		if before, ok := last[matter]; ok {
			a.Amends = []string{fmt.Sprintf("%s/%d", o.ID, before)}
		}
		last[matter] = i
		o.Advisories = append(o.Advisories, a)
	}
}

func (g *generator) advisory(o *Office, matter string, i int) *guidancev1.Advisory {
	audiences := []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}
	return &guidancev1.Advisory{
		Office:      o.ID,
		OnBehalfOf:  []string{o.Committee},
		Title:       g.sentence(6),
		Body:        g.text(),
		Issued:      day(i),
		Audiences:   audiences,
		Signatories: []*guidancev1.Signatory{{Name: "The Office", Role: "Chief Executive"}},
		Positions: []*guidancev1.Position{{
			Committees: []string{o.Committee},
			Matter:     matter,
			Audiences:  audiences,
			Stance:     guidancev1.Stance(1 + g.random.IntN(6)),
			Basis:      guidancev1.Basis_BASIS_OFFICER,
			Provenance: guidancev1.Provenance_PROVENANCE_PRIMARY,
			Evidence:   g.sentence(9),
		}},
		Licence:    "all rights reserved",
		Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
	}
}

// day is the i-th day of publishing; all lie before the year 2026.
func day(i int) *guidancev1.DayRange {
	return onDay(i % 1500)
}
