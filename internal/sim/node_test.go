package sim

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// epochStart is what a clock that is right shows when a run begins.
var epochStart = time.Date(2021, 10, 18, 9, 0, 0, 0, time.UTC)

// tempDir is in memory where the machine offers that: an fsync costs 0.2 ms on a disk.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "lmcsim")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// node is one office's node. The first is the keeper's: entry i of its log admits
// office i, which is all the register these tests need.
type node struct {
	w      *world
	index  int
	office string
	log    ledger.LogID
	path   string
	nonces int
	guard  string
	key    ed25519.PrivateKey // of the log
	tls    ed25519.PublicKey

	clock     time.Duration // what its clock is wrong by
	up        bool
	starts    int
	began     time.Duration // when this start was
	stamped   bool          // since then
	store     *store.Store
	core      *replica.Core
	verifier  replica.HeadVerifier
	ends      map[replica.SessionID]*end
	order     []replica.SessionID
	last      replica.SessionID
	queue     []replica.Event
	busy      bool
	intakes   map[replica.FetchID]*intake
	copies    [][]byte // backups
	published int
	held      map[ledger.LogID]ledger.Checkpoint // as last checked
	memory    []ledger.Checkpoint                // before the last crash
	alarms    []string
}

func newNode(w *world, i int, dir string) *node {
	office := fmt.Sprintf("o%d", i)
	n := &node{
		w: w, index: i, office: office, log: logOf(office),
		path: filepath.Join(dir, office+".db"), guard: filepath.Join(dir, office+".guard"),
		key: keyOf(office), tls: keyOf("tls " + office).Public().(ed25519.PublicKey),
	}
	if i < len(w.plan.shift) {
		n.clock = w.plan.shift[i]
	}
	doubt := store.DoubtNew // as lmcnode init does it
	if i == 0 {
		doubt = ""
	}
	if err := store.CreateGuard(n.guard, n.log, doubt); err != nil {
		w.fail("%s: %v", office, err)
	}
	w.truth[n.log] = &history{log: n.log, roots: map[uint64][32]byte{}, stamps: map[time.Time]bool{}}
	return n
}

// start opens the store from its file and begins with an empty head.
func (n *node) start() {
	st, err := store.Open(n.path, store.Options{
		Federation: federation, Office: n.office, Guard: n.guard, Now: n.wall, MinFree: -1,
		OnCommitError: func(err error) { n.w.fail("%s: commit: %v", n.office, err) },
	})
	if err != nil {
		n.w.fail("%s: opening: %v", n.office, err)
		return
	}
	n.store, n.up, n.began = st, true, n.w.now
	n.starts++
	n.ends, n.order = map[replica.SessionID]*end{}, nil
	n.intakes = map[replica.FetchID]*intake{}
	n.held = map[ledger.LogID]ledger.Checkpoint{}
	cfg := replica.CoreConfig{
		Federation: federation, Office: n.office, Key: n.tls, Keeper: logOf("o0"),
		Role: ledgerv1.NodeRole_NODE_ROLE_WRITER, Heads: st.Heads(), Stamps: st.Stamps(),
		Sign: func(message []byte) []byte { return ed25519.Sign(keyOf("tls "+n.office), message) },
		Nonce: func() []byte {
			n.nonces++
			nonce := sha256.Sum256(fmt.Append(nil, n.office, n.starts, n.nonces))
			return nonce[:]
		},
	}
	binary.BigEndian.PutUint64(cfg.Instance[:], uint64(n.index)<<32|uint64(n.starts))
	switch n.w.plan.mutant {
	case countsOnly:
		cfg.Root = rootBySize
	case trustsMemory:
		cfg.Heads = append(cfg.Heads, n.memory...)
	}
	n.core = replica.NewCore(cfg)
	n.verifier = replica.HeadVerifier{Federation: federation, Keys: n.keys, Holds: n.core.Holds, Wants: n.core.Wants, Now: n.wall}
	n.stamped = false
	starts := n.starts
	n.w.after(replica.TickEvery, func() { n.tick(starts) })
	if n.index == 0 && n.published == 0 {
		n.publish(n.w.plan.nodes)
	}
}

