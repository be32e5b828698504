package replica

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func testLog(office string) ledger.LogID { return ledger.LogID{Federation: "demo", Office: office} }

// testVerifier knows the key of every office.
func testVerifier() HeadVerifier {
	return HeadVerifier{Federation: "demo", Keys: func(log ledger.LogID, _ uint64) []ed25519.PublicKey {
		return []ed25519.PublicKey{officeKey(log.Office).Public().(ed25519.PublicKey)}
	}}
}

func signedHead(t testing.TB, office string, size uint64) *nodev1.Head {
	t.Helper()
	cp, err := ledger.SignCheckpoint(testLog(office), size, tlog.Hash{1}, officeKey(office))
	if err != nil {
		t.Fatal(err)
	}
	return &nodev1.Head{Checkpoint: cp.Note, Held: true}
}

func helloFrame(change func(*nodev1.Hello)) *nodev1.Frame {
	h := &nodev1.Hello{
		ProtocolMin: 1, ProtocolMax: 1, Federation: "demo", Office: "essex",
		Node: make([]byte, 32), Instance: make([]byte, 8), FrontierRoot: make([]byte, 32),
	}
	change(h)
	return &nodev1.Frame{Message: &nodev1.Frame_Hello{Hello: h}}
}

func headsFrame(heads ...*nodev1.Head) *nodev1.Frame {
	return &nodev1.Frame{Message: &nodev1.Frame_Heads{Heads: &nodev1.Heads{Heads: heads, FrontierRoot: make([]byte, 32)}}}
}

func openStore(t testing.TB, office string) *store.Store {
	t.Helper()
	st, err := store.Open(testPath(t, office), store.Options{Federation: "demo", Office: office, MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func fill(t testing.TB, st *store.Store, bodies ...[]byte) {
	t.Helper()
	log := testLog(st.Office())
	held, _ := st.Held(log)
	var drafts []store.Draft
	for i, body := range bodies {
		vis := guidancev1.Visibility_VISIBILITY_PUBLIC
		if string(body) == "restricted" {
			vis = guidancev1.Visibility_VISIBILITY_OFFICE
		}
		rng := rand.NewChaCha8(sha256.Sum256(fmt.Append(nil, st.Office(), held.Size, i)))
		e, err := ledger.Seal(ledgerv1.EntryKind_ENTRY_KIND_ERASURE, vis, held.Size+uint64(i), time.Unix(0, 0), body, rng)
		if err != nil {
			t.Fatal(err)
		}
		drafts = append(drafts, store.Draft{RequestID: fmt.Sprint(held.Size, i), Header: e.Header, Salt: e.Salt, Body: e.Body})
	}
	_, _, err := st.Append(log, drafts, func(size uint64, root tlog.Hash) (ledger.Checkpoint, error) {
		return ledger.SignCheckpoint(log, size, root, officeKey(st.Office()))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// letters makes n bodies of about three kilobytes that compress like text.
func letters(n int) [][]byte {
	rng := rand.New(rand.NewPCG(1, 1))
	words := []string{"practices", "committee", "advises", "the", "of", "access", "plan", "not", "to", "participate", "and", "general", "we", "that"}
	all := make([][]byte, n)
	for i := range all {
		for len(all[i]) < 3000 {
			all[i] = fmt.Append(all[i], words[rng.IntN(len(words))], " ", rng.IntN(100), " ")
		}
	}
	return all
}

// chunksOf answers a request for a whole log.
func chunksOf(t testing.TB, from *store.Store, readable func(guidancev1.Visibility) bool) (chunks []*nodev1.Chunk) {
	t.Helper()
	req := &nodev1.FetchRequest{Ranges: []*nodev1.LogRange{{Log: testLog(from.Office()).String(), Size: 1}}}
	a, err := NewAnswer(from, req, readable)
	if err != nil {
		t.Fatal(err)
	}
	for {
		c, err := a.Next()
		if err != nil {
			return chunks
		}
		chunks = append(chunks, c)
	}
}

func intakeOf(t testing.TB, to *store.Store, keys Keys, offices ...string) *Intake {
	t.Helper()
	var logs []Target
	for _, o := range offices {
		logs = append(logs, Target{testLog(o), 1000})
	}
	in, err := NewIntake(to, keys, &ledger.Verifier{}, logs)
	if err != nil {
		t.Fatal(err)
	}
	return in
}
