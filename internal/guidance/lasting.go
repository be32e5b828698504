package guidance

import (
	"cmp"
	"maps"
	"slices"
	"sort"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// domain.md 4.2: what is over for good. An office that writes for years on one matter ends far more than it
// leaves, and a question about today should not cost what was said ten years ago.

// parted is what was said for a committee on a matter within one scope. It is never changed: what comes later
// makes another.
type parted struct {
	said    []*assertion
	lasting []*assertion                // of it, what may answer again, by what was prepared
	over    []overFrom                  // the others, by day
	since   growing[*assertion, string] // the same
	alike   []*assertion                // one of each that are on one measure and for the same audiences, limited or not; one more than alikeLimit at most
	placed  []*assertion                // what is limited to areas, or asks something in one
	reports bool                        // some of it is reported
}

// alikeLimit is how many different ones are told apart; where there are more, all are.
const alikeLimit = 64

// overFrom is what has ended from a day on, whatever is asked.
type overFrom struct {
	*assertion
	day string
}

// parted is what was said within a scope, parted once for all questions.
func (p *Prepared) parted(t topic, scope string) *parted {
	said := p.said(t)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.scoped[t] == nil {
		scopes := map[string]*parted{}
		for _, s := range said {
			if scopes[s.scope] == nil {
				scopes[s.scope] = newParted()
			}
			p.put(scopes[s.scope], s, t.committee)
		}
		for _, w := range scopes {
			slices.SortStableFunc(w.over, byDay)
		}
		p.scoped[t] = scopes
	}
	if w := p.scoped[t][scope]; w != nil {
		return w
	}
	return &parted{}
}

// SetApart finds what is over for good of what was said on a matter for some committees, once for all that is
// made from it with more.
func (p *Prepared) SetApart(matter string, committees []string) {
	for _, committee := range committees {
		p.parted(topic{matter, committee}, "")
	}
}

// scopes are those of what was said, in any order.
func (p *Prepared) scopes(t topic) []string {
	p.parted(t, "")
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Keys(p.scoped[t]))
}

// saidOfAreas is what was said that is limited to areas, or asks something in one, in any scope.
func (p *Prepared) saidOfAreas(t topic) (all []*assertion) {
	for _, scope := range p.scopes(t) {
		all = append(all, p.parted(t, scope).placed...)
	}
	return all
}

// saidIn is what of said stands in an entry.
func (p *Prepared) saidIn(e *Entry, t topic) []*assertion {
	if len(p.reg.Predecessors(t.committee)) > 0 {
		return slices.DeleteFunc(slices.Clone(p.said(t)), func(s *assertion) bool { return s.entry.ID != e.ID })
	}
	p.restOn(t.committee)
	return slices.DeleteFunc(slices.Clone(p.byEntry.of(e.ID)), func(s *assertion) bool {
		return s.position.GetMatter() != t.matter || !slices.Contains(s.position.GetCommittees(), t.committee) || !Counts(s.entry, t.committee, p.reg)
	})
}

func byDay(x, y overFrom) int { return cmp.Compare(x.day, y.day) }

// put adds what was said for a committee.
func (p *Prepared) put(w *parted, s *assertion, committee string) {
	w.said = append(w.said, s)
	w.reports = w.reports || s.report
	if s.extent != nil || slices.ContainsFunc(Actions(s.entry.Advisory), func(a *v1.Action) bool { return a.GetArea() != nil }) {
		w.placed = append(w.placed, s)
	}
	w.tellApart(s)
	p.last(w, s, committee)
}

func (w *parted) tellApart(s *assertion) {
	if len(w.alike) <= alikeLimit && !slices.ContainsFunc(w.alike, s.isLike) {
		w.alike = append(w.alike, s)
	}
}

// takeOut takes out what was put.
func (p *Prepared) takeOut(w *parted, s *assertion, _ string) {
	others := func(of []*assertion) []*assertion {
		return slices.DeleteFunc(slices.Clone(of), func(other *assertion) bool { return other == s })
	}
	w.said, w.lasting, w.placed = others(w.said), others(w.lasting), others(w.placed)
	w.over = slices.DeleteFunc(w.over, func(o overFrom) bool { return o.assertion == s })
	w.since.put(s, "")
	w.reports = slices.ContainsFunc(w.said, func(other *assertion) bool { return other.report })
	if slices.Contains(w.alike, s) {
		w.alike = nil
		for _, other := range w.said {
			w.tellApart(other)
		}
	}
}

