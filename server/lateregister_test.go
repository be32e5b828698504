package server

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/replica"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func lateCommittee(id string) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
		Id: id, Name: "Late LMC", Nation: "england", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC,
	}}}
}

// The words of a register record come after its header, as from a relay that left them out.
func TestARegisterRecordWhoseWordsArriveLateIsFolded(t *testing.T) {
	k := newKeeper(t)
	n := k.join("kent", false, "kent")
	log := k.ownLog()
	if err := k.stop(); err != nil { // the keeper is away: what it signed comes by a relay
		t.Fatal(err)
	}
	held, err := n.store.Progress(log)
	if err != nil {
		t.Fatal(err)
	}
	tree, first := held, held.Size()
	body, _ := proto.MarshalOptions{Deterministic: true}.Marshal(lateCommittee("late"))
	e, err := ledger.Seal(ledgerv1.EntryKind_ENTRY_KIND_REGISTER, guidancev1.Visibility_VISIBILITY_PUBLIC, first, time.Now(), body, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tree.Append(ledger.LeafHash(e.Header))
	cp, err := ledger.SignCheckpoint(log, tree.Size(), tree.Root(), k.keys.Log)
	if err != nil {
		t.Fatal(err)
	}
	v, err := new(ledger.Verifier).Verify(held, ledger.Segment{Log: log, First: first, Checkpoint: cp.Note, Headers: [][]byte{e.Header}}, []ed25519.PublicKey{publicKey(k.keys.Log)})
	if err == nil {
		err = n.store.Ingest([]ledger.Verified{v})
	}
	if err != nil || n.reg().Committee("late") != nil {
		t.Fatalf("by its header alone the committee is known: %v", err)
	}
	if err := n.store.PutBodies(log, []*ledgerv1.SaltedBody{{Index: first, Salt: e.Salt, Body: e.Body}}); err != nil {
		t.Fatal(err)
	}
	if n.reg().Committee("late") == nil {
		t.Error("its words are here, and the register does not have it")
	}
}

func TestTheRegisterAsKnownEarlierKnowsNothingOfLater(t *testing.T) {
	k := newKeeper(t)
	var records []register.Record
	for i, feed := range []uint64{1, 100, 2} { // the words of the second came late
		records = append(records, register.Record{Feed: feed, Entry: ledger.EntryID{Office: "gpc-england", Index: uint64(i)}, Body: lateCommittee([]string{"first", "late", "second"}[i])})
	}
	head, _ := k.store.Held(k.keeperLog())
	k.register.Store(&registerState{Register: k.fold(records), records: records, size: head.Size})
	reg, _ := registers{k.Node}.KnownAt(50)
	if reg.Committee("first") == nil || reg.Committee("second") == nil || reg.Committee("late") != nil {
		t.Errorf("as known at 50: first %v, second %v, late %v", reg.Committee("first"), reg.Committee("second"), reg.Committee("late"))
	}
}

// A retry is answered though nothing can be signed now.
func TestARetryIsAnsweredWhileADraftWaits(t *testing.T) {
	k := newKeeper(t)
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	first := k.mustPublish("one", letter)
	drafts, err := k.signer.seal(writing{"two", ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, guidancev1.Visibility_VISIBILITY_PUBLIC, []proto.Message{letter}, asked(t, letter)}, k.HeldSize("gpc-england"))
	if err == nil {
		err = k.store.PutDraft(drafts...)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := k.signer.rule.Heed(replica.Alarm{Code: replica.AlarmRefusedAsDuplicate}); err != nil {
		t.Fatal(err)
	}
	if again, err := k.publish("one", letter); err != nil || again.Standing.Entry != first || !again.RepeatedRequest {
		t.Errorf("the retry gets %v, %v; want its first answer, %s", again, err, first)
	}
	if _, err := k.publish("three", testAdvisory("2021-10-26", refuse, "gpc-england")); !errors.Is(err, fault.ErrReadOnly) {
		t.Errorf("a new letter: %v", err)
	}
}
