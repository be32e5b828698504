package server

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/hostile/h2"
)

// Each piece of a request that is not there yet cost 15 bytes besides its own, and one byte may
// be a piece.
func TestARequestInVeryManyPiecesIsHungUpOn(t *testing.T) {
	k := newKeeper(t)
	head := joined(h2Hello, h2.Frame(h2.Headers, h2.EndHeaders, 1, h2.Request(listMatters)), h2.Frame(h2.Data, 0, 1, []byte{0, 0, 0, 0x10, 0}))
	crumb := h2.Frame(h2.Data, 0, 1, []byte{1})
	ping := h2.Frame(h2.Ping, 0, 0, make([]byte, 8))
	if kinds, err := k.speak(joined(head, bytes.Repeat(crumb, requestPieces-1), ping), h2.Ping); err != nil || !slices.Contains(kinds, h2.Ping) {
		t.Errorf("as many pieces as it may: got frames %v, %v", kinds, err)
	}
	if kinds, err := k.speak(joined(head, bytes.Repeat(crumb, requestPieces), ping)); err != nil || slices.Contains(kinds, h2.Headers) {
		t.Errorf("one more: got frames %v, %v, want that it is hung up on", kinds, err)
	}
	k.stillSound()
}

func TestPiecesOfARequestThatIsOverAreHungUpOn(t *testing.T) {
	open, end := h2.Frame(h2.Headers, h2.EndHeaders, 1, nil), h2.Frame(h2.Data, h2.EndStream, 1, nil)
	piece, reset := h2.Frame(h2.Data, 0, 1, make([]byte, 100)), h2.Frame(h2.Reset, 0, 1, make([]byte, 4))
	whole := h2.Frame(h2.Headers, h2.EndHeaders|h2.EndStream, 1, nil)
	for _, c := range []struct {
		name string
		sent []byte
		want error
	}{
		{"a request", joined(open, piece, end), nil},
		{"given up", joined(open, piece, reset), nil},
		{"given up twice", joined(open, piece, reset, reset), nil},
		{"two on one line", joined(open, h2.Frame(h2.Headers, h2.EndHeaders, 3, nil), piece, h2.Frame(h2.Data, h2.EndStream, 3, nil), end), nil},
		{"not begun", piece, errCrumbs},
		{"over", joined(open, end, piece), errCrumbs},
		{"without a body, and one", joined(whole, piece), errCrumbs},
		{"given up, and more", joined(open, reset, piece), errCrumbs},
	} {
		if err := newFrames().note(joined([]byte(h2.Preface), c.sent)); err != c.want {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

// However the network cuts it, the same is counted; and no more streams than there can be.
func TestFramesAreFollowedHoweverTheyArrive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent := []byte(h2.Preface)
		pieces := rapid.IntRange(requestPieces-1, requestPieces+1).Draw(t, "pieces")
		for id := range uint32(rapid.IntRange(0, 3*maxStreams).Draw(t, "streams")) {
			sent = append(sent, h2.Frame(h2.Headers, h2.EndHeaders, 2*id+1, make([]byte, id))...)
		}
		sent = append(sent, h2.Frame(h2.Headers, h2.EndHeaders, 1001, nil)...)
		sent = append(sent, bytes.Repeat(h2.Frame(h2.Data, 0, 1001, []byte("abc")), pieces)...)
		f, size := newFrames(), rapid.IntRange(1, pieceSize).Draw(t, "size")
		var err error
		for part := range slices.Chunk(sent, size) {
			if err = f.note(part); err != nil {
				break
			}
		}
		if over := pieces > requestPieces; (err != nil) != over || len(f.pieces) > 2*maxStreams {
			t.Errorf("%d pieces: got %v; %d streams are followed", pieces, err, len(f.pieces))
		}
	})
}
