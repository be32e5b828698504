package plain

import (
	"regexp"
	"strings"
)

// A body is Markdown, which people read well as it stands: all that is done to it is
// to break its lines anew to the width of the page.

// itemMark is what opens a list item or a quotation: "- ", "12. ", "> ".
var itemMark = regexp.MustCompile(`^\s*([-*+>]|\d{1,3}[.)])\s+`)

// Markdown writes s paragraph by paragraph, list item by list item. Lines whose own shape
// matters (headings, tables, code indented or between fences) stand as they are.
func (p *Page) Markdown(indent int, s string) {
	lead := strings.Repeat(" ", indent)
	mark, words, code := "", []string(nil), false // the list item's mark, what was gathered, between fences
	flush := func() {
		if len(words) > 0 {
			p.Hang(lead+mark, strings.Join(words, " "))
		}
		mark, words = "", nil
	}
	for _, line := range strings.Split(strings.TrimSpace(s), "\n") {
		trimmed := strings.TrimSpace(line)
		fence := strings.HasPrefix(trimmed, "```")
		item := itemMark.FindString(line)
		shaped := strings.HasPrefix(line, "#") || strings.HasPrefix(line, "|") || strings.HasPrefix(line, "    ") && item == ""
		switch {
		case fence || code || shaped:
			flush()
			code = code != fence
			p.Line(lead + strings.TrimRight(line, "\r"))
		case trimmed == "":
			flush()
			p.Gap()
		case item != "":
			flush()
			mark, words = item, []string{strings.TrimPrefix(line, item)}
		default:
			words = append(words, trimmed)
		}
	}
	flush()
}
