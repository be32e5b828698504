// Package terminal knows how wide the pages of both commands may be. It does not know what
// stands on them.
package terminal

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// Width is that of the terminal that w is, else $COLUMNS, else the usual one.
func Width(w io.Writer, usual int) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	if width, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil {
		return width
	}
	return usual
}
