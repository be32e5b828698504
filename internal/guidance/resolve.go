package guidance

import (
	"cmp"
	"context"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Resolve answers a question by the resolution rule (domain.md 4): first the line for
// all, or the rest, of the committee's area; then one line per part of it where the
// line differs, by area. Where the parts leave no rest, the parts alone. Never empty.
//
// It fills everything of a Line except Relation (see Relate). It is pure, does not
// depend on the order of entries, and never panics, whatever they hold. The register
// must be the one known at q.KnownAt. A question without a day that exists is answered
// NOT_KNOWN. For many questions over the same entries use Prepare.
func Resolve(q Question, entries []Entry, reg Register) []*answersv1.Line {
	only := topic{q.Matter.GetName(), q.Committee.GetId()}
	return prepare(context.Background(), entries, reg, only).Resolve(q)
}

// Resolve is the function Resolve over entries already prepared.
func (p *Prepared) Resolve(asked Question) []*answersv1.Line {
	q := newQuery(asked)
	if asked.Area != nil {
		return []*answersv1.Line{p.line(q, p.answer(q))}
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

// newQuery makes a question ready.
func newQuery(asked Question) query {
	q := query{topic: topic{asked.Matter.GetName(), asked.Committee.GetId()}, asked: asked, measure: asked.Measure, audience: asked.Audience, area: asked.Area}
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
	mentions      []*assertion // mentions (4.3)
	reportedSince []*assertion // later than the committee's own word (4.4)
	mayBeIssued   []*assertion // earliest day reached, latest not (4)
	waiting       []*assertion // STARTS_WHEN (4.1)
	overridden    *assertion   // an earlier line on the measure that a whole-matter line beat (4.6)
}

// ended says how and when an assertion ended.
type ended struct {
	assertion *assertion
	how       endingKind
	since     string // first day it no longer counts
	by        *Entry // nil when it expired
}

// answer is domain.md 4, clause by clause.
func (p *Prepared) answer(q query) answer {
	h := p.candidates(q)          // 4.1
	standing := p.standing(q, &h) // 4.2
	out := answer{waiting: h.waiting, mayBeIssued: h.mayBeIssued}
	lines, mentions := linesBeforeMentions(standing) // 4.3
	spoke := p.ownWord(q)                            // 4.4
	lines, since := ownWordFirst(lines, spoke)
	mentions, mentionedSince := ownWordFirst(mentions, spoke)
	out.reportedSince = append(since, mentionedSince...)
	out.choose(p, q, lines, mentions) // 4.5, 4.6
	out.mentions = except(mentions, out.current, out.contested)
	out.overridden = overriddenBy(out.current, lines, q)
	if out.current == nil && out.contested == nil {
		out.gone = lastGone(h.gone, spoke) // 4.7
	}
	return out.sorted()
}

// --- domain.md 4.1: candidates ---

// candidates is what bears on the question, by what the day makes of it.
type candidates struct {
	valid       []*assertion
	mayBeIssued []*assertion
	waiting     []*assertion
	lapsed      []*assertion // not yet valid, or no longer
	gone        []ended
}

// candidates sorts what was said for the committee on the matter and is known at K. The
// register was asked when the entries were prepared.
func (p *Prepared) candidates(q query) candidates { return p.candidatesAmong(q, p.byTopic[q.topic]) }

func (p *Prepared) candidatesAmong(q query, said []*assertion) candidates {
	var h candidates
	for i, s := range said {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		if !q.knows(s.entry) || !p.bears(q, s) || s.issued.earliest > q.day {
			continue
		}
		switch {
		case s.issued.latest > q.day:
			h.mayBeIssued = append(h.mayBeIssued, s)
		case !within(q.day, s.from, s.until):
			h.lapsed = append(h.lapsed, s)
		case s.waits:
			h.waiting = append(h.waiting, s)
		default:
			h.valid = append(h.valid, s)
		}
	}
	return h
}

// knows says whether an entry was recorded by K.
func (q query) knows(e *Entry) bool {
	return q.asked.KnownAt == 0 || e.Feed <= q.asked.KnownAt
}

// bears says whether an assertion is about what is asked, for whom and where.
func (p *Prepared) bears(q query, s *assertion) bool {
	return q.isAbout(s) && isFor(s, q.audience) && p.covers(q, s)
}

// isAbout says whether it is on M, or on the whole matter if M has the matter's
// proposer.
func (q query) isAbout(s *assertion) bool {
	measure := s.position.GetMeasure()
	return measure == q.measure || measure == "" && q.whole
}

// isFor says whether its audiences contain A.
func isFor(s *assertion, audience v1.Audience) bool {
	for _, outer := range s.position.GetAudiences() {
		if Contains(outer, audience) {
			return true
		}
	}
	return false
}

// covers says whether its area contains R, or is unset. The area is read as it stood
// on the issued day.
func (p *Prepared) covers(q query, s *assertion) bool {
	area := s.position.GetArea()
	if area == nil {
		return true
	}
	if q.area != nil {
		return p.contains(area, q.area, s.issued.latest)
	}
	return p.coversAll(area, p.reg.CommitteeAreas(q.committee, s.issued.latest), s.issued.latest)
}

// coversAll says whether an area contains every one of some areas; never when the
// register knows none, for then nobody knows.
func (p *Prepared) coversAll(outer *v1.AreaId, areas []*v1.AreaId, day string) bool {
	for _, inner := range areas {
		if !p.contains(outer, inner, day) {
			return false
		}
	}
	return len(areas) > 0
}

// contains says whether one area contains another; every area contains itself.
func (p *Prepared) contains(outer, inner *v1.AreaId, day string) bool {
	return sameArea(outer, inner) || p.reg.Contains(outer, inner, day)
}

// --- domain.md 4.2: what has ended ---

// standing keeps the candidates that nothing has ended, and drops what has ended from
// what waits and from what may have been issued. What ended is kept for clause 7.
func (p *Prepared) standing(q query, h *candidates) []*assertion {
	candidates := h.valid // an amendment ends by what it has here, ended or not
	standing := p.drop(q, candidates, candidates, &h.gone)
	h.waiting = p.drop(q, h.waiting, candidates, &h.gone)
	h.mayBeIssued = p.drop(q, h.mayBeIssued, candidates, nil)
	for _, s := range h.lapsed {
		if end, ok := p.end(q, s, candidates); ok {
			h.gone = append(h.gone, end)
		}
	}
	return standing
}

// drop leaves out what has ended, noting it in gone unless that is nil.
func (p *Prepared) drop(q query, from, candidates []*assertion, gone *[]ended) []*assertion {
	kept := make([]*assertion, 0, len(from))
	for _, s := range from {
		if p.stopped() {
			break
		}
		end, ok := p.end(q, s, candidates)
		if !ok {
			kept = append(kept, s)
		} else if gone != nil {
			*gone = append(*gone, end)
		}
	}
	return kept
}

// end is how an assertion first came to its end by day T, if it did.
func (p *Prepared) end(q query, s *assertion, candidates []*assertion) (ended, bool) {
	first, found := ended{}, false
	if s.until != "" && s.until < q.day {
		first, found = ended{assertion: s, how: expired, since: nextDay(s.until)}, true
	}
	for _, e := range p.endings[s.entry.ID] {
		end, ok := p.endBy(q, s, e, candidates)
		if ok && (!found || end.before(first)) {
			first, found = end, true
		}
	}
	return first, found
}

// endBy is the end one ending makes of an assertion, if it counts, has begun and was not
// taken back by a withdrawal that restores.
func (p *Prepared) endBy(q query, s *assertion, e ending, candidates []*assertion) (ended, bool) {
	since, begun := e.begins(q, candidates)
	if !begun || !p.counts(q, s.entry, s.issued.earliest, e) || p.restored(q, s, e) {
		return ended{}, false
	}
	return ended{assertion: s, how: e.how, since: since, by: e.by}, true
}

// begins says from when an ending holds, if it does by day T. Withdrawn: from the
// effective day. Replaced: from the new advisory's valid_from, whatever the new one
// covers. Amended: only where the amending advisory has a candidate.
func (e ending) begins(q query, candidates []*assertion) (string, bool) {
	if e.how != amended {
		return e.from, e.from <= q.day
	}
	since := ""
	for _, s := range candidates {
		if first := max(s.from, s.issued.latest); s.entry == e.by && (since == "" || first < since) {
			since = first
		}
	}
	return since, since != ""
}

// counts says whether an ending counts against what it ends, for the committee asked
// about: recorded by K; of an office that spoke for the committee on the ending's
// issued day; at least as widely visible as what it ends. Nor can it have been issued
// before what it ends was: an office that once spoke for a committee could otherwise
// end its successor's advisories by dating the ending back.
func (p *Prepared) counts(q query, target *Entry, earliest string, e ending) bool {
	return q.knows(e.by) && e.issued >= earliest && AtLeastAsWide(e.by.Visibility, target.Visibility) &&
		Counts(e.by, q.committee, p.reg)
}

// restored says whether a withdrawal of the entry that replaced or amended it says
// that it stands again. Without that, nothing comes back.
func (p *Prepared) restored(q query, s *assertion, e ending) bool {
	if e.how == withdrawn {
		return false
	}
	for _, w := range p.endings[e.by.ID] {
		if w.how == withdrawn && w.from <= q.day && slices.Contains(w.by.Withdrawal.GetRestores(), s.entry.ID) &&
			p.counts(q, e.by, e.by.Advisory.GetIssued().GetEarliest(), w) {
			return true
		}
	}
	return false
}

// before says which of two ends of one assertion came first; of two on one day a
// withdrawal is named before a replacement, and the rest is order of names.
func (e ended) before(other ended) bool {
	return cmp.Or(cmp.Compare(e.since, other.since), cmp.Compare(e.how, other.how), compareEntries(e.by, other.by)) < 0
}

// --- domain.md 4.3: lines before mentions ---

// linesBeforeMentions parts lines from INFORMATION_ONLY, CONSULTING and RELAY, which
// answer only when nothing else is left and are always shown beside.
func linesBeforeMentions(standing []*assertion) (lines, mentions []*assertion) {
	for _, s := range standing {
		if s.mention {
			mentions = append(mentions, s)
		} else {
			lines = append(lines, s)
		}
	}
	return lines, mentions
}

// --- domain.md 4.4: own word first ---

// ownWord is the latest day up to T on which the committee spoke itself on M: by an
// advisory with a line on it, or by a withdrawal of one. Empty: it has not. Whom it
// spoke to, where, and whether that still holds makes no difference. A mention is not
// its own word: clause 3 has set it aside, and a newsletter must not silence a report.
func (p *Prepared) ownWord(q query) string {
	latest := ""
	for i, s := range p.byTopic[q.topic] {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		if s.report || s.mention || !q.knows(s.entry) || !q.isAbout(s) {
			continue
		}
		if s.issued.latest <= q.day {
			latest = max(latest, s.issued.latest)
		}
		for _, e := range p.endings[s.entry.ID] {
			if e.how == withdrawn && e.issued <= q.day && p.counts(q, s.entry, s.issued.earliest, e) {
				latest = max(latest, e.issued)
			}
		}
	}
	return latest
}

// ownWordFirst drops the reports issued up to the committee's own word; later ones
// are kept apart as "reported since", never current.
func ownWordFirst(standing []*assertion, spoke string) (kept, since []*assertion) {
	if spoke == "" {
		return standing, nil
	}
	for _, s := range standing {
		switch {
		case !s.report:
			kept = append(kept, s)
		case s.issued.latest > spoke:
			since = append(since, s)
		}
	}
	return kept, since
}

// --- domain.md 4.5 and 4.6: the latest, and the ladder below it ---

// choose sets current or contested: from the committee's own lines, else reported
// lines, else its own mentions, else reported ones.
func (out *answer) choose(p *Prepared, q query, lines, mentions []*assertion) {
	for _, pool := range [][]*assertion{lines, mentions} {
		for _, report := range []bool{false, true} {
			left := p.ladder(q, pool, report)
			if len(left) == 0 {
				continue
			}
			if sameStance(left) {
				out.current = slices.MinFunc(left, byOffice)
			} else {
				out.contested = left
			}
			return
		}
	}
}

// ladder leaves the best of a pool, at most one per office: the latest issued; then,
// of one day, measure before whole matter; fewer committees; the smaller area if one
// contains the other; the higher (epoch, index) of the same log. Each rung looks at
// all that the rung above left, so that the order of entries makes no difference.
func (p *Prepared) ladder(q query, pool []*assertion, report bool) []*assertion {
	left := make([]*assertion, 0, len(pool))
	for _, s := range pool {
		if s.report == report {
			left = append(left, s)
		}
	}
	if len(left) <= 1 {
		return left
	}
	left = best(left, func(x, y *assertion) int { return cmp.Compare(y.issued.latest, x.issued.latest) })
	left = best(left, measureFirst)
	left = best(left, func(x, y *assertion) int { return cmp.Compare(x.committees, y.committees) })
	left = p.smallestAreas(left)
	return newestOfEachLog(left, q.audience)
}

// best keeps what compares lowest, in place.
func best(pool []*assertion, compare func(x, y *assertion) int) []*assertion {
	lowest := slices.MinFunc(pool, compare)
	return slices.DeleteFunc(pool, func(s *assertion) bool { return compare(s, lowest) > 0 })
}

func measureFirst(x, y *assertion) int {
	return cmp.Compare(wholeLast(x), wholeLast(y))
}

func wholeLast(s *assertion) int {
	if s.position.GetMeasure() == "" {
		return 1
	}
	return 0
}

// smallestAreas leaves out what covers more than another that is left: an area that
// contains the other's, or all of the committee's. Should a register contain itself
// in a circle, all are kept.
func (p *Prepared) smallestAreas(pool []*assertion) []*assertion {
	if len(pool) == 1 {
		return pool
	}
	var kept []*assertion
	for _, s := range pool {
		if p.stopped() {
			return pool
		}
		larger := slices.ContainsFunc(pool, func(other *assertion) bool { return p.larger(s, other) })
		if !larger {
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 {
		return pool
	}
	return kept
}

// larger says whether x's area contains y's and not the other way round, on the
// issued day they share.
func (p *Prepared) larger(x, y *assertion) bool {
	outer, inner := x.position.GetArea(), y.position.GetArea()
	if inner == nil || sameArea(outer, inner) {
		return false
	}
	day := y.issued.latest
	return outer == nil || p.contains(outer, inner, day) && !p.contains(inner, outer, day)
}

// newestOfEachLog keeps one assertion per office.
func newestOfEachLog(pool []*assertion, audience v1.Audience) []*assertion {
	if len(pool) == 1 {
		return pool
	}
	var kept []*assertion
	for _, s := range pool {
		beaten := slices.ContainsFunc(pool, func(other *assertion) bool {
			return other.entry.Office == s.entry.Office && newer(other, s, audience) < 0
		})
		if !beaten {
			kept = append(kept, s)
		}
	}
	return kept
}

// newer orders assertions of one log: the higher (epoch, index) first. Within one entry,
// what is said to the very audience asked for before what is said to a wider one, then
// what is said first.
func newer(x, y *assertion, audience v1.Audience) int {
	return cmp.Or(
		compareEntries(y.entry, x.entry),
		compareBool(!names(x, audience), !names(y, audience)),
		cmp.Compare(x.place, y.place))
}

func names(s *assertion, audience v1.Audience) bool {
	return slices.Contains(s.position.GetAudiences(), audience)
}

// byOffice: from different offices with the same stance, the lower office id.
func byOffice(x, y *assertion) int {
	return cmp.Compare(x.entry.Office, y.entry.Office)
}

// sameStance: with different stances they contest each other (4.6).
func sameStance(left []*assertion) bool {
	for _, s := range left {
		if s.position.GetStance() != left[0].position.GetStance() {
			return false
		}
	}
	return true
}

// --- domain.md 4.7: nothing left ---

// lastGone is what ended last, for it was the line until then: of the committee's own
// lines, else its mentions; of reports only where it never spoke itself.
func lastGone(gone []ended, spoke string) *ended {
	var last *ended
	for i := range gone {
		if gone[i].assertion.report && spoke != "" {
			continue
		}
		if last == nil || gone[i].outlasts(last) {
			last = &gone[i]
		}
	}
	return last
}

func (e *ended) outlasts(other *ended) bool {
	return cmp.Or(
		compareBool(e.assertion.report, other.assertion.report),
		compareBool(e.assertion.mention, other.assertion.mention),
		cmp.Compare(other.since, e.since),
		newestFirst(e.assertion, other.assertion)) < 0
}
