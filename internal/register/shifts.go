package register

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Shift is how the practices of an LMC became others from one day to another.
type Shift struct {
	Committee                       string
	PracticesBefore, PracticesAfter int
	PatientsBefore, PatientsAfter   int32 // of those whose number is known
	Moved                           []Moved
}

// Moved are so many practices that came to an LMC from others, or went to others; Committees is empty
// where they were in none's area, or closed.
type Moved struct {
	Committees []string
	Came       bool
	Practices  int
}

// Shifts are the LMCs of which practices became another's, opened or closed between a day by one register
// and a day by another, by the lists of practices; by id.
func Shifts(before, after *Register, then, now string) []Shift {
	was, is := before.committeesOfAll(then), after.committeesOfAll(now)
	of := map[string]*Shift{}
	at := func(committee string) *Shift {
		if of[committee] == nil {
			of[committee] = &Shift{Committee: committee}
		}
		return of[committee]
	}
	codes := map[string]bool{}
	for _, all := range []map[string][]string{was, is} {
		for code := range all {
			codes[code] = true
		}
	}
	moves := map[string]map[string]int{} // by LMC: how many, by whether they came and from or to whom
	note := func(committee, way string, others []string) {
		if moves[committee] == nil {
			moves[committee] = map[string]int{}
		}
		moves[committee][way+strings.Join(others, " ")]++
	}
	for code := range codes {
		had, _ := before.PatientsOf(code, then)
		has, _ := after.PatientsOf(code, now)
		for _, c := range was[code] {
			at(c).PracticesBefore++
			at(c).PatientsBefore += had
			if !slices.Contains(is[code], c) {
				note(c, "-", is[code])
			}
		}
		for _, c := range is[code] {
			at(c).PracticesAfter++
			at(c).PatientsAfter += has
			if !slices.Contains(was[code], c) {
				note(c, "+", was[code])
			}
		}
	}
	var all []Shift
	for _, committee := range slices.Sorted(maps.Keys(moves)) {
		shift := of[committee]
		for way, n := range moves[committee] {
			shift.Moved = append(shift.Moved, Moved{strings.Fields(way[1:]), way[0] == '+', n})
		}
		slices.SortFunc(shift.Moved, func(a, b Moved) int {
			if a.Came != b.Came {
				return map[bool]int{true: -1, false: 1}[a.Came]
			}
			return cmp.Or(cmp.Compare(b.Practices, a.Practices), slices.Compare(a.Committees, b.Committees))
		})
		all = append(all, *shift)
	}
	return all
}
