package picture

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Practices and patients are counted by area, each once. The areas of a table are
// partitioned into shares that do not overlap: what an area has beyond the other areas
// within it. A practice listed in two areas, neither within the other, is a share of its
// own, and so is one that is told something else than its area: each counts by what it is
// told itself (domain.md 4.9). A share whose number is not known (no number for the area, or for one within it)
// is not counted: its committees are without data. Nothing is guessed (domain.md 5).

// share is what one area has of its own, or one practice that several areas list.
type share struct {
	area    *guidancev1.AreaId // nil: a practice
	name    string             // the area's
	release string             // that its number comes from
	noted   bool               // the register notes what was not checked of it
	n       int64              // what the area has, then what it has beyond the shares inside
	known   bool               // n is a number, not the lack of one
	summed  bool               // n is the sum of what a list has for each practice
	inside  []int              // shares strictly within, however deep
	code    string             // of a practice
}

// partition is the shares of some areas, innermost first, then those of practices.
type partition struct {
	shares []share
	at     map[notation.Area]int // where an area's share stands
	twice  int                   // practices whose patients two areas count, each by its own number
	lacks  map[string]bool       // practices whose patients none of these areas counts, for no list has them
	apart  map[string][]int      // practices with patients that no number tells apart: the areas that list them
}

// partition partitions areas, with some practices apart, once for the same ones of one
// answer. Whatever lies
// within an area stands before it; each is left what it has beyond the shares inside it.
// Where that cannot be known, or the numbers contradict each other, it is not known.
func (r *resolver) partition(unit answersv1.Unit, areas []*guidancev1.AreaId, apart map[string]bool) *partition {
	areas = slices.SortedFunc(slices.Values(areas), func(a, b *guidancev1.AreaId) int { return notation.AreaOf(a).Compare(notation.AreaOf(b)) })
	areas = slices.CompactFunc(areas, func(a, b *guidancev1.AreaId) bool { return notation.AreaOf(a) == notation.AreaOf(b) })
	var names strings.Builder
	for _, area := range areas {
		names.WriteString(notation.AreaOf(area).String() + "\n")
	}
	for _, code := range slices.Sorted(maps.Keys(apart)) {
		names.WriteString(code + "\n")
	}
	if p := r.partitions[names.String()]; p != nil {
		return p
	}
	areas = append(areas, r.inTwo(unit, areas)...)
	order, within := make([]int, len(areas)), make([][]int, len(areas)) // of each area, those strictly within it
	for i, outer := range areas {
		order[i] = i
		if r.ctx.Err() != nil {
			break // whoever asked throws this away
		}
		for j, inner := range areas {
			if r.isWithin(inner, outer) {
				within[i] = append(within[i], j)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(within[a]), len(within[b])) })
	p := &partition{at: map[notation.Area]int{}, lacks: map[string]bool{}, apart: map[string][]int{}}
	practices := make([][]string, len(areas))
	for i, next := range order {
		area := r.in.Register.Area(areas[next], r.in.AsOf)
		one := share{area: areas[next], name: area.GetName(), noted: area.GetNote() != "", release: cmp.Or(area.GetRelease(), "release not stated")}
		one.n, one.known = int64(area.GetPractices()), area != nil && area.Practices != nil
		if unit == answersv1.Unit_UNIT_PATIENTS {
			one.n, one.known = int64(area.GetPatients()), area != nil && area.Patients != nil
			one.summed = area.GetPatientsRelease() != ""
			one.release = cmp.Or(area.GetPatientsRelease(), one.release)
			if r.in.Register.LacksPatients(areas[next], r.in.AsOf) > 0 {
				for _, code := range area.GetPracticeCodes() {
					if _, known := r.in.Register.PatientsOf(code, r.in.AsOf); !known {
						p.lacks[code] = true
					}
				}
			}
		}
		one.known = one.known && one.n >= 0
		for _, inner := range within[next] {
			if at, before := p.at[notation.AreaOf(areas[inner])]; before {
				one.inside = append(one.inside, at)
			}
		}
		p.shares, p.at[notation.AreaOf(one.area)], practices[i] = append(p.shares, one), i, area.GetPracticeCodes()
	}
	r.separate(p, unit, practices, apart)
	for i := range p.shares {
		one := &p.shares[i]
		for _, j := range one.inside {
			one.n -= p.shares[j].n
			one.known = one.known && p.shares[j].known
		}
		one.known = one.known && one.n >= 0
	}
	r.partitions[names.String()] = p
	return p
}

