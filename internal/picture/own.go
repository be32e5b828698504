package picture

import (
	"context"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// OwnView is the combined view of the reader's own committees and the national one alone, by the same
// rule and in the same words: what a reader of many matters acts on. The national one has its line on
// each measure it speaks on, as own committees have. What others say is left out, and that there may
// be nothing is not said.
func OwnView(ctx context.Context, in Input) (*answersv1.CombinedView, error) {
	r := newResolver(ctx, in)
	r.ownAlone = true
	view, _, err := r.combined()
	return view, err
}

// ConcernsPractices: the reader's committees or the national one have said something of what a view is
// of; or it is near, which is to say opened for these readers among others, and a measure of it is for
// practices, or for somebody in one.
func ConcernsPractices(view *answersv1.CombinedView, near bool) bool {
	measures := view.GetMatter().GetMeasures()
	if view.GetWords() != "" || near && (len(measures) == 0 || slices.ContainsFunc(measures, func(m *guidancev1.Measure) bool { return ForPractices(m.GetAddressedTo()) })) {
		return true
	}
	return slices.ContainsFunc(append(slices.Clip(view.GetCommittees()), view.GetNational()), func(c *answersv1.CommitteeView) bool {
		return len(c.GetParts())+len(c.GetMeasures()) > 0 || Says(c)
	})
}

// ForPractices: what is addressed so is for practices, or for somebody in one; to nobody by name is for all.
func ForPractices(to []guidancev1.Audience) bool {
	const practices = guidancev1.Audience_AUDIENCE_PRACTICES
	return len(to) == 0 || slices.ContainsFunc(to, func(a guidancev1.Audience) bool { return guidance.Contains(practices, a) })
}

// DueDay is the soonest day, on the day of a view or later, by which the reader's committees, or the national one, ask
// something of practices, or that the matter sets for them; empty: none is known. It says what to
// look at first, and not that anybody is bound.
func DueDay(view *answersv1.CombinedView) (soonest string) {
	add := func(due *guidancev1.Due, to []guidancev1.Audience) {
		day, _ := guidance.DueMoment(due)
		if day >= view.GetAsOf() && ForPractices(to) && (soonest == "" || day < soonest) {
			soonest = day
		}
	}
	for _, m := range view.GetMatter().GetMeasures() {
		for _, d := range m.GetDeadlines() {
			to := d.GetAddressedTo()
			if len(to) == 0 {
				to = m.GetAddressedTo()
			}
			add(d.GetDue(), to)
		}
	}
	for _, c := range append(slices.Clip(view.GetCommittees()), view.GetNational()) {
		for _, of := range askedIn(viewRows(c)) {
			add(of.GetAction().GetDue(), of.GetAction().GetActors())
		}
	}
	return soonest
}

// Insists: the reader's committees insist on something of practices whose day has not passed, or a practice must do
// something, or would be in breach, by how they read the contract.
func Insists(view *answersv1.CombinedView) bool {
	must := func(of asked) bool {
		act := of.GetAction()
		day, _ := guidance.DueMoment(act.GetDue())
		return of.GetAgainFrom() == "" && act.GetStrength() == guidancev1.ActionStrength_ACTION_STRENGTH_MUST && ForPractices(act.GetActors()) && (day == "" || day >= view.GetAsOf())
	}
	duty := func(of *answersv1.Line) bool {
		return of.GetObligation() == answersv1.Obligation_OBLIGATION_MUST || of.GetObligation() == answersv1.Obligation_OBLIGATION_WOULD_BREACH
	}
	return slices.ContainsFunc(view.GetCommittees(), func(c *answersv1.CommitteeView) bool {
		return slices.ContainsFunc(askedIn(viewRows(c)), must) || slices.ContainsFunc(viewRows(c), func(row *answersv1.Line) bool {
			return slices.ContainsFunc(slices.Concat([]*answersv1.Line{row}, row.GetGroups(), row.GetPartLines()), duty)
		})
	})
}

// Says: a committee has a line, or anything beside one, on what a view is of.
func Says(c *answersv1.CommitteeView) bool {
	return slices.ContainsFunc(viewRows(c), func(row *answersv1.Line) bool { return !saysNothing(row) })
}

// viewRows are the lines of a committee's view: on what it is of, in parts of the area, and on each measure; none of nobody's.
func viewRows(c *answersv1.CommitteeView) []*answersv1.Line {
	if c == nil {
		return nil
	}
	return slices.Concat([]*answersv1.Line{c.GetHeadline()}, c.GetParts(), c.GetMeasures())
}

// InBrief is a view of a reader's own committees in as few words as say what they advise: their
// headlines, or the national one's for a reader who has no committee.
func InBrief(view *answersv1.CombinedView, due string) *answersv1.MatterInBrief {
	m := view.GetMatter()
	brief := &answersv1.MatterInBrief{Name: m.GetName(), Title: m.GetTitle(), Opened: m.GetOpened(), DueDay: due, Insists: Insists(view)}
	committees := view.GetCommittees()
	if len(committees) == 0 && view.GetNational() != nil {
		committees = []*answersv1.CommitteeView{view.GetNational()}
	}
	for _, c := range committees {
		brief.Lines = append(brief.Lines, withoutTexts(c.GetHeadline()))
		brief.OwnMeasureLines += c.GetOwnMeasureLines()
	}
	return brief
}
