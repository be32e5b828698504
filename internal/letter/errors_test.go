package letter

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
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
		_, err = Parse(b, Defaults{ReadFile: func(name string) ([]byte, error) {
			return nil, &fs.PathError{Op: "openat", Path: name, Err: fs.ErrNotExist}
		}})
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
		"UTF-16, bare":  {"-\x00-\x00-\x00\n\x00", "line 1: the file is saved as UTF-16"},
		"Word":          {"PK\x03\x04…", "line 1: this is a Word document"},
		"Latin-1":       {"---\ntitle: caf\xe9\n---\n", "line 2: the line has a character that is not UTF-8"},
		"control":       {"---\ntitle: a\x01b\n---\n", "line 2"},
		"carriage":      {"---\r\ntitle: T\r\nstanse: x\r\n---\r\n", "line 3: stanse: is not a key"},
		"long dash":     {"---\ntitle: T\npositions:\n  – on: the whole matter\n---\n", "line 4: a list begins each line with a hyphen"},
		"comma":         {"---\ntitle: T\nvotes: [{id: s, kind: ballot, of: practices under 5,000 patients}]\n---\n", "line 3: 000 patients: is what stands behind a comma: a text with a comma in it must stand in quotation marks where it is in {…}"},
		"bullet key":    {"---\ntitle: T\n• on: the whole matter\n---\n", "line 3: a list begins each line with a hyphen"},
		"hard blanks":   {"---\ntitle: T\npositions:\n\u00a0- on: x\n---\n", "line 4: the line is indented with non-breaking blanks"},
		"blank at head": {"\n\n---\ntitle: T\nstanse: x\n---\n", "line 5: stanse"},
	} {
		if _, err := Parse([]byte(c.in), Defaults{}); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s…", name, err, c.want)
		}
	}
}

// A mark that ends a text in braces is told as that mark, and the field is shown in quotation
// marks; written so, it is read.
func TestAMarkInBracesIsToldAndItsFieldShownInQuotationMarks(t *testing.T) {
	for in, want := range map[string]string{
		"a: {id: survey, question: Will your practice cap contacts?, of: x}": `line 2: a text with ? in it must stand in quotation marks where it is in {…}: question: "Will your practice cap contacts?"`,
		"a:\n  - {id: survey, question: Will you?, of: x}\nb: 1":             `line 3: a text with ? in it must stand in quotation marks where it is in {…}: question: "Will you?"`,
		"a:\n  - {id: survey,\n     question: Will you?,\n     of: x}\nb: 1": `line 4: a text with ? in it must stand in quotation marks where it is in {…}: question: "Will you?"`,
		"a: {id: s, question: Will you, or not?, of: x}":                     `line 2: a text with ? in it must stand in quotation marks where it is in {…}: question: "Will you, or not?"`,
		"a: {id: s, words: practices [EMIS], of: x}":                         `line 2: a text with [ in it must stand in quotation marks where it is in {…}: words: "practices [EMIS]"`,
		"a: {id: s, words: all {of them}}":                                   `line 2: a text with { in it must stand in quotation marks where it is in {…}: words: "all {of them}"`,
		"a: {id: s, words: all of them}}":                                    `line 2: "}" stands behind what the braces close: delete it, or put the text it belongs to in quotation marks`,
		"a: {id: s, words: all} of them":                                     `line 2: "of them" stands behind what the braces close: delete it, or put the text it belongs to in quotation marks`,
		"a: {id: s, question: Access: yes or no, of: x}":                     `line 2: a text with a colon in it must stand in quotation marks: question: "Access: yes or no"`,
		"a: {id: s question: y}":                                             `line 2: a comma is missing before question:; or, where that is part of the text, it must stand in quotation marks: id: "s question: y"`,
		"a: {id: s, , question: y}":                                          `line 2: what stands in braces or brackets must have one comma between each and the next: {id: survey, kind: ballot}`,
		"a: {id: s, question: @home, of: x}":                                 `line 2: a text that begins with @ must stand in quotation marks: question: "@home"`,
		"a: {id: s, question: motion # 4, of: x}":                            `line 2: a text with # in it must stand in quotation marks: question: "motion # 4"`,
		"a:\n  - b: 1\n    c: \"say \"no\" to it\"\n    d: 2":                `line 4: a text in quotation marks ends at the next mark like the first: leave out the first and the last, or put single marks (') around the text and double ones (") inside`,
		"a: 'it's so'": `line 2: a text in quotation marks ends at the next mark like the first: leave out the first and the last, or put single marks (') around the text and double ones (") inside`,
		"a: {id: s, question: \"Will you, of: x}":                               `line 2: the quotation marks do not pair up: close them, and write \" for one inside`,
		"a: {id: s, contract: [{effect: voluntary?, from: 2021-11-01}], of: x}": `line 2: a text with ? in it must stand in quotation marks where it is in {…}: effect: "voluntary?"`,
		"a: {id: s, question: y\nb: 1":                                          `line 2: the braces do not end: close them with }`,
		"a: {id: s, words: 'it''s, so', question: y?}":                          `line 2: a text with ? in it must stand in quotation marks where it is in {…}: question: "y?"`,
		"a: [practices?, b]":                                                    `line 2: a text with ? in it must stand in quotation marks where it is in […]: "practices?"`,
		"a: [practices, b\nb: 1":                                                `line 2: the list does not end: close it with ]`,
		"a: {urgent} letter":                                                    `line 2: a text that begins with { must stand in quotation marks`,
	} {
		_, err := parseFront([]byte(in+"\n"), 2)
		if err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", in, err, want)
		}
		_, shown, isShown := strings.Cut(want, "quotation marks where it is in {…}: ")
		if !isShown {
			continue
		}
		key, text, _ := strings.Cut(shown, ": ")
		unquoted := strings.Trim(text, `"`)
		if _, err := parseFront([]byte(strings.Replace(in, key+": "+unquoted, shown, 1)+"\n"), 2); err != nil {
			t.Errorf("%s: written as shown, it is not read: %v", in, err)
		}
	}
}

