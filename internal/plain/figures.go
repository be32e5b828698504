package plain

import (
	"cmp"
	"fmt"
	"maps"
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

// thought is an opinion and how it is told, which names the letter where what answers is a report without it.
type thought struct {
	opinion guidancev1.Opinion
	words   string
}

// marks are what the stance of a figure does not say of its members, each with their names:
// conditions, that it is for now, what they think of it, and that groups, part of the readers
// or part of the area are told otherwise. What is so of just those who rest on the same letters
// stands with them.
func marks(pic *answersv1.NationalPicture, t *answersv1.NationalTable, col *answersv1.Column, groups []*together) []string {
	var all []string
	mark := func(what string, ids []string) {
		i := slices.IndexFunc(groups, func(g *together) bool { return slices.Equal(g.members, slices.Sorted(slices.Values(ids))) })
		switch {
		case len(ids) == 0:
		case len(col.GetMembers()) == 1:
			all = append(all, what)
		case len(ids) == len(col.GetMembers()):
			all = append(all, what+": all")
		case i >= 0:
			groups[i].marks = append(groups[i].marks, what)
		default:
			all = append(all, what+": "+memberNames(pic, ids))
		}
	}
	mark("on conditions", col.GetOnConditions())
	mark("for now", col.GetProvisional())
	endsBy := map[string][]string{}
	thinking, ending, grouped, toPart, inPart, over := map[thought][]string{}, map[string][]string{}, []string{}, []string{}, []string{}, []string{}
	byArea := pic.GetUnit() == answersv1.Unit_UNIT_PRACTICES || pic.GetUnit() == answersv1.Unit_UNIT_PATIENTS
	for _, line := range t.GetLines() {
		id, member := line.GetCommittee(), line.GetCommittee()
		if pic.GetUnit() == answersv1.Unit_UNIT_OFFICES {
			member = t.GetOffices()[id]
		}
		here, whole := picture.CountsIn(pic.GetUnit(), line, col), line.GetArea() == nil
		switch {
		case !slices.Contains(col.GetMembers(), member):
			continue
		case byArea && !here && col.GetKind() != answersv1.ColumnKind_COLUMN_KIND_SPLIT: // each is counted by itself
			continue
		case !byArea && !whole:
			if !here {
				about := []string{strings.Join(picture.LettersOf(line), " "), guidance.OpinionOf(line)}
				for _, w := range line.GetWarnings() {
					about = append(about, guidance.EndsLaterWords(w))
				}
				if line.GetNoLine() == nil && tellsGroups(line) {
					about = append(about, toGroups)
				}
				if line.GetNoLine() == nil && tellsSome(line) {
					about = append(about, toSome)
				}
				for _, ahead := range guidance.Ahead(line) {
					about = append(about, notation.Small(strings.TrimSuffix(ahead, ".")))
				}
				says := picture.LineColumn(line) + guidance.TermsWords(line.GetCurrent().GetPosition())
				inPart = append(inPart, fmt.Sprintf("%s in %s: %s (%s)", CommitteeNames(pic.GetNames(), []string{id}), areaOf(line), says, notation.Joined(", ", about...)))
			}
			rest := slices.ContainsFunc(t.GetLines(), func(o *answersv1.Line) bool { return o.GetCommittee() == id && o.GetArea() == nil })
			if !here || rest {
				continue
			}
		}
		add := func(to []string) []string {
			if slices.Contains(to, member) {
				return to
			}
			return append(to, member)
		}
		for _, w := range line.GetWarnings() {
			if ends := guidance.EndsLaterWords(w); ends != "" && here {
				endsBy[ends] = add(endsBy[ends])
			}
		}
		if no := line.GetNoLine(); no.GetReason() == answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS && no.GetSince() != "" && here {
			over = add(over)
		}
		if until := line.GetCurrent().GetPosition().GetValidUntil(); until != "" && here {
			ending[until] = add(ending[until])
		}
		if line.GetOpinion() != guidancev1.Opinion_OPINION_UNSPECIFIED {
			of := thought{line.GetOpinion(), guidance.OpinionOf(line)}
			thinking[of] = add(thinking[of])
		}
		if kind := col.GetKind(); tellsGroups(line) && kind != answersv1.ColumnKind_COLUMN_KIND_BY_GROUP && kind != answersv1.ColumnKind_COLUMN_KIND_NO_LINE {
			grouped = add(grouped)
		}
		if tellsSome(line) && col.GetKind() != answersv1.ColumnKind_COLUMN_KIND_NO_LINE {
			toPart = add(toPart)
		}
	}
	for _, day := range slices.Sorted(maps.Keys(ending)) {
		mark("until "+guidance.DayWords(day), ending[day])
	}
	for _, ends := range slices.Sorted(maps.Keys(endsBy)) {
		mark(ends, endsBy[ends])
	}
	byOpinion := func(x, y thought) int {
		return cmp.Or(cmp.Compare(x.opinion, y.opinion), strings.Compare(x.words, y.words))
	}
	for _, of := range slices.SortedFunc(maps.Keys(thinking), byOpinion) {
		mark(of.words, thinking[of])
	}
	mark("none of that stands", over)
	mark(toGroups, grouped)
	mark(toSome, toPart)
	if len(inPart) > 0 {
		all = append(all, "otherwise in part of its area: "+strings.Join(inPart, ", "))
	}
	return all
}

const (
	toGroups = "something else for some groups"
	toSome   = "something else to some of these readers"
)

// tellsGroups: some group is told something else than what answers in general, or so many have lines that not all
// are here.
func tellsGroups(line *answersv1.Line) bool {
	return line.GetMoreGroups() > 0 || slices.ContainsFunc(line.GetGroups(), func(group *answersv1.Line) bool { return saysOtherwise(group, line) })
}

// tellsSome: part of the readers are told something else than what answers all, or will be.
func tellsSome(line *answersv1.Line) bool {
	return slices.ContainsFunc(line.GetPartLines(), func(part *answersv1.Line) bool { return saysOtherwise(part, line) }) ||
		slices.ContainsFunc(line.GetSaidToPart(), func(st *answersv1.Statement) bool {
			return !isOfGroup(line, st) && saysOtherwise(&answersv1.Line{State: line.GetState(), Current: st}, line)
		})
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
