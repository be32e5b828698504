package store

import (
	"bytes"
	"fmt"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Range is entries From..Size-1 of a log.
type Range struct {
	Log        ledger.LogID
	From, Size uint64
}

// Segments returns runs of the ranges asked for, in order, as many as fit maxBytes and
// the raw limit of a chunk but at least one, and the ranges that are left. Each
// carries the head held and the proof to it; runs go as stored, the rest
// loose. What is held beyond a range goes too, for only there is a checkpoint to
// reach. Bodies that readable refuses are left out; headers always go.
//
// A run may start before what was asked for, where a whole run is cheaper than half
// of one unpacked. Frames are checked against their checksum, loose headers against
// the tree. Error: ErrCorrupt.
func (s *Store) Segments(ranges []Range, readable func(guidancev1.Visibility) bool, maxBytes int) (segs []ledger.Segment, rest []Range, err error) {
	c := chunk{readable: readable, bytes: maxBytes, raw: ledger.RawLimit}
	err = s.view(func(r *reading) error {
		c.reading = r
		for i, want := range ranges {
			left, full, err := c.fill(want)
			if err != nil {
				return fmt.Errorf("%s from %d: %w", want.Log, want.From, err)
			}
			if full {
				rest = append([]Range{left}, ranges[i+1:]...)
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("serving %d ranges: %w", len(ranges), err)
	}
	return c.segs, rest, nil
}

// chunk is what one answer may carry, and the runs put into it so far.
type chunk struct {
	*reading
	readable   func(guidancev1.Visibility) bool
	bytes, raw int // what is left of it, as sent and unpacked
	segs       []ledger.Segment
}

// fill puts a range into the chunk, run by run. full is set when the chunk is, with what
// is left of the range.
func (c *chunk) fill(r Range) (left Range, full bool, err error) {
	head := c.heads[r.Log].head
	for r.From < head.Size {
		seg, end, err := c.next(r, head)
		if err != nil {
			return r, false, err
		}
		if end == r.From {
			return r, true, nil
		}
		seg.Log, seg.Checkpoint = r.Log, head.Note
		if seg.Proof, err = ledger.ProveConsistency(hashReader{c.tx, r.Log}, end, head.Size); err != nil {
			return r, false, err
		}
		c.segs = append(c.segs, seg)
		r.From = end
	}
	return r, false, nil
}

// next is the next run of a range, and where it ends: where it started, when nothing
// more fits.
func (c *chunk) next(r Range, head ledger.Checkpoint) (ledger.Segment, uint64, error) {
	end := min(r.From-r.From%blockEntries+blockEntries, head.Size)
	run, err := runOf(c.tx, r.Log, r.From)
	if err != nil {
		return ledger.Segment{}, r.From, err
	}
	if run.end > 0 {
		end = min(run.end, head.Size)
	}
	if run.end == end && end-r.From > (run.end-run.first)/2 {
		seg, fits, err := c.packed(r.Log, run)
		if err != nil || fits {
			return seg, end, err
		}
		if len(c.segs) > 0 {
			return seg, r.From, nil // whole in the next chunk rather than loose in this
		}
	}
	return c.loose(r.Log, r.From, end)
}

// packed is a run as stored, if it fits.
func (c *chunk) packed(log ledger.LogID, run entryRun) (ledger.Segment, bool, error) {
	seg := ledger.Segment{First: run.first, Count: uint32(run.end - run.first), HeaderBlock: bytes.Clone(run.headers)}
	size, raw := len(run.headers), rawSize(run.headers)
	err := eachBodyFrame(c.tx, log, run.first, func(v byte, frame []byte) error {
		if !c.readable(guidancev1.Visibility(v)) {
			return nil
		}
		if size, raw = size+len(frame), raw+rawSize(frame); size <= c.bytes {
			seg.BodyBlocks = append(seg.BodyBlocks, bytes.Clone(frame))
		}
		return nil
	})
	if err != nil || raw > c.raw || size > c.bytes {
		return ledger.Segment{}, false, err
	}
	c.bytes, c.raw = c.bytes-size, c.raw-raw
	return seg, true, nil
}

// looseOverhead is about what protobuf adds to an entry.
const looseOverhead = 32

// loose is as much of a run within one block as fits: at least one entry, if the chunk
// is still empty.
func (c *chunk) loose(log ledger.LogID, from, end uint64) (ledger.Segment, uint64, error) {
	entries, err := readEntries(c.tx, log, from, end, func(v byte) bool { return c.readable(guidancev1.Visibility(v)) })
	if err != nil {
		return ledger.Segment{}, from, err
	}
	seg := ledger.Segment{First: from}
	for at := from; at < end; at++ {
		i := at - from
		if i >= uint64(len(entries)) {
			return seg, from, &CorruptError{Log: log, Index: at, What: "the entry is missing"}
		}
		e := entries[i]
		h, err := checkLeaf(hashReader{c.tx, log}, at, e.Header)
		if err != nil {
			return seg, at, err
		}
		withBody := e.Salt != nil && c.readable(guidancev1.Visibility(class(h.GetVisibility())))
		size := len(e.Header) + looseOverhead
		if withBody {
			size += len(e.Salt) + len(e.Body)
		}
		first := len(c.segs) == 0 && len(seg.Headers) == 0
		if size > min(c.bytes, c.raw) && !first {
			return seg, at, nil
		}
		c.bytes, c.raw = c.bytes-size, c.raw-size
		seg.Headers = append(seg.Headers, bytes.Clone(e.Header))
		if withBody {
			seg.Bodies = append(seg.Bodies, &ledgerv1.SaltedBody{Index: at, Salt: bytes.Clone(e.Salt), Body: bytes.Clone(e.Body)})
		}
	}
	return seg, end, nil
}

// Bodies returns bodies asked for late, as segments that carry only bodies: as many as
// fit maxBytes but at least one, and the entries that are left. Bodies that are not
// here, or that readable refuses, are left out without a word. Error: ErrCorrupt.
func (s *Store) Bodies(wanted []ledger.EntryID, readable func(guidancev1.Visibility) bool, maxBytes int) (segs []ledger.Segment, rest []ledger.EntryID, err error) {
	left := min(maxBytes, ledger.RawLimit)
	byLog := map[ledger.LogID]int{}
	err = s.view(func(r *reading) error {
		for i, id := range wanted {
			log := id.Log(r.federation)
			if id.Index >= r.size(log) {
				continue
			}
			e, h, err := readEntry(r.tx, log, id.Index)
			if err != nil {
				return err
			}
			if e.Salt == nil || !readable(h.GetVisibility()) {
				continue
			}
			if left -= len(e.Body) + ledger.SaltSize + looseOverhead; left < 0 && len(segs) > 0 {
				rest = wanted[i:]
				return nil
			}
			n, ok := byLog[log]
			if !ok {
				n = len(segs)
				byLog[log] = n
				segs = append(segs, ledger.Segment{Log: log, First: id.Index, BodiesOnly: true})
			}
			segs[n].Bodies = append(segs[n].Bodies, &ledgerv1.SaltedBody{Index: id.Index, Salt: bytes.Clone(e.Salt), Body: bytes.Clone(e.Body)})
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("serving %d bodies: %w", len(wanted), err)
	}
	return segs, rest, nil
}
