package answers

import (
	"context"
	"testing"

	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func TestAnEntryAndAListNameWhatTheyNameByIDs(t *testing.T) {
	w := newWorld(t)
	matter := plan(thePlan, "The plan")
	matter.Measures = []*guidancev1.Measure{{Id: "fund", Title: "The fund", Kind: guidancev1.MeasureKind_MEASURE_KIND_OFFER}, {Id: "lists", Title: "The lists", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND}}
	w.put("gpc", public_, matter)
	letter := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
	letter.Positions[0].Measure = "fund"
	passed := proto.CloneOf(letter.Positions[0])
	passed.Measure, passed.Stance, passed.Provenance = "", guidancev1.Stance_STANCE_INFORMATION_ONLY, guidancev1.Provenance_PROVENANCE_RELAY
	passed.RelayOf = &guidancev1.RelaySource{Committee: "kent"}
	letter.Positions = append(letter.Positions, passed)
	name := w.put(essexOffice, public_, letter)
	taken := w.put(essexOffice, public_, withdrawal(essexOffice, name, "2021-10-26", "north-essex"))
	want := &answersv1.Names{
		Committees: map[string]string{"north-essex": "North Essex LMC", "kent": "Kent LMC"},
		Matters:    map[string]*answersv1.MatterTitles{thePlan: {Title: "The plan", Measures: map[string]string{"fund": "The fund"}}},
	}
	got, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: name})
	if err != nil || !proto.Equal(got.GetNames(), want) {
		t.Errorf("of the entry: %v, %v", got.GetNames(), err)
	}
	list, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Office: essexOffice})
	if err != nil || !proto.Equal(list.GetNames(), want) {
		t.Errorf("of the list: %v, %v", list.GetNames(), err)
	}
	got, err = w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: taken})
	if err != nil || got.GetNames().GetCommittees()["north-essex"] != "North Essex LMC" || got.GetNames().GetMatters()[thePlan].GetTitle() != "The plan" {
		t.Errorf("of its withdrawal: %v, %v", got.GetNames(), err)
	}
}

func TestThePictureAndWhatChangedNameWhatTheyNameByIDs(t *testing.T) {
	w := newWorld(t)
	w.put(essexOffice, public_, advisory(essexOffice, "2021-10-25", refuse, "north-essex"))
	for unit, want := range map[answersv1.Unit]*answersv1.Names{
		answersv1.Unit_UNIT_COMMITTEES: {Committees: map[string]string{"north-essex": "North Essex LMC", "kent": "Kent LMC"}},
		answersv1.Unit_UNIT_OFFICES:    {Committees: map[string]string{"north-essex": "North Essex LMC", "kent": "Kent LMC"}},
	} {
		got, err := w.GetNationalPicture(context.Background(), Public(), &answersv1.GetNationalPictureRequest{
			Selector: &answersv1.Selector{Matter: "plan"}, Unit: unit, Compare: &answersv1.Since{At: &answersv1.Since_Day{Day: "2021-10-20"}},
		})
		if err != nil || !proto.Equal(got.GetPicture().GetNames(), want) || !proto.Equal(got.GetBefore().GetNames(), want) {
			t.Errorf("in %v: %v, %v, %v", unit, got.GetPicture().GetNames(), got.GetBefore().GetNames(), err)
		}
		if titles := got.GetChanges().GetNames().GetMatters()[thePlan]; titles.GetTitle() != "The plan" {
			t.Errorf("what changed: %v", got.GetChanges().GetNames())
		}
	}
	changes, err := w.GetChanges(context.Background(), Public(), &answersv1.GetChangesRequest{Since: &answersv1.Since{At: &answersv1.Since_Day{Day: "2021-10-20"}}})
	if err != nil || changes.GetNames().GetMatters()[thePlan].GetTitle() != "The plan" {
		t.Errorf("what changed: %v, %v", changes.GetNames(), err)
	}
}

// A correction takes no position, and its own page gave its group's id, or dropped that it is of whoever is in none.
func TestACorrectionNamesItsGroupAsTheLetterDoesThatItCorrects(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, plan(thePlan, "The plan"))
	letter := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
	letter.Positions[0].Scope = &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"}
	first := w.put(essexOffice, public_, letter)
	corrects := func(name string) *guidancev1.Advisory {
		a := advisory(essexOffice, "2021-10-26", refuse, "north-essex")
		a.Positions, a.Amends = nil, []string{name}
		a.Actions = []*guidancev1.Action{{Verb: "send", Object: "it", Matter: thePlan, Scope: "emis", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED}}
		return a
	}
	second := w.put(essexOffice, public_, corrects(first))
	third := w.put(essexOffice, public_, corrects(second))
	for _, name := range []string{second, third} {
		want := []*answersv1.NamedGroup{{Entry: name, Scope: letter.Positions[0].Scope}}
		got, err := w.GetEntry(context.Background(), Public(), &answersv1.GetEntryRequest{Name: name})
		if err != nil || !proto.Equal(&answersv1.Names{Groups: got.GetNames().GetGroups()}, &answersv1.Names{Groups: want}) {
			t.Errorf("%s: %v, %v", name, got.GetNames().GetGroups(), err)
		}
	}
	names, err := w.Names(context.Background(), Public(), corrects(second))
	if err != nil || len(names.GetGroups()) != 1 || names.GetGroups()[0].GetEntry() != "" {
		t.Errorf("before it is published: %v, %v", names.GetGroups(), err)
	}
	list, err := w.ListEntries(context.Background(), Public(), &answersv1.ListEntriesRequest{Office: essexOffice})
	if err != nil || len(list.GetNames().GetGroups()) != 2 {
		t.Errorf("of the list: %v, %v", list.GetNames().GetGroups(), err)
	}
}
