package ledger

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func saltedBody(index uint64, body []byte) *ledgerv1.SaltedBody {
	return &ledgerv1.SaltedBody{Index: index, Salt: bytes.Repeat([]byte{byte(index)}, SaltSize), Body: body}
}

func TestFrameUnpacksAsPackedUpToItsLimit(t *testing.T) {
	for _, raw := range [][]byte{nil, {1}, noise(100), noise(70_000), make([]byte, RawLimit)} {
		got, err := Unpack(Pack(raw), RawLimit)
		if err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%d bytes: %v", len(raw), err)
		}
	}
	if _, err := Unpack(Pack(make([]byte, RawLimit+1)), 2*RawLimit); !errors.Is(err, ErrTooLarge) {
		t.Errorf("over RawLimit: %v", err)
	}
	if _, err := Unpack(Pack(make([]byte, 1000)), 1000); err != nil {
		t.Errorf("at the caller's limit: %v", err)
	}
	if _, err := Unpack(Pack(make([]byte, 1000)), 999); !errors.Is(err, ErrTooLarge) {
		t.Errorf("over the caller's limit: %v", err)
	}
}

// Whole federations run in synctest bubbles, one after another.
func TestFramesWorkInAndOutOfABubble(t *testing.T) {
	use := func(t *testing.T) {
		if _, err := Unpack(Pack([]byte("raw")), RawLimit); err != nil {
			t.Error(err)
		}
	}
	synctest.Test(t, use)
	synctest.Test(t, use)
	use(t)
}

func TestFrameItselfKeepsItsLimit(t *testing.T) {
	raw := noise(ChunkLimit + 1)
	at := len(raw)
	for len(Pack(raw[:at])) > ChunkLimit {
		at--
	}
	if _, err := Unpack(Pack(raw[:at]), RawLimit); err != nil {
		t.Errorf("%d bytes: %v", len(Pack(raw[:at])), err)
	}
	if _, err := Unpack(Pack(raw[:at+1]), RawLimit); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d bytes: %v", len(Pack(raw[:at+1])), err)
	}
}

