package server

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const (
	refuse  = guidancev1.Stance_STANCE_REFUSE
	support = guidancev1.Stance_STANCE_SUPPORT
)

func newKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestLetterPublishedAtOneNodeIsAnsweredAtAnother(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	surrey := k.join("surrey-sussex", false, "surrey")
	essex.awaitSame(k)
	name := essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	// Neither can dial the other: the keeper, who did not write it, passes it on.
	surrey.awaitSame(essex)
	resp, err := surrey.guidance().GetCombinedView(testContext(t), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan", AsOf: "2021-10-25"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range resp.View.Committees {
		if c.Headline.Committee == "north-essex" {
			if got := c.Headline.Current.GetAdvisory(); got != name || c.Headline.Current.Position.Stance != refuse {
				t.Errorf("north-essex's line is %v of %q, want REFUSE of %q", c.Headline.Current.GetPosition().GetStance(), got, name)
			}
			return
		}
	}
	t.Errorf("north-essex is not in the view: %v", resp.View.Committees)
}

func TestRequestIdSentTwiceReturnsTheFirstAnswer(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	a := testAdvisory("2021-10-25", refuse, "north-essex")
	first := essex.mustPublish("same", a)
	resp, err := essex.publish("same", a)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Standing.Entry != first || !resp.RepeatedRequest || essex.HeldSize("essex") != 1 {
		t.Errorf("the repeat became %q (repeated %v), the first was %q; the log has %d entries", resp.Standing.Entry, resp.RepeatedRequest, first, essex.HeldSize("essex"))
	}
}

func TestCheckOnlyWritesNothing(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	resp, err := essex.publication().PublishAdvisory(testContext(t), &nodev1.PublishAdvisoryRequest{Advisory: testAdvisory("2021-10-25", refuse, "north-essex"), ValidateOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Standing.State != nodev1.StandingState_STANDING_STATE_CHECKED || essex.HeldSize("essex") != 0 {
		t.Errorf("standing %v, %d entries", resp.Standing, essex.HeldSize("essex"))
	}
}

func TestPublishingIsRefusedWithTheRemedy(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	essex.mustPublish("first", testAdvisory("2021-10-25", refuse, "north-essex"))
	restricted := testAdvisory("2021-10-26", refuse, "north-essex")
	restricted.Visibility = guidancev1.Visibility_VISIBILITY_PRACTICES
	large := testAdvisory("2021-10-26", refuse, "north-essex")
	large.Body = strings.Repeat("x", 300<<10)
	tests := []struct {
		name     string
		advisory *guidancev1.Advisory
		says     string
		reason   error
	}{
		{"another office's committee", testAdvisory("2021-10-26", refuse, "gpc-england"), "gpc-england", fault.ErrNotEntitled},
		{"unknown committee", testAdvisory("2021-10-26", refuse, "nort-essex"), "nort-essex", fault.ErrUnknownCommittee},
		{"a day that does not exist", testAdvisory("2021-02-30", refuse, "north-essex"), "2021-02-30", fault.ErrInvalid},
		{"a day that lies ahead", testAdvisory("2999-01-01", refuse, "north-essex"), "2999-01-01", fault.ErrFutureDay},
		{"a standing position contradicted", testAdvisory("2021-10-26", support, "north-essex"), "essex/0", fault.ErrContradicts},
		{"not public", restricted, "PUBLIC", fault.ErrInvalid},
		{"over the limit", large, "body", fault.ErrTooLarge},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := essex.publish("x", test.advisory)
			if err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(test.says)) {
				t.Errorf("got %v, want an error that names %q", err, test.says)
			}
			if !errors.Is(err, test.reason) {
				t.Errorf("%v is not %v", err, test.reason)
			}
		})
	}
	if got := essex.HeldSize("essex"); got != 1 {
		t.Errorf("the log has %d entries after refusals, want 1", got)
	}
}

