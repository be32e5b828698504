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

// againInPlace says of what a letter that is over asked, of it or in the place of another's, that this, or another that corrects
// the same, asks it again, by its own day, or that what is published asks it in another way; and of whom of those, where it does not
// ask all.
func (p *publishing) againInPlace(m *v1.Matter, was request, lost []reader, day string) string {
	var again grouped[manner, reader]
	for _, r := range lost {
		for _, of := range p.asked(p.after, m, r, day) {
			if by := of.assertion.entry; takesPlace(was.by, by) && asksOfSame(by.Advisory, of.action, was.by.Advisory, was.action) && !p.askedBefore(m, of, r, day) {
				if how := otherwise(was, of); how != (manner{}) {
					again.add(how, r)
				}
				break
			}
		}
	}
	return mannersWords(again, lost, p.after.limits(m, day, byID))
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
			how := otherwise(was, of)
			words = ": " + notation.Joined(", ", how.does, how.with)
		}
	}
	return words
}

// askedBefore: a reader is asked something today too, before anything is published.
func (p *publishing) askedBefore(m *v1.Matter, of standing, r reader, day string) bool {
	return slices.ContainsFunc(p.asked(p.standing, m, r, day), func(was standing) bool { return was.action == of.action })
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

// otherwise is how something is asked in the place of what another asked. Of what is published its day is told as its own; none: only
// the day is another.
func otherwise(was request, of standing) manner {
	by, again := of.assertion.entry, ""
	if by.ID != "" && takesPlace(was.by, by) {
		again = " again"
	}
	does, no, condition, text := "asks it"+again, "", "", ""
	if is, other := of.action, was.action; !IsNoWeaker(is, other) || !IsNoWeaker(other, is) {
		switch {
		case is.GetStrength() == v1.ActionStrength_ACTION_STRENGTH_MUST:
			does = "insists on it" + again
		case is.GetStrength() == v1.ActionStrength_ACTION_STRENGTH_MAY:
			does = "leaves it open" + again
		case IsNoWeaker(other, is):
			no = "and insists on it no more"
		default:
			no = "and leaves it open no more"
		}
	}
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
	if by.ID != "" {
		return manner{by.ID + " " + does, notation.Joined(", ", DueWords(of.action.GetDue()), condition, text, no)}
	}
	if with := notation.Joined(", ", condition, text, no); with != "" || does != "asks it" {
		return manner{"this " + does, with}
	}
	return manner{}
}
