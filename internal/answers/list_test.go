package answers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// names lists what a request finds, all pages of the size as one.
func (w *world) names(req *answersv1.ListEntriesRequest, size int32) []string {
	w.t.Helper()
	var found []string
	req = proto.CloneOf(req)
	for req.PageSize = size; ; {
		page, err := w.ListEntries(context.Background(), Public(), req)
		if err != nil {
			w.t.Fatalf("%v: %v", req, err)
		}
		for _, e := range page.Entries {
			found = append(found, e.Name)
		}
		if req.PageToken = page.NextPageToken; req.PageToken == "" {
			return found
		}
	}
}

func withdrawal(office, advisory, day string, committees ...string) *guidancev1.Withdrawal {
	return &guidancev1.Withdrawal{
		Office: office, OnBehalfOf: committees, Advisory: advisory, Effective: day, Visibility: public_, Matters: []string{thePlan},
		Issued: &guidancev1.DayRange{Earliest: day, Latest: day},
	}
}

func TestEntriesAreListedByWhatIsAskedForNewestFirst(t *testing.T) {
	w := newWorld(t)
	letter := func(day, title string) *guidancev1.Advisory {
		a := advisory(essexOffice, day, refuse, "north-essex")
		a.Title, a.Positions = title, nil
		return a
	}
	first := w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	noPosition := w.put(essexOffice, public_, letter("2021-10-26", "Newsletter"))
	ofAction := letter("2021-10-26", "The return")
	ofAction.Actions = []*guidancev1.Action{{Verb: "send", Matter: thePlan, Committees: []string{"north-essex"}}}
	asks := w.put(essexOffice, public_, ofAction)
	old := w.put(essexOffice, public_, letter("2021-09-01", "Older newsletter"))
	kents := w.put("kent", public_, advisory("kent", "2021-10-25", support, "kent"))
	forged := w.put("kent", public_, advisory("kent", "2021-10-27", support, "north-essex"))
	taken := w.put("kent", public_, withdrawal("kent", kents, "2021-10-28", "kent"))
	ahead := w.put("kent", public_, advisory("kent", "2021-12-01", support, "kent"))
	const matter = "gpc/0"
	kind := ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL
	for name, c := range map[string]struct {
		req  *answersv1.ListEntriesRequest
		want []string
	}{
		"everything issued by today":     {&answersv1.ListEntriesRequest{}, []string{taken, forged, asks, noPosition, first, kents, matter, old}},
		"an office":                      {&answersv1.ListEntriesRequest{Office: essexOffice}, []string{asks, noPosition, first, old}},
		"a committee":                    {&answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Committee: "north-essex"}}, []string{asks, noPosition, first, old}},
		"a committee on a matter":        {&answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan", Committee: "north-essex"}}, []string{forged, asks, first}},
		"a matter":                       {&answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "The plan"}}, []string{taken, forged, asks, first, kents}},
		"an office on a matter":          {&answersv1.ListEntriesRequest{Office: "kent", Selector: &answersv1.Selector{Matter: "plan"}}, []string{taken, forged, kents}},
		"a kind":                         {&answersv1.ListEntriesRequest{Kinds: []ledgerv1.EntryKind{kind}}, []string{taken}},
		"from a day":                     {&answersv1.ListEntriesRequest{IssuedFrom: "2021-10-26"}, []string{taken, forged, asks, noPosition}},
		"from a day up to another":       {&answersv1.ListEntriesRequest{IssuedFrom: "2021-10-14", Selector: &answersv1.Selector{AsOf: "2021-10-25"}}, []string{first, kents, matter}},
		"what lies ahead":                {&answersv1.ListEntriesRequest{IssuedFrom: "2021-11-02", Selector: &answersv1.Selector{AsOf: "2022-01-01"}}, []string{ahead}},
		"as known before the withdrawal": {&answersv1.ListEntriesRequest{Office: "kent", Selector: &answersv1.Selector{KnownAt: &answersv1.Selector_KnownAtFeed{KnownAtFeed: 6}}}, []string{kents}},
	} {
		for _, size := range []int32{1, 2, 0} {
			if got := w.names(c.req, size); !slices.Equal(got, c.want) {
				t.Errorf("%s, %d a page: %v, want %v", name, size, got, c.want)
			}
		}
	}
	for field, req := range map[string]*answersv1.ListEntriesRequest{
		"issued_from":      {IssuedFrom: "2021-02-30"},
		"selector.matter":  {Selector: &answersv1.Selector{Measure: "engage"}},
		"selector":         {Selector: &answersv1.Selector{Matter: "plan", Area: "06Q"}},
		"page_size":        {PageSize: -4},
		"page_token":       {PageToken: "2021-10-25 essex/0"},
		"selector.as_of":   {Selector: &answersv1.Selector{AsOf: "yesterday"}},
		"selector.on_day":  {Selector: &answersv1.Selector{AsOf: "2021-10-25", OnDay: "2021-10-25"}},
		"selector.unknown": {Selector: &answersv1.Selector{Matter: "nosuch"}},
		"unknown office":   {Office: "esex"},
	} {
		_, err := w.ListEntries(context.Background(), Public(), req)
		violations := append(fault.Violations(err), fault.Violation{})
		if !errors.Is(err, fault.ErrInvalid) && !errors.Is(err, fault.ErrNotFound) || !strings.Contains(field, "unknown") && violations[0].Field != field || fault.Hint(err) == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestAListForAPracticeThatIsNotKnownIsEmptyAndSaysSo(t *testing.T) {
	w := newWorld(t)
	w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	for _, matter := range []string{"", "plan"} {
		list, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: matter, Practice: "Z99999"}})
		if err != nil || len(list.Entries) != 0 || !strings.Contains(list.Words, "Z99999 is not in this register") {
			t.Errorf("on %q: %v, %v", matter, list, err)
		}
	}
}

