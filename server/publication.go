package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// publicationService writes the office's log for its officers.
type publicationService struct {
	nodev1.UnimplementedPublicationServiceServer
	n *Node
}

// writing is what is to become the next entries of the own log.
type writing struct {
	requestID  string
	kind       ledgerv1.EntryKind
	visibility guidancev1.Visibility
	messages   []proto.Message
}

// write seals, signs and stores: the one way into the own log (protocol.md 4). A
// request id seen before returns the first answer's entry and repeated.
func (n *Node) write(w writing) (id ledger.EntryID, repeated bool, err error) {
	if err := checkRequestID(w.requestID); err != nil {
		return id, false, err
	}
	if id, seen, err := n.seen(w.requestID); err != nil || seen {
		return id, seen, errors.Join(err, n.sameKind(id, w.kind))
	}
	if err := n.maySign(w); err != nil {
		return id, false, err
	}
	head, _ := n.store.Held(n.ownLog())
	drafts, err := n.seal(w, head.Size)
	if err != nil {
		return id, false, err
	}
	if err := n.store.PutDraft(drafts...); err != nil {
		return id, false, fmt.Errorf("keeping the draft: %w", err)
	}
	_, size, err := n.store.Append(n.ownLog(), drafts, n.sign)
	if err != nil {
		return id, false, fmt.Errorf("writing to the log: %w", err)
	}
	return ledger.EntryID{Office: n.settings.Office, Index: size - 1}, false, n.refold()
}

// foundingRequest is the request id of the first entries a keeper writes, at Init.
const foundingRequest = "init"

// maySign refuses to continue a log that peers know to be longer, and to begin one
// before a peer has said that there is none: an office whose data and guard are both
// gone must not sign other entries under numbers it has used (protocol.md 4).
func (n *Node) maySign(w writing) error {
	held, _ := n.store.Held(n.ownLog())
	for _, seen := range n.store.Seen() {
		if seen.Log == n.ownLog() && seen.Size > held.Size {
			return fault.New(fault.ErrRecovering, fmt.Sprintf("this office has signed %d entries and only %d are here", seen.Size, held.Size), "keep the node connected: it fetches what is missing from its peers")
		}
	}
	if held.Size > 0 || n.settings.Keeper && w.requestID == foundingRequest || n.awaitInSync() {
		return nil
	}
	return fault.New(fault.ErrRecovering, "no entry of this office is here, and no peer has yet confirmed that it has signed none", "try again when lmc status shows a peer in sync")
}

const (
	inSyncPatience = 5 * time.Second
	inSyncPause    = 20 * time.Millisecond
)

// awaitInSync waits a little until some peer holds the same as this node. A keeper
// begins its log at Init alone: peers that have never heard of it prove nothing.
func (n *Node) awaitInSync() bool {
	if n.settings.Keeper {
		return false
	}
	for deadline := time.Now().Add(inSyncPatience); ; time.Sleep(inSyncPause) {
		if slices.ContainsFunc(n.replica.Peers(), func(p *nodev1.PeerStatus) bool { return p.InSync }) {
			return true
		}
		if time.Now().After(deadline) || n.draining() {
			return false
		}
	}
}

func checkRequestID(id string) error {
	switch {
	case id == "":
		return fault.New(fault.ErrInvalid, "the request has no request id", "set request_id to something of your own, the same at every retry",
			fault.Violation{Field: "request_id", Reason: "required"})
	case len(id) > maxRequestID:
		return fault.New(fault.ErrTooLarge, fmt.Sprintf("the request id has %d characters, at most %d are allowed", len(id), maxRequestID), "",
			fault.Violation{Field: "request_id", Reason: "too long"})
	}
	return nil
}

// sameKind refuses a request id that was used for something else.
func (n *Node) sameKind(id ledger.EntryID, kind ledgerv1.EntryKind) error {
	e, err := n.store.Entry(id)
	if err != nil {
		return err
	}
	if e.Header.Kind != kind {
		return fault.New(fault.ErrDuplicateRequest, fmt.Sprintf("this request id was used before, for %s", id), "use a new request id")
	}
	return nil
}

