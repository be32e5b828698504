package answers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// practiceWorld is a world where F81001 is North Essex LMC's, with a national committee of the keeper's.
func practiceWorld(t *testing.T) *world {
	w := newWorld(t)
	w.record(
		areaOf("QH8", 5, 500, "1 May 2021"), coversArea("QH8", "", ""),
		committeeOf(&guidancev1.Committee{Id: "gpc", Name: "GPC England", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, Nation: "england"}),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "gpc", Office: "gpc"}}},
	)
	return w
}

func (w *world) practicePage(req *answersv1.GetPracticePageRequest) *answersv1.GetPracticePageResponse {
	w.t.Helper()
	if req.Practice == "" {
		req.Practice = "F81001"
	}
	page, err := w.GetPracticePage(context.Background(), Public(), req)
	if err != nil {
		w.t.Fatal(err)
	}
	return page
}

// opens opens n matters of an office, a day after one another.
func (w *world) opens(office string, n int) {
	var all []proto.Message
	for i := range n {
		m := plan(fmt.Sprintf("%s/m-%d", office, i), fmt.Sprint("Matter ", i))
		day := fmt.Sprintf("20%02d-%02d-%02d", 10+i/(12*28), 1+i/28%12, 1+i%28)
		m.Opened = &guidancev1.DayRange{Earliest: day, Latest: day}
		all = append(all, m)
	}
	if n > 0 {
		w.put(office, public_, all...)
	}
}

// namesIn are the matters of a page, those in full first.
func namesIn(page *answersv1.GetPracticePageResponse) (names []string) {
	for _, view := range page.Matters {
		names = append(names, view.Matter.Name)
	}
	for _, brief := range page.Others {
		names = append(names, brief.Name)
	}
	return names
}

func TestEachLineOfAPracticesPageIsTheLineOfTheViewOfThatMatter(t *testing.T) {
	w := practiceWorld(t)
	w.opens("gpc", 3)
	w.put("essex", public_, advisory("essex", "2021-10-25", refuse, "north-essex"))
	asks := advisory("gpc", "2021-10-24", support, "gpc")
	asks.Positions[0].Matter = "gpc/m-1"
	w.put("gpc", public_, asks)
	page := w.practicePage(&answersv1.GetPracticePageRequest{Practice: " f81 001 "})
	if page.Practice != "F81001" || len(page.Matters) != 4 {
		t.Fatalf("the page of %s has %v", page.Practice, namesIn(page))
	}
	for _, view := range page.Matters {
		resp, err := w.GetCombinedView(context.Background(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: view.Matter.Name, Practice: "F81001"}})
		if err != nil {
			t.Fatal(err)
		}
		own := slices.DeleteFunc(slices.Clone(resp.View.Committees), func(c *answersv1.CommitteeView) bool { return !c.Own })
		if len(own) != 1 || len(view.Committees) != 1 || !proto.Equal(own[0], view.Committees[0]) {
			t.Errorf("%s: the page has %v, and the view %v", view.Matter.Name, view.Committees, own)
		}
		if !proto.Equal(resp.View.National.Headline, view.National.Headline) || view.Audience != resp.View.Audience {
			t.Errorf("%s: the national line is %v, and in the view %v", view.Matter.Name, view.National, resp.View.National)
		}
	}
}

