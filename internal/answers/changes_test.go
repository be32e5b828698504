package answers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func sinceDay(day string) *answersv1.Since {
	return &answersv1.Since{At: &answersv1.Since_Day{Day: day}}
}

func sinceCursor(c *answersv1.Cursor) *answersv1.Since {
	return &answersv1.Since{At: &answersv1.Since_Cursor{Cursor: c}}
}

// changed asks as anybody what changed.
func (w *world) changed(sel *answersv1.Selector, since *answersv1.Since) *answersv1.GetChangesResponse {
	w.t.Helper()
	resp, err := w.GetChanges(context.Background(), Public(), &answersv1.GetChangesRequest{Selector: sel, Since: since})
	if err != nil {
		w.t.Fatal(err)
	}
	return resp
}

func kindsOf(resp *answersv1.GetChangesResponse) []string {
	var all []string
	for _, c := range resp.GetChanges() {
		all = append(all, strings.TrimPrefix(c.Kind.String(), "CHANGE_KIND_")+" "+c.Matter+" "+c.Committee+" "+c.Entry)
	}
	return all
}

// onDay is the world's clock at noon of a day of November 2021.
func (w *world) onDay(day int) { w.now = time.Date(2021, 11, day, 12, 0, 0, 0, time.UTC) }

func TestChangesSinceADayAndThenSinceTheirCursor(t *testing.T) {
	w := newWorld(t)
	w.put("kent", public_, advisory("kent", "2021-11-01", support, "kent"))
	w.onDay(3)
	w.put(essexOffice, public_, advisory(essexOffice, "2021-11-03", refuse, "north-essex"))
	sel := &answersv1.Selector{Matter: "plan"}
	first := w.changed(sel, sinceDay("2021-11-02"))
	if diff := cmp.Diff([]string{"NEW gpc/plan north-essex essex/0"}, kindsOf(first)); diff != "" || first.FromDay != "2021-11-02" || first.ToDay != "2021-11-03" || first.Words != "" {
		t.Errorf("%v %s", first, diff)
	}
	if again := w.changed(sel, sinceCursor(first.Cursor)); len(again.Changes) > 0 || !proto.Equal(again.Cursor, first.Cursor) {
		t.Errorf("nothing came, and it says %v", again)
	}
	w.onDay(5)
	late := w.put("kent", public_, advisory("kent", "2021-11-02", refuse, "kent")) // issued before the first look, here since
	w.put("gpc", public_, plan(thePlan, "The plan, amended"), plan("gpc/other", "Another plan"))
	next := w.changed(sel, sinceCursor(first.Cursor))
	if diff := cmp.Diff([]string{"MATTER_AMENDED gpc/plan  gpc/1", "MOVED gpc/plan kent " + late}, kindsOf(next)); diff != "" {
		t.Error(diff)
	}
	if way := next.Changes[1].Direction; way != answersv1.Direction_DIRECTION_TOWARDS_REFUSING {
		t.Errorf("it moved %v", way)
	}
	every := w.changed(&answersv1.Selector{Committee: "kent"}, sinceCursor(first.Cursor))
	want := []string{"MATTER_AMENDED gpc/plan  gpc/1", "MOVED gpc/plan kent " + late, "MATTER_OPENED gpc/other  gpc/2"}
	got := kindsOf(every)
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || every.Matter != nil || !slices.Equal(every.Committees, []string{"kent"}) {
		t.Errorf("of every matter: %s", diff)
	}
	back := w.changed(&answersv1.Selector{Matter: "plan", AsOf: "2021-11-02"}, sinceDay("2021-11-01"))
	if back.Cursor.Day != "2021-11-02" || back.ToDay != "2021-11-02" {
		t.Errorf("up to an earlier day: %v", back)
	}
}

