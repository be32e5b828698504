package server

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/store"
	"github.com/lmcfed/lmcfed/internal/wire"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// withFree makes a node believe that so much of its disk is free.
func withFree(t *testing.T, n *Node, free *atomic.Int64) *Node {
	t.Helper()
	n.replica.Close()
	err := n.store.Close()
	if err == nil {
		n.store, err = store.Open(filepath.Join(n.cfg.Dir, dataFile), store.Options{
			Federation: n.settings.Federation, Office: n.settings.Office,
			Guard:   filepath.Join(n.cfg.Dir, keysFolder, guardFile),
			MinFree: 1 << 20, Free: func(string) (int64, error) { return free.Load(), nil },
		})
	}
	if err := errors.Join(err, n.ready()); err != nil {
		t.Fatal(err)
	}
	return n
}

func committeeRecord(i int) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
		Id: fmt.Sprintf("committee-%d", i), Name: fmt.Sprintf("Committee %d", i), Nation: "england", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC,
	}}}
}

func committeeRecords(n int) []*ledgerv1.RegisterRecord {
	records := make([]*ledgerv1.RegisterRecord, n)
	for i := range records {
		records[i] = committeeRecord(i)
	}
	return records
}

func (n *testNode) record(request string, records ...*ledgerv1.RegisterRecord) (*nodev1.AppendRegisterResponse, error) {
	n.t.Helper()
	resp, err := n.publication().AppendRegister(testContext(n.t), &nodev1.AppendRegisterRequest{RequestId: request, Records: records})
	return resp, wire.FromStatus(err)
}

func TestRequestIDsThatAreNoneAreRefused(t *testing.T) {
	k := newKeeper(t)
	was := k.HeldSize("gpc-england")
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	if _, err := k.publish("", letter); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("no request id: %v", err)
	}
	if _, err := k.publish(strings.Repeat("x", maxRequestID+1), letter); !errors.Is(err, fault.ErrTooLarge) {
		t.Errorf("one too long: %v", err)
	}
	if _, err := k.publish("matter", letter); !errors.Is(err, fault.ErrDuplicateRequest) {
		t.Errorf("one that opened a matter: %v", err)
	}
	if _, err := k.record("matter", committeeRecord(0)); !errors.Is(err, fault.ErrDuplicateRequest) {
		t.Errorf("one that opened a matter, for a record: %v", err)
	}
	if got := k.HeldSize("gpc-england"); got != was {
		t.Errorf("%d entries were written", got-was)
	}
	k.mustPublish(strings.Repeat("x", maxRequestID), letter)
	k.stillSound()
}

