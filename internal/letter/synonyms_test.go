package letter

import (
	"strings"
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// "not required" was answered with "did you mean required?", and "unconcerned" with "concerned".
func TestNoWordIsSuggestedToWhoeverSaysItsOpposite(t *testing.T) {
	stances, opinions := enumWords[guidancev1.Stance]()[1:], enumWords[guidancev1.Opinion]()[1:]
	audiences, effects := enumWords[guidancev1.Audience]()[1:], enumWords[guidancev1.ContractEffect]()[1:]
	for _, c := range []struct {
		said, want string
		known      []string
	}{
		{"not required", "", stances},
		{"no support", "", stances},
		{"Unrequired", "", stances},
		{"able to advise", "", stances},
		{"unable to advice", "unable-to-advise", stances},
		{"requird", "required", stances},
		{"unconcerned", "", opinions},
		{"not concerned", "", opinions},
		{"not patients", "", audiences},
		{"non-gp partners", "", audiences},
		{"undisputed", "", effects},
		{"uncontractual", "", effects},
		{"not contratual", "not-contractual", effects},
		{"disputd", "disputed", effects},
	} {
		got := notOneOf(c.said, "a word", c.known)
		if c.want == "" && strings.Contains(got, "did you mean") || c.want != "" && !strings.Contains(got, "; did you mean "+c.want+"? ") {
			t.Errorf("%s; want %q suggested", got, c.want)
		}
	}
}

// A list that was pasted with the bullets of a word processor was told that "• practices • gp-partners" is no audience, and
// a text that goes on over a line with a colon that keys begin in one column.
func TestWhatIsPastedFromAWordProcessorIsToldWhatToWriteInstead(t *testing.T) {
	const hyphen = "a list begins each line with a hyphen"
	for in, want := range map[string]string{
		"to:\n  • practices\n  • gp-partners":                                                     "line 4: to: " + hyphen,
		"to:\n  – practices\n  – gp-partners":                                                     "line 4: to: " + hyphen,
		"to:\n  \uf0b7 practices":                                                                 "line 4: to: " + hyphen,
		"to:\n  * practices\n  * gp-partners":                                                     "line 4: " + hyphen,
		"for:\n  • north-essex\n  • south-essex":                                                  "line 4: for: " + hyphen,
		"positions:\n  - on: the whole matter\n    rationale: the price\n      is low: see below": "line 6: the text above goes on here with a colon in it, and such a text must stand in quotation marks",
		"positions:\n  - on: the whole matter\n      stance: refuse":                              "line 5: the line does not fit what stands above it",
	} {
		if _, err := Parse([]byte("---\ntitle: T\n"+in+"\n---\n"), Defaults{}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s…", in, err, want)
		}
	}
}

// A text to send that stood behind its key without a | was published as one line, its bullets and greeting run together.
func TestTheLinesOfATextToSendAreNotJoinedIntoOne(t *testing.T) {
	const front = "---\ntitle: T\noffice: essex\nfor: [north-essex]\nmatter: gpc-england/m\nissued: 2021-10-25\nactions:\n  - do: send\n"
	for in, joined := range map[string]bool{
		"    template: Dear ICB,\n      • one\n      • two\n":              true,
		"    template: Dear ICB,\n      - one\n      - two\n":              true,
		"    template: Dear ICB,\n\n      one\n    what: x\n":              true,
		"    template:\n      Dear ICB,\n      one\n":                      true,
		"    template: \"Dear ICB,\n      one\"\n":                         true,
		"    template: |\n      Dear ICB,\n      • one\n":                  false,
		"    template: >\n      Dear ICB,\n      we\n":                     false,
		"    template: \"Dear ICB,\\none\"\n    what: x\n":                 false,
		"    template: Dear ICB\n  - do: tell\n    what: x\n":              false,
		"    template: Dear ICB\n\nmore-to-follow: yes\n":                  false,
		"    template:\n      Dear ICB\n    what: x\n":                     false,
		"  - template: Dear ICB\n    do: tell\n":                           false,
		"    what: x\n  - {do: tell, template: Dear ICB,\n     what: x}\n": false,
	} {
		_, err := Parse([]byte(front+in+"---\nDear\n"), Defaults{})
		if got := err != nil && strings.Contains(err.Error(), "template: its lines would be sent as one"); got != joined {
			t.Errorf("%q: got %v", in, err)
		}
	}
}

// A line of three hyphens in a text to send, at the margin, ended the front matter: the actions below it were published as
// words of the letter, and nothing was asked of anybody.
func TestActionsBelowALineOfHyphensAreNotPublishedAsWords(t *testing.T) {
	const front = "---\ntitle: T\noffice: essex\nactions:\n  - do: send\n    template: |\n      Dear ICB,\n"
	for below, want := range map[string]string{
		"---\n      Yours\n  - do: tell\n    what: x\n---\nDear\n":    `line 8: this --- ends what is signed as data, and "- do:" on line 10 would be words of the letter`,
		"---\n\nreferences:\n  - title: a\n---\nDear\n":               `line 8: this --- ends what is signed as data, and "references:" on line 10 would be words of the letter`,
		"---\nDear colleagues\n\nActions: none\n---\nYours\n":         "",
		"---\nDear colleagues\n\n- contact: the office\n---\nYours\n": "",
		"---\nDear colleagues\n\nreferences:\n  - a\n":                "",
		"      ---\n      Yours\nreferences:\n---\nDear\n---\n":       "",
	} {
		_, err := Parse([]byte(front+below), Defaults{})
		if got := err != nil && strings.Contains(err.Error(), "signed as data"); got != (want != "") || got && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s…", below, err, want)
		}
	}
}
