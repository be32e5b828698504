package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// domain.md 4.2: what has ended.

// ended is how and when an assertion ended.
type ended struct {
	assertion *assertion
	how       endingKind
	since     string // first day it no longer counts
	by        *Entry // nil when it expired, or lapsed
}

// dropEnded leaves out what has ended. What of it bore on the question is kept for clause
// 7, unless it may never have been issued. all: they are of everything said.
func (p *Prepared) dropEnded(q query, c *candidates, all bool) {
	amending := firstDays(c.valid) // an amendment ends by what it has here, ended or not
	for _, pool := range []*[]*assertion{&c.valid, &c.waiting, &c.notYet, &c.over, &c.mayBeIssued, &c.formerAreas, &c.unknownAreas} {
		kept := make([]*assertion, 0, len(*pool))
		for i, s := range *pool {
			if i%checkEvery == 0 && p.stopped() {
				break
			}
			if !all { // some of which is not among these
				amending = p.amendingHere(q, s)
			}
			end, found := p.end(q, s, amending)
			ahead := found
			if then := q; found && pool == &c.notYet { // what is over by then amends nothing of it, and it may be restored
				then.day = s.from
				_, ahead = p.end(then, s, p.amending(then, s))
			}
			switch {
			case found && !ahead: // it will hold
				if kept = append(kept, s); end.how != amended {
					c.gone = append(c.gone, end)
				}
			case !found && pool == &c.formerAreas && p.hasEndedThere(q, s):
			case !found:
				kept = p.once(kept, s, pool == &c.formerAreas)
			case pool != &c.mayBeIssued && pool != &c.formerAreas && pool != &c.unknownAreas:
				c.gone = append(c.gone, end)
			}
		}
		*pool = kept
	}
}

// hasEndedThere: what was said of areas that are no more has ended in each of them, for whoever was in it.
func (p *Prepared) hasEndedThere(q query, s *assertion) bool {
	q.practice = ""
	return !slices.ContainsFunc(s.extent, func(area *v1.AreaId) bool {
		q.area = area
		_, over := p.end(q, s, p.amendingHere(q, s))
		return !over
	})
}

// once adds an assertion to a list, unless what it says is there already: what was said for
// two committees that merged is one, of the smaller of their areas. apart: it is told of the area
// of each of them, where neither is smaller.
func (p *Prepared) once(list []*assertion, s *assertion, apart bool) []*assertion {
	i := slices.IndexFunc(list, func(x *assertion) bool {
		return s.owner != "" && x.position == s.position && (!apart || p.smaller(s, x) || p.smaller(x, s))
	})
	switch {
	case i < 0:
		return append(list, s)
	case p.smaller(s, list[i]):
		list[i] = s
	}
	return list
}

// firstDays is, by entry, the first day on which something of it is a candidate.
func firstDays(valid []*assertion) map[*Entry]string {
	first := map[*Entry]string{}
	for _, s := range valid {
		day := max(s.from, s.issued.latest)
		if have, ok := first[s.entry]; !ok || day < have {
			first[s.entry] = day
		}
	}
	return first
}

// end is how an assertion first came to its end by day T, if it did. Withdrawn: from the
// effective day. Replaced: from the new advisory's valid_from, whatever the new one
// covers. Amended: only where the amending advisory has a candidate, from the day that
// amending says. Of two ends on one day a withdrawal is named before a replacement, and
// the rest is order of names.
func (p *Prepared) end(q query, s *assertion, amending map[*Entry]string) (first ended, found bool) {
	if hasExpired(q, s) {
		first, found = ended{assertion: s, how: expired, since: notation.DayAfter(s.until)}, true
	}
	for _, e := range p.endings.of(s.entry.ID) {
		end, counts := p.endBy(q, s, e, amending)
		if counts && (!found || cmp.Or(cmp.Compare(end.since, first.since), cmp.Compare(end.how, first.how), CompareEntries(end.by, first.by)) < 0) {
			first, found = end, true
		}
	}
	return first, found
}

// endsLater is what ends an assertion first on a day after T, is here already and may have been issued by T, where it is
// not over by itself before that: nobody should plan beyond it.
func (p *Prepared) endsLater(q query, s *assertion) (first ending, found bool) {
	for _, e := range p.endings.of(s.entry.ID) {
		for _, e.from = range p.endingDays(e) {
			if e.from <= q.day || e.by.Issued().GetEarliest() > q.day || s.until != "" && e.from > notation.DayAfter(s.until) || found && cmp.Or(cmp.Compare(e.from, first.from), cmp.Compare(e.how, first.how), CompareEntries(e.by, first.by)) >= 0 {
				continue
			}
			then := q
			then.day = e.from
			if _, ends := p.endBy(then, s, e, p.amending(then, s)); ends {
				first, found = e, true
			}
		}
	}
	return first, found
}

