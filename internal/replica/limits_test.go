package replica

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Every limit of a frame, at the limit and one beyond.
func TestFramesAreTakenUpToTheirLimits(t *testing.T) {
	inSync := func(n int) *nodev1.Frame {
		return &nodev1.Frame{Message: &nodev1.Frame_InSync{InSync: &nodev1.InSync{FrontierRoot: make([]byte, n)}}}
	}
	refusal := func(size int) *nodev1.Frame {
		f := func(n int) *nodev1.Frame {
			return &nodev1.Frame{Message: &nodev1.Frame_Refusal{Refusal: &nodev1.Refusal{Detail: strings.Repeat("x", n)}}}
		}
		return f(size - (proto.Size(f(size)) - size))
	}
	// One checkpoint of a size is as good as another: repeated, they fill a page.
	many := func(n int) *nodev1.Frame {
		heads := make([]*nodev1.Head, n)
		for i := range heads {
			heads[i] = &nodev1.Head{}
		}
		return headsFrame(heads...)
	}
	tests := []struct {
		name       string
		ok, beyond *nodev1.Frame
		want       string
	}{
		{"frame of 64 KiB", refusal(FrameLimit), refusal(FrameLimit + 1), "frame of 65537 bytes"},
		{"hash in InSync", inSync(32), inSync(33), "33 bytes"},
		{"short hash in InSync", inSync(32), inSync(31), "31 bytes"},
		{
			"office in Hello",
			helloFrame(func(h *nodev1.Hello) { h.Office = strings.Repeat("x", NameLimit) }),
			helloFrame(func(h *nodev1.Hello) { h.Office = strings.Repeat("x", NameLimit+1) }), "at most 256 bytes",
		},
		{
			"federation in Hello",
			helloFrame(func(h *nodev1.Hello) { h.Federation = strings.Repeat("x", NameLimit) }),
			helloFrame(func(h *nodev1.Hello) { h.Federation = strings.Repeat("x", NameLimit+1) }), "at most 256 bytes",
		},
		{
			"logs of a frontier",
			helloFrame(func(h *nodev1.Hello) { h.HeadCount = LogsLimit }),
			helloFrame(func(h *nodev1.Hello) { h.HeadCount = LogsLimit + 1 }), "10001 logs",
		},
		{
			"instance in Hello",
			helloFrame(func(h *nodev1.Hello) { h.Instance = make([]byte, 8) }),
			helloFrame(func(h *nodev1.Hello) { h.Instance = make([]byte, 9) }), "9 bytes",
		},
		{
			"root over stamps in Hello",
			helloFrame(func(h *nodev1.Hello) { h.StampsRoot = make([]byte, 8) }),
			helloFrame(func(h *nodev1.Hello) { h.StampsRoot = make([]byte, 9) }), "9 bytes",
		},
		{
			"node in Hello",
			helloFrame(func(h *nodev1.Hello) { h.Node = make([]byte, 32) }),
			helloFrame(func(h *nodev1.Hello) { h.Node = nil }), "0 bytes",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := testVerifier().Frame(1, tt.ok).(Received); !ok {
				t.Errorf("at the limit: %v, want it received", got)
			}
			got, ok := testVerifier().Frame(1, tt.beyond).(Broken)
			if !ok || !strings.Contains(got.Err.Error(), tt.want) {
				t.Errorf("beyond the limit: %v, want broken with %q", got, tt.want)
			}
		})
	}
	t.Run("heads of a page", func(t *testing.T) {
		// The heads are empty, so that a thousand fit: what counts is which error comes.
		at := testVerifier().Frame(1, many(HeadsLimit)).(Broken)
		beyond := testVerifier().Frame(1, many(HeadsLimit+1)).(Broken)
		if strings.Contains(at.Err.Error(), "page of") || !strings.Contains(beyond.Err.Error(), "page of 1001 heads: at most 1000") {
			t.Errorf("at the limit: %v; beyond: %v", at.Err, beyond.Err)
		}
	})
	t.Run("checkpoint", func(t *testing.T) {
		for _, n := range []int{NoteLimit, NoteLimit + 1} {
			_, err := testVerifier().Heads([]*nodev1.Head{{Checkpoint: make([]byte, n)}})
			if tooLong := strings.Contains(fmt.Sprint(err), "at most 4096"); tooLong != (n > NoteLimit) {
				t.Errorf("checkpoint of %d bytes: %v", n, err)
			}
		}
	})
}

