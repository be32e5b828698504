package picture

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// CompletenessWords is, in plain words, what an answer rests on.
func CompletenessWords(c *answersv1.Completeness) string {
	if c == nil {
		return "Whether anything is missing is not known."
	}
	words := []string{"This answer is not complete."}
	warning := CompletenessWarning(c)
	whole := !c.GetDamaged() && len(c.GetLost())+len(c.GetBehind())+len(c.GetWithheld())+len(c.GetNotHeld()) == 0
	switch {
	case c.GetComplete():
		words = []string{"Everything known to have been published is here."}
	case warning != "" && whole:
		words = []string{warning, "Everything else known to have been published is here."}
	case warning != "":
		words = append([]string{warning}, words...)
	}
	for _, lag := range c.GetBehind() {
		since := ""
		if lag.GetSinceTime() != nil {
			since = " since " + guidance.DayWords(guidance.Today(lag.GetSinceTime().AsTime()))
		}
		words = append(words, fmt.Sprintf("Behind %s%s: %d of %d entries are here.", officeIn(c, lag.GetOffice()), since, lag.GetHeld(), lag.GetSeen()))
	}
	words = append(words, countWords(c, "not open to this reader", c.GetWithheld())...)
	words = append(words, countWords(c, "not fetched yet", c.GetNotHeld())...)
	words = append(words, countWords(c, "not understood by this version", c.GetNotUnderstood())...)
	if heard := heardWords(c); heard != "" {
		words = append(words, heard)
	}
	if away := c.GetNotJoined(); len(away) > 0 {
		words = append(words, "Nothing published yet by: "+notation.List(officesIn(c, away))+".")
	}
	return strings.Join(words, " ")
}

// CompletenessWarning is what stands at the top of an answer, worst first; empty: nothing does.
func CompletenessWarning(c *answersv1.Completeness) string {
	var warnings []string
	if c.GetDamaged() {
		warnings = append(warnings, "The data of this node are damaged: what cannot be read is not answered, and something may be missing here until they are mended.")
	}
	if lost := c.GetLost(); len(lost) > 0 {
		warnings = append(warnings, "This node has lost entries of "+notation.List(officesIn(c, lost))+", or may have, with damaged data, and is fetching them again.")
	}
	if two := c.GetContradicted(); len(two) > 0 {
		warnings = append(warnings, "Two histories are signed by "+notation.List(officesIn(c, two))+", and nobody can tell here which one is meant: ring them before you rely on their letters.")
	}
	if c.GetInDoubt() {
		warnings = append(warnings, "The data of this node may be an old copy, which no other node has confirmed yet: its own office may have published more since.")
	}
	if day := c.GetTodayElsewhere(); day != "" {
		warnings = append(warnings, "By the clocks of other offices' nodes it is "+guidance.DayWords(day)+", and not the day that this node takes for today: what stands today may be told wrongly here until its clock is set.")
	}
	if silence := notHeardWarning(c); silence != "" {
		warnings = append(warnings, silence)
	}
	return strings.Join(warnings, " ")
}

// officeIn is an office by its name, where the answer has that.
func officeIn(c *answersv1.Completeness, id string) string {
	return cmp.Or(c.GetOfficeNames()[id], id)
}

func officesIn(c *answersv1.Completeness, ids []string) []string {
	var names []string
	for _, id := range ids {
		names = append(names, officeIn(c, id))
	}
	return slices.Sorted(slices.Values(names))
}

func countWords(c *answersv1.Completeness, what string, byOffice map[string]int32) []string {
	var parts []string
	for _, office := range slices.Sorted(maps.Keys(byOffice)) {
		if n := byOffice[office]; n > 0 {
			parts = append(parts, officeIn(c, office)+" "+strconv.Itoa(int(n)))
		}
	}
	if parts == nil {
		return nil
	}
	return []string{"Entries " + what + ": " + notation.Names(parts) + "."}
}

// byWholeMatter marks a stance on the whole matter that answers for a measure.
const byWholeMatter = ", by the line on the whole matter"

// ColumnWords is the heading of a column of the national picture.
func ColumnWords(column *answersv1.Column) string {
	switch column.GetKind() {
	case answersv1.ColumnKind_COLUMN_KIND_STANCE:
		return guidance.StanceNoun(column.GetStance())
	case answersv1.ColumnKind_COLUMN_KIND_REPORTED:
		return "only reported: " + guidance.StanceNoun(column.GetStance())
	case answersv1.ColumnKind_COLUMN_KIND_BY_WHOLE_MATTER:
		return guidance.StanceNoun(column.GetStance()) + byWholeMatter
	case answersv1.ColumnKind_COLUMN_KIND_BY_GROUP:
		return "differs by group, no line in general"
	case answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED:
		return "not joined yet"
	case answersv1.ColumnKind_COLUMN_KIND_RELAYED:
		return "only passes on another's line"
	case answersv1.ColumnKind_COLUMN_KIND_CONSULTING:
		return "asking its members"
	case answersv1.ColumnKind_COLUMN_KIND_CONTESTED:
		return "offices differ (contested)"
	case answersv1.ColumnKind_COLUMN_KIND_SPLIT:
		return "split"
	case answersv1.ColumnKind_COLUMN_KIND_NO_LINE:
		return noLinePhrase(column.GetReason())
	}
	return "not known"
}

