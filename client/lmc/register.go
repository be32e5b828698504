package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func newRegister(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "register",
		Short:   "Who speaks for whom, and with which keys",
		GroupID: groupNode,
		Long: "The register is the signed list of offices, the committees each may speak for\n" +
			"and from when, their keys and their areas. It is kept by the keeper; every node\n" +
			"has it.",
		Example: "  lmc register show\n  lmc register practice D81001",
		Args:    subcommand,
		RunE:    help,
	}
	cmd.AddCommand(newRegisterShow(a), newRegisterPractice(a))
	return cmd
}

func newRegisterShow(a *app) *cobra.Command {
	var day string
	var size uint64
	cmd := &cobra.Command{
		Use:     "show",
		Short:   "Show the register as your node holds it",
		Example: "  lmc register show\n  lmc register show --day 2021-10-25 --json",
		Args:    cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) error { return checkDay("--day", day) },
		RunE: a.asks(func(ctx context.Context, c *client.Client, _ []string) error {
			resp, err := c.Register(ctx, size, day)
			if err != nil {
				return err
			}
			return a.answer(resp, func() string { return registerPage(a.page(), resp) })
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().StringVar(&day, "day", "", "as it stood on this `DAY` (default today)")
	cmd.Flags().Uint64Var(&size, "size", 0, "as of this `SIZE` of the keeper's log (default all of it)")
	must(cmd.RegisterFlagCompletionFunc("day", cobra.NoFileCompletions))
	must(cmd.RegisterFlagCompletionFunc("size", cobra.NoFileCompletions))
	return cmd
}

func newRegisterPractice(a *app) *cobra.Command {
	var day string
	cmd := &cobra.Command{
		Use:     "practice CODE",
		Short:   "Which LMC a practice belongs to",
		Example: "  lmc register practice D81001",
		Args:    exactly("CODE"),
		PreRunE: func(*cobra.Command, []string) error { return checkDay("--day", day) },
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			resp, err := c.LookUpPractice(ctx, strings.ToUpper(args[0]), day)
			if err != nil {
				return err
			}
			return a.answer(resp, func() string { return practicePage(a.page(), resp) })
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().StringVar(&day, "day", "", "on this `DAY` (default today)")
	must(cmd.RegisterFlagCompletionFunc("day", cobra.NoFileCompletions))
	return cmd
}

func registerPage(p *plain.Page, r *answersv1.GetRegisterResponse) string {
	p.Para(0, fmt.Sprintf("Register of federation %s, kept by %s, as of %s (%d records)",
		r.GetFederation(), r.GetKeeper(), guidance.DayWords(r.GetDay()), r.GetSize()))
	p.Head("Offices:")
	for _, o := range r.GetOffices() {
		officeOn(p, o)
	}
	p.Head("Committees:")
	t := plain.NewTable()
	for _, c := range r.GetCommittees() {
		t.Add(c.GetId(), c.GetName(), committeeKindWords(c.GetKind()))
	}
	p.Table(2, t)
	if n := len(r.GetAreas()); n > 0 {
		p.Head(fmt.Sprintf("Areas: %d (lmc register show --json lists them)", n))
	}
	if len(r.GetProblems()) > 0 {
		p.Head("Records that do not hold:")
		for _, problem := range r.GetProblems() {
			p.Hang("  ", problem.GetWords())
		}
	}
	return p.String()
}

func officeOn(p *plain.Page, o *answersv1.RegisteredOffice) {
	p.Hang("  ", o.GetOffice().GetId()+": "+plain.Joined(", ", o.GetOffice().GetName(), o.GetOffice().GetContact().GetTelephone(), o.GetOffice().GetContact().GetEmail()))
	speaks := "speaks for no committee"
	if len(o.GetCommittees()) > 0 {
		speaks = "speaks for " + strings.Join(o.GetCommittees(), ", ")
	}
	if o.GetMayReport() {
		speaks += "; may record what others are reported to have said"
	}
	p.Hang("      ", speaks)
	if o.GetRootFingerprint() != "" {
		p.Hang("      fingerprint: ", o.GetRootFingerprint())
	}
	for _, key := range o.GetVkeys() {
		p.Hang("      key: ", key)
	}
}

func practicePage(p *plain.Page, r *answersv1.LookUpPracticeResponse) string {
	p.Para(0, r.GetWords())
	t := plain.NewTable()
	for _, c := range r.GetCommittees() {
		t.Add(c.GetId(), c.GetName(), committeeKindWords(c.GetKind()))
	}
	p.Table(2, t)
	return p.String()
}

func committeeKindWords(k guidancev1.CommitteeKind) string {
	switch k {
	case guidancev1.CommitteeKind_COMMITTEE_KIND_LMC:
		return "LMC"
	case guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE:
		return "national committee"
	case guidancev1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY:
		return "other body, not counted"
	}
	return "of a kind this software does not know"
}
