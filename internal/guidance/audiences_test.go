package guidance

import (
	"slices"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// What is said to several audiences is asked about for each of them: it may have ended for one alone.

// A letter to practices and networks, amended before for practices alone, was called ended, or as it is, in the
// preview of what ended it for networks; and what said the opposite to both without naming it was let through.
func TestWhatIsPublishedIsHeldAgainstALetterToBothForThoseWhomItStillAnswers(t *testing.T) {
	before := say("essex/1", "2021-10-01", on("north", "engage", refuse, practices, pcns))
	known := essexToday(before, say("essex/2", "2021-10-05", on("north", "engage", support), amends("essex/1")))
	const over = "essex/1 “Letter essex/1” (1 October 2021) ends for north: nothing of it is left there, for this advisory takes a position on all that it speaks on."
	for name, parts := range map[string][]any{
		"to both":                      {on("north", "engage", against, practices, pcns), amends("essex/1", "essex/2")},
		"to both, the other way round": {on("north", "engage", against, pcns, practices), amends("essex/1", "essex/2")},
		"in two positions":             {on("north", "engage", against), on("north", "engage", caution, pcns), amends("essex/1", "essex/2")},
		"to networks":                  {on("north", "engage", against, pcns), amends("essex/1")},
	} {
		_, warnings, said, err := checkPublish(draft(parts...), known)
		if err != nil || !slices.Contains(said, over) || len(warned(answersv1.WarningCode_WARNING_CODE_AMENDS_NOTHING, warnings)) > 0 {
			t.Errorf("%s: %v, %q, %v", name, err, said, warnings)
		}
	}
	for name, c := range map[string]struct {
		parts []any
		want  string
	}{
		"as practices are told":    {[]any{on("north", "engage", support, practices, pcns)}, "essex/1 (1 October 2021) says refuse on this and stands"},
		"instead of essex/2":       {[]any{on("north", "engage", against, practices, pcns), amends("essex/2")}, "essex/1 (1 October 2021) says refuse on this and stands"},
		"on the whole matter":      {[]any{on("north", "", support, practices, pcns)}, "on the whole matter it would stand over essex/1, which says refuse on engage"},
		"to practices":             {[]any{on("north", "engage", against)}, "essex/2 (5 October 2021) says support on this and stands"},
		"to practices, by essex/2": {[]any{on("north", "engage", against), amends("essex/2")}, ""},
	} {
		_, _, _, err := checkPublish(draft(c.parts...), known)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
