package server

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// guidanceService answers practices and client applications.
type guidanceService struct {
	nodev1.UnimplementedGuidanceServiceServer
	n *Node
}

func (s guidanceService) ListMatters(_ context.Context, req *answersv1.ListMattersRequest) (*answersv1.ListMattersResponse, error) {
	known, err := s.n.mattersAt(everything)
	if err != nil {
		return nil, err
	}
	from, to, next, err := page(len(known.all), req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	resp := &answersv1.ListMattersResponse{NextPageToken: next, Completeness: s.n.completeness(s.n.reg().Register)}
	for _, k := range known.all[from:to] {
		resp.Matters = append(resp.Matters, k.matter)
	}
	return resp, nil
}

// page cuts a list: the token is the offset. Lists only grow at their end or are
// short enough for one page.
func page(total int, size int32, token string) (from, to int, next string, err error) {
	if token != "" {
		if from, err = strconv.Atoi(token); err != nil || from < 0 {
			return 0, 0, "", fault.New(fault.ErrInvalid, fmt.Sprintf("the page token %q is not one this node gave", token), "start again without one",
				fault.Violation{Field: "page_token", Reason: "unknown"})
		}
	}
	if size <= 0 {
		size = defaultPage
	}
	from = min(from, total)
	to = min(from+int(min(size, maxPage)), total)
	if to < total {
		next = strconv.Itoa(to)
	}
	return from, to, next, nil
}

func (s guidanceService) GetMatter(_ context.Context, req *answersv1.GetMatterRequest) (*answersv1.GetMatterResponse, error) {
	k, err := s.n.findMatter(req.Name, everything)
	if err != nil {
		return nil, err
	}
	return &answersv1.GetMatterResponse{Matter: k.matter, Entry: k.entry.String(), Completeness: s.n.completeness(s.n.reg().Register)}, nil
}

func (s guidanceService) GetCombinedView(_ context.Context, req *answersv1.GetCombinedViewRequest) (*answersv1.GetCombinedViewResponse, error) {
	q, err := s.n.understand(req.Selector)
	if err != nil {
		return nil, err
	}
	in, err := s.n.input(q)
	if err != nil {
		return nil, err
	}
	view := picture.Combined(in)
	view.Words = joinWords(q.words, view.Words)
	return &answersv1.GetCombinedViewResponse{View: view}, nil
}

func joinWords(parts ...string) string {
	return strings.TrimSpace(strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " "))
}

func (s guidanceService) GetAdvisory(_ context.Context, req *answersv1.GetAdvisoryRequest) (*answersv1.GetAdvisoryResponse, error) {
	id, e, err := s.n.publicEntry(req.Name)
	if err != nil {
		return nil, err
	}
	resp := &answersv1.GetAdvisoryResponse{
		Name: id.String(), Header: e.Header, Body: e.Body, LoggedTime: timestamppb.New(claimed(e.Header)), RecordedTime: timestamppb.New(e.Recorded),
		Completeness: s.n.completeness(s.n.reg().Register),
	}
	if e.Body == nil {
		resp.Content = &answersv1.GetAdvisoryResponse_Absent{Absent: e.Absent}
		return resp, nil
	}
	if err := fillContent(resp, e); err != nil {
		return nil, err
	}
	now, err := s.n.currency(id, e)
	if now.words != "" {
		resp.EndedBy, resp.Currency, resp.Notices = now.endedBy, now.words, now.notices
	}
	return resp, err
}

// publicEntry reads an entry by its name as anybody may: a body that is not PUBLIC
// is withheld.
func (n *Node) publicEntry(name string) (ledger.EntryID, store.StoredEntry, error) {
	id, err := ledger.ParseEntryID(name)
	if err != nil {
		return id, store.StoredEntry{}, fault.New(fault.ErrInvalid, err.Error(), "write an entry as office/number, for example essex/7",
			fault.Violation{Field: "name", Reason: err.Error()})
	}
	e, err := n.store.Entry(id)
	if err != nil {
		return id, e, err
	}
	if vis := e.Header.Visibility; vis != guidancev1.Visibility_VISIBILITY_PUBLIC {
		e.Body, e.Salt = nil, nil
		e.Absent = &ledgerv1.AbsentBody{Reason: ledgerv1.AbsentReason_ABSENT_REASON_WITHHELD, Visibility: vis}
	}
	return id, e, nil
}

func claimed(h *ledgerv1.EntryHeader) time.Time { return time.UnixMilli(h.ClaimedMs) }

func fillContent(resp *answersv1.GetAdvisoryResponse, e store.StoredEntry) error {
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
	return nil
}

