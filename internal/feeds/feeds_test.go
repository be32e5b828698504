package feeds

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// node answers what a feed is made of: a register, a list of letters, each of them, and a view of one more matter.
type node struct {
	letters []*answersv1.Entry
	gone    string // a letter that cannot be had
	view    *answersv1.CombinedView
	asked   []proto.Message
}

func (n *node) Ask(_ context.Context, req, resp proto.Message) error {
	n.asked = append(n.asked, req)
	var answer proto.Message
	switch req := req.(type) {
	case *answersv1.GetRegisterRequest:
		answer = &answersv1.GetRegisterResponse{Federation: "trial"}
	case *answersv1.ListEntriesRequest:
		answer = &answersv1.ListEntriesResponse{
			Matter: "gpc-england/plan", Entries: n.letters, Words: "Practice F81001 belongs to North Essex LMC.", Completeness: &answersv1.Completeness{Words: "Everything is here."},
			Names: &answersv1.Names{Offices: map[string]string{"essex": "Essex LMCs"}, Matters: map[string]*answersv1.MatterTitles{"gpc-england/plan": {Title: "The plan"}}},
		}
	case *answersv1.GetEntryRequest:
		if req.GetName() == n.gone {
			return errors.New("it is not here")
		}
		e := letter(req.GetName())
		e.Header = &ledgerv1.EntryHeader{Commitment: []byte(req.GetName())}
		answer = &answersv1.GetEntryResponse{Entry: e}
	case *answersv1.GetCombinedViewRequest:
		answer = &answersv1.GetCombinedViewResponse{View: n.view}
	}
	proto.Merge(resp, answer)
	return nil
}

func letter(name string) *answersv1.Entry {
	return &answersv1.Entry{
		Name: name, Office: "essex", Words: "It still stands.", Notices: []string{"Demonstration."},
		Content: &answersv1.Entry_Advisory{Advisory: &guidancev1.Advisory{Title: "Refuse " + name, Body: "Dear colleague"}},
	}
}

func TestAFeedSaysOfWhatItIsAndWhatEachLetterSays(t *testing.T) {
	for of, title := range map[Of]string{
		{Office: "essex"}: "office essex: Letters of Essex LMCs", {Matter: "gpc-england/plan"}: "matter gpc-england/plan: Letters on “The plan”", {Practice: "F81001"}: "practice F81001: Letters for practice F81001",
	} {
		n := &node{letters: []*answersv1.Entry{letter("essex/7"), letter("essex/6")}}
		feed, words, err := Letters(context.Background(), n, of, 30, "v1")
		if err != nil {
			t.Fatal(err)
		}
		if got := feed.Of + ": " + feed.Title; got != "trial "+title {
			t.Errorf("%+v: %s", of, got)
		}
		if feed.Subtitle != "Practice F81001 belongs to North Essex LMC. Everything is here. Demonstration." || words != "Practice F81001 belongs to North Essex LMC." {
			t.Errorf("%+v: %q, %q: each notice is to be told once", of, feed.Subtitle, words)
		}
		if len(feed.Entries) != 2 || string(feed.Entries[0].Commitment) != "essex/7" || feed.Entries[0].Author != "Essex LMCs" || !strings.HasPrefix(feed.Entries[1].Summary, "It still stands.") || !strings.Contains(feed.Entries[1].Text, "Dear colleague") {
			t.Errorf("%+v: %+v", of, feed.Entries)
		}
		list := n.asked[1].(*answersv1.ListEntriesRequest)
		if list.GetOffice() != of.Office || list.GetSelector().GetMatter() != of.Matter || list.GetSelector().GetPractice() != of.Practice || list.GetPageSize() != 30 || len(list.GetKinds()) != len(LetterKinds) {
			t.Errorf("%+v: asked for %v", of, list)
		}
	}
}

// A feed that lacks a letter would tell whoever follows it that there was none.
func TestAFeedThatLacksALetterIsNone(t *testing.T) {
	n := &node{letters: []*answersv1.Entry{letter("essex/7"), letter("essex/6")}, gone: "essex/6"}
	if feed, _, err := Letters(context.Background(), n, Of{Office: "essex"}, 30, "v1"); err == nil {
		t.Errorf("%+v", feed)
	}
}

