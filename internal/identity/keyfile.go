package identity

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/lmcfed/lmcfed/internal/durable"
)

// pemKey is the type of a key file's only PEM block. A key file is what
// `openssl genpkey -algorithm ed25519` writes:
//
//	-----BEGIN PRIVATE KEY-----
//	MC4CAQAwBQYDK2VwBCIEIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
//	-----END PRIVATE KEY-----
const pemKey = "PRIVATE KEY"

// SaveKey writes a key file, readable by its owner only, and returns once it is
// durable. It never overwrites one. Error: ErrExists.
func SaveKey(path string, key ed25519.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("writing key %s: %w", path, err)
	}
	if err := checkAbsent(path); err != nil {
		return fmt.Errorf("writing key: %w", err)
	}
	if err := durable.Create(path, pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: der}), 0o600); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("writing key: %w", checkAbsent(path)) // somebody was faster
	} else if err != nil {
		return fmt.Errorf("writing key: %w", err)
	}
	return nil
}

func checkAbsent(path string) error {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%s: %w: use it, or choose another folder; keys are never overwritten", path, ErrExists)
}

// LoadKey reads a key file, refusing one that others than its owner can reach.
// Errors: ErrPermissions, ErrMalformed, ErrTooLarge, durable.ErrNotAFile, fs.ErrNotExist.
func LoadKey(path string) (ed25519.PrivateKey, error) {
	f, err := durable.Open(path) // before its mode is looked at, so that what was looked at is what is read
	if err != nil {
		return nil, fmt.Errorf("reading key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading key: %w", err)
	}
	// Windows has no such bits: there the folder's access list decides.
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("reading key: %s: %w: its mode is %#o; run: chmod 600 %s", path, ErrPermissions, mode, path)
	}
	b, err := readLimited(f, path, KeyFileLimit)
	if err != nil {
		return nil, fmt.Errorf("reading key: %w", err)
	}
	block, rest := pem.Decode(b)
	if second, _ := pem.Decode(rest); second != nil {
		return nil, fmt.Errorf("reading key %s: %w: it holds more than one key: leave only the one that was made with this folder", path, ErrMalformed)
	}
	if block == nil || block.Type != pemKey || len(rest) != 0 {
		return nil, fmt.Errorf("reading key %s: %w: want one PEM block of type %q: put back the copy that was made with this folder", path, ErrMalformed, pemKey)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading key %s: %w: %v", path, ErrMalformed, err)
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("reading key %s: %w: %T is not an Ed25519 key", path, ErrMalformed, parsed)
	}
	return key, nil
}

func readLimited(f *os.File, path string, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, fmt.Errorf("%s: %w: more than %d bytes", path, ErrTooLarge, limit)
	}
	return b, err
}
