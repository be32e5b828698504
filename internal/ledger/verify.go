package ledger

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"hash"
	"slices"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Verifier verifies checkpoints and segments, and remembers of each log the checkpoint it
// opened last: every peer tells of the same one, and the segments of a long range all carry
// it. It is taken as opened only where it is the same bytes and the same keys may sign it,
// so that a key that was revoked since opens nothing. The zero value is ready. It is safe for
// concurrent use.
type Verifier struct {
	mu     sync.Mutex
	opened map[string]opened // by the name of the log
}

// opened is a checkpoint that one of these keys has signed.
type opened struct {
	Checkpoint
	keys []ed25519.PublicKey
}

// openedLimit is how many logs a Verifier remembers a checkpoint of.
const openedLimit = 10_000

// Peek is PeekCheckpoint, of what was opened before without parsing it again.
func (r *Verifier) Peek(signed []byte) (Checkpoint, error) {
	if last, ok := r.last(signed); ok {
		return last.Checkpoint, nil
	}
	return PeekCheckpoint(signed)
}

// Open is OpenCheckpoint, of what was opened before without checking it again.
func (r *Verifier) Open(signed []byte, keys []ed25519.PublicKey) (Checkpoint, error) {
	equal := func(a, b ed25519.PublicKey) bool { return bytes.Equal(a, b) }
	if last, ok := r.last(signed); ok && slices.EqualFunc(last.keys, keys, equal) {
		return last.Checkpoint, nil
	}
	cp, err := OpenCheckpoint(signed, keys)
	if err != nil {
		return Checkpoint{}, err
	}
	now := opened{Checkpoint: cp}
	for _, key := range keys {
		now.keys = append(now.keys, bytes.Clone(key))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.opened == nil || len(r.opened) >= openedLimit {
		r.opened = map[string]opened{}
	}
	r.opened[cp.Log.String()] = now
	return cp, nil
}

// last is what was opened last of the log, where it is this.
func (r *Verifier) last(signed []byte) (opened, bool) {
	name, _, _ := bytes.Cut(signed, []byte{'\n'})
	r.mu.Lock()
	defer r.mu.Unlock()
	last, ok := r.opened[string(name)]
	return last, ok && bytes.Equal(last.Note, signed)
}

// Verify checks that a segment extends the held tree towards its checkpoint, signed
// by one of keys, those of the log active at its size. Entries already held are
// skipped unread. Bodies may be missing; those that came for new entries open their
// commitments, and none came for entries outside the run. Nothing is to be kept of
// a segment that does not verify.
//
// Errors: ErrUnknownKey, ErrBadSignature, ErrWrongLog, ErrGap, ErrHeld, ErrBadEntry,
// ErrBadBody, ErrProof, ErrFork, ErrTooLarge, ErrMalformed.
func (r *Verifier) Verify(held Tree, seg Segment, keys []ed25519.PublicKey) (Verified, error) {
	if seg.BodiesOnly {
		return Verified{}, fmt.Errorf("verifying %s from %d: %w: it carries only bodies, which prove nothing", seg.Log, seg.First, ErrMalformed)
	}
	target, err := r.Open(seg.Checkpoint, keys)
	if err == nil && target.Log != seg.Log {
		err = fmt.Errorf("%w: its checkpoint is of %s", ErrWrongLog, target.Log)
	}
	if err != nil {
		return Verified{}, fmt.Errorf("verifying %s from %d: %w", seg.Log, seg.First, err)
	}
	v, err := extend(held, seg, target)
	if err != nil {
		return Verified{}, fmt.Errorf("verifying %s from %d: %w", seg.Log, seg.First, err)
	}
	return v, nil
}

// extend checks everything but the signature, the cheap things first: the place of the
// run, then that each header is at its own and that the grown tree leads to the
// checkpoint, and bodies only of headers that are proved.
func extend(held Tree, seg Segment, target Checkpoint) (Verified, error) {
	if held.size == target.Size && held.size > 0 && held.Root() != target.Root {
		return Verified{}, fmt.Errorf("%w: its checkpoint at size %d has root %s, held is %s", ErrFork, target.Size, target.Root, held.Root())
	}
	if seg.First > held.size {
		return Verified{}, fmt.Errorf("%w: held up to %d", ErrGap, held.size)
	}
	budget := RawLimit
	headers, err := seg.headers(&budget)
	if err != nil {
		return Verified{}, err
	}
	end := seg.First + uint64(len(headers))
	if end < held.size {
		return Verified{}, fmt.Errorf("%w: it ends at %d, held up to %d", ErrHeld, end, held.size)
	}
	if end > target.Size {
		return Verified{}, fmt.Errorf("%w: it ends at %d, after the checkpoint's size %d", ErrProof, end, target.Size)
	}

	headers = headers[held.size-seg.First:]
	parsed := make([]ledgerv1.EntryHeader, len(headers)) // one allocation for all
	v := Verified{
		base: held, tree: held, target: target,
		headers: make([]*ledgerv1.EntryHeader, len(headers)),
		entries: make([]Entry, len(headers)),
		leaves:  make([]tlog.Hash, len(headers)),
	}
	for i, b := range headers {
		h, index := &parsed[i], held.size+uint64(i)
		err := parseHeader(b, h)
		if err == nil {
			err = checkPlace(h, index)
		}
		if err != nil {
			return Verified{}, fmt.Errorf("entry %d: %w: %w", index, ErrBadEntry, err)
		}
		v.headers[i], v.entries[i].Header, v.leaves[i] = h, b, LeafHash(b)
		v.tree.Append(v.leaves[i])
	}
	if err := CheckConsistency(seg.Proof, v.tree, target.Size, target.Root); err != nil {
		return Verified{}, err
	}

	o := opener{v: &v, first: seg.First, hash: sha256.New()}
	for _, b := range seg.Bodies {
		if err := o.open(b.GetIndex(), b.GetSalt(), b.GetBody()); err != nil {
			return Verified{}, err
		}
	}
	for i, frame := range seg.BodyBlocks {
		raw, err := Unpack(frame, budget)
		if err == nil {
			budget -= len(raw)
			err = o.openBlock(frame, raw)
		}
		if err != nil {
			return Verified{}, fmt.Errorf("body block %d: %w", i, err)
		}
	}

	// The frames are kept as shipped when all in them was checked.
	v.packed = len(seg.HeaderBlock) != 0 && seg.First == held.size &&
		seg.First%BlockEntries+uint64(len(v.entries)) <= BlockEntries
	v.blocks.Headers = seg.HeaderBlock
	if !v.packed {
		v.blocks = Blocks{}
	}
	return v, nil
}

// opener puts bodies into the entries they belong to, after checking that they do.
type opener struct {
	v     *Verified
	first uint64    // of the segment: up to v.base.size its entries are held
	hash  hash.Hash // reused: one body after another
	sum   [sha256.Size]byte
}

// openBlock opens the bodies of one packed frame, which must be of one visibility:
// who serves the frame as stored must know who may read it.
func (o *opener) openBlock(frame, raw []byte) error {
	var seen []guidancev1.Visibility // at most one
	err := eachBody(raw, func(index uint64, salt, body []byte) error {
		if err := o.open(index, salt, body); err != nil || index < o.v.base.size {
			return err
		}
		visibility := o.v.headers[index-o.v.base.size].GetVisibility()
		if len(seen) == 0 {
			seen = append(seen, visibility)
		}
		if seen[0] != visibility {
			return fmt.Errorf("entry %d: %w: its body block mixes %v and %v", index, ErrBadEntry, seen[0], visibility)
		}
		return nil
	})
	if len(seen) == 1 {
		o.v.blocks.Bodies = append(o.v.blocks.Bodies, BodyFrame{Visibility: seen[0], Frame: frame})
	}
	return err
}

// open checks a body against the header at index and puts it into the entry. Bodies
// of entries already held are neither needed nor checked.
func (o *opener) open(index uint64, salt, body []byte) error {
	if index < o.first || index >= o.v.tree.size {
		return fmt.Errorf("entry %d: %w: its body came with a run it is not in", index, ErrBadEntry)
	}
	if index < o.v.base.size {
		return nil
	}
	i := index - o.v.base.size
	if o.v.entries[i].Salt != nil {
		return fmt.Errorf("entry %d: %w: its body came twice", index, ErrBadEntry)
	}
	err := checkBodyShape(o.v.headers[i], salt, body)
	if err == nil {
		o.hash.Reset()
		writeCommitted(o.hash, salt, body)
		if !bytes.Equal(o.hash.Sum(o.sum[:0]), o.v.headers[i].GetCommitment()) {
			err = ErrBadBody
		}
	}
	if err != nil {
		return fmt.Errorf("entry %d: %w", index, err)
	}
	o.v.entries[i].Salt, o.v.entries[i].Body = salt, body
	return nil
}
