package guidance

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// contradictions refuses positions that meet a standing one of the same committee,
// measure and audience with another stance, unless the advisory says what becomes of
// it; and whole-matter positions that would override an earlier line on a measure
// (domain.md 4, 4.6). It names the standing entry and what to write.
func (p *publishing) contradictions(a *v1.Advisory) {
	for i, position := range a.GetPositions() {
		fresh := p.freshAssertion(a, position, i)
		if fresh.mention || fresh.waits {
			continue // answers only when nothing else is left, or not yet
		}
		for _, c := range position.GetCommittees() {
			for _, s := range p.standing.mayStandOn(topic{position.GetMatter(), c}, fresh.scope, fresh.from) {
				if p.standing.stopped() {
					return
				}
				was, is := s.position.GetScope(), position.GetScope()
				if is != nil && tidy(was.GetWords()) != tidy(is.GetWords()) && !s.report && !slices.Contains(a.GetReplaces(), s.entry.ID) {
					p.add(at("positions", i)+".scope.words", "says of %s “%s”, and %s “%s”: use its words, or give another group another id", is.GetId(), clip(is.GetWords()), s.entry.ID, clip(was.GetWords()))
				}
				p.meets(a, fresh, s, c)
			}
		}
	}
}

// saysTwoThings refuses a letter that takes two stances of which some readers are told the one, though the other is no less
// for them: it names them, or a smaller area, or lies in as little of the other's as that in its (domain.md 4.6). They would be
// told what nobody had meant for them.
func (p *publishing) saysTwoThings(a *v1.Advisory) {
	for i, position := range a.GetPositions() {
		for _, before := range a.GetPositions()[:i] {
			if p.standing.stopped() {
				return
			}
			q, told := p.toldTwoThings(a, position, before)
			if told == nil {
				continue
			}
			other := position
			if told == position {
				other = before
			}
			whom, write := AudienceWords(q.audience)+" of "+notation.Names(committeeNames(p.Register, []string{q.committee})), "for: ["+q.committee+"]"
			if q.area != nil {
				whom, write = whom+" in "+AreaWords(q.area, p.Register.AreaName(q.area)), write+", area: "+notation.AreaOf(q.area).String()
			}
			if !slices.Equal(position.GetAudiences(), before.GetAudiences()) {
				write += ", " + writtenTo([]v1.Audience{q.audience})
			}
			p.add(at("positions", i)+".stance", "%s would be told %s, and another position of this says %s of them too: add a position for just them (%s), or say under for, to and area of each whose it is",
				whom, StanceNoun(told.GetStance()), StanceNoun(other.GetStance()), write)
			break
		}
	}
}

// toldTwoThings is a question of readers whom two positions of a letter are for, and the one that they are told, where they
// might as well be told the other; nil: there is none, for one is for fewer in every way, or another position is for those
// whom both are for.
func (p *publishing) toldTwoThings(a *v1.Advisory, x, y *v1.Position) (query, *v1.Position) {
	within := func(outer, inner *v1.AreaId) bool {
		return outer == nil || inner != nil && p.standing.contains(outer, inner, a.GetIssued().GetLatest())
	}
	one, other := p.freshAssertion(a, x, 0), p.freshAssertion(a, y, 0)
	if x.GetStance() == y.GetStance() || x.GetMatter() != y.GetMatter() || x.GetMeasure() != y.GetMeasure() ||
		one.scope != other.scope || one.mention || other.mention || one.waits || other.waits {
		return query{}, nil
	}
	from, until := max(one.from, other.from), earliestEnd(one.until, other.until)
	day := max(from, p.Today)
	if until != "" && until < day {
		day = from // both are over by today
	}
	if until != "" && until < day {
		return query{}, nil // one begins when the other is over
	}
	for _, committee := range x.GetCommittees() {
		if !slices.Contains(y.GetCommittees(), committee) {
			continue
		}
		for _, audience := range sharedAudiences(x.GetAudiences(), y.GetAudiences()) {
			q := newQuery(Question{
				Matter: p.findMatter(x.GetMatter()), Measure: x.GetMeasure(), Committee: &v1.Committee{Id: committee}, Audience: audience, Scope: one.scope, AsOf: day,
			})
			areas := p.after.areasToAsk(q)
			if x.GetArea() == nil && y.GetArea() == nil {
				areas = []*v1.AreaId{nil}
			}
			for _, q.area = range areas {
				if !within(x.GetArea(), q.area) || !within(y.GetArea(), q.area) {
					continue
				}
				told := p.after.answerWithin(q).current
				if told == nil || told.position != x && told.position != y {
					continue
				}
				is, not := x, y
				if told.position == y {
					is, not = y, x
				}
				names := func(of *v1.Position) bool { return slices.Contains(of.GetAudiences(), audience) }
				smaller := within(is.GetArea(), not.GetArea()) && !within(not.GetArea(), is.GetArea())
				aside := !within(is.GetArea(), not.GetArea()) && !within(not.GetArea(), is.GetArea()) && names(is) == names(not)
				if smaller || aside || names(not) && !names(is) {
					switch { // of all that both are for, and not of a part of it
					case within(x.GetArea(), y.GetArea()):
						q.area = y.GetArea()
					case within(y.GetArea(), x.GetArea()):
						q.area = x.GetArea()
					}
					return q, is
				}
			}
		}
	}
	return query{}, nil
}

