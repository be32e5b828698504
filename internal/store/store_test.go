package store

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const (
	public     = guidancev1.Visibility_VISIBILITY_PUBLIC
	committees = guidancev1.Visibility_VISIBILITY_COMMITTEES

	kindAdvisory   = ledgerv1.EntryKind_ENTRY_KIND_ADVISORY
	kindWithdrawal = ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL
	kindMatter     = ledgerv1.EntryKind_ENTRY_KIND_MATTER
	kindReport     = ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION
	kindRegister   = ledgerv1.EntryKind_ENTRY_KIND_REGISTER
	kindErasure    = ledgerv1.EntryKind_ENTRY_KIND_ERASURE

	accessPlan = "gpc-england/access-plan-2021"
	otherPlan  = "gpc-england/another"
)

// testNow is when everything arrives, unless a test says otherwise.
var testNow = time.Date(2021, 10, 25, 9, 0, 0, 0, time.UTC)

// tester is what helpers need of *testing.T, *testing.B and *rapid.T.
type tester interface {
	Helper()
	Cleanup(func())
	Error(...any)
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

// memDir is a directory for data files that is quick to sync where there is one.
func memDir(tb tester) string {
	tb.Helper()
	parent := "/dev/shm"
	if _, err := os.Stat(parent); err != nil {
		parent = ""
	}
	dir, err := os.MkdirTemp(parent, "store-test-*")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func testOptions(office, dir string) Options {
	return Options{
		Federation: "demo", Office: office,
		Guard:         filepath.Join(dir, "guard.json"),
		Now:           func() time.Time { return testNow },
		MinFree:       -1,
		Logger:        slog.New(slog.DiscardHandler),
		Free:          func(string) (int64, error) { return 1 << 40, nil },
		OnCommitError: func(err error) {},
	}
}

// guarded makes the guard of a new store without a doubt.
func guarded(tb tester, opts Options) Options {
	tb.Helper()
	if err := CreateGuard(opts.Guard, ledger.LogID{Federation: opts.Federation, Office: opts.Office}, ""); err != nil {
		tb.Fatal(err)
	}
	return opts
}

// openStore opens a store that is checked and closed when the test ends.
func openStore(tb tester, path string, opts Options) *Store {
	tb.Helper()
	s, err := Open(path, opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { finish(tb, s) })
	return s
}

// newStore is an empty store of an office, with a guard.
func newStore(tb tester, office string) *Store {
	tb.Helper()
	dir := memDir(tb)
	return openStore(tb, filepath.Join(dir, "node.db"), guarded(tb, testOptions(office, dir)))
}

// finish is how every store test ends: the check that `lmcnode check` makes.
func finish(tb tester, s *Store) {
	tb.Helper()
	if s.usable() == nil {
		mustCheck(tb, s)
	}
	if err := s.Close(); err != nil {
		tb.Errorf("closing: %v", err)
	}
}

func mustCheck(tb tester, s *Store) {
	tb.Helper()
	report, err := s.Check(context.Background())
	if err != nil {
		tb.Fatalf("Check: %v", err)
	}
	for _, p := range report.Problems {
		tb.Errorf("Check: %v", p)
	}
	if err := s.CheckPages(context.Background()); err != nil {
		tb.Errorf("CheckPages: %v", err)
	}
}

// author is an office that writes a log, in memory.
type author struct {
	log     ledger.LogID
	key     ed25519.PrivateKey
	tree    ledger.Tree
	entries []ledger.Entry
	hashes  hashList
}

func newAuthor(office string) *author {
	seed := sha256.Sum256([]byte(office))
	return &author{log: ledger.LogID{Federation: "demo", Office: office}, key: ed25519.NewKeyFromSeed(seed[:])}
}

func (a *author) keys() []ed25519.PublicKey {
	return []ed25519.PublicKey{a.key.Public().(ed25519.PublicKey)}
}

func (a *author) sign(size uint64, root tlog.Hash) (ledger.Checkpoint, error) {
	return ledger.SignCheckpoint(a.log, size, root, a.key)
}

// seal seals the next entry without taking it into the log.
func (a *author) seal(index uint64, kind ledgerv1.EntryKind, v guidancev1.Visibility, body []byte) ledger.Entry {
	salt := sha256.Sum256(fmt.Appendf(nil, "%s %d %x", a.log, index, body))
	e, err := ledger.Seal(kind, v, index, testNow.Add(time.Duration(index)*time.Minute), body, newReader(salt[:]))
	if err != nil {
		panic(err)
	}
	return e
}

// add adds an entry to the log.
func (a *author) add(kind ledgerv1.EntryKind, v guidancev1.Visibility, body []byte) ledger.Entry {
	e := a.seal(a.tree.Size(), kind, v, body)
	a.take(e)
	return e
}

func (a *author) take(e ledger.Entry) {
	hashes, err := tlog.StoredHashes(int64(a.tree.Size()), e.Header, a.hashes)
	if err != nil {
		panic(err)
	}
	a.hashes = append(a.hashes, hashes...)
	a.entries = append(a.entries, e)
	a.tree.Append(ledger.LeafHash(e.Header))
}

// addMany adds n advisories on the access plan.
func (a *author) addMany(n int) {
	for range n {
		a.add(kindAdvisory, public, advisory(fmt.Sprintf("%s letter %d", a.log.Office, a.tree.Size()), accessPlan))
	}
}

// head signs the log at a size.
func (a *author) head(size uint64) ledger.Checkpoint {
	root, err := tlog.TreeHash(int64(size), a.hashes)
	if err != nil {
		panic(err)
	}
	cp, err := a.sign(size, root)
	if err != nil {
		panic(err)
	}
	return cp
}

// segment is entries first..end-1 loose, leading to the head at size.
func (a *author) segment(first, end, size uint64, readable func(guidancev1.Visibility) bool) ledger.Segment {
	proof, err := ledger.ProveConsistency(a.hashes, end, size)
	if err != nil {
		panic(err)
	}
	seg := ledger.Segment{Log: a.log, First: first, Checkpoint: a.head(size).Note, Proof: proof}
	for i := first; i < end; i++ {
		e := a.entries[i]
		h, err := ledger.ParseHeader(e.Header)
		if err != nil {
			panic(err)
		}
		seg.Headers = append(seg.Headers, e.Header)
		if e.Salt != nil && readable(h.GetVisibility()) {
			seg.Bodies = append(seg.Bodies, &ledgerv1.SaltedBody{Index: i, Salt: e.Salt, Body: e.Body})
		}
	}
	return seg
}

// verify verifies a segment of the author's log as an extension of what s has.
func (a *author) verify(tb tester, s *Store, seg ledger.Segment) ledger.Verified {
	tb.Helper()
	tree, err := s.Progress(seg.Log)
	if err != nil {
		tb.Fatal(err)
	}
	v, err := new(ledger.Verifier).Verify(tree, seg, a.keys())
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// give ingests entries first..end-1 leading to the head at size.
func (a *author) give(tb tester, s *Store, first, end, size uint64) {
	tb.Helper()
	a.giveReadable(tb, s, first, end, size, everything)
}

func (a *author) giveReadable(tb tester, s *Store, first, end, size uint64, readable func(guidancev1.Visibility) bool) {
	tb.Helper()
	v := a.verify(tb, s, a.segment(first, end, size, readable))
	if err := s.Ingest([]ledger.Verified{v}); err != nil {
		tb.Fatal(err)
	}
}

func everything(guidancev1.Visibility) bool   { return true }
func nothing(guidancev1.Visibility) bool      { return false }
func onlyPublic(v guidancev1.Visibility) bool { return v == public }

// hashList is stored hashes in memory.
type hashList []tlog.Hash

func (l hashList) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, n := range indexes {
		out[i] = l[n]
	}
	return out, nil
}

// reader gives the same bytes once.
func newReader(b []byte) *saltReader { return &saltReader{b} }

type saltReader struct{ b []byte }

func (r *saltReader) Read(p []byte) (int, error) {
	n := copy(p, r.b)
	r.b = r.b[n:]
	return n, nil
}

// advisory is a marshalled advisory with a position on each matter.
func advisory(title string, matters ...string) []byte {
	a := &guidancev1.Advisory{
		Office: "essex", Title: title, Body: "Dear colleagues,\n\n" + title + "\n",
		OnBehalfOf: []string{"north-essex"}, Visibility: public,
		Attachments: []*guidancev1.Attachment{{FileName: "letter.pdf", Size: 7}},
	}
	for _, m := range matters {
		a.Positions = append(a.Positions, &guidancev1.Position{Committees: []string{"north-essex"}, Matter: m, Stance: guidancev1.Stance_STANCE_REFUSE})
	}
	return marshal(a)
}

func marshal(m proto.Message) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		panic(err)
	}
	return b
}

