package letter

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
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
// read as LF; so are those of a file that has CR alone, as old Macs did. Bytes are kept
// otherwise, so a file that opens with LF can carry a body that has CR LF in it.

const fence = "---"

// parts are a file taken apart, with the line numbers of the first lines of both.
type parts struct {
	front, body     []byte
	start, bodyLine int
}

// split takes a file apart.
func split(b []byte) (parts, *Error) {
	wrong := func(line int, format string, args ...any) (parts, *Error) {
		return parts{}, &Error{Line: line, Problem: fmt.Sprintf(format, args...)}
	}
	switch {
	case len(b) > FileLimit:
		return wrong(1, "the file has %d bytes; a letter has at most %d: move what is long into attachments", len(b), FileLimit)
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}), bytes.HasPrefix(b, []byte("-\x00")), bytes.HasPrefix(b, []byte("\x00-")):
		return wrong(1, "the file is saved as UTF-16 (\"Unicode\"): save it again as plain text, encoding UTF-8")
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return wrong(1, "this is a Word document, not text: save it as plain text (.txt or .md), encoding UTF-8")
	}
	if !bytes.Contains(b, []byte("\n")) {
		b = bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
	}
	number := 0
	for line := range bytes.Lines(b) {
		if number++; !utf8.Valid(line) {
			return wrong(number, "the line has a character that is not UTF-8: save the file again as plain text, encoding UTF-8")
		}
	}

	// The first line that is not blank opens the front matter.
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	blank := len(b) - len(bytes.TrimLeftFunc(b, unicode.IsSpace))
	blank = bytes.LastIndexByte(b[:blank], '\n') + 1 // blanks before the hyphens belong to their line
	start := 1 + bytes.Count(b[:blank], []byte("\n"))
	line, rest, _ := bytes.Cut(b[blank:], []byte("\n"))
	if bytes.HasSuffix(line, []byte("\r")) && len(line) < len(b[blank:]) {
		rest = bytes.ReplaceAll(rest, []byte("\r\n"), []byte("\n"))
	}
	if text := strings.TrimSpace(string(line)); strings.TrimRight(string(line), " \t\r\n") != fence {
		switch {
		case text == "":
			return wrong(1, "the file is empty: start from `lmc new`")
		case strings.Trim(text, "-–—\u2011 ") == "":
			return wrong(start, "%q is not three hyphens (a word processor may have joined them): the line must be exactly ---", text)
		}
		return wrong(start, "no front matter: the file must open with a line that is exactly ---, then title, issued, positions and so on, then --- again; `lmc new` writes one to start from")
	}

	// The next such line closes it, and a blank line after that is not the body's.
	at, next := 0, start+1
	for line := range bytes.Lines(rest) {
		next++
		end := at + len(line)
		if string(bytes.TrimRight(line, " \t\r\n")) == fence {
			body, blank := bytes.CutPrefix(rest[end:], []byte("\n"))
			if blank {
				next++
			}
			if again := bytes.Index(body, []byte("\n"+fence+"\n")); again >= 0 {
				if key := keyBelow.FindIndex(body[:again+1]); key != nil {
					below := next + bytes.Count(body[:key[0]], []byte("\n"))
					return wrong(start+1+bytes.Count(rest[:at], []byte("\n")), "this --- ends what is signed as data, and %q on line %d would be words of the letter: if the --- belongs to a text, indent it like the rest of that text", strings.TrimSpace(string(body[key[0]:key[1]])), below)
				}
			}
			return parts{front: rest[:at], body: body, start: start + 1, bodyLine: next}, nil
		}
		at = end
	}
	return wrong(start, "the front matter that opens here is never closed: put a line with only --- after its last key, before the letter itself")
}

// keyBelow is a key with a block or a list of its own, as no letter has it among its words.
var keyBelow = regexp.MustCompile(`(?m)^(?:positions|actions|votes|references|attachments|replaces|amends|signed-by|contact):[ \t]*(?:\[.*\][ \t]*)?$|^ +- (?:do|on|id): `)

