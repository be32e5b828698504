package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func newNational(a *app) *cobra.Command {
	var s selection
	var unit, nation string
	var counted answersv1.Unit
	var csv bool
	cmd := &cobra.Command{
		Use:     "national MATTER",
		Short:   "Count who says what on a matter, across the nation",
		GroupID: groupRead,
		Long: "National counts the lines of every LMC on a matter and on each of its measures:\n" +
			"by stance, with those that only pass on, consult, or have no line in columns of\n" +
			"their own, and how they stand to the national committee's line. Stances towards\n" +
			"different proposers are never added up. Every figure names its unit and what it\n" +
			"is out of.",
		Example: "  lmc national access-plan-2021\n" +
			"  lmc national access-plan-2021 --measure pcn-des-disengage --as-of 2021-10-28\n" +
			"  lmc national access-plan-2021 --unit patients --csv > picture.csv",
		Args: exactly("MATTER"),
		RunE: a.inquires(&s, func(ctx context.Context, c *client.Client, sel *answersv1.Selector) error {
			pic, err := c.National(ctx, sel, counted, nation)
			if err != nil {
				return err
			}
			if csv {
				return a.printCSV(pic)
			}
			return a.answer(pic, func() string {
				p := a.page()
				p.National(pic, s.knownWords())
				return p.String()
			})
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

func (a *app) printCSV(pic *answersv1.NationalPicture) error {
	b, err := picture.CSV(pic)
	if err != nil {
		return fmt.Errorf("writing the national picture as CSV: %w", err)
	}
	_, err = a.stdout.Write(b)
	return err
}

func parseUnit(s string) (answersv1.Unit, error) {
	switch s {
	case "", "committees":
		return answersv1.Unit_UNIT_COMMITTEES, nil
	case "offices":
		return answersv1.Unit_UNIT_OFFICES, nil
	case "practices":
		return answersv1.Unit_UNIT_PRACTICES, nil
	case "patients":
		return answersv1.Unit_UNIT_PATIENTS, nil
	}
	return 0, usage("count committees, offices, practices or patients", "--unit %q is not something that can be counted", s)
}
