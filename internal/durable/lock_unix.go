//go:build unix

package durable

import (
	"os"

	"golang.org/x/sys/unix"
)

// Lock takes the lock of an open file, which no two have at once, or says that another has it
// (os.ErrExist). It is given up when the file is closed, or the process ends.
func Lock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == unix.EWOULDBLOCK {
		return os.ErrExist
	}
	return err
}
