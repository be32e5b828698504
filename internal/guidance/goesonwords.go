package guidance

import (
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// What goes on being asked beside a letter, and what is shown no more, in words.

// goesOnAskingWords is that another letter goes on asking something beside what is published, or asks it again from a day ahead on.
func goesOnAskingWords(w *answersv1.Warning) string {
	entry := w.GetEntry()
	if w.GetFrom() != "" {
		of := ""
		if len(w.GetAudiences()) > 0 {
			of = " of " + AudiencesWords(w.GetAudiences())
		}
		if w.GetArea() != nil {
			of += " in " + AreaWords(w.GetArea(), w.GetAreaName())
		}
		return "From " + DayWords(w.GetFrom()) + " " + entry + " asks “" + w.GetQuote() + "” again" + of + ", beside this: what stops it now is over then. If it is to end, write “replaces: [" + entry + "]”, or “amends: [" + entry + "]”, too."
	}
	if w.GetTitle() != "" {
		write := "write “amends: [" + entry + "]” and "
		if w.GetConsequence() == answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS { // which it does
			write = ""
		}
		return entry + " goes on asking “" + w.GetQuote() + "”, and this asks it " + w.GetTitle() + ": both days stand, and lists of what falls due give the first alone where this takes no line. To correct the day, " + write +
			"say again in this letter what " + entry + " says on " + warnedOn(w) + ", with the same stance, and all that it asks there."
	}
	return entry + " goes on asking “" + w.GetQuote() + "” beside this. If that is to end, write “replaces: [" + entry + "]”, or “amends: [" + entry + "]” with a position on " + warnedOn(w) + "."
}

// holdsUntilWords is that another letter, which is here already, answers in the place of what is published from a day ahead on.
func holdsUntilWords(w *answersv1.Warning) string {
	words := "This holds until " + DayWords(notation.DayBefore(w.GetFrom())) + warnedReaders(w) + ": from " + DayWords(w.GetFrom()) + " the line of " + w.GetBy() + " (" + StanceNoun(w.GetStance()) + ") answers on " + warnedOn(w) + asksToo(w) + "."
	if w.GetQuote() != "" {
		words += " This asks no more from then on: " + w.GetQuote() + "."
	}
	return words + " If that is not what holds then, publish a letter of today that amends " + w.GetBy() + "."
}

// shownNoMoreWords is that something is asked, and readers are not shown it.
func shownNoMoreWords(w *answersv1.Warning) string {
	entry := w.GetEntry()
	if entry == "" && w.GetFrom() != "" {
		of := ""
		if len(w.GetCommittees()) > 0 {
			of = " of " + warnedWords(w)
		}
		return "“" + w.GetQuote() + "” goes with the line that is valid until " + DayWords(w.GetUntil()) + ", and from " + DayWords(w.GetFrom()) + " no view" + of + " shows it, though it may be due later: give that line a later last day, or ask this with another."
	}
	if entry == "" && w.GetConsequence() == answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS {
		return "“" + w.GetQuote() + "” is asked of nobody: " + w.GetBy() + " asks the same in another way, in the same place, and is later than this. If this is what holds, write “amends: [" + w.GetBy() + "]” too."
	}
	if entry == "" {
		return "“" + w.GetQuote() + "” does not go with the line of " + w.GetBy() + ", which stands: no view shows it. Take a line of your own in this letter, if the line has changed, or leave the request out."
	}
	readers := "readers"
	switch {
	case w.GetScope() != nil && len(w.GetAudiences()) > 0:
		readers = AudiencesWords(w.GetAudiences()) + " for " + ScopeWords(w.GetScope())
	case w.GetScope() != nil:
		readers = ScopeWords(w.GetScope())
	case len(w.GetAudiences()) > 0:
		readers = AudiencesWords(w.GetAudiences())
	case len(w.GetCommittees()) > 0:
		readers += " of " + warnedWords(w)
	}
	if w.GetArea() != nil {
		readers += " in " + AreaWords(w.GetArea(), w.GetAreaName())
	}
	if w.GetBy() != "" { // which ends nothing for good, but for this
		return entry + " asks “" + w.GetQuote() + "”, which " + w.GetBy() + " stops until " + DayWords(w.GetUntil()) + ": it is due by then, and " + readers + " are not shown it beside this. Ask it again in this letter, if it is still asked."
	}
	shown := readers + " are shown it no more"
	if w.GetUntil() != "" { // what they would have to have done by then, or may do on any day
		shown = "until " + DayWords(w.GetUntil()) + " " + readers + " are not shown it,"
	}
	return entry + " asks “" + w.GetQuote() + "”, which does not go with this, and " + shown + " though nothing ends it: ask it again in this letter, if it is still asked, or end " + entry + "."
}
