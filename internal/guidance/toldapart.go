package guidance

import (
	"slices"
	"strconv"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// An area that is no more is asked about by its practices alone, and a practice that two lists have is told what
// is said of either (domain.md 4.9). Where an assertion stands there is found by asking these.

// apartBy is how many different areas practices are told apart by.
const apartBy = 64

// toldApart are the questions of an area that an assertion is limited to: of the area itself, of the parts of it that
// others are limited to, and of its practices to which the rule says something else than to the area: one stands for
// all that are told the same. Where all of them are told apart, or the area is no more, nobody is asked of as a whole.
func (p *Prepared) toldApart(q query, s *assertion, others []*assertion) (all []query) {
	area := q.area
	if area == nil || !p.reg.HasArea(area) {
		return []query{q}
	}
	there := slices.ContainsFunc(p.reg.InPlaceOf(area, q.day), func(now *v1.AreaId) bool { return sameArea(now, area) })
	there = there && (s.both[0] == nil || p.holdsIn(s, area)) // else it is told to some of it alone
	codes, complete := p.listed(area, s.issued.latest)
	var by []*assertion
	parts := []*v1.AreaId{area}
	for _, t := range others {
		known := func(o *assertion) bool {
			otherwise := func(e *v1.AreaId) bool { return p.listsOtherwise(e, o.issued.latest, t.issued.latest) }
			return sameExtent(o, t) && !slices.ContainsFunc(slices.Concat(t.extent, t.both[0], t.both[1]), otherwise)
		}
		if t.extent == nil || t.position == s.position || len(by) == apartBy || slices.ContainsFunc(by, known) {
			continue
		}
		within := 0
		for _, e := range t.extent {
			if sameArea(area, e) && len(codes) > 0 && p.listsOtherwise(area, s.issued.latest, t.issued.latest) {
				continue // who lay in it then need not lie in it by then
			}
			if p.contains(area, e, q.day) {
				if within++; !slices.ContainsFunc(parts, func(o *v1.AreaId) bool { return sameArea(o, e) }) {
					parts = append(parts, e)
				}
			}
		}
		if within < len(t.extent) || t.both[0] != nil {
			by = append(by, t)
		}
	}
	if there && len(by) == 0 && len(parts) == 1 {
		return []query{q}
	}
	if there {
		today, allToday := p.listed(area, q.day)
		codes, complete = slices.Concat(codes, today), complete && allToday
	}
	codes = slices.Sorted(slices.Values(codes))
	whole, seen := !complete || len(codes) == 0, map[string]bool{}
	for i, code := range slices.Compact(codes) {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		one := q
		one.area, one.practice, one.within, one.also = nil, code, area, nil
		in := p.reg.PracticeIn(code, q.day)
		if len(in) == 0 || !p.covers(one, s) {
			continue // it is there no more, or is told nothing of this
		}
		told := ""
		for n, t := range by {
			if its := p.covers(one, t); its != (there && p.covers(q, t)) {
				told += strconv.Itoa(n) + "\n"
				of := t.extent[:1]
				if t.both[0] != nil { // of what was covered and what was named, that in which not all of the area lies
					of = slices.DeleteFunc(slices.Concat(t.both[1], t.both[0]), func(e *v1.AreaId) bool {
						return p.contains(e, area, q.day) || !p.covers(one, &assertion{issued: t.issued, extent: []*v1.AreaId{e}})
					})
				}
				if one.also == nil && its && len(of) > 0 && !sameArea(of[0], area) {
					one.also = of[0]
				}
			}
		}
		if there && told == "" {
			whole = true
		} else if !seen[told] {
			if i := slices.IndexFunc(in, func(at *v1.AreaId) bool { return !p.contains(area, at, q.day) }); one.also == nil && i >= 0 {
				one.also = in[i]
			}
			seen[told], all = true, append(all, one)
		}
	}
	for _, part := range parts[1:] {
		in := q
		in.area = part
		all = append([]query{in}, all...)
	}
	if whole {
		all = append([]query{q}, all...)
	}
	if !whole && len(all) == 1 {
		all[0].also = nil // they are all there is of the area
	}
	return all
}

// listsOtherwise: not the same practices are in an area on two days, or none that are known.
func (p *Prepared) listsOtherwise(area *v1.AreaId, day, other string) bool {
	if day == other {
		return false
	}
	x, _ := p.listed(area, day)
	y, _ := p.listed(area, other)
	return len(x) == 0 || !slices.Equal(x, y)
}

// placeOn is an area on a day.
type placeOn struct {
	area notation.Area
	day  string
}

// listing is which practices an area lists, and whether these are all it has.
type listing struct {
	codes []string
	all   bool
}

// listingsKept is how many are kept: more are looked up again.
const listingsKept = 1024

// listed are the practices of an area on a day, and whether these are all it has; an area that is not there
// then has none. They are not to be changed.
func (p *Prepared) listed(area *v1.AreaId, day string) (codes []string, all bool) {
	at := placeOn{notation.AreaOf(area), day}
	p.mu.Lock()
	one, known := p.lists[at]
	p.mu.Unlock()
	if known {
		return one.codes, one.all
	}
	codes, all = p.reg.PracticesOf(area, day)
	for _, inner := range p.reg.Within(area, day) {
		more, _ := p.reg.PracticesOf(inner, day)
		codes = append(slices.Clip(codes), more...)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lists == nil || len(p.lists) == listingsKept {
		p.lists = map[placeOn]listing{}
	}
	p.lists[at] = listing{codes, all}
	return codes, all
}

// limitedOn is what is said on a matter for those who answer for a committee and is limited to areas.
func (p *Prepared) limitedOn(q query) (all []*assertion) {
	for _, q.committee = range p.whoAnswers(q.committee, q.day) {
		for _, s := range p.saidOfAreas(q.topic) {
			if s.extent != nil && (q.isAbout(s) || q.measure == "") && q.knows(s.entry) {
				all = append(all, s)
			}
		}
	}
	return all
}

// place is the area asked about, be it of some of its practices.
func (q query) place() *v1.AreaId {
	if q.within != nil {
		return q.within
	}
	return q.area
}
