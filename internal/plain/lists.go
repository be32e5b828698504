package plain

import (
	"regexp"
	"slices"
	"strings"
)

// lists are those that are open, outermost first. Markdown says by blanks how deep an item
// stands. A word processor has another sign or kind of number for each depth, and tabs or
// non-breaking blanks before it, or nothing.
type lists []list

type list struct {
	sign, kind string // of its newest item: "b)", which is of the kind "a)"
	indent     int
	asWritten  bool // its items say themselves how deep they stand
}

// mark opens an item, and is what the page has in place of its mark.
func (open *lists) mark(item string) string {
	sign := strings.TrimSpace(item)
	before, _, _ := strings.Cut(item, sign)
	if markdowns.MatchString(item) && (len(*open) == 0 || (*open)[0].asWritten) {
		*open = lists{{sign: sign, kind: open.kindOf(sign), asWritten: true}}
		if strings.Trim(item, " ") == sign {
			return item
		}
		return before + sign + " "
	}
	next := list{sign: sign, kind: open.kindOf(sign), indent: len(strings.NewReplacer("\t", "    ", "\u00a0", " ", "\u2003", "  ").Replace(before)) / 2}
	for len(*open) > 0 && (*open)[len(*open)-1].indent > next.indent {
		*open = (*open)[:len(*open)-1]
	}
	if at := slices.IndexFunc(*open, func(l list) bool { return l.kind == next.kind && l.indent == next.indent }); at >= 0 {
		*open = (*open)[:at]
	}
	*open = append(*open, next)
	return strings.Repeat("  ", len(*open)-1) + sign + " "
}

var (
	markdowns = regexp.MustCompile(`^ *(?:[-*+>]|\d{1,3}[.)])[\s\p{Zs}]`)
	numbers   = regexp.MustCompile(`^\(?([a-z0-9]+)[.)]+$`)
	roman     = regexp.MustCompile(`^[ivx]+$`)
)

// kindOf is what the signs of one list have in common: "1." of "12.", "a)" of "b)", "i)" of
// "iv)", and a bullet itself. An i that follows an h is a letter.
func (open lists) kindOf(sign string) string {
	number := numbers.FindStringSubmatch(sign)
	if number == nil {
		return sign
	}
	as := func(first string) string { return strings.Replace(sign, number[1], first, 1) }
	switch {
	case number[1][0] <= '9':
		return as("1")
	case !roman.MatchString(number[1]):
		return as("a")
	}
	for _, l := range open {
		if len(number[1]) == 1 && l.kind == as("a") && l.sign == as(string(number[1][0]-1)) {
			return as("a")
		}
	}
	return as("i")
}
