package plain

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What was asked of all was told to a group whose own line had lapsed, beneath “nothing here advises it”.
func TestWhatIsAskedOfAllIsNotAskedOfAGroupWhoseLineLapsed(t *testing.T) {
	w := newSmall()
	breach := []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2026-11-11"}}
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: supports}, {Measure: "hub", Stance: supports, Scope: w.groups[0], ValidUntil: "2026-11-10", ContractEffects: breach}}, &guidancev1.Action{Verb: "welcome", Object: "the grant", Measure: "hub", Due: dueBy("2026-12-18")})
	w.mustSay(t, "hub", []string{"welcome the grant, by 18 December 2026 (not practices on EMIS)"})
}

// withdraws ends a letter.
func (w *small) withdraws(day, letter string) {
	n := len(w.in.Entries)
	w.in.Entries = append(w.in.Entries, guidance.Entry{
		ID: fmt.Sprint("tri/", n), Office: "tri", Index: uint64(n), Feed: uint64(n + 1), Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		Withdrawal: &guidancev1.Withdrawal{Office: "tri", Advisory: letter, Issued: &guidancev1.DayRange{Earliest: day, Latest: day}, Effective: day, OnBehalfOf: []string{"tri"}, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC},
	})
}

// The page of practices said “refuse” and asked all to send the refusal, where partners had no line and were
// asked nothing.
func TestAPageSaysOfWhichReadersTheLineIsNot(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}}, &guidancev1.Action{Verb: "send", Object: "the refusal", Measure: "hub"})
	theirs := w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: caution, Audiences: []guidancev1.Audience{partners}}})
	theirs.Amends = []string{"tri/0"}
	w.withdraws("2026-11-10", "tri/1")
	w.mustSay(t, "hub", []string{"To GP partners, Tri LMC has no line: its advice (tri/1) was withdrawn from 10 November 2026 (tri/2).", "send the refusal (not GP partners)"})
	w.mustSay(t, "", []string{"to GP partners: no line: withdrawn", "send the refusal (not GP partners)"})
	w.in.Own = nil
	w.mustSay(t, "hub", []string{"; to GP partners: no line: withdrawn"})
	line := w.view(t, "hub", "").GetCommittees()[0].GetHeadline()
	table := &answersv1.NationalTable{Lines: []*answersv1.Line{line}}
	col := &answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: refuse, Words: "refuse", Members: []string{"tri"}}
	if got := strings.Join(marks(&answersv1.NationalPicture{}, table, col, nil), "; "); got != "something else to some of these readers" {
		t.Errorf("marked %q", got)
	}
}

// What is asked of whoever is in no group was told to “whoever is in no group named here”, on a page that named
// none: the group's line had been withdrawn.
func TestWhatIsAskedOfNoGroupNamesTheGroupsOrNone(t *testing.T) {
	general := func() *small {
		w := newSmall()
		w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}}, &guidancev1.Action{Verb: "ring", Object: "us", Measure: "hub", Scope: guidance.GeneralScope})
		return w
	}
	w := general()
	for i, group := range w.groups {
		w.says(fmt.Sprint("2026-11-0", 3+i), []*guidancev1.Position{{Measure: "hub", Stance: caution, Scope: group}})
	}
	w.mustSay(t, "hub", []string{"ring us (not practices on EMIS or practices on TPP)"}, "named here")
	w.withdraws("2026-11-10", "tri/2")
	w.mustSay(t, "hub", []string{"ring us (not practices on EMIS)"})
	w.withdraws("2026-11-10", "tri/1")
	w.mustSay(t, "hub", []string{"ring us"}, "ring us (", "named here")
	one := general()
	one.in.Matter.Measures[0].Scopes = nil
	one.mustSay(t, "hub", []string{"ring us"}, "ring us (", "named here")
	position := &guidancev1.Position{Scope: w.groups[0]}
	asked := &guidancev1.Action{Verb: "ring", Scope: guidance.GeneralScope}
	if got := ofWhichPart(nil, asked, guidance.GroupsOf([]*guidancev1.Position{position, position})); len(got) != 1 || got[0] != "not practices on EMIS" {
		t.Errorf("of a letter: %q", got)
	}
}

// A correction of what is asked of a group gave its id on its own page, and of whoever is in no group that alone was dropped.
func TestACorrectionsPageSaysOfWhichGroupItAsks(t *testing.T) {
	names := &answersv1.Names{Groups: []*answersv1.NamedGroup{
		{Entry: "essex/2", Scope: &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}}, {Entry: "essex/3", Scope: &guidancev1.Scope{Id: "emis", Words: "practices that use EMIS"}},
	}}
	for scope, want := range map[string]string{"emis": "practices on EMIS", guidance.GeneralScope: "not practices on EMIS"} {
		a := &guidancev1.Advisory{Office: "essex", OnBehalfOf: []string{"tri"}, Title: "The right day", Amends: []string{"essex/1"}, Actions: []*guidancev1.Action{{Verb: "send", Object: "it", Matter: "gpc-england/plan", Scope: scope}}}
		p := New(100)
		p.Advisory(a, &answersv1.Names{Groups: names.Groups[:1]})
		if !strings.Contains(p.String(), "send it ("+want+")") {
			t.Errorf("of %s:\n%s", scope, p.String())
		}
	}
	of := groupsNamed(names, "essex/3", nil)
	if len(of) != 1 || of[0].GetWords() != "practices that use EMIS" {
		t.Errorf("of an entry of a list: %v", of)
	}
}

// What a letter asked of whoever is in no group stood on its own page, and in its preview, as asked of all practices, where only
// an earlier letter has a line for a group.
func TestTheLimitOfARequestIsOnThePageOfALetterWithoutGroups(t *testing.T) {
	asked := &guidancev1.Action{Scope: guidance.GeneralScope}
	if got := ofItsLetter(nil, asked, nil); len(got) != 1 || got[0] != "whoever is in no group" {
		t.Errorf("%q", got)
	}
	if got := ofItsLetter(nil, asked, []*guidancev1.Scope{{Id: "emis", Words: "practices on EMIS"}}); len(got) != 1 || got[0] != "not practices on EMIS" {
		t.Errorf("with a group of its own: %q", got)
	}
	if got := ofItsLetter(nil, &guidancev1.Action{}, nil); len(got) > 0 {
		t.Errorf("of all: %q", got)
	}
}
