package plain

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Clean makes received text safe to print: whatever would steer a terminal (control
// characters other than the line feed) or turn text round (bidirectional overrides,
// isolates and marks) is shown as its code point, so that it is seen and does
// nothing.
func Clean(s string) string {
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

// steers: a terminal would obey r rather than show it.
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

// EscapeJSON writes the same characters of a JSON text as \uXXXX. They stand inside
// strings, which is the only place they can stand, that changes nothing but the look.
func EscapeJSON(b []byte) []byte {
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
