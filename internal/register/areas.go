package register

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

type area struct {
	record *guidancev1.Area
	entry  ledger.EntryID
}

// Areas returns the areas that exist on the day, by scheme and code, as they are recorded: what lists
// have in one, Area says.
func (r *Register) Areas(day string) []*guidancev1.Area {
	return r.selectAreas(func(a *guidancev1.Area) bool { return exists(a, asked(day)) })
}

// EveryArea returns the areas, by scheme and code, whatever the day.
func (r *Register) EveryArea() []*guidancev1.Area {
	return r.selectAreas(func(*guidancev1.Area) bool { return true })
}

// Area returns the area as it is on the day, or nil when the register has none, or
// it does not exist then. Where lists of practices tell what is in it, they are counted as of
// the day, with the patients of the list that is nearest to it; else its record says.
func (r *Register) Area(id *guidancev1.AreaId, day string) *guidancev1.Area {
	a, ok := r.areas[notation.AreaOf(id)]
	if !ok || !exists(a.record, asked(day)) {
		return nil
	}
	return r.areaOn(notation.AreaOf(id), asked(day))
}

// AreaName is what an area is called, whenever it existed; empty: the register has none of the
// code, or no name for it.
func (r *Register) AreaName(id *guidancev1.AreaId) string {
	return r.areas[notation.AreaOf(id)].record.GetName()
}

// HasArea reports whether the register has the area, whenever that existed.
func (r *Register) HasArea(id *guidancev1.AreaId) bool {
	_, ok := r.areas[notation.AreaOf(id)]
	return ok
}

// FindArea returns the areas a person can mean by a code: "06Q" in any scheme, or
// "sub-icb:06Q". Upper and lower case are the same; dates are not looked at.
func (r *Register) FindArea(code string) []*guidancev1.Area {
	code = strings.TrimSpace(code)
	named, isNamed := notation.ReadArea(code)
	return r.selectAreas(func(a *guidancev1.Area) bool {
		id := a.GetId()
		return strings.EqualFold(id.GetCode(), code) ||
			isNamed && strings.EqualFold(id.GetScheme(), named.Scheme) && strings.EqualFold(id.GetCode(), named.Code)
	})
}

// Contains reports whether outer contains inner on the day: they are the same, or
// inner lies within an area that outer contains. Areas that do not exist on the day
// lie within nothing; an area that is named but not recorded has no dates.
func (r *Register) Contains(outer, inner *guidancev1.AreaId, day string) bool {
	o, i := notation.AreaOf(outer), notation.AreaOf(inner)
	if o == (notation.Area{}) || i == (notation.Area{}) {
		return false
	}
	if o == i {
		return true
	}
	if a, recorded := r.areas[o]; recorded && !exists(a.record, asked(day)) {
		return false
	}
	return slices.Contains(r.around(i, asked(day)), o)
}

// around is an area and those it lies within on the day.
func (r *Register) around(key notation.Area, day string) []notation.Area {
	return reach(key, func(key notation.Area) []notation.Area {
		if a, ok := r.areas[key]; ok && exists(a.record, day) {
			return outerOn(a.record, day)
		}
		return nil
	})
}

// outerOn are the areas that an area lies directly in on a day.
func outerOn(a *guidancev1.Area, day string) []notation.Area {
	outer := keysOfAreas(a.GetWithin())
	for _, in := range a.GetLiesIn() {
		if notation.IsWithin(day, in.GetValidFrom(), in.GetValidUntil()) {
			outer = append(outer, notation.AreaOf(in.GetArea()))
		}
	}
	return outer
}

// outerEver are the areas that an area lies directly in on some day.
func outerEver(a *guidancev1.Area) []*guidancev1.AreaId {
	outer := a.GetWithin()
	for _, in := range a.GetLiesIn() {
		outer = append(outer[:len(outer):len(outer)], in.GetArea())
	}
	return outer
}

