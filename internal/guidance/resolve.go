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
func (p *Prepared) Resolve(q Question) []*answersv1.Line {
	a := p.ask(q)
	if q.Area != nil {
		return []*answersv1.Line{p.line(a, p.answer(a))}
	}
	return p.byPart(a)
}

// asking is a question made ready.
type asking struct {
	topic
	q        Question
	measure  string
	whole    bool // whole-matter positions answer it (domain.md 4.1)
	audience v1.Audience
	area     *v1.AreaId // nil: all, or the rest, of the committee's area
	day      string     // empty: no day that exists, so nothing is said by it
}

func (p *Prepared) ask(q Question) asking {
	a := asking{topic: topic{q.Matter.GetName(), q.Committee.GetId()}, q: q, measure: q.Measure, audience: q.Audience, area: q.Area}
	a.whole = q.Measure == "" || SharesProposer(q.Matter, q.Measure)
	if a.audience == v1.Audience_AUDIENCE_UNSPECIFIED {
		a.audience = DefaultAudience(q.Matter, q.Measure)
	}
	if notation.IsDay(q.AsOf) {
		a.day = q.AsOf
	}
	return a
}

// answer is what the rule leaves of everything said. At most one of current, contested
// and gone is set; none of them: silence.
type answer struct {
	current       *saying   // the current position, line or mention
	contested     []*saying // instead of it (4.6)
	gone          *ended    // why nothing is left, when something was there (4.7)
	beside        []*saying // mentions (4.3)
	reportedSince []*saying // later than the committee's own word (4.4)
	mayBeIssued   []*saying // earliest day reached, latest not (4)
	waiting       []*saying // STARTS_WHEN (4.1)
	overridden    *saying   // an earlier line on the measure that a whole-matter line beat (4.6)
}

// ended says how and when a saying ended.
type ended struct {
	saying *saying
	how    endingKind
	since  string // first day it no longer counts
	by     *Entry // nil when it expired
}

// answer is domain.md 4, clause by clause.
func (p *Prepared) answer(a asking) answer {
	h := p.hearing(a)             // 4.1
	standing := p.standing(a, &h) // 4.2
	out := answer{waiting: h.waiting, mayBeIssued: h.mayBeIssued}
	lines, mentions := linesBeforeMentions(standing) // 4.3
	spoke := p.ownWord(a)                            // 4.4
	lines, since := ownWordFirst(lines, spoke)
	mentions, mentionedSince := ownWordFirst(mentions, spoke)
	out.reportedSince = append(since, mentionedSince...)
	out.choose(p, a, lines, mentions) // 4.5, 4.6
	out.beside = except(mentions, out.current, out.contested)
	out.overridden = overriddenBy(out.current, lines, a)
	if out.current == nil && out.contested == nil {
		out.gone = lastGone(h.gone, spoke) // 4.7
	}
	return out.sorted()
}

// --- domain.md 4.1: candidates ---

// hearing is what bears on the question, by what the day makes of it.
type hearing struct {
	candidates  []*saying
	mayBeIssued []*saying
	waiting     []*saying
	lapsed      []*saying // not yet valid, or no longer
	gone        []ended
}

// hearing sorts what was said for the committee on the matter and is known at K. The
// register was asked when the entries were prepared.
func (p *Prepared) hearing(a asking) hearing { return p.hearingAmong(a, p.heard[a.topic]) }

func (p *Prepared) hearingAmong(a asking, said []*saying) hearing {
	var h hearing
	for i, s := range said {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		if !a.knows(s.entry) || !p.bears(a, s) || s.issued.earliest > a.day {
			continue
		}
		switch {
		case s.issued.latest > a.day:
			h.mayBeIssued = append(h.mayBeIssued, s)
		case !within(a.day, s.from, s.until):
			h.lapsed = append(h.lapsed, s)
		case s.waits:
			h.waiting = append(h.waiting, s)
		default:
			h.candidates = append(h.candidates, s)
		}
	}
	return h
}

// knows says whether an entry was recorded by K.
func (a asking) knows(e *Entry) bool {
	return a.q.KnownAt == 0 || e.Feed <= a.q.KnownAt
}

// bears says whether a saying is about what is asked, for whom and where.
func (p *Prepared) bears(a asking, s *saying) bool {
	return a.isAbout(s) && isFor(s, a.audience) && p.covers(a, s)
}

// isAbout says whether it is on M, or on the whole matter if M has the matter's
// proposer.
func (a asking) isAbout(s *saying) bool {
	measure := s.position.GetMeasure()
	return measure == a.measure || measure == "" && a.whole
}

