package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func names(rows []Row) []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID.String()
	}
	return ids
}

func wantCandidates(t *testing.T, s *Store, matter string, want ...string) []Row {
	t.Helper()
	rows, err := s.Candidates(matter)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(names(rows), want) {
		t.Errorf("candidates of %.60q are %v, want %v", matter, names(rows), want)
	}
	return rows
}

func TestCandidatesAreWhatBearsOnTheMatter(t *testing.T) {
	s, a, gpc := newStore(t, "essex"), newAuthor("surrey-sussex"), newAuthor("gpc-england")
	a.add(kindAdvisory, public, advisory("on the plan", accessPlan))                                               // 0
	a.add(kindAdvisory, public, advisory("on another", otherPlan))                                                 // 1
	a.add(kindAdvisory, public, marshal(&guidancev1.Advisory{Replaces: []string{"surrey-sussex/0"}}))              // 2: ends 0
	a.add(kindWithdrawal, public, marshal(&guidancev1.Withdrawal{Advisory: "surrey-sussex/2", Restores: nil}))     // 3: ends 2
	a.add(kindAdvisory, public, advisory("on both", otherPlan, accessPlan, accessPlan))                            // 4
	a.add(kindWithdrawal, public, marshal(&guidancev1.Withdrawal{Advisory: "essex@1/9", Restores: []string{"x"}})) // 5: of nothing here
	a.add(kindReport, public, marshal(&guidancev1.ReportedPosition{Position: &guidancev1.Position{Matter: accessPlan}}))
	gpc.add(kindWithdrawal, public, marshal(&guidancev1.Withdrawal{Advisory: "gpc-england/7", Restores: []string{"surrey-sussex/4"}}))
	a.give(t, s, 0, 7, 7)
	gpc.give(t, s, 0, 1, 1)
	rows := wantCandidates(t, s, accessPlan, "gpc-england/0", "surrey-sussex/0", "surrey-sussex/2", "surrey-sussex/3", "surrey-sussex/4", "surrey-sussex/6")
	wantCandidates(t, s, otherPlan, "gpc-england/0", "surrey-sussex/1", "surrey-sussex/4")
	for offices, want := range map[string][]string{
		"surrey-sussex":             names(rows[1:]), // and no ending of another's
		"gpc-england surrey-sussex": names(rows),
		"gpc-england":               {},
		"surrey":                    {}, // no office is taken for one whose id begins like its own
	} {
		if of, err := s.CandidatesOf(accessPlan, strings.Fields(offices)); err != nil || !slices.Equal(names(of), want) {
			t.Errorf("candidates of %s: %v, %v, want %v", offices, names(of), err, want)
		}
	}
	wantCandidates(t, s, "gpc-england/unheard-of")
	wantCandidates(t, s, "access-plan-2021") // a bare slug names nothing here

	row := rows[1]
	if row.Kind != kindAdvisory || row.Visibility != public || !row.Logged.Equal(testNow) || !row.Recorded.Equal(testNow) || row.Feed != 1 {
		t.Errorf("row is %+v", row)
	}
	if rows[0].Feed != 2 {
		t.Errorf("the later arrival has feed %d, want 2", rows[0].Feed)
	}
	var got guidancev1.Advisory
	if err := proto.Unmarshal(row.Body, &got); err != nil {
		t.Fatal(err)
	}
	if got.GetTitle() != "on the plan" || got.GetBody() != "" || len(got.GetAttachments()) != 0 || len(got.GetPositions()) != 1 {
		t.Errorf("row holds %v", &got)
	}
}

func TestMattersAndRegisterAreListedInOrder(t *testing.T) {
	s, gpc, a := newStore(t, "essex"), newAuthor("gpc-england"), newAuthor("surrey-sussex")
	for i := range 70 {
		gpc.add(kindRegister, public, marshal(&ledgerv1.RegisterRecord{Note: fmt.Sprint("record ", i)}))
	}
	gpc.add(kindMatter, public, marshal(&guidancev1.Matter{Name: accessPlan}))
	a.add(kindRegister, public, marshal(&ledgerv1.RegisterRecord{Note: "not the keeper"}))
	gpc.give(t, s, 0, 71, 71)
	a.give(t, s, 0, 1, 1)

	records, err := s.Register(gpc.log, 0, 1000)
	if err != nil || len(records) != 70 {
		t.Fatalf("register has %d records, %v; want 70", len(records), err)
	}
	for i, r := range records {
		var record ledgerv1.RegisterRecord
		if err := proto.Unmarshal(r.Body, &record); err != nil || record.GetNote() != fmt.Sprint("record ", i) {
			t.Fatalf("record %d is %v, %v", i, &record, err)
		}
	}
	matters, err := s.Matters()
	if err != nil || !slices.Equal(names(matters), []string{"gpc-england/70"}) {
		t.Errorf("matters are %v, %v", names(matters), err)
	}
	rows, err := s.Rows(gpc.log, 68, 2)
	if err != nil || !slices.Equal(names(rows), []string{"gpc-england/68", "gpc-england/69"}) {
		t.Errorf("rows are %v, %v", names(rows), err)
	}
}

