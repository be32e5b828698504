package picture

import (
	"cmp"
	"slices"

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
		whole := lineKey{key.committee, "", key.area}
		if same(was[key], is[key]) || key.measure != "" && follows(was[key], is[key], was[whole], is[whole]) {
			continue
		}
		changes = append(changes, Change{
			Committee: key.committee, Measure: key.measure, Before: was[key], After: is[key],
			Words: changeWords(was[key], is[key]),
		})
	}
	return changes
}

// same: two lines say the same.
func same(a, b *answersv1.Line) bool {
	if a == nil || b == nil {
		return a == b
	}
	return headText(a) == headText(b) && statementsText(a) == statementsText(b)
}

// follows: a measure's line was and is the committee's line on the whole matter, so that
// the change is told once, of the whole matter. What a measure obliges to is its own: a
// change of that is told.
func follows(was, is, wholeWas, wholeIs *answersv1.Line) bool {
	echoes := func(line, whole *answersv1.Line) bool {
		if line == nil || whole == nil {
			return line == whole
		}
		return line.GetState() == whole.GetState() && statementsText(line) == statementsText(whole)
	}
	return echoes(was, wholeWas) && echoes(is, wholeIs) &&
		(is.GetObligation() == was.GetObligation() || is.GetObligation() == wholeIs.GetObligation())
}

// changeWords is a change for people: "North Essex LMC on the whole matter: was
// silent, now refuse (essex/7)."
func changeWords(before, after *answersv1.Line) string {
	line := cmp.Or(after, before)
	subject := cmp.Or(line.GetCommitteeName(), line.GetCommittee()) + " on " + cmp.Or(line.GetMeasure(), "the whole matter")
	if line.GetArea() != nil {
		subject += " in " + notation.AreaOf(line.GetArea()).String()
	}
	switch {
	case before == nil:
		return subject + ": now " + phrase(after) + "."
	case after == nil:
		return subject + ": was " + phrase(before) + ", now as in the rest of its area."
	case phrase(before) == phrase(after):
		return subject + ": still " + phrase(after) + ", but what it says has changed."
	}
	return subject + ": was " + phrase(before) + ", now " + phrase(after) + "."
}
