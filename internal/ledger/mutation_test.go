package ledger

import (
	"bytes"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// checkSameState is invariant 10 for a segment that was accepted: whatever was done
// to it, what it carries is what the writer wrote, at its place, or nothing.
func checkSameState(t rapid.TB, l *testLog, held uint64, v *Verified) {
	t.Helper()
	end := held + uint64(len(v.Entries()))
	if v.Log() != l.id || v.From() != held || v.Tree() != l.treeAt(end) {
		t.Fatalf("%s from %d to %d is not the writer's tree", v.Log(), v.From(), end)
	}
	if target := v.Target(); target.Size > uint64(len(l.entries)) || target.Root != l.treeAt(target.Size).Root() {
		t.Fatalf("the checkpoint at %d is not the writer's", target.Size)
	}
	for i, e := range v.Entries() {
		want := l.entries[held+uint64(i)]
		if !bytes.Equal(e.Header, want.Header) {
			t.Fatalf("entry %d: another header", held+uint64(i))
		}
		if (e.Salt != nil || e.Body != nil) && (!bytes.Equal(e.Salt, want.Salt) || !bytes.Equal(e.Body, want.Body)) {
			t.Fatalf("entry %d: another body", held+uint64(i))
		}
	}
	checkBlocksHoldTheSame(t, v)
}

// checkBlocksHoldTheSame: frames kept as shipped hold what was verified, no more.
func checkBlocksHoldTheSame(t rapid.TB, v *Verified) {
	t.Helper()
	blocks, whole := v.Blocks()
	if !whole {
		return
	}
	headers, err := UnpackHeaders(blocks.Headers)
	if err != nil || len(headers) != len(v.Entries()) {
		t.Fatalf("kept %d headers: %v", len(headers), err)
	}
	kept := 0
	for _, frame := range blocks.Bodies {
		bodies, err := UnpackBodies(frame.Frame)
		if err != nil {
			t.Fatalf("kept bodies: %v", err)
		}
		for _, b := range bodies {
			if !bytes.Equal(v.Entries()[b.GetIndex()-v.From()].Body, b.GetBody()) {
				t.Fatalf("kept another body of %d", b.GetIndex())
			}
			kept++
		}
	}
	for _, e := range v.Entries() {
		if e.Body != nil {
			kept--
		}
	}
	if kept != 0 {
		t.Fatalf("kept %d bodies too many", kept)
	}
}

// Invariant 10: any truncation, reorder, duplication or bit flip of a segment is
// rejected, or leaves the same state as without it.
func TestMutatedSegmentIsRejectedOrTheSame(t *testing.T) {
	l := newTestLog(t, 150, 120)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Uint64Range(1, 150).Draw(t, "size")
		from := rapid.Uint64Range(0, size).Draw(t, "from")
		end := min(size, from+rapid.Uint64Range(0, BlockEntries).Draw(t, "run"))
		held := rapid.Uint64Range(from, end).Draw(t, "held")
		seg := l.loose(from, end, size)
		if rapid.Bool().Draw(t, "packed") {
			if rapid.Bool().Draw(t, "aligned") {
				from = from / BlockEntries * BlockEntries
				end = min(size, from+BlockEntries)
				held = from
			}
			seg = l.packed(from, end, size)
		}
		for range rapid.IntRange(1, 3).Draw(t, "mutations") {
			seg = mutate(t, seg)
		}
		if v, err := verify(l.treeAt(held), seg, l.keys()); err == nil {
			checkSameState(t, l, held, &v)
		}
	})
}

// mutate damages one part of a segment in one way, without touching the original.
func mutate(t *rapid.T, s Segment) Segment {
	switch rapid.IntRange(0, 8).Draw(t, "part") {
	case 0:
		s.Checkpoint = damage(t, s.Checkpoint)
	case 1:
		s.Proof = rearrange(t, s.Proof, func(h tlog.Hash) tlog.Hash { return tlog.Hash(flip(t, h[:])) })
	case 2:
		s.HeaderBlock = damage(t, s.HeaderBlock)
	case 3:
		s.BodyBlocks = rearrange(t, s.BodyBlocks, func(b []byte) []byte { return damage(t, b) })
	case 4:
		s.Headers = rearrange(t, s.Headers, func(b []byte) []byte { return damage(t, b) })
	case 5:
		s.Bodies = rearrange(t, s.Bodies, func(b *ledgerv1.SaltedBody) *ledgerv1.SaltedBody { return damageBody(t, b) })
	case 6:
		s.First += uint64(rapid.Int64Range(-3, 3).Draw(t, "shift"))
	case 7: // the headers of a block, damaged before they are packed
		if headers, err := UnpackHeaders(s.HeaderBlock); err == nil {
			s.HeaderBlock = PackHeaders(rearrange(t, headers, func(b []byte) []byte { return damage(t, b) }))
		}
	case 8: // the bodies of a block, likewise
		if len(s.BodyBlocks) > 0 {
			s.BodyBlocks = slices.Clone(s.BodyBlocks)
			if bodies, err := UnpackBodies(s.BodyBlocks[0]); err == nil {
				s.BodyBlocks[0] = PackBodies(rearrange(t, bodies, func(b *ledgerv1.SaltedBody) *ledgerv1.SaltedBody { return damageBody(t, b) }))
			}
		}
	}
	return s
}

