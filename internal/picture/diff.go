package picture

import (
	"slices"

	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Differing are the committees of which two answers of Lines say something different, whatever it is.
// It does not tell what only this node sees differently: feed numbers, recording times, how much is
// missing.
func Differing(before, after []*answersv1.Line) map[string]bool {
	by := func(lines []*answersv1.Line) map[string][]*answersv1.Line {
		of := map[string][]*answersv1.Line{}
		for _, line := range lines {
			of[line.GetCommittee()] = append(of[line.GetCommittee()], line)
		}
		return of
	}
	same := func(a, b *answersv1.Line) bool { return a == b || proto.Equal(asAnyNodeSees(a), asAnyNodeSees(b)) }
	was, is := by(before), by(after)
	differing := map[string]bool{}
	for _, of := range []map[string][]*answersv1.Line{was, is} {
		for committee := range of {
			if !slices.EqualFunc(was[committee], is[committee], same) {
				differing[committee] = true
			}
		}
	}
	return differing
}

// asAnyNodeSees is a line without what differs from node to node, and its words, which tell some of that.
func asAnyNodeSees(line *answersv1.Line) *answersv1.Line {
	line = proto.CloneOf(line)
	var strip func(*answersv1.Line)
	strip = func(line *answersv1.Line) {
		line.Words = ""
		if no := line.GetNoLine(); no != nil {
			no.UnknownEntries = 0
			if no.Reason == answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN {
				no.Reason = answersv1.NoLineReason_NO_LINE_REASON_SILENT
			}
		}
		for _, shown := range listsOf(line) {
			for _, s := range shown.statements {
				s.Feed, s.RecordedTime = 0, nil
			}
		}
		for _, of := range slices.Concat(line.GetGroups(), line.GetPartLines()) {
			strip(of)
		}
	}
	strip(line)
	return line
}
