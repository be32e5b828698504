package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Entry writes one entry as its readers see it: first whether it counts, then what it
// says, then its words, and when office and node put it down: their clocks, not facts. Of
// matters see Advisory.
func (p *Page) Entry(e *answersv1.Entry, matters map[string]*guidancev1.Matter) {
	p.Line(e.GetName())
	if e.GetWords() != "" {
		p.Para(0, e.GetWords())
	}
	p.Gap()
	shown := "" // the notice that stands at the head of what it says
	switch said := ofItsOffice(e).GetContent().(type) {
	case *answersv1.Entry_Advisory:
		p.Advisory(said.Advisory, matters)
		shown = said.Advisory.GetNotice()
	case *answersv1.Entry_Withdrawal:
		p.Withdrawal(said.Withdrawal, matters)
	case *answersv1.Entry_ReportedPosition:
		p.Report(said.ReportedPosition, matters)
		shown = said.ReportedPosition.GetNotice()
	case *answersv1.Entry_Matter:
		p.Matter(said.Matter)
		shown = said.Matter.GetNotice()
	default:
		p.Para(0, otherWords(e))
	}
	var when []string
	if t := e.GetLoggedTime(); t != nil {
		when = append(when, "logged by its office "+Instant(t.AsTime()))
	}
	if t := e.GetRecordedTime(); t != nil {
		when = append(when, "recorded by this node "+Instant(t.AsTime()))
	}
	if len(when) > 0 {
		p.Gap()
		p.Para(0, strings.Join(when, "; "))
	}
	for _, notice := range e.GetNotices() {
		if notice != shown {
			p.Gap()
			p.Para(0, notice)
		}
	}
}

// ofItsOffice is an entry whose words name the office whose log it is in, whatever they
// claimed.
func ofItsOffice(e *answersv1.Entry) *answersv1.Entry {
	e = proto.CloneOf(e)
	switch said := e.GetContent().(type) {
	case *answersv1.Entry_Advisory:
		said.Advisory.Office = cmp.Or(e.GetOffice(), said.Advisory.Office)
	case *answersv1.Entry_Withdrawal:
		said.Withdrawal.Office = cmp.Or(e.GetOffice(), said.Withdrawal.Office)
	case *answersv1.Entry_ReportedPosition:
		said.ReportedPosition.Office = cmp.Or(e.GetOffice(), said.ReportedPosition.Office)
	}
	return e
}

// otherWords says what an entry is that has no words for readers, or none here.
func otherWords(e *answersv1.Entry) string {
	switch said := e.GetContent().(type) {
	case *answersv1.Entry_Absent:
		switch said.Absent.GetReason() {
		case ledgerv1.AbsentReason_ABSENT_REASON_WITHHELD:
			return "Its words are for " + guidance.VisibilityWords(said.Absent.GetVisibility()) + ", and this reader may not read them."
		case ledgerv1.AbsentReason_ABSENT_REASON_ERASED:
			return fmt.Sprintf("Its words were erased by entry %d of the same log.", said.Absent.GetErasedBy())
		case ledgerv1.AbsentReason_ABSENT_REASON_NOT_HELD:
			return "This node does not hold its words yet and is asking for them."
		case ledgerv1.AbsentReason_ABSENT_REASON_LOST:
			return "No node holds its words any more."
		}
		return "Its words are not here, for a reason this software does not understand."
	case *answersv1.Entry_RegisterRecord:
		_, index, _ := strings.Cut(e.GetName(), "/")
		n, _ := notation.ParseCount(index, 64)
		return fmt.Sprintf("It is a record of the register, not an advisory. What the register says with it: lmc register show --size %d; what it says today: lmc register show.", n+1)
	case *answersv1.Entry_Erasure:
		return fmt.Sprintf("It erases the words of entry %d of the same log.", said.Erasure.GetIndex())
	case *answersv1.Entry_MatterLink:
		return "It says that " + said.MatterLink.GetMatter() + " and " + said.MatterLink.GetOther() + " belong together."
	case *answersv1.Entry_NotUnderstood:
		return said.NotUnderstood.GetWords()
	}
	return "It is of a kind this software does not understand."
}

// LastEnding is the entry that last ended an entry, or part of it; empty: nothing did.
func LastEnding(e *answersv1.Entry) string {
	var last *answersv1.Ending
	for _, s := range e.GetStandings() {
		for _, end := range s.GetEndings() {
			if last == nil || end.GetDay() > last.GetDay() {
				last = end
			}
		}
	}
	return last.GetEntry()
}

