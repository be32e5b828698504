package ledger

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const (
	advisory = ledgerv1.EntryKind_ENTRY_KIND_ADVISORY
	public   = guidancev1.Visibility_VISIBILITY_PUBLIC
)

func sealed(t testing.TB, index uint64, body []byte) Entry {
	t.Helper()
	e, err := Seal(advisory, public, index, time.UnixMilli(1635120000000), body, rand.NewChaCha8([32]byte{byte(index)}))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// rawHeader marshals a header that no Seal would make.
func rawHeader(t testing.TB, change func(h *ledgerv1.EntryHeader)) []byte {
	t.Helper()
	h := &ledgerv1.EntryHeader{Index: 3, Kind: advisory, Visibility: public, Commitment: make([]byte, 32), BodySize: 256}
	change(h)
	b, err := proto.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// padded appends an unknown field so that the header has n bytes.
func padded(t testing.TB, header []byte, n int) []byte {
	t.Helper()
	pad := n - len(header) - 4 // two bytes of tag, two of length
	b := protowire.AppendTag(bytes.Clone(header), 99, protowire.BytesType)
	b = protowire.AppendBytes(b, make([]byte, pad))
	if len(b) != n {
		t.Fatalf("padded to %d bytes, want %d", len(b), n)
	}
	return b
}

func TestSealedEntryOpens(t *testing.T) {
	body := []byte("a letter")
	e := sealed(t, 7, body)
	h, err := e.Check(7)
	if err != nil {
		t.Fatal(err)
	}
	if h.GetKind() != advisory || h.GetVisibility() != public || h.GetClaimedMs() != 1635120000000 || h.GetBodySize() != 256 {
		t.Errorf("header is %v", h)
	}
	if !bytes.Equal(e.Body, body) {
		t.Errorf("body is %q", e.Body)
	}
	body[0] = 'X'
	if _, err := e.Check(7); err != nil {
		t.Error("the entry changed with its writer's buffer")
	}
}

func TestSaltsAreFresh(t *testing.T) {
	a, errA := Seal(advisory, public, 0, time.Now(), []byte("x"), nil)
	b, errB := Seal(advisory, public, 0, time.Now(), []byte("x"), nil)
	if errA != nil || errB != nil || bytes.Equal(a.Salt, b.Salt) || len(a.Salt) != SaltSize {
		t.Errorf("salts %x and %x, %v %v", a.Salt, b.Salt, errA, errB)
	}
}

func TestSealRefusesWhatNobodyCouldRead(t *testing.T) {
	for name, c := range map[string]struct {
		kind  ledgerv1.EntryKind
		vis   guidancev1.Visibility
		index uint64
		body  []byte
		want  error
	}{
		"no kind":        {0, public, 0, []byte("x"), ErrBadEntry},
		"no visibility":  {advisory, 0, 0, []byte("x"), ErrBadEntry},
		"no body":        {advisory, public, 0, nil, ErrBadEntry},
		"body too large": {advisory, public, 0, make([]byte, BodyLimit+1), ErrTooLarge},
		"log too large":  {advisory, public, SizeLimit, []byte("x"), ErrTooLarge},
	} {
		if _, err := Seal(c.kind, c.vis, c.index, time.Now(), c.body, nil); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := Seal(advisory, public, SizeLimit-1, time.Now(), make([]byte, BodyLimit), nil); err != nil {
		t.Errorf("at the limits: %v", err)
	}
	if _, err := Seal(advisory, public, 0, time.Now(), []byte("x"), bytes.NewReader(make([]byte, SaltSize-1))); err == nil {
		t.Error("a salt that is too short was used")
	}
}

func TestCommitmentIsTheHashItSaysItIs(t *testing.T) {
	salt, body := bytes.Repeat([]byte{1}, SaltSize), []byte("body")
	want := sha256.Sum256([]byte("lmcfed/body/1\n" + string(salt) + "body"))
	if got := Commitment(salt, body); got != want {
		t.Errorf("got %x, want %x", got, want)
	}
}

func TestLeafHashIsThatOfRFC6962(t *testing.T) {
	for _, n := range []int{0, 1, 55, 63, 64, 100, HeaderLimit, HeaderLimit + 1, 4 * HeaderLimit} {
		b := bytes.Repeat([]byte{0xa5}, n)
		if got, want := LeafHash(b), tlog.RecordHash(b); got != want {
			t.Errorf("%d bytes: got %v, want %v", n, got, want)
		}
	}
}

func TestHeaderKeepsItsLimits(t *testing.T) {
	good := rawHeader(t, func(*ledgerv1.EntryHeader) {})
	for name, c := range map[string]struct {
		header []byte
		want   error
	}{
		"as it should be":        {good, nil},
		"at the size limit":      {padded(t, good, HeaderLimit), nil},
		"over the size limit":    {padded(t, good, HeaderLimit+1), ErrTooLarge},
		"largest body":           {rawHeader(t, func(h *ledgerv1.EntryHeader) { h.BodySize = BodyLimit }), nil},
		"body too large":         {rawHeader(t, func(h *ledgerv1.EntryHeader) { h.BodySize = BodyLimit + 256 }), ErrTooLarge},
		"no body size":           {rawHeader(t, func(h *ledgerv1.EntryHeader) { h.BodySize = 0 }), ErrMalformed},
		"body size not rounded":  {rawHeader(t, func(h *ledgerv1.EntryHeader) { h.BodySize = 255 }), ErrMalformed},
		"last index":             {rawHeader(t, func(h *ledgerv1.EntryHeader) { h.Index = SizeLimit - 1 }), nil},
		"index too large":        {rawHeader(t, func(h *ledgerv1.EntryHeader) { h.Index = SizeLimit }), ErrTooLarge},
		"short commitment":       {rawHeader(t, func(h *ledgerv1.EntryHeader) { h.Commitment = make([]byte, 31) }), ErrMalformed},
		"long commitment":        {rawHeader(t, func(h *ledgerv1.EntryHeader) { h.Commitment = make([]byte, 33) }), ErrMalformed},
		"nothing":                {nil, ErrMalformed},
		"garbage":                {[]byte("garbage"), ErrMalformed},
		"cut short":              {good[:len(good)-1], ErrMalformed},
		"claimed before 1970":    {rawHeader(t, func(h *ledgerv1.EntryHeader) { h.ClaimedMs = -1 }), nil},
		"critical field numbers": {rawHeader(t, func(h *ledgerv1.EntryHeader) { h.Critical = []uint32{7, 900} }), nil},
	} {
		if _, err := ParseHeader(c.header); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// Invariant 7: what is not understood is kept.
func TestHeaderKeepsUnknownKindsAndFields(t *testing.T) {
	b := padded(t, rawHeader(t, func(h *ledgerv1.EntryHeader) { h.Kind, h.Visibility = 77, 99 }), 200)
	h, err := ParseHeader(b)
	if err != nil {
		t.Fatal(err)
	}
	if h.GetKind() != 77 || h.GetVisibility() != 99 || len(h.ProtoReflect().GetUnknown()) == 0 {
		t.Errorf("header is %v", h)
	}
	if _, err := (Entry{Header: b}).Check(3); err != nil {
		t.Error(err)
	}
}

func TestEntryRefusesAnotherPlaceOrBody(t *testing.T) {
	good := sealed(t, 3, []byte("a letter"))
	other := sealed(t, 4, []byte("b letter"))
	for name, c := range map[string]struct {
		e    Entry
		want error
	}{
		"good":            {good, nil},
		"body absent":     {Entry{Header: good.Header}, nil},
		"another place":   {other, ErrBadEntry},
		"another salt":    {Entry{good.Header, other.Salt, good.Body}, ErrBadBody},
		"another body":    {Entry{good.Header, good.Salt, other.Body}, ErrBadBody},
		"no salt":         {Entry{good.Header, nil, good.Body}, ErrBadBody},
		"no body":         {Entry{good.Header, good.Salt, nil}, ErrBadEntry},
		"longer body":     {Entry{good.Header, good.Salt, make([]byte, 257)}, ErrBadBody},
		"body over limit": {Entry{good.Header, good.Salt, make([]byte, BodyLimit+1)}, ErrTooLarge},
		"salt moved":      {Entry{good.Header, append(bytes.Clone(good.Salt), 'a'), good.Body[1:]}, ErrBadBody},
	} {
		if _, err := c.e.Check(3); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestSignaturesSayWhatTheyAreFor(t *testing.T) {
	key := testKey(1)
	sig := SignBytes("office", []byte("record"), key)
	public := testPublic(1)
	if !VerifyBytes("office", []byte("record"), sig, public) {
		t.Error("the signature does not verify")
	}
	if VerifyBytes("evidence", []byte("record"), sig, public) || VerifyBytes("office", []byte("recorD"), sig, public) ||
		VerifyBytes("office", []byte("record"), sig, testPublic(2)) || VerifyBytes("office", []byte("record"), sig, nil) ||
		VerifyBytes("office", []byte("record"), nil, public) {
		t.Error("a signature verifies for what it was not made for")
	}
}

func FuzzParseHeader(f *testing.F) {
	good := sealed(f, 3, []byte("a letter")).Header
	f.Add(good)
	f.Add(padded(f, good, HeaderLimit))
	f.Add(good[:40])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := ParseHeader(b)
		if err != nil {
			return
		}
		if len(b) > HeaderLimit || len(h.GetCommitment()) != 32 || h.GetBodySize()%256 != 0 || h.GetIndex() >= SizeLimit {
			t.Errorf("accepted %x", b)
		}
	})
}
