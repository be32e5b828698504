package guidance

import (
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// every stance, in the order of the columns of relationTable
var everyStance = []v1.Stance{
	refuse, against, caution, decides, v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS, support,
	required, v1.Stance_STANCE_UNABLE_TO_ADVISE, consulting, info,
}

// relationTable is every pair: a row per national stance, a column per committee's.
// A aligned, S stronger, W weaker, D divergent, x not comparable, c consulting, - no
// line, n no national line. National mentions are no line.
var relationTable = []string{
	// R A C P c S q u C I
	"AWWWDDxxc-", // REFUSE
	"SAWWDDxxc-", // ADVISE_AGAINST
	"SSAWDDxxc-", // CAUTION
	"SSSASSxxc-", // PRACTICE_DECIDES
	"DDDWASxxc-", // SUPPORT_WITH_CONDITIONS
	"DDDWWAxxc-", // SUPPORT
	"xxxxxxxxc-", // REQUIRED
	"xxxxxxxxc-", // UNABLE_TO_ADVISE
	"nnnnnnnnnn", // CONSULTING
	"nnnnnnnnnn", // INFORMATION_ONLY
}

var relationLetters = map[byte]answersv1.Relation{
	'A': answersv1.Relation_RELATION_ALIGNED, 'S': answersv1.Relation_RELATION_STRONGER, 'W': answersv1.Relation_RELATION_WEAKER,
	'D': answersv1.Relation_RELATION_DIVERGENT, 'x': answersv1.Relation_RELATION_NOT_COMPARABLE, 'c': answersv1.Relation_RELATION_CONSULTING,
	'-': answersv1.Relation_RELATION_NO_LINE, 'n': answersv1.Relation_RELATION_NO_NATIONAL_LINE,
}

// lineOf is the line of a committee of a kind that says one thing.
func lineOf(kind v1.CommitteeKind, s v1.Stance, parts ...any) *answersv1.Line {
	q := asked("north engage 2021-10-10")
	q.Committee.Kind = kind
	return resolve(q, []Entry{say("essex/1", "2021-10-01", on("north", "engage", s, parts...))}, register())[0]
}

func TestRelationOfEveryPair(t *testing.T) {
	for i, n := range everyStance {
		for j, c := range everyStance {
			national := lineOf(v1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, n)
			committee := lineOf(v1.CommitteeKind_COMMITTEE_KIND_LMC, c)
			if got, want := Relate(national, committee), relationLetters[relationTable[i][j]]; got != want {
				t.Errorf("national %s, committee %s: %s, want %s", StanceNoun(n), StanceNoun(c), got, want)
			}
		}
	}
}

func TestRelationWithoutAStance(t *testing.T) {
	national := lineOf(v1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, refuse)
	contested := &answersv1.Line{State: answersv1.LineState_LINE_STATE_CONTESTED}
	for _, c := range []struct {
		name                string
		national, committee *answersv1.Line
		want                answersv1.Relation
	}{
		{"no national line", nil, lineOf(v1.CommitteeKind_COMMITTEE_KIND_LMC, refuse), answersv1.Relation_RELATION_NO_NATIONAL_LINE},
		{"neither has a line", nil, nil, answersv1.Relation_RELATION_NO_NATIONAL_LINE},
		{"national contested", contested, lineOf(v1.CommitteeKind_COMMITTEE_KIND_LMC, refuse), answersv1.Relation_RELATION_NO_NATIONAL_LINE},
		{"no line", national, &answersv1.Line{State: answersv1.LineState_LINE_STATE_NO_LINE}, answersv1.Relation_RELATION_NO_LINE},
		{"nil", national, nil, answersv1.Relation_RELATION_NO_LINE},
		{"relayed", national, lineOf(v1.CommitteeKind_COMMITTEE_KIND_LMC, info, relay), answersv1.Relation_RELATION_RELAYED},
		{"contested", national, contested, answersv1.Relation_RELATION_NOT_COMPARABLE},
		{"the national committee itself", national, national, answersv1.Relation_RELATION_UNSPECIFIED},
		{"a conference", national, lineOf(v1.CommitteeKind_COMMITTEE_KIND_CONFERENCE, refuse), answersv1.Relation_RELATION_UNSPECIFIED},
		{"another body", national, lineOf(v1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY, refuse), answersv1.Relation_RELATION_UNSPECIFIED},
	} {
		if got := Relate(c.national, c.committee); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAReportedStanceIsCompared(t *testing.T) {
	q := asked("north engage 2021-10-10")
	line := resolve(q, []Entry{reported("bma/1", "2021-10-01", on("north", "engage", support))}, register())[0]
	national := lineOf(v1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, refuse)
	if got := Relate(national, line); got != answersv1.Relation_RELATION_DIVERGENT {
		t.Errorf("reported support against national refusal: %s", got)
	}
}

// A line that is the same but for what qualifies it is not counted as the same.
func TestTheSameStanceOnConditionsOrForNowIsARelationOfItsOwn(t *testing.T) {
	until := func(p *v1.Position) {
		p.Conditions = []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: "talks succeed"}}
	}
	for name, c := range map[string]struct {
		national, committee []any
		want                answersv1.Relation
	}{
		"neither":                {nil, nil, answersv1.Relation_RELATION_ALIGNED},
		"both":                   {[]any{until}, []any{until}, answersv1.Relation_RELATION_ALIGNED},
		"the LMC's":              {nil, []any{until}, answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS},
		"the national":           {[]any{until}, nil, answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS},
		"the LMC's for now":      {nil, []any{provisional}, answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS},
		"one of each":            {[]any{until}, []any{provisional}, answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS},
		"both, one of them firm": {[]any{until, provisional}, []any{until}, answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS},
	} {
		national := lineOf(v1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, refuse, c.national...)
		committee := lineOf(v1.CommitteeKind_COMMITTEE_KIND_LMC, refuse, c.committee...)
		if got := Relate(national, committee); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
