package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/lmcfed/lmcfed/internal/demo"
)

// lmcCommand is how the demo's commands call lmc: as a newcomer with Go can.
const lmcCommand = "go run ./client/lmc"

func demoCommand() *cobra.Command {
	var opts demo.Options
	var once, asJSON, debug bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "October 2021 on six real nodes: one command, nothing to set up",
		Long: `demo starts the nodes of Essex, Surrey & Sussex, Cambridgeshire, Lincolnshire,
Humberside and GPC England in one process, each with its own data file, keys and
address, lets them publish what they said about the access plan of October 2021,
waits until all hold the same, and prints what a practice and what GPC saw on
four days. What it publishes is restated from public reports, not issued by
these offices.`,
		Example: `  lmcnode demo
  lmcnode demo --once --json
  lmcnode demo --dir october     keeps data and letters: edit one, start again`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f, ok := cmd.ErrOrStderr().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
				opts.Progress = f
			}
			if debug {
				opts.Logger = logger(cmd.ErrOrStderr(), true)
			}
			fed, err := demo.Start(cmd.Context(), opts)
			if err != nil {
				return err
			}
			report, err := fed.Report(cmd.Context())
			out, width := cmd.OutOrStdout(), 100
			if f, ok := out.(*os.File); ok {
				if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
					width = columns
				}
			}
			switch {
			case err != nil:
			case asJSON:
				err = report.WriteJSON(out)
			default:
				err = report.WriteText(out, width)
			}
			if err == nil && !once {
				if !asJSON {
					fed.WriteCommands(out, lmcCommand)
				}
				<-cmd.Context().Done()
			}
			return errors.Join(err, fed.Close())
		},
	}
	f := cmd.Flags()
	f.BoolVar(&once, "once", false, "print and exit")
	f.BoolVar(&asJSON, "json", false, "print one JSON object: nodes, views by day, national by day")
	f.StringVar(&opts.Dir, "dir", "", "keep the data in `DIR`; a second start goes on from it")
	f.StringVar(&opts.Letters, "letters", "", "publish the letters of `DIR` (made from the built-in ones when missing)")
	f.BoolVar(&debug, "debug", false, "log what the nodes do")
	return cmd
}
