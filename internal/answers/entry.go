package answers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// GetAdvisory answers with one entry of a log.
func (a *Answers) GetAdvisory(ctx context.Context, reader Reader, req *answersv1.GetAdvisoryRequest) (resp *answersv1.GetAdvisoryResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		id, e, err := m.entryFor(req.GetName())
		if err != nil {
			return err
		}
		resp = &answersv1.GetAdvisoryResponse{
			Name: id.String(), Office: id.Office, Header: e.Header, Body: e.Body,
			LoggedTime: timestamppb.New(claimed(e.Header)), RecordedTime: timestamppb.New(e.Recorded),
			Completeness: m.completeness(m.reg),
		}
		if e.Body == nil {
			resp.Content = &answersv1.GetAdvisoryResponse_Absent{Absent: e.Absent}
			return nil
		}
		fillContent(resp, e)
		now, err := m.currency(id, e)
		if now.Words != "" {
			resp.Counts, resp.EndedBy, resp.Currency, resp.Notices = now.Counts, now.By, now.Words, now.notices
		}
		return err
	})
	return only(resp, err)
}

// entryFor reads an entry by its name as the reader may: words not for them are withheld.
func (m *moment) entryFor(name string) (ledger.EntryID, store.StoredEntry, error) {
	id, err := ledger.ParseEntryID(name)
	if err != nil {
		return id, store.StoredEntry{}, invalid("name", err.Error(), "write an entry as office/number, for example essex/7", err.Error())
	}
	e, err := m.Entry(id)
	if err != nil {
		return id, e, err
	}
	var committees []string
	if read, ok := readEntry(rowOf(e)); ok {
		committees = guidance.CommitteesOf(read)
	}
	if vis := e.Header.Visibility; e.Body != nil && !m.reader.mayRead(vis, id.Office, committees) {
		e.Body, e.Salt = nil, nil
		e.Absent = &ledgerv1.AbsentBody{Reason: ledgerv1.AbsentReason_ABSENT_REASON_WITHHELD, Visibility: vis}
	}
	return id, e, nil
}

func rowOf(e store.StoredEntry) store.Row {
	return store.Row{
		ID: e.ID, Kind: e.Header.Kind, Visibility: e.Header.Visibility, Feed: e.Feed,
		Recorded: e.Recorded, Logged: claimed(e.Header), Body: e.Body,
	}
}

func claimed(h *ledgerv1.EntryHeader) time.Time { return time.UnixMilli(h.ClaimedMs) }

func fillContent(resp *answersv1.GetAdvisoryResponse, e store.StoredEntry) {
	var err error
	switch e.Header.Kind {
	case ledgerv1.EntryKind_ENTRY_KIND_ADVISORY:
		c := &answersv1.GetAdvisoryResponse_Advisory{Advisory: &guidancev1.Advisory{}}
		err, resp.Content = proto.Unmarshal(e.Body, c.Advisory), c
	case ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL:
		c := &answersv1.GetAdvisoryResponse_Withdrawal{Withdrawal: &guidancev1.Withdrawal{}}
		err, resp.Content = proto.Unmarshal(e.Body, c.Withdrawal), c
	case ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION:
		c := &answersv1.GetAdvisoryResponse_Report{Report: &guidancev1.ReportedPosition{}}
		err, resp.Content = proto.Unmarshal(e.Body, c.Report), c
	case ledgerv1.EntryKind_ENTRY_KIND_MATTER:
		c := &answersv1.GetAdvisoryResponse_Matter{Matter: &guidancev1.Matter{}}
		err, resp.Content = proto.Unmarshal(e.Body, c.Matter), c
	}
	if err != nil {
		resp.Content = nil
		resp.Currency = "This entry is not understood by this software: its bytes are kept as they came."
	}
}

