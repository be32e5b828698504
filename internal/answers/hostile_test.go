package answers

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func (w *world) verify(said proto.Message) *answersv1.VerifyResponse {
	w.t.Helper()
	body, err := proto.MarshalOptions{Deterministic: true}.Marshal(said)
	if err != nil {
		w.t.Fatal(err)
	}
	got, err := w.Verify(context.Background(), Public(), &answersv1.VerifyRequest{Body: body})
	if err != nil {
		w.t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	byDigest, err := w.Verify(context.Background(), Public(), &answersv1.VerifyRequest{Digest: &answersv1.BodyDigest{
		Sha256: sum[:], Crc32C: binary.BigEndian.AppendUint32(nil, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli))), SizeBytes: int64(len(body)),
	}})
	if diff := cmp.Diff(got, byDigest, protocmp.Transform()); err != nil || diff != "" {
		w.t.Errorf("asked by its digest, a letter is another: %v, %s", err, diff)
	}
	return got
}

// A stranger logs the bytes of another office's withdrawn letter, under any kind there is.
func TestAStrangersCopyMakesNoWithdrawnLetterCurrentAgain(t *testing.T) {
	for _, kind := range []ledgerv1.EntryKind{0, 99, ledgerv1.EntryKind_ENTRY_KIND_MATTER, ledgerv1.EntryKind_ENTRY_KIND_ERASURE, ledgerv1.EntryKind_ENTRY_KIND_REGISTER} {
		w := newWorld(t)
		letter := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
		real := w.put(essexOffice, public_, letter)
		w.put(essexOffice, public_, withdrawal(essexOffice, real, "2021-10-26", "north-essex"))
		w.as = kind
		w.put("nobody", public_, letter)
		if got := w.verify(letter); !got.Genuine || got.Current || got.Entry.GetName() != real {
			t.Errorf("copied as kind %d it is genuine: %v, current: %v, of %s", kind, got.Genuine, got.Current, got.Entry.GetName())
		}
		w.as = 0
		w.put("kent", public_, plan(thePlan, "The plan"))
		if got := w.verify(plan(thePlan, "The plan")); got.Entry.GetOffice() != "gpc" || !got.Current {
			t.Errorf("a matter's words, copied by kent, are of %s, current: %v", got.Entry.GetOffice(), got.Current)
		}
	}
}

// A stranger whose office sorts first logs the bytes of another's letters as often as a
// look-up finds copies, and once more.
func TestAStrangersCopiesMakeNoLetterNotFound(t *testing.T) {
	w := newWorld(t)
	letter := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
	real := w.put(essexOffice, public_, letter)
	taken := withdrawal(essexOffice, real, "2021-10-26", "north-essex")
	for said, want := range map[proto.Message]string{letter: real, taken: w.put(essexOffice, public_, taken), plan(thePlan, "The plan"): "gpc/0"} {
		var copies []proto.Message
		for range store.FoundLimit + 1 {
			copies = append(copies, said)
		}
		w.put("aaa", public_, copies...)
		spent := 0
		w.spent = func(n int) { spent = n }
		got := w.verify(said)
		if !got.Genuine || got.Entry.GetName() != want {
			t.Errorf("%s, copied by a stranger, is genuine: %v, of %s", want, got.Genuine, got.Entry.GetName())
		}
		if spent > 9 { // the letter, its matter, what ends it, and by its digest a copy
			t.Errorf("to verify %s reads %d entries", want, spent)
		}
	}
	if got := w.verify(&guidancev1.Matter{Title: "Of nobody"}); got.Genuine {
		t.Errorf("words that name no office are of %s", got.Entry.GetName())
	}
}

// A demonstration's letter is in the log and was not issued by the office: no word of the
// answer says otherwise, whatever becomes of the letter, nor of what withdraws it.
func TestADemonstrationIsNeverSaidToBePublishedByItsOffice(t *testing.T) {
	for _, notice := range []string{"Demonstration: made up.", " DEMONSTRATION only"} {
		w := newWorld(t)
		letter := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
		letter.Notice = notice
		taken := withdrawal(essexOffice, w.put(essexOffice, public_, letter), "2021-10-26", "north-essex")
		check := func(said proto.Message, current bool) {
			t.Helper()
			got := w.verify(said)
			if !got.Genuine || got.Current != current {
				t.Errorf("of the log: %v, current: %v, want %v", got.Genuine, got.Current, current)
			}
			if !strings.HasPrefix(got.Words, "Demonstration: not issued by ") || strings.Contains(got.Words, "published") {
				t.Errorf("words: %s", got.Words)
			}
			if !guidance.SaysDemonstration(got.Entry.Notices...) {
				t.Errorf("notices: %q", got.Entry.Notices)
			}
		}
		check(letter, true)
		w.put(essexOffice, public_, taken)
		check(letter, false)
		check(taken, true)
	}
	w := newWorld(t)
	letter := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
	letter.Notice = "No demonstration: this is in earnest."
	w.put(essexOffice, public_, letter)
	if got := w.verify(letter); !strings.Contains(got.Words, "published") {
		t.Errorf("words: %s", got.Words)
	}
}

