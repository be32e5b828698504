package ledger

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// testLog is a log as its writer has it: every entry and every stored hash.
type testLog struct {
	t       testing.TB
	id      LogID
	key     ed25519.PrivateKey
	entries []Entry
	hashes  []tlog.Hash // tlog's stored hashes
	tree    Tree
}

var essex = LogID{Federation: "demo", Office: "essex"}

// verify verifies one segment alone.
func verify(held Tree, seg Segment, keys []ed25519.PublicKey) (Verified, error) {
	return new(Verifier).Verify(held, seg, keys)
}

// reached says whether the tree has the target's size.
func reached(v Verified) bool { return v.tree.size == v.target.Size }

// newTestLog returns a log of n public entries with bodies of about size bytes, the
// same on every run.
func newTestLog(t testing.TB, n, size int) *testLog {
	t.Helper()
	l := &testLog{t: t, id: essex, key: testKey(1)}
	random := rand.NewChaCha8([32]byte{7})
	for i := range n {
		l.seal(guidancev1.Visibility_VISIBILITY_PUBLIC, testBody(i, size), random)
	}
	return l
}

// testKey returns a key that is the same on every run.
func testKey(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func testPublic(n byte) ed25519.PublicKey { return testKey(n).Public().(ed25519.PublicKey) }

// testBody returns a letter-like body: words that repeat, with numbers that do not.
func testBody(i, size int) []byte {
	var b bytes.Buffer
	words := rand.New(rand.NewPCG(uint64(i), 1))
	for b.Len() < size-16 {
		fmt.Fprintf(&b, "%s %d ", vocabulary[words.IntN(len(vocabulary))], words.IntN(50))
	}
	fmt.Fprintf(&b, "entry %d", i)
	return b.Bytes()
}

var vocabulary = []string{
	"practices", "are", "advised", "not", "to", "take", "part", "in", "the", "plan", "until", "the committee",
	"has", "met", "general practice", "workload", "appointment", "commissioner", "contractual", "obligation",
}

func (l *testLog) seal(v guidancev1.Visibility, body []byte, random *rand.ChaCha8) {
	l.t.Helper()
	claimed := time.UnixMilli(1634800000000 + int64(len(l.entries))*1000)
	e, err := Seal(ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, v, uint64(len(l.entries)), claimed, body, random)
	if err != nil {
		l.t.Fatal(err)
	}
	l.add(e)
}

// add adds an entry whatever it holds.
func (l *testLog) add(e Entry) {
	l.t.Helper()
	more, err := tlog.StoredHashesForRecordHash(int64(len(l.entries)), LeafHash(e.Header), l)
	if err != nil {
		l.t.Fatal(err)
	}
	l.hashes = append(l.hashes, more...)
	l.entries = append(l.entries, e)
	l.tree.Append(LeafHash(e.Header))
}

// ReadHashes implements tlog.HashReader.
func (l *testLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = l.hashes[x]
	}
	return out, nil
}

// treeAt returns the tree of the first n entries.
func (l *testLog) treeAt(n uint64) Tree {
	var t Tree
	for _, e := range l.entries[:n] {
		t.Append(LeafHash(e.Header))
	}
	return t
}

func (l *testLog) keys() []ed25519.PublicKey {
	return []ed25519.PublicKey{l.key.Public().(ed25519.PublicKey)}
}

func (l *testLog) checkpoint(size uint64) Checkpoint {
	l.t.Helper()
	cp, err := SignCheckpoint(l.id, size, l.treeAt(size).Root(), l.key)
	if err != nil {
		l.t.Fatal(err)
	}
	return cp
}

// loose returns entries [from, end) as a loose segment that extends to size.
func (l *testLog) loose(from, end, size uint64) Segment {
	l.t.Helper()
	proof, err := ProveConsistency(l, end, size)
	if err != nil {
		l.t.Fatal(err)
	}
	seg := Segment{Log: l.id, First: from, Checkpoint: l.checkpoint(size).Note, Proof: proof}
	for i := from; i < end; i++ {
		e := l.entries[i]
		seg.Headers = append(seg.Headers, e.Header)
		if e.Salt != nil {
			seg.Bodies = append(seg.Bodies, &ledgerv1.SaltedBody{Index: i, Salt: e.Salt, Body: e.Body})
		}
	}
	return seg
}

