package picture

import (
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A line that answers again once temporary advice is over was told to ask anew what had been due before: "asks: return it, by 8 December".
func TestALineThatAnswersAgainAsksNothingNewByADayThatHasPassed(t *testing.T) {
	w := newWorld()
	w.area("icb:A", 2, 200)
	w.area("icb:B", 2, 200)
	w.committee("kent", "Kent LMC", lmc, "kent", "icb:A", "icb:B")
	asks := func(what, day string) *v1.Action {
		return &v1.Action{Verb: "return", Object: what, Matter: plan, Measure: "fund", Due: by(day)}
	}
	first := w.says("kent", "kent", "2021-10-20", support, on("fund"), thatAsks(asks("the form", "2021-12-08")), thatAsks(asks("the deed", "2021-12-21")))
	w.says("kent", "kent", "2021-10-21", caution, on("fund"), in("icb:A"), func(a *v1.Advisory) { a.Positions[0].ValidUntil = "2021-12-18" }, amending(first))
	onDay := w.onDay(w.in.Committees)
	got := strings.Join(told(t, onDay("2021-11-30"), onDay("2021-12-20"), ""), "\n")
	if strings.Contains(got, "asks: return the form") || !strings.Contains(got, "asks: return the deed") {
		t.Error(got)
	}
}
