package picture

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Of whom something is asked by the pictures of a matter: an action names readers, and what they are told may
// have ended for some of them since, in part of the area, or for a group. Who is asked is who reads it in their view.

// asked is one time that a committee asks something on a measure.
type asked struct {
	*answersv1.StandingRequest                 // with its letter
	row                        *answersv1.Line // of a table
	line                       *answersv1.Line // that asks it: the row's, or one of a group or of part of the readers
}

// askedIn is all that is asked by some lines of tables: of all, of groups and of part of the readers.
func askedIn(rows []*answersv1.Line) (all []asked) {
	for _, row := range rows {
		var of func(line *answersv1.Line)
		of = func(line *answersv1.Line) {
			for _, act := range line.GetActions() {
				all = append(all, asked{&answersv1.StandingRequest{Action: act, Advisory: line.GetCurrent().GetAdvisory(), ValidUntil: line.GetCurrent().GetPosition().GetValidUntil()}, row, line})
			}
			for _, also := range line.GetAlsoAsked() {
				all = append(all, asked{also, row, line})
			}
			for _, part := range slices.Concat(line.GetGroups(), line.GetPartLines()) {
				of(part)
			}
		}
		of(row)
	}
	return all
}

// tableLines are the lines of the tables of some pictures: the national one, those of LMCs and of other bodies.
func tableLines(pics []*answersv1.NationalPicture) (rows []*answersv1.Line) {
	for _, pic := range pics {
		for _, t := range pic.GetTables() {
			for _, line := range slices.Concat([]*answersv1.Line{t.GetNational()}, t.GetLines(), t.GetOtherBodies()) {
				if line != nil {
					rows = append(rows, line)
				}
			}
		}
	}
	return rows
}

// isSame: two ask the same by one letter, be it with a text or without.
func isSame(a, b *guidancev1.Action) bool {
	bare := func(act *guidancev1.Action) *guidancev1.Action {
		act = proto.CloneOf(act)
		act.Template, act.Committees = "", nil
		return act
	}
	return proto.Equal(bare(a), bare(b))
}

// request is what one letter asks, by all the lines that ask it.
type request struct {
	*guidancev1.Action
	letter string
	by     []asked
}

// requestsIn are what letters ask by the lines of tables, each once, in the order it stands there.
func requestsIn(rows []*answersv1.Line) (requests []*request) {
	for _, a := range askedIn(rows) {
		i := slices.IndexFunc(requests, func(r *request) bool { return r.letter == a.GetAdvisory() && isSame(r.Action, a.GetAction()) })
		if i < 0 {
			i, requests = len(requests), append(requests, &request{Action: a.GetAction(), letter: a.GetAdvisory()})
		}
		requests[i].by = append(requests[i].by, a)
	}
	return requests
}

// askedOf is of whom some committees ask something: of which readers, and whom among these; with which line that does
// not hold yet, and the day on which the line that asks it ends before it is due.
type askedOf struct {
	committees, names []string
	to                []guidancev1.Audience
	among             []string
	when, ends        string
}

func (a askedOf) isSame(b askedOf) bool {
	return slices.Equal(a.to, b.to) && a.isAlike(b)
}

// isAlike: of other readers, it is asked alike.
func (a askedOf) isAlike(b askedOf) bool {
	return slices.Equal(a.among, b.among) && a.when == b.when && a.ends == b.ends
}

// whom are those of whom a request is asked, by all who ask it: each committee in the order it asks, and apart
// those of whom it is asked otherwise.
func (r *request) whom(m *guidancev1.Matter, rows []*answersv1.Line) (all []askedOf) {
	var committees []string
	for _, a := range r.by {
		id := a.row.GetCommittee()
		if slices.Contains(committees, id) {
			continue
		}
		committees = append(committees, id)
		for _, one := range r.whomOf(m, id, rows) {
			i := slices.IndexFunc(all, one.isSame)
			if i < 0 {
				i, all = len(all), append(all, one)
			}
			all[i].committees, all[i].names = append(all[i].committees, id), append(all[i].names, cmp.Or(a.row.GetCommitteeName(), id))
		}
	}
	return all
}

