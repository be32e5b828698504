package guidance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// cInM has C of South merged, with D, into M on 20 October; C's practices lie in M since.
func cInM() *book {
	b := register()
	b.areas["south"] = []tenure{{committee: "C", until: "2021-10-19"}, {committee: "D", until: "2021-10-19"}, {committee: "M", from: "2021-10-20"}}
	b.inside["D"] = []tenure{{committee: "EAST"}}
	b.inside["M"] = []tenure{{committee: "EAST"}}
	b.lives = map[string]tenure{"C": {until: "2021-10-19"}, "D": {until: "2021-10-19"}, "M": {from: "2021-10-20"}}
	b.tookOver = map[string][]string{"C": {"M"}, "D": {"M"}}
	b.lists = map[string][]string{"C": {"F00001", "F00002"}, "D": {"F00003"}, "M": {"F00001", "F00002", "F00003"}}
	return b
}

// sharedBook has a practice of A, F00002, on the list L of North too.
func sharedBook(inA ...string) *book {
	b := register()
	b.areas["north"] = append(b.areas["north"], tenure{committee: "L"})
	b.inside["L"] = nil
	b.lists = map[string][]string{"A": inA, "L": {"F00002"}}
	return b
}

func asksBack(verb string) func(*Entry) {
	return func(e *Entry) {
		e.Advisory.Actions = append(e.Advisory.Actions, &v1.Action{Verb: verb, Object: "the form", Measure: "engage", Due: &v1.Due{When: &v1.Due_Day{Day: "2021-12-15"}}})
	}
}

// verified is what is said of where a letter stands.
func verified(t *testing.T, e Entry, all []Entry, reg Register, day string) string {
	t.Helper()
	p := Prepare(t.Context(), all, reg)
	end := p.EndOf(e, day, theMatter)
	words := end.Words
	for _, by := range p.StandsOver(e, day, theMatter) {
		words += " " + OverWords(by, "")
	}
	if in := p.InPart(e, end.Committees, day, theMatter, func(*v1.AreaId) []string { return nil }); in != "" {
		words = in
	}
	return fmt.Sprintf("%v: %s", end.Current, words)
}

// Every practice of a merged area was told the newer line of the area it lies in now, and the older letter was still
// said to stand.
func TestALetterOfAMergedAreaStandsNoMoreWhereTheNewAreaIsToldOtherwise(t *testing.T) {
	reg := cInM()
	older := say("essex/1", "2021-10-01", on("south", "engage", refuse, in("C")), asksBack("return"))
	for name, newer := range map[string]Entry{
		"amended":   say("essex/2", "2021-10-25", on("south", "engage", support, in("M")), amends("essex/1")),
		"overtaken": say("essex/2", "2021-10-25", on("south", "engage", support, in("M"))),
	} {
		all := []Entry{older, newer}
		for _, practice := range []string{"F00001", "F00002"} {
			if got := gist(resolve(asked("south engage 2021-10-26", forPractice(practice)), all, reg)[0]); !strings.HasPrefix(got, "stated essex/2 support") {
				t.Fatalf("%s: %s is told %s", name, practice, got)
			}
		}
		got := verified(t, older, all, reg, "2021-10-26")
		if strings.Contains(got, "still stands") && !strings.Contains(got, "a later line stands over it") || strings.Contains(got, "whoever was in it") || !strings.Contains(got, "essex/2") {
			t.Errorf("%s: %s", name, got)
		}
	}
	// Of what lies in the new area alone something is left: that is said of it.
	half := cInM()
	half.lists["M"] = []string{"F00001", "F00003"}
	half.lists["N"] = []string{"F00002"}
	half.inside["N"] = []tenure{{committee: "EAST"}}
	half.areas["south"] = append(half.areas["south"], tenure{committee: "N"})
	all := []Entry{older, say("essex/2", "2021-10-25", on("south", "engage", support, in("M")), amends("essex/1"))}
	if got := gist(resolve(asked("south engage 2021-10-26", forPractice("F00002")), all, half)[0]); !strings.HasPrefix(got, "stated essex/1 refuse") {
		t.Fatal(got)
	}
	if got := verified(t, older, all, half, "2021-10-26"); !strings.Contains(got, "It still stands in part") || !strings.Contains(got, "essex/2") {
		t.Error(got)
	}
}

