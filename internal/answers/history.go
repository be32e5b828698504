package answers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// remark is one thing said, or taken back: an item of history before it is put in words.
type remark struct {
	entry    *guidance.Entry
	position *guidancev1.Position // nil: a withdrawal
	place    int                  // of the position in its entry
}

// GetHistory answers with everything said on a matter by a day, newest first: one item a
// position, one a withdrawal. What does not count is listed and says so: history is where
// somebody looks who wonders what became of a letter.
func (a *Answers) GetHistory(ctx context.Context, reader Reader, req *answersv1.GetHistoryRequest) (resp *answersv1.GetHistoryResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		page, err := m.page(req, req.GetPageSize(), req.GetPageToken())
		if err != nil {
			return err
		}
		q, err := m.understand(req.GetSelector(), page.Day, page.feed)
		if err != nil {
			return err
		}
		in, err := m.input(q)
		if err != nil {
			return err
		}
		said := guidance.Prepare(ctx, in.Entries, in.Register)
		all := remarksOn(q, in.Entries)
		if page.last != "" {
			all = all[1+slices.IndexFunc(all, func(r remark) bool { return r.name() == page.last }):]
		}
		resp = &answersv1.GetHistoryResponse{Completeness: in.Completeness}
		for i, r := range all {
			if i == page.size {
				resp.NextPageToken = page.next(all[i-1].name())
				break
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			resp.Items = append(resp.Items, r.item(said, q.asOf))
		}
		return ctx.Err()
	})
	return only(resp, err)
}

// remarksOn is everything said on the matter, measure and committees asked about, by the
// day it was issued, the newest first; within a day by log, the later entry first.
func remarksOn(q *question, entries []guidance.Entry) []remark {
	var all []remark
	for i := range entries {
		e := &entries[i]
		if e.Issued().GetLatest() > q.asOf {
			continue
		}
		if e.Withdrawal != nil && (len(q.own) == 0 || shareAny(q.own, e.Withdrawal.GetOnBehalfOf())) {
			all = append(all, remark{entry: e})
		}
		positions := e.Advisory.GetPositions()
		if e.Report != nil {
			positions = []*guidancev1.Position{e.Report.GetPosition()}
		}
		for place, p := range positions {
			if p.GetMatter() == q.matter.Name && (q.measure == "" || p.GetMeasure() == q.measure) && (len(q.own) == 0 || shareAny(q.own, p.GetCommittees())) {
				all = append(all, remark{e, p, place})
			}
		}
	}
	slices.SortFunc(all, func(a, b remark) int {
		return cmp.Or(
			strings.Compare(b.entry.Issued().GetLatest(), a.entry.Issued().GetLatest()),
			strings.Compare(a.entry.Office, b.entry.Office),
			cmp.Compare(b.entry.Epoch, a.entry.Epoch), cmp.Compare(b.entry.Index, a.entry.Index),
			cmp.Compare(a.place, b.place))
	})
	return all
}

func shareAny(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// name tells a remark from every other of its matter.
func (r remark) name() string { return fmt.Sprintf("%s %d", r.entry.ID, r.place) }

// item is a remark as it stands on a day.
func (r remark) item(said *guidance.Prepared, day string) *answersv1.HistoryItem {
	end := said.EndOf(*r.entry, day)
	item := &answersv1.HistoryItem{
		Entry: r.entry.ID, Office: r.entry.Office, Issued: r.entry.Issued(), Counts: end.Counts, EndedBy: end.By,
	}
	switch {
	case r.entry.Withdrawal != nil:
		item.Kind = ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL
		item.Ends = []string{r.entry.Withdrawal.GetAdvisory()}
		item.Words = guidance.WithdrawalWords(r.entry.Withdrawal)
	case r.entry.Report != nil:
		item.Kind = ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION
	default:
		item.Kind = ledgerv1.EntryKind_ENTRY_KIND_ADVISORY
		item.Ends = slices.Concat(r.entry.Advisory.GetReplaces(), r.entry.Advisory.GetAmends())
	}
	if r.position != nil {
		item.Statement = guidance.StatementOf(r.entry, r.position)
		item.Words = guidance.StatementWords(item.Statement)
	}
	if !end.Counts {
		item.Words = joinWords(end.Words, "It says: "+item.Words)
		item.Ends = nil // it ends nothing
	}
	return item
}
