package guidance

import (
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// domain.md 4.8: a letter that amends another, and asks what that asks, of the same, by another day or in other ways,
// takes the place of that request, though it take no line: the day was wrong, and only one of the two is meant.

// correctionsFollowed is how far a correction of a correction is followed.
const correctionsFollowed = 8

// asksOfSame: two actions of letters are for the same thing, of the same, on the same.
func asksOfSame(a *v1.Advisory, x *v1.Action, b *v1.Advisory, y *v1.Action) bool {
	return ActionWords(x) == ActionWords(y) && ActionMatter(a, x) == ActionMatter(b, y) && x.GetMeasure() == y.GetMeasure() && x.GetScope() == y.GetScope() &&
		sameArea(x.GetArea(), y.GetArea()) && slices.Equal(x.GetActors(), y.GetActors()) && slices.Equal(x.GetCommittees(), y.GetCommittees())
}

// theOneAlike is what a letter asks in the place of an action of another; nil: nothing, or several things, and
// which of them is meant nobody can tell.
func theOneAlike(a *v1.Advisory, action *v1.Action, b *v1.Advisory) (one *v1.Action) {
	for _, y := range Actions(b) {
		if !asksOfSame(a, action, b, y) {
			continue
		}
		if one != nil {
			return nil
		}
		one = y
	}
	return one
}

// corrected is what is asked in the place of an action that stands with an assertion, as an assertion of the letter
// that asks it: of the newest of those that amend its letter, are not over, and ask the same. Else it is these two.
func (p *Prepared) corrected(q query, s *assertion, action *v1.Action) (*v1.Action, *assertion) {
	for range correctionsFollowed {
		by, in := p.correctedBy(q, s, action)
		if by == nil {
			break
		}
		s, action = in, by
	}
	return action, s
}

func (p *Prepared) correctedBy(q query, s *assertion, action *v1.Action) (by *v1.Action, in *assertion) {
	if theOneAlike(s.entry.Advisory, action, s.entry.Advisory) == nil {
		return nil, nil
	}
	for _, e := range p.endings.of(s.entry.ID) {
		issued, ok := readRange(e.by.Issued())
		if e.how != amended || !ok || max(issued.latest, validFrom(e.by.Advisory)) > q.day || !p.counts(q, s, e) {
			continue
		}
		one := theOneAlike(s.entry.Advisory, action, e.by.Advisory)
		as := *s
		as.entry, as.issued = e.by, issued
		over := func(end ending) bool { _, is := p.endBy(q, &as, end, nil); return is }
		if one != nil && !slices.ContainsFunc(p.endings.of(e.by.ID), over) && (in == nil || newestFirst(&as, in) < 0) {
			by, in = one, &as
		}
	}
	return by, in
}

// corrections parts what the letter of a line asks from what others ask in the place of some of it.
func (p *Prepared) corrections(q query, s *assertion, actions []*v1.Action) (own []*v1.Action, instead []standing) {
	for _, action := range actions {
		if by, in := p.corrected(q, s, action); in != s {
			instead = append(instead, standing{action: by, assertion: in})
		} else {
			own = append(own, action)
		}
	}
	return own, instead
}
