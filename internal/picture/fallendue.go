package picture

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// fallenDue is what fell due after the earlier day and up to the later: what the matter sets, and
// what was asked by letters that stood on the day it fell due, each once.
func (l *looks) fallenDue(wanted func(Committee) bool) (all []*answersv1.Change) {
	r := l.now
	told := map[string]bool{}
	day := func(due *guidancev1.Due) string {
		if day, _ := guidance.DueMoment(due); l.then.in.AsOf < day && day <= r.in.AsOf {
			return day
		}
		return ""
	}
	add := func(c *answersv1.Change, of string) {
		c.Kind, c.Matter = answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE, r.in.Matter.GetName()
		c.Words = fmt.Sprintf("Fell due: %s: %s", guidance.DueWords(c.Due), c.Title)
		by := []string{of, guidance.ScopeWords(c.Scope), "", guidance.MeasureOf(r.in.Matter, c.Measure).GetTitle()}
		if c.Area != nil {
			by[2] = "in " + guidance.AreaWords(c.Area, r.in.Register.AreaName(c.Area))
		}
		if c.Entry != "" {
			by[3] = c.CommitteeName + ", " + c.Entry
		}
		if by := notation.Joined(", ", by...); by != "" {
			c.Words += " (" + by + ")"
		}
		if c.Words += "."; !told[c.Words] {
			told[c.Words] = true
			all = append(all, c)
		}
	}
	for _, m := range r.in.Matter.GetMeasures() {
		was := guidance.MeasureOf(l.then.in.Matter, m.GetId()).GetDeadlines()
		for _, d := range m.GetDeadlines() {
			here := r.in.Measure == "" && !r.in.Whole || r.in.Measure == m.GetId()
			if here && (day(d.GetDue()) != "" || l.knownSince(d, was)) {
				add(&answersv1.Change{Measure: m.GetId(), Due: d.GetDue(), Title: d.GetTitle(), AddressedTo: d.GetAddressedTo()},
					guidance.WhoseDate(r.in.Matter, m.GetId())+guidance.DateFor(r.in.Matter, m.GetId(), d))
			}
		}
	}
	for _, c := range r.committees {
		if !wanted(c) || !r.concerns(c) {
			continue
		}
		var questions []question // all there are of the committee
		for _, e := range l.entriesOf(c.GetId()) {
			for _, act := range guidance.Actions(e.Advisory) {
				if day := day(act.GetDue()); day != "" {
					if questions == nil {
						for _, measure := range r.measures() {
							_, on := l.questions(c.GetId(), measure)
							questions = append(questions, on...)
						}
					}
					if line := l.askedBy(c, questions, e, act, day); line != nil {
						add(&answersv1.Change{
							Committee: c.GetId(), CommitteeName: displayName(c), CommitteeKind: c.GetKind(), Measure: line.GetMeasure(), After: withoutTexts(line), Scope: line.GetScope(), Area: cmp.Or(act.GetArea(), line.GetArea()),
							Entry: e.ID, Issued: e.Issued(), Due: act.GetDue(), Title: guidance.ActionWords(act), AddressedTo: act.GetActors(),
						}, guidance.AudiencesWords(act.GetActors()))
					}
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *answersv1.Change) int { return guidance.CompareDue(a.Due, b.Due) })
	return all
}

// knownSince: a deadline had no day at the earlier look, or was not there, and has one now that has
// passed: whoever looks daily was never told of it.
func (l *looks) knownSince(d *guidancev1.Deadline, was []*guidancev1.Deadline) bool {
	now, _ := guidance.DueMoment(d.GetDue())
	i := slices.IndexFunc(was, func(o *guidancev1.Deadline) bool { return o.GetTitle() == d.GetTitle() })
	then := ""
	if i >= 0 {
		then, _ = guidance.DueMoment(was[i].GetDue())
	}
	return now != "" && now <= l.now.in.AsOf && then == "" && l.then.in.Matter != nil
}

// askedBy is the line with which a letter asked for something on the day it fell due; nil: none
// that stood did.
func (l *looks) askedBy(c Committee, questions []question, e guidance.Entry, act *guidancev1.Action, day string) *answersv1.Line {
	for _, q := range questions {
		ask := l.now.asking(c, q)
		ask.AsOf = day
		line := pick(l.now.resolve(ask), q.area, l.now.in.Area)
		also := func(of *answersv1.StandingRequest) bool { return of.GetAdvisory() == e.ID && of.GetAction() == act }
		if line.GetCurrent().GetAdvisory() == e.ID && slices.Contains(line.GetActions(), act) || slices.ContainsFunc(line.GetAlsoAsked(), also) {
			return line
		}
	}
	return nil
}
