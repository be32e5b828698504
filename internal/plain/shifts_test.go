package plain

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The national committee moved, so that LMCs stood on the other side, and it read "The figures have not changed".
func TestAComparisonSaysWhoStandsOtherwiseToTheNationalLine(t *testing.T) {
	table := func(relation answersv1.Relation) *answersv1.NationalPicture {
		return &answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2022-07-01", Tables: []*answersv1.NationalTable{{
			Columns:   []*answersv1.Column{{Words: "refuse", Count: 2}},
			Relations: []*answersv1.RelationCount{{Relation: relation, Count: 2, Committees: []string{"kent", "surrey"}}},
		}}}
	}
	said := func(was, is answersv1.Relation) string {
		p := New(100)
		p.Comparison(&answersv1.GetNationalPictureResponse{Picture: table(is), Before: table(was), Changes: &answersv1.GetChangesResponse{}}, "")
		return strings.Join(strings.Fields(p.String()), " ")
	}
	const same, opposite = answersv1.Relation_RELATION_ALIGNED, answersv1.Relation_RELATION_DIVERGENT
	page := said(same, opposite)
	for _, want := range []string{"refuse 2 2", "committees on the other side from the national line 0 2", "committees same as the national line 2 0"} {
		if !strings.Contains(page, want) || strings.Contains(page, "have not changed") {
			t.Errorf("no %q in %s", want, page)
		}
	}
	if page := said(same, same); !strings.Contains(page, "The figures have not changed on:") || strings.Contains(page, "same as the national line") {
		t.Error(page)
	}
}

// Figures that differ though no line did are put down to the practices that became another LMC's.
func TestAComparisonSaysWhosePracticesHaveChanged(t *testing.T) {
	shift := &answersv1.PracticesShift{Committee: "north-essex", CommitteeName: "North Essex LMC", Before: 9876, After: 14197, Moved: []*answersv1.PracticesMoved{
		{Committees: []string{"suffolk"}, CommitteeNames: []string{"Suffolk LMC"}, Came: true, Practices: 3}, {Came: true, Practices: 1}, {Practices: 2},
	}}
	var moves []string
	for _, m := range shift.GetMoved() {
		moves = append(moves, picture.MoveWords(shift, m, false))
	}
	shift.Words = picture.ShiftWords(answersv1.Unit_UNIT_PATIENTS, shift, moves)
	pic := &answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2022-07-01"}
	said := func(shifts ...*answersv1.PracticesShift) string {
		p := New(200)
		p.Comparison(&answersv1.GetNationalPictureResponse{Picture: pic, Before: pic, Changes: &answersv1.GetChangesResponse{}, Shifts: shifts}, "")
		return p.String()
	}
	page := strings.Join(strings.Fields(said(shift)), " ")
	want := "North Essex LMC: 9,876 -> 14,197 patients by the lists nearest to each day, as 3 practices came from Suffolk LMC; 1 practice opened, or came from no LMC's area; 2 practices closed, or are in no LMC's area"
	if !strings.Contains(page, want) || strings.Contains(page, "Nobody has moved") || !strings.Contains(page, "No LMC has another line") {
		t.Error(page)
	}
	if page := said(); !strings.Contains(page, "Nobody has moved.") || strings.Contains(page, "practices") {
		t.Error(page)
	}
}

// Figures of practices that differ though nobody moved are not those of a register in which nothing happened.
func TestNobodyHasMovedIsNotSaidUnderFiguresOfPracticesThatDiffer(t *testing.T) {
	column := func(unit answersv1.Unit, count int32) *answersv1.NationalPicture {
		return &answersv1.NationalPicture{Matter: aView().GetMatter(), Unit: unit, Tables: []*answersv1.NationalTable{{Columns: []*answersv1.Column{{Words: "refuse", Count: count}}}}}
	}
	said := func(unit answersv1.Unit, was, is int32) string {
		p := New(200)
		p.Comparison(&answersv1.GetNationalPictureResponse{Picture: column(unit, is), Before: column(unit, was), Changes: &answersv1.GetChangesResponse{}}, "")
		return p.String()
	}
	for _, unit := range []answersv1.Unit{answersv1.Unit_UNIT_PRACTICES, answersv1.Unit_UNIT_PATIENTS} {
		page := said(unit, 4042, 5050)
		if !strings.Contains(page, "No LMC has another line: the figures differ by whose practices they are, or by how many the register has.") || strings.Contains(page, "Nobody") {
			t.Error(page)
		}
		if page := said(unit, 5050, 5050); !strings.Contains(page, "Nobody has moved.") {
			t.Error(page)
		}
	}
	if page := said(answersv1.Unit_UNIT_COMMITTEES, 1, 2); !strings.Contains(page, "No LMC has another line: the figures differ by why there is no line, or by what the register has.") || strings.Contains(page, "Nobody") {
		t.Errorf("got\n%s", page)
	}
	if page := said(answersv1.Unit_UNIT_COMMITTEES, 2, 2); !strings.Contains(page, "Nobody has moved.") {
		t.Error(page)
	}
}

// Five practices went over to an LMC that supports, and two LMCs merged; the figures differed, and it read "Nobody has moved".
func TestAComparisonSaysWhatTheRegisterDid(t *testing.T) {
	column := func(count int32) *answersv1.NationalPicture {
		return &answersv1.NationalPicture{Matter: aView().GetMatter(), Tables: []*answersv1.NationalTable{{Columns: []*answersv1.Column{{Words: "support", Count: count}}}}}
	}
	did := func(words string) *answersv1.Change {
		return &answersv1.Change{Kind: answersv1.ChangeKind_CHANGE_KIND_AREAS, ByRegister: true, CommitteeKind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Words: words}
	}
	p := New(200)
	p.Comparison(&answersv1.GetNationalPictureResponse{Picture: column(13), Before: column(8), Changes: &answersv1.GetChangesResponse{Changes: []*answersv1.Change{
		did("Kent LMC covers icb:QKS since, by the register: what it says holds where it covers."),
		did("Union LMC speaks since in place of East LMC and West LMC, by the register: what was said for these stands until it speaks itself."),
	}}}, "")
	page := strings.Join(strings.Fields(p.String()), " ")
	for _, want := range []string{"Kent LMC covers icb:QKS since", "Union LMC speaks since in place of East LMC and West LMC", "No LMC has another line by a letter."} {
		if !strings.Contains(page, want) || strings.Contains(page, "Nobody has moved") {
			t.Errorf("no %q in %s", want, page)
		}
	}
}

// "Who moved" stood below the figures of 14 measures, 30 screens down on a phone.
func TestWhoMovedStandsBeforeTheFiguresOnAPage(t *testing.T) {
	column := func(count int32) *answersv1.NationalPicture {
		return &answersv1.NationalPicture{Matter: aView().GetMatter(), Tables: []*answersv1.NationalTable{{Columns: []*answersv1.Column{{Words: "refuse", Count: count}}}}}
	}
	heads := func(p *Page) (all []string) {
		p.Comparison(&answersv1.GetNationalPictureResponse{Picture: column(2), Before: column(1), Changes: &answersv1.GetChangesResponse{}}, "")
		for _, b := range p.Blocks() {
			if b.Kind == Heading {
				all = append(all, b.Words)
			}
		}
		return all
	}
	if got := heads(Unlaid()); len(got) < 2 || !strings.HasPrefix(got[0], "No LMC has another line") {
		t.Errorf("%q", got)
	}
}
