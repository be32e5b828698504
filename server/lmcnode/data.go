package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/store"
	"github.com/lmcfed/lmcfed/server"
)

func checkCommand() *cobra.Command {
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check --dir DIR",
		Short: "Check every byte of a stopped node's data",
		Long: `check rebuilds the index and every log's root from the entries and compares them
with what is stored, and how many entries of the office are here with how many
it has signed, which keys/guard knows. It only reads, and makes no file. Stop
the node first.`,
		Example: `  lmcnode check --dir essex
  lmcnode check --dir essex --json`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				return usage("check needs --dir")
			}
			report, err := server.Check(cmd.Context(), dir)
			older := errors.Is(err, fault.ErrRecovering) // than what was signed: what is there was checked all the same
			if err != nil && !older {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				problems := make([]string, len(report.Problems))
				for i, p := range report.Problems {
					problems[i] = p.Error()
				}
				if older {
					problems = append(problems, err.Error())
				}
				printed := json.NewEncoder(out).Encode(map[string]any{
					"logs": report.Logs, "entries": report.Entries, "bodies": report.Bodies, "feed": report.Feed, "doubt": report.Doubt, "problems": problems,
				})
				return errors.Join(printed, report.Err(), err)
			}
			for _, p := range report.Problems {
				fmt.Fprintf(out, "Damaged: %s\n", p)
			}
			if err := report.Err(); err != nil {
				return fault.New(fault.ErrInternal, err.Error(), "start the node (lmcnode serve): it mends its data as soon as it reads what is damaged, and fetches what is lost from its peers; the damaged file stays beside it; ask it for each entry named (lmc advisory ENTRY), and it does so at once")
			}
			if older {
				return err
			}
			fmt.Fprintf(out, "Sound: %d entries of %d logs, %d with their words, and %d arrivals.\n", report.Entries, report.Logs, report.Bodies, report.Feed)
			if report.Doubt.MayBeOld() {
				fmt.Fprintln(out, "They may be an old copy (they are a backup, or keys/guard is missing or an old one): the node publishes nothing before other offices' nodes have confirmed that nothing newer was signed.")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "the node's folder, `DIR`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return cmd
}

func backupCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "backup --dir DIR FILE",
		Short: "Copy the node's data to a file, whole and checked",
		Long: `backup writes a copy that restore can check. A plain copy of a live data file is
usually broken: use this instead. It refuses data that lacks entries the office
has signed. The keys are not in it: copy the keys folder by other means and keep
it apart.`,
		Example: `  lmcnode backup --dir essex essex-2021-11-01.backup`,
		Args:    exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				return usage("backup needs --dir")
			}
			ctx, file := cmd.Context(), args[0]
			_, err := server.Backup(dir, file)
			if errors.Is(err, store.ErrLocked) { // the node runs: through it
				err = withNode(ctx, dir, func(c *client.Client) error {
					return server.WriteNew(file, func(w io.Writer) error { return c.DownloadBackup(ctx, w) })
				})
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Wrote %s. Keep the keys folder apart from it: it is not in there.\n", file)
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "the node's folder, `DIR`")
	return cmd
}

func restoreCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "restore --dir DIR FILE",
		Short: "Put a backup in place of lost data",
		Long: `restore puts a checked copy where the node's data was. It refuses to overwrite
data and refuses a file that backup did not write or that has changed since.
Entries the office signed after the backup come back from its peers: the node
stays read-only until they are here.`,
		Example: `  lmcnode restore --dir essex essex-2021-11-01.backup`,
		Args:    exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				return usage("restore needs --dir")
			}
			m, err := server.Restore(dir, args[0])
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "Restored the data of %s: %d logs. Start it with:\n  %s serve --dir %s\n", m.Office, len(m.Heads), self(), quoted(dir))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "the node's folder, `DIR`")
	return cmd
}