func TestAVersionOfAMatterSaysWhatHasTakenItsPlace(t *testing.T) {
	w := newWorld(t)
	first, second := plan("kent/local", "Local"), plan("kent/local", "Local, put better")
	old := w.put("kent", public_, first)
	now := w.put("kent", public_, second)
	stolen := w.put("nobody", public_, plan("kent/local", "Mine"))
	list, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Kinds: []ledgerv1.EntryKind{ledgerv1.EntryKind_ENTRY_KIND_MATTER}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list.Entries {
		want := map[string]string{old: now + " has taken its place.", now: "", stolen: "It does not count", "gpc/0": ""}[e.Name]
		one, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: e.Name})
		if !strings.HasPrefix(e.Words, want) || (want == "") != (e.Words == "") || err != nil || one.Entry.Words != e.Words {
			t.Errorf("%s: %q in a list, %q by itself, want %q (%v)", e.Name, e.Words, one.GetEntry().GetWords(), want, err)
		}
	}
}

func TestWhereAnEntryStandsIsToldForEachCommittee(t *testing.T) {
	w := newWorld(t)
	w.records = append(w.records,
		register.Record{Entry: entryOf("gpc", 4), Body: &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{Id: "south-essex", Name: "South Essex LMC"}}}},
		register.Record{Entry: entryOf("gpc", 5), Body: &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "south-essex", Office: essexOffice}}}},
	)
	w.reg = register.Fold("trial", "gpc", nil, w.records)
	letter := w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex", "south-essex", "kent"))
	newer := advisory(essexOffice, "2021-10-26", support, "north-essex")
	newer.Amends = []string{letter}
	amending := w.put(essexOffice, public_, newer)
	later := w.put(essexOffice, public_, advisory(essexOffice, "2021-10-27", support, "south-essex"))
	ended := []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_AMENDED, Entry: amending, Day: "2021-10-26"}}
	want := []*answersv1.CommitteeStanding{
		{Committee: "north-essex", Endings: ended, Positions: []*answersv1.PositionStanding{{Endings: ended}}},
		{Committee: "south-essex", Current: true},
		{Committee: "kent", NotCounted: answersv1.NotCountedReason_NOT_COUNTED_REASON_NO_MANDATE},
	}
	same := func(got []*answersv1.CommitteeStanding) bool {
		return slices.EqualFunc(got, want, func(a, b *answersv1.CommitteeStanding) bool { return proto.Equal(a, b) })
	}
	list, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Office: essexOffice})
	if err != nil || list.Entries[2].Name != letter || !same(list.Entries[2].Standings) || !strings.HasPrefix(list.Entries[2].Words, "It still stands in part.") {
		t.Errorf("in a list: %v, %v", list, err)
	}
	want[0].StandsNow, want[1].OvertakenBy = amending, later
	one, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: letter})
	if err != nil || !same(one.Entry.Standings) {
		t.Errorf("by itself: %v, %v", one, err)
	}
	list, err = w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Office: essexOffice, Selector: &answersv1.Selector{AsOf: "2021-10-25"}})
	if err != nil || len(list.Entries) != 1 || !list.Entries[0].Standings[0].Current {
		t.Errorf("as of the day before it ended: %v, %v", list, err)
	}
}

