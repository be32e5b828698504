package plain

import (
	"fmt"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// View writes a combined view for somebody with five minutes: the own line in full,
// then everybody else's in a table, then what the answer rests on. known says that less
// than everything was taken into account; usually empty.
func (p *Page) View(v *answersv1.CombinedView, known string) {
	p.matterHead(v.GetMatter())
	what := "The whole matter"
	if v.GetMeasure() != "" {
		what = measureTitle(v.GetMatter(), v.GetMeasure())
	}
	p.Para(0, Joined(", ", what, "as of "+guidance.DayWords(v.GetAsOf()), known, "for "+guidance.AudienceWords(v.GetAudience()))+".")
	if v.GetWords() != "" {
		p.Gap()
		p.Para(0, v.GetWords())
	}
	var lmcs, bodies []*answersv1.CommitteeView
	for _, c := range v.GetCommittees() {
		if !c.GetOwn() {
			lmcs = append(lmcs, c)
			continue
		}
		p.Head("Your LMC: " + c.GetHeadline().GetCommitteeName())
		p.ownCommittee(v, c)
	}
	if line := v.GetNational().GetHeadline(); line != nil {
		p.Head("National: " + line.GetCommitteeName())
		p.headline(v, v.GetNational())
		p.asides(line)
	}
	for _, c := range v.GetOtherBodies() {
		if !isSilent(c.GetHeadline()) {
			bodies = append(bodies, c)
		}
	}
	p.committees(v, "Other LMCs:", "LMC", lmcs)
	p.committees(v, "Other guidance, not from an LMC:", "BODY", bodies)
	if len(v.GetDeadlines()) > 0 {
		p.Head("Falls due:")
		for _, d := range v.GetDeadlines() {
			p.Hang("  ", deadlineWords(d))
		}
	}
	p.Footer(v.GetCompleteness(), v.GetNotices())
}

// ownCommittee writes everything a reader needs of their own committee: its line, what
// it obliges to and when that changes, what to do by when, the letter, and whom to ring.
func (p *Page) ownCommittee(v *answersv1.CombinedView, c *answersv1.CommitteeView) {
	line := c.GetHeadline()
	p.headline(v, c)
	must := guidance.ContractWords(line)
	for _, o := range line.GetObligations() {
		if o.GetObligation() != line.GetObligation() && o.GetValidFrom() != "" {
			must += fmt.Sprintf(" From %s: %s", guidance.DayWords(o.GetValidFrom()), guidance.ObligationWords(o.GetObligation()))
		}
	}
	if must = strings.TrimSpace(must); must != "" {
		p.Hang("  Must we?     ", must)
	}
	var todo []string
	for _, act := range line.GetActions() {
		todo = append(todo, actionWords(act))
	}
	p.rows("  To do        ", todo)
	p.rows("  By when      ", byWhen(v, line))
	if st := line.GetCurrent(); st.GetAdvisory() != "" {
		p.Hang("  Letter       ", fmt.Sprintf("%s, %s (read it: lmc advisory %s)", st.GetTitle(), guidance.RangeWords(st.GetIssued()), st.GetAdvisory()))
	}
	if words := contactWords(c.GetContact()); words != "" {
		p.Hang("  Who to ring  ", words)
	}
	p.asides(line)
}

// rows writes each of several behind one lead.
func (p *Page) rows(lead string, all []string) {
	for _, s := range all {
		p.Hang(lead, s)
		lead = strings.Repeat(" ", len(lead))
	}
}

// headline writes a committee's line in a sentence, lines of its parts where they
// differ, and how many measures have a line of their own.
func (p *Page) headline(v *answersv1.CombinedView, c *answersv1.CommitteeView) {
	words := lineWords
	if c.GetOwn() {
		words = answerWords
	}
	p.Hang("  ", words(v.GetMatter(), v.GetMeasure(), c.GetHeadline()))
	for _, part := range c.GetParts() {
		p.Hang("  in "+areaWords(part.GetArea())+": ", lineWords(v.GetMatter(), v.GetMeasure(), part))
	}
	if n := c.GetOwnMeasureLines(); n > 0 && v.GetMeasure() == "" {
		p.Hang("  ", "It has a line of its own on "+measuresWords(n)+": see one with --measure ID.")
	}
}

// asides writes what to look at twice, and what stands beside a line and is not the
// line.
func (p *Page) asides(line *answersv1.Line) {
	for _, w := range line.GetWarnings() {
		p.Hang("  Look twice   ", w.GetWords())
	}
	for _, group := range []struct {
		lead  string
		items []*answersv1.Statement
	}{
		{"  Also         ", line.GetMentions()},
		{"  Waiting      ", line.GetWaiting()},
		{"  Reported     ", line.GetReportedSince()},
		{"  Perhaps      ", line.GetMayHaveBeenIssued()},
	} {
		for _, st := range group.items {
			words := positionWords(st.GetPosition())
			if by := st.GetSource().GetPublisher(); by != "" {
				words += ", says " + by
			}
			p.Hang(group.lead, fmt.Sprintf("%s, %s [%s]", words, guidance.RangeWords(st.GetIssued()), st.GetAdvisory()))
		}
	}
}

// committees is one table: who, what they say, since when, and the advisory; for the
// whole matter also on how many measures they have a line of their own.
func (p *Page) committees(v *answersv1.CombinedView, title, who string, cs []*answersv1.CommitteeView) {
	t := NewTable(who, "SAYS", "SINCE", "ADVISORY", "MEASURES")
	add := func(who string, line *answersv1.Line, own string) {
		t.Add(who, shortWords(v.GetMatter(), v.GetMeasure(), line), since(line), strings.Join(entriesOf(line), " "), own)
	}
	counted := false
	for _, c := range cs {
		own := ""
		if n := c.GetOwnMeasureLines(); n > 0 && v.GetMeasure() == "" {
			own, counted = measuresWords(n), true
		}
		add(c.GetHeadline().GetCommitteeName(), c.GetHeadline(), own)
		for _, part := range c.GetParts() {
			add("- in "+areaWords(part.GetArea()), part, "")
		}
	}
	if len(t.rows) == 0 {
		return
	}
	if !counted {
		t.head = t.head[:4]
	}
	p.Head(title)
	p.Table(2, t)
	if counted {
		p.Para(2, "MEASURES counts those of the matter that it has a line of its own on: see one with --measure ID.")
	}
}

// measuresWords counts measures.
func measuresWords(n int32) string {
	if n == 1 {
		return "1 measure"
	}
	return fmt.Sprintf("%d measures", n)
}
