package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/register"
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
		Example: "  lmc register show\n  lmc register practice X10001",
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
		PreRunE: func(*cobra.Command, []string) error { return flags.ReadDay("--day", &day, usageOf) },
		RunE: a.asks(func(ctx context.Context, c *client.Client, _ []string) error {
			resp, err := c.Register(ctx, size, day)
			if err != nil {
				return err
			}
			return a.answer(resp, func(p *plain.Page) {
				p.Para(0, fmt.Sprintf("Register of federation %s, kept by %s, as of %s (%d records)",
					resp.GetFederation(), resp.GetKeeper(), guidance.DayWords(resp.GetDay()), resp.GetSize()))
				p.Head("Offices:")
				for _, o := range resp.GetOffices() {
					office, contact := o.GetOffice(), o.GetOffice().GetContact()
					p.Hang("  ", office.GetId()+": "+plain.Joined(", ", office.GetName(), contact.GetTelephone(), contact.GetEmail()))
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
				p.Head("Committees:")
				committeesOn(p, resp.GetCommittees())
				if n := len(resp.GetAreas()); n > 0 {
					p.Head(fmt.Sprintf("Areas: %d (lmc register show --json lists them)", n))
				}
				if len(resp.GetProblems()) > 0 {
					p.Head("Records that do not hold:")
					for _, problem := range resp.GetProblems() {
						p.Hang("  ", problem.GetWords())
					}
				}
				p.Footer(resp.GetCompleteness(), nil)
			})
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
		Example: "  lmc register practice X10001",
		Args:    exactly("CODE"),
		PreRunE: func(*cobra.Command, []string) error { return flags.ReadDay("--day", &day, usageOf) },
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			resp, err := c.LookUpPractice(ctx, strings.ToUpper(args[0]), day)
			if err != nil {
				return err
			}
			return a.answer(resp, func(p *plain.Page) {
				p.Para(0, resp.GetWords())
				committeesOn(p, resp.GetCommittees())
				p.Footer(resp.GetCompleteness(), nil)
			})
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().StringVar(&day, "day", "", "on this `DAY` (default today)")
	must(cmd.RegisterFlagCompletionFunc("day", cobra.NoFileCompletions))
	return cmd
}

func committeesOn(p *plain.Page, committees []*guidancev1.Committee) {
	t := plain.NewTable()
	for _, c := range committees {
		also := ""
		if len(c.GetAliases()) > 0 {
			also = "also " + notation.Names(c.GetAliases())
		}
		t.Add(c.GetId(), c.GetName(), register.CommitteeKindWords(c.GetKind()), also)
	}
	p.Table(2, t)
}
