package server

import (
	"context"
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// amends asks to publish a matter, or with check set only what that would do.
func (n *testNode) amends(request string, m *guidancev1.Matter, check bool, shown *nodev1.Preview) (*nodev1.PublishMatterResponse, error) {
	n.t.Helper()
	resp, err := n.publication().PublishMatter(testContext(n.t), &nodev1.PublishMatterRequest{RequestId: request, Matter: m, ValidateOnly: check, Preview: shown})
	return resp, wire.FromStatus(err)
}

func TestOfTwoOfficersWhoAmendOneMatterTheSecondIsToldAndLosesNothing(t *testing.T) {
	k := newKeeper(t)
	one, two := testMatter(), testMatter()
	one.Title, two.Summary = "A plan, as the first officer puts it", "What it is, as the second officer puts it"
	shownOne, err := k.amends("one", one, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	shownTwo, err := k.amends("two", two, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c := shownTwo.Consequences; len(c) != 1 || c[0].Kind != answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS_MATTER || c[0].Entry != k.matter("plan").Entry {
		t.Fatalf("amending a matter says that it %v", c)
	}
	if _, err := k.amends("one", one, false, nil); !errors.Is(err, fault.ErrInvalid) || fault.Violations(err)[0].Field != "preview" {
		t.Errorf("amending unseen: %v, want that its preview is required", err)
	}
	first, err := k.amends("one", one, false, shownOne.Preview)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.amends("two", two, false, shownTwo.Preview); !errors.Is(err, fault.ErrMoved) || fault.Hint(err) == "" {
		t.Errorf("the second officer, who saw the matter without the first one's words: %v, want that it moved and what to do", err)
	}
	if now := k.matter("plan").Matter; now.Title != one.Title {
		t.Errorf("the first officer's words were lost: %v", now)
	}
	if again, err := k.amends("one", one, false, shownOne.Preview); err != nil || !again.RepeatedRequest || again.Standing.Entry != first.Standing.Entry {
		t.Errorf("a retry of what was published: %v, %v; want its first answer, though the log has grown by itself", again, err)
	}
	shownTwo, err = k.amends("two", two, true, nil)
	if err != nil || shownTwo.Consequences[0].Entry != first.Standing.Entry {
		t.Fatalf("looking again shows %v, %v", shownTwo.GetConsequences(), err)
	}
	if _, err := k.amends("two", two, false, shownTwo.Preview); err != nil {
		t.Errorf("the second officer, having looked again: %v", err)
	}
}

func (n *testNode) matter(name string) *answersv1.GetMatterResponse {
	n.t.Helper()
	resp, err := n.guidance().GetMatter(testContext(n.t), &answersv1.GetMatterRequest{Name: name})
	if err != nil {
		n.t.Fatal(err)
	}
	return resp
}

func TestNothingIsPublishedWhoseConsequencesMovedSinceItsOfficerLooked(t *testing.T) {
	k := newKeeper(t)
	old := k.mustPublish("old", testAdvisory("2021-10-20", refuse, "gpc-england"))
	letter := testAdvisory("2021-10-25", guidancev1.Stance_STANCE_CAUTION, "gpc-england")
	letter.Title, letter.Amends = "Another letter", []string{old}
	ask := func(request string, check bool, shown *nodev1.Preview) (*nodev1.PublishAdvisoryResponse, error) {
		resp, err := k.publication().PublishAdvisory(testContext(t), &nodev1.PublishAdvisoryRequest{RequestId: request, Advisory: letter, ValidateOnly: check, Preview: shown})
		return resp, wire.FromStatus(err)
	}
	shown, err := ask("", true, nil)
	if err != nil || len(shown.Consequences) != 1 || shown.Consequences[0].Entry != old {
		t.Fatalf("%v, %v", shown, err)
	}
	_, err = k.publication().WithdrawAdvisory(testContext(t), &nodev1.WithdrawAdvisoryRequest{RequestId: "taken", Withdrawal: &guidancev1.Withdrawal{
		Advisory: old, Issued: &guidancev1.DayRange{Earliest: "2021-10-21", Latest: "2021-10-21"}, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
	}})
	if err != nil {
		t.Fatal(wire.FromStatus(err))
	}
	before := k.HeldSize("gpc-england")
	if _, err := ask("new", false, shown.Preview); !errors.Is(err, fault.ErrMoved) {
		t.Errorf("publishing what was shown before: %v", err)
	}
	again, err := ask("", true, nil)
	if err != nil || proto.Equal(again.Preview, shown.Preview) || len(again.Consequences) != 0 {
		t.Fatalf("looking again: %v, %v", again, err)
	}
	altered := proto.CloneOf(again.Preview)
	altered.Digest[0] ^= 1
	for name, preview := range map[string]*nodev1.Preview{
		"of other consequences": altered, "of another size": {Size: again.Preview.Size + 1, Root: again.Preview.Root, Digest: again.Preview.Digest},
		"of another root": {Size: again.Preview.Size, Root: make([]byte, 32), Digest: again.Preview.Digest}, "of nothing": {},
	} {
		if _, err := ask("new", false, preview); !errors.Is(err, fault.ErrMoved) {
			t.Errorf("with a preview %s: %v", name, err)
		}
	}
	if now := k.HeldSize("gpc-england"); now != before {
		t.Errorf("%d entries were published that nobody wanted", now-before)
	}
	if _, err := ask("new", false, again.Preview); err != nil {
		t.Errorf("having looked again: %v", err)
	}
}

func TestTheRegisterIsRecordedAsItWasSeenToBe(t *testing.T) {
	k := newKeeper(t)
	ask := func(name string, check bool, shown *nodev1.Preview) (*nodev1.AppendRegisterResponse, error) {
		resp, err := k.publication().AppendRegister(testContext(t), &nodev1.AppendRegisterRequest{
			RequestId: name, ValidateOnly: check, Preview: shown,
			Records: []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Body{Body: &guidancev1.Body{Id: "nhs-england", Name: name}}}},
		})
		return resp, wire.FromStatus(err)
	}
	shown, err := ask("one", true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ask("two", false, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := ask("one", false, shown.Preview); !errors.Is(err, fault.ErrMoved) {
		t.Errorf("recording over what nobody had seen: %v", err)
	}
	if shown, err = ask("one", true, nil); err != nil {
		t.Fatal(err)
	}
	if _, err = ask("one", false, shown.Preview); err != nil {
		t.Error(err)
	}
}

// A check waits for no writer, and neither does a writer whose caller has gone.
func TestWhoeverWaitsToPublishMayLeave(t *testing.T) {
	k := newKeeper(t)
	if err := k.signer.lock(testContext(t)); err != nil {
		t.Fatal(err)
	}
	defer k.signer.unlock()
	if _, err := k.amends("one", matterFor("one"), true, nil); err != nil {
		t.Errorf("a check while somebody writes: %v", err)
	}
	ctx, leave := context.WithCancel(testContext(t))
	leave()
	_, err := publicationService{n: k.Node}.PublishMatter(ctx, &nodev1.PublishMatterRequest{RequestId: "one", Matter: matterFor("one")})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a writer whose caller has gone: %v", err)
	}
}

// Two keepers look at one register, and one records: what the other was shown is not so any
// more, though their records have nothing in common.
func TestWhatTheRegisterChangesIsPartOfWhatWasSeen(t *testing.T) {
	k := newKeeper(t)
	ask := func(id, name string, check bool, shown *nodev1.Preview) (*nodev1.AppendRegisterResponse, error) {
		resp, err := k.publication().AppendRegister(testContext(t), &nodev1.AppendRegisterRequest{
			RequestId: id + name, ValidateOnly: check, Preview: shown,
			Records: []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Body{Body: &guidancev1.Body{Id: id, Name: name}}}},
		})
		return resp, wire.FromStatus(err)
	}
	first, err := ask("dhsc", "Department of Health", true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(first.Changes) != 1 || first.Changes[0].Words != "name: Department of Health" {
		t.Errorf("it changes %v", first.Changes)
	}
	second, err := ask("nhs-england", "NHS England", true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if recorded, err := ask("nhs-england", "NHS England", false, second.Preview); err != nil || len(recorded.Changes) != 1 {
		t.Errorf("recording what was seen: %v, %v", recorded.GetChanges(), err)
	}
	if _, err := ask("dhsc", "Department of Health", false, first.Preview); !errors.Is(err, fault.ErrMoved) {
		t.Errorf("recording what was seen before somebody else recorded: %v", err)
	}
	if plain, err := ask("icb", "An ICB", false, nil); err != nil || len(plain.Changes) != 0 {
		t.Errorf("recorded unseen, it changes %v, %v", plain.GetChanges(), err)
	}
}
