package store

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

// Every benchmark measures its floor in the same run and reports the ratio to it:
// the time of one sync moves fivefold with the neighbours, ratios hold.

// corpusAuthors are the offices of a corpus with their logs written.
func corpusAuthors(b *testing.B, n, offices int) []*author {
	b.Helper()
	var authors []*author
	for _, o := range corpus.Generate(1, n, offices) {
		a := newAuthor(o.ID)
		for _, message := range o.Advisories {
			a.add(kindAdvisory, public, marshal(message))
		}
		authors = append(authors, a)
	}
	return authors
}

// stock gives a store everything the authors wrote, in transactions of about 4 MB.
func stock(b *testing.B, s *Store, authors []*author) {
	b.Helper()
	for _, batch := range batches(b, authors) {
		if err := s.Ingest(batch); err != nil {
			b.Fatal(err)
		}
	}
}

// batches verifies all that the authors wrote, packed in blocks where they are whole.
func batches(b *testing.B, authors []*author) [][]ledger.Verified {
	b.Helper()
	var all [][]ledger.Verified
	var batch []ledger.Verified
	size := 0
	for _, a := range authors {
		var held ledger.Tree
		end := uint64(len(a.entries))
		for first := uint64(0); first < end; first = held.Size() {
			seg := a.packed(first, min(first+blockEntries, end))
			v, err := new(ledger.Verifier).Verify(held, seg, a.keys())
			if err != nil {
				b.Fatal(err)
			}
			held = v.Tree()
			batch = append(batch, v)
			for _, e := range v.Entries() {
				size += len(e.Body)
			}
			if size > 4<<20 {
				all, batch, size = append(all, batch), nil, 0
			}
		}
	}
	return append(all, batch)
}

// packed is a segment in frames when it is a whole block, loose when not.
func (a *author) packed(first, end uint64) ledger.Segment {
	seg := a.segment(first, end, uint64(len(a.entries)), everything)
	if end-first != blockEntries {
		return seg
	}
	seg.HeaderBlock = ledger.PackHeaders(seg.Headers)
	for _, run := range ledger.SplitBodies(seg.Bodies) {
		seg.BodyBlocks = append(seg.BodyBlocks, ledger.PackBodies(run))
	}
	seg.Headers, seg.Bodies = nil, nil
	return seg
}

// bareCommit is the floor of a durable append: one value of 3.3 KB, one commit.
func bareCommit(b *testing.B, dir string) func() time.Duration {
	b.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "bare.db"), 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	value, n := make([]byte, 3300), uint64(0)
	return func() time.Duration {
		start := time.Now()
		err := db.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("x"))
			if err != nil {
				return err
			}
			n++
			return bucket.Put(number(n), value)
		})
		if err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
}

// BenchmarkAppend is one own entry made durable: sealed, signed, indexed, committed.
// The draft before it and the guard after it are commits of their own kind and are
// measured apart.
func BenchmarkAppend(b *testing.B) {
	for _, entries := range []int{0, 10_000} {
		for _, guarded := range []bool{false, true} {
			b.Run(fmt.Sprintf("entries=%d/guard=%v", entries, guarded), func(b *testing.B) {
				benchmarkAppend(b, entries, guarded)
			})
		}
	}
}

func benchmarkAppend(b *testing.B, entries int, guards bool) {
	dir := b.TempDir() // a real disk: what is measured is a sync
	opts := guarded(b, testOptions("essex", dir))
	if !guards {
		opts.Guard = ""
	}
	s, err := Open(filepath.Join(dir, "node.db"), opts)
	if err != nil {
		b.Fatal(err)
	}
	defer finish(b, s)
	if entries > 0 {
		stock(b, s, corpusAuthors(b, entries, 130))
	}
	bare := bareCommit(b, dir)
	a := newAuthor("essex")
	letters := corpus.Generate(2, 500, 1)[0].Advisories
	var floor time.Duration
	var own time.Duration
	before := s.db.Stats()
	b.ResetTimer()
	for n := 0; b.Loop(); n++ {
		floor += bare()
		start := time.Now()
		e := a.seal(a.tree.Size(), kindAdvisory, public, marshal(letters[n%len(letters)]))
		draft := Draft{RequestID: fmt.Sprint("r", n), Header: e.Header, Salt: e.Salt, Body: e.Body}
		if _, _, err := s.Append(a.log, []Draft{draft}, a.sign); err != nil {
			b.Fatal(err)
		}
		own += time.Since(start)
		a.tree.Append(ledger.LeafHash(e.Header))
	}
	b.ReportMetric(float64(own.Microseconds())/float64(b.N), "append-µs")
	b.ReportMetric(float64(own)/float64(floor), "x-bare-commit")
	after := s.db.Stats()
	written := after.Sub(&before).TxStats
	b.ReportMetric(float64(written.GetWrite())/float64(b.N), "writes/append")
	b.ReportMetric(float64(written.GetPageAlloc())/1024/float64(b.N), "KB/append")
}

