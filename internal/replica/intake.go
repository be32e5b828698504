package replica

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Intake is the receiving end of one fetch: chunks go in, are verified against what
// is stored, and are written in groups of one transaction each. Nothing of a segment
// that does not verify is kept (protocol.md 4). It is not safe for concurrent use.
type Intake struct {
	store *store.Store
	keys  Keys
	logs  map[ledger.LogID]*incoming
	order []ledger.LogID

	group   []ledger.Verified
	raw     int // bytes in group
	useless int // chunks that brought nothing new
	moved   []ledger.LogID
}

// incoming is one log of a fetch.
type incoming struct {
	head     ledger.Checkpoint // that its last segment was to lead to
	tree     ledger.Tree       // what is verified, perhaps not written yet
	verifier ledger.Verifier
	stopped  error // why no more of it is taken
}

// Request makes the request for logs, from where each stands here. It is nil when
// there is nothing to ask for.
func Request(st *store.Store, logs []Target) (*nodev1.FetchRequest, error) {
	req := &nodev1.FetchRequest{}
	for _, t := range logs {
		tree, err := st.Progress(t.Log)
		if err != nil {
			return nil, fmt.Errorf("asking for %s: %w", t.Log, err)
		}
		if tree.Size() < t.Size {
			req.Ranges = append(req.Ranges, &nodev1.LogRange{Log: t.Log.String(), From: tree.Size(), Size: t.Size})
		}
	}
	if len(req.Ranges) == 0 {
		return nil, nil
	}
	return req, nil
}

// NewIntake begins the receiving end of a fetch of these logs.
func NewIntake(st *store.Store, keys Keys, logs []Target) (*Intake, error) {
	in := &Intake{store: st, keys: keys, logs: map[ledger.LogID]*incoming{}}
	for _, t := range logs {
		tree, err := st.Progress(t.Log)
		if err != nil {
			return nil, fmt.Errorf("taking in %s: %w", t.Log, err)
		}
		in.logs[t.Log] = &incoming{tree: tree}
		in.order = append(in.order, t.Log)
	}
	return in, nil
}

// Take verifies a chunk. What verifies waits for Commit; a log that does not verify
// is taken no further, and Bad names it. An error means that the chunk as such is
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
	verified := make([][]ledger.Verified, len(order))
	inParallel(len(order), worthBoth(c), func(i int) {
		verified[i] = in.verify(in.logs[order[i]], runs[order[i]])
	})
	return in.keep(order, verified)
}

// worthBoth says whether a chunk is worth both cores: signatures and hashes of many
// logs are, a single new letter is not.
func worthBoth(c *nodev1.Chunk) bool {
	return len(c.GetSegments()) >= 8 || c.GetRawSize() >= ledger.ChunkAim
}

// inParallel runs f for 0..n-1, on two goroutines when it is worth it.
func inParallel(n int, worth bool, f func(int)) {
	half := 0
	var wg sync.WaitGroup
	if worth && n > 1 {
		half = n / 2
		wg.Go(func() {
			for i := range half {
				f(i)
			}
		})
	}
	for i := half; i < n; i++ {
		f(i)
	}
	wg.Wait()
}

