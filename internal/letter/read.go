package letter

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/lmcfed/lmcfed/internal/guidance"
)

// reader reads one file. It remembers where every value stood, so that what guidance
// says of "positions[1].stance" becomes a line of the file.
type reader struct {
	what   Kind
	root   *yaml.Node
	found  Errors
	places map[string]place  // by path: "positions[1].stance"
	words  map[string]string // key of a path, also where the file does not have it
	set    map[string]bool   // paths with a value
	ids    []string          // offices and committees known to exist
	keys   blockKeys         // of all kinds of file
	unused map[string]int    // lines of keys of the letter itself that only stand in a remark
	parts
}

// place is where a value stands.
type place struct {
	line, column int
	key          string
	value        *yaml.Node // nil: none, or the text under the front matter
}

// open takes a file apart; what is wrong with it as a whole is reported when asked.
func open(b []byte, what Kind, d Defaults) (*reader, string) {
	r := &reader{what: what, keys: allKeys(), ids: slices.Concat(d.Committees, []string{d.Office}), root: &yaml.Node{Kind: yaml.MappingNode}, places: map[string]place{}, words: map[string]string{}, set: map[string]bool{}}
	var err *Error
	if r.parts, err = split(b); err != nil {
		r.found = append(r.found, err)
		return r, ""
	}
	front, start := r.front, r.start
	root, err := parseFront(front, start)
	if err != nil {
		r.found = append(r.found, err)
		return r, ""
	}
	r.root, r.unused = root, map[string]int{}
	number := start
	for line := range bytes.Lines(front) {
		if key := remarkedKey.FindSubmatch(line); key != nil && r.unused[string(key[1])] == 0 {
			r.unused[string(key[1])] = number
		}
		number++
	}
	r.places[""] = place{line: start - 1}
	under := place{line: start + bytes.Count(front, []byte("\n")) + 1, key: "the text under the front matter"}
	r.places["body"], r.places["summary"] = under, under
	return r, string(r.body)
}

func (r *reader) failed() bool { return len(r.found) > 0 }

// errors is what was found, in the order of its lines, each once.
func (r *reader) errors() Errors {
	slices.SortStableFunc(r.found, func(a, b *Error) int { return a.Line - b.Line })
	return slices.CompactFunc(r.found, func(a, b *Error) bool { return *a == *b })
}

// add reports what is wrong at a place. Of several things wrong with one value the
// first is said; the others mostly follow from it.
func (r *reader) add(at place, problem string) {
	if r.full() {
		return
	}
	same := func(e *Error) bool {
		return e.Line == at.line && e.Column == at.column && (e.Field == at.key || e.Field == "")
	}
	if at.column > 0 && slices.ContainsFunc(r.found, same) {
		return
	}
	r.found = append(r.found, &Error{Line: at.line, Column: at.column, Field: at.key, Problem: problem})
}

// full tells that no more errors are counted.
func (r *reader) full() bool { return len(r.found) >= foundLimit }

// line is the line of the file a node stands on.
func (r *reader) line(n *yaml.Node) int { return n.Line + r.start - 1 }

// complain reports what is wrong with a value.
func (r *reader) complain(at string, n *yaml.Node, format string, args ...any) {
	r.add(place{line: r.line(n), column: n.Column, key: r.nearestPlace(at).key}, fmt.Sprintf(format, args...))
}

// remarkedKey is a key that a # at its front has put out of use.
var remarkedKey = regexp.MustCompile(`^#\s?([a-z-]+):`)

// missing reports a value that is not there.
func (r *reader) missing(at, key, remedy string) {
	p := r.placeToWrite(at)
	if slices.ContainsFunc(r.found, func(e *Error) bool { return e.Line == p.line && e.Column == p.column }) {
		return // what should have had the key cannot be read
	}
	r.add(place{line: p.line, key: key}, remedy)
}

// place remembers where the value at a path stands, and returns the path.
func (r *reader) place(path, key string, n *yaml.Node) string {
	r.places[path] = place{line: r.line(n), column: n.Column, key: key, value: n}
	return path
}

// has tells whether the file has a value at a path.
func (r *reader) has(path string) bool { return r.set[path] }

