package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
)

func newProfile(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "profile",
		Short:   "Save and choose the nodes you talk to",
		GroupID: groupNode,
		Long: "A profile is a node as saved: its address, the pin of its key, and, for an\n" +
			"officer, the key file to show. The pin decides whether the node is the right\n" +
			"one: have it from the office that runs the node.",
		Example: "  lmc profile add essex --address node.example.org:7443 --pin lmcpin1:…\n" +
			"  lmc profile use essex",
		Args: subcommand,
		RunE: help,
	}
	cmd.AddCommand(newProfileAdd(a), newProfileList(a), newProfileUse(a), newProfileShow(a))
	return cmd
}

func newProfileAdd(a *app) *cobra.Command {
	var p client.Profile
	var pin string
	var replace bool
	cmd := &cobra.Command{
		Use:   "add NAME --address HOST:PORT --pin PIN",
		Short: "Save a node; the first one saved is the one in use",
		Example: "  lmc profile add essex --address node.example.org:7443 --pin lmcpin1:…\n" +
			"  lmc profile add essex-officer --address 127.0.0.1:7443 --pin lmcpin1:… \\\n" +
			"    --key essex/keys/officer.key",
		Args: exactly("NAME"),
		RunE: a.does(func(_ context.Context, args []string) (err error) {
			p.Name = args[0]
			if p.Pin, err = client.ParsePin(pin); err != nil {
				return &usageError{fmt.Sprintf("--pin: %v", err), "the node prints its pin when it is initialised and when it starts"}
			}
			if p.Keeper != "" {
				if _, _, err := ledger.ParseVKey(p.Keeper); err != nil {
					return &usageError{fmt.Sprintf("--keeper: %v", err), "have the key from the office that keeps the register, and copy all of it"}
				}
			}
			path, err := profilePath(p.Name)
			if err != nil {
				return err
			}
			if p.KeyFile != "" {
				if _, err := identity.LoadKey(p.KeyFile); err != nil {
					return fmt.Errorf("--key: %w", err)
				}
				if p.KeyFile, err = filepath.Abs(p.KeyFile); err != nil {
					return err
				}
			}
			if _, err := os.Stat(path); err == nil && !replace {
				return withHint(fmt.Errorf("a profile %q exists already, at %s", p.Name, path), "choose another name, or add --replace")
			}
			err = os.MkdirAll(filepath.Dir(path), 0o700)
			if err == nil {
				err = identity.SaveProfile(path, p)
			}
			if err != nil {
				return fmt.Errorf("saving profile %s: %w", p.Name, err)
			}
			used := currentProfile()
			if used == "" {
				if err := setCurrent(p.Name); err != nil {
					return err
				}
			}
			words := fmt.Sprintf("saved %s; it is the profile in use", p.Name)
			if used != "" && used != p.Name {
				words = fmt.Sprintf("saved %s; the profile in use is still %s: lmc profile use %s changes that", p.Name, used, p.Name)
			}
			return a.tellProfile(p.Name, words)
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().StringVar(&p.Address, "address", "", "where the node is dialled, `HOST:PORT`")
	cmd.Flags().StringVar(&pin, "pin", "", "the `PIN` of the node's key, lmcpin1:…")
	cmd.Flags().StringVar(&p.KeyFile, "key", "", "the officer key `FILE` to show (only to publish)")
	cmd.Flags().StringVar(&p.Office, "office", "", "the `OFFICE` whose node it is, as a note to yourself")
	cmd.Flags().StringVar(&p.Keeper, "keeper", "", "the `VKEY` of the register's log, had from the office that keeps it: lmc recount checks by it")
	cmd.Flags().BoolVar(&replace, "replace", false, "replace a profile of that name")
	must(cmd.RegisterFlagCompletionFunc("keeper", cobra.NoFileCompletions))
	must(cmd.MarkFlagRequired("address"))
	must(cmd.MarkFlagRequired("pin"))
	return cmd
}

func newProfileList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the saved profiles",
		Example: "  lmc profile list",
		Args:    cobra.NoArgs,
		RunE: a.does(func(context.Context, []string) error {
			saved, err := savedProfiles()
			if err != nil {
				return err
			}
			if a.json {
				return a.plainJSON(saved)
			}
			if len(saved) == 0 {
				return a.print("no profiles are saved\n" + addHint + "\n")
			}
			t, current := plain.NewTable("NAME", "", "ADDRESS", "OFFICE", "KEY"), currentProfile()
			for _, s := range saved {
				mark, key := "", ""
				if s.Name == current {
					mark = "in use"
				}
				if s.KeyFile != "" {
					key = filepath.Base(s.KeyFile)
				}
				t.Add(s.Name, mark, s.Address, s.Office, key)
			}
			page := a.page()
			page.Table(0, t)
			return a.print(page.String())
		}),
	}
}

func newProfileUse(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "use NAME",
		Short:   "Make a saved profile the one in use",
		Example: "  lmc profile use essex",
		Args:    exactly("NAME"),
		RunE: a.does(func(_ context.Context, args []string) error {
			path, err := profilePath(args[0])
			if err != nil {
				return err
			}
			if _, err := loadProfile(path, args[0]); err != nil {
				return err
			}
			if err := setCurrent(args[0]); err != nil {
				return err
			}
			return a.tellProfile(args[0], args[0]+" is the profile in use now")
		}),
		ValidArgsFunction: a.firstArg(a.completeProfiles),
	}
}

// tellProfile answers with what was done, in words, or with the profile as JSON.
func (a *app) tellProfile(name, words string) error {
	a.done = words
	if !a.json {
		return a.print(words + "\n")
	}
	path, err := profilePath(name)
	if err != nil {
		return err
	}
	p, err := loadProfile(path, name)
	if err != nil {
		return err
	}
	return a.plainJSON(p)
}

func newProfileShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "show [NAME]",
		Short:   "Show a profile; without a name the one that would be used",
		Example: "  lmc profile show",
		Args:    cobra.MaximumNArgs(1),
		RunE: a.does(func(_ context.Context, args []string) error {
			if len(args) == 1 {
				a.profile = args[0]
			}
			p, err := a.chosen()
			if err != nil {
				return err
			}
			if a.json {
				return a.plainJSON(p)
			}
			t := plain.NewTable()
			t.Add("name", p.Name)
			t.Add("address", p.Address)
			t.Add("pin", p.Pin.String())
			if p.Office != "" {
				t.Add("office", p.Office)
			}
			if p.KeyFile != "" {
				t.Add("key", p.KeyFile)
			}
			if p.Keeper != "" {
				t.Add("keeper", p.Keeper)
			}
			page := a.page()
			page.Table(0, t)
			return a.print(page.String())
		}),
		ValidArgsFunction: a.firstArg(a.completeProfiles),
	}
}

// plainJSON prints what is no message of the node as JSON.
func (a *app) plainJSON(v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the answer as JSON: %w", err)
	}
	_, err = a.stdout.Write(append(notation.EscapeJSON(b), '\n'))
	return err
}
