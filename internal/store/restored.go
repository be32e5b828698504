package store

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// A backup may be older than what its office has signed, whichever way it becomes a node's data:
// by Restore, or copied by hand, with the keys there before it or after. So it is marked itself, on
// its first two pages, behind what bbolt has there. Whoever opens such a file to sign takes that
// into the guard, whose doubt it is then (DoubtRestored).
//
// bbolt writes one of the two pages anew in every transaction, without the mark. So the first of
// them puts it into a row of tableMeta, where it stays until the doubt is over: the guard may still
// be taken away meanwhile, and another put in its place.
var (
	restoredKey = []byte("restored")
	backupMark  = []byte("this is a backup of lmcfed;")
)

const (
	markAt    = 256 // in the page: bbolt has 80 bytes there
	markTimes = 4   // a flipped bit takes one away
)

// putMark writes the mark where it belongs in a part of a file from an offset on.
func putMark(part []byte, offset int64, pageSize int) {
	mark := bytes.Repeat(backupMark, markTimes)
	for id := range 2 {
		at := int64(id*pageSize+markAt) - offset
		for i, b := range mark {
			if to := at + int64(i); to >= 0 && to < int64(len(part)) {
				part[to] = b
			}
		}
	}
}

// marking marks a file that is written to it from its start.
type marking struct {
	to       io.Writer
	pageSize int
	offset   int64
}

func (m *marking) Write(p []byte) (int, error) {
	if m.offset < int64(2*m.pageSize) {
		p = bytes.Clone(p) // the caller's
		putMark(p, m.offset, m.pageSize)
	}
	m.offset += int64(len(p))
	return m.to.Write(p)
}

// mark marks a whole file.
func mark(file *os.File) error {
	pageSize := inFile(file).size
	first := make([]byte, 2*pageSize)
	if _, err := file.ReadAt(first, 0); err != nil {
		return err
	}
	putMark(first, 0, pageSize)
	_, err := file.WriteAt(first, 0)
	return err
}

// marked: the newest of the first two pages is of a backup, and nothing was written since.
func (p *pages) marked() bool {
	newest, _ := p.newest()
	return bytes.Contains(newest, backupMark)
}

// loadRestored reads whether the file is a backup that nobody has confirmed.
func (s *Store) loadRestored(tx *txn) error {
	row, err := loadMeta[bool](tx, restoredKey)
	s.restoredRow = row != nil
	s.restored = s.restoredRow || inFile(s.file).marked()
	return err
}

// saveRestored brings the row up to date with whatever else is written.
func (w *writer) saveRestored() error {
	switch {
	case w.s.restored == w.s.restoredRow:
		return nil
	case w.s.restored:
		return putMeta(w.tx, restoredKey, true)
	}
	return tableMeta.del(w.tx, restoredKey)
}

// forgetRestored is for whoever has confirmed that the data are no old copy. Where the file cannot
// be written now, that goes with the next thing that is, and a start before it finds the doubt again.
func (s *Store) forgetRestored() error {
	s.writing.Lock()
	had := s.restored
	s.restored = false
	s.writing.Unlock()
	if !had {
		return nil
	}
	err := s.update(0, func(w *writer) error { w.wrote = true; return nil })
	if errors.Is(err, ErrDiskFull) || errors.Is(err, ErrReadOnly) {
		return nil
	}
	return err
}