// Within returns the recorded areas strictly within an area on the day, by scheme and
// code: Contains, asked the other way.
func (r *Register) Within(outer *guidancev1.AreaId, day string) []*guidancev1.AreaId {
	day = asked(day)
	top := notation.AreaOf(outer)
	if a, recorded := r.areas[top]; recorded && !exists(a.record, day) {
		return nil
	}
	around := map[notation.Area]bool{} // it lies within them too: none of them is strictly within it
	for _, outer := range r.around(top, day) {
		around[outer] = true
	}
	var found []*guidancev1.AreaId
	for _, key := range reach(top, func(key notation.Area) []notation.Area { return r.insideOn(key, day) }) {
		if !around[key] {
			found = append(found, r.areas[key].record.GetId())
		}
	}
	slices.SortFunc(found, func(a, b *guidancev1.AreaId) int { return notation.AreaOf(a).Compare(notation.AreaOf(b)) })
	return found
}

// Origin returns the area of a day that an area's whole came from: itself, if it existed
// then; else, where it took over from one area alone, the origin of that; else nil.
func (r *Register) Origin(id *guidancev1.AreaId, day string) *guidancev1.AreaId {
	day = asked(day)
	key := notation.AreaOf(id)
	for passed := map[notation.Area]bool{}; ; {
		a, recorded := r.areas[key]
		switch from := r.cameFrom[key]; {
		case !recorded:
			return nil
		case exists(a.record, day):
			return a.record.GetId()
		case a.record.GetValidFrom() <= day || len(from) != 1 || passed[from[0]]:
			return nil
		default:
			passed[key], key = true, from[0]
		}
	}
}

// InPlaceOf returns the areas that stand in the place of id on the day, by scheme and
// code: itself while it exists, else whatever took over from it, and so on.
func (r *Register) InPlaceOf(id *guidancev1.AreaId, day string) []*guidancev1.AreaId {
	var found []*guidancev1.Area
	reach(notation.AreaOf(id), func(key notation.Area) []notation.Area {
		a, ok := r.areas[key]
		switch {
		case !ok:
			return nil
		case exists(a.record, asked(day)):
			found = append(found, a.record)
			return nil
		}
		return keysOfAreas(a.record.GetSuccessors())
	})
	sortAreas(found)
	return idsOf(found)
}

func idsOf(areas []*guidancev1.Area) []*guidancev1.AreaId {
	var ids []*guidancev1.AreaId
	for _, a := range areas {
		ids = append(ids, a.GetId())
	}
	return ids
}

// PracticeIn returns the ids of the areas that have the practice and exist on the day.
func (r *Register) PracticeIn(code, day string) []*guidancev1.AreaId {
	return idsOf(r.PracticeAreas(code, day))
}

// PracticesOf lists the practices that an area has on the day, and says whether these are as many as it has by its
// record; none where it does not exist then.
func (r *Register) PracticesOf(id *guidancev1.AreaId, day string) (codes []string, all bool) {
	a := r.Area(id, day)
	return a.GetPracticeCodes(), a != nil && int(a.GetPractices()) <= len(a.GetPracticeCodes())
}

// PracticeAreas returns the areas that have the practice and exist on the day, by scheme and code, as
// they are recorded: those it lies in then by lists of practices; and of those that lists say nothing
// of, those whose records list it. A practice that is closed, or is no GP practice, lies in none by
// any list.
func (r *Register) PracticeAreas(code, day string) []*guidancev1.Area {
	code, day = notation.PracticeCode(code), asked(day)
	var found []*guidancev1.Area
	for _, a := range r.byPractice[code] {
		if exists(a, day) && r.heldBy(notation.AreaOf(a.GetId()), day) == nil {
			found = append(found, a)
		}
	}
	recorded := len(found)
	for _, key := range r.lists().on(code, day) {
		if a := r.areas[key].record; a != nil && exists(a, day) {
			found = append(found, a)
		}
	}
	if len(found) > recorded {
		sortAreas(found)
	}
	return slices.Compact(found)
}

