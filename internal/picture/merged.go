package picture

import (
	"cmp"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Over a merger of committees, what one says now is held against what those it was merged from said.

// mergedFrom are the committees in whose place one speaks at the later look: those it was merged from that were there, and
// are no more. It came between the looks, or was there already and goes on.
func (l *looks) mergedFrom(committee string) (all []Committee) {
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

// speaking are the committee that a look is about, and, at the earlier, those it was merged from since.
func (l *looks) speaking(r *resolver, committee string) (all []Committee) {
	if r == l.then {
		all = l.mergedFrom(committee)
	}
	if c, there := r.committee(committee); there {
		all = append(all, c)
	}
	return slices.DeleteFunc(all, func(c Committee) bool { return !r.concerns(c) })
}

// spokeThen are those who answer a question to a committee at the earlier look in its place: of one that was there already,
// where they covered what is asked about and it did not, or were the practice's.
func (l *looks) spokeThen(q question) []Committee {
	from := l.mergedFrom(q.committee)
	c, there := l.then.committee(q.committee)
	if !there || from == nil {
		return from
	}
	if l.then.in.Practice != "" && slices.Contains(l.now.in.Own, q.committee) {
		if l.then.isOwn(c) {
			return nil
		}
		return slices.DeleteFunc(from, func(c Committee) bool { return !l.then.isOwn(c) })
	}
	area := cmp.Or(q.area, notation.AreaOf(l.then.in.Area))
	if area == (notation.Area{}) || l.covers(l.then, c, area) {
		return nil
	}
	return slices.DeleteFunc(from, func(c Committee) bool { return !l.covers(l.then, c, area) })
}

// answerMerged is what those answered at the earlier look in whose place a committee is: whoever covered an area,
// or what its whole came from, or, of all of it, each of them the same; false: there is no such answer to all.
func (l *looks) answerMerged(from []Committee, q question) (line *answersv1.Line, ok bool) {
	r := l.then
	if origin := l.origin(guidance.AreaID(q.area)); origin != nil {
		q.area = notation.AreaOf(origin)
	}
	others := func(c Committee) bool { // than the practice's, or than those which are not
		return r.in.Practice != "" && r.isOwn(c) != slices.Contains(l.now.in.Own, q.committee)
	}
	for i, c := range slices.DeleteFunc(from, func(c Committee) bool { return !r.concerns(c) || others(c) }) {
		covers := q.area == (notation.Area{}) || len(from) == 1 || slices.ContainsFunc(r.lastCovered(c.GetId(), r.in.AsOf), func(of former) bool { return r.hadWithin(of, guidance.AreaID(q.area)) })
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

// mergedInto is the area that one was merged into with others by a day, in which what was said of the one does not hold as a
// whole (domain.md 4.9); zero: it is there still, what took over came from it alone, nothing did, or a committee that was merged
// is counted there by its practices.
func (l *looks) mergedInto(c Committee, area notation.Area, day string) (into notation.Area) {
	register, id := l.now.in.Register, guidance.AreaID(area)
	if area == (notation.Area{}) || register.Area(id, day) != nil {
		return into
	}
	for _, of := range l.now.beforeMerger(c) {
		if codes, all := l.now.practicesOf(of.area, of.day); notation.AreaOf(of.area) == area && all && len(codes) > 0 {
			return into
		}
	}
	for _, later := range register.InPlaceOf(id, day) {
		if l.origin(later) != nil {
			return notation.Area{}
		}
		into = cmp.Or(into, notation.AreaOf(later))
	}
	return into
}

// origin is the area of the earlier look that an area's whole came from; where the register had the one only since, of the day
// before the other's first. Nil: it came from several, or from none.
func (l *looks) origin(id *guidancev1.AreaId) *guidancev1.AreaId {
	day := l.then.in.AsOf
	if first := l.now.in.Register.Area(id, l.now.in.AsOf).GetValidFrom(); first != "" && first <= day && l.then.in.Register.Area(id, day) == nil {
		day = notation.DayBefore(first)
	}
	return l.now.in.Register.Origin(id, day)
}

// cameTo: an area is no more at the later look, and another took over from it.
func (l *looks) cameTo(area, later notation.Area) bool {
	register, id := l.now.in.Register, guidance.AreaID(area)
	return area != (notation.Area{}) && register.Area(id, l.now.in.AsOf) == nil &&
		slices.ContainsFunc(register.InPlaceOf(id, l.now.in.AsOf), func(o *guidancev1.AreaId) bool { return notation.AreaOf(o) == later })
}

// answerMergedArea is what a committee answers of an area that was merged with others between the looks: after it, that of what
// took over; of what took over, before it, that of each that was merged, where they were told the same. is: it is such a one.
func (l *looks) answerMergedArea(r *resolver, c Committee, q question) (line *answersv1.Line, ok, is bool) {
	of := q
	if r == l.now {
		if of.area = l.mergedInto(c, q.area, r.in.AsOf); of.area == (notation.Area{}) {
			return nil, false, false
		}
		if line, ok = l.answerOf(r, c, of); line != nil && ok {
			line = l.saidOfIt(q, line)
		}
		return line, ok, line != nil && ok
	}
	id := guidance.AreaID(q.area)
	if q.area == (notation.Area{}) || r.in.Register.Area(id, r.in.AsOf) != nil || l.now.in.Register.Area(id, l.now.in.AsOf) == nil || l.origin(id) != nil {
		return nil, false, false
	}
	for _, own := range r.areas(c) {
		for _, old := range append(r.in.Register.Within(own, r.in.AsOf), own) {
			if of.area = notation.AreaOf(old); !l.cameTo(of.area, q.area) {
				continue
			}
			one, ok := l.answerOf(r, c, of)
			if !ok || is && !saysTheSame(difference{before: line, after: one}) {
				return nil, false, true
			}
			line, is = one, true
		}
	}
	return line, is, is
}

// saidOfIt is the line of what an area was merged into, without what was said of another area that was: that is no change of this.
func (l *looks) saidOfIt(q question, line *answersv1.Line) *answersv1.Line {
	before, _ := l.answer(l.then, l.now, q)
	ofOther := func(former *answersv1.FormerArea) bool {
		return !slices.ContainsFunc(statements(before), sameAs(former.GetStatement()))
	}
	if slices.ContainsFunc(line.GetFormerAreas(), ofOther) {
		line = proto.CloneOf(line)
		line.FormerAreas = slices.DeleteFunc(line.FormerAreas, ofOther)
	}
	return line
}

// inEveryPart are differences of a committee on a measure, with one for those that are the same in each of the parts it has: of one
// that was merged these are the lists of those that were, and it is one committee, which moved once. What all of it has where no
// part is, which nobody need be in, is none beside them.
func (l *looks) inEveryPart(all []difference, areas []notation.Area) (told []difference) {
	if len(all) == 0 || len(l.now.in.Register.Predecessors(all[0].committee)) == 0 {
		return all
	}
	for i, d := range all {
		alike := func(o difference) bool {
			return o.readers == d.readers && o.scope == d.scope && o.area != (notation.Area{}) && o.repeats(d)
		}
		ofOne := 0
		differs := slices.ContainsFunc(areas, func(area notation.Area) bool {
			of := d.question
			of.area = area
			part := l.ask(of)
			switch {
			case part == nil:
				return false
			case area == (notation.Area{}):
				return !sameAnswer(part.before, d.before) || takesLine(part.after) || takesLine(d.after)
			}
			ofOne++
			return !alike(*part)
		})
		switch first := slices.IndexFunc(all, alike); {
		case d.area == (notation.Area{}) || differs || ofOne < 2:
			told = append(told, d)
		case first == i:
			told = slices.DeleteFunc(told, func(o difference) bool {
				return o.area == (notation.Area{}) && o.readers == d.readers && o.scope == d.scope
			})
			d.ofAll = true
			told = append(told, d)
		}
	}
	return told
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

// practicesOf are the practices that an area lists on a day, or areas within it do, and whether these are as many as it has.
func (r *resolver) practicesOf(area *guidancev1.AreaId, day string) (codes []string, all bool) {
	codes, all = r.in.Register.PracticesOf(area, day)
	codes = slices.Clone(codes)
	for _, in := range r.in.Register.Within(area, day) {
		listed, _ := r.in.Register.PracticesOf(in, day)
		codes = append(codes, listed...)
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	return codes, all || len(codes) > 0 && int(r.in.Register.Area(area, day).GetPractices()) <= len(codes)
}

// theirsOf are the practices that were in an area on a day and are a committee's.
func (r *resolver) theirsOf(c Committee, area *guidancev1.AreaId, day string) (codes []string) {
	own := r.areas(c)
	all, _ := r.practicesOf(area, day)
	for _, code := range all {
		if slices.ContainsFunc(r.in.Register.PracticeIn(code, r.in.AsOf), func(in *guidancev1.AreaId) bool {
			return slices.ContainsFunc(own, func(own *guidancev1.AreaId) bool { return r.contains(own, in) })
		}) {
			codes = append(codes, notation.PracticeCode(code))
		}
	}
	return codes
}

// theirsStill are the practices of an area, which a committee does not cover at a look, that it has there all the same: a list
// of its own took the place of the area, which it covered before, or which one that merged into it did.
func (l *looks) theirsStill(r *resolver, c Committee, area *guidancev1.AreaId) []string {
	before := r.beforeMerger(c)
	switch i := slices.IndexFunc(before, func(of former) bool { return notation.AreaOf(of.area) == notation.AreaOf(area) }); {
	case i >= 0:
		return r.theirsOf(c, area, before[i].day)
	case r == l.now:
		return r.theirsOf(c, area, l.then.in.AsOf)
	}
	return nil
}

// askedByPractice are the practices by which an area is asked about at a look: those that a committee has, which does not cover it
// there, or that came out of a merger, as the area is no more.
func (l *looks) askedByPractice(r *resolver, c Committee, area notation.Area) []string {
	id := guidance.AreaID(area)
	isGone := id != nil && r.in.Register.Area(id, r.in.AsOf) == nil && len(r.in.Register.Predecessors(c.GetId())) > 0
	if !isCounted(c) || !isGone && l.covers(r, c, area) {
		return nil
	}
	return l.theirsStill(r, c, id)
}

// answerByPractice is what a committee answers at a look to the practices by which an area is asked about; nil: there are none;
// false: they are not all told the same.
func (l *looks) answerByPractice(r *resolver, c Committee, q question) (line *answersv1.Line, ok bool) {
	for _, code := range l.askedByPractice(r, c, q.area) {
		one := l.asCompared(r, c, q, r.toldToPractice(c, q, code))
		if l.ctx.Err() != nil || line != nil && !isAlike(line, one) {
			return nil, false
		}
		line = one
	}
	return line, true
}

// tookOverFrom is by name the one that was merged into a committee which covered an area of its before it did: it is not new to
// it; empty: none of these did.
func (l *looks) tookOverFrom(c Committee, area string) string {
	register := l.now.in.Register
	for _, tenure := range c.GetAreas() {
		key := notation.AreaOf(tenure.GetArea())
		if key.String() != area || !notation.IsWithin(l.now.in.AsOf, tenure.GetValidFrom(), tenure.GetValidUntil()) {
			continue
		}
		for _, id := range register.Predecessors(c.GetId()) {
			for _, day := range []string{l.then.in.AsOf, register.LastDay(id), notation.DayBefore(tenure.GetValidFrom())} {
				if day != "" && slices.ContainsFunc(register.CommitteeAreas(id, day), func(own *guidancev1.AreaId) bool {
					return register.Contains(own, tenure.GetArea(), day) || slices.ContainsFunc(register.InPlaceOf(own, l.now.in.AsOf), func(later *guidancev1.AreaId) bool { return notation.AreaOf(later) == key })
				}) {
					return cmp.Or(register.CommitteeName(id), id)
				}
			}
		}
	}
	return ""
}

// areasMoved is what a counted committee covers at one look and not at the other, in words, or in whose place
// it speaks since; empty: nothing, or one look has no areas of it.
func (l *looks) areasMoved(committee string) string {
	before, there := l.then.committee(committee)
	after, still := l.now.committee(committee)
	merged, from := "", l.mergedFrom(committee)
	if from != nil {
		names := make([]string, len(from))
		for i, c := range from {
			names[i] = displayName(c)
		}
		merged = displayName(after) + " speaks since in place of " + notation.List(names) + ", by the register: what was said for these stands until it speaks itself."
	}
	if !there && from == nil || !still || !isCounted(after) || there && len(l.then.areas(before)) == 0 || len(l.now.areas(after)) == 0 {
		return merged
	}
	came := func(code string) bool { return l.now.cameWithMerger(after, notation.PracticeCode(code)) }
	without := func(areas []*guidancev1.AreaId, r *resolver, c Committee) (names []string) {
		for _, area := range areas {
			key := notation.AreaOf(area)
			isRecorded := func(t *guidancev1.AreaTenure) bool {
				return proto.Equal(t.GetArea(), area) && notation.IsWithin(r.in.AsOf, t.GetValidFrom(), t.GetValidUntil())
			}
			if slices.ContainsFunc(c.GetAreas(), isRecorded) {
				continue // a list with nobody in it: that is told by practices
			}
			if r == l.then && slices.ContainsFunc(from, func(c Committee) bool { return l.covers(r, c, key) }) {
				continue // that of one in whose place it speaks
			}
			if codes, _ := l.now.in.Register.PracticesOf(area, l.now.in.AsOf); !there && slices.ContainsFunc(codes, came) {
				continue // a list of its own, of the practices of these
			}
			if !there || !l.covers(r, c, key) && l.theirsStill(r, c, area) == nil {
				names = append(names, key.String())
			}
		}
		return names
	}
	var words []string
	come, took := without(l.now.areas(after), l.then, before), map[string][]string{}
	come = slices.DeleteFunc(come, func(area string) bool {
		old := l.tookOverFrom(after, area)
		took[old] = append(took[old], area)
		return old != ""
	})
	if len(come) > 0 {
		words = append(words, "covers "+notation.List(come)+" since")
	}
	delete(took, "")
	for _, old := range slices.Sorted(maps.Keys(took)) {
		words = append(words, "took "+notation.List(took[old])+" over from "+old)
	}
	if gone := without(l.then.areas(before), l.now, after); there && gone != nil {
		words = append(words, "covers "+notation.List(gone)+" no more")
	}
	if words == nil {
		return merged
	}
	return notation.Joined(" ", merged, displayName(after)+" "+notation.List(words)+", by the register: what it says holds where it covers.")
}
