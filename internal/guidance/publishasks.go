package guidance

import (
	"slices"
	"strings"

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
	for _, request := range p.requestsWith(target, committees) {
		action, m := request.action, p.findMatter(ActionMatter(request.by.Advisory, request.action))
		if m == nil {
			continue // it is asked by the letter alone, whatever its lines
		}
		readers := p.readersOf(target, action, committees, p.Today)
		days, gone := p.turnsAhead(m, committees, ends), map[reader]bool{}
		was := func(r reader, day string) bool {
			r.scope = p.standing.groupThen(r.asks(m, day), action)
			return slices.ContainsFunc(p.asked(p.standing, m, r, day), func(of standing) bool { return of.action == action && of.assertion.entry.ID == request.by.ID })
		}
		is := func(r reader, day string) bool {
			return slices.ContainsFunc(p.asked(p.after, m, r, day), func(of standing) bool { return asksStill(of.action, action, r.measure, r.audience) })
		}
		for _, day := range days {
			var lost, kept []reader
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
				case gone[r] || is(r, day):
					kept = append(kept, r)
				default:
					lost, gone[r] = append(lost, r), true
				}
			}
			words := p.standing.askWordsOf(request.by.Advisory, action, (*v1.Action).GetMeasure) + p.onMatters(m.GetName())
			if request.by.ID != target.ID {
				words += " (in its place, by " + request.by.ID + ")"
			}
			words += p.againInPlace(m, request.by, action, lost, day)
			isOfPractices := func(a v1.Audience) bool { return Related(a, v1.Audience_AUDIENCE_PRACTICES) }
			if whom := AdvisedAmong(action.GetActors()); len(whom) > 0 && !slices.ContainsFunc(whom, isOfPractices) {
				words += " (asked of " + AudiencesWords(whom) + ")"
			}
			if told != "" && day != max(told, p.Today) {
				words += ", from " + DayWords(day)
			}
			for _, where := range apart(lost, kept, p.after.limits(m, day, byID)) {
				if !slices.Contains(all, words+where) {
					all = append(all, words+where)
				}
			}
			if len(lost) > 0 && len(kept) == 0 {
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
		for _, s := range p.standing.byEntry.of(target.ID) {
			for _, c := range p.inPlaceOf(committees) {
				q := newQuery(Question{Matter: p.findMatter(s.position.GetMatter()), Committee: &v1.Committee{Id: c}, AsOf: p.Today})
				by, in := p.standing.corrected(q, s, action)
				if one := (request{in.entry, by}); in != s && !named(in.entry) && s.position.GetMatter() == ActionMatter(target.Advisory, action) && !slices.Contains(all, one) {
					all = append(all, one)
				}
			}
		}
	}
	return all
}

// againInPlace says of what a letter that is over asked in the place of another's that this, or another that corrects the
// same, asks it again, by its own day, and of whom of those, where it does not ask all.
func (p *publishing) againInPlace(m *v1.Matter, e *Entry, action *v1.Action, lost []reader, day string) string {
	type request struct{ by, due string }
	var again grouped[request, reader]
	for _, r := range lost {
		for _, of := range p.asked(p.after, m, r, day) {
			by := of.assertion.entry
			sameCorrected := func(name string) bool { return name == by.ID || slices.Contains(by.Advisory.GetAmends(), name) }
			asksAgain := by.ID != "" && slices.ContainsFunc(Ends(*e), sameCorrected) && asksOfSame(by.Advisory, of.action, e.Advisory, action) &&
				!slices.ContainsFunc(p.asked(p.standing, m, r, day), func(was standing) bool { return was.action == of.action })
			if asksAgain {
				again.add(request{by.ID, DueWords(of.action.GetDue())}, r)
				break
			}
		}
	}
	var all []string
	for _, of := range again.keys {
		others := slices.DeleteFunc(slices.Clone(lost), func(r reader) bool { return slices.Contains(again.members[of], r) })
		told := of.by + " asks it again" + whomWords(apart(again.members[of], others, p.after.limits(m, day, byID)))
		if of.due != "" {
			told += ", " + of.due
		}
		all = append(all, told)
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
