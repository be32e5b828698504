//go:build unix

package durable

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Root brings a data file up to date: whoever runs the node must be able to open what comes of it.
func TestAFileThatRootMakesIsWhoseTheOtherWas(t *testing.T) {
	dir := t.TempDir()
	like, err := os.Create(filepath.Join(dir, "like"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if os.Geteuid() == 0 {
		if err := like.Chown(1234, 1235); err != nil {
			t.Fatal(err)
		}
	}
	ChownLike(f, like)
	want, err := like.Stat()
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if want, got := want.Sys().(*syscall.Stat_t), got.Sys().(*syscall.Stat_t); got.Uid != want.Uid || got.Gid != want.Gid {
		t.Errorf("it is of %d:%d, want %d:%d", got.Uid, got.Gid, want.Uid, want.Gid)
	}
	_ = like.Close()
	ChownLike(f, like) // of nobody known any more
}
