package register

import (
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// spread is how the practices that are listed lie in areas, as far as somebody asked: by area, for each
// stretch of days on which nothing of it changes.
type spread struct {
	mu    sync.Mutex
	areas map[notation.Area]*areaSpread
	codes int // kept in all
}

// spreadKept is about how many codes are kept of all areas and stretches: of England's 6,600 practices
// every one stands in some five areas, and days beside today are asked about.
const spreadKept = 200_000

// areaSpread is how they lie in one area.
type areaSpread struct {
	turns []string // the days on which something of it begins, or has ended
	of    map[stretch]*held
}

// stretch is some days: those before the turn of that number, by the list of patients that is nearest.
type stretch struct{ turn, list int }

// held are the practices in an area on some days.
type held struct {
	listed   bool // else its record says what is in it
	codes    []string
	patients *int32 // nil: no list has any of them
	unknown  int    // how many of them the list of patients does not have
	release  int
}

// heldBy are the practices that lists have in an area on a day; nil: its record is asked.
func (r *Register) heldBy(key notation.Area, day string) *held {
	l := r.lists()
	if l == nil || len(l.of) == 0 {
		return nil
	}
	s := r.spread
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.areas[key]
	if one == nil {
		one = &areaSpread{turns: r.turnsOf(key), of: map[stretch]*held{}}
		if s.areas == nil {
			s.areas = map[notation.Area]*areaSpread{}
		}
		s.areas[key] = one
	}
	turn, isTurn := slices.BinarySearch(one.turns, day)
	if isTurn {
		turn++
	}
	at := stretch{turn, r.nearestList(day)}
	if one.of[at] == nil {
		h := r.hold(key, day, at.list)
		if s.codes += len(h.codes) + 1; s.codes > spreadKept {
			for _, other := range s.areas {
				clear(other.of)
			}
			s.codes = len(h.codes) + 1
		}
		one.of[at] = h
	}
	if !one.of[at].listed {
		return nil
	}
	return one.of[at]
}

// turnsOf are the days on which something of an area, or of what was ever in it, begins or has ended.
func (r *Register) turnsOf(key notation.Area) []string {
	var days []string
	l := r.lists()
	for _, inner := range reach(key, func(key notation.Area) []notation.Area { return r.inside[key] }) {
		a := r.areas[inner].record
		days = append(days, a.GetValidFrom(), notation.DayAfter(a.GetValidUntil()))
		for _, in := range a.GetLiesIn() {
			days = append(days, in.GetValidFrom(), notation.DayAfter(in.GetValidUntil()))
		}
		for _, m := range l.members(inner) {
			days = append(days, m.from, notation.DayAfter(m.until))
			for _, old := range l.merged(m.code, forever) {
				days = append(days, notation.DayAfter(l.of[old].until))
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// hold works out what an area holds on a day.
func (r *Register) hold(key notation.Area, day string, list int) *held {
	if !r.isListed(key, day, nil) {
		return &held{}
	}
	l := r.lists()
	h := &held{listed: true, release: len(l.releases) - 1} // by which nobody is in it
	for _, inner := range reach(key, func(key notation.Area) []notation.Area { return r.insideOn(key, day) }) {
		if first, ok := l.source[inner]; ok {
			h.release = min(h.release, first)
		}
		for _, m := range l.in[inner] {
			if notation.IsWithin(day, m.from, m.until) {
				h.codes = append(h.codes, m.code)
			}
		}
	}
	slices.Sort(h.codes)
	h.codes = slices.Clip(slices.Compact(h.codes))
	all := int32(0)
	if len(h.codes) == 0 { // nobody is registered there
		h.patients = &all
		return h
	}
	if list < 0 {
		return h
	}
	for _, code := range h.codes {
		n, ok := r.patientsAt(r.counts()[list], code, day)
		if all += int32(n); !ok {
			h.unknown++
		}
	}
	if h.unknown < len(h.codes) {
		h.patients = &all
	}
	return h
}

// insideOn are the areas directly in one that exist on a day.
func (r *Register) insideOn(key notation.Area, day string) []notation.Area {
	return slices.DeleteFunc(slices.Clone(r.inside[key]), func(inner notation.Area) bool {
		a := r.areas[inner].record
		return !exists(a, day) || !slices.Contains(outerOn(a, day), key)
	})
}

// isListed: lists say what is in an area on a day. Practices lie in it, or have; or else its record has
// no numbers, and it is an LMC's list, which nobody is in then, or all that is directly in it is listed: what LMCs list of
// it need not be all of it.
func (r *Register) isListed(key notation.Area, day string, asked []notation.Area) bool {
	if slices.ContainsFunc(r.listed.in[key], func(m member) bool { return m.from <= day }) {
		return true
	}
	if a := r.areas[key].record; a.Practices != nil || a.Patients != nil || slices.Contains(asked, key) {
		return false
	}
	if key.Scheme == ListScheme {
		return true
	}
	inside := slices.DeleteFunc(r.insideOn(key, day), func(inner notation.Area) bool { return inner.Scheme == ListScheme })
	return len(inside) > 0 && !slices.ContainsFunc(inside, func(inner notation.Area) bool {
		return !r.isListed(inner, day, append(slices.Clip(asked), key))
	})
}

// areaOn is an area as it is on a day: what its record says, and what lists have in it.
func (r *Register) areaOn(key notation.Area, day string) *guidancev1.Area {
	a := r.areas[key].record
	h := r.heldBy(key, day)
	if h == nil {
		return a
	}
	on := &guidancev1.Area{
		Id: a.GetId(), Name: a.GetName(), ValidFrom: a.GetValidFrom(), ValidUntil: a.GetValidUntil(), Successors: a.GetSuccessors(), Within: a.GetWithin(), LiesIn: a.GetLiesIn(), Note: a.GetNote(),
		PracticeCodes: h.codes, Practices: proto.Int32(int32(len(h.codes))), Patients: h.patients,
		Release: r.releaseWords(h.release, day),
	}
	if at := r.nearestList(day); h.patients != nil && at >= 0 {
		list := r.counts()[at]
		on.PatientsRelease = list.GetRelease() + distanceWords(list.GetDay(), day)
	}
	return on
}

// PatientsOf is how many patients a practice has on the day by the list that is nearest to it; not known: it
// lies in no area then by any list, or the list does not have it.
func (r *Register) PatientsOf(code, day string) (n int32, known bool) {
	code, day = notation.PracticeCode(code), asked(day)
	list := r.nearestList(day)
	if list < 0 || len(r.lists().on(code, day)) == 0 {
		return 0, false
	}
	patients, known := r.patientsAt(r.counts()[list], code, day)
	return int32(patients), known
}

// LacksPatients is how many practices of an area are not in the list of patients that it is counted by on a
// day: that many count as none. It is 0 where the area's own record says how many patients it has.
func (r *Register) LacksPatients(id *guidancev1.AreaId, day string) int {
	h := r.heldBy(notation.AreaOf(id), asked(day))
	if h == nil || h.patients == nil {
		return 0
	}
	return h.unknown
}

// releaseWords is the newest release of the source of one, and how far from a day it is.
func (r *Register) releaseWords(of int, day string) string {
	newest := r.newestOf(r.releases[of].source)
	return newest.name + distanceWords(newest.day, day)
}

// nearestList is the number of the list of patients that is nearest to a day, of two as near the
// earlier; negative: there is none.
func (r *Register) nearestList(day string) int {
	lists := r.counts()
	after, _ := slices.BinarySearchFunc(lists, day, func(l readPatients, day string) int {
		if l.GetDay() < day {
			return -1
		}
		return 1
	})
	switch {
	case after == len(lists):
		return after - 1
	case after == 0 || notation.DaysBetween(day, lists[after].GetDay()) < notation.DaysBetween(lists[after-1].GetDay(), day):
		return after
	}
	return after - 1
}

// distanceWords is how far the day of a release lies from the day asked about; empty where nobody asked
// about a day.
func distanceWords(release, day string) string {
	if day == forever {
		return ""
	}
	return notation.DistanceWords(release, day)
}
