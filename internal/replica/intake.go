package replica

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Intake is the receiving end of one fetch. It is not safe for concurrent use.
//
// A segment goes one way, and each step has to be over before the next begins:
//
//	unpack     the chunk is one, within the limits
//	verify     its checkpoint is signed by a key of the log, its headers lie where they say
//	prove      they lead to the signed root, and the bodies open their commitments
//	store      many segments in one transaction, durable when it returns
//	announce   Committed tells the core what is held now, and the core tells peers
//
// Were something announced before it is stored, a crash would take it back: an office is
// told that two peers hold its letter, loses its disk, and neither has it (protocol.md 5,
// invariant 3). Were something stored before it is proven, one bad source would leave
// entries behind that no other source's proof can lead on from. So a segment that fails is
// dropped whole and its log is taken no further from this answer, a cut costs at most the
// group that was not written yet, and the other logs of the chunk go on.
type Intake struct {
	store  *store.Store
	keys   Keys
	opened *ledger.Verifier
	logs   map[ledger.LogID]*incoming
	order  []Target

	group   []ledger.Verified // waits for Commit
	raw     int               // bytes in group
	useless int               // chunks that brought nothing new
	moved   []ledger.LogID    // in group
}

// incoming is one log of a fetch.
type incoming struct {
	head    ledger.Checkpoint // that its last segment was to lead to
	tree    ledger.Tree       // what is verified, perhaps not written yet
	stopped error             // why no more of it is taken
}

// NewIntake begins the receiving end of a fetch of these logs. What opens their checkpoints
// may have opened them when they were heard of.
func NewIntake(st *store.Store, keys Keys, opened *ledger.Verifier, logs []Target) (*Intake, error) {
	in := &Intake{store: st, keys: keys, opened: opened, logs: map[ledger.LogID]*incoming{}, order: logs}
	for _, t := range logs {
		tree, err := st.Progress(t.Log)
		if err != nil {
			return nil, fmt.Errorf("taking in %s: %w", t.Log, err)
		}
		in.logs[t.Log] = &incoming{tree: tree}
	}
	return in, nil
}

// Request makes the request for the logs, from where each stands here. It is nil when
// there is nothing to ask for.
func (in *Intake) Request() *nodev1.FetchRequest {
	req := &nodev1.FetchRequest{}
	for _, t := range in.order {
		if have := in.logs[t.Log].tree.Size(); have < t.Size {
			req.Ranges = append(req.Ranges, &nodev1.LogRange{Log: t.Log.String(), From: have, Size: t.Size})
		}
	}
	if len(req.Ranges) == 0 {
		return nil
	}
	return req
}

// Take verifies a chunk. What verifies waits for Commit; a log that does not verify
// is taken no further, and Outcome names it. An error means that the chunk as such is
// garbage.
func (in *Intake) Take(c *nodev1.Chunk) error {
	segs, err := unpack(c)
	if err != nil {
		return err
	}
	var order []ledger.LogID
	runs := map[ledger.LogID][]ledger.Segment{}
	for _, seg := range segs {
		if in.logs[seg.Log] == nil {
			return fmt.Errorf("reading a chunk: %w: %s was not asked for", ledger.ErrMalformed, seg.Log)
		}
		if runs[seg.Log] == nil {
			order = append(order, seg.Log)
		}
		runs[seg.Log] = append(runs[seg.Log], seg)
	}

	// Signatures and hashes of many logs are worth both cores, a single new letter is not.
	verified := make([][]ledger.Verified, len(order))
	half := 0
	var other sync.WaitGroup
	if len(segs) >= 8 || c.GetRawSize() >= ledger.ChunkAim {
		half = len(order) / 2
		other.Go(func() {
			for i, log := range order[:half] {
				verified[i] = in.verify(in.logs[log], runs[log])
			}
		})
	}
	for i, log := range order[half:] {
		verified[half+i] = in.verify(in.logs[log], runs[log])
	}
	other.Wait()

	// Together it may not be more than a chunk may hold: whoever packs more sends a bomb.
	raw := 0
	for i := range verified {
		for j := range verified[i] {
			for _, e := range verified[i][j].Entries() {
				raw += len(e.Header) + len(e.Salt) + len(e.Body)
			}
		}
	}
	if raw == 0 {
		in.useless++
	}
	if in.useless > UselessLimit {
		return fmt.Errorf("reading a chunk: %w: the %dth of a fetch that brings nothing new", ledger.ErrMalformed, in.useless)
	}
	if raw > ledger.RawLimit {
		return fmt.Errorf("reading a chunk: %w: %d raw bytes, at most %d", ledger.ErrTooLarge, raw, ledger.RawLimit)
	}
	for i, log := range order {
		in.group = append(in.group, verified[i]...)
		if len(verified[i]) > 0 && !slices.Contains(in.moved, log) {
			in.moved = append(in.moved, log)
		}
	}
	in.raw += raw
	return nil
}

