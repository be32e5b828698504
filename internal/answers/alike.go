package answers

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/alike"
	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/search"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const (
	alikeWords   = 24 // by so many words of a text letters are looked for that may be like it: the longest
	alikeLetters = 6  // so many of them are held against it
)

// alike is the letter that most of the words of some bytes are of, be they a letter that was altered, or its words as
// somebody was sent them; nil: there is none. Only what is PUBLIC is looked at, as in search.
func (m *moment) alike(body []byte) (*answersv1.LetterAlike, error) {
	text := string(body)
	if said, err := content.Read(ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, body); err == nil {
		if letter := said.(*guidancev1.Advisory); letter.GetBody() != "" {
			text = letter.GetBody()
		}
	}
	words := alike.Words(text)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	if m.Index == nil || len(words) == 0 || !utf8.ValidString(text) {
		return nil, nil
	}
	query := ""
	for _, word := range words[:min(len(words), alikeWords)] {
		if len(query)+1+len(word) <= search.QueryLimit {
			query = strings.TrimSpace(query + " " + word)
		}
	}
	found, err := m.Index.Find(m.ctx, search.Query{Text: query, Names: &search.Names{}, Limit: alikeLetters})
	if err != nil {
		return nil, notSearched(err)
	}
	best, fewest := (*answersv1.LetterAlike)(nil), 0
	for _, hit := range found.Hits {
		stored, err := m.entryFor(hit.Entry)
		if err != nil {
			return nil, err
		}
		said, err := content.Read(stored.Header.GetKind(), stored.Body)
		letter, is := said.(*guidancev1.Advisory)
		if err != nil || !is || stored.Header.GetVisibility() != guidancev1.Visibility_VISIBILITY_PUBLIC {
			continue
		}
		to := alike.Compare(letter.GetBody(), text)
		if differ := len(to.Passages) + to.More; !to.Alike || best != nil && differ >= fewest {
			continue
		} else {
			fewest = differ
		}
		entry, err := m.standingToday(stored)
		if err != nil {
			return nil, err
		}
		best = &answersv1.LetterAlike{Entry: hit.Entry, Title: letter.GetTitle(), SameWords: to.Same, OnlyAdded: to.OnlyAdded, MorePassages: count(uint64(to.More)), Standing: entry.GetWords()}
		for _, p := range to.Passages {
			best.Passages = append(best.Passages, &answersv1.DifferentPassage{Before: p.Before, Letter: p.Ours, Text: p.Theirs, After: p.After})
		}
	}
	return best, nil
}

// alikeSaid says how a text is like a letter, and what that does not prove.
func (m *moment) alikeSaid(to *answersv1.LetterAlike, office string) string {
	letter := to.GetEntry() + ", “" + to.GetTitle() + "” (" + office + ")"
	switch {
	case to.GetSameWords():
		return "These bytes are not those that were signed, and their words are the same as those of " + letter + ": read that one, which can be proved."
	case to.GetOnlyAdded():
		return "All the words of " + letter + " are in it, and others were added: read that one, which can be proved, and do not take what was added for the office's."
	}
	return "Its words are most like those of " + letter + ", and are not the same: something is missing, added or changed."
}
