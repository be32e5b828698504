package picture

import (
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Beside what came from two letters, one that had not been issued yet was named as the cause, for without it that would be worded
// otherwise.
func TestALetterThatHasNotBeenIssuedYetIsTheCauseOfNothing(t *testing.T) {
	w := newWorld()
	w.area("icb:A", -1, -1)
	w.area("sub-icb:A1", -1, -1, "icb:A")
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:A")
	ofWhole := func(a *v1.Advisory) {
		a.Positions = append(a.Positions, &v1.Position{Committees: []string{"kent"}, Matter: plan, Stance: refuse, Provenance: v1.Provenance_PROVENANCE_PRIMARY, Audiences: a.Positions[0].Audiences})
	}
	onDay := w.onDay(w.in.Committees)
	first := w.says("kent", "kent", "2021-10-14", refuse, on("fund"), forGroup, ofWhole)
	ahead := w.says("kent", "kent", "2021-10-21", refuse, on("fund"), ofWhole)
	w.withdraws("kent", first, "2021-10-21")
	before := onDay("2021-10-15")
	w.says("kent", "kent", "2021-10-16", refuse, from("2021-10-21"))
	w.says("kent", "kent", "2021-10-14", refuse, on("fund"), func(a *v1.Advisory) {
		of := &v1.Position{Committees: []string{"kent"}, Matter: plan, Measure: "engage", Stance: caution, Area: areaID("sub-icb:A1"), Provenance: v1.Provenance_PROVENANCE_PRIMARY, Audiences: a.Positions[0].Audiences, ValidFrom: "2021-10-22", ValidUntil: "2021-10-22", Scope: &v1.Scope{Id: "signed", Words: "practices that signed"}}
		a.Positions = append(a.Positions, of)
	})
	got := told(t, before, onDay("2021-10-20"), "")
	for _, words := range got {
		if strings.Contains(words, "by "+ahead+":") {
			t.Error(words)
		}
	}
	if len(got) == 0 {
		t.Error("nothing is told")
	}
}