// verify verifies the segments of one log, in order, each from where the one before it
// ended. A second pass is for segments with bodies that are not kept here: what is stored
// has to be what was verified.
func (in *Intake) verify(log *incoming, segs []ledger.Segment) (out []ledger.Verified) {
	for _, seg := range segs {
		if log.stopped != nil {
			return out
		}
		peeked, err := in.opened.Peek(seg.Checkpoint)
		if err != nil {
			log.stopped = fmt.Errorf("verifying %s: %w", seg.Log, err)
			return out
		}
		log.head = peeked
		keys := in.keys(seg.Log, peeked.Size)
		v, err := in.opened.Verify(log.tree, seg, keys)
		if err == nil {
			if bare, restricted := withoutRestricted(seg, &v); restricted {
				v, err = in.opened.Verify(log.tree, bare, keys)
			}
		}
		switch {
		case errors.Is(err, ledger.ErrHeld):
		case err != nil:
			log.stopped = err
		default:
			log.tree = v.Tree()
			out = append(out, v)
		}
	}
	return out
}

// withoutRestricted is a segment without the bodies that may not be kept here, and
// whether there are any: until readers are told apart, only PUBLIC ones are kept
// (protocol.md 5, invariant 12).
func withoutRestricted(seg ledger.Segment, v *ledger.Verified) (bare ledger.Segment, restricted bool) {
	kept := make([]bool, len(v.Entries()))
	for i, e := range v.Entries() {
		kept[i] = e.Salt != nil && isPublic(v.Headers()[i].GetVisibility())
		restricted = restricted || e.Salt != nil && !kept[i]
	}
	if !restricted {
		return seg, false
	}
	bare = ledger.Segment{Log: seg.Log, First: v.From(), Checkpoint: seg.Checkpoint, Proof: seg.Proof}
	for i, e := range v.Entries() {
		bare.Headers = append(bare.Headers, e.Header)
		if kept[i] {
			bare.Bodies = append(bare.Bodies, &ledgerv1.SaltedBody{Index: v.From() + uint64(i), Salt: e.Salt, Body: e.Body})
		}
	}
	return bare, true
}

// Full says that the group should be written now.
func (in *Intake) Full() bool { return in.raw >= GroupAim }

// Commit writes the group in one transaction. It returns the logs that were brought
// forward and the heads now held of them. An error is this node's, not the peer's.
//
// When the store refuses the group, one log of it is to blame: a fork, say, of which the
// others know nothing. So they are written log by log then, and that one is stopped.
func (in *Intake) Commit() (moved []ledger.LogID, held []ledger.Checkpoint, err error) {
	if len(in.group) == 0 {
		return nil, nil, nil
	}
	moved = in.moved
	if err := in.store.Ingest(in.group); isLocal(err) {
		return nil, nil, err
	} else if err != nil {
		runs := map[ledger.LogID][]ledger.Verified{}
		for i := range in.group {
			log := in.group[i].Log()
			runs[log] = append(runs[log], in.group[i])
		}
		moved = nil
		for _, log := range in.moved {
			switch err := in.store.Ingest(runs[log]); {
			case isLocal(err):
				return nil, nil, err
			case err != nil:
				in.logs[log].stopped = err
			default:
				moved = append(moved, log)
			}
		}
	}
	in.group, in.moved, in.raw = nil, nil, 0
	for _, log := range moved {
		if h, ok := in.store.Held(log); ok {
			held = append(held, h)
		}
	}
	return moved, held, nil
}

