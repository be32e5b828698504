package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/export"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/version"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

const (
	// lastDay has what is dated ahead listed too.
	lastDay = "9999-12-31"
	// firstDay is before anything was said: everything is since then.
	firstDay = "0001-01-01"
)

func newExport(a *app) *cobra.Command {
	var choice export.Choice
	cmd := &cobra.Command{
		Use:     "export FOLDER",
		Short:   "Take away all you may read, in files that need no node",
		GroupID: groupRead,
		Long: "Export writes all that you may read at a node into a folder: as JSON, a message\n" +
			"a line; as tables for a spreadsheet (CSV); and as a page a letter (Markdown),\n" +
			"each with the bytes that were signed and their proof, so that lmc verify can\n" +
			"check them without a network. index.md says what is there and what is not.\n\n" +
			"The folder must be empty or not there yet. Broken off, by Ctrl-C or because the\n" +
			"node went, the same command goes on where it was. What came since is taken with\n" +
			"--since and the cursor that the last export ended with, into another folder.",
		Example: "  lmc export everything\n" +
			"  lmc export plan --matter access-plan-2021 --format csv\n" +
			"  lmc export ours --office essex --format json,markdown\n" +
			"  lmc export news --since 2021-10-21",
		Args: exactly("FOLDER"),
		PreRunE: func(*cobra.Command, []string) error {
			for _, format := range choice.Formats {
				if !slices.Contains(export.Formats, format) {
					return usage("use one or more of: "+strings.Join(export.Formats, ", "), "--format %q is none there is", format)
				}
			}
			// The order in which they were named is no other choice.
			choice.Formats = slices.DeleteFunc(slices.Clone(export.Formats), func(f string) bool { return !choice.Has(f) })
			if day, err := notation.ReadDay(choice.Since); err == nil {
				choice.Since = day
			}
			return nil
		},
		RunE: a.does(func(ctx context.Context, args []string) error {
			since := &answersv1.Since{At: &answersv1.Since_Day{Day: firstDay}}
			if choice.Since != "" {
				var err error
				if since, err = readSince("--since", choice.Since); err != nil {
					return err
				}
			}
			p, err := a.chosen()
			if err != nil {
				return err
			}
			choice.Node = p.Pin.String()
			return a.with(func(c *client.Client) error { return a.exports(ctx, c, args[0], choice, since) })
		}),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&choice.Formats, "format", export.Formats, "in which `FORMATS`: json, csv, markdown")
	f.StringVar(&choice.Matter, "matter", "", "only what is on one `MATTER`")
	f.StringVar(&choice.Office, "office", "", "only what stands in the log of one office, by its `ID`")
	f.StringVar(&choice.Committee, "committee", "", "only what is for one committee, by its `ID` (north-essex)")
	f.StringVar(&choice.Since, "since", "", "only letters issued, or arrived there, since the end of this `DAY`, or since a cursor")
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(export.Formats, cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("matter", a.completeMatters))
	must(cmd.RegisterFlagCompletionFunc("office", a.completeOffices))
	must(cmd.RegisterFlagCompletionFunc("committee", a.completeCommittees))
	must(cmd.RegisterFlagCompletionFunc("since", cobra.NoFileCompletions))
	return cmd
}

// exports takes everything away into a folder, or goes on with it.
func (a *app) exports(ctx context.Context, c *client.Client, dir string, choice export.Choice, since *answersv1.Since) error {
	x := &exporter{app: a, c: c, Folder: &export.Folder{Choice: choice}, since: since, told: time.Now()}
	if _, err := x.page(ctx, 1, ""); err != nil { // before anything is written: is there such a matter, office, committee?
		return err
	}
	f, err := export.Open(dir, choice, time.Now())
	if err != nil {
		return notAnExport(dir, err)
	}
	x.Folder = f
	if f.Resumed {
		a.note(fmt.Sprintf("lmc: going on with %s, begun %s: %s so far\n", dir, f.Begun, x.soFar()))
	} else {
		f.Software = version.Software()
		f.Head()
		if err := errors.Join(f.Commit(), f.Save()); err != nil {
			return errors.Join(writing(dir, err), f.Close())
		}
	}
	err = x.all(ctx)
	if err == nil {
		err = writing(dir, f.Finish(time.Now()))
	}
	if err != nil {
		a.note(fmt.Sprintf("lmc: %s is not finished: run the same command again, and it goes on\n", dir))
		return errors.Join(err, f.Close())
	}
	a.done = "exported to " + dir
	return a.exported(dir, f)
}

// notAnExport says why a folder cannot be exported to.
func notAnExport(dir string, err error) error {
	hint := "choose another folder, that is empty or not there yet"
	switch {
	case errors.Is(err, export.ErrFinished):
		hint = "choose another folder; what came since is taken with --since and the cursor in its index.md"
	case errors.Is(err, export.ErrAnother):
		hint = "go on with the same flags and profile, or choose another folder"
	case errors.Is(err, export.ErrBusy):
		hint = "wait until it is done, or choose another folder"
	case !errors.Is(err, export.ErrOther):
		hint = ""
	}
	return withHint(fmt.Errorf("exporting to %s: %w", dir, unwrapPath(err)), hint)
}

// exported says what an export holds, what it lacks, and as of when.
func (a *app) exported(dir string, f *export.Folder) error {
	if a.json {
		b, err := json.MarshalIndent(f.Report, "", "  ")
		if err != nil {
			return err
		}
		_, err = a.stdout.Write(notation.EscapeJSON(append(b, '\n')))
		return err
	}
	p := a.page()
	p.Para(0, fmt.Sprintf("Exported to %s what the node of %s had, as of %s.", dir, f.NodeOffice, plain.Day(f.AsOf)))
	p.Head("It holds:")
	t := plain.NewTable()
	for _, name := range f.Files() {
		t.Add(name, notation.Thousands(int64(f.Rows[name])))
	}
	if f.Has("markdown") {
		t.Add("letters/", notation.Thousands(int64(f.Letters)))
	}
	p.Table(2, t)
	p.Gap()
	p.Para(0, "Begin with "+filepath.Join(dir, "index.md")+".")
	if lacks := f.Lacks(); len(lacks) > 0 {
		p.Head("It could not have:")
		for _, words := range lacks {
			p.Item(2, words)
		}
	}
	p.Gap()
	p.Para(0, f.Completeness)
	for _, notice := range f.Notices {
		p.Gap()
		p.Para(0, notice)
	}
	p.NextTime(f.Cursor)
	return a.print(p.String())
}
