package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/hostile/h2"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// lessOf serves a keeper with one matter and smaller budgets.
func lessOf(t *testing.T, less func(*budgets)) *testNode {
	t.Helper()
	n := open(t, Config{Dir: initNode(t, "gpc-england", true, true)})
	less(&n.budgets)
	k := serveOpened(t, n)
	if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAVisitorsRequestHasAtMost64KiB(t *testing.T) {
	k := newKeeper(t)
	visitor := nodev1.NewGuidanceServiceClient(k.dial(nil))
	verify := func(n int) error {
		_, err := visitor.Verify(testContext(t), &answersv1.VerifyRequest{Body: make([]byte, n)})
		return err
	}
	const envelope = 4 // tag and length of the body field
	if err := verify(64<<10 - envelope); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if err := verify(64<<10 - envelope + 1); status.Code(err) != codes.ResourceExhausted {
		t.Errorf("one past it: %v, want ResourceExhausted", err)
	}
	k.stillSound()
}

func TestALetterOfAnyLengthIsVerifiedByItsDigest(t *testing.T) {
	k := newKeeper(t)
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	letter.Body = strings.Repeat("Our advice. ", 16<<10) // 192 KiB
	name := k.mustPublish("one", letter)
	body := k.body(name)
	sum := sha256.Sum256(body)
	crc := binary.BigEndian.AppendUint32(nil, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
	digest := &answersv1.BodyDigest{Sha256: sum[:], Crc32C: crc, SizeBytes: int64(len(body))}
	visitor := nodev1.NewGuidanceServiceClient(k.dial(nil))
	resp, err := visitor.Verify(testContext(t), &answersv1.VerifyRequest{Digest: digest})
	if err != nil || !resp.Genuine || resp.Entry.Name != name {
		t.Errorf("it is genuine: %v, %s, %v", resp.GetGenuine(), resp.GetEntry().GetName(), err)
	}
	digest.Sha256[0] ^= 1
	if resp, err := visitor.Verify(testContext(t), &answersv1.VerifyRequest{Digest: digest}); err != nil || resp.Genuine {
		t.Errorf("with another SHA-256 it is genuine: %v, %v", resp.GetGenuine(), err)
	}
	for _, none := range []*answersv1.BodyDigest{
		{Sha256: sum[:31], Crc32C: crc, SizeBytes: 1},
		{Sha256: sum[:], Crc32C: crc[:3], SizeBytes: 1},
	} {
		if _, err := visitor.Verify(testContext(t), &answersv1.VerifyRequest{Digest: none}); !errors.Is(wire.FromStatus(err), fault.ErrInvalid) {
			t.Errorf("a digest cut short: %v", err)
		}
	}
	for _, size := range []int64{-1, 1 << 40} {
		digest.SizeBytes = size
		if resp, err := visitor.Verify(testContext(t), &answersv1.VerifyRequest{Digest: digest}); err != nil || resp.Genuine {
			t.Errorf("of %d bytes it is genuine: %v, %v", size, resp.GetGenuine(), err)
		}
	}
	if _, err := visitor.Verify(testContext(t), &answersv1.VerifyRequest{Digest: digest, Body: body[:9]}); !errors.Is(wire.FromStatus(err), fault.ErrInvalid) {
		t.Errorf("body and digest at once: %v", err)
	}
}

// The beginning of a message that never ends: whoever may not call is told so all the same.
func TestRightsAreLookedAtBeforeTheBodyIsRead(t *testing.T) {
	k := newKeeper(t)
	for _, method := range []string{nodev1.PublicationService_PublishAdvisory_FullMethodName, nodev1.FederationService_Gossip_FullMethodName} {
		body := append(binary.BigEndian.AppendUint32([]byte{0}, maxMessage), make([]byte, 10_000)...)
		began := time.Now()
		kinds, err := k.speak(joined(h2Hello, h2.Frame(h2.Headers, h2.EndHeaders, 1, h2.Request(method)), h2.Frame(h2.Data, 0, 1, body)))
		if err != nil || !slices.Contains(kinds, h2.Headers) {
			t.Errorf("%s: got frames %v, %v", method, kinds, err)
		}
		if took := time.Since(began); took > k.budgets.receiving/2 {
			t.Errorf("%s: the answer took %v", method, took)
		}
	}
	k.stillSound()
}

func TestWhatDoesNotArriveInTimeIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := func(takes time.Duration) error {
			return within(t.Context(), 10*time.Second, func() error { time.Sleep(takes); return nil })
		}
		if err := reads(10*time.Second - 1); err != nil {
			t.Errorf("just in time: %v", err)
		}
		began := time.Now()
		if err := reads(time.Hour); !errors.Is(err, fault.ErrBusy) || time.Since(began) != 10*time.Second {
			t.Errorf("an hour late: %v after %v", err, time.Since(began))
		}
		time.Sleep(time.Hour) // it ends with its stream
	})
}

