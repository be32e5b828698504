package register

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// areaKey is an AreaId as a map key. The zero value names no area.
type areaKey struct{ scheme, code string }

type area struct {
	record *guidancev1.Area
	entry  ledger.EntryID
}

func keyOf(id *guidancev1.AreaId) areaKey {
	return areaKey{scheme: id.GetScheme(), code: id.GetCode()}
}

func (k areaKey) String() string { return k.scheme + ":" + k.code }

func (k areaKey) compare(other areaKey) int {
	return cmp.Or(cmp.Compare(k.scheme, other.scheme), cmp.Compare(k.code, other.code))
}

// Areas returns the areas that exist on the day, by scheme and code.
func (r *Register) Areas(day string) []*guidancev1.Area {
	return r.selectAreas(func(a *guidancev1.Area) bool { return exists(a, asked(day)) })
}

// Area returns the area as it is on the day, or nil when the register has none, or
// it does not exist then.
func (r *Register) Area(id *guidancev1.AreaId, day string) *guidancev1.Area {
	a, ok := r.areas[keyOf(id)]
	if !ok || !exists(a.record, asked(day)) {
		return nil
	}
	return a.record
}

// FindArea returns the areas a person can mean by a code: "06Q" in any scheme, or
// "sub-icb:06Q". Upper and lower case are the same; dates are not looked at.
func (r *Register) FindArea(code string) []*guidancev1.Area {
	code = strings.TrimSpace(code)
	scheme, inScheme, named := strings.Cut(code, ":")
	return r.selectAreas(func(a *guidancev1.Area) bool {
		id := a.GetId()
		return strings.EqualFold(id.GetCode(), code) ||
			named && strings.EqualFold(id.GetScheme(), scheme) && strings.EqualFold(id.GetCode(), inScheme)
	})
}

// Contains reports whether outer contains inner on the day: they are the same, or
// inner lies within an area that outer contains. Areas that do not exist on the day
// lie within nothing; an area that is named but not recorded has no dates.
func (r *Register) Contains(outer, inner *guidancev1.AreaId, day string) bool {
	o, i := keyOf(outer), keyOf(inner)
	if o == (areaKey{}) || i == (areaKey{}) {
		return false
	}
	return o == i || r.exists(o, asked(day)) && slices.Contains(r.climb(i, asked(day)), o)
}

// Successors returns the areas that stand in the place of id on the day, by scheme
// and code: itself while it exists, else whatever took over from it, and so on.
func (r *Register) Successors(id *guidancev1.AreaId, day string) []*guidancev1.Area {
	todo, found := []areaKey{keyOf(id)}, []*guidancev1.Area(nil)
	for n := 0; n < len(todo); n++ { // todo grows, and holds every area once
		a, ok := r.areas[todo[n]]
		switch {
		case !ok:
		case exists(a.record, asked(day)):
			found = append(found, a.record)
		default:
			todo = appendNew(todo, a.record.GetSuccessors())
		}
	}
	sortAreas(found)
	return found
}

// PracticeAreas returns the areas that list the practice and exist on the day.
func (r *Register) PracticeAreas(code, day string) []*guidancev1.Area {
	var found []*guidancev1.Area
	for _, a := range r.byPractice[practiceCode(code)] {
		if exists(a, asked(day)) {
			found = append(found, a)
		}
	}
	return found
}

// climb returns the area and everything it lies within on the day, each once
// however the areas point at one another.
func (r *Register) climb(from areaKey, day string) []areaKey {
	reached := []areaKey{from}
	for n := 0; n < len(reached); n++ {
		if a, ok := r.areas[reached[n]]; ok && exists(a.record, day) {
			reached = appendNew(reached, a.record.GetWithin())
		}
	}
	return reached
}

// exists reports whether an area recorded or only named exists on the day.
func (r *Register) exists(key areaKey, day string) bool {
	a, recorded := r.areas[key]
	return !recorded || exists(a.record, day)
}

func (r *Register) selectAreas(want func(*guidancev1.Area) bool) []*guidancev1.Area {
	var found []*guidancev1.Area
	for _, a := range r.areas {
		if want(a.record) {
			found = append(found, a.record)
		}
	}
	sortAreas(found)
	return found
}

func (r *Register) putArea(entry ledger.EntryID, a *guidancev1.Area) error {
	if err := checkArea(a); err != nil {
		return fmt.Errorf("area %.80q: %w", keyOf(a.GetId()), err)
	}
	r.areas[keyOf(a.GetId())] = area{record: a, entry: entry}
	return nil
}

// checkArea never looks at the form of a code: new ICBs have five characters where
// the old have three (domain.md 2).
func checkArea(a *guidancev1.Area) error {
	if !isAreaID(a.GetId()) || slices.ContainsFunc(slices.Concat(a.GetWithin(), a.GetSuccessors()), notAreaID) {
		return errors.New("an area needs a scheme without a colon, and a code")
	}
	if err := checkName(a.GetName()); err != nil {
		return err
	}
	if a.GetPractices() < 0 || a.GetPatients() < 0 {
		return errors.New("it has a negative number of practices or patients: leave out what is not known")
	}
	return checkDays(a.GetValidFrom(), a.GetValidUntil())
}

func isAreaID(id *guidancev1.AreaId) bool {
	return id.GetScheme() != "" && id.GetCode() != "" && !strings.Contains(id.GetScheme(), ":")
}

func notAreaID(id *guidancev1.AreaId) bool { return !isAreaID(id) }

func (r *Register) indexPractices() {
	for _, a := range r.selectAreas(func(*guidancev1.Area) bool { return true }) {
		for _, code := range a.GetPracticeCodes() {
			code = practiceCode(code)
			if list := r.byPractice[code]; len(list) == 0 || list[len(list)-1] != a {
				r.byPractice[code] = append(list, a)
			}
		}
	}
}

// checkCycles lists areas that lie within themselves. Containment stays finite. Every
// area is looked at once, however many there are.
func (r *Register) checkCycles() {
	state := map[areaKey]visit{}
	for _, key := range slices.SortedFunc(maps.Keys(r.areas), areaKey.compare) {
		r.visit(key, state)
	}
}

// visit is how far the walk for cycles has come with an area.
type visit int

const (
	unseen visit = iota
	open         // what it lies within is being walked
	done
)

func (r *Register) visit(key areaKey, state map[areaKey]visit) {
	a, recorded := r.areas[key]
	if !recorded || state[key] != unseen {
		return
	}
	state[key] = open
	for _, id := range a.record.GetWithin() {
		outer := keyOf(id)
		if state[outer] == open {
			r.problemf(a.entry, "area %s: lies within itself, through %s", key, outer)
		}
		r.visit(outer, state)
	}
	state[key] = done
}

func appendNew(keys []areaKey, ids []*guidancev1.AreaId) []areaKey {
	for _, id := range ids {
		if key := keyOf(id); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

func exists(a *guidancev1.Area, day string) bool { return on(a.GetValidFrom(), a.GetValidUntil(), day) }

func sortAreas(areas []*guidancev1.Area) {
	slices.SortFunc(areas, func(a, b *guidancev1.Area) int { return keyOf(a.GetId()).compare(keyOf(b.GetId())) })
}

// practiceCode is a code as people type it, made comparable.
func practiceCode(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }
