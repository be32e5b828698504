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
	// blocks are the frames it came in, when it is all they have and of one block.
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
//
// What came in frames is stored as it came, without compressing anything again, if it is enough;
// anything else in the tail, of which runs are made.
func (w *writer) put(st *logState, r run) error {
	if len(r.entries) == 0 {
		return nil
	}
	w.wrote = true
	w.claimed[st.log] = r.headers[len(r.headers)-1].GetClaimedMs()
	first := st.tree.Size()
	for _, leaf := range r.leaves {
		st.tree.Append(leaf)
	}
	if err := putHashes(w.tx, st.log, 0, first, r.leaves); err != nil {
		return err
	}
	if len(r.entries) < runEntries {
		r.blocks = nil
	}
	if r.blocks != nil && first%blockEntries > 0 {
		before, err := runOf(w.tx, st.log, first-1)
		if err != nil {
			return err
		}
		if before.end == 0 { // it lies singly, and no run of its block may follow it
			r.blocks = nil
		}
	}
	if r.blocks != nil {
		if err := putHeaderFrame(w.tx, st.log, first, len(r.entries), r.blocks.Headers); err != nil {
			return err
		}
		var parts [visibilities]byte
		for _, f := range r.blocks.Bodies {
			v := class(f.Visibility)
			if err := tableBodies.put(w.tx, bodyBlockKey(st.log, first, v, parts[v]), f.Frame); err != nil {
				return err
			}
			parts[v]++
		}
	}
	from := first
	for i, h := range r.headers {
		index := first + uint64(i)
		if r.blocks == nil {
			if err := putTail(w.tx, st.log, index, r.entries[i]); err != nil {
				return err
			}
		}
		end := index + 1
		if ends := end%blockEntries == 0; r.blocks == nil && (ends || i+1 == len(r.headers)) || ends && len(r.entries) < blockEntries {
			if err := settleTail(w.tx, st.log, from, end); err != nil {
				return err
			}
			from = end
		}
		count, err := putIndex(w.tx, st.log, h, r.entries[i].Body)
		if err != nil {
			return err
		}
		st.partial.add(count)
		st.erasures = st.erasures || h.GetKind() == ledgerv1.EntryKind_ENTRY_KIND_ERASURE
	}
	return nil
}

// reach makes a checkpoint the log's head, when all its entries are here and its root
// is theirs. A checkpoint that is not beyond the head, or not yet reached, changes
// nothing. Error: *ForkError.
func (w *writer) reach(st *logState, cp ledger.Checkpoint) error {
	if have, ok := w.seen[cp.Log]; !ok || have.Size < cp.Size {
		w.seen[cp.Log] = seenHead{SeenHead: SeenHead{Checkpoint: cp}} // known once this is released
	}
	if cp.Size <= st.held.Size || cp.Size > st.tree.Size() {
		return nil
	}
	before := st.held.Size
	erased, err := w.hold(st, cp)
	if err != nil {
		return err
	}
	if err := w.appendFeed(FeedHeaders, st.log, before, cp.Size); err != nil {
		return err
	}
	return w.feedErased(st.log, erased)
}

// hold makes a checkpoint within what is stored the log's head, and returns which entries are erased by that.
// Error: *ForkError.
func (w *writer) hold(st *logState, cp ledger.Checkpoint) (erased []uint64, err error) {
	if err := agrees(w.tx, st, cp); err != nil {
		return nil, err
	}
	counts := st.partial
	if cp.Size < st.tree.Size() {
		// Counted again: only a checkpoint between two others asks for that.
		counts = tally{}
		err := eachEntry(w.tx, st.log, st.held.Size, cp.Size, func(index uint64, e ledger.Entry) error {
			h, err := ledger.ParseHeader(e.Header)
			if err != nil {
				return &CorruptError{Log: st.log, Index: index, What: err.Error()}
			}
			_, count := derive(st.log, h, e.Body, false) // what is not held yet erases nothing
			counts.add(count)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if err := w.s.allowsOwn(w.tx, st, cp); err != nil {
		return nil, err
	}
	before := st.held.Size
	st.counts.add(counts)
	st.partial = st.partial.minus(counts)
	st.held = cp
	w.wrote = true
	if before >= st.loaded && !st.erasures { // all of it came with this
		return nil, nil
	}
	return w.applyErasures(st, before, cp.Size)
}

// agrees checks that a checkpoint's root is that of the entries stored.
func agrees(tx *txn, st *logState, cp ledger.Checkpoint) error {
	root := st.tree.Root()
	if cp.Size != st.tree.Size() {
		var err error
		if root, err = (hashReader{tx, st.log}).rootAt(cp.Size); err != nil {
			return err
		}
	}
	if root != cp.Root {
		return &ForkError{Held: st.held, Other: cp}
	}
	return nil
}
