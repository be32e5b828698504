package server

import (
	"bytes"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/binary"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/hostile/h2"
	"github.com/lmcfed/lmcfed/internal/identity"
)

func roomy(int) (giveBack func()) { return func() {} }

// Each piece of a request that is not there yet cost 15 bytes besides its own, and one byte may
// be a piece.
func TestAMessageInVeryManyPiecesIsHungUpOn(t *testing.T) {
	k := newKeeper(t)
	member := k.member("kent")
	head := joined(h2Hello, h2.Frame(h2.Headers, h2.EndHeaders, 1, h2.Request(listMatters)), h2.Frame(h2.Data, 0, 1, []byte{0, 0, 0, 0x10, 0}))
	crumb := h2.Frame(h2.Data, 0, 1, []byte{1})
	ping := h2.Frame(h2.Ping, 0, 0, make([]byte, 8))
	for who, key := range map[string]ed25519.PrivateKey{"a visitor": nil, "a member": member.keys.Transport} {
		if kinds, err := k.speakWith(key, joined(head, bytes.Repeat(crumb, messagePieces-1), ping), h2.Ping); err != nil || !slices.Contains(kinds, h2.Ping) {
			t.Errorf("%s, as many pieces as it may: got frames %v, %v", who, kinds, err)
		}
		if kinds, err := k.speakWith(key, joined(head, bytes.Repeat(crumb, messagePieces), ping)); err != nil || slices.Contains(kinds, h2.Headers) {
			t.Errorf("%s, one more: got frames %v, %v, want that it is hung up on", who, kinds, err)
		}
	}
	k.stillSound()
}

// 64 requests of one key, each a byte short of what it may have, were 82 MiB; and 16 keys are an office's.
func TestMessagesThatAreNotThereYetHaveSoMuchRoomInAll(t *testing.T) {
	k := lessOf(t, func(b *budgets) { b.memberArriving = 1 << 20 })
	kent, surrey := k.member("kent"), k.member("surrey")
	half := func(id uint32) []byte {
		begun := append(binary.BigEndian.AppendUint32([]byte{0}, 600<<10), make([]byte, 1000)...)
		return joined(h2.Frame(h2.Headers, h2.EndHeaders, id, h2.Request(listMatters)), h2.Frame(h2.Data, 0, id, begun))
	}
	ping := h2.Frame(h2.Ping, 0, 0, make([]byte, 8))
	waits, err := tls.Dial("tcp", k.address, identity.ClientTLS(surrey.keys.Transport, identity.PinOf(publicKey(k.keys.Transport))))
	if err != nil {
		t.Fatal(err)
	}
	defer waits.Close()
	taken := func(n int) func() bool {
		return func() bool { all, _ := k.doors.members.arriving.Taken(""); return all == n }
	}
	begun := append(binary.BigEndian.AppendUint32([]byte{0}, 300<<10), 1)
	if _, err := waits.Write(joined(h2Hello, h2.Frame(h2.Headers, h2.EndHeaders, 1, h2.Request(listMatters)), h2.Frame(h2.Data, 0, 1, begun))); err != nil {
		t.Fatal(err)
	}
	await(t, "a request is on its way", taken(300<<10-1))
	if kinds, err := k.speakWith(kent.keys.Transport, joined(h2Hello, half(1), ping), h2.Ping); err != nil || !slices.Contains(kinds, h2.Ping) {
		t.Errorf("with room for all: got frames %v, %v", kinds, err)
	}
	await(t, "who left gives its room back", taken(300<<10-1))
	if kinds, err := k.speakWith(kent.keys.Transport, joined(h2Hello, half(1), half(3))); err != nil || slices.Contains(kinds, h2.GoAway) {
		t.Errorf("two of them: got frames %v, %v, want that it is hung up on", kinds, err)
	}
	await(t, "who was hung up on has no room", taken(300<<10-1))
	if _, err := waits.Write(h2.Frame(h2.Data, 0, 1, make([]byte, 1000))); err != nil {
		t.Errorf("the other is hung up on: %v", err)
	}
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
		if err := newFrames(roomy).note(joined([]byte(h2.Preface), c.sent)); err != c.want {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

// However the network cuts it, the same is counted; and no more streams than there can be.
func TestFramesAreFollowedHoweverTheyArrive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent := []byte(h2.Preface)
		pieces := rapid.IntRange(messagePieces-1, messagePieces+1).Draw(t, "pieces")
		for id := range uint32(rapid.IntRange(0, 3*maxStreams).Draw(t, "streams")) {
			sent = append(sent, h2.Frame(h2.Headers, h2.EndHeaders, 2*id+1, make([]byte, id))...)
		}
		sent = append(sent, h2.Frame(h2.Headers, h2.EndHeaders, 1001, nil)...)
		sent = append(sent, bytes.Repeat(h2.Frame(h2.Data, 0, 1001, []byte("abc")), pieces)...)
		f, size := newFrames(roomy), rapid.IntRange(1, pieceSize).Draw(t, "size")
		var err error
		for part := range slices.Chunk(sent, size) {
			if err = f.note(part); err != nil {
				break
			}
		}
		if over := pieces > messagePieces; (err != nil) != over || len(f.streams) > 2*maxStreams {
			t.Errorf("%d pieces: got %v; %d streams are followed", pieces, err, len(f.streams))
		}
	})
}

// Whatever frames messages are cut into, padded or not, each has room exactly while it is not there.
func TestAMessageHasRoomUntilItIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held, most := 0, 0
		f := newFrames(func(bytes int) func() {
			held += bytes
			most = max(most, held)
			return func() { held -= bytes }
		})
		if err := f.note(joined([]byte(h2.Preface), h2.Frame(h2.Headers, h2.EndHeaders, 1, nil))); err != nil {
			t.Fatal(err)
		}
		sizes := rapid.SliceOfN(rapid.IntRange(0, 300), 1, 8).Draw(t, "messages")
		var sent []byte
		ends := map[int]bool{0: true} // bytes after which no message is on its way
		for _, size := range sizes {
			sent = append(binary.BigEndian.AppendUint32(append(sent, 0), uint32(size)), make([]byte, size)...)
			ends[len(sent)] = true
		}
		for at := 0; at < len(sent); {
			n := min(rapid.IntRange(0, 200).Draw(t, "bytes"), len(sent)-at)
			frame := h2.Frame(h2.Data, 0, 1, sent[at:at+n])
			if padding := rapid.IntRange(-1, 20).Draw(t, "padding"); padding >= 0 {
				frame = h2.Frame(h2.Data, hasPadding, 1, joined([]byte{byte(padding)}, sent[at:at+n], make([]byte, padding)))
			}
			at += n
			for part := range slices.Chunk(frame, rapid.IntRange(1, 300).Draw(t, "arrives")) {
				if err := f.note(part); err != nil {
					t.Fatal(err)
				}
			}
			if ends[at] && held != 0 {
				t.Fatalf("after %d bytes, with every message there, %d have room", at, held)
			}
		}
		if f.ahead() != 0 || held != 0 || most > 300 {
			t.Fatalf("%d bytes to come, room for %d, at most %d", f.ahead(), held, most)
		}
	})
}
