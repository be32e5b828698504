package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// refill gives a mended store what it lost, as peers do.
func refill(t *testing.T, s *Store, authors []*author) {
	t.Helper()
	for _, a := range authors {
		if err := s.See(a.head(uint64(len(a.entries)))); err != nil {
			t.Fatal(err)
		}
		tree, err := s.Progress(a.log)
		if err != nil {
			t.Fatal(err)
		}
		if from, size := tree.Size(), uint64(len(a.entries)); from < size {
			a.giveReadable(t, s, from, size, size, onlyPublic)
		}
	}
	for _, a := range authors[:3] { // what was given beside what is public
		if err := s.PutBodies(a.log, slices.Concat(a.bodies(2, 3), a.bodies(8, 9), a.bodies(80, 81))); err != nil {
			t.Fatal(err)
		}
	}
	wants, err := s.Wants(ledger.EntryID{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range wants {
		for _, a := range authors {
			if a.log == id.Log("demo") {
				if err := s.PutBodies(a.log, a.bodies(id.Index, id.Index+1)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// mended mends a store and opens it anew, as a node does.
func mended(tb tester, s *Store, opts Options) *Store {
	tb.Helper()
	if err := s.Mend(context.Background()); err != nil {
		tb.Fatalf("mending %v: %v", s.Damage(), err)
	}
	if _, err := s.Candidates(accessPlan); !errors.Is(err, ErrMended) {
		tb.Fatalf("the damaged file is read after the mend: %v", err)
	}
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	again, err := Open(s.Path(), opts)
	if err != nil {
		tb.Fatalf("opening what was mended: %v", err)
	}
	if again.Mended().NewFeed && (again.renumbered == nil || again.renumbered.After != 0) {
		tb.Errorf("the feed began anew, and its numbers are taken for those of before: %+v", again.renumbered)
	}
	return again
}

// Whatever is damaged of a file, at rest or in use, a mend and the peers make it whole.
func TestEveryDamageIsMended(t *testing.T) {
	s, authors, older := campaignFixture(t)
	refill(t, s, authors)
	want := asked(s, authors, 0, 1)
	registers := map[ledger.LogID][]string{}
	recorded := func(s *Store, log ledger.LogID) []string {
		t.Helper()
		rows, err := s.Register(log, 0, math.MaxUint64)
		if err != nil {
			t.Fatal(err)
		}
		return names(rows)
	}
	for _, a := range authors {
		registers[a.log] = recorded(s, a.log)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(memDir(t), "node.db")
	opts := testOptions("essex", filepath.Dir(path))
	opts.Guard = ""
	random := rand.New(rand.NewPCG(*damageSeed, 1))
	counts := map[string]int{}
	for n := range max(10, *damages/30) {
		broken, what := damage(random, whole, older)
		running := random.IntN(2) == 0
		_ = os.Remove(path)
		first := broken
		if running {
			first = whole
		}
		if err := os.WriteFile(path, first, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, opts)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrNotOurs) && !errors.Is(err, ErrSchema) {
				t.Fatalf("damage %d: %s: opening: %v", n, what, err)
			}
			counts["nothing can be read"]++
			continue
		}
		if running {
			if err := overwrite(path, whole, broken); err != nil {
				t.Fatal(err)
			}
		}
		asked(s, authors, 0, 1)
		if s.Damage() != nil {
			t.Logf("damage %d: %s", n, what)
			s = mended(t, s, opts)
		}
		did := s.Mended()
		got := asked(s, authors, 0, 1)
		for name, answer := range got {
			if strings.HasPrefix(answer, "damaged: ") {
				t.Fatalf("damage %d: %s: after the mend %s is answered with %s", n, what, name, answer)
			}
		}
		for _, a := range authors { // with their words or without: no register is folded of fewer than are held
			if head, _ := s.Held(a.log); did != nil && head.Size == uint64(len(a.entries)) && !slices.Equal(recorded(s, a.log), registers[a.log]) {
				t.Fatalf("damage %d: %s: after the mend the register of %s has %v, and had %v", n, what, a.log, recorded(s, a.log), registers[a.log])
			}
		}
		switch {
		case did == nil:
			counts["nothing live"]++
		case len(did.Cut) > 0:
			counts["headers lost"]++
		case did.NewFeed:
			counts["feed lost"]++
		case did.Bodies > 0:
			counts["words lost"]++
		default:
			counts["derived rows lost"]++
		}
		if did != nil { // else nothing is lost that anybody has read
			refill(t, s, authors)
		}
		got = asked(s, authors, 0, 1)
		for name, answer := range want {
			if did != nil && (did.NewFeed && !strings.HasSuffix(name, " proof") || did.Forgotten && strings.HasPrefix(name, "request-") || name == "drafts" || strings.HasSuffix(name, "segments")) {
				continue // times of arrival, and frames, are others
			}
			if got[name] != answer {
				at := 0
				for at < len(got[name]) && at < len(answer) && got[name][at] == answer[at] {
					at++
				}
				at = max(0, at-100)
				t.Fatalf("damage %d: %s (running: %v, %+v): after the mend %s is answered with\n%.300s\nit was\n%.300s", n, what, running, did, name, got[name][at:], answer[at:])
			}
		}
		for _, a := range authors {
			for i := range a.entries {
				e, err := s.Entry(a.log.Entry(uint64(i)))
				if err != nil || !bytes.Equal(e.HeaderBytes, a.entries[i].Header) || e.Absent == nil && !bytes.Equal(e.Body, a.entries[i].Body) {
					t.Fatalf("damage %d: %s: %s after the mend: %v", n, what, e.ID, err)
				}
			}
		}
		if did != nil {
			mustCheck(t, s)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Log(counts)
	for _, kind := range []string{"headers lost", "feed lost", "words lost", "derived rows lost"} {
		if counts[kind] == 0 && *damages >= 6000 {
			t.Errorf("of none of the damages it was that %s", kind)
		}
	}
}

// A disk that goes on damaging what is written must not be written to for ever.
func TestAFileIsMendedAtMostOnceAnHour(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	now := testNow
	s.opts.Now = func() time.Time { return now }
	opts := s.opts
	defer func() { finish(t, s) }()
	a.addMany(70)
	a.give(t, s, 0, 70, 70)
	hurt := func() {
		t.Helper()
		rewriteRaw(t, s, tableIndex, listKey(matterKey(accessPlan), a.log, "2021-10-25", 7))
		if _, err := s.Candidates(accessPlan); !errors.Is(err, ErrCorrupt) || s.Damage() == nil {
			t.Fatalf("a lost row of the index: %v, %v", err, s.Damage())
		}
		if err := s.Ingest(nil); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("writing to a damaged file: %v", err)
		}
	}
	hurt()
	s = mended(t, s, opts)
	if rows, err := s.Candidates(accessPlan); err != nil || len(rows) != 70 || s.Damage() != nil {
		t.Fatalf("%d rows after the mend: %v", len(rows), err)
	}
	now = now.Add(MendEvery - time.Millisecond)
	hurt()
	if err := s.Mend(t.Context()); !errors.Is(err, ErrMendedLately) {
		t.Fatalf("mended again within the hour: %v", err)
	}
	if _, err := s.Entry(a.log.Entry(3)); err != nil {
		t.Errorf("what is whole is read meanwhile: %v", err)
	}
	now = now.Add(time.Millisecond)
	s = mended(t, s, opts)
	a.addMany(1)
	a.give(t, s, 70, 71, 71)
}

// A disk that damages its file again within the hour is not written to, nor its file replaced; and
// what is whole is still answered when the node is started again.
func TestAFileDamagedAgainWithinTheHourOpensForReading(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	now := testNow
	s.opts.Now = func() time.Time { return now }
	opts := s.opts
	a.addMany(70)
	a.give(t, s, 0, 70, 70)
	hurt := func() {
		t.Helper()
		rewriteRaw(t, s, tableLogs, logKey(a.log)) // which opening reads
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	reopen := func() {
		t.Helper()
		var err error
		if s, err = Open(s.Path(), opts); err != nil {
			t.Fatal(err)
		}
	}
	hurt()
	reopen()
	if s.Damage() != nil || s.Mended() == nil {
		t.Fatalf("damage %v, mended %v", s.Damage(), s.Mended())
	}
	a.give(t, s, 0, 70, 70)
	first := s.Mended().At
	now = now.Add(MendEvery - time.Millisecond)
	hurt()
	before, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // and again
		reopen()
		if s.Damage() == nil || !s.Mended().At.Equal(first) {
			t.Fatalf("damage %v, mended %+v", s.Damage(), s.Mended())
		}
		if tree, err := s.Progress(a.log); err != nil || tree.Size() != 70 {
			t.Errorf("of 70 entries that are whole %d are read: %v", tree.Size(), err)
		}
		if err := s.Ingest(nil); !errors.Is(err, ErrCorrupt) {
			t.Errorf("writing: %v", err)
		}
		if err := s.Mend(t.Context()); !errors.Is(err, ErrMendedLately) {
			t.Errorf("mended again within the hour: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if after, err := os.ReadFile(s.Path()); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the damaged file was written to, or replaced: %v", err)
	}
	now = now.Add(time.Millisecond)
	reopen()
	defer func() { finish(t, s) }()
	if s.Damage() != nil || s.Mended().At.Equal(first) {
		t.Errorf("an hour later: damage %v, mended %+v", s.Damage(), s.Mended())
	}
}

// Whoever has the data on another disk, by a link, has them mended there.
func TestAFileBehindALinkIsMendedWhereItIs(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 70)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "data.db")
	if err := os.Symlink(s.Path(), link); err != nil {
		t.Skip(err)
	}
	s, err := Open(link, s.opts)
	if err != nil {
		t.Fatal(err)
	}
	rewriteRaw(t, s, tableRows, entryKey(a.log, 9))
	if _, err := s.Candidates(accessPlan); !errors.Is(err, ErrCorrupt) {
		t.Fatal(err)
	}
	s = mended(t, s, s.opts)
	defer func() { finish(t, s) }()
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link is no more: %v, %v", info, err)
	}
	if kept := s.Mended().Kept; filepath.Dir(kept) != filepath.Dir(s.Path()) {
		t.Errorf("kept at %q", kept)
	}
}

// The keeper's own log is the register, without which nobody is let in who could give it back.
func TestWhatSaysWhoThePeersAreIsNotMendedAway(t *testing.T) {
	s, a := newStore(t, "gpc-england"), newAuthor("gpc-england")
	a.publish(t, s, 130)
	rewriteRaw(t, s, tableHeaders, entryKey(a.log, 0))
	if _, err := s.Entry(a.log.Entry(3)); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("an entry without its header: %v", err)
	}
	s.opts.Essential = []ledger.LogID{a.log}
	if err := s.Mend(t.Context()); !errors.Is(err, ErrPeersUnknown) || !strings.Contains(err.Error(), a.log.String()) {
		t.Fatalf("mending: %v, want what is lost", err)
	}
	if _, err := s.Entry(a.log.Entry(68)); err != nil {
		t.Errorf("what is whole is still read: %v", err)
	}
	_ = s.Close() // it stays damaged: not checked
}

// What opening does not read was found damaged, and with the process that was forgotten: the next wrote
// to a file that its disk had damaged twice.
func TestASecondDamageWithinTheHourOutlivesTheProcess(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	now := testNow
	s.opts.Now = func() time.Time { return now }
	opts := s.opts
	a.publish(t, s, 70)
	rewriteRaw(t, s, tableRows, entryKey(a.log, 9))
	if _, err := s.Candidates(accessPlan); !errors.Is(err, ErrCorrupt) {
		t.Fatal(err)
	}
	s = mended(t, s, opts)
	first := s.Mended().Found
	rewriteRaw(t, s, tableIndex, listKey(matterKey(accessPlan), a.log, "2021-10-25", 7))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(MendEvery - time.Millisecond)
	s, err := Open(s.Path(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutDraft(a.drafts(1)...); !errors.Is(err, ErrCorrupt) {
		t.Errorf("keeping a draft: %v, want ErrCorrupt", err)
	}
	if err := s.Mend(t.Context()); !errors.Is(err, ErrMendedLately) || strings.Contains(err.Error(), first) || !strings.Contains(err.Error(), "index") {
		t.Errorf("mending: %v, want what is damaged now", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAMendNeedsRoom(t *testing.T) {
	s, own, a := newStore(t, "essex"), newAuthor("essex"), newAuthor("surrey-sussex")
	own.publish(t, s, 1)
	a.addMany(70)
	a.give(t, s, 0, 70, 70)
	rewriteRaw(t, s, tableRows, entryKey(a.log, 9))
	if _, err := s.Candidates(accessPlan); !errors.Is(err, ErrCorrupt) {
		t.Fatal(err)
	}
	free := int64(1 << 20)
	s.opts.Free = func(string) (int64, error) { return free, nil }
	if err := s.Mend(t.Context()); !errors.Is(err, ErrDiskFull) {
		t.Fatalf("mending without room: %v", err)
	}
	rewriteRaw(t, s, tableLogs, logKey(a.log)) // which opening reads
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	opts := s.opts // what is whole is read from a copy, where that has room
	opts.MinFree = 1 << 30
	if _, err := Open(s.Path(), opts); !errors.Is(err, ErrDiskFull) || !strings.Contains(err.Error(), "1048576 are free") || !strings.Contains(err.Error(), "1073741824 stay free") {
		t.Fatalf("opening without room: %v", err)
	}
	free = 16 << 20
	s, err := Open(s.Path(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if tree, err := s.Progress(a.log); err != nil || tree.Size() != 70 || s.Damage() == nil {
		t.Errorf("reading, with room for that: %d entries, %v, damage %v", tree.Size(), err, s.Damage())
	}
	if err := s.Mend(t.Context()); !errors.Is(err, ErrDiskFull) {
		t.Fatalf("mending without room: %v", err)
	}
	free = 1 << 40
	s = mended(t, s, opts)
	defer func() { finish(t, s) }()
	own.publish(t, s, 1) // and the guard stands
}

// An own log that lost headers is as one restored from an old backup: nothing is signed before
// the rest is back.
func TestAnOwnLogThatLostHeadersIsRecovering(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 70)
	rewriteRaw(t, s, tableTail, entryKey(a.log, 66))
	if _, err := s.Entry(a.log.Entry(66)); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("a lost entry of the tail: %v", err)
	}
	s = mended(t, s, s.opts)
	defer func() { finish(t, s) }()
	need, have, yes := s.Recovering()
	if !yes || need != 70 || have != 0 || fmt.Sprint(s.Mended().Cut) != "map[demo/essex/log/0:70]" {
		t.Fatalf("recovering %v: %d of %d, %+v", yes, have, need, s.Mended())
	}
	if err := s.PutDraft(a.drafts(1)...); !errors.Is(err, ErrRecovering) {
		t.Errorf("a draft: %v, want ErrRecovering", err)
	}
	a.give(t, s, 66, 70, 70)
	a.publish(t, s, 1)
}

// rewriteRaw takes a row away as a disk does: what proves the rows is left as it was.
func rewriteRaw(tb tester, s *Store, t table, key []byte) {
	tb.Helper()
	tx, err := s.db.Begin(true)
	if err != nil {
		tb.Fatal(err)
	}
	raw, err := s.begun(tx, 0)
	if err == nil && t == tableIndex { // with those of its run
		var first []byte
		var run [][]byte
		first, run, _, err = raw.keyRunAround(key)
		if slices.ContainsFunc(run, func(k []byte) bool { return bytes.Equal(k, key) }) {
			key = first
		}
	}
	if err == nil && t.in(raw).Get(key) == nil {
		err = fmt.Errorf("no row %q of %s", key, t)
	}
	if err == nil {
		err = t.in(raw).Delete(key)
	}
	if err == nil {
		err = errors.Join(raw.seal(), tx.Commit())
	}
	if err != nil {
		tb.Fatal(err)
	}
	s.newest.Add(1)
}

// Damage that bbolt came upon while it wrote ended the process, which came up as damaged again.
func TestDamageMetInACommitEndsNoProcess(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 70)
	drafts := a.drafts(1)
	if err := s.PutDraft(drafts...); err != nil {
		t.Fatal(err)
	}
	s.opts.OnCommitError = func(err error) { t.Errorf("the process would end: %v", err) }
	s.commit = func(*bbolt.Tx) error { return (*bbolt.Tx)(nil).Commit() } // which panics, in bbolt
	if _, _, err := s.Append(a.log, drafts, a.sign); !errors.Is(err, ErrCorrupt) || s.Damage() == nil {
		t.Fatalf("publishing: %v, damage %v", err, s.Damage())
	}
	if rows, err := s.Candidates(accessPlan); err != nil || len(rows) != 70 {
		t.Errorf("%d rows are read meanwhile: %v", len(rows), err)
	}
	s = mended(t, s, s.opts)
	defer func() { finish(t, s) }()
	a.publish(t, s, 1)
}

// A whole file is not made anew for one that nothing could be read of: what is lost then is fetched.
func TestAFileCutShortIsMendedToWhatIsLeft(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 130)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(s.Path(), 20_000); err != nil {
		t.Fatal(err)
	}
	essential := s.opts
	essential.Essential = []ledger.LogID{a.log}
	if _, err := Open(s.Path(), essential); !errors.Is(err, ErrPeersUnknown) || !errors.Is(err, ErrCorrupt) {
		t.Errorf("the keeper's register cut off: %v, want ErrPeersUnknown", err)
	}
	again, err := Open(s.Path(), s.opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { finish(t, again) }()
	if need, have, yes := again.Recovering(); !yes || need != 130 || have != 0 || again.Mended() == nil {
		t.Errorf("recovering %v, %d of %d, %+v", yes, have, need, again.Mended())
	}
	if old, err := os.Stat(damagedFile(s.Path(), testNow)); err != nil || old.Size() != 20_000 {
		t.Errorf("the damaged file is not kept: %v", err)
	}
}

// A bit of one letter's words, in a row with its header, took the whole log with it.
func TestWordsLostInTheTailLoseNoHeader(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 70)
	s.opts.Essential = []ledger.LogID{a.log}
	entry := a.entries[66]
	rewrite(t, s, func(tx *txn) error {
		b, key := tableTail.in(tx), entryKey(a.log, 66)
		row := bytes.Clone(b.Get(key))
		row[bytes.Index(row, entry.Body)+3] ^= 1
		return b.Put(key, row)
	})
	s.newest.Add(1)
	if _, err := s.Entry(a.log.Entry(66)); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("a letter with other words: %v", err)
	}
	s = mended(t, s, s.opts)
	defer func() { finish(t, s) }()
	if did := s.Mended(); did.Bodies != 1 || len(did.Cut) != 0 {
		t.Fatalf("the mend: %+v, want one letter's words lost", did)
	}
	changed := s.Changed()
	if err := s.PutBodies(a.log, a.bodies(66, 67)); err != nil {
		t.Fatal(err)
	}
	select {
	case <-changed:
	default:
		t.Error("nobody who waits is told that the words are back")
	}
	if e, err := s.Entry(a.log.Entry(66)); err != nil || !bytes.Equal(e.Body, entry.Body) || s.Returned() != 1 {
		t.Errorf("the letter is not back: %v, %d returned", err, s.Returned())
	}
}

// Records of the register that had lost their words were not handed out at all, and a register was folded of the
// others as if it were all there is.
func TestARecordThatLostItsWordsIsARecordStill(t *testing.T) {
	s, gpc := newStore(t, "essex"), newAuthor("gpc-england")
	for i := range 70 {
		kind, said := kindRegister, proto.Message(&ledgerv1.RegisterRecord{Note: fmt.Sprint("record ", i)})
		if i == 67 {
			kind, said = kindMatter, &guidancev1.Matter{Name: accessPlan}
		}
		gpc.add(kind, public, marshal(said))
	}
	gpc.give(t, s, 0, 70, 70)
	had, err := s.Register(gpc.log, 0, 70)
	if err != nil || len(had) != 69 {
		t.Fatalf("%d records, %v", len(had), err)
	}
	rewrite(t, s, func(tx *txn) error {
		for _, index := range []uint64{66, 67, 69} {
			b, key := tableTail.in(tx), entryKey(gpc.log, index)
			row := bytes.Clone(b.Get(key))
			row[bytes.Index(row, gpc.entries[index].Body)+3] ^= 1
			if err := b.Put(key, row); err != nil {
				return err
			}
		}
		return nil
	})
	s.newest.Add(1)
	if _, err := s.Entry(gpc.log.Entry(66)); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("a record with other words: %v", err)
	}
	s = mended(t, s, s.opts)
	defer func() { finish(t, s) }()
	for _, from := range []uint64{0, 66, 67} {
		got, err := s.Register(gpc.log, from, 70)
		if err != nil || !slices.Equal(names(got), names(had[min(from, 67):])) { // 67 is a matter
			t.Fatalf("from %d: %v, %v", from, names(got), err)
		}
		for _, row := range got {
			if lost := row.ID.Index == 66 || row.ID.Index == 69; lost != (row.Body == nil) || row.Kind != kindRegister || row.Feed == 0 {
				t.Errorf("from %d: %+v", from, row)
			}
		}
	}
	if got, err := s.Register(gpc.log, 0, 69); err != nil || len(got) != 68 {
		t.Errorf("before the last: %d, %v", len(got), err)
	}
	if err := s.PutBodies(gpc.log, gpc.bodies(66, 70)); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Register(gpc.log, 0, 70); err != nil || !reflect.DeepEqual(got, had) {
		t.Errorf("with the words back: %v, %v", got, err)
	}
}

// What was found at opening was still taken for there after the mend: the node stayed read only.
func TestAFileMendedAtOpeningIsWhole(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 3)
	rewriteRaw(t, s, tableTiles, tileKey(a.log, 0, 0))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(s.Path(), s.opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { finish(t, s) }()
	if s.Mended() == nil || s.Damage() != nil {
		t.Fatalf("mended %+v, damage %v", s.Mended(), s.Damage())
	}
	a.publish(t, s, 1)
}

// A header that can still be read, and is not the one that was signed, would keep its log from ever
// being fetched again.
func TestAHeaderThatIsNotAsItWasWrittenIsNotKept(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("kent")
	a.addMany(70)
	a.give(t, s, 0, 70, 70)
	h, err := ledger.ParseHeader(a.entries[66].Header)
	if err != nil {
		t.Fatal(err)
	}
	h.ClaimedMs++
	other, err := proto.MarshalOptions{Deterministic: true}.Marshal(h)
	if err != nil || len(other) != len(a.entries[66].Header) {
		t.Fatal(len(other), err)
	}
	rewrite(t, s, func(tx *txn) error {
		b, key := tableTail.in(tx), entryKey(a.log, 66)
		row := bytes.Replace(b.Get(key), a.entries[66].Header, other, 1)
		return b.Put(key, row)
	})
	s.newest.Add(1)
	if _, err := s.Entry(a.log.Entry(66)); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("an entry of another time: %v", err)
	}
	s = mended(t, s, s.opts)
	defer func() { finish(t, s) }()
	tree, err := s.Progress(a.log)
	if err != nil || tree.Size() != 66 || fmt.Sprint(s.Mended().Cut) != "map[demo/kent/log/0:70]" {
		t.Fatalf("%d entries are kept, cut %v: %v", tree.Size(), s.Mended().Cut, err)
	}
	a.give(t, s, 66, 70, 70)
	if held, _ := s.Held(a.log); held.Size != 70 {
		t.Errorf("%d of 70 are held after the rest came", held.Size)
	}
}

// A page that leads to itself would be followed without end by what reads a damaged file.
func TestAFileWithAPageThatLeadsInACircleIsMended(t *testing.T) {
	s, authors, _ := campaignFixture(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	circles, live := 0, 0
	for id := 2; id < len(whole)/page; id++ {
		p := whole[id*page:]
		if isBranch := p[8] == 1 && p[9] == 0 && p[10] > 0; !isBranch || binary.LittleEndian.Uint64(p) != uint64(id) {
			continue
		}
		circles++
		broken := bytes.Clone(whole)
		binary.LittleEndian.PutUint64(broken[id*page+16+8:], uint64(id)) // the first of its elements
		path := filepath.Join(memDir(t), "node.db")
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		opts := testOptions("essex", filepath.Dir(path))
		opts.Guard = ""
		again, err := Open(path, opts)
		if err != nil {
			t.Fatalf("page %d: %v", id, err)
		}
		if again.Mended() != nil {
			live++
		}
		refill(t, again, authors)
		mustCheck(t, again)
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if live == 0 {
		t.Fatalf("none of %d branch pages is live: the test shows nothing", circles)
	}
}

// The second of two that were started took a file that it could not lock for one that cannot be
// read, and put an empty one in its place, under the first.
func TestTwoProcessesOnOneDamagedFolderMendItOnce(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	opts := s.opts
	a.publish(t, s, 70) // known to nobody else
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{0xff}, 4096+pageHead+metaChecked+4); err != nil { // of the checksum of the second page
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	second := make(chan error, 1)
	slow := opts
	start := sync.OnceFunc(func() {
		_, err := Open(s.path, opts)
		second <- err
	})
	slow.Free = func(string) (int64, error) { start(); return 1 << 40, nil } // while the first mends, the second is started
	first, err := Open(s.path, slow)
	if err != nil {
		t.Fatal(err)
	}
	if err := <-second; !errors.Is(err, ErrLocked) {
		t.Errorf("the second: %v, want ErrLocked", err)
	}
	if _, err := Open(s.path, opts); !errors.Is(err, ErrLocked) {
		t.Errorf("another after the mend: %v, want ErrLocked", err)
	}
	if n := first.size(a.log); n != 70 || first.Mended() == nil {
		t.Errorf("%d of 70 are held, mended %+v", n, first.Mended())
	}
	finish(t, first)
}

// bbolt panicked with a lock of its own held, and everything that was asked afterwards waited for
// ever: the process has to end, and the file is mended when it is opened again.
func TestFirstPagesLostUnderARunningStoreEndIt(t *testing.T) {
	for how, damage := range map[string]func(*os.File) error{
		"zeroed":         func(f *os.File) error { _, err := f.WriteAt(make([]byte, 8192), 0); return err },
		"cut to nothing": func(f *os.File) error { return f.Truncate(0) },
	} {
		s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
		a.addMany(70)
		a.give(t, s, 0, 70, 70)
		ended := 0
		s.opts.OnCommitError = func(error) { ended++ }
		f, err := os.OpenFile(s.path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(damage(f), f.Close()); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := s.Candidates(accessPlan); !errors.Is(err, ErrFatal) {
				t.Errorf("%s: asked: %v, want ErrFatal", how, err)
			}
		}
		if err := s.Ingest(nil); !errors.Is(err, ErrFatal) {
			t.Errorf("%s: written: %v, want ErrFatal", how, err)
		}
		if ended != 1 {
			t.Errorf("%s: whoever has to end the process was told %d times", how, ended)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A file whose first pages are lost was called another program's, and nothing mended it.
func TestAFileWithoutItsFirstPagesIsDamagedAndNotAnothers(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	opts := s.opts
	a.publish(t, s, 70)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, 8192), 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.path, opts)
	if err != nil {
		t.Fatal(err)
	}
	if need, have, yes := again.Recovering(); !yes || need != 70 || have != 0 {
		t.Errorf("recovering %v: %d of %d", yes, have, need)
	}
	finish(t, again)
}

// bbolt's list of free pages was believed, and the next write destroyed what only this file had.
func TestAPageThatIsInUseAndCalledFreeIsFoundAtOpening(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	opts := s.opts
	a.publish(t, s, 20)
	a.publish(t, s, 5)
	var live uint64
	err := s.db.View(func(tx *bbolt.Tx) error { live = uint64(tx.Bucket([]byte("tail")).Root()); return nil })
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := inFile(f)
	if page, err := p.read(live); err != nil {
		t.Fatal(err)
	} else if order.Uint16(page[8:]) == flagBranch {
		live = order.Uint64(page[pageHead+8:])
	}
	meta, _ := p.newest()
	at := int64(order.Uint64(meta[metaFree:])) * int64(p.size)
	if _, err := f.WriteAt(order.AppendUint64(nil, live), at+pageHead); err != nil { // the first that is free
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	asFound := opts
	asFound.AsFound = true
	if _, err := Open(s.path, asFound); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("opening: %v, want ErrCorrupt", err)
	}
	again, err := Open(s.path, opts)
	if err != nil {
		t.Fatal(err)
	}
	a.publish(t, again, 1)
	if n := again.size(a.log); n != 26 {
		t.Errorf("%d of 26 are held", n)
	}
	finish(t, again)
}

// What a mend loses, it says; and of the mend before, what is not back.
func TestAMendSaysWhatIsLost(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	now := testNow
	s.opts.Now = func() time.Time { return now }
	opts := s.opts
	a.publish(t, s, 130)
	if err := s.PutDraft(a.drafts(1)...); err != nil {
		t.Fatal(err)
	}
	rewriteRaw(t, s, tableDrafts, []byte("request-130"))
	rewriteRaw(t, s, tableHeaders, entryKey(a.log, 0))
	if _, err := s.Entry(a.log.Entry(3)); !errors.Is(err, ErrCorrupt) {
		t.Fatal(err)
	}
	s = mended(t, s, opts)
	if did := s.Mended(); !did.DraftsLost || !did.Forgotten || did.Cut[a.log.String()] != 130 {
		t.Errorf("the mend says %+v, and lost a draft, requests and a log of 130", did)
	}
	b := newAuthor("kent")
	b.addMany(80)
	b.give(t, s, 0, 80, 80)
	rewriteRaw(t, s, tableLogs, logKey(b.log))
	now = now.Add(2 * time.Hour)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(s.path, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { finish(t, s) }()
	if did := s.Mended(); did.Cut[a.log.String()] != 130 || did.Cut[b.log.String()] != 80 {
		t.Errorf("the second mend says %+v: kent's 80 are lost, and essex's 130 still", did)
	}
	if err := s.See(b.head(70)); err != nil {
		t.Fatal(err)
	}
	lost := func() (names string) {
		err := s.Snapshot(t.Context(), func(snap *Snapshot) error { names = fmt.Sprint(snap.Lost()); return nil })
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	if held, _ := s.Held(b.log); held.Size != 70 || lost() != "[demo/essex/log/0 demo/kent/log/0]" {
		t.Errorf("with 70 of the 80 that were here, lost are %s", lost())
	}
	if err := s.See(b.head(80)); err != nil {
		t.Fatal(err)
	}
	if lost() != "[demo/essex/log/0]" {
		t.Errorf("with all 80 again, lost are %s", lost())
	}
	if kept, _ := filepath.Glob(s.path + ".damaged-*"); len(kept) != 2 {
		t.Errorf("damaged files kept: %v, want both", kept)
	}
}

// A page that leads to itself under a running store took the process with it, whoever asked.
func TestAPageThatLeadsInACircleIsFoundByWhoeverReads(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(400)
	a.give(t, s, 0, 400, 400)
	var root uint64
	err := s.db.View(func(tx *bbolt.Tx) error { root = uint64(tx.Bucket([]byte("index")).Root()); return nil })
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	page, err := inFile(f).read(root)
	if err != nil || order.Uint16(page[8:]) != flagBranch {
		t.Fatal("the index is no branch: the test shows nothing", err)
	}
	for i := range int(order.Uint16(page[10:])) {
		order.PutUint64(page[pageHead+i*elementSize+8:], root)
	}
	if _, err := f.WriteAt(page, int64(root)*int64(len(page))); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Candidates(accessPlan); !errors.Is(err, ErrCorrupt) || s.Damage() == nil {
		t.Errorf("reading: %v, want ErrCorrupt", err)
	}
	s = mended(t, s, s.opts)
	defer func() { finish(t, s) }()
	if rows, err := s.Candidates(accessPlan); err != nil || len(rows) != 400 {
		t.Errorf("%d rows after the mend: %v", len(rows), err)
	}
}
