package letter

import (
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// text is the codec of words people read; word that of names; slug that of the ids of
// offices and committees there are; newSlug of ids the file itself gives. All keep the
// characters as they were written: title: 1.5 is the text "1.5".
var (
	text    = codec[string]{read: (*reader).text, write: scalar}
	word    = codec[string]{read: (*reader).scalar, write: scalar}
	slug    = codec[string]{read: (*reader).slug, write: scalar}
	newSlug = codec[string]{read: (*reader).newSlug, write: scalar}
)

// scalar reads a value that is not a list or a mapping.
func (r *reader) scalar(at string, n *yaml.Node) string {
	if !r.plain(n) {
		return ""
	}
	if n.Kind != yaml.ScalarNode {
		r.complain(at, n, "expected a single value here, found a list or a block; a text with [ ] { } in it must stand in quotation marks")
		return ""
	}
	return n.Value
}

// slug reads an id of something there is. Who writes a name instead is told an id only
// where it is known to exist.
func (r *reader) slug(at string, n *yaml.Node) string {
	s := r.scalar(at, n)
	if !isNameForID(s) {
		return s
	}
	if id, ok := nearest(plainWord(s), r.ids); ok {
		r.complain(at, n, "%q is not an id; did you mean %s?", clip(s), id)
	} else {
		r.complain(at, n, "%q is not an id: it has small letters, digits and hyphens; `lmc register show` lists those there are", clip(s))
	}
	return s
}

// newSlug reads an id that is given here, and tells who writes a name instead what its
// id would be.
func (r *reader) newSlug(at string, n *yaml.Node) string {
	s := r.scalar(at, n)
	if isNameForID(s) {
		r.complain(at, n, "%q is not an id; did you mean %s?", clip(s), plainWord(s))
	}
	return s
}

// isNameForID says whether a text is no id, and would be one if it were written as ids
// are.
func isNameForID(s string) bool {
	id, err := guidance.ParseCommitteeID(plainWord(s))
	return err == nil && string(id) != s
}

// text refuses a text that YAML would silently cut short at " #".
func (r *reader) text(at string, n *yaml.Node) string {
	s := r.scalar(at, n)
	if n.Style == 0 && n.LineComment != "" {
		r.complain(at, n, "everything from %q on would be lost, for # begins a remark: put the whole text in quotation marks, or the remark on a line of its own", clip(n.LineComment))
	}
	return s
}

// scalar writes a text in the plainest style that reads back to the same characters.
func scalar(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case plainSafe(s): // the encoder still quotes what YAML would read as a number, a date or a truth value
	case literalSafe(s):
		n.Style = yaml.LiteralStyle
	default:
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// plainSafe tells whether a text can stand without quotation marks anywhere.
func plainSafe(s string) bool {
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) && r < 0x10000, '0' <= r && r <= '9':
		case i > 0 && i < len(s)-1 && strings.ContainsRune(" -_/.'()+;", r):
		case i > 0 && r == '.':
		default:
			return false
		}
	}
	return s != "" && !strings.Contains(s, "  ")
}

// literalSafe tells whether a text of several lines can stand as a block under "|":
// letters, marks and blanks, no line that begins or ends with a blank, one line end
// at most at the end.
func literalSafe(s string) bool {
	if !strings.Contains(s, "\n") {
		return false
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\n"), "\n") {
		if line != strings.TrimSpace(line) {
			return false
		}
	}
	if strings.HasPrefix(s, "\n") || strings.HasSuffix(s, "\n\n") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && (!unicode.IsPrint(r) || r >= 0x10000) })
}

// inline writes a short list of plain words as [one, two].
func inline(list *yaml.Node) *yaml.Node {
	length := 0
	for _, n := range list.Content {
		if n.Kind != yaml.ScalarNode || !plainSafe(n.Value) || strings.Contains(n.Value, " ") {
			return list
		}
		length += len(n.Value) + 2
	}
	if length <= 76 {
		list.Style = yaml.FlowStyle
	}
	return list
}

var yesNo = codec[bool]{
	read: func(r *reader, at string, n *yaml.Node) bool {
		switch s := r.scalar(at, n); plainWord(s) {
		case "yes", "true":
			return true
		case "no", "false":
			return false
		default:
			r.complain(at, n, "%q is neither yes nor no", clip(s))
			return false
		}
	},
	write: func(b bool) *yaml.Node {
		if b {
			return &yaml.Node{Kind: yaml.ScalarNode, Value: "yes"}
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Value: "no"}
	},
}

var number = codec[int64]{
	read: func(r *reader, at string, n *yaml.Node) int64 {
		s := r.scalar(at, n)
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			r.complain(at, n, "%q is not a whole number", clip(s))
		}
		return v
	},
	write: func(v int64) *yaml.Node {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.FormatInt(v, 10)}
	},
}