// verify verifies the segments of one log, in order.
func (in *Intake) verify(log *incoming, segs []ledger.Segment) []ledger.Verified {
	var out []ledger.Verified
	for _, seg := range segs {
		if log.stopped != nil {
			return out
		}
		v, err := in.verifyOne(log, seg)
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

func (in *Intake) verifyOne(log *incoming, seg ledger.Segment) (ledger.Verified, error) {
	peeked, err := ledger.PeekCheckpoint(seg.Checkpoint)
	if err != nil {
		return ledger.Verified{}, fmt.Errorf("verifying %s: %w", seg.Log, err)
	}
	log.head = peeked
	keys := in.keys(seg.Log, peeked.Size)
	v, err := log.verifier.Verify(log.tree, seg, keys)
	if err != nil || onlyPublic(&v) {
		return v, err
	}
	return log.verifier.Verify(log.tree, withoutRestricted(seg, &v), keys)
}

// onlyPublic says whether every body that came may be kept here: until readers are
// told apart, only PUBLIC ones are (protocol.md 5, invariant 12).
func onlyPublic(v *ledger.Verified) bool {
	for i, e := range v.Entries() {
		if e.Salt != nil && v.Headers()[i].GetVisibility() != guidancev1.Visibility_VISIBILITY_PUBLIC {
			return false
		}
	}
	return true
}

// withoutRestricted is the segment once more, without the bodies that are not kept.
func withoutRestricted(seg ledger.Segment, v *ledger.Verified) ledger.Segment {
	bare := ledger.Segment{Log: seg.Log, First: v.From(), Checkpoint: seg.Checkpoint, Proof: seg.Proof}
	for i, e := range v.Entries() {
		bare.Headers = append(bare.Headers, e.Header)
		if e.Salt != nil && v.Headers()[i].GetVisibility() == guidancev1.Visibility_VISIBILITY_PUBLIC {
			bare.Bodies = append(bare.Bodies, &ledgerv1.SaltedBody{Index: v.From() + uint64(i), Salt: e.Salt, Body: e.Body})
		}
	}
	return bare
}

// keep adds what verified to the group. Together it may not be more than a chunk may
// hold: whoever packs more sends a bomb.
func (in *Intake) keep(order []ledger.LogID, verified [][]ledger.Verified) error {
	raw := 0
	for i := range verified {
		for j := range verified[i] {
			raw += rawBytes(&verified[i][j])
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

func rawBytes(v *ledger.Verified) int {
	n := 0
	for _, e := range v.Entries() {
		n += len(e.Header) + len(e.Salt) + len(e.Body)
	}
	return n
}

// Full says that the group should be written now.
func (in *Intake) Full() bool { return in.raw >= GroupAim }

// Commit writes the group in one transaction. It returns the logs that were brought
// forward and the heads now held of them. An error is this node's, not the peer's.
func (in *Intake) Commit() (moved []ledger.LogID, held []ledger.Checkpoint, err error) {
	if len(in.group) == 0 {
		return nil, nil, nil
	}
	if err := in.store.Ingest(in.group); isLocal(err) {
		return nil, nil, err
	} else if err != nil {
		if err := in.commitEach(); err != nil {
			return nil, nil, err
		}
	}
	moved = in.moved
	in.group, in.moved, in.raw = nil, nil, 0
	for _, log := range moved {
		if h, ok := in.store.Held(log); ok {
			held = append(held, h)
		}
	}
	return moved, held, nil
}

// commitEach writes the group log by log, for one of them is refused: a fork, say, of
// which the others know nothing.
func (in *Intake) commitEach() error {
	runs := map[ledger.LogID][]ledger.Verified{}
	for i := range in.group {
		log := in.group[i].Log()
		runs[log] = append(runs[log], in.group[i])
	}
	kept := in.moved[:0]
	for _, log := range in.moved {
		err := in.store.Ingest(runs[log])
		switch {
		case isLocal(err):
			return err
		case err != nil:
			in.logs[log].stopped = err
		default:
			kept = append(kept, log)
		}
	}
	in.moved = kept
	return nil
}

// Forks lists the heads that contradict what is held.
func (in *Intake) Forks() (forks []Forked) {
	for _, log := range in.order {
		stopped := in.logs[log].stopped
		var fork *store.ForkError
		switch {
		case errors.As(stopped, &fork):
			forks = append(forks, Forked{fork.Held, fork.Other})
		case errors.Is(stopped, ledger.ErrFork):
			held, _ := in.store.Held(log)
			forks = append(forks, Forked{held, in.logs[log].head})
		}
	}
	return forks
}

// Contradicted is why the own log was stopped, when what peers have of it is not what
// this node released; or nil.
func (in *Intake) Contradicted() error {
	for _, log := range in.order {
		if stopped := in.logs[log].stopped; errors.Is(stopped, store.ErrForked) {
			return stopped
		}
	}
	return nil
}

// Doubts lists the validly signed heads that entries from the source do not lead to:
// it has spoilt the proof, or the office has signed two histories.
func (in *Intake) Doubts() (heads []ledger.Checkpoint) {
	for _, log := range in.order {
		if stopped := in.logs[log].stopped; errors.Is(stopped, ledger.ErrProof) && !isFork(stopped) {
			heads = append(heads, in.logs[log].head)
		}
	}
	return heads
}

func isFork(err error) bool {
	return errors.Is(err, ledger.ErrFork) || errors.Is(err, store.ErrFork) || errors.Is(err, store.ErrForked)
}

// Bad lists the logs that the source spoilt, and the first reason.
func (in *Intake) Bad() (logs []ledger.LogID, first error) {
	for _, log := range in.order {
		err := in.logs[log].stopped
		if err == nil || blameless(err) {
			continue
		}
		logs = append(logs, log)
		if first == nil {
			first = err
		}
	}
	return logs, first
}

// blameless says that a segment could not be used and that it need not be the peer's
// fault: the register here lacks a key, the log has moved meanwhile, or its office has
// signed two histories. So a proof that does not lead to a validly signed head is never
// held against whoever passed it on.
func blameless(err error) bool {
	return errors.Is(err, ledger.ErrUnknownKey) || errors.Is(err, ledger.ErrGap) || errors.Is(err, ledger.ErrProof) ||
		errors.Is(err, store.ErrTooMany) || isFork(err)
}

// Outcome sums up a fetch whose stream ended with err, nil when it was complete.
func (in *Intake) Outcome(fetch FetchID, err error) Done {
	done := Done{Fetch: fetch, Err: err}
	if logs, first := in.Bad(); len(logs) > 0 {
		done.Outcome, done.Bad, done.Err = Bad, logs, first
		return done
	}
	var refused *Refused
	switch {
	case err == nil:
	case isGarbage(err):
		done.Outcome = Bad
	case isLocal(err):
		done.Outcome = Local
	default:
		done.Outcome = Cut
	}
	if errors.As(err, &refused) {
		done.RetryAfter = refused.RetryAfter
	}
	for _, log := range in.order {
		stopped := in.logs[log].stopped
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

// isGarbage says that a chunk as such was not one.
func isGarbage(err error) bool {
	return errors.Is(err, ledger.ErrMalformed) || errors.Is(err, ledger.ErrTooLarge)
}

// isLocal says that this node could not take anything. A fork and a gap are not: they
// are about one log.
func isLocal(err error) bool {
	for _, e := range []error{store.ErrDiskFull, store.ErrClosed, store.ErrFatal, store.ErrCorrupt} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
