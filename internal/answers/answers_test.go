package answers

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const (
	public_     = guidancev1.Visibility_VISIBILITY_PUBLIC
	refuse      = guidancev1.Stance_STANCE_REFUSE
	support     = guidancev1.Stance_STANCE_SUPPORT
	essexOffice = "essex"
	thePlan     = "gpc/plan"
)

// world is one node of essex with a register of two committees, and logs of other
// offices as exchange would bring them.
type world struct {
	*Answers
	t       *testing.T
	now     time.Time
	records []register.Record
	reg     *register.Register
	keys    map[string]ed25519.PrivateKey

	// How entries are put from here on.
	critical []uint32           // with features their readers must know
	bodiless bool               // by their headers alone; not those of essex
	as       ledgerv1.EntryKind // under another kind than their own
	lastPut  []ledger.Entry     // what the last put logged
}

func (w *world) KnownAt(uint64) (*register.Register, uint64) { return w.reg, w.reg.Size() }
func (w *world) OfSize(uint64) *register.Register            { return w.reg }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2021, 11, 1, 12, 0, 0, 0, time.UTC), keys: map[string]ed25519.PrivateKey{}}
	st, err := store.Open(filepath.Join(t.TempDir(), "node.db"), store.Options{
		Federation: "trial", Office: essexOffice, MinFree: -1, Now: func() time.Time { return w.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if report, err := w.Store.Check(context.Background()); err != nil || len(report.Problems) > 0 {
			t.Errorf("the file is not sound: %v %v", report.Problems, err)
		}
		w.Store.Close()
	})
	for i, change := range []*ledgerv1.RegisterRecord{
		{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{Id: "north-essex", Name: "North Essex LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england"}}},
		{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england"}}},
		{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "north-essex", Office: essexOffice}}},
		{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "kent", Office: "kent"}}},
	} {
		w.records = append(w.records, register.Record{Entry: ledger.EntryID{Office: "gpc", Index: uint64(i)}, Body: change})
	}
	w.reg = register.Fold("trial", "gpc", nil, w.records)
	w.Answers = &Answers{
		Store: st, Registers: w, Federation: "trial", Office: essexOffice, Keeper: "gpc",
		LogKeys: func(ledger.LogID, uint64) []ed25519.PublicKey { return nil },
		PageKey: []byte("of this node"), Now: func() time.Time { return w.now }, Started: w.now,
	}
	w.put("gpc", public_, plan(thePlan, "The plan"))
	return w
}

func plan(name, title string) *guidancev1.Matter {
	day := &guidancev1.DayRange{Earliest: "2021-10-14", Latest: "2021-10-14"}
	return &guidancev1.Matter{
		Name: name, Title: title, Opened: day, Visibility: public_,
		Proposer: &guidancev1.Body{Id: "nhs-england", Name: "NHS England", Kind: guidancev1.BodyKind_BODY_KIND_NHS_BODY},
	}
}

func advisory(office, day string, stance guidancev1.Stance, committees ...string) *guidancev1.Advisory {
	return &guidancev1.Advisory{
		Office: office, OnBehalfOf: committees, Title: "On the plan", Body: "Our advice.\n",
		Issued:    &guidancev1.DayRange{Earliest: day, Latest: day},
		Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}, Visibility: public_,
		Positions: []*guidancev1.Position{{
			Committees: committees, Matter: thePlan, Stance: stance, Provenance: guidancev1.Provenance_PROVENANCE_PRIMARY,
			Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
		}},
	}
}

// put logs messages at the end of an office's log: at once for essex, as a peer's for
// the others. It returns the name of the last.
func (w *world) put(office string, visibility guidancev1.Visibility, messages ...proto.Message) string {
	w.t.Helper()
	log := ledger.LogID{Federation: "trial", Office: office}
	key := w.keys[office]
	if key == nil {
		_, key, _ = ed25519.GenerateKey(rand.Reader)
		w.keys[office] = key
	}
	tree, err := w.Store.Progress(log)
	if err != nil {
		w.t.Fatal(err)
	}
	first := tree.Size()
	var drafts []store.Draft
	var entries []ledger.Entry
	for i, m := range messages {
		body, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
		if err != nil {
			w.t.Fatal(err)
		}
		e, err := ledger.Seal(cmp.Or(w.as, kindOf(m)), visibility, first+uint64(i), w.now, body, rand.Reader, w.critical...)
		if err != nil {
			w.t.Fatal(err)
		}
		entries = append(entries, e)
		drafts = append(drafts, store.Draft{RequestID: fmt.Sprintf("%s %d", office, first+uint64(i)), Header: e.Header, Salt: e.Salt, Body: e.Body})
		tree.Append(ledger.LeafHash(e.Header))
	}
	w.lastPut = entries
	sign := func(size uint64, root tlog.Hash) (ledger.Checkpoint, error) {
		return ledger.SignCheckpoint(log, size, root, key)
	}
	if office == essexOffice {
		if _, _, err := w.Store.Append(log, drafts, sign); err != nil {
			w.t.Fatal(err)
		}
	} else {
		w.ingest(log, first, entries, tree, sign)
	}
	return log.Entry(tree.Size() - 1).String()
}

