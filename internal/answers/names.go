package answers

import (
	"context"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// naming gathers the names, as known today, for the ids of one answer.
type naming struct {
	*moment
	*answersv1.Names
	size int // about how many bytes they have
}

func (m *moment) naming() *naming {
	return &naming{moment: m, Names: &answersv1.Names{Committees: map[string]string{}, Offices: map[string]string{}, Matters: map[string]*answersv1.MatterTitles{}, Areas: map[string]string{}}}
}

// Names are the names for the ids of what an office signs.
func (a *Answers) Names(ctx context.Context, reader Reader, signed proto.Message) (names *answersv1.Names, err error) {
	err = a.asItIs(ctx, reader, func(m *moment) error {
		n := m.naming()
		names = n.Names
		return n.signed("", signed)
	})
	return names, err
}

// entry adds the names for an entry, and for the office whose log it is in, whatever its words
// claim.
func (n *naming) entry(e *answersv1.Entry) error {
	n.office(e.GetOffice())
	for _, st := range e.GetStandings() {
		n.committees(st.GetCommittee())
	}
	if said := contentField(e.GetKind()); said != nil && e.ProtoReflect().Has(said) {
		return n.signed(e.GetName(), e.ProtoReflect().Get(said).Message().Interface())
	}
	return nil
}

// signed adds the names for what an entry says, or, where it has no name yet, would say.
func (n *naming) signed(entry string, said proto.Message) error {
	switch said := said.(type) {
	case *guidancev1.Advisory:
		n.office(said.GetOffice())
		n.committees(said.GetOnBehalfOf()...)
		for _, matter := range said.GetMatters() {
			if err := n.titles(matter, ""); err != nil {
				return err
			}
		}
		for _, position := range said.GetPositions() {
			if err := n.position(position); err != nil {
				return err
			}
		}
		for _, action := range said.GetActions() {
			n.committees(action.GetCommittees()...)
			n.area(action.GetArea())
			if err := n.titles(guidance.ActionMatter(said, action), action.GetMeasure()); err != nil {
				return err
			}
		}
		n.groups(entry, said)
	case *guidancev1.Withdrawal:
		n.office(said.GetOffice())
		n.committees(said.GetOnBehalfOf()...)
		for _, matter := range said.GetMatters() {
			if err := n.titles(matter, ""); err != nil {
				return err
			}
		}
	case *guidancev1.ReportedPosition:
		n.office(said.GetOffice())
		return n.position(said.GetPosition())
	}
	return n.ctx.Err()
}

// groups adds those that an advisory asks something of without a position for them, as the letters call them that it corrects.
func (n *naming) groups(entry string, a *guidancev1.Advisory) {
	named := guidance.GroupsOf(a.GetPositions())
	isUnnamed := func(action *guidancev1.Action) bool {
		return action.GetScope() != "" && !slices.ContainsFunc(named, func(of *guidancev1.Scope) bool { return of.GetId() == action.GetScope() })
	}
	if !slices.ContainsFunc(guidance.Actions(a), isUnnamed) {
		return
	}
	for _, e := range guidance.CorrectedBy(a, n.readable) {
		for _, of := range guidance.GroupsOf(e.Advisory.GetPositions()) {
			if !slices.ContainsFunc(named, func(o *guidancev1.Scope) bool { return o.GetId() == of.GetId() }) {
				named = append(named, of)
				n.Groups = append(n.Groups, &answersv1.NamedGroup{Entry: entry, Scope: of})
				n.size += len(entry) + proto.Size(of)
			}
		}
	}
}

// readable is an entry as the reader may read it; nil: they may not, or it is not here.
func (n *naming) readable(name string) *guidance.Entry {
	stored, err := n.entryFor(name)
	if err != nil {
		return nil
	}
	e, ok := readEntry(rowOf(stored))
	if !ok {
		return nil
	}
	return &e
}

func (n *naming) position(position *guidancev1.Position) error {
	n.committees(position.GetCommittees()...)
	n.committees(position.GetRelayOf().GetCommittee())
	n.area(position.GetArea())
	return n.titles(position.GetMatter(), position.GetMeasure())
}

func (n *naming) office(id string) { n.put(n.Offices, id, n.reg.OfficeName(id)) }

func (n *naming) committees(ids ...string) {
	for _, id := range ids {
		n.put(n.Names.Committees, id, n.reg.CommitteeName(id))
	}
}

func (n *naming) area(id *guidancev1.AreaId) {
	if id != nil {
		n.put(n.Areas, notation.AreaOf(id).String(), n.reg.AreaName(id))
	}
}

// view adds the names for the areas of what the lines of a view ask.
func (n *naming) view(v *answersv1.CombinedView) {
	for _, c := range v.GetCommittees() {
		for _, line := range slices.Concat([]*answersv1.Line{c.GetHeadline()}, c.GetParts(), c.GetMeasures()) {
			for _, of := range slices.Concat([]*answersv1.Line{line}, line.GetGroups(), line.GetPartLines()) {
				for _, action := range of.GetActions() {
					n.area(action.GetArea())
				}
				for _, also := range slices.Concat(of.GetAlsoAsked(), of.GetAskedAgain()) {
					n.area(also.GetAction().GetArea())
				}
			}
		}
	}
}

// titles adds the title of a matter, and of the one measure of it.
func (n *naming) titles(matter, measure string) error {
	now, known, err := n.newest(matter, everything)
	if err != nil || !known {
		return err
	}
	if n.Matters[matter] == nil {
		n.Matters[matter] = &answersv1.MatterTitles{Title: now.matter.GetTitle(), Measures: map[string]string{}}
		n.size += len(matter) + len(now.matter.GetTitle())
	}
	n.put(n.Matters[matter].Measures, measure, guidance.MeasureOf(now.matter, measure).GetTitle())
	return nil
}

func (n *naming) put(in map[string]string, id, name string) {
	if _, again := in[id]; !again && name != "" {
		in[id] = name
		n.size += len(id) + len(name)
	}
}
