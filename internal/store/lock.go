package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/lmcfed/lmcfed/internal/durable"
)

// lockFolder takes the lock of a data file as long as a store has it open: bbolt's own is of the file
// that is there, and a mend puts another in its place. Where no file can be made there is none, and
// nothing is mended.
func lockFolder(path string, opts Options) (*os.File, error) {
	flag := os.O_RDWR | os.O_CREATE
	if opts.AsFound {
		flag = os.O_RDWR // who only looks makes no file
	}
	if err := durable.IsFile(pidFile(path)); errors.Is(err, durable.ErrNotAFile) { // it would be no lock
		return nil, err
	}
	lock, err := os.OpenFile(pidFile(path), flag, 0o600)
	if err != nil {
		return nil, nil
	}
	for deadline := time.Now().Add(lockTimeout); ; time.Sleep(lockPause) {
		if err = durable.Lock(lock); err == nil {
			return lock, nil
		}
		if !errors.Is(err, os.ErrExist) || time.Now().After(deadline) {
			break
		}
	}
	_ = lock.Close()
	if errors.Is(err, os.ErrExist) {
		return nil, lockedBy(path)
	}
	return nil, nil
}

// lockedBy is ErrLocked, by whom.
func lockedBy(path string) error {
	holder := fmt.Sprintf("another process has it open (see `fuser %s`)", path)
	if pid, err := os.ReadFile(pidFile(path)); err == nil && len(bytes.TrimSpace(pid)) > 0 {
		holder = fmt.Sprintf("process %s has it open", bytes.TrimSpace(pid))
	}
	return fmt.Errorf("%w: %s: stop that process first", ErrLocked, holder)
}

func pidFile(path string) string { return path + ".pid" }
