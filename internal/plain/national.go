package plain

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// National writes a national picture: the whole matter, then measure by measure who says
// what, and at the end those that stand as the whole matter does and those nobody has spoken
// on. known is as for View.
func (p *Page) National(pic *answersv1.NationalPicture, known string) {
	p.matterHead(pic.GetMatter())
	p.Para(0, notation.Joined(", ", "The national picture as of "+guidance.DayWords(pic.GetAsOf()), known)+".")
	if pic.GetWords() != "" {
		p.Gap()
		p.Para(0, pic.GetWords())
	}
	p.tables(pic, func(t *answersv1.NationalTable) { p.measureTable(pic, t) })
	p.Footer(pic.GetCompleteness(), pic.GetNotices())
}

// tables shows the tables of a picture, and names those that stand as the whole matter does and those
// that nobody has spoken on.
func (p *Page) tables(pic *answersv1.NationalPicture, show func(*answersv1.NationalTable)) {
	var silent, follow []string
	for i, t := range pic.GetTables() {
		title := measureTitle(pic.GetMatter(), t.GetMeasure())
		switch {
		case !isSpokenOn(t) && t.GetMeasure() != "" && len(pic.GetTables()) > 1: // what is asked about is shown, however silent
			silent = append(silent, title)
		case i > 0 && repeats(t, pic.GetTables()[0]):
			follow = append(follow, title)
		default:
			show(t)
		}
	}
	p.titles("The same as on the whole matter, by what was said on all of it:", follow)
	p.titles("Nobody has said anything on:", silent)
}

// forGroup says for which group an answer is; empty: in general.
func forGroup(s *guidancev1.Scope) string {
	if s == nil {
		return ""
	}
	return "for " + groupWords(s)
}

func (p *Page) titles(head string, titles []string) {
	if len(titles) == 0 {
		return
	}
	p.Head(head)
	for _, title := range titles {
		p.Hang("  ", title)
	}
}

// repeats: a measure's table only repeats that of the whole matter, the same lines for
// the same readers, why there is none, and what is listed beside them.
func repeats(t, whole *answersv1.NationalTable) bool {
	beside := func(l *answersv1.Line) []*answersv1.Statement {
		all := slices.Concat(l.GetContested(), l.GetMentions(), l.GetWaiting(), l.GetNotYet(), l.GetMayHaveBeenIssued(), l.GetSaidToPart(), l.GetSaidToOthers(), l.GetReportedSince())
		for _, st := range saidNowhere(l) {
			all = append(all, st.Statement)
		}
		return all
	}
	same := func(a, b *answersv1.Line) bool {
		return a.GetState() == b.GetState() && a.GetOpinion() == b.GetOpinion() && proto.Equal(a.GetArea(), b.GetArea()) &&
			proto.Equal(a.GetCurrent(), b.GetCurrent()) && proto.Equal(a.GetNoLine(), b.GetNoLine()) &&
			slices.EqualFunc(a.GetGroups(), b.GetGroups(), func(x, y *answersv1.Line) bool { return proto.Equal(x, y) }) &&
			slices.EqualFunc(beside(a), beside(b), func(x, y *answersv1.Statement) bool { return proto.Equal(x, y) })
	}
	return whole.GetMeasure() == "" && len(t.GetVotes()) == 0 && whole.GetAudience() == t.GetAudience() && same(whole.GetNational(), t.GetNational()) &&
		slices.EqualFunc(whole.GetLines(), t.GetLines(), same) && slices.EqualFunc(whole.GetOtherBodies(), t.GetOtherBodies(), same)
}

// isSpokenOn: an LMC's line counts as something else than silent, or there is something
// to show beside the figures. The figures themselves do not tell: lines of committees
// without numbers are not among them.
func isSpokenOn(t *answersv1.NationalTable) bool {
	return slices.ContainsFunc(t.GetLines(), func(l *answersv1.Line) bool {
		return l.GetNoLine().GetReason() != answersv1.NoLineReason_NO_LINE_REASON_SILENT
	}) || !isSilent(t.GetNational()) || len(spoken(t.GetOtherBodies()))+len(t.GetVotes()) > 0
}

