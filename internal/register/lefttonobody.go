package register

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// gap is that practices which an LMC had are in no LMC's area from a day on and are told so, or that an area of which no
// practices are known is no LMC's.
type gap struct {
	had   *guidancev1.Committee
	area  *guidancev1.AreaId // by which it had them
	last  string             // a day on which it did, the last but where it is recorded not to have had them
	day   string             // the first on which nobody has
	again string             // the first on which an LMC has some of them after that; empty: none is recorded
	codes []string           // empty: of the area none are known
	all   bool               // these are all that were in the area
	taken bool               // the LMC is recorded not to have had the area
}

// leftToNobody is, by records of a subject, which practices that LMCs had are in no LMC's area from a day on, with what to
// record. What the register before tells in the same words is not told again.
func leftToNobody(before, after *Register, s Subject, today string) (words []string) {
	had, has := before.owned(), after.owned()
	near := after.nearTo(before, s)
	known := map[string]bool{}
	for _, id := range near.committees {
		for _, g := range had.gaps(before.Committee(id), near.areas) {
			known[had.words(g)] = true
		}
	}
	var gaps []gap
	for _, id := range near.committees {
		gaps = append(gaps, has.gaps(after.Committee(id), near.areas)...)
	}
	for _, id := range near.committees {
		gaps = append(gaps, has.takenOut(had, before.Committee(id), gaps, near.areas, today)...)
	}
	told := map[string]bool{} // of which LMCs
	for _, g := range gaps {
		if one := has.words(g); !known[one] {
			known[one], told[g.had.GetId()], words = true, true, append(words, one)
		}
	}
	for _, id := range near.committees {
		if !told[id] && (s.kind == areaSubject || id == s.id) {
			words = append(words, leftWithoutAreas(before, after, after.Committee(id), today)...)
		}
	}
	return words
}

// near is what a record bears on: committees, and of their areas these alone; nil: all.
type near struct {
	committees []string
	areas      map[notation.Area]bool
}

// nearTo is what a record of a subject bears on: an LMC, those merged into it and those it was merged into, or those that cover
// an area, or what it lies in, or what lies in it, on any day.
func (r *Register) nearTo(before *Register, s Subject) near {
	if s.kind == committeeSubject {
		return near{committees: slices.Concat(r.Committee(s.id).GetPredecessors(), []string{s.id}, r.Successors(s.id))}
	}
	in := near{areas: map[notation.Area]bool{}}
	for _, reg := range []*Register{before, r} {
		key := notation.AreaOf(s.area)
		outer := reach(key, func(key notation.Area) []notation.Area { return keysOfAreas(outerEver(reg.areas[key].record)) })
		for _, one := range append(outer, reach(key, func(key notation.Area) []notation.Area { return reg.inside[key] })...) {
			in.areas[one] = true
		}
	}
	for _, c := range r.EveryCommittee() {
		if slices.ContainsFunc(c.GetAreas(), func(t *guidancev1.AreaTenure) bool { return in.areas[notation.AreaOf(t.GetArea())] }) {
			in.committees = append(in.committees, c.GetId())
		}
	}
	return in
}

// owned is whose areas are on which day, as far as it was asked.
type owned struct {
	*Register
	lmcs  map[string][]*guidancev1.Committee    // by day
	of    map[string]map[notation.Area][]string // by day: the LMCs whose areas contain one
	turns []string                              // every day on which anything may change
}

func (r *Register) owned() *owned {
	return &owned{Register: r, lmcs: map[string][]*guidancev1.Committee{}, of: map[string]map[notation.Area][]string{}}
}

// on are the LMCs that are there on a day.
func (o *owned) on(day string) []*guidancev1.Committee {
	all, known := o.lmcs[day]
	if !known {
		all = slices.DeleteFunc(o.Committees(day), func(c *guidancev1.Committee) bool { return c.GetKind() != guidancev1.CommitteeKind_COMMITTEE_KIND_LMC })
		o.lmcs[day], o.of[day] = all, map[notation.Area][]string{}
	}
	return all
}

// whose are the LMCs whose areas contain an area on a day.
func (o *owned) whose(area *guidancev1.AreaId, day string) (ids []string) {
	lmcs, key := o.on(day), notation.AreaOf(area)
	ids, known := o.of[day][key]
	if known {
		return ids
	}
	for _, c := range lmcs {
		if slices.ContainsFunc(areasOn(c, day), func(outer *guidancev1.AreaId) bool { return o.Contains(outer, area, day) }) {
			ids = append(ids, c.GetId())
		}
	}
	o.of[day][key] = ids
	return ids
}

// having are the LMCs that a practice belongs to on a day.
func (o *owned) having(code, day string) (ids []string) {
	for _, a := range o.PracticeAreas(code, day) {
		ids = append(ids, o.whose(a.GetId(), day)...)
	}
	return ids
}

