package picture

import (
	"fmt"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// ShiftWords says how the practices of an LMC became others: "North Essex LMC: 9,876 -> 14,197 patients, as 3
// practices came from Suffolk LMC".
func ShiftWords(unit answersv1.Unit, shift *answersv1.PracticesShift) string {
	var moves []string
	for _, m := range shift.GetMoved() {
		way := map[bool]string{true: "came from ", false: "went to "}[m.GetCame()] + notation.List(m.GetCommitteeNames())
		if len(m.GetCommittees()) == 0 {
			way = map[bool]string{true: "opened, or came from no LMC's area", false: "closed, or are in no LMC's area"}[m.GetCame()]
		}
		moves = append(moves, notation.Counted(int64(m.GetPractices()), "practice", "practices")+" "+way)
	}
	of := "practices"
	if unit == answersv1.Unit_UNIT_PATIENTS {
		of = "patients by the lists nearest to each day"
	}
	return fmt.Sprintf("%s: %s -> %s %s, as %s", shift.GetCommitteeName(), notation.Thousands(int64(shift.GetBefore())), notation.Thousands(int64(shift.GetAfter())), of, strings.Join(moves, "; "))
}
