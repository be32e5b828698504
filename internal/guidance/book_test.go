package guidance

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// book is a register written down by hand: tables, and the questions of Register
// answered from them in the plainest way.
type book struct {
	names     map[string]string   // what some committees and offices are called
	mandates  []tenure            // who speaks for whom
	reporters []tenure            // who may report (committee unused)
	areas     map[string][]tenure // of a committee; committee: the area
	inside    map[string][]tenure // of an area; committee: an area that contains it
	lives     map[string]tenure   // the days an area existed; without: always
	tookOver  map[string][]string // an area and what took over from it
	lists     map[string][]string // an area and the practices it lists
	moves     map[string][]tenure // a practice that moves, and the areas (in the place of a committee) it lies in
	merged    map[string][]string // a committee and those it was merged from
	lastDays  map[string]string   // of some committees
}

type tenure struct{ office, committee, from, until string }

func (t tenure) on(day string) bool { return t.meets(day, day) }

// meets says whether some day of a range, both ends included, is in the tenure.
func (t tenure) meets(first, last string) bool {
	return first <= last && t.from <= last && (t.until == "" || first <= t.until)
}

// bookName is how the tables call an area: by its code, as nearly all are of one scheme.
func bookName(a *v1.AreaId) string {
	if a.GetScheme() != "area" {
		return a.GetScheme() + ":" + a.GetCode()
	}
	return a.GetCode()
}

func code(c string) *v1.AreaId { return &v1.AreaId{Scheme: "area", Code: c} }

func (b *book) SpeaksFor(office, committee, first, last string) bool {
	return slices.ContainsFunc(b.mandates, func(m tenure) bool {
		return m.office == office && m.committee == committee && m.meets(first, last)
	})
}

func (b *book) MayReport(office, first, last string) bool {
	return slices.ContainsFunc(b.reporters, func(r tenure) bool { return r.office == office && r.meets(first, last) })
}

func (b *book) CommitteeAreas(committee, day string) (out []*v1.AreaId) {
	for _, t := range b.areas[committee] {
		if t.on(day) {
			out = append(out, code(t.committee))
		}
	}
	return out
}

func (b *book) IsOver(committee, day string) bool {
	return b.lastDays[committee] != "" && b.lastDays[committee] < day
}

func (b *book) LastDay(committee string) string { return b.lastDays[committee] }

