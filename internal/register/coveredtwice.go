package register

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

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

// overlap is that two committees cover an area on the same days, or one of them something within what the other does, and on
// which each does.
type overlap struct {
	area      notation.Area // the smaller, if they are two
	around    notation.Area // the larger; zero: both cover the same
	ofOther   bool          // the larger is the other's
	days      span
	one, more span
}

// overlaps are what two committees cover on the same days. What neither has a day of is shared by them, as an ICB whose
// practices no list tells apart. Of what one merged into the other had, and that has, nothing is said beyond what is the same.
func (r *Register) overlaps(one, other *guidancev1.Committee) (all []overlap) {
	isMerger := slices.Contains(r.Predecessors(one.GetId()), other.GetId()) || slices.Contains(r.Predecessors(other.GetId()), one.GetId())
	var nested []overlap
	for _, a := range one.GetAreas() {
		for _, b := range other.GetAreas() {
			mine, theirs := notation.AreaOf(a.GetArea()), notation.AreaOf(b.GetArea())
			first, there := inCommon(one, a)
			second, thereToo := inCommon(other, b)
			days, ok := inCommon(first, second)
			switch {
			case !there || !thereToo || !ok:
			case mine == theirs:
				if days != (span{}) {
					all = append(all, overlap{area: mine, days: days, one: first, more: second})
				}
			case isMerger:
			default: // as far as the areas are there
				first, _ = inCommon(first, r.areas[mine].record)
				second, _ = inCommon(second, r.areas[theirs].record)
				if in, isWithin := r.within(theirs, mine, days, nil); isWithin {
					nested = append(nested, overlap{theirs, mine, false, in, first, second})
				} else if in, isWithin := r.within(mine, theirs, days, nil); isWithin {
					nested = append(nested, overlap{mine, theirs, true, in, first, second})
				}
			}
		}
	}
	for _, o := range nested { // unless both have the smaller one too
		if !slices.ContainsFunc(all, func(same overlap) bool { return same.area == o.area && same.around == (notation.Area{}) }) {
			all = append(all, o)
		}
	}
	return all
}

// within are the first of some days on which an area lies in another, if on some of them it does.
func (r *Register) within(inner, outer notation.Area, days span, passed []notation.Area) (in span, lies bool) {
	a := r.areas[inner].record
	days, ok := inCommon(days, a)
	if !ok || a == nil || slices.Contains(passed, inner) {
		return span{}, false
	}
	if inner == outer {
		return days, true
	}
	passed = append(passed[:len(passed):len(passed)], inner)
	links := a.GetLiesIn()
	for _, around := range a.GetWithin() {
		links = append(links[:len(links):len(links)], &guidancev1.AreaTenure{Area: around})
	}
	for _, link := range links {
		common, isOn := inCommon(days, link)
		if !isOn {
			continue
		}
		if found, is := r.within(notation.AreaOf(link.GetArea()), outer, common, passed); is && (!lies || found.from < in.from) {
			in, lies = found, true
		}
	}
	return in, lies
}

