package plain

import (
	"strings"
	"testing"
	"unicode/utf8"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Whatever a node says of a hit, it has three lines of the page's width, none of which poses as another.
func TestAHitHasThreeLinesWhateverItSays(t *testing.T) {
	for _, text := range []string{"", " ", strings.Repeat(" ", 300), "\n\n", strings.Repeat("word ", 90), strings.Repeat("é ", 90), "a\nlmc: b"} {
		for _, matched := range []bool{false, true} {
			resp := &answersv1.SearchResponse{Found: 1, Hits: []*answersv1.Hit{{
				Entry: "essex/0", Title: text, Standing: text, Committees: []string{text}, Stances: []string{text},
				Fragments: []*answersv1.Fragment{{Pieces: []*answersv1.Piece{{Text: text}, {Text: text, Matched: matched}, {Text: text}}}},
			}}}
			p := New(80)
			p.Found(resp)
			lines, _, _ := strings.Cut(p.String(), "\n\n")
			if n := strings.Count(lines, "\n") + 1; n > 3 || !strings.HasPrefix(lines, "essex/0: ") {
				t.Errorf("%q, %v: %d lines:\n%s", text, matched, n, lines)
			}
			for line := range strings.Lines(lines) {
				if utf8.RuneCountInString(strings.TrimRight(line, "\n")) > 80 {
					t.Errorf("%q: the line %q", text, line)
				}
			}
		}
	}
}