// rootBySize is the bug of every system that calls equal counters equal.
func rootBySize(heads []ledger.Checkpoint) [32]byte {
	var total uint64
	for _, h := range heads {
		total += h.Size
	}
	return sha256.Sum256(binary.BigEndian.AppendUint64(nil, total))
}

func (n *node) wall() time.Time { return epochStart.Add(n.w.now + n.clock) }

// keys is the register: the keeper's log is known from the start, another when the
// keeper's entry about it is held.
func (n *node) keys(log ledger.LogID, _ uint64) []ed25519.PublicKey {
	if log == n.log {
		return []ed25519.PublicKey{n.key.Public().(ed25519.PublicKey)}
	}
	keeper, _ := n.store.Held(logOf("o0"))
	var i int
	if _, err := fmt.Sscanf(log.Office, "o%d", &i); err != nil || i >= len(n.w.nodes) || log.Epoch != 0 {
		return nil
	}
	if i > 0 && keeper.Size <= uint64(i) {
		return nil
	}
	return []ed25519.PublicKey{n.w.nodes[i].key.Public().(ed25519.PublicKey)}
}

func (n *node) tick(starts int) {
	if !n.up || n.starts != starts {
		return
	}
	if n.w.plan.mutant != timeless {
		n.post(replica.Tick{Now: n.w.now - n.began})
		n.stamp()
	}
	n.w.after(replica.TickEvery, func() { n.tick(starts) })
}

func (n *node) stop() {
	if !n.up {
		return
	}
	n.up = false
	if err := n.store.Close(); err != nil {
		n.w.fail("%s: closing: %v", n.office, err)
	}
}

// crash stops the node at once and starts it a little later, from its file or from an
// older copy of it. The guard file is kept (protocol.md 4), or lost too.
func (n *node) crash(restore bool) {
	if !n.up {
		return
	}
	n.w.logf("%s crashes, restored=%t", n.office, restore && len(n.copies) > 0)
	n.memory = n.store.Heads()
	for _, id := range slices.Clone(n.order) {
		n.ends[id].pipe.breakOff(n.w.chance(n.w.plan.faults.halfOpen))
	}
	n.stop()
	if restore && len(n.copies) > 0 {
		older := n.copies[n.w.rng.IntN(len(n.copies))]
		os.Remove(n.path)
		if _, err := store.Restore(n.path, store.Options{Federation: federation, Office: n.office, Guard: n.guard}, bytes.NewReader(older)); err != nil {
			n.w.fail("%s: restoring: %v", n.office, err)
		}
		if n.w.chance(n.w.plan.faults.lostGuard) {
			n.w.logf("%s loses its guard", n.office)
			os.Remove(n.guard)
		}
	}
	n.w.after(n.w.between(0, 8*time.Second), n.start)
}

func (n *node) backup() {
	if !n.up || len(n.copies) > 3 || n.w.plan.faults.restore == 0 {
		return
	}
	var b bytes.Buffer
	if _, err := n.store.Backup(&b); err != nil {
		n.w.fail("%s: backing up: %v", n.office, err)
	}
	n.copies = append(n.copies, b.Bytes())
}

// publish appends entries of all kinds: unknown ones, unknown fields, restricted
// bodies, claimed times anywhere.
func (n *node) publish(count int) {
	if !n.up {
		return
	}
	h := n.w.truth[n.log]
	own, _ := n.store.Held(n.log)
	if !n.maySign(own.Size) {
		return
	}
	var drafts []store.Draft
	var entries []ledger.Entry
	for i := range count {
		e := n.compose(own.Size + uint64(i))
		entries = append(entries, e)
		drafts = append(drafts, store.Draft{RequestID: fmt.Sprint(n.office, n.published+i), Header: e.Header, Salt: e.Salt, Body: e.Body})
	}
	_, size, err := n.store.Append(n.log, drafts, func(size uint64, root tlog.Hash) (ledger.Checkpoint, error) {
		if old, ok := h.roots[size]; ok && old != root {
			n.w.fail("%s signs a second history at size %d", n.office, size)
		}
		return ledger.SignCheckpoint(n.log, size, root, n.key)
	})
	if errors.Is(err, store.ErrRecovering) {
		return // it was restored, and its guard knows
	}
	if err != nil {
		n.w.fail("%s: appending: %v", n.office, err)
		return
	}
	n.published += count
	cp, _ := n.store.Held(n.log)
	if cp.Size != size || uint64(len(h.entries)) != size-uint64(count) {
		n.w.fail("%s: appended up to %d where %d had been signed", n.office, size, len(h.entries))
		return
	}
	h.entries = append(h.entries, entries...)
	h.roots[size] = cp.Root
	n.w.logf("%s publishes up to %d", n.office, size)
	n.post(replica.Committed{Heads: []ledger.Checkpoint{cp}})
}

