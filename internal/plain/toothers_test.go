package plain

import (
	"strings"
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// pageOf is the page of a measure, on one line.
func (w *small) pageOf(t *testing.T, measure, practice string, full bool) string {
	t.Helper()
	p := New(MostWidth)
	p.View(w.view(t, measure, practice), "", full)
	return strings.Join(strings.Fields(p.String()), " ")
}

// What a letter to networks says of the contract on the whole matter was told of an offer in it.
func TestAnOfferIsNotContractualByWhatOthersWereToldOfTheWholeMatter(t *testing.T) {
	w := newSmall()
	w.in.Matter.Measures[0].Kind = guidancev1.MeasureKind_MEASURE_KIND_OFFER
	w.in.Matter.Measures[1].Kind = guidancev1.MeasureKind_MEASURE_KIND_DEMAND
	pcns := []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PCNS}
	contractual := []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}}
	w.says("2026-11-01", []*guidancev1.Position{{Stance: supports, Audiences: pcns, ContractEffects: contractual}})
	for measure, want := range map[string]bool{"hub": false, "feed": true, "act": false} {
		if got := w.pageOf(t, measure, "", false); strings.Contains(got, "contractual") != want {
			t.Errorf("on %q:\n%s", measure, got)
		}
	}
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Audiences: pcns, ContractEffects: contractual}})
	wants(t, w.pageOf(t, "hub", "", false), "To primary care networks: contractual.")
}

// Beside a line, and in the table of other LMCs, what is said to others lost what keeps it from saying all.
func TestWhatStandsBesideALineSaysThatItIsForNowAndOnConditions(t *testing.T) {
	w := newSmall()
	onlyIf := []*guidancev1.Condition{{Direction: guidancev1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF, Text: "it is paid for"}}
	w.says("2026-11-01", []*guidancev1.Position{{Stance: supports, Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PCNS}, Provisional: true, Conditions: onlyIf, ValidUntil: "2026-12-31"}})
	wants(t, w.pageOf(t, "hub", "", false), "To primary care networks: support, for now, until 31 December 2026 (tri/0, on the whole matter). To be taken up only if: it is paid for.")
	w.in.Own = nil
	wants(t, w.pageOf(t, "hub", "", false), "to primary care networks: support, for now, until 31 December 2026, on conditions, on the whole matter [tri/0]")
}

func TestALineThatIsOverSaysUntilWhenItWasValid(t *testing.T) {
	w := newSmall()
	breach := []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2026-11-15"}}
	w.says("2026-10-01", []*guidancev1.Position{{Measure: "hub", Stance: caution, ValidUntil: "2026-11-10"}, {Measure: "act", Stance: supports, ContractEffects: breach}})
	got := w.pageOf(t, "", "", false)
	wants(t, got, "no line: valid until 10 November 2026 [tri/0]", "no line that holds: from 15 November 2026 it would be a breach [tri/0]")
}

// What a committee's line on a measure rests on stood on its page, and what its line on the whole matter does did not.
func TestAPageSaysWhatEachLineRestsOn(t *testing.T) {
	w := newSmall()
	w.says("2026-10-01", []*guidancev1.Position{{Stance: caution, Basis: guidancev1.Basis_BASIS_COMMITTEE_RESOLUTION}, {Measure: "hub", Stance: refuse, Basis: guidancev1.Basis_BASIS_SURVEY}})
	for _, full := range []bool{false, true} {
		wants(t, w.pageOf(t, "", "", full), "Rests on a resolution of the committee")
		wants(t, w.pageOf(t, "hub", "", full), "Rests on a survey of members")
	}
	wants(t, w.pageOf(t, "", "", true), "It rests on a survey of members.")
}