func TestWhoseAPracticeIsAndWhomToRing(t *testing.T) {
	w := practiceWorld(t)
	covers := func(id, name, from, until string, codes ...string) *ledgerv1.RegisterRecord {
		c := &guidancev1.Committee{Id: id, Name: name, Kind: lmc, Nation: "england"}
		for _, code := range codes {
			c.Areas = append(c.Areas, &guidancev1.AreaTenure{Area: &guidancev1.AreaId{Scheme: "icb", Code: code}, ValidFrom: from, ValidUntil: until})
		}
		return committeeOf(c)
	}
	for name, c := range map[string]struct {
		records          []*ledgerv1.RegisterRecord
		practice, day    string
		committees, said string
		ask              bool
	}{
		"one":            {nil, "F81001", "", "north-essex by essex", "Practice F81001 belongs to North Essex LMC.", false},
		"two":            {[]*ledgerv1.RegisterRecord{covers("kent", "Kent LMC", "", "", "QH8")}, "F81001", "", "kent by kent, north-essex by essex", "belongs to Kent LMC and North Essex LMC", false},
		"unknown":        {nil, "F81009", "", "", "Practice F81009 is not in this register", true},
		"of no LMC here": {[]*ledgerv1.RegisterRecord{coversArea("GONE", "", "")}, "F81001", "", "", "no LMC of that area is in this federation", true},
		"closed": {[]*ledgerv1.RegisterRecord{func() *ledgerv1.RegisterRecord {
			a := areaOf("QH8", 5, 500, "1 May 2021")
			a.GetArea().ValidUntil = "2021-10-20"
			return a
		}()}, "F81001", "", "north-essex by essex until 2021-10-20", "It belonged to North Essex LMC until 20 October 2021", true},
		"merged": {[]*ledgerv1.RegisterRecord{
			coversArea("GONE", "", ""), func() *ledgerv1.RegisterRecord {
				c := covers("kent", "Kent LMC", "", "2021-10-20", "QH8")
				c.GetCommittee().ValidUntil = "2021-10-20"
				return c
			}(),
			committeeOf(&guidancev1.Committee{Id: "union", Name: "Union LMC", Kind: lmc, Nation: "england", ValidFrom: "2021-10-21", Predecessors: []string{"kent"}}),
			{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "union", Office: "essex", ValidFrom: "2021-10-21"}}},
		}, "F81001", "", "kent by essex until 2021-10-20", "Kent LMC was merged into Union LMC: ask there.", true},
		"nobody speaks for it": {[]*ledgerv1.RegisterRecord{covers("town", "Town LMC", "", "", "QH8"), coversArea("GONE", "", "")}, "F81001", "", "town by ", "belongs to Town LMC", true},
	} {
		w.records = w.records[:8]
		w.record(c.records...)
		page := w.practicePage(&answersv1.GetPracticePageRequest{Practice: c.practice, OnDay: c.day})
		var got []string
		for _, one := range page.Committees {
			words := one.Committee.Id + " by " + one.Office
			if one.Until != "" {
				words += " until " + one.Until
			}
			got = append(got, words)
		}
		if strings.Join(got, ", ") != c.committees || !strings.Contains(page.Words, c.said) || (page.Ask != nil) != c.ask {
			t.Errorf("%s: %v, %q, ask %v; want %s, %q, ask %v", name, got, page.Words, page.Ask, c.committees, c.said, c.ask)
		}
		if c.ask && page.Ask.Id != "gpc" {
			t.Errorf("%s: to ask is %v, and not the keeper", name, page.Ask)
		}
	}
}

func TestAPageLooksAtSoManyMattersAndLeavesNoneOut(t *testing.T) {
	for _, n := range []int{PracticeMatters - 1, PracticeMatters} { // and the plan
		w := practiceWorld(t)
		w.opens("gpc", n)
		req := &answersv1.GetPracticePageRequest{}
		page := w.practicePage(req)
		if got := len(page.Matters); got != PracticeFull || (page.NextPageToken != "") != (n == PracticeMatters) {
			t.Errorf("of %d matters, %d are in full, and the next page is %q", n+1, got, page.NextPageToken)
		}
		if page.Matters[0].Matter.Name != thePlan {
			t.Errorf("first is %s, and not the newest opened", page.Matters[0].Matter.Name)
		}
		all := namesIn(page)
		w.opens("kent", 1) // which moves nothing
		if req.PageToken = page.NextPageToken; req.PageToken != "" {
			rest := w.practicePage(req)
			if len(rest.Matters) > 0 || rest.NextPageToken != "" || len(rest.Committees) > 0 {
				t.Errorf("the last page is %v", rest)
			}
			all = append(all, namesIn(rest)...)
		}
		slices.Sort(all)
		if all = slices.Compact(all); len(all) != n+1 {
			t.Errorf("the pages have %d matters, want %d", len(all), n+1)
		}
	}
}

func TestHowManyMattersOfAPageAreInFull(t *testing.T) {
	w := practiceWorld(t)
	w.opens("gpc", PracticeFullMost+3)
	for size, want := range map[int32]int{0: PracticeFull, 1: 1, PracticeFullMost: PracticeFullMost, PracticeFullMost + 1: PracticeFullMost} {
		page := w.practicePage(&answersv1.GetPracticePageRequest{PageSize: size})
		if len(page.Matters) != want || len(namesIn(page)) != PracticeFullMost+4 {
			t.Errorf("asked for %d, %d are in full, of %d", size, len(page.Matters), len(namesIn(page)))
		}
	}
	for field, req := range map[string]*answersv1.GetPracticePageRequest{
		"page_size": {Practice: "F81001", PageSize: -1}, "practice": {Practice: "surgery"}, "on_day": {Practice: "F81001", OnDay: "2021-13-01"},
		"since.day": {Practice: "F81001", Since: sinceDay("someday")}, "page_token": {Practice: "F81001", PageToken: "x.y"},
	} {
		_, err := w.GetPracticePage(context.Background(), Public(), req)
		if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(fmt.Sprintf("%+v", fault.Violations(err)), field) {
			t.Errorf("%v is refused with %v", req, err)
		}
	}
}

