package picture

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Which group an answer is for. A group's id is compared among one committee's own lines only (domain.md 4.10): two that
// have the same id may mean different groups by it, and two ids the same. What committees have in common are the words, so
// each is asked by the ids under which it says these.

// Group is a group that is spoken of: as the matter lists it, or in the words of the newest letter.
type Group struct {
	*guidancev1.Scope
	Listed bool // the matter lists it
	// Committees are those that say so, by id.
	Committees []string

	read string          // its words, as they are read
	by   *guidance.Entry // the newest letter that says so
}

// GroupsAsked are the groups that a question may be about: those that go by its id on what it asks about, or else that are
// called so in words. None: nobody speaks of such a one.
func GroupsAsked(said *Said, measure string, whole bool, asOf, asked string) []Group {
	groups := said.groups(measure, whole, asOf)
	byID := slices.DeleteFunc(slices.Clone(groups), func(g Group) bool { return g.GetId() != asked })
	if len(byID) > 0 {
		return byID
	}
	words := guidance.GroupWords(&guidancev1.Scope{Words: asked})
	var found []Group
	for _, g := range groups { // under whatever ids
		if g.read != words {
			continue
		}
		if found == nil {
			found = []Group{g}
		} else {
			found[0].join(g)
		}
	}
	return found
}

// GroupIDs are the ids of all groups that the matter lists, or that are spoken of, in order.
func GroupIDs(said *Said) (ids []string) {
	for _, g := range said.groups("", false, "") {
		ids = append(ids, g.GetId())
	}
	return slices.Compact(ids)
}

// join takes in that others speak of the same group.
func (g *Group) join(other Group) {
	if other.Listed && !g.Listed || other.Listed == g.Listed && isNewer(other.by, g.by) {
		g.Scope, g.by = other.Scope, other.by
	}
	g.Listed = g.Listed || other.Listed
	for _, c := range other.Committees {
		if !slices.Contains(g.Committees, c) {
			g.Committees = append(g.Committees, c)
		}
	}
	slices.Sort(g.Committees)
}

// Text is what the group is asked for by, whoever else has its id: its words, in a way that no id is written.
func (g Group) Text() string {
	words := guidance.ScopeWords(g.Scope)
	if notation.IsSlug(words) {
		return notation.Capital(words)
	}
	return words
}

func isNewer(e, than *guidance.Entry) bool {
	switch {
	case e == nil || than == nil:
		return e != nil
	default:
		return cmp.Or(cmp.Compare(e.Issued().GetLatest(), than.Issued().GetLatest()), guidance.CompareEntries(e, than)) > 0
	}
}

// groups are those that the matter lists, or that committees speak of, on a measure, or on the whole matter where that
// answers for it; on everything where no measure is asked about; each id apart, in the order of the ids and words. Where
// nobody speaks of any there, all of the matter.
func (s *Said) groups(measure string, whole bool, asOf string) (all []Group) {
	add := func(one Group) {
		if i := slices.IndexFunc(all, func(g Group) bool { return g.GetId() == one.GetId() && g.read == one.read }); i >= 0 {
			all[i].join(one)
		} else {
			all = append(all, one)
		}
	}
	for _, m := range s.matter.GetMeasures() {
		if m.GetId() == measure || measure == "" && !whole {
			for _, listed := range m.GetScopes() {
				add(Group{Scope: listed, Listed: true, read: guidance.GroupWords(listed)})
			}
		}
	}
	for c := range s.of {
		for _, g := range s.groupsOf(c, measure, whole, asOf) {
			add(g)
		}
	}
	slices.SortFunc(all, func(a, b Group) int { return cmp.Or(cmp.Compare(a.GetId(), b.GetId()), cmp.Compare(a.read, b.read)) })
	if all == nil && (measure != "" || whole) {
		return s.groups("", false, asOf)
	}
	return all
}

