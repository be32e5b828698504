package guidance

import (
	"errors"
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// People count characters, and the limit is what a text takes up: what is said is true of both.
func TestATextThatIsTooLongSaysHowManyCharactersItHas(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{strings.Repeat("a", TitleLimit), ""},
		{strings.Repeat("a", TitleLimit+1), "is 301 characters long: shorten it to 300"},
		{strings.Repeat("a", 9999), "is 9,999 characters long: shorten it to 300"},
		{strings.Repeat("é", TitleLimit/2), ""},
		{strings.Repeat("é", TitleLimit/2) + "a", "is 151 characters long, which count as 301, for an accented letter, dash or curly quotation mark counts as two or more: shorten it until they count as 300"},
	} {
		a := goodAdvisory()
		a.Positions[0].Scope = &v1.Scope{Id: "emis", Words: c.words}
		err := ValidateAdvisory(a)
		if c.want == "" {
			if err != nil {
				t.Errorf("%d bytes: %v", len(c.words), err)
			}
			continue
		}
		if got := violations(t, err); len(got) != 1 || got[0] != "positions[0].scope.words: "+c.want || !errors.Is(err, ErrTooLarge) {
			t.Errorf("%d bytes: %q, want %q", len(c.words), got, c.want)
		}
	}
}
