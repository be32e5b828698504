package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lmcfed/lmcfed/internal/durable"
)

// newFile writes a file that must not exist yet: whole or not at all.
func newFile(path string, b []byte) error {
	err := durable.Create(path, b, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return exists(path)
	}
	return writing(path, err)
}

// replaceFile writes a file in one step, in place of the one that is there.
func replaceFile(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return writing(path, err)
	}
	return writing(path, durable.Write(path, b, 0o644))
}

func writing(path string, err error) error {
	if err != nil {
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

// readFile reads a whole file of at most limit bytes; "-" is standard input.
func (a *app) readFile(path string, limit int) ([]byte, error) {
	f := a.stdin
	if path != "-" {
		var err error
		f, err = durable.Open(path)
		switch {
		case errors.Is(err, durable.ErrNotAFile):
			return nil, withHint(fmt.Errorf("reading %s: %w", path, unwrapPath(err)), "name a file; - is standard input")
		case err != nil:
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
