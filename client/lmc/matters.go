package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func newMatters(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "matters [MATTER]",
		Short:   "List what there is advice on, or the measures of one matter",
		GroupID: groupRead,
		Example: "  lmc matters\n" +
			"  lmc matters access-plan-2021\n" +
			"  lmc matters gpc-england/access-plan-2021",
		Args: cobra.MaximumNArgs(1),
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			if len(args) == 1 {
				resp, err := c.Matter(ctx, args[0])
				if err != nil {
					return err
				}
				return a.answer(resp, func() string { return matterPage(a.page(), resp) })
			}
			resp, err := c.Matters(ctx)
			if err != nil {
				return err
			}
			keeper := keeperOf(ctx, c)
			return a.answer(resp, func() string { return mattersPage(a.page(), resp, keeper) })
		}),
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
}

// keeperOf is the office whose matters are typed by their bare name; "" when it
// cannot be had, and then every matter is typed in full.
func keeperOf(ctx context.Context, c *client.Client) string {
	reg, err := c.Register(ctx, 0, "")
	if err != nil {
		return ""
	}
	return reg.GetKeeper()
}

// typed is how a matter is typed: bare for the keeper's, else in full.
func typed(name, keeper string) string {
	if bare, ok := strings.CutPrefix(name, keeper+"/"); ok {
		return bare
	}
	return name
}

func mattersPage(p *plain.Page, resp *answersv1.ListMattersResponse, keeper string) string {
	if len(resp.GetMatters()) == 0 {
		p.Line("no matter has been opened yet")
	}
	t := plain.NewTable("MATTER", "OPENED", "PROPOSED BY", "TITLE")
	for _, m := range resp.GetMatters() {
		t.Add(typed(m.GetName(), keeper), plain.ShortRange(m.GetOpened()), m.GetProposer().GetName(), m.GetTitle())
	}
	p.Table(0, t)
	p.Footer(resp.GetCompleteness(), noticesOf(resp.GetMatters()...))
	return p.String()
}

func matterPage(p *plain.Page, resp *answersv1.GetMatterResponse) string {
	p.Matter(resp.GetMatter())
	p.Gap()
	p.Line("as published in " + resp.GetEntry())
	p.Footer(resp.GetCompleteness(), nil)
	return p.String()
}

// noticesOf lists each notice of some matters once.
func noticesOf(ms ...*guidancev1.Matter) []string {
	var notices []string
	seen := map[string]bool{"": true}
	for _, m := range ms {
		if n := m.GetNotice(); !seen[n] {
			seen[n] = true
			notices = append(notices, n)
		}
	}
	return notices
}