// whomOf are those of whom one committee asks it.
func (r *request) whomOf(m *guidancev1.Matter, committee string, rows []*answersv1.Line) (all []askedOf) {
	onIts := func(line *answersv1.Line) bool { return line.GetMeasure() == r.GetMeasure() }
	own := r.GetMeasure() != "" && slices.ContainsFunc(r.by, func(a asked) bool { return a.row.GetCommittee() == committee && onIts(a.row) })
	rows = slices.DeleteFunc(slices.Clone(rows), func(row *answersv1.Line) bool {
		return row.GetCommittee() != committee || own && !onIts(row) // of whom it is asked, what is said on its measure tells
	})
	to := r.GetActors()
	if len(to) == 0 {
		for _, row := range rows {
			if onIts(row) && !slices.Contains(to, row.GetAudience()) {
				to = append(to, row.GetAudience())
			}
		}
	}
	ask := func(telling func(guidancev1.Audience) []*answersv1.Line) {
		for _, reader := range to {
			one, is := r.of(m, reader, telling(reader))
			if !is {
				continue
			}
			if i := slices.IndexFunc(all, one.isAlike); i >= 0 {
				all[i].to = append(all[i].to, reader)
				continue
			}
			one.to = []guidancev1.Audience{reader}
			all = append(all, one)
		}
	}
	ask(func(reader guidancev1.Audience) []*answersv1.Line { return r.telling(reader, rows) })
	if all == nil { // it is asked by name alone, of others than the letter's readers
		ask(func(guidancev1.Audience) []*answersv1.Line { return r.rowsThatAsk(rows) })
	}
	if len(r.GetActors()) == 0 && len(all) == 1 && len(all[0].to) == len(to) {
		all[0].to = nil // the letter does not say, and it is asked of whomever that is for
	}
	return all
}

// rowsThatAsk are those of some rows that ask it, of any of their readers.
func (r *request) rowsThatAsk(rows []*answersv1.Line) []*answersv1.Line {
	return slices.DeleteFunc(slices.Clone(rows), func(row *answersv1.Line) bool {
		return !slices.ContainsFunc(r.by, func(a asked) bool { return a.row == row })
	})
}

// telling are those of a committee's rows that tell whether a reader is asked: the reader's own, or the nearest around
// them; where these never had a line, and the letter says nothing to them, those that ask it, for it asks them by name.
func (r *request) telling(reader guidancev1.Audience, rows []*answersv1.Line) []*answersv1.Line {
	says, saysTo := false, false
	for _, row := range rows {
		saysTo = saysTo || row.GetAudience() == reader && row.GetNoLine().GetEnded() == r.letter
		for _, st := range saidBy(row) {
			if st.GetAdvisory() != r.letter {
				continue
			}
			says = true
			saysTo = saysTo || slices.ContainsFunc(guidance.SaidTo(st), func(a guidancev1.Audience) bool {
				return guidance.Contains(a, reader) || guidance.Contains(reader, a)
			})
		}
	}
	for _, isNear := range []func(guidancev1.Audience) bool{
		func(a guidancev1.Audience) bool { return a == reader },
		func(a guidancev1.Audience) bool { return guidance.Contains(a, reader) },
		func(a guidancev1.Audience) bool { return guidance.Contains(reader, a) },
	} {
		near := slices.DeleteFunc(slices.Clone(rows), func(row *answersv1.Line) bool { return !isNear(row.GetAudience()) })
		hasLine := func(row *answersv1.Line) bool { // or had one, which ended or lapsed
			return row.GetState() != answersv1.LineState_LINE_STATE_NO_LINE || row.GetNoLine().GetEnded() != ""
		}
		if len(near) > 0 && (saysTo || !says || slices.ContainsFunc(near, hasLine) || len(r.rowsThatAsk(near)) > 0) {
			return near
		}
	}
	return r.rowsThatAsk(rows)
}

