package plain

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// byWhen is what the reader has to do and when, soonest first: what is asked by a day that has not
// passed, of whom and where, and the deadlines of what the contract requires. What is due by a
// rule ("at once") has no day to be put in order by, and stands with what is to be done. What is
// asked on measures is among it; what is due at one time stands together.
func byWhen(v *answersv1.CombinedView, asks []request, lines []*answersv1.Line) []string {
	var all []*guidancev1.Deadline
	for _, line := range lines {
		for _, d := range deadlinesOf(v, line) {
			if !binds(line, d) {
				continue
			}
			title := d.GetTitle() + " (" + whoseDate(v, line) + ")"
			if !slices.ContainsFunc(all, func(o *guidancev1.Deadline) bool { return o.GetTitle() == title }) {
				all = append(all, &guidancev1.Deadline{Due: d.GetDue(), Title: title})
			}
		}
	}
	acts := slices.Clip(asks)
	for _, on := range lines {
		for _, act := range asked(on) {
			if on.GetArea() != nil {
				act.of = Joined(", ", "in "+areaOf(on), act.of)
			}
			if !slices.ContainsFunc(acts, func(other request) bool { return proto.Equal(other.Action, act.Action) }) {
				acts = append(acts, act)
			}
		}
	}
	for _, act := range acts {
		if day, _ := guidance.DueMoment(act.GetDue()); day != "" && day >= v.GetAsOf() {
			all = append(all, &guidancev1.Deadline{Due: act.GetDue(), Title: act.inShort(v)})
		}
	}
	slices.SortStableFunc(all, func(a, b *guidancev1.Deadline) int { return guidance.CompareDue(a.GetDue(), b.GetDue()) })
	var words, times []string
	for _, one := range all {
		time := guidance.DueWords(one.GetDue())
		switch i := slices.Index(times, time); {
		case i < 0:
			times, words = append(times, time), append(words, time+": "+one.GetTitle())
		case !strings.Contains(words[i], one.GetTitle()):
			words[i] += "; " + one.GetTitle()
		}
	}
	return words
}

// request is an action with the line that asks it, and to which part of the readers that is said;
// of is empty where it is to all of them.
type request struct {
	*guidancev1.Action
	line *answersv1.Line
	of   string
	also *answersv1.StandingRequest // of another letter than the line's; nil: of that

	group *guidancev1.Scope // whose line asks it, where it does not say so itself
}

// asked are the actions of a line, with those of the groups beside it that are theirs alone, and
// those of the lines for part of the readers that are not asked of all of them.
func asked(line *answersv1.Line) (all []request) {
	by := func(line *answersv1.Line, of string) (asks []request) {
		for _, act := range line.GetActions() {
			asks = append(asks, request{Action: act, line: line, of: of})
		}
		for _, also := range line.GetAlsoAsked() {
			asks = append(asks, request{Action: also.GetAction(), line: line, of: of, also: also})
		}
		return asks
	}
	all = by(line, "")
	add := func(asks []request) {
		for _, act := range asks {
			again := slices.ContainsFunc(all, func(other request) bool {
				return other.letter() == act.letter() && proto.Equal(other.Action, act.Action)
			})
			if !again {
				all = append(all, act)
			}
		}
	}
	for _, group := range line.GetGroups() {
		asks := by(group, "")
		for i := range asks {
			if asks[i].GetScope() == "" { // where it names the group, that stands with it
				asks[i].group = group.GetScope()
			}
		}
		add(asks)
	}
	for _, part := range line.GetPartLines() {
		add(by(part, partWords(part)))
	}
	return all
}

// letter is the entry that asks it.
func (r request) letter() string {
	return cmp.Or(r.also.GetAdvisory(), r.line.GetCurrent().GetAdvisory())
}

// whenAsked is from when a letter that is not the line's asks it, where that is not now.
func (r request) whenAsked() string {
	words := ""
	if from := r.also.GetValidFrom(); from != "" {
		words = "with its line from " + guidance.DayWords(from) + " on"
	}
	if waits := r.also.GetWaitsFor(); waits != "" {
		words = Joined(", ", words, "with a line that waits: "+waits)
	}
	return words
}

// ahead is that, and which letter it is.
func (r request) ahead() string {
	words := r.whenAsked()
	if words != "" {
		words = ", " + words
	}
	if r.also != nil {
		words += " [" + r.also.GetAdvisory() + "]"
	}
	return words
}

// where are the area and the group it is asked of.
func (r request) where(v *answersv1.CombinedView) []string {
	var groups []*guidancev1.Scope
	for _, measure := range v.GetMatter().GetMeasures() {
		groups = append(groups, measure.GetScopes()...)
	}
	if group := r.line.GetScope(); group != nil {
		groups = append(groups, group)
	}
	where := ofWhichPart(v.GetNames(), r.Action, groups)
	if r.group != nil {
		where = append(where, guidance.ScopeWords(r.group))
	}
	return where
}

