package picture

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// whole are the lines that stand for the whole of a committee: those for all or the rest, or, where parts leave no
// rest, all of them (undivided). Where a list of its own took the place of what its predecessors covered, what their letters
// say is told to the practices of that list, and to no area of it: these are the parts then, beside those that are areas,
// and there is no rest if every practice that came with the merger is told some line so, or is in a part (domain.md 5).
// They are not to be changed.
func (r *resolver) whole(c Committee, lines []*answersv1.Line) []*answersv1.Line {
	q := question{measure: lines[0].GetMeasure()}
	rest := r.restOf(c, q, lines)
	if rest.isThere {
		return undivided(lines)
	}
	return append(related(r.national(NationOf(c), q), rest.told), lines[1:]...)
}

// rest is what is left of a committee's area beside its parts, where nothing is told there to an area.
type rest struct {
	isThere  bool              // there is one: some who came with a merger are told nothing, or there was none
	told     []*answersv1.Line // what practices are told instead, of what is asked about: a line for each letter
	isAlike  bool              // all are told the same
	hasOther bool              // others came since the merger, who are told nothing
}

func (r *resolver) restOf(c Committee, q question, lines []*answersv1.Line) rest {
	there := rest{isThere: true}
	isRest := lines[0].GetArea() == nil || len(lines) == 1
	if !isRest || c.columnOf(lines[0]).kind != answersv1.ColumnKind_COLUMN_KIND_NO_LINE || len(r.in.Register.Predecessors(c.GetId())) == 0 {
		return there
	}
	own := r.countedAreas(c)
	if lines[0].GetArea() != nil {
		own = []*guidancev1.AreaId{lines[0].GetArea()}
	}
	inPart := func(area *guidancev1.AreaId) bool {
		return slices.ContainsFunc(lines[1:], func(part *answersv1.Line) bool { return r.contains(part.GetArea(), area) })
	}
	of, willBe := rest{isAlike: true}, false // a line that holds from a day ahead is one once all are told it
	for _, area := range own {
		if inPart(area) {
			continue
		}
		codes, all := r.practicesOf(area, r.in.AsOf)
		if !all {
			return there
		}
		for _, code := range codes {
			code = notation.PracticeCode(code)
			switch {
			case r.ctx.Err() != nil: // whoever asked throws this away
			case slices.ContainsFunc(r.in.Register.PracticeIn(code, r.in.AsOf), inPart):
			case !r.cameWithMerger(c, code):
				of.hasOther = true
			case r.in.Area == nil && !r.toldApart(c)[code]: // of one area asked about, it may lie in another that it is told of
				return there
			default:
				line := r.toldToPractice(c, q, code)
				if columnOf(line).kind == answersv1.ColumnKind_COLUMN_KIND_NO_LINE {
					if willBe = true; len(line.GetNotYet()) == 0 {
						return there
					}
				}
				if !slices.ContainsFunc(of.told, func(o *answersv1.Line) bool {
					return columnOf(o) == columnOf(line) && slices.Equal(LettersOf(o), LettersOf(line))
				}) {
					of.told = append(of.told, line)
				}
				of.isAlike = of.isAlike && isAlike(of.told[0], line)
			}
		}
	}
	if willBe && (!of.isAlike || len(lines) > 1) {
		return there
	}
	of.isThere = len(of.told)+len(lines) == 1
	return of
}

// isAlike: two practices are told the same, and so are their groups and part of their readers.
func isAlike(a, b *answersv1.Line) bool {
	return a == b || saysTheSame(difference{before: a, after: b}) &&
		slices.EqualFunc(a.GetGroups(), b.GetGroups(), isAlike) && slices.EqualFunc(a.GetPartLines(), b.GetPartLines(), isAlike)
}

// withTold are lines with what practices are told where a list of its own took the place of what a committee's predecessors
// covered: one, if that is the same for all, or a part for each that is no area of its own any more; and without that
// of a rest in which nobody is.
func (r *resolver) withTold(c Committee, q question, lines []*answersv1.Line) []*answersv1.Line {
	if lines[0].GetPractice() != "" || len(r.in.Register.Predecessors(c.GetId())) == 0 {
		return lines
	}
	var areas []*guidancev1.AreaId
	for _, line := range lines {
		areas = append(areas, line.GetArea())
	}
	lines = slices.DeleteFunc(slices.Clone(lines), func(line *answersv1.Line) bool { return r.isDividedAmong(line.GetArea(), areas) })
	lines[0] = r.withoutFormer(c, lines[0], r.toldInPlace(c, q, lines[1:]))
	rest := r.restOf(c, q, lines)
	isGone := !rest.isThere && !rest.hasOther
	if isGone && rest.told != nil && rest.isAlike && len(lines) == 1 {
		return []*answersv1.Line{toldToAll(lines[0], rest.told[0])}
	}
	if lines[0].GetArea() != nil {
		return lines
	}
	parts, all := r.formerParts(c, q, lines)
	if isGone && (rest.told == nil || all) {
		return append(lines[1:], parts...)
	}
	lines[0] = r.withoutFormer(c, lines[0], func(_ *answersv1.Statement, gone *guidancev1.AreaId) bool {
		return slices.ContainsFunc(parts, func(part *answersv1.Line) bool { return notation.AreaOf(part.GetArea()) == notation.AreaOf(gone) })
	})
	return append(lines, parts...)
}

