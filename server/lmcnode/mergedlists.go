package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/register"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The lists of LMCs that merged are those of the one they merged into (cover), until a list of its own is read and they are
// not: that takes their place from the day on which it begins for those in them.

// heirOf is the one committee that another was merged into, and since when: what lists have for the other is of it. Of
// several that one was split into, each covers what is recorded of it.
func (i *importing) heirOf(old *guidancev1.Committee) (heir, since string) {
	for _, c := range i.committees {
		from := max(c.ValidFrom, notation.DayAfter(old.ValidUntil)) // it may have been there long before
		switch {
		case !slices.Contains(c.Predecessors, old.Id) || from == "":
		case heir != "":
			return "", ""
		default:
			heir, since = c.Id, from
		}
	}
	return heir, since
}

// untilOwnList is what is left of the days on which a committee covers another's list, most often that of one which
// merged into it, where a list of its own is read and the other is not: those before its own begins for anybody who is in the
// other. Where it has none of these they are its own until the day before, as what stands in no list. Nil: no day is left.
func (i *importing) untilOwnList(c *guidancev1.Committee, of *guidancev1.AreaTenure) *guidancev1.AreaTenure {
	begins := i.ownBegins(c.Id, of.Area, max(c.ValidFrom, of.ValidFrom))
	left, until := proto.CloneOf(of), ""
	if begins != "" {
		until = notation.DayBefore(begins)
	}
	if of.ValidUntil != "" && of.ValidUntil <= until {
		return of
	}
	i.notes = append(i.notes, fmt.Sprintf("%s stands in no list for %s any more, whose own list takes its place from %s; if it is meant to go on, import the lists once more with that of %s", notation.AreaOf(of.Area), c.Id, cmp.Or(plain.Day(begins), "always"), committeeOf(of.Area)))
	if left.ValidUntil = until; until < of.ValidFrom || until == "" {
		return nil
	}
	return left
}

// ownBegins is the first day, from one on, on which anybody who is in another's list is in a committee's own; of nobody: that of the
// release.
func (i *importing) ownBegins(committee string, other *guidancev1.AreaId, first string) string {
	begins, isFound := i.release.Day, false
	for _, p := range i.practices {
		inThen := func(is func(*guidancev1.PracticeMembership) bool) (in []*guidancev1.PracticeMembership) {
			for _, m := range p.LiesIn {
				if is(m) && (m.ValidUntil == "" || m.ValidUntil >= first) {
					in = append(in, m)
				}
			}
			return in
		}
		if inThen(func(m *guidancev1.PracticeMembership) bool { return proto.Equal(m.Area, other) }) == nil {
			continue
		}
		for _, m := range inThen(func(m *guidancev1.PracticeMembership) bool { return isListOf(m.Area, committee) }) {
			if !isFound || m.ValidFrom < begins {
				begins, isFound = m.ValidFrom, true
			}
		}
	}
	return max(begins, first)
}

func isListOf(area *guidancev1.AreaId, committee string) bool {
	return area.GetScheme() == register.ListScheme && committeeOf(area) == committee
}

// putInOwn lets the areas of a list that merged lie in those of the own list which took its place, from then on: each in the one with most
// of its practices. What was said for them is told there, and is the successor's to end. Whoever is not in the own list had left it.
func (i *importing) putInOwn(merged *guidancev1.Committee) {
	heir, since := i.heirOf(merged)
	if heir == "" || !i.listed[heir] || i.listed[merged.Id] {
		return
	}
	isList := func(t *guidancev1.AreaTenure) bool { return t.Area.Scheme == register.ListScheme }
	for _, of := range merged.Areas {
		old := i.areas[notation.AreaOf(of.Area)]
		if !isListOf(of.Area, merged.Id) || old == nil {
			continue
		}
		from := i.ownBegins(heir, of.Area, since)
		lies := slices.IndexFunc(old.LiesIn, isList)
		if lies >= 0 { // by an earlier import
			from = old.LiesIn[lies].ValidFrom
		}
		found := map[notation.Area]int{}
		for _, p := range i.practices {
			at := slices.IndexFunc(p.LiesIn, func(m *guidancev1.PracticeMembership) bool {
				return proto.Equal(m.Area, of.Area) && notation.IsWithin(from, m.ValidFrom, m.ValidUntil)
			})
			if at < 0 {
				continue
			}
			last := notation.DayBefore(from) // on which it was in either
			for _, m := range p.LiesIn {
				if isListOf(m.Area, heir) && (m.ValidUntil == "" || m.ValidUntil >= from) {
					found[notation.AreaOf(m.Area)]++
					if last != "" && (m.ValidUntil == "" || m.ValidUntil > last) {
						last = m.ValidUntil
					}
				}
			}
			if was := p.LiesIn[at]; last != "" && was.ValidFrom <= last && (was.ValidUntil == "" || was.ValidUntil > last) {
				p = proto.CloneOf(p)
				p.LiesIn[at].ValidUntil = last
				i.putPractice(p)
			}
		}
		if len(found) == 0 || lies >= 0 {
			continue
		}
		most := slices.MaxFunc(slices.SortedFunc(maps.Keys(found), notation.Area.Compare), func(a, b notation.Area) int { return cmp.Compare(found[a], found[b]) })
		old = proto.CloneOf(old)
		old.LiesIn = append(old.LiesIn, &guidancev1.AreaTenure{Area: idOf(most), ValidFrom: from})
		i.putArea(old)
	}
}
