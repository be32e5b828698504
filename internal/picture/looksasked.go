package picture

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What of all that is asked at two looks is no change of it.

// stillDue is a line without what was due before a day: that it is asked no more is no change of
// what is said, and that it has fallen due is told by itself.
func stillDue(line *answersv1.Line, day string) *answersv1.Line {
	past := func(of *answersv1.StandingRequest) bool {
		due, _ := guidance.DueMoment(of.GetAction().GetDue())
		return due != "" && due < day
	}
	if !slices.ContainsFunc(line.GetAlsoAsked(), past) {
		return line
	}
	line = proto.CloneOf(line)
	line.AlsoAsked = slices.DeleteFunc(line.AlsoAsked, past)
	return line
}

// withoutPast is the later look's line without what it asked by a day that has passed, of a letter that was known before: a line that
// answers again asks nothing new by it, and that it fell due is told by itself.
func (l *looks) withoutPast(before, after *answersv1.Line) *answersv1.Line {
	by := after.GetCurrent()
	past := func(action *guidancev1.Action) bool {
		due, _ := guidance.DueMoment(action.GetDue())
		return due != "" && due < l.now.in.AsOf && !slices.ContainsFunc(requestsOf(before), func(of *answersv1.StandingRequest) bool { return proto.Equal(of.GetAction(), action) })
	}
	if by == nil || !l.known[by.GetAdvisory()] || by.GetIssued().GetLatest() > l.then.in.AsOf || !slices.ContainsFunc(after.GetActions(), past) {
		return after
	}
	after = proto.CloneOf(after)
	after.Actions = slices.DeleteFunc(after.Actions, past)
	return after
}

// withoutCome is the earlier look's line without what it was to ask again from a day that has come: it is asked, or is not, and that is
// told by itself.
func (l *looks) withoutCome(before *answersv1.Line) *answersv1.Line {
	come := func(of *answersv1.StandingRequest) bool { return of.GetAgainFrom() <= l.now.in.AsOf }
	if !slices.ContainsFunc(before.GetAskedAgain(), come) {
		return before
	}
	before = proto.CloneOf(before)
	before.AskedAgain = slices.DeleteFunc(before.AskedAgain, come)
	return before
}

// withoutAskedOn is the earlier look's line without what its letter asked on no measure, and another asks the same readers now with a line on
// another: it is asked of them all along.
func (l *looks) withoutAskedOn(q question, before, after *answersv1.Line) *answersv1.Line {
	c, there := l.now.committee(q.committee)
	if before == nil || !there {
		return before
	}
	var elsewhere []*answersv1.StandingRequest
	looked := false
	isStill := func(action *guidancev1.Action) func(*answersv1.StandingRequest) bool {
		return func(of *answersv1.StandingRequest) bool {
			return guidance.WhenAskedWords(of) == "" && guidance.AsksSameWords(of.GetAction(), action) && guidance.CompareDue(of.GetAction().GetDue(), action.GetDue()) == 0 && guidance.IsNoWeaker(of.GetAction(), action)
		}
	}
	asked := func(action *guidancev1.Action) bool {
		if action.GetMeasure() != "" || slices.ContainsFunc(requestsOf(after), isStill(action)) {
			return false
		}
		for _, measure := range l.now.measures() {
			if of := q; !looked && measure != q.measure {
				of.measure = measure
				elsewhere = append(elsewhere, requestsOf(pick(l.now.resolve(l.now.asking(c, of)), q.area, l.now.in.Area))...)
			}
		}
		looked = true
		return slices.ContainsFunc(elsewhere, isStill(action))
	}
	return withoutRequests(before, asked)
}

// withoutAsks is a line without what each of others asks too.
func withoutAsks(line *answersv1.Line, others ...*answersv1.Line) *answersv1.Line {
	if line == nil || len(line.GetActions())+len(line.GetAlsoAsked()) == 0 {
		return line
	}
	also := func(action *guidancev1.Action) bool {
		return !slices.ContainsFunc(others, func(other *answersv1.Line) bool {
			return !slices.ContainsFunc(other.GetActions(), func(a *guidancev1.Action) bool { return proto.Equal(a, action) }) &&
				!slices.ContainsFunc(other.GetAlsoAsked(), func(of *answersv1.StandingRequest) bool { return proto.Equal(of.GetAction(), action) })
		})
	}
	return withoutRequests(line, also)
}

