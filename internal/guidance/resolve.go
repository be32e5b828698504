package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The resolution rule, domain.md 4, clause by clause: what was asked, what bears on it
// (4.1) and what of that has ended (4.2) here; what is left of it (4.3 to 4.7) in
// outcome.go.

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
	if asked.Area != nil {
		return []*answersv1.Line{p.answer(q).line(q)}
	}
	return p.byPart(q)
}

// query is a question made ready.
type query struct {
	topic
	asked    Question
	measure  string
	whole    bool // whole-matter positions answer it (domain.md 4.1)
	audience v1.Audience
	area     *v1.AreaId // nil: all, or the rest, of the committee's area
	day      string     // empty: no day that exists, so nothing is said by it
}

func newQuery(asked Question) query {
	q := query{
		topic: topic{asked.Matter.GetName(), asked.Committee.GetId()}, asked: asked,
		measure: asked.Measure, audience: asked.Audience, area: asked.Area,
	}
	q.whole = asked.Measure == "" || SharesProposer(asked.Matter, asked.Measure)
	if q.audience == v1.Audience_AUDIENCE_UNSPECIFIED {
		q.audience = DefaultAudience(asked.Matter, asked.Measure)
	}
	if notation.IsDay(asked.AsOf) {
		q.day = asked.AsOf
	}
	return q
}

// answer is what the rule leaves of everything said. At most one of current, contested
// and gone is set; none of them: silence.
type answer struct {
	current       *assertion   // the current position, line or mention
	contested     []*assertion // instead of it (4.6)
	gone          *ended       // why nothing is left, when something was there (4.7)
	mentions      []*assertion // beside it (4.3)
	reportedSince []*assertion // later than the committee's own word (4.4)
	mayBeIssued   []*assertion // earliest day reached, latest not (4)
	waiting       []*assertion // STARTS_WHEN (4.1)
	overridden    *assertion   // an earlier line on the measure that a whole-matter line beat (4.6)
}

// answer is the rule. Every list of what it returns stands newest first, so that the
// order of entries does not show.
func (p *Prepared) answer(q query) answer {
	c := p.candidates(q) // 4.1
	p.dropEnded(q, &c)   // 4.2
	out := answer{waiting: c.waiting, mayBeIssued: c.mayBeIssued}
	lines, mentions := linesBeforeMentions(c.valid) // 4.3
	spoke := p.ownWord(q)                           // 4.4
	lines, since := ownWordFirst(lines, spoke)
	mentions, mentionedSince := ownWordFirst(mentions, spoke)
	out.reportedSince = append(since, mentionedSince...)
	out.current, out.contested = p.latest(q, lines, mentions) // 4.5, 4.6
	out.overridden = overridden(q, out.current, lines)
	if out.current == nil && out.contested == nil {
		out.gone = lastGone(c.gone, spoke) // 4.7
	}
	out.mentions = slices.DeleteFunc(mentions, func(s *assertion) bool {
		return s == out.current || slices.Contains(out.contested, s)
	})
	for _, list := range [][]*assertion{out.mentions, out.reportedSince, out.mayBeIssued, out.waiting} {
		slices.SortFunc(list, newestFirst)
	}
	slices.SortFunc(out.contested, byOffice)
	return out
}

// --- domain.md 4.1: candidates ---

// candidates is what bears on a question, by what the day makes of it.
type candidates struct {
	valid       []*assertion
	mayBeIssued []*assertion
	waiting     []*assertion
	lapsed      []*assertion // not yet valid, or no longer
	gone        []ended      // of those, what had ended
}

// candidates sorts what was said for the committee on the matter and is known at K. The
// register was asked when the entries were prepared.
func (p *Prepared) candidates(q query) candidates { return p.candidatesAmong(q, p.byTopic[q.topic]) }

