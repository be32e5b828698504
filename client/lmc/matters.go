package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func newMatters(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "matters [MATTER]",
		Short:   "List what there is advice on, or the measures of one matter",
		GroupID: groupRead,
		Example: "  lmc matters\n" +
			"  lmc matters access-plan-2021\n" +
			"  lmc matters \"Our plan for improving access\"",
		Args: cobra.MaximumNArgs(1),
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			if len(args) == 1 {
				resp, err := c.Matter(ctx, args[0])
				if err != nil {
					return err
				}
				return a.answer(resp, func() string { return matterPage(a.newPage(), resp) })
			}
			resp, err := c.Matters(ctx)
			if err != nil {
				return err
			}
			keeper := keeperOf(ctx, c)
			return a.answer(resp, func() string { return mattersPage(a.newPage(), resp, keeper) })
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
	if bare, ok := strings.CutPrefix(name, "offices/"+keeper+"/matters/"); ok {
		return bare
	}
	return name
}

func mattersPage(p *page, resp *nodev1.ListMattersResponse, keeper string) string {
	if len(resp.GetMatters()) == 0 {
		p.line("no matter has been opened yet")
	}
	t := &table{head: []string{"MATTER", "OPENED", "PROPOSED BY", "TITLE"}}
	for _, m := range resp.GetMatters() {
		t.add(typed(m.GetName(), keeper), shortRange(m.GetOpened()), m.GetProposer().GetName(), m.GetTitle())
	}
	p.table(0, t)
	p.footer(resp.GetCompleteness(), noticesOf(resp.GetMatters()...))
	return p.String()
}

func matterPage(p *page, resp *nodev1.GetMatterResponse) string {
	p.matter(resp.GetMatter())
	p.gap()
	p.line("as published in " + resp.GetEntry())
	p.footer(resp.GetCompleteness(), nil)
	return p.String()
}

// matterHead is the matter's title, and who proposed it when.
func (p *page) matterHead(m *guidancev1.Matter) {
	p.para(0, m.GetTitle())
	about := []string{}
	if by := m.GetProposer().GetName(); by != "" {
		about = append(about, "proposed by "+by)
	}
	if m.GetOpened() != nil {
		about = append(about, guidance.RangeWords(m.GetOpened()))
	}
	if m.GetClosed() != nil {
		about = append(about, "closed "+guidance.RangeWords(m.GetClosed()))
	}
	p.para(0, strings.Join(about, ", "))
}

func (p *page) measure(m *guidancev1.Matter, measure *guidancev1.Measure) {
	p.hang("  ", measure.GetId()+": "+measure.GetTitle())
	about := measureKindWords(measure.GetKind())
	if by := guidance.ProposerOf(m, measure.GetId()).GetName(); by != "" {
		about += " of " + by
	}
	if to := audiencesWords(measure.GetAddressedTo()); to != "" {
		about += ", for " + to
	}
	p.hang("      ", about)
	for _, d := range measure.GetDeadlines() {
		p.hang("      ", "due "+deadlineWords(d))
	}
}

func (p *page) references(refs []*guidancev1.Reference) {
	for _, r := range refs {
		p.hang("  ", referenceWords(r))
	}
}

// footer is what every answer ends with: whether it rests on everything, and the
// notices it must be shown with.
func (p *page) footer(c *guidancev1.Completeness, notices []string) {
	if c != nil {
		p.gap()
		p.para(0, completenessWords(c))
	}
	for _, n := range notices {
		p.gap()
		p.para(0, n)
	}
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