// packed returns the same with blocks.
func (l *testLog) packed(from, end, size uint64) Segment {
	l.t.Helper()
	seg := l.loose(from, end, size)
	seg.HeaderBlock = PackHeaders(seg.Headers)
	byVisibility := make(map[guidancev1.Visibility][]*ledgerv1.SaltedBody)
	for _, b := range seg.Bodies {
		h, err := ParseHeader(l.entries[b.GetIndex()].Header)
		if err != nil {
			l.t.Fatal(err)
		}
		byVisibility[h.GetVisibility()] = append(byVisibility[h.GetVisibility()], b)
	}
	for _, v := range slices.Sorted(maps.Keys(byVisibility)) {
		for _, run := range SplitBodies(byVisibility[v]) {
			seg.BodyBlocks = append(seg.BodyBlocks, PackBodies(run))
		}
	}
	seg.Headers, seg.Bodies = nil, nil
	return seg
}

func TestVerifyAcceptsARangePackedAndLoose(t *testing.T) {
	l := newTestLog(t, 200, 500)
	for _, seg := range []Segment{l.packed(64, 128, 200), l.loose(64, 128, 200)} {
		v, err := verify(l.treeAt(64), seg, l.keys())
		if err != nil {
			t.Fatal(err)
		}
		if v.From() != 64 || len(v.Entries()) != 64 || v.Tree() != l.treeAt(128) || reached(v) || v.Log() != l.id {
			t.Errorf("got from %d, %d entries, size %d, reached %v", v.From(), len(v.Entries()), v.Tree().Size(), reached(v))
		}
		for i, e := range v.Entries() {
			want := l.entries[64+i]
			if !bytes.Equal(e.Header, want.Header) || !bytes.Equal(e.Salt, want.Salt) || !bytes.Equal(e.Body, want.Body) {
				t.Fatalf("entry %d is not as sealed", 64+i)
			}
			if v.Headers()[i].GetIndex() != uint64(64+i) || v.LeafHashes()[i] != LeafHash(want.Header) {
				t.Fatalf("header %d is not that of its entry", 64+i)
			}
		}
	}
}

func TestVerifySkipsWhatIsHeld(t *testing.T) {
	l := newTestLog(t, 200, 200)
	for _, seg := range []Segment{l.packed(64, 128, 200), l.loose(64, 128, 200)} {
		// What is held is not looked at again: garbage there is dropped, never stored.
		if seg.Headers != nil {
			seg.Headers = slices.Clone(seg.Headers)
			seg.Headers[0] = []byte("garbage")
			seg.Bodies[1] = saltedBody(65, []byte("garbage"))
		}
		v, err := verify(l.treeAt(100), seg, l.keys())
		if err != nil {
			t.Fatal(err)
		}
		if v.From() != 100 || v.base != l.treeAt(100) || len(v.Entries()) != 28 || v.Tree() != l.treeAt(128) {
			t.Errorf("from %d, %d entries", v.From(), len(v.Entries()))
		}
		if _, whole := v.Blocks(); whole {
			t.Error("a block was kept that was not checked byte for byte")
		}
	}
}

func TestVerifyKeepsRunsWithinABlockAsShipped(t *testing.T) {
	l := newTestLog(t, 130, 200)
	for name, seg := range map[string]Segment{
		"whole": l.packed(64, 128, 130), "its start": l.packed(64, 90, 130), "its end": l.packed(100, 128, 130),
	} {
		v, err := verify(l.treeAt(seg.First), seg, l.keys())
		if err != nil {
			t.Fatal(err)
		}
		blocks, packed := v.Blocks()
		if !packed || !bytes.Equal(blocks.Headers, seg.HeaderBlock) || len(blocks.Bodies) != 1 ||
			!bytes.Equal(blocks.Bodies[0].Frame, seg.BodyBlocks[0]) || blocks.Bodies[0].Visibility != public {
			t.Errorf("%s: blocks %v, packed %v", name, blocks, packed)
		}
	}
	for name, c := range map[string]struct {
		seg  Segment
		held uint64
	}{
		"of two blocks": {l.packed(63, 127, 130), 63}, "held in part": {l.packed(64, 128, 130), 65}, "loose": {l.loose(64, 128, 130), 64},
	} {
		v, err := verify(l.treeAt(c.held), c.seg, l.keys())
		if err != nil {
			t.Fatal(err)
		}
		if blocks, whole := v.Blocks(); whole || blocks.Headers != nil || blocks.Bodies != nil {
			t.Errorf("%s: kept as a whole block", name)
		}
	}
}

