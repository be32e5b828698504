package picture

import (
	"cmp"
	"slices"

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

// lineKey says which line of one answer is which of another.
type lineKey struct {
	committee, measure string
	area               areaKey
}

func lineKeyOf(line *answersv1.Line) lineKey {
	return lineKey{line.GetCommittee(), line.GetMeasure(), keyOf(line.GetArea())}
}

// Diff returns what the later of two answers of Lines says differently: by committee,
// then in the order of measures. It does not tell what only this node sees differently
// (feed numbers, recording times, how much is missing), relations, which change with
// the national line, or a line on a measure that only follows the committee's line on
// the whole matter.
func Diff(before, after []*answersv1.Line) []Change {
	was, is := byKey(before), byKey(after)
	var changes []Change
	for _, key := range keysInOrder(before, after) {
		if same(was[key], is[key]) || follows(key, was, is) {
			continue
		}
		changes = append(changes, Change{
			Committee: key.committee, Measure: key.measure, Before: was[key], After: is[key],
			Words: changeWords(was[key], is[key]),
		})
	}
	return changes
}

func byKey(lines []*answersv1.Line) map[lineKey]*answersv1.Line {
	m := make(map[lineKey]*answersv1.Line, len(lines))
	for _, line := range lines {
		m[lineKeyOf(line)] = line
	}
	return m
}

// keysInOrder is every key once: in the order of the later answer, what is gone last;
// committees together.
func keysInOrder(before, after []*answersv1.Line) []lineKey {
	var keys []lineKey
	seen := map[lineKey]bool{}
	for _, line := range slices.Concat(after, before) {
		if key := lineKeyOf(line); !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	slices.SortStableFunc(keys, func(a, b lineKey) int { return cmp.Compare(a.committee, b.committee) })
	return keys
}

// same says whether two lines say the same.
func same(a, b *answersv1.Line) bool {
	if a == nil || b == nil {
		return a == b
	}
	return head(a) == head(b) && said(a) == said(b)
}

// follows says whether a measure's line was and is the committee's line on the whole
// matter, so that the change is told once, of the whole matter. What a measure obliges
// to is its own: a change of that is told.
func follows(key lineKey, was, is map[lineKey]*answersv1.Line) bool {
	whole := key
	whole.measure = ""
	if key.measure == "" || !echoes(was[key], was[whole]) || !echoes(is[key], is[whole]) {
		return false
	}
	now := is[key].GetObligation()
	return now == was[key].GetObligation() || now == is[whole].GetObligation()
}

// echoes says whether a line says nothing but what the whole-matter line says.
func echoes(line, whole *answersv1.Line) bool {
	if line == nil || whole == nil {
		return line == whole
	}
	return line.GetState() == whole.GetState() && said(line) == said(whole)
}

// changeWords is a change for people: "North Essex LMC on the whole matter: was
// silent, now refuse (essex/7)."
func changeWords(before, after *answersv1.Line) string {
	line := cmp.Or(after, before)
	subject := cmp.Or(line.GetCommitteeName(), line.GetCommittee()) + " on " + cmp.Or(line.GetMeasure(), "the whole matter")
	if line.GetArea() != nil {
		subject += " in " + areaName(line.GetArea())
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
