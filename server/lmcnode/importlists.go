package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/register"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Which practices belong to which LMC: what the lists of offices say. The committee covers the areas of its list
// (listareas.go). A row of an area lets the committee cover that area, unless it is a PCN, which is none of the
// register's, or the list has rows of practices there that are of another committee: then its practices are listed. What a
// committee covers by a row that stands in no list any more, it covers no more; as after a first import of these lists.

// putLists takes the offices' lists in.
func (i *importing) putLists() error {
	var unknown, nowhere []string
	for _, m := range i.release.Memberships {
		if i.committees[m.Committee] == nil {
			unknown = append(unknown, fmt.Sprintf("%s, row %d: %s", m.List, m.Row, m.Committee))
		}
		if m.Practice == "" && m.Area.Scheme != ods.PCN && i.areas[m.Area] == nil {
			nowhere = append(nowhere, fmt.Sprintf("%s, row %d: %s", m.List, m.Row, m.Area))
		}
	}
	if len(nowhere) > 0 {
		return fault.New(fault.ErrInvalid, "the lists name areas that neither the files nor the register describe: "+clipped(nowhere), "put the codes right, or read the file that has them too (eccg.csv, eauth.csv, wlhb.csv)")
	}
	if len(unknown) > 0 {
		return fault.New(fault.ErrUnknownCommittee, "the lists name committees that the register does not have: "+clipped(unknown), "put the ids right, or record them first: lmcnode register committee ID --dir DIR --name NAME --kind lmc --nation NATION")
	}
	rows, err := i.ownRows()
	if err != nil {
		return err
	}
	i.rows = rows
	listings := map[string][]listing{} // by practice
	list := func(code string, one listing) {
		if i.practices[code] == nil {
			return // noted by whoever read the files
		}
		i.lists[one.committee] = true
		listings[code] = append(listings[code], one)
	}
	rules := ruled{}
	for _, m := range rows {
		i.listed[m.Committee] = true
		isItsOwn := func(next notation.Area) bool {
			return slices.ContainsFunc(rows, func(o ods.Membership) bool { return o.Committee == m.Committee && o.Area == next })
		}
		if words := i.endedUnder(m.Committee, m.Area, m.Until, isItsOwn); words != "" {
			i.notes = append(i.notes, fmt.Sprintf("%s, row %d: %s", m.List, m.Row, words))
		}
		isOfRule := func(own ods.Membership) bool { return i.isExceptionTo(own, m) }
		switch {
		case m.Practice != "":
			list(m.Practice, listing{m.Committee, span{m.From, m.Until}})
		case m.Area.Scheme == ods.PCN || slices.ContainsFunc(i.release.Memberships, isOfRule):
			why := "it has rows of practices of other committees there"
			if m.Area.Scheme == ods.PCN {
				why = "the register has no areas of PCNs"
			}
			n := 0
			for k := range i.release.Practices {
				p := &i.release.Practices[k]
				left := i.ruledFor(p, m)
				for _, s := range left {
					list(p.Code, listing{m.Committee, s})
				}
				if len(left) > 0 {
					n++
				}
			}
			rules.add(m.Committee, m.Area, rule{span{m.From, m.Until}, true})
			i.notes = append(i.notes, fmt.Sprintf("%s: %s of %s is taken as a list of %d practices, for %s; a practice that opens there is in no LMC's area before the list is read again", m.List, m.Area, m.Committee, n, why))
		default:
			rules.add(m.Committee, m.Area, rule{span{m.From, m.Until}, false})
		}
	}
	i.recall(listings)
	i.placeLists(listings)
	i.putRules(rules)
	return nil
}

// rule is some days of a row of an area; asList: its practices are listed, and the area is not covered.
type rule struct {
	span
	asList bool
}

// ruled are the rows of areas, by committee.
type ruled map[string]map[notation.Area][]rule

func (r ruled) add(committee string, area notation.Area, one rule) {
	if r[committee] == nil {
		r[committee] = map[notation.Area][]rule{}
	}
	r[committee][area] = append(r[committee][area], one)
}

// isUnder: an area's rule is of a practice, on the day of the release or that of its days which is nearest.
func (i *importing) isUnder(p *ods.Practice, rule ods.Membership) bool {
	return p.GP && slices.Contains(p.AreasOn(span{rule.From, rule.Until}.nearest(i.release.Day)), rule.Area)
}

