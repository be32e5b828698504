package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
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
			then := q
			then.day = from
			is := p.answerUnnamed(then)
			asks := slices.DeleteFunc(slices.Concat(is.stillAsked(then), is.alsoAsked), func(of standing) bool {
				return of.assertion.entry != gone.assertion.entry || slices.ContainsFunc(now, func(o standing) bool { return o.action == of.action })
			})
			w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_COMES_BACK, Measure: q.measure, From: from, Entry: gone.assertion.entry.ID, Asks: quotedAsks(asks)}
			if is.current == gone.assertion {
				w.Stance = is.current.position.GetStance()
			}
			told := func(o *answersv1.Warning) bool { return o.GetFrom() == w.From && o.GetEntry() == w.Entry }
			if (is.current == gone.assertion || w.Asks != "") && !slices.ContainsFunc(all, told) {
				all = append(all, warning(w))
			}
		}
	}
	return all
}

// areAskedAgainAlike: two are asked the same again, from the same days on.
func areAskedAgainAlike(x, y []*answersv1.StandingRequest) bool {
	return slices.EqualFunc(x, y, func(a, b *answersv1.StandingRequest) bool {
		return a.GetAction() == b.GetAction() && a.GetAgainFrom() == b.GetAgainFrom()
	})
}

// askedAgain is what is asked again from days ahead on, of those who ask: what advice for a while stops, with its own last day or with
// that of a letter that amends. Each once, from the first day on.
func (p *Prepared) askedAgain(q query, out *answer) (all []*answersv1.StandingRequest) {
	q.scope = cmp.Or(out.scope, q.scope)
	var days []string // on which something that stops is over
	for _, s := range p.said(q.topic) {
		if s.until >= q.day && s.until != "" && q.knows(s.entry) {
			days = append(days, notation.DayAfter(s.until))
		}
	}
	for _, gone := range out.gone {
		days = append(days, p.countsAgain(gone.assertion.entry, q.day)...)
	}
	if len(days) == 0 {
		return nil
	}
	slices.Sort(days)
	now := p.answerUnnamed(q) // with what all are asked, which the line of a group or of part of the readers leaves to theirs
	told := slices.Concat(now.asked(), now.alsoAsked, out.asked(), out.alsoAsked, out.partAsked)
	for i, day := range slices.Compact(days) {
		if i == turnsLooked || len(all) == ActionLimit || p.stopped() {
			break
		}
		then := q
		then.day = day
		is := p.answerUnnamed(then)
		for _, of := range slices.Concat(is.stillAsked(then), is.alsoAsked) {
			if slices.ContainsFunc(told, func(o standing) bool { return o.action == of.action || asksAgain(o.action, of.action) }) {
				continue
			}
			told = append(told, of)
			ask := p.standingRequest(q, of)
			ask.AgainFrom = day
			all = append(all, ask)
		}
	}
	return all
}
