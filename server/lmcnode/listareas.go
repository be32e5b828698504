package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/register"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The areas of lists are of the scheme "lmc". Each lies in one sub-ICB location, or health board, at a time, so that
// whoever asks about an ICB, or says something of one, reaches the practices there: "suffolk" is the committee's list
// in the one where most of its practices are, and "suffolk.06T" in another. Where that has become another, as by a
// merger of sub-ICB locations, the area lies in each for its days.

// listing is that a list has a practice.
type listing struct {
	committee string
	span
}

// span is some days, the first and the last; empty: as long as is known.
type span struct{ from, until string }

// meet is what two have in common.
func (s span) meet(o span) (both span, ok bool) {
	both = span{max(s.from, o.from), s.until}
	if both.until == "" || o.until != "" && o.until < both.until {
		both.until = o.until
	}
	return both, both.until == "" || both.from <= both.until
}

// without is what of one is not in another.
func (s span) without(o span) (left []span) {
	both, ok := s.meet(o)
	if !ok {
		return []span{s}
	}
	if both.from > s.from {
		left = append(left, span{s.from, notation.DayBefore(both.from)})
	}
	if both.until != "" && both.until != s.until {
		left = append(left, span{notation.DayAfter(both.until), s.until})
	}
	return left
}

// withoutEach is what of some days is not in others.
func withoutEach(from []span, o span) (left []span) {
	for _, one := range from {
		left = append(left, one.without(o)...)
	}
	return left
}

// nearest is the one of some days that is nearest to a day.
func (s span) nearest(day string) string {
	if day = max(day, s.from); s.until != "" {
		day = min(day, s.until)
	}
	return day
}

// place is where something lies, and when.
type place struct {
	area notation.Area
	span
}

func listArea(committee string, elsewhere notation.Area) *guidancev1.AreaId {
	return &guidancev1.AreaId{Scheme: register.ListScheme, Code: notation.Joined(".", committee, elsewhere.Code)}
}

// committeeOf is whose list an area is.
func committeeOf(list *guidancev1.AreaId) string {
	id, _, _ := strings.Cut(list.GetCode(), ".")
	return id
}

// placeLists puts practices into the areas of the lists that have them, and describes these.
func (i *importing) placeLists(listings map[string][]listing) {
	found := map[string]map[notation.Area]int{} // by committee: how many of its practices are where, on the day of the release
	soon := map[string]map[notation.Area]int{}  // or on the nearest of the days on which it has each
	for code, of := range listings {
		for _, one := range of {
			if found[one.committee] == nil {
				found[one.committee], soon[one.committee] = map[notation.Area]int{}, map[notation.Area]int{}
			}
			for _, at := range i.placesOf(code) {
				switch day := one.nearest(i.release.Day); {
				case !notation.IsWithin(day, at.from, at.until):
				case day == i.release.Day:
					found[one.committee][at.area]++
				default:
					soon[one.committee][at.area]++
				}
			}
		}
	}
	for id := range found {
		if len(found[id]) == 0 {
			found[id] = soon[id]
		}
	}
	mains := map[string][]place{}
	for id := range i.lists {
		mains[id] = i.mainOf(id, found[id])
	}
	areas := map[notation.Area]notation.Area{} // of lists, but for the main ones: where they lie
	lasts := map[notation.Area]string{}        // the last day on which anybody is in one; empty: it goes on
	for code := range i.practices {
		var now []*guidancev1.PracticeMembership
		for _, one := range listings[code] {
			now = append(now, i.inAreas(code, one, mains[one.committee], areas)...)
		}
		for _, m := range now {
			key := notation.AreaOf(m.Area)
			if last, known := lasts[key]; !known || last != "" && (m.ValidUntil == "" || m.ValidUntil > last) {
				lasts[key] = m.ValidUntil
			}
		}
		i.listPractice(code, now)
	}
	inPlace := func(id string, in notation.Area) string {
		return i.committees[id].Name + ": the practices of its list in " + cmp.Or(i.areas[in].GetName(), in.String())
	}
	for _, id := range slices.Sorted(maps.Keys(i.lists)) {
		all := i.committees[id].Name + ": the practices of its list"
		main := i.areaOr(notation.AreaOf(listArea(id, notation.Area{})), all)
		isElsewhere := func(key notation.Area) bool { return committeeOf(idOf(key)) == id }
		if places := mains[id]; main.Name == all && len(places) > 0 && slices.ContainsFunc(slices.Collect(maps.Keys(areas)), isElsewhere) { // it has but those
			main.Name = inPlace(id, places[len(places)-1].area)
		}
		lies(main, mains[id])
		i.putArea(main)
		i.cover(id, main.Id, "", lasts[notation.AreaOf(main.Id)])
	}
	for _, key := range slices.SortedFunc(maps.Keys(areas), notation.Area.Compare) {
		id, in := committeeOf(idOf(key)), areas[key]
		a := i.areaOr(key, inPlace(id, in))
		lies(a, i.placesBefore(in, nil))
		i.putArea(a)
		i.cover(id, idOf(key), "", lasts[key])
	}
}

