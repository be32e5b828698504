package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// --- domain.md 4.7: nothing left ---

// reason is why nothing answers.
type reason struct {
	why      answersv1.NoLineReason
	gone     *ended       // LAPSED, WITHDRAWN, REPLACED, EXPIRED
	measures []string     // ON_MEASURES_ONLY
	letters  []string     // ON_MEASURES_ONLY, ON_OTHER_PARTS, DAY_NOT_KNOWN: the entries that say it; REPLACED: by, where that has ended too
	over     string       // ON_OTHER_PARTS: the day from which none of it stands any more
	toOthers []*assertion // SAID_TO_OTHERS: what of it stands
	removed  *Entry       // REMOVED: what took it down

	otherReaders, otherAreas, otherGroups bool // SAID_TO_OTHERS: what differs

	leftTo map[*assertion][]v1.Audience // of what is said to others, beside a line too: to whom it still is, where not to all
}

// isLeftTo notes those to whom what is said to others still is, where its letter said it to others besides.
func (r *reason) isLeftTo(s *assertion, readers []v1.Audience) {
	left := func(a v1.Audience) bool { return !known(a) || slices.Contains(readers, a) }
	if !slices.ContainsFunc(s.position.GetAudiences(), func(a v1.Audience) bool { return !left(a) }) {
		return
	}
	if r.leftTo == nil {
		r.leftTo = map[*assertion][]v1.Audience{}
	}
	r.leftTo[s] = readers
}

// unlapsed takes away what advises doing what would breach the contract on T: a line does
// not outlive its lawfulness. What is left of a contest may agree.
func unlapsed(q query, current *assertion, contested []*assertion) (*assertion, []*assertion, *ended) {
	pool := contested
	if current != nil {
		if lapsedSince(q, current) == "" {
			return current, nil, nil
		}
		pool = []*assertion{current}
	}
	var left []*assertion
	var lapse *ended
	for _, s := range pool {
		since := lapsedSince(q, s)
		if since == "" {
			left = append(left, s)
		} else if lapse == nil || newestFirst(s, lapse.assertion) < 0 {
			lapse = &ended{assertion: s, how: lapsed, since: since}
		}
	}
	switch {
	case len(left) == len(pool):
		return current, contested, nil
	case len(left) == 0:
		return nil, nil, lapse
	case slices.ContainsFunc(left, func(s *assertion) bool { return s.position.GetStance() != left[0].position.GetStance() }):
		return nil, left, nil
	}
	return slices.MinFunc(left, byOffice), nil, nil
}

// hasExpired: T is after an assertion's valid days. What supports doing that which would breach
// the contract from the very day after them on has not expired then, but lapsed: what it was an
// exception from does not come back as advice.
func hasExpired(q query, s *assertion) bool {
	if s.until == "" || q.day <= s.until {
		return false
	}
	since := lapsedSince(q, s)
	return since == "" || since > notation.DayAfter(s.until) || s.until < s.from // never valid
}

// lapsedSince is the first day of those around T on which doing what an assertion supports
// would breach the contract, by its own reading or the proposer's; empty: it would not.
func lapsedSince(q query, s *assertion) string {
	switch s.position.GetStance() {
	case v1.Stance_STANCE_SUPPORT, v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS, v1.Stance_STANCE_REQUIRED:
	default:
		return ""
	}
	own, claimed := effectsOn(q, s), MeasureOf(q.asked.Matter, q.measure).GetClaimedEffects()
	breaches := func(day string) bool {
		const breach = answersv1.Obligation_OBLIGATION_WOULD_BREACH
		return obligationOf(own, day) == breach || obligationOf(claimed, day) == breach
	}
	if !breaches(q.day) {
		return ""
	}
	breaching, since := false, ""
	for _, day := range changesOf(own, claimed) { // the first is before every day
		if day > q.day {
			break
		}
		if breaches(day) && !breaching {
			since = day
		}
		breaching = breaches(day)
	}
	return max(since, s.from)
}