// Matters that anybody opens for others come behind, however new, and are counted where nobody of the
// reader's has said anything on them.
func TestWhatConcernsAPracticeGoesBeforeWhatOthersOpen(t *testing.T) {
	w := practiceWorld(t)
	closed := plan("gpc/closed", "Over")
	closed.Closed = &guidancev1.DayRange{Earliest: "2021-10-31", Latest: "2021-10-31"}
	ahead := plan("gpc/ahead", "Not yet")
	ahead.Opened = &guidancev1.DayRange{Earliest: "2021-11-02", Latest: "2021-11-02"}
	lmcs := plan("gpc/lmcs", "For LMCs")
	lmcs.Measures = []*guidancev1.Measure{{Id: "meet", Title: "Meet", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_LMCS}}}
	due := plan("gpc/due", "Due")
	due.Opened = &guidancev1.DayRange{Earliest: "2020-01-01", Latest: "2020-01-01"}
	due.Measures = []*guidancev1.Measure{{Id: "sign", Title: "Sign", Kind: guidancev1.MeasureKind_MEASURE_KIND_OFFER, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}, Deadlines: []*guidancev1.Deadline{
		{Title: "to sign", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-15"}}},
	}}}
	w.put("gpc", public_, closed, ahead, lmcs, due)
	theirs, ours := plan("kent/theirs", "Of Kent"), plan("kent/ours", "Of Kent, and Essex speaks")
	for _, m := range []*guidancev1.Matter{theirs, ours} {
		m.Opened = &guidancev1.DayRange{Earliest: "2021-10-30", Latest: "2021-10-30"}
	}
	w.put("kent", public_, theirs, ours)
	letter := advisory("essex", "2021-10-31", refuse, "north-essex")
	letter.Positions[0].Matter = ours.Name
	w.put("essex", public_, letter)
	page := w.practicePage(&answersv1.GetPracticePageRequest{})
	if got, want := strings.Join(namesIn(page), " "), "gpc/due kent/ours gpc/plan"; got != want || page.OfOthers != 2 {
		t.Errorf("the page has %s, and %d of others; want %s, and 2", got, page.OfOthers, want)
	}
	page = w.practicePage(&answersv1.GetPracticePageRequest{PageSize: 1})
	if page.Others[1].Name != thePlan || page.Others[1].DueDay != "" || page.Others[0].Lines[0].GetCurrent().GetAdvisory() != "essex/0" {
		t.Errorf("in brief they are %v", page.Others)
	}
	w.onDay(2)
	if page = w.practicePage(&answersv1.GetPracticePageRequest{}); !slices.Contains(namesIn(page), "gpc/ahead") {
		t.Errorf("opened on the day, it is not among %v", namesIn(page))
	}
	w.now = w.now.AddDate(0, 0, -2)
	if page = w.practicePage(&answersv1.GetPracticePageRequest{}); !slices.Contains(namesIn(page), "gpc/closed") {
		t.Errorf("on its last day, it is not among %v", namesIn(page))
	}
}

// What a practice's own LMC insists on stood in a line that named no request, behind newer matters on which nobody had said
// anything, each in full.
func TestWhatOnesLMCInsistsOnGoesBeforeMattersOfWhichNobodySaysAnything(t *testing.T) {
	w := practiceWorld(t)
	const matters = PracticeFull + 3
	var oldest []string
	for i := range matters {
		m := plan(fmt.Sprint("gpc/old-", i), "Old")
		m.Opened = &guidancev1.DayRange{Earliest: "2021-09-01", Latest: "2021-09-01"}
		letter := advisory("essex", "2021-10-25", refuse, "north-essex")
		letter.Positions[0].Matter = m.Name
		letter.Actions = []*guidancev1.Action{{
			Verb: "return", Object: "the form", Matter: m.Name, Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
			Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-12-20"}},
		}}
		w.put("gpc", public_, m)
		w.put("essex", public_, letter)
		oldest = append(oldest, m.Name)
	}
	w.opens("gpc", PracticeFull) // since, and nobody says anything on them
	page := w.practicePage(&answersv1.GetPracticePageRequest{})
	var full []string
	for _, v := range page.Matters {
		full = append(full, v.Matter.Name)
	}
	slices.Sort(full)
	if !slices.Equal(full, oldest) {
		t.Errorf("in full are %v, want %v", full, oldest)
	}
	for _, m := range []string{"gpc/press-1", "gpc/press-2"} { // due sooner, and nobody insists
		pressing := plan(m, "Pressing")
		pressing.Measures = []*guidancev1.Measure{{Id: "sign", Title: "Sign", Kind: guidancev1.MeasureKind_MEASURE_KIND_OFFER, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}, Deadlines: []*guidancev1.Deadline{
			{Title: "to sign", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-11-15"}}},
		}}}
		w.put("gpc", public_, pressing)
	}
	page = w.practicePage(&answersv1.GetPracticePageRequest{PageSize: matters})
	if len(page.Matters) != matters || slices.ContainsFunc(page.Others, (*answersv1.MatterInBrief).GetInsists) {
		t.Errorf("asked for %d, %d are in full, and in brief %v", matters, len(page.Matters), page.Others)
	}
}

