package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The resolution rule, domain.md 4, clause by clause: what was asked, what bears on it
// (4.1) here; what of that has ended (4.2) in ended.go; what is left of it (4.3 to 4.6) in
// outcome.go; why nothing is (4.7) in reason.go; what an answer takes up beside it in answer.go;
// where a position holds (4.9) in extent.go.

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
	within   *v1.AreaId   // of several: for those of this area the practice asked about stands; nil: it is asked about itself
	also     *v1.AreaId   // and of these, for those that are, or were, in this one
	own      []*v1.AreaId // with neither: of the committee's area these alone; nil: all of it
	day      string       // empty: no day that exists, so nothing is said by it
	issuedBy string       // of a day ahead: without what is issued after this one; empty: by whatever is issued
	upTo     *Entry       // as known by the office when it issued this: of its day, without what its log has later; nil: whatever K lets be known
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

// answer is the rule for the scope asked about: that scope's line, else the general one,
// which has the lines for groups beside it (domain.md 4.10).
func (p *Prepared) answer(q query) answer {
	out := p.answerUnnamed(q)
	p.askByName(q, &out)
	return out
}

// answerUnnamed is answer, without what is asked by name of those who ask by letters whose lines are to others.
func (p *Prepared) answerUnnamed(q query) answer {
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
		if scoped.toPart = p.toPart(q, &scoped, true); scoped.toPart == nil {
			scoped.toPart = p.toPart(general, &scoped, true)
		}
		scoped.askPart(q, p.askedFormer(q, &scoped), anyOf, scoped.parts)
		return scoped
	}
	out := p.answerWithin(q)
	out.alsoAsked = p.alsoAsked(q, &out)
	out.toPart = p.toPart(q, &out, true)
	q.beside = true
	for _, q.scope = range p.scopesOn(q) {
		if p.stopped() {
			break
		}
		out.toPart = append(out.toPart, p.toPart(q, &out, true)...)
		group := p.answerWithin(q)
		out.askPart(q, p.askedFormer(q, &group), anyOf, out.parts)
		switch {
		case !group.speaks():
			out.listElsewhere(&group, anyOf)
			out.besides = append(out.besides, out.untold(group.mentioned())...)
			ahead := p.toCome(q, &group)
			out.toPart = append(out.toPart, out.untold(ahead)...)
			goesWith := p.goesWith(q)
			out.askPart(q, slices.Concat(group.stillAsked(q), p.alsoAsked(q, &group)), func(s *assertion) bool {
				return slices.Contains(ahead, s) || s.mention && s.scope == q.scope && goesWith(s, &out)
			}, out.parts)
		case len(out.groups) == GroupLimit:
			out.moreGroups++
		default:
			group.scope, group.alsoAsked = q.scope, p.alsoAsked(q, &group)
			out.groups = append(out.groups, group)
		}
	}
	q.scope, q.beside = "", false
	out.askPart(q, p.askedFormer(q, &out), anyOf, out.parts)
	return out
}

// aheadLooked is how many lines from a later day are held against what answers on that day.
const aheadLooked = 16

// overtaken are, of the lines that hold from a later day, those that have ended on that day, or in whose place
// another answers on it, by what is known: a newer one, or one of the same day that says otherwise and that the
// rule puts first (4.6). They will never answer.
func (p *Prepared) overtaken(q query, ahead []*assertion) (all []*assertion) {
	for _, s := range ahead[:min(len(ahead), aheadLooked)] {
		then := q
		then.day, then.scope = s.from, s.scope
		now := p.weigh(then).current
		_, over := p.end(then, s, p.amending(then, s))
		if !over && (s.mention || now == nil || now.mention || now.position == s.position) {
			continue
		}
		if over || newestFirst(now, s) < 0 || !s.report && !s.waits && now.position.GetStance() != s.position.GetStance() {
			all = append(all, s)
		}
	}
	return all
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
		out.actions, out.corrected = p.corrections(q, current, p.actionsOn(current, q, func(measure string) bool { return p.goneOnMeasure(current, q, measure) }))
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

// ahead is the question for a day ahead, as far as it is known on the day that was asked about.
func (q query) ahead(day string) query {
	q.issuedBy, q.day = cmp.Or(q.issuedBy, q.day), day
	return q
}

// knows: the entry was recorded by K, and is no later than one up to which it is asked, or issued after the day on which what is ahead is asked.
func (q query) knows(e *Entry) bool {
	if q.issuedBy != "" && e.Issued().GetEarliest() > q.issuedBy {
		return false
	}
	if q.upTo != nil && e.Office == q.upTo.Office && CompareEntries(e, q.upTo) > 0 {
		return false
	}
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
