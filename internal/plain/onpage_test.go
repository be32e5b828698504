package plain

import (
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What is not asked of the partners of a group read as not asked of partners, nor of the group.
func TestWhatIsNotAskedOfAGroupsPartnersIsNotSaidOfAllPartners(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: refuse}}, &guidancev1.Action{Verb: "send", Object: "the refusal", Measure: "hub"})
	w.says("2026-11-03", []*guidancev1.Position{{Measure: "hub", Stance: supports, Scope: w.groups[0], Audiences: []guidancev1.Audience{partners}}}).Amends = []string{"tri/0"}
	w.mustSay(t, "hub", []string{"send the refusal (not GP partners for practices on EMIS)"}, "practices on EMIS, GP partners")
}
