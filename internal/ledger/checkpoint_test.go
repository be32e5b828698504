package ledger

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func testCheckpoint(t testing.TB, size uint64) Checkpoint {
	t.Helper()
	cp, err := SignCheckpoint(essex, size, tlog.RecordHash([]byte("root")), testKey(1))
	if err != nil {
		t.Fatal(err)
	}
	return cp
}

// resign returns a note over text, signed by the log's key whatever it says.
func resign(t testing.TB, text string) []byte {
	t.Helper()
	k := newLogKey(essex, testPublic(1))
	k.private = testKey(1)
	b, err := note.Sign(&note.Note{Text: text}, k)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Nothing of this package takes part but the bytes and the verifier key.
func TestCheckpointOpensWithSumdbNoteAlone(t *testing.T) {
	cp := testCheckpoint(t, 8)
	verifier, err := note.NewVerifier(VKey(essex, testPublic(1)))
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(cp.Note, note.VerifierList(verifier))
	if err != nil {
		t.Fatal(err)
	}
	origin, _, _ := strings.Cut(n.Text, "\n")
	if want := "demo/essex/log/0\n8\n" + cp.Root.String() + "\n"; n.Text != want || n.Sigs[0].Name != origin {
		t.Errorf("text %q, key name %q", n.Text, n.Sigs[0].Name)
	}
}

func TestCheckpointOpensAsSigned(t *testing.T) {
	for _, size := range []uint64{0, 1, 8, SizeLimit} {
		want := testCheckpoint(t, size)
		got, err := OpenCheckpoint(want.Note, []ed25519.PublicKey{testPublic(9), testPublic(1), testPublic(1)})
		if err != nil || got.Log != want.Log || got.Size != want.Size || got.Root != want.Root || !bytes.Equal(got.Note, want.Note) {
			t.Errorf("size %d: got %v, %v", size, got, err)
		}
	}
}

func TestSignCheckpointRefusesWhatItWouldNotOpen(t *testing.T) {
	for name, c := range map[string]struct {
		log  LogID
		size uint64
		key  ed25519.PrivateKey
		want error
	}{
		"no log":    {LogID{}, 1, testKey(1), ErrMalformed},
		"too large": {essex, SizeLimit + 1, testKey(1), ErrTooLarge},
		"no key":    {essex, 1, nil, ErrMalformed},
	} {
		if _, err := SignCheckpoint(c.log, c.size, tlog.Hash{}, c.key); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestCheckpointNeedsAKnownKey(t *testing.T) {
	cp := testCheckpoint(t, 8)
	forged := bytes.Replace(cp.Note, []byte("\n8\n"), []byte("\n9\n"), 1)
	for name, c := range map[string]struct {
		note []byte
		keys []ed25519.PublicKey
		want error
	}{
		"no keys":         {cp.Note, nil, ErrUnknownKey},
		"another key":     {cp.Note, []ed25519.PublicKey{testPublic(2)}, ErrUnknownKey},
		"not a key":       {cp.Note, []ed25519.PublicKey{nil, {1, 2, 3}}, ErrUnknownKey},
		"another size":    {forged, []ed25519.PublicKey{testPublic(1)}, ErrBadSignature},
		"another log":     {bytes.ReplaceAll(cp.Note, []byte("essex"), []byte("wessex")), []ed25519.PublicKey{testPublic(1)}, ErrUnknownKey},
		"name of another": {bytes.Replace(cp.Note, []byte("— demo/essex"), []byte("— demo/wessex"), 1), []ed25519.PublicKey{testPublic(1)}, ErrUnknownKey},
	} {
		if _, err := OpenCheckpoint(c.note, c.keys); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestCheckpointMayCarryCosignatures(t *testing.T) {
	cp := testCheckpoint(t, 8)
	cosigned := slices.Concat(cp.Note, []byte("— witness.example "+base64.StdEncoding.EncodeToString(make([]byte, 76))+"\n"))
	got, err := OpenCheckpoint(cosigned, []ed25519.PublicKey{testPublic(1)})
	if err != nil || !bytes.Equal(got.Note, cosigned) {
		t.Errorf("got %v", err)
	}
}

func badNotes(t testing.TB) map[string][]byte {
	cp := testCheckpoint(t, 8)
	root := cp.Root.String()
	sig := cp.Note[bytes.Index(cp.Note, []byte("\n\n"))+2:]
	return map[string][]byte{
		"nothing":               nil,
		"no signature":          []byte(cp.text()),
		"no blank line":         bytes.Replace(cp.Note, []byte("\n\n"), []byte("\n"), 1),
		"last newline missing":  cp.Note[:len(cp.Note)-1],
		"carriage returns":      bytes.ReplaceAll(cp.Note, []byte("\n"), []byte("\r\n")),
		"not UTF-8":             append(bytes.Clone(cp.Note), "— \xff AAAAAAAA\n"...),
		"repeated signature":    slices.Concat(cp.Note, sig),
		"extension line":        resign(t, cp.text()+"extension\n"),
		"empty extension":       resign(t, cp.text()+"\n"),
		"no root":               resign(t, "demo/essex/log/0\n8\n"),
		"name not of a log":     resign(t, "example.com/log\n8\n"+root+"\n"),
		"size with zero":        resign(t, "demo/essex/log/0\n08\n"+root+"\n"),
		"size with sign":        resign(t, "demo/essex/log/0\n+8\n"+root+"\n"),
		"size negative":         resign(t, "demo/essex/log/0\n-8\n"+root+"\n"),
		"size huge":             resign(t, "demo/essex/log/0\n99999999999999999999\n"+root+"\n"),
		"short root":            resign(t, "demo/essex/log/0\n8\nAAAA\n"),
		"root not canonical":    resign(t, "demo/essex/log/0\n8\n"+root[:42]+string(nextBase64(root[42]))+"=\n"),
		"signature not so":      tweakLastBase64(cp.Note),
		"go.sum database":       resign(t, "go.sum database tree\n8\n"+root+"\n"),
		"space after the root":  resign(t, "demo/essex/log/0\n8\n"+root+" \n"),
		"line before the log":   resign(t, "\ndemo/essex/log/0\n8\n"+root+"\n"),
		"text after signatures": append(bytes.Clone(cp.Note), "more\n"...),
	}
}

// nextBase64 changes a bit that no decoded byte shows.
func nextBase64(c byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	return alphabet[strings.IndexByte(alphabet, c)^1]
}

func tweakLastBase64(signed []byte) []byte {
	b := bytes.Clone(signed)
	i := len(b) - len("x=\n")
	b[i] = nextBase64(b[i])
	return b
}

func TestCheckpointRefusesWhatWouldNotPrintTheSame(t *testing.T) {
	for name, b := range badNotes(t) {
		if cp, err := OpenCheckpoint(b, []ed25519.PublicKey{testPublic(1)}); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v, %v", name, cp, err)
		}
	}
}

func TestCheckpointKeepsItsLimits(t *testing.T) {
	if _, err := PeekCheckpoint(resign(t, "demo/essex/log/0\n1099511627777\n"+tlog.Hash{}.String()+"\n")); !errors.Is(err, ErrTooLarge) {
		t.Errorf("size over the limit: %v", err)
	}
	cp := testCheckpoint(t, 8)
	// A signature line of a witness with just the right length: "— " is 4 bytes.
	line := func(n int) []byte {
		blob := base64.StdEncoding.EncodeToString(make([]byte, 300)) // 400 letters
		name := strings.Repeat("w", n-len("—  \n")-len(blob))
		return []byte("— " + name + " " + blob + "\n")
	}
	if _, err := PeekCheckpoint(slices.Concat(cp.Note, line(NoteLimit-len(cp.Note)))); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := PeekCheckpoint(slices.Concat(cp.Note, line(NoteLimit+1-len(cp.Note)))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("over the limit: %v", err)
	}
}

func TestVKeyParsesOnlyAsPrinted(t *testing.T) {
	good := VKey(essex, testPublic(1))
	log, pub, err := ParseVKey(good)
	if err != nil || log != essex || !pub.Equal(testPublic(1)) {
		t.Fatalf("got %v, %v, %v", log, pub, err)
	}
	for _, bad := range []string{
		"", "demo/essex/log/0", good[:len(good)-1], good + "A", " " + good, strings.ToUpper(good),
		strings.Replace(good, "essex", "wessex", 1), VKey(LogID{Federation: "Demo", Office: "essex"}, testPublic(1)),
		good[:len(good)-1] + string(nextBase64(good[len(good)-1])), strings.Replace(good, "+", "++", 1),
	} {
		if _, _, err := ParseVKey(bad); !errors.Is(err, ErrMalformed) {
			t.Errorf("ParseVKey(%q): %v", bad, err)
		}
	}
	if _, _, err := ParseVKey(strings.Repeat("a", NoteLimit+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("over the limit: %v", err)
	}
	if got := VKey(essex, nil); got != "" {
		t.Errorf("a key of no bytes prints %q", got)
	}
}

func TestFrontierRootIsTheHashOfSortedLines(t *testing.T) {
	a, b := testCheckpoint(t, 8), testCheckpoint(t, 9)
	b.Log.Office = "cambridgeshire"
	line := func(c Checkpoint, size string) string {
		return c.Log.String() + " " + size + " " + c.Root.String() + "\n"
	}
	want := sha256.Sum256([]byte(line(b, "9") + line(a, "8")))
	if got := FrontierRoot([]Checkpoint{a, b}); got != want {
		t.Errorf("got %x, want %x", got, want)
	}
	if got := FrontierRoot(nil); got != sha256.Sum256(nil) {
		t.Errorf("empty frontier: %x", got)
	}
}

func TestFrontierRootKnowsNoOrderAndMissesNoChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		heads := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) Checkpoint {
			office := rapid.StringMatching(`[a-z]{1,3}(-[a-z0-9])?`).Draw(t, "office")
			return Checkpoint{Log: LogID{"demo", office, rapid.Uint32Max(11).Draw(t, "epoch")}, Size: rapid.Uint64Max(99).Draw(t, "size")}
		}), 1, 20, func(c Checkpoint) LogID { return c.Log }).Draw(t, "heads")
		want := FrontierRoot(heads)
		shuffled := rapid.Permutation(heads).Draw(t, "shuffled")
		if FrontierRoot(shuffled) != want {
			t.Fatal("order matters")
		}
		shuffled[0].Size++
		if FrontierRoot(shuffled) == want {
			t.Fatal("a size does not matter")
		}
		var f Frontier
		for _, head := range append(shuffled, heads...) {
			f.Set(head)
		}
		if f.Root() != want {
			t.Fatal("heads that came one by one, the first of them older before, have another root")
		}
	})
}

func FuzzOpenCheckpoint(f *testing.F) {
	f.Add(testCheckpoint(f, 8).Note)
	for _, b := range badNotes(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		cp, err := PeekCheckpoint(b)
		if err == nil && (!bytes.HasPrefix(b, []byte(cp.text()+"\n")) || !bytes.Equal(b, cp.Note)) {
			t.Errorf("%q parses as %q", b, cp.text())
		}
		if got, err := OpenCheckpoint(b, []ed25519.PublicKey{testPublic(1)}); err == nil {
			verifier, _ := note.NewVerifier(VKey(got.Log, testPublic(1)))
			if _, err := note.Open(b, note.VerifierList(verifier)); err != nil {
				t.Errorf("sumdb/note does not open %q: %v", b, err)
			}
		}
	})
}

func FuzzParseVKey(f *testing.F) {
	f.Add(VKey(essex, testPublic(1)))
	f.Add("demo/essex/log/0+00000000+AAAA")
	f.Fuzz(func(t *testing.T, s string) {
		if log, pub, err := ParseVKey(s); err == nil && VKey(log, pub) != s {
			t.Errorf("%q prints as %q", s, VKey(log, pub))
		}
	})
}
