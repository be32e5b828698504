package picture

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Practices and patients are counted by area, each once. The areas of a table are cut
// into plots that do not overlap: what an area has beyond the other areas within it.
// A practice listed in two areas, neither within the other, is a plot of its own.
// A plot whose number is not known (no number for the area, or for one within it) is
// not counted: its committees are without data. Nothing is guessed (domain.md 5).

// areaKey is an AreaId as a map key; the zero value is no area.
type areaKey struct{ scheme, code string }

func keyOf(id *guidancev1.AreaId) areaKey { return areaKey{id.GetScheme(), id.GetCode()} }

func compareAreas(a, b *guidancev1.AreaId) int {
	return cmp.Or(cmp.Compare(a.GetScheme(), b.GetScheme()), cmp.Compare(a.GetCode(), b.GetCode()))
}

// plot is one area, or one practice that several areas list.
type plot struct {
	id      *guidancev1.AreaId
	name    string
	release string
	noted   bool  // the register notes what was not checked of it
	n       int64 // what the area has, then what it has beyond the plots inside
	known   bool  // n is a number, not the lack of one
	inside  []int // plots strictly within, however deep
	listed  []int // for a practice: the areas that list it
}

// geometry is the plots of some areas, innermost first.
type geometry struct {
	plots  []plot
	place  map[areaKey]int
	shared int // practices listed in more than one plot that could not be told apart
}

// geometryOf cuts areas into plots, once for the same areas of one answer.
func (s *sheet) geometryOf(unit answersv1.Unit, areas []*guidancev1.AreaId) *geometry {
	areas = slices.SortedFunc(slices.Values(areas), compareAreas)
	areas = slices.CompactFunc(areas, func(a, b *guidancev1.AreaId) bool { return keyOf(a) == keyOf(b) })
	var name strings.Builder
	for _, id := range areas {
		name.WriteString(areaName(id) + "\n")
	}
	if s.geometries[name.String()] == nil {
		s.geometries[name.String()] = s.cut(unit, areas)
	}
	return s.geometries[name.String()]
}

// cut orders the areas so that whatever lies within one stands before it, reads their
// numbers, and leaves each what it has beyond the plots inside it.
func (s *sheet) cut(unit answersv1.Unit, areas []*guidancev1.AreaId) *geometry {
	g := &geometry{place: map[areaKey]int{}}
	codes := make([][]string, len(areas))
	within := s.within(areas)
	for i, key := range innermostFirst(within) {
		area := s.in.Register.Area(areas[key], s.in.AsOf)
		p := plot{id: areas[key], name: area.GetName(), noted: area.GetNote() != "", release: cmp.Or(area.GetRelease(), "release not stated")}
		p.n, p.known = number(unit, area)
		for _, inner := range within[key] {
			if at, before := g.place[keyOf(areas[inner])]; before {
				p.inside = append(p.inside, at)
			}
		}
		g.plots, g.place[keyOf(p.id)], codes[i] = append(g.plots, p), i, area.GetPracticeCodes()
	}
	g.takeOut(unit, sharedPractices(g.plots, codes))
	g.subtract()
	return g
}

// within lists, for each area, those strictly within it.
func (s *sheet) within(areas []*guidancev1.AreaId) [][]int {
	within := make([][]int, len(areas))
	for i, outer := range areas {
		for j, inner := range areas {
			if s.isWithin(inner, outer) {
				within[i] = append(within[i], j)
			}
		}
	}
	return within
}

// innermostFirst is an order of areas given what lies within each.
func innermostFirst(within [][]int) []int {
	order := make([]int, len(within))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(within[a]), len(within[b])) })
	return order
}

// number is an area's number in a unit; false: no data.
func number(unit answersv1.Unit, area *guidancev1.Area) (int64, bool) {
	n := area.GetPractices()
	known := area != nil && area.Practices != nil
	if unit == answersv1.Unit_UNIT_PATIENTS {
		n, known = area.GetPatients(), area != nil && area.Patients != nil
	}
	return n, known && n >= 0
}

