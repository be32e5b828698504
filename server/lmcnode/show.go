package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func showCommand() *cobra.Command {
	var dir, day string
	var asJSON, withAreas, ever bool
	cmd := &cobra.Command{
		Use:   "show --dir DIR",
		Short: "Show the register as this node holds it",
		Long: `show prints the offices, committees and bodies of the register, and with --areas
its areas: as they stand today or on a day, or with --ever what is no more and
what is not yet as well, and every mandate.`,
		Example: `  lmcnode register show --dir essex
  lmcnode register show --dir essex --areas --ever
  lmcnode register show --dir essex --day 2021-10-25 --json`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case dir == "":
				return usage("show needs --dir")
			case ever && day != "":
				return usage("--ever and --day exclude each other")
			}
			if err := readDay("--day", &day); err != nil {
				return err
			}
			return withNode(cmd.Context(), dir, func(c *client.Client) (err error) {
				var reg *answersv1.GetRegisterResponse
				if ever {
					reg, err = c.WholeRegister(cmd.Context())
				} else {
					reg, err = c.Register(cmd.Context(), 0, day)
				}
				switch {
				case err != nil:
					return err
				case asJSON:
					return printJSON(cmd.OutOrStdout(), reg)
				}
				showRegister(cmd.OutOrStdout(), reg, withAreas, ever)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "the node's folder, `DIR`")
	cmd.Flags().StringVar(&day, "day", "", "as it stood on this `DAY` (2021-10-01 or 1 October 2021); leave out: today")
	cmd.Flags().BoolVar(&withAreas, "areas", false, "the areas too")
	cmd.Flags().BoolVar(&ever, "ever", false, "committees and areas of any day, and every mandate")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the register as JSON")
	return cmd
}

func showRegister(out io.Writer, reg *answersv1.GetRegisterResponse, withAreas, ever bool) {
	fmt.Fprintf(out, "Register of federation %s, kept by %s: %d entries, as it stands on %s\n\n", reg.Federation, reg.Keeper, reg.Size, reg.Day)
	row, flush := table(out)
	row("OFFICE", "SPEAKS FOR", "NODES", "FINGERPRINT")
	for _, o := range reg.Offices {
		var nodes []string
		for _, n := range o.Nodes {
			nodes = append(nodes, cmp.Or(n.Address, "only dials"))
		}
		row(o.Office.GetId(), cmp.Or(strings.Join(o.Committees, ", "), "nobody"), strings.Join(nodes, ", "), o.RootFingerprint)
	}
	flush()
	if len(reg.Committees) > 0 {
		row("COMMITTEE", "NAME", "KIND", "NATION", "AREAS", "DAYS", "MERGED FROM")
	}
	for _, c := range reg.Committees {
		var areas []string
		for _, t := range c.Areas {
			areas = append(areas, strings.TrimSpace(notation.AreaOf(t.Area).String()+" "+period(t.ValidFrom, t.ValidUntil)))
		}
		row(c.Id, c.Name, register.CommitteeKindWords(c.Kind), notation.Title(c.Nation), strings.Join(areas, ", "), period(c.ValidFrom, c.ValidUntil), strings.Join(c.Predecessors, ", "))
	}
	flush()
	if ever {
		row("COMMITTEE", "SPOKEN FOR BY", "DAYS")
		for _, m := range reg.Mandates {
			row(m.Committee, cmp.Or(m.Office, "nobody"), period(m.ValidFrom, m.ValidUntil))
		}
		flush()
	}
	if len(reg.ReportingRights) > 0 {
		row("MAY REPORT ON OTHERS", "DAYS")
	}
	for _, r := range reg.ReportingRights {
		row(r.Office, period(r.ValidFrom, r.ValidUntil))
	}
	flush()
	if len(reg.Bodies) > 0 {
		row("BODY", "NAME", "KIND", "OTHER NAMES", "DAYS", "SUCCESSORS")
	}
	for _, b := range reg.Bodies {
		row(b.Id, b.Name, register.BodyKindWords(b.Kind), notation.Names(b.Aliases), period("", b.ValidUntil), strings.Join(b.Successors, ", "))
	}
	flush()
	switch {
	case !withAreas && len(reg.Areas) > 0:
		fmt.Fprintf(out, "\nAreas: %d; show --areas lists them\n", len(reg.Areas))
	case len(reg.Areas) > 0:
		row("AREA", "NAME", "DAYS", "WITHIN", "SUCCESSORS", "PRACTICES", "PATIENTS", "RELEASE", "CODES")
		for _, a := range reg.Areas {
			row(notation.AreaOf(a.Id).String(), a.Name, period(a.ValidFrom, a.ValidUntil), strings.Join(idWords(a.Within), ", "), strings.Join(idWords(a.Successors), ", "),
				count(a.Practices), count(a.Patients), a.Release, strconv.Itoa(len(a.PracticeCodes)))
		}
		flush()
	}
	for _, p := range reg.Problems {
		fmt.Fprintf(out, "\nNot right: %s\n", notation.CleanLine(p.Words))
	}
}

// table writes rows in columns; flush ends a table, with a line after the one before. What is
// empty stands as a dash, so that a column can be told from the next.
func table(out io.Writer) (row func(cells ...string), flush func()) {
	var w *tabwriter.Writer
	tables := 0
	row = func(cells ...string) {
		if w == nil {
			if tables++; tables > 1 {
				fmt.Fprintln(out)
			}
			w = tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
		}
		for i, cell := range cells {
			cells[i] = cmp.Or(notation.CleanLine(cell), "-")
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	return row, func() {
		if w != nil {
			w.Flush()
		}
		w = nil
	}
}

// period is days as they are typed: "2021-10-01..", empty: it has none.
func period(from, until string) string {
	if from == "" && until == "" {
		return ""
	}
	return from + ".." + until
}

func count(n *int32) string {
	if n == nil {
		return ""
	}
	return notation.Thousands(int64(*n))
}
