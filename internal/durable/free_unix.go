//go:build unix

package durable

import "golang.org/x/sys/unix"

// FreeBytes is how many bytes an ordinary user may still write on the disk that a file lies on:
// where it is a link, the disk of what that leads to.
func FreeBytes(path string) (int64, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(path, &fs); err != nil {
		return 0, err
	}
	return int64(fs.Bavail) * int64(fs.Bsize), nil
}
