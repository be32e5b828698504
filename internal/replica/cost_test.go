package replica

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// coreWith is the core of an office that holds n logs at the given size.
func coreWith(office string, n int, size uint64) *Core {
	cfg := CoreConfig{
		Federation: "demo", Office: office, Key: transportKey(office),
		Role: ledgerv1.NodeRole_NODE_ROLE_WRITER, Keeper: testLog("o0"),
		Sign: func(message []byte) []byte { return ed25519.Sign(officeKey("tls "+office), message) }, Nonce: nonces(office),
	}
	binary.BigEndian.PutUint64(cfg.Instance[:], uint64(len(office)))
	for i := range n {
		cfg.Heads = append(cfg.Heads, head(testLog(fmt.Sprintf("o%d", i)), size))
	}
	return NewCore(cfg)
}

// converse connects two cores and passes frames until both have nothing to say. It
// returns how many frames and bytes went, both ways.
func converse(a, b *Core) (frames, bytes int) {
	cores := [2]*Core{a, b}
	peers := [2]Peer{
		{Office: b.cfg.Office, Key: b.cfg.Key, Dialled: true},
		{Office: a.cfg.Office, Key: a.cfg.Key},
	}
	for i, c := range cores {
		for _, e := range c.Step(Opened{1, peers[i]}) {
			if f, ok := e.(Fetch); ok {
				c.Step(Done{Fetch: f.Fetch})
			}
		}
	}
	for busy := true; busy; {
		busy = false
		for i, c := range cores {
			for _, e := range c.Step(Writable{Session: 1, Now: stageStart}) {
				send, ok := e.(Send)
				if !ok {
					continue
				}
				busy = true
				frames++
				bytes += wireSize(i, send.Frame)
				for _, e := range cores[1-i].Step(Received{Session: 1, Frame: send.Frame}) {
					if f, ok := e.(Fetch); ok {
						cores[1-i].Step(Done{Fetch: f.Fetch})
					}
				}
			}
		}
	}
	return frames, bytes
}

// wireSize is the size of the gRPC message a frame travels in, without the five bytes
// of gRPC and the nine of HTTP/2 before it.
func wireSize(side int, f *nodev1.Frame) int {
	if side == 0 {
		return proto.Size(&nodev1.GossipRequest{Frame: f})
	}
	return proto.Size(&nodev1.GossipResponse{Frame: f})
}

// Two nodes that hold the same say so in 283 bytes at any number of logs: Hellos of 122
// and 123 bytes (node, roots and instance are 88 of them, the clock 8, "demo" 6, the offices' names 7
// and 8) and one InSync of 38. Only the number of logs itself takes two bytes from 128
// on in each Hello, and none at all when it is 0. The longest names of a real
// federation leave room: the bound is 320.
func TestInSyncCosts283BytesAtAnyNumberOfLogs(t *testing.T) {
	for _, tt := range []struct{ logs, want int }{{0, 277}, {1, 281}, {127, 281}, {130, 283}, {10_000, 283}} {
		a, b := coreWith("essex", tt.logs, 9), coreWith("surrey", tt.logs, 9)
		frames, bytes := converse(a, b)
		if frames != 3 || bytes != tt.want {
			t.Errorf("%d logs: %d frames and %d bytes, want 3 and %d", tt.logs, frames, bytes, tt.want)
		}
		if !a.InSync(1) || !b.InSync(1) {
			t.Errorf("%d logs: not in sync", tt.logs)
		}
	}
	a, b := coreWith("beds-and-hertfordshire", LogsLimit, 9), coreWith("cambridgeshire", LogsLimit, 9)
	if _, bytes := converse(a, b); bytes > 320 {
		t.Errorf("two offices with long names: %d bytes, want at most 320", bytes)
	}
}

// However much happens while a peer takes nothing, there is one line for each log to
// tell it, and it is not disconnected (protocol.md 5, invariant 9).
func TestMemoryOfASlowPeerIsBoundedByLogs(t *testing.T) {
	const logs = 50
	a, b := coreWith("essex", logs, 9), coreWith("surrey", logs, 9)
	converse(a, b)
	for size := uint64(10); size < 1000; size++ { // the stream takes nothing meanwhile
		for i := range logs {
			a.Step(Committed{[]ledger.Checkpoint{head(testLog(fmt.Sprintf("o%d", i)), size)}})
		}
	}
	s := a.sessions[1]
	if n := len(s.news) + len(s.receipts) + len(s.seen) + len(s.listing); n != logs {
		t.Errorf("%d lines wait for a slow peer after %d commits, want one for each of %d logs", n, 990*logs, logs)
	}
	frames := 0
	for range 100 {
		for _, e := range a.Step(Writable{Session: 1, Now: stageStart}) {
			if send, ok := e.(Send); ok {
				frames++
				if n := len(send.Frame.GetHeads().GetHeads()); n != logs {
					t.Errorf("%d heads, want the newest of each of %d logs", n, logs)
				}
			}
		}
	}
	if frames != 1 {
		t.Errorf("%d frames when the stream takes some again, want 1", frames)
	}
}

