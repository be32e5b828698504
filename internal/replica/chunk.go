package replica

import (
	"fmt"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// A chunk as it lies on the wire. Blocks are the store's own zstd frames; the tails
// of all other segments share one frame, for sixty-four letters together take half
// the room of sixty-four alone:
//
//	segments   demo/essex/log/0  first=0 count=64 checkpoint proof  header_block body_blocks
//	           demo/surrey/log/0 first=3 count=2  checkpoint proof  (tail 0)
//	           demo/kent/log/0   first=9 count=1  checkpoint proof  (tail 1)
//	tails      zstd( TailSet{ tail 0, tail 1 } )

// packer collects segments into a chunk.
type packer struct {
	chunk *nodev1.Chunk
	tails *nodev1.TailSet
	loose int // raw bytes in tails
	size  int // bytes in segments, as they are on the wire
	raw   int // raw bytes of everything compressed
}

// looseRatio is what tails are guessed to compress to before they are: letters reach
// 3.5, and a chunk that misses its aim is only a little longer.
const looseRatio = 3

// segmentOverhead is more than tags, lengths, name and numbers of a segment take.
const segmentOverhead = 128

// add adds a segment, unless with it the chunk would miss its aim or break a limit. An
// empty chunk takes any: a segment is never longer than a chunk may be.
func (p *packer) add(seg ledger.Segment) bool {
	s := &nodev1.LogSegment{
		Log: seg.Log.String(), First: seg.First, Checkpoint: seg.Checkpoint,
		HeaderBlock: seg.HeaderBlock, BodyBlocks: seg.BodyBlocks, BodiesOnly: seg.BodiesOnly,
	}
	for _, h := range seg.Proof {
		s.Proof = append(s.Proof, h[:])
	}
	size, loose := p.size+segmentOverhead+len(seg.Checkpoint)+34*len(seg.Proof), p.loose
	for _, h := range seg.Headers {
		loose += len(h) + 4
	}
	for _, b := range seg.Bodies {
		loose += proto.Size(b) + 5
	}
	raw := p.raw + loose - p.loose
	switch {
	case len(seg.HeaderBlock) > 0:
		s.Count = seg.Count
		for _, frame := range append([][]byte{seg.HeaderBlock}, seg.BodyBlocks...) {
			size += len(frame) + 4
			raw += rawSize(frame)
		}
	case seg.BodiesOnly:
		s.Count = uint32(len(seg.Bodies))
	default:
		s.Count = uint32(len(seg.Headers))
	}
	fits := size+loose/looseRatio <= ledger.ChunkAim && size+loose+loose/128 < ChunkLimit-4096 &&
		raw <= ledger.RawLimit && len(p.chunk.Segments) < SegmentsLimit
	if !fits && len(p.chunk.Segments) > 0 {
		return false
	}
	if len(seg.HeaderBlock) == 0 {
		p.tails.Tails = append(p.tails.Tails, &nodev1.Tail{Headers: seg.Headers, Bodies: seg.Bodies})
	}
	p.chunk.Segments = append(p.chunk.Segments, s)
	p.size, p.loose, p.raw = size, loose, raw
	return true
}

// seal compresses the tails and gives the chunk.
func (p *packer) seal() (*nodev1.Chunk, error) {
	if len(p.tails.Tails) > 0 {
		raw, err := proto.Marshal(p.tails)
		if err != nil {
			return nil, fmt.Errorf("packing tails: %w", err)
		}
		p.chunk.Tails = ledger.PackQuickly(raw)
		p.raw += len(raw) - p.loose
	}
	p.chunk.RawSize = uint32(p.raw)
	if n := proto.Size(p.chunk); n > ChunkLimit {
		return nil, fmt.Errorf("packing a chunk: %d bytes, at most %d: split it", n, ChunkLimit)
	}
	return p.chunk, nil
}

// rawSize reads from a zstd frame how much it unpacks to.
func rawSize(frame []byte) int {
	var h zstd.Header
	if err := h.Decode(frame); err != nil || !h.HasFCS || h.FrameContentSize > ledger.RawLimit {
		return ledger.RawLimit
	}
	return int(h.FrameContentSize)
}

// unpack turns a chunk from a peer into segments: shapes and limits are checked,
// nothing else. What is in them has to be verified.
func unpack(c *nodev1.Chunk) ([]ledger.Segment, error) {
	if n := proto.Size(c); n > ChunkLimit {
		return nil, fmt.Errorf("reading a chunk: %w: %d bytes, at most %d", ledger.ErrTooLarge, n, ChunkLimit)
	}
	if c.GetRawSize() > ledger.RawLimit {
		return nil, fmt.Errorf("reading a chunk: %w: %d raw bytes, at most %d", ledger.ErrTooLarge, c.GetRawSize(), ledger.RawLimit)
	}
	if n := len(c.GetSegments()); n == 0 {
		return nil, fmt.Errorf("reading a chunk: %w: it is empty", ledger.ErrMalformed)
	} else if n > SegmentsLimit {
		return nil, fmt.Errorf("reading a chunk: %w: %d segments, at most %d", ledger.ErrTooLarge, n, SegmentsLimit)
	}
	tails, err := unpackTails(c.GetTails())
	if err != nil {
		return nil, err
	}
	segs := make([]ledger.Segment, len(c.GetSegments()))
	for i, s := range c.GetSegments() {
		var tail *nodev1.Tail
		if len(s.GetHeaderBlock()) == 0 {
			if len(tails) == 0 {
				return nil, fmt.Errorf("reading a chunk: %w: fewer tails than segments without a block", ledger.ErrMalformed)
			}
			tail, tails = tails[0], tails[1:]
		}
		if segs[i], err = unpackSegment(s, tail); err != nil {
			return nil, fmt.Errorf("reading segment %d of a chunk: %w", i, err)
		}
	}
	if len(tails) > 0 {
		return nil, fmt.Errorf("reading a chunk: %w: more tails than segments without a block", ledger.ErrMalformed)
	}
	return segs, nil
}

func unpackTails(frame []byte) ([]*nodev1.Tail, error) {
	if len(frame) == 0 {
		return nil, nil
	}
	raw, err := ledger.Unpack(frame, ledger.RawLimit)
	if err != nil {
		return nil, fmt.Errorf("reading the tails of a chunk: %w", err)
	}
	if n := elements(raw, 2); n > ElementsLimit {
		return nil, fmt.Errorf("reading the tails of a chunk: %w: %d headers and bodies, at most %d", ledger.ErrTooLarge, n, ElementsLimit)
	}
	var set nodev1.TailSet
	if err := proto.Unmarshal(raw, &set); err != nil {
		return nil, fmt.Errorf("reading the tails of a chunk: %w: %v", ledger.ErrMalformed, err)
	}
	return set.GetTails(), nil
}

// elements counts the fields of a message and, depth levels deep, of those in it: a
// decoder would allocate 24 bytes for each of two.
func elements(b []byte, depth int) (n int) {
	for len(b) > 0 && n <= ElementsLimit {
		_, typ, size := protowire.ConsumeTag(b)
		if size < 0 {
			return n
		}
		b = b[size:]
		if size = protowire.ConsumeFieldValue(1, typ, b); size < 0 {
			return n
		}
		n++
		if inner, _ := protowire.ConsumeBytes(b); typ == protowire.BytesType && depth > 1 {
			n += elements(inner, depth-1)
		}
		b = b[size:]
	}
	return n
}

// unpackSegment reads one segment; tail is nil when it has blocks.
func unpackSegment(s *nodev1.LogSegment, tail *nodev1.Tail) (seg ledger.Segment, err error) {
	if seg.Log, err = ledger.ParseLogID(s.GetLog()); err != nil {
		return seg, err
	}
	if n := len(s.GetCheckpoint()); n > NoteLimit {
		return seg, fmt.Errorf("%w: checkpoint of %d bytes, at most %d", ledger.ErrTooLarge, n, NoteLimit)
	}
	if s.GetFirst() > ledger.SizeLimit {
		return seg, fmt.Errorf("%w: first index %d", ledger.ErrTooLarge, s.GetFirst())
	}
	if n := len(s.GetProof()); n > ledger.ProofLimit {
		return seg, fmt.Errorf("%w: proof of %d hashes, at most %d", ledger.ErrTooLarge, n, ledger.ProofLimit)
	}
	for _, b := range s.GetProof() {
		if len(b) != tlog.HashSize {
			return seg, fmt.Errorf("%w: hash of %d bytes in a proof", ledger.ErrMalformed, len(b))
		}
		seg.Proof = append(seg.Proof, tlog.Hash(b))
	}
	if n := uint32(len(tail.GetHeaders())); tail != nil && !s.GetBodiesOnly() && n != s.GetCount() {
		return seg, fmt.Errorf("%w: %d headers where %d are announced", ledger.ErrMalformed, n, s.GetCount())
	}
	seg.First, seg.Checkpoint, seg.Headers, seg.Bodies = s.GetFirst(), s.GetCheckpoint(), tail.GetHeaders(), tail.GetBodies()
	seg.HeaderBlock, seg.BodyBlocks, seg.BodiesOnly = s.GetHeaderBlock(), s.GetBodyBlocks(), s.GetBodiesOnly()
	return seg, nil
}
