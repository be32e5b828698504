// Package durable knows how a file is written whole or not at all, so that a power cut
// leaves all of it or none, and how one is read that somebody named. It knows nothing of what
// stands in it.
package durable

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Write writes a file, in place of one that is there, and returns once it is durable.
func Write(path string, b []byte, mode fs.FileMode) error {
	return write(path, mode, os.Rename, func(f *os.File) error { _, err := f.Write(b); return err })
}

// Create writes a file that must not exist yet. Error: fs.ErrExist.
func Create(path string, b []byte, mode fs.FileMode) error {
	return CreateFrom(path, mode, func(f *os.File) error { _, err := f.Write(b); return err })
}

// CreateFrom is Create for what is too large to be held: fill writes it, and may read
// back and cut what it wrote. An error of fill leaves no file. Error: fs.ErrExist, also
// before fill is called.
func CreateFrom(path string, mode fs.FileMode, fill func(*os.File) error) error {
	if err := free(path); err != nil {
		return err
	}
	return write(path, mode, place, fill)
}

// place gives a file its name if nothing has it. A link, unlike a rename, fails when
// the name is taken; where there are no links, looking first must do.
func place(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := free(to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// free is fs.ErrExist when something has the name.
func free(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	}
	return nil
}

func write(path string, mode fs.FileMode, name func(from, to string) error, fill func(*os.File) error) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // renamed already when all went well
	if err = fill(f); err == nil {
		err = errors.Join(f.Chmod(mode), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := name(f.Name(), path); err != nil {
		return err
	}
	return SyncFolder(dir)
}

// ErrNotAFile: what has the name is a folder, a pipe or a device.
var ErrNotAFile = errors.New("it is not a file")

// Open opens a file to be read. Error: that of IsFile.
func Open(path string) (*os.File, error) {
	if err := IsFile(path); err != nil {
		return nil, err
	}
	return os.Open(path)
}

// IsFile is nil where a path leads to a file that can be read to its end: a pipe or a device might
// be waited for without one, and a folder has no bytes. Error: ErrNotAFile, fs.ErrNotExist.
func IsFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return isFile(path, info)
}

func isFile(path string, info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return &fs.PathError{Op: "open", Path: path, Err: fmt.Errorf("%w, but a folder", ErrNotAFile)}
	case !info.Mode().IsRegular():
		return &fs.PathError{Op: "open", Path: path, Err: fmt.Errorf("%w, but a pipe or a device", ErrNotAFile)}
	}
	return nil
}

// ReadFileIn reads a file of a folder whole. Error: that of IsFile.
func ReadFileIn(folder fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(folder, name)
	if err == nil {
		err = isFile(name, info)
	}
	if err != nil {
		return nil, err
	}
	return fs.ReadFile(folder, name)
}

// ReadFile reads a file as Open opens it, whole, up to a limit of bytes. Error: ErrTooLarge.
func ReadFile(path string, limit int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	tooLarge := &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("%w than %d bytes", ErrTooLarge, limit)}
	if info, err := f.Stat(); err == nil && info.Size() > limit {
		return nil, tooLarge // before any of it is in memory
	}
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = tooLarge
	}
	return b, err
}

// ErrTooLarge: a file is larger than whoever reads it takes.
var ErrTooLarge = errors.New("it is larger")

// SyncFolder makes the names in a folder durable.
func SyncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be fsynced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