// inShort is what is asked beside the day it is due by: of whom, where, on what condition, and
// whether it is only what they may do.
func (r request) inShort(v *answersv1.CombinedView) string {
	title := Joined(": ", r.of, guidance.ActionWords(r.Action))
	var marks []string
	if who := guidance.AudiencesWords(r.GetActors()); who != "" && r.of == "" && !slices.Contains(r.GetActors(), v.GetAudience()) {
		marks = append(marks, who)
	}
	marks = append(marks, r.where(v)...)
	if r.GetStrength() == guidancev1.ActionStrength_ACTION_STRENGTH_MAY {
		marks = append(marks, "you may")
	}
	if r.GetCondition() != "" {
		marks = append(marks, r.GetCondition())
	}
	if ahead := r.whenAsked(); ahead != "" {
		marks = append(marks, ahead)
	}
	if len(marks) > 0 {
		title += " (" + strings.Join(marks, ", ") + ")"
	}
	return title
}

// words are what is asked by the reader's own LMC, who, marked with the part of the readers that
// it is asked of.
func (r request) words(who string, v *answersv1.CombinedView) string {
	reader := v.GetAudience()
	if r.of != "" {
		who, reader = cmp.Or(who, "it"), r.line.GetAudience()
	}
	words := Joined(": ", r.of, requestWords(who, r.Action, reader, r.where(v)...)) + r.ahead()
	if day, _ := guidance.DueMoment(r.GetDue()); day != "" && day < v.GetAsOf() {
		words += "; that day has passed"
	}
	return words
}

// partWords are the part of the readers that a line is for: "GP partners".
func partWords(part *answersv1.Line) string {
	for _, st := range append(slices.Clip(part.GetContested()), part.GetCurrent()) {
		if st != nil {
			return guidance.ToWhomWords(st)
		}
	}
	return guidance.AudienceWords(part.GetAudience())
}

// isOfPart: a statement is the line of one of a line's parts of the readers.
func isOfPart(line *answersv1.Line, st *answersv1.Statement) bool {
	return slices.ContainsFunc(line.GetPartLines(), func(part *answersv1.Line) bool {
		return part.GetCurrent().GetAdvisory() == st.GetAdvisory() && proto.Equal(part.GetCurrent().GetPosition(), st.GetPosition())
	})
}

// binds: a deadline of what a line is on has to be met, by the contract of its day or because the
// line says that it is required, and is not only a date of its proposer's.
func binds(line *answersv1.Line, d *guidancev1.Deadline) bool {
	if line.GetState() == answersv1.LineState_LINE_STATE_STATED && line.GetCurrent().GetPosition().GetStance() == guidancev1.Stance_STANCE_REQUIRED {
		return true
	}
	day, _ := guidance.DueMoment(d.GetDue())
	for _, o := range line.GetObligations() {
		if notation.IsWithin(day, o.GetValidFrom(), o.GetValidUntil()) {
			return o.GetObligation() == answersv1.Obligation_OBLIGATION_MUST
		}
	}
	return line.GetObligation() == answersv1.Obligation_OBLIGATION_MUST
}

// whoseDate says that what a line is on is due by a date of its proposer's.
func whoseDate(v *answersv1.CombinedView, line *answersv1.Line) string {
	return cmp.Or(guidance.ProposerOf(v.GetMatter(), line.GetMeasure()).GetName(), "the proposer") + "’s date"
}

// deadlinesOf are the deadlines, by a day that has not passed, of what a line is on (for a line
// on the whole matter, of every measure that it answers too) that are for these readers, for
// some of them, or for all.
func deadlinesOf(v *answersv1.CombinedView, line *answersv1.Line) (all []*guidancev1.Deadline) {
	concerned := func(a guidancev1.Audience) bool {
		return guidance.Contains(a, v.GetAudience()) || guidance.Contains(v.GetAudience(), a)
	}
	for _, measure := range v.GetMatter().GetMeasures() {
		if measure.GetId() != line.GetMeasure() && (line.GetMeasure() != "" || !guidance.SharesProposer(v.GetMatter(), measure.GetId())) {
			continue
		}
		for _, d := range measure.GetDeadlines() {
			day, _ := guidance.DueMoment(d.GetDue())
			if day != "" && day >= v.GetAsOf() && (len(d.GetAddressedTo()) == 0 || slices.ContainsFunc(d.GetAddressedTo(), concerned)) {
				all = append(all, d)
			}
		}
	}
	return all
}
