package guidance

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The resolution rule, domain.md 4, clause by clause: what was asked, what bears on it
// (4.1) here; what of that has ended (4.2) in ended.go; what is left of it (4.3 to 4.6) in
// outcome.go; why nothing is (4.7) in reason.go; where a position holds (4.9) in extent.go.

// Resolve answers a question by the resolution rule (domain.md 4): first the line for
// all, or the rest, of the committee's area; then one line per part of it where the
// line differs, by area. Where the parts leave no rest, the parts alone. Never empty.
//
// It fills everything of a Line except Relation (see Relate). It does not depend on the
// order of entries, and never panics, whatever they hold. The register that was prepared
// must be the one known at asked.KnownAt. A question without a day that exists is
// answered NOT_KNOWN.
func (p *Prepared) Resolve(asked Question) []*answersv1.Line {
	q := newQuery(asked)
	if asked.Area != nil || asked.Practice != "" {
		out := p.answer(q)
		out.others = p.saidToOthers(q, &out)
		return []*answersv1.Line{p.line(q, out)}
	}
	return p.byPart(q)
}

// ResolveFrom is Resolve, and the committees whose words the lines rest on: until something more
// is said for one of these, or ends what was, the lines stay as they are.
func (p *Prepared) ResolveFrom(asked Question) (lines []*answersv1.Line, committees []string) {
	p.restsOn = nil
	lines = p.Resolve(asked)
	return lines, p.restsOn
}

// query is a question made ready.
type query struct {
	topic
	asked    Question
	measure  string
	whole    bool // whole-matter positions answer it (domain.md 4.1)
	audience v1.Audience
	scope    string
	beside   bool       // asked beside the general line: why a group has none of its own is not told
	area     *v1.AreaId // with no practice either: all, or the rest, of the committee's area
	practice string
	within   *v1.AreaId // of several: for those of this area the practice asked about stands; nil: it is asked about itself
	also     *v1.AreaId // and of these, for those that are, or were, in this one
	day      string     // empty: no day that exists, so nothing is said by it
}

func newQuery(asked Question) query {
	q := query{
		topic: topic{asked.Matter.GetName(), asked.Committee.GetId()}, asked: asked,
		audience: asked.Audience, scope: asked.Scope, area: asked.Area, practice: asked.Practice,
	}
	if asked.Area != nil {
		q.practice = ""
	}
	q = q.onMeasure(asked.Measure)
	if q.audience == v1.Audience_AUDIENCE_UNSPECIFIED {
		q.audience = DefaultAudience(asked.Matter, asked.Measure)
	}
	if notation.IsDay(asked.AsOf) {
		q.day = asked.AsOf
	}
	return q
}

// onMeasure is the same question of another measure.
func (q query) onMeasure(measure string) query {
	q.measure, q.whole = measure, measure == "" || SharesProposer(q.asked.Matter, measure)
	return q
}

// answer is what the rule leaves of everything said. At most one of current and contested
// is set; neither: reason says why.
type answer struct {
	current         *assertion   // the current position, line or mention
	contested       []*assertion // instead of it (4.6)
	reason          reason       // why nothing is left (4.7)
	lapse           *ended       // what would answer, and is advice no more (4.7)
	gone            []ended      // what would, and has ended
	spoke           string       // when the committee last did so itself (4.4)
	mentions        []*assertion // beside it (4.3)
	reportedSince   []*assertion // later than the committee's own word (4.4)
	reportedEarlier []*assertion // not later, and no answer any more (4.4)
	mayBeIssued     []*assertion // earliest day reached, latest not (4.8)
	waiting         []*assertion // STARTS_WHEN (4.1)
	notYet          []*assertion // valid from a later day (4.7)
	formerAreas     []*assertion // of an area that is no more, and not to be carried over (4.9)
	unknownAreas    []*assertion // of an area the register does not have (4.9)
	overridden      *assertion   // an earlier line on the measure that a whole-matter line beat (4.6)
	actions         []*v1.Action // what the letter of the current line asks
	valid           []*assertion // all that holds, the current one too
	alsoAsked       []standing   // what those others ask that hold, or will (4.8)
	partAsked       []standing   // what is asked of groups and of part of the readers, who have no line of their own
	groups          []answer     // the lines for groups, by scope id (4.10), at most GroupLimit
	scope           string       // of a group's: its id
	asksInAll       []standing   // of a group's, where parts of an area are told apart: all that other letters ask it
	moreGroups      int          // how many more there are
	nearer          []*assertion // what is mentioned to the group asked for, which is told the general line
	besides         []*assertion // what is mentioned to groups and to part of the readers, who have no line of their own
	others          []*assertion // beside a line on a measure: those on it that are to none of those who ask
	toPart          []*assertion // the lines for audiences within the one asked for (4.8), and those to come, for groups too
	parts           []partLine   // those audiences' answers, at most GroupLimit
}

