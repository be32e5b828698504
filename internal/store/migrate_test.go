package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What testdata/version-10.db.gz has: the file of an office's node of the first release, which published 70
// letters, one of them with a vote, and received twelve entries of the keeper.
const (
	frozenVotes  = "[essex/1]"
	frozenFeed   = 74
	frozenDigest = "536ce9d0be2f48963ad547fca0b608c69d30b7d225b4ae56277f95f12c82bde7"
	frozenTitle  = "Newsletter 65" // in no block yet
)

// asVersion10 takes out of a store what version 10 did not have or understand, and closes it.
func asVersion10(tb tester, s *Store) (path string, opts Options) {
	tb.Helper()
	rewrite(tb, s, func(tx *txn) error {
		var keys [][]byte
		err := tableIndex.scan(tx, []byte{byVotes}, nil, func(key, _ []byte) error {
			keys = append(keys, bytes.Clone(key))
			return nil
		})
		for _, key := range keys {
			err = errors.Join(err, tableIndex.del(tx, key))
		}
		err = errors.Join(err, eachState(tx, s.opts.Federation, func(st *logState) error {
			for i := range st.tree.Size() {
				e, h, err := readEntry(tx, st.log, i)
				if err != nil {
					return err
				}
				if !slices.Contains(h.GetCritical(), 3) || e.Body == nil {
					continue
				}
				rows, _ := derive(st.log, h, e.Body, false)
				for _, o := range rows {
					if o.table != tableAbsent && !bytes.Equal(o.key[:1], []byte{byBody}) {
						err = errors.Join(err, o.table.del(tx, o.key))
					}
				}
				err = errors.Join(err, tableIndex.put(tx, append([]byte{byNotUnderstood}, entryKey(st.log, i)...)),
					tableIndex.put(tx, listKey([]byte{byDay}, st.log, listDay(h, ""), i)))
				if err != nil {
					return err
				}
				if st.counts.notUnderstood++; i >= st.held.Size {
					st.counts.notUnderstood--
					st.partial.notUnderstood++
				}
			}
			return st.save(tx)
		}))
		return errors.Join(err, tableMeta.del(tx, softwareKey), tableMeta.put(tx, schemaKey, binary.BigEndian.AppendUint32(nil, 10)))
	})
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	return s.Path(), s.opts
}

func letterWithVotes(title string) []byte {
	return marshal(&guidancev1.Advisory{
		Office: "essex", Title: title, OnBehalfOf: []string{"north-essex"}, Visibility: public, Matters: []string{accessPlan},
		Votes: []*guidancev1.Vote{{Question: "Would your practice take part?"}},
	})
}

func withVotes(tb tester, s *Store) (ids []ledger.EntryID) {
	tb.Helper()
	err := s.Snapshot(context.Background(), func(snapshot *Snapshot) (err error) { ids, err = snapshot.WithVotes(); return err })
	if err != nil {
		tb.Fatal(err)
	}
	return ids
}

