package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
	"github.com/lmcfed/lmcfed/server"
)

func registerCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "register",
		Short: "Keep and show the register: who speaks for whom",
		Long: `The register is the keeper's: who is admitted, with which keys, and who may
speak for whom from when. Its records are entries of the keeper's log and stay
for ever. These commands talk to the running node of --dir.`,
		Example: `  lmcnode register admit --dir gpc essex/office.record --committees north-essex
  lmcnode register show --dir essex`,
		Args: subcommand,
		RunE: help,
	}
	cmd.AddCommand(admitCommand(), inviteCommand(), showCommand())
	return cmd
}

func admitCommand() *cobra.Command {
	var dir string
	var flags admitFlags
	cmd := &cobra.Command{
		Use:   "admit --dir DIR FILE --committees ID,ID [--yes]",
		Short: "Admit an office, to speak for these committees",
		Long: `admit shows the fingerprint of the office's record and what would be recorded,
and says what the register would refuse. Ring the office on a number you already
had, compare the fingerprint word by word, then run it again with --yes.

A committee the register does not have yet is added as an LMC of England, named
after its id unless --committee-name says otherwise. An office that is to speak
for nobody, such as one that only reads, is admitted with --no-committees.`,
		Example: `  lmcnode register admit --dir gpc essex/office.record \
    --committees north-essex,south-essex
  lmcnode register admit --dir gpc essex/office.record \
    --committees north-essex,south-essex --yes
  lmcnode register admit --dir gpc kent/office.record --committees kent \
    --committee-name "kent=Kent LMC" --from 2021-10-01 --yes`,
		Args: exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				return usage("admit needs --dir, the folder of the keeper's node")
			}
			if err := flags.check(); err != nil {
				return err
			}
			named, err := parseNames(flags.names, flags.committees)
			if err != nil {
				return err
			}
			signed, record, err := server.ReadOfficeFile(args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s (%s) in federation %s\nFingerprint: %s\n", record.Office.Name, record.Office.Id, record.Federation, identity.Fingerprint(record.RootKey))
			return withNode(cmd.Context(), dir, func(c *client.Client) error {
				return admit(cmd, c, dir, admission{signed, record, named, flags})
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "dir", "", "`DIR` of the keeper's node")
	f.StringSliceVar(&flags.committees, "committees", nil, "the committees it speaks for: `ID,ID`")
	f.BoolVar(&flags.none, "no-committees", false, "it speaks for no committee")
	f.StringSliceVar(&flags.names, "committee-name", nil, "name of a new committee: `ID=NAME`; may be repeated")
	f.StringVar(&flags.from, "from", "", "the first `DAY` it speaks for them, YYYY-MM-DD; leave out: always")
	f.BoolVar(&flags.mayReport, "may-report", false, "it may record what others are reported to have said")
	f.BoolVar(&flags.yes, "yes", false, "the fingerprint has been compared: record it")
	return cmd
}

// admitFlags are what the keeper decides about an office.
type admitFlags struct {
	committees, names []string
	none              bool
	from              string
	mayReport, yes    bool
}

func (f admitFlags) check() error {
	switch {
	case len(f.committees) == 0 && !f.none:
		return usage("admit needs --committees, those the office speaks for, or --no-committees")
	case len(f.committees) > 0 && f.none:
		return usage("--committees and --no-committees exclude each other")
	}
	for i, id := range f.committees {
		if slices.Contains(f.committees[:i], id) {
			return usage("--committees names %s twice", id)
		}
	}
	return checkDay("--from", f.from)
}

// checkDay refuses a day that does not exist before anybody is asked.
func checkDay(flag, day string) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil && day != "" {
		return usage("%s %q is no day: write it as YYYY-MM-DD, for example 2021-10-01", flag, day)
	}
	return nil
}

// parseNames reads names of committees, each of which must be one the office is to
// speak for.
func parseNames(all, committees []string) (map[string]string, error) {
	named := map[string]string{}
	for _, s := range all {
		id, name, ok := strings.Cut(s, "=")
		if !ok || id == "" || name == "" {
			return nil, usage("--committee-name %q is not ID=NAME", s)
		}
		if !slices.Contains(committees, id) {
			return nil, usage("--committee-name names %s, which --committees does not", id)
		}
		named[id] = name
	}
	return named, nil
}

// admission is what admitting an office records.
type admission struct {
	signed *ledgerv1.SignedOfficeRecord
	record *ledgerv1.OfficeRecord
	named  map[string]string // names of new committees
	admitFlags
}

// records are the changes of the register an admission makes, given the names of the
// committees it already has.
func (a admission) records(have map[string]string) []*ledgerv1.RegisterRecord {
	out := []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: a.signed}}}}
	for _, id := range a.committees {
		if have[id] == "" {
			out = append(out, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: a.committee(id)}})
		}
		out = append(out, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: id, Office: a.record.Office.Id, ValidFrom: a.from}}})
	}
	if a.mayReport {
		out = append(out, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: a.record.Office.Id, ValidFrom: a.from}}})
	}
	return out
}

// parts are those records in two: the committees to be added, and the rest, which is the
// same whatever the register has by now, so that a repeat records nothing twice.
func (a admission) parts(have map[string]string) (committees, rest []*ledgerv1.RegisterRecord) {
	for _, r := range a.records(have) {
		if r.GetCommittee() != nil {
			committees = append(committees, r)
		} else {
			rest = append(rest, r)
		}
	}
	return committees, rest
}

