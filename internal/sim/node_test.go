package sim

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/signing"
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
	copyOf *node // nil: it is the office's own, and not a copy
	log    ledger.LogID
	folder
	key ed25519.PrivateKey // of the log
	tls ed25519.PrivateKey

	clock     time.Duration // what its clock is wrong by
	up        bool
	starts    int // tells all starts of all nodes apart
	began     time.Duration
	store     *store.Store
	signer    *signing.Signer
	core      *replica.Core
	verifier  replica.HeadVerifier
	ends      map[replica.SessionID]*end
	order     []replica.SessionID
	last      replica.SessionID
	queue     []replica.Event
	busy      bool
	intakes   map[replica.FetchID]*intake
	backups   [][]byte
	images    []image
	published int
	memory    []ledger.Checkpoint       // before the last crash
	heard     [][]byte                  // frames that a liar may say again
	held      map[ledger.LogID]head     // as last checked, of this start
	told      map[nodev1.AlarmCode]bool // alarms of its own log, of this start
	forks     map[ledger.LogID]bool     // alarms of this start
	liedTo    int                       // forgeries that came, of this start
	hearsNot  bool                      // the liar is in quarantine, or was, of this start
	forgot    bool                      // peers would have ended a doubt that they must not, since this start
	nonces    int
}

// folder is where a node's data lie, and the guard of its log.
type folder struct{ path, guard string }

func (w *world) folder(name string) folder {
	return folder{filepath.Join(w.dir, name+".db"), filepath.Join(w.dir, name+".guard")}
}

func newNode(w *world, i int) *node {
	office := fmt.Sprintf("o%d", i)
	n := &node{
		w: w, index: i, office: office, log: logOf(office), folder: w.folder(office),
		key: keyOf(office), tls: keyOf("tls " + office),
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
	w.truth[n.log] = newHistory(n.log)
	return n
}

// name tells a copy from what it is a copy of.
func (n *node) name() string {
	if n.copyOf != nil {
		return "copy of " + n.office
	}
	return n.office
}

// start opens the store from its file and begins with an empty head.
func (n *node) start() {
	if n.up || n.gone() {
		return
	}
	st, err := store.Open(n.path, store.Options{
		Federation: federation, Office: n.office, Guard: n.guard, Now: n.wall, MinFree: -1,
		OnCommitError: func(err error) { n.w.fail("%s: commit: %v", n.name(), err) },
	})
	if err != nil {
		n.w.fail("%s: opening: %v", n.name(), err)
		return
	}
	n.w.starts++
	n.store, n.up, n.began, n.starts = st, true, n.w.now, n.w.starts
	n.ends, n.order = map[replica.SessionID]*end{}, nil
	n.intakes = map[replica.FetchID]*intake{}
	n.held, n.told, n.forks = map[ledger.LogID]head{}, map[nodev1.AlarmCode]bool{}, map[ledger.LogID]bool{}
	n.liedTo, n.hearsNot, n.forgot = 0, false, false
	cfg := replica.CoreConfig{
		Federation: federation, Office: n.office, Key: n.transportKey(), Keeper: logOf("o0"),
		Role: ledgerv1.NodeRole_NODE_ROLE_WRITER, Heads: st.Heads(), Stamps: st.Stamps(),
		Sign: func(message []byte) []byte { return ed25519.Sign(n.tls, message) },
		Nonce: func() []byte {
			n.nonces++
			nonce := sha256.Sum256(fmt.Append(nil, n.starts, n.nonces))
			return nonce[:]
		},
	}
	binary.BigEndian.PutUint64(cfg.Instance[:], uint64(n.starts))
	switch n.w.plan.mutant {
	case countsOnly:
		cfg.Root = rootBySize
	case trustsMemory:
		cfg.Heads = append(cfg.Heads, n.memory...)
	}
	n.core = replica.NewCore(cfg)
	n.signer = signing.New(signing.Config{Store: st, Log: n.log, Key: n.key, Named: n.named, Confirmed: n.confirmed})
	n.verifier = replica.HeadVerifier{Federation: federation, Keys: n.headKeys, Opened: &ledger.Verifier{}, Holds: n.core.Holds, Wants: n.core.Wants, Now: n.wall}
	starts := n.starts
	n.w.after(replica.TickEvery, func() { n.tick(starts) })
	if n.index == 0 && n.published == 0 {
		n.publish(n.w.plan.nodes)
	}
}

// rootBySize is the bug of every system that calls equal counters equal.
func rootBySize(heads map[ledger.LogID]ledger.Checkpoint) [32]byte {
	var total uint64
	for _, h := range heads {
		total += h.Size
	}
	return sha256.Sum256(binary.BigEndian.AppendUint64(nil, total))
}

func (n *node) wall() time.Time { return epochStart.Add(n.w.now + n.clock) }

func (n *node) tick(starts int) {
	if !n.up || n.starts != starts {
		return
	}
	if n.w.plan.mutant != timeless {
		n.post(replica.Tick{Now: n.w.now - n.began, InDoubt: n.store.Doubt().MayBeOld()})
		n.settle()
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
		n.w.fail("%s: closing: %v", n.name(), err)
	}
}

// hangUp ends all sessions and stops, as a machine does whose power is cut.
func (n *node) hangUp() {
	if !n.up {
		return
	}
	n.memory = n.store.Heads()
	for _, id := range slices.Clone(n.order) {
		n.ends[id].pipe.breakOff(n.w.chance(n.w.plan.faults.halfOpen))
	}
	n.stop()
}

// crash stops the node at once and starts it a little later, from its file or from an
// older copy of it. The guard file is kept (protocol.md 4), or lost too. Now and then another
// key lies in its folder then.
func (n *node) crash(restore bool) {
	if !n.up {
		return
	}
	restore = restore && len(n.backups) > 0
	n.w.logf("%s crashes, restored=%t", n.name(), restore)
	n.hangUp()
	n.putKeysBack()
	if n.w.chance(n.w.plan.faults.wrongKeys) {
		n.loseKeys()
	}
	if restore {
		n.w.truth[n.log].lost = true
		n.restore(n.backups[n.w.rng.IntN(len(n.backups))])
		if n.w.chance(n.w.plan.faults.lostGuard) {
			n.w.logf("%s loses its guard", n.name())
			os.Remove(n.guard)
		}
	}
	n.w.after(n.w.between(0, 8*time.Second), n.start)
}

// restore puts a backup in the place of the data of a node that is stopped.
func (n *node) restore(backup []byte) {
	os.Remove(n.path)
	if _, err := store.Restore(n.path, store.Options{Federation: federation, Office: n.office, Guard: n.guard}, bytes.NewReader(backup)); err != nil {
		n.w.fail("%s: restoring: %v", n.name(), err)
	}
}

func (n *node) backup() []byte {
	var b bytes.Buffer
	if _, err := n.store.Backup(&b); err != nil {
		n.w.fail("%s: backing up: %v", n.name(), err)
	}
	return b.Bytes()
}

// keepBackup makes one of the few backups that a node is put back to, and copies its folder.
func (n *node) keepBackup() {
	if n.up && len(n.backups) <= 3 && n.w.plan.faults.restore+n.w.plan.faults.clone > 0 {
		n.backups = append(n.backups, n.backup())
		n.images = append(n.images, n.image())
	}
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
		n.w.logf("%s: session with %s ends: %v", n.name(), n.peerOf(e.Session), e.Refused)
		if n.w.plan.mutant == gullible && e.Refused.ByPeer && e.Refused.Reason == nodev1.RefusalReason_REFUSAL_REASON_DUPLICATE_INSTANCE {
			n.alarm(replica.Alarm{Code: replica.AlarmRefusedAsDuplicate, Office: n.office})
		}
		n.onEnd(e.Session, func(x *end) { n.w.checkRefusal(x, e.Refused) })
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
		n.see(e.Head)
	case replica.RecordFork:
		if err := n.store.NoteFork(e.Other); err != nil {
			n.w.fail("%s: noting a fork of %s: %v", n.name(), e.Other.Log, err)
		}
	case replica.RecordStamp:
		if !n.w.truth[e.Stamp.Log].stamps[e.Stamp.Time] {
			n.w.fail("%s hears %s at %s, when it signed nothing", n.name(), e.Stamp.Log.Office, e.Stamp.Time)
		}
		n.store.Stamp(e.Stamp)
	case replica.Alarm:
		n.alarm(e)
	}
}

