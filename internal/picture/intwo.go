package picture

import (
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// inTwo are recorded areas that lie in two of some areas of which neither lies in the other: who is there is counted once
// (domain.md 5). Of what lies in one another and in the same of them, the largest; none that has no number, nor one whose
// practices all these areas list, for those are told apart one by one.
func (r *resolver) inTwo(unit answersv1.Unit, areas []*guidancev1.AreaId) []*guidancev1.AreaId {
	around, ids := map[notation.Area][]int{}, map[notation.Area]*guidancev1.AreaId{}
	for i, outer := range areas {
		if r.ctx.Err() != nil {
			return nil // whoever asked throws this away
		}
		for _, inner := range r.in.Register.Within(outer, r.in.AsOf) {
			at := notation.AreaOf(inner)
			around[at], ids[at] = append(around[at], i), inner
		}
	}
	for _, area := range areas {
		delete(ids, notation.AreaOf(area))
	}
	apart := func(at notation.Area) bool {
		return slices.ContainsFunc(around[at], func(i int) bool {
			return slices.ContainsFunc(around[at], func(j int) bool {
				return i != j && !r.contains(areas[i], areas[j]) && !r.contains(areas[j], areas[i])
			})
		})
	}
	maps.DeleteFunc(ids, func(at notation.Area, id *guidancev1.AreaId) bool {
		return !apart(at) || !r.hasNumber(unit, id) || r.isListed(id, areas, around[at])
	})
	var all []*guidancev1.AreaId
	for at, id := range ids {
		larger := func(other notation.Area) bool {
			return r.isWithin(id, ids[other]) && slices.Equal(around[at], around[other])
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(ids)), larger) {
			all = append(all, id)
		}
	}
	slices.SortFunc(all, func(a, b *guidancev1.AreaId) int { return notation.AreaOf(a).Compare(notation.AreaOf(b)) })
	return all
}

func (r *resolver) hasNumber(unit answersv1.Unit, id *guidancev1.AreaId) bool {
	area := r.in.Register.Area(id, r.in.AsOf)
	if unit == answersv1.Unit_UNIT_PATIENTS {
		return area != nil && area.Patients != nil
	}
	return area != nil && area.Practices != nil
}

// isListed: an area lists all of its practices, and so do some others around it.
func (r *resolver) isListed(id *guidancev1.AreaId, areas []*guidancev1.AreaId, around []int) bool {
	area := r.in.Register.Area(id, r.in.AsOf)
	if len(area.GetPracticeCodes()) < int(area.GetPractices()) {
		return false
	}
	return !slices.ContainsFunc(around, func(i int) bool {
		listed := map[string]bool{}
		for _, code := range r.in.Register.Area(areas[i], r.in.AsOf).GetPracticeCodes() {
			listed[notation.PracticeCode(code)] = true
		}
		return slices.ContainsFunc(area.GetPracticeCodes(), func(code string) bool { return !listed[notation.PracticeCode(code)] })
	})
}
