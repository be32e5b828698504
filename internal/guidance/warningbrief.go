package guidance

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// warningsRanked are readers' warnings, the most weighty first: what may cost a practice its contract, what changes a
// day or a line it relies on, and what is of a letter alone.
var warningsRanked = []answersv1.WarningCode{
	answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL, answersv1.WarningCode_WARNING_CODE_SUPPORTS_BREACH,
	answersv1.WarningCode_WARNING_CODE_EVENT_MOVED, answersv1.WarningCode_WARNING_CODE_ENDS_LATER, answersv1.WarningCode_WARNING_CODE_COMES_BACK, answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL,
	answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, answersv1.WarningCode_WARNING_CODE_STARTS_WHEN,
	answersv1.WarningCode_WARNING_CODE_OVERRIDES_MEASURE, answersv1.WarningCode_WARNING_CODE_DATED_AHEAD,
	answersv1.WarningCode_WARNING_CODE_LOGGED_LATE,
}

// WarningRank is where a warning stands among others, the most weighty first; one that is not known here, last.
func WarningRank(w *answersv1.Warning) int {
	if i := slices.Index(warningsRanked, w.GetCode()); i >= 0 {
		return i
	}
	return len(warningsRanked)
}

// IsOfLetter: a warning tells when a letter was logged, and changes nothing of what it says.
func IsOfLetter(w *answersv1.Warning) bool {
	return w.GetCode() == answersv1.WarningCode_WARNING_CODE_DATED_AHEAD || w.GetCode() == answersv1.WarningCode_WARNING_CODE_LOGGED_LATE
}

// WarningInBrief is a reader's warning for a page with little room, where what it is of stands before it; empty:
// there is no shorter way to say it.
func WarningInBrief(w *answersv1.Warning) string {
	switch w.GetCode() {
	case answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL:
		return "ask your LMC before you decline"
	case answersv1.WarningCode_WARNING_CODE_SUPPORTS_BREACH:
		return "ask your LMC before you act"
	case answersv1.WarningCode_WARNING_CODE_DATED_AHEAD:
		return w.GetEntry() + " is dated ahead"
	case answersv1.WarningCode_WARNING_CODE_LOGGED_LATE:
		return w.GetEntry() + " was logged late"
	case answersv1.WarningCode_WARNING_CODE_STARTS_WHEN:
		return w.GetEntry() + " is not yet in force"
	case answersv1.WarningCode_WARNING_CODE_OVERRIDES_MEASURE:
		return w.GetEntry() + " said otherwise on this measure, earlier"
	case answersv1.WarningCode_WARNING_CODE_EVENT_MOVED:
		return "the day that " + w.GetEntry() + " counts from has moved: ring"
	case answersv1.WarningCode_WARNING_CODE_ENDS_LATER:
		if w.GetConsequence() == answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS {
			return w.GetEntry() + " gives way here on " + DayWords(w.GetFrom())
		}
		return w.GetEntry() + " ends on " + DayWords(w.GetFrom())
	case answersv1.WarningCode_WARNING_CODE_COMES_BACK:
		if w.GetStance() == v1.Stance_STANCE_UNSPECIFIED {
			return "from " + DayWords(w.GetFrom()) + " on " + w.GetEntry() + " asks again " + w.GetAsks()
		}
		return "from " + DayWords(w.GetFrom()) + " on " + w.GetEntry() + " answers" + warnedReaders(w) + " (" + StanceNoun(w.GetStance()) + asksToo(w) + ")"
	case answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST:
		whose, _ := passedOf(w)
		return "what is passed on of " + whose + " is no longer its line"
	}
	return ""
}

// spanWords is the days a warning is for.
func spanWords(w *answersv1.Warning) string {
	if words := notation.PeriodWords(DayWords(w.GetFrom()), DayWords(w.GetUntil())); words != "" {
		return " " + words
	}
	return ""
}