// measureTable writes the count of one measure: the national line, the figures, each
// with its committees, or offices, and the advisories they rest on; what they are out
// of, who has no data, and how lines stand to the national one.
func (p *Page) measureTable(pic *answersv1.NationalPicture, t *answersv1.NationalTable) {
	m := pic.GetMatter()
	title := "The whole matter"
	if t.GetMeasure() != "" {
		title = t.GetTitle() + " (" + t.GetMeasure() + ")"
	}
	p.Gap()
	p.Para(0, notation.Joined(", ", title, "proposed by "+t.GetProposer().GetName(), "for "+guidance.AudienceWords(t.GetAudience()), forGroup(pic.GetScope())))
	p.Hang("  ", t.GetCeased().GetWords())
	if line := t.GetNational(); line != nil {
		p.Hang("  ", lineWords(m, t.GetMeasure(), line))
	}
	if !isSpokenOn(t) {
		p.Hang("    ", figure(0, t.GetDenominator())+": have said anything")
	}
	for _, col := range t.GetColumns() {
		groups := byLetters(pic.GetUnit(), t, col)
		distinct := map[string]bool{}
		for _, g := range groups {
			for _, letter := range g.letters {
				distinct[letter] = true
			}
		}
		count := figure(col.GetCount(), t.GetDenominator())
		if n := len(distinct); pic.GetUnit() <= answersv1.Unit_UNIT_COMMITTEES && n > 0 {
			count += ", in " + notation.Counted(int64(n), "letter", "letters")
		}
		p.Hang("    ", count+": "+col.GetWords())
		marked := marks(pic, t, col, groups)
		var who []string
		for _, g := range groups {
			about := notation.Joined(", ", append([]string{strings.Join(g.letters, " ")}, g.marks...)...)
			if about != "" {
				about = " (" + about + ")"
			}
			who = append(who, memberNames(pic, g.members)+about)
		}
		p.Para(6, notation.Joined("; ", append(who, marked...)...))
		var besides []string
		whose := map[string][]string{} // by what stands beside their line
		for _, line := range t.GetLines() {
			words := besideFigure(line)
			if words == "" || !slices.Contains(col.GetMembers(), line.GetCommittee()) || !picture.CountsIn(pic.GetUnit(), line, col) && !picture.IsToldApart(pic.GetUnit(), line, col) {
				continue
			}
			if whose[words] == nil {
				besides = append(besides, words)
			}
			who := cmp.Or(line.GetCommitteeName(), line.GetCommittee())
			if line.GetArea() != nil {
				who += " in " + areaOf(line)
			}
			whose[words] = append(whose[words], who)
		}
		for _, words := range besides {
			p.Para(8, notation.Names(whose[words])+": "+words)
		}
	}
	if words := t.GetDenominatorWords(); words != "" {
		p.Hang("  ", words)
	} else if none := t.GetWithoutData(); len(none) > 0 {
		p.Hang("  ", "no numbers of: "+memberNames(pic, none))
	}
	p.relations(pic, t)
	for _, line := range spoken(t.GetOtherBodies()) {
		p.Hang("  not counted: ", lineWords(m, t.GetMeasure(), line))
	}
	p.votesBeside(t)
}

// votesBeside are the votes of each committee beside the lines: no figure has them.
func (p *Page) votesBeside(t *answersv1.NationalTable) {
	before := ""
	for _, v := range t.GetVotes() {
		if before == "" {
			p.Hang("  ", "Votes, which are no lines and are counted with none:")
		}
		if v.GetCommittee() != before {
			for _, words := range picture.VotesOf(t, v.GetCommittee()) {
				p.Item(4, cmp.Or(v.GetCommitteeName(), v.GetCommittee())+": "+words)
			}
		}
		before = v.GetCommittee()
	}
	if n := t.GetMoreVotes(); n > 0 {
		p.Item(4, fmt.Sprintf("and %d more: lmc votes MATTER", n))
	}
}

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
		return committeeNames(pic.GetNames(), ids)
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
		id := line.GetCommittee()
		here, whole := picture.CountsIn(pic.GetUnit(), line, col), line.GetArea() == nil
		switch {
		case !slices.Contains(col.GetMembers(), id):
			continue
		case byArea && !here && col.GetKind() != answersv1.ColumnKind_COLUMN_KIND_SPLIT: // each is counted by itself
			continue
		case !byArea && !whole:
			if !here && pic.GetUnit() <= answersv1.Unit_UNIT_COMMITTEES {
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
				says := picture.LineColumn(line) + guidance.TermsWords(line.GetCurrent().GetPosition())
				inPart = append(inPart, fmt.Sprintf("%s in %s: %s (%s)", memberNames(pic, []string{id}), areaOf(line), says, notation.Joined(", ", about...)))
			}
			rest := slices.ContainsFunc(t.GetLines(), func(o *answersv1.Line) bool { return o.GetCommittee() == id && o.GetArea() == nil })
			if !here || rest {
				continue
			}
		}
		add := func(to []string) []string {
			if slices.Contains(to, id) {
				return to
			}
			return append(to, id)
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
			return saysOtherwise(&answersv1.Line{State: line.GetState(), Current: st}, line)
		})
}

// saysOtherwise: two lines differ in their stance, in its terms or in its conditions.
func saysOtherwise(x, y *answersv1.Line) bool {
	says := func(line *answersv1.Line) string {
		line = &answersv1.Line{State: line.GetState(), Current: line.GetCurrent(), NoLine: line.GetNoLine()} // what is thought of it is no advice
		return nounWords(line) + guidance.ConditionWords(line.GetCurrent().GetPosition())
	}
	return says(x) != says(y)
}

// besideFigure says what is ahead of a committee's line, and whom it has told what beside that, or a committee
// without a line in general, or without one for these readers: "To GP partners: required (essex/2)." Empty: nothing.
// What part of the readers are told is marked with the figure.
func besideFigure(line *answersv1.Line) string {
	if line.GetNoLine() == nil {
		others := &answersv1.Line{Measure: line.GetMeasure(), Audience: line.GetAudience(), SaidToOthers: line.GetSaidToOthers()}
		return strings.Join(append(guidance.Ahead(line), guidance.ToOthers(others)...), " ")
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

// relations is how lines stand to the national one, in committees whatever the figures
// count; those that are no line of their own stand among the figures already.
func (p *Page) relations(pic *answersv1.NationalPicture, t *answersv1.NationalTable) {
	of := pic.GetUnit() > answersv1.Unit_UNIT_COMMITTEES
	for _, r := range t.GetRelations() {
		switch r.GetRelation() {
		case answersv1.Relation_RELATION_NO_LINE, answersv1.Relation_RELATION_RELAYED, answersv1.Relation_RELATION_CONSULTING:
			continue
		}
		if of {
			p.Hang("  ", "Of the committees:")
			of = false
		}
		p.Hang("    ", notation.Thousands(int64(r.GetCount()))+" "+guidance.RelationWords(r.GetRelation())+": "+notation.Joined("; only reported: ", committeeNames(pic.GetNames(), r.GetCommittees()), committeeNames(pic.GetNames(), r.GetReported())))
	}
}
