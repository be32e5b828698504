// Package terminal knows where the answers of both commands go, how wide their pages may be,
// whether they arrived, and how the commands are typed. It does not know what stands on the pages.
package terminal

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// Output is where a command's answer goes. It keeps the first error of writing there, so that none
// is dropped on the way: an answer that did not arrive is no success.
type Output struct {
	io.Writer
	Err error
}

// Write writes, and keeps what goes wrong.
func (o *Output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if err != nil {
		err = fmt.Errorf("the answer could not be written: %w", err)
		o.Err = cmp.Or(o.Err, err)
	}
	return n, err
}

// Width is that of the terminal that w is, else $COLUMNS, else the usual one.
func Width(w io.Writer, usual int) int {
	if o, ok := w.(*Output); ok {
		w = o.Writer
	}
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
