package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// entryPage is one entry as its readers see it: first whether it counts, then what it
// says, then its words.
func entryPage(p *page, resp *nodev1.GetAdvisoryResponse) string {
	p.line(resp.GetName())
	if resp.GetCurrency() != "" {
		p.para(0, resp.GetCurrency())
	}
	p.gap()
	switch {
	case resp.GetAdvisory() != nil:
		p.advisory(resp.GetAdvisory())
	case resp.GetWithdrawal() != nil:
		p.withdrawal(resp.GetWithdrawal())
	case resp.GetReport() != nil:
		p.report(resp.GetReport())
	case resp.GetMatter() != nil:
		p.matter(resp.GetMatter())
	default:
		p.para(0, absentWords(resp.GetAbsent()))
	}
	p.logged(resp)
	p.footer(resp.GetCompleteness(), notIn(p.String(), resp.GetNotices()))
	return p.String()
}

// logged says when the office and this node put it down: their clocks, not facts.
func (p *page) logged(resp *nodev1.GetAdvisoryResponse) {
	var when []string
	if t := resp.GetLogged(); t != nil {
		when = append(when, "logged by its office "+instantWords(t.AsTime()))
	}
	if t := resp.GetRecorded(); t != nil {
		when = append(when, "recorded by this node "+instantWords(t.AsTime()))
	}
	if len(when) > 0 {
		p.gap()
		p.para(0, strings.Join(when, "; "))
	}
}

// notIn drops notices the page has already.
func notIn(page string, notices []string) (missing []string) {
	for _, n := range notices {
		if first := wrap(n, 20); len(first) > 0 && !strings.Contains(page, first[0]) {
			missing = append(missing, n)
		}
	}
	return missing
}

// advisory writes an advisory as its readers see it.
func (p *page) advisory(a *guidancev1.Advisory) {
	if a.GetNotice() != "" {
		p.para(0, a.GetNotice())
		p.gap()
	}
	p.para(0, a.GetTitle())
	p.para(0, joined(", ", a.GetOffice(), "for "+strings.Join(a.GetOnBehalfOf(), ", "), "issued "+guidance.RangeWords(a.GetIssued())))
	if to := audiencesWords(a.GetAudiences()); to != "" {
		p.hang("To: ", to)
	}
	if cc := strings.Join(a.GetCc(), ", "); cc != "" {
		p.hang("Cc: ", cc)
	}
	p.head("What it says:")
	for _, pos := range a.GetPositions() {
		p.position(pos, a)
	}
	if len(a.GetActions()) > 0 {
		p.head("What it asks:")
		for _, act := range a.GetActions() {
			p.hang("  ", actionWords(act))
		}
	}
	p.gap()
	p.markdown(0, a.GetBody())
	p.advisoryEnd(a)
}

// advisoryEnd is who signed, what goes with it, and whom to ask.
func (p *page) advisoryEnd(a *guidancev1.Advisory) {
	p.gap()
	for _, s := range a.GetSignatories() {
		p.hang("Signed: ", joined(", ", s.GetName(), s.GetRole()))
	}
	for _, f := range a.GetAttachments() {
		p.hang("With it: ", joined(", ", f.GetFileName(), f.GetTitle(), fmt.Sprintf("%s bytes", thousands(f.GetSize()))))
	}
	for _, r := range a.GetReferences() {
		p.hang("See: ", referenceWords(r))
	}
	if words := contactWords(a.GetContact()); words != "" {
		p.hang("Ask: ", words)
	}
	if from := a.GetAdaptedFrom(); from != "" {
		p.hang("Adapted from: ", from)
	}
	if a.GetFollowUpExpected() {
		p.line("More is to follow.")
	}
}

// position writes one position in the words a reader of a view gets.
func (p *page) position(pos *guidancev1.Position, a *guidancev1.Advisory) {
	what := pos.GetMeasure()
	if what == "" {
		what = "the whole of " + slug(pos.GetMatter())
	}
	p.hang("  ", "On "+what+": "+guidance.LineWords(lineOf(a.GetOffice(), pos, a.GetIssued())))
	if !slices.Equal(pos.GetCommittees(), a.GetOnBehalfOf()) {
		p.hang("    only for ", strings.Join(pos.GetCommittees(), ", "))
	}
	if to := audiencesWords(pos.GetAudiences()); to != audiencesWords(a.GetAudiences()) {
		p.hang("    for ", to)
	}
	if pos.GetArea() != nil {
		p.hang("    only in ", areaWords(pos.GetArea()))
	}
	if pos.GetRationale() != "" {
		p.hang("    why: ", pos.GetRationale())
	}
	if span := validity(pos); span != "" {
		p.hang("    ", span)
	}
}

func validity(pos *guidancev1.Position) string {
	var parts []string
	if pos.GetValidFrom() != "" {
		parts = append(parts, "valid from "+guidance.DayWords(pos.GetValidFrom()))
	}
	if pos.GetValidUntil() != "" {
		parts = append(parts, "valid until "+guidance.DayWords(pos.GetValidUntil()))
	}
	if pos.GetReviewBy() != "" {
		parts = append(parts, "to be looked at again by "+guidance.DayWords(pos.GetReviewBy()))
	}
	return strings.Join(parts, ", ")
}

// lineOf is a position as the line it would be on its own, so that an advisory and a
// view use the same words. who is the subject of its sentence.
func lineOf(who string, pos *guidancev1.Position, issued *guidancev1.DayRange) *guidancev1.Line {
	return &guidancev1.Line{
		CommitteeName: who,
		State:         stateOf(pos),
		Measure:       pos.GetMeasure(),
		Current:       &guidancev1.Statement{Position: pos, Issued: issued},
		Obligation:    guidance.ObligationOn(pos.GetContractEffects(), nil, issued.GetLatest()),
	}
}

