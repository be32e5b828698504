package server

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/wire"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func TestWordsThatHoldAreNotSignedAgainUnderAnotherRequest(t *testing.T) {
	k := newKeeper(t)
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	first := k.mustPublish("one", letter)
	resp, err := k.publish("two", letter)
	if err != nil || !resp.RepeatedRequest || resp.Standing.Entry != first {
		t.Errorf("the letter again: %v, %v; want the answer to the first, %s", resp, err, first)
	}
	nearly := testAdvisory("2021-10-25", refuse, "gpc-england")
	nearly.Body += " And more."
	if _, err := k.publish("three", nearly); !errors.Is(err, fault.ErrContradicts) {
		t.Errorf("a letter much like it: %v, want it refused", err)
	}

	matter := matterFor("another")
	amended := func(request string) *nodev1.PublishMatterResponse {
		t.Helper()
		checked, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: request, Matter: matter, ValidateOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		resp, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: request, Matter: matter, Preview: checked.Preview})
		if err != nil {
			t.Fatal(err)
		}
		return resp
	}
	opened := amended("matter one").Standing.Entry
	if again := amended("matter two"); !again.RepeatedRequest || again.Standing.Entry != opened {
		t.Errorf("the matter again: %v, want the answer to the first, %s", again, opened)
	}
	matter.Title += ", amended"
	amended("matter three")
	matter = matterFor("another")
	if back := amended("matter four"); back.RepeatedRequest {
		t.Errorf("the matter put back as it was: taken for %s, which another version has replaced", back.Standing.Entry)
	}
}

// Whether a letter is current is not known while an office that could have ended it has
// published more than is here: that is no reason to sign the same words again.
func TestWordsOfWhichItIsNotKnownWhetherTheyHoldAreNotSignedAgain(t *testing.T) {
	k := newKeeper(t)
	k.admitted("essex", false, "north-essex")
	speaks := func(office, from string) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "gpc-england", Office: office, ValidFrom: from}}}
	}
	if _, err := k.record("once essex spoke for it", speaks("essex", "2000-01-01"), speaks("gpc-england", "2001-01-01")); err != nil {
		t.Fatal(err)
	}
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	first := k.mustPublish("one", letter)
	_, key, _ := ed25519.GenerateKey(rand.Reader)
	head, err := ledger.SignCheckpoint(ledger.LogID{Federation: k.settings.Federation, Office: "essex"}, 3, tlog.Hash{3}, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.store.See(head); err != nil {
		t.Fatal(err)
	}
	if resp := k.verify(k.body(first)); !resp.CurrentNotKnown {
		t.Fatalf("it is known whether %s is current: %v", first, resp)
	}
	if resp, err := k.publish("two", letter); err != nil || !resp.RepeatedRequest || resp.Standing.Entry != first {
		t.Errorf("the letter again: %v, %v; want the answer to the first, %s", resp, err, first)
	}
}

func TestWithdrawalThatEndsNothingMoreIsNotSignedAgainUnderAnotherRequest(t *testing.T) {
	k := newKeeper(t)
	letter := k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	withdraw := func(request, reason string) (*nodev1.WithdrawAdvisoryResponse, error) {
		return k.publication().WithdrawAdvisory(testContext(t), &nodev1.WithdrawAdvisoryRequest{RequestId: request, Withdrawal: &guidancev1.Withdrawal{
			Advisory: letter, Reason: reason, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		}})
	}
	first, err := withdraw("two", "sent in error")
	if err != nil {
		t.Fatal(err)
	}
	ended := first.Standing.Entry
	if again, err := withdraw("three", "sent in error"); err != nil || !again.RepeatedRequest || again.Standing.Entry != ended {
		t.Errorf("the withdrawal again: %v, %v, want the answer to the first, %s", again, err, ended)
	}
	if other, err := withdraw("four", "overtaken"); !errors.Is(wire.FromStatus(err), fault.ErrInvalid) {
		t.Errorf("a withdrawal for another reason: %v, %v, want that it ends nothing", other, err)
	}
	// Ended words are issued again under another request: lmc publish --again.
	if anew := k.mustPublish("five", testAdvisory("2021-10-25", refuse, "gpc-england")); anew == letter {
		t.Errorf("the letter, withdrawn and issued again: taken for %s", letter)
	}
}
