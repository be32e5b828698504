package main

import (
	"cmp"
	"fmt"
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
	first := max(c.ValidFrom, of.ValidFrom)
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
		if inThen(func(m *guidancev1.PracticeMembership) bool { return proto.Equal(m.Area, of.Area) }) == nil {
			continue
		}
		for _, m := range inThen(func(m *guidancev1.PracticeMembership) bool {
			return m.Area.Scheme == register.ListScheme && committeeOf(m.Area) == c.Id
		}) {
			if !isFound || m.ValidFrom < begins {
				begins, isFound = m.ValidFrom, true
			}
		}
	}
	left, until := proto.CloneOf(of), ""
	if begins = max(begins, first); begins != "" {
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
