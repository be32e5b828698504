package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// fakeNode is the office of Essex in federation demo as far as the command line can
// tell: real gRPC over TLS, a real log with real proofs, answers laid down in
// fakeanswers_test.go. Keys, times and salts are fixed, so that transcripts are.
type fakeNode struct {
	nodev1.UnimplementedGuidanceServiceServer
	nodev1.UnimplementedNationalServiceServer
	nodev1.UnimplementedPublicationServiceServer
	nodev1.UnimplementedRegisterServiceServer
	nodev1.UnimplementedNodeServiceServer

	address string
	srv     *grpc.Server

	mu       sync.Mutex
	entries  []fakeEntry
	requests map[string]int // request id -> index
	moved    bool           // what publishing a letter that "moves" does has changed
	changes  []*answersv1.ViewChange
	more     chan struct{}               // closed when changes grow
	seen     sync.Map                    // path -> what waitfor last saw in it
	between  grpc.UnaryServerInterceptor // what happens to its calls; nil: nothing
	behind   bool                        // it knows of entries of essex that it does not hold
}

type fakeEntry struct {
	ledger.Entry
	kind    ledgerv1.EntryKind
	msg     proto.Message
	endedBy string
}

const federation, officeID = "demo", "essex"

// seeded is a key that is the same in every run.
func seeded(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("a key for tests: " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

var (
	fakeLog   = ledger.LogID{Federation: federation, Office: officeID}
	fakeStart = time.Date(2021, 10, 25, 9, 30, 0, 0, time.UTC)
)

func newFakeNode() *fakeNode {
	n := &fakeNode{address: "127.0.0.1:0", requests: map[string]int{}, more: make(chan struct{})}
	n.append(ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, essexAdvisory())
	return n
}

func (n *fakeNode) start() error {
	lis, err := net.Listen("tcp", n.address)
	// While it was stopped, its port may have gone to somebody's outgoing connection.
	for try := 0; errors.Is(err, syscall.EADDRINUSE) && try < 100; try++ {
		time.Sleep(100 * time.Millisecond)
		lis, err = net.Listen("tcp", n.address)
	}
	if err != nil {
		return err
	}
	n.address = lis.Addr().String()
	opts := []grpc.ServerOption{grpc.Creds(credentials.NewTLS(identity.ServerTLS(seeded("node"), nil, admitOfficer)))}
	if n.between != nil {
		opts = append(opts, grpc.UnaryInterceptor(n.between))
	}
	n.srv = grpc.NewServer(opts...)
	nodev1.RegisterGuidanceServiceServer(n.srv, n)
	nodev1.RegisterNationalServiceServer(n.srv, n)
	nodev1.RegisterPublicationServiceServer(n.srv, n)
	nodev1.RegisterRegisterServiceServer(n.srv, n)
	nodev1.RegisterNodeServiceServer(n.srv, n)
	go func() { _ = n.srv.Serve(lis) }()
	return nil
}

func (n *fakeNode) stop() { n.srv.Stop() }

func admitOfficer(pub ed25519.PublicKey) error {
	if publicOf(seeded("officer")).Equal(pub) {
		return nil
	}
	return errors.New("not an officer of this node")
}

// append seals a message into the log and returns its index.
func (n *fakeNode) append(kind ledgerv1.EntryKind, msg proto.Message) int {
	body, err := proto.MarshalOptions{Deterministic: true}.Marshal(msg)
	if err != nil {
		panic(err)
	}
	index := len(n.entries)
	salt := bytes.NewReader(bytes.Repeat([]byte{byte(index + 1)}, ledger.SaltSize))
	e, err := ledger.Seal(kind, guidancev1.Visibility_VISIBILITY_PUBLIC, uint64(index), fakeStart.Add(time.Duration(index)*time.Hour), body, salt)
	if err != nil {
		panic(err)
	}
	n.entries = append(n.entries, fakeEntry{Entry: e, kind: kind, msg: msg})
	return index
}

func entryName(index int) string { return fmt.Sprintf("%s/%d", officeID, index) }

// find looks an entry up by its name.
func (n *fakeNode) find(name string) (int, error) {
	id, err := ledger.ParseEntryID(name)
	if err != nil {
		return 0, fault.New(fault.ErrInvalid, err.Error(), "")
	}
	if id.Office != officeID || id.Index >= uint64(len(n.entries)) {
		return 0, fault.New(fault.ErrUnknownEntry, fmt.Sprintf("no log held at essex has an entry %s", name), "lmc history lists what there is")
	}
	return int(id.Index), nil
}

// publish appends a message under a request id, or finds what it made before. A check
// finds that too, and appends nothing.
func (n *fakeNode) publish(id string, kind ledgerv1.EntryKind, msg proto.Message, checkOnly bool) (standing *nodev1.Standing, repeated bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	index, repeated := n.requests[id]
	if !repeated {
		if checkOnly {
			return checkedOnly(), false
		}
		index = n.append(kind, msg)
		n.requests[id] = index
	}
	return &nodev1.Standing{State: nodev1.StandingState_STANDING_STATE_HELD, HeldByPeers: 2, Entry: entryName(index)}, repeated
}

func checkedOnly() *nodev1.Standing {
	return &nodev1.Standing{State: nodev1.StandingState_STANDING_STATE_CHECKED}
}

func (n *fakeNode) PublishAdvisory(ctx context.Context, req *nodev1.PublishAdvisoryRequest) (*nodev1.PublishAdvisoryResponse, error) {
	a := req.GetAdvisory()
	if err := refusal(a); err != nil {
		return nil, wire.Status(err)
	}
	if strings.Contains(a.GetTitle(), "lost words") { // essex/77 is known by its request alone
		return &nodev1.PublishAdvisoryResponse{Standing: &nodev1.Standing{State: nodev1.StandingState_STANDING_STATE_HELD, HeldByPeers: 2, Entry: "essex/77"}, RepeatedRequest: true}, nil
	}
	resp := &nodev1.PublishAdvisoryResponse{Standing: checkedOnly(), Advisory: a, Names: allNames()}
	if len(a.GetReplaces()) > 0 {
		resp.Consequences = ends(a.GetReplaces()[0] + " (\"Access plan: our advice\") ends for North Essex LMC and South Essex LMC")
	}
	resp.Preview = &nodev1.Preview{Digest: []byte("as it was")}
	if strings.Contains(a.GetTitle(), "moves") {
		n.mu.Lock()
		moved := n.moved
		n.moved = moved || !req.GetValidateOnly()
		n.mu.Unlock()
		if moved {
			resp.Preview.Digest = []byte("as it is")
			resp.Consequences = ends("essex/7, which arrived meanwhile, ends for North Essex LMC")
		} else if !req.GetValidateOnly() {
			return nil, wire.Status(fault.New(fault.ErrMoved, "since you looked, what publishing this does has changed; nothing was published", ""))
		}
	}
	if strings.Contains(a.GetTitle(), "warn") {
		resp.Warnings = []*answersv1.Warning{{
			Code: answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL, Measure: "access-targets", Words: "You advise against what is contractual from 1 April 2022.",
		}}
	}
	resp.Standing, resp.RepeatedRequest = n.publish(req.GetRequestId(), ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, a, req.GetValidateOnly())
	if strings.Contains(a.GetTitle(), "cut") && !req.GetValidateOnly() && !resp.RepeatedRequest {
		// It stands in the log, and the caller never hears of it.
		return nil, wire.Status(fault.New(fault.ErrUnavailable, "connection reset", ""))
	}
	return resp, nil
}

func ends(words string) []*answersv1.Consequence {
	return []*answersv1.Consequence{{Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES, Words: words}}
}

// refusal is what a real node says no to, by the title of the letter.
func refusal(a *guidancev1.Advisory) error {
	switch title := a.GetTitle(); {
	case strings.Contains(title, "contradict"):
		return fault.New(fault.ErrContradicts, "North Essex LMC's standing position on engage-with-plan for practices says otherwise (essex/0: refuse)",
			"add to the letter \"replaces: [essex/0]\" or \"amends: [essex/0]\"", fault.Violation{Field: "positions[0].stance", Reason: "support against refuse"})
	case a.GetIssued().GetLatest() > "2021-10-31":
		return fault.New(fault.ErrFutureDay, "the letter is issued on 1 January 2031, which lies after today", "use valid-from for what is to hold later",
			fault.Violation{Field: "issued.latest", Reason: "lies after today"})
	case strings.Contains(title, "full"):
		return fault.New(fault.ErrDiskFull, "essex has 12 MB free and keeps 256 MB: it reads and exchanges, but writes nothing", "make room on the disk of the node; nothing was lost")
	}
	for _, id := range a.GetOnBehalfOf() {
		if id != "north-essex" && id != "south-essex" {
			return fault.New(fault.ErrNotEntitled, fmt.Sprintf("the register does not let essex speak for %s", id), "ask the register's keeper, gpc-england",
				fault.Violation{Field: "on_behalf_of", Reason: id + " is spoken for by cambridgeshire"})
		}
	}
	return nil
}

func (n *fakeNode) WithdrawAdvisory(_ context.Context, req *nodev1.WithdrawAdvisoryRequest) (*nodev1.WithdrawAdvisoryResponse, error) {
	w := proto.CloneOf(req.GetWithdrawal())
	index, err := n.find(w.GetAdvisory())
	if err != nil {
		return nil, wire.Status(err)
	}
	if said, isLetter := n.entries[index].msg.(*guidancev1.Advisory); isLetter && len(w.OnBehalfOf) == 0 {
		w.OnBehalfOf = said.GetOnBehalfOf()
	}
	if strings.Contains(w.GetReason(), "patient 943 476 5919") {
		return nil, wire.Status(fault.New(fault.ErrInvalid, "the withdrawal cannot be published as it is", "put these right",
			fault.Violation{Field: "reason", Reason: "holds what looks like an NHS number"}, fault.Violation{Field: "on_behalf_of[0]", Reason: "essex does not speak for north-essex today"}))
	}
	resp := &nodev1.WithdrawAdvisoryResponse{Standing: checkedOnly(), Withdrawal: w, Names: allNames(), Consequences: ends(w.GetAdvisory() + " ends; nothing stands in its place")}
	resp.Standing, resp.RepeatedRequest = n.publish(req.GetRequestId(), ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL, w, req.GetValidateOnly())
	if ended := resp.Standing.GetEntry(); ended != "" {
		n.entries[index].endedBy = ended
	}
	return resp, nil
}

func (n *fakeNode) PublishMatter(_ context.Context, req *nodev1.PublishMatterRequest) (*nodev1.PublishMatterResponse, error) {
	resp := &nodev1.PublishMatterResponse{Standing: checkedOnly(), Matter: req.GetMatter()}
	resp.Standing, resp.RepeatedRequest = n.publish(req.GetRequestId(), ledgerv1.EntryKind_ENTRY_KIND_MATTER, req.GetMatter(), req.GetValidateOnly())
	return resp, nil
}

func (n *fakeNode) ReportPosition(_ context.Context, req *nodev1.ReportPositionRequest) (*nodev1.ReportPositionResponse, error) {
	resp := &nodev1.ReportPositionResponse{Standing: checkedOnly(), Report: req.GetReport(), Names: allNames()}
	resp.Standing, resp.RepeatedRequest = n.publish(req.GetRequestId(), ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION, req.GetReport(), req.GetValidateOnly())
	return resp, nil
}

func (n *fakeNode) GetProof(_ context.Context, req *answersv1.GetProofRequest) (*answersv1.GetProofResponse, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	index, err := n.find(req.GetName())
	if err != nil {
		return nil, wire.Status(err)
	}
	proof, err := n.prove(index)
	if err != nil {
		return nil, wire.Status(err)
	}
	return &answersv1.GetProofResponse{
		Proof: proof, Body: n.entries[index].Body, Name: req.GetName(), Vkey: ledger.VKey(fakeLog, publicOf(seeded("log"))),
	}, nil
}

// prove makes the proof file of an entry with sumdb/tlog alone.
func (n *fakeNode) prove(index int) ([]byte, error) {
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, a := range at {
			out[i] = hashes[a]
		}
		return out, nil
	})
	for i, e := range n.entries {
		stored, err := tlog.StoredHashesForRecordHash(int64(i), ledger.LeafHash(e.Header), reader)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, stored...)
	}
	size := int64(len(n.entries))
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		return nil, err
	}
	record, err := tlog.ProveRecord(size, int64(index), reader)
	if err != nil {
		return nil, err
	}
	cp, err := ledger.SignCheckpoint(fakeLog, uint64(size), root, seeded("log"))
	if err != nil {
		return nil, err
	}
	return ledger.ProofFile(fakeLog.Entry(uint64(index)), n.entries[index].Entry, cp, record)
}

