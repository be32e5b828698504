package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func TestCleanShowsWhatWouldSteer(t *testing.T) {
	for in, want := range map[string]string{
		"plain £ – “words”\n":     "plain £ – “words”\n",
		"\x1b[2Jcleared":          "<U+001B>[2Jcleared",
		"a\tb":                    "a b",
		"over\rwritten":           "over<U+000D>written",
		"\u202eesrever\u202c":     "<U+202E>esrever<U+202C>",
		"\u2066in\u2069 \u200f":   "<U+2066>in<U+2069> <U+200F>",
		"\u009b31m":               "<U+009B>31m",
		"half a rune \xc3":        "half a rune \uFFFD",
		"hidden \U000e0041\ufeff": "hidden <U+E0041><U+FEFF>",
		"👩‍⚕️ العربية":            "👩‍⚕️ العربية",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanLeavesNothingThatSteers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		out := clean(rapid.String().Draw(t, "s"))
		if strings.ContainsFunc(out, steers) || !utf8.ValidString(out) {
			t.Fatalf("%q still steers", out)
		}
		if clean(out) != out {
			t.Fatalf("%q changes again", out)
		}
	})
}

func TestEscapedJSONMeansTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := &guidancev1.Matter{Title: rapid.String().Draw(t, "title")}
		b, err := protojson.Marshal(want)
		if err != nil {
			t.Skip("not UTF-8")
		}
		escaped := escapeJSON(b)
		if strings.ContainsFunc(string(escaped), steers) || !json.Valid(escaped) {
			t.Fatalf("%q", escaped)
		}
		got := &guidancev1.Matter{}
		if err := protojson.Unmarshal(escaped, got); err != nil || !proto.Equal(got, want) {
			t.Fatalf("%q became %q (%v)", want.GetTitle(), got.GetTitle(), err)
		}
	})
}

func TestWrapLosesNoWordAndKeepsToTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`([a-z]{1,12} ){0,30}`).Draw(t, "s")
		width := rapid.IntRange(12, 40).Draw(t, "width")
		lines := wrap(s, width)
		if got := strings.Fields(strings.Join(lines, " ")); len(got) > 0 && !cmp.Equal(got, strings.Fields(s)) {
			t.Fatalf("words changed: %q", lines)
		}
		for _, l := range lines {
			if utf8.RuneCountInString(l) > width {
				t.Fatalf("%q is wider than %d", l, width)
			}
		}
	})
}

func TestATableKeepsToTheWidthAndLosesNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`([a-z]{1,9} ){0,8}`)
		tab := &table{head: []string{"A", "B", "C"}}
		var words []string
		for range rapid.IntRange(1, 6).Draw(t, "rows") {
			row := []string{"x" + cell.Draw(t, "a"), cell.Draw(t, "b"), cell.Draw(t, "c")}
			tab.add(row...)
			words = append(words, strings.Fields(strings.Join(row, " "))...)
		}
		p := &page{width: rapid.IntRange(leastWidth, mostWidth).Draw(t, "width")}
		p.table(2, tab)
		for _, l := range strings.Split(p.String(), "\n") {
			if utf8.RuneCountInString(l) > p.width {
				t.Fatalf("%q is wider than %d", l, p.width)
			}
		}
		for _, w := range words {
			if !strings.Contains(p.String(), w) {
				t.Fatalf("%q is lost in\n%s", w, p)
			}
		}
	})
}

func TestATooNarrowTableBecomesBlocks(t *testing.T) {
	tab := &table{head: []string{"LMC", "SAYS", "ADVISORY"}}
	tab.add("Cambridgeshire LMC", "advises against", strings.Repeat("x", 30))
	p := &page{width: leastWidth}
	p.table(2, tab)
	want := "  Cambridgeshire LMC\n    advises against,\n    " + strings.Repeat("x", 30) + "\n"
	if d := cmp.Diff(want, p.String()); d != "" {
		t.Error(d)
	}
}

func TestACursorReadsAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := &nodev1.Cursor{
			Feed:   rapid.Uint64().Draw(t, "feed"),
			Digest: rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest"),
			Day:    rapid.SampledFrom([]string{"", "2021-10-28"}).Draw(t, "day"),
		}
		got, err := parseCursor(formatCursor(want) + "\n")
		if err != nil || !proto.Equal(got, want) {
			t.Fatalf("%v became %v (%v)", want, got, err)
		}
	})
}

func TestACutCursorIsRefused(t *testing.T) {
	whole := formatCursor(cursorOf(41))
	end := strings.LastIndex(whole, ":") // the day may be missing, nothing else
	for n := range end {
		if c, err := parseCursor(whole[:n]); err == nil {
			t.Errorf("%q was read as %v", whole[:n], c)
		}
	}
}

func TestRequestIDIsOfTheTextAndTheOffice(t *testing.T) {
	id := requestID("letter", "essex", []byte("text"), false)
	if len(id) != 64 || id != requestID("letter", "essex", []byte("text"), false) {
		t.Errorf("got %q: want the same 64 characters each time", id)
	}
	for what, other := range map[string]string{
		"another text":   requestID("letter", "essex", []byte("text."), false),
		"another office": requestID("letter", "wessex", []byte("text"), false),
		"another kind":   requestID("matter", "essex", []byte("text"), false),
		"once more":      requestID("letter", "essex", []byte("text"), true),
	} {
		if other == id {
			t.Errorf("%s has the same id", what)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", 62345678: "62,345,678"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %q, want %q", n, got, want)
		}
	}
}

// No enum name, of any enum, may reach a page.
func TestPagesSpeakNoWireShapes(t *testing.T) {
	pages := map[string]string{}
	for n := range guidancev1.LineState_name {
		view := essexView(&nodev1.Selector{Committee: "north-essex"})
		for _, c := range view.GetCommittees() {
			c.GetHeadline().State, c.GetHeadline().Words = guidancev1.LineState(n), ""
		}
		pages[fmt.Sprintf("view %d", n)] = viewPage(&page{width: defaultWidth}, view, "")
	}
	for n := range guidancev1.Stance_name {
		pages[fmt.Sprintf("stance %d", n)] = positionWords(&guidancev1.Position{Stance: guidancev1.Stance(n)})
	}
	for n := range guidancev1.NoLineReason_name {
		pages[fmt.Sprintf("reason %d", n)] = noLineWords(guidancev1.NoLineReason(n))
	}
	for n := range nodev1.NodeState_name {
		pages[fmt.Sprintf("state %d", n)] = nodeStateWords(nodev1.NodeState(n))
	}
	for n := range guidancev1.MeasureKind_name {
		pages[fmt.Sprintf("kind %d", n)] = measureKindWords(guidancev1.MeasureKind(n))
	}
	for name, text := range pages {
		if strings.TrimSpace(text) == "" || strings.Contains(text, "_") {
			t.Errorf("%s prints %q", name, text)
		}
	}
}

func TestMarkdownIsBrokenAnewAndKeepsItsShape(t *testing.T) {
	body := "Dear colleagues, this line was\nbroken by hand.\n\n\n## Why\n- the first item which was broken\n  by hand too\n- the second\n12. twelfth\n\n| a | b |\n|---|---|\n\n```\ncode   stays\n\n  so\n```\nand on.\r\n"
	want := `Dear colleagues, this line was broken by
hand.

## Why
- the first item which was broken by
  hand too
- the second
12. twelfth

| a | b |
|---|---|

` + "```\ncode   stays\n\n  so\n```\nand on.\n"
	p := &page{width: leastWidth}
	p.markdown(0, body)
	if d := cmp.Diff(want, p.String()); d != "" {
		t.Error(d)
	}
}
