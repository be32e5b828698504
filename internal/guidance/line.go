package guidance

import (
	"cmp"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// line puts an answer into a Line, with what it obliges to, warnings and plain words.
func (p *Prepared) line(q query, out answer) *answersv1.Line {
	line := &answersv1.Line{
		Committee:     q.committee,
		CommitteeName: cmp.Or(q.asked.Committee.GetName(), q.committee),
		CommitteeKind: q.asked.Committee.GetKind(),
		Matter:        q.matter,
		Measure:       q.measure,
		Audience:      q.audience,
		Area:          q.area,
		Practice:      q.practice,
		State:         out.state(),
	}
	for _, s := range out.contested { // one of each office
		line.Contested = append(line.Contested, p.statement(q, s))
	}
	line.Mentions = p.beside(q, line, slices.Concat(out.nearer, out.mentions, out.besides))
	line.ReportedSince = p.beside(q, line, out.reportedSince)
	line.ReportedEarlier = p.beside(q, line, out.reportedEarlier)
	line.MayHaveBeenIssued = p.beside(q, line, out.mayBeIssued)
	line.Waiting = p.beside(q, line, out.waiting)
	line.NotYet = p.beside(q, line, out.notYet)
	toOthers := slices.Concat(out.reason.toOthers, out.others)
	line.SaidToOthers = p.beside(q, line, toOthers)
	for i, shown := range line.SaidToOthers {
		shown.Readers = out.reason.leftTo[toOthers[i]]
	}
	line.UnknownAreas = p.beside(q, line, out.unknownAreas)
	line.SaidToPart = p.beside(q, line, out.toPart)
	never := p.overtaken(q, out.notYet)
	for i, shown := range line.NotYet {
		shown.Overtaken = slices.Contains(never, out.notYet[i])
	}
	if q.area != nil {
		line.AreaName = p.reg.AreaName(q.area)
	}
	for _, side := range line.Contested {
		side.OfficeName = p.reg.OfficeName(side.Office)
	}
	answering := out.contested
	if out.current != nil {
		line.Current = p.statement(q, out.current)
		line.Actions = out.actions
		line.ByWholeMatter = q.measure != "" && out.current.position.GetMeasure() == ""
		line.Effects = effectsOn(q, out.current)
		answering = []*assertion{out.current}
	}
	if len(answering) > 0 {
		line.Scope = answering[0].position.GetScope()
	}
	if line.State == answersv1.LineState_LINE_STATE_NO_LINE {
		line.NoLine = noLine(q, out.reason)
		if gone := out.reason.gone; gone != nil { // why
			line.Scope = gone.assertion.position.GetScope()
			if gone.how == lapsed {
				line.Effects = effectsOn(q, gone.assertion)
			}
		}
	}
	for _, of := range slices.Concat(out.alsoAsked, out.partAsked) {
		ask := p.standingRequest(q, of)
		if !of.now {
			ask.WaitsFor = waitsFor(of.assertion.position)
		}
		if of.assertion.from > q.day && !of.now {
			ask.ValidFrom = of.assertion.from
		}
		line.AlsoAsked = append(line.AlsoAsked, ask)
	}
	var former grouped[*v1.Position, *assertion] // one of all the committees that merged
	for _, s := range out.formerAreas {
		former.add(s.position, s)
	}
	line.MoreStatements += int32(max(0, len(former.keys)-StatementLimit))
	for _, position := range former.keys[:min(len(former.keys), StatementLimit)] {
		line.FormerAreas = append(line.FormerAreas, p.formerArea(line, q, former.members[position]))
	}
	for _, group := range out.groups {
		line.Groups = append(line.Groups, p.line(q, group))
	}
	answered := map[*assertion][]v1.Audience{} // by what is said to part of the readers
	for _, part := range out.parts {
		of := p.line(part.asked, part.answer)
		if s := part.answer.current; s != nil {
			answered[s] = append(answered[s], part.asked.audience)
		}
		line.PartLines = append(line.PartLines, of)
	}
	for i, shown := range line.SaidToPart {
		if to := answered[out.toPart[i]]; to != nil {
			shown.Readers = out.toPart[i].leftTo(q.audience, to)
		}
	}
	if out.contested != nil {
		answering = nil // none of them is the committee's
	}
	var thinking *assertion
	for i, list := range [3][]*assertion{out.nearer, answering, out.mentions} {
		for _, s := range list {
			ownWord := !s.report || i == 1 // of a report what it answers with, and no more
			if s.position.GetOpinion() == v1.Opinion_OPINION_UNSPECIFIED || !ownWord || s.position.GetProvenance() == v1.Provenance_PROVENANCE_RELAY {
				continue
			}
			nearer := thinking != nil && thinking.position.GetMeasure() == "" && s.position.GetMeasure() != "" && s.issued.latest >= thinking.issued.latest
			if thinking == nil || nearer {
				thinking, line.Opinion = s, s.position.GetOpinion()
			}
		}
	}
	line.MoreGroups = int32(out.moreGroups)
	oblige(q, line)
	if gone := out.reason.gone; gone != nil && gone.how == expired {
		line.Effects = saidOfAfter(gone.assertion.until, effectsOn(q, gone.assertion))
	}
	line.Warnings = p.lineWarnings(q, out)
	if s := out.current; s != nil {
		own := q
		own.scope = s.scope // of a group that is told the general line, as that ends
		if end, later := p.endsLater(own, s); later {
			w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDS_LATER, Measure: q.measure, Entry: s.entry.ID, By: end.by.ID, From: end.from}
			if end.how == amended { // its letter may go on elsewhere
				w.Consequence = answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS
			}
			here := own
			if own = own.ahead(end.from); end.by.Withdrawal != nil { // what another letter says from then on is told with that
				if is := p.answerUnnamed(own); is.current != nil && !is.current.mention && is.current.entry != s.entry {
					w.Instead, w.Stance, w.Asks = is.current.entry.ID, is.current.position.GetStance(), quotedAsks(is.askedWith(own))
				}
			}
			for _, day := range p.countsAgain(s.entry, end.from) {
				if is := p.answerUnnamed(own.ahead(day)); is.current == s {
					w.AgainFrom = day
					break
				}
			}
			line.Warnings = append(line.Warnings, warning(w))
			if between := p.answerUnnamed(here.ahead(s.until)); s.until >= end.from && between.current == nil { // that does not undo what it stops
				for _, w := range p.afterLastDay(here, &out) {
					w.By, w.Until = "", ""
					line.Warnings = append(line.Warnings, warning(w))
				}
			}
		} else if s.until != "" {
			line.Warnings = append(line.Warnings, p.afterLastDay(own, &out)...)
		}
	}
	line.Warnings = append(line.Warnings, p.stoppedUntil(q, &out)...)
	line.Warnings = append(line.Warnings, p.askedUntil(q, &out, line)...)
	line.AskedOn = p.askedOn(q, &out, line)
	if line.AskedAgain = out.again; out.again == nil {
		line.AskedAgain = p.askedAgain(q, &out)
	}
	line.Words = LineWords(line)
	return line
}