// isDividedAmong: every practice of a list is in one of some parts that lie within it, as of lists that merged: in the rest is nobody.
func (r *resolver) isDividedAmong(list *guidancev1.AreaId, parts []*guidancev1.AreaId) bool {
	if list.GetScheme() != listScheme {
		return false
	}
	inner := slices.DeleteFunc(slices.Clone(parts), func(part *guidancev1.AreaId) bool {
		return notation.AreaOf(part) == notation.AreaOf(list) || !r.contains(list, part)
	})
	codes, _ := r.practicesOf(list, r.in.AsOf)
	return len(codes) > 0 && !slices.ContainsFunc(codes, func(code string) bool {
		return !slices.ContainsFunc(r.in.Register.PracticeIn(code, r.in.AsOf), func(in *guidancev1.AreaId) bool {
			return slices.ContainsFunc(inner, func(part *guidancev1.AreaId) bool { return r.contains(part, in) })
		})
	})
}

// formerParts are the lines of areas that a committee's predecessors covered and it does not, for those of their practices that
// are its own, if they are all told the same there and something else than around; all: whoever came with the merger is in
// one, or in another part.
func (r *resolver) formerParts(c Committee, q question, lines []*answersv1.Line) (parts []*answersv1.Line, all bool) {
	own, in := r.countedAreas(c), map[string]bool{}
	meets := func(area *guidancev1.AreaId) func(*guidancev1.AreaId) bool {
		return func(o *guidancev1.AreaId) bool { return r.contains(o, area) || r.contains(area, o) }
	}
	for _, former := range r.beforeMerger(c) {
		if slices.ContainsFunc(own, meets(former.area)) || slices.ContainsFunc(lines[1:], func(part *answersv1.Line) bool { return meets(former.area)(part.GetArea()) }) {
			continue
		}
		var told *answersv1.Line
		codes := r.theirsOf(c, former.area, former.day)
		if !slices.ContainsFunc(codes, func(code string) bool { return !r.isInPart(code, lines[1:]) }) {
			continue // each is told by that of its part
		}
		isSame := !slices.ContainsFunc(codes, func(code string) bool {
			one := r.toldToPractice(c, q, code)
			if told == nil {
				told = one
			}
			return r.ctx.Err() != nil || !isAlike(told, one)
		})
		if told == nil || !isSame || isAlike(told, lines[0]) || columnOf(told).kind == answersv1.ColumnKind_COLUMN_KIND_NO_LINE && len(told.GetAlsoAsked()) == 0 {
			continue
		}
		for _, code := range codes {
			in[code] = true
		}
		parts = append(parts, toldToAll(&answersv1.Line{Area: former.area, AreaName: r.in.Register.AreaName(former.area)}, told))
	}
	slices.SortFunc(parts, func(a, b *answersv1.Line) int {
		return notation.AreaOf(a.GetArea()).Compare(notation.AreaOf(b.GetArea()))
	})
	for _, area := range own {
		codes, _ := r.in.Register.PracticesOf(area, r.in.AsOf)
		for _, code := range codes {
			if code = notation.PracticeCode(code); !in[code] && r.cameWithMerger(c, code) && !r.isInPart(code, lines[1:]) {
				return parts, false
			}
		}
	}
	return parts, true
}

// isInPart: a practice lies in the area of one of some parts.
func (r *resolver) isInPart(code string, parts []*answersv1.Line) bool {
	return slices.ContainsFunc(r.in.Register.PracticeIn(code, r.in.AsOf), func(in *guidancev1.AreaId) bool {
		return slices.ContainsFunc(parts, func(part *answersv1.Line) bool { return r.contains(part.GetArea(), in) })
	})
}

// toldInPlace: what was said of an area that is no more is told to nobody by its practices, all of which the register has, but to
// those in one of some parts: nobody need be rung, for the line of these, or of all, stands for them.
func (r *resolver) toldInPlace(c Committee, q question, parts []*answersv1.Line) func(*answersv1.Statement, *guidancev1.AreaId) bool {
	return func(said *answersv1.Statement, gone *guidancev1.AreaId) bool {
		day := said.GetIssued().GetLatest()
		return r.listsAll(gone, day) && !slices.ContainsFunc(r.theirsOf(c, gone, day), func(code string) bool {
			return !r.isInPart(code, parts) && slices.ContainsFunc(statements(r.toldToPractice(c, q, code)), sameAs(said))
		})
	}
}

// withoutFormer is a line that says something itself, without what was said of areas that are no more where that is told in its place.
func (r *resolver) withoutFormer(c Committee, line *answersv1.Line, isTold func(*answersv1.Statement, *guidancev1.AreaId) bool) *answersv1.Line {
	isOver := func(f *answersv1.FormerArea) bool {
		of := r.formerlyOf(c, f.GetStatement())
		return len(of) > 0 && !slices.ContainsFunc(of, func(gone *guidancev1.AreaId) bool { return !isTold(f.GetStatement(), gone) })
	}
	if line.GetNoLine() != nil || !slices.ContainsFunc(line.GetFormerAreas(), isOver) {
		return line
	}
	line = proto.CloneOf(line)
	line.FormerAreas = slices.DeleteFunc(line.FormerAreas, isOver)
	line.Words = guidance.LineWords(line)
	return line
}

// toldToAll is what each practice of a rest, or a part, is told, as the line of it: by all who said it together.
func toldToAll(rest, told *answersv1.Line) *answersv1.Line {
	line := proto.CloneOf(told)
	line.Practice, line.Area, line.AreaName = "", rest.GetArea(), rest.GetAreaName()
	for _, s := range rest.GetSaidToOthers() {
		if line.Current != nil && sameAs(s)(line.Current) {
			line.Current = s
		}
	}
	line.Words = guidance.LineWords(line)
	return line
}