// A frame of 6 KB that would unpack to 64 MiB, declared or not.
func TestBombIsRefusedUnopened(t *testing.T) {
	var declared, streamed bytes.Buffer
	for _, out := range []*bytes.Buffer{&declared, &streamed} {
		w, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		if out == &declared {
			w.ResetContentSize(out, 64<<20)
		}
		zeros := make([]byte, 1<<20)
		for range 64 {
			w.Write(zeros)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := UnpackHeaders(declared.Bytes()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("declared: %v", err)
	}
	if _, err := UnpackBodies(streamed.Bytes()); !errors.Is(err, ErrMalformed) {
		t.Errorf("not declared: %v", err)
	}
	lying := bytes.Clone(Pack(make([]byte, 300_000)))
	// Frame content size: two bytes after magic and descriptor would not do for
	// 300,000; it is four, and now says 1,000.
	copy(lying[5:9], []byte{0xe8, 0x03, 0, 0})
	if _, err := Unpack(lying, RawLimit); !errors.Is(err, ErrMalformed) {
		t.Errorf("lying: %v", err)
	}
	allocated := allocatedBy(func() { Unpack(declared.Bytes(), RawLimit) })
	if allocated > 64<<10 {
		t.Errorf("refusing a bomb allocated %d bytes", allocated)
	}
}

func allocatedBy(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestFrameIsOneFrameAndNoMore(t *testing.T) {
	good := Pack([]byte("some headers, say"))
	skippable := []byte{0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4}
	checked, err := zstd.NewWriter(nil, zstd.WithEncoderCRC(true), zstd.WithSingleSegment(true))
	if err != nil {
		t.Fatal(err)
	}
	withSum := checked.EncodeAll([]byte("some headers, say"), nil)
	if _, err := Unpack(withSum, RawLimit); err != nil {
		t.Errorf("with a checksum: %v", err)
	}
	for name, b := range map[string][]byte{
		"nothing":                nil,
		"cut short":              good[:len(good)-1],
		"followed by a byte":     append(bytes.Clone(good), 0),
		"two frames":             slices.Concat(good, good),
		"followed by skippable":  slices.Concat(good, skippable),
		"skippable only":         skippable,
		"skippable first":        slices.Concat(skippable, good),
		"checksum wrong":         append(bytes.Clone(withSum[:len(withSum)-1]), withSum[len(withSum)-1]^1),
		"checksum cut":           withSum[:len(withSum)-1],
		"magic only":             good[:4],
		"not zstd":               []byte("not zstd at all"),
		"first byte of a header": good[:5],
	} {
		if _, err := Unpack(b, RawLimit); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHeaderBlockIsThatOfTheSchema(t *testing.T) {
	headers := [][]byte{sealed(t, 0, []byte("a")).Header, sealed(t, 1, []byte("b")).Header, {}, noise(HeaderLimit)}
	want, err := proto.MarshalOptions{Deterministic: true}.Marshal(&ledgerv1.HeaderBlock{Headers: headers})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := Unpack(PackHeaders(headers), RawLimit)
	if err != nil || !bytes.Equal(raw, want) {
		t.Errorf("packed %x, want %x, %v", raw, want, err)
	}
	got, err := UnpackHeaders(PackHeaders(headers))
	if diff := cmp.Diff(headers, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestBodyBlockIsThatOfTheSchema(t *testing.T) {
	bodies := []*ledgerv1.SaltedBody{saltedBody(0, []byte("a")), saltedBody(7, noise(5000)), saltedBody(SizeLimit-1, []byte("z"))}
	want, err := proto.MarshalOptions{Deterministic: true}.Marshal(&ledgerv1.BodyBlock{Bodies: bodies})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := Unpack(PackBodies(bodies), RawLimit)
	if err != nil || !bytes.Equal(raw, want) {
		t.Errorf("packed %x, want %x, %v", raw, want, err)
	}
	got, err := UnpackBodies(PackBodies(bodies))
	if diff := cmp.Diff(bodies, got, protocmp.Transform()); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestBlocksKeepTheirLimits(t *testing.T) {
	headers := slices.Repeat([][]byte{{1}}, BlockEntries+1)
	if _, err := UnpackHeaders(PackHeaders(headers[1:])); err != nil {
		t.Errorf("%d headers: %v", BlockEntries, err)
	}
	if _, err := UnpackHeaders(PackHeaders(headers)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d headers: %v", BlockEntries+1, err)
	}
	if _, err := UnpackHeaders(PackHeaders([][]byte{make([]byte, HeaderLimit+1)})); !errors.Is(err, ErrTooLarge) {
		t.Errorf("header over the limit: %v", err)
	}
	var bodies []*ledgerv1.SaltedBody
	for i := range uint64(BlockEntries + 1) {
		bodies = append(bodies, saltedBody(i, []byte("x")))
	}
	if _, err := UnpackBodies(PackBodies(bodies[1:])); err != nil {
		t.Errorf("%d bodies: %v", BlockEntries, err)
	}
	if _, err := UnpackBodies(PackBodies(bodies)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d bodies: %v", BlockEntries+1, err)
	}
	if _, err := UnpackBodies(PackBodies([]*ledgerv1.SaltedBody{saltedBody(0, make([]byte, BodyLimit))})); err != nil {
		t.Errorf("body at the limit: %v", err)
	}
	if _, err := UnpackBodies(PackBodies([]*ledgerv1.SaltedBody{saltedBody(0, make([]byte, BodyLimit+1))})); !errors.Is(err, ErrTooLarge) {
		t.Errorf("body over the limit: %v", err)
	}
}

func badHeaderBlocks() []badVector {
	header := appendBytes(nil, tagItem, []byte("h"))
	return []badVector{
		{"another field", []byte{9 << 3, 1}},
		{"cut short", []byte{tagItem, 5, 1}},
		{"something after", append(header, 0)},
	}
}

func badBodyBlocks() []badVector {
	item := func(fields ...[]byte) []byte { return appendBytes(nil, tagItem, slices.Concat(fields...)) }
	salt, body := appendBytes(nil, tagSalt, make([]byte, SaltSize)), appendBytes(nil, tagBody, []byte("x"))
	unknown := protowire.AppendVarint([]byte{9 << 3}, 1)
	return []badVector{
		{"nothing", []byte{}},
		{"another field", unknown},
		{"cut short", item(salt, body)[:20]},
		{"length cut short", []byte{tagItem, 0x80}},
		{"length not minimal", []byte{tagItem, 0x81, 0x00, 0}},
		{"length huge", []byte{tagItem, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}},
		{"empty item", item()},
		{"no salt", item(body)},
		{"no body", item(salt)},
		{"empty body", item(salt, appendBytes(nil, tagBody, nil))},
		{"short salt", item(appendBytes(nil, tagSalt, make([]byte, 31)), body)},
		{"body before salt", item(body, salt)},
		{"salt twice", item(salt, salt, body)},
		{"unknown field", item(salt, body, unknown)},
		{"index 0 spelt out", item([]byte{tagIndex, 0}, salt, body)},
		{"index not minimal", item([]byte{tagIndex, 0x81, 0}, salt, body)},
		{"index over the limit", item(protowire.AppendVarint([]byte{tagIndex}, SizeLimit), salt, body)},
		{"index twice", slices.Concat(item(salt, body), item(salt, body))},
	}
}

// A block that could hold more than it shows would be stored and served on.
func TestBlocksRefuseWhatTheyWouldNotPack(t *testing.T) {
	for _, b := range badBodyBlocks() {
		if _, err := UnpackBodies(Pack(b.Bytes)); !errors.Is(err, ErrMalformed) {
			t.Errorf("bodies, %s: %v", b.Why, err)
		}
	}
	for _, b := range badHeaderBlocks() {
		if _, err := UnpackHeaders(Pack(b.Bytes)); !errors.Is(err, ErrMalformed) {
			t.Errorf("headers, %s: %v", b.Why, err)
		}
	}
}

func TestSplitBodiesMakesFramesThatFitAChunk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(1, 4000), rapid.IntRange(200_000, BodyLimit)), 0, 12).Draw(t, "sizes")
		content := noise(BodyLimit)
		var bodies []*ledgerv1.SaltedBody
		for i, n := range sizes {
			bodies = append(bodies, saltedBody(uint64(i), content[:n]))
		}
		var back []*ledgerv1.SaltedBody
		for _, run := range SplitBodies(bodies) {
			frame := PackBodies(run)
			got, err := UnpackBodies(frame)
			if err != nil || len(frame) > ChunkLimit*3/4 || len(got) == 0 {
				t.Fatalf("frame of %d bytes: %v", len(frame), err)
			}
			back = append(back, got...)
		}
		if !proto.Equal(&ledgerv1.BodyBlock{Bodies: bodies}, &ledgerv1.BodyBlock{Bodies: back}) {
			t.Fatal("bodies were lost or changed")
		}
	})
}

func fuzzFrames(f *testing.F) {
	f.Add(PackHeaders([][]byte{sealed(f, 0, []byte("a")).Header, {}}))
	f.Add(PackBodies([]*ledgerv1.SaltedBody{saltedBody(0, []byte("a")), saltedBody(9, noise(300))}))
	f.Add(Pack(nil))
	f.Add(Pack(make([]byte, 1<<20)))
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd})
}

func FuzzUnpack(f *testing.F) {
	fuzzFrames(f)
	f.Fuzz(func(t *testing.T, frame []byte) {
		raw, err := Unpack(frame, 1<<16)
		if err != nil {
			return
		}
		if len(raw) > 1<<16 {
			t.Errorf("unpacked %d bytes", len(raw))
		}
		r, err := zstd.NewReader(bytes.NewReader(frame), zstd.WithDecoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if streamed, err := io.ReadAll(r); err != nil || !bytes.Equal(streamed, raw) {
			t.Errorf("a streaming reader differs: %v", err)
		}
	})
}

// The fuzzer mutates raw bytes here: a mutated frame is seldom one.
func FuzzBlocks(f *testing.F) {
	for _, frame := range [][]byte{
		PackHeaders([][]byte{sealed(f, 0, []byte("a")).Header, {}}),
		PackBodies([]*ledgerv1.SaltedBody{saltedBody(0, []byte("a")), saltedBody(9, noise(300))}),
	} {
		raw, _ := Unpack(frame, RawLimit)
		f.Add(raw)
		f.Add(raw[:len(raw)/2])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if headers, err := readHeaders(raw); err == nil {
			if again, _ := Unpack(PackHeaders(headers), RawLimit); !bytes.Equal(again, raw) {
				t.Errorf("%x packs as %x", raw, again)
			}
		}
		if len(raw) > RawLimit {
			return
		}
		if bodies, err := UnpackBodies(Pack(raw)); err == nil {
			if again, _ := Unpack(PackBodies(bodies), RawLimit); !bytes.Equal(again, raw) {
				t.Errorf("%x packs as %x", raw, again)
			}
		}
	})
}
