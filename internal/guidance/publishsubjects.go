package guidance

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// subjects checks the matters and measures of an advisory's positions and actions.
func (p *publishing) subjects(a *v1.Advisory) {
	for i, position := range a.GetPositions() {
		p.subject(at("positions", i), position, a.GetIssued(), cmp.Or(position.GetValidFrom(), a.GetValidFrom()))
		relayed, path := position.GetRelayOf(), at("positions", i)+".relay_of"
		if whose := relayed.GetCommittee(); slices.Contains(position.GetCommittees(), whose) {
			p.add(path+".committee", "%s would pass on what it says itself: name whose it is, or leave %s out under for", whose, whose)
		}
		if whose := relayed.GetCommittee(); notation.IsSlug(whose) && p.committee(path+".committee", whose, nil) && notation.IsEntryName(relayed.GetAdvisory()) {
			switch passedOn := p.standing.Entry(relayed.GetAdvisory()); {
			case passedOn == nil:
				p.addKind(ErrUnknownEntry, path+".advisory", "no entry %s is known here: check its number, leave it out, or wait until it has arrived", relayed.GetAdvisory())
			case !slices.Contains(CommitteesOf(*passedOn), whose):
				p.add(path+".advisory", "%s is of %s, not of %s: check its number and the committee", relayed.GetAdvisory(), notation.List(CommitteesOf(*passedOn)), whose)
			}
		}
	}
	for i, name := range a.GetMatters() {
		p.measureOf(at("matters", i), name, "")
	}
	for i, action := range a.GetActions() {
		path := at("actions", i)
		if action.GetMeasure() != "" && ActionMatter(a, action) == "" {
			p.add(path+".measure", "belongs to no matter: name the matter under matter")
		} else if name := ActionMatter(a, action); name != "" {
			p.measureOf(path, name, action.GetMeasure())
		}
		p.event(path+".due", action.GetDue(), p.findMatter(ActionMatter(a, action)))
		p.area(path+".area", action.GetArea(), action.GetCommittees(), a.GetIssued().GetLatest(), a.GetValidFrom())
		p.ofAGroup(path+".scope", a, action)
		p.oneDirection(path, a, action)
	}
}

// ofAGroup refuses an action of a group that neither a position of its letter is for nor one of those that it corrects.
func (p *publishing) ofAGroup(path string, a *v1.Advisory, action *v1.Action) {
	positions := slices.Clone(a.GetPositions())
	for _, e := range CorrectedBy(a, p.standing.Entry) { // whose requests it may correct
		positions = append(positions, e.Advisory.GetPositions()...)
	}
	if len(a.GetAmends()) > 0 && action.GetScope() != "" && !slices.ContainsFunc(positions, isForGroup(action.GetScope())) {
		p.add(path, "no position of this advisory, or of one that it amends, is for the group %s: give one that scope, or leave it out", clip(action.GetScope()))
	}
}

// reaches: on the day of issue, or today where none are recorded of that, an area has something in
// common with a committee's; one of which none are recorded it reaches too, unless it lies within the
// areas of another committee of the letter.
func (p *publishing) reaches(a *v1.Advisory, area *v1.AreaId, committee string) bool {
	own := p.areasOf(a, committee)
	if area == nil || len(own) > 0 {
		return area == nil || slices.ContainsFunc(own, func(o *v1.AreaId) bool { return p.standing.meetIn(area, o, a.GetIssued().GetLatest()) })
	}
	return !slices.ContainsFunc(committeesOf(a), func(other string) bool {
		return slices.ContainsFunc(p.areasOf(a, other), func(o *v1.AreaId) bool { return p.standing.contains(o, area, a.GetIssued().GetLatest()) })
	})
}

// areasOf are the areas of a committee on the day an advisory is issued, or where none are recorded of
// that, today.
func (p *publishing) areasOf(a *v1.Advisory, committee string) []*v1.AreaId {
	if own := p.Register.CommitteeAreas(committee, a.GetIssued().GetLatest()); len(own) > 0 {
		return own
	}
	return p.Register.CommitteeAreas(committee, p.Today)
}

