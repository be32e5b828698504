package plain

import (
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What was asked of all was told to a group whose own line had lapsed, beneath “nothing here advises it”.
func TestWhatIsAskedOfAllIsNotAskedOfAGroupWhoseLineLapsed(t *testing.T) {
	w := newSmall()
	breach := []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2026-11-11"}}
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: supports}, {Measure: "hub", Stance: supports, Scope: w.groups[0], ValidUntil: "2026-11-10", ContractEffects: breach}}, &guidancev1.Action{Verb: "welcome", Object: "the grant", Measure: "hub", Due: dueBy("2026-12-18")})
	w.mustSay(t, "hub", []string{"welcome the grant, by 18 December 2026 (not practices on EMIS)"})
}