func TestOnlyTheOfficersKeyPublishes(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	req := &nodev1.PublishAdvisoryRequest{RequestId: "x", Advisory: testAdvisory("2021-10-25", refuse, "north-essex")}
	for name, key := range map[string]ed25519.PrivateKey{"no key": nil, "another node's key": k.keys.Transport} {
		t.Run(name, func(t *testing.T) {
			_, err := nodev1.NewPublicationServiceClient(essex.dial(key)).PublishAdvisory(testContext(t), req)
			err = wire.FromStatus(err)
			if !errors.Is(err, fault.ErrNotAuthenticated) && !errors.Is(err, fault.ErrNotEntitled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestUnknownKeyIsRefusedInTheHandshake(t *testing.T) {
	k := newKeeper(t)
	conn := k.dial(newKey(t))
	_, err := nodev1.NewGuidanceServiceClient(conn).ListMatters(testContext(t), &answersv1.ListMattersRequest{})
	if status.Code(err) != codes.Unavailable {
		t.Errorf("got %v, want Unavailable: no call is answered", err)
	}
}

func TestNobodyWithoutANodeKeyGossips(t *testing.T) {
	k := newKeeper(t)
	for name, key := range map[string]ed25519.PrivateKey{"no key": nil, "officer": k.keys.Officer} {
		t.Run(name, func(t *testing.T) {
			stream, err := nodev1.NewFederationServiceClient(k.dial(key)).Gossip(testContext(t))
			if err == nil {
				_, err = stream.Recv()
			}
			if code := status.Code(err); code != codes.Unauthenticated && code != codes.PermissionDenied {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnybodyMayFetchTheKeepersLogAndNoOther(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	anybody := nodev1.NewFederationServiceClient(essex.dial(nil))
	fetch := func(log string, size uint64) error {
		stream, err := anybody.Fetch(testContext(t), &nodev1.FetchRequest{Ranges: []*nodev1.LogRange{{Log: log, Size: size}}})
		if err != nil {
			return err
		}
		resp, err := stream.Recv()
		if err == nil && len(resp.Chunk.Segments) == 0 {
			err = io.EOF
		}
		return err
	}
	if err := fetch("trial/gpc-england/log/0", essex.HeldSize("gpc-england")); err != nil {
		t.Errorf("the keeper's log: %v", err)
	}
	if err := fetch("trial/essex/log/0", 1); status.Code(err) != codes.PermissionDenied {
		t.Errorf("another log: %v, want PermissionDenied", err)
	}
}

func TestReflectionShowsReadOnlyServicesAlone(t *testing.T) {
	k := newKeeper(t)
	stream, err := reflectionv1.NewServerReflectionClient(k.dial(nil)).ServerReflectionInfo(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	ask := &reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}}
	if err := stream.Send(ask); err != nil {
		t.Fatal(err)
	}
	resp, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range resp.GetListServicesResponse().Service {
		names = append(names, s.Name)
	}
	all := strings.Join(names, " ")
	if !strings.Contains(all, "lmc.node.v1.GuidanceService") || strings.Contains(all, "Publication") || strings.Contains(all, "Federation") {
		t.Errorf("reflection shows %v", names)
	}
}

func TestStopEndsOpenStreams(t *testing.T) {
	k := newKeeper(t)
	k.join("essex", false, "north-essex") // a session in both directions
	watching, err := k.guidance().WatchView(testContext(t), &answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: "plan"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := watching.Recv(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	stopped := make(chan error, 1)
	conn := k.conn
	k.conn = nil // keep the reader's connection: the node must end its stream
	go func() { stopped <- k.stop() }()
	_, err = watching.Recv()
	if err := wire.FromStatus(err); !errors.Is(err, fault.ErrStopping) {
		t.Errorf("the watch ended with %v, want that the node is stopping", err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	conn.Close()
	if took := time.Since(began); took >= drainTimeout {
		t.Errorf("stopping took %v: streams were cut, not ended", took)
	}
}

func TestAnOpenHealthWatchDelaysNoStop(t *testing.T) {
	k := newKeeper(t)
	watching, err := healthv1.NewHealthClient(k.dial(nil)).Watch(testContext(t), &healthv1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := watching.Recv(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took >= drainTimeout {
		t.Errorf("stopping took %v", took)
	}
}

func TestHealthSaysServing(t *testing.T) {
	k := newKeeper(t)
	resp, err := healthv1.NewHealthClient(k.dial(nil)).Check(testContext(t), &healthv1.HealthCheckRequest{})
	if err != nil || resp.Status != healthv1.HealthCheckResponse_SERVING {
		t.Errorf("got %v, %v", resp, err)
	}
}

// watchChanges collects the changes of north-essex's headline from a cursor until
// want of them were heard, and returns the last cursor.
func watchChanges(t *testing.T, n *testNode, cursor *answersv1.Cursor, want int) (entries []string, last *answersv1.Cursor) {
	t.Helper()
	ctx, cancel := context.WithCancel(testContext(t))
	defer cancel()
	stream, err := n.guidance().WatchView(ctx, &answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: "plan"}, Cursor: cursor})
	if err != nil {
		t.Fatal(err)
	}
	for last = cursor; len(entries) < want || last == nil; {
		resp, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		last = resp.Cursor
		if r := resp.GetReset_(); r != nil {
			entries = append(entries, "reset")
		}
		for _, l := range resp.GetChange().GetLines() {
			if l.Committee == "north-essex" && l.Measure == "" {
				entries = append(entries, l.Entry)
			}
		}
	}
	return entries, last
}

func TestWatchResumesWithoutGapOrRepeatAfterARestart(t *testing.T) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", false, "north-essex")
	essex := serve(t, Config{Dir: dir, Invitation: invitation})
	essex.awaitSame(k)
	_, cursor := watchChanges(t, essex, nil, 1)
	first := essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	got, cursor := watchChanges(t, essex, cursor, 1)
	if len(got) != 1 || got[0] != first {
		t.Fatalf("heard %v, want %s", got, first)
	}
	amended := testAdvisory("2021-10-26", support, "north-essex")
	amended.Replaces = []string{first}
	second := essex.mustPublish("two", amended)
	if err := essex.stop(); err != nil {
		t.Fatal(err)
	}
	essex = serve(t, Config{Dir: dir})
	got, _ = watchChanges(t, essex, cursor, 1)
	if len(got) != 1 || got[0] != second {
		t.Errorf("after the restart heard %v, want %s alone", got, second)
	}
	// A cursor of another node's feed is told from ours by its digest.
	got, _ = watchChanges(t, essex, &answersv1.Cursor{Feed: cursor.Feed, Digest: make([]byte, 32), Day: cursor.Day}, 1)
	if got[0] != "reset" {
		t.Errorf("a foreign cursor got %v, want a reset", got)
	}
}

func TestClockTenYearsOffChangesOnlyTimesShown(t *testing.T) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", false, "north-essex")
	past := func() time.Time { return time.Now().AddDate(-3, 0, 0) }
	essex := serve(t, Config{Dir: dir, Invitation: invitation, Now: past})
	essex.awaitSame(k)
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	dir, invitation = k.admitted("surrey-sussex", false, "surrey")
	future := func() time.Time { return time.Now().AddDate(10, 0, 0) }
	surrey := serve(t, Config{Dir: dir, Invitation: invitation, Now: future})
	essex.awaitSame(k)
	surrey.awaitSame(essex)
	a, errA := essex.ViewDigest("plan", "2021-10-25")
	b, errB := surrey.ViewDigest("plan", "2021-10-25")
	if errA != nil || errB != nil || a != b {
		t.Errorf("views differ: %x %v, %x %v", a, errA, b, errB)
	}
}

func TestSecondProcessOnOneFolderIsRefused(t *testing.T) {
	k := newKeeper(t)
	_, err := Open(Config{Dir: k.dir})
	if err == nil || !strings.Contains(err.Error(), filepath.Join(k.dir, dataFile)) {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

func TestInitRefusesAFolderWithAGuard(t *testing.T) {
	k := newKeeper(t)
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	_, err := Init(InitConfig{Dir: k.dir, Federation: "trial", Office: &guidancev1.Office{Id: "gpc-england", Name: "GPC"}, Listen: "127.0.0.1:0"})
	if err == nil || !strings.Contains(err.Error(), "the folder of a node already") {
		t.Errorf("got %v", err)
	}
}

func TestMessageOverTheLimitIsRefused(t *testing.T) {
	k := newKeeper(t)
	verify := func(n int) error {
		_, err := k.guidance().Verify(testContext(t), &answersv1.VerifyRequest{Body: make([]byte, n)})
		return err
	}
	const envelope = 4 // tag and length of the body field
	if err := verify(maxMessage - envelope); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if err := verify(maxMessage - envelope + 1); status.Code(err) != codes.ResourceExhausted {
		t.Errorf("one past it: %v, want ResourceExhausted", err)
	}
}

func TestEveryMethodHasARight(t *testing.T) {
	k := newKeeper(t)
	for name, info := range k.grpcServer(maxMessage, 32<<10).GetServiceInfo() {
		for _, m := range info.Methods {
			if _, known := rightOf("/" + name + "/" + m.Name); !known {
				t.Errorf("%s/%s has no right: nobody can call it", name, m.Name)
			}
		}
	}
	if _, known := rightOf("/lmc.node.v1.NewService/Call"); known {
		t.Error("a service nobody named can be called")
	}
}

func TestUnknownMatterMeasurePracticeAreAnsweredPlainly(t *testing.T) {
	k := newKeeper(t)
	ask := func(sel *answersv1.Selector) (*answersv1.GetCombinedViewResponse, error) {
		resp, err := k.guidance().GetCombinedView(testContext(t), &answersv1.GetCombinedViewRequest{Selector: sel})
		return resp, wire.FromStatus(err)
	}
	for _, test := range []struct {
		sel  *answersv1.Selector
		want error
	}{
		{&answersv1.Selector{Matter: "plam"}, fault.ErrUnknownMatter},
		{&answersv1.Selector{Matter: "plan", Measure: "meeting"}, fault.ErrUnknownMeasure},
		{&answersv1.Selector{Matter: "plan", Committee: "nobody"}, fault.ErrUnknownCommittee},
		{&answersv1.Selector{Matter: "plan", Area: "XX9"}, fault.ErrUnknownArea},
		{&answersv1.Selector{Matter: "plan", Practice: "12345"}, fault.ErrInvalid},
		{&answersv1.Selector{Matter: "plan", AsOf: "2021-13-01"}, fault.ErrInvalid},
		{&answersv1.Selector{Matter: "plan", AsOf: "2021-10-01", OnDay: "2021-10-01"}, fault.ErrInvalid},
	} {
		if _, err := ask(test.sel); !errors.Is(err, test.want) || fault.Hint(err) == "" {
			t.Errorf("%v: got %v (hint %q), want %v with a hint", test.sel, err, fault.Hint(err), test.want)
		}
	}
	resp, err := ask(&answersv1.Selector{Matter: "plan", Practice: "A81001"})
	if err != nil || !strings.Contains(resp.View.Words, "A81001") {
		t.Errorf("an unknown practice: %v, %v", resp.GetView().GetWords(), err)
	}
}

// What an init that failed left behind the next one refused; moved, it stayed joining for ever.
func TestInitMakesAFolderWholeOrNotAtAll(t *testing.T) {
	dir := filepath.Join(fastDir(t), "gpc")
	cfg := InitConfig{Dir: dir, Federation: "trial", Office: &guidancev1.Office{Id: "gpc-england", Name: "GPC"}, Listen: "127.0.0.1:0", Keeper: true, National: &guidancev1.Committee{Id: "gpc-england"}}
	if _, err := Init(cfg); err == nil { // the register refuses a committee without a name
		t.Fatal("founded with a committee that is none")
	}
	if left, err := os.ReadDir(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("left behind: %v, %v", left, err)
	}
	// In a folder that was there and was empty, nothing is left either.
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Init(cfg); err == nil {
		t.Fatal("founded with a committee that is none")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	// Cut at any point before the settings are there, the next begins anew.
	cfg.National = nil
	for _, moved := range [][]string{{}, {dataFile}, {dataFile, keysFolder}, {dataFile, keysFolder, officeFile}} {
		cutShort(t, cfg, moved...)
		if _, err := Init(cfg); err != nil {
			t.Fatalf("cut after %v: %v", moved, err)
		}
		n := open(t, Config{Dir: dir})
		if err := n.Close(); err != nil {
			t.Error(err)
		}
		left, err := os.ReadDir(dir)
		for _, f := range left {
			if f.Name() == makingFolder {
				t.Errorf("%s is left", f.Name())
			}
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, f.Name())))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// Cut after that, it is a node.
	if _, err := Init(cfg); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, makingFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Init(cfg); err == nil || !strings.Contains(err.Error(), "is the folder of a node already") {
		t.Errorf("over a node: %v", err)
	}
}

// cutShort is an Init that was killed when it had moved so much out of the folder it makes all in.
func cutShort(t *testing.T, cfg InitConfig, moved ...string) {
	t.Helper()
	if _, err := Init(cfg); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(cfg.Dir)
	if err == nil {
		err = os.Mkdir(filepath.Join(cfg.Dir, makingFolder), 0o700)
	}
	for _, f := range files {
		if !slices.Contains(moved, f.Name()) {
			err = errors.Join(err, os.Rename(filepath.Join(cfg.Dir, f.Name()), filepath.Join(cfg.Dir, makingFolder, f.Name())))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// An Init that was killed at its very end left a whole folder and the mark of a half made one. When the
// settings of that node were lost later, serve told its operator to call init, and that deleted the keys
// and the data.
func TestInitDeletesNothingOfANodeThatWasWhole(t *testing.T) {
	k := newKeeper(t)
	essex := k.join("essex", false, "north-essex")
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	k.awaitSame(essex)
	if err := errors.Join(essex.stop(), k.stop()); err != nil {
		t.Fatal(err)
	}
	cfg := InitConfig{Federation: "trial", Office: &guidancev1.Office{Id: "essex", Name: "Essex LMCs"}, Listen: "127.0.0.1:0"}
	half := func() string {
		cfg := cfg
		cfg.Dir = filepath.Join(fastDir(t), "half")
		cutShort(t, cfg, keysFolder, officeFile)
		return cfg.Dir
	}
	neverServed := func(dir string) error {
		return errors.Join(os.Remove(filepath.Join(dir, profileFile)), os.Remove(filepath.Join(dir, certificateFile)), os.Remove(filepath.Join(dir, dataFile)))
	}
	for name, spoil := range map[string]func(dir string) error{
		"killed at the end": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, settingsFile)), os.Mkdir(filepath.Join(dir, makingFolder), 0o700))
		},
		"killed at the end, and never served": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, settingsFile)), os.Mkdir(filepath.Join(dir, makingFolder), 0o700),
				neverServed(dir))
		},
		"put into a half made one by hand": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, settingsFile)), os.Rename(filepath.Join(half(), makingFolder), filepath.Join(dir, makingFolder)),
				neverServed(dir))
		},
		"its data beside a half made one": func(dir string) error {
			data, err := os.ReadFile(filepath.Join(dir, dataFile))
			return errors.Join(err, os.RemoveAll(dir), os.Rename(half(), dir), os.WriteFile(filepath.Join(dir, dataFile), data, 0o600))
		},
	} {
		cfg.Dir = copyOf(t, essex.dir)
		if err := spoil(cfg.Dir); err != nil {
			t.Fatal(err)
		}
		before := filesIn(t, cfg.Dir)
		_, served := Open(Config{Dir: cfg.Dir, MinFree: -1})
		_, made := Init(cfg)
		for _, err := range []error{served, made} {
			if err == nil || !strings.Contains(err.Error(), "its settings are missing") || !strings.Contains(fault.Hint(err), "--dir OTHER") {
				t.Errorf("%s: %v (%s)", name, err, fault.Hint(err))
			}
		}
		if after := filesIn(t, cfg.Dir); !slices.Equal(before, after) {
			t.Errorf("%s: it had %v, and has %v", name, before, after)
		}
	}
	// A whole one is rid of the mark when it starts.
	if err := os.Mkdir(filepath.Join(essex.dir, makingFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	essex = serve(t, Config{Dir: essex.dir})
	if _, err := os.Stat(filepath.Join(essex.dir, makingFolder)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is left by a start: %v", makingFolder, err)
	}
}

// filesIn are all files of a folder, by their paths and sizes.
func filesIn(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".pid") {
			info, _ := d.Info()
			files = append(files, fmt.Sprintf("%s %d", strings.TrimPrefix(path, dir), info.Size()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A full disk, or a folder that cannot be written, kept a node from answering: it writes its
// certificate and profile there, which are for others.
func TestANodeServesThoughItCannotWriteWhatIsForOthers(t *testing.T) {
	k := newKeeper(t)
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{certificateFile, profileFile} { // nothing can be renamed over a folder that holds something
		path := filepath.Join(k.dir, name)
		if err := errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, "in the way"), 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	var logged bytes.Buffer
	again := serve(t, Config{Dir: k.dir, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	again.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
	if err := again.stop(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{certificateFile, profileFile} {
		if !strings.Contains(logged.String(), "not written, and as it was before: "+name) {
			t.Errorf("of %s nothing is said: %s", name, &logged)
		}
	}
}

// An address given to one start was forgotten by the next, and nothing said so.
func TestAListenAddressGivenToOneStartIsSaidToBeForThatAlone(t *testing.T) {
	dir := initNode(t, "gpc-england", true, true)
	before, err := loadSettings(dir)
	if err != nil {
		t.Fatal(err)
	}
	for listen, want := range map[string]int{"": 0, before.Listen: 0, "127.0.0.1:0": 1} {
		var log said
		n := serve(t, Config{Dir: dir, Listen: listen, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		if log.times("for this start alone") != want || log.times("without --listen is at "+before.Listen) != want || log.times(settingsFile) != want {
			t.Errorf("--listen %q: %s", listen, log.buf.String())
		}
		if err := n.stop(); err != nil {
			t.Fatal(err)
		}
	}
}
