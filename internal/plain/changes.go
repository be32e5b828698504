package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Changes writes what changed between two looks, the reader's own committee first, and where
// to ask from next time.
func (p *Page) Changes(resp *answersv1.GetChangesResponse, next string) {
	if resp.GetMatter() != nil {
		p.matterHead(resp.GetMatter())
	}
	p.Para(0, notation.Joined(", ", fmt.Sprintf("What changed since %s, up to %s", guidance.DayWords(resp.GetFromDay()), guidance.DayWords(resp.GetToDay())), forReaders(resp.GetAudience()), areaAndGroup(resp))+".")
	if resp.GetWords() != "" {
		p.Gap()
		p.Para(0, resp.GetWords())
	}
	if len(resp.GetChanges()) == 0 {
		p.Gap()
		p.Line("Nothing has changed.")
	}
	matter, under := "", ""
	for _, c := range resp.GetChanges() {
		head := changeHead(resp, c)
		if resp.GetMatter() == nil && c.GetMatter() != matter {
			matter, under = c.GetMatter(), ""
			p.Head("On " + matterName(resp.GetNames(), matter))
		}
		if head != under {
			under = head
			p.Head(head)
		}
		p.change(resp.GetNames(), c)
	}
	p.Footer(resp.GetCompleteness(), resp.GetNotices())
	if len(resp.GetChanges()) == 0 && len(resp.GetCommittees()) > 0 || slices.ContainsFunc(resp.GetChanges(), tellsPractices) {
		p.Gap()
		p.decides()
	}
	p.NextTime(next)
}

// tellsPractices: a change is of a line that practices are told.
func tellsPractices(c *answersv1.Change) bool {
	line := cmp.Or(c.GetAfter(), c.GetBefore())
	return line != nil && isForPractices(line.GetAudience())
}

// NextTime says where to ask from when asking again.
func (p *Page) NextTime(cursor string) {
	if p.unlaid {
		return
	}
	p.Gap()
	p.Para(0, "next time: --since "+cursor)
}

// changeHead is what a change stands under.
func changeHead(resp *answersv1.GetChangesResponse, c *answersv1.Change) string {
	switch kind := c.GetCommitteeKind(); {
	case c.GetKind() == answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE:
		return "Fell due:"
	case c.GetCommittee() == "":
		return "The matter:"
	case slices.Contains(resp.GetCommittees(), c.GetCommittee()):
		return "Your LMC:"
	case kind == guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE:
		return "National:"
	case kind == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC && len(resp.GetCommittees()) > 0:
		return "Other LMCs:"
	case kind == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC:
		return "LMCs:"
	}
	return "Other guidance, not from an LMC:"
}

// change is one change: who on what, which way and by which letter; the two lines; and what
// the national committee had said before. For example
//
//	North Essex LMC, the whole matter: moved towards refusing [essex/7, 25 October 2021]
//	  before    caution [essex/3]
//	  now       refuse [essex/7]
//	  national  advise against, 17 October 2021 [gpc-england/2]
func (p *Page) change(names *answersv1.Names, c *answersv1.Change) {
	switch {
	case c.GetKind() == answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE:
		p.Hang("  ", strings.TrimPrefix(c.GetWords(), "Fell due: "))
		return
	case c.GetBefore() == nil && c.GetAfter() == nil: // of the matter, of areas, or of very many
		p.Hang("  ", c.GetWords())
		return
	}
	by := ""
	switch {
	case c.GetByRegister():
		by = "[by the register, not by a letter]"
	case c.GetByMatter():
		by = "[by what the matter was amended to, " + c.GetEntry() + "]"
	case c.GetEntry() != "":
		by = "[" + notation.Joined(", ", c.GetEntry(), issuedWords(c.GetIssued())) + "]"
	}
	day := ""
	if c.GetDay() != "" {
		day = "from " + guidance.DayWords(c.GetDay())
	}
	p.Hang("  ", notation.Joined(" ", changed(names, c)+", "+measureName(names, c.GetMatter(), c.GetMeasure())+":", changeWords(c), day, by))
	isNew := c.GetKind() == answersv1.ChangeKind_CHANGE_KIND_NEW && c.GetBefore().GetCurrent() == nil
	if c.GetBefore() != nil && !isNew && Brief(c.GetBefore()) != Brief(c.GetAfter()) {
		p.Hang("    before    ", Brief(c.GetBefore()))
	}
	if c.GetAfter() != nil {
		p.Hang("    now       ", Brief(c.GetAfter()))
	}
	switch c.GetKind() {
	case answersv1.ChangeKind_CHANGE_KIND_CONTRACT:
		p.Hang("    contract  ", "as it reads it, before: "+guidance.ObligationWords(c.GetBefore().GetObligation()))
		p.Hang("              ", "now: "+guidance.ObligationWords(c.GetAfter().GetObligation()))
	}
	if c.GetKind() != answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE {
		p.rows("    beside    ", picture.BesideWords(c.GetBefore(), c.GetAfter()))
	}
	p.rows("    national  ", nationalByThen(c))
}

