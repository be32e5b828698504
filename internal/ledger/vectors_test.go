package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/encoding/protojson"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// The vectors are for other implementations; this test keeps them and the code the
// same. After a change that is meant: go test ./internal/ledger -run Vectors -rewrite
var rewrite = flag.Bool("rewrite", false, "write proto/vectors again")

const vectorsFolder = "../../proto/vectors"

// Byte strings are standard base64 in JSON, as encoding/json has it.
type (
	nameVectors struct {
		Good []nameVector `json:"good"`
		Bad  []string     `json:"bad"`
	}
	nameVector struct {
		Name   string `json:"name"`
		Parsed any    `json:"parsed"`
	}
	badVector struct {
		Why   string `json:"why"`
		Bytes []byte `json:"bytes"`
	}
	headerVectors struct {
		Good []headerVector `json:"good"`
		Bad  []badVector    `json:"bad"`
	}
	headerVector struct {
		What   string          `json:"what"`
		Bytes  []byte          `json:"bytes"`
		Fields json.RawMessage `json:"fields"`
		Leaf   tlog.Hash       `json:"leaf"`
	}
	commitmentVector struct {
		Salt       []byte `json:"salt"`
		Body       []byte `json:"body"`
		Commitment []byte `json:"commitment"`
	}
	leafVector struct {
		Bytes []byte    `json:"bytes"`
		Leaf  tlog.Hash `json:"leaf"`
	}
	checkpointVectors struct {
		Seed []byte             `json:"seed"`
		VKey string             `json:"vkey"`
		Good []checkpointVector `json:"good"`
		Bad  []badVector        `json:"bad"`
	}
	checkpointVector struct {
		Log  string    `json:"log"`
		Size uint64    `json:"size"`
		Root tlog.Hash `json:"root"`
		Note string    `json:"note"`
	}
	stampVectors struct {
		Seed []byte        `json:"seed"`
		VKey string        `json:"vkey"`
		Good []stampVector `json:"good"`
		Bad  []badVector   `json:"bad"`
	}
	stampVector struct {
		Log  string    `json:"log"`
		Size uint64    `json:"size"`
		Root tlog.Hash `json:"root"`
		Time int64     `json:"time"`
		Note string    `json:"note"`
	}
	proofVectors struct {
		VKey string        `json:"vkey"`
		Good []proofVector `json:"good"`
		Bad  []badProof    `json:"bad"`
	}
	proofVector struct {
		Entry string `json:"entry"`
		Size  uint64 `json:"size"`
		Body  []byte `json:"body"`
		File  string `json:"file"`
	}
	badProof struct {
		Why  string `json:"why"`
		Body []byte `json:"body"`
		File string `json:"file"`
	}
	rangeVector struct {
		VKey       string       `json:"vkey"`
		Log        string       `json:"log"`
		Headers    [][]byte     `json:"headers"`
		Roots      []tlog.Hash  `json:"roots"`
		Checkpoint string       `json:"checkpoint"`
		Proofs     []treeVector `json:"proofs"`
	}
	treeVector struct {
		From  uint64      `json:"from"`
		To    uint64      `json:"to"`
		Proof []tlog.Hash `json:"proof"`
	}
	blockVectors struct {
		HeaderBlock []byte      `json:"header_block"`
		BodyBlock   []byte      `json:"body_block"`
		BadHeaders  []badVector `json:"bad_header_blocks"`
		BadBodies   []badVector `json:"bad_body_blocks"`
	}
)

func TestVectorsAreWhatTheCodeMakes(t *testing.T) {
	for name, value := range map[string]any{
		"log-names.json":   logNames(),
		"entry-names.json": entryNames(),
		"header.json":      headerFile(t),
		"commitment.json":  commitmentFile(t),
		"leaf.json":        leafFile(),
		"checkpoint.json":  checkpointFile(t),
		"stamp.json":       stampFile(t),
		"proof.json":       proofVectorFile(t),
		"range.json":       rangeFile(t),
		"block.json":       blockFile(t),
	} {
		compareVector(t, filepath.Join(vectorsFolder, name), value)
	}
}

func compareVector(t *testing.T, path string, value any) {
	t.Helper()
	var want bytes.Buffer
	e := json.NewEncoder(&want)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		t.Fatal(err)
	}
	if *rewrite {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with -rewrite", err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("%s differs from what the code makes (-code +file): %s", path, diff)
	}
}

