package guidance

import (
	"cmp"
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// partLine is what answers an audience within the one asked for.
type partLine struct {
	asked  query
	answer answer
	said   *assertion // the first of what answers and is not said to all
}

// leftTo are those of an assertion's audiences to whom it is said, but for those among some readers who have another line:
// they are not among those whom it answers; nil: all.
func (s *assertion) leftTo(readers v1.Audience, answered []v1.Audience) []v1.Audience {
	left := slices.DeleteFunc(slices.Clone(s.position.GetAudiences()), func(a v1.Audience) bool { return Contains(readers, a) && !slices.Contains(answered, a) })
	if len(left) == len(s.position.GetAudiences()) {
		return nil
	}
	return left
}

// toPart is what answers those within the audience asked for, where that is not said to all of
// it: whoever asks for practices is told what was said to their partners (domain.md 4.8). answersHere is
// whether out is what answers all where q asks: of what it does not reach elsewhere, nothing is told by it.
func (p *Prepared) toPart(q query, out *answer, answersHere bool) []*assertion {
	var found []*assertion
	type request struct {
		question query
		asks     []standing
	}
	var asked []request
	said := p.ofEachKind(q)
	var mine []standing // what all are asked
	for inner := range v1.Audience(len(v1.Audience_name)) {
		isToThem := func(s *assertion) bool { return s.toPart(q.audience, inner) }
		bears := func(s *assertion) bool { return isToThem(s) && q.isAbout(s) && q.knows(s.entry) }
		if inner == q.audience || !Contains(q.audience, inner) || !slices.ContainsFunc(said, bears) {
			continue
		}
		if mine == nil {
			mine = append(out.asked(), out.alsoAsked...)
		}
		part := q
		part.audience = inner
		answer := p.answerWithin(part)
		out.listElsewhere(&answer, isToThem)
		ofOthers := func(action *v1.Action) bool { // which stand with their line
			return IsOfOthers(action, []v1.Audience{inner})
		}
		answer.actions = slices.DeleteFunc(answer.actions, ofOthers)
		alike := answer // with all that other letters ask them; in a line of their own, what all are asked too stands with the line of all
		alike.alsoAsked = slices.DeleteFunc(p.alsoAsked(part, &answer), func(of standing) bool { return ofOthers(of.action) })
		answer.alsoAsked = slices.DeleteFunc(slices.Clone(alike.alsoAsked), func(of standing) bool {
			named := q.scope == "" && !q.beside && of.action.GetScope() == "" && slices.Contains(of.action.GetActors(), inner) && !slices.Contains(of.action.GetActors(), q.audience)
			return of.assertion.isFor(q.audience) && (!named || slices.ContainsFunc(mine, func(o standing) bool { return o.action == of.action }))
		})

		// What is only mentioned to them, or will be said, and the line of their own.
		for _, s := range answer.mentioned() {
			if s.mention && isToThem(s) && !isAmong(out.besides, s) && !isAmong(out.reason.toOthers, s) {
				out.besides = append(out.besides, s)
			}
		}
		for _, s := range append(slices.Clip(answer.contested), answer.current) {
			if s == nil || s.mention || !isToThem(s) {
				continue
			}
			out.addPart(partLine{asked: part, answer: answer, said: s})
			if !isAmong(out.reason.toOthers, s) && !isAmong(found, s) {
				found = append(found, s)
			}
		}
		for _, s := range out.untold(p.toCome(part, &answer)) {
			if isToThem(s) && !isAmong(found, s) {
				found = append(found, s)
			}
		}

		// What answers all may not reach them: another line does, or none any more.
		all := answersHere && out.takesLine()
		if s := answer.current; s != nil && all && !isToThem(s) && s.scope == q.scope && s.scope == out.answering().scope && s.position != out.answering().position {
			out.addPart(partLine{asked: part, answer: answer, said: s})
		}
		if of := p.lost(part, &answer, out); of != nil && (all || isToThem(of)) {
			out.addPart(partLine{asked: part, answer: answer, said: of})
		}

		// What all are asked may have ended for them though they are answered as all are, or by nothing.
		theirs := append(alike.asked(), alike.alsoAsked...)
		isEnded := func(of standing) bool {
			return !ofOthers(of.action) && !slices.ContainsFunc(theirs, func(o standing) bool { return o.action == of.action || asksAgain(o.action, of.action) })
		}
		isTold := func(o partLine) bool {
			return o.asked.audience == inner && o.asked.scope == part.scope && sameArea(o.asked.area, part.area)
		}
		if i := slices.IndexFunc(mine, isEnded); i >= 0 && answersHere && !q.beside && !slices.ContainsFunc(out.parts, isTold) {
			out.addPart(partLine{part, alike, cmp.Or(answer.current, mine[i].assertion)})
		}

		// And what they are asked who have no line of their own that says so.
		asks := answer.alsoAsked
		if s := answer.current; s != nil && s.mention && isToThem(s) {
			asks = slices.Concat(answer.asked(), asks)
		}
		for _, of := range p.askedFormer(part, &answer) {
			if !ofOthers(of.action) && !of.assertion.isFor(q.audience) {
				asks = append(asks[:len(asks):len(asks)], of)
			}
		}
		asked = append(asked, request{part, asks})
	}
	for _, of := range asked {
		asks := slices.Clone(of.asks)
		ofOthers := func(part partLine) bool { return part.asked.audience != of.question.audience } // whom alone their own line tells
		own := slices.DeleteFunc(slices.Clone(out.parts), ofOthers)
		for i, one := range asks { // of whom it names, not of those for whom it has ended
			isAsked := func(o standing) bool { return o.action == one.action }
			ended := func(a v1.Audience) bool {
				return slices.ContainsFunc(asked, func(r request) bool {
					return r.question.audience == a && !slices.ContainsFunc(r.asks, isAsked)
				})
			}
			if left := slices.DeleteFunc(slices.Clone(one.action.GetActors()), ended); len(left) > 0 && len(left) < len(one.action.GetActors()) && !out.asksAlready(isAsked, own) {
				asks[i].action = clone(one.action)
				asks[i].action.Actors = left
			}
		}
		out.askPart(q, asks, anyOf, own)
	}
	slices.SortFunc(found, newestFirst)
	return found
}

// lost is why nothing answers part of the readers, where what answers all does not reach them, or what they
// were told has lapsed: who was told to do it is told that it would be a breach now. Nil: something does
// answer, or nothing has for all either.
func (p *Prepared) lost(part query, answer, out *answer) *assertion {
	switch {
	case answer.takesLine():
		return nil
	case answer.lapse != nil:
		return answer.lapse.assertion
	case !out.takesLine():
		return nil
	}
	all := out.answering()
	if all.scope != part.scope { // asked beside it, or the general line: of whom is another question
		return nil
	}
	if general := part; part.scope != "" {
		general.scope = ""
		if of := p.weigh(general); of.takesLine() { // which answers them
			return nil
		}
	}
	if gone := answer.reason.gone; gone != nil {
		return gone.assertion
	}
	return all
}

// answering is what answers, the first where several contest each other.
func (out *answer) answering() *assertion { return append(slices.Clip(out.contested), out.current)[0] }

// isSameLine says whether two answers answer with the same.
func (out *answer) isSameLine(other *answer) bool {
	mine, theirs := out.answering(), other.answering()
	return mine == theirs || mine != nil && theirs != nil && mine.position == theirs.position
}

// addPart adds what answers a part of the readers, or that nothing does, or only what is said to all; of those to whom one
// line is said by name each by itself: they may be asked something else besides.
func (out *answer) addPart(part partLine) {
	told := func(other partLine) bool {
		return other.asked.audience == part.asked.audience && slices.Equal(other.answer.contested, part.answer.contested) && (other.said == part.said || part.answer.contested != nil)
	}
	if len(out.parts) == GroupLimit || slices.ContainsFunc(out.parts, told) {
		return
	}
	out.parts = append(out.parts, part)
	slices.SortStableFunc(out.parts, func(x, y partLine) int { return newestFirst(x.said, y.said) })
}

func anyOf(*assertion) bool { return true }

// asksAlready: it is asked of all, or by the own line of some parts of the readers.
func (out *answer) asksAlready(is func(standing) bool, parts []partLine) bool {
	inPart := func(part partLine) bool {
		return slices.ContainsFunc(slices.Concat(part.answer.alsoAsked, part.answer.asked()), is)
	}
	return slices.ContainsFunc(slices.Concat(out.alsoAsked, out.asked()), is) || slices.ContainsFunc(parts, inPart)
}

// askPart adds what is asked of a group, or of part of those who ask, marked with whom, where and of
// which group its letter's line is, where it does not say so itself, unless the own line of some parts of the readers asks it.
func (out *answer) askPart(q query, asks []standing, wanted func(s *assertion) bool, parts []partLine) {
	for _, of := range asks {
		told := func(other standing) bool {
			return other.assertion.entry == of.assertion.entry && other.action == of.action
		}
		if len(out.partAsked) == ActionLimit || !wanted(of.assertion) || out.asksAlready(told, parts) {
			continue
		}
		action := marked(of)
		if (len(action.GetActors()) == 0 || slices.Contains(action.GetActors(), q.audience)) && !of.assertion.isFor(q.audience) {
			action.Actors = slices.DeleteFunc(slices.Clone(of.assertion.position.GetAudiences()), func(a v1.Audience) bool { return !Contains(q.audience, a) })
		}
		out.tellPart(of, action, nil)
	}
}

// marked is a copy of an action with where and of which group its letter's line is, where it does not say so itself.
func marked(of standing) *v1.Action {
	action := clone(of.action)
	if action.GetScope() == "" {
		action.Scope = of.assertion.scope
	}
	if action.GetArea() == nil {
		action.Area = of.assertion.position.GetArea()
	}
	return action
}

// tellPart adds an action as it is marked, unless it is asked so already.
func (out *answer) tellPart(of standing, marked *v1.Action, asked []standing) {
	again := func(other standing) bool { return asksAgain(other.action, marked) }
	if len(out.partAsked) < ActionLimit && !slices.ContainsFunc(out.partAsked, again) && !slices.ContainsFunc(asked, again) {
		out.partAsked = append(out.partAsked, standing{marked, of.assertion, of.now})
	}
}
