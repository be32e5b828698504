package server

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func (n *testNode) verify(body []byte) *answersv1.VerifyResponse {
	n.t.Helper()
	resp, err := n.guidance().Verify(testContext(n.t), &answersv1.VerifyRequest{Body: body})
	if err != nil {
		n.t.Fatal(err)
	}
	return resp
}

func (n *testNode) body(name string) []byte {
	n.t.Helper()
	resp, err := n.guidance().GetEntry(testContext(n.t), &answersv1.GetEntryRequest{Name: name})
	if err != nil {
		n.t.Fatal(err)
	}
	return resp.Body
}

func TestWordsWithdrawnAndIssuedAgainAreCurrent(t *testing.T) {
	k := newKeeper(t)
	a := testAdvisory("2021-10-25", refuse, "gpc-england")
	first := k.mustPublish("one", a)
	_, err := k.publication().WithdrawAdvisory(testContext(t), &nodev1.WithdrawAdvisoryRequest{RequestId: "two", Withdrawal: &guidancev1.Withdrawal{
		Advisory: first, Reason: "sent in error", Issued: &guidancev1.DayRange{Earliest: "2021-10-26", Latest: "2021-10-26"}, Effective: "2021-10-26", Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
	}})
	if err != nil {
		t.Fatal(wire.FromStatus(err))
	}
	if got := k.verify(k.body(first)); !got.Genuine || got.Current || len(got.Entry.Standings[0].Endings) == 0 {
		t.Fatalf("withdrawn words verify as %v", got)
	}
	again := k.mustPublish("three", a)
	if got := k.verify(k.body(again)); !got.Current || got.Entry.Name != again {
		t.Errorf("words issued again verify as %s, current %v: want %s", got.Entry.Name, got.Current, again)
	}
}

func TestWordsCopiedIntoAnotherLogAreNotGenuineThere(t *testing.T) {
	k := newKeeper(t)
	forged := testAdvisory("2021-10-25", refuse, "north-essex")
	forged.Office = "essex"
	standing, err := k.signer.write(writing{"copy", ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, guidancev1.Visibility_VISIBILITY_PUBLIC, []proto.Message{forged}, asked(t, forged)})
	if err != nil {
		t.Fatal(err)
	}
	if got := k.verify(k.body(standing.Entry)); got.Genuine {
		t.Errorf("words of essex in the log of gpc-england verify as %s", got.Words)
	}
}

func TestRecoveringNodeSaysThatItsAnswersAreNotComplete(t *testing.T) {
	k := newKeeper(t)
	k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	backup := filepath.Join(t.TempDir(), "backup")
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := Backup(k.dir, backup); err != nil {
		t.Fatal(err)
	}
	later := serve(t, Config{Dir: k.dir})
	again := testAdvisory("2021-10-26", support, "gpc-england")
	again.Replaces = []string{"gpc-england/5"}
	later.mustPublish("two", again)
	if err := later.stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(k.dir, dataFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(k.dir, backup); err != nil {
		t.Fatal(err)
	}
	old := serve(t, Config{Dir: k.dir})
	resp, err := old.guidance().GetCombinedView(testContext(t), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan"}})
	if err != nil {
		t.Fatal(err)
	}
	if c := resp.View.Completeness; c.Complete || len(c.Behind) != 1 || c.Behind[0].Office != "gpc-england" {
		t.Errorf("completeness of a restored node: %v", c)
	}
	if _, err := old.publish("three", testAdvisory("2021-10-27", refuse, "gpc-england")); !errors.Is(err, fault.ErrRecovering) {
		t.Errorf("publishing: %v, want recovering", err)
	}
}

func TestNodeWhoseGuardIsGoneAsksAPeerBeforeItSigns(t *testing.T) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", false, "north-essex")
	essex := serve(t, Config{Dir: dir, Invitation: invitation})
	essex.awaitSame(k)
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	k.awaitSame(essex)
	if err := essex.stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, keysFolder, guardFile)); err != nil {
		t.Fatal(err)
	}
	n, err := Open(Config{Dir: dir, MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.signer.permit(testContext(t)); !errors.Is(err, fault.ErrRecovering) {
		t.Errorf("without a peer: %v, want recovering", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	essex = serve(t, Config{Dir: dir})
	again := testAdvisory("2021-10-26", refuse, "north-essex")
	if name := essex.mustPublish("two", again); name != "essex/1" {
		t.Errorf("published as %s", name)
	}
}

func TestBackupOfAnotherOfficeIsNotRestored(t *testing.T) {
	k := newKeeper(t)
	other := initNode(t, "essex", false, false)
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup")
	if _, err := Backup(k.dir, backup); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(other, backup); err == nil || !strings.Contains(err.Error(), "gpc-england") {
		t.Errorf("got %v, want an error that says whose backup it is", err)
	}
	if _, err := os.Stat(filepath.Join(other, dataFile)); !os.IsNotExist(err) {
		t.Errorf("data were left behind: %v", err)
	}
}

func TestNationNobodyBelongsToIsRefused(t *testing.T) {
	k := newKeeper(t)
	_, err := nodev1.NewNationalServiceClient(k.conn).GetNationalPicture(testContext(t), &answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: "plan"}, Nation: "atlantis"})
	if err = wire.FromStatus(err); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "atlantis") {
		t.Errorf("got %v", err)
	}
}

