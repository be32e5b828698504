package recount

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// A saved picture is a line and then, compressed in one zstd stream, its parts, each a SavedPart after
// its length as a varint:
//
//	lmcfed/picture/1\n
//	28 b5 2f fd … ( LEN part · LEN part · … )
const (
	magic = "lmcfed/picture/"
	// Version is the version of the file that is written and read.
	Version = 1
	// PartLimit is the largest part, in bytes: the head has the whole answer.
	PartLimit = 16 << 20
	// EntriesLimit is how many entries a file may have.
	EntriesLimit = 10_000_000
	// windowLimit is how far back the compression may refer: it bounds what reading takes.
	windowLimit = 8 << 20
)

// Errors of files.
var (
	// ErrNotOne: the file is no saved picture.
	ErrNotOne = errors.New("this is no saved national picture")
	// ErrVersion: it is one of another version.
	ErrVersion = errors.New("this saved picture is of another version")
	// ErrCut: the file ends before the picture does, or its bytes are damaged.
	ErrCut = errors.New("the file is cut short or damaged")
)

// Writer writes a saved picture, part by part.
type Writer struct {
	z   *zstd.Encoder
	buf []byte
}

// NewWriter begins a file.
func NewWriter(w io.Writer) (*Writer, error) {
	if _, err := fmt.Fprintf(w, "%s%d\n", magic, Version); err != nil {
		return nil, err
	}
	z, err := zstd.NewWriter(w, zstd.WithWindowSize(windowLimit), zstd.WithEncoderConcurrency(1))
	return &Writer{z: z}, err
}

// Write writes the next part.
func (w *Writer) Write(part *answersv1.SavedPart) (err error) {
	w.buf = binary.AppendUvarint(w.buf[:0], uint64(proto.Size(part)))
	if w.buf, err = (proto.MarshalOptions{Deterministic: true}).MarshalAppend(w.buf, part); err != nil {
		return err
	}
	_, err = w.z.Write(w.buf)
	return err
}

// Close ends the file.
func (w *Writer) Close() error { return w.z.Close() }

// eachPart reads a file, part by part, up to its end. Errors: ErrNotOne, ErrVersion, ErrCut, and those of each.
func eachPart(r io.Reader, each func(*answersv1.SavedPart) error) error {
	in := bufio.NewReader(r)
	if err := readMagic(in); err != nil {
		return err
	}
	z, err := zstd.NewReader(in, zstd.WithDecoderMaxWindow(windowLimit), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return fmt.Errorf("%w: %v", ErrCut, err)
	}
	defer z.Close()
	parts := bufio.NewReaderSize(z, 1<<20)
	for ended := false; ; {
		size, err := binary.ReadUvarint(parts)
		switch {
		case err == io.EOF && ended:
			return nil
		case err == io.EOF:
			return fmt.Errorf("%w: it does not have its end", ErrCut)
		case err != nil:
			return fmt.Errorf("%w: %v", ErrCut, err)
		case ended:
			return fmt.Errorf("%w: something follows its end", ErrCut)
		case size > PartLimit:
			return fmt.Errorf("%w: a part has %d bytes, at most %d", ErrCut, size, PartLimit)
		}
		// As it comes, and not as it says that it will: a few bytes could ask for much memory.
		raw, err := io.ReadAll(io.LimitReader(parts, int64(size)))
		if err == nil && uint64(len(raw)) < size {
			err = io.ErrUnexpectedEOF
		}
		part := &answersv1.SavedPart{}
		if err == nil {
			err = proto.Unmarshal(raw, part)
		}
		if err != nil {
			return fmt.Errorf("%w: %v", ErrCut, err)
		}
		if err := each(part); err != nil {
			return err
		}
		ended = part.GetEnd() != nil
	}
}

func readMagic(in *bufio.Reader) error {
	line, err := in.Peek(len(magic) + 8)
	if err != nil && err != io.EOF {
		return err
	}
	rest, ok := strings.CutPrefix(string(line), magic)
	number, _, ended := strings.Cut(rest, "\n")
	if !ok || !ended {
		return ErrNotOne
	}
	version, err := notation.ParseCount(number, 32)
	if err != nil {
		return ErrNotOne
	}
	if version != Version {
		return fmt.Errorf("%w: it is of version %d, and this software reads version %d", ErrVersion, version, Version)
	}
	_, err = in.Discard(len(magic) + len(strconv.Itoa(Version)) + 1)
	return err
}
