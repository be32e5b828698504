package store

import (
	"cmp"
	"fmt"
	"os"
)

// bbolt writes whole pages, some of them for the first time, for every change: about
// this much for a change of a payload of bytes.
const (
	writeFactor = 3
	writeFloor  = 1 << 20
)

// room is ErrDiskFull when a change of payload bytes might not fit. It is asked before
// anything is written: a commit that fails half way ends the process.
func (s *Store) room(payload int) error {
	if s.readOnly != nil {
		return s.readOnly
	}
	open, err := s.file.Stat()
	if err != nil {
		return err
	}
	if there, err := os.Stat(s.path); s.Damage() == nil && (err != nil || !os.SameFile(open, there)) {
		return fmt.Errorf("%w: %s", ErrReplaced, s.path) // what is written would be gone with the process
	}
	need := int64(payload)*writeFactor + writeFloor
	free, err := s.opts.Free(s.path)
	if err != nil {
		return fmt.Errorf("finding how much room %s has: %w", s.path, err)
	}
	if left := free - max(s.opts.MinFree, 0); left < need {
		return fmt.Errorf("%w: %s: %d bytes are free, of which %d stay free, and %d are needed: make room on that disk; reading goes on",
			ErrDiskFull, s.path, free, max(s.opts.MinFree, 0), need)
	}
	if s.opts.MaxSize <= 0 {
		return nil
	}
	if used := s.Used(); s.opts.MaxSize-used < need {
		return fmt.Errorf("%w: %s: %d of at most %d bytes are used and %d are needed: raise the size limit; reading goes on",
			ErrDiskFull, s.path, used, s.opts.MaxSize, need)
	}
	return nil
}

// Room is how many bytes may still be written; and why writing is refused, when it is:
// ErrDiskFull, ErrReadOnly, ErrReplaced.
func (s *Store) Room() (int64, error) {
	why := s.room(0)
	if why == nil && s.writing.TryLock() { // else it is being written
		why = s.guardReplaced()
		s.writing.Unlock()
	}
	free, err := s.opts.Free(s.path)
	if err != nil { // of a file that is gone, say
		return 0, cmp.Or(why, fmt.Errorf("finding how much room %s has: %w", s.path, err))
	}
	free -= max(s.opts.MinFree, 0)
	if s.opts.MaxSize > 0 {
		free = min(free, s.opts.MaxSize-s.Used())
	}
	return max(free, 0), why
}

// Used is how many bytes of the data file are in use.
func (s *Store) Used() int64 {
	s.mu.RLock()
	file := s.db
	s.mu.RUnlock()
	tx, err := file.Begin(false)
	if err != nil {
		return 0
	}
	defer func() { _ = tx.Rollback() }() // of a read: nothing can be lost
	free := file.Stats().FreePageN + file.Stats().PendingPageN
	return tx.Size() - int64(free*file.Info().PageSize)
}