// seal fixes the bytes: nobody marshals them again ever after.
func (n *Node) seal(w writing, size uint64) ([]store.Draft, error) {
	claimed := n.cfg.Now()
	drafts := make([]store.Draft, len(w.messages))
	for i, m := range w.messages {
		body, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("sealing the entry: %w", err)
		}
		e, err := ledger.Seal(w.kind, w.visibility, size+uint64(i), claimed, body, rand.Reader)
		if err != nil {
			return nil, fault.New(fault.ErrTooLarge, err.Error(), "shorten it, or publish it in parts")
		}
		drafts[i] = store.Draft{RequestID: fmt.Sprintf("%s#%d", w.requestID, i), Header: e.Header, Salt: e.Salt, Body: e.Body}
	}
	// The request's own id stands with the last entry: the one the answer names.
	drafts[len(drafts)-1].RequestID = w.requestID
	return drafts, nil
}

func (n *Node) sign(size uint64, root tlog.Hash) (ledger.Checkpoint, error) {
	return ledger.SignCheckpoint(n.ownLog(), size, root, n.keys.Log)
}

// finishDrafts signs what a crash left sealed but unsigned, with the same bytes.
func (n *Node) finishDrafts() error {
	drafts, err := n.store.Drafts()
	if err != nil || len(drafts) == 0 {
		return err
	}
	_, _, err = n.store.Append(n.ownLog(), drafts, n.sign)
	if errors.Is(err, store.ErrRecovering) || errors.Is(err, store.ErrDiskFull) {
		n.alarms.raise(fmt.Sprintf("%d drafts wait to be signed: %v", len(drafts), err))
		return nil
	}
	return err
}

// standing says where an entry stands now.
func (n *Node) standing(id ledger.EntryID) *nodev1.Standing {
	held := n.replica.HeldBy(id.Log(n.settings.Federation), id.Index+1)
	s := &nodev1.Standing{State: nodev1.StandingState_STANDING_STATE_SIGNED, Entry: id.String(), HeldByPeers: int32(held)}
	if held > 0 {
		s.State = nodev1.StandingState_STANDING_STATE_HELD
	}
	return s
}

func checked() *nodev1.Standing {
	return &nodev1.Standing{State: nodev1.StandingState_STANDING_STATE_CHECKED}
}

func (s publicationService) PublishAdvisory(_ context.Context, req *nodev1.PublishAdvisoryRequest) (*nodev1.PublishAdvisoryResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	if id, seen, err := s.n.seen(req.RequestId); err != nil {
		return nil, err
	} else if seen {
		return s.firstAdvisory(id)
	}
	normalised, warnings, ends, err := guidance.CheckPublish(req.Advisory, s.n.publishContext(advisoryTouches(req.Advisory)))
	if err != nil {
		return nil, err
	}
	resp := &nodev1.PublishAdvisoryResponse{Standing: checked(), Advisory: normalised, Warnings: warnings, Ends: ends}
	if req.ValidateOnly {
		return resp, nil
	}
	id, _, err := s.n.write(writing{req.RequestId, ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, normalised.Visibility, []proto.Message{normalised}})
	if err != nil {
		return nil, err
	}
	resp.Standing = s.n.standing(id)
	return resp, nil
}

// seen finds the entry an earlier request with the same id made. A check that names
// the id of a write finds it too: what was published and cut off before the answer
// is not refused for contradicting itself.
func (n *Node) seen(requestID string) (ledger.EntryID, bool, error) {
	if requestID == "" {
		return ledger.EntryID{}, false, nil
	}
	return n.store.Request(requestID)
}

func (s publicationService) firstAdvisory(id ledger.EntryID) (*nodev1.PublishAdvisoryResponse, error) {
	a := &guidancev1.Advisory{}
	if err := s.n.firstAnswer(id, ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, a); err != nil {
		return nil, err
	}
	return &nodev1.PublishAdvisoryResponse{Standing: s.n.standing(id), Advisory: a, RepeatedRequest: true}, nil
}

// firstAnswer reads back what an earlier request with the same id wrote.
func (n *Node) firstAnswer(id ledger.EntryID, kind ledgerv1.EntryKind, into proto.Message) error {
	if err := n.sameKind(id, kind); err != nil {
		return err
	}
	e, err := n.store.Entry(id)
	if err != nil {
		return err
	}
	if err := proto.Unmarshal(e.Body, into); err != nil {
		return fmt.Errorf("reading %s back: %w", id, err)
	}
	return nil
}

