package guidance

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// stoppedUntil are the warnings of what temporary advice stops that has ended itself, withdrawn or by another letter: that does not
// undo what it stops, which counts again all the same from the day after its last (domain.md 4.2), as a line or with what it asks.
func (p *Prepared) stoppedUntil(q query, out *answer) (all []*answersv1.Warning) {
	var now []standing
	for _, gone := range out.gone {
		for _, from := range p.countsAgain(gone.assertion.entry, q.day) {
			if len(all) == turnsLooked || p.stopped() {
				return all
			}
			if out.current != nil && out.current.until == notation.DayBefore(from) {
				continue // which says so of itself
			}
			if now == nil {
				now = slices.Concat(out.asked(), out.alsoAsked)
			}
			then, before := q.ahead(from), q.ahead(notation.DayBefore(from))
			is, was := p.answerUnnamed(then), p.answerUnnamed(before)
			asked := slices.Concat(now, was.asked(), was.alsoAsked)
			asks := slices.DeleteFunc(slices.Concat(is.stillAsked(then), is.alsoAsked), func(of standing) bool {
				return of.assertion.entry != gone.assertion.entry || IsOfOthers(of.action, []v1.Audience{q.audience}) || slices.ContainsFunc(asked, func(o standing) bool { return o.action == of.action })
			})
			w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_COMES_BACK, Measure: q.measure, From: from, Entry: gone.assertion.entry.ID, Asks: quotedAsks(asks)}
			answers := is.current == gone.assertion && was.current != gone.assertion // and not from another day on: that is of others
			if answers {
				w.Stance = is.current.position.GetStance()
			}
			told := func(o *answersv1.Warning) bool { return o.GetFrom() == w.From && o.GetEntry() == w.Entry }
			if (answers || w.Asks != "") && !slices.ContainsFunc(all, told) {
				all = append(all, warning(w))
			}
		}
	}
	return all
}

// afterLastDay are the warnings of what answers once the last day of the line is over, with what that asks and is not told already, and of
// what answers part of the readers then, who have no line of their own until then. A line ahead is told of itself.
func (p *Prepared) afterLastDay(q query, out *answer) (all []*answersv1.Warning) {
	s, toCome := out.current, p.toCome(q, out)
	then := q.ahead(notation.DayAfter(s.until))
	now := slices.Concat(out.asked(), out.alsoAsked)
	tell := func(then query, is *answer, to ...v1.Audience) {
		line := is.current
		asks := slices.DeleteFunc(slices.Concat(is.stillAsked(then), is.alsoAsked), func(of standing) bool { // by whichever letter
			return IsOfOthers(of.action, []v1.Audience{then.audience}) || slices.ContainsFunc(now, func(o standing) bool { return o.action == of.action })
		})
		w := &answersv1.Warning{
			Code: answersv1.WarningCode_WARNING_CODE_COMES_BACK, Measure: q.measure, By: s.entry.ID, Until: s.until, From: then.day, Entry: line.entry.ID, Stance: line.position.GetStance(), Asks: quotedAsks(asks), Audiences: to,
		}
		if !sameArea(then.area, q.area) {
			w.Area, w.AreaName = then.area, p.reg.AreaName(then.area)
		}
		all = append(all, warning(w))
	}
	ofAll := p.answerUnnamed(then)
	isTold := func(line *assertion) bool {
		return line == nil || line.mention || line.position == s.position || line.issued.latest > q.day || slices.Contains(toCome, line)
	}
	if !isTold(ofAll.current) {
		tell(then, &ofAll)
	}
	if q.scope != "" {
		return all
	}
	if q.area == nil && q.practice == "" { // and in part of the area, which has no row of its own until then
		for _, area := range p.areasToAsk(then) {
			here, there := q, then
			here.area, there.area = area, area
			is := p.answerUnnamed(there)
			if isTold(is.current) || is.current == ofAll.current || is.current.from > q.day {
				continue
			}
			if was := p.answerUnnamed(here); was.current == s {
				tell(there, &is)
			}
		}
	}
	for inner := range v1.Audience(len(v1.Audience_name)) {
		isTheirs := func(part partLine) bool { return part.asked.audience == inner && part.asked.scope == "" }
		if inner == q.audience || !Contains(q.audience, inner) || slices.ContainsFunc(out.parts, isTheirs) || !slices.ContainsFunc(p.said(q.topic), func(x *assertion) bool { return x.toPart(q.audience, inner) && q.isAbout(x) }) {
			continue
		}
		own := then
		own.audience = inner
		if is := p.answerUnnamed(own); !isTold(is.current) && is.current != ofAll.current && is.current.toPart(q.audience, inner) && is.current.from <= q.day {
			tell(own, &is, inner)
		}
	}
	return all
}

// areAskedAgainAlike: two are asked the same again, from the same days on.
func areAskedAgainAlike(x, y []*answersv1.StandingRequest) bool {
	return slices.EqualFunc(x, y, func(a, b *answersv1.StandingRequest) bool {
		return a.GetAction() == b.GetAction() && a.GetAgainFrom() == b.GetAgainFrom() && a.GetAgainUntil() == b.GetAgainUntil()
	})
}

