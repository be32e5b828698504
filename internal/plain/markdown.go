package plain

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// A body is Markdown, which people read well as it stands: all that is done to it is
// to break its lines anew to the width of the page. Much of it was pasted from a word
// processor, which knows nothing of Markdown: its bullets are bullets here too, and a
// line that was ended on purpose ends.

// Widths by which lines broken by an editor are told from lines ended on purpose.
const (
	narrow = 60  // no editor breaks prose at fewer characters
	wide   = 100 // nor at more
)

// lineEnds are those of Windows, and those that a word processor has within a paragraph.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\v", "\n", "\u2028", "\n")

// inSentence is a mark that prose goes on with as well.
var inSentence = regexp.MustCompile(`^[\s\p{Zs}]*(?:[–—]|[a-z]+\.)`)

// Markdown writes s paragraph by paragraph, list item by list item. Lines whose own shape
// matters (headings, tables, code indented or between fences) stand as they are.
func (p *Page) Markdown(indent int, s string) {
	if p.unlaid {
		p.put(Block{Kind: Text, Indent: indent, Words: s})
		return
	}
	lead := strings.Repeat(" ", indent)
	mark, lines, code := "", []string(nil), false // the list item's mark, what was gathered, between fences
	var open lists
	flush := func() {
		for i, words := range unwrapped(lines) {
			p.Hang(lead+mark, words)
			if i == 0 {
				mark = strings.Repeat(" ", utf8.RuneCountInString(mark))
			}
		}
		mark, lines = "", nil
	}
	for _, line := range strings.Split(strings.TrimSpace(lineEnds.Replace(s)), "\n") {
		trimmed := strings.TrimSpace(line)
		fence := strings.HasPrefix(trimmed, "```")
		item := notation.ItemMark(line)
		inText := mark == "" && len(lines) > 0 && !strings.HasSuffix(strings.TrimSpace(lines[len(lines)-1]), ":")
		if inText && inSentence.MatchString(item) {
			item = "" // the line goes on with a dash
		}
		shaped := strings.HasPrefix(line, "#") || strings.HasPrefix(line, "|") || strings.HasPrefix(line, "    ") && item == ""
		switch {
		case fence || code || shaped:
			flush()
			open = nil
			code = code != fence
			p.Line(lead + line)
		case trimmed == "":
			flush()
			p.Gap()
		case item != "":
			flush()
			lines = []string{strings.TrimPrefix(line, item)}
			mark = open.mark(item)
		default:
			if len(lines) == 0 {
				open = nil
			}
			lines = append(lines, line)
		}
	}
	flush()
}

// Received writes a text as Markdown does, every line behind a margin, so that nothing in it can
// pose as a line of the page.
func (p *Page) Received(s string) {
	if p.unlaid {
		p.Markdown(0, s)
		return
	}
	const margin = "  | "
	text := &Page{width: p.width - len(margin)}
	text.Markdown(0, s)
	for line := range strings.Lines(text.String()) {
		p.b.WriteString(strings.TrimRight(margin+strings.TrimSuffix(line, "\n"), " ") + "\n")
	}
}

// unwrapped puts the lines of a paragraph together again where an editor broke them, and
// leaves those apart that were ended on purpose: lines of an address or a signature, which
// leave room for the next word, and whole paragraphs, which are longer than any editor's.
func unwrapped(lines []string) []string {
	longest := 0
	for _, line := range lines {
		longest = max(longest, utf8.RuneCountInString(strings.TrimSpace(line)))
	}
	var whole []string
	for i, line := range lines {
		text := strings.TrimSpace(strings.TrimSuffix(line, `\`))
		if i == 0 || endsOnPurpose(lines[i-1], text, longest) {
			whole = append(whole, text)
		} else {
			whole[len(whole)-1] += " " + text
		}
	}
	return whole
}

// endsOnPurpose says whether a line was ended by its writer: by a sign of Markdown's, or
// because an editor would have put more of the next line on it.
func endsOnPurpose(line, next string, longest int) bool {
	word, _, _ := strings.Cut(next, " ")
	length := utf8.RuneCountInString(strings.TrimSpace(line))
	filled := length + 1 + utf8.RuneCountInString(word)
	return strings.HasSuffix(line, "  ") || strings.HasSuffix(line, `\`) || longest <= narrow || length > wide || filled <= min(longest, wide)*3/4
}
