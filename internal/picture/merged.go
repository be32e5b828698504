package picture

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Over a merger of committees, what one says now is held against what those it was merged from said.

// mergedFrom are the committees in whose place one is that came between the looks: those it was merged from that
// were there, and are no more.
func (l *looks) mergedFrom(committee string) (all []Committee) {
	if _, was := l.then.committee(committee); was {
		return nil
	}
	if _, is := l.now.committee(committee); !is {
		return nil
	}
	for _, id := range l.now.in.Register.Predecessors(committee) {
		c, was := l.then.committee(id)
		if _, is := l.now.committee(id); was && !is {
			all = append(all, c)
		}
	}
	return all
}

// isMerged: a committee is told of as the one that it was merged into between the looks, which does not start blank
// (domain.md 4.9); unless a practice was its own and is not that one's.
func (l *looks) isMerged(committee string) bool {
	return slices.ContainsFunc(l.now.in.Register.Successors(committee), func(into string) bool {
		left := l.then.in.Practice != "" && slices.Contains(l.then.in.Own, committee) && !slices.Contains(l.now.in.Own, into)
		return !left && slices.ContainsFunc(l.mergedFrom(into), func(c Committee) bool { return c.GetId() == committee })
	})
}

// speaking is the committee that a look is about, or, at the earlier, those it was merged from since.
func (l *looks) speaking(r *resolver, committee string) []Committee {
	all := l.mergedFrom(committee)
	if c, there := r.committee(committee); there {
		all = []Committee{c}
	} else if r == l.now {
		return nil
	}
	return slices.DeleteFunc(all, func(c Committee) bool { return !r.concerns(c) })
}

// answerMerged is what those answered at the earlier look in whose place a committee is: whoever covered an area,
// or what its whole came from, or, of all of it, each of them the same; false: there is no such answer to all.
func (l *looks) answerMerged(from []Committee, q question) (line *answersv1.Line, ok bool) {
	r := l.then
	if origin := l.now.in.Register.Origin(guidance.AreaID(q.area), r.in.AsOf); origin != nil {
		q.area = notation.AreaOf(origin)
	}
	others := func(c Committee) bool { // than the practice's, or than those which are not
		return r.in.Practice != "" && r.isOwn(c) != slices.Contains(l.now.in.Own, q.committee)
	}
	for i, c := range slices.DeleteFunc(from, func(c Committee) bool { return !r.concerns(c) || others(c) }) {
		covers := q.area == (notation.Area{}) || len(from) == 1 || slices.ContainsFunc(r.areas(c), func(own *guidancev1.AreaId) bool { return r.contains(own, guidance.AreaID(q.area)) })
		if !covers {
			continue
		}
		one, ok := l.answerOf(r, c, q)
		switch {
		case q.area != (notation.Area{}):
			return one, ok
		case !ok || i > 0 && !saysTheSame(difference{before: line, after: one}):
			return nil, false
		}
		line = one
	}
	return line, true
}

// withoutSaidStill are the lines of both looks without what was said to others before a merger, and still is: under the
// name of whoever said it, and, where each area is asked about by itself, by another one than was asked there before.
func (l *looks) withoutSaidStill(before, after *answersv1.Line) (was, is *answersv1.Line) {
	saidToo := func(of *answersv1.Line) func(*answersv1.Statement) bool {
		return func(s *answersv1.Statement) bool { return slices.ContainsFunc(of.GetSaidToOthers(), sameAs(s)) }
	}
	elsewhere := func(s *answersv1.Statement) bool {
		return s.GetPredecessor() != "" && s.GetPredecessor() != before.GetCommittee() && l.known[s.GetAdvisory()] && s.GetIssued().GetLatest() <= l.then.in.AsOf
	}
	return withoutToOthers(before, saidToo(after)), withoutToOthers(after, func(s *answersv1.Statement) bool { return saidToo(before)(s) || elsewhere(s) })
}

// areasMoved is what a counted committee covers at one look and not at the other, in words, or in whose place
// it came between them; empty: nothing, or one look has no areas of it.
func (l *looks) areasMoved(committee string) string {
	before, there := l.then.committee(committee)
	after, still := l.now.committee(committee)
	if from := l.mergedFrom(committee); from != nil {
		names := make([]string, len(from))
		for i, c := range from {
			names[i] = displayName(c)
		}
		return displayName(after) + " speaks since in place of " + notation.List(names) + ", by the register: what was said for these stands until it speaks itself."
	}
	if !there || !still || !isCounted(after) || len(l.then.areas(before)) == 0 || len(l.now.areas(after)) == 0 {
		return ""
	}
	without := func(areas []*guidancev1.AreaId, r *resolver, c Committee) (names []string) {
		for _, area := range areas {
			isRecorded := func(t *guidancev1.AreaTenure) bool {
				return proto.Equal(t.GetArea(), area) && notation.IsWithin(r.in.AsOf, t.GetValidFrom(), t.GetValidUntil())
			}
			if slices.ContainsFunc(c.GetAreas(), isRecorded) {
				continue // a list with nobody in it: that is told by practices
			}
			if !l.covers(r, c, notation.AreaOf(area)) {
				names = append(names, notation.AreaOf(area).String())
			}
		}
		return names
	}
	var words []string
	if come := without(l.now.areas(after), l.then, before); come != nil {
		words = append(words, "covers "+notation.List(come)+" since")
	}
	if gone := without(l.then.areas(before), l.now, after); gone != nil {
		words = append(words, "covers "+notation.List(gone)+" no more")
	}
	if words == nil {
		return ""
	}
	return displayName(after) + " " + notation.List(words) + ", by the register: what it says holds where it covers."
}
