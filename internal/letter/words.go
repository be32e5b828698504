package letter

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Enums are written as their proto names without prefix, in lower case with hyphens:
// STANCE_ADVISE_AGAINST is advise-against.
var (
	audience    = enum[guidancev1.Audience]("an audience")
	visibility  = enum[guidancev1.Visibility]("a visibility")
	stance      = enum[guidancev1.Stance]("a stance")
	basis       = enum[guidancev1.Basis]("a basis")
	voteKind    = enum[guidancev1.VoteKind]("a kind of vote")
	provenance  = enum[guidancev1.Provenance]("a provenance")
	strength    = enum[guidancev1.ActionStrength]("a strength")
	effectWord  = enum[guidancev1.ContractEffect]("a contract effect")
	bodyKind    = enum[guidancev1.BodyKind]("a kind of body")
	measureKind = enum[guidancev1.MeasureKind]("a kind of measure")
	opinion     = enum[guidancev1.Opinion]("an opinion")
	reasonTag   = enum[guidancev1.Reason]("a kind of reason")
	topic       = enum[guidancev1.ConsequenceTopic]("something that a consequence touches")
	dueKind     = enum[guidancev1.DueKind]("a kind of what is due")
	direction   = enum[guidancev1.ConditionDirection]("a kind of condition")
)

// number of an enum: every generated enum.
type enumValue interface {
	~int32
	protoreflect.Enum
}

// enum reads a word of an enum.
func enum[E enumValue](what string) reading[E] {
	names := enumWords[E]()
	return func(r *reader, at string, n *yaml.Node) E {
		s := r.scalar(at, n)
		if s == "" {
			return 0
		}
		for number, name := range names {
			if name == plainWord(s) && name != "" {
				return E(number)
			}
		}
		r.complain(at, n, "%s", notOneOf(s, what, names[1:]))
		return 0
	}
}

// enumWords lists the words of an enum by number; our enums have no gaps.
func enumWords[E enumValue]() []string {
	var zero E
	values := zero.Descriptor().Values()
	prefix := strings.TrimSuffix(string(values.ByNumber(0).Name()), "UNSPECIFIED")
	words := make([]string, values.Len())
	for i := 1; i < values.Len(); i++ {
		name := string(values.ByNumber(protoreflect.EnumNumber(i)).Name())
		words[i] = plainWord(strings.TrimPrefix(name, prefix))
	}
	return words
}

// plainWord reads a word as leniently as a person would: "Advise Against" and
// ADVISE_AGAINST are advise-against, and a word processor's capital at the start of a
// line, or its curved quotation marks, are no mistake.
func plainWord(s string) string {
	s = strings.ToLower(strings.Trim(strings.TrimSpace(s), "“”‘’\"'"))
	return strings.NewReplacer("_", "-").Replace(strings.Join(strings.Fields(s), "-"))
}

// notOneOf says that a word is none of those known, and which was probably meant.
func notOneOf(s, what string, known []string) string {
	hint := "."
	if problem := typography(s); problem != "" {
		return problem
	}
	if instead, ok := suggestion(what, s); ok {
		hint = "; did you mean " + instead + "?"
	} else if near, ok := nearest(plainWord(s), known); ok && denies(plainWord(s)) == denies(near) {
		hint = "; did you mean " + near + "?"
	}
	return fmt.Sprintf("%q is not %s%s One of: %s", clip(s), what, hint, strings.Join(known, ", "))
}

// denies tells a word that says no: one that does not is its opposite, however few letters apart they are.
func denies(word string) bool {
	return strings.HasPrefix(word, "no") || strings.HasPrefix(word, "un")
}

// nearest is the known word with the fewest letters to change, if they are few.
func nearest(word string, known []string) (string, bool) {
	best, least := "", max(1, min(len(word), 12)/3)+1
	for _, k := range known {
		if len(word) > 64 || len(k) > 64 {
			continue // too long to be a typing mistake
		}
		if d := notation.Distance(word, k); d < least {
			best, least = k, d
		}
	}
	return best, best != ""
}

// clip keeps what people wrote short enough to repeat to them.
func clip(s string) string {
	return notation.Clip(s, 60)
}