// What was replaced by what was replaced since is not left at the first of them, whether the
// letters take positions or not; a letter without one ends as any other (a correction).
func TestWhatStandsNowIsNamedThroughAnyChain(t *testing.T) {
	w := newWorld(t)
	letter := func(day string, replaces ...string) *guidancev1.Advisory {
		a := advisory(essexOffice, day, refuse, "north-essex")
		a.Replaces = replaces
		return a
	}
	correction := func(day string, replaces ...string) *guidancev1.Advisory {
		a := letter(day, replaces...)
		a.OnBehalfOf, a.Positions = []string{"north-essex"}, nil
		return a
	}
	first := w.put(essexOffice, public_, letter("2021-10-20"))
	second := w.put(essexOffice, public_, letter("2021-10-21", first))
	third := w.put(essexOffice, public_, letter("2021-10-22", second))
	fourth := w.put(essexOffice, public_, letter("2021-10-23", third))
	note := w.put(essexOffice, public_, correction("2021-10-20"))
	again := w.put(essexOffice, public_, correction("2021-10-21", note))
	last := w.put(essexOffice, public_, correction("2021-10-22", again))
	gone := w.put(essexOffice, public_, correction("2021-10-23"))
	w.put(essexOffice, public_, &guidancev1.Withdrawal{
		Office: essexOffice, OnBehalfOf: []string{"north-essex"}, Advisory: gone, Effective: "2021-10-24", Issued: &guidancev1.DayRange{Earliest: "2021-10-24", Latest: "2021-10-24"}, Visibility: public_,
	})
	for _, c := range []struct{ entry, now, words string }{
		{first, fourth, "It no longer counts: replaced by " + second + " from 21 October 2021. What stands now is " + fourth + "."},
		{third, fourth, "It no longer counts: replaced by " + fourth + " from 23 October 2021."},
		{note, last, "It no longer counts: replaced by " + again + " from 21 October 2021. What stands now is " + last + "."},
		{gone, "", "It no longer counts: withdrawn by essex/8 from 24 October 2021. Nothing stands in its place."},
		{fourth, "", "It still stands."},
	} {
		one, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: c.entry})
		if err != nil || one.Entry.Words != c.words || one.Entry.Standings[0].StandsNow != c.now {
			t.Errorf("%s: got %q and %q, want %q and %q (%v)", c.entry, one.GetEntry().GetWords(), one.GetEntry().GetStandings()[0].GetStandsNow(), c.words, c.now, err)
		}
	}
}

// Of letters that each replaced one, that which stands is named, however many lie between, and
// whichever of two replaced it; so is what a withdrawal restored.
func TestWhatStandsNowIsFoundThroughForksLongChainsAndRestores(t *testing.T) {
	w := newWorld(t)
	note := func(day string, replaces ...string) string {
		a := advisory(essexOffice, day, refuse, "north-essex")
		a.OnBehalfOf, a.Positions, a.Replaces = []string{"north-essex"}, nil, replaces
		return w.put(essexOffice, public_, a)
	}
	gone := func(entry string, restores ...string) {
		w.put(essexOffice, public_, &guidancev1.Withdrawal{
			Office: essexOffice, OnBehalfOf: []string{"north-essex"}, Advisory: entry, Restores: restores, Effective: "2021-10-24",
			Issued: &guidancev1.DayRange{Earliest: "2021-10-24", Latest: "2021-10-24"}, Visibility: public_,
		})
	}
	forked := note("2021-10-20")
	left := note("2021-10-21", forked)
	right := note("2021-10-22", forked)
	gone(left)
	first := note("2021-10-20")
	last := first
	for range 100 {
		last = note("2021-10-21", last)
	}
	restored := note("2021-10-20")
	between := note("2021-10-21", restored)
	gone(between, restored)
	for _, c := range []struct{ entry, now string }{{forked, right}, {left, ""}, {first, last}, {between, restored}, {restored, ""}} {
		one, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: c.entry})
		if err != nil || one.Entry.Standings[0].StandsNow != c.now || c.now != "" && strings.Contains(one.Entry.Words, "Nothing stands") {
			t.Errorf("%s: %q, %v (%v)", c.entry, one.GetEntry().GetWords(), one.GetEntry().GetStandings(), err)
		}
	}
}

