package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/version"
)

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "lmc",
		Short: "Publish and read what Local Medical Committees advise",
		Long: "lmc asks a node of the federation what each Local Medical Committee advises on a\n" +
			"matter, and publishes the advisories of an office at its own node.\n\n" +
			"A practice starts with:  lmc practice CODE\n" +
			"An office starts with:   lmc new --matter MATTER -o letter.md,\n" +
			"                         then lmc publish letter.md",
		Example: "  lmc profile add essex --address node.example.org:7443 --pin lmcpin1:…\n" +
			"  lmc practice X10001\n" +
			"  lmc view access-plan-2021 --practice X10001\n" +
			"  lmc publish letter.md",
		Version:       version.Software(),
		Args:          subcommand,
		RunE:          help,
		SilenceErrors: true,

		DisableFlagsInUseLine: true,
		SilenceUsage:          true,
	}
	root.PersistentFlags().StringVar(&a.profile, "profile", "", "`NAME` of a saved profile or a profile FILE (default $LMC_PROFILE, else the one in use)")
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print the answer as JSON")
	must(root.RegisterFlagCompletionFunc("profile", a.completeProfiles))
	root.AddGroup(
		&cobra.Group{ID: groupRead, Title: "Reading:"},
		&cobra.Group{ID: groupWrite, Title: "Publishing:"},
		&cobra.Group{ID: groupNode, Title: "Your node:"},
	)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "Flags.FlagUsages", fmt.Sprintf("Flags.FlagUsagesWrapped %d", helpWidth)))
	root.SetHelpCommand(helpCommand())
	root.SetCompletionCommandGroupID(groupNode)
	for _, build := range []func(*app) *cobra.Command{
		newMatters, newPractice, newOpen, newView, newNational, newVotes, newHistory, newSearch, newAdvisory, newVerify, newRecount, newWatch, newFeed, newExport,
		newNew, newPublish, newReport, newWithdraw, newTakeDown,
		newProfile, newRegister, newStatus,
	} {
		root.AddCommand(build(a))
	}
	completing(root)
	flags.NoneEmpty(root, fmt.Errorf)
	flags.InWords(root, fmt.Errorf)
	return root
}

// The groups commands are listed under.
const (
	groupRead  = "read"
	groupWrite = "write"
	groupNode  = "node"
)

// must stops on a mistake in the command tree itself, which no input can cause and
// every test would find.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// exactly asks for these arguments, by the names the usage line gives them.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return fmt.Errorf("%s needs %s", cmd.CommandPath(), strings.Join(names[len(args):], " and "))
		case len(args) > len(names):
			return fmt.Errorf("%s does not know what to do with %q", cmd.CommandPath(), args[len(names)])
		}
		return nil
	}
}

// subcommand asks for one of a command's subcommands, and says which may be meant.
func subcommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2 // letters apart, at most
	hint := cmd.CommandPath() + " --help lists the commands"
	if meant := cmd.SuggestionsFor(args[0]); len(meant) > 0 {
		hint = "did you mean " + strings.Join(meant, " or ") + "?"
	}
	return usage(hint, "%s has no command %q", cmd.CommandPath(), args[0])
}

// help is what a command does that only has subcommands.
func help(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// helpCommand is help that refuses what there is no help on.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Show how a command is used",
		GroupID: groupNode,
		RunE: func(cmd *cobra.Command, args []string) error {
			about, left, err := cmd.Root().Find(args)
			if err != nil || len(left) > 0 {
				return subcommand(cmd.Root(), args)
			}
			return about.Help()
		},
	}
}

// completing shortens what cobra says of completion, and refuses a shell it does not
// know.
func completing(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() != "completion" {
			continue
		}
		c.Short = "Print what lets a shell complete lmc commands"
		c.Long, c.Example = "", "  source <(lmc completion bash)"
		c.Args, c.RunE = subcommand, help
		for _, shell := range c.Commands() {
			shell.Long = ""
		}
	}
}

// helpWidth is how wide help may be: a terminal's usual 80 columns.
const helpWidth = 80

// unquote takes the quotes off that mark a flag's value in its help: a shell that
// completes flags prints them as they are.
func unquote(cmd *cobra.Command) {
	off := func(f *pflag.Flag) { f.Usage = strings.ReplaceAll(f.Usage, "`", "") }
	cmd.Flags().VisitAll(off)
	cmd.PersistentFlags().VisitAll(off)
	for _, c := range cmd.Commands() {
		unquote(c)
	}
}
