package demo

import (
	"fmt"
	"io"
)

// progress is one line that says what is being done; nil-safe when nobody looks.
type progress struct {
	w    io.Writer
	what string
}

func newProgress(w io.Writer) *progress {
	if w == nil {
		w = io.Discard
	}
	return &progress{w: w}
}

func (p *progress) say(what string) {
	p.what = what
	fmt.Fprintf(p.w, "\r\033[K%s …", what)
}

func (p *progress) count(done, all int, of string) {
	fmt.Fprintf(p.w, "\r\033[K%s … %d of %d %s", p.what, done, all, of)
}

func (p *progress) done() { fmt.Fprint(p.w, "\r\033[K") }
