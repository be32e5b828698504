// Package h2 knows how HTTP/2 frames are written by hand (RFC 9113), for what no honest client
// sends: floods, and tests of what a node does about them.
package h2

import "encoding/binary"

// Kinds of frames, a setting, and flags.
const (
	Data         = 0
	Headers      = 1
	Reset        = 3
	Settings     = 4
	Ping         = 6
	GoAway       = 7
	WindowUpdate = 8
	Continuation = 9

	InitialWindow = 4 // of the settings

	Ack        = 1
	EndStream  = 1
	EndHeaders = 4
)

// Preface is what a client begins with.
const Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// Frame is a frame of a stream.
func Frame(kind, flags byte, stream uint32, payload []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	b = append(b, flags)
	return append(binary.BigEndian.AppendUint32(b, stream), payload...)
}

// Field is a header field in literal form, of less than 127 bytes each.
func Field(name, value string) []byte {
	b := append([]byte{0, byte(len(name))}, name...)
	return append(append(b, byte(len(value))), value...)
}

// Request is the header of a gRPC call.
func Request(method string) (b []byte) {
	for _, f := range [][2]string{
		{":method", "POST"}, {":scheme", "https"}, {":path", method}, {":authority", "a"}, {"content-type", "application/grpc"}, {"te", "trailers"},
	} {
		b = append(b, Field(f[0], f[1])...)
	}
	return b
}
