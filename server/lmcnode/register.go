package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
	"github.com/lmcfed/lmcfed/server"
)

func registerCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "register",
		Short: "Keep and show the register: offices, committees, who speaks for whom",
		Long: `The register is the keeper's: who is admitted, with which keys, and who may speak for
whom from when. Its records are entries of the keeper's log and stay for ever. These
commands talk to the running node of --dir.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(admitCommand(), inviteCommand(), showCommand())
	return cmd
}

func admitCommand() *cobra.Command {
	var dir, from string
	var committees, names []string
	var mayReport, yes bool
	cmd := &cobra.Command{
		Use:   "admit FILE --committees ID,ID",
		Short: "Admit an office from the record it sent, to speak for these committees",
		Long: `admit shows the fingerprint of the record: ring the office and compare it word by
word, then run it again with --yes. A committee the register does not have yet is
added as an LMC of England, named after its id unless --committee-name says otherwise.`,
		Example: `  lmcnode register admit --dir gpc essex/office.record --committees north-essex,south-essex
  lmcnode register admit --dir gpc essex/office.record --committees north-essex,south-essex --yes
  lmcnode register admit --dir gpc kent/office.record --committees kent --committee-name "kent=Kent LMC" --from 2021-10-01 --yes`,
		Args: exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				return usage("admit needs --dir, the folder of the keeper's node")
			}
			named, err := parseNames(names)
			if err != nil {
				return err
			}
			signed, record, err := readRecord(args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s (%s) in federation %s\nFingerprint: %s\n", record.Office.Name, record.Office.Id, record.Federation, identity.Fingerprint(record.RootKey))
			if !yes {
				fmt.Fprintf(cmd.OutOrStdout(), "\nNothing was recorded. Ring the office, compare the fingerprint word by word, then run this again with --yes.\n")
				return nil
			}
			return withNode(cmd.Context(), dir, func(c *client.Client) error {
				return admit(cmd, c, admission{signed, record, committees, named, from, mayReport})
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "dir", "", "folder of the keeper's node")
	f.StringSliceVar(&committees, "committees", nil, "ids of the committees it speaks for")
	f.StringSliceVar(&names, "committee-name", nil, "name of a new committee: ID=NAME; may be repeated")
	f.StringVar(&from, "from", "", "first day it speaks for them, YYYY-MM-DD; leave out: always")
	f.BoolVar(&mayReport, "may-report", false, "it may record what others are reported to have said")
	f.BoolVar(&yes, "yes", false, "the fingerprint has been compared: record it")
	return cmd
}

func parseNames(all []string) (map[string]string, error) {
	named := map[string]string{}
	for _, s := range all {
		id, name, ok := strings.Cut(s, "=")
		if !ok || id == "" || name == "" {
			return nil, usage("--committee-name %q is not ID=NAME", s)
		}
		named[id] = name
	}
	return named, nil
}

func readRecord(path string) (*ledgerv1.SignedOfficeRecord, *ledgerv1.OfficeRecord, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the office's record: %w", err)
	}
	signed, err := server.ParseOfficeFile(b)
	if err != nil {
		return nil, nil, err
	}
	record, err := identity.OpenOffice(signed)
	return signed, record, err
}

// admission is what admitting an office records.
type admission struct {
	signed     *ledgerv1.SignedOfficeRecord
	record     *ledgerv1.OfficeRecord
	committees []string
	names      map[string]string
	from       string
	mayReport  bool
}

// records are the changes of the register an admission makes, given the
// committees it already has.
func (a admission) records(have map[string]bool) []*ledgerv1.RegisterRecord {
	out := []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: a.signed}}}}
	for _, id := range a.committees {
		if !have[id] {
			out = append(out, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: a.committee(id)}})
		}
		out = append(out, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: id, Office: a.record.Office.Id, ValidFrom: a.from}}})
	}
	if a.mayReport {
		out = append(out, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: a.record.Office.Id, ValidFrom: a.from}}})
	}
	return out
}

func (a admission) committee(id string) *guidancev1.Committee {
	name := a.names[id]
	if name == "" {
		name = titleCase(id) + " LMC"
	}
	return &guidancev1.Committee{Id: id, Name: name, Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england"}
}

func titleCase(slug string) string {
	words := strings.Split(slug, "-")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

func admit(cmd *cobra.Command, c *client.Client, a admission) error {
	reg, err := c.Register(cmd.Context(), 0, "")
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, k := range reg.Committees {
		have[k.Id] = true
	}
	records := a.records(have)
	resp, err := c.AppendRegister(cmd.Context(), &nodev1.AppendRegisterRequest{RequestId: requestID(records), Records: records})
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "Admitted, recorded up to %s. Next: lmcnode register invite %s\n", resp.Standing.Entry, a.record.Office.Id)
	return nil
}

// requestID is the same for the same records, so that a repeat records nothing twice.
func requestID(records []*ledgerv1.RegisterRecord) string {
	h := sha256.New()
	for _, r := range records {
		b, _ := proto.MarshalOptions{Deterministic: true}.Marshal(r)
		fmt.Fprintf(h, "%d:", len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))[:48]
}

func inviteCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:     "invite OFFICE",
		Short:   "Print the invitation an admitted office joins with",
		Example: `  lmcnode register invite --dir gpc essex`,
		Args:    exactly("OFFICE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				return usage("invite needs --dir, the folder of the keeper's node")
			}
			return withNode(cmd.Context(), dir, func(c *client.Client) error {
				inv, err := c.Invite(cmd.Context(), args[0])
				if err == nil {
					fmt.Fprintln(cmd.OutOrStdout(), inv)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "folder of the keeper's node")
	return cmd
}

func showCommand() *cobra.Command {
	var dir, day string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show the register as this node holds it",
		Example: `  lmcnode register show --dir essex
  lmcnode register show --dir essex --day 2021-10-25 --json`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				return usage("show needs --dir")
			}
			return withNode(cmd.Context(), dir, func(c *client.Client) error {
				reg, err := c.Register(cmd.Context(), 0, day)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(cmd, reg)
				}
				showRegister(cmd, reg)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "the node's folder")
	cmd.Flags().StringVar(&day, "day", "", "as it stood on this day, YYYY-MM-DD; leave out: today")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the register as JSON")
	return cmd
}

func showRegister(cmd *cobra.Command, reg *nodev1.GetRegisterResponse) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "Register of federation %s, kept by %s: %d entries, as it stands on %s\n\n", reg.Federation, reg.Keeper, reg.Size, reg.Day)
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "OFFICE\tSPEAKS FOR\tNODES\tFINGERPRINT")
	for _, o := range reg.Offices {
		var nodes []string
		for _, n := range o.Nodes {
			nodes = append(nodes, orElse(n.Address, "only dials"))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", o.Office.GetId(), orElse(strings.Join(o.Committees, ", "), "nobody"), strings.Join(nodes, ", "), o.RootFingerprint)
	}
	w.Flush()
	for _, p := range reg.Problems {
		fmt.Fprintf(out, "\nNot right: %s\n", p)
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// withNode calls the running node of a folder with the folder's own officer key.
func withNode(ctx context.Context, dir string, do func(*client.Client) error) error {
	profile, err := identity.LoadProfile(filepath.Join(dir, "profile.json"))
	if err != nil {
		return fault.New(fault.ErrUnavailable, err.Error(), "start the node first: lmcnode serve --dir "+dir)
	}
	c, err := client.DialProfile(profile)
	if err != nil {
		return err
	}
	defer c.Close()
	return do(c)
}

func printJSON(cmd *cobra.Command, m proto.Message) error {
	b, err := protojson.MarshalOptions{Multiline: true}.Marshal(m)
	if err == nil {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", b)
	}
	return err
}
