package search

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// How rare a word is in the index, and which are written nearly as it is.

// common is what the index takes a term for less by because many have it: whoever names an office means it,
// however much it has written.
func (b *builder) common(term *query.TermQuery) (float64, error) {
	rows, err := b.reader.TermFieldReader(b.ctx, []byte(term.Term), term.Field(), false, false, false)
	if err != nil {
		return 0, err
	}
	rare, err := b.rarity(rows.Count())
	return max(rare, 0.01), errors.Join(err, rows.Close())
}

// rarity is what the index takes a term for that so many have.
func (b *builder) rarity(times uint64) (float64, error) {
	all, err := b.reader.DocCount()
	if err != nil {
		return 0, err
	}
	n := float64(min(times, all))
	idf := math.Log(1 + (float64(all)-n+0.5)/(n+0.5)) // as bleve has it, which takes it twice
	return idf * idf, nil
}

// near are the words of the index that are written nearly as one is, where it has not got that, or
// these much oftener; and how many times it has that.
func (b *builder) near(term string, distance int) (others []string, times uint64, err error) {
	fuzzy, ok := b.reader.(index.IndexReaderFuzzy)
	if !ok || distance == 0 {
		return nil, 0, nil
	}
	away := map[string]int{}
	for _, f := range wordFields {
		first := string([]rune(term)[:1])
		dict, err := fuzzy.FieldDictFuzzy(f.name, term, distance, first)
		if err != nil {
			return nil, 0, err
		}
		for range lookedAt {
			entry, err := dict.Next()
			if err != nil {
				return nil, 0, errors.Join(err, dict.Close())
			}
			if entry == nil {
				break
			}
			away[entry.Term] = notation.Distance(term, entry.Term)
		}
		if err := dict.Close(); err != nil {
			return nil, 0, err
		}
	}
	delete(away, term)
	others = slices.Collect(maps.Keys(away))
	slices.SortFunc(others, func(a, c string) int { return cmp.Or(cmp.Compare(away[a], away[c]), strings.Compare(a, c)) })
	counts := map[string]uint64{}
	others = slices.Clip(others[:min(len(others), countedLimit)])
	for _, other := range append(others, term) {
		for _, f := range wordFields {
			rows, err := b.reader.TermFieldReader(b.ctx, []byte(other), f.name, false, false, false)
			if err != nil {
				return nil, 0, err
			}
			counts[other] += rows.Count()
			if err := rows.Close(); err != nil {
				return nil, 0, err
			}
		}
	}
	others = slices.DeleteFunc(others, func(other string) bool { return counts[other] <= muchOftener*counts[term] })
	slices.SortStableFunc(others, func(a, c string) int {
		return cmp.Or(cmp.Compare(away[a], away[c]), cmp.Compare(counts[c], counts[a]))
	})
	return others[:min(len(others), nearLimit)], counts[term], nil
}
