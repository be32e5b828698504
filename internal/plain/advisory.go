package plain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Advisory writes an advisory as its readers see it: what it says, what it asks, its
// text, and at the end who signed, what goes with it, and whom to ask.
func (p *Page) Advisory(a *guidancev1.Advisory) {
	if a.GetNotice() != "" {
		p.Para(0, a.GetNotice())
		p.Gap()
	}
	p.Para(0, a.GetTitle())
	later := ""
	if from := a.GetValidFrom(); from != "" && from != a.GetIssued().GetLatest() {
		later = "valid from " + guidance.DayWords(from)
	}
	p.Para(0, Joined(", ", a.GetOffice(), "for "+strings.Join(a.GetOnBehalfOf(), ", "), "issued "+guidance.RangeWords(a.GetIssued()), later))
	if to := audiencesWords(a.GetAudiences()); to != "" {
		p.Hang("To: ", to)
	}
	if cc := strings.Join(a.GetCc(), ", "); cc != "" {
		p.Hang("Cc: ", cc)
	}
	p.Head("What it says:")
	for _, pos := range a.GetPositions() {
		p.position(pos, a)
	}
	if len(a.GetActions()) > 0 {
		p.Head("What it asks:")
		for _, act := range a.GetActions() {
			p.Hang("  ", actionWords(act))
		}
	}
	p.votes(a.GetVotes())
	p.Gap()
	p.Markdown(0, a.GetBody())
	p.Gap()
	for _, s := range a.GetSignatories() {
		p.Hang("Signed: ", Joined(", ", s.GetName(), s.GetRole()))
	}
	for _, f := range a.GetAttachments() {
		p.Hang("With it: ", Joined(", ", f.GetFileName(), f.GetTitle(), fmt.Sprintf("%s bytes", notation.Thousands(f.GetSize()))))
	}
	for _, r := range a.GetReferences() {
		p.Hang("See: ", referenceWords(r))
	}
	if words := contactWords(a.GetContact()); words != "" {
		p.Hang("Ask: ", words)
	}
	if from := a.GetAdaptedFrom(); from != "" {
		p.Hang("Adapted from: ", from)
	}
	if a.GetFollowUpExpected() {
		p.Line("More is to follow.")
	}
}

// position writes one position in the words a reader of a view gets.
func (p *Page) position(pos *guidancev1.Position, a *guidancev1.Advisory) {
	what := pos.GetMeasure()
	if what == "" {
		what = "the whole of " + slug(pos.GetMatter())
	}
	p.Hang("  ", "On "+what+": "+guidance.LineWords(lineOf("this office", pos, a.GetIssued())))
	if !slices.Equal(pos.GetCommittees(), a.GetOnBehalfOf()) {
		p.Hang("    only for ", strings.Join(pos.GetCommittees(), ", "))
	}
	if to := audiencesWords(pos.GetAudiences()); to != audiencesWords(a.GetAudiences()) {
		p.Hang("    for ", to)
	}
	if pos.GetScope() != nil {
		p.Hang("    only for ", pos.GetScope().GetWords()+" ("+pos.GetScope().GetId()+")")
	}
	if pos.GetArea() != nil {
		p.Hang("    only in ", areaWords(pos.GetArea()))
	}
	if votes := pos.GetVotes(); len(votes) > 0 {
		p.Hang("    rests on the votes ", strings.Join(votes, ", "))
	}
	if pos.GetRationale() != "" {
		p.Hang("    why: ", pos.GetRationale())
	}
	var days []string
	for _, one := range []struct{ lead, day string }{
		{"valid from ", pos.GetValidFrom()}, {"valid until ", pos.GetValidUntil()}, {"to be looked at again by ", pos.GetReviewBy()},
	} {
		if one.day != "" {
			days = append(days, one.lead+guidance.DayWords(one.day))
		}
	}
	if len(days) > 0 {
		p.Hang("    ", strings.Join(days, ", "))
	}
}

// lineOf is a position as the line it would be on its own, so that an advisory and a
// view use the same words. who is the subject of its sentence.
func lineOf(who string, pos *guidancev1.Position, issued *guidancev1.DayRange) *answersv1.Line {
	state := answersv1.LineState_LINE_STATE_STATED
	switch {
	case pos.GetProvenance() == guidancev1.Provenance_PROVENANCE_REPORTED:
		state = answersv1.LineState_LINE_STATE_REPORTED
	case pos.GetProvenance() == guidancev1.Provenance_PROVENANCE_RELAY:
		state = answersv1.LineState_LINE_STATE_RELAYED
	case pos.GetStance() == guidancev1.Stance_STANCE_CONSULTING:
		state = answersv1.LineState_LINE_STATE_CONSULTING
	case pos.GetStance() == guidancev1.Stance_STANCE_INFORMATION_ONLY:
		state = answersv1.LineState_LINE_STATE_MENTIONED
	}
	return &answersv1.Line{
		CommitteeName: who,
		State:         state,
		Measure:       pos.GetMeasure(),
		Current:       &answersv1.Statement{Position: pos, Issued: issued},
		Obligation:    guidance.ObligationOn(pos.GetContractEffects(), nil, issued.GetLatest()),
		Effects:       pos.GetContractEffects(),
	}
}

// Report writes a reported position as its readers see it.
func (p *Page) Report(r *guidancev1.ReportedPosition) {
	if r.GetNotice() != "" {
		p.Para(0, r.GetNotice())
		p.Gap()
	}
	p.Para(0, "Reported, not said by itself; recorded by "+r.GetOffice())
	line := lineOf(strings.Join(r.GetPosition().GetCommittees(), ", "), r.GetPosition(), r.GetIssued())
	line.Current.Source = r.GetSource()
	p.Hang("  ", guidance.LineWords(line))
	p.Markdown(2, r.GetSummary())
	if words := referenceWords(r.GetSource()); words != "" {
		p.Hang("  Where: ", words)
	}
}

// Withdrawal writes a withdrawal as readers will see it.
func (p *Page) Withdrawal(w *guidancev1.Withdrawal) {
	p.Para(0, fmt.Sprintf("%s withdraws %s for %s, from %s",
		w.GetOffice(), w.GetAdvisory(), strings.Join(w.GetOnBehalfOf(), ", "), guidance.DayWords(w.GetEffective())))
	if w.GetReason() != "" {
		p.Hang("  Why: ", w.GetReason())
	}
	if r := w.GetRestores(); len(r) > 0 {
		p.Hang("  Stands again: ", strings.Join(r, ", "))
	}
}
