package picture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Named are the entries that a line names in any of its lists, by name: all that it rests on, or that
// there is none.
func Named(line *answersv1.Line) []string {
	names := LettersOf(line)
	for _, shown := range listsOf(line) {
		for _, statement := range shown.statements {
			names = append(names, statement.GetAdvisory())
		}
	}
	for _, asked := range slices.Concat(line.GetAlsoAsked(), line.GetAskedAgain()) {
		names = append(names, asked.GetAdvisory())
	}
	for _, part := range slices.Concat(line.GetGroups(), line.GetPartLines()) {
		names = append(names, Named(part)...)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	slices.Sort(names)
	return slices.Compact(names)
}

// Differences says where a picture that was told is not the one that was counted again: in figures,
// and in who says what; and apart from these, where only words are other, which may be improved from
// version to version.
func Differences(told, counted *answersv1.NationalPicture) (figures, words []string) {
	differs := func(format string, args ...any) { figures = append(figures, fmt.Sprintf(format, args...)) }
	if told.GetUnit() != counted.GetUnit() || told.GetAsOf() != counted.GetAsOf() || told.GetKnownAtFeed() != counted.GetKnownAtFeed() {
		differs("The answer is of another question: of %s as of %s, where %s as of %s were asked for.",
			UnitWords(told.GetUnit(), 2), guidance.DayWords(told.GetAsOf()), UnitWords(counted.GetUnit(), 2), guidance.DayWords(counted.GetAsOf()))
	}
	if guidance.GroupWords(told.GetScope()) != guidance.GroupWords(counted.GetScope()) {
		differs("The answer is headed for another group: %s, where %s was asked for.", groupOr(told.GetScope()), groupOr(counted.GetScope()))
	}
	switch {
	case proto.Equal(told.GetArea(), counted.GetArea()) && told.GetAreaName() == counted.GetAreaName():
	case told.GetArea() == nil: // as earlier versions told it
		words = append(words, "The area asked about")
	default:
		differs("The answer is headed for another area: %s, where %s was asked for.", AreaAsked(told), cmp.Or(AreaAsked(counted), "none"))
	}
	if !proto.Equal(told.GetMatter(), counted.GetMatter()) {
		differs("The matter is told otherwise than its entry says.")
	}
	byMeasure := map[string]*answersv1.NationalTable{}
	for _, t := range told.GetTables() {
		if byMeasure[t.GetMeasure()] != nil {
			differs("%s: there are two tables.", tableTitle(t))
		}
		byMeasure[t.GetMeasure()] = t
	}
	for _, t := range counted.GetTables() {
		was := byMeasure[t.GetMeasure()]
		delete(byMeasure, t.GetMeasure())
		if was == nil {
			differs("%s: the table is missing.", tableTitle(t))
			continue
		}
		before := len(figures)
		tableDiffers(was, t, differs)
		if len(figures) == before && !proto.Equal(was, t) {
			words = append(words, tableTitle(t))
		}
	}
	for _, t := range told.GetTables() {
		if byMeasure[t.GetMeasure()] == t {
			differs("%s: there is a table of it, and no such measure.", tableTitle(t))
		}
	}
	if !slices.EqualFunc(told.GetPlaces(), counted.GetPlaces(), func(a, b *answersv1.CommitteePlace) bool { return proto.Equal(a, b) }) {
		differs("Which LMC lies in which region or ICB is other.")
	}
	if !slices.Equal(told.GetNotices(), counted.GetNotices()) {
		differs("The notices it must be shown with are others.")
	}
	return figures, words
}

func groupOr(scope *guidancev1.Scope) string {
	if scope == nil {
		return "none"
	}
	return "“" + guidance.ScopeWords(scope) + "”"
}

func tableTitle(t *answersv1.NationalTable) string {
	if t.GetMeasure() == "" {
		return "The whole matter"
	}
	return cmp.Or(t.GetTitle(), t.GetMeasure())
}

// tableDiffers says what of a table is not as it was counted again.
func tableDiffers(told, counted *answersv1.NationalTable, differs func(format string, args ...any)) {
	title := tableTitle(counted)
	for _, pair := range SideBySide(told, counted) {
		was, now := proto.CloneOf(pair.Was), proto.CloneOf(pair.Now)
		if was != nil {
			was.Words = now.GetWords()
		}
		switch {
		case pair.Differs():
			differs("%s, %s: the answer has %s, counted again it is %s.", title, cmp.Or(pair.Now, pair.Was).GetWords(), figureWords(pair.Was), figureWords(pair.Now))
		case !proto.Equal(was, now):
			differs("%s, %s: whose lines are on conditions or for now, or what practices are told by, is other.", title, pair.Now.GetWords())
		}
	}
	if len(told.GetColumns()) != len(counted.GetColumns()) && len(SideBySide(told, counted)) == len(counted.GetColumns()) {
		differs("%s: the answer has a figure twice.", title)
	}
	if told.GetDenominator() != counted.GetDenominator() {
		differs("%s: the answer is out of %d, counted again it is out of %d.", title, told.GetDenominator(), counted.GetDenominator())
	}
	same := func(a, b *answersv1.RelationCount) bool { return proto.Equal(a, b) }
	if !slices.EqualFunc(told.GetRelations(), counted.GetRelations(), same) {
		differs("%s: how many stand how to the national line is other.", title)
	}
	if !slices.Equal(told.GetWithoutData(), counted.GetWithoutData()) || !slices.Equal(told.GetReleases(), counted.GetReleases()) {
		differs("%s: who has no numbers, or the release they are from, is other.", title)
	}
	sameVote := func(a, b *answersv1.VoteBeside) bool { // its words may be improved
		a, b = proto.CloneOf(a), proto.CloneOf(b)
		a.Words, b.Words = "", ""
		return proto.Equal(a, b)
	}
	if !slices.EqualFunc(told.GetVotes(), counted.GetVotes(), sameVote) || told.GetMoreVotes() != counted.GetMoreVotes() {
		differs("%s: which votes stand beside the lines is other.", title)
	}
	rowsDiffer(title, "national line", []*answersv1.Line{told.GetNational()}, []*answersv1.Line{counted.GetNational()}, differs)
	rowsDiffer(title, "row", told.GetLines(), counted.GetLines(), differs)
	rowsDiffer(title, "row of another body", told.GetOtherBodies(), counted.GetOtherBodies(), differs)
}

func figureWords(c *answersv1.Column) string {
	if c == nil {
		return "none"
	}
	return fmt.Sprintf("%s (%s)", notation.Thousands(int64(c.GetCount())), strings.Join(c.GetMembers(), " "))
}

// rowsDiffer says which lines are missing, more, or say something else.
func rowsDiffer(title, what string, told, counted []*answersv1.Line, differs func(format string, args ...any)) {
	said := map[string][]*answersv1.Line{}
	key := func(line *answersv1.Line) string { return line.GetCommittee() + " " + areaText(line.GetArea()) }
	for _, line := range told {
		if line != nil {
			said[key(line)] = append(said[key(line)], line)
		}
	}
	whose := func(line *answersv1.Line) string {
		name := cmp.Or(line.GetCommitteeName(), line.GetCommittee())
		if line.GetArea() != nil {
			name += " in " + notation.AreaOf(line.GetArea()).String()
		}
		return name
	}
	text := func(line *answersv1.Line) string {
		return headText(line) + " " + line.GetRelation().String() + " " + line.GetNoLine().GetReason().String() + "\n" + statementsText(line)
	}
	for _, line := range counted {
		if line == nil {
			continue
		}
		lines := said[key(line)]
		switch {
		case len(lines) == 0:
			differs("%s: the %s of %s is missing.", title, what, whose(line))
			continue
		case text(lines[0]) != text(line):
			differs("%s: the %s of %s says something else: the answer %s; counted again %s.", title, what, whose(line), lineText(lines[0]), lineText(line))
		}
		said[key(line)] = lines[1:]
	}
	for _, line := range told {
		if left := said[key(line)]; line != nil && len(left) > 0 && left[0] == line {
			differs("%s: there is a %s of %s that nothing rests on: %s.", title, what, whose(line), lineText(line))
		}
	}
}

// lineText is a line in a few words, with the letters it rests on.
func lineText(line *answersv1.Line) string {
	words := LineColumn(line)
	if letters := LettersOf(line); len(letters) > 0 {
		words += " (" + strings.Join(letters, " ") + ")"
	}
	return words
}