// Findings are what a fetch has shown of logs, whoever its source was.
type Findings struct {
	// Forks are heads that contradict what is held.
	Forks []Forked
	// OwnContradicted is why the own log, OwnLog, was stopped, when what peers have of it
	// is not what this node released; or nil.
	OwnContradicted error
	OwnLog          ledger.LogID
	// Unproven are validly signed heads that entries from the source do not lead to: it
	// has spoilt the proof, or the office has signed two histories.
	Unproven []ledger.Checkpoint
}

// Findings sorts what stopped the logs of the fetch.
func (in *Intake) Findings() (f Findings) {
	for _, t := range in.order {
		log, stopped, head := t.Log, in.logs[t.Log].stopped, in.logs[t.Log].head
		var fork *store.ForkError
		switch {
		case errors.As(stopped, &fork):
			f.Forks = append(f.Forks, Forked{fork.Held, fork.Other})
		case errors.Is(stopped, ledger.ErrFork):
			held, _ := in.store.Held(log)
			f.Forks = append(f.Forks, Forked{held, head})
		case errors.Is(stopped, ledger.ErrProof) && !isFork(stopped):
			f.Unproven = append(f.Unproven, head)
		}
		if f.OwnContradicted == nil && errors.Is(stopped, store.ErrForked) {
			f.OwnContradicted, f.OwnLog = stopped, log
		}
	}
	return f
}

// Outcome sums up a fetch whose stream ended with err, nil when it was complete. What the
// source must have spoilt itself comes before everything else. What need not be its fault
// is not held against it: the register here lacks a key, the log has moved meanwhile, or
// its office has signed two histories, so that a proof that does not lead to a validly
// signed head is never held against whoever passed it on.
func (in *Intake) Outcome(fetch FetchID, err error) Done {
	done := Done{Fetch: fetch, Err: err}
	for _, t := range in.order {
		stopped := in.logs[t.Log].stopped
		if stopped == nil || isFork(stopped) || errors.Is(stopped, ledger.ErrUnknownKey) || errors.Is(stopped, ledger.ErrGap) ||
			errors.Is(stopped, ledger.ErrProof) || errors.Is(stopped, store.ErrTooMany) {
			continue
		}
		if len(done.Bad) == 0 {
			done.Outcome, done.Err = Bad, stopped
		}
		done.Bad = append(done.Bad, t.Log)
	}
	if len(done.Bad) > 0 {
		return done
	}
	switch {
	case err == nil:
	case isGarbage(err):
		done.Outcome = Bad
	case isLocal(err):
		done.Outcome = Local
	default:
		done.Outcome = Cut
	}
	var refused *Refused
	if errors.As(err, &refused) {
		done.RetryAfter = refused.RetryAfter
	}
	for _, t := range in.order {
		stopped := in.logs[t.Log].stopped
		switch {
		case done.Outcome != Complete || stopped == nil:
		case errors.Is(stopped, ledger.ErrUnknownKey):
			done.Outcome, done.Err = NoKey, stopped
		case errors.Is(stopped, ledger.ErrProof) || isFork(stopped):
			done.Outcome, done.Err = NoProof, stopped
		}
	}
	return done
}

func isFork(err error) bool {
	return errors.Is(err, ledger.ErrFork) || errors.Is(err, store.ErrFork) || errors.Is(err, store.ErrForked)
}

// isGarbage says that a chunk as such was not one.
func isGarbage(err error) bool {
	return errors.Is(err, ledger.ErrMalformed) || errors.Is(err, ledger.ErrTooLarge)
}

// isLocal says that this node could not take anything. A fork and a gap are not: they
// are about one log.
func isLocal(err error) bool {
	for _, e := range []error{store.ErrDiskFull, store.ErrReadOnly, store.ErrClosed, store.ErrMended, store.ErrFatal, store.ErrCorrupt} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
