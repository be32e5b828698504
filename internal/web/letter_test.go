package web

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func TestALetterKeepsItsShapeAndNothingElse(t *testing.T) {
	for words, want := range map[string]string{
		"# Dear all\n\nplain **bold**":       "<h3>Dear all</h3>\n<p>plain <strong>bold</strong></p>\n",
		"[us](https://example.org)":          `<p><a href="https://example.org" rel="nofollow noreferrer">us</a></p>` + "\n",
		"[x](javascript:alert(1))":           "<p>x</p>\n",
		"![seen](https://example.org/1.png)": "<p></p>\n",
		"<b>bold</b> <script>1</script>":     "<p>bold 1</p>\n",
		"1. one\n2. two":                     "<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n",
		strings.Repeat("> ", 40) + "deep":    "<pre>" + strings.Repeat("&gt; ", 40) + "deep</pre>",
		strings.Repeat("`a", marksLimit+1):   "<pre>" + strings.Repeat("`a", marksLimit+1) + "</pre>",
	} {
		if got := string(markdown(words)); got != want {
			t.Errorf("%.40q: %q\nwant %q", words, got, want)
		}
	}
}

// Reading some marks takes a parser hours: a letter that has so many in a paragraph is shown as it was typed.
func TestALetterThatIsAllMarksIsShownAsItWasTyped(t *testing.T) {
	for marks, typed := range map[int]bool{marksLimit: false, marksLimit + 1: true} {
		if got := isTwisted([]byte("Dear all\n\n" + strings.Repeat("*", marks))); got != typed {
			t.Errorf("%d marks: %v", marks, got)
		}
	}
	if isTwisted([]byte(strings.Repeat("**bold**\n\n", marksLimit))) {
		t.Error("marks of many paragraphs are counted together")
	}
}

func FuzzMarkdownRunsNothing(f *testing.F) {
	f.Add("# x <script> [a](javascript:b) ![c](d) <a onclick=e> `f`")
	f.Fuzz(func(t *testing.T, words string) {
		if len(words) > 4096 {
			return
		}
		checkHTML(t, "/", words, `<main><h1>x</h1><script></script>`+string(markdown(words))+`</main>`)
	})
}

// Its office's "essex/3" was "Essex/3" there, which is no letter's name, and led nowhere.
func TestALetterLeadsToTheOneThatItReplaces(t *testing.T) {
	source := trial("today")
	letter := source.answers["GetEntryRequest"].(*answersv1.GetEntryResponse).GetEntry().GetAdvisory()
	letter.Replaces, letter.Amends = []string{"essex/3"}, []string{"essex/4", "essex/5"}
	page := get(t, site0(source, false), "/letters/essex/7").Body.String()
	for _, name := range []string{"essex/3", "essex/4", "essex/5"} {
		if !strings.Contains(page, `<a href="/letters/`+name+`">`+name+`</a>`) {
			t.Errorf("nothing leads to %s", name)
		}
	}
}
