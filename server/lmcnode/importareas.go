package main

import (
	"cmp"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What areas there are by the NHS's files, what each lies in, and what took over from it.

// successorsFirst orders areas so that what takes over from one is there before it.
func successorsFirst(known areas) func(a, b notation.Area) int {
	ends := func(key notation.Area) int {
		if len(known[key].GetSuccessors()) > 0 {
			return 1
		}
		return 0
	}
	return func(a, b notation.Area) int { return cmp.Or(cmp.Compare(ends(a), ends(b)), a.Compare(b)) }
}

func idOf(key notation.Area) *guidancev1.AreaId {
	return &guidancev1.AreaId{Scheme: key.Scheme, Code: key.Code}
}

// putArea notes what an area becomes, where that is something else.
func (i *importing) putArea(a *guidancev1.Area) {
	key := notation.AreaOf(a.Id)
	if had := i.areas[key]; had == nil || !proto.Equal(had, a) {
		i.areas[key], i.changed.areas[key] = a, true
	}
}

// areaOr is an area as the register has it, to be changed; else a new one.
func (i *importing) areaOr(key notation.Area, name string) *guidancev1.Area {
	if has := i.areas[key]; has != nil {
		return proto.CloneOf(has)
	}
	return &guidancev1.Area{Id: idOf(key), Name: name}
}

// putAreas are the areas of the files, and those that practices lie in and no file describes. Numbers of
// their own they have no more: what lies in them is counted.
func (i *importing) putAreas() {
	lying := map[notation.Area]string{} // the ICB of each that practices lie in
	counted := map[notation.Area]bool{}
	for _, p := range i.release.Practices {
		if p.GP && p.Commissioner.Area != (notation.Area{}) {
			lying[p.Commissioner.Area] = p.ICB
			for _, around := range []notation.Area{p.Commissioner.Area, {Scheme: ods.ICB, Code: p.ICB}, {Scheme: ods.Region, Code: p.Region}} {
				counted[around] = true
			}
		}
	}
	i.placeAuthorities()
	described := map[notation.Area]bool{}
	schemes := map[string]string{} // of each code
	for key := range i.areas {
		schemes[key.Code] = cmp.Or(schemes[key.Code], key.Scheme)
	}
	for _, a := range i.release.Areas {
		described[a.ID], schemes[a.ID.Code] = true, a.ID.Scheme
	}
	for _, file := range i.release.Areas {
		a := i.areaOr(file.ID, file.Name)
		a.Name = file.Name
		a.ValidFrom, a.ValidUntil = cmp.Or(a.ValidFrom, file.Opened), cmp.Or(file.Closed, a.ValidUntil)
		switch {
		case file.ICB != "" && file.ID.Scheme != ods.ICB:
			i.putWithin(a, notation.Area{Scheme: ods.ICB, Code: file.ICB})
		case file.Region != "":
			i.putWithin(a, notation.Area{Scheme: ods.Region, Code: file.Region})
		}
		for _, s := range i.release.Successions {
			next := notation.Area{Scheme: schemes[s.Successor], Code: s.Successor}
			if s.Code != file.ID.Code || !described[next] && i.areas[next] == nil {
				continue
			}
			if !slices.ContainsFunc(a.Successors, func(had *guidancev1.AreaId) bool { return notation.AreaOf(had) == next }) {
				a.Successors = append(a.Successors, idOf(next))
			}
		}
		if counted[file.ID] {
			a.Practices, a.Patients, a.Release, a.PracticeCodes = nil, nil, "", nil
		}
		i.putArea(a)
	}
	for _, key := range slices.SortedFunc(maps.Keys(lying), notation.Area.Compare) {
		if described[key] || i.areas[key] != nil {
			continue
		}
		a := i.areaOr(key, schemeWords(key.Scheme)+" "+key.Code)
		if icb := lying[key]; icb != "" {
			i.putWithin(a, notation.Area{Scheme: ods.ICB, Code: icb})
		}
		i.putArea(a)
	}
}

// placeAuthorities has those of which the files do not say whether they are ICBs or regions as what the register has
// them for: one that ended lies around nothing any more.
func (i *importing) placeAuthorities() {
	unknown := 0
	for _, a := range i.release.Authorities {
		for _, a.ID.Scheme = range []string{ods.ICB, ods.Region, ""} {
			if i.areas[a.ID] != nil {
				break
			}
		}
		if a.ID.Scheme == "" {
			unknown++
		} else {
			i.release.Areas = append(i.release.Areas, a)
		}
	}
	slices.SortFunc(i.release.Areas, func(a, b ods.Area) int { return a.ID.Compare(b.ID) }) // what lies in one asks when it ended
	if unknown > 0 {
		i.notes = append(i.notes, notation.Counted(int64(unknown), "row", "rows")+" left out of authorities that no practice and no sub-ICB location lies in, and the register does not have")
	}
}

func schemeWords(scheme string) string {
	switch scheme {
	case ods.SubICB:
		return "sub-ICB location"
	case ods.Board:
		return "health board"
	}
	return scheme
}

// putWithin lets an area lie within another, for an area is in one of a scheme. That of the same scheme around it
// until now it left the day before the other took over from that, or, where that goes on, before the release. Into
// one that was there before it comes that day, and not before.
func (i *importing) putWithin(a *guidancev1.Area, outer notation.Area) {
	if !outer.IsValid() || slices.ContainsFunc(a.Within, func(id *guidancev1.AreaId) bool { return notation.AreaOf(id) == outer }) {
		return
	}
	if slices.ContainsFunc(a.LiesIn, func(t *guidancev1.AreaTenure) bool { return notation.AreaOf(t.Area) == outer && t.ValidUntil == "" }) {
		return
	}
	from := "" // the day it comes; empty: nothing of the scheme was around it before
	leaves := func(had notation.Area) (day string) {
		if day = i.endOf(had); day == "" {
			day = notation.DayBefore(i.release.Day)
		}
		from = max(from, notation.DayAfter(day))
		return day
	}
	a.Within = slices.DeleteFunc(a.Within, func(id *guidancev1.AreaId) bool {
		had := notation.AreaOf(id)
		if had.Scheme != outer.Scheme {
			return false
		}
		left := leaves(had)
		if i.endOf(had) != "" {
			return false // its own end says it
		}
		a.LiesIn = append(a.LiesIn, &guidancev1.AreaTenure{Area: id, ValidUntil: left})
		return true
	})
	for _, t := range a.LiesIn {
		if had := notation.AreaOf(t.Area); had.Scheme == outer.Scheme && t.ValidUntil == "" {
			t.ValidUntil = leaves(had)
		}
	}
	opened := i.areas[outer].GetValidFrom()
	for _, file := range i.release.Areas {
		if file.ID == outer {
			opened = cmp.Or(file.Opened, opened)
		}
	}
	if opened >= from {
		a.Within = append(a.Within, idOf(outer))
	} else {
		a.LiesIn = append(a.LiesIn, &guidancev1.AreaTenure{Area: idOf(outer), ValidFrom: from})
	}
}

// endOf is the last day of an area that has ended by the register or by the files; empty: it goes on.
func (i *importing) endOf(key notation.Area) string {
	for _, a := range i.release.Areas {
		if a.ID == key && a.Closed != "" && a.Closed < i.release.Day {
			return a.Closed
		}
	}
	if until := i.areas[key].GetValidUntil(); until != "" && until < i.release.Day {
		return until
	}
	return ""
}