func kindOf(m proto.Message) ledgerv1.EntryKind {
	switch m.(type) {
	case *guidancev1.Matter:
		return ledgerv1.EntryKind_ENTRY_KIND_MATTER
	case *guidancev1.Withdrawal:
		return ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL
	case *guidancev1.ReportedPosition:
		return ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION
	case *ledgerv1.RegisterRecord:
		return ledgerv1.EntryKind_ENTRY_KIND_REGISTER
	case *ledgerv1.Erasure:
		return ledgerv1.EntryKind_ENTRY_KIND_ERASURE
	}
	return ledgerv1.EntryKind_ENTRY_KIND_ADVISORY
}

// putBodiless logs messages as put does, by their headers alone, and returns what brings
// their bodies.
func (w *world) putBodiless(office string, messages ...proto.Message) (arrive func()) {
	w.t.Helper()
	log := ledger.LogID{Federation: "trial", Office: office}
	tree, err := w.Store.Progress(log)
	if err != nil {
		w.t.Fatal(err)
	}
	w.bodiless = true
	w.put(office, public_, messages...)
	w.bodiless = false
	var bodies []*ledgerv1.SaltedBody
	for i := range messages {
		e := w.lastPut[i]
		bodies = append(bodies, &ledgerv1.SaltedBody{Index: tree.Size() + uint64(i), Salt: e.Salt, Body: e.Body})
	}
	return func() {
		w.t.Helper()
		if err := w.Store.PutBodies(log, bodies); err != nil {
			w.t.Fatal(err)
		}
	}
}

