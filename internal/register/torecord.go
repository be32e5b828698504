package register

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// words are a gap with what to record.
func (o *owned) words(g gap) string {
	id, name, codes := g.had.GetId(), notation.AreaOf(g.area), ""
	if !g.all {
		codes = " (" + some(g.codes) + ")"
	}
	told := o.toRecord(g)
	switch isThere := o.isThere(g.area, g.day); {
	case g.taken:
		return fmt.Sprintf("%s is recorded not to have %s, and from %s on no LMC has it, or some practices of it%s: these are told that they are in no LMC's area. %s", id, name, g.day, codes, told)
	case isThere && !slices.Contains(o.whose(g.area, g.day), id):
		return fmt.Sprintf("%s had %s until %s, and from the next day on no LMC has it, or some practices of it%s: these are told that they are in no LMC's area. %s", id, name, g.last, codes, told)
	case isThere:
		return fmt.Sprintf("%s has %s, and practices that were in it%s are in no LMC's area from %s on: they are told so. %s", id, name, codes, g.day, told)
	}
	return fmt.Sprintf("%s had %s, which is no more on %s, and practices of it%s are in no LMC's area from then on: they are told so. %s", id, name, g.day, codes, told)
}

// holder is who would have what an LMC had, from a day on: itself, then what it was merged into; empty: neither is there, and
// after is the one to come.
type holder struct{ id, from, after string }

// holders are those until somebody has it again.
func (o *owned) holders(g gap) (all []holder) {
	now, day := g.had, g.day
	if !notation.IsWithin(day, now.GetValidFrom(), now.GetValidUntil()) {
		now = nil
	}
	for range PredecessorsLimit { // of mergers that go on and on
		if now == nil {
			for _, id := range o.Successors(g.had.GetId()) {
				into := o.Committee(id)
				if into.GetValidUntil() != "" && into.GetValidUntil() < day {
					continue
				}
				if now == nil || max(into.GetValidFrom(), day) < max(now.GetValidFrom(), day) {
					now = into
				}
			}
			if now == nil {
				return all
			}
			if now.GetValidFrom() > day {
				all, day = append(all, holder{"", day, now.GetId()}), now.GetValidFrom()
			}
		}
		if g.again != "" && day >= g.again {
			return all
		}
		all = append(all, holder{id: now.GetId(), from: day})
		if now.GetValidUntil() == "" {
			return all
		}
		day, now = notation.DayAfter(now.GetValidUntil()), nil
	}
	return all
}

// toRecord is how whoever is left to nobody is recorded to be an LMC's.
func (o *owned) toRecord(g gap) string {
	var commands []string
	var more, nothing string
	holders := o.holders(g)
	isOver := len(holders) == 0
	if isOver {
		holders = []holder{{id: "ID", from: g.day}}
	}
	last := g.had.GetId()
	for i, h := range holders {
		if h.id == "" {
			commands = append(commands, fmt.Sprintf("lmcnode register committee %s --until %s, or lmcnode register committee %s --from %s", last, notation.DayBefore(o.Committee(h.after).GetValidFrom()), h.after, h.from))
			continue
		}
		last = h.id
		until := g.again // the first day on which it need not have it
		if i+1 < len(holders) {
			until = holders[i+1].from
		}
		flags, rest, none := o.tenures(g, h, until)
		if more, nothing = cmp.Or(more, rest), cmp.Or(nothing, none); flags != "" {
			commands = append(commands, "lmcnode register committee "+h.id+flags)
		}
	}
	if len(commands) == 0 {
		return nothing
	}
	told := "Record what is in its place: "
	switch {
	case holders[0].id == "":
		told = "Record which LMC is there then: "
	case !o.isThere(g.area, g.day):
		told = "Record what is in its place, which is no other LMC's: "
	}
	told += strings.Join(commands, ", and ")
	switch {
	case isOver:
		told += ", or which LMC it was merged into: lmcnode register committee ID --predecessor " + g.had.GetId()
	case holders[0].id == g.had.GetId() && o.isThere(g.area, g.day):
		told += ", or the same of the LMC that has it"
	}
	return told + more
}

// tenures are the areas that an LMC is to be recorded to have before a day, as flags; and, in words, whose area is not
// recorded then, or what else there is to record where there is no area, or none that it has not.
func (o *owned) tenures(g gap, h holder, until string) (flags, rest, nothing string) {
	c := o.Committee(h.id)
	for day := h.from; day != "" && (until == "" || day < until); {
		in, others, left := o.inPlace(g, h.id, day)
		from, area := day, "SCHEME:CODE"
		day = ""
		for _, one := range in {
			if slices.Contains(o.whose(one, from), h.id) {
				area = notation.AreaOf(one).String()
				continue
			}
			flags += fmt.Sprintf(" --area %s=%s..", notation.AreaOf(one), from)
			end := o.areas[notation.AreaOf(one)].record.GetValidUntil()
			if g.again != "" && until == g.again && notation.IsWithin(until, c.GetValidFrom(), c.GetValidUntil()) && !slices.Contains(o.backOn(g, until), h.id) {
				flags += notation.DayBefore(until)
			} else if next := notation.DayAfter(end); end != "" && (day == "" || next < day) {
				day = next
			}
		}
		lie := "lies"
		if len(left) > 1 {
			lie = "lie"
		}
		switch list := fmt.Sprintf("by the list of all that are in it: lmcnode register area %s --practice-codes LIST", area); {
		case flags == "" && len(in) > 0:
			nothing = fmt.Sprintf("%s has %s, and %s %s in no area of its: record them there, %s", h.id, area, some(left), lie, list)
		case flags == "":
			nothing = o.othersWords(g.had.GetId(), h.id, others, g.codes, from)
		case len(in) > 0 && len(left) > 0:
			rest = fmt.Sprintf("; %s %s in nothing of that: record in which area, %s", some(left), lie, list)
		}
	}
	return flags, rest, nothing
}

