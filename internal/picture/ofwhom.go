package picture

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Of whom something is asked by the pictures of a matter: an action names readers, and what they are told may
// have ended for some of them since, in part of the area, or for a group. Who is asked is who reads it in their view.

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

// tables are the lines of the tables of some pictures, and for each committee the areas that those of its areas which
// have lines of their own lie in.
type tables struct {
	rows   []*answersv1.Line
	around map[string]map[string][]string
}

func tablesOf(pics []*answersv1.NationalPicture) tables {
	in := tables{tableLines(pics), map[string]map[string][]string{}}
	for _, pic := range pics {
		for _, t := range pic.GetTables() {
			for _, place := range t.GetLinePlaces() {
				if place.GetPart() == nil {
					continue
				}
				if in.around[place.GetCommittee()] == nil {
					in.around[place.GetCommittee()] = map[string][]string{}
				}
				part, outer := notation.AreaOf(place.GetPart()).String(), notation.AreaOf(place.GetArea()).String()
				if of := in.around[place.GetCommittee()]; part != outer && !slices.Contains(of[part], outer) {
					of[part] = append(of[part], outer)
				}
			}
		}
	}
	return in
}

// whom are those of whom a request is asked, by all who ask it: each committee in the order it asks, and apart
// those of whom it is asked otherwise.
func (r *request) whom(m *guidancev1.Matter, in tables) (all []askedOf) {
	var committees []string
	for _, a := range r.by {
		id := a.row.GetCommittee()
		if slices.Contains(committees, id) {
			continue
		}
		committees = append(committees, id)
		for _, one := range r.whomOf(m, id, in) {
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
func (r *request) whomOf(m *guidancev1.Matter, committee string, in tables) (all []askedOf) {
	onIts := func(line *answersv1.Line) bool { return line.GetMeasure() == r.GetMeasure() }
	askedThere := r.GetMeasure() != "" && slices.ContainsFunc(r.by, func(a asked) bool { return a.row.GetCommittee() == committee && onIts(a.row) })
	rows := slices.DeleteFunc(slices.Clone(in.rows), func(row *answersv1.Line) bool {
		return row.GetCommittee() != committee || askedThere && !onIts(row) // of whom it is asked, what is said on its measure tells
	})
	var own []guidancev1.Audience // readers with rows of their own
	for _, row := range rows {
		if onIts(row) && !slices.Contains(own, row.GetAudience()) {
			own = append(own, row.GetAudience())
		}
	}
	to := slices.Clone(r.GetActors())
	for _, reader := range own {
		within := func(a guidancev1.Audience) bool { return guidance.Contains(a, reader) }
		if !slices.Contains(to, reader) && (len(r.GetActors()) == 0 || slices.ContainsFunc(to, within)) {
			to = append(to, reader)
		}
	}
	covered := 0
	ask := func(telling func(guidancev1.Audience) []*answersv1.Line) {
		var read []*readerRows
		for _, reader := range to {
			read = append(read, r.rowsOf(reader, telling(reader), own, in.around[committee]))
		}
		for _, t := range read {
			if len(t.by) == 0 {
				continue
			}
			var inner []*readerRows
			for _, o := range read {
				if o != t && guidance.Contains(t.reader, o.reader) {
					inner = append(inner, o)
				}
			}
			if slices.ContainsFunc(read, func(o *readerRows) bool { return o != t && guidance.Contains(o.reader, t.reader) && r.isCovered(t, o) }) {
				covered++
				continue
			}
			one := r.of(m, t, inner)
			if i := slices.IndexFunc(all, one.isAlike); i >= 0 {
				all[i].to = append(all[i].to, t.reader)
				continue
			}
			one.to = []guidancev1.Audience{t.reader}
			all = append(all, one)
		}
	}
	ask(func(reader guidancev1.Audience) []*answersv1.Line { return r.telling(reader, rows) })
	if all == nil { // it is asked by name alone, of others than the letter's readers
		ask(func(guidancev1.Audience) []*answersv1.Line { return r.rowsThatAsk(rows) })
	}
	if len(r.GetActors()) == 0 && len(all) == 1 && len(all[0].to)+covered == len(to) && len(all[0].among) == 0 {
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
	says, saysTo := false, !slices.Contains(r.GetActors(), reader)
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
