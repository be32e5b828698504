package durable

import (
	"os"

	"golang.org/x/sys/windows"
)

// Lock takes the lock of an open file, which no two have at once, or says that another has it
// (os.ErrExist). It is given up when the file is closed, or the process ends.
func Lock(f *os.File) error {
	const beyond = 1 << 30 // so that the file can still be read
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{Offset: beyond})
	if err == windows.ERROR_LOCK_VIOLATION {
		return os.ErrExist
	}
	return err
}
