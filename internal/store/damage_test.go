package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// damaged is a file with something of everything in it.
func damagedFixture(t *testing.T) (*Store, []*author) {
	t.Helper()
	s, own, a := newStore(t, "essex"), newAuthor("essex"), newAuthor("surrey-sussex")
	own.publish(t, s, 3)
	for i := range 150 {
		a.add(kindAdvisory, []guidancev1.Visibility{public, public, committees}[i%3], advisory(fmt.Sprint("letter ", i, strings.Repeat(" and so on", 40)), accessPlan))
	}
	a.giveReadable(t, s, 0, 149, 149, onlyPublic)
	if err := s.PutBodies(a.log, a.bodies(5, 6)); err != nil {
		t.Fatal(err)
	}
	a.give(t, s, 149, 150, 150)
	if err := s.PutDraft(own.drafts(1)...); err != nil {
		t.Fatal(err)
	}
	return s, []*author{own, a}
}

// Live damage is never served: whatever byte of the file is flipped, a read gives
// what was written or ErrCorrupt. A bit that bbolt follows may also end in an error
// at opening.
func TestNoFlippedByteIsEverServed(t *testing.T) {
	s, authors := damagedFixture(t)
	whole, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	want, err := s.Candidates(accessPlan)
	if err != nil {
		t.Fatal(err)
	}
	listed, err := s.Newest(Listing{}, ListPlace{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, digest := s.FeedEnd()
	dir := memDir(t)
	path := filepath.Join(dir, "node.db")
	opts := testOptions("essex", dir)
	opts.Guard, opts.AsFound = "", true
	seed, _ := strconv.ParseUint(os.Getenv("FLIP_SEED"), 10, 64) // to look further
	random := rand.New(rand.NewPCG(1, seed))
	refused, noticed := 0, 0
	const flips = 200
	for range flips {
		at := random.IntN(len(whole))
		for whole[at] == 0 { // most of the file is empty
			at = random.IntN(len(whole))
		}
		broken := bytes.Clone(whole)
		broken[at] ^= 1 << random.IntN(8)
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := Open(path, opts)
		if err != nil {
			refused++
			continue
		}
		if readAll(t, again, authors, want, listed, digest) {
			noticed++
		}
		_ = again.Close()
	}
	t.Logf("of %d flips %d kept the file from opening and %d were noticed when reading; the rest hit nothing live", flips, refused, noticed)
	if noticed < flips/10 {
		t.Errorf("only %d flips were noticed: the test flips nothing that matters", noticed)
	}
}

// readAll reads everything and reports whether damage was noticed. What is served must
// be what was written.
func readAll(t *testing.T, s *Store, authors []*author, rows []Row, listed []Listed, digest [32]byte) (noticed bool) {
	t.Helper()
	fine := func(what string, err error, same func() bool) {
		switch {
		case errors.Is(err, ErrCorrupt):
			noticed = true
		case err != nil:
			t.Errorf("%s: %v, want ErrCorrupt", what, err)
		case !same():
			t.Errorf("%s: damage was served", what)
		}
	}
	for _, a := range authors {
		head := a.head(uint64(len(a.entries)))
		held, ok := s.Held(a.log)
		if !ok || held.Root != head.Root {
			noticed = true // its row cannot be found at all, as bbolt sees it
			continue
		}
		for i := range uint64(len(a.entries)) {
			e, err := s.Entry(a.log.Entry(i))
			fine(fmt.Sprint("entry ", i), err, func() bool {
				return bytes.Equal(e.HeaderBytes, a.entries[i].Header) && (e.Absent != nil || bytes.Equal(e.Body, a.entries[i].Body))
			})
		}
		_, _, err := s.Proof(a.log.Entry(1))
		fine("proof", err, func() bool { return true }) // it was checked against the head
		segs, _, err := s.Segments([]Range{{a.log, 0, 0}}, everything, ledger.ChunkLimit)
		fine("segments", err, func() bool { return verifies(a, segs) })
	}
	got, err := s.Candidates(accessPlan)
	fine("candidates", err, func() bool { return sameRows(got, rows) || missingOnly(got, rows) })
	if t.Failed() {
		t.Fatalf("rows given that were not written: %v", unwritten(got, rows))
	}
	list, err := s.Newest(Listing{}, ListPlace{}, 0)
	fine("list", err, func() bool {
		written := fmt.Sprint(listed)
		return !slices.ContainsFunc(list, func(l Listed) bool { return !strings.Contains(written, fmt.Sprint(l)) })
	})
	_, _ = s.Drafts()
	if _, d := s.FeedEnd(); d != digest {
		noticed = true
	}
	return noticed
}

func verifies(a *author, segs []ledger.Segment) bool {
	var held ledger.Tree
	for _, seg := range segs {
		v, err := new(ledger.Verifier).Verify(held, seg, a.keys())
		if err != nil {
			return false
		}
		held = v.Tree()
	}
	return held == a.tree
}

func sameRows(a, b []Row) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// unwritten are the rows given that were not written, without their bodies.
func unwritten(got, want []Row) (ids []string) {
	known := map[string]bool{}
	for _, r := range want {
		known[fmt.Sprint(r)] = true
	}
	for _, r := range got {
		if !known[fmt.Sprint(r)] {
			ids = append(ids, fmt.Sprintf("%v feed %d", r.ID, r.Feed))
		}
	}
	return ids
}

// missingOnly allows rows that bbolt no longer finds, when a key or a branch is hit:
// each one given is right. Check finds what is missing.
func missingOnly(got, want []Row) bool {
	return len(unwritten(got, want)) == 0 && len(got) < len(want)
}

// tamper changes rows as a bug would, checksums kept right, and wants Check to say so.
// bbolt takes the older of its two first pages where the newer is damaged, and what was written last
// had never been.
func TestWhatWasWrittenLastIsNotForgottenUnderARunningNode(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 3)
	if err := s.PutDraft(a.drafts(1)...); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	at := int64(s.newest.Load()%2)*int64(inFile(f).size) + pageHead + metaWritten // of the newer of the two
	written := make([]byte, 1)
	if _, err := f.ReadAt(written, at); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{written[0] ^ 1}, at); err != nil {
		t.Fatal(err)
	}
	if drafts, err := s.Drafts(); !errors.Is(err, ErrCorrupt) {
		t.Errorf("the draft of the last commit: %d drafts, %v; want ErrCorrupt", len(drafts), err)
	}
	if found := s.Damage(); found == nil {
		t.Error("the damage is not known")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	other := ledger.LogID{Federation: "demo", Office: "surrey-sussex"}
	flip := func(tb table, key []byte, at int) func(*txn) error {
		return func(tx *txn) error {
			value, err := tb.get(tx, key)
			if err != nil || value == nil {
				return fmt.Errorf("no row %q of %s: %v", key, tb, err)
			}
			changed := bytes.Clone(value)
			changed[(at+len(changed))%len(changed)] ^= 1
			return tb.put(tx, key, changed)
		}
	}
	drop := func(tb table, key []byte) func(*txn) error {
		return func(tx *txn) error {
			if value, err := tb.get(tx, key); err != nil || value == nil {
				return fmt.Errorf("no row %q of %s: %v", key, tb, err)
			}
			return tb.del(tx, key)
		}
	}
	for name, c := range map[string]struct {
		tamper func(*txn) error
		says   string
	}{
		"a header of the tail": {flip(tableTail, entryKey(other, 149), 9), "surrey-sussex/149"},
		"a body of the tail":   {flip(tableTail, entryKey(other, 149), -1), "surrey-sussex/149"},
		"an entry of the tail": {drop(tableTail, entryKey(other, 149)), "surrey-sussex/149"},
		"a header block":       {drop(tableHeaders, entryKey(other, 64)), "surrey-sussex/64"},
		"a part of a block":    {drop(tableHeaders, entryKey(other, 128)), "surrey-sussex/128"},
		"its length":           {flip(tableHeaders, entryKey(other, 128), 0), "surrey-sussex/128"},
		"a body block":         {drop(tableBodies, bodyBlockKey(other, 64, class(public), 0)), "surrey-sussex/64"},
		"a leaf":               {flip(tableTiles, tileKey(other, 0, 1), 32*3), "surrey-sussex/67"},
		"an upper tile":        {flip(tableTiles, tileKey(other, 1, 0), 0), "tiles do not lead"},
		"a tile too many":      {func(tx *txn) error { return tableTiles.put(tx, tileKey(other, 3, 0), []byte("x")) }, "tiles"},
		"a row":                {flip(tableRows, entryKey(other, 66), -1), "surrey-sussex/66"},
		"a missing row":        {drop(tableRows, entryKey(other, 66)), "surrey-sussex/66"},
		"a row too many":       {func(tx *txn) error { return tableRows.put(tx, entryKey(other, 999), []byte("x")) }, "rows"},
		"a matter's index":     {drop(tableIndex, listKey(matterKey(accessPlan), other, "2021-10-25", 7)), "surrey-sussex/7"},
		"a place in the list":  {drop(tableIndex, listKey([]byte{byDay}, other, "2021-10-25", 7)), "surrey-sussex/7"},
		"an index too many":    {func(tx *txn) error { return tableIndex.put(tx, []byte("m??")) }, "index"},
		"a want":               {drop(tableAbsent, absentKey(class(committees), other, 8)), "surrey-sussex/8"},
		"a feed row":           {flip(tableFeed, number(2), 9), "feed breaks off at row 2"},
		"a missing feed row":   {drop(tableFeed, number(2)), "feed breaks off at row 2"},
		"an arrival":           {flip(tableArrived, entryKey(other, 149), 3), "surrey-sussex/0"},
		"a late arrival":       {drop(tableLate, entryKey(other, 5)), "surrey-sussex/5"},
		"a request":            {flip(tableRequests, []byte("request-1"), -40), "request-1"},
		"a request with no content": {func(tx *txn) error {
			return tableRequests.put(tx, []byte("request-1"), entryKey(ledger.LogID{Federation: other.Federation, Office: "essex"}, 1))
		}, "request-1"},
		"a draft cut short":          {func(tx *txn) error { return tableDrafts.put(tx, []byte("request-3"), make([]byte, 31)) }, "request-3"},
		"a draft":                    {flip(tableDrafts, []byte("request-3"), -1), "request-3"},
		"a log":                      {drop(tableLogs, logKey(other)), "surrey-sussex"},
		"entries in two places":      {func(tx *txn) error { return putTail(tx, other, 3, ledger.Entry{Header: []byte("x")}) }, "surrey-sussex/3"},
		"a head that is not theirs":  {badHead(other), "do not lead to the signed root"},
		"counts that are not theirs": {badCounts(other), "counts"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := damagedFixture(t)
			rewrite(t, s, c.tamper)
			report, err := s.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := report.Err(); !errors.Is(err, ErrCorrupt) || strings.Contains(err.Error(), "lmcnode check") {
				t.Fatalf("Check says %v, want ErrCorrupt, and not to run Check", err)
			}
			if all := fmt.Sprint(report.Problems); !strings.Contains(all, c.says) {
				t.Errorf("Check says %s, want it to name %q", all, c.says)
			}
			_ = s.Close() // so that it is not checked again
		})
	}
}

func changeState(log ledger.LogID, change func(*logState)) func(*txn) error {
	return func(tx *txn) error {
		st, err := loadState(tx, log)
		if err != nil {
			return err
		}
		change(st)
		return st.save(tx)
	}
}

func badHead(log ledger.LogID) func(*txn) error {
	other := newAuthor(log.Office)
	other.addMany(150)
	return changeState(log, func(st *logState) { st.held = other.head(150) })
}

func badCounts(log ledger.LogID) func(*txn) error {
	return changeState(log, func(st *logState) { st.counts.notUnderstood++ })
}

func TestCheckStopsWhenItIsTold(t *testing.T) {
	s, _ := damagedFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Check: %v, want context.Canceled", err)
	}
}

func TestCheckGoesOnWhileOthersWrite(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	done := make(chan error, 1)
	go func() {
		for range 20 {
			report, err := s.Check(context.Background())
			if err := errors.Join(err, report.Err()); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for range 40 {
		a.publish(t, s, 2)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