func TestRequestsAreTakenUpToTheirLimits(t *testing.T) {
	st := openStore(t, "essex")
	ranges := make([]*nodev1.LogRange, RangesLimit+1)
	for i := range ranges {
		ranges[i] = &nodev1.LogRange{Log: fmt.Sprintf("demo/o%d/log/0", i), Size: 1}
	}
	bodies := make([]*nodev1.WantedBody, BodiesLimit+1)
	for i := range bodies {
		bodies[i] = &nodev1.WantedBody{Log: "demo/essex/log/0", Index: uint64(i)}
	}
	tests := []struct {
		name       string
		ok, beyond *nodev1.FetchRequest
	}{
		{"ranges", &nodev1.FetchRequest{Ranges: ranges[1:]}, &nodev1.FetchRequest{Ranges: ranges}},
		{"bodies", &nodev1.FetchRequest{Bodies: bodies[1:]}, &nodev1.FetchRequest{Bodies: bodies}},
	}
	for _, tt := range tests {
		if _, err := NewAnswer(st, tt.ok, isPublic); err != nil {
			t.Errorf("%s at the limit: %v", tt.name, err)
		}
		if _, err := NewAnswer(st, tt.beyond, isPublic); !errors.Is(err, ErrProtocol) {
			t.Errorf("%s beyond the limit: %v, want ErrProtocol", tt.name, err)
		}
	}
	for _, name := range []string{"other/essex/log/0", "garbage", ""} {
		if _, err := NewAnswer(st, &nodev1.FetchRequest{Ranges: []*nodev1.LogRange{{Log: name}}}, isPublic); !errors.Is(err, ErrProtocol) {
			t.Errorf("a request for %q: %v, want ErrProtocol", name, err)
		}
	}
}

// Every limit of a chunk, at the limit and one beyond.
func TestChunksAreTakenUpToTheirLimits(t *testing.T) {
	segment := func(change func(*nodev1.LogSegment)) *nodev1.Chunk {
		s := &nodev1.LogSegment{Log: "demo/essex/log/0", HeaderBlock: []byte{1}}
		change(s)
		return &nodev1.Chunk{Segments: []*nodev1.LogSegment{s}}
	}
	sized := func(size int) *nodev1.Chunk {
		f := func(n int) *nodev1.Chunk {
			return segment(func(s *nodev1.LogSegment) { s.HeaderBlock = make([]byte, n) })
		}
		return f(size - (proto.Size(f(size)) - size))
	}
	declared := func(raw uint32) *nodev1.Chunk {
		c := segment(func(*nodev1.LogSegment) {})
		c.RawSize = raw
		return c
	}
	proof := func(n int) func(*nodev1.LogSegment) {
		return func(s *nodev1.LogSegment) {
			for range n {
				s.Proof = append(s.Proof, make([]byte, 32))
			}
		}
	}
	many := func(n int) *nodev1.Chunk {
		c := &nodev1.Chunk{}
		for range n {
			c.Segments = append(c.Segments, &nodev1.LogSegment{Log: "demo/essex/log/0", HeaderBlock: []byte{1}})
		}
		return c
	}
	tests := []struct {
		name       string
		ok, beyond *nodev1.Chunk
		want       error
	}{
		{"size", sized(ChunkLimit), sized(ChunkLimit + 1), ledger.ErrTooLarge},
		{"declared raw size", declared(ledger.RawLimit), declared(ledger.RawLimit + 1), ledger.ErrTooLarge},
		{"segments", many(SegmentsLimit), many(SegmentsLimit + 1), ledger.ErrTooLarge},
		{"proof", segment(proof(ledger.ProofLimit)), segment(proof(ledger.ProofLimit + 1)), ledger.ErrTooLarge},
		{
			"checkpoint",
			segment(func(s *nodev1.LogSegment) { s.Checkpoint = make([]byte, NoteLimit) }),
			segment(func(s *nodev1.LogSegment) { s.Checkpoint = make([]byte, NoteLimit+1) }), ledger.ErrTooLarge,
		},
		{
			"first index",
			segment(func(s *nodev1.LogSegment) { s.First = ledger.SizeLimit }),
			segment(func(s *nodev1.LogSegment) { s.First = ledger.SizeLimit + 1 }), ledger.ErrTooLarge,
		},
		{
			"headers and bodies of the tails",
			&nodev1.Chunk{Tails: emptyHeaders(t, ElementsLimit-1), Segments: []*nodev1.LogSegment{{Log: "demo/essex/log/0", Count: ElementsLimit - 1}}},
			&nodev1.Chunk{Tails: emptyHeaders(t, ElementsLimit), Segments: []*nodev1.LogSegment{{Log: "demo/essex/log/0", Count: ElementsLimit}}}, ledger.ErrTooLarge,
		},
		{"segments at all", many(1), &nodev1.Chunk{}, ledger.ErrMalformed},
		{
			"raw bytes of the tails",
			&nodev1.Chunk{Tails: tailsOf(t, ledger.RawLimit), Segments: []*nodev1.LogSegment{{Log: "demo/essex/log/0"}}},
			&nodev1.Chunk{Tails: tailsOf(t, ledger.RawLimit+1), Segments: []*nodev1.LogSegment{{Log: "demo/essex/log/0"}}}, ledger.ErrTooLarge,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := unpack(tt.ok); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			if _, err := unpack(tt.beyond); !errors.Is(err, tt.want) {
				t.Errorf("beyond the limit: %v, want %v", err, tt.want)
			}
		})
	}
}

