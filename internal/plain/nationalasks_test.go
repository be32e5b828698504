package plain

import (
	"strings"
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What the national committee asked of practices by a day stood in lists of what falls due, and on no practice's page, in
// no view and in no calendar.
func TestWhatTheNationalCommitteeAsksOfPracticesStandsWhereTheyLookAsItsOwn(t *testing.T) {
	reply := func() *guidancev1.Action {
		return &guidancev1.Action{Verb: "reply", Object: "to the ICB", Measure: "hub", Due: dueBy("2026-12-11"), Template: "Dear ICB, no.", TemplateFor: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS}}
	}
	world := func(own *guidancev1.Position, asks ...*guidancev1.Action) *small {
		w := newSmall()
		w.isNational("2026-11-02", &guidancev1.Position{Measure: "hub", Stance: refuse})
		w.in.Entries[0].Advisory.Actions = []*guidancev1.Action{reply(), {Verb: "tell", Object: "your ICB", Measure: "hub", Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PCNS}}}
		w.in.Entries[0].Advisory.Actions[1].Matter, w.in.Entries[0].Advisory.Actions[0].Matter = w.in.Matter.GetName(), w.in.Matter.GetName()
		passes := own.GetRelayOf() != nil
		w.says("2026-11-03", []*guidancev1.Position{own}, asks...)
		if passes {
			own.Provenance = guidancev1.Provenance_PROVENANCE_RELAY
		}
		return w
	}
	told := "GPC England asks: reply to the ICB"
	w := world(&guidancev1.Position{Measure: "hub", Stance: caution})
	w.mustSay(t, "", []string{told + ", by 11 December 2026", "the text for “reply to the ICB”, to commissioners"}, "your ICB (primary care networks)")
	w.mustSay(t, "hub", []string{told + ", by 11 December 2026"}, "your LMC asks")
	page := w.ownPage(t, 1)
	for _, text := range []string{practiceText(page, 100), printed(page)} {
		wants(t, OneLine(text), "by 11 Dec", told)
		if strings.Contains(text, "Your LMC asks") {
			t.Error(text)
		}
	}
	wants(t, printed(page), "Dear ICB, no.")
	due := func(w *small) (all []string) {
		for _, one := range DueOf(w.view(t, "", practiceIn(0))) {
			all = append(all, one.Words)
		}
		return all
	}
	if got := strings.Join(due(w), "; "); got != told {
		t.Errorf("due: %s", got)
	}
	paused := newSmall() // by advice for a while of its own
	paused.isNational("2026-11-02", &guidancev1.Position{Measure: "hub", Stance: refuse})
	paused.isNational("2026-11-03", &guidancev1.Position{Measure: "hub", Stance: caution, ValidUntil: "2026-12-08"})
	stopped := reply()
	stopped.Matter = paused.in.Matter.GetName()
	paused.in.Entries[0].Advisory.Actions, paused.in.Entries[1].Advisory.Amends = []*guidancev1.Action{stopped}, []string{paused.in.Entries[0].ID}
	paused.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: caution}})
	if got := strings.Join(due(paused), "; "); got != told+" (again from 9 December 2026 on)" {
		t.Errorf("due once advice for a while is over: %s", got)
	}
	wants(t, OneLine(practiceText(paused.ownPage(t, 1), 100)), "again from 9 Dec")
	again := reply()
	if got := strings.Join(due(world(&guidancev1.Position{Measure: "hub", Stance: caution}, again)), "; "); got != "reply to the ICB" {
		t.Errorf("asked by both: %s", got)
	}
	again.Object = "to your ICB with GPC's text"
	relays := &guidancev1.Position{Measure: "hub", Stance: guidancev1.Stance_STANCE_INFORMATION_ONLY, RelayOf: &guidancev1.RelaySource{Committee: "gpc-england"}}
	if got := strings.Join(due(world(relays, again)), "; "); got != "reply to your ICB with GPC's text; "+told {
		t.Errorf("in other words: %s", got)
	}
}