// area checks that an area is in the register, and is there on the first of some days, that of the letter, whose practices
// are meant (domain.md 4.9); and that on one of them it has something in common with the areas of one of the committees,
// where those are recorded of all: else what is said of it would reach nobody.
func (p *publishing) area(path string, area *v1.AreaId, committees []string, days ...string) {
	if area.GetScheme() == "" || area.GetCode() == "" {
		return
	}
	if !p.Register.HasArea(area) {
		p.addKind(ErrUnknownArea, path, "no area %s in the register: it would reach nobody; its areas are those of lmc register show", clip(notation.AreaOf(area).String()))
		return
	}
	if issued := days[0]; notation.IsDay(issued) && p.isNoMore(area, issued) {
		instead := "the area that its practices are in on that day"
		var now []string
		for _, a := range p.Register.InPlaceOf(area, issued) {
			now = append(now, notation.AreaOf(a).String())
		}
		if len(now) > 0 {
			instead = "what took over from it (" + notation.List(now) + "), or the part of that which is meant"
		}
		p.addKind(ErrUnknownArea, path, "by the register there is no %s on %s, the day of the letter: it would reach nobody; write %s, or leave it out", notation.AreaOf(area), DayWords(issued), instead)
		return
	}
	reaches := len(committees) == 0
	for _, committee := range committees {
		recorded := false
		for _, day := range append(days, p.Today) {
			for _, own := range p.Register.CommitteeAreas(committee, day) {
				recorded, reaches = true, reaches || p.standing.meetIn(area, own, day)
			}
		}
		reaches = reaches || !recorded
	}
	if !reaches {
		p.addKind(ErrUnknownArea, path, "%s is no part of the area of %s: it would reach nobody; write an area of theirs, or leave it out; lmc register show --json lists them", notation.AreaOf(area), notation.List(committees))
	}
}

// subject checks what a position is on, where it is for, and what it depends on.
func (p *publishing) subject(path string, position *v1.Position, issued *v1.DayRange, validFrom string) {
	p.area(path+".area", position.GetArea(), position.GetCommittees(), issued.GetLatest(), validFrom)
	for i, c := range position.GetConditions() {
		if c.GetDirection() == v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF && isAgainst(position.GetStance()) {
			p.add(at(path+".conditions", i), "only-if says what must be so to take it up, which of a line that says “%s” reads as its opposite: what would end the line is holds-until, an exception is unless, and for whom alone it is goes under scope", StanceNoun(position.GetStance()))
		}
	}
	if position.GetMatter() != "" {
		p.measureOf(path, position.GetMatter(), position.GetMeasure())
	}
}

// measureOf checks that a matter is known, and a measure of it.
func (p *publishing) measureOf(path, matter, measure string) {
	m := p.findMatter(matter)
	if m == nil {
		problem, remedy := UnknownMatter(strings.TrimPrefix(matter, p.Keeper+"/"), p.KnownMatters, p.MoreMatters)
		if name, err := ParseMatterName(matter); p.MatterNotHere && err == nil && name.Office() != "" && name.Office() != p.Office {
			if measure != "" {
				p.addKind(ErrUnknownMeasure, path+".measure", "%s is not here yet, and neither are its measures: take a line on the whole matter", matter)
			}
			p.notHere(matter, remedy)
			return
		}
		p.addKind(ErrUnknownMatter, path+".matter", "%s: %s", problem, remedy)
		return
	}
	if measure != "" && MeasureOf(m, measure) == nil {
		p.addKind(ErrUnknownMeasure, path+".measure", "%s has no measure %s%s", m.GetName(), clip(measure), didYouMean(measure, append(measureIDs(m), wholeMatter)))
	}
}

// notHere asks to look twice, once, at a matter that has not arrived.
func (p *publishing) notHere(matter, instead string) {
	w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_MATTER_NOT_HERE, Matter: matter, Quote: instead}
	if !slices.ContainsFunc(p.Warnings, func(o *answersv1.Warning) bool { return o.GetCode() == w.Code && o.GetMatter() == matter }) {
		p.warn(w)
	}
}

func (p *publishing) findMatter(name string) *v1.Matter {
	if p.Matters == nil {
		return nil
	}
	return p.Matters(name)
}

// wholeMatter is what people call it when no measure is meant.
const wholeMatter = "the whole matter"

func measureIDs(m *v1.Matter) []string {
	var ids []string
	for _, measure := range m.GetMeasures() {
		ids = append(ids, measure.GetId())
	}
	return ids
}
