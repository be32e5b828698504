package store

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// liesIn says how the entries of a log lie: "0-64 64-90 +5" are two runs, and five by themselves.
func liesIn(t *testing.T, s *Store, log ledger.LogID) string {
	t.Helper()
	var all []string
	single := 0
	err := s.view(func(r *reading) error {
		for at := uint64(0); ; {
			run, err := runOf(r.tx, log, at)
			if err != nil || run.end == 0 {
				if err == nil {
					err = tableTail.scan(r.tx, logKey(log), nil, func(_, _ []byte) error { single++; return nil })
				}
				return err
			}
			all = append(all, fmt.Sprintf("%d-%d", run.first, run.end))
			at = run.end
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%v +%d", all, single)
}

// An entry is written once by itself, once with its sixteen, and once with its block.
func TestLettersAreCompressedWhenTheyAreEnough(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	for n := 1; n <= 70; n++ {
		a.publish(t, s, 1)
		want := fmt.Sprintf("[] +%d", n)
		switch full := n / runEntries; {
		case n >= blockEntries:
			want = fmt.Sprintf("[0-64] +%d", n-blockEntries)
		case full == 1:
			want = fmt.Sprintf("[0-16] +%d", n-16)
		case full == 2:
			want = fmt.Sprintf("[0-16 16-32] +%d", n-32)
		case full == 3:
			want = fmt.Sprintf("[0-16 16-32 32-48] +%d", n-48)
		}
		if got := liesIn(t, s, a.log); got != want {
			t.Fatalf("of %d letters: %s, want %s", n, got, want)
		}
	}
	copyTo(t, s, a, "[0-64] +6")
}

// copyTo gives all to a new store, chunk by chunk, and looks how it lies there.
func copyTo(t *testing.T, s *Store, a *author, want string) *Store {
	t.Helper()
	peer := newStore(t, "kent")
	copyLogs(t, s, peer, a, 1<<20)
	if got := liesIn(t, peer, a.log); got != want {
		t.Errorf("at the peer: %s, want %s", got, want)
	}
	for i, e := range a.entries {
		got, err := peer.Entry(a.log.Entry(uint64(i)))
		if err != nil || !bytes.Equal(got.HeaderBytes, e.Header) || !bytes.Equal(got.Body, e.Body) {
			t.Errorf("entry %d at the peer is not what was written: %v", i, err)
		}
	}
	return peer
}

// What comes in frames is kept and passed on as it came, if it is enough and nothing before it lies
// by itself.
func TestAPartOfABlockIsKeptAndPassedOnAsItCame(t *testing.T) {
	for name, c := range map[string]struct {
		parts  []uint64 // each up to here, in frames
		loose  []int    // except these
		want   string
		asCame bool
	}{
		"a start":              {[]uint64{40}, nil, "[0-40] +0", true},
		"two parts":            {[]uint64{20, 50}, nil, "[0-20 20-50] +0", false},
		"until it is whole":    {[]uint64{20, 50, 64}, nil, "[0-64] +0", false},
		"too few":              {[]uint64{9}, nil, "[] +9", false},
		"too few behind":       {[]uint64{30, 31}, nil, "[0-30] +1", false},
		"behind single ones":   {[]uint64{5, 40}, []int{0}, "[0-40] +0", false},
		"over the end":         {[]uint64{40, 64, 90}, nil, "[0-64 64-90] +0", false},
		"loose, and then more": {[]uint64{17, 18, 33, 49}, []int{0, 1}, "[0-17 17-33 33-49] +0", false},
	} {
		t.Run(name, func(t *testing.T) {
			s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
			a.addMany(int(c.parts[len(c.parts)-1]))
			var frames [][]byte // of headers
			from := uint64(0)
			for i, end := range c.parts {
				seg := a.segment(from, end, end, everything)
				if !slices.Contains(c.loose, i) {
					seg = a.inFrames(seg)
					frames = append(frames, seg.HeaderBlock)
				}
				give(t, s, a, seg)
				from = end
			}
			if got := liesIn(t, s, a.log); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			segs, rest, err := s.Segments([]Range{{a.log, 0, 0}}, everything, ledger.ChunkLimit)
			if err != nil || len(rest) > 0 || !verifies(a, segs) {
				t.Fatalf("it is not served as it was written: %v", err)
			}
			for _, seg := range segs {
				asCame := slices.ContainsFunc(frames, func(f []byte) bool { return bytes.Equal(f, seg.HeaderBlock) })
				if c.asCame && (!asCame || uint64(seg.Count) != c.parts[len(c.parts)-1]) {
					t.Error("it is not passed on as it came")
				}
			}
			peer := newStore(t, "kent")
			copyLogs(t, s, peer, a, 1<<20)
			if mine, other := liesIn(t, s, a.log), liesIn(t, peer, a.log); mine != other {
				t.Errorf("here %s, at the peer %s", mine, other)
			}
		})
	}
}

func give(t *testing.T, s *Store, a *author, seg ledger.Segment) {
	t.Helper()
	tree, err := s.Progress(a.log)
	if err != nil {
		t.Fatal(err)
	}
	v, err := new(ledger.Verifier).Verify(tree, seg, a.keys())
	if err == nil {
		err = s.Ingest([]ledger.Verified{v})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Words that come late for a part of a block are put into it.
func TestWordsThatComeLateArePutIntoTheirRun(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	for i := range 40 {
		a.add(kindAdvisory, []guidancev1.Visibility{public, committees}[i%2], advisory(fmt.Sprint("letter ", i), accessPlan))
	}
	give(t, s, a, a.inFrames(a.segment(0, 20, 20, nothing)))
	give(t, s, a, a.inFrames(a.segment(20, 40, 40, onlyPublic)))
	if err := s.PutBodies(a.log, slices.Concat(a.bodies(3, 6), a.bodies(21, 22), a.bodies(39, 40))); err != nil {
		t.Fatal(err)
	}
	for i, e := range a.entries {
		got, err := s.Entry(a.log.Entry(uint64(i)))
		there := i >= 20 && i%2 == 0 || slices.Contains([]int{3, 4, 5, 21, 39}, i)
		if err != nil || there != bytes.Equal(got.Body, e.Body) || there == (got.Absent != nil) {
			t.Errorf("entry %d: here %t, want %t: %v", i, got.Absent == nil, there, err)
		}
	}
	if got := liesIn(t, s, a.log); got != "[0-20 20-40] +0" {
		t.Error(got)
	}
}
