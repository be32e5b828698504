package guidance

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// passing is a line that is passed on, and the question to whose it is that it answered.
type passing struct {
	question query
	line     *assertion
}

// relaysFollowed is how far a relay of a relay is followed.
const relaysFollowed = 4

// passedOn are the lines that an assertion passes on, with what to ask whose they are: what the letter
// that it names answers where it passes that on, else what they answered when it was issued, but for what was logged
// after it on that day. What is
// said only on measures, or only to part of the readers, to a group or of an area, is asked of these,
// and what holds only later or waits, of that. None: it is not known here.
func (p *Prepared) passedOn(q query, s *assertion) (all []passing) {
	of := s.relayOf()
	if of.GetCommittee() == "" {
		return nil
	}
	p.restOn(of.GetCommittee())
	if !q.isFor(s) { // of part of those who ask
		q.audience = s.position.GetAudiences()[0]
	}
	asked := newQuery(Question{Matter: q.asked.Matter, Measure: cmp.Or(s.position.GetMeasure(), q.measure), Committee: &v1.Committee{Id: of.GetCommittee()}, Audience: q.audience, Scope: s.scope, AsOf: q.day, KnownAt: q.asked.KnownAt})
	asked.upTo = q.upTo
	if asked.area, asked.practice = q.area, q.practice; q.area == nil && q.practice == "" {
		asked.area = s.position.GetArea()
	}
	if of.GetAdvisory() == "" {
		measures := []string{asked.measure}
		for _, measure := range asked.asked.Matter.GetMeasures() {
			if asked.measure == "" {
				measures = append(measures, measure.GetId())
			}
		}
		for i, measure := range measures {
			if i == 1 && len(all) > 0 {
				break
			}
			on := asked.onMeasure(measure)
			then := on
			then.day = s.issued.latest
			was := p.lineSince(then)
			if was != nil && was.issued.latest == then.day && !s.entry.Logged.IsZero() && was.entry.Logged.After(s.entry.Logged) { // it was not there to be passed on
				then.day = notation.DayBefore(then.day)
				if until := p.lineSince(then); until != nil {
					was = until
				}
			}
			if was != nil {
				all = append(all, passing{on, was})
			}
		}
		return all
	}
	letter := slices.DeleteFunc(slices.Clone(p.byEntry.of(of.GetAdvisory())), func(x *assertion) bool {
		return x.position.GetMatter() != asked.matter || !slices.Contains(x.position.GetCommittees(), of.GetCommittee())
	})
	answers := func(on query) bool {
		for _, scope := range []string{on.scope, ""} {
			for _, ahead := range []bool{false, true} {
				pool, mentions := linesBeforeMentions(slices.DeleteFunc(slices.Clone(letter), func(x *assertion) bool {
					return x.isAhead(q) != ahead || !on.isAbout(x) || !on.isFor(x) || x.scope != scope || !p.covers(on, x)
				}))
				if len(pool) == 0 {
					pool = mentions
				}
				if left := p.ladder(on, pool); len(left) > 0 {
					all = append(all, passing{on, left[0]})
					return true
				}
			}
		}
		return false
	}
	measures := []string{asked.measure}
	for _, x := range letter {
		if asked.measure == "" && !slices.Contains(measures, x.position.GetMeasure()) {
			measures = append(measures, x.position.GetMeasure())
		}
	}
	for i, measure := range measures {
		if i == 1 && len(all) > 0 {
			break // it answers on the whole matter
		}
		on := asked.onMeasure(measure)
		if answers(on) {
			continue
		}
		for inner := range v1.Audience(len(v1.Audience_name)) {
			if on.audience = inner; inner != asked.audience && Contains(asked.audience, inner) {
				answers(on)
			}
		}
	}
	for _, x := range letter {
		if on := asked.onMeasure(x.position.GetMeasure()); len(all) == 0 && (asked.measure == "" || asked.isAbout(x)) {
			if on.scope = x.scope; x.position.GetArea() != nil {
				on.area, on.practice = x.position.GetArea(), ""
			}
			on.audience = x.position.GetAudiences()[0]
			answers(on)
		}
	}
	return all
}

// isAhead: it holds only from a later day, or waits.
func (s *assertion) isAhead(q query) bool { return s.from > q.day || s.waits }

// lineOf is what a committee answers within a scope, else in general.
func (p *Prepared) lineOf(q query) answer {
	out := p.weigh(q)
	if general := q; q.scope != "" && !out.speaks() {
		general.scope = ""
		return p.weigh(general)
	}
	return out
}

// askedSince is a question of a committee, and of one that has merged by T that question of each that it was merged
// into: where it is asked, of what the committee covered last, or of all of that.
func (p *Prepared) askedSince(q query) (all []query) {
	into, last := p.whoAnswers(q.committee, q.day), p.reg.LastDay(q.committee)
	if !p.reg.IsOver(q.committee, q.day) || len(into) == 0 {
		return []query{q}
	}
	covered := p.reg.CommitteeAreas(q.committee, last)
	told := &assertion{issued: span{last, last}, extent: covered}
	var now []*v1.AreaId
	for _, area := range covered {
		came := slices.DeleteFunc(p.reg.InPlaceOf(area, q.day), func(a *v1.AreaId) bool { return !p.holdsIn(told, a) })
		if len(came) == 0 { // its practices know
			came = []*v1.AreaId{area}
		}
		now = append(now, came...)
	}
	switch {
	case len(covered) == 0: // it is not recorded
	case q.area != nil:
		if q.own = InCommon(p.reg, now, q.area, q.day); len(q.own) == 0 {
			q.own = now
		}
		q.area = nil
	case q.practice == "" || !p.covers(q, told):
		q.own, q.practice = now, ""
	}
	for _, q.committee = range into {
		all = append(all, q)
	}
	return all
}

