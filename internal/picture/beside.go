package picture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// BesideWords is what came to stand beside a line, and, where the line is the same, what no
// longer does, and what is asked now, or no more, a phrase each. What answers other questions is not among them: those of part of
// the readers, of groups and of other parts are asked by themselves.
func BesideWords(before, after *answersv1.Line) (words []string) {
	same := sameAnswer(before, after)
	was, is := besideOf(before), besideOf(after)
	for _, s := range is {
		if !slices.Contains(was, s) {
			words = append(words, s)
		}
	}
	for _, s := range was {
		if !slices.Contains(is, s) && same && !strings.HasPrefix(s, "not in force yet") { // that it is now is told by itself
			words = append(words, "no longer "+s)
		}
	}
	words = append(words, saidOtherwise(before, after)...)
	asked, asks := asksOf(before), asksOf(after)
	for _, s := range asks {
		if !slices.Contains(asked, s) {
			words = append(words, s)
		}
	}
	for _, s := range asked {
		if !slices.Contains(asks, s) {
			words = append(words, "no longer "+s)
		}
	}
	return words
}

// saidOtherwise is what differs in two answers of one stance: on what conditions they hold, until
// when, and what they say of the contract.
func saidOtherwise(before, after *answersv1.Line) (words []string) {
	was, is := before.GetCurrent().GetPosition(), after.GetCurrent().GetPosition()
	if was == nil || is == nil || was.GetStance() != is.GetStance() {
		return nil
	}
	quoted := func(said string) string {
		if said == "" {
			return "nothing"
		}
		return "“" + strings.TrimSuffix(said, ".") + "”"
	}
	differs := func(of, was, is string) {
		if was != is {
			words = append(words, of+": before "+quoted(was)+", now "+quoted(is))
		}
	}
	until := func(day string) string {
		if day == "" {
			return "open"
		}
		return guidance.DayWords(day)
	}
	differs("on conditions", guidance.ConditionWords(was), guidance.ConditionWords(is))
	if x, y := was.GetValidUntil(), is.GetValidUntil(); x != y {
		words = append(words, "its last day: before "+until(x)+", now "+until(y))
	}
	differs("of the contract it says", guidance.EffectsWords(before.GetEffects(), ""), guidance.EffectsWords(after.GetEffects(), ""))
	return words
}

// asksOf is what a line's letter asks, and the letters beside it.
func asksOf(line *answersv1.Line) (words []string) {
	add := func(action *guidancev1.Action, of *answersv1.StandingRequest) {
		ask := "asks: " + guidance.ActionWords(action)
		if due := guidance.DueWords(action.GetDue()); due != "" {
			ask += ", " + due
		}
		if whom := ofWhom(line, action, of); whom != "" {
			ask += " (" + whom + ")"
		}
		if !slices.Contains(words, ask) {
			words = append(words, ask)
		}
	}
	for _, action := range line.GetActions() {
		add(action, nil)
	}
	for _, also := range line.GetAlsoAsked() {
		add(also.GetAction(), also)
	}
	return words
}

// ofWhom are the readers, the area and the group that an action of a line names, where the line does not;
// of another letter's by the names that come with it.
func ofWhom(line *answersv1.Line, action *guidancev1.Action, of *answersv1.StandingRequest) string {
	var words []string
	if !slices.Contains(action.GetActors(), line.GetAudience()) {
		words = append(words, guidance.AudiencesWords(action.GetActors()))
	}
	area, group := of.GetAreaName(), cmp.Or(of.GetScope(), &guidancev1.Scope{Id: action.GetScope()})
	for _, s := range statements(line) {
		if notation.AreaOf(s.GetPosition().GetArea()) == notation.AreaOf(action.GetArea()) {
			area = cmp.Or(area, s.GetAreaName())
		}
		if of := s.GetPosition().GetScope(); of.GetId() == group.Id && group.Words == "" && of.GetWords() != "" {
			group = of
		}
	}
	if action.GetArea() != nil && notation.AreaOf(action.GetArea()) != notation.AreaOf(line.GetArea()) {
		words = append(words, "in "+guidance.AreaWords(action.GetArea(), area))
	}
	switch {
	case group.Id == guidance.GeneralScope:
		words = append(words, "whoever is in no group")
	case group.Id != line.GetScope().GetId():
		words = append(words, "for "+guidance.ScopeWords(group))
	}
	return strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), ", ")
}

func besideOf(line *answersv1.Line) (words []string) {
	for _, shown := range listsOf(line) {
		if shown.words == "" {
			continue
		}
		for _, s := range shown.statements {
			lead, whom := shown.words, guidance.ToOthersWords(line, s)
			switch shown.name {
			case "unknown-area", "former-area":
				whom = guidance.ToWhom(line, s)
			case "said-to-others":
				whom = ""
				if slices.ContainsFunc(s.GetPosition().GetAudiences(), func(a guidancev1.Audience) bool { return guidance.Related(a, line.GetAudience()) }) {
					continue
				}
				lead = "said to " + guidance.ToWhomWords(s)
			}
			if whom != "" {
				lead += " " + whom
			}
			noun := guidance.SaidNoun(s)
			if strings.HasPrefix(shown.name, "reported-") { // which the lead says
				lead, noun = lead+guidance.ReportedBy(s), guidance.PositionNoun(s.GetPosition())+guidance.TermsWords(s.GetPosition())
			}
			words = append(words, fmt.Sprintf("%s: %s (%s, %s)", lead, noun, s.GetAdvisory(), guidance.RangeWords(s.GetIssued())))
		}
	}
	return words
}
