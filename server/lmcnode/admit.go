package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/identity"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
	"github.com/lmcfed/lmcfed/server"
)

// admission is what the keeper decides about an office.
type admission struct {
	signed         *ledgerv1.SignedOfficeRecord
	record         *ledgerv1.OfficeRecord
	committees     []string
	named          map[string]string // names of new committees
	none           bool
	from           string
	mayReport, yes bool
}

func admitCommand() *cobra.Command {
	var dir string
	var names []string
	var a admission
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
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			switch {
			case dir == "":
				return usage("admit needs --dir, the folder of the keeper's node")
			case len(a.committees) == 0 && !a.none:
				return usage("admit needs --committees, those the office speaks for, or --no-committees")
			case len(a.committees) > 0 && a.none:
				return usage("--committees and --no-committees exclude each other")
			}
			for i, id := range a.committees {
				if slices.Contains(a.committees[:i], id) {
					return usage("--committees names %s twice", id)
				}
			}
			if err := checkDay("--from", a.from); err != nil {
				return err
			}
			a.named = map[string]string{}
			for _, s := range names {
				id, name, ok := strings.Cut(s, "=")
				if !ok || id == "" || name == "" {
					return usage("--committee-name %q is not ID=NAME", s)
				}
				if !slices.Contains(a.committees, id) {
					return usage("--committee-name names %s, which --committees does not", id)
				}
				a.named[id] = name
			}
			if a.signed, a.record, err = server.ReadOfficeFile(args[0]); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s (%s) in federation %s\nFingerprint: %s\n", a.record.Office.Name, a.record.Office.Id, a.record.Federation, identity.Fingerprint(a.record.RootKey))
			return withNode(cmd.Context(), dir, func(c *client.Client) error { return a.admit(cmd, c, dir) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "dir", "", "`DIR` of the keeper's node")
	f.StringSliceVar(&a.committees, "committees", nil, "the committees it speaks for: `ID,ID`")
	f.BoolVar(&a.none, "no-committees", false, "it speaks for no committee")
	f.StringSliceVar(&names, "committee-name", nil, "name of a new committee: `ID=NAME`; may be repeated")
	f.StringVar(&a.from, "from", "", "the first `DAY` it speaks for them, YYYY-MM-DD; leave out: always")
	f.BoolVar(&a.mayReport, "may-report", false, "it may record what others are reported to have said")
	f.BoolVar(&a.yes, "yes", false, "the fingerprint has been compared: record it")
	return cmd
}

// admit shows what an admission would record and what the register says to it, and with
// a yes records it.
//
// It is recorded in two parts, each under a request id that follows from its records: the
// committees to be added, then the rest, which is the same whatever the register has by
// now. So the same command records nothing twice, and cut off between the two it records
// what is missing.
func (a admission) admit(cmd *cobra.Command, c *client.Client, dir string) error {
	reg, err := c.Register(cmd.Context(), 0, "")
	if err != nil {
		return err
	}
	known, speaks := map[string]string{}, map[string]string{} // committees by id: the name, and the office
	for _, k := range reg.Committees {
		known[k.Id] = k.Name
	}
	for _, o := range reg.Offices {
		for _, id := range o.Committees {
			speaks[id] = o.Office.GetId()
		}
	}

	office, when := a.record.Office.Id, ", always"
	if a.from != "" {
		when = ", from " + a.from
	}
	var added []*ledgerv1.RegisterRecord
	rest := []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: a.signed}}}}
	words := []string{office + " is admitted with the keys of this record"}
	for _, id := range a.committees {
		name := known[id]
		if name == "" {
			name = cmp.Or(a.named[id], titleCase(id)+" LMC")
			added = append(added, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
				Id: id, Name: name, Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england",
			}}})
			words = append(words, fmt.Sprintf("%s is added: %s, an LMC of England", id, name))
		}
		rest = append(rest, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: id, Office: office, ValidFrom: a.from}}})
		line := fmt.Sprintf("%s speaks for %s (%s)%s", office, id, name, when)
		if other := speaks[id]; other != "" && other != office {
			line += ", in place of " + other
		}
		words = append(words, line)
	}
	if a.none {
		words = append(words, office+" speaks for no committee by this")
	}
	if a.mayReport {
		rest = append(rest, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: office, ValidFrom: a.from}}})
		words = append(words, office+" may record what others are reported to have said"+when)
	}

	out := cmd.OutOrStdout()
	if !a.yes {
		fmt.Fprintf(out, "\nTo be recorded, for ever:\n  %s\n\n", strings.Join(words, "\n  "))
	}
	check := &nodev1.AppendRegisterRequest{Records: slices.Concat(added, rest), ValidateOnly: true}
	if len(added) == 0 { // it may have been recorded before
		check.RequestId = recordsID(rest)
	}
	resp, err := c.AppendRegister(cmd.Context(), check)
	if a.yes {
		for _, part := range [][]*ledgerv1.RegisterRecord{added, rest} {
			if err == nil && len(part) > 0 {
				resp, err = c.AppendRegister(cmd.Context(), &nodev1.AppendRegisterRequest{RequestId: recordsID(part), Records: part})
			}
		}
	}
	if err != nil {
		return err
	}
	// Another officer may have recorded something in between: say what is the case now.
	var others []string
	if a.yes {
		if reg, err = c.Register(cmd.Context(), 0, a.from); err != nil {
			return fmt.Errorf("recorded up to %s, and reading the register again: %w", resp.Standing.Entry, err)
		}
		for _, o := range reg.Offices {
			for _, id := range o.Committees {
				if o.Office.GetId() != office && slices.Contains(a.committees, id) {
					others = append(others, fmt.Sprintf("%s speaks for %s, and not %s: that was recorded since", o.Office.GetId(), id, office))
				}
			}
		}
	}
	next := fmt.Sprintf("Next:\n  lmcnode register invite --dir %s %s\n", quoted(dir), office)
	switch {
	case resp.RepeatedRequest:
		fmt.Fprintf(out, "This was recorded before, up to %s; nothing was recorded now. %s", resp.Standing.Entry, next)
	case a.yes:
		fmt.Fprintf(out, "Admitted, recorded up to %s. %s", resp.Standing.Entry, next)
	default:
		fmt.Fprintf(out, "Nothing was recorded. Ring the office, compare the fingerprint word by word, then\nrun this again with --yes.\n")
	}
	if len(others) > 0 {
		return errors.New(strings.Join(others, "\n"))
	}
	return nil
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

func titleCase(slug string) string {
	words := strings.Split(slug, "-")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}