// ingest takes entries in as the exchange does.
func (w *world) ingest(log ledger.LogID, first uint64, entries []ledger.Entry, tree ledger.Tree, sign func(uint64, tlog.Hash) (ledger.Checkpoint, error)) {
	w.t.Helper()
	cp, err := sign(tree.Size(), tree.Root())
	if err != nil {
		w.t.Fatal(err)
	}
	held, err := w.Store.Progress(log)
	if err != nil {
		w.t.Fatal(err)
	}
	seg := ledger.Segment{Log: log, First: first, Checkpoint: cp.Note}
	for i, e := range entries {
		seg.Headers = append(seg.Headers, e.Header)
		if !w.bodiless {
			seg.Bodies = append(seg.Bodies, &ledgerv1.SaltedBody{Index: first + uint64(i), Salt: e.Salt, Body: e.Body})
		}
	}
	v, err := new(ledger.Verifier).Verify(held, seg, []ed25519.PublicKey{w.keys[log.Office].Public().(ed25519.PublicKey)})
	if err == nil {
		err = w.Store.Ingest([]ledger.Verified{v})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// everyAnswer is what a reader is told in every way there is, as text.
func (w *world) everyAnswer(reader Reader, entries []string, bodies [][]byte) map[string]string {
	w.t.Helper()
	ctx, told := context.Background(), map[string]string{}
	tell := func(name string, m proto.Message, err error) {
		told[name] = fmt.Sprint(m, err)
	}
	sel := &answersv1.Selector{Matter: "plan", Committee: "north-essex"}
	view, err := w.GetCombinedView(ctx, reader, &answersv1.GetCombinedViewRequest{Selector: sel})
	tell("view", view, err)
	national, err := w.GetNationalPicture(ctx, reader, &answersv1.GetNationalPictureRequest{Selector: sel})
	tell("national", national, err)
	history, err := w.ListEntries(ctx, reader, &answersv1.ListEntriesRequest{Selector: sel})
	tell("history", history, err)
	changes, err := w.GetChanges(ctx, reader, &answersv1.GetChangesRequest{Selector: &answersv1.Selector{Committee: "north-essex"}, Since: sinceDay("2021-10-01")})
	tell("changes", changes, err)
	for _, req := range []*answersv1.ListEntriesRequest{{}, {Office: essexOffice}, {Selector: &answersv1.Selector{Committee: "north-essex"}}} {
		list, err := w.ListEntries(ctx, reader, req)
		tell(fmt.Sprint("list ", req), list, err)
	}
	reg, err := w.GetRegister(ctx, reader, &answersv1.GetRegisterRequest{})
	tell("register", reg, err)
	practice, err := w.LookUpPractice(ctx, reader, &answersv1.LookUpPracticeRequest{Practice: "F81001"})
	tell("practice", practice, err)
	page, err := w.GetPracticePage(ctx, reader, &answersv1.GetPracticePageRequest{Practice: "F81001", Since: sinceDay("2021-10-01")})
	tell("practice's page", page, err)
	matters, err := w.ListMatters(ctx, reader, &answersv1.ListMattersRequest{})
	tell("matters", matters, err)
	matter, err := w.GetMatter(ctx, reader, &answersv1.GetMatterRequest{Name: "A plan that is not there"})
	tell("no matter", matter, err)
	for _, name := range entries {
		entry, err := w.GetEntry(ctx, reader, &answersv1.GetEntryRequest{Name: name})
		entry.Body = nil
		tell("entry "+name, entry, err)
		proof, err := w.GetProof(ctx, reader, &answersv1.GetProofRequest{Name: name})
		tell("proof "+name, proof, err)
	}
	for i, body := range bodies {
		verified, err := w.Verify(ctx, reader, &answersv1.VerifyRequest{Body: body})
		tell(fmt.Sprint("verify ", i), verified, err)
	}
	watching, stop := context.WithCancel(ctx)
	err = w.Watch(watching, reader, &answersv1.WatchViewRequest{Selector: sel}, anyTurn, func(m *answersv1.WatchViewResponse) error {
		tell("watch", m, nil)
		stop()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		told["watch"] = fmt.Sprint(err)
	}
	return told
}

func TestEveryAnswerTellsAReaderOnlyWhatTheyMayRead(t *testing.T) {
	w := newWorld(t)
	secret := map[guidancev1.Visibility]string{}
	var names []string
	var bodies [][]byte
	for v := public_; v <= guidancev1.Visibility_VISIBILITY_OFFICE; v++ {
		secret[v] = "words-for-" + v.String()
		a := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
		a.Visibility, a.Title, a.Positions[0].Rationale, a.Notice = v, secret[v], secret[v], secret[v]
		names = append(names, w.put(essexOffice, v, a))
		m := plan("essex/"+fmt.Sprintf("m%d", v), secret[v])
		m.Visibility = v
		w.put(essexOffice, v, m)
		body, _ := proto.MarshalOptions{Deterministic: true}.Marshal(a)
		bodies = append(bodies, body)
	}
	all := []guidancev1.Visibility{1, 2, 3, 4, 5}
	for _, c := range []struct {
		reader   Reader
		reads    []guidancev1.Visibility
		withheld int // advisory and matter of each visibility that is told apart by count
	}{
		{Public(), all[:1], 8},
		{Practice("kent"), all[:2], 6},
		{Practice("north-essex", "kent"), all[:3], 6},
		{Office("kent"), []guidancev1.Visibility{1, 2, 4}, 4},
		{Office(essexOffice), all, 0},
	} {
		for answer, text := range w.everyAnswer(c.reader, names, bodies) {
			for v, words := range secret {
				if strings.Contains(text, words) && !slices.Contains(c.reads, v) {
					t.Errorf("%s is told %s by %s: %s", c.reader, words, answer, text)
				}
			}
		}
		h, err := w.ListEntries(context.Background(), c.reader, &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan"}})
		if err != nil {
			t.Fatal(err)
		}
		var got []guidancev1.Visibility
		for _, item := range h.Entries {
			for v, words := range secret {
				if item.GetAdvisory().GetNotice() == words {
					got = append(got, v)
				}
			}
		}
		if slices.Sort(got); !slices.Equal(got, c.reads) {
			t.Errorf("history tells %s what is for %v, want %v", c.reader, got, c.reads)
		}
		if n := h.Completeness.Withheld[essexOffice]; n != int32(c.withheld) || n > 0 && h.Completeness.Complete {
			t.Errorf("%s is told that %d are withheld, want %d; complete: %v", c.reader, n, c.withheld, h.Completeness.Complete)
		}
	}
}

// An office that speaks for nobody logs an advisory for another's committee, and a
// withdrawal of what that one said.
func TestForgedStatementsAreMarkedAndNamedByTheLogsOffice(t *testing.T) {
	w := newWorld(t)
	real := w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	forged := w.put("kent", public_, advisory("", "2021-10-26", support, "north-essex"))
	taken := w.put("kent", public_, &guidancev1.Withdrawal{
		Office: "essex", OnBehalfOf: []string{"north-essex"}, Advisory: real, Effective: "2021-10-26", Reason: "forged", Visibility: public_, Matters: []string{thePlan},
		Issued: &guidancev1.DayRange{Earliest: "2021-10-26", Latest: "2021-10-26"},
	})
	h, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan"}})
	if err != nil || len(h.Entries) != 3 {
		t.Fatalf("%v, %v", h, err)
	}
	for _, item := range h.Entries {
		wantOffice, _, _ := strings.Cut(item.Name, "/")
		st := item.Standings[0]
		if counts(item) != (item.Name == real) || item.Office != wantOffice || len(st.Endings) > 0 || st.Current != (item.Name == real) {
			t.Errorf("history has %s of %s, standing %v", item.Name, item.Office, st)
		}
		if item.Name != real && !strings.Contains(item.Words, "does not count") {
			t.Errorf("history says of %s: %q", item.Name, item.Words)
		}
	}
	for name, want := range map[string]bool{real: true, forged: false, taken: false} {
		got, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: name})
		e := got.GetEntry()
		if err != nil || counts(e) != want || len(e.Standings[0].Endings) > 0 || !strings.HasPrefix(name, e.Office+"/") || e.Words == "" {
			t.Errorf("%s: %v, %v", name, e, err)
		}
	}
}

// counts says whether an entry counts for the first committee it names.
func counts(e *answersv1.Entry) bool {
	return e.Standings[0].NotCounted == answersv1.NotCountedReason_NOT_COUNTED_REASON_UNSPECIFIED
}

func TestATitleMeansTheKeepersMatterFirstAndElseIsAskedBack(t *testing.T) {
	w := newWorld(t)
	later := plan("kent/hijacked", "the PLAN")
	later.Opened = &guidancev1.DayRange{Earliest: "2021-10-30", Latest: "2021-10-30"}
	w.put("kent", public_, later, plan("kent/local", "Local thing"))
	w.put(essexOffice, public_, plan("essex/local", "local thing"))
	got, err := w.GetMatter(context.Background(), Public(), &answersv1.GetMatterRequest{Name: "The Plan"})
	if err != nil || got.Matter.Name != thePlan {
		t.Errorf("the keeper's title finds %v, %v", got, err)
	}
	_, err = w.GetMatter(context.Background(), Public(), &answersv1.GetMatterRequest{Name: "local thing"})
	if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "kent") || !strings.Contains(err.Error(), "essex") {
		t.Errorf("a title of two offices: %v, want that it asks which and names whose", err)
	}
}

// A stranger calls its own matter by the names that matters of the keeper and of kent will
// have, in its title or among its aliases.
func TestNoTitleOrAliasCapturesAnotherOfficesName(t *testing.T) {
	w := newWorld(t)
	names := []string{"gpc/next-plan", "GPC/Next-Plan", "next-plan", "kent/next-plan"}
	for i, name := range names {
		w.put("stranger", public_, plan(fmt.Sprintf("stranger/mine-%d", i), name))
	}
	bare := plan("stranger/mine-too", "Something else")
	bare.Aliases = []string{"next-plan"}
	w.put("stranger", public_, bare)
	end, _ := w.Store.FeedEnd()
	for _, name := range names {
		if got, err := w.GetMatter(context.Background(), Public(), &answersv1.GetMatterRequest{Name: name}); !errors.Is(err, fault.ErrUnknownMatter) {
			t.Errorf("%s, which nobody opened, is %s, %v", name, got.GetMatter().GetName(), err)
		}
	}
	own := plan("gpc/next-plan", "The next plan")
	own.Aliases = []string{"next-one", "gpc/plan-2022"}
	w.put("gpc", public_, own)
	w.put("kent", public_, plan("kent/next-plan", "Kent's next plan"))
	for name, want := range map[string]string{
		"gpc/next-plan": "gpc/next-plan", "GPC/Next-Plan": "gpc/next-plan", "next-plan": "gpc/next-plan", "kent/next-plan": "kent/next-plan",
		"next-one": "gpc/next-plan", "gpc/plan-2022": "gpc/next-plan", "something else": "stranger/mine-too",
	} {
		for _, known := range []uint64{end, end + 2} { // as known before it was here, and after
			view, err := w.GetCombinedView(context.Background(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{
				Matter: name, KnownAt: &answersv1.Selector_KnownAtFeed{KnownAtFeed: known},
			}})
			if err != nil || view.View.Matter.Name != want {
				t.Errorf("as known at %d, %s is %s, want %s, %v", known, name, view.GetView().GetMatter().GetName(), want, err)
			}
		}
	}
}

func TestAnOfficeWithoutMandateOpensFewMatters(t *testing.T) {
	w := newWorld(t)
	var many []proto.Message
	for i := range recount.MattersWithoutMandate + 1 {
		many = append(many, plan(fmt.Sprintf("nobody/m-%d", i), fmt.Sprintf("Matter %d", i)))
	}
	w.put("nobody", public_, many...)
	list, err := w.ListMatters(context.Background(), Public(), &answersv1.ListMattersRequest{})
	if err != nil || len(list.Matters) != recount.MattersWithoutMandate+1 { // and the plan
		t.Errorf("%d matters are listed, want %d, %v", len(list.GetMatters()), recount.MattersWithoutMandate+1, err)
	}
	for name, known := range map[string]bool{
		fmt.Sprintf("nobody/m-%d", recount.MattersWithoutMandate-1): true,
		fmt.Sprintf("nobody/m-%d", recount.MattersWithoutMandate):   false,
	} {
		if _, err := w.GetMatter(context.Background(), Public(), &answersv1.GetMatterRequest{Name: name}); errors.Is(err, fault.ErrUnknownMatter) == known {
			t.Errorf("%s: %v, want known %v", name, err, known)
		}
	}
}

func TestWhatAnswersCostInEntriesRead(t *testing.T) {
	w := newWorld(t)
	var matters, letters []proto.Message
	for i := range 300 {
		matters = append(matters, plan(fmt.Sprintf("kent/m-%d", i), fmt.Sprintf("Matter %d", i)))
	}
	w.put("kent", public_, matters...)
	for range 120 {
		letters = append(letters, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	}
	last := w.put(essexOffice, public_, letters...)
	spent := 0
	w.spent = func(n int) { spent = n }
	ctx, sel := context.Background(), &answersv1.Selector{Matter: "plan"}
	for _, c := range []struct {
		name string
		ask  func() error
		want int
		why  string
	}{
		{"a matter by name", func() error {
			_, err := w.GetMatter(ctx, Public(), &answersv1.GetMatterRequest{Name: "plan"})
			return err
		}, 1, "its newest version"},
		{"a matter by title", func() error {
			_, err := w.GetMatter(ctx, Public(), &answersv1.GetMatterRequest{Name: "Matter 7"})
			return err
		}, 2, "what has the title, and the newest version of that"},
		{"a page of 10 matters", func() error {
			_, err := w.ListMatters(ctx, Public(), &answersv1.ListMattersRequest{PageSize: 10})
			return err
		}, 2*11 - 2, "each and its newest version, and one more to know that there is more, but the two known by now"},
		{"a page of 10 of a history of 120, the first since a matter came", func() error {
			_, err := w.ListEntries(ctx, Public(), &answersv1.ListEntriesRequest{Selector: sel, PageSize: 10})
			return err
		}, 11 + 2*301 - 11, "as below; and each matter, which may be linked with this, and its newest version, but those known by now"},
		{"a page of 10 of a history of 120", func() error {
			_, err := w.ListEntries(ctx, Public(), &answersv1.ListEntriesRequest{Selector: sel, PageSize: 10})
			return err
		}, 11, "each shown, and one more to know that there is more"},
		{"a view", func() error {
			_, err := w.GetCombinedView(ctx, Public(), &answersv1.GetCombinedViewRequest{Selector: sel})
			return err
		}, 120, "everything said"},
		{"a view again", func() error {
			_, err := w.GetCombinedView(ctx, Public(), &answersv1.GetCombinedViewRequest{Selector: sel})
			return err
		}, 0, "what was read before"},
		{"a view as of a past day", func() error {
			_, err := w.GetCombinedView(ctx, Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan", AsOf: "2021-10-20"}})
			return err
		}, 0, "the same"},
		{"one entry", func() error {
			_, err := w.GetEntry(ctx, Public(), &answersv1.GetEntryRequest{Name: last})
			return err
		}, 1 + 120, "it, and what its committee says there"},
	} {
		if err := c.ask(); err != nil || spent != c.want {
			t.Errorf("%s reads %d entries, want %d (%s), %v", c.name, spent, c.want, c.why, err)
		}
	}
}

// Kent opens 20 matters and loses its committee, so that only the first few count: the last
// one given is none of them any more.
func TestAListOfMattersGoesOnBehindOneThatCountsNoMore(t *testing.T) {
	w := newWorld(t)
	var matters []proto.Message
	for i := range recount.MattersWithoutMandate + 4 {
		matters = append(matters, plan(fmt.Sprintf("kent/m-%02d", i), fmt.Sprint("Matter ", i)))
	}
	w.put("kent", public_, matters...)
	oldest := plan("essex/oldest", "The oldest")
	oldest.Opened = &guidancev1.DayRange{Earliest: "2021-10-01", Latest: "2021-10-01"}
	w.put(essexOffice, public_, oldest)
	req := &answersv1.ListMattersRequest{PageSize: int32(len(matters)) - 1}
	first, err := w.ListMatters(context.Background(), Public(), req)
	if err != nil || first.NextPageToken == "" {
		t.Fatal(first, err)
	}
	w.records[3].Body = &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "kent", Office: essexOffice}}}
	w.reg = register.Fold("trial", "gpc", nil, w.records)
	spent := 0
	w.spent = func(n int) { spent = n }
	req.PageToken = first.NextPageToken
	rest, err := w.ListMatters(context.Background(), Public(), req)
	if err != nil || len(rest.Matters) == 0 || rest.Matters[len(rest.Matters)-1].Name != oldest.Name {
		t.Errorf("the next page is %v, %v, want that it goes on to %s", rest, err, oldest.Name)
	}
	if spent > 4 {
		t.Errorf("a page of %d reads %d entries: those of the pages before too", len(rest.GetMatters()), spent)
	}
}