// Of a matter whose deadline and whose first day of the contract were moved, whoever looked again was told that it
// was amended, and no more.
func TestAnAmendmentThatMovesADeadlineSaysWhich(t *testing.T) {
	w := newWorld(t)
	moved := func(due, from string) *guidancev1.Matter {
		m := plan(thePlan, "The plan")
		m.Measures = []*guidancev1.Measure{{
			Id: "hub", Title: "The hub", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
			ClaimedEffects: []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL, ValidFrom: from}},
			Deadlines:      []*guidancev1.Deadline{{Title: "Reply", AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}, Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: due}}}},
		}}
		return m
	}
	w.put("gpc", public_, moved("2021-12-10", "2021-12-15"))
	sel := &answersv1.Selector{Matter: "plan"}
	first := w.changed(sel, sinceDay("2021-11-01"))
	amendment := w.put("gpc", public_, moved("2021-12-13", "2022-01-01"))
	var got []string
	for _, c := range w.changed(sel, sinceCursor(first.Cursor)).Changes {
		if c.Kind == answersv1.ChangeKind_CHANGE_KIND_MATTER_AMENDED {
			got = append(got, c.Words)
		}
	}
	want := []string{"What the matter is was amended: The plan (" + amendment + "). By this amendment: hub is claimed to be: from 1 January 2022 contractual; it was: from 15 December 2021 contractual." +
		" hub: “Reply” falls due: by 13 December 2021; it was: by 10 December 2021."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestADayBeforeTheFirstRecordIsToldByWhatIsKnownToday(t *testing.T) {
	w := newWorld(t)
	w.put("kent", public_, advisory("kent", "2021-10-20", support, "kent"))
	w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	const words = "This node's records begin on 1 November 2021: what stood on 22 October 2021 is told by what is known today."
	ctx, sel := context.Background(), &answersv1.Selector{Matter: "plan", OnDay: "2021-10-22"}
	view, err := w.GetCombinedView(ctx, Public(), &answersv1.GetCombinedViewRequest{Selector: sel})
	if err != nil || !strings.HasPrefix(view.View.Words, words) || view.View.KnownAtTime != nil || view.View.Committees[0].Headline.Current.GetAdvisory() != "kent/0" {
		t.Errorf("the view: %v, %v", view, err)
	}
	list, err := w.ListEntries(ctx, Public(), &answersv1.ListEntriesRequest{Selector: sel})
	if err != nil || list.Words != words || len(list.Entries) != 1 {
		t.Errorf("the list: %v, %v", list, err)
	}
	national, err := w.GetNationalPicture(ctx, Public(), &answersv1.GetNationalPictureRequest{Selector: sel})
	if err != nil || national.Picture.Words != words || national.Picture.Tables[0].Denominator != 2 {
		t.Errorf("the national picture: %v, %v", national, err)
	}
	beside, err := w.GetNationalPicture(ctx, Public(), &answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: "plan"}, Compare: sinceDay("2021-10-22")})
	if err != nil || beside.Before.AsOf != "2021-10-22" || beside.Before.Words != words || len(beside.Before.Tables[0].Columns) != 2 || len(beside.Changes.Changes) != 1 {
		t.Errorf("two pictures: %v, %v", beside, err)
	}
	none, err := w.GetNationalPicture(ctx, Public(), &answersv1.GetNationalPictureRequest{Selector: sel, Nation: "wales"})
	if !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a nation of no committee: %v, %v", none, err)
	}
	changes := w.changed(&answersv1.Selector{Matter: "plan"}, sinceDay("2021-10-22"))
	if diff := cmp.Diff([]string{"NEW gpc/plan north-essex essex/0"}, kindsOf(changes)); diff != "" || changes.Words != words {
		t.Errorf("the changes say %q %s", changes.Words, diff)
	}
	opened := w.changed(&answersv1.Selector{}, sinceDay("2021-10-13"))
	if got := kindsOf(opened); len(got) != 3 || got[0] != "MATTER_OPENED gpc/plan  gpc/0" {
		t.Errorf("of a day before it was opened: %q", got)
	}
}

