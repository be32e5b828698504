package guidance

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What an advisory asks of somebody, and which of its lines that stands with (domain.md 2,
// Action).

// GeneralScope is the scope of an action that is asked of whoever is in no group: a position
// has none.
const GeneralScope = "general"

// Actions are the actions of an advisory that anything is made of: no more than may be published,
// whatever arrives.
func Actions(a *v1.Advisory) []*v1.Action {
	return a.GetActions()[:min(len(a.GetActions()), ActionLimit)]
}

// ActionMatter is the matter an action belongs to: its own, else that of all positions;
// empty: it is asked by the letter, whatever its lines.
func ActionMatter(a *v1.Advisory, action *v1.Action) string {
	if action.GetMatter() != "" || len(a.GetPositions()) == 0 {
		return action.GetMatter()
	}
	one := a.GetPositions()[0].GetMatter()
	if slices.ContainsFunc(a.GetPositions(), func(p *v1.Position) bool { return p.GetMatter() != one }) {
		return ""
	}
	return one
}

// standsWith: an action of a letter on a matter stands with a position of it for a committee, but
// for where they are. It does where both name the same, and where one of the two is on a measure
// and the other on the whole matter, unless the letter points the other way on what the action
// names; but with none where another line of the letter on the same answers all that it names, and
// with one to none of whom it names only where no line that it stands with is to any of them.
func (p *Prepared) standsWith(m *v1.Matter, a *v1.Advisory, action *v1.Action, position *v1.Position, committee string) bool {
	if position.GetMatter() != ActionMatter(a, action) || !slices.Contains(position.GetCommittees(), committee) ||
		len(action.GetCommittees()) > 0 && !slices.Contains(action.GetCommittees(), committee) ||
		action.GetScope() != "" && action.GetScope() != cmp.Or(position.GetScope().GetId(), GeneralScope) {
		return false
	}
	readers := AdvisedAmong(action.GetActors())
	_, toSome := sharedAudience(readers, position.GetAudiences())
	switch {
	case p.carvedOut(a, action, position, committee):
		return false
	case action.GetMeasure() != "" && position.GetMeasure() != "" && action.GetMeasure() != position.GetMeasure():
		return false
	case action.GetMeasure() != position.GetMeasure() && SharesProposer(m, cmp.Or(action.GetMeasure(), position.GetMeasure())) && p.pointsOtherWay(a, action, position, committee):
		return false
	case len(readers) == 0 || toSome:
		return true
	}
	lines := a.GetPositions()[:min(len(a.GetPositions()), PositionLimit)]
	return !slices.ContainsFunc(lines, func(own *v1.Position) bool {
		_, theirs := sharedAudience(readers, own.GetAudiences())
		return theirs && p.meetIn(own.GetArea(), action.GetArea(), a.GetIssued().GetLatest()) && p.standsWith(m, a, action, own, committee) && meaningful(&assertion{position: own, from: validFrom(a)})
	})
}

// pointsOtherWay: on just what an action names, its letter takes a line of another direction than a position, for all
// whom it asks: on the whole matter or the measure, for the group or in general, and where it is.
func (p *Prepared) pointsOtherWay(a *v1.Advisory, action *v1.Action, position *v1.Position, committee string) bool {
	return slices.ContainsFunc(a.GetPositions(), func(own *v1.Position) bool {
		here := own.GetArea() == nil || action.GetArea() != nil && p.contains(own.GetArea(), action.GetArea(), a.GetIssued().GetLatest())
		return here && own.GetMatter() == position.GetMatter() && own.GetMeasure() == action.GetMeasure() && slices.Contains(own.GetCommittees(), committee) &&
			cmp.Or(own.GetScope().GetId(), GeneralScope) == cmp.Or(action.GetScope(), GeneralScope) &&
			differ(own.GetStance(), position.GetStance()) && reachesAll(own.GetAudiences(), AdvisedAmong(action.GetActors()))
	})
}

// carvedOut: for all whom an action names, another line of its letter answers than a position on the
// same measure that is for all of them too, by what decides within one letter (domain.md 4.6): it is
// for fewer committees, for a smaller area, to just those whom the action is for, or stands first.
// The action stands with that line, and so ends with it.
func (p *Prepared) carvedOut(a *v1.Advisory, action *v1.Action, position *v1.Position, committee string) bool {
	within := func(inner, outer *v1.AreaId) bool {
		return outer == nil || inner != nil && p.contains(outer, inner, a.GetIssued().GetLatest())
	}
	readers := AdvisedAmong(action.GetActors())
	if len(readers) == 0 {
		readers = position.GetAudiences()
	}
	forAll := func(line *v1.Position) bool {
		return within(action.GetArea(), line.GetArea()) && reachesAll(line.GetAudiences(), readers) && slices.Contains(line.GetCommittees(), committee)
	}
	byName := func(line *v1.Position) bool {
		return !slices.ContainsFunc(readers, func(r v1.Audience) bool { return !slices.Contains(line.GetAudiences(), r) })
	}
	lines := a.GetPositions()[:min(len(a.GetPositions()), PositionLimit)]
	return forAll(position) && slices.ContainsFunc(lines, func(own *v1.Position) bool {
		return own != position && own.GetMatter() == position.GetMatter() && own.GetMeasure() == position.GetMeasure() && own.GetScope().GetId() == position.GetScope().GetId() &&
			forAll(own) && (IsMention(position) || !IsMention(own)) && cmp.Or(
			cmp.Compare(len(own.GetCommittees()), len(position.GetCommittees())),
			compareBool(within(position.GetArea(), own.GetArea()), within(own.GetArea(), position.GetArea())),
			compareBool(byName(position), byName(own)),
			cmp.Compare(slices.Index(lines, own), slices.Index(lines, position))) < 0 && meaningful(&assertion{position: own, from: validFrom(a)})
	})
}

// actionsOn is what the current advisory asks of those who ask, or of some among them: its actions
// on the measure asked about and on the whole of the matter (for the whole matter, all on the
// matter) that stand with its line, where they are. What is asked of whoever is in no group is not
// asked of a group, though the line for both be the same. gone: of a letter whose position is on
// the whole matter, what it says on a measure holds no more.
func (p *Prepared) actionsOn(s *assertion, q query, gone func(measure string) bool) []*v1.Action {
	return p.actionsWhere(s, q, gone, func(action *v1.Action) bool { return action.GetArea() == nil || p.covers(q, placed(s, action)) })
}

// actionsWhere is actionsOn, of those that are here.
func (p *Prepared) actionsWhere(s *assertion, q query, gone func(measure string) bool, here func(*v1.Action) bool) []*v1.Action {
	var out []*v1.Action
	for _, action := range Actions(s.entry.Advisory) {
		bears := q.measure == "" || action.GetMeasure() == "" || action.GetMeasure() == q.measure
		ofReaders := len(action.GetActors()) == 0 || slices.ContainsFunc(action.GetActors(), Advised) // what patients are asked is no practice's to do
		if bears && ofReaders && !(action.GetScope() == GeneralScope && q.asked.Scope != "") &&
			p.standsWith(q.asked.Matter, s.entry.Advisory, action, s.position, cmp.Or(s.owner, q.committee)) &&
			here(action) && !(q.measure == "" && action.GetMeasure() != "" && gone(action.GetMeasure())) &&
			!p.goneForActors(s, q, action) {
			out = append(out, action)
		}
	}
	return out
}

// goneForActors: what is asked of some alone, be they among those who ask or others, has ended for each
// of these, or does not go with what answers them, on the measure that it is on.
func (p *Prepared) goneForActors(s *assertion, q query, action *v1.Action) bool {
	if SharesProposer(q.asked.Matter, action.GetMeasure()) {
		q = q.onMeasure(action.GetMeasure())
	}
	gone, all := false, q
	all.scope = s.scope
	for _, actor := range action.GetActors() {
		bears := func(x *assertion) bool { return x.toPart(q.audience, actor) && q.isAbout(x) && q.knows(x.entry) }
		switch {
		case !Advised(actor):
			continue
		case Contains(actor, q.audience), !s.isFor(actor), !slices.ContainsFunc(p.ofEachKind(q), bears) && !slices.ContainsFunc(p.ofEachKind(all), bears):
			return false
		}
		of, ofAll := q, q // what is asked of all is told to a group too
		of.audience, ofAll.audience, ofAll.scope = actor, actor, s.scope
		told, stands := p.lineOf(of), p.weigh(ofAll)
		now := s.from <= q.day && !s.waits
		never := p.overtaken(ofAll, stands.notYet) // of the line that is to come, when that has ended for them
		if told.contested == nil && slices.Contains(slices.Concat(stands.valid, stands.notYet, stands.waiting), s) && !slices.Contains(never, s) && (!now || p.goesWith(of)(s, &told)) {
			return false
		}
		gone = true
	}
	return gone
}

// standing is an action with the assertion that it stands with.
type standing struct {
	action    *v1.Action
	assertion *assertion
}

// asksAgain: one letter asks what another asked, of the same: whoever follows it does what that asked.
func asksAgain(x, y *v1.Action) bool {
	return asksNoLess(x, y) && x.GetMeasure() == y.GetMeasure() && x.GetScope() == y.GetScope() && proto.Equal(x.GetArea(), y.GetArea()) && slices.Equal(x.GetActors(), y.GetActors())
}

// asksNoLess: of whoever is asked both, one asks what the other does, by the same time, no less strongly
// and with a text where that has one.
func asksNoLess(x, y *v1.Action) bool {
	strength := func(a *v1.Action) v1.ActionStrength {
		return cmp.Or(a.GetStrength(), v1.ActionStrength_ACTION_STRENGTH_ASKED)
	}
	return (x.GetTemplate() != "" || y.GetTemplate() == "") && strength(x) <= strength(y) &&
		ActionWords(x) == ActionWords(y) && x.GetCondition() == y.GetCondition() && proto.Equal(x.GetDue(), y.GetDue())
}

// asked is what the letter of a line asks.
func (out *answer) asked() (all []standing) {
	for _, action := range out.actions {
		all = append(all, standing{action, out.current})
	}
	return all
}

// stillAsked is asked without what was due by a day that has passed, which stands with its own
// letter alone.
func (out *answer) stillAsked(q query) []standing {
	return slices.DeleteFunc(out.asked(), func(of standing) bool { return isPast(of.action, q.day) })
}

// isPast: what an action asks was due by a day before T.
func isPast(action *v1.Action, day string) bool {
	due, _ := DueMoment(action.GetDue())
	return due != "" && due < day
}

// historyLooked is how many mentions are held against the line of their own day.
const historyLooked = 64

// alsoAsked is what other letters that bear on a question ask than that of the line: a newer line
// takes nothing back that it does not end. Left out is what does not go with the line, what was
// due by a day that has passed, and what is asked already. A line that holds from a later day asks
// already, and so does one that waits, for what they ask may be due before. A group is asked too
// what is asked of all.
func (p *Prepared) alsoAsked(q query, out *answer) (all []standing) {
	if out.contested != nil {
		return nil
	}
	never := p.overtaken(q, out.notYet)
	lists := [...][]*assertion{out.valid, out.notYet, out.waiting, nil, nil, nil}
	var ofAll answer
	if q.scope != "" && !q.beside {
		general := q
		general.scope = ""
		ofAll = p.weigh(general)
		lists[3], lists[4], lists[5] = ofAll.valid, ofAll.notYet, ofAll.waiting
		never = append(never, p.overtaken(general, ofAll.notYet)...)
		never = append(never, slices.DeleteFunc(slices.Clone(ofAll.valid), ofAll.leaves)...)
		if out.lapse != nil && out.lapse.assertion.scope == q.scope { // for which the general line does not come back
			never = append(never, slices.DeleteFunc(slices.Concat(ofAll.notYet, ofAll.waiting), out.leaves)...)
		}
	}
	var asking []*assertion
	for _, list := range lists {
		for _, s := range list {
			now := s.from <= q.day && !s.waits
			if len(s.entry.Advisory.GetActions()) > 0 && !slices.Contains(never, s) && !(now && out.current != nil && s.entry == out.current.entry) && lapsedSince(q, s) == "" {
				asking = append(asking, s)
			}
		}
	}
	if asking == nil {
		return nil
	}
	slices.SortFunc(asking, newestFirst)
	goesWith := p.goesWith(q)
	told, answers := out.actions[:len(out.actions):len(out.actions)], map[string]answer{}
	for _, s := range asking {
		if p.stopped() || len(all) >= ActionLimit {
			break
		}
		if s.from <= q.day && !s.waits && !goesWith(s, out) {
			continue
		}
		gone := func(measure string) bool { // ended there, or answered another way
			on, known := answers[measure]
			if !known {
				on = p.weigh(q.onMeasure(measure))
				answers[measure] = on
			}
			return on.contested != nil || !slices.ContainsFunc(slices.Concat(on.valid, on.notYet, on.waiting), func(x *assertion) bool {
				return x.entry == s.entry && goesWith(x, &on)
			})
		}
		for _, action := range p.actionsOn(s, q, gone) {
			if !isPast(action, q.day) && !slices.ContainsFunc(told, func(other *v1.Action) bool { return asksAgain(other, action) }) {
				told, all = append(told, action), append(all, standing{action, s})
			}
		}
	}
	return all[:min(len(all), ActionLimit)]
}

// goesWith says whether what is asked with an assertion goes with a line on a question. What is
// asked with a line does where both point the same way. What only passes facts on, does unless
// the line has turned since; what passes another's line on, where that points the same way, or,
// not knowing, where the line is no newer. Where what answers has lapsed, what only passes facts
// on does, and nothing that stands with a line.
func (p *Prepared) goesWith(q query) func(s *assertion, out *answer) bool {
	lines, looked := map[string]*assertion{}, 0 // by day
	return func(s *assertion, out *answer) bool {
		line := out.current
		switch {
		case !out.leaves(s):
			return false
		case line == nil || s == line:
			return true
		case line.mention:
			return !opposed(p.passedStances(q, s), p.passedStances(q, line))
		case !s.mention:
			return !differ(s.position.GetStance(), line.position.GetStance())
		case s.position.GetProvenance() == v1.Provenance_PROVENANCE_RELAY:
			if passed := p.passedStances(q, s); passed != nil {
				return !opposed(passed, []v1.Stance{line.position.GetStance()})
			}
			return newestFirst(s, line) < 0
		case newestFirst(s, line) < 0:
			return true
		}
		was, known := lines[s.issued.latest]
		if !known {
			if looked++; looked > historyLooked {
				return false
			}
			then := q
			then.day = s.issued.latest
			was = p.lineOf(then).current
			lines[then.day] = was
		}
		return was == nil || was.mention || !differ(was.position.GetStance(), line.position.GetStance())
	}
}

// leaves: what answers has not lapsed, or an assertion only passes facts on: what a line was an
// exception from does not come back as something to do, and neither does what it went with.
func (out *answer) leaves(s *assertion) bool {
	return out.lapse == nil || s.mention && s.position.GetProvenance() != v1.Provenance_PROVENANCE_RELAY
}

// goneOnMeasure: of a letter whose line on the whole matter answers, what it says on a measure has
// ended, or given way to another's.
func (p *Prepared) goneOnMeasure(s *assertion, q query, measure string) bool {
	on := p.weigh(q.onMeasure(measure))
	if on.current != nil {
		return on.current.entry != s.entry
	}
	return slices.ContainsFunc(p.byEntry.of(s.entry.ID), func(own *assertion) bool {
		return own.position.GetMeasure() == measure && own.position.GetMatter() == q.matter && slices.Contains(own.position.GetCommittees(), cmp.Or(s.owner, q.committee))
	})
}

// placed is where an action of an assertion's letter is asked, as an assertion holds.
func placed(s *assertion, action *v1.Action) *assertion {
	return &assertion{entry: s.entry, issued: s.issued, extent: []*v1.AreaId{action.GetArea()}}
}

// oneDirection refuses an action that would stand with two lines of opposite directions on
// one thing: whoever reads "refuse" must not be asked what goes with "support". A line on the
// whole matter is one on each measure that it answers, for the committees that have none there.
func (p *publishing) oneDirection(path string, a *v1.Advisory, action *v1.Action) {
	var with []*v1.Position
	for _, position := range a.GetPositions() {
		_, readers := sharedAudience(action.GetActors(), position.GetAudiences())
		stands := func(committee string) bool {
			return p.reaches(a, action.GetArea(), committee) && p.standing.standsWith(p.findMatter(position.GetMatter()), a, action, position, committee)
		}
		if readers && slices.ContainsFunc(position.GetCommittees(), stands) &&
			(action.GetMeasure() == "" || p.onOneThing(position, &v1.Position{Matter: position.GetMatter(), Measure: action.GetMeasure()})) &&
			p.standing.meetIn(action.GetArea(), position.GetArea(), a.GetIssued().GetLatest()) {
			with = append(with, position)
		}
	}
	for i, x := range with {
		for _, y := range with[:i] {
			if !p.onOneThing(x, y) || direction(x.GetStance())*direction(y.GetStance()) >= 0 {
				continue
			}
			measure := cmp.Or(x.GetMeasure(), y.GetMeasure())
			line := func(z *v1.Position) string {
				words := "“" + StanceNoun(z.GetStance()) + "” for " + strings.Join(z.GetCommittees(), ", ")
				if !slices.Equal(x.GetAudiences(), y.GetAudiences()) {
					words += ", to " + AudiencesWords(z.GetAudiences())
				}
				if z.GetScope() != nil {
					words += ", for " + ScopeWords(z.GetScope())
				}
				if z.GetArea() != nil {
					words += ", in " + notation.AreaOf(z.GetArea()).String()
				}
				if z.GetMeasure() != measure {
					words += ", by the line on the whole matter,"
				}
				return words
			}
			general := ""
			if (x.GetScope() == nil) != (y.GetScope() == nil) {
				general = " (" + GeneralScope + " is whoever is in no group)"
			}
			p.add(path, "“%s” would stand with %s and with %s, on %s: say whose it is, under for, area or scope%s, or write two actions (lmc register show has the ids of committees and areas)",
				clip(strings.TrimSpace(action.GetVerb()+" "+action.GetObject())), line(y), line(x), cmp.Or(measure, wholeMatter), general)
			return
		}
	}
}

// opposed: some of two lists of stances differ.
func opposed(xs, ys []v1.Stance) bool {
	return slices.ContainsFunc(xs, func(x v1.Stance) bool {
		return slices.ContainsFunc(ys, func(y v1.Stance) bool { return differ(x, y) })
	})
}

// differ: two stances are lines, and do not point the same way.
func differ(x, y v1.Stance) bool {
	for _, s := range [...]v1.Stance{x, y} {
		if s == v1.Stance_STANCE_INFORMATION_ONLY || s == v1.Stance_STANCE_CONSULTING {
			return false
		}
	}
	return direction(x) != direction(y)
}

// direction is which way a stance points: -1 against, 1 for what is proposed, as a duty does, 0
// neither.
func direction(s v1.Stance) int {
	if s == v1.Stance_STANCE_REQUIRED {
		return 1
	}
	n, _ := Scale(s)
	return cmp.Compare(n, 0)
}
