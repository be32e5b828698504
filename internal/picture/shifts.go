package picture

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// ShiftWords says how the practices of an LMC became others: "North Essex LMC: 9,876 -> 14,197 patients, as 3
// practices came from Suffolk LMC". Each of its moves is told by MoveWords.
func ShiftWords(unit answersv1.Unit, shift *answersv1.PracticesShift, moves []string) string {
	of := "practices"
	if unit == answersv1.Unit_UNIT_PATIENTS {
		of = "patients by the lists nearest to each day"
	}
	return fmt.Sprintf("%s: %s -> %s %s, as %s", shift.GetCommitteeName(), notation.Thousands(int64(shift.GetBefore())), notation.Thousands(int64(shift.GetAfter())), of, strings.Join(moves, "; "))
}

// MoveWords says whose practices came to an LMC, or went from it: "3 practices came from Suffolk LMC"; or, of those that
// merged into others, whose these are: "1 practice merged into those of Suffolk LMC".
func MoveWords(shift *answersv1.PracticesShift, m *answersv1.PracticesMoved, merged bool) string {
	practices, whose := notation.Counted(int64(m.GetPractices()), "practice", "practices"), notation.List(m.GetCommitteeNames())
	switch own := slices.Equal(m.GetCommittees(), []string{shift.GetCommittee()}); {
	case merged && m.GetCame():
		return practices + " of " + whose + " merged into its own"
	case merged && own:
		return practices + " merged into others of its own"
	case merged && whose == "":
		return practices + " merged into others, in no LMC's area"
	case merged:
		return practices + " merged into those of " + whose
	case slices.Contains(m.GetCommittees(), shift.GetCommittee()) && m.GetCame():
		return practices + " of its own came into this area"
	case slices.Contains(m.GetCommittees(), shift.GetCommittee()):
		return practices + " of its own went out of this area"
	case whose == "" && m.GetCame():
		return practices + " opened, or came from no LMC's area"
	case whose == "":
		return practices + " closed, or are in no LMC's area"
	case m.GetCame():
		return practices + " came from " + whose
	}
	return practices + " went to " + whose
}
