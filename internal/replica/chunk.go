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

func newPacker() *packer {
	return &packer{chunk: &nodev1.Chunk{}, tails: &nodev1.TailSet{}}
}

// looseRatio is what tails are guessed to compress to before they are: letters reach
// 3.5, and a chunk that misses its aim is only a little longer.
const looseRatio = 3

func (p *packer) empty() bool { return len(p.chunk.Segments) == 0 }

// takes says whether a segment of this weight still fits the aim and the limits. An
// empty chunk takes any: a segment is never longer than a chunk may be.
func (p *packer) takes(w weight) bool {
	if p.empty() {
		return true
	}
	return p.size+w.packed+(p.loose+w.loose)/looseRatio <= ledger.ChunkAim &&
		p.size+w.packed+p.loose+w.loose+(p.loose+w.loose)/128 < ChunkLimit-4096 &&
		p.raw+w.raw <= ledger.RawLimit && len(p.chunk.Segments) < SegmentsLimit
}

func (p *packer) add(seg ledger.Segment, w weight) {
	s := &nodev1.LogSegment{
		Log: seg.Log.String(), First: seg.First, Count: w.count, Checkpoint: seg.Checkpoint,
		HeaderBlock: seg.HeaderBlock, BodyBlocks: seg.BodyBlocks, BodiesOnly: seg.BodiesOnly,
	}
	for _, h := range seg.Proof {
		s.Proof = append(s.Proof, h[:])
	}
	if len(seg.HeaderBlock) == 0 {
		p.tails.Tails = append(p.tails.Tails, &nodev1.Tail{Headers: seg.Headers, Bodies: seg.Bodies})
	}
	p.chunk.Segments = append(p.chunk.Segments, s)
	p.size += w.packed
	p.loose += w.loose
	p.raw += w.raw
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

// weight is what a segment adds to a chunk.
type weight struct {
	count  uint32
	packed int // bytes on the wire outside the tails
	loose  int // raw bytes in the tails
	raw    int // raw bytes once decompressed
}

// segmentOverhead is more than tags, lengths, name and numbers of a segment take.
const segmentOverhead = 128

func weigh(seg ledger.Segment) weight {
	w := weight{packed: segmentOverhead + len(seg.Checkpoint) + 34*len(seg.Proof)}
	for _, h := range seg.Headers {
		w.loose += len(h) + 4
	}
	for _, b := range seg.Bodies {
		w.loose += proto.Size(b) + 5
	}
	w.raw = w.loose
	if len(seg.HeaderBlock) == 0 {
		w.count = uint32(len(seg.Headers))
		if seg.BodiesOnly {
			w.count = uint32(len(seg.Bodies))
		}
		return w
	}
	w.count = ledger.BlockEntries
	for _, frame := range append([][]byte{seg.HeaderBlock}, seg.BodyBlocks...) {
		w.packed += len(frame) + 4
		w.raw += rawSize(frame)
	}
	return w
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
		if len(s.GetHeaderBlock()) == 0 {
			if len(tails) == 0 {
				return nil, fmt.Errorf("reading a chunk: %w: fewer tails than segments without a block", ledger.ErrMalformed)
			}
			segs[i].Headers, segs[i].Bodies = tails[0].GetHeaders(), tails[0].GetBodies()
			tails = tails[1:]
		}
		if err := readSegment(&segs[i], s); err != nil {
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

func readSegment(seg *ledger.Segment, s *nodev1.LogSegment) error {
	log, err := ledger.ParseLogID(s.GetLog())
	if err != nil {
		return err
	}
	if n := len(s.GetCheckpoint()); n > NoteLimit {
		return fmt.Errorf("%w: checkpoint of %d bytes, at most %d", ledger.ErrTooLarge, n, NoteLimit)
	}
	if s.GetFirst() > ledger.SizeLimit {
		return fmt.Errorf("%w: first index %d", ledger.ErrTooLarge, s.GetFirst())
	}
	if n := len(s.GetProof()); n > ledger.ProofLimit {
		return fmt.Errorf("%w: proof of %d hashes, at most %d", ledger.ErrTooLarge, n, ledger.ProofLimit)
	}
	for _, b := range s.GetProof() {
		if len(b) != tlog.HashSize {
			return fmt.Errorf("%w: hash of %d bytes in a proof", ledger.ErrMalformed, len(b))
		}
		seg.Proof = append(seg.Proof, tlog.Hash(b))
	}
	if n := uint32(len(seg.Headers)); len(s.GetHeaderBlock()) == 0 && !s.GetBodiesOnly() && n != s.GetCount() {
		return fmt.Errorf("%w: %d headers where %d are announced", ledger.ErrMalformed, n, s.GetCount())
	}
	seg.Log, seg.First, seg.Checkpoint = log, s.GetFirst(), s.GetCheckpoint()
	seg.HeaderBlock, seg.BodyBlocks, seg.BodiesOnly = s.GetHeaderBlock(), s.GetBodyBlocks(), s.GetBodiesOnly()
	return nil
}
