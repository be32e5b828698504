package guidance

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What an entry asks no more is found by asking the rule itself, before and after, for every reader
// that it tells apart.

// readersOf are those who may be asked what an action of an entry asks, of some committees.
func (p *publishing) readersOf(target *Entry, action *v1.Action, committees []string, day string) (all []reader) {
	m := p.findMatter(ActionMatter(target.Advisory, action))
	all = p.after.readersOf(m, target, action, p.inPlaceOf(committees), day, p.areasAt)
	all = append(all, p.readersApart(target, m, all, day)...)
	addressed := func(r reader) bool { return reachesAll(action.GetActors(), []v1.Audience{r.audience}) }
	if slices.ContainsFunc(all, addressed) {
		all = slices.DeleteFunc(all, func(r reader) bool { return !addressed(r) })
	}
	return all
}

// readersApart are, of the areas that an entry's lines are limited to, those practices that are told something else than
// their area is: with each group and on each measure of some readers.
func (p *publishing) readersApart(target *Entry, m *v1.Matter, readers []reader, day string) (all []reader) {
	asked := map[reader]bool{}
	for _, r := range readers {
		for _, s := range p.after.saidIn(target, topic{m.GetName(), r.committee}) {
			for _, area := range s.extent {
				if r.area = notation.AreaOf(area); asked[r] || p.standing.stopped() {
					continue
				}
				asked[r] = true
				q := r.asks(m, day)
				for _, one := range p.after.toldApart(q, s, p.after.limitedOn(q)) {
					if of := readerOf(one); of.practice != "" && !slices.Contains(all, of) {
						all = append(all, of)
					}
				}
			}
		}
	}
	return all
}

// asksNoMore is what an entry asks some committees' practices and asks no more once something is
// published: of whom, where it asked others too, and from which day on, where the ending is told with
// another. What another letter asks in the same words and by the same time, as what is published may,
// is asked still.
func (p *publishing) asksNoMore(target *Entry, committees []string, told, ends string) (all []string) {
	return p.asksLess(target, committees, told, ends, false)
}

// asksLess is asksNoMore, and, if told so, what is asked still in another way: with another text, or more strongly.
func (p *publishing) asksLess(target *Entry, committees []string, told, ends string, otherwise bool) (all []string) {
	for _, request := range p.requestsWith(target, committees) {
		action, m := request.action, p.findMatter(ActionMatter(request.by.Advisory, request.action))
		if m == nil {
			continue // it is asked by the letter alone, whatever its lines
		}
		readers := p.readersOf(target, action, committees, p.Today)
		gone, other := map[reader]bool{}, map[reader]bool{}
		days := slices.DeleteFunc(p.turnsAhead(m, committees, ends), func(day string) bool { return day > p.Today && isPast(action, day) }) // it is due before
		was := func(r reader, day string) bool {
			r.scope = p.standing.groupThen(r.asks(m, day), action)
			return slices.ContainsFunc(p.asked(p.standing, m, r, day), func(of standing) bool { return of.action == action && of.assertion.entry.ID == request.by.ID })
		}
		is := func(r reader, day string) bool {
			return slices.ContainsFunc(p.asked(p.after, m, r, day), func(of standing) bool { return asksStill(of.action, action, r.measure, r.audience) })
		}
		for _, day := range days {
			var lost, kept []reader
			var another grouped[string, reader] // by how they are asked it then
			for _, r := range readers {
				if p.standing.stopped() {
					return all
				}
				switch {
				case !was(r, day):
					// Who is asked it until that day, or from a later one, and so still, is none of those who lose it.
					if slices.ContainsFunc(days, func(other string) bool { return was(r, other) && is(r, other) }) {
						kept = append(kept, r)
					}
				case gone[r] || other[r] && is(r, day):
					kept = append(kept, r)
				case is(r, day):
					if how := p.askedOtherwise(m, request, r, day); otherwise && how != "" {
						another.add(how, r)
						other[r] = true
					} else {
						kept = append(kept, r)
					}
				default:
					lost, gone[r] = append(lost, r), true
				}
			}
			words := p.standing.askWordsOf(request.by.Advisory, action, (*v1.Action).GetMeasure) + p.onMatters(m.GetName())
			if request.by.ID != target.ID {
				words += " (in its place, by " + request.by.ID + ")"
			}
			isOfPractices := func(a v1.Audience) bool { return Related(a, v1.Audience_AUDIENCE_PRACTICES) }
			whom := ""
			if of := AdvisedAmong(action.GetActors()); len(of) > 0 && !slices.ContainsFunc(of, isOfPractices) {
				whom = " (asked of " + AudiencesWords(of) + ")"
			}
			onItsOwnDay := told != "" && day != max(told, p.Today)
			if onItsOwnDay {
				whom += ", from " + DayWords(day)
			}
			tell := func(these []reader, how string) {
				others := slices.Concat(lost, kept)
				for _, of := range another.keys {
					others = append(others, another.members[of]...)
				}
				others = slices.DeleteFunc(others, func(r reader) bool { return slices.Contains(these, r) })
				for _, where := range apart(these, others, p.after.limits(m, day, byID)) {
					one := words + whom + where + how
					if p.ownDay[one] = onItsOwnDay; !slices.Contains(all, one) {
						all = append(all, one)
					}
				}
			}
			instead := ""
			if otherwise {
				instead = p.askedInstead(m, request, lost, day)
			}
			tell(lost, instead)
			for _, how := range another.keys {
				tell(another.members[how], how)
			}
			if len(lost) > 0 && len(kept)+len(another.keys) == 0 {
				break // nobody whom it would ask later is asked either
			}
		}
	}
	return all
}

