package server

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// frames follows what a visitor sends, as far as gRPC sets no limit: how many pieces a request
// comes in. It keeps each of them, with 15 bytes besides, until the request is there; and it
// takes pieces of streams that are none, again and again, for nothing.
//
//	size(3) kind(1) flags(1) stream(4) payload(size)
type frames struct {
	skip   int            // bytes that belong to what was begun
	head   []byte         // the beginning of a frame, less than frameHead bytes
	pieces map[uint32]int // of each stream whose request has not ended
}

const (
	frameHead = 9
	kindAt    = 3
	flagsAt   = 4
	streamAt  = 5

	dataFrame    = 0
	headersFrame = 1
	resetFrame   = 3
	endsStream   = 1 // flag of data and headers

	prefaceSize = len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") // before the first frame
)

var errCrumbs = errors.New("more pieces of a request than it may come in, or of one that is over")

func newFrames() *frames {
	return &frames{skip: prefaceSize, pieces: map[uint32]int{}}
}

// note takes what came next. What is no HTTP/2 gRPC finds out.
func (f *frames) note(b []byte) error {
	for len(b) > 0 {
		if f.skip > 0 {
			n := min(f.skip, len(b))
			f.skip -= n
			b = b[n:]
			continue
		}
		n := min(frameHead-len(f.head), len(b))
		f.head = append(f.head, b[:n]...)
		b = b[n:]
		if len(f.head) < frameHead {
			return nil
		}
		f.skip = int(binary.BigEndian.Uint32(f.head) >> 8)
		if err := f.begin(f.head[kindAt], f.head[flagsAt], binary.BigEndian.Uint32(f.head[streamAt:])); err != nil {
			return err
		}
		f.head = f.head[:0]
	}
	return nil
}

func (f *frames) begin(kind, flags byte, stream uint32) error {
	_, open := f.pieces[stream]
	switch kind {
	case headersFrame:
		if !open {
			f.pieces[stream] = 0
		}
	case dataFrame:
		if f.pieces[stream]++; !open || f.pieces[stream] > requestPieces {
			return errCrumbs
		}
	case resetFrame:
		delete(f.pieces, stream)
		return nil
	default:
		return nil
	}
	if flags&endsStream != 0 {
		delete(f.pieces, stream)
	}
	if len(f.pieces) > 2*maxStreams { // ended by the node, which is not followed here
		delete(f.pieces, slices.Min(slices.Collect(maps.Keys(f.pieces))))
	}
	return nil
}
