package replica

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func mixed(n int) [][]byte {
	all := make([][]byte, n)
	for i := range all {
		all[i] = fmt.Appendf(nil, "public %d", i)
		if i%3 == 0 {
			all[i] = []byte("restricted")
		}
	}
	return all
}

// Until readers are told apart no body that is not PUBLIC is sent.
func TestRestrictedBodiesAreNotSent(t *testing.T) {
	from, to := openStore(t, "essex"), openStore(t, "surrey")
	fill(t, from, mixed(100)...) // a sealed block and a tail
	for _, c := range chunksOf(t, from, isPublic) {
		raw, _ := proto.Marshal(c)
		if strings.Contains(string(raw), "restricted") {
			t.Error("a chunk carries a restricted body in the clear")
		}
	}
	exchange(t, from, to)
	checkMixed(t, to, 100)
}

// And none is kept from a peer that sends it all the same.
func TestRestrictedBodiesAreNotKept(t *testing.T) {
	from, to := openStore(t, "essex"), openStore(t, "surrey")
	fill(t, from, mixed(100)...)
	in := intakeOf(t, to, testVerifier().Keys, "essex")
	for _, c := range chunksOf(t, from, func(guidancev1.Visibility) bool { return true }) {
		if err := in.Take(c); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := in.Commit(); err != nil {
		t.Fatal(err)
	}
	checkMixed(t, to, 100)
}

func checkMixed(t *testing.T, st *store.Store, n int) {
	t.Helper()
	for i := range n {
		e, err := st.Entry(testLog("essex").Entry(uint64(i)))
		if err != nil {
			t.Fatal(err)
		}
		if has, public := e.Body != nil, i%3 != 0; has != public {
			t.Errorf("essex/%d: body held is %t, public is %t", i, has, public)
		}
	}
	checkStore(t, st)
}

// Garbage, and what does not verify: nothing of it is stored, and the reason says who
// is at fault. A proof that does not lead to a head its office signed may be the
// office's fault.
func TestBadChunksLeaveNothingBehind(t *testing.T) {
	from := openStore(t, "essex")
	fill(t, from, letters(3)...)
	good := chunksOf(t, from, isPublic)[0]
	change := func(f func(*nodev1.Chunk)) *nodev1.Chunk {
		c := proto.Clone(good).(*nodev1.Chunk)
		f(c)
		return c
	}
	retail := func(f func(*nodev1.TailSet)) *nodev1.Chunk {
		return change(func(c *nodev1.Chunk) {
			tails, err := unpackTails(c.Tails)
			if err != nil {
				t.Fatal(err)
			}
			set := &nodev1.TailSet{Tails: tails}
			f(set)
			raw, _ := proto.Marshal(set)
			c.Tails = ledger.Pack(raw)
		})
	}
	noKeys := func(ledger.LogID, uint64) []ed25519.PublicKey { return nil }
	tests := []struct {
		name  string
		chunk *nodev1.Chunk
		keys  Keys
		want  Outcome
		why   error
	}{
		{"truncated frame of tails", change(func(c *nodev1.Chunk) { c.Tails = c.Tails[:len(c.Tails)-1] }), nil, Bad, ledger.ErrMalformed},
		{"tails that are no message", change(func(c *nodev1.Chunk) { c.Tails = ledger.Pack([]byte("garbage")) }), nil, Bad, ledger.ErrMalformed},
		{"a tail too few", change(func(c *nodev1.Chunk) { c.Tails = nil }), nil, Bad, ledger.ErrMalformed},
		{"a tail too many", retail(func(s *nodev1.TailSet) { s.Tails = append(s.Tails, &nodev1.Tail{}) }), nil, Bad, ledger.ErrMalformed},
		{"a log that was not asked for", change(func(c *nodev1.Chunk) { c.Segments[0].Log = "demo/kent/log/0" }), nil, Bad, ledger.ErrMalformed},
		{"a wrong count", change(func(c *nodev1.Chunk) { c.Segments[0].Count++ }), nil, Bad, ledger.ErrMalformed},
		{"an entry left out", retail(func(s *nodev1.TailSet) { s.Tails[0].Headers = s.Tails[0].Headers[1:] }), nil, Bad, ledger.ErrMalformed},
		{"two entries swapped", retail(func(s *nodev1.TailSet) {
			h := s.Tails[0].Headers
			h[0], h[1] = h[1], h[0]
		}), nil, Bad, ledger.ErrBadEntry},
		{"a header spoilt", retail(func(s *nodev1.TailSet) { s.Tails[0].Headers[0][5] ^= 1 }), nil, Bad, ledger.ErrBadEntry},
		{"a header changed", retail(func(s *nodev1.TailSet) {
			h := s.Tails[0].Headers[0]
			h[len(h)-10] ^= 1 // in its commitment
		}), nil, NoProof, ledger.ErrProof},
		{"a body changed", retail(func(s *nodev1.TailSet) { s.Tails[0].Bodies[1].Body[7] ^= 1 }), nil, Bad, ledger.ErrBadBody},
		{"a body twice", retail(func(s *nodev1.TailSet) { s.Tails[0].Bodies = append(s.Tails[0].Bodies, s.Tails[0].Bodies[0]) }), nil, Bad, ledger.ErrBadEntry},
		{"another checkpoint", change(func(c *nodev1.Chunk) { c.Segments[0].Checkpoint = signedHead(t, "essex", 3).Checkpoint }), nil, NoProof, ledger.ErrProof},
		{"no checkpoint", change(func(c *nodev1.Chunk) { c.Segments[0].Checkpoint = nil }), nil, Bad, ledger.ErrMalformed},
		{"a proof where none is due", change(func(c *nodev1.Chunk) { c.Segments[0].Proof = [][]byte{make([]byte, 32)} }), nil, NoProof, ledger.ErrProof},
		{"a start after what is held", change(func(c *nodev1.Chunk) { c.Segments[0].First = 9 }), nil, Complete, nil},
		{"a key the register lacks", good, noKeys, NoKey, ledger.ErrUnknownKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to := openStore(t, "surrey")
			keys := tt.keys
			if keys == nil {
				keys = testVerifier().Keys
			}
			in := intakeOf(t, to, keys, "essex")
			err := in.Take(tt.chunk)
			if _, _, cerr := in.Commit(); cerr != nil {
				t.Fatal(cerr)
			}
			got := in.Outcome(1, err)
			if got.Outcome != tt.want || tt.why != nil && !errors.Is(got.Err, tt.why) {
				t.Errorf("outcome %v: %v, want %v: %v", got.Outcome, got.Err, tt.want, tt.why)
			}
			if tree, err := to.Progress(testLog("essex")); err != nil || tree.Size() != 0 {
				t.Errorf("%d entries are stored (%v), want none", tree.Size(), err)
			}
			checkStore(t, to)
		})
	}
}