func TestAListSinceHasWhatWasIssuedOrArrived(t *testing.T) {
	w := newWorld(t)
	w.put("kent", public_, advisory("kent", "2021-10-20", support, "kent"))
	w.onDay(3)
	w.put(essexOffice, public_, advisory(essexOffice, "2021-11-03", refuse, "north-essex"))
	late := w.put("kent", public_, advisory("kent", "2021-10-01", support, "kent"))
	ask := func(since *answersv1.Since, token string) *answersv1.ListEntriesResponse {
		t.Helper()
		list, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: "plan"}, Since: since, PageSize: 1, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	one := ask(sinceDay("2021-11-02"), "")
	two := ask(sinceDay("2021-11-02"), one.NextPageToken)
	if one.Entries[0].Name != "essex/0" || two.Entries[0].Name != late || two.NextPageToken != "" || !proto.Equal(one.Cursor, two.Cursor) {
		t.Errorf("%v\n%v", one, two)
	}
	if none := ask(sinceCursor(one.Cursor), ""); len(none.Entries) > 0 {
		t.Errorf("nothing came since: %v", none)
	}
}

func TestSinceWhenIsRefusedWithWhatToDoInstead(t *testing.T) {
	w := newWorld(t)
	at := w.changed(&answersv1.Selector{Matter: "plan"}, sinceDay("2021-11-01")).Cursor
	altered := func(change func(*answersv1.Cursor)) *answersv1.Since {
		c := proto.CloneOf(at)
		change(c)
		return sinceCursor(c)
	}
	plain := &answersv1.Selector{Matter: "plan"}
	for name, c := range map[string]struct {
		sel    *answersv1.Selector
		since  *answersv1.Since
		nation string
		field  string
	}{
		"not said":             {plain, nil, "", "since"},
		"empty":                {plain, sinceDay(""), "", "since.day"},
		"no day":               {plain, sinceDay("28 October"), "", "since.day"},
		"a day ahead":          {plain, sinceDay("2021-11-02"), "", "since.day"},
		"after the later look": {&answersv1.Selector{Matter: "plan", AsOf: "2021-10-20"}, sinceDay("2021-10-21"), "", "since.day"},
		"no cursor":            {plain, sinceCursor(nil), "", "since.cursor"},
		"another history":      {plain, altered(func(c *answersv1.Cursor) { c.Digest[0]++ }), "", "since.cursor"},
		"a place ahead":        {plain, altered(func(c *answersv1.Cursor) { c.Feed += 9 }), "", "since.cursor"},
		"a cursor's day ahead": {plain, altered(func(c *answersv1.Cursor) { c.Day = "2031-01-01" }), "", "since.cursor"},
		"both times at once":   {&answersv1.Selector{Matter: "plan", OnDay: "2021-10-21"}, sinceDay("2021-10-20"), "", "selector"},
		"known at":             {&answersv1.Selector{Matter: "plan", KnownAt: &answersv1.Selector_KnownAtFeed{KnownAtFeed: 1}}, sinceDay("2021-10-20"), "", "selector"},
		"a measure alone":      {&answersv1.Selector{Measure: "fund"}, sinceDay("2021-10-20"), "", "selector.matter"},
		"no nation":            {plain, sinceDay("2021-10-20"), "atlantis", "nation"},
	} {
		_, err := w.GetChanges(context.Background(), Public(), &answersv1.GetChangesRequest{Selector: c.sel, Since: c.since, Nation: c.nation})
		if v := fault.Violations(err); !errors.Is(err, fault.ErrInvalid) || len(v) != 1 || v[0].Field != c.field || fault.Hint(err) == "" {
			t.Errorf("%s: %v %v", name, err, v)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := w.GetChanges(ctx, Public(), &answersv1.GetChangesRequest{Since: sinceDay("2021-10-20")}); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever asked is gone: %v", err)
	}
}

func TestOfManyMattersTheNewestAreCompared(t *testing.T) {
	w := newWorld(t)
	var many []proto.Message
	for i := range mattersCompared + 1 {
		m := plan(fmt.Sprintf("gpc/plan-%d", i), fmt.Sprint("Plan ", i))
		day := time.Date(2021, 8, 1+i, 0, 0, 0, 0, time.UTC).Format("2006-01-02")
		m.Opened = &guidancev1.DayRange{Earliest: day, Latest: day}
		many = append(many, m)
	}
	closed := plan("gpc/closed", "Closed")
	closed.Closed = &guidancev1.DayRange{Earliest: "2021-10-15", Latest: "2021-10-15"}
	w.put("gpc", public_, append(many, closed)...)
	for _, matter := range []string{"gpc/plan-0", fmt.Sprint("gpc/plan-", mattersCompared)} { // the oldest and the newest
		letter := advisory("kent", "2021-11-01", support, "kent")
		letter.Positions[0].Matter = matter
		w.put("kent", public_, letter)
	}
	got := w.changed(nil, sinceDay("2021-10-31"))
	if diff := cmp.Diff([]string{"NEW gpc/plan-64 kent kent/1"}, kindsOf(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "Compared are the 64 matters opened last, and 2 more are not: ask for one of those by its name."; !strings.HasSuffix(got.Words, want) {
		t.Errorf("it says %q", got.Words)
	}
}

// watched collects what a watch from a cursor sends until it says that it is up to date.
func (w *world) watched(cursor *answersv1.Cursor) (told []string) {
	w.t.Helper()
	end, _ := w.Store.FeedEnd()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := errors.New("up to date")
	err := w.Watch(ctx, Public(), &answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: "plan"}, Cursor: cursor}, anyTurn, func(msg *answersv1.WatchViewResponse) error {
		for _, line := range msg.GetChange().GetLines() {
			told = append(told, line.GetEntry()+": "+line.GetWords())
		}
		if msg.GetCursor().GetFeed() == end && msg.GetCursor().GetDay() == guidance.Today(w.now) {
			return done
		}
		return nil
	})
	if !errors.Is(err, done) {
		w.t.Fatal(err)
	}
	return told
}

func TestAWatchFarBehindBeginsAgainInsteadOfBeingToldAll(t *testing.T) {
	w := newWorld(t)
	w.put("kent", public_, advisory("kent", "2021-10-25", support, "kent"))
	for range ReplayLimit + 1 { // on a line that is as it was, so that replaying says nothing
		w.put("kent", public_, plan("kent/other", "Another"))
	}
	end, _ := w.Store.FeedEnd()
	first := func(behind uint64) *answersv1.WatchViewResponse {
		rows, err := w.Store.Feed(end-behind, 1)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		got := make(chan *answersv1.WatchViewResponse, 1)
		turn := func() (func(), error) { return func() {}, nil }
		_ = w.Watch(ctx, Public(), &answersv1.WatchViewRequest{
			Selector: &answersv1.Selector{Matter: "plan"}, Cursor: &answersv1.Cursor{Feed: rows[0].N, Digest: rows[0].Digest[:], Day: guidance.Today(w.now)},
		}, turn, func(msg *answersv1.WatchViewResponse) error {
			got <- msg
			return errors.New("enough")
		})
		select {
		case msg := <-got:
			return msg
		default:
			return nil
		}
	}
	if msg := first(ReplayLimit); msg.GetProgress() == nil {
		t.Errorf("at the limit it is sent %v, want only that it is taken up", msg)
	}
	if msg := first(ReplayLimit + 1); msg.GetReset_() == nil {
		t.Errorf("one past the limit it is sent %v, want a reset", msg)
	}
}

func TestAWatchTellsOfGroupsPartsOfTheReadersAndDays(t *testing.T) {
	w := newWorld(t)
	to := func(stance guidancev1.Stance, day string, change func(*guidancev1.Position)) *guidancev1.Advisory {
		a := advisory("kent", day, stance, "kent")
		change(a.Positions[0])
		return a
	}
	started := func(p *guidancev1.Position) {
		p.Scope = &guidancev1.Scope{Id: "started", Words: "patients already started"}
	}
	partners := func(p *guidancev1.Position) {
		p.Audiences, p.ValidUntil = []guidancev1.Audience{guidancev1.Audience_AUDIENCE_GP_PARTNERS}, "2021-11-01"
	}
	w.put("kent", public_, to(guidancev1.Stance_STANCE_CAUTION, "2021-11-01", func(*guidancev1.Position) {}), to(support, "2021-11-01", started), to(support, "2021-11-01", partners))
	end, digest := w.Store.FeedEnd()
	from := &answersv1.Cursor{Feed: end, Digest: digest[:], Day: "2021-11-01"}
	w.put("kent", public_, to(refuse, "2021-11-01", started))
	want := []string{"kent/3: Kent LMC on the whole matter, for patients already started: was support (kent/1), now refuse (kent/3). It moved towards refusing."}
	if diff := cmp.Diff(want, w.watched(from)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	end, digest = w.Store.FeedEnd()
	w.onDay(2)
	want = []string{"kent/2: Kent LMC on the whole matter, to GP partners: was support, until 1 November 2021 (kent/2), now caution (kent/0). It moved towards refusing. It came about on 2 November 2021."}
	if diff := cmp.Diff(want, w.watched(&answersv1.Cursor{Feed: end, Digest: digest[:], Day: "2021-11-01"})); diff != "" {
		t.Errorf("a day that passed: (-want +got):\n%s", diff)
	}
}

func TestAPracticeWhoseLMCChangesIsToldWhatItsNewOneSays(t *testing.T) {
	w := newWorld(t)
	covers := func(id, name, from, until string) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
			Id: id, Name: name, Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england",
			Areas: []*guidancev1.AreaTenure{{Area: &guidancev1.AreaId{Scheme: "icb", Code: "A"}, ValidFrom: from, ValidUntil: until}},
		}}}
	}
	w.record(
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: &guidancev1.AreaId{Scheme: "icb", Code: "A"}, Name: "A", PracticeCodes: []string{"X10001"}}}},
		covers("north-essex", "North Essex LMC", "", "2021-11-04"), covers("kent", "Kent LMC", "2021-11-05", ""),
	)
	w.put("kent", public_, advisory("kent", "2021-11-01", support, "kent"))
	w.put(essexOffice, public_, advisory(essexOffice, "2021-11-01", refuse, "north-essex"))
	w.onDay(3)
	sel := &answersv1.Selector{Matter: "plan", Practice: "X10001"}
	cursor := w.changed(sel, sinceDay("2021-11-02")).Cursor
	w.onDay(6)
	for name, since := range map[string]*answersv1.Since{"a day": sinceDay("2021-11-03"), "a cursor": sinceCursor(cursor)} {
		var got []string
		for _, c := range w.changed(sel, since).Changes {
			if c.Kind != answersv1.ChangeKind_CHANGE_KIND_AREAS {
				got = append(got, c.Words)
			}
		}
		if diff := cmp.Diff([]string{
			"Kent LMC on the whole matter: now support (kent/0). The register did that, not a letter.",
			"North Essex LMC on the whole matter: was refuse (essex/0); it is not the practice's LMC any more. The register did that, not a letter.",
		}, got); diff != "" {
			t.Errorf("since %s: (-want +got):\n%s", name, diff)
		}
	}
}