// see tells the store that a head exists.
func (n *node) see(h ledger.Checkpoint) {
	err := n.store.See(h)
	if held, ok := n.store.Held(h.Log); ok {
		n.post(replica.Committed{Heads: []ledger.Checkpoint{held}})
	}
	var fork *store.ForkError
	switch {
	case errors.As(err, &fork):
		n.contradicts(replica.Forked{Held: fork.Held, Other: fork.Other})
	case errors.Is(err, store.ErrForked):
		n.alarm(replica.Alarm{Code: replica.AlarmOwnHeadContradicted, Office: n.office, Log: h.Log, Words: err.Error()})
	case err != nil:
		n.w.fail("%s: seeing %s: %v", n.name(), h.Log, err)
	}
}

func (n *node) contradicts(fork replica.Forked) {
	if n.w.plan.mutant != unmoved {
		n.post(fork)
	}
}

func (n *node) onEnd(id replica.SessionID, f func(*end)) {
	if x := n.ends[id]; x != nil {
		f(x)
	}
}

func (n *node) peerOf(id replica.SessionID) string {
	if x := n.ends[id]; x != nil {
		return x.peer().name()
	}
	return "nobody"
}

// receive checks a frame and hands it to the core.
func (n *node) receive(id replica.SessionID, f *nodev1.Frame) {
	ev := n.verifier.Frame(id, f)
	if r, ok := ev.(replica.Received); ok {
		n.misjudge(r.Heads, r.Stamps)
	}
	n.post(ev)
}

func (n *node) recheck(e replica.Recheck) {
	heads, err := n.verifier.Heads(e.Heads)
	if err != nil {
		n.w.fail("%s: checking again: %v", n.name(), err)
	}
	stamps, now, err := n.verifier.Stamps(e.Stamps)
	if err != nil {
		n.w.fail("%s: checking stamps again: %v", n.name(), err)
	}
	n.misjudge(heads, stamps)
	n.post(replica.Rechecked{Session: e.Session, Heads: heads, Stamps: stamps, Now: now})
}

// misjudge is what planted bugs take signatures for.
func (n *node) misjudge(heads []replica.CheckedHead, stamps []replica.CheckedStamp) {
	take := func(of *replica.Signature) {
		switch {
		case n.w.plan.mutant == credulous:
			*of = replica.SignatureValid
		case n.w.plan.mutant == forgiving && *of == replica.SignatureInvalid:
			*of = replica.SignatureUnknownKey
		}
	}
	for i := range heads {
		take(&heads[i].Signature)
		if n.w.plan.mutant == timid && heads[i].Head.Log == n.log && heads[i].Signature != replica.SignatureUnchecked {
			heads[i].Signature = replica.SignatureValid
		}
	}
	for i := range stamps {
		take(&stamps[i].Signature)
	}
}

// readable is what a peer may read: PUBLIC.
func readable(v guidancev1.Visibility) bool { return v == guidancev1.Visibility_VISIBILITY_PUBLIC }