// BenchmarkIngest is 10,000 verified entries over 130 logs made durable and queryable,
// in transactions of 4 MB; its floor writes the same frames and leaf hashes, not
// verified, not indexed, in as many bare transactions.
func BenchmarkIngest(b *testing.B) {
	authors := corpusAuthors(b, 10_000, 130)
	all := batches(b, authors)
	var own, floor time.Duration
	b.ResetTimer()
	for b.Loop() {
		dir := b.TempDir()
		floor += ingestFloor(b, dir, all)
		s, err := Open(filepath.Join(dir, "node.db"), testOptions("surrey-sussex", dir))
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		for _, batch := range all {
			if err := s.Ingest(batch); err != nil {
				b.Fatal(err)
			}
		}
		own += time.Since(start)
		finish(b, s)
	}
	b.ReportMetric(float64(own.Microseconds())/float64(b.N)/10_000, "µs/entry")
	b.ReportMetric(float64(own)/float64(floor), "x-bare-write")
}

func ingestFloor(b *testing.B, dir string, all [][]ledger.Verified) time.Duration {
	db, err := bbolt.Open(filepath.Join(dir, "floor.db"), 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	start := time.Now()
	for _, batch := range all {
		err := db.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("x"))
			if err != nil {
				return err
			}
			for i := range batch {
				if err := bareRun(bucket, &batch[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}

func bareRun(bucket *bbolt.Bucket, v *ledger.Verified) error {
	key := func(what byte, n int) []byte { return append(entryKey(v.Log(), v.From()), what, byte(n)) }
	if err := bucket.Put(key('t', 0), tileBytes(v.LeafHashes())); err != nil {
		return err
	}
	blocks, whole := v.Blocks()
	if whole {
		for i, f := range blocks.Bodies {
			if err := bucket.Put(key('b', i), f.Frame); err != nil {
				return err
			}
		}
		return bucket.Put(key('h', 0), blocks.Headers)
	}
	for i, e := range v.Entries() {
		if err := bucket.Put(key('e', i), append(append([]byte{}, e.Header...), e.Body...)); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkCandidates is what a combined view of 130 committees reads.
func BenchmarkCandidates(b *testing.B) {
	dir := memDir(b)
	s := openStore(b, filepath.Join(dir, "node.db"), testOptions("surrey-sussex", dir))
	stock(b, s, corpusAuthors(b, 2_000, 130))
	rows := 0
	b.ReportAllocs()
	for b.Loop() {
		found, err := s.Candidates(corpus.Matter(3))
		if err != nil {
			b.Fatal(err)
		}
		rows = len(found)
	}
	b.ReportMetric(float64(rows), "rows")
}

// BenchmarkEntry is one entry read out of a sealed block and checked.
func BenchmarkEntry(b *testing.B) {
	dir := memDir(b)
	s := openStore(b, filepath.Join(dir, "node.db"), testOptions("surrey-sussex", dir))
	authors := corpusAuthors(b, 1_000, 1)
	stock(b, s, authors)
	random := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		if _, err := s.Entry(authors[0].log.Entry(random.Uint64N(960))); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDerive is the index of one entry, without writing it.
func BenchmarkDerive(b *testing.B) {
	a := newAuthor("essex")
	e := a.add(kindAdvisory, public, marshal(corpus.Generate(1, 1, 1)[0].Advisories[0]))
	h, err := ledger.ParseHeader(e.Header)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, count := derive(a.log, h, e.Body, false); count.notUnderstood != 0 {
			b.Fatal("not understood")
		}
	}
}
