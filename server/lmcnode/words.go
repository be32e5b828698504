package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/internal/terminal"
)

// exactly asks for these arguments, by the names the usage line gives them.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return usage("%s needs %s", cmd.CommandPath(), strings.Join(names[len(args):], " and "))
		case len(args) > len(names):
			return usage("%s does not know what to do with %q", cmd.CommandPath(), args[len(names)])
		}
		return nil
	}
}

// subcommand asks for one of a command's subcommands.
func subcommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage("%s has no command %q", cmd.CommandPath(), args[0])
}

// help is what a command does that only has subcommands.
func help(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// helpCommand is help that refuses what there is no help on.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show how a command is used",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, left, err := cmd.Root().Find(args)
			if err != nil || len(left) > 0 {
				return usage("%s has no command %q", cmd.Root().Name(), strings.Join(args, " "))
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
		c.Short = "Print what lets a shell complete " + root.Name() + " commands"
		c.Long, c.Example = "", fmt.Sprintf("  source <(%s completion bash)", root.Name())
		c.Args, c.RunE = subcommand, help
		for _, shell := range c.Commands() {
			shell.Long, shell.Args = "", exactly()
		}
	}
}

// self is how this command is typed.
func self() string { return quoted(terminal.Typed("lmcnode")) }

// quoted is a word as a POSIX shell reads it.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:@%,=~", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
