package picture

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// whole are the lines that stand for the whole of a committee: those for all or the rest, or, where parts leave no rest,
// all of them (undivided). Where a list of its own took the place of what its predecessors covered, what their letters say
// is told to the practices of that list, and to no area of it: these are the parts then, beside those that are areas,
// and there is no rest if every practice that came with the merger is told some line so (domain.md 5). They are not to be
// changed.
func (r *resolver) whole(c Committee, lines []*answersv1.Line) []*answersv1.Line {
	q := question{measure: lines[0].GetMeasure()}
	told := r.toldInPlace(c, q, lines)
	if told == nil {
		return undivided(lines)
	}
	return append(related(r.national(NationOf(c), q), told), lines[1:]...)
}

// toldInPlace is what practices are told of a committee's predecessors, in place of a rest that is told nothing: a line
// for each letter, of what is asked about. None: there is such a rest.
func (r *resolver) toldInPlace(c Committee, q question, lines []*answersv1.Line) (told []*answersv1.Line) {
	isRest := lines[0].GetArea() == nil || len(lines) == 1
	if !isRest || c.columnOf(lines[0]).kind != answersv1.ColumnKind_COLUMN_KIND_NO_LINE || len(r.in.Register.Predecessors(c.GetId())) == 0 {
		return nil
	}
	own := r.countedAreas(c)
	if lines[0].GetArea() != nil {
		own = []*guidancev1.AreaId{lines[0].GetArea()}
	}
	inPart := func(area *guidancev1.AreaId) bool {
		return slices.ContainsFunc(lines[1:], func(part *answersv1.Line) bool { return r.contains(part.GetArea(), area) })
	}
	for _, area := range own {
		if inPart(area) {
			continue
		}
		codes, all := r.in.Register.PracticesOf(area, r.in.AsOf)
		if !all {
			return nil
		}
		for _, code := range codes {
			if code = notation.PracticeCode(code); r.ctx.Err() != nil || slices.ContainsFunc(r.in.Register.PracticeIn(code, r.in.AsOf), inPart) || !r.cameWithMerger(c, code) {
				continue
			}
			if !r.toldApart(c)[code] {
				return nil
			}
			line := r.toldToPractice(c, q, code)
			if columnOf(line).kind == answersv1.ColumnKind_COLUMN_KIND_NO_LINE {
				return nil
			}
			same := func(o *answersv1.Line) bool {
				return columnOf(o) == columnOf(line) && slices.Equal(LettersOf(o), LettersOf(line))
			}
			if !slices.ContainsFunc(told, same) {
				told = append(told, line)
			}
		}
	}
	return told
}

// cameWithMerger: a practice lay in what some predecessor of a committee covered, on the day before the committee's first,
// if that is recorded.
func (r *resolver) cameWithMerger(c Committee, code string) bool {
	day := notation.DayBefore(c.GetValidFrom())
	if c.GetValidFrom() == "" {
		return true
	}
	return slices.ContainsFunc(r.in.Register.Predecessors(c.GetId()), func(predecessor string) bool {
		return slices.ContainsFunc(r.in.Register.CommitteeAreas(predecessor, day), func(own *guidancev1.AreaId) bool {
			return slices.ContainsFunc(r.in.Register.PracticeIn(code, day), func(in *guidancev1.AreaId) bool {
				return notation.AreaOf(own) == notation.AreaOf(in) || r.in.Register.Contains(own, in, day)
			})
		})
	})
}
