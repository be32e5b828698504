package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/letter"
)

func newNew(a *app) *cobra.Command {
	var matter, out string
	cmd := &cobra.Command{
		Use:     "new --matter MATTER",
		Short:   "Write the letter to fill in for a matter",
		GroupID: groupWrite,
		Long: "New writes a letter with a remark on every line that can be filled in, with the\n" +
			"measures of the matter and the committees your office speaks for. Fill it in\n" +
			"with any editor, then: lmc publish FILE.",
		Example: "  lmc new --matter access-plan-2021 -o letter.md\n" +
			"  lmc new --matter access-plan-2021 | less",
		Args: cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) error {
			if a.json {
				return usage("lmc matters MATTER --json gives the matter", "a letter to fill in has no JSON")
			}
			return nil
		},
		RunE: a.asks(func(ctx context.Context, c *client.Client, _ []string) error {
			if err := mustNotExist(out); err != nil {
				return err
			}
			m, err := c.Matter(ctx, matter)
			if err != nil {
				return err
			}
			office, committees, err := speaksFor(ctx, c)
			if err != nil {
				return err
			}
			skeleton := letter.Skeleton(m.GetMatter(), office, committees)
			if out == "" {
				_, err := a.stdout.Write(skeleton)
				return err
			}
			if err := newFile(out, skeleton); err != nil {
				return err
			}
			return a.print(fmt.Sprintf("wrote %s: fill it in, then lmc publish %s\n", out, out))
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().StringVar(&matter, "matter", "", "the `MATTER` it is about, as lmc matters lists them")
	cmd.Flags().StringVarP(&out, "output", "o", "", "write it to `FILE`, which must not exist yet")
	must(cmd.MarkFlagRequired("matter"))
	must(cmd.RegisterFlagCompletionFunc("matter", a.completeMatters))
	return cmd
}

// speaksFor is the node's office, and the committees it speaks for today.
func speaksFor(ctx context.Context, c *client.Client) (office string, committees []string, err error) {
	status, err := c.Status(ctx)
	if err != nil {
		return "", nil, err
	}
	reg, err := c.Register(ctx, 0, "")
	if err != nil {
		return "", nil, err
	}
	for _, o := range reg.GetOffices() {
		if o.GetOffice().GetId() == status.GetOffice() {
			committees = o.GetCommittees()
		}
	}
	return status.GetOffice(), committees, nil
}