// One bad log in a chunk of several: the others are kept.
func TestOneBadLogDoesNotSpoilTheOthers(t *testing.T) {
	hub, to := openStore(t, "hub"), openStore(t, "surrey")
	for _, office := range []string{"a", "b", "c"} {
		st := openStore(t, office)
		fill(t, st, letters(2)...)
		exchange(t, st, hub)
	}
	in := intakeOf(t, to, testVerifier().Keys, "a", "b", "c")
	a, err := NewAnswer(hub, in.Request(), isPublic)
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.Next()
	if err != nil {
		t.Fatal(err)
	}
	c.Segments[1].Checkpoint[len(c.Segments[1].Checkpoint)-5] ^= 1
	if err := in.Take(c); err != nil {
		t.Fatal(err)
	}
	if _, _, err := in.Commit(); err != nil {
		t.Fatal(err)
	}
	out := in.Outcome(1, nil)
	if out.Outcome != Bad || len(out.Bad) != 1 || out.Bad[0] != testLog("b") {
		t.Errorf("outcome %v of %v, want bad of b", out.Outcome, out.Bad)
	}
	if got := len(to.Heads()); got != 2 {
		t.Errorf("%d logs are held, want a and c", got)
	}
	checkStore(t, to)
}

// An office has signed two histories, and the store refuses the second between
// verifying and writing: the other logs of the group are written all the same, and no
// peer is blamed.
func TestAForkedLogDoesNotHoldUpTheOthers(t *testing.T) {
	hub, to := openStore(t, "hub"), openStore(t, "surrey")
	for _, office := range []string{"essex", "kent"} {
		st := openStore(t, office)
		fill(t, st, []byte("the first history"), []byte("goes on"))
		exchange(t, st, hub)
	}
	in := intakeOf(t, to, testVerifier().Keys, "essex", "kent")
	a, err := NewAnswer(hub, in.Request(), isPublic)
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.Next()
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Take(c); err != nil {
		t.Fatal(err)
	}
	other := openStore(t, "essex")
	fill(t, other, []byte("the second history"))
	exchange(t, other, to)
	_, held, err := in.Commit()
	if err != nil || len(held) != 1 || held[0].Log != testLog("kent") {
		t.Errorf("held %v (%v), want kent alone", held, err)
	}
	if out := in.Outcome(1, nil); out.Outcome != NoProof || len(in.Findings().Forks) != 1 {
		t.Errorf("outcome %v, forks %v, want no proof and one fork", out.Outcome, in.Findings().Forks)
	}
	checkStore(t, to)
}