// Invariant 7, and what is not understood is counted, listed and never found.
func TestWhatIsNotUnderstoodIsKeptRelayedAndListed(t *testing.T) {
	a := newAuthor("surrey-sussex")
	fromTheFuture := protowire.AppendString(protowire.AppendTag(advisory("new field", accessPlan), 1000, protowire.BytesType), "?")
	a.add(999, public, []byte("a kind of next year"))
	a.add(kindAdvisory, public, []byte{0xff, 0xff}) // does not parse
	a.add(kindAdvisory, public, fromTheFuture)      // understood all the same
	a.add(kindErasure, public, []byte{0xff})        // neither does this
	a.take(critical(a.seal(4, kindAdvisory, public, advisory("critical", accessPlan)), 77))
	a.add(kindAdvisory, public, marshal(&guidancev1.Advisory{Body: "fine"}))
	a.add(kindAdvisory, public, protowire.AppendBytes(protowire.AppendTag(nil, 4, protowire.BytesType), []byte{0xc3})) // text is not UTF-8

	s, peer := newStore(t, "essex"), newStore(t, "cambridgeshire")
	a.give(t, s, 0, 7, 7)
	copyLogs(t, s, peer, a, 1<<20)
	for _, store := range []*Store{s, peer} {
		for i, e := range a.entries {
			got, err := store.Entry(a.log.Entry(uint64(i)))
			if err != nil || string(got.HeaderBytes) != string(e.Header) || string(got.Body) != string(e.Body) {
				t.Errorf("entry %d is not what was written: %v", i, err)
			}
		}
		ids, err := store.NotUnderstood(a.log)
		if err != nil || fmt.Sprint(ids) != "[surrey-sussex/0 surrey-sussex/1 surrey-sussex/3 surrey-sussex/4 surrey-sussex/6]" {
			t.Errorf("not understood: %v, %v", ids, err)
		}
		if n := store.Counts(a.log).NotUnderstood; n != 5 {
			t.Errorf("%d counted as not understood, want 5", n)
		}
		wantCandidates(t, store, accessPlan, "surrey-sussex/2")
	}
}

// critical makes an entry name a feature nobody understands.
func critical(e ledger.Entry, feature uint32) ledger.Entry {
	h, err := ledger.ParseHeader(e.Header)
	if err != nil {
		panic(err)
	}
	h.Critical = []uint32{feature}
	e.Header = marshal(h)
	return e
}

func TestLinksAreIndexedUpToTheLimit(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	longest := strings.Repeat("m", MatterLimit)
	a.add(kindAdvisory, public, advisory("at the limit", longest))
	a.add(kindAdvisory, public, advisory("over it", longest+"m", accessPlan))
	var many []string
	for i := range content.LinkLimit {
		many = append(many, fmt.Sprint(accessPlan, i))
	}
	a.add(kindAdvisory, public, advisory("many", many...))
	a.add(kindAdvisory, public, advisory("too many", append(many, otherPlan)...))
	a.give(t, s, 0, 4, 4)
	wantCandidates(t, s, longest, "surrey-sussex/0")
	wantCandidates(t, s, longest+"m")
	wantCandidates(t, s, accessPlan, "surrey-sussex/1")
	wantCandidates(t, s, many[content.LinkLimit-1], "surrey-sussex/2")
	wantCandidates(t, s, otherPlan)
	if n := s.Counts(a.log).NotUnderstood; n != 1 {
		t.Errorf("%d not understood, want the one over the limit", n)
	}
}

func TestFindBodyFindsExactlyTheseBytes(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(70)
	a.add(kindAdvisory, public, a.entries[3].Body) // said twice: both are found
	a.give(t, s, 0, 71, 71)
	for i, want := range map[uint64][]ledger.EntryID{3: {a.log.Entry(3), a.log.Entry(70)}, 69: {a.log.Entry(69)}} {
		if ids, err := s.FindBody(a.entries[i].Body); err != nil || !slices.Equal(ids, want) {
			t.Errorf("FindBody of %d = %v, %v, want %v", i, ids, err, want)
		}
	}
	copier := newAuthor("aaa")
	for range FoundLimit + 1 {
		copier.add(kindAdvisory, public, a.entries[3].Body)
	}
	copier.give(t, s, 0, FoundLimit+1, FoundLimit+1)
	for office, want := range map[string]int{"surrey-sussex": 2, "aaa": FoundLimit, "surrey": 0} {
		if ids, err := s.FindBody(a.entries[3].Body, office); err != nil || len(ids) != want || want > 0 && ids[0].Office != office {
			t.Errorf("FindBody of 3 in the logs of %s = %v, %v, want %d", office, ids, err, want)
		}
	}
	if ids, err := s.FindBody([]byte("never published")); len(ids) > 0 || err != nil {
		t.Errorf("FindBody of nothing = %v, %v", ids, err)
	}
}

func TestEntryBeyondTheHeadIsNotFound(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(3)
	a.give(t, s, 0, 2, 2)
	for _, id := range []ledger.EntryID{a.log.Entry(2), {Office: "nobody"}} {
		if _, err := s.Entry(id); !errors.Is(err, ErrNotFound) {
			t.Errorf("Entry(%v): %v, want ErrNotFound", id, err)
		}
		if _, _, err := s.Proof(id); !errors.Is(err, ErrNotFound) {
			t.Errorf("Proof(%v): %v, want ErrNotFound", id, err)
		}
	}
}
