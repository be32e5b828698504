package guidance

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What an advisory asks of somebody (domain.md 2, Action).

// GeneralScope is the scope of an action that is asked of whoever is in no group: a position
// has none.
const GeneralScope = "general"

// Actions are the actions of an advisory that anything is made of: no more than may be published,
// whatever arrives.
func Actions(a *v1.Advisory) []*v1.Action {
	return a.GetActions()[:min(len(a.GetActions()), ActionLimit)]
}

// Positions are its positions, likewise.
func Positions(a *v1.Advisory) []*v1.Position {
	return a.GetPositions()[:min(len(a.GetPositions()), PositionLimit)]
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
		if told.contested == nil && slices.Contains(p.asking(ofAll, &stands), s) && (s.isAhead(q) || p.goesWith(of)(s, &told)) {
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
	now       bool // the assertion is ahead, and its letter asks it with another that holds
}

// asksAgain: one letter asks what another asked, of the same: whoever follows it does what that asked.
func asksAgain(x, y *v1.Action) bool {
	return asksNoLess(x, y) && x.GetMeasure() == y.GetMeasure() && x.GetScope() == y.GetScope() && proto.Equal(x.GetArea(), y.GetArea()) && slices.Equal(x.GetActors(), y.GetActors())
}

// asksNoLess: of whoever is asked both, one asks what the other does, by the same time, no less strongly
// and with a text where that has one.
func asksNoLess(x, y *v1.Action) bool {
	return (x.GetTemplate() != "" || y.GetTemplate() == "") && IsNoWeaker(x, y) &&
		x.GetCondition() == y.GetCondition() && proto.Equal(x.GetDue(), y.GetDue()) && AsksSameWords(x, y)
}

// IsNoWeaker: one action asks no less strongly than another.
func IsNoWeaker(x, y *v1.Action) bool {
	strength := func(a *v1.Action) v1.ActionStrength {
		return cmp.Or(a.GetStrength(), v1.ActionStrength_ACTION_STRENGTH_ASKED)
	}
	return strength(x) <= strength(y)
}

// asked is what the letter of a line asks.
func (out *answer) asked() (all []standing) {
	for _, action := range out.actions {
		all = append(all, standing{action: action, assertion: out.current})
	}
	return all
}

// stillAsked is asked without what was due by a day that has passed, which stands with its own
// letter alone.
func (out *answer) stillAsked(q query) []standing {
	return slices.DeleteFunc(out.asked(), func(of standing) bool { return isPast(of.action, q.day) })
}

// askedNever are those lines from a later day that never will answer, and in whose place one does that points another way: with
// one that does not, what they ask goes on.
func (p *Prepared) askedNever(q query, ahead []*assertion) []*assertion {
	return slices.DeleteFunc(p.overtaken(q, ahead), func(s *assertion) bool {
		then := q
		then.day, then.scope = s.from, s.scope
		now := p.weigh(then).current
		_, over := p.end(then, s, p.amending(then, s))
		return !over && now != nil && !now.mention && !differ(now.position.GetStance(), s.position.GetStance())
	})
}

// askedWith is what those who ask are asked with the line: what its letter asks still, and what others ask in the place of that.
func (out *answer) askedWith(q query) []standing {
	all := slices.DeleteFunc(out.stillAsked(q), func(of standing) bool { return IsOfOthers(of.action, []v1.Audience{q.audience}) })
	for _, of := range out.alsoAsked {
		if as := of.assertion.standsAs; as != nil && out.current != nil && as.entry == out.current.entry && !IsOfOthers(of.action, []v1.Audience{q.audience}) {
			all = append(all, of)
		}
	}
	return all
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
	never := p.askedNever(q, out.notYet)
	lists := [...][]*assertion{out.valid, out.notYet, out.waiting, nil, nil, nil}
	var ofAll answer
	if q.scope != "" && !q.beside {
		general := q
		general.scope = ""
		ofAll = p.weigh(general)
		lists[3], lists[4], lists[5] = ofAll.valid, ofAll.notYet, ofAll.waiting
		never = append(never, p.askedNever(general, ofAll.notYet)...)
		never = append(never, slices.DeleteFunc(slices.Clone(ofAll.valid), ofAll.leaves)...)
		for _, s := range ofAll.notYet[:min(len(ofAll.notYet), aheadLooked)] { // over which the group's own line will stand
			then := q
			then.day = s.from
			if own := p.lineOf(then).current; own != nil && own.scope == q.scope && !own.mention && !s.mention && differ(own.position.GetStance(), s.position.GetStance()) {
				never = append(never, s)
			}
		}
		if out.lapse != nil && out.lapse.assertion.scope == q.scope { // for which the general line does not come back
			never = append(never, slices.DeleteFunc(slices.Concat(ofAll.notYet, ofAll.waiting), out.leaves)...)
		}
	}
	var asking []*assertion
	for _, list := range lists {
		for _, s := range list {
			if len(s.entry.Advisory.GetActions()) > 0 && !slices.Contains(never, s) && !(!s.isAhead(q) && out.current != nil && s.entry == out.current.entry) && lapsedSince(q, s) == "" {
				asking = append(asking, s)
			}
		}
	}
	told, answers := out.actions[:len(out.actions):len(out.actions)], map[string]answer{}
	tell := func(of standing) {
		if !slices.ContainsFunc(told, func(other *v1.Action) bool { return asksAgain(other, of.action) }) {
			told, all = append(told, of.action), append(all, of)
		}
	}
	for _, of := range out.corrected { // as what it takes the place of, which is told when its day has passed too
		tell(of)
	}
	if asking == nil {
		return all
	}
	// what is asked already is not told as of a letter that asks the same with a line from a later day
	slices.SortFunc(asking, func(x, y *assertion) int { return cmp.Or(compareBool(x.isAhead(q), y.isAhead(q)), newestFirst(x, y)) })
	goesWith, instead := p.goesWith(q), len(all)
	for _, s := range asking {
		if p.stopped() || len(all) >= ActionLimit {
			break
		}
		if !s.isAhead(q) && !goesWith(s, out) {
			continue
		}
		gone := func(measure string) bool { // ended there, or answered another way
			on, known := answers[measure]
			if !known {
				there := q.onMeasure(measure)
				on = p.weigh(there)
				never := p.askedNever(there, on.notYet)
				on.notYet = slices.DeleteFunc(slices.Clone(on.notYet), func(s *assertion) bool { return slices.Contains(never, s) })
				answers[measure] = on
			}
			return on.contested != nil || !slices.ContainsFunc(slices.Concat(on.valid, on.notYet, on.waiting), func(x *assertion) bool {
				return x.entry == s.entry && (x.isAhead(q) || goesWith(x, &on))
			})
		}
		for _, action := range p.actionsOn(s, q, gone) {
			if by, in := p.corrected(q, s, action); !isPast(by, q.day) {
				tell(standing{by, in, s.isAhead(q) && p.asksNow(q, s, action)})
			}
		}
	}
	slices.SortStableFunc(all[instead:], func(x, y standing) int {
		return newestFirst(cmp.Or(x.assertion.standsAs, x.assertion), cmp.Or(y.assertion.standsAs, y.assertion))
	})
	return all[:min(len(all), ActionLimit)]
}

// asksNow: what a letter asks with an assertion that is ahead it asks of the same readers already, with another line of
// its own on the matter that holds.
func (p *Prepared) asksNow(q query, s *assertion, action *v1.Action) bool {
	return slices.ContainsFunc(p.byEntry.of(s.entry.ID), func(own *assertion) bool {
		if own.position.GetMatter() != q.matter || own.position.GetMeasure() == q.measure || !slices.Contains(own.position.GetCommittees(), cmp.Or(s.owner, q.committee)) {
			return false
		}
		on := q.onMeasure(own.position.GetMeasure())
		out := p.weigh(on)
		return out.contested == nil && slices.ContainsFunc(out.valid, func(x *assertion) bool {
			return x.entry == s.entry && x.position == own.position && p.goesWith(on)(x, &out) && slices.Contains(p.actionsOn(x, on, func(measure string) bool { return p.goneOnMeasure(x, on, measure) }), action)
		})
	})
}

// goesWith says whether what is asked with an assertion goes with a line on a question. What is
// asked with a line does where both point the same way. What only passes facts on, does unless
// the line has turned since; what passes another's line on, where that points the same way, or,
// not knowing, where the line is no newer. Where what answers has lapsed, what only passes facts
// on does, and nothing that stands with a line.
func (p *Prepared) goesWith(q query) func(s *assertion, out *answer) bool {
	lines, looked := map[string]*assertion{}, 0 // by day
	return func(s *assertion, out *answer) bool {
		s = cmp.Or(s.standsAs, s)
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