// The keeper revokes an office's key while somebody pages through what it opened.
func TestPagesOfMattersAreOfOneRegisterThoughAKeyIsRevokedMeanwhile(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	want := []string{"essex/m-0", "essex/m-1", "essex/m-2", "gpc-england/plan"}
	for _, name := range want[:3] {
		m := testMatter()
		m.Name, m.Title = name, name
		m.Opened = &guidancev1.DayRange{Earliest: "2021-10-20", Latest: "2021-10-20"}
		if _, err := essex.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: name, Matter: m}); err != nil {
			t.Fatal(err)
		}
	}
	k.awaitSame(essex)
	var got []string
	req := &answersv1.ListMattersRequest{PageSize: 2}
	for pages := 1; ; pages++ {
		page, err := k.guidance().ListMatters(testContext(t), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Matters {
			got = append(got, m.Name)
		}
		if req.PageToken = page.NextPageToken; req.PageToken == "" {
			break
		}
		if pages == 1 {
			if _, err := k.record("revoke", essex.revocation()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages have %v, want %v", got, want)
	}
	anew, err := k.guidance().ListMatters(testContext(t), &answersv1.ListMattersRequest{})
	if err != nil || len(anew.Matters) != 1 {
		t.Errorf("asked anew there are %v, %v: want the keeper's alone", anew.GetMatters(), err)
	}
}

// revocation takes back all that a node's log key signed.
func (n *testNode) revocation() *ledgerv1.RegisterRecord {
	held, _ := n.store.Held(n.ownLog())
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Revocation{Revocation: &ledgerv1.Revocation{
		Office: n.settings.Office, Key: publicKey(n.keys.Log), Root: held.Root[:],
	}}}
}

// The keeper's log ends with a letter when the first page is asked for, and with a record
// before the next.
func TestLaterPagesOfTheRegisterKeepTheSizeOfTheFirst(t *testing.T) {
	k := newKeeper(t)
	area := func(code string) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: &guidancev1.AreaId{Scheme: "sub-icb", Code: code}, Name: "Area " + code}}}
	}
	if _, err := k.record("areas", area("001"), area("002"), area("003")); err != nil {
		t.Fatal(err)
	}
	k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	held := k.HeldSize("gpc-england")
	for _, asked := range []uint64{0, held - 1, held} {
		want := asked
		if asked == 0 {
			want = k.HeldSize("gpc-england")
		}
		req := &answersv1.GetRegisterRequest{Size: asked, PageSize: 1}
		for pages := 1; ; pages++ {
			page, err := nodev1.NewRegisterServiceClient(k.conn).GetRegister(testContext(t), req)
			if err != nil || page.Size != want {
				t.Fatalf("asked for size %d, page %d is of %d, want %d, %v", asked, pages, page.GetSize(), want, err)
			}
			if req.PageToken = page.NextPageToken; req.PageToken == "" {
				if pages < 3 {
					t.Errorf("asked for size %d there are %d pages", asked, pages)
				}
				break
			}
			more := fmt.Sprint(asked, "-", pages)
			if _, err := k.record(more, area(more)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAMatterUnderARevokedKeySaysThatItIsTheKey(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	m := testMatter()
	m.Name = "essex/plan"
	if _, err := essex.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: m}); err != nil {
		t.Fatal(err)
	}
	k.awaitSame(essex)
	if _, err := k.record("revoke", essex.revocation()); err != nil {
		t.Fatal(err)
	}
	got, err := k.guidance().GetEntry(testContext(t), &answersv1.GetEntryRequest{Name: "essex/0"})
	if want := "It was signed with a key that had been revoked, and does not count."; err != nil || got.Entry.Words != want {
		t.Errorf("it says %q, want %q, %v", got.GetEntry().GetWords(), want, err)
	}
	if verified := k.verify(got.GetBody()); verified.Current || !strings.Contains(verified.Words, "key that had been revoked") {
		t.Errorf("its words verify as current: %v, %q", verified.Current, verified.Words)
	}
}

func TestThePictureBeforeTheFirstArrivalSaysWhenThatWas(t *testing.T) {
	k := newKeeper(t)
	sel := &answersv1.Selector{Matter: "plan", KnownAt: &answersv1.Selector_KnownAtFeed{}}
	const want = "This node had recorded nothing by then: what it holds first arrived on "
	_, err := nodev1.NewNationalServiceClient(k.conn).GetNationalPicture(testContext(t), &answersv1.GetNationalPictureRequest{Selector: sel})
	if err = wire.FromStatus(err); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "there is no picture of that moment: "+want) {
		t.Errorf("the national picture: %v", err)
	}
	view, err := k.guidance().GetCombinedView(testContext(t), &answersv1.GetCombinedViewRequest{Selector: sel})
	if err != nil || !strings.HasPrefix(view.View.Words, want) {
		t.Errorf("the view says %q, %v", view.GetView().GetWords(), err)
	}
}

func TestRefusedRecordsAreNamedByTheirPlaceInTheRequest(t *testing.T) {
	k := newKeeper(t)
	k.join("essex", false, "north-essex")
	held := k.HeldSize("gpc-england")
	mandate := func(committee, office string) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: committee, Office: office, ValidFrom: "2030-01-01"}}}
	}
	records := committeeRecords(12)
	records[0], records[1] = mandate("north-essex", "essex"), mandate("south-essex", "essex")
	_, err := k.record("two", records...)
	for _, want := range []string{"nothing was recorded", "record 2 of this request: mandate for south-essex: the register has no such committee"} {
		if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
	for i := range uint64(len(records)) {
		if name := fmt.Sprint("gpc-england/", held+i); strings.Contains(fmt.Sprint(err, fault.Violations(err)), name) {
			t.Errorf("it names %s, which does not exist: %v", name, err)
		}
	}
	if strings.Contains(fmt.Sprint(err), "later record stands") || k.HeldSize("gpc-england") != held {
		t.Errorf("it says that something stands, or %d records were made: %v", k.HeldSize("gpc-england")-held, err)
	}
}
