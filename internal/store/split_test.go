package store

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// logical is everything that must not depend on how entries arrived: all tables but
// those of arrival, with blocks unpacked.
func logical(tb tester, s *Store) map[string]string {
	tb.Helper()
	all := map[string]string{}
	err := s.view(func(r *reading) error {
		for _, t := range []table{tableTiles, tableRows, tableIndex, tableAbsent, tableLogs} {
			err := t.scan(r.tx, nil, nil, func(key, value []byte) error {
				all[string(t)+" "+string(key)] = string(value)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return eachState(r.tx, r.federation, func(st *logState) error {
			return eachEntry(r.tx, st.log, 0, st.tree.Size(), func(i uint64, e ledger.Entry) error {
				all["entry "+string(entryKey(st.log, i))] = string(slices.Concat(e.Header, e.Salt, e.Body))
				return nil
			})
		})
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// Invariant 10, at the store: the same state whatever the split, and whether blocks
// came packed or loose.
func TestStateDoesNotDependOnTheSplit(t *testing.T) {
	a := newAuthor("surrey-sussex")
	for i := range 140 {
		v := []guidancev1.Visibility{public, committees}[i%5/4]
		a.add(kindAdvisory, v, advisory(fmt.Sprint("letter ", i), accessPlan))
	}
	whole := newStore(t, "essex")
	a.give(t, whole, 0, 140, 140)
	want := logical(t, whole)
	rapid.Check(t, func(t *rapid.T) {
		dir := memDir(t)
		s, err := Open(filepath.Join(dir, "node.db"), testOptions("essex", dir))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		if rapid.Bool().Draw(t, "from a store") {
			copyLogs(t, whole, s, a, rapid.IntRange(1, 40_000).Draw(t, "bytes"))
		} else {
			giveInPieces(t, s, a)
		}
		got := logical(t, s)
		if !maps.Equal(got, want) {
			t.Fatal("the state differs")
		}
	})
}

func giveInPieces(t *rapid.T, s *Store, a *author) {
	var have ledger.Tree
	var batch []ledger.Verified
	for have.Size() < 140 {
		end := rapid.Uint64Range(have.Size()+1, 140).Draw(t, "end")
		first := rapid.Uint64Range(0, have.Size()).Draw(t, "first")
		v, err := new(ledger.Verifier).Verify(have, a.segment(first, end, 140, everything), a.keys())
		if err != nil {
			t.Fatal(err)
		}
		have, batch = v.Tree(), append(batch, v)
		if rapid.Bool().Draw(t, "again") {
			batch = append(batch, v)
		}
		if rapid.Bool().Draw(t, "commit") {
			if err := s.Ingest(batch); err != nil {
				t.Fatal(err)
			}
			batch = nil
		}
	}
	if err := s.Ingest(batch); err != nil {
		t.Fatal(err)
	}
}