// drafts seals the next entries of the author's log as drafts.
func (a *author) drafts(n int) []Draft {
	drafts := make([]Draft, n)
	for i := range drafts {
		index := a.tree.Size() + uint64(i)
		e := a.seal(index, kindAdvisory, public, advisory(fmt.Sprintf("own letter %d", index), accessPlan))
		drafts[i] = Draft{RequestID: fmt.Sprintf("request-%d", index), Content: sha256.Sum256(e.Body), Header: e.Header, Salt: e.Salt, Body: e.Body}
	}
	return drafts
}

// publish drafts, appends and takes n own entries.
func (a *author) publish(tb tester, s *Store, n int) {
	tb.Helper()
	drafts := a.drafts(n)
	if err := s.PutDraft(drafts...); err != nil {
		tb.Fatal(err)
	}
	if _, _, err := s.Append(a.log, drafts, a.sign); err != nil {
		tb.Fatal(err)
	}
	for _, d := range drafts {
		a.take(d.Entry())
	}
}

func TestWhatIsAppendedIsRead(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 3)
	a.publish(t, s, 70)
	for i, want := range a.entries {
		got, err := s.Entry(a.log.Entry(uint64(i)))
		if err != nil {
			t.Fatal(err)
		}
		if string(got.HeaderBytes) != string(want.Header) || string(got.Body) != string(want.Body) || string(got.Salt) != string(want.Salt) {
			t.Fatalf("entry %d is not what was appended", i)
		}
	}
}

func TestWhatIsIngestedIsServedOn(t *testing.T) {
	a := newAuthor("essex")
	a.addMany(200)
	s, peer := newStore(t, "surrey-sussex"), newStore(t, "cambridgeshire")
	a.give(t, s, 0, 200, 200)
	copyLogs(t, s, peer, a, 1<<20)
	if s.FrontierRoot() != peer.FrontierRoot() {
		t.Fatal("frontiers differ after copying everything")
	}
}

// copyLogs fetches everything an author wrote from one store into another.
func copyLogs(tb tester, from, to *Store, a *author, maxBytes int) {
	tb.Helper()
	for {
		tree, err := to.Progress(a.log)
		if err != nil {
			tb.Fatal(err)
		}
		segs, rest, err := from.Segments([]Range{{a.log, tree.Size(), 0}}, everything, maxBytes)
		if err != nil {
			tb.Fatal(err)
		}
		for _, seg := range segs {
			if err := to.Ingest([]ledger.Verified{a.verify(tb, to, seg)}); err != nil {
				tb.Fatal(err)
			}
		}
		if len(rest) == 0 {
			return
		}
	}
}
