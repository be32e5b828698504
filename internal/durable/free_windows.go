package durable

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// FreeBytes is how many bytes an ordinary user may still write on the disk that a file lies on:
// where it is a link, the disk of what that leads to.
func FreeBytes(path string) (int64, error) {
	file, err := filepath.EvalSymlinks(path)
	if err != nil {
		return 0, err
	}
	dir, err := windows.UTF16PtrFromString(filepath.Dir(file))
	if err != nil {
		return 0, err
	}
	var free uint64
	err = windows.GetDiskFreeSpaceEx(dir, &free, nil, nil)
	return int64(free), err
}
