package guidance

import (
	"math"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What an advisory leaves is found by query the rule itself, with the advisory among
// what stands: who has a line by what it ends, and what line they have afterwards.

// gap is a question that loses its line.
type gap struct {
	measure   string
	audiences string        // their numbers as runes; empty: all that had the line
	area      notation.Area // zero: all that had the line
	outcome
}

// outcome is what takes the place of a line: nothing, or the older line of an entry.
type outcome struct {
	instead string
	stance  v1.Stance
}

// leavesGaps warns of whoever has a line by an advisory that this one ends, and will
// have none, or an older one, when this one holds.
func (p *publishing) leavesGaps(a *v1.Advisory) {
	if len(a.GetReplaces())+len(a.GetAmends()) == 0 {
		return
	}
	fresh := Entry{Office: p.Office, Epoch: math.MaxUint32, Index: math.MaxUint64, Visibility: a.GetVisibility(), Advisory: a}
	after := Prepare(p.ctx, append(slices.Clip(p.Standing), fresh), p.Register)
	day := max(validFrom(a), p.Today)
	for i, name := range slices.Concat(a.GetReplaces(), a.GetAmends()) {
		how := answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES
		if i >= len(a.GetReplaces()) {
			how = answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS
		}
		p.warnOfGaps(after, p.entry(name), day, how, nil)
	}
}

// warnOfGaps warns of the gaps that ending one advisory leaves, but where what is restored
// stands instead.
func (p *publishing) warnOfGaps(after *Prepared, target *Entry, day string, how answersv1.ConsequenceKind, restored []string) {
	gaps := p.gapsAfter(after, target, day)
	for _, g := range gaps.keys {
		if slices.Contains(restored, g.instead) {
			continue
		}
		p.warn(&answersv1.Warning{
			Code: answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE, Measure: g.measure, From: day, Entry: target.ID,
			Committees: gaps.members[g], Audiences: audiencesOf(g.audiences), Area: areaID(g.area), Instead: g.instead, Stance: g.stance, Consequence: how,
		})
	}
}

// gapsAfter is the gaps that ending one advisory leaves, with the committees.
func (p *publishing) gapsAfter(after *Prepared, target *Entry, day string) grouped[gap, string] {
	var gaps grouped[gap, string]
	for _, c := range committeesOf(target.Advisory) {
		for _, s := range p.standing.saidBy(target, c) {
			if p.standing.stopped() {
				return gaps
			}
			lost := p.lostAudiences(after, s, c, day)
			for _, outcome := range lost.keys {
				g := gap{measure: s.position.GetMeasure(), outcome: outcome}
				if readers := lost.members[outcome]; len(readers) < len(s.position.GetAudiences()) {
					for _, audience := range readers {
						g.audiences += string(rune(audience))
					}
				}
				gaps.add(g, c)
			}
			for _, g := range p.olderLines(after, s, c, day) {
				gaps.add(g, c)
			}
		}
	}
	return gaps
}

// olderLines are the older lines that answer where an assertion did, on a measure, for part of
// its readers or in part of the area, and do not where it is asked about in general: what ends
// may turn the advice round there.
func (p *publishing) olderLines(after *Prepared, s *assertion, committee, day string) (all []gap) {
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
					g := gap{measure: measure, outcome: outcome{now.entry.ID, now.position.GetStance()}}
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

func areaID(area notation.Area) *v1.AreaId {
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

// lostAudiences are the readers for whom an assertion is the line now and another, or
// nothing, is afterwards; by what that is.
func (p *publishing) lostAudiences(after *Prepared, s *assertion, committee, day string) grouped[outcome, v1.Audience] {
	var lost grouped[outcome, v1.Audience]
	for _, audience := range s.position.GetAudiences() {
		asked := newQuery(Question{
			Matter: p.findMatter(s.position.GetMatter()), Measure: s.position.GetMeasure(),
			Committee: &v1.Committee{Id: committee}, Audience: audience, Area: s.position.GetArea(), Scope: s.scope, AsOf: day,
		})
		if p.standing.answer(asked).current != s {
			continue
		}
		switch now := after.answer(asked); {
		case now.contested != nil:
		case now.current == nil || now.current.mention:
			lost.add(outcome{}, audience)
		case now.current.entry.ID != "" && now.current.entry.ID != s.entry.ID: // neither what is published, nor what it ends
			lost.add(outcome{now.current.entry.ID, now.current.position.GetStance()}, audience)
		}
	}
	return lost
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
	return slices.ContainsFunc(p.standing.byTopic[topic{position.GetMatter(), committee}], func(s *assertion) bool {
		asked, both := p.sharedQuestion(fresh, s, committee)
		return both && s.scope == fresh.scope && s.entry.ID == target.ID && p.onOneThing(position, s.position) && !p.hasEnded(asked, s)
	})
}

// onOneThing says whether some measure, or the whole matter, is answered by both.
func (p *publishing) onOneThing(x, y *v1.Position) bool {
	narrower := or(x.GetMeasure(), y.GetMeasure())
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