// last puts something said where it belongs by what ends it.
func (p *Prepared) last(w *parted, s *assertion, committee string) {
	if day := p.overSince(s, committee); day != "" {
		w.over = append(w.over, overFrom{s, day})
		w.since.put(s, day)
	} else {
		w.lasting = append(w.lasting, s)
	}
}

// isLike: both are on one measure, for the same audiences, and limited to areas or not.
func (s *assertion) isLike(other *assertion) bool {
	return s.position.GetMeasure() == other.position.GetMeasure() && (s.extent == nil) == (other.extent == nil) && slices.Equal(s.position.GetAudiences(), other.position.GetAudiences())
}

// ofEachKind is what was said within the scope of a question, of what is alike one alone, where all of it
// had come by K.
func (p *Prepared) ofEachKind(q query) []*assertion {
	w := p.parted(q.topic, q.scope)
	if len(w.alike) > alikeLimit || !p.knowsAll(q) {
		return w.said
	}
	return w.alike
}

// partFrom takes over what was parted before some entries came, or went, but for what they bear on.
func (p *Prepared) partFrom(before *Prepared, entries []Entry, cameOrWent func(w *parted, s *assertion, committee string)) {
	before.mu.Lock()
	defer before.mu.Unlock()
	p.scoped = maps.Clone(before.scoped)
	maps.DeleteFunc(p.scoped, func(t topic, _ map[string]*parted) bool { return len(p.reg.Predecessors(t.committee)) > 0 })
	looked, own, ownParts := map[*Entry]bool{}, map[topic]bool{}, map[*parted]bool{}
	look := func(e *Entry, put func(w *parted, s *assertion, committee string)) {
		if e == nil || looked[e] {
			return
		}
		looked[e] = true
		said := p.byEntry.of(e.ID)
		if said == nil { // it went
			said = before.byEntry.of(e.ID)
		}
		for _, s := range said {
			for i, committee := range s.position.GetCommittees() {
				t := topic{s.position.GetMatter(), committee}
				if p.scoped[t] == nil || repeats(s.position.GetCommittees(), i) || !Counts(s.entry, committee, p.reg) {
					continue
				}
				if !own[t] {
					p.scoped[t], own[t] = maps.Clone(p.scoped[t]), true
				}
				w := p.scoped[t][s.scope]
				if !ownParts[w] {
					w = w.clone()
					p.scoped[t][s.scope], ownParts[w] = w, true
				}
				put(w, s, committee)
				w.sortLast()
			}
		}
	}
	for i := range entries {
		look(&entries[i], cameOrWent)
	}
	for i := range entries {
		for _, name := range Ends(entries[i]) {
			look(p.entries.of(name), p.replace)
		}
	}
}

// clone is a copy to put more into.
func (w *parted) clone() *parted {
	if w == nil {
		return newParted()
	}
	return &parted{
		said: slices.Clip(w.said), lasting: slices.Clone(w.lasting), over: slices.Clone(w.over), since: w.since.grown(),
		alike: slices.Clip(w.alike), placed: slices.Clip(w.placed), reports: w.reports,
	}
}

func newParted() *parted { return &parted{since: growing[*assertion, string]{}.grown()} }

// replace puts where it belongs by now what was said before.
func (p *Prepared) replace(w *parted, s *assertion, committee string) {
	w.lasting = slices.DeleteFunc(w.lasting, func(other *assertion) bool { return other == s })
	if w.since.of(s) != "" {
		w.over = slices.DeleteFunc(w.over, func(o overFrom) bool { return o.assertion == s })
		w.since.put(s, "")
	}
	p.last(w, s, committee)
}

// sortLast brings what was put last of what is over into its order.
func (w *parted) sortLast() {
	if n := len(w.over) - 1; n > 0 && w.over[n].day < w.over[n-1].day {
		last := w.over[n]
		at := sort.Search(n, func(i int) bool { return w.over[i].day > last.day })
		copy(w.over[at+1:], w.over[at:n])
		w.over[at] = last
	}
}

