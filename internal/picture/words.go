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
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// CompletenessWords says in plain words what an answer rests on.
func CompletenessWords(c *answersv1.Completeness) string {
	if c == nil {
		return "Whether anything is missing is not known."
	}
	words := missingWords(c)
	if c.GetComplete() {
		words = slices.Insert(words, 0, "Everything known to have been published is here.")
	} else {
		words = slices.Insert(words, 0, "This answer is not complete.")
	}
	return sentences(words)
}

func missingWords(c *answersv1.Completeness) []string {
	var words []string
	for _, lag := range c.GetBehind() {
		words = append(words, lagWords(lag))
	}
	words = append(words, countWords("not open to this reader", c.GetWithheld())...)
	words = append(words, countWords("not fetched yet", c.GetNotHeld())...)
	words = append(words, countWords("not understood by this version", c.GetNotUnderstood())...)
	if stale := c.GetStale(); len(stale) > 0 {
		words = append(words, "Nothing fresh from: "+sortedList(stale)+".")
	}
	if away := c.GetNotJoined(); len(away) > 0 {
		words = append(words, "Nothing published yet by: "+sortedList(away)+".")
	}
	return words
}

func lagWords(lag *answersv1.OfficeLag) string {
	since := ""
	if lag.GetSinceTime() != nil {
		since = " since " + guidance.DayWords(guidance.Today(lag.GetSinceTime().AsTime()))
	}
	return fmt.Sprintf("Behind %s%s: %d of %d entries are here.", lag.GetOffice(), since, lag.GetHeld(), lag.GetSeen())
}

func countWords(what string, byOffice map[string]int64) []string {
	var parts []string
	for _, office := range slices.Sorted(maps.Keys(byOffice)) {
		if n := byOffice[office]; n > 0 {
			parts = append(parts, office+" "+strconv.FormatInt(n, 10))
		}
	}
	if parts == nil {
		return nil
	}
	return []string{"Entries " + what + ": " + strings.Join(parts, ", ") + "."}
}

// ColumnWords is the heading of a column of the national picture.
func ColumnWords(column *answersv1.Column) string {
	switch column.GetKind() {
	case answersv1.ColumnKind_COLUMN_KIND_STANCE:
		return guidance.StanceNoun(column.GetStance())
	case answersv1.ColumnKind_COLUMN_KIND_REPORTED:
		return "only reported: " + guidance.StanceNoun(column.GetStance())
	case answersv1.ColumnKind_COLUMN_KIND_RELAYED:
		return "only passes on another's line"
	case answersv1.ColumnKind_COLUMN_KIND_CONSULTING:
		return "asking its members"
	case answersv1.ColumnKind_COLUMN_KIND_CONTESTED:
		return "offices differ (contested)"
	case answersv1.ColumnKind_COLUMN_KIND_SPLIT:
		return "split"
	case answersv1.ColumnKind_COLUMN_KIND_NO_LINE:
		return "no line: " + ReasonWords(column.GetReason())
	}
	return "not known"
}

// ReasonWords is why there is no line, in a word or two.
func ReasonWords(reason answersv1.NoLineReason) string {
	switch reason {
	case answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN:
		return "withdrawn"
	case answersv1.NoLineReason_NO_LINE_REASON_REPLACED:
		return "replaced"
	case answersv1.NoLineReason_NO_LINE_REASON_EXPIRED:
		return "expired"
	case answersv1.NoLineReason_NO_LINE_REASON_SILENT:
		return "silent"
	}
	return "not known here"
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
		one, many = "registered patient", "registered patients"
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
		return "no practice counts for: "
	case answersv1.Unit_UNIT_PATIENTS:
		return "no patient counts for: "
	}
	return "no office speaks for: "
}

// DenominatorWords is what a table's figures are out of: unit, denominator, release,
// and whom there is no data for. names gives the committees' names by id.
func DenominatorWords(table *answersv1.NationalTable, unit answersv1.Unit, names map[string]string) string {
	var words []string
	if n := table.GetDenominator(); n > 0 {
		words = append(words, fmt.Sprintf("Out of %s %s (%s).", notation.Thousands(n), UnitWords(unit, n), strings.Join(table.GetReleases(), "; ")))
	}
	var without []string
	for _, id := range table.GetWithoutData() {
		without = append(without, cmp.Or(names[id], id))
	}
	if len(without) > 0 {
		words = append(words, capital(dataWords(unit))+notation.List(without)+".")
	}
	if words == nil {
		words = append(words, "There are no "+UnitWords(unit, 0)+" to count.")
	}
	return sentences(words)
}

// phrase is a line in a few words, for "was … now …".
func phrase(line *answersv1.Line) string {
	stance := line.GetCurrent().GetPosition().GetStance()
	from := ""
	if name := line.GetCurrent().GetAdvisory(); name != "" {
		from = " (" + name + ")"
	}
	switch line.GetState() {
	case answersv1.LineState_LINE_STATE_STATED:
		return guidance.StanceNoun(stance) + provisionalWords(line) + from
	case answersv1.LineState_LINE_STATE_REPORTED:
		return "only reported: " + guidance.StanceNoun(stance) + from
	case answersv1.LineState_LINE_STATE_MENTIONED:
		return "information only" + from
	case answersv1.LineState_LINE_STATE_RELAYED:
		return "passes on another's line" + from
	case answersv1.LineState_LINE_STATE_CONSULTING:
		return "asking its members" + from
	case answersv1.LineState_LINE_STATE_CONTESTED:
		return "contested between offices"
	case answersv1.LineState_LINE_STATE_NO_LINE:
		return noLinePhrase(line.GetNoLine())
	}
	return "no line"
}

func provisionalWords(line *answersv1.Line) string {
	if line.GetCurrent().GetPosition().GetProvisional() {
		return ", provisional"
	}
	return ""
}

func noLinePhrase(no *answersv1.NoLine) string {
	words := "no line: " + ReasonWords(no.GetReason())
	if no.GetBy() != "" {
		words += " (" + no.GetBy() + ")"
	}
	return words
}

func displayName(c Committee) string { return cmp.Or(c.GetName(), c.GetId()) }

func areaName(id *guidancev1.AreaId) string { return id.GetScheme() + ":" + id.GetCode() }

func sortedList(names []string) string { return notation.List(slices.Sorted(slices.Values(names))) }

func sentences(words []string) string { return strings.Join(words, " ") }

// capital makes the first letter of plain ASCII words a capital.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
