package guidance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"2021-10-25", "2021-02-29", "2024-02-29", "2100-02-29", "0000-01-01", "2021-1-1", "2021-10-2५", "+021-10-25", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, err := ParseDay(s)
		parsed, timeErr := time.Parse(dayLayout, s)
		exists := timeErr == nil && parsed.Format(dayLayout) == s && parsed.Year() >= 1
		if (err == nil) != exists {
			t.Fatalf("%q: %v, but existing is %v", s, err, exists)
		}
		if err == nil && (string(day) != s || notation.DayAfter(s) < s) {
			t.Fatalf("%q printed as %q, next %q", s, day, notation.DayAfter(s))
		}
	})
}

func TestTodayIsInLondon(t *testing.T) {
	for in, want := range map[string]string{
		"2021-10-25T22:59:59Z": "2021-10-25", // summer time
		"2021-10-25T23:00:00Z": "2021-10-26",
		"2021-11-25T23:59:59Z": "2021-11-25",
		"2021-11-26T00:00:00Z": "2021-11-26",
	} {
		now, _ := time.Parse(time.RFC3339, in)
		if got := Today(now); got != want {
			t.Errorf("at %s today is %s, want %s", in, got, want)
		}
	}
}

func TestEndOfDayIsTheFirstInstantOfTheNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(2000, 1, rapid.IntRange(1, 20000).Draw(t, "day"), 0, 0, 0, 0, time.UTC).Format(dayLayout)
		end := EndOfDay(day)
		if Today(end.Add(-time.Nanosecond)) != day || Today(end) != notation.DayAfter(day) {
			t.Fatalf("%s ends at %s", day, end)
		}
	})
	if !EndOfDay("2021-02-30").IsZero() {
		t.Error("a day that does not exist has an end")
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"essex", "north-essex", "-essex", "a--b", "essex-", "Essex", "essex/7", "essex@1/7", "essex@0/7", "essex/07", "essex/plan", "essex/2021", "2021", "a/b/c", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		office, err := ParseOfficeID(s)
		if err == nil && string(office) != s {
			t.Fatalf("%q read as %q", s, office)
		}
		if name, matterErr := ParseMatterName(s); matterErr == nil {
			if notation.IsEntryName(s) {
				t.Fatalf("%q names a matter and an entry", s)
			}
			again, err := NewMatterName(name.Office(), name.Slug())
			if err != nil || string(again) != s {
				t.Fatalf("%q printed as %q: %v", s, again, err)
			}
		}
		if err == nil {
			if name, err := NewMatterName(s, s); hasLetter(s) && (err != nil || name.Slug() != s || name.Office() != s) {
				t.Fatalf("matter of %q: %q %v", s, name, err)
			}
			if !notation.IsEntryName(s+"/7") || !notation.IsEntryName(s+"@1/7") || notation.IsEntryName(s+"@0/7") {
				t.Fatalf("entries of %q", s)
			}
		}
	})
}

func TestAMattersNameIsNeverAnEntrys(t *testing.T) {
	for s, want := range map[string]string{
		"gpc/plan": "", "gpc/2021a": "", "gpc/a": "", "2021/plan": "", "gpc/1-a": "",
		"gpc/2021": "its slug needs a letter", "gpc/1-2": "its slug needs a letter", "2021": "its slug needs a letter",
		"plan": "write OFFICE/SLUG", "gpc/": "write OFFICE/SLUG", "/plan": "write OFFICE/SLUG", "gpc@1/plan": "write OFFICE/SLUG",
		"gpc/plan/2": "write OFFICE/SLUG", "offices/gpc/matters/plan": "write OFFICE/SLUG", "gpc/Plan": "write OFFICE/SLUG",
		"gpc/" + strings.Repeat("a", NameLimit): "", "gpc/" + strings.Repeat("a", NameLimit+1): "write OFFICE/SLUG",
	} {
		_, err := ParseMatterName(s)
		if want == "" && err != nil || want != "" && !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%q: %v, want %q", s, err, want)
		}
		if err == nil && notation.IsEntryName(s) {
			t.Errorf("%q names an entry too", s)
		}
	}
}

func TestSlugsRefuseWhatTheirPrinterWouldNotPrint(t *testing.T) {
	for s, want := range map[string]bool{
		"essex": true, "north-essex": true, "2021": true, "a": true,
		"": false, "-a": false, "a-": false, "a--b": false, "A": false, "a_b": false, "a b": false, "é": false, "a/b": false,
	} {
		_, office := ParseOfficeID(s)
		_, committee := ParseCommitteeID(s)
		_, measure := ParseMeasureID(s)
		if (office == nil) != want || (committee == nil) != want || (measure == nil) != want {
			t.Errorf("%q: %v %v %v, want %v", s, office, committee, measure, want)
		}
	}
}

func TestPracticeCodes(t *testing.T) {
	for s, want := range map[string]bool{"F81001": true, "f81001": false, "F8100": false, "F810011": false, "81001F": false, "F8100X": false, "": false} {
		if err := ParsePractice(s); (err == nil) != want {
			t.Errorf("%q: %v", s, err)
		}
	}
	// Of a branch's code it was only said that it is no practice's, where the look-up answers it.
	if err := ParsePractice("F81001002"); err == nil || !strings.Contains(err.Error(), "should be F81001 (lmc register practice F81001002") {
		t.Error(err)
	}
}

// domain.md 3: who contains whom, every pair
func TestAudiencesContainOneAnother(t *testing.T) {
	inside := map[v1.Audience]v1.Audience{2: 1, 3: 1, 4: 1, 6: 5, 8: 7}
	for outer := v1.Audience(0); outer < 11; outer++ {
		for inner := v1.Audience(0); inner < 11; inner++ {
			want := inner != 0 && (outer == inner || inside[inner] != 0 && inside[inner] == outer)
			if got := Contains(outer, inner); got != want {
				t.Errorf("%s contains %s: %v", outer, inner, got)
			}
		}
	}
}

func TestDefaultAudienceIsWhomTheMeasureIsAddressedTo(t *testing.T) {
	m := matter()
	m.Measures[1].AddressedTo = []v1.Audience{0, 99, v1.Audience_AUDIENCE_COMMISSIONERS}
	for measure, want := range map[string]v1.Audience{"engage": practices, "list": v1.Audience_AUDIENCE_COMMISSIONERS, "strike": practices, "": practices, "none": practices} {
		if got := DefaultAudience(m, measure); got != want {
			t.Errorf("%q: %s, want %s", measure, got, want)
		}
	}
}

// domain.md 7: wider than, every pair
func TestVisibilitiesThatAreAtLeastAsWide(t *testing.T) {
	const order = "01234" // PUBLIC PRACTICES CONSTITUENTS COMMITTEES OFFICE
	want := map[string]string{"0": "01234", "1": "1234", "2": "24", "3": "34", "4": "4"}
	for i := range order {
		for j := range order {
			got := AtLeastAsWide(v1.Visibility(i+1), v1.Visibility(j+1))
			expected := false
			for _, c := range want[order[i:i+1]] {
				expected = expected || string(c) == order[j:j+1]
			}
			if got != expected {
				t.Errorf("%s at least as wide as %s: %v", v1.Visibility(i+1), v1.Visibility(j+1), got)
			}
		}
	}
	if AtLeastAsWide(0, public) || AtLeastAsWide(99, v1.Visibility_VISIBILITY_OFFICE) {
		t.Error("an unknown visibility is as wide as a known one")
	}
}
