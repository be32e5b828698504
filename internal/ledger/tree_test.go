package ledger

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func TestTreeEqualsTlogAtEverySizeTo600(t *testing.T) {
	var tree Tree
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = hashes[x]
		}
		return out, nil
	})
	for n := int64(0); n <= 600; n++ {
		want, err := tlog.TreeHash(n, reader)
		if err != nil {
			t.Fatal(err)
		}
		if tree.Root() != want || tree.Size() != uint64(n) {
			t.Fatalf("size %d: root %v, tlog has %v", n, tree.Root(), want)
		}
		leaf := LeafHash([]byte{byte(n), byte(n >> 8)})
		more, err := tlog.StoredHashesForRecordHash(n, leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, more...)
		tree.Append(leaf)
	}
}

func treeOf(n int) Tree {
	var t Tree
	for i := range n {
		t.Append(LeafHash([]byte{byte(i), byte(i >> 8)}))
	}
	return t
}

func TestTreeSurvivesItsBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, more := rapid.IntRange(0, 300).Draw(t, "n"), rapid.IntRange(0, 40).Draw(t, "more")
		tree := treeOf(n)
		b, err := tree.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var read Tree
		if err := read.UnmarshalBinary(b); err != nil || read != tree {
			t.Fatalf("size %d: %v", n, err)
		}
		for i := range more {
			read.Append(LeafHash([]byte{byte(n + i), byte((n + i) >> 8)}))
		}
		if read != treeOf(n+more) {
			t.Fatalf("from %d by %d: a tree read back grows differently", n, more)
		}
	})
}

func TestTreeCopiesGrowApart(t *testing.T) {
	a := treeOf(5)
	b, c := a, a
	b.Append(tlog.Hash{1})
	c.Append(tlog.Hash{2})
	if a != treeOf(5) || b == c {
		t.Error("copies share their nodes")
	}
}

func TestTreeRefusesBytesThatAreNone(t *testing.T) {
	good, _ := treeOf(5).MarshalBinary()
	large := binary.BigEndian.AppendUint64(nil, SizeLimit+1)
	for name, b := range map[string][]byte{
		"nothing": nil, "cut short": good[:len(good)-1], "longer": append(bytes.Clone(good), 0), "no hashes": good[:8],
		"size over the limit": append(large, make([]byte, 64)...),
	} {
		var tree Tree
		if err := tree.UnmarshalBinary(b); !errors.Is(err, ErrMalformed) || tree != (Tree{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTreeStopsAtItsLimit(t *testing.T) {
	full := Tree{size: SizeLimit - 1}
	full.Append(tlog.Hash{1})
	if full.Size() != SizeLimit {
		t.Fatalf("size %d", full.Size())
	}
	b, _ := full.MarshalBinary()
	if err := new(Tree).UnmarshalBinary(b); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a tree grew over the limit")
		}
	}()
	full.Append(tlog.Hash{2})
}

func FuzzTreeUnmarshalBinary(f *testing.F) {
	for _, n := range []int{0, 1, 5, 64} {
		b, _ := treeOf(n).MarshalBinary()
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var tree Tree
		if tree.UnmarshalBinary(b) != nil {
			return
		}
		if again, _ := tree.MarshalBinary(); !bytes.Equal(again, b) {
			t.Errorf("%x marshals as %x", b, again)
		}
	})
}

func BenchmarkTreeAppend(b *testing.B) {
	var tree Tree
	b.ReportAllocs()
	for b.Loop() {
		tree.Append(tlog.Hash{1})
	}
}