func (s publicationService) WithdrawAdvisory(_ context.Context, req *nodev1.WithdrawAdvisoryRequest) (*nodev1.WithdrawAdvisoryResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	kind := ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL
	if id, seen, err := s.n.seen(req.RequestId); err != nil {
		return nil, err
	} else if seen {
		w := &guidancev1.Withdrawal{}
		err := s.n.firstAnswer(id, kind, w)
		return &nodev1.WithdrawAdvisoryResponse{Standing: s.n.standing(id), Withdrawal: w, RepeatedRequest: true}, err
	}
	normalised, warnings, ends, err := guidance.CheckWithdraw(req.Withdrawal, s.n.publishContext(withdrawalTouches(req.Withdrawal)))
	if err != nil {
		return nil, err
	}
	resp := &nodev1.WithdrawAdvisoryResponse{Standing: checked(), Withdrawal: normalised, Warnings: warnings, Ends: ends}
	if req.ValidateOnly {
		return resp, nil
	}
	id, _, err := s.n.write(writing{req.RequestId, kind, normalised.Visibility, []proto.Message{normalised}})
	if err != nil {
		return nil, err
	}
	resp.Standing = s.n.standing(id)
	return resp, nil
}

func (s publicationService) PublishMatter(_ context.Context, req *nodev1.PublishMatterRequest) (*nodev1.PublishMatterResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	kind := ledgerv1.EntryKind_ENTRY_KIND_MATTER
	if id, seen, err := s.n.seen(req.RequestId); err != nil {
		return nil, err
	} else if seen {
		m := &guidancev1.Matter{}
		err := s.n.firstAnswer(id, kind, m)
		return &nodev1.PublishMatterResponse{Standing: s.n.standing(id), Matter: m, RepeatedRequest: true}, err
	}
	normalised, err := guidance.CheckMatter(req.Matter, s.n.publishContext(touches{}))
	if err != nil {
		return nil, err
	}
	resp := &nodev1.PublishMatterResponse{Standing: checked(), Matter: normalised}
	if req.ValidateOnly {
		return resp, nil
	}
	id, _, err := s.n.write(writing{req.RequestId, kind, normalised.Visibility, []proto.Message{normalised}})
	if err != nil {
		return nil, err
	}
	resp.Standing = s.n.standing(id)
	return resp, nil
}

func (s publicationService) ReportPosition(_ context.Context, req *nodev1.ReportPositionRequest) (*nodev1.ReportPositionResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	kind := ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION
	if id, seen, err := s.n.seen(req.RequestId); err != nil {
		return nil, err
	} else if seen {
		r := &guidancev1.ReportedPosition{}
		err := s.n.firstAnswer(id, kind, r)
		return &nodev1.ReportPositionResponse{Standing: s.n.standing(id), Report: r, RepeatedRequest: true}, err
	}
	normalised, warnings, err := guidance.CheckReport(req.Report, s.n.publishContext(touches{matters: []string{req.GetReport().GetPosition().GetMatter()}}))
	if err != nil {
		return nil, err
	}
	resp := &nodev1.ReportPositionResponse{Standing: checked(), Report: normalised, Warnings: warnings}
	if req.ValidateOnly {
		return resp, nil
	}
	id, _, err := s.n.write(writing{req.RequestId, kind, normalised.Visibility, []proto.Message{normalised}})
	if err != nil {
		return nil, err
	}
	resp.Standing = s.n.standing(id)
	return resp, nil
}

func (s publicationService) AppendRegister(ctx context.Context, req *nodev1.AppendRegisterRequest) (*nodev1.AppendRegisterResponse, error) {
	if req.ValidateOnly {
		return &nodev1.AppendRegisterResponse{Standing: checked()}, s.n.checkRegister(req.Records)
	}
	return s.n.appendRegister(ctx, req.RequestId, req.Records)
}

