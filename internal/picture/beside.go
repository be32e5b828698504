package picture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

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
	was, is := besideOf(before, after), besideOf(after, before)
	for _, s := range is {
		if !slices.Contains(was, s) {
			words = append(words, s)
		}
	}
	for _, s := range was {
		if !slices.Contains(is, s) && same && !strings.HasPrefix(s, notInForce) {
			words = append(words, "no longer "+s)
		}
	}
	told := answersLater(before)
	for _, w := range answersLater(after) {
		if s := guidance.AnswersLaterWords(w); !same || !slices.ContainsFunc(told, func(o *answersv1.Warning) bool { return guidance.AnswersLaterWords(o) == s }) {
			words = append(words, s)
		}
	}
	untilWas := askedUntil(before)
	for _, w := range askedUntil(after) {
		if s := untilWords(w); !slices.ContainsFunc(untilWas, func(o *answersv1.Warning) bool { return untilWords(o) == s }) {
			words = append(words, s)
		}
	}
	for _, w := range untilWas { // that it came true is told by what is asked now, and no more
		if s := guidance.AskedAfterAllWords(w, after); s != "" && !slices.Contains(words, s) {
			words = append(words, s)
		}
	}
	for _, s := range guidance.SoonerFirst(before.GetNotYet()) { // that it is in force now is told by itself
		if (same || after.GetState() == answersv1.LineState_LINE_STATE_STATED) && !slices.ContainsFunc(statements(after), sameAs(s)) {
			words = append(words, fmt.Sprintf("no longer ahead: %s from %s (%s, %s)", guidance.SaidNoun(s), guidance.DayWords(s.GetValidFrom()), s.GetAdvisory(), guidance.RangeWords(s.GetIssued())))
		}
	}
	words = append(words, saidOtherwise(before, after)...)
	asked, asks := asksOf(before), asksOf(after)
	for _, one := range asks {
		text := one.textWords(asked)
		isNew := !slices.ContainsFunc(asked, func(o ask) bool { return o.what == one.what && o.whom == one.whom && o.when == one.when })
		if told := one.words() + text; (isNew || text != "") && !slices.Contains(words, told) {
			words = append(words, told)
		}
	}
	for _, one := range asked { // that it is asked from another day on is told by itself
		told, by := "no longer "+one.words(), asks
		if one.when != "" { // or by their own line, which has begun
			by = asksOfAll(after)
		}
		if !slices.ContainsFunc(by, func(o ask) bool { return o.what == one.what && (o.whom == one.whom || one.when != "" && o.when == "") }) && !slices.Contains(words, told) {
			words = append(words, told)
		}
	}
	return words
}

// sameAs: another look has the same position, of the same letter.
func sameAs(s *answersv1.Statement) func(*answersv1.Statement) bool {
	return func(o *answersv1.Statement) bool {
		return o.GetAdvisory() == s.GetAdvisory() && proto.Equal(o.GetPosition(), s.GetPosition())
	}
}

