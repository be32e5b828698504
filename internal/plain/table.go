package plain

import (
	"strings"
	"unicode/utf8"
)

// Table is rows of cells in aligned columns. When the page is too narrow the widest
// columns give way and their cells wrap; when even the longest words do not fit side by
// side, each row becomes a small block.
type Table struct {
	head []string
	rows [][]string
}

// NewTable begins a table with these headings; without any it has none.
func NewTable(head ...string) *Table { return &Table{head: head} }

// gutter stands between columns.
const gutter = "  "

// Add adds a row.
func (t *Table) Add(cells ...string) { t.rows = append(t.rows, cells) }

// Table writes t behind indent spaces; nothing when it has no rows.
func (p *Page) Table(indent int, t *Table) {
	if len(t.rows) == 0 {
		return
	}
	lead := strings.Repeat(" ", indent)
	widths, fits := t.widths(p.width - indent)
	if !fits {
		p.blocks(lead, t)
		return
	}
	for _, row := range t.lines() {
		p.row(lead, row, widths)
	}
}

// lines is the rows with the heading before them.
func (t *Table) lines() [][]string {
	if len(t.head) == 0 {
		return t.rows
	}
	return append([][]string{t.head}, t.rows...)
}

// widths gives each column what its widest cell takes; while all together take more
// than room, the widest column that still can gives one character away. It fits unless
// the longest words of all columns take more than room.
func (t *Table) widths(room int) (widths []int, fits bool) {
	widths, least := t.measure()
	for total(widths) > room {
		widest := -1
		for i := range widths {
			if widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return widths, false
		}
		widths[widest]--
	}
	return widths, true
}

// measure is the widest cell and the longest word of each column.
func (t *Table) measure() (widths, least []int) {
	for _, row := range t.lines() {
		for i, cell := range row {
			if i == len(widths) {
				widths, least = append(widths, 0), append(least, 0)
			}
			words := strings.Fields(cell)
			widths[i] = max(widths[i], utf8.RuneCountInString(strings.Join(words, " ")))
			for _, w := range words {
				least[i] = max(least[i], utf8.RuneCountInString(w))
			}
		}
	}
	return widths, least
}

// total is what columns of these widths take side by side.
func total(widths []int) int {
	n := len(gutter) * (len(widths) - 1)
	for _, w := range widths {
		n += w
	}
	return n
}

// row writes one row, over as many lines as its tallest cell needs.
func (p *Page) row(lead string, cells []string, widths []int) {
	wrapped := make([][]string, len(cells))
	tallest := 0
	for i, cell := range cells {
		wrapped[i] = wrap(cell, widths[i])
		tallest = max(tallest, len(wrapped[i]))
	}
	for n := range tallest {
		line := lead
		for i := range cells {
			text := ""
			if n < len(wrapped[i]) {
				text = wrapped[i][n]
			}
			line += text + strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(text))) + gutter
		}
		p.b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// blocks writes each row as its first cell, and the others under it.
func (p *Page) blocks(lead string, t *Table) {
	for _, row := range t.rows {
		p.Hang(lead, Joined(", ", row[0]))
		p.Hang(lead+"  ", Joined(", ", row[1:]...))
	}
}
