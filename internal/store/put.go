package store

import (
	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// run is entries to be put at the end of a log, one element of each slice per entry.
type run struct {
	entries []ledger.Entry
	headers []*ledgerv1.EntryHeader
	leaves  []tlog.Hash
	// blocks are the frames the run came in when it is exactly one whole block.
	blocks *ledger.Blocks
}

// size is about how many bytes the run takes.
func (r run) size() int {
	n := 0
	for _, e := range r.entries {
		n += len(e.Header) + len(e.Salt) + len(e.Body)
	}
	return n
}

// put stores a run at the end of what is stored of a log: entries, tree and index.
// Own entries and others' come through here. They are not held until reach.
func (w *writer) put(st *logState, r run) error {
	if len(r.entries) == 0 {
		return nil
	}
	first := st.tree.Size()
	w.wrote = true
	for _, leaf := range r.leaves {
		st.tree.Append(leaf)
	}
	if err := putHashes(w.tx, st.log, 0, first, r.leaves); err != nil {
		return err
	}
	if err := w.putEntries(st.log, first, r); err != nil {
		return err
	}
	for i, h := range r.headers {
		count, err := putIndex(w.tx, st.log, h, r.entries[i].Body)
		if err != nil {
			return err
		}
		st.partial.add(count)
	}
	return nil
}

// putEntries stores a whole block as it came, anything else in the tail, which is
// sealed block by block.
func (w *writer) putEntries(log ledger.LogID, first uint64, r run) error {
	if r.blocks != nil {
		return w.putBlocks(log, first/blockEntries, *r.blocks)
	}
	for i, e := range r.entries {
		index := first + uint64(i)
		if err := putTail(w.tx, log, index, e); err != nil {
			return err
		}
		if index%blockEntries == blockEntries-1 {
			if err := sealBlock(w.tx, log, index/blockEntries); err != nil {
				return err
			}
		}
	}
	return nil
}

// putBlocks stores frames as shipped, without compressing anything again.
func (w *writer) putBlocks(log ledger.LogID, block uint64, blocks ledger.Blocks) error {
	if err := tableHeaders.put(w.tx, entryKey(log, block), blocks.Headers); err != nil {
		return err
	}
	var parts [visibilities]byte
	for _, f := range blocks.Bodies {
		v := class(f.Visibility)
		key := bodyBlockKey(log, block, v, parts[v])
		if err := tableBodies.put(w.tx, key, f.Frame); err != nil {
			return err
		}
		parts[v]++
	}
	return nil
}

// reach makes a checkpoint the log's head, when all its entries are here and its root
// is theirs. A checkpoint that is not beyond the head, or not yet reached, changes
// nothing. Error: *ForkError.
func (w *writer) reach(st *logState, cp ledger.Checkpoint) error {
	w.see(cp)
	if cp.Size <= st.held.Size || cp.Size > st.tree.Size() {
		return nil
	}
	if err := w.agrees(st, cp); err != nil {
		return err
	}
	counts, err := w.countTo(st, cp.Size)
	if err != nil {
		return err
	}
	if err := w.s.allowsOwn(w.tx, st, cp); err != nil {
		return err
	}
	if err := w.appendFeed(FeedHeaders, st.log, st.held.Size, cp.Size); err != nil {
		return err
	}
	st.counts.add(counts)
	st.partial = st.partial.minus(counts)
	st.held = cp
	w.wrote = true
	return nil
}

// agrees checks that a checkpoint's root is that of the entries stored.
func (w *writer) agrees(st *logState, cp ledger.Checkpoint) error {
	root := st.tree.Root()
	if cp.Size != st.tree.Size() {
		var err error
		if root, err = (hashReader{w.tx, st.log}).rootAt(cp.Size); err != nil {
			return err
		}
	}
	if root != cp.Root {
		return &ForkError{Held: st.held, Other: cp}
	}
	return nil
}

// countTo counts the entries from the held size up to another. Short of everything
// stored they are read again: only a checkpoint between two others asks for that.
func (w *writer) countTo(st *logState, size uint64) (tally, error) {
	if size == st.tree.Size() {
		return st.partial, nil
	}
	var sum tally
	err := eachEntry(w.tx, st.log, st.held.Size, size, func(index uint64, e ledger.Entry) error {
		h, err := ledger.ParseHeader(e.Header)
		if err != nil {
			return &CorruptError{Log: st.log, Index: index, What: err.Error()}
		}
		_, count := derive(st.log, h, e.Body)
		sum.add(count)
		return nil
	})
	return sum, err
}
