package guidance

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// ObligationWords answers "do we have to?" in a sentence. It speaks of the contract alone:
// what an LMC asks is told apart.
func ObligationWords(o answersv1.Obligation) string {
	switch o {
	case answersv1.Obligation_OBLIGATION_MUST:
		return "The contract requires it."
	case answersv1.Obligation_OBLIGATION_MAY:
		return "The contract does not require it."
	case answersv1.Obligation_OBLIGATION_WOULD_BREACH:
		return "It would be a breach of contract."
	case answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC:
		return "What the contract says is not settled here: ask your LMC."
	}
	return ""
}

// EffectsWords is what contract effects come to from a day on: "doing it is not a breach of
// contract until 31 October 2021, from 1 November 2021 doing it would be a breach of contract".
// Empty: nothing is stated.
func EffectsWords(effects []*v1.DatedEffect, day string) string {
	byDay := func(a, b *v1.DatedEffect) int { return strings.Compare(a.GetValidFrom(), b.GetValidFrom()) }
	if !slices.IsSortedFunc(effects, byDay) {
		effects = slices.SortedStableFunc(slices.Values(effects), byDay)
	}
	var b strings.Builder
	for _, e := range effects {
		from, until := e.GetValidFrom(), e.GetValidUntil()
		if obligation(e.GetEffect()) == answersv1.Obligation_OBLIGATION_UNSPECIFIED || until != "" && until < day {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		if from > day {
			b.WriteString("from " + DayWords(from) + " ")
		}
		b.WriteString(EffectNoun(e.GetEffect()))
		if from != "" && from <= day {
			b.WriteString(" since " + DayWords(from))
		}
		if until != "" {
			b.WriteString(" until " + DayWords(until))
		}
	}
	return b.String()
}

// EffectsInBrief is EffectsWords for a page with little room: "no breach to do it until 31 October 2021, then
// a breach". It is made of the same effects, and never of a part of a sentence: of more
// than three it counts the rest.
func EffectsInBrief(effects []*v1.DatedEffect, day string) string {
	var said []string
	const doing = " to do it"
	ended := "" // the last day of what was said before
	for _, e := range slices.SortedStableFunc(slices.Values(effects), func(a, b *v1.DatedEffect) int { return strings.Compare(a.GetValidFrom(), b.GetValidFrom()) }) {
		from, until := e.GetValidFrom(), e.GetValidUntil()
		if obligation(e.GetEffect()) == answersv1.Obligation_OBLIGATION_UNSPECIFIED || until != "" && until < day {
			continue
		}
		words := EffectNoun(e.GetEffect())
		switch e.GetEffect() {
		case v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH:
			words = "no breach" + doing
		case v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH:
			words = "a breach" + doing
		}
		switch {
		case from > day && ended != "" && from == notation.DayAfter(ended):
			words = "then " + strings.TrimSuffix(words, doing)
		case from > day:
			words += " from " + DayWords(from)
		}
		if until != "" {
			words += " until " + DayWords(until)
		}
		said, ended = append(said, words), until
	}
	if more := len(said) - 3; more > 0 {
		said = append(said[:3], notation.Counted(int64(more), "later change", "later changes"))
	}
	return strings.Join(said, ", ")
}

// contractWords is how the committee reads the contract, in a sentence, from the day of what it
// said last. Nothing is said where it stated nothing.
func contractWords(line *answersv1.Line) string {
	if words := EffectsWords(line.GetEffects(), line.GetCurrent().GetIssued().GetLatest()); words != "" {
		return "It says: " + words + "."
	}
	return ""
}

// ClaimWords is what somebody claims of the contract: "NHS Kent ICB claims it is contractual
// (3 May 2025): “an implied term”."
func ClaimWords(c *v1.Claim) string {
	words := c.GetClaimant().GetName() + " claims"
	switch c.GetEffect() {
	case v1.ContractEffect_CONTRACT_EFFECT_UNSPECIFIED, v1.ContractEffect_CONTRACT_EFFECT_NOT_STATED:
	default:
		words += ": " + EffectNoun(c.GetEffect())
	}
	if c.GetDay() != "" {
		words += " (" + DayWords(c.GetDay()) + ")"
	}
	if said := tidy(c.GetWords()); said != "" {
		words += ": " + said
	}
	return words + "."
}

// EffectNoun is a contract effect in a few words that say nothing of what anybody must or may
// do, nor can be read of refusing where they stand behind “refuse”.
func EffectNoun(e v1.ContractEffect) string {
	switch e {
	case v1.ContractEffect_CONTRACT_EFFECT_NOT_STATED:
		return "not stated"
	case v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL:
		return "not in the contract"
	case v1.ContractEffect_CONTRACT_EFFECT_GUIDANCE_ONLY:
		return "guidance only"
	case v1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME:
		return "a voluntary scheme"
	case v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL:
		return "contractual"
	case v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL_UNDER_PROTEST:
		return "contractual, done under protest"
	case v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH:
		return "doing it is not a breach of contract"
	case v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH:
		return "doing it would be a breach of contract"
	case v1.ContractEffect_CONTRACT_EFFECT_DISPUTED:
		return "disputed"
	}
	return "not known here"
}

// claimantWords is who says of the contract what a warning is about.
func claimantWords(w *answersv1.Warning) string {
	if by := w.GetClaimedBy(); by != "" {
		return by + " claims"
	}
	if w.GetTitle() != "" {
		return "to read the contract so"
	}
	return "reads the contract so"
}
