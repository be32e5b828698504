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

// What each says of the contract, on a page in brief (practicebrief.go), and what to look at twice.

// reading is what somebody says of the contract, in few words.
type reading struct{ what, who string }

func (r reading) words() string { return r.what + " (" + r.who + ")" }

// ownReadings are what a committee says of the contract, to all its readers and to some.
func ownReadings(v *answersv1.CombinedView, c *answersv1.CommitteeView, said []voice) (all []reading) {
	for _, words := range saidBy(said, func(of *answersv1.Line) []string {
		effects := guidance.EffectsInBrief(of.GetEffects(), v.GetAsOf())
		if effects != "" {
			effects = asReported(of) + shortDays(effects, nil)
		}
		readings := []string{effects}
		for _, one := range besideEffects(v, of) {
			reads := notation.Joined(": ", one.whom, one.lead+shortDays(guidance.EffectsInBrief(one.effects, v.GetAsOf()), nil))
			if !one.ahead {
				reads = "also " + reads
			}
			readings = append(readings, reads)
		}
		return readings
	}) {
		all = append(all, reading{notation.Small(words), whose(v, c)})
	}
	return all
}

// isDuty: as a committee reads the contract, there is a duty or a breach in what some lines of it are on, now or later.
func isDuty(v *answersv1.CombinedView, said []voice) bool {
	return slices.ContainsFunc(said, func(of voice) bool {
		read := &answersv1.Line{Obligations: guidance.ObligationsOverTime(of.GetEffects(), nil)}
		for _, one := range besideEffects(v, of.Line) {
			read.Obligations = append(read.Obligations, guidance.ObligationsOverTime(one.effects, nil)...)
		}
		return obliges(v, read, answersv1.Obligation_OBLIGATION_MUST, answersv1.Obligation_OBLIGATION_WOULD_BREACH)
	})
}

// claims are what others say of the contract: whoever proposes what a line is on, and those who claim something
// of it. A sentence of theirs is not cut, but named.
func claims(v *answersv1.CombinedView, line *answersv1.Line) (all []reading) {
	measure := guidance.MeasureOf(v.GetMatter(), line.GetMeasure())
	if effects := guidance.EffectsInBrief(measure.GetClaimedEffects(), v.GetAsOf()); effects != "" {
		all = append(all, reading{shortDays(effects, nil), guidance.ProposerOf(v.GetMatter(), line.GetMeasure()).GetName()})
	}
	for _, claim := range claimsOn(v, line) {
		one := reading{"in words", claim.GetClaimant().GetName()}
		if claim.GetEffect() > guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_STATED {
			one.what = guidance.EffectNoun(claim.GetEffect())
		}
		all = append(all, one)
	}
	for i := range all {
		all[i].who = cutWords(all[i].who, mostOfName)
	}
	return all
}

// briefContract is what each says of the contract: of the whole matter, what others claim of that, and of measures
// what is not the same.
func briefContract(v *answersv1.CombinedView) []label {
	var own, claimed, duties, warned, read, onMeasure []item
	add := func(to *[]item, words string) {
		if !slices.ContainsFunc(*to, func(o item) bool { return o.whole == words }) {
			*to = append(*to, item{whole: words})
		}
	}
	whos, told, weight := map[string][]string{}, map[string]bool{}, ofContract
	for _, c := range v.GetCommittees() {
		said := ownReadings(v, c, voicesOf(c))
		if len(said) == 0 && c.GetHeadline().GetCurrent() != nil {
			said = []reading{{"not stated", whose(v, c)}}
		}
		for _, one := range said {
			told[one.words()] = true
			if !slices.Contains(whos[one.what], one.who) {
				whos[one.what] = append(whos[one.what], one.who)
			}
		}
		for _, one := range claims(v, c.GetHeadline()) {
			told[one.words()] = true
			add(&claimed, one.words())
		}
	}
	for _, c := range v.GetCommittees() {
		for _, one := range ownReadings(v, c, voicesOf(c)) {
			if one.who = notation.List(whos[one.what]); len(v.GetCommittees()) > 1 && len(whos[one.what]) == len(v.GetCommittees()) {
				one.who = "your LMCs"
			}
			add(&own, one.words())
		}
		if isDuty(v, voicesOf(c)) {
			weight = ofDuties
		}
	}
	if names := whos["not stated"]; names != nil {
		add(&own, reading{"not stated", notation.List(names)}.words())
	}
	for _, c := range v.GetCommittees() {
		said, on := groupedOn(c.GetMeasures(), func(line *answersv1.Line) string {
			var all []reading
			for _, one := range ownReadings(v, c, voices(line)) {
				if !told[one.words()] || !guidance.SharesProposer(v.GetMatter(), line.GetMeasure()) {
					all = append(all, one)
				}
			}
			for _, one := range claims(v, line) {
				one.who += " claims"
				if i := slices.IndexFunc(all, func(own reading) bool { return own.what == one.what }); i >= 0 {
					all[i].who += ", as " + one.who
				} else if !slices.Contains(all, one) {
					all = append(all, one)
				}
			}
			var words []string
			for _, one := range all {
				words = append(words, one.words())
			}
			if line.GetArea() != nil && words != nil {
				words[0] = "in " + areaOf(line) + ", " + words[0]
			}
			return notation.Joined(": ", strings.Join(words, ", "), briefWarnings(v, c, line))
		})
		for _, one := range said {
			to := &onMeasure
			for _, line := range c.GetMeasures() {
				switch {
				case !slices.Contains(on[one], line.GetMeasure()):
				case isDuty(v, voices(line)):
					to = &duties
				case to == &duties:
				case briefWarnings(v, c, line) != "":
					to = &warned
				case to == &onMeasure && len(ownReadings(v, c, voices(line))) > 0:
					to = &read
				}
			}
			add(to, onInBrief(v, on[one])+": "+one)
		}
	}
	for i := range onMeasure {
		onMeasure[i].weight = ofOthers
	}
	for i := range duties {
		duties[i].weight = ofDuties
	}
	read = append(warned, read...)
	for i := range read {
		read[i].weight = ofContract
	}
	read = append(duties, read...)
	contract := labelled("Contract", "; ", weight, own)
	if onMeasure = append(read, onMeasure...); len(own) == 0 && len(onMeasure) > 0 {
		contract.items, onMeasure[0].weight, onMeasure = onMeasure, stands, nil
	}
	return []label{contract, labelled("Others claim", "; ", ofContract, claimed), {"", "; ", onMeasure}}
}

