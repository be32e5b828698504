package main

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// recall adds what was recorded of the lists of committees that no list names now, where a practice of one has come
// into another sub-ICB location: its area has to lie where its practices are, or an LMC has no area in an ICB that its
// practices have come into, and others are told what is said of where they were. A list that nobody covers any more, for
// another took its place after a merger, is not.
func (i *importing) recall(listings map[string][]listing) {
	moved := map[string]bool{} // the committees of lists with such a practice
	for code, p := range i.practices {
		if slices.EqualFunc(i.known[code].GetLiesIn(), p.LiesIn, sameStay) {
			continue
		}
		for _, m := range p.LiesIn {
			if id := committeeOf(m.Area); m.Area.Scheme == register.ListScheme && !i.listed[id] && i.isCovered(id) {
				moved[id] = true
			}
		}
	}
	for code, p := range i.practices {
		of := map[string][]*guidancev1.PracticeMembership{}
		for _, m := range p.LiesIn {
			if id := committeeOf(m.Area); m.Area.Scheme == register.ListScheme && moved[id] {
				of[id] = append(of[id], m)
			}
		}
		for id, stays := range of {
			i.lists[id] = true
			for _, s := range listedOn(stays) {
				listings[code] = append(listings[code], listing{id, s})
			}
		}
	}
}

func sameStay(a, b *guidancev1.PracticeMembership) bool {
	return notation.AreaOf(a.Area) == notation.AreaOf(b.Area) && a.ValidFrom == b.ValidFrom && a.ValidUntil == b.ValidUntil
}

// isCovered: a committee that goes on covers the list of one, be it its own or that of one which merged into it.
func (i *importing) isCovered(list string) bool {
	goesOn := func(until string) bool { return until == "" || until >= i.release.Day }
	for _, c := range i.committees {
		if goesOn(c.ValidUntil) && slices.ContainsFunc(c.Areas, func(t *guidancev1.AreaTenure) bool {
			return t.Area.GetScheme() == register.ListScheme && committeeOf(t.Area) == list && goesOn(t.ValidUntil)
		}) {
			return true
		}
	}
	return false
}

// listedOn are the days on which one list has a practice, by those of the areas of the list that it lay in: what went
// from one of them into the next was on the list throughout.
func listedOn(stays []*guidancev1.PracticeMembership) (all []span) {
	slices.SortFunc(stays, func(a, b *guidancev1.PracticeMembership) int { return cmp.Compare(a.ValidFrom, b.ValidFrom) })
	for n, m := range stays {
		if n > 0 && notation.AreaOf(stays[n-1].Area) != notation.AreaOf(m.Area) && m.ValidFrom != "" && notation.DayBefore(m.ValidFrom) == stays[n-1].ValidUntil {
			all[len(all)-1].until = m.ValidUntil
			continue
		}
		all = append(all, span{m.ValidFrom, m.ValidUntil})
	}
	return all
}
