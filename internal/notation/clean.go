package notation

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// IsUnsafe says whether a character can make a page or a terminal show something else than
// was written: controls, line breaks and tabs among them, and overrides of the direction of
// writing. Text of several lines allows itself the line breaks.
func IsUnsafe(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// Steers says whether a terminal would obey a character rather than show it, or show nothing
// for it: whatever is unsafe, and marks, separators and some of what is invisible.
func Steers(r rune) bool {
	switch {
	case IsUnsafe(r):
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f: // marks
		return true
	case r == 0x2028, r == 0x2029: // separators of lines and paragraphs
		return true
	case r >= 0x206a && r <= 0x206f: // deprecated format characters
		return true
	case r == 0xfeff, r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f: // invisible
		return true
	}
	return false
}

// IsInvisible says whether nothing is shown for a character, or nothing that means the same
// everywhere, so that two titles that differ by it look the same. No text of one line has any, and no
// name; whatever Steers is one.
func IsInvisible(r rune) bool {
	if ' ' <= r && r <= '~' {
		return false // most there is, told quickly
	}
	return r == 0x2800 || r == 0xfffc || // a blank of Braille; a thing that was pasted and is not there
		unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, // controls, formats, separators of lines and paragraphs
			unicode.Co, unicode.Noncharacter_Code_Point, // private use, and what is no character
			unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) // fillers, and what is to be ignored
}

// CleanLine is Clean for what stands on one line: a line break is shown as its code point
// too, so that nobody's words can begin a line of ours.
func CleanLine(s string) string {
	return strings.ReplaceAll(Clean(s), "\n", "<U+000A>")
}

// Clean makes received text safe to print: whatever would steer a terminal (control
// characters other than the line feed) or turn text round (bidirectional overrides,
// isolates and marks) is shown as its code point, so that it is seen and does
// nothing.
func Clean(s string) string {
	if !strings.ContainsFunc(s, steersText) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '\t':
			b.WriteByte(' ')
		case steersText(r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// steersText is Steers in text of several lines: line breaks do no harm there.
func steersText(r rune) bool { return r != '\n' && Steers(r) }

// EscapeJSON writes the same characters of a JSON text as \uXXXX. They stand inside
// strings, which is the only place they can stand, that changes nothing but the look.
func EscapeJSON(b []byte) []byte {
	s := string(b)
	if !strings.ContainsFunc(s, steersText) {
		return b
	}
	var out strings.Builder
	for _, r := range s {
		switch {
		case r > 0xffff && steersText(r):
			high, low := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		case steersText(r):
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	return []byte(out.String())
}
