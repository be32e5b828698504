package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func newView(a *app) *cobra.Command {
	var s selection
	cmd := &cobra.Command{
		Use:     "view MATTER",
		Short:   "What your LMC says on a matter, and what the others say",
		GroupID: groupRead,
		Long: "View shows the current line of every committee on a matter, your own LMC first: what\n" +
			"it advises, whether you must, by when, which letter says so, and whom to ring. Every\n" +
			"line names the advisory it comes from: lmc advisory NAME prints it.",
		Example: "  lmc view access-plan-2021 --practice D81001\n" +
			"  lmc view access-plan-2021 --committee north-essex --measure winter-access-fund\n" +
			"  lmc view access-plan-2021 --on 2021-10-28",
		Args: exactly("MATTER"),
		RunE: a.inquires(&s, func(ctx context.Context, c *client.Client, sel *nodev1.Selector) error {
			v, err := c.CombinedView(ctx, sel)
			if err != nil {
				return err
			}
			return a.answer(v, func() string { return viewPage(a.newPage(), v, s.knownWords()) })
		}),
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	s.reader(a, cmd)
	s.time(cmd)
	return cmd
}

// viewPage is a combined view for somebody with five minutes: the own line in full,
// then everybody else's in a table, then what the answer rests on.
func viewPage(p *page, v *guidancev1.CombinedView, known string) string {
	p.matterHead(v.GetMatter())
	p.para(0, asked(v, known))
	if v.GetWords() != "" {
		p.gap()
		p.para(0, v.GetWords())
	}
	for _, c := range v.GetCommittees() {
		if c.GetOwn() {
			p.head("Your LMC: " + c.GetHeadline().GetCommitteeName())
			p.committee(v, c)
		}
	}
	if line := v.GetNational().GetHeadline(); line != nil {
		p.head("National: " + line.GetCommitteeName())
		p.headline(v, v.GetNational())
		p.asides(line)
	}
	p.others(v)
	p.deadlines(v.GetDeadlines())
	p.footer(v.GetCompleteness(), v.GetNotices())
	return p.String()
}

// asked says what the view answers: which measure, which day, for whom.
func asked(v *guidancev1.CombinedView, known string) string {
	what := measureTitle(v.GetMatter(), v.GetMeasure())
	return joined(", ", strings.ToUpper(what[:1])+what[1:], "as of "+guidance.DayWords(v.GetAsOf()), known,
		"for "+guidance.AudienceWords(v.GetAudience())) + "."
}

// committee writes everything a reader needs of their own committee.
func (p *page) committee(v *guidancev1.CombinedView, c *guidancev1.CommitteeView) {
	line := c.GetHeadline()
	p.headline(v, c)
	if words := obligationWords(line); words != "" {
		p.hang("  Must we?     ", words)
	}
	for i, act := range line.GetActions() {
		p.hang([]string{"  To do        ", "               "}[min(i, 1)], actionWords(act))
	}
	if st := line.GetCurrent(); st.GetAdvisory() != "" {
		p.hang("  Letter       ", fmt.Sprintf("%s, %s (read it: lmc advisory %s)", st.GetTitle(), guidance.RangeWords(st.GetIssued()), st.GetAdvisory()))
	}
	if words := contactWords(c.GetContact()); words != "" {
		p.hang("  Who to ring  ", words)
	}
	p.asides(line)
}

// headline writes a committee's line in a sentence, lines of its parts where they
// differ, and how many measures have a line of their own.
func (p *page) headline(v *guidancev1.CombinedView, c *guidancev1.CommitteeView) {
	p.hang("  ", lineWords(v.GetMatter(), v.GetMeasure(), c.GetHeadline()))
	for _, part := range c.GetParts() {
		p.hang("  in "+areaWords(part.GetArea())+": ", lineWords(v.GetMatter(), v.GetMeasure(), part))
	}
	if n := c.GetOwnMeasureLines(); n > 0 && v.GetMeasure() == "" {
		p.hang("  ", "It has a line of its own on "+measuresWords(n)+": see one with --measure ID.")
	}
}

// asides writes what to look at twice, and what stands beside a line and is not the
// line.
func (p *page) asides(line *guidancev1.Line) {
	for _, w := range line.GetWarnings() {
		p.hang("  Look twice   ", w.GetText())
	}
	for _, group := range []struct {
		lead  string
		items []*guidancev1.Statement
	}{
		{"  Also         ", line.GetBeside()},
		{"  Waiting      ", line.GetWaiting()},
		{"  Reported     ", line.GetReportedSince()},
		{"  Perhaps      ", line.GetMayHaveBeenIssued()},
	} {
		for _, st := range group.items {
			p.hang(group.lead, statementWords(st))
		}
	}
}

// others is the tables of everybody else.
func (p *page) others(v *guidancev1.CombinedView) {
	p.committees(v, "Other LMCs:", "LMC", slices.DeleteFunc(slices.Clone(v.GetCommittees()), (*guidancev1.CommitteeView).GetOwn))
	p.committees(v, "Other guidance, not from an LMC:", "BODY", slices.DeleteFunc(slices.Clone(v.GetOtherBodies()), func(c *guidancev1.CommitteeView) bool {
		return isSilent(c.GetHeadline())
	}))
}

// committees is one table: who, what they say, since when, and the advisory; for the
// whole matter also on how many measures they have a line of their own.
func (p *page) committees(v *guidancev1.CombinedView, title, who string, cs []*guidancev1.CommitteeView) {
	t := &table{head: []string{who, "SAYS", "SINCE", "ADVISORY", "MEASURES"}}
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
	p.head(title)
	p.table(2, t)
	if counted {
		p.para(2, "MEASURES counts those of the matter that it has a line of its own on: see one with --measure ID.")
	}
}

func (t *table) line(v *guidancev1.CombinedView, who string, line *guidancev1.Line, own string) {
	t.add(who, shortWords(v.GetMatter(), v.GetMeasure(), line), since(line), strings.Join(entriesOf(line), " "), own)
}

func (p *page) deadlines(ds []*guidancev1.Deadline) {
	if len(ds) == 0 {
		return
	}
	p.head("Falls due:")
	for _, d := range ds {
		p.hang("  ", deadlineWords(d))
	}
}

// measuresWords counts measures.
func measuresWords(n int32) string {
	if n == 1 {
		return "1 measure"
	}
	return fmt.Sprintf("%d measures", n)
}
