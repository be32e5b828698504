package answers

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Of an id that two LMCs have for two groups, whoever asked was answered with both, under the words of one.
func TestAnIDOfSeveralGroupsIsRefusedWithTheWordsToAskFor(t *testing.T) {
	w := newWorld(t)
	of := func(office, committee, words string) *guidancev1.Advisory {
		a := advisory(office, "2021-10-21", refuse, committee)
		a.Positions[0].Scope = &guidancev1.Scope{Id: "nodoc", Words: words}
		return a
	}
	general := advisory("kent", "2021-10-20", support, "kent")
	w.put("kent", public_, general, of("kent", "kent", "practices with no doctor on Saturdays"))
	ask := func(scope, own string) (heading string, err error) {
		resp, err := w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: thePlan, Scope: scope, Committee: own}})
		return guidance.ScopeWords(resp.GetPicture().GetScope()), err
	}
	if heading, err := ask("nodoc", ""); err != nil || heading != "practices with no doctor on Saturdays" {
		t.Errorf("an id of one group: %q, %v", heading, err)
	}
	w.put(essexOffice, public_, of(essexOffice, "north-essex", "practices without an on-site pharmacist"))
	for _, own := range []string{"", "kent"} { // who asks changes no count
		_, err := ask("nodoc", own)
		const says = "the group nodoc is not the same to all who speak of it on plan: “practices with no doctor on Saturdays” (Kent LMC); “practices without an on-site pharmacist” (North Essex LMC)"
		if !errors.Is(err, fault.ErrInvalid) || !strings.HasPrefix(err.Error(), says) || fault.Hint(err) != "ask for one by its words: --scope 'practices without an on-site pharmacist'" {
			t.Errorf("asked as %q: %v\nhint: %s", own, err, fault.Hint(err))
		}
	}
	if heading, err := ask("Practices with no doctor on  saturdays", ""); err != nil || heading != "practices with no doctor on Saturdays" {
		t.Errorf("asked by words: %q, %v", heading, err)
	}
	// An LMC's own practices ask by its letters, in which the id is one thing.
	view, err := w.GetCombinedView(context.Background(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: thePlan, Scope: "nodoc", Committee: "kent"}})
	if err != nil || guidance.ScopeWords(view.GetView().GetScope()) != "practices with no doctor on Saturdays" {
		t.Fatalf("%v, %v", view.GetView().GetScope(), err)
	}
	for _, c := range view.GetView().GetCommittees() {
		if got, want := c.GetHeadline().GetScope() != nil, c.GetOwn(); got != want {
			t.Errorf("%s: %v", c.GetHeadline().GetCommittee(), c.GetHeadline())
		}
	}
	if _, err = w.GetCombinedView(context.Background(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: thePlan, Scope: "nodoc"}}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("asked by nobody: %v", err)
	}
}

// A group whose words are themselves another's id could not be asked for.
func TestAGroupWhoseWordsAreAnIDIsAskedForByThem(t *testing.T) {
	w := newWorld(t)
	kent, essex := advisory("kent", "2021-10-21", refuse, "kent"), advisory(essexOffice, "2021-10-21", support, "north-essex")
	kent.Positions[0].Scope = &guidancev1.Scope{Id: "dispensing", Words: "dispensing"}
	essex.Positions[0].Scope = &guidancev1.Scope{Id: "dispensing", Words: "practices that dispense to all"}
	w.put("kent", public_, kent)
	w.put(essexOffice, public_, essex)
	_, err := w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: thePlan, Scope: "dispensing"}})
	if !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("%v", err)
	}
	resp, err := w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: thePlan, Scope: "Dispensing"}})
	if err != nil || resp.GetPicture().GetScope().GetWords() != "dispensing" {
		t.Errorf("%v, %v", resp.GetPicture().GetScope(), err)
	}
}

// A watch by the id of a group ended, once another LMC had that id for a group of its own.
func TestAWatchOfAGroupGoesOnWhenAnotherLMCTakesItsID(t *testing.T) {
	w := newWorld(t)
	of := func(office, committee, day, words string, stance guidancev1.Stance) *guidancev1.Advisory {
		a := advisory(office, day, stance, committee)
		a.Positions[0].Scope = &guidancev1.Scope{Id: "nodoc", Words: words}
		return a
	}
	w.put("kent", public_, of("kent", "kent", "2021-10-21", "practices with no doctor on Saturdays", refuse))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	enough := errors.New("enough")
	sent := 0
	err := w.Watch(ctx, Public(), &answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: "plan", Scope: "nodoc"}}, anyTurn, func(msg *answersv1.WatchViewResponse) error {
		if sent++; sent == 1 {
			w.put(essexOffice, public_, of(essexOffice, "north-essex", "2021-10-22", "practices without an on-site pharmacist", refuse))
			w.put("kent", public_, of("kent", "kent", "2021-10-23", "practices with no doctor on Saturdays", support))
			return nil
		}
		lines := msg.GetChange().GetLines()
		for _, line := range lines {
			if line.GetCommittee() != "kent" {
				t.Errorf("of another group: %s", line.GetWords())
			}
		}
		if len(lines) > 0 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) {
		t.Error(err)
	}
}
