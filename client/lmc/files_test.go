package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestReadFileTakesExactlyTheLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "letter.md")
	a := &app{}
	for size, ok := range map[int]bool{99: true, 100: true, 101: false} {
		if err := os.WriteFile(path, bytes.Repeat([]byte("x"), size), 0o600); err != nil {
			t.Fatal(err)
		}
		if b, err := a.readFile(path, 100); (err == nil) != ok || ok && len(b) != size {
			t.Errorf("%d bytes of at most 100: got %d, %v", size, len(b), err)
		}
	}
}

func TestNewFileNeverOverwritesNorLeavesCrumbs(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "letter")
	if err := newFile(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := newFile(path, []byte("second")); err == nil {
		t.Error("the file was overwritten")
	}
	if err := newFile(filepath.Join(dir, "no", "such", "folder"), nil); err == nil {
		t.Error("a file was written into no folder")
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "first" {
		t.Errorf("the file holds %q (%v)", b, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

func TestReplaceFileReplacesInOneStep(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "deep", "cursor")
	for _, text := range []string{"one", "two"} {
		if err := replaceFile(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != text {
			t.Errorf("the file holds %q (%v), want %q", b, err, text)
		}
	}
}
