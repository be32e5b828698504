package guidance

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// byPart answers a question that names no area: the line for all, or the rest, of the
// committee's area, and one line per part where it differs from what is directly around
// that part, by area (domain.md 4.8). There is no rest where the parts take up all that the
// register knows the committee to cover.
func (p *Prepared) byPart(q query) []*answersv1.Line {
	rest := p.answer(q)
	p.toPartOfArea(q, &rest)
	areas := p.areasToAsk(q)
	answers := make([]answer, len(areas))
	for i, area := range areas {
		if p.stopped() {
			break
		}
		in := q
		in.area = area
		answers[i] = p.answer(in)
		p.askGroups(in, &answers[i])
		answers[i].again = p.askedAgain(in, &answers[i])
	}
	if len(areas) > 0 {
		p.askGroups(q, &rest)
		rest.again = p.askedAgain(q, &rest)
	}
	// of two areas that contain each other, the second by name lies in the first
	inside := func(inner, outer *v1.AreaId) bool {
		return !sameArea(inner, outer) && p.contains(outer, inner, q.day) &&
			(!p.contains(inner, outer, q.day) || compareAreas(outer, inner) < 0)
	}
	var lines []*answersv1.Line
	var parts []*v1.AreaId
	for i, area := range areas {
		if p.stopped() {
			break
		}
		var around []int
		for j, outer := range areas {
			if inside(area, outer) {
				around = append(around, j)
			}
		}
		differs := len(around) == 0 && answers[i].differs(&rest)
		for _, j := range around {
			between := slices.ContainsFunc(around, func(k int) bool { return inside(areas[k], areas[j]) })
			differs = differs || !between && answers[i].differs(&answers[j])
		}
		if differs {
			in := q
			in.area = area
			parts = append(parts, area)
			answers[i].others = p.saidToOthers(in, &answers[i])
			lines = append(lines, p.line(in, answers[i]))
		}
	}
	if p.leaveRest(q, p.ownAreas(q), parts) {
		rest.others = p.saidToOthers(q, &rest)
		return append([]*answersv1.Line{p.line(q, rest)}, lines...)
	}
	return lines
}

// leaveRest: some parts do not take up all that the register knows a committee to cover.
func (p *Prepared) leaveRest(q query, all, parts []*v1.AreaId) bool {
	return len(parts) == 0 || len(all) == 0 || slices.ContainsFunc(all, func(own *v1.AreaId) bool {
		return !slices.ContainsFunc(parts, func(part *v1.AreaId) bool { return p.contains(part, own, q.day) })
	})
}

// askGroups finds what each group with a line of its own is asked in all, by what is said to all readers
// there too: in a part of the area a group may be asked what the others there are not.
func (p *Prepared) askGroups(q query, out *answer) {
	for i := range out.groups {
		if p.stopped() {
			break
		}
		q.scope = out.groups[i].scope
		out.groups[i].asksInAll = p.alsoAsked(q, &out.groups[i])
	}
}

// toPartOfArea adds to what is said to part of the readers what is said to them in part of the
// committee's area: whoever asks for all of it is told that too.
func (p *Prepared) toPartOfArea(q query, rest *answer) {
	said := p.saidOfAreas(q.topic)
	for inner := range v1.Audience(len(v1.Audience_name)) {
		if inner == q.audience || !Contains(q.audience, inner) {
			continue
		}
		limited := func(s *assertion) bool { return s.extent != nil && s.toPart(q.audience, inner) }
		if !slices.ContainsFunc(said, limited) {
			continue
		}
		part := q
		part.audience = inner
		for _, area := range p.areasToAsk(part) {
			for _, scope := range p.scopesBeside(q) {
				in := q
				in.area = area
				here := p.answerWithin(in) // which has a row of its own, where it is another than the rest's
				in.scope, in.beside = scope, scope != q.scope
				for _, s := range p.toPart(in, rest, here.isSameLine(rest)) {
					if !isAmong(rest.toPart, s) {
						rest.toPart = append(rest.toPart, s)
					}
				}
			}
		}
	}
	p.toGroupsOfArea(q, rest)
	slices.SortFunc(rest.toPart, newestFirst)
}

// toGroupsOfArea adds what will hold from a later day, or waits, for groups in part of the committee's area
// alone, where they have no line of their own.
func (p *Prepared) toGroupsOfArea(q query, rest *answer) {
	limited := func(s *assertion) bool {
		return s.extent != nil && s.scope != "" && s.isFor(q.audience) && s.isAhead(q)
	}
	if q.scope != "" || !slices.ContainsFunc(p.saidOfAreas(q.topic), limited) {
		return
	}
	for _, area := range p.areasToAsk(q) {
		for _, scope := range p.scopesOn(q) {
			if p.stopped() {
				return
			}
			in := q
			in.area, in.scope, in.beside = area, scope, true
			if group := p.answerWithin(in); !group.speaks() {
				rest.toPart = append(rest.toPart, rest.untold(p.toCome(in, &group))...)
			}
		}
	}
}