func (s guidanceService) GetProof(_ context.Context, req *answersv1.GetProofRequest) (*answersv1.GetProofResponse, error) {
	id, e, err := s.n.publicEntry(req.Name)
	if err != nil {
		return nil, err
	}
	if e.Body == nil {
		return nil, fault.New(fault.ErrAbsent, fmt.Sprintf("the words of %s are not here, so they cannot be proved", id), "ask the node of the office that published it")
	}
	record, cp, err := s.n.store.Proof(id)
	if err != nil {
		return nil, err
	}
	file, err := ledger.ProofFile(id, ledger.Entry{Header: e.HeaderBytes, Salt: e.Salt, Body: e.Body}, cp, record)
	if err != nil {
		return nil, fmt.Errorf("proving %s: %w", id, err)
	}
	log := id.Log(s.n.settings.Federation)
	for _, key := range s.n.logKeys(log, cp.Size) {
		if _, err := ledger.CheckProofFile(file, e.Body, log, key); err == nil {
			return &answersv1.GetProofResponse{Proof: file, Body: e.Body, Name: id.String(), Vkey: ledger.VKey(log, key)}, nil
		}
	}
	return nil, fault.New(fault.ErrAbsent, fmt.Sprintf("%s cannot be proved: the register has no key that may sign the log of %s at the size held here, %d", id, id.Office, cp.Size),
		"ask the office: its key was revoked, and it has to begin its log anew")
}

func (s guidanceService) Verify(_ context.Context, req *answersv1.VerifyRequest) (*answersv1.VerifyResponse, error) {
	resp := &answersv1.VerifyResponse{Completeness: s.n.completeness(s.n.reg().Register)}
	found, err := s.n.issued(req.Body)
	if err != nil {
		return nil, err
	}
	if found == nil {
		resp.Words = "Not found: no office's log held here has a letter with exactly these bytes. It may have been changed, never published through a node, or not have arrived here yet."
		return resp, nil
	}
	resp.Genuine, resp.Entry, resp.Current, resp.EndedBy, resp.Notices = true, found.id.String(), found.current, found.endedBy, found.notices
	resp.Words = fmt.Sprintf("This is %s, exactly as %s published it. %s", found.id, s.n.officeName(found.id.Office), found.words)
	return resp, nil
}

// issuedBody is an entry with certain words, and whether they still stand.
type issuedBody struct {
	id ledger.EntryID
	currency
}

// issued finds the entry that words are genuine by: of an office that issued them
// itself, for anybody may copy another's words into a log; the newest that stands, for
// words that were withdrawn may have been issued again.
func (n *Node) issued(body []byte) (*issuedBody, error) {
	ids, err := n.store.FindBody(body)
	if err != nil {
		return nil, err
	}
	var best *issuedBody
	for _, id := range ids {
		stored, err := n.store.Entry(id)
		if err != nil {
			return nil, err
		}
		e, understood := entry(rowOf(stored))
		if understood && claimedOffice(e) != id.Office {
			continue
		}
		now, err := n.currency(id, stored)
		if err != nil {
			return nil, err
		}
		if best == nil || now.current || !best.current {
			best = &issuedBody{id, now}
		}
	}
	return best, nil
}

// claimedOffice is the office an entry says it is of.
func claimedOffice(e guidance.Entry) string {
	return e.Advisory.GetOffice() + e.Withdrawal.GetOffice() + e.Report.GetOffice()
}

func (n *Node) officeName(id string) string {
	if o := n.reg().Office(id); o != nil {
		return o.Name
	}
	return id
}

// currency is whether an entry still stands today, and what ended it.
type currency struct {
	current bool
	endedBy string
	words   string
	notices []string
}

func (n *Node) currency(id ledger.EntryID, stored store.StoredEntry) (currency, error) {
	e, ok := entry(rowOf(stored))
	if !ok {
		return currency{current: true}, nil
	}
	var c currency
	if notice := e.Advisory.GetNotice() + e.Report.GetNotice(); notice != "" {
		c.notices = []string{notice}
	}
	known, err := n.mattersAt(everything)
	if err != nil {
		return c, err
	}
	around, err := n.standingEntries(known, touches{entries: []string{id.String()}, committees: committeesOf(e)})
	if err != nil {
		return c, err
	}
	end := guidance.EndOf(e, around, n.reg().Register, guidance.Today(n.cfg.Now()))
	c.current, c.endedBy, c.words = end.Current, end.By, end.Words
	return c, nil
}

func (s guidanceService) GetHistory(_ context.Context, req *answersv1.GetHistoryRequest) (*answersv1.GetHistoryResponse, error) {
	q, err := s.n.understand(req.Selector)
	if err != nil {
		return nil, err
	}
	in, err := s.n.input(q)
	if err != nil {
		return nil, err
	}
	items := historyOf(q, in.Entries)
	from, to, next, err := page(len(items), req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	return &answersv1.GetHistoryResponse{Items: items[from:to], NextPageToken: next, Completeness: in.Completeness}, nil
}
