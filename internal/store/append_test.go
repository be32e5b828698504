package store

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

func TestDraftKeepsItsBytesUntilItIsSigned(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	drafts := a.drafts(3)
	if err := s.PutDraft(drafts[2], drafts[0], drafts[1]); err != nil {
		t.Fatal(err)
	}
	if err := s.PutDraft(drafts...); err != nil {
		t.Errorf("the same drafts again: %v", err)
	}
	got, err := die(t, s).revive(t, "essex").Drafts()
	if err != nil || len(got) != 3 {
		t.Fatalf("%d drafts after a crash, %v; want 3", len(got), err)
	}
	for i, d := range got {
		if string(d.Header) != string(drafts[i].Header) || string(d.Body) != string(drafts[i].Body) || string(d.Salt) != string(drafts[i].Salt) || d.Content != drafts[i].Content {
			t.Errorf("draft %d has other bytes", i)
		}
		if d.Kind != kindAdvisory || d.Visibility != public || d.ClaimedMs == 0 {
			t.Errorf("draft %d is %v %v %d", i, d.Kind, d.Visibility, d.ClaimedMs)
		}
	}
	if err := s.DropDraft(drafts[1].RequestID); err != nil {
		t.Fatal(err)
	}
	if left, err := s.Drafts(); err != nil || len(left) != 2 {
		t.Errorf("%d drafts left, %v; want 2", len(left), err)
	}
	if err := s.DropDraft("never was"); err != nil {
		t.Errorf("dropping what is not there: %v", err)
	}
}

func TestRepeatedRequestGetsTheFirstAnswer(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 2)
	id, content, ok, err := s.Request("request-1")
	if err != nil || !ok || id != a.log.Entry(1) || content != sha256.Sum256(a.entries[1].Body) {
		t.Errorf("Request = %v, %x, %v, %v; want essex/1 and what was asked for", id, content, ok, err)
	}
	if _, _, ok, err := s.Request("another"); ok || err != nil {
		t.Errorf("an unknown request: %v, %v", ok, err)
	}
	again := a.drafts(1)
	again[0].RequestID = "request-1"
	if err := s.PutDraft(again...); !errors.Is(err, ErrRequestUsed) || !strings.Contains(err.Error(), "essex/1") {
		t.Errorf("PutDraft under a used id: %v, want ErrRequestUsed naming the entry", err)
	}
	if _, _, err := s.Append(a.log, again, a.sign); !errors.Is(err, ErrRequestUsed) {
		t.Errorf("Append under a used id: %v, want ErrRequestUsed", err)
	}
	one, other := a.drafts(2)[0], a.drafts(2)[1]
	other.RequestID = one.RequestID
	if err := s.PutDraft(one, other); !errors.Is(err, ErrRequestUsed) {
		t.Errorf("two drafts under one id: %v, want ErrRequestUsed", err)
	}
	if left, err := s.Drafts(); err != nil || len(left) != 0 {
		t.Errorf("%d drafts were kept of a refused pair, %v", len(left), err)
	}
	if err := s.PutDraft(one); err != nil {
		t.Fatal(err)
	}
	otherwise := one
	otherwise.Content[31]++
	if err := s.PutDraft(otherwise); !errors.Is(err, ErrRequestUsed) {
		t.Errorf("a draft under the id of another content: %v, want ErrRequestUsed", err)
	}
}

