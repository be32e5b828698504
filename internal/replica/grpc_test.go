package replica

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/test/bufconn"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// What follows runs whole nodes over real gRPC in virtual time: streams, windows and
// deadlines are grpc-go's, a minute of waiting takes none.

// A new office that nobody can dial joins: it dials the hub, gets the register first,
// then everything, and gives what it publishes over Serve. A third one, that knows
// only the hub, gets it from there.
func TestJoinOverGRPC(t *testing.T) {
	dir := testDir(t)
	synctest.Test(t, func(t *testing.T) {
		hub := startNode(t, dir, "keeper")
		hub.publish(3, 300)
		essex := startNode(t, dir, "essex")
		essex.publish(5, 300)
		surrey := startNode(t, dir, "surrey")
		essex.dial(hub)
		surrey.dial(hub)
		time.Sleep(5 * time.Second)
		checkEqual(t, hub, essex, surrey)

		surrey.publish(1, 300)
		time.Sleep(time.Second)
		synctest.Wait()
		checkEqual(t, hub, essex, surrey)
		log := ledger.LogID{Federation: "demo", Office: "surrey"}
		if got := surrey.replica.HeldBy(log, 1); got != 1 {
			t.Errorf("surrey/0 is held by %d peers as surrey knows, want 1: the hub", got)
		}
		if got := hub.replica.HeldBy(log, 1); got != 2 {
			t.Errorf("surrey/0 is held by %d peers as the hub knows, want 2", got)
		}
		for _, p := range hub.replica.Peers() {
			if !p.Connected || !p.InSync {
				t.Errorf("the hub's peer %v: want connected and in sync", p)
			}
		}
		surrey.close()
		essex.close()
		hub.close()
	})
}

// A fetch is cut in the middle of a range. What was verified stays, and the next
// request starts there.
func TestCutInMidRangeOverGRPC(t *testing.T) {
	dir := testDir(t)
	synctest.Test(t, func(t *testing.T) {
		hub := startNode(t, dir, "keeper")
		hub.publish(400, 3000) // about five chunks
		hub.cutAfter = 2
		essex := startNode(t, dir, "essex")
		essex.dial(hub)
		time.Sleep(time.Minute)
		checkEqual(t, hub, essex)
		hub.mu.Lock()
		if len(hub.requests) != 2 || len(hub.requests[1].GetRanges()) != 1 {
			t.Fatalf("the hub was asked %d times, want twice: %v", len(hub.requests), hub.requests)
		}
		first, again := hub.requests[0].Ranges[0], hub.requests[1].Ranges[0]
		if first.From != 0 || again.From == 0 || again.From >= 400 {
			t.Errorf("asked from %d and, after the cut, from %d: want 0 and where the cut left it", first.From, again.From)
		}
		hub.mu.Unlock()
		essex.close()
		hub.close()
	})
}

// A hub that stops has open Gossip and Serve streams, and a fetch under way to a peer
// that takes nothing. It drains in a few seconds all the same, and nothing is left.
func TestDrainWithOpenStreamsOverGRPC(t *testing.T) {
	dir := testDir(t)
	synctest.Test(t, func(t *testing.T) {
		hub := startNode(t, dir, "keeper")
		hub.publish(400, 3000)
		essex, surrey := startNode(t, dir, "essex"), startNode(t, dir, "surrey")
		essex.publish(100, 3000)
		hangUp := []func(){essex.dial(hub), surrey.dial(hub)}
		time.Sleep(10 * time.Second)
		stuck := stuckFetch(t, hub)
		synctest.Wait()

		began := time.Now()
		hub.close()
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("draining took %s, want at most 3s", took)
		}
		stuck()
		for _, h := range hangUp {
			h()
		}
		essex.close()
		surrey.close()
	})
}

// stuckFetch starts a fetch and never reads what comes.
func stuckFetch(t *testing.T, hub *testNode) (end func()) {
	cc, err := grpc.NewClient("passthrough:///hub", grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy(),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return hub.lis.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	ctx := metadata.AppendToOutgoingContext(context.Background(), "office", "mute")
	req := &nodev1.FetchRequest{Ranges: []*nodev1.LogRange{{Log: "demo/keeper/log/0", Size: 400}}}
	if _, err := nodev1.NewFederationServiceClient(cc).Fetch(ctx, req); err != nil {
		t.Fatal(err)
	}
	return func() { cc.Close() }
}

// A peer that an invitation names by its pin alone: its key comes from the handshake.
func TestDialledKeyComesFromTLS(t *testing.T) {
	dir := testDir(t)
	hub, essex := startNode(t, dir, "keeper"), startNode(t, dir, "essex")
	hub.publish(3, 100)
	secure := grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{selfSigned(t, officeKey("tls keeper"))}, MinVersion: tls.VersionTLS13})))
	nodev1.RegisterFederationServiceServer(secure, hub)
	lis := bufconn.Listen(1 << 20)
	go secure.Serve(lis)
	cc, err := grpc.NewClient("passthrough:///hub", grpc.WithNoProxy(),
		grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{InsecureSkipVerify: true})), // the pin is the server's matter
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return lis.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(metadata.AppendToOutgoingContext(t.Context(), "office", "essex"))
	ended := make(chan error)
	go func() { ended <- essex.replica.DialSession(ctx, cc, Peer{Office: "keeper"}) }()
	awaiting, enough := context.WithTimeout(t.Context(), time.Minute)
	defer enough()
	for { // what a peer holds is known before it is fetched
		feed, _ := essex.store.FeedEnd()
		if held, _ := essex.store.Held(testLog("keeper")); held.Size == 3 {
			break
		}
		if err := essex.store.Wait(awaiting, feed); err != nil {
			t.Fatalf("nothing was fetched: %v", err)
		}
	}
	if !essex.replica.Connected(transportKey("keeper")) {
		t.Error("not connected with the key of the handshake")
	}
	checkEqual(t, hub, essex)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the session ended with %v, want the context's error", err)
	}
	cc.Close()
	hub.stop()
	secure.Stop()
	essex.close()
	hub.close()
}

