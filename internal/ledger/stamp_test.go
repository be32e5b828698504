package ledger

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

var stampTime = time.Date(2021, 10, 25, 13, 30, 0, 0, time.UTC)

func stampKeyPair(seed byte) (ed25519.PrivateKey, []ed25519.PublicKey) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
	return key, []ed25519.PublicKey{key.Public().(ed25519.PublicKey)}
}

func stampOf(t *testing.T, size uint64, at time.Time, key ed25519.PrivateKey) Stamp {
	t.Helper()
	st, err := SignStamp(Checkpoint{Log: LogID{Federation: "demo", Office: "essex"}, Size: size}, at, key)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestAStampIsReadAsItWasSigned(t *testing.T) {
	key, keys := stampKeyPair(1)
	for _, size := range []uint64{0, 7, SizeLimit} {
		st := stampOf(t, size, stampTime.Add(999*time.Millisecond), key)
		got, err := OpenStamp(st.Note, keys)
		if err != nil || got.Size != size || got.Log != st.Log || !got.Time.Equal(stampTime) || !bytes.Equal(got.Note, st.Note) {
			t.Errorf("size %d: %+v, %v", size, got, err)
		}
		if _, err := OpenCheckpoint(st.Note, keys); err != nil {
			t.Errorf("size %d: it is no checkpoint: %v", size, err)
		}
	}
}

// The time stands in the signature: nobody but the office can move it.
func TestAStampWithAnotherTimeDoesNotVerify(t *testing.T) {
	key, keys := stampKeyPair(1)
	old, young := stampOf(t, 7, stampTime, key), stampOf(t, 7, stampTime.Add(time.Hour), key)
	later := stampOf(t, 8, stampTime.Add(time.Hour), key)
	line := func(st Stamp, n int) string { return strings.SplitAfter(string(st.Note), "\n")[n] }
	if line(old, 4) != line(young, 4) || line(old, 5) == line(young, 5) {
		t.Fatalf("want notes that differ in their last line:\n%s\n%s", old.Note, young.Note)
	}
	moved := strings.Replace(string(old.Note), line(old, 5), line(later, 5), 1) // of another head
	if _, err := OpenStamp([]byte(moved), keys); !errors.Is(err, ErrBadSignature) {
		t.Errorf("the signature of another head: %v", err)
	}
	for i := range old.Note {
		b := bytes.Clone(old.Note)
		b[i] ^= 1
		if got, err := OpenStamp(b, keys); err == nil {
			t.Fatalf("flipped at %d, and taken: %+v", i, got)
		}
	}
}

func TestAStampHasTwoSignaturesAndNoMore(t *testing.T) {
	key, keys := stampKeyPair(1)
	other, others := stampKeyPair(2)
	st, theirs := stampOf(t, 7, stampTime, key), stampOf(t, 7, stampTime, other)
	plain, err := SignCheckpoint(st.Log, st.Size, st.Root, key)
	if err != nil {
		t.Fatal(err)
	}
	lines, more := strings.SplitAfter(string(st.Note), "\n"), strings.SplitAfter(string(theirs.Note), "\n")
	mixed := strings.Join(append(lines[:5:5], more[5]), "")
	for what, b := range map[string][]byte{
		"a checkpoint":       plain.Note,
		"three":              append(bytes.Clone(st.Note), more[4]...),
		"the time alone":     []byte(strings.Join(lines[:4], "") + lines[5]),
		"the time first":     []byte(strings.Join(lines[:4], "") + lines[5] + lines[4]),
		"two without a time": []byte(strings.Join(lines[:5], "") + more[4]),
		"nothing":            nil,
		"half of it":         st.Note[:len(st.Note)/2],
		"the year 10000":     stampOf(t, 7, time.Unix(maxStampTime+1, 0), key).Note,
	} {
		if _, err := PeekStamp(b); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := PeekStamp(stampOf(t, 7, time.Unix(maxStampTime, 0), key).Note); err != nil {
		t.Errorf("the last second of 9999: %v", err)
	}
	if _, err := OpenStamp([]byte(mixed), append(others, keys...)); !errors.Is(err, ErrBadSignature) {
		t.Errorf("signatures of two keys: %v", err)
	}
	if _, err := OpenStamp(theirs.Note, keys); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("another's: %v", err)
	}
	if _, err := SignStamp(st.Checkpoint, time.Unix(-1, 0), key); err == nil {
		t.Error("a time before 1970 is signed")
	}
}

// C2SP cosignature/v1, written out: anybody's tools can check one.
func TestAStampIsACosignatureAsC2SPHasIt(t *testing.T) {
	key, keys := stampKeyPair(1)
	st := stampOf(t, 7, stampTime, key)
	n, err := note.Open(st.Note, note.VerifierList(newLogKey(st.Log, keys[0])))
	if err != nil || len(n.UnverifiedSigs) != 1 {
		t.Fatalf("%v, %+v", err, n)
	}
	want := "cosignature/v1\ntime 1635168600\ndemo/essex/log/0\n7\n" + st.Root.String() + "\n"
	k := newStampKey(st.Log, keys[0])
	k.private, k.at = key, uint64(stampTime.Unix())
	sig, err := k.Sign([]byte(n.Text))
	if err != nil || !ed25519.Verify(keys[0], []byte(want), sig[8:]) {
		t.Errorf("it signs something else: %v", err)
	}
}

func TestStampsRootDoesNotDependOnTheOrder(t *testing.T) {
	key, _ := stampKeyPair(1)
	a, b := stampOf(t, 7, stampTime, key), stampOf(t, 7, stampTime, key)
	b.Log.Office = "kent"
	if StampsRoot([]Stamp{a, b}) != StampsRoot([]Stamp{b, a}) {
		t.Error("it does")
	}
	later := a
	later.Time = a.Time.Add(time.Second)
	if StampsRoot([]Stamp{a, b}) == StampsRoot([]Stamp{later, b}) {
		t.Error("a second makes no difference")
	}
}

// The page that others build from has one written out.
func TestTheStampOfTheDocumentIsAStamp(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(i)
	}
	key := ed25519.NewKeyFromSeed(seed)
	_, section, _ := strings.Cut(string(page), "### Stamp\n")
	_, section, _ = strings.Cut(section, "```\n")
	written, rest, _ := strings.Cut(section, "```\n")
	st, err := OpenStamp([]byte(written), []ed25519.PublicKey{key.Public().(ed25519.PublicKey)})
	if err != nil || !st.Time.Equal(stampTime) {
		t.Fatalf("made at %s: %v", st.Time, err)
	}
	if root := fmt.Sprintf("`%.8x…`", StampsRoot([]Stamp{st})); !strings.Contains(rest, root) {
		t.Errorf("the root over it is %s", root)
	}
}
