package sim

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// lie is something an admitted member does against the others, beside taking part as all do: it
// has a core and a store like everybody else's, and the keys of its own office.
type lie int

const (
	// signsForOthers signs heads and stamps of another office with its own key.
	signsForOthers lie = iota
	// twoHistories signs another last entry of its own log for some.
	twoHistories
	// claims to hold the newest of a log, or all that its peer holds.
	claims
	// withholdsAll serves nothing.
	withholdsAll
	// replays says again what it said, or heard.
	replays
	slyKinds // so far, none need count against it: it lies on

	// forgesHeads and forgesStamps: of another office, of a size that it has not signed.
	forgesHeads lie = iota - 1
	forgesStamps
	// silences refuses as a duplicate, with a proof that is none or without.
	silences
	// probes asks who was not asked about whether it is there.
	probes
	// altersChunks spoils what it serves.
	altersChunks
	// rants answers and asks what nobody asked or answered.
	rants
	lieKinds
)

// lies says whether a node is the liar: the last, where there is one.
func (n *node) lies() bool {
	return len(n.w.plan.lies) > 0 && n.index == len(n.w.nodes)-1
}

func (w *world) liarIs(office string) bool {
	return w.nodes[len(w.nodes)-1].lies() && w.nodes[len(w.nodes)-1].office == office
}

func (n *node) tells(l lie) bool { return n.lies() && slices.Contains(n.w.plan.lies, l) }

// withholds says whether a fetch from a node is not answered.
func (n *node) withholds() bool { return n.tells(withholdsAll) && n.w.rng.IntN(4) > 0 }

// alter spoils a chunk on its way out of a liar.
func (n *node) alter(c *nodev1.Chunk) {
	if !n.tells(altersChunks) || n.w.rng.IntN(3) == 0 {
		return
	}
	n.w.seen.lies++
	seg := c.Segments[n.w.rng.IntN(len(c.Segments))]
	switch n.w.rng.IntN(4) {
	case 0:
		seg.Proof = append(seg.Proof, make([]byte, 32))
	case 1:
		seg.First += 1 + uint64(n.w.rng.IntN(3))
	case 2:
		seg.Checkpoint = alteredSize(seg.Checkpoint)
	default:
		raw, err := ledger.Unpack(c.Tails, ledger.RawLimit)
		tails := &nodev1.TailSet{}
		if err != nil || proto.Unmarshal(raw, tails) != nil || len(tails.Tails[0].Bodies) == 0 {
			return
		}
		tails.Tails[0].Bodies[0].Body = append(tails.Tails[0].Bodies[0].Body, 'x')
		if raw, err = proto.Marshal(tails); err != nil {
			n.w.fail("marshalling tails: %v", err)
		}
		c.Tails = ledger.PackQuickly(raw)
	}
}

// alteredSize is a checkpoint or stamp that claims one entry more, under the signature of one
// that does not.
func alteredSize(note []byte) []byte {
	cp, err := ledger.PeekCheckpoint(note)
	if err != nil {
		return note
	}
	return bytes.Replace(note, fmt.Appendf(nil, "\n%d\n", cp.Size), fmt.Appendf(nil, "\n%d\n", cp.Size+1), 1)
}

// remember keeps what a liar said or heard, to say it again.
func (n *node) remember(b []byte) {
	if n.tells(replays) || n.tells(probes) {
		n.heard = append(n.heard, bytes.Clone(b))
		n.heard = n.heard[max(0, len(n.heard)-30):]
	}
}

func (w *world) retireLiar() {
	if n := w.nodes[len(w.nodes)-1]; n.lies() {
		n.hangUp()
		w.plan.lies = w.plan.lies[:1] // so that it still is one
		w.links = slices.DeleteFunc(w.links, func(l *link) bool { return l.dialler == n || l.callee == n })
	}
}

// lieEverySecond has the liar say something untrue over each of its sessions, as often as not.
func (w *world) lieEverySecond() {
	n := w.nodes[len(w.nodes)-1]
	if !n.lies() {
		return
	}
	if n.up {
		for _, id := range slices.Clone(n.order) {
			if x := n.ends[id]; x != nil && x.alive() && x.greeted && w.rng.IntN(2) == 0 {
				x.lie(w.plan.lies[w.rng.IntN(len(w.plan.lies))])
			}
		}
	}
	w.after(time.Second, w.lieEverySecond)
}