// freshAssertion is a position about to be published, as the rule would hear it.
func (p *publishing) freshAssertion(a *v1.Advisory, position *v1.Position, place int) *assertion {
	issued, _ := readRange(a.GetIssued())
	s := &assertion{entry: &Entry{Office: p.Office, Advisory: a}, position: position, place: place, issued: issued, from: validFrom(a)}
	meaningful(s)
	s.classify()
	return s
}

// meets checks one fresh position against one that stands.
func (p *publishing) meets(a *v1.Advisory, fresh, s *assertion, committee string) {
	if s.report || s.mention || s.waits || s.scope != fresh.scope || s.position.GetStance() == fresh.position.GetStance() {
		return
	}
	shared := slices.DeleteFunc(p.sharedQuestions(fresh, s, committee), func(q query) bool { return p.carvedOutBy(q, fresh, s) })
	if len(shared) == 0 {
		return
	}
	first := slices.MinFunc(shared, func(x, y query) int { return cmp.Compare(x.day, y.day) })
	said := namesToEnd(a, s.entry.ID)
	switch {
	case s.position.GetMeasure() == fresh.position.GetMeasure():
		if !said && (!isOlder(fresh, s) || len(p.notTold(fresh, s, committee)) > 0) {
			p.contradicted(fresh, s, committee, first.day)
		}
	case p.overrides(a, fresh, s, committee):
		p.overridden(fresh, s, said)
	case s.position.GetMeasure() == "" && isOlder(fresh, s) && SharesProposer(p.findMatter(fresh.position.GetMatter()), fresh.position.GetMeasure()) && len(p.notTold(fresh, s, committee)) > 0:
		p.contradicted(fresh, s, committee, first.day) // the later line on the whole matter answers on the measure too
	}
}

// carvedOutBy: another line of the letter of a standing one answers a question in its place, as long as both would: what is
// said of an area, or to partners, is held against that alone.
func (p *publishing) carvedOutBy(q query, fresh, s *assertion) bool {
	own := p.standing.answerWithin(q).current
	return own != nil && own != s && own.entry == s.entry && own.position.GetMeasure() == s.position.GetMeasure() &&
		(own.until == "" || earliestEnd(own.until, earliestEnd(s.until, fresh.until)) != own.until)
}

// overrides says whether a fresh whole-matter position would be the later word on a
// measure that the advisory does not speak on itself: with a line for all whom the standing one
// is for.
func (p *publishing) overrides(a *v1.Advisory, fresh, s *assertion, committee string) bool {
	measure := s.position.GetMeasure()
	if fresh.position.GetMeasure() != "" || !SharesProposer(p.findMatter(fresh.position.GetMatter()), measure) || fresh.issued.latest <= s.issued.latest {
		return false
	}
	return !slices.ContainsFunc(a.GetPositions(), func(own *v1.Position) bool {
		here := own.GetArea() == nil || s.position.GetArea() != nil && p.standing.contains(own.GetArea(), s.position.GetArea(), fresh.issued.latest)
		return here && own.GetMatter() == fresh.position.GetMatter() && own.GetMeasure() == measure && slices.Contains(own.GetCommittees(), committee) &&
			!IsMention(own) && own.GetScope().GetId() == s.scope && reachesAll(own.GetAudiences(), s.position.GetAudiences())
	})
}

// isOlder says whether a line was issued before another, so that it cannot end that. Of days that are known
// within ranges only, nobody can say so.
func isOlder(fresh, s *assertion) bool { return fresh.issued.latest < s.issued.earliest }

// notTold are those of a line's kinds of readers whom one that stands, and is later, is for too, and of whom nobody is told the older
// one: not in the rest of the area either, where what stands is for a part of it, nor all practices, where that is for their partners.
func (p *publishing) notTold(fresh, s *assertion, committee string) (kinds []v1.Audience) {
	asked := Question{
		Matter: p.findMatter(fresh.position.GetMatter()), Measure: fresh.position.GetMeasure(),
		Committee: &v1.Committee{Id: committee}, Scope: fresh.scope, AsOf: max(fresh.from, p.Today),
	}
	to := fresh.position.GetAudiences()
	for _, asked.Audience = range to {
		within := func(outer v1.Audience) bool { return outer != asked.Audience && Contains(outer, asked.Audience) }
		isTold := func(line *answersv1.Line) bool { // by what has no number yet
			return line.GetCurrent() != nil && line.GetCurrent().GetAdvisory() == "" && !line.GetByWholeMatter()
		}
		if !slices.ContainsFunc(to, within) && len(sharedAudiences([]v1.Audience{asked.Audience}, s.position.GetAudiences())) > 0 && !slices.ContainsFunc(p.after.byPart(newQuery(asked)), isTold) {
			kinds = append(kinds, asked.Audience)
		}
	}
	return kinds
}

