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
)

// mark is something that the stance of a figure does not say of a line: marks are told by rank, then in their order.
type mark struct {
	rank         int
	order, words string
}

var (
	onConditions = mark{rank: 0, words: "on conditions"}
	forNow       = mark{rank: 1, words: "for now"}
	toGroups     = mark{rank: 6, words: "something else for some groups"}
)

const toldSome = "something else to some of these readers"

func (m mark) compare(o mark) int {
	return cmp.Or(cmp.Compare(m.rank, o.rank), strings.Compare(m.order, o.order), strings.Compare(m.words, o.words))
}

// ofStance: it is so of what a line says, and of no line that counts elsewhere.
func (m mark) ofStance() bool { return m.rank < 4 || m.rank == 5 }

// marksOf are what the stance of a figure does not say of a line of its members: conditions, that it is for now, when and by what it ends, what answers then,
// what they think of it, that it is over, and that groups or part of the readers are told otherwise.
func marksOf(line *answersv1.Line, kind answersv1.ColumnKind) (all []mark) {
	position := line.GetCurrent().GetPosition()
	if guidance.OnConditions(position) {
		all = append(all, onConditions)
	}
	if position.GetProvisional() {
		all = append(all, forNow)
	}
	if until := position.GetValidUntil(); until != "" {
		all = append(all, mark{2, until, "until " + guidance.DayWords(until)})
	}
	for _, w := range line.GetWarnings() {
		if ends := guidance.EndsLaterWords(w); ends != "" {
			all = append(all, mark{rank: 3, words: ends})
		}
		if then := guidance.AnswersLaterWords(w); then != "" {
			all = append(all, mark{rank: 3, words: then})
		}
	}
	if words := guidance.OpinionOf(line); words != "" {
		all = append(all, mark{4, fmt.Sprintf("%03d", line.GetOpinion()), words})
	}
	if no := line.GetNoLine(); no.GetReason() == answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS && no.GetSince() != "" {
		all = append(all, mark{rank: 5, words: "none of that stands"})
	}
	saysNothing := kind == answersv1.ColumnKind_COLUMN_KIND_NO_LINE
	if tellsGroups(line) && kind != answersv1.ColumnKind_COLUMN_KIND_BY_GROUP && !saysNothing {
		all = append(all, toGroups)
	}
	if m, is := toSome(line); is && !saysNothing {
		all = append(all, m)
	}
	return all
}

// figureMarks are the marks of a figure while they are put together.
type figureMarks struct {
	pic   *answersv1.NationalPicture
	t     *answersv1.NationalTable
	col   *answersv1.Column
	lines map[string][]*answersv1.Line // of each member, those that its marks are of
	here  map[*answersv1.Line]bool     // they count in the figure
	of    map[*answersv1.Line][]mark
}

// isOfAll: a mark is of all that a member is counted by, practices that are set apart too.
func (f *figureMarks) isOfAll(m mark, member string) bool {
	var letters []string
	is := false
	for _, line := range f.lines[member] {
		switch {
		case slices.Contains(f.of[line], m):
			is, letters = true, append(letters, picture.LettersOf(line)...)
		case f.here[line] || !m.ofStance():
			return false
		}
	}
	return is && !slices.ContainsFunc(f.col.GetPracticesRestOn(), func(of *answersv1.PracticesRestOn) bool {
		return memberOf(f.pic, f.t, of.GetCommittee()) == member && slices.ContainsFunc(of.GetAdvisories(), func(letter string) bool { return !slices.Contains(letters, letter) })
	})
}

// marks are what the stance of a figure does not say of its members, each with their names. What is so of just those who rest
// on the same letters stands with them, and what is so of a part of what a member is counted by with that part.
func marks(pic *answersv1.NationalPicture, t *answersv1.NationalTable, col *answersv1.Column, groups []*together) []string {
	f := &figureMarks{pic: pic, t: t, col: col, lines: map[string][]*answersv1.Line{}, here: map[*answersv1.Line]bool{}, of: map[*answersv1.Line][]mark{}}
	all := map[mark]bool{}
	var inPart []inParts
	byArea := pic.GetUnit() == answersv1.Unit_UNIT_PRACTICES || pic.GetUnit() == answersv1.Unit_UNIT_PATIENTS
	for _, line := range t.GetLines() {
		member := memberOf(pic, t, line.GetCommittee())
		here := picture.CountsIn(pic.GetUnit(), line, col)
		switch {
		case !slices.Contains(col.GetMembers(), member):
			continue
		case byArea && !here && col.GetKind() != answersv1.ColumnKind_COLUMN_KIND_SPLIT: // each is counted by itself
			continue
		case !byArea && !here && line.GetArea() != nil:
			says := saysInPart(line)
			i := slices.IndexFunc(inPart, func(p inParts) bool { return p.committee == line.GetCommittee() && p.says == says })
			if i < 0 {
				i, inPart = len(inPart), append(inPart, inParts{committee: line.GetCommittee(), says: says})
			}
			inPart[i].areas = append(inPart[i].areas, areaOf(line))
			continue
		}
		f.lines[member], f.here[line] = append(f.lines[member], line), here
		for _, m := range marksOf(line, col.GetKind()) {
			if here || !m.ofStance() {
				f.of[line] = append(f.of[line], m)
				all[m] = true
			}
		}
	}
	// practices that are set apart have no line in the table
	apart := map[mark][]string{onConditions: f.withoutLine(onConditions, col.GetOnConditions()), forNow: f.withoutLine(forNow, col.GetProvisional())}
	for _, m := range []mark{onConditions, forNow} {
		if len(apart[m]) > 0 {
			all[m] = true
		}
	}
	var told []string
	for _, m := range slices.SortedFunc(maps.Keys(all), mark.compare) {
		ids := slices.DeleteFunc(slices.Clone(col.GetMembers()), func(id string) bool { return !f.isOfAll(m, id) && !slices.Contains(apart[m], id) })
		i := slices.IndexFunc(groups, func(g *together) bool { return slices.Equal(g.members, slices.Sorted(slices.Values(ids))) })
		switch {
		case len(ids) == 0:
		case len(col.GetMembers()) == 1:
			told = append(told, m.words)
		case len(ids) == len(col.GetMembers()):
			told = append(told, m.words+": all")
		case i >= 0:
			groups[i].marks = append(groups[i].marks, m.words)
		default:
			told = append(told, m.words+": "+memberNames(pic, ids))
		}
	}
	told = append(told, f.ofParts()...)
	var otherwise []string
	for _, p := range inPart {
		who := CommitteeNames(pic.GetNames(), []string{p.committee})
		elsewhere := pic.GetUnit() != answersv1.Unit_UNIT_OFFICES || slices.ContainsFunc(t.GetLines(), func(line *answersv1.Line) bool {
			return line.GetCommittee() == p.committee && !slices.Contains(p.areas, areaOf(line))
		})
		if elsewhere {
			otherwise = append(otherwise, who+" in "+notation.List(p.areas)+": "+p.says)
		} else {
			told = append(told, who+": "+p.says)
		}
	}
	if len(otherwise) > 0 {
		told = append(told, "otherwise in part of its area: "+strings.Join(otherwise, ", "))
	}
	return told
}