// tailsOf packs one tail of exactly so many raw bytes, without headers.
func tailsOf(t *testing.T, raw int) []byte {
	t.Helper()
	f := func(n int) *nodev1.TailSet {
		return &nodev1.TailSet{Tails: []*nodev1.Tail{{Bodies: []*ledgerv1.SaltedBody{{Body: make([]byte, n)}}}}}
	}
	b, err := proto.Marshal(f(raw - (proto.Size(f(raw)) - raw)))
	if err != nil || len(b) != raw {
		t.Fatalf("made %d raw bytes, want %d: %v", len(b), raw, err)
	}
	return ledger.Pack(b)
}

// emptyHeaders packs one tail of so many empty headers: two bytes each, of which a
// decoder would make 24.
func emptyHeaders(t *testing.T, n int) []byte {
	t.Helper()
	b, err := proto.Marshal(&nodev1.TailSet{Tails: []*nodev1.Tail{{Headers: make([][]byte, n)}}})
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Pack(b)
}

// A source that sends again and again what is held is not making progress.
func TestChunksThatBringNothingAreTakenUpToTheirLimit(t *testing.T) {
	from, to := openStore(t, "essex"), openStore(t, "surrey")
	fill(t, from, []byte("a letter"))
	c := chunksOf(t, from, isPublic)[0]
	in := intakeOf(t, to, testVerifier().Keys, "essex")
	for i := range UselessLimit + 1 {
		if err := in.Take(c); err != nil {
			t.Fatalf("chunk %d: %v", i, err)
		}
	}
	if err := in.Take(c); !errors.Is(err, ledger.ErrMalformed) {
		t.Errorf("one more: %v, want ErrMalformed", err)
	}
}

// Sessions: the one beyond the limit is told to come back.
func TestSessionsBeyondTheLimitAreBusy(t *testing.T) {
	c := NewCore(CoreConfig{Federation: "demo", Office: "hub", Key: transportKey("hub")})
	for i := range SessionsLimit + 1 {
		name := fmt.Sprintf("o%d", i)
		refused := refusedIn(c.Step(Opened{SessionID(i + 1), Peer{Office: name, Key: transportKey(name)}}))
		if i < SessionsLimit && refused != nil {
			t.Fatalf("session %d: %v", i+1, refused)
		}
		if i == SessionsLimit && (!errors.Is(refused, ErrBusy) || RetryAfter(refused) != BusyFor) {
			t.Errorf("session %d: %v, want BUSY with a time to come back", i+1, refused)
		}
	}
}

