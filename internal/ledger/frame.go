package ledger

import (
	"fmt"
	"runtime"

	"github.com/klauspost/compress/zstd"
)

// The zstd encoders and the decoder that every call shares: they are stateless between
// calls and safe for concurrent use, and making one costs more than a block. They are
// made when the program starts, not when first used: inside there are channels, and one
// made in a synctest bubble could not be used outside it. Their options are constants, so
// making them fails for no input.
var (
	encoder      = newEncoder(zstd.SpeedDefault)
	quickEncoder = newEncoder(zstd.SpeedFastest)
	decoder      = func() *zstd.Decoder {
		decoder, err := zstd.NewReader(nil,
			zstd.WithDecoderMaxMemory(RawLimit),
			zstd.WithDecoderMaxWindow(RawLimit),
			zstd.WithDecoderConcurrency(0), // as many as there are cores
		)
		if err != nil {
			panic("ledger: making a zstd decoder: " + err.Error())
		}
		return decoder
	}()
)

func newEncoder(level zstd.EncoderLevel) *zstd.Encoder {
	encoder, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(level),
		zstd.WithEncoderCRC(false),   // what matters is hashed
		zstd.WithZeroFrames(true),    // nothing is a frame too
		zstd.WithSingleSegment(true), // always declares its size
		zstd.WithWindowSize(1<<20),
		zstd.WithLowerEncoderMem(true),
		// Each costs 1.3 MB from the start.
		zstd.WithEncoderConcurrency(min(4, runtime.GOMAXPROCS(0))),
	)
	if err != nil {
		panic("ledger: making a zstd encoder: " + err.Error())
	}
	encoder.EncodeAll(nil, nil) // makes its channels too
	return encoder
}

// PackQuickly is Pack for what is packed for one reading only.
func PackQuickly(raw []byte) []byte {
	return quickEncoder.EncodeAll(raw, nil)
}

// Pack compresses raw into one zstd frame that declares its size.
func Pack(raw []byte) []byte {
	return encoder.EncodeAll(raw, nil)
}

// Unpack decompresses one zstd frame of at most limit raw bytes, and never more than
// RawLimit. The size is read from the frame before anything is allocated, so that a
// bomb is refused unopened; a frame that declares none, carries a dictionary or is
// followed by anything is refused too. Errors: ErrTooLarge, ErrMalformed.
func Unpack(frame []byte, limit int) ([]byte, error) {
	size, err := frameSize(frame)
	if err != nil {
		return nil, fmt.Errorf("unpacking a frame: %w", err)
	}
	if limit = min(limit, RawLimit); size > uint64(max(limit, 0)) {
		return nil, fmt.Errorf("unpacking a frame: %w: %d raw bytes, at most %d", ErrTooLarge, size, limit)
	}
	raw, err := decoder.DecodeAll(frame, nil)
	if err != nil {
		return nil, fmt.Errorf("unpacking a frame: %w: %v", ErrMalformed, err)
	}
	if uint64(len(raw)) != size {
		return nil, fmt.Errorf("unpacking a frame: %w: %d raw bytes, it declares %d", ErrMalformed, len(raw), size)
	}
	return raw, nil
}

// frameSize returns the raw size a frame declares, after checking that the bytes are
// one zstd frame (RFC 8878, 3.1.1) and no more.
func frameSize(b []byte) (uint64, error) {
	if len(b) > ChunkLimit {
		return 0, fmt.Errorf("%w: frame of %d bytes, at most %d", ErrTooLarge, len(b), ChunkLimit)
	}
	var h zstd.Header
	if err := h.Decode(b); err != nil {
		return 0, fmt.Errorf("%w: not a zstd frame: %v", ErrMalformed, err)
	}
	if h.Skippable || !h.HasFCS || h.DictionaryID != 0 {
		return 0, fmt.Errorf("%w: a frame must declare its size, need no dictionary and not be skippable", ErrMalformed)
	}
	// A block starts with three bytes, little-endian: last (1 bit), type (2 bits), size
	// (21 bits).
	rest := b[h.HeaderSize:]
	for last := false; !last; {
		if len(rest) < 3 {
			return 0, fmt.Errorf("%w: the frame is cut short", ErrMalformed)
		}
		head := int(rest[0]) | int(rest[1])<<8 | int(rest[2])<<16
		size := head >> 3
		if head>>1&3 == 1 { // RLE: one byte, repeated size times
			size = 1
		}
		if rest = rest[3:]; size > len(rest) {
			return 0, fmt.Errorf("%w: the frame is cut short", ErrMalformed)
		}
		rest, last = rest[size:], head&1 == 1
	}
	if h.HasCheckSum {
		rest = rest[min(4, len(rest)):]
	}
	if len(rest) != 0 {
		return 0, fmt.Errorf("%w: %d bytes after the frame", ErrMalformed, len(rest))
	}
	return h.FrameContentSize, nil
}
