// Package identity knows who a node is: the four key files of an office, the pins
// and fingerprint words by which people compare keys, TLS made from nothing but
// keys, the record an office signs of itself, the invitation its keeper returns, and
// the profile in which a client keeps where its node is.
//
// There is no certificate authority. A TLS certificate is only the envelope of an
// Ed25519 key: whoever dials knows the key by its pin, and whoever is dialled asks
// its register. Names and dates in certificates decide nothing, so a clock that is
// years off breaks nothing (protocol.md 5, invariant 11).
//
// The package does not know the register, what a key may do, or how anything is
// served: ServerTLS asks a function of its caller.
package identity

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Limits of what is read from files and strings, each refused with ErrTooLarge.
const (
	// KeyFileLimit is the largest key file, in bytes.
	KeyFileLimit = 16 << 10
	// ProfileLimit is the largest profile file, in bytes.
	ProfileLimit = 16 << 10
	// InvitationLimit is the longest invitation, in bytes.
	InvitationLimit = 4 << 10
	// OfficeRecordLimit is the largest record of an office, in bytes.
	OfficeRecordLimit = 64 << 10
	// NodesLimit is how many nodes an office's record may name; the register takes no more.
	NodesLimit = 16
)

var (
	// ErrTooLarge: over one of the limits above.
	ErrTooLarge = errors.New("too large")
	// ErrMalformed: not in the format it should be in.
	ErrMalformed = errors.New("malformed")
	// ErrTruncated: the beginning of what it should be, with the end missing.
	ErrTruncated = errors.New("cut short")
	// ErrExists: a key file is there already and is never overwritten.
	ErrExists = errors.New("a key is there already")
	// ErrPermissions: others than the owner can reach a key file.
	ErrPermissions = errors.New("others can read this key")
	// ErrWrongPin: the node that answered has another key than the pinned one.
	ErrWrongPin = errors.New("this node has another key than the pinned one")
	// ErrRefused: the key a client showed is not admitted.
	ErrRefused = errors.New("client key refused")
	// ErrBadSignature: a record is not signed by the root key it names.
	ErrBadSignature = errors.New("signature does not verify")
)

// Keys are the keys of an office's node, each an Ed25519 key in a file of its own.
type Keys struct {
	// Root signs the office's record and new epochs (root.key). It may be kept away
	// from the node: nil then.
	Root ed25519.PrivateKey
	// Log signs the checkpoints of the office's log (log.key).
	Log ed25519.PrivateKey
	// Transport is the node's own key in TLS (transport.key).
	Transport ed25519.PrivateKey
	// Officer is the key of whoever publishes through this node (officer.key). Without it the node
	// answers and exchanges, and nobody publishes through it: nil then.
	Officer ed25519.PrivateKey
}

// RootFile, LogFile, TransportFile and OfficerFile are the names of the key files in
// the key folder.
const (
	RootFile      = "root.key"
	LogFile       = "log.key"
	TransportFile = "transport.key"
	OfficerFile   = "officer.key"
)

// files pairs each key with its file.
func (k *Keys) files() []keyFile {
	return []keyFile{
		{RootFile, &k.Root},
		{LogFile, &k.Log},
		{TransportFile, &k.Transport},
		{OfficerFile, &k.Officer},
	}
}

type keyFile struct {
	name string
	key  *ed25519.PrivateKey
}

// Create makes the four keys of a new office in dir, which it makes when missing, and
// returns them once they are durable. It refuses a folder in which any of them
// exists: losing a log's key ends that log. Error: ErrExists.
func Create(dir string) (*Keys, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating keys: %w", err)
	}
	keys := new(Keys)
	for _, f := range keys.files() {
		if err := checkAbsent(filepath.Join(dir, f.name)); err != nil {
			return nil, fmt.Errorf("creating keys: %w", err)
		}
	}
	for _, f := range keys.files() {
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			return nil, fmt.Errorf("creating keys: %w", err)
		}
		if err := SaveKey(filepath.Join(dir, f.name), key); err != nil {
			return nil, fmt.Errorf("creating keys: %w", err)
		}
		*f.key = key
	}
	return keys, nil
}

// Load reads the keys of an office from dir. Root may be missing: it is safest kept
// elsewhere; so may Officer. Errors: those of LoadKey.
func Load(dir string) (*Keys, error) {
	keys := new(Keys)
	for _, f := range keys.files() {
		key, err := LoadKey(filepath.Join(dir, f.name))
		if errors.Is(err, fs.ErrNotExist) && (f.name == RootFile || f.name == OfficerFile) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("loading keys: %w", err)
		}
		*f.key = key
	}
	return keys, nil
}
