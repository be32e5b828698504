package plain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Silent writes who has no line in a picture, by why and since when, and apart who has not joined.
func (p *Page) Silent(list *answersv1.SilentList, pic *answersv1.NationalPicture) {
	p.matterHead(list.GetMatter())
	p.Para(0, notation.Joined(" ", "Who has no line", readersAreaAndGroup(pic), "as of "+guidance.DayWords(list.GetAsOf())+". Silence is not a stance."))
	p.askedWords(pic)
	if len(list.GetLines()) == 0 {
		p.Gap()
		has := func(t *answersv1.NationalTable) bool { return len(t.GetLines()) > 0 }
		if slices.ContainsFunc(pic.GetTables(), has) {
			p.Line("nobody: every LMC asked about has a line")
		} else {
			p.Line("nobody: no LMC of this register is asked about")
		}
	}
	head, words := "", ""
	var whose []string
	tell := func() {
		if len(whose) > 0 {
			p.Hang("    ", words+": "+notation.Names(whose))
		}
		whose = nil
	}
	for _, one := range list.GetLines() {
		on := one.GetMeasureTitle()
		if one.GetMeasure() == "" {
			on = "The whole matter"
		}
		on = notation.Joined(", ", on, readersBeside(pic, one.GetMeasure()))
		if one.GetNotJoined() {
			on += ", not joined"
		}
		if on != head || one.GetWords() != words {
			tell()
		}
		if on != head {
			p.Head(on)
		}
		head, words = on, one.GetWords()
		name := one.GetCommitteeName()
		if one.GetArea() != nil {
			name += " in " + partOf(pic, one.GetArea())
		}
		whose = append(whose, name)
	}
	tell()
	p.Footer(list.GetCompleteness(), list.GetNotices())
}

// Due writes what falls due, soonest first: of whom, and by whose letter.
func (p *Page) Due(list *answersv1.DueList) {
	p.Para(0, fmt.Sprintf("What falls due from %s to %s, on %s.", guidance.DayWords(list.GetFromDay()), guidance.DayWords(list.GetUntilDay()), notation.Counted(int64(list.GetMatters()), "open matter", "open matters")))
	if n := list.GetMoreMatters(); n > 0 {
		p.Para(0, fmt.Sprintf("At least %d older open matters were not looked at: name one, lmc matters MATTER --due-within DAYS.", n))
	}
	if len(list.GetItems()) == 0 {
		p.Gap()
		p.Line("nothing that has a day")
	}
	day := ""
	for i, one := range slices.Concat(list.GetItems(), list.GetWithoutDay()) {
		switch {
		case i == len(list.GetItems()):
			p.Gap()
			p.Line(fmt.Sprintf("and %d without a day that is known here:", len(list.GetWithoutDay())))
		case one.GetDay() != day:
			p.Head(guidance.DayWords(one.GetDay()))
		}
		day = one.GetDay()
		on := one.GetMatterTitle()
		if one.GetMeasure() != "" {
			on += ", " + one.GetMeasureTitle()
		}
		p.Item(2, one.GetWords())
		p.Para(4, "on "+on)
	}
	p.Footer(list.GetCompleteness(), list.GetNotices())
}

// TextsInUse writes which texts to send stand, and who issued them, by the pictures for each reader.
func (p *Page) TextsInUse(list *answersv1.TextList, pics []*answersv1.NationalPicture) {
	p.matterHead(list.GetMatter())
	p.Para(0, notation.Joined(", ", "Texts to send that stand as of "+guidance.DayWords(list.GetAsOf()), readersAreaAndGroup(pics...))+".")
	p.askedWords(pics[0])
	if len(list.GetTexts()) == 0 {
		p.Gap()
		p.Line("none has been issued, or none stands any more")
	}
	for _, one := range list.GetTexts() {
		p.Gap()
		p.Para(0, one.GetWords())
		p.Line(fmt.Sprintf("  lmc advisory %s --template %d", one.GetEntry(), one.GetNumber()))
	}
	p.Footer(list.GetCompleteness(), list.GetNotices())
}

// InNoArea heads those whose region, or ICB, is not in the register.
func InNoArea(what string) string { return "In no " + what + " by the register" }

// ByArea writes how lines stand to the national one in each region, or each ICB, and why.
func (p *Page) ByArea(list *answersv1.AreaList, pic *answersv1.NationalPicture) {
	p.matterHead(list.GetMatter())
	what := "ICB"
	if list.GetScheme() != "icb" {
		what = list.GetScheme()
	}
	p.Para(0, notation.Joined(", ", "How lines stand to the national line", readersAreaAndGroup(pic), "by "+what, "as of "+guidance.DayWords(list.GetAsOf())+". A committee in several stands under each, and is one."))
	p.askedWords(pic)
	if len(list.GetLines()) == 0 {
		p.Gap()
		p.Line("none: no LMC has a line that can be held against a national one")
	}
	area, measure, relation := "", "", answersv1.Relation_RELATION_UNSPECIFIED
	for i, one := range list.GetLines() {
		in := guidance.AreaWords(one.GetArea(), one.GetAreaName())
		if one.GetArea() == nil {
			in = InNoArea(what)
		}
		if i == 0 || in != area {
			p.Head(in)
			measure = "-"
		}
		if one.GetMeasure() != measure {
			p.Hang("  ", measureAsked(pic, one.GetMeasure()))
			relation = answersv1.Relation_RELATION_UNSPECIFIED
		}
		if one.GetRelation() != relation {
			p.Hang("    ", guidance.RelationWords(one.GetRelation())+":")
		}
		area, measure, relation = in, one.GetMeasure(), one.GetRelation()
		who := one.GetCommitteeName()
		if one.GetPart() != nil {
			who += " in " + partOf(pic, one.GetPart())
		}
		words := notation.Joined("; ", append([]string{who + ": " + one.GetSays()}, toldOtherwise(pic, one)...)...)
		if also := one.GetAlsoIn(); len(also) > 0 {
			words += "; also in " + notation.List(also)
		}
		p.Item(6, words)
		var why []string
		for _, r := range one.GetReasons() {
			why = append(why, guidance.ReasonWords(r))
		}
		if len(why)+len(one.GetRationale()) > 0 {
			p.Item(8, "why: "+notation.Joined(": ", strings.Join(why, ", "), one.GetRationale()))
		} else {
			p.Item(8, "why: the letter gives no reason in short")
		}
	}
	p.Footer(list.GetCompleteness(), list.GetNotices())
}

// toldOtherwise is that groups, or part of the readers, are told something else than a line that is told by area.
func toldOtherwise(pic *answersv1.NationalPicture, of *answersv1.AreaLine) (words []string) {
	for _, line := range tableOf(pic, of.GetMeasure()).GetLines() {
		if line.GetCommittee() != of.GetCommittee() || notation.AreaOf(line.GetArea()) != notation.AreaOf(of.GetPart()) {
			continue
		}
		for _, m := range marksOf(line, answersv1.ColumnKind_COLUMN_KIND_STANCE) {
			if m.rank >= toGroups.rank {
				words = append(words, m.words)
			}
		}
	}
	return words
}
