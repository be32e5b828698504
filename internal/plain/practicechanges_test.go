package plain

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// On the page in a browser and for the partners, what the practice's own LMC had changed stood behind new matters of
// other places, and measures went by ids that nobody had been told.
func TestWhatOnesOwnLMCChangedStandsFirstOnTheWholePageByTheTitlesOfMattersAndMeasures(t *testing.T) {
	r := fullPage(1, 0, 0, "North Essex LMC")
	now := &answersv1.Line{CommitteeName: "North Essex LMC", State: answersv1.LineState_LINE_STATE_STATED, Current: &answersv1.Statement{Advisory: "essex/3", Position: &guidancev1.Position{Stance: guidancev1.Stance_STANCE_REFUSE}}}
	r.Changes = &answersv1.GetChangesResponse{
		FromDay: "2021-10-20", ToDay: "2021-10-28", Committees: []string{"north-essex"},
		Names: &answersv1.Names{Matters: map[string]*answersv1.MatterTitles{
			"kent/elsewhere":     {Title: "Blood tests elsewhere"},
			"gpc-england/plan-0": {Title: "The plan", Measures: map[string]string{"fund": "A share of the fund"}},
		}},
		Changes: []*answersv1.Change{
			{Kind: answersv1.ChangeKind_CHANGE_KIND_MATTER_OPENED, Matter: "kent/elsewhere", Words: "A matter new here: Blood tests elsewhere."},
			{Kind: answersv1.ChangeKind_CHANGE_KIND_MATTER_OPENED, Matter: "gpc-england/plan-0", Words: "A matter new here: The plan."},
			{Kind: answersv1.ChangeKind_CHANGE_KIND_NEW, Matter: "gpc-england/plan-0", Measure: "fund", Committee: "north-essex", CommitteeName: "North Essex LMC", After: now},
			{Kind: answersv1.ChangeKind_CHANGE_KIND_NEW, Matter: "gpc-england/plan-0", Measure: "untitled", Committee: "north-essex", CommitteeName: "North Essex LMC", After: now},
		},
	}
	var said []string
	for _, b := range PracticeBlocks(r, "") {
		if b.Kind == Subheading || b.Kind == Item {
			said = append(said, b.Words)
		}
	}
	want := strings.Join([]string{
		"On “The plan”", "North Essex LMC on “A share of the fund”: now refuse [essex/3]", "North Essex LMC on untitled: now refuse [essex/3]", "A matter new here: The plan.",
		"On “Blood tests elsewhere”", "A matter new here: Blood tests elsewhere.",
	}, "\n")
	if got := strings.Join(said, "\n"); !strings.Contains(got, want) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