// scopesBeside are the scopes that an answer tells of: that asked for, and in general every other.
func (p *Prepared) scopesBeside(q query) []string {
	if q.scope != "" {
		return []string{q.scope}
	}
	return append([]string{""}, p.scopesOn(q)...)
}

// areasToAsk is the areas in which the line can differ, by area (domain.md 4.8): the
// committee's own; what lies within one of them that something said for it is limited to;
// and what the register has within two of these. None when nothing is limited. Of an area
// that is not within an own one, what lies within both is asked.
func (p *Prepared) areasToAsk(q query) []*v1.AreaId {
	var limited []*v1.AreaId
	add := func(to []*v1.AreaId, a *v1.AreaId) []*v1.AreaId {
		if slices.ContainsFunc(to, func(have *v1.AreaId) bool { return sameArea(have, a) }) {
			return to
		}
		return append(to, a)
	}
	for i, s := range p.saidOfAreas(q.topic) {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		isToPart := slices.ContainsFunc(s.position.GetAudiences(), func(a v1.Audience) bool { return Contains(q.audience, a) })
		byName := s.letterNamesApart(q.audience)
		onAny := func(action *v1.Action) bool { return action.GetMeasure() == "" }
		corrects := len(s.entry.Advisory.GetAmends()) > 0 && (s.position.GetMeasure() == "" || slices.ContainsFunc(Actions(s.entry.Advisory), onAny)) // what is asked on any measure
		if !q.knows(s.entry) || !q.isAbout(s) && q.measure != "" && !corrects || !q.isFor(s) && !isToPart && !byName {
			continue
		}
		for _, action := range Actions(s.entry.Advisory) {
			if action.GetArea() != nil {
				for _, area := range p.heldAreas(q, placed(s, action)) {
					limited = add(limited, area)
				}
			}
		}
		if s.extent != nil && (q.isFor(s) || byName) {
			for _, area := range p.heldAreas(q, s) {
				limited = add(limited, area)
			}
		}
	}
	if len(limited) == 0 {
		return nil
	}
	var own []*v1.AreaId
	for _, area := range p.ownAreas(q) {
		if area.GetCode() != "" {
			own = append(own, area)
		}
	}
	areas := slices.Clone(own)
	for _, area := range limited {
		switch {
		case len(own) == 0 || slices.ContainsFunc(own, func(o *v1.AreaId) bool { return p.contains(o, area, q.day) }):
			areas = add(areas, area)
		default:
			for _, inner := range p.reg.Within(area, q.day) {
				if p.stopped() {
					break
				}
				if slices.ContainsFunc(own, func(o *v1.AreaId) bool { return p.contains(o, inner, q.day) }) {
					areas = add(areas, inner)
				}
			}
		}
	}
	for _, x := range slices.Clone(areas) {
		for _, inner := range p.reg.Within(x, q.day) {
			if p.stopped() {
				break
			}
			overlaps := slices.ContainsFunc(areas, func(y *v1.AreaId) bool {
				return p.contains(y, inner, q.day) && !p.contains(x, y, q.day) && !p.contains(y, x, q.day)
			})
			if overlaps {
				areas = add(areas, inner)
			}
		}
	}
	slices.SortFunc(areas, compareAreas)
	return areas
}

// heldAreas are the areas of T that say where an assertion holds: the areas it is limited to
// while they exist, with what has come into them or gone out of them since, which differ; of
// one that is no more, what stands in its place, or the parts of that, where it holds.
func (p *Prepared) heldAreas(q query, s *assertion) []*v1.AreaId {
	var held []*v1.AreaId
	for _, area := range s.extent {
		if !p.reg.HasArea(area) {
			continue
		}
		for _, now := range p.reg.InPlaceOf(area, q.day) {
			holds := p.holdsIn(s, now)
			if holds {
				held = append(held, now)
			}
			for _, inner := range p.reg.Within(now, q.day) {
				if p.stopped() {
					break
				}
				if p.holdsIn(s, inner) != holds {
					held = append(held, inner)
				}
			}
		}
		for _, inner := range p.reg.Within(area, s.issued.latest) {
			if p.stopped() {
				break
			}
			for _, now := range p.reg.InPlaceOf(inner, q.day) {
				if p.holdsIn(s, now) && !p.contains(area, now, q.day) {
					held = append(held, now)
				}
			}
		}
	}
	return held
}

func sameArea(x, y *v1.AreaId) bool { return notation.AreaOf(x) == notation.AreaOf(y) }

func compareAreas(x, y *v1.AreaId) int { return notation.AreaOf(x).Compare(notation.AreaOf(y)) }