// groupsOf are those that one committee speaks of, each id in the words of its newest letter that was issued by a day; of
// an id that none has by then, of its newest. An id that a measure lists is what is listed, in whatever words.
func (s *Said) groupsOf(committee, measure string, whole bool, asOf string) (all []Group) {
	isBefore := func(e *guidance.Entry) bool { return asOf == "" || e.Issued().GetEarliest() <= asOf }
	for _, e := range s.of[committee] {
		if !guidance.Counts(e, committee, s.register) {
			continue
		}
		for _, p := range guidance.PositionsOf(*e) {
			on := p.GetMeasure()
			isAsked := measure == "" && !whole || on == measure || on == "" && guidance.SharesProposer(s.matter, measure)
			if p.GetMatter() != s.matter.GetName() || p.GetScope().GetId() == "" || !isAsked || !slices.Contains(p.GetCommittees(), committee) {
				continue
			}
			one := Group{Scope: p.GetScope(), Committees: []string{committee}, read: guidance.GroupWords(p.GetScope()), by: e}
			one = s.listed(one, cmp.Or(on, measure))
			had := slices.IndexFunc(all, func(g Group) bool { return g.GetId() == one.GetId() && g.Listed == one.Listed })
			switch {
			case had < 0:
				all = append(all, one)
			case isBefore(e) == isBefore(all[had].by) && isNewer(e, all[had].by), isBefore(e) && !isBefore(all[had].by):
				all[had] = one
			}
		}
	}
	return all
}

// listed is a group as a measure lists it, whose id is that in whatever words; of the whole matter, as any measure does.
func (s *Said) listed(g Group, measure string) Group {
	for _, m := range s.matter.GetMeasures() {
		for _, listed := range m.GetScopes() {
			if listed.GetId() == g.GetId() && (m.GetId() == measure || measure == "") {
				g.Scope, g.Listed, g.read = listed, true, guidance.GroupWords(listed)
			}
		}
	}
	return g
}

// askedGroup is the group that an answer is for; of an id that stands for several, whatever each says under it.
type askedGroup struct {
	Group
	several bool
}

// key is what of a group an answer rests on.
func (g *askedGroup) key() string {
	if g == nil {
		return ""
	}
	return g.read + "\n" + g.nobodys()
}

// nobodys is an id that nobody has: whoever has no such group is asked by it, as somebody of it who is told the general line.
func (g *askedGroup) nobodys() string {
	if g.several {
		return g.GetId()
	}
	return "“" + g.read + "”"
}

// is: it is the group that another is.
func (g *askedGroup) is(other Group) bool {
	return other.read == g.read || g.several && other.GetId() == g.GetId()
}

func newAskedGroup(in Input) *askedGroup {
	if in.Scope == "" {
		return nil
	}
	switch found := GroupsAsked(in.Said, in.Measure, in.Whole, in.AsOf, in.Scope); len(found) {
	case 0:
		scope := &guidancev1.Scope{Words: in.Scope}
		if notation.IsSlug(in.Scope) {
			scope = &guidancev1.Scope{Id: in.Scope}
		}
		return &askedGroup{Group: Group{Scope: scope, read: guidance.GroupWords(scope)}}
	case 1:
		one := found[0]
		if of := one.GetId(); of != in.Scope && len(GroupsAsked(in.Said, in.Measure, in.Whole, in.AsOf, of)) > 1 {
			one.Scope = &guidancev1.Scope{Words: one.GetWords()} // by its id it could not be asked for
		}
		return &askedGroup{Group: one}
	default:
		newest := found[0]
		for _, g := range found[1:] {
			newest.join(g)
		}
		return &askedGroup{Group: newest, several: true}
	}
}

// saidUnder is how a committee says a group on a measure.
type saidUnder struct {
	ids []string // the newest first; where it does not, one that is nobody's
	// others: under one of these ids those that it was merged from say other groups too, or it says this under several.
	others bool
}

// under is how a committee says the group that the answer is for on a measure, or, where it speaks of none there, on the
// matter.
func (r *resolver) under(committee, measure string) saidUnder {
	key := [2]string{committee, measure}
	if of, again := r.saysGroup[key]; again {
		return of
	}
	var own []Group
	for _, on := range []bool{true, false} {
		if own != nil {
			break
		}
		for _, c := range append(r.in.Register.Predecessors(committee), committee) {
			if on {
				own = append(own, r.in.Said.groupsOf(c, measure, measure == "", r.in.AsOf)...)
			} else {
				own = append(own, r.in.Said.groupsOf(c, "", false, r.in.AsOf)...)
			}
		}
		if !slices.ContainsFunc(own, func(g Group) bool { return r.group.is(g) }) {
			own = nil
		}
	}
	slices.SortStableFunc(own, func(a, b Group) int {
		switch {
		case isNewer(a.by, b.by):
			return -1
		case isNewer(b.by, a.by):
			return 1
		}
		return 0
	})
	of := saidUnder{}
	for _, g := range own {
		if r.group.is(g) && !slices.Contains(of.ids, g.GetId()) {
			of.ids = append(of.ids, g.GetId())
		}
	}
	of.others = len(of.ids) > 1 || slices.ContainsFunc(own, func(g Group) bool { return !r.group.is(g) && slices.Contains(of.ids, g.GetId()) })
	if of.ids == nil {
		of.ids = []string{r.group.nobodys()}
	}
	if r.saysGroup == nil {
		r.saysGroup = map[[2]string]saidUnder{}
	}
	r.saysGroup[key] = of
	return of
}