// 300 versions of one matter, listed and looked for by title.
func TestManyVersionsOfAMatterAreReadTwiceAtMost(t *testing.T) {
	w := newWorld(t)
	const versions = 300
	var all []proto.Message
	for i := range versions {
		m := plan("kent/local", "Local thing")
		m.Summary = fmt.Sprint("version ", i)
		all = append(all, m)
	}
	w.put("kent", public_, all...)
	spent := 0
	w.spent = func(n int) { spent = n }
	list, err := w.ListMatters(context.Background(), Public(), &answersv1.ListMattersRequest{PageSize: 10})
	if want := 2*versions + 2; err != nil || len(list.Matters) != 2 || spent != want { // and the plan and its one version
		t.Errorf("a page of %d matters reads %d entries, want %d, %v", len(list.GetMatters()), spent, want, err)
	}
	got, err := w.GetMatter(context.Background(), Public(), &answersv1.GetMatterRequest{Name: "Local thing"})
	if want := versions; err != nil || got.Matter.Summary != fmt.Sprint("version ", versions-1) || spent != want {
		t.Errorf("by title it is %q and reads %d entries, want %d, %v", got.GetMatter().GetSummary(), spent, want, err)
	}
}

func TestLaterPagesAreOfTheFirstPagesSnapshot(t *testing.T) {
	w := newWorld(t)
	var want []string
	for i := range 5 {
		want = append(want, w.put(essexOffice, public_, advisory(essexOffice, fmt.Sprintf("2021-10-%d", 20+i), refuse, "north-essex")))
	}
	slices.Reverse(want)
	var got []string
	req := &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan"}, PageSize: 2}
	for range 4 {
		page, err := w.ListEntries(context.Background(), Public(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Entries {
			got = append(got, item.Name)
		}
		if req.PageToken = page.NextPageToken; req.PageToken == "" {
			break
		}
		w.put(essexOffice, public_, advisory(essexOffice, "2021-10-31", refuse, "north-essex")) // grows at the front
		w.now = w.now.AddDate(0, 0, 1)
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages give %v, want %v", got, want)
	}
}

func TestPageTokensGrantNothingAndAreRefusedElsewhere(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	}
	ask := func(of *world, reader Reader, matter, token string) error {
		_, err := of.ListEntries(context.Background(), reader, &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: matter}, PageSize: 1, PageToken: token})
		return err
	}
	first, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan"}, PageSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	token := first.NextPageToken
	if err := ask(w, Public(), "plan", token); err != nil {
		t.Fatalf("the token as given: %v", err)
	}
	other := newWorld(t)
	other.now = other.now.Add(time.Minute)
	for range 3 {
		other.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	}
	stranger := newWorld(t)
	stranger.PageKey = []byte("another")
	for name, err := range map[string]error{
		"of another query":              ask(w, Public(), "The plan", token),
		"of another reader":             ask(w, Office("kent"), "plan", token),
		"of this node before a restore": ask(other, Public(), "plan", token),
		"of another node":               ask(stranger, Public(), "plan", token),
		"cut":                           ask(w, Public(), "plan", token[:len(token)-1]),
		"without its sum":               ask(w, Public(), "plan", token[:strings.Index(token, ".")]),
		"of another list": func() error {
			_, err := w.ListMatters(context.Background(), Public(), &answersv1.ListMattersRequest{PageToken: token})
			return err
		}(),
		"with a negative size beside it": func() error {
			_, err := w.ListMatters(context.Background(), Public(), &answersv1.ListMattersRequest{PageSize: -4})
			return err
		}(),
	} {
		if !errors.Is(err, fault.ErrInvalid) || fault.Hint(err) == "" || len(fault.Violations(err)) != 1 {
			t.Errorf("a token %s: %v, want that it is invalid, why, and what to do", name, err)
		}
	}
	for i := range token {
		altered := []byte(token)
		altered[i] ^= 1
		if err := ask(w, Public(), "plan", string(altered)); !errors.Is(err, fault.ErrInvalid) {
			t.Fatalf("altered at %d: %v", i, err)
		}
	}
	w.now = w.now.AddDate(0, 0, tokenDays)
	if err := ask(w, Public(), "plan", token); err != nil {
		t.Errorf("after %d days: %v", tokenDays, err)
	}
	w.now = w.now.AddDate(0, 0, 1)
	if err := ask(w, Public(), "plan", token); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("after %d days: %v, want that it is too old", tokenDays+1, err)
	}
}