// asked is the content a request id is bound to when an advisory is asked for.
func asked(t *testing.T, a *guidancev1.Advisory) [32]byte {
	t.Helper()
	content, err := contentOf(ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, a)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestOneRequestIdWithRefuseThenSupportIsRefused(t *testing.T) {
	k := newKeeper(t)
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	name := k.mustPublish("one", letter)
	was := k.HeldSize("gpc-england")
	other := testAdvisory("2021-10-25", support, "gpc-england")
	for _, checkOnly := range []bool{false, true} {
		_, err := k.publication().PublishAdvisory(testContext(t), &nodev1.PublishAdvisoryRequest{RequestId: "one", Advisory: other, ValidateOnly: checkOnly})
		err = wire.FromStatus(err)
		if !errors.Is(err, fault.ErrDuplicateRequest) || !strings.Contains(err.Error(), name+", with other content") {
			t.Errorf("support under the id of refuse, validate_only %v: %v, want ErrDuplicateRequest naming %s", checkOnly, err, name)
		}
		again, err := k.publication().PublishAdvisory(testContext(t), &nodev1.PublishAdvisoryRequest{RequestId: "one", Advisory: letter, ValidateOnly: checkOnly})
		if err != nil || !again.RepeatedRequest || again.Standing.Entry != name {
			t.Errorf("the same again, validate_only %v: %v, %v; want the first answer", checkOnly, again, err)
		}
	}
	if got := k.HeldSize("gpc-england"); got != was {
		t.Errorf("%d entries were written", got-was)
	}
	k.stillSound()
}

// A letter without positions is on no matter: it is found at the end of the own log.
func TestASecondLetterWithoutPositionsMuchLikeTheFirstIsRefused(t *testing.T) {
	k := newKeeper(t)
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	letter.Positions = nil
	name := k.mustPublish("one", letter)
	letter.Title = "on the  PLAN"
	if _, err := k.publish("two", letter); !errors.Is(err, fault.ErrContradicts) {
		t.Errorf("nearly the same again: %v, want ErrContradicts", err)
	}
	letter.Beside = []string{name}
	k.mustPublish("two", letter)
}

func TestOneRequestIdWithFewerRegisterRecordsIsRefused(t *testing.T) {
	k := newKeeper(t)
	if _, err := k.record("admit", committeeRecord(0), committeeRecord(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := k.record("admit", committeeRecord(1)); !errors.Is(err, fault.ErrDuplicateRequest) {
		t.Errorf("the last record alone: %v, want ErrDuplicateRequest", err)
	}
	if resp, err := k.record("admit", committeeRecord(0), committeeRecord(1)); err != nil || !resp.RepeatedRequest {
		t.Errorf("the same records again: %v, %v; want the first answer", resp, err)
	}
}

// What came no further than its draft is bound to its content too.
func TestRequestIdOfADraftWithOtherContentIsRefused(t *testing.T) {
	k := newKeeper(t)
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	drafts, err := k.signer.seal(writing{"one", ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, guidancev1.Visibility_VISIBILITY_PUBLIC, []proto.Message{letter}, asked(t, letter)}, k.HeldSize("gpc-england"))
	if err == nil {
		err = k.store.PutDraft(drafts...)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.publish("one", testAdvisory("2021-10-25", support, "gpc-england")); !errors.Is(err, fault.ErrDuplicateRequest) {
		t.Errorf("support under the id of a draft that says refuse: %v, want ErrDuplicateRequest", err)
	}
	if resp, err := k.publish("one", letter); err != nil || !resp.RepeatedRequest {
		t.Errorf("the draft's own letter: %v, %v; want the first answer", resp, err)
	}
}

func TestRequestIDOfAPartIsNotTakenForTheWhole(t *testing.T) {
	k := newKeeper(t)
	if _, err := k.record("admit", committeeRecord(0), committeeRecord(1)); err != nil {
		t.Fatal(err)
	}
	resp, err := k.record("admit#0", committeeRecord(2))
	if err != nil || resp.RepeatedRequest {
		t.Errorf("a request id never used before is answered as a repeat (%v, %v): its record is lost", resp.GetRepeatedRequest(), err)
	}
	if _, err := k.publish("init#0", testAdvisory("2021-10-25", refuse, "gpc-england")); err != nil {
		t.Errorf("a request id never used before: %v", err)
	}
	k.stillSound()
}

func TestRegisterRecordsOverTheLimitAreRefusedWhole(t *testing.T) {
	k := newKeeper(t)
	was := k.HeldSize("gpc-england")
	if _, err := k.record("many", committeeRecords(maxRegisterRecords+1)...); !errors.Is(err, fault.ErrTooLarge) {
		t.Errorf("one past the limit: %v", err)
	}
	if _, err := k.record("none"); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("none at all: %v", err)
	}
	if got := k.HeldSize("gpc-england"); got != was {
		t.Fatalf("%d entries were written", got-was)
	}
	if _, err := k.record("many", committeeRecords(maxRegisterRecords)...); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if got := k.HeldSize("gpc-england"); got != was+maxRegisterRecords {
		t.Errorf("%d entries were written, want %d", got-was, maxRegisterRecords)
	}
	k.stillSound()
}

func TestPublishingOnAFullDiskIsRefusedAndResumesWithRoom(t *testing.T) {
	var free atomic.Int64
	free.Store(1 << 40)
	k := serveOpened(t, withFree(t, open(t, Config{Dir: initNode(t, "gpc-england", true, true)}), &free))
	if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	dir, invitation := k.admitted("essex", false, "north-essex")
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	free.Store(1 << 20)
	_, err := k.publish("one", letter)
	if !errors.Is(err, fault.ErrDiskFull) || !strings.Contains(err.Error(), k.store.Path()) || !strings.Contains(err.Error(), "1048576 bytes are free") {
		t.Errorf("got %v, want that the disk of %s is full, with its bytes", err, k.store.Path())
	}
	st, err := nodev1.NewNodeServiceClient(k.conn).GetStatus(testContext(t), &nodev1.GetStatusRequest{})
	if err != nil || st.State != nodev1.NodeState_NODE_STATE_DISK_FULL || st.Drafts != 0 {
		t.Errorf("status: %v, %d drafts, %v", st.GetState(), st.GetDrafts(), err)
	}
	essex := serve(t, Config{Dir: dir, Invitation: invitation}) // what is here still goes out
	essex.awaitSame(k)
	free.Store(1 << 40)
	k.mustPublish("one", letter)
	k.stillSound()
}

// The disk fills up between the two transactions of one publication.
func TestDraftLeftByAFullDiskIsSignedBeforeAnythingElse(t *testing.T) {
	for _, retry := range []string{"one", "another"} {
		t.Run(retry, func(t *testing.T) {
			var free atomic.Int64
			free.Store(1 << 40)
			dir := initNode(t, "gpc-england", true, true)
			k := serveOpened(t, withFree(t, open(t, Config{Dir: dir}), &free))
			if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
				t.Fatal(err)
			}
			size := k.HeldSize("gpc-england")
			drafts, err := k.signer.seal(writing{"one", ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, guidancev1.Visibility_VISIBILITY_PUBLIC, []proto.Message{testAdvisory("2021-10-25", refuse, "gpc-england")}, asked(t, testAdvisory("2021-10-25", refuse, "gpc-england"))}, size)
			if err == nil {
				err = k.store.PutDraft(drafts...)
			}
			if err != nil {
				t.Fatal(err)
			}
			free.Store(1 << 20)
			if _, err := k.publish(retry, testAdvisory("2021-10-25", refuse, "gpc-england")); !errors.Is(err, fault.ErrDiskFull) {
				t.Errorf("while the disk is full: %v", err)
			}
			free.Store(1 << 40)
			name := k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
			if want := k.ownLog().Entry(size).String(); name != want {
				t.Errorf("the letter became %s, want %s: the draft's own place", name, want)
			}
			k.stillSound()
			if err := k.stop(); err != nil {
				t.Fatal(err)
			}
			serve(t, Config{Dir: dir}).stillSound()
		})
	}
}

// A draft in an old copy of the data: its place was taken meanwhile.
func TestNodeWithADraftWhosePlaceIsTakenStillOpens(t *testing.T) {
	k := newKeeper(t)
	size := k.HeldSize("gpc-england")
	drafts, err := k.signer.seal(writing{"lost", ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, guidancev1.Visibility_VISIBILITY_PUBLIC, []proto.Message{testAdvisory("2021-10-25", refuse, "gpc-england")}, asked(t, testAdvisory("2021-10-25", refuse, "gpc-england"))}, size)
	if err != nil {
		t.Fatal(err)
	}
	k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	there, err := k.store.Entry(k.ownLog().Entry(size))
	if err != nil {
		t.Fatal(err)
	}
	signed := store.Draft{RequestID: "signed", Content: drafts[0].Content, Header: there.HeaderBytes, Salt: there.Salt, Body: there.Body} // and it came back from peers
	if err := errors.Join(k.store.PutDraft(append(drafts, signed)...), k.stop()); err != nil {
		t.Fatal(err)
	}
	n, err := Open(Config{Dir: k.dir, MinFree: -1})
	if err != nil {
		t.Fatalf("the node does not start any more: %v", err)
	}
	again := serveOpened(t, n)
	if got := again.HeldSize("gpc-england"); got != size+1 {
		t.Errorf("the log has %d entries, want %d", got, size+1)
	}
	if alarms := strings.Join(again.alarmWords(), "\n"); !strings.Contains(alarms, `"lost"`) || strings.Contains(alarms, `"signed"`) {
		t.Errorf("not told that the one request was not published, and nothing of the other: %q", alarms)
	}
	again.stillSound()
}

// rawCodec sends bytes as they are.
type rawCodec struct{}

func (rawCodec) Marshal(v any) ([]byte, error) { return v.([]byte), nil }

func (rawCodec) Unmarshal([]byte, any) error { return nil }

func (rawCodec) Name() string { return "proto" }

func TestBytesThatAreNoMessageAreTheCallersFault(t *testing.T) {
	k := newKeeper(t)
	garbage := map[string][]byte{
		"invalid UTF-8":       {0x0a, 2, 0xff, 0xfe},
		"a length that lies":  {0x0a, 0x7f, 'x'},
		"an endless varint":   {0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"a group without end": {0x0b},
	}
	for service, info := range k.grpcServer(maxMessage, 32<<10).GetServiceInfo() {
		if !strings.HasPrefix(service, "lmc.") {
			continue
		}
		for _, m := range info.Methods {
			if m.IsClientStream {
				continue
			}
			for name, b := range garbage {
				err := k.conn.Invoke(testContext(t), "/"+service+"/"+m.Name, b, nil, grpc.ForceCodec(rawCodec{}))
				if m.IsServerStream {
					err = k.streamRaw("/"+service+"/"+m.Name, b)
				}
				// An empty request reads invalid UTF-8 as a field it does not know.
				if code := status.Code(err); code == codes.Internal || code == codes.Unknown || code == codes.OK && name != "invalid UTF-8" {
					t.Errorf("%s/%s, %s: %v", service, m.Name, name, err)
				}
			}
		}
	}
	k.stillSound()
}

func (n *testNode) streamRaw(method string, b []byte) error {
	stream, err := n.conn.NewStream(testContext(n.t), &grpc.StreamDesc{ServerStreams: true}, method, grpc.ForceCodec(rawCodec{}))
	if err != nil {
		return err
	}
	if err := errors.Join(stream.SendMsg(b), stream.CloseSend()); err != nil {
		return err
	}
	return stream.RecvMsg(nil)
}