func (b *book) Predecessors(committee string) (out []string) {
	for _, p := range b.merged[committee] {
		for _, p := range append([]string{p}, b.Predecessors(p)...) {
			if p != committee && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

func (b *book) Successors(committee string) (out []string) {
	for c := range b.merged {
		if slices.Contains(b.Predecessors(c), committee) {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return out
}

// known is every area some table has, by name.
func (b *book) known() (out []string) {
	add := func(area string) {
		if !slices.Contains(out, area) {
			out = append(out, area)
		}
	}
	for _, tenures := range b.areas {
		for _, t := range tenures {
			add(t.committee)
		}
	}
	for inner, tenures := range b.inside {
		add(inner)
		for _, t := range tenures {
			add(t.committee)
		}
	}
	for area := range b.lives {
		add(area)
	}
	for area := range b.lists {
		add(area)
	}
	for area, later := range b.tookOver {
		add(area)
		for _, l := range later {
			add(l)
		}
	}
	slices.Sort(out)
	return out
}

func (b *book) exists(area, day string) bool {
	return slices.Contains(b.known(), area) && b.lives[area].on(day)
}

func (b *book) HasArea(area *v1.AreaId) bool { return slices.Contains(b.known(), bookName(area)) }

func (b *book) Contains(outer, inner *v1.AreaId, day string) bool {
	return b.around(bookName(outer), bookName(inner), day, nil)
}

func (b *book) around(outer, inner, day string, seen []string) bool {
	if !b.exists(outer, day) || !b.exists(inner, day) || slices.Contains(seen, inner) {
		return false
	}
	if outer == inner {
		return true
	}
	return slices.ContainsFunc(b.inside[inner], func(t tenure) bool {
		return t.on(day) && b.around(outer, t.committee, day, append(seen, inner))
	})
}

func (b *book) Within(outer *v1.AreaId, day string) (out []*v1.AreaId) {
	for _, area := range b.known() {
		if area != bookName(outer) && b.Contains(outer, code(area), day) {
			out = append(out, code(area))
		}
	}
	return out
}

// before are the areas that one took over from.
func (b *book) before(area string) (out []string) {
	for _, old := range b.known() {
		if slices.Contains(b.tookOver[old], area) {
			out = append(out, old)
		}
	}
	return out
}

func (b *book) Origin(area *v1.AreaId, day string) *v1.AreaId {
	at := bookName(area)
	for range 20 { // a chain longer than any drawn is a circle
		old := b.before(at)
		switch {
		case b.exists(at, day):
			return code(at)
		case len(old) != 1:
			return nil
		}
		at = old[0]
	}
	return nil
}

func (b *book) InPlaceOf(area *v1.AreaId, day string) (out []*v1.AreaId) {
	reached := []string{bookName(area)}
	for i := 0; i < len(reached); i++ {
		if b.exists(reached[i], day) {
			out = append(out, code(reached[i]))
			continue
		}
		for _, later := range b.tookOver[reached[i]] {
			if !slices.Contains(reached, later) {
				reached = append(reached, later)
			}
		}
	}
	slices.SortFunc(out, func(x, y *v1.AreaId) int { return slices.Compare([]string{x.GetCode()}, []string{y.GetCode()}) })
	return out
}

// A name is not given for every id.
func (b *book) CommitteeName(id string) string { return b.names[id] }
func (b *book) OfficeName(id string) string    { return b.names[id] }
func (b *book) AreaName(id *v1.AreaId) string  { return b.names[id.GetCode()] }

func (b *book) PracticeIn(practice, day string) (out []*v1.AreaId) {
	for _, area := range b.known() {
		there := slices.ContainsFunc(b.moves[practice], func(t tenure) bool {
			return t.committee == area && (t.from == "" || t.from <= day) && (t.until == "" || day <= t.until)
		})
		if (there || slices.Contains(b.lists[area], practice)) && b.exists(area, day) {
			out = append(out, code(area))
		}
	}
	return out
}

func (b *book) PracticeNamed(name string) string {
	for code, known := range b.names {
		if notation.IsPractice(code) && strings.EqualFold(known, name) {
			return code
		}
	}
	return ""
}

func (b *book) PracticesOf(area *v1.AreaId, day string) (codes []string, all bool) {
	if !b.exists(bookName(area), day) {
		return nil, false
	}
	practices := map[string]bool{}
	for _, listed := range b.lists {
		for _, code := range listed {
			practices[code] = true
		}
	}
	for code := range b.moves {
		practices[code] = true
	}
	for code := range practices {
		if slices.ContainsFunc(b.PracticeIn(code, day), func(in *v1.AreaId) bool { return sameArea(in, area) || b.Contains(area, in, day) }) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes, len(codes) > 0
}

// register is the usual book: Essex speaks for North and South, Kent for Kent, always.
// North covers A and B; A1 lies in A; both lie in EAST.
func register() *book {
	return &book{
		mandates:  []tenure{{office: "essex", committee: "north"}, {office: "essex", committee: "south"}, {office: "kent", committee: "kent"}},
		reporters: []tenure{{office: "bma"}, {office: "pulse"}},
		areas:     map[string][]tenure{"north": {{committee: "A"}, {committee: "B"}}, "south": {{committee: "C"}}},
		inside:    map[string][]tenure{"A1": {{committee: "A"}}, "A": {{committee: "EAST"}}, "B": {{committee: "EAST"}}, "C": {{committee: "EAST"}}},
		names:     map[string]string{"gpc-england": "GPC England", "bma": "The BMA"},
		lives:     map[string]tenure{}, tookOver: map[string][]string{}, lists: map[string][]string{}, merged: map[string][]string{},
	}
}
