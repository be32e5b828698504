package picture

import (
	"cmp"
	"maps"
	"slices"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// cell is the column something is counted in.
type cell struct {
	kind   answersv1.ColumnKind
	stance guidancev1.Stance
	reason answersv1.NoLineReason
}

var splitCell = cell{kind: answersv1.ColumnKind_COLUMN_KIND_SPLIT}

// cellOf is the column of a line. What is only reported is never counted with what a
// committee says itself.
func cellOf(line *answersv1.Line) cell {
	stance := line.GetCurrent().GetPosition().GetStance()
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_STATED, answersv1.LineState_LINE_STATE_MENTIONED:
		return cell{kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, stance: stance}
	case answersv1.LineState_LINE_STATE_REPORTED:
		return cell{kind: answersv1.ColumnKind_COLUMN_KIND_REPORTED, stance: stance}
	case answersv1.LineState_LINE_STATE_RELAYED:
		return cell{kind: answersv1.ColumnKind_COLUMN_KIND_RELAYED}
	case answersv1.LineState_LINE_STATE_CONSULTING:
		return cell{kind: answersv1.ColumnKind_COLUMN_KIND_CONSULTING}
	case answersv1.LineState_LINE_STATE_CONTESTED:
		return cell{kind: answersv1.ColumnKind_COLUMN_KIND_CONTESTED}
	}
	reason := cmp.Or(line.GetNoLine().GetReason(), answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN)
	return cell{kind: answersv1.ColumnKind_COLUMN_KIND_NO_LINE, reason: reason}
}

// cellOfAll is the column of a committee: that of its line for all or the rest of its
// area, for a narrower position counts only its own area (domain.md 5). Parts that
// leave no rest count together, or under SPLIT when they differ.
func cellOfAll(lines []*answersv1.Line) cell {
	first := cellOf(lines[0])
	for _, line := range undivided(lines) {
		if cellOf(line) != first {
			return splitCell
		}
	}
	return first
}

// undivided are the lines that stand for the whole of a committee: the line for all or
// the rest, or, where parts leave no rest, all of them.
func undivided(lines []*answersv1.Line) []*answersv1.Line {
	if lines[0].GetArea() == nil {
		return lines[:1]
	}
	return lines
}

// order puts stances first as on their scale, then what is only reported, then what
// takes no stance.
func (c cell) order() int {
	return slices.Index([]answersv1.ColumnKind{
		answersv1.ColumnKind_COLUMN_KIND_STANCE, answersv1.ColumnKind_COLUMN_KIND_REPORTED,
		answersv1.ColumnKind_COLUMN_KIND_RELAYED, answersv1.ColumnKind_COLUMN_KIND_CONSULTING,
		answersv1.ColumnKind_COLUMN_KIND_CONTESTED, answersv1.ColumnKind_COLUMN_KIND_SPLIT,
		answersv1.ColumnKind_COLUMN_KIND_NO_LINE,
	}, c.kind)
}

func (c cell) compare(other cell) int {
	return cmp.Or(cmp.Compare(c.order(), other.order()), cmp.Compare(c.stance, other.stance), cmp.Compare(c.reason, other.reason))
}

// totals are the figures of one table while they are added up.
type totals struct {
	counts   map[cell]int64
	members  map[cell]map[string]bool
	releases map[string]bool
	without  map[string]bool // committees of which something has no data
	with     map[string]bool // committees of which something has
	noted    map[string]bool // areas of which not everything was checked
	notes    []string        // what a reader of the figures should know
}

func newTotals(releases ...string) *totals {
	t := &totals{
		counts: map[cell]int64{}, members: map[cell]map[string]bool{},
		releases: map[string]bool{}, without: map[string]bool{}, with: map[string]bool{}, noted: map[string]bool{},
	}
	for _, r := range releases {
		t.releases[r] = true
	}
	return t
}

// add counts n in a column, for some members. Nothing is not a figure.
func (t *totals) add(c cell, n int64, members ...string) {
	if n == 0 {
		return
	}
	t.counts[c] += n
	if t.members[c] == nil {
		t.members[c] = map[string]bool{}
	}
	for _, m := range members {
		t.members[c][m] = true
	}
}

func (t *totals) denominator() int64 {
	sum := int64(0)
	for _, n := range t.counts {
		sum += n
	}
	return sum
}

func (t *totals) columns() []*answersv1.Column {
	var columns []*answersv1.Column
	for _, c := range slices.SortedFunc(maps.Keys(t.counts), cell.compare) {
		column := &answersv1.Column{
			Kind: c.kind, Stance: c.stance, Reason: c.reason,
			Count: t.counts[c], Members: slices.Sorted(maps.Keys(t.members[c])),
		}
		column.Words = ColumnWords(column)
		columns = append(columns, column)
	}
	return columns
}
