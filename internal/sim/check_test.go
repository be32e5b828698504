package sim

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// checkNode is invariant 1 after every step: what is held of a log was signed as its office, with
// that root, and goes on from what was held before. A restored node begins anew.
func (w *world) checkNode(n *node) {
	for _, h := range n.store.Heads() {
		old, now := n.held[h.Log], headOf(h)
		if old == now {
			continue
		}
		of, ok := w.truth[h.Log].signed[now]
		switch before := w.truth[h.Log].signed[old].entries; {
		case !ok:
			w.fail("%s: holds %s at %d, which its writer never signed so", n.name(), h.Log, h.Size)
		case now.size < old.size:
			w.fail("%s: %s fell from %d to %d", n.name(), h.Log, old.size, now.size)
		case !leadsTo(before, of.entries):
			w.fail("%s: %s went over to another history between %d and %d", n.name(), h.Log, old.size, now.size)
		}
		n.held[h.Log] = now
	}
}

// leadsTo says whether a log goes on from another.
func leadsTo(before, after []ledger.Entry) bool {
	return len(before) <= len(after) && slices.EqualFunc(before, after[:len(before)], func(a, b ledger.Entry) bool { return bytes.Equal(a.Header, b.Header) })
}

// checkPairs is invariant 2 after every step: when both sides report in sync, their
// frontiers are equal.
func (w *world) checkPairs() {
	for _, l := range w.links {
		if l.up == nil || !l.up.ends[0].alive() || !l.up.ends[1].alive() {
			continue
		}
		a, b := l.up.ends[0], l.up.ends[1]
		if a.node.core.InSync(a.id) && b.node.core.InSync(b.id) && a.node.store.FrontierRoot() != b.node.store.FrontierRoot() && !a.node.lies() && !b.node.lies() {
			w.fail("%s and %s report in sync and differ: %s", a.node.name(), b.node.name(), w.describe())
		}
	}
}

// toldApartWithin is how long two processes of one node may both be connected to a peer: they are
// found out by then, on the slowest link.
const toldApartWithin = 40 * time.Second

// checkTwins: nobody goes on with two processes of one node at once.
func (w *world) checkTwins() {
	for _, c := range w.copies {
		for _, id := range c.order {
			if x := c.ends[id].other(); w.isOld(x) && slices.ContainsFunc(x.node.order, func(id replica.SessionID) bool {
				y := x.node.ends[id]
				return y.peer() == c.copyOf && w.isOld(y)
			}) {
				w.fail("%s is connected to %s and to its copy", x.node.name(), c.office)
			}
		}
	}
}

func (w *world) isOld(x *end) bool {
	return x.alive() && x.other().alive() && !x.node.lies() && w.now > x.since+toldApartWithin
}

// checkMaySign is what no node may do at the moment that it signs, whatever its signer says.
func (w *world) checkMaySign(n *node, before head) {
	switch h := w.truth[n.log]; {
	case n.store.Doubt() != "":
		w.fail("%s signs, and nobody has confirmed what it holds", n.name())
	case n.told[replica.AlarmRefusedAsDuplicate]:
		w.fail("%s signs, and it was proved that another node has its keys", n.name())
	case n.told[replica.AlarmFork] || n.told[replica.AlarmOwnHeadContradicted]:
		w.fail("%s signs, and has seen another history of its log", n.name())
	case !n.key.Equal(keyOf(n.office)):
		w.fail("%s signs with a key that the register does not name", n.name())
	case h.newest == before:
	case !h.copied && !n.lies():
		w.fail("%s signs on top of %d, and has signed %d", n.name(), before.size, h.newest.size)
	default:
		w.checkPeersHoldNoMore(n, before.size)
	}
}

// heardWithin is when what a peer holds has been heard, on the slowest link.
const heardWithin = 20 * time.Second

