package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func newHistory(a *app) *cobra.Command {
	var s selection
	var office, from string
	cmd := &cobra.Command{
		Use:     "history [MATTER]",
		Short:   "Everything that was said on a matter, newest first",
		GroupID: groupRead,
		Long: "History lists everything that was said, the newest first, with what ended it: on\n" +
			"a matter, or without one everything of an office (--office) or for a committee,\n" +
			"letters that take no position included. --since lists what was issued since, and\n" +
			"older letters that came since; --from goes by the day of issue alone.",
		Example: "  lmc history access-plan-2021 --committee gpc-england\n" +
			"  lmc history access-plan-2021 --practice X10001 --as-of 2021-10-28\n" +
			"  lmc history --office essex --from 2021-10-01\n" +
			"  lmc history access-plan-2021 --since 2021-10-21",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return usage("a matter's name has no blanks: lmc matters lists them", "history takes one MATTER")
			case len(args) == 0 && s.measure != "":
				return usage("name the matter too", "--measure is of a matter")
			case len(args) == 0 && office == "" && s.committee == "" && s.practice == "":
				return usage("name a MATTER, or give --office, --committee or --practice", "history of what?")
			}
			return flags.ReadDay("--from", &from, usageOf)
		},
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			sel, err := s.build(append(args, "")[0])
			if err != nil {
				return err
			}
			resp, err := c.Entries(ctx, &answersv1.ListEntriesRequest{Selector: sel, Office: office, IssuedFrom: from, Since: s.earlier})
			if err != nil {
				return err
			}
			return a.answer(resp, func(p *plain.Page) {
				p.Entries(resp, s.measure)
				if s.earlier != nil {
					p.NextTime(formatCursor(resp.GetCursor()))
				}
			})
		}),
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	s.own(a, cmd)
	s.aMeasure(a, cmd)
	s.time(cmd)
	s.changes(cmd)
	cmd.Flags().StringVar(&office, "office", "", "what stands in the log of one office, by its `ID`")
	cmd.Flags().StringVar(&from, "from", "", "only what was issued on this `DAY` or later")
	must(cmd.RegisterFlagCompletionFunc("office", a.completeOffices))
	must(cmd.RegisterFlagCompletionFunc("from", cobra.NoFileCompletions))
	return cmd
}
