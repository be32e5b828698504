package picture

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// column is what one column of a table counts.
type column struct {
	kind   answersv1.ColumnKind
	stance guidancev1.Stance
	reason answersv1.NoLineReason
}

var splitColumn = column{kind: answersv1.ColumnKind_COLUMN_KIND_SPLIT}

// with is the column of what counts in two: where they differ, SPLIT. Where nothing is said, whoever never spoke makes no
// difference, and whoever has not joined neither.
func (c column) with(other column) column {
	quiet, otherQuiet := c.quiet(), other.quiet()
	switch {
	case c.tells(other), quiet > 0 && quiet < otherQuiet:
		return c
	case other.tells(c), otherQuiet > 0 && otherQuiet < quiet:
		return other
	}
	return splitColumn
}

// quiet is how little whoever has no line has ever said: 1 something, 2 nothing, 3 not even joined; 0: it has one.
func (c column) quiet() int {
	switch {
	case c.kind == answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED:
		return 3
	case c.kind != answersv1.ColumnKind_COLUMN_KIND_NO_LINE:
		return 0
	case c.reason == answersv1.NoLineReason_NO_LINE_REASON_SILENT:
		return 2
	}
	return 1
}

// tells: whoever is told what counts in another column is told what counts in this: it is the same, or the same stance
// by a line on the whole matter where this is one on the measure itself.
func (c column) tells(other column) bool {
	const onMeasure, byWhole = answersv1.ColumnKind_COLUMN_KIND_STANCE, answersv1.ColumnKind_COLUMN_KIND_BY_WHOLE_MATTER
	return c == other || c.kind == onMeasure && other.kind == byWhole && c.stance == other.stance
}

// columnOf is the column of a committee's line. Who has not joined is never counted with who
// is silent.
func (c Committee) columnOf(line *answersv1.Line) column {
	if c.NotJoined && line.GetNoLine().GetReason() == answersv1.NoLineReason_NO_LINE_REASON_SILENT {
		return column{kind: answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED}
	}
	return columnOf(line)
}

// columnOf is the column of a line of a committee that has joined. What is only reported is
// never counted with what a committee says itself.
func columnOf(line *answersv1.Line) column {
	stance := line.GetCurrent().GetPosition().GetStance()
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_STATED:
		if line.GetByWholeMatter() {
			return column{kind: answersv1.ColumnKind_COLUMN_KIND_BY_WHOLE_MATTER, stance: stance}
		}
		return column{kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, stance: stance}
	case answersv1.LineState_LINE_STATE_REPORTED:
		return column{kind: answersv1.ColumnKind_COLUMN_KIND_REPORTED, stance: stance}
	case answersv1.LineState_LINE_STATE_CONTESTED:
		return column{kind: answersv1.ColumnKind_COLUMN_KIND_CONTESTED}
	}
	holds := func(group *answersv1.Line) bool { return group.GetNoLine() == nil } // and has not lapsed
	if line.GetMoreGroups() > 0 || slices.ContainsFunc(line.GetGroups(), holds) { // and no line in general: what is mentioned is none
		return column{kind: answersv1.ColumnKind_COLUMN_KIND_BY_GROUP}
	}
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_MENTIONED:
		return column{kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, stance: stance}
	case answersv1.LineState_LINE_STATE_RELAYED:
		return column{kind: answersv1.ColumnKind_COLUMN_KIND_RELAYED}
	case answersv1.LineState_LINE_STATE_CONSULTING:
		return column{kind: answersv1.ColumnKind_COLUMN_KIND_CONSULTING}
	}
	reason := cmp.Or(line.GetNoLine().GetReason(), answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN)
	return column{kind: answersv1.ColumnKind_COLUMN_KIND_NO_LINE, reason: reason}
}

// LineColumn is the heading of the column a line is counted in; of nil, that it has none.
func LineColumn(line *answersv1.Line) string {
	if line == nil {
		return "no line of its own"
	}
	c := columnOf(line)
	return ColumnWords(&answersv1.Column{Kind: c.kind, Stance: c.stance, Reason: c.reason})
}