// coveredTwice is what an LMC and another cover on the same days, and did not by the register before: both are counted there.
func coveredTwice(before, after *Register, c *guidancev1.Committee, isTold func(*guidancev1.Committee) bool) (words []string) {
	const kind = guidancev1.CommitteeKind_COMMITTEE_KIND_LMC
	for _, other := range after.EveryCommittee() {
		if other.GetId() == c.GetId() || c.GetKind() != kind || other.GetKind() != kind || isTold(other) {
			continue
		}
		had := before.overlaps(before.Committee(c.GetId()), before.Committee(other.GetId()))
		var news []overlap
		for _, o := range after.overlaps(c, other) {
			if !slices.ContainsFunc(had, func(h overlap) bool {
				both, ok := inCommon(h.days, o.days)
				return h.area == o.area && h.around == o.around && ok && both == o.days
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
			if o.around != (notation.Area{}) {
				words = append(words, after.nestedWords(c, other, o, names))
				continue
			}
			words = append(words, fmt.Sprintf("%s and %s both have %s %s: practices there are told the lines of both, and both are counted. Record whose it is: %s, or %s",
				c.GetId(), other.GetId(), some(names), notation.PeriodWords(o.days.from, o.days.until),
				givesWay(c, other, o.one, o.days, names), givesWay(other, c, o.more, o.days, names)))
		}
	}
	return words
}

// coveredTwiceBy is coveredTwice by what an area lies in now, of all who cover it, or what it lies in, or some part of it,
// as they did before: of who is recorded anew, that tells.
func coveredTwiceBy(before, after *Register, area *guidancev1.AreaId) (words []string) {
	var near []*guidancev1.Committee
	for _, c := range after.EveryCommittee() {
		if proto.Equal(before.Committee(c.GetId()), c) && slices.ContainsFunc(c.GetAreas(), func(of *guidancev1.AreaTenure) bool {
			days, ok := inCommon(c, of, after.areas[notation.AreaOf(area)].record)
			if !ok {
				return false
			}
			_, within := after.within(notation.AreaOf(area), notation.AreaOf(of.GetArea()), days, nil)
			_, around := after.within(notation.AreaOf(of.GetArea()), notation.AreaOf(area), days, nil)
			return within || around
		}) {
			near = append(near, c)
		}
	}
	for i, c := range near {
		words = append(words, coveredTwice(before, after, c, func(other *guidancev1.Committee) bool {
			return slices.Contains(near[:i], other) || !slices.Contains(near, other)
		})...)
	}
	return words
}

// nestedWords is that a committee covers an area, and another some parts of it.
func (r *Register) nestedWords(c, other *guidancev1.Committee, o overlap, parts []string) string {
	has, hasParts, covers, coverParts := c, other, o.one, o.more
	if o.ofOther {
		has, hasParts, covers, coverParts = other, c, o.more, o.one
	}
	var codes []string
	for _, part := range parts {
		area, _ := notation.ReadArea(part)
		codes = append(codes, r.practicesIn(&guidancev1.AreaId{Scheme: area.Scheme, Code: area.Code}, cmp.Or(o.days.from, o.days.until))...)
	}
	slices.Sort(codes)
	whose, lies := "practices there", "lies"
	if codes = slices.Compact(codes); len(codes) > 0 {
		whose += " (" + some(codes) + ")"
	}
	if len(parts) > 1 {
		lies = "lie"
	}
	outer := givesWay(has, hasParts, covers, o.days, []string{o.around.String()}) + r.restOf(o, parts)
	inner := givesWay(hasParts, has, coverParts, o.days, parts)
	if o.ofOther {
		outer, inner = inner, outer
	}
	days := notation.PeriodWords(o.days.from, o.days.until)
	if days != "" {
		days = ", " + days
	}
	return fmt.Sprintf("%s has %s, and %s has %s, which %s in it%s: %s are told the lines of both, and both are counted. Record whose they are: %s, or %s",
		has.GetId(), o.around, hasParts.GetId(), some(parts), lies, days, whose, outer, inner)
}

// restOf is what to record of an area beside some parts of it: the other parts, on the days on which those are another's.
func (r *Register) restOf(o overlap, parts []string) (flags string) {
	id := func(key notation.Area) *guidancev1.AreaId {
		return &guidancev1.AreaId{Scheme: key.Scheme, Code: key.Code}
	}
	day := cmp.Or(o.days.from, o.days.until)
	var rest []*guidancev1.AreaId
	for _, in := range r.Within(id(o.around), day) {
		meets := func(part string) bool {
			key, _ := notation.ReadArea(part)
			return r.Contains(id(key), in, day) || r.Contains(in, id(key), day)
		}
		if !slices.ContainsFunc(parts, meets) && !slices.ContainsFunc(rest, func(larger *guidancev1.AreaId) bool { return r.Contains(larger, in, day) }) {
			rest = append(slices.DeleteFunc(rest, func(smaller *guidancev1.AreaId) bool { return r.Contains(in, smaller, day) }), in)
		}
	}
	for _, in := range rest {
		flags += " --area " + notation.AreaOf(in).String()
		if o.days.from != "" || o.days.until != "" {
			flags += "=" + o.days.from + ".." + o.days.until
		}
	}
	return flags
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
		in, also := r.practicesIn(a.GetId(), days.from), r.practicesIn(b.GetId(), days.from)
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
