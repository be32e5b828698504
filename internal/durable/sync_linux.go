package durable

import (
	"os"

	"golang.org/x/sys/unix"
)

// SyncData makes what a file of unchanged length holds durable: fdatasync(2), which leaves out
// the times of the file and so costs half of fsync.
func SyncData(f *os.File) error { return unix.Fdatasync(int(f.Fd())) }
