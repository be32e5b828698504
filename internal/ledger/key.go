package ledger

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// algEd25519 is the signature type byte of Ed25519 in C2SP signed-note.
const algEd25519 = 1

// VKey returns the note verifier key of a log's key, as note.NewVerifier takes it:
//
//	demo/essex/log/0+4ecd3f27+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c
//
// or "" when pub is not an Ed25519 public key.
func VKey(log LogID, pub ed25519.PublicKey) string {
	vkey, err := note.NewEd25519VerifierKey(log.String(), pub)
	if err != nil {
		return ""
	}
	return vkey
}

// ParseVKey parses a verifier key, refusing whatever VKey would not print.
func ParseVKey(s string) (LogID, ed25519.PublicKey, error) {
	if len(s) > NoteLimit {
		return LogID{}, nil, fmt.Errorf("parsing verifier key: %w: %d bytes", ErrTooLarge, len(s))
	}
	name, rest, _ := strings.Cut(s, "+")
	_, b64, _ := strings.Cut(rest, "+")
	log, err := ParseLogID(name)
	if err != nil {
		return LogID{}, nil, fmt.Errorf("parsing verifier key: %w", err)
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(b64)
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algEd25519 {
		return LogID{}, nil, fmt.Errorf("parsing verifier key of %s: %w: not an Ed25519 key; was it copied whole?", log, ErrMalformed)
	}
	pub := ed25519.PublicKey(raw[1:])
	if VKey(log, pub) != s {
		return LogID{}, nil, fmt.Errorf("parsing verifier key of %s: %w: its key hash is not that of this name and key", log, ErrMalformed)
	}
	return log, pub, nil
}

// logKey is a key of a log as package note uses one. It signs only when private is
// set.
type logKey struct {
	name    string
	hash    uint32
	public  ed25519.PublicKey
	private ed25519.PrivateKey
}

func newLogKey(log LogID, public ed25519.PublicKey) *logKey {
	name := log.String()
	h := sha256.New()
	h.Write([]byte(name))
	h.Write([]byte{'\n', algEd25519})
	h.Write(public)
	return &logKey{name: name, hash: binary.BigEndian.Uint32(h.Sum(nil)), public: public}
}

// Name implements note.Signer and note.Verifier.
func (k *logKey) Name() string { return k.name }

// KeyHash implements note.Signer and note.Verifier.
func (k *logKey) KeyHash() uint32 { return k.hash }

// Sign implements note.Signer.
func (k *logKey) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(k.private, msg), nil }

// Verify implements note.Verifier.
func (k *logKey) Verify(msg, sig []byte) bool { return ed25519.Verify(k.public, msg, sig) }

// SignBytes signs msg as what ("office"): the Ed25519 signature of
// "lmcfed/<what>/1\n" || msg. Every signature that is not a note is made so
// (protocol.md 2), and none can be taken for one made for another purpose.
func SignBytes(what string, msg []byte, key ed25519.PrivateKey) []byte {
	return ed25519.Sign(key, signed(what, msg))
}

// VerifyBytes reports whether sig is key's signature of msg as what. A key that is
// not 32 bytes verifies nothing.
func VerifyBytes(what string, msg, sig []byte, key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, signed(what, msg), sig)
}

func signed(what string, msg []byte) []byte {
	return append([]byte("lmcfed/"+what+"/1\n"), msg...)
}
