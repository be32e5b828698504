package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// Report is what Check found.
type Report struct {
	// Logs, Entries and Bodies are how many were checked, partial ones included.
	Logs, Entries, Bodies int
	// Feed is how many feed rows were checked.
	Feed int
	// Doubt is why a node that is started so signs nothing before others have confirmed what is here.
	Doubt Doubt
	// Problems are what is wrong, the first bad index of each log first; at most
	// ProblemLimit.
	Problems []*CorruptError
}

// Err is the first problem, or nil.
func (r Report) Err() error {
	if len(r.Problems) == 0 {
		return nil
	}
	return r.Problems[0]
}

// Check reads everything in the file and rebuilds what is derived: leaves and roots
// from the headers, commitments from the bodies, index and counts from both, arrivals
// and digests from the feed, and compares byte for byte. It reads one transaction:
// writing goes on meanwhile. The error is only why it could not be done: that of ctx,
// or ErrClosed.
func (s *Store) Check(ctx context.Context) (Report, error) {
	c := checker{ctx: ctx, report: Report{Doubt: s.Doubt()}}
	err := s.view(func(r *reading) error {
		c.reading = r
		return c.run()
	})
	if err != nil && !errors.Is(err, ErrCorrupt) {
		return c.report, fmt.Errorf("checking %s: %w", s.path, err)
	}
	c.problem(err)
	return c.report, nil
}

// CheckPages has bbolt check its own pages: what nothing refers to, or two things do.
// On some damage bbolt ends the process, so that it belongs in a process of its own,
// after Check.
func (s *Store) CheckPages(ctx context.Context) error {
	return s.view(func(r *reading) error {
		var first error
		for err := range r.tx.Check() { // to be drained, whatever it finds
			if first == nil {
				first = &CorruptError{What: err.Error()}
			}
		}
		return errors.Join(first, ctx.Err())
	})
}

type checker struct {
	*reading
	ctx     context.Context
	report  Report
	derived map[table]int // how many rows there should be
}

// problem notes a CorruptError; anything else is returned, and ends the check.
func (c *checker) problem(err error) error {
	var corrupt *CorruptError
	if !errors.As(err, &corrupt) {
		return err
	}
	if len(c.report.Problems) < ProblemLimit {
		c.report.Problems = append(c.report.Problems, corrupt)
	}
	return nil
}

func (c *checker) found(log ledger.LogID, index uint64, format string, args ...any) {
	_ = c.problem(&CorruptError{Log: log, Index: index, What: fmt.Sprintf(format, args...)})
}

func (c *checker) run() error {
	c.derived = map[table]int{}
	states, err := c.states()
	if err != nil {
		return err
	}
	for _, st := range states {
		if err := c.problem(c.checkLog(st)); err != nil {
			return err
		}
	}
	held, err := c.checkFeed()
	if err := c.problem(err); err != nil {
		return err
	}
	for _, st := range states {
		if held[st.log] != st.held.Size {
			c.found(st.log, held[st.log], "the feed tells of %d entries and %d are held", held[st.log], st.held.Size)
		}
		delete(held, st.log)
	}
	for log, size := range held {
		c.found(log, 0, "the feed tells of %d entries and the log is missing", size)
	}
	if err := c.problem(c.checkDrafts()); err != nil {
		return err
	}
	return c.countRows()
}

func (c *checker) states() ([]*logState, error) {
	var states []*logState
	err := eachState(c.tx, c.federation, func(st *logState) error {
		states = append(states, st)
		return nil
	})
	return states, c.problem(err)
}

