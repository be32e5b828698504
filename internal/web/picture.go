package web

import (
	"fmt"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// bar is the figures of a table as one bar: stances in the order of their scale, what is no stance behind them.
type bar struct {
	Title, Words string
	Parts        []barPart
}

type barPart struct {
	Class       string // of its colour and pattern
	Words       string
	Count       string
	X, Width, M float64 // in parts of 1,000; M is its middle
	Wide        bool    // there is room for its number
}

// barOf is the first table of a picture as a bar; nil: there is nothing to draw.
func barOf(pic *answersv1.NationalPicture) *bar {
	if len(pic.GetTables()) == 0 || len(pic.GetTables()[0].GetColumns()) == 0 {
		return nil
	}
	t := pic.GetTables()[0]
	total := int32(0)
	for _, c := range t.GetColumns() {
		total += c.GetCount()
	}
	if total == 0 {
		return nil
	}
	b := &bar{Title: "The whole matter", Words: t.GetDenominatorWords()}
	if t.GetTitle() != "" {
		b.Title = t.GetTitle()
	}
	x := 0.0
	for _, c := range t.GetColumns() {
		width := 1000 * float64(c.GetCount()) / float64(total)
		b.Parts = append(b.Parts, barPart{Class: barClass(c), Words: notation.Capital(c.GetWords()), Count: notation.Thousands(int64(c.GetCount())), X: x, Width: width, M: x + width/2, Wide: width >= 30})
		x += width
	}
	return b
}

// barClass is the class of a column's colour.
func barClass(c *answersv1.Column) string {
	switch c.GetKind() {
	case answersv1.ColumnKind_COLUMN_KIND_STANCE, answersv1.ColumnKind_COLUMN_KIND_BY_WHOLE_MATTER:
		if c.GetStance() != guidancev1.Stance_STANCE_UNSPECIFIED {
			return fmt.Sprintf("stance%d", c.GetStance())
		}
	case answersv1.ColumnKind_COLUMN_KIND_NO_LINE, answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED:
		return "none"
	}
	return "other"
}
