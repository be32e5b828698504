package picture

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Change is one line that differs between two looks.
type Change struct {
	// Committee is the committee's id.
	Committee string
	// Measure is the measure; empty: the whole matter.
	Measure string
	// Before is the line as it was; nil: there was none for this part.
	Before *answersv1.Line
	// After is the line as it is; nil: the part no longer has one of its own.
	After *answersv1.Line
	// Words is the change in plain words.
	Words string

	answers []answerChange // what of it differs
}

// answerChange is an answer within a line that differs. Of readers, or a part, with none of
// their own it has the one that held for them.
type answerChange struct {
	facet
	before, after *answersv1.Line // nil: the committee was not there
	words         string
}

// lineKey finds a line of one answer in another.
type lineKey struct {
	committee, measure string
	area               notation.Area
}

// Diff returns what the later of two answers of Lines says differently: by committee,
// then in the order of measures, what is gone last. It does not tell what only this node
// sees differently (feed numbers, recording times, how much is missing), relations,
// which change with the national line, or a line on a measure that only follows the
// committee's line on the whole matter.
func Diff(before, after []*answersv1.Line) []Change {
	var keys []lineKey
	seen := map[lineKey]bool{}
	was, is := map[lineKey]*answersv1.Line{}, map[lineKey]*answersv1.Line{}
	for i, line := range slices.Concat(after, before) {
		key := lineKey{line.GetCommittee(), line.GetMeasure(), notation.AreaOf(line.GetArea())}
		if i < len(after) {
			is[key] = line
		} else {
			was[key] = line
		}
		if !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	slices.SortStableFunc(keys, func(a, b lineKey) int { return cmp.Compare(a.committee, b.committee) })
	var changes []Change
	for _, key := range keys {
		if same(was[key], is[key]) {
			continue
		}
		rest, whole := lineKey{key.committee, key.measure, notation.Area{}}, lineKey{key.committee, "", key.area}
		c := Change{Committee: key.committee, Measure: key.measure, Before: was[key], After: is[key]}
		order, before := facetsOf(cmp.Or(was[key], was[rest]))
		more, after := facetsOf(cmp.Or(is[key], is[rest]))
		_, wholeBefore := facetsOf(was[whole])
		_, wholeAfter := facetsOf(is[whole])
		for i, f := range append(order, more...) {
			if i >= len(order) && before[f] != nil {
				continue
			}
			one := answerChange{facet: f, before: f.holding(before), after: f.holding(after)}
			switch {
			case saysTheSame(one.before, one.after):
			case key.measure != "" && follows(one.before, one.after, f.holding(wholeBefore), f.holding(wholeAfter)):
			default:
				one.words = one.inWords(key, was[key] != nil && before[f] != nil, is[key] != nil && after[f] != nil)
				c.answers = append(c.answers, one)
			}
		}
		if c.answers == nil {
			continue
		}
		var words []string
		for _, one := range c.answers {
			words = append(words, one.words)
		}
		c.Words = strings.Join(words, " ")
		changes = append(changes, c)
	}
	return changes
}

// same: two lines say the same, to all their readers.
func same(a, b *answersv1.Line) bool {
	if a == nil || b == nil {
		return a == b
	}
	return headText(a) == headText(b) && statementsText(a) == statementsText(b)
}

// saysTheSame: two answers are the same, and so is what stands beside them.
func saysTheSame(a, b *answersv1.Line) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.GetObligation() == b.GetObligation() && answerText(a) == answerText(b) && BesideWords(a, b) == nil
}

// follows: a measure's answer was and is the committee's on the whole matter, so that the
// change is told once, of the whole matter. What a measure obliges to is its own: a change of
// that is told.
func follows(was, is, wholeWas, wholeIs *answersv1.Line) bool {
	echoes := func(line, whole *answersv1.Line) bool {
		if line == nil || whole == nil {
			return line == whole
		}
		return answerText(line) == answerText(whole) && BesideWords(line, whole) == nil
	}
	return echoes(was, wholeWas) && echoes(is, wholeIs) &&
		(is.GetObligation() == was.GetObligation() || is.GetObligation() == wholeIs.GetObligation() && was.GetObligation() == wholeWas.GetObligation())
}

// inWords is a change for people: "North Essex LMC on the whole matter: was nothing published
// here, now refuse (essex/7)." own: it had, or has, an answer of its own.
func (c answerChange) inWords(key lineKey, ownBefore, ownAfter bool) string {
	line := cmp.Or(c.after, c.before)
	subject := cmp.Or(line.GetCommitteeName(), line.GetCommittee()) + " on " + cmp.Or(key.measure, "the whole matter")
	if key.area != (notation.Area{}) {
		subject += " in " + key.area.String()
	}
	if group := c.group(); group != nil {
		subject += ", for " + cmp.Or(group.GetWords(), group.GetId())
	}
	if c.readers != 0 {
		subject += ", to " + guidance.AudienceWords(c.readers)
	}
	was, is := phrase(c.before), phrase(c.after)
	words := subject + ": was " + was + ", now " + is + "."
	switch beside := BesideWords(c.before, c.after); {
	case c.after == nil:
		words = subject + ": was " + was + "; it is not in the register any more."
	case !ownBefore && ownAfter:
		words = subject + ": now " + is + "."
	case ownBefore && !ownAfter && c.facet == (facet{}):
		words = subject + ": was " + was + ", now as in the rest of its area."
	case ownBefore && !ownAfter:
		words = subject + ": was " + was + ", now as in general: " + is + "."
	case was != is:
	case answerText(c.before) != answerText(c.after):
		words = subject + ": still " + is + ", but what it says has changed."
	case beside != nil:
		words = subject + ": still " + is + ", but " + strings.Join(beside, "; ") + "."
	default:
		words = subject + ": still " + is + "."
	}
	if contractChanged(c.before, c.after) {
		words += " What it says of the contract was: “" + guidance.ObligationWords(c.before.GetObligation()) + "” It is: “" + guidance.ObligationWords(c.after.GetObligation()) + "”"
	}
	return words
}

// contractChanged: both advise, and what they say of the contract differs.
func contractChanged(before, after *answersv1.Line) bool {
	const unspecified = answersv1.Obligation_OBLIGATION_UNSPECIFIED
	was, is := before.GetObligation(), after.GetObligation()
	return before.GetCurrent() != nil && after.GetCurrent() != nil && was != is && was != unspecified && is != unspecified
}
