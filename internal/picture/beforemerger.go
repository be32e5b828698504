package picture

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// former is an area that one which merged into another covered, and the day on which that is told: the one before that one's
// first, or its own last, or the area's, where that was over by then.
type former struct {
	area *guidancev1.AreaId
	day  string
}

// lastCovered is what a committee covered up to a day.
func (r *resolver) lastCovered(committee, day string) (areas []former) {
	for area, last := range r.in.Register.LastCovered(committee, day) {
		areas = append(areas, former{area, last})
	}
	return areas
}

// beforeMerger are the areas that those which merged into a committee covered, or what of them lies in the area asked about.
func (r *resolver) beforeMerger(c Committee) (areas []former) {
	for _, id := range r.in.Register.Predecessors(c.GetId()) {
		day := r.in.Register.LastDay(id)
		if first := c.GetValidFrom(); first > day {
			day = notation.DayBefore(first)
		}
		if day == "" {
			continue // both are counted
		}
		for _, of := range r.lastCovered(id, day) {
			covered := []*guidancev1.AreaId{of.area}
			if r.in.Area != nil {
				covered = guidance.InCommon(r.in.Register, covered, r.in.Area, of.day)
			}
			for _, area := range covered {
				if !slices.ContainsFunc(areas, func(o former) bool { return notation.AreaOf(o.area) == notation.AreaOf(area) }) {
					areas = append(areas, former{area, of.day})
				}
			}
		}
	}
	return areas
}

// hadWithin: an area lay, on its day, in what was covered.
func (r *resolver) hadWithin(of former, area *guidancev1.AreaId) bool {
	return notation.AreaOf(of.area) == notation.AreaOf(area) || r.in.Register.Contains(of.area, area, of.day)
}

// cameWithMerger: a practice lay in what some predecessor of a committee covered up to the day before the committee's first, if
// that is recorded.
func (r *resolver) cameWithMerger(c Committee, code string) bool {
	day := notation.DayBefore(c.GetValidFrom())
	if c.GetValidFrom() == "" {
		return true
	}
	return slices.ContainsFunc(r.in.Register.Predecessors(c.GetId()), func(predecessor string) bool {
		return slices.ContainsFunc(r.lastCovered(predecessor, day), func(of former) bool {
			return slices.ContainsFunc(r.in.Register.PracticeIn(code, of.day), func(in *guidancev1.AreaId) bool { return r.hadWithin(of, in) })
		})
	})
}

// partsStill are the parts of an area that is no more at the later look, which one merged into a committee covered, if they are there
// still and all whom that committee has of the area lie in them: they are asked about, and not the area beside them.
func (l *looks) partsStill(committee string, area *guidancev1.AreaId) []*guidancev1.AreaId {
	r := l.now
	c, there := r.committee(committee)
	if !there || area == nil || len(l.mergedFrom(committee)) == 0 || r.in.Register.Area(area, r.in.AsOf) != nil {
		return nil
	}
	day := l.then.in.AsOf
	for _, of := range r.beforeMerger(c) {
		if notation.AreaOf(of.area) == notation.AreaOf(area) {
			day = of.day
		}
	}
	own := r.areas(c)
	within := slices.DeleteFunc(r.in.Register.Within(area, day), func(part *guidancev1.AreaId) bool {
		return r.in.Register.Area(part, r.in.AsOf) == nil || !slices.ContainsFunc(own, func(own *guidancev1.AreaId) bool { return r.contains(own, part) })
	})
	var parts []*guidancev1.AreaId
	for _, part := range within {
		if !slices.ContainsFunc(within, func(o *guidancev1.AreaId) bool { return r.isWithin(part, o) }) {
			parts = append(parts, part)
		}
	}
	codes := r.theirsOf(c, area, day)
	isIn := func(code string) bool {
		return slices.ContainsFunc(r.in.Register.PracticeIn(code, r.in.AsOf), func(in *guidancev1.AreaId) bool {
			return slices.ContainsFunc(parts, func(part *guidancev1.AreaId) bool { return r.contains(part, in) })
		})
	}
	if len(codes) == 0 || slices.ContainsFunc(codes, func(code string) bool { return !isIn(code) }) {
		return nil
	}
	return parts
}
