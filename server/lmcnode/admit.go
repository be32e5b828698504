package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/terminal"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
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
	isNew          bool
	kind, nation   string   // of new committees
	ofNew          []string // the flags given that are about new committees
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
after its id, unless --kind, --nation and --committee-name say otherwise. An
office that is to speak for nobody, such as one that only reads, is admitted
with --no-committees.`,
		Example: `  lmcnode register admit --dir gpc essex/office.record \
    --committees north-essex,south-essex
  lmcnode register admit --dir gpc essex/office.record \
    --committees north-essex,south-essex --yes
  lmcnode register admit --dir gpc kent/office.record --committees kent \
    --committee-name "kent=Kent, Surrey and Sussex LMC" --from 2021-10-01 --yes
  lmcnode register admit --dir gpc lothian/office.record --committees lothian \
    --nation scotland`,
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
			if a.from, err = dayOr("--from", a.from, "always"); err != nil {
				return err
			}
			if err := checkOneOf("--kind", a.kind, committeeKindWords); err != nil {
				return err
			}
			if err := checkOneOf("--nation", a.nation, nationWords); err != nil {
				return err
			}
			for _, flag := range []string{"kind", "nation"} {
				if cmd.Flags().Changed(flag) {
					a.ofNew = append(a.ofNew, "--"+flag)
				}
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
			fmt.Fprintf(cmd.OutOrStdout(), "%s (%s) in federation %s\nFingerprint: %s\n",
				notation.CleanLine(a.record.Office.Name), notation.CleanLine(a.record.Office.Id), notation.CleanLine(a.record.Federation), identity.Fingerprint(a.record.RootKey))
			return withNode(cmd.Context(), dir, func(c *client.Client) error { return a.admit(cmd, c, dir) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "dir", "", "`DIR` of the keeper's node")
	f.StringSliceVar(&a.committees, "committees", nil, "the committees it speaks for: `ID,ID`")
	f.BoolVar(&a.none, "no-committees", false, "it speaks for no committee")
	f.StringArrayVar(&names, "committee-name", nil, "name of a new committee: `ID=NAME`; may be repeated")
	f.StringVar(&a.kind, "kind", "lmc", "`KIND` of the new committees: "+strings.Join(committeeKindWords, ", "))
	f.StringVar(&a.nation, "nation", defaultNation, "`NATION` of the new committees: "+strings.Join(nationWords, ", "))
	newFlag(cmd, &a.isNew)
	f.StringVar(&a.from, "from", "", "the first `DAY` it speaks for them (2021-10-01 or 1 October 2021); left out, always")
	f.BoolVar(&a.mayReport, "may-report", false, "it may record what others are reported to have said")
	f.BoolVar(&a.yes, "yes", false, "the fingerprint has been compared: record it")
	return cmd
}

// admit shows what an admission would record and what the register says to it, and with
// a yes records it.
//
// It is recorded in two parts: the committees to be added, then the rest. What the register
// says already is not recorded again. So the same command records nothing twice, and cut off
// between the two it records what is missing.
func (a admission) admit(cmd *cobra.Command, c *client.Client, dir string) error {
	ctx := cmd.Context()
	reg, err := c.WholeRegister(ctx)
	if err != nil {
		return err
	}
	office := a.record.Office.Id
	has := officeNames(reg)
	isKnown := has[office] != nil
	if !isKnown {
		if err := has.checkNew("office", office, "", a.isNew); err != nil {
			return err
		}
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

	when := ", always"
	if a.from != "" {
		when = ", from " + a.from
	}
	var added []*ledgerv1.RegisterRecord
	rest := []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: a.signed}}}}
	words := []string{office + " is admitted with the keys of this record"}
	for _, id := range a.committees {
		name := known[id]
		if name == "" {
			name = cmp.Or(a.named[id], notation.Title(id)+" LMC")
			if err := checkNotABody(reg, id, a.kind); err != nil {
				return err
			}
			if err := committeeNames(reg).checkNew("committee", id, a.named[id], a.isNew); err != nil {
				return err
			}
			added = append(added, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
				Id: id, Name: name, Kind: committeeKinds[a.kind], Nation: a.nation,
			}}})
			kind := "an LMC"
			if a.kind != "lmc" {
				kind = "a " + register.CommitteeKindWords(committeeKinds[a.kind])
			}
			words = append(words, fmt.Sprintf("%s is added: %s, %s of %s", id, name, kind, notation.Title(a.nation)))
		} else if err := a.checkKnown(reg, id); err != nil {
			return err
		}
		for _, m := range reg.Mandates {
			if m.Committee == id && m.ValidFrom == a.from && m.Office != "" && m.Office != office {
				return fault.New(fault.ErrInvalid, fmt.Sprintf("%s speaks for %s from the same day on (%s): %s cannot", m.Office, id, cmp.Or(a.from, "always"), office),
					fmt.Sprintf("say with --from from which day it does; or, where that was a mistake, mend it first: lmcnode register mandate %s --office none --from %s", id, cmp.Or(a.from, "always")))
			}
		}
		rest = append(rest, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: id, Office: office, ValidFrom: a.from}}})
		line := fmt.Sprintf("%s speaks for %s (%s)%s", office, id, name, when)
		if other := speaks[id]; other != "" && other != office {
			line += ", in place of " + other
		}
		words = append(words, line)
	}
	switch {
	case a.none && isKnown:
		words = append(words, "whom "+office+" speaks for stays as it is")
	case a.none:
		words = append(words, office+" speaks for no committee by this")
	}
	if a.mayReport {
		rest = append(rest, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: office, ValidFrom: a.from}}})
		words = append(words, office+" may record what others are reported to have said"+when)
	}

	out := cmd.OutOrStdout()
	p := plain.New(terminal.Width(out, plain.Width))
	p.Line("To be recorded, for ever:")
	for _, line := range words {
		p.Item(2, notation.CleanLine(line))
	}
	fmt.Fprintf(out, "\n%s", p)
	resp, err := checkedAt(ctx, c, &nodev1.AppendRegisterRequest{Records: slices.Concat(added, rest), ValidateOnly: true}, reg.Size)
	if err != nil {
		return err
	}
	isRepeat := !changesRecorded(resp.Changes)
	printChanges(out, slices.DeleteFunc(slices.Clone(resp.Changes), func(c *answersv1.RegisterChange) bool {
		return c.Kind == answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_FIELD && !(isKnown && c.Of == "office "+office) // said above, in words of its own
	}))
	fmt.Fprintln(out)
	size := reg.Size
	for _, part := range [][]*ledgerv1.RegisterRecord{added, rest} {
		if !a.yes || isRepeat || len(part) == 0 {
			continue
		}
		req := &nodev1.AppendRegisterRequest{Records: part, ValidateOnly: true}
		if resp, err = checkedAt(ctx, c, req, size); err != nil {
			return err
		}
		req.ValidateOnly, req.Preview, req.RequestId = false, resp.Preview, recordsID(size, part)
		size += uint64(len(part))
		if resp, err = c.AppendRegister(ctx, req); err != nil {
			return err
		}
	}
	// Another officer may have recorded something in between: say what is the case now.
	var others, again []string
	if a.yes {
		if reg, err = c.Register(ctx, 0, a.from); err != nil {
			return fmt.Errorf("recorded up to %s, and reading the register again: %w", resp.Standing.Entry, err)
		}
		for _, o := range reg.Offices {
			for _, id := range o.Committees {
				if o.Office.GetId() != office && slices.Contains(a.committees, id) {
					others = append(others, fmt.Sprintf("%s speaks for %s, and not %s: that was recorded since", o.Office.GetId(), id, office))
					again = append(again, fmt.Sprintf("%s register mandate %s --dir %s --office %s --from DAY", self(), id, quoted(dir), office))
				}
			}
		}
	}
	next := fmt.Sprintf("Next:\n  %s register invite --dir %s %s\n", self(), quoted(dir), office)
	switch {
	case isRepeat:
		fmt.Fprintf(out, "This was recorded before; nothing was recorded now. %s", next)
	case a.yes:
		fmt.Fprintf(out, "Admitted, recorded up to %s. %s", resp.Standing.Entry, next)
	default:
		fmt.Fprintf(out, "Nothing was recorded. Ring the office, compare the fingerprint word by word, then\nrun this again with --yes.\n")
	}
	if len(others) > 0 { // an admission does not take back a mandate that is recorded for a later day
		return fault.New(fault.ErrInvalid, strings.Join(others, "\n"), "if it is to speak again, say from which day: "+strings.Join(again, "; "))
	}
	return nil
}

// checkKnown refuses flags about new committees that say of one the register has what it does
// not say: they would be left unheeded. What it does say may be said again, so that a command
// that was cut off can be run again.
func (a admission) checkKnown(reg *answersv1.GetRegisterResponse, id string) error {
	c := reg.Committees[slices.IndexFunc(reg.Committees, func(c *guidancev1.Committee) bool { return c.Id == id })]
	var unheeded []string
	if name := a.named[id]; name != "" && name != c.Name {
		unheeded = append(unheeded, "--committee-name")
	}
	for _, flag := range a.ofNew {
		if flag == "--kind" && committeeKinds[a.kind] != c.Kind || flag == "--nation" && a.nation != c.Nation {
			unheeded = append(unheeded, flag)
		}
	}
	if len(unheeded) == 0 {
		return nil
	}
	return fault.New(fault.ErrInvalid, fmt.Sprintf("%s exists, and %s would not change it", id, notation.List(unheeded)), "change it with lmcnode register committee "+id)
}
