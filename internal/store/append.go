package store

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// Append logs drafts, whose headers must carry the next indexes in order, at the end
// of an own log. sign is called once, outside any transaction, with the size and root
// to be. It returns the index of the first entry and the new size.
//
// A log forks when two heads that cannot both be true are signed and somebody has seen
// the one that is not kept. The order of steps is there so that nobody can have, wherever
// the power is cut (protocol.md 4). What is on the disk then, and what comes of it:
//
//  1. The drafts are durable before (PutDraft). Cut here, or before 3: nothing else is.
//     The node appends the same drafts again: the same bytes, so the same root signed.
//  2. The head is signed, and known to nobody but this call.
//  3. One transaction commits entries, tree, index, feed, checkpoint and request ids, and
//     removes the drafts. Cut here: the guard is older than the file, which is brought up
//     to date at opening (checkGuard). Whoever asked repeats, and Request answers.
//  4. The guard, which lies apart from the file and is not restored with it, becomes this
//     head. Cut here: nothing is missing. Were it written before 3, a cut between would
//     leave a guard with a head nobody has: the node would wait for its entries for ever.
//  5. The head is released: readers and peers see it, and whoever waits is woken. Were it
//     released before 4, a cut between and a restored backup would leave a node that does
//     not know of the head its peers hold, and would sign another in its place.
//
// Errors: ErrInvalid, ErrMoved when the indexes are not the next, ErrRequestUsed,
// ErrRecovering, ErrForked, ErrDiskFull, that of sign, ErrFatal.
func (s *Store) Append(log ledger.LogID, drafts []Draft, sign func(size uint64, root tlog.Hash) (ledger.Checkpoint, error)) (first, size uint64, err error) {
	s.appending.Lock()
	defer s.appending.Unlock()
	defer func() {
		if err != nil {
			first, size, err = 0, 0, fmt.Errorf("appending to %s: %w", log, err)
		}
	}()
	if log.Office != s.opts.Office || log.Federation != s.opts.Federation || len(drafts) == 0 {
		return 0, 0, fmt.Errorf("%w: want drafts for a log of %s in %s", ErrInvalid, s.opts.Office, s.opts.Federation)
	}
	if err := s.signable(); err != nil {
		return 0, 0, err
	}
	if newest := s.guardLog(); log.Epoch < newest.Epoch {
		return 0, 0, fmt.Errorf("%w: %s has taken its place", ErrInvalid, newest)
	}
	tree, err := s.Progress(log)
	if err != nil {
		return 0, 0, err
	}
	if have := s.size(log); have != tree.Size() {
		return 0, 0, fmt.Errorf("%w: %s to %s came from a peer and no head reaches them yet", ErrRecovering, log.Entry(have), log.Entry(tree.Size()-1))
	}

	first = tree.Size()
	var r run
	for _, d := range drafts {
		h, err := d.check()
		if err != nil {
			return 0, 0, err
		}
		if h.GetIndex() != tree.Size() {
			return 0, 0, fmt.Errorf("%w: draft %q was sealed for index %d and the next is %d: seal it again", ErrMoved, d.RequestID, h.GetIndex(), tree.Size())
		}
		leaf := ledger.LeafHash(d.Header)
		tree.Append(leaf)
		r.entries = append(r.entries, d.Entry())
		r.headers = append(r.headers, h)
		r.leaves = append(r.leaves, leaf)
	}
	if err := s.room(r.size()); err != nil {
		return 0, 0, err // rather before it is signed than after
	}

	signed, err := sign(tree.Size(), tree.Root())
	if err != nil {
		return 0, 0, fmt.Errorf("signing size %d: %w", tree.Size(), err)
	}
	head, err := ledger.PeekCheckpoint(signed.Note)
	if err != nil {
		return 0, 0, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if head.Log != log || head.Size != tree.Size() || head.Root != tree.Root() {
		return 0, 0, fmt.Errorf("%w: the checkpoint signed is of %s at size %d", ErrInvalid, head.Log, head.Size)
	}

	// update commits what this writes, writes the guard, and releases the head, in that order.
	err = s.update(r.size(), func(w *writer) error {
		if err := s.guardReplaced(); err != nil {
			return err
		}
		st, err := w.state(log)
		if err != nil {
			return err
		}
		if st.tree.Size() != first {
			return fmt.Errorf("%w: entries up to %d came from a peer meanwhile", ErrMoved, st.tree.Size())
		}
		if err := w.put(st, r); err != nil {
			return err
		}
		for i, d := range drafts {
			if err := w.checkUnused(d.RequestID); err != nil {
				return err
			}
			if err := tableRequests.put(w.tx, []byte(d.RequestID), entryKey(log, first+uint64(i)), d.Content[:]); err != nil {
				return err
			}
			if err := tableDrafts.del(w.tx, []byte(d.RequestID)); err != nil {
				return err
			}
		}
		return w.reach(st, head)
	})
	return first, tree.Size(), err
}