func TestAStrangersWithdrawalCountsForNothing(t *testing.T) {
	for name, w8l := range map[string]*guidancev1.Withdrawal{
		"naming nobody":           withdrawal("kent", "essex/0", "2021-10-26"),
		"for its own committee":   withdrawal("kent", "essex/0", "2021-10-26", "kent"),
		"for the other's":         withdrawal("kent", "essex/0", "2021-10-26", "north-essex"),
		"of what is not there":    withdrawal("kent", "essex/99", "2021-10-26"),
		"issued before the other": withdrawal("kent", "essex/0", "2021-10-01"),
	} {
		w := newWorld(t)
		w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
		taken := w.put("kent", public_, w8l)
		one, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: taken})
		if err != nil || counts(one.Entry) || one.Entry.Standings[0].Current || !strings.Contains(one.Entry.Words, "nothing") && !strings.Contains(one.Entry.Words, "does not count") {
			t.Errorf("%s: %v, %v", name, one, err)
		}
		list, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Office: "kent"})
		if err != nil || counts(list.Entries[0]) {
			t.Errorf("%s, in a list: %v, %v", name, list, err)
		}
		if got := w.verify(w8l); got.Current {
			t.Errorf("%s verifies as current", name)
		}
	}
}

// What the store does not understand no answer takes for understood, and what is of nobody
// stands for nobody.
func TestWhatIsNotUnderstoodOrForNobodyIsNotCurrent(t *testing.T) {
	w := newWorld(t)
	many := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
	for i := range 129 {
		many.Replaces = append(many.Replaces, fmt.Sprintf("essex/%d", 1000+i))
	}
	over := w.put(essexOffice, public_, many)
	forNobody := advisory(essexOffice, "2021-10-25", refuse)
	w.put(essexOffice, public_, forNobody)
	w.critical = []uint32{4711}
	strange := advisory(essexOffice, "2021-10-24", refuse, "north-essex")
	w.put(essexOffice, public_, strange)
	for name, said := range map[string]proto.Message{"naming 129 entries": many, "for nobody": forNobody, "with an unknown feature": strange} {
		if got := w.verify(said); !got.Genuine || got.Current {
			t.Errorf("a letter %s is genuine: %v, current: %v (%s)", name, got.Genuine, got.Current, got.Words)
		}
	}
	one, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: over})
	if err != nil || one.Entry.GetNotUnderstood() == nil {
		t.Errorf("by itself it is understood: %v, %v", one, err)
	}
}

