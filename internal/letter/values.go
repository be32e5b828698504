package letter

import (
	"bytes"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// text reads words people read; word names; slug the ids of offices and committees there
// are; newSlug ids the file itself gives. All keep the characters as they were written:
// title: 1.5 is the text "1.5".
var (
	text    reading[string] = (*reader).text
	word    reading[string] = (*reader).scalar
	slug    reading[string] = (*reader).slug
	newSlug reading[string] = (*reader).newSlug
	groupID reading[string] = (*reader).groupID
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
	if problem := typography(s); problem != "" {
		r.complain(at, n, "%s", problem)
		return s
	}
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

// groupID reads the id of a group that a position describes.
func (r *reader) groupID(at string, n *yaml.Node) string {
	if n.Kind == yaml.MappingNode {
		r.complain(at, n, "an action names a group by its id alone, as in scope: already-started: its words stand with a position")
		return ""
	}
	return r.newSlug(at, n)
}

// group reads a group with its words.
func group(r *reader, at string, n *yaml.Node) *guidancev1.Scope {
	if n.Kind == yaml.ScalarNode && n.Value != "" {
		r.complain(at, n, "%s stands for a group whose words readers are told: write both, as in scope: {id: already-started, words: patients already started}", clip(n.Value))
		return nil
	}
	return message(scopeFields)(r, at, n)
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

// lines reads a text whose lines are sent as they stand, and which YAML would join into one where no | stands before it.
func lines(r *reader, at string, n *yaml.Node) string {
	s := r.text(at, n)
	front := bytes.Split(r.front, []byte("\n"))
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || n.Line < 1 || n.Line > len(front) {
		return s
	}
	key, next := n.Line-1, n.Line
	isKey := func(line int) bool {
		return line >= 0 && bytes.HasPrefix(bytes.TrimLeft(front[line], " -"), []byte(r.nearestPlace(at).key+":"))
	}
	if !isKey(key) {
		key-- // the text begins under its key
	}
	for next < len(front) && len(bytes.TrimSpace(front[next])) == 0 {
		next++
	}
	indent := func(line int) int { return len(front[line]) - len(bytes.TrimLeft(front[line], " -")) }
	if isKey(key) && next < len(front) && indent(next) > indent(key) && !bytes.HasPrefix(bytes.TrimSpace(front[next]), []byte("#")) {
		r.complain(at, n, "its lines would be sent as one: put | behind the colon, and the text on the lines under it, each with the same blanks before it and no quotation marks around all")
	}
	return s
}

func yesNo(r *reader, at string, n *yaml.Node) bool {
	switch s := r.scalar(at, n); plainWord(s) {
	case "yes", "true":
		return true
	case "no", "false":
		return false
	default:
		r.complain(at, n, "%q is neither yes nor no", clip(s))
		return false
	}
}

func number(r *reader, at string, n *yaml.Node) int64 {
	s := r.scalar(at, n)
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		r.complain(at, n, "%q is not a whole number", clip(s))
	}
	return v
}

func hash(r *reader, at string, n *yaml.Node) []byte {
	s := r.scalar(at, n)
	v, err := hex.DecodeString(s)
	if err != nil {
		r.complain(at, n, "%q is not a SHA-256 in hexadecimal digits; leave the key out and it is worked out from the file", clip(s))
	}
	return v
}

// wholeMatter is what "on" says of a position on no single measure.
const wholeMatter = "the whole matter"

// measure is an id, a title (measureNamed), or the whole matter however people spell it.
func measure(r *reader, at string, n *yaml.Node) string {
	s := r.scalar(at, n)
	if NamesTheWhole(s) {
		return ""
	}
	return s
}

var theWhole = regexp.MustCompile(`^(?:(?:the-)?(?:whole|entire)(?:-of-(?:the|this))?|all-of-(?:the|this))-(?:matter|plan|proposals?|scheme|offer|package)$|^(?:the|this)-(?:matter|plan|proposals?|scheme|offer|package)-as-a-whole$`)

// NamesTheWhole says whether words mean a whole matter, however people spell it. What could be
// the id of a measure is taken for one.
func NamesTheWhole(s string) bool {
	_, err := guidance.ParseMeasureID(s)
	return err != nil && theWhole.MatchString(plainWord(s))
}

// condition is written under the word that says which way it works:
//
//   - holds-until: the plan is revised
func condition(r *reader, at string, n *yaml.Node) *guidancev1.Condition {
	c := &guidancev1.Condition{}
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		r.complain(at, n, "a condition is one word and what it depends on, such as holds-until: the plan is revised; the words are %s", strings.Join(enumWords[guidancev1.ConditionDirection]()[1:], ", "))
		return c
	}
	for key, value := range r.pairs(at, n) {
		c.Direction = direction(r, at, key)
		c.Text = r.text(r.place(under(at, "text"), key.Value, value), value)
	}
	return c
}

// consequence is written under the word that says what it touches:
//
//   - money: no funds pass directly to practices
func consequence(r *reader, at string, n *yaml.Node) *guidancev1.StatedConsequence {
	c := &guidancev1.StatedConsequence{}
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		r.complain(at, n, "a consequence is what it touches and what follows, such as money: no funds pass directly to practices; the words are %s", strings.Join(enumWords[guidancev1.ConsequenceTopic]()[1:], ", "))
		return c
	}
	for key, value := range r.pairs(at, n) {
		c.Topic = topic(r, at, key)
		c.Words = r.text(r.place(under(at, "words"), key.Value, value), value)
	}
	return c
}

var datedEffectFields = []field[*guidancev1.DatedEffect]{
	one("effect", "effect", effectWord, func(e *guidancev1.DatedEffect) *guidancev1.ContractEffect { return &e.Effect }),
	one("from", "valid_from", day, func(e *guidancev1.DatedEffect) *string { return &e.ValidFrom }),
	one("until", "valid_until", day, func(e *guidancev1.DatedEffect) *string { return &e.ValidUntil }),
}

// effect is one word where it holds on every day, else a block with from and until.
func effect(r *reader, at string, n *yaml.Node) *guidancev1.DatedEffect {
	if n.Kind == yaml.ScalarNode {
		return &guidancev1.DatedEffect{Effect: effectWord(r, r.place(under(at, "effect"), "contract", n), n)}
	}
	return message(datedEffectFields)(r, at, n)
}

var areaFields = []field[*guidancev1.AreaId]{
	one("scheme", "scheme", word, func(a *guidancev1.AreaId) *string { return &a.Scheme }),
	one("code", "code", word, func(a *guidancev1.AreaId) *string { return &a.Code }),
}

// area is written sub-icb:06Q, or as a block where that would be ambiguous.
func area(r *reader, at string, n *yaml.Node) *guidancev1.AreaId {
	if n.Kind != yaml.ScalarNode {
		return message(areaFields)(r, at, n)
	}
	s := r.scalar(at, n)
	area, ok := notation.ReadArea(s)
	if !ok {
		r.complain(at, n, "%q is not an area: write its scheme and code, such as sub-icb:06Q or icb:QJM", clip(s))
	}
	return &guidancev1.AreaId{Scheme: area.Scheme, Code: area.Code}
}
