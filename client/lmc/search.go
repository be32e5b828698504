package main

import (
	"cmp"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func newSearch(a *app) *cobra.Command {
	req := &answersv1.SearchRequest{}
	var stance, audience string
	cmd := &cobra.Command{
		Use:     "search WORDS…",
		Short:   "Find letters, reports and matters by words",
		GroupID: groupRead,
		Long: "Search finds what anybody may read in letters, reports and matters, the best\n" +
			"first: by words in any form, short forms (A&G, f2f, PCN DES), names of offices\n" +
			"and committees, also where one is mistyped, and “phrases in quotes” as they\n" +
			"stand. Whether a letter still stands is told with it. It searches words, and\n" +
			"does not know what holds for you: that is lmc view MATTER --practice CODE.",
		Example: "  lmc search winter access fund\n" +
			"  lmc search do we have to engage with the plan --office essex\n" +
			"  lmc search template reply to ICB --stance refuse --from 2021-10-01\n" +
			"  lmc search '\"face to face\"' --committee surrey --limit 3",
		Args: func(_ *cobra.Command, args []string) (err error) {
			if req.Query = strings.TrimSpace(strings.Join(args, " ")); req.Query == "" {
				return usage("say what to look for, in a few words", "search for what?")
			}
			if req.PageSize < 1 || req.PageSize > 100 {
				return usage("ask for 1 to 100", "--limit %d is not a number of hits that can be shown", req.PageSize)
			}
			if err := cmp.Or(flags.ReadDay("--from", &req.IssuedFrom, usageOf), flags.ReadDay("--to", &req.IssuedTo, usageOf)); err != nil {
				return err
			}
			if req.Stance, err = readStance(stance); err != nil {
				return err
			}
			req.Audience, err = readAudience(audience)
			return err
		},
		RunE: a.asks(func(ctx context.Context, c *client.Client, _ []string) error {
			resp, err := c.Search(ctx, req)
			if err != nil {
				return err
			}
			return a.answer(resp, func(p *plain.Page) { p.Found(resp) })
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	f := cmd.Flags()
	f.StringVar(&req.Office, "office", "", "what stands in the log of one office, by its `ID`")
	f.StringVar(&req.Committee, "committee", "", "what is for one committee, by its `ID` (north-essex)")
	f.StringVar(&req.Matter, "matter", "", "what is on one `MATTER`")
	f.StringVar(&stance, "stance", "", "what has a position of this `STANCE` (refuse, advise-against, …)")
	f.StringVar(&audience, "audience", "", "what is to `WHO` (practices, pcns, …)")
	f.StringVar(&req.IssuedFrom, "from", "", "only what was issued on this `DAY` or later")
	f.StringVar(&req.IssuedTo, "to", "", "only what was issued on this `DAY` or before")
	f.Int32Var(&req.PageSize, "limit", 10, "how many to show, `N` of them at most")
	must(cmd.RegisterFlagCompletionFunc("office", a.completeOffices))
	must(cmd.RegisterFlagCompletionFunc("committee", a.completeCommittees))
	must(cmd.RegisterFlagCompletionFunc("matter", a.completeMatters))
	must(cmd.RegisterFlagCompletionFunc("stance", cobra.FixedCompletions(stanceNames(), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("audience", cobra.FixedCompletions(audienceNames(), cobra.ShellCompDirectiveNoFileComp)))
	for _, name := range []string{"from", "to", "limit"} {
		must(cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions))
	}
	return cmd
}

// readStance reads --stance; empty: none is named.
func readStance(value string) (guidancev1.Stance, error) {
	stance := guidancev1.Stance(guidancev1.Stance_value["STANCE_"+enumName(value)])
	if stance != guidancev1.Stance_STANCE_UNSPECIFIED || value == "" {
		return stance, nil
	}
	return 0, usage(nearest(value, stanceNames(), "use one of: "+strings.Join(stanceNames(), ", ")), "--stance %q is not known", value)
}

// stanceNames are what --stance takes.
func stanceNames() (names []string) {
	for n := 1; n < len(guidancev1.Stance_name); n++ {
		names = append(names, flagName(strings.TrimPrefix(guidancev1.Stance(n).String(), "STANCE_")))
	}
	return names
}
