package replica

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// ForkCheck tells a log that its office forked from a proof that its source spoilt. A
// consistency proof cannot: where the shorter size is a power of two it does not hold
// the root there. So the source's log is read once more, from its beginning and only as
// far as what is held here. Each run has to lead to a validly signed head; if the root
// at the size held is another all the same, that head and the one held contradict each
// other. Nothing of it is kept.
//
//	held here           0..1  root 5ce3   signed
//	from the source     0..2  root 77a0   signed, and 0..1 has root 81f2: forked
type ForkCheck struct {
	keys     Keys
	held     ledger.Checkpoint
	verifier ledger.Verifier
	tree     ledger.Tree       // what the source has shown, up to the end of a run
	head     ledger.Checkpoint // that it leads to
	root     tlog.Hash         // of it, at the size held
	decided  bool
}

// NewForkCheck begins a check against a head that is held here.
func NewForkCheck(keys Keys, held ledger.Checkpoint) *ForkCheck {
	return &ForkCheck{keys: keys, held: held}
}

// Request is what to ask the source for.
func (f *ForkCheck) Request() *nodev1.FetchRequest {
	return &nodev1.FetchRequest{Ranges: []*nodev1.LogRange{{Log: f.held.Log.String(), Size: f.held.Size}}}
}

// Take takes a chunk of the answer; io.EOF when no more is needed. A chunk that brings
// the check no further is an error, or a source could go on for ever.
func (f *ForkCheck) Take(c *nodev1.Chunk) error {
	segs, err := unpack(c)
	if err != nil {
		return err
	}
	before := f.tree.Size()
	for _, seg := range segs {
		if seg.Log != f.held.Log {
			return fmt.Errorf("reading a chunk: %w: %s was not asked for", ledger.ErrMalformed, seg.Log)
		}
		peeked, err := ledger.PeekCheckpoint(seg.Checkpoint)
		if err != nil {
			return fmt.Errorf("trying %s: %w", seg.Log, err)
		}
		v, err := f.verifier.Verify(f.tree, seg, f.keys(seg.Log, peeked.Size))
		if errors.Is(err, ledger.ErrHeld) {
			continue
		}
		if err != nil {
			return err
		}
		if v.Tree().Size() < f.held.Size {
			f.tree = v.Tree()
			continue
		}
		for _, leaf := range v.LeafHashes()[:f.held.Size-f.tree.Size()] {
			f.tree.Append(leaf)
		}
		f.head, f.root, f.decided = v.Target(), f.tree.Root(), true
		return io.EOF
	}
	if f.tree.Size() == before {
		return fmt.Errorf("reading a chunk: %w: it brings nothing new", ledger.ErrMalformed)
	}
	return nil
}

// Fork is the contradiction, if one was found.
func (f *ForkCheck) Fork() (Forked, bool) {
	return Forked{f.held, f.head}, f.decided && f.root != f.held.Root
}