// Entries writes a list as it was asked for: a row for each thing said on the matter and
// measure, by the committees asked about, or by everybody, who is then named. Day and name
// of an entry stand in its first row.
func (p *Page) Entries(list *answersv1.ListEntriesResponse, measure string) {
	t := NewTable("ISSUED", "ADVISORY", "WHAT WAS SAID")
	var notices []string
	ranges := false
	for _, e := range list.GetEntries() {
		day, name := ShortRange(e.GetIssued()), e.GetName()
		for _, words := range saidWords(e, list, measure) {
			t.Add(day, name, words)
			day, name = "", ""
		}
		ranges = ranges || e.GetIssued().GetEarliest() != e.GetIssued().GetLatest()
		if len(notices) == 0 {
			notices = e.GetNotices()
		}
	}
	switch {
	case list.GetWords() != "":
		p.Para(0, list.GetWords())
	case len(t.rows) == 0:
		p.Line("nothing has been said on it")
	}
	p.Table(0, t)
	if ranges {
		p.Gap()
		p.Para(0, "The newest first; where the day is not known, by the latest it can have been.")
	}
	if list.GetNextPageToken() != "" {
		p.Gap()
		p.Line("there is more: ask for one committee, one measure or fewer days")
	}
	p.Footer(list.GetCompleteness(), notices)
}

// saidWords is what an entry says, one sentence for each thing; with the first, what it ended
// and what ended it. When it was issued stands beside it already.
func saidWords(e *answersv1.Entry, list *answersv1.ListEntriesResponse, measure string) []string {
	counts := len(e.GetStandings()) == 0 || slices.ContainsFunc(e.GetStandings(), func(s *answersv1.CommitteeStanding) bool {
		return s.GetNotCounted() == answersv1.NotCountedReason_NOT_COUNTED_REASON_UNSPECIFIED
	})
	var said, ends []string
	of := guidance.Entry{ID: e.GetName(), Office: e.GetOffice(), Advisory: e.GetAdvisory(), Withdrawal: e.GetWithdrawal(), Report: e.GetReportedPosition()}
	positions := of.Advisory.GetPositions()
	switch {
	case of.Withdrawal != nil:
		said, ends = []string{guidance.WithdrawalWords(of.Withdrawal)}, []string{of.Withdrawal.GetAdvisory()}
	case of.Report != nil:
		positions = []*guidancev1.Position{of.Report.GetPosition()}
	case of.Advisory != nil:
		ends = slices.Concat(of.Advisory.GetReplaces(), of.Advisory.GetAmends())
		if len(positions) == 0 {
			said = []string{Joined(": ", strings.Join(of.Advisory.GetOnBehalfOf(), ", "), "“"+of.Advisory.GetTitle()+"”, and takes no position.")}
		}
	case e.GetMatter() != nil:
		said = []string{Joined(" ", "What the matter is: “"+e.GetMatter().GetTitle()+"”.", e.GetWords())}
	default:
		said = []string{otherWords(e)}
	}
	for _, pos := range positions {
		asked := len(list.GetCommittees()) == 0 || slices.ContainsFunc(pos.GetCommittees(), func(c string) bool { return slices.Contains(list.GetCommittees(), c) })
		if !asked || list.GetMatter() != "" && pos.GetMatter() != list.GetMatter() || measure != "" && pos.GetMeasure() != measure {
			continue
		}
		who, on := "", ""
		if len(list.GetCommittees()) == 0 {
			who = strings.Join(pos.GetCommittees(), ", ")
		}
		if pos.GetMeasure() != "" {
			on = "on " + pos.GetMeasure()
		}
		if list.GetMatter() == "" {
			on = Joined(" ", on, "of "+slug(pos.GetMatter()))
		}
		words := guidance.StatementWords(guidance.StatementOf(&of, pos))
		words = strings.Replace(words, " ("+guidance.RangeWords(e.GetIssued())+")", "", 1)
		said = append(said, Joined(": ", who, on, words))
	}
	for i := range said {
		if !counts {
			said[i] = e.GetWords() + " It says: " + said[i]
			continue
		}
		if len(ends) > 0 && i == 0 {
			said[i] += " (ended " + strings.Join(ends, ", ") + ")"
		}
		if by := LastEnding(e); by != "" && i == 0 {
			said[i] += " (ended by " + by + ")"
		}
	}
	return said
}
