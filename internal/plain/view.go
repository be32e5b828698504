package plain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// View writes a combined view for somebody with five minutes: the own line in full,
// then everybody else's in a table, then what the answer rests on. known says that less
// than everything was taken into account; usually empty.
func (p *Page) View(v *answersv1.CombinedView, known string) {
	p.matterHead(v.GetMatter())
	p.Para(0, asked(v, known))
	if v.GetWords() != "" {
		p.Gap()
		p.Para(0, v.GetWords())
	}
	for _, c := range v.GetCommittees() {
		if c.GetOwn() {
			p.Head("Your LMC: " + c.GetHeadline().GetCommitteeName())
			p.committee(v, c)
		}
	}
	if line := v.GetNational().GetHeadline(); line != nil {
		p.Head("National: " + line.GetCommitteeName())
		p.headline(v, v.GetNational())
		p.asides(line)
	}
	p.others(v)
	p.deadlines(v.GetDeadlines())
	p.Footer(v.GetCompleteness(), v.GetNotices())
}

// asked says what the view answers: which measure, which day, for whom.
func asked(v *answersv1.CombinedView, known string) string {
	what := MeasureTitle(v.GetMatter(), v.GetMeasure())
	if v.GetMeasure() == "" {
		what = "The whole matter"
	}
	return Joined(", ", what, "as of "+guidance.DayWords(v.GetAsOf()), known,
		"for "+guidance.AudienceWords(v.GetAudience())) + "."
}

// committee writes everything a reader needs of their own committee.
func (p *Page) committee(v *answersv1.CombinedView, c *answersv1.CommitteeView) {
	line := c.GetHeadline()
	p.headline(v, c)
	if words := obligationWords(line); words != "" {
		p.Hang("  Must we?     ", words)
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
		p.Hang("  Look twice   ", w.GetText())
	}
	for _, group := range []struct {
		lead  string
		items []*answersv1.Statement
	}{
		{"  Also         ", line.GetBeside()},
		{"  Waiting      ", line.GetWaiting()},
		{"  Reported     ", line.GetReportedSince()},
		{"  Perhaps      ", line.GetMayHaveBeenIssued()},
	} {
		for _, st := range group.items {
			p.Hang(group.lead, statementWords(st))
		}
	}
}

// others is the tables of everybody else.
func (p *Page) others(v *answersv1.CombinedView) {
	p.committees(v, "Other LMCs:", "LMC", slices.DeleteFunc(slices.Clone(v.GetCommittees()), (*answersv1.CommitteeView).GetOwn))
	p.committees(v, "Other guidance, not from an LMC:", "BODY", slices.DeleteFunc(slices.Clone(v.GetOtherBodies()), func(c *answersv1.CommitteeView) bool {
		return isSilent(c.GetHeadline())
	}))
}

// committees is one table: who, what they say, since when, and the advisory; for the
// whole matter also on how many measures they have a line of their own.
func (p *Page) committees(v *answersv1.CombinedView, title, who string, cs []*answersv1.CommitteeView) {
	t := NewTable(who, "SAYS", "SINCE", "ADVISORY", "MEASURES")
	counted := false
	for _, c := range cs {
		own := ""
		if n := c.GetOwnMeasureLines(); n > 0 && v.GetMeasure() == "" {
			own, counted = measuresWords(n), true
		}
		t.line(v, c.GetHeadline().GetCommitteeName(), c.GetHeadline(), own)
		for _, part := range c.GetParts() {
			t.line(v, "- in "+areaWords(part.GetArea()), part, "")
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

func (t *Table) line(v *answersv1.CombinedView, who string, line *answersv1.Line, own string) {
	t.Add(who, shortWords(v.GetMatter(), v.GetMeasure(), line), since(line), strings.Join(entriesOf(line), " "), own)
}

func (p *Page) deadlines(ds []*guidancev1.Deadline) {
	if len(ds) == 0 {
		return
	}
	p.Head("Falls due:")
	for _, d := range ds {
		p.Hang("  ", deadlineWords(d))
	}
}

// measuresWords counts measures.
func measuresWords(n int32) string {
	if n == 1 {
		return "1 measure"
	}
	return fmt.Sprintf("%d measures", n)
}