// Of a practice whose LMC merged, the one that is no more came first where its name did, under the other LMCs.
func TestThePresentLMCOfAPracticeComesBeforeTheOneItHad(t *testing.T) {
	w := newWorld(t)
	covers := func(id, name, from, until string, of ...string) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
			Id: id, Name: name, Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england", Predecessors: of,
			Areas: []*guidancev1.AreaTenure{{Area: &guidancev1.AreaId{Scheme: "icb", Code: "A"}, ValidFrom: from, ValidUntil: until}},
		}}}
	}
	w.record(
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: &guidancev1.AreaId{Scheme: "icb", Code: "A"}, Name: "A", PracticeCodes: []string{"X10001"}}}},
		covers("kent", "Kent LMC", "", "2021-11-04"), covers("north-essex", "North Essex LMC", "2021-11-05", "", "kent"),
	)
	w.put("kent", public_, advisory("kent", "2021-11-01", support, "kent"))
	w.onDay(6)
	resp := w.changed(&answersv1.Selector{Matter: "plan", Practice: "X10001"}, sinceDay("2021-11-03"))
	var got []string
	for _, c := range resp.Changes {
		if c.Kind != answersv1.ChangeKind_CHANGE_KIND_AREAS {
			got = append(got, c.Committee)
		}
	}
	if want := []string{"north-essex", "kent"}; !slices.Equal(got, want) || !slices.Equal(resp.Committees, want) {
		t.Errorf("of %v: %v", resp.Committees, resp.Changes)
	}
}

