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

// How some readers are asked something, by the rows of tables that tell of them (ofwhom.go): in which areas, for which
// group, and whom among them.

// rowTells is what a row tells some readers of a request: it is asked of them all, but for those of whom words say
// otherwise; of some among them; or of nobody.
type rowTells struct {
	known, all   bool
	some, beside []string
}

func (of rowTells) and(other rowTells) rowTells {
	return rowTells{of.known || other.known, of.all || other.all, slices.Concat(of.some, other.some), slices.Concat(of.beside, other.beside)}
}

// of is how some readers are asked it by the rows that tell; false: they are not.
func (r *request) of(m *guidancev1.Matter, reader guidancev1.Audience, rows []*answersv1.Line) (one askedOf, is bool) {
	var measures, areas []string
	names := map[string]string{}
	tables := map[string]map[string]rowTells{} // by measure, then by area; empty: the rest of it, or all
	var by []*answersv1.Line
	for _, row := range rows {
		area := ""
		if row.GetArea() != nil {
			area = notation.AreaOf(row.GetArea()).String()
			if names[area] = guidance.AreaWords(row.GetArea(), row.GetAreaName()); !slices.Contains(areas, area) {
				areas = append(areas, area)
			}
		}
		if tables[row.GetMeasure()] == nil {
			measures, tables[row.GetMeasure()] = append(measures, row.GetMeasure()), map[string]rowTells{}
		}
		of := r.tells(row, reader)
		tables[row.GetMeasure()][area] = tables[row.GetMeasure()][area].and(of)
		if of.all || of.some != nil {
			by = append(by, row)
		}
	}
	if len(by) == 0 {
		return askedOf{}, false
	}
	in := func(area string) (of rowTells) { // what any table tells there
		for _, measure := range measures {
			here, known := tables[measure][area]
			if !known {
				here = tables[measure][""]
			}
			of = of.and(here)
		}
		return of
	}
	rest := in("")
	toAll := rest.all || slices.ContainsFunc(areas, func(area string) bool { return in(area).all })
	asks := func(of rowTells) bool { return of.all || !toAll && of.some != nil }
	var asked, not, notApart, also, some []string
	for _, area := range areas {
		switch of := in(area); {
		case asks(of):
			asked, some = append(asked, names[area]), append(some, of.some...)
		default:
			not = append(not, "not in "+names[area])
			if !r.isApart(rows, area, by) { // whoever is in both is told, and asked, what stands of the two
				notApart = append(notApart, "not in "+names[area])
			}
			for _, words := range of.some {
				also = append(also, "but also "+words+" in "+names[area])
			}
		}
	}
	switch {
	case asks(rest) && r.GetArea() != nil: // which has no row, for it is no more
		some, one.among = append(some, rest.some...), r.inArea()
	case asks(rest):
		some = append(some, rest.some...)
		if one.among = not; len(not) > 0 && len(asked) > 0 {
			one.among = append(one.among, "but also in "+notation.List(asked))
		}
	case rest.known || len(not) > 0:
		one.among = append([]string{"in " + notation.List(asked)}, notApart...)
		for _, words := range rest.some {
			also = append(also, "but also "+words+" elsewhere")
		}
	default:
		one.among = r.inArea()
	}
	addNew(&one.among, r.ofGroup(m, by))
	if !toAll && r.GetScope() == "" {
		slices.Sort(some)
		one.among = append(one.among, strings.Join(slices.Compact(some), " or "))
	}
	addNew(&one.among, append(besideAll(tables, measures), also...)...)
	one.when, one.ends = r.whenAsked(by)
	for _, a := range r.by {
		if slices.Contains(by, a.row) {
			addNew(&one.among, guidance.TurnsAhead(a.line, r.letter, a.GetAction())...)
		}
	}
	return one, true
}

// isApart: an area is a list of practices, and so are those of the lines that ask, and nothing is said there, or something
// older than these. Whoever is on both lists is told what these say, and asked.
func (r *request) isApart(rows []*answersv1.Line, area string, by []*answersv1.Line) bool {
	first := ""
	for _, row := range by {
		if row.GetArea().GetScheme() != listScheme {
			return false // which may lie in the other, or around it
		}
		if day := row.GetCurrent().GetIssued().GetEarliest(); first == "" || day < first {
			first = day
		}
	}
	return !slices.ContainsFunc(rows, func(row *answersv1.Line) bool {
		if row.GetArea() == nil || notation.AreaOf(row.GetArea()).String() != area {
			return false
		}
		day := row.GetCurrent().GetIssued().GetLatest()
		switch {
		case row.GetArea().GetScheme() != listScheme:
			return true
		case row.GetState() == answersv1.LineState_LINE_STATE_NO_LINE:
			return row.GetNoLine().GetEnded() == r.letter
		}
		return day == "" || day >= first
	})
}

