package guidance

import (
	"cmp"
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// asksNoMoreOf is of whom an action that an entry still asks for a committee is asked no more, for each that has to
// be told by itself: ", of GP partners", and by which later lines for groups that is, where no ending is. Nil: of
// nobody.
func (p *Prepared) asksNoMoreOf(e *Entry, action *v1.Action, committee, day string, matters func(string) *v1.Matter, fates func(*assertion) []fate) (whom []string, stopped []stoppedBy) {
	var lost, kept []reader
	m := matters(ActionMatter(e.Advisory, action))
	if m == nil {
		return nil, nil // it is asked by the letter alone, whatever its lines
	}
	for _, s := range p.byEntry.of(e.ID) {
		if s.position.GetMatter() != m.GetName() || !p.standsWith(m, e.Advisory, action, s.position, committee) {
			continue
		}
		for _, f := range p.aboutAction(fates(s), action) {
			r := readerOf(f.query)
			if f.ends != nil {
				lost = append(lost, r)
				continue
			}
			kept = append(kept, r)
			for _, by := range p.groupsNotAsked(s, action, f.query, day) {
				r.scope, stopped = by.line.scope, append(stopped, by)
				lost = append(lost, r)
			}
		}
	}
	lost = slices.DeleteFunc(lost, func(r reader) bool { return slices.Contains(kept, r) }) // another of its lines answers
	if len(lost) == 0 || len(kept) == 0 {
		return nil, nil
	}
	called := func(measure string) string { return p.measureWords(m, measure) }
	return apart(lost, kept, p.limits(m, day, called)), stopped
}

// stoppedBy is a later line for a group, with which what a line for all asks does not go.
type stoppedBy struct{ of, line *assertion }

// groupsNotAsked are the later lines for groups of which an action that stands with an assertion for all is asked
// no more, though nothing has ended it for them: they were asked it when the letter was issued, all others still are.
func (p *Prepared) groupsNotAsked(s *assertion, action *v1.Action, q query, day string) (by []stoppedBy) {
	if s.scope != "" || action.GetScope() != "" {
		return nil
	}
	asks := func(q query) (*assertion, bool) {
		out := p.answer(q)
		return out.current, slices.ContainsFunc(append(out.stillAsked(q), out.alsoAsked...), func(of standing) bool { return asksNoLess(of.action, action) })
	}
	q.day = day
	for _, line := range p.said(q.topic) {
		if p.stopped() || slices.ContainsFunc(by, func(o stoppedBy) bool { return o.line.scope == line.scope }) {
			continue
		}
		if line.scope == "" || line.mention || line.entry.ID == s.entry.ID || newestFirst(line, s) > 0 {
			continue
		}
		group := q
		group.scope = line.scope
		then := group
		then.day = s.issued.latest
		if now, still := asks(group); still || now != line {
			continue
		}
		if _, was := asks(then); was {
			by = append(by, stoppedBy{s, line})
		}
	}
	if by == nil {
		return nil
	}
	if _, all := asks(q); !all { // it was due by a day that has passed, or all are asked it no more
		return nil
	}
	slices.SortFunc(by, func(x, y stoppedBy) int { return cmp.Compare(x.line.scope, y.line.scope) })
	return by
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
