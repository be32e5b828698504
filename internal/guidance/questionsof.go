package guidance

import (
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Whom an assertion is asked about for, so that what became of it can be said: everybody whom the rule may tell apart.

// questionsOf are the questions an assertion may answer for a committee: those between which
// an amendment can tell. Where nothing amends it, one stands for all.
func (p *Prepared) questionsOf(s *assertion, committee, day string, matters func(string) *v1.Matter) []query {
	return p.questionsAmong(s, committee, day, matters, false)
}

// questionsAmong are questionsOf, or, with every, those between which another letter's line can tell too, of what
// is limited to an area.
func (p *Prepared) questionsAmong(s *assertion, committee, day string, matters func(string) *v1.Matter, every bool) []query {
	m := &v1.Matter{Name: s.position.GetMatter()}
	if known := matters(m.Name); known != nil {
		m = known
	}
	all := newQuery(Question{
		Matter: m, Measure: s.position.GetMeasure(), Committee: &v1.Committee{Id: committee}, Area: s.position.GetArea(), Scope: s.scope, AsOf: day,
		Audience: append(s.position.GetAudiences(), v1.Audience_AUDIENCE_UNSPECIFIED)[0],
	})
	all.matter = s.position.GetMatter()
	measures, audiences := []string{all.measure}, slices.Clone(s.position.GetAudiences())
	var places []*v1.AreaId // that amendments are limited to, the committee's own on the day or not
	covered := p.reg.CommitteeAreas(committee, s.issued.latest)
	wasIts := func(position *v1.Position) bool {
		isFor := func(c string) bool { return c == committee || slices.Contains(p.reg.Predecessors(c), committee) }
		within := func(own *v1.AreaId) bool { return p.contains(own, position.GetArea(), s.issued.latest) }
		return position.GetArea() != nil && slices.ContainsFunc(position.GetCommittees(), isFor) && (len(covered) == 0 || slices.ContainsFunc(covered, within))
	}
	for _, e := range p.endings.of(s.entry.ID) {
		if e.how != amended || p.stopped() {
			continue
		}
		for _, position := range e.by.Advisory.GetPositions() {
			if all.measure == "" && position.GetMeasure() != "" && SharesProposer(m, position.GetMeasure()) && !slices.Contains(measures, position.GetMeasure()) {
				measures = append(measures, position.GetMeasure())
			}
			if wasIts(position) {
				places = append(places, p.reg.InPlaceOf(position.GetArea(), day)...)
			}
			for _, a := range position.GetAudiences() {
				if all.audience = a; all.isFor(s) && !slices.Contains(audiences, a) {
					audiences = append(audiences, a)
				}
			}
		}
	}
	if !every && !slices.ContainsFunc(p.endings.of(s.entry.ID), func(e ending) bool { return e.how == amended }) || len(audiences) == 0 {
		return []query{all}
	}
	limited := p.amendedWith(all, s, p.mergedWith(committee))
	if every {
		limited = append(limited, p.limitedOn(all)...)
	}
	var out []query
	for _, measure := range measures {
		for _, all.audience = range audiences {
			if all.area == nil {
				out = append(out, p.inEach(all.onMeasure(measure), s, places)...)
				continue
			}
			told, in := s, all.onMeasure(measure)
			if p.reg.IsOver(committee, day) {
				told = p.readSince(s, committee)
			}
			areas := told.extent
			if named := told.both[0]; named != nil {
				if codes, complete := p.listed(all.area, s.issued.latest); complete && len(codes) > 0 {
					areas = named // of which those are asked who are in both
				}
			}
			for _, in.area = range areas {
				out = append(out, p.toldApart(in, told, limited)...)
			}
		}
	}
	return out
}

// readSince is an assertion as it is read of those that its committee was merged into: limited to what that covered, as
// far as it is recorded (domain.md 4.9).
func (p *Prepared) readSince(s *assertion, committee string) *assertion {
	told := *s
	if covered := p.reg.CommitteeAreas(committee, s.issued.latest); len(covered) > 0 && len(p.reg.Successors(committee)) > 0 {
		p.limit(&told, covered)
	}
	return &told
}

// everyQuestion are those among which another line than an amendment can tell too: of each of its readers, and
// in each area.
func (p *Prepared) everyQuestion(s *assertion, committee, day string, matters func(string) *v1.Matter) (all []query) {
	if s.position.GetArea() != nil {
		return p.questionsAmong(s, committee, day, matters, true)
	}
	questions := p.questionsOf(s, committee, day, matters)
	if len(questions) > 1 {
		return questions
	}
	q := questions[0]
	for _, q.audience = range s.position.GetAudiences() {
		all = append(all, p.inEach(q, s, nil)...)
	}
	return all
}

// inEach is a question in each area in which what answers can differ where an assertion was told, in some
// others, and in the rest, unless these leave none: that is told to nobody.
func (p *Prepared) inEach(q query, s *assertion, others []*v1.AreaId) (all []query) {
	own, areas := p.ownAreas(q), slices.Concat(p.areasToAsk(q), others)
	if covered := p.reg.CommitteeAreas(q.committee, s.issued.latest); p.reg.IsOver(q.committee, q.day) && len(covered) > 0 {
		of := q // those it was merged into are asked, in what it covered
		for _, of.committee = range p.whoAnswers(q.committee, q.day) {
			areas = append(areas, p.areasToAsk(of)...)
		}
		told := &assertion{issued: s.issued, extent: covered}
		areas = slices.DeleteFunc(areas, func(area *v1.AreaId) bool { return !p.holdsIn(told, area) })
		own = nil
		limited := append(p.amendedWith(q, s, p.mergedWith(q.committee)), p.limitedOn(q)...)
		for _, area := range covered {
			now := p.reg.InPlaceOf(area, q.day)
			if there := func(a *v1.AreaId) bool { return sameArea(a, area) }; !slices.ContainsFunc(now, there) { // its practices know
				in := q
				in.area = area
				if apart := p.toldApart(in, s, limited); !slices.ContainsFunc(apart, func(one query) bool { return one.practice == "" }) {
					all = append(all, apart...)
					continue
				}
			}
			own = append(own, now...)
		}
		if len(own) == 0 && len(all) > 0 {
			return all
		}
	}
	if p.leaveRest(q, own, areas) {
		all = append(all, q)
	}
	for _, q.area = range areas {
		all = append(all, q)
	}
	return all
}

// mergedWith: a committee is this one, or was merged with it, whichever was first.
func (p *Prepared) mergedWith(committee string) func(c string) bool {
	return func(c string) bool {
		return c == committee || slices.Contains(p.reg.Predecessors(c), committee) || slices.Contains(p.reg.Successors(c), committee)
	}
}

// whoAnswers are the committees that answer on a day for whoever was told something by one: itself until its
// last day, and those that it was merged into.
func (p *Prepared) whoAnswers(committee, day string) []string {
	return slices.DeleteFunc(append(p.reg.Successors(committee), committee), func(c string) bool { return p.reg.IsOver(c, day) })
}

// amending is, by entry, the first day on which an amendment of an assertion has a candidate
// for a question.
func (p *Prepared) amending(q query, s *assertion) map[*Entry]string {
	if len(p.reg.Predecessors(q.committee)) > 0 { // whose words are read as limited
		return p.amendingHere(q, s)
	}
	said := p.amendedWith(q, s, func(c string) bool { // for the committee, or for one merged from it
		return c == q.committee || slices.Contains(p.reg.Predecessors(c), q.committee)
	})
	return firstDays(p.candidatesAmong(q, said).valid)
}

// amendedWith is what the amendments of an assertion say on the matter for some committees.
func (p *Prepared) amendedWith(q query, s *assertion, isFor func(committee string) bool) (said []*assertion) {
	for _, e := range p.endings.of(s.entry.ID) {
		if e.how != amended {
			continue
		}
		speaks := func(c string) bool { return isFor(c) && Counts(e.by, c, p.reg) }
		for _, by := range p.byEntry.of(e.by.ID) {
			if by.position.GetMatter() == q.matter && slices.ContainsFunc(by.position.GetCommittees(), speaks) {
				said = append(said, by)
			}
		}
	}
	return said
}
