package notation

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
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
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanLeavesNothingThatSteers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		out := Clean(rapid.String().Draw(t, "s"))
		if strings.ContainsFunc(out, steersText) || !utf8.ValidString(out) {
			t.Fatalf("%q still steers", out)
		}
		if Clean(out) != out {
			t.Fatalf("%q changes again", out)
		}
	})
}

func TestEscapedJSONMeansTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.String().Draw(t, "s")
		b, err := json.Marshal(want)
		if err != nil || !utf8.ValidString(want) {
			t.Skip("not UTF-8")
		}
		escaped := EscapeJSON(b)
		if strings.ContainsFunc(string(escaped), steersText) || !json.Valid(escaped) {
			t.Fatalf("%q", escaped)
		}
		var got string
		if err := json.Unmarshal(escaped, &got); err != nil || got != want {
			t.Fatalf("%q became %q (%v)", want, got, err)
		}
	})
}

// Nobody's words may begin a line of ours: an office's name once held another fingerprint.
func TestALineIsCleanedOntoOneLine(t *testing.T) {
	if got, want := CleanLine("Evil LMC\nFingerprint: acid\r\x1b[2J\u202e"), "Evil LMC<U+000A>Fingerprint: acid<U+000D><U+001B>[2J<U+202E>"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A title took U+2028 and a noncharacter, and an office's name a character of private use, though both
// refused the soft hyphen.
func TestWhatShowsNothingIsInvisible(t *testing.T) {
	for _, r := range "\x00\t\n\u007f\u0085\u00ad\u034f\u061c\u115f\u180e\u180b\u200b\u200d\u200e\u2028\u2029\u202e\u2060\u2065\u2069\u2800\u3164\ue000\uf8ff\ufdd0\ufdef\ufe0f\ufeff\uffa0\ufff0\ufff9\ufffc\ufffe\uffff\U000e0001\U000e0100\U000f0000\U0010ffff" {
		if !IsInvisible(r) {
			t.Errorf("%U is taken for one that is seen", r)
		}
	}
	for _, r := range " aé£–“”’…ßжعא中क\u0301\u00a0\u2009\u3000\ufdcf\ufdf0\ufe10\ufffd🙂" {
		if IsInvisible(r) {
			t.Errorf("%U is taken for an invisible one", r)
		}
	}
	for r := range rune(0x110000) {
		if Steers(r) && !IsInvisible(r) {
			t.Fatalf("%U steers, and is none of those that a text of one line must not have", r)
		}
	}
}