// AreasListing returns the areas that have the practice, whatever the day, by scheme and code.
func (r *Register) AreasListing(code string) []*guidancev1.Area {
	code = notation.PracticeCode(code)
	found := slices.Clone(r.byPractice[code])
	if one := r.lists().entry(code); one != nil && one.isPractice {
		for _, m := range one.liesIn {
			if a := r.areas[m.area].record; a != nil {
				found = append(found, a)
			}
		}
		sortAreas(found)
	}
	return slices.Compact(found)
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
		return fmt.Errorf("area %.80q: %w", notation.AreaOf(a.GetId()), err)
	}
	key := notation.AreaOf(a.GetId())
	before := r.areas[key].record
	practices := r.practices + int64(a.GetPractices()) - int64(before.GetPractices())
	patients := r.patients + int64(a.GetPatients()) - int64(before.GetPatients())
	if practices > CountLimit || patients > CountLimit {
		return coded{tooMany, fmt.Errorf("area %s: with it the areas would have over %d practices or patients together: check its numbers", key, CountLimit)}
	}
	r.areas[key], r.practices, r.patients = area{record: a, entry: entry}, practices, patients
	return nil
}

// checkArea never looks at the form of a code: new ICBs have five characters where
// the old have three (domain.md 2).
func checkArea(a *guidancev1.Area) error {
	for _, id := range slices.Concat([]*guidancev1.AreaId{a.GetId()}, outerEver(a), a.GetSuccessors()) {
		if !isAreaID(id) {
			return fmt.Errorf("%.80q: %w", notation.AreaOf(id), errArea)
		}
	}
	if err := checkNames(a.GetName(), nil); err != nil {
		return err
	}
	if err := errors.Join(checkLine("release", a.GetRelease()), checkLine("release of patients", a.GetPatientsRelease())); err != nil {
		return err
	}
	if err := checkText("note", a.GetNote(), NoteLimit); err != nil {
		return err
	}
	if a.GetPractices() < 0 || a.GetPatients() < 0 {
		return errors.New("it has a negative number of practices or patients: leave out what is not known")
	}
	for _, in := range a.GetLiesIn() {
		if err := checkDays(in.GetValidFrom(), in.GetValidUntil()); err != nil {
			return fmt.Errorf("lying in %s: %w", notation.AreaOf(in.GetArea()), err)
		}
	}
	return checkDays(a.GetValidFrom(), a.GetValidUntil())
}

func isAreaID(id *guidancev1.AreaId) bool { return notation.AreaOf(id).IsValid() }

var errArea = errors.New("an area needs a scheme without a colon and a code, each at most 64 characters without blanks or equals signs")

// checkCircles lists areas that point at themselves through the areas next gives of each.
// Whatever follows them stays finite.
func (r *Register) checkCircles(wrong string, next func(*guidancev1.Area) []*guidancev1.AreaId) {
	keys := slices.SortedFunc(maps.Keys(r.areas), notation.Area.Compare)
	circles(keys, func(key notation.Area) []notation.Area { return keysOfAreas(next(r.areas[key].record)) }, func(from, to notation.Area) {
		r.problemf(r.areas[from].entry, contradicts, "area %s: %s, through %s", from, wrong, to)
	})
}

// keysOfAreas are areas as they are looked up.
func keysOfAreas(ids []*guidancev1.AreaId) []notation.Area {
	keys := make([]notation.Area, len(ids))
	for i, id := range ids {
		keys[i] = notation.AreaOf(id)
	}
	return keys
}

func exists(a *guidancev1.Area, day string) bool {
	return notation.IsWithin(day, a.GetValidFrom(), a.GetValidUntil())
}

func sortAreas(areas []*guidancev1.Area) {
	slices.SortFunc(areas, func(a, b *guidancev1.Area) int { return notation.AreaOf(a.GetId()).Compare(notation.AreaOf(b.GetId())) })
}
