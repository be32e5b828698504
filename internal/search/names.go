package search

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Named is an office or a committee with what it is called.
type Named struct {
	ID     string
	Office bool // else a committee
	Names  []string
	Before []string // the ids of those that it was merged from: what these said is its own
}

// Names are what words may name: the register's offices and committees, each by the words of its names.
// They are not in the index: who is called what may change, and what was indexed need not.
type Names struct {
	byWord map[string][]Named
	all    int
}

// NamesOf makes Names of what there is.
func NamesOf(all []Named) *Names {
	n := &Names{byWord: map[string][]Named{}, all: len(all)}
	for _, one := range all {
		var words []string
		for _, name := range append([]string{one.ID}, one.Names...) {
			words = append(words, plainWords(name)...)
		}
		slices.Sort(words)
		for _, word := range slices.Compact(words) {
			n.byWord[word] = append(n.byWord[word], one)
		}
	}
	return n
}

// namedBy are those that a word names, or nearly, where it names none; none where it is common: it names so many
// that it tells nothing ("LMC").
func (n *Names) namedBy(word string) (found []Named, nearly, isCommon bool) {
	if n == nil {
		return nil, false, false
	}
	found = n.byWord[word]
	nearly = found == nil
	if nearly && fuzziness(word) > 0 {
		for other, those := range n.byWord {
			if other[0] == word[0] && notation.Distance(word, other) <= fuzziness(word) {
				found = append(found, those...)
			}
		}
		slices.SortFunc(found, func(a, b Named) int { return strings.Compare(a.ID, b.ID) })
	}
	if len(found) > max(2, min(n.all/2, 16)) {
		return nil, false, !nearly
	}
	return found, nearly, false
}

// fuzziness is how many letters a word may be mistyped in.
func fuzziness(word string) int {
	switch n := len([]rune(word)); {
	case n < 4:
		return 0
	case n <= 7:
		return 1
	}
	return 2
}
