package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func newMatters(a *app) *cobra.Command {
	var s selection
	var due dueWithin
	cmd := &cobra.Command{
		Use:     "matters [MATTER]",
		Short:   "List what there is advice on, or the measures of one matter",
		GroupID: groupRead,
		Example: "  lmc matters\n" +
			"  lmc matters access-plan-2021\n" +
			"  lmc matters gpc-england/access-plan-2021\n" +
			"  lmc matters --since 2021-10-21\n" +
			"  lmc matters --due-within 14",
		Args:    cobra.MaximumNArgs(1),
		PreRunE: func(cmd *cobra.Command, args []string) error { return due.check(cmd, s.since != "", a.json) },
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			if due.asked {
				return a.due(ctx, c, &due, append(args, "")[0])
			}
			if s.since != "" {
				sel, err := s.build(append(args, "")[0])
				if err != nil {
					return err
				}
				return a.changed(ctx, c, &answersv1.GetChangesRequest{Selector: sel, Since: s.earlier})
			}
			if len(args) == 1 {
				resp, err := c.Matter(ctx, args[0])
				if err != nil {
					return err
				}
				return a.answer(resp, func(p *plain.Page) {
					p.LinkedMatter(resp.GetMatter(), resp.GetLinked(), resp.GetCeased())
					p.Gap()
					p.Line("as published in " + resp.GetEntry())
					p.Footer(resp.GetCompleteness(), nil)
				})
			}
			resp, err := c.Matters(ctx)
			if err != nil {
				return err
			}
			keeper := keeperOf(ctx, c)
			return a.answer(resp, func(p *plain.Page) {
				if len(resp.GetMatters()) == 0 {
					if plain.LacksEntries(resp.GetCompleteness()) {
						p.Line("no matter is known here yet")
					} else {
						p.Line("no matter has been opened yet")
					}
				}
				columns := []string{"MATTER", "OPENED", "PROPOSED BY", "TITLE"}
				closed := slices.ContainsFunc(resp.GetMatters(), func(m *guidancev1.Matter) bool { return m.GetClosed() != nil })
				if closed {
					columns = slices.Insert(columns, 2, "CLOSED")
				}
				t := plain.NewTable(columns...)
				var notices []string // each once
				for _, m := range resp.GetMatters() {
					row := []string{typed(m.GetName(), keeper), plain.ShortRange(m.GetOpened()), m.GetProposer().GetName(), m.GetTitle()}
					if closed {
						row = slices.Insert(row, 2, plain.ShortRange(m.GetClosed()))
					}
					t.Add(row...)
					if n := m.GetNotice(); n != "" && !slices.Contains(notices, n) {
						notices = append(notices, n)
					}
				}
				p.Table(0, t)
				p.Footer(resp.GetCompleteness(), notices)
			})
		}),
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	s.changes(cmd)
	due.flags(cmd)
	return cmd
}

// changed prints what changed since.
func (a *app) changed(ctx context.Context, c *client.Client, req *answersv1.GetChangesRequest) error {
	resp, err := c.Changes(ctx, req)
	if err != nil {
		return err
	}
	return a.answer(resp, func(p *plain.Page) { p.Changes(resp, formatCursor(resp.GetCursor())) })
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
