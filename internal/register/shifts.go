package register

import (
	"cmp"
	"maps"
	"slices"
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
	note := func(committee string, came bool, others []string) {
		shift := at(committee)
		i := slices.IndexFunc(shift.Moved, func(m Moved) bool { return m.Came == came && slices.Equal(m.Committees, others) })
		if i < 0 {
			i, shift.Moved = len(shift.Moved), append(shift.Moved, Moved{Committees: others, Came: came})
		}
		shift.Moved[i].Practices++
	}
	codes := maps.Clone(was)
	maps.Copy(codes, is)
	for code := range codes {
		had, _ := before.PatientsOf(code, then)
		has, _ := after.PatientsOf(code, now)
		for _, c := range was[code] {
			at(c).PracticesBefore++
			at(c).PatientsBefore += had
			if !slices.Contains(is[code], c) {
				note(c, false, is[code])
			}
		}
		for _, c := range is[code] {
			at(c).PracticesAfter++
			at(c).PatientsAfter += has
			if !slices.Contains(was[code], c) {
				note(c, true, was[code])
			}
		}
	}
	var all []Shift
	for _, committee := range slices.Sorted(maps.Keys(of)) {
		shift := of[committee]
		slices.SortFunc(shift.Moved, func(a, b Moved) int {
			switch {
			case a.Came && !b.Came:
				return -1
			case b.Came && !a.Came:
				return 1
			}
			return cmp.Or(cmp.Compare(b.Practices, a.Practices), slices.Compare(a.Committees, b.Committees))
		})
		if len(shift.Moved) > 0 {
			all = append(all, *shift)
		}
	}
	return all
}