// isExceptionTo: a row of a practice is of another committee than a rule of an area in the same list that has the practice.
func (i *importing) isExceptionTo(m, rule ods.Membership) bool {
	if m.List != rule.List || m.Practice == "" || rule.Practice != "" || m.Committee == rule.Committee {
		return false
	}
	_, meet := span{m.From, m.Until}.meet(span{rule.From, rule.Until})
	p := i.release.Practice(m.Practice)
	return meet && p != nil && i.isUnder(p, rule)
}

// ruledFor are the days on which a rule holds for a practice: those without rows of its own in that list.
func (i *importing) ruledFor(p *ods.Practice, rule ods.Membership) []span {
	if !i.isUnder(p, rule) {
		return nil
	}
	left := []span{{rule.From, rule.Until}}
	for _, own := range i.release.Memberships {
		if own.List == rule.List && own.Practice == p.Code {
			left = withoutEach(left, span{own.From, own.Until})
		}
	}
	return left
}

// listPractice puts a practice into the lists it is in now. One that it is in no more, of a committee that
// lists name, it left the day before the release, or the day that was recorded, where that lies behind.
func (i *importing) listPractice(code string, now []*guidancev1.PracticeMembership) {
	had := i.practices[code]
	p := proto.CloneOf(had)
	p.LiesIn = nil
	for _, m := range had.LiesIn {
		id, isList := committeeOf(m.Area), m.Area.Scheme == register.ListScheme
		isNow := slices.ContainsFunc(now, func(n *guidancev1.PracticeMembership) bool { return committeeOf(n.Area) == id })
		switch {
		case !isList || !i.listed[id] && !i.lists[id]:
			p.LiesIn = append(p.LiesIn, m)
		case isNow: // as the list has it, below
		case m.ValidUntil != "" && m.ValidUntil < i.release.Day:
			p.LiesIn = append(p.LiesIn, m)
		case m.ValidFrom < i.release.Day:
			left := proto.CloneOf(m)
			left.ValidUntil = notation.DayBefore(i.release.Day)
			p.LiesIn = append(p.LiesIn, left)
		}
	}
	slices.SortFunc(now, func(a, b *guidancev1.PracticeMembership) int {
		return strings.Compare(a.Area.Code+" "+a.ValidFrom, b.Area.Code+" "+b.ValidFrom)
	})
	p.LiesIn = append(p.LiesIn, now...)
	i.putPractice(p)
}

// cover lets a committee cover an area of a list, which has days of its own; and from then on the one that it merged
// into, while the list has anybody in it until then or later: again, where a list of its own had taken its place.
func (i *importing) cover(committee string, list *guidancev1.AreaId, from, last string) {
	c := proto.CloneOf(i.committees[committee])
	at := slices.IndexFunc(c.Areas, func(t *guidancev1.AreaTenure) bool { return proto.Equal(t.Area, list) })
	switch {
	case at < 0:
		c.Areas = append(c.Areas, &guidancev1.AreaTenure{Area: list, ValidFrom: from})
	case committeeOf(list) != committee && (last == "" || last > c.Areas[at].ValidUntil):
		c.Areas[at].ValidUntil = ""
	}
	if !proto.Equal(c, i.committees[committee]) {
		i.committees[committee], i.changed.committees[committee] = c, true
	}
	if heir, since := i.heirOf(c); heir != "" && (last == "" || last >= since) {
		i.cover(heir, list, since, last)
	}
}

// putRules lets committees cover areas by the rows of these, and no more what they covered by rows that are in no list.
func (i *importing) putRules(rules ruled) {
	before := maps.Clone(i.committees)
	oldest := slices.SortedFunc(maps.Keys(i.committees), func(a, b string) int { // what merged into one stands before it
		return cmp.Or(cmp.Compare(i.committees[a].ValidFrom, i.committees[b].ValidFrom), strings.Compare(a, b))
	})
	for _, id := range oldest {
		heir, since := i.heirOf(before[id])
		if heir == "" {
			continue
		}
		for area, of := range rules[id] {
			for _, one := range of {
				if both, meet := one.meet(span{from: since}); meet {
					rules.add(heir, area, rule{both, one.asList})
				}
			}
		}
	}
	for _, id := range oldest {
		i.putRulesOf(before[id], rules[id], func(area *guidancev1.AreaId) bool {
			covered := func(t *guidancev1.AreaTenure) bool { return proto.Equal(t.Area, area) }
			return i.listed[id] || slices.ContainsFunc(before[id].Predecessors, func(old string) bool {
				if before[old] == nil || !i.listed[old] {
					return false
				}
				heir, _ := i.heirOf(before[old])
				return heir == id && slices.ContainsFunc(before[old].Areas, covered)
			})
		})
	}
	for _, id := range oldest {
		i.putInOwn(before[id])
	}
}

