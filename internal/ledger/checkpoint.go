package ledger

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Checkpoint is a signed size of a log (protocol.md 2).
type Checkpoint struct {
	// Log is the log: the note's origin line.
	Log LogID
	// Size is how many entries the tree has.
	Size uint64
	// Root is the tree's RFC 6962 root hash.
	Root tlog.Hash
	// Note is the signed note as received: a C2SP checkpoint.
	Note []byte
}

// SignCheckpoint signs a size and root of a log with one of its keys. The writer
// must have made the tree durable, and must never sign two that are inconsistent.
func SignCheckpoint(log LogID, size uint64, root tlog.Hash, key ed25519.PrivateKey) (Checkpoint, error) {
	if len(key) != ed25519.PrivateKeySize {
		return Checkpoint{}, fmt.Errorf("signing checkpoint of %s: %w: not an Ed25519 private key", log, ErrMalformed)
	}
	if size > SizeLimit {
		return Checkpoint{}, fmt.Errorf("signing checkpoint of %s: %w: size %d, at most %d", log, ErrTooLarge, size, uint64(SizeLimit))
	}
	if _, err := ParseLogID(log.String()); err != nil {
		return Checkpoint{}, fmt.Errorf("signing checkpoint: %w", err)
	}
	k := newLogKey(log, key.Public().(ed25519.PublicKey))
	k.private = key
	cp := Checkpoint{Log: log, Size: size, Root: root}
	signed, err := note.Sign(&note.Note{Text: cp.text()}, k)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("signing checkpoint of %s: %w", log, err)
	}
	cp.Note = signed
	return cp, nil
}

// text returns what is signed: origin, size and root, a line each.
func (c Checkpoint) text() string {
	return c.Log.String() + "\n" + strconv.FormatUint(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

// PeekCheckpoint parses a checkpoint and does NOT check its signatures. It is for
// finding out which log's keys to open it with. It refuses what is not printed so:
// signature lines that are repeated or not canonical, and extension lines, which C2SP
// allows and advises against, for nobody here would read them.
func PeekCheckpoint(signed []byte) (Checkpoint, error) {
	if len(signed) > NoteLimit {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: %w: %d bytes, at most %d", ErrTooLarge, len(signed), NoteLimit)
	}
	var unverified *note.UnverifiedNoteError
	if _, err := note.Open(signed, nil); !errors.As(err, &unverified) {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: %w: %v", ErrMalformed, err)
	}
	again, err := note.Sign(unverified.Note)
	canonical := err == nil && bytes.Equal(again, signed)
	for _, sig := range unverified.Note.UnverifiedSigs {
		_, err := base64.StdEncoding.Strict().DecodeString(sig.Base64)
		canonical = canonical && err == nil
	}
	if !canonical {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: %w: a signature line is repeated or not canonical base64", ErrMalformed)
	}
	lines := strings.Split(unverified.Note.Text, "\n")
	if len(lines) != 4 {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: %w: want three lines: log name, size, root", ErrMalformed)
	}
	log, err := ParseLogID(lines[0])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: %w", err)
	}
	size, err := notation.ParseCount(lines[1], 64)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: %w: size %.40q of %s is not a decimal number", ErrMalformed, lines[1], log)
	}
	if size > SizeLimit {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: %w: size %d of %s, at most %d", ErrTooLarge, size, log, uint64(SizeLimit))
	}
	root, err := parseHash(lines[2])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: root of %s: %w", log, err)
	}
	return Checkpoint{Log: log, Size: size, Root: root, Note: bytes.Clone(signed)}, nil
}

// parseHash parses a hash as tlog.Hash prints it, canonical base64 only.
func parseHash(s string) (tlog.Hash, error) {
	h, err := tlog.ParseHash(s)
	if err != nil || h.String() != s {
		return tlog.Hash{}, fmt.Errorf("%w: %.80q is not the base64 of a SHA-256 hash", ErrMalformed, s)
	}
	return h, nil
}

// OpenCheckpoint parses a checkpoint and checks that one of keys, those of the log
// active at its size, has signed it. Errors: ErrMalformed, ErrTooLarge,
// ErrUnknownKey, ErrBadSignature.
func OpenCheckpoint(signed []byte, keys []ed25519.PublicKey) (Checkpoint, error) {
	cp, err := PeekCheckpoint(signed)
	if err != nil {
		return Checkpoint{}, err
	}
	var verifiers []note.Verifier
	seen := make(map[uint32]bool) // a repeated key is left out: note.Open takes it for an attack
	for _, key := range keys {
		if len(key) != ed25519.PublicKeySize {
			continue
		}
		if k := newLogKey(cp.Log, key); !seen[k.hash] {
			seen[k.hash] = true
			verifiers = append(verifiers, k)
		}
	}
	_, err = note.Open(signed, note.VerifierList(verifiers...))
	var bad *note.InvalidSignatureError
	var unverified *note.UnverifiedNoteError
	switch {
	case err == nil:
		return cp, nil
	case errors.As(err, &bad):
		err = fmt.Errorf("%w: key %s+%08x", ErrBadSignature, bad.Name, bad.Hash)
	case errors.As(err, &unverified):
		err = ErrUnknownKey
	default:
		err = fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	return Checkpoint{}, fmt.Errorf("opening checkpoint of %s at size %d: %w", cp.Log, cp.Size, err)
}

// Head is a checkpoint as what is held of a log.
type Head = Checkpoint

// FrontierRoot returns the root of a frontier of these heads.
func FrontierRoot(heads []Checkpoint) [32]byte {
	var f Frontier
	for _, head := range heads {
		f.lines = append(f.lines, frontierLine(head))
	}
	slices.SortFunc(f.lines, bytes.Compare)
	return f.Root()
}

// Frontier is heads, one of each log, of which one after another changes. The zero value
// has none.
type Frontier struct {
	lines [][]byte // sorted
}

// Set puts a head in the place of the one of its log.
func (f *Frontier) Set(head Checkpoint) {
	line := frontierLine(head)
	name := []byte(head.Log.String() + " ")
	at, _ := slices.BinarySearchFunc(f.lines, name, bytes.Compare)
	if at < len(f.lines) && bytes.HasPrefix(f.lines[at], name) {
		f.lines[at] = line
		return
	}
	f.lines = slices.Insert(f.lines, at, line)
}

// Root returns the SHA-256 over the sorted lines, one for each log (protocol.md 2), in
// whatever order the heads came:
//
//	demo/essex/log/0 8 2kzep1uOp9sxEPCSeXZPxCRtWeF+yER9SZZ0cXrUPlA=
//
// Two nodes with equal roots hold and serve the same entries.
func (f *Frontier) Root() (root [32]byte) {
	h := sha256.New()
	for _, line := range f.lines {
		h.Write(line)
	}
	return [32]byte(h.Sum(root[:0]))
}

func frontierLine(head Checkpoint) []byte {
	return []byte(head.Log.String() + " " + strconv.FormatUint(head.Size, 10) + " " + head.Root.String() + "\n")
}
