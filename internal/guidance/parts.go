package guidance

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// part is one part of a committee's area with its answer.
type part struct {
	area   *v1.AreaId
	answer answer
}

// byPart answers a question that names no area: the line for all, or the rest, of the
// committee's area, and one line per part where it differs, by area (domain.md 4). There
// is no rest where the parts take up all that the register knows the committee to cover.
func (p *Prepared) byPart(q query) []*answersv1.Line {
	rest := p.answer(q)
	var parts []part
	for _, area := range p.areasToAsk(q) {
		in := q
		in.area = area
		if found := p.answer(in); !found.equal(&rest) {
			parts = append(parts, part{area, found})
		}
	}
	parts = p.largest(parts, q.day)
	lines := make([]*answersv1.Line, 0, len(parts)+1)
	all := p.reg.CommitteeAreas(q.committee, q.day)
	leavesRest := len(parts) == 0 || len(all) == 0 || slices.ContainsFunc(all, func(own *v1.AreaId) bool {
		return !slices.ContainsFunc(parts, func(one part) bool { return p.contains(one.area, own, q.day) })
	})
	if leavesRest {
		lines = append(lines, rest.line(q))
	}
	for _, one := range parts {
		q.area = one.area
		lines = append(lines, one.answer.line(q))
	}
	return lines
}

// areasToAsk is the areas in which the line can differ, by area: the committee's own,
// and the parts of them (or areas that the register cannot place) that something said
// for the committee is limited to. None when nothing is limited. An area around one of
// the committee's own, and within no other, is no part: the own ones are asked in its
// place.
func (p *Prepared) areasToAsk(q query) []*v1.AreaId {
	var limited []*v1.AreaId
	for _, s := range p.byTopic[q.topic] {
		if area := s.position.GetArea(); area != nil && q.knows(s.entry) && q.isAbout(s) && q.isFor(s) {
			limited = append(limited, area)
		}
	}
	if len(limited) == 0 {
		return nil
	}
	var own []*v1.AreaId
	for _, area := range p.reg.CommitteeAreas(q.committee, q.day) {
		if area.GetCode() != "" {
			own = append(own, area)
		}
	}
	areas := slices.Clone(own)
	for _, area := range limited {
		around := func(o *v1.AreaId) bool { return p.contains(area, o, q.day) }
		strictlyWithin := func(o *v1.AreaId) bool { return p.contains(o, area, q.day) && !around(o) }
		if slices.ContainsFunc(own, strictlyWithin) || !slices.ContainsFunc(own, around) {
			areas = append(areas, area)
		}
	}
	slices.SortFunc(areas, compareAreas)
	return slices.CompactFunc(areas, sameArea)
}

// largest leaves out every part that lies within another one with the same answer. Of
// two areas that contain each other, the second by name lies in the first.
func (p *Prepared) largest(parts []part, day string) []part {
	var kept []part
	for i := range parts {
		this := &parts[i]
		within := slices.ContainsFunc(parts, func(other part) bool {
			inOther := !sameArea(this.area, other.area) && p.contains(other.area, this.area, day) &&
				(!p.contains(this.area, other.area, day) || compareAreas(other.area, this.area) < 0)
			return inOther && this.answer.equal(&other.answer)
		})
		if !within {
			kept = append(kept, *this)
		}
	}
	if len(kept) == 0 { // a register that contains itself in a circle
		return parts
	}
	return kept
}

func sameArea(x, y *v1.AreaId) bool { return notation.AreaOf(x) == notation.AreaOf(y) }

func compareAreas(x, y *v1.AreaId) int { return notation.AreaOf(x).Compare(notation.AreaOf(y)) }
