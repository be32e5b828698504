// Command lmcnode is the daemon an office runs: it makes a node's folder, serves it,
// shows October 2021 on real nodes, checks and copies the data, and keeps the
// register. The rules of its interface: the answer goes to standard output,
// everything else to standard error as "lmcnode: …" in lower case with a hint
// below; it exits 0 when done, 1 when it could not, 2 when it was asked wrongly;
// Ctrl-C leaves nothing half written.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/internal/fault"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// errUsage marks what the caller asked wrongly.
var errUsage = errors.New("usage")

// run is main with its surroundings as arguments, shared with the tests.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		complain(stderr, err)
		fmt.Fprintln(stderr, "hint: lmcnode --help shows the commands, lmcnode COMMAND --help one of them with examples")
		return 2
	}
	complain(stderr, err)
	return 1
}

func complain(stderr io.Writer, err error) {
	fmt.Fprintf(stderr, "lmcnode: %s\n", fault.Headline(err))
	for _, v := range fault.Violations(err) {
		fmt.Fprintf(stderr, "  %s\n", v)
	}
	if hint := fault.Hint(err); hint != "" {
		fmt.Fprintf(stderr, "hint: %s\n", hint)
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "lmcnode",
		Short: "Run an LMC office's node of the federation",
		Long: `lmcnode is the node an LMC office runs. It keeps the office's advisories, exchanges
them with the other offices' nodes, and answers the questions of practices, client
applications and GPC.`,
		Example: `  lmcnode demo                      see October 2021 on six real nodes, in one command
  lmcnode init --dir essex --federation demo --office essex --name "Essex LMCs"
  lmcnode serve --dir essex --join INVITATION`,
		SilenceErrors: true, SilenceUsage: true,
		RunE: func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%v", err) })
	root.AddCommand(initCommand(), serveCommand(), demoCommand(), checkCommand(), backupCommand(), restoreCommand(), registerCommand())
	return root
}

func usage(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

// exactly refuses any other number of arguments, and names those it wants.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != len(names) {
			return usage("%s takes %d arguments: %v", cmd.CommandPath(), len(names), names)
		}
		return nil
	}
}
