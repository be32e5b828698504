package plain

import (
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func TestAPageShowsWhereATextDiffersFromTheLetter(t *testing.T) {
	p := New(Width)
	p.Alike(nil)
	p.Alike(&answersv1.LetterAlike{
		Entry: "essex/7", Title: "Refuse", Standing: "It still stands.", MorePassages: 2,
		Passages: []*answersv1.DifferentPassage{{Before: "you must", Letter: "not", After: "sign"}, {Letter: "Dr Balmer"}, {Text: "FYI", After: "Dear all"}},
	})
	want := `Of essex/7 itself: It still stands.

Where they differ:

  as signed  “you must [not] sign”
  as sent    nothing

  as signed  “[Dr Balmer]”
  as sent    nothing

  as signed  nothing
  as sent    “[FYI] Dear all”
  and 2 more
`
	if got := p.String(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
