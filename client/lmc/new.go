package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/letter"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
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
			skeleton, err := skeletonOf(ctx, c, matter)
			if err != nil {
				return err
			}
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

func skeletonOf(ctx context.Context, c *client.Client, matter string) ([]byte, error) {
	m, err := c.Matter(ctx, matter)
	if err != nil {
		return nil, err
	}
	office, committees, err := speaksFor(ctx, c)
	if err != nil {
		return nil, err
	}
	return letter.Skeleton(m.GetMatter(), office, committees), nil
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
	return status.GetOffice(), committeesOf(reg, status.GetOffice()), nil
}

func committeesOf(reg *answersv1.GetRegisterResponse, office string) []string {
	for _, o := range reg.GetOffices() {
		if o.GetOffice().GetId() == office {
			return o.GetCommittees()
		}
	}
	return nil
}
