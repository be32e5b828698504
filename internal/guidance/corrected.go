package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// domain.md 4.8: a letter that amends another, and asks what that asks, of the same, by another day or in other ways,
// takes the place of that request, though it take no line: the day was wrong, and only one of the two is meant.

// CorrectionsFollowed is how far a correction of a correction is followed.
const CorrectionsFollowed = 8

// CorrectedBy are the letters that a letter amends, and those that these amend in turn, as far as they are known.
func CorrectedBy(a *v1.Advisory, entry func(name string) *Entry) (all []*Entry) {
	names := slices.Clone(a.GetAmends())
	for i := 0; i < len(names) && i < CorrectionsFollowed; i++ {
		e := entry(names[i])
		if e == nil {
			continue
		}
		all = append(all, e)
		for _, name := range e.Advisory.GetAmends() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return all
}

// asksOfSame: two actions of letters are for the same thing, of the same, on the same.
func asksOfSame(a *v1.Advisory, x *v1.Action, b *v1.Advisory, y *v1.Action) bool {
	return ActionMatter(a, x) == ActionMatter(b, y) && x.GetMeasure() == y.GetMeasure() && x.GetScope() == y.GetScope() &&
		sameArea(x.GetArea(), y.GetArea()) && sameOnes(x.GetActors(), y.GetActors()) && ofSamePractices(a, x, b, y) && AsksSameWords(x, y)
}

// ofSamePractices: two actions of letters are of the practices of the same committees: of all whom their letters are for, or of
// those that they name, which may be all that the other's letter is for.
func ofSamePractices(a *v1.Advisory, x *v1.Action, b *v1.Advisory, y *v1.Action) bool {
	of, others := x.GetCommittees(), y.GetCommittees()
	switch {
	case len(of) == 0 && len(others) > 0:
		of = committeesOf(a)
	case len(others) == 0 && len(of) > 0:
		others = committeesOf(b)
	}
	return sameOnes(of, others)
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
	for range CorrectionsFollowed {
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
		if one == nil || !p.reachesWith(q, s, e.by, one) {
			continue
		}
		as := *s
		as.entry, as.issued, as.standsAs = e.by, issued, cmp.Or(s.standsAs, s)
		over := func(end ending) bool { _, is := p.endBy(q, &as, end, nil); return is }
		if !slices.ContainsFunc(p.endings.of(e.by.ID), over) && (in == nil || newestFirst(&as, in) < 0) {
			by, in = one, &as
		}
	}
	return by, in
}

// reachesWith: what a letter asks in the place of another's is asked of whoever asks a question. It is of all that the other
// asks, unless it stands with lines of its own letter on what the other has lines on: then of those they are for, and not of the rest of the area,
// while they hold: what goes with a line that is ahead, waits or is over leaves what is asked until then, or again.
func (p *Prepared) reachesWith(q query, s *assertion, by *Entry, action *v1.Action) bool {
	alone, readers := true, append(AdvisedAmong(action.GetActors()), q.audience) // it is of all whom it names, whichever of them a line is for
	asked := cmp.Or(s.standsAs, s)
	for _, own := range p.byEntry.of(by.ID) {
		onSame := func(of *assertion) bool { return of.position.GetMeasure() == own.position.GetMeasure() }
		onAnother := own.position.GetMeasure() != "" && own.position.GetMeasure() != action.GetMeasure() && !slices.ContainsFunc(p.byEntry.of(asked.entry.ID), onSame)
		if onAnother || !p.standsWith(q.asked.Matter, by.Advisory, action, own.position, cmp.Or(s.owner, q.committee)) {
			continue
		}
		alone = false
		toThem := slices.ContainsFunc(readers, own.isFor) || IsOfOthers(action, own.position.GetAudiences())
		holds := !own.waits && notation.IsWithin(q.day, own.from, own.until)
		if holds && toThem && (own.scope == "" || own.scope == q.scope) && p.covers(q, own) {
			return true
		}
	}
	return alone
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

// carrier is what an action of an entry stands with: an assertion of its own, and itself; or one of the letter in the
// place of whose action it is asked, and that action.
type carrier struct {
	*assertion
	action  *v1.Action
	through []*Entry // those between that correct one another
}

// carriersOf are all that an action of an entry stands with for a committee.
func (p *Prepared) carriersOf(e *Entry, action *v1.Action, committee string, matters func(string) *v1.Matter) []carrier {
	return p.carriersBut(e, action, []string{committee}, matters, map[string]bool{})
}

func (p *Prepared) carriersBut(e *Entry, action *v1.Action, committees []string, matters func(string) *v1.Matter, seen map[string]bool) (all []carrier) {
	seen[e.ID] = true
	for _, s := range p.byEntry.of(e.ID) {
		stands := func(c string) bool {
			return p.standsWith(matters(s.position.GetMatter()), e.Advisory, action, s.position, c)
		}
		if p.meetIn(action.GetArea(), s.position.GetArea(), s.issued.latest) && slices.ContainsFunc(committees, stands) {
			all = append(all, carrier{assertion: s, action: action})
		}
	}
	if theOneAlike(e.Advisory, action, e.Advisory) == nil {
		return all
	}
	for _, name := range e.Advisory.GetAmends() {
		target := p.entries.of(name)
		if target == nil || target.Advisory == nil || seen[name] || len(seen) > CorrectionsFollowed || p.stopped() {
			continue
		}
		old := theOneAlike(e.Advisory, action, target.Advisory)
		by := slices.IndexFunc(p.endings.of(name), func(end ending) bool { return end.how == amended && end.by.ID == e.ID })
		if old == nil || by < 0 {
			continue
		}
		issued, _ := readRange(target.Issued())
		q := newQuery(Question{Matter: &v1.Matter{}, Committee: &v1.Committee{Id: committees[0]}})
		if !p.counts(q, &assertion{entry: target, issued: issued}, p.endings.of(name)[by]) {
			continue
		}
		for _, c := range p.carriersBut(target, old, append(committees, p.reg.Predecessors(committees[0])...), matters, seen) {
			if target != c.entry {
				c.through = append(c.through, target)
			}
			all = append(all, c)
		}
	}
	return all
}

// firstDay is a day, or the first one of an entry, where that is ahead, and an assertion is another's.
func firstDay(e *Entry, s *assertion, day string) string {
	if s.entry.ID == e.ID {
		return day
	}
	return max(day, validFrom(e.Advisory), e.Issued().GetLatest())
}

// correctionEnds is how a letter that takes no line for a committee, and asks nothing but what takes the place of what
// others ask, has ended with these; none: it has not.
func (p *Prepared) correctionEnds(e *Entry, committee, day string, matters func(string) *v1.Matter, fates func(*assertion) []fate) (ends []ended) {
	for _, action := range Actions(e.Advisory) {
		if of := action.GetCommittees(); len(of) > 0 && !slices.Contains(of, committee) {
			continue
		}
		if still, alone := p.stillAsks(e, action, committee, matters, fates); still || alone {
			return nil
		}
		for _, c := range p.carriersOf(e, action, committee, matters) {
			for _, f := range p.aboutAction(fates(c.assertion), action) {
				ends = append(ends, f.ends...)
				if _, in := p.corrected(f.query, c.assertion, c.action); f.ends == nil && in != c.assertion {
					ends = append(ends, ended{assertion: &assertion{entry: e}, how: amended, since: max(in.issued.latest, validFrom(in.entry.Advisory)), by: in.entry})
				}
				for _, through := range c.through {
					as := *c.assertion
					as.entry = through
					for _, by := range p.endings.of(through.ID) {
						if end, is := p.endBy(f.query, &as, by, nil); is {
							ends = append(ends, end)
						}
					}
				}
			}
		}
	}
	return slices.DeleteFunc(ends, func(end ended) bool { return end.how == lapsed || end.since > day })
}