// lie says one untrue thing. What is a forgery for certain, and no accident, has to count against
// the liar.
func (x *end) lie(l lie) {
	w, n := x.pipe.w, x.node
	var f *nodev1.Frame
	forged := false
	switch l {
	case forgesHeads:
		f, forged = x.forgedHead()
	case forgesStamps:
		f = x.forgedStamp()
	case signsForOthers:
		f = x.signedForAnother()
	case twoHistories:
		f = x.otherHistory()
	case silences:
		f, forged = x.falseRefusal(), true
	case probes:
		f, forged = x.falseProbe()
	case claims:
		f = x.claim()
	case rants:
		f, forged = x.rant(), true
	case replays:
		if len(n.heard) > 0 {
			w.seen.lies++
			x.deliver(n.heard[w.rng.IntN(len(n.heard))])
		}
	}
	if f == nil {
		return
	}
	w.seen.lies++
	w.logf("%s lies to %s: %T, forged for certain: %t", n.name(), x.peer().name(), f.GetMessage(), forged)
	b, err := proto.Marshal(f)
	if err != nil {
		w.fail("marshalling a lie: %v", err)
	}
	if forged {
		x.deliver(b, x.peer().countLie)
		return
	}
	x.deliver(b)
}

// countLie: whoever forges again and again is not listened to.
func (n *node) countLie() {
	if n.liedTo++; n.liedTo > 4*replica.BadLimit && !n.hearsNot {
		n.w.fail("%s was sent %d forgeries by a liar and still listens to it", n.name(), n.liedTo)
	}
}

func headsOf(root []byte, heads ...*nodev1.Head) *nodev1.Frame {
	return &nodev1.Frame{Message: &nodev1.Frame_Heads{Heads: &nodev1.Heads{FrontierRoot: root, Heads: heads}}}
}

// victim is whose log is lied about, with the newest head that was signed of it.
func (x *end) victim() (*history, head) {
	w := x.pipe.w
	h := w.truth[w.honest()[w.rng.IntN(len(w.honest()))].log]
	return h, h.newest
}

func (x *end) ownRoot() []byte {
	root := x.node.store.FrontierRoot()
	return root[:]
}

// forgedHead counts against the liar if its peer knows the key that has not signed it.
func (x *end) forgedHead() (f *nodev1.Frame, counts bool) {
	h, newest := x.victim()
	if newest.size == 0 {
		return nil, false
	}
	head := &nodev1.Head{Checkpoint: alteredSize(h.signed[newest].note), Held: x.pipe.w.rng.IntN(2) == 0}
	return headsOf(x.ownRoot(), head), x.peer().keys(h.log, newest.size) != nil
}

func (x *end) forgedStamp() *nodev1.Frame {
	h, _ := x.victim()
	last := x.node.store.LastStamp(h.log)
	if last.Note == nil {
		return nil
	}
	return stampsOf(alteredSize(last.Note))
}

// signedForAnother is of a log of the peer's own as often as not.
func (x *end) signedForAnother() *nodev1.Frame {
	w, n := x.pipe.w, x.node
	h, newest := x.victim()
	if w.rng.IntN(2) == 0 {
		h = w.truth[x.peer().log]
		newest = h.newest
	}
	cp, err := ledger.SignCheckpoint(h.log, newest.size+1, tlog.Hash{1}, n.key)
	if err != nil {
		w.fail("forging a head: %v", err)
	}
	if w.plan.unstamped || w.rng.IntN(4) > 0 {
		return headsOf(x.ownRoot(), &nodev1.Head{Checkpoint: cp.Note, Held: w.rng.IntN(2) == 0})
	}
	st, err := ledger.SignStamp(cp, n.wall(), n.key)
	if err != nil {
		w.fail("forging a stamp: %v", err)
	}
	return stampsOf(st.Note)
}

func stampsOf(notes ...[]byte) *nodev1.Frame {
	return &nodev1.Frame{Message: &nodev1.Frame_Stamps{Stamps: &nodev1.Stamps{Stamps: notes}}}
}