func entryOf(office string, index uint64) ledger.EntryID {
	return ledger.EntryID{Office: office, Index: index}
}

func TestWhatIsNotHereOrNotUnderstoodIsListedAsThat(t *testing.T) {
	w := newWorld(t)
	known := w.put("kent", public_, advisory("kent", "2021-10-25", refuse, "kent"))
	w.critical = []uint32{4711}
	strange := w.put("kent", public_, advisory("kent", "2021-10-25", refuse, "kent"))
	w.critical, w.bodiless = nil, true
	absent := w.put("kent", public_, advisory("kent", "2021-10-25", refuse, "kent"))
	w.put("kent", guidancev1.Visibility_VISIBILITY_OFFICE, advisory("kent", "2021-10-25", refuse, "kent"))
	list, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Office: "kent"})
	if err != nil || len(list.Entries) != 3 { // listed under the day they were logged, but for the first
		t.Fatalf("%v, %v", list, err)
	}
	for i, want := range []string{absent, strange, known} {
		if list.Entries[i].Name != want {
			t.Errorf("entry %d is %s, want %s", i, list.Entries[i].Name, want)
		}
	}
	if e := list.Entries[0]; e.GetAbsent().GetReason() != ledgerv1.AbsentReason_ABSENT_REASON_NOT_HELD || len(e.Standings) > 0 {
		t.Errorf("what is not here is %v", e)
	}
	if e := list.Entries[1]; !slices.Equal(e.GetNotUnderstood().GetFeatures(), []uint32{4711}) || e.GetNotUnderstood().GetWords() == "" {
		t.Errorf("what is not understood is %v", e)
	}
	for _, name := range []string{strange, absent} {
		one, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: name})
		if err != nil || one.Entry.GetNotUnderstood() == nil && one.Entry.GetAbsent() == nil || one.Entry.Header == nil {
			t.Errorf("%s by itself: %v, %v", name, one, err)
		}
	}
	if got := w.names(&answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan"}}, 0); !slices.Equal(got, []string{known}) {
		t.Errorf("on the matter there are %v, want %s alone: of the others nobody knows", got, known)
	}
	if n := list.Completeness.NotUnderstood["kent"] + list.Completeness.NotHeld["kent"] + list.Completeness.Withheld["kent"]; n != 3 || list.Completeness.Complete {
		t.Errorf("completeness says %v", list.Completeness)
	}
}

