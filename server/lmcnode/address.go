package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/server"
)

func addressCommand() *cobra.Command {
	var (
		dir  string
		none bool
	)
	cmd := &cobra.Command{
		Use:   "address --dir DIR HOST:PORT",
		Short: "Change where other nodes dial this one",
		Long: `address signs the office's record anew with the address that others dial from
now on, and tells the federation: a running node takes it to the keeper's node,
which records it by itself where nothing else is changed, and every other node
follows. The node goes on listening where serve is told to (--listen).`,
		Example: `  lmcnode address --dir essex node.essexlmc.org.uk:7443
  lmcnode address --dir essex --none       (nobody can dial it: it only dials)`,
		Args: func(cmd *cobra.Command, args []string) error {
			if none {
				return exactly()(cmd, args)
			}
			return exactly("HOST:PORT")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				return usage("address needs --dir")
			}
			address, words := "", "nobody can dial it: it only dials"
			if !none {
				address, words = args[0], args[0]
			}
			was, err := server.Move(dir, address)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if was == address {
				fmt.Fprintf(out, "It is that already: %s.\n", words)
				return nil
			}
			fmt.Fprintf(out, "Others dial it from now on: %s.\n", words)
			fmt.Fprintf(out, "A running node tells the keeper within a minute; lmc status says when the register has it. Else send\n%s to the office that keeps the register.\n", filepath.Join(dir, "office.record"))
			fmt.Fprintln(out, "Start the node again, so that its certificate names the new host.")
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "dir", "", "the node's folder, `DIR`")
	f.BoolVar(&none, "none", false, "nobody can dial it")
	return cmd
}