// reasonOf is why nothing answers: the first of clause 7 that holds.
func (p *Prepared) reasonOf(q query, out *answer) reason {
	if q.day == "" {
		return reason{why: answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN}
	}
	if out.lapse != nil {
		return reason{why: answersv1.NoLineReason_NO_LINE_REASON_LAPSED, gone: out.lapse}
	}
	if q.beside {
		return reason{}
	}
	all := p.gone(q, out)
	if last := lastGone(all, out.spoke); last != nil {
		why := answersv1.NoLineReason_NO_LINE_REASON_REPLACED
		switch last.how {
		case disowned:
			why = answersv1.NoLineReason_NO_LINE_REASON_REPORT_DENIED
		case withdrawn:
			if why = answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN; last.assertion.report {
				why = answersv1.NoLineReason_NO_LINE_REASON_REPORT_TAKEN_BACK
			}
		case expired:
			why = answersv1.NoLineReason_NO_LINE_REASON_EXPIRED
		}
		r := reason{why: why, gone: last}
		itsOwn := func(e ended) bool { return e.assertion.entry == last.by } // what ended it covered this, and has ended too
		if why == answersv1.NoLineReason_NO_LINE_REASON_REPLACED && slices.ContainsFunc(all, itsOwn) {
			r.letters = []string{last.by.ID}
		}
		return r
	}
	if len(out.mayBeIssued) > 0 {
		return reason{why: answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN}
	}
	if len(out.notYet)+len(out.waiting) > 0 {
		return reason{why: answersv1.NoLineReason_NO_LINE_REASON_NOT_YET}
	}
	said := p.said(q.topic)
	if q.measure == "" {
		if measures, letters := p.measuresWithLines(q, said); len(measures) > 0 {
			return reason{why: answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY, measures: measures, letters: letters}
		}
	}
	var onOthers, perhaps []*assertion
	others := reason{why: answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS}
	for i, s := range said {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		if !q.knows(s.entry) || s.issued.earliest > q.day {
			continue
		}
		takenBack := func(e ending) bool {
			_, ends := p.endBy(q, s, e, nil)
			return ends
		}
		if s.report && slices.ContainsFunc(p.endings.of(s.entry.ID), takenBack) {
			continue // it is as if it had not been reported
		}
		if s.issued.latest > q.day {
			perhaps = append(perhaps, s)
			continue
		}
		onOthers = append(onOthers, s)
		if s.report || !q.isAbout(s) || q.isFor(s) && s.scope == q.scope && p.covers(q, s) {
			continue
		}
		switch {
		case !q.isFor(s):
			others.otherReaders = true
		case s.scope != q.scope:
			others.otherGroups = true
		default:
			others.otherAreas = true
		}
		if readers := p.toldOfOthers(q, out, s); len(readers) > 0 {
			others.toOthers = p.once(others.toOthers, s, false)
			others.isLeftTo(s, readers)
		}
	}
	switch {
	case others.otherReaders || others.otherGroups || others.otherAreas:
		return others
	case len(onOthers) > 0:
		letters, over := p.lettersOf(q, onOthers)
		return reason{why: answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS, letters: letters, over: over}
	case len(perhaps) > 0: // on other parts, or to others: no answer but for the day
		letters, _ := p.lettersOf(q, perhaps)
		return reason{why: answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN, letters: letters}
	case q.asked.Unknown > 0:
		return reason{why: answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN}
	}
	var removed []*Entry
	for _, e := range p.removed.of(q.topic) {
		if q.knows(e) {
			removed = append(removed, e)
		}
	}
	if len(removed) > 0 {
		return reason{why: answersv1.NoLineReason_NO_LINE_REASON_REMOVED, removed: slices.MaxFunc(removed, CompareEntries)}
	}
	return reason{why: answersv1.NoLineReason_NO_LINE_REASON_SILENT}
}

// toldOfOthers are those of its audiences for whom what was said to others than those asked about stands, or will; none
// where it is listed elsewhere, or where less than all its area is asked about and what is said of that answers them.
func (p *Prepared) toldOfOthers(q query, out *answer, s *assertion) (readers []v1.Audience) {
	if lapsedSince(q, s) != "" || out.isNowhere(s) {
		return nil
	}
	for _, own := range forEachOwn(q, s) {
		if !slices.Contains(readers, own.audience) && p.standsFor(own, s) && (s.from <= q.day || p.overtaken(own, []*assertion{s}) == nil) && !p.isAround(q, own, s) {
			readers = append(readers, own.audience)
		}
	}
	return readers
}

// isAround: of a practice, or a part of the area, an assertion is what is said around it, and what answers its readers
// there, or has lapsed, is limited to less.
func (p *Prepared) isAround(q, own query, s *assertion) bool {
	if q.area == nil && q.practice == "" || s.mention || s.waits || s.from > q.day || !p.covers(q, s) {
		return false
	}
	own.area, own.practice = q.area, q.practice
	there := p.weigh(own)
	by := there.current
	if there.lapse != nil {
		by = there.lapse.assertion
	}
	return by != nil && !by.mention && by.extent != nil && !sameExtent(by, s)
}

