package server

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// inDoubt is a keeper whose guard was lost, and nobody who could confirm its data is there.
func inDoubt(t *testing.T) *testNode {
	t.Helper()
	k := newKeeper(t)
	kent, surrey := k.join("kent", false, "kent"), k.join("surrey", false, "surrey")
	if err := errors.Join(kent.stop(), surrey.stop(), k.stop(), os.Remove(filepath.Join(k.dir, keysFolder, guardFile))); err != nil {
		t.Fatal(err)
	}
	return serve(t, Config{Dir: k.dir})
}

// ownMatter is one that the node's own office may open.
func (n *testNode) ownMatter(request string) *guidancev1.Matter {
	m := testMatter()
	m.Name = n.Office() + "/plan-" + request
	return m
}

// shows waits until a node says that it is so with signing: in its status, in the answer of a
// check, and in the health of the service that publishes.
func (n *testNode) shows(want nodev1.SigningState, words string) {
	n.t.Helper()
	var got *nodev1.Signing
	await(n.t, want.String(), func() bool {
		resp, err := nodev1.NewNodeServiceClient(n.conn).GetStatus(testContext(n.t), &nodev1.GetStatusRequest{})
		if err != nil {
			n.t.Fatal(err)
		}
		got = resp.Signing
		return got.State == want
	})
	if !strings.Contains(got.Words+" "+got.Remedy, words) {
		n.t.Errorf("status says %q, %q; want %q", got.Words, got.Remedy, words)
	}
	health := healthv1.HealthCheckResponse_NOT_SERVING
	if want == nodev1.SigningState_SIGNING_STATE_READY {
		health = healthv1.HealthCheckResponse_SERVING
	}
	await(n.t, "health "+health.String(), func() bool {
		resp, err := healthv1.NewHealthClient(n.conn).Check(testContext(n.t), &healthv1.HealthCheckRequest{Service: "lmc.node.v1.PublicationService"})
		return err == nil && resp.Status == health
	})
	checked, err := n.publication().PublishMatter(testContext(n.t), &nodev1.PublishMatterRequest{Matter: n.ownMatter("shown"), ValidateOnly: true})
	if err != nil || checked.Standing.GetSigning().GetState() != want {
		n.t.Errorf("a check says %v, %v", checked.GetStanding(), err)
	}
}

// refuses: nothing is published, for this reason, and nothing has been added to the log.
func (n *testNode) refuses(want error, words string) {
	n.t.Helper()
	size := n.HeldSize(n.Office())
	_, err := n.publication().PublishMatter(testContext(n.t), &nodev1.PublishMatterRequest{RequestId: "refused", Matter: n.ownMatter("refused")})
	if err = wire.FromStatus(err); !errors.Is(err, want) || !strings.Contains(err.Error(), words) {
		n.t.Errorf("publishing: %v; want %v with %q", err, want, words)
	}
	if now := n.HeldSize(n.Office()); now != size {
		n.t.Errorf("the log has %d entries, and had %d", now, size)
	}
}

func TestPublishWhoseCallerIsGoneHoldsUpNoOther(t *testing.T) {
	k := inDoubt(t)
	ctx, leave := context.WithCancel(testContext(t))
	answered := make(chan error, 1)
	go func() {
		_, err := k.publication().PublishMatter(ctx, &nodev1.PublishMatterRequest{RequestId: "waits", Matter: matterFor("waits")})
		answered <- err
	}()
	if err := k.signer.lock(testContext(t)); err != nil { // the turn is free while somebody waits for permission
		t.Fatal(err)
	}
	leave()
	if err := <-answered; status.Code(err) != codes.Canceled {
		t.Errorf("the caller that left got %v", err)
	}
	k.signer.unlock()
}

func TestPublishThatWaitsForAPeerDelaysNoStop(t *testing.T) {
	k := inDoubt(t)
	answered := make(chan error, 1)
	go func() {
		_, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "waits", Matter: matterFor("waits")})
		answered <- err
	}()
	k.stopsWithin(drainTimeout / 2)
	if err := wire.FromStatus(<-answered); err == nil {
		t.Errorf("it was published")
	}
}

