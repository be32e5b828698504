package guidance

import (
	"cmp"
	"slices"
	"strings"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What an action says of itself beside what is asked, in the words of every page and list.

// OfWhichGroup is the group that an action is asked of, by its own words; empty: it names none, or there is nobody
// whom it leaves out. groups are those named where it stands, and known others that there are words for, the last of
// an id first.
func OfWhichGroup(act *v1.Action, groups []*v1.Scope, known ...*v1.Scope) string {
	switch id := act.GetScope(); id {
	case "":
		return ""
	case GeneralScope:
		var others []string
		for _, group := range groups {
			if of := ScopeWords(group); !slices.Contains(others, of) {
				others = append(others, of)
			}
		}
		if others == nil { // there is nobody else
			return ""
		}
		return "not " + strings.Join(others, " or ")
	default:
		for _, group := range slices.Concat(known, groups) {
			if group.GetId() == act.GetScope() {
				id = cmp.Or(group.GetWords(), id)
			}
		}
		return id
	}
}

// GroupsOf are the groups that positions are for.
func GroupsOf(positions []*v1.Position) (groups []*v1.Scope) {
	for _, position := range positions {
		if position.GetScope() != nil {
			groups = append(groups, position.GetScope())
		}
	}
	return groups
}

// GroupsIn are the groups that a line is for, those it has lines for, and those that what stands beside it is for.
func GroupsIn(line *answersv1.Line) []*v1.Scope {
	groups := []*v1.Scope{line.GetScope()}
	for _, group := range line.GetGroups() {
		groups = append(groups, group.GetScope())
	}
	beside := slices.Concat(line.GetNotYet(), line.GetWaiting(), line.GetMentions(), line.GetSaidToPart(), line.GetSaidToOthers())
	for _, of := range append([]*answersv1.Line{line}, line.GetGroups()...) {
		for _, f := range of.GetFormerAreas() {
			beside = append(beside, f.GetStatement())
		}
		beside = append(beside, of.GetUnknownAreas()...)
	}
	for _, st := range beside {
		groups = append(groups, st.GetPosition().GetScope())
	}
	return slices.DeleteFunc(groups, func(scope *v1.Scope) bool { return scope == nil })
}

// MayWords marks what readers are only told that they may do; empty: it is asked.
func MayWords(s v1.ActionStrength) string {
	if s == v1.ActionStrength_ACTION_STRENGTH_MAY {
		return "you may"
	}
	return ""
}

// StrengthMark is MayWords, and marks a must too.
func StrengthMark(s v1.ActionStrength) string {
	if s == v1.ActionStrength_ACTION_STRENGTH_MUST {
		return "a must"
	}
	return MayWords(s)
}

// EndsLaterWords is when a line ends, and by what, where that is known already; empty: a warning is of something else.
func EndsLaterWords(w *answersv1.Warning) string {
	if w.GetCode() != answersv1.WarningCode_WARNING_CODE_ENDS_LATER {
		return ""
	}
	words := EndsWords(w.GetFrom()) + ", by " + w.GetBy()
	if from := w.GetAgainFrom(); from != "" {
		words += ", and counts again from " + DayWords(from) + " on"
	}
	return words
}

// AnswersLaterWords is what answers once temporary advice is over, and whom: “from 19 December 2021 on refuse (essex/1)”; empty: a
// warning is of something else.
func AnswersLaterWords(w *answersv1.Warning) string {
	if w.GetCode() != answersv1.WarningCode_WARNING_CODE_COMES_BACK || w.GetStance() == v1.Stance_STANCE_UNSPECIFIED {
		return ""
	}
	return "from " + DayWords(w.GetFrom()) + " on " + StanceNoun(w.GetStance()) + warnedReaders(w) + " (" + w.GetEntry() + ")"
}

// TurnedWords are what a line that is passed on says no more of whose it is, by whose letter: it is counted as passed on,
// beside a line of theirs that may be the opposite.
func TurnedWords(line *answersv1.Line) (words []string) {
	if line.GetState() != answersv1.LineState_LINE_STATE_RELAYED {
		return nil
	}
	for _, w := range line.GetWarnings() {
		if w.GetCode() == answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST {
			words = append(words, w.GetWords())
		}
	}
	return words
}

// EndsWords marks what ends before it is due; empty: it does not.
func EndsWords(day string) string {
	if day == "" {
		return ""
	}
	return "ends on " + DayWords(day)
}
