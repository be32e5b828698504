//go:build unix

package durable

import (
	"os"
	"syscall"
)

// ChownLike gives a file to the user whom another belongs to, where root has made it: else whoever runs the
// node could not open it.
func ChownLike(f, like *os.File) {
	info, err := like.Stat()
	if owner, ok := info.Sys().(*syscall.Stat_t); err == nil && ok && os.Geteuid() == 0 {
		_ = f.Chown(int(owner.Uid), int(owner.Gid))
	}
}
