package guidance

import (
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Who is told what is about to be published, and what stands, of the two: they share the questions that both would answer.

// sharedQuestions are questions that both positions would answer, on the first day both are valid, or on which the standing one
// counts again, of those in which nothing recorded has ended it then: for each of the readers, and in each area, that they share.
func (p *publishing) sharedQuestions(fresh, s *assertion, committee string) (all []query) {
	day := max(fresh.from, s.from, p.Today)
	until := earliestEnd(fresh.until, s.until)
	if until != "" && until < day {
		day = max(fresh.from, s.from)
	}
	if until != "" && day > until {
		return nil
	}
	asked := Question{
		Matter: p.findMatter(fresh.position.GetMatter()), Measure: s.position.GetMeasure(),
		Committee: &v1.Committee{Id: committee}, Scope: s.scope, AsOf: day,
	}
	areas, crossed := p.sharedAreas(fresh, s)
	for _, asked.Audience = range sharedAudiences(fresh.position.GetAudiences(), s.position.GetAudiences()) {
		q := newQuery(asked)
		days := slices.DeleteFunc(append([]string{day}, p.standing.countsAgain(s.entry, day)...), func(day string) bool { return until != "" && day > until })
		for _, q.area = range areas {
			for _, q.day = range days {
				if !p.hasEnded(q, s) {
					all = append(all, q)
					break
				}
			}
		}
		q.day = day
		all = append(all, p.sharedPractice(q, fresh, s, crossed)...)
	}
	return all
}

// sharedPractice asks for a practice of some areas that both positions are for, where neither lies in the other's:
// two lists may have it, or it may have lain in one that was merged since. Of several, one for which the standing
// position has not ended.
func (p *publishing) sharedPractice(asked query, fresh, s *assertion, crossed []*v1.AreaId) []query {
	var codes []string
	for _, area := range slices.Concat(crossed, s.both[0]) {
		then, _ := p.standing.listed(area, s.issued.latest)
		today, _ := p.standing.listed(area, asked.day)
		codes = slices.Concat(codes, then, today)
	}
	asked.area = nil
	for i, code := range codes {
		if i%checkEvery == 0 && p.standing.stopped() {
			break
		}
		if asked.practice = code; p.standing.covers(asked, fresh) && p.standing.covers(asked, s) && !p.hasEnded(asked, s) {
			return []query{asked}
		}
	}
	return nil
}

// sharedAudiences are the audiences that both lists are for.
func sharedAudiences(x, y []v1.Audience) (both []v1.Audience) {
	for _, a := range x {
		for _, b := range y {
			inner := b
			if Contains(b, a) {
				inner = a
			}
			if (Contains(a, b) || Contains(b, a)) && !slices.Contains(both, inner) {
				both = append(both, inner)
			}
		}
	}
	return both
}

// sharedAreas are areas that both positions are for, one of theirs, or one that the register has within both, for each
// that the standing one is limited to, be it by what those covered who said it before they merged; nil for all of the
// committee's. crossed are those of the standing one that neither lie in the fresh one's nor have it within them: a practice
// may be of both, and of no area that is.
func (p *publishing) sharedAreas(fresh, s *assertion) (areas, crossed []*v1.AreaId) {
	x := fresh.position.GetArea()
	if len(s.extent) == 0 {
		return []*v1.AreaId{x}, nil
	}
	for _, y := range s.extent {
		switch {
		case s.both[0] != nil && !p.standing.holdsIn(s, y):
			continue // it is for practices alone
		case x == nil || p.standing.contains(x, y, fresh.issued.latest):
			areas = append(areas, y)
			continue
		case p.standing.contains(y, x, s.issued.latest):
			areas = append(areas, x)
			continue
		}
		took := func(now *v1.AreaId) bool {
			return p.standing.contains(x, now, fresh.issued.latest) || p.standing.contains(now, x, fresh.issued.latest)
		}
		if known, _ := p.standing.listed(y, s.issued.latest); len(known) == 0 && p.isNoMore(y, fresh.issued.latest) && slices.ContainsFunc(p.Register.InPlaceOf(y, fresh.issued.latest), took) {
			areas = append(areas, x) // whose practices nobody can ask for
			continue
		}
		crossed = append(crossed, y)
		inner := func(inner *v1.AreaId) bool { return p.standing.contains(y, inner, fresh.issued.latest) }
		within := p.Register.Within(x, fresh.issued.latest)
		if i := slices.IndexFunc(within, inner); i >= 0 {
			areas = append(areas, within[i])
		}
	}
	return areas, crossed
}

// hasEnded says whether something recorded has ended an assertion by the day asked for.
func (p *publishing) hasEnded(a query, s *assertion) bool {
	if p.standing.isOverForGood(a, s) {
		return true
	}
	_, gone := p.standing.end(a, s, p.standing.amendingHere(a, s))
	return gone
}