// isWithin says whether one area lies strictly within another. Of two that contain
// each other the first by name lies in the second, so that they are counted once.
func (s *sheet) isWithin(inner, outer *guidancev1.AreaId) bool {
	if keyOf(inner) == keyOf(outer) || !s.contains(outer, inner) {
		return false
	}
	return !s.contains(inner, outer) || compareAreas(inner, outer) < 0
}

// sharedPractices are the practices that more than one innermost plot lists, with
// those plots; by code.
func sharedPractices(plots []plot, codes [][]string) [][]int {
	listed := map[string][]int{}
	var order []string
	for i := range plots {
		for _, code := range codes[i] {
			code = strings.ToUpper(strings.TrimSpace(code))
			deeper := func(j int) bool { return j == i || slices.Contains(plots[i].inside, j) }
			if !slices.ContainsFunc(listed[code], deeper) {
				listed[code] = append(listed[code], i)
				order = append(order, code)
			}
		}
	}
	slices.Sort(order)
	var shared [][]int
	for _, code := range slices.Compact(order) {
		if len(listed[code]) > 1 {
			shared = append(shared, listed[code])
		}
	}
	return shared
}

// takeOut makes a plot of each practice that several areas list and count. Its
// patients are not known, so patients stay where the areas count them, and the table
// says so.
func (g *geometry) takeOut(unit answersv1.Unit, shared [][]int) {
	shared = slices.DeleteFunc(shared, func(listed []int) bool {
		return slices.ContainsFunc(listed, func(i int) bool { return !g.plots[i].known })
	})
	if unit == answersv1.Unit_UNIT_PATIENTS {
		g.shared = len(shared)
		return
	}
	areas := len(g.plots)
	for _, listed := range shared {
		practice := len(g.plots)
		g.plots = append(g.plots, plot{n: 1, known: true, listed: listed})
		for i := range g.plots[:areas] {
			if slices.ContainsFunc(listed, func(j int) bool { return i == j || slices.Contains(g.plots[i].inside, j) }) {
				g.plots[i].inside = append(g.plots[i].inside, practice)
			}
		}
	}
}

// subtract leaves each plot what it has beyond those inside it. Where that cannot be
// known, or the numbers contradict each other, it is not known.
func (g *geometry) subtract() {
	for i := range g.plots {
		p := &g.plots[i]
		for _, j := range p.inside {
			p.n -= g.plots[j].n
			p.known = p.known && g.plots[j].known
		}
		p.known = p.known && p.n >= 0
	}
}

// claim is one committee's say over a plot.
type claim struct {
	committee string
	cell      cell
}

// countPlots counts practices or patients.
func (s *sheet) countPlots(unit answersv1.Unit, counted []counting) *totals {
	var areas []*guidancev1.AreaId
	for _, c := range counted {
		areas = append(append(areas, s.counted(c.Committee)...), s.dividing(c)...)
	}
	g := s.geometryOf(unit, areas)
	t := newTotals()
	claims, blocked := make([][]claim, len(g.plots)), make([]bool, len(g.plots))
	for _, c := range counted {
		s.stake(g, c, claims, blocked, t)
	}
	for i := range g.plots {
		t.addPlot(&g.plots[i], claims[i], g.plots[i].known && !blocked[i])
	}
	t.notes = plotNotes(g, t)
	return t
}

// plotNotes is what a reader of the figures should know of them.
func plotNotes(g *geometry, t *totals) []string {
	var notes []string
	if g.shared > 0 {
		notes = append(notes, "Patients of practices that lie in two of these areas are counted in both: "+notation.Thousands(int64(g.shared))+" such.")
	}
	if len(t.noted) > 0 {
		notes = append(notes, "The register notes what was not checked of "+notation.List(slices.Sorted(maps.Keys(t.noted)))+".")
	}
	return notes
}

