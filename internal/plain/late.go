package plain

import (
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// allLate says once what would stand beside every line: that all letters of a view were first
// logged on one day, long after they were issued, as when an office enters what it wrote before
// it joined. Empty where one was not, or on another day: then each line says it of itself.
func allLate(v *answersv1.CombinedView) string {
	logged, fewest, most := "", 0, 0
	letters := map[string]bool{}
	for _, line := range everyLine(v) {
		if line.GetCurrent() == nil && len(line.GetContested()) == 0 {
			continue
		}
		i := slices.IndexFunc(line.GetWarnings(), func(w *answersv1.Warning) bool {
			return w.GetCode() == answersv1.WarningCode_WARNING_CODE_LOGGED_LATE
		})
		if i < 0 || logged != "" && line.GetWarnings()[i].GetLogged() != logged {
			return ""
		}
		w := line.GetWarnings()[i]
		days := notation.DaysBetween(w.GetIssued().GetLatest(), w.GetLogged())
		if logged == "" {
			fewest = days
		}
		logged, fewest, most = w.GetLogged(), min(fewest, days), max(most, days)
		letters[w.GetEntry()] = true
	}
	if len(letters) < 2 {
		return ""
	}
	span := notation.Thousands(int64(most))
	if fewest < most {
		span = notation.Thousands(int64(fewest)) + " to " + span
	}
	return fmt.Sprintf("Logged late: every letter on this page was first logged on %s, %s days after it was issued.", guidance.DayWords(logged), span)
}

// loggedLate marks the letters of a row that were logged late, its line's own first: "logged 28 Nov 2026", and of
// those of its groups and of part of its readers "essex/8 logged 28 Nov 2026".
func loggedLate(line *answersv1.Line) (marks []string) {
	for _, of := range slices.Concat([]*answersv1.Line{line}, line.GetGroups(), line.GetPartLines()) {
		for _, w := range of.GetWarnings() {
			if w.GetCode() != answersv1.WarningCode_WARNING_CODE_LOGGED_LATE {
				continue
			}
			mark := "logged " + shortDay(w.GetLogged())
			if w.GetEntry() != line.GetCurrent().GetAdvisory() {
				mark = w.GetEntry() + " " + mark
			}
			if !slices.Contains(marks, mark) {
				marks = append(marks, mark)
			}
		}
	}
	return marks
}

// everyLine is each line of a view, of parts, measures and groups too.
func everyLine(v *answersv1.CombinedView) (all []*answersv1.Line) {
	for _, c := range slices.Concat(v.GetCommittees(), []*answersv1.CommitteeView{v.GetNational()}, v.GetOtherBodies(), v.GetOtherNations()) {
		all = append(all, slices.Concat([]*answersv1.Line{c.GetHeadline()}, c.GetParts(), c.GetMeasures())...)
	}
	for _, line := range all {
		all = append(all, line.GetGroups()...)
	}
	return all
}
