package plain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What stands with a figure of a national picture: what it is out of, whose it is by which letters, and what its stance
// does not say of them.

// figure is a figure with what it is out of, without which no percentage stands.
func figure(n, of int32) string {
	if of == 0 {
		return notation.Thousands(int64(n))
	}
	return fmt.Sprintf("%s of %s, %s", notation.Thousands(int64(n)), notation.Thousands(int64(of)), picture.Share(int64(n), int64(of)))
}

// together are members of a figure that rest on the same letters: one letter may speak for many.
type together struct {
	members, letters []string
	marks            []string // what is marked of all of them, and of nobody else
}

func byLetters(unit answersv1.Unit, t *answersv1.NationalTable, col *answersv1.Column) []*together {
	var all []*together
	for _, id := range col.GetMembers() {
		letters := picture.RestsOn(unit, t, col, id)
		i := slices.IndexFunc(all, func(g *together) bool { return slices.Equal(g.letters, letters) })
		if i < 0 {
			i, all = len(all), append(all, &together{letters: letters})
		}
		all[i].members = append(all[i].members, id)
	}
	return all
}

// memberNames are members of a figure, committees or offices, by name.
func memberNames(pic *answersv1.NationalPicture, ids []string) string {
	if pic.GetUnit() != answersv1.Unit_UNIT_OFFICES {
		return CommitteeNames(pic.GetNames(), ids)
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = officeName(pic.GetNames(), id)
	}
	return notation.Names(names)
}

// memberOf is the member of a figure that a committee is, or its office.
func memberOf(pic *answersv1.NationalPicture, t *answersv1.NationalTable, committee string) string {
	if pic.GetUnit() == answersv1.Unit_UNIT_OFFICES {
		return t.GetOffices()[committee]
	}
	return committee
}

// tellsGroups: some group is told something else than what answers in general, or so many have lines that not all
// are here.
func tellsGroups(line *answersv1.Line) bool {
	return line.GetMoreGroups() > 0 || slices.ContainsFunc(line.GetGroups(), func(group *answersv1.Line) bool { return saysOtherwise(group, line) })
}

// toSome marks a line where part of the readers are told something else than what answers all, or will be, with the parts of its area
// in which alone they are; false: they are told the same.
func toSome(line *answersv1.Line) (m mark, is bool) {
	var areas []string
	everywhere := false
	told := func(part *answersv1.Line, area *guidancev1.AreaId, name string) {
		if !saysOtherwise(part, line) {
			return
		}
		is, everywhere = true, everywhere || area == nil || notation.AreaOf(area) == notation.AreaOf(line.GetArea())
		if words := guidance.AreaWords(area, name); !slices.Contains(areas, words) {
			areas = append(areas, words)
		}
	}
	for _, part := range line.GetPartLines() {
		told(part, part.GetArea(), part.GetAreaName())
	}
	for _, st := range line.GetSaidToPart() {
		if !isOfGroup(line, st) {
			told(&answersv1.Line{State: line.GetState(), Current: st}, st.GetPosition().GetArea(), st.GetAreaName())
		}
	}
	if m = (mark{rank: 7, words: toldSome}); is && !everywhere {
		m.words += " in " + notation.List(areas)
	}
	return m, is
}

// isOfGroup: a statement beside a line is for a group that the line is not for.
func isOfGroup(line *answersv1.Line, st *answersv1.Statement) bool {
	return st.GetPosition().GetScope() != nil && st.GetPosition().GetScope().GetId() != line.GetScope().GetId()
}

// saysOtherwise: two lines differ in their stance, in its terms or in its conditions.
func saysOtherwise(x, y *answersv1.Line) bool {
	says := func(line *answersv1.Line) string {
		line = &answersv1.Line{State: line.GetState(), Current: line.GetCurrent(), NoLine: line.GetNoLine()} // what is thought of it is no advice
		return nounWords(line) + guidance.ConditionWords(line.GetCurrent().GetPosition())
	}
	return says(x) != says(y)
}

// standsWith: what is told beside a line is told with a figure: the line counts there, or its committee does by what practices are told in
// its place. With an office's it is told of each of its committees, of which some may count elsewhere by themselves.
func standsWith(pic *answersv1.NationalPicture, t *answersv1.NationalTable, line *answersv1.Line, col *answersv1.Column) bool {
	kind := col.GetKind()
	switch {
	case !slices.Contains(col.GetMembers(), memberOf(pic, t, line.GetCommittee())):
		return false
	case picture.CountsIn(pic.GetUnit(), line, col), picture.IsToldApart(pic.GetUnit(), line, col):
		return true
	}
	saysNothing := kind == answersv1.ColumnKind_COLUMN_KIND_NO_LINE || kind == answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED
	return pic.GetUnit() == answersv1.Unit_UNIT_OFFICES && !saysNothing && (line.GetArea() == nil || line.GetNoLine() != nil)
}

// besideFigure says what of a committee's line whose it is says no more, what is ahead of it, and whom it has told what beside that, or a committee
// without a line in general, or without one for these readers: "To GP partners: required (essex/2)." Empty: nothing.
// What part of the readers are told is marked with the figure, but for what a group will be.
func besideFigure(line *answersv1.Line) string {
	if line.GetNoLine() == nil {
		others := &answersv1.Line{Measure: line.GetMeasure(), Audience: line.GetAudience(), SaidToOthers: line.GetSaidToOthers()}
		others.SaidToPart = slices.DeleteFunc(slices.Clone(line.GetSaidToPart()), func(st *answersv1.Statement) bool { return !isOfGroup(line, st) })
		return strings.Join(slices.Concat(guidance.TurnedWords(line), guidance.Ahead(line), guidance.ToOthers(others)), " ")
	}
	var said []string
	for _, group := range line.GetGroups() {
		words := "For " + guidance.ScopeWords(group.GetScope()) + ": " + nounWords(group)
		said = append(said, words+" ("+strings.Join(picture.LettersOf(group), " ")+").")
	}
	if n := line.GetMoreGroups(); n > 0 {
		said = append(said, fmt.Sprintf("For %d more groups: ask with --scope, or read its letters.", n))
	}
	return strings.Join(slices.Concat(said, guidance.Ahead(line), guidance.ToOthers(line), guidance.SaidNowhere(line)), " ")
}