// endingDays are the days from which on an ending may end something: those of an amendment by each of its lines from
// the day that this holds.
func (p *Prepared) endingDays(e ending) []string {
	if e.how != amended {
		return []string{e.from}
	}
	var days []string
	for _, s := range p.byEntry.of(e.by.ID) {
		days = append(days, max(s.from, s.issued.latest))
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// endBy is how one of its endings ends an assertion by day T, if it does.
func (p *Prepared) endBy(q query, s *assertion, e ending, amending map[*Entry]string) (ended, bool) {
	since := e.from
	if e.how == amended {
		since = amending[e.by]
	}
	if since == "" || since > q.day || !p.counts(q, s, e) || p.restored(q, s, e) {
		return ended{}, false
	}
	how := e.how
	if s.report && p.endsHere(q.committee, s.owner, e.by) {
		how = disowned // by whose position it is said to be, and not taken back by who said so
	}
	return ended{assertion: s, how: how, since: since, by: e.by}, true
}

// counts: an ending counts against what it ends, for the committee asked about. It was
// recorded by K; it is no narrower to read than what it ends; it was not issued before
// that was: an office that once spoke for a committee could otherwise end its successor's
// advisories by dating the ending back. It is on behalf of the committee, of an office that
// spoke for it; what a predecessor said is ended on behalf of that one too. A report is also
// ended by whoever recorded it.
func (p *Prepared) counts(q query, s *assertion, e ending) bool {
	if !q.knows(e.by) || e.issued < s.issued.earliest || !AtLeastAsWide(e.by.Visibility, s.entry.Visibility) {
		return false
	}
	if s.report && (e.how != withdrawn || e.by.Office == s.entry.Office) {
		return e.how == withdrawn
	}
	return p.endsHere(q.committee, s.owner, e.by)
}

// endsHere: an entry may end what was said for the committee asked about: it is on behalf of
// that, or of the predecessor that said it, its owner; and where a predecessor is asked about itself, of a
// committee that was merged from it. Of one that others merged into, which was there before, that is what it issued since they ended.
func (p *Prepared) endsHere(committee, owner string, by *Entry) bool {
	if owner != "" && p.endsFor(by, owner) {
		return true
	}
	if p.endsFor(by, committee) {
		return owner == "" || p.isSince(by.Issued().GetLatest(), owner)
	}
	if owner != "" || !p.isSince(by.Issued().GetLatest(), committee) {
		return false
	}
	ends := false
	for _, c := range p.reg.Successors(committee) { // each of them: of one that was divided, what one ends stands for the others
		switch {
		case p.reg.IsOver(c, by.Issued().GetLatest()):
		case !slices.Contains(CommitteesOf(*by), c) || !Counts(by, c, p.reg):
			return false
		default:
			ends = true
		}
	}
	return ends
}

// isSince: a day lies after the last one of a committee that merged, as far as that is recorded.
func (p *Prepared) isSince(day, merged string) bool { return day > p.reg.LastDay(merged) }

// endsFor: an entry may end something for a committee: it is on behalf of it, or of nobody
// in particular, and its office spoke for it.
func (p *Prepared) endsFor(by *Entry, committee string) bool {
	on := CommitteesOf(*by)
	return (len(on) == 0 || slices.Contains(on, committee)) && Counts(by, committee, p.reg)
}

// restored: a withdrawal of the entry that replaced or amended it says that it stands
// again. Without that, nothing comes back.
func (p *Prepared) restored(q query, s *assertion, e ending) bool {
	if e.how == withdrawn {
		return false
	}
	return slices.ContainsFunc(p.endings.of(e.by.ID), func(w ending) bool {
		return w.how == withdrawn && w.from <= q.day && slices.Contains(w.by.Withdrawal.GetRestores(), s.entry.ID) &&
			q.knows(w.by) && w.issued >= e.by.Advisory.GetIssued().GetEarliest() && AtLeastAsWide(w.by.Visibility, e.by.Visibility) &&
			p.endsHere(q.committee, s.owner, w.by)
	})
}