// takesLine: something answers.
func (out *answer) takesLine() bool { return out.current != nil || out.contested != nil }

// speaks: a scope's answer is one of its own, and not only a mention: a line, or one that
// lapsed, for that stands until a letter names it (domain.md 4.10).
func (out *answer) speaks() bool {
	return out.current != nil && !out.current.mention || out.contested != nil && !out.contested[0].mention || !out.takesLine() && out.lapse != nil
}

// answer is the rule for the scope asked about: that scope's line, else the general one,
// which has the lines for groups beside it (domain.md 4.10).
func (p *Prepared) answer(q query) answer {
	if q.scope != "" {
		scoped, general := p.answerWithin(q), q
		general.scope = ""
		own := scoped
		if of := p.answerWithin(general); !scoped.speaks() {
			if of.takesLine() || !scoped.takesLine() {
				of.nearer = scoped.mentioned()
				of.isToCome(&scoped)
				scoped, of = of, scoped
			}
			scoped.listElsewhere(&of, anyOf)
		}
		scoped.alsoAsked = p.alsoAsked(q, &scoped)
		if scoped.current != own.current { // and what is asked with what is only mentioned to the group
			goesWith := p.goesWith(q)
			for _, of := range slices.Concat(own.stillAsked(q), p.alsoAsked(q, &own)) {
				told := func(other standing) bool { return asksAgain(other.action, of.action) }
				if of.assertion.mention && of.assertion.scope == q.scope && goesWith(of.assertion, &scoped) &&
					!slices.ContainsFunc(slices.Concat(scoped.asked(), scoped.alsoAsked), told) && len(scoped.alsoAsked) < ActionLimit {
					scoped.alsoAsked = append(scoped.alsoAsked, of)
				}
			}
		}
		if scoped.toPart = p.toPart(q, &scoped); scoped.toPart == nil {
			scoped.toPart = p.toPart(general, &scoped)
		}
		scoped.askPart(q, p.askedFormer(q, &scoped), anyOf)
		return scoped
	}
	out := p.answerWithin(q)
	out.alsoAsked = p.alsoAsked(q, &out)
	out.toPart = p.toPart(q, &out)
	q.beside = true
	for _, q.scope = range p.scopesOn(q) {
		if p.stopped() {
			break
		}
		out.toPart = append(out.toPart, p.toPart(q, &out)...)
		group := p.answerWithin(q)
		out.askPart(q, p.askedFormer(q, &group), anyOf)
		switch {
		case !group.speaks():
			out.listElsewhere(&group, anyOf)
			out.besides = append(out.besides, out.untold(group.mentioned())...)
			ahead := p.toCome(q, &group)
			out.toPart = append(out.toPart, out.untold(ahead)...)
			out.askPart(q, slices.Concat(group.stillAsked(q), p.alsoAsked(q, &group)), func(s *assertion) bool {
				return slices.Contains(ahead, s) || s.mention && s.scope == q.scope
			})
		case len(out.groups) == GroupLimit:
			out.moreGroups++
		default:
			group.scope, group.alsoAsked = q.scope, p.alsoAsked(q, &group)
			out.groups = append(out.groups, group)
		}
	}
	q.scope, q.beside = "", false
	out.askPart(q, p.askedFormer(q, &out), anyOf)
	return out
}

// aheadLooked is how many lines from a later day are held against what answers on that day.
const aheadLooked = 16

// overtaken are, of the lines that hold from a later day, those that have ended on that day, or over
// which a newer one stands on it, by what is known: they will never answer.
func (p *Prepared) overtaken(q query, ahead []*assertion) (all []*assertion) {
	for _, s := range ahead[:min(len(ahead), aheadLooked)] {
		then := q
		then.day, then.scope = s.from, s.scope
		now := p.weigh(then).current
		_, over := p.end(then, s, p.amending(then, s))
		if over || !s.mention && now != nil && !now.mention && now.position != s.position && newestFirst(now, s) < 0 {
			all = append(all, s)
		}
	}
	return all
}