// Sessions of one node: the one beyond the limit is told to come back, before and after
// Hello. Another node is not, and neither is the same when one of its sessions is gone.
func TestSessionsOfOneNodeBeyondTheLimitAreBusy(t *testing.T) {
	c := NewCore(CoreConfig{Federation: "demo", Office: "hub", Key: transportKey("hub")})
	var last SessionID
	open := func(office string) *Refused {
		last++
		return refusedIn(c.Step(Opened{last, Peer{Office: office, Key: transportKey(office)}}))
	}
	for i := range NodeSessionsLimit {
		if refused := open("greedy"); refused != nil {
			t.Fatalf("session %d: %v", i+1, refused)
		}
	}
	beyond := func(when string) {
		t.Helper()
		for range SessionsLimit { // however often it tries
			if refused := open("greedy"); !errors.Is(refused, ErrBusy) || RetryAfter(refused) != BusyFor {
				t.Fatalf("%s: %v, want BUSY with a time to come back", when, refused)
			}
		}
		if refused := open("honest " + when); refused != nil {
			t.Errorf("another node, %s: %v", when, refused)
		}
	}
	beyond("before Hello")
	node := NodeOf(transportKey("greedy"))
	if refused := refusedIn(c.Step(Received{Session: 1, Frame: helloFrame(func(h *nodev1.Hello) { h.Office, h.Node = "greedy", node[:] })})); refused != nil {
		t.Fatalf("Hello: %v", refused)
	}
	beyond("after Hello")
	c.Step(Closed{2})
	if refused := open("greedy"); refused != nil {
		t.Errorf("after one has ended: %v", refused)
	}
}

func refusedIn(effects []Effect) (refused *Refused) {
	for _, e := range effects {
		if end, ok := e.(End); ok {
			refused = end.Refused
		}
	}
	return refused
}

// Fetches: a peer may have so many running here and no more.
func TestFetchesBeyondTheLimitAreBusy(t *testing.T) {
	r := New(Config{Store: openStore(t, "essex"), Key: transportKey("essex"), Keys: testVerifier().Keys})
	defer r.Close()
	var release []func()
	for range 2 * FetchesLimit {
		free, err := r.admitFetch(NodeID{1})
		if err != nil {
			t.Fatal(err)
		}
		release = append(release, free)
	}
	if _, err := r.admitFetch(NodeID{1}); !errors.Is(err, ErrBusy) {
		t.Errorf("one more: %v, want ErrBusy", err)
	}
	if free, err := r.admitFetch(NodeID{2}); err != nil {
		t.Errorf("another peer: %v", err)
	} else {
		free()
	}
	release[0]()
	if _, err := r.admitFetch(NodeID{1}); err != nil {
		t.Errorf("after one has ended: %v", err)
	}
}

// A peer may not have us keep more heads of unknown logs than there can be logs.
func TestUnknownLogsAreKeptUpToTheirLimit(t *testing.T) {
	s := &session{unknown: map[ledger.LogID]unknownHead{}}
	for i := range LogsLimit + 1 {
		s.keepUnknown(CheckedHead{Head: ledger.Checkpoint{Log: testLog(fmt.Sprintf("o%d", i)), Size: 1}})
	}
	if len(s.unknown) != LogsLimit {
		t.Errorf("%d heads of unknown logs are kept, want %d", len(s.unknown), LogsLimit)
	}
}

// Logs that are behind: as many are followed as there can be logs.
func TestLogsBehindAreFollowedUpToTheirLimit(t *testing.T) {
	c := NewCore(CoreConfig{Federation: "demo", Office: "hub", Key: transportKey("hub")})
	for i := range LogsLimit + 1 {
		c.pendingHead(ledger.Checkpoint{Log: testLog(fmt.Sprintf("o%d", i)), Size: 1})
	}
	if len(c.pending) != LogsLimit {
		t.Errorf("%d logs are followed, want %d", len(c.pending), LogsLimit)
	}
}

func TestRefusalDetailIsCut(t *testing.T) {
	for _, n := range []int{DetailLimit, DetailLimit + 1} {
		r := refusedBy(&nodev1.Refusal{Detail: strings.Repeat("x", n), RetryAfter: durationpb.New(24 * time.Hour)})
		if len(r.Detail) != DetailLimit {
			t.Errorf("detail of %d bytes is kept as %d, want %d", n, len(r.Detail), DetailLimit)
		}
		if r.RetryAfter.Hours() != 1 {
			t.Errorf("a peer may hold us off for %s, want at most an hour", r.RetryAfter)
		}
	}
	if r := refusedBy(&nodev1.Refusal{RetryAfter: durationpb.New(-time.Second)}); r.RetryAfter != 0 {
		t.Errorf("a peer asks to come back in %s, want at once", r.RetryAfter)
	}
}
