package guidance

import (
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// --- domain.md 4.9: where a position holds ---

// covers: an assertion holds where the question is asked: in R; for practice P; or else
// everywhere in the committee's area on T, which nobody knows of a committee whose areas
// the register does not have.
func (p *Prepared) covers(q query, s *assertion) bool {
	switch {
	case s.extent == nil:
		return true
	case q.area != nil:
		return p.holdsIn(s, q.area)
	case q.practice != "":
		now := p.reg.PracticeIn(q.practice, q.day)
		today := func(outer *v1.AreaId) bool {
			return slices.ContainsFunc(now, func(in *v1.AreaId) bool { return p.cameFrom(in, outer, s.issued.latest) })
		}
		then := func(outer *v1.AreaId) bool {
			return slices.ContainsFunc(p.reg.PracticeIn(q.practice, s.issued.latest), func(in *v1.AreaId) bool {
				return p.contains(outer, in, s.issued.latest)
			})
		}
		return p.limitedTo(s, today) || p.limitedTo(s, then) && p.wasStillTheirs(q, s)
	}
	own := p.ownAreas(q)
	return len(own) > 0 && !slices.ContainsFunc(own, func(in *v1.AreaId) bool { return !p.holdsIn(s, in) })
}

// wasStillTheirs: a practice was a predecessor's on its last day, as far as is known. Whoever had gone over to another
// committee by then is told what that said, and not again by the merger what was said before.
func (p *Prepared) wasStillTheirs(q query, s *assertion) bool {
	return s.owner == "" || slices.ContainsFunc(append(slices.Clip(s.owners), s.owner), func(owner string) bool {
		last := p.reg.LastDay(owner)
		if last == "" || last >= q.day {
			return true
		}
		covered, in := p.reg.CommitteeAreas(owner, last), p.reg.PracticeIn(q.practice, last)
		return len(covered) == 0 || len(in) == 0 || slices.ContainsFunc(covered, func(outer *v1.AreaId) bool {
			return slices.ContainsFunc(in, func(inner *v1.AreaId) bool { return p.contains(outer, inner, last) })
		})
	})
}

// ownAreas are the committee's own areas on T that are asked about.
func (p *Prepared) ownAreas(q query) []*v1.AreaId {
	if q.own != nil {
		return q.own
	}
	own := OwnAreas(p.reg, q.committee, q.day)
	if q.asked.Around != nil {
		if in := InCommon(p.reg, own, q.asked.Around, q.day); len(in) > 0 {
			return in
		}
	}
	return own
}

// OwnAreas are a committee's own areas on a day. What the register has it cover, and is no more by then, is none of
// them, unless all are: the register is behind.
func OwnAreas(reg Register, committee, day string) []*v1.AreaId {
	recorded := reg.CommitteeAreas(committee, day)
	own := slices.DeleteFunc(slices.Clone(recorded), func(area *v1.AreaId) bool {
		return reg.HasArea(area) && !slices.ContainsFunc(reg.InPlaceOf(area, day), func(now *v1.AreaId) bool { return sameArea(now, area) })
	})
	if len(own) == 0 {
		return recorded
	}
	return own
}

// InCommon is what some areas have in common with another on a day, as far as the register knows: those that lie in
// it, and of the others the largest recorded areas that lie in both.
func InCommon(reg Register, areas []*v1.AreaId, with *v1.AreaId, day string) (all []*v1.AreaId) {
	contains := func(outer, inner *v1.AreaId) bool { return sameArea(outer, inner) || reg.Contains(outer, inner, day) }
	var inside []*v1.AreaId // what lies in the other
	for _, area := range areas {
		if contains(with, area) {
			all = append(all, area)
			continue
		}
		if inside == nil {
			inside = append(reg.Within(with, day), with)
		}
		for _, inner := range inside {
			within := func(outer *v1.AreaId) bool {
				return !sameArea(outer, inner) && contains(area, outer) && contains(outer, inner) && (!contains(inner, outer) || compareAreas(outer, inner) < 0)
			}
			if contains(area, inner) && !slices.ContainsFunc(inside, within) && !slices.ContainsFunc(all, func(have *v1.AreaId) bool { return sameArea(have, inner) }) {
				all = append(all, inner)
			}
		}
	}
	return all
}

// holdsIn: an area's whole came from what lay, on the day of issue, in an area the
// assertion is limited to.
func (p *Prepared) holdsIn(s *assertion, in *v1.AreaId) bool {
	if s.extent == nil {
		return true
	}
	return p.limitedTo(s, func(outer *v1.AreaId) bool { return p.cameFrom(in, outer, s.issued.latest) })
}

// cameFrom: an area's whole came from what lay in another on a day.
func (p *Prepared) cameFrom(in, outer *v1.AreaId, day string) bool {
	origin := p.reg.Origin(in, day)
	return origin != nil && p.contains(outer, origin, day)
}

// limitedTo: something is so of an area that an assertion is limited to, and of one of each of two that it is.
func (p *Prepared) limitedTo(s *assertion, is func(*v1.AreaId) bool) bool {
	among := func(areas []*v1.AreaId) bool {
		return slices.ContainsFunc(areas, func(outer *v1.AreaId) bool { return p.reg.HasArea(outer) && is(outer) })
	}
	if s.both[0] == nil {
		return among(s.extent)
	}
	return among(s.both[0]) && among(s.both[1])
}

// limit limits an assertion to what its committee covered on the day of issue, and where it is limited to areas, to
// what is in both: the areas within both, and the practices in both that are in none of these.
func (p *Prepared) limit(s *assertion, covered []*v1.AreaId) {
	day := s.issued.latest
	within := func(outers []*v1.AreaId) func(*v1.AreaId) bool {
		return func(in *v1.AreaId) bool {
			return slices.ContainsFunc(outers, func(outer *v1.AreaId) bool { return p.contains(outer, in, day) })
		}
	}
	without := func(areas []*v1.AreaId, has func(*v1.AreaId) bool) bool {
		return slices.ContainsFunc(areas, func(area *v1.AreaId) bool { return !has(area) })
	}
	named := s.extent
	switch {
	case named == nil || len(covered) == 0 || !without(covered, within(named)):
		s.extent = append([]*v1.AreaId{}, covered...)
		return
	case slices.ContainsFunc(named, func(area *v1.AreaId) bool { return !p.reg.HasArea(area) }) || !without(named, within(covered)):
		return
	}
	var common []*v1.AreaId
	for _, outer := range named {
		for _, area := range append([]*v1.AreaId{outer}, p.reg.Within(outer, day)...) {
			if within(covered)(area) && !within(common)(area) {
				common = append(slices.DeleteFunc(common, within([]*v1.AreaId{area})), area)
			}
		}
	}
	if s.both = [2][]*v1.AreaId{named, covered}; common != nil {
		s.extent = common
	}
}

// contains: one area contains another on a day; every area contains itself.
func (p *Prepared) contains(outer, inner *v1.AreaId, day string) bool {
	return sameArea(outer, inner) || p.reg.Contains(outer, inner, day)
}

// meetIn: two areas, of which none is everywhere, have something in common on a day, as far as
// the register knows.
func (p *Prepared) meetIn(x, y *v1.AreaId, day string) bool {
	return x == nil || y == nil || sameArea(x, y) || p.reg.Contains(x, y, day) || p.reg.Contains(y, x, day) ||
		slices.ContainsFunc(p.reg.Within(x, day), func(in *v1.AreaId) bool { return p.reg.Contains(y, in, day) })
}

// forUnknown: a predecessor said it, and what that covered is not recorded.
func (s *assertion) forUnknown() bool { return s.extent != nil && len(s.extent) == 0 }

// isOfUnknownArea: it is limited to an area that the register does not have.
func (p *Prepared) isOfUnknownArea(s *assertion) bool {
	return s.forUnknown() || slices.ContainsFunc(s.extent, func(a *v1.AreaId) bool { return !p.reg.HasArea(a) })
}

// isOfFormerArea: it is limited to an area that is no more, and what stands there now where
// the question is asked did not come from it alone.
func (p *Prepared) isOfFormerArea(q query, s *assertion) bool {
	asked := p.ownAreas(q)
	switch {
	case q.area != nil:
		asked = []*v1.AreaId{q.area}
	case q.practice != "":
		if asked = p.reg.PracticeIn(q.practice, q.day); len(p.reg.PracticeIn(q.practice, s.issued.latest)) > 0 {
			return false // it was elsewhere, and this was never said of it
		}
	}
	for _, former := range s.extent {
		now := p.reg.InPlaceOf(former, q.day)
		if slices.ContainsFunc(now, func(a *v1.AreaId) bool { return sameArea(a, former) }) {
			continue // it is there still
		}
		origin := p.reg.Origin(former, s.issued.latest)
		there := origin != nil && sameArea(origin, former) // on the day of issue
		for _, a := range now {
			if p.holdsIn(s, a) {
				continue
			}
			stands := func(r *v1.AreaId) bool {
				if p.contains(r, a, q.day) {
					return true // with what took over from it, which may have been there before
				}
				was := p.reg.Origin(r, s.issued.latest)
				isFromElsewhere := there && was != nil && !p.contains(was, former, s.issued.latest)
				return p.contains(a, r, q.day) && !isFromElsewhere
			}
			if slices.ContainsFunc(asked, stands) {
				return true
			}
		}
	}
	return false
}
