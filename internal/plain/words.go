package plain

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// shortMonths writes months as a column has room for.
var shortMonths = strings.NewReplacer("January", "Jan", "February", "Feb", "March", "Mar", "April", "Apr", "June", "Jun", "July", "Jul",
	"August", "Aug", "September", "Sep", "October", "Oct", "November", "Nov", "December", "Dec")

// shortDay is a day as a column has room for.
func shortDay(day string) string { return shortMonths.Replace(guidance.DayWords(day)) }

// LacksEntries says of an answer that entries are known of that it does not rest on: that it has none of
// something is not known then.
func LacksEntries(c *answersv1.Completeness) bool {
	return len(c.GetNotHeld())+len(c.GetBehind())+len(c.GetLost()) > 0
}

// dayOrQuotation matches what is quoted, and a day of a month.
const dayOrQuotation = "“[^”]*”|\\b[0-9]{1,2} (?:January|February|March|April|June|July|August|September|October|November|December)\\b"

// shortDays are words with their days as a column has room for. What others wrote is theirs, and
// stands as they wrote it, a day in it too: a letter that was signed is not told in other words.
func shortDays(words string, theirs []string) string {
	var any []string
	for _, text := range theirs {
		if text != "" {
			any = append(any, regexp.QuoteMeta(text))
		}
	}
	slices.SortFunc(any, func(a, b string) int { return len(b) - len(a) }) // one may begin with another
	return regexp.MustCompile(strings.Join(append(any, dayOrQuotation), "|")).ReplaceAllStringFunc(words, func(found string) string {
		if strings.HasPrefix(found, "“") || slices.Contains(theirs, found) {
			return found
		}
		return shortMonths.Replace(found)
	})
}

// ShortRange is a range of days for a column; "" for none.
func ShortRange(r *guidancev1.DayRange) string {
	if r == nil {
		return ""
	}
	return shortMonths.Replace(guidance.RangeWords(r))
}

// requestWords is what somebody asks, told so that nobody takes it for what a contract does.
func requestWords(who string, act *guidancev1.Action, reader guidancev1.Audience, where ...string) string {
	return strengthWords(who, act) + ": " + actionWords(act, reader, where...)
}

// strengthWords is who asks, and how strongly.
func strengthWords(who string, act *guidancev1.Action) string {
	if asks := guidance.StrengthWords(act.GetStrength()); asks != "" {
		return notation.Joined(" ", who, asks)
	}
	return "how strongly it is asked is not known here"
}

// actionWords is what is asked, by when, of whom, but for those who read the page, of whose
// practices, in which area and of which group, where that is not plain from where it stands.
func actionWords(act *guidancev1.Action, reader guidancev1.Audience, where ...string) string {
	words := guidance.ActionWords(act)
	if due := guidance.DueWords(act.GetDue()); due != "" {
		words += ", " + due
	}
	if act.GetCondition() != "" {
		words += ", " + act.GetCondition()
	}
	actors := guidance.AudiencesWords(act.GetActors())
	if slices.Contains(act.GetActors(), reader) { // they know who they are
		actors = ""
	}
	if whose := notation.Joined(", ", actors, notation.Joined(", ", where...)); whose != "" {
		words += " (" + whose + ")"
	}
	return words
}

// ofWhichPart are the area and the group that an action is asked of; groups are those named where it
// stands, and known others that there are words for, the last of an id first.
func ofWhichPart(names *answersv1.Names, act *guidancev1.Action, groups []*guidancev1.Scope, known ...*guidancev1.Scope) (words []string) {
	if act.GetArea() != nil {
		words = append(words, "in "+areaName(names, act.GetArea()))
	}
	if of := guidance.OfWhichGroup(act, groups, known...); of != "" {
		words = append(words, of)
	}
	return words
}

// ofItsLetter is ofWhichPart on the page of a letter, whose reader sees no group that another letter has a line for.
func ofItsLetter(names *answersv1.Names, act *guidancev1.Action, groups []*guidancev1.Scope) []string {
	words := ofWhichPart(names, act, groups)
	if act.GetScope() == guidance.GeneralScope && len(groups) == 0 {
		words = append(words, "whoever is in no group")
	}
	return words
}

func deadlineWords(d *guidancev1.Deadline) string {
	words := guidance.DueWords(d.GetDue()) + ": " + d.GetTitle()
	if who := guidance.AudiencesWords(d.GetAddressedTo()); who != "" {
		words += " (" + who + ")"
	}
	return words
}

// ContactWords is whom to reach, and how.
func ContactWords(c *guidancev1.Contact) string {
	return notation.Joined(", ", c.GetName(), c.GetTelephone(), c.GetEmail(), c.GetUrl())
}

func referenceWords(r *guidancev1.Reference) string {
	return notation.Joined(", ", r.GetTitle(), r.GetNumber(), r.GetPublisher(), guidance.DayWords(r.GetDay()), r.GetUrl())
}

// sentence makes a sentence of a phrase.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return notation.Capital(strings.TrimRight(s, ".")) + "."
}

// bodyWords is an organisation by name, with what else it is signed with.
func bodyWords(b *guidancev1.Body) string {
	about := notation.Joined(", ", b.GetId(), register.BodyKindWords(b.GetKind()))
	if len(b.GetAliases()) > 0 {
		about = notation.Joined("; ", about, "also "+notation.Names(b.GetAliases()))
	}
	if b.GetValidUntil() != "" {
		about = notation.Joined("; ", about, "until "+guidance.DayWords(b.GetValidUntil()))
	}
	if len(b.GetSuccessors()) > 0 {
		about = notation.Joined("; ", about, "then "+notation.Names(b.GetSuccessors()))
	}
	if about == "" {
		return b.GetName()
	}
	return notation.Joined(" ", b.GetName(), "("+about+")")
}

// effectsWords are dated contract effects as they were signed, each with its days: "until
// 31 October 2021: guidance only; from 1 November 2021: contractual".
func effectsWords(effects []*guidancev1.DatedEffect) string {
	var runs []string
	for _, e := range effects {
		days := notation.PeriodWords(guidance.DayWords(e.GetValidFrom()), guidance.DayWords(e.GetValidUntil()))
		runs = append(runs, notation.Joined(": ", days, guidance.EffectNoun(e.GetEffect())))
	}
	return strings.Join(runs, "; ")
}

// claimWords is a claim with who claims it and where it can be read.
func claimWords(c *guidancev1.Claim) string {
	effect := ""
	if c.GetEffect() != guidancev1.ContractEffect_CONTRACT_EFFECT_UNSPECIFIED {
		effect = guidance.EffectNoun(c.GetEffect())
	}
	words := "by " + notation.Joined(", ", bodyWords(c.GetClaimant()), guidance.DayWords(c.GetDay()))
	words += ": " + notation.Joined(": ", effect, c.GetWords())
	if c.GetReference() != nil {
		words += "; see " + referenceWords(c.GetReference())
	}
	return words
}

// Day is a day as people write it: "25 October 2021".
func Day(day string) string { return guidance.DayWords(day) }

// Notices are those of all that stands on one page. Where they are not the same, each is told to be of a part:
// "this office" is whichever it stands with.
func Notices(all []string) (words []string) {
	for _, one := range all {
		if len(all) > 1 {
			one += " (Said of some of what is here.)"
		}
		words = append(words, one)
	}
	return words
}
