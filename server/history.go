package server

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// historyOf lists everything said on a matter by a day, newest first: one item a
// position, one a withdrawal.
func historyOf(q *question, all []guidance.Entry) []*answersv1.HistoryItem {
	var items []*answersv1.HistoryItem
	for _, e := range all {
		items = append(items, itemsOf(q, e, all)...)
	}
	slices.SortStableFunc(items, func(a, b *answersv1.HistoryItem) int {
		if c := strings.Compare(b.Issued.GetLatest(), a.Issued.GetLatest()); c != 0 {
			return c
		}
		return strings.Compare(b.Entry, a.Entry)
	})
	return items
}

func itemsOf(q *question, e guidance.Entry, all []guidance.Entry) []*answersv1.HistoryItem {
	if e.Issued().GetLatest() > q.asOf {
		return nil
	}
	if w := e.Withdrawal; w != nil {
		if len(q.own) > 0 && !shareAny(q.own, w.OnBehalfOf) {
			return nil
		}
		return []*answersv1.HistoryItem{{
			Entry: e.ID, Kind: ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL, Issued: w.Issued,
			Ends: []string{w.Advisory}, Words: guidance.WithdrawalWords(w),
		}}
	}
	var items []*answersv1.HistoryItem
	for _, p := range positionsOf(e) {
		if !asksFor(q, p) {
			continue
		}
		st := statementOf(e, p)
		items = append(items, &answersv1.HistoryItem{
			Entry: e.ID, Kind: kindOf(e), Statement: st, Issued: st.Issued, Ends: endsOf(e),
			Words: guidance.StatementWords(st), EndedBy: guidance.EndOf(e, all, q.register, q.asOf).By,
		})
	}
	return items
}

// asksFor tells whether a position is on the matter, measure and committees asked.
func asksFor(q *question, p *guidancev1.Position) bool {
	return p.Matter == q.matter.Name &&
		(q.measure == "" || p.Measure == q.measure) &&
		(len(q.own) == 0 || shareAny(q.own, p.Committees))
}

func shareAny(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

func positionsOf(e guidance.Entry) []*guidancev1.Position {
	if e.Report != nil {
		return []*guidancev1.Position{e.Report.GetPosition()}
	}
	return e.Advisory.GetPositions()
}

func kindOf(e guidance.Entry) ledgerv1.EntryKind {
	if e.Report != nil {
		return ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION
	}
	return ledgerv1.EntryKind_ENTRY_KIND_ADVISORY
}

func endsOf(e guidance.Entry) []string {
	return append(append([]string(nil), e.Advisory.GetReplaces()...), e.Advisory.GetAmends()...)
}

func statementOf(e guidance.Entry, p *guidancev1.Position) *answersv1.Statement {
	st := &answersv1.Statement{
		Position: p, Advisory: e.ID, Office: e.Office, Title: e.Advisory.GetTitle(), Issued: e.Issued(),
		LoggedTime: timestamppb.New(e.Logged), RecordedTime: timestamppb.New(e.Recorded), Feed: e.Feed,
		Notice: e.Advisory.GetNotice() + e.Report.GetNotice(), Source: e.Report.GetSource(),
	}
	if st.Title == "" {
		st.Title = e.Report.GetSource().GetTitle()
	}
	return st
}
