package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What other letters ask, and nobody is shown any more beside what is published, though nothing ends it.

// hidesAsked warns of what other letters ask some of a committee's readers, today or once what stops it is over, and does not go with
// a position that answers them.
func (p *publishing) hidesAsked(a *v1.Advisory, position *v1.Position, committee, day string) {
	m, looked := p.findMatter(position.GetMatter()), map[request]bool{}
	days := []string{day}
	for _, later := range p.turnsAfter(topic{m.GetName(), committee}, day) {
		if until := position.GetValidUntil(); until == "" || later <= until {
			days = append(days, later)
		}
	}
	for _, r := range p.theirs(position, committee, day) {
		if r.measure != position.GetMeasure() {
			continue // what is asked on it is looked at by itself
		}
		for _, on := range days {
			if !p.answers(position, r, on) || p.standing.stopped() {
				break
			}
			for _, of := range p.asked(p.standing, m, r, on) {
				entry, it := of.assertion.entry, request{of.assertion.entry, of.action}
				isAgain := func(o standing) bool { return o.action == of.action || asksAgain(o.action, of.action) }
				// What is asked with another line goes on being told with that.
				here := of.assertion.position.GetMeasure() == position.GetMeasure() || of.action.GetMeasure() == position.GetMeasure()
				began := on == day || max(of.assertion.from, of.assertion.issued.latest) <= day && !of.assertion.waits
				if looked[it] || !here || !began || isPast(of.action, on) || namesToEnd(a, entry.ID) || slices.ContainsFunc(p.asked(p.after, m, r, on), isAgain) {
					continue
				}
				if p.goesOnAsking(entry, of.action, cmp.Or(of.assertion.owner, committee), on) {
					looked[it] = true
					p.isShownNoMore(of, r.asks(m, on), position)
				}
			}
		}
	}
}

// isShownNoMore warns of what is asked if by the rule itself somebody of whom it is, of the group asked about, is asked it no more
// once a position is published, and of whom: for good; or until its last day, where it is due by then or has no day. What is due
// later and asked again then is not lost.
func (p *publishing) isShownNoMore(of standing, q query, position *v1.Position) {
	m, e, until := q.asked.Matter, of.assertion.entry, position.GetValidUntil()
	is := func(r reader, day string) bool {
		return slices.ContainsFunc(p.asked(p.after, m, r, day), func(o standing) bool { return asksStill(o.action, of.action, r.measure, r.audience) })
	}
	was := func(o standing) bool { return o.action == of.action && o.assertion.entry == e }
	var lost, kept, forGood []reader
	then := notation.DayAfter(until)
	for _, r := range p.readersOf(e, of.action, []string{q.committee}, q.day) {
		switch {
		case r.scope != q.scope || !slices.ContainsFunc(p.asked(p.standing, m, r, q.day), was):
		case is(r, q.day):
			kept = append(kept, r)
		default:
			if lost = append(lost, r); until != "" && !isPast(of.action, then) && !is(r, then) {
				forGood = append(forGood, r)
			}
		}
	}
	due, _ := DueMoment(of.action.GetDue())
	switch {
	case until == "" || isPast(of.action, then):
	case len(forGood) > 0:
		lost, until = forGood, ""
	case due != "":
		return
	}
	for _, r := range p.theirs(position, q.committee, q.day) { // who were never asked it; not each of several areas where all are asked no more
		isThere := func(o reader) bool { return o.area == r.area }
		elsewhere := func(o reader) bool { return o.area != lost[0].area }
		if !slices.Contains(lost, r) && len(lost) > 0 && (slices.ContainsFunc(lost, isThere) || !slices.ContainsFunc(lost, elsewhere)) {
			kept = append(kept, r)
		}
	}
	for _, w := range p.ofSome(lost, kept, q.day, &answersv1.Warning{
		Code: answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, Measure: q.measure, Entry: e.ID, Quote: askWords(of.action), Until: until, Scope: position.GetScope(), Area: position.GetArea(),
	}) {
		p.warnOnce(m.GetName(), w)
	}
}

