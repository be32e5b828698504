package guidance

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// How what a letter asked is asked once it is over, or corrected: by another letter, by its day, as strongly as that does,
// on its condition and with its text.

// conditionTold is how many bytes of a condition are told with what is asked.
const conditionTold = 300

// askedInstead says of what a letter that is over asked, of it or in the place of another's, that this, or another that corrects
// the same, asks it again, by its own day, that another goes on asking it, or comes to, and in which other way; and of whom of those,
// where that does not ask all.
func (p *publishing) askedInstead(m *v1.Matter, was request, lost []reader, day string) string {
	var how grouped[manner, reader]
	for _, r := range lost {
		var instead *standing
		inPlace := false
		for _, of := range p.asked(p.after, m, r, day) {
			by := of.assertion.entry
			takes := takesPlace(was.by, by) && asksOfSame(by.Advisory, of.action, was.by.Advisory, was.action) && !p.askedBefore(m, of, r, day)
			isStronger := instead == nil || !IsNoWeaker(instead.action, of.action)
			if takes && !inPlace || takes == inPlace && isStronger && AsksSameWords(of.action, was.action) && reachesThem(of.action, was.action, r.measure, r.audience) {
				instead, inPlace = &of, takes
			}
		}
		if instead != nil {
			if one := otherwise(was, *instead, !inPlace && p.goesOnAs(m, was, *instead, r, day)); one != (manner{}) {
				how.add(one, r)
			}
		}
	}
	return mannersWords(how, lost, p.after.limits(m, day, byID))
}

// mannersWords says in which manners some are asked what they are asked no more otherwise, and of whom of them, where that is not
// of all: ": essex/3 asks it, by 16 December 2021". Empty: in none.
func mannersWords(how grouped[manner, reader], lost []reader, limits []limit) string {
	var all []string
	for _, of := range how.keys {
		others := slices.DeleteFunc(slices.Clone(lost), func(r reader) bool { return slices.Contains(how.members[of], r) })
		all = append(all, notation.Joined(", ", of.does+whomWords(apart(how.members[of], others, limits)), of.with))
	}
	if len(all) == 0 {
		return ""
	}
	return ": " + strings.Join(all, ", and ")
}

// whomWords are the readers that are told apart, in one sentence: " in area:A, of GP partners"; empty: all.
func whomWords(apart []string) string {
	var all []string
	for _, where := range apart {
		all = append(all, strings.TrimPrefix(where, ","))
	}
	return strings.Join(all, ", and")
}

// askedOtherwise says how a reader is asked still what a letter asked, where that is in another way; empty: as before.
func (p *publishing) askedOtherwise(m *v1.Matter, was request, r reader, day string) (words string) {
	for _, of := range p.asked(p.after, m, r, day) {
		switch {
		case !asksStill(of.action, was.action, r.measure, r.audience):
		case of.action == was.action || isNoOther(of.action, was.action) || p.askedBefore(m, of, r, day):
			return ""
		case words == "":
			how := otherwise(was, of, false)
			words = ": " + notation.Joined(", ", how.does, how.with)
		}
	}
	return words
}

// askedBefore: a reader is asked something today too, before anything is published.
func (p *publishing) askedBefore(m *v1.Matter, of standing, r reader, day string) bool {
	return slices.ContainsFunc(p.asked(p.standing, m, r, day), func(was standing) bool { return was.action == of.action })
}

// goesOnAs: a reader is asked something before anything is published, or would be, did not another letter ask that no less.
func (p *publishing) goesOnAs(m *v1.Matter, was request, of standing, r reader, day string) bool {
	q := r.asks(m, day)
	before := p.standing.answer(q)
	return p.askedBefore(m, of, r, day) || asksAgain(was.action, of.action) && p.standing.goesWith(q)(of.assertion, &before)
}

// takesPlace: a letter stands in the place of one that is over, or was corrected: it is what that corrected, or what corrects the
// same, or is published to end that.
func takesPlace(e, by *Entry) bool {
	named := func(name string) bool { return name == by.ID || slices.Contains(by.Advisory.GetAmends(), name) }
	return by.ID != "" && slices.ContainsFunc(Ends(*e), named) || by.ID == "" && (namesToEnd(by.Advisory, e.ID) || slices.ContainsFunc(Ends(*e), named))
}

// isNoOther: of whoever is asked both, one asks just as strongly and with the same text what the other does.
func isNoOther(x, y *v1.Action) bool {
	return IsNoWeaker(x, y) && IsNoWeaker(y, x) && TextOf(x) == TextOf(y)
}

// TextOf is the text to send with what is asked, by what tells it from another; empty: none.
func TextOf(action *v1.Action) string { return strings.TrimSpace(action.GetTemplate()) }

// manner is by which letter, and how, something is asked in the place of what another asked: "essex/1 asks it again", "by 7 December
// 2021, with another text".
type manner struct{ does, with string }

// otherwise is how something is asked in the place of what another asked, or goes on being asked that had been all along. Of what is
// published its day is told as its own; none: only the day is another.
func otherwise(was request, of standing, goesOn bool) manner {
	by, again := of.assertion.entry, ""
	if by.ID != "" && takesPlace(was.by, by) && !goesOn {
		again = " again"
	}
	does, insists, leaves, noMore, noLonger := "asks it", "insists on it", "leaves it open", "and insists on it no more", "and leaves it open no more"
	if goesOn {
		does, insists, leaves, noMore, noLonger = "goes on asking it", "goes on insisting on it", "goes on leaving it open", "and does not insist on it", "and does not leave it open"
	}
	no, condition, text, due := "", "", "", DueWords(of.action.GetDue())
	if is, other := of.action, was.action; !IsNoWeaker(is, other) || !IsNoWeaker(other, is) {
		switch {
		case is.GetStrength() == v1.ActionStrength_ACTION_STRENGTH_MUST:
			does = insists
		case is.GetStrength() == v1.ActionStrength_ACTION_STRENGTH_MAY:
			does = leaves
		case IsNoWeaker(other, is):
			no = noMore
		default:
			no = noLonger
		}
	}
	does += again
	if is, other := of.action.GetCondition(), was.action.GetCondition(); is != other {
		if condition = "on the condition “" + notation.Clip(tidy(is), conditionTold) + "”"; is == "" {
			condition = "without its condition “" + notation.Clip(tidy(other), conditionTold) + "”"
		}
	}
	if is, other := TextOf(of.action), TextOf(was.action); is != other {
		switch {
		case is == "":
			text = "without its text"
		case other == "":
			text = "with a text"
		default:
			text = "with another text"
		}
	}
	if goesOn && due == DueWords(was.action.GetDue()) {
		due = "" // which is told with it
	}
	if by.ID != "" {
		return manner{by.ID + " " + does, notation.Joined(", ", due, condition, text, no)}
	}
	if with := notation.Joined(", ", condition, text, no); with != "" || does != "asks it" {
		return manner{"this " + does, with}
	}
	return manner{}
}
