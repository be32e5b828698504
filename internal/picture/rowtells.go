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

// readerRows is what the rows of some readers tell them of a request, on each measure and in each area.
type readerRows struct {
	reader          guidancev1.Audience
	rows, by        []*answersv1.Line // by: those that ask it
	measures, areas []string
	names           map[string]string
	tables          map[string]map[string]rowTells // by measure, then by area; empty: the rest of it, or all
	around          map[string][]string            // the areas that an area lies in
}

func (r *request) rowsOf(reader guidancev1.Audience, rows []*answersv1.Line, apart []guidancev1.Audience, around map[string][]string) *readerRows {
	t := &readerRows{reader: reader, rows: rows, names: map[string]string{}, tables: map[string]map[string]rowTells{}, around: around}
	for _, row := range rows {
		area := ""
		if row.GetArea() != nil {
			area = notation.AreaOf(row.GetArea()).String()
			t.names[area] = guidance.AreaWords(row.GetArea(), row.GetAreaName())
			addNew(&t.areas, area)
		}
		if t.tables[row.GetMeasure()] == nil {
			t.measures, t.tables[row.GetMeasure()] = append(t.measures, row.GetMeasure()), map[string]rowTells{}
		}
		of := r.tells(row, reader, apart)
		t.tables[row.GetMeasure()][area] = t.tables[row.GetMeasure()][area].and(of)
		if of.all || of.some != nil {
			t.by = append(t.by, row)
		}
	}
	return t
}

// in is what any table tells in an area: in a table without a row of it, what that tells around it.
func (t *readerRows) in(area string) (of rowTells) {
	for _, measure := range t.measures {
		table := t.tables[measure]
		here, known := table[area]
		for _, outer := range t.around[area] {
			if !known {
				here, known = table[outer]
			}
		}
		if !known {
			here = table[""]
		}
		of = of.and(here)
	}
	return of
}

// toAll: somewhere it is asked of them all.
func (t *readerRows) toAll() bool {
	return t.in("").all || slices.ContainsFunc(t.areas, func(area string) bool { return t.in(area).all })
}

// asks: it is asked of them in an area.
func (t *readerRows) asks(area string) bool {
	of := t.in(area)
	return of.all || !t.toAll() && of.some != nil
}

// without are the words of those within some readers who are told of it by rows of their own, and not asked it where these are.
func (t *readerRows) without(inner *readerRows) string {
	var not []string
	asked := inner.asks("")
	for _, area := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(t.areas, inner.areas)))) {
		switch is := inner.asks(area); {
		case !t.asks(area):
		case is:
			asked = true
		default:
			not = append(not, cmp.Or(inner.names[area], t.names[area]))
		}
	}
	rest := t.asks("") && !inner.asks("")
	words := guidance.AudienceWords(inner.reader)
	switch {
	case !rest && not == nil:
		return ""
	case !asked:
		return "not " + words
	case rest:
		return "not " + words + " elsewhere"
	}
	return "not " + words + " in " + notation.List(not)
}

// isCovered: wherever it is asked of some readers, it is asked of all of others around them, with the same lines as to from
// when and until when.
func (r *request) isCovered(t, outer *readerRows) bool {
	for _, area := range slices.Concat([]string{""}, t.areas, outer.areas) {
		if t.asks(area) && !outer.in(area).all {
			return false
		}
	}
	if len(outer.by) == 0 {
		return false
	}
	when, ends := r.whenAsked(t.by)
	asWhen, asEnds := r.whenAsked(outer.by)
	return when == asWhen && ends == asEnds
}

// of is how some readers are asked it by the rows that tell them, with those within them who are not.
func (r *request) of(m *guidancev1.Matter, t *readerRows, inner []*readerRows) (one askedOf) {
	rest, toAll := t.in(""), t.toAll()
	var asked, askedIn, not, notApart, also, some []string
	for _, area := range t.areas {
		if t.asks(area) {
			asked, askedIn, some = append(asked, t.names[area]), append(askedIn, area), append(some, t.in(area).some...)
		}
	}
	for _, area := range t.areas {
		if t.asks(area) {
			continue
		}
		not = append(not, "not in "+t.names[area])
		isAround := slices.ContainsFunc(askedIn, func(in string) bool { return slices.Contains(t.around[in], area) })
		if !isAround && !r.isApart(t.rows, area, t.by) { // whoever is in both is told, and asked, what stands of the two
			notApart = append(notApart, "not in "+t.names[area])
		}
		for _, words := range t.in(area).some {
			also = append(also, "but also "+words+" in "+t.names[area])
		}
	}
	switch {
	case t.asks("") && r.GetArea() != nil: // which has no row, for it is no more
		some, one.among = append(some, rest.some...), r.inArea()
	case t.asks(""):
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
	addNew(&one.among, r.ofGroup(m, t.by))
	if !toAll && r.GetScope() == "" {
		slices.Sort(some)
		one.among = append(one.among, strings.Join(slices.Compact(some), " or "))
	}
	addNew(&one.among, append(besideAll(t.tables, t.measures), also...)...)
	for _, of := range inner {
		addNew(&one.among, t.without(of))
	}
	one.when, one.ends = r.whenAsked(t.by)
	addNew(&one.among, r.someAgain(t, one.when)...)
	turns, goesOn := map[string][]string{}, []string(nil) // by measure; and those on which it does not end before it is due
	for _, a := range r.by {
		if slices.Contains(t.by, a.row) {
			var says []string
			in := ""
			for _, of := range guidance.TurnsAhead(a.line, r.letter, a.GetAction()) {
				says = append(says, of.Words)
			}
			ends := guidance.EndsBeforeDue(a.line, r.letter, a.GetValidUntil(), a.GetAction())
			if ends == "" {
				goesOn = append(goesOn, a.row.GetMeasure())
			}
			if a.row.GetArea() != nil {
				in = " in " + guidance.AreaWords(a.row.GetArea(), a.row.GetAreaName())
				if ends != one.ends && a.line == a.row { // as it does not elsewhere
					says = append(says, guidance.EndsWords(ends))
				}
			}
			for _, words := range says {
				turns[a.row.GetMeasure()] = append(turns[a.row.GetMeasure()], words+in)
			}
		}
	}
	for _, measure := range slices.Sorted(maps.Keys(turns)) {
		for _, words := range turns[measure] {
			if !slices.ContainsFunc(goesOn, func(measure string) bool { return !slices.Contains(turns[measure], words) }) {
				addNew(&one.among, words)
			}
		}
	}
	return one
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

// tells is what a row tells some readers of it. What those within them who have rows of their own are asked, these tell.
func (r *request) tells(row *answersv1.Line, reader guidancev1.Audience, apart []guidancev1.Audience) rowTells {
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
		if isApart := slices.Contains(apart, to); !isApart || scope != "" && of.all {
			tell(part, words)
		}
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
