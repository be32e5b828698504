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
	cmd := &cobra.Command{
		Use:     "view MATTER",
		Short:   "What your LMC says on a matter, and what the others say",
		GroupID: groupRead,
		Long: "View shows the current line of every committee on a matter, your own LMC first:\n" +
			"what it advises, whether you must, by when, which letter says so, and whom to\n" +
			"ring. Every line names the advisory it comes from: lmc advisory NAME prints it.",
		Example: "  lmc view access-plan-2021 --practice D81001\n" +
			"  lmc view access-plan-2021 --committee north-essex --measure winter-access-fund\n" +
			"  lmc view access-plan-2021 --on 2021-10-28",
		Args: exactly("MATTER"),
		RunE: a.inquires(&s, func(ctx context.Context, c *client.Client, sel *answersv1.Selector) error {
			v, err := c.CombinedView(ctx, sel)
			if err != nil {
				return err
			}
			return a.answer(v, func(p *plain.Page) { p.View(v, s.knownWords()) })
		}),
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	s.reader(a, cmd)
	s.time(cmd)
	return cmd
}
