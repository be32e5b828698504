package letter

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// A file is an opening line "---", front matter, a closing line "---" and the body:
//
//	---\n
//	title: …\n
//	---\n
//	\n                  one blank line that is not part of the body
//	Dear colleagues, …  the body, byte for byte
//
// A file whose opening line ends in CR LF comes from Windows: all its line ends are
// read as LF. Bytes are kept otherwise, so Format, which opens with LF, can carry a
// body that has CR LF in it.

const fence = "---"

// split takes a file apart. start is the line number of the first line of front.
func split(b []byte) (front, body []byte, start int, err *Error) {
	if err := readable(b); err != nil {
		return nil, nil, 0, err
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	line, rest, start := skipBlank(b)
	if strings.HasSuffix(line, "\r\n") {
		rest = bytes.ReplaceAll(rest, []byte("\r\n"), []byte("\n"))
	}
	if strings.TrimRight(line, " \t\r\n") != fence {
		return nil, nil, 0, noFence(line, start)
	}
	front, body, closed := cutFence(rest)
	if !closed {
		return nil, nil, 0, &Error{Line: start, Problem: "the front matter that opens here is never closed: put a line with only --- after its last key, before the letter itself"}
	}
	return front, body, start + 1, nil
}

// readable refuses what is no UTF-8 text of bearable size.
func readable(b []byte) *Error {
	switch {
	case len(b) > FileLimit:
		return &Error{Line: 1, Problem: fmt.Sprintf("the file has %d bytes; a letter has at most %d: move what is long into attachments", len(b), FileLimit)}
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return &Error{Line: 1, Problem: "the file is saved as UTF-16 (\"Unicode\"): save it again as plain text, encoding UTF-8"}
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return &Error{Line: 1, Problem: "this is a Word document, not text: save it as plain text (.txt or .md), encoding UTF-8"}
	case !utf8.Valid(b):
		return &Error{Line: badLine(b), Problem: "the line has a character that is not UTF-8: save the file again as plain text, encoding UTF-8"}
	}
	return nil
}

// badLine is the line of the first byte that is not UTF-8.
func badLine(b []byte) int {
	n := 1
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			n++
		}
		b = b[size:]
	}
	return n
}

// skipBlank returns the first line that is not blank, with its line end and number,
// and what follows it.
func skipBlank(b []byte) (line string, rest []byte, number int) {
	for number = 1; ; number++ {
		head, tail, found := bytes.Cut(b, []byte("\n"))
		if len(bytes.TrimSpace(head)) > 0 || !found {
			return string(b[:len(b)-len(tail)]), tail, number
		}
		b = tail
	}
}

// noFence explains a file that does not open with "---".
func noFence(line string, number int) *Error {
	text := strings.TrimSpace(line)
	dashes := strings.Trim(text, "-–—\u2011 ") == ""
	switch {
	case text == "":
		return &Error{Line: 1, Problem: "the file is empty: start from `lmc new`"}
	case dashes:
		return &Error{Line: number, Problem: fmt.Sprintf("%q is not three hyphens (a word processor may have joined them): the line must be exactly ---", text)}
	}
	return &Error{Line: number, Problem: "no front matter: the file must open with a line that is exactly ---, then title, issued, positions and so on, then --- again; `lmc new` writes one to start from"}
}

// cutFence cuts at the first line that is exactly "---" and drops the blank line
// after it.
func cutFence(b []byte) (front, body []byte, closed bool) {
	for at := 0; at < len(b); {
		end := len(b)
		if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if string(bytes.TrimRight(b[at:end], " \t\r\n")) == fence {
			return b[:at], bytes.TrimPrefix(b[end:], []byte("\n")), true
		}
		at = end
	}
	return nil, nil, false
}

// join is the inverse of split for a mapping written by writeMessage.
func join(mapping *yaml.Node, body string) []byte {
	var out bytes.Buffer
	out.WriteString(fence + "\n")
	if len(mapping.Content) > 0 {
		enc := yaml.NewEncoder(&out)
		enc.SetIndent(2)
		_ = enc.Encode(mapping) // writing nodes of our own making into memory cannot fail
		_ = enc.Close()
	}
	out.WriteString(fence + "\n")
	if body != "" {
		out.WriteString("\n" + body)
	}
	return out.Bytes()
}