// The words of three letters arrive behind any page of a list: they say other days than the
// letters were logged on, so that each moves to where it was passed, or has been given.
func TestWordsThatArriveBetweenPagesMoveNothing(t *testing.T) {
	letter := func(day string) *guidancev1.Advisory { return advisory("kent", day, support, "kent") }
	for _, req := range []*answersv1.ListEntriesRequest{{}, {Office: "kent"}, {Office: essexOffice}, {Selector: &answersv1.Selector{Committee: "kent"}}, {Selector: &answersv1.Selector{Matter: "plan"}}} {
		for arrivesBehind := 1; arrivesBehind <= 6; arrivesBehind++ {
			w := newWorld(t)
			today := w.now
			w.put("kent", public_, letter("2021-10-31"), letter("2021-10-30"))
			w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
			var bodies []func()
			for _, late := range []struct {
				daysAgo int
				issued  string
			}{{1, "2021-10-20"}, {7, "2021-10-25"}, {8, "2021-10-31"}} {
				w.now = today.AddDate(0, 0, -late.daysAgo)
				bodies = append(bodies, w.putBodiless("kent", letter(late.issued)))
			}
			w.now = today
			told := func(e *answersv1.Entry) string {
				return fmt.Sprint(e.Name, " absent: ", e.GetAbsent().GetReason(), ", of feed ", e.Feed, ", recorded ", e.RecordedTime)
			}
			var want, got []string
			whole, err := w.ListEntries(context.Background(), Public(), req)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range whole.Entries {
				want = append(want, told(e))
			}
			paged := proto.CloneOf(req)
			paged.PageSize = 1
			for pages := 1; ; pages++ {
				page, err := w.ListEntries(context.Background(), Public(), paged)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page.Entries {
					got = append(got, told(e))
				}
				if paged.PageToken = page.NextPageToken; paged.PageToken == "" {
					break
				}
				if pages == arrivesBehind {
					for _, arrive := range bodies {
						arrive()
					}
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v, the words arriving behind page %d:\n%s\nwant\n%s", req, arrivesBehind, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

func TestTheRegisterComesInPagesOfAreasAndPracticeCodes(t *testing.T) {
	w := newWorld(t)
	for _, codes := range []int{0, 1, 2, 3, 7} {
		area := &guidancev1.Area{Id: &guidancev1.AreaId{Scheme: "icb", Code: fmt.Sprint("A", codes)}, Name: "An area"}
		for i := range codes {
			area.PracticeCodes = append(area.PracticeCodes, fmt.Sprintf("F%d%04d", codes, i))
		}
		w.records = append(w.records, register.Record{Entry: entryOf("gpc", uint64(len(w.records))), Body: &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: area}}})
	}
	w.reg = register.Fold("trial", "gpc", nil, w.records)
	want := w.reg.Areas("")
	for size := int32(1); size <= 19; size++ {
		var got []*guidancev1.Area
		req := &answersv1.GetRegisterRequest{PageSize: size}
		for pages := 1; ; pages++ {
			page, err := w.GetRegister(context.Background(), Public(), req)
			if err != nil {
				t.Fatal(err)
			}
			if (len(page.Committees) > 0) != (pages == 1) {
				t.Fatalf("page %d of %d has %d committees", pages, size, len(page.Committees))
			}
			items := 0
			for _, area := range page.Areas {
				items += len(area.PracticeCodes)
				if n := len(got); n > 0 && proto.Equal(got[n-1].Id, area.Id) {
					if !proto.Equal(&guidancev1.Area{Id: area.Id, PracticeCodes: area.PracticeCodes}, area) {
						t.Fatalf("what goes on is %v", area)
					}
					got[n-1].PracticeCodes = append(got[n-1].PracticeCodes, area.PracticeCodes...)
					continue
				}
				items++
				got = append(got, proto.CloneOf(area))
			}
			if req.PageToken = page.NextPageToken; req.PageToken == "" {
				break
			}
			if items != int(size) || pages > 30 {
				t.Fatalf("page %d of %d has %d", pages, size, items)
			}
		}
		if !slices.EqualFunc(got, want, func(a, b *guidancev1.Area) bool { return proto.Equal(a, b) }) {
			t.Errorf("%d a page: %v, want %v", size, got, want)
		}
	}
	if !slices.IsSortedFunc(want, func(a, b *guidancev1.Area) int { return cmp.Compare(a.Id.Code, b.Id.Code) }) {
		t.Error("areas are in no order")
	}
}

func planOfTwoMeasures() *guidancev1.Matter {
	m := plan(thePlan, "The plan")
	m.Measures = []*guidancev1.Measure{{Id: "engage", Title: "Engage", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND}, {Id: "fund", Title: "Fund", Kind: guidancev1.MeasureKind_MEASURE_KIND_OFFER}}
	return m
}

// onMeasures has the letter say of each measure what it says of the whole matter.
func onMeasures(a *guidancev1.Advisory, measures ...string) *guidancev1.Advisory {
	whole := a.Positions[0]
	a.Positions = nil
	for _, measure := range measures {
		p := proto.CloneOf(whole)
		p.Measure = measure
		a.Positions = append(a.Positions, p)
	}
	return a
}

func TestWhatStandsNowIsSaidOfEachMeasureAndForWhom(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, planOfTwoMeasures())
	w.record(
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{Id: "south-essex", Name: "South Essex LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england"}}},
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "south-essex", Office: essexOffice}}},
	)
	on := func(day string, stance guidancev1.Stance, replaces string, measures ...string) *guidancev1.Advisory {
		a := onMeasures(advisory("kent", day, stance, "kent"), measures...)
		if replaces != "" {
			a.Replaces = []string{replaces}
		}
		return a
	}
	w.put("kent", public_, on("2021-09-01", support, "", "engage"), on("2021-10-01", refuse, "", "engage", "fund"), on("2021-10-10", support, "kent/1", "fund"))
	w.put(essexOffice, public_, advisory(essexOffice, "2021-10-20", refuse, "north-essex", "south-essex"))
	for i, day := range []string{"2021-10-21", "2021-10-22"} {
		next := advisory(essexOffice, day, support, "north-essex")
		next.Replaces = []string{fmt.Sprintf("essex/%d", i)}
		w.put(essexOffice, public_, next)
	}
	w.put(essexOffice, public_, withdrawal(essexOffice, "essex/0", "2021-10-23", "south-essex"))
	for name, want := range map[string]string{
		"kent/1":  "What stands now is kent/0 on engage and kent/2 on fund.",
		"essex/0": "What stands now: essex/2 for North Essex LMC; nothing for South Essex LMC.",
	} {
		got, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: name})
		if err != nil || !strings.HasSuffix(got.GetEntry().GetWords(), want) {
			t.Errorf("%s: %q, %v", name, got.GetEntry().GetWords(), err)
		}
	}
}

