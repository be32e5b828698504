package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// plainList sorts everything that is held of a listing.
func (m *machine) plainList(of Listing) []ListPlace {
	var all []ListPlace
	for _, a := range m.authors {
		if len(of.Offices) > 0 && !slices.Contains(of.Offices, a.log.Office) {
			continue
		}
		erased := m.erased(a)
		for i := range m.model.held[a.log] {
			day, matters := m.says(a, i, erased[i])
			if of.Matter == "" || slices.Contains(matters, of.Matter) {
				all = append(all, ListPlace{day, a.log.Entry(i)})
			}
		}
	}
	slices.SortFunc(all, ListPlace.Compare)
	return all
}

// says is the day an entry is listed under and the matters it is about, by reading it.
func (m *machine) says(a *author, i uint64, erased bool) (day string, matters []string) {
	h, err := ledger.ParseHeader(a.entries[i].Header)
	if err != nil {
		m.t.Fatal(err)
	}
	if message := messages[h.GetKind()]; message != nil && m.model.bodies[entryPlace{a.log, i}] && !erased {
		read := message.ProtoReflect().New().Interface()
		if err := proto.Unmarshal(a.entries[i].Body, read); err != nil {
			m.t.Fatal(err)
		}
		day = dayOf(read)
		switch read := read.(type) {
		case *guidancev1.Advisory:
			for _, p := range read.GetPositions() {
				matters = append(matters, p.GetMatter())
			}
		case *guidancev1.ReportedPosition:
			matters = []string{read.GetPosition().GetMatter()}
		case *guidancev1.Withdrawal:
			matters = read.GetMatters()
		case *ledgerv1.Erasure:
			matters = read.GetMatters()
		}
	}
	if _, err := time.Parse("2006-01-02", day); err != nil {
		day = time.UnixMilli(h.GetClaimedMs()).UTC().Format("2006-01-02")
	}
	return day, matters
}

// checkLists holds lists against a plain sort, whole and from any place on.
func (m *machine) checkLists() {
	for _, of := range []Listing{
		{},
		{Matter: accessPlan},
		{Matter: otherPlan, Offices: []string{"surrey-sussex", "nobody", "surrey-sussex"}},
		{Offices: []string{"surrey-sussex", "essex", "surrey"}},
		{Matter: "gpc-england/unheard-of"},
	} {
		want := m.plainList(of)
		m.wantList(of, ListPlace{}, 0, want)
		if len(want) == 0 {
			continue
		}
		behind := rapid.IntRange(0, len(want)-1).Draw(m.t, "behind")
		m.wantList(of, want[behind], 0, want[behind+1:])
		m.wantList(of, want[behind], 1, want[behind+1:min(behind+2, len(want))])
		// A place that is no entry's.
		after := want[behind]
		after.Entry.Index += rapid.Uint64Range(0, 1000).Draw(m.t, "index")
		after.Entry.Epoch += rapid.Uint32Range(0, 2).Draw(m.t, "epoch")
		after.Entry.Office += rapid.SampledFrom([]string{"", "-a"}).Draw(m.t, "office")
		first, _ := slices.BinarySearchFunc(want, after, ListPlace.Compare)
		if first < len(want) && want[first] == after {
			first++
		}
		m.wantList(of, after, 0, want[first:])
	}
}

func (m *machine) wantList(of Listing, after ListPlace, limit int, want []ListPlace) {
	found, err := m.s.Newest(of, after, limit)
	if err != nil {
		m.t.Fatal(err)
	}
	if !slices.Equal(places(found), want) {
		m.t.Fatalf("%+v after %v lists\n%v, want\n%v", of, after, places(found), want)
	}
	for _, l := range found {
		got, err := m.s.Entry(l.ID)
		if err != nil {
			m.t.Fatal(err)
		}
		understood := got.Absent == nil && messages[l.Kind] != nil
		if l.Kind != got.Header.GetKind() || l.Visibility != got.Header.GetVisibility() || l.Feed != got.Feed ||
			!l.Recorded.Equal(got.Recorded) || l.Absent != (got.Absent != nil) || l.HasBody != understood || (l.Body != nil) != understood {
			m.t.Fatalf("listed as %+v, and is %+v", l, got)
		}
	}
}

func places(listed []Listed) []ListPlace {
	var all []ListPlace
	for _, l := range listed {
		all = append(all, l.Place())
	}
	return all
}