// standings are the rows of how many committees stood how to the national line, where that differs: it moved, or they did.
func standings(before, after *answersv1.NationalTable) (rows [][]string) {
	of := func(t *answersv1.NationalTable, relation answersv1.Relation) []string {
		for _, r := range t.GetRelations() {
			if r.GetRelation() == relation {
				return r.GetCommittees()
			}
		}
		return nil
	}
	differ, told := false, map[answersv1.Relation]bool{}
	for _, r := range slices.Concat(after.GetRelations(), before.GetRelations()) {
		relation := r.GetRelation()
		switch relation {
		case answersv1.Relation_RELATION_NO_LINE, answersv1.Relation_RELATION_RELAYED, answersv1.Relation_RELATION_CONSULTING:
			continue // which stand among the figures
		}
		if was, is := of(before, relation), of(after, relation); !told[relation] {
			told[relation], differ = true, differ || !slices.Equal(was, is)
			rows = append(rows, []string{"committees " + guidance.RelationWords(relation), notation.Thousands(int64(len(was))), notation.Thousands(int64(len(is)))})
		}
	}
	if !differ {
		return nil
	}
	return rows
}

func issuedWords(r *guidancev1.DayRange) string {
	if r == nil {
		return ""
	}
	return guidance.RangeWords(r)
}

func changeWords(c *answersv1.Change) string {
	switch c.GetKind() {
	case answersv1.ChangeKind_CHANGE_KIND_NEW:
		return "new"
	case answersv1.ChangeKind_CHANGE_KIND_ENDED:
		return "ended"
	case answersv1.ChangeKind_CHANGE_KIND_MOVED:
		return "moved " + guidance.DirectionWords(c.GetDirection())
	case answersv1.ChangeKind_CHANGE_KIND_SAYS_OTHERWISE:
		if c.GetAfter().GetState() == answersv1.LineState_LINE_STATE_NO_LINE {
			return "still no line, for another reason"
		}
		return "the same stance, said otherwise"
	case answersv1.ChangeKind_CHANGE_KIND_CONTRACT:
		return "the same stance, and what it says of the contract is other"
	case answersv1.ChangeKind_CHANGE_KIND_BESIDE:
		if c.GetAfter().GetState() == answersv1.LineState_LINE_STATE_NO_LINE {
			return "still no line, with something else beside it"
		}
		return "the same line, with something else beside it"
	}
	return "changed"
}

// nationalByThen is what the national committee had last said before a change's letter, and
// what it said of which the order is not known.
func nationalByThen(c *answersv1.Change) []string {
	var words []string
	if s := c.GetNationalByThen(); s != nil {
		words = append(words, statementWords(s))
	}
	for _, s := range c.GetOrderNotKnown() {
		words = append(words, statementWords(s)+": which came first is not known")
	}
	if ended := c.GetNationalEndedBy(); ended != "" {
		words = append(words, "ended by "+ended+": which came first is not known")
	}
	return words
}

func statementWords(s *answersv1.Statement) string {
	return fmt.Sprintf("%s%s, %s [%s]", guidance.SaidNoun(s), thinksWords(s.GetPosition(), s.GetPosition().GetOpinion()), guidance.RangeWords(s.GetIssued()), s.GetAdvisory())
}

// shiftsShown is of how many LMCs a page tells how their practices changed.
const shiftsShown = 20

// Comparison writes a national picture beside an earlier one: the figures of each measure that have changed, and who
// moved. On a page that is not laid out, who moved is in the first screen; on a terminal it stands last, where one looks.
func (p *Page) Comparison(resp *answersv1.GetNationalPictureResponse, next string) {
	now, was, changes := resp.GetPicture(), resp.GetBefore(), resp.GetChanges()
	p.matterHead(now.GetMatter())
	p.Para(0, notation.Joined(", ", fmt.Sprintf("The national picture of %s beside that of %s", guidance.DayWords(now.GetAsOf()), guidance.DayWords(was.GetAsOf())), readersAreaAndGroup(now))+".")
	if changes.GetWords() != "" {
		p.Gap()
		p.Para(0, changes.GetWords())
	}
	if p.unlaid {
		p.movers(resp)
		p.figuresBeside(now, was)
	} else {
		p.figuresBeside(now, was)
		p.movers(resp)
	}
	p.Footer(changes.GetCompleteness(), changes.GetNotices())
	p.NextTime(next)
}

