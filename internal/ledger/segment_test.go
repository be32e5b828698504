package ledger

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
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
	for _, run := range SplitBodies(seg.Bodies) {
		seg.BodyBlocks = append(seg.BodyBlocks, PackBodies(run))
	}
	seg.Headers, seg.Bodies = nil, nil
	return seg
}

func TestVerifyAcceptsARangePackedAndLoose(t *testing.T) {
	l := newTestLog(t, 200, 500)
	for _, seg := range []Segment{l.packed(64, 128, 200), l.loose(64, 128, 200)} {
		v, err := Verify(l.treeAt(64), seg, l.keys())
		if err != nil {
			t.Fatal(err)
		}
		if v.From() != 64 || len(v.Entries()) != 64 || v.Tree() != l.treeAt(128) || v.Reached() || v.Log() != l.id {
			t.Errorf("got from %d, %d entries, size %d, reached %v", v.From(), len(v.Entries()), v.Tree().Size(), v.Reached())
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

func BenchmarkVerify(b *testing.B) {
	l := newTestLog(b, 1024, 3000)
	var segs []Segment
	raw := 0
	for from := uint64(0); from < 1024; from += BlockEntries {
		segs = append(segs, l.packed(from, from+BlockEntries, 1024))
	}
	for _, e := range l.entries {
		raw += len(e.Body)
	}
	keys := l.keys()
	b.SetBytes(int64(raw))
	b.ReportAllocs()
	for b.Loop() {
		var verifier Verifier
		var tree Tree
		for _, seg := range segs {
			v, err := verifier.Verify(tree, seg, keys)
			if err != nil {
				b.Fatal(err)
			}
			tree = v.Tree()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/entry")
}
