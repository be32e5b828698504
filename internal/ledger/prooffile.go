package ledger

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/notation"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// A proof file is a C2SP tlog-proof@v1. The leaf it proves is the entry's header,
// which the extra line carries together with the salt, so that body file, proof file
// and verifier key are all it takes:
//
//	c2sp.org/tlog-proof@v1
//	extra bG1jZmVkL3Byb29mLzEKwDECD5cg1vcpvvVIis5yCaDTJk16+oOm2jM7t6cmznsIAxC4z7GNyi8Y…
//	index 3
//	Ruk8Yi6n1GAAl5dSln1Sf8TOytb1g4rphtqvpNVAvus=
//	E9dMQJfEqI4fk8ZOyKfFKqDQ0IYOJR+I3EhDP1rfI5Y=
//	sH2DPMlrS+ID4LXzA9zMI5dcICqhrNnkc2JX8D8h7LM=
//
//	demo/essex/log/0
//	8
//	2kzep1uOp9sxEPCSeXZPxCRtWeF+yER9SZZ0cXrUPlA=
//
//	— demo/essex/log/0 Ts0/J1vByUrzc4sswqSLbELr/O9zSc2Z9/gNLKU3SgBjcv/3wIrNU6Vq4O4ET7Pfnop/TkyZDHbCneP1LnCH8c9z6Qo=
//
// The extra line is standard base64 of
//
//	"lmcfed/proof/1\n" || salt (32 bytes) || header (the rest)
//
// and is not authenticated by itself: CheckProofFile trusts it only after the body
// opens the header's commitment, the header is the leaf at index, and the leaf is in
// the signed tree. The example is one of proto/vectors/proof.json.
const (
	proofMagic  = "c2sp.org/tlog-proof@v1"
	extraPrefix = "lmcfed/proof/1\n"
)

// Proved is what a checked proof file proves: that the entry stands in the log at
// the checkpoint's size. Whether another entry has ended it, before that or since, cannot
// be seen offline.
type Proved struct {
	// ID names the entry.
	ID EntryID
	// Header is the entry's header.
	Header *ledgerv1.EntryHeader
	// Size is the size of the log it is proved for.
	Size uint64
	// Checkpoint is the signed checkpoint.
	Checkpoint Checkpoint
}

