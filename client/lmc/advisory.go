package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func newAdvisory(a *app) *cobra.Command {
	var save, proof, out string
	var text int
	cmd := &cobra.Command{
		Use:     "advisory ENTRY",
		Short:   "Print an advisory, or save it, its proof or its texts",
		GroupID: groupRead,
		Long: "Advisory prints one advisory as its readers see it. --save keeps it as a file,\n" +
			"exactly the bytes that were signed, and --proof the file that proves it: with\n" +
			"both, and the key of the office, anybody can check it without a network (lmc\n" +
			"verify). --template writes a text that its readers are asked to send, by the\n" +
			"number its page gives it, and nothing else.",
		Example: "  lmc advisory essex/7\n" +
			"  lmc advisory essex/7 --save essex-7.letter --proof essex-7.proof\n" +
			"  lmc advisory essex/7 --template 1 -o reply.md",
		Args: exactly("ENTRY"),
		PreRunE: func(cmd *cobra.Command, args []string) error {
			switch wanted := cmd.Flags().Changed("template"); {
			case !wanted && out != "":
				return usage("add --template NUMBER, or keep the whole advisory with --save FILE", "-o is for a text to send")
			case wanted && save != "":
				return usage("choose one of them", "--template takes one text out of the advisory, and --save keeps it as signed")
			case wanted && a.json:
				return usage("choose one of them", "--template writes a text, which has no JSON; --json has them all")
			case wanted && text < 1:
				return usage("lmc advisory "+args[0]+" numbers them, from 1", "there is no text %d to send", text)
			}
			if proof != "" && save == "" {
				return usage("add --save FILE", "a proof is of no use without the bytes it proves")
			}
			return checkEntry(args[0])
		},
		RunE: a.asks(func(ctx context.Context, c *client.Client, args []string) error {
			if save != "" {
				return a.saveProof(ctx, c, args[0], save, proof)
			}
			if err := mustNotExist(out); err != nil {
				return err
			}
			resp, err := c.Entry(ctx, args[0])
			if err != nil {
				return err
			}
			e := resp.GetEntry()
			if text > 0 {
				return a.writeText(resp.GetNames(), e, text, out)
			}
			return a.answer(resp, func(p *plain.Page) {
				p.Entry(e, resp.GetNames())
				p.Footer(resp.GetCompleteness(), nil)
			})
		}),
		ValidArgsFunction: a.firstArg(a.offerEntries(false, func(*answersv1.Entry) bool { return true })),
	}
	cmd.Flags().StringVar(&save, "save", "", "save the advisory, byte for byte as signed, to `FILE`")
	cmd.Flags().StringVar(&proof, "proof", "", "save its proof to `FILE`; needs --save")
	cmd.Flags().IntVar(&text, "template", 0, "write the text to send of this `NUMBER`, as the page counts them")
	cmd.Flags().StringVarP(&out, "output", "o", "", "write that text to `FILE`, which must not exist yet")
	must(cmd.RegisterFlagCompletionFunc("template", a.completeTexts))
	return cmd
}

// writeText writes the so many-th text to send of an advisory: as it was signed to a file,
// else, neutralised, to standard output. What its readers must know of the advisory goes to
// standard error, so that it is not sent with the text.
func (a *app) writeText(names *answersv1.Names, e *answersv1.Entry, number int, out string) error {
	texts := plain.Texts(e.GetAdvisory())
	if number > len(texts) {
		has := "it has none"
		if len(texts) == 1 {
			has = "it has text 1 alone"
		} else if len(texts) > 1 {
			has = fmt.Sprintf("it has texts 1 to %d", len(texts))
		}
		return withHint(fmt.Errorf("%s has no text %d to send: %s", e.GetName(), number, has), "lmc advisory "+e.GetName()+" shows what it has")
	}
	text := strings.TrimRight(texts[number-1].GetTemplate(), "\n") + "\n"
	if ended := plain.TextEnded(names, e, texts[number-1]); ended != "" { // before what else became of a long letter
		a.note(fmt.Sprintf("%s, text %d: %s.\n", e.GetName(), number, ended))
	}
	if slices.ContainsFunc(e.GetStandings(), func(st *answersv1.CommitteeStanding) bool {
		return !st.GetCurrent() || len(st.GetParts())+len(st.GetNotAsked()) > 0 || st.GetOvertakenBy() != ""
	}) {
		a.note(e.GetName() + ": " + plain.OneLine(e.GetWords()) + "\n")
	}
	for _, notice := range e.GetNotices() {
		a.note(plain.OneLine(notice) + "\n")
	}
	if out == "" {
		return a.print(text)
	}
	if err := newFile(out, []byte(text)); err != nil {
		return err
	}
	a.done = fmt.Sprintf("wrote text %d of %s to %s", number, e.GetName(), out)
	return a.print(a.done + "\n")
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
	a.done = fmt.Sprintf("saved %s as %s", resp.GetName(), save)
	if proof != "" {
		a.done += " and its proof as " + proof
	}
	return a.answer(resp, func(p *plain.Page) {
		p.Line(a.done)
		if proof == "" {
			return
		}
		p.Line("check it without a network:")
		p.Line(fmt.Sprintf("  lmc verify %s --proof %s --key %s", save, proof, resp.GetVkey()))
		p.Para(0, "This key came from the same node as the proof, so alone it proves nothing about that node: compare it first with the one the office itself gives, or with lmc register show at another node.")
	})
}
