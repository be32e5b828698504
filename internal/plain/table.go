package plain

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Table is rows of cells in aligned columns. When the page is too narrow the widest
// columns give way and their cells wrap; when even the longest words do not fit side by
// side, each row becomes a small block.
type Table struct {
	// Labels is for cells that do not tell by themselves what they are: no column gives way, and
	// in a block each cell has its heading before it.
	Labels bool

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
	if p.unlaid {
		p.put(Block{Kind: Cells, Indent: indent, Head: t.head, Rows: t.rows})
		return
	}
	lead, rows := strings.Repeat(" ", indent), t.rows
	if len(t.head) > 0 {
		rows = append([][]string{t.head}, rows...)
	}
	widths, fits := columnWidths(rows, p.width-indent)
	if whole, _ := columnWidths(rows, math.MaxInt); t.Labels && !slices.Equal(widths, whole) {
		fits = false
	}
	if fits {
		for _, row := range rows {
			p.row(lead, row, widths)
		}
		return
	}
	if t.Labels {
		p.Hang(lead, t.head[0])
	}
	for _, row := range t.rows {
		p.Hang(lead, row[0])
		if !t.Labels {
			p.Hang(lead+"  ", notation.Joined(", ", row[1:]...))
			continue
		}
		var cells []string
		for i, cell := range row[1:] {
			if cell != "" && cell != "-" {
				cells = append(cells, strings.ToLower(t.head[i+1])+": "+cell)
			}
		}
		p.Hang(lead+"  ", strings.Join(cells, "; "))
	}
}

// columnWidths gives each column what its widest cell takes; while all together take
// more than room, the widest column that still can gives one character away. They fit
// unless the longest words of all columns take more than room.
func columnWidths(rows [][]string, room int) (widths []int, fits bool) {
	var least []int // the longest word of each column
	for _, row := range rows {
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
	total := len(gutter) * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	for ; total > room; total-- {
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
