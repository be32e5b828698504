package guidance

import (
	"cmp"
	"math"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What an advisory leaves is found by asking the rule itself, with the advisory among
// what stands: who has a line by what it ends, and what line they have afterwards.

// gap is a question that loses its line.
type gap struct {
	measure   string
	scope     string        // the group that had the line; empty: in general
	audiences string        // their numbers as runes; empty: all that had the line
	area      notation.Area // zero: all that had the line
	outcome
}

// outcome is what takes the place of a line, and from which day on: nothing, the older line of an
// entry, or for a group what the new letter says in general.
type outcome struct {
	from    string
	instead string
	general bool
	stance  v1.Stance
}

// leavesGaps warns of whoever has a line by an advisory that this one ends, and will
// have none, or an older one, when this one holds.
func (p *publishing) leavesGaps(a *v1.Advisory) {
	if len(a.GetReplaces())+len(a.GetAmends()) == 0 {
		return
	}
	after := p.with(Entry{Visibility: a.GetVisibility(), Advisory: a})
	for i, name := range slices.Concat(a.GetReplaces(), a.GetAmends()) {
		how := answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES
		if i >= len(a.GetReplaces()) {
			how = answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS
		}
		p.warnOfGaps(after, p.entry(name), validFrom(a), how, nil)
	}
}

// with is what stands with an entry that is about to be published, the last of the log.
func (p *publishing) with(fresh Entry) *Prepared {
	fresh.Office, fresh.Epoch, fresh.Index = p.Office, math.MaxUint32, math.MaxUint64
	return Prepare(p.ctx, append(slices.Clip(p.Standing), fresh), p.Register)
}

// warnOfGaps warns of the gaps that ending one advisory on a day leaves, but where what is restored
// stands instead.
func (p *publishing) warnOfGaps(after *Prepared, target *Entry, ends string, how answersv1.ConsequenceKind, restored []string) {
	gaps := p.gapsAfter(after, target, ends)
	for _, g := range gaps.keys {
		if slices.Contains(restored, g.instead) {
			continue
		}
		w := &answersv1.Warning{
			Code: answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE, Measure: g.measure, From: g.from, Entry: target.ID, Scope: gaps.members[g][0].position.GetScope(),
			Audiences: audiencesOf(g.audiences), Area: AreaID(g.area), Instead: g.instead, Stance: g.stance, Consequence: how,
		}
		if g.general {
			w.Code = answersv1.WarningCode_WARNING_CODE_GROUP_ENDS
		}
		for _, lost := range gaps.members[g] {
			w.Committees = append(w.Committees, lost.committee)
		}
		p.warn(w)
	}
}

// lostLine is a line that somebody loses.
type lostLine struct {
	position  *v1.Position
	committee string
}

// gapsAfter is the gaps that ending one advisory leaves, with the committees.
func (p *publishing) gapsAfter(after *Prepared, target *Entry, ends string) grouped[gap, lostLine] {
	var gaps grouped[gap, lostLine]
	for _, c := range committeesOf(target.Advisory) {
		for _, s := range p.standing.saidBy(target, c) {
			if p.standing.stopped() {
				return gaps
			}
			lost := p.lostAudiences(after, s, c, ends)
			for _, outcome := range lost.keys {
				g := gap{measure: s.position.GetMeasure(), scope: s.scope, outcome: outcome}
				if readers := lost.members[outcome]; len(readers) < len(s.position.GetAudiences()) {
					for _, audience := range readers {
						g.audiences += string(rune(audience))
					}
				}
				if !slices.ContainsFunc(gaps.members[g], func(l lostLine) bool { return l.committee == c }) {
					gaps.add(g, lostLine{s.position, c})
				}
			}
			for _, g := range p.olderLines(after, s, c, ends) {
				gaps.add(g, lostLine{s.position, c})
			}
		}
	}
	return gaps
}

// olderLines are the older lines that answer where an assertion did, on a measure, for part of
// its readers or in part of the area, and do not where it is asked about in general: what ends
// may turn the advice round there.
func (p *publishing) olderLines(after *Prepared, s *assertion, committee, ends string) (all []gap) {
	from := max(ends, s.from, s.issued.latest)
	day := max(from, p.Today)
	matter := p.findMatter(s.position.GetMatter())
	measures := []string{s.position.GetMeasure()}
	for _, m := range matter.GetMeasures() {
		if s.position.GetMeasure() == "" && SharesProposer(matter, m.GetId()) {
			measures = append(measures, m.GetId())
		}
	}
	older := func(measure string, audience v1.Audience, area *v1.AreaId) *assertion {
		asked := newQuery(Question{Matter: matter, Measure: measure, Committee: &v1.Committee{Id: committee}, Audience: audience, Area: area, Scope: s.scope, AsOf: day})
		was, now := p.standing.answer(asked).current, after.answer(asked).current
		if was != s || now == nil || now.mention || now.entry.ID == "" || now.entry.ID == s.entry.ID {
			return nil
		}
		return now
	}
	for _, outer := range s.position.GetAudiences() {
		general := older(s.position.GetMeasure(), outer, s.position.GetArea())
		areas := []*v1.AreaId{s.position.GetArea()}
		if s.position.GetArea() == nil {
			for _, line := range after.Resolve(Question{Matter: matter, Measure: s.position.GetMeasure(), Committee: &v1.Committee{Id: committee}, Audience: outer, Scope: s.scope, AsOf: day}) {
				if line.GetArea() != nil {
					areas = append(areas, line.GetArea())
				}
			}
		}
		for _, measure := range measures {
			for inner := range v1.Audience(len(v1.Audience_name)) {
				for _, area := range areas {
					if !Contains(outer, inner) || p.standing.stopped() {
						continue
					}
					now := older(measure, inner, area)
					if now == nil || general != nil && now.entry.ID == general.entry.ID || inner != outer && now == older(measure, outer, area) {
						continue
					}
					g := gap{measure: measure, scope: s.scope, outcome: outcome{from: from, instead: now.entry.ID, stance: now.position.GetStance()}}
					if inner != outer {
						g.audiences = string(rune(inner))
					}
					if area != s.position.GetArea() {
						g.area = notation.AreaOf(area)
					}
					all = append(all, g)
				}
			}
		}
	}
	return all
}

// AreaID is an area as messages name it; nil: of none.
func AreaID(area notation.Area) *v1.AreaId {
	if area == (notation.Area{}) {
		return nil
	}
	return &v1.AreaId{Scheme: area.Scheme, Code: area.Code}
}

func audiencesOf(numbers string) []v1.Audience {
	var all []v1.Audience
	for _, n := range numbers {
		all = append(all, v1.Audience(n))
	}
	return all
}

// lostAudiences are the readers for whom an assertion is the line today, or on the day ahead on
// which it ends, and another, or nothing, is afterwards; by what that is, and since when.
func (p *publishing) lostAudiences(after *Prepared, s *assertion, committee, ends string) grouped[outcome, v1.Audience] {
	var lost grouped[outcome, v1.Audience]
	days := p.turns(s, committee, ends)
	for _, audience := range s.position.GetAudiences() {
		var gap outcome
		found := false
		for _, day := range days {
			at, loses := p.loses(after, s, newQuery(Question{
				Matter: p.findMatter(s.position.GetMatter()), Measure: s.position.GetMeasure(),
				Committee: &v1.Committee{Id: committee}, Audience: audience, Area: s.position.GetArea(), Scope: s.scope, AsOf: day,
			}))
			if !loses || found && (at.instead != gap.instead || at.general != gap.general) {
				break
			}
			gap, found = at, true
			gap.from = day
		}
		if found {
			lost.add(gap, audience)
		}
	}
	return lost
}

// turns are the days, latest first, from that on which an assertion ends to today on which what
// its committee says on the matter may differ from the day before; at least the last of these.
func (p *publishing) turns(s *assertion, committee, ends string) []string {
	first := max(ends, s.from, s.issued.latest)
	last := max(first, p.Today)
	days := []string{first, last}
	add := func(day string) {
		if day > first && day < last {
			days = append(days, day)
		}
	}
	for _, other := range p.standing.said(topic{s.position.GetMatter(), committee}) {
		add(max(other.from, other.issued.latest))
		if other.until != "" {
			add(notation.DayAfter(other.until))
		}
		for _, end := range p.standing.endings[other.entry.ID] {
			add(max(end.from, end.issued))
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	slices.Reverse(days)
	return days
}

// loses says whether an assertion is what answers a question, and what does afterwards.
func (p *publishing) loses(after *Prepared, s *assertion, asked query) (out outcome, loses bool) {
	if p.standing.answer(asked).current != s {
		return out, false
	}
	switch now := after.answer(asked); {
	case now.contested != nil:
		return out, false
	case now.current == nil || now.current.mention:
		return out, true
	case now.current.entry.ID == "" && now.current.scope != s.scope: // what is published, to its readers in general
		return outcome{general: true, stance: now.current.position.GetStance()}, now.current.position.GetStance() != s.position.GetStance()
	case now.current.entry.ID != "" && now.current.entry.ID != s.entry.ID: // neither what is published, nor what it ends
		return outcome{instead: now.current.entry.ID, stance: now.current.position.GetStance()}, true
	}
	return out, false
}

// saidBy is what one entry says for a committee that is a line, or may become one.
func (p *Prepared) saidBy(e *Entry, committee string) []*assertion {
	var said []*assertion
	matters := union(e.Advisory.GetPositions(), func(position *v1.Position) []string { return []string{position.GetMatter()} })
	for _, matter := range matters {
		for _, s := range p.byTopic[topic{matter, committee}] {
			if s.entry.ID == e.ID && !s.mention {
				said = append(said, s)
			}
		}
	}
	return said
}

// givesWay is the committees for which an advisory that amends another one really ends
// some of it: those for which both take a position on the same thing.
func (p *publishing) givesWay(a *v1.Advisory, target *Entry, committees []string) []string {
	return slices.DeleteFunc(slices.Clone(committees), func(c string) bool {
		return !slices.ContainsFunc(a.GetPositions(), func(position *v1.Position) bool { return p.amends(a, position, target, c) })
	})
}

// amends says whether a position takes the place of something the target says for a
// committee.
func (p *publishing) amends(a *v1.Advisory, position *v1.Position, target *Entry, committee string) bool {
	fresh := p.freshAssertion(a, position, 0)
	if fresh.waits || !slices.Contains(position.GetCommittees(), committee) {
		return false
	}
	return slices.ContainsFunc(p.standing.said(topic{position.GetMatter(), committee}), func(s *assertion) bool {
		asked, both := p.sharedQuestion(fresh, s, committee)
		return both && s.scope == fresh.scope && s.entry.ID == target.ID && p.onOneThing(position, s.position) && !p.hasEnded(asked, s)
	})
}

// onOneThing says whether some measure, or the whole matter, is answered by both.
func (p *publishing) onOneThing(x, y *v1.Position) bool {
	narrower := cmp.Or(x.GetMeasure(), y.GetMeasure())
	return x.GetMeasure() == y.GetMeasure() ||
		(x.GetMeasure() == "" || y.GetMeasure() == "") && SharesProposer(p.findMatter(x.GetMatter()), narrower)
}

// grouped is members under keys, both in the order they came.
type grouped[K, M comparable] struct {
	keys    []K
	members map[K][]M
}

func (g *grouped[K, M]) add(key K, member M) {
	if g.members == nil {
		g.members = map[K][]M{}
	}
	if _, again := g.members[key]; !again {
		g.keys = append(g.keys, key)
	}
	if !slices.Contains(g.members[key], member) {
		g.members[key] = append(g.members[key], member)
	}
}