// A real fork, as it was found: the data and the guard are lost, an older backup is restored,
// the data are checked and the node started once, while the keeper is away. A node that takes
// that for its newest state signs a number it has used before.
func TestAnOlderBackupWithoutItsGuardSignsNoNumberTwice(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	if err := essex.stop(); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup")
	if _, err := Backup(essex.dir, backup); err != nil {
		t.Fatal(err)
	}
	essex = serve(t, Config{Dir: essex.dir})
	lost := essex.mustPublish("two", testAdvisory("2021-10-26", refuse, "north-essex"))
	k.awaitSame(essex)
	root, before := essex.FrontierRoot(), time.Now()
	address := k.address
	if err := errors.Join(essex.stop(), k.stop(),
		os.Remove(filepath.Join(essex.dir, dataFile)), os.Remove(filepath.Join(essex.dir, keysFolder, guardFile))); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(essex.dir, backup); err != nil {
		t.Fatal(err)
	}
	if _, err := Check(testContext(t), essex.dir); err != nil {
		t.Fatal(err)
	}
	if _, err := Backup(essex.dir, backup+"-again"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		essex = serve(t, Config{Dir: essex.dir})
		essex.shows(nodev1.SigningState_SIGNING_STATE_UNCONFIRMED, "connected")
		essex.refuses(fault.ErrRecovering, "may be an old copy")
		if c := essex.rests("north-essex"); c.Complete || !c.InDoubt || !strings.Contains(c.Warning, "may be an old copy") {
			t.Errorf("readers are told: %v", c)
		}
		letter, err := essex.guidance().GetEntry(testContext(t), &answersv1.GetEntryRequest{Name: "essex/0"})
		if err != nil {
			t.Fatal(err)
		}
		if r, err := essex.guidance().Verify(testContext(t), &answersv1.VerifyRequest{Body: letter.Body}); err != nil || r.Current || !r.CurrentNotKnown || !strings.Contains(r.Words, "may be an old copy") {
			t.Errorf("whoever verifies is told: %v, %v", r, err)
		}
		if err := essex.stop(); err != nil {
			t.Fatal(err)
		}
	}
	essex = serve(t, Config{Dir: essex.dir})
	k = serve(t, Config{Dir: k.dir, Listen: address})
	essex.shows(nodev1.SigningState_SIGNING_STATE_READY, "")
	if essex.FrontierRoot() != root {
		t.Error("ready, and what was lost is not back")
	}
	if c := essex.rests("north-essex"); !c.Complete || c.InDoubt {
		t.Errorf("ready, and readers are told: %v", c)
	}
	if got := essex.mustPublish("three", testAdvisory("2021-10-27", refuse, "north-essex")); got == lost {
		t.Errorf("%s was signed twice", got)
	}
	// What came again came in another order: a number of the feed was another moment before.
	end, _ := essex.store.FeedEnd()
	for feed, want := range map[uint64]string{1: "", end: "given twice", end + 1: "numbered what arrived up to"} {
		view := func(sel *answersv1.Selector) (*answersv1.GetCombinedViewResponse, error) {
			return essex.guidance().GetCombinedView(testContext(t), &answersv1.GetCombinedViewRequest{Selector: sel})
		}
		_, err := view(&answersv1.Selector{Matter: "plan", KnownAt: &answersv1.Selector_KnownAtFeed{KnownAtFeed: feed}})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("as known at %d: %v, want %q", feed, err, want)
		}
		then, err := view(&answersv1.Selector{Matter: "plan", KnownAt: &answersv1.Selector_KnownAtTime{KnownAtTime: timestamppb.New(before)}})
		if err != nil || !strings.Contains(then.View.Words, "put back to an earlier state") {
			t.Errorf("as known at a time before: %q, %v", then.GetView().GetWords(), err)
		}
	}
	k.awaitSame(essex)
}

// An officer was told no, and the letter was published at the node's next start.
func TestALetterThatWasRefusedIsNotPublishedLater(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	guard := filepath.Join(essex.dir, keysFolder, guardFile)
	before, err := os.ReadFile(guard)
	if err != nil {
		t.Fatal(err)
	}
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	now, err := os.ReadFile(guard)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(guard, before, 0o600); err != nil { // a copy of before is put over it
		t.Fatal(err)
	}
	essex.shows(nodev1.SigningState_SIGNING_STATE_NO_ROOM, "the guard")
	essex.refuses(fault.ErrReadOnly, "the guard")
	if drafts, err := essex.store.Drafts(); err != nil || len(drafts) > 0 {
		t.Errorf("kept for later: %v, %v", drafts, err)
	}
	if err := errors.Join(os.WriteFile(guard, now, 0o600), essex.stop()); err != nil {
		t.Fatal(err)
	}
	essex = serve(t, Config{Dir: essex.dir})
	essex.shows(nodev1.SigningState_SIGNING_STATE_READY, "")
	if size := essex.HeldSize("essex"); size != 1 {
		t.Errorf("the log has %d entries, and one was published", size)
	}
}