// What the national committee asks was left off every page where an LMC that passes its line on asked anything by the same
// time, or without a day either, and where any LMC asked the same of fewer, less strongly or with a condition.
func TestWhatTheNationalCommitteeAsksStandsUnlessTheLMCAsksTheSameOfAllAsStrongly(t *testing.T) {
	may, must := guidancev1.ActionStrength_ACTION_STRENGTH_MAY, guidancev1.ActionStrength_ACTION_STRENGTH_MUST
	tell := func(change func(*guidancev1.Action)) *guidancev1.Action {
		a := &guidancev1.Action{Verb: "tell", Object: "your LMC what you signed", Measure: "hub", Due: dueBy("2026-12-12"), Strength: must}
		change(a)
		return a
	}
	log := &guidancev1.Action{Verb: "keep", Object: "a log", Measure: "hub", Strength: must}
	for name, c := range map[string]struct {
		change func(*guidancev1.Action)
		stands bool
	}{
		"the same":               {func(*guidancev1.Action) {}, false},
		"of practices by name":   {func(a *guidancev1.Action) { a.Actors = []guidancev1.Audience{practices} }, false},
		"of partners":            {func(a *guidancev1.Action) { a.Actors = []guidancev1.Audience{partners} }, true},
		"if they like":           {func(a *guidancev1.Action) { a.Strength = may }, true},
		"less strongly":          {func(a *guidancev1.Action) { a.Strength = guidancev1.ActionStrength_ACTION_STRENGTH_ASKED }, true},
		"by another day":         {func(a *guidancev1.Action) { a.Due = dueBy("2026-12-14") }, true},
		"on a condition":         {func(a *guidancev1.Action) { a.Condition = "if you are asked" }, true},
		"of a group":             {func(a *guidancev1.Action) { a.Scope = "emis" }, true},
		"something else by then": {func(a *guidancev1.Action) { a.Verb, a.Object, a.Strength = "book", "a place at our evening", may }, true},
	} {
		for _, passesOn := range []bool{false, true} {
			w := newSmall()
			w.isNational("2026-11-02", &guidancev1.Position{Measure: "hub", Stance: refuse})
			w.in.Entries[0].Advisory.Actions = []*guidancev1.Action{tell(func(*guidancev1.Action) {}), log}
			own := &guidancev1.Position{Measure: "hub", Stance: refuse}
			w.says("2026-11-03", []*guidancev1.Position{own}, tell(c.change), &guidancev1.Action{Verb: "read", Object: "our page", Measure: "hub", Strength: may})
			if passesOn {
				own.Provenance, own.RelayOf = guidancev1.Provenance_PROVENANCE_RELAY, &guidancev1.RelaySource{Committee: "gpc-england"}
			}
			for _, a := range append(w.in.Entries[0].Advisory.Actions, w.in.Entries[1].Advisory.Actions...) {
				a.Matter = w.in.Matter.GetName()
			}
			var asks []string
			for _, act := range nationalAsks(w.view(t, "", practiceIn(0))) {
				asks = append(asks, act.GetVerb())
			}
			want := "keep"
			if c.stands {
				want = "tell, keep"
			}
			if got := strings.Join(asks, ", "); got != want {
				t.Errorf("%s, passed on %t: GPC asks %q, want %q", name, passesOn, got, want)
			}
		}
	}
}

// What the national committee asks of a group was left off where the LMC asks the same of another that has its id.
func TestWhatTheNationalCommitteeAsksOfAGroupStandsBesideAnotherGroupOfItsID(t *testing.T) {
	for words, want := range map[string]int{"practices with no doctor on Saturdays": 1, "Practices without an on-site pharmacist": 0} {
		w := newSmall()
		group := func(words string) *guidancev1.Position {
			return &guidancev1.Position{Measure: "hub", Stance: refuse, Scope: &guidancev1.Scope{Id: "nodoc", Words: words}}
		}
		asks := func() *guidancev1.Action {
			return &guidancev1.Action{Verb: "tell", Object: "your LMC what you signed", Measure: "hub", Matter: w.in.Matter.GetName(), Scope: "nodoc", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST}
		}
		w.isNational("2026-11-02", group("practices without an on-site pharmacist"))
		w.in.Entries[0].Advisory.Actions = []*guidancev1.Action{asks()}
		w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: refuse}, group(words)}, asks())
		if got := nationalAsks(w.view(t, "", practiceIn(0))); len(got) != want {
			t.Errorf("beside %s: %d requests, want %d", words, len(got), want)
		}
	}
}
