package letter

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// howToFillIn opens every skeleton: a line that begins with # and one blank is a remark; any
// other line that begins with # is part of an example, used by taking the # away.
const howToFillIn = `# Lines like this one, with one blank after the #, are remarks; they are never published.
# Other lines that begin with # are examples: take the # away to use them.
# A text with a colon, a # or quotation marks in it stands in "quotation marks".
`

// sketch is a letter being written for somebody to fill in.
type sketch struct{ strings.Builder }

func (s *sketch) line(format string, args ...any) { fmt.Fprintf(s, format+"\n", args...) }

// remark writes words of others on one line that cannot end the remark.
func (s *sketch) remark(indent, words string) {
	safe := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r < 0x10000 {
			return r
		}
		return ' '
	}, words)
	s.line("%s# %s", indent, strings.Join(strings.Fields(safe), " "))
}

// measures lists what a position can be on.
func (s *sketch) measures(m *guidancev1.Matter) {
	for _, measure := range m.GetMeasures() {
		proposer, kind := guidance.ProposerOf(m, measure.GetId()), ""
		if words, n := enumWords[guidancev1.MeasureKind](), int(measure.GetKind()); n >= 0 && n < len(words) {
			kind = words[n]
		}
		s.remark("", fmt.Sprintf("  %s: %s (%s, %s)", measure.GetId(), measure.GetTitle(), proposer.GetName(), kind))
	}
}

// stances lists the stances with what they tell people, and leaves room for one.
func (s *sketch) stances(indent string) {
	for number, word := range enumWords[guidancev1.Stance]() {
		if number > 0 {
			s.remark(indent, "  "+word+": "+guidance.StanceWords(guidancev1.Stance(number)))
		}
	}
	s.line("%sstance:\n", indent)
}

// choices lists words under a remark, a few to a line.
func (s *sketch) choices(indent string, words []string) {
	for len(words) > 0 {
		n := min(5, len(words))
		end := ","
		if n == len(words) {
			end = "."
		}
		s.line("%s# %s%s", indent, strings.Join(words[:n], ", "), end)
		words = words[n:]
	}
}