// standsFor: an assertion stands on T for some whom it was said to, be it that it holds from a later day or waits.
func (p *Prepared) standsFor(own query, s *assertion) bool {
	if p.isOverForGood(own, s) {
		return false
	}
	_, over := p.end(own, s, p.amending(own, s))
	return !over && notation.IsWithin(own.day, "", s.until)
}

// forEachOwn are a question as each of those asks it to whom an assertion was said, in each area that it is limited to;
// of what is on another measure, on that. For one of them alone it may have ended.
func forEachOwn(q query, s *assertion) (all []query) {
	own := q
	if !q.isAbout(s) {
		own = q.onMeasure(s.position.GetMeasure())
	}
	own.scope, own.practice = s.scope, ""
	areas := s.extent
	if len(areas) == 0 {
		areas = []*v1.AreaId{nil}
	}
	named := slices.ContainsFunc(s.position.GetAudiences(), func(a v1.Audience) bool { return known(a) })
	for _, own.audience = range s.position.GetAudiences() {
		for _, own.area = range areas {
			if known(own.audience) || !named {
				all = append(all, own)
			}
		}
	}
	return all
}

// lettersOf are the entries of those assertions that stand; where none does, that of the newest, and the
// day from which that is so. What others reported up to the committee's own word is no answer any more,
// and is not looked at beside that.
func (p *Prepared) lettersOf(q query, said []*assertion) (letters []string, over string) {
	var newest *assertion
	spoke := map[reader]string{}
	for i, s := range said {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		readers := slices.DeleteFunc(forEachOwn(q, s), func(own query) bool {
			if !s.report {
				return false
			}
			day, known := spoke[readerOf(own)]
			if !known {
				day = p.ownWord(own)
				spoke[readerOf(own)] = day
			}
			return s.issued.latest <= day
		})
		if len(readers) == 0 {
			continue
		}
		if newest == nil || newestFirst(s, newest) < 0 {
			newest = s
		}
		if slices.ContainsFunc(readers, func(own query) bool { return p.standsFor(own, s) }) {
			if !slices.Contains(letters, s.entry.ID) {
				letters = append(letters, s.entry.ID)
			}
			continue
		}
		for _, own := range readers {
			if end, ended := p.end(own, s, p.amending(own, s)); ended {
				over = max(over, end.since)
			}
		}
	}
	switch {
	case letters != nil:
		slices.Sort(letters)
		return letters, ""
	case newest == nil:
		newest = slices.MinFunc(said, newestFirst)
	}
	return []string{newest.entry.ID}, over
}

// measuresWithLines are the measures on which the committee has a line of its own, to the
// same audience and in the same area and scope, in the order listed, and the entries that say
// so.
func (p *Prepared) measuresWithLines(q query, said []*assertion) (measures, letters []string) {
	for _, m := range q.asked.Matter.GetMeasures() {
		id := m.GetId()
		if id == "" || !slices.ContainsFunc(said, func(s *assertion) bool { return s.position.GetMeasure() == id }) {
			continue
		}
		out := p.weigh(q.onMeasure(id))
		if len(out.contested) > 0 && !out.contested[0].report && !out.contested[0].mention || out.current != nil && !out.current.report && !out.current.mention {
			measures = append(measures, id)
			for _, s := range append(slices.Clone(out.contested), out.current) {
				if s != nil && !slices.Contains(letters, s.entry.ID) {
					letters = append(letters, s.entry.ID)
				}
			}
		}
	}
	slices.Sort(letters)
	return measures, letters
}

// gone is what would answer and has ended, what is over for good too.
func (p *Prepared) gone(q query, out *answer) []ended {
	if _, all := p.mayAnswer(q); all {
		return out.gone
	}
	c := p.candidatesAmong(q, p.saidWithin(q.topic, q.scope))
	p.dropEnded(q, &c, true)
	return c.gone
}

// lastGone is what ended last, for it was the line until then: of the committee's own
// lines, else its mentions; of reports only where it never spoke itself.
func lastGone(gone []ended, spoke string) *ended {
	var last *ended
	for i := range gone {
		this := &gone[i]
		if this.assertion.report && spoke != "" {
			continue
		}
		if last == nil || cmp.Or(
			compareBool(this.assertion.report, last.assertion.report),
			compareBool(this.assertion.mention, last.assertion.mention),
			cmp.Compare(last.since, this.since),
			cmp.Compare(this.how, last.how),
			newestFirst(this.assertion, last.assertion)) < 0 {
			last = this
		}
	}
	return last
}
