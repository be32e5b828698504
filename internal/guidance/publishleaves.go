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
	matter    string
	measure   string
	scope     string        // the group that had the line; empty: in general
	audiences string        // their numbers as runes; empty: all that had the line, who are those asked about in general
	area      notation.Area // zero: all that had the line
	but       string        // the areas within that which have another by what is published, as they are told
	outcome
}

// outcome is what takes the place of a line, and from which day on: nothing, the older line of an
// entry, or for a group what the new letter says in general.
type outcome struct {
	from    string
	instead string
	general bool
	stance  v1.Stance
	again   string // of nothing: the day ahead from which on a line answers all the same, for what ended it is over
	by      string // and whose that is; empty: what is published says it itself
}

// leavesGaps warns of whoever has a line by an advisory that this one ends, and will
// have none, or an older one, when this one holds.
func (p *publishing) leavesGaps(a *v1.Advisory) {
	if len(a.GetReplaces())+len(a.GetAmends()) == 0 {
		return
	}
	for i, name := range slices.Concat(a.GetReplaces(), a.GetAmends()) {
		how := answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES
		if i >= len(a.GetReplaces()) {
			how = answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS
		}
		p.warnOfGaps(p.standing.Entry(name), validFrom(a), how, nil)
	}
}

// with is what stands with an entry that is about to be published, the last of the log.
func (p *publishing) with(fresh Entry) *Prepared {
	fresh.Office, fresh.Epoch, fresh.Index = p.Office, math.MaxUint32, math.MaxUint64
	return p.standing.Beside(p.ctx, []Entry{fresh})
}

// warnOfGaps warns of the gaps that ending one advisory on a day leaves, but where what is restored
// stands instead.
func (p *publishing) warnOfGaps(target *Entry, ends string, how answersv1.ConsequenceKind, restored []string) {
	gaps := p.gapsAfter(target, ends)
	for _, g := range gaps.keys {
		if slices.Contains(restored, g.instead) {
			continue
		}
		w := &answersv1.Warning{
			Code: answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE, Measure: g.measure, From: g.from, Entry: target.ID, Scope: gaps.members[g][0].position.GetScope(),
			Audiences: audiencesOf(g.audiences), Area: AreaID(g.area), Quote: g.but, Instead: g.instead, Stance: g.stance, Consequence: how,
		}
		if g.again != "" {
			w.Stance, w.Until = v1.Stance_STANCE_UNSPECIFIED, notation.DayBefore(g.again)
		}
		if now := p.after.Entry(g.instead); now != nil && now.Issued().GetLatest() > target.Issued().GetLatest() { // and no older line
			w.Issued = target.Issued()
		}
		if target.Report != nil {
			w.ClaimedBy = cmp.Or(p.Register.OfficeName(target.Office), target.Office)
		}
		if g.general {
			w.Code = answersv1.WarningCode_WARNING_CODE_GROUP_ENDS
		}
		for _, lost := range gaps.members[g] {
			w.Committees = append(w.Committees, lost.committee)
		}
		p.warnOn(g.matter, w)
		if g.by != "" {
			lost := gaps.members[g][0]
			r := reader{committee: lost.committee, measure: g.measure, scope: g.scope, area: g.area, audience: append(w.Audiences, lost.position.GetAudiences()...)[0]}
			p.warnOn(g.matter, &answersv1.Warning{
				Code: answersv1.WarningCode_WARNING_CODE_COMES_BACK, Measure: g.measure, From: g.again, Entry: g.by, Stance: g.stance, Scope: w.Scope, Audiences: w.Audiences, Area: w.Area,
				Committees: w.Committees, Quote: p.asksThen(r, g.matter, g.again, p.after.Entry(g.by)),
			})
		}
	}
}

// lostLine is a line that somebody loses.
type lostLine struct {
	position  *v1.Position
	committee string
}

// gapsAfter is the gaps that ending one advisory leaves, with the committees.
func (p *publishing) gapsAfter(target *Entry, ends string) grouped[gap, lostLine] {
	var gaps grouped[gap, lostLine]
	for _, c := range p.inPlaceOf(CommitteesOf(*target)) {
		for _, s := range p.standing.saidBy(target, c) {
			if p.standing.stopped() {
				return gaps
			}
			lost := p.lostAudiences(s, c, ends)
			for _, of := range lost.keys {
				g := gap{matter: s.position.GetMatter(), measure: s.position.GetMeasure(), scope: s.scope, area: of.area, but: of.but, outcome: of.outcome}
				inGeneral := slices.ContainsFunc(s.position.GetAudiences(), func(a v1.Audience) bool {
					return Contains(a, DefaultAudience(p.findMatter(g.matter), g.measure))
				})
				if readers := lost.members[of]; len(readers) < len(s.position.GetAudiences()) || !inGeneral {
					for _, audience := range readers {
						g.audiences += string(rune(audience))
					}
				}
				if !slices.ContainsFunc(gaps.members[g], func(l lostLine) bool { return l.committee == c }) {
					gaps.add(g, lostLine{s.position, c})
				}
			}
			for _, g := range p.lostApart(s, c, ends) {
				gaps.add(g, lostLine{s.position, c})
			}
		}
	}
	return gaps
}