// separate makes a share of each practice that more than one area lists and counts,
// neither within the other, and of those apart; practices are the codes each area lists. Where it is not
// known how many patients such a practice has, for no list tells, they stay where the areas count
// them, and the table says so.
func (r *resolver) separate(p *partition, unit answersv1.Unit, practices [][]string, apart map[string]bool) {
	listed := map[string][]int{}
	for i, codes := range practices {
		for _, code := range codes {
			code = notation.PracticeCode(code)
			deeper := func(j int) bool { return j == i || slices.Contains(p.shares[i].inside, j) }
			if !slices.ContainsFunc(listed[code], deeper) {
				listed[code] = append(listed[code], i)
			}
		}
	}
	areas := len(p.shares)
	for _, code := range slices.Sorted(maps.Keys(listed)) {
		by, n := listed[code], int64(1)
		patients, known := int32(0), true
		if unit == answersv1.Unit_UNIT_PATIENTS {
			patients, known = r.in.Register.PatientsOf(code, r.in.AsOf)
			n = int64(patients)
		}
		switch {
		case len(by) < 2 && !apart[code] || slices.ContainsFunc(by, func(i int) bool { return !p.shares[i].known }):
			continue
		case !known:
			p.apart[code] = by
			if numbers := slices.DeleteFunc(slices.Clone(by), func(i int) bool { return p.shares[i].summed }); len(numbers) > 1 {
				p.twice++
			}
			continue
		}
		practice := len(p.shares)
		p.shares = append(p.shares, share{n: n, known: true, code: code})
		for i := range p.shares[:areas] {
			if slices.ContainsFunc(by, func(j int) bool { return i == j || slices.Contains(p.shares[i].inside, j) }) {
				p.shares[i].inside = append(p.shares[i].inside, practice)
			}
		}
	}
}

// cover is one committee that covers a share, and where it is counted there.
type cover struct {
	committee string
	column    column
	line      *answersv1.Line // by which it is
	letters   []string        // of a practice: what it is told by
}

// countByArea counts practices or patients: every share once, under SPLIT where those
// who cover it differ.
func (r *resolver) countByArea(unit answersv1.Unit, counted []committeeLines) *totals {
	var areas []*guidancev1.AreaId
	apart := map[string]bool{}
	for _, c := range counted {
		areas = append(append(areas, r.countedAreas(c.Committee)...), r.dividing(c)...)
		maps.Copy(apart, r.toldApart(c.Committee))
	}
	p, t := r.partition(unit, areas, apart), newTotals()
	covers, vague := make([][]cover, len(p.shares)), make([]bool, len(p.shares))
	for _, c := range counted {
		var covered []int
		for _, own := range r.countedAreas(c.Committee) {
			i := p.at[notation.AreaOf(own)]
			covered = append(append(covered, i), p.shares[i].inside...)
		}
		slices.Sort(covered)
		covered = slices.Compact(covered)
		if len(covered) == 0 {
			t.without[c.GetId()] = true
		}
		for _, i := range covered {
			if code := p.shares[i].code; code != "" {
				line := r.toldToPractice(c.Committee, question{measure: c.lines[0].GetMeasure()}, code)
				covers[i] = append(covers[i], cover{c.GetId(), c.columnOf(line), line, LettersOf(line)})
			} else {
				line := r.lineAt(c, p.shares[i].area)
				covers[i] = append(covers[i], cover{c.GetId(), c.columnOf(line), line, nil})
				vague[i] = vague[i] || p.shares[i].n > 0 && r.toldUnlisted(c, line, p.shares[i].area)
			}
		}
		for code := range r.toldApart(c.Committee) {
			for _, i := range p.apart[code] { // its patients are told something else than those around, and nobody knows how many they are
				if _, covers := slices.BinarySearch(covered, i); covers && c.columnOf(r.toldToPractice(c.Committee, question{measure: c.lines[0].GetMeasure()}, code)) != c.columnOf(r.lineAt(c, p.shares[i].area)) {
					vague[i] = true
				}
			}
		}
	}
	for i, one := range p.shares {
		if len(covers[i]) > 0 {
			t.addShare(one, covers[i], one.known && !vague[i])
		}
	}
	if p.twice > 0 {
		t.notes = append(t.notes, "Patients of practices that lie in two of these areas are counted in both: "+notation.Thousands(int64(p.twice))+" such.")
	}
	switch n := int64(len(p.lacks)); n {
	case 0:
	case 1:
		t.notes = append(t.notes, "Of 1 practice in these areas no patients are listed: it counts as none.")
	default:
		t.notes = append(t.notes, "Of "+notation.Thousands(n)+" practices in these areas no patients are listed: they count as none.")
	}
	if len(t.noted) > 0 {
		t.notes = append(t.notes, "The register notes what was not checked of "+notation.List(slices.Sorted(maps.Keys(t.noted)))+".")
	}
	return t
}

