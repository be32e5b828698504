package server

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// member is an admitted node that speaks the protocol by hand: honestly, or not.
type member struct {
	t      *testing.T
	victim *testNode
	office string
	keys   *identity.Keys
	conn   *grpc.ClientConn
	client nodev1.FederationServiceClient
	gossip nodev1.FederationService_GossipClient
	serve  nodev1.FederationService_ServeClient
	logs   []*handLog // that it announces
}

// handLog is a log written by hand.
type handLog struct {
	id      ledger.LogID
	key     ed25519.PrivateKey
	entries []ledger.Entry
}

// member admits an office. Its node is the test.
func (n *testNode) member(office string, committees ...string) *member {
	n.t.Helper()
	dir, _ := n.admitted(office, false, committees...)
	keys, err := identity.Load(filepath.Join(dir, keysFolder))
	if err != nil {
		n.t.Fatal(err)
	}
	conn := n.dial(keys.Transport)
	return &member{t: n.t, victim: n, office: office, keys: keys, conn: conn, client: nodev1.NewFederationServiceClient(conn)}
}

// log is the member's own log with some entries.
func (m *member) log(entries int) *handLog {
	l := &handLog{id: ledger.LogID{Federation: "trial", Office: m.office}, key: m.keys.Log}
	for i := range entries {
		l.entries = append(l.entries, handEntry(m.t, uint64(i), fmt.Sprintf("letter %d of %s", i, m.office)))
	}
	return l
}