// 1,200 letters that each amend the 64 before: left alone, a question takes seconds.
func TestAQuestionEndsWhenNobodyWaitsForIt(t *testing.T) {
	w := newWorld(t)
	var letters []proto.Message
	for i := range 1200 {
		a := advisory(essexOffice, "2021-10-25", guidancev1.Stance(1+i%6), "north-essex")
		for j := max(0, i-64); j < i; j++ {
			a.Amends = append(a.Amends, fmt.Sprintf("essex/%d", j))
		}
		letters = append(letters, a)
	}
	w.put(essexOffice, public_, letters...)
	sel := &answersv1.Selector{Matter: "plan"}
	for name, ask := range map[string]func(context.Context) error{
		"view": func(ctx context.Context) error {
			_, err := w.GetCombinedView(ctx, Public(), &answersv1.GetCombinedViewRequest{Selector: sel})
			return err
		},
		"national": func(ctx context.Context) error {
			_, err := w.GetNationalPicture(ctx, Public(), &answersv1.GetNationalPictureRequest{Selector: sel})
			return err
		},
		"history": func(ctx context.Context) error {
			_, err := w.ListEntries(ctx, Public(), &answersv1.ListEntriesRequest{Selector: sel, PageSize: 1000})
			return err
		},
		"entry": func(ctx context.Context) error {
			_, err := w.GetEntry(ctx, Public(), &answersv1.GetEntryRequest{Name: "essex/0"})
			return err
		},
		"watch": func(ctx context.Context) error {
			return w.Watch(ctx, Public(), &answersv1.WatchViewRequest{Selector: sel}, anyTurn, func(*answersv1.WatchViewResponse) error { return nil })
		},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
		began := time.Now()
		err := ask(ctx)
		late := time.Since(began)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v after %v, want that its deadline ended it", name, err, late)
		}
		if late > 3*time.Second { // 50 ms on a quiet machine
			t.Errorf("%s went on for %v after its deadline", name, late)
		}
	}
}

