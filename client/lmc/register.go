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
					p.Hang("  ", office.GetId()+": "+notation.Joined(", ", office.GetName(), contact.GetTelephone(), contact.GetEmail()))
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
		Use:   "practice CODE|NAME|POSTCODE",
		Short: "Which LMC a practice belongs to, and whom to ring",
		Long: "practice finds a practice by its code in any case, the code of a branch, its\n" +
			"name or words of it, or its postcode. It says which LMC that belongs to, whom\n" +
			"to ring, and which LMCs are beside it. Where several can be meant it lists\n" +
			"them, the best first.",
		Example: "  lmc register practice X10001\n  lmc register practice chelmer surgery\n  lmc register practice CM1 2AB --day 2025-10-31",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("%s needs CODE, a name or a postcode", cmd.CommandPath())
			}
			return nil
		},
		PreRunE: func(*cobra.Command, []string) error { return flags.ReadDay("--day", &day, usageOf) },
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			text := strings.Join(args, " ")
			look := c.FindPractice
			if code := notation.PracticeCode(text); notation.IsPractice(code) {
				look, text = c.LookUpPractice, code
			}
			resp, err := look(ctx, text, day)
			if err != nil {
				return err
			}
			return a.answer(resp, func(p *plain.Page) { foundPractice(p, resp) })
		}),
		ValidArgsFunction: a.firstArg(a.completePractices),
	}
	cmd.Flags().StringVar(&day, "day", "", "on this `DAY` (default today)")
	must(cmd.RegisterFlagCompletionFunc("day", cobra.NoFileCompletions))
	return cmd
}

// foundPractice writes what was found of a practice: its committees, whom to ring and who is beside them;
// or the practices that can be meant.
func foundPractice(p *plain.Page, resp *answersv1.LookUpPracticeResponse) {
	p.Para(0, resp.GetWords())
	committeesOn(p, resp.GetCommittees())
	found := plain.NewTable()
	for _, one := range resp.GetFound() {
		found.Add(one.GetCode(), one.GetName(), one.GetPostcode(), notation.Joined("; ", notation.Names(one.GetCommitteeNames()), one.GetWords()))
	}
	p.Table(2, found)
	for _, ring := range resp.GetRing() {
		contact := ring.GetContact()
		whom := notation.Joined(", ", ring.GetOfficeName(), contact.GetTelephone(), contact.GetEmail())
		if contact.GetTelephone()+contact.GetEmail()+contact.GetUrl() == "" {
			whom += " (how is not in the register: its letters may say)"
		}
		if ring.GetCommittee() == "" {
			whom += ", which keeps the register"
		}
		p.Hang("Ring ", whom)
	}
	if len(resp.GetNeighbours()) > 0 {
		var names []string
		for _, c := range resp.GetNeighbours() {
			names = append(names, c.GetName())
		}
		p.Hang("Beside it: ", notation.Names(names))
	}
	p.Footer(resp.GetCompleteness(), nil)
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
