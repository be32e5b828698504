package notation

import (
	"slices"
	"testing"
)

func TestAnIDThatMayBeAnotherMistyped(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"kentt", "kent", true},
		{"kent-lmc", "kent", true},
		{"nroth-essex", "north-essex", true},
		{"northessex", "north-essex", true},
		{"surey-susex", "surrey-sussex", true},
		{"Kent", "kent", true},
		{"north-essex", "south-essex", false},
		{"east-sussex", "west-sussex", false},
		{"mid-essex", "mid-sussex", false},
		{"ne-london", "nw-london", false},
		{"essex-2", "essex", false},
		{"essex2", "essex", false},
		{"scotland", "kent", false},
		{"", "kent", false},
	} {
		if got := IsNearID(c.a, c.b); got != c.want {
			t.Errorf("%q may be %q: %v, want %v", c.a, c.b, got, c.want)
		}
		if got := IsNearID(c.b, c.a); got != c.want {
			t.Errorf("%q may be %q: %v, want %v", c.b, c.a, got, c.want)
		}
	}
}

func TestAnAreaThatMayBeAnotherMistyped(t *testing.T) {
	for _, c := range []struct {
		a, b Area
		want bool
	}{
		{Area{"icb", "qh8"}, Area{"icb", "QH8"}, true},
		{Area{"sub-icb", "O6Q"}, Area{"sub-icb", "06Q"}, true},
		{Area{"subicb", "06Q"}, Area{"sub-icb", "06Q"}, true},
		{Area{"icb", "QH8"}, Area{"icb", "QHG"}, false},
		{Area{"icb", "06Q"}, Area{"sub-icb", "06Q"}, false},
	} {
		if got := IsNearArea(c.a, c.b); got != c.want {
			t.Errorf("%s may be %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestTheAreasThatAMistypedOneMayBe(t *testing.T) {
	known := []Area{{"ccg", "09X"}, {"ccg", "99X"}, {"icb", "QKS"}, {"icb", "QKK"}, {"icb", "QKT"}, {"icb", "QJK"}, {"sub-icb", "09Z"}}
	for _, c := range []struct {
		typed Area
		want  []Area
	}{
		{Area{"icb", "QSK"}, []Area{{"icb", "QKS"}, {"icb", "QJK"}, {"icb", "QKK"}}},
		{Area{"icb", "qks"}, []Area{{"icb", "QKS"}, {"icb", "QKK"}, {"icb", "QKT"}}},
		{Area{"", "QSK"}, []Area{{"icb", "QKS"}, {"icb", "QJK"}, {"icb", "QKK"}}},
		{Area{"ccg", "09Z"}, []Area{{"sub-icb", "09Z"}, {"ccg", "09X"}}},
		{Area{"ccg", "06Q"}, nil},
		{Area{}, nil},
	} {
		if got := NearestAreas(c.typed, known); !slices.Equal(got, c.want) {
			t.Errorf("%s may be %v, want %v", c.typed, got, c.want)
		}
	}
}

func TestNamesThatReadTheSameAreTheSame(t *testing.T) {
	for _, c := range []struct {
		one, other string
		want       bool
	}{
		{"Grange LMC", "grange  lmc", true},
		{"Grange LMC", "Grange L.M.C.", true},
		{"Grange LMC", "The Grange LMC.", true},
		{"Grange LMC", "\u00a0Grange\u00a0LMC ", true},
		{"Surrey & Sussex LMCs", "Surrey and Sussex LMCs", true},
		{"Mid-Essex LMC", "Mid Essex Local Medical Committee", true},
		{"Grange LMC", "Orange LMC", false},
		{"North Essex LMC", "Essex LMC", false},
		{"Kent LMC", "Kent LMCs", false},
		{"Łódź", "Łodz", false},
		{"Theale LMC", "Ale LMC", false},
	} {
		if got := NameAsRead(c.one) == NameAsRead(c.other); got != c.want {
			t.Errorf("%q and %q: %v, read as %q and %q", c.one, c.other, got, NameAsRead(c.one), NameAsRead(c.other))
		}
	}
}