func logNames() nameVectors {
	v := nameVectors{Bad: badLogs}
	for _, name := range slices.Sorted(maps.Keys(goodLogs)) {
		id := goodLogs[name]
		v.Good = append(v.Good, nameVector{name, map[string]any{"federation": id.Federation, "office": id.Office, "epoch": id.Epoch}})
	}
	return v
}

func entryNames() nameVectors {
	v := nameVectors{Bad: badEntries}
	for _, name := range slices.Sorted(maps.Keys(goodEntries)) {
		id := goodEntries[name]
		v.Good = append(v.Good, nameVector{name, map[string]any{"office": id.Office, "epoch": id.Epoch, "index": id.Index}})
	}
	return v
}

func headerFile(t *testing.T) headerVectors {
	plain := sealed(t, 3, []byte("a letter")).Header
	future := padded(t, rawHeader(t, func(h *ledgerv1.EntryHeader) { h.Kind, h.Visibility, h.Critical = 77, 99, []uint32{12} }), 300)
	v := headerVectors{Good: []headerVector{
		headerOf(t, "an advisory for anybody", plain),
		headerOf(t, "claimed before 1970, signed without the lock", rawHeader(t, func(h *ledgerv1.EntryHeader) { h.ClaimedMs, h.Solo = -1, true })),
		headerOf(t, "kind, visibility and field 99 not understood: kept", future),
		headerOf(t, "as large as a header may be", padded(t, plain, HeaderLimit)),
	}}
	for _, b := range []badVector{
		{"larger than a header may be", padded(t, plain, HeaderLimit+1)},
		{"commitment of 31 bytes", rawHeader(t, func(h *ledgerv1.EntryHeader) { h.Commitment = make([]byte, 31) })},
		{"body size not a multiple of 256", rawHeader(t, func(h *ledgerv1.EntryHeader) { h.BodySize = 255 })},
		{"body size 0", rawHeader(t, func(h *ledgerv1.EntryHeader) { h.BodySize = 0 })},
		{"body too large", rawHeader(t, func(h *ledgerv1.EntryHeader) { h.BodySize = BodyLimit + 256 })},
		{"index too large", rawHeader(t, func(h *ledgerv1.EntryHeader) { h.Index = SizeLimit })},
		{"cut short", plain[:len(plain)-1]},
		{"empty", []byte{}},
	} {
		if _, err := ParseHeader(b.Bytes); err == nil {
			t.Errorf("%s: accepted", b.Why)
		}
		v.Bad = append(v.Bad, b)
	}
	return v
}

// headerOf describes a header; fields are those of the proto as JSON, whose spacing
// protojson varies on purpose.
func headerOf(t *testing.T, what string, b []byte) headerVector {
	h, err := ParseHeader(b)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	fields, err := protojson.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, fields); err != nil {
		t.Fatal(err)
	}
	return headerVector{What: what, Bytes: b, Fields: compact.Bytes(), Leaf: LeafHash(b)}
}

func commitmentFile(t *testing.T) []commitmentVector {
	var list []commitmentVector
	for i, body := range [][]byte{[]byte("a"), []byte("a letter"), make([]byte, 256), make([]byte, 257)} {
		e := sealed(t, uint64(i), body)
		h, err := e.Check(uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, commitmentVector{e.Salt, body, h.GetCommitment()})
	}
	return list
}

func leafFile() []leafVector {
	var list []leafVector
	for _, b := range [][]byte{{}, {0}, []byte("header"), bytes.Repeat([]byte{0xa5}, HeaderLimit)} {
		list = append(list, leafVector{b, LeafHash(b)})
	}
	return list
}

func checkpointFile(t *testing.T) checkpointVectors {
	l := newTestLog(t, 9, 40)
	v := checkpointVectors{Seed: l.key.Seed(), VKey: VKey(essex, testPublic(1))}
	for _, size := range []uint64{0, 1, 8, 9} {
		cp := l.checkpoint(size)
		v.Good = append(v.Good, checkpointVector{cp.Log.String(), cp.Size, cp.Root, string(cp.Note)})
	}
	bad := badNotes(t)
	for _, why := range slices.Sorted(maps.Keys(bad)) {
		v.Bad = append(v.Bad, badVector{why, append([]byte{}, bad[why]...)})
	}
	forged := bytes.Replace(l.checkpoint(8).Note, []byte("\n8\n"), []byte("\n9\n"), 1)
	if _, err := OpenCheckpoint(forged, l.keys()); !errors.Is(err, ErrBadSignature) {
		t.Error(err)
	}
	v.Bad = append(v.Bad, badVector{"signature of another size", forged})
	return v
}