func TestVerifyReachesACheckpointWithoutNewEntries(t *testing.T) {
	l := newTestLog(t, 20, 100)
	v, err := verify(l.treeAt(20), l.loose(20, 20, 20), l.keys())
	if err != nil || !reached(v) || len(v.Entries()) != 0 || v.Target().Size != 20 {
		t.Errorf("got %v, %v", reached(v), err)
	}
	v, err = verify(l.treeAt(15), l.loose(15, 20, 20), l.keys())
	if err != nil || !reached(v) {
		t.Errorf("got %v, %v", reached(v), err)
	}
	v, err = verify(Tree{}, Segment{Log: essex, Checkpoint: l.checkpoint(0).Note}, l.keys())
	if err != nil || !reached(v) {
		t.Errorf("an empty log: %v, %v", reached(v), err)
	}
}

func TestVerifyTakesAnyBodiesThatOpen(t *testing.T) {
	l := newTestLog(t, 64, 100)
	seg := l.packed(0, 64, 64)
	loose := l.loose(0, 64, 64)
	seg.BodyBlocks = [][]byte{PackBodies(loose.Bodies[40:50]), PackBodies(loose.Bodies[3:4])}
	v, err := verify(Tree{}, seg, l.keys())
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range v.Entries() {
		if want := i == 3 || 40 <= i && i < 50; (e.Body != nil) != want || (e.Salt != nil) != want {
			t.Errorf("entry %d: body %v", i, e.Body != nil)
		}
	}
}

// Invariant 7: unknown kinds and fields go through byte for byte.
func TestVerifyRelaysWhatItDoesNotUnderstand(t *testing.T) {
	l := newTestLog(t, 2, 100)
	body, salt := []byte("from the future"), make([]byte, SaltSize)
	commitment := Commitment(salt, body)
	header := padded(t, rawHeader(t, func(h *ledgerv1.EntryHeader) {
		h.Index, h.Kind, h.Visibility, h.Commitment, h.Critical = 2, 77, 99, commitment[:], []uint32{12, 4000}
	}), 700)
	l.add(Entry{Header: header, Salt: salt, Body: body})
	for _, seg := range []Segment{l.packed(0, 3, 3), l.loose(0, 3, 3)} {
		v, err := verify(Tree{}, seg, l.keys())
		if err != nil {
			t.Fatal(err)
		}
		e := v.Entries()[2]
		if !bytes.Equal(e.Header, header) || !bytes.Equal(e.Body, body) || v.Headers()[2].GetKind() != 77 {
			t.Error("it was changed")
		}
		again, err := UnpackHeaders(PackHeaders([][]byte{e.Header}))
		if err != nil || !bytes.Equal(again[0], header) {
			t.Errorf("serving it: %v", err)
		}
	}
}