// lineSince is what answers a question, of a committee that has merged by T by what it was merged into; nil: nothing does.
func (p *Prepared) lineSince(q query) *assertion {
	for _, since := range p.askedSince(q) {
		if line := p.lineOf(since).current; line != nil {
			return line
		}
	}
	return nil
}

// passedStances are the stances that an assertion passes on, through relays of relays; none: they are
// not known here.
func (p *Prepared) passedStances(q query, s *assertion) (all []v1.Stance) {
	for follow := range relaysFollowed {
		passed := p.passedOn(q, s)
		for _, of := range passed {
			if !of.line.mention {
				all = append(all, of.line.position.GetStance())
			}
		}
		if len(all) > 0 || len(passed) == 0 || follow == relaysFollowed-1 {
			break
		}
		q, s = passed[0].question, passed[0].line
	}
	return all
}

// passesOnThePast warns of each line that is passed on and is not what whose it is says now, to the
// same readers on the same thing. What nobody can tell is not warned of.
func (p *Prepared) passesOnThePast(q query, s *assertion) []*answersv1.Warning {
	return p.passesOnPast(q, s, relaysFollowed)
}

func (p *Prepared) passesOnPast(q query, s *assertion, follow int) (all []*answersv1.Warning) {
	var on [][]string // the measures of each, where they are not what is asked about
	add := func(w *answersv1.Warning) {
		i := slices.IndexFunc(all, func(o *answersv1.Warning) bool {
			return o.GetInstead() == w.GetInstead() && o.GetStance() == w.GetStance() && o.GetBy() == w.GetBy()
		})
		if i < 0 {
			i, all, on = len(all), append(all, w), append(on, nil)
		}
		title := w.GetTitle() // of a relay that is passed on
		if title == "" && w.GetMeasure() != "" && (w.GetMeasure() != q.measure || s.entry.ID == "") {
			title = "“" + cmp.Or(MeasureOf(q.asked.Matter, w.GetMeasure()).GetTitle(), w.GetMeasure()) + "”"
		}
		if title != "" && !slices.Contains(on[i], title) {
			on[i] = append(on[i], title)
		}
	}
	for _, passed := range p.passedOn(q, s) {
		was := passed.line
		stances := []v1.Stance{was.position.GetStance()}
		if was.mention {
			stances = p.passedStances(passed.question, was)
		}
		if len(stances) == 0 || was.isAhead(q) && !p.isOver(passed.question, was) {
			continue
		}
		for _, asked := range p.askedSince(passed.question) {
			now := p.lineOf(asked)
			isIt := func(x *assertion) bool { return x.position == was.position }
			switch {
			case now.contested != nil, now.current == nil && slices.ContainsFunc(slices.Concat(now.unknownAreas, now.formerAreas), isIt):
				// nobody can tell
			case now.current != nil && isIt(now.current):
				if follow > 0 && was.mention { // whose line that passes on may have turned
					for _, w := range p.passesOnPast(passed.question, was, follow-1) {
						add(w)
					}
				}
			case now.current != nil && !now.current.mention && slices.Equal(stances, []v1.Stance{now.current.position.GetStance()}),
				now.current != nil && now.current.mention && slices.Equal(stances, p.passedStances(asked, now.current)):
				// the same, said or passed on again
			default:
				add(p.turned(passed, asked.committee, now.current))
			}
		}
	}
	for i, w := range all {
		if w.Entry, w.Title = s.entry.ID, notation.List(on[i]); len(on[i]) > titlesTold {
			w.Title = strconv.Itoa(len(on[i])) + " measures"
		}
		w.Words = WarningWords(w)
	}
	return all
}

// titlesTold is how many titles of measures a warning has, else their number.
const titlesTold = 4

// turned is the warning that a committee's line that is passed on is another now, or none, by who answers for it now.
func (p *Prepared) turned(passed passing, answers string, now *assertion) *answersv1.Warning {
	was, whose := passed.line, []string{passed.question.committee}
	if now != nil && now.owner != "" {
		answers = now.owner
	}
	if answers != whose[0] && (now == nil || !slices.Contains(now.position.GetCommittees(), whose[0])) {
		whose = append(whose, answers)
	}
	w := &answersv1.Warning{
		Code: answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, Measure: passed.question.measure, Instead: was.entry.ID,
		Committees: whose, CommitteeNames: committeeNames(p.reg, whose),
	}
	if now != nil && !now.mention {
		w.Stance, w.By, w.Issued = now.position.GetStance(), now.entry.ID, now.entry.Issued()
		if now.report {
			w.ClaimedBy = sourceWords(now.entry.Report.GetSource())
		}
		return w
	}
	over := passed.question
	over.scope = was.scope
	if end, gone := p.end(over, was, p.amending(over, was)); gone {
		w.By = end.byID()
	}
	return w
}

// isOver: a line has ended, by whatever day it would hold.
func (p *Prepared) isOver(q query, s *assertion) bool {
	q.scope = s.scope
	_, gone := p.end(q, s, p.amending(q, s))
	return gone
}

// relayOf is whose line an assertion passes on, and by which letter; nil: it is no relay.
func (s *assertion) relayOf() *v1.RelaySource {
	if s == nil || s.position.GetProvenance() != v1.Provenance_PROVENANCE_RELAY {
		return nil
	}
	return s.position.GetRelayOf()
}
