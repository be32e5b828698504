package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	holds := func(want string, mode fs.FileMode) {
		t.Helper()
		b, err := os.ReadFile(path)
		info, statErr := os.Stat(path)
		if err != nil || statErr != nil || string(b) != want || info.Mode().Perm() != mode {
			t.Errorf("holds %q (%v, %v, %v), want %q", b, err, statErr, info, want)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("left behind: %v (%v)", left, err)
		}
	}
	if err := Create(path, []byte("first"), 0o600); err != nil {
		t.Fatal(err)
	}
	holds("first", 0o600)
	if err := Create(path, []byte("second"), 0o600); !errors.Is(err, fs.ErrExist) {
		t.Errorf("created twice: %v", err)
	}
	holds("first", 0o600)
	if err := Write(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	holds("", 0o644)
	wrong := errors.New("of what fills it")
	other := filepath.Join(dir, "other")
	half := func(f *os.File) error { return errors.Join(os.WriteFile(f.Name(), []byte("half"), 0o600), wrong) }
	if err := CreateFrom(other, 0o600, half); !errors.Is(err, wrong) {
		t.Errorf("filled by halves: %v", err)
	}
	if err := CreateFrom(path, 0o600, func(*os.File) error { t.Error("filled though it is there"); return nil }); !errors.Is(err, fs.ErrExist) {
		t.Errorf("created from twice: %v", err)
	}
	holds("", 0o644)
	nowhere := filepath.Join(dir, "no", "folder")
	for _, err := range []error{Write(nowhere, nil, 0o600), Create(nowhere, nil, 0o600), SyncFolder(nowhere)} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("written into no folder: %v", err)
		}
	}
	holds("", 0o644)
}

// A letter that was a pipe held a command up beyond Ctrl-C.
func TestOnlyFilesAreRead(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "letter.md")
	link := filepath.Join(dir, "link.md")
	if err := errors.Join(os.WriteFile(file, []byte("0123456789"), 0o600), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, link} {
		if b, err := ReadFile(path, 10); err != nil || string(b) != "0123456789" {
			t.Errorf("%s: %q, %v", path, b, err)
		}
		if _, err := ReadFile(path, 9); !errors.Is(err, ErrTooLarge) {
			t.Errorf("one byte past the limit: %v", err)
		}
	}
	refused := []string{dir, os.DevNull}
	if pipe := filepath.Join(dir, "pipe"); makePipe(pipe) == nil {
		refused = append(refused, pipe)
	}
	for _, path := range refused {
		if _, err := ReadFile(path, 10); !errors.Is(err, ErrNotAFile) {
			t.Errorf("%s: %v, want ErrNotAFile", path, err)
		}
	}
	if _, err := Open(filepath.Join(dir, "nosuch")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nosuch: %v", err)
	}
}

// The free space of the disk a link lies on was taken for that of the file it leads to.
func TestFreeBytesAreThoseOfTheDiskTheFileLiesOn(t *testing.T) {
	memory := "/dev/shm"
	if _, err := os.Stat(memory); err != nil {
		t.Skip("no second disk here")
	}
	dir, err := os.MkdirTemp(memory, "lmc-free-")
	if err != nil {
		t.Skip(err)
	}
	defer os.RemoveAll(dir)
	file, link := filepath.Join(dir, "data.db"), filepath.Join(t.TempDir(), "data.db")
	if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	there, err := FreeBytes(file)
	elsewhere, errElsewhere := FreeBytes(filepath.Dir(link))
	through, errThrough := FreeBytes(link)
	if err := errors.Join(err, errElsewhere, errThrough); err != nil || through <= 0 {
		t.Fatalf("%d bytes, %v", through, err)
	}
	if far := func(x, y int64) int64 { return max(x-y, y-x) }; there != elsewhere && far(through, there) > far(through, elsewhere) {
		t.Errorf("through the link %d bytes are free; where the file lies %d, where the link lies %d", through, there, elsewhere)
	}
	if _, err := FreeBytes(filepath.Join(dir, "nosuch")); err == nil {
		t.Error("of a file that is not there something is free")
	}
}
