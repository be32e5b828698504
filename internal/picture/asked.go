package picture

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What is asked by the pictures of a matter, each thing that a letter asks once; ofwhom.go says of whom.

// asked is one time that a committee asks something on a measure.
type asked struct {
	*answersv1.StandingRequest                 // with its letter
	row                        *answersv1.Line // of a table
	line                       *answersv1.Line // that asks it: the row's, or one of a group or of part of the readers
}

// askedIn is all that is asked by some lines of tables, or will be again: of all, of groups and of part of the readers.
func askedIn(rows []*answersv1.Line) (all []asked) {
	for _, row := range rows {
		var of func(line *answersv1.Line)
		of = func(line *answersv1.Line) {
			for _, one := range slices.Concat(requestsOf(line), line.GetAskedAgain()) {
				all = append(all, asked{one, row, line})
			}
			for _, part := range slices.Concat(line.GetGroups(), line.GetPartLines()) {
				of(part)
			}
		}
		of(row)
	}
	return all
}

// linesIn are the lines of a table: the national one, those of LMCs and of other bodies.
func linesIn(t *answersv1.NationalTable) []*answersv1.Line {
	all := slices.Concat([]*answersv1.Line{t.GetNational()}, t.GetLines(), t.GetOtherBodies())
	return slices.DeleteFunc(all, func(line *answersv1.Line) bool { return line == nil })
}

// tableLines are the lines of the tables of some pictures.
func tableLines(pics []*answersv1.NationalPicture) (rows []*answersv1.Line) {
	for _, pic := range pics {
		for _, t := range pic.GetTables() {
			rows = append(rows, linesIn(t)...)
		}
	}
	return rows
}

// isSameRequest: two ask the same by one letter, be it with a text or without.
func isSameRequest(a, b *guidancev1.Action) bool {
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
		i := slices.IndexFunc(requests, func(r *request) bool { return r.letter == a.GetAdvisory() && isSameRequest(r.Action, a.GetAction()) })
		if i < 0 {
			i, requests = len(requests), append(requests, &request{Action: a.GetAction(), letter: a.GetAdvisory()})
		}
		requests[i].by = append(requests[i].by, a)
	}
	return slices.DeleteFunc(slices.Clone(requests), func(r *request) bool { // their own rows tell it as the letter has it
		return slices.ContainsFunc(requests, r.isMarkedCopy)
	})
}

// isMarkedCopy: it is what another is, as a line for all marks what part of its readers are asked: with whom, where and of which
// group, where the letter does not say so.
func (r *request) isMarkedCopy(of *request) bool {
	if of == r || of.letter != r.letter {
		return false
	}
	as := proto.CloneOf(of.Action)
	others := func(a guidancev1.Audience) bool {
		return !slices.ContainsFunc(of.GetActors(), func(outer guidancev1.Audience) bool { return guidance.Contains(outer, a) })
	}
	if len(r.GetActors()) > 0 && (len(as.GetActors()) == 0 || !slices.ContainsFunc(r.GetActors(), others)) {
		as.Actors = r.GetActors()
	}
	if as.GetArea() == nil {
		as.Area = r.GetArea()
	}
	as.Scope = cmp.Or(as.GetScope(), r.GetScope())
	return isSameRequest(as, r.Action)
}
