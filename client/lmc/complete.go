package main

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// completionTimeout is how long a shell that completes a word may be kept waiting.
const completionTimeout = 2 * time.Second

// completer offers words for the shell; it is quiet when there is nobody to ask.
type completer = func(cmd *cobra.Command, args []string, toComplete string) ([]cobra.Completion, cobra.ShellCompDirective)

// firstArg completes the first argument and nothing after it.
func (a *app) firstArg(f completer) completer {
	return func(cmd *cobra.Command, args []string, toComplete string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return f(cmd, args, toComplete)
	}
}

// offer asks the chosen node for words; none when it cannot be asked.
func (a *app) offer(ask func(ctx context.Context, c *client.Client) ([]cobra.Completion, error)) ([]cobra.Completion, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp
	p, err := a.chosen()
	if err != nil {
		return nil, directive
	}
	c, err := client.DialProfile(p, client.WithTimeout(completionTimeout))
	if err != nil {
		return nil, directive
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), completionTimeout)
	defer cancel()
	words, err := ask(ctx, c)
	if err != nil {
		return nil, directive
	}
	return words, directive
}

// word is one completion with what it stands for, safe to print.
func word(name, about string) cobra.Completion {
	return cobra.CompletionWithDesc(notation.Clean(plain.OneLine(name)), notation.Clean(plain.OneLine(about)))
}

func (a *app) completeMatters(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return a.offer(func(ctx context.Context, c *client.Client) (words []cobra.Completion, err error) {
		resp, err := c.Matters(ctx)
		keeper := keeperOf(ctx, c)
		for _, m := range resp.GetMatters() {
			words = append(words, word(typed(m.GetName(), keeper), m.GetTitle()))
		}
		return words, err
	})
}

// completeMeasures offers the measures of the matter already on the command line.
func (a *app) completeMeasures(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.offer(func(ctx context.Context, c *client.Client) (words []cobra.Completion, err error) {
		resp, err := c.Matter(ctx, args[0])
		for _, m := range resp.GetMatter().GetMeasures() {
			words = append(words, word(m.GetId(), m.GetTitle()))
		}
		return words, err
	})
}

func (a *app) completeCommittees(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return a.offer(func(ctx context.Context, c *client.Client) (words []cobra.Completion, err error) {
		resp, err := c.Register(ctx, 0, "")
		for _, committee := range resp.GetCommittees() {
			words = append(words, word(committee.GetId(), committee.GetName()))
		}
		return words, err
	})
}

// completeCommitteesOf offers the committees of the advisory already on the command line.
func (a *app) completeCommitteesOf(cmd *cobra.Command, args []string, toComplete string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return a.completeCommittees(cmd, args, toComplete)
	}
	return a.offer(func(ctx context.Context, c *client.Client) (words []cobra.Completion, err error) {
		resp, err := c.Entry(ctx, args[0])
		for _, id := range committeesOf(resp.GetEntry()) {
			words = append(words, word(id, resp.GetNames().GetCommittees()[id]))
		}
		return words, err
	})
}

func (a *app) completeOffices(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return a.offer(func(ctx context.Context, c *client.Client) (words []cobra.Completion, err error) {
		resp, err := c.Register(ctx, 0, "")
		for _, o := range resp.GetOffices() {
			words = append(words, word(o.GetOffice().GetId(), o.GetOffice().GetName()))
		}
		return words, err
	})
}

// offerEntries offers the newest entries that are wanted: of all offices, or the
// advisories of the node's own.
func (a *app) offerEntries(own bool, wanted func(*answersv1.Entry) bool) completer {
	ask := func(ctx context.Context, c *client.Client) (words []cobra.Completion, err error) {
		req := &answersv1.ListEntriesRequest{Kinds: []ledgerv1.EntryKind{
			ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL, ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION,
		}}
		if own {
			status, err := c.Status(ctx)
			if err != nil {
				return nil, err
			}
			req.Office, req.Kinds = status.GetOffice(), req.Kinds[:1]
		}
		resp, err := c.NewestEntries(ctx, req)
		for _, e := range resp.GetEntries() {
			if wanted(e) {
				said := cmp.Or(e.GetAdvisory().GetTitle(), e.GetReportedPosition().GetSource().GetTitle(), "withdraws "+e.GetWithdrawal().GetAdvisory())
				words = append(words, word(e.GetName(), said))
			}
		}
		return words, err
	}
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return a.offer(ask)
	}
}

// completeTexts offers the numbers of the texts to send of the advisory already on the
// command line.
func (a *app) completeTexts(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.offer(func(ctx context.Context, c *client.Client) (words []cobra.Completion, err error) {
		resp, err := c.Entry(ctx, args[0])
		for i, act := range plain.Texts(resp.GetEntry().GetAdvisory()) {
			words = append(words, word(strconv.Itoa(i+1), act.GetVerb()+" "+act.GetObject()))
		}
		return words, err
	})
}

func (a *app) completeProfiles(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	saved, err := savedProfiles()
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var words []cobra.Completion
	for _, p := range saved {
		words = append(words, word(p.Name, p.Address))
	}
	return words, cobra.ShellCompDirectiveDefault
}

// completePractices offers the practices whose code, name or postcode begins so.
func (a *app) completePractices(_ *cobra.Command, _ []string, toComplete string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if toComplete == "" {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.offer(func(ctx context.Context, c *client.Client) (words []cobra.Completion, err error) {
		resp, err := c.FindPractice(ctx, toComplete, "")
		if p := resp.GetPractice(); p != nil {
			words = append(words, word(p.GetCode(), p.GetName()))
		}
		for _, p := range resp.GetFound() {
			words = append(words, word(p.GetCode(), notation.Joined(", ", p.GetName(), p.GetPostcode())))
		}
		return words, err
	})
}