func TestOfVeryManyChangesTheLastHaveWordsAlone(t *testing.T) {
	w := newWorld(t)
	one := plan("gpc/long", "A long plan")
	one.Measures = nil
	for i := range 16 {
		one.Measures = append(one.Measures, &guidancev1.Measure{Id: fmt.Sprintf("m-%d", i), Title: "A measure", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND, Proposer: one.Proposer, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}})
	}
	w.put("gpc", public_, one)
	for n := range 20 {
		letter := advisory("kent", "2021-11-01", support, "kent")
		whole := letter.Positions[0]
		whole.Matter, whole.Rationale = "gpc/long", strings.Repeat("because ", 1900)
		letter.Positions = nil
		for i := range 16 {
			p := proto.CloneOf(whole)
			p.Measure = fmt.Sprintf("m-%d", i)
			p.Scope = &guidancev1.Scope{Id: fmt.Sprintf("group-%d", n), Words: "a group"}
			letter.Positions = append(letter.Positions, p)
		}
		letter.Actions = []*guidancev1.Action{{Verb: "send", Object: "the reply", Matter: "gpc/long", Template: strings.Repeat("Dear commissioner, ", 200)}}
		w.put("kent", public_, letter)
	}
	got := w.changed(&answersv1.Selector{Matter: "gpc/long"}, sinceDay("2021-10-20"))
	if size := proto.Size(got); size > 3*PageBytes {
		t.Errorf("%d bytes", size)
	}
	with, without := 0, 0
	for _, c := range got.Changes {
		switch {
		case c.Words == "":
			t.Errorf("no words: %v", c)
		case c.After != nil:
			with++
			for _, act := range c.After.GetActions() {
				if act.GetTemplate() != "" {
					t.Error("a text to send in what changed")
				}
			}
		case c.Committee != "":
			without++
		}
	}
	if want := fmt.Sprintf("Of the last %d changes only the words are here: ask for one measure, or for one LMC, to have their lines.", without); with == 0 || without == 0 || !strings.HasSuffix(got.Words, want) {
		t.Errorf("%d with lines and %d without, and it says %q", with, without, got.Words)
	}
}