// A node that has not got the register knows of no practice, matter or mandate whether there
// is one, and says so.
func TestANodeWithoutTheRegisterDeniesNothing(t *testing.T) {
	w := newWorld(t)
	w.reg = register.Fold("trial", "gpc", nil, nil)
	ctx := context.Background()
	for name, ask := range map[string]func() error{
		"a practice": func() error {
			_, err := w.LookUpPractice(ctx, Public(), &answersv1.LookUpPracticeRequest{Practice: "F81001"})
			return err
		},
		"the matters": func() error {
			_, err := w.ListMatters(ctx, Public(), &answersv1.ListMattersRequest{})
			return err
		},
		"a matter": func() error {
			_, err := w.GetMatter(ctx, Public(), &answersv1.GetMatterRequest{Name: "other"})
			return err
		},
		"the register": func() error {
			_, err := w.GetRegister(ctx, Public(), &answersv1.GetRegisterRequest{})
			return err
		},
		"the view": func() error {
			_, err := w.GetCombinedView(ctx, Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan"}})
			return err
		},
		"a letter to be published": func() error {
			return w.Publishing(ctx, Touches{Matters: []string{"plan"}}, func(guidance.PublishContext) error { return nil })
		},
	} {
		if err := ask(); !errors.Is(err, fault.ErrNotJoined) || !strings.Contains(err.Error(), "has not got the register yet") || !strings.Contains(fault.Hint(err), "lmc status") {
			t.Errorf("%s: %v (%s), want that the register is not here, and what to do", name, err, fault.Hint(err))
		}
	}
}

// Each answer fits a message, however long the letters are.
func TestAPageOfLongLettersIsShorter(t *testing.T) {
	w := newWorld(t)
	for range 60 {
		a := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
		a.Positions[0].Rationale = strings.Repeat("why ", 20_000)
		for range 4 {
			a.Actions = append(a.Actions, &guidancev1.Action{Verb: "send", Template: strings.Repeat("x", 32<<10)})
		}
		w.put(essexOffice, public_, a)
	}
	req, seen := &answersv1.ListEntriesRequest{PageSize: 1000, Office: essexOffice}, 0
	for range 60 {
		page, err := w.ListEntries(context.Background(), Public(), req)
		if err != nil {
			t.Fatal(err)
		}
		if n := proto.Size(page); n > 3<<20 {
			t.Fatalf("a page of %d bytes", n)
		}
		seen += len(page.Entries)
		if req.PageToken = page.NextPageToken; req.PageToken == "" {
			break
		}
	}
	if seen != 60 {
		t.Errorf("the pages have %d letters, want 60", seen)
	}
}

// Whoever speaks for nobody can end nothing: their endings are not even read.
func TestAFloodOfEndingsCostsNothing(t *testing.T) {
	w := newWorld(t)
	real := w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	var flood []proto.Message
	for range 500 {
		a := advisory("nobody", "2021-10-26", support, "north-essex")
		a.Amends, a.Positions = []string{real}, nil
		flood = append(flood, a)
	}
	w.put("nobody", public_, flood...)
	spent := 0
	w.spent = func(n int) { spent = n }
	if _, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Office: essexOffice}); err != nil || spent > 2 {
		t.Errorf("a list of one letter reads %d entries, %v", spent, err)
	}
	if one, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: real}); err != nil || spent > 5 || !one.Entry.Standings[0].Current {
		t.Errorf("the letter itself: %d entries read, %v, %v", spent, one, err)
	}
}

func TestAListTakesFewKindsAndAWithdrawalIsOfItsMeasures(t *testing.T) {
	w := newWorld(t)
	m := plan(thePlan, "The plan")
	for _, id := range []string{"engage", "lists"} {
		m.Measures = append(m.Measures, &guidancev1.Measure{Id: id, Title: id, Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}})
	}
	w.put("gpc", public_, m)
	a := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
	a.Positions[0].Measure = "engage"
	letter := w.put(essexOffice, public_, a)
	w.put(essexOffice, public_, withdrawal(essexOffice, letter, "2021-10-26", "north-essex"))
	a = advisory(essexOffice, "2021-10-25", refuse, "north-essex")
	a.Positions, a.Actions = nil, []*guidancev1.Action{{Verb: "send", Matter: thePlan, Measure: "lists"}}
	asks := w.put(essexOffice, public_, a)
	w.put(essexOffice, public_, withdrawal(essexOffice, asks, "2021-10-26", "north-essex"))
	for measure, want := range map[string]int{"engage": 2, "lists": 2} {
		if got := w.names(&answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan", Measure: measure}}, 0); len(got) != want {
			t.Errorf("on %s there are %v", measure, got)
		}
	}
	for n, want := range map[int]error{mostKinds: nil, mostKinds + 1: fault.ErrInvalid} {
		if _, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Kinds: make([]ledgerv1.EntryKind, n)}); !errors.Is(err, want) {
			t.Errorf("%d kinds: %v, want %v", n, err, want)
		}
	}
}

func TestAMistypedGroupIsNotAnsweredByTheGeneralLine(t *testing.T) {
	w := newWorld(t)
	general := advisory("kent", "2021-10-20", support, "kent")
	of := advisory("kent", "2021-10-21", refuse, "kent")
	of.Positions[0].Scope = &guidancev1.Scope{Id: "on-accurx", Words: "practices on AccuRx"}
	w.put("kent", public_, general, of)
	view := func(scope, day string) error {
		_, err := w.GetCombinedView(context.Background(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: thePlan, Scope: scope, AsOf: day}})
		return err
	}
	for _, day := range []string{"", "2021-10-15"} {
		if err := view("on-accurx", day); err != nil {
			t.Errorf("a group that is spoken of is refused: %v", err)
		}
	}
	err := view("on-acurx", "")
	if !errors.Is(err, fault.ErrUnknownScope) || fault.Hint(err) != "did you mean on-accurx? its groups are: on-accurx" {
		t.Errorf("got %v, hint %q", err, fault.Hint(err))
	}
	_, err = w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: thePlan, Scope: "nobody"}})
	if !errors.Is(err, fault.ErrUnknownScope) {
		t.Errorf("the national picture of a group nobody spoke of: %v", err)
	}
}
