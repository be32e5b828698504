// Package plain knows text pages: how answers look as plain text, laid out to the width
// of a terminal, for a reader with five minutes, in words and days and entry names. The
// command line and the demonstration print the same pages with it.
//
// It does not know how answers are had, nor what is right in them: sentences come from
// the node or from internal/guidance, and are only shortened where a table needs it.
// No wire shape and no enum name reaches a page. It never writes to a terminal what
// would steer it (notation.Clean).
package plain

import (
	"io"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Widths of a page, in characters.
const (
	// Width is that of a page nobody measured a terminal for.
	Width = 80
	// LeastWidth is the narrowest page laid out; narrower ones stick out.
	LeastWidth = 40
	// MostWidth is the widest: longer lines are hard to read.
	MostWidth = 110
)

// View writes a combined view, width characters wide: the reader's own committee in
// full, then everybody else in a table, then what the answer rests on.
func View(w io.Writer, v *answersv1.CombinedView, width int) error {
	p := New(width)
	p.View(v, "", false)
	return p.print(w)
}

// National writes a national picture, width characters wide.
func National(w io.Writer, pic *answersv1.NationalPicture, width int) error {
	p := New(width)
	p.National(pic, "")
	return p.print(w)
}

func (p *Page) print(w io.Writer) error {
	_, err := io.WriteString(w, notation.Clean(p.String()))
	return err
}
