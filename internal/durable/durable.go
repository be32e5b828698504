// Package durable knows how a file is written whole or not at all, so that a power cut
// leaves all of it or none. It knows nothing of what stands in it.
package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Write writes a file, in place of one that is there, and returns once it is durable.
func Write(path string, b []byte, mode fs.FileMode) error {
	return write(path, b, mode, os.Rename)
}

// Create writes a file that must not exist yet. Error: fs.ErrExist.
func Create(path string, b []byte, mode fs.FileMode) error {
	return write(path, b, mode, place)
}

// place gives a file its name if nothing has it. A link, unlike a rename, fails when
// the name is taken; where there are no links, looking first must do.
func place(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return &fs.PathError{Op: "create", Path: to, Err: fs.ErrExist}
	}
	return os.Rename(from, to)
}

func write(path string, b []byte, mode fs.FileMode, name func(from, to string) error) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // renamed already when all went well
	_, err = f.Write(b)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := name(f.Name(), path); err != nil {
		return err
	}
	return SyncFolder(dir)
}

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
