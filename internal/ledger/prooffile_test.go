package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// proofOf returns the proof file of an entry at a size, and the entry's body.
func proofOf(t testing.TB, l *testLog, index, size uint64) (file, body []byte) {
	t.Helper()
	record, err := ProveInclusion(l, index, size)
	if err != nil {
		t.Fatal(err)
	}
	file, err = ProofFile(l.id.Entry(index), l.entries[index], l.checkpoint(size), record)
	if err != nil {
		t.Fatal(err)
	}
	return file, l.entries[index].Body
}

func TestProofFileProvesEveryEntry(t *testing.T) {
	l := newTestLog(t, 21, 100)
	for size := uint64(1); size <= 21; size++ {
		for index := range size {
			file, body := proofOf(t, l, index, size)
			got, err := CheckProofFile(file, body, essex, testPublic(1))
			if err != nil {
				t.Fatal(err)
			}
			if got.ID != essex.Entry(index) || got.Size != size || got.Header.GetIndex() != index || got.Checkpoint.Root != l.treeAt(size).Root() {
				t.Errorf("proved %v at %d", got.ID, got.Size)
			}
		}
	}
}

// The file is taken apart by hand; what checks it is sumdb alone.
func TestProofVerifiesWithSumdbAlone(t *testing.T) {
	file, body := proofOf(t, newTestLog(t, 13, 300), 5, 13)
	head, checkpoint, _ := strings.Cut(string(file), "\n\n")
	lines := strings.Split(head, "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || lines[2] != "index 5" {
		t.Fatalf("lines %q", lines)
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		t.Fatal(err)
	}
	const magic = "lmcfed/proof/1\n"
	salt, header := extra[len(magic):len(magic)+32], extra[len(magic)+32:]
	var record tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			t.Fatal(err)
		}
		record = append(record, hash)
	}
	verifier, err := note.NewVerifier(VKey(essex, testPublic(1)))
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
	if err != nil {
		t.Fatal(err)
	}
	tree := strings.Split(n.Text, "\n")
	size, _ := strconv.ParseInt(tree[1], 10, 64)
	root, _ := tlog.ParseHash(tree[2])
	if err := tlog.CheckRecord(record, size, root, 5, tlog.RecordHash(header)); err != nil {
		t.Error(err)
	}
	var h ledgerv1.EntryHeader
	if err := proto.Unmarshal(header, &h); err != nil {
		t.Fatal(err)
	}
	commitment := sha256.Sum256([]byte("lmcfed/body/1\n" + string(salt) + string(body)))
	if !bytes.Equal(commitment[:], h.GetCommitment()) || h.GetIndex() != 5 {
		t.Error("the header does not commit to the body")
	}
}

