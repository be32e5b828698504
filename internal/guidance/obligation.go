package guidance

import (
	"cmp"
	"slices"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// ObligationOn is what a practice must, may or must not do on a day, given the
// contract effects as the committee reads them and as the proposer claims them
// (domain.md 3). NOT_STATED by the committee, DISPUTED by either, two readings at once,
// or proposer and committee differing in what they oblige to: ask your LMC. A proposer
// who claims nothing does not differ.
func ObligationOn(effects, claimed []*v1.DatedEffect, day string) answersv1.Obligation {
	own := obligationOf(effects, day)
	theirs := obligationOf(claimed, day)
	if own == answersv1.Obligation_OBLIGATION_UNSPECIFIED || theirs != answersv1.Obligation_OBLIGATION_UNSPECIFIED && theirs != own {
		return answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC
	}
	return own
}

// obligationOf is what one side's effects oblige to on a day; unspecified when it
// says nothing about that day.
func obligationOf(effects []*v1.DatedEffect, day string) answersv1.Obligation {
	found := answersv1.Obligation_OBLIGATION_UNSPECIFIED
	for _, e := range effects {
		if !notation.IsWithin(day, e.GetValidFrom(), e.GetValidUntil()) {
			continue
		}
		here := obligation(e.GetEffect())
		if here == answersv1.Obligation_OBLIGATION_UNSPECIFIED {
			continue
		}
		if found != answersv1.Obligation_OBLIGATION_UNSPECIFIED && found != here {
			return answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC
		}
		found = here
	}
	return found
}

// obligation is one contract effect as people ask for it; unspecified when nothing is
// stated.
func obligation(e v1.ContractEffect) answersv1.Obligation {
	switch e {
	case v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL, v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL_UNDER_PROTEST:
		return answersv1.Obligation_OBLIGATION_MUST
	case v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL, v1.ContractEffect_CONTRACT_EFFECT_GUIDANCE_ONLY,
		v1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME, v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH:
		return answersv1.Obligation_OBLIGATION_MAY
	case v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH:
		return answersv1.Obligation_OBLIGATION_WOULD_BREACH
	case v1.ContractEffect_CONTRACT_EFFECT_DISPUTED:
		return answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC
	}
	return answersv1.Obligation_OBLIGATION_UNSPECIFIED
}

// ObligationsOverTime is ObligationOn for every day, in runs of days: one run, open at
// both ends, when it never changes.
func ObligationsOverTime(effects, claimed []*v1.DatedEffect) []*answersv1.DatedObligation {
	var runs []*answersv1.DatedObligation
	for _, from := range changesOf(effects, claimed) {
		here := ObligationOn(effects, claimed, from)
		if len(runs) > 0 {
			last := runs[len(runs)-1]
			if last.GetObligation() == here {
				continue
			}
			last.ValidUntil = notation.DayBefore(from)
		}
		runs = append(runs, &answersv1.DatedObligation{Obligation: here, ValidFrom: from})
	}
	return runs
}

// changesOf are the days on which contract effects begin and the days after they end, in
// order, from before all of them.
func changesOf(effects, claimed []*v1.DatedEffect) []string {
	days := []string{""} // comes before every day
	for _, e := range slices.Concat(effects, claimed) {
		if notation.IsDay(e.GetValidFrom()) {
			days = append(days, e.GetValidFrom())
		}
		if notation.IsDay(e.GetValidUntil()) {
			days = append(days, notation.DayAfter(e.GetValidUntil()))
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// effectsOn are the contract effects that an assertion states for what is asked: its own; on
// a demand of the matter's proposer, where it states none, those that its letter states for
// the committee on the whole matter; of a whole-matter position none but on a demand, and where its
// letter informs of the measure itself, and of the contract there, what it says there (domain.md 3).
func effectsOn(q query, s *assertion) []*v1.DatedEffect {
	own := EffectsSaid(q.asked.Matter, q.measure, s.position)
	onWhole := s.position.GetMeasure() == ""
	if onWhole && q.measure == "" || !onWhole && (len(own) > 0 || !isDemand(q.asked.Matter, MeasureOf(q.asked.Matter, q.measure))) {
		return own
	}
	for _, other := range s.entry.Advisory.GetPositions() {
		if other.GetMatter() != q.matter || other.GetScope().GetId() != s.scope || !slices.Contains(other.GetCommittees(), cmp.Or(s.owner, q.committee)) {
			continue
		}
		if onWhole && other.GetMeasure() == q.measure && len(other.GetContractEffects()) > 0 && informs(q, s, other) || !onWhole && other.GetMeasure() == "" {
			return other.GetContractEffects()
		}
	}
	return own
}

// informs: a letter takes no line by a position, and tells it to whom it has a line that answers in its place: those asked
// about, where that line is, today.
func informs(q query, s *assertion, position *v1.Position) bool {
	return IsMention(position) && position.GetProvenance() != v1.Provenance_PROVENANCE_RELAY && reachesAll(position.GetAudiences(), []v1.Audience{q.audience}) &&
		(position.GetArea() == nil || sameArea(position.GetArea(), s.position.GetArea())) && !waits(position) &&
		notation.IsWithin(q.day, position.GetValidFrom(), position.GetValidUntil())
}

// EffectsSaid are the contract effects that a position states by itself for a measure: of the whole matter
// none but on a demand.
func EffectsSaid(m *v1.Matter, measure string, position *v1.Position) []*v1.DatedEffect {
	if of := MeasureOf(m, measure); of != nil && position.GetMeasure() == "" && !isDemand(m, of) {
		return nil
	}
	return position.GetContractEffects()
}

// isDemand: a measure of a matter is a demand of the matter's proposer.
func isDemand(m *v1.Matter, of *v1.Measure) bool {
	return of.GetKind() == v1.MeasureKind_MEASURE_KIND_DEMAND && SharesProposer(m, of.GetId())
}

// oblige fills a line's obligation on the day asked for and, where it changes, over
// time. Without a current statement there is nobody to read the contract: ask.
func oblige(q query, line *answersv1.Line) {
	line.Obligation = answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC
	if line.Current == nil && len(line.Effects) == 0 {
		return
	}
	effects, claimed := line.Effects, MeasureOf(q.asked.Matter, q.measure).GetClaimedEffects()
	line.Obligation = ObligationOn(effects, claimed, q.day)
	if len(effects)+len(claimed) == 0 {
		return
	}
	if runs := ObligationsOverTime(effects, claimed); len(runs) > 1 {
		line.Obligations = runs
	}
}
