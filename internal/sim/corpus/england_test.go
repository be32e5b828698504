package corpus_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func TestTheSameSeedGivesTheSameFederation(t *testing.T) {
	a, b := corpus.England(1, 600, 20), corpus.England(1, 600, 20)
	others := append(b.Offices, b.National)
	for i, o := range append(a.Offices, a.National) {
		for j := range o.Advisories {
			if !proto.Equal(o.Advisories[j], others[i].Advisories[j]) {
				t.Fatalf("%s/%d differs", o.ID, j)
			}
		}
	}
}

// What is measured would mean little if the rules took half of it for nonsense.
func TestAFederationIsOneThatMayBePublished(t *testing.T) {
	f := corpus.England(1, 2000, 130)
	for _, m := range f.Matters[12:] {
		if err := guidance.ValidateMatter(m); err != nil {
			t.Fatal(m.Name, err)
		}
	}
	for _, o := range append(f.Offices, f.National) {
		for i, a := range o.Advisories {
			if err := guidance.ValidateAdvisory(a); err != nil {
				t.Fatal(o.ID, i, err)
			}
		}
	}
}

func TestMattersHaveAsManyLettersAsRealOnes(t *testing.T) {
	f := corpus.England(1, 10_000, 130)
	on, letters := map[string]int{}, 0
	have := map[string]int{}
	for _, o := range append(f.Offices, f.National) {
		for _, a := range o.Advisories {
			letters++
			on[a.Positions[0].Matter]++
			if len(a.Positions) > 1 {
				have["several lines"]++
			}
			for _, p := range a.Positions {
				switch {
				case p.Scope != nil:
					have["groups"]++
				case p.Area != nil:
					have["parts of an area"]++
				case len(p.Conditions) > 0:
					have["conditions"]++
				case p.RelayOf != nil:
					have["passed on"]++
				}
			}
			if slices.ContainsFunc(a.Actions, func(a *guidancev1.Action) bool { return a.Due.GetDay() != "" }) {
				have["asked by a day"]++
			}
			have["replaces"] += len(a.Replaces)
			have["amends"] += len(a.Amends)
		}
	}
	if letters != 10_000 {
		t.Errorf("%d letters, want 10,000", letters)
	}
	if n := on[corpus.Matter(0)]; n < 1500 {
		t.Errorf("the matter that most speak on has %d letters, want thousands", n)
	}
	usual := 0
	for name, n := range on {
		if name >= corpus.Ordinary(0) && n >= 10 && n <= 150 {
			usual++
		}
	}
	t.Logf("%d matters with 10 to 150 letters; %v", usual, have)
	if usual < 90 {
		t.Errorf("%d matters have 10 to 150 letters, want about a hundred", usual)
	}
	for _, what := range []string{"several lines", "groups", "parts of an area", "conditions", "passed on", "asked by a day", "replaces", "amends"} {
		if have[what] < 50 {
			t.Errorf("%s: %d, want more", what, have[what])
		}
	}
}

func TestPracticesAreSpreadOverTheCommitteesAreas(t *testing.T) {
	f := corpus.England(1, 300, 130)
	listed := 0
	for _, a := range f.Areas {
		listed += len(a.PracticeCodes)
		if a.Id.Scheme == "sub-icb" && len(a.PracticeCodes) == 0 {
			t.Errorf("%s has no practices", a.Name)
		}
	}
	if listed != corpus.PracticeCodes || len(f.Practices) != corpus.PracticeCodes {
		t.Errorf("%d codes in the areas and %d practices, want %d", listed, len(f.Practices), corpus.PracticeCodes)
	}
}