// saidOfAfter are the effects that a letter gives for days behind the last on which it is valid:
// what it says follows then, though its line is over.
func saidOfAfter(until string, effects []*v1.DatedEffect) (after []*v1.DatedEffect) {
	for _, e := range effects {
		if e.GetValidFrom() > until {
			after = append(after, e)
		}
	}
	return after
}

// formerArea is a position on areas that are no more, said for one committee or for several that merged, with what
// stands there now.
func (p *Prepared) formerArea(line *answersv1.Line, q query, said []*assertion) *answersv1.FormerArea {
	former := &answersv1.FormerArea{Statement: p.statement(q, said[0])}
	var of []*v1.AreaId
	var by []string
	for _, s := range said {
		if s.owner != "" {
			by = append(by, s.owner)
		}
		for _, area := range s.extent {
			now := slices.DeleteFunc(slices.Clone(p.reg.InPlaceOf(area, q.day)), func(now *v1.AreaId) bool { return sameArea(now, area) })
			if former.Now = append(former.Now, now...); len(now) > 0 && !slices.ContainsFunc(of, func(o *v1.AreaId) bool { return sameArea(o, area) }) {
				of = append(of, area)
			}
		}
	}
	slices.SortFunc(former.Now, compareAreas)
	former.Now = slices.CompactFunc(former.Now, sameArea)
	if by != nil { // for whom it has not ended there
		former.Statement.PredecessorName = notation.Names(committeeNames(p.reg, by))
	}
	former.Words = p.formerAreaWords(line, former, of)
	return former
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

// beside are the statements of a list beside a line, the first of them where there are very many: of
// one office's thousand letters, not to make a line longer than anybody can be told.
func (p *Prepared) beside(q query, line *answersv1.Line, list []*assertion) []*answersv1.Statement {
	var out []*answersv1.Statement
	size := 0
	for i, s := range list {
		shown := p.statement(q, s)
		if size += proto.Size(shown); i == StatementLimit || i > 0 && size > StatementsSize {
			line.MoreStatements += int32(len(list) - i)
			break
		}
		out = append(out, shown)
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
		ValidFrom: cmp.Or(position.GetValidFrom(), e.Advisory.GetValidFrom()),
	}
	if r := e.Report; r != nil {
		out.Title, out.Notice, out.Source = r.GetSource().GetTitle(), r.GetNotice(), r.GetSource()
	}
	return out
}

func (p *Prepared) statement(q query, s *assertion) *answersv1.Statement {
	out := StatementOf(s.entry, s.position)
	out.Predecessor = s.owner
	out.PassesOn = p.reg.CommitteeName(s.position.GetRelayOf().GetCommittee())
	if s.owner != "" {
		out.PredecessorName = notation.Names(committeeNames(p.reg, p.ownersLeft(q, s)))
	}
	if area := s.position.GetArea(); area != nil {
		out.AreaName = p.reg.AreaName(area)
	}
	return out
}

// standingRequest is what another letter than that of the line asks.
func (p *Prepared) standingRequest(q query, of standing) *answersv1.StandingRequest {
	ask := &answersv1.StandingRequest{Action: of.action, Advisory: of.assertion.entry.ID, ValidUntil: of.assertion.position.GetValidUntil(), Scope: p.groupOf(q, of)}
	if of.action.GetArea() != nil {
		ask.AreaName = p.reg.AreaName(of.action.GetArea())
	}
	return ask
}

// groupOf is the group that what is asked is of, as the letter says, or the newest that speaks to it.
func (p *Prepared) groupOf(q query, of standing) (group *v1.Scope) {
	id := of.action.GetScope()
	if id == "" || of.assertion.scope == id {
		return of.assertion.position.GetScope()
	}
	var newest *assertion
	for _, s := range p.saidWithin(q.topic, id) {
		if q.knows(s.entry) && (newest == nil || newestFirst(s, newest) < 0) {
			newest, group = s, s.position.GetScope()
		}
	}
	return group
}

// ownersLeft are those of the committees merged for which what they said together has not ended.
func (p *Prepared) ownersLeft(q query, s *assertion) []string {
	return slices.DeleteFunc(slices.Clone(s.owners), func(owner string) bool {
		return owner != s.owner && slices.ContainsFunc(p.said(q.topic), func(its *assertion) bool {
			if its.position != s.position || its.owner != owner {
				return false
			}
			return !slices.ContainsFunc(forEachOwn(q, its), func(own query) bool {
				_, over := p.end(own, its, p.amending(own, its))
				return !over
			})
		})
	})
}

func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// noLine is why nothing is left (domain.md 4.7), with what it rests on.
func noLine(q query, r reason) *answersv1.NoLine {
	out := &answersv1.NoLine{Reason: r.why, UnknownEntries: q.asked.Unknown, Measures: r.measures, Letters: r.letters, Since: r.over, OtherReaders: r.otherReaders, OtherAreas: r.otherAreas, OtherGroups: r.otherGroups}
	if len(r.measures) > 0 {
		out.OfMeasures = int32(len(q.asked.Matter.GetMeasures()))
	}
	if r.removed != nil {
		out.Ended, out.By, out.Since, out.Because = r.removed.Erasure.Of, r.removed.ID, r.removed.Issued().GetLatest(), tidy(r.removed.Erasure.Reason)
	}
	if r.gone != nil {
		out.Since, out.Ended, out.Reported = r.gone.since, r.gone.assertion.entry.ID, r.gone.assertion.report
		if r.gone.by != nil {
			out.By, out.Because = r.gone.by.ID, tidy(r.gone.by.Withdrawal.GetReason())
		}
	}
	return out
}