// briefWarnings are what to do about a line on a measure that meets the contract the wrong way, where that is not
// told of the line on the whole matter.
func briefWarnings(v *answersv1.CombinedView, c *answersv1.CommitteeView, line *answersv1.Line) string {
	of := func(said []voice) (words []string) {
		for _, one := range said {
			for _, w := range one.GetWarnings() {
				if brief := guidance.WarningInBrief(w); isOfContract(w) && !slices.Contains(words, brief) {
					words = append(words, brief)
				}
			}
		}
		return words
	}
	return notation.Joined(", ", slices.DeleteFunc(of(voices(line)), func(words string) bool {
		return line.GetByWholeMatter() && slices.Contains(of(voicesOf(c)), words)
	})...)
}

// briefTwice is what to look at twice, most weighty first, and on which measure or for which group, where that is not
// all of a letter; what is of the contract on measures stands with that.
func briefTwice(v *answersv1.CombinedView, late bool) (items []item) {
	type twice struct {
		*answersv1.Warning
		words, of string
		on        []string // nil: the whole matter
	}
	var all []twice
	add := func(of voice, on ...string) {
		for _, w := range of.GetWarnings() {
			one := twice{w, cmp.Or(shortDays(guidance.WarningInBrief(w), nil), w.GetWords()), strings.TrimSuffix(of.of, ": "), on}
			if guidance.IsOfLetter(w) {
				one.of, one.on = "", nil
			}
			i := slices.IndexFunc(all, func(o twice) bool { return o.of == one.of && o.words == one.words })
			switch {
			case on != nil && isOfContract(w):
			case w.GetCode() == answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL: // which stands with what is asked
			case i < 0:
				all = append(all, one)
			case all[i].on != nil && !slices.Contains(all[i].on, on[0]):
				all[i].on = append(all[i].on, on[0])
			}
		}
	}
	for _, c := range v.GetCommittees() {
		for _, of := range voicesOf(c) {
			add(of)
		}
		for _, line := range c.GetMeasures() {
			for _, of := range voices(line) {
				add(of, line.GetMeasure())
			}
		}
	}
	slices.SortStableFunc(all, func(a, b twice) int {
		return cmp.Compare(guidance.WarningRank(a.Warning), guidance.WarningRank(b.Warning))
	})
	for _, w := range all {
		if late && w.GetCode() == answersv1.WarningCode_WARNING_CODE_LOGGED_LATE {
			continue
		}
		on := cutWords(w.of, mostOfLead)
		if w.on != nil {
			on = notation.Joined(", ", onInBrief(v, w.on), notation.Small(on))
		}
		one := item{whole: notation.Joined(", ", notation.Small(on), w.words)}
		if guidance.WarningInBrief(w.Warning) == "" {
			one.whole, one.words = notation.Small(on), w.words
		}
		if !isOfContract(w.Warning) {
			one.weight = ofContract
		}
		if guidance.IsOfLetter(w.Warning) {
			one.weight = ofRest
		}
		if !slices.Contains(items, one) {
			items = append(items, one)
		}
	}
	return items
}
