package sim

import (
	"bytes"
	"context"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// checkNode is invariant 1 after every step: what is held of a log is at a size its
// writer signed, with that root, and never less than before. A restored node begins
// anew. One writer that never forks has one history, so that being on it is the same
// as having moved along a consistency path.
func (w *world) checkNode(n *node) {
	for _, h := range n.store.Heads() {
		old := n.held[h.Log]
		if h.Size == old.Size && h.Root == old.Root {
			continue
		}
		if h.Size < old.Size {
			w.fail("%s: %s fell from %d to %d", n.office, h.Log, old.Size, h.Size)
		}
		if root, ok := w.truth[h.Log].roots[h.Size]; !ok || root != h.Root {
			w.fail("%s: holds %s at %d, which its writer never signed so", n.office, h.Log, h.Size)
		}
		n.held[h.Log] = h
	}
}

// checkPairs is invariant 2 after every step: when both sides report in sync, their
// frontiers are equal.
func (w *world) checkPairs() {
	for _, d := range w.plan.dials {
		p := w.links[d].up
		if p == nil || !p.ends[0].alive() || !p.ends[1].alive() {
			continue
		}
		a, b := p.ends[0], p.ends[1]
		if a.node.core.InSync(a.id) && b.node.core.InSync(b.id) && a.node.store.FrontierRoot() != b.node.store.FrontierRoot() {
			w.fail("%s and %s report in sync and differ: %s", a.node.office, b.node.office, w.describe())
		}
	}
}

// checkSaid is invariant 3, at the moment something is said: a root is that of what
// the store has committed, a head announced as held is held and can be served.
func (w *world) checkSaid(n *node, f *nodev1.Frame) {
	var root []byte
	switch m := f.GetMessage().(type) {
	case *nodev1.Frame_Hello:
		root = m.Hello.GetFrontierRoot()
	case *nodev1.Frame_InSync:
		root = m.InSync.GetFrontierRoot()
	case *nodev1.Frame_Heads:
		root = m.Heads.GetFrontierRoot()
		for _, h := range m.Heads.GetHeads() {
			w.checkAnnounced(n, h)
		}
	default:
		return
	}
	own := n.store.FrontierRoot()
	if w.plan.mutant != countsOnly && !bytes.Equal(root, own[:]) {
		w.fail("%s says root %x, its store has %x", n.office, root[:4], own[:4])
	}
}

func (w *world) checkAnnounced(n *node, h *nodev1.Head) {
	cp, err := ledger.PeekCheckpoint(h.GetCheckpoint())
	if err != nil {
		w.fail("%s announces what is no checkpoint: %v", n.office, err)
		return
	}
	if !h.GetHeld() {
		return
	}
	held, _ := n.store.Held(cp.Log)
	if held.Size < cp.Size {
		w.fail("%s announces %s at %d as held and holds %d", n.office, cp.Log, cp.Size, held.Size)
		return
	}
	if _, err := n.store.Entry(cp.Log.Entry(cp.Size - 1)); err != nil {
		w.fail("%s announces %s at %d and cannot serve it: %v", n.office, cp.Log, cp.Size, err)
	}
}

// checkHeard: once faults have stopped, every node has heard within the last hour and a little
// of every office whose node may sign, by however many others.
func (w *world) checkHeard() {
	if w.failed != "" || w.plan.unstamped {
		return
	}
	for _, n := range w.nodes {
		for _, other := range w.nodes {
			if age := n.wall().Sub(n.store.LastStamp(other.log).Time); other.isSettled() && age > replica.StampEvery+5*time.Minute {
				w.fail("%s last heard %s %s ago", n.office, other.office, age)
			}
		}
	}
}

// checkFinal is invariant 7, and 12 as far as it goes today: header and body bytes
// are those the writer made, whatever their kind; what is not PUBLIC stays at home.
// Then the store's own consistency check.
func (w *world) checkFinal(n *node) {
	if w.failed != "" || !n.up {
		return
	}
	for _, h := range n.store.Heads() {
		for i, want := range w.truth[h.Log].entries[:h.Size] {
			w.checkEntry(n, h.Log.Entry(uint64(i)), want)
		}
	}
	report, err := n.store.Check(context.Background())
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		w.fail("%s: check: %v", n.office, err)
	}
}

func (w *world) checkEntry(n *node, id ledger.EntryID, want ledger.Entry) {
	got, err := n.store.Entry(id)
	if err != nil {
		w.fail("%s: reading %s: %v", n.office, id, err)
		return
	}
	if !bytes.Equal(got.HeaderBytes, want.Header) {
		w.fail("%s: header of %s changed: %s", n.office, id, cmp.Diff(want.Header, got.HeaderBytes))
	}
	public := got.Header.GetVisibility() == guidancev1.Visibility_VISIBILITY_PUBLIC
	switch {
	case public && !bytes.Equal(got.Body, want.Body):
		w.fail("%s: body of %s: %q, want %q", n.office, id, got.Body, want.Body)
	case !public && id.Office != n.office && got.Body != nil:
		w.fail("%s holds the body of %s, which it may not read", n.office, id)
	}
}