// otherHistory is a head of the liar's own log whose last entry is another than others get.
func (x *end) otherHistory() *nodev1.Frame {
	w, n := x.pipe.w, x.node
	h := w.truth[n.log]
	held, _ := n.store.Held(n.log)
	if held.Size < 2 {
		return nil
	}
	entries := append(slices.Clone(h.signed[headOf(held)].entries[:held.Size-1]), n.compose(held.Size-1))
	var tree ledger.Tree
	for _, e := range entries {
		tree.Append(ledger.LeafHash(e.Header))
	}
	cp, err := ledger.SignCheckpoint(n.log, tree.Size(), tree.Root(), n.key)
	if err != nil {
		w.fail("signing another history: %v", err)
	}
	h.signed[headOf(cp)] = signed{cp.Note, entries}
	h.parted = true
	return headsOf(x.ownRoot(), &nodev1.Head{Checkpoint: cp.Note, Held: true})
}

func (x *end) claim() *nodev1.Frame {
	if x.pipe.w.rng.IntN(2) == 0 { // to hold just what the peer holds
		root := x.peer().core.Root()
		return &nodev1.Frame{Message: &nodev1.Frame_InSync{InSync: &nodev1.InSync{FrontierRoot: root[:]}}}
	}
	h, newest := x.victim()
	if newest.size == 0 {
		return nil
	}
	return headsOf(x.ownRoot(), &nodev1.Head{Checkpoint: h.signed[newest].note, Held: true})
}

func (n *node) randomBytes(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(n.w.rng.IntN(256))
	}
	return b
}

func (x *end) falseRefusal() *nodev1.Frame {
	n := x.node
	r := &nodev1.Refusal{Reason: nodev1.RefusalReason_REFUSAL_REASON_DUPLICATE_INSTANCE, Detail: "stop"}
	switch n.w.rng.IntN(3) {
	case 0:
		r.Proof = &nodev1.DuplicateProof{Instance: n.randomBytes(8), Signature: n.randomBytes(ed25519.SignatureSize)}
	case 1: // of an instance that it was told of before
		instance := n.randomBytes(8)
		b, err := proto.Marshal(&nodev1.Frame{Message: &nodev1.Frame_Suspicion{Suspicion: &nodev1.Suspicion{Instance: instance}}})
		if err != nil {
			n.w.fail("marshalling a lie: %v", err)
		}
		x.deliver(b)
		r.Proof = &nodev1.DuplicateProof{Instance: instance, Signature: ed25519.Sign(n.tls, instance)}
	}
	return &nodev1.Frame{Message: &nodev1.Frame_Refusal{Refusal: r}}
}

// falseProbe asks in the name of an instance that does not exist, at times with a challenge that
// its peer has signed itself, to be proved another.
func (x *end) falseProbe() (*nodev1.Frame, bool) {
	n := x.node
	nonce := n.randomBytes(32)
	probe := &nodev1.Probe{Nonce: n.w.rng.Uint64(), Instance: n.randomBytes(8), Challenge: &nodev1.Challenge{Nonce: nonce, Signature: ed25519.Sign(n.tls, nonce)}}
	for _, b := range n.heard {
		f := &nodev1.Frame{}
		if proto.Unmarshal(b, f) == nil && f.GetChallenge() != nil && n.w.rng.IntN(2) == 0 {
			probe.Challenge = f.GetChallenge()
		}
	}
	if n.w.rng.IntN(2) == 0 {
		return &nodev1.Frame{Message: &nodev1.Frame_Suspicion{Suspicion: &nodev1.Suspicion{Instance: probe.Instance}}}, false
	}
	return &nodev1.Frame{Message: &nodev1.Frame_Probe{Probe: probe}}, true
}

func (x *end) rant() *nodev1.Frame {
	n := x.node
	if n.w.rng.IntN(2) == 0 {
		return &nodev1.Frame{Message: &nodev1.Frame_ProbeReply{ProbeReply: &nodev1.ProbeReply{Nonce: n.w.rng.Uint64(), Signature: n.randomBytes(ed25519.SignatureSize)}}}
	}
	return &nodev1.Frame{Message: &nodev1.Frame_Challenge{Challenge: &nodev1.Challenge{Nonce: n.randomBytes(32), Signature: n.randomBytes(ed25519.SignatureSize)}}}
}
