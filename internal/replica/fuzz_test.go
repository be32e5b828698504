package replica

import (
	"math/rand/v2"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Invariant 10 for chunks: whatever one bit, cut or splice does to a chunk, it is
// rejected, or leaves just what the sound one leaves. Bodies may be missing: then they
// are wanted.
func FuzzChunk(f *testing.F) {
	from := openStore(f, "essex")
	fill(f, from, mixed(70)...) // short, so that mutations hit what matters
	var sound [][]byte
	for _, c := range chunksOf(f, from, isPublic) {
		b, err := proto.Marshal(c)
		if err != nil {
			f.Fatal(err)
		}
		sound = append(sound, b)
		f.Add(b)
		rng := rand.New(rand.NewPCG(1, 2))
		for range 30 {
			m := append([]byte(nil), b...)
			m[rng.IntN(len(m))] ^= 1 << rng.IntN(8)
			f.Add(m)
			f.Add(m[:rng.IntN(len(m))])
		}
	}
	want, _ := from.Held(testLog("essex"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := &nodev1.Chunk{}
		if proto.Unmarshal(b, c) != nil {
			return
		}
		to := openStore(t, "surrey")
		in := intakeOf(t, to, testVerifier().Keys, "essex")
		_ = in.Take(c)
		if _, _, err := in.Commit(); err != nil {
			t.Fatalf("what has verified is refused by the store: %v", err)
		}
		if h, ok := to.Held(testLog("essex")); ok && (h.Size > want.Size || h.Size == want.Size && h.Root != want.Root) {
			t.Fatalf("holds %d with root %v, which nobody signed", h.Size, h.Root)
		}
		checkStore(t, to)
		// Whatever came first, the sound chunks lead to the sound state.
		again := intakeOf(t, to, testVerifier().Keys, "essex")
		for _, b := range sound {
			c := &nodev1.Chunk{}
			if err := proto.Unmarshal(b, c); err != nil {
				t.Fatal(err)
			}
			if err := again.Take(c); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := again.Commit(); err != nil {
			t.Fatal(err)
		}
		if to.FrontierRoot() != from.FrontierRoot() {
			t.Fatal("the sound chunks do not lead to the sound state any more")
		}
	})
}

// Invariant 10 for frames: whatever comes instead of a frame ends the session or
// leaves a core that still agrees with a sound peer afterwards; it never panics.
func FuzzFrame(f *testing.F) {
	root := make([]byte, 32)
	for _, frame := range []*nodev1.Frame{
		helloFrame(func(h *nodev1.Hello) {}),
		headsFrame(signedHead(f, "essex", 9), signedHead(f, "kent", 1)),
		{Message: &nodev1.Frame_InSync{InSync: &nodev1.InSync{FrontierRoot: root}}},
		{Message: &nodev1.Frame_Probe{Probe: &nodev1.Probe{Nonce: 1}}},
		{Message: &nodev1.Frame_ProbeReply{ProbeReply: &nodev1.ProbeReply{Nonce: 1}}},
		{Message: &nodev1.Frame_Refusal{Refusal: &nodev1.Refusal{Reason: reasonBusy, RetryAfter: durationpb.New(time.Millisecond)}}},
	} {
		b, err := proto.Marshal(frame)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, true)
		f.Add(b, false)
		for i := range b {
			m := append([]byte(nil), b...)
			m[i] ^= 1 << (i % 8)
			f.Add(m, true)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, greeted bool) {
		frame := &nodev1.Frame{}
		if proto.Unmarshal(b, frame) != nil {
			return
		}
		c := coreWith("essex", 3, 9)
		mallory := Peer{Office: "mallory", Key: transportKey("mallory")}
		c.Step(Opened{2, mallory})
		c.Step(Writable{Session: 2})
		if greeted {
			node := NodeOf(mallory.Key)
			c.Step(testVerifier().Frame(2, helloFrame(func(h *nodev1.Hello) { h.Office, h.Node = "mallory", node[:] })))
		}
		held := c.Root()
		c.Step(testVerifier().Frame(2, frame))
		for range 10 {
			c.Step(Writable{Session: 2})
		}
		c.Step(Tick{Now: HelloWithin})
		c.Step(Closed{2})
		if c.Root() != held {
			t.Fatal("a frame has changed what is held")
		}
		if _, _ = converse(c, coreWith("surrey", 3, 9)); !c.InSync(1) {
			t.Fatal("after this frame a sound peer that holds the same is not in sync")
		}
	})
}
