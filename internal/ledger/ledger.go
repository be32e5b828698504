// Package ledger knows the bytes of a log: entry headers and salted bodies, the
// RFC 6962 tree over the headers, signed checkpoints, packed blocks, and the files
// that prove one entry offline. Bytes go in and bytes come out.
//
// A log is append-only, has one writer, and is named
//
//	demo/essex/log/0
//
// Each entry is a header (the Merkle leaf, public) and a body that the header
// commits to under a random salt, so that a body can be withheld or erased while
// what was logged can still be shown (protocol.md 2). The tree's size and root are
// signed as a C2SP checkpoint whose key name is the log name:
//
//	demo/essex/log/0
//	8
//	2kzep1uOp9sxEPCSeXZPxCRtWeF+yER9SZZ0cXrUPlA=
//
//	— demo/essex/log/0 Ts0/J1vByUrzc4sswqSLbELr/O9zSc2Z9/gNLKU3SgBjcv/3wIrNU6Vq4O4ET7Pfnop/TkyZDHbCneP1LnCH8c9z6Qo=
//
// so that anybody's tools (golang.org/x/mod/sumdb/note and sumdb/tlog alone) can
// check a log, and an entry's proof.
//
// The package never marshals again what was once received: headers and bodies are
// raw bytes from sealing to serving, whatever kinds and fields they hold. It does
// not know what a body means, which key is active at which size (register), where
// anything is stored (store) or how it travels (replica). It opens no file, keeps
// no clock and never waits.
package ledger

import (
	"errors"
	"fmt"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// The limits of a log's bytes (protocol.md 3). Whatever is over one is refused with
// ErrTooLarge, wherever it comes from.
const (
	// HeaderLimit is the largest header, in bytes.
	HeaderLimit = 1024
	// BodyLimit is the largest body, in bytes.
	BodyLimit = 256 << 10
	// SaltSize is the size of a salt, in bytes.
	SaltSize = 32
	// SizeClass is what body sizes are rounded up to in a header, in bytes.
	SizeClass = 256
	// ProofLimit is the longest consistency or inclusion proof, in hashes.
	ProofLimit = 64
	// BlockEntries is how many entries a full block has.
	BlockEntries = 64
	// BlockAim is the most raw bytes of bodies SplitBodies puts in one block, so that
	// a block of any content fits a chunk.
	BlockAim = 512 << 10
	// ChunkLimit is the largest chunk or frame on the wire, in bytes.
	ChunkLimit = 1 << 20
	// ChunkAim is the size a sender aims at for a chunk, in bytes.
	ChunkAim = 256 << 10
	// RawLimit is the most raw bytes a chunk may decompress to.
	RawLimit = 4 << 20
	// NoteLimit is the largest signed checkpoint, in bytes: room for the log's own
	// signatures and some thirty cosignatures.
	NoteLimit = 4 << 10
	// ProofFileLimit is the largest proof file, in bytes.
	ProofFileLimit = 16 << 10
	// SizeLimit is the largest log, in entries. It keeps all index arithmetic,
	// tlog's included, far from overflow.
	SizeLimit = 1 << 40
	// SlugLimit is the longest federation or office id, in bytes.
	SlugLimit = notation.SlugLimit
)

// Errors about names and bytes as such.
var (
	// ErrMalformed: these bytes are not in the format they should be in.
	ErrMalformed = errors.New("malformed")
	// ErrTooLarge: over one of the limits above.
	ErrTooLarge = errors.New("too large")
)

// Errors about signatures.
var (
	// ErrUnknownKey: no key that was given has signed this checkpoint.
	ErrUnknownKey = errors.New("signed by no known key of the log")
	// ErrBadSignature: a signature claims to be by a known key and is not.
	ErrBadSignature = errors.New("signature does not verify")
	// ErrWrongLog: what was given belongs to another log than the one expected.
	ErrWrongLog = errors.New("belongs to another log")
)

// Errors about entries and ranges of them.
var (
	// ErrBadEntry: an entry is not what it must be at its place in the log.
	ErrBadEntry = errors.New("bad entry")
	// ErrBadBody: a body is not the one the header commits to.
	ErrBadBody = errors.New("body does not open the commitment of its header")
	// ErrGap: a range starts after the end of what is held.
	ErrGap = errors.New("entries are missing before this range")
	// ErrHeld: a range ends before the end of what is held: nothing can be learnt
	// from it, and nothing is wrong with it.
	ErrHeld = errors.New("range is already held")
	// ErrProof: hashes do not lead to the signed root.
	ErrProof = errors.New("proof does not lead to the signed root")
	// ErrFork: a key of the log signed another tree of the size that is held. It is no
	// fault of whoever passed it on; the two checkpoints are evidence (protocol.md 6).
	// It is an ErrProof too.
	ErrFork = fmt.Errorf("the log is forked: %w", ErrProof)
)