// isFor says whether its audiences contain A.
func isFor(s *saying, audience v1.Audience) bool {
	for _, outer := range s.position.GetAudiences() {
		if Contains(outer, audience) {
			return true
		}
	}
	return false
}

// covers says whether its area contains R, or is unset. The area is read as it stood
// on the issued day.
func (p *Prepared) covers(a asking, s *saying) bool {
	area := s.position.GetArea()
	if area == nil {
		return true
	}
	if a.area != nil {
		return p.contains(area, a.area, s.issued.latest)
	}
	return p.coversAll(area, p.reg.CommitteeAreas(a.committee, s.issued.latest), s.issued.latest)
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
func (p *Prepared) standing(a asking, h *hearing) []*saying {
	candidates := h.candidates // an amendment ends by what it has here, ended or not
	standing := p.drop(a, candidates, candidates, &h.gone)
	h.waiting = p.drop(a, h.waiting, candidates, &h.gone)
	h.mayBeIssued = p.drop(a, h.mayBeIssued, candidates, nil)
	for _, s := range h.lapsed {
		if end, ok := p.end(a, s, candidates); ok {
			h.gone = append(h.gone, end)
		}
	}
	return standing
}

// drop leaves out what has ended, noting it in gone unless that is nil.
func (p *Prepared) drop(a asking, from, candidates []*saying, gone *[]ended) []*saying {
	kept := make([]*saying, 0, len(from))
	for _, s := range from {
		if p.stopped() {
			break
		}
		end, ok := p.end(a, s, candidates)
		if !ok {
			kept = append(kept, s)
		} else if gone != nil {
			*gone = append(*gone, end)
		}
	}
	return kept
}

// end is how a saying first came to its end by day T, if it did.
func (p *Prepared) end(a asking, s *saying, candidates []*saying) (ended, bool) {
	first, found := ended{}, false
	if s.until != "" && s.until < a.day {
		first, found = ended{saying: s, how: expired, since: nextDay(s.until)}, true
	}
	for _, e := range p.endings[s.entry.ID] {
		end, ok := p.endBy(a, s, e, candidates)
		if ok && (!found || end.before(first)) {
			first, found = end, true
		}
	}
	return first, found
}

// endBy is the end one ending makes of a saying, if it counts, has begun and was not
// taken back by a withdrawal that restores.
func (p *Prepared) endBy(a asking, s *saying, e ending, candidates []*saying) (ended, bool) {
	since, begun := e.begins(a, candidates)
	if !begun || !p.counts(a, s.entry, s.issued.earliest, e) || p.restored(a, s, e) {
		return ended{}, false
	}
	return ended{saying: s, how: e.how, since: since, by: e.by}, true
}

// begins says from when an ending holds, if it does by day T. Withdrawn: from the
// effective day. Replaced: from the new advisory's valid_from, whatever the new one
// covers. Amended: only where the amending advisory has a candidate.
func (e ending) begins(a asking, candidates []*saying) (string, bool) {
	if e.how != amended {
		return e.from, e.from <= a.day
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
func (p *Prepared) counts(a asking, target *Entry, earliest string, e ending) bool {
	return a.knows(e.by) && e.issued >= earliest && AtLeastAsWide(e.by.Visibility, target.Visibility) &&
		Counts(e.by, a.committee, p.reg)
}

// restored says whether a withdrawal of the entry that replaced or amended it says
// that it stands again. Without that, nothing comes back.
func (p *Prepared) restored(a asking, s *saying, e ending) bool {
	if e.how == withdrawn {
		return false
	}
	for _, w := range p.endings[e.by.ID] {
		if w.how == withdrawn && w.from <= a.day && slices.Contains(w.by.Withdrawal.GetRestores(), s.entry.ID) &&
			p.counts(a, e.by, e.by.Advisory.GetIssued().GetEarliest(), w) {
			return true
		}
	}
	return false
}

// before says which of two ends of one saying came first; of two on one day a
// withdrawal is named before a replacement, and the rest is order of names.
func (e ended) before(other ended) bool {
	return cmp.Or(cmp.Compare(e.since, other.since), cmp.Compare(e.how, other.how), compareEntries(e.by, other.by)) < 0
}

// --- domain.md 4.3: lines before mentions ---

// linesBeforeMentions parts lines from INFORMATION_ONLY, CONSULTING and RELAY, which
// answer only when nothing else is left and are always shown beside.
func linesBeforeMentions(standing []*saying) (lines, mentions []*saying) {
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
func (p *Prepared) ownWord(a asking) string {
	latest := ""
	for i, s := range p.heard[a.topic] {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		if s.report || s.mention || !a.knows(s.entry) || !a.isAbout(s) {
			continue
		}
		if s.issued.latest <= a.day {
			latest = max(latest, s.issued.latest)
		}
		for _, e := range p.endings[s.entry.ID] {
			if e.how == withdrawn && e.issued <= a.day && p.counts(a, s.entry, s.issued.earliest, e) {
				latest = max(latest, e.issued)
			}
		}
	}
	return latest
}

// ownWordFirst drops the reports issued up to the committee's own word; later ones
// are kept apart as "reported since", never current.
func ownWordFirst(standing []*saying, spoke string) (kept, since []*saying) {
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
func (out *answer) choose(p *Prepared, a asking, lines, mentions []*saying) {
	for _, pool := range [][]*saying{lines, mentions} {
		for _, report := range []bool{false, true} {
			left := p.ladder(a, pool, report)
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
func (p *Prepared) ladder(a asking, pool []*saying, report bool) []*saying {
	left := make([]*saying, 0, len(pool))
	for _, s := range pool {
		if s.report == report {
			left = append(left, s)
		}
	}
	if len(left) <= 1 {
		return left
	}
	left = best(left, func(x, y *saying) int { return cmp.Compare(y.issued.latest, x.issued.latest) })
	left = best(left, measureFirst)
	left = best(left, func(x, y *saying) int { return cmp.Compare(x.committees, y.committees) })
	left = p.smallestAreas(left)
	return newestOfEachLog(left, a.audience)
}

// best keeps what compares lowest, in place.
func best(pool []*saying, compare func(x, y *saying) int) []*saying {
	lowest := slices.MinFunc(pool, compare)
	return slices.DeleteFunc(pool, func(s *saying) bool { return compare(s, lowest) > 0 })
}

func measureFirst(x, y *saying) int {
	return cmp.Compare(wholeLast(x), wholeLast(y))
}

func wholeLast(s *saying) int {
	if s.position.GetMeasure() == "" {
		return 1
	}
	return 0
}

// smallestAreas leaves out what covers more than another that is left: an area that
// contains the other's, or all of the committee's. Should a register contain itself
// in a circle, all are kept.
func (p *Prepared) smallestAreas(pool []*saying) []*saying {
	if len(pool) == 1 {
		return pool
	}
	var kept []*saying
	for _, s := range pool {
		if p.stopped() {
			return pool
		}
		larger := slices.ContainsFunc(pool, func(other *saying) bool { return p.larger(s, other) })
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
func (p *Prepared) larger(x, y *saying) bool {
	outer, inner := x.position.GetArea(), y.position.GetArea()
	if inner == nil || sameArea(outer, inner) {
		return false
	}
	day := y.issued.latest
	return outer == nil || p.contains(outer, inner, day) && !p.contains(inner, outer, day)
}

// newestOfEachLog keeps one saying per office.
func newestOfEachLog(pool []*saying, audience v1.Audience) []*saying {
	if len(pool) == 1 {
		return pool
	}
	var kept []*saying
	for _, s := range pool {
		beaten := slices.ContainsFunc(pool, func(other *saying) bool {
			return other.entry.Office == s.entry.Office && newer(other, s, audience) < 0
		})
		if !beaten {
			kept = append(kept, s)
		}
	}
	return kept
}

// newer orders sayings of one log: the higher (epoch, index) first. Within one entry,
// what is said to the very audience asked for before what is said to a wider one, then
// what is said first.
func newer(x, y *saying, audience v1.Audience) int {
	return cmp.Or(
		compareEntries(y.entry, x.entry),
		compareBool(!names(x, audience), !names(y, audience)),
		cmp.Compare(x.place, y.place))
}

func names(s *saying, audience v1.Audience) bool {
	return slices.Contains(s.position.GetAudiences(), audience)
}

// byOffice: from different offices with the same stance, the lower office id.
func byOffice(x, y *saying) int {
	return cmp.Compare(x.entry.Office, y.entry.Office)
}

// sameStance: with different stances they contest each other (4.6).
func sameStance(left []*saying) bool {
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
		if gone[i].saying.report && spoke != "" {
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
		compareBool(e.saying.report, other.saying.report),
		compareBool(e.saying.mention, other.saying.mention),
		cmp.Compare(other.since, e.since),
		newestFirst(e.saying, other.saying)) < 0
}
