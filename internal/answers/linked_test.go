package answers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// What one office says of two matters is told on both sides, by whom, and in every answer about either.
func TestALinkIsToldOnBothSidesAndByWhom(t *testing.T) {
	w := practiceWorld(t)
	ours := plan("essex/plan", "Our plan")
	ours.SameAs, ours.Follows = []string{thePlan}, []string{"gpc/earlier"}
	w.put("essex", public_, ours)
	says := advisory("essex", "2021-10-25", refuse, "north-essex")
	says.Positions[0].Matter = "essex/plan"
	w.put("essex", public_, says)
	answers := func(matter string) map[string]string {
		ctx, sel := context.Background(), &answersv1.Selector{Matter: matter, Practice: "F81001"}
		view, err := w.GetCombinedView(ctx, Public(), &answersv1.GetCombinedViewRequest{Selector: sel})
		if err != nil {
			t.Fatal(err)
		}
		national, err := w.GetNationalPicture(ctx, Public(), &answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: matter}})
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.ListEntries(ctx, Public(), &answersv1.ListEntriesRequest{Selector: &answersv1.Selector{Matter: matter}})
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]string{"view": view.View.Words, "national": national.Picture.Words, "history": list.Words}
		for _, of := range w.practicePage(&answersv1.GetPracticePageRequest{}).Matters {
			if of.Matter.Name == matter {
				told["practice"] = of.Words
			}
		}
		return told
	}
	for matter, wants := range map[string][]string{
		thePlan:      {"By essex, this is the same as: “Our plan”: lmc view essex/plan."},
		"essex/plan": {"By essex, this is the same as: “The plan”: lmc view " + thePlan + ".", "By essex, this goes on from: gpc/earlier, which is not here."},
	} {
		told := answers(matter)
		if len(told) != 4 {
			t.Fatalf("it is on no page: %v", told)
		}
		for answer, words := range told {
			for _, want := range wants {
				if !strings.Contains(words, want) {
					t.Errorf("%s of %s says %q", answer, matter, words)
				}
			}
			there := "North Essex LMC, with no line here, has one there: lmc view essex/plan --practice F81001."
			if want := matter == thePlan && (answer == "view" || answer == "practice"); strings.Contains(words, there) != want {
				t.Errorf("%s of %s says %q of its own line", answer, matter, words)
			}
		}
	}
}

// Any office may claim a link: few are told, the keeper's first, and the rest counted.
func TestLinksThatManyClaimAreBounded(t *testing.T) {
	w := practiceWorld(t)
	for i := range 10 {
		m := plan(fmt.Sprintf("kent/m-%d", i), "Another")
		m.SameAs = []string{thePlan}
		w.put("kent", public_, m)
	}
	m := plan("gpc/next", "The next plan")
	m.Follows = []string{thePlan}
	w.put("gpc", public_, m)
	view, err := w.GetCombinedView(context.Background(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: thePlan}})
	if err != nil {
		t.Fatal(err)
	}
	words := view.View.Words
	if !strings.Contains(words, " known here. By gpc, “The next plan” goes on from this: lmc view gpc/next. By kent") || strings.Count(words, "By kent") != 3 || !strings.HasSuffix(words, "7 more matters are said to be linked with it.") {
		t.Error(words)
	}
}
