package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Who asks, where the rule itself is asked for every reader that it tells apart, and how some of them are told from
// the others in words.

// reader is who asks a question on a matter: the narrowest that the rule tells apart.
type reader struct {
	committee, measure, scope string
	area                      notation.Area // zero: everywhere
	practice                  string        // of several in the area that are told apart from it, one
	also                      notation.Area // the area by which they are
	audience                  v1.Audience
}

// readerOf is who asks a question.
func readerOf(q query) reader {
	r := reader{committee: q.committee, measure: q.measure, scope: q.scope, area: notation.AreaOf(q.place()), audience: q.audience}
	if q.within != nil {
		r.practice, r.also = q.practice, notation.AreaOf(q.also)
	}
	return r
}

func (r reader) asks(m *v1.Matter, day string) query {
	q := newQuery(Question{Matter: m, Measure: r.measure, Committee: &v1.Committee{Id: r.committee}, Audience: r.audience, Area: AreaID(r.area), Scope: r.scope, AsOf: day})
	if r.practice != "" {
		q.area, q.practice, q.within, q.also = nil, r.practice, q.area, AreaID(r.also)
	}
	return q
}

// readersAmong are the readers of one committee on a measure, and where that is the whole matter on
// those of its measures that something is said on, that are among some audiences, in an area or, where
// that is nil, in each that the rule tells apart. areasAt has the areas to ask about that were found before.
func (p *Prepared) readersAmong(m *v1.Matter, committee, measure string, among []v1.Audience, area *v1.AreaId, day string, areasAt map[moment][]*v1.AreaId) (all []reader) {
	measures, audiences := []string{measure}, slices.Clone(among)
	for _, s := range p.said(topic{m.GetName(), committee}) {
		on, named := []string{s.position.GetMeasure()}, slices.Clone(s.position.GetAudiences())
		for _, action := range Actions(s.entry.Advisory) {
			on, named = append(on, action.GetMeasure()), append(named, action.GetActors()...)
		}
		for _, on := range on {
			if measure == "" && !slices.Contains(measures, on) {
				measures = append(measures, on)
			}
		}
		for _, inner := range named {
			if Advised(inner) && !slices.Contains(audiences, inner) && reachesAll(among, []v1.Audience{inner}) {
				audiences = append(audiences, inner)
			}
		}
	}
	var areas []*v1.AreaId
	for _, on := range measures {
		for _, audience := range audiences {
			at := moment{p, reader{committee: committee, measure: on, audience: audience}, m.GetName(), day}
			if _, known := areasAt[at]; !known {
				areasAt[at] = p.areasToAsk(at.asks(m, day))
			}
			areas = append(areas, areasAt[at]...)
		}
	}
	if slices.SortFunc(areas, compareAreas); len(areas) == 0 || len(p.reg.CommitteeAreas(committee, day)) == 0 {
		areas = append(areas, nil)
	}
	for _, in := range slices.CompactFunc(areas, sameArea) {
		if area != nil && (in == nil || !p.contains(area, in, day)) {
			continue
		}
		for _, on := range measures {
			for _, audience := range audiences {
				all = append(all, reader{committee: committee, measure: on, area: notation.AreaOf(in), audience: audience})
			}
		}
	}
	return all
}

// readersOf are those who may be asked what an action of an entry on a matter asks, of some committees.
func (p *Prepared) readersOf(m *v1.Matter, e *Entry, action *v1.Action, committees []string, day string, areasAt map[moment][]*v1.AreaId) (all []reader) {
	among := union(e.Advisory.GetPositions(), (*v1.Position).GetAudiences)
	named := AdvisedAmong(action.GetActors())
	ofOthers := IsOfOthers(action, among)
	if len(among) == 0 { // it takes no line, and asks with those of others
		among, ofOthers = append(named, v1.Audience_AUDIENCE_PRACTICES), false
	}
	for _, c := range committees {
		for _, r := range p.readersAmong(m, c, action.GetMeasure(), among, nil, day, areasAt) {
			scopes := append([]string{""}, p.scopesOn(r.asks(m, day))...)
			if of := action.GetScope(); of != "" && of != GeneralScope { // whom that leaves out was perhaps in no group before
				scopes = []string{of}
			}
			for _, r.scope = range scopes {
				if !ofOthers {
					all = append(all, r)
					continue
				}
				for _, r.audience = range named { // where its readers are told apart
					if !slices.Contains(all, r) {
						all = append(all, r)
					}
				}
			}
		}
	}
	return all
}

// IsOfOthers: an action is asked of some by name who are none of the readers of a line or letter, and none of these is
// asked it, though they are shown it.
func IsOfOthers(action *v1.Action, readers []v1.Audience) bool {
	named := AdvisedAmong(action.GetActors())
	return len(named) > 0 && len(sharedAudiences(named, readers)) == 0
}

