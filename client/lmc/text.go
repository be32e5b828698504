package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// clean makes received text safe to print: whatever would steer a terminal (control
// characters other than the line feed) or turn text round (bidirectional overrides,
// isolates and marks) is shown as its code point, so that it is seen and does
// nothing.
func clean(s string) string {
	if !strings.ContainsFunc(s, steers) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '\t':
			b.WriteByte(' ')
		case steers(r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// steers says whether a terminal would obey r rather than show it.
func steers(r rune) bool {
	switch {
	case r == '\n':
		return false
	case r < 0x20, r >= 0x7f && r <= 0x9f: // C0, DEL, C1
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f: // marks
		return true
	case r >= 0x2028 && r <= 0x202e: // line and paragraph separators, embeddings, overrides
		return true
	case r >= 0x2066 && r <= 0x206f: // isolates, deprecated format characters
		return true
	case r == 0xfeff, r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f: // invisible
		return true
	}
	return false
}

// escapeJSON writes the same characters as \uXXXX: inside the strings of a JSON
// text, which is the only place they can stand, that changes nothing but the look.
func escapeJSON(b []byte) []byte {
	s := string(b)
	if !strings.ContainsFunc(s, steers) {
		return b
	}
	var out strings.Builder
	for _, r := range s {
		switch {
		case r > 0xffff && steers(r):
			high, low := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		case steers(r):
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	return []byte(out.String())
}

// wrap breaks s into lines of at most width characters. Words longer than that
// stand alone and stick out: a cut address cannot be copied.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// page is text being laid out to a width.
type page struct {
	strings.Builder
	width int
}

func (a *app) newPage() *page { return &page{width: a.width} }

// line writes s as it stands, on one line.
func (p *page) line(s string) {
	p.WriteString(strings.TrimRight(oneLine(s), " ") + "\n")
}

// gap writes an empty line, never two in a row and never first.
func (p *page) gap() {
	if s := p.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		p.WriteByte('\n')
	}
}

// para writes s wrapped, each line behind indent spaces.
func (p *page) para(indent int, s string) {
	p.hang(strings.Repeat(" ", indent), s)
}

// hang writes s wrapped behind lead, further lines indented to the width of lead.
func (p *page) hang(lead, s string) {
	rest := strings.Repeat(" ", utf8.RuneCountInString(lead))
	for i, l := range wrap(s, max(p.width-len(rest), leastWidth/2)) {
		if i > 0 {
			lead = rest
		}
		p.WriteString(strings.TrimRight(lead+l, " ") + "\n")
	}
}

// head writes a heading with an empty line before it.
func (p *page) head(s string) {
	p.gap()
	p.line(s)
}

// oneLine folds s to a single line, so that received text cannot pose as a line of
// ours.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\r") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}
