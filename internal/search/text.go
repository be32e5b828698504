package search

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	charregexp "github.com/blevesearch/bleve/v2/analysis/char/regexp"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	unicodewords "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// english is how words are read, of entries and of queries alike: "A&G" is one word, a word is known
// by its stem, and the commonest are left out. asWritten is how a phrase is read that must be there as it
// stands, with these ("not contractual"); and the field of all that an entry says, read so, in which nothing is worth
// more than anywhere else.
const english, asWritten, ampersand = "english", "written", "ampersand"

// Fields an entry is limited by.
const (
	officeField, committeeField, matterField = "office", "committees", "matters"
	stanceField, audienceField               = "stances", "audiences"
	earliestField, latestField               = "earliest", "latest"
)

func newMapping() *mapping.IndexMappingImpl {
	m := mapping.NewIndexMapping()
	m.ScoringModel = index.BM25Scoring
	must(m.AddCustomCharFilter(ampersand, map[string]any{"type": charregexp.Name, "regexp": `\b([A-Za-z])&([A-Za-z])\b`, "replace": "${1}_${2}"})) // as long as before
	for how, filters := range map[string][]any{
		english:   {en.PossessiveName, lowercase.Name, en.StopName, porter.Name},
		asWritten: {en.PossessiveName, lowercase.Name, porter.Name},
	} {
		must(m.AddCustomAnalyzer(how, map[string]any{
			"type": custom.Name, "char_filters": []any{ampersand}, "tokenizer": unicodewords.Name, "token_filters": filters,
		}))
	}
	doc := mapping.NewDocumentStaticMapping()
	words := func(name, how string) {
		field := mapping.NewTextFieldMapping()
		field.Analyzer, field.Store, field.IncludeInAll, field.DocValues = how, false, false, false
		doc.AddFieldMappingsAt(name, field)
	}
	for _, f := range wordFields {
		words(f.name, english)
	}
	words(asWritten, asWritten)
	for _, name := range []string{officeField, committeeField, matterField, stanceField, audienceField} {
		field := mapping.NewTextFieldMapping()
		field.Analyzer, field.Store, field.IncludeInAll, field.DocValues, field.IncludeTermVectors = keyword.Name, false, false, false, false
		doc.AddFieldMappingsAt(name, field)
	}
	for _, name := range []string{earliestField, latestField} {
		field := mapping.NewNumericFieldMapping()
		field.Store, field.IncludeInAll, field.DocValues = false, false, false
		doc.AddFieldMappingsAt(name, field)
	}
	m.DefaultMapping = doc
	return m
}

// must stops on a mistake in the mapping, which no input can cause and every test would find.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// fields are a document as the index takes it.
func (d *Document) fields() map[string]any {
	all := map[string]any{
		officeField: d.Office, committeeField: d.Committees, matterField: d.Matters, stanceField: d.Stances, audienceField: d.Audiences,
		earliestField: dayNumber(d.Earliest), latestField: dayNumber(d.Latest),
	}
	var texts []string // no phrase goes from one into the next
	for _, f := range wordFields {
		all[f.name] = f.of(d)
		texts = append(texts, f.of(d))
	}
	all[asWritten] = texts
	return all
}

// dayNumber is a day as a number that is greater for a later one: 20211025.
func dayNumber(day string) float64 {
	n := 0
	for _, r := range day {
		if r >= '0' && r <= '9' {
			n = n*10 + int(r-'0')
		}
	}
	return float64(n)
}

// tokens are the words of a text as the index writes them.
func (x *Index) tokens(text string) analysis.TokenStream {
	return x.how.AnalyzerNamed(english).Analyze([]byte(text))
}

// clause is one thing that is looked for, and the ways in which it may be written.
type clause struct {
	ways   []way
	quoted bool // it must be there, as it stands
}

// way is one way of writing something: a word, or several that follow one another.
type way struct {
	words string
	worth float64 // against what was typed
	typed bool
}

// What a word counts that was not typed: another for the same thing, one that stands for it in some
// letters, one that letters answer a question with.
const (
	sameWorth    = 0.9
	relatedWorth = 0.35
	answerWorth  = 0.6
)

// TooManyWords is returned for a query of more words than WordsLimit.
type TooManyWords struct{ Words int }

func (e *TooManyWords) Error() string { return fmt.Sprintf("it has %d words", e.Words) }

var (
	quotes   = regexp.MustCompile(`["“„]([^"“”„]*)["”“]`)
	loneSign = regexp.MustCompile(`\b(\pL)\s*&\s*(\pL)\b`)
)

// parse reads a query: phrases in quotes first, then what the table of words knows, the longest first,
// then word by word.
func parse(text string) ([]clause, error) {
	var all []clause
	for _, phrase := range quotes.FindAllStringSubmatch(text, -1) {
		if words := strings.TrimSpace(phrase[1]); words != "" {
			all = append(all, clause{quoted: true, ways: []way{{words, 1, true}}})
		}
	}
	words := plainWords(quotes.ReplaceAllString(text, " "))
	if n := len(all) + len(words); n > WordsLimit {
		return nil, &TooManyWords{n}
	}
	for len(words) > 0 {
		c, taken := known(words)
		if taken == 0 {
			taken = 1
			if !slices.Contains(asking, words[0]) {
				c = clause{ways: []way{{words[0], 1, true}}}
			}
		}
		if len(c.ways) > 0 && !slices.ContainsFunc(all, func(other clause) bool { return !other.quoted && other.ways[0] == c.ways[0] }) {
			all = append(all, c)
		}
		words = words[taken:]
	}
	return all, nil
}

// plainWords are the words of a text in small letters, without what stands around them.
func plainWords(text string) []string {
	text = loneSign.ReplaceAllString(strings.ToLower(text), "$1&$2")
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("&'’%", r)
	})
}

// known finds the longest beginning of some words that the table has, and how many words that is.
func known(words []string) (c clause, taken int) {
	for n := min(len(words), 8); n > 0; n-- {
		typed := strings.Join(words[:n], " ")
		for _, q := range asked {
			if slices.Contains(q.asks, typed) {
				for _, words := range q.answers {
					c.ways = append(c.ways, way{words, answerWorth, false})
				}
				return c, n
			}
		}
		for _, group := range []struct {
			of    [][]string
			worth float64
		}{{same, sameWorth}, {related, relatedWorth}} {
			for _, all := range group.of {
				if !slices.ContainsFunc(all, func(other string) bool { return strings.Join(plainWords(other), " ") == typed }) {
					continue
				}
				if len(c.ways) == 0 {
					c.ways = append(c.ways, way{typed, 1, true})
				}
				for _, other := range all {
					if !slices.ContainsFunc(c.ways, func(w way) bool { return w.words == other }) {
						c.ways = append(c.ways, way{other, group.worth, false})
					}
				}
			}
		}
		if len(c.ways) > 0 {
			return c, n
		}
	}
	return clause{}, 0
}
