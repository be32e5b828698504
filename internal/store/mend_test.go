package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
	wants, err := s.Wants(1000)
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

// Whatever is damaged of a file, at rest or in use, a mend and the peers make it whole.
func TestEveryDamageIsMended(t *testing.T) {
	s, authors, older := campaignFixture(t)
	refill(t, s, authors)
	want := asked(s, authors, 0, 1)
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
			if err := s.Mend(t.Context()); err != nil {
				t.Fatalf("damage %d: %s: %v: mending: %v", n, what, s.Damage(), err)
			}
		}
		did := s.Mended()
		got := asked(s, authors, 0, 1)
		for name, answer := range got {
			if strings.HasPrefix(answer, "damaged: ") {
				t.Fatalf("damage %d: %s: after the mend %s is answered with %s", n, what, name, answer)
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
		refill(t, s, authors)
		got = asked(s, authors, 0, 1)
		for name, answer := range want {
			if did != nil && (did.NewFeed && !strings.HasSuffix(name, " proof") || did.Forgotten && strings.HasPrefix(name, "request-") || name == "drafts" || strings.HasSuffix(name, "segments")) {
				continue // times of arrival, and frames, are others
			}
			if got[name] != answer {
				t.Fatalf("damage %d: %s (running: %v, %+v): after the mend %s is answered with\n%.300s\nit was\n%.300s", n, what, running, did, name, got[name], answer)
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
	if err := s.Mend(t.Context()); err != nil {
		t.Fatal(err)
	}
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
	if err := s.Mend(t.Context()); err != nil {
		t.Fatalf("after an hour: %v", err)
	}
	a.addMany(1)
	a.give(t, s, 70, 71, 71)
}

// The keeper's own log is the register, without which nobody is let in who could give it back.
func TestWhatSaysWhoThePeersAreIsNotMendedAway(t *testing.T) {
	s, a := newStore(t, "gpc-england"), newAuthor("gpc-england")
	a.publish(t, s, 130)
	rewriteRaw(t, s, tableHeaders, entryKey(a.log, 0))
	if _, err := s.Entry(a.log.Entry(3)); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("an entry without its header: %v", err)
	}
	if err := s.Mend(t.Context(), a.log); !errors.Is(err, ErrPeersUnknown) || !strings.Contains(err.Error(), "restore") {
		t.Fatalf("mending: %v, want what to restore", err)
	}
	if _, err := s.Entry(a.log.Entry(68)); err != nil {
		t.Errorf("what is whole is still read: %v", err)
	}
	_ = s.Close() // it stays damaged: not checked
}

func TestAMendNeedsRoom(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 70)
	rewriteRaw(t, s, tableRows, entryKey(a.log, 9))
	if _, err := s.Candidates(accessPlan); !errors.Is(err, ErrCorrupt) {
		t.Fatal(err)
	}
	free := int64(1 << 20)
	s.opts.Free = func(string) (int64, error) { return free, nil }
	if err := s.Mend(t.Context()); !errors.Is(err, ErrDiskFull) {
		t.Fatalf("mending without room: %v", err)
	}
	free = 1 << 40
	if err := s.Mend(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.publish(t, s, 1) // and the guard stands
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
	if err := s.Mend(t.Context()); err != nil {
		t.Fatal(err)
	}
	need, have, yes := s.Recovering()
	if !yes || need != 70 || have != 0 || fmt.Sprint(s.Mended().Cut) != "[demo/essex/log/0]" {
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
	raw, err := s.db.begun(tx, 0)
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
	s.db.newest.Add(1)
}
