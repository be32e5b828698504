package replica

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Trial tells a log that its office forked from a proof that its source spoilt. A
// consistency proof cannot: where the shorter size is a power of two it does not hold
// the root there. So the source's log is read once more, from its beginning and only as
// far as what is held here. Each run has to lead to a validly signed head; if the root
// at the size held is another all the same, that head and the one held contradict each
// other. Nothing of it is kept.
//
//	held here           0..1  root 5ce3   signed
//	from the source     0..2  root 77a0   signed, and 0..1 has root 81f2: forked
type Trial struct {
	keys     Keys
	held     ledger.Checkpoint
	verifier ledger.Verifier
	tree     ledger.Tree       // what the source has shown, up to the end of a run
	head     ledger.Checkpoint // that it leads to
	root     tlog.Hash         // of it, at the size held
	decided  bool
}

// NewTrial begins a trial against a head that is held here.
func NewTrial(keys Keys, held ledger.Checkpoint) *Trial { return &Trial{keys: keys, held: held} }

// Request is what to ask the source for.
func (t *Trial) Request() *nodev1.FetchRequest {
	return &nodev1.FetchRequest{Ranges: []*nodev1.LogRange{{Log: t.held.Log.String(), Size: t.held.Size}}}
}

// Take takes a chunk of the answer; io.EOF when no more is needed.
func (t *Trial) Take(c *nodev1.Chunk) error {
	segs, err := unpack(c)
	if err != nil {
		return err
	}
	before := t.tree.Size()
	for _, seg := range segs {
		if seg.Log != t.held.Log {
			return fmt.Errorf("reading a chunk: %w: %s was not asked for", ledger.ErrMalformed, seg.Log)
		}
		if err := t.take(seg); err != nil || t.decided {
			return err
		}
	}
	if t.tree.Size() == before {
		return fmt.Errorf("reading a chunk: %w: it brings nothing new", ledger.ErrMalformed)
	}
	return nil
}

func (t *Trial) take(seg ledger.Segment) error {
	peeked, err := ledger.PeekCheckpoint(seg.Checkpoint)
	if err != nil {
		return fmt.Errorf("trying %s: %w", seg.Log, err)
	}
	v, err := t.verifier.Verify(t.tree, seg, t.keys(seg.Log, peeked.Size))
	if errors.Is(err, ledger.ErrHeld) {
		return nil
	}
	if err != nil {
		return err
	}
	if v.Tree().Size() < t.held.Size {
		t.tree = v.Tree()
		return nil
	}
	for _, leaf := range v.LeafHashes()[:t.held.Size-t.tree.Size()] {
		t.tree.Append(leaf)
	}
	t.head, t.root, t.decided = v.Target(), t.tree.Root(), true
	return io.EOF
}

// Fork is the contradiction, if one was found.
func (t *Trial) Fork() (Forked, bool) {
	return Forked{t.held, t.head}, t.decided && t.root != t.held.Root
}
