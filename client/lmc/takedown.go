package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func newTakeDown(a *app) *cobra.Command {
	var co consent
	var reason string
	cmd := &cobra.Command{
		Use:     "take-down ENTRY --reason WHY",
		Short:   "Remove the words of a letter of your office everywhere",
		GroupID: groupWrite,
		Long: "Take-down is for a letter that nobody may read any more, as one that names a\n" +
			"patient. Every node drops its words, with its texts to send and what it\n" +
			"attached, stops showing, finding and exporting them, and says in their place\n" +
			"that your office removed them, when and why. There is no way back.\n" +
			"The letter must have ended before: publish what replaces it, or withdraw it.\n" +
			"What others saved, printed or forwarded cannot be called back, nor backups of\n" +
			"nodes: delete those made before (docs/operating.md).",
		Example: "  lmc take-down essex/7 --reason \"It named a patient by mistake.\" --check\n" +
			"  lmc take-down essex/7 --reason \"It named a patient by mistake.\"",
		Args: exactly("ENTRY"),
		PreRunE: func(cmd *cobra.Command, args []string) error {
			if err := cmd.ValidateRequiredFlags(); err != nil { // before whether anybody is there to say yes
				return err
			}
			if err := checkEntry(args[0]); err != nil {
				return err
			}
			return a.canConsent(co)
		},
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			office, _, _, err := speaksFor(ctx, c)
			if err != nil {
				return err
			}
			d := &draft{kind: "erasure", office: office, takeDown: &nodev1.TakeDownRequest{Entry: args[0], Reason: reason}}
			id, err := requestID(d.kind, d.office, d.takeDown, "")
			if err != nil {
				return err
			}
			return a.submit(ctx, c, d, id, co)
		}),
		ValidArgsFunction: a.firstArg(a.offerEntries(true, func(*answersv1.Entry) bool { return true })),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "`WHY` it is removed, in plain words, for everybody: name nobody here either")
	must(cmd.MarkFlagRequired("reason"))
	must(cmd.RegisterFlagCompletionFunc("reason", cobra.NoFileCompletions))
	co.flags(cmd, false)
	return cmd
}