// A newer line for a merged area's successor met the older one of the area unsaid, and amending it was said to amend nothing.
func TestALineForWhatTookAnAreasPlaceSaysWhatBecomesOfTheOldOne(t *testing.T) {
	older := say("essex/1", "2021-10-01", on("south", "engage", refuse, in("C")), asksBack("return"))
	known := essexToday(older)
	known.Register = cInM()
	if _, _, err := CheckPublish(t.Context(), draft(on("south", "engage", support, in("M"))), known); err == nil || !strings.Contains(err.Error(), "essex/1") {
		t.Errorf("without naming it: %v", err)
	}
	got := preview(t, draft(on("south", "engage", support, in("M")), amends("essex/1")), known)
	if strings.Contains(got, "stands as it is") || strings.Contains(got, "goes on asking") || !strings.Contains(got, "return the form") {
		t.Errorf("amending it: %s", got)
	}
	newer := say("essex/2", "2021-10-25", on("south", "engage", support, in("M")))
	known.Standing = []Entry{older, newer}
	got = preview(t, withdraw("essex/3", "essex/2", known.Today).Withdrawal, known)
	if !strings.Contains(got, "essex/1") || !strings.Contains(got, "refuse") {
		t.Errorf("withdrawing the newer: %s", got)
	}
	got = preview(t, withdraw("essex/3", "essex/1", known.Today).Withdrawal, known)
	if strings.Contains(got, "no line") {
		t.Errorf("withdrawing the older: %s", got)
	}
}

// A newer line for a list answered a practice that an area's older line was for, and nobody who published, withdrew or verified
// was told.
func TestALetterOfAnAreaStandsInPartWhereAListThatSharesAPracticeIsToldOtherwise(t *testing.T) {
	older := say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")))
	newer := say("essex/2", "2021-10-25", on("north", "engage", support, in("L")))
	amending := say("essex/2", "2021-10-25", on("north", "engage", support, in("L")), amends("essex/1"))
	some, every := sharedBook("F00001", "F00002"), sharedBook("F00002")
	for name, c := range map[string]struct {
		newer Entry
		reg   *book
		want  []string
	}{
		"of some practices": {newer, some, []string{"It still stands in part", "in both area:A and area:L", "a later line stands: essex/2"}},
		"of some, amended":  {amending, some, []string{"It still stands in part", "in both area:A and area:L", "amended by essex/2"}},
		"of every practice": {newer, every, []string{"a later line stands over it", "essex/2"}},
		"of every, amended": {amending, every, []string{"false: ", "essex/2"}},
	} {
		all := []Entry{older, c.newer}
		if got := gist(resolve(asked("north engage 2021-10-26", forPractice("F00002")), all, c.reg)[0]); !strings.HasPrefix(got, "stated essex/2 support") {
			t.Fatalf("%s: %s", name, got)
		}
		got := verified(t, older, all, c.reg, "2021-10-26")
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: want %q in %s", name, want, got)
			}
		}
	}
	known := essexToday(older)
	known.Register = some
	if _, _, err := CheckPublish(t.Context(), draft(on("north", "engage", support, in("L"))), known); err == nil || !strings.Contains(err.Error(), "essex/1") {
		t.Errorf("without naming it: %v", err)
	}
	if got := preview(t, draft(on("north", "engage", support, in("L")), amends("essex/1")), known); strings.Contains(got, "stands as it is") {
		t.Errorf("amending it: %s", got)
	}
	known.Standing = append(known.Standing, newer)
	if got := preview(t, withdraw("essex/3", "essex/2", known.Today).Withdrawal, known); !strings.Contains(got, "essex/1") {
		t.Errorf("withdrawing the newer: %s", got)
	}
}

