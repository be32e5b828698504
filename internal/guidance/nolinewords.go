package guidance

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Why there is no line, in words.

// becauseWords is why something was withdrawn, as the withdrawal says it.
func becauseWords(no *answersv1.NoLine) string {
	if no.GetBecause() == "" {
		return ""
	}
	return ": “" + notation.Clip(strings.TrimSuffix(no.GetBecause(), "."), reasonTold) + "”"
}

// supportsWords is who supported what has lapsed: the committee, or others say so.
func supportsWords(no *answersv1.NoLine) string {
	if no.GetReported() {
		return "it was reported to support (" + no.GetEnded() + ")"
	}
	return "its advice (" + no.GetEnded() + ") supports"
}

// noLine says why there is no line.
func (w Wording) noLine(line *answersv1.Line) string {
	no, gone := line.GetNoLine(), "its advice"
	if no.GetReported() {
		gone = "what was reported of it"
	}
	gone += " (" + no.GetEnded() + ")"
	switch no.GetReason() {
	case answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN:
		return who(line) + " has no line: " + gone + " was withdrawn from " + DayWords(no.GetSince()) + " (" + no.GetBy() + ")" + becauseWords(no) + "."
	case answersv1.NoLineReason_NO_LINE_REASON_REPORT_DENIED:
		return who(line) + " has said nothing of its own on this. It denies " + gone + ", from " + DayWords(no.GetSince()) + " (" + no.GetBy() + ")" + becauseWords(no) + "."
	case answersv1.NoLineReason_NO_LINE_REASON_REPORT_TAKEN_BACK:
		return who(line) + " has said nothing of its own on this. Who recorded " + gone + " has taken that back from " + DayWords(no.GetSince()) + " (" + no.GetBy() + ")" + becauseWords(no) + "."
	case answersv1.NoLineReason_NO_LINE_REASON_REMOVED:
		return who(line) + " has nothing here on this any more: its office removed " + no.GetEnded() + " on " + DayWords(no.GetSince()) + " (" + no.GetBy() + ")" + becauseWords(no) + ". Ring your LMC."
	case answersv1.NoLineReason_NO_LINE_REASON_REPLACED:
		words := who(line) + " has no line on this: " + gone + " was replaced from " + DayWords(no.GetSince()) + " by " + no.GetBy()
		if ReplacedAhead(line) {
			return words + ", and what that says on it is not in force yet."
		}
		if len(no.GetLetters()) > 0 {
			return words + ", which has ended itself: what it replaced does not come back by that."
		}
		return words + ", which does not cover it."
	case answersv1.NoLineReason_NO_LINE_REASON_EXPIRED:
		words := who(line) + " has no line: " + gone + " was valid until " + DayWords(notation.DayBefore(no.GetSince())) + "."
		if after := EffectsWords(line.GetEffects(), no.GetSince()); after != "" {
			words += " It said of the days after: " + after + ". Ring your LMC."
		}
		return words
	case answersv1.NoLineReason_NO_LINE_REASON_LAPSED:
		return who(line) + " has no line that holds: from " + DayWords(no.GetSince()) + " doing what " + supportsWords(no) +
			" would breach the contract, and nothing here advises it. Ring your LMC."
	case answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN:
		on := "this"
		if len(line.GetMayHaveBeenIssued()) == 0 { // on other parts of it, or to others
			on = "this matter"
		}
		return who(line) + " has said something on " + on + ", or is reported to have, on a day that is not known: whether by this day cannot be said."
	case answersv1.NoLineReason_NO_LINE_REASON_NOT_YET:
		return who(line) + " has nothing on this that is in force yet."
	case answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY:
		measures := ": " + strings.Join(no.GetMeasures(), ", ")
		if w.Measures != nil {
			measures = w.Measures(no.GetMeasures())
		}
		of := strconv.Itoa(len(no.GetMeasures())) + " of its " + strconv.Itoa(int(no.GetOfMeasures())) + " measures"
		if no.GetOfMeasures() == 1 {
			of = "its one measure"
		}
		return who(line) + " has no line on the whole matter; it has lines on " + of + measures + "."
	case answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS:
		if len(line.GetGroups()) > 0 {
			return who(line) + " has no line on this in general."
		}
		if asks := w.asksWords(line); asks != "" {
			return who(line) + " has no line on this for " + AudienceWords(line.GetAudience()) + ", and asks " + asks + ". It has written to others" + orToSome(line)
		}
		return who(line) + ": nothing published here on this" + toOthersWords(line)
	case answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS:
		if no.GetSince() != "" {
			return who(line) + " has no line on this; what it had said, or was reported to have said, was on other parts of the matter, and none of that stands from " + DayWords(no.GetSince()) + "."
		}
		return who(line) + " has no line on this; what it has said, or is reported to have said, is on other parts of the matter."
	case answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN:
		return who(line) + ": not known here" + unknownWords(no.GetUnknownEntries()) + "."
	}
	return who(line) + ": nothing published here on this."
}

