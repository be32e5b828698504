package guidance

import (
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// givenWay is what a letter asks with an assertion and asks no more of some, though nothing has ended it for them: it does
// not go with the line that answers them.
type givenWay struct {
	of, line *assertion
	where    string // of whom: ", for a"; empty: of all
}

// viewed finds what of some entry is asked of whom, by the rule that views are made by: each reader is asked once.
type viewed struct {
	*Prepared
	entry   *Entry
	day     string
	asked   map[asking][]standing
	answer  map[asking]*assertion
	among   map[reader][]v1.Audience
	areasAt map[moment][]*v1.AreaId
}

// asking is a reader who asks on a day, of all that is known or of what there was up to the entry.
type asking struct {
	reader
	day  string
	upTo *Entry
}

func (p *Prepared) viewed(e *Entry, day string) *viewed {
	return &viewed{p, e, day, map[asking][]standing{}, map[asking]*assertion{}, map[reader][]v1.Audience{}, map[moment][]*v1.AreaId{}}
}

// all is what a reader is asked, and the line that answers them.
func (v *viewed) all(q query) ([]standing, *assertion) {
	key := asking{readerOf(q), q.day, q.upTo}
	q.asked.Scope = q.scope // as whoever is in it asks
	if _, known := v.asked[key]; !known {
		asked := []standing{}
		for _, q.committee = range v.whoAnswers(q.committee, q.day) {
			out := v.Prepared.answer(q)
			asked = slices.Concat(asked, out.stillAsked(q), out.alsoAsked)
			if out.current != nil && !out.current.report {
				v.answer[key] = out.current
			}
		}
		v.asked[key] = asked
	}
	return v.asked[key], v.answer[key]
}

// within are the readers asked about, and those among them to whom something is said by itself.
func (v *viewed) within(q query) []v1.Audience {
	key := readerOf(q)
	if v.among[key] == nil {
		v.among[key] = []v1.Audience{q.audience}
		for inner := range v1.Audience(len(v1.Audience_name)) {
			toThem := func(s *assertion) bool { return slices.Contains(s.position.GetAudiences(), inner) && q.isAbout(s) }
			if inner != q.audience && Contains(q.audience, inner) && slices.ContainsFunc(v.said(q.topic), toThem) {
				v.among[key] = append(v.among[key], inner)
			}
		}
	}
	return v.among[key]
}

// was: by what there was up to the entry, this asks it of a reader, today or on the day on which it was issued.
func (v *viewed) was(action *v1.Action, q query) bool {
	q.upTo = v.entry
	q.scope = v.groupThen(q, action)
	for _, q.day = range []string{v.day, v.entry.Issued().GetLatest()} {
		if asked, _ := v.all(q); slices.ContainsFunc(asked, func(of standing) bool { return of.action == action }) {
			return true
		}
	}
	return false
}

// groupThen is the group that whoever asks was in when an action was asked: who is in one now of which nothing was known
// then was in none, and of those is asked what is asked in general alone.
func (p *Prepared) groupThen(q query, action *v1.Action) string {
	if action.GetScope() == GeneralScope && q.scope != "" && !slices.Contains(p.scopesOn(q), q.scope) {
		return ""
	}
	return q.scope
}

// is: a reader is asked it, by the entry, or in the same words by another.
func (v *viewed) is(action *v1.Action, q query) bool {
	asked, _ := v.all(q)
	return slices.ContainsFunc(asked, func(of standing) bool { return asksStill(of.action, action, q.measure, q.audience) })
}

// asksStill: among what a reader is asked, one is what another was, or that in the same words: of that reader, or of all
// of whom the other is asked by name, be they among the readers or not.
func asksStill(one, other *v1.Action, measure string, reader v1.Audience) bool {
	return one == other || asksNoLess(one, other) && reachesThem(one, other, measure, reader)
}

// reachesThem: one action is on the measure that a reader asks about, and of that reader, or of all of whom another is asked by name.
func reachesThem(one, other *v1.Action, measure string, reader v1.Audience) bool {
	onIt := one.GetMeasure() == "" || one.GetMeasure() == measure
	whom, of := []v1.Audience{reader}, one.GetActors()
	if len(other.GetActors()) > 0 && !reachesAll(other.GetActors(), whom) {
		whom = other.GetActors()
	}
	if len(of) == 0 {
		of = []v1.Audience{reader}
	}
	return onIt && reachesAll(of, whom)
}

// askedOf are those of whom an action that stands with a line is asked: its readers, or others by name.
func (v *viewed) askedOf(s *assertion, action *v1.Action, readers []v1.Audience) []v1.Audience {
	if IsOfOthers(action, s.position.GetAudiences()) {
		return AdvisedAmong(action.GetActors())
	}
	return readers
}

// mayAsk are the questions of all of whom an action that stands with an assertion may be asked, among those who ask one.
func (v *viewed) mayAsk(s *assertion, action *v1.Action, q query) (all []query) {
	q.day = v.day
	scopes := []string{s.scope}
	if s.scope == "" && (action.GetScope() == "" || action.GetScope() == GeneralScope) {
		scopes = append(scopes, v.scopesOn(q)...)
	}
	audiences := v.askedOf(s, action, v.within(q))
	for _, q.scope = range scopes {
		for _, q.audience = range audiences {
			all = append(all, q)
		}
	}
	return all
}

// onItsMeasure is a question on the whole matter as it is asked on the measure of an action, where that is answered by it.
func onItsMeasure(q query, m *v1.Matter, action *v1.Action) query {
	if q.measure == "" && SharesProposer(m, action.GetMeasure()) {
		return q.onMeasure(action.GetMeasure())
	}
	return q
}

// asksNoMoreOf is of whom an action that an entry still asks for a committee, as far as endings go, is asked no more, for
// each that has to be told by itself: ", of GP partners"; "" is all; who these are; and which of that gave way. Nil: of nobody.
func (v *viewed) asksNoMoreOf(action *v1.Action, committee string, matters func(string) *v1.Matter, fates func(*assertion) []fate) (whom []string, lost []reader, gave []givenWay) {
	m := matters(ActionMatter(v.entry.Advisory, action))
	if m == nil {
		return nil, nil, nil // it is asked by the letter alone, whatever its lines
	}
	past := isPast(action, v.day) // no view asks it, whatever its lines
	var kept []reader
	var to grouped[*Entry, reader] // of which entry the line is
	ofLine, seen := map[*Entry]givenWay{}, map[reader]bool{}
	look := func(s *assertion, q query) {
		r := readerOf(q)
		_, now := v.all(q)
		switch {
		case seen[r]:
		case v.is(action, q):
			kept = append(kept, r)
		case v.was(action, q):
			if lost = append(lost, r); now != nil && now.entry.ID != s.entry.ID {
				to.add(now.entry, r)
				ofLine[now.entry] = givenWay{of: s, line: now}
			}
		}
		seen[r] = true
	}
	for _, c := range v.carriersOf(v.entry, action, committee, matters) {
		s := c.assertion
		if v.stopped() {
			return nil, nil, nil
		}
		if s.position.GetMatter() != m.GetName() {
			continue
		}
		for _, f := range v.aboutAction(fates(s), action) {
			q := onItsMeasure(f.query, m, action)
			if f.ends != nil {
				for _, q.audience = range v.askedOf(s, action, []v1.Audience{f.audience}) {
					now := q
					now.day = v.day
					if v.was(action, q) && !v.is(action, now) { // with another of its lines it may go on
						lost = append(lost, readerOf(q))
					}
				}
				continue
			}
			if past {
				kept = append(kept, readerOf(q))
				continue
			}
			for _, q := range v.mayAsk(s, action, q) {
				look(s, q)
			}
		}
	}
	if len(kept) == 0 && len(lost) > 0 { // but for whom another line of the letter, or of another, is nearer
		for _, r := range v.readersOf(m, v.entry, action, v.whoAnswers(committee, v.day), v.day, v.areasAt) {
			if v.is(action, r.asks(m, v.day)) {
				kept = append(kept, r)
			}
		}
	}
	lost = slices.DeleteFunc(lost, func(r reader) bool { return slices.Contains(kept, r) }) // another of its lines answers
	called := func(measure string) string { return v.measureWords(m, measure) }
	limits := v.limits(m, v.day, called)
	for _, e := range to.keys {
		readers := to.members[e]
		others := slices.DeleteFunc(slices.Concat(kept, lost), func(r reader) bool { return slices.Contains(readers, r) })
		for _, where := range apart(readers, others, limits) {
			gave = append(gave, givenWay{ofLine[e].of, ofLine[e].line, where})
		}
	}
	return apart(lost, kept, limits), lost, gave
}

// aboutAction are the fates of a position of those whom an action names, where it names some: each of these by what
// became of it for just them, else for the narrowest readers they are among. Of a position to none of them all count.
func (p *Prepared) aboutAction(all []fate, action *v1.Action) (of []fate) {
	all = narrowed(all, func(f fate) bool { return f.measure == action.GetMeasure() })
	all = narrowed(all, func(f fate) bool {
		return action.GetArea() != nil && f.place() != nil && p.contains(action.GetArea(), f.place(), f.day)
	})
	named := AdvisedAmong(action.GetActors())
	theirs := func(f fate) bool { return len(sharedAudiences(named, []v1.Audience{f.audience})) > 0 }
	if !slices.ContainsFunc(all, theirs) {
		return all
	}
	for _, f := range all {
		alike := func(o fate) bool {
			return o.measure == f.measure && o.scope == f.scope && sameArea(o.area, f.area) && o.practice == f.practice
		}
		nearer := func(a v1.Audience) bool {
			return slices.ContainsFunc(all, func(o fate) bool {
				return alike(o) && o.audience != f.audience && Contains(o.audience, a) && Contains(f.audience, o.audience)
			})
		}
		if slices.ContainsFunc(named, func(a v1.Audience) bool { return Contains(a, f.audience) }) {
			of = append(of, f)
			continue
		}
		for _, a := range named {
			if Contains(f.audience, a) && !nearer(a) {
				one := f
				one.audience = a
				of = append(of, one)
			}
		}
	}
	return of
}
