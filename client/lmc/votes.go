package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func newVotes(a *app) *cobra.Command {
	var s selection
	var kinds []string
	var csv bool
	req := &answersv1.ListVotesRequest{}
	cmd := &cobra.Command{
		Use:     "votes [MATTER]",
		Short:   "Who was asked what in a vote, and what they answered",
		GroupID: groupRead,
		Long: "Votes lists the ballots, surveys, returns and votes that letters tell of, by the\n" +
			"question that was put, on a matter or on all: who was asked, how many answered\n" +
			"and what, each figure as it was published. Those who were asked the same, on one\n" +
			"measure or in the same words, stand side by side, the earliest first, each with\n" +
			"its letter and the positions that rest on it. Nothing is worked out or counted:\n" +
			"a vote is no line. --all adds those of letters that do not stand any more.",
		Example: "  lmc votes access-plan-2021\n" +
			"  lmc votes access-plan-2021 --measure withdraw --csv > votes.csv\n" +
			"  lmc votes --committee gpc-england --kind ballot\n" +
			"  lmc votes --on 2021-12-31 --all",
		Args: func(_ *cobra.Command, args []string) (err error) {
			switch {
			case len(args) > 1:
				return usage("a matter's name has no blanks: lmc matters lists them", "votes takes one MATTER")
			case len(args) == 0 && (s.measure != "" || s.whole):
				return usage("name the matter too", "--measure and --whole are of a matter")
			case csv && a.json:
				return usage("choose one of them", "--csv and --json are two ways of printing one answer")
			}
			req.Kinds, err = readVoteKinds(kinds)
			return err
		},
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) (err error) {
			if req.Selector, err = s.build(append(args, "")[0]); err != nil {
				return err
			}
			list, err := c.Votes(ctx, req)
			if err != nil {
				return err
			}
			if csv {
				b, err := picture.VotesCSV(list)
				return a.csv("the votes", b, err)
			}
			return a.answer(list, func(p *plain.Page) { p.Votes(list, s.knownWords(list.GetKnownAtTime())) })
		}),
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	s.own(a, cmd)
	s.aMeasure(a, cmd)
	s.time(cmd)
	f := cmd.Flags()
	f.StringSliceVar(&kinds, "kind", nil, "only votes of this `KIND`, or several with commas: "+strings.Join(voteKindNames(), ", "))
	f.BoolVar(&req.All, "all", false, "those of letters that do not stand too, marked")
	f.BoolVar(&csv, "csv", false, "print the votes as CSV, a row each")
	must(cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(voteKindNames(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// readVoteKinds reads --kind; none: of all kinds.
func readVoteKinds(values []string) (kinds []guidancev1.VoteKind, err error) {
	for _, value := range values {
		kind := guidancev1.VoteKind(guidancev1.VoteKind_value["VOTE_KIND_"+enumName(value)])
		if kind == guidancev1.VoteKind_VOTE_KIND_UNSPECIFIED {
			return nil, usage(nearest(value, voteKindNames(), "use one of: "+strings.Join(voteKindNames(), ", ")), "--kind %q is no kind of vote", value)
		}
		kinds = append(kinds, kind)
	}
	return kinds, nil
}

// voteKindNames are what --kind takes, as letters write them.
func voteKindNames() (names []string) {
	for n := 1; n < len(guidancev1.VoteKind_name); n++ {
		names = append(names, flagName(strings.TrimPrefix(guidancev1.VoteKind(n).String(), "VOTE_KIND_")))
	}
	return names
}
