package guidance

import (
	"slices"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// An answer, and what stands beside it: what it takes up from a group's, or the general one, and what is said
// to others (domain.md 4.8 to 4.10).

// answer is what the rule leaves of everything said. At most one of current and contested
// is set; neither: reason says why.
type answer struct {
	current         *assertion                   // the current position, line or mention
	contested       []*assertion                 // instead of it (4.6)
	reason          reason                       // why nothing is left (4.7)
	lapse           *ended                       // what would answer, and is advice no more (4.7)
	gone            []ended                      // what would, and has ended
	spoke           string                       // when the committee last did so itself (4.4)
	mentions        []*assertion                 // beside it (4.3)
	reportedSince   []*assertion                 // later than the committee's own word (4.4)
	reportedEarlier []*assertion                 // not later, and no answer any more (4.4)
	mayBeIssued     []*assertion                 // earliest day reached, latest not (4.8)
	waiting         []*assertion                 // STARTS_WHEN (4.1)
	notYet          []*assertion                 // valid from a later day (4.7)
	formerAreas     []*assertion                 // of an area that is no more, and not to be carried over (4.9)
	unknownAreas    []*assertion                 // of an area the register does not have (4.9)
	overridden      *assertion                   // an earlier line on the measure that a whole-matter line beat (4.6)
	actions         []*v1.Action                 // what the letter of the current line asks
	corrected       []standing                   // and what others ask in the place of some of that
	valid           []*assertion                 // all that holds, the current one too
	alsoAsked       []standing                   // what those others ask that hold, or will (4.8)
	partAsked       []standing                   // what is asked of groups and of part of the readers, who have no line of their own
	groups          []answer                     // the lines for groups, by scope id (4.10), at most GroupLimit
	scope           string                       // of a group's: its id
	again           []*answersv1.StandingRequest // what is asked again from days ahead on (4.8); nil: nothing is stopped, or that was not looked at
	asksInAll       []standing                   // of a group's, where parts of an area are told apart: all that other letters ask it
	moreGroups      int                          // how many more there are
	nearer          []*assertion                 // what is mentioned to the group asked for, which is told the general line
	besides         []*assertion                 // what is mentioned to groups and to part of the readers, who have no line of their own
	others          []*assertion                 // beside a line: those on just what is asked about that are to none of those who ask
	toPart          []*assertion                 // the lines for audiences within the one asked for (4.8), and those to come, for groups too
	parts           []partLine                   // those audiences' answers, at most GroupLimit
}

// takesLine: something answers.
func (out *answer) takesLine() bool { return out.current != nil || out.contested != nil }

// speaks: a scope's answer is one of its own, and not only a mention: a line, or one that
// lapsed, for that stands until a letter names it (domain.md 4.10).
func (out *answer) speaks() bool {
	return out.current != nil && !out.current.mention || out.contested != nil && !out.contested[0].mention || !out.takesLine() && out.lapse != nil
}

// isToCome takes up from a group's own answer, where the general one is told instead, what will hold
// for the group or may have been said to it, and why nothing answers that either, where of the two reasons
// it is the first of domain.md 4.7: of what ended, the last of both was the group's line until then.
func (out *answer) isToCome(scoped *answer) {
	for _, lists := range [...][2]*[]*assertion{{&out.notYet, &scoped.notYet}, {&out.waiting, &scoped.waiting}, {&out.mayBeIssued, &scoped.mayBeIssued}} {
		*lists[0] = slices.Concat(*lists[0], *lists[1])
		slices.SortFunc(*lists[0], newestFirst)
	}
	if out.takesLine() {
		return
	}
	own, general := scoped.reason.rank(), out.reason.rank()
	if own == rankEnded && general == rankEnded {
		if lastGone([]ended{*out.reason.gone, *scoped.reason.gone}, "").assertion == scoped.reason.gone.assertion {
			out.reason = scoped.reason
		}
	} else if own < general {
		out.reason = scoped.reason
	}
}

// Where a reason stands among those of domain.md 4.7 that a group may have of its own; those behind them are of
// what is said to others, and told in general.
const (
	rankLapsed = iota
	rankEnded
	rankDayNotKnown
	rankNotYet
	rankOther
)

func (r *reason) rank() int {
	switch {
	case r.gone != nil && r.gone.how == lapsed:
		return rankLapsed
	case r.gone != nil:
		return rankEnded
	case r.why == answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN && len(r.letters) == 0:
		return rankDayNotKnown
	case r.why == answersv1.NoLineReason_NO_LINE_REASON_NOT_YET:
		return rankNotYet
	}
	return rankOther
}

// listElsewhere takes up from another answer what that lists of areas that are no more, or that the register does
// not have: whoever asks for all is told what was said so of a group or of part of the readers (domain.md 4.9).
func (out *answer) listElsewhere(of *answer, wanted func(*assertion) bool) {
	for _, lists := range [...][2]*[]*assertion{{&out.formerAreas, &of.formerAreas}, {&out.unknownAreas, &of.unknownAreas}} {
		fresh := slices.DeleteFunc(slices.Clone(*lists[1]), func(s *assertion) bool { return !wanted(s) || out.isNowhere(s) })
		*lists[0] = slices.Concat(*lists[0], fresh)
		slices.SortFunc(*lists[0], newestFirst)
	}
	out.reason.toOthers = slices.DeleteFunc(out.reason.toOthers, out.isNowhere)
}

// isNowhere: what an assertion says is listed as of an area that is no more, or that the register does not have.
func (out *answer) isNowhere(s *assertion) bool {
	return isAmong(out.formerAreas, s) || isAmong(out.unknownAreas, s)
}

// asking are those of an answer with which something may be asked: what holds, and what is ahead but for what
// never will.
func (p *Prepared) asking(q query, out *answer) []*assertion {
	never := p.overtaken(q, out.notYet)
	return slices.DeleteFunc(slices.Concat(out.valid, out.notYet, out.waiting), func(s *assertion) bool { return slices.Contains(never, s) })
}

// toCome are the lines of an answer that will hold from a later day, or once a condition comes true.
func (p *Prepared) toCome(q query, out *answer) []*assertion {
	never := p.overtaken(q, out.notYet)
	return slices.DeleteFunc(slices.Concat(out.notYet, out.waiting), func(s *assertion) bool {
		return s.mention || slices.Contains(never, s) || lapsedSince(q, s) != ""
	})
}

// untold are those of which what they say is not listed as said to others, or to part of the readers, already.
func (out *answer) untold(list []*assertion) []*assertion {
	return slices.DeleteFunc(slices.Clone(list), func(s *assertion) bool { return isAmong(out.toPart, s) || isAmong(out.reason.toOthers, s) })
}

// saidToOthers are, beside a line, the lines on just what is asked about, a measure or the whole matter, to readers who are
// none of those asked about, nor these of them (domain.md 4.8): without a line they are among its reasons. Of what was said to
// both it is what answers those others still. Of a practice or a part of the area it is what holds there; of a
// group, what these others are told of it.
func (p *Prepared) saidToOthers(q query, out *answer) (others []*assertion) {
	if !out.takesLine() {
		return nil
	}
	general := q
	general.scope = ""
	said, _ := p.mayAnswer(general)
	if q.scope != "" {
		group, _ := p.mayAnswer(q)
		said = slices.Concat(said, group)
	}
	type reply struct {
		current *assertion
		ofGroup bool // a line of the group asked about, which stands there for the general one (4.10)
	}
	var replies map[v1.Audience]reply
	told := func(a v1.Audience) reply { // one of those others, as they ask it
		of, again := replies[a]
		if again {
			return of
		}
		own := q
		own.audience = a
		theirs := p.weigh(own)
		if of.ofGroup = q.scope != "" && theirs.speaks(); q.scope != "" && !of.ofGroup {
			own.scope = ""
			theirs = p.weigh(own)
		}
		of.current = theirs.current
		if replies == nil {
			replies = map[v1.Audience]reply{}
		}
		replies[a] = of
		return of
	}
	isOurs := func(a v1.Audience) bool { return Related(a, q.audience) }
	for i, s := range said {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		if s.mention || s.report || s.position.GetMeasure() != q.measure || !q.knows(s.entry) || s.issued.latest > q.day || isAmong(out.contested, s) || out.current != nil && out.current.position == s.position {
			continue
		}
		isTheirs := func(a v1.Audience) bool { return known(a) && !isOurs(a) && (s.scope == q.scope || !told(a).ofGroup) }
		here := q.area == nil && q.practice == "" || p.covers(q, s)
		if !here || !slices.ContainsFunc(s.position.GetAudiences(), isTheirs) {
			continue
		}
		var theirs []v1.Audience
		if slices.ContainsFunc(s.position.GetAudiences(), isOurs) && !p.isElsewhere(q, s) {
			theirs = slices.DeleteFunc(slices.Clone(s.position.GetAudiences()), func(a v1.Audience) bool { return !isTheirs(a) || told(a).current != s })
		} else {
			theirs = slices.DeleteFunc(p.toldOfOthers(q, out, s), func(a v1.Audience) bool { return !isTheirs(a) })
		}
		if len(theirs) > 0 {
			others = p.once(others, s, false)
			out.reason.isLeftTo(s, theirs)
		}
	}
	slices.SortFunc(others, newestFirst)
	return others
}

// isAmong: what an assertion says is in a list, be it for another of the committees that merged.
func isAmong(list []*assertion, s *assertion) bool {
	return slices.ContainsFunc(list, func(x *assertion) bool { return x != nil && x.position == s.position })
}

// mentioned are the mentions of an answer that takes no line.
func (out *answer) mentioned() []*assertion {
	all := out.contested
	if out.current != nil {
		all = []*assertion{out.current}
	}
	return append(slices.Clip(all), out.mentions...)
}