func TestAnAttachmentThatCannotBeReadIsToldInWords(t *testing.T) {
	for file, c := range map[string]struct {
		err  error
		want string
	}{
		"plan.pdf":    {fs.ErrNotExist, "there is no file \"plan.pdf\" in the folder of the letter: put it there, or write its name as it is"},
		"../plan.pdf": {errors.New("path escapes from parent"), "\"../plan.pdf\" lies elsewhere: put the file into the folder of the letter, and write its name alone"},
		"locked.pdf":  {fs.ErrPermission, "\"locked.pdf\" cannot be read (permission denied): check that it is a file you can open"},
	} {
		_, err := Parse(simple("attachments:\n  - file: "+file), Defaults{ReadFile: func(name string) ([]byte, error) { return nil, &fs.PathError{Op: "openat", Path: name, Err: c.err} }})
		if err == nil || err.Error() != "line 3: file: "+c.want {
			t.Errorf("%s: got %v", file, err)
		}
	}
}

func TestAReportHoldsOnePosition(t *testing.T) {
	_, err := ParseReport([]byte("---\nkind: report\noffice: essex\nissued: 2021-10-20\nsource: {publisher: P}\nposition:\n  on: the whole matter\n  matter: gpc-england/m\n  for: [rcgp]\n  stance: refuse\nactions:\n  - do: reply\n---\n"), Defaults{})
	if err == nil || err.Error() != "line 11: actions: is not a key here: it belongs to letters, and a report holds one position that somebody else has taken" {
		t.Errorf("got %v", err)
	}
}

// Whatever is suggested can be written, and is told in the words that readers will see.
func TestSynonymsSuggestWordsThereAreInTheWordsOfThePages(t *testing.T) {
	known := map[string][]string{
		"a stance": enumWords[guidancev1.Stance](), "an opinion": enumWords[guidancev1.Opinion](), "an audience": enumWords[guidancev1.Audience](),
		"a strength": enumWords[guidancev1.ActionStrength](), "a contract effect": enumWords[guidancev1.ContractEffect](), "a kind of vote": enumWords[guidancev1.VoteKind](),
	}
	for what, meanings := range synonyms {
		for _, m := range meanings {
			words := braced.FindAllString(m.instead, -1)
			if !strings.HasPrefix(m.instead, "{") || strings.Count(m.instead, "{") != len(words) || strings.Contains(m.instead, "“") {
				t.Errorf("%s: %q is told as %q: words of ours stand in braces, the first of them first, and readers' words come from the pages", what, m.words, m.instead)
			}
			for _, word := range words {
				if !slices.Contains(known[what], strings.Trim(word, "{}")) {
					t.Errorf("%s: %q suggests %s", what, m.words, word)
				}
			}
			if _, other, ok := strings.Cut(m.instead, "opinion: "); ok && !slices.Contains(known["an opinion"], strings.Fields(other)[0]) {
				t.Errorf("%s: %q suggests opinion: %s", what, m.words, other)
			}
			for word := range strings.SplitSeq(m.words, ", ") {
				if slices.Contains(known[what], plainWord(word)) {
					t.Errorf("%s: %q is one itself", what, word)
				}
			}
		}
	}
	for what, read := range readersWords {
		for _, word := range known[what][1:] {
			if read(word) == "" || read(word) == guidance.EffectNoun(-1) {
				t.Errorf("%s: pages have no words for %s", what, word)
			}
		}
	}
	for _, c := range []struct{ what, said, want string }{
		{"a stance", "boycott", "refuse (“advises you to refuse”)"},
		{"an opinion", "worried", "concerned (“has concerns about it”)"},
		{"an audience", "gps", "practices (everybody who works in one), gp-partners or salaried-and-locum-gps"},
		{"a strength", "shall", "must (“insists”)"},
		{"a contract effect", "optional", "not-contractual (“not in the contract”), or voluntary-scheme (“a voluntary scheme”) for one that practices sign up to"},
		{"a contract effect", "mandatory", "contractual"},
		{"a kind of vote", "motion", "conference, or committee for a vote of the committee itself"},
	} {
		if got, _ := suggestion(c.what, c.said); got != c.want {
			t.Errorf("%s: %q suggests %q, want %q", c.what, c.said, got, c.want)
		}
	}
}

