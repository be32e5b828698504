package register

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Turns are the days, after the first there is, on which anything that is recorded of the
// subjects begins, or has ended, without or with their records. In order, each once.
func Turns(before, after *Register, subjects []Subject) []string {
	var days []string
	add := func(from, until string) { days = append(days, from, notation.DayAfter(until)) }
	for _, r := range []*Register{before, after} {
		for _, s := range subjects {
			switch s.kind {
			case committeeSubject:
				c := r.Committee(s.id)
				add(c.GetValidFrom(), c.GetValidUntil())
				for _, tenure := range c.GetAreas() {
					add(tenure.GetValidFrom(), tenure.GetValidUntil())
				}
				for _, m := range r.mandates[s.id] {
					add(m.from, m.until)
				}
			case bodySubject:
				add("", r.Body(s.id).GetValidUntil())
			case officeSubject:
				for _, right := range r.reporting[s.id] {
					add(right.from, right.until)
				}
			case areaSubject:
				a := r.areas[notation.AreaOf(s.area)].record
				add(a.GetValidFrom(), a.GetValidUntil())
				for _, in := range a.GetLiesIn() {
					add(in.GetValidFrom(), in.GetValidUntil())
				}
			}
		}
	}
	days = slices.DeleteFunc(days, func(day string) bool { return day <= notation.FirstDay })
	slices.Sort(days)
	return slices.Compact(days)
}

// PracticesNear are practices that what is recorded of the subjects bears on, whatever the day:
// those in their areas, in what lies within these, or in what these took over from or
// were taken over by. Of practices that are in the same areas on the same days, one stands for all. At most limit,
// by code.
func PracticesNear(before, after *Register, subjects []Subject, limit int) []string {
	both := []*Register{before, after}
	near := map[notation.Area]bool{}
	for _, r := range both {
		next := func(key notation.Area) []notation.Area {
			return slices.Concat(r.inside[key], r.cameFrom[key], keysOfAreas(r.areas[key].record.GetSuccessors()))
		}
		for _, s := range subjects {
			var own []notation.Area
			if s.kind == areaSubject {
				own = append(own, notation.AreaOf(s.area))
			}
			if s.kind == committeeSubject {
				for _, tenure := range r.Committee(s.id).GetAreas() {
					own = append(own, notation.AreaOf(tenure.GetArea()))
				}
			}
			for _, key := range own {
				for _, reached := range reach(key, next) {
					near[reached] = true
				}
			}
		}
	}
	listed := map[string]bool{}
	for _, r := range both {
		for key := range near {
			for _, code := range r.areas[key].record.GetPracticeCodes() {
				listed[notation.PracticeCode(code)] = true
			}
			for _, m := range r.lists().members(key) {
				listed[m.code] = true
			}
		}
	}
	if slices.ContainsFunc(subjects, Subject.IsList) {
		for _, code := range changedPractices(before, after) {
			listed[code] = true
		}
	}
	first := map[string]string{} // by those areas, the first code
	for _, code := range slices.Sorted(maps.Keys(listed)) {
		var by strings.Builder
		for _, r := range both {
			for _, a := range r.byPractice[code] {
				by.WriteString(notation.AreaOf(a.GetId()).String() + " ")
			}
			if one := r.lists().entry(code); one != nil {
				fmt.Fprint(&by, one.from, one.until, one.isPractice, one.liesIn)
			}
			by.WriteByte('/')
		}
		if _, again := first[by.String()]; !again {
			first[by.String()] = code
		}
	}
	codes := slices.Sorted(maps.Values(first))
	return codes[:min(len(codes), limit)]
}
