package guidance

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// consequence notes what is done to an entry, with its words: title and issued are the
// entry's, and so are the matters on which it is done.
func (p *publishing) consequence(c *answersv1.Consequence, title string, issued *v1.DayRange, matters ...string) {
	what := describe(c.GetEntry(), title, issued)
	if on := p.onMatters(matters...); on != "" {
		what += on + ","
	}
	c.Words = p.consequenceWords(c, what, issued)
	p.Consequences = append(p.Consequences, c)
}

// onMatters says on which matters something is, where more than one is written on.
func (p *publishing) onMatters(matters ...string) string {
	if !p.onSeveral || len(matters) == 0 {
		return ""
	}
	return ", on " + notation.List(matters)
}

func (p *publishing) consequenceWords(c *answersv1.Consequence, what string, issued *v1.DayRange) string {
	who, day := notation.Names(committeeNames(p.Register, c.GetCommittees())), DayWords(c.GetDay())
	goesOn := ""
	if left := notation.Names(committeeNames(p.Register, c.GetGoesOn())); left != "" {
		goesOn = " It still stands for " + left + "."
	}
	if asked := c.GetNoLongerAsked(); len(asked) > 0 {
		of, ahead := "It asks no more: ", ""
		if goesOn != "" {
			of = "For " + who + " it asks no more: "
		}
		if c.GetDay() > p.Today {
			then := slices.DeleteFunc(slices.Clone(asked), func(ask string) bool { return p.ownDay[ask] })
			asked = slices.DeleteFunc(slices.Clone(asked), func(ask string) bool { return !p.ownDay[ask] })
			if len(then) > 0 {
				ahead = " From " + day + " " + strings.ToLower(of[:1]) + of[1:] + strings.Join(then, "; ") + "."
			}
		}
		if len(asked) > 0 {
			ahead += " " + of + strings.Join(asked, "; ") + "."
		}
		goesOn = ahead + goesOn
	}
	if again := c.GetAskedAgain(); len(again) > 0 && c.GetKind() != answersv1.ConsequenceKind_CONSEQUENCE_KIND_RESTORES {
		goesOn += " Asked again then: " + strings.Join(again, "; ") + "."
	}
	from, neverHolds := "", c.GetDay() == ""
	switch {
	case neverHolds:
		from = " before it has held"
	case c.GetDay() > p.Today:
		from = " from " + day
	}
	switch c.GetKind() {
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES:
		if neverHolds {
			return what + " ends as a whole" + from + ", for " + who + "." + goesOn
		}
		return what + " ends as a whole on " + day + " for " + who + "." + goesOn
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS:
		if c.GetWhole() {
			return what + " ends" + from + " for " + who + ": nothing of it is left there, for this advisory takes a position on all that it speaks on." + goesOn
		}
		return what + " ends" + from + ", for " + who + ", where this advisory takes a position; the rest of it stands." +
			p.after.endsAheadWords(p.standing.Entry(c.GetEntry()), c.GetCommittees(), max(c.GetDay(), p.Today), p.findMatter) + goesOn
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_TAKES_DOWN:
		return "removes the words of " + what + " from every node, with its templates and attachments, for good: who asks for it is told that it was removed, by whom, when and why. What was saved elsewhere cannot be called back."
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_WITHDRAWS:
		if neverHolds {
			return what + " ends" + from + ", for " + who + "." + goesOn
		}
		if c.GetDay() == issued.GetLatest() {
			day += ", the day it was issued,"
		}
		return what + " no longer counts from " + day + " for " + who + "." + goesOn
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_RESTORES:
		if who != "" {
			day += " for " + who
		}
		words := what + " stands again from " + day + "."
		if asked := c.GetAskedAgain(); len(asked) > 0 {
			words += " It asks again: " + strings.Join(asked, "; ") + "."
		}
		return words
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS_MATTER:
		return "It takes the place of " + c.GetEntry() + " as what the matter is."
	}
	return ""
}