// rearrange drops, repeats, swaps or damages elements of a list.
func rearrange[T any](t *rapid.T, list []T, damage func(T) T) []T {
	if len(list) == 0 {
		return list
	}
	list = slices.Clone(list)
	i, j := rapid.IntRange(0, len(list)-1).Draw(t, "i"), rapid.IntRange(0, len(list)-1).Draw(t, "j")
	switch rapid.SampledFrom([]string{"cut", "drop", "repeat", "swap", "damage"}).Draw(t, "how") {
	case "cut":
		return list[:i]
	case "drop":
		return slices.Delete(list, i, i+1)
	case "repeat":
		return slices.Insert(list, j, list[i])
	case "swap":
		list[i], list[j] = list[j], list[i]
	case "damage":
		list[i] = damage(list[i])
	}
	return list
}

// damage flips a bit, cuts, or repeats a piece.
func damage(t *rapid.T, b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
	switch rapid.SampledFrom([]string{"flip", "cut", "repeat"}).Draw(t, "how") {
	case "cut":
		return b[:i]
	case "repeat":
		return slices.Concat(b[:i], b[i/2:])
	}
	return flip(t, b)
}

func flip(t *rapid.T, b []byte) []byte {
	b = bytes.Clone(b)
	b[rapid.IntRange(0, len(b)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
	return b
}

func damageBody(t *rapid.T, b *ledgerv1.SaltedBody) *ledgerv1.SaltedBody {
	b = proto.CloneOf(b)
	switch rapid.IntRange(0, 2).Draw(t, "field") {
	case 0:
		b.Index += uint64(rapid.Int64Range(-2, 2).Draw(t, "index"))
	case 1:
		b.Salt = damage(t, b.Salt)
	case 2:
		b.Body = damage(t, b.Body)
	}
	return b
}

// Every single bit of a packed segment of one entry.
func TestEveryFlippedBitIsRejectedOrTheSame(t *testing.T) {
	l := newTestLog(t, 3, 60)
	for _, part := range []func(s *Segment) *[]byte{
		func(s *Segment) *[]byte { return &s.Checkpoint },
		func(s *Segment) *[]byte { return &s.HeaderBlock },
		func(s *Segment) *[]byte { return &s.BodyBlocks[0] },
	} {
		n := len(*part(new(l.packed(1, 2, 3)))) * 8
		for bit := range n {
			seg := l.packed(1, 2, 3)
			field := part(&seg)
			*field = bytes.Clone(*field)
			(*field)[bit/8] ^= 1 << (bit % 8)
			if v, err := verify(l.treeAt(1), seg, l.keys()); err == nil {
				checkSameState(t, l, 1, &v)
			}
		}
	}
}

// FuzzVerify mutates the bytes of a segment's parts.
func FuzzVerify(f *testing.F) {
	l := newTestLog(f, 100, 120)
	for _, seg := range []Segment{l.packed(64, 100, 100), l.packed(0, 64, 100)} {
		f.Add(seg.First, seg.Checkpoint, joined(seg.Proof), seg.HeaderBlock, seg.BodyBlocks[0], []byte(nil))
	}
	seg := l.loose(64, 66, 100)
	f.Add(seg.First, seg.Checkpoint, joined(seg.Proof), []byte(nil), []byte(nil), slices.Concat(seg.Headers...))
	f.Fuzz(func(t *testing.T, first uint64, checkpoint, proof, headerBlock, bodyBlock, header []byte) {
		seg := Segment{Log: essex, First: first, Checkpoint: checkpoint, Proof: split(proof), HeaderBlock: headerBlock}
		if bodyBlock != nil {
			seg.BodyBlocks = [][]byte{bodyBlock}
		}
		if header != nil {
			seg.Headers = [][]byte{header}
		}
		for _, held := range []uint64{0, 64, 70} {
			if v, err := verify(l.treeAt(held), seg, l.keys()); err == nil {
				checkSameState(t, l, held, &v)
			}
		}
	})
}

func joined(hashes []tlog.Hash) []byte {
	var b []byte
	for _, h := range hashes {
		b = append(b, h[:]...)
	}
	return b
}

func split(b []byte) []tlog.Hash {
	var hashes []tlog.Hash
	for chunk := range slices.Chunk(b, tlog.HashSize) {
		var h tlog.Hash
		copy(h[:], chunk)
		hashes = append(hashes, h)
	}
	return hashes
}