// columnOfCommittee is the column of a committee, by the lines that stand for the whole of it: that of its line for
// all or the rest of its area, for a narrower position counts only its own area (domain.md 5). Parts that
// leave no rest count together, or under SPLIT when they differ.
func columnOfCommittee(c Committee, whole []*answersv1.Line) column {
	first := c.columnOf(whole[0])
	for _, line := range whole {
		first = first.with(c.columnOf(line))
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

// columnOrder puts stances first, as on their scale, then what is only reported, then
// what takes no stance.
var columnOrder = []answersv1.ColumnKind{
	answersv1.ColumnKind_COLUMN_KIND_STANCE, answersv1.ColumnKind_COLUMN_KIND_BY_WHOLE_MATTER, answersv1.ColumnKind_COLUMN_KIND_REPORTED,
	answersv1.ColumnKind_COLUMN_KIND_RELAYED, answersv1.ColumnKind_COLUMN_KIND_CONSULTING,
	answersv1.ColumnKind_COLUMN_KIND_CONTESTED, answersv1.ColumnKind_COLUMN_KIND_SPLIT, answersv1.ColumnKind_COLUMN_KIND_BY_GROUP,
	answersv1.ColumnKind_COLUMN_KIND_NO_LINE, answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED,
}

func (c column) compare(other column) int {
	return cmp.Or(cmp.Compare(slices.Index(columnOrder, c.kind), slices.Index(columnOrder, other.kind)),
		cmp.Compare(c.stance, other.stance), cmp.Compare(c.reason, other.reason))
}

// totals are the figures of one table while they are added up.
type totals struct {
	counts   map[column]int64
	members  map[column]map[string]bool
	apart    map[column]map[string][]string // by committee: the letters of practices told something else than its lines
	onTerms  map[column]map[string]bool     // the members counted by a line that is on conditions
	forNow   map[column]map[string]bool     // and by one that is provisional
	releases map[string]bool
	without  map[string]bool // committees of which something has no data
	with     map[string]bool // committees of which something has
	noted    map[string]bool // areas of which not everything was checked
	notes    []string        // what a reader of the figures should know
}

func newTotals(releases ...string) *totals {
	t := &totals{
		counts: map[column]int64{}, members: map[column]map[string]bool{}, apart: map[column]map[string][]string{},
		onTerms: map[column]map[string]bool{}, forNow: map[column]map[string]bool{},
		releases: map[string]bool{}, without: map[string]bool{}, with: map[string]bool{}, noted: map[string]bool{},
	}
	for _, r := range releases {
		t.releases[r] = true
	}
	return t
}

// add counts n in a column, for some members. Nothing is not a figure.
func (t *totals) add(c column, n int64, members ...string) {
	if n == 0 {
		return
	}
	t.counts[c] += n
	for _, m := range members {
		note(t.members, c, m)
	}
}

// cite notes that practices of a committee, counted in a column, are told something else than its lines say.
func (t *totals) cite(c column, committee string, letters []string) {
	if t.apart[c] == nil {
		t.apart[c] = map[string][]string{}
	}
	t.apart[c][committee] = append(t.apart[c][committee], letters...)
}

// mark notes of a member of a column what the lines it is counted by have besides their stance.
func (t *totals) mark(c column, member string, by ...*answersv1.Line) {
	for _, line := range by {
		position := line.GetCurrent().GetPosition()
		if guidance.OnConditions(position) {
			note(t.onTerms, c, member)
		}
		if position.GetProvisional() {
			note(t.forNow, c, member)
		}
	}
}

func note(of map[column]map[string]bool, c column, member string) {
	if of[c] == nil {
		of[c] = map[string]bool{}
	}
	of[c][member] = true
}

// fill puts the figures into a table: its columns, which add up to its denominator.
func (t *totals) fill(table *answersv1.NationalTable) {
	for _, c := range slices.SortedFunc(maps.Keys(t.counts), column.compare) {
		one := &answersv1.Column{
			Kind: c.kind, Stance: c.stance, Reason: c.reason,
			Count: int32(t.counts[c]), Members: slices.Sorted(maps.Keys(t.members[c])),
			OnConditions: slices.Sorted(maps.Keys(t.onTerms[c])), Provisional: slices.Sorted(maps.Keys(t.forNow[c])),
		}
		for _, committee := range slices.Sorted(maps.Keys(t.apart[c])) {
			letters := t.apart[c][committee]
			slices.Sort(letters)
			one.PracticesRestOn = append(one.PracticesRestOn, &answersv1.PracticesRestOn{Committee: committee, Advisories: slices.Compact(letters)})
		}
		one.Words = ColumnWords(one)
		table.Columns = append(table.Columns, one)
		table.Denominator += one.Count
	}
	table.Releases = slices.Sorted(maps.Keys(t.releases))
}

// ColumnPair is a column of two tables; either is nil where its table does not have it.
type ColumnPair struct {
	Words    string
	Was, Now *answersv1.Column
}

// Differs: the two have other counts, or other members.
func (p ColumnPair) Differs() bool {
	return p.Was.GetCount() != p.Now.GetCount() || !slices.Equal(p.Was.GetMembers(), p.Now.GetMembers())
}

// SideBySide pairs the columns of two tables of one measure: those of the later in its order, then
// those that only the earlier has.
func SideBySide(before, after *answersv1.NationalTable) (all []ColumnPair) {
	of := func(t *answersv1.NationalTable, c *answersv1.Column) *answersv1.Column {
		for _, o := range t.GetColumns() {
			if o.GetKind() == c.GetKind() && o.GetStance() == c.GetStance() && o.GetReason() == c.GetReason() {
				return o
			}
		}
		return nil
	}
	for _, c := range after.GetColumns() {
		all = append(all, ColumnPair{c.GetWords(), of(before, c), c})
	}
	for _, c := range before.GetColumns() {
		if of(after, c) == nil {
			all = append(all, ColumnPair{c.GetWords(), c, nil})
		}
	}
	return all
}
