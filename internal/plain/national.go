package plain

import (
	"cmp"
	"fmt"
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
	p.askedWords(pic)
	p.tables(pic, func(t *answersv1.NationalTable) { p.measureTable(pic, t) })
	p.Footer(pic.GetCompleteness(), pic.GetNotices())
}

// askedWords is what the reader of a picture should know of what was asked, such as that the area is not there on the day.
func (p *Page) askedWords(pic *answersv1.NationalPicture) {
	if pic.GetWords() != "" {
		p.Gap()
		p.Para(0, pic.GetWords())
	}
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

// areaAndGroup says of which area alone an answer is, and for which group; empty: of all, in general.
func areaAndGroup(answer interface {
	GetArea() *guidancev1.AreaId
	GetAreaName() string
	GetScope() *guidancev1.Scope
},
) string {
	return notation.Joined(", ", picture.AreaAsked(answer), forGroup(answer.GetScope()))
}

// readersAreaAndGroup says for which readers alone pictures are, of which area, and for which group; empty: for practices, or for whomever
// each measure is addressed to, which then stands beside it; of all, in general.
func readersAreaAndGroup(pics ...*answersv1.NationalPicture) string {
	readers, _ := readersOf(pics...)
	return notation.Joined(", ", forReaders(readers), areaAndGroup(pics[0]))
}

// readersOf are whom all tables of pictures are for; not ok: these differ.
func readersOf(pics ...*answersv1.NationalPicture) (readers guidancev1.Audience, ok bool) {
	for _, pic := range pics {
		for _, t := range pic.GetTables() {
			if readers != guidancev1.Audience_AUDIENCE_UNSPECIFIED && readers != t.GetAudience() {
				return guidancev1.Audience_AUDIENCE_UNSPECIFIED, false
			}
			readers = t.GetAudience()
		}
	}
	return readers, true
}

// forReaders says for which readers something is; empty: for practices, whom everything is for that does not say.
func forReaders(a guidancev1.Audience) string {
	if a == guidancev1.Audience_AUDIENCE_UNSPECIFIED || a == guidancev1.Audience_AUDIENCE_PRACTICES {
		return ""
	}
	return "for " + guidance.AudienceWords(a)
}

// measureAsked is the title of a measure of a picture, with whom it is for where others are for others.
func measureAsked(pic *answersv1.NationalPicture, measure string) string {
	return notation.Joined(", ", measureTitle(pic.GetMatter(), measure), readersBeside(pic, measure))
}

// readersBeside says for which readers the table of a measure is, where others of the picture are for others.
func readersBeside(pic *answersv1.NationalPicture, measure string) string {
	if _, alike := readersOf(pic); alike {
		return ""
	}
	return forReaders(tableOf(pic, measure).GetAudience())
}

// tableOf is the table of a measure; an empty one: the picture has none.
func tableOf(pic *answersv1.NationalPicture, measure string) *answersv1.NationalTable {
	for _, t := range pic.GetTables() {
		if t.GetMeasure() == measure {
			return t
		}
	}
	return &answersv1.NationalTable{}
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
	p.Head(notation.Joined(", ", title, "proposed by "+t.GetProposer().GetName(), "for "+guidance.AudienceWords(t.GetAudience()), areaAndGroup(pic)))
	p.Hang("  ", t.GetCeased().GetWords())
	if line := t.GetNational(); line != nil {
		p.first(lineWords(m, t.GetMeasure(), line))
	}
	if !isSpokenOn(t) {
		p.Hang("    ", figure(0, t.GetDenominator())+": have said anything")
	}
	var figures [][]string // of a page that is not laid out
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
		if !p.unlaid {
			p.Hang("    ", count+": "+col.GetWords())
		}
		marked := marks(pic, t, col, groups)
		var who []string
		for _, g := range groups {
			about := notation.Joined(", ", append([]string{strings.Join(g.letters, " ")}, g.marks...)...)
			if about != "" {
				about = " (" + about + ")"
			}
			who = append(who, memberNames(pic, g.members)+about)
		}
		whoWords := notation.Joined("; ", append(who, marked...)...)
		if p.unlaid && t != pic.GetTables()[0] && isSilentAlike(col, pic.GetTables()[0]) {
			whoWords = "The same as on the whole matter"
		}
		if !p.unlaid {
			p.Para(6, whoWords)
		}
		var besides []string
		whose := map[string][]string{} // by what stands beside their line
		for _, line := range t.GetLines() {
			words := besideFigure(line)
			if words == "" || !standsWith(pic, t, line, col) {
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
		for i, words := range besides {
			besides[i] = notation.Names(whose[words]) + ": " + words
			if !p.unlaid {
				p.Para(8, besides[i])
			}
		}
		figures = append(figures, []string{notation.Capital(col.GetWords()), count, notation.Joined(". ", append([]string{whoWords}, besides...)...)})
	}
	if p.unlaid {
		p.put(Block{Kind: Cells, Head: []string{"Says", "How many", "Who, by which letters"}, Rows: figures})
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

// isSilentAlike: those whom a figure is of have said nothing, or have not joined, and are the same as on the whole matter.
func isSilentAlike(col *answersv1.Column, whole *answersv1.NationalTable) bool {
	if col.GetKind() != answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED && col.GetReason() != answersv1.NoLineReason_NO_LINE_REASON_SILENT {
		return false
	}
	return whole.GetMeasure() == "" && len(col.GetMembers()) > 1 && slices.ContainsFunc(whole.GetColumns(), func(o *answersv1.Column) bool {
		return o.GetKind() == col.GetKind() && o.GetReason() == col.GetReason() && slices.Equal(o.GetMembers(), col.GetMembers())
	})
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
		p.Item(4, fmt.Sprintf("and %d more", n)+p.typed(": lmc votes MATTER"))
	}
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
		who := notation.Joined("; only reported: ", CommitteeNames(pic.GetNames(), r.GetCommittees()), CommitteeNames(pic.GetNames(), r.GetReported()))
		if r.GetRelation() == answersv1.Relation_RELATION_NO_NATIONAL_LINE && len(t.GetRelations()) == 1 {
			who = "all" // nothing tells them apart
		}
		p.Hang("    ", notation.Thousands(int64(r.GetCount()))+" "+guidance.RelationWords(r.GetRelation())+": "+who)
	}
}
