package ledger

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Entry is an entry as stored, served and received: raw bytes, never marshalled
// again.
type Entry struct {
	// Header is the Merkle leaf: a marshalled ledgerv1.EntryHeader.
	Header []byte
	// Salt is what opens the commitment together with Body; nil when the body is
	// absent.
	Salt []byte
	// Body is the body's bytes; nil when absent.
	Body []byte
}

// bodyPrefix starts every commitment, so that no other hash of this software can be
// taken for one.
var bodyPrefix = []byte("lmcfed/body/1\n")

// Seal fixes the bytes of a new entry (protocol.md 4): from here on nobody marshals
// them again. The salt is read from random, or from crypto/rand when it is nil;
// claimed is the writer's clock, advisory only, kept to the millisecond; critical are the
// features a reader must know to make sense of the body.
func Seal(kind ledgerv1.EntryKind, visibility guidancev1.Visibility, index uint64, claimed time.Time, body []byte, random io.Reader, critical ...uint32) (Entry, error) {
	err := checkBodySize(len(body))
	switch {
	case kind == ledgerv1.EntryKind_ENTRY_KIND_UNSPECIFIED:
		err = fmt.Errorf("%w: its kind is not set", ErrBadEntry)
	case visibility == guidancev1.Visibility_VISIBILITY_UNSPECIFIED:
		err = fmt.Errorf("%w: its visibility is not set", ErrBadEntry)
	case index >= SizeLimit:
		err = fmt.Errorf("%w: a log has at most %d entries", ErrTooLarge, uint64(SizeLimit))
	}
	if err != nil {
		return Entry{}, fmt.Errorf("sealing entry %d: %w", index, err)
	}
	if random == nil {
		random = rand.Reader
	}
	salt := make([]byte, SaltSize)
	if _, err := io.ReadFull(random, salt); err != nil {
		return Entry{}, fmt.Errorf("sealing entry %d: reading a salt: %w", index, err)
	}
	commitment := Commitment(salt, body)
	header, err := proto.MarshalOptions{Deterministic: true}.Marshal(&ledgerv1.EntryHeader{
		Index:      index,
		ClaimedMs:  claimed.UnixMilli(),
		Kind:       kind,
		Visibility: visibility,
		Commitment: commitment[:],
		BodySize:   sizeClass(len(body)),
		Critical:   critical,
	})
	if err != nil {
		return Entry{}, fmt.Errorf("sealing entry %d: marshalling the header: %w", index, err)
	}
	return Entry{Header: header, Salt: salt, Body: bytes.Clone(body)}, nil
}

// ParseHeader parses the bytes of a header and checks what must hold of any header
// at any place: its size, its commitment, its body's size class. Kinds,
// visibilities and fields it does not know are allowed, and kept.
func ParseHeader(b []byte) (*ledgerv1.EntryHeader, error) {
	h := new(ledgerv1.EntryHeader)
	if err := parseHeader(b, h); err != nil {
		return nil, fmt.Errorf("parsing entry header: %w", err)
	}
	return h, nil
}

// parseHeader is ParseHeader into a header of the caller's.
func parseHeader(b []byte, h *ledgerv1.EntryHeader) error {
	if len(b) > HeaderLimit {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(b), HeaderLimit)
	}
	if err := proto.Unmarshal(b, h); err != nil {
		return fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	if n := len(h.GetCommitment()); n != sha256.Size {
		return fmt.Errorf("%w: commitment of %d bytes, want %d", ErrMalformed, n, sha256.Size)
	}
	if h.GetIndex() >= SizeLimit {
		return fmt.Errorf("%w: index %d, a log has at most %d entries", ErrTooLarge, h.GetIndex(), uint64(SizeLimit))
	}
	size := h.GetBodySize()
	if size > BodyLimit {
		return fmt.Errorf("%w: body of %d bytes, at most %d", ErrTooLarge, size, BodyLimit)
	}
	if size == 0 || size%SizeClass != 0 {
		return fmt.Errorf("%w: body size %d is not a multiple of %d from %d", ErrMalformed, size, SizeClass, SizeClass)
	}
	return nil
}

// Commitment returns SHA-256("lmcfed/body/1\n" || salt || body). The salt must have
// SaltSize bytes for the parts to be told apart.
func Commitment(salt, body []byte) [32]byte {
	h := sha256.New()
	writeCommitted(h, salt, body)
	var sum [32]byte
	h.Sum(sum[:0])
	return sum
}

func writeCommitted(h hash.Hash, salt, body []byte) {
	h.Write(bodyPrefix) // a hash never returns an error
	h.Write(salt)
	h.Write(body)
}

// LeafHash returns the RFC 6962 leaf hash of header bytes: SHA-256(0x00 || header).
func LeafHash(header []byte) tlog.Hash {
	if len(header) > HeaderLimit {
		return tlog.RecordHash(header)
	}
	// A buffer on the stack, as tlog.NodeHash has it; the first byte is the prefix.
	var buf [1 + HeaderLimit]byte
	return sha256.Sum256(buf[:1+copy(buf[1:], header)])
}

// Check checks that the entry may stand at index: its header parses and says so, and
// its body, when present, opens the commitment and fits the size class.
func (e Entry) Check(index uint64) (*ledgerv1.EntryHeader, error) {
	h, err := ParseHeader(e.Header)
	if err == nil {
		err = checkPlace(h, index)
	}
	if err == nil && (e.Salt != nil || e.Body != nil) {
		err = CheckBody(h, e.Salt, e.Body)
	}
	if err != nil {
		return nil, fmt.Errorf("checking entry %d: %w", index, err)
	}
	return h, nil
}

func checkPlace(h *ledgerv1.EntryHeader, index uint64) error {
	if h.GetIndex() != index {
		return fmt.Errorf("%w: its header says index %d", ErrBadEntry, h.GetIndex())
	}
	return nil
}

// CheckBody checks that salt and body are those the header commits to, and that the
// body is of the size class it says. Errors: ErrBadBody, ErrTooLarge.
func CheckBody(h *ledgerv1.EntryHeader, salt, body []byte) error {
	if err := checkBodyShape(h, salt, body); err != nil {
		return err
	}
	if c := Commitment(salt, body); !bytes.Equal(c[:], h.GetCommitment()) {
		return ErrBadBody
	}
	return nil
}

// checkBodyShape checks all that takes no hashing.
func checkBodyShape(h *ledgerv1.EntryHeader, salt, body []byte) error {
	if len(salt) != SaltSize {
		return fmt.Errorf("%w: salt of %d bytes, want %d", ErrBadBody, len(salt), SaltSize)
	}
	if err := checkBodySize(len(body)); err != nil {
		return err
	}
	if c := sizeClass(len(body)); c != h.GetBodySize() {
		return fmt.Errorf("%w: %d bytes are of size class %d, the header says %d", ErrBadBody, len(body), c, h.GetBodySize())
	}
	return nil
}

func checkBodySize(n int) error {
	if n == 0 {
		return fmt.Errorf("%w: its body is empty", ErrBadEntry)
	}
	if n > BodyLimit {
		return fmt.Errorf("%w: body of %d bytes, at most %d", ErrTooLarge, n, BodyLimit)
	}
	return nil
}

// sizeClass rounds a body's size up to the next SizeClass bytes.
func sizeClass(n int) uint32 {
	return uint32((n + SizeClass - 1) / SizeClass * SizeClass)
}