func stateOf(pos *guidancev1.Position) guidancev1.LineState {
	switch {
	case pos.GetProvenance() == guidancev1.Provenance_PROVENANCE_REPORTED:
		return guidancev1.LineState_LINE_STATE_REPORTED
	case pos.GetProvenance() == guidancev1.Provenance_PROVENANCE_RELAY:
		return guidancev1.LineState_LINE_STATE_RELAYED
	case pos.GetStance() == guidancev1.Stance_STANCE_CONSULTING:
		return guidancev1.LineState_LINE_STATE_CONSULTING
	case pos.GetStance() == guidancev1.Stance_STANCE_INFORMATION_ONLY:
		return guidancev1.LineState_LINE_STATE_MENTIONED
	}
	return guidancev1.LineState_LINE_STATE_STATED
}

// report writes a reported position as its readers see it.
func (p *page) report(r *guidancev1.ReportedPosition) {
	if r.GetNotice() != "" {
		p.para(0, r.GetNotice())
		p.gap()
	}
	p.para(0, "Reported, not said by itself; recorded by "+r.GetOffice())
	line := lineOf(strings.Join(r.GetPosition().GetCommittees(), ", "), r.GetPosition(), r.GetIssued())
	line.Current.Source = r.GetSource()
	p.hang("  ", guidance.LineWords(line))
	p.markdown(2, r.GetSummary())
	if words := referenceWords(r.GetSource()); words != "" {
		p.hang("  Where: ", words)
	}
}

// matter writes a matter as its readers see it.
func (p *page) matter(m *guidancev1.Matter) {
	if m.GetNotice() != "" {
		p.para(0, m.GetNotice())
		p.gap()
	}
	p.matterHead(m)
	p.line("named " + slug(m.GetName()))
	p.markdown(0, m.GetSummary())
	p.head("Measures:")
	for _, measure := range m.GetMeasures() {
		p.measure(m, measure)
	}
	if len(m.GetReferences()) > 0 {
		p.head("Documents:")
		p.references(m.GetReferences())
	}
}

func absentWords(absent *ledgerv1.AbsentBody) string {
	switch absent.GetReason() {
	case ledgerv1.AbsentReason_ABSENT_REASON_WITHHELD:
		return "Its words are for " + guidance.VisibilityWords(absent.GetVisibility()) + ", and this reader may not read them."
	case ledgerv1.AbsentReason_ABSENT_REASON_ERASED:
		return fmt.Sprintf("Its words were erased by entry %d of the same log.", absent.GetErasedBy())
	case ledgerv1.AbsentReason_ABSENT_REASON_NOT_HELD:
		return "This node does not hold its words yet and is asking for them."
	case ledgerv1.AbsentReason_ABSENT_REASON_LOST:
		return "No node holds its words any more."
	}
	return "It is of a kind this software does not understand."
}

// content is a saved body read: at most one of its messages is set.
type content struct {
	advisory   *guidancev1.Advisory
	withdrawal *guidancev1.Withdrawal
	report     *guidancev1.ReportedPosition
	matter     *guidancev1.Matter
}

// readBody reads a body whose bytes have been proved. What does not parse stays
// unread: the proof holds all the same.
func readBody(kind ledgerv1.EntryKind, body []byte) content {
	var c content
	var into proto.Message
	switch kind {
	case ledgerv1.EntryKind_ENTRY_KIND_ADVISORY:
		c.advisory = &guidancev1.Advisory{}
		into = c.advisory
	case ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL:
		c.withdrawal = &guidancev1.Withdrawal{}
		into = c.withdrawal
	case ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION:
		c.report = &guidancev1.ReportedPosition{}
		into = c.report
	case ledgerv1.EntryKind_ENTRY_KIND_MATTER:
		c.matter = &guidancev1.Matter{}
		into = c.matter
	}
	if into == nil || proto.Unmarshal(body, into) != nil {
		return content{}
	}
	return c
}

// summary is what was proved, in a line.
func (c content) summary() string {
	switch {
	case c.advisory != nil:
		return fmt.Sprintf("%q, %s, issued %s", c.advisory.GetTitle(), c.advisory.GetOffice(), guidance.RangeWords(c.advisory.GetIssued()))
	case c.withdrawal != nil:
		return fmt.Sprintf("%s withdraws %s from %s", c.withdrawal.GetOffice(), c.withdrawal.GetAdvisory(), guidance.DayWords(c.withdrawal.GetEffective()))
	case c.report != nil:
		return fmt.Sprintf("what %s is reported to have said, recorded by %s", strings.Join(c.report.GetPosition().GetCommittees(), ", "), c.report.GetOffice())
	case c.matter != nil:
		return fmt.Sprintf("the matter %q", c.matter.GetTitle())
	}
	return ""
}

func (c content) notices() []string {
	for _, n := range []string{c.advisory.GetNotice(), c.report.GetNotice(), c.matter.GetNotice()} {
		if n != "" {
			return []string{n}
		}
	}
	return nil
}

// hintOfProof says what to do about a proof that does not hold.
func hintOfProof(err error) string {
	switch {
	case errors.Is(err, ledger.ErrBadBody):
		return "the letter was altered, or is another one: ask the office for its own copy"
	case errors.Is(err, ledger.ErrUnknownKey), errors.Is(err, ledger.ErrWrongLog):
		return "have the key of the office that published it: lmc register show, or by telephone"
	case errors.Is(err, ledger.ErrMalformed):
		return "copy file and key again, whole: lmc advisory ENTRY --save FILE --proof FILE"
	}
	return "do not rely on it: ask the office that is said to have published it"
}