// A full list goes in pages that keep to the limits of a frame.
func TestListsArePagedWithinTheLimitsOfAFrame(t *testing.T) {
	a, b := coreWith("essex", LogsLimit, 9), coreWith("surrey", 0, 0)
	pages, heads := 0, 0
	a.Step(Opened{1, Peer{Office: "surrey", Key: b.cfg.Key, Dialled: true}})
	a.Step(Writable{Session: 1})
	root := b.Root()
	a.Step(Received{Session: 1, Frame: &nodev1.Frame{Message: &nodev1.Frame_Hello{Hello: &nodev1.Hello{
		ProtocolMin: 1, ProtocolMax: 1, Federation: "demo", Office: "surrey",
		Node: b.node[:], Instance: make([]byte, 8), FrontierRoot: root[:],
	}}}})
	for more := true; more; {
		more = false
		for _, e := range a.Step(Writable{Session: 1, Now: stageStart}) {
			send, ok := e.(Send)
			if !ok {
				continue
			}
			pages++
			more = send.Frame.GetHeads().GetMore()
			heads += len(send.Frame.GetHeads().GetHeads())
			if n := proto.Size(send.Frame); n > FrameLimit || len(send.Frame.GetHeads().GetHeads()) > HeadsLimit {
				t.Fatalf("page %d: %d bytes, %d heads", pages, n, len(send.Frame.GetHeads().GetHeads()))
			}
		}
	}
	if heads != LogsLimit {
		t.Errorf("%d heads in %d pages, want %d", heads, pages, LogsLimit)
	}
}

// fill appends entries to the log of the store's own office.
// exchange fetches everything from a store into another, and returns the chunks.
func exchange(t testing.TB, from, to *store.Store) (chunks []*nodev1.Chunk) {
	t.Helper()
	var logs []Target
	for _, h := range from.Heads() {
		logs = append(logs, Target{h.Log, h.Size})
	}
	in, err := NewIntake(to, testVerifier().Keys, &ledger.Verifier{}, logs)
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewAnswer(from, in.Request(), isPublic)
	if err != nil {
		t.Fatal(err)
	}
	for {
		c, err := a.Next()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = in.Take(c)
		}
		if err != nil {
			t.Fatal(err)
		}
		chunks = append(chunks, c)
	}
	if _, _, err := in.Commit(); err != nil {
		t.Fatal(err)
	}
	if out := in.Outcome(1, nil); out.Outcome != Complete {
		t.Fatalf("the fetch ended %v: %v", out.Outcome, out.Err)
	}
	return chunks
}

func checkStore(t testing.TB, st *store.Store) {
	t.Helper()
	report, err := st.Check(context.Background())
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		t.Errorf("checking the store of %s: %v", st.Office(), err)
	}
}

// Sealed blocks and tails of one log: chunks aim at 256 KiB and never pass 1 MiB.
func TestChunksAimAt256KiB(t *testing.T) {
	from, to := openStore(t, "essex"), openStore(t, "surrey")
	fill(t, from, letters(700)...)
	chunks := exchange(t, from, to)
	for i, c := range chunks {
		n := proto.Size(c)
		if n > ChunkLimit || i < len(chunks)-1 && (n < ledger.ChunkAim/3 || n > ledger.ChunkAim*4/3) {
			t.Errorf("chunk %d of %d has %d bytes, want about %d", i, len(chunks), n, ledger.ChunkAim)
		}
	}
	if from.FrontierRoot() != to.FrontierRoot() {
		t.Error("the roots differ after the exchange")
	}
	checkStore(t, to)
}

// The newest letters of a hundred offices come in one chunk, compressed together: a
// request and a chunk cost one round trip, not a hundred.
func TestManySmallLogsShareAChunk(t *testing.T) {
	hub := openStore(t, "hub")
	raw := 0
	for i, body := range letters(100) {
		st := openStore(t, fmt.Sprintf("o%d", i))
		fill(t, st, body)
		exchange(t, st, hub)
		raw += len(body)
	}
	to := openStore(t, "surrey")
	chunks := exchange(t, hub, to)
	if len(chunks) != 1 {
		t.Errorf("%d chunks, want 1", len(chunks))
	}
	size := proto.Size(chunks[0])
	if share := float64(size) / float64(raw); share > 0.6 {
		t.Errorf("a chunk of %d bytes for %d bytes of letters in 100 logs: %.2f, want at most 0.6", size, raw, share)
	}
	checkStore(t, to)
}

// The largest entries there may be, that do not compress at all.
func TestLargestBodiesFitChunks(t *testing.T) {
	from, to := openStore(t, "essex"), openStore(t, "surrey")
	rng := rand.NewChaCha8([32]byte{1})
	var bodies [][]byte
	for range 20 {
		b := make([]byte, ledger.BodyLimit)
		rng.Read(b)
		bodies = append(bodies, b)
	}
	fill(t, from, bodies...)
	for i, c := range exchange(t, from, to) {
		if n := proto.Size(c); n > ChunkLimit || c.RawSize > ledger.RawLimit {
			t.Errorf("chunk %d has %d bytes, %d raw", i, n, c.RawSize)
		}
	}
	if from.FrontierRoot() != to.FrontierRoot() {
		t.Error("the roots differ after the exchange")
	}
	checkStore(t, to)
}
