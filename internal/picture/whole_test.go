package picture

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// ownList is a world in which East and West merged into Union on 21 October, which covers their lists, or has had a list of
// its own since the 23rd, in their place or beside theirs; more came to its list than were on theirs.
func ownList(isBeside bool, more ...string) (w *world, onDay func(day string) Input) {
	w = newWorld()
	w.area("icb:P", -1, -1)
	for _, list := range []string{"lmc:east", "lmc:west", "lmc:union"} {
		w.area(list, -1, -1, "icb:P")
	}
	w.committee("east", "East LMC", lmc, "east", "lmc:east")
	w.committee("west", "West LMC", lmc, "east", "lmc:west")
	w.committee("union", "Union LMC", lmc, "east", "lmc:east", "lmc:west", "lmc:union")
	committees := w.in.Committees
	committees[1].ValidUntil, committees[2].ValidUntil = "2021-10-20", "2021-10-20"
	union := committees[3]
	union.ValidFrom, union.Predecessors = "2021-10-21", []string{"east", "west"}
	for _, tenure := range union.Areas[:2] {
		if tenure.ValidFrom = "2021-10-21"; !isBeside {
			tenure.ValidUntil = "2021-10-22"
		}
	}
	var all []*v1.Practice
	for code, list := range map[string]string{"F81001": "lmc:east", "F81002": "lmc:east", "F81003": "lmc:west"} {
		all = append(all, gp(code, lying("icb:P", "", ""), lying(list, "", ""), lying("lmc:union", "2021-10-23", "")))
	}
	for _, code := range more {
		all = append(all, gp(code, lying("icb:P", "", ""), lying("lmc:union", "2021-10-23", "")))
	}
	w.lists("2021-10-28", 100, all...)
	return w, w.onDay(committees)
}

// A committee merged by lists, whose own list stands beside theirs or took their place, was counted and shown without a
// line for the rest of its area, in which no practice is.
func TestACommitteeWithAListOfItsOwnHasNoLineForARestThatNobodyIsIn(t *testing.T) {
	for name, c := range map[string]struct {
		said  func(w *world)
		want  string
		views []string // what it says in a combined view: beside, and in their place
	}{
		"one letter of both": {
			func(w *world) { w.says("east", "east west", "2021-10-16", refuse) }, "1 refuse: union",
			[]string{"In lmc:east (lmc:east), Union LMC advises you to refuse (16 October 2021). In lmc:west (lmc:west), Union LMC advises you to refuse (16 October 2021).", "Union LMC advises you to refuse (16 October 2021)."},
		},
		"they differ": {
			func(w *world) {
				w.says("east", "east", "2021-10-16", refuse)
				w.says("east", "west", "2021-10-17", support)
			}, "1 split: union",
			[]string{
				"In lmc:east (lmc:east), Union LMC advises you to refuse (16 October 2021). In lmc:west (lmc:west), Union LMC supports (17 October 2021).",
				"In lmc:east (lmc:east), Union LMC advises you to refuse (16 October 2021). In lmc:west (lmc:west), Union LMC supports (17 October 2021).",
			},
		},
		"of one nothing is known": {
			func(w *world) { w.says("east", "east", "2021-10-16", refuse) }, "1 no line: said to others only: union",
			[]string{
				"Union LMC: nothing published here on this for the rest of its area. In lmc:east (lmc:east), Union LMC advises you to refuse (16 October 2021).",
				"Union LMC: nothing published here on this for the rest of its area. In lmc:east (lmc:east), Union LMC advises you to refuse (16 October 2021).",
			},
		},
	} {
		for i, isBeside := range []bool{true, false} {
			w, onDay := ownList(isBeside)
			c.said(w)
			for _, icb := range []string{"", "icb:P"} {
				in := onDay("2021-10-25")
				if icb != "" {
					in.Area = areaID(icb)
				}
				for unit, want := range map[answersv1.Unit]string{byCommittee: c.want, byOffice: strings.Replace(c.want, "union", "east", 1)} {
					if got := columns(in, unit); !slices.Equal(got, []string{want}) {
						t.Errorf("%s, beside: %v, in %q: %q, want %q", name, isBeside, icb, got, want)
					}
				}
				for _, of := range nationalPicture(in, byCommittee, "").GetTables()[1:] {
					if want := strings.Contains(c.want, "no line"); strings.Contains(fmt.Sprint(of.GetColumns()), "NO_LINE") != want && of.GetMeasure() != "disengage" {
						t.Errorf("%s, beside: %v, in %q, on %s: %v", name, isBeside, icb, of.GetMeasure(), of.GetColumns())
					}
				}
			}
			view := combined(onDay("2021-10-25")).GetCommittees()[0]
			var words []string
			for _, line := range append([]*answersv1.Line{view.GetHeadline()}, view.GetParts()...) {
				words = append(words, strings.SplitAfter(line.GetWords(), ". ")[0])
			}
			if got := strings.ReplaceAll(strings.TrimSpace(strings.Join(words, " ")), "  ", " "); got != c.views[i] {
				t.Errorf("%s, beside: %v: the view has %q", name, isBeside, got)
			}
		}
	}
}