// GetProof answers with the offline proof of one entry.
func (a *Answers) GetProof(ctx context.Context, reader Reader, req *answersv1.GetProofRequest) (resp *answersv1.GetProofResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		id, e, err := m.entryFor(req.GetName())
		if err != nil {
			return err
		}
		if e.Body == nil {
			return fault.New(fault.ErrAbsent, fmt.Sprintf("the words of %s are not here, so they cannot be proved", id), "ask the node of the office that published it")
		}
		record, cp, err := m.Proof(id)
		if err != nil {
			return err
		}
		file, err := ledger.ProofFile(id, ledger.Entry{Header: e.HeaderBytes, Salt: e.Salt, Body: e.Body}, cp, record)
		if err != nil {
			return fmt.Errorf("proving %s: %w", id, err)
		}
		log := id.Log(m.Federation)
		for _, key := range m.LogKeys(log, cp.Size) {
			if _, err := ledger.CheckProofFile(file, e.Body, log, key); err == nil {
				resp = &answersv1.GetProofResponse{Proof: file, Body: e.Body, Name: id.String(), Vkey: ledger.VKey(log, key)}
				return nil
			}
		}
		return fault.New(fault.ErrAbsent, fmt.Sprintf("%s cannot be proved: the register has no key that may sign the log of %s at the size held here, %d", id, id.Office, cp.Size),
			"ask the office: its key was revoked, and it has to begin its log anew")
	})
	return only(resp, err)
}

// Verify answers whether a letter is genuine and current.
func (a *Answers) Verify(ctx context.Context, reader Reader, req *answersv1.VerifyRequest) (resp *answersv1.VerifyResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		resp = &answersv1.VerifyResponse{Completeness: m.completeness(m.reg)}
		id, now, found, err := m.issued(req.GetBody())
		if err != nil {
			return err
		}
		if !found {
			resp.Words = "Not found: no office's log held here has a letter with exactly these bytes. It may have been changed, never published through a node, or not have arrived here yet."
			return nil
		}
		resp.Genuine, resp.Entry, resp.Current, resp.EndedBy, resp.Notices = true, id.String(), now.Current, now.By, now.notices
		resp.Words = fmt.Sprintf("This is %s, exactly as %s published it. %s", id, m.officeName(id.Office), now.Words)
		return nil
	})
	return only(resp, err)
}

// issued finds the entry that words are genuine by: of an office that issued them
// itself, for anybody may copy another's words into a log; the newest that stands, for
// words that were withdrawn may have been issued again.
func (m *moment) issued(body []byte) (id ledger.EntryID, best currency, found bool, err error) {
	ids, err := m.FindBody(body)
	if err != nil {
		return id, best, false, err
	}
	for _, one := range ids {
		_, stored, err := m.entryFor(one.String())
		if err != nil {
			return id, best, false, err
		}
		e, understood := readEntry(rowOf(stored))
		if stored.Body == nil || understood && guidance.WhyNot(&e, "", m.reg) == guidance.OtherOffice {
			continue
		}
		now, err := m.currency(one, stored)
		if err != nil {
			return id, best, false, err
		}
		if !found || now.Current || !best.Current {
			id, best, found = one, now, true
		}
	}
	return id, best, found, nil
}

// currency is whether an entry counts and still stands today, and what it must be shown
// with.
type currency struct {
	guidance.End
	notices []string
}

func (m *moment) currency(id ledger.EntryID, stored store.StoredEntry) (currency, error) {
	e, ok := readEntry(rowOf(stored))
	if !ok {
		return currency{End: guidance.End{Counts: true, Current: true}}, nil
	}
	e.Repudiated = m.reg.Repudiated(id.Log(m.Federation), id.Index)
	var c currency
	if notice := e.Advisory.GetNotice() + e.Report.GetNotice(); notice != "" {
		c.notices = []string{notice}
	}
	around, err := m.standing(Touches{Entries: []string{id.String()}, Committees: guidance.CommitteesOf(e)})
	if err != nil {
		return c, err
	}
	if !slices.ContainsFunc(around, func(other guidance.Entry) bool { return other.ID == e.ID }) {
		around = append(around, e)
	}
	said := guidance.Prepare(m.ctx, around, m.reg)
	c.End = said.EndOf(e, m.today)
	if over := said.StandsOver(e, m.today); over != nil && c.Current && c.By == "" {
		c.Words = guidance.OverWords(over)
	}
	return c, m.ctx.Err()
}