// Chunks twice, or from before what is held, change nothing.
func TestChunksTwiceChangeNothing(t *testing.T) {
	from, to := openStore(t, "essex"), openStore(t, "surrey")
	fill(t, from, letters(150)...)
	chunks := chunksOf(t, from, isPublic)
	in := intakeOf(t, to, testVerifier().Keys, "essex")
	for range 2 {
		for _, c := range chunks {
			for range 2 {
				if err := in.Take(c); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, _, err := in.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if out := in.Outcome(1, nil); out.Outcome != Complete {
		t.Errorf("outcome %v: %v", out.Outcome, out.Err)
	}
	if n, _ := to.FeedEnd(); n != 1 {
		t.Errorf("%d arrivals, want 1", n)
	}
	checkStore(t, to)
}

// A body that was not there is wanted, asked for by itself, and taken only if it opens
// the commitment.
func TestMissingBodiesAreFetchedLate(t *testing.T) {
	from, to := openStore(t, "essex"), openStore(t, "surrey")
	fill(t, from, letters(70)...)
	in := intakeOf(t, to, testVerifier().Keys, "essex")
	for _, c := range chunksOf(t, from, func(guidancev1.Visibility) bool { return false }) {
		if err := in.Take(c); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := in.Commit(); err != nil {
		t.Fatal(err)
	}
	req, wanted, err := RequestBodies(to, nil)
	if err != nil || len(req.GetBodies()) != 70 {
		t.Fatalf("%d bodies are wanted (%v), want 70", len(req.GetBodies()), err)
	}
	if next, _, err := RequestBodies(to, req); err != nil || next != nil {
		t.Errorf("behind all that is wanted %v is asked for, %v", next, err)
	}
	first := &nodev1.FetchRequest{Bodies: req.Bodies[:30]}
	if next, _, err := RequestBodies(to, first); err != nil || len(next.GetBodies()) != 40 || !proto.Equal(next.Bodies[0], req.Bodies[30]) {
		t.Errorf("behind the first thirty %d are asked for, %v", len(next.GetBodies()), err)
	}
	a, err := NewAnswer(from, req, isPublic)
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.Next()
	if err != nil {
		t.Fatal(err)
	}
	bad := proto.Clone(c).(*nodev1.Chunk)
	tails, _ := unpackTails(bad.Tails)
	tails[0].Bodies[0].Body[0] ^= 1
	raw, _ := proto.Marshal(&nodev1.TailSet{Tails: tails})
	bad.Tails = ledger.Pack(raw)
	if out := BodiesOutcome(1, TakeBodies(to, bad, wanted)); out.Outcome != Bad || len(out.Bad) != 1 || out.Bad[0] != testLog("essex") {
		t.Errorf("a changed body: %v of %v: %v, want bad of essex", out.Outcome, out.Bad, out.Err)
	}
	if out := BodiesOutcome(1, TakeBodies(to, c, WantedBodies{})); out.Outcome != Bad {
		t.Errorf("bodies nobody asked for: %v: %v, want bad", out.Outcome, out.Err)
	}
	if err := TakeBodies(to, c, wanted); err != nil {
		t.Fatal(err)
	}
	if req, _, err := RequestBodies(to, nil); err != nil || req != nil {
		t.Errorf("%d bodies are still wanted (%v), want none", len(req.GetBodies()), err)
	}
	checkStore(t, to)
}

// A head that was heard of is remembered, so that nobody checks it again. When the keeper has
// revoked the key meanwhile it opens nothing: neither the same head from another peer nor the
// entries that lead to it.
func TestWhatARevokedKeySignedIsNotTakenForHavingBeenOpenedBefore(t *testing.T) {
	from, to := openStore(t, "essex"), openStore(t, "surrey")
	fill(t, from, letters(2)...)
	held, _ := from.Held(testLog("essex"))
	heads := []*nodev1.Head{{Checkpoint: held.Note, Held: true}}
	register := testVerifier().Keys(testLog("essex"), 2)
	v := testVerifier()
	v.Opened, v.Keys = &ledger.Verifier{}, func(ledger.LogID, uint64) []ed25519.PublicKey { return register }
	in, err := NewIntake(to, v.Keys, v.Opened, []Target{{testLog("essex"), 2}})
	if err != nil {
		t.Fatal(err)
	}
	signature := func() Signature {
		checked, err := v.Heads(heads)
		if err != nil || checked[0].Head.Size != 2 {
			t.Fatal(checked, err)
		}
		return checked[0].Signature
	}
	if got := signature(); got != SignatureValid {
		t.Fatalf("signature %v, want a valid one", got)
	}
	for _, keys := range [][]ed25519.PublicKey{nil, {transportKey("essex")}} {
		if register = keys; signature() != SignatureUnknownKey {
			t.Errorf("of %d other keys: signature %v, want that of an unknown key", len(keys), signature())
		}
	}
	for _, c := range chunksOf(t, from, isPublic) {
		if err := in.Take(c); err != nil {
			t.Fatal(err)
		}
	}
	if moved, _, err := in.Commit(); len(moved) > 0 || err != nil {
		t.Errorf("entries of %v were taken (%v)", moved, err)
	}
	if out := in.Outcome(1, nil); out.Outcome != NoKey {
		t.Errorf("outcome %v, want no key", out.Outcome)
	}
}