// saidBy are what a line answers by, and all that stands beside it.
func saidBy(line *answersv1.Line) (said []*answersv1.Statement) {
	said = append(statements(line), line.GetCurrent())
	said = append(said, line.GetContested()...)
	for _, of := range slices.Concat(line.GetGroups(), line.GetPartLines()) {
		said = append(append(said, of.GetCurrent()), of.GetContested()...)
	}
	return slices.DeleteFunc(said, func(st *answersv1.Statement) bool { return st == nil })
}

// rowTells is what a row tells some readers of a request: it is asked of them all, but for those of whom words say
// otherwise; of some among them; or of nobody.
type rowTells struct {
	known, all   bool
	some, beside []string
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
		of, was := r.tells(row, reader), tables[row.GetMeasure()][area]
		tables[row.GetMeasure()][area] = rowTells{true, of.all || was.all, append(was.some, of.some...), append(was.beside, of.beside...)}
		if of.all || of.some != nil {
			by = append(by, row)
		}
	}
	if len(by) == 0 {
		return askedOf{}, false
	}
	in := func(area string) (of rowTells) { // what any table tells there
		for _, m := range measures {
			here, known := tables[m][area]
			if !known {
				here = tables[m][""]
			}
			of.known, of.all, of.some = of.known || here.known, of.all || here.all, append(of.some, here.some...)
		}
		return of
	}
	rest := in("")
	toAll := rest.all || slices.ContainsFunc(areas, func(area string) bool { return in(area).all })
	asks := func(of rowTells) bool { return of.all || !toAll && of.some != nil }
	var asked, not, also, some []string
	for _, area := range areas {
		switch of := in(area); {
		case asks(of):
			asked, some = append(asked, names[area]), append(some, of.some...)
		default:
			not = append(not, "not in "+names[area])
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
		one.among = append([]string{"in " + notation.List(asked)}, not...)
		for _, words := range rest.some {
			also = append(also, "but also "+words+" elsewhere")
		}
	default:
		one.among = r.inArea()
	}
	one.among = append(one.among, r.ofGroup(m, by)...)
	if !toAll && r.GetScope() == "" {
		slices.Sort(some)
		one.among = append(one.among, strings.Join(slices.Compact(some), " or "))
	}
	for _, words := range append(besideAll(tables, measures), also...) {
		if !slices.Contains(one.among, words) {
			one.among = append(one.among, words)
		}
	}
	one.when, one.ends = r.whenAsked(by)
	return one, true
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
		return line.GetCurrent() != nil && line.GetCurrent().GetAdvisory() != r.letter
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
		readers := guidance.ReadersOf(part)
		if scope == "" && reader != row.GetAudience() && slices.ContainsFunc(readers, func(a guidancev1.Audience) bool { return guidance.Contains(a, reader) }) {
			switch asks := r.isBy(part); {
			case asks || !byOther(part):
				return rowTells{known: true, all: asks}
			case of.all:
				of.beside = append(of.beside, "but as their own line says")
			}
			continue
		}
		readers = slices.DeleteFunc(slices.Clone(readers), func(a guidancev1.Audience) bool {
			return a == reader || !guidance.Contains(reader, a) || slices.Contains(r.GetActors(), a)
		})
		if len(readers) == 0 {
			continue
		}
		words := guidance.AudiencesWords(readers)
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

// ofGroup is the group that it names, as a matter, a letter or one of the rows that ask it has words for that.
func (r *request) ofGroup(m *guidancev1.Matter, by []*answersv1.Line) []string {
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
	return slices.DeleteFunc([]string{guidance.OfWhichGroup(r.Action, groups, listed...)}, func(s string) bool { return s == "" })
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
		days = append(days, guidance.EndsBeforeDue(a.line, r.letter, a.GetValidUntil(), r.GetDue()))
	}
	if !slices.Contains(whens, "") {
		when = strings.Join(whens, ", or ")
	}
	if !slices.Contains(days, "") {
		ends = slices.Max(days)
	}
	return when, ends
}