// Whoever came to the list since is told nothing, and that is said, but the committee is not counted for it, nor silent.
func TestAPracticeThatCameSinceAMergerIsInTheRest(t *testing.T) {
	for _, isBeside := range []bool{true, false} {
		w, onDay := ownList(isBeside, "F81004")
		w.says("east", "east west", "2021-10-16", refuse)
		if got := columns(onDay("2021-10-25"), byCommittee); !slices.Equal(got, []string{"1 refuse: union"}) {
			t.Errorf("%q", got)
		}
		if got := columns(onDay("2021-10-25"), byPractice); !slices.Equal(got, []string{"3 refuse: union", "1 no line: said to others only: union"}) {
			t.Errorf("%q", got)
		}
		if got := combined(onDay("2021-10-25")).GetCommittees()[0].GetHeadline(); got.GetNoLine() == nil {
			t.Errorf("beside: %v: all are told %s", isBeside, got.GetWords())
		}
		for _, of := range Silent(nationalPicture(onDay("2021-10-25"), byCommittee, "")).GetLines() {
			if of.GetMeasure() == "" {
				t.Errorf("beside: %v: it is silent: %v", isBeside, of)
			}
		}
	}
}

// What the LMCs before had asked was in no list of what falls due, nor in a view, once a list of its own took the place of theirs.
func TestWhatIsAskedOfSomeOfAMergedLMCIsToldInTheirPart(t *testing.T) {
	for _, isBeside := range []bool{true, false} {
		for name, said := range map[string]func(w *world, asks func(*v1.Advisory)){
			"beside what both are told": func(w *world, asks func(*v1.Advisory)) {
				w.says("east", "east west", "2021-10-16", refuse)
				w.says("east", "west", "2021-10-17", informs, asks)
			},
			"with a line of its own": func(w *world, asks func(*v1.Advisory)) {
				w.says("east", "east", "2021-10-16", refuse)
				w.says("east", "west", "2021-10-17", refuse, asks)
			},
			"where others are told nothing": func(w *world, asks func(*v1.Advisory)) { w.says("east", "west", "2021-10-17", refuse, asks) },
		} {
			w, onDay := ownList(isBeside)
			said(w, thatAsks(&v1.Action{Verb: "send", Object: "it", Matter: plan, Actors: practicesAndPCNs[:1], Due: by("2021-12-10")}))
			var where []string
			for _, line := range nationalPicture(onDay("2021-10-25"), byCommittee, "").GetTables()[0].GetLines() {
				if len(askedIn([]*answersv1.Line{line})) > 0 {
					where = append(where, notation.AreaOf(line.GetArea()).String())
				}
			}
			if !slices.Contains(where, "lmc:west") || slices.Contains(where, "lmc:east") {
				t.Errorf("%s, beside: %v: it is asked in %q", name, isBeside, where)
			}
		}
	}
}

