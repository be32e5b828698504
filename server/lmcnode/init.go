package main

import (
	"cmp"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	"github.com/lmcfed/lmcfed/server"
)

func initCommand() *cobra.Command {
	var (
		cfg                    server.InitConfig
		office, name, national string
		telephone, email, page string
		officeAliases          []string
	)
	cmd := &cobra.Command{
		Use:   "init --dir DIR --federation NAME --office ID --name NAME",
		Short: "Make a new node's folder: keys, settings, the office's record",
		Long: `init makes the folder of a new node: its keys, its settings and the office's
record, which the keeper's office needs to admit it. It prints the fingerprint
to read out to the keeper, and the line by which a practice connects.`,
		Example: `  lmcnode init --dir essex --federation demo --office essex \
    --name "Essex LMCs" --listen 127.0.0.1:7501
  lmcnode init --dir gpc --federation demo --office gpc-england \
    --name "GPC England" --listen 127.0.0.1:7500 --advertise 127.0.0.1:7500 \
    --keeper --national gpc-england`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cfg.Dir == "" || cfg.Federation == "" || office == "" || name == "" {
				return usage("init needs --dir, --federation, --office and --name")
			}
			if national != "" && !cfg.Keeper {
				return usage("--national needs --keeper: the office that keeps the register speaks for the national committee")
			}
			for flag, address := range map[string]string{"--listen": cfg.Listen, "--advertise": cfg.Advertise} {
				if _, _, err := net.SplitHostPort(address); err != nil && address != "" {
					return usage("%s %q is not HOST:PORT, such as 127.0.0.1:7443", flag, address)
				}
			}
			cfg.Office = &guidancev1.Office{
				Id: office, Name: name, Aliases: officeAliases,
				Contact: &guidancev1.Contact{Name: name, Telephone: telephone, Email: email, Url: page},
			}
			if cfg.Keeper && national != "" {
				cfg.National = &guidancev1.Committee{
					Id: national, Name: name, Nation: "england",
					Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE,
				}
			}
			made, err := server.Init(cfg)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "Made %s for %s in federation %s.\n\n", made.Dir, cfg.Office.Name, cfg.Federation)
			fmt.Fprintf(out, "Fingerprint, to read out by telephone:\n  %s\n", made.Fingerprint)
			fmt.Fprintf(out, "Pin of this node, for whoever connects to it:\n  %s\n", made.Pin)
			if cfg.Keeper {
				fmt.Fprintf(out, "\nThis office keeps the register. Next:\n  %s serve --dir %s\n", self(), quoted(made.Dir))
			} else {
				fmt.Fprintf(out, "\nNext:\n  1. Send %s to the office that keeps the register. It holds no secret.\n", made.OfficeFile)
				fmt.Fprintf(out, "  2. They ring you, compare the fingerprint, and send back an invitation.\n")
				fmt.Fprintf(out, "  3. %s serve --dir %s --join INVITATION\n", self(), quoted(made.Dir))
			}
			fmt.Fprintf(out, "\nA practice that reads at this node saves it first:\n  lmc profile add %s --address %s --pin %s\n",
				cfg.Office.Id, notation.Dialled(cmp.Or(cfg.Advertise, cfg.Listen)), made.Pin)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&cfg.Dir, "dir", "", "`DIR`, the folder to make; it holds the keys: keep it to yourself and back it up")
	f.StringVar(&cfg.Federation, "federation", "", "short `NAME` of the federation (demo, england)")
	f.StringVar(&office, "office", "", "the office's `ID`, a slug (surrey-sussex)")
	f.StringVar(&name, "name", "", "the office's `NAME` as on its letterhead")
	f.StringSliceVar(&officeAliases, "alias", nil, "another `NAME` of the office; may be repeated")
	f.StringVar(&telephone, "telephone", "", "the office's telephone `NUMBER`")
	f.StringVar(&email, "email", "", "the office's e-mail `ADDRESS`")
	f.StringVar(&page, "url", "", "`URL` of the office's public page")
	f.StringVar(&cfg.Listen, "listen", "127.0.0.1:7443", "`HOST:PORT` to listen on")
	f.StringVar(&cfg.Advertise, "advertise", "", "`HOST:PORT` others can dial; leave out behind a router: the node then only dials")
	f.StringSliceVar(&cfg.Hosts, "host", nil, "further `HOST` name or address for the certificate; may be repeated")
	f.BoolVar(&cfg.Keeper, "keeper", false, "keep the federation's register (one office does)")
	f.StringVar(&national, "national", "", "with --keeper: `ID` of the national committee this office speaks for")
	return cmd
}
