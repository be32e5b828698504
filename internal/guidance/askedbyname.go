package guidance

import (
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// askByName adds to what those who ask are asked what letters ask of them, or of some of them, by name, though their
// lines are to others alone, as it stands in the view of those others: nobody who is asked something is told that
// nothing is published (domain.md 4.8).
func (p *Prepared) askByName(q query, out *answer) {
	if out.contested != nil {
		return
	}
	in := q
	for _, in.audience = range p.namingTo(q) {
		if p.stopped() {
			return
		}
		theirs := p.answerUnnamed(in)
		for _, of := range slices.Concat(theirs.stillAsked(in), theirs.alsoAsked) {
			told := func(other standing) bool { return asksAgain(other.action, of.action) }
			isTheirs := slices.ContainsFunc(of.action.GetActors(), func(actor v1.Audience) bool { return Contains(actor, q.audience) })
			switch {
			case !of.assertion.namesApart(q.audience, of.action):
			case !isTheirs:
				out.tellPart(of, marked(of), slices.Concat(out.asked(), out.alsoAsked))
			case len(out.alsoAsked) < ActionLimit && !slices.ContainsFunc(slices.Concat(out.asked(), out.alsoAsked), told):
				out.alsoAsked = append(out.alsoAsked, of)
			}
		}
		beside := theirs.partAsked
		for _, group := range theirs.groups {
			beside = slices.Concat(beside, group.stillAsked(in), group.alsoAsked)
		}
		for _, of := range beside {
			if of.assertion.namesApart(q.audience, of.action) {
				out.tellPart(of, marked(of), slices.Concat(out.asked(), out.alsoAsked))
			}
		}
	}
}

// namingTo are those to whom letters say something on what is asked about that name others so, among them those who ask.
func (p *Prepared) namingTo(q query) (to []v1.Audience) {
	in := q
	for _, in.scope = range p.scopes(q.topic) {
		if q.scope != "" && in.scope != "" && in.scope != q.scope {
			continue
		}
		said, _ := p.mayAnswer(in)
		for _, s := range said {
			if q.isAbout(s) && q.knows(s.entry) && s.letterNamesApart(q.audience) {
				to = append(to, AdvisedAmong(s.position.GetAudiences())...)
			}
		}
	}
	slices.Sort(to)
	return slices.Compact(to)
}

// letterNamesApart: its letter asks something of some so.
func (s *assertion) letterNamesApart(audience v1.Audience) bool {
	return slices.ContainsFunc(Actions(s.entry.Advisory), func(action *v1.Action) bool { return s.namesApart(audience, action) })
}

// namesApart: an action of its letter names an audience, or some within that, to whom, and to part of whom, an
// assertion says nothing.
func (s *assertion) namesApart(audience v1.Audience, action *v1.Action) bool {
	if s.isFor(audience) {
		return false
	}
	for _, actor := range action.GetActors() {
		isToPart := func(to v1.Audience) bool { return Contains(actor, to) }
		if Advised(actor) && (Contains(actor, audience) || Contains(audience, actor)) && !s.isFor(actor) && !slices.ContainsFunc(s.position.GetAudiences(), isToPart) {
			return true
		}
	}
	return false
}