func handEntry(t *testing.T, index uint64, body string) ledger.Entry {
	t.Helper()
	e, err := ledger.Seal(ledgerv1.EntryKind_ENTRY_KIND_ERASURE, guidancev1.Visibility_VISIBILITY_PUBLIC, index, time.Now(), []byte(body), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (l *handLog) root() tlog.Hash {
	var tree ledger.Tree
	for _, e := range l.entries {
		tree.Append(ledger.LeafHash(e.Header))
	}
	return tree.Root()
}

// head is the log's newest checkpoint, by whatever key.
func (l *handLog) head(t *testing.T, key ed25519.PrivateKey) []byte {
	t.Helper()
	cp, err := ledger.SignCheckpoint(l.id, uint64(len(l.entries)), l.root(), key)
	if err != nil {
		t.Fatal(err)
	}
	return cp.Note
}

// chunk is the whole log in one chunk.
func (l *handLog) chunk(t *testing.T) (*nodev1.Chunk, *nodev1.TailSet) {
	t.Helper()
	tail := &nodev1.Tail{}
	for i, e := range l.entries {
		tail.Headers = append(tail.Headers, e.Header)
		tail.Bodies = append(tail.Bodies, &ledgerv1.SaltedBody{Index: uint64(i), Salt: e.Salt, Body: e.Body})
	}
	c := &nodev1.Chunk{RawSize: 4096, Segments: []*nodev1.LogSegment{{Log: l.id.String(), Count: uint32(len(l.entries)), Checkpoint: l.head(t, l.key)}}}
	return c, &nodev1.TailSet{Tails: []*nodev1.Tail{tail}}
}

func packed(t *testing.T, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
	t.Helper()
	raw, err := proto.Marshal(tails)
	if err != nil {
		t.Fatal(err)
	}
	c.Tails = ledger.Pack(raw)
	return c
}

func (m *member) hello() *nodev1.Hello {
	node, instance, root := replica.NodeOf(publicKey(m.keys.Transport)), make([]byte, 8), sha256.Sum256([]byte(m.office))
	rand.Read(instance)
	return &nodev1.Hello{
		ProtocolMin: replica.ProtocolMin, ProtocolMax: replica.ProtocolMax, Federation: "trial", Office: m.office, Node: node[:],
		Instance: instance, Role: ledgerv1.NodeRole_NODE_ROLE_WRITER, FrontierRoot: root[:], HeadCount: uint32(len(m.logs)),
	}
}

func helloFrame(h *nodev1.Hello) *nodev1.Frame {
	return &nodev1.Frame{Message: &nodev1.Frame_Hello{Hello: h}}
}

// heads is a page of heads as a frame.
func heads(notes ...[]byte) *nodev1.Frame {
	page := &nodev1.Heads{FrontierRoot: make([]byte, 32), Full: true}
	for _, note := range notes {
		page.Heads = append(page.Heads, &nodev1.Head{Checkpoint: note, Held: true})
	}
	return &nodev1.Frame{Message: &nodev1.Frame_Heads{Heads: page}}
}

// open opens Gossip without a word.
func (m *member) open() {
	m.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	m.t.Cleanup(cancel)
	var err error
	if m.gossip, err = m.client.Gossip(ctx); err == nil {
		m.serve, err = m.client.Serve(ctx)
	}
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *member) say(frames ...*nodev1.Frame) {
	for _, f := range frames {
		if m.gossip.Send(&nodev1.GossipRequest{Frame: f}) != nil {
			return // ended: why comes with Recv
		}
	}
}

// connect greets the victim and announces logs. Frames it gets are left unread.
func (m *member) connect(logs ...*handLog) {
	m.t.Helper()
	m.logs = logs
	m.open()
	notes := make([][]byte, len(logs))
	for i, l := range logs {
		notes[i] = l.head(m.t, l.key)
	}
	m.say(helloFrame(m.hello()), heads(notes...))
}

// refusal waits for the refusal of the session and for the end of its stream.
func (m *member) refusal() (*nodev1.Refusal, error) {
	m.t.Helper()
	for late := time.AfterFunc(testLimit, func() { m.victim.stopStreams() }); ; {
		resp, err := m.gossip.Recv()
		if err != nil {
			late.Stop()
			return nil, err
		}
		if r := resp.GetFrame().GetRefusal(); r != nil {
			_, err := m.gossip.Recv()
			late.Stop()
			return r, err
		}
	}
}

// asked waits for the victim's next request over Serve.
func (m *member) asked() (*nodev1.ServeResponse, error) {
	for {
		req, err := m.serve.Recv()
		if err != nil || req.GetFetch() != nil {
			return req, err
		}
	}
}

func (m *member) answer(request uint64, chunks ...*nodev1.Chunk) error {
	for _, c := range chunks {
		if err := m.serve.Send(&nodev1.ServeRequest{Request: request, Chunk: c}); err != nil {
			return err
		}
	}
	return m.serve.Send(&nodev1.ServeRequest{Request: request, End: true})
}

// serveAll answers every request honestly until the session ends.
func (m *member) serveAll() {
	byName := map[string]*handLog{}
	for _, l := range m.logs {
		byName[l.id.String()] = l
	}
	for {
		req, err := m.asked()
		if err != nil {
			return
		}
		var chunks []*nodev1.Chunk
		for _, r := range req.GetFetch().GetRanges() {
			if l := byName[r.Log]; l != nil {
				c, tails := l.chunk(m.t)
				chunks = append(chunks, packed(m.t, c, tails))
			}
		}
		if m.answer(req.GetRequest(), chunks...) != nil {
			return
		}
	}
}

// holds waits until the victim holds exactly this log.
func (n *testNode) holds(l *handLog) {
	n.t.Helper()
	err := n.Await(testContext(n.t), func() bool {
		held, ok := n.store.Held(l.id)
		return ok && held.Size == uint64(len(l.entries)) && held.Root == l.root()
	})
	if err != nil {
		held, _ := n.store.Held(l.id)
		n.t.Errorf("%s is held at %d with root %v, want %d with %v", l.id, held.Size, held.Root, len(l.entries), l.root())
	}
}

func TestFramesThatAreNoneOrOutOfTurnEndTheSession(t *testing.T) {
	k := newKeeper(t)
	long := strings.Repeat("x", replica.FrameLimit)
	sized := func(over int) *nodev1.Frame { // one head that is none, of many bytes
		f := heads([]byte(long))
		f.GetHeads().Heads[0].Checkpoint = []byte(long[:replica.FrameLimit-(proto.Size(f)-replica.FrameLimit)+over])
		return f
	}
	pages := func(n int) *nodev1.Frame { return heads(make([][]byte, n)...) }
	spoilt := func(spoil func(*nodev1.Hello)) func(*member) []*nodev1.Frame {
		return func(m *member) []*nodev1.Frame {
			h := m.hello()
			spoil(h)
			return []*nodev1.Frame{helloFrame(h)}
		}
	}
	after := func(frames ...*nodev1.Frame) func(*member) []*nodev1.Frame {
		return func(m *member) []*nodev1.Frame { return append([]*nodev1.Frame{helloFrame(m.hello())}, frames...) }
	}
	tests := []struct {
		name   string
		frames func(*member) []*nodev1.Frame
		says   string
	}{
		{"heads before hello", func(*member) []*nodev1.Frame { return []*nodev1.Frame{heads()} }, "Heads before Hello"},
		{"two hellos", func(m *member) []*nodev1.Frame { h := helloFrame(m.hello()); return []*nodev1.Frame{h, h} }, "a second Hello"},
		{"an empty frame", after(&nodev1.Frame{}), "does not know"},
		{"no frame in the message", after(nil), "does not know"},
		{"hello with nothing in it", spoilt(func(h *nodev1.Hello) { proto.Reset(h) }), "instance in Hello"},
		{"another federation", spoilt(func(h *nodev1.Hello) { h.Federation = "other" }), `your federation is "other"`},
		{"a later protocol", spoilt(func(h *nodev1.Hello) { h.ProtocolMin, h.ProtocolMax = 2, 9 }), "you speak versions 2 to 9"},
		{"no protocol", spoilt(func(h *nodev1.Hello) { h.ProtocolMin, h.ProtocolMax = 0, 0 }), "you speak versions 0 to 0"},
		{"someone else's office", spoilt(func(h *nodev1.Hello) { h.Office = "gpc-england" }), `Hello names the office "gpc-england"`},
		{"someone else's node", spoilt(func(h *nodev1.Hello) { h.Node = make([]byte, 32) }), "not the one whose key was shown"},
		{"too many logs", spoilt(func(h *nodev1.Hello) { h.HeadCount = replica.LogsLimit + 1 }), "frontier of 10001 logs"},
		{"a name too long", spoilt(func(h *nodev1.Hello) { h.Office = long[:replica.NameLimit+1] }), "name in Hello"},
		{"1,000 heads that are none", after(pages(replica.HeadsLimit)), "head 0:"},
		{"1,001 heads", after(pages(replica.HeadsLimit + 1)), "page of 1001 heads: at most 1000"},
		{"a root that is none", after(&nodev1.Frame{Message: &nodev1.Frame_InSync{InSync: &nodev1.InSync{FrontierRoot: make([]byte, 31)}}}), "InSync root of 31 bytes"},
		{"a frame at the limit", after(sized(0)), "checkpoint of"},
		{"a frame over the limit", after(sized(1)), "frame of 65537 bytes: at most 65536"},
	}
	for i, test := range tests {
		m := k.member(fmt.Sprintf("office-%d", i))
		m.open()
		m.say(test.frames(m)...)
		r, err := m.refusal()
		if r.GetReason() != nodev1.RefusalReason_REFUSAL_REASON_PROTOCOL || !strings.Contains(r.GetDetail(), test.says) {
			t.Errorf("%s: got %v (%v), want PROTOCOL with %q", test.name, r, err, test.says)
		}
		if code := status.Code(err); code != codes.InvalidArgument {
			t.Errorf("%s: the stream ended with %v", test.name, err)
		}
	}
	k.stillSound()
}

func TestGossipThatIsNoMessageOrTooLongIsTheSendersFault(t *testing.T) {
	k := newKeeper(t)
	m := k.member("kent")
	for name, test := range map[string]struct {
		bytes []byte
		code  codes.Code
	}{
		"garbage":     {[]byte{0x0a, 0xff}, codes.InvalidArgument},
		"over 1.25 M": {make([]byte, maxMessage+1), codes.ResourceExhausted},
	} {
		stream, err := m.conn.NewStream(testContext(t), &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, nodev1.FederationService_Gossip_FullMethodName, grpc.ForceCodec(rawCodec{}))
		if err != nil {
			t.Fatal(err)
		}
		for err = stream.SendMsg(test.bytes); err == nil; {
			err = stream.RecvMsg(nil)
		}
		if errors.Is(err, io.EOF) {
			err = stream.RecvMsg(nil)
		}
		if status.Code(err) != test.code {
			t.Errorf("%s: %v, want %v", name, err, test.code)
		}
	}
	k.stillSound()
}

func TestFloodOfFramesIsTakenInBoundedMemory(t *testing.T) {
	k := newKeeper(t)
	m := k.member("kent")
	m.connect()
	before := heapInUse()
	probe := &nodev1.Frame{Message: &nodev1.Frame_Probe{Probe: &nodev1.Probe{Nonce: 7}}}
	for range 20_000 {
		m.say(probe, heads())
	}
	if now := heapInUse(); now > before+16<<20 {
		t.Errorf("%d bytes more in use", now-before)
	}
	k.stillSound()
}

func TestHeadsOfOthersSignedByOnesOwnKeyCountForNothing(t *testing.T) {
	k := newKeeper(t)
	essex, kent := k.member("essex"), k.member("kent")
	forged := essex.log(3)
	kent.open()
	kent.say(helloFrame(kent.hello()), heads(forged.head(t, kent.keys.Log)))
	honest := essex.log(2)
	essex.connect(honest)
	go essex.serveAll()
	k.holds(honest)
	for _, seen := range k.store.Seen() {
		if seen.Log == honest.id && seen.Size != 2 {
			t.Errorf("a head of size %d is believed", seen.Size)
		}
	}
	k.stillSound()
}

func TestHeadsWhoseSignatureIsForgedEndInQuarantine(t *testing.T) {
	k := newKeeper(t)
	essex := k.member("essex").log(2)
	forged := bytes.Replace(essex.head(t, essex.key), []byte("\n2\n"), []byte("\n3\n"), 1)
	m := k.member("kent")
	m.open()
	m.say(helloFrame(m.hello()))
	for range replica.BadLimit {
		m.say(heads(forged))
	}
	r, err := m.refusal()
	if r.GetReason() != nodev1.RefusalReason_REFUSAL_REASON_QUARANTINED || status.Code(err) != codes.PermissionDenied {
		t.Errorf("got %v, %v", r, err)
	}
	m.open() // and again: it is not listened to
	if r, _ := m.refusal(); r.GetReason() != nodev1.RefusalReason_REFUSAL_REASON_QUARANTINED {
		t.Errorf("at the next session: %v", r)
	}
	if size := k.HeldSize("essex"); size != 0 {
		t.Errorf("%d entries of essex are held", size)
	}
	k.stillSound()
}

// chunkAttacks spoil a good chunk of two entries.
var chunkAttacks = map[string]func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk{
	"a checkpoint of another log": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		other := *l
		other.id.Office = "gpc-england"
		c.Segments[0].Checkpoint = other.head(t, l.key)
		return packed(t, c, tails)
	},
	"a checkpoint by another key": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Segments[0].Checkpoint = l.head(t, newKey(t))
		return packed(t, c, tails)
	},
	"an index that is wrong": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		tails.Tails[0].Headers[1] = tails.Tails[0].Headers[0]
		return packed(t, c, tails)
	},
	"a body that is not the header's": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		tails.Tails[0].Bodies[1].Body = append(tails.Tails[0].Bodies[1].Body, 'x')
		return packed(t, c, tails)
	},
	"a body of no entry": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		tails.Tails[0].Bodies[1].Index = 1 << 63
		return packed(t, c, tails)
	},
	"a bit flipped": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		packed(t, c, tails).Tails[len(c.Tails)/2] ^= 1
		return c
	},
	"cut in half": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		packed(t, c, tails)
		c.Tails = c.Tails[:len(c.Tails)/2]
		return c
	},
	"a bomb": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Tails = ledger.Pack(make([]byte, 64<<20))
		return c
	},
	"a bomb in a block": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Segments[0].HeaderBlock = ledger.Pack(make([]byte, 64<<20))
		return c
	},
	"a raw size of 4 GiB": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.RawSize = 1<<32 - 1
		return packed(t, c, tails)
	},
	"a proof of 65 hashes": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Segments[0].Proof = make([][]byte, ledger.ProofLimit+1)
		for i := range c.Segments[0].Proof {
			c.Segments[0].Proof[i] = make([]byte, 32)
		}
		return packed(t, c, tails)
	},
	"a hash of 31 bytes": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Segments[0].Proof = [][]byte{make([]byte, 31)}
		return packed(t, c, tails)
	},
	"a segment not asked for": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Segments[0].Log = "trial/gpc-england/log/0"
		return packed(t, c, tails)
	},
	"a log that is none": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Segments[0].Log = "trial/../log/0"
		return packed(t, c, tails)
	},
	"a run that begins later": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Segments[0].First = 1 << 40
		return packed(t, c, tails)
	},
	"a run that begins beyond all": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Segments[0].First = 1<<64 - 1
		return packed(t, c, tails)
	},
	"more tails than segments": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		tails.Tails = append(tails.Tails, tails.Tails[0])
		return packed(t, c, tails)
	},
	"a count that lies": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Segments[0].Count = 1<<32 - 1
		return packed(t, c, tails)
	},
	"bodies alone": func(t *testing.T, l *handLog, c *nodev1.Chunk, tails *nodev1.TailSet) *nodev1.Chunk {
		c.Segments[0].BodiesOnly = true
		return packed(t, c, tails)
	},
	"no chunk":       func(*testing.T, *handLog, *nodev1.Chunk, *nodev1.TailSet) *nodev1.Chunk { return nil },
	"an empty chunk": func(*testing.T, *handLog, *nodev1.Chunk, *nodev1.TailSet) *nodev1.Chunk { return &nodev1.Chunk{} },
}