// checkPeersHoldNoMore: whoever is connected would have told a node that there is more of its log
// than it goes on from.
func (w *world) checkPeersHoldNoMore(n *node, size uint64) {
	for _, id := range n.order {
		if x := n.ends[id]; x.alive() && x.other().alive() && !x.peer().lies() && x.peerHolds > size && w.now > x.since+heardWithin {
			w.fail("%s goes on from %d, and %s, connected, holds %d", n.name(), size, x.peer().name(), x.peerHolds)
		}
	}
}

// checkAlarm: nobody is blamed for what another did.
func (w *world) checkAlarm(n *node, a replica.Alarm) {
	if n.lies() {
		return
	}
	h := w.truth[logOf(a.Office)]
	switch a.Code {
	case replica.AlarmFork, replica.AlarmOwnHeadContradicted:
		if !h.parted {
			w.fail("%s says that %s has two histories: %s", n.name(), a.Log, a.Words)
		}
	case replica.AlarmDuplicateWriter, replica.AlarmOwnDuplicateRefused, replica.AlarmRefusedAsDuplicate:
		if !h.copied && !w.liarIs(a.Office) {
			w.fail("%s says that %s has two nodes: %s", n.name(), a.Office, a.Words)
		}
	case replica.AlarmQuarantined:
		if w.liarIs(a.Office) {
			n.hearsNot = true
			w.seen.quarantined++
		} else if !w.wasSpoilt(n.office, a.Office) {
			w.fail("%s does not listen to %s, which is honest: %s", n.name(), a.Office, a.Words)
		}
	}
}

// checkRefusal: what an honest peer has found out of a duplicate is not taken for a lie.
func (w *world) checkRefusal(x *end, r *replica.Refused) {
	unproved := r.ByPeer && r.Reason == nodev1.RefusalReason_REFUSAL_REASON_DUPLICATE_INSTANCE && errors.Is(r, replica.ErrProtocol)
	if unproved && !x.node.lies() && !x.peer().lies() && !w.wasSpoilt(x.node.office, x.peer().office) {
		w.fail("%s takes it for a lie of %s that there is another: %v", x.node.name(), x.peer().name(), r)
	}
}

// wasSpoilt says whether anything between nodes of two offices did not arrive as it was sent.
func (w *world) wasSpoilt(a, b string) bool {
	return w.plan.faults.spoils() && slices.ContainsFunc(w.links, func(l *link) bool {
		return l.spoilt > 0 && (l.dialler.office == a && l.callee.office == b || l.dialler.office == b && l.callee.office == a)
	})
}

// checkSaid is invariant 3, at the moment something is said: a root is that of what
// the store has committed, a head announced as held is held and can be served.
func (w *world) checkSaid(n *node, f *nodev1.Frame) {
	if n.lies() {
		return
	}
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
	for _, n := range w.honest() {
		for _, other := range w.honest() {
			if age := n.wall().Sub(n.store.LastStamp(other.log).Time); other.ready() && !w.truth[other.log].parted && age > replica.StampEvery+5*time.Minute {
				w.fail("%s last heard %s %s ago", n.office, other.office, age)
			}
		}
	}
}

// checkNobodyIsSilenced: once faults have stopped, who has all of its log and enough others to
// say so may sign, whatever a liar says.
func (w *world) checkNobodyIsSilenced() {
	w.until(w.now + time.Minute)
	if w.failed != "" {
		return
	}
	for _, n := range w.honest() {
		h := w.truth[n.log]
		if held, _ := n.store.Held(n.log); h.parted || headOf(held) != h.newest || n.store.Doubt() != "" && !n.hasConfirmers() {
			continue
		}
		if !n.ready() {
			w.fail("%s may not sign: %+v", n.office, n.signer.Standing())
		}
	}
}

// hasConfirmers says whether the keeper is connected, or two other honest offices, and in no doubt
// themselves.
func (n *node) hasConfirmers() bool {
	certain := map[string]bool{}
	for _, id := range n.order {
		if o := n.ends[id].peer(); !o.lies() && !o.store.Doubt().MayBeOld() {
			certain[o.office] = true
		}
	}
	return certain["o0"] || len(certain) >= 2
}

