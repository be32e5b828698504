package guidance

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/notation"
	"pgregory.net/rapid"
)

func TestSuggestsWhatIsNearOrListsWhatThereIs(t *testing.T) {
	committees := []string{"north-essex", "south-essex", "kent", "surrey"}
	for name, want := range map[string]string{
		"nort-essex":   ": did you mean north-essex?",
		"essex":        ": did you mean north-essex or south-essex?",
		"knet":         ": there is north-essex, south-essex, kent, surrey",
		"kentt":        ": did you mean kent?",
		"surrey-wales": ": did you mean surrey?",
		"":             ": there is north-essex, south-essex, kent, surrey",
	} {
		if got := didYouMean(name, committees); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := didYouMean("kent", []string{"kent-and-medway", "kents"}); got != ": did you mean kents or kent-and-medway?" {
		t.Errorf("the closest is not first: %q", got)
	}
	if got := didYouMean("xyzzy", strings.Fields(strings.Repeat("somewhere-else ", 17))); got != ": check its spelling" {
		t.Errorf("of too many to list: %q", got)
	}
}

func TestAnUnknownMatterIsToldWithThoseThatMayBeMeant(t *testing.T) {
	known := []string{"access-plan-2021", "pay-2023", "kent/flu"}
	for name, want := range map[string]string{
		"acces-plan-2021": "did you mean access-plan-2021?", "Access plan": "did you mean access-plan-2021?", "access-plan-2022": "did you mean access-plan-2021?", "kent/flue": "did you mean kent/flu?",
		"winter": "the matters are: access-plan-2021, pay-2023, kent/flu", "": "the matters are: access-plan-2021, pay-2023, kent/flu",
	} {
		if problem, remedy := UnknownMatter(name, known, false); problem != "matter \""+name+"\" is not known here" || remedy != want {
			t.Errorf("%q: %s: %s, want %s", name, problem, remedy, want)
		}
	}
	if _, remedy := UnknownMatter("winter", known, true); remedy != "the newest matters are: access-plan-2021, pay-2023, kent/flu" {
		t.Errorf("of more than are known: %s", remedy)
	}
}

func TestEditDistanceIsADistance(t *testing.T) {
	word := rapid.StringMatching(`[ab]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		x, y, z := word.Draw(t, "x"), word.Draw(t, "y"), word.Draw(t, "z")
		d := notation.Distance(x, y)
		if d != notation.Distance(y, x) || (d == 0) != (x == y) || d > max(len(x), len(y)) || d > notation.Distance(x, z)+notation.Distance(z, y) {
			t.Fatalf("%q to %q: %d", x, y, d)
		}
	})
}