// figuresBeside writes the figures of each measure that have changed, beside the earlier ones.
func (p *Page) figuresBeside(now, was *answersv1.NationalPicture) {
	var same, follow []string
	for _, t := range now.GetTables() {
		before := tableOf(was, t.GetMeasure())
		if t.GetMeasure() != "" && before.GetMeasure() != "" && repeats(t, now.GetTables()[0]) && repeats(before, was.GetTables()[0]) {
			follow = append(follow, measureAsked(now, t.GetMeasure()))
			continue
		}
		figures, stand := picture.SideBySide(before, t), standings(before, t)
		if !slices.ContainsFunc(figures, picture.ColumnPair.Differs) && len(stand) == 0 {
			same = append(same, measureAsked(now, t.GetMeasure()))
			continue
		}
		p.Head(notation.Joined(", ", "The figures on "+measureTitle(now.GetMatter(), t.GetMeasure()), forReaders(t.GetAudience()), areaAndGroup(now)) + ":")
		rows := NewTable("", shortDay(was.GetAsOf()), shortDay(now.GetAsOf()))
		for _, f := range figures {
			rows.Add(f.Words, notation.Thousands(int64(f.Was.GetCount())), notation.Thousands(int64(f.Now.GetCount())))
		}
		for _, s := range stand {
			rows.Add(s...)
		}
		p.Table(2, rows)
		p.Hang("  ", "Before: "+before.GetDenominatorWords())
		p.Hang("  ", "Now: "+t.GetDenominatorWords())
	}
	p.titles("As on the whole matter, by what was said on all of it:", follow)
	p.titles("The figures have not changed on:", same)
}

// countsOtherwise: a figure is another.
func countsOtherwise(resp *answersv1.GetNationalPictureResponse) bool {
	return slices.ContainsFunc(resp.GetPicture().GetTables(), func(t *answersv1.NationalTable) bool {
		return slices.ContainsFunc(picture.SideBySide(tableOf(resp.GetBefore(), t.GetMeasure()), t), picture.ColumnPair.Differs)
	})
}

// movers writes whose practices changed, and who has another line.
func (p *Page) movers(resp *answersv1.GetNationalPictureResponse) {
	changes := resp.GetChanges()
	moved, contract, areas := picture.Movers(changes.GetChanges())
	shifts := resp.GetShifts()
	if len(areas) > 0 {
		p.Head("What the register has otherwise, by which figures may differ:")
	}
	for _, c := range areas {
		p.change(changes.GetNames(), c)
	}
	if len(shifts) > 0 {
		p.Head(notation.Joined(", ", "Whose practices have changed", picture.AreaAsked(resp.GetPicture()), "by the lists of practices") + ":")
	}
	for _, shift := range shifts[:min(len(shifts), shiftsShown)] {
		p.Item(2, shift.GetWords())
	}
	if more := len(shifts) - shiftsShown; more > 0 {
		p.Item(2, fmt.Sprintf("and %d LMCs more: --json has all", more))
	}
	switch {
	case len(moved) == 0 && len(shifts) > 0:
		p.Head("No LMC has another line: the figures differ by whose practices they are.")
	case len(moved) == 0 && len(areas) > 0:
		p.Head("No LMC has another line by a letter.")
	case len(moved) == 0 && countsOtherwise(resp):
		why := "whose practices they are, or by how many the register has" // no list need tell which
		if u := resp.GetPicture().GetUnit(); u != answersv1.Unit_UNIT_PRACTICES && u != answersv1.Unit_UNIT_PATIENTS {
			why = "why there is no line, or by what the register has"
		}
		p.Head("No LMC has another line: the figures differ by " + why + ".")
	case len(moved) == 0:
		p.Head("Nobody has moved.")
	default:
		p.Head("Who moved:")
	}
	for _, c := range moved {
		p.change(changes.GetNames(), c)
	}
	if len(contract) > 0 {
		p.Head("For whom the contract says otherwise:")
	}
	for _, c := range contract {
		p.change(changes.GetNames(), c)
	}
}