// ReplacedAhead: what took a line's place speaks on the same, and waits or holds from a later day.
func ReplacedAhead(line *answersv1.Line) bool {
	return slices.ContainsFunc(slices.Concat(line.GetWaiting(), line.GetNotYet()), func(s *answersv1.Statement) bool {
		of := s.GetPosition().GetScope().GetId() // a group is told what is said in general too
		return s.GetAdvisory() == line.GetNoLine().GetBy() && (of == "" || of == line.GetScope().GetId())
	})
}

// toOthersWords ends "nothing published here on this" where something is published for others, by
// what differs: the readers, the area or the group. What that is stands after it.
func toOthersWords(line *answersv1.Line) string {
	no := line.GetNoLine()
	switch {
	case no.GetOtherAreas() && !no.GetOtherReaders() && !no.GetOtherGroups():
		if len(line.GetUnknownAreas()) > 0 && len(line.GetSaidToOthers()) == 0 {
			return " that is known to hold for all of its practices."
		}
		if line.GetArea() != nil {
			return " there."
		}
		if line.GetPractice() != "" {
			return " for your area."
		}
		return " for the rest of its area."
	case no.GetOtherGroups() && !no.GetOtherReaders() && !no.GetOtherAreas():
		if line.GetScope() != nil {
			return " for this group."
		}
		return " in general."
	case no.GetOtherReaders() && !no.GetOtherAreas() && !no.GetOtherGroups():
		return " to " + AudienceWords(line.GetAudience()) + "; it has written to others" + orToSome(line)
	}
	return " to " + AudienceWords(line.GetAudience()) + " in general; it has written to others" + orToSome(line)
}

// orToSome ends that a committee has written to others: some of the readers, of a group or in part of the area, may be
// among them.
func orToSome(line *answersv1.Line) string {
	if no := line.GetNoLine(); no.GetOtherAreas() || no.GetOtherGroups() {
		return ", or to some of them."
	}
	return "."
}

// asksTold is how many things that readers without a line are asked are said in its place.
const asksTold = 3

// asksWords is what readers to whom nothing is said are asked by name: what that is, but where it stands beside this.
func (w Wording) asksWords(line *answersv1.Line) string {
	if !line.GetNoLine().GetOtherReaders() {
		return ""
	}
	var asks, letters []string
	whom := "some of them"
	for _, of := range line.GetAlsoAsked() {
		actors := of.GetAction().GetActors()
		if len(actors) == 0 || slices.ContainsFunc(actors, func(a v1.Audience) bool { return Contains(a, line.GetAudience()) }) {
			whom = "them"
		}
		if asks = append(asks, askWords(of.GetAction())+" ("+of.GetAdvisory()+")"); !slices.Contains(letters, of.GetAdvisory()) {
			letters = append(letters, of.GetAdvisory())
		}
	}
	switch {
	case len(asks) == 0:
		return ""
	case w.ContractApart || w.Alone || w.Apart || len(asks) > asksTold:
		return "something of " + whom + " (" + strings.Join(letters, ", ") + ")"
	}
	return "of " + whom + ": " + strings.Join(asks, "; ")
}

func unknownWords(n int32) string {
	switch {
	case n == 1:
		return ": 1 entry of its office is withheld, not held or still to come"
	case n > 1:
		return ": " + strconv.Itoa(int(n)) + " entries of its office are withheld, not held or still to come"
	}
	return ""
}