// Which matters there are is read once, and again when one comes, or is closed.
func TestMattersAreReadAgainOnlyWhenOneComes(t *testing.T) {
	w := practiceWorld(t)
	w.opens("gpc", 20)
	w.practicePage(&answersv1.GetPracticePageRequest{})
	spent := 0
	w.spent = func(n int) { spent = n }
	if w.practicePage(&answersv1.GetPracticePageRequest{}); spent != 0 {
		t.Errorf("asked again, it reads %d entries", spent)
	}
	w.put("essex", public_, advisory("essex", "2021-10-25", refuse, "north-essex"))
	page := w.practicePage(&answersv1.GetPracticePageRequest{})
	if want := 2*21 + 2; spent != want || page.Matters[0].Committees[0].Headline.GetCurrent().GetAdvisory() != "essex/0" {
		t.Errorf("after a letter, it reads %d entries, want %d, each version once and the letter for each, and says %v", spent, want, page.Matters[0].Committees[0].Headline)
	}
	w.opens("kent", 1)
	m := plan(thePlan, "The plan")
	m.Closed = &guidancev1.DayRange{Earliest: "2021-10-31", Latest: "2021-10-31"}
	w.put("gpc", public_, m)
	if page = w.practicePage(&answersv1.GetPracticePageRequest{}); slices.Contains(namesIn(page), thePlan) || page.OfOthers != 1 {
		t.Errorf("after one was opened and one closed, it has %v, and %d of others", namesIn(page), page.OfOthers)
	}
}

func TestAPracticesPageTellsWhatChangedForItAlone(t *testing.T) {
	w := practiceWorld(t)
	w.onDay(1)
	w.put("gpc", public_, advisory("gpc", "2021-10-24", support, "gpc"))
	w.onDay(3)
	w.put("essex", public_, advisory("essex", "2021-11-03", refuse, "north-essex"))
	w.put("kent", public_, advisory("kent", "2021-11-03", refuse, "kent"))
	page := w.practicePage(&answersv1.GetPracticePageRequest{Since: sinceDay("2021-11-02")})
	if len(page.Changes.GetChanges()) != 1 || page.Changes.Changes[0].Entry != "essex/0" || page.Changes.Cursor == nil {
		t.Errorf("what changed is %v", page.Changes)
	}
	page = w.practicePage(&answersv1.GetPracticePageRequest{Since: sinceDay("2021-11-01"), OnDay: "2021-11-02"})
	if len(page.Changes.GetChanges()) != 0 || page.Changes.Cursor != nil || page.Matters[0].Committees[0].Headline.GetCurrent() != nil {
		t.Errorf("up to the day before, what changed is %v", page.Changes)
	}
}

func TestWhatAPracticeMayNotReadIsNotOnItsPage(t *testing.T) {
	const committees = guidancev1.Visibility_VISIBILITY_COMMITTEES
	w := practiceWorld(t)
	letter := advisory("essex", "2021-10-25", refuse, "north-essex")
	letter.Title, letter.Visibility = "Secret", committees
	w.put("essex", committees, letter)
	matter := plan("gpc/secret", "Secret")
	matter.Visibility = committees
	w.put("gpc", committees, matter)
	req := &answersv1.GetPracticePageRequest{Practice: "F81001", Since: sinceDay("2021-10-01")}
	for name, c := range map[string]struct {
		reader Reader
		knows  bool
	}{"anybody": {Public(), false}, "a practice": {Practice("north-essex"), false}, "an office": {Office("kent"), true}} {
		page, err := w.GetPracticePage(context.Background(), c.reader, req)
		if err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(strings.ToLower(fmt.Sprint(page)), "secret"); told != c.knows || slices.Contains(namesIn(page), "gpc/secret") != c.knows {
			t.Errorf("%s is told of it: %v", name, told)
		}
	}
}