// What was published while nobody was connected, and lost, is nowhere: the node said for ever that it
// fetches it from its peers.
func TestLettersThatNoOtherOfficeHadAreSaidToBeLost(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	k.awaitSame(essex)
	address := k.address
	if err := errors.Join(essex.stop(), k.stop()); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup")
	if _, err := Backup(essex.dir, backup); err != nil {
		t.Fatal(err)
	}
	essex = serve(t, Config{Dir: essex.dir})
	essex.mustPublish("two", testAdvisory("2021-10-26", refuse, "north-essex"))
	if err := errors.Join(essex.stop(), os.Remove(filepath.Join(essex.dir, dataFile))); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(essex.dir, backup); err != nil {
		t.Fatal(err)
	}
	essex = serve(t, Config{Dir: essex.dir})
	told := func(want string) func() bool {
		return func() bool {
			_, err := essex.signer.state()
			return strings.Contains(fault.Hint(err), want)
		}
	}
	await(t, "alone", told("it fetches what is missing from its peers"))
	serve(t, Config{Dir: k.dir, Listen: address})
	await(t, "with the keeper connected", told("no office that is connected has more"))
	essex.shows(nodev1.SigningState_SIGNING_STATE_BEHIND, "")
}

// The keys were put back after the backup, with the guard of its day, or the data are a plain copy of
// the backup: nothing said that they were old, and essex/1 was signed twice.
func TestABackupRestoredBeforeItsKeysSignsNoNumberTwice(t *testing.T) {
	for name, restore := range map[string]func(dir, backup string) error{
		"restored": func(dir, backup string) error { _, err := Restore(dir, backup); return err },
		"copied": func(dir, backup string) error {
			b, err := os.ReadFile(backup)
			return errors.Join(err, os.WriteFile(filepath.Join(dir, dataFile), b, 0o600))
		},
		"restored where the keys of another office lay": func(dir, backup string) error {
			other := initNode(t, "kent", false, false)
			if err := os.Rename(filepath.Join(other, keysFolder), filepath.Join(dir, keysFolder)); err != nil {
				return err
			}
			if _, err := Restore(dir, backup); !errors.Is(err, store.ErrOtherGuard) {
				t.Errorf("restored beside the keys of kent: %v", err)
			}
			if err := os.RemoveAll(filepath.Join(dir, keysFolder)); err != nil {
				return err
			}
			_, err := Restore(dir, backup)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKeeper(t)
			essex := k.join("essex", false, "north-essex")
			essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
			k.awaitSame(essex)
			if err := essex.stop(); err != nil {
				t.Fatal(err)
			}
			backup, keys := filepath.Join(t.TempDir(), "backup"), filepath.Join(copyOf(t, essex.dir), keysFolder)
			if _, err := Backup(essex.dir, backup); err != nil {
				t.Fatal(err)
			}
			essex = serve(t, Config{Dir: essex.dir})
			lost := essex.mustPublish("two", testAdvisory("2021-10-26", refuse, "north-essex"))
			k.awaitSame(essex)
			address := k.address
			if err := errors.Join(essex.stop(), k.stop(), os.Remove(filepath.Join(essex.dir, dataFile)), os.RemoveAll(filepath.Join(essex.dir, keysFolder)),
				restore(essex.dir, backup), os.Rename(keys, filepath.Join(essex.dir, keysFolder))); err != nil {
				t.Fatal(err)
			}
			if _, err := Check(testContext(t), essex.dir); err != nil {
				t.Fatal(err)
			}
			essex = serve(t, Config{Dir: essex.dir})
			essex.refuses(fault.ErrRecovering, "restored from a backup")
			k = serve(t, Config{Dir: k.dir, Listen: address})
			essex.shows(nodev1.SigningState_SIGNING_STATE_READY, "")
			if got := essex.mustPublish("three", testAdvisory("2021-10-27", refuse, "north-essex")); got == lost {
				t.Errorf("%s was signed twice", got)
			}
			k.awaitSame(essex)
		})
	}
}

