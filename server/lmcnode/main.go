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
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/store"
	"github.com/lmcfed/lmcfed/internal/version"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// Names of what lies in a node's folder, as init and serve of package server write it.
const (
	settingsFile = "node.json"
	profileFile  = "profile.json"
	officeFile   = "office.record"
)

// usageError is what the caller asked wrongly.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

func usage(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// run is main with its surroundings as arguments, shared with the tests.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	var wrong *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong):
		complain(stderr, err, cmd.CommandPath()+" --help shows how it is used")
		return 2
	case errors.Is(err, context.Canceled):
		complain(stderr, errors.New("interrupted"), "")
		return 1
	}
	complain(stderr, err, remedyOf(err))
	return 1
}

// remedyOf is what to do about an error: what it says itself, else what its reason
// asks for.
func remedyOf(err error) string {
	if hint := fault.Hint(err); hint != "" {
		return hint
	}
	for _, r := range []struct {
		reason error
		remedy string
	}{
		{store.ErrLocked, "a node runs on this folder: stop it first (only backup works while it runs)"},
		{store.ErrOtherFederation, "move this data.db away: it was put into the wrong node's folder"},
		{store.ErrNotOurs, "move this data.db away, and restore a backup or start the node without it"},
		{store.ErrSchema, "run the version of lmcnode that wrote it"},
		{store.ErrExists, "move data.db away first: restore overwrites nothing"},
		{store.ErrBadBackup, "restore takes only what lmcnode backup wrote, whole and unchanged"},
		{fs.ErrExist, "choose another name: nothing is overwritten"},
		{fs.ErrNotExist, "is the path right? it is read as seen from the current folder"},
		{fs.ErrPermission, "run it as the user the node's folder belongs to"},
	} {
		if errors.Is(err, r.reason) {
			return r.remedy
		}
	}
	return ""
}

// complain prints one error: what, where in detail, and the remedy. Everything after
// the first line is indented.
func complain(stderr io.Writer, err error, hint string) {
	fmt.Fprintf(stderr, "lmcnode: %s\n", strings.ReplaceAll(fault.Headline(err), "\n", "\n  "))
	for _, v := range fault.Violations(err) {
		fmt.Fprintf(stderr, "  %s\n", v)
	}
	if hint != "" {
		fmt.Fprintf(stderr, "  hint: %s\n", hint)
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "lmcnode",
		Short: "Run an LMC office's node of the federation",
		Long: `lmcnode is the node an LMC office runs. It keeps the office's advisories,
exchanges them with the other offices' nodes, and answers the questions of
practices, client applications and GPC.`,
		Example: `  lmcnode demo               (October 2021 on six real nodes, in one command)
  lmcnode init --dir essex --federation demo --office essex --name "Essex LMCs"
  lmcnode serve --dir essex --join INVITATION`,
		Version:       version.Software(),
		Args:          subcommand,
		RunE:          help,
		SilenceErrors: true,

		DisableFlagsInUseLine: true,
		SilenceUsage:          true,
	}
	narrow(root)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%v", err) })
	root.SetHelpCommand(helpCommand())
	root.AddCommand(initCommand(), serveCommand(), demoCommand(), checkCommand(), backupCommand(), restoreCommand(), registerCommand())
	completing(root)
	return root
}
