package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func newWithdraw(a *app) *cobra.Command {
	var co consent
	var w guidancev1.Withdrawal
	cmd := &cobra.Command{
		Use:     "withdraw ENTRY --reason WHY",
		Short:   "Withdraw an advisory of your office",
		GroupID: groupWrite,
		Long: "Withdraw ends an advisory for all of its committees, or with --for for those\n" +
			"alone: for the others it goes on. What it had replaced does not come\n" +
			"back by itself: name with --restores what is to stand again. It shows what will\n" +
			"end, for whom the letter still stands, and asks.\n" +
			"Of a letter whose day of issue was wrong, name that day with --effective, and\n" +
			"publish it anew: it goes on answering for the days before it is withdrawn.",
		Example: "  lmc withdraw essex/7 --reason \"overtaken by the agreement of 3 November\"\n" +
			"  lmc withdraw essex/7 --reason \"its day was wrong\" --effective 2021-10-21\n" +
			"  lmc withdraw essex/7 --reason \"sent in error\" --restores essex/3 --yes\n" +
			"  lmc withdraw essex/7 --reason \"North Essex has agreed\" --for north-essex",
		Args: exactly("ENTRY"),
		PreRunE: func(cmd *cobra.Command, args []string) error {
			if err := cmd.ValidateRequiredFlags(); err != nil { // before whether anybody is there to say yes
				return err
			}
			for _, name := range append([]string{args[0]}, w.GetRestores()...) {
				if err := checkEntry(name); err != nil {
					return err
				}
			}
			if err := flags.ReadDay("--effective", &w.Effective, usageOf); err != nil {
				return err
			}
			return a.canConsent(co)
		},
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			d, err := withdrawalOf(ctx, c, args[0], &w)
			if err != nil {
				return err
			}
			id, err := requestID(d.kind, d.office, d.withdrawal, "") // it holds the day
			if err != nil {
				return err
			}
			return inFlags(a.submit(ctx, c, d, id, co))
		}),
		ValidArgsFunction: a.firstArg(a.offerEntries(true, plain.Stands)),
	}
	cmd.Flags().StringVar(&w.Reason, "reason", "", "`WHY` it ends, in plain words, for your readers")
	cmd.Flags().StringVar(&w.Effective, "effective", "", "the first `DAY` it no longer counts (default today)")
	cmd.Flags().StringSliceVar(&w.OnBehalfOf, "for", nil, "end it for the committee of this `ID` alone; may be given several times (default all of its)")
	cmd.Flags().StringSliceVar(&w.Restores, "restores", nil, "an `ENTRY` that stands again; may be given several times")
	must(cmd.MarkFlagRequired("reason"))
	must(cmd.RegisterFlagCompletionFunc("reason", cobra.NoFileCompletions))
	must(cmd.RegisterFlagCompletionFunc("for", a.completeCommitteesOf))
	must(cmd.RegisterFlagCompletionFunc("effective", cobra.NoFileCompletions))
	must(cmd.RegisterFlagCompletionFunc("restores", a.offerEntries(true, func(e *answersv1.Entry) bool { return plain.LastEnding(e) != "" })))
	co.flags(cmd, false)
	return cmd
}

// inFlags says what a node refuses of a withdrawal in the words of the command: which of its
// flags it is about, if any.
func inFlags(err error) error {
	refused := client.Violations(err)
	if len(refused) == 0 {
		return err
	}
	told := &fault.Error{Reason: err, Message: client.Headline(err), Hint: client.Hint(err)}
	for _, v := range refused {
		flag, _, _ := strings.Cut(v.Field, "[")
		switch flag {
		case "reason", "effective", "restores":
			v.Field = "--" + flag
		default: // the reason names the entry, the office, the committee and the day
			v.Field = ""
		}
		told.Violations = append(told.Violations, v)
	}
	return told
}

// withdrawalOf fills in what follows from the advisory: a withdrawal is as widely visible as
// what it ends. For whom it ends it, where that is not said, the node knows: for those that its
// office may end it for.
func withdrawalOf(ctx context.Context, c *client.Client, entry string, flags *guidancev1.Withdrawal) (*draft, error) {
	resp, err := c.Entry(ctx, entry)
	if err != nil {
		return nil, err
	}
	if resp.GetEntry().GetAbsent() != nil {
		return nil, withHint(fmt.Errorf("the words of %s are not here, so it cannot be withdrawn here now", entry), "lmc advisory "+entry+" says why; where they are asked for, try again once they are here")
	}
	whose := committeesOf(resp.GetEntry())
	if whose == nil {
		return nil, withHint(fmt.Errorf("%s is not an advisory, so it cannot be withdrawn", entry), "lmc advisory "+entry+" shows what it is")
	}
	office, own, _, err := speaksFor(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, id := range flags.GetOnBehalfOf() { // one merged from its committees ends it too: the node knows
		if !slices.Contains(whose, id) && !slices.Contains(own, id) {
			return nil, withHint(fmt.Errorf("%s is not for %q", entry, id), "its committees are: "+strings.Join(whose, ", "))
		}
	}
	today := guidance.Today(time.Now())
	w := &guidancev1.Withdrawal{
		Office: office, Advisory: entry, Reason: flags.GetReason(), Effective: flags.GetEffective(), Restores: flags.GetRestores(), OnBehalfOf: flags.GetOnBehalfOf(),
		Issued:     &guidancev1.DayRange{Earliest: today, Latest: today},
		Visibility: resp.GetEntry().GetVisibility(),
	}
	if w.Effective == "" {
		w.Effective = today
	}
	return &draft{kind: "withdrawal", office: office, withdrawal: w}, nil
}

// committeesOf are the committees an advisory or a report is for; nil: it is neither.
func committeesOf(e *answersv1.Entry) []string {
	if e.GetReportedPosition() != nil {
		return e.GetReportedPosition().GetPosition().GetCommittees()
	}
	return e.GetAdvisory().GetOnBehalfOf()
}