// isDueWhileStopped warns of what a letter would ask some of a committee's readers beside a position, but that temporary advice stops it
// until after it is due: it comes back for nobody.
func (p *publishing) isDueWhileStopped(a *v1.Advisory, position *v1.Position, committee, day string) {
	m, looked, without := p.findMatter(position.GetMatter()), map[request]bool{}, map[string]*Prepared{}
	for _, s := range p.after.said(topic{m.GetName(), committee}) {
		if s.entry.ID == "" || namesToEnd(a, s.entry.ID) {
			continue
		}
		for _, later := range p.after.endings.of(s.entry.ID) {
			for _, again := range p.after.againAhead(s.entry, later, day) {
				for _, action := range Actions(s.entry.Advisory) {
					due, _ := DueMoment(action.GetDue())
					it := request{s.entry, action}
					if later.by.ID == "" || due < day || due >= again.from || looked[it] || !p.standing.standsWith(m, s.entry.Advisory, action, s.position, committee) {
						continue
					}
					if without[later.by.ID] == nil {
						without[later.by.ID] = p.after.Without(p.ctx, later.by.ID)
					}
					lost, kept := p.stoppedUntilDue(a, position, stopped{s, action, later.by, without[later.by.ID], again.from}, committee, day)
					looked[it] = len(lost) > 0
					for _, w := range p.ofSome(lost, kept, day, &answersv1.Warning{
						Code: answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, Measure: s.position.GetMeasure(), Entry: s.entry.ID, By: later.by.ID, Quote: askWords(action), Until: notation.DayBefore(again.from),
						Scope: position.GetScope(), Area: position.GetArea(),
					}) {
						p.warnOnce(m.GetName(), w)
					}
				}
			}
		}
	}
}

// stopped is what a letter asks with an assertion, and another stops until the day before this counts again.
type stopped struct {
	*assertion
	action  *v1.Action
	by      *Entry
	without *Prepared // what there would be without that one
	until   string
}

// stoppedUntilDue are the readers of a position who would be asked something beside it, but that it is stopped until after it is due,
// and the others; not where the position goes on with what the letter that stops it says, and leaves that standing.
func (p *publishing) stoppedUntilDue(a *v1.Advisory, position *v1.Position, s stopped, committee, day string) (lost, kept []reader) {
	m, days := p.findMatter(position.GetMatter()), []string{day}
	due, _ := DueMoment(s.action.GetDue())
	for _, on := range p.turnsAfter(topic{m.GetName(), committee}, day) {
		if on <= due {
			days = append(days, on)
		}
	}
	would := func(of standing) bool { return of.action == s.action && of.assertion.position == s.position }
	for _, r := range p.theirs(position, committee, day) {
		then, was := r.asks(m, s.until), p.standing.weigh(r.asks(m, day)).current
		_, over := p.after.end(then, s.assertion, p.after.amending(then, s.assertion))
		goesOn := was != nil && was.entry.ID == s.by.ID && was.position.GetStance() == position.GetStance() && !namesToEnd(a, s.by.ID)
		isAsked := func(day string) bool {
			return slices.ContainsFunc(p.asked(p.after, m, r, day), func(of standing) bool { return of.action == s.action || AsksSameWords(of.action, s.action) })
		}
		switch {
		case !isAskedBy(s.action, r) || p.standing.stopped():
		case over || goesOn || slices.ContainsFunc(days, isAsked) || !slices.ContainsFunc(p.asked(s.without, m, r, day), would):
			kept = append(kept, r)
		default:
			lost = append(lost, r)
		}
	}
	return lost, kept
}

// isDueBeforeItsLine warns of what a letter asks by a day before that on which the first of the lines that it goes with begins.
func (p *publishing) isDueBeforeItsLine(a *v1.Advisory, action *v1.Action, with []*v1.Position) {
	due, _ := DueMoment(action.GetDue())
	begins := ""
	for _, position := range with {
		if from := cmp.Or(position.GetValidFrom(), validFrom(a)); begins == "" || from < begins {
			begins = from
		}
	}
	if due != "" && due < begins && begins > p.Today {
		p.warnOn(ActionMatter(a, action), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ASKS_WITHOUT_LINE, Quote: askWords(action), From: begins})
	}
}
