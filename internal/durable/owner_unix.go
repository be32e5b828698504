//go:build unix

package durable

import (
	"os"
	"syscall"
)

// ChownLike gives a file to the user whom another belongs to, where root has made it: else whoever runs the
// node could not open it.
func ChownLike(f, like *os.File) {
	if os.Geteuid() != 0 {
		return
	}
	if info, err := like.Stat(); err == nil {
		owner := info.Sys().(*syscall.Stat_t)
		_ = f.Chown(int(owner.Uid), int(owner.Gid))
	}
}