func stampFile(t *testing.T) stampVectors {
	l := newTestLog(t, 9, 40)
	v := stampVectors{Seed: l.key.Seed(), VKey: VKey(essex, testPublic(1))}
	for _, size := range []uint64{0, 1, 9} {
		st, err := SignStamp(l.checkpoint(size), stampTime, l.key)
		if err != nil {
			t.Fatal(err)
		}
		v.Good = append(v.Good, stampVector{st.Log.String(), st.Size, st.Root, st.Time.Unix(), string(st.Note)})
	}
	lines := strings.SplitAfter(v.Good[1].Note, "\n")
	head := strings.Join(lines[:4], "")
	v.Bad = []badVector{
		{"a checkpoint", l.checkpoint(9).Note},
		{"the signature with the time alone", []byte(head + lines[5])},
		{"the signature with the time first", []byte(head + lines[5] + lines[4])},
		{"another head's signature with the time", []byte(head + lines[4] + strings.SplitAfter(v.Good[2].Note, "\n")[5])},
	}
	for _, b := range v.Bad {
		if _, err := OpenStamp(b.Bytes, l.keys()); err == nil {
			t.Errorf("%s: accepted", b.Why)
		}
	}
	return v
}

func proofVectorFile(t *testing.T) proofVectors {
	l := newTestLog(t, 9, 40)
	v := proofVectors{VKey: VKey(essex, testPublic(1))}
	for _, at := range [][2]uint64{{0, 1}, {3, 8}, {5, 9}, {8, 9}} {
		file, body := proofOf(t, l, at[0], at[1])
		v.Good = append(v.Good, proofVector{essex.Entry(at[0]).String(), at[1], body, string(file)})
	}
	file, body := proofOf(t, l, 5, 9)
	v.Bad = []badProof{
		{"letter altered", append(bytes.Clone(body), '.'), string(file)},
		{"another entry's letter", l.entries[4].Body, string(file)},
		{"another index", body, string(bytes.Replace(file, []byte("index 5"), []byte("index 4"), 1))},
		{"signature not of this size", body, string(bytes.Replace(file, []byte("/0\n9\n"), []byte("/0\n10\n"), 1))},
		{"cut short", body, string(file[:len(file)-1])},
	}
	for _, b := range v.Bad {
		if _, err := CheckProofFile([]byte(b.File), b.Body, essex, testPublic(1)); err == nil {
			t.Errorf("%s: accepted", b.Why)
		}
	}
	return v
}

func rangeFile(t *testing.T) rangeVector {
	const size = 10
	l := newTestLog(t, size, 40)
	v := rangeVector{VKey: VKey(essex, testPublic(1)), Log: essex.String(), Checkpoint: string(l.checkpoint(size).Note)}
	for n := uint64(0); n <= size; n++ {
		v.Roots = append(v.Roots, l.treeAt(n).Root())
		proof, err := ProveConsistency(l, n, size)
		if err != nil {
			t.Fatal(err)
		}
		v.Proofs = append(v.Proofs, treeVector{n, size, append([]tlog.Hash{}, proof...)})
		if n < size {
			v.Headers = append(v.Headers, l.entries[n].Header)
		}
	}
	return v
}

func blockFile(t *testing.T) blockVectors {
	l := newTestLog(t, 3, 40)
	seg := l.packed(0, 3, 3)
	headers, err := Unpack(seg.HeaderBlock, RawLimit)
	if err != nil {
		t.Fatal(err)
	}
	bodies, err := Unpack(seg.BodyBlocks[0], RawLimit)
	if err != nil {
		t.Fatal(err)
	}
	return blockVectors{HeaderBlock: headers, BodyBlock: bodies, BadHeaders: badHeaderBlocks(), BadBodies: badBodyBlocks()}
}
