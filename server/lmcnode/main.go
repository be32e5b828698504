// Command lmcnode is the daemon an office runs: it makes a node's folder, serves it,
// shows October 2021 on real nodes, checks and copies the data, and keeps the
// register. The rules of its interface: the answer goes to standard output,
// everything else to standard error as "lmcnode: …" in lower case with a hint
// below, and what serve logs; it exits 0 when done, 1 when it could not, 2 when it
// was asked wrongly;
// Ctrl-C leaves nothing half written.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/terminal"
	"github.com/lmcfed/lmcfed/internal/version"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main with its surroundings as arguments, shared with the tests.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	out := &terminal.Output{Writer: stdout}
	root.SetOut(out)
	root.SetErr(stderr)
	cmd, err := root, flags.HelpOnWhatIs(root, args, subcommand)
	if err == nil {
		cmd, err = root.ExecuteContextC(ctx)
	}
	var wrong *usageError
	switch {
	case err == nil && out.Err != nil:
		complain(stderr, out.Err, "what was asked for is done; make room, and look with the command that shows it")
		return 1
	case err == nil:
		return 0
	case errors.As(err, &wrong):
		complain(stderr, err, cmd.CommandPath()+" --help shows how it is used")
		return 2
	case errors.Is(err, context.Canceled):
		complain(stderr, errors.New("interrupted"), "")
		return 1
	}
	complain(stderr, err, "")
	return 1
}

// helpWidth is how wide help may be: a terminal's usual 80 columns.
const helpWidth = 80

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "lmcnode",
		Short: "Run an LMC office's node of the federation",
		Long: `lmcnode is the node an LMC office runs. It keeps the office's advisories,
exchanges them with the other offices' nodes, and answers the questions of
practices, client applications and GPC.`,
		Example: `  lmcnode demo               (five matters on 21 real nodes, in one command)
  lmcnode init --dir essex --federation demo --office essex --name "Essex LMCs"
  lmcnode serve --dir essex --join INVITATION`,
		Version:       version.Software(),
		Args:          subcommand,
		RunE:          help,
		SilenceErrors: true,

		DisableFlagsInUseLine: true,
		SilenceUsage:          true,
	}
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "Flags.FlagUsages", fmt.Sprintf("Flags.FlagUsagesWrapped %d", helpWidth)))
	root.SetHelpCommand(helpCommand())
	root.AddCommand(initCommand(), serveCommand(), addressCommand(), demoCommand(), checkCommand(), backupCommand(), restoreCommand(), registerCommand(), areasCommand())
	completing(root)
	flags.NoneEmpty(root, usage)
	flags.InWords(root, usage)
	return root
}