func TestARequestThatNeverEndsIsAnsweredAndItsPlaceGivenBack(t *testing.T) {
	k := lessOf(t, func(b *budgets) { b.receiving = 50 * time.Millisecond })
	half := joined(h2Hello, h2.Frame(h2.Headers, h2.EndHeaders, 1, h2.Request(listMatters)), h2.Frame(h2.Data, 0, 1, []byte{0, 0, 0, 1, 0, 'x'}))
	if kinds, err := k.speak(half); err != nil || !slices.Contains(kinds, h2.Headers) {
		t.Errorf("half a request: got frames %v, %v", kinds, err)
	}
	stream, err := k.dial(nil).NewStream(testContext(t), &grpc.StreamDesc{ServerStreams: true}, nodev1.GuidanceService_WatchView_FullMethodName)
	if err != nil {
		t.Fatal(err)
	}
	if err := wire.FromStatus(stream.RecvMsg(&answersv1.WatchViewResponse{})); !errors.Is(err, fault.ErrBusy) {
		t.Errorf("a watch without a request ends with %v", err)
	}
	await(t, "its place is free", func() bool { all, _ := k.doors.visitors.streams.Taken(""); return all == 0 })
}

// openStreams opens watches on one connection and leaves each without its request.
func openStreams(t *testing.T, conn *grpc.ClientConn, n int) (streams []grpc.ClientStream) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	for range n {
		stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, nodev1.GuidanceService_WatchView_FullMethodName)
		if err != nil {
			t.Fatal(err)
		}
		streams = append(streams, stream)
	}
	return streams
}

func TestStreamsOverTheLimitTakeThePlaceOfWhoeverHasMost(t *testing.T) {
	k := lessOf(t, func(b *budgets) { b.visitorStreams = 40 })
	taken := func(want int) func() bool {
		return func() bool { all, _ := k.doors.visitors.streams.Taken(""); return all == want }
	}
	openStreams(t, k.dial(nil), 9)
	most := openStreams(t, k.dial(nil), 30)
	await(t, "all streams but one are open", taken(39))
	practice := nodev1.NewGuidanceServiceClient(k.dial(nil))
	ask := func() error {
		_, err := practice.ListMatters(testContext(t), &answersv1.ListMattersRequest{})
		return err
	}
	if err := ask(); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	await(t, "its place is given back", taken(39))
	openStreams(t, k.dial(nil), 1)
	await(t, "every place is taken", taken(40))
	if err := ask(); err != nil {
		t.Errorf("one past the limit: %v", err)
	}
	ended := make(chan error, len(most))
	for _, stream := range most {
		go func() { ended <- stream.RecvMsg(&answersv1.WatchViewResponse{}) }()
	}
	if err := wire.FromStatus(<-ended); !errors.Is(err, fault.ErrBusy) {
		t.Errorf("what made room ends with %v", err)
	}
	k.stillSound()
}

