// Command lmc is the command line of an LMC's office and of a practice: write and
// publish an advisory, ask what the committees say, check that a letter is genuine.
//
// It knows how questions are asked and how answers look to people. It does not know
// the rules of guidance (the node and internal/guidance answer), nor how a node is
// run (see lmcnode).
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/terminal"
)

// The rules of this interface:
//
//   - Standard output is the answer, and nothing else: what is printed there can be
//     piped, saved or read out. With --json it is the node's response message in
//     protojson, one object, or one line for each event of a watch.
//   - Everything else goes to standard error: an error as "lmc: …", lower case and
//     without a full stop, and below it a line "  hint: …" with what to do. Errors
//     name the thing and the place.
//   - Exit 0: done. 1: refused, not found, not genuine, or not reachable. 2: the
//     command line itself was wrong, and nothing was asked of anybody.
//   - Nothing is published without a yes: typed at a terminal, or --yes. The same
//     command run again never publishes twice.
//   - A file is written whole or not at all, and one that exists is never
//     overwritten, but for a cursor file, which is replaced in one step.
//   - People read words, days and entry names ("essex/7"): never a wire shape, never
//     an enum name. The reader's own LMC stands first.
//   - What was received is printed without anything that steers a terminal or turns
//     text round.
//   - Ctrl-C ends at once and leaves nothing half written.
func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process: it returns the exit code.
func run(args []string, stdin *os.File, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process as it stands
	out := &terminal.Output{Writer: stdout}
	a := &app{stdin: stdin, stdout: out, stderr: stderr, width: terminal.Width(stdout, plain.Width)}
	root := newRoot(a)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(out)
	root.SetErr(stderr)
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		unquote(root)
	}
	if err := flags.HelpOnWhatIs(root, args, subcommand); err != nil {
		return a.tell(root, err)
	}
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		err = out.Err // of help, which nobody looks at
		a.started = true
	}
	return a.tell(cmd, err)
}