func wantListed(t *testing.T, s *Store, of Listing, want ...string) []Listed {
	t.Helper()
	found, err := s.Newest(of, ListPlace{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range found {
		got = append(got, l.Place().String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v lists %q, want %q", of, got, want)
	}
	return found
}

func issued(day string) *guidancev1.DayRange { return &guidancev1.DayRange{Latest: day} }

func TestListsAreNewestFirst(t *testing.T) {
	s, a, later, gpc := newStore(t, "essex"), newAuthor("surrey-sussex"), newAuthor("surrey-sussex"), newAuthor("gpc-england")
	later.log.Epoch = 1
	on := []*guidancev1.Position{{Matter: accessPlan}}
	a.add(kindAdvisory, public, marshal(&guidancev1.Advisory{Issued: issued("2021-10-15"), Positions: on})) // 0
	a.add(kindAdvisory, public, marshal(&guidancev1.Advisory{Issued: issued("2021-10-20"), Positions: on})) // 1
	a.add(kindWithdrawal, public, marshal(&guidancev1.Withdrawal{Issued: issued("2021-10-20"), Matters: []string{accessPlan, accessPlan}, Advisory: "x/9"}))
	a.add(kindAdvisory, committees, marshal(&guidancev1.Advisory{Issued: issued("2021-10-30"), Positions: on})) // 3: its body comes late
	a.add(999, public, []byte("a kind of next year"))                                                           // 4
	a.add(kindAdvisory, public, marshal(&guidancev1.Advisory{Issued: issued("2021-11-01"), Positions: on}))     // 5: beyond what is held
	later.add(kindReport, public, marshal(&guidancev1.ReportedPosition{Issued: issued("2021-10-20"), Position: on[0]}))
	gpc.add(kindMatter, public, marshal(&guidancev1.Matter{Name: accessPlan, Opened: issued("2021-10-14")}))
	gpc.add(kindAdvisory, public, marshal(&guidancev1.Advisory{Issued: issued("2021-10-20"), Positions: on}))
	a.giveReadable(t, s, 0, 5, 5, onlyPublic)
	a.give(t, s, 5, 6, 6)
	before := len(a.entries)
	a.addMany(2)
	a.give(t, s, uint64(before), 7, 8) // leads to a head that is not reached
	later.give(t, s, 0, 1, 1)
	gpc.give(t, s, 0, 2, 2)

	all := wantListed(t, s, Listing{},
		"2021-11-01 surrey-sussex/5",
		"2021-10-25 surrey-sussex/4",
		"2021-10-25 surrey-sussex/3", // by its claimed time
		"2021-10-20 gpc-england/1", "2021-10-20 surrey-sussex@1/0", "2021-10-20 surrey-sussex/2", "2021-10-20 surrey-sussex/1",
		"2021-10-15 surrey-sussex/0", "2021-10-14 gpc-england/0")
	if l := all[2]; !l.Absent || l.HasBody || l.Body != nil || l.Kind != kindAdvisory || l.Visibility != committees || l.Feed != 1 || !l.Recorded.Equal(testNow) || !l.Logged.Equal(testNow.Add(3*time.Minute)) {
		t.Errorf("without its body it is %+v", l)
	}
	if l := all[1]; l.Absent || l.HasBody || l.Kind != 999 {
		t.Errorf("not understood it is %+v", l)
	}
	began, _ := s.FeedEnd()
	if err := s.PutBodies(a.log, a.bodies(3, 4)); err != nil {
		t.Fatal(err)
	}
	mustCheck(t, s)
	asThen, err := s.Newest(Listing{Began: began}, ListPlace{}, 0)
	if err != nil || !reflect.DeepEqual(asThen, all) {
		t.Errorf("as when the list began it is %+v, %v, want %+v", asThen, err, all)
	}
	wantListed(t, s, Listing{Began: began, Offices: []string{"gpc-england"}}, "2021-10-20 gpc-england/1", "2021-10-14 gpc-england/0")
	onPlan := wantListed(t, s, Listing{Matter: accessPlan},
		"2021-11-01 surrey-sussex/5", "2021-10-30 surrey-sussex/3",
		"2021-10-20 gpc-england/1", "2021-10-20 surrey-sussex@1/0", "2021-10-20 surrey-sussex/2", "2021-10-20 surrey-sussex/1",
		"2021-10-15 surrey-sussex/0")
	if l := onPlan[1]; l.Absent || !l.HasBody || l.Feed <= all[2].Feed {
		t.Errorf("with its body it is %+v", l)
	}
	wantListed(t, s, Listing{Matter: accessPlan, Offices: []string{"gpc-england", "surrey"}}, "2021-10-20 gpc-england/1")
	wantListed(t, s, Listing{Offices: []string{"gpc-england"}}, "2021-10-20 gpc-england/1", "2021-10-14 gpc-england/0")
	wantListed(t, s, Listing{Offices: []string{"nobody"}})
	wantListed(t, s, Listing{Matter: string(make([]byte, 1<<17))})
	wantCandidates(t, s, accessPlan, "gpc-england/1", "surrey-sussex/0", "surrey-sussex/1", "surrey-sussex/2", "surrey-sussex/3", "surrey-sussex/5", "surrey-sussex@1/0")
}

// Page by page, of any size, is the same as all at once; the place goes through text.
func TestAListGoesOnBehindAnyPlace(t *testing.T) {
	s := newStore(t, "essex")
	for _, office := range []string{"gpc-england", "kent", "surrey-sussex"} {
		a := newAuthor(office)
		for i := range 40 {
			a.add(kindAdvisory, public, marshal(&guidancev1.Advisory{Issued: issued(fmt.Sprintf("2021-10-%02d", 1+i*7%13)), Positions: []*guidancev1.Position{{Matter: accessPlan}}}))
		}
		a.give(t, s, 0, 40, 40)
	}
	for _, of := range []Listing{{}, {Matter: accessPlan}} {
		whole, err := s.Newest(of, ListPlace{}, 0)
		if err != nil || len(whole) != 120 {
			t.Fatalf("%d listed, %v", len(whole), err)
		}
		for _, size := range []int{1, 7} {
			var got []ListPlace
			for after := (ListPlace{}); ; {
				page, err := s.Newest(of, after, size)
				if err != nil {
					t.Fatal(err)
				}
				if len(page) == 0 {
					break
				}
				got = append(got, places(page)...)
				if after, err = ParseListPlace(page[len(page)-1].Place().String()); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(got, places(whole)) {
				t.Errorf("%+v in pages of %d lists %v", of, size, got)
			}
		}
	}
	for _, bad := range []string{"", "2021-10-14", "2021-10-14 ", "2021-10 essex/1", "2021-10-14 essex", "essex/1"} {
		if at, err := ParseListPlace(bad); err == nil {
			t.Errorf("%q is the place %v", bad, at)
		}
	}
}

// What a list costs is what it shows, however much is held.
func TestAListReadsOnlyWhatItShows(t *testing.T) {
	s := newStore(t, "essex")
	for _, office := range []string{"gpc-england", "kent", "surrey-sussex"} {
		a := newAuthor(office)
		a.addMany(150)
		a.add(999, public, []byte("not understood"))
		a.give(t, s, 0, 151, 151)
	}
	for _, of := range []Listing{{}, {Matter: accessPlan}, {Offices: []string{"kent"}}} {
		err := s.Snapshot(context.Background(), func(snap *Snapshot) error {
			for after := (ListPlace{}); snap.Cost() < 70; {
				before := snap.Cost()
				visited := 0
				err := snap.Newest(of, after, func(l Listed) error {
					after = l.Place()
					if visited++; visited == 7 {
						return ErrEnough
					}
					return nil
				})
				if err != nil || snap.Cost()-before != 7 {
					t.Fatalf("%+v: showing 7 cost %d, %v", of, snap.Cost()-before, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAListEndsWithItsCaller(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(2 * checkEvery)
	a.give(t, s, 0, 2*checkEvery, 2*checkEvery)
	ctx, cancel := context.WithCancel(context.Background())
	visited := 0
	err := s.Snapshot(ctx, func(snap *Snapshot) error {
		return snap.Newest(Listing{}, ListPlace{}, func(Listed) error {
			visited++
			cancel()
			return nil
		})
	})
	if !errors.Is(err, context.Canceled) || visited != checkEvery {
		t.Errorf("visited %d, %v", visited, err)
	}
	wrong := errors.New("of the visitor")
	err = s.Snapshot(context.Background(), func(snap *Snapshot) error {
		return snap.Newest(Listing{}, ListPlace{}, func(Listed) error { return wrong })
	})
	if !errors.Is(err, wrong) {
		t.Errorf("the visitor's error came back as %v", err)
	}
}

func TestALostRowIsNoEntryWithoutWords(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("surrey-sussex")
	a.addMany(3)
	a.give(t, s, 0, 3, 3)
	rewrite(t, s, func(tx *txn) error { return tableRows.del(tx, entryKey(a.log, 1)) })
	found, err := s.Newest(Listing{}, ListPlace{}, 0)
	if !errors.Is(err, ErrCorrupt) || len(found) != 1 {
		t.Errorf("listed %v, %v, want ErrCorrupt at the second", places(found), err)
	}
	_ = s.Close() // so that it is not checked again
}

func TestTheDayAnEntryIsListedUnder(t *testing.T) {
	h := &ledgerv1.EntryHeader{ClaimedMs: time.Date(2021, 10, 14, 23, 59, 0, 0, time.UTC).UnixMilli()}
	for said, want := range map[string]string{
		"2021-10-01": "2021-10-01", "2024-02-29": "2024-02-29", "9999-12-31": "9999-12-31",
		"": "2021-10-14", "2021-02-29": "2021-10-14", "2021-10": "2021-10-14", "2021-10-01 ": "2021-10-14", "~~~~~~~~~~": "2021-10-14",
	} {
		if got := listDay(h, said); got != want {
			t.Errorf("saying %q it is listed under %q, want %q", said, got, want)
		}
	}
	for _, claimed := range []int64{1 << 50, 1<<63 - 1} {
		if got := listDay(&ledgerv1.EntryHeader{ClaimedMs: claimed}, ""); got != noDay {
			t.Errorf("claimed at %d it is listed under %q", claimed, got)
		}
	}
}