// inPlaceOf are the committees to ask for what some of them leave: for one that is over, those it
// was merged into.
func (p *publishing) inPlaceOf(committees []string) (now []string) {
	for _, c := range committees {
		of := []string{c}
		if p.Register.IsOver(c, p.Today) {
			of = p.standing.whoAnswers(c, p.Today)
		}
		for _, c := range of {
			if !slices.Contains(now, c) {
				now = append(now, c)
			}
		}
	}
	return now
}

// areasAsked are the areas to ask in about an assertion: its own, and those, within that, in which its
// committee says different things on a day, now or after, or on those ahead; nil: all, or the rest. Of what a
// committee that was merged said, those that it covered and that are no more too: their practices know.
func (p *publishing) areasAsked(s *assertion, asked Question) []*v1.AreaId {
	var areas []*v1.AreaId
	own := s.position.GetArea()
	if own != nil {
		areas = append(areas, own)
	}
	if own == nil {
		for _, area := range s.extent {
			if p.isNoMore(area, asked.AsOf) {
				areas = append(areas, area)
			}
		}
	}
	in := func(lines []*answersv1.Line, day string) {
		for _, line := range lines {
			within := own == nil || line.GetArea() != nil && p.standing.contains(own, line.GetArea(), day)
			if within && !slices.ContainsFunc(areas, func(a *v1.AreaId) bool { return sameArea(a, line.GetArea()) }) {
				areas = append(areas, line.GetArea())
			}
		}
	}
	was, is := p.standing.Resolve(asked), p.after.Resolve(asked)
	in(was, asked.AsOf)
	in(is, asked.AsOf)
	for _, asked.AsOf = range p.turnsAfter(topic{asked.Matter.GetName(), asked.Committee.GetId()}, asked.AsOf) {
		in(p.after.Resolve(asked), asked.AsOf)
	}
	rest := func(line *answersv1.Line) bool { return line.GetArea() == nil }
	if !slices.ContainsFunc(was, rest) || !slices.ContainsFunc(is, rest) { // there is nowhere else
		areas = slices.DeleteFunc(areas, func(a *v1.AreaId) bool { return a == nil })
	}
	return areas
}

// isNoMore: an area that the register has is not there on a day.
func (p *publishing) isNoMore(area *v1.AreaId, day string) bool {
	return p.Register.HasArea(area) && !slices.ContainsFunc(p.Register.InPlaceOf(area, day), func(now *v1.AreaId) bool { return sameArea(now, area) })
}