func TestProofRefusesAnythingChanged(t *testing.T) {
	l := newTestLog(t, 13, 300)
	file, body := proofOf(t, l, 5, 13)
	otherBody := l.entries[6].Body
	wessex := newTestLog(t, 13, 300)
	wessex.id.Office = "wessex"
	foreign, foreignBody := proofOf(t, wessex, 5, 13)
	replace := func(old, new string) []byte { return bytes.Replace(file, []byte(old), []byte(new), 1) }
	lines := strings.SplitAfter(string(file), "\n")
	for name, c := range map[string]struct {
		file, body []byte
		want       error
	}{
		"as written":         {file, body, nil},
		"letter altered":     {file, append(bytes.Clone(body), '.'), ErrBadBody},
		"another letter":     {file, otherBody, ErrBadBody},
		"no letter":          {file, nil, ErrBadEntry},
		"letter too large":   {file, make([]byte, BodyLimit+1), ErrTooLarge},
		"another log":        {foreign, foreignBody, ErrWrongLog},
		"another index":      {replace("index 5", "index 6"), body, ErrBadEntry},
		"index over size":    {replace("index 5", "index 18446744073709551615"), body, ErrBadEntry},
		"index not so":       {replace("index 5", "index 05"), body, ErrMalformed},
		"no index":           {replace("index 5\n", ""), body, ErrMalformed},
		"no extra":           {replace(lines[1], ""), body, ErrMalformed},
		"extra of another":   {replace("extra bG1j", "extra bG1k"), body, ErrMalformed},
		"extra empty":        {replace(lines[1], "extra \n"), body, ErrMalformed},
		"hash missing":       {replace(lines[3], ""), body, ErrProof},
		"hash twice":         {replace(lines[3], lines[3]+lines[3]), body, ErrProof},
		"hashes swapped":     {replace(lines[3]+lines[4], lines[4]+lines[3]), body, ErrProof},
		"hash not one":       {replace(lines[3], "AAAA\n"), body, ErrMalformed},
		"another size":       {replace("log/0\n13\n", "log/0\n7\n"), body, ErrProof},
		"size, proof intact": {replace("log/0\n13\n", "log/0\n14\n"), body, ErrBadSignature},
		"first line":         {replace("proof@v1", "proof@v2"), body, ErrMalformed},
		"cut short":          {file[:len(file)-1], body, ErrMalformed},
		"half":               {file[:len(file)/2], body, ErrMalformed},
		"nothing":            {nil, body, ErrMalformed},
		"carriage returns":   {bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")), body, ErrMalformed},
		"too large":          {make([]byte, ProofFileLimit+1), body, ErrTooLarge},
		"too many hashes":    {replace(lines[3], strings.Repeat(lines[3], ProofLimit)), body, ErrTooLarge},
	} {
		if got, err := CheckProofFile(c.file, c.body, essex, testPublic(1)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, c.want)
		}
	}
	if _, err := CheckProofFile(file, body, essex, testPublic(2)); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("another key: %v", err)
	}
}

// Everything in the file is bound by the signature: no single byte may change.
func TestProofFileRefusesEveryFlippedBit(t *testing.T) {
	file, body := proofOf(t, newTestLog(t, 6, 60), 2, 6)
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 1 << (i % 8)
		if _, err := CheckProofFile(bad, body, essex, testPublic(1)); err == nil {
			t.Errorf("byte %d flipped to %q is accepted", i, bad[i])
		}
	}
}

func TestProofFileRefusesToProveNothing(t *testing.T) {
	l := newTestLog(t, 6, 60)
	record, _ := ProveInclusion(l, 2, 6)
	cp, e := l.checkpoint(6), l.entries[2]
	for name, c := range map[string]struct {
		id     EntryID
		e      Entry
		record tlog.RecordProof
		want   error
	}{
		"another log":   {EntryID{Office: "wessex", Index: 2}, e, record, ErrWrongLog},
		"another epoch": {EntryID{Office: "essex", Epoch: 1, Index: 2}, e, record, ErrWrongLog},
		"another index": {essex.Entry(3), e, record, ErrBadEntry},
		"no body":       {essex.Entry(2), Entry{Header: e.Header}, record, ErrBadBody},
		"no proof":      {essex.Entry(2), e, nil, ErrProof},
	} {
		if _, err := ProofFile(c.id, c.e, cp, c.record); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := ProofFile(essex.Entry(2), e, l.checkpoint(2), record); !errors.Is(err, ErrProof) {
		t.Errorf("checkpoint before the entry: %v", err)
	}
}

func FuzzCheckProofFile(f *testing.F) {
	file, body := proofOf(f, newTestLog(f, 13, 300), 5, 13)
	f.Add(file, body)
	f.Add(file[:len(file)/2], body)
	f.Add(bytes.Replace(file, []byte("index 5"), []byte("index 6"), 1), body)
	f.Fuzz(func(t *testing.T, b, letter []byte) {
		got, err := CheckProofFile(b, letter, essex, testPublic(1))
		if err == nil && (!bytes.Equal(letter, body) || got.ID != essex.Entry(5)) {
			t.Errorf("%q proves %v", b, got.ID)
		}
	})
}