func TestVerifyRefusesWhatDoesNotBelong(t *testing.T) {
	l := newTestLog(t, 140, 100)
	other := newTestLog(t, 140, 101)
	wessex := newTestLog(t, 140, 100)
	wessex.id.Office = "wessex"
	for name, c := range map[string]struct {
		held   uint64
		seg    Segment
		change func(s *Segment)
		want   error
	}{
		"as it should be":        {64, l.packed(64, 128, 140), func(*Segment) {}, nil},
		"a gap":                  {63, l.packed(64, 128, 140), func(*Segment) {}, ErrGap},
		"all held":               {129, l.packed(64, 128, 140), func(*Segment) {}, ErrHeld},
		"far away":               {64, l.packed(64, 128, 140), func(s *Segment) { s.First = 1 << 63 }, ErrGap},
		"another place":          {64, l.packed(64, 128, 140), func(s *Segment) { s.First = 63 }, ErrBadEntry},
		"another log":            {64, wessex.packed(64, 128, 140), func(s *Segment) { s.Log = essex }, ErrWrongLog},
		"another log's name":     {64, l.packed(64, 128, 140), func(s *Segment) { s.Log = wessex.id }, ErrWrongLog},
		"another's entries":      {64, other.packed(64, 128, 140), func(s *Segment) { s.Checkpoint = l.checkpoint(140).Note }, ErrProof},
		"another's checkpoint":   {64, l.packed(64, 128, 140), func(s *Segment) { s.Checkpoint = other.checkpoint(140).Note }, ErrProof},
		"a fork":                 {140, other.loose(128, 140, 140), func(*Segment) {}, ErrFork},
		"a fork as a proof":      {140, other.loose(128, 140, 140), func(*Segment) {}, ErrProof},
		"an older checkpoint":    {64, l.packed(64, 128, 140), func(s *Segment) { s.Checkpoint = l.checkpoint(127).Note }, ErrProof},
		"no checkpoint":          {64, l.packed(64, 128, 140), func(s *Segment) { s.Checkpoint = nil }, ErrMalformed},
		"no proof":               {64, l.packed(64, 128, 140), func(s *Segment) { s.Proof = nil }, ErrProof},
		"a proof too long":       {64, l.packed(64, 128, 140), func(s *Segment) { s.Proof = make([]tlog.Hash, ProofLimit+1) }, ErrTooLarge},
		"proof where none is":    {128, l.packed(128, 140, 140), func(s *Segment) { s.Proof = make([]tlog.Hash, 1) }, ErrProof},
		"bodies only":            {64, l.packed(64, 128, 140), func(s *Segment) { s.BodiesOnly = true }, ErrMalformed},
		"both packed and loose":  {64, l.packed(64, 128, 140), func(s *Segment) { s.Headers = l.loose(64, 65, 140).Headers }, ErrMalformed},
		"packed bodies alone":    {64, l.loose(64, 128, 140), func(s *Segment) { s.BodyBlocks = l.packed(64, 128, 140).BodyBlocks }, ErrMalformed},
		"headers not a frame":    {64, l.packed(64, 128, 140), func(s *Segment) { s.HeaderBlock = []byte("garbage") }, ErrMalformed},
		"headers empty":          {64, l.packed(64, 128, 140), func(s *Segment) { s.HeaderBlock = []byte{} }, ErrMalformed},
		"bodies not a frame":     {64, l.packed(64, 128, 140), func(s *Segment) { s.BodyBlocks = [][]byte{[]byte("garbage")} }, ErrMalformed},
		"a body twice":           {64, l.packed(64, 128, 140), func(s *Segment) { s.BodyBlocks = append(s.BodyBlocks, s.BodyBlocks[0]) }, ErrBadEntry},
		"a loose body twice":     {64, l.loose(64, 128, 140), func(s *Segment) { s.Bodies = append(s.Bodies, s.Bodies[5]) }, ErrBadEntry},
		"a body after the run":   {64, l.packed(64, 128, 140), func(s *Segment) { s.BodyBlocks = l.packed(128, 130, 140).BodyBlocks }, ErrBadEntry},
		"a body before the run":  {64, l.packed(64, 128, 140), func(s *Segment) { s.BodyBlocks = l.packed(60, 64, 140).BodyBlocks }, ErrBadEntry},
		"another's bodies":       {64, l.packed(64, 128, 140), func(s *Segment) { s.BodyBlocks = other.packed(64, 128, 140).BodyBlocks }, ErrBadBody},
		"a loose nil body":       {64, l.loose(64, 128, 140), func(s *Segment) { s.Bodies = []*ledgerv1.SaltedBody{nil} }, ErrBadEntry},
		"a loose body, no salt":  {64, l.loose(64, 128, 140), func(s *Segment) { s.Bodies = []*ledgerv1.SaltedBody{{Index: 70}} }, ErrBadBody},
		"a loose header garbage": {64, l.loose(64, 128, 140), func(s *Segment) { s.Headers[9] = []byte("garbage") }, ErrBadEntry},
		"a loose header nil":     {64, l.loose(64, 128, 140), func(s *Segment) { s.Headers[9] = nil }, ErrBadEntry},
		"a header too large":     {64, l.loose(64, 128, 140), func(s *Segment) { s.Headers[9] = padded(t, s.Headers[9], HeaderLimit+1) }, ErrTooLarge},
	} {
		c.change(&c.seg)
		v, err := verify(l.treeAt(c.held), c.seg, l.keys())
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if err != nil && (v.Entries() != nil || v.Tree().Size() != 0) {
			t.Errorf("%s: something is left of what was refused", name)
		}
	}
	if _, err := verify(l.treeAt(64), l.packed(64, 128, 140), []ed25519.PublicKey{testPublic(2)}); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("another key: %v", err)
	}
}