// appendRegister appends records to the register, all or none.
func (n *Node) appendRegister(_ context.Context, requestID string, records []*ledgerv1.RegisterRecord) (*nodev1.AppendRegisterResponse, error) {
	n.publishes.Lock()
	defer n.publishes.Unlock()
	if id, seen, err := n.seen(requestID); err != nil {
		return nil, err
	} else if seen {
		return &nodev1.AppendRegisterResponse{Standing: n.standing(id), RepeatedRequest: true}, n.sameKind(id, ledgerv1.EntryKind_ENTRY_KIND_REGISTER)
	}
	if err := n.checkRegister(records); err != nil {
		return nil, err
	}
	messages := make([]proto.Message, len(records))
	for i, r := range records {
		messages[i] = r
	}
	id, _, err := n.write(writing{requestID, ledgerv1.EntryKind_ENTRY_KIND_REGISTER, guidancev1.Visibility_VISIBILITY_PUBLIC, messages})
	if err != nil {
		return nil, err
	}
	return &nodev1.AppendRegisterResponse{Standing: n.standing(id)}, nil
}

// checkRegister refuses records that this node may not write or that the fold
// would list as problems: what is in the log stays for ever.
func (n *Node) checkRegister(records []*ledgerv1.RegisterRecord) error {
	switch {
	case !n.settings.Keeper:
		return fault.New(fault.ErrNotKeeper, fmt.Sprintf("%s does not keep the register: %s does", n.settings.Office, n.keeperOffice()), "ask the keeper's office to record it")
	case len(records) == 0:
		return fault.New(fault.ErrInvalid, "there is nothing to record", "", fault.Violation{Field: "records", Reason: "empty"})
	case len(records) > maxRegisterRecords:
		return fault.New(fault.ErrTooLarge, fmt.Sprintf("%d records in one request, at most %d are allowed", len(records), maxRegisterRecords), "send them in several requests",
			fault.Violation{Field: "records", Reason: "too many"})
	}
	return n.checkFold(records)
}

// checkFold folds the records after those held and refuses new problems.
func (n *Node) checkFold(records []*ledgerv1.RegisterRecord) error {
	state := n.reg()
	head, _ := n.store.Held(n.ownLog())
	after := state.records[:len(state.records):len(state.records)]
	for i, r := range records {
		after = append(after, registerRecord(n.settings.Office, head.Size+uint64(i), r))
	}
	before, now := state.Problems(), n.fold(after).Problems()
	if len(now) <= len(before) {
		return nil
	}
	return fault.New(fault.ErrInvalid, "the register would not hold together: "+now[len(before)], "correct the record and send it again",
		fault.Violation{Field: "records", Reason: now[len(before)]})
}

func (s publicationService) Invite(_ context.Context, req *nodev1.InviteRequest) (*nodev1.InviteResponse, error) {
	inv, err := s.n.invitation(req.Office)
	if err != nil {
		return nil, err
	}
	return &nodev1.InviteResponse{Invitation: identity.FormatInvitation(inv)}, nil
}

// invitation is what lets an admitted office join (protocol.md 6).
func (n *Node) invitation(office string) (*ledgerv1.Invitation, error) {
	if !n.settings.Keeper {
		return nil, fault.New(fault.ErrNotKeeper, fmt.Sprintf("%s does not keep the register: %s does", n.settings.Office, n.keeperOffice()), "ask the keeper's office for an invitation")
	}
	if n.reg().Office(office) == nil {
		return nil, fault.New(fault.ErrUnknownOffice, fmt.Sprintf("office %q has not been admitted", office), "admit it first: lmcnode register admit FILE --committees …")
	}
	address := n.ownAddress()
	if address == "" {
		return nil, fault.New(fault.ErrInvalid, "this node has no address others can dial", "make the keeper's node with --advertise HOST:PORT")
	}
	pin := identity.PinOf(publicKey(n.keys.Transport))
	return &ledgerv1.Invitation{
		Federation: n.settings.Federation, Keeper: n.settings.Office, Office: office, Address: address, Pin: pin[:],
		KeeperVkey:    ledger.VKey(n.ownLog(), publicKey(n.keys.Log)),
		KeeperRootKey: publicKey(n.keys.Root),
	}, nil
}

// ownAddress is where the register says this node can be dialled.
func (n *Node) ownAddress() string {
	_, record, ok := n.reg().Node(publicKey(n.keys.Transport))
	if !ok {
		return ""
	}
	return record.GetAddress()
}
