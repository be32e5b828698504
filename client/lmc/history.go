package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func newHistory(a *app) *cobra.Command {
	var s selection
	cmd := &cobra.Command{
		Use:     "history MATTER",
		Short:   "Everything a committee said on a matter, newest first",
		GroupID: groupRead,
		Example: "  lmc history access-plan-2021 --committee gpc-england\n" +
			"  lmc history access-plan-2021 --practice D81001 --as-of 2021-10-28",
		Args: exactly("MATTER"),
		RunE: a.inquires(&s, func(ctx context.Context, c *client.Client, sel *answersv1.Selector) error {
			resp, err := c.History(ctx, sel)
			if err != nil {
				return err
			}
			everybody := sel.GetCommittee() == "" && sel.GetPractice() == ""
			return a.answer(resp, func() string { return historyPage(a.page(), resp, everybody) })
		}),
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	s.reader(a, cmd)
	s.time(cmd)
	return cmd
}

// historyPage lists what was said; with everybody's words each says whose they are.
func historyPage(p *plain.Page, resp *answersv1.GetHistoryResponse, everybody bool) string {
	if len(resp.GetItems()) == 0 {
		p.Line("nothing has been said on it")
	}
	t := plain.NewTable("ISSUED", "ADVISORY", "WHAT WAS SAID")
	var notices []string
	for _, item := range resp.GetItems() {
		t.Add(plain.ShortRange(item.GetIssued()), item.GetEntry(), itemWords(item, everybody))
		if n := item.GetStatement().GetNotice(); n != "" && len(notices) == 0 {
			notices = append(notices, n)
		}
	}
	p.Table(0, t)
	if resp.GetNextPageToken() != "" {
		p.Gap()
		p.Line("there is more: ask for one committee or one measure")
	}
	p.Footer(resp.GetCompleteness(), notices)
	return p.String()
}

// itemWords is one thing said: by whom, on what, with what it ended and what ended it.
func itemWords(item *answersv1.HistoryItem, everybody bool) string {
	who, on := "", ""
	if pos := item.GetStatement().GetPosition(); pos != nil {
		if everybody {
			who = strings.Join(pos.GetCommittees(), ", ")
		}
		if pos.GetMeasure() != "" {
			on = "on " + pos.GetMeasure()
		}
	}
	words := plain.Joined(": ", who, on, item.GetWords())
	if ends := item.GetEnds(); len(ends) > 0 {
		words += " (ended " + strings.Join(ends, ", ") + ")"
	}
	if by := item.GetEndedBy(); by != "" {
		words += " (ended by " + by + ")"
	}
	return words
}