// resolve is what the rule answers; to a group, by every id that it is said under.
func (r *resolver) resolve(q guidance.Question) []*answersv1.Line {
	if g := r.worded[q.Committee.GetId()][q.Scope]; g != nil && r.group == nil {
		of := r.ofGroup(g)
		return of.inGroup(q, of.under(q.Committee.GetId(), q.Measure).ids)
	}
	if r.group != nil && q.Scope != "" {
		if of := r.under(q.Committee.GetId(), q.Measure); of.others && slices.Contains(of.ids, q.Scope) {
			return r.inGroup(q, of.ids)
		}
	}
	return r.resolveOne(q)
}

// inGroup are the lines for a group that a committee says under several ids, or under one that stands for another's too:
// in each part of its area the newest that is for this group, else the general one.
func (r *resolver) inGroup(q guidance.Question, ids []string) []*answersv1.Line {
	ids = append(slices.Clip(ids), r.group.nobodys())
	of := func(id string, area *guidancev1.AreaId) []*answersv1.Line {
		q := q
		if q.Scope = id; area != nil {
			q.Area = area
		}
		return r.resolveOne(q)
	}
	var rest []*answersv1.Line // by each id
	var areas []*guidancev1.AreaId
	hasRest, general := true, map[notation.Area]bool{}
	for _, id := range ids {
		lines := of(id, nil)
		rest, hasRest = append(rest, lines[0]), hasRest && lines[0].GetArea() == nil
		for _, line := range lines {
			key := notation.AreaOf(line.GetArea())
			if general[key] = id == r.group.nobodys(); line.GetArea() != nil && !slices.ContainsFunc(areas, func(a *guidancev1.AreaId) bool { return notation.AreaOf(a) == key }) {
				areas = append(areas, line.GetArea())
			}
		}
	}
	first, isGroups := r.newestOfGroup(q.Measure, rest)
	if q.Area != nil || q.Practice != "" {
		return []*answersv1.Line{first}
	}
	var lines []*answersv1.Line
	if hasRest { // else parts take up all of it
		lines = append(lines, first)
	}
	slices.SortFunc(areas, func(a, b *guidancev1.AreaId) int { return notation.AreaOf(a).Compare(notation.AreaOf(b)) })
	for _, area := range areas {
		var here []*answersv1.Line
		for _, id := range ids {
			here = append(here, of(id, area)[0])
		}
		line, groups := r.newestOfGroup(q.Measure, here)
		if groups || isGroups || !hasRest || general[notation.AreaOf(area)] { // else of another's group alone
			lines = append(lines, line)
		}
	}
	return lines
}

// newestOfGroup is the newest of lines that are for the group, and of these one that answers; else the last, which is the
// general one.
func (r *resolver) newestOfGroup(measure string, lines []*answersv1.Line) (newest *answersv1.Line, isGroups bool) {
	by := func(line *answersv1.Line) (e *guidance.Entry) {
		for _, st := range answering(line) {
			if of := r.prepared.Entry(st.GetAdvisory()); of != nil && isNewer(of, e) {
				e = of
			}
		}
		return e
	}
	for _, line := range lines {
		if r.isOfGroup(line.GetScope(), measure) && (newest == nil || isNewer(by(line), by(newest))) {
			newest = line
		}
	}
	if newest == nil {
		return lines[len(lines)-1], false
	}
	return newest, true
}

// isOfGroup: what is said on a measure to those of a scope is said to the group that the answer is for.
func (r *resolver) isOfGroup(scope *guidancev1.Scope, measure string) bool {
	return scope != nil && r.group != nil && r.group.is(r.in.Said.listed(Group{Scope: scope, read: guidance.GroupWords(scope)}, measure))
}
