package register

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// dated is whatever has a first and a last day; either may be empty.
type dated interface {
	GetValidFrom() string
	GetValidUntil() string
}

// inCommon are the days that all have; not ok: there are none.
func inCommon(all ...dated) (days span, ok bool) {
	for _, one := range all {
		days.from = max(days.from, one.GetValidFrom())
		if until := one.GetValidUntil(); until != "" && (days.until == "" || until < days.until) {
			days.until = until
		}
	}
	return days, days.until == "" || days.from <= days.until
}

// overlap is that two committees cover an area on the same days, and on which each does.
type overlap struct {
	area      notation.Area
	days      span
	one, more span
}

// overlaps are what two committees cover on the same days. What neither has a day of is shared by them, as an ICB whose
// practices no list tells apart.
func overlaps(one, other *guidancev1.Committee) (all []overlap) {
	for _, a := range one.GetAreas() {
		for _, b := range other.GetAreas() {
			if notation.AreaOf(a.GetArea()) != notation.AreaOf(b.GetArea()) {
				continue
			}
			first, there := inCommon(one, a)
			second, thereToo := inCommon(other, b)
			days, ok := inCommon(first, second)
			if there && thereToo && ok && days != (span{}) {
				all = append(all, overlap{notation.AreaOf(a.GetArea()), days, first, second})
			}
		}
	}
	return all
}

// coveredTwice is what an LMC and another cover on the same days, and did not by the register before: both are counted there.
func coveredTwice(before, after *Register, c *guidancev1.Committee, isTold func(*guidancev1.Committee) bool) (words []string) {
	const kind = guidancev1.CommitteeKind_COMMITTEE_KIND_LMC
	for _, other := range after.EveryCommittee() {
		if other.GetId() == c.GetId() || c.GetKind() != kind || other.GetKind() != kind || isTold(other) {
			continue
		}
		had := overlaps(before.Committee(c.GetId()), before.Committee(other.GetId()))
		var news []overlap
		for _, o := range overlaps(c, other) {
			if !slices.ContainsFunc(had, func(h overlap) bool {
				both, ok := inCommon(h.days, o.days)
				return h.area == o.area && ok && both == o.days
			}) {
				news = append(news, o)
			}
		}
		for i, o := range news {
			isAlike := func(p overlap) bool { p.area = o.area; return p == o }
			if slices.IndexFunc(news, isAlike) < i {
				continue // told with the first of these days
			}
			var names []string
			for _, p := range news[i:] {
				if isAlike(p) {
					names = append(names, p.area.String())
				}
			}
			words = append(words, fmt.Sprintf("%s and %s both have %s %s: practices there are told the lines of both, and both are counted. Record whose it is: %s, or %s",
				c.GetId(), other.GetId(), some(names), notation.PeriodWords(o.days.from, o.days.until),
				givesWay(c, other, o.one, o.days, names), givesWay(other, c, o.more, o.days, names)))
		}
	}
	return words
}

// givesWay is how a committee that covers areas on some days is recorded not to on those on which another does too.
func givesWay(c, other *guidancev1.Committee, covers, both span, areas []string) string {
	command, isMerger := "lmcnode register committee "+c.GetId(), slices.Contains(other.GetPredecessors(), c.GetId())
	flag := " --no-area %s"
	switch goesOn := both.until != "" && covers.until != both.until; {
	case covers.from < both.from && isMerger:
		return command + " --until " + notation.DayBefore(both.from)
	case covers.from < both.from:
		flag = " --area %s=.." + notation.DayBefore(both.from)
	case goesOn && c.GetValidFrom() == both.from && slices.Contains(c.GetPredecessors(), other.GetId()):
		return command + " --from " + notation.DayAfter(both.until)
	case goesOn:
		flag = " --area %s=" + notation.DayAfter(both.until) + ".." + covers.until
	}
	var flags strings.Builder
	for _, area := range areas {
		fmt.Fprintf(&flags, flag, area)
	}
	return command + flags.String()
}

// thereTwice is with which area that takes over from it, or that it takes over from, an area has practices in common on days on
// which both are there, and did not by the register before.
func thereTwice(before, after *Register, key notation.Area) (words []string) {
	between := func(r *Register, old, later notation.Area) (days span, shared bool) {
		a, b := r.areas[old].record, r.areas[later].record
		days, ok := inCommon(a, b)
		if a == nil || b == nil || !ok || b.GetValidFrom() <= a.GetValidFrom() || r.Contains(a.GetId(), b.GetId(), days.from) || r.Contains(b.GetId(), a.GetId(), days.from) {
			return span{}, false
		}
		in, _ := r.PracticesOf(a.GetId(), days.from)
		also, _ := r.PracticesOf(b.GetId(), days.from)
		return days, slices.ContainsFunc(in, func(code string) bool { return slices.Contains(also, code) })
	}
	tell := func(old, later notation.Area) {
		days, shared := between(after, old, later)
		if was, had := between(before, old, later); !shared || had && was == days {
			return
		}
		remedy := fmt.Sprintf("lmcnode register area %s --until %s", old, notation.DayBefore(days.from))
		if days.until != "" {
			remedy += fmt.Sprintf(", or lmcnode register area %s --from %s", later, notation.DayAfter(days.until))
		}
		words = append(words, fmt.Sprintf("%s and %s, which takes over from it, are both there %s, with the same practices: these are told what is said of both, and whoever covers either is counted. Record which is there: %s",
			old, later, notation.PeriodWords(days.from, days.until), remedy))
	}
	for _, later := range keysOfAreas(after.areas[key].record.GetSuccessors()) {
		tell(key, later)
	}
	for _, old := range after.cameFrom[key] {
		tell(old, key)
	}
	return words
}
