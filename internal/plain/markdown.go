package plain

import (
	"regexp"
	"strings"
)

// A body is Markdown, which people read well as it stands: all that is done to it is
// to break its lines anew to the width of the page.

// itemMark is what opens a list item or a quotation: "- ", "12. ", "> ".
var itemMark = regexp.MustCompile(`^\s*([-*+>]|\d{1,3}[.)])\s+`)

// Markdown writes s paragraph by paragraph. Lines whose shape matters (tables, code,
// headings) stand as they are.
func (p *Page) Markdown(indent int, s string) {
	m := &reflow{Page: p, lead: strings.Repeat(" ", indent)}
	for _, line := range strings.Split(strings.TrimSpace(s), "\n") {
		m.take(line)
	}
	m.flush()
}

// reflow gathers the lines of one paragraph or list item.
type reflow struct {
	*Page
	lead  string // before the first line
	mark  string // the list item's mark, or ""
	words []string
	code  bool // between fences
}

func (m *reflow) take(line string) {
	trimmed := strings.TrimSpace(line)
	fence := strings.HasPrefix(trimmed, "```")
	switch {
	case fence || m.code || shaped(line):
		m.flush()
		m.code = m.code != fence
		m.Line(m.lead + strings.TrimRight(line, "\r"))
	case trimmed == "":
		m.flush()
		m.Gap()
	case itemMark.MatchString(line):
		m.flush()
		m.mark = itemMark.FindString(line)
		m.words = append(m.words, strings.TrimPrefix(line, m.mark))
	default:
		m.words = append(m.words, trimmed)
	}
}

// shaped says whether a line's own shape matters: a heading, a table, indented code.
func shaped(line string) bool {
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "|") ||
		strings.HasPrefix(line, "    ") && !itemMark.MatchString(line)
}

// flush writes what has been gathered.
func (m *reflow) flush() {
	if len(m.words) > 0 {
		m.Hang(m.lead+m.mark, strings.Join(m.words, " "))
	}
	m.mark, m.words = "", nil
}
