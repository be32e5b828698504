package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func newView(a *app) *cobra.Command {
	var s selection
	var full bool
	cmd := &cobra.Command{
		Use:     "view MATTER",
		Short:   "What your LMC says on a matter, and what the others say",
		GroupID: groupRead,
		Long: "View shows the current line of every committee on a matter, your own LMC first,\n" +
			"on the whole matter and on every measure it speaks on: what it advises and why,\n" +
			"what it and others say of the contract, by when, what to send, which letter says\n" +
			"so, and whom to ring. Every line names the advisory it comes from: lmc advisory\n" +
			"NAME prints it. With --since it shows what changed and ends; lmc watch goes on.",
		Example: "  lmc view access-plan-2021 --practice X10001\n" +
			"  lmc view access-plan-2021 --committee north-essex --measure winter-access-fund\n" +
			"  lmc view access-plan-2021 --on 2021-10-28\n" +
			"  lmc view access-plan-2021 --practice X10001 --since 2021-10-21",
		Args: exactly("MATTER"),
		RunE: a.inquires(&s, func(ctx context.Context, c *client.Client, sel *answersv1.Selector) error {
			if s.earlier != nil {
				return a.changed(ctx, c, &answersv1.GetChangesRequest{Selector: sel, Since: s.earlier})
			}
			v, err := c.CombinedView(ctx, sel)
			if err != nil {
				return err
			}
			return a.answer(v, func(p *plain.Page) { p.View(v, s.knownWords(v.GetKnownAtTime()), full) })
		}),
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	s.reader(a, cmd)
	s.time(cmd)
	cmd.Flags().BoolVar(&full, "full", false, "everything: every reason in whole, and every LMC by itself")
	s.changes(cmd)
	return cmd
}