// inPlace are the areas, on a day, by which an LMC would have what is left to nobody and is no other's: the area itself, else
// those that list the practices, parts of it before others, else what took over from it; what took over that is others', which
// those it was merged from are not; and the practices that are in none of the first.
func (o *owned) inPlace(g gap, id, day string) (in, others []*guidancev1.AreaId, left []string) {
	isOthers := func(area *guidancev1.AreaId) bool {
		return slices.ContainsFunc(o.meeting(area, day), func(other string) bool { return other != id && !slices.Contains(o.Predecessors(id), other) })
	}
	left = slices.Clone(g.codes)
	add := func(area *guidancev1.AreaId) {
		in = append(in, area)
		has := o.practicesIn(area, day)
		left = slices.DeleteFunc(left, func(code string) bool { return slices.Contains(has, code) })
	}
	lists := func(area *guidancev1.AreaId) bool {
		return slices.ContainsFunc(o.practicesIn(area, day), func(code string) bool { return slices.Contains(left, code) })
	}
	if o.isThere(g.area, day) && !isOthers(g.area) && (len(g.codes) == 0 || lists(g.area)) {
		add(g.area)
		return in, nil, left
	}
	var listing []*guidancev1.AreaId
	for _, code := range g.codes {
		for _, a := range o.PracticeAreas(code, day) {
			if !slices.Contains(listing, a.GetId()) {
				listing = append(listing, a.GetId())
			}
		}
	}
	parts := o.Within(g.area, o.lastOf(g, day))
	rank := func(area *guidancev1.AreaId) int {
		switch key := notation.AreaOf(area); {
		case key.Scheme == ListScheme:
			return 2
		case slices.ContainsFunc(parts, func(part *guidancev1.AreaId) bool { return notation.AreaOf(part) == key }):
			return 0
		}
		return 1
	}
	slices.SortFunc(listing, func(a, b *guidancev1.AreaId) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), notation.AreaOf(a).Compare(notation.AreaOf(b)))
	})
	for _, area := range listing {
		if lists(area) && !isOthers(area) {
			add(area)
		}
	}
	if len(in) > 0 || o.isThere(g.area, day) {
		return in, nil, left
	}
	for _, later := range o.InPlaceOf(g.area, day) {
		if isOthers(later) {
			others = append(others, later)
			continue
		}
		add(later)
	}
	return in, others, left
}

// lastOf is the last day before another on which the area of a gap was there.
func (r *Register) lastOf(g gap, day string) string {
	if end := r.areas[notation.AreaOf(g.area)].record.GetValidUntil(); end != "" && end < day {
		return end
	}
	return g.last
}

// othersWords is what may be recorded where there is no area that an LMC could have in the place of one that it had: what took
// over from that is others', if anything did.
func (o *owned) othersWords(had, now string, others []*guidancev1.AreaId, codes []string, day string) string {
	within := ""
	if len(others) == 1 {
		within = " --within " + notation.AreaOf(others[0]).String()
	}
	own := fmt.Sprintf("lmcnode register area SCHEME:CODE%s --practice-codes %s, and lmcnode register committee %s --area SCHEME:CODE=%s..", within, cmp.Or(asList(codes), "LIST"), now, day)
	if len(others) == 0 {
		return fmt.Sprintf("No area is recorded that has them in its place. Record one, and that %s has it: %s", now, own)
	}
	var told, whose []string
	for _, later := range others {
		of := slices.DeleteFunc(o.meeting(later, day), func(id string) bool { return id == now })
		whose = append(whose, of...)
		how := "is"
		if len(o.whose(later, day)) == 0 {
			how = "has areas or practices that are"
		}
		told = append(told, fmt.Sprintf("%s, which took over from it, %s %s's", notation.AreaOf(later), how, notation.List(of)))
	}
	words := strings.Join(told, "; ") + ". "
	if c := o.Committee(now); c != nil && len(o.thereOf(c, day)) > 0 {
		return words + fmt.Sprintf("Record an area with the practices that are left, and that %s has it: %s", now, own)
	}
	slices.Sort(whose)
	merged := ""
	for _, id := range append([]string{had}, slices.Compact(whose)...) {
		merged += " --predecessor " + id
	}
	ends := fmt.Sprintf("lmcnode register committee %s --until %s", now, notation.DayBefore(day))
	if len(codes) > 0 {
		ends = fmt.Sprintf("lmcnode register area %s --practice-codes LIST, of all that are in it then, and %s", notation.AreaOf(others[0]), ends)
	}
	return words + fmt.Sprintf("Where %s goes on, record an area with its practices, and that it has that: %s; where these LMCs merge: lmcnode register committee ID --kind lmc --name NAME --from %s%s; where %s is no more by then: %s",
		now, own, day, merged, now, ends)
}

// asList are codes as a command takes them.
func asList(codes []string) string {
	if len(codes) > NamedLimit {
		return ""
	}
	return strings.Join(codes, ",")
}