// frozen is a file as the first release left it, unpacked.
func frozen(tb tester) (path string, opts Options) {
	tb.Helper()
	packed, err := os.Open(filepath.Join("testdata", "version-10.db.gz"))
	if err != nil {
		tb.Fatal(err)
	}
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	if err != nil {
		tb.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	dir := memDir(tb)
	path, opts = filepath.Join(dir, "data.db"), testOptions("essex", dir)
	opts.Federation, opts.Guard = "trial", ""
	if err := os.WriteFile(path, b, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path, opts
}

func keptFiles(tb tester, path string) []string {
	tb.Helper()
	kept, err := filepath.Glob(path + ".version-*")
	if err != nil {
		tb.Fatal(err)
	}
	return kept
}

func TestAFileOfTheFirstReleaseIsBroughtUpToDate(t *testing.T) {
	path, opts := frozen(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(withVotes(t, s)); got != frozenVotes {
		t.Errorf("letters with votes: %s, want %s", got, frozenVotes)
	}
	if n, digest := s.FeedEnd(); n != frozenFeed || fmt.Sprintf("%x", digest) != frozenDigest {
		t.Errorf("the feed ends at %d, %x", n, digest)
	}
	finish(t, s)
	kept := keptFiles(t, path)
	if len(kept) != 1 {
		t.Fatalf("kept: %v", kept)
	}
	if is, err := os.ReadFile(kept[0]); err != nil || !bytes.Equal(is, before) {
		t.Errorf("what is kept is not the file that was there (%v)", err)
	}
	again := openStore(t, path, opts)
	if kept := keptFiles(t, path); len(kept) != 1 {
		t.Errorf("opened again, it was brought up to date again: %v", kept)
	}
	finish(t, again)
}

// Whatever letters have votes, whole or in part here: what the step derives is what receiving derives, as the
// check of the whole file compares it.
func TestAnOlderFileIsWhatReceivingItsEntriesMakes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "migrate")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		s, err := Open(filepath.Join(dir, "node.db"), guarded(t, testOptions("essex", dir)))
		if err != nil {
			t.Fatal(err)
		}
		var want []ledger.EntryID
		for _, office := range []string{"cambridgeshire", "kent"} {
			a := newAuthor(office)
			n := rapid.IntRange(1, 140).Draw(t, office)
			readable := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "readable")
			for i := range n {
				voted := rapid.Bool().Draw(t, "voted")
				v := public
				if !readable[i] {
					v = guidancev1.Visibility_VISIBILITY_COMMITTEES
				}
				body := advisory(fmt.Sprint("letter ", i), accessPlan)
				if voted {
					body = letterWithVotes(fmt.Sprint("letter ", i))
				}
				if rapid.IntRange(0, 3).Draw(t, "needs") == 0 {
					a.take(critical(a.seal(a.tree.Size(), kindAdvisory, v, body), 3)) // which version 10 did not understand
				} else {
					a.add(kindAdvisory, v, body)
				}
				if voted && readable[i] {
					want = append(want, a.log.Entry(uint64(i)))
				}
			}
			a.giveReadable(t, s, 0, uint64(n), uint64(n), onlyPublic)
		}
		path, opts := asVersion10(t, s)
		if s, err = Open(path, opts); err != nil {
			t.Fatal(err)
		}
		if got := withVotes(t, s); !slices.Equal(got, want) {
			t.Errorf("letters with votes: %v, want %v", got, want)
		}
		finish(t, s)
	})
}

// A step takes a bounded number of rows at once: so many, and one more.
func TestAStepGoesOnWhereItsLastTransactionEnded(t *testing.T) {
	for _, n := range []int{stepBatch, stepBatch + 1} {
		s, a := newStore(t, "essex"), newAuthor("kent")
		for i := range n - 1 {
			a.add(kindAdvisory, public, advisory(fmt.Sprint("letter ", i), accessPlan))
		}
		a.add(kindAdvisory, public, letterWithVotes("the last"))
		for first := uint64(0); first < uint64(n); first += 500 {
			a.give(t, s, first, min(first+500, uint64(n)), uint64(n))
		}
		path, opts := asVersion10(t, s)
		s = openStore(t, path, opts)
		if got := withVotes(t, s); len(got) != 1 || got[0].Index != uint64(n-1) {
			t.Errorf("of %d: %v", n, got)
		}
		finish(t, s)
	}
}

func TestAnOlderFileStaysAsItIsWhereItCannotBeBroughtUpToDate(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Options)
		want   error
	}{
		"no room beside it": {func(o *Options) { o.Free = func(string) (int64, error) { return 1 << 20, nil } }, ErrDiskFull},
		"only looked at":    {func(o *Options) { o.AsFound = true }, ErrOlder},
		"another's":         {func(o *Options) { o.Office = "kent" }, ErrOtherFederation},
	} {
		path, opts := frozen(t)
		before, _ := os.ReadFile(path)
		c.change(&opts)
		if _, err := Open(path, opts); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) || len(keptFiles(t, path)) > 0 {
			t.Errorf("%s: the file was changed, or copied", name)
		}
	}
}