// besideAll is what stands beside a request to all in every table that asks it of all: who is not asked on one measure
// may be on another.
func besideAll(tables map[string]map[string]rowTells, measures []string) (words []string) {
	var each [][]string
	for _, m := range measures {
		var beside []string
		asks := false
		for _, area := range slices.Sorted(maps.Keys(tables[m])) {
			if of := tables[m][area]; of.all {
				asks, beside = true, append(beside, of.beside...)
			}
		}
		if asks {
			each = append(each, beside)
		}
	}
	if each == nil {
		return nil
	}
	return slices.DeleteFunc(each[0], func(words string) bool {
		return slices.ContainsFunc(each, func(beside []string) bool { return !slices.Contains(beside, words) })
	})
}

// tells is what a row tells some readers of it.
func (r *request) tells(row *answersv1.Line, reader guidancev1.Audience) rowTells {
	of := rowTells{known: true, all: r.isBy(row)}
	byOther := func(line *answersv1.Line) bool { // what that letter asks of all may be asked of them too
		st := line.GetCurrent()
		return st != nil && st.GetAdvisory() != r.letter && line.GetState() != answersv1.LineState_LINE_STATE_MENTIONED && !guidance.IsAlike(line, row)
	}
	tell := func(line *answersv1.Line, words string) {
		switch asks := r.isBy(line); {
		case asks && !of.all:
			of.some = append(of.some, words)
		case asks || !of.all:
		case byOther(line):
			of.beside = append(of.beside, "but "+words+" as their own line says")
		default:
			of.beside = append(of.beside, "not "+words)
		}
	}
	for _, group := range row.GetGroups() {
		if r.GetScope() != guidance.GeneralScope {
			tell(group, guidance.ScopeWords(group.GetScope()))
		}
	}
	for _, part := range row.GetPartLines() {
		if part.GetArea() != nil && notation.AreaOf(part.GetArea()) != notation.AreaOf(row.GetArea()) {
			continue // which has a row of its own
		}
		scope := part.GetScope().GetId()
		if scope == row.GetScope().GetId() {
			scope = ""
		}
		if scope != "" && r.GetScope() != "" && scope != r.GetScope() || scope == "" && r.GetScope() != "" && r.GetScope() != guidance.GeneralScope {
			continue
		}
		to := part.GetAudience()
		if scope == "" && reader != row.GetAudience() && guidance.Contains(to, reader) {
			switch asks := r.isBy(part); {
			case asks || !byOther(part):
				return rowTells{known: true, all: asks}
			case of.all:
				of.beside = append(of.beside, "but as their own line says")
			}
			continue
		}
		if to == reader || !guidance.Contains(reader, to) || slices.Contains(r.GetActors(), to) {
			continue
		}
		words := guidance.AudienceWords(to)
		if scope != "" {
			words += " for " + guidance.ScopeWords(part.GetScope())
		}
		tell(part, words)
	}
	switch r.GetScope() {
	case "":
	case guidance.GeneralScope:
		of.all, of.some = of.all || of.some != nil, nil
	default: // a group, which says of whom
		of = rowTells{known: true, all: of.all || of.some != nil}
	}
	return of
}

// isBy: a line asks it, of its letter or of one beside it.
func (r *request) isBy(line *answersv1.Line) bool {
	return slices.ContainsFunc(r.by, func(a asked) bool { return a.line == line })
}

// inArea is the area that it names.
func (r *request) inArea() []string {
	if r.GetArea() == nil {
		return nil
	}
	name := ""
	for _, a := range r.by {
		name = cmp.Or(name, a.GetAreaName())
		if notation.AreaOf(a.row.GetArea()) == notation.AreaOf(r.GetArea()) {
			name = cmp.Or(name, a.row.GetAreaName())
		}
		for _, st := range saidBy(a.row) {
			if notation.AreaOf(st.GetPosition().GetArea()) == notation.AreaOf(r.GetArea()) {
				name = cmp.Or(name, st.GetAreaName())
			}
		}
	}
	return []string{"in " + guidance.AreaWords(r.GetArea(), name)}
}

// ofGroup is the group that it names, as a matter, a letter or one of the rows that ask it has words for that; empty: none.
func (r *request) ofGroup(m *guidancev1.Matter, by []*answersv1.Line) string {
	var groups, listed []*guidancev1.Scope
	for _, measure := range m.GetMeasures() {
		listed = append(listed, measure.GetScopes()...)
	}
	for _, line := range by {
		groups = append(groups, guidance.GroupsIn(line)...)
	}
	for _, a := range r.by {
		if a.GetScope() != nil {
			groups = append(groups, a.GetScope())
		}
	}
	return guidance.OfWhichGroup(r.Action, groups, listed...)
}

// whenAsked is with which line that does not hold yet some rows ask it, empty where one does with a line that holds;
// and the day on which the lines that ask it end before it is due, empty where one does not.
func (r *request) whenAsked(by []*answersv1.Line) (when, ends string) {
	var whens, days []string
	for _, a := range r.by {
		if !slices.Contains(by, a.row) {
			continue
		}
		if words := guidance.WhenAskedWords(a.StandingRequest); !slices.Contains(whens, words) {
			whens = append(whens, words)
		}
		days = append(days, guidance.EndsBeforeDue(a.line, r.letter, a.GetValidUntil(), a.GetAction()))
	}
	if !slices.Contains(whens, "") {
		when = strings.Join(whens, ", or ")
	}
	if !slices.Contains(days, "") {
		ends = slices.Max(days)
	}
	return when, ends
}
