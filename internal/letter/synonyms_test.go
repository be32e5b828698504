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