// request is something that a letter asks.
type request struct {
	by     *Entry
	action *v1.Action
}

// requestsWith are what an entry asks, and what others ask in the place of that, with its lines.
func (p *publishing) requestsWith(target *Entry, committees []string) (all []request) {
	named := func(e *Entry) bool { // by what is published, which says of it by itself what it asks no more
		return e != target && slices.ContainsFunc(p.after.endings.of(e.ID), func(end ending) bool { return end.by.ID == "" })
	}
	for _, action := range Actions(target.Advisory) {
		all = append(all, request{target, action})
		matter := ActionMatter(target.Advisory, action)
		for _, c := range p.inPlaceOf(committees) {
			for _, s := range p.standing.saidIn(target, topic{matter, c}) {
				q := newQuery(Question{Matter: p.findMatter(matter), Committee: &v1.Committee{Id: c}, AsOf: p.Today})
				by, in := p.standing.corrected(q, s, action)
				if one := (request{in.entry, by}); in != s && !named(in.entry) && !slices.Contains(all, one) {
					all = append(all, one)
				}
			}
		}
	}
	return all
}

// askWords is what is asked, by when, and that a text comes with it.
func askWords(action *v1.Action) string {
	words := ActionWords(action)
	if due := DueWords(action.GetDue()); due != "" {
		words += ", " + due
	}
	if action.GetTemplate() != "" {
		words += " (with its text)"
	}
	return words
}

// askWordsOf is what an action of a letter asks, with what tells it apart from others of that in the same words:
// what it is on, as that is called, the area, the group, of whom and of whose practices it is asked.
func (p *Prepared) askWordsOf(a *v1.Advisory, action *v1.Action, on func(*v1.Action) string) string {
	others := slices.DeleteFunc(slices.Clone(Actions(a)), func(o *v1.Action) bool { return o == action || askWords(o) != askWords(action) })
	words := askWords(action)
	for _, of := range []func(*v1.Action) string{
		func(o *v1.Action) string {
			if on(o) == "" {
				return ""
			}
			return ", on " + on(o)
		},
		func(o *v1.Action) string {
			if o.GetArea() == nil {
				return ""
			}
			return ", in " + AreaWords(o.GetArea(), p.reg.AreaName(o.GetArea()))
		},
		func(o *v1.Action) string {
			for _, position := range a.GetPositions() {
				if scope := position.GetScope(); scope != nil && scope.GetId() == o.GetScope() {
					return ", for " + ScopeWords(scope)
				}
			}
			return ""
		},
		func(o *v1.Action) string {
			if len(o.GetActors()) == 0 {
				return ""
			}
			return ", of " + AudiencesWords(o.GetActors())
		},
		func(o *v1.Action) string {
			if len(o.GetCommittees()) == 0 {
				return ""
			}
			return ", of the practices of " + notation.Names(committeeNames(p.reg, o.GetCommittees()))
		},
	} {
		if slices.ContainsFunc(others, func(o *v1.Action) bool { return of(o) != of(action) }) {
			words += of(action)
		}
	}
	return words
}

// moment is when a reader asks, before or after.
type moment struct {
	*Prepared
	reader
	matter, day string
}

// asked is what a reader is asked on a day, worked out once.
func (p *publishing) asked(of *Prepared, m *v1.Matter, r reader, day string) []standing {
	at := moment{of, r, m.GetName(), day}
	asked, known := p.askedAt[at]
	if !known {
		q := r.asks(m, day)
		out := of.answer(q)
		asked = append(out.stillAsked(q), out.alsoAsked...)
		p.askedAt[at] = asked
	}
	return asked
}