// askedAgain is what is asked again from days ahead on, of those who ask: what advice for a while stops, with its own last day or with
// that of a letter that amends; each time anew, where that stops it more than once. Part of the readers, and groups, who have no line of
// their own until then are told of too.
func (p *Prepared) askedAgain(q query, out *answer) (all []*answersv1.StandingRequest) {
	q.scope = cmp.Or(out.scope, q.scope)
	var days []string // on which something that stops is over, and then all others on which something begins or ends
	said, here := p.said(q.topic), q.ahead(q.day)
	for _, s := range said {
		if s.until != "" && s.until >= q.day && here.knows(s.entry) {
			days = append(days, notation.DayAfter(s.until))
		}
	}
	for _, gone := range out.gone {
		days = append(days, p.countsAgain(gone.assertion.entry, q.day)...)
	}
	if len(days) == 0 {
		return nil
	}
	all = []*answersv1.StandingRequest{} // it was looked at
	for _, s := range said {
		if here.knows(s.entry) {
			days = append(days, max(s.from, s.issued.latest))
			for _, end := range p.endings.of(s.entry.ID) {
				days = append(days, p.endingDays(end)...)
			}
		}
	}
	days = slices.DeleteFunc(days, func(day string) bool { return day <= q.day })
	slices.Sort(days)
	days = slices.Compact(days)
	days = days[:min(len(days), 2*turnsLooked)]
	told := slices.Concat(out.asked(), out.alsoAsked, out.partAsked)
	ask := func(of query, told []standing, mark func(*v1.Action)) (again []standing) {
		now := p.answerUnnamed(of) // with what all are asked, which the line of a group or of part of the readers leaves to theirs
		asked := slices.Concat(told, now.asked(), now.alsoAsked)
		open := map[*v1.Action]*answersv1.StandingRequest{}
		for _, day := range days {
			if p.stopped() {
				break
			}
			then := of.ahead(day)
			is := p.answerUnnamed(then)
			asks := slices.Concat(is.stillAsked(then), is.alsoAsked)
			for action, request := range open {
				if due, _ := DueMoment(action.GetDue()); !slices.ContainsFunc(asks, func(o standing) bool { return o.action == action || asksAgain(o.action, action) }) {
					if delete(open, action); due == "" || day <= due {
						request.AgainUntil = notation.DayBefore(day)
					}
				}
			}
			for _, of := range asks {
				isAgain := func(o standing) bool { return o.action == of.action || asksAgain(o.action, of.action) }
				isOpen := slices.ContainsFunc(slices.Collect(maps.Keys(open)), func(o *v1.Action) bool { return isAgain(standing{action: o}) })
				if len(all) == ActionLimit || isOpen || slices.ContainsFunc(asked, isAgain) || IsOfOthers(of.action, []v1.Audience{then.audience}) {
					continue
				}
				again = append(again, of)
				action := of.action
				if mark != nil {
					of.action = marked(of)
					mark(of.action)
				}
				request := p.standingRequest(then, of)
				if request.AgainFrom = day; of.assertion.from > q.day { // with a line ahead, which that stands over until then
					request.ValidFrom = of.assertion.from
				}
				open[action], all = request, append(all, request)
			}
		}
		return again
	}
	told = append(told, ask(q, told, nil)...)
	if q.scope != "" {
		return all
	}
	for inner := range v1.Audience(len(v1.Audience_name)) {
		hasOwn := func(part partLine) bool {
			return part.asked.audience == inner && part.asked.scope == "" && sameArea(part.asked.area, q.area)
		}
		asksThem := func(s *assertion) bool {
			return s.toPart(q.audience, inner) && q.isAbout(s) && q.knows(s.entry) && len(s.entry.Advisory.GetActions()) > 0
		}
		if inner == q.audience || !Contains(q.audience, inner) || slices.ContainsFunc(out.parts, hasOwn) || !slices.ContainsFunc(said, asksThem) {
			continue
		}
		in := q
		in.audience = inner
		toThem := func(action *v1.Action) {
			if len(action.GetActors()) == 0 || slices.Contains(action.GetActors(), q.audience) {
				action.Actors = []v1.Audience{inner}
			}
		}
		theirs := slices.Concat(told, ask(in, told, toThem))
		isLimited := func(s *assertion) bool { return s.extent != nil && asksThem(s) }
		if q.area != nil || q.practice != "" || !slices.ContainsFunc(said, isLimited) {
			continue
		}
		for _, area := range p.areasToAsk(in) {
			in.area = area
			ask(in, theirs, func(action *v1.Action) {
				toThem(action)
				action.Area = cmp.Or(action.GetArea(), area)
			})
		}
	}
	for _, scope := range p.scopesOn(q) {
		if slices.ContainsFunc(out.groups, func(group answer) bool { return group.scope == scope }) {
			continue
		}
		in := q
		in.scope = scope
		ask(in, told, func(action *v1.Action) { action.Scope = cmp.Or(action.GetScope(), scope) })
	}
	return all
}
