package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/fault"
)

func registerCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "register",
		Short: "Keep and show the register: who speaks for whom",
		Long: `The register is the keeper's: who is admitted, with which keys, and who may
speak for whom from when. Its records are entries of the keeper's log and stay
for ever. These commands talk to the running node of --dir. Each first shows
what it would record and what that changes, and records nothing without --yes.`,
		Example: `  lmcnode register admit --dir gpc essex/office.record --committees north-essex
  lmcnode register committee kent --dir gpc --name "Kent LMC" --kind lmc
  lmcnode register show --dir essex`,
		Args: subcommand,
		RunE: help,
	}
	cmd.AddCommand(admitCommand(), inviteCommand(), showCommand(), committeeCommand(), mandateCommand(), contactCommand(), reporterCommand(), bodyCommand(), areaCommand())
	return cmd
}

func inviteCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:     "invite --dir DIR OFFICE",
		Short:   "Print the invitation an admitted office joins with",
		Example: `  lmcnode register invite --dir gpc essex`,
		Args:    exactly("OFFICE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				return usage("invite needs --dir, the folder of the keeper's node")
			}
			return withNode(cmd.Context(), dir, func(c *client.Client) error {
				inv, err := c.Invite(cmd.Context(), args[0])
				if errors.Is(err, fault.ErrUnknownOffice) { // the node does not know its folder as it is named here
					return fault.New(fault.ErrUnknownOffice, err.Error(), fmt.Sprintf("admit it first: lmcnode register admit --dir %s FILE --committees ID,ID", quoted(dir)))
				}
				if err == nil {
					fmt.Fprintln(cmd.OutOrStdout(), inv)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "`DIR` of the keeper's node")
	return cmd
}

// Names of what lies in a node's folder, as init and serve of package server write it.
const (
	settingsFile = "node.json"
	profileFile  = "profile.json"
)

// withNode calls the running node of a folder with the folder's own officer key.
func withNode(ctx context.Context, dir string, do func(*client.Client) error) error {
	start := "start the node first: lmcnode serve --dir " + quoted(dir)
	profile, err := client.LoadProfile(filepath.Join(dir, profileFile))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, settingsFile)); errors.Is(err, fs.ErrNotExist) {
			return fault.New(fault.ErrNotFound, fmt.Sprintf("%s is not a node's folder: it has no %s", dir, settingsFile), "name the folder that lmcnode init made")
		}
		return fault.New(fault.ErrUnavailable, fmt.Sprintf("the node of %s has never run", dir), start)
	}
	if err != nil {
		return err
	}
	c, err := client.DialProfile(profile)
	if err != nil {
		return err
	}
	defer c.Close()
	err = do(c)
	if errors.Is(err, client.ErrUnavailable) && strings.HasPrefix(err.Error(), "no node answers") {
		return fault.New(fault.ErrUnavailable, client.Headline(err), start)
	}
	return err
}
