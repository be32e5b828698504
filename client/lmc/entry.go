package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// entryPage is one entry as its readers see it: first whether it counts, then what it
// says, then its words.
func entryPage(p *plain.Page, resp *answersv1.GetAdvisoryResponse) string {
	if log := resp.GetOffice(); log != "" { // its author, whatever its words claim
		switch content := resp.GetContent().(type) {
		case *answersv1.GetAdvisoryResponse_Advisory:
			content.Advisory.Office = log
		case *answersv1.GetAdvisoryResponse_Withdrawal:
			content.Withdrawal.Office = log
		case *answersv1.GetAdvisoryResponse_Report:
			content.Report.Office = log
		}
	}
	p.Line(resp.GetName())
	if resp.GetCurrency() != "" {
		p.Para(0, resp.GetCurrency())
	}
	p.Gap()
	switch {
	case resp.GetAdvisory() != nil:
		p.Advisory(resp.GetAdvisory())
	case resp.GetWithdrawal() != nil:
		p.Withdrawal(resp.GetWithdrawal())
	case resp.GetReport() != nil:
		p.Report(resp.GetReport())
	case resp.GetMatter() != nil:
		p.Matter(resp.GetMatter())
	case resp.GetAbsent() != nil:
		p.Para(0, absentWords(resp.GetAbsent()))
	default:
		p.Para(0, otherKindWords(resp))
	}
	loggedOn(p, resp)
	p.Footer(resp.GetCompleteness(), otherNotices(resp))
	return p.String()
}

// logged says when the office and this node put it down: their clocks, not facts.
func loggedOn(p *plain.Page, resp *answersv1.GetAdvisoryResponse) {
	var when []string
	if t := resp.GetLoggedTime(); t != nil {
		when = append(when, "logged by its office "+plain.Instant(t.AsTime()))
	}
	if t := resp.GetRecordedTime(); t != nil {
		when = append(when, "recorded by this node "+plain.Instant(t.AsTime()))
	}
	if len(when) > 0 {
		p.Gap()
		p.Para(0, strings.Join(when, "; "))
	}
}

// otherNotices drops the notice that stands at the head of the page already.
func otherNotices(resp *answersv1.GetAdvisoryResponse) []string {
	shown := cmp.Or(resp.GetAdvisory().GetNotice(), resp.GetReport().GetNotice(), resp.GetMatter().GetNotice())
	return slices.DeleteFunc(slices.Clone(resp.GetNotices()), func(n string) bool { return n == shown })
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
	return "Its words are not here, for a reason this software does not understand."
}

// otherKindWords says what an entry is that has words, but none for readers.
func otherKindWords(resp *answersv1.GetAdvisoryResponse) string {
	switch resp.GetHeader().GetKind() {
	case ledgerv1.EntryKind_ENTRY_KIND_REGISTER:
		size := resp.GetHeader().GetIndex() + 1
		return fmt.Sprintf("It is a record of the register, not an advisory. What the register says with it: lmc register show --size %d; what it says today: lmc register show.", size)
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
