package main

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/register"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Which practices belong to which LMC: what the lists of offices say. The committee covers the areas of its list
// (listareas.go). A row of an area lets the committee cover that area, unless it is a PCN, which is none of the
// register's, or the list has rows of practices there that are of another committee: then its practices are listed.

// putLists takes the offices' lists in.
func (i *importing) putLists() error {
	var unknown, nowhere []string
	for _, m := range i.release.Memberships {
		if i.listed[m.Committee] = true; i.committees[m.Committee] == nil {
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
	listings := map[string][]listing{} // by practice
	list := func(code string, m ods.Membership) {
		if i.practices[code] == nil {
			return // noted by whoever read the files
		}
		i.lists[m.Committee] = true
		listings[code] = append(listings[code], listing{m.Committee, span{m.From, m.Until}})
	}
	for _, m := range i.release.Memberships {
		switch {
		case m.Practice != "":
			list(m.Practice, m)
		case m.Area.Scheme == ods.PCN || i.hasExceptions(m):
			why := "it has rows of practices of other committees there"
			if m.Area.Scheme == ods.PCN {
				why = "the register has no areas of PCNs"
			}
			n := 0
			for k := range i.release.Practices {
				p := &i.release.Practices[k]
				if slices.Contains(i.release.MembershipsOn(p, max(i.release.Day, m.From)), m) {
					list(p.Code, m)
					n++
				}
			}
			i.notes = append(i.notes, fmt.Sprintf("%s: %s of %s is taken as a list of %d practices, for %s; a practice that opens there is in no LMC's area before the list is read again", m.List, m.Area, m.Committee, n, why))
		default:
			i.cover(m.Committee, idOf(m.Area), m.From, m.Until)
		}
	}
	i.placeLists(listings)
	return nil
}

// hasExceptions: the list of an area's rule has rows of practices there that are of another committee.
func (i *importing) hasExceptions(rule ods.Membership) bool {
	for _, m := range i.release.Memberships {
		if m.List != rule.List || m.Practice == "" || m.Committee == rule.Committee {
			continue
		}
		p := i.release.Practice(m.Practice)
		if p != nil && slices.Contains(p.AreasOn(max(i.release.Day, rule.From)), rule.Area) {
			return true
		}
	}
	return false
}

// listPractice puts a practice into the lists it is in now. One that it is in no more, of a committee that
// lists name, it left the day before the release.
func (i *importing) listPractice(code string, now []*guidancev1.PracticeMembership) {
	had := i.practices[code]
	p := proto.CloneOf(had)
	p.LiesIn = nil
	for _, m := range had.LiesIn {
		id, isList := committeeOf(m.Area), m.Area.Scheme == register.ListScheme
		isNow := slices.ContainsFunc(now, func(n *guidancev1.PracticeMembership) bool { return committeeOf(n.Area) == id })
		switch {
		case !isList || !i.listed[id]:
			p.LiesIn = append(p.LiesIn, m)
		case isNow: // as the list has it, below
		case m.ValidUntil != "":
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

// cover lets a committee cover an area for some days; as it did, where it did so already.
func (i *importing) cover(committee string, area *guidancev1.AreaId, from, until string) {
	c := proto.CloneOf(i.committees[committee])
	tenure := &guidancev1.AreaTenure{Area: area, ValidFrom: from, ValidUntil: until}
	at := slices.IndexFunc(c.Areas, func(t *guidancev1.AreaTenure) bool { return proto.Equal(t.Area, area) })
	switch {
	case at < 0:
		c.Areas = append(c.Areas, tenure)
	case area.Scheme == register.ListScheme || proto.Equal(c.Areas[at], tenure):
		return // the list has days of its own
	default:
		c.Areas[at] = tenure
	}
	i.committees[committee], i.changed.committees[committee] = c, true
}

// putMergers are the mergers that lists tell of: the practice that was merged closed the day before.
func (i *importing) putMergers() {
	for _, m := range i.release.Mergers {
		from, into := i.practices[m.From], i.practices[m.Into]
		if from == nil || into == nil {
			i.notes = append(i.notes, fmt.Sprintf("%s was merged into %s by a list, and one of them is in no file: left out", m.From, m.Into))
			continue
		}
		if !slices.Contains(into.TookOverFrom, m.From) {
			into = proto.CloneOf(into)
			into.TookOverFrom = append(into.TookOverFrom, m.From)
			slices.Sort(into.TookOverFrom)
			i.putPractice(into)
		}
		if from.ValidUntil == "" {
			from = proto.CloneOf(from)
			from.ValidUntil = notation.DayBefore(m.Day)
			i.putPractice(from)
		}
	}
}