// placeToWrite is where the value at a path is to be written: where one stands, where
// only its key does, or a remark that gives the key; else in what contains it.
func (r *reader) placeToWrite(path string) place {
	if p, ok := r.places[path]; ok {
		return p
	}
	if p, ok := r.places[keyOf(path)]; ok {
		return p
	}
	if line := r.unused[r.words[path]]; line > 0 && !strings.ContainsAny(path, ".[") {
		return place{line: line}
	}
	return r.nearestPlace(path)
}

// keyOf is the path under which the place of a key is kept.
func keyOf(path string) string { return "key " + path }

// nearestPlace is the place of a path, or of what contains it.
func (r *reader) nearestPlace(path string) place {
	for {
		if p, ok := r.places[path]; ok || path == "" {
			return p
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
}

// under and item make paths as guidance writes them.
func under(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func item(at string, i int) string { return fmt.Sprintf("%s[%d]", at, i) }

// first reports a key that stands in a mapping for the second time.
func (r *reader) first(path, key string, n *yaml.Node) bool {
	seen := keyOf(path)
	if before, twice := r.places[seen]; twice {
		r.add(place{line: r.line(n), column: n.Column, key: key}, fmt.Sprintf("stands here a second time; the first is on line %d: keep one", before.line))
		return false
	}
	r.place(seen, key, n)
	return true
}

// pairs yields the keys and values of a mapping.
func (r *reader) pairs(at string, n *yaml.Node) func(func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		if !r.plain(n) {
			return
		}
		if key := noBlank.FindStringSubmatch(n.Value); key != nil && n.Kind == yaml.ScalarNode && n.Style == 0 && r.keys.has(key[2]) {
			r.complain(at, n, "a blank is missing behind the colon: write %s: %s", key[2], clip(key[3]))
			return
		}
		if n.Kind != yaml.MappingNode {
			r.complain(at, n, "expected lines of the form key: value, indented under the key above")
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if r.full() {
				return
			}
			if r.plain(n.Content[i]) && r.plain(n.Content[i+1]) && !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// items are the values of a list; a single value is a list of one.
func (r *reader) items(at string, n *yaml.Node) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		if wrong := typography(n.Value); wrong != "" && n.Kind == yaml.ScalarNode && n.Style == 0 { // all of a list, as one text
			r.complain(at, n, "%s", wrong)
		}
		return []*yaml.Node{n}
	}
	return slices.DeleteFunc(slices.Clone(n.Content), func(child *yaml.Node) bool {
		if isNull(child) {
			r.complain(at, child, "nothing stands after the dash: write something or delete the line")
		}
		return isNull(child) || !r.plain(child)
	})
}

// plain refuses the parts of YAML that letters have no use for and that can make a
// small file stand for a huge one.
func (r *reader) plain(n *yaml.Node) bool {
	switch {
	case n.Kind == yaml.AliasNode:
		r.add(place{line: r.line(n), column: n.Column}, "a value that begins with * is a YAML alias, which letters do not use: write the text out, or put it in quotation marks")
	case n.Anchor != "":
		r.add(place{line: r.line(n), column: n.Column}, "a value that begins with & is a YAML anchor, which letters do not use: put the text in quotation marks")
	case n.Style&yaml.TaggedStyle != 0:
		r.add(place{line: r.line(n), column: n.Column}, "a value that begins with ! is a YAML tag, which letters do not use: put the text in quotation marks")
	default:
		return true
	}
	return false
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Style&yaml.TaggedStyle == 0
}

// meantBy are keys by other words for them, which may be keys elsewhere: a vote is of its voters, and an action is asked of who.
var meantBy = map[string]string{"who": "of", "voters": "of"}

func (r *reader) unknownKey(key *yaml.Node, known []string) {
	if wrong := typography(key.Value); wrong != "" {
		r.add(place{line: r.line(key), column: key.Column}, wrong)
		return
	}
	problem := "is not a key here; there are " + strings.Join(known, ", ")
	if meant := meantBy[plainWord(key.Value)]; slices.Contains(known, meant) {
		problem = fmt.Sprintf("is not a key here; did you mean %s?", meant)
	} else if r.what == KindReport && plainWord(key.Value) == "votes" {
		problem = "is not a key of a report, for only letters tell of votes: say in the text under the front matter what was voted"
	} else if where := r.keys.with(r.what, plainWord(key.Value)); len(where) > 0 {
		problem = "is not a key here: it belongs under " + strings.Join(where, " or ") + ", indented"
	} else if near, ok := nearest(plainWord(key.Value), known); ok {
		problem = fmt.Sprintf("is not a key here; did you mean %s?", near)
	} else if r.what != KindLetter && slices.Contains(r.keys[KindLetter][""], plainWord(key.Value)) {
		problem = fmt.Sprintf("is not a key here: it belongs to letters, and a %s", map[Kind]string{
			KindMatter: "matter only says what they are about", KindReport: "report holds one position that somebody else has taken",
		}[r.what])
	}
	r.add(place{line: r.line(key), column: key.Column, key: clip(key.Value)}, problem)
}

// judged returns what was read if both the file and guidance find nothing wrong.
// Guidance is asked only once the file reads well: its words would repeat ours.
func judged[M any](r *reader, m M, validate func(M) error) (M, error) {
	if !r.failed() {
		r.judge(validate(m))
	}
	if r.failed() {
		var none M
		return none, r.errors()
	}
	return m, nil
}

// judge turns what guidance refuses into lines.
func (r *reader) judge(err error) {
	if err == nil {
		return
	}
	var invalid *guidance.InvalidError
	if !errors.As(err, &invalid) {
		r.add(place{line: max(1, r.start-1)}, err.Error())
		return
	}
	said := map[string]bool{}
	for _, v := range invalid.Violations {
		p := r.placeToWrite(v.Field)
		reason := v.Reason
		if at := atByte.FindStringSubmatchIndex(reason); at != nil {
			n, _ := strconv.Atoi(reason[at[2]:at[3]])
			if line := r.lineWithin(v.Field, p, n); line > 0 {
				p.line, p.column, reason = line, 0, reason[:at[0]]+reason[at[1]:]
			}
		}
		_, there := r.places[v.Field]
		_, empty := r.places[keyOf(v.Field)]
		if !there && !empty && said[v.Reason] {
			continue // a position that took over what is wrong with its letter
		}
		said[v.Reason] = true
		if word, ok := r.words[v.Field]; ok {
			p.key = word
		}
		r.add(p, protoWord.ReplaceAllStringFunc(reason, func(word string) string {
			if strings.Contains(word, "[") {
				return fmt.Sprintf("the one on line %d", r.nearestPlace(word).line)
			}
			if key, ok := r.words[word]; ok {
				return strconv.Quote(key) + " of the letter"
			}
			return plainWord(word)
		}))
	}
}

// atByte is where guidance found something within a text, of which people are told the line.
var atByte = regexp.MustCompile(` at byte (\d{1,9})\b`)

// lineWithin is the line of the file on which so many bytes of a text end; 0: it cannot be
// told. YAML folds lines and drops indentation, and keeps every other character: counting those
// finds the line again.
func (r *reader) lineWithin(field string, p place, bytesBefore int) int {
	switch {
	case (field == "body" || field == "summary") && bytesBefore <= len(r.body):
		return r.bodyLine + bytes.Count(r.body[:bytesBefore], []byte("\n"))
	case p.value == nil || p.value.Kind != yaml.ScalarNode || bytesBefore > len(p.value.Value) || p.value.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		return 0
	}
	lines := bytes.SplitAfter(r.front, []byte("\n"))
	at := p.value.Line - 1
	if p.value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		at++ // the text begins under its | or >
	} else if at < len(lines) {
		line := []rune(string(lines[at]))
		lines[at] = []byte(string(line[min(len(line), p.value.Column-1):]))
	}
	left := printed(p.value.Value[:bytesBefore])
	for ; at < len(lines); at++ {
		if n := printed(string(lines[at])); left < n {
			return r.start + at
		} else {
			left -= n
		}
	}
	return 0
}

// printed is how many characters of a text are no blanks and no line ends.
func printed(s string) (n int) {
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// protoWord is a word of guidance's that the file does not have. The file's own are "the
// one on line 7", "for" and information-only for positions[1], on_behalf_of and
// INFORMATION_ONLY.
var protoWord = regexp.MustCompile(`[a-z_]+\[\d+\](\.[a-z_0-9]+(\[\d+\])?)*|\b[a-z]+_[a-z_]+\b|\b[A-Z]+_[A-Z_]+\b|\b(PRIMARY|RELAY|PUBLIC)\b`)