// What had been said for one that merged into an LMC that goes on was shown nowhere, once the list of that one has them.
func TestWhatWasSaidForOneThatMergedIntoAnLMCThatGoesOnIsAPart(t *testing.T) {
	w, onDay := goesOn(true, true)
	w.says("east", "east", "2021-10-16", refuse)
	w.says("west", "west", "2021-10-17", support)
	view := combined(onDay("2021-10-25")).GetCommittees()[0]
	if got := view.GetParts(); stanceOf(view.GetHeadline()) != refuse || len(got) != 1 || stanceOf(got[0]) != support || got[0].GetArea().GetCode() != "west" {
		t.Errorf("it has %v and %v", view.GetHeadline().GetWords(), got)
	}
	for unit, want := range map[answersv1.Unit][]string{byCommittee: {"1 refuse: east"}, byPractice: {"1 refuse: east", "1 support: east"}} {
		if got := columns(onDay("2021-10-25"), unit); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A merger, and the list that came later, ended what had been said, by the register.
func TestAListOfItsOwnEndsNothingThatWasSaidBeforeAMerger(t *testing.T) {
	const merged = "AREAS by : Union LMC speaks since in place of East LMC and West LMC, by the register: what was said for these stands until it speaks itself."
	for _, isBeside := range []bool{true, false} {
		for name, said := range map[string]func(w *world){
			"one letter of both": func(w *world) { w.says("east", "east west", "2021-10-16", refuse) },
			"they differ": func(w *world) {
				w.says("east", "east", "2021-10-16", refuse)
				w.says("east", "west", "2021-10-17", support)
			},
		} {
			w, onDay := ownList(isBeside)
			said(w)
			for _, area := range []string{"", "icb:P"} {
				before, after := onDay("2021-10-19"), onDay("2021-10-25")
				if area != "" {
					before.Area, after.Area = areaID(area), areaID(area)
				}
				if diff := cmp.Diff([]string{merged}, told(t, before, after, "")); diff != "" {
					t.Errorf("%s, beside: %v, over the merger, in %q (-want +got):\n%s", name, isBeside, area, diff)
				}
			}
			if got := told(t, onDay("2021-10-22"), onDay("2021-10-25"), ""); got != nil {
				t.Errorf("%s, beside: %v, over the list: %q", name, isBeside, got)
			}
			// And where it speaks itself then, or later, each is told what moved.
			for first, speaks := range map[string]string{"2021-10-19": "2021-10-24", "2021-10-22": "2021-10-24", "2021-10-24": "2021-10-25"} {
				w, onDay := ownList(isBeside)
				said(w)
				before := onDay(first)
				w.says("east", "union", speaks, decides)
				var got []string
				for _, words := range told(t, before, onDay("2021-10-25"), "") {
					if words != merged {
						got = append(got, regexp.MustCompile(`Union .*?\),`).FindString(words))
					}
				}
				want := []string{"Union LMC on the whole matter: was refuse (east/0),"}
				if !slices.Equal(got, want) {
					want = []string{"Union LMC on the whole matter in lmc:east: was refuse (east/0),", "Union LMC on the whole matter in lmc:west: was refuse (east/0),"}
				}
				if name == "they differ" {
					want[1] = "Union LMC on the whole matter in lmc:west: was support (east/1),"
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s, beside: %v, spoken on %s, seen on %s: %q", name, isBeside, speaks, first, got)
				}
			}
		}
	}
}

// Where the lists of those that merged lie in the own one, temporary advice in its place left a row of it, "no line: expired", and a move of
// nobody, though every practice in it is told one of the older lines again.
func TestNoRowAndNoMoveIsOfAListWhosePracticesAreAllInPartsOfIt(t *testing.T) {
	w, onDay := ownList(false)
	for _, record := range w.records {
		if a := record.Body.GetArea(); a.GetId().GetCode() == "east" || a.GetId().GetCode() == "west" {
			a.LiesIn = append(a.LiesIn, &v1.AreaTenure{Area: areaID("lmc:union"), ValidFrom: "2021-10-23"})
		}
	}
	letters := []string{w.says("east", "east", "2021-10-16", refuse), w.says("east", "west", "2021-10-16", against)}
	w.says("east", "union", "2021-10-24", caution, in("icb:P"), func(a *v1.Advisory) { a.Positions[0].ValidUntil, a.Amends = "2021-10-25", letters })
	for _, line := range nationalPicture(onDay("2021-10-28"), byCommittee, "").GetTables()[0].GetLines() {
		if line.GetArea().GetCode() == "union" {
			t.Errorf("a row: %s", line.GetWords())
		}
	}
	got := slices.DeleteFunc(told(t, onDay("2021-10-25"), onDay("2021-10-28"), ""), func(words string) bool { return !strings.Contains(words, "Union LMC on") })
	if isMove := func(words string) bool { return strings.HasPrefix(words, "MOVED") }; len(got) != 2 || !isMove(got[0]) || !isMove(got[1]) {
		t.Errorf("%q", got)
	}
}