// limit is one way in which readers differ: what they are by it, which of them are among others, and
// how that is said.
type limit struct {
	of    func(r reader) any
	among func(inner, outer reader) bool
	word  string
	words func(r reader) string
}

// limits are the ways in which readers differ, in the order they are told, with measures as they are called
// where it is told.
func (p *Prepared) limits(m *v1.Matter, day string, called func(measure string) string) []limit {
	return []limit{
		{
			func(r reader) any { return r.committee }, func(inner, outer reader) bool { return inner.committee == outer.committee },
			"of the practices of", func(r reader) string { return notation.Names(committeeNames(p.reg, []string{r.committee})) },
		}, {
			func(r reader) any { return r.measure }, func(inner, outer reader) bool {
				return inner.measure == outer.measure || outer.measure == "" && SharesProposer(m, inner.measure)
			},
			"on", func(r reader) string { return called(r.measure) },
		}, {
			func(r reader) any { return [2]notation.Area{r.area, r.also} }, func(inner, outer reader) bool {
				if inner.area == outer.area {
					return inner.also == outer.also || outer.also == notation.Area{}
				}
				return outer.area == notation.Area{} || outer.also == notation.Area{} && p.contains(AreaID(outer.area), AreaID(inner.area), day)
			},
			"in", func(r reader) string {
				words := AreaWords(AreaID(r.area), p.reg.AreaName(AreaID(r.area)))
				if r.also != (notation.Area{}) { // now, or when what is said there was
					words = "both " + words + " and " + AreaWords(AreaID(r.also), p.reg.AreaName(AreaID(r.also)))
				}
				return words
			},
		}, {
			func(r reader) any { return r.scope }, func(inner, outer reader) bool { return inner.scope == outer.scope || outer.scope == "" },
			"for", func(r reader) string { return p.groupWords(m, r) },
		}, {
			func(r reader) any { return r.audience }, func(inner, outer reader) bool { return Contains(outer.audience, inner.audience) },
			"of", func(r reader) string { return AudienceWords(r.audience) },
		},
	}
}

// byID is a measure as previews, for those who have the matter before them, call it.
func byID(measure string) string { return cmp.Or(measure, wholeMatter) }

// groupWords is what a reader's group is called.
func (p *Prepared) groupWords(m *v1.Matter, r reader) string {
	for _, s := range p.said(topic{m.GetName(), r.committee}) {
		if s.scope == r.scope {
			return ScopeWords(s.position.GetScope())
		}
	}
	return r.scope
}

// apart says which of some readers these are, and not others, for each that has to be told by itself:
// ", in area:A, of GP partners"; empty: all.
func apart(these, others []reader, by []limit) (all []string) {
	switch {
	case len(these) == 0:
		return nil
	case len(others) == 0 || len(by) == 0:
		return []string{""}
	}
	// Readers who are the same by this limit are told apart by the rest of them; those whom that tells
	// apart alike are told together.
	type alike struct {
		where   []string
		readers []reader // one of each
	}
	var groups []alike
	seen := map[any]bool{}
	for _, r := range slices.Concat(these, others) {
		if value := by[0].of(r); !seen[value] {
			seen[value] = true
			same := func(list []reader) []reader {
				return slices.DeleteFunc(slices.Clone(list), func(o reader) bool { return by[0].of(o) != value })
			}
			where := apart(same(these), same(others), by[1:])
			i := slices.IndexFunc(groups, func(g alike) bool { return slices.Equal(g.where, where) })
			if i < 0 {
				i, groups = len(groups), append(groups, alike{where: where})
			}
			groups[i].readers = append(groups[i].readers, r)
		}
	}
	for i, g := range groups {
		var rest []reader
		for j, other := range groups {
			if j != i {
				rest = append(rest, other.readers...)
			}
		}
		for _, where := range g.where {
			all = append(all, by[0].tell(g.readers, rest)+where)
		}
	}
	return all
}

// tell says by a limit which readers these are of all: the widest of them, but for whom is among these
// and is none of them.
func (l limit) tell(these, others []reader) (words string) {
	among := func(r reader, list []reader) bool {
		return slices.ContainsFunc(list, func(o reader) bool { return l.of(o) != l.of(r) && l.among(r, o) })
	}
	names := func(list []reader) string {
		var names []string
		for _, r := range list {
			if !among(r, list) {
				names = append(names, l.words(r))
			}
		}
		return l.word + " " + notation.List(names)
	}
	except := slices.DeleteFunc(slices.Clone(others), func(r reader) bool { return !among(r, these) })
	if len(except) < len(others) {
		words = ", " + names(these)
	}
	if len(except) > 0 {
		words += ", except " + names(except)
	}
	return words
}
