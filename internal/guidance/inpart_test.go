package guidance

import (
	"fmt"
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func TestNoMorePartsOfALetterAreToldThanTheLimit(t *testing.T) {
	for _, n := range []int{PartsLimit, PartsLimit + 1} {
		m := &v1.Matter{Name: "gpc/plan", Proposer: &v1.Body{Id: "nhs-england"}}
		letter := say("essex/1", "2021-10-01", on("north", "", refuse))
		entries := []Entry{letter}
		for i := range n {
			id := fmt.Sprintf("m%d", i)
			m.Measures = append(m.Measures, &v1.Measure{Id: id, Title: "Measure " + id})
			entries = append(entries, say(fmt.Sprintf("essex/%d", i+2), "2021-10-02", on("north", id, support), amends("essex/1")))
		}
		p := Prepare(t.Context(), entries, register())
		matters := func(string) *v1.Matter { return m }
		standings := p.EndOf(letter, "2021-10-10", matters).Committees
		words := p.InPart(letter, standings, "2021-10-10", matters, func(*v1.AreaId) []string { return nil })
		if got := len(standings[0].GetParts()); got != PartsLimit {
			t.Errorf("of %d parts: %d", n, got)
		}
		if !strings.HasSuffix(words, fmt.Sprintf(" And %d more: what is not named here may have ended too.", PartsLimit-endingsTold)) || strings.Count(words, "amended by") != endingsTold {
			t.Errorf("of %d parts: %s", n, words)
		}
	}
}

// A letter that gave way in each of its committee's areas was called current, for the rest of the area, which is
// told to nobody; and what it asked was said to be asked still.
func TestALetterThatGaveWayInEveryAreaOfItsCommitteeIsNotCurrent(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse))
	letter.Advisory.Actions = []*v1.Action{{Verb: "return", Measure: "engage"}}
	entries := []Entry{letter, say("essex/2", "2021-10-05", on("north", "engage", support, in("A")), on("north", "engage", decides, in("B")), amends("essex/1"))}
	end := endOf(letter, entries, register(), "2021-10-26")
	if got := standsOf(end.Committees[0]); end.Current || got != "0 by essex/2; not asked 0" {
		t.Errorf("current %v, %s: %s", end.Current, got, end.Words)
	}
	known := essexToday(entries...)
	if _, _, _, err := checkWithdraw(withdraw("essex/3", "essex/1", known.Today).Withdrawal, known); err == nil || !strings.Contains(err.Error(), "nothing is left of essex/1") {
		t.Errorf("withdrawn: %v", err)
	}
	known = essexToday(letter)
	_, _, ends, err := checkPublish(draft(on("north", "engage", support, in("A")), on("north", "engage", decides, in("B")), amends("essex/1")), known)
	if err != nil || len(ends) != 1 || strings.Contains(ends[0], "the rest") {
		t.Errorf("%v, %v", ends, err)
	}
}

// A letter that was told nowhere any more, for later lines stand over it in each of its committee's areas, was said
// to stand.
func TestALaterLineInEachAreaStandsOverALetter(t *testing.T) {
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse))
	all := []Entry{letter, say("essex/2", "2021-10-05", on("north", "engage", refuse, in("A")), on("north", "engage", refuse, in("B")))}
	p := Prepare(t.Context(), all, register())
	if over := p.StandsOver(letter, "2021-10-26", theMatter)["north"]; over == nil || over.ID != "essex/2" {
		t.Errorf("over it stands %v", over)
	}
	standings := p.EndOf(letter, "2021-10-26", theMatter).Committees
	if words := p.InPart(letter, standings, "2021-10-26", theMatter, func(*v1.AreaId) []string { return nil }); words != "" || !standings[0].Current {
		t.Errorf("%q", words)
	}
}

// The last words of what became of a letter were “And 1 more.”: what was not named read as if it stood.
func TestWhatIsNotNamedOfALetterDoesNotReadAsIfItStood(t *testing.T) {
	m := &v1.Matter{Name: "gpc/plan", Proposer: &v1.Body{Id: "nhs-england"}}
	letter := say("essex/1", "2021-10-01", on("north", "", refuse))
	entries := []Entry{letter}
	for i := range endingsTold + 1 {
		id := fmt.Sprintf("m%d", i)
		m.Measures = append(m.Measures, &v1.Measure{Id: id, Title: "Measure " + id})
		entries = append(entries, say(fmt.Sprintf("essex/%d", i+2), "2021-10-02", on("north", id, support), amends("essex/1")))
	}
	p := Prepare(t.Context(), entries, register())
	matters := func(string) *v1.Matter { return m }
	words := p.InPart(letter, p.EndOf(letter, "2021-10-10", matters).Committees, "2021-10-10", matters, func(*v1.AreaId) []string { return nil })
	if want := " And 1 more: what is not named here may have ended too."; !strings.HasSuffix(words, want) {
		t.Errorf("it ends without %q: %s", want, words)
	}
}

// Whoever asked for all of an LMC's area read "to GP partners: practice decides" of a line that all practices
// of a part of it have, and no partner elsewhere: a letter to partners there, which waits or has ended, was enough.
func TestTheLineOfAPartIsNotTheLineOfPartnersOfTheWholeArea(t *testing.T) {
	entries := []Entry{
		say("essex/1", "2021-10-20", on("north", "engage", refuse)),
		say("essex/2", "2021-10-21", on("north", "engage", decides, in("B"))),
		say("essex/3", "2021-10-22", on("north", "engage", support, partners, in("B"))),
		withdraw("essex/4", "essex/3", "2021-10-23"),
	}
	waits := on("north", "engage", support, partners, in("B"), startsWhenever("it is paid"))
	for name, entries := range map[string][]Entry{
		"ended":   entries,
		"waiting": {entries[0], entries[1], say("essex/3", "2021-10-22", waits)},
	} {
		lines := resolve(asked("north engage 2021-10-26"), entries, register())
		if len(lines) != 2 {
			t.Fatalf("%s: %v", name, lines)
		}
		for _, line := range lines {
			if line.GetArea() == nil && (line.GetCurrent().GetAdvisory() != "essex/1" || len(line.GetPartLines()) != 0) {
				t.Errorf("%s: the rest reads %s", name, line.GetWords())
			}
			if line.GetArea() != nil && (line.GetCurrent().GetAdvisory() != "essex/2" || len(line.GetPartLines()) != 0) {
				t.Errorf("%s: the part reads %s", name, line.GetWords())
			}
		}
	}
}
