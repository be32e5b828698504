package guidance

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What an office may leave out when it publishes, and what is written in its place.

// fillAdvisory is a copy with names in full and defaults filled in.
func (p *publishing) fillAdvisory(a *v1.Advisory) *v1.Advisory {
	a = clone(a)
	a.Office, a.Notice = cmp.Or(a.Office, p.Office), p.noticed(a.Notice)
	a.Issued = p.fillIssued(a.Issued)
	if len(a.OnBehalfOf) == 0 {
		a.OnBehalfOf = union(a.Positions, (*v1.Position).GetCommittees)
		for _, name := range a.Replaces { // it ends them for nobody it does not speak for (domain.md 4.2)
			if ended := p.standing.Entry(name); ended != nil && ended.Advisory != nil {
				for _, c := range p.endable(ended, a.Issued) {
					if !slices.Contains(a.OnBehalfOf, c) {
						a.OnBehalfOf = append(a.OnBehalfOf, c)
					}
				}
			}
		}
	}
	if len(a.Audiences) == 0 {
		a.Audiences = union(a.Positions, (*v1.Position).GetAudiences)
	}
	for _, position := range a.Positions {
		p.fillPosition(position, a)
	}
	for _, action := range a.Actions {
		p.fillAction(action, a)
	}
	for i, name := range a.Matters {
		a.Matters[i] = p.fullName(name)
	}
	for _, name := range slices.Concat(a.Replaces, a.Amends) { // who looks there is told what became of it
		if ended := p.standing.Entry(name); ended != nil {
			for _, matter := range MattersOf(*ended) {
				if !slices.Contains(MattersOf(Entry{Advisory: a}), matter) {
					a.Matters = append(a.Matters, matter)
				}
			}
		}
	}
	return a
}

func (p *publishing) fillPosition(position *v1.Position, a *v1.Advisory) {
	if position == nil {
		return
	}
	if len(position.Committees) == 0 {
		position.Committees = slices.Clone(a.OnBehalfOf)
	}
	if len(position.Audiences) == 0 {
		position.Audiences = AdvisedAmong(a.Audiences)
	}
	if position.Provenance == v1.Provenance_PROVENANCE_UNSPECIFIED {
		position.Provenance = v1.Provenance_PROVENANCE_PRIMARY
	}
	p.fillSubject(position)
}

// AdvisedAmong are those whom a position is for that does not say: the audiences of its advisory
// but for those who are told and never advised.
func AdvisedAmong(audiences []v1.Audience) []v1.Audience {
	return slices.DeleteFunc(slices.Clone(audiences), func(a v1.Audience) bool { return known(a) && !Advised(a) })
}

// StanceOf is the stance a position takes. One that says what it thinks and leaves out its
// stance gives no advice.
func StanceOf(p *v1.Position) v1.Stance {
	if p.GetStance() == v1.Stance_STANCE_UNSPECIFIED && p.GetOpinion() != v1.Opinion_OPINION_UNSPECIFIED {
		return v1.Stance_STANCE_INFORMATION_ONLY
	}
	return p.GetStance()
}

// fillSubject fills what is the same for positions published and reported.
func (p *publishing) fillSubject(position *v1.Position) {
	position.Matter = p.fullName(position.Matter)
	position.Stance = StanceOf(position)
	if position.Basis == v1.Basis_BASIS_UNSPECIFIED {
		position.Basis = v1.Basis_BASIS_NOT_STATED
	}
}

func (p *publishing) fillAction(action *v1.Action, a *v1.Advisory) {
	if action == nil {
		return
	}
	action.Matter = cmp.Or(p.fullName(action.Matter), ActionMatter(a, action))
	p.fillDue(action.Due, p.findMatter(action.Matter))
	if len(action.Actors) == 0 {
		action.Actors = slices.Clone(a.Audiences)
	}
	if action.Strength == v1.ActionStrength_ACTION_STRENGTH_UNSPECIFIED {
		action.Strength = v1.ActionStrength_ACTION_STRENGTH_ASKED
	}
}

// fillReport is a copy with defaults filled in.
func (p *publishing) fillReport(r *v1.ReportedPosition) *v1.ReportedPosition {
	r = clone(r)
	r.Office, r.Notice = cmp.Or(r.Office, p.Office), p.noticed(r.Notice)
	if r.Position == nil {
		return r
	}
	if r.Position.Provenance == v1.Provenance_PROVENANCE_UNSPECIFIED {
		r.Position.Provenance = v1.Provenance_PROVENANCE_REPORTED
	}
	p.fillSubject(r.Position)
	return r
}

// fillMatter is a copy with its name in full: a bare slug is of this office.
func (p *publishing) fillMatter(m *v1.Matter) *v1.Matter {
	m = clone(m)
	m.Notice = p.noticed(m.Notice)
	if notation.IsSlug(m.Name) {
		m.Name = p.Office + "/" + m.Name
	}
	for _, measure := range m.Measures {
		for _, d := range measure.GetDeadlines() {
			p.fillDue(d.GetDue(), m)
		}
	}
	return m
}

// fillWithdrawal is a copy with defaults filled in: for the committees of what it ends
// that this office speaks for, from the day it is issued, today.
func (p *publishing) fillWithdrawal(w *v1.Withdrawal, target *Entry) *v1.Withdrawal {
	w = clone(w)
	w.Office = cmp.Or(w.Office, p.Office)
	w.Issued = p.fillIssued(w.Issued)
	w.Effective = cmp.Or(w.Effective, w.Issued.GetLatest())
	if len(w.OnBehalfOf) == 0 && target != nil && !(target.Report != nil && target.Office == p.Office) {
		w.OnBehalfOf = p.endable(target, w.Issued) // its own report it withdraws for nobody
	}
	if target != nil {
		w.Matters = slices.Sorted(slices.Values(MattersOf(*target)))
	}
	return w
}

func (p *publishing) fillIssued(r *v1.DayRange) *v1.DayRange {
	if r == nil && notation.IsDay(p.Today) {
		return &v1.DayRange{Earliest: p.Today, Latest: p.Today}
	}
	return r
}

// fullName is a matter's name in full: as it is known here, else the keeper's.
func (p *publishing) fullName(name string) string {
	if m := p.findMatter(name); name != "" && m != nil {
		return m.GetName()
	}
	if notation.IsSlug(name) && p.Keeper != "" && !strings.Contains(name, "/") {
		return p.Keeper + "/" + name
	}
	return name
}

// noticed is an entry's own notice after that of whatever is published here.
func (p *publishing) noticed(own string) string {
	if strings.HasPrefix(own, p.Notice) {
		return own
	}
	return strings.TrimSpace(p.Notice + " " + own)
}

// containsAll: everything of some is among all.
func containsAll[T comparable](all, some []T) bool {
	return !slices.ContainsFunc(some, func(one T) bool { return !slices.Contains(all, one) })
}

// sameOnes: two lists have the same in them, in whatever order.
func sameOnes[T comparable](a, b []T) bool { return containsAll(a, b) && containsAll(b, a) }

// union is everything the positions name, in the order it is first named.
func union[T comparable](positions []*v1.Position, of func(*v1.Position) []T) []T {
	var all []T
	for _, position := range positions {
		for _, item := range of(position) {
			if !slices.Contains(all, item) {
				all = append(all, item)
			}
		}
	}
	return all
}