// append records an admission, or with yes unset only checks it. Committees to be added
// go first: cut off between the two, the same command records the rest.
func (a admission) append(ctx context.Context, c *client.Client, have map[string]string) (*nodev1.AppendRegisterResponse, error) {
	committees, rest := a.parts(have)
	if len(committees) > 0 { // so it was not recorded before
		resp, err := c.AppendRegister(ctx, &nodev1.AppendRegisterRequest{Records: a.records(have), ValidateOnly: true})
		if err != nil || !a.yes {
			return resp, err
		}
		if _, err := c.AppendRegister(ctx, &nodev1.AppendRegisterRequest{RequestId: recordsID(committees), Records: committees}); err != nil {
			return nil, err
		}
	}
	return c.AppendRegister(ctx, &nodev1.AppendRegisterRequest{RequestId: recordsID(rest), Records: rest, ValidateOnly: !a.yes})
}

// recordsID is the request id of records: the same for the same ones.
func recordsID(records []*ledgerv1.RegisterRecord) string {
	h := sha256.New()
	for _, r := range records {
		b, _ := proto.MarshalOptions{Deterministic: true}.Marshal(r)
		fmt.Fprintf(h, "%d:", len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))[:48]
}

// words are what would be recorded, one line each, given the names of the committees
// there are and the offices that speak for them.
func (a admission) words(have, speaks map[string]string) []string {
	office := a.record.Office.Id
	out := []string{office + " is admitted with the keys of this record"}
	when := ", always"
	if a.from != "" {
		when = ", from " + a.from
	}
	for _, id := range a.committees {
		name := have[id]
		if name == "" {
			name = a.committee(id).Name
			out = append(out, fmt.Sprintf("%s is added: %s, an LMC of England", id, name))
		}
		line := fmt.Sprintf("%s speaks for %s (%s)%s", office, id, name, when)
		if other := speaks[id]; other != "" && other != office {
			line += ", in place of " + other
		}
		out = append(out, line)
	}
	if a.none {
		out = append(out, office+" speaks for no committee by this")
	}
	if a.mayReport {
		out = append(out, office+" may record what others are reported to have said"+when)
	}
	return out
}

func (a admission) committee(id string) *guidancev1.Committee {
	name := a.named[id]
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

// admit shows what an admission would record and what the register says to it, and
// with a yes records it.
func admit(cmd *cobra.Command, c *client.Client, dir string, a admission) error {
	reg, err := c.Register(cmd.Context(), 0, "")
	if err != nil {
		return err
	}
	have := map[string]string{}
	for _, k := range reg.Committees {
		have[k.Id] = k.Name
	}
	speaks := map[string]string{}
	for _, o := range reg.Offices {
		for _, id := range o.Committees {
			speaks[id] = o.Office.GetId()
		}
	}
	out := cmd.OutOrStdout()
	if !a.yes {
		fmt.Fprintf(out, "\nTo be recorded, for ever:\n  %s\n\n", strings.Join(a.words(have, speaks), "\n  "))
	}
	resp, err := a.append(cmd.Context(), c, have)
	if err != nil {
		return err
	}
	next := fmt.Sprintf("Next:\n  lmcnode register invite --dir %s %s\n", quoted(dir), a.record.Office.Id)
	switch {
	case resp.RepeatedRequest:
		fmt.Fprintf(out, "This was recorded before, up to %s; nothing was recorded now. %s", resp.Standing.Entry, next)
	case a.yes:
		fmt.Fprintf(out, "Admitted, recorded up to %s. %s", resp.Standing.Entry, next)
	default:
		fmt.Fprintf(out, "Nothing was recorded. Ring the office, compare the fingerprint word by word, then\nrun this again with --yes.\n")
	}
	return nil
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

func showCommand() *cobra.Command {
	var dir, day string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show --dir DIR",
		Short: "Show the register as this node holds it",
		Example: `  lmcnode register show --dir essex
  lmcnode register show --dir essex --day 2021-10-25 --json`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				return usage("show needs --dir")
			}
			if err := checkDay("--day", day); err != nil {
				return err
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
	cmd.Flags().StringVar(&dir, "dir", "", "the node's folder, `DIR`")
	cmd.Flags().StringVar(&day, "day", "", "as it stood on this `DAY`, YYYY-MM-DD; leave out: today")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the register as JSON")
	return cmd
}

func showRegister(cmd *cobra.Command, reg *answersv1.GetRegisterResponse) {
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
		fmt.Fprintf(out, "\nNot right: %s\n", p.Words)
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
	start := "start the node first: lmcnode serve --dir " + quoted(dir)
	if _, err := os.Stat(filepath.Join(dir, settingsFile)); errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.ErrNotFound, fmt.Sprintf("%s is not a node's folder: it has no %s", dir, settingsFile), "name the folder that lmcnode init made")
	}
	profile, err := client.LoadProfile(filepath.Join(dir, profileFile))
	if errors.Is(err, fs.ErrNotExist) {
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
	if errors.Is(err, client.ErrUnavailable) {
		return fault.New(fault.ErrUnavailable, client.Headline(err), start)
	}
	return err
}

func printJSON(cmd *cobra.Command, m proto.Message) error {
	b, err := protojson.MarshalOptions{Multiline: true}.Marshal(m)
	if err == nil {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", b)
	}
	return err
}