// asks is the view of a matter on which the practice's own committee asks something by each of some days.
func asks(matter string, days ...string) *answersv1.CombinedView {
	line := &answersv1.Line{
		Committee: "north-essex", CommitteeName: "North Essex LMC", State: answersv1.LineState_LINE_STATE_STATED, Audience: guidancev1.Audience_AUDIENCE_PRACTICES,
		Current: &answersv1.Statement{
			Advisory: "essex/7", Title: "Refuse", Issued: &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"},
			Position: &guidancev1.Position{Matter: matter, Stance: guidancev1.Stance_STANCE_REFUSE, Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}},
		},
	}
	for _, day := range days {
		due := &guidancev1.Due{When: &guidancev1.Due_Day{Day: day}}
		if day == "" {
			due = &guidancev1.Due{When: &guidancev1.Due_Rule{Rule: "within 10 working days"}}
		}
		line.Actions = append(line.Actions, &guidancev1.Action{Verb: "answer", Object: "letter " + fmt.Sprint(len(line.Actions)), Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}, Due: due})
	}
	return &answersv1.CombinedView{
		Matter: &guidancev1.Matter{Name: matter, Title: "The plan"}, AsOf: "2021-10-28", Audience: guidancev1.Audience_AUDIENCE_PRACTICES, Notices: []string{"Demonstration."},
		Committees: []*answersv1.CommitteeView{{Headline: line, Own: true}},
	}
}

// A calendar has what falls due on matters that a page has in brief, too, in the order of days, and says whose it is.
func TestACalendarHasEveryDeadlineOfAPractice(t *testing.T) {
	n := &node{view: asks("kent/other", "2021-11-01")}
	page := &answersv1.GetPracticePageResponse{
		Practice: "F81001", Matters: []*answersv1.CombinedView{asks("gpc-england/plan", "2021-11-05", "")},
		Others: []*answersv1.MatterInBrief{{Name: "kent/other", DueDay: "2021-11-01"}, {Name: "kent/no-day"}},
	}
	events, undated, err := Deadlines(context.Background(), n, page, "2021-10-28")
	if err != nil || len(events) != 2 || events[0].Day != "2021-11-01" || events[1].Day != "2021-11-05" {
		t.Fatalf("%+v %v", events, err)
	}
	for _, want := range []string{"Demonstration.", "The plan (gpc-england/plan)", "Refuse, essex/7", "Practice F81001. Each practice decides for itself."} {
		if !strings.Contains(events[1].Description, want) {
			t.Errorf("no %q in %s", want, events[1].Description)
		}
	}
	if len(undated) != 1 || !strings.Contains(undated[0], "within 10 working days") || !strings.Contains(undated[0], "essex/7") {
		t.Errorf("without a day: %q", undated)
	}
	if len(n.asked) != 1 {
		t.Fatalf("asked for %v: a matter without a day has nothing to tell", n.asked)
	}
	if sel := n.asked[0].(*answersv1.GetCombinedViewRequest).GetSelector(); sel.GetMatter() != "kent/other" || sel.GetPractice() != "F81001" || sel.GetOnDay() != "2021-10-28" {
		t.Errorf("asked for %v", sel)
	}
}

// Taken in again, a deadline is the same one; on another matter it is another.
func TestADeadlineIsKnownAgain(t *testing.T) {
	same := func(matter string) string {
		events, _, err := Deadlines(context.Background(), &node{}, &answersv1.GetPracticePageResponse{Practice: "F81001", Matters: []*answersv1.CombinedView{asks(matter, "2021-11-05")}}, "")
		if err != nil || len(events) != 1 {
			t.Fatalf("%+v %v", events, err)
		}
		return strings.Join(events[0].Same, "|")
	}
	first, again, other := same("gpc-england/plan"), same("gpc-england/plan"), same("kent/plan")
	if first != again || first == other {
		t.Errorf("%s, %s, %s", first, again, other)
	}
}
