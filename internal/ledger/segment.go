package ledger

import (
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Segment is a run of entries of one log as exchanged, with what proves it
// (protocol.md 3). Its entries are either packed (HeaderBlock, BodyBlocks) or loose
// (Headers, Bodies), never both. Nothing in it has been checked.
type Segment struct {
	// Log is the log.
	Log LogID
	// First is the index of the first entry carried. It may lie before the end of
	// what the receiver holds.
	First uint64
	// Checkpoint is the signed checkpoint the run extends to.
	Checkpoint []byte
	// Proof is the consistency proof from the end of the run to the checkpoint; empty
	// when they are equal.
	Proof []tlog.Hash
	// Count is how many entries HeaderBlock has, for whoever reads no frames: it is not checked.
	Count uint32
	// HeaderBlock is a frame of PackHeaders over exactly these entries.
	HeaderBlock []byte
	// BodyBlocks are frames of PackBodies, each of one visibility.
	BodyBlocks [][]byte
	// Headers are header bytes as received, oldest first.
	Headers [][]byte
	// Bodies are the bodies the receiver may read, by ascending index.
	Bodies []*ledgerv1.SaltedBody
	// BodiesOnly: only bodies are carried, for entries the receiver holds. Such a
	// segment proves nothing by itself: see LateBodies.
	BodiesOnly bool
}

// headers returns the header bytes of the run, packed or loose, taking what they
// unpack to out of the budget.
func (seg Segment) headers(budget *int) ([][]byte, error) {
	if len(seg.HeaderBlock) == 0 {
		if len(seg.BodyBlocks) != 0 {
			return nil, fmt.Errorf("%w: packed bodies without packed headers", ErrMalformed)
		}
		return seg.Headers, checkLoose(seg, budget)
	}
	if len(seg.Headers) != 0 || len(seg.Bodies) != 0 {
		return nil, fmt.Errorf("%w: both packed and loose entries", ErrMalformed)
	}
	raw, err := Unpack(seg.HeaderBlock, *budget)
	if err != nil {
		return nil, fmt.Errorf("header block: %w", err)
	}
	*budget -= len(raw)
	return readHeaders(raw)
}

func checkLoose(seg Segment, budget *int) error {
	for i, h := range seg.Headers {
		if len(h) > HeaderLimit {
			return fmt.Errorf("entry %d: %w: header of %d bytes, at most %d", seg.First+uint64(i), ErrTooLarge, len(h), HeaderLimit)
		}
		*budget -= len(h)
	}
	for _, b := range seg.Bodies {
		*budget -= len(b.GetBody())
	}
	if *budget < 0 {
		return fmt.Errorf("%w: more than %d raw bytes", ErrTooLarge, RawLimit)
	}
	return nil
}

// LateBodies returns the bodies of a segment that carries only bodies, for entries
// already held. They have not been checked: CheckBody does, against the header held.
// Errors: ErrMalformed, ErrTooLarge.
func (seg Segment) LateBodies() ([]*ledgerv1.SaltedBody, error) {
	budget := RawLimit
	if !seg.BodiesOnly || len(seg.Headers) != 0 || len(seg.HeaderBlock) != 0 {
		return nil, fmt.Errorf("reading late bodies of %s: %w: it carries headers", seg.Log, ErrMalformed)
	}
	if err := checkLoose(seg, &budget); err != nil {
		return nil, fmt.Errorf("reading late bodies of %s: %w", seg.Log, err)
	}
	bodies := slices.Clone(seg.Bodies)
	for i, frame := range seg.BodyBlocks {
		more, n, err := unpackBodies(frame, budget)
		if err != nil {
			return nil, fmt.Errorf("reading late bodies of %s: body block %d: %w", seg.Log, i, err)
		}
		bodies, budget = append(bodies, more...), budget-n
	}
	return bodies, nil
}
