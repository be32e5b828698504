package ledger

import (
	"crypto/sha256"
	"testing"
	"time"
)

// The cold join: whole blocks of 64 letters of 3 KB, as docs/performance.md has it.
const (
	benchEntries = 16 * BlockEntries
	benchBody    = 3000
)

// benchSegments returns a log as whole blocks, all to one checkpoint, and the raw
// bytes of its bodies.
func benchSegments(b testing.TB) (l *testLog, segs []Segment, raw int64) {
	l = newTestLog(b, benchEntries, benchBody)
	for from := uint64(0); from < benchEntries; from += BlockEntries {
		segs = append(segs, l.packed(from, from+BlockEntries, benchEntries))
	}
	for _, e := range l.entries {
		raw += int64(len(e.Body))
	}
	return l, segs, raw
}

func verifyAll(b testing.TB, l *testLog, segs []Segment) {
	var r Verifier
	var tree Tree
	keys := l.keys()
	for _, seg := range segs {
		v, err := r.Verify(tree, seg, keys)
		if err != nil {
			b.Fatal(err)
		}
		tree = v.Tree()
	}
}

// floor is what no reader can do without: decoding, one SHA-256 over each body, and
// the hashes of the tree.
func floor(b testing.TB, l *testLog, segs []Segment) {
	var tree Tree
	for _, seg := range segs {
		for _, frame := range append([][]byte{seg.HeaderBlock}, seg.BodyBlocks...) {
			if _, err := decoder.DecodeAll(frame, nil); err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, e := range l.entries {
		sha256.Sum256(e.Body)
		tree.Append(LeafHash(e.Header))
	}
}

// BenchmarkVerify also reports its floor, measured in the same run, and the ratio.
func BenchmarkVerify(b *testing.B) {
	l, segs, raw := benchSegments(b)
	const rounds = 20
	start := time.Now()
	for range rounds {
		floor(b, l, segs)
	}
	floorNs := float64(time.Since(start).Nanoseconds()) / rounds / benchEntries
	b.SetBytes(raw)
	b.ReportAllocs()
	for b.Loop() {
		verifyAll(b, l, segs)
	}
	ns := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / benchEntries
	b.ReportMetric(ns, "ns/entry")
	b.ReportMetric(floorNs, "floor-ns/entry")
	b.ReportMetric(ns/floorNs, "x-floor")
}

// BenchmarkVerifyOne is the live case: one new entry, loose, with its checkpoint.
func BenchmarkVerifyOne(b *testing.B) {
	l := newTestLog(b, 101, benchBody)
	seg, tree, keys := l.loose(100, 101, 101), l.treeAt(100), l.keys()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := verify(tree, seg, keys); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPackBodies(b *testing.B) {
	l := newTestLog(b, BlockEntries, benchBody)
	bodies := l.loose(0, BlockEntries, BlockEntries).Bodies
	b.SetBytes(BlockEntries * benchBody)
	b.ReportAllocs()
	for b.Loop() {
		PackBodies(bodies)
	}
}

// What verifying a block of 64 may allocate: the commitment of each header, and some
// thirty things for the block: two raw buffers, the lists of entries, headers and
// leaves, the note's parse. A body costs nothing: it is a slice of the buffer.
func TestVerifyAllocatesNothingForABody(t *testing.T) {
	l := newTestLog(t, BlockEntries, benchBody)
	seg, keys := l.packed(0, BlockEntries, BlockEntries), l.keys()
	var r Verifier
	if _, err := r.Verify(Tree{}, seg, keys); err != nil {
		t.Fatal(err)
	}
	got := testing.AllocsPerRun(20, func() {
		if _, err := r.Verify(Tree{}, seg, keys); err != nil {
			t.Fatal(err)
		}
	})
	if want := float64(BlockEntries + 30); got > want {
		t.Errorf("%v allocations for %d entries, at most %v", got, BlockEntries, want)
	}
}