// checkLog rebuilds one log and stops at its first bad index.
func (c *checker) checkLog(st *logState) error {
	c.report.Logs++
	var tree ledger.Tree
	var counts, partial tally
	erased := map[uint64]bool{}
	err := eachErasure(c.tx, st.log, 0, st.held.Size, func(target uint64) error {
		erased[target] = true
		return nil
	})
	if err != nil {
		return err
	}
	err = eachEntry(c.tx, st.log, 0, st.tree.Size(), func(index uint64, e ledger.Entry) error {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if index == st.held.Size && tree.Root() != st.held.Root && st.held.Note != nil {
			return &CorruptError{Log: st.log, Index: index, What: "the entries before do not lead to the signed root"}
		}
		count, err := c.checkEntry(st.log, index, e, erased[index])
		if index < st.held.Size {
			counts.add(count)
		} else {
			partial.add(count)
		}
		tree.Append(ledger.LeafHash(e.Header))
		return err
	})
	if err != nil {
		return err
	}
	size := st.tree.Size()
	switch {
	case tree != st.tree:
		c.found(st.log, 0, "the entries do not lead to the tree kept")
	case st.held.Size == size && tree.Root() != st.held.Root:
		c.found(st.log, 0, "the entries do not lead to the signed root")
	case counts != st.counts || partial != st.partial:
		c.found(st.log, 0, "its counts are not those of its entries")
	}
	root, err := (hashReader{c.tx, st.log}).rootAt(size)
	if err == nil && root != tree.Root() {
		err = &CorruptError{Log: st.log, What: "its tiles do not lead to its root"}
	}
	return errors.Join(err, c.checkBlocks(st, size), c.checkTiles(st, size))
}