// meeting are the LMCs that have an area on a day, or some area within it, or practices that are in it.
func (o *owned) meeting(area *guidancev1.AreaId, day string) (ids []string) {
	ids = slices.Clone(o.whose(area, day))
	for _, in := range o.Within(area, day) {
		ids = append(ids, o.whose(in, day)...)
	}
	for _, code := range o.practicesIn(area, day) {
		ids = append(ids, o.having(code, day)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// left are the practices in an area on a day that are open on another and in no LMC's area then.
func (o *owned) left(area *guidancev1.AreaId, last, day string) (codes []string, all bool) {
	in := o.practicesIn(area, last)
	slices.Sort(in)
	in = slices.Compact(in)
	for _, code := range in {
		one := o.lists().entry(code)
		if isOpen := one == nil || notation.IsWithin(day, one.from, one.until); isOpen && len(o.having(code, day)) == 0 {
			codes = append(codes, code)
		}
	}
	return codes, len(codes) == len(in)
}

// gaps are those of what an LMC covers, of some areas, as the days go by.
func (o *owned) gaps(c *guidancev1.Committee, of map[notation.Area]bool) (all []gap) {
	for _, t := range c.GetAreas() {
		in, ok := inCommon(c, t)
		if !ok || of != nil && !of[notation.AreaOf(t.GetArea())] || c.GetKind() != guidancev1.CommitteeKind_COMMITTEE_KIND_LMC {
			continue
		}
		for _, day := range o.losses(notation.AreaOf(t.GetArea()), in) {
			if g := (gap{had: c, area: t.GetArea(), last: notation.DayBefore(day), day: day}); o.isThere(t.GetArea(), g.last) && o.find(&g) &&
				!slices.ContainsFunc(all, func(told gap) bool { return told.day == day && len(g.codes) > 0 && slices.Equal(told.codes, g.codes) }) {
				all = append(all, g)
			}
		}
	}
	return all
}

// takenOut are the gaps from today on by what an LMC is recorded not to have, and was by the register before.
func (o *owned) takenOut(before *owned, was *guidancev1.Committee, told []gap, of map[notation.Area]bool, today string) (all []gap) {
	for _, t := range was.GetAreas() {
		in, ok := inCommon(was, t)
		day := max(in.from, today)
		g := gap{had: o.Committee(was.GetId()), area: t.GetArea(), last: day, day: day, taken: true}
		if !ok || in.until != "" && in.until < day || of != nil && !of[notation.AreaOf(t.GetArea())] || was.GetKind() != guidancev1.CommitteeKind_COMMITTEE_KIND_LMC ||
			!slices.Contains(before.whose(g.area, day), was.GetId()) || !o.isThere(g.area, day) ||
			slices.ContainsFunc(told, func(one gap) bool { return notation.AreaOf(one.area) == notation.AreaOf(g.area) && one.day <= day }) {
			continue
		}
		isTold := func(code string) bool {
			return slices.ContainsFunc(told, func(one gap) bool { return one.day <= day && slices.Contains(one.codes, code) })
		}
		if o.find(&g) && (len(g.codes) == 0 || slices.ContainsFunc(g.codes, func(code string) bool { return !isTold(code) })) {
			all = append(all, g)
		}
	}
	return all
}

// find says whether there is a gap, and works out of which practices and until when.
func (o *owned) find(g *gap) bool {
	g.codes, g.all = o.left(g.area, g.last, g.day)
	if len(g.codes) == 0 {
		isLast := notation.IsWithin(g.day, g.had.GetValidFrom(), g.had.GetValidUntil()) && len(o.thereOf(g.had, g.day)) == 0 // which is told of the whole LMC
		if !g.all || isLast || !o.isThere(g.area, g.day) || notation.AreaOf(g.area).Scheme == ListScheme || len(o.meeting(g.area, g.day)) > 0 || len(o.practicesIn(g.area, g.last)) > 0 {
			return false
		}
	}
	for _, day := range o.everyTurn() {
		if day > g.day && len(o.backOn(*g, day)) > 0 {
			g.again = day
			return true
		}
	}
	return true
}

// backOn are the LMCs that have some of what is left to nobody on a later day.
func (o *owned) backOn(g gap, day string) (ids []string) {
	if len(g.codes) == 0 && o.isThere(g.area, day) {
		return o.meeting(g.area, day)
	}
	for _, code := range g.codes {
		ids = append(ids, o.having(code, day)...)
	}
	return ids
}

// losses are the days, among those after the first of some, on which something of an area may be an LMC's no more that was.
func (r *Register) losses(key notation.Area, in span) (days []string) {
	add := func(until string) {
		if day := notation.DayAfter(until); until != "" && day > in.from && (in.until == "" || until <= in.until) {
			days = append(days, day)
		}
	}
	add(in.until)
	for _, inner := range reach(key, func(key notation.Area) []notation.Area { return r.inside[key] }) {
		a := r.areas[inner].record
		add(a.GetValidUntil())
		for _, lies := range a.GetLiesIn() {
			add(lies.GetValidUntil())
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// everyTurn are the days on which an LMC, what it covers, or an area begins, or has ended.
func (o *owned) everyTurn() []string {
	if o.turns == nil {
		var subjects []Subject
		for _, c := range o.EveryCommittee() {
			subjects = append(subjects, Subject{kind: committeeSubject, id: c.GetId()})
		}
		for _, a := range o.EveryArea() {
			subjects = append(subjects, Subject{kind: areaSubject, area: a.GetId()})
		}
		o.turns = Turns(o.Register, o.Register, subjects)
	}
	return o.turns
}

// isThere says whether an area is there on a day, as far as is recorded.
func (r *Register) isThere(area *guidancev1.AreaId, day string) bool {
	a, recorded := r.areas[notation.AreaOf(area)]
	return !recorded || exists(a.record, day)
}

// thereOf are the areas that an LMC covers on a day and that are there then.
func (r *Register) thereOf(c *guidancev1.Committee, day string) []*guidancev1.AreaId {
	return slices.DeleteFunc(areasOn(c, day), func(area *guidancev1.AreaId) bool { return !r.isThere(area, day) })
}

// practicesIn are the practices that an area lists on a day, or areas within it do.
func (r *Register) practicesIn(area *guidancev1.AreaId, day string) (codes []string) {
	for _, in := range append(r.Within(area, day), area) {
		listed, _ := r.PracticesOf(in, day)
		codes = append(codes, listed...)
	}
	return codes
}