// checkParted is what is promised of a log that has two histories: whoever holds the one and is
// connected to who holds the other has said so; and once anybody has, its writer has stopped, and
// everybody else has said so too, or that it is behind.
func (w *world) checkParted() {
	for _, writer := range w.nodes {
		log := writer.log
		if !w.truth[log].parted {
			continue
		}
		if w.seen.parted++; writer.lies() {
			w.seen.partedByLiars++
		}
		if !slices.ContainsFunc(w.honest(), func(n *node) bool { return n.forks[log] }) {
			continue
		}
		for _, n := range w.honest() {
			if n.forks[log] || n == writer && n.told[replica.AlarmOwnHeadContradicted] {
				continue
			}
			if w.seen.untold++; !n.isBehind(log) {
				w.fail("%s does not know that %s has two histories, nor that it is behind", n.office, log)
			}
		}
		if !writer.lies() && writer.ready() {
			w.fail("%s may sign, and others know of two histories of its log", writer.office)
		}
	}
	for _, l := range w.links {
		if w.failed != "" || l.up == nil || l.dialler.lies() || l.callee.lies() {
			continue
		}
		for _, x := range l.up.ends {
			w.checkPartedAt(x)
		}
	}
}

// isBehind says whether a node knows of a head of a log beyond what it holds.
func (n *node) isBehind(log ledger.LogID) bool {
	return slices.ContainsFunc(n.store.Seen(), func(seen store.SeenHead) bool { return seen.Log == log && !seen.BehindSince.IsZero() })
}

func (w *world) checkPartedAt(x *end) {
	for _, h := range x.node.store.Heads() {
		theirs, ok := x.peer().store.Held(h.Log)
		signed := w.truth[h.Log].signed
		here, there := signed[headOf(h)].entries, signed[headOf(theirs)].entries
		if !ok || leadsTo(here, there) || leadsTo(there, here) {
			continue
		}
		if !x.node.forks[h.Log] && !x.node.told[replica.AlarmOwnHeadContradicted] {
			w.fail("%s and %s hold two histories of %s, at %d and %d, and the first does not say so", x.node.office, x.peer().office, h.Log, h.Size, theirs.Size)
		}
		if h.Log == x.node.log && x.node.signer.Standing().State != nodev1.SigningState_SIGNING_STATE_CONTRADICTED {
			w.fail("%s holds another history of its log than %s, and is %v", x.node.office, x.peer().office, x.node.signer.Standing().State)
		}
	}
}

// checkFinal is invariant 7, and 12 as far as it goes today: header and body bytes
// are those the writer made, whatever their kind; what is not PUBLIC stays at home.
// Everything acknowledged is there, unless its node was put back to before, and once.
// Then the store's own consistency check.
func (w *world) checkFinal(n *node) {
	if w.failed != "" || !n.up {
		return
	}
	for _, h := range n.store.Heads() {
		truth := w.truth[h.Log]
		for i, want := range truth.signed[headOf(h)].entries {
			w.checkEntry(n, h.Log.Entry(uint64(i)), want)
		}
		if headOf(h) != truth.newest && !truth.parted && !truth.lost && !w.liarIs(h.Log.Office) {
			w.fail("%s holds %s at %d, and %d were acknowledged", n.office, h.Log, h.Size, truth.newest.size)
		}
	}
	w.checkFeed(n)
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

// checkFeed: no number of a log has arrived twice, so that nothing counts twice.
func (w *world) checkFeed(n *node) {
	rows, err := n.store.Feed(1, 1_000_000)
	if err != nil {
		w.fail("%s: feed: %v", n.office, err)
	}
	next := map[ledger.LogID]uint64{}
	for _, r := range rows {
		if r.Type != store.FeedHeaders {
			continue
		}
		if r.First != next[r.Log] {
			w.fail("%s: %s..%d of %s arrived after %d", n.office, r.Log.Entry(r.First), r.End, r.Log, next[r.Log])
		}
		next[r.Log] = r.End
	}
}
