package guidance

import (
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// askedFormer is what is asked in an area that is no more, or that the register does not have, by its
// own words or with what is said of that area alone: it is told around that, with the area's name, for
// who was in it knows (domain.md 4.9).
func (p *Prepared) askedFormer(q query, out *answer) (all []standing) {
	goesWith := p.goesWith(q)
	for _, s := range p.asking(q, out) {
		former := func(action *v1.Action) bool { return action.GetArea() != nil && p.isElsewhere(q, placed(s, action)) }
		if slices.ContainsFunc(Actions(s.entry.Advisory), former) && out.contested == nil && (s.isAhead(q) || goesWith(s, out)) {
			all = append(all, p.askedWhere(q, s, former)...)
		}
	}
	for _, list := range [...][]*assertion{out.formerAreas, out.unknownAreas} {
		for _, s := range list {
			for _, of := range p.askedWhere(q, s, func(action *v1.Action) bool {
				return action.GetArea() == nil || p.covers(q, placed(s, action)) || p.isElsewhere(q, placed(s, action))
			}) {
				if of.action.GetArea() != nil {
					all = append(all, of)
					continue
				}
				for _, area := range s.extent { // those of a predecessor may be several
					marked := clone(of.action)
					marked.Area = area
					all = append(all, standing{action: marked, assertion: s})
				}
			}
		}
	}
	return all
}

// isElsewhere: an assertion does not hold where the question is asked, but of an area that was there, or
// that the register does not have.
func (p *Prepared) isElsewhere(q query, s *assertion) bool {
	return !p.covers(q, s) && (p.isOfUnknownArea(s) || p.isOfFormerArea(q, s))
}

// askedWhere is what is asked with an assertion here, and was not due by a day before T.
func (p *Prepared) askedWhere(q query, s *assertion, here func(*v1.Action) bool) (all []standing) {
	gone := func(measure string) bool { return !p.weigh(q.onMeasure(measure)).has(s.entry) }
	for _, action := range p.actionsWhere(s, q, gone, here) {
		if by, in := p.corrected(q, s, action); !isPast(by, q.day) {
			all = append(all, standing{action: by, assertion: in})
		}
	}
	return all
}

// has: something that an entry says stands, be it ahead or of an area that is no more.
func (out answer) has(e *Entry) bool {
	return slices.ContainsFunc(slices.Concat(out.valid, out.notYet, out.waiting, out.formerAreas, out.unknownAreas), func(s *assertion) bool { return s.entry == e })
}
