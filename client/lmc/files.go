package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// newFile writes a file that must not exist yet: whole or not at all.
func newFile(path string, b []byte) error {
	tmp, err := writeTemp(path, b)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	// A link, unlike a rename, fails when the name is taken.
	if err := os.Link(tmp, path); errors.Is(err, fs.ErrExist) {
		return exists(path)
	} else if err == nil {
		return nil
	}
	if _, err := os.Lstat(path); err == nil {
		return exists(path)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// replaceFile writes a file in one step, in place of the one that is there.
func replaceFile(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	tmp, err := writeTemp(path, b)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		os.Remove(tmp)
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// mustNotExist refuses before any work is done, not after.
func mustNotExist(paths ...string) error {
	for _, path := range paths {
		if _, err := os.Lstat(path); path != "" && err == nil {
			return exists(path)
		}
	}
	return nil
}

func exists(path string) error {
	return withHint(fmt.Errorf("%s exists already; it was left as it is", path), "choose another name, or move it away")
}

// writeTemp writes b beside path, durably, and returns the name.
func writeTemp(path string, b []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".lmc-*")
	if err != nil {
		return "", fmt.Errorf("writing %s: %w", path, err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("writing %s: %w", path, err)
	}
	return f.Name(), nil
}

// readFile reads a whole file of at most limit bytes; "-" is standard input.
func (a *app) readFile(path string, limit int) ([]byte, error) {
	f := a.stdin
	if path != "-" {
		var err error
		if f, err = os.Open(path); err != nil {
			return nil, fmt.Errorf("reading %s: %w", path, unwrapPath(err))
		}
		defer f.Close()
	}
	b, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, unwrapPath(err))
	}
	if len(b) > limit {
		return nil, withHint(fmt.Errorf("reading %s: it is larger than %d bytes, the most such a file may have", path, limit),
			"is it the right file? what is long in a letter belongs into attachments")
	}
	return b, nil
}

// unwrapPath drops the operation and the path from a file error: the caller names
// them in its own words.
func unwrapPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