// parseFront parses front matter into its one mapping.
func parseFront(front []byte, start int) (*yaml.Node, *Error) {
	number := start
	for line := range bytes.Lines(front) {
		// YAML would see another document begin here, and silently drop the rest.
		mark := bytes.HasPrefix(line, []byte("...")) || bytes.HasPrefix(line, []byte("---"))
		if mark && (len(line) == 3 || strings.ContainsRune(" \t\r\n", rune(line[3]))) {
			return nil, &Error{Line: number, Problem: "a line that begins with ... or --- and a blank cannot stand in front matter: delete it, or indent it if it belongs to a text"}
		}
		if i := bytes.IndexFunc(line, notPrinted); i >= 0 {
			r, _ := utf8.DecodeRune(line[i:])
			return nil, &Error{Line: number, Problem: fmt.Sprintf("the line holds the invisible character %U: remove it", r)}
		}
		number++
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

// notPrinted is a character that YAML does not allow to stand as it is, or takes for the end of a
// line where no editor shows one.
func notPrinted(r rune) bool {
	return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) || strings.ContainsRune("\u2028\u2029\ufffe\uffff", r)
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
	at, named := len(lines), 0
	if _, scan := fmt.Sscanf(err.Error(), "yaml: line %d:", &named); scan == nil {
		at = min(max(named, 1), len(lines))
	}
	for good := at; len(front) <= size && good >= max(0, at-tries); good-- {
		if _, err := parseYAML(bytes.Join(lines[:good], nil)); err == nil {
			at = min(good+1, len(lines))
			break
		}
	}

	line := clip(string(bytes.TrimRight(lines[at-1], "\r\n")))
	key, value, _ := strings.Cut(line, ":")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	problem := typography(line)
	if at > 1 && problem == "" { // a sign that YAML takes for the beginning of a key is noticed a line later
		if problem = typography(string(lines[at-2])); problem != "" {
			at--
		}
	}
	joined := func(n int) []string {
		if n < 1 {
			return nil
		}
		if m := noBlank.FindStringSubmatch(strings.TrimRight(string(lines[n-1]), "\r\n")); m != nil && allKeys().has(m[2]) {
			return m
		}
		return nil
	}
	for _, before := range []int{at - 1, at} { // YAML notices only where the next line is a key
		for joined(before-1) != nil { // several in a row are one text to it
			before--
		}
		if m := joined(before); m != nil && problem == "" {
			at, problem = before, fmt.Sprintf("a blank is missing behind the colon: write %s: %s", m[2], clip(m[3]))
		}
	}
	for on, text := range lines[at-1:] { // and of a block only where it began
		if problem == "" && endsEarly.Match(text) {
			at, problem = at+on, "a text in quotation marks ends at the next mark like the first: leave out the first and the last, or put single marks (') around the text and double ones (\") inside"
		}
	}
	if problem == "" {
		var on int
		if on, problem = bracedError(lines[at-1:]); problem != "" {
			at += on
		}
	}
	switch {
	case problem != "":
	case strings.HasPrefix(strings.TrimLeft(line, " "), "\t"):
		problem = "the line is indented with a tab: use spaces"
	case strings.HasPrefix(value, `"`) || strings.HasPrefix(value, "'"):
		problem = "the quotation marks do not pair up: close them, and write \\\" for one inside"
	case strings.HasPrefix(value, "["):
		problem = "the list does not end: close it with ]"
	case strings.Contains(value, ": ") || strings.HasSuffix(value, ":"):
		problem = fmt.Sprintf("a text with a colon in it must stand in quotation marks: %s: %q", key, value)
	case value != "" && strings.ContainsAny(value[:1], "@`%&*!|>"):
		problem = fmt.Sprintf("a text that begins with %s must stand in quotation marks: %s: %q", value[:1], key, value)
	case !strings.Contains(line, ":"):
		problem = fmt.Sprintf("%q is neither a key with a value (title: Our advice) nor part of the text above it; the letter itself begins after the closing ---", strings.TrimSpace(line))
	case strings.Contains(err.Error(), "mapping values are not allowed") && strings.Contains(key, " ") && !strings.HasPrefix(key, "- ") && !allKeys().has(plainWord(key)):
		problem = fmt.Sprintf("the text above goes on here with a colon in it, and such a text must stand in quotation marks: put one before its first word and one behind its last (this line is %q)", strings.TrimSpace(line))
	default:
		problem = "the line does not fit what stands above it: keys of one block begin in the same column, and those behind a dash under the first of them"
	}
	return &Error{Line: start + at - 1, Problem: problem}
}

// noBlank is a key whose value stands right behind its colon, which YAML takes for a text.
var noBlank = regexp.MustCompile(`^(\s*(?:- )?)([a-z-]+):(\S.*)$`)

// endsEarly is a key whose text goes on behind its closing quotation mark.
var endsEarly = regexp.MustCompile(`^\s*(?:- )?[a-z-]+:\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*[^\s#]`)

// typography tells what a word processor does to the beginning of a line.
func typography(line string) string {
	switch text := strings.TrimLeft(line, " "); {
	case strings.HasPrefix(text, "\u00a0"):
		return "the line is indented with non-breaking blanks: type ordinary ones instead"
	case strings.HasPrefix(text, "* "), strings.IndexFunc(text, isBullet) == 0:
		return "a list begins each line with a hyphen and a blank; a word processor has put another sign there: type - instead"
	}
	return ""
}

// isBullet tells the signs that word processors put before what stands in a list; the last is their own.
func isBullet(r rune) bool { return strings.ContainsRune("–—•·●▪◦‣\uf0b7", r) }
