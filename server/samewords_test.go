package server

import (
	"errors"
	"testing"

	"github.com/lmcfed/lmcfed/internal/fault"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
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

func TestWithdrawalThatEndsNothingMoreIsNotSignedAgainUnderAnotherRequest(t *testing.T) {
	k := newKeeper(t)
	letter := k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	withdraw := func(request, reason string) *nodev1.WithdrawAdvisoryResponse {
		t.Helper()
		resp, err := k.publication().WithdrawAdvisory(testContext(t), &nodev1.WithdrawAdvisoryRequest{RequestId: request, Withdrawal: &guidancev1.Withdrawal{
			Advisory: letter, Reason: reason, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		}})
		if err != nil {
			t.Fatal(err)
		}
		return resp
	}
	ended := withdraw("two", "sent in error").Standing.Entry
	if again := withdraw("three", "sent in error"); !again.RepeatedRequest || again.Standing.Entry != ended {
		t.Errorf("the withdrawal again: %v, want the answer to the first, %s", again, ended)
	}
	if other := withdraw("four", "overtaken"); other.RepeatedRequest {
		t.Errorf("a withdrawal for another reason: taken for %s", other.Standing.Entry)
	}
	// Ended words are issued again under another request: lmc publish --again.
	if anew := k.mustPublish("five", testAdvisory("2021-10-25", refuse, "gpc-england")); anew == letter {
		t.Errorf("the letter, withdrawn and issued again: taken for %s", letter)
	}
}