// isToCome takes up from a group's own answer, where the general one is told instead, what will hold
// for the group or may have been said to it, and that this is why nothing does yet.
func (out *answer) isToCome(scoped *answer) {
	for _, lists := range [...][2]*[]*assertion{{&out.notYet, &scoped.notYet}, {&out.waiting, &scoped.waiting}, {&out.mayBeIssued, &scoped.mayBeIssued}} {
		*lists[0] = slices.Concat(*lists[0], *lists[1])
		slices.SortFunc(*lists[0], newestFirst)
	}
	const dayNotKnown, notYet = answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN, answersv1.NoLineReason_NO_LINE_REASON_NOT_YET
	ended := out.reason.gone != nil || out.reason.why == dayNotKnown && len(out.reason.letters) == 0 // which come before it
	if why := scoped.reason.why; !out.takesLine() && !ended && (why == notYet || why == dayNotKnown && len(scoped.reason.letters) == 0) {
		out.reason = scoped.reason
	}
}

// listElsewhere takes up from another answer what that lists of areas that are no more, or that the register does
// not have: whoever asks for all is told what was said so of a group or of part of the readers (domain.md 4.9).
func (out *answer) listElsewhere(of *answer, wanted func(*assertion) bool) {
	for _, lists := range [...][2]*[]*assertion{{&out.formerAreas, &of.formerAreas}, {&out.unknownAreas, &of.unknownAreas}} {
		for _, s := range *lists[1] {
			if wanted(s) && !out.isNowhere(s) {
				*lists[0] = append(slices.Clip(*lists[0]), s)
			}
		}
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

// saidToOthers are, beside a line on a measure, the lines on that very measure to readers who are none of those
// asked about, nor these of them (domain.md 4.8): without a line they are among its reasons. Of what was said to
// both it is what answers those others still. Of a practice or a part of the area it is what holds there.
func (p *Prepared) saidToOthers(q query, out *answer) (others []*assertion) {
	if q.measure == "" || !out.takesLine() {
		return nil
	}
	general := q
	general.scope = ""
	said, _ := p.mayAnswer(general)
	answering := map[v1.Audience]*assertion{} // each of those others
	for i, s := range said {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		if s.mention || s.report || s.position.GetMeasure() != q.measure || !q.knows(s.entry) || s.issued.latest > q.day || isAmong(append(slices.Clip(out.contested), out.current), s) {
			continue
		}
		isOurs := func(a v1.Audience) bool { return Related(a, q.audience) }
		theirs := slices.DeleteFunc(slices.Clone(s.position.GetAudiences()), func(a v1.Audience) bool { return !known(a) || isOurs(a) })
		here := q.area == nil && q.practice == "" || p.covers(q, s)
		if len(theirs) == 0 || !here {
			continue
		}
		isToBoth := slices.ContainsFunc(s.position.GetAudiences(), isOurs)
		answers := func(a v1.Audience) bool {
			if _, asked := answering[a]; !asked {
				own := general
				own.audience = a
				answering[a] = p.weigh(own).current
			}
			return answering[a] == s
		}
		if isToBoth && slices.ContainsFunc(theirs, answers) || !isToBoth && p.isToldOfOthers(q, out, s) {
			others = p.once(others, s)
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

// scopesOn are the scopes of what is known to have been said on the measure asked about, by id.
func (p *Prepared) scopesOn(q query) []string {
	var scopes []string
	for _, scope := range p.scopes(q.topic) {
		q.scope = scope
		if scope != "" && slices.ContainsFunc(p.ofEachKind(q), func(s *assertion) bool { return q.knows(s.entry) && q.isAbout(s) }) {
			scopes = append(scopes, scope)
		}
	}
	slices.Sort(scopes)
	return scopes
}

// weigh is what answers within one scope, without what is asked with it (4.8) and why nothing does (4.7):
// what those are found out by. They ask about other days and other readers, and by weigh alone, so that
// no question leads back to itself.
func (p *Prepared) weigh(q query) answer {
	said, all := p.mayAnswer(q)
	c := p.candidatesAmong(q, said) // 4.1
	p.dropEnded(q, &c, all)         // 4.2
	out := answer{valid: c.valid, waiting: c.waiting, mayBeIssued: c.mayBeIssued, notYet: c.notYet, formerAreas: c.formerAreas, unknownAreas: c.unknownAreas, gone: c.gone}
	lines, mentions := linesBeforeMentions(c.valid) // 4.3
	if p.parted(q.topic, q.scope).reports {
		out.spoke = p.ownWord(q) // 4.4
	}
	lines = out.ownWordFirst(lines, out.spoke)
	mentions = out.ownWordFirst(mentions, out.spoke)
	out.current, out.contested = p.latest(q, lines, mentions)                       // 4.5, 4.6
	out.current, out.contested, out.lapse = unlapsed(q, out.current, out.contested) // 4.7
	out.overridden = overridden(q, out.current, lines)
	out.mentions = slices.DeleteFunc(mentions, func(s *assertion) bool {
		return s == out.current || slices.Contains(out.contested, s)
	})
	return out
}

// answerWithin is the rule within one scope. Every list of what it returns stands newest
// first, so that the order of entries does not show.
func (p *Prepared) answerWithin(q query) answer {
	out := p.weigh(q)
	if current := out.current; current != nil && len(current.entry.Advisory.GetActions()) > 0 {
		out.actions = p.actionsOn(current, q, func(measure string) bool { return p.goneOnMeasure(current, q, measure) })
	}
	if !out.takesLine() {
		out.reason = p.reasonOf(q, &out) // 4.7
	}
	for _, list := range [][]*assertion{
		out.mentions, out.reportedSince, out.reportedEarlier, out.mayBeIssued, out.waiting, out.notYet, out.formerAreas, out.unknownAreas, out.reason.toOthers,
	} {
		slices.SortFunc(list, newestFirst)
	}
	slices.SortFunc(out.contested, byOffice)
	return out
}

// candidates is what bears on a question, by what the day makes of it.
type candidates struct {
	valid        []*assertion
	mayBeIssued  []*assertion
	waiting      []*assertion
	notYet       []*assertion
	over         []*assertion // valid no longer
	formerAreas  []*assertion
	unknownAreas []*assertion
	gone         []ended // of those, what had ended
}

// candidatesAmong sorts what was said for the committee on the matter and is known at K. The
// register was asked when the entries were prepared.
func (p *Prepared) candidatesAmong(q query, said []*assertion) candidates {
	var c candidates
	for i, s := range said {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		if !q.knows(s.entry) || !q.isAbout(s) || !q.isFor(s) || s.scope != q.scope || s.issued.earliest > q.day {
			continue
		}
		if !p.covers(q, s) {
			if s.issued.latest <= q.day && notation.IsWithin(q.day, s.from, s.until) && lapsedSince(q, s) == "" {
				switch {
				case p.isOfUnknownArea(s):
					c.unknownAreas = append(c.unknownAreas, s)
				case p.isOfFormerArea(q, s):
					c.formerAreas = append(c.formerAreas, s)
				}
			}
			continue
		}
		switch {
		case s.issued.latest > q.day:
			c.mayBeIssued = append(c.mayBeIssued, s)
		case hasExpired(q, s):
			c.over = append(c.over, s)
		case s.from > q.day:
			c.notYet = append(c.notYet, s)
		case s.waits:
			c.waiting = append(c.waiting, s)
		default:
			c.valid = append(c.valid, s)
		}
	}
	// what one of two committees that merged covers is no more, and the other's is asked about
	c.formerAreas = slices.DeleteFunc(c.formerAreas, func(s *assertion) bool {
		return slices.ContainsFunc(c.valid, func(x *assertion) bool { return x.position == s.position })
	})
	return c
}

// knows: the entry was recorded by K.
func (q query) knows(e *Entry) bool {
	return q.asked.KnownAt == 0 || e.Feed <= q.asked.KnownAt
}

// isAbout: it is on M, or on the whole matter while M has the matter's proposer.
func (q query) isAbout(s *assertion) bool {
	measure := s.position.GetMeasure()
	return measure == q.measure || measure == "" && q.whole
}

// isOfPart: M is the whole matter, and it is on a measure of the matter's proposer.
func (q query) isOfPart(s *assertion) bool {
	return q.measure == "" && SharesProposer(q.asked.Matter, s.position.GetMeasure())
}

// isFor: one of its audiences contains A.
func (q query) isFor(s *assertion) bool { return s.isFor(q.audience) }

func (s *assertion) isFor(audience v1.Audience) bool {
	for _, outer := range s.position.GetAudiences() {
		if Contains(outer, audience) {
			return true
		}
	}
	return false
}

// toPart: it is for an audience within another, and not for all of that.
func (s *assertion) toPart(audience, inner v1.Audience) bool {
	return s.isFor(inner) && !s.isFor(audience)
}
