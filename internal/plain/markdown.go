package plain

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A body is Markdown, which people read well as it stands: all that is done to it is
// to break its lines anew to the width of the page. Much of it was pasted from a word
// processor, which knows nothing of Markdown: its bullets are bullets here too, and a
// line that was ended on purpose ends.

// itemMark is what opens a list item or a quotation: "- ", "12. ", "> "; or a bullet of a
// word processor: "• ", "o ", "– ". Of those the last may be a dash within a sentence.
var itemMark = regexp.MustCompile(`^\s*([-*+>•●▪◦‣·\x{F0B7}\x{F0A7}o–—]|\d{1,3}[.)])\s+`)

// Widths by which lines broken by an editor are told from lines ended on purpose.
const (
	narrow = 60  // no editor breaks prose at fewer characters
	wide   = 100 // nor at more
)

// Markdown writes s paragraph by paragraph, list item by list item. Lines whose own shape
// matters (headings, tables, code indented or between fences) stand as they are.
func (p *Page) Markdown(indent int, s string) {
	lead := strings.Repeat(" ", indent)
	mark, lines, code := "", []string(nil), false // the list item's mark, what was gathered, between fences
	var bullets []string                          // the signs of the lists that are open, outermost first
	flush := func() {
		for i, words := range unwrapped(lines) {
			p.Hang(lead+mark, words)
			if i == 0 {
				mark = strings.Repeat(" ", utf8.RuneCountInString(mark))
			}
		}
		mark, lines = "", nil
	}
	for _, line := range strings.Split(strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")), "\n") {
		trimmed := strings.TrimSpace(line)
		fence := strings.HasPrefix(trimmed, "```")
		item := itemMark.FindString(line)
		sign := strings.TrimSpace(item)
		inText := mark == "" && len(lines) > 0 && !strings.HasSuffix(lines[len(lines)-1], ":")
		if (sign == "–" || sign == "—") && inText {
			item, sign = "", "" // the line goes on with a dash
		}
		shaped := strings.HasPrefix(line, "#") || strings.HasPrefix(line, "|") || strings.HasPrefix(line, "    ") && item == ""
		switch {
		case fence || code || shaped:
			flush()
			code = code != fence
			p.Line(lead + line)
		case trimmed == "":
			flush()
			p.Gap()
		case item != "":
			flush()
			lines = []string{strings.TrimPrefix(line, item)}
			if mark = item; strings.ContainsAny(sign, "-*+>") || strings.HasPrefix(item, " ") || sign[0] >= '0' && sign[0] <= '9' {
				bullets = []string{sign} // it says itself how deep it stands
				break
			}
			// A word processor has another sign for each depth, and no blanks before it.
			if at := slices.Index(bullets, sign); at >= 0 {
				bullets = bullets[:at+1]
			} else {
				bullets = append(bullets, sign)
			}
			mark = strings.Repeat("  ", len(bullets)-1) + sign + " "
		default:
			if len(lines) == 0 {
				bullets = nil
			}
			lines = append(lines, line)
		}
	}
	flush()
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
