//go:build unix

package durable

import "golang.org/x/sys/unix"

// OpenFiles is how many files, connections among them, the process may have open at once; 0:
// as many as it likes.
func OpenFiles() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return int(min(uint64(limit.Cur), 1<<30))
}