// checkBlocks sees that every entry lies in one place, those of a whole block in one run, and that
// nothing lies beyond the end.
func (c *checker) checkBlocks(st *logState, size uint64) error {
	runs, end := map[uint64]bool{}, uint64(0) // where they begin, and where all end
	for start := uint64(0); start < size; start += blockEntries {
		err := eachRun(c.tx, st.log, start, size, func(r entryRun) error {
			runs[r.first], end = true, r.end
			if whole := start+blockEntries <= size; r.end > size || whole && r.first+blockEntries != r.end {
				return &CorruptError{Log: st.log, Index: r.first, What: "a run of entries ends where none should"}
			}
			return nil
		})
		if err == nil && start+blockEntries <= size && end != start+blockEntries {
			err = &CorruptError{Log: st.log, Index: start, What: "a whole block is not packed"}
		}
		if err != nil {
			return err
		}
	}
	for _, t := range []table{tableTail, tableHeaders, tableBodies} {
		err := t.scan(c.tx, logKey(st.log), nil, func(key, _ []byte) error {
			at, _, ok := cutEntry(c.federation, key)
			if there := t == tableTail && at.index >= end && at.index < size || t != tableTail && runs[at.index]; !ok || !there {
				return &CorruptError{Log: st.log, Index: at.index, What: fmt.Sprintf("a row of %s lies where none should", t)}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkTiles sees that every level has the hashes its size calls for, and that each
// full tile has its root above.
func (c *checker) checkTiles(st *logState, size uint64) error {
	for level, n := byte(0), size; n > 0; level, n = level+1, n/tileWidth {
		for i := range (n + tileWidth - 1) / tileWidth {
			width := int(min(tileWidth, n-i*tileWidth))
			value, err := tableTiles.get(c.tx, tileKey(st.log, level, i))
			if err != nil {
				return err
			}
			if len(value) != width*len(st.held.Root) {
				return &CorruptError{Log: st.log, Index: i << (tileHeight * (level + 1)), What: "a tile of its tree has the wrong size"}
			}
			c.derived[tableTiles]++
			if width < tileWidth {
				continue
			}
			tile, err := readTile(c.tx, tileKey(st.log, level, i), tileWidth)
			if err != nil {
				return err
			}
			above, err := readTile(c.tx, tileKey(st.log, level+1, i/tileWidth), int(i%tileWidth)+1)
			if err == nil && above[i%tileWidth] != subtree(tile) {
				err = &CorruptError{Log: st.log, Index: i << (tileHeight * (level + 1)), What: "a tile of its tree does not lead to the tile above"}
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// checkEntry checks one entry against its commitment, its leaf and its index rows; erased: another names it, which
// is held.
func (c *checker) checkEntry(log ledger.LogID, index uint64, e ledger.Entry, erased bool) (tally, error) {
	h, err := e.Check(index)
	if erased = erased && erasable(h.GetKind()); erased && e.Salt != nil {
		err = errors.New("its words were erased, and are here")
	}
	if err != nil {
		return tally{}, &CorruptError{Log: log, Index: index, What: err.Error()}
	}
	c.report.Entries++
	if e.Salt != nil {
		c.report.Bodies++
	}
	if _, err := checkLeaf(hashReader{c.tx, log}, index, e.Header); err != nil {
		return tally{}, err
	}
	rows, count := derive(log, h, e.Body, erased)
	for _, o := range rows {
		if err := c.checkDerived(o); err != nil {
			return count, &CorruptError{Log: log, Index: index, What: err.Error()}
		}
	}
	return count, nil
}

var errDerived = errors.New("the index is not that of the entries")

// checkDerived compares one derived row with what is stored.
func (c *checker) checkDerived(o derivedRow) error {
	value, err := o.table.get(c.tx, o.key)
	if err != nil {
		return err
	}
	wasHere := o.table == tableAbsent && bytes.Equal(value, lostBody)
	if value == nil || !bytes.Equal(value, o.value) && !wasHere {
		return fmt.Errorf("%w: a row of %s is missing or differs", errDerived, o.table)
	}
	c.derived[o.table]++
	return nil
}

// countRows sees that there are no derived rows beside those compared, and that of every
// table the rows are those written last.
func (c *checker) countRows() error {
	if len(c.report.Problems) > 0 {
		return nil // which would only be said again
	}
	derived := []table{tableRows, tableIndex, tableAbsent, tableArrived, tableLate, tableTiles}
	for t := range tableCount {
		n := 0
		err := t.scan(c.tx, nil, nil, func(_, _ []byte) error { n++; return c.ctx.Err() })
		if err := c.problem(err); err != nil {
			return err
		}
		if err == nil && slices.Contains(derived, t) && n != c.derived[t] {
			c.found(ledger.LogID{}, 0, "%s has %d rows and the entries call for %d", t, n, c.derived[t])
		}
	}
	return nil
}

// checkFeed follows the digests and returns up to where the feed tells of each log.
func (c *checker) checkFeed() (map[ledger.LogID]uint64, error) {
	held := map[ledger.LogID]uint64{}
	var digest [32]byte
	n := uint64(0)
	err := tableFeed.scan(c.tx, nil, nil, func(key, value []byte) error {
		row, err := openFeedRow(c.federation, key, value)
		if err != nil {
			return err
		}
		n++
		if row.N != n || row.Digest != row.chain(digest) {
			return &CorruptError{What: fmt.Sprintf("the feed breaks off at row %d", n)}
		}
		digest = row.Digest
		gap := row.End <= row.First
		if row.Type == FeedHeaders {
			gap = gap || row.First != held[row.Log]
			held[row.Log] = row.End
		} else {
			gap = gap || row.End > held[row.Log]
		}
		if gap {
			return &CorruptError{Log: row.Log, Index: row.First, What: fmt.Sprintf("feed row %d does not follow", row.N)}
		}
		for _, o := range row.derived() {
			if err := c.checkDerived(o); err != nil {
				return &CorruptError{Log: row.Log, Index: row.First, What: err.Error()}
			}
		}
		return c.ctx.Err()
	})
	c.report.Feed = int(n)
	return held, err
}

// checkDrafts reads every draft, and sees that every request names an entry.
func (c *checker) checkDrafts() error {
	err := tableDrafts.scan(c.tx, nil, nil, func(key, value []byte) error {
		_, _, err := openDraft(key, value)
		return err
	})
	if err != nil {
		return err
	}
	return tableRequests.scan(c.tx, nil, nil, func(key, value []byte) error {
		at, _, ok := openRequest(c.federation, value)
		if !ok {
			return tableRequests.damaged(key)
		}
		st, err := loadState(c.tx, at.log)
		if err == nil && at.index >= st.tree.Size() {
			err = &CorruptError{Log: at.log, Index: at.index, What: fmt.Sprintf("request %q names an entry that is not here", key)}
		}
		return err
	})
}