// withoutRequests is a line without some of what its letter asks, and others beside it.
func withoutRequests(line *answersv1.Line, some func(*guidancev1.Action) bool) *answersv1.Line {
	isOne := func(of *answersv1.StandingRequest) bool { return some(of.GetAction()) }
	if !slices.ContainsFunc(line.GetActions(), some) && !slices.ContainsFunc(line.GetAlsoAsked(), isOne) {
		return line
	}
	line = proto.CloneOf(line)
	line.Actions = slices.DeleteFunc(line.Actions, some)
	line.AlsoAsked = slices.DeleteFunc(line.AlsoAsked, isOne)
	return line
}

// withoutAskedStill is a look's line without what the other look's does not ask of others than its readers, where those
// others are asked it there by their own line: for networks nothing changed when a later line to practices alone does
// not go with it.
func (l *looks) withoutAskedStill(other *resolver, q question, line, others *answersv1.Line) *answersv1.Line {
	c, there := other.committee(q.committee)
	if line == nil || !there {
		return line
	}
	var read map[guidancev1.Audience][]*answersv1.StandingRequest
	asked := func(action *guidancev1.Action) bool {
		isSame := func(of *answersv1.StandingRequest) bool { return proto.Equal(of.GetAction(), action) }
		if slices.ContainsFunc(action.GetActors(), func(a guidancev1.Audience) bool {
			return !guidance.Advised(a) || guidance.Related(a, line.GetAudience())
		}) ||
			len(action.GetActors()) == 0 || slices.ContainsFunc(requestsOf(others), isSame) {
			return false
		}
		return !slices.ContainsFunc(action.GetActors(), func(a guidancev1.Audience) bool {
			if _, again := read[a]; !again {
				of := q
				of.readers = a
				if read == nil {
					read = map[guidancev1.Audience][]*answersv1.StandingRequest{}
				}
				read[a] = requestsOf(pick(other.resolve(other.asking(c, of)), q.area, other.in.Area))
			}
			return !slices.ContainsFunc(read[a], isSame)
		})
	}
	return withoutRequests(line, asked)
}

// AskedOtherwise is what a line, its groups and its parts ask otherwise than another does of the same committee, each with the
// letter: by another day, as strongly or not, with another text; more, or no more.
func AskedOtherwise(before, after *answersv1.Line) (words []string) {
	was, is := asksOfAll(before), asksOfAll(after)
	isNew := func(a ask, among []ask) bool { return !slices.ContainsFunc(among, a.isSame) }
	byLetter := func(a ask) string { return a.words() + " (" + a.by + ")" }
	var put []ask // of before, in other words now
	for _, a := range is {
		if !isNew(a, was) {
			continue
		}
		i := slices.IndexFunc(was, func(o ask) bool { return a.isForSame(o) && isNew(o, is) && !slices.ContainsFunc(put, o.isSame) })
		switch {
		case i < 0:
			words = append(words, "now also "+byLetter(a))
			continue
		case was[i].words() == a.words():
			words = append(words, a.words()+a.textWords(was[i:i+1]))
		default:
			words = append(words, byLetter(was[i])+" -> "+byLetter(a)+a.textWords(was[i:i+1]))
		}
		put = append(put, was[i])
	}
	for _, o := range was {
		if isNew(o, is) && !slices.ContainsFunc(put, o.isSame) {
			words = append(words, "no longer "+byLetter(o))
		}
	}
	return words
}

// asksOfAll is what a line asks, and what those of its groups and parts are asked by their own lines.
func asksOfAll(line *answersv1.Line) (asks []ask) {
	for _, of := range slices.Concat([]*answersv1.Line{line}, line.GetGroups(), line.GetPartLines()) {
		for _, a := range asksOf(of) {
			if !slices.ContainsFunc(asks, a.isSame) {
				asks = append(asks, a)
			}
		}
	}
	return asks
}