func (n *fakeNode) Verify(_ context.Context, req *answersv1.VerifyRequest) (*answersv1.VerifyResponse, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i, e := range n.entries {
		if !bytes.Equal(e.Body, req.GetBody()) {
			continue
		}
		resp := &answersv1.VerifyResponse{Genuine: true, Entry: saidBy(entryName(i), e.msg, e.endedBy), Current: e.endedBy == "", Completeness: allHere()}
		resp.Entry.Notices = nil
		if said, ok := e.msg.(interface{ GetNotice() string }); ok && said.GetNotice() != "" {
			resp.Entry.Notices = []string{said.GetNotice()}
		}
		resp.Words = "It was published by Essex LMCs and nothing recorded here has ended it."
		if e.endedBy != "" {
			resp.Words = "It was published by Essex LMCs and has ended since (" + e.endedBy + ")."
		}
		if n.behind && resp.Current {
			resp.Current, resp.CurrentNotKnown = false, true
			resp.Words = "It was published by Essex LMCs. Whether it is current is not known: of essex, 12 entries are known of and only 2 are held here."
		}
		return resp, nil
	}
	return &answersv1.VerifyResponse{Words: "No log held here has an entry with these bytes. If somebody forwarded it to you, ask the office itself.", Completeness: allHere()}, nil
}

