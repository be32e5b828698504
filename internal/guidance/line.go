package guidance

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// line puts an answer into a Line, with what it obliges to, warnings and plain words.
func (p *Prepared) line(q query, out answer) *answersv1.Line {
	line := &answersv1.Line{
		Committee:         q.committee,
		CommitteeName:     nameOf(q.asked.Committee),
		CommitteeKind:     q.asked.Committee.GetKind(),
		Matter:            q.matter,
		Measure:           q.measure,
		Audience:          q.audience,
		Area:              q.area,
		State:             stateOf(out),
		Contested:         statements(out.contested),
		Beside:            statements(out.mentions),
		ReportedSince:     statements(out.reportedSince),
		MayHaveBeenIssued: statements(out.mayBeIssued),
		Waiting:           statements(out.waiting),
	}
	if out.current != nil {
		line.Current = statement(out.current)
		line.Actions = actionsOn(out.current, q)
	}
	if line.State == answersv1.LineState_LINE_STATE_NO_LINE {
		line.NoLine = noLine(q, out.gone)
	}
	p.oblige(q, line)
	line.Warnings = lineWarnings(q, out)
	line.Words = LineWords(line)
	return line
}

func nameOf(c *v1.Committee) string {
	if c.GetName() != "" {
		return c.GetName()
	}
	return c.GetId()
}

// stateOf says what kind of answer it is.
func stateOf(out answer) answersv1.LineState {
	switch {
	case out.contested != nil:
		return answersv1.LineState_LINE_STATE_CONTESTED
	case out.current == nil:
		return answersv1.LineState_LINE_STATE_NO_LINE
	case out.current.report:
		return answersv1.LineState_LINE_STATE_REPORTED
	case out.current.mention:
		return mentionState(out.current.position)
	}
	return answersv1.LineState_LINE_STATE_STATED
}

func mentionState(p *v1.Position) answersv1.LineState {
	switch {
	case p.GetProvenance() == v1.Provenance_PROVENANCE_RELAY:
		return answersv1.LineState_LINE_STATE_RELAYED
	case p.GetStance() == v1.Stance_STANCE_CONSULTING:
		return answersv1.LineState_LINE_STATE_CONSULTING
	}
	return answersv1.LineState_LINE_STATE_MENTIONED
}

func statements(list []*assertion) []*answersv1.Statement {
	if len(list) == 0 {
		return nil
	}
	out := make([]*answersv1.Statement, len(list))
	for i, s := range list {
		out[i] = statement(s)
	}
	return out
}

func statement(s *assertion) *answersv1.Statement { return StatementOf(s.entry, s.position) }

// StatementOf is a position of an advisory or a report with where it was said. The
// messages of the entry are shared, not copied: whoever changes a statement changes it.
func StatementOf(e *Entry, position *v1.Position) *answersv1.Statement {
	out := &answersv1.Statement{
		Position: position, Advisory: e.ID, Office: e.Office, Issued: e.Issued(),
		Title: e.Advisory.GetTitle(), Notice: e.Advisory.GetNotice(),
		LoggedTime: stamp(e.Logged), RecordedTime: stamp(e.Recorded), Feed: e.Feed,
	}
	if r := e.Report; r != nil {
		out.Title, out.Notice, out.Source = r.GetSource().GetTitle(), r.GetNotice(), r.GetSource()
	}
	return out
}

func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// actionsOn is what the current advisory asks for on the measure asked about: its
// actions on that measure and on the whole of the matter; for the whole matter, all
// its actions on the matter.
func actionsOn(s *assertion, q query) []*v1.Action {
	advisory := s.entry.Advisory
	if advisory == nil {
		return nil
	}
	var out []*v1.Action
	for _, action := range advisory.GetActions() {
		onMatter := actionMatter(advisory, action) == q.matter
		onMeasure := q.measure == "" || action.GetMeasure() == "" || action.GetMeasure() == q.measure
		if onMatter && onMeasure {
			out = append(out, action)
		}
	}
	return out
}

// actionMatter is the matter an action belongs to: its own, else the first position's.
func actionMatter(advisory *v1.Advisory, action *v1.Action) string {
	if action.GetMatter() != "" || len(advisory.GetPositions()) == 0 {
		return action.GetMatter()
	}
	return advisory.GetPositions()[0].GetMatter()
}

// noLine says why nothing is left (domain.md 4.7). Where nothing ended, it is silence,
// but only if everything of the committee's offices is here and may be read; what was
// said for other readers, or is not valid yet, does not make it anything else.
func noLine(q query, gone *ended) *answersv1.NoLine {
	switch {
	case gone != nil:
		out := &answersv1.NoLine{Reason: goneReason(gone.how), Since: gone.since, Ended: gone.assertion.entry.ID}
		if gone.by != nil {
			out.By = gone.by.ID
		}
		return out
	case q.asked.Unknown > 0 || q.day == "":
		return &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN, UnknownEntries: q.asked.Unknown}
	}
	return &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_SILENT}
}

func goneReason(how endingKind) answersv1.NoLineReason {
	switch how {
	case withdrawn:
		return answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN
	case expired:
		return answersv1.NoLineReason_NO_LINE_REASON_EXPIRED
	}
	return answersv1.NoLineReason_NO_LINE_REASON_REPLACED
}