// lostApart is what answers where an assertion did, on a measure, for part of its readers or in
// part of the area, and is not what does where it is asked about in general: an older line, which
// may turn the advice round there, or nothing.
func (p *publishing) lostApart(s *assertion, committee, ends string) (all []gap) {
	from := max(ends, s.from, s.issued.latest)
	matter := p.findMatter(s.position.GetMatter())
	measures := []string{s.position.GetMeasure()}
	for _, m := range matter.GetMeasures() {
		if s.position.GetMeasure() == "" && SharesProposer(matter, m.GetId()) {
			measures = append(measures, m.GetId())
		}
	}
	ask := func(measure string, audience v1.Audience, area *v1.AreaId) Question {
		return Question{Matter: matter, Measure: measure, Committee: &v1.Committee{Id: committee}, Audience: audience, Area: area, Scope: s.scope, AsOf: max(from, p.Today)}
	}
	type lost struct {
		outcome
		loses bool
	}
	instead := func(measure string, audience v1.Audience, area *v1.AreaId) lost {
		out, loses := p.loses(s, newQuery(ask(measure, audience, area)))
		return lost{out, loses && !out.general}
	}
	for _, outer := range s.position.GetAudiences() {
		for _, measure := range measures {
			for _, area := range p.areasAsked(s, ask(measure, outer, nil)) {
				general := instead(s.position.GetMeasure(), outer, area)
				for inner := range v1.Audience(len(v1.Audience_name)) {
					if !Contains(outer, inner) || p.standing.stopped() {
						continue
					}
					now := instead(measure, inner, area)
					if !now.loses || now == general || inner != outer && now == instead(measure, outer, area) {
						continue
					}
					g := gap{matter: matter.GetName(), measure: measure, scope: s.scope, outcome: now.outcome}
					g.from = from
					if inner != outer {
						g.audiences = string(rune(inner))
					}
					if area != nil {
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

// lostIn is what takes the place of a line in an area; zero: wherever it was the line.
type lostIn struct {
	outcome
	area notation.Area
	but  string
}

// lostAudiences are the readers for whom an assertion is the line today, or on the day ahead on
// which it ends, and another, or nothing, is afterwards; by what that is, since when and where.
func (p *publishing) lostAudiences(s *assertion, committee, ends string) grouped[lostIn, v1.Audience] {
	var lost grouped[lostIn, v1.Audience]
	days := p.turns(s, committee, ends)
	for _, audience := range s.position.GetAudiences() {
		asked := Question{
			Matter: p.findMatter(s.position.GetMatter()), Measure: s.position.GetMeasure(),
			Committee: &v1.Committee{Id: committee}, Audience: audience, Scope: s.scope, AsOf: days[0],
		}
		var gaps []lostIn
		var kept []*v1.AreaId
		everywhere := true
		for _, q := range p.askedApart(s, asked) {
			if p.standing.answer(q).current != s {
				continue
			}
			var gap outcome
			found := false
			for _, q.day = range days {
				at, loses := p.loses(s, q)
				if !loses || found && (at.instead != gap.instead || at.general != gap.general) {
					break
				}
				if !found {
					gap, found = at, true
				}
				gap.from = q.day
			}
			area := cmp.Or(q.also, q.place())
			if q.also != nil && slices.ContainsFunc(p.Register.InPlaceOf(q.place(), days[0]), func(now *v1.AreaId) bool { return sameArea(now, q.also) }) {
				area = q.place() // and not all of what took its place
			}
			if !found {
				if everywhere = false; area != nil {
					kept = append(kept, area)
				}
				continue
			}
			gaps = append(gaps, lostIn{outcome: gap, area: notation.AreaOf(area)})
		}
		everywhere = everywhere && !slices.ContainsFunc(gaps, func(g lostIn) bool { return g.outcome != gaps[0].outcome })
		for i, g := range gaps {
			if own := s.position.GetArea(); everywhere && own == nil && !slices.ContainsFunc(gaps, func(g lostIn) bool { return g.area != (notation.Area{}) && p.isNoMore(AreaID(g.area), days[0]) }) {
				g.area = notation.Area{}
			} else if i > 0 && own != nil && g.outcome == gaps[0].outcome && gaps[0].area == notation.AreaOf(own) {
				continue // which it lies in
			}
			var but []string
			for _, in := range kept {
				if of := AreaID(g.area); of == nil || p.standing.contains(of, in, days[0]) {
					but = append(but, notation.AreaOf(in).String())
				}
			}
			g.but = notation.List(but)
			lost.add(g, audience)
		}
	}
	return lost
}

// askedApart is a question in each area that an assertion is asked about in, and of those of their practices to whom
// the rule says something else than to the area.
func (p *publishing) askedApart(s *assertion, asked Question) (all []query) {
	for _, asked.Area = range p.areasAsked(s, asked) {
		q := newQuery(asked)
		for _, one := range p.after.toldApart(q, s, p.after.limitedOn(q)) {
			if one.practice != "" || sameArea(one.area, q.area) { // its parts are asked by themselves
				all = append(all, one)
			}
		}
	}
	return all
}

// loses says whether an assertion is what answers a question, and what does afterwards.
func (p *publishing) loses(s *assertion, asked query) (out outcome, loses bool) {
	if p.standing.answer(asked).current != s {
		return out, false
	}
	switch now := p.after.answer(asked); {
	case now.contested != nil:
		return out, false
	case now.current == nil || now.current.mention:
		return p.again(asked), true
	case now.current.entry.ID == "" && now.current.scope != s.scope: // what is published, to its readers in general
		return outcome{general: true, stance: now.current.position.GetStance()}, now.current.position.GetStance() != s.position.GetStance()
	case now.current.entry.ID != "" && now.current.entry.ID != s.entry.ID: // neither what is published, nor what it ends
		return outcome{instead: now.current.entry.ID, stance: now.current.position.GetStance()}, true
	}
	return out, false
}

// again is nothing, and the first day ahead on which a line answers a question after all, of those on which
// something that is here begins, ends or is over.
func (p *publishing) again(asked query) (out outcome) {
	if asked.day < p.Today {
		return out
	}
	for _, asked.day = range p.turnsAfter(asked.topic, asked.day) {
		if line := p.after.answer(asked).current; line != nil && !line.mention {
			return outcome{again: asked.day, by: line.entry.ID, stance: line.position.GetStance()}
		}
	}
	return out
}

// saidBy is what one entry says for a committee that is a line, or may become one.
func (p *Prepared) saidBy(e *Entry, committee string) []*assertion {
	var said []*assertion
	for _, matter := range MattersOf(*e) {
		for _, s := range p.saidIn(e, topic{matter, committee}) {
			if !s.mention {
				said = append(said, s)
			}
		}
	}
	return said
}

// way is a committee for which something of an entry on a matter gives way to an amendment, and
// the first day on which it does; empty: it never holds.
type way struct{ committee, matter, from string }

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
