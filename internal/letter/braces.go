package letter

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What stands in braces or brackets, {id: survey, question: "Will you?"}, needs quotation marks
// where a text on a line of its own does not: ? [ ] { } end it.

// bracedLines is how many lines of it are looked at.
const bracedLines = 100

var (
	braceOpens = regexp.MustCompile(`^\s*(?:- +)*(?:[a-z-]+:\s+)?[{\[]`)
	bracedKey  = regexp.MustCompile(`^([a-z][a-z-]*):(?:\s+|$)`)
	keyWithin  = regexp.MustCompile(` ([a-z][a-z-]*): `)
)

// bracedField is a field in braces, or an item in brackets, which has no key.
type bracedField struct {
	key, text string
	in        string // {…} or […]
	line      int    // from 0
}

// bracedError says what is wrong with what opens in braces or brackets on the first of some
// lines, and on which of them; empty: nothing opens there.
func bracedError(lines [][]byte) (line int, problem string) {
	if len(lines) == 0 || !braceOpens.Match(lines[0]) {
		return 0, ""
	}
	var b strings.Builder
	for _, l := range lines[:min(len(lines), bracedLines)] {
		b.Write(l)
	}
	text := b.String()
	text = text[len(braceOpens.FindString(text))-1:]
	fields, behind, closed := bracedFields(text)
	if text[0] == '{' && !slices.ContainsFunc(fields, func(f bracedField) bool { return f.key != "" }) {
		return 0, "a text that begins with { must stand in quotation marks"
	}
	for _, f := range fields {
		if first, _, more := strings.Cut(f.text, "\n"); more && !closed { // what follows is none of it
			f.text = first
		}
		f.text = strings.Join(strings.Fields(f.text), " ")
		if problem := f.problem(); problem != "" {
			return f.line, problem
		}
	}
	switch {
	case !closed && text[0] == '{':
		return 0, "the braces do not end: close them with }"
	case !closed:
		return 0, "the list does not end: close it with ]"
	case behind != "":
		return 0, fmt.Sprintf("%q stands behind what the braces close: delete it, or put the text it belongs to in quotation marks", clip(behind))
	}
	return 0, "what stands in braces or brackets must have one comma between each and the next: {id: survey, kind: ballot}"
}

// bracedFields takes apart what stands in braces. behind is what follows them on their last
// line; closed says that they end.
func bracedFields(text string) (fields []bracedField, behind string, closed bool) {
	var open []byte // { and [ that are not closed yet
	var part strings.Builder
	line, began, within, quote := 0, 0, 0, byte(0) // within: brackets opened in a text
	end := func() {
		words := strings.TrimSpace(part.String())
		part.Reset()
		within = 0
		in := "{…}"
		if len(open) > 0 && open[len(open)-1] == '[' {
			in = "[…]"
		}
		m := bracedKey.FindStringSubmatch(words)
		switch last := len(fields) - 1; {
		case words == "":
		case m != nil:
			fields = append(fields, bracedField{m[1], words[len(m[0]):], in, began})
		case in == "{…}" && last >= 0 && fields[last].in == in: // a text with a comma in it goes on
			fields[last].text += ", " + words
		default:
			fields = append(fields, bracedField{"", words, in, began})
		}
	}
	for i := range len(text) {
		c := text[i]
		so := strings.TrimSpace(part.String())
		isStart := so == "" || strings.HasSuffix(so, ":")
		if so == "" {
			began = line
		}
		if c == '\n' {
			line++
		}
		switch {
		case quote != 0:
			part.WriteByte(c)
			if c == quote && (c != '"' || text[i-1] != '\\') {
				quote = 0
			}
		case isStart && (c == '"' || c == '\''), c == '\'' && text[i-1] == c && strings.HasSuffix(so, "'"): // or it is doubled
			quote = c
			part.WriteByte(c)
		case isStart && (c == '{' || c == '['):
			part.Reset()
			open = append(open, c)
		case c == '{' || c == '[':
			within++
			part.WriteByte(c)
		case (c == '}' || c == ']') && within > 0:
			within--
			part.WriteByte(c)
		case len(open) > 0 && (c == '}' && open[len(open)-1] == '{' || c == ']' && open[len(open)-1] == '['):
			end()
			if open = open[:len(open)-1]; len(open) == 0 {
				behind, _, _ = strings.Cut(text[i+1:], "\n")
				behind, _, _ = strings.Cut(behind, " #")
				return fields, strings.TrimSpace(behind), true
			}
		case c == ',' && within == 0:
			end()
		default:
			part.WriteByte(c)
		}
	}
	end()
	return fields, "", false
}

// problem is what is wrong with a field by itself; empty: nothing.
func (f bracedField) problem() string {
	wrapped, shown := "["+f.text+"]", fmt.Sprintf("%q", clip(f.text))
	if f.in == "{…}" {
		wrapped, shown = "{k: "+f.text+"}", fmt.Sprintf("%s: %q", f.key, clip(f.text))
	}
	_, err := parseYAML([]byte(wrapped))
	comment := strings.Contains(f.text, " #")
	switch mark := strings.IndexAny(f.text, "?[]{}"); {
	case f.text == "" || err == nil && !comment:
		return ""
	case f.text[0] == '"' || f.text[0] == '\'':
		if err == nil {
			return ""
		}
		return "the quotation marks do not pair up: close them, and write \\\" for one inside"
	case strings.ContainsAny(f.text[:1], "@`%&*!|>?-"):
		return fmt.Sprintf("a text that begins with %s must stand in quotation marks: %s", f.text[:1], shown)
	case mark >= 0:
		return fmt.Sprintf("a text with %s in it must stand in quotation marks where it is in %s: %s", f.text[mark:mark+1], f.in, shown)
	case comment:
		return fmt.Sprintf("a text with # in it must stand in quotation marks: %s", shown)
	default:
		if m := keyWithin.FindStringSubmatch(f.text); m != nil && allKeys().has(m[1]) {
			return fmt.Sprintf("a comma is missing before %s:; or, where that is part of the text, it must stand in quotation marks: %s", m[1], shown)
		}
		return fmt.Sprintf("a text with a colon in it must stand in quotation marks: %s", shown)
	}
}