func TestListsOfWordsMayHaveCommas(t *testing.T) {
	a, err := Parse(simple("to: practices, PCNs,\ncc: the ICB, and others"), Defaults{})
	if err != nil || len(a.Audiences) != 2 || len(a.Cc) != 1 {
		t.Errorf("got %v, %v", a, err)
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

// What is wrong inside a text is told with the line it stands on, wherever the text stands and
// however the file is saved.
func TestFaultsInsideATextHaveTheirTrueLine(t *testing.T) {
	const front = "---\ntitle: T\noffice: essex\nfor: [north-essex]\nmatter: gpc-england/m\nissued: 2021-10-25\npositions:\n  - on: the whole matter\n    stance: refuse\n"
	for name, c := range map[string]struct{ in, want string }{
		"body":          {front + "---\n\nDear\n\nturned \u202eround\n", "line 14: the text under the front matter: holds the invisible character U+202E: remove it"},
		"no blank line": {front + "---\nDear\nturned \u202eround\n", "line 12: the text under"},
		"blank lines":   {"\n\n" + front + "---\n\n\n\nturned \u202eround\n", "line 16: the text under"},
		"literal":       {front + "    rationale: |\n      one\n\n      two \u202e\n---\nDear\n", "line 13: rationale: holds"},
		"folded":        {front + "    rationale: >\n      one\n      one\n\n      two\n      three \u202e\n---\nDear\n", "line 15: rationale: holds"},
		"plain":         {front + "    rationale: one\n      one\n\n      two \u202e\n    basis: officer\n---\nDear\n", "line 13: rationale: holds"},
		"template":      {front + "actions:\n  - do: send\n    template: |\n      one\n      \u202e\n---\nDear\n", "line 14: template: holds"},
		"control":       {front + "    rationale: |\n      one\n      two \x01\n---\nDear\n", "line 12: the line holds the invisible character U+0001: remove it"},
		"in the body":   {front + "---\n\nDear\n\n\x01\n", "line 14: the text under the front matter: holds the invisible character U+0001"},
	} {
		for saved, b := range map[string][]byte{
			"LF": []byte(c.in), "CRLF": []byte(strings.ReplaceAll(c.in, "\n", "\r\n")), "CR": []byte(strings.ReplaceAll(c.in, "\n", "\r")), "BOM": []byte("\ufeff" + c.in),
		} {
			if _, err := Parse(b, Defaults{}); err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%s, %s: got %v, want %s…", name, saved, err, c.want)
			}
		}
	}
	nhs := &guidance.InvalidError{Violations: []guidance.Violation{{Field: "body", Reason: "holds what looks like an NHS number (943…) at byte 6: remove it"}}}
	if got := Explain([]byte(front+"---\n\nDear\n\n943 476 5919\n"), Defaults{}, nhs); got.Error() != "line 14: the text under the front matter: holds what looks like an NHS number (943…): remove it" {
		t.Errorf("refused by a node: %v", got)
	}
	summary := &guidance.InvalidError{Violations: []guidance.Violation{{Field: "summary", Reason: "holds what looks like an NHS number (943…) at byte 5: remove it"}, {Field: "name", Reason: "is not yours"}}}
	if got := Explain([]byte("---\nkind: matter\nname: x\n---\n\nOne\n\n943 476 5919\n"), Defaults{}, summary); got.Error() != "line 3: name: is not yours\nline 8: the text under the front matter: holds what looks like an NHS number (943…): remove it" {
		t.Errorf("of a matter, refused by a node: %v", got)
	}
	for saved, b := range map[string]string{"cp1252": front + "---\n\nDear\n\n\x93quoted\x94\n", "cp1252, CR": strings.ReplaceAll(front+"---\n\nDear\n\n\x93quoted\x94\n", "\n", "\r")} {
		if _, err := Parse([]byte(b), Defaults{}); err == nil || !strings.HasPrefix(err.Error(), "line 14: the line has a character that is not UTF-8") {
			t.Errorf("%s: %v", saved, err)
		}
	}
}

func TestALetterHasATextBeyondItsGreeting(t *testing.T) {
	empty := strings.Replace(string(simple("title: T")), "\nDear colleagues\n\nThis is our advice.\n", "\n \n", 1)
	if _, err := Parse([]byte(empty), Defaults{}); err == nil || err.Error() != "line 12: the text under the front matter: is empty: write the letter under the line, or attach it" {
		t.Errorf("got %v", err)
	}
	letter := string(simple("title: T"))
	for _, c := range []struct{ body, want string }{
		{"\n" + greeting + "\n", "line 13"},
		{"\n\ndear  Colleagues,\n\n\n", "line 14"},
		{"\nDear All\n", "line 13"},
		{"\nDear partners and practice managers,\n", "line 13"},
		{"\nDear colleagues, ring us.\n", ""},
		{"\nDear colleagues\n\nNo.\n", ""},
		{"\nDear colleagues\n\nDr A Person\n", ""},
		{"\nRing us.\n", ""},
	} {
		_, err := Parse([]byte(strings.Replace(letter, "\nDear colleagues\n\nThis is our advice.\n", c.body, 1)), Defaults{})
		want := c.want + ": the text under the front matter: holds a greeting and nothing else: write the letter below it, or attach it"
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%q: got %v", c.body, err)
		}
	}
	attached := strings.Replace(empty, "---\ntitle", "---\nattachments: [{file: letter.pdf}]\ntitle", 1)
	if _, err := Parse([]byte(attached), Defaults{ReadFile: func(string) ([]byte, error) { return []byte("x"), nil }}); err != nil {
		t.Errorf("attached: %v", err)
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
	b := Skeleton(accessPlan(), essex())
	remarked := []byte(strings.Replace(string(b), "\nissued:\n", "\n#issued:\n", 1))
	for name, c := range map[string]struct {
		file          []byte
		title, issued int
	}{
		"empty":    {b, lineOf(b, "title:"), lineOf(b, "issued:")},
		"a remark": {remarked, lineOf(b, "title:"), lineOf(b, "issued:")},
	} {
		_, err := Parse(c.file, Defaults{})
		want := fmt.Sprintf("line %d: title: is empty: write it\nline %d: issued: is missing: write the day, or the earliest and the latest it can have been\nline %d: stance: is not set: choose the stance\nline %d: the text under the front matter: holds a greeting and nothing else: write the letter below it, or attach it",
			c.title, c.issued, lineOf(b, "    stance:"), lineOf(b, greeting))
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

// Whoever wrote who was asked in a vote under "who" was told that it belongs under actions.
func TestWhoVotedIsSaidToGoUnderOf(t *testing.T) {
	_, err := Parse([]byte("---\ntitle: A vote\nfor: [north-essex]\nissued: 2021-10-25\nvotes:\n  - id: v1\n    who: GPs\n---\nWords.\n"), Defaults{})
	if err == nil || !strings.Contains(err.Error(), "who: is not a key here; did you mean of?") {
		t.Error(err)
	}
}

// “By tomorrow” was taken as it stood, and told so to whoever read the letter a week later.
func TestADayThatGoesByTheDayOfReadingIsRefused(t *testing.T) {
	for due, refused := range map[string]bool{
		"tomorrow": true, "by the end of the month": true, "End of next week": true, "noon today": true, "next month": true,
		"at once": false, "within 12 days of month end": false, "by the end of December": false, "{rule: by the end of the month}": false, "when this year's figures are out": false,
	} {
		_, err := Parse(simple("actions:\n  - do: reply\n    due: "+due), Defaults{})
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "is not a day, nor a time of one: write it as 28 October 2021") {
			t.Errorf("%s: %v", due, err)
		}
	}
}

// Whoever wrote “until further notice” as the last day was told how to write a day, and not that there is to be none.
func TestUntilFurtherNoticeIsToldToBeLeftOut(t *testing.T) {
	for last, want := range map[string]string{"Until further notice": "leave valid-until out, and it holds until further notice", "next week": "is not a day: write it as 25 October 2021"} {
		_, err := Parse(simple("positions:\n  - on: the whole matter\n    stance: refuse\n    valid-until: "+last), Defaults{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", last, err)
		}
	}
}

// “Votes” at the top of a report was said to belong under position, where it was refused too.
func TestVotesInAReportAreSaidToGoIntoItsText(t *testing.T) {
	for _, where := range []string{"votes: [b]\n", "position:\n  matter: plan\n  on: the whole matter\n  for: [kent]\n  stance: refuse\n  votes: [b]\n"} {
		_, err := ParseReport([]byte("---\nkind: report\noffice: essex\nissued: 2021-10-25\nsource:\n  publisher: The press\n"+where+"---\nThe press said so.\n"), Defaults{})
		if err == nil || !strings.Contains(err.Error(), "the text under the front matter") || strings.Contains(err.Error(), "belongs under") {
			t.Errorf("%s: %v", where, err)
		}
	}
}
