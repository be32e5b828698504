package guidance

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A part of an area was told “from 5 December refuse” and “from 5 December support” at once: of two lines of one letter
// that hold from one day, the one for the whole area was announced where the other answers.
func TestAPartOfAnAreaIsNotToldTwoOppositeLinesForOneDayAhead(t *testing.T) {
	both := say("essex/1", "2021-10-01", on("north", "engage", support, in("A"), from("2021-12-05")), on("north", "engage", refuse, from("2021-12-05")))
	turned := say("essex/1", "2021-10-01", on("north", "engage", refuse, from("2021-12-05")), on("north", "engage", support, in("A"), from("2021-12-05")))
	already := say("essex/1", "2021-10-01", on("north", "engage", refuse, from("2021-12-05")), on("north", "engage", support, in("A")))
	for name, c := range map[string]struct {
		letter Entry
		area   string
		want   string
		not    string
	}{
		"the part":                           {both, "A", "From 5 December 2021: support", "refuse"},
		"the part, told last":                {turned, "A", "From 5 December 2021: support", "refuse"},
		"the rest":                           {turned, "B", "From 5 December 2021: refuse", "support"},
		"the part, where its own holds":      {already, "A", "supports", "refuse"},
		"the rest, where the part's own one": {already, "B", "From 5 December 2021: refuse", "support"},
	} {
		got := resolve(asked("north engage 2021-11-28", code(c.area)), []Entry{c.letter}, register())[0].GetWords()
		if !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%s is told %q", name, got)
		}
	}
}

// What is announced to somebody from a day on is what answers them on that day, by what is known.
func TestWhatIsAnnouncedAnswersOnItsDay(t *testing.T) {
	waits := func(c *v1.Condition) bool {
		return c.GetDirection() == v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN
	}
	rapid.Check(t, func(t *rapid.T) {
		about := someTheme(t, someCommittee.Draw(t, "about"))
		entries, reg := someWorldOf(t, about, 14)
		p := Prepare(context.Background(), entries, reg)
		for range 4 {
			q := someQuestionOn(t, about, entries)
			if q.Area == nil && q.Practice == "" {
				q.Area = code(someAreaOf(t, q.Committee.Id))
			}
			for _, s := range p.Resolve(q)[0].GetNotYet() {
				said := s.GetPosition()
				never := said.GetValidUntil() != "" && said.GetValidUntil() < said.GetValidFrom()
				if s.GetOvertaken() || slices.ContainsFunc(said.GetConditions(), waits) || never || IsMention(said) || said.GetProvenance() == v1.Provenance_PROVENANCE_REPORTED {
					continue
				}
				then := q
				then.AsOf, then.Scope = s.GetValidFrom(), said.GetScope().GetId()
				on := p.Resolve(then)[0]
				answers := on.GetCurrent().GetPosition().GetStance() == said.GetStance()
				if !answers && on.GetState() != answersv1.LineState_LINE_STATE_CONTESTED && on.GetNoLine().GetReason() != answersv1.NoLineReason_NO_LINE_REASON_LAPSED {
					t.Fatalf("announced from %s: %s; answered on it: %s\n%s", then.AsOf, statementGist(s), gist(on), historyOf(q, entries, reg))
				}
			}
		}
	})
}
