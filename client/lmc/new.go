package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/letter"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/terminal"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func newNew(a *app) *cobra.Command {
	var kind, matter, out string
	cmd := &cobra.Command{
		Use:     "new --matter MATTER",
		Short:   "Write the letter to fill in for a matter",
		GroupID: groupWrite,
		Long: "New writes a letter with a remark on every line that can be filled in, with the\n" +
			"measures of the matter, the committees your office speaks for, and what it has\n" +
			"said on the matter before. Fill it in with any editor, then: lmc publish FILE.\n" +
			"--kind report is the same for what somebody else is reported to have said, and\n" +
			"--kind matter, which needs no --matter, opens one.",
		Example: "  lmc new --matter access-plan-2021 -o letter.md\n" +
			"  lmc new --matter access-plan-2021 | less\n" +
			"  lmc new --kind matter -o matter.md",
		Args: cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) error {
			switch {
			case a.json:
				return usage("lmc matters MATTER --json gives the matter", "a letter to fill in has no JSON")
			case !slices.Contains(kindsOfFiles, kind):
				return usage("use one of: "+strings.Join(kindsOfFiles, ", "), "--kind %q is none", kind)
			case kind != string(letter.KindMatter) && matter == "":
				return usage("say which it is about: lmc matters lists them", "a %s needs --matter", kind)
			case kind == string(letter.KindMatter) && matter != "":
				return usage("a matter is opened under a name of its own, which is filled in", "--kind matter takes no --matter")
			}
			return nil
		},
		RunE: a.does(func(ctx context.Context, _ []string) error {
			write := func(skeleton []byte) error {
				if out == "" {
					_, err := a.stdout.Write(skeleton)
					return err
				}
				if err := newFile(out, skeleton); err != nil {
					return err
				}
				a.done = "wrote " + out
				return a.print(fmt.Sprintf("wrote %s: fill it in, then %s publish %s\n", out, terminal.Typed("lmc"), out))
			}
			if err := mustNotExist(out); err != nil {
				return err
			}
			if kind == string(letter.KindMatter) { // no node knows anything of it yet
				return write(letter.MatterSkeleton())
			}
			return a.with(func(c *client.Client) error {
				skeleton, err := skeletonFor(ctx, c, letter.Kind(kind), matter)
				if err != nil {
					return err
				}
				return write(skeleton)
			})
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().StringVar(&kind, "kind", string(letter.KindLetter), "`WHAT` it is: "+strings.Join(kindsOfFiles, ", "))
	cmd.Flags().StringVar(&matter, "matter", "", "the `MATTER` it is about, as lmc matters lists them")
	cmd.Flags().StringVarP(&out, "output", "o", "", "write it to `FILE`, which must not exist yet")
	must(cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(kindsOfFiles, cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("matter", a.completeMatters))
	return cmd
}

var kindsOfFiles = []string{string(letter.KindLetter), string(letter.KindReport), string(letter.KindMatter)}

// skeletonFor is a file to fill in, with what the node knows of its matter and of the office.
func skeletonFor(ctx context.Context, c *client.Client, kind letter.Kind, matter string) ([]byte, error) {
	m, err := c.Matter(ctx, matter)
	if err != nil {
		return nil, err
	}
	var w letter.Writer
	if w.Office, w.Committees, w.Area, err = speaksFor(ctx, c); err != nil {
		return nil, err
	}
	if kind == letter.KindReport {
		return letter.ReportSkeleton(m.GetMatter(), w), nil
	}
	seen := map[string]bool{}
	for _, committee := range w.Committees { // whose letters it may end, whoever issued them
		said, err := c.Entries(ctx, &answersv1.ListEntriesRequest{
			Selector: &answersv1.Selector{Matter: m.GetMatter().GetName(), Committee: committee}, Kinds: []ledgerv1.EntryKind{ledgerv1.EntryKind_ENTRY_KIND_ADVISORY},
		})
		if err != nil {
			return nil, err
		}
		for _, e := range said.GetEntries() {
			if seen[e.GetName()] {
				continue
			}
			seen[e.GetName()] = true
			if plain.Stands(e) {
				w.Stands = append(w.Stands, letter.Standing{Entry: e.GetName(), Title: e.GetAdvisory().GetTitle(), Issued: e.GetIssued()})
			}
			for _, p := range e.GetAdvisory().GetPositions() {
				if p.GetScope() != nil && p.GetMatter() == m.GetMatter().GetName() {
					w.Groups = append(w.Groups, p.GetScope())
				}
			}
		}
	}
	slices.SortStableFunc(w.Stands, func(a, b letter.Standing) int {
		return cmp.Compare(b.Issued.GetLatest(), a.Issued.GetLatest())
	})
	return letter.Skeleton(m.GetMatter(), w), nil
}

// speaksFor is the node's office, the committees it speaks for today, and an area that the first
// of them covers; nil: none is recorded.
func speaksFor(ctx context.Context, c *client.Client) (office string, committees []string, area *guidancev1.AreaId, err error) {
	status, err := c.Status(ctx)
	if err != nil {
		return "", nil, nil, err
	}
	reg, err := c.Register(ctx, 0, "")
	if err != nil {
		return "", nil, nil, err
	}
	for _, o := range reg.GetOffices() {
		if o.GetOffice().GetId() == status.GetOffice() {
			committees = o.GetCommittees()
		}
	}
	for _, committee := range reg.GetCommittees() {
		for _, tenure := range committee.GetAreas() {
			if area == nil && len(committees) > 0 && committee.GetId() == committees[0] && tenure.GetValidUntil() == "" {
				area = tenure.GetArea()
			}
		}
	}
	return status.GetOffice(), committees, area, nil
}