// saidOtherwise is what differs in two answers: of one stance, on what conditions they hold, and until when; and what they say
// of the contract.
func saidOtherwise(before, after *answersv1.Line) (words []string) {
	was, is := before.GetCurrent().GetPosition(), after.GetCurrent().GetPosition()
	if was == nil || is == nil {
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
	if was.GetStance() == is.GetStance() {
		differs("on conditions", guidance.ConditionWords(was), guidance.ConditionWords(is))
		if x, y := cmp.Or(was.GetValidUntil(), untilAnother(before)), cmp.Or(is.GetValidUntil(), untilAnother(after)); x != y {
			words = append(words, "its last day: before "+until(x)+", now "+until(y))
		}
	}
	differs("of the contract it says", guidance.EffectsWords(before.GetEffects(), ""), guidance.EffectsWords(after.GetEffects(), ""))
	return words
}

// answersLater is what answers once temporary advice is over.
func answersLater(line *answersv1.Line) []*answersv1.Warning {
	return slices.DeleteFunc(slices.Clone(line.GetWarnings()), func(w *answersv1.Warning) bool { return guidance.AnswersLaterWords(w) == "" })
}

// untilAnother is the last day on which a line answers, where what temporary advice stops does from the next on; empty: it does not.
func untilAnother(line *answersv1.Line) string {
	for _, w := range answersLater(line) {
		if len(w.GetAudiences()) == 0 && w.GetArea() == nil {
			return notation.DayBefore(w.GetFrom())
		}
	}
	return ""
}

// ask is something that a line's letter asks, or one beside it: how strongly, what and of whom, as it says that itself; of
// whom of these it is not asked, which their own lines tell; and with which line, where that does not hold yet.
type ask struct {
	what      string
	whom, not string
	but       string // whom, but for those by name who are not asked; empty: as whom
	when      string
	text, by  string // to send with it; the letter that asks
	action    *guidancev1.Action
}

func (a ask) words() string {
	words := a.what
	if of := notation.Joined(", ", cmp.Or(a.but, a.whom), a.not, a.when); of != "" {
		words += " (" + of + ")"
	}
	return words
}

// asksOf is what a line's letter asks, and the letters beside it, or ask again from a day ahead on.
func asksOf(line *answersv1.Line) (asks []ask) {
	for _, of := range slices.Concat(requestsOf(line), line.GetAskedAgain()) {
		unknownTo := func(a guidancev1.Audience) bool { return !guidance.Related(a, line.GetAudience()) }
		if guidance.IsOfOthers(of.GetAction(), []guidancev1.Audience{line.GetAudience()}) && !slices.ContainsFunc(of.GetAction().GetActors(), unknownTo) {
			continue // of managers alone: their own line tells it, and not that of partners
		}
		none, not := notOf(line, of)
		how := cmp.Or(guidance.StrengthWords(of.GetAction().GetStrength()), "asks, how strongly is not known here")
		one := ask{
			what: how + ": " + whatAsked(of.GetAction()), whom: ofWhom(line, of, nil), not: not, when: guidance.WhenAskedWords(of),
			text: guidance.TextOf(of.GetAction()), by: of.GetAdvisory(), action: of.GetAction(),
		}
		if none != nil {
			one.but = ofWhom(line, of, none)
		}
		if !slices.ContainsFunc(asks, one.isSame) {
			asks = append(asks, one)
		}
	}
	return asks
}

// isSame: two ask the same in the same way, with the same text, whatever letters they stand in.
func (a ask) isSame(o ask) bool {
	return a.what == o.what && a.whom == o.whom && a.not == o.not && a.but == o.but && a.when == o.when && a.text == o.text
}

// isForSame: two ask for the same thing, of the same, on the same, by whatever day.
func (a ask) isForSame(o ask) bool {
	return a.whom == o.whom && a.action.GetMeasure() == o.action.GetMeasure() && guidance.AsksSameWords(a.action, o.action)
}

// textWords says that what was asked before is asked with another text, and by which letter; empty: it is
// asked with a text that it had, or was not asked.
func (a ask) textWords(asked []ask) string {
	was := slices.DeleteFunc(slices.Clone(asked), func(o ask) bool { return !a.isForSame(o) })
	if then := slices.DeleteFunc(slices.Clone(was), func(o ask) bool { return o.when != a.when }); len(then) > 0 {
		was = then
	}
	switch hadText := slices.ContainsFunc(was, func(o ask) bool { return o.text != "" }); {
	case len(was) == 0, slices.ContainsFunc(was, func(o ask) bool { return o.text == a.text }):
		return ""
	case a.text == "":
		return ", without its text now (" + a.by + ")"
	case !hadText:
		return ", with a text now (" + a.by + ")"
	}
	return ", with another text now (" + a.by + ")"
}

// otherTexts are the requests of two lines of which the text is another: those for the same thing with them.
func otherTexts(before, after *answersv1.Line) (of []ask) {
	asked, asks := asksOf(before), asksOf(after)
	for _, one := range asks {
		if one.textWords(asked) != "" {
			of = append(of, one)
		}
	}
	return of
}

// whatAsked is what an action asks, by when and on what condition.
func whatAsked(action *guidancev1.Action) string {
	return notation.Joined(", ", guidance.ActionWords(action), guidance.DueWords(action.GetDue()), action.GetCondition())
}

// requestsOf are what a line's letter asks, which stands with the line, and what those beside it do.
func requestsOf(line *answersv1.Line) (all []*answersv1.StandingRequest) {
	for _, action := range line.GetActions() {
		all = append(all, &answersv1.StandingRequest{Action: action, Advisory: line.GetCurrent().GetAdvisory(), ValidUntil: line.GetCurrent().GetPosition().GetValidUntil()})
	}
	return append(all, line.GetAlsoAsked()...)
}

// notOf are those of a line's readers who have a line of their own, with which what all are asked is not
// asked of them: groups, part of the readers, and part of those of a group or in part of the area. none are
// those it is asked of by name and, by that, is not; but not who is among others whom it names.
func notOf(line *answersv1.Line, asked *answersv1.StandingRequest) (none []guidancev1.Audience, words string) {
	action := asked.GetAction()
	notAsked := func(of *answersv1.Line) bool {
		asks := func(of *answersv1.StandingRequest) bool {
			return whatAsked(of.GetAction()) == whatAsked(action) && guidance.IsNoWeaker(of.GetAction(), action)
		}
		return !slices.ContainsFunc(requestsOf(of), asks) && (asked.GetAgainFrom() == "" || !slices.ContainsFunc(of.GetAskedAgain(), asks))
	}
	isTo := func(of guidancev1.Audience) bool {
		return len(action.GetActors()) == 0 || slices.ContainsFunc(action.GetActors(), func(a guidancev1.Audience) bool {
			return guidance.Contains(a, of) || guidance.Contains(of, a)
		})
	}
	var not []string
	wholly := map[string]bool{} // groups of which nobody is asked it
	for _, group := range line.GetGroups() {
		if action.GetScope() == "" && notAsked(group) {
			not = append(not, "not "+guidance.ScopeWords(group.GetScope()))
			wholly[group.GetScope().GetId()] = true
		}
	}
	for _, part := range line.GetPartLines() {
		ofGroup := part.GetScope().GetId() != "" && part.GetScope().GetId() != line.GetScope().GetId()
		if !notAsked(part) || ofGroup && (action.GetScope() != "" || wholly[part.GetScope().GetId()]) {
			continue
		}
		area := part.GetArea()
		inPart := area != nil && notation.AreaOf(area) != notation.AreaOf(line.GetArea())
		of := part.GetAudience()
		if !isTo(of) {
			continue
		}
		among := func(a guidancev1.Audience) bool { return a != of && guidance.Contains(a, of) }
		if !ofGroup && !inPart && slices.Contains(action.GetActors(), of) && len(none)+1 < len(action.GetActors()) && !slices.ContainsFunc(action.GetActors(), among) {
			none = append(none, of)
			continue
		}
		words := "not " + guidance.AudienceWords(of)
		if ofGroup {
			words += " for " + guidance.ScopeWords(part.GetScope())
		}
		if inPart {
			words += " in " + guidance.AreaWords(area, part.GetAreaName())
		}
		if !slices.Contains(not, words) {
			not = append(not, words)
		}
	}
	return none, strings.Join(not, ", ")
}

// ofWhom are the readers, the area and the group that an action of a line names, where the line does not;
// of another letter's by the names that come with it. Some readers are left out.
func ofWhom(line *answersv1.Line, of *answersv1.StandingRequest, none []guidancev1.Audience) string {
	var words []string
	action := of.GetAction()
	if !slices.Contains(action.GetActors(), line.GetAudience()) {
		words = append(words, guidance.AudiencesWords(slices.DeleteFunc(slices.Clone(action.GetActors()), func(a guidancev1.Audience) bool { return slices.Contains(none, a) })))
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
	case group.Id != "" && group.Id != line.GetScope().GetId():
		words = append(words, "for "+guidance.ScopeWords(group))
	}
	return notation.Joined(", ", words...)
}

// notInForce begins what is told of a line that holds from a day ahead.
const notInForce = "not in force yet"

// askedUntil is what a line asks and will ask no more before it is due, or by another day.
func askedUntil(line *answersv1.Line) []*answersv1.Warning {
	return slices.DeleteFunc(slices.Clone(line.GetWarnings()), func(w *answersv1.Warning) bool {
		return w.GetCode() != answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL
	})
}

func untilWords(w *answersv1.Warning) string { return strings.TrimSuffix(w.GetWords(), ".") }

// besideOf is on which day ahead a line ends, and what stands beside it, a phrase each; not what is said to others by what
// answered, or answers, its own readers at another look: it was said to these others then too.
func besideOf(line, otherwise *answersv1.Line) (words []string) {
	for _, w := range line.GetWarnings() {
		if ends := guidance.EndsLaterWords(w); ends != "" {
			words = append(words, ends)
		}
	}
	for _, shown := range listsOf(line) {
		if shown.words == "" {
			continue
		}
		said := shown.statements
		if shown.name == "not-yet" {
			said = guidance.SoonerFirst(said)
		}
		for _, s := range said {
			lead, whom := shown.words, guidance.ToOthersWords(line, s)
			switch shown.name {
			case "unknown-area", "former-area":
				whom = guidance.ToWhom(line, s)
			case "not-yet": // whose day stands behind it, and which one that merged since said it is no news
				if own := proto.CloneOf(s); whom != "" {
					own.Predecessor, own.PredecessorName = "", ""
					whom, _ = guidance.WhomAndWhen(line, own)
					whom = cmp.Or(guidance.AheadTo(line, own), whom)
				}
			case "said-to-others":
				whom = ""
				isToReaders := func(a guidancev1.Audience) bool { return guidance.Related(a, line.GetAudience()) }
				if slices.ContainsFunc(guidance.SaidTo(s), isToReaders) || slices.ContainsFunc(answering(otherwise), sameAs(s)) {
					continue
				}
				lead = "said to " + guidance.ToWhomWords(s)
			}
			if whom != "" {
				lead += " " + whom
			}
			if shown.name == "not-yet" {
				lead += ", from " + guidance.DayWords(s.GetValidFrom())
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