func TestHistoryIsInTheLogsOrderNotTheTexts(t *testing.T) {
	w := newWorld(t)
	var letters []proto.Message
	for range 12 {
		letters = append(letters, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	}
	w.put(essexOffice, public_, letters...)
	earlier := w.put(essexOffice, public_, advisory(essexOffice, "2021-10-24", refuse, "north-essex"))
	h, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan"}})
	if err != nil || len(h.Entries) != 13 {
		t.Fatalf("%v, %v", h, err)
	}
	for i, item := range h.Entries[:12] {
		if want := fmt.Sprintf("essex/%d", 11-i); item.Name != want {
			t.Errorf("item %d is %s, want %s", i, item.Name, want)
		}
	}
	if h.Entries[12].Name != earlier {
		t.Errorf("what was issued first is %s, want %s", h.Entries[12].Name, earlier)
	}
}

func TestHistoryOfACommitteeLeavesOutTheOthers(t *testing.T) {
	w := newWorld(t)
	w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	kents := w.put("kent", public_, advisory("kent", "2021-10-25", support, "kent"))
	taken := w.put("kent", public_, &guidancev1.Withdrawal{
		OnBehalfOf: []string{"kent"}, Advisory: kents, Effective: "2021-10-26", Visibility: public_, Matters: []string{thePlan},
		Issued: &guidancev1.DayRange{Earliest: "2021-10-26", Latest: "2021-10-26"},
	})
	h, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan", Committee: "kent"}})
	if err != nil || len(h.Entries) != 2 || h.Entries[0].Name != taken || h.Entries[1].Name != kents || h.Entries[1].Standings[0].Endings[0].Entry != taken {
		t.Errorf("%v, %v", h, err)
	}
}

func TestAnAreaIsFoundByItsCodeOrAskedBack(t *testing.T) {
	w := newWorld(t)
	for _, scheme := range []string{"icb", "sub-icb"} {
		area := &guidancev1.Area{Id: &guidancev1.AreaId{Scheme: scheme, Code: "06Q"}, Name: "Mid Essex"}
		w.records = append(w.records, register.Record{
			Entry: ledger.EntryID{Office: "gpc", Index: uint64(len(w.records))},
			Body:  &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: area}},
		})
	}
	w.reg = register.Fold("trial", "gpc", nil, w.records)
	for code, want := range map[string]error{"sub-icb:06Q": nil, "icb:06Q": nil, "06Q": fault.ErrInvalid, "typo": fault.ErrUnknownArea} {
		_, err := w.GetCombinedView(context.Background(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan", Area: code}})
		if !errors.Is(err, want) {
			t.Errorf("area %q: %v, want %v", code, err, want)
		}
	}
}

func TestAnEntryOfEachKindHasItsContent(t *testing.T) {
	w := newWorld(t)
	letter := w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	withdrawal := w.put(essexOffice, public_, &guidancev1.Withdrawal{Office: essexOffice, OnBehalfOf: []string{"north-essex"}, Advisory: letter, Issued: &guidancev1.DayRange{Earliest: "2021-10-26", Latest: "2021-10-26"}})
	for name, has := range map[string]func(*answersv1.Entry) bool{
		letter:     func(r *answersv1.Entry) bool { return r.GetAdvisory().GetTitle() == "On the plan" },
		withdrawal: func(r *answersv1.Entry) bool { return r.GetWithdrawal().GetAdvisory() == letter },
		"gpc/0":    func(r *answersv1.Entry) bool { return r.GetMatter().GetTitle() == "The plan" },
	} {
		got, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: name})
		if err != nil || !has(got.Entry) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for name, want := range map[string]error{"essex/99": store.ErrNotFound, "essex/07": fault.ErrInvalid, "": fault.ErrInvalid} {
		if _, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: name}); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", name, err, want)
		}
	}
}