func TestOneKeyHasSoManyCallsAndOthersGoOn(t *testing.T) {
	k := newKeeper(t)
	m := k.member("essex")
	conns := []*grpc.ClientConn{m.conn, k.dial(m.keys.Transport)}
	openStreams(t, conns[0], 40)
	openStreams(t, conns[1], k.budgets.keyStreams-41)
	await(t, "the streams are open", func() bool { all, _ := k.doors.members.streams.Taken(""); return all == k.budgets.keyStreams-1 })
	status := func() error {
		_, err := nodev1.NewNodeServiceClient(conns[1]).GetStatus(testContext(t), &nodev1.GetStatusRequest{})
		return wire.FromStatus(err)
	}
	if err := status(); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	openStreams(t, conns[1], 1)
	await(t, "one more is open", func() bool { all, _ := k.doors.members.streams.Taken(""); return all == k.budgets.keyStreams })
	if err := status(); !errors.Is(err, fault.ErrBusy) {
		t.Errorf("one past the limit: %v", err)
	}
	k.mustPublish("one", testAdvisory("2021-10-25", refuse, "gpc-england"))
}

func TestWatchesOfHealthOverTheLimitTakeThePlaceOfWhoeverHasMost(t *testing.T) {
	k := lessOf(t, func(b *budgets) { b.healthWatches = 4 })
	watch := func(conn *grpc.ClientConn) healthv1.Health_WatchClient {
		stream, err := healthv1.NewHealthClient(conn).Watch(testContext(t), &healthv1.HealthCheckRequest{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
		return stream
	}
	first := watch(k.dial(nil))
	flood := k.dial(nil)
	oldest := watch(flood)
	for range 2 {
		watch(flood)
	}
	if all, _ := k.doors.healths.Taken(""); all != 4 {
		t.Fatalf("%d watches are open at the limit", all)
	}
	watch(flood)
	if _, err := oldest.Recv(); !errors.Is(wire.FromStatus(err), fault.ErrBusy) {
		t.Errorf("the oldest of the flood ends with %v", err)
	}
	k.health.SetServingStatus("", healthv1.HealthCheckResponse_NOT_SERVING)
	if got, err := first.Recv(); err != nil || got.Status != healthv1.HealthCheckResponse_NOT_SERVING {
		t.Errorf("the other watch gets %v, %v", got, err)
	}
}

func TestNobodyHoldsEveryFetchOfTheRegister(t *testing.T) {
	k := newKeeper(t)
	all := &nodev1.FetchRequest{Ranges: []*nodev1.LogRange{{Log: k.keeperLog().String(), Size: 1}}}
	for i := range uint64(4) { // so much, of what no packing makes less, that it is not sent before it is taken
		noise := make([]byte, 100<<10)
		rand.Read(noise)
		letter := testAdvisory("2021-10-25", refuse, "gpc-england")
		letter.Title, letter.Body, letter.Positions[0].Measure = fmt.Sprint("Letter ", i), hex.EncodeToString(noise), "meetings"
		if i > 0 {
			letter.Replaces = []string{fmt.Sprint("gpc-england/", k.HeldSize("gpc-england")-1)}
		}
		k.mustPublish(fmt.Sprint(i), letter)
	}
	all.Ranges[0].Size = k.HeldSize("gpc-england")
	flood := k.dial(nil)
	for range 2 * k.budgets.visitorFetches {
		if _, err := nodev1.NewFederationServiceClient(flood).Fetch(testContext(t), all); err != nil {
			t.Fatal(err)
		}
	}
	await(t, "one connection has every place", func() bool { n, _ := k.doors.fetches.Taken(""); return n == k.budgets.visitorFetches })
	stream, err := nodev1.NewFederationServiceClient(k.dial(nil)).Fetch(testContext(t), all)
	if err != nil {
		t.Fatal(err)
	}
	for chunks := 0; ; chunks++ {
		_, err := stream.Recv()
		if errors.Is(err, io.EOF) && chunks > 1 {
			break
		} else if err != nil {
			t.Fatalf("another gets %v after %d chunks", err, chunks)
		}
	}
}

func TestWhoeverLeavesMostUnreadIsHungUpOn(t *testing.T) {
	k := lessOf(t, func(b *budgets) { b.visitorUnread = 256 << 10 })
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	letter.Body = strings.Repeat("Our advice. ", 10<<10) // 120 KiB
	name := k.mustPublish("one", letter)
	reader := nodev1.NewGuidanceServiceClient(k.dial(nil))
	ask := func(what string) {
		if resp, err := reader.GetEntry(testContext(t), &answersv1.GetEntryRequest{Name: name}); err != nil || len(resp.Body) < 100<<10 {
			t.Errorf("%s, an honest reader gets %d bytes, %v", what, len(resp.GetBody()), err)
		}
	}
	ask("before")
	request := joined([]byte{0, 0, 0, 0, byte(len(name) + 2)}, []byte{0x0a, byte(len(name))}, []byte(name))
	attack := slices.Clone(h2Hello)
	for id := uint32(1); id < 20; id += 2 {
		attack = append(attack, h2.Frame(h2.Headers, h2.EndHeaders, id, h2.Request(nodev1.GuidanceService_GetEntry_FullMethodName))...)
		attack = append(attack, h2.Frame(h2.Data, h2.EndStream, id, request)...)
	}
	kinds, err := k.speak(attack) // reads what it is sent, and never gives it more window
	if err != nil || slices.Contains(kinds, h2.GoAway) {
		t.Errorf("got frames %v, %v; want that the connection ends", kinds, err)
	}
	ask("after")
	await(t, "nothing is unread", func() bool { all, _ := k.doors.visitors.unread.Taken(""); return all == 0 })
	k.stillSound()
}

func TestAStreamOfReflectionWithoutAQuestionIsTheCallersFault(t *testing.T) {
	var log bytes.Buffer
	k := serve(t, Config{Dir: initNode(t, "gpc-england", true, true), Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))})
	for name, send := range map[string][]*reflectionv1.ServerReflectionRequest{"nothing": nil, "an empty question": {{}}} {
		stream, err := reflectionv1.NewServerReflectionClient(k.dial(nil)).ServerReflectionInfo(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, req := range send {
			if err := stream.Send(req); err != nil {
				t.Fatal(err)
			}
		}
		if err := stream.CloseSend(); err != nil {
			t.Fatal(err)
		}
		if _, err = stream.Recv(); !errors.Is(err, io.EOF) && status.Code(err) != codes.InvalidArgument {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := k.stop(); err != nil || log.Len() > 0 {
		t.Errorf("the log says %s, %v", log.String(), err)
	}
}

func TestConnectionsFitWhatTheProcessMayHaveOpen(t *testing.T) {
	need := usual().greetings + usual().handshakes + usual().visitorConnections + usual().webConnections + usual().memberConnections + filesReserved
	for _, files := range []int{0, need} {
		if got, few := usual().within(files); few || got != usual() {
			t.Errorf("with %d files: %+v", files, got)
		}
	}
	for _, files := range []int{16, 256, 1024, need - 1} {
		got, few := usual().within(files)
		if all := got.greetings + got.handshakes + got.visitorConnections + got.webConnections + got.memberConnections; !few || all > files/2 && all > files-filesReserved || min(got.greetings, got.handshakes, got.visitorConnections, got.webConnections, got.memberConnections) < 1 {
			t.Errorf("with %d files: %d connections, %+v", files, all, got)
		}
	}
}

// gRPC gave a stream up to 16 MiB of room where its pings were answered late and much had come
// meanwhile; whoever takes no answers could have that lie there, 64 times a connection.
func TestTheNodeMeasuresNoLineToGiveItMoreRoom(t *testing.T) {
	k := newKeeper(t)
	kinds, err := k.speak(joined(h2Hello, h2.Frame(h2.Headers, h2.EndHeaders, 1, h2.Request(listMatters)), h2.Frame(h2.Data, h2.EndStream, 1, make([]byte, 5))))
	if err != nil || !slices.Contains(kinds, h2.Headers) || slices.Contains(kinds, h2.Ping) {
		t.Errorf("got frames %v, %v, want an answer and no ping", kinds, err)
	}
}

// A short answer, read at once, counted as unread until its connection ended, and whoever had read
// all of many was hung up on.
func TestShortAnswersThatAreReadAreGivenBack(t *testing.T) {
	k := newKeeper(t)
	visitor := k.dial(nil)
	for range 200 {
		if _, err := healthv1.NewHealthClient(visitor).Check(t.Context(), &healthv1.HealthCheckRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	await(t, "all is given back", func() bool { all, _ := k.doors.visitors.unread.Taken(""); return all == 0 })
}
