package guidance

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// asksNoMoreOf is of whom an action that an entry still asks for a committee is asked no more, for each that has to
// be told by itself: ", of GP partners". Nil: of nobody.
func (p *Prepared) asksNoMoreOf(e *Entry, action *v1.Action, committee, day string, matters func(string) *v1.Matter, fates func(*assertion) []fate) []string {
	var lost, kept []reader
	m := matters(ActionMatter(e.Advisory, action))
	if m == nil {
		return nil // it is asked by the letter alone, whatever its lines
	}
	for _, s := range p.byEntry.of(e.ID) {
		if s.position.GetMatter() != m.GetName() || !p.standsWith(m, e.Advisory, action, s.position, committee) {
			continue
		}
		for _, f := range p.aboutAction(fates(s), action) {
			r := reader{committee: committee, measure: f.measure, area: notation.AreaOf(f.area), audience: f.audience, scope: f.scope}
			if f.ends == nil {
				kept = append(kept, r)
			} else {
				lost = append(lost, r)
			}
		}
	}
	lost = slices.DeleteFunc(lost, func(r reader) bool { return slices.Contains(kept, r) }) // another of its lines answers
	if len(lost) == 0 || len(kept) == 0 {
		return nil
	}
	limits := p.limits(m, day)
	limits[1].words = func(r reader) string { return p.measureWords(m, r.measure) }
	return apart(lost, kept, limits)
}

// aboutAction are the fates of a position of those whom an action names, where it names some: each of these by what
// became of it for just them, else for the narrowest readers they are among.
func (p *Prepared) aboutAction(all []fate, action *v1.Action) (of []fate) {
	all = narrowed(all, func(f fate) bool { return f.measure == action.GetMeasure() })
	all = narrowed(all, func(f fate) bool {
		return action.GetArea() != nil && f.area != nil && p.contains(action.GetArea(), f.area, f.day)
	})
	named := AdvisedAmong(action.GetActors())
	for _, f := range all {
		alike := func(o fate) bool { return o.measure == f.measure && o.scope == f.scope && sameArea(o.area, f.area) }
		nearer := func(a v1.Audience) bool {
			return slices.ContainsFunc(all, func(o fate) bool {
				return alike(o) && o.audience != f.audience && Contains(o.audience, a) && Contains(f.audience, o.audience)
			})
		}
		if len(named) == 0 || slices.ContainsFunc(named, func(a v1.Audience) bool { return Contains(a, f.audience) }) {
			of = append(of, f)
			continue
		}
		for _, a := range named {
			if Contains(f.audience, a) && !nearer(a) {
				one := f
				one.audience = a
				of = append(of, one)
			}
		}
	}
	return of
}
