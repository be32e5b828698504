package picture

import (
	"slices"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// An answer limited to an area is about the committees that cover it, for the area
// alone, and about those within it, for all of theirs. National committees and other
// bodies have no place: they are shown wherever they are asked about.

// asksForPart says whether the area asked about is a part of the committee's (or the
// committee has no place), so that its line is the one for that area.
func (s *sheet) asksForPart(c Committee) bool {
	return !isCounted(c) || slices.ContainsFunc(s.areas(c), func(own *guidancev1.AreaId) bool { return s.contains(own, s.in.Area) })
}

// isPlaced says whether the committee is one the answer is about. The reader's own
// always is.
func (s *sheet) isPlaced(c Committee) bool {
	if s.in.Area == nil || s.isOwn(c) || s.asksForPart(c) {
		return true
	}
	return slices.ContainsFunc(s.areas(c), func(own *guidancev1.AreaId) bool { return s.contains(s.in.Area, own) })
}

// counted are the areas of a committee that an answer counts: all of them, or what
// of them lies in the area asked about.
func (s *sheet) counted(c Committee) []*guidancev1.AreaId {
	areas := s.areas(c)
	if s.in.Area == nil {
		return areas
	}
	if slices.ContainsFunc(areas, func(own *guidancev1.AreaId) bool { return s.contains(own, s.in.Area) }) {
		return []*guidancev1.AreaId{s.in.Area}
	}
	return slices.DeleteFunc(slices.Clone(areas), func(own *guidancev1.AreaId) bool { return !s.contains(s.in.Area, own) })
}

func (s *sheet) areas(c Committee) []*guidancev1.AreaId {
	return s.in.Register.CommitteeAreas(c.GetId(), s.in.AsOf)
}

func (s *sheet) contains(outer, inner *guidancev1.AreaId) bool {
	return keyOf(outer) == keyOf(inner) || s.in.Register.Contains(outer, inner, s.in.AsOf)
}
