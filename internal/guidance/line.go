package guidance

import (
	"cmp"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// line puts the answer into a Line, with what it obliges to, warnings and plain words.
func (out answer) line(q query) *answersv1.Line {
	line := &answersv1.Line{
		Committee:         q.committee,
		CommitteeName:     cmp.Or(q.asked.Committee.GetName(), q.committee),
		CommitteeKind:     q.asked.Committee.GetKind(),
		Matter:            q.matter,
		Measure:           q.measure,
		Audience:          q.audience,
		Area:              q.area,
		State:             out.state(),
		Contested:         statements(out.contested),
		Mentions:          statements(out.mentions),
		ReportedSince:     statements(out.reportedSince),
		MayHaveBeenIssued: statements(out.mayBeIssued),
		Waiting:           statements(out.waiting),
	}
	if out.current != nil {
		line.Current = StatementOf(out.current.entry, out.current.position)
		line.Actions = actionsOn(out.current, q)
	}
	if line.State == answersv1.LineState_LINE_STATE_NO_LINE {
		line.NoLine = noLine(q, out.gone)
	}
	oblige(q, line)
	line.Warnings = lineWarnings(q, out)
	line.Words = LineWords(line)
	return line
}

func (out answer) state() answersv1.LineState {
	switch {
	case out.contested != nil:
		return answersv1.LineState_LINE_STATE_CONTESTED
	case out.current == nil:
		return answersv1.LineState_LINE_STATE_NO_LINE
	case out.current.report:
		return answersv1.LineState_LINE_STATE_REPORTED
	case !out.current.mention:
		return answersv1.LineState_LINE_STATE_STATED
	case out.current.position.GetProvenance() == v1.Provenance_PROVENANCE_RELAY:
		return answersv1.LineState_LINE_STATE_RELAYED
	case out.current.position.GetStance() == v1.Stance_STANCE_CONSULTING:
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
		out[i] = StatementOf(s.entry, s.position)
	}
	return out
}

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
	if gone == nil {
		if q.asked.Unknown > 0 || q.day == "" {
			return &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN, UnknownEntries: q.asked.Unknown}
		}
		return &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_SILENT}
	}
	out := &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_REPLACED, Since: gone.since, Ended: gone.assertion.entry.ID}
	switch gone.how {
	case withdrawn:
		out.Reason = answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN
	case expired:
		out.Reason = answersv1.NoLineReason_NO_LINE_REASON_EXPIRED
	}
	if gone.by != nil {
		out.By = gone.by.ID
	}
	return out
}
