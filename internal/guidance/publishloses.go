package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Who loses a line by what is published, and what takes its place for them.

// areasAsked are the areas to ask in about an assertion: its own, and those, within that, in which its
// committee says different things on a day, now or after, or on those ahead; nil: all, or the rest. Of what a
// committee that was merged said, those that it covered and that are no more too: their practices know.
func (p *publishing) areasAsked(s *assertion, asked Question) []*v1.AreaId {
	var areas []*v1.AreaId
	own := s.position.GetArea()
	if own != nil {
		areas = append(areas, own)
	}
	if own == nil {
		for _, area := range s.extent {
			if p.isNoMore(area, asked.AsOf) {
				areas = append(areas, area)
			}
		}
	}
	in := func(lines []*answersv1.Line, day string) {
		for _, line := range lines {
			within := own == nil || line.GetArea() != nil && p.standing.contains(own, line.GetArea(), day)
			if within && !slices.ContainsFunc(areas, func(a *v1.AreaId) bool { return sameArea(a, line.GetArea()) }) {
				areas = append(areas, line.GetArea())
			}
		}
	}
	was, is := p.standing.Resolve(asked), p.after.Resolve(asked)
	in(was, asked.AsOf)
	in(is, asked.AsOf)
	for _, asked.AsOf = range p.turnsAfter(topic{asked.Matter.GetName(), asked.Committee.GetId()}, asked.AsOf) {
		in(p.after.Resolve(asked), asked.AsOf)
	}
	rest := func(line *answersv1.Line) bool { return line.GetArea() == nil }
	if !slices.ContainsFunc(was, rest) || !slices.ContainsFunc(is, rest) { // there is nowhere else
		areas = slices.DeleteFunc(areas, func(a *v1.AreaId) bool { return a == nil })
	}
	return areas
}

// isNoMore: an area that the register has is not there on a day.
func (p *publishing) isNoMore(area *v1.AreaId, day string) bool {
	return p.Register.HasArea(area) && !slices.ContainsFunc(p.Register.InPlaceOf(area, day), func(now *v1.AreaId) bool { return sameArea(now, area) })
}

// lostApart is what answers where an assertion did, on a measure, for part of its readers or in
// part of the area, and is not what does where it is asked about in general: an older line, which
// may turn the advice round there, or nothing.
func (p *publishing) lostApart(s *assertion, committee, ends string) (all []gap) {
	from := max(ends, s.from, s.issued.latest)
	matter := p.findMatter(s.position.GetMatter())
	measures := []string{s.position.GetMeasure()}
	for _, m := range matter.GetMeasures() {
		if s.position.GetMeasure() == "" && SharesProposer(matter, m.GetId()) {
			measures = append(measures, m.GetId())
		}
	}
	var named []v1.Audience // by what is published, which is the last of the log
	for _, of := range p.after.said(topic{matter.GetName(), committee}) {
		if of.entry.ID == "" {
			named = append(named, of.position.GetAudiences()...)
		}
	}
	ask := func(measure string, audience v1.Audience, area *v1.AreaId) Question {
		return Question{Matter: matter, Measure: measure, Committee: &v1.Committee{Id: committee}, Audience: audience, Area: area, Scope: s.scope, AsOf: max(from, p.Today)}
	}
	type lost struct {
		outcome
		loses bool
	}
	instead := func(measure string, audience v1.Audience, area *v1.AreaId) lost {
		out, loses := p.loses(s, newQuery(ask(measure, audience, area)))
		return lost{out, loses && !out.general}
	}
	for _, outer := range s.position.GetAudiences() {
		for _, measure := range measures {
			areas := p.areasAsked(s, ask(measure, outer, nil))
			for _, inner := range named { // in parts of the area that are told apart for them alone
				if inner != outer && Contains(outer, inner) {
					areas = append(areas, p.areasAsked(s, ask(measure, inner, nil))...)
				}
			}
			slices.SortStableFunc(areas, compareAreas)
			for _, area := range slices.CompactFunc(areas, sameArea) {
				general := instead(s.position.GetMeasure(), outer, area)
				for inner := range v1.Audience(len(v1.Audience_name)) {
					if !Contains(outer, inner) || p.standing.stopped() {
						continue
					}
					now := instead(measure, inner, area)
					if !now.loses || now == general || inner != outer && now == instead(measure, outer, area) {
						continue
					}
					g := gap{matter: matter.GetName(), measure: measure, scope: s.scope, outcome: now.outcome}
					g.from = from
					if inner != outer {
						g.audiences = string(rune(inner))
					}
					if area != nil {
						g.area = notation.AreaOf(area)
					}
					all = append(all, g)
				}
			}
		}
	}
	return all
}

// lostIn is what takes the place of a line in an area; zero: wherever it was the line.
type lostIn struct {
	outcome
	area notation.Area
	but  string
}

