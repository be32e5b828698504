package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const (
	// dueLimit is how many days ahead it is looked for what falls due.
	dueLimit = 366
	// mattersLooked is how many open matters are looked at: each is a question to the node.
	mattersLooked = 100
)

// dueWithin is what falls due, of whom and by whose letter, over all open matters.
type dueWithin struct {
	days        int
	asOf        string
	nation      string
	csv, asked  bool
	from, until string
}

func (d *dueWithin) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVar(&d.days, "due-within", 0, "what falls due in the next `DAYS`, today included, on all open matters")
	f.StringVar(&d.asOf, "as-of", "", "with --due-within: from this `DAY` on, in place of today")
	f.StringVar(&d.nation, "nation", "", "with --due-within: the `NATION` (default england)")
	f.BoolVar(&d.csv, "csv", false, "with --due-within: as CSV")
	for _, name := range []string{"due-within", "as-of", "nation"} {
		must(cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions))
	}
}

// check reads the flags.
func (d *dueWithin) check(cmd *cobra.Command, since, json bool) error {
	switch d.asked = cmd.Flags().Changed("due-within"); {
	case !d.asked && (d.asOf != "" || d.nation != "" || d.csv):
		return usage("add --due-within DAYS", "--as-of, --nation and --csv are for what falls due")
	case !d.asked:
		return nil
	case since:
		return usage("ask for one of them at a time", "--due-within excludes --since")
	case d.csv && json:
		return usage("choose one of them", "--csv and --json are two ways of printing one answer")
	case d.days < 0 || d.days > dueLimit:
		return usage(fmt.Sprintf("give 0, for today alone, to %d days", dueLimit), "--due-within %d is no number of days ahead", d.days)
	}
	if err := flags.ReadDay("--as-of", &d.asOf, usageOf); err != nil {
		return err
	}
	d.from = cmp.Or(d.asOf, guidance.Today(time.Now()))
	d.until = notation.MoveDay(d.from, d.days)
	return nil
}

// due tells what falls due on all open matters, or on one.
func (a *app) due(ctx context.Context, c *client.Client, d *dueWithin, matter string) error {
	list, err := d.list(ctx, c, matter)
	if err != nil {
		return err
	}
	if d.csv {
		b, err := picture.DueCSV(list)
		return a.csv("what falls due", b, err)
	}
	return a.answer(list, func(p *plain.Page) { p.Due(list) })
}

// list is what falls due on all open matters, or on one.
func (d *dueWithin) list(ctx context.Context, c *client.Client, matter string) (*answersv1.DueList, error) {
	names, more := []string{matter}, 0
	if matter == "" {
		known, err := c.Matters(ctx)
		if err != nil {
			return nil, err
		}
		if names = nil; known.GetNextPageToken() != "" {
			more = 1 // at least
		}
		for _, m := range known.GetMatters() {
			closed := m.GetClosed() != nil && m.GetClosed().GetLatest() < d.from
			switch {
			case closed || m.GetOpened().GetEarliest() > d.from:
			case len(names) == mattersLooked:
				more++
			default:
				names = append(names, m.GetName())
			}
		}
	}
	var pictures [][]*answersv1.NationalPicture
	for _, name := range names {
		pics, err := forEachReader(ctx, c, &answersv1.Selector{Matter: name, AsOf: d.asOf}, d.nation)
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, pics)
	}
	list := picture.DueWithin(pictures, d.from, d.until)
	list.MoreMatters = int32(more)
	return list, nil
}

// forEachReader are the pictures of a matter for all who were told something on it.
func forEachReader(ctx context.Context, c *client.Client, sel *answersv1.Selector, nation string) ([]*answersv1.NationalPicture, error) {
	return picture.ForEachReader(sel.GetAudience(), func(readers guidancev1.Audience) (*answersv1.NationalPicture, error) {
		of := proto.CloneOf(sel)
		of.Audience = readers
		return c.National(ctx, of, answersv1.Unit_UNIT_COMMITTEES, nation)
	})
}

// silent tells who has no line: on the whole matter, unless a measure is asked about.
func (a *app) silent(ctx context.Context, c *client.Client, sel *answersv1.Selector, nation string, csv bool) error {
	sel.WholeMatter = sel.GetMeasure() == ""
	pic, err := c.National(ctx, sel, answersv1.Unit_UNIT_COMMITTEES, nation)
	if err != nil {
		return err
	}
	list := picture.Silent(pic)
	list.Area, list.AreaName = pic.GetArea(), pic.GetAreaName()
	if csv {
		b, err := picture.SilentCSV(list, pic)
		return a.csv("who is silent", b, err)
	}
	return a.answer(list, func(p *plain.Page) { p.Silent(list, pic) })
}

// byArea tells how lines stand to the national one in each area of a scheme.
func (a *app) byArea(ctx context.Context, c *client.Client, sel *answersv1.Selector, nation, scheme string, csv bool) error {
	pic, err := c.National(ctx, sel, answersv1.Unit_UNIT_COMMITTEES, nation)
	if err != nil {
		return err
	}
	list := picture.ByArea(pic, scheme)
	list.Area, list.AreaName = pic.GetArea(), pic.GetAreaName()
	if csv {
		b, err := picture.AreaCSV(list, pic)
		return a.csv("how lines stand by area", b, err)
	}
	return a.answer(list, func(p *plain.Page) { p.ByArea(list, pic) })
}

// textsInUse tells which texts to send stand, and who issued them.
func (a *app) textsInUse(ctx context.Context, c *client.Client, sel *answersv1.Selector, nation string, csv bool) error {
	pics, err := forEachReader(ctx, c, sel, nation)
	if err != nil {
		return err
	}
	texts := map[string][]*guidancev1.Action{}
	for _, letter := range picture.LettersThatAsk(pics) {
		entry, err := c.Entry(ctx, letter)
		if err != nil {
			return err
		}
		texts[letter] = plain.Texts(entry.GetEntry().GetAdvisory())
	}
	list := picture.TextsInUse(pics, func(letter string) []*guidancev1.Action { return texts[letter] })
	list.Area, list.AreaName = pics[0].GetArea(), pics[0].GetAreaName()
	if csv {
		b, err := picture.TextsCSV(list, pics)
		return a.csv("which texts are in use", b, err)
	}
	return a.answer(list, func(p *plain.Page) { p.TextsInUse(list, pics) })
}
