package server

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// frames follows what a caller sends, as far as gRPC sets no limit: how many pieces a message comes
// in, and how much of messages that are not there yet all callers have sent. gRPC keeps each piece,
// with 15 bytes besides, until the message is there; and it takes pieces of streams that are none,
// again and again, for nothing.
//
//	frame     size(3) kind(1) flags(1) stream(4) payload(size)       RFC 9113, 4.1
//	data      [padding(1)] bytes of messages [padding]               6.1
//	message   compressed(1) size(4) bytes                            gRPC over HTTP/2
type frames struct {
	room func(bytes int) (giveBack func()) // for a message that is not there yet

	head    []byte // the beginning of a frame, less than frameHead bytes
	skip    int    // bytes to pass over
	data    int    // bytes of messages that come before them
	padded  bool   // they begin with how much of them is padding
	from    uint32 // their stream
	streams map[uint32]*request
}

// request is what a stream sends whose caller has not ended it.
type request struct {
	prefix   []byte // the beginning of a message's, less than prefixSize bytes
	left     int    // bytes of it to come
	pieces   int    // that it came in so far
	giveBack func() // the room it has; nil: none
}

const (
	frameHead  = 9
	kindAt     = 3
	flagsAt    = 4
	streamAt   = 5
	prefixSize = 5

	dataFrame    = 0
	headersFrame = 1
	resetFrame   = 3
	endsStream   = 1 // flag of data and headers
	hasPadding   = 8 // flag of data

	prefaceSize = len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") // before the first frame
)

var errCrumbs = errors.New("more pieces of a message than it may come in, or of a request that is over")

func newFrames(room func(bytes int) (giveBack func())) *frames {
	return &frames{room: room, skip: prefaceSize, streams: map[uint32]*request{}}
}

// note takes what came next. What is no HTTP/2 gRPC finds out.
func (f *frames) note(b []byte) error {
	for len(b) > 0 {
		switch {
		case f.padded:
			padding := min(int(b[0]), f.data-1)
			f.data, f.skip, f.padded = f.data-1-padding, padding, false
			b = b[1:]
		case f.data > 0:
			n := min(f.data, len(b))
			f.data -= n
			if r := f.streams[f.from]; r != nil { // else it has ended
				r.take(b[:n], f.room)
			}
			b = b[n:]
		case f.skip > 0:
			n := min(f.skip, len(b))
			f.skip -= n
			b = b[n:]
		default:
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
	}
	return nil
}

// begin takes the head of a frame.
func (f *frames) begin(kind, flags byte, stream uint32) error {
	r := f.streams[stream]
	switch kind {
	case headersFrame:
		if r == nil {
			r = &request{}
			f.streams[stream] = r
		}
	case dataFrame:
		if r == nil {
			return errCrumbs
		}
		if r.pieces++; r.pieces > messagePieces {
			return errCrumbs
		}
		f.data, f.skip, f.from = f.skip, 0, stream
		f.padded = flags&hasPadding != 0 && f.data > 0
	case resetFrame:
		f.end(stream)
		return nil
	default:
		return nil
	}
	if flags&endsStream != 0 { // what it still brings completes a message, or none ever will
		f.end(stream)
	}
	if len(f.streams) > 2*maxStreams { // ended by the node, which is not followed here
		f.end(slices.Min(slices.Collect(maps.Keys(f.streams))))
	}
	return nil
}

func (f *frames) end(stream uint32) {
	if r := f.streams[stream]; r != nil {
		r.arrived()
	}
	delete(f.streams, stream)
}

// take takes bytes of a request's messages.
func (r *request) take(b []byte, room func(bytes int) (giveBack func())) {
	for len(b) > 0 {
		if r.left > 0 {
			n := min(r.left, len(b))
			r.left -= n
			b = b[n:]
		} else {
			n := min(prefixSize-len(r.prefix), len(b))
			r.prefix = append(r.prefix, b[:n]...)
			b = b[n:]
			if len(r.prefix) < prefixSize {
				return
			}
			r.left = int(binary.BigEndian.Uint32(r.prefix[1:]))
			r.prefix = r.prefix[:0]
		}
		if r.left == 0 {
			r.arrived()
		}
	}
	if r.left > 0 && r.giveBack == nil {
		r.giveBack = room(min(r.left, maxMessage)) // a longer one gRPC refuses unread
	}
}

// arrived: the message is there, or will not come.
func (r *request) arrived() {
	r.pieces = 0
	if r.giveBack != nil {
		r.giveBack()
		r.giveBack = nil
	}
}

// ahead is how many bytes come next that are one piece.
func (f *frames) ahead() int { return f.data + f.skip }