// ProofFile writes the proof file of an entry whose body is present. It refuses to
// write what CheckProofFile would not accept.
func ProofFile(id EntryID, e Entry, cp Checkpoint, record tlog.RecordProof) ([]byte, error) {
	var err error
	switch {
	case id.Log(cp.Log.Federation) != cp.Log:
		err = fmt.Errorf("%w: the checkpoint is of %s", ErrWrongLog, cp.Log)
	case e.Body == nil:
		err = fmt.Errorf("%w: its body is not here", ErrBadBody)
	default:
		if _, err = e.Check(id.Index); err == nil {
			err = CheckInclusion(record, cp, id.Index, LeafHash(e.Header))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("writing the proof of %s: %w", id, err)
	}
	extra := append([]byte(extraPrefix), e.Salt...)
	extra = append(extra, e.Header...)
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nextra %s\nindex %d\n", proofMagic, base64.StdEncoding.EncodeToString(extra), id.Index)
	for _, hash := range record {
		fmt.Fprintf(&b, "%s\n", hash)
	}
	b.WriteByte('\n')
	b.Write(cp.Note)
	return b.Bytes(), nil
}

// CheckInclusion checks that a leaf is at an index of the tree of a checkpoint, whose signature it does
// not look at. Error: ErrProof.
func CheckInclusion(record tlog.RecordProof, cp Checkpoint, index uint64, leaf tlog.Hash) error {
	if index >= cp.Size {
		return fmt.Errorf("%w: entry %d is not among the first %d", ErrProof, index, cp.Size)
	}
	if tlog.CheckRecord(record, int64(cp.Size), cp.Root, int64(index), leaf) != nil {
		return fmt.Errorf("%w: entry %d in size %d", ErrProof, index, cp.Size)
	}
	return nil
}

// CheckProofFile checks that body is the body of an entry of log, signed for by pub.
// Nothing in the file is trusted before everything has been checked. Errors, each
// with its place: ErrMalformed, ErrTooLarge, ErrWrongLog (a proof from another log),
// ErrBadBody (the letter was altered, or is another one), ErrBadEntry, ErrProof,
// ErrUnknownKey, ErrBadSignature.
func CheckProofFile(proof []byte, body []byte, log LogID, pub ed25519.PublicKey) (Proved, error) {
	file, err := parseProofFile(proof)
	if err != nil {
		return Proved{}, fmt.Errorf("checking proof: %w", err)
	}
	if file.cp.Log != log {
		return Proved{}, fmt.Errorf("checking proof: %w: the proof is of %s, the key of %s", ErrWrongLog, file.cp.Log, log)
	}
	entry := Entry{Header: file.header, Salt: file.salt, Body: body}
	header, err := entry.Check(file.index)
	if err != nil {
		return Proved{}, fmt.Errorf("checking proof: %w", err)
	}
	if err := CheckInclusion(file.record, file.cp, file.index, LeafHash(file.header)); err != nil {
		return Proved{}, fmt.Errorf("checking proof: %w", err)
	}
	cp, err := OpenCheckpoint(file.cp.Note, []ed25519.PublicKey{pub})
	if err != nil {
		return Proved{}, fmt.Errorf("checking proof: %w", err)
	}
	return Proved{ID: log.Entry(file.index), Header: header, Size: cp.Size, Checkpoint: cp}, nil
}

// proofFile is a proof file as parsed: nothing in it has been checked.
type proofFile struct {
	salt, header []byte
	index        uint64
	record       tlog.RecordProof
	cp           Checkpoint
}

func parseProofFile(b []byte) (proofFile, error) {
	if len(b) > ProofFileLimit {
		return proofFile{}, fmt.Errorf("%w: proof file of %d bytes, at most %d", ErrTooLarge, len(b), ProofFileLimit)
	}
	head, signed, ok := strings.Cut(string(b), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || lines[0] != proofMagic {
		return proofFile{}, fmt.Errorf("%w: not a %s file, or cut short", ErrMalformed, proofMagic)
	}
	if len(lines) < 3 {
		return proofFile{}, fmt.Errorf("%w: want an extra line and an index line", ErrMalformed)
	}
	b64, ok := strings.CutPrefix(lines[1], "extra ")
	raw, err := base64.StdEncoding.Strict().DecodeString(b64)
	if !ok || err != nil {
		return proofFile{}, fmt.Errorf("%w: the second line must be \"extra \" and base64", ErrMalformed)
	}
	raw, ok = bytes.CutPrefix(raw, []byte(extraPrefix))
	if !ok || len(raw) <= SaltSize {
		return proofFile{}, fmt.Errorf("%w: the extra line does not carry %q, a salt and a header", ErrMalformed, extraPrefix)
	}
	f := proofFile{salt: raw[:SaltSize], header: raw[SaltSize:]}
	number, ok := strings.CutPrefix(lines[2], "index ")
	if f.index, err = notation.ParseCount(number, 64); !ok || err != nil {
		return proofFile{}, fmt.Errorf("%w: line %.40q: want \"index N\"", ErrMalformed, lines[2])
	}
	if n := len(lines[3:]); n > ProofLimit {
		return proofFile{}, fmt.Errorf("%w: proof of %d hashes, at most %d", ErrTooLarge, n, ProofLimit)
	}
	for i, line := range lines[3:] {
		hash, err := parseHash(line)
		if err != nil {
			return proofFile{}, fmt.Errorf("hash %d of the proof: %w", i+1, err)
		}
		f.record = append(f.record, hash)
	}
	f.cp, err = PeekCheckpoint([]byte(signed))
	return f, err
}