// A correction that insists was told neither to whoever asks what changed nor to whoever watches.
func TestALetterWithoutALineIsToldOfAsAChange(t *testing.T) {
	w := newWorld(t)
	w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	cursor := w.changed(&answersv1.Selector{Matter: thePlan}, &answersv1.Since{At: &answersv1.Since_Day{Day: "2021-10-26"}}).GetCursor()
	correction := advisory(essexOffice, "2021-10-27", refuse, "north-essex")
	correction.Positions, correction.Matters, correction.Title = nil, []string{thePlan}, "Stop all signing"
	entry := w.put(essexOffice, public_, correction)
	changes := w.changed(&answersv1.Selector{Matter: thePlan}, &answersv1.Since{At: &answersv1.Since_Cursor{Cursor: cursor}}).GetChanges()
	if len(changes) != 1 || changes[0].Kind != answersv1.ChangeKind_CHANGE_KIND_LETTER || changes[0].Entry != entry || !strings.Contains(changes[0].Words, "“Stop all signing” ("+entry+", 27 October 2021) is on this and takes no position") {
		t.Errorf("got %v", changes)
	}
	if told := w.watched(cursor); !slices.ContainsFunc(told, func(s string) bool { return strings.Contains(s, "Stop all signing") }) {
		t.Errorf("whoever watches is told %q", told)
	}
}

