package ledger

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Stamp is a head of which its office's node said at a time that it was still the newest:
// a checkpoint with a second signature of the same key, a C2SP timestamped cosignature.
//
//	demo/essex/log/0
//	1
//	6eV8R63NZOwoNagT54Ahh1IkP0+7LLiqZjMEklG4Nnk=
//
//	— demo/essex/log/0 cvb2bBASbBhWXzEU…
//	— demo/essex/log/0 bcDw6QAAAABhdrFY…
//
// It is a checkpoint too, and counts as one. It is no entry, and in no root.
type Stamp struct {
	Checkpoint
	// Time is when it was said, by the clock of the office's node, in whole seconds.
	Time time.Time
}

// algCosignature is the signature type byte of C2SP cosignature/v1.
const algCosignature = 4

// stampKey is a key of a log as it signs stamps. The signature is the time, in seconds since
// 1970 as 8 bytes, and the Ed25519 signature of
//
//	cosignature/v1
//	time 1635168600
//	(the checkpoint's three lines)
//
// No log is named "cosignature/v1", so that neither can be taken for a checkpoint's.
type stampKey struct {
	*logKey
	at uint64 // what is signed, or was verified
}

const stampSignatureSize = 8 + ed25519.SignatureSize

func newStampKey(log LogID, public ed25519.PublicKey) *stampKey {
	k := &stampKey{logKey: newLogKey(log, public)}
	h := sha256.New()
	h.Write([]byte(k.name))
	h.Write([]byte{'\n', algCosignature})
	h.Write(public)
	k.hash = binary.BigEndian.Uint32(h.Sum(nil))
	return k
}

func stamped(at uint64, text []byte) []byte {
	return append([]byte("cosignature/v1\ntime "+strconv.FormatUint(at, 10)+"\n"), text...)
}

// Sign implements note.Signer.
func (k *stampKey) Sign(text []byte) ([]byte, error) {
	return append(binary.BigEndian.AppendUint64(nil, k.at), ed25519.Sign(k.private, stamped(k.at, text))...), nil
}

// Verify implements note.Verifier.
func (k *stampKey) Verify(text, sig []byte) bool {
	if len(sig) != stampSignatureSize {
		return false
	}
	k.at = binary.BigEndian.Uint64(sig)
	return ed25519.Verify(k.public, stamped(k.at, text), sig[8:])
}

// SignStamp signs that at this time a head was the newest that the log's writer had
// released. Of a log of no entries it is the head of size 0.
func SignStamp(head Checkpoint, at time.Time, key ed25519.PrivateKey) (Stamp, error) {
	if at.Unix() < 0 {
		return Stamp{}, fmt.Errorf("signing stamp of %s: %w: the time is before 1970", head.Log, ErrMalformed)
	}
	signed, err := SignCheckpoint(head.Log, head.Size, head.Root, key)
	if err != nil {
		return Stamp{}, fmt.Errorf("signing stamp: %w", err)
	}
	n, err := note.Open(signed.Note, note.VerifierList(newLogKey(head.Log, key.Public().(ed25519.PublicKey))))
	if err != nil {
		return Stamp{}, fmt.Errorf("signing stamp of %s: %w", head.Log, err)
	}
	k := newStampKey(head.Log, key.Public().(ed25519.PublicKey))
	k.private, k.at = key, uint64(at.Unix())
	if signed.Note, err = note.Sign(n, k); err != nil {
		return Stamp{}, fmt.Errorf("signing stamp of %s: %w", head.Log, err)
	}
	return Stamp{signed, time.Unix(at.Unix(), 0).UTC()}, nil
}

// PeekStamp parses a stamp and does NOT check its signatures. It has those two and no more,
// in this order: whatever else stood there, everybody would relay.
func PeekStamp(signed []byte) (Stamp, error) {
	cp, err := PeekCheckpoint(signed)
	if err != nil {
		return Stamp{}, fmt.Errorf("parsing stamp: %w", err)
	}
	var unsigned *note.UnverifiedNoteError
	_, err = note.Open(signed, nil)
	if !errors.As(err, &unsigned) || len(unsigned.Note.UnverifiedSigs) != 2 {
		return Stamp{}, fmt.Errorf("parsing stamp of %s: %w: want two signatures", cp.Log, ErrMalformed)
	}
	raw, err := base64.StdEncoding.DecodeString(unsigned.Note.UnverifiedSigs[1].Base64)
	if err != nil || len(raw) != 4+stampSignatureSize { // behind the key's hash
		return Stamp{}, fmt.Errorf("parsing stamp of %s: %w: its second signature is not one with a time", cp.Log, ErrMalformed)
	}
	at := binary.BigEndian.Uint64(raw[4:])
	if at > maxStampTime {
		return Stamp{}, fmt.Errorf("parsing stamp of %s: %w: its time is after the year 9999", cp.Log, ErrMalformed)
	}
	return Stamp{cp, time.Unix(int64(at), 0).UTC()}, nil
}

// maxStampTime is the last second that is written with a year of four digits.
const maxStampTime = 253402300799

// OpenStamp parses a stamp and checks that one key, of those of the log active at its size,
// made both signatures. Errors: ErrMalformed, ErrTooLarge, ErrUnknownKey, ErrBadSignature.
func OpenStamp(signed []byte, keys []ed25519.PublicKey) (Stamp, error) {
	st, err := PeekStamp(signed)
	if err != nil {
		return Stamp{}, err
	}
	var why error = ErrUnknownKey
	for _, key := range keys {
		if len(key) != ed25519.PublicKeySize {
			continue
		}
		n, err := note.Open(signed, note.VerifierList(newLogKey(st.Log, key), newStampKey(st.Log, key)))
		var bad *note.InvalidSignatureError
		switch {
		case err == nil && len(n.Sigs) == 2:
			return st, nil
		case err == nil || errors.As(err, &bad): // one of the two is another's
			why = ErrBadSignature
		}
	}
	return Stamp{}, fmt.Errorf("opening stamp of %s at size %d: %w", st.Log, st.Size, why)
}

// StampsRoot returns the SHA-256 over the sorted lines of stamps, one for each log, whatever
// their order (protocol.md 2):
//
//	demo/essex/log/0 1635168600
//
// Two nodes with equal roots have heard each office last at the same time.
func StampsRoot(stamps []Stamp) [32]byte {
	lines := make([]string, len(stamps))
	for i, st := range stamps {
		lines[i] = st.Log.String() + " " + strconv.FormatInt(st.Time.Unix(), 10) + "\n"
	}
	slices.Sort(lines)
	h := sha256.New()
	for _, line := range lines {
		h.Write([]byte(line))
	}
	return [32]byte(h.Sum(nil))
}
