package search

import (
	"slices"
	"strings"
	"unicode"

	blevesearch "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/highlight"
	fragments "github.com/blevesearch/bleve/v2/search/highlight/fragmenter/simple"
	scores "github.com/blevesearch/bleve/v2/search/highlight/highlighter/simple"
)

const (
	fragmentsLimit = 3   // of one entry
	fragmentLength = 160 // characters
)

// Piece is text that was looked for, or text around it.
type Piece struct {
	Text    string
	Matched bool
}

// Fragments are where a document has what was found, the best places first. They are taken from the
// document as it is read now, and from nothing the index remembers of it.
func (x *Index) Fragments(found Found, d Document) (all [][]Piece) {
	type place struct {
		*highlight.Fragment
		terms highlight.TermLocations
	}
	var places []place
	for _, f := range wordFields {
		if f.beside {
			continue
		}
		text, where := f.of(&d), blevesearch.TermLocationMap{}
		for _, token := range x.tokens(text) {
			if term := string(token.Term); found.words[term] {
				where[term] = append(where[term], &blevesearch.Location{Pos: uint64(token.Position), Start: uint64(token.Start), End: uint64(token.End)})
			}
		}
		if len(where) == 0 {
			continue
		}
		terms, score := highlight.OrderTermLocations(where), scores.NewFragmentScorer(where)
		for _, one := range fragments.NewFragmenter(fragmentLength).Fragment([]byte(text), terms) {
			score.Score(one)
			places = append(places, place{one, terms})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return int(b.Score - a.Score) })
	for i, one := range places {
		overlaps := func(other place) bool { return &other.Orig[0] == &one.Orig[0] && other.Overlaps(one.Fragment) }
		if len(all) == fragmentsLimit {
			break
		}
		if !slices.ContainsFunc(places[:i], overlaps) {
			all = append(all, pieces(one.Fragment, one.terms))
		}
	}
	return all
}

// pieces parts a fragment, which is made to begin and end with whole words and to be one line.
func pieces(f *highlight.Fragment, terms highlight.TermLocations) (all []Piece) {
	text := string(f.Orig)
	start, end := f.Start, f.End
	if start > 0 {
		if blank := strings.IndexAny(text[start:end], " \n\t"); blank >= 0 && !slices.ContainsFunc(terms, func(t *highlight.TermLocation) bool { return t.Start >= start && t.Start < start+blank }) {
			start += blank
		}
	}
	if end < len(text) {
		if blank := strings.LastIndexAny(text[start:end], " \n\t"); blank >= 0 && !slices.ContainsFunc(terms, func(t *highlight.TermLocation) bool { return t.End > start+blank && t.End <= end }) {
			end = start + blank
		}
	}
	add := func(text string, matched bool) {
		if text = oneLine(text); text != "" {
			all = append(all, Piece{text, matched})
		}
	}
	if start > 0 {
		add("…", false)
	}
	at := start
	for _, t := range terms {
		if t.Start < at || t.End > end {
			continue
		}
		add(text[at:t.Start], false)
		add(text[t.Start:t.End], true)
		at = t.End
	}
	add(text[at:end], false)
	if end < len(text) {
		add("…", false)
	}
	return all
}

// oneLine folds blanks, and leaves out what Markdown has for bold: the words found are marked instead.
func oneLine(s string) string {
	s = strings.ReplaceAll(s, "**", "")
	folded := strings.Join(strings.Fields(s), " ")
	switch {
	case folded == "" && s != "":
		return " "
	case folded == "":
		return ""
	}
	if strings.TrimLeftFunc(s, unicode.IsSpace) != s {
		folded = " " + folded
	}
	if strings.TrimRightFunc(s, unicode.IsSpace) != s {
		folded += " "
	}
	return folded
}