// addShare counts a share that some committees cover, or notes that they have no data.
func (t *totals) addShare(one share, covers []cover, known bool) {
	where, data, members := covers[0].column, t.without, []string(nil)
	if known {
		data = t.with
	}
	for _, c := range covers {
		data[c.committee] = true
		where = where.with(c.column)
	}
	if !known {
		return
	}
	for _, c := range covers {
		if where.tells(c.column) || where == splitColumn {
			members = append(members, c.committee)
		}
	}
	t.add(where, one.n, members...)
	for _, c := range covers {
		if where.tells(c.column) && one.n > 0 {
			t.mark(where, c.committee, c.line)
		}
		if where != c.column && where.tells(c.column) {
			c.letters = LettersOf(c.line) // of no line that counts there
		}
		if len(c.letters) > 0 {
			t.cite(where, c.committee, c.letters)
		}
	}
	if one.area != nil {
		t.releases[one.release] = true
	}
	if one.noted {
		t.noted[one.name] = true
	}
}

// dividing are the parts of a committee's area that are counted apart from the rest;
// none where no part is counted elsewhere than the rest.
func (r *resolver) dividing(c committeeLines) []*guidancev1.AreaId {
	if !c.isDivided() {
		return nil
	}
	var parts []*guidancev1.AreaId
	for _, line := range c.lines {
		inside := func(own *guidancev1.AreaId) bool { return r.contains(own, line.GetArea()) }
		if line.GetArea() != nil && slices.ContainsFunc(r.countedAreas(c.Committee), inside) {
			parts = append(parts, line.GetArea())
		}
	}
	return parts
}

// isDivided: a part of a committee's area is counted elsewhere than the rest.
func (c committeeLines) isDivided() bool {
	return slices.ContainsFunc(c.lines, func(line *answersv1.Line) bool { return c.columnOf(line) != c.columnOf(c.lines[0]) })
}

// lineAt is a committee's line in an area: that for the smallest part around it, else that for
// the rest.
func (r *resolver) lineAt(c committeeLines, area *guidancev1.AreaId) *answersv1.Line {
	best := c.lines[0]
	for _, line := range c.lines {
		if line.GetArea() == nil || !r.contains(line.GetArea(), area) {
			continue
		}
		if best.GetArea() == nil || !r.contains(best.GetArea(), area) || r.isWithin(line.GetArea(), best.GetArea()) {
			best = line
		}
	}
	return best
}

// toldUnlisted: something else than a line says in an area was said of one that it took over from,
// and the register does not list all the practices of that: which here are told so, nobody knows.
func (r *resolver) toldUnlisted(c committeeLines, line *answersv1.Line, area *guidancev1.AreaId) bool {
	for _, former := range line.GetFormerAreas() {
		here := func(now *guidancev1.AreaId) bool { return r.contains(now, area) || r.contains(area, now) }
		said := former.GetStatement()
		ofGroup := said.GetPosition().GetScope() != nil && !r.isOfGroup(said.GetPosition().GetScope(), line.GetMeasure())
		if !guidance.IsToAll(line, said) || ofGroup && (line.GetNoLine() == nil || len(line.GetGroups()) > 0) {
			continue // whoever is told so is counted as all the others are
		}
		if !slices.ContainsFunc(former.GetNow(), here) || said.GetPosition().GetStance() == stanceOf(line) {
			continue
		}
		day := said.GetIssued().GetLatest()
		if own := line.GetCurrent(); own != nil && !line.GetByWholeMatter() && line.GetMeasure() != "" && said.GetPosition().GetMeasure() == "" && own.GetIssued().GetLatest() > day {
			continue // over which the later line on the measure stands for all
		}
		for _, gone := range r.formerlyOf(c.Committee, said) {
			if r.in.Register.Area(gone, day) != nil && !r.listsAll(gone, day) {
				return true
			}
		}
	}
	return false
}

// formerlyOf are the areas of which something was said for a committee, or for those merged into it, that are no more.
func (r *resolver) formerlyOf(c Committee, said *answersv1.Statement) (of []*guidancev1.AreaId) {
	if area := said.GetPosition().GetArea(); area != nil {
		of = append(of, area)
	}
	for _, committee := range r.in.Register.Predecessors(c.GetId()) { // of each that it was said for, of those merged
		if slices.Contains(said.GetPosition().GetCommittees(), committee) {
			of = append(of, r.in.Register.CommitteeAreas(committee, said.GetIssued().GetLatest())...)
		}
	}
	return slices.DeleteFunc(of, func(area *guidancev1.AreaId) bool { // it is there still
		return slices.ContainsFunc(r.in.Register.InPlaceOf(area, r.in.AsOf), func(now *guidancev1.AreaId) bool { return notation.AreaOf(now) == notation.AreaOf(area) })
	})
}

// listsAll: an area has a number of practices on a day, and it lists as many, or areas within it do.
func (r *resolver) listsAll(area *guidancev1.AreaId, day string) bool {
	_, all := r.practicesOf(area, day)
	return all && r.in.Register.Area(area, day).Practices != nil
}