// Whoever amends a matter so that lines lapse is told whose, and which entry speaks on a measure.
func TestAmendingAMatterSaysWhoseLineReadsOtherwise(t *testing.T) {
	w := newWorld(t)
	letter := advisory(essexOffice, "2021-10-25", guidancev1.Stance_STANCE_SUPPORT, "north-essex")
	letter.Positions[0].Measure = "fund"
	entry := w.put(essexOffice, public_, letter)
	was, is := plan(thePlan, "The plan"), plan(thePlan, "The plan")
	was.Measures, is.Measures = []*guidancev1.Measure{{Id: "fund", Title: "Fund"}}, []*guidancev1.Measure{{Id: "fund", Title: "Fund"}}
	is.Measures[0].ClaimedEffects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH}}
	err := w.Publishing(t.Context(), Touches{}, func(known guidance.PublishContext) error {
		if got := known.SpokenOn(thePlan, "fund"); got != entry {
			t.Errorf("%q speaks on it, want %q", got, entry)
		}
		if got := known.SpokenOn(thePlan, "nothing"); got != "" {
			t.Errorf("%q speaks on what nobody speaks on", got)
		}
		if got := known.ReadOtherwise(was, is); len(got) != 1 || !strings.Contains(got[0], "was support ("+entry+"), now no line") {
			t.Errorf("told %q", got)
		}
		claim := is.Measures[0].ClaimedEffects[0] // named nobody where it begins later, or is over by then
		claim.ValidFrom = "2099-01-01"
		if got := known.ReadOtherwise(was, is); len(got) != 1 || !strings.HasPrefix(got[0], "From 1 January 2099: ") || !strings.Contains(got[0], "was support ("+entry+"), now no line") {
			t.Errorf("of a claim that begins later: told %q", got)
		}
		claim.ValidFrom, claim.ValidUntil = "", "2098-12-31"
		if got := known.ReadOtherwise(was, is); len(got) != 1 || strings.HasPrefix(got[0], "From ") {
			t.Errorf("of a claim that ends later: told %q", got)
		}
		if got := known.ReadOtherwise(was, was); len(got) != 0 {
			t.Errorf("of the same matter: %q", got)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// anyTurn lets whoever asks work at once.
func anyTurn() (leave func(), err error) { return func() {}, nil }
