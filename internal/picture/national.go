package picture

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// National returns the counts of a nation's LMCs ("" is "england") in a unit
// (unspecified: committees): a table for the whole matter and one for each measure,
// or only one for the measure asked about (domain.md 5).
func National(ctx context.Context, in Input, unit answersv1.Unit, nation string) (*answersv1.NationalPicture, error) {
	s := newSheet(ctx, in)
	if unit == answersv1.Unit_UNIT_UNSPECIFIED {
		unit = answersv1.Unit_UNIT_COMMITTEES
	}
	pic := &answersv1.NationalPicture{
		Matter: in.Matter, Unit: unit, AsOf: in.AsOf, KnownAtFeed: in.KnownAt, KnownAtTime: in.KnownAtTime,
		Completeness: s.completeness(),
	}
	var shown []*answersv1.Line
	for _, measure := range s.measures() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		t := s.table(unit, cmp.Or(nation, defaultNation), measure)
		pic.Tables = append(pic.Tables, t)
		shown = append(append(append(shown, t.Lines...), t.OtherBodies...), t.National)
	}
	pic.Notices = notices(in.Matter, shown)
	return pic, ctx.Err()
}

// counting is one committee in a table.
type counting struct {
	Committee
	lines []*answersv1.Line
	cell  cell // where the committee itself is counted
}

// table counts one measure.
func (s *sheet) table(unit answersv1.Unit, nation, measure string) *answersv1.NationalTable {
	t := &answersv1.NationalTable{
		Measure: measure, Title: s.title(measure), Proposer: guidance.ProposerOf(s.in.Matter, measure),
		Audience: s.audience(measure), National: s.national(nation, measure),
	}
	counted := s.countings(t, nation, measure)
	t.Relations = relations(counted)
	totals := s.count(unit, counted)
	t.Columns, t.Denominator, t.Releases = totals.columns(), totals.denominator(), slices.Sorted(maps.Keys(totals.releases))
	names := map[string]string{}
	for _, c := range counted {
		if totals.without[c.GetId()] {
			t.WithoutData = append(t.WithoutData, c.GetId())
			names[c.GetId()] = displayName(c.Committee) + partWords(totals.with[c.GetId()])
		}
	}
	t.DenominatorWords = sentences(append([]string{DenominatorWords(t, unit, names)}, totals.notes...))
	return t
}

// partWords marks a committee of which a part has data.
func partWords(hasSome bool) string {
	if hasSome {
		return " (part of its area)"
	}
	return ""
}

// countings are the nation's LMCs with their lines, by name. The lines go into the
// table, those of other bodies apart from them.
func (s *sheet) countings(t *answersv1.NationalTable, nation, measure string) []counting {
	var counted []counting
	for _, c := range s.committees {
		switch {
		case isNational(c) || nationOf(c) != nation || !s.isPlaced(c):
		case isCounted(c):
			lines := s.lines(c, measure)
			t.Lines = append(t.Lines, lines...)
			counted = append(counted, counting{c, lines, cellOfAll(lines)})
		default:
			t.OtherBodies = append(t.OtherBodies, s.lines(c, measure)...)
		}
	}
	return counted
}

func (s *sheet) title(measure string) string {
	if measure == "" {
		return s.in.Matter.GetTitle()
	}
	return cmp.Or(guidance.MeasureOf(s.in.Matter, measure).GetTitle(), measure)
}

// count counts in a unit.
func (s *sheet) count(unit answersv1.Unit, counted []counting) *totals {
	switch unit {
	case answersv1.Unit_UNIT_OFFICES:
		return s.countOffices(counted)
	case answersv1.Unit_UNIT_PRACTICES, answersv1.Unit_UNIT_PATIENTS:
		return s.countPlots(unit, counted)
	}
	return s.countCommittees(counted)
}

func (s *sheet) countCommittees(counted []counting) *totals {
	t := newTotals(s.registerRelease())
	for _, c := range counted {
		t.add(c.cell, 1, c.GetId())
	}
	return t
}

// countOffices counts an office whose committees differ once, under SPLIT.
func (s *sheet) countOffices(counted []counting) *totals {
	t := newTotals(s.registerRelease())
	offices := map[string]cell{}
	for _, c := range counted {
		if c.Office == "" {
			t.without[c.GetId()] = true
			continue
		}
		if other, again := offices[c.Office]; again && other != c.cell {
			offices[c.Office] = splitCell
		} else if !again {
			offices[c.Office] = c.cell
		}
	}
	for office, cell := range offices {
		t.add(cell, 1, office)
	}
	return t
}

// registerRelease is what numbers of committees and offices rest on.
func (s *sheet) registerRelease() string {
	return "the federation's register as of " + guidance.DayWords(s.in.AsOf)
}

// relations are how many committees stand how to the national line.
func relations(counted []counting) []*answersv1.RelationCount {
	by := map[answersv1.Relation][]string{}
	for _, c := range counted {
		r := relationOf(c.lines)
		by[r] = append(by[r], c.GetId())
	}
	var all []*answersv1.RelationCount
	for _, r := range slices.Sorted(maps.Keys(by)) {
		all = append(all, &answersv1.RelationCount{Relation: r, Count: int64(len(by[r])), Committees: slices.Sorted(slices.Values(by[r]))})
	}
	return all
}

// relationOf is the relation of the line for all or the rest of the committee's area.
// Where parts leave no rest and stand differently, the committee cannot be compared.
func relationOf(lines []*answersv1.Line) answersv1.Relation {
	for _, line := range undivided(lines) {
		if line.GetRelation() != lines[0].GetRelation() {
			return answersv1.Relation_RELATION_NOT_COMPARABLE
		}
	}
	return lines[0].GetRelation()
}
