package guidance

import (
	"slices"
	"strconv"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Warnings is where a position meets the contract the wrong way, as the committee or
// the proposer reads it, on any day the position is valid (domain.md 3): REFUSE or
// ADVISE_AGAINST on a day it is contractual; SUPPORT, SUPPORT_WITH_CONDITIONS or
// REQUIRED on a day the action would be a breach. Each warning says from and until
// when. issued is the day the position is valid from when it does not say.
func Warnings(p *v1.Position, claimed []*v1.DatedEffect, issued string) []*answersv1.Warning {
	from := p.GetValidFrom()
	if from == "" {
		from = issued
	}
	var out []*answersv1.Warning
	for _, effects := range [][]*v1.DatedEffect{p.GetContractEffects(), claimed} {
		for _, e := range effects {
			w := meeting(p, e, from)
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
	w := &answersv1.Warning{Code: code, From: from, Until: until, Measure: p.GetMeasure()}
	w.Text = contractWarningWords(p.GetStance(), w)
	return w
}

func meets(s v1.Stance, e v1.ContractEffect) answersv1.WarningCode {
	against := s == v1.Stance_STANCE_REFUSE || s == v1.Stance_STANCE_ADVISE_AGAINST
	supports := s == v1.Stance_STANCE_SUPPORT || s == v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS || s == v1.Stance_STANCE_REQUIRED
	switch {
	case against && obligation(e) == answersv1.Obligation_OBLIGATION_MUST:
		return answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL
	case supports && obligation(e) == answersv1.Obligation_OBLIGATION_WOULD_BREACH:
		return answersv1.WarningCode_WARNING_CODE_SUPPORTS_BREACH
	}
	return answersv1.WarningCode_WARNING_CODE_UNSPECIFIED
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
func lineWarnings(a query, out answer) []*answersv1.Warning {
	var list []*answersv1.Warning
	if s := out.current; s != nil {
		for _, w := range Warnings(s.position, MeasureOf(a.asked.Matter, a.measure).GetClaimedEffects(), s.from) {
			if within(a.day, w.GetFrom(), w.GetUntil()) {
				w.Measure = a.measure
				list = append(list, w)
			}
		}
		list = append(list, dateWarnings(s, a.measure)...)
	}
	if s := out.overridden; s != nil {
		list = append(list, overriddenWarning(s, a.measure))
	}
	for _, s := range out.waiting {
		list = append(list, waitingWarning(s, a.measure))
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
	switch {
	case issued > logged:
		return []*answersv1.Warning{{
			Code: answersv1.WarningCode_WARNING_CODE_DATED_AHEAD, Measure: measure, From: issued,
			Text: "Dated ahead: " + s.entry.ID + " is dated " + DayWords(issued) + " but was logged on " + DayWords(logged) + ".",
		}}
	case DaysBetween(issued, logged) > 1:
		return []*answersv1.Warning{{
			Code: answersv1.WarningCode_WARNING_CODE_LOGGED_LATE, Measure: measure,
			Text: "Logged late: " + s.entry.ID + " was first logged on " + DayWords(logged) + ", " +
				strconv.Itoa(DaysBetween(issued, logged)) + " days after it was issued.",
		}}
	}
	return nil
}

func overriddenWarning(s *assertion, measure string) *answersv1.Warning {
	return &answersv1.Warning{
		Code: answersv1.WarningCode_WARNING_CODE_OVERRIDES_MEASURE, Measure: measure,
		Text: "This later line on the whole matter stands over an earlier one on this measure: " + s.entry.ID +
			" (" + RangeWords(s.entry.Advisory.GetIssued()) + ") said " + StanceNoun(s.position.GetStance()) + ".",
	}
}

func waitingWarning(s *assertion, measure string) *answersv1.Warning {
	return &answersv1.Warning{
		Code: answersv1.WarningCode_WARNING_CODE_STARTS_WHEN, Measure: measure,
		Text: "Not yet in force: " + s.entry.ID + " says " + StanceNoun(s.position.GetStance()) + " once " +
			startsWhen(s.position) + ", and holds only when a later advisory says so.",
	}
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