// Power failed in the middle: the copy is half written. The file is what it was, and the next start begins anew.
func TestABringingUpToDateThatWasCutOffBeginsAnew(t *testing.T) {
	path, opts := frozen(t)
	if err := os.WriteFile(migratingFile(path), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	finish(t, s)
	if _, err := os.Stat(migratingFile(path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half copy is still there: %v", err)
	}
}

// The mark of a backup is on the pages that bringing it up to date writes anew: without it the node would sign what
// it had signed since.
func TestABackupOfAnOlderVersionIsADoubtStill(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 2)
	path, opts := asVersion10(t, s)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(mark(file), file.Close()); err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"brought up to date", "opened again"} {
		s, err := Open(path, opts)
		if err != nil {
			t.Fatal(err)
		}
		if s.Doubt() != DoubtRestored {
			t.Errorf("%s: doubt %q", when, s.Doubt())
		}
		if _, _, err := s.Append(a.log, a.drafts(1), a.sign); !errors.Is(err, ErrUnconfirmed) {
			t.Errorf("%s: signed, %v", when, err)
		}
		finish(t, s)
	}
}

// On a full disk a node answers: of an older file a copy is read, somewhere else, until there is room.
func TestAnOlderFileWithoutRoomIsReadAndBroughtUpToDateWhenThereIs(t *testing.T) {
	path, opts := frozen(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	room := int64(1 << 20)
	opts.Free = func(at string) (int64, error) {
		if filepath.Dir(path) == filepath.Clean(at) || at == path {
			return room, nil
		}
		return 1 << 40, nil
	}
	s, err := Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	if !s.IsAside() || fmt.Sprint(withVotes(t, s)) != frozenVotes {
		t.Errorf("aside: %t, letters with votes: %v", s.IsAside(), withVotes(t, s))
	}
	if _, why := s.Room(); !errors.Is(why, ErrReadOnly) || !errors.Is(why, ErrOlder) || !errors.Is(why, ErrDiskFull) {
		t.Errorf("why nothing is written: %v", why)
	}
	if _, err := Open(path, opts); !errors.Is(err, ErrLocked) {
		t.Errorf("a second opener: %v", err)
	}
	if err := s.BringUp(); !errors.Is(err, ErrDiskFull) {
		t.Errorf("brought up to date without room: %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
	room = 1 << 40
	if err := s.BringUp(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.aside.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the copy is still there: %v", err)
	}
	s = openStore(t, path, opts)
	if kept := keptFiles(t, path); s.IsAside() || len(kept) != 1 {
		t.Errorf("aside: %t, kept %v", s.IsAside(), kept)
	}
}

// Killed while it read an older file from a copy, a node left the copy, as large as its data: one more with each kill.
func TestACopyOfAKilledProcessIsRemovedAtTheNextStart(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	path, opts := frozen(t)
	left := func() (dirs []string) {
		t.Helper()
		dirs, err := filepath.Glob(filepath.Join(os.TempDir(), "lmcnode-*"))
		if err != nil {
			t.Fatal(err)
		}
		return dirs
	}
	killed := func() string {
		t.Helper()
		dir, err := os.MkdirTemp("", copyName(path))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "data.db"), []byte("a copy"), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}
	other, err := os.MkdirTemp("", copyName(path+".of-another-node"))
	if err != nil {
		t.Fatal(err)
	}
	killed()
	full := opts
	full.Free = func(at string) (int64, error) {
		if filepath.Dir(path) == filepath.Clean(at) || at == path {
			return 1 << 20, nil
		}
		return 1 << 40, nil
	}
	s, err := Open(path, full)
	if err != nil {
		t.Fatal(err)
	}
	if dirs := left(); len(dirs) != 2 || !slices.Contains(dirs, s.aside.dir) || !slices.Contains(dirs, other) {
		t.Errorf("read from a copy again, there are %v", dirs)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	killed()
	finish(t, openStore(t, path, opts))
	if dirs := left(); !slices.Equal(dirs, []string{other}) {
		t.Errorf("brought up to date, there are %v", dirs)
	}
}

// Cut off after the old file was kept and before the new one was in its place.
func TestABringingUpToDateThatWasCutOffAtItsEndBeginsAnewWithinTheSecond(t *testing.T) {
	path, opts := frozen(t)
	if err := os.Link(path, path+".version-10-"+fileTime(testNow)); err != nil {
		t.Fatal(err)
	}
	finish(t, openStore(t, path, opts))
}

func TestADamagedOlderFileIsMended(t *testing.T) {
	path, opts := frozen(t)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte(frozenTitle)) // in a row, or in the tail
	if at < 0 {
		t.Fatal("no such letter")
	}
	for ; at >= 0; at = bytes.Index(b, []byte(frozenTitle)) { // wherever it stands
		b[at] ^= 1
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	if m := s.Mended(); m == nil || m.Unknown || m.NewFeed || len(m.Cut) > 0 {
		t.Errorf("mended: %+v: only words were damaged", m)
	}
	finish(t, s)
}

// From here on nothing older is in use; whatever is below is of trials.
func TestAFileFromBeforeTheFirstReleaseIsRefusedByName(t *testing.T) {
	s := newStore(t, "essex")
	rewrite(t, s, func(tx *txn) error {
		return tableMeta.put(tx, schemaKey, binary.BigEndian.AppendUint32(nil, frozenVersion-1))
	})
	path, opts := s.Path(), s.opts
	_ = s.Close()
	if _, err := Open(path, opts); !errors.Is(err, ErrSchema) {
		t.Errorf("%v, want ErrSchema", err)
	}
}

// What version 11 kept of erasures, and of what they erase: they were relayed, and had no effect.
func asVersion11(tb tester, s *Store, a *author) (path string, opts Options) {
	tb.Helper()
	rewrite(tb, s, func(tx *txn) error {
		st, err := loadState(tx, a.log)
		if err != nil {
			return err
		}
		for i := range st.tree.Size() {
			e, h, err := readEntry(tx, a.log, i)
			if err != nil {
				return err
			}
			switch _, erased, err := erasedBy(tx, a.log, h); {
			case err != nil:
				return err
			case erased:
				before, was := derive(a.log, h, nil, true)
				for _, o := range before {
					err = errors.Join(err, o.table.del(tx, o.key))
				}
				is, putErr := putIndex(tx, a.log, h, a.entries[i].Body)
				st.counts.add(is.minus(was))
				if err = errors.Join(err, putErr, putTail(tx, a.log, i, a.entries[i])); err != nil {
					return err
				}
			case h.GetKind() == kindErasure:
				rows, _ := derive(a.log, h, e.Body, false)
				for _, o := range rows {
					if !bytes.Equal(o.key[:1], []byte{byBody}) {
						err = errors.Join(err, o.table.del(tx, o.key))
					}
				}
				if err = errors.Join(err, tableIndex.put(tx, listKey([]byte{byDay}, a.log, listDay(h, ""), i))); err != nil {
					return err
				}
			}
		}
		return errors.Join(st.save(tx), tableMeta.del(tx, erasedKey), tableMeta.put(tx, schemaKey, binary.BigEndian.AppendUint32(nil, 11)))
	})
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	return s.Path(), s.opts
}

// What an office had taken down while a node did not understand that is removed there when it does.
func TestWhatWasTakenDownBeforeIsRemovedByTheStepThatUnderstandsIt(t *testing.T) {
	a := takenDown(3)
	s := newStore(t, "essex")
	a.give(t, s, 0, 5, 5)
	path, opts := asVersion11(t, s, a)
	s, err := Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	wantErased(t, s, a.log, 0, 4)
	wantCandidates(t, s, accessPlan, candidates(a, 1, 5)...)
	if b, err := os.ReadFile(path); err != nil || bytes.Contains(b, []byte("Mrs Example of 1 Sample Street")) {
		t.Errorf("the words are in the file yet, %v", err)
	}
}