func TestVerifyNamesThePlace(t *testing.T) {
	l := newTestLog(t, 140, 100)
	seg := l.loose(64, 128, 140)
	seg.Bodies[6] = saltedBody(70, l.entries[70].Body)
	_, err := verify(l.treeAt(64), seg, l.keys())
	want := "verifying demo/essex/log/0 from 64: entry 70: body does not open the commitment of its header"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// A block stored as shipped is served as stored: to readers of one visibility.
func TestVerifyRefusesABodyBlockThatMixesVisibilities(t *testing.T) {
	l := newTestLog(t, 2, 100)
	l.seal(guidancev1.Visibility_VISIBILITY_COMMITTEES, []byte("for committees"), rand.NewChaCha8([32]byte{9}))
	seg := l.packed(0, 3, 3)
	if _, err := verify(Tree{}, seg, l.keys()); err != nil || len(seg.BodyBlocks) != 2 {
		t.Errorf("apart: %v", err)
	}
	seg.BodyBlocks = [][]byte{PackBodies(l.loose(0, 3, 3).Bodies)}
	if _, err := verify(Tree{}, seg, l.keys()); !errors.Is(err, ErrBadEntry) {
		t.Errorf("mixed: %v", err)
	}
}

func TestVerifyBoundsAllItUnpacks(t *testing.T) {
	l := &testLog{t: t, id: essex, key: testKey(1)}
	random := rand.NewChaCha8([32]byte{7})
	for range 18 { // 18 x 256 KiB is more than RawLimit
		l.seal(public, make([]byte, BodyLimit), random)
	}
	if _, err := verify(Tree{}, l.packed(0, 18, 18), l.keys()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("packed: %v", err)
	}
	if _, err := verify(Tree{}, l.loose(0, 18, 18), l.keys()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("loose: %v", err)
	}
	if _, err := verify(Tree{}, l.packed(0, 15, 18), l.keys()); err != nil {
		t.Errorf("within: %v", err)
	}
}

// A head that was heard of before its entries came was opened once: what opened it opens
// neither another nor, once the key may sign no more, itself.
func TestVerifierForgetsWhenKeysOrCheckpointChange(t *testing.T) {
	l := newTestLog(t, 20, 100)
	var r Verifier
	if _, err := r.Verify(Tree{}, l.loose(0, 10, 20), l.keys()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(l.treeAt(10), l.loose(10, 20, 20), nil); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("keys taken away: %v", err)
	}
	for _, keys := range [][]ed25519.PublicKey{nil, {testPublic(2)}, append(l.keys(), testPublic(2))} {
		_, err := r.Open(l.loose(10, 20, 20).Checkpoint, keys)
		if _, want := OpenCheckpoint(l.loose(10, 20, 20).Checkpoint, keys); (err == nil) != (want == nil) {
			t.Errorf("opened with %d other keys: %v, want %v", len(keys), err, want)
		}
	}
	seg := l.loose(10, 20, 20)
	seg.Checkpoint = bytes.Replace(seg.Checkpoint, []byte("\n20\n"), []byte("\n21\n"), 1)
	if _, err := r.Verify(l.treeAt(10), seg, l.keys()); !errors.Is(err, ErrBadSignature) {
		t.Errorf("another checkpoint: %v", err)
	}
	if _, err := r.Verify(l.treeAt(10), Segment{Log: essex, First: 10}, nil); !errors.Is(err, ErrMalformed) {
		t.Errorf("no checkpoint: %v", err)
	}
}

func TestLateBodiesComePackedAndLoose(t *testing.T) {
	l := newTestLog(t, 70, 100)
	packed, loose := l.packed(0, 64, 64), l.loose(0, 64, 64)
	for _, seg := range []Segment{{Log: essex, BodyBlocks: packed.BodyBlocks, BodiesOnly: true}, {Log: essex, Bodies: loose.Bodies, BodiesOnly: true}} {
		bodies, err := seg.LateBodies()
		if err != nil || len(bodies) != 64 {
			t.Fatalf("%d bodies, %v", len(bodies), err)
		}
		h, _ := ParseHeader(l.entries[9].Header)
		if err := CheckBody(h, bodies[9].GetSalt(), bodies[9].GetBody()); err != nil {
			t.Error(err)
		}
		if err := CheckBody(h, bodies[8].GetSalt(), bodies[8].GetBody()); !errors.Is(err, ErrBadBody) {
			t.Errorf("another's body: %v", err)
		}
	}
	if _, err := loose.LateBodies(); !errors.Is(err, ErrMalformed) {
		t.Errorf("a whole segment: %v", err)
	}
	if _, err := (Segment{Log: essex, BodiesOnly: true, BodyBlocks: [][]byte{{1}}}).LateBodies(); !errors.Is(err, ErrMalformed) {
		t.Errorf("garbage: %v", err)
	}
	large := &ledgerv1.SaltedBody{Body: make([]byte, RawLimit+1)}
	if _, err := (Segment{Log: essex, BodiesOnly: true, Bodies: []*ledgerv1.SaltedBody{large}}).LateBodies(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
}
