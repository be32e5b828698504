package picture

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func toGroup(id, words string) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Positions[0].Scope = &v1.Scope{Id: id, Words: words} }
}

const (
	noPharmacist = "practices without an on-site pharmacist"
	noSaturdays  = "practices with no doctor on Saturdays"
)

// poplarAndRowan is a world in which two LMCs have one id for two groups, and a third has another id for one of these.
func poplarAndRowan() *world {
	w := newWorld()
	for _, id := range []string{"poplar", "rowan", "sorrel", "thyme"} {
		w.area("icb:"+id, 10, 1000)
		w.committee(id, id, lmc, id, "icb:"+id)
		w.says(id, id, "2021-10-18", caution, on("fund"))
	}
	w.says("poplar", "poplar", "2021-10-20", refuse, on("fund"), toGroup("nodoc", noPharmacist))
	w.says("rowan", "rowan", "2021-10-21", support, on("fund"), toGroup("nodoc", noSaturdays))
	w.says("sorrel", "sorrel", "2021-10-22", refuse, on("fund"), toGroup("saturdays", "Practices with no doctor on Saturdays."))
	w.in.Measure = "fund"
	return w
}

// Two LMCs' different groups that have one id stood in one row, under one heading.
func TestGroupsOfOneIDThatMeanDifferentThingsAreNotCountedAsOne(t *testing.T) {
	for asked, want := range map[string][]string{
		noPharmacist:  {"1 refuse: poplar", "3 caution: rowan sorrel thyme"},
		noSaturdays:   {"1 refuse: sorrel", "2 caution: poplar thyme", "1 support: rowan"},
		"saturdays":   {"1 refuse: sorrel", "2 caution: poplar thyme", "1 support: rowan"},
		"of nobody's": {"4 caution: poplar rowan sorrel thyme"},
	} {
		w := poplarAndRowan()
		w.in.Scope = asked
		wantColumns(t, w, byCommittee, want...)
	}
	w := poplarAndRowan()
	said := NewSaid(t.Context(), w.in.Matter, w.input().Entries, w.input().Register)
	var found []string
	for _, g := range GroupsAsked(said, "fund", false, w.in.AsOf, "nodoc") {
		found = append(found, g.Text()+": "+g.Committees[0])
	}
	if want := []string{noSaturdays + ": rowan", noPharmacist + ": poplar"}; !slices.Equal(found, want) {
		t.Errorf("it stands for %q, want %q", found, want)
	}
}

// A committee's own words stand over its line, and those that were asked for over all of them.
func TestAPictureOfAGroupHasTheWordsOfEachCommittee(t *testing.T) {
	w := poplarAndRowan()
	w.in.Scope = "PRACTICES WITH NO DOCTOR ON SATURDAYS"
	pic := nationalPicture(w.input(), byCommittee, "")
	if got, newest := guidance.ScopeWords(pic.GetScope()), "Practices with no doctor on Saturdays"; got != newest {
		t.Errorf("it is for %q", got)
	}
	w.in.Scope = noPharmacist
	if got := nationalPicture(w.input(), byCommittee, "").GetScope(); got.GetId() != "" || got.GetWords() != noPharmacist {
		t.Errorf("it is called by an id that others have too: %v", got)
	}
	for _, line := range pic.GetTables()[0].GetLines() {
		want := map[string]string{"rowan": noSaturdays, "sorrel": "Practices with no doctor on Saturdays"}[line.GetCommittee()]
		if got := guidance.ScopeWords(line.GetScope()); got != want {
			t.Errorf("the line of %s is for %q, want %q", line.GetCommittee(), got, want)
		}
	}
}

// A group that the measure lists is that for its id, in whatever words a letter has it.
func TestAGroupThatTheMeasureListsWinsForItsID(t *testing.T) {
	w := poplarAndRowan()
	w.in.Matter.Measures[1].Scopes = []*v1.Scope{{Id: "nodoc", Words: "practices without a doctor on some days"}}
	for _, asked := range []string{"nodoc", "Practices without a doctor on some days"} {
		w.in.Scope = asked
		wantColumns(t, w, byCommittee, "1 refuse: poplar", "2 caution: sorrel thyme", "1 support: rowan")
	}
}