func (p *publishing) contradicted(fresh, s *assertion, committee, day string) {
	stands := s.entry.ID + " (" + RangeWords(s.entry.Advisory.GetIssued()) + ") says " + StanceNoun(s.position.GetStance())
	if s.position.GetMeasure() != fresh.position.GetMeasure() {
		stands += " on the whole matter"
	}
	if isOlder(fresh, s) {
		last, kinds := notation.DayBefore(s.from), p.notTold(fresh, s, committee)
		var of, alone []string // for whom it stands, of those whom this is for; and how they are named
		if !reachesAll(kinds, fresh.position.GetAudiences()) {
			of, alone = append(of, AudiencesWords(kinds)), append(alone, writtenTo(kinds))
		}
		if slices.ContainsFunc(fresh.position.GetCommittees(), func(c string) bool { return !slices.Contains(s.position.GetCommittees(), c) }) {
			of, alone = append(of, committee), append(alone, "for: ["+committee+"]")
		}
		if len(of) > 0 {
			p.fault(fresh, "%s, is later than this and stands for %s: give this valid_until %s for that alone, in a position of its own (%s), or publish your line of today",
				stands, strings.Join(of, " of "), last, strings.Join(alone, ", "))
			return
		}
		p.fault(fresh, "%s, is later than this and stands: give this valid_until %s, or publish your line of today", stands, last)
		return
	}
	of := fresh.entry.Advisory
	if last := p.lastSpoke(committee, fresh.issued); last != "" && last < s.issued.earliest { // and may not end it
		p.fault(fresh, "%s on this and stands, and %s spoke for %s until %s: give this no later day than that under issued, and valid_until %s", stands, p.Office, committee, DayWords(last), notation.DayBefore(s.from))
		return
	}
	if day > max(fresh.from, s.from, p.Today) {
		p.fault(fresh, "%s on this, and counts again from %s on, when what stops it now is over: write “amends: [%s]” if this is to stand then too, with valid_from %s where it is to begin only then, or give it valid_until %s", stands, DayWords(day), withNames(of.GetAmends(), s.entry.ID), day, notation.DayBefore(day))
		return
	}
	p.fault(fresh, "%s on this and stands: write “amends: [%s]” to end only that, or “replaces: [%s]” to end all of it%s", stands, withNames(of.GetAmends(), s.entry.ID), withNames(of.GetReplaces(), s.entry.ID), p.orGoesOn(fresh, s))
}

// orGoesOn is how a letter may be written so that what stands goes on: for as long as it is valid, and for just those whom it is for.
func (p *publishing) orGoesOn(fresh, s *assertion) (words string) {
	if s.until != "" && fresh.from <= s.until {
		words = ", or give this valid_from " + notation.DayAfter(s.until) + ", the day after its last"
	}
	var alone []string
	area := s.position.GetArea()
	if area != nil && !sameArea(area, fresh.position.GetArea()) && (fresh.position.GetArea() == nil || p.standing.contains(fresh.position.GetArea(), area, fresh.issued.latest)) {
		alone = append(alone, "area: "+notation.AreaOf(area).String())
	}
	if to := s.position.GetAudiences(); reachesAll(fresh.position.GetAudiences(), to) && !reachesAll(to, fresh.position.GetAudiences()) {
		alone = append(alone, writtenTo(to))
	}
	if len(alone) > 0 {
		words += "; where it is to go on for whom it is, amend it, and say it again in a position for just them (" + strings.Join(alone, ", ") + ")"
	}
	return words
}

// writtenTo is how a letter names readers: "to: [practices, pcns]".
func writtenTo(readers []v1.Audience) string {
	var to []string
	for _, one := range readers {
		to = append(to, notation.AsSlug(strings.TrimPrefix(one.String(), "AUDIENCE_")))
	}
	return "to: [" + strings.Join(to, ", ") + "]"
}

// overridden refuses to override a line on a measure unsaid, and warns when it is said.
func (p *publishing) overridden(fresh, s *assertion, said bool) {
	measure := s.position.GetMeasure()
	if said {
		p.warnOn(fresh.position.GetMatter(), &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_OVERRIDES_MEASURE, Measure: measure, Entry: s.entry.ID, Stance: s.position.GetStance()})
		return
	}
	p.fault(fresh, "on the whole matter it would stand over %s, which says %s on %s: write “amends: [%s]” if that is meant, or add a position on %s",
		s.entry.ID, StanceNoun(s.position.GetStance()), measure, withNames(fresh.entry.Advisory.GetAmends(), s.entry.ID), measure)
}

// withNames are the letters that a letter names already, and another, as they are to be written.
func withNames(named []string, other string) string {
	return strings.Join(append(slices.Clone(named), other), ", ")
}

// fault adds a violation of a position's stance once, however many committees share it.
func (p *publishing) fault(fresh *assertion, format string, args ...any) {
	before := len(p.list)
	p.addKind(ErrContradicts, at("positions", fresh.place)+".stance", format, args...)
	if len(p.list) > before && slices.Contains(p.list[:before], p.list[before]) {
		p.list = p.list[:before]
	}
}