// What changed in an area named neither the area, the group nor the readers it was asked of; and that there was no such area
// on one of the days, on which nobody had a line, was said of the picture alone.
func TestChangesSayWhatTheyWereAskedOfAndThatAnAreaIsNotThere(t *testing.T) {
	w := newWorld(t)
	const pcns = guidancev1.Audience_AUDIENCE_PCNS
	area := func(code string) *guidancev1.AreaId { return &guidancev1.AreaId{Scheme: "icb", Code: code} }
	of := func(a *guidancev1.Area) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: a}}
	}
	w.record(
		of(&guidancev1.Area{Id: area("QX1"), Name: "North ICB", ValidFrom: "2021-10-26"}),
		of(&guidancev1.Area{Id: area("QC1"), Name: "Calder ICB", ValidUntil: "2021-10-25", Successors: []*guidancev1.AreaId{area("QX1")}}),
		committeeOf(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england", Areas: []*guidancev1.AreaTenure{{Area: area("QX1"), ValidFrom: "2021-10-26"}}}),
	)
	a := advisory("kent", "2021-10-20", refuse, "kent")
	a.Positions[0].Scope = &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}
	w.put("kent", public_, a)
	const gone, not = "By the register there is no Calder ICB (icb:QC1) on 1 November 2021: ask for what took over from it, North ICB (icb:QX1).", "By the register there is no North ICB (icb:QX1) on 22 October 2021."
	for code, want := range map[string]string{"QC1": gone, "QX1": not} {
		sel := &answersv1.Selector{Matter: thePlan, Area: code, Scope: "emis", Audience: pcns}
		got := w.changed(sel, sinceDay("2021-10-22"))
		if !strings.Contains(got.GetWords(), want) || got.GetArea().GetCode() != code || got.GetAreaName() == "" || got.GetScope().GetWords() != "practices on EMIS" || got.GetAudience() != pcns {
			t.Errorf("%s: %q, in %v %q, for %v, to %v", code, got.GetWords(), got.GetArea(), got.GetAreaName(), got.GetScope(), got.GetAudience())
		}
		resp, err := w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: sel, Compare: sinceDay("2021-10-22")})
		if err != nil || !strings.Contains(resp.GetChanges().GetWords(), want) || resp.GetChanges().GetAreaName() == "" {
			t.Errorf("%s, compared: %v %q", code, err, resp.GetChanges().GetWords())
		}
		every := w.changed(&answersv1.Selector{Area: code, Scope: "emis"}, sinceDay("2021-10-22")) // of every open matter
		if !strings.Contains(every.GetWords(), want) || every.GetAreaName() == "" || every.GetScope().GetId() != "emis" {
			t.Errorf("%s, of every matter: %q, for %v", code, every.GetWords(), every.GetScope())
		}
	}
	if got := w.changed(onPlan(), sinceDay("2021-10-22")); got.GetArea() != nil || got.GetScope() != nil || strings.Contains(got.GetWords(), "there is no") {
		t.Errorf("of all: %v", got)
	}
	got := w.changed(&answersv1.Selector{Matter: thePlan, Area: "QC1"}, sinceDay("2021-10-30")) // there is none on either day
	if !strings.Contains(got.GetWords(), gone) || strings.Count(got.GetWords(), "there is no Calder") != 1 {
		t.Errorf("%q", got.GetWords())
	}
}
