package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/lmcfed/lmcfed/internal/demo"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/terminal"
)

// lmcCommand is how the demo's commands call lmc: as a newcomer with Go can, where this was
// started so; else lmc is taken to be installed as this is.
func lmcCommand() string {
	if self, err := os.Executable(); err == nil && strings.Contains(filepath.ToSlash(self), "/go-build") {
		return "go run ./client/lmc"
	}
	return "lmc"
}

// tryOptions says how else the demonstration can be started.
const tryOptions = `
--full shows all four days and every measure. --dir october keeps the letters:
edit one in october/letters, start again, and what others see changes.`

func demoCommand() *cobra.Command {
	var opts demo.Options
	var once, full, asJSON, debug bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Five matters on 21 real nodes: one command, nothing to set up",
		Long: `demo starts the nodes of 21 offices in one process, GPC England's first, each
with its own data file, keys and address, lets them publish what they said on
five matters from 2019 to 2026, waits until all hold the same, and prints what
one practice and what GPC England saw of the access plan of October 2021, and
what to try next. With --full it prints what both saw on four days of that
month.
What it publishes is restated from public reports, not issued by these offices;
two offices and their disputes are invented, and say so.`,
		Example: `  lmcnode demo
  lmcnode demo --once --full
  lmcnode demo --once --json
  lmcnode demo --scale 50        50 invented offices more: what does that take?
  lmcnode demo --dir october     keeps data and letters: edit one, start again`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.Scale < 0 || opts.Scale > demo.ScaleLimit {
				return usage("--scale %d: write how many offices more there shall be, from 0 to %d", opts.Scale, demo.ScaleLimit)
			}
			if f, ok := cmd.ErrOrStderr().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
				opts.Progress = f
			}
			if opts.Web == webOff {
				opts.Web = ""
			}
			if debug {
				opts.Logger = logger(cmd.ErrOrStderr(), true)
			}
			fed, err := demo.Start(cmd.Context(), opts)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if url := fed.FirstLook(); url != "" && !once && !asJSON {
				fmt.Fprintf(out, "In a browser, what a practice in Mid Essex saw on 28 October 2021:\n  %s\n", url)
			}
			report, err := fed.Report(cmd.Context())
			width := terminal.Width(out, plain.Width)
			switch {
			case err != nil:
			case asJSON:
				err = report.WriteJSON(out)
			case full:
				err = report.WriteAll(out, width)
			default:
				err = report.WriteText(out, width)
			}
			if err == nil && !once && !asJSON {
				fed.WriteCommands(out, lmcCommand())
			}
			if err == nil && !asJSON && !full {
				fmt.Fprintln(out, tryOptions)
			}
			if err == nil && !once {
				<-cmd.Context().Done()
			}
			return errors.Join(err, fed.Close())
		},
	}
	f := cmd.Flags()
	f.BoolVar(&once, "once", false, "print and exit")
	f.BoolVar(&full, "full", false, "print all four days, with every measure")
	f.BoolVar(&asJSON, "json", false, "print one JSON object: nodes, views by day, national by day")
	f.StringVar(&opts.Dir, "dir", "", "keep the data in `DIR`; a second start goes on from it")
	f.StringVar(&opts.Letters, "letters", "", "publish the letters of `DIR` (made from the built-in ones when missing)")
	f.IntVar(&opts.Scale, "scale", 0, fmt.Sprintf("have `N` invented offices more, up to %d, each with a node and a letter", demo.ScaleLimit))
	f.StringVar(&opts.Web, "web", webAddress, "`HOST:PORT` for browsers, of one of the nodes; off: for none")
	f.BoolVar(&debug, "debug", false, "log what the nodes do")
	return cmd
}
