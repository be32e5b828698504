package store

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

type verifieds = []ledger.Verified

// sizes are the bytes of a chunk as it travels and unpacked, at the least.
func sizes(segs []ledger.Segment) (wire, raw int) {
	for _, seg := range segs {
		for _, f := range append([][]byte{seg.HeaderBlock}, seg.BodyBlocks...) {
			if f != nil {
				wire, raw = wire+len(f), raw+rawSize(f)
			}
		}
		for _, h := range seg.Headers {
			wire, raw = wire+len(h), raw+len(h)
		}
		for _, b := range seg.Bodies {
			wire, raw = wire+len(b.GetBody()), raw+len(b.GetBody())
		}
	}
	return wire, raw
}

func TestBlocksAreShippedAndStoredAsTheyAre(t *testing.T) {
	a := newAuthor("surrey-sussex")
	a.addMany(130)
	s, peer := newStore(t, "essex"), newStore(t, "cambridgeshire")
	a.give(t, s, 0, 130, 130)
	segs, rest, err := s.Segments([]Range{{a.log, 0, 130}}, everything, ledger.ChunkLimit)
	if err != nil || len(rest) != 0 || len(segs) != 3 {
		t.Fatalf("%d runs, %v left, %v; want two blocks and a tail", len(segs), rest, err)
	}
	copyLogs(t, s, peer, a, ledger.ChunkLimit)
	again, _, err := peer.Segments([]Range{{a.log, 0, 130}}, everything, ledger.ChunkLimit)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if !bytes.Equal(segs[i].HeaderBlock, again[i].HeaderBlock) || !bytes.Equal(segs[i].BodyBlocks[0], again[i].BodyBlocks[0]) {
			t.Errorf("block %d was packed again on the way", i)
		}
	}
	if len(again[2].Headers) != 2 || len(again[2].Bodies) != 2 {
		t.Errorf("the tail is %+v", again[2])
	}
}

func TestHeadersAlwaysGoAndBodiesOnlyToTheirReaders(t *testing.T) {
	a := newAuthor("surrey-sussex")
	for i := range 70 {
		v := []guidancev1.Visibility{public, committees, 77}[i%3]
		a.add(kindAdvisory, v, advisory(fmt.Sprint("letter ", i), accessPlan))
	}
	s, peer := newStore(t, "essex"), newStore(t, "cambridgeshire")
	a.give(t, s, 0, 70, 70)
	for _, maxBytes := range []int{1, ledger.ChunkLimit} { // loose and packed
		segs, rest := []ledger.Segment(nil), []Range{{a.log, 0, 0}}
		for len(rest) > 0 {
			more, left, err := s.Segments(rest, onlyPublic, maxBytes)
			if err != nil {
				t.Fatal(err)
			}
			segs, rest = append(segs, more...), left
		}
		var held ledger.Tree
		for _, seg := range segs {
			v, err := new(ledger.Verifier).Verify(held, seg, a.keys())
			if err != nil {
				t.Fatal(err)
			}
			held = v.Tree()
			for i, e := range v.Entries() {
				if readable := v.Headers()[i].GetVisibility() == public; readable != (e.Body != nil) {
					t.Errorf("entry %d: its body went: %v", v.From()+uint64(i), e.Body != nil)
				}
			}
			if err := peer.Ingest(verifieds{v}); err != nil {
				t.Fatal(err)
			}
		}
		if held.Size() != 70 {
			t.Errorf("%d headers went", held.Size())
		}
	}
	if c := peer.Counts(a.log); c.Withheld[committees] != 23 || c.Withheld[0] != 23 || c.NotHeld != 0 {
		t.Errorf("the peer counts %+v", c)
	}
	segs, _, err := s.Bodies([]ledger.EntryID{a.log.Entry(0), a.log.Entry(1), a.log.Entry(500)}, onlyPublic, 1<<20)
	if err != nil || len(segs) != 1 || len(segs[0].Bodies) != 1 {
		t.Errorf("late bodies for the public: %+v, %v", segs, err)
	}
}