func (p *Prepared) candidatesAmong(q query, said []*assertion) candidates {
	var c candidates
	for i, s := range said {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		if !q.knows(s.entry) || !q.isAbout(s) || !q.isFor(s) || !p.covers(q, s) || s.issued.earliest > q.day {
			continue
		}
		switch {
		case s.issued.latest > q.day:
			c.mayBeIssued = append(c.mayBeIssued, s)
		case !within(q.day, s.from, s.until):
			c.lapsed = append(c.lapsed, s)
		case s.waits:
			c.waiting = append(c.waiting, s)
		default:
			c.valid = append(c.valid, s)
		}
	}
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

// isFor: one of its audiences contains A.
func (q query) isFor(s *assertion) bool {
	return slices.ContainsFunc(s.position.GetAudiences(), func(outer v1.Audience) bool { return Contains(outer, q.audience) })
}

// covers: its area contains R, or it names none. Without R: its area contains all that
// C covers, which nobody knows of a committee whose areas the register does not have.
// The area is read as it stood on the day of issue.
func (p *Prepared) covers(q query, s *assertion) bool {
	outer, day := s.position.GetArea(), s.issued.latest
	if outer == nil {
		return true
	}
	inner := []*v1.AreaId{q.area}
	if q.area == nil {
		inner = p.reg.CommitteeAreas(q.committee, day)
	}
	return len(inner) > 0 && !slices.ContainsFunc(inner, func(a *v1.AreaId) bool { return !p.contains(outer, a, day) })
}

// contains: one area contains another on a day; every area contains itself.
func (p *Prepared) contains(outer, inner *v1.AreaId, day string) bool {
	return sameArea(outer, inner) || p.reg.Contains(outer, inner, day)
}

// --- domain.md 4.2: what has ended ---

// ended is how and when an assertion ended.
type ended struct {
	assertion *assertion
	how       endingKind
	since     string // first day it no longer counts
	by        *Entry // nil when it expired
}

// dropEnded leaves out what has ended of what is valid, waits, or may have been issued.
// What ended is kept for clause 7, unless it may never have been issued.
func (p *Prepared) dropEnded(q query, c *candidates) {
	valid := c.valid // an amendment ends by what it has here, ended or not
	for _, pool := range []*[]*assertion{&c.valid, &c.waiting, &c.mayBeIssued, &c.lapsed} {
		kept := make([]*assertion, 0, len(*pool))
		for _, s := range *pool {
			if p.stopped() {
				break
			}
			end, found := p.end(q, s, valid)
			switch {
			case !found:
				kept = append(kept, s)
			case pool != &c.mayBeIssued:
				c.gone = append(c.gone, end)
			}
		}
		*pool = kept
	}
}

// end is how an assertion first came to its end by day T, if it did. Withdrawn: from the
// effective day. Replaced: from the new advisory's valid_from, whatever the new one
// covers. Amended: only where the amending advisory has a candidate. Of two ends on one
// day a withdrawal is named before a replacement, and the rest is order of names.
func (p *Prepared) end(q query, s *assertion, valid []*assertion) (first ended, found bool) {
	if s.until != "" && s.until < q.day {
		first, found = ended{assertion: s, how: expired, since: nextDay(s.until)}, true
	}
	for _, e := range p.endings[s.entry.ID] {
		since := e.from
		if e.how == amended {
			since = ""
			for _, by := range valid {
				if day := max(by.from, by.issued.latest); by.entry == e.by && (since == "" || day < since) {
					since = day
				}
			}
		}
		if since == "" || since > q.day || !p.counts(q, s.entry, s.issued.earliest, e) || p.restored(q, s, e) {
			continue
		}
		end := ended{assertion: s, how: e.how, since: since, by: e.by}
		if !found || cmp.Or(cmp.Compare(end.since, first.since), cmp.Compare(end.how, first.how), compareEntries(end.by, first.by)) < 0 {
			first, found = end, true
		}
	}
	return first, found
}

// counts: an ending counts against what it ends, for the committee asked about. It was
// recorded by K; it is of an office that spoke for the committee on the ending's issued
// day; it is at least as widely visible as what it ends. Nor can it have been issued
// before what it ends was: an office that once spoke for a committee could otherwise
// end its successor's advisories by dating the ending back.
func (p *Prepared) counts(q query, target *Entry, earliest string, e ending) bool {
	return q.knows(e.by) && e.issued >= earliest && AtLeastAsWide(e.by.Visibility, target.Visibility) &&
		Counts(e.by, q.committee, p.reg)
}

// restored: a withdrawal of the entry that replaced or amended it says that it stands
// again. Without that, nothing comes back.
func (p *Prepared) restored(q query, s *assertion, e ending) bool {
	if e.how == withdrawn {
		return false
	}
	return slices.ContainsFunc(p.endings[e.by.ID], func(w ending) bool {
		return w.how == withdrawn && w.from <= q.day && slices.Contains(w.by.Withdrawal.GetRestores(), s.entry.ID) &&
			p.counts(q, e.by, e.by.Advisory.GetIssued().GetEarliest(), w)
	})
}