// Whoever verifies a letter was told that it stands where no practice's view has it, or that it does not where one has.
func TestALetterStandsWhereThePracticesOfItsAreaAreToldIt(t *testing.T) {
	told := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		reg := someBook(t)
		committee, office := "north", "essex"
		if rapid.Bool().Draw(t, "west") {
			committee, office = "west", "kent"
		}
		reg.mandates = []tenure{{office: office, committee: committee}}
		var all []Entry
		for i := range fairly([]int{2, 3, 4}).Draw(t, "letters") {
			position := on(committee, "engage", fairly([]v1.Stance{refuse, support, caution}).Draw(t, "stance"), in(someAreaOf(t, committee)))
			letter := say(fmt.Sprintf("%s/%d", office, i+1), dayOf(1+3*i), position)
			if i > 0 && rapid.Bool().Draw(t, "amends") {
				letter.Advisory.Amends = []string{fairly(all).Draw(t, "amended").ID}
			}
			all = append(all, letter)
		}
		const day = "2021-10-30"
		p := Prepare(t.Context(), all, reg)
		for _, e := range all {
			area := e.Advisory.Positions[0].GetArea()
			codes, complete := p.listed(area, e.Issued().GetLatest())
			if slices.ContainsFunc(reg.InPlaceOf(area, day), func(now *v1.AreaId) bool { return sameArea(now, area) }) {
				more, allToday := p.listed(area, day)
				codes, complete = append(codes, more...), complete && allToday
			}
			if !complete {
				continue
			}
			isTold := slices.ContainsFunc(codes, func(code string) bool {
				return len(reg.PracticeIn(code, day)) > 0 && p.Resolve(asked(committee+" engage "+day, forPractice(code)))[0].GetCurrent().GetAdvisory() == e.ID
			})
			end := p.EndOf(e, day, theMatter)
			over := p.StandsOver(e, day, theMatter)
			words := p.InPart(e, end.Committees, day, theMatter, func(*v1.AreaId) []string { return nil })
			told[isTold]++
			switch stands := end.Committees[0].GetCurrent(); {
			case isTold && !stands:
				t.Fatalf("%s is what some of %v are told, and stands no more: %s %s\n%s", e.ID, codes, end.Words, words, historyOf(asked(committee+" engage "+day), all, reg))
			case !isTold && stands && len(over) == 0 && words == "":
				t.Fatalf("%s is told to none of %v, and verified as: %s\n%s", e.ID, codes, end.Words, historyOf(asked(committee+" engage "+day), all, reg))
			}
		}
	})
	if told[true] == 0 || told[false] == 0 {
		t.Error(told)
	}
}

// Of what one LMC said of an area that it shared, verify told by the other's practices there that a later line stood
// over it, once the two had merged.
func TestWhatAPredecessorSaidOfASharedAreaIsHeldAgainstWhatItsOwnPracticesAreTold(t *testing.T) {
	letter := say("essex/1", "2021-10-03", on("north", "engage", support, in("Q")))
	for where, want := range map[string]string{"L": "", "T": "a later line stands over it: kent/2"} {
		all := []Entry{letter, say("kent/2", "2021-10-11", on("union", "engage", refuse, in(where)))}
		if got := verified(t, letter, all, sharedUnionBook(), "2021-10-12"); want == "" && strings.Contains(got, "kent/2") || !strings.Contains(got, want) {
			t.Errorf("%s: %s", where, got)
		}
	}
}

// Of what a committee that was merged since said of all its area, in areas that were merged too, verify knew nothing that stands
// there now.
func TestWhatAPredecessorSaidIsHeldAgainstWhatItsPracticesAreTold(t *testing.T) {
	reg := cInM()
	reg.merged = map[string][]string{"union": {"south"}}
	reg.lastDays = map[string]string{"south": "2021-10-19"}
	reg.areas["union"] = []tenure{{committee: "M", from: "2021-10-20"}}
	reg.areas["south"] = reg.areas["south"][:2]
	reg.mandates = append(reg.mandates, tenure{office: "essex", committee: "union"})
	older := say("essex/1", "2021-10-01", on("south", "engage", support))
	newer := say("essex/2", "2021-10-25", on("union", "engage", refuse, in("M")), amends("essex/1"))
	all := []Entry{older, newer}
	if got := gist(resolve(asked("union engage 2021-10-26", forPractice("F00001")), all, reg)[0]); !strings.HasPrefix(got, "stated essex/2 refuse") {
		t.Fatal(got)
	}
	if got := verified(t, older, all, reg, "2021-10-26"); strings.Contains(got, "nothing stands there now") || !strings.Contains(got, "false: ") || !strings.Contains(got, "essex/2") {
		t.Error(got)
	}
}

// A line for a list that shares an inner area with an older one, which had ended there, met the older line unsaid for a practice
// that both list and that is not in that area.
func TestALineForAListMeetsAnOlderOneForAPracticeThoughThatHasEndedInTheAreaTheyShare(t *testing.T) {
	reg := sharedBook("F00002")
	reg.inside["A1"] = append(reg.inside["A1"], tenure{committee: "L"})
	older := say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")))
	inner := say("essex/2", "2021-10-05", on("north", "engage", support, in("A1")), amends("essex/1"))
	known := essexToday(older, inner)
	known.Register = reg
	if got := gist(resolve(asked("north engage 2021-10-26", forPractice("F00002")), known.Standing, reg)[0]); !strings.HasPrefix(got, "stated essex/1 refuse") {
		t.Fatal(got)
	}
	if _, _, err := CheckPublish(t.Context(), draft(on("north", "engage", support, in("L"))), known); err == nil || !strings.Contains(err.Error(), "essex/1") {
		t.Errorf("without naming it: %v", err)
	}
	if got := preview(t, draft(on("north", "engage", support, in("L")), amends("essex/1")), known); strings.Contains(got, "stands as it is") {
		t.Errorf("amending it: %s", got)
	}
}
