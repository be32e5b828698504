package guidance

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What a letter that takes no line does to one that it corrects, today or once what stops that is over.

// corrects: of what an entry asks for a committee, what is published asks something in its place on a day, or ends what
// the entry corrects, so that nothing of it is left.
func (p *publishing) corrects(target *Entry, committee, day string) bool {
	return slices.ContainsFunc(Actions(target.Advisory), func(action *v1.Action) bool {
		return slices.ContainsFunc(p.after.carriersOf(target, action, committee, p.findMatter), func(c carrier) bool {
			q := newQuery(Question{Matter: p.findMatter(c.position.GetMatter()), Committee: &v1.Committee{Id: committee}, AsOf: day})
			_, in := p.after.corrected(q, c.assertion, c.action)
			return in.entry.ID == ""
		})
	}) || !SpeaksFor(target.Advisory, committee) && slices.Contains(p.standsFor(p.standing, target, day), committee) && !slices.Contains(p.standsFor(p.after, target, day), committee)
}

// asksInPlace says what an advisory that takes no line where another one does asks in the place of what that asks, from a day on.
func (p *publishing) asksInPlace(a *v1.Advisory, target *Entry, committees []string, day string) {
	c := &answersv1.Consequence{Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS, Entry: target.ID, Committees: committees, Day: day}
	c.NoLongerAsked = p.asksLess(target, committees, day, validFrom(a), true)
	from := ""
	if day > p.Today {
		from = " from " + DayWords(day) + " on"
	}
	does, left := " no longer counts for ", p.standsFor(p.after, target, max(c.Day, p.Today))
	if c.Whole = !slices.ContainsFunc(committees, func(of string) bool { return slices.Contains(left, of) }); !c.Whole {
		does = " stands, but for what this asks in its place for "
		if p.isOver(target, committees) {
			does, from = " counts again"+from+", but for what this asks in its place for ", ""
		}
	}
	c.Words = describe(target.ID, target.Advisory.GetTitle(), target.Issued()) + does + notation.Names(committeeNames(p.Register, committees)) + from + "."
	if len(c.NoLongerAsked) > 0 {
		of := " It asks no more: "
		if slices.ContainsFunc(left, func(other string) bool { return !slices.Contains(committees, other) }) {
			of = " For " + notation.Names(committeeNames(p.Register, committees)) + " it asks no more: "
		}
		c.Words += of + strings.Join(c.NoLongerAsked, "; ") + "."
	}
	p.Consequences = append(p.Consequences, c)
}

// isOver: nothing of an entry that was issued by today stands for some committees any more.
func (p *publishing) isOver(target *Entry, committees []string) bool {
	_, over := p.standing.EndOf(*target, p.Today, p.findMatter).lastFor(committees)
	return over && target.Issued().GetLatest() <= p.Today
}

// asksInPlaceAhead says what an advisory asks in the place of what an entry asks that is over today and counts again on a day ahead, for
// what stops it is over then. It is the committees for which it does so for none.
func (p *publishing) asksInPlaceAhead(a *v1.Advisory, target *Entry, committees []string) (others []string) {
	var ahead grouped[string, string]
	for _, c := range committees {
		days := []string{max(validFrom(a), p.Today)}
		for _, matter := range MattersOf(*target) {
			days = append(days, p.turnsAfter(topic{matter, c}, p.Today)...)
		}
		slices.Sort(days)
		again := func(day string) bool {
			return day >= validFrom(a) && slices.Contains(p.standsFor(p.standing, target, day), c) && p.corrects(target, c, day)
		}
		if i := slices.IndexFunc(days, again); i >= 0 {
			ahead.add(days[i], c)
		} else {
			others = append(others, c)
		}
	}
	for _, day := range ahead.keys {
		p.asksInPlace(a, target, ahead.members[day], day)
	}
	return others
}

// endedAlready warns that what an advisory amends has ended before, and of what it asked until then.
func (p *publishing) endedAlready(a *v1.Advisory, target *Entry, committees []string) {
	if len(committees) == 0 {
		return
	}
	by, _ := p.standing.EndOf(*target, p.Today, p.findMatter).lastFor(committees)
	var asked []string
	for _, action := range Actions(target.Advisory) {
		due, _ := DueMoment(action.GetDue())
		again := slices.ContainsFunc(a.GetActions(), func(o *v1.Action) bool { return asksAgain(o, action) })
		if !again && due >= max(validFrom(a), p.Today) {
			asked = append(asked, askWords(action))
		}
	}
	w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE, Entry: target.ID, By: by, Title: target.Advisory.GetTitle(), Issued: target.Issued(), Quote: strings.Join(asked, "; ")}
	w.Until = p.wouldCountAgain(target, committees)
	if slices.ContainsFunc(committees, func(c string) bool { return p.after.againFrom(target, nil, c, p.Today, p.findMatter) != "" }) {
		w.Quote = "" // it is asked again then
	}
	p.warn(w)
}
