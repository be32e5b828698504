//go:build unix

package durable

import (
	"os"

	"golang.org/x/sys/unix"
)

// Unlock gives up the lock that a file was opened under and closes it, though it may be mapped
// still: a mapping alone would keep the lock.
func Unlock(f *os.File) {
	_ = unix.Flock(int(f.Fd()), unix.LOCK_UN)
	_ = f.Close()
}