// dividing are the parts of a committee's area that are counted apart from the rest.
func (s *sheet) dividing(c counting) []*guidancev1.AreaId {
	if !isDivided(c) {
		return nil
	}
	var parts []*guidancev1.AreaId
	for _, line := range c.lines {
		inside := func(own *guidancev1.AreaId) bool { return s.contains(own, line.GetArea()) }
		if line.GetArea() != nil && slices.ContainsFunc(s.counted(c.Committee), inside) {
			parts = append(parts, line.GetArea())
		}
	}
	return parts
}

// isDivided says whether any part of a committee is counted elsewhere than the rest.
func isDivided(c counting) bool {
	return slices.ContainsFunc(c.lines, func(line *answersv1.Line) bool { return cellOf(line) != cellOf(c.lines[0]) })
}

// stake enters a committee's claim to every plot it covers.
func (s *sheet) stake(g *geometry, c counting, claims [][]claim, blocked []bool, t *totals) {
	covered := g.covered(s.counted(c.Committee))
	if len(covered) == 0 {
		t.without[c.GetId()] = true
	}
	vague := s.hasVaguePart(c)
	for _, i := range covered {
		blocked[i] = blocked[i] || vague
		for _, j := range g.standsAt(i) {
			if _, covers := slices.BinarySearch(covered, j); covers {
				claims[i] = append(claims[i], claim{c.GetId(), s.cellAt(c, g.plots[j].id)})
			}
		}
	}
}

// standsAt are the areas that list a practice, or the area itself.
func (g *geometry) standsAt(i int) []int {
	if listed := g.plots[i].listed; listed != nil {
		return listed
	}
	return []int{i}
}

// covered are the plots within some areas, in order.
func (g *geometry) covered(areas []*guidancev1.AreaId) []int {
	var all []int
	for _, id := range areas {
		i := g.place[keyOf(id)]
		all = append(append(all, i), g.plots[i].inside...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// hasVaguePart says whether a position is limited to an area that the register does
// not place, so that nobody knows how much of the committee's is the rest.
func (s *sheet) hasVaguePart(c counting) bool {
	return isDivided(c) && slices.ContainsFunc(c.lines, func(line *answersv1.Line) bool {
		id := line.GetArea()
		return id != nil && s.in.Register.Area(id, s.in.AsOf) == nil &&
			!slices.ContainsFunc(s.counted(c.Committee), func(own *guidancev1.AreaId) bool {
				return s.contains(own, id) || s.contains(id, own)
			})
	})
}

// cellAt is where a committee is counted at a plot: by its line for the smallest part
// around it, else by the rest.
func (s *sheet) cellAt(c counting, at *guidancev1.AreaId) cell {
	if len(c.lines) == 1 {
		return cellOf(c.lines[0])
	}
	best := c.lines[0]
	for _, line := range c.lines {
		if line.GetArea() == nil || !s.contains(line.GetArea(), at) {
			continue
		}
		if best.GetArea() == nil || !s.contains(best.GetArea(), at) || s.isWithin(line.GetArea(), best.GetArea()) {
			best = line
		}
	}
	return cellOf(best)
}

// addPlot counts a plot once, under SPLIT when those who claim it differ.
func (t *totals) addPlot(p *plot, claims []claim, known bool) {
	if len(claims) == 0 {
		return
	}
	where, data := claims[0].cell, t.without
	if known {
		data = t.with
	}
	members := make([]string, 0, len(claims))
	for _, c := range claims {
		members = append(members, c.committee)
		data[c.committee] = true
		if c.cell != where {
			where = splitCell
		}
	}
	if !known {
		return
	}
	t.add(where, p.n, members...)
	if p.id != nil {
		t.releases[p.release] = true
	}
	if p.noted {
		t.noted[p.name] = true
	}
}
