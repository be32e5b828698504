package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/picture"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func newNational(a *app) *cobra.Command {
	var s selection
	var unit, nation string
	var counted guidancev1.Unit
	var csv bool
	cmd := &cobra.Command{
		Use:     "national MATTER",
		Short:   "Count who says what on a matter, across the nation",
		GroupID: groupRead,
		Long: "National counts the lines of every LMC on a matter and on each of its measures: by\n" +
			"stance, with those that only pass on, consult, or have no line in columns of their own,\n" +
			"and how they stand to the national committee's line. Stances towards different\n" +
			"proposers are never added up. Every figure names its unit and what it is out of.",
		Example: "  lmc national access-plan-2021\n" +
			"  lmc national access-plan-2021 --measure pcn-des-disengage --as-of 2021-10-28\n" +
			"  lmc national access-plan-2021 --unit patients --csv > picture.csv",
		Args: exactly("MATTER"),
		RunE: a.inquires(&s, func(ctx context.Context, c *client.Client, sel *nodev1.Selector) error {
			pic, err := c.National(ctx, sel, counted, nation)
			if err != nil {
				return err
			}
			if csv {
				return a.printCSV(pic)
			}
			return a.answer(pic, func() string { return nationalPage(a.newPage(), pic, s.knownWords()) })
		}),
		PreRunE: func(*cobra.Command, []string) (err error) {
			if csv && a.json {
				return usage("choose one of them", "--csv and --json are two ways of printing one answer")
			}
			counted, err = parseUnit(unit)
			return err
		},
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	s.reader(a, cmd)
	s.time(cmd)
	f := cmd.Flags()
	f.StringVar(&unit, "unit", "committees", "what to count: committees, offices, practices or patients, the `UNIT`")
	f.StringVar(&nation, "nation", "", "the `NATION` (default england)")
	f.BoolVar(&csv, "csv", false, "print the figures as CSV")
	must(cmd.RegisterFlagCompletionFunc("unit", cobra.FixedCompletions([]cobra.Completion{"committees", "offices", "practices", "patients"}, cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("nation", cobra.NoFileCompletions))
	return cmd
}

func (a *app) printCSV(pic *guidancev1.NationalPicture) error {
	b, err := picture.CSV(pic)
	if err != nil {
		return fmt.Errorf("writing the national picture as CSV: %w", err)
	}
	_, err = a.stdout.Write(b)
	return err
}

func parseUnit(s string) (guidancev1.Unit, error) {
	switch s {
	case "", "committees":
		return guidancev1.Unit_UNIT_COMMITTEES, nil
	case "offices":
		return guidancev1.Unit_UNIT_OFFICES, nil
	case "practices":
		return guidancev1.Unit_UNIT_PRACTICES, nil
	case "patients":
		return guidancev1.Unit_UNIT_PATIENTS, nil
	}
	return 0, usage("count committees, offices, practices or patients", "--unit %q is not something that can be counted", s)
}

func nationalPage(p *page, pic *guidancev1.NationalPicture, known string) string {
	p.matterHead(pic.GetMatter())
	p.para(0, joined(", ", "The national picture as of "+guidance.DayWords(pic.GetAsOf()), known)+".")
	var silent []string
	for _, t := range pic.GetTables() {
		if nobodySpoke(t) {
			silent = append(silent, measureTitle(pic.GetMatter(), t.GetMeasure()))
			continue
		}
		p.national(pic.GetMatter(), t)
	}
	if len(silent) > 0 {
		p.head("Nobody has said anything on:")
		for _, title := range silent {
			p.hang("  ", title)
		}
	}
	p.footer(pic.GetCompleteness(), pic.GetNotices())
	return p.String()
}

// nobodySpoke says whether there is nothing to count and nothing at the head: every
// committee is silent, and nothing of theirs is unknown here.
func nobodySpoke(t *guidancev1.NationalTable) bool {
	for _, col := range t.GetColumns() {
		if col.GetReason() != guidancev1.NoLineReason_NO_LINE_REASON_SILENT {
			return false
		}
	}
	return isSilent(t.GetNational()) && !slices.ContainsFunc(t.GetOtherBodies(), func(l *guidancev1.Line) bool { return !isSilent(l) })
}

// national writes one measure's count: the national line, the figures, what they are
// out of, who has no data, and how lines stand to the national one.
func (p *page) national(m *guidancev1.Matter, t *guidancev1.NationalTable) {
	title := "The whole matter"
	if t.GetMeasure() != "" {
		title = t.GetTitle() + " (" + t.GetMeasure() + ")"
	}
	p.gap()
	p.para(0, fmt.Sprintf("%s, proposed by %s, for %s", title, t.GetProposer().GetName(), guidance.AudienceWords(t.GetAudience())))
	if line := t.GetNational(); line != nil {
		p.hang("  ", lineWords(m, t.GetMeasure(), line))
	}
	p.figures(t)
	if words := t.GetDenominatorWords(); words != "" {
		p.hang("  ", words)
	}
	if none := t.GetWithoutData(); len(none) > 0 && t.GetDenominatorWords() == "" {
		p.hang("  ", "no counts for: "+strings.Join(none, ", "))
	}
	p.relations(t)
	for _, line := range spoken(t.GetOtherBodies()) {
		p.hang("  not counted: ", lineWords(m, t.GetMeasure(), line))
	}
}

// figures is the columns, each with its committees and the advisories they rest on.
func (p *page) figures(t *guidancev1.NationalTable) {
	names := advisoriesOf(t.GetLines())
	rows := &table{}
	for _, col := range t.GetColumns() {
		var who []string
		for _, id := range col.GetMembers() {
			who = append(who, strings.TrimSpace(id+" "+names[id]))
		}
		rows.add(thousands(col.GetCount()), col.GetWords(), strings.Join(who, ", "))
	}
	p.table(4, rows)
}

// relations is how lines stand to the national one; those that are no line of their
// own stand among the figures already.
func (p *page) relations(t *guidancev1.NationalTable) {
	rows := &table{}
	for _, r := range t.GetRelations() {
		switch r.GetRelation() {
		case guidancev1.Relation_RELATION_NO_LINE, guidancev1.Relation_RELATION_RELAYED, guidancev1.Relation_RELATION_CONSULTING:
			continue
		}
		rows.add(thousands(r.GetCount()), guidance.RelationWords(r.GetRelation()), strings.Join(r.GetCommittees(), ", "))
	}
	p.table(4, rows)
}

// advisoriesOf is the advisories each committee's line comes from: "(essex/7)".
func advisoriesOf(lines []*guidancev1.Line) map[string]string {
	names := map[string]string{}
	for _, line := range lines {
		if e := entriesOf(line); len(e) > 0 && names[line.GetCommittee()] == "" {
			names[line.GetCommittee()] = "(" + strings.Join(e, " ") + ")"
		}
	}
	return names
}

// thousands writes 1234567 as "1,234,567".
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
