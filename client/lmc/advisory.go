package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func newAdvisory(a *app) *cobra.Command {
	var save, proof string
	cmd := &cobra.Command{
		Use:     "advisory ENTRY",
		Short:   "Print an advisory, or save it with its proof",
		GroupID: groupRead,
		Long: "Advisory prints one advisory as its readers see it. --save keeps it as a file,\n" +
			"exactly the bytes that were signed, and --proof the file that proves it: with\n" +
			"both, and the key of the office, anybody can check it without a network (lmc\n" +
			"verify).",
		Example: "  lmc advisory essex/7\n" +
			"  lmc advisory essex/7 --save essex-7.letter --proof essex-7.proof",
		Args: exactly("ENTRY"),
		PreRunE: func(_ *cobra.Command, args []string) error {
			if proof != "" && save == "" {
				return usage("add --save FILE", "a proof is of no use without the bytes it proves")
			}
			return checkEntry(args[0])
		},
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			if save != "" {
				return a.saveProof(ctx, c, args[0], save, proof)
			}
			resp, err := c.Entry(ctx, args[0])
			if err != nil {
				return err
			}
			return a.answer(resp, func(p *plain.Page) {
				p.Entry(resp.GetEntry())
				p.Footer(resp.GetCompleteness(), nil)
			})
		}),
		ValidArgsFunction: a.firstArg(a.offerEntries(false, func(*answersv1.Entry) bool { return true })),
	}
	cmd.Flags().StringVar(&save, "save", "", "save the advisory, byte for byte as signed, to `FILE`")
	cmd.Flags().StringVar(&proof, "proof", "", "save its proof to `FILE`; needs --save")
	return cmd
}

// checkEntry refuses what cannot be an entry's name.
func checkEntry(name string) error {
	if _, err := ledger.ParseEntryID(name); err != nil {
		return usage("an advisory is named by office and number, for example essex/7; lmc history lists them", "%q is no advisory: %v", name, err)
	}
	return nil
}

// saveProof saves the body and, if asked for, its proof. What does not prove itself
// is not saved.
func (a *app) saveProof(ctx context.Context, c *client.Client, name, save, proof string) error {
	if err := mustNotExist(save, proof); err != nil {
		return err
	}
	resp, err := c.Proof(ctx, name)
	if err != nil {
		return err
	}
	if proved, err := client.CheckProof(resp.GetProof(), resp.GetBody(), resp.GetVkey()); err != nil {
		return fmt.Errorf("checking what %s sent for %s: %w", c.Address(), name, err)
	} else if proved.ID.String() != name {
		return fmt.Errorf("checking what %s sent for %s: it is the proof of %s", c.Address(), name, proved.ID)
	}
	if err := newFile(save, resp.GetBody()); err != nil {
		return err
	}
	if proof != "" {
		if err := newFile(proof, resp.GetProof()); err != nil {
			os.Remove(save)
			return err
		}
	}
	return a.answer(resp, func(p *plain.Page) {
		if proof == "" {
			p.Line(fmt.Sprintf("saved %s as %s", resp.GetName(), save))
			return
		}
		p.Line(fmt.Sprintf("saved %s as %s and its proof as %s", resp.GetName(), save, proof))
		p.Line("check it without a network:")
		p.Line(fmt.Sprintf("  lmc verify %s --proof %s --key %s", save, proof, resp.GetVkey()))
		p.Para(0, "This key came from the same node as the proof, so alone it proves nothing about that node: compare it first with the one the office itself gives, or with lmc register show at another node.")
	})
}