func TestChunksStayWithinTheirBytesWhateverTheBodies(t *testing.T) {
	a, b := newAuthor("surrey-sussex"), newAuthor("cambridgeshire")
	for i := range 70 { // 128 KB each: a block of 8 MB, which fits no chunk
		a.add(kindAdvisory, public, marshal(&guidancev1.Advisory{Title: fmt.Sprint(i), Body: strings.Repeat("x", 128<<10)}))
	}
	b.addMany(200)
	s, peer := newStore(t, "essex"), newStore(t, "cambridgeshire")
	for first := uint64(0); first < 70; first += 10 {
		a.give(t, s, first, first+10, 70)
	}
	b.give(t, s, 0, 200, 200)
	chunks := 0
	for rest := []Range{{a.log, 0, 0}, {b.log, 0, 0}}; len(rest) > 0; chunks++ {
		segs, left, err := s.Segments(rest, everything, ledger.ChunkAim)
		if err != nil {
			t.Fatal(err)
		}
		if wire, raw := sizes(segs); len(segs) > 1 && (wire > ledger.ChunkAim || raw > ledger.RawLimit) {
			t.Errorf("a chunk of %d runs has %d bytes, %d raw", len(segs), wire, raw)
		}
		for _, seg := range segs {
			author := map[string]*author{a.log.Office: a, b.log.Office: b}[seg.Log.Office]
			if err := peer.Ingest(verifieds{author.verify(t, peer, seg)}); err != nil {
				t.Fatal(err)
			}
		}
		rest = left
	}
	if peer.FrontierRoot() != s.FrontierRoot() {
		t.Error("frontiers differ")
	}
	if chunks < 30 {
		t.Errorf("9 MB went in %d chunks", chunks)
	}
	ids := []ledger.EntryID{a.log.Entry(0), a.log.Entry(1), a.log.Entry(2)}
	segs, rest, err := s.Bodies(ids, everything, 200<<10)
	if err != nil || len(segs) != 1 || len(segs[0].Bodies) != 1 || len(rest) != 2 {
		t.Errorf("late bodies: %d runs, %d left, %v; want one body a chunk", len(segs), len(rest), err)
	}
}

func TestARunStartsWhereItIsCheapest(t *testing.T) {
	a := newAuthor("surrey-sussex")
	a.addMany(128)
	s := newStore(t, "essex")
	a.give(t, s, 0, 128, 128)
	for from, want := range map[uint64]string{
		0:   "packed from 0, packed from 64",
		31:  "packed from 0, packed from 64",
		32:  "loose from 32, packed from 64",
		100: "loose from 100",
		128: "",
		500: "",
	} {
		segs, rest, err := s.Segments([]Range{{a.log, from, 128}}, everything, ledger.ChunkLimit)
		if err != nil || len(rest) != 0 {
			t.Fatal(err, rest)
		}
		var got []string
		for _, seg := range segs {
			how := "loose"
			if seg.HeaderBlock != nil {
				how = "packed"
			}
			got = append(got, fmt.Sprint(how, " from ", seg.First))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("from %d: %v, want %s", from, got, want)
		}
	}
}

func TestProofLeadsToTheHeadHeld(t *testing.T) {
	a := newAuthor("surrey-sussex")
	a.addMany(4200) // three levels of tiles
	s := newStore(t, "essex")
	for first := uint64(0); first < 4200; first += 700 {
		a.give(t, s, first, first+700, 4200)
	}
	for _, i := range []uint64{0, 63, 64, 4095, 4096, 4199} {
		proof, head, err := s.Proof(a.log.Entry(i))
		if err != nil {
			t.Fatal(err)
		}
		e, err := s.Entry(a.log.Entry(i))
		if err != nil {
			t.Fatal(err)
		}
		stored := ledger.Entry{Header: e.HeaderBytes, Salt: e.Salt, Body: e.Body}
		file, err := ledger.ProofFile(e.ID, stored, head, proof)
		if err != nil {
			t.Fatal(err)
		}
		if proved, err := ledger.CheckProofFile(file, e.Body, a.log, a.keys()[0]); err != nil || proved.ID != e.ID {
			t.Errorf("proof of %d: %v", i, err)
		}
	}
}