// What changed for a group was told of other groups that had its id then, or have it now.
func TestChangesOfAGroupAreOfItsWordsAtBothLooks(t *testing.T) {
	w := poplarAndRowan()
	w.says("poplar", "poplar", "2021-10-26", support, on("fund"), toGroup("nodoc", noPharmacist))
	w.says("sorrel", "sorrel", "2021-10-27", support, on("fund"), toGroup("saturdays", noSaturdays))
	w.in.Scope, w.in.AsOf = noSaturdays, "2021-10-27"
	before, after := w.input(), w.input()
	before.AsOf = "2021-10-25"
	changes, _, err := Changes(t.Context(), before, after, func(Committee) bool { return true })
	if err != nil || len(changes) != 1 || changes[0].GetCommittee() != "sorrel" || changes[0].GetKind() != answersv1.ChangeKind_CHANGE_KIND_MOVED {
		for _, c := range changes {
			t.Errorf("%s %s: %s", c.GetCommittee(), c.GetKind(), c.GetWords())
		}
		t.Error(err)
	}
}

// mergedGroups is a world in which Larch and Maple merged into Conifer, after each had said something to a group of the
// same id; more is said of Conifer's own.
func mergedGroups(more func(w *world)) *world {
	w := newWorld()
	w.area("icb:L", 6, 600)
	w.area("icb:M", 4, 400)
	w.committee("conifer", "Conifer LMC", lmc, "pike", "icb:L", "icb:M")
	w.committee("larch", "Larch LMC", lmc, "pike", "icb:L")
	w.committee("maple", "Maple LMC", lmc, "pike", "icb:M")
	for _, c := range w.in.Committees {
		switch c.GetId() {
		case "conifer":
			c.Committee.Predecessors, c.Committee.ValidFrom = []string{"larch", "maple"}, "2021-10-25"
		case "larch", "maple":
			c.Committee.ValidUntil = "2021-10-24"
		}
	}
	w.in.Committees = slices.DeleteFunc(w.in.Committees, func(c Committee) bool { return c.GetValidUntil() != "" })
	w.in.Measure = "fund"
	w.says("pike", "larch", "2021-10-18", caution, on("fund"))
	w.says("pike", "maple", "2021-10-18", decides, on("fund"))
	w.says("pike", "larch", "2021-10-20", refuse, on("fund"), toGroup("small", "practices with one partner"))
	w.says("pike", "maple", "2021-10-21", support, on("fund"), toGroup("small", "practices under 5000 patients"))
	more(w)
	return w
}

// After a merger the groups of one id that the merged LMCs had spoken of, each of its own, counted as one.
func TestGroupsOfOneIDOfMergedLMCsAreNotCountedAsOne(t *testing.T) {
	w := mergedGroups(func(*world) {})
	w.in.Scope = "practices with one partner"
	wantColumns(t, w, byPractice, "6 refuse: conifer", "4 practice decides: conifer")
	w.in.Scope = "practices under 5000 patients"
	wantColumns(t, w, byPractice, "6 caution: conifer", "4 support: conifer")
	w.in.Area = areaID("icb:L")
	wantColumns(t, w, byPractice, "6 caution: conifer")
	w.in.Area, w.in.Own = nil, []string{"conifer"}
	view, err := Combined(t.Context(), w.input())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range append(view.GetCommittees()[0].GetParts(), view.GetCommittees()[0].GetHeadline()) {
		if words := guidance.ScopeWords(line.GetScope()); words == "practices with one partner" {
			t.Errorf("of another group: %v", line)
		}
	}
}

// Under whichever ids merged LMCs had spoken of a group, and the new one does, it is one group.
func TestAGroupOfMergedLMCsIsFoundUnderEachOfItsIDs(t *testing.T) {
	w := mergedGroups(func(w *world) {
		w.says("pike", "conifer", "2021-10-26", caution, on("fund"))
		w.says("pike", "maple", "2021-10-22", decides, on("fund"), toGroup("single", "practices with one partner"))
	})
	w.in.Scope = "practices with one partner"
	wantColumns(t, w, byPractice, "6 refuse: conifer", "4 practice decides: conifer")
	w.says("pike", "conifer", "2021-10-27", support, on("fund"), toGroup("onepartner", "practices with one partner"))
	wantColumns(t, w, byPractice, "10 support: conifer")
	w.in.Scope = "practices under 5000 patients"
	wantColumns(t, w, byPractice, "6 caution: conifer", "4 support: conifer")
}

// A saved picture of one group could be headed as another's, and was counted again as the same.
func TestAPictureHeadedForAnotherGroupDiffers(t *testing.T) {
	w := poplarAndRowan()
	w.in.Scope = noSaturdays
	counted := nationalPicture(w.input(), byCommittee, "")
	told := proto.CloneOf(counted)
	told.Scope.Words = noPharmacist
	want := "The answer is headed for another group: “" + noPharmacist + "”, where “Practices with no doctor on Saturdays” was asked for."
	if figures, _ := Differences(told, counted); !slices.Equal(figures, []string{want}) {
		t.Errorf("got %q", figures)
	}
}
