package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

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