// stamp is what the server's signer does at the start and at each full hour: it says that the own
// head is still the newest, unless the node may not sign.
func (n *node) stamp() {
	if n.w.plan.unstamped {
		return
	}
	last, now := n.store.LastStamp(n.log).Time, n.wall()
	due := now.Sub(last) >= replica.StampPause && (!n.stamped || now.Truncate(replica.StampEvery).After(last))
	if ahead := last.After(now.Add(replica.StampAhead)); !n.up || !due && !ahead || !n.isSettled() && n.w.plan.mutant != stampsInDoubt {
		return
	}
	head, _ := n.store.Held(n.log)
	if signed := uint64(len(n.w.truth[n.log].entries)); head.Size < signed {
		n.w.fail("%s stamps %d as its newest, and has signed %d", n.office, head.Size, signed)
		return
	}
	if head.Size == 0 {
		head = ledger.Checkpoint{Log: n.log, Root: (&ledger.Tree{}).Root()}
	}
	st, err := ledger.SignStamp(head, now, n.key)
	if err != nil {
		n.w.fail("%s: stamping: %v", n.office, err)
		return
	}
	n.stamped = true
	n.w.truth[n.log].stamps[st.Time] = true
	n.post(replica.Stamped{Stamp: st})
}

// isSettled: nothing is in doubt, and nothing newer of the own log was ever released or seen.
func (n *node) isSettled() bool {
	held, _ := n.store.Held(n.log)
	_, _, recovering := n.store.Recovering()
	return !recovering && n.store.Doubt() == "" && !slices.ContainsFunc(n.store.Seen(), func(seen store.SeenHead) bool { return seen.Log == n.log && seen.Size > held.Size })
}

// heardWithin is when what a peer holds has been heard, on the slowest link.
const heardWithin = 20 * time.Second

// maySign is what the server's signer decides: whether peers have ended a doubt, and nothing
// newer of the own log was ever seen.
func (n *node) maySign(held uint64) bool {
	for _, seen := range n.store.Seen() {
		if seen.Log == n.log && seen.Size > held {
			return false
		}
	}
	if n.store.Doubt() == "" {
		return true
	}
	trusts := n.w.plan.mutant == trustsBackups
	if !trusts && !n.core.Confirmed(n.log) {
		return false
	}
	if lost := n.w.truth[n.log].entries[held:]; len(lost) > 0 && !trusts {
		// What nobody on a live session has, nobody can tell it: two histories are then what a
		// lost guard costs. Anything else must not be.
		for _, id := range n.order {
			if x := n.ends[id]; x.alive() && x.peerHolds > held && n.w.now > x.since+heardWithin {
				n.w.fail("%s goes on from %d, and %s, connected, holds %d", n.office, held, x.peer().office, x.peerHolds)
			}
		}
		n.w.forgotten++
		return false
	}
	if err := n.store.Confirm(); err != nil {
		n.w.fail("%s: confirming: %v", n.office, err)
	}
	n.w.confirmed++
	n.w.logf("%s is confirmed at %d", n.office, held)
	return true
}

