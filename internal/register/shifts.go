package register

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Shift is how the practices of an LMC became others from one day to another.
type Shift struct {
	Committee                       string
	PracticesBefore, PracticesAfter int
	PatientsBefore, PatientsAfter   int32 // of those whose number is known
	Moved                           []Moved
}

// Moved are so many practices that came to an LMC from others, or went to others; Committees is empty
// where they were in none's area, or closed. Merged are those that are none any more, for they merged into practices of
// these, which may be the LMC's own. Where an area is asked about, practices that came into it, or left it, may have been the
// LMC's own, or still be.
type Moved struct {
	Committees []string
	Came       bool
	Merged     bool
	Practices  int
}

// Shifts are the LMCs of which practices became another's, opened or closed between a day by one register
// and a day by another, by the lists of practices; by id. Where an area is asked about, of the practices in it alone.
func Shifts(before, after *Register, then, now string, area *guidancev1.AreaId) []Shift {
	wereOf, areOf := before.committeesOfAll(then), after.committeesOfAll(now)
	was, is := before.thoseIn(area, then, wereOf), after.thoseIn(area, now, areOf)
	of := map[string]*Shift{}
	at := func(committee string) *Shift {
		if of[committee] == nil {
			of[committee] = &Shift{Committee: committee}
		}
		return of[committee]
	}
	note := func(committee string, came, merged bool, others []string) {
		shift := at(committee)
		i := slices.IndexFunc(shift.Moved, func(m Moved) bool {
			return m.Came == came && m.Merged == merged && slices.Equal(m.Committees, others)
		})
		if i < 0 {
			i, shift.Moved = len(shift.Moved), append(shift.Moved, Moved{Committees: others, Came: came, Merged: merged})
		}
		shift.Moved[i].Practices++
	}
	codes := maps.Clone(wereOf)
	maps.Copy(codes, areOf)
	for code := range codes {
		had, _ := before.PatientsOf(code, then)
		has, _ := after.PatientsOf(code, now)
		into, merged := areOf[code], false
		if len(into) == 0 && len(wereOf[code]) > 0 {
			into, merged = after.mergedInto(code, now, areOf)
		}
		for _, c := range was[code] {
			at(c).PracticesBefore++
			at(c).PatientsBefore += had
			if !slices.Contains(is[code], c) {
				note(c, false, merged, into)
			}
		}
		if merged {
			here, _ := after.mergedInto(code, now, is)
			for _, c := range here {
				if !slices.Contains(was[code], c) {
					note(c, true, true, wereOf[code])
				}
			}
		}
		for _, c := range is[code] {
			at(c).PracticesAfter++
			at(c).PatientsAfter += has
			if !slices.Contains(was[code], c) {
				note(c, true, false, wereOf[code])
			}
		}
	}
	var all []Shift
	for _, committee := range slices.Sorted(maps.Keys(of)) {
		shift := of[committee]
		slices.SortFunc(shift.Moved, func(a, b Moved) int {
			return cmp.Or(
				strings.Compare(strconv.FormatBool(b.Came), strconv.FormatBool(a.Came)), cmp.Compare(b.Practices, a.Practices),
				slices.Compare(a.Committees, b.Committees), strings.Compare(strconv.FormatBool(a.Merged), strconv.FormatBool(b.Merged)),
			)
		})
		if len(shift.Moved) > 0 {
			all = append(all, *shift)
		}
	}
	return all
}

// thoseIn are, of the LMCs of practices, those of practices in an area on a day; nil: of all.
func (r *Register) thoseIn(area *guidancev1.AreaId, day string, of map[string][]string) map[string][]string {
	if area == nil {
		return of
	}
	isIn := map[notation.Area]bool{notation.AreaOf(area): true} // as far as asked
	in := map[string][]string{}
	for code, committees := range of {
		if slices.ContainsFunc(r.PracticeIn(code, day), func(inner *guidancev1.AreaId) bool {
			key := notation.AreaOf(inner)
			if _, known := isIn[key]; !known {
				isIn[key] = r.Contains(area, inner, day)
			}
			return isIn[key]
		}) {
			in[code] = committees
		}
	}
	return in
}

// mergedInto are the LMCs of the practices that a practice, which is closed on a day, had merged into by then, and those
// into others since; not merged: none of these is open. of are the LMCs of each practice that is.
func (r *Register) mergedInto(code, day string, of map[string][]string) (committees []string, merged bool) {
	l := r.lists()
	day = asked(day)
	isOpen := func(code string) bool {
		one := l.entry(code)
		return one == nil || notation.IsWithin(day, one.from, one.until)
	}
	for _, into := range reach(code, func(code string) []string {
		if isOpen(code) {
			return nil
		}
		return l.mergedIn[code]
	}) {
		if isOpen(into) && into != code {
			committees, merged = append(committees, of[into]...), true
		}
	}
	slices.Sort(committees)
	return slices.Compact(committees), merged
}
