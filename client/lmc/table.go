package main

import (
	"strings"
	"unicode/utf8"
)

// table is rows of cells in aligned columns. When the page is too narrow the widest
// columns give way and their cells wrap.
type table struct {
	head []string
	rows [][]string
}

// gutter stands between columns.
const gutter = "  "

// narrowest is how far a column gives way, in characters.
const narrowest = 8

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// table writes t behind indent spaces; nothing when it has no rows.
func (p *page) table(indent int, t *table) {
	if len(t.rows) == 0 {
		return
	}
	widths := t.widths(p.width - indent)
	for _, row := range t.lines() {
		p.row(strings.Repeat(" ", indent), row, widths)
	}
}

func (t *table) lines() [][]string {
	if len(t.head) == 0 {
		return t.rows
	}
	return append([][]string{t.head}, t.rows...)
}

// widths gives each column what its widest cell takes; while all together take more
// than room, the widest column gives one character away.
func (t *table) widths(room int) []int {
	var widths []int
	for _, row := range t.lines() {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(oneLine(cell)))
		}
	}
	for total(widths)+len(gutter)*(len(widths)-1) > room {
		widest := 0
		for i := range widths {
			if widths[i] > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= narrowest {
			break
		}
		widths[widest]--
	}
	return widths
}

func total(widths []int) (n int) {
	for _, w := range widths {
		n += w
	}
	return n
}

// row writes one row, over as many lines as its tallest cell needs.
func (p *page) row(lead string, cells []string, widths []int) {
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
		p.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