func TestNothingStandsOnWhatTheLetterInItsPlaceDoesNotSpeakOn(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, planOfTwoMeasures())
	for i, measures := range [][]string{{"engage", "fund"}, {"fund"}} {
		a := onMeasures(advisory("kent", fmt.Sprintf("2021-10-%d", 10+i), refuse, "kent"), measures...)
		if i > 0 {
			a.Replaces = []string{"kent/0"}
		}
		w.put("kent", public_, a)
	}
	got, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: "kent/0"})
	if want := "What stands now is nothing on engage and kent/1 on fund."; err != nil || !strings.HasSuffix(got.GetEntry().GetWords(), want) {
		t.Errorf("%q, %v", got.GetEntry().GetWords(), err)
	}
}

// Of a committee that was merged, nothing was listed of what its predecessors' letters say for its
// practices.
func TestAListOfASuccessorHasItsPredecessorsLetters(t *testing.T) {
	w := newWorld(t)
	w.record(committeeOf(&guidancev1.Committee{Id: "essex", Name: "Essex LMC", Kind: lmc, Nation: "england", Predecessors: []string{"north-essex"}}))
	letter := w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	for _, sel := range []*answersv1.Selector{{Committee: "essex"}, {Committee: "essex", Matter: thePlan}} {
		if got := w.names(&answersv1.ListEntriesRequest{Selector: sel}, 10); !slices.Contains(got, letter) {
			t.Errorf("%v: %v", sel, got)
		}
	}
}

// A correction without a line, and a letter with votes alone, were in no list of their matter.
func TestAListOfAMatterHasWhatIsOnItWithoutALine(t *testing.T) {
	w := newWorld(t)
	correction := advisory(essexOffice, "2021-10-26", refuse, "north-essex")
	correction.Positions, correction.Matters = nil, []string{thePlan}
	letter := w.put(essexOffice, public_, correction)
	if got := w.names(&answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: thePlan}}, 10); !slices.Equal(got, []string{letter}) {
		t.Errorf("got %v", got)
	}
	for sel, want := range map[*answersv1.Selector]int{{Matter: thePlan, Committee: "north-essex"}: 1, {Matter: thePlan, Committee: "kent"}: 0} {
		if got := w.names(&answersv1.ListEntriesRequest{Selector: sel}, 10); len(got) != want {
			t.Errorf("%v: %v", sel, got)
		}
	}
}
