package alike

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const letter = "# Dear colleagues\n\nThe plan asks for £250m of work. **Do not** take part until\n25 October 2021: it’s voluntary.\n\nYours,\nDr Balmer"

func TestHowATextIsLikeALetter(t *testing.T) {
	for name, c := range map[string]struct {
		theirs string
		want   Result
	}{
		"itself": {letter, Result{Alike: true, Same: true}},
		"with its page": {"Dear reader: what the colleagues ask. " + letter + " Check", Result{Alike: true, OnlyAdded: true, Passages: []Passage{
			{Theirs: "Dear reader: what the colleagues ask", After: "Dear colleagues The plan asks for"}, {Before: "2021: it’s voluntary. Yours, Dr Balmer", Theirs: "Check"},
		}}},
		"pasted from a mail":  {"DEAR COLLEAGUES\r\nThe plan asks for £250m of work. Do not take part until 25 October 2021: it's voluntary. Yours, Dr Balmer", Result{Alike: true, Same: true}},
		"forwarded":           {"FYI, see below. Jane\n> " + letter, Result{Alike: true, OnlyAdded: true, Passages: []Passage{{Theirs: "FYI, see below. Jane", After: "Dear colleagues The plan asks for"}}}},
		"a word turned round": {strings.Replace(letter, "**Do not** take", "Do take", 1), Result{Alike: true, Passages: []Passage{{"asks for £250m of work. **Do", "not", "", "take part until 25 October 2021"}}}},
		"another day":         {strings.Replace(letter, "25 October", "5 October", 1), Result{Alike: true, Passages: []Passage{{"work. **Do not** take part until", "25", "5", "October 2021: it’s voluntary. Yours, Dr"}}}},
		"another sum":         {strings.Replace(letter, "£250m", "£25m", 1), Result{Alike: true, Passages: []Passage{{"Dear colleagues The plan asks for", "£250m", "£25m", "of work. **Do not** take part"}}}},
		"its end is missing":  {strings.TrimSuffix(letter, "Yours,\nDr Balmer"), Result{Alike: true, Passages: []Passage{{"until 25 October 2021: it’s voluntary", "Yours, Dr Balmer", "", ""}}}},
		"its head alone":      {"Dear colleagues", Result{}},
		"another letter":      {"Dear practices, we support the scheme and ask you to sign it by Friday, as others have.", Result{}},
		"nothing":             {"", Result{}},
		"nothing but signs":   {"--- *** ...", Result{}},
	} {
		if diff := cmp.Diff(c.want, Compare(letter, c.theirs)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Whatever was changed, what is told of it makes theirs of ours; and the same words are never said to differ.
func TestWhatIsToldOfAChangeMakesOneTextOfTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.SampledFrom(strings.Fields("a b c d e f g h")), 0, 40)
		ours, theirs := some.Draw(t, "ours"), some.Draw(t, "theirs")
		a, b := words(strings.Join(ours, " ")), words(strings.Join(theirs, "\n"))
		steps, ok := edited(a, b)
		if !ok {
			t.Fatal("given up")
		}
		edits := together(steps)
		var made []string
		at := 0
		for _, e := range edits {
			for ; at < e.a0; at++ {
				made = append(made, a[at].folded)
			}
			for _, w := range b[e.b0:e.b1] {
				made = append(made, w.folded)
			}
			at = e.a1
		}
		for ; at < len(a); at++ {
			made = append(made, a[at].folded)
		}
		if strings.Join(made, " ") != strings.Join(theirs, " ") {
			t.Fatalf("%v by %v is %v, not %v", ours, edits, made, theirs)
		}
		is := Compare(strings.Join(ours, " "), strings.Join(theirs, " "))
		if is.Same && strings.Join(ours, " ") != strings.Join(theirs, " ") {
			t.Fatal("said to be the same")
		}
		left := ours
		for _, one := range theirs {
			if len(left) > 0 && left[0] == one {
				left = left[1:]
			}
		}
		if only := len(left) == 0 && !is.Same; is.Alike && is.OnlyAdded != only {
			t.Fatalf("that %v only has more than %v is said to be %v", theirs, ours, is.OnlyAdded)
		}
	})
}

func TestTextsThatHaveLittleInCommonAreGivenUpSoon(t *testing.T) {
	ours, theirs := strings.Repeat("one two three four ", 5000), strings.Repeat("five six seven eight ", 5000)
	if is := Compare(ours, theirs); is.Alike {
		t.Error("they are alike")
	}
	for changed, want := range map[int]bool{EditsLimit / 2: true, EditsLimit/2 + 1: false} { // a word less and a word more each
		var ours, theirs []string
		for i := range 4 * EditsLimit {
			ours = append(ours, fmt.Sprint("w", i))
			theirs = append(theirs, ours[i])
			if i%4 == 1 && i/4 < changed {
				theirs[i] = fmt.Sprint("x", i)
			}
		}
		if got := Compare(strings.Join(ours, " "), strings.Join(theirs, " ")).Alike; got != want {
			t.Errorf("%d words are other: %v", changed, got)
		}
	}
}

func FuzzCompare(f *testing.F) {
	f.Add(letter, "Do take part")
	f.Fuzz(func(t *testing.T, ours, theirs string) {
		is := Compare(ours, theirs)
		if same := Compare(ours, ours); len(Words(ours)) > 0 && !same.Same {
			t.Errorf("%q is not like itself", ours)
		}
		if len(is.Passages) > PassagesLimit || is.Same && len(is.Passages) > 0 {
			t.Error(is)
		}
	})
}
