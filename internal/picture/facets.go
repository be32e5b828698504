package picture

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// facet is one of the answers within a line, each for other readers: the line in general, the
// line for a group, and what is said to part of the readers (domain.md 4.8, 4.10). What changes
// of one is not a change of the others.
type facet struct {
	scope   string              // the group's id; empty: in general
	readers guidancev1.Audience // within those asked for; unspecified: all of them
}

// facetsOf are the answers within a line, the general one first.
func facetsOf(line *answersv1.Line) (order []facet, lines map[facet]*answersv1.Line) {
	if line == nil {
		return nil, nil
	}
	order, lines = []facet{{}}, map[facet]*answersv1.Line{{}: line}
	for _, group := range line.GetGroups() {
		f := facet{scope: group.GetScope().GetId()}
		order, lines[f] = append(order, f), group
	}
	for _, s := range toPartOf(line) {
		for _, readers := range withinOf(line, s) {
			f := facet{s.GetPosition().GetScope().GetId(), readers}
			if lines[f] == nil {
				order, lines[f] = append(order, f), partLine(line, s, readers)
			}
		}
	}
	return order, lines
}

// toPartOf is what is said to part of the readers of a line: beside its answer, or where there
// is none.
func toPartOf(line *answersv1.Line) []*answersv1.Statement {
	return append(slices.Clone(line.GetSaidToPart()), slices.DeleteFunc(slices.Clone(line.GetSaidToOthers()), func(s *answersv1.Statement) bool {
		area := s.GetPosition().GetArea()
		elsewhere := s.GetPredecessor() != "" || area != nil && areaText(area) != areaText(line.GetArea())
		return elsewhere || withinOf(line, s) == nil
	})...)
}

// withinOf are those of a statement's readers who are part of the readers of a line.
func withinOf(line *answersv1.Line, s *answersv1.Statement) (within []guidancev1.Audience) {
	for _, a := range s.GetPosition().GetAudiences() {
		if a != line.GetAudience() && guidance.Contains(line.GetAudience(), a) {
			within = append(within, a)
		}
	}
	return within
}

// partLine is what is said to part of the readers of a line, as a line.
func partLine(line *answersv1.Line, s *answersv1.Statement, readers guidancev1.Audience) *answersv1.Line {
	part := &answersv1.Line{
		Committee: line.GetCommittee(), CommitteeName: line.GetCommitteeName(), CommitteeKind: line.GetCommitteeKind(),
		Matter: line.GetMatter(), Measure: line.GetMeasure(), Audience: readers, Area: line.GetArea(), Scope: s.GetPosition().GetScope(),
		State: answersv1.LineState_LINE_STATE_STATED, Current: s,
	}
	if s.GetPosition().GetProvenance() == guidancev1.Provenance_PROVENANCE_REPORTED {
		part.State = answersv1.LineState_LINE_STATE_REPORTED
	}
	for _, other := range line.GetSaidToPart() {
		if other != s && slices.Contains(withinOf(line, other), readers) && other.GetPosition().GetScope().GetId() == s.GetPosition().GetScope().GetId() {
			part.State, part.Current, part.Contested = answersv1.LineState_LINE_STATE_CONTESTED, nil, append(part.Contested, other)
		}
	}
	if part.Contested != nil {
		part.Contested = append(part.Contested, s)
	}
	return part
}

// holding is the answer that holds for a facet: its own, else that of its readers in general,
// of its group, or of all.
func (f facet) holding(lines map[facet]*answersv1.Line) *answersv1.Line {
	return cmp.Or(lines[f], lines[facet{"", f.readers}], lines[facet{f.scope, 0}], lines[facet{}])
}

// answerText is what a line answers itself, without what stands beside that, the groups and
// the parts of its readers.
func answerText(line *answersv1.Line) string {
	text := short(line.GetState(), "LINE_STATE_") + "\n"
	for _, s := range append(slices.Clip(line.GetContested()), line.GetCurrent()) {
		if s != nil {
			text += statementText("answer", s)
		}
	}
	if no := line.GetNoLine(); no.GetEnded() != "" {
		text += rowText("no-line", short(no.GetReason(), "NO_LINE_REASON_"), no.GetEnded(), no.GetBy())
	}
	return text
}

// beside is a statement that stands beside what a line answers.
type beside struct {
	said        *answersv1.Statement
	words, text string
}

// besideOf is what stands beside what a line answers, without what is an answer to others.
func besideOf(line *answersv1.Line) (all []beside) {
	for _, shown := range listsOf(line) {
		if shown.words == "" {
			continue
		}
		for _, s := range shown.statements {
			toOthers := shown.name == "said-to-others"
			if !toOthers || !slices.Contains(toPartOf(line), s) && !guidance.IsOfGroup(line, s) {
				lead := shown.words
				if toOthers {
					lead = "said to " + guidance.ToWhomWords(s)
				}
				words := fmt.Sprintf("%s: %s (%s, %s)", lead, guidance.StanceNoun(s.GetPosition().GetStance()), s.GetAdvisory(), guidance.RangeWords(s.GetIssued()))
				all = append(all, beside{s, words, statementText(shown.name, s)})
			}
		}
	}
	return all
}

// newBeside is what stands beside the later of two lines and did not beside the earlier.
func newBeside(before, after *answersv1.Line) []beside {
	stood := besideOf(before)
	return slices.DeleteFunc(besideOf(after), func(b beside) bool {
		return slices.ContainsFunc(stood, func(o beside) bool { return o.text == b.text })
	})
}

// BesideWords is what came to stand beside a line, and what no longer does, a phrase each.
func BesideWords(before, after *answersv1.Line) (words []string) {
	for _, b := range newBeside(before, after) {
		words = append(words, b.words)
	}
	for _, b := range newBeside(after, before) {
		words = append(words, "no longer "+b.words)
	}
	return words
}

// group is the group whose answer it is; nil: in general.
func (c answerChange) group() *guidancev1.Scope {
	for _, line := range []*answersv1.Line{c.after, c.before} {
		if c.scope != "" && line.GetScope().GetId() == c.scope {
			return line.GetScope()
		}
	}
	return nil
}
