package identity

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// testKey returns a key that is the same on every run.
func testKey(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func testPublic(n byte) ed25519.PublicKey { return testKey(n).Public().(ed25519.PublicKey) }

func TestKeysLoadAsCreated(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "keys")
	created, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for i, f := range created.files() {
		if !f.key.Equal(*loaded.files()[i].key) || len(*f.key) != ed25519.PrivateKeySize {
			t.Errorf("%s is not as created", f.name)
		}
		seen[string(*f.key)] = true
	}
	if len(seen) != 4 {
		t.Error("two keys are the same")
	}
	left, _ := os.ReadDir(dir)
	if len(left) != 4 {
		t.Errorf("files left: %v", left)
	}
}

func TestKeyFilesAreTheirOwnersOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if _, err := Create(dir); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{dir: 0o700, filepath.Join(dir, LogFile): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode().Perm(), err)
		}
	}
}

func TestCreateRefusesAnyExistingKey(t *testing.T) {
	for _, f := range new(Keys).files() {
		dir := t.TempDir()
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Create(dir)
		if !errors.Is(err, ErrExists) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", f.name, err)
		}
		left, _ := os.ReadDir(dir)
		if b, _ := os.ReadFile(path); string(b) != "precious" || len(left) != 1 {
			t.Errorf("%s: the folder was changed: %v", f.name, left)
		}
	}
}

func TestLoadDoesWithoutTheRootKeyAndNoOther(t *testing.T) {
	for _, f := range new(Keys).files() {
		dir := t.TempDir()
		if _, err := Create(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, f.name)); err != nil {
			t.Fatal(err)
		}
		keys, err := Load(dir)
		if f.name == RootFile || f.name == OfficerFile {
			if err != nil || (keys.Root == nil) != (f.name == RootFile) || (keys.Officer == nil) != (f.name == OfficerFile) || keys.Log == nil {
				t.Errorf("%s kept elsewhere: %v", f.name, err)
			}
		} else if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), f.name) {
			t.Errorf("%s missing: %v", f.name, err)
		}
	}
}

func TestLoadKeyRefusesLaxPermissionsAndSaysWhatToDo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such permissions there")
	}
	path := filepath.Join(t.TempDir(), "officer.key")
	if err := SaveKey(path, testKey(1)); err != nil {
		t.Fatal(err)
	}
	for mode, lax := range map[fs.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o610: true, 0o644: true, 0o666: true} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := LoadKey(path)
		if lax != errors.Is(err, ErrPermissions) || lax != (err != nil) {
			t.Errorf("mode %o: %v", mode, err)
		}
		if lax && !strings.Contains(err.Error(), "run: chmod 600 "+path) {
			t.Errorf("mode %o: no remedy in %q", mode, err)
		}
	}
}

func TestLoadKeyReadsOnlyEd25519Keys(t *testing.T) {
	good := pemOf(t, testKey(1))
	big, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skip(err)
	}
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"as it should be":   {good, nil},
		"at the limit":      {append(bytes.Repeat([]byte("\n"), KeyFileLimit-len(good)), good...), nil},
		"over the limit":    {append(bytes.Repeat([]byte("\n"), KeyFileLimit+1-len(good)), good...), ErrTooLarge},
		"empty":             {nil, ErrMalformed},
		"garbage":           {[]byte("garbage"), ErrMalformed},
		"another type":      {bytes.ReplaceAll(good, []byte("PRIVATE KEY"), []byte("CERTIFICATE")), ErrMalformed},
		"an RSA key":        {pemOf(t, big), ErrMalformed},
		"two keys":          {append(bytes.Clone(good), good...), ErrMalformed},
		"cut short":         {good[:len(good)/2], ErrMalformed},
		"not PKCS #8":       {pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: []byte{1}}), ErrMalformed},
		"text after it all": {append(bytes.Clone(good), "text"...), ErrMalformed},
	} {
		path := filepath.Join(t.TempDir(), "a.key")
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		key, err := LoadKey(path)
		if !errors.Is(err, c.want) || err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && !key.Equal(testKey(1)) {
			t.Errorf("%s: another key", name)
		}
		if name == "two keys" && !strings.Contains(err.Error(), "more than one key") {
			t.Errorf("%s: told %v", name, err)
		}
	}
}

func pemOf(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: der})
}

func TestSaveKeyNeverOverwrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.key")
	if err := SaveKey(path, testKey(1)); err != nil {
		t.Fatal(err)
	}
	if err := SaveKey(path, testKey(2)); !errors.Is(err, ErrExists) {
		t.Errorf("got %v", err)
	}
	if key, err := LoadKey(path); err != nil || !key.Equal(testKey(1)) {
		t.Errorf("the key was lost: %v", err)
	}
	if err := SaveKey(filepath.Join(path, "below", "a.key"), testKey(1)); err == nil {
		t.Error("a key was saved below a file")
	}
	if err := SaveKey(filepath.Join(t.TempDir(), "missing", "a.key"), testKey(1)); err == nil {
		t.Error("a key was saved in a folder that is not there")
	}
}
