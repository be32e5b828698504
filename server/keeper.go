package server

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// AppendRegister appends records to the register, all or none; its course is that of
// publish.
func (s publicationService) AppendRegister(ctx context.Context, req *nodev1.AppendRegisterRequest) (*nodev1.AppendRegisterResponse, error) {
	const kind = ledgerv1.EntryKind_ENTRY_KIND_REGISTER
	messages := make([]proto.Message, len(req.Records))
	for i, r := range req.Records {
		messages[i] = r
	}
	content, err := contentOf(kind, messages...)
	if err != nil {
		return nil, err
	}
	var standing *nodev1.Standing
	done, err := s.n.begin(ctx, req, content, &ledgerv1.RegisterRecord{}, &standing)
	defer done()
	if err != nil || standing != nil {
		return &nodev1.AppendRegisterResponse{Standing: standing, RepeatedRequest: true}, err
	}
	after, err := s.n.checkRegister(req.Records)
	if err != nil {
		return nil, err
	}
	resp := &nodev1.AppendRegisterResponse{Standing: s.n.checked()}
	shown := messages
	if req.ValidateOnly || req.Preview != nil { // whoever looks at nothing is not kept waiting for it
		if resp.Changes, err = s.n.answers.RegisterChanges(ctx, req.Records, after); err != nil {
			return nil, err
		}
		shown = slices.Clone(messages)
		for _, change := range resp.Changes {
			shown = append(shown, change)
		}
	}
	preview, err := s.n.preview(kind, shown)
	if err != nil {
		return nil, err
	}
	resp.Preview = preview
	if req.ValidateOnly {
		return resp, nil
	}
	if err := s.n.unmoved(req.Preview, preview, false); err != nil {
		return nil, err
	}
	resp.Standing, err = s.n.signer.write(writing{req.RequestId, kind, guidancev1.Visibility_VISIBILITY_PUBLIC, messages, content})
	return resp, err
}

// checkRegister refuses records that this node may not write, or that the fold would
// list as problems after those held: what is in the log stays for ever. It returns the
// register as it would be with them.
func (n *Node) checkRegister(records []*ledgerv1.RegisterRecord) (*register.Register, error) {
	switch {
	case !n.settings.Keeper:
		return nil, fault.New(fault.ErrNotKeeper, fmt.Sprintf("%s does not keep the register: %s does", n.settings.Office, n.keeperOffice()), "ask the keeper's office to record it")
	case len(records) == 0:
		return nil, fault.New(fault.ErrInvalid, "there is nothing to record", "", fault.Violation{Field: "records", Reason: "empty"})
	case len(records) > maxRegisterRecords:
		return nil, fault.New(fault.ErrTooLarge, fmt.Sprintf("%d records in one request, at most %d are allowed", len(records), maxRegisterRecords), "send them in several requests",
			fault.Violation{Field: "records", Reason: "too many"})
	}
	state := n.reg()
	head, _ := n.store.Held(n.ownLog())
	after := make([]register.Record, len(records))
	for i, r := range records {
		after[i] = register.Record{Entry: ledger.EntryID{Office: n.settings.Office, Index: head.Size + uint64(i)}, Body: r}
	}
	would := state.With(after)
	before, now := state.Problems(), would.Problems()
	if len(now) <= len(before) {
		return would, nil
	}
	known := map[string]int{} // how often: one record may be told of twice in the same words
	for _, problem := range before {
		known[problem.Words]++
	}
	added := slices.IndexFunc(now, func(problem *answersv1.RegisterProblem) bool {
		known[problem.Words]--
		return known[problem.Words] < 0
	})
	words := now[added].Words
	for i := len(records) - 1; i >= 0; i-- { // the last first, for its number may begin with that of another
		if len(records) == 1 { // which one it is need not be said
			words = strings.ReplaceAll(words, after[i].Entry.String()+": ", "")
		}
		words = strings.ReplaceAll(words, after[i].Entry.String(), fmt.Sprintf("record %d of this request", i+1))
	}
	return nil, fault.New(fault.ErrInvalid, "nothing was recorded, for the register would not hold together", "put right what is said here, and record it again",
		fault.Violation{Field: "records", Reason: words})
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
	if !n.hasRegister() {
		return nil, fault.New(fault.ErrNotJoined, "the register is not here, or not all of it: it was lost with the data", registerRemedy)
	}
	if n.reg().Office(office) == nil {
		return nil, fault.New(fault.ErrUnknownOffice, fmt.Sprintf("office %q has not been admitted", office), "admit it first: lmcnode register admit FILE --committees …")
	}
	address := n.Address()
	if address == "" {
		return nil, fault.New(fault.ErrInvalid, "this node has no address others can dial", "make the keeper's node with --advertise HOST:PORT")
	}
	pin := identity.PinOf(publicKey(n.keys.Transport))
	return &ledgerv1.Invitation{
		Federation: n.settings.Federation, Keeper: n.settings.Office, Office: office, Address: address, Pin: pin[:],
		KeeperVkey:    ledger.VKey(n.ownLog(), publicKey(n.keys.Log)),
		KeeperRootKey: n.reg().Record(n.settings.Office).GetRootKey(),
	}, nil
}
