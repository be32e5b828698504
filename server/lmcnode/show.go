package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/terminal"
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
			if err := flags.ReadDay("--day", &day, usage); err != nil {
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
	p := plain.New(terminal.Width(out, plain.Width))
	p.Para(0, fmt.Sprintf("Register of federation %s, kept by %s: %d entries, as it stands on %s", reg.Federation, reg.Keeper, reg.Size, reg.Day))
	table := func(head ...string) *plain.Table {
		t := plain.NewTable(head...)
		t.Labels = true
		return t
	}
	// What is empty stands as a dash, so that a column can be told from the next.
	add := func(t *plain.Table, cells ...string) {
		for i, cell := range cells {
			cells[i] = cmp.Or(notation.CleanLine(cell), "-")
		}
		t.Add(cells...)
	}
	write := func(t *plain.Table) {
		p.Gap()
		p.Table(0, t)
	}
	offices := table("OFFICE", "SPEAKS FOR", "NODES", "FINGERPRINT")
	for _, o := range reg.Offices {
		var nodes []string
		for _, n := range o.Nodes {
			nodes = append(nodes, cmp.Or(n.Address, "only dials"))
		}
		add(offices, o.Office.GetId(), cmp.Or(strings.Join(o.Committees, ", "), "nobody"), strings.Join(nodes, ", "), o.RootFingerprint)
	}
	write(offices)
	committees := table("COMMITTEE", "NAME", "KIND", "NATION", "AREAS", "DAYS", "MERGED FROM", "OTHER NAMES")
	for _, c := range reg.Committees {
		add(committees, c.Id, c.Name, register.CommitteeKindWords(c.Kind), notation.Title(c.Nation), strings.Join(tenureWords(c.Areas), ", "),
			period(c.ValidFrom, c.ValidUntil), strings.Join(c.Predecessors, ", "), notation.Names(c.Aliases))
	}
	write(committees)
	if ever {
		mandates := table("COMMITTEE", "SPOKEN FOR BY", "DAYS")
		for _, m := range reg.Mandates {
			add(mandates, m.Committee, cmp.Or(m.Office, "nobody"), period(m.ValidFrom, m.ValidUntil))
		}
		write(mandates)
	}
	rights := table("MAY REPORT ON OTHERS", "DAYS")
	for _, r := range reg.ReportingRights {
		add(rights, r.Office, period(r.ValidFrom, r.ValidUntil))
	}
	write(rights)
	bodies := table("BODY", "NAME", "KIND", "OTHER NAMES", "DAYS", "SUCCESSORS")
	for _, b := range reg.Bodies {
		add(bodies, b.Id, b.Name, register.BodyKindWords(b.Kind), notation.Names(b.Aliases), period("", b.ValidUntil), strings.Join(b.Successors, ", "))
	}
	write(bodies)
	switch {
	case !withAreas && len(reg.Areas) > 0:
		p.Gap()
		p.Line(fmt.Sprintf("Areas: %d; show --areas lists them", len(reg.Areas)))
	case len(reg.Areas) > 0:
		areas := table("AREA", "NAME", "DAYS", "WITHIN", "SUCCESSORS", "PRACTICES", "PATIENTS", "RELEASE", "CODES")
		for _, a := range reg.Areas {
			add(areas, notation.AreaOf(a.Id).String(), a.Name, period(a.ValidFrom, a.ValidUntil), strings.Join(append(idWords(a.Within), tenureWords(a.LiesIn)...), ", "), strings.Join(idWords(a.Successors), ", "),
				count(a.Practices), count(a.Patients), a.Release, strconv.Itoa(len(a.PracticeCodes)))
		}
		write(areas)
	}
	for _, problem := range reg.Problems {
		p.Gap()
		p.Item(0, "Not right: "+notation.CleanLine(problem.Words))
	}
	fmt.Fprint(out, p)
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
