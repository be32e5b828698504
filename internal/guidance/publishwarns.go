package guidance

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// How a preview warns: once, on which matter, and of whom, where what it tells is so for some of a position's readers and not for others.

// warnOn warns of something on a matter, once, and says on which where more than one is written on.
func (p *publishing) warnOn(matter string, w *answersv1.Warning) {
	if p.onSeveral {
		w.Matter = matter
	}
	if p.warn(w); slices.ContainsFunc(p.Warnings[:len(p.Warnings)-1], func(o *answersv1.Warning) bool { return proto.Equal(o, w) }) {
		p.Warnings = p.Warnings[:len(p.Warnings)-1]
	}
}

// warnOnce warns on a matter of what is found for each committee, reader and group by itself, and is one to a clerk.
func (p *publishing) warnOnce(matter string, w *answersv1.Warning) {
	if !slices.ContainsFunc(p.Warnings, func(o *answersv1.Warning) bool {
		same := o.GetCode() == w.GetCode() && o.GetEntry() == w.GetEntry() && o.GetFrom() == w.GetFrom() && o.GetUntil() == w.GetUntil() && (!p.onSeveral || o.GetMatter() == matter)
		ofSame := slices.Equal(o.GetAudiences(), w.GetAudiences()) && sameArea(o.GetArea(), w.GetArea())
		return same && ofSame && o.GetQuote() == w.GetQuote() && o.GetTitle() == w.GetTitle() && o.GetCondition() == w.GetCondition()
	}) {
		p.warnOn(matter, w)
	}
}

func (p *publishing) warn(w *answersv1.Warning) {
	w.CommitteeNames = committeeNames(p.Register, w.GetCommittees())
	if w.GetArea() != nil {
		w.AreaName = p.Register.AreaName(w.GetArea())
	}
	p.Warnings = append(p.Warnings, warning(w))
}

// theirs are the readers of a position on a day, of one committee, in its scope, whom it answers.
func (p *publishing) theirs(position *v1.Position, committee, day string) (all []reader) {
	m := p.findMatter(position.GetMatter())
	for _, r := range p.after.readersAmong(m, committee, position.GetMeasure(), position.GetAudiences(), position.GetArea(), day, p.areasAt) {
		if r.scope = position.GetScope().GetId(); p.answers(position, r, day) {
			all = append(all, r)
		}
	}
	return all
}

// answers: a position that is about to be published is what answers a reader on a day.
func (p *publishing) answers(position *v1.Position, r reader, day string) bool {
	line := p.after.weigh(r.asks(p.findMatter(position.GetMatter()), day)).current
	return line != nil && line.position == position
}

// ofSome is what is warned of for some readers, and not for others: in each area by itself where that is not so in all, with whom it is
// of among those who are there.
func (p *publishing) ofSome(these, others []reader, day string, w *answersv1.Warning) (all []*answersv1.Warning) {
	var in grouped[notation.Area, reader] // of these, and of all
	for _, r := range these {
		in.add(r.area, r)
	}
	isThere := func(list []reader, area notation.Area) []reader {
		return slices.DeleteFunc(slices.Clone(list), func(r reader) bool { return r.area != area })
	}
	named := map[notation.Area][]v1.Audience{}
	for _, area := range in.keys {
		named[area] = widestOf(in.members[area], isThere(others, area))
	}
	same := func(x, y notation.Area) bool { return slices.Equal(named[x], named[y]) }
	everywhere := !slices.ContainsFunc(others, func(r reader) bool { return in.members[r.area] == nil }) &&
		!slices.ContainsFunc(in.keys, func(area notation.Area) bool { return !same(area, in.keys[0]) })
	for i, area := range in.keys {
		around := func(o notation.Area) bool {
			return o != area && same(o, area) && (o == notation.Area{} || p.after.contains(AreaID(o), AreaID(area), day))
		}
		if everywhere && i > 0 || !everywhere && slices.ContainsFunc(in.keys, around) {
			continue
		}
		one := proto.CloneOf(w)
		if one.Audiences = named[area]; !everywhere {
			one.Area = AreaID(area)
		}
		all = append(all, one)
	}
	return all
}

// widestOf are the widest audiences of some readers, where others are among those who are told of too; nil: all are.
func widestOf(these, others []reader) (audiences []v1.Audience) {
	for _, r := range these {
		wider := func(o reader) bool { return o.audience != r.audience && Contains(o.audience, r.audience) }
		if !slices.Contains(audiences, r.audience) && !slices.ContainsFunc(these, wider) {
			audiences = append(audiences, r.audience)
		}
	}
	if !slices.ContainsFunc(others, func(r reader) bool { return !reachesAll(audiences, []v1.Audience{r.audience}) }) {
		return nil
	}
	slices.Sort(audiences)
	return audiences
}

// isAskedBy: an action names nobody, or a reader among those whom it names.
func isAskedBy(action *v1.Action, r reader) bool {
	return len(action.GetActors()) == 0 || reachesAll(action.GetActors(), []v1.Audience{r.audience})
}