func TestAppendRefusesWhatIsNotTheNextOwnEntry(t *testing.T) {
	s, a, other := newStore(t, "essex"), newAuthor("essex"), newAuthor("surrey-sussex")
	a.publish(t, s, 1)
	good := a.drafts(2)
	cut := good[0]
	cut.Body = cut.Body[1:]
	unsealed := good[0]
	unsealed.Header = nil
	for name, c := range map[string]struct {
		log    ledger.LogID
		drafts []Draft
		want   error
	}{
		"another office's log":  {other.log, good, ErrInvalid},
		"another federation":    {ledger.LogID{Federation: "england", Office: "essex"}, good, ErrInvalid},
		"no drafts":             {a.log, nil, ErrInvalid},
		"an index ahead":        {a.log, good[1:], ErrMoved},
		"the same index twice":  {a.log, []Draft{good[0], good[0]}, ErrMoved},
		"a body cut short":      {a.log, []Draft{cut}, ErrInvalid},
		"a header not there":    {a.log, []Draft{unsealed}, ErrInvalid},
		"an index already held": {a.log, newAuthor("essex").drafts(1), ErrMoved},
	} {
		if _, _, err := s.Append(c.log, c.drafts, a.sign); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if s.size(a.log) != 1 {
		t.Errorf("the log has %d entries, want 1", s.size(a.log))
	}
}

func TestAppendStoresOnlyTheTreeThatWasSigned(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 1)
	refused := errors.New("the lock peers said no")
	wrong := func(change func(*author, *uint64, *tlog.Hash)) func(uint64, tlog.Hash) (ledger.Checkpoint, error) {
		return func(size uint64, root tlog.Hash) (ledger.Checkpoint, error) {
			signer := *a
			change(&signer, &size, &root)
			return ledger.SignCheckpoint(signer.log, size, root, signer.key)
		}
	}
	for name, c := range map[string]struct {
		sign func(uint64, tlog.Hash) (ledger.Checkpoint, error)
		want error
	}{
		"refused":      {func(uint64, tlog.Hash) (ledger.Checkpoint, error) { return ledger.Checkpoint{}, refused }, refused},
		"nothing":      {func(uint64, tlog.Hash) (ledger.Checkpoint, error) { return ledger.Checkpoint{}, nil }, ErrInvalid},
		"another size": {wrong(func(_ *author, n *uint64, _ *tlog.Hash) { *n++ }), ErrInvalid},
		"another root": {wrong(func(_ *author, _ *uint64, r *tlog.Hash) { r[0] ^= 1 }), ErrInvalid},
		"another log":  {wrong(func(a *author, _ *uint64, _ *tlog.Hash) { a.log.Epoch = 1 }), ErrInvalid},
	} {
		if _, _, err := s.Append(a.log, a.drafts(1), c.sign); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if s.size(a.log) != 1 {
		t.Errorf("the log has %d entries, want 1", s.size(a.log))
	}
}

func TestOwnEntryThatComesWhileSigningIsNotForkedFrom(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 1)
	clone := newAuthor("essex")
	clone.take(a.entries[0])
	clone.addMany(1)
	drafts := a.drafts(1)
	_, _, err := s.Append(a.log, drafts, func(size uint64, root tlog.Hash) (ledger.Checkpoint, error) {
		clone.give(t, s, 1, 2, 2)
		return a.sign(size, root)
	})
	if !errors.Is(err, ErrMoved) {
		t.Fatalf("Append: %v, want ErrMoved", err)
	}
	if guardSize(t, s.opts.Guard) != 2 {
		t.Error("the guard does not cover the own entry a peer gave")
	}
}

func TestDraftLimits(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	d := a.drafts(1)[0]
	for n, want := range map[int]error{0: ErrInvalid, 1: nil, RequestLimit: nil, RequestLimit + 1: ErrInvalid} {
		d.RequestID = strings.Repeat("r", n)
		if err := s.PutDraft(d); !errors.Is(err, want) {
			t.Errorf("a request id of %d bytes: %v, want %v", n, err, want)
		}
	}
	many := make([]Draft, DraftLimit-2)
	for i := range many {
		many[i] = d
		many[i].RequestID = fmt.Sprint(i)
	}
	if err := s.PutDraft(many...); err != nil {
		t.Errorf("%d drafts: %v", DraftLimit, err)
	}
	d.RequestID = "one more"
	if err := s.PutDraft(d); !errors.Is(err, ErrTooMany) {
		t.Errorf("%d drafts: %v, want ErrTooMany", DraftLimit+1, err)
	}
}

// What each operation costs in write transactions, that is in syncs: performance.md
// counts on these.
func TestExactlyTheseTransactionsAreCommitted(t *testing.T) {
	s, a, other := newStore(t, "essex"), newAuthor("essex"), newAuthor("surrey-sussex")
	other.addMany(70)
	third := newAuthor("cambridgeshire")
	third.addMany(3)
	commits := 0
	commit := s.commit
	s.commit = func(tx *boltTx) error { commits++; return commit(tx) }
	drafts := a.drafts(5)
	runs := []ledger.Verified{
		other.verify(t, s, other.segment(0, 70, 70, onlyPublic)), third.verify(t, s, third.segment(0, 3, 3, nothing)),
	}
	for _, c := range []struct {
		what string
		cost int
		do   func() error
	}{
		{"five drafts", 1, func() error { return s.PutDraft(drafts...) }},
		{"the same drafts", 0, func() error { return s.PutDraft(drafts...) }},
		{"appending five", 1, func() error { _, _, err := s.Append(a.log, drafts, a.sign); return err }},
		{"two logs taken in", 1, func() error { return s.Ingest(runs) }},
		{"the same again", 0, func() error { return s.Ingest(runs) }},
		{"a head seen", 0, func() error { other.addMany(1); return s.See(other.head(71)) }},
		{"late bodies", 1, func() error { return s.PutBodies(third.log, third.bodies(0, 3)) }},
		{"the same bodies", 0, func() error { return s.PutBodies(third.log, third.bodies(0, 3)) }},
		{"reading", 0, func() error { _, err := s.Candidates(accessPlan); return err }},
	} {
		before := commits
		if err := c.do(); err != nil {
			t.Errorf("%s: %v", c.what, err)
		}
		if got := commits - before; got != c.cost {
			t.Errorf("%s: %d transactions, want %d", c.what, got, c.cost)
		}
	}
}
