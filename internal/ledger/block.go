package ledger

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Blocks are local packing and never hashed, so they may be read by hand: the bytes
// are those of ledgerv1.HeaderBlock and BodyBlock in canonical form, and reading
// them cuts slices out of the raw bytes instead of copying every body.
//
//	HeaderBlock   0a LEN header · 0a LEN header · …
//	BodyBlock     0a LEN ( 08 INDEX · 12 20 salt · 1a LEN body ) · …
//
// Index 0 is left out, as protobuf does. Anything else is refused: a block that
// could hold more than it shows would be stored and served on as it came.
const (
	tagItem  = 1<<3 | byte(protowire.BytesType)  // HeaderBlock.headers, BodyBlock.bodies
	tagIndex = 1<<3 | byte(protowire.VarintType) // SaltedBody.index
	tagSalt  = 2<<3 | byte(protowire.BytesType)  // SaltedBody.salt
	tagBody  = 3<<3 | byte(protowire.BytesType)  // SaltedBody.body
)

// PackHeaders packs the headers of a run, oldest first, into one frame.
func PackHeaders(headers [][]byte) []byte {
	var raw []byte
	for _, h := range headers {
		raw = appendBytes(raw, tagItem, h)
	}
	return Pack(raw)
}

// UnpackHeaders unpacks a frame of PackHeaders: at most BlockEntries headers of at
// most HeaderLimit bytes. They share one buffer. Errors: ErrMalformed, ErrTooLarge.
func UnpackHeaders(frame []byte) ([][]byte, error) {
	raw, err := Unpack(frame, RawLimit)
	if err != nil {
		return nil, fmt.Errorf("unpacking headers: %w", err)
	}
	headers, err := readHeaders(raw)
	if err != nil {
		return nil, fmt.Errorf("unpacking headers: %w", err)
	}
	return headers, nil
}

// PackBodies packs bodies of one visibility, by ascending index, into one frame. A
// frame of more than BlockAim raw bytes may not fit a chunk: see SplitBodies.
func PackBodies(bodies []*ledgerv1.SaltedBody) []byte {
	size := 0
	for _, b := range bodies {
		size += rawSize(b)
	}
	raw, item := make([]byte, 0, size), []byte(nil)
	for _, b := range bodies {
		item = item[:0]
		if b.GetIndex() != 0 {
			item = protowire.AppendVarint(append(item, tagIndex), b.GetIndex())
		}
		item = appendBytes(item, tagSalt, b.GetSalt())
		item = appendBytes(item, tagBody, b.GetBody())
		raw = appendBytes(raw, tagItem, item)
	}
	return Pack(raw)
}

// SplitBodies splits the bodies of a block into runs that PackBodies packs into
// frames that fit a chunk, whatever the bodies hold: at most BlockAim raw bytes each.
func SplitBodies(bodies []*ledgerv1.SaltedBody) [][]*ledgerv1.SaltedBody {
	var runs [][]*ledgerv1.SaltedBody
	start, size := 0, 0
	for i, b := range bodies {
		n := rawSize(b)
		if i > start && size+n > BlockAim {
			runs = append(runs, bodies[start:i])
			start, size = i, 0
		}
		size += n
	}
	if start < len(bodies) {
		runs = append(runs, bodies[start:])
	}
	return runs
}

// rawSize is the most bytes a body takes in a block: itself, its salt, its index and
// the tags and lengths of protobuf.
func rawSize(b *ledgerv1.SaltedBody) int { return len(b.GetBody()) + SaltSize + 32 }

// UnpackBodies unpacks a frame of PackBodies: at most BlockEntries bodies, by
// ascending index, each with a salt of SaltSize bytes and 1 to BodyLimit bytes. They
// share one buffer. Errors: ErrMalformed, ErrTooLarge.
func UnpackBodies(frame []byte) ([]*ledgerv1.SaltedBody, error) {
	bodies, _, err := unpackBodies(frame, RawLimit)
	if err != nil {
		return nil, fmt.Errorf("unpacking bodies: %w", err)
	}
	return bodies, nil
}

