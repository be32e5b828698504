package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func mandateCommand() *cobra.Command {
	var k keeping
	var office, from, until string
	cmd := &cobra.Command{
		Use:   "mandate COMMITTEE --dir DIR [--yes]",
		Short: "Say who speaks for a committee, and from when",
		Long: `mandate says which office speaks for a committee from a day on. It ends the
mandate before it on the day before; one with the same first day takes its
place, which is how a mistake is mended. With --until alone the mandate that
stands on that day ends then. --office none: from then on nobody speaks for it.`,
		Example: `  lmcnode register mandate kent --dir gpc --office kent --from 2021-10-01 --yes
  lmcnode register mandate kent --dir gpc --until 2022-03-31 --yes
  lmcnode register mandate kent --dir gpc --office none --from 2022-04-01`,
		Args: exactly("COMMITTEE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			first, err := dayOr("--from", from, "always")
			if err != nil {
				return err
			}
			last, err := dayOr("--until", until, "open")
			switch {
			case err != nil:
				return err
			case office == "" && (from != "" || last == ""):
				return usage("mandate needs --office ID (or none) and --from DAY (or always); or --until DAY alone, to end the one that stands")
			case office != "" && from == "":
				return usage("mandate needs --from, the first day %s speaks for it, or always", office)
			case last != "" && last < first:
				return usage("--until %s lies before --from %s", last, first)
			}
			return k.record(cmd, func(reg *answersv1.GetRegisterResponse) (*ledgerv1.RegisterRecord, error) {
				if err := committeeNames(reg).check("committee", args[0]); err != nil {
					return nil, err
				}
				m := &ledgerv1.Mandate{Committee: args[0], Office: office, ValidFrom: first, ValidUntil: last}
				switch office {
				case "none":
					m.Office = ""
				case "":
					standing := mandateOn(reg, args[0], last)
					if standing.GetOffice() == "" {
						return nil, fault.New(fault.ErrInvalid, "nobody speaks for "+args[0]+" on "+last+": there is no mandate to end then",
							"lmcnode register show --ever has every mandate; to begin one, say --office and --from")
					}
					m.Office, m.ValidFrom = standing.Office, standing.ValidFrom
				default:
					if err := officeNames(reg).check("office", office); err != nil {
						return nil, err
					}
				}
				return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: m}}, nil
			})
		},
	}
	k.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&office, "office", "", "`ID` of the office that speaks for it, or none")
	f.StringVar(&from, "from", "", "the first `DAY` (2021-10-01 or 1 October 2021), or always")
	f.StringVar(&until, "until", "", "the last `DAY` (2021-10-01 or 1 October 2021), or open")
	return cmd
}

// mandateOn is the mandate for a committee that stands on a day; nil: none.
func mandateOn(reg *answersv1.GetRegisterResponse, committee, day string) *ledgerv1.Mandate {
	others := func(m *ledgerv1.Mandate) bool { return m.Committee != committee }
	return register.Standing(slices.DeleteFunc(slices.Clone(reg.Mandates), others), day)
}

func reporterCommand() *cobra.Command {
	var k keeping
	var from, until string
	cmd := &cobra.Command{
		Use:   "reporter OFFICE --dir DIR [--yes]",
		Short: "Let an office record what others are reported to have said",
		Long: `reporter gives an office the right to record what committees are reported to
have said. With --until alone the right that stands on that day ends then.`,
		Example: `  lmcnode register reporter gpc-england --dir gpc --from 2021-10-01
  lmcnode register reporter gpc-england --dir gpc --until 2022-03-31 --yes`,
		Args: exactly("OFFICE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			first, err := dayOr("--from", from, "always")
			if err != nil {
				return err
			}
			last, err := dayOr("--until", until, "open")
			switch {
			case err != nil:
				return err
			case from == "" && last == "":
				return usage("reporter needs --from DAY (or always); or --until DAY alone, to end the right that stands")
			case last != "" && last < first:
				return usage("--until %s lies before --from %s", last, first)
			}
			return k.record(cmd, func(reg *answersv1.GetRegisterResponse) (*ledgerv1.RegisterRecord, error) {
				if err := officeNames(reg).check("office", args[0]); err != nil {
					return nil, err
				}
				right := &ledgerv1.ReportingRight{Office: args[0], ValidFrom: first, ValidUntil: last}
				if from == "" {
					standing := rightOn(reg, args[0], last)
					if standing == nil {
						return nil, fault.New(fault.ErrInvalid, args[0]+" has no such right on "+last, "there is nothing to end; to give it one, say --from")
					}
					right.ValidFrom = standing.ValidFrom
				}
				return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: right}}, nil
			})
		},
	}
	k.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&from, "from", "", "the first `DAY` (2021-10-01 or 1 October 2021), or always")
	f.StringVar(&until, "until", "", "the last `DAY` (2021-10-01 or 1 October 2021), or open")
	return cmd
}

// rightOn is the right of an office that stands on a day; nil: none.
func rightOn(reg *answersv1.GetRegisterResponse, office, day string) *ledgerv1.ReportingRight {
	others := func(r *ledgerv1.ReportingRight) bool { return r.Office != office }
	return register.Standing(slices.DeleteFunc(slices.Clone(reg.ReportingRights), others), day)
}
