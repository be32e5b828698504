package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What is read out of a line's warnings of what it asks no more from a day ahead on, of all, of a group or of part of its readers.

// endsRequest: a warning is that a letter asks an action no more before it is due.
func endsRequest(w *answersv1.Warning, letter string, action *v1.Action) bool {
	return w.GetCode() == answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL && w.GetEntry() == letter && w.GetQuote() == askQuote(action) && sameArea(w.GetArea(), action.GetArea())
}

// IsOfAll: a warning is of all the readers of a line, and not of a group or of part of them.
func IsOfAll(w *answersv1.Warning) bool { return w.GetScope() == nil && len(w.GetAudiences()) == 0 }

// ofSomeWords are of whom alone it is; empty: all.
func ofSomeWords(w *answersv1.Warning) string {
	if words := AudiencesWords(w.GetAudiences()); len(w.GetAudiences()) > 0 {
		if w.GetAudiencesIn() != nil {
			words += " in " + AreaWords(w.GetAudiencesIn(), w.GetAudiencesInName())
		}
		return words
	}
	return ScopeWords(w.GetScope())
}

// endsWithLine: a line that a letter is said to end on a day, or before, is its own.
func endsWithLine(line *answersv1.Line, letter, day string) bool {
	return slices.ContainsFunc(line.GetWarnings(), func(w *answersv1.Warning) bool {
		return w.GetCode() == answersv1.WarningCode_WARNING_CODE_ENDS_LATER && w.GetEntry() == letter && w.GetFrom() <= day && w.GetAgainFrom() == ""
	})
}

// IsSaidByEnd: that something is asked no more for a while is what a warning of the end of its line says.
func IsSaidByEnd(line *answersv1.Line, w *answersv1.Warning) bool {
	return w.GetCode() == answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL && slices.ContainsFunc(line.GetWarnings(), func(o *answersv1.Warning) bool {
		return o.GetCode() == answersv1.WarningCode_WARNING_CODE_ENDS_LATER && o.GetEntry() == w.GetEntry() && o.GetFrom() == w.GetFrom() && o.GetAgainFrom() == w.GetAgainFrom()
	})
}

// EndsBeforeDue is the day from which on what a letter asks, with a line whose last day is until, is asked no more, by
// what is here already, where that is no later than the day it is due by; empty: it is asked until then, by another line too.
func EndsBeforeDue(line *answersv1.Line, letter, until string, action *v1.Action) (day string) {
	if slices.ContainsFunc(line.GetAskedOn(), func(of *answersv1.StandingRequest) bool {
		return of.GetAdvisory() == letter && askQuote(of.GetAction()) == askQuote(action) && sameArea(of.GetAction().GetArea(), action.GetArea())
	}) {
		return ""
	}
	by, _ := DueMoment(action.GetDue())
	if until != "" && until < by {
		day = notation.DayAfter(until)
	}
	for _, w := range line.GetWarnings() {
		if w.GetAgainFrom() != "" {
			continue // which comes back
		}
		ends := w.GetCode() == answersv1.WarningCode_WARNING_CODE_ENDS_LATER && w.GetEntry() == letter || IsOfAll(w) && w.GetAsks() == "" && endsRequest(w, letter, action)
		if ends && w.GetFrom() <= by && (day == "" || w.GetFrom() < day) {
			day = w.GetFrom()
		}
	}
	return day
}

// TurnsAhead says of which groups, or part of the readers, alone, and from which days on, it is asked no more, and from which day on by which other one; of all
// too, on which days it is not, where it comes back before it is due.
func TurnsAhead(line *answersv1.Line, letter string, action *v1.Action) (all []Turn) {
	add := func(w *answersv1.Warning, what string) {
		all = append(all, Turn{notation.Joined(" for ", what, ofSomeWords(w)), w.GetAudiences()})
	}
	for _, w := range line.GetWarnings() {
		switch {
		case !endsRequest(w, letter, action):
		case w.GetAsks() != "":
			add(w, "from "+DayWords(w.GetFrom())+" on "+w.GetAsks())
		case w.GetAgainFrom() != "":
			add(w, "not from "+DayWords(w.GetFrom())+" to "+DayWords(notation.DayBefore(w.GetAgainFrom())))
		case !IsOfAll(w):
			add(w, EndsWords(w.GetFrom()))
		}
	}
	return all
}

// Turn is how something is asked otherwise, or no more, from a day ahead on, and of which part of the readers alone; of none: of all,
// or of a group.
type Turn struct {
	Words string
	Of    []v1.Audience
}

// DueAhead is the day by which it will be asked of all, from a day ahead on; empty: it is due as it stands there, or then by none
// that is known here.
func DueAhead(line *answersv1.Line, letter string, action *v1.Action) string {
	for _, w := range line.GetWarnings() {
		if endsRequest(w, letter, action) && IsOfAll(w) && w.GetUntil() != "" {
			return w.GetUntil()
		}
	}
	return ""
}

// AskedAfterAllWords says that a line asks on what, by a warning of an earlier look, it was to ask no more from a day ahead
// on; empty: it does not, or not until that is due.
func AskedAfterAllWords(w *answersv1.Warning, line *answersv1.Line) string {
	if w.GetAgainFrom() != "" {
		return "" // it was to come back
	}
	of, whom := line, ""
	if !IsOfAll(w) {
		whom = " of " + ofSomeWords(w)
	}
	for _, part := range slices.Concat(line.GetGroups(), line.GetPartLines()) { // who have a line of their own since
		isThere := w.GetAudiencesIn() == nil || sameArea(w.GetAudiencesIn(), part.GetArea())
		if ofGroup := w.GetScope() != nil && part.GetScope().GetId() == w.GetScope().GetId(); ofGroup || w.GetScope() == nil && isThere && slices.Contains(w.GetAudiences(), part.GetAudience()) {
			of = part
		}
	}
	isSame := func(quote string, area *v1.AreaId) bool { return quote == w.GetQuote() && sameArea(area, w.GetArea()) }
	if slices.ContainsFunc(slices.Concat(line.GetWarnings(), of.GetWarnings()), func(o *answersv1.Warning) bool { // it still ends, be it on another day
		return o.GetCode() == w.GetCode() && isSame(o.GetQuote(), o.GetArea()) && (IsOfAll(o) || o.GetScope().GetId() == w.GetScope().GetId() && slices.Equal(o.GetAudiences(), w.GetAudiences()) && sameArea(o.GetAudiencesIn(), w.GetAudiencesIn()))
	}) {
		return ""
	}
	after := func(action *v1.Action, letter, until string) string {
		if !isSame(askQuote(action), action.GetArea()) || EndsBeforeDue(of, letter, until, action) != "" {
			return ""
		}
		return "is asked on after all" + whom + ": " + w.GetQuote() + " (" + letter + ")"
	}
	words := ""
	for _, action := range of.GetActions() {
		words = cmp.Or(words, after(action, of.GetCurrent().GetAdvisory(), of.GetCurrent().GetPosition().GetValidUntil()))
	}
	for _, also := range of.GetAlsoAsked() {
		words = cmp.Or(words, after(also.GetAction(), also.GetAdvisory(), also.GetValidUntil()))
	}
	return words
}
