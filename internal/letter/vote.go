package letter

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The keys of what a letter tells of votes.

var voteFields = []field[*guidancev1.Vote]{
	one("id", "id", newSlug, func(v *guidancev1.Vote) *string { return &v.Id }),
	one("kind", "kind", voteKind, func(v *guidancev1.Vote) *guidancev1.VoteKind { return &v.Kind }),
	one("question", "question", text, func(v *guidancev1.Vote) *string { return &v.Question }),
	one("of", "voters", text, func(v *guidancev1.Vote) *string { return &v.Voters }),
	one("held", "held", days, func(v *guidancev1.Vote) **guidancev1.DayRange { return &v.Held }),
	one("nation", "nation", slug, func(v *guidancev1.Vote) *string { return &v.Nation }),
	one("asked", "asked", figure, func(v *guidancev1.Vote) **guidancev1.Figure { return &v.Asked }),
	one("answered", "answered", figure, func(v *guidancev1.Vote) **guidancev1.Figure { return &v.Answered }),
	one("for", "votes_for", figure, func(v *guidancev1.Vote) **guidancev1.Figure { return &v.VotesFor }),
	one("against", "votes_against", figure, func(v *guidancev1.Vote) **guidancev1.Figure { return &v.VotesAgainst }),
	one("abstained", "abstained", figure, func(v *guidancev1.Vote) **guidancev1.Figure { return &v.Abstained }),
	many("options", "options", message(voteOptionFields), func(v *guidancev1.Vote) *[]*guidancev1.VoteOption { return &v.Options }),
	one("threshold", "threshold", text, func(v *guidancev1.Vote) *string { return &v.Threshold }),
	one("reached", "reached", yesNo, func(v *guidancev1.Vote) *bool { return &v.Reached }),
	one("reference", "reference", message(referenceFields), func(v *guidancev1.Vote) **guidancev1.Reference { return &v.Reference }),
}

var voteOptionFields = []field[*guidancev1.VoteOption]{
	one("answer", "words", text, func(o *guidancev1.VoteOption) *string { return &o.Words }),
	one("votes", "figure", figure, func(o *guidancev1.VoteOption) **guidancev1.Figure { return &o.Figure }),
}

// thousands is a count with commas where thousands have them: 5,14 is none, and may have been 5,144.
var thousands = regexp.MustCompile(`^\d{1,3}(,\d{3})+$`)

// figure reads a number as it was printed: a count (5,144 or 5144) or a percentage (35%).
func figure(r *reader, at string, n *yaml.Node) *guidancev1.Figure {
	s := strings.TrimSpace(r.scalar(at, n))
	if share, ok := strings.CutSuffix(s, "%"); ok {
		return &guidancev1.Figure{Published: &guidancev1.Figure_Percentage{Percentage: strings.TrimSpace(share)}}
	}
	count, err := strconv.ParseInt(strings.ReplaceAll(s, ",", ""), 10, 32)
	if err != nil || strings.Contains(s, ",") && !thousands.MatchString(s) {
		r.complain(at, n, "%q is neither a count (1798) nor a percentage (35%%): write the figure as it was published, or leave it out where it is under 5 or not known", clip(s))
	}
	return &guidancev1.Figure{Published: &guidancev1.Figure_Count{Count: int32(count)}}
}