// The side that was dialled gives up a fetch over Serve; the stream goes on serving.
func TestFetchOverServeCanBeGivenUp(t *testing.T) {
	dir := testDir(t)
	synctest.Test(t, func(t *testing.T) {
		hub, essex := startNode(t, dir, "keeper"), startNode(t, dir, "essex")
		essex.publish(100, 30_000) // some ten chunks; the hub has no key for it yet
		essex.dial(hub)
		time.Sleep(time.Second)
		s, _ := hub.replica.serveOf(NodeOf(transportKey("essex")))
		req := &nodev1.FetchRequest{Ranges: []*nodev1.LogRange{{Log: "demo/essex/log/0", Size: 100}}}
		ctx, cancel := context.WithCancel(t.Context())
		src, err := s.fetch(ctx, req)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := src.Recv(); err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, err := src.Recv(); !errors.Is(err, context.Canceled) {
			// One more chunk may have been on its way.
			if _, err = src.Recv(); !errors.Is(err, context.Canceled) {
				t.Errorf("after giving up: %v, want the context's error", err)
			}
		}
		synctest.Wait()
		if n := len(s.open); n != 0 {
			t.Errorf("%d requests are open, want none", n)
		}
		src, err = s.fetch(t.Context(), req)
		for n := 0; err == nil; n++ {
			_, err = src.Recv()
		}
		if err != io.EOF {
			t.Errorf("another fetch ended with %v", err)
		}
		bad := &nodev1.FetchRequest{Ranges: []*nodev1.LogRange{{Log: "garbage"}}}
		if src, err = s.fetch(t.Context(), bad); err == nil {
			_, err = src.Recv()
		}
		if !errors.Is(err, ErrProtocol) {
			t.Errorf("a bad request ended with %v, want the refusal as the peer gave it", err)
		}
		hub.publish(1, 100) // the register: now it has the key
		hub.replica.RegisterGrew()
		time.Sleep(5 * time.Second)
		checkEqual(t, hub, essex)
		essex.close()
		hub.close()
	})
}

// A peer that cannot be reached is shown with the reason.
func TestPeersThatCannotBeReachedAreShown(t *testing.T) {
	essex := startNode(t, testDir(t), "essex")
	cc, err := grpc.NewClient("passthrough:///hub", grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy(),
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return nil, errors.New("no route to host") }))
	if err != nil {
		t.Fatal(err)
	}
	err = essex.replica.DialSession(t.Context(), cc, Peer{Office: "keeper", Key: transportKey("keeper"), Address: "hub.example.org:7443"})
	if err == nil || !strings.Contains(err.Error(), "opening a session with keeper at hub.example.org:7443") {
		t.Errorf("dialling: %v, want who and where", err)
	}
	peers := essex.replica.Peers()
	if len(peers) != 1 || peers[0].Connected || peers[0].Address != "hub.example.org:7443" || !strings.Contains(peers[0].Problem.GetWords(), "no route to host") {
		t.Errorf("peers: %v, want the one with its problem", peers)
	}
	cc.Close()
	essex.close()
}

func selfSigned(t *testing.T, key ed25519.PrivateKey) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestServedBytesAreThoseStored(t *testing.T) {
	dir := testDir(t)
	synctest.Test(t, func(t *testing.T) {
		hub := startNode(t, dir, "keeper")
		hub.publish(70, 500)
		essex := startNode(t, dir, "essex")
		essex.dial(hub)
		time.Sleep(5 * time.Second)
		for i := range uint64(70) {
			id := ledger.EntryID{Office: "keeper", Index: i}
			a, err := hub.store.Entry(id)
			b, err2 := essex.store.Entry(id)
			if err != nil || err2 != nil || !bytes.Equal(a.HeaderBytes, b.HeaderBytes) || !bytes.Equal(a.Body, b.Body) || !bytes.Equal(a.Salt, b.Salt) {
				t.Fatalf("%s differs between the nodes: %v %v", id, err, err2)
			}
		}
		essex.close()
		hub.close()
	})
}