func TestSpoiltChunksLeaveNothingAndTheSameRangeIsTakenElsewhere(t *testing.T) {
	k := newKeeper(t)
	before := heapInUse()
	var logs []*handLog
	for name, spoil := range chunkAttacks {
		m := k.member(fmt.Sprintf("office-%d", len(logs)))
		l := m.log(2)
		logs = append(logs, l)
		m.connect(l)
		req, err := m.asked()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		c, tails := l.chunk(t)
		if err := m.answer(req.GetRequest(), spoil(t, l, c, tails)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, l := range logs {
		if tree, err := k.store.Progress(l.id); err != nil || tree.Size() != 0 {
			t.Errorf("%d entries of %s are kept of a spoilt chunk, %v", tree.Size(), l.id, err)
		}
	}
	honest := k.member("honest")
	honest.connect(logs...)
	go honest.serveAll()
	for _, l := range logs {
		k.holds(l)
	}
	if now := heapInUse(); now > before+32<<20 {
		t.Errorf("%d bytes more in use", now-before)
	}
	k.stillSound()
}

func TestThreeBadLogsInOneAnswerEndInQuarantine(t *testing.T) {
	k := newKeeper(t)
	var logs []*handLog
	for _, office := range []string{"dorset", "essex", "kent"} {
		logs = append(logs, k.member(office).log(2))
	}
	relay := k.member("relay")
	relay.connect(logs...)
	req, err := relay.asked()
	if err != nil {
		t.Fatal(err)
	}
	all, allTails := &nodev1.Chunk{RawSize: 4096}, &nodev1.TailSet{}
	for _, l := range logs {
		c, tails := l.chunk(t)
		tails.Tails[0].Bodies[0].Salt = make([]byte, 32)
		all.Segments, allTails.Tails = append(all.Segments, c.Segments...), append(allTails.Tails, tails.Tails...)
	}
	if err := relay.answer(req.GetRequest(), packed(t, all, allTails)); err != nil {
		t.Fatal(err)
	}
	r, err := relay.refusal()
	if r.GetReason() != nodev1.RefusalReason_REFUSAL_REASON_QUARANTINED {
		t.Errorf("got %v, %v", r, err)
	}
	await(t, "the operator is told", func() bool { return strings.Contains(strings.Join(k.alarmWords(), "\n"), "relay") })
	honest := k.member("honest")
	honest.connect(logs...)
	go honest.serveAll()
	for _, l := range logs {
		k.holds(l)
	}
	k.stillSound()
}

// A source that does not bring what it said it holds is left after three seconds.
func TestSourceThatBringsNothingIsLeft(t *testing.T) {
	for name, answer := range map[string]func(*member, uint64){
		"silence": func(*member, uint64) {},
		"chunks without entries, for ever": func(m *member, request uint64) {
			empty := &nodev1.Chunk{Segments: []*nodev1.LogSegment{{Log: m.logs[0].id.String(), Checkpoint: m.logs[0].head(m.t, m.logs[0].key)}}}
			for m.answer(request, packed(m.t, empty, &nodev1.TailSet{Tails: []*nodev1.Tail{{}}})) == nil {
				time.Sleep(time.Millisecond)
			}
		},
		"an end at once": func(m *member, request uint64) { _ = m.answer(request) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKeeper(t)
			slow, honest := k.member("kent"), k.member("honest")
			l := slow.log(3)
			slow.connect(l)
			req, err := slow.asked()
			if err != nil {
				t.Fatal(err)
			}
			honest.connect(l)
			go honest.serveAll()
			go answer(slow, req.GetRequest())
			began := time.Now()
			k.holds(l)
			if took := time.Since(began); took > 2*replica.StallAfter {
				t.Errorf("it took %v", took)
			}
			k.stillSound()
		})
	}
}

func TestFetchesThatAskForTheImpossibleGetNothing(t *testing.T) {
	k := newKeeper(t)
	m := k.member("kent")
	keeper := k.ownLog().String()
	size := k.HeldSize("gpc-england")
	ranges := func(n int, r *nodev1.LogRange) *nodev1.FetchRequest {
		req := &nodev1.FetchRequest{}
		for range n {
			req.Ranges = append(req.Ranges, r)
		}
		return req
	}
	bodies := func(n int, log string, index uint64) *nodev1.FetchRequest {
		req := &nodev1.FetchRequest{}
		for range n {
			req.Bodies = append(req.Bodies, &nodev1.WantedBody{Log: log, Index: index})
		}
		return req
	}
	for name, test := range map[string]struct {
		req  *nodev1.FetchRequest
		code codes.Code
		segs int
	}{
		"nothing":                 {&nodev1.FetchRequest{}, codes.OK, 0},
		"1,000 ranges":            {ranges(replica.RangesLimit, &nodev1.LogRange{Log: keeper, From: size, Size: size}), codes.OK, 0},
		"1,001 ranges":            {ranges(replica.RangesLimit+1, &nodev1.LogRange{Log: keeper, From: size, Size: size}), codes.InvalidArgument, 0},
		"1,000 bodies":            {bodies(replica.BodiesLimit, keeper, 1<<63), codes.OK, 0},
		"1,001 bodies":            {bodies(replica.BodiesLimit+1, keeper, 0), codes.InvalidArgument, 0},
		"an unknown log":          {ranges(1, &nodev1.LogRange{Log: "trial/nobody/log/0", Size: 1}), codes.OK, 0},
		"another epoch":           {ranges(1, &nodev1.LogRange{Log: "trial/gpc-england/log/4294967295", Size: 1}), codes.OK, 0},
		"another federation":      {ranges(1, &nodev1.LogRange{Log: "other/gpc-england/log/0", Size: 1}), codes.InvalidArgument, 0},
		"a log that is none":      {ranges(1, &nodev1.LogRange{Log: "../../etc/passwd", Size: 1}), codes.InvalidArgument, 0},
		"from after size":         {ranges(1, &nodev1.LogRange{Log: keeper, From: size - 1, Size: 1}), codes.OK, 1},
		"from beyond all":         {ranges(1, &nodev1.LogRange{Log: keeper, From: 1<<64 - 1, Size: 1}), codes.OK, 0},
		"a size of 2^63":          {ranges(1, &nodev1.LogRange{Log: keeper, From: 0, Size: 1 << 63}), codes.OK, 1},
		"the last body and 2^63":  {bodies(1, keeper, 1<<63), codes.OK, 0},
		"a body of no such log":   {bodies(1, "x", 0), codes.InvalidArgument, 0},
		"a body of another epoch": {bodies(1, "trial/gpc-england/log/1", 0), codes.OK, 0},
	} {
		segs, err := m.fetch(testContext(t), test.req)
		if status.Code(err) != test.code || segs != test.segs {
			t.Errorf("%s: %d segments, %v; want %d, %v", name, segs, err, test.segs, test.code)
		}
	}
	k.stillSound()
}

// fetch counts the segments a request gets.
func (m *member) fetch(ctx context.Context, req *nodev1.FetchRequest) (segs int, err error) {
	stream, err := m.client.Fetch(ctx, req)
	for err == nil {
		var resp *nodev1.FetchResponse
		if resp, err = stream.Recv(); err == nil {
			segs += len(resp.Chunk.Segments)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return segs, err
}

func TestTwoThousandFetchesAtOnceAreAnsweredOrRefusedAsBusy(t *testing.T) {
	k := newKeeper(t)
	m := k.member("kent")
	req := &nodev1.FetchRequest{Ranges: []*nodev1.LogRange{{Log: k.ownLog().String(), Size: k.HeldSize("gpc-england")}}}
	if _, err := m.fetch(testContext(t), req); err != nil { // connects
		t.Fatal(err)
	}
	leavesNothing(t, 32<<20, func() {
		codesSeen := make(chan codes.Code, 2000)
		for range cap(codesSeen) {
			go func() { _, err := m.fetch(t.Context(), req); codesSeen <- status.Code(err) }() // however slow the machine
		}
		count := map[codes.Code]int{}
		for range cap(codesSeen) {
			count[<-codesSeen]++
		}
		if count[codes.OK] == 0 || count[codes.OK]+count[codes.ResourceExhausted] != cap(codesSeen) {
			t.Errorf("answers: %v", count)
		}
	})
	k.stillSound()
}
