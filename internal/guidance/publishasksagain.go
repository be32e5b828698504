package guidance

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// asksTheExcused warns of what a letter asks again of some for whom another had ended the same, and of others had not: a reminder to
// all reaches those too who were told that they need not.
func (p *publishing) asksTheExcused(a *v1.Advisory, action *v1.Action) {
	m, day := p.findMatter(ActionMatter(a, action)), max(HoldsFrom(a), p.Today)
	if m == nil || isPast(action, day) {
		return
	}
	var excused grouped[string, reader] // by which letter
	var kept []reader
	readers := p.readersOf(&Entry{Advisory: a}, action, committeesOf(a), day)
	for _, r := range readers {
		if p.standing.stopped() {
			return
		}
		by, asked := p.excusedBy(m, action, r, day)
		asks := func(of *Prepared, is func(*v1.Action) bool) bool {
			return slices.ContainsFunc(p.asked(of, m, r, day), func(o standing) bool { return is(o.action) })
		}
		switch {
		case asked:
			kept = append(kept, r)
		case by == "" || namesToEnd(a, by):
		case asks(p.after, func(o *v1.Action) bool { return o == action }) && !asks(p.standing, func(o *v1.Action) bool { return asksSameOf(o, action, r) }):
			excused.add(by, r)
		}
	}
	for _, by := range excused.keys {
		if len(kept) == 0 {
			return // it is asked anew of all whom it was ended for
		}
		var named []v1.Audience // whom alone leaves out who they are by name
		for _, r := range excused.members[by] {
			isOther := func(o reader) bool {
				same := o
				same.audience = r.audience
				return o != r && same == r
			}
			if slices.ContainsFunc(kept, isOther) && !slices.Contains(named, r.audience) {
				named = append(named, r.audience)
			}
		}
		for _, whom := range apart(excused.members[by], kept, p.after.limits(m, day, byID)) {
			p.warnOnce(m.GetName(), &answersv1.Warning{
				Code: answersv1.WarningCode_WARNING_CODE_ASKS_AGAIN, Measure: action.GetMeasure(), Entry: by, Quote: askWords(action), Title: strings.TrimPrefix(whom, ", "), Audiences: named,
			})
		}
	}
}

// excusedBy is the letter by which what a reader was asked before, in the same words, had ended for them where another part
// of the readers is asked it still: one that amends what asked it. asked: another, or a line beside, asks it of them yet.
func (p *publishing) excusedBy(m *v1.Matter, action *v1.Action, r reader, day string) (by string, asked bool) {
	q := r.asks(m, day)
	for _, s := range p.standing.said(q.topic) {
		if s.entry.Advisory == nil || s.from > day || !q.isAbout(s) || !q.isFor(s) || s.scope != "" && s.scope != r.scope || !p.standing.covers(q, s) {
			continue
		}
		for _, own := range Actions(s.entry.Advisory) {
			isThere := own.GetArea() == nil || r.area != (notation.Area{}) && p.standing.contains(own.GetArea(), AreaID(r.area), day)
			isTheirs := len(own.GetCommittees()) == 0 || slices.Contains(own.GetCommittees(), r.committee)
			if !isThere || !isTheirs || !asksSameOf(own, action, r) || !p.standing.standsWith(m, s.entry.Advisory, own, s.position, r.committee) {
				continue
			}
			switch end, gone := p.standing.end(q, s, p.standing.amending(q, s)); {
			case !gone:
				asked = true
			case end.how == amended && len(end.by.Advisory.GetPositions()) > 0:
				by = end.by.ID
			}
		}
	}
	return by, asked
}

// asksSameOf: one action asks a reader what another does, in the same words.
func asksSameOf(one, other *v1.Action, r reader) bool {
	isOf := one.GetScope() == "" || one.GetScope() == r.scope || one.GetScope() == GeneralScope && r.scope == ""
	return isOf && AsksSameWords(one, other) && reachesThem(one, other, r.measure, r.audience)
}

// asksAgainOfWords is that something is asked again of some for whom it had ended, and how it is asked of the others alone.
func asksAgainOfWords(w *answersv1.Warning) string {
	var others []v1.Audience // of those among whom these are
	for _, of := range w.GetAudiences() {
		for other := range v1.Audience(len(v1.Audience_name)) {
			isOther := func(o v1.Audience) bool { return !Contains(other, o) && !Contains(o, other) }
			if Related(other, of) && !slices.Contains(others, other) && !slices.ContainsFunc(w.GetAudiences(), func(o v1.Audience) bool { return !isOther(o) }) {
				others = append(others, other)
			}
		}
	}
	write := "say under who, area or scope of whom it is asked"
	if len(others) > 0 {
		write = "write " + strings.Replace(writtenTo(others), "to:", "who:", 1)
	}
	return "“" + w.GetQuote() + "” is asked again " + w.GetTitle() + ", for whom " + w.GetEntry() + " ended it: " + write + ", if it is meant for the others alone."
}
