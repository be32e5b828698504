package answers

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Whoever closes a matter is told which dates ahead readers lose by that, the matter's and letters'.
func TestClosingAMatterSaysWhichDatesReadersLose(t *testing.T) {
	w := practiceWorld(t)
	due := func(day string) *guidancev1.Due { return &guidancev1.Due{When: &guidancev1.Due_Day{Day: day}} }
	was := plan(thePlan, "The plan")
	was.Measures = []*guidancev1.Measure{{Id: "hub", Title: "Hub", Deadlines: []*guidancev1.Deadline{{Title: "Sign-up form", Due: due("2021-12-10")}, {Title: "Survey", Due: due("2021-11-05")}}}}
	letter := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
	letter.Actions = []*guidancev1.Action{
		{Verb: "send", Object: "the reply", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, Due: due("2021-12-15")},
		{Verb: "ring", Object: "us", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED},
	}
	entry := w.put(essexOffice, public_, letter)
	err := w.Publishing(t.Context(), Touches{}, func(known guidance.PublishContext) error {
		is := plan(thePlan, "The plan")
		is.Measures = was.Measures
		is.Closed = &guidancev1.DayRange{Earliest: "2021-11-20", Latest: "2021-11-20"}
		got := strings.Join(known.ReadOtherwise(was, is), "\n")
		for _, want := range []string{"after 20 November 2021", "Sign-up form, by 10 December 2021", "send the reply, by 15 December 2021", entry} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in %q", want, got)
			}
		}
		if strings.Contains(got, "Survey") || strings.Contains(got, "ring us") {
			t.Errorf("lost is what is not: %q", got)
		}
		if got := known.ReadOtherwise(is, is); len(got) > 0 {
			t.Errorf("of what is closed already: %q", got)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