var hash = codec[[]byte]{
	read: func(r *reader, at string, n *yaml.Node) []byte {
		s := r.scalar(at, n)
		v, err := hex.DecodeString(s)
		if err != nil {
			r.complain(at, n, "%q is not a SHA-256 in hexadecimal digits; leave the key out and it is worked out from the file", clip(s))
		}
		return v
	},
	write: func(v []byte) *yaml.Node { return scalar(hex.EncodeToString(v)) },
}

// wholeMatter is what "on" says of a position on no single measure. The blanks keep it
// apart from every measure's id.
const wholeMatter = "the whole matter"

// saysWholeMatter says whether a text means the whole matter, however people spell it.
// What could be a measure's id is taken for one.
func saysWholeMatter(s string) bool {
	if _, err := guidance.ParseMeasureID(s); err == nil {
		return false
	}
	switch plainWord(s) {
	case "the-whole-matter", "whole-matter", "the-whole-of-the-matter", "whole-of-the-matter", "the-entire-matter", "entire-matter":
		return true
	}
	return false
}

var measure = codec[string]{
	read: func(r *reader, at string, n *yaml.Node) string {
		s := r.scalar(at, n)
		switch {
		case saysWholeMatter(s):
			return ""
		case isNameForID(s):
			r.complain(at, n, "%q is not the id of a measure: write one that `lmc matters MATTER` lists, or %s", clip(s), wholeMatter)
		}
		return s
	},
	write: func(s string) *yaml.Node {
		if s == "" {
			s = wholeMatter
		}
		return scalar(s)
	},
}

// condition is written under the word that says which way it works:
//
//   - holds-until: the plan is revised
var condition = codec[*guidancev1.Condition]{
	read: func(r *reader, at string, n *yaml.Node) *guidancev1.Condition {
		c := &guidancev1.Condition{}
		if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
			r.complain(at, n, "a condition is one word and what it depends on, such as holds-until: the plan is revised; the words are %s", strings.Join(enumWords[guidancev1.ConditionDirection]()[1:], ", "))
			return c
		}
		for key, value := range r.pairs(at, n) {
			c.Direction = direction.read(r, at, key)
			c.Text = r.text(r.place(under(at, "text"), key.Value, value), value)
		}
		return c
	},
	write: func(c *guidancev1.Condition) *yaml.Node {
		return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{direction.write(c.GetDirection()), scalar(c.GetText())}}
	},
}

var datedEffectFields = []field[*guidancev1.DatedEffect]{
	one("effect", "effect", effectWord, func(e *guidancev1.DatedEffect) *guidancev1.ContractEffect { return &e.Effect }),
	one("from", "valid_from", day, func(e *guidancev1.DatedEffect) *string { return &e.ValidFrom }),
	one("until", "valid_until", day, func(e *guidancev1.DatedEffect) *string { return &e.ValidUntil }),
}

// effect is one word where it holds on every day, else a block with from and until.
var effect = codec[*guidancev1.DatedEffect]{
	read: func(r *reader, at string, n *yaml.Node) *guidancev1.DatedEffect {
		if n.Kind == yaml.ScalarNode {
			return &guidancev1.DatedEffect{Effect: effectWord.read(r, r.place(under(at, "effect"), "contract", n), n)}
		}
		return message(datedEffectFields).read(r, at, n)
	},
	write: func(e *guidancev1.DatedEffect) *yaml.Node {
		if e.GetValidFrom() == "" && e.GetValidUntil() == "" {
			return effectWord.write(e.GetEffect())
		}
		return writeMessage(e, datedEffectFields)
	},
}

var areaFields = []field[*guidancev1.AreaId]{
	one("scheme", "scheme", word, func(a *guidancev1.AreaId) *string { return &a.Scheme }),
	one("code", "code", word, func(a *guidancev1.AreaId) *string { return &a.Code }),
}

// area is written sub-icb/06Q, or as a block where that would be ambiguous.
var area = codec[*guidancev1.AreaId]{
	read: func(r *reader, at string, n *yaml.Node) *guidancev1.AreaId {
		if n.Kind != yaml.ScalarNode {
			return message(areaFields).read(r, at, n)
		}
		s := r.scalar(at, n)
		scheme, code, ok := strings.Cut(s, "/")
		if !ok || scheme == "" || code == "" {
			r.complain(at, n, "%q is not an area: write its scheme and code, such as sub-icb/06Q or icb/QJM", clip(s))
		}
		return &guidancev1.AreaId{Scheme: scheme, Code: code}
	},
	write: func(a *guidancev1.AreaId) *yaml.Node {
		if a.GetScheme() == "" || a.GetCode() == "" || strings.Contains(a.GetScheme(), "/") {
			return writeMessage(a, areaFields)
		}
		return scalar(a.GetScheme() + "/" + a.GetCode())
	},
}