func (n *node) compose(index uint64) ledger.Entry {
	rng := n.w.rng
	kind := ledgerv1.EntryKind_ENTRY_KIND_MATTER_LINK
	if rng.IntN(4) == 0 {
		kind = 99 // not understood, relayed all the same (invariant 7)
	}
	vis := guidancev1.Visibility_VISIBILITY_PUBLIC
	if rng.IntN(5) == 0 {
		vis = guidancev1.Visibility_VISIBILITY_OFFICE
	}
	body := make([]byte, 1+rng.IntN(400))
	for i := range body {
		body[i] = "aaaaabcd \n"[rng.IntN(10)]
	}
	claimed := epochStart.Add(time.Duration(rng.Int64N(int64(20*365*24*time.Hour))) - 10*365*24*time.Hour)
	e, err := ledger.Seal(kind, vis, index, claimed, body, rand.NewChaCha8([32]byte{byte(n.index), byte(index), byte(index >> 8), byte(n.w.plan.seed)}))
	if err != nil {
		n.w.fail("%s: sealing: %v", n.office, err)
	}
	return e
}

// post steps the core and does what it says, one event after another.
func (n *node) post(ev replica.Event) {
	if n.queue = append(n.queue, ev); n.busy {
		return
	}
	n.busy = true
	for len(n.queue) > 0 && n.up {
		ev := n.queue[0]
		n.queue = n.queue[1:]
		for _, e := range n.core.Step(ev) {
			n.do(e)
		}
	}
	n.queue = nil
	n.busy = false
	if n.up {
		n.w.checkNode(n)
	}
}

func (n *node) do(e replica.Effect) {
	switch e := e.(type) {
	case replica.Wake:
		n.onEnd(e.Session, (*end).wake)
	case replica.Send:
		n.w.checkSaid(n, e.Frame)
		n.onEnd(e.Session, func(x *end) { x.send(e.Frame, e.Last) })
	case replica.End:
		n.w.logf("%s: session with %s ends: %v", n.office, n.peerOf(e.Session), e.Refused)
		if e.Refused.ByPeer {
			n.onEnd(e.Session, func(x *end) { x.pipe.breakOff(false) })
		}
	case replica.Fetch:
		n.onEnd(e.Session, func(x *end) { n.fetch(x, e) })
	case replica.Cancel:
		if in := n.intakes[e.Fetch]; in != nil {
			in.finish(errors.New("given up"))
		}
	case replica.Recheck:
		n.recheck(e)
	case replica.RecordSeen:
		if err := n.store.See(e.Head); err != nil {
			n.w.fail("%s: seeing %s: %v", n.office, e.Head.Log, err)
		}
		if h, ok := n.store.Held(e.Head.Log); ok {
			n.post(replica.Committed{Heads: []ledger.Checkpoint{h}})
		}
	case replica.RecordStamp:
		if !n.w.truth[e.Stamp.Log].stamps[e.Stamp.Time] {
			n.w.fail("%s hears %s at %s, when it signed nothing", n.office, e.Stamp.Log.Office, e.Stamp.Time)
		}
		n.store.Stamp(e.Stamp)
	case replica.Alarm:
		n.alarms = append(n.alarms, e.Words)
		n.w.logf("%s: ALARM: %s", n.office, e.Words)
	}
}

func (n *node) onEnd(id replica.SessionID, f func(*end)) {
	if x := n.ends[id]; x != nil {
		f(x)
	}
}

func (n *node) peerOf(id replica.SessionID) string {
	if x := n.ends[id]; x != nil {
		return x.peer().office
	}
	return "nobody"
}

// receive checks a frame and hands it to the core.
func (n *node) receive(id replica.SessionID, f *nodev1.Frame) {
	ev := n.verifier.Frame(id, f)
	if r, ok := ev.(replica.Received); ok && n.w.plan.mutant == credulous {
		for i := range r.Heads {
			r.Heads[i].Signature = replica.SignatureValid
		}
		for i := range r.Stamps {
			r.Stamps[i].Signature = replica.SignatureValid
		}
	}
	n.post(ev)
}

func (n *node) recheck(e replica.Recheck) {
	heads, err := n.verifier.Heads(e.Heads)
	if err != nil {
		n.w.fail("%s: checking again: %v", n.office, err)
	}
	stamps, now, err := n.verifier.Stamps(e.Stamps)
	if err != nil {
		n.w.fail("%s: checking stamps again: %v", n.office, err)
	}
	n.post(replica.Rechecked{Session: e.Session, Heads: heads, Stamps: stamps, Now: now})
}

// readable is what a peer may read: PUBLIC.
func readable(v guidancev1.Visibility) bool { return v == guidancev1.Visibility_VISIBILITY_PUBLIC }