// lies lets an area lie in places.
func lies(a *guidancev1.Area, in []place) {
	a.Within, a.LiesIn = nil, nil
	for _, at := range in {
		if at.span == (span{}) {
			a.Within = []*guidancev1.AreaId{idOf(at.area)}
			continue
		}
		a.LiesIn = append(a.LiesIn, &guidancev1.AreaTenure{Area: idOf(at.area), ValidFrom: at.from, ValidUntil: at.until})
	}
}

// placesOf are the sub-ICB locations, or health boards, that a practice lies in, and when.
func (i *importing) placesOf(code string) (all []place) {
	for _, m := range i.practices[code].GetLiesIn() {
		if m.Area.Scheme == ods.SubICB || m.Area.Scheme == ods.Board {
			all = append(all, place{notation.AreaOf(m.Area), span{m.ValidFrom, m.ValidUntil}})
		}
	}
	return all
}

// mainOf is where a committee's list lies, and when: where most of its practices were when it was first read, and in
// what took over from that. Elsewhere it does not go, even where nobody is left there: what was said of a place holds of
// an area that was there then, and those who are in the list now may have been elsewhere.
func (i *importing) mainOf(committee string, found map[notation.Area]int) (all []place) {
	most := func(among []notation.Area) (best notation.Area) {
		for _, at := range slices.SortedFunc(slices.Values(among), notation.Area.Compare) {
			if found[at] > found[best] {
				best = at
			}
		}
		return best
	}
	recorded := i.areas[notation.AreaOf(listArea(committee, notation.Area{}))]
	for _, in := range recorded.GetWithin() {
		all = append(all, place{area: notation.AreaOf(in)})
	}
	for _, in := range recorded.GetLiesIn() {
		if in.Area.Scheme == register.ListScheme {
			continue // the list that took its place (putInOwn)
		}
		all = append(all, place{notation.AreaOf(in.Area), span{in.ValidFrom, in.ValidUntil}})
	}
	if len(all) == 0 {
		at := most(slices.Collect(maps.Keys(found)))
		if at == (notation.Area{}) {
			return nil
		}
		return i.placesBefore(at, nil)
	}
	last := &all[len(all)-1]
	next, from := last.area, i.release.Day
	for {
		until := i.areas[next].GetValidUntil()
		if until == "" || until >= i.release.Day {
			break
		}
		var after []notation.Area
		for _, in := range i.areas[next].GetSuccessors() {
			after = append(after, notation.AreaOf(in))
		}
		took := most(after)
		if took == (notation.Area{}) {
			break
		}
		next, from = took, notation.DayAfter(until)
	}
	if next != last.area {
		last.until = notation.DayBefore(from)
		all = append(all, place{next, span{from: from}})
	}
	return all
}

// placesBefore are where an area lies that is put into a place now: before that began, in the one that it took over
// from, where there is one alone. What had been said of an ICB around both is for it, too.
func (i *importing) placesBefore(at notation.Area, after []place) []place {
	var old []notation.Area
	from := i.areas[at].GetValidFrom()
	for key, a := range i.areas {
		if from != "" && a.GetValidUntil() == notation.DayBefore(from) && slices.ContainsFunc(a.GetSuccessors(), func(id *guidancev1.AreaId) bool { return notation.AreaOf(id) == at }) {
			old = append(old, key)
		}
	}
	now := place{area: at}
	if len(after) > 0 {
		now.until = notation.DayBefore(after[0].from)
	}
	if len(old) != 1 {
		return append([]place{now}, after...)
	}
	now.from = from
	return i.placesBefore(old[0], append([]place{now}, after...))
}

// inAreas is in which areas of a committee's list a practice lies, by where it lay on its days. The days on which that
// is not known go with the others.
func (i *importing) inAreas(code string, of listing, mains []place, areas map[notation.Area]notation.Area) (all []*guidancev1.PracticeMembership) {
	inMain, left := false, []span{of.span} // the days on which it lies in no other
	for _, at := range i.placesOf(code) {
		both, ok := of.meet(at.span)
		if !ok {
			continue
		}
		others := []span{both}
		for _, m := range mains {
			if _, meets := both.meet(m.span); meets && m.area == at.area {
				inMain, others = true, withoutEach(others, m.span)
			}
		}
		for _, s := range others {
			other := listArea(of.committee, at.area)
			areas[notation.AreaOf(other)], left = at.area, withoutEach(left, s)
			all = append(all, &guidancev1.PracticeMembership{Area: other, ValidFrom: s.from, ValidUntil: s.until})
		}
	}
	if len(all) > 0 && !inMain {
		slices.SortFunc(all, func(a, b *guidancev1.PracticeMembership) int { return cmp.Compare(a.ValidFrom, b.ValidFrom) })
		all[0].ValidFrom, all[len(all)-1].ValidUntil = of.from, of.until
		return all
	}
	for _, s := range left {
		all = append(all, &guidancev1.PracticeMembership{Area: listArea(of.committee, notation.Area{}), ValidFrom: s.from, ValidUntil: s.until})
	}
	return all
}
