package guidance

import (
	"cmp"
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// way is a committee for which something of an entry on a matter gives way to an amendment, and
// the first day on which it does; empty: it never holds.
type way struct{ committee, matter, from string }

// givesWay is for whom of some committees an advisory that amends another one really ends some of it:
// those for which both take a position on the same thing, or this one a position for a group that was
// told the general line of that.
func (p *publishing) givesWay(a *v1.Advisory, target *Entry, committees []string) (ways []way) {
	for place, position := range a.GetPositions() {
		fresh := p.freshAssertion(a, position, place)
		for _, by := range position.GetCommittees() {
			for _, s := range p.standing.saidIn(target, topic{position.GetMatter(), by}) {
				carvesOut := func(asked query) bool { return s.scope == fresh.scope || p.carvesOut(asked, fresh, s) }
				c := cmp.Or(s.owner, by)
				if fresh.waits || !slices.Contains(committees, c) || !p.onOneThing(position, s.position) {
					continue
				}
				from := p.givesWayFrom(fresh, s)
				notAsked := func(asked query) bool { return !carvesOut(asked) }
				shared := slices.DeleteFunc(p.sharedQuestions(fresh, s, by), notAsked)
				if len(shared) == 0 {
					continue
				}
				first := slices.MinFunc(shared, func(x, y query) int { return cmp.Compare(x.day, y.day) })
				if from != "" && first.day > max(from, p.Today) { // it counts again then, or would
					from = first.day
				}
				ways = append(ways, way{c, position.GetMatter(), from})
			}
		}
	}
	return ways
}

// carvesOut: a group that has no line of its own, and is told the standing one in general, is told a
// fresh one instead.
func (p *publishing) carvesOut(asked query, fresh, s *assertion) bool {
	asked = asked.onMeasure(cmp.Or(s.position.GetMeasure(), fresh.position.GetMeasure()))
	asked.scope = fresh.scope
	was, is := p.standing.answerWithin(asked), p.after.answer(asked).current
	return s.scope == "" && !s.mention && !was.speaks() && is != nil && is.position == fresh.position
}

// givesWayFrom is the first day on which a standing assertion gives way to a fresh one that is not
// over before; empty: it would only hold from that day or a later one, and never does.
func (p *publishing) givesWayFrom(fresh, s *assertion) string {
	since, holds := max(fresh.from, fresh.issued.latest), max(s.from, s.issued.latest)
	outlasts := fresh.until != "" && (s.until == "" || s.until > fresh.until)
	if holds > p.Today && holds >= since && !outlasts {
		return ""
	}
	return max(since, holds)
}

// onOneThing says whether some measure, or the whole matter, is answered by both.
func (p *publishing) onOneThing(x, y *v1.Position) bool {
	narrower := cmp.Or(x.GetMeasure(), y.GetMeasure())
	return x.GetMeasure() == y.GetMeasure() ||
		(x.GetMeasure() == "" || y.GetMeasure() == "") && SharesProposer(p.findMatter(x.GetMatter()), narrower)
}