// withoutLine are those of some members none of whose lines has a mark.
func (f *figureMarks) withoutLine(m mark, ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return slices.ContainsFunc(f.lines[id], func(line *answersv1.Line) bool { return slices.Contains(f.of[line], m) })
	})
}

// ofParts are the marks of parts of what a member is counted by, a part of the area of an LMC or an LMC of an office, those of the same
// together: "in Carr (sub-icb:M1A): for now, until 18 December 2026".
func (f *figureMarks) ofParts() (all []string) {
	for _, member := range f.col.GetMembers() {
		parts := map[string][]string{} // by whose and which marks
		var order, whose []string
		for _, line := range f.lines[member] {
			var words []string
			for _, m := range f.of[line] {
				if !f.isOfAll(m, member) {
					words = append(words, m.words)
				}
			}
			if words == nil {
				continue
			}
			committee := cmp.Or(line.GetCommitteeName(), CommitteeNames(f.pic.GetNames(), []string{line.GetCommittee()}))
			key := committee + "\n" + strings.Join(words, ", ")
			if parts[key] == nil {
				order, whose = append(order, key), append(whose, committee)
			}
			parts[key] = append(parts[key], f.placeOf(line, member))
		}
		whole := map[string][]string{} // the LMCs of an office of all of which the same is so
		for i, key := range order {
			_, words, _ := strings.Cut(key, "\n")
			places := slices.DeleteFunc(parts[key], func(place string) bool { return place == "" })
			if len(places) == 0 {
				whole[words] = append(whole[words], whose[i])
				continue
			}
			where := "in " + notation.List(places)
			if len(f.col.GetMembers()) > 1 || f.pic.GetUnit() == answersv1.Unit_UNIT_OFFICES {
				where = whose[i] + " " + where
			}
			all = append(all, where+": "+words)
		}
		for _, words := range slices.Sorted(maps.Keys(whole)) {
			all = append(all, notation.Names(whole[words])+": "+words)
		}
	}
	return all
}

// placeOf is where in the area of its committee a line of a member stands; empty: in all of it.
func (f *figureMarks) placeOf(line *answersv1.Line, member string) string {
	switch {
	case line.GetArea() != nil:
		return areaOf(line)
	case slices.ContainsFunc(f.lines[member], func(o *answersv1.Line) bool { return o.GetCommittee() == line.GetCommittee() && o != line }),
		slices.ContainsFunc(f.col.GetPracticesRestOn(), func(of *answersv1.PracticesRestOn) bool { return of.GetCommittee() == line.GetCommittee() }):
		return "the rest of its area"
	}
	return ""
}

// inParts is what a committee's lines for some parts of its area say alike, where it is counted by others, or its office is.
type inParts struct {
	committee, says string
	areas           []string
}

// saysInPart is what a line for part of an area says where its committee is counted by another.
func saysInPart(line *answersv1.Line) string {
	about := []string{strings.Join(picture.LettersOf(line), " "), guidance.OpinionOf(line)}
	for _, w := range line.GetWarnings() {
		about = append(about, guidance.EndsLaterWords(w))
	}
	if line.GetNoLine() == nil && tellsGroups(line) {
		about = append(about, toGroups.words)
	}
	if m, is := toSome(line); is && line.GetNoLine() == nil {
		about = append(about, m.words)
	}
	for _, ahead := range guidance.Ahead(line) {
		about = append(about, notation.Small(strings.TrimSuffix(ahead, ".")))
	}
	says := picture.LineColumn(line) + guidance.TermsWords(line.GetCurrent().GetPosition())
	return fmt.Sprintf("%s (%s)", says, notation.Joined(", ", about...))
}