// change adds a change for those who watch.
func (n *fakeNode) change(c *answersv1.ViewChange) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.changes = append(n.changes, c)
	close(n.more)
	n.more = make(chan struct{})
}

func cursorOf(feed int) *answersv1.Cursor {
	digest := sha256.Sum256(fmt.Appendf(nil, "feed %d", feed))
	return &answersv1.Cursor{Feed: uint64(feed), Digest: digest[:], Day: "2021-10-28"}
}

func (n *fakeNode) WatchView(req *answersv1.WatchViewRequest, stream grpc.ServerStreamingServer[answersv1.WatchViewResponse]) error {
	if err := knownMatter(req.GetSelector()); err != nil {
		return wire.Status(err)
	}
	at := int(req.GetCursor().GetFeed())
	if req.GetCursor() == nil || !proto.Equal(req.GetCursor(), cursorOf(at)) {
		n.mu.Lock()
		at = len(n.changes)
		n.mu.Unlock()
		reset := &answersv1.ViewReset{Reason: "This is the current view.", View: essexView(&answersv1.Selector{})}
		if req.GetCursor() != nil {
			reset.Reason = "This place is not in this node's history: start again from this view."
		}
		if err := stream.Send(&answersv1.WatchViewResponse{Event: &answersv1.WatchViewResponse_Reset_{Reset_: reset}, Cursor: cursorOf(at)}); err != nil {
			return err
		}
	}
	for {
		n.mu.Lock()
		changes, more := n.changes, n.more
		n.mu.Unlock()
		for ; at < len(changes); at++ {
			if err := stream.Send(&answersv1.WatchViewResponse{Event: &answersv1.WatchViewResponse_Change{Change: changes[at]}, Cursor: cursorOf(at + 1)}); err != nil {
				return err
			}
		}
		select {
		case <-stream.Context().Done():
			return stream.Context().Err()
		case <-more:
		}
	}
}