// lostAudiences are the readers for whom an assertion is the line today, or on the day ahead on
// which it ends, and another, or nothing, is afterwards; by what that is, since when and where.
func (p *publishing) lostAudiences(s *assertion, committee, ends string) grouped[lostIn, v1.Audience] {
	var lost grouped[lostIn, v1.Audience]
	days := p.turns(s, committee, ends)
	for _, audience := range s.position.GetAudiences() {
		asked := Question{
			Matter: p.findMatter(s.position.GetMatter()), Measure: s.position.GetMeasure(),
			Committee: &v1.Committee{Id: committee}, Audience: audience, Scope: s.scope, AsOf: days[0],
		}
		var gaps []lostIn
		var kept []*v1.AreaId
		everywhere := true
		for _, q := range p.askedApart(s, asked) {
			on := days
			if p.standing.answer(q).current != s {
				on = p.answersAhead(s, q)
			}
			if len(on) == 0 {
				continue
			}
			var gap outcome
			found := false
			for _, q.day = range on {
				at, loses := p.loses(s, q)
				if !loses || found && (at.instead != gap.instead || at.general != gap.general) {
					break
				}
				if !found {
					gap, found = at, true
				}
				gap.from = q.day
			}
			area := cmp.Or(q.also, q.place())
			if q.also != nil && slices.ContainsFunc(p.Register.InPlaceOf(q.place(), days[0]), func(now *v1.AreaId) bool { return sameArea(now, q.also) }) {
				area = q.place() // and not all of what took its place
			}
			if !found {
				if everywhere = false; area != nil {
					kept = append(kept, area)
				}
				continue
			}
			gaps = append(gaps, lostIn{outcome: gap, area: notation.AreaOf(area)})
		}
		everywhere = everywhere && !slices.ContainsFunc(gaps, func(g lostIn) bool { return g.outcome != gaps[0].outcome })
		for i, g := range gaps {
			if own := s.position.GetArea(); everywhere && own == nil && !slices.ContainsFunc(gaps, func(g lostIn) bool { return g.area != (notation.Area{}) && p.isNoMore(AreaID(g.area), days[0]) }) {
				g.area = notation.Area{}
			} else if i > 0 && own != nil && g.outcome == gaps[0].outcome && gaps[0].area == notation.AreaOf(own) {
				continue // which it lies in
			}
			var but []string
			for _, in := range kept {
				if of := AreaID(g.area); of == nil || p.standing.contains(of, in, days[0]) {
					but = append(but, AreaWords(in, p.Register.AreaName(in)))
				}
			}
			g.but = notation.List(but)
			lost.add(g, audience)
		}
	}
	return lost
}

// answersAhead is the first day ahead on which an assertion that does not answer a question now would, for what stops it now is
// over by then; none: it would not, or is in no need of that.
func (p *publishing) answersAhead(s *assertion, asked query) []string {
	for _, asked.day = range p.standing.countsAgain(s.entry, max(asked.day, p.Today)) {
		if p.standing.answer(asked).current == s {
			return []string{asked.day}
		}
	}
	return nil
}

// askedApart is a question in each area that an assertion is asked about in, and of those of their practices to whom
// the rule says something else than to the area.
func (p *publishing) askedApart(s *assertion, asked Question) (all []query) {
	for _, asked.Area = range p.areasAsked(s, asked) {
		q := newQuery(asked)
		for _, one := range p.after.toldApart(q, s, p.after.limitedOn(q)) {
			if one.practice != "" || sameArea(one.area, q.area) { // its parts are asked by themselves
				all = append(all, one)
			}
		}
	}
	return all
}

// loses says whether an assertion is what answers a question, and what does afterwards.
func (p *publishing) loses(s *assertion, asked query) (out outcome, loses bool) {
	if p.standing.answer(asked).current != s || p.saysUnderAnotherID(s, asked) {
		return out, false
	}
	switch now := p.after.answer(asked); {
	case now.contested != nil:
		return out, false
	case now.current == nil || now.current.mention:
		return p.then(asked, outcome{}), true
	case now.current.entry.ID == "" && now.current.scope != s.scope: // what is published, to its readers in general
		return outcome{general: true, stance: now.current.position.GetStance()}, now.current.position.GetStance() != s.position.GetStance()
	case now.current.entry.ID != "" && now.current.entry.ID != s.entry.ID: // neither what is published, nor what it ends
		return p.then(asked, outcome{instead: now.current.entry.ID, stance: now.current.position.GetStance()}), true
	}
	return out, false
}

// saysUnderAnotherID: what is published answers a question for the group of an assertion, in its words and with another id.
func (p *publishing) saysUnderAnotherID(s *assertion, asked query) bool {
	if s.scope == "" {
		return false
	}
	return slices.ContainsFunc(p.after.scopes(asked.topic), func(id string) bool {
		asked.scope = id
		now := p.after.answerWithin(asked).current
		return id != s.scope && now != nil && now.entry.ID == "" && GroupWords(now.position.GetScope()) == GroupWords(s.position.GetScope())
	})
}

// then is an outcome, and the first day ahead on which something else answers a question, of those on which something
// that is here begins, ends or is over.
func (p *publishing) then(asked query, out outcome) outcome {
	if asked.day < p.Today {
		return out
	}
	for _, asked.day = range p.turnsAfter(asked.topic, asked.day) {
		line := p.after.answer(asked).current
		answers := line != nil && !line.mention
		if answers && out.instead != "" && line.entry.ID == out.instead || !answers && out.instead == "" {
			continue
		}
		if out.over = asked.day; answers {
			out.by, out.then = line.entry.ID, line.position.GetStance()
		}
		return out
	}
	return out
}
