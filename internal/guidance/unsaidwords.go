package guidance

import (
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// unsaidWords is what the line before says, and one that repeats it does not: readers are told it no more.
func unsaidWords(w *answersv1.Warning) string {
	entry := w.GetEntry()
	switch {
	case w.GetCode() == answersv1.WarningCode_WARNING_CODE_OPINION_UNSAID:
		return "It gives no opinion on " + warnedOn(w) + ", where " + entry + " says that as a policy the committee “" + w.GetQuote() + "”: readers are told of an opinion by the newest line alone. Say it again under opinion, if it still holds."
	case w.GetCode() == answersv1.WarningCode_WARNING_CODE_LIMITS_UNSAID:
		says, under := "", []string(nil)
		if w.GetQuote() != "" {
			says, under = "“"+w.GetQuote()+"”", append(under, "conditions")
		}
		if w.GetUntil() != "" {
			says, under = notation.Joined(", ", says, "valid until "+DayWords(w.GetUntil())), append(under, "valid-until")
		}
		return "It says nothing on " + warnedOn(w) + " of what limits the line of " + entry + warnedReaders(w) + ": " + says + ". Readers are told the newest line alone: say it again under " + strings.Join(under, " and ") + ", if it still holds."
	case w.GetClaimedBy() != "":
		return "It says nothing of what " + w.GetClaimedBy() + " claims of the contract on " + warnedOn(w) + ", where " + entry + " says “" + w.GetQuote() + "”: readers are told that by the newest line alone. Say it again under claims, if it is still claimed."
	}
	return "It says nothing of the contract on " + warnedOn(w) + ", where " + entry + " says “" + w.GetQuote() + "”: readers are told of the contract by the newest line alone. State it again under contract, if it still holds."
}
