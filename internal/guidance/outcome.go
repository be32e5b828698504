package guidance

import (
	"cmp"
	"slices"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// --- domain.md 4.3: lines before mentions ---

// linesBeforeMentions parts lines from INFORMATION_ONLY, CONSULTING and RELAY, which
// answer only when nothing else is left and are always shown beside.
func linesBeforeMentions(valid []*assertion) (lines, mentions []*assertion) {
	for _, s := range valid {
		if s.mention {
			mentions = append(mentions, s)
		} else {
			lines = append(lines, s)
		}
	}
	return lines, mentions
}

// --- domain.md 4.4: own word first ---

// ownWord is the latest day up to T on which the committee spoke for itself on what is
// asked: by an advisory with a line that bears on it, or by a withdrawal of one. Empty: it
// has not. Whether that still holds makes no difference. On the whole matter any own line on
// a measure of the matter's proposer counts too. A mention is not its own word: clause 3 has
// set it aside, and a newsletter must not silence a report.
func (p *Prepared) ownWord(q query) string {
	latest := ""
	for i, s := range p.saidWithin(q.topic, q.scope) {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		if s.report || s.mention || !q.knows(s.entry) || !q.isAbout(s) && !q.isOfPart(s) || !q.isFor(s) || s.scope != q.scope || !p.covers(q, s) && !s.forUnknown() {
			continue
		}
		if s.issued.latest <= q.day {
			latest = max(latest, s.issued.latest)
		}
		for _, e := range p.endings.of(s.entry.ID) {
			if e.how == withdrawn && e.issued <= q.day && p.counts(q, s, e) {
				latest = max(latest, e.issued)
			}
		}
	}
	return latest
}

// ownWordFirst takes out the reports issued up to the committee's own word, and those of
// later days, which are never current; both stay listed.
func (out *answer) ownWordFirst(standing []*assertion, spoke string) (kept []*assertion) {
	for _, s := range standing {
		switch {
		case !s.report || spoke == "":
			kept = append(kept, s)
		case s.issued.latest > spoke:
			out.reportedSince = append(out.reportedSince, s)
		default:
			out.reportedEarlier = append(out.reportedEarlier, s)
		}
	}
	return kept
}

// --- domain.md 4.5 and 4.6: the latest, and the ladder below it ---

// latest is the current position, or those that contest each other: of the committee's
// own lines, else reported lines, else its own mentions, else reported ones. What the
// ladder leaves is at most one per office: with one stance, the lower office id speaks
// for all; with different stances nothing is current.
func (p *Prepared) latest(q query, lines, mentions []*assertion) (current *assertion, contested []*assertion) {
	for _, pool := range [][]*assertion{lines, mentions} {
		for _, report := range []bool{false, true} {
			left := make([]*assertion, 0, len(pool))
			for _, s := range pool {
				if s.report == report {
					left = append(left, s)
				}
			}
			left = p.ladder(q, left)
			if len(left) == 0 {
				continue
			}
			if slices.ContainsFunc(left, func(s *assertion) bool { return s.position.GetStance() != left[0].position.GetStance() }) {
				return nil, left
			}
			return slices.MinFunc(left, byOffice), nil
		}
	}
	return nil, nil
}

// ladder leaves the best of a pool, at most one per office. Each rung looks at all that
// the rung above left, so that the order of entries makes no difference.
func (p *Prepared) ladder(q query, left []*assertion) []*assertion {
	if len(left) <= 1 {
		return left
	}
	// the latest issued
	left = lowest(left, latestFirst)
	// a position on the measure before one on the whole matter
	left = lowest(left, func(x, y *assertion) int {
		return compareBool(x.position.GetMeasure() == "", y.position.GetMeasure() == "")
	})
	// the one that speaks for fewer committees
	left = lowest(left, func(x, y *assertion) int { return cmp.Compare(x.committees, y.committees) })
	// the smaller area, where one contains the other on the day they share and is not
	// contained by it; no area is all of the committee's
	var limits []*assertion // one for each set of areas
	for i, s := range left {
		if i%checkEvery == 0 && p.stopped() {
			return left
		}
		if !slices.ContainsFunc(limits, func(x *assertion) bool { return sameExtent(x, s) }) {
			limits = append(limits, s)
		}
	}
	limits = p.unbeaten(limits, p.smaller)
	// in one log, the higher (epoch, index); within one entry, what is said to the very
	// audience asked for before what is said to a wider one, then what stands first
	toOthers := func(s *assertion) bool { return !slices.Contains(s.position.GetAudiences(), q.audience) }
	newest := map[string]*assertion{} // by office
	compare := func(x, y *assertion) int {
		return cmp.Or(CompareEntries(y.entry, x.entry), compareBool(toOthers(x), toOthers(y)), cmp.Compare(x.place, y.place))
	}
	left = slices.DeleteFunc(left, func(s *assertion) bool {
		return !slices.ContainsFunc(limits, func(x *assertion) bool { return sameExtent(x, s) })
	})
	for _, s := range left {
		if best := newest[s.entry.Office]; best == nil || compare(s, best) < 0 {
			newest[s.entry.Office] = s
		}
	}
	return slices.DeleteFunc(left, func(s *assertion) bool { return compare(newest[s.entry.Office], s) < 0 })
}

// sameExtent: two assertions are limited to the same.
func sameExtent(x, y *assertion) bool {
	return (x.extent == nil) == (y.extent == nil) && slices.EqualFunc(x.extent, y.extent, sameArea) &&
		slices.EqualFunc(x.both[0], y.both[0], sameArea) && slices.EqualFunc(x.both[1], y.both[1], sameArea)
}

// smaller: one assertion is for a smaller area than another of the same day.
func (p *Prepared) smaller(x, y *assertion) bool {
	around := func(outer, inner []*v1.AreaId) bool {
		return !slices.ContainsFunc(inner, func(in *v1.AreaId) bool {
			return !slices.ContainsFunc(outer, func(out *v1.AreaId) bool { return p.contains(out, in, y.issued.latest) })
		})
	}
	inside := func(x, y *assertion) bool { // of each that y is limited to, in something that x is
		for _, outer := range y.limits() {
			if !slices.ContainsFunc(x.limits(), func(inner []*v1.AreaId) bool { return around(outer, inner) }) {
				return false
			}
		}
		return true
	}
	return x.extent != nil && (y.extent == nil || inside(x, y) && !inside(y, x))
}

// limits are what an assertion that is limited is limited to, all of which what it is told of lies in.
func (s *assertion) limits() [][]*v1.AreaId {
	if s.both[0] == nil {
		return [][]*v1.AreaId{s.extent}
	}
	return s.both[:]
}

// lowest keeps what compares lowest, in place.
func lowest(pool []*assertion, compare func(x, y *assertion) int) []*assertion {
	first := slices.MinFunc(pool, compare)
	return slices.DeleteFunc(pool, func(s *assertion) bool { return compare(s, first) > 0 })
}

// unbeaten keeps what nothing else in the pool beats; everything, should all be beaten,
// as where a register contains itself in a circle.
func (p *Prepared) unbeaten(pool []*assertion, beats func(x, y *assertion) bool) []*assertion {
	if len(pool) == 1 {
		return pool
	}
	var kept []*assertion
	for _, s := range pool {
		if p.stopped() {
			return pool
		}
		if !slices.ContainsFunc(pool, func(other *assertion) bool { return beats(other, s) }) {
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 {
		return pool
	}
	return kept
}

// overridden is the newest of the committee's own lines on the measure asked about that
// a later line on the whole matter beat with another stance (domain.md 4.6).
func overridden(q query, current *assertion, lines []*assertion) *assertion {
	if current == nil || current.report || q.measure == "" || current.position.GetMeasure() != "" {
		return nil
	}
	var found *assertion
	for _, s := range lines {
		if s.report || s.position.GetMeasure() == "" || s.position.GetStance() == current.position.GetStance() {
			continue
		}
		if found == nil || newestFirst(s, found) < 0 {
			found = s
		}
	}
	return found
}
