package plain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What a page says of what is asked (requests.go): in a row of its day, and among what is to do.

// holds are on what condition it is asked, with which line that does not hold yet, and when all that asks it ends before
// it is due, or of which groups or part of the readers it does, or it is asked by another day.
func (r *request) holds() []string {
	holds := []string{r.GetCondition(), guidance.WhenAskedWords(r.also), guidance.EndsWords(r.ends())}
	goesOn := r.whomBy(func(o asking) bool { return o.ends() == "" })
	for _, one := range r.by {
		if day := one.ends(); day != "" && holds[2] == "" {
			w := r.whomBy(func(o asking) bool { return o.ends() == day })
			link := " for "
			if w.all || strings.HasPrefix(w.lead(), "in ") {
				link = ", "
			}
			words := notation.Joined(link, guidance.EndsWords(day), notation.Joined(", ", append([]string{w.lead()}, w.marks()...)...))
			if !goesOn.covers(w) && !slices.Contains(holds, words) { // on another measure it is asked of them on
				holds = append(holds, words)
			}
		}
		for _, of := range guidance.TurnsAhead(one.line, one.letter(), one.Action) {
			isIt := func(o guidance.Turn) bool { return o.Words == of.Words }
			toThem := func(to guidancev1.Audience) bool {
				return len(of.Of) == 0 || slices.ContainsFunc(of.Of, func(a guidancev1.Audience) bool { return guidance.Contains(to, a) || guidance.Contains(a, to) })
			}
			elsewhere := func(o asking) bool { // it goes on by that, for those of whom it is
				here := o.line.GetArea() == nil || notation.AreaOf(o.line.GetArea()) == notation.AreaOf(one.line.GetArea())
				return o.topic != one.topic && o.ends() == "" && here && (o.to == nil || slices.ContainsFunc(o.to, toThem)) && !slices.ContainsFunc(r.by, func(there asking) bool {
					endsForThem := there.ends() != "" && slices.Equal(there.to, of.Of) // by a line of their own there
					return there.topic == o.topic && (endsForThem || slices.ContainsFunc(guidance.TurnsAhead(there.line, there.letter(), there.Action), isIt))
				})
			}
			if !slices.ContainsFunc(r.by, elsewhere) && !slices.Contains(holds, of.Words) {
				holds = append(holds, of.Words)
			}
		}
	}
	return holds
}

// reader is to whom need not be said that it is asked of them: who reads the page, or those by
// name of whom alone it is asked.
func (r *request) reader(v *answersv1.CombinedView) guidancev1.Audience {
	for _, actor := range r.GetActors() {
		ofThem := func(of asking) bool { return slices.Contains(of.to, actor) }
		if r.whom.lead() != "" && slices.ContainsFunc(r.by, ofThem) {
			return actor
		}
	}
	return v.GetAudience()
}

// marks are of whom it is asked by name, and where of some who ask it.
func (r *request) marks(v *answersv1.CombinedView, of whom) (marks []string) {
	if !slices.Contains(r.GetActors(), r.reader(v)) {
		marks = append(marks, guidance.AudiencesWords(r.GetActors()))
	}
	return append(marks, r.whereOf(v, of)...)
}

// entry is what is asked beside the day it is due by: of whom, where, on what condition, and
// whether it is only what they may do.
func (r *request) entry(v *answersv1.CombinedView) entry {
	marks := r.marks(v, r.whom)
	if r.who != "" { // which leads it, with how strongly
		lead := notation.Joined(", ", strengthWords(r.who, r.Action), r.whom.lead())
		return entry{due: r.GetDue(), lead: lead, on: r.on, what: guidance.ActionWords(r.Action), of: marks, holds: r.holds(), national: true}
	}
	return entry{due: r.GetDue(), lead: r.whom.lead(), on: r.on, what: guidance.ActionWords(r.Action), of: marks, strength: r.GetStrength(), holds: r.holds()}
}

// textWords are the text that one letter has for it: of whom that asks it, and to whom it is written.
func (r *request) textWords(v *answersv1.CombinedView, one asking) string {
	whom := r.whomBy(func(other asking) bool { return other.letter() == one.letter() })
	text := "the text for “" + guidance.ActionWords(r.Action) + "”"
	if of := notation.Joined(", ", append(r.marks(v, whom), guidance.WhenAskedWords(one.also))...); of != "" {
		text += " (" + of + ")"
	}
	return notation.Joined(", to ", notation.Joined(": ", whom.lead(), onMeasures(v.GetMatter(), r.on), text), guidance.AudiencesWords(one.GetTemplateFor()))
}

// words are what is asked by the reader's own LMC, who, and of whom.
func (r *request) words(who string, v *answersv1.CombinedView) string {
	if r.whom.lead() != "" {
		who = cmp.Or(who, "it")
	}
	return notation.Joined(": ", r.place(v), strengthWords(who, r.Action), r.what(v))
}

// toDo are rows of what is asked by who. Where room is short, what they ask as strongly of the same stands in one, and
// marks that there is a text to send with it.
func toDo(v *answersv1.CombinedView, who string, asks []request, how viewing) (rows []string) {
	type row struct{ lead, what, letter string }
	var all []row
	for _, act := range asks {
		one := row{lead: notation.Joined(": ", act.place(v), strengthWords(who, act.Action)), what: act.what(v)}
		if act.who != "" {
			one.what = notation.Joined(", ", append([]string{one.what}, act.holds()[2:]...)...)
			if stands := how.tight && act.letter() == v.GetNational().GetHeadline().GetCurrent().GetAdvisory(); act.letters() == nil && !stands {
				one.letter = " [" + act.letter() + "]"
			}
		}
		if how.tight && act.hasText() {
			one.what += act.textMark(viewing{})
		}
		i := slices.IndexFunc(all, func(o row) bool { return o.lead == one.lead && o.letter == one.letter })
		if i >= 0 && how.tight {
			all[i].what += "; " + one.what
		} else {
			all = append(all, one)
		}
	}
	for _, one := range all {
		rows = append(rows, one.lead+": "+one.what+one.letter)
	}
	return rows
}

// place is for whom alone it is asked, and on which measures; empty: that is plain from where it stands.
func (r *request) place(v *answersv1.CombinedView) string {
	return notation.Joined(": ", r.whom.lead(), onMeasures(v.GetMatter(), r.on))
}

// what is what is asked, by when, of whom, and by which letter where that is not the line's.
func (r *request) what(v *answersv1.CombinedView) string {
	words := notation.Joined(", ", actionWords(r.Action, r.reader(v), r.where(v)...), guidance.WhenAskedWords(r.also))
	if letters := r.letters(); letters != nil {
		words += " [" + strings.Join(letters, ", ") + "]"
	}
	if r.isPast(v) {
		words += "; that day has passed"
	}
	return words
}
