package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// units are what --unit takes: the enum's names in lower case.
var units = []string{"committees", "offices", "practices", "patients"}

func newNational(a *app) *cobra.Command {
	var s selection
	var unit, nation, compare, save, by string
	var counted answersv1.Unit
	var earlier *answersv1.Since
	var csv, full, silent, texts bool
	cmd := &cobra.Command{
		Use:     "national MATTER",
		Short:   "Count who says what on a matter, across the nation",
		GroupID: groupRead,
		Long: "National counts the lines of every LMC on a matter and on each of its measures:\n" +
			"by stance, with those that only pass on, consult, or have no line in columns of\n" +
			"their own, and how they stand to the national committee's line. Stances towards\n" +
			"different proposers are never added up. Every figure names its unit and what it\n" +
			"is out of.\n" +
			"--compare sets it beside the picture of an earlier day: who moved, which way, by\n" +
			"which letter, and what the national committee had last said before it.\n" +
			"--silent lists who has no line, --templates the texts to send, and --by how\n" +
			"lines stand to the national one in each region or ICB of the day, and why.\n" +
			"--save keeps it with the letters and signatures it rests on, so that anybody\n" +
			"can count it again without a node (lmc recount); --full with all that is held.",
		Example: "  lmc national access-plan-2021\n" +
			"  lmc national access-plan-2021 --measure disengage-demands --as-of 2021-10-28\n" +
			"  lmc national access-plan-2021 --unit patients --csv > picture.csv\n" +
			"  lmc national access-plan-2021 --compare 2021-10-17\n" +
			"  lmc national access-plan-2021 --silent\n" +
			"  lmc national access-plan-2021 --by icb --as-of 2021-10-28\n" +
			"  lmc national access-plan-2021 --as-of 2021-10-28 --save october.picture",
		Args: exactly("MATTER"),
		RunE: a.inquires(&s, func(ctx context.Context, c *client.Client, sel *answersv1.Selector) error {
			if save != "" {
				return a.saveNational(ctx, c, &answersv1.SaveNationalPictureRequest{Selector: sel, Unit: counted, Nation: nation, WholeLogs: full}, save)
			}
			switch {
			case silent:
				return a.silent(ctx, c, sel, nation, csv)
			case by != "":
				return a.byArea(ctx, c, sel, nation, by, csv)
			case texts:
				return a.textsInUse(ctx, c, sel, nation, csv)
			}
			if s.earlier != nil {
				return a.changed(ctx, c, &answersv1.GetChangesRequest{Selector: sel, Since: s.earlier, Nation: cmp.Or(nation, "england")})
			}
			if compare != "" {
				return a.compares(ctx, c, sel, earlier, counted, nation, csv)
			}
			pic, err := c.National(ctx, sel, counted, nation)
			if err != nil {
				return err
			}
			if csv {
				b, err := picture.CSV(pic)
				return a.csv("the national picture", b, err)
			}
			return a.answer(pic, func(p *plain.Page) { p.National(pic, s.knownWords(pic.GetKnownAtTime())) })
		}),
		PreRunE: func(*cobra.Command, []string) error {
			if csv && a.json {
				return usage("choose one of them", "--csv and --json are two ways of printing one answer")
			}
			switch {
			case (silent || texts || by != "") && (save != "" || compare != "" || s.since != "" || unit != units[0]) || silent && texts || by != "" && (silent || texts):
				return usage("ask for one of them at a time", "--silent, --templates and --by list what the picture says, and go with no other list or count")
			case by != "" && !slices.Contains(picture.PlaceSchemes, by):
				return usage("tell it by region, or by icb", "--by %q is no kind of area", by)
			case full && save == "":
				return usage("add --save FILE", "--full is how much is saved")
			case save != "" && (csv || compare != "" || s.since != ""):
				return usage("save the picture by itself", "--save excludes --csv, --compare and --since")
			case compare != "" && s.since != "":
				return usage("--compare shows the figures and who moved, --since all that changed", "--compare excludes --since")
			case csv && s.since != "":
				return usage("for who moved as CSV: --compare DAY --csv", "--csv excludes --since")
			case compare != "":
				var err error
				if earlier, err = s.earlierLook("--compare", compare); err != nil {
					return err
				}
			}
			number, known := answersv1.Unit_value["UNIT_"+strings.ToUpper(cmp.Or(unit, units[0]))]
			if counted = answersv1.Unit(number); !known || !slices.Contains(units, cmp.Or(unit, units[0])) {
				return usage("count committees, offices, practices or patients", "--unit %q is not something that can be counted", unit)
			}
			return nil
		},
		ValidArgsFunction: a.firstArg(a.completeMatters),
	}
	s.reader(a, cmd)
	s.time(cmd)
	s.changes(cmd)
	f := cmd.Flags()
	f.StringVar(&unit, "unit", "committees", "what to count: committees, offices, practices or patients, the `UNIT`")
	f.StringVar(&nation, "nation", "", "the `NATION` (default england)")
	f.StringVar(&compare, "compare", "", "beside the picture of an earlier `DAY`, with who moved; --csv gives these")
	f.BoolVar(&csv, "csv", false, "print the figures as CSV")
	f.BoolVar(&silent, "silent", false, "list who has no line on the whole matter, or on the --measure asked about, why and since when; those not joined apart")
	f.BoolVar(&texts, "templates", false, "list the texts to send that stand: who issued which, to be sent on what")
	f.StringVar(&by, "by", "", "how lines stand to the national one, and why, by `AREA`: region or icb")
	must(cmd.RegisterFlagCompletionFunc("by", cobra.FixedCompletions(picture.PlaceSchemes, cobra.ShellCompDirectiveNoFileComp)))
	f.StringVar(&save, "save", "", "save it to `FILE`, with what it takes to count it again without a node")
	f.BoolVar(&full, "full", false, "save all entries of all logs, so that it can be shown that nothing was left out")
	must(cmd.RegisterFlagCompletionFunc("unit", cobra.FixedCompletions(units, cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("nation", cobra.NoFileCompletions))
	must(cmd.RegisterFlagCompletionFunc("compare", cobra.NoFileCompletions))
	return cmd
}

// compares prints the national picture beside an earlier one.
func (a *app) compares(ctx context.Context, c *client.Client, sel *answersv1.Selector, earlier *answersv1.Since, unit answersv1.Unit, nation string, csv bool) error {
	resp, err := c.Compare(ctx, sel, earlier, unit, nation)
	if err != nil {
		return err
	}
	if csv {
		b, err := picture.MoversCSV(resp)
		return a.csv("who moved", b, err)
	}
	return a.answer(resp, func(p *plain.Page) { p.Comparison(resp, formatCursor(resp.GetChanges().GetCursor())) })
}
