package guidance

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Which lines of its letter an action stands with, and so ends with (domain.md 2, Action).

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
	toSome := len(sharedAudiences(readers, position.GetAudiences())) > 0
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
	return !takes(a, func(own *v1.Position) bool {
		return len(sharedAudiences(readers, own.GetAudiences())) > 0 && p.meetIn(own.GetArea(), action.GetArea(), a.GetIssued().GetLatest()) && p.standsWith(m, a, action, own, committee)
	})
}

// takes: a letter takes such a position, of those that say anything (domain.md 4.1).
func takes(a *v1.Advisory, such func(*v1.Position) bool) bool {
	return slices.ContainsFunc(Positions(a), func(own *v1.Position) bool {
		return such(own) && meaningful(&assertion{position: own, from: validFrom(a)})
	})
}

// pointsOtherWay: on just what an action names, its letter takes a line of another direction than a position, for all
// whom it asks: on the whole matter or the measure, for the group or in general, and where it is.
func (p *Prepared) pointsOtherWay(a *v1.Advisory, action *v1.Action, position *v1.Position, committee string) bool {
	return takes(a, func(own *v1.Position) bool {
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
	readers, place := AdvisedAmong(action.GetActors()), action.GetArea()
	if len(readers) == 0 {
		readers = position.GetAudiences()
	}
	if place == nil {
		place = position.GetArea() // of what it names, only those there would be asked it with that
	}
	forAll := func(line *v1.Position) bool {
		return within(place, line.GetArea()) && reachesAll(line.GetAudiences(), readers) && slices.Contains(line.GetCommittees(), committee)
	}
	byName := func(line *v1.Position) bool {
		return !slices.ContainsFunc(readers, func(r v1.Audience) bool { return !slices.Contains(line.GetAudiences(), r) })
	}
	return forAll(position) && takes(a, func(own *v1.Position) bool {
		return own != position && own.GetMatter() == position.GetMatter() && own.GetMeasure() == position.GetMeasure() && own.GetScope().GetId() == position.GetScope().GetId() &&
			forAll(own) && (IsMention(position) || !IsMention(own)) && cmp.Or(
			cmp.Compare(len(own.GetCommittees()), len(position.GetCommittees())),
			compareBool(within(position.GetArea(), own.GetArea()), within(own.GetArea(), position.GetArea())),
			compareBool(byName(position), byName(own)),
			cmp.Compare(slices.Index(a.GetPositions(), own), slices.Index(a.GetPositions(), position))) < 0
	})
}

// oneDirection refuses an action that would stand with two lines of opposite directions on
// one thing: whoever reads "refuse" must not be asked what goes with "support". A line on the
// whole matter is one on each measure that it answers, for the committees that have none there.
func (p *publishing) oneDirection(path string, a *v1.Advisory, action *v1.Action) {
	var with []*v1.Position
	for _, position := range a.GetPositions() {
		readers := len(sharedAudiences(action.GetActors(), position.GetAudiences())) > 0
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
			if action.GetMeasure() == "" && len(union(a.GetPositions(), func(p *v1.Position) []string { return []string{p.GetMeasure()} })) > 1 {
				general += ", or on which one measure, under on"
			}
			elsewhere := ""
			if (x.GetArea() == nil) != (y.GetArea() == nil) { // no area is all but one
				elsewhere = "; where it is of all but the one area, publish the line for all with it first, and amend that for the area in a second letter"
			}
			p.add(path, "“%s” would stand with %s and with %s, on %s: say whose it is, under for, area or scope%s, or write two actions (lmc register show has the ids of committees and areas)%s",
				clip(strings.TrimSpace(action.GetVerb()+" "+action.GetObject())), line(y), line(x), cmp.Or(measure, wholeMatter), general, elsewhere)
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
