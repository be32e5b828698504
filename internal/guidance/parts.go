package guidance

import (
	"slices"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// part is one part of a committee's area with its answer.
type part struct {
	area   *v1.AreaId
	answer answer
}

// byPart answers a question that names no area: the line for all, or the rest, of the
// committee's area, and one line per part where it differs (domain.md 4).
func (p *Prepared) byPart(q query) []*answersv1.Line {
	rest := p.answer(q)
	parts := p.differing(q, &rest)
	lines := make([]*answersv1.Line, 0, len(parts)+1)
	if !p.leavesNoRest(q, parts) {
		lines = append(lines, p.line(q, rest))
	}
	for _, one := range parts {
		q.area = one.area
		lines = append(lines, p.line(q, one.answer))
	}
	return lines
}

// differing is the parts whose answer differs from the rest's, by area, without those
// that lie within another part of the same answer.
func (p *Prepared) differing(q query, rest *answer) []part {
	var parts []part
	for _, area := range p.areasToAsk(q) {
		asked := q
		asked.area = area
		found := p.answer(asked)
		if !found.equal(rest) {
			parts = append(parts, part{area, found})
		}
	}
	return p.largest(parts, q.day)
}

// areasToAsk is the areas in which the line can differ: the committee's own, and those
// within them (or that the register cannot place) that what was said for the committee
// is limited to. None when nothing is limited.
func (p *Prepared) areasToAsk(q query) []*v1.AreaId {
	limited := p.limitedTo(q)
	if len(limited) == 0 {
		return nil
	}
	var areas []*v1.AreaId
	for _, own := range p.reg.CommitteeAreas(q.committee, q.day) {
		if own.GetCode() != "" {
			areas = append(areas, own)
		}
	}
	own := areas
	for _, area := range limited {
		if p.isPart(area, own, q.day) {
			areas = append(areas, area)
		}
	}
	slices.SortFunc(areas, compareAreas)
	return slices.CompactFunc(areas, sameArea)
}

// isPart says whether an area may be a part of the committee's: it lies within one of
// the committee's own, or the register cannot place it. One around an own area, and
// within no other, is no part: the own ones are asked in its place.
func (p *Prepared) isPart(area *v1.AreaId, own []*v1.AreaId, day string) bool {
	around := func(o *v1.AreaId) bool { return p.contains(area, o, day) }
	strictlyWithin := func(o *v1.AreaId) bool { return p.contains(o, area, day) && !around(o) }
	return slices.ContainsFunc(own, strictlyWithin) || !slices.ContainsFunc(own, around)
}

// limitedTo is the areas that what bears on the question, wherever, is limited to.
func (p *Prepared) limitedTo(q query) []*v1.AreaId {
	var areas []*v1.AreaId
	for _, s := range p.byTopic[q.topic] {
		if area := s.position.GetArea(); area != nil && q.knows(s.entry) && q.isAbout(s) && isFor(s, q.audience) {
			areas = append(areas, area)
		}
	}
	return areas
}

// largest leaves out every part that lies within another one with the same answer.
func (p *Prepared) largest(parts []part, day string) []part {
	var kept []part
	for i := range parts {
		inside := slices.ContainsFunc(parts, func(other part) bool {
			return p.within(parts[i].area, other.area, day) && parts[i].answer.equal(&other.answer)
		})
		if !inside {
			kept = append(kept, parts[i])
		}
	}
	if len(kept) == 0 { // a register that contains itself in a circle
		return parts
	}
	return kept
}

// within says whether an area lies in another; of two that contain each other, the
// second by name lies in the first.
func (p *Prepared) within(inner, outer *v1.AreaId, day string) bool {
	if sameArea(inner, outer) || !p.contains(outer, inner, day) {
		return false
	}
	return !p.contains(inner, outer, day) || compareAreas(outer, inner) < 0
}

// leavesNoRest says whether parts with lines of their own take up all of the area the
// register knows the committee to cover.
func (p *Prepared) leavesNoRest(q query, parts []part) bool {
	if len(parts) == 0 {
		return false
	}
	areas := p.reg.CommitteeAreas(q.committee, q.day)
	for _, own := range areas {
		covered := slices.ContainsFunc(parts, func(one part) bool { return p.contains(one.area, own, q.day) })
		if !covered {
			return false
		}
	}
	return len(areas) > 0
}
