package picture

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

var csvHeader = []string{
	"matter", "measure", "title", "proposer", "audience", "row", "heading", "count", "percent", "unit", "denominator", "denominator words",
	"release", "as of", "known at", "complete", "completeness", "committees or offices", "advisories", "notices",
	"of them on conditions", "of them for now", "of them only reported", // of a count
	"name", "area", "scope", "conditions", "for now", "opinion", "reasons", "to the national line", "issued from", "issued to", "said to others", "last day", "ahead", // of a line
	"rationale in words", "regions", "ICBs", // of a line and its committee
	"votes",                      // of a committee, beside its line
	"not heard since",            // of the node that answered
	"passed on but turned since", // of a line
}

// CSV returns the figures as a comma-separated file with a heading: a row for each
// column of each table, for each relation to the national line, and for each committee
// without data; then one for the national line, for each line of an LMC, its parts and
// groups too, and for each line of another body, which are counted in no figure. Every row
// can stand alone: it names unit, denominator, release, day, completeness and the advisories
// behind it. It begins with a byte order mark. Cells that a spreadsheet would run as a
// formula are written with an apostrophe before them.
func CSV(pic *answersv1.NationalPicture) ([]byte, error) {
	rows := [][]string{csvHeader}
	for _, t := range pic.GetTables() {
		for _, f := range figures(pic, t) {
			rows = append(rows, append([]string{
				pic.GetMatter().GetName(), t.GetMeasure(), t.GetTitle(), t.GetProposer().GetName(), readers(pic, t),
				f.row, f.heading, f.count, f.percent, f.unit, f.denominator, f.words, f.release, pic.GetAsOf(), knownCell(pic),
				strconv.FormatBool(pic.GetCompleteness().GetComplete()), pic.GetCompleteness().GetWords(),
				strings.Join(f.members, " "), strings.Join(f.advisories, " "), strings.Join(strings.Fields(strings.Join(pic.GetNotices(), " ")+" "+t.GetCeased().GetWords()+" "+pic.GetWords()), " "),
				f.onConditions, f.forNow, f.reported,
			}, append(lineCells(f.line), strings.TrimSpace(f.line.GetCurrent().GetPosition().GetRationale()), placeCell(pic, f.line, "region"), placeCell(pic, f.line, "icb"), strings.Join(f.votes, "; "), notHeardCell(pic.GetCompleteness()), strings.Join(guidance.TurnedWords(f.line), " "))...))
		}
	}
	return written(rows)
}

// knownCell is when, or by which feed number, what an answer tells was known.
func knownCell(answer interface {
	GetKnownAtTime() *timestamppb.Timestamp
	GetKnownAtFeed() uint64
},
) string {
	switch {
	case answer.GetKnownAtTime() != nil:
		return answer.GetKnownAtTime().AsTime().UTC().Format(time.RFC3339)
	case answer.GetKnownAtFeed() != 0:
		return "feed " + strconv.FormatUint(answer.GetKnownAtFeed(), 10)
	}
	return "everything recorded"
}

// readers are whom some tables are for.
func readers(pic *answersv1.NationalPicture, tables ...*answersv1.NationalTable) string {
	group, audiences := "", []guidancev1.Audience(nil)
	if pic.GetScope() != nil {
		group = "for " + guidance.ScopeWords(pic.GetScope())
	}
	for _, t := range tables {
		if !slices.Contains(audiences, t.GetAudience()) {
			audiences = append(audiences, t.GetAudience())
		}
	}
	return notation.Joined(", ", guidance.AudiencesWords(audiences), AreaAsked(pic), group)
}

// readersOn are whom what stands on a measure in a picture, or in one beside it, is for.
func readersOn(measure string, pics ...*answersv1.NationalPicture) string {
	for _, pic := range pics {
		for _, t := range pic.GetTables() {
			if t.GetMeasure() == measure {
				return readers(pic, t)
			}
		}
	}
	return readers(pics[0])
}

// AreaAsked is the area that a picture, or another answer, was asked of: "in Mid Essex (sub-icb:06Q)"; empty: of all.
func AreaAsked(answer interface {
	GetArea() *guidancev1.AreaId
	GetAreaName() string
},
) string {
	if answer.GetArea() == nil {
		return ""
	}
	return "in " + guidance.AreaWords(answer.GetArea(), answer.GetAreaName())
}

// ByteOrderMark tells a spreadsheet that a file is UTF-8: without it Excel reads "£" as two
// other characters.
const ByteOrderMark = "\uFEFF"

