package plain

import (
	"fmt"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Silent writes who has no line, by why and since when, and apart who has not joined.
func (p *Page) Silent(list *answersv1.SilentList) {
	p.matterHead(list.GetMatter())
	p.Para(0, "Who has no line as of "+guidance.DayWords(list.GetAsOf())+". Silence is not a stance.")
	if len(list.GetLines()) == 0 {
		p.Gap()
		p.Line("nobody: every LMC of this register has a line")
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
		if one.GetNotJoined() {
			on += ", not joined"
		}
		if on != head || one.GetWords() != words {
			tell()
		}
		if on != head {
			p.Gap()
			p.Line(on)
		}
		head, words = on, one.GetWords()
		name := one.GetCommitteeName()
		if one.GetArea() != nil {
			name += " in " + notation.AreaOf(one.GetArea()).String()
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
		p.Line("nothing that has a day; what is due by a rule, as “at once”, stands in the views")
	}
	day := ""
	for _, one := range list.GetItems() {
		if one.GetDay() != day {
			p.Gap()
			p.Line(guidance.DayWords(one.GetDay()))
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

// TextsInUse writes which texts to send stand, and who issued them.
func (p *Page) TextsInUse(list *answersv1.TextList) {
	p.matterHead(list.GetMatter())
	p.Para(0, "Texts to send that stand as of "+guidance.DayWords(list.GetAsOf())+".")
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