// ReasonWords is why there is no line, in a word or two.
func ReasonWords(reason answersv1.NoLineReason) string {
	switch reason {
	case answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN:
		return "withdrawn"
	case answersv1.NoLineReason_NO_LINE_REASON_REPORT_DENIED:
		return "denies what was reported"
	case answersv1.NoLineReason_NO_LINE_REASON_REPORT_TAKEN_BACK:
		return "what was reported is taken back"
	case answersv1.NoLineReason_NO_LINE_REASON_REPLACED:
		return "replaced"
	case answersv1.NoLineReason_NO_LINE_REASON_REMOVED:
		return "removed by its office"
	case answersv1.NoLineReason_NO_LINE_REASON_EXPIRED:
		return "expired"
	case answersv1.NoLineReason_NO_LINE_REASON_SILENT:
		return "nothing published here"
	case answersv1.NoLineReason_NO_LINE_REASON_NOT_YET:
		return "not in force yet"
	case answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS:
		return "said to others only"
	case answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY:
		return "on measures only"
	case answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN:
		return "written on a day not known"
	case answersv1.NoLineReason_NO_LINE_REASON_LAPSED:
		return "lapsed: it would be a breach"
	case answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS:
		return "on other parts only"
	}
	return "not known here"
}

// noLinePhrase is that there is no line, and why.
func noLinePhrase(reason answersv1.NoLineReason) string {
	if reason == answersv1.NoLineReason_NO_LINE_REASON_SILENT {
		return ReasonWords(reason)
	}
	return "no line: " + ReasonWords(reason)
}

// UnitWords is what a table counts, for n of it.
func UnitWords(unit answersv1.Unit, n int64) string {
	one, many := "Local Medical Committee", "Local Medical Committees"
	switch unit {
	case answersv1.Unit_UNIT_OFFICES:
		one, many = "office", "offices"
	case answersv1.Unit_UNIT_PRACTICES:
		one, many = "GP practice", "GP practices"
	case answersv1.Unit_UNIT_PATIENTS:
		one, many = "patient registered in these areas (not asked)", "patients registered in these areas (not asked)"
	}
	if n == 1 {
		return one
	}
	return many
}

// dataWords is what a committee without data has none of.
func dataWords(unit answersv1.Unit) string {
	switch unit {
	case answersv1.Unit_UNIT_PRACTICES:
		return "it is not known how many practices to count for: "
	case answersv1.Unit_UNIT_PATIENTS:
		return "it is not known how many patients to count for: "
	}
	return "no office speaks for: "
}

// DenominatorWords is what a table's figures are out of: unit, denominator, release,
// and whom there is no data for. names gives the committees' names by id.
func DenominatorWords(table *answersv1.NationalTable, unit answersv1.Unit, asOf string, names map[string]string) string {
	var words, releases []string
	for _, release := range table.GetReleases() { // those of lists say themselves how far they are
		far := ""
		if unit == answersv1.Unit_UNIT_PRACTICES || unit == answersv1.Unit_UNIT_PATIENTS {
			far = notation.DistanceWords(notation.DayAtEnd(release), asOf)
		}
		releases = append(releases, release+far)
	}
	if n := int64(table.GetDenominator()); n > 0 {
		words = append(words, fmt.Sprintf("%s (%s).", outOf(unit, n), strings.Join(releases, "; ")))
	}
	var without []string
	for _, id := range table.GetWithoutData() {
		without = append(without, cmp.Or(names[id], id))
	}
	if len(without) > 0 {
		none := dataWords(unit)
		words = append(words, strings.ToUpper(none[:1])+none[1:]+notation.List(without)+".")
	}
	if words == nil {
		words = append(words, "There are no "+UnitWords(unit, 0)+" to count.")
	}
	return strings.Join(words, " ")
}

// outOf is what figures are out of. Committees are those of the register, as the release beside
// it says: how many LMCs a nation has is not in it, and no share of the nation is given.
func outOf(unit answersv1.Unit, n int64) string {
	if unit > answersv1.Unit_UNIT_COMMITTEES {
		return "Out of " + notation.Thousands(n) + " " + UnitWords(unit, n)
	}
	return "Of the " + notation.Thousands(n) + " " + UnitWords(unit, n)
}

// Share is a figure as a percentage of what it is out of; empty: it is out of nothing. What is
// not all is never 100%, and what is something never 0%. It never stands alone (domain.md 5).
func Share(n, of int64) string {
	if of <= 0 {
		return ""
	}
	percent := (200*n + of) / (2 * of) // the nearest
	switch {
	case percent == 0 && n > 0:
		return "under 1%"
	case percent == 100 && n < of:
		return "over 99%"
	}
	return strconv.FormatInt(percent, 10) + "%"
}

// phrase is a line in a few words, for "was … now …".
func phrase(line *answersv1.Line) string {
	position := line.GetCurrent().GetPosition()
	from := ""
	if name := line.GetCurrent().GetAdvisory(); name != "" {
		from = " (" + name + ")"
	}
	whole := ""
	if line.GetByWholeMatter() {
		whole = byWholeMatter
	}
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_STATED:
		return guidance.StanceNoun(position.GetStance()) + whole + guidance.TermsWords(position) + from
	case answersv1.LineState_LINE_STATE_REPORTED:
		return "only " + guidance.SaidNoun(line.GetCurrent()) + whole + from
	case answersv1.LineState_LINE_STATE_MENTIONED:
		return guidance.PositionNoun(position) + from
	case answersv1.LineState_LINE_STATE_RELAYED:
		return "passes on another's line" + from
	case answersv1.LineState_LINE_STATE_CONSULTING:
		return "asking its members" + from
	case answersv1.LineState_LINE_STATE_CONTESTED:
		return "contested between offices"
	case answersv1.LineState_LINE_STATE_NO_LINE:
		words := LineColumn(line)
		if by := line.GetNoLine().GetBy(); by != "" {
			words += " (" + by + ")"
		}
		return words
	}
	return "no line"
}