// unpackBodies also returns how many raw bytes the frame had.
func unpackBodies(frame []byte, limit int) ([]*ledgerv1.SaltedBody, int, error) {
	raw, err := Unpack(frame, limit)
	if err != nil {
		return nil, 0, err
	}
	var bodies []*ledgerv1.SaltedBody
	err = eachBody(raw, func(index uint64, salt, body []byte) error {
		bodies = append(bodies, &ledgerv1.SaltedBody{Index: index, Salt: salt, Body: body})
		return nil
	})
	return bodies, len(raw), err
}

func appendBytes(b []byte, tag byte, v []byte) []byte {
	b = protowire.AppendVarint(append(b, tag), uint64(len(v)))
	return append(b, v...)
}

// readHeaders cuts the raw bytes of a header block into headers.
func readHeaders(raw []byte) ([][]byte, error) {
	headers := make([][]byte, 0, BlockEntries)
	for len(raw) > 0 {
		if len(headers) == BlockEntries {
			return nil, fmt.Errorf("%w: more than %d headers in a block", ErrTooLarge, BlockEntries)
		}
		h, rest, err := cutBytes(raw, tagItem)
		if err != nil {
			return nil, fmt.Errorf("header %d: %w", len(headers), err)
		}
		if len(h) > HeaderLimit {
			return nil, fmt.Errorf("header %d: %w: %d bytes, at most %d", len(headers), ErrTooLarge, len(h), HeaderLimit)
		}
		headers, raw = append(headers, h), rest
	}
	return headers, nil
}

// eachBody calls yield with each body in the raw bytes of a body block.
func eachBody(raw []byte, yield func(index uint64, salt, body []byte) error) error {
	if len(raw) == 0 {
		return fmt.Errorf("%w: a block without bodies", ErrMalformed)
	}
	last := int64(-1)
	for n := 0; len(raw) > 0; n++ {
		if n == BlockEntries {
			return fmt.Errorf("%w: more than %d bodies in a block", ErrTooLarge, BlockEntries)
		}
		var index uint64
		var salt, body []byte
		item, rest, err := cutBytes(raw, tagItem)
		if err == nil && len(item) > 0 && item[0] == tagIndex {
			if index, item, err = cutVarint(item[1:]); err == nil && (index == 0 || index >= SizeLimit) {
				err = fmt.Errorf("%w: index %d", ErrMalformed, index)
			}
		}
		if err == nil {
			salt, item, err = cutBytes(item, tagSalt)
		}
		if err == nil {
			body, item, err = cutBytes(item, tagBody)
		}
		switch {
		case err != nil:
		case len(salt) != SaltSize || len(body) == 0 || len(item) != 0:
			err = fmt.Errorf("%w: want index, a salt of %d bytes and a body", ErrMalformed, SaltSize)
		case len(body) > BodyLimit:
			err = fmt.Errorf("%w: body of %d bytes, at most %d", ErrTooLarge, len(body), BodyLimit)
		case int64(index) <= last:
			err = fmt.Errorf("%w: index %d does not ascend", ErrMalformed, index)
		}
		if err != nil {
			return fmt.Errorf("body %d of the block: %w", n, err)
		}
		if err := yield(index, salt, body); err != nil {
			return err
		}
		last, raw = int64(index), rest
	}
	return nil
}

// cutBytes cuts a bytes field with this tag off b. What it returns cannot grow into
// its neighbour.
func cutBytes(b []byte, tag byte) (value, rest []byte, err error) {
	if len(b) == 0 || b[0] != tag {
		return nil, nil, fmt.Errorf("%w: unexpected field", ErrMalformed)
	}
	n, b, err := cutVarint(b[1:])
	if err != nil {
		return nil, nil, err
	}
	if n > uint64(len(b)) {
		return nil, nil, fmt.Errorf("%w: cut short", ErrMalformed)
	}
	return b[:n:n], b[n:], nil
}

// cutVarint cuts a varint off b, refusing one longer than it need be.
func cutVarint(b []byte) (uint64, []byte, error) {
	v, n := protowire.ConsumeVarint(b)
	if n < 0 || n != protowire.SizeVarint(v) {
		return 0, nil, fmt.Errorf("%w: bad number", ErrMalformed)
	}
	return v, b[n:], nil
}
