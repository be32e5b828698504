package ods

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// What the files of a release have, each once and in order, and which of them speak against each other.

// settle puts everything in order, once each.
func (r *reader) settle() (err error) {
	areaSchemes(r.areas, r.practices)
	once(r, &err, &r.practices, func(p Practice) string { return p.Code }, comparePractices, samePractice)
	once(r, &err, &r.branches, func(b Branch) string { return b.Code }, func(a, b Branch) int { return cmp.Compare(a.Code, b.Code) }, equal[Branch])
	once(r, &err, &r.networks.networks, func(n Network) string { return n.Code }, compareNetworks, equal[Network])
	once(r, &err, &r.networks.partners, func(p partner) string { return p.practice + " in " + p.stay.Area.Code + " from " + p.stay.From }, partner.compare, equal[partner])
	once(r, &err, &r.patients, func(c count) string { return c.practice }, nil, equal[count])
	once(r, &err, &r.areas, func(a Area) string { return a.ID.String() }, compareAreas, equal[Area])
	once(r, &err, &r.successions, func(s Succession) string { return s.Code + " to " + s.Successor + " on " + s.Day }, Succession.compare, equal[Succession])
	once(r, &err, &r.lists.mergers, func(g Merger) string { return g.From + " into " + g.Into + " on " + g.Day }, Merger.compare, equal[Merger])
	once(r, &err, &r.lists.memberships, func(m Membership) string {
		return strings.Join([]string{m.List, m.What(), m.Committee, m.From}, " ")
	}, Membership.compare, func(a, b *Membership) bool { return a.compare(*b) == 0 })
	if err == nil {
		err = cmp.Or(overlapping(r.lists.memberships), mergedTwice(r.lists.mergers), mergedInACircle(r.lists.mergers))
	}
	return err
}

func comparePractices(a, b Practice) int { return cmp.Compare(a.Code, b.Code) }
func compareAreas(a, b Area) int         { return a.ID.Compare(b.ID) }
func compareNetworks(a, b Network) int   { return cmp.Compare(a.Code, b.Code) }

func equal[T comparable](a, b *T) bool { return *a == *b }

// samePractice says whether two rows say the same; nothing is joined to them yet.
func samePractice(a, b *Practice) bool {
	return a.Code == b.Code && a.Name == b.Name && a.Postcode == b.Postcode && a.Telephone == b.Telephone &&
		a.Opened == b.Opened && a.Closed == b.Closed && a.Status == b.Status && a.Setting == b.Setting && a.GP == b.GP &&
		a.Nation == b.Nation && a.Commissioner == b.Commissioner && a.ICB == b.ICB && a.Region == b.Region
}

// once keeps what was found once by what it is called, in order. What stands twice the same is taken once, and
// noted; what stands twice and differs is an error.
func once[T any](r *reader, err *error, all *[]found[T], name func(T) string, compare func(a, b T) int, same func(a, b *T) bool) {
	if *err != nil {
		return
	}
	names := make(map[string]int, len(*all))
	doubled := map[string]int{}
	kept := (*all)[:0]
	for _, f := range *all {
		called := name(f.it)
		at, again := names[called]
		if !again {
			names[called] = len(kept)
			kept = append(kept, f)
			continue
		}
		first := kept[at]
		if !same(&first.it, &f.it) {
			*err = &Error{File: f.file.Name, Row: f.row, Problem: fmt.Sprintf("%s stands in %s too, and says something else there: ask who published it which is right, and take the other out", called, first.where(f.file))}
			return
		}
		doubled[f.file.Name]++
	}
	for file, n := range doubled {
		r.note("%s: %s left out that stand there twice, the same", file, rowsOf(n))
	}
	if compare != nil {
		slices.SortFunc(kept, func(a, b found[T]) int { return compare(a.it, b.it) })
	}
	*all = kept
}

// overlapping complains of a practice or area that one list has in one committee twice on a day.
func overlapping(all []found[Membership]) error {
	for i := 1; i < len(all); i++ {
		a, b := all[i-1].it, all[i].it
		if a.sameWhere(b) == 0 && (a.Until == "" || b.From <= a.Until) {
			return &Error{File: all[i].file.Name, Row: all[i].row, Problem: fmt.Sprintf("%s is in %s from row %d already%s: end that row the day before", b.What(), b.Committee, all[i-1].row, since(a))}
		}
	}
	return nil
}

// mergedTwice complains of a practice that two rows have merged, into others or on other days.
func mergedTwice(all []found[Merger]) error {
	first := map[string]found[Merger]{}
	for _, g := range all {
		a, again := first[g.it.From]
		if !again {
			first[g.it.From] = g
			continue
		}
		if a.file.Name == g.file.Name && a.row > g.row {
			a, g = g, a
		}
		return &Error{
			File: g.file.Name, Row: g.row, Column: len(listColumns), Field: listColumns[len(listColumns)-1],
			Problem: fmt.Sprintf("%s took over from %s on %s by %s: a practice merges once, so leave it in the row that is right", a.it.Into, a.it.From, a.it.Day, a.where(g.file)),
		}
	}
	return nil
}

// mergedInACircle complains of practices that rows have merged into one another: all of them would have closed.
func mergedInACircle(all []found[Merger]) error {
	into := map[string]found[Merger]{} // by the practice that merged, which does so once
	for _, g := range all {
		into[g.it.From] = g
	}
	for _, last := range all {
		steps := []found[Merger]{last}
		for next, on := into[last.it.Into]; on && len(steps) <= len(into); next, on = into[next.it.Into] {
			if next.it.From == last.it.From {
				return circleOf(steps)
			}
			steps = append(steps, next)
		}
	}
	return nil
}

// circleOf names every row of a circle of mergers, and complains of the last.
func circleOf(steps []found[Merger]) error {
	last := slices.MaxFunc(steps, func(a, b found[Merger]) int {
		return cmp.Or(cmp.Compare(a.file.Name, b.file.Name), cmp.Compare(a.row, b.row), a.it.compare(b.it))
	})
	var words []string
	for _, step := range steps {
		if step != last {
			words = append(words, fmt.Sprintf("%s took over from %s by %s", step.it.Into, step.it.From, step.where(last.file)))
		}
	}
	return &Error{
		File: last.file.Name, Row: last.row, Column: len(listColumns), Field: listColumns[len(listColumns)-1],
		Problem: fmt.Sprintf("%s took over from %s, and %s: practices merged in a circle are all closed, so leave out what is not right", last.it.Into, last.it.From, notation.List(words)),
	}
}

func since(m Membership) string {
	if words := notation.PeriodWords(m.From, m.Until); words != "" {
		return ", " + words
	}
	return ""
}

// areaSchemes finds what each authority is by who names it, where its row does not say.
func areaSchemes(areas []found[Area], practices []found[Practice]) {
	icbs, regions := map[string]bool{}, map[string]bool{}
	for _, a := range areas {
		icbs[a.it.ICB], regions[a.it.Region] = true, true
	}
	for _, p := range practices {
		icbs[p.it.ICB], regions[p.it.Region] = true, true
	}
	for i := range areas {
		switch a := &areas[i].it; {
		case a.ID.Scheme != "":
		case regions[a.ID.Code]:
			a.ID.Scheme, a.Region = Region, ""
		case icbs[a.ID.Code]:
			a.ID.Scheme = ICB
		}
	}
}