// written is a file of some rows.
func written(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(ByteOrderMark)
	w := csv.NewWriter(&b)
	for _, cells := range rows {
		if err := w.Write(Harmless(cells)); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// figure is what differs between the rows of a table.
type figure struct {
	row, heading, count, percent, unit, denominator, words, release string
	onConditions, forNow, reported                                  string
	members, advisories                                             []string
	line                                                            *answersv1.Line // nil: it is a figure
	votes                                                           []string        // of its committee, on the first of its rows
}

// figures are the rows of a table: its columns, the committees without data, and the
// relations to the national line, which are counted in committees.
func figures(pic *answersv1.NationalPicture, t *answersv1.NationalTable) []figure {
	of := figure{
		unit: UnitWords(pic.GetUnit(), 2), denominator: strconv.Itoa(int(t.GetDenominator())),
		words: t.GetDenominatorWords(), release: strings.Join(t.GetReleases(), "; "),
	}
	var all []figure
	for _, c := range t.GetColumns() {
		f := of
		f.row, f.heading, f.count = "count", cmp.Or(c.GetWords(), ColumnWords(c)), strconv.Itoa(int(c.GetCount()))
		f.percent = Share(int64(c.GetCount()), int64(t.GetDenominator()))
		f.onConditions, f.forNow = strings.Join(c.GetOnConditions(), " "), strings.Join(c.GetProvisional(), " ")
		f.members, f.advisories = c.GetMembers(), columnAdvisories(pic.GetUnit(), t, c)
		all = append(all, f)
	}
	for _, id := range t.GetWithoutData() {
		f := of
		f.row, f.heading, f.members = "without data", dataWords(pic.GetUnit())+id, []string{id}
		f.advisories = advisories(t, func(line *answersv1.Line) bool { return line.GetCommittee() == id })
		all = append(all, f)
	}
	sum := int64(0)
	for _, r := range t.GetRelations() {
		sum += int64(r.GetCount())
	}
	for _, r := range t.GetRelations() {
		all = append(all, figure{
			row: "relation", heading: guidance.RelationWords(r.GetRelation()), count: strconv.Itoa(int(r.GetCount())), percent: Share(int64(r.GetCount()), sum),
			unit: UnitWords(answersv1.Unit_UNIT_COMMITTEES, 2), denominator: strconv.FormatInt(sum, 10),
			words:   outOf(answersv1.Unit_UNIT_COMMITTEES, sum) + " in this register.",
			release: registerRelease(pic.GetAsOf()), members: r.GetCommittees(), reported: strings.Join(r.GetReported(), " "),
			advisories: advisories(t, func(line *answersv1.Line) bool { return slices.Contains(r.GetCommittees(), line.GetCommittee()) }),
		})
	}
	add := func(row string, line *answersv1.Line) {
		f := of
		f.row, f.heading, f.line, f.members = row, phrase(line), line, []string{line.GetCommittee()}
		if f.advisories = LettersOf(line); isNotJoined(t, line) {
			f.heading = ColumnWords(&answersv1.Column{Kind: answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED})
		}
		if before := all[max(len(all)-1, 0):]; len(before) == 0 || before[0].line == nil || before[0].line.GetCommittee() != line.GetCommittee() {
			f.votes = VotesOf(t, line.GetCommittee())
		}
		all = append(all, f)
	}
	if t.GetNational() != nil {
		add("national line", t.GetNational())
	}
	for _, line := range t.GetLines() {
		add("line", line)
		for _, group := range line.GetGroups() {
			add("line", group)
		}
	}
	for _, line := range t.GetOtherBodies() {
		add("other body", line)
	}
	return all
}

// lineCells are what a row says of a line; empty cells where it is a figure.
func lineCells(line *answersv1.Line) []string {
	if line == nil {
		return make([]string, 13)
	}
	p, area, forNow := line.GetCurrent().GetPosition(), "", ""
	if line.GetArea() != nil {
		area = notation.AreaOf(line.GetArea()).String()
	}
	if p.GetProvisional() {
		forNow = "for now"
	}
	return []string{
		cmp.Or(line.GetCommitteeName(), line.GetCommittee()), area, guidance.ScopeWords(line.GetScope()), guidance.ConditionWords(p), forNow,
		guidance.OpinionWords(line.GetOpinion()), reasonsWords(p.GetReasons()), guidance.RelationWords(line.GetRelation()),
		line.GetCurrent().GetIssued().GetEarliest(), line.GetCurrent().GetIssued().GetLatest(), strings.Join(slices.Concat(guidance.ToOthers(line), guidance.SaidNowhere(line)), " "),
		guidance.LastDay(line), strings.Join(guidance.Ahead(line), " "),
	}
}

// placeCell are the areas of a scheme that the committee of a line lies in.
func placeCell(pic *answersv1.NationalPicture, line *answersv1.Line, scheme string) string {
	var names []string
	for _, place := range PlacesIn(pic, line.GetCommittee(), scheme) {
		names = append(names, notation.AreaOf(place.GetArea()).String()+" "+place.GetName())
	}
	return strings.Join(names, "; ")
}

// columnAdvisories are the advisories a figure rests on.
func columnAdvisories(unit answersv1.Unit, t *answersv1.NationalTable, c *answersv1.Column) []string {
	var names []string
	for _, member := range c.GetMembers() {
		names = append(names, RestsOn(unit, t, c, member)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// RestsOn are the advisories that the share of one member of a figure rests on: those of its
// lines that are counted there, or all of them where they differ. Members are committees, or
// offices where those are counted.
func RestsOn(unit answersv1.Unit, t *answersv1.NationalTable, c *answersv1.Column, member string) []string {
	isOf := func(committee string) bool {
		return committee == member && unit != answersv1.Unit_UNIT_OFFICES || unit == answersv1.Unit_UNIT_OFFICES && t.GetOffices()[committee] == member
	}
	names := advisories(t, func(line *answersv1.Line) bool {
		return isOf(line.GetCommittee()) && (c.GetKind() == splitColumn.kind || CountsIn(unit, line, c))
	})
	for _, of := range c.GetPracticesRestOn() {
		if isOf(of.GetCommittee()) {
			names = append(names, of.GetAdvisories()...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// CountsIn: a line counts in a column of its committee's or its office's. Practices and patients count by the lines of
// each area, those by what all of these tell.
func CountsIn(unit answersv1.Unit, line *answersv1.Line, c *answersv1.Column) bool {
	in, of := column{kind: c.GetKind(), stance: c.GetStance(), reason: c.GetReason()}, columnOf(line)
	if unit == answersv1.Unit_UNIT_PRACTICES || unit == answersv1.Unit_UNIT_PATIENTS {
		return in == of
	}
	return in.tells(of)
}

// IsToldApart: a line says nothing, and its committee counts in a column by what its practices are told in its place, or in parts.
func IsToldApart(unit answersv1.Unit, line *answersv1.Line, c *answersv1.Column) bool {
	saysNothing := c.GetKind() == answersv1.ColumnKind_COLUMN_KIND_NO_LINE || c.GetKind() == answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED
	return unit <= answersv1.Unit_UNIT_COMMITTEES && line.GetNoLine() != nil && !saysNothing && slices.Contains(c.GetMembers(), line.GetCommittee())
}

// advisories are the entries that some lines rest on, by name.
func advisories(t *answersv1.NationalTable, of func(*answersv1.Line) bool) []string {
	var names []string
	for _, line := range t.GetLines() {
		if of(line) {
			names = append(names, LettersOf(line)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// LettersOf are the entries that a line, or that there is none, rests on: what it says or what
// ended it; where it has lines for groups alone, what says those; else what holds later, was
// said to others or on other parts, and may have been issued.
func LettersOf(line *answersv1.Line) []string {
	no := line.GetNoLine()
	names := []string{line.GetCurrent().GetAdvisory(), no.GetEnded(), no.GetBy()}
	said := slices.Clone(line.GetContested())
	switch {
	case no == nil:
	case columnOf(line).kind == answersv1.ColumnKind_COLUMN_KIND_BY_GROUP, no.GetEnded() == "" && len(line.GetGroups()) > 0:
		for _, group := range line.GetGroups() {
			names = append(names, LettersOf(group)...)
		}
	default:
		names = append(names, no.GetLetters()...)
		switch no.GetReason() {
		case answersv1.NoLineReason_NO_LINE_REASON_NOT_YET:
			said = slices.Concat(line.GetNotYet(), line.GetWaiting())
		case answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN:
			said = line.GetMayHaveBeenIssued()
		case answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS:
			said = slices.Concat(line.GetSaidToOthers(), line.GetUnknownAreas())
			for _, former := range line.GetFormerAreas() {
				said = append(said, former.GetStatement())
			}
		}
	}
	for _, one := range said {
		names = append(names, one.GetAdvisory())
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	slices.Sort(names)
	return slices.Compact(names)
}

// Harmless keeps a spreadsheet from running a cell as a formula.
func Harmless(cells []string) []string {
	safe := slices.Clone(cells)
	for i, c := range safe {
		if c != "" && strings.IndexByte("=+-@\t\r", c[0]) >= 0 {
			safe[i] = "'" + c
		}
	}
	return safe
}
