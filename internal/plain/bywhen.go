package plain

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// byWhen is what the reader has to do and when, soonest first: what is asked by a day that has not
// passed, and the deadlines of what the line is on. What is due by a
// rule ("at once") has no day to be put in order by, and stands with what is to be done. What is
// asked on measures is among it; what is due at one time stands together.
func byWhen(v *answersv1.CombinedView, line *answersv1.Line, asks []request, measures []*answersv1.Line) []string {
	all := deadlinesOf(v, line)
	acts := slices.Clip(asks)
	for _, on := range measures {
		for _, act := range asked(on) {
			if !slices.ContainsFunc(acts, func(other request) bool { return proto.Equal(other.Action, act.Action) }) {
				acts = append(acts, act)
			}
		}
	}
	for _, act := range acts {
		if day, _ := guidance.DueMoment(act.GetDue()); day != "" && day >= v.GetAsOf() {
			title := Joined(": ", act.of, guidance.ActionWords(act.Action))
			if who := guidance.AudiencesWords(act.GetActors()); who != "" && act.of == "" && !slices.Contains(act.GetActors(), v.GetAudience()) {
				title += " (" + who + ")"
			}
			all = append(all, &guidancev1.Deadline{Due: act.GetDue(), Title: title})
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
}

// asked are the actions of a line, with those of the groups beside it that are theirs alone, and
// those of the lines for part of the readers that are not asked of all of them.
func asked(line *answersv1.Line) (all []request) {
	for _, act := range line.GetActions() {
		all = append(all, request{act, line, ""})
	}
	for _, group := range line.GetGroups() {
		for _, act := range group.GetActions() {
			if act.GetScope() == group.GetScope().GetId() {
				all = append(all, request{act, group, ""})
			}
		}
	}
	for _, part := range line.GetPartLines() {
		for _, act := range part.GetActions() {
			again := slices.ContainsFunc(all, func(other request) bool {
				return other.line.GetCurrent().GetAdvisory() == part.GetCurrent().GetAdvisory() && proto.Equal(other.Action, act)
			})
			if !again {
				all = append(all, request{act, part, partWords(part)})
			}
		}
	}
	return all
}

// letter is the entry that asks it.
func (r request) letter() string { return r.line.GetCurrent().GetAdvisory() }

// words are what is asked by the reader's own LMC, who, marked with the part of the readers that
// it is asked of.
func (r request) words(who string, v *answersv1.CombinedView) string {
	reader := v.GetAudience()
	var groups []*guidancev1.Scope
	for _, measure := range v.GetMatter().GetMeasures() {
		groups = append(groups, measure.GetScopes()...)
	}
	if group := r.line.GetScope(); group != nil {
		groups = append(groups, group)
	}
	if r.of != "" {
		who, reader = cmp.Or(who, "it"), r.line.GetAudience()
	}
	words := Joined(": ", r.of, requestWords(who, r.Action, reader, ofWhichPart(v.GetNames(), r.Action, groups)...))
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
