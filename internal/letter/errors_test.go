package letter

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/guidance"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the golden transcripts")

// Every letter in testdata/wrong, and what is said of it: read the transcript as the
// secretary would.
func TestErrorsNameTheLineAndTheRemedy(t *testing.T) {
	files, err := filepath.Glob("testdata/wrong/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no letters:", err)
	}
	var got strings.Builder
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Parse(b, Defaults{})
		var found Errors
		if !errors.As(err, &found) {
			t.Errorf("%s: got %v, want Errors", file, err)
		}
		fmt.Fprintf(&got, "== %s\n%v\n\n", strings.TrimSuffix(filepath.Base(file), ".md"), err)
	}
	golden(t, "testdata/wrong.golden", got.String())
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *rewrite {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -rewrite writes it anew)\n%s", file, diff)
	}
}

func TestErrorsKnowWhatIsNotText(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"UTF-16":        {"\xff\xfe-\x00", "line 1: the file is saved as UTF-16"},
		"Word":          {"PK\x03\x04…", "line 1: this is a Word document"},
		"Latin-1":       {"---\ntitle: caf\xe9\n---\n", "line 2: the line has a character that is not UTF-8"},
		"control":       {"---\ntitle: a\x01b\n---\n", "line 2"},
		"carriage":      {"---\r\ntitle: T\r\nstanse: x\r\n---\r\n", "line 3: stanse: is not a key"},
		"long dash":     {"---\ntitle: T\npositions:\n  – on: the whole matter\n---\n", "line 4: a list begins each line with a hyphen"},
		"bullet key":    {"---\ntitle: T\n• on: the whole matter\n---\n", "line 3: a list begins each line with a hyphen"},
		"hard blanks":   {"---\ntitle: T\npositions:\n\u00a0- on: x\n---\n", "line 4: the line is indented with non-breaking blanks"},
		"blank at head": {"\n\n---\ntitle: T\nstanse: x\n---\n", "line 5: stanse"},
	} {
		if _, err := Parse([]byte(c.in), Defaults{}); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s…", name, err, c.want)
		}
	}
}

func TestFileLimit(t *testing.T) {
	b := simple("title: T")
	b = append(b, strings.Repeat("x", FileLimit-len(b))...)
	if _, err := Parse(b, Defaults{}); err == nil || strings.Contains(err.Error(), "the file has") {
		t.Errorf("at the limit: got %v, want guidance to refuse the body", err)
	}
	if _, err := Parse(append(b, 'x'), Defaults{}); err == nil || !strings.Contains(err.Error(), "the file has 2097153 bytes; a letter has at most 2097152") {
		t.Errorf("beyond the limit: got %v", err)
	}
}

func TestABodyOverTheLimitIsNamed(t *testing.T) {
	b := append(simple("title: T"), strings.Repeat("x", guidance.BodyLimit)...)
	_, err := Parse(b, Defaults{})
	if err == nil || !strings.HasPrefix(err.Error(), "line 12: the text under the front matter: is ") {
		t.Errorf("got %v", err)
	}
}

func TestErrorLimit(t *testing.T) {
	bad := func(n int) error {
		_, err := Parse(simple("cc:"+strings.Repeat("\n  - [x]", n)), Defaults{})
		return err
	}
	if got := strings.Count(bad(ErrorLimit).Error(), "\n"); got != ErrorLimit-1 {
		t.Errorf("at the limit: got %d line ends", got)
	}
	if got := bad(foundLimit + 1).Error(); !strings.HasSuffix(got, fmt.Sprintf("\nand %d more", foundLimit-ErrorLimit)) {
		t.Errorf("counting beyond the limit: got %s", got[len(got)-40:])
	}
	if got := bad(ErrorLimit + 1).Error(); !strings.HasSuffix(got, "\nand 1 more") {
		t.Errorf("beyond the limit: got %s", got)
	}
}

// What YAML can do to a parser: each is refused at once, in little memory.
func TestBombsAreRefused(t *testing.T) {
	laughs := "a: &a [x]\n"
	for c := 'b'; c < 'z'; c++ {
		laughs += fmt.Sprintf("%c: &%c [*%c, *%c, *%c]\n", c, c, c-1, c-1, c-1)
	}
	for name, front := range map[string]string{
		"aliases": laughs, "deep flow": strings.Repeat("[", 20_000), "deep block": "title: " + strings.Repeat("\n- ", 1) + strings.Repeat("- ", 20_000),
		"deep maps": strings.Repeat("{a: ", 20_000), "wide": "cc: [" + strings.Repeat("x,", 50_000), "colons": strings.Repeat("a:\n", 20_000), "quotes": strings.Repeat("\"\n", 20_000),
	} {
		if _, err := Parse([]byte("---\n"+front+"\n---\n"), Defaults{}); err == nil {
			t.Errorf("%s: got no error", name)
		} else if len(err.Error()) > 64<<10 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
	}
}

// lineOf is the number of the first line of a file that begins so.
func lineOf(b []byte, begins string) int {
	for i, line := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(line, begins) {
			return i + 1
		}
	}
	return 0
}

func TestWhatIsNotFilledInIsNamedWhereItsKeyStands(t *testing.T) {
	b := Skeleton(accessPlan(), "essex", []string{"north-essex"})
	remarked := []byte(strings.Replace(string(b), "\nissued:\n", "\n#issued:\n", 1))
	for name, c := range map[string]struct {
		file          []byte
		title, issued int
	}{
		"empty":    {b, lineOf(b, "title:"), lineOf(b, "issued:")},
		"a remark": {remarked, lineOf(b, "title:"), lineOf(b, "issued:")},
	} {
		_, err := Parse(c.file, Defaults{})
		want := fmt.Sprintf("line %d: title: is empty: write it\nline %d: issued: is missing: write the day, or the earliest and the latest it can have been\nline %d: stance: is not set: choose the stance",
			c.title, c.issued, lineOf(b, "    stance:"))
		if err == nil || err.Error() != want {
			t.Errorf("%s: got\n%v\nwant\n%s", name, err, want)
		}
	}
	_, err := Parse(simple("positions:\n  - stance: refuse\n    on:"), Defaults{})
	if err == nil || !strings.HasPrefix(err.Error(), "line 4: on: is missing") {
		t.Errorf("got %v", err)
	}
}

func TestExplainFindsTheLinesOfWhatANodeRefused(t *testing.T) {
	got := Explain(simple("title: T"), Defaults{}, &guidance.InvalidError{Violations: []guidance.Violation{
		{Field: "positions[0].measure", Reason: "is no measure of this matter"}, {Field: "amends", Reason: "does not name essex/3, which says otherwise"},
	}})
	want := "line 1: amends: does not name essex/3, which says otherwise\nline 9: on: is no measure of this matter"
	if got.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", got, want)
	}
}
