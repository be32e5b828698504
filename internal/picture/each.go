package picture

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What is asked of each reader of the reader's own committee: a page tells them side by side.

// linesOf are a committee's lines on a measure. Of the reader's own they tell of each group, part of
// the readers and part of the area all that is asked of it.
func (r *resolver) linesOf(c Committee, measure string, readers guidancev1.Audience) []*answersv1.Line {
	lines := r.lines(c, measure, readers)
	if !r.isOwn(c) {
		return lines
	}
	lines = slices.Clone(lines)
	for i, line := range lines {
		lines[i] = proto.CloneOf(line)
	}
	if rest := lines[0]; r.in.Practice == "" && r.in.Area == nil && rest.GetArea() == nil {
		r.addParts(c, rest)
	}
	for _, line := range lines {
		r.askEach(c, line, question{measure: measure, readers: readers})
	}
	return lines
}

// askEach puts with each group's line of an answer, and with that for part of the readers, all that other
// letters ask of them, what is asked of all readers too: whoever puts these lines on one page has to know
// whom of all something is not asked of.
func (r *resolver) askEach(c Committee, line *answersv1.Line, asked question) {
	for i, of := range slices.Concat(line.GetGroups(), line.GetPartLines()) {
		q := asked
		q.area, q.scope = notation.AreaOf(of.GetArea()), cmp.Or(of.GetScope().GetId(), asked.scope)
		isPart := i >= len(line.GetGroups())
		if isPart {
			q.readers = of.GetAudience()
		}
		asked := pick(r.resolve(r.asking(c, q)), q.area, r.in.Area)
		if asked == nil || !proto.Equal(asked.GetCurrent(), of.GetCurrent()) {
			continue // of the rest of an area that has none for them
		}
		ofOthers := func(also *answersv1.StandingRequest) bool {
			return isPart && guidance.IsOfOthers(also.GetAction(), []guidancev1.Audience{of.GetAudience()})
		}
		of.AlsoAsked = slices.DeleteFunc(slices.Clone(asked.GetAlsoAsked()), ofOthers)
	}
}

// addParts adds to the line for all of an area those for part of the readers in the parts of it in
// which they are asked something else: what is asked of all there does not differ.
func (r *resolver) addParts(c Committee, rest *answersv1.Line) {
	for _, of := range slices.Clone(rest.GetPartLines()) {
		if of.GetArea() != nil {
			continue
		}
		q := question{measure: rest.GetMeasure(), readers: of.GetAudience(), scope: of.GetScope().GetId()}
		for _, part := range r.resolve(r.asking(c, q)) {
			known := func(o *answersv1.Line) bool {
				return proto.Equal(o.GetArea(), part.GetArea()) && o.GetAudience() == part.GetAudience() && o.GetScope().GetId() == part.GetScope().GetId()
			}
			if proto.Equal(part.GetCurrent(), of.GetCurrent()) && !slices.ContainsFunc(rest.GetPartLines(), known) {
				part = proto.CloneOf(part)
				part.SaidToPart, part.PartLines = nil, nil
				rest.PartLines = append(rest.PartLines, part)
			}
		}
	}
}
