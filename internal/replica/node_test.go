package replica

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/test/bufconn"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// TestMain makes the compressors that all tests share: made inside a synctest bubble
// their channels would belong to it, and the next bubble could not use them.
func TestMain(m *testing.M) {
	if _, err := ledger.Unpack(ledger.Pack([]byte("warm")), 4); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// officeKey makes the same key for the same name in every run.
func officeKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func transportKey(name string) ed25519.PublicKey {
	return officeKey("tls " + name).Public().(ed25519.PublicKey)
}

// nonces draws the same ones in every run.
func nonces(name string) func() []byte {
	n := 0
	return func() []byte {
		n++
		drawn := sha256.Sum256(fmt.Append(nil, name, n))
		return drawn[:]
	}
}

// testNode is a store, a replica and the handlers a server would have.
type testNode struct {
	nodev1.UnimplementedFederationServiceServer
	t       testing.TB
	office  string
	store   *store.Store
	replica *Replica
	server  *grpc.Server
	lis     *bufconn.Listener
	drain   context.Context
	stop    context.CancelFunc
	dials   sync.WaitGroup

	mu       sync.Mutex
	requests []*nodev1.FetchRequest // that came by Fetch
	cutAfter int                    // chunks of the next Fetch; 0: all
	register []string               // offices known here
	alarms   []Alarm
}

func testPath(t testing.TB, office string) string {
	return filepath.Join(testDir(t), office+".db")
}

func testDir(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "lmcreplica")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func startNode(t testing.TB, dir, office string, register ...string) *testNode {
	t.Helper()
	st, err := store.Open(filepath.Join(dir, office+".db"), store.Options{Federation: "demo", Office: office, MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	n := &testNode{t: t, office: office, store: st, register: register, lis: bufconn.Listen(1 << 20)}
	n.drain, n.stop = context.WithCancel(context.Background())
	n.replica = New(Config{
		Store: st, Key: transportKey(office), Sign: func(message []byte) []byte { return ed25519.Sign(officeKey("tls "+office), message) }, Keeper: ledger.LogID{Federation: "demo", Office: "keeper"},
		Keys: n.keys, Logger: slog.New(slog.DiscardHandler), Alarm: n.alarm,
	})
	n.server = grpc.NewServer(grpc.MaxRecvMsgSize(5 << 18))
	nodev1.RegisterFederationServiceServer(n.server, n)
	go n.server.Serve(n.lis)
	return n
}

// close ends a node as a server does: streams first, then the replica, then the store.
func (n *testNode) close() {
	n.stop()
	n.dials.Wait()
	late := time.AfterFunc(2*time.Second, n.server.Stop) // a peer that reads nothing holds its stream for ever
	n.server.GracefulStop()
	late.Stop()
	n.replica.Close()
	if err := n.store.Close(); err != nil {
		n.t.Error(err)
	}
}

func (n *testNode) alarm(a Alarm) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.alarms = append(n.alarms, a)
}

// keys is a register that has the keeper, and the others once the keeper's log is held.
func (n *testNode) keys(log ledger.LogID, _ uint64) []ed25519.PublicKey {
	keeper, _ := n.store.Held(ledger.LogID{Federation: "demo", Office: "keeper"})
	if log.Office != "keeper" && keeper.Size == 0 {
		return nil
	}
	return []ed25519.PublicKey{officeKey(log.Office).Public().(ed25519.PublicKey)}
}

func (n *testNode) caller(ctx context.Context) Peer {
	md, _ := metadata.FromIncomingContext(ctx)
	office := md.Get("office")[0]
	return Peer{Office: office, Key: transportKey(office)}
}

func (n *testNode) streamContext(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	context.AfterFunc(n.drain, cancel)
	return ctx
}

func (n *testNode) Gossip(stream nodev1.FederationService_GossipServer) error {
	return n.replica.AcceptGossip(n.streamContext(stream.Context()), n.caller(stream.Context()), stream)
}

func (n *testNode) Serve(stream nodev1.FederationService_ServeServer) error {
	return n.replica.AcceptServe(n.streamContext(stream.Context()), n.caller(stream.Context()), stream)
}

func (n *testNode) Fetch(req *nodev1.FetchRequest, stream nodev1.FederationService_FetchServer) error {
	n.mu.Lock()
	n.requests = append(n.requests, req)
	left := n.cutAfter
	n.cutAfter = 0
	n.mu.Unlock()
	ctx := n.streamContext(stream.Context())
	if left == 0 {
		return n.replica.AnswerFetch(ctx, n.caller(ctx), req, stream)
	}
	return n.replica.Answer(ctx, n.caller(ctx), req, func(c *nodev1.Chunk) error {
		if left--; left < 0 {
			return errors.New("the line is cut")
		}
		return stream.Send(&nodev1.FetchResponse{Chunk: c})
	})
}

// dial keeps a session with another node up, as a server's loop does.
func (n *testNode) dial(to *testNode) (hangUp func()) {
	ctx, cancel := context.WithCancel(metadata.AppendToOutgoingContext(n.drain, "office", n.office))
	n.dials.Go(func() {
		for ctx.Err() == nil {
			cc, err := grpc.NewClient("passthrough:///"+to.office,
				grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy(),
				grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return to.lis.DialContext(ctx) }))
			if err != nil {
				n.t.Error(err)
				return
			}
			_ = n.replica.DialSession(ctx, cc, Peer{Office: to.office, Key: transportKey(to.office)})
			cc.Close()
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	})
	return cancel
}

// publish appends entries of about bodySize bytes that do not compress.
func (n *testNode) publish(count, bodySize int) {
	n.t.Helper()
	log := ledger.LogID{Federation: "demo", Office: n.office}
	held, _ := n.store.Held(log)
	var drafts []store.Draft
	for i := range count {
		rng := rand.NewChaCha8(sha256.Sum256(fmt.Append(nil, n.office, held.Size, i)))
		body := make([]byte, bodySize)
		rng.Read(body)
		e, err := ledger.Seal(ledgerv1.EntryKind_ENTRY_KIND_ERASURE, guidancev1.Visibility_VISIBILITY_PUBLIC, held.Size+uint64(i), time.Now(), body, rng)
		if err != nil {
			n.t.Fatal(err)
		}
		drafts = append(drafts, store.Draft{RequestID: fmt.Sprint(held.Size, i), Header: e.Header, Salt: e.Salt, Body: e.Body})
	}
	_, _, err := n.store.Append(log, drafts, func(size uint64, root tlog.Hash) (ledger.Checkpoint, error) {
		return ledger.SignCheckpoint(log, size, root, officeKey(n.office))
	})
	if err != nil {
		n.t.Fatal(err)
	}
}

// checkEqual requires that all nodes hold the same, whole.
func checkEqual(t *testing.T, nodes ...*testNode) {
	t.Helper()
	for _, n := range nodes {
		if got, want := n.store.FrontierRoot(), nodes[0].store.FrontierRoot(); got != want {
			t.Errorf("%s holds %v, %s holds %v", n.office, sizes(n), nodes[0].office, sizes(nodes[0]))
		}
		report, err := n.store.Check(context.Background())
		if err == nil {
			err = report.Err()
		}
		if err != nil {
			t.Errorf("%s: %v", n.office, err)
		}
	}
}

func sizes(n *testNode) (s []string) {
	for _, h := range n.store.Heads() {
		s = append(s, fmt.Sprintf("%s=%d", h.Log.Office, h.Size))
	}
	return s
}
