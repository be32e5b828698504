package plain

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Page is text being laid out to a width. What is written to it may be received text
// as it came: notation.Clean it when it is printed.
type Page struct {
	b     strings.Builder
	top   string // what the reader must know first
	width int

	unlaid  bool // it is kept as blocks
	neutral bool // it does not tell who is silent
	blocks  []Block
}

// New begins a page of so many characters a line, within LeastWidth and MostWidth.
func New(width int) *Page { return &Page{width: min(max(width, LeastWidth), MostWidth)} }

// String is the page so far, behind what the reader must know first.
func (p *Page) String() string { return p.top + p.b.String() }

// Line writes s as it stands, on one line.
func (p *Page) Line(s string) {
	if p.unlaid {
		p.put(Block{Indent: len(s) - len(strings.TrimLeft(s, " ")), Words: strings.TrimSpace(OneLine(s))})
		return
	}
	p.b.WriteString(strings.TrimRight(OneLine(s), " ") + "\n")
}

// Gap writes an empty line, never two in a row and never first.
func (p *Page) Gap() {
	if s := p.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		p.b.WriteByte('\n')
	}
}

// Para writes s wrapped, each line behind indent spaces.
func (p *Page) Para(indent int, s string) {
	p.Hang(strings.Repeat(" ", indent), s)
}

// Hang writes s wrapped behind lead, further lines indented to the width of lead.
func (p *Page) Hang(lead, s string) {
	if p.unlaid {
		p.hung(lead, s)
		return
	}
	rest := strings.Repeat(" ", utf8.RuneCountInString(lead))
	for i, l := range wrap(s, max(p.width-len(rest), LeastWidth/2)) {
		if i > 0 {
			lead = rest
		}
		p.b.WriteString(strings.TrimRight(lead+l, " ") + "\n")
	}
}

// Item writes s wrapped behind indent spaces, further lines two deeper, so that each of several
// can be told from the next.
func (p *Page) Item(indent int, s string) {
	if p.unlaid {
		p.put(Block{Kind: Item, Indent: indent, Words: s})
		return
	}
	lead := strings.Repeat(" ", indent)
	for i, l := range wrap(s, max(p.width-indent-2, LeastWidth/2)) {
		if i == 1 {
			lead += "  "
		}
		p.b.WriteString(strings.TrimRight(lead+l, " ") + "\n")
	}
}

// Head writes a heading with an empty line before it.
func (p *Page) Head(s string) {
	if p.unlaid {
		p.put(Block{Kind: Heading, Words: strings.TrimSuffix(s, ":")})
		return
	}
	p.Gap()
	p.Para(0, s)
}

// Footer writes what every answer ends with: whether it rests on everything, and the
// notices it must be shown with. Its warning, that others are not heard, goes to the top.
func (p *Page) Footer(c *answersv1.Completeness, notices []string) {
	if c != nil {
		p.Gap()
		p.Para(0, strings.TrimPrefix(cmp.Or(c.GetWords(), picture.CompletenessWords(c)), c.GetWarning()))
	}
	switch {
	case c.GetWarning() == "":
	case p.unlaid:
		p.blocks = append([]Block{{Kind: Warning, Words: c.GetWarning()}}, p.blocks...)
	default:
		top := New(p.width)
		top.Para(0, c.GetWarning())
		top.Gap()
		p.top = top.String()
	}
	for _, n := range notices {
		p.Gap()
		p.notice(n)
	}
}

// notice writes the notice that something must be shown with.
func (p *Page) notice(words string) {
	if p.unlaid {
		p.put(Block{Kind: Notice, Words: words})
		return
	}
	p.Para(0, words)
}

// decides ends what a page tells practices (domain.md 3).
func (p *Page) decides() {
	p.Para(0, "Each practice decides for itself. This is not legal advice.")
}

// isForPractices: what is told these readers is told practices, or somebody in one.
func isForPractices(audience guidancev1.Audience) bool {
	switch audience {
	case guidancev1.Audience_AUDIENCE_COMMISSIONERS, guidancev1.Audience_AUDIENCE_COMMISSIONER_GPS, guidancev1.Audience_AUDIENCE_LMCS:
		return false
	}
	return true
}

// wrap breaks s into lines of at most width characters. Words longer than that
// stand alone and stick out: a cut address cannot be copied.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// OneLine folds s to a single line, so that received text cannot pose as a line of
// ours.
func OneLine(s string) string {
	if !strings.ContainsAny(s, "\n\r") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}