// parseFront parses front matter into its one mapping.
func parseFront(front []byte, start int) (*yaml.Node, *Error) {
	if at := documentMark(front); at > 0 {
		return nil, &Error{Line: start + at - 1, Problem: "a line that begins with ... or --- and a blank cannot stand in front matter: delete it, or indent it if it belongs to a text"}
	}
	root, err := parseYAML(front)
	switch {
	case err != nil:
		return nil, syntaxError(front, start, err)
	case root == nil || isNull(root):
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	case root.Kind != yaml.MappingNode:
		return nil, &Error{Line: start, Problem: "the front matter must be lines of the form key: value, such as title: Our advice"}
	}
	return root, nil
}

// documentMark is the first line, from 1, at which YAML would see another document
// begin, and silently drop the rest; 0: there is none.
func documentMark(front []byte) int {
	number := 0
	for line := range bytes.Lines(front) {
		number++
		mark := bytes.HasPrefix(line, []byte("...")) || bytes.HasPrefix(line, []byte("---"))
		if mark && (len(line) == 3 || strings.ContainsRune(" \t\r\n", rune(line[3]))) {
			return number
		}
	}
	return 0
}

// parseYAML parses one document; nil: there is nothing in it.
func parseYAML(b []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(b, &doc); err != nil || doc.Kind == 0 {
		return nil, err
	}
	return doc.Content[0], nil
}

// syntaxError turns what the YAML parser says into something a writer of letters can
// act on. The parser often names the line where it gave up, or none; the line where
// things went wrong is the first after the longest beginning that parses. Looking for
// it is bounded: a long file gets the parser's own line.
func syntaxError(front []byte, start int, err error) *Error {
	const tries, size = 200, 64 << 10
	lines := bytes.SplitAfter(front, []byte("\n"))
	at := parserLine(err, len(lines))
	for good := at; len(front) <= size && good >= max(0, at-tries); good-- {
		if _, err := parseYAML(bytes.Join(lines[:good], nil)); err == nil {
			at = good + 1
			break
		}
	}
	at = min(at, len(lines))
	line := string(bytes.TrimRight(lines[at-1], "\r\n"))
	return &Error{Line: start + at - 1, Problem: explain(line, err)}
}

// parserLine is the line the YAML parser names, from 1; the last where it names none.
func parserLine(err error, last int) int {
	var n int
	if _, scan := fmt.Sscanf(err.Error(), "yaml: line %d:", &n); scan != nil {
		return last
	}
	return min(max(n, 1), last)
}

// explain says what is probably wrong with a line that is not YAML.
func explain(line string, err error) string {
	line = clip(line)
	key, value, _ := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	if wrong := typography(line); wrong != "" {
		return wrong
	}
	switch {
	case strings.HasPrefix(strings.TrimLeft(line, " "), "\t"):
		return "the line is indented with a tab: use spaces"
	case strings.HasPrefix(value, `"`) || strings.HasPrefix(value, "'"):
		return "the quotation marks do not pair up: close them, and write \\\" for one inside"
	case strings.HasPrefix(value, "["):
		return "the list does not end: close it with ]"
	case strings.Contains(value, ": ") || strings.HasSuffix(value, ":"):
		return fmt.Sprintf("a text with a colon in it must stand in quotation marks: %s: %q", strings.TrimSpace(key), value)
	case value != "" && strings.ContainsAny(value[:1], "@`%&*!|>"):
		return fmt.Sprintf("a text that begins with %s must stand in quotation marks: %s: %q", value[:1], strings.TrimSpace(key), value)
	case !strings.Contains(line, ":"):
		return fmt.Sprintf("%q is neither a key with a value (title: Our advice) nor part of the text above it; the letter itself begins after the closing ---", strings.TrimSpace(line))
	}
	return "the line does not fit what stands above it: keys of one block begin in the same column (" + reason(err) + ")"
}

// typography tells what a word processor does to the beginning of a line.
func typography(line string) string {
	switch text := strings.TrimLeft(line, " "); {
	case strings.HasPrefix(text, "\u00a0"):
		return "the line is indented with non-breaking blanks: type ordinary ones instead"
	case strings.HasPrefix(text, "–"), strings.HasPrefix(text, "—"), strings.HasPrefix(text, "•"), strings.HasPrefix(text, "·"):
		return "a list begins each line with a hyphen and a blank; a word processor has put another sign there: type - instead"
	}
	return ""
}

// reason is the YAML parser's own words without its line number.
func reason(err error) string {
	words := strings.TrimPrefix(err.Error(), "yaml: ")
	if _, after, found := strings.Cut(words, ": "); found && strings.HasPrefix(words, "line ") {
		return after
	}
	return words
}