// putRulesOf lets a committee cover areas by rules; of what it covers, lists that are here say of some whether it still does.
func (i *importing) putRulesOf(had *guidancev1.Committee, rules map[notation.Area][]rule, isListed func(*guidancev1.AreaId) bool) {
	c := proto.CloneOf(had)
	c.Areas = nil
	done := map[notation.Area]bool{}
	put := func(area notation.Area) {
		done[area] = true
		for _, one := range rules[area] {
			tenure := &guidancev1.AreaTenure{Area: idOf(area), ValidFrom: one.from, ValidUntil: one.until}
			if !one.asList && !slices.ContainsFunc(c.Areas, func(t *guidancev1.AreaTenure) bool { return proto.Equal(t, tenure) }) {
				c.Areas = append(c.Areas, tenure)
			}
		}
	}
	isOver := func(until string) bool { return until != "" && until < i.release.Day }
	for _, t := range had.Areas {
		if whose := committeeOf(t.Area); t.Area.Scheme == register.ListScheme && whose != had.Id && i.listed[had.Id] && !i.listed[whose] && !isOver(t.ValidUntil) {
			if left := i.untilOwnList(had, t); left != nil {
				c.Areas = append(c.Areas, left)
			}
			continue
		}
		area := notation.AreaOf(t.Area)
		if i.changed.areas[area] && rules[area] == nil && !isListed(t.Area) { // a row says it where it is read
			covers := func(next notation.Area) bool {
				return slices.ContainsFunc(had.Areas, func(t *guidancev1.AreaTenure) bool { return notation.AreaOf(t.Area) == next })
			}
			if words := i.endedUnder(had.Id, area, t.ValidUntil, covers); words != "" {
				i.notes = append(i.notes, words)
			}
		}
		switch {
		case done[area]:
		case rules[area] != nil:
			put(area)
		case area.Scheme == register.ListScheme || isOver(t.ValidUntil) || isOver(had.ValidUntil) || isOver(i.areas[area].GetValidUntil()) || !isListed(t.Area):
			c.Areas = append(c.Areas, t)
		default:
			left := proto.CloneOf(t)
			if left.ValidUntil = notation.DayBefore(i.release.Day); t.ValidFrom <= left.ValidUntil {
				c.Areas = append(c.Areas, left)
			}
			i.notes = append(i.notes, fmt.Sprintf("%s stands in no list for %s any more, which covers it until %s; if it is meant to go on, write the row again and import the lists once more", area, had.Id, plain.Day(left.ValidUntil)))
		}
	}
	for _, area := range slices.SortedFunc(maps.Keys(rules), notation.Area.Compare) {
		if !done[area] {
			put(area)
		}
	}
	if !proto.Equal(c, had) {
		i.committees[c.Id], i.changed.committees[c.Id] = c, true
	}
}

// endedUnder says that an area has ended which a committee covers beyond that day, for nobody is in it since; empty: it
// goes on, or the committee has what took over.
func (i *importing) endedUnder(committee string, area notation.Area, until string, has func(next notation.Area) bool) string {
	end := i.endOf(area)
	over := i.committees[committee].GetValidUntil()
	if end == "" || until != "" && until <= end || over != "" && over <= end {
		return ""
	}
	var next []string
	for _, id := range i.areas[area].GetSuccessors() {
		if has(notation.AreaOf(id)) {
			return ""
		}
		next = append(next, notation.AreaOf(id).String())
	}
	after := ""
	if len(next) > 0 {
		after = ", and " + notation.List(next) + " took over"
	}
	return fmt.Sprintf("%s ended on %s%s: %s has nobody there since. Let its list have the sub-ICB locations, or the practices, that are its own now", area, plain.Day(end), after, committee)
}
