package notation

import (
	"strings"
	"testing"
)

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		what string
		is   func(string) bool
		yes  []string
		no   []string
	}{
		{
			"slug", IsSlug,
			[]string{"a", "2021", "north-essex", strings.Repeat("a", SlugLimit)},
			[]string{"", "-a", "a-", "a--b", "A", "é", "a/b", strings.Repeat("a", SlugLimit+1)},
		},
		{
			"entry", IsEntryName,
			[]string{"essex/0", "essex@1/7", "essex/18446744073709551615", "essex@4294967295/7"},
			[]string{"essex", "essex/", "essex/07", "essex@0/7", "essex@/7", "essex/18446744073709551616", "essex@4294967296/7", "essex/plan"},
		},
		{
			"day", IsDay,
			[]string{"0001-01-01", "9999-12-31", "2020-02-29", "2000-02-29", "2021-04-30"},
			[]string{"", "0000-12-31", "10000-01-01", "2021-02-29", "1900-02-29", "2021-04-31", "2021-13-01", "2021-00-01", "2021-01-00", "2021-1-2", "2021/01/02"},
		},
	} {
		for _, s := range c.yes {
			if !c.is(s) {
				t.Errorf("%q is no %s", s, c.what)
			}
		}
		for _, s := range c.no {
			if c.is(s) {
				t.Errorf("%q is a %s", s, c.what)
			}
		}
	}
}

func TestWritten(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -999: "-999", -1000: "-1,000", 61_234_567: "61,234,567"} {
		if got := Thousands(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	for n, want := range map[int64]string{0: "0 logs", 1: "1 log", 2: "2 logs", 1000: "1,000 logs"} {
		if got := Counted(n, "log", "logs"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	for want, names := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := List(names); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for s, want := range map[string]string{"abcdef": "abcdef", "abcdefg": "abc…", "abéxyz": "ab…", "a\xff": "a\uFFFD"} {
		if got := Clip(s, 6); got != want {
			t.Errorf("%q clipped to %q, want %q", s, got, want)
		}
	}
	for entry, want := range map[string]string{"essex/7": "essex", "essex@1/7": "essex", "": ""} {
		if got := OfficeOf(entry); got != want {
			t.Errorf("%q is of %q", entry, got)
		}
	}
	for pair, want := range map[[2]string]int{{"", ""}: 0, {"", "ab"}: 2, {"ab", ""}: 2, {"kitten", "sitting"}: 3, {"ab", "ab"}: 0} {
		if got := Distance(pair[0], pair[1]); got != want {
			t.Errorf("%q: %d, want %d", pair, got, want)
		}
	}
}

func TestClipKeepsWholeCharacters(t *testing.T) {
	for limit := 4; limit < 12; limit++ {
		s := strings.Repeat("é", limit/2)
		if got := Clip(s, limit); got != s {
			t.Errorf("Clip(%q, %d) = %q", s, limit, got)
		}
		if got := Clip(s+"éé", limit); len(got) > limit || strings.ContainsRune(got, '\uFFFD') {
			t.Errorf("Clip(%q, %d) = %q", s+"éé", limit, got)
		}
	}
}

func TestAnAreaIsReadWithAColonOrASlash(t *testing.T) {
	for s, want := range map[string]Area{
		"icb:QH8": {"icb", "QH8"}, "icb/QH8": {"icb", "QH8"}, "sub-icb:06Q": {"sub-icb", "06Q"}, "nhs/icb:QH8": {"nhs/icb", "QH8"}, "icb:Q:1/2": {"icb", "Q:1/2"},
		"QH8": {}, "": {}, ":QH8": {}, "icb:": {}, "icb/": {}, "icb: QH8": {}, "Mid Essex/06Q": {}, "icb:Q=1": {},
	} {
		got, ok := ReadArea(s)
		if ok != (want != Area{}) || ok && got != want {
			t.Errorf("%q: %v, %v", s, got, ok)
		}
		if ok {
			if again, _ := ReadArea(got.String()); again != got {
				t.Errorf("%q: %s is read as %v", s, got, again)
			}
		}
	}
}

func TestListsOfNamesWithCommasSeparateThemBySemicolons(t *testing.T) {
	for _, c := range []struct {
		names       []string
		after, list string
	}{
		{nil, "", ""},
		{[]string{"Avon"}, "Avon", "Avon"},
		{[]string{"Avon", "Kent"}, "Avon, Kent", "Avon and Kent"},
		{[]string{"Avon", "Kent", "Surrey"}, "Avon, Kent, Surrey", "Avon, Kent and Surrey"},
		{[]string{"Bedfordshire, Hertfordshire"}, "Bedfordshire, Hertfordshire", "Bedfordshire, Hertfordshire"},
		{[]string{"Bedfordshire, Hertfordshire", "Kent"}, "Bedfordshire, Hertfordshire; Kent", "Bedfordshire, Hertfordshire; and Kent"},
		{[]string{"Avon", "Bedfordshire, Hertfordshire", "Kent"}, "Avon; Bedfordshire, Hertfordshire; Kent", "Avon; Bedfordshire, Hertfordshire; and Kent"},
	} {
		if after, list := Names(c.names), List(c.names); after != c.after || list != c.list {
			t.Errorf("%q: %q, %q", c.names, after, list)
		}
	}
}

func TestTheFirstLetterIsACharacterAndNoByte(t *testing.T) {
	for s, want := range map[string]struct{ capital, small, title string }{
		"":                 {"", "", ""},
		"northern-ireland": {"Northern-ireland", "northern-ireland", "Northern Ireland"},
		"éire":             {"Éire", "éire", "Éire"},
		"Ynys Môn":         {"Ynys Môn", "ynys Môn", "Ynys Môn"},
		"-a":               {"-a", "-a", " A"},
		"\xe9ire":          {"\xe9ire", "\xe9ire", "\xe9ire"},
	} {
		if Capital(s) != want.capital || Small(s) != want.small || Title(s) != want.title {
			t.Errorf("%q: capital %q, small %q, title %q", s, Capital(s), Small(s), Title(s))
		}
	}
}

func TestAPracticesCode(t *testing.T) {
	for s, want := range map[string]bool{"F81001": true, "f81001": false, "F8100": false, "881001": false, "F8100A": false, "": false} {
		if IsPractice(s) != want {
			t.Errorf("%q is a practice's code: %v", s, !want)
		}
	}
}

func TestAPracticesCodeIsReadInAnyCaseAndWithBlanks(t *testing.T) {
	for _, typed := range []string{"F81001", "f81001", " f81 001\t", "F\u00a081001", "f 8 1 0 0 1\n"} {
		if got := PracticeCode(typed); got != "F81001" {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}

func TestAsSlugIsWhatSomebodyMayHaveMeant(t *testing.T) {
	for name, want := range map[string]string{"Trial": "trial", "Essex LMCs": "essex-lmcs", " surrey_sussex.": "surrey-sussex", "": "", "—": "", strings.Repeat("a", SlugLimit+1): ""} {
		if got := AsSlug(name); got != want {
			t.Errorf("AsSlug(%q) = %q, want %q", name, got, want)
		}
	}
}