// copyOf copies a node's folder, as cp -p does.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	copied := filepath.Join(fastDir(t), "copy")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{copied, filepath.Join(copied, keysFolder)} {
		files, err := os.ReadDir(folder)
		for _, f := range files {
			err = errors.Join(err, os.Chmod(filepath.Join(folder, f.Name()), map[bool]os.FileMode{true: 0o700, false: 0o600}[f.IsDir()]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return copied
}

// essexTwice is a node of Essex and one of a copy of its folder, which has proved to be the second.
func (k *testNode) essexTwice() (first, second *testNode) {
	k.t.Helper()
	whole := k.join("essex", false, "north-essex")
	if err := whole.stop(); err != nil {
		k.t.Fatal(err)
	}
	copied := copyOf(k.t, whole.dir)
	first = serve(k.t, Config{Dir: whole.dir})
	await(k.t, "the first is heard", func() bool { return k.replica.Connected(publicKey(first.keys.Transport)) })
	second = serve(k.t, Config{Dir: copied, Listen: "127.0.0.1:0"})
	second.shows(nodev1.SigningState_SIGNING_STATE_DUPLICATE, "delete its copy")
	return first, second
}

// Two machines run copies of one folder, and a third hears both: the second proves to be one and
// signs nothing, the first goes on and says so.
func TestTheSecondOfTwoCopiesSignsNothing(t *testing.T) {
	k := newKeeper(t)
	first, second := k.essexTwice()
	second.refuses(fault.ErrReadOnly, "has proved it")
	if alarms := strings.Join(first.alarmWords(), "\n"); !strings.Contains(alarms, "another node with the keys of essex wants to publish") {
		t.Errorf("the first says %q", alarms)
	}
	first.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
}

// "Stop one of the two, delete its copy, and start this one again": whoever keeps the copy that has less,
// and starts it where nobody can be heard, had the next number signed twice.
func TestACopyThatWasProvedToBeOneSignsNothingAloneAfterItsRestart(t *testing.T) {
	k := newKeeper(t)
	first, second := k.essexTwice()
	first.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	k.awaitSame(first)
	address := k.address
	for _, n := range []*testNode{first, second, k} {
		if err := n.stop(); err != nil {
			t.Fatal(err)
		}
	}
	alone := serve(t, Config{Dir: second.dir})
	alone.shows(nodev1.SigningState_SIGNING_STATE_UNCONFIRMED, "was running")
	k = serve(t, Config{Dir: k.dir, Listen: address})
	k.awaitSame(alone)
	await(t, "the keeper has confirmed it", func() bool {
		return alone.signer.rule.Standing().State == nodev1.SigningState_SIGNING_STATE_READY
	})
	if name := alone.mustPublish("two", testAdvisory("2021-10-26", refuse, "north-essex")); name != "essex/1" {
		t.Errorf("the copy publishes %s, want essex/1", name)
	}
}

// The folder was copied, each copy published while it could not hear the other, and one of the
// two is started again where the other's letter is known.
func TestAWriterThatSeesItsOwnForkStopsForGood(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	k.awaitSame(essex)
	if err := essex.stop(); err != nil {
		t.Fatal(err)
	}
	copied := copyOf(t, essex.dir)
	address := k.address
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	for i, dir := range []string{essex.dir, copied} {
		n := serve(t, Config{Dir: dir})
		n.mustPublish("two", testAdvisory([]string{"2021-10-26", "2021-10-27"}[i], refuse, "north-essex"))
		if err := n.stop(); err != nil {
			t.Fatal(err)
		}
	}
	k = serve(t, Config{Dir: k.dir, Listen: address})
	essex = serve(t, Config{Dir: essex.dir})
	k.awaitSame(essex)
	if err := essex.stop(); err != nil {
		t.Fatal(err)
	}
	loser := serve(t, Config{Dir: copied})
	loser.shows(nodev1.SigningState_SIGNING_STATE_CONTRADICTED, "telephone")
	loser.refuses(fault.ErrReadOnly, "another history")
	if err := errors.Join(loser.stop(), k.stop()); err != nil {
		t.Fatal(err)
	}
	loser = serve(t, Config{Dir: copied}) // nobody is there to tell it again
	loser.refuses(fault.ErrReadOnly, "another history")
}

// Another office's log key lies in the key folder: what it signs no peer would take.
func TestALogKeyTheRegisterDoesNotNameIsFoundBeforeSigning(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	other := initNode(t, "kent", false, false)
	for _, n := range []*testNode{essex, k} {
		if err := n.stop(); err != nil {
			t.Fatal(err)
		}
		log := filepath.Join(keysFolder, identity.LogFile)
		wrong, err := os.ReadFile(filepath.Join(other, log))
		if err == nil {
			err = os.WriteFile(filepath.Join(n.dir, log), wrong, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{essex.dir, k.dir} {
		n := serve(t, Config{Dir: dir})
		n.refuses(fault.ErrReadOnly, "not the key the register names")
		if state, _ := n.signer.state(); state != nodev1.SigningState_SIGNING_STATE_KEY_UNKNOWN {
			t.Errorf("%s is %v", dir, state)
		}
	}
}

// A federation of one office has nobody to ask.
func TestTheOnlyOfficeSignsOnForAReasonThatIsLogged(t *testing.T) {
	k := newKeeper(t)
	if err := errors.Join(k.stop(), os.Remove(filepath.Join(k.dir, keysFolder, guardFile))); err != nil {
		t.Fatal(err)
	}
	n := serve(t, Config{Dir: k.dir})
	n.shows(nodev1.SigningState_SIGNING_STATE_UNCONFIRMED, "--solo")
	began := time.Now()
	n.refuses(fault.ErrRecovering, "guard was missing")
	if took := time.Since(began); took > permitPatience/2 {
		t.Errorf("it waited %v for nobody", took)
	}
	if err := n.stop(); err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	n = serve(t, Config{Dir: k.dir, Solo: "the guard was deleted by hand", Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	n.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	if err := n.stop(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(logged.String(), "the guard was deleted by hand") {
		t.Errorf("not logged: %s", &logged)
	}
	serve(t, Config{Dir: k.dir}).mustPublish("two", testAdvisory("2021-10-26", refuse, "gpc-england"))
}

func TestSoloIsForNoNodeThatOthersCanConfirm(t *testing.T) {
	k := inDoubt(t)
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Config{Dir: k.dir, Solo: "I am sure", MinFree: -1}); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "there are others") {
		t.Errorf("got %v", err)
	}
	sound := newKeeper(t)
	if err := sound.stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Config{Dir: sound.dir, Solo: "I am sure", MinFree: -1}); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "this one may") {
		t.Errorf("got %v", err)
	}
}

// The keeper's own data are confirmed by two other offices.
func TestTheKeepersLogIsConfirmedByTwoOtherOffices(t *testing.T) {
	k := newKeeper(t)
	kent, surrey := k.join("kent", false, "kent"), k.join("surrey", false, "surrey")
	k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	kent.awaitSame(k)
	surrey.awaitSame(k)
	address := k.address
	if err := errors.Join(k.stop(), os.Remove(filepath.Join(k.dir, keysFolder, guardFile))); err != nil {
		t.Fatal(err)
	}
	k = serve(t, Config{Dir: k.dir, Listen: address})
	k.shows(nodev1.SigningState_SIGNING_STATE_READY, "")
	k.mustPublish("two", testAdvisory("2021-10-26", refuse, "gpc-england"))
}

// Whoever shows a new node a head that its own key has signed is believed at once: it has lost what
// it wrote. Nobody else has a say in it.
func TestANodeKnowsItsOwnHeadsBeforeTheRegisterDoes(t *testing.T) {
	n := open(t, Config{Dir: initNode(t, "essex", false, true)})
	defer n.Close()
	if keys := n.headKeys(n.ownLog(), 1); len(keys) != 1 || !keys[0].Equal(publicKey(n.keys.Log)) {
		t.Errorf("of its own log it knows %d keys, want its own", len(keys))
	}
	if keys := n.headKeys(ledger.LogID{Federation: "trial", Office: "kent"}, 1); len(keys) > 0 {
		t.Errorf("of another log it knows %d keys before there is a register", len(keys))
	}
}
