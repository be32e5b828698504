package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// history is everything that was ever signed of a log, by whichever node.
type history struct {
	log    ledger.LogID
	signed map[head]signed
	newest head // the longest
	stamps map[time.Time]bool
	copied bool // its office had a second node
	lost   bool // a node of it was put back to before, or thrown away
	parted bool // two heads contradict each other
}

type head struct {
	size uint64
	root tlog.Hash
}

// signed is a head's note and what leads to it.
type signed struct {
	note    []byte
	entries []ledger.Entry
}

func headOf(cp ledger.Checkpoint) head { return head{cp.Size, cp.Root} }

func newHistory(log ledger.LogID) *history {
	return &history{log: log, signed: map[head]signed{{}: {}}, stamps: map[time.Time]bool{}}
}

// add notes that entries were signed on top of a head.
func (h *history) add(from head, cp ledger.Checkpoint, entries []ledger.Entry) {
	h.parted = h.parted || from != h.newest
	h.signed[headOf(cp)] = signed{cp.Note, slices.Concat(h.signed[from].entries, entries)}
	if cp.Size > h.newest.size {
		h.newest = headOf(cp)
	}
}

// ready says whether the signer finds nothing against signing.
func (n *node) ready() bool {
	return n.signer.Standing().State == nodev1.SigningState_SIGNING_STATE_READY
}

// offices are those that the register names.
func (w *world) offices() (all []string) {
	for _, n := range w.nodes {
		all = append(all, n.office)
	}
	return all
}

// confirmed is whether peers end a doubt. What nobody on a live session has, nobody can tell: two
// histories are then what a lost guard costs, and are not gone into. Anything else must not be.
func (n *node) confirmed() bool {
	if n.w.plan.mutant == trustsBackups {
		return true
	}
	held, _ := n.store.Held(n.log)
	switch {
	case !n.core.Confirmed(n.log, n.w.offices()):
		return false
	case n.w.truth[n.log].newest.size > held.Size:
		n.w.checkPeersHoldNoMore(n, held.Size)
		if !n.forgot {
			n.forgot = true
			n.w.seen.forgotten++
		}
		return false
	}
	return true
}

func (n *node) settle() {
	doubt := n.store.Doubt()
	if doubt == "" {
		return
	}
	if err := n.signer.Settle(); err != nil {
		n.w.fail("%s: confirming: %v", n.name(), err)
	}
	if n.store.Doubt() == "" {
		n.w.seen.confirmed++
		n.w.logf("%s is confirmed", n.name())
	}
}

// alarm is raised by the exchange, for the operator and the signer.
func (n *node) alarm(a replica.Alarm) {
	n.w.logf("%s: ALARM: %s", n.name(), a.Words)
	n.w.checkAlarm(n, a)
	ofItself := a.Code == replica.AlarmRefusedAsDuplicate || a.Log == n.log
	if a.Code == replica.AlarmRefusedAsDuplicate {
		n.w.seen.proved++
	}
	if ofItself {
		n.told[a.Code] = true
	}
	if a.Code == replica.AlarmFork {
		n.forks[a.Log] = true
	}
	switch {
	case n.w.plan.mutant == signsAsDuplicate && a.Code == replica.AlarmRefusedAsDuplicate:
	case n.w.plan.mutant == signsContradicted && a.Log == n.log:
	default:
		if err := n.signer.Heed(a); err != nil {
			n.w.fail("%s: writing the guard: %v", n.name(), err)
		}
	}
}

// publish appends entries of all kinds, when the signer lets it: unknown ones, unknown fields,
// restricted bodies, claimed times anywhere.
func (n *node) publish(count int) {
	if !n.up {
		return
	}
	n.settle()
	if !n.ready() {
		return
	}
	before, _ := n.store.Held(n.log)
	n.w.checkMaySign(n, headOf(before))
	var drafts []store.Draft
	var entries []ledger.Entry
	for i := range count {
		e := n.compose(before.Size + uint64(i))
		entries = append(entries, e)
		drafts = append(drafts, store.Draft{RequestID: fmt.Sprint(n.starts, " ", n.published+i), Header: e.Header, Salt: e.Salt, Body: e.Body})
	}
	_, _, err := n.store.Append(n.log, drafts, n.signer.Sign)
	if errors.Is(err, store.ErrRecovering) {
		return // entries are here that no head reaches yet
	}
	if err != nil {
		n.w.fail("%s: appending: %v", n.name(), err)
		return
	}
	n.published += count
	cp, _ := n.store.Held(n.log)
	h := n.w.truth[n.log]
	h.add(headOf(before), cp, entries)
	n.w.logf("%s publishes up to %d, parted=%t", n.name(), cp.Size, h.parted)
	n.post(replica.Committed{Heads: []ledger.Checkpoint{cp}})
}

// stamp says at the start and at each full hour that the own head is still the newest.
func (n *node) stamp() {
	if !n.up || n.w.plan.unstamped || n.signer.StampIn(n.wall()) > 0 {
		return
	}
	st, made, err := n.signer.Stamp(n.wall())
	if !made && n.w.plan.mutant == stampsInDoubt {
		head, _ := n.store.Held(n.log)
		if head.Size == 0 {
			head = ledger.Checkpoint{Log: n.log, Root: (&ledger.Tree{}).Root()}
		}
		st, err = ledger.SignStamp(head, n.wall(), n.key)
		made = true
	}
	if err != nil {
		n.w.fail("%s: stamping: %v", n.name(), err)
	}
	if !made {
		return
	}
	h := n.w.truth[n.log]
	if st.Size < h.newest.size && !h.copied {
		n.w.fail("%s stamps %d as its newest, and has signed %d", n.name(), st.Size, h.newest.size)
	}
	n.w.checkMaySign(n, h.newest)
	h.stamps[st.Time] = true
	n.post(replica.Stamped{Stamp: st})
}

func (n *node) compose(index uint64) ledger.Entry {
	rng := n.w.rng
	kind := ledgerv1.EntryKind_ENTRY_KIND_ERASURE
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
	e, err := ledger.Seal(kind, vis, index, claimed, body, rand.NewChaCha8([32]byte{byte(n.index), byte(index), byte(index >> 8), byte(n.w.plan.seed), byte(n.starts)}))
	if err != nil {
		n.w.fail("%s: sealing: %v", n.name(), err)
	}
	return e
}