// mayAnswer is what was said within the scope of a question and is not over for good by its day; all says
// that this is everything.
func (p *Prepared) mayAnswer(q query) (said []*assertion, all bool) {
	w := p.parted(q.topic, q.scope)
	if !p.knowsAll(q) {
		return w.said, true
	}
	left := w.over[sort.Search(len(w.over), func(i int) bool { return w.over[i].day > q.day }):]
	if said = w.lasting; len(left) > 0 {
		said = slices.Clip(said)
		for _, s := range left {
			said = append(said, s.assertion)
		}
	}
	return said, len(said) == len(w.said)
}

// mayStandOn is what was said within a scope, and was not over for good before a day, in its order; for a
// group, everything.
func (p *Prepared) mayStandOn(t topic, scope, day string) []*assertion {
	w := p.parted(t, scope)
	if n := len(w.over); scope != "" || n > 0 && w.over[n-1].day > day {
		return w.said
	}
	return w.lasting
}

// isOverForGood: something said for the committee asked about is over for good by the day asked about.
func (p *Prepared) isOverForGood(q query, s *assertion) bool {
	since := p.parted(q.topic, s.scope).since.of(s)
	return since != "" && since <= q.day && p.knowsAll(q)
}

// knowsAll: all that was prepared had come by K.
func (p *Prepared) knowsAll(q query) bool {
	return q.upTo == nil && (q.asked.KnownAt == 0 || q.asked.KnownAt >= p.newest)
}

// overSince is the first day from which on an assertion has ended for a committee, whatever is asked and
// whatever else comes but what takes that back; empty: there is none, or it may depend. What is withdrawn
// counts as the committee's word from that day on, and is looked at still.
func (p *Prepared) overSince(s *assertion, committee string) (day string) {
	if s.report || len(p.reg.Predecessors(committee)) > 0 { // of merged ones each ends by its own
		return ""
	}
	q := query{topic: topic{s.position.GetMatter(), committee}}
	for _, e := range p.endings.of(s.entry.ID) {
		from := e.from
		switch e.how {
		case withdrawn:
			return ""
		case amended:
			from = p.amendedFrom(s, e.by, committee)
		}
		if from != "" && (day == "" || from < day) && p.counts(q, s, e) && !p.givenBack(s, e) {
			day = from
		}
	}
	if day == "" {
		return ""
	}
	return max(day, s.from, s.issued.latest)
}

// amendedFrom is the first day from which on an entry has a candidate wherever an assertion is one, for
// as long as there are days; empty: there is none.
func (p *Prepared) amendedFrom(s *assertion, by *Entry, committee string) (day string) {
	for _, t := range p.byEntry.of(by.ID) {
		from := max(t.from, t.issued.latest)
		if t.extent == nil && t.until == "" && !t.waits && t.scope == s.scope && (day == "" || from < day) &&
			t.position.GetMatter() == s.position.GetMatter() && t.position.GetMeasure() == s.position.GetMeasure() &&
			reachesAll(t.position.GetAudiences(), s.position.GetAudiences()) &&
			slices.Contains(t.position.GetCommittees(), committee) && Counts(by, committee, p.reg) {
			day = from
		}
	}
	return day
}

// givenBack: something withdraws what ended an assertion, and says on some day that this stands again.
func (p *Prepared) givenBack(s *assertion, e ending) bool {
	return slices.ContainsFunc(p.endings.of(e.by.ID), func(w ending) bool {
		return w.how == withdrawn && slices.Contains(w.by.Withdrawal.GetRestores(), s.entry.ID)
	})
}

// amendingHere is amending, by what is a candidate of the very question.
func (p *Prepared) amendingHere(q query, s *assertion) map[*Entry]string {
	if len(p.reg.Predecessors(q.committee)) > 0 { // whose words are read as limited
		return firstDays(p.candidatesAmong(q, p.saidWithin(q.topic, q.scope)).valid)
	}
	said := p.amendedWith(q, s, func(c string) bool { return c == q.committee })
	if said == nil {
		return nil
	}
	return firstDays(p.candidatesAmong(q, said).valid)
}
