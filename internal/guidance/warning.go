package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Warnings is where a position meets the contract the wrong way, as the committee or
// the proposer reads it, on any day the position is valid (domain.md 3): REFUSE or
// ADVISE_AGAINST on a day it is contractual; SUPPORT, SUPPORT_WITH_CONDITIONS or
// REQUIRED on a day the action would be a breach. Each warning says who says so of the
// contract, and from and until when by that. stated are the effects that the committee states,
// claimed those that the proposer claims; issued is the day the position is valid from when it
// does not say.
func Warnings(p *v1.Position, stated, claimed []*v1.DatedEffect, proposer, issued string) []*answersv1.Warning {
	from := p.GetValidFrom()
	if from == "" {
		from = issued
	}
	var out []*answersv1.Warning
	for i, effects := range [][]*v1.DatedEffect{stated, claimed} {
		for _, e := range effects {
			w := meeting(p, e, from)
			if w != nil && i == 1 {
				w.ClaimedBy = cmp.Or(proposer, "the proposer")
				w = warning(w)
			}
			if w != nil && !slices.ContainsFunc(out, func(other *answersv1.Warning) bool { return sameWarning(w, other) }) {
				out = append(out, w)
			}
		}
	}
	return out
}

// meeting is the warning for one effect; nil when the stance does not meet it, or
// only on days the position is not valid.
func meeting(p *v1.Position, e *v1.DatedEffect, validFrom string) *answersv1.Warning {
	code := meets(p.GetStance(), e.GetEffect())
	from, until := max(validFrom, e.GetValidFrom()), earliestEnd(p.GetValidUntil(), e.GetValidUntil())
	if code == answersv1.WarningCode_WARNING_CODE_UNSPECIFIED || until != "" && until < from {
		return nil
	}
	return warning(&answersv1.Warning{Code: code, From: e.GetValidFrom(), Until: e.GetValidUntil(), Measure: p.GetMeasure(), Stance: p.GetStance()})
}

func meets(s v1.Stance, e v1.ContractEffect) answersv1.WarningCode {
	supports := s == v1.Stance_STANCE_SUPPORT || s == v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS || s == v1.Stance_STANCE_REQUIRED
	switch {
	case isAgainst(s) && obligation(e) == answersv1.Obligation_OBLIGATION_MUST:
		return answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL
	case supports && obligation(e) == answersv1.Obligation_OBLIGATION_WOULD_BREACH:
		return answersv1.WarningCode_WARNING_CODE_SUPPORTS_BREACH
	}
	return answersv1.WarningCode_WARNING_CODE_UNSPECIFIED
}

// isAgainst: a stance tells practices not to do what is proposed.
func isAgainst(s v1.Stance) bool {
	return s == v1.Stance_STANCE_REFUSE || s == v1.Stance_STANCE_ADVISE_AGAINST
}

// earliestEnd is the earlier of two last days; empty is open.
func earliestEnd(x, y string) string {
	if x == "" || y == "" {
		return max(x, y)
	}
	return min(x, y)
}

func sameWarning(x, y *answersv1.Warning) bool {
	return x.GetCode() == y.GetCode() && x.GetFrom() == y.GetFrom() && x.GetUntil() == y.GetUntil()
}

// lineWarnings is what a reader must look at twice on the day asked for. A change
// of the contract is warned of from the day it changes.
func (p *Prepared) lineWarnings(a query, out answer) []*answersv1.Warning {
	var list []*answersv1.Warning
	if s := out.current; s != nil {
		for _, w := range Warnings(s.position, effectsOn(a, s), MeasureOf(a.asked.Matter, a.measure).GetClaimedEffects(), ProposerOf(a.asked.Matter, a.measure).GetName(), s.from) {
			if notation.IsWithin(a.day, w.GetFrom(), w.GetUntil()) {
				w.Measure, w.Entry, w.Title = a.measure, s.entry.ID, sourceWords(s.entry.Report.GetSource())
				list = append(list, warning(w))
			}
		}
		list = append(list, dateWarnings(s, a.measure)...)
	}
	toNone := func(s *assertion) bool { // of those who ask
		return !slices.ContainsFunc(s.position.GetAudiences(), func(inner v1.Audience) bool { return Contains(inner, a.audience) || Contains(a.audience, inner) })
	}
	ofReaders := slices.DeleteFunc(slices.Clone(out.reason.toOthers), toNone)
	for _, s := range slices.Concat([]*assertion{out.current}, out.nearer, out.mentions, out.besides, ofReaders) {
		for _, w := range p.passesOnThePast(a, s) {
			if !slices.ContainsFunc(list, func(o *answersv1.Warning) bool { return o.GetWords() == w.GetWords() }) { // once where two audiences are told it
				list = append(list, w)
			}
		}
	}
	if s := out.overridden; s != nil {
		list = append(list, warning(&answersv1.Warning{
			Code: answersv1.WarningCode_WARNING_CODE_OVERRIDES_MEASURE, Measure: a.measure,
			Entry: s.entry.ID, Issued: s.entry.Advisory.GetIssued(), Stance: s.position.GetStance(),
		}))
	}
	for _, s := range out.waiting {
		list = append(list, warning(&answersv1.Warning{
			Code: answersv1.WarningCode_WARNING_CODE_STARTS_WHEN, Measure: a.measure,
			Entry: s.entry.ID, Stance: s.position.GetStance(), Condition: startsWhen(s.position),
		}))
	}
	for _, ask := range slices.Concat(out.alsoAsked, out.partAsked, out.asked()) {
		if now, e := MovedTo(ask.action.GetDue(), a.asked.Matter), ask.action.GetDue().GetFromEvent(); now != "" {
			list = append(list, warning(&answersv1.Warning{
				Code: answersv1.WarningCode_WARNING_CODE_EVENT_MOVED, Measure: a.measure, Entry: ask.assertion.entry.ID, Title: e.GetWords(), From: e.GetEventDay(), Until: now,
			}))
		}
	}
	return list
}

// dateWarnings marks a statement dated ahead of the day it was logged, and one first
// logged over a day after its issued day (domain.md 4, 6). Both go by the logged time
// in the entry, which is the same on every node.
func dateWarnings(s *assertion, measure string) []*answersv1.Warning {
	if s.entry.Logged.IsZero() {
		return nil
	}
	logged, issued := Today(s.entry.Logged), s.issued.latest
	w := &answersv1.Warning{Measure: measure, Entry: s.entry.ID, Issued: s.entry.Issued(), Logged: logged}
	switch {
	case issued > logged:
		w.Code, w.From = answersv1.WarningCode_WARNING_CODE_DATED_AHEAD, issued
	case notation.DaysBetween(issued, logged) > 1:
		w.Code = answersv1.WarningCode_WARNING_CODE_LOGGED_LATE
	default:
		return nil
	}
	return []*answersv1.Warning{warning(w)}
}

// startsWhen is the condition a position waits for.
func startsWhen(p *v1.Position) string {
	for _, c := range p.GetConditions() {
		if c.GetDirection() == v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN && c.GetText() != "" {
			return tidy(c.GetText())
		}
	}
	return "its condition is met"
}

// warning is a warning with its words.
func warning(w *answersv1.Warning) *answersv1.Warning {
	w.Words = WarningWords(w)
	return w
}
