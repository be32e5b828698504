package identity

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
)

// Pin is the SHA-256 of an Ed25519 public key: by it a dialler knows the node it
// means.
type Pin [sha256.Size]byte

// pinPrefix starts every printed pin:
//
//	lmcpin1:rl3otkntfszr5jh3jxyqg4wmkhcj3pyxx2hzpdk5uvknt64yjqxa
const pinPrefix = "lmcpin1:"

var pinEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// PinOf returns the pin of a public key.
func PinOf(pub ed25519.PublicKey) Pin { return sha256.Sum256(pub) }

// ParsePin parses a pin, refusing whatever String would not print. Errors:
// ErrMalformed, ErrTruncated.
func ParsePin(s string) (Pin, error) {
	var pin Pin
	text, ok := strings.CutPrefix(s, pinPrefix)
	if !ok {
		return Pin{}, fmt.Errorf("parsing pin %.80q: %w: it must start with %q", s, ErrMalformed, pinPrefix)
	}
	if len(text) < pinEncoding.EncodedLen(len(pin)) {
		return Pin{}, fmt.Errorf("parsing pin %.80q: %w: copy it whole", s, ErrTruncated)
	}
	raw, err := pinEncoding.DecodeString(text)
	if err != nil || len(raw) != len(pin) {
		return Pin{}, fmt.Errorf("parsing pin %.80q: %w: not a pin; copy it again", s, ErrMalformed)
	}
	if pin = Pin(raw); pin.String() != s {
		return Pin{}, fmt.Errorf("parsing pin %.80q: %w: its last letter is not one a pin ends with", s, ErrMalformed)
	}
	return pin, nil
}

// String returns "lmcpin1:" and 52 lower-case base32 letters.
func (p Pin) String() string { return pinPrefix + pinEncoding.EncodeToString(p[:]) }

// MarshalText implements encoding.TextMarshaler.
func (p Pin) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Pin) UnmarshalText(text []byte) error {
	pin, err := ParsePin(string(text))
	*p = pin
	return err
}

// fingerprintWords is how many words a fingerprint has, of 16 bits each: 96 bits,
// which nobody can search for a second key.
const fingerprintWords = 6

// Fingerprint returns six made-up words to read out by telephone, the first 96 bits
// of the key's pin as proquints (Wilkerson, arXiv:0901.4016), in which every word can
// be said and none sounds like another:
//
//	lusab babad gutih tugad hizab zusol
func Fingerprint(pub ed25519.PublicKey) string {
	pin := PinOf(pub)
	words := make([]string, fingerprintWords)
	for i := range words {
		words[i] = proquint(binary.BigEndian.Uint16(pin[2*i:]))
	}
	return strings.Join(words, " ")
}

// proquint spells 16 bits as consonant, vowel, consonant, vowel, consonant.
func proquint(v uint16) string {
	const consonants, vowels = "bdfghjklmnprstvz", "aiou"
	return string([]byte{
		consonants[v>>12], vowels[v>>10&3], consonants[v>>6&15], vowels[v>>4&3], consonants[v&15],
	})
}
